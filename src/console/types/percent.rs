//! The `%` operator of `str`, `bytes` and `bytearray`.

use num_bigint::BigInt;
use num_traits::Signed;

use crate::console::class;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{Text, TextBuilder};

use super::bytes::{bytes_like, like, need_bytes};
use super::float_text::float_text;
use super::{number, type_name};

/// `text % args`
pub(super) fn text(vm: &Vm, format: &Text, args: &Object) -> Outcome {
    Ok(Object::Str(run(vm, &format.to_points(), args, false)?))
}

/// `bytes % args`; every byte is a code point meanwhile.
pub(super) fn bytes(vm: &Vm, format: &Object, args: &Object) -> Outcome {
    let points: Vec<u32> = need_bytes(format)?.iter().map(|byte| u32::from(*byte)).collect();
    let out = run(vm, &points, args, true)?;
    Ok(like(format, out.code_points().map(|point| point as u8).collect()))
}

/// The values that the format uses up, one by one.
struct Values<'a> {
    args: &'a Object,
    next: usize,
    /// A mapping was used by name.
    named: bool,
    is_bytes: bool,
}

impl Values<'_> {
    fn next(&mut self) -> Outcome<Object> {
        let missing = || Raise::type_error("not enough arguments for format string");
        let item = match self.args {
            Object::Tuple(tuple) => tuple.items.get(self.next).cloned(),
            single => (self.next == 0).then(|| single.clone()),
        };
        self.next += 1;
        item.ok_or_else(missing)
    }

    /// Whether all were used, where that can be said.
    fn is_done(&self) -> bool {
        match self.args {
            Object::Tuple(tuple) => self.next >= tuple.items.len(),
            single => self.next > 0 || self.named || is_mapping(single, self.is_bytes),
        }
    }
}

/// What may be left unused: anything that is looked up by key.
fn is_mapping(object: &Object, is_bytes: bool) -> bool {
    match object {
        Object::Bytes(_) | Object::ByteArray(_) => !is_bytes,
        other => matches!(other, Object::Dict(_) | Object::List(_) | Object::View(_) | Object::Range(_)),
    }
}

