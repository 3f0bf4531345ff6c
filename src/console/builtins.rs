//! The names that are there without an import.

use super::call::Args;
use super::class::{self, EXCEPTIONS};
use super::modules;
use super::native::Builtin;
use super::object::Object;
use super::raise::{Outcome, Raise};
use super::types::{self, Comparison, arguments};
use super::vm::Vm;
use crate::stream::Text;

/// The built-in called `name`: a function, a class, a constant.
pub(super) fn lookup(name: &str) -> Option<Object> {
    match name {
        "None" => return Some(Object::None),
        "True" => return Some(Object::Bool(true)),
        "False" => return Some(Object::Bool(false)),
        "Ellipsis" => return Some(Object::Ellipsis),
        "NotImplemented" => return Some(Object::NotImplemented),
        "__debug__" => return Some(Object::Bool(true)),
        "EnvironmentError" | "IOError" => return Some(Object::Class(class::OS_ERROR)),
        _ => {}
    }
    if let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) {
        return Some(Object::Builtin(function));
    }
    let mut classes = types::classes::NAMED.iter().chain(EXCEPTIONS);
    classes.find(|class| class.0.name == name && class.0.module == "builtins").copied().map(Object::Class)
}

/// All their names, for completion.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let constants = ["None", "True", "False", "Ellipsis", "NotImplemented", "EnvironmentError", "IOError"];
    let functions = FUNCTIONS.iter().map(|function| function.name);
    let classes = types::classes::NAMED.iter().chain(EXCEPTIONS).filter(|class| class.0.module == "builtins");
    constants.into_iter().chain(functions).chain(classes.map(|class| class.0.name))
}

macro_rules! functions {
    ($($name:literal => $run:expr;)*) => {
        static FUNCTIONS: &[Builtin] = &[$(Builtin { name: $name, python: false, run: $run }),*];
    };
}

functions! {
    "abs" => abs;
    "all" => |vm, args| any_or_all(vm, args, "all");
    "any" => |vm, args| any_or_all(vm, args, "any");
    "ascii" => |vm, args| types::ascii(vm, &args.one("ascii")?).map(Object::Str);
    "bin" => |vm, args| types::int::in_base(vm, &args.one("bin")?, 2, "0b").map(Object::Str);
    "callable" => callable;
    "chr" => chr;
    "delattr" => delattr;
    "dir" => dir;
    "divmod" => divmod;
    "format" => format;
    "getattr" => getattr;
    "globals" => globals;
    "hasattr" => hasattr;
    "hash" => |vm, args| types::hash(vm, &args.one("hash")?).map(Object::Int);
    "hex" => |vm, args| types::int::in_base(vm, &args.one("hex")?, 16, "0x").map(Object::Str);
    "id" => |_, args| args.one("id").map(|object| Object::int(types::identity(&object)));
    "input" => input;
    "isinstance" => isinstance;
    "issubclass" => issubclass;
    "iter" => iter;
    "len" => |vm, args| vm.len(&args.one("len")?).map(Object::int);
    "max" => |vm, args| extreme(vm, args, "max", Comparison::Gt);
    "min" => |vm, args| extreme(vm, args, "min", Comparison::Lt);
    "next" => next;
    "oct" => |vm, args| types::int::in_base(vm, &args.one("oct")?, 8, "0o").map(Object::Str);
    "ord" => ord;
    "pow" => types::rounding::pow;
    "print" => print;
    "repr" => |vm, args| vm.repr(&args.one("repr")?).map(Object::Str);
    "round" => types::rounding::round;
    "setattr" => setattr;
    "sorted" => sorted;
    "sum" => sum;
    "vars" => vars;
}

/// The arguments of a function that takes `N` of them by position, the last ones maybe absent.
fn positions<const N: usize>(args: Args, function: &str, min: usize) -> Outcome<[Option<Object>; N]> {
    let mut values = args.between(function, min, N)?.into_iter();
    Ok(std::array::from_fn(|_| values.next()))
}

/// The same where all of them must be there.
fn all_of<const N: usize>(args: Args, function: &str) -> Outcome<[Object; N]> {
    Ok(positions::<N>(args, function, N)?.map(|value| value.unwrap_or(Object::None)))
}

