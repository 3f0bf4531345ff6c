//! Arithmetic of `int` and `float`.
//!
//! Integers that fit 64 bits never leave them unless the result does. What would be too large to hold, or would take too long to
//! work out, is refused before it is begun: a number has at most [`MAX_BITS`] bits.

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::console::class;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::Binary;

/// The most bits of an integer: 32 MiB.
const MAX_BITS: u64 = 1 << 28;

/// The most single multiplications of 64 bits that one operation may take.
const MAX_WORK: u64 = 1 << 31;

/// Two numbers of one kind.
enum Pair {
    Small(i64, i64),
    Big(BigInt, BigInt),
    Float(f64, f64),
}

pub(in crate::console) fn zero_division(message: &str) -> Raise {
    Raise::new(class::ZERO_DIVISION_ERROR, message)
}

pub(in crate::console) fn overflow(message: &str) -> Raise {
    Raise::new(class::OVERFLOW_ERROR, message)
}

pub(in crate::console) fn memory_error() -> Raise {
    Raise::new(class::MEMORY_ERROR, "")
}

/// The number as a `float`; `None` for what is none.
pub(in crate::console) fn to_float(object: &Object) -> Outcome<Option<f64>> {
    Ok(match object {
        Object::Float(n) => Some(*n),
        Object::Int(n) => Some(*n as f64),
        Object::Bool(b) => Some(f64::from(u8::from(*b))),
        Object::BigInt(n) => Some(big_to_float(n)?),
        _ => None,
    })
}

/// The nearest `float`, ties to even.
pub(in crate::console) fn big_to_float(n: &BigInt) -> Outcome<f64> {
    match n.to_f64() {
        Some(float) if float.is_finite() => Ok(float),
        _ => Err(overflow("int too large to convert to float")),
    }
}

fn small(object: &Object) -> Option<i64> {
    match object {
        Object::Int(n) => Some(*n),
        Object::Bool(b) => Some((*b).into()),
        _ => None,
    }
}

fn pair(a: &Object, b: &Object) -> Outcome<Option<Pair>> {
    if let (Some(a), Some(b)) = (small(a), small(b)) {
        return Ok(Some(Pair::Small(a, b)));
    }
    if matches!(a, Object::Float(_)) || matches!(b, Object::Float(_)) {
        if !is_number(a) || !is_number(b) {
            return Ok(None);
        }
        return Ok(to_float(a)?.zip(to_float(b)?).map(|(a, b)| Pair::Float(a, b)));
    }
    Ok(a.index().zip(b.index()).map(|(a, b)| Pair::Big(a, b)))
}

pub(in crate::console) fn is_number(object: &Object) -> bool {
    matches!(object, Object::Bool(_) | Object::Int(_) | Object::BigInt(_) | Object::Float(_))
}

/// `a operator b` of numbers; `None` where one is no number or the operator is not theirs.
pub(in crate::console) fn binary(vm: &Vm, operator: Binary, a: &Object, b: &Object) -> Outcome<Option<Object>> {
    let bitwise = matches!(operator, Binary::And | Binary::Or | Binary::Xor);
    if bitwise && let (Object::Bool(a), Object::Bool(b)) = (a, b) {
        return Ok(Some(Object::Bool(match operator {
            Binary::And => a & b,
            Binary::Or => a | b,
            _ => a ^ b,
        })));
    }
    if (bitwise || matches!(operator, Binary::LShift | Binary::RShift))
        && (matches!(a, Object::Float(_)) || matches!(b, Object::Float(_)))
    {
        return Ok(None);
    }
    match pair(a, b)? {
        None => Ok(None),
        Some(Pair::Float(a, b)) => floats(operator, a, b),
        Some(Pair::Small(a, b)) => match smalls(operator, a, b)? {
            Some(result) => Ok(Some(result)),
            None => bigs(vm, operator, &a.into(), &b.into()),
        },
        Some(Pair::Big(a, b)) => bigs(vm, operator, &a, &b),
    }
}

