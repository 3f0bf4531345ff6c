//! UTF-16 and UTF-32.

use super::super::text::Width;
use super::super::{Exception, Text};
use super::handler::{Decoding, Encoding, Handler, Replacement, is_surrogate};
use super::units::Units;
use super::{Decoded, each_point, units_of};
use crate::buffer::Buffer;

/// The order of the bytes in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Order {
    /// The least significant first.
    Little,
    /// The most significant first.
    Big,
}

/// What a byte order mark at the start of `input` says, for units of `unit` bytes.
pub(super) fn byte_order_mark(unit: usize, input: &[u8]) -> Option<Order> {
    match (unit, input) {
        (2, [0xFF, 0xFE, ..]) | (4, [0xFF, 0xFE, 0, 0, ..]) => Some(Order::Little),
        (2, [0xFE, 0xFF, ..]) | (4, [0, 0, 0xFE, 0xFF, ..]) => Some(Order::Big),
        _ => None,
    }
}

/// The name that the codec of such units gives itself in exceptions.
pub(super) const fn name_of(unit: usize, order: Option<Order>) -> &'static str {
    match (unit, order) {
        (2, None) => "utf-16",
        (2, Some(Order::Little)) => "utf-16-le",
        (2, Some(Order::Big)) => "utf-16-be",
        (_, None) => "utf-32",
        (_, Some(Order::Little)) => "utf-32-le",
        (_, Some(Order::Big)) => "utf-32-be",
    }
}

/// Decodes `input` from `at` on, as far as it is whole, or all of it if it is `last`.
pub(super) fn decode_16(handler: &Handler, input: &[u8], at: usize, order: Order, last: bool) -> Result<Decoded, Exception> {
    let call = Decoding { handler, encoding: name_of(2, Some(order)), input };
    match order {
        Order::Little => decode_utf16::<false>(&call, at, last),
        Order::Big => decode_utf16::<true>(&call, at, last),
    }
}

fn unit_at<const BIG: bool>(input: &[u8], at: usize) -> Option<u32> {
    let unit = [*input.get(at)?, *input.get(at + 1)?];
    Some(if BIG { u16::from_be_bytes(unit) } else { u16::from_le_bytes(unit) }.into())
}

/// What is in a block of units, looked at four units at a time and without a way out in between.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Not 0 where there is a surrogate.
    surrogate: u64,
    /// All units, in all four places, one over the other.
    all: u64,
}

const WORD: usize = 8;

impl Seen {
    #[inline]
    fn look<const BIG: bool>(block: &[u8]) -> Self {
        const ONE: u64 = 0x0001_0001_0001_0001;
        block.as_chunks::<WORD>().0.iter().fold(Self::default(), |seen, word| {
            let word = if BIG { u64::from_be_bytes(*word) } else { u64::from_le_bytes(*word) };
            // A place is 0 where it holds a surrogate, and borrowing from it sets its highest bit.
            let marks = (word & (0xF800 * ONE)) ^ (0xD800 * ONE);
            let zero = marks.wrapping_sub(ONE) & !marks & (0x8000 * ONE);
            Self { surrogate: seen.surrogate | zero, all: seen.all | word }
        })
    }
}

/// How many bytes at the front are whole units that are no surrogates.
fn plain_units<const BIG: bool>(bytes: &[u8]) -> usize {
    const BLOCK: usize = 256;
    let mut at = 0;
    while let Some(block) = bytes.get(at..at + BLOCK) {
        if Seen::look::<BIG>(block).surrogate != 0 {
            break;
        }
        at += BLOCK;
    }
    let surrogate = |unit: &[u8; 2]| unit[usize::from(!BIG)] & 0xF8 == 0xD8;
    at + 2 * bytes[at..].as_chunks::<2>().0.iter().take_while(|unit| !surrogate(unit)).count()
}

/// Whether these are the units of a text in two bytes a character: no surrogates, nothing left over, and not all below U+0100.
pub(super) fn is_text_of_two(bytes: &[u8]) -> bool {
    const BLOCK: usize = 4096;
    let mut all = 0;
    for block in bytes.chunks(BLOCK) {
        let seen = Seen::look::<false>(block);
        if seen.surrogate != 0 {
            return false;
        }
        all |= seen.all;
    }
    let rest = &bytes[bytes.len() / WORD * WORD..];
    let (units, odd) = rest.as_chunks::<2>();
    let high = units.iter().fold(0, |high, unit| high | unit[1]);
    let surrogate = units.iter().any(|unit| unit[1] & 0xF8 == 0xD8);
    odd.is_empty() && !surrogate && (all & 0xFF00_FF00_FF00_FF00 != 0 || high != 0)
}

