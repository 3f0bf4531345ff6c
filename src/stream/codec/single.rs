//! The charsets with one byte a character.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::super::text::Width;
use super::super::{Exception, Text};
use super::charmap_tables::{FROM_ZERO, TABLES};
use super::handler::{Decoding, Encoding, Handler, Replacement};
use super::units::Units;
use super::utf8::escape_first;
use super::{each_point, units_of};
use crate::buffer::Buffer;

/// A charset that is a table.
#[derive(Debug)]
pub(super) struct Charmap {
    /// The code point of each byte; [`NOTHING`] for a byte that means nothing.
    decode: [u16; 256],
    encode: HashMap<u32, u8>,
    /// Whether the bytes below 80 mean ASCII.
    reads_ascii: bool,
    /// Whether ASCII is written as the bytes below 80, which alphabets with a second set of signs do not do.
    writes_ascii: bool,
}

const NOTHING: u16 = 0xFFFD;

const UNDEFINED: &str = "character maps to <undefined>";

impl Charmap {
    /// The charset whose module in Python has this name.
    pub(super) fn of(module: &str) -> Option<&'static Self> {
        static MAPS: [OnceLock<Charmap>; TABLES.len()] = [const { OnceLock::new() }; TABLES.len()];
        let at = TABLES.iter().position(|(name, _)| *name == module)?;
        Some(MAPS[at].get_or_init(|| Self::read(TABLES[at].1, FROM_ZERO.contains(&module))))
    }

    fn read(points: &str, from_zero: bool) -> Self {
        let mut decode = [NOTHING; 256];
        let first = if from_zero { 0 } else { 128 };
        for (byte, slot) in (0..128).zip(&mut decode[..first]) {
            *slot = byte;
        }
        for (slot, c) in decode[first..].iter_mut().zip(points.chars()) {
            *slot = u16::try_from(u32::from(c)).unwrap_or(NOTHING);
        }
        // Of several bytes for the same character the last one is written.
        let defined = (0..=255_u8).zip(&decode).filter(|(_, point)| **point != NOTHING);
        let encode = defined.map(|(byte, &point)| (point.into(), byte)).collect::<HashMap<_, _>>();
        let writes_ascii = (0..128).all(|byte| encode.get(&u32::from(byte)) == Some(&byte));
        Self { decode, encode, reads_ascii: !from_zero, writes_ascii }
    }
}

pub(super) fn decode_ascii(call: &Decoding<'_>) -> Result<Text, Exception> {
    let mut out = Units::with_room(call.input.len());
    let mut at = 0;
    while at < call.input.len() {
        let valid = encoding_rs::Encoding::ascii_valid_up_to(&call.input[at..]);
        out.push_latin1(&call.input[at..at + valid]);
        at += valid;
        if at < call.input.len() {
            at = call.problem(at, at + 1, "ordinal not in range(128)", &mut out)?;
        }
    }
    Ok(out.into_text())
}

pub(super) fn decode_charmap(call: &Decoding<'_>, map: &Charmap) -> Result<Text, Exception> {
    let input = call.input;
    let mut out = Units::default();
    let ascii = if map.reads_ascii { encoding_rs::Encoding::ascii_valid_up_to(input) } else { 0 };
    out.push_latin1(&input[..ascii]);
    let mut at = ascii;
    // A byte that means nothing is U+FFFD in the table already.
    if *call.handler == Handler::Replace {
        out.push_mapped(&input[at..], &map.decode);
        at = input.len();
    }
    while at < input.len() {
        let rest = &input[at..];
        let defined = rest.iter().position(|&byte| map.decode[usize::from(byte)] == NOTHING).unwrap_or(rest.len());
        out.push_mapped(&rest[..defined], &map.decode);
        at += defined;
        if at < input.len() {
            at = call.problem(at, at + 1, UNDEFINED, &mut out)?;
        }
    }
    Ok(out.into_text())
}

/// ASCII (`limit` 0x80) and Latin-1 (0x100).
pub(super) fn encode_below(handler: &Handler, text: &Text, limit: u32) -> Result<Buffer, Exception> {
    let units = units_of(text)?;
    if text.width() == Width::One && (limit == 0x100 || units.is_ascii()) {
        return Ok(text.units().clone());
    }
    let (encoding, reason) =
        if limit == 0x80 { ("ascii", "ordinal not in range(128)") } else { ("latin-1", "ordinal not in range(256)") };
    let call = Encoding { handler, encoding, reason, text };
    let put = |out: &mut Vec<u8>, end: usize, run: &[u32]| {
        let start = end - run.len();
        let taken = escape_first(handler, out, run);
        if taken < run.len() {
            match call.problem(start + taken, &run[taken..])? {
                Replacement::Text(text) => out.extend_from_slice(text.as_bytes()),
                Replacement::Bytes(bytes) => out.extend_from_slice(&bytes),
            }
        }
        Ok(())
    };
    encode_runs(text, &units, |point| (point < limit).then_some(point as u8), put)
}

pub(super) fn encode_charmap(handler: &Handler, text: &Text, map: &Charmap) -> Result<Buffer, Exception> {
    let units = units_of(text)?;
    if map.writes_ascii && text.width() == Width::One && units.is_ascii() {
        return Ok(text.units().clone());
    }
    let call = Encoding { handler, encoding: "charmap", reason: UNDEFINED, text };
    let byte = |point| if map.writes_ascii && point < 0x80 { Some(point as u8) } else { map.encode.get(&point).copied() };
    let put = |out: &mut Vec<u8>, end: usize, run: &[u32]| {
        let start = end - run.len();
        match call.problem(start, run)? {
            Replacement::Bytes(bytes) => out.extend_from_slice(&bytes),
            Replacement::Text(text) => {
                for c in text.chars() {
                    out.push(byte(c.into()).ok_or_else(|| call.error(start, end))?);
                }
            }
        }
        Ok(())
    };
    encode_runs(text, &units, byte, put)
}

/// Encodes character by character; each run of those that have no byte goes to `put`, together with where it ends.
fn encode_runs(
    text: &Text,
    units: &[u8],
    byte: impl Fn(u32) -> Option<u8>,
    put: impl Fn(&mut Vec<u8>, usize, &[u32]) -> Result<(), Exception>,
) -> Result<Buffer, Exception> {
    let mut out = Vec::with_capacity(units.len());
    let mut run = Vec::new();
    let mut at = 0;
    each_point(text.width(), units, |point| {
        match byte(point) {
            None => run.push(point),
            Some(byte) => {
                if !run.is_empty() {
                    put(&mut out, at, &run)?;
                    run.clear();
                }
                out.push(byte);
            }
        }
        at += 1;
        Ok(())
    })?;
    if !run.is_empty() {
        put(&mut out, at, &run)?;
    }
    Ok(out.into())
}
