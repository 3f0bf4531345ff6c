//! `format(object, spec)`: the mini-language of widths, signs and precisions.

use num_bigint::BigInt;
use num_traits::Signed;

use crate::console::class;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::Text;

use super::float_text::{float_text, group_digits};
use super::{number, type_name};

/// What a format specification says.
#[derive(Debug)]
pub(super) struct Spec {
    fill: u32,
    align: char,
    sign: Option<char>,
    /// `z`: no negative zero.
    no_negative_zero: bool,
    alternate: bool,
    width: usize,
    /// `,` or `_`
    separator: Option<char>,
    precision: Option<usize>,
    kind: Option<u32>,
}

/// The specification, in the order of its parts.
struct Reader<'a> {
    points: &'a [u32],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.points.get(self.at + ahead).and_then(|point| char::from_u32(*point))
    }

    fn take(&mut self, wanted: &[char]) -> Option<char> {
        let c = self.peek(0).filter(|c| wanted.contains(c))?;
        self.at += 1;
        Some(c)
    }

    fn number(&mut self) -> Outcome<Option<usize>> {
        let mut number: Option<i64> = None;
        while let Some(digit) = self.points.get(self.at).copied().and_then(super::unicode::decimal_value) {
            let next = number.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(digit.into()));
            number = Some(next.ok_or_else(|| Raise::value_error("Too many decimal digits in format string"))?);
            self.at += 1;
        }
        Ok(number.map(|n| usize::try_from(n).unwrap_or(usize::MAX)))
    }
}

fn is_align(c: char) -> bool {
    matches!(c, '<' | '>' | '=' | '^')
}

/// A type's letter in a message.
fn shown(kind: u32) -> String {
    match char::from_u32(kind) {
        Some(c @ '!'..='~') => c.to_string(),
        _ => format!("\\x{kind:x}"),
    }
}

impl Spec {
    fn parse(points: &[u32], default_align: char, type_name: &str) -> Outcome<Self> {
        let mut reader = Reader { points, at: 0 };
        let mut fill = None;
        let mut align = None;
        if reader.points.len() >= 2 && reader.peek(1).is_some_and(is_align) {
            fill = Some(points[0]);
            align = reader.peek(1);
            reader.at = 2;
        } else if let Some(c) = reader.take(&['<', '>', '=', '^']) {
            align = Some(c);
        }
        let sign = reader.take(&[' ', '+', '-']);
        let no_negative_zero = reader.take(&['z']).is_some();
        let alternate = reader.take(&['#']).is_some();
        if fill.is_none() && reader.take(&['0']).is_some() {
            fill = Some(0x30);
            if align.is_none() && default_align == '>' {
                align = Some('=');
            }
        }
        let width = reader.number()?.unwrap_or(0);
        let mut separator = reader.take(&[',']);
        if reader.take(&['_']).is_some() {
            if separator.is_some() {
                return Err(Raise::value_error("Cannot specify both ',' and '_'."));
            }
            separator = Some('_');
            if reader.peek(0) == Some(',') {
                return Err(Raise::value_error("Cannot specify both ',' and '_'."));
            }
        }
        let mut precision = None;
        if reader.take(&['.']).is_some() {
            precision = reader.number()?;
            if precision.is_none() {
                return Err(Raise::value_error("Format specifier missing precision"));
            }
        }
        let rest = &points[reader.at..];
        if rest.len() > 1 {
            let spec = Text::from_code_points(points.iter().copied()).to_string_lossy();
            return Err(Raise::value_error(format!("Invalid format specifier '{spec}' for object of type '{type_name}'")));
        }
        let kind = rest.first().copied();
        let spec = Self {
            fill: fill.unwrap_or(0x20),
            align: align.unwrap_or(default_align),
            sign,
            no_negative_zero,
            alternate,
            width,
            separator,
            precision,
            kind,
        };
        spec.check_separator(if default_align == '<' { Some('s') } else { None })?;
        Ok(spec)
    }

