//! `float`: its constructor and its methods.

use num_bigint::BigInt;
use num_traits::Zero;

use crate::console::call::Args;
use crate::console::class::Class;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::Text;

use super::arguments::Call;
use super::number::{overflow, to_float};
use super::type_name;

pub(super) const METHODS: &[&str] = &["as_integer_ratio", "conjugate", "fromhex", "hex", "is_integer"];

/// The attributes that are not methods.
pub(super) const ATTRIBUTES: &[&str] = &["imag", "real"];

pub(super) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.keywords.is_empty() {
        return Err(Raise::type_error("float() takes no keyword arguments"));
    }
    let Some(object) = args.between("float", 0, 1)?.pop() else { return Ok(Object::Float(0.0)) };
    if let Some(number) = to_float(&object)? {
        return Ok(Object::Float(number));
    }
    let Some(numeral) = super::int::numeral(&object)? else {
        let words = format!("float() argument must be a string or a real number, not '{}'", type_name(&object));
        return Err(Raise::type_error(words));
    };
    match parse(numeral.trim_matches(' ')) {
        Some(number) => Ok(Object::Float(number)),
        None => {
            let shown = vm.repr(&object)?.to_string_lossy();
            Err(Raise::value_error(format!("could not convert string to float: {shown}")))
        }
    }
}

/// The number that a numeral stands for.
fn parse(numeral: &str) -> Option<f64> {
    let unsigned = numeral.strip_prefix(['+', '-']).unwrap_or(numeral);
    let is_word = ["inf", "infinity", "nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word));
    if is_word {
        return numeral.to_ascii_lowercase().parse().ok();
    }
    // Underscores stand between digits only.
    let bytes = unsigned.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let placed =
        bytes.iter().enumerate().all(|(at, byte)| *byte != b'_' || (is_digit(at.checked_sub(1)) && is_digit(Some(at + 1))));
    let plain = numeral.replace('_', "");
    let known = plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    if placed && known { plain.parse().ok() } else { None }
}

pub(super) fn attribute(n: f64, name: &str) -> Option<Object> {
    match name {
        "real" => Some(Object::Float(n)),
        "imag" => Some(Object::Float(0.0)),
        _ => None,
    }
}

pub(super) fn call(_vm: &Vm, n: f64, name: &str, args: Args) -> Outcome {
    let call = Call::new("float", name, args);
    if name == "fromhex" {
        return from_hex(&call.one()?);
    }
    call.none()?;
    match name {
        "is_integer" => Ok(Object::Bool(n.is_finite() && n.fract() == 0.0)),
        "hex" => Ok(Object::Str(hex(n))),
        "conjugate" => Ok(Object::Float(n)),
        _ => ratio(n),
    }
}

/// Mantissa and exponent: `n == mantissa * 2 ** exponent`, but for the sign.
fn parts(n: f64) -> (u64, i64) {
    let bits = n.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i64;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

fn ratio(n: f64) -> Outcome {
    if n.is_nan() {
        return Err(Raise::value_error("cannot convert NaN to integer ratio"));
    }
    if n.is_infinite() {
        return Err(overflow("cannot convert Infinity to integer ratio"));
    }
    let (mut mantissa, mut exponent) = parts(n);
    if mantissa == 0 {
        return Ok(Object::tuple(vec![Object::Int(0), Object::Int(1)]));
    }
    while mantissa.is_multiple_of(2) && exponent < 0 {
        mantissa /= 2;
        exponent += 1;
    }
    let (mut top, mut bottom) = (BigInt::from(mantissa), BigInt::from(1));
    if exponent >= 0 {
        top <<= exponent;
    } else {
        bottom <<= -exponent;
    }
    let top = if n < 0.0 { -top } else { top };
    Ok(Object::tuple(vec![Object::int(top), Object::int(bottom)]))
}

fn hex(n: f64) -> Text {
    if !n.is_finite() {
        return crate::stream::float_repr(n).into();
    }
    let sign = if n.is_sign_negative() { "-" } else { "" };
    let bits = n.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let exponent = (bits >> 52 & 0x7FF) as i64;
    if n == 0.0 {
        return format!("{sign}0x0.0p+0").into();
    }
    let (first, exponent) = if exponent == 0 { (0, -1022) } else { (1, exponent - 1023) };
    format!("{sign}0x{first}.{fraction:013x}p{exponent:+}").into()
}

/// `float.fromhex(text)`
pub(super) fn from_hex(argument: &Object) -> Outcome {
    let Object::Str(text) = argument else {
        return Err(Raise::type_error("bad argument type for built-in operation"));
    };
    let text = text.to_string_lossy();
    let trimmed = text.trim().to_ascii_lowercase();
    let wrong = || Raise::value_error("invalid hexadecimal floating-point string");
    let (negative, rest) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(&trimmed)),
    };
    let sign = |n: f64| Ok(Object::Float(if negative { -n } else { n }));
    match rest {
        "inf" | "infinity" => return sign(f64::INFINITY),
        "nan" => return sign(f64::NAN),
        _ => {}
    }
    let rest = rest.strip_prefix("0x").unwrap_or(rest);
    let (digits, exponent) = match rest.split_once('p') {
        Some((digits, exponent)) => (digits, exponent.parse::<i64>().map_err(|_| wrong())?),
        None => (rest, 0),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{part}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mantissa = BigInt::parse_bytes(all.as_bytes(), 16).unwrap_or_default();
    if mantissa.is_zero() {
        return sign(0.0);
    }
    let exponent = exponent.saturating_sub(4 * part.len() as i64);
    let top = mantissa.bits() as i64 + exponent;
    if top > 1024 {
        return Err(overflow("hexadecimal value too large to represent as a float"));
    }
    if top < -1080 {
        return sign(0.0);
    }
    match super::number::scaled(&mantissa, exponent) {
        n if n.is_infinite() => Err(overflow("hexadecimal value too large to represent as a float")),
        n => sign(n),
    }
}
