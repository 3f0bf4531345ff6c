//! `tempfile.SpooledTemporaryFile`. Without a file system it stays in memory for ever; what changes when it grows too large is what
//! can be seen of that: it is "rolled", and it is a `BufferedRandom` from then on.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::attributes::Attributes;
use super::{Loaded, module};
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo};
use crate::console::modules::io::classes::IO_BASE;
use crate::console::native::{Native, downcast};
use crate::console::object::{Dict, Object};
use crate::console::raise::{Outcome, Raise};
use crate::console::types::{self, stream};
use crate::console::vm::Vm;
use crate::stream::{BytesIO, Exception, StreamClass, StreamObject, Value, Whence};

const SPOOLED: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "SpooledTemporaryFile",
        module: "tempfile",
        bases: &[IO_BASE],
        construct: Some(construct),
        methods: &[
            "close",
            "detach",
            "fileno",
            "flush",
            "isatty",
            "read",
            "read1",
            "readable",
            "readinto",
            "readinto1",
            "readline",
            "readlines",
            "rollover",
            "seek",
            "seekable",
            "tell",
            "truncate",
            "writable",
            "write",
            "writelines",
            "__enter__",
            "__exit__",
            "__iter__",
            "__next__",
        ],
    };
    Class(&INFO)
};

pub(super) fn load(_vm: &Vm) -> Loaded {
    Ok(module("tempfile", [("SpooledTemporaryFile", Object::Class(SPOOLED))]))
}

/// The parameters of the constructor; the last one by name only.
const NAMES: [&str; 9] = ["max_size", "mode", "buffering", "encoding", "newline", "suffix", "prefix", "dir", "errors"];

/// The arguments that the real file would be made with, in CPython's order.
const FILE_ARGS: [&str; 8] = ["mode", "buffering", "suffix", "prefix", "encoding", "newline", "dir", "errors"];

