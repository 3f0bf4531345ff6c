//! `TextIOWrapper`: reading.

use super::super::codec::find_unit;
use super::super::interrupt::{LOOK, check_interrupt};
use super::super::text::Width;
use super::super::{Exception, Newline, Text, Value};
use super::{Snapshot, TextIOWrapper};
use crate::buffer::{Buffer, Offset};

/// What looking for the end of a line finds.
enum LineEnd {
    /// Before this code point.
    At(u64),
    /// Not here; what comes before this code point belongs to the line, the rest may be half a line end.
    Not(u64),
}

/// A line that was found in what was read ahead.
enum NearLine<'a> {
    /// The first so many bytes of this run.
    Short(&'a [u8; Buffer::SHORT], usize),
    /// From one character of the chunk to another.
    Long(u64, u64),
}

/// The texts one after the other.
fn join(parts: &[Text]) -> Text {
    let mut filled = parts.iter().filter(|part| !part.is_empty());
    match (filled.next(), filled.next()) {
        (None, _) => return Text::default(),
        (Some(only), None) => return only.clone(),
        _ => {}
    }
    let width = parts.iter().map(Text::width).max().unwrap_or_default();
    let mut units = Buffer::new();
    for part in parts {
        let part = part.in_width(width).unwrap_or_default();
        match part.contiguous(Offset::ZERO) {
            Some(run) if run.len() as u64 == part.len().get() && run.len() < 1 << 16 => units.append(run),
            _ => units.append_buffer(&part),
        }
    }
    Text::from_units(width, units)
}

impl TextIOWrapper {
    /// Up to `count` of the characters read ahead, or all of them.
    fn take_decoded(&mut self, count: Option<u64>) -> Text {
        let Some(decoded) = &self.decoded else { return Text::default() };
        let start = self.used;
        let end = start.saturating_add(count.unwrap_or(u64::MAX)).min(decoded.len());
        self.used = end.max(start);
        if start == 0 && end == decoded.len() { decoded.clone() } else { decoded.slice(start, end) }
    }

    /// Reads and decodes a chunk, of more than the usual size where `wanted` characters need it; `false` at the end.
    fn read_chunk(&mut self, wanted: u64) -> Result<bool, Exception> {
        let under = self.under()?;
        let Some(decoder) = &self.decoder else { return Err(Exception::unsupported("not readable")) };
        let before = self.telling.then(|| {
            let (held, flags) = decoder.state();
            (held.to_vec(), flags)
        });
        let mut size = i64::try_from(self.chunk_size).unwrap_or(i64::MAX);
        let hint = self.ratio.max(1.0) * wanted as f64;
        // A hint that does not fit is no hint.
        if hint < i64::MAX as f64 {
            size = size.max(hint as i64);
        }
        let method = if self.has_read1 { "read1" } else { "read" };
        let chunk = match under.read(method, Some(size))? {
            Value::Bytes(chunk) => chunk,
            Value::ByteArray(array) => array.to_vec().into(),
            other => {
                let kind = other.type_name();
                let message = format!("underlying {method}() should have returned a bytes-like object, not '{kind}'");
                return Err(Exception::type_error(message));
            }
        };
        let at_end = chunk.is_empty();
        let Some(decoder) = &mut self.decoder else { return Ok(false) };
        let decoded = decoder.decode(&chunk, at_end)?;
        let len = decoded.len();
        self.decoded = Some(decoded);
        self.used = 0;
        self.ratio = if len > 0 { chunk.len().get() as f64 / len as f64 } else { 0.0 };
        if let Some((held, flags)) = before {
            let input = if held.is_empty() {
                chunk
            } else {
                let mut input = Buffer::from(held);
                input.append_buffer(&chunk);
                input
            };
            self.snapshot = Some(Snapshot { flags, input });
        }
        Ok(!at_end || len > 0)
    }

    /// `read(size)`; `None` reads to the end.
    pub fn read(&mut self, size: Option<u64>) -> Result<Text, Exception> {
        self.open()?;
        if self.decoder.is_none() {
            return Err(Exception::unsupported("not readable"));
        }
        self.write_pending()?;
        let Some(size) = size else { return self.read_all() };
        let first = self.take_decoded(Some(size));
        let mut remaining = size - first.len();
        if remaining == 0 {
            return Ok(first);
        }
        let mut parts = vec![first];
        while remaining > 0 && self.read_chunk(remaining)? {
            let part = self.take_decoded(Some(remaining));
            remaining -= part.len();
            parts.push(part);
        }
        Ok(join(&parts))
    }

