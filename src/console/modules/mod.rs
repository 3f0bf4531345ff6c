//! The modules that can be imported.

use std::rc::Rc;

use super::class;
use super::native::Module;
use super::raise::{Outcome, Raise};
use super::vm::Vm;

/// The names that `import` knows, dotted ones too, for completion.
pub(super) const NAMES: &[&str] = &[];

/// Makes the module called `name` (`io`, `PIL.Image`).
pub(super) fn load(_vm: &Vm, name: &str) -> Outcome<Rc<Module>> {
    let message = format!("No module named '{name}'");
    Err(Raise::new(class::MODULE_NOT_FOUND_ERROR, message))
}