    /// Separators go with numbers only.
    fn check_separator(&self, default: Option<char>) -> Outcome<()> {
        let Some(separator) = self.separator else { return Ok(()) };
        let kind = self.kind.or(default.map(u32::from));
        match kind.map(char::from_u32) {
            None | Some(Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F')) => Ok(()),
            Some(Some('b' | 'o' | 'x' | 'X')) if separator == '_' => Ok(()),
            _ => {
                let kind = shown(kind.unwrap_or(0));
                Err(Raise::value_error(format!("Cannot specify '{separator}' with '{kind}'.")))
            }
        }
    }

    fn unknown(&self, type_name: &str) -> Raise {
        let kind = shown(self.kind.unwrap_or(0));
        Raise::value_error(format!("Unknown format code '{kind}' for object of type '{type_name}'"))
    }

    /// The text within the width.
    fn pad(&self, vm: &Vm, text: &Text, sign_len: u64) -> Outcome<Text> {
        let missing = (self.width as u64).saturating_sub(text.len());
        if missing == 0 {
            return Ok(text.clone());
        }
        let fill = |count| super::text::fill(vm, self.fill, count);
        Ok(match self.align {
            '<' => text.concat(&fill(missing)?),
            '^' => fill(missing / 2)?.concat(text).concat(&fill(missing - missing / 2)?),
            '=' => text.slice(0, sign_len).concat(&fill(missing)?).concat(&text.slice(sign_len, text.len())),
            _ => fill(missing)?.concat(text),
        })
    }

    /// A number: sign and prefix, digits in groups, and what is behind the whole digits.
    fn number(&self, vm: &Vm, negative: bool, prefix: &str, digits: &str, rest: &str) -> Outcome<Text> {
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        let front = sign.len() + prefix.len();
        let padded = self.fill == 0x30 && self.align == '=';
        let digits = match self.separator {
            None => digits.to_owned(),
            Some(separator) => {
                let group = if matches!(self.kind.and_then(char::from_u32), Some('b' | 'o' | 'x' | 'X')) { 4 } else { 3 };
                let least = if padded { self.width.saturating_sub(front + rest.len()) } else { 0 };
                vm.allocate(least as u64 * 2)?;
                vm.step(least as u64 / 16)?;
                group_digits(digits, group, separator, least)
            }
        };
        let text = Text::from(format!("{sign}{prefix}{digits}{rest}"));
        self.pad(vm, &text, front as u64)
    }
}

/// `format(object, spec)`
pub(in crate::console) fn format(vm: &Vm, object: &Object, spec: &Text) -> Outcome<Text> {
    match object {
        Object::Native(native) => {
            if let Some(text) = native.format(vm, &spec.to_string_lossy())? {
                return Ok(text.into());
            }
        }
        _ if spec.is_empty() => return super::str(vm, object),
        _ => {}
    }
    if spec.is_empty() {
        return super::str(vm, object);
    }
    vm.step(spec.len() / 16)?;
    let points = spec.to_points();
    match object {
        Object::Str(text) => string(vm, text, &Spec::parse(&points, '<', "str")?),
        Object::Float(n) => float(vm, *n, &Spec::parse(&points, '>', "float")?, "float"),
        Object::Int(_) | Object::BigInt(_) | Object::Bool(_) => {
            let name = type_name(object);
            integer(vm, object, &Spec::parse(&points, '>', &name)?, &name)
        }
        other => Err(Raise::type_error(format!("unsupported format string passed to {}.__format__", type_name(other)))),
    }
}

fn string(vm: &Vm, text: &Text, spec: &Spec) -> Outcome<Text> {
    if !matches!(spec.kind, None | Some(0x73)) {
        return Err(spec.unknown("str"));
    }
    let wrong = match spec {
        Spec { sign: Some(' '), .. } => "Space not allowed in string format specifier",
        Spec { sign: Some(_), .. } => "Sign not allowed in string format specifier",
        Spec { no_negative_zero: true, .. } => "Negative zero coercion (z) not allowed in string format specifier",
        Spec { alternate: true, .. } => "Alternate form (#) not allowed in string format specifier",
        Spec { align: '=', .. } => "'=' alignment not allowed in string format specifier",
        _ => "",
    };
    if !wrong.is_empty() {
        return Err(Raise::value_error(wrong));
    }
    let cut = match spec.precision {
        Some(most) if (most as u64) < text.len() => text.slice(0, most as u64),
        _ => text.clone(),
    };
    spec.pad(vm, &cut, 0)
}

fn integer(vm: &Vm, object: &Object, spec: &Spec, name: &str) -> Outcome<Text> {
    let kind = spec.kind.map_or(Some('d'), char::from_u32);
    if matches!(kind, Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')) {
        let number = number::to_float(object)?.unwrap_or(0.0);
        return float(vm, number, spec, name);
    }
    let base = match kind {
        Some('d' | 'n' | 'c') => 10,
        Some('b') => 2,
        Some('o') => 8,
        Some('x' | 'X') => 16,
        _ => return Err(spec.unknown(name)),
    };
    if spec.precision.is_some() {
        return Err(Raise::value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(Raise::value_error("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    let number = object.index().unwrap_or_default();
    if kind == Some('c') {
        return character(vm, &number, spec);
    }
    vm.allocate(number.bits())?;
    let digits = if base == 10 { super::int::decimal(&number.abs())? } else { number.magnitude().to_str_radix(base) };
    let (digits, prefix) = match kind {
        Some('X') => (digits.to_uppercase(), "0X"),
        Some('x') => (digits, "0x"),
        Some('o') => (digits, "0o"),
        Some('b') => (digits, "0b"),
        _ => (digits, ""),
    };
    spec.number(vm, number.is_negative(), if spec.alternate { prefix } else { "" }, &digits, "")
}

fn character(vm: &Vm, number: &BigInt, spec: &Spec) -> Outcome<Text> {
    if spec.sign.is_some() {
        return Err(Raise::value_error("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(Raise::value_error("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    match i64::try_from(number).ok().map(u32::try_from) {
        Some(Ok(point @ 0..0x11_0000)) => spec.pad(vm, &Text::from_code_points([point]), 0),
        Some(_) => Err(Raise::new(class::OVERFLOW_ERROR, "%c arg not in range(0x110000)")),
        None => Err(Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C long")),
    }
}

fn float(vm: &Vm, number: f64, spec: &Spec, name: &str) -> Outcome<Text> {
    let kind = match spec.kind {
        None => None,
        Some(kind) => match char::from_u32(kind) {
            Some(c @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')) => Some(c),
            Some('n') => Some('g'),
            _ => return Err(spec.unknown(name)),
        },
    };
    if spec.precision.is_some_and(|precision| precision > i32::MAX as usize) {
        return Err(Raise::value_error("precision too big"));
    }
    vm.allocate(spec.precision.unwrap_or(0) as u64)?;
    let number = if kind == Some('%') { number * 100.0 } else { number };
    let text = float_text(number.abs(), kind, spec.precision, spec.alternate);
    let is_zero = text.bytes().all(|byte| !matches!(byte, b'1'..=b'9' | b'a'..=b'd' | b'i' | b'n' | b'I' | b'N'));
    let mut negative = number.is_sign_negative() && !number.is_nan();
    if spec.no_negative_zero && is_zero {
        negative = false;
    }
    let whole = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(whole);
    if digits.is_empty() {
        // Infinity and NaN have no digits to group.
        let plain = Spec { separator: None, ..copy(spec) };
        return plain.number(vm, negative, "", rest, "");
    }
    spec.number(vm, negative, "", digits, rest)
}

fn copy(spec: &Spec) -> Spec {
    Spec { ..*spec }
}
