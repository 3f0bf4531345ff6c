//! Operators: who answers for which pair of types, and what is said when nobody does.

use std::rc::Rc;

use crate::console::class;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::repeat_buffer;

use super::{Binary, Unary, number, type_name};

impl Binary {
    /// As it is written.
    pub(super) const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::FloorDiv => "//",
            Self::Mod => "%",
            Self::Pow => "**",
            Self::MatMul => "@",
            Self::LShift => "<<",
            Self::RShift => ">>",
            Self::And => "&",
            Self::Or => "|",
            Self::Xor => "^",
        }
    }
}

/// `a operator b`
pub(in crate::console) fn binary(vm: &Vm, operator: Binary, a: &Object, b: &Object) -> Outcome {
    match special(vm, operator, a, b, false)? {
        Some(result) => Ok(result),
        None => Err(unsupported(operator, a, b, false)),
    }
}

/// `a operator= b`, with the new value of `a`.
pub(in crate::console) fn in_place(vm: &Vm, operator: Binary, a: &Object, b: &Object) -> Outcome {
    let changed = match (a, operator) {
        (Object::List(list), Binary::Add) => {
            super::list::extend(vm, list, b)?;
            true
        }
        (Object::List(list), Binary::Mul) if let Some(count) = repeat_count(b)? => {
            super::list::repeat_in_place(vm, list, count)?;
            true
        }
        (Object::ByteArray(array), Binary::Add) => {
            super::bytearray::concat_in_place(vm, array, b)?;
            true
        }
        (Object::ByteArray(array), Binary::Mul) if let Some(count) = repeat_count(b)? => {
            super::bytearray::repeat_in_place(vm, array, count)?;
            true
        }
        (Object::Dict(dict), Binary::Or) => {
            super::dict::update_from(vm, dict, b)?;
            true
        }
        (Object::Set(set), Binary::And | Binary::Or | Binary::Sub | Binary::Xor) if !set.frozen => {
            super::set::operate_in_place(vm, operator, set, b)?
        }
        _ => false,
    };
    if changed {
        return Ok(a.clone());
    }
    match special(vm, operator, a, b, true)? {
        Some(result) => Ok(result),
        None => Err(unsupported(operator, a, b, true)),
    }
}

