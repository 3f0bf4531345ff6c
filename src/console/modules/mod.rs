//! The modules that can be imported.

mod base64;
mod base_codec;
mod binascii;
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
        "hashlib" => return hashlib::load(vm),
        _ => {}
    }
    let message = format!("No module named '{name}'");
    Err(Raise::new(class::MODULE_NOT_FOUND_ERROR, message))
}
