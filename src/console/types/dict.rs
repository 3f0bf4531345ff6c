//! `dict`.

use std::rc::Rc;

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::object::{Dict, Key, Object};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::arguments::Call;
use super::compare::same_or_equal;
use super::dict_view::{DictView, ViewKind};

pub(super) const METHODS: &[&str] =
    &["clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"];

/// Bytes that an entry takes, about.
const ENTRY: u64 = 96;

fn announce(vm: &Vm, count: usize) -> Outcome<()> {
    vm.allocate((count as u64).saturating_mul(ENTRY))
}

fn new(items: indexmap::IndexMap<Key, Object>) -> Object {
    Object::Dict(Rc::new(Dict { items: items.into() }))
}

pub(in crate::console) fn construct(vm: &Vm, _class: Class, mut args: Args) -> Outcome {
    let keywords = std::mem::take(&mut args.keywords);
    let dict = Rc::new(Dict::default());
    if let Some(source) = args.between("dict", 0, 1)?.pop() {
        update_from(vm, &dict, &source)?;
    }
    put_keywords(vm, &dict, keywords)?;
    Ok(Object::Dict(dict))
}

fn put_keywords(vm: &Vm, dict: &Dict, keywords: Vec<(Rc<str>, Object)>) -> Outcome<()> {
    for (name, value) in keywords {
        put(vm, dict, Key(Object::str(name)), value)?;
    }
    Ok(())
}

/// `dict[key] = value`; the key that was there first stays.
pub(in crate::console) fn put(vm: &Vm, dict: &Dict, key: Key, value: Object) -> Outcome<()> {
    let len = dict.items.borrow().len();
    if len.is_power_of_two() {
        announce(vm, len * 2)?;
    }
    let old = dict.items.borrow_mut().insert(key, value);
    drop(old);
    Ok(())
}

/// `dict.update(source)`: from a mapping or from pairs.
pub(in crate::console) fn update_from(vm: &Vm, dict: &Dict, source: &Object) -> Outcome<()> {
    if let Object::Dict(other) = source {
        let entries: Vec<(Key, Object)> = other.items.borrow().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        vm.step(entries.len() as u64)?;
        for (key, value) in entries {
            put(vm, dict, key, value)?;
        }
        return Ok(());
    }
    let iterator = vm.iterate(source)?;
    let mut at = 0;
    while let Some(pair) = vm.next(&iterator)? {
        vm.step(1)?;
        let items = super::list::collect(vm, &pair).map_err(|raise| {
            if raise.is(class::TYPE_ERROR) {
                Raise::type_error(format!("cannot convert dictionary update sequence element #{at} to a sequence"))
            } else {
                raise
            }
        })?;
        let Ok([key, value]) = <[Object; 2]>::try_from(items.clone()) else {
            let count = items.len();
            let message = format!("dictionary update sequence element #{at} has length {count}; 2 is required");
            return Err(Raise::value_error(message));
        };
        put(vm, dict, vm.key(&key)?, value)?;
        at += 1;
    }
    Ok(())
}

/// `a | b`
pub(in crate::console) fn merged(vm: &Vm, a: &Dict, b: &Rc<Dict>) -> Outcome {
    announce(vm, a.items.borrow().len() + b.items.borrow().len())?;
    let dict = Rc::new(Dict { items: a.items.borrow().clone().into() });
    update_from(vm, &dict, &Object::Dict(Rc::clone(b)))?;
    Ok(Object::Dict(dict))
}

/// Whether both have the same keys with equal values.
pub(in crate::console) fn equal(vm: &Vm, a: &Dict, b: &Dict) -> Outcome<bool> {
    if a.items.borrow().len() != b.items.borrow().len() {
        return Ok(false);
    }
    let mut at = 0;
    loop {
        let entry = a.items.borrow().get_index(at).map(|(key, value)| (key.clone(), value.clone()));
        let Some((key, value)) = entry else { return Ok(true) };
        vm.step(1)?;
        let theirs = b.items.borrow().get(&key).cloned();
        match theirs {
            Some(other) if same_or_equal(vm, &value, &other)? => {}
            _ => return Ok(false),
        }
        at += 1;
    }
}