/// `None` where the result does not fit.
fn smalls(operator: Binary, a: i64, b: i64) -> Outcome<Option<Object>> {
    let result = match operator {
        Binary::Add => a.checked_add(b),
        Binary::Sub => a.checked_sub(b),
        Binary::Mul => a.checked_mul(b),
        Binary::And => Some(a & b),
        Binary::Or => Some(a | b),
        Binary::Xor => Some(a ^ b),
        Binary::FloorDiv if b == 0 => return Err(zero_division("integer division or modulo by zero")),
        Binary::FloorDiv => floor_div(a, b),
        Binary::Mod if b == 0 => return Err(zero_division("integer modulo by zero")),
        Binary::Mod => Some(floor_mod(a, b)),
        Binary::LShift if (0..63).contains(&b) => a.checked_mul(1 << b),
        Binary::RShift if b >= 0 => Some(a >> b.min(63)),
        // Both are exact as they are.
        Binary::Div if b != 0 && a.unsigned_abs() <= 1 << 53 && b.unsigned_abs() <= 1 << 53 => {
            return Ok(Some(Object::Float(a as f64 / b as f64)));
        }
        Binary::Pow if b >= 0 => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        _ => None,
    };
    Ok(result.map(Object::Int))
}

fn floor_div(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

fn floor_mod(a: i64, b: i64) -> i64 {
    let rest = a.wrapping_rem(b);
    if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
}

/// Announces the work and the result of an operation on large integers.
fn bound(vm: &Vm, bits: u64, work: u64) -> Outcome<()> {
    if bits > MAX_BITS || work > MAX_WORK {
        return Err(memory_error());
    }
    vm.allocate(bits / 8)?;
    vm.step(work / 256)
}

fn limbs(n: &BigInt) -> u64 {
    n.bits() / 64 + 1
}

/// Single multiplications that a product takes, about: not all of them for long factors.
fn product_work(a: &BigInt, b: &BigInt) -> u64 {
    let (short, long) = (limbs(a).min(limbs(b)), limbs(a).max(limbs(b)));
    let each = if short > 256 { ((short as f64).powf(1.465)) as u64 } else { short * short };
    each.saturating_mul(long / short + 1)
}

fn bigs(vm: &Vm, operator: Binary, a: &BigInt, b: &BigInt) -> Outcome<Option<Object>> {
    let (most, least) = (a.bits().max(b.bits()), a.bits().min(b.bits()));
    let result = match operator {
        Binary::Add => {
            bound(vm, most + 1, 0)?;
            a + b
        }
        Binary::Sub => {
            bound(vm, most + 1, 0)?;
            a - b
        }
        Binary::Mul => {
            bound(vm, most + least, product_work(a, b))?;
            a * b
        }
        Binary::And => a & b,
        Binary::Or => a | b,
        Binary::Xor => a ^ b,
        Binary::FloorDiv => div_mod(vm, a, b, "integer division or modulo by zero")?.0,
        Binary::Mod => div_mod(vm, a, b, "integer modulo by zero")?.1,
        Binary::Div => return true_div(vm, a, b).map(|quotient| Some(Object::Float(quotient))),
        Binary::Pow => return power(vm, a, b).map(Some),
        Binary::LShift => shift_left(vm, a, b)?,
        Binary::RShift => shift_right(a, b)?,
        Binary::MatMul => return Ok(None),
    };
    Ok(Some(Object::int(result)))
}

fn shift_left(vm: &Vm, a: &BigInt, b: &BigInt) -> Outcome<BigInt> {
    if b.is_negative() {
        return Err(Raise::value_error("negative shift count"));
    }
    if a.is_zero() {
        return Ok(BigInt::zero());
    }
    // CPython counts in digits of 30 bits, which must be addressable.
    let places = b.to_u64().filter(|&places| places / 30 <= i64::MAX as u64 / 4);
    let places = places.ok_or_else(|| overflow("too many digits in integer"))?;
    bound(vm, a.bits().saturating_add(places), 0)?;
    Ok(a << places)
}

fn shift_right(a: &BigInt, b: &BigInt) -> Outcome<BigInt> {
    if b.is_negative() {
        return Err(Raise::value_error("negative shift count"));
    }
    Ok(match b.to_u64() {
        Some(places) if places <= a.bits() => a >> places,
        _ if a.is_negative() => -BigInt::one(),
        _ => BigInt::zero(),
    })
}

/// Quotient and rest, the quotient rounded down.
pub(in crate::console) fn div_mod(vm: &Vm, a: &BigInt, b: &BigInt, by_zero: &str) -> Outcome<(BigInt, BigInt)> {
    if b.is_zero() {
        return Err(zero_division(by_zero));
    }
    let work = limbs(b).saturating_mul(limbs(a).saturating_sub(limbs(b)) + 1);
    bound(vm, a.bits().max(b.bits()), work)?;
    Ok(num_integer_div_mod(a, b))
}

fn num_integer_div_mod(a: &BigInt, b: &BigInt) -> (BigInt, BigInt) {
    let (quotient, rest) = (a / b, a % b);
    if !rest.is_zero() && rest.is_negative() != b.is_negative() { (quotient - 1, rest + b) } else { (quotient, rest) }
}

/// The nearest `float` to the quotient.
fn true_div(vm: &Vm, a: &BigInt, b: &BigInt) -> Outcome<f64> {
    if b.is_zero() {
        return Err(zero_division("division by zero"));
    }
    if a.is_zero() {
        return Ok(0.0);
    }
    let negative = a.is_negative() != b.is_negative();
    // A quotient with some bits more than a float has, the last one saying whether anything was left.
    let shift = 66 - (a.bits() as i64 - b.bits() as i64);
    if shift < -2000 {
        return Err(overflow("integer division result too large for a float"));
    }
    if shift > 1300 {
        return Ok(if negative { -0.0 } else { 0.0 });
    }
    let (a, b) = (a.abs(), b.abs());
    let (a, b) = if shift >= 0 { (a << shift, b) } else { (a, b << -shift) };
    let (quotient, rest) = div_mod(vm, &a, &b, "")?;
    let sticky = if rest.is_zero() { quotient << 1 } else { (quotient << 1) | BigInt::one() };
    let result = scaled(&sticky, -shift - 1);
    if result.is_infinite() {
        return Err(overflow("integer division result too large for a float"));
    }
    Ok(if negative { -result } else { result })
}

/// The nearest `float` to `n * 2 ** exponent`, ties to even; `n` is not negative.
pub(in crate::console) fn scaled(n: &BigInt, exponent: i64) -> f64 {
    // As many bits as the result has, which are fewer below the normal range.
    let lowest = (n.bits() as i64 + exponent - 53).max(-1074);
    let cut = lowest - exponent;
    let whole = if cut <= 0 {
        n << -cut
    } else {
        let whole: BigInt = n >> cut;
        let rest = n - (&whole << cut);
        let half = BigInt::one() << (cut - 1);
        let up = rest > half || (rest == half && whole.bit(0));
        if up { whole + 1 } else { whole }
    };
    let mantissa = whole.to_f64().unwrap_or(f64::INFINITY);
    // In two steps, each exact: the power alone may be out of range.
    let half = lowest / 2;
    mantissa * 2_f64.powi(half as i32) * 2_f64.powi((lowest - half) as i32)
}

fn power(vm: &Vm, a: &BigInt, b: &BigInt) -> Outcome {
    if b.is_negative() {
        return float_power(big_to_float(a)?, big_to_float(b)?).map(Object::Float);
    }
    if b.is_zero() {
        return Ok(Object::Int(1));
    }
    if a.is_zero() || a.is_one() {
        return Ok(Object::int(a.clone()));
    }
    let exponent = match b.to_u64() {
        Some(exponent) if exponent <= MAX_BITS => exponent as u32,
        _ if a.magnitude().is_one() => return Ok(Object::Int(if b.bit(0) { -1 } else { 1 })),
        _ => return Err(memory_error()),
    };
    if a.magnitude().is_one() {
        return Ok(Object::Int(if b.bit(0) { -1 } else { 1 }));
    }
    let bits = a.bits().saturating_mul(exponent.into());
    bound(vm, bits, ((bits / 64 + 1) as f64).powf(1.465) as u64)?;
    Ok(Object::int(a.pow(exponent)))
}

/// `pow(a, b, modulus)`
pub(in crate::console) fn power_modulo(vm: &Vm, a: &BigInt, b: &BigInt, modulus: &BigInt) -> Outcome {
    if modulus.is_zero() {
        return Err(Raise::value_error("pow() 3rd argument cannot be 0"));
    }
    let work = limbs(modulus).saturating_mul(limbs(modulus)).saturating_mul(b.bits() + 1).saturating_mul(2);
    bound(vm, a.bits().max(modulus.bits()), work)?;
    if b.is_negative() {
        let positive = modulus.abs();
        let inverse = a.modinv(&positive);
        let inverse = inverse.ok_or_else(|| Raise::value_error("base is not invertible for the given modulus"))?;
        return power_modulo(vm, &inverse, &-b, modulus);
    }
    Ok(Object::int(a.modpow(b, modulus)))
}

fn floats(operator: Binary, a: f64, b: f64) -> Outcome<Option<Object>> {
    let result = match operator {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div if b == 0.0 => return Err(zero_division("float division by zero")),
        Binary::Div => a / b,
        Binary::FloorDiv if b == 0.0 => return Err(zero_division("float floor division by zero")),
        Binary::FloorDiv => float_div_mod(a, b).0,
        Binary::Mod if b == 0.0 => return Err(zero_division("float modulo")),
        Binary::Mod => float_div_mod(a, b).1,
        Binary::Pow => float_power(a, b)?,
        _ => return Ok(None),
    };
    Ok(Some(Object::Float(result)))
}

/// Quotient rounded down and rest with the sign of `b`, which is not 0.
pub(in crate::console) fn float_div_mod(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), rest);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

