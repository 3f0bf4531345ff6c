//! `object[key]`, `in` and `len`.

use crate::console::class;
use crate::console::native::downcast;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::compare::same_or_equal;
use super::dict_view::DictView;
use super::type_name;

/// An index of a sequence: `list indices must be integers or slices, not str`.
pub(super) fn index_of(what: &str, key: &Object) -> Outcome<i64> {
    match key {
        Object::Int(n) => Ok(*n),
        Object::Bool(b) => Ok((*b).into()),
        Object::BigInt(_) => Err(Raise::new(class::INDEX_ERROR, "cannot fit 'int' into an index-sized integer")),
        other => Err(Raise::type_error(format!("{what} indices must be integers or slices, not {}", type_name(other)))),
    }
}

/// `object[key]`
pub(in crate::console) fn get_item(vm: &Vm, object: &Object, key: &Object) -> Outcome {
    match object {
        Object::List(list) => super::list::get_item(vm, list, key),
        Object::Tuple(tuple) => super::tuple::get_item(vm, tuple, key),
        Object::Dict(dict) => super::dict::get_item(vm, dict, key),
        Object::Str(text) => super::text::get_item(text, key),
        Object::Bytes(_) | Object::ByteArray(_) => super::bytes::get_item(vm, object, key),
        Object::View(view) => super::view::get_item(view, key),
        Object::Range(range) => super::range::get_item(range, key),
        Object::Class(class) if is_generic(class.0.name) => Ok(Object::Class(*class)),
        Object::Class(class) => Err(Raise::type_error(format!("type '{}' is not subscriptable", class.0.name))),
        Object::Native(native) => match native.get_item(vm, key)? {
            Some(item) => Ok(item),
            None => Err(not_subscriptable(object)),
        },
        other => Err(not_subscriptable(other)),
    }
}

/// Classes that annotations index: `list[int]`.
fn is_generic(name: &str) -> bool {
    matches!(name, "list" | "dict" | "tuple" | "set" | "frozenset" | "type" | "enumerate")
}

fn not_subscriptable(object: &Object) -> Raise {
    Raise::type_error(format!("'{}' object is not subscriptable", type_name(object)))
}

/// What CPython asks as a sequence, whether or not it can be changed.
pub(super) fn is_sequence(object: &Object) -> bool {
    matches!(object, Object::Tuple(_) | Object::Str(_) | Object::Bytes(_) | Object::Range(_) | Object::Set(_))
        || downcast::<DictView>(object).is_some()
}

/// `object[key] = value`
pub(in crate::console) fn set_item(vm: &Vm, object: &Object, key: &Object, value: Object) -> Outcome<()> {
    match object {
        Object::List(list) => super::list::set_item(vm, list, key, value),
        Object::Dict(dict) => super::dict::put(vm, dict, vm.key(key)?, value),
        Object::ByteArray(array) => super::bytearray::set_item(vm, array, key, &value),
        Object::View(view) => super::view::set_item(vm, view, key, &value),
        Object::Native(native) if native.set_item(vm, key, value)? => Ok(()),
        other => {
            if is_sequence(other) && key.index().is_some() {
                index_of("", key)?;
            }
            Err(Raise::type_error(format!("'{}' object does not support item assignment", type_name(other))))
        }
    }
}

/// `del object[key]`
pub(in crate::console) fn delete_item(vm: &Vm, object: &Object, key: &Object) -> Outcome<()> {
    match object {
        Object::List(list) => super::list::delete_item(list, key),
        Object::Dict(dict) => super::dict::delete_item(vm, dict, key),
        Object::ByteArray(array) => super::bytearray::delete_item(array, key),
        Object::View(_) => Err(Raise::type_error("cannot delete memory")),
        // By a number the sequence itself is asked, which says it in other words.
        other if is_sequence(other) && key.index().is_some() => {
            index_of("", key)?;
            Err(Raise::type_error(format!("'{}' object doesn't support item deletion", type_name(object))))
        }
        other => Err(Raise::type_error(format!("'{}' object does not support item deletion", type_name(other)))),
    }
}