pub(in crate::console) fn key_error(key: &Object) -> Raise {
    Raise::with_args(class::KEY_ERROR, vec![key.clone()])
}

pub(in crate::console) fn get_item(vm: &Vm, dict: &Dict, key: &Object) -> Outcome {
    let found = dict.items.borrow().get(&vm.key(key)?).cloned();
    found.ok_or_else(|| key_error(key))
}

pub(in crate::console) fn delete_item(vm: &Vm, dict: &Dict, key: &Object) -> Outcome<()> {
    let key_of = vm.key(key)?;
    let removed = dict.items.borrow_mut().shift_remove_entry(&key_of);
    removed.map(drop).ok_or_else(|| key_error(key))
}

/// `dict.fromkeys(iterable, value)`
pub(in crate::console) fn from_keys(vm: &Vm, args: Args) -> Outcome {
    let [keys, value] = Call::new("dict", "fromkeys", args).between(1)?;
    let value = value.unwrap_or(Object::None);
    let dict = Dict::default();
    let iterator = vm.iterate(&keys.unwrap_or(Object::None))?;
    while let Some(key) = vm.next(&iterator)? {
        vm.step(1)?;
        put(vm, &dict, vm.key(&key)?, value.clone())?;
    }
    Ok(Object::Dict(Rc::new(dict)))
}

pub(in crate::console) fn call(vm: &Vm, dict: &Rc<Dict>, name: &str, args: Args) -> Outcome {
    let call = Call::new("dict", name, args);
    let view = |kind| Ok(Object::Native(Rc::new(DictView { dict: Rc::clone(dict), kind })));
    match name {
        "clear" => {
            call.none()?;
            let old = dict.items.take();
            drop(Dict { items: old.into() });
        }
        "copy" => {
            call.none()?;
            announce(vm, dict.items.borrow().len())?;
            return Ok(new(dict.items.borrow().clone()));
        }
        "fromkeys" => return from_keys(vm, call.args),
        "get" => {
            let [key, default] = call.between(1)?;
            let key = vm.key(&key.unwrap_or(Object::None))?;
            return Ok(dict.items.borrow().get(&key).cloned().or(default).unwrap_or(Object::None));
        }
        "items" => {
            call.none()?;
            return view(ViewKind::Items);
        }
        "keys" => {
            call.none()?;
            return view(ViewKind::Keys);
        }
        "values" => {
            call.none()?;
            return view(ViewKind::Values);
        }
        "pop" => {
            let [key, default] = call.between(1)?;
            let key = key.unwrap_or(Object::None);
            if dict.items.borrow().is_empty() {
                return default.ok_or_else(|| key_error(&key));
            }
            let key_of = vm.key(&key)?;
            let removed = dict.items.borrow_mut().shift_remove(&key_of);
            return removed.or(default).ok_or_else(|| key_error(&key));
        }
        "popitem" => {
            call.none()?;
            return match dict.items.borrow_mut().pop() {
                Some((key, value)) => Ok(Object::tuple(vec![key.0.clone(), value])),
                None => Err(key_error(&Object::str("popitem(): dictionary is empty"))),
            };
        }
        "setdefault" => {
            let [key, default] = call.between(1)?;
            let key = vm.key(&key.unwrap_or(Object::None))?;
            let found = dict.items.borrow().get(&key).cloned();
            if let Some(value) = found {
                return Ok(value);
            }
            let value = default.unwrap_or(Object::None);
            put(vm, dict, key, value.clone())?;
            return Ok(value);
        }
        _ => {
            let mut args = call.args;
            let keywords = std::mem::take(&mut args.keywords);
            if let Some(source) = args.between("update", 0, 1)?.pop() {
                update_from(vm, dict, &source)?;
            }
            put_keywords(vm, dict, keywords)?;
        }
    }
    Ok(Object::None)
}
