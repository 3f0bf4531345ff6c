//! `int`: its constructor, its methods, and its decimal digits.

use num_bigint::{BigInt, Sign};
use num_traits::{Signed, Zero};

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{Text, str_repr};

use super::arguments::{Call, index, named, ssize, string};
use super::bytes::bytes_like;
use super::number::float_to_int;
use super::unicode::{decimal_value, is_space};
use super::{truth, type_name};

pub(super) const METHODS: &[&str] = &["as_integer_ratio", "bit_count", "bit_length", "conjugate", "from_bytes", "to_bytes"];

/// The attributes that are not methods.
pub(super) const ATTRIBUTES: &[&str] = &["denominator", "imag", "numerator", "real"];

/// The most decimal digits that are converted to or from text.
const MAX_DIGITS: u64 = 4300;

/// The decimal digits: `ValueError` where there are too many.
pub(in crate::console) fn decimal(n: &BigInt) -> Outcome<String> {
    // 3.3219 bits are one digit.
    if n.bits() * 1000 / 3322 <= MAX_DIGITS + 2 {
        let digits = n.to_string();
        if digits.len() as u64 - u64::from(n.is_negative()) <= MAX_DIGITS {
            return Ok(digits);
        }
    }
    let words =
        "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit";
    Err(Raise::value_error(words))
}

pub(in crate::console) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let [object, base] = named("int", args, ["", "base"], 1, 2, 0)?;
    let Some(object) = object else {
        return match base {
            None => Ok(Object::Int(0)),
            Some(_) => Err(Raise::type_error("int() missing string argument")),
        };
    };
    let Some(base) = base else { return from_object(vm, &object) };
    let base = match &base {
        Object::BigInt(n) => {
            if n.is_negative() {
                -1
            } else {
                99
            }
        }
        other => ssize(other)?,
    };
    if base != 0 && !(2..=36).contains(&base) {
        return Err(Raise::value_error("int() base must be >= 2 and <= 36, or 0"));
    }
    match &object {
        Object::Str(_) | Object::Bytes(_) | Object::ByteArray(_) => parse(vm, &object, base as u32),
        _ => Err(Raise::type_error("int() can't convert non-string with explicit base")),
    }
}

/// `int(object)`
fn from_object(vm: &Vm, object: &Object) -> Outcome {
    match object {
        Object::Int(_) | Object::BigInt(_) => Ok(object.clone()),
        Object::Bool(b) => Ok(Object::Int((*b).into())),
        Object::Float(n) => float_to_int(*n),
        Object::Str(_) | Object::Bytes(_) | Object::ByteArray(_) | Object::View(_) => parse(vm, object, 10),
        other => {
            let kind = type_name(other);
            let words = format!("int() argument must be a string, a bytes-like object or a real number, not '{kind}'");
            Err(Raise::type_error(words))
        }
    }
}

/// The characters of a number in a text or in bytes, with every kind of digit and space as ASCII.
pub(in crate::console) fn numeral(object: &Object) -> Outcome<Option<String>> {
    let ascii = |point: u32| match decimal_value(point) {
        Some(value) => char::from_digit(value, 10).unwrap_or('?'),
        None if is_space(point) => ' ',
        None => char::from_u32(point).filter(char::is_ascii).unwrap_or('?'),
    };
    Ok(match object {
        Object::Str(text) => Some(text.code_points().map(ascii).collect()),
        other => bytes_like(other)?.map(|bytes| {
            let ascii = |byte: &u8| match byte {
                b'\t'..=b'\r' | b' ' => ' ',
                0x80.. | 0x1C..=0x1F => '?',
                byte => char::from(*byte),
            };
            bytes.iter().map(ascii).collect()
        }),
    })
}

fn parse(vm: &Vm, object: &Object, base: u32) -> Outcome {
    let Some(numeral) = numeral(object)? else { return Ok(Object::None) };
    vm.step(numeral.len() as u64 / 16)?;
    match digits(numeral.trim_matches(' '), base) {
        Some((negative, digits, base)) => {
            if !base.is_power_of_two() && digits.len() as u64 > MAX_DIGITS {
                let count = digits.len();
                let words = format!(
                    "Exceeds the limit (4300 digits) for integer string conversion: value has {count} digits; use sys.set_int_max_str_digits() to increase the limit"
                );
                return Err(Raise::value_error(words));
            }
            vm.allocate(digits.len() as u64)?;
            let number = BigInt::parse_bytes(digits.as_bytes(), base).unwrap_or_default();
            Ok(Object::int(if negative { -number } else { number }))
        }
        None => {
            let shown = match object {
                Object::Str(text) => str_repr(&text.slice(0, 200)),
                other => {
                    let bytes = bytes_like(other)?.unwrap_or_default();
                    crate::stream::bytes_repr(&bytes[..bytes.len().min(200)])
                }
            };
            Err(Raise::value_error(format!("invalid literal for int() with base {base}: {shown}")))
        }
    }
}