#[derive(Debug)]
struct Spooled {
    file: RefCell<StreamObject>,
    /// The bytes, whatever is over them.
    bytes: RefCell<StreamObject>,
    max_size: Object,
    rolled: Cell<bool>,
    /// By the names of [`FILE_ARGS`].
    args: RefCell<Vec<(&'static str, Object)>>,
    binary: bool,
    attributes: Attributes,
}

impl Drop for Spooled {
    fn drop(&mut self) {
        // Somebody may still hold the stream within: it is closed all the same.
        let _ = self.file.get_mut().call("close", &[], &[]);
    }
}

fn construct(vm: &Vm, _class: Class, mut args: Args) -> Outcome {
    let function = "SpooledTemporaryFile.__init__";
    let errors = args.take_keyword("errors");
    args.positional.insert(0, Object::None);
    let mut names = vec!["self"];
    names.extend(&NAMES[..8]);
    let mut bound: Vec<Option<Object>> = args.bind(function, &names, 1)?.into_iter().skip(1).collect();
    bound.push(errors);
    let mode = bound[1].take().unwrap_or_else(|| Object::str("w+b"));
    let binary = types::contains(vm, &mode, &Object::str("b"))?;
    let max_size = bound[0].take().unwrap_or(Object::Int(0));
    bound[1] = Some(mode);
    bound[2].get_or_insert(Object::Int(-1));
    if !binary && bound[3].as_ref().is_none_or(Object::is_none) {
        bound[3] = Some(Object::str("utf-8"));
    }
    let args = FILE_ARGS.map(|name| {
        let at = NAMES.iter().position(|known| *known == name);
        (name, at.and_then(|at| bound[at].clone()).unwrap_or(Object::None))
    });
    let bytes = StreamObject::from(BytesIO::default());
    let file = if binary { bytes.clone() } else { wrapper(vm, &bytes, &args)? };
    Ok(Object::Native(Rc::new(Spooled {
        file: RefCell::new(file),
        bytes: RefCell::new(bytes),
        max_size,
        rolled: Cell::new(false),
        args: RefCell::new(args.into()),
        binary,
        attributes: Attributes::default(),
    })))
}

/// A text stream over `under`.
fn wrapper(vm: &Vm, under: &StreamObject, args: &[(&'static str, Object)]) -> Outcome<StreamObject> {
    let mut keywords = Vec::new();
    for name in ["encoding", "errors", "newline"] {
        if let Some((_, value)) = args.iter().find(|(known, _)| *known == name) {
            keywords.push((name, stream::to_value(vm, value)?));
        }
    }
    Ok(StreamObject::construct(StreamClass::TextIOWrapper, &[Value::Stream(under.clone())], &keywords)?)
}

/// The stream in a `SpooledTemporaryFile`.
pub(super) fn inner_stream(object: &Object) -> Option<Object> {
    downcast::<Spooled>(object).map(|spooled| Object::Stream(spooled.file()))
}

impl Spooled {
    fn file(&self) -> StreamObject {
        self.file.borrow().clone()
    }

    /// From now on what stands for a real file is used.
    fn roll_over(&self, vm: &Vm) -> Outcome<()> {
        if self.rolled.get() {
            return Ok(());
        }
        let file = self.file();
        let position = file.call("tell", &[], &[])?;
        let bytes = if self.binary { file.clone() } else { self.bytes.borrow().clone() };
        let content = bytes.call("getvalue", &[], &[])?;
        let raw = StreamObject::construct(StreamClass::BytesIO, &[content], &[])?;
        // A file has a number and a mode.
        raw.set_attribute("name", Value::from(3))?;
        raw.set_attribute("mode", Value::from("rb+"))?;
        let buffered = StreamObject::construct(StreamClass::BufferedRandom, &[Value::Stream(raw.clone())], &[])?;
        let args = self.args.take();
        let new = if self.binary {
            buffered
        } else {
            let new = wrapper(vm, &buffered, &args)?;
            if let Some((_, mode)) = args.iter().find(|(name, _)| *name == "mode") {
                new.set_attribute("mode", stream::to_value(vm, mode)?)?;
            }
            new
        };
        new.call("seek", &[position, Value::from(0)], &[])?;
        self.rolled.set(true);
        let old = (self.file.replace(new), self.bytes.replace(raw));
        drop(old);
        Ok(())
    }

    /// Rolls over when more was written than stays.
    fn check(&self, vm: &Vm) -> Outcome<()> {
        if self.rolled.get() || !vm.truth(&self.max_size)? {
            return Ok(());
        }
        let position = stream::to_object(self.file().call("tell", &[], &[])?);
        let over = types::compare(vm, types::Comparison::Gt, &position, &self.max_size)?;
        if vm.truth(&over)? { self.roll_over(vm) } else { Ok(()) }
    }

    fn truncate(&self, vm: &Vm, size: Option<Object>) -> Outcome {
        let Some(size) = size.filter(|size| !size.is_none()) else {
            return stream::call(vm, &self.file(), "truncate", Args::default());
        };
        let over = types::compare(vm, types::Comparison::Gt, &size, &self.max_size)?;
        if vm.truth(&over)? {
            self.roll_over(vm)?;
        }
        let result = stream::call(vm, &self.file(), "truncate", Args::new([size.clone()]))?;
        if self.rolled.get()
            && let Some(size) = size.index().and_then(|size| u64::try_from(size).ok())
        {
            self.extend_to(size)?;
        }
        Ok(result)
    }

    /// A file grows where a `BytesIO` would not.
    fn extend_to(&self, size: u64) -> Outcome<()> {
        let grow = |bytes: &mut BytesIO| -> Result<(), Exception> {
            if bytes.len().get() >= size {
                return Ok(());
            }
            let position = bytes.tell()?;
            let last = i64::try_from(size - 1).unwrap_or(i64::MAX);
            bytes.seek(last, Whence::Start)?;
            bytes.write(&[0])?;
            bytes.seek(i64::try_from(position).unwrap_or(i64::MAX), Whence::Start)?;
            Ok(())
        };
        let bytes = self.bytes.borrow().clone();
        Ok(bytes.with_bytes(grow).unwrap_or(Ok(()))?)
    }

    /// An attribute of the stream within.
    fn inner(&self, vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        stream::get_attribute(vm, &self.file(), name).map(Some)
    }
}

/// The argument of a method that is written in Python.
fn argument(args: Args, method: &str, name: &str, required: usize) -> Outcome<Option<Object>> {
    let mut positional = vec![Object::None];
    positional.extend(args.positional);
    let function = format!("SpooledTemporaryFile.{method}");
    let args = Args { positional, keywords: args.keywords };
    let mut bound =
        if name.is_empty() { args.bind(&function, &["self"], 1) } else { args.bind(&function, &["self", name], required + 1) }?;
    Ok(if name.is_empty() { None } else { bound.pop().flatten() })
}

impl Native for Spooled {
    fn class(&self) -> Class {
        SPOOLED
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, this: &Object, method: &str, args: Args) -> Outcome {
        let file = self.file();
        match method {
            "read" | "read1" | "readline" | "readlines" | "seek" => {
                if let Some((unknown, _)) = args.keywords.first() {
                    let message = format!("SpooledTemporaryFile.{method}() got an unexpected keyword argument '{unknown}'");
                    return Err(Raise::type_error(message));
                }
                stream::call(vm, &file, method, args)
            }
            "readinto" | "readinto1" => {
                let target = argument(args, method, "b", 1)?.unwrap_or(Object::None);
                stream::call(vm, &file, method, Args::new([target]))
            }
            "write" | "writelines" => {
                let name = if method == "write" { "s" } else { "iterable" };
                let what = argument(args, method, name, 1)?.unwrap_or(Object::None);
                let result = stream::call(vm, &file, method, Args::new([what]))?;
                self.check(vm)?;
                Ok(result)
            }
            "truncate" => self.truncate(vm, argument(args, method, "size", 0)?),
            "rollover" => {
                argument(args, method, "", 0)?;
                self.roll_over(vm)?;
                Ok(Object::None)
            }
            "fileno" => {
                argument(args, method, "", 0)?;
                self.roll_over(vm)?;
                stream::call(vm, &self.file(), method, Args::default())
            }
            "__enter__" => {
                argument(args, method, "", 0)?;
                let closed = stream::get_attribute(vm, &file, "closed")?;
                if vm.truth(&closed)? {
                    return Err(Raise::value_error("Cannot enter context with closed file"));
                }
                Ok(this.clone())
            }
            "__exit__" => stream::call(vm, &file, "close", Args::default()),
            "__next__" => self.next(vm)?.flatten().ok_or_else(Raise::stop_iteration),
            _ => {
                argument(args, method, "", 0)?;
                stream::call(vm, &file, method, Args::default())
            }
        }
    }

    fn attribute(&self, vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        if let Some(own) = self.attributes.get(name) {
            return Ok(Some(own));
        }
        match name {
            "_file" => Ok(Some(Object::Stream(self.file()))),
            "_rolled" => Ok(Some(Object::Bool(self.rolled.get()))),
            "_max_size" => Ok(Some(self.max_size.clone())),
            "_TemporaryFileArgs" if !self.rolled.get() => {
                let args = self.args.borrow().clone();
                let items = args.into_iter().map(|(name, value)| Ok((vm.key(&Object::str(name))?, value)));
                let items = items.collect::<Outcome<indexmap::IndexMap<_, _>>>()?;
                Ok(Some(Object::Dict(Rc::new(Dict { items: items.into() }))))
            }
            "closed" | "encoding" | "errors" | "newlines" => self.inner(vm, name),
            "name" | "mode" => match self.inner(vm, name) {
                Err(raise) if raise.is(class::ATTRIBUTE_ERROR) => {
                    let args = self.args.borrow();
                    let mode = args.iter().find(|(known, _)| *known == "mode" && name == "mode");
                    Ok(Some(mode.map_or(Object::None, |(_, mode)| mode.clone())))
                }
                other => other,
            },
            _ => Ok(None),
        }
    }

    fn set_attribute(&self, _vm: &Vm, name: &str, value: Object) -> Outcome<bool> {
        let computed = ["closed", "encoding", "errors", "mode", "name", "newlines"];
        if computed.contains(&name) {
            let message = format!("property '{name}' of 'SpooledTemporaryFile' object has no setter");
            return Err(Raise::new(class::ATTRIBUTE_ERROR, message));
        }
        self.attributes.set(name, value);
        Ok(true)
    }

    fn iterate(&self, _vm: &Vm, _this: &Object) -> Outcome<Option<Object>> {
        stream::iterate(&self.file()).map(Some)
    }

    fn next(&self, vm: &Vm) -> Outcome<Option<Option<Object>>> {
        let line = stream::call(vm, &self.file(), "readline", Args::default())?;
        Ok(Some(if vm.truth(&line)? { Some(line) } else { None }))
    }

    fn is_context_manager(&self) -> bool {
        true
    }
}