    fn read_all(&mut self) -> Result<Text, Exception> {
        let bytes = match self.under()?.read("read", None)? {
            Value::Bytes(bytes) => bytes,
            other => return Err(self.not_bytes(&other)),
        };
        let Some(decoder) = &mut self.decoder else { return Err(Exception::unsupported("not readable")) };
        let rest = decoder.decode(&bytes, true)?;
        let ahead = self.take_decoded(None);
        self.forget_decoded();
        self.snapshot = None;
        Ok(if ahead.is_empty() { rest } else { join(&[ahead, rest]) })
    }

    /// What the decoders say of what is no `bytes`.
    fn not_bytes(&self, value: &Value) -> Exception {
        let kind = value.type_name();
        Exception::type_error(if self.codec.joins_bytes() {
            format!("can't concat {kind} to bytes")
        } else {
            format!("a bytes-like object is required, not '{kind}'")
        })
    }

    /// Where the line that begins at code point `start` of `text` ends.
    fn line_end(&self, text: &Text, start: u64) -> Result<LineEnd, Exception> {
        let width = text.width();
        let gathered;
        let units = match text.units().contiguous(Offset::ZERO) {
            Some(run) if run.len() as u64 == text.units().len().get() => run,
            _ => {
                gathered = text.units().to_vec_all()?;
                &gathered
            }
        };
        let from = (start * width.bytes()) as usize;
        let point = |at: usize| width.units_in(at as u64);
        let end = units.len();
        let found = match self.newline {
            Newline::Universal | Newline::Lf => find_unit(width, units, 10, from).map(|at| point(at) + 1),
            Newline::Cr => find_unit(width, units, 13, from).map(|at| point(at) + 1),
            Newline::UniversalUntranslated => {
                // The first of the two; a long text without one of them is not searched to its end for each line.
                let lf = find_unit(width, units, 10, from);
                let cr = find_unit(width, &units[..lf.unwrap_or(end)], 13, from);
                match (cr, lf) {
                    (Some(cr), Some(lf)) if lf == cr + width as usize => Some(point(lf) + 1),
                    (Some(at), _) | (None, Some(at)) => Some(point(at) + 1),
                    (None, None) => None,
                }
            }
            Newline::CrLf => return Ok(crlf(width, units, from)),
        };
        Ok(found.map_or(LineEnd::Not(point(end)), LineEnd::At))
    }

    /// `readline(size)`; `None` has no limit. What ends a line depends on the newline mode.
    #[inline]
    pub fn read_line(&mut self, size: Option<u64>) -> Result<Text, Exception> {
        self.open()?;
        if size.is_none() {
            // Made in place: a line that a call returns would be moved, and the move waits for its bytes.
            match self.near_line() {
                Some(NearLine::Short(front, len)) => return Ok(Text::from_latin1(Buffer::from_front(front, len))),
                Some(NearLine::Long(start, end)) => return Ok(self.decoded_slice(start, end)),
                None => {}
            }
        }
        self.read_any_line(size)
    }

    fn decoded_slice(&self, start: u64, end: u64) -> Text {
        self.decoded.as_ref().map(|decoded| decoded.slice(start, end)).unwrap_or_default()
    }

