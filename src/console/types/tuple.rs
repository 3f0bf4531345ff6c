//! `tuple`.

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::object::{Object, Tuple};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::arguments::{Call, bounds, needed_bound};
use super::list::{announce, collect, count, index, place};
use super::slice::select;

pub(super) const METHODS: &[&str] = &["count", "index"];

pub(super) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.keywords.is_empty() {
        return Err(Raise::type_error("tuple() takes no keyword arguments"));
    }
    match args.between("tuple", 0, 1)?.pop() {
        None => Ok(Object::tuple(Vec::new())),
        Some(tuple @ Object::Tuple(_)) => Ok(tuple),
        Some(source) => Ok(Object::tuple(collect(vm, &source)?)),
    }
}

pub(super) fn call(vm: &Vm, tuple: &Tuple, name: &str, args: Args) -> Outcome {
    let call = Call::new("tuple", name, args);
    let get = |at: usize| tuple.items.get(at).cloned();
    if name == "count" {
        return count(vm, get, &call.one()?);
    }
    let [item, start, stop] = call.between(1)?;
    needed_bound(&start)?;
    needed_bound(&stop)?;
    let (start, stop) = bounds(tuple.items.len(), start.as_ref(), stop.as_ref())?;
    match index(vm, get, &item.unwrap_or(Object::None), start, stop)? {
        Some(at) => Ok(Object::int(at)),
        None => Err(Raise::value_error("tuple.index(x): x not in tuple")),
    }
}

pub(super) fn get_item(vm: &Vm, tuple: &Tuple, key: &Object) -> Outcome {
    if let Object::Slice(slice) = key {
        let selection = select(slice, tuple.items.len())?;
        announce(vm, selection.count)?;
        return Ok(Object::tuple(selection.places().filter_map(|at| tuple.items.get(at).cloned()).collect()));
    }
    let at = super::item::index_of("tuple", key)?;
    match place(at, tuple.items.len()).and_then(|at| tuple.items.get(at)) {
        Some(item) => Ok(item.clone()),
        None => Err(Raise::new(class::INDEX_ERROR, "tuple index out of range")),
    }
}