fn special(vm: &Vm, operator: Binary, a: &Object, b: &Object, in_place: bool) -> Outcome<Option<Object>> {
    if let Some(result) = number::binary(vm, operator, a, b)? {
        return Ok(Some(result));
    }
    if let Object::Native(native) = a {
        if let Some(result) = super::dict_view::operate(vm, operator, a, b)? {
            return Ok(Some(result));
        }
        if let Some(result) = native.binary(vm, operator.symbol(), b, false)? {
            return Ok(Some(result));
        }
    }
    if let Object::Native(native) = b {
        if let Some(result) = super::dict_view::operate(vm, operator, a, b)? {
            return Ok(Some(result));
        }
        if let Some(result) = native.binary(vm, operator.symbol(), a, true)? {
            return Ok(Some(result));
        }
    }
    match operator {
        Binary::Add => concat(vm, a, b),
        Binary::Mul => match repeated(vm, a, b)? {
            Some(result) => Ok(Some(result)),
            None if in_place && is_container(a) => Ok(None),
            None => repeated(vm, b, a),
        },
        Binary::Mod => match a {
            Object::Str(format) => super::percent::text(vm, format, b).map(Some),
            Object::Bytes(_) | Object::ByteArray(_) => super::percent::bytes(vm, a, b).map(Some),
            _ => Ok(None),
        },
        Binary::And | Binary::Or | Binary::Sub | Binary::Xor => match (a, b) {
            (Object::Set(x), Object::Set(y)) => super::set::operate(vm, operator, x, y).map(Some),
            (Object::Dict(x), Object::Dict(y)) if operator == Binary::Or => super::dict::merged(vm, x, y).map(Some),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

fn concat(vm: &Vm, a: &Object, b: &Object) -> Outcome<Option<Object>> {
    Ok(Some(match (a, b) {
        (Object::Str(x), Object::Str(y)) => {
            vm.allocate(x.byte_len().get() + y.byte_len().get())?;
            Object::Str(x.concat(y))
        }
        (Object::List(x), Object::List(y)) => {
            let count = x.items.borrow().len() + y.items.borrow().len();
            super::list::announce(vm, count)?;
            let mut items = Vec::with_capacity(count);
            items.extend_from_slice(&x.items.borrow());
            items.extend_from_slice(&y.items.borrow());
            Object::list(items)
        }
        (Object::Tuple(x), Object::Tuple(y)) => {
            super::list::announce(vm, x.items.len() + y.items.len())?;
            Object::tuple([&x.items[..], &y.items[..]].concat())
        }
        (Object::Bytes(_) | Object::ByteArray(_), _) => return super::bytes::concat(vm, a, b).map(Some),
        _ => return Ok(None),
    }))
}

/// The number of copies that `object` asks for; `None` for what is no integer.
fn repeat_count(object: &Object) -> Outcome<Option<u64>> {
    Ok(match object {
        Object::Int(n) => Some(u64::try_from(*n).unwrap_or(0)),
        Object::Bool(b) => Some((*b).into()),
        Object::BigInt(_) => {
            return Err(Raise::new(class::OVERFLOW_ERROR, "cannot fit 'int' into an index-sized integer"));
        }
        _ => None,
    })
}

fn repeated(vm: &Vm, sequence: &Object, count: &Object) -> Outcome<Option<Object>> {
    if !is_repeatable(sequence) {
        return Ok(None);
    }
    let Some(count) = repeat_count(count)? else { return Ok(None) };
    let bytes = |len: u64| -> Outcome<()> {
        let total = len.checked_mul(count).filter(|&total| i64::try_from(total).is_ok());
        vm.allocate(total.ok_or_else(number::memory_error)?)
    };
    Ok(Some(match sequence {
        Object::Str(text) => {
            bytes(text.byte_len().get())?;
            Object::Str(text.repeat(count))
        }
        Object::Bytes(buffer) => {
            bytes(buffer.len().get())?;
            Object::Bytes(repeat_buffer(buffer, count))
        }
        Object::ByteArray(array) => {
            bytes(array.len() as u64)?;
            let count = usize::try_from(count).map_err(|_| number::memory_error())?;
            Object::ByteArray(crate::stream::ByteArray::new(array.to_vec().repeat(count)))
        }
        Object::List(list) => {
            let items = list.items.borrow().clone();
            Object::list(super::list::repeat(vm, &items, count)?)
        }
        Object::Tuple(tuple) => {
            if count == 1 {
                return Ok(Some(Object::Tuple(Rc::clone(tuple))));
            }
            Object::tuple(super::list::repeat(vm, &tuple.items, count)?)
        }
        _ => return Ok(None),
    }))
}

fn is_repeatable(object: &Object) -> bool {
    matches!(object, Object::Str(_) | Object::Bytes(_) | Object::ByteArray(_) | Object::List(_) | Object::Tuple(_))
}

/// What is asked as a sequence by `*=` although it cannot be repeated.
fn is_container(object: &Object) -> bool {
    matches!(object, Object::Dict(_) | Object::View(_)) || (super::item::is_sequence(object) && !is_repeatable(object))
}

fn unsupported(operator: Binary, a: &Object, b: &Object, in_place: bool) -> Raise {
    let (left, right) = (type_name(a), type_name(b));
    match operator {
        Binary::Add if let Object::Str(_) | Object::List(_) | Object::Tuple(_) = a => {
            return Raise::type_error(format!("can only concatenate {left} (not \"{right}\") to {left}"));
        }
        Binary::Mul if is_repeatable(a) => {
            return Raise::type_error(format!("can't multiply sequence by non-int of type '{right}'"));
        }
        Binary::Mul if is_repeatable(b) && !(in_place && is_container(a)) => {
            return Raise::type_error(format!("can't multiply sequence by non-int of type '{left}'"));
        }
        _ => {}
    }
    let symbol = match (operator, in_place) {
        (Binary::Pow, false) => "** or pow()".to_owned(),
        (_, true) => format!("{}=", operator.symbol()),
        _ => operator.symbol().to_owned(),
    };
    let mut message = format!("unsupported operand type(s) for {symbol}: '{left}' and '{right}'");
    if operator == Binary::RShift && !in_place && matches!(a, Object::Builtin(builtin) if builtin.name == "print") {
        message.push_str(". Did you mean \"print(<message>, file=<output_stream>)\"?");
    }
    Raise::type_error(message)
}

/// `-a` and so on.
pub(in crate::console) fn unary(vm: &Vm, operator: Unary, a: &Object) -> Outcome {
    let (symbol, result) = match operator {
        Unary::Neg => ("-", number::negate(a)),
        Unary::Pos => ("+", number::plus(a)),
        Unary::Invert => ("~", number::invert(a)),
    };
    if let Some(result) = result {
        return Ok(result);
    }
    if let Object::Native(native) = a
        && let Some(result) = native.unary(vm, symbol)?
    {
        return Ok(result);
    }
    Err(Raise::type_error(format!("bad operand type for unary {symbol}: '{}'", type_name(a))))
}
