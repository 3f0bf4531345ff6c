//! `set` and `frozenset`.

use std::rc::Rc;

use indexmap::IndexSet;

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::native::downcast;
use crate::console::object::{Key, Object, Set};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::arguments::Call;
use super::dict_view::{DictView, ViewKind};
use super::{Binary, classes};

pub(super) const METHODS: &[&str] = &[
    "add",
    "clear",
    "copy",
    "difference",
    "difference_update",
    "discard",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "pop",
    "remove",
    "symmetric_difference",
    "symmetric_difference_update",
    "union",
    "update",
];

pub(super) const FROZEN_METHODS: &[&str] =
    &["copy", "difference", "intersection", "isdisjoint", "issubset", "issuperset", "symmetric_difference", "union"];

/// Bytes that an item takes, about.
const ENTRY: u64 = 64;

fn new(items: IndexSet<Key>, frozen: bool) -> Object {
    Object::Set(Rc::new(Set { items: items.into(), frozen }))
}

pub(super) fn construct(vm: &Vm, class: Class, args: Args) -> Outcome {
    let frozen = class == classes::FROZENSET;
    if !args.keywords.is_empty() {
        return Err(Raise::type_error(format!("{}() takes no keyword arguments", class.0.name)));
    }
    match args.between(class.0.name, 0, 1)?.pop() {
        None => Ok(new(IndexSet::new(), frozen)),
        Some(Object::Set(set)) if frozen && set.frozen => Ok(Object::Set(set)),
        Some(source) => Ok(new(of(vm, &source)?.items.take(), frozen)),
    }
}

/// A set of all that iterating gives.
pub(super) fn of(vm: &Vm, source: &Object) -> Outcome<Set> {
    if let Object::Set(set) = source {
        vm.allocate(set.items.borrow().len() as u64 * ENTRY)?;
        return Ok(Set { items: set.items.clone(), frozen: false });
    }
    let mut items = IndexSet::new();
    let iterator = vm.iterate(source)?;
    while let Some(item) = vm.next(&iterator)? {
        vm.step(1)?;
        if items.len().is_power_of_two() {
            vm.allocate(items.len() as u64 * 2 * ENTRY)?;
        }
        items.insert(vm.key(&item)?);
    }
    Ok(Set { items: items.into(), frozen: false })
}

/// What a set can be compared with: a set, or a view that is like one.
pub(super) fn comparable(vm: &Vm, object: &Object) -> Outcome<Option<Set>> {
    match object {
        Object::Set(_) => of(vm, object).map(Some),
        _ => match downcast::<DictView>(object) {
            Some(view) if view.kind != ViewKind::Values => view.to_set(vm).map(Some),
            _ => Ok(None),
        },
    }
}

/// The items in CPython's order.
fn ordered(items: &IndexSet<Key>) -> impl Iterator<Item = &Key> {
    super::set_order::order(items).into_iter().filter_map(|at| items.get_index(at))
}

/// The order of a set whose items are written out as constants: CPython lays such a set out twice.
pub(in crate::console) fn settle_constants(set: &Set) {
    let mut items = set.items.borrow_mut();
    let again: IndexSet<Key> = ordered(&items).cloned().collect();
    *items = again;
}

fn combined(operator: Binary, a: &IndexSet<Key>, b: &IndexSet<Key>) -> IndexSet<Key> {
    match operator {
        Binary::And => {
            // CPython goes through the shorter one.
            let (long, short) = if b.len() > a.len() { (b, a) } else { (a, b) };
            ordered(short).filter(|key| long.contains(*key)).cloned().collect()
        }
        Binary::Or => a.iter().chain(ordered(b)).cloned().collect(),
        Binary::Sub => ordered(a).filter(|key| !b.contains(*key)).cloned().collect(),
        _ => {
            let theirs: Vec<&Key> = ordered(b).filter(|key| !a.contains(*key)).collect();
            a.iter().filter(|key| !b.contains(*key)).chain(theirs).cloned().collect()
        }
    }
}

/// `& | - ^` of two sets; the result is of the kind of the first.
pub(super) fn operate(vm: &Vm, operator: Binary, a: &Set, b: &Set) -> Outcome {
    let (left, right) = (a.items.borrow(), b.items.borrow());
    let total = (left.len() + right.len()) as u64;
    vm.step(total / 8)?;
    vm.allocate(total * ENTRY)?;
    Ok(new(combined(operator, &left, &right), a.frozen))
}

