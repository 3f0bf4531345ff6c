//! UTF-8.

use super::super::text::{Width, push_utf8};
use super::super::{Exception, Text};
use super::handler::{Decoding, Encoding, Handler, Replacement, is_surrogate};
use super::units::Units;
use super::{Decoded, each_point, units_of};
use crate::buffer::Buffer;

/// Decodes as far as the input is whole, or all of it if it is `last`.
pub(super) fn decode(call: &Decoding<'_>, last: bool) -> Result<Decoded, Exception> {
    let input = call.input;
    let mut out = Units::default();
    let mut at = 0;
    while at < input.len() {
        at += out.push_utf8(&input[at..]);
        // What is wrong there is told by the first few bytes.
        let rest = &input[at..input.len().min(at + 4)];
        let error = match std::str::from_utf8(rest) {
            Err(error) => error,
            Ok(text) => {
                text.chars().for_each(|c| out.push(c.into()));
                at += rest.len();
                continue;
            }
        };
        at = match error.error_len() {
            // The start of a surrogate waits for its end, which a handler may want.
            _ if !last && matches!(rest, [0xED, 0xA0..=0xBF]) => return Ok(decoded(out, at)),
            Some(len) => {
                let starts = !matches!(input[at], 0x80..=0xC1 | 0xF5..);
                let reason = if starts { "invalid continuation byte" } else { "invalid start byte" };
                call.problem(at, at + len, reason, &mut out)?
            }
            None if last => call.problem(at, input.len(), "unexpected end of data", &mut out)?,
            None => return Ok(decoded(out, at)),
        };
    }
    Ok(decoded(out, input.len()))
}

fn decoded(out: Units, consumed: usize) -> Decoded {
    let no_cr = !out.has_cr;
    Decoded { no_cr, ..Decoded::new(out.into_text(), consumed) }
}

pub(super) const REASON: &str = "surrogates not allowed";

pub(super) fn encode(call: &Encoding<'_>) -> Result<Buffer, Exception> {
    let text = call.text;
    if let Some(utf8) = text.shared_utf8() {
        return Ok(utf8.clone());
    }
    let units = units_of(text)?;
    match text.width() {
        Width::One if units.is_ascii() => return Ok(text.units().clone()),
        Width::One => {
            let mut out = vec![0; units.len() * 2];
            let len = encoding_rs::mem::convert_latin1_to_utf8(&units, &mut out);
            out.truncate(len);
            return Ok(out.into());
        }
        _ => {}
    }
    let mut out = Vec::with_capacity(units.len());
    let mut surrogates = Vec::new();
    let mut at = 0;
    each_point(text.width(), &units, |point| {
        if is_surrogate(point) {
            surrogates.push(point);
        } else {
            if !surrogates.is_empty() {
                put_surrogates(call, &mut out, at, &mut surrogates)?;
            }
            if point < 0x80 { out.push(point as u8) } else { push_utf8(&mut out, point) }
        }
        at += 1;
        Ok(())
    })?;
    if !surrogates.is_empty() {
        put_surrogates(call, &mut out, at, &mut surrogates)?;
    }
    Ok(out.into())
}

/// What the handler makes of a run of surrogates that ends before `end`.
fn put_surrogates(call: &Encoding<'_>, out: &mut Vec<u8>, end: usize, surrogates: &mut Vec<u32>) -> Result<(), Exception> {
    let run = std::mem::take(surrogates);
    let start = end - run.len();
    let taken = escape_first(call.handler, out, &run);
    if taken < run.len() {
        match call.problem(start + taken, &run[taken..])? {
            Replacement::Text(text) => out.extend_from_slice(text.as_bytes()),
            Replacement::Bytes(bytes) => out.extend_from_slice(&bytes),
        }
    }
    Ok(())
}

/// `surrogateescape` in the codecs that know it: the escaped bytes that a run begins with. Only what comes behind them is a problem.
pub(super) fn escape_first(handler: &Handler, out: &mut Vec<u8>, run: &[u32]) -> usize {
    if *handler != Handler::SurrogateEscape {
        return 0;
    }
    let escaped = run.iter().take_while(|point| matches!(point, 0xDC80..=0xDCFF));
    let before = out.len();
    out.extend(escaped.map(|&point| point as u8));
    out.len() - before
}

/// The exception for a surrogate where only UTF-8 will do.
pub(in super::super) fn not_in_utf8(text: &Text, at: u64) -> Exception {
    let call = Encoding { handler: &Handler::Strict, encoding: "utf-8", reason: REASON, text };
    call.error(at as usize, at as usize + 1)
}
