//! `dict.keys()`, `dict.values()` and `dict.items()`: live views of a dict.

use std::any::Any;
use std::rc::Rc;

use indexmap::IndexSet;

use crate::console::call::Args;
use crate::console::class::Class;
use crate::console::native::{Native, downcast};
use crate::console::object::{Dict, Key, Object, Set};
use crate::console::raise::Outcome;
use crate::console::vm::Vm;

use super::arguments::Call;
use super::compare::same_or_equal;
use super::iterators::{DictIter, DictReversed};
use super::{Binary, classes};

/// Which part of the entries a view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::console) enum ViewKind {
    /// `keys()`
    Keys,
    /// `values()`
    Values,
    /// `items()`
    Items,
}

impl ViewKind {
    /// What the view shows of an entry.
    pub(super) fn of(self, key: &Key, value: &Object) -> Object {
        match self {
            Self::Keys => key.0.clone(),
            Self::Values => value.clone(),
            Self::Items => Object::tuple(vec![key.0.clone(), value.clone()]),
        }
    }
}

/// A view of a dict.
#[derive(Debug)]
pub(in crate::console) struct DictView {
    /// What it looks at.
    pub(super) dict: Rc<Dict>,
    /// Which part.
    pub(super) kind: ViewKind,
}

impl DictView {
    /// What it shows, at this moment.
    pub(super) fn items(&self, vm: &Vm) -> Outcome<Vec<Object>> {
        let entries = self.dict.items.borrow();
        super::list::announce(vm, entries.len())?;
        Ok(entries.iter().map(|(key, value)| self.kind.of(key, value)).collect())
    }

    /// The same as a set.
    pub(super) fn to_set(&self, vm: &Vm) -> Outcome<Set> {
        let mut items = IndexSet::new();
        for item in self.items(vm)? {
            items.insert(vm.key(&item)?);
        }
        Ok(Set { items: items.into(), frozen: false })
    }

    /// `item in view`
    pub(super) fn contains(&self, vm: &Vm, item: &Object) -> Outcome<bool> {
        match self.kind {
            ViewKind::Keys => Ok(self.dict.items.borrow().contains_key(&vm.key(item)?)),
            ViewKind::Values => {
                for value in self.items(vm)? {
                    vm.step(1)?;
                    if same_or_equal(vm, &value, item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            ViewKind::Items => {
                let Object::Tuple(pair) = item else { return Ok(false) };
                let [key, value] = &pair.items[..] else { return Ok(false) };
                let found = self.dict.items.borrow().get(&vm.key(key)?).cloned();
                found.map_or(Ok(false), |found| same_or_equal(vm, &found, value))
            }
        }
    }
}

impl Native for DictView {
    fn class(&self) -> Class {
        match self.kind {
            ViewKind::Keys => classes::DICT_KEYS,
            ViewKind::Values => classes::DICT_VALUES,
            ViewKind::Items => classes::DICT_ITEMS,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        // The only method that is listed.
        let other = Call::new(self.class().0.name, method, args).one()?;
        let ours = self.to_set(vm)?;
        let iterator = vm.iterate(&other)?;
        while let Some(item) = vm.next(&iterator)? {
            vm.step(1)?;
            if ours.items.borrow().contains(&vm.key(&item)?) {
                return Ok(Object::Bool(false));
            }
        }
        Ok(Object::Bool(true))
    }

    fn iterate(&self, _vm: &Vm, _this: &Object) -> Outcome<Option<Object>> {
        Ok(Some(DictIter::object(&self.dict, self.kind)))
    }

    fn len(&self, _vm: &Vm) -> Outcome<Option<usize>> {
        Ok(Some(self.dict.items.borrow().len()))
    }
}

/// An iterator from the last entry to the first, for `reversed`.
pub(super) fn reversed(view: &DictView) -> Object {
    DictReversed::object(&view.dict, view.kind)
}

/// The views that behave like sets have no hash.
pub(super) fn is_unhashable(object: &Object) -> bool {
    downcast::<DictView>(object).is_some_and(|view| view.kind != ViewKind::Values)
}

/// `& | - ^` with a view of keys or items on either side: a new set.
pub(super) fn operate(vm: &Vm, operator: Binary, a: &Object, b: &Object) -> Outcome<Option<Object>> {
    if !matches!(operator, Binary::And | Binary::Or | Binary::Sub | Binary::Xor) {
        return Ok(None);
    }
    let is_view = |object: &Object| downcast::<DictView>(object).is_some_and(|view| view.kind != ViewKind::Values);
    if !is_view(a) && !is_view(b) {
        return Ok(None);
    }
    let left = super::set::of(vm, a)?;
    let right = super::set::of(vm, b)?;
    super::set::operate(vm, operator, &left, &right).map(Some)
}