/// `&= |= -= ^=`; `false` where the other is no set.
pub(super) fn operate_in_place(vm: &Vm, operator: Binary, set: &Rc<Set>, other: &Object) -> Outcome<bool> {
    let Some(other) = comparable(vm, other)? else { return Ok(false) };
    if matches!(operator, Binary::Or) && other.items.borrow().is_empty() {
        return Ok(true);
    }
    let result = combined(operator, &set.items.borrow(), &other.items.borrow());
    drop_keys(set.items.replace(result));
    Ok(true)
}

/// Drops what a set held when nothing is borrowed.
fn drop_keys(items: IndexSet<Key>) {
    drop(Set { items: items.into(), frozen: false });
}

/// The key to look for: a set that is looked for counts as frozen.
fn lookup_key(vm: &Vm, item: &Object) -> Outcome<Key> {
    match item {
        Object::Set(set) if !set.frozen => Ok(Key(new(set.items.borrow().clone(), true))),
        other => vm.key(other),
    }
}

pub(super) fn contains(vm: &Vm, set: &Set, item: &Object) -> Outcome<bool> {
    let key = lookup_key(vm, item)?;
    Ok(set.items.borrow().contains(&key))
}

pub(super) fn call(vm: &Vm, set: &Rc<Set>, name: &str, args: Args) -> Outcome {
    let class_name = if set.frozen { "frozenset" } else { "set" };
    let call = Call::new(class_name, name, args);
    match name {
        "add" => {
            let key = vm.key(&call.one()?)?;
            vm.allocate(ENTRY)?;
            set.items.borrow_mut().insert(key);
        }
        "clear" => {
            call.none()?;
            drop_keys(set.items.take());
        }
        "copy" => {
            call.none()?;
            if set.frozen {
                return Ok(Object::Set(Rc::clone(set)));
            }
            vm.allocate(set.items.borrow().len() as u64 * ENTRY)?;
            return Ok(new(set.items.borrow().clone(), false));
        }
        "discard" | "remove" => {
            let item = call.one()?;
            let key = lookup_key(vm, &item)?;
            let removed = set.items.borrow_mut().shift_take(&key);
            if removed.is_none() && name == "remove" {
                return Err(super::dict::key_error(&item));
            }
        }
        "pop" => {
            call.none()?;
            let first = super::set_order::order(&set.items.borrow()).first().copied();
            let Some(first) = first else {
                return Err(Raise::with_args(class::KEY_ERROR, vec![Object::str("pop from an empty set")]));
            };
            let taken = set.items.borrow_mut().shift_remove_index(first);
            return Ok(taken.map_or(Object::None, |key| key.0.clone()));
        }
        "isdisjoint" => {
            let other = of(vm, &call.one()?)?;
            let disjoint = set.items.borrow().is_disjoint(&other.items.borrow());
            return Ok(Object::Bool(disjoint));
        }
        "issubset" | "issuperset" => {
            let other = of(vm, &call.one()?)?;
            let (ours, theirs) = (set.items.borrow(), other.items.borrow());
            return Ok(Object::Bool(if name == "issubset" { ours.is_subset(&theirs) } else { ours.is_superset(&theirs) }));
        }
        "symmetric_difference" | "symmetric_difference_update" => {
            let other = of(vm, &call.one()?)?;
            return combine_all(set, Binary::Xor, [other], name.ends_with("update"));
        }
        _ => {
            let operator = match name {
                "union" | "update" => Binary::Or,
                "intersection" | "intersection_update" => Binary::And,
                _ => Binary::Sub,
            };
            if !call.args.keywords.is_empty() {
                return Err(Raise::type_error(format!("{class_name}.{name}() takes no keyword arguments")));
            }
            let others = call.args.positional.iter().map(|other| of(vm, other)).collect::<Outcome<Vec<_>>>()?;
            return combine_all(set, operator, others, name.ends_with("update"));
        }
    }
    Ok(Object::None)
}

fn combine_all(set: &Set, operator: Binary, others: impl IntoIterator<Item = Set>, in_place: bool) -> Outcome {
    let mut result = set.items.borrow().clone();
    for other in others {
        result = combined(operator, &result, &other.items.borrow());
    }
    if in_place {
        drop_keys(set.items.replace(result));
        return Ok(Object::None);
    }
    Ok(new(result, set.frozen))
}