fn abs(vm: &Vm, args: Args) -> Outcome {
    let value = args.one("abs")?;
    if let Object::Native(native) = &value
        && let Some(result) = native.unary(vm, "abs")?
    {
        return Ok(result);
    }
    let words = || Raise::type_error(format!("bad operand type for abs(): '{}'", vm.type_name(&value)));
    types::number::absolute(&value).ok_or_else(words)
}

fn any_or_all(vm: &Vm, args: Args, function: &str) -> Outcome {
    let wanted = function == "any";
    let iterator = vm.iterate(&args.one(function)?)?;
    while let Some(item) = vm.next(&iterator)? {
        vm.step(1)?;
        if vm.truth(&item)? == wanted {
            return Ok(Object::Bool(wanted));
        }
    }
    Ok(Object::Bool(!wanted))
}

fn callable(_vm: &Vm, args: Args) -> Outcome {
    let object = args.one("callable")?;
    Ok(Object::Bool(is_callable(&object)))
}

fn is_callable(object: &Object) -> bool {
    match object {
        Object::Function(_) | Object::Method(_) | Object::Builtin(_) | Object::ClassMethod(..) | Object::Class(_) => true,
        Object::Native(native) => native.is_callable(),
        _ => false,
    }
}

fn chr(_vm: &Vm, args: Args) -> Outcome {
    let number = args.one("chr")?;
    if matches!(number, Object::BigInt(_)) {
        return Err(Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C int"));
    }
    let number = arguments::c_int(&number)?;
    match u32::try_from(number) {
        Ok(point @ 0..0x11_0000) => Ok(Object::Str(Text::from_code_points([point]))),
        _ => Err(Raise::value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(vm: &Vm, args: Args) -> Outcome {
    let object = args.one("ord")?;
    let len = match &object {
        Object::Str(text) if text.len() == 1 => return Ok(Object::Int(text.get(0).unwrap_or(0).into())),
        Object::Bytes(_) | Object::ByteArray(_) if vm.len(&object)? == 1 => {
            return types::get_item(vm, &object, &Object::Int(0));
        }
        Object::Str(_) | Object::Bytes(_) | Object::ByteArray(_) => vm.len(&object)?,
        other => {
            let words = format!("ord() expected string of length 1, but {} found", vm.type_name(other));
            return Err(Raise::type_error(words));
        }
    };
    Err(Raise::type_error(format!("ord() expected a character, but string of length {len} found")))
}

/// The name of an attribute, as `getattr` and the others take it.
fn attribute_name(vm: &Vm, name: &Object) -> Outcome<String> {
    match name {
        Object::Str(name) => Ok(name.to_string_lossy()),
        other => Err(Raise::type_error(format!("attribute name must be string, not '{}'", vm.type_name(other)))),
    }
}

fn getattr(vm: &Vm, args: Args) -> Outcome {
    let [object, name, default] = positions(args, "getattr", 2)?;
    let (object, name) = (object.unwrap_or(Object::None), name.unwrap_or(Object::None));
    match (vm.get_attribute(&object, &attribute_name(vm, &name)?), default) {
        (Err(raise), Some(default)) if raise.is(class::ATTRIBUTE_ERROR) => Ok(default),
        (outcome, _) => outcome,
    }
}

fn hasattr(vm: &Vm, args: Args) -> Outcome {
    let [object, name] = all_of(args, "hasattr")?;
    match vm.get_attribute(&object, &attribute_name(vm, &name)?) {
        Ok(_) => Ok(Object::Bool(true)),
        Err(raise) if raise.is(class::ATTRIBUTE_ERROR) => Ok(Object::Bool(false)),
        Err(raise) => Err(raise),
    }
}

fn setattr(vm: &Vm, args: Args) -> Outcome {
    let [object, name, value] = all_of(args, "setattr")?;
    types::set_attribute(vm, &object, &attribute_name(vm, &name)?, value)?;
    Ok(Object::None)
}

fn delattr(vm: &Vm, args: Args) -> Outcome {
    let [object, name] = all_of(args, "delattr")?;
    types::delete_attribute(vm, &object, &attribute_name(vm, &name)?)?;
    Ok(Object::None)
}

fn dir(vm: &Vm, args: Args) -> Outcome {
    let [object] = positions(args, "dir", 0)?;
    let names = match object {
        Some(object) => types::names_of(&object),
        None => {
            let mut names: Vec<String> = vm.globals().into_iter().map(|(name, _)| name.to_string()).collect();
            names.sort_unstable();
            names
        }
    };
    Ok(Object::list(names.into_iter().map(Object::str).collect()))
}

fn divmod(vm: &Vm, args: Args) -> Outcome {
    let [a, b] = all_of(args, "divmod")?;
    types::rounding::div_mod(vm, &a, &b)
}

fn format(vm: &Vm, args: Args) -> Outcome {
    let [object, spec] = positions(args, "format", 1)?;
    let object = object.unwrap_or(Object::None);
    match spec {
        None => vm.format(&object, &Text::default()).map(Object::Str),
        Some(Object::Str(spec)) => vm.format(&object, &spec).map(Object::Str),
        Some(other) => Err(Raise::type_error(format!("format() argument 2 must be str, not {}", vm.type_name(&other)))),
    }
}

fn globals(vm: &Vm, args: Args) -> Outcome {
    args.none("globals")?;
    let dict = std::rc::Rc::new(super::object::Dict::default());
    for (name, value) in vm.globals() {
        types::dict::put(vm, &dict, vm.key(&Object::str(name))?, value)?;
    }
    Ok(Object::Dict(dict))
}

fn vars(vm: &Vm, args: Args) -> Outcome {
    let [object] = positions(args, "vars", 0)?;
    match object {
        None => globals(vm, Args::default()),
        Some(Object::Module(module)) => {
            let dict = std::rc::Rc::new(super::object::Dict::default());
            let names: Vec<_> = module.names.borrow().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            for (name, value) in names {
                types::dict::put(vm, &dict, vm.key(&Object::str(name))?, value)?;
            }
            Ok(Object::Dict(dict))
        }
        Some(object) => match vm.get_attribute(&object, "__dict__") {
            Err(raise) if raise.is(class::ATTRIBUTE_ERROR) => {
                Err(Raise::type_error("vars() argument must have __dict__ attribute"))
            }
            outcome => outcome,
        },
    }
}

fn input(vm: &Vm, args: Args) -> Outcome {
    let [prompt] = positions(args, "input", 0)?;
    if let Some(prompt) = prompt {
        let text = vm.str(&prompt)?;
        write(vm, modules::sys::print_target(vm)?.as_ref(), text)?;
    }
    // Nobody types: it is the end of the file at once.
    Err(Raise::new(class::EOF_ERROR, "EOF when reading a line"))
}

fn isinstance(vm: &Vm, args: Args) -> Outcome {
    let [object, classes] = all_of(args, "isinstance")?;
    types::is_one_of(vm, vm.class_of(&object), &classes, "isinstance").map(Object::Bool)
}

fn issubclass(vm: &Vm, args: Args) -> Outcome {
    let [class, classes] = all_of(args, "issubclass")?;
    let Object::Class(class) = class else { return Err(Raise::type_error("issubclass() arg 1 must be a class")) };
    types::is_one_of(vm, class, &classes, "issubclass").map(Object::Bool)
}

fn iter(vm: &Vm, args: Args) -> Outcome {
    let [object, sentinel] = positions(args, "iter", 1)?;
    let object = object.unwrap_or(Object::None);
    match sentinel {
        None => vm.iterate(&object),
        Some(sentinel) if is_callable(&object) => Ok(types::iterators::until_sentinel(object, sentinel)),
        Some(_) => Err(Raise::type_error("iter(v, w): v must be callable")),
    }
}

fn next(vm: &Vm, args: Args) -> Outcome {
    let [iterator, default] = positions(args, "next", 1)?;
    let iterator = iterator.unwrap_or(Object::None);
    if default.is_none() && matches!(&iterator, Object::Iterator(iterator) if iterator.class == "generator") {
        // Its `StopIteration` holds what it returned.
        return vm.call_method(&iterator, "__next__", Args::default());
    }
    match vm.next(&iterator)? {
        Some(item) => Ok(item),
        None => default.ok_or_else(Raise::stop_iteration),
    }
}

fn extreme(vm: &Vm, mut args: Args, function: &str, wanted: Comparison) -> Outcome {
    if args.positional.is_empty() {
        return Err(Raise::type_error(format!("{function} expected at least 1 argument, got 0")));
    }
    let key = args.take_keyword("key").filter(|key| !key.is_none());
    let default = args.take_keyword("default");
    if let Some((name, _)) = args.keywords.first() {
        return Err(Raise::type_error(format!("'{name}' is an invalid keyword argument for {function}()")));
    }
    if args.len() > 1 && default.is_some() {
        let words = format!("Cannot specify a default for {function}() with multiple positional arguments");
        return Err(Raise::type_error(words));
    }
    let source = if args.len() == 1 { args.positional.swap_remove(0) } else { Object::tuple(args.positional) };
    let iterator = vm.iterate(&source)?;
    let mut best: Option<(Object, Object)> = None;
    while let Some(item) = vm.next(&iterator)? {
        vm.step(1)?;
        let value = match &key {
            Some(key) => vm.call(key, Args::new([item.clone()]))?,
            None => item.clone(),
        };
        let better = match &best {
            Some((_, known)) => vm.truth(&types::compare(vm, wanted, &value, known)?)?,
            None => true,
        };
        if better {
            best = Some((item, value));
        }
    }
    match (best, default) {
        (Some((item, _)), _) | (None, Some(item)) => Ok(item),
        (None, None) => Err(Raise::value_error(format!("{function}() arg is an empty sequence"))),
    }
}

fn sorted(vm: &Vm, args: Args) -> Outcome {
    let keywords = args.keywords;
    let source = Args::new(args.positional).between("sorted", 1, 1)?.pop().unwrap_or(Object::None);
    let items = types::list::collect(vm, &source)?;
    let (key, reverse) = types::list::sort_arguments(Args { positional: Vec::new(), keywords })?;
    let (items, failure) = types::list::sort(vm, items, &key, reverse);
    failure?;
    Ok(Object::list(items))
}

fn sum(vm: &Vm, args: Args) -> Outcome {
    let [source, start] = arguments::named("sum", args, ["iterable", "start"], 1, 2, 1)?;
    let source = source.unwrap_or(Object::None);
    let iterator = vm.iterate(&source)?;
    let mut total = match start {
        None => Object::Int(0),
        Some(Object::Str(_)) => return Err(Raise::type_error("sum() can't sum strings [use ''.join(seq) instead]")),
        Some(Object::Bytes(_)) => return Err(Raise::type_error("sum() can't sum bytes [use b''.join(seq) instead]")),
        Some(Object::ByteArray(_)) => {
            return Err(Raise::type_error("sum() can't sum bytearray [use b''.join(seq) instead]"));
        }
        Some(start) => start,
    };
    while let Some(item) = vm.next(&iterator)? {
        vm.step(1)?;
        total = types::binary(vm, types::Binary::Add, &total, &item)?;
    }
    Ok(total)
}

/// Writes to `file`, or to the console's own standard output.
fn write(vm: &Vm, file: Option<&Object>, text: Text) -> Outcome<()> {
    match file {
        Some(file) => vm.call_method(file, "write", Args::new([Object::Str(text)])).map(drop),
        None => vm.write_stdout(&text),
    }
}

fn print(vm: &Vm, mut args: Args) -> Outcome {
    let mut word = |name: &str| -> Outcome<Option<Text>> {
        match args.take_keyword(name) {
            None | Some(Object::None) => Ok(None),
            Some(Object::Str(text)) => Ok(Some(text)),
            Some(other) => Err(Raise::type_error(format!("{name} must be None or a string, not {}", vm.type_name(&other)))),
        }
    };
    let separator = word("sep");
    let end = word("end");
    let file = args.take_keyword("file").filter(|file| !file.is_none());
    let flush = args.take_keyword("flush");
    if let Some((name, _)) = args.keywords.first() {
        return Err(Raise::type_error(format!("'{name}' is an invalid keyword argument for print()")));
    }
    let separator = separator?.unwrap_or_else(|| " ".into());
    let end = end?.unwrap_or_else(|| "\n".into());
    let file = match file {
        Some(file) => Some(file),
        None => match modules::sys::print_target(vm)? {
            Some(Object::None) => return Ok(Object::None),
            target => target,
        },
    };
    for (n, value) in args.positional.iter().enumerate() {
        if n > 0 {
            write(vm, file.as_ref(), separator.clone())?;
        }
        let text = vm.str(value)?;
        write(vm, file.as_ref(), text)?;
    }
    write(vm, file.as_ref(), end)?;
    if let (Some(flush), Some(file)) = (flush, &file)
        && vm.truth(&flush)?
    {
        vm.call_method(file, "flush", Args::default())?;
    }
    Ok(Object::None)
}
