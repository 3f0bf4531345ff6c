//! The modules that can be imported.

/// A function in Rust as a value: `function!("dumps", python, dumps)` where CPython has it in Python, without `python` where it is
/// built in.
macro_rules! function {
    ($name:literal, python, $run:expr) => {{
        static FUNCTION: $crate::console::native::Builtin =
            $crate::console::native::Builtin { name: $name, python: true, run: $run };
        $crate::console::object::Object::Builtin(&FUNCTION)
    }};
    ($name:literal, $run:expr) => {{
        static FUNCTION: $crate::console::native::Builtin =
            $crate::console::native::Builtin { name: $name, python: false, run: $run };
        $crate::console::object::Object::Builtin(&FUNCTION)
    }};
}

mod attributes;
mod base64;
mod base_codec;
mod binascii;
mod contextlib;
mod csv;
mod datetime;
mod future;
mod hashes;
mod hashlib;
pub(super) mod io;
pub(super) mod json;
mod kit;
mod pil;
mod shutil;
pub(super) mod sys;
mod tempfile;
mod typing;
mod zipfile;

use std::cell::RefCell;
use std::rc::Rc;

use super::class::{self, Class};
use super::native::Module;
use super::object::Object;
use super::raise::{Outcome, Raise};
use super::vm::Vm;

/// What loading a module gives.
type Loaded = Outcome<Rc<Module>>;

/// The one table of modules: the name and what loads it.
macro_rules! modules {
    ($($name:literal => $load:path,)*) => {
        /// The names that `import` knows, dotted ones too, for completion.
        pub(super) const NAMES: &[&str] = &[$($name),*];
        const LOADERS: &[fn(&Vm) -> Loaded] = &[$($load),*];
    };
}

modules! {
    "PIL" => pil::load,
    "PIL.Image" => pil::load_image,
    "__future__" => future::load,
    "base64" => base64::load,
    "binascii" => binascii::load,
    "contextlib" => contextlib::load,
    "csv" => csv::load,
    "datetime" => datetime::load,
    "hashlib" => hashlib::load,
    "io" => io::load,
    "json" => json::load,
    "shutil" => shutil::load,
    "sys" => sys::load,
    "tempfile" => tempfile::load,
    "typing" => typing::load,
    "zipfile" => zipfile::load,
}

/// Makes the module called `name` (`io`, `PIL.Image`). What it belongs to is loaded first and gets its name.
pub(super) fn load(vm: &Vm, name: &str) -> Outcome<Rc<Module>> {
    let package = match name.rsplit_once('.') {
        None => None,
        Some((package, leaf)) => Some((vm.import(package)?, leaf)),
    };
    let Some(at) = NAMES.iter().position(|known| *known == name) else {
        let no_package = package.as_ref().filter(|(package, _)| !is_package(package.name));
        let reason = no_package.map_or_else(String::new, |(package, _)| format!("; '{}' is not a package", package.name));
        let raise = Raise::new(class::MODULE_NOT_FOUND_ERROR, format!("No module named '{name}'{reason}"));
        if let Raise::Exception(exception) = &raise {
            exception.attributes.borrow_mut().push(("name".into(), Object::str(name)));
        }
        return Err(raise);
    };
    let module = LOADERS[at](vm)?;
    if let Some((package, leaf)) = package {
        package.names.borrow_mut().insert(leaf.into(), Object::Module(Rc::clone(&module)));
    }
    Ok(module)
}

/// Whether the module has modules in it (in CPython, even where we have none).
fn is_package(name: &str) -> bool {
    matches!(name, "json" | "PIL") || NAMES.iter().any(|known| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

/// `module.name`
fn get_attribute(module: &Module, name: &str) -> Outcome {
    own_attribute(module, name).ok_or_else(|| no_attribute(module, name))
}

/// `module.name`; `None` where there is no such one.
pub(super) fn own_attribute(module: &Module, name: &str) -> Option<Object> {
    if let Some(object) = module.names.borrow().get(name) {
        return Some(object.clone());
    }
    match name {
        "__name__" => Some(Object::str(module.name)),
        "__doc__" => Some(Object::None),
        "__package__" if is_package(module.name) => Some(Object::str(module.name)),
        "__package__" => Some(Object::str(module.name.rsplit_once('.').map_or("", |(package, _)| package))),
        _ => None,
    }
}

/// `AttributeError: module 'io' has no attribute 'nosuch'`
pub(super) fn no_attribute(module: &Module, name: &str) -> Raise {
    Raise::new(class::ATTRIBUTE_ERROR, format!("module '{}' has no attribute '{name}'", module.name))
}

/// The names of the module, as `dir` lists them. Some modules keep a state of their own under a name that no script can say.
pub(super) fn names_of(module: &Module) -> Vec<String> {
    let own = module.names.borrow();
    let own = own.keys().filter(|name| !name.starts_with(' ')).map(ToString::to_string);
    let mut names: Vec<String> = own.chain(["__doc__", "__name__", "__package__"].map(str::to_owned)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// `module.name = value`
pub(super) fn set_attribute(module: &Module, name: &str, value: Object) {
    let old = module.names.borrow_mut().insert(name.into(), value);
    // A finaliser may look at the module.
    drop(old);
}

/// `del module.name`
pub(super) fn delete_attribute(module: &Module, name: &str) -> Outcome<()> {
    let old = module.names.borrow_mut().shift_remove(name);
    match old {
        Some(_) => Ok(()),
        None => Err(no_attribute(module, name)),
    }
}

/// `repr(module)`. CPython names the file of most modules; these have none.
pub(super) fn repr(module: &Module) -> String {
    let origin = if module.name == "io" { "frozen" } else { "built-in" };
    format!("<module '{}' ({origin})>", module.name)
}

/// An attribute of a class that is no method of its objects: `csv.excel.delimiter`, `datetime.now`.
pub(super) fn class_attribute(class: Class, name: &str) -> Option<Object> {
    match class.0.module {
        "datetime" => datetime::class_attribute(class, name)?.ok(),
        "_blake2" => hashlib::class_attribute(class, name),
        "io" | "_io" => io::class_attribute(class, name),
        "PIL.Image" => pil::class_attribute(class, name),
        _ => csv::class_attribute(class, name),
    }
}

/// A module with these names.
fn module(name: &'static str, names: impl IntoIterator<Item = (&'static str, Object)>) -> Rc<Module> {
    let names = names.into_iter().map(|(name, object)| (Rc::from(name), object)).collect();
    Rc::new(Module { name, names: RefCell::new(names) })
}