/// `item in container`
pub(in crate::console) fn contains(vm: &Vm, container: &Object, item: &Object) -> Outcome<bool> {
    match container {
        Object::Str(text) => super::text::contains(vm, text, item),
        Object::Bytes(_) | Object::ByteArray(_) => super::bytes::contains(vm, container, item),
        Object::Dict(dict) => {
            let key = vm.key(item)?;
            Ok(dict.items.borrow().contains_key(&key))
        }
        Object::Set(set) => super::set::contains(vm, set, item),
        Object::Range(range) => super::range::contains(vm, range, item),
        Object::List(list) => {
            let get = |at: usize| list.items.borrow().get(at).cloned();
            Ok(super::list::index(vm, get, item, 0, usize::MAX)?.is_some())
        }
        Object::Tuple(tuple) => {
            let get = |at: usize| tuple.items.get(at).cloned();
            Ok(super::list::index(vm, get, item, 0, usize::MAX)?.is_some())
        }
        other => {
            if let Some(view) = downcast::<DictView>(other) {
                return view.contains(vm, item);
            }
            if let Object::Native(native) = other
                && let Some(answer) = native.contains(vm, item)?
            {
                return Ok(answer);
            }
            search(vm, other, item)
        }
    }
}

fn search(vm: &Vm, container: &Object, item: &Object) -> Outcome<bool> {
    let iterator = vm.iterate(container).map_err(|raise| {
        let words = format!("'{}' object is not iterable", type_name(container));
        let is_that = raise.is(class::TYPE_ERROR) && super::exception::message(&raise).is_some_and(|text| text == words);
        if is_that { Raise::type_error(format!("argument of type '{}' is not iterable", type_name(container))) } else { raise }
    })?;
    while let Some(here) = vm.next(&iterator)? {
        vm.step(1)?;
        if same_or_equal(vm, &here, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `len(object)`
pub(in crate::console) fn len(vm: &Vm, object: &Object) -> Outcome<u64> {
    Ok(match object {
        Object::Str(text) => text.len(),
        Object::Bytes(bytes) => bytes.len().get(),
        Object::ByteArray(array) => array.len() as u64,
        Object::View(view) => view.length()?,
        Object::List(list) => list.items.borrow().len() as u64,
        Object::Tuple(tuple) => tuple.items.len() as u64,
        Object::Dict(dict) => dict.items.borrow().len() as u64,
        Object::Set(set) => set.items.borrow().len() as u64,
        Object::Range(range) => i64::try_from(super::range::len(range))
            .map_err(|_| Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C ssize_t"))?
            as u64,
        Object::Native(native) => match native.len(vm)? {
            Some(len) => len as u64,
            None => return Err(no_len(object)),
        },
        other => return Err(no_len(other)),
    })
}

fn no_len(object: &Object) -> Raise {
    Raise::type_error(format!("object of type '{}' has no len()", type_name(object)))
}

/// `bool(object)`
pub(in crate::console) fn truth(vm: &Vm, object: &Object) -> Outcome<bool> {
    Ok(match object {
        Object::Bool(b) => *b,
        Object::None => false,
        Object::Int(n) => *n != 0,
        Object::Float(n) => *n != 0.0,
        Object::Str(text) => !text.is_empty(),
        Object::Bytes(bytes) => !bytes.is_empty(),
        Object::List(list) => !list.items.borrow().is_empty(),
        Object::Range(range) => super::range::len(range) != num_bigint::BigInt::ZERO,
        Object::ByteArray(_) | Object::View(_) | Object::Tuple(_) | Object::Dict(_) | Object::Set(_) => len(vm, object)? != 0,
        Object::Native(native) => match native.truth() {
            Some(truth) => truth,
            None => native.len(vm)?.is_none_or(|len| len != 0),
        },
        _ => true,
    })
}