#[derive(Default)]
struct Directive {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

fn run(vm: &Vm, points: &[u32], args: &Object, is_bytes: bool) -> Outcome<Text> {
    let mut out = TextBuilder::new();
    let mut values = Values { args, next: 0, named: false, is_bytes };
    let mut at = 0;
    while let Some(&point) = points.get(at) {
        vm.step(1)?;
        at += 1;
        if point != u32::from('%') {
            out.push(point);
            continue;
        }
        if points.get(at) == Some(&u32::from('%')) {
            out.push(point);
            at += 1;
            continue;
        }
        let mut mapped = None;
        if points.get(at) == Some(&u32::from('(')) {
            let (key, end) = parenthesised(points, at)?;
            mapped = Some(look_up(vm, args, key, is_bytes)?);
            values.named = true;
            at = end;
        }
        let mut take = |mapped: &mut Option<Object>| mapped.take().map_or_else(|| values.next(), Ok);
        let mut directive = Directive::default();
        while let Some(flag) = points.get(at).copied().and_then(char::from_u32) {
            match flag {
                '-' => directive.left = true,
                '+' => directive.plus = true,
                ' ' => directive.space = true,
                '#' => directive.alternate = true,
                '0' => directive.zero = true,
                _ => break,
            }
            at += 1;
        }
        if points.get(at) == Some(&u32::from('*')) {
            at += 1;
            let width = star(&take(&mut None)?)?;
            directive.left |= width < 0;
            directive.width = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
        } else if let Some(width) = digits(points, &mut at, "width too big")? {
            directive.width = width;
        }
        if points.get(at) == Some(&u32::from('.')) {
            at += 1;
            if points.get(at) == Some(&u32::from('*')) {
                at += 1;
                directive.precision = Some(usize::try_from(precision_star(&take(&mut None)?)?).unwrap_or(0));
            } else {
                directive.precision = Some(digits(points, &mut at, "precision too big")?.unwrap_or(0));
            }
        }
        if matches!(points.get(at).copied().and_then(char::from_u32), Some('h' | 'l' | 'L')) {
            at += 1;
        }
        let Some(&kind) = points.get(at) else { return Err(Raise::value_error("incomplete format")) };
        at += 1;
        let shown = directive.apply(vm, kind, at - 1, is_bytes, || {
            let value = take(&mut mapped)?;
            vm.allocate(directive.width.saturating_add(directive.precision.unwrap_or(0)) as u64)?;
            Ok(value)
        })?;
        vm.allocate(out.byte_len() as u64 + shown.byte_len().get())?;
        out.push_text(&shown);
    }
    if !values.is_done() {
        let what = if is_bytes { "bytes" } else { "string" };
        return Err(Raise::type_error(format!("not all arguments converted during {what} formatting")));
    }
    Ok(out.finish())
}

/// The key of `%(key)s`, and where it ends; parentheses within it pair up.
fn parenthesised(points: &[u32], open: usize) -> Outcome<(&[u32], usize)> {
    let mut depth = 0;
    for (at, &point) in points.iter().enumerate().skip(open) {
        match char::from_u32(point) {
            Some('(') => depth += 1,
            Some(')') => {
                depth -= 1;
                if depth == 0 {
                    return Ok((&points[open + 1..at], at + 1));
                }
            }
            _ => {}
        }
    }
    Err(Raise::value_error("incomplete format key"))
}

fn look_up(vm: &Vm, args: &Object, key: &[u32], is_bytes: bool) -> Outcome {
    if !is_mapping(args, is_bytes) {
        return Err(Raise::type_error("format requires a mapping"));
    }
    let key = if is_bytes {
        Object::bytes(key.iter().map(|point| *point as u8).collect::<Vec<_>>())
    } else {
        Object::Str(Text::from_code_points(key.iter().copied()))
    };
    super::get_item(vm, args, &key)
}

fn star(object: &Object) -> Outcome<i64> {
    match object {
        Object::Int(n) => Ok(*n),
        Object::Bool(b) => Ok((*b).into()),
        Object::BigInt(_) => Err(Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C ssize_t")),
        _ => Err(Raise::type_error("* wants int")),
    }
}

/// A precision from the arguments, which must fit a C `int`.
fn precision_star(object: &Object) -> Outcome<i32> {
    if object.index().is_none() {
        return Err(Raise::type_error("* wants int"));
    }
    super::arguments::c_int(object).map_err(|_| Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C int"))
}

fn digits(points: &[u32], at: &mut usize, too_big: &str) -> Outcome<Option<usize>> {
    let mut number: Option<i64> = None;
    while let Some(digit @ 0x30..=0x39) = points.get(*at).copied() {
        let next = number.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(i64::from(digit - 0x30)));
        number = Some(next.ok_or_else(|| Raise::value_error(too_big))?);
        *at += 1;
    }
    if too_big.starts_with("precision") && number.is_some_and(|number| number > i32::MAX.into()) {
        return Err(Raise::value_error(too_big));
    }
    Ok(number.map(|number| usize::try_from(number).unwrap_or(usize::MAX)))
}

impl Directive {
    fn apply(&self, vm: &Vm, kind: u32, at: usize, is_bytes: bool, value: impl FnOnce() -> Outcome<Object>) -> Outcome<Text> {
        let letter = char::from_u32(kind).map_or('?', |letter| if is_bytes && letter == 'i' { 'd' } else { letter });
        match letter {
            's' | 'b' if is_bytes => {
                let value = value()?;
                let bytes = bytes_like(&value)?.ok_or_else(|| {
                    let kind = type_name(&value);
                    let words = format!("%b requires a bytes-like object, or an object that implements __bytes__, not '{kind}'");
                    Raise::type_error(words)
                })?;
                self.pad(vm, &self.cut(&Text::from_latin1_bytes(bytes.into_owned())))
            }
            's' => self.pad(vm, &self.cut(&vm.str(&value()?)?)),
            'r' if !is_bytes => self.pad(vm, &self.cut(&vm.repr(&value()?)?)),
            'a' | 'r' => self.pad(vm, &self.cut(&super::ascii(vm, &value()?)?)),
            'c' => self.pad(vm, &character(&value()?, is_bytes)?),
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => self.integer(vm, letter, &value()?),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => self.float(vm, letter, &value()?, is_bytes),
            _ => {
                value()?;
                let shown = if (0x20..0x7F).contains(&kind) || !is_bytes { letter } else { '?' };
                let shown = if kind > 0x1F { shown } else { '?' };
                Err(Raise::value_error(format!("unsupported format character '{shown}' ({kind:#x}) at index {at}")))
            }
        }
    }

    fn cut(&self, text: &Text) -> Text {
        self.precision.map_or_else(|| text.clone(), |most| text.slice(0, most as u64))
    }

    fn pad(&self, vm: &Vm, text: &Text) -> Outcome<Text> {
        let missing = (self.width as u64).saturating_sub(text.len());
        if missing == 0 {
            return Ok(text.clone());
        }
        let spaces = super::text::fill(vm, 0x20, missing)?;
        Ok(if self.left { text.concat(&spaces) } else { spaces.concat(text) })
    }

    /// A number with its sign and prefix, zeros going behind them.
    fn number(&self, vm: &Vm, negative: bool, prefix: &str, digits: &str) -> Outcome<Text> {
        let sign = match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let front = format!("{sign}{prefix}");
        if self.zero && !self.left {
            let missing = self.width.saturating_sub(front.len() + digits.len());
            let zeros = super::text::fill(vm, 0x30, missing as u64)?;
            return Ok(Text::from(front).concat(&zeros).concat(&digits.into()));
        }
        self.pad(vm, &Text::from(format!("{front}{digits}")))
    }

    fn integer(&self, vm: &Vm, kind: char, value: &Object) -> Outcome<Text> {
        let number = match value {
            Object::Float(n) if matches!(kind, 'd' | 'i' | 'u') => number::float_to_int(*n)?.index().unwrap_or_default(),
            other => match other.index() {
                Some(number) => number,
                None if matches!(kind, 'd' | 'i' | 'u') => {
                    let words = format!("%{kind} format: a real number is required, not {}", type_name(other));
                    return Err(Raise::type_error(words));
                }
                None => {
                    let words = format!("%{kind} format: an integer is required, not {}", type_name(other));
                    return Err(Raise::type_error(words));
                }
            },
        };
        vm.allocate(number.bits())?;
        let (digits, prefix) = self.digits(kind, &number)?;
        let digits = match self.precision {
            Some(least) if digits.len() < least => format!("{}{digits}", "0".repeat(least - digits.len())),
            _ => digits,
        };
        self.number(vm, number.is_negative(), if self.alternate { prefix } else { "" }, &digits)
    }

    fn digits(&self, kind: char, number: &BigInt) -> Outcome<(String, &'static str)> {
        let in_base = |base| number.magnitude().to_str_radix(base);
        Ok(match kind {
            'x' => (in_base(16), "0x"),
            'X' => (in_base(16).to_uppercase(), "0X"),
            'o' => (in_base(8), "0o"),
            _ => (super::int::decimal(&number.abs())?, ""),
        })
    }

    fn float(&self, vm: &Vm, kind: char, value: &Object, is_bytes: bool) -> Outcome<Text> {
        let number = match number::to_float(value)? {
            Some(number) => number,
            None => {
                let words = if is_bytes { "float argument required" } else { "must be real number" };
                return Err(Raise::type_error(format!("{words}, not {}", type_name(value))));
            }
        };
        let text = float_text(number.abs(), Some(kind), self.precision, self.alternate);
        self.number(vm, number.is_sign_negative() && !number.is_nan(), "", &text)
    }
}

/// `%c`: a character, or the number of one.
fn character(value: &Object, is_bytes: bool) -> Outcome<Text> {
    if is_bytes {
        let words = "%c requires an integer in range(256) or a single byte";
        return match value {
            Object::Bytes(_) | Object::ByteArray(_) => match &need_bytes(value)?[..] {
                [byte] => Ok(Text::from_code_points([u32::from(*byte)])),
                _ => Err(Raise::type_error(words)),
            },
            other => match other.index() {
                Some(number) => match u8::try_from(&number) {
                    Ok(byte) => Ok(Text::from_code_points([u32::from(byte)])),
                    Err(_) => Err(Raise::new(class::OVERFLOW_ERROR, "%c arg not in range(256)")),
                },
                None => Err(Raise::type_error(words)),
            },
        };
    }
    match value {
        Object::Str(text) if text.len() == 1 => Ok(text.clone()),
        other => match other.index() {
            Some(number) => match u32::try_from(&number) {
                Ok(point @ 0..0x11_0000) => Ok(Text::from_code_points([point])),
                _ => Err(Raise::new(class::OVERFLOW_ERROR, "%c arg not in range(0x110000)")),
            },
            None => Err(Raise::type_error("%c requires int or char")),
        },
    }
}
