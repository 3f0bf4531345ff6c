//! `==`, `<` and the others, and `is`.

use std::cmp::Ordering;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::FromPrimitive;

use crate::console::native::downcast;
use crate::console::object::{Object, Set};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::bytes_of;

use super::dict_view::{DictView, ViewKind};
use super::{Comparison, truth, type_name};

impl Comparison {
    /// As it is written.
    pub(super) const fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }

    /// What it says of two things in this order.
    pub(super) const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }

    /// Whether it is `==` or `!=`.
    pub(super) const fn is_equality(self) -> bool {
        matches!(self, Self::Eq | Self::Ne)
    }

    /// What it is with its sides changed.
    const fn mirrored(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }
}

/// Whether both are one object. Equal numbers and texts that have no identity of their own count as one.
pub(in crate::console) fn is_same(a: &Object, b: &Object) -> bool {
    match (a, b) {
        (Object::None, Object::None)
        | (Object::Ellipsis, Object::Ellipsis)
        | (Object::NotImplemented, Object::NotImplemented) => true,
        (Object::Bool(a), Object::Bool(b)) => a == b,
        (Object::Int(a), Object::Int(b)) => a == b,
        (Object::BigInt(a), Object::BigInt(b)) => Rc::ptr_eq(a, b),
        (Object::Float(a), Object::Float(b)) => a.to_bits() == b.to_bits(),
        (Object::Str(a), Object::Str(b)) => a.is_same(b),
        (Object::Bytes(a), Object::Bytes(b)) => a.is_same(b),
        (Object::ByteArray(a), Object::ByteArray(b)) => a.is_same(b),
        (Object::View(a), Object::View(b)) => a.is_same(b),
        (Object::List(a), Object::List(b)) => Rc::ptr_eq(a, b),
        (Object::Tuple(a), Object::Tuple(b)) => Rc::ptr_eq(a, b) || (a.items.is_empty() && b.items.is_empty()),
        (Object::Dict(a), Object::Dict(b)) => Rc::ptr_eq(a, b),
        (Object::Set(a), Object::Set(b)) => Rc::ptr_eq(a, b),
        (Object::Range(a), Object::Range(b)) => Rc::ptr_eq(a, b),
        (Object::Slice(a), Object::Slice(b)) => Rc::ptr_eq(a, b),
        (Object::Stream(a), Object::Stream(b)) => a.is_same(b),
        (Object::Iterator(a), Object::Iterator(b)) => Rc::ptr_eq(a, b),
        (Object::Function(a), Object::Function(b)) => Rc::ptr_eq(a, b),
        (Object::Method(a), Object::Method(b)) => Rc::ptr_eq(a, b),
        (Object::Builtin(a), Object::Builtin(b)) => std::ptr::eq(*a, *b),
        (Object::ClassMethod(a, x), Object::ClassMethod(b, y)) => a == b && x == y,
        (Object::Class(a), Object::Class(b)) => a == b,
        (Object::Module(a), Object::Module(b)) => Rc::ptr_eq(a, b),
        (Object::Exception(a), Object::Exception(b)) => Rc::ptr_eq(a, b),
        (Object::Native(a), Object::Native(b)) => std::ptr::addr_eq(Rc::as_ptr(a), Rc::as_ptr(b)),
        _ => false,
    }
}

/// `a == b`
pub(in crate::console) fn equals(vm: &Vm, a: &Object, b: &Object) -> Outcome<bool> {
    match rich(vm, Comparison::Eq, a, b)? {
        Some(answer) => truth(vm, &answer),
        None => Ok(is_same(a, b)),
    }
}

/// Equality as containers see it: what is the same object is equal, even NaN.
pub(in crate::console) fn same_or_equal(vm: &Vm, a: &Object, b: &Object) -> Outcome<bool> {
    Ok(is_same_object(a, b) || equals(vm, a, b)?)
}

/// [`is_same`], where two floats of the same bits are one object.
fn is_same_object(a: &Object, b: &Object) -> bool {
    is_same(a, b)
}