fn decode_utf16<const BIG: bool>(call: &Decoding<'_>, start: usize, last: bool) -> Result<Decoded, Exception> {
    let input = call.input;
    let mut out = Units::default();
    let mut at = start;
    while at < input.len() {
        let plain = plain_units::<BIG>(&input[at..]);
        out.push_utf16::<BIG>(&input[at..at + plain]);
        at += plain;
        let (end, reason) = match (unit_at::<BIG>(input, at), unit_at::<BIG>(input, at + 2)) {
            (None, _) if at == input.len() => break,
            (None, _) => (input.len(), "truncated data"),
            (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) => {
                out.push(0x1_0000 + ((high & 0x3FF) << 10) + (low & 0x3FF));
                at += 4;
                continue;
            }
            (Some(0xD800..=0xDBFF), Some(_)) => (at + 2, "illegal UTF-16 surrogate"),
            (Some(0xD800..=0xDBFF), None) => (input.len(), "unexpected end of data"),
            (Some(_), _) => (at + 2, "illegal encoding"),
        };
        if !last && end == input.len() && reason != "illegal encoding" && reason != "illegal UTF-16 surrogate" {
            return Ok(Decoded::new(out.into_text(), at));
        }
        at = call.problem(at, end, reason, &mut out)?;
    }
    Ok(Decoded::new(out.into_text(), input.len()))
}

/// Decodes `input` from `at` on, as far as it is whole, or all of it if it is `last`.
pub(super) fn decode_32(handler: &Handler, input: &[u8], at: usize, order: Order, last: bool) -> Result<Decoded, Exception> {
    let call = Decoding { handler, encoding: name_of(4, Some(order)), input };
    let mut out = Units::with_room(input.len() / 4);
    let mut at = at;
    while at < input.len() {
        let Some(&[a, b, c, d]) = input[at..].first_chunk() else {
            if !last {
                return Ok(Decoded::new(out.into_text(), at));
            }
            at = call.problem(at, input.len(), "truncated data", &mut out)?;
            continue;
        };
        let point = match order {
            Order::Little => u32::from_le_bytes([a, b, c, d]),
            Order::Big => u32::from_be_bytes([a, b, c, d]),
        };
        at = match point {
            0xD800..=0xDFFF => call.problem(at, at + 4, "code point in surrogate code point range(0xd800, 0xe000)", &mut out)?,
            0x11_0000.. => call.problem(at, at + 4, "code point not in range(0x110000)", &mut out)?,
            point => {
                out.push(point);
                at + 4
            }
        };
    }
    Ok(Decoded::new(out.into_text(), input.len()))
}

/// Encodes in units of `unit` bytes; without an order it begins with a byte order mark.
pub(super) fn encode(handler: &Handler, text: &Text, unit: usize, order: Option<Order>) -> Result<Buffer, Exception> {
    let call = Encoding { handler, encoding: name_of(unit, order), reason: super::utf8::REASON, text };
    let units = units_of(text)?;
    let order_used = order.unwrap_or(Order::Little);
    let mut out = Vec::with_capacity(units.len() * 2 + unit);
    if order.is_none() {
        put(&mut out, unit, order_used, 0xFEFF);
    }
    // Most texts are as they are, unit by unit.
    if unit == 2 && order_used == Order::Little && text.width() == Width::One {
        let start = out.len();
        out.resize(start + units.len() * 2, 0);
        for (out, &byte) in out[start..].as_chunks_mut::<2>().0.iter_mut().zip(units.iter()) {
            out[0] = byte;
        }
        return Ok(out.into());
    }
    let mut at = 0;
    each_point(text.width(), &units, |point| {
        if is_surrogate(point) {
            match call.problem(at, &[point])? {
                Replacement::Bytes(bytes) if bytes.len().is_multiple_of(unit) => out.extend_from_slice(&bytes),
                Replacement::Bytes(_) => return Err(call.error(at, at + 1)),
                Replacement::Text(text) => text.bytes().for_each(|byte| put(&mut out, unit, order_used, byte.into())),
            }
        } else {
            put(&mut out, unit, order_used, point);
        }
        at += 1;
        Ok(())
    })?;
    Ok(out.into())
}

#[inline]
fn put(out: &mut Vec<u8>, unit: usize, order: Order, point: u32) {
    if unit == 2 && point > 0xFFFF {
        let rest = point - 0x1_0000;
        put(out, unit, order, 0xD800 + (rest >> 10));
        put(out, unit, order, 0xDC00 + (rest & 0x3FF));
        return;
    }
    match order {
        Order::Little => out.extend_from_slice(&point.to_le_bytes()[..unit]),
        Order::Big => out.extend_from_slice(&point.to_be_bytes()[4 - unit..]),
    }
}