/// Sign, digits and base of a numeral.
fn digits(numeral: &str, base: u32) -> Option<(bool, String, u32)> {
    let (negative, rest) = match numeral.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, numeral.strip_prefix('+').unwrap_or(numeral)),
    };
    let prefix = rest.get(..2).unwrap_or_default().to_ascii_lowercase();
    let named = match &*prefix {
        "0x" => Some(16),
        "0o" => Some(8),
        "0b" => Some(2),
        _ => None,
    };
    let (base, rest) = match named {
        Some(named) if base == named || base == 0 => {
            let rest = &rest[2..];
            (named, rest.strip_prefix('_').unwrap_or(rest))
        }
        _ if base == 0 => {
            // A number that begins with 0 must be 0.
            if rest.starts_with('0') && rest.chars().any(|c| !matches!(c, '0' | '_')) {
                return None;
            }
            (10, rest)
        }
        _ => (base, rest),
    };
    let is_well_formed = !rest.is_empty()
        && !rest.starts_with('_')
        && !rest.ends_with('_')
        && !rest.contains("__")
        && rest.chars().all(|c| c == '_' || c.is_digit(base));
    is_well_formed.then(|| (negative, rest.replace('_', ""), base))
}

pub(in crate::console) fn attribute(object: &Object, name: &str) -> Option<Object> {
    let number = object.index()?;
    match name {
        "numerator" | "real" => Some(Object::int(number)),
        "denominator" => Some(Object::Int(1)),
        "imag" => Some(Object::Int(0)),
        _ => None,
    }
}

/// A method of an `int` or `bool`.
pub(in crate::console) fn call(vm: &Vm, object: &Object, name: &str, args: Args) -> Outcome {
    let call = Call::new("int", name, args);
    let number = object.index().unwrap_or_default();
    match name {
        "bit_length" => {
            call.none()?;
            Ok(Object::int(number.bits()))
        }
        "bit_count" => {
            call.none()?;
            let ones: u64 = number.magnitude().iter_u64_digits().map(|digit| u64::from(digit.count_ones())).sum();
            Ok(Object::int(ones))
        }
        "conjugate" => {
            call.none()?;
            Ok(Object::int(number))
        }
        "as_integer_ratio" => {
            call.none()?;
            Ok(Object::tuple(vec![Object::int(number), Object::Int(1)]))
        }
        "to_bytes" => to_bytes(vm, &number, call),
        _ => from_bytes(vm, call.args),
    }
}

fn is_big_endian(order: Option<Object>, function: &str) -> Outcome<bool> {
    match order {
        None => Ok(true),
        Some(order) => match &*string(function, "'byteorder'", &order)? {
            "big" => Ok(true),
            "little" => Ok(false),
            _ => Err(Raise::value_error("byteorder must be either 'little' or 'big'")),
        },
    }
}

fn to_bytes(vm: &Vm, number: &BigInt, call: Call<'_>) -> Outcome {
    let [len, order, signed] = named("to_bytes", call.args, ["length", "byteorder", "signed"], 0, 2, 0)?;
    let signed = signed.map_or(Ok(false), |signed| truth(vm, &signed))?;
    let len = len.as_ref().map_or(Ok(1), ssize)?;
    let big_endian = is_big_endian(order, "to_bytes")?;
    let len = usize::try_from(len).map_err(|_| Raise::value_error("length argument must be non-negative"))?;
    if number.is_negative() && !signed {
        return Err(Raise::new(class::OVERFLOW_ERROR, "can't convert negative int to unsigned"));
    }
    vm.allocate(len as u64)?;
    let mut bytes = if signed { number.to_signed_bytes_le() } else { number.to_bytes_le().1 };
    if number.is_zero() {
        bytes.clear();
    }
    if bytes.len() > len {
        return Err(Raise::new(class::OVERFLOW_ERROR, "int too big to convert"));
    }
    bytes.resize(len, if number.is_negative() { 0xFF } else { 0 });
    if big_endian {
        bytes.reverse();
    }
    Ok(Object::bytes(bytes))
}

/// `int.from_bytes(bytes, byteorder, *, signed)`
pub(in crate::console) fn from_bytes(vm: &Vm, args: Args) -> Outcome {
    let [source, order, signed] = named("from_bytes", args, ["bytes", "byteorder", "signed"], 0, 2, 1)?;
    let signed = signed.map_or(Ok(false), |signed| truth(vm, &signed))?;
    let big_endian = is_big_endian(order, "from_bytes")?;
    let source = source.unwrap_or(Object::None);
    if source.index().is_some() || matches!(source, Object::Str(_)) {
        return Err(Raise::type_error(format!("cannot convert '{}' object to bytes", type_name(&source))));
    }
    let content = super::bytes::content(vm, "bytes", Args::new([source]))?;
    vm.allocate(content.len().get())?;
    let bytes = content.to_vec_all().map_err(|error| Raise::from(crate::stream::Exception::from(error)))?;
    Ok(Object::int(match (big_endian, signed) {
        (true, true) => BigInt::from_signed_bytes_be(&bytes),
        (true, false) => BigInt::from_bytes_be(Sign::Plus, &bytes),
        (false, true) => BigInt::from_signed_bytes_le(&bytes),
        (false, false) => BigInt::from_bytes_le(Sign::Plus, &bytes),
    }))
}

/// `bin`, `oct` and `hex`.
pub(in crate::console) fn in_base(vm: &Vm, object: &Object, base: u32, prefix: &str) -> Outcome<Text> {
    let number = index(object)?;
    vm.allocate(number.bits())?;
    let sign = if number.is_negative() { "-" } else { "" };
    Ok(format!("{sign}{prefix}{}", number.magnitude().to_str_radix(base)).into())
}