    /// A line that ends in what was read ahead, where line ends are single characters. It is passed over.
    #[inline]
    fn near_line(&mut self) -> Option<NearLine<'_>> {
        let end = match self.newline {
            Newline::Universal | Newline::Lf => b'\n',
            Newline::Cr => b'\r',
            Newline::UniversalUntranslated | Newline::CrLf => return None,
        };
        if self.pending.is_some() {
            return None;
        }
        let decoded = self.decoded.as_ref()?;
        let (start, width) = (self.used, decoded.width());
        let run = decoded.units().contiguous(Offset(start * width.bytes()))?;
        if width != Width::One {
            let len = width.units_in(find_unit(width, run, end, 0)? as u64) + 1;
            self.used = start + len;
            return Some(NearLine::Long(start, self.used));
        }
        let len = memchr::memchr(end, run)? + 1;
        self.used = start + len as u64;
        match run.first_chunk() {
            Some(front) if len <= Buffer::SHORT => Some(NearLine::Short(front, len)),
            _ => Some(NearLine::Long(start, self.used)),
        }
    }

    fn read_any_line(&mut self, size: Option<u64>) -> Result<Text, Exception> {
        self.write_pending()?;
        let limit = size.unwrap_or(u64::MAX);
        let mut parts = Vec::new();
        let mut gathered = 0;
        // The half of a line end that the last chunk ended with.
        let mut rest = Text::default();
        let last = loop {
            let mut more = true;
            while more && self.decoded.as_ref().is_none_or(Text::is_empty) {
                more = self.read_chunk(0)?;
            }
            let Some(decoded) = self.decoded.clone().filter(|_| more) else {
                self.forget_decoded();
                self.snapshot = None;
                break Text::default();
            };
            let (line, start, before) = if rest.is_empty() {
                (decoded, self.used, 0)
            } else {
                let before = rest.len();
                (join(&[std::mem::take(&mut rest), decoded]), 0, before)
            };
            let (end, complete) = match self.line_end(&line, start)? {
                LineEnd::At(end) => (end, true),
                LineEnd::Not(end) => (end, false),
            };
            let reaches = gathered + (end - start) >= limit;
            if complete || reaches {
                let end = if reaches { start + limit - gathered } else { end };
                // A limit can end the line within what the chunk before had.
                self.used = end.saturating_sub(before);
                break line.slice(start, end);
            }
            if end > start {
                parts.push(line.slice(start, end));
                gathered += end - start;
            }
            if end < line.len() {
                rest = line.slice(end, line.len());
            }
            self.forget_decoded();
        };
        if parts.is_empty() && rest.is_empty() {
            return Ok(last);
        }
        parts.push(rest);
        parts.push(last);
        Ok(join(&parts))
    }

    /// `next()`: the next line; `None` at the end. `tell` does not work before that.
    #[inline]
    pub fn next_line(&mut self) -> Result<Option<Text>, Exception> {
        self.begin_next()?;
        match self.near_line() {
            Some(NearLine::Short(front, len)) => Ok(Some(Text::from_latin1(Buffer::from_front(front, len)))),
            Some(NearLine::Long(start, end)) => Ok(Some(self.decoded_slice(start, end))),
            None => self.next_far_line(),
        }
    }

    #[inline]
    fn begin_next(&mut self) -> Result<(), Exception> {
        self.attached()?;
        self.telling = false;
        self.open().map(|_| ())
    }

    fn next_far_line(&mut self) -> Result<Option<Text>, Exception> {
        let line = self.read_any_line(None)?;
        if line.is_empty() {
            self.snapshot = None;
            self.telling = self.seekable;
            return Ok(None);
        }
        Ok(Some(line))
    }

    /// The lines from here on: Python's iteration.
    pub fn iter_lines(&mut self) -> WrapperLines<'_> {
        WrapperLines { stream: self }
    }

    /// `readlines(hint)`: the lines up to and with the one that makes their total exceed `hint`; `None` or 0 reads all.
    pub fn read_lines(&mut self, hint: Option<u64>) -> Result<Vec<Text>, Exception> {
        let hint = hint.filter(|&hint| hint > 0).unwrap_or(u64::MAX);
        let (mut lines, mut total) = (Vec::new(), 0);
        while let Some(line) = self.next_line()? {
            if lines.len().is_multiple_of(LOOK) {
                check_interrupt()?;
            }
            let len = line.len();
            lines.push(line);
            if len > hint - total {
                break;
            }
            total += len;
        }
        Ok(lines)
    }
}

fn crlf(width: Width, units: &[u8], start: usize) -> LineEnd {
    let size = width as usize;
    let point = |at: usize| width.units_in(at as u64);
    let mut from = start;
    while let Some(cr) = find_unit(width, units, 13, from) {
        let next = cr + size;
        if next >= units.len() {
            return LineEnd::Not(point(cr));
        }
        if find_unit(width, &units[..next + size], 10, next).is_some() {
            return LineEnd::At(point(next) + 1);
        }
        from = next;
    }
    LineEnd::Not(point(units.len()))
}

/// The lines of a [`TextIOWrapper`] from where it stands; after an error there may be more.
#[derive(Debug)]
pub struct WrapperLines<'a> {
    stream: &'a mut TextIOWrapper,
}

impl Iterator for WrapperLines<'_> {
    type Item = Result<Text, Exception>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        // As in `next_line`, but made where the iterator's caller wants it.
        if let Err(exception) = self.stream.begin_next() {
            return Some(Err(exception));
        }
        match self.stream.near_line() {
            Some(NearLine::Short(front, len)) => Some(Ok(Text::from_latin1(Buffer::from_front(front, len)))),
            Some(NearLine::Long(start, end)) => Some(Ok(self.stream.decoded_slice(start, end))),
            None => self.stream.next_far_line().transpose(),
        }
    }
}