/// `a < b` and so on.
pub(in crate::console) fn compare(vm: &Vm, operator: Comparison, a: &Object, b: &Object) -> Outcome {
    if let (Object::Int(a), Object::Int(b)) = (a, b) {
        return Ok(Object::Bool(operator.holds(a.cmp(b))));
    }
    match (rich(vm, operator, a, b)?, operator) {
        (Some(answer), _) => Ok(answer),
        (None, Comparison::Eq) => Ok(Object::Bool(is_same(a, b))),
        (None, Comparison::Ne) => Ok(Object::Bool(!is_same(a, b))),
        (None, _) => {
            let message =
                format!("'{}' not supported between instances of '{}' and '{}'", operator.symbol(), type_name(a), type_name(b));
            Err(Raise::type_error(message))
        }
    }
}

/// `None` is `NotImplemented`.
fn rich(vm: &Vm, operator: Comparison, a: &Object, b: &Object) -> Outcome<Option<Object>> {
    let answer = match (a, b) {
        (Object::Str(a), Object::Str(b)) if matches!(operator, Comparison::Eq | Comparison::Ne) => {
            Some((a == b) == (operator == Comparison::Eq))
        }
        (Object::Str(a), Object::Str(b)) => Some(operator.holds(a.compare(b))),
        (Object::Bytes(x), Object::Bytes(y)) if matches!(operator, Comparison::Eq | Comparison::Ne) => {
            Some((x.is_same(y) || x == y) == (operator == Comparison::Eq))
        }
        (Object::Bytes(_) | Object::ByteArray(_), Object::Bytes(_) | Object::ByteArray(_)) => {
            Some(operator.holds(bytes(a).cmp(&bytes(b))))
        }
        (Object::View(view), Object::ByteArray(array)) if !operator.is_equality() => {
            Some(operator.holds(super::view::contiguous(view)?.cmp(&array.to_vec())))
        }
        (Object::ByteArray(array), Object::View(view)) if !operator.is_equality() => {
            Some(operator.holds(array.to_vec().cmp(&super::view::contiguous(view)?)))
        }
        (Object::View(view), other) | (other, Object::View(view)) => view_equals(operator, view, other),
        (Object::List(x), Object::List(y)) => {
            let _entered = vm.enter()?;
            return sequences(
                vm,
                operator,
                |n| x.items.borrow().get(n).cloned(),
                |n| y.items.borrow().get(n).cloned(),
                || (x.items.borrow().len(), y.items.borrow().len()),
            );
        }
        (Object::Tuple(x), Object::Tuple(y)) => {
            let _entered = vm.enter()?;
            let lens = (x.items.len(), y.items.len());
            return sequences(vm, operator, |n| x.items.get(n).cloned(), |n| y.items.get(n).cloned(), || lens);
        }
        (Object::Dict(x), Object::Dict(y)) => match operator {
            Comparison::Eq | Comparison::Ne => {
                let _entered = vm.enter()?;
                let equal = Rc::ptr_eq(x, y) || super::dict::equal(vm, x, y)?;
                Some(equal == (operator == Comparison::Eq))
            }
            _ => None,
        },
        (Object::Set(x), Object::Set(y)) => Some(sets(operator, x, y)),
        (Object::Range(x), Object::Range(y)) => match operator {
            Comparison::Eq | Comparison::Ne => Some(super::range::equal(x, y) == (operator == Comparison::Eq)),
            _ => None,
        },
        (Object::Slice(x), Object::Slice(y)) => {
            let _entered = vm.enter()?;
            let part = |slice: &crate::console::object::Slice, n| match n {
                0 => Some(slice.start.clone()),
                1 => Some(slice.stop.clone()),
                2 => Some(slice.step.clone()),
                _ => None,
            };
            return sequences(vm, operator, |n| part(x, n), |n| part(y, n), || (3, 3));
        }
        (Object::Method(x), Object::Method(y)) => match operator {
            Comparison::Eq | Comparison::Ne => {
                let equal = x.name == y.name && is_same(&x.receiver, &y.receiver);
                Some(equal == (operator == Comparison::Eq))
            }
            _ => None,
        },
        (Object::Native(native), other) if let Some(answer) = native_compare(vm, native, operator, other)? => {
            return Ok(Some(answer));
        }
        (other, Object::Native(native)) if let Some(answer) = native_compare(vm, native, operator.mirrored(), other)? => {
            return Ok(Some(answer));
        }
        _ => numbers(a, b).map(|order| order.map_or(operator == Comparison::Ne, |order| operator.holds(order))),
    };
    Ok(answer.map(Object::Bool))
}

