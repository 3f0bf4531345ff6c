//! `sys`: the standard streams, and what there is to know about an interpreter that has no machine under it.
//!
//! `sys.stdout` and `sys.stderr` are real streams, a `TextIOWrapper` over a `BytesIO`, so that everything that scripts do with
//! them works: writing to `sys.stdout.buffer`, wrapping it once more, putting something else in their place. What arrives in the
//! `BytesIO` is shown at once and taken out.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use super::{Loaded, module};
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::native::{Native, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::types;
use crate::console::vm::Vm;
use crate::stream::{BytesIO, StreamClass, StreamObject, Text, Value};

/// Under which name the module keeps what is under the standard streams. No script can say it.
const STANDARD: &str = " standard";

/// What is under the standard streams.
#[derive(Debug)]
struct Standard {
    output: StreamObject,
    error: StreamObject,
}

static STANDARD_CLASS: ClassInfo =
    ClassInfo { name: "_standard", module: "sys", bases: &[OBJECT], construct: None, methods: &[] };

impl Native for Standard {
    fn class(&self) -> Class {
        Class(&STANDARD_CLASS)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

thread_local! {
    /// The standard streams that were made last on this thread, by number: most calls are of others.
    static MADE: Cell<[usize; 4]> = const { Cell::new([0; 4]) };
}

/// Whether a call of this stream may have written to standard output or standard error.
pub(in crate::console) fn is_standard(stream: &StreamObject) -> bool {
    MADE.with(Cell::get).contains(&stream.id())
}

/// Shows what was written to the standard streams.
pub(in crate::console) fn drain(vm: &Vm) -> Outcome<()> {
    let module = vm.import("sys")?;
    let standard = module.names.borrow().get(STANDARD).cloned();
    let Some(standard) = standard.as_ref().and_then(downcast::<Standard>) else { return Ok(()) };
    let output = take(&standard.output);
    let error = take(&standard.error);
    if let Some(text) = output {
        vm.write_stdout(&text)?;
    }
    if let Some(text) = error {
        vm.write_stderr(&text)?;
    }
    Ok(())
}

/// Takes the text out, but for a character that is not whole yet.
fn take(stream: &StreamObject) -> Option<Text> {
    stream.with_bytes(|stream| {
        let bytes = stream.getvalue().ok()?.to_vec_all().ok()?;
        if bytes.is_empty() {
            return None;
        }
        let whole = match std::str::from_utf8(&bytes) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => bytes.len(),
        };
        let rest = bytes[whole..].to_vec();
        let _ = stream.truncate(Some(0));
        let _ = stream.seek(0, crate::stream::Whence::Start);
        let _ = stream.write(&rest);
        Some(Text::from(String::from_utf8_lossy(&bytes[..whole]).into_owned()))
    })?
}

/// What `print` writes to with its `write` method; `None` where that is the console's own standard output.
pub(in crate::console) fn print_target(vm: &Vm) -> Outcome<Option<Object>> {
    if !vm.is_imported("sys") {
        return Ok(None);
    }
    let module = vm.import("sys")?;
    let names = module.names.borrow();
    let (now, standard) = (names.get("stdout").cloned(), names.get(STANDARD).cloned());
    drop(names);
    let Some(now) = now else {
        return Err(Raise::new(class::RUNTIME_ERROR, "lost sys.stdout"));
    };
    let standard = standard.as_ref().and_then(downcast::<Standard>);
    let is_own = match (&now, standard) {
        (Object::Stream(stream), Some(standard)) => {
            is_standard(stream)
                && stream.under().first().is_some_and(|under| under.is_same(&standard.output))
                && !standard.output.with_bytes(|stream| stream.closed()).unwrap_or(true)
        }
        _ => false,
    };
    Ok((!is_own).then_some(now))
}

/// A text stream over `under`.
fn wrapper(under: &StreamObject, errors: &str) -> Outcome<StreamObject> {
    let keywords = [
        ("encoding", Value::from("utf-8")),
        ("errors", Value::from(errors)),
        ("newline", Value::from("\n")),
        ("write_through", Value::from(true)),
    ];
    Ok(StreamObject::construct(StreamClass::TextIOWrapper, &[Value::Stream(under.clone())], &keywords)?)
}

pub(super) fn load(_vm: &Vm) -> Loaded {
    let standard = Standard { output: BytesIO::default().into(), error: BytesIO::default().into() };
    let output = wrapper(&standard.output, "strict")?;
    let error = wrapper(&standard.error, "backslashreplace")?;
    let nothing = StreamObject::construct(StreamClass::BufferedReader, &[Value::Stream(BytesIO::default().into())], &[])?;
    let input = wrapper(&nothing, "strict")?;
    MADE.with(|made| made.set([output.id(), error.id(), standard.output.id(), standard.error.id()]));
    let streams = [("stdin", input), ("stdout", output), ("stderr", error)];
    let streams = streams.map(|(name, stream)| (name, Object::Stream(stream)));
    let originals = ["__stdin__", "__stdout__", "__stderr__"].into_iter().zip(streams.clone().map(|(_, stream)| stream));
    let names = [
        ("version_info", Object::Native(Rc::new(VersionInfo))),
        ("version", Object::str("3.11.7 (seektell)")),
        ("hexversion", Object::Int(0x030B_07F0)),
        ("maxsize", Object::Int(i64::MAX)),
        ("maxunicode", Object::Int(0x10_FFFF)),
        ("byteorder", Object::str("little")),
        ("platform", Object::str("linux")),
        ("getdefaultencoding", function!("getdefaultencoding", default_encoding)),
        ("getfilesystemencoding", function!("getfilesystemencoding", file_system_encoding)),
        ("getrecursionlimit", function!("getrecursionlimit", recursion_limit)),
        ("intern", function!("intern", intern)),
        ("exit", function!("exit", exit)),
        (STANDARD, Object::Native(Rc::new(standard))),
    ];
    Ok(module("sys", streams.into_iter().chain(originals).chain(names)))
}

/// `sys.getdefaultencoding()`
fn default_encoding(_vm: &Vm, args: Args) -> Outcome {
    args.none("sys.getdefaultencoding")?;
    Ok(Object::str("utf-8"))
}

/// `sys.getfilesystemencoding()`
fn file_system_encoding(_vm: &Vm, args: Args) -> Outcome {
    args.none("sys.getfilesystemencoding")?;
    Ok(Object::str("utf-8"))
}

/// `sys.getrecursionlimit()`
fn recursion_limit(vm: &Vm, args: Args) -> Outcome {
    args.none("sys.getrecursionlimit")?;
    Ok(Object::Int(vm.recursion_limit().into()))
}

/// `sys.intern(text)`: equal texts are the same anyway.
fn intern(vm: &Vm, args: Args) -> Outcome {
    match args.one("sys.intern")? {
        text @ Object::Str(_) => Ok(text),
        other => Err(Raise::type_error(format!("intern() argument must be str, not {}", vm.type_name(&other)))),
    }
}

/// `sys.exit(status=None)`
fn exit(_vm: &Vm, args: Args) -> Outcome {
    let args = args.between("exit", 0, 1)?;
    // A tuple is all arguments of the exception, as with every exception that is raised by its class.
    let args = match args.as_slice() {
        [Object::Tuple(tuple)] => tuple.items.clone(),
        [Object::None] => Vec::new(),
        _ => args,
    };
    Err(Raise::with_args(class::SYSTEM_EXIT, args))
}

// ---- sys.version_info ----

/// `sys.version_info`: a tuple whose items have names.
#[derive(Debug)]
struct VersionInfo;

const FIELDS: [&str; 5] = ["major", "minor", "micro", "releaselevel", "serial"];

static VERSION_INFO: ClassInfo =
    ClassInfo { name: "version_info", module: "sys", bases: &[OBJECT], construct: None, methods: &["count", "index"] };

impl VersionInfo {
    fn items() -> [Object; 5] {
        [Object::Int(3), Object::Int(11), Object::Int(7), Object::str("final"), Object::Int(0)]
    }

    fn tuple() -> Object {
        Object::tuple(Self::items().into())
    }
}

impl Native for VersionInfo {
    fn class(&self) -> Class {
        Class(&VERSION_INFO)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        Ok("sys.version_info(major=3, minor=11, micro=7, releaselevel='final', serial=0)".to_owned())
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        vm.call_method(&Self::tuple(), method, args)
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        let at = FIELDS.iter().position(|field| *field == name);
        Ok(at.and_then(|at| Self::items().get(at).cloned()))
    }

    fn iterate(&self, vm: &Vm, _this: &Object) -> Outcome<Option<Object>> {
        vm.iterate(&Self::tuple()).map(Some)
    }

    fn get_item(&self, vm: &Vm, key: &Object) -> Outcome<Option<Object>> {
        types::get_item(vm, &Self::tuple(), key).map(Some)
    }

    fn len(&self, _vm: &Vm) -> Outcome<Option<usize>> {
        Ok(Some(FIELDS.len()))
    }

    fn binary(&self, vm: &Vm, operator: &str, other: &Object, reflected: bool) -> Outcome<Option<Object>> {
        let own = Self::tuple();
        let tuple = downcast::<Self>(other).map_or_else(|| other.clone(), |_| Self::tuple());
        if !matches!(tuple, Object::Tuple(_)) {
            return Ok(None);
        }
        let (a, b) = if reflected { (&tuple, &own) } else { (&own, &tuple) };
        let Some(comparison) = comparison(operator) else { return Ok(None) };
        types::compare(vm, comparison, a, b).map(Some)
    }
}

fn comparison(operator: &str) -> Option<types::Comparison> {
    Some(match operator {
        "==" => types::Comparison::Eq,
        "!=" => types::Comparison::Ne,
        "<" => types::Comparison::Lt,
        "<=" => types::Comparison::Le,
        ">" => types::Comparison::Gt,
        ">=" => types::Comparison::Ge,
        _ => return None,
    })
}