fn float_power(a: f64, b: f64) -> Outcome<f64> {
    if a == 0.0 && b < 0.0 {
        return Err(zero_division("0.0 cannot be raised to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
        return Err(Raise::value_error("a negative number raised to a fraction is complex, which this console has not"));
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        let args = vec![Object::Int(34), Object::str("Numerical result out of range")];
        return Err(Raise::with_args(class::OVERFLOW_ERROR, args));
    }
    Ok(result)
}

/// `-a`
pub(in crate::console) fn negate(a: &Object) -> Option<Object> {
    Some(match a {
        Object::Float(n) => Object::Float(-n),
        Object::Int(n) => n.checked_neg().map_or_else(|| Object::int(-BigInt::from(*n)), Object::Int),
        other => Object::int(-other.index()?),
    })
}

/// `+a`
pub(in crate::console) fn plus(a: &Object) -> Option<Object> {
    Some(match a {
        Object::Bool(b) => Object::Int((*b).into()),
        Object::Int(_) | Object::BigInt(_) | Object::Float(_) => a.clone(),
        _ => return None,
    })
}

/// `~a`
pub(in crate::console) fn invert(a: &Object) -> Option<Object> {
    match a {
        Object::Int(n) => Some(Object::Int(!n)),
        other => Some(Object::int(-other.index()? - 1)),
    }
}

/// `abs(a)`
pub(in crate::console) fn absolute(a: &Object) -> Option<Object> {
    Some(match a {
        Object::Float(n) => Object::Float(n.abs()),
        Object::Int(n) if *n != i64::MIN => Object::Int(n.abs()),
        other => Object::int(other.index()?.abs()),
    })
}

/// The whole part of a float as an integer.
pub(in crate::console) fn float_to_int(n: f64) -> Outcome<Object> {
    use num_traits::FromPrimitive;
    if n.is_nan() {
        return Err(Raise::value_error("cannot convert float NaN to integer"));
    }
    match BigInt::from_f64(n.trunc()) {
        Some(whole) => Ok(Object::int(whole)),
        None => Err(overflow("cannot convert float infinity to integer")),
    }
}
