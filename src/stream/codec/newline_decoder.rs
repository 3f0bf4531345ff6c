//! `io.IncrementalNewlineDecoder`: line ends of a text that comes in pieces.

use super::super::text::Width;
use super::super::{Exception, SeenNewlines, Text};
use super::{Decoder, units_of};
use crate::buffer::Buffer;

/// Where the next unit for `point`, which is below U+0080, stands in `units`, from byte `from` on.
#[inline]
pub(in super::super) fn find_unit(width: Width, units: &[u8], point: u8, from: usize) -> Option<usize> {
    let size = width as usize;
    let mut at = from;
    loop {
        at += memchr::memchr(point, units.get(at..)?)?;
        if size == 1 || (at.is_multiple_of(size) && units[at + 1..at + size].iter().all(|&byte| byte == 0)) {
            return Some(at);
        }
        at += 1;
    }
}

/// Python's `io.IncrementalNewlineDecoder`: remembers which line ends there were, and makes them `\n` where it is told to. A `\r` at
/// the end of a piece waits for the next one, which may begin with `\n`.
#[derive(Clone, Debug)]
pub struct NewlineDecoder {
    decoder: Option<Decoder>,
    translate: bool,
    pending_cr: bool,
    seen: SeenNewlines,
}

impl NewlineDecoder {
    /// Over a decoder of bytes, or over nothing: then it takes text.
    pub fn new(decoder: Option<Decoder>, translate: bool) -> Self {
        Self { decoder, translate, pending_cr: false, seen: SeenNewlines::default() }
    }

    /// The decoder under it.
    pub fn decoder(&self) -> Option<&Decoder> {
        self.decoder.as_ref()
    }

    /// `decode(input, final)` of bytes. Without a decoder they are taken as Latin-1, which Python does not allow.
    pub fn decode(&mut self, input: &Buffer, last: bool) -> Result<Text, Exception> {
        let text = match &mut self.decoder {
            Some(decoder) => {
                let text = decoder.decode(input, last)?;
                if decoder.no_cr && !self.pending_cr {
                    self.seen.lf = self.seen.lf || text.has_ascii(b'\n');
                    return Ok(text);
                }
                text
            }
            None => Text::from_latin1(input.to_vec_all()?.into()),
        };
        self.decode_text(text, last)
    }

    /// What becomes of a piece of text: `decode(input, final)` where there is no decoder.
    pub fn decode_text(&mut self, text: Text, last: bool) -> Result<Text, Exception> {
        let mut text = text;
        if self.pending_cr && (last || !text.is_empty()) {
            let mut units = Buffer::new();
            let mut cr = Vec::new();
            text.width().push(&mut cr, 13);
            units.append(&cr);
            units.append_buffer(text.units());
            text = Text::from_units(text.width(), units);
            self.pending_cr = false;
        }
        let len = text.len();
        if len == 0 {
            return Ok(text);
        }
        let width = text.width();
        let units = units_of(&text)?;
        if !last && units[units.len() - width as usize] == 13 && text.get(len - 1) == Some(13) {
            self.pending_cr = true;
            let shorter = text.slice(0, len - 1);
            return Ok(self.pass(width, &units[..units.len() - width as usize]).unwrap_or(shorter));
        }
        let translated = self.pass(width, &units);
        drop(units);
        Ok(translated.unwrap_or(text))
    }

    /// Remembers a `\n` in units that have no `\r`.
    #[inline]
    fn note_lf(&mut self, width: Width, units: &[u8]) {
        self.seen.lf = self.seen.lf || find_unit(width, units, 10, 0).is_some();
    }

    /// Remembers the line ends; the translated text where something changes.
    fn pass(&mut self, width: Width, units: &[u8]) -> Option<Text> {
        let size = width as usize;
        let Some(first) = find_unit(width, units, 13, 0) else {
            self.note_lf(width, units);
            return None;
        };
        if !self.translate {
            self.note(width, units, first);
            return None;
        }
        let mut out = Vec::with_capacity(units.len());
        let (mut from, mut next) = (0, Some(first));
        while let Some(cr) = next {
            let run = &units[from..cr];
            self.note_lf(width, run);
            out.extend_from_slice(run);
            width.push(&mut out, 10);
            from = cr + size;
            if is_lf(width, units, from) {
                self.seen.crlf = true;
                from += size;
            } else {
                self.seen.cr = true;
            }
            next = find_unit(width, units, 13, from);
        }
        let run = &units[from..];
        self.note_lf(width, run);
        out.extend_from_slice(run);
        Some(Text::from_units(width, out.into()))
    }

    /// Remembers the line ends until all three kinds were there; `first` is the first `\r`.
    fn note(&mut self, width: Width, units: &[u8], first: usize) {
        let size = width as usize;
        let (mut from, mut next) = (0, Some(first));
        while let Some(cr) = next {
            self.note_lf(width, &units[from..cr]);
            from = cr + size;
            if is_lf(width, units, from) {
                self.seen.crlf = true;
                from += size;
            } else {
                self.seen.cr = true;
            }
            if self.seen.lf && self.seen.cr && self.seen.crlf {
                return;
            }
            next = find_unit(width, units, 13, from);
        }
        self.note_lf(width, &units[from..]);
    }

    /// `getstate()`: the bytes that the decoder holds back, and its number with the waiting `\r` in the lowest bit.
    pub fn state(&self) -> (&[u8], u64) {
        let (held, flags) = self.decoder.as_ref().map_or((&[][..], 0), Decoder::state);
        (held, flags << 1 | u64::from(self.pending_cr))
    }

    /// `setstate((held, flags))`
    pub fn set_state(&mut self, held: &[u8], flags: u64) {
        self.pending_cr = flags & 1 == 1;
        if let Some(decoder) = &mut self.decoder {
            decoder.set_state(held, flags >> 1);
        }
    }

    /// `reset()`
    pub fn reset(&mut self) {
        self.seen = SeenNewlines::default();
        self.pending_cr = false;
        if let Some(decoder) = &mut self.decoder {
            decoder.reset();
        }
    }

    pub(in super::super) fn set_seen(&mut self, seen: SeenNewlines) {
        self.seen = seen;
    }

    /// The line ends that there were: Python's `newlines`.
    pub fn seen(&self) -> SeenNewlines {
        self.seen
    }
}

fn is_lf(width: Width, units: &[u8], at: usize) -> bool {
    let mut lf = [0; 4];
    lf[0] = 10;
    let size = width as usize;
    units.get(at..at + size).is_some_and(|unit| *unit == lf[..size])
}
