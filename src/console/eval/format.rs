//! f-strings.

use super::super::object::Object;
use super::super::raise::Outcome;
use super::super::syntax::{Conversion, FormatPart};
use super::super::vm::Vm;
use super::Frame;
use super::expr::expr;
use crate::stream::Text;

pub(super) fn format(vm: &Vm, frame: &mut Frame<'_>, parts: &[FormatPart]) -> Outcome<Text> {
    vm.check_stack()?;
    let mut pieces: Vec<Text> = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            FormatPart::Text(text) => pieces.push(text.clone()),
            FormatPart::Value { value: node, conversion, spec } => {
                let value = expr(vm, frame, node)?;
                let place = |raise: super::super::raise::Raise| raise.at(node.span);
                let converted = match conversion {
                    Conversion::None => value,
                    Conversion::Repr => Object::Str(vm.repr(&value).map_err(place)?),
                    Conversion::Str => Object::Str(vm.str(&value).map_err(place)?),
                    Conversion::Ascii => Object::Str(ascii(&vm.repr(&value).map_err(place)?)),
                };
                let spec = match spec {
                    Some(spec) => format(vm, frame, spec)?,
                    None => Text::default(),
                };
                pieces.push(vm.format(&converted, &spec).map_err(place)?);
            }
        }
    }
    if pieces.len() == 1 {
        return Ok(pieces.remove(0));
    }
    let length: u64 = pieces.iter().map(Text::len).sum();
    vm.step(length / 64)?;
    vm.allocate(length.saturating_mul(4))?;
    Ok(Text::from_code_points(pieces.iter().flat_map(Text::code_points)))
}

/// What is not ASCII as escapes.
fn ascii(text: &Text) -> Text {
    let mut out = String::new();
    for point in text.code_points() {
        match point {
            0..0x80 => out.extend(char::from_u32(point)),
            0x80..0x100 => out.push_str(&format!("\\x{point:02x}")),
            0x100..0x1_0000 => out.push_str(&format!("\\u{point:04x}")),
            _ => out.push_str(&format!("\\U{point:08x}")),
        }
    }
    Text::from(out)
}
