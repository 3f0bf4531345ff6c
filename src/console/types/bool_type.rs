//! `bool`.

use crate::console::call::Args;
use crate::console::class::Class;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

pub(super) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.keywords.is_empty() {
        return Err(Raise::type_error("bool() takes no keyword arguments"));
    }
    match args.between("bool", 0, 1)?.pop() {
        None => Ok(Object::Bool(false)),
        Some(object) => super::truth(vm, &object).map(Object::Bool),
    }
}
