//! `round`, `divmod` and `pow`.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use crate::console::call::Args;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::arguments::named;
use super::number::{self, float_to_int, overflow, zero_division};
use super::{Binary, type_name};

/// `round(number, ndigits)`, ties to even.
pub(in crate::console) fn round(vm: &Vm, args: Args) -> Outcome {
    let [value, digits] = named("round", args, ["number", "ndigits"], 0, 2, 1)?;
    let value = value.unwrap_or(Object::None);
    let digits = digits.filter(|digits| !digits.is_none());
    match (&value, digits) {
        (Object::Float(n), None) => float_to_int(round_half_even(*n)),
        (Object::Float(n), Some(digits)) => {
            let digits = super::arguments::index(&digits)?;
            let digits = digits.to_i64().unwrap_or(if digits.is_negative() { i64::MIN } else { i64::MAX });
            round_float(*n, digits).map(Object::Float)
        }
        (other, None) if other.index().is_some() => Ok(Object::int(other.index().unwrap_or_default())),
        (other, Some(digits)) if other.index().is_some() => {
            let digits = super::arguments::index(&digits)?;
            round_integer(vm, other.index().unwrap_or_default(), &digits)
        }
        (other, _) => {
            let words = format!("type {} doesn't define __round__ method", type_name(other));
            Err(Raise::type_error(words))
        }
    }
}

fn round_half_even(n: f64) -> f64 {
    n.round_ties_even()
}

fn round_float(n: f64, digits: i64) -> Outcome<f64> {
    // Beyond these the number is its own rounding, or nothing is left of it.
    if !n.is_finite() || n == 0.0 || digits > 323 {
        return Ok(n);
    }
    if digits < -308 {
        return Ok(0.0_f64.copysign(n));
    }
    if digits >= 0 {
        let decimals = digits as usize;
        let rounded: f64 = format!("{n:.decimals$}").parse().unwrap_or(n);
        return Ok(rounded);
    }
    // The exact digits, rounded at a place before the point.
    let places = digits.unsigned_abs() as usize;
    let Some(whole) = float_to_int(n)?.index() else { return Ok(n) };
    let unit = BigInt::from(10).pow(places as u32);
    let (quotient, rest) = (&whole / &unit, (&whole % &unit).abs());
    let twice = rest * 2;
    let has_fraction = n.fract() != 0.0;
    let up = twice > unit || (twice == unit && (has_fraction || quotient.bit(0)));
    let step = if n < 0.0 { -1 } else { 1 };
    let quotient = if up { quotient + step } else { quotient };
    let rounded = number::big_to_float(&(quotient * unit)).map_err(|_| overflow("rounded value too large to represent"))?;
    Ok(if rounded == 0.0 { 0.0_f64.copysign(n) } else { rounded })
}

fn round_integer(vm: &Vm, n: BigInt, digits: &BigInt) -> Outcome {
    if !digits.is_negative() {
        return Ok(Object::int(n));
    }
    let places = (-digits).to_u64().unwrap_or(u64::MAX);
    // More places than it has digits: nothing is left.
    if places > n.bits() / 3 + 2 {
        return Ok(Object::Int(0));
    }
    vm.allocate(places)?;
    let unit = BigInt::from(10).pow(places as u32);
    let (quotient, rest) = number::div_mod(vm, &n, &unit, "")?;
    let twice = rest * 2;
    let up = twice > unit || (twice == unit && quotient.bit(0));
    Ok(Object::int((if up { quotient + 1 } else { quotient }) * unit))
}

/// `math.ceil` and `math.floor` by their special methods.
pub(in crate::console) fn whole(object: &Object, up: bool) -> Outcome {
    match object {
        Object::Float(n) => float_to_int(if up { n.ceil() } else { n.floor() }),
        other => Ok(Object::int(other.index().unwrap_or_default())),
    }
}

/// `divmod(a, b)`
pub(in crate::console) fn div_mod(vm: &Vm, a: &Object, b: &Object) -> Outcome {
    let unsupported = || {
        let words = format!("unsupported operand type(s) for divmod(): '{}' and '{}'", type_name(a), type_name(b));
        Raise::type_error(words)
    };
    if !number::is_number(a) || !number::is_number(b) {
        if matches!(a, Object::Native(_)) {
            let quotient = super::binary(vm, Binary::FloorDiv, a, b)?;
            return Ok(Object::tuple(vec![quotient, super::binary(vm, Binary::Mod, a, b)?]));
        }
        return Err(unsupported());
    }
    if let (Some(a), Some(b)) = (a.index(), b.index()) {
        let (quotient, rest) = number::div_mod(vm, &a, &b, "integer division or modulo by zero")?;
        return Ok(Object::tuple(vec![Object::int(quotient), Object::int(rest)]));
    }
    let (Some(a), Some(b)) = (number::to_float(a)?, number::to_float(b)?) else { return Err(unsupported()) };
    if b == 0.0 {
        return Err(zero_division("float divmod()"));
    }
    let (quotient, rest) = number::float_div_mod(a, b);
    Ok(Object::tuple(vec![Object::Float(quotient), Object::Float(rest)]))
}

/// `pow(base, exp, mod)`
pub(in crate::console) fn pow(vm: &Vm, args: Args) -> Outcome {
    let [base, exponent, modulus] = named("pow", args, ["base", "exp", "mod"], 0, 3, 2)?;
    let (base, exponent) = (base.unwrap_or(Object::None), exponent.unwrap_or(Object::None));
    let Some(modulus) = modulus.filter(|modulus| !modulus.is_none()) else {
        return super::binary(vm, Binary::Pow, &base, &exponent);
    };
    match (base.index(), exponent.index(), modulus.index()) {
        (Some(a), Some(b), Some(m)) => number::power_modulo(vm, &a, &b, &m),
        _ if [&base, &exponent, &modulus].iter().any(|object| matches!(object, Object::Float(_))) => {
            Err(Raise::type_error("pow() 3rd argument not allowed unless all arguments are integers"))
        }
        _ => {
            let words = format!(
                "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'",
                type_name(&base),
                type_name(&exponent),
                type_name(&modulus)
            );
            Err(Raise::type_error(words))
        }
    }
}