fn native_compare(
    vm: &Vm,
    native: &Rc<dyn crate::console::native::Native>,
    operator: Comparison,
    other: &Object,
) -> Outcome<Option<Object>> {
    let this = Object::Native(Rc::clone(native));
    if let Some(view) = downcast::<DictView>(&this) {
        return view_sets(vm, view, operator, other);
    }
    native.binary(vm, operator.symbol(), other, false)
}

fn bytes(object: &Object) -> std::borrow::Cow<'_, [u8]> {
    match object {
        Object::Bytes(bytes) => bytes_of(bytes),
        Object::ByteArray(array) => array.to_vec().into(),
        _ => std::borrow::Cow::Borrowed(&[]),
    }
}

fn view_equals(operator: Comparison, view: &crate::stream::View, other: &Object) -> Option<bool> {
    let equal = match other {
        Object::Bytes(bytes) => view.equals(&crate::stream::Value::Bytes(bytes.clone())),
        Object::ByteArray(array) => view.equals(&crate::stream::Value::ByteArray(array.clone())),
        Object::View(other) => view.equals(&crate::stream::Value::View(other.clone())),
        _ => return None,
    };
    match operator {
        Comparison::Eq => Some(equal),
        Comparison::Ne => Some(!equal),
        _ => None,
    }
}

/// Lists may change while their items are compared, so items are asked for one by one.
fn sequences(
    vm: &Vm,
    operator: Comparison,
    left: impl Fn(usize) -> Option<Object>,
    right: impl Fn(usize) -> Option<Object>,
    lens: impl Fn() -> (usize, usize),
) -> Outcome<Option<Object>> {
    let (a, b) = lens();
    if a != b && matches!(operator, Comparison::Eq | Comparison::Ne) {
        return Ok(Some(Object::Bool(operator == Comparison::Ne)));
    }
    let mut at = 0;
    while let (Some(a), Some(b)) = (left(at), right(at)) {
        vm.step(1)?;
        if !same_or_equal(vm, &a, &b)? {
            return match operator {
                Comparison::Eq => Ok(Some(Object::Bool(false))),
                Comparison::Ne => Ok(Some(Object::Bool(true))),
                _ => compare(vm, operator, &a, &b).map(Some),
            };
        }
        at += 1;
    }
    let (a, b) = lens();
    Ok(Some(Object::Bool(operator.holds(a.cmp(&b)))))
}

fn sets(operator: Comparison, x: &Set, y: &Set) -> bool {
    let (x, y) = (x.items.borrow(), y.items.borrow());
    match operator {
        Comparison::Eq => x.len() == y.len() && x.is_subset(&y),
        Comparison::Ne => x.len() != y.len() || !x.is_subset(&y),
        Comparison::Le => x.is_subset(&y),
        Comparison::Lt => x.len() < y.len() && x.is_subset(&y),
        Comparison::Ge => y.is_subset(&x),
        Comparison::Gt => y.len() < x.len() && y.is_subset(&x),
    }
}

/// The views `keys` and `items` compare like sets.
fn view_sets(vm: &Vm, view: &DictView, operator: Comparison, other: &Object) -> Outcome<Option<Object>> {
    if view.kind == ViewKind::Values {
        return Ok(None);
    }
    let Some(theirs) = super::set::comparable(vm, other)? else { return Ok(None) };
    let ours = view.to_set(vm)?;
    Ok(Some(Object::Bool(sets(operator, &ours, &theirs))))
}

/// The order of two numbers, which NaN has not (the inner `None`); the outer one is for what are no numbers.
#[expect(clippy::option_option, reason = "no order and no numbers are two things")]
pub(super) fn numbers(a: &Object, b: &Object) -> Option<Option<Ordering>> {
    match (a, b) {
        (Object::Float(a), Object::Float(b)) => Some(a.partial_cmp(b)),
        (Object::Float(a), b) => Some(float_with_int(*a, &b.index()?)),
        (a, Object::Float(b)) => Some(float_with_int(*b, &a.index()?).map(Ordering::reverse)),
        (Object::Int(a), Object::Int(b)) => Some(Some(a.cmp(b))),
        (a, b) => Some(Some(a.index()?.cmp(&b.index()?))),
    }
}

/// Exactly, by value.
fn float_with_int(a: f64, b: &BigInt) -> Option<Ordering> {
    if a.is_nan() {
        return None;
    }
    if a.is_infinite() {
        return Some(if a > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    let whole = BigInt::from_f64(a.trunc())?;
    Some(whole.cmp(b).then_with(|| a.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal)))
}
