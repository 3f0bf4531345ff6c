//! The modules that can be imported.

mod base64;
mod base_codec;
mod binascii;
mod datetime;
mod hashes;
mod hashlib;
mod kit;

use std::rc::Rc;

use super::class;
use super::native::Module;
use super::raise::{Outcome, Raise};
use super::vm::Vm;

/// The names that `import` knows, dotted ones too, for completion.
pub(super) const NAMES: &[&str] = &[];

/// Makes the module called `name` (`io`, `PIL.Image`).
pub(super) fn load(vm: &Vm, name: &str) -> Outcome<Rc<Module>> {
    match name {
        "base64" => return base64::load(vm),
        "binascii" => return binascii::load(vm),
        "datetime" => return datetime::load(vm),
        "hashlib" => return hashlib::load(vm),
        _ => {}
    }
    let message = format!("No module named '{name}'");
    Err(Raise::new(class::MODULE_NOT_FOUND_ERROR, message))
}

/// `class.name` of a native class, where that is no method of its objects: `datetime.now`, `timedelta.max`.
pub(super) fn class_attribute(class: class::Class, name: &str) -> Option<Outcome> {
    match class.0.module {
        "datetime" => datetime::class_attribute(class, name),
        "_blake2" => hashlib::class_attribute(class, name),
        _ => None,
    }
}
