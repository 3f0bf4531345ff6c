//! `str.format` and `str.format_map`.

use crate::console::call::Args;
use crate::console::class;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{Text, TextBuilder};

/// Where the fields come from.
struct Fields<'a> {
    positional: Option<&'a [Object]>,
    named: Named<'a>,
    /// The next number where fields have none; fixed by the first field that has one.
    next: usize,
    numbering: Numbering,
}

enum Named<'a> {
    Keywords(&'a Args),
    Mapping(&'a Object),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Unknown,
    Automatic,
    Manual,
}

pub(super) fn format(vm: &Vm, text: &Text, args: &Args) -> Outcome {
    let fields =
        Fields { positional: Some(&args.positional), named: Named::Keywords(args), next: 0, numbering: Numbering::Unknown };
    run(vm, text, fields)
}

pub(super) fn format_map(vm: &Vm, text: &Text, mapping: &Object) -> Outcome {
    let fields = Fields { positional: None, named: Named::Mapping(mapping), next: 0, numbering: Numbering::Unknown };
    run(vm, text, fields)
}

fn run(vm: &Vm, text: &Text, mut fields: Fields<'_>) -> Outcome {
    vm.allocate(text.len().saturating_mul(4))?;
    let points = text.to_points();
    Ok(Object::Str(fields.render(vm, &points, 2)?))
}

const OPEN: u32 = b'{' as u32;
const CLOSE: u32 = b'}' as u32;

fn lossy(points: &[u32]) -> String {
    Text::from_code_points(points.iter().copied()).to_string_lossy()
}

impl Fields<'_> {
    /// The text with its fields filled in; `depth` is how deep fields may still be within each other.
    fn render(&mut self, vm: &Vm, points: &[u32], depth: u32) -> Outcome<Text> {
        if depth == 0 {
            return Err(Raise::value_error("Max string recursion exceeded"));
        }
        let mut out = TextBuilder::new();
        let mut at = 0;
        while let Some(&point) = points.get(at) {
            vm.step(1)?;
            at += 1;
            if point != OPEN && point != CLOSE {
                out.push(point);
                continue;
            }
            if points.get(at) == Some(&point) {
                out.push(point);
                at += 1;
                continue;
            }
            if point == CLOSE {
                return Err(Raise::value_error("Single '}' encountered in format string"));
            }
            if at == points.len() {
                return Err(Raise::value_error("Single '{' encountered in format string"));
            }
            let end = field_end(points, at)?;
            let shown = self.field(vm, &points[at..end], depth)?;
            vm.allocate(out.byte_len() as u64 + shown.byte_len().get())?;
            out.push_text(&shown);
            at = end + 1;
        }
        Ok(out.finish())
    }

    /// One field: `name!conversion:spec`.
    fn field(&mut self, vm: &Vm, field: &[u32], depth: u32) -> Outcome<Text> {
        let is = |point: &u32, c: char| *point == u32::from(c);
        let mut brackets = false;
        let name_end = field.iter().position(|point| {
            if is(point, '[') {
                brackets = true;
            } else if is(point, ']') {
                brackets = false;
            }
            !brackets && (is(point, ':') || is(point, '!'))
        });
        let name_end = name_end.unwrap_or(field.len());
        let (name, rest) = field.split_at(name_end);
        if name.contains(&OPEN) {
            return Err(Raise::value_error("unexpected '{' in field name"));
        }
        let (conversion, spec) = match rest.split_first() {
            None => (None, &[][..]),
            Some((point, rest)) if is(point, ':') => (None, rest),
            Some((_, rest)) => match rest {
                [] => return Err(Raise::value_error("end of string while looking for conversion specifier")),
                [conversion] => (Some(*conversion), &[][..]),
                [conversion, colon, spec @ ..] if is(colon, ':') => (Some(*conversion), spec),
                _ => return Err(Raise::value_error("expected ':' after conversion specifier")),
            },
        };
        let value = self.value(vm, name)?;
        let value = match conversion.map(char::from_u32) {
            None => value,
            Some(Some('r')) => Object::Str(vm.repr(&value)?),
            Some(Some('s')) => Object::Str(vm.str(&value)?),
            Some(Some('a')) => Object::Str(super::ascii(vm, &value)?),
            Some(c) => {
                let shown = match c {
                    Some(c @ '!'..='~') => c.to_string(),
                    _ => format!("\\x{:x}", conversion.unwrap_or(0)),
                };
                return Err(Raise::value_error(format!("Unknown conversion specifier {shown}")));
            }
        };
        let spec = if spec.contains(&OPEN) || spec.contains(&CLOSE) {
            self.render(vm, spec, depth - 1)?
        } else {
            Text::from_code_points(spec.iter().copied())
        };
        vm.format(&value, &spec)
    }

    /// What a field's name stands for: `0.name[key]`.
    fn value(&mut self, vm: &Vm, name: &[u32]) -> Outcome {
        let is_break = |point: &u32| matches!(char::from_u32(*point), Some('.' | '['));
        let first_end = name.iter().position(is_break).unwrap_or(name.len());
        let (first, mut rest) = name.split_at(first_end);
        let mut value = self.first(vm, first)?;
        while let Some((point, after)) = rest.split_first() {
            vm.step(1)?;
            if *point == u32::from('.') {
                let end = after.iter().position(is_break).unwrap_or(after.len());
                let (attribute, next) = after.split_at(end);
                if attribute.is_empty() {
                    return Err(Raise::value_error("Empty attribute in format string"));
                }
                value = vm.get_attribute(&value, &lossy(attribute))?;
                rest = next;
            } else if *point == u32::from('[') {
                let end = after.iter().position(|point| *point == u32::from(']'));
                let end = end.ok_or_else(|| Raise::value_error("Missing ']' in format string"))?;
                let key = &after[..end];
                if key.is_empty() {
                    return Err(Raise::value_error("Empty attribute in format string"));
                }
                let key = match number(key)? {
                    Some(number) => Object::int(number),
                    None => Object::Str(Text::from_code_points(key.iter().copied())),
                };
                value = super::get_item(vm, &value, &key)?;
                rest = &after[end + 1..];
                if !rest.first().is_none_or(is_break) {
                    return Err(Raise::value_error("Only '.' or '[' may follow ']' in format field specifier"));
                }
            } else {
                return Err(Raise::value_error("Only '.' or '[' may follow ']' in format field specifier"));
            }
        }
        Ok(value)
    }

    fn first(&mut self, vm: &Vm, name: &[u32]) -> Outcome {
        let index = number(name)?;
        if name.is_empty() || index.is_some() {
            let kind = if name.is_empty() { Numbering::Automatic } else { Numbering::Manual };
            match (self.numbering, kind) {
                (Numbering::Manual, Numbering::Automatic) => {
                    let words = "cannot switch from manual field specification to automatic field numbering";
                    return Err(Raise::value_error(words));
                }
                (Numbering::Automatic, Numbering::Manual) => {
                    let words = "cannot switch from automatic field numbering to manual field specification";
                    return Err(Raise::value_error(words));
                }
                _ => self.numbering = kind,
            }
        }
        let index = match index {
            None if name.is_empty() => {
                self.next += 1;
                Some(self.next - 1)
            }
            index => index,
        };
        if let Some(index) = index {
            let Some(positional) = self.positional else {
                return Err(Raise::value_error("Format string contains positional fields"));
            };
            return positional.get(index).cloned().ok_or_else(|| {
                let message = format!("Replacement index {index} out of range for positional args tuple");
                Raise::new(class::INDEX_ERROR, message)
            });
        }
        let key = Object::Str(Text::from_code_points(name.iter().copied()));
        match &self.named {
            Named::Mapping(mapping) => super::get_item(vm, mapping, &key),
            Named::Keywords(args) => {
                let name = lossy(name);
                let found = args.keywords.iter().find(|(keyword, _)| **keyword == *name);
                found.map(|(_, value)| value.clone()).ok_or_else(|| super::dict::key_error(&key))
            }
        }
    }
}

/// Where the field that begins at `start` has its closing brace.
fn field_end(points: &[u32], start: usize) -> Outcome<usize> {
    let mut depth = 1;
    let mut brackets = false;
    let mut in_spec = false;
    for (at, &point) in points.iter().enumerate().skip(start) {
        match char::from_u32(point) {
            Some('[') if !in_spec => brackets = true,
            Some(']') if !in_spec => brackets = false,
            Some(':' | '!') if !brackets => in_spec = true,
            Some('{') if !brackets => depth += 1,
            Some('}') if !brackets => {
                depth -= 1;
                if depth == 0 {
                    return Ok(at);
                }
            }
            _ => {}
        }
    }
    Err(Raise::value_error("expected '}' before end of string"))
}

/// A name that is a number.
fn number(name: &[u32]) -> Outcome<Option<usize>> {
    if name.is_empty() {
        return Ok(None);
    }
    let mut number = 0_i64;
    for point in name {
        let Some(digit) = super::unicode::decimal_value(*point) else { return Ok(None) };
        let next = number.checked_mul(10).and_then(|n| n.checked_add(digit.into()));
        number = next.ok_or_else(|| Raise::value_error("Too many decimal digits in format string"))?;
    }
    Ok(usize::try_from(number).ok())
}
