//! `io.StringIO`: the typed interface.

use std::sync::OnceLock;

use super::bytes_io::POSITION_MAX;
use super::interrupt::{LOOK, check_interrupt};
use super::store::{LineEnd, Store};
use super::text::{Width, widen_buffer};
use super::{Exception, ExceptionKind, Newline, SeenNewlines, Text, Whence};
use crate::buffer::{Buffer, ByteRange, Offset};

/// CPython counts 4 bytes a code point; a text that could not have as many bytes in its address space is too large.
const SIZE_MAX: u64 = (u64::MAX / 4) - 2;

/// The longest gap a write past the end fills: more memory than a `StringIO` of CPython could get for it.
const GAP_MAX: u64 = 1 << 32;

/// Texts of at most this many bytes are copied into the stream, longer ones share their memory with it.
const SHORT: usize = 1024;

/// An in-memory stream of code points with Python's `io.StringIO` rules.
///
/// Positions and sizes count code points. A stream takes 1 byte a code point as long as all are below U+0100, then 2 or 4.
///
/// ```
/// use seektell::stream::{Newline, StringIO, Text};
///
/// let mut stream = StringIO::new("one\ntwo\n", Newline::CrLf);
/// assert_eq!(stream.read_line(None)?, Text::from("one\r\n"));
/// assert_eq!(stream.tell()?, 5);
/// # Ok::<(), seektell::stream::Exception>(())
/// ```
#[derive(Debug, Default)]
pub struct StringIO {
    store: Store,
    width: Width,
    position: u64,
    closed: bool,
    newline: Newline,
    seen: SeenNewlines,
    /// The content as a text, made when it is asked for; dropped by the next change.
    text: OnceLock<Text>,
    /// Whether nothing may change it.
    protected: bool,
}

/// All of a [`StringIO`] at one moment; cheap to take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextState {
    /// The content, in code points.
    pub value: Text,
    /// The cursor in code points; may stand past the end.
    pub position: u64,
    /// Whether the stream is closed.
    pub closed: bool,
    /// The newline mode.
    pub newline: Newline,
    /// The line ends written so far, in the universal modes.
    pub seen: SeenNewlines,
}

impl StringIO {
    /// A stream holding `initial` (translated as `write` does), cursor at 0.
    pub fn new(initial: impl Into<Text>, newline: Newline) -> Self {
        let initial = initial.into();
        let mut stream = Self { newline, ..Self::default() };
        let text = newline.translate(&initial, &mut stream.seen).unwrap_or(initial);
        stream.hold(&text);
        stream
    }

    fn hold(&mut self, text: &Text) {
        self.text = OnceLock::new();
        self.width = text.least_width();
        self.store = Store::new(text.in_width(self.width).unwrap_or_default());
    }

    /// The whole state, in constant time but for what was written since the last call.
    pub fn state(&self) -> TextState {
        TextState {
            value: self.value().clone(),
            position: self.position,
            closed: self.closed,
            newline: self.newline,
            seen: self.seen,
        }
    }

    /// Puts an earlier state back.
    pub fn restore(&mut self, state: &TextState) {
        self.text = OnceLock::new();
        self.width = state.value.width();
        self.store = Store::new(state.value.units().clone());
        self.position = state.position;
        self.closed = state.closed;
        self.newline = state.newline;
        self.seen = state.seen;
    }

    /// Says whether changes are refused, as [`BytesIO::set_protected`](super::BytesIO::set_protected) does.
    pub fn set_protected(&mut self, protected: bool) {
        self.protected = protected;
    }

    /// Whether changes are refused.
    pub fn is_protected(&self) -> bool {
        self.protected
    }

    #[inline]
    pub(super) fn check_protected(&self) -> Result<(), Exception> {
        if self.protected { Err(Exception::protected()) } else { Ok(()) }
    }

    /// The content, without the closed check of `getvalue`.
    pub fn value(&self) -> &Text {
        self.text.get_or_init(|| Text::from_units(self.width, self.store.as_buffer().clone()))
    }

    /// How many code points the stream holds; 0 when closed.
    #[inline]
    pub fn len(&self) -> u64 {
        self.width.units_in(self.store.len())
    }

    /// Whether the stream holds nothing.
    pub fn is_empty(&self) -> bool {
        self.store.len() == 0
    }

    /// The cursor, without the closed check of `tell`.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Whether `close` was called.
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// The newline mode.
    pub fn newline(&self) -> Newline {
        self.newline
    }

    /// The line ends written so far: Python's `newlines`, without its closed check.
    pub fn seen_newlines(&self) -> SeenNewlines {
        self.seen
    }

    #[inline]
    pub(super) fn check_open(&self) -> Result<(), Exception> {
        if self.closed { Err(closed()) } else { Ok(()) }
    }

    /// `read(size)`; `None` reads to the end.
    #[inline]
    pub fn read(&mut self, size: Option<u64>) -> Result<Text, Exception> {
        self.check_open()?;
        let start = self.position;
        let end = start.saturating_add(size.unwrap_or(u64::MAX)).min(self.len());
        let width = self.width.bytes();
        // Made in place here, as in `BytesIO::read`.
        if start < end
            && let Some(front) = self.store.front(start * width, end * width)
        {
            self.position = end;
            return Ok(Text::from_units(self.width, Buffer::from_front(front, ((end - start) * width) as usize)));
        }
        Ok(self.take(start, end))
    }

    /// The code points from `start` up to `end`, which is not past the end; moves the cursor.
    fn take(&mut self, start: u64, end: u64) -> Text {
        if start >= end {
            return Text::default();
        }
        self.position = end;
        let width = self.width.bytes();
        Text::from_units(self.width, self.store.read(start * width, end * width))
    }

    /// `readline(size)`; `None` has no limit. What ends a line depends on the newline mode.
    #[inline]
    pub fn read_line(&mut self, size: Option<u64>) -> Result<Text, Exception> {
        self.check_open()?;
        let start = self.position;
        let limit = start.saturating_add(size.unwrap_or(u64::MAX)).min(self.len());
        if start >= limit {
            return Ok(Text::default());
        }
        if self.newline == Newline::Lf
            && self.width == Width::One
            && let Some((line, len)) = self.store.short_line(start, limit)?
        {
            self.position = start + len as u64;
            return Ok(Text::from_units(Width::One, Buffer::from_front(line, len)));
        }
        let (end, width) = (self.line_end(start, limit)?, self.width.bytes());
        if let Some(front) = self.store.front(start * width, end * width) {
            self.position = end;
            return Ok(Text::from_units(self.width, Buffer::from_front(front, ((end - start) * width) as usize)));
        }
        Ok(self.take(start, end))
    }

    /// Where the line that begins at `start` ends; `limit` where it has no end before.
    #[inline]
    fn line_end(&mut self, start: u64, limit: u64) -> Result<u64, Exception> {
        let width = self.width.bytes();
        let (first, last) = (start * width, limit * width);
        let found = match self.newline {
            Newline::Universal | Newline::Lf => self.store.find(LineEnd::Lf, width, first, last)?,
            Newline::Cr => self.store.find(LineEnd::Cr, width, first, last)?,
            Newline::UniversalUntranslated => {
                let found = self.store.find(LineEnd::Any, width, first, last)?;
                let next = |at: u64| at + width;
                match found {
                    Some(at) if next(at) < last && self.unit(at)? == 13 && self.unit(next(at))? == 10 => Some(next(at)),
                    found => found,
                }
            }
            Newline::CrLf => {
                let mut from = first;
                loop {
                    match self.store.find(LineEnd::Lf, width, from, last)? {
                        Some(at) if at > first && self.unit(at - width)? == 13 => break Some(at),
                        Some(at) => from = at + width,
                        None => break None,
                    }
                }
            }
        };
        Ok(found.map_or(limit, |at| self.width.units_in(at) + 1))
    }

    /// The code point whose unit begins at byte `at`.
    fn unit(&mut self, at: u64) -> Result<u32, Exception> {
        let mut unit = [0; 4];
        let width = self.width as usize;
        let run = self.store.run_at(at)?;
        match run.get(..width) {
            Some(run) => unit[..width].copy_from_slice(run),
            None => {
                self.store.read_into(at, &mut unit[..width])?;
            }
        }
        Ok(u32::from_le_bytes(unit))
    }

    /// `readlines(hint)`: the lines up to and with the one that makes their total exceed `hint`; `None` or 0 reads all.
    pub fn read_lines(&mut self, hint: Option<u64>) -> Result<Vec<Text>, Exception> {
        let hint = hint.filter(|&hint| hint > 0).unwrap_or(u64::MAX);
        let (mut lines, mut total) = (Vec::new(), 0);
        while total <= hint {
            if lines.len().is_multiple_of(LOOK) {
                check_interrupt()?;
            }
            let line = self.read_line(None)?;
            if line.is_empty() {
                break;
            }
            total += line.len();
            lines.push(line);
        }
        Ok(lines)
    }

    /// The lines from the cursor on, which moves along: Python's iteration.
    pub fn iter_lines(&mut self) -> TextLines<'_> {
        TextLines { stream: self }
    }

    /// `write(text)`: overwrites at the cursor, grows at the end, fills a gap with U+0000. Returns the code points of the
    /// argument, whatever the newline mode makes of it.
    #[inline]
    pub fn write(&mut self, text: &Text) -> Result<u64, Exception> {
        // What most writes are: a short text, as it is, behind the last one.
        if self.newline == Newline::Lf
            && text.width() == self.width
            && self.position == self.len()
            && self.position < GAP_MAX
            && !(self.closed || self.protected)
            && let Some(units) = text.units().contiguous(Offset::ZERO)
            && units.len() <= SHORT
            && units.len() as u64 == text.units().len().get()
        {
            let len = self.width.units_in(units.len() as u64);
            self.put_units(units, self.position + len);
            return Ok(len);
        }
        self.write_any(text)
    }

    fn write_any(&mut self, text: &Text) -> Result<u64, Exception> {
        self.check_open()?;
        self.check_protected()?;
        let len = text.len();
        if len > 0 {
            if self.newline == Newline::Lf {
                self.put(text)?;
            } else {
                let mut seen = self.seen;
                let translated = self.newline.translate(text, &mut seen);
                self.seen = seen;
                self.put(translated.as_ref().unwrap_or(text))?;
            }
        }
        Ok(len)
    }

    /// [`StringIO::write`] of a Rust string.
    #[inline]
    pub fn write_str(&mut self, text: &str) -> Result<u64, Exception> {
        let other = self.closed || self.protected || self.newline != Newline::Lf || self.width != Width::One;
        if other || text.is_empty() || !text.is_ascii() {
            return self.write(&Text::from(text));
        }
        let end = self.end_of_write(text.len() as u64)?;
        self.put_units(text.as_bytes(), end);
        Ok(text.len() as u64)
    }

    #[inline]
    fn put_units(&mut self, units: &[u8], end: u64) {
        if self.text.get().is_some() {
            self.text = OnceLock::new();
        }
        self.store.write(self.position * self.width.bytes(), units);
        self.position = end;
    }

    #[inline]
    fn put(&mut self, text: &Text) -> Result<(), Exception> {
        let end = self.end_of_write(text.len())?;
        // Short texts are copied, so that the stream's memory stays in one run.
        if text.width() == self.width
            && let Some(units) = text.units().contiguous(Offset::ZERO)
            && units.len() as u64 == text.units().len().get()
            && units.len() <= SHORT
        {
            self.put_units(units, end);
            return Ok(());
        }
        let units = self.in_own_width(text);
        self.text = OnceLock::new();
        self.store.write_buffer(self.position * self.width.bytes(), &units);
        self.position = end;
        Ok(())
    }

    /// The units of `text` in the stream's width, which grows where it must.
    fn in_own_width(&mut self, text: &Text) -> Buffer {
        if text.width() > self.width {
            let width = text.least_width();
            if width > self.width {
                self.text = OnceLock::new();
                let units = self.store.take();
                self.store = Store::new(widen_buffer(&units, self.width, width));
                self.width = width;
            }
        }
        text.in_width(self.width).unwrap_or_default()
    }

    /// Where a write of `len` code points at the cursor ends.
    #[inline]
    fn end_of_write(&self, len: u64) -> Result<u64, Exception> {
        let end = self.position.saturating_add(len);
        if end > self.len() {
            if end > POSITION_MAX {
                return Err(Exception::overflow("new position too large"));
            }
            if end > SIZE_MAX {
                return Err(Exception::overflow("new buffer size too large"));
            }
            if self.position.saturating_sub(self.len()) > GAP_MAX {
                return Err(Exception::new(ExceptionKind::Memory, ""));
            }
        }
        Ok(end)
    }

    /// `writelines(lines)`: writes each; what came before a failing one stays written.
    pub fn write_lines<'a>(&mut self, lines: impl IntoIterator<Item = &'a Text>) -> Result<(), Exception> {
        self.check_open()?;
        lines.into_iter().try_for_each(|line| self.write(line).map(|_| ()))
    }

    /// `seek(offset, whence)`: moves the cursor, past the end too. Relative to the cursor or the end only 0 is allowed.
    #[inline]
    pub fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Exception> {
        self.check_open()?;
        self.position = match whence {
            Whence::Start => {
                u64::try_from(offset).map_err(|_| Exception::value_error(format!("Negative seek position {offset}")))?
            }
            _ if offset != 0 => return Err(Exception::new(ExceptionKind::Os, "Can't do nonzero cur-relative seeks")),
            Whence::Current => self.position,
            Whence::End => self.len(),
        };
        Ok(self.position)
    }

    /// `tell()`.
    #[inline]
    pub fn tell(&self) -> Result<u64, Exception> {
        self.check_open()?;
        Ok(self.position)
    }

    /// `truncate(size)`; `None` cuts at the cursor. Never grows, never moves the cursor. Returns the size asked for.
    pub fn truncate(&mut self, size: Option<i64>) -> Result<u64, Exception> {
        self.check_open()?;
        self.check_protected()?;
        let size = match size {
            None => self.position,
            Some(size) => u64::try_from(size).map_err(|_| Exception::value_error(format!("Negative size value {size}")))?,
        };
        if size < self.len() {
            self.text = OnceLock::new();
            self.store.truncate(size * self.width.bytes());
        }
        Ok(size)
    }

    /// `getvalue()`: shares the stream's memory.
    #[inline]
    pub fn getvalue(&self) -> Result<Text, Exception> {
        self.check_open()?;
        Ok(self.value().clone())
    }

    /// `close()`: discards the content. Closing again does nothing.
    pub fn close(&mut self) -> Result<(), Exception> {
        if !self.closed {
            self.check_protected()?;
        }
        *self = Self { closed: true, newline: self.newline, protected: self.protected, ..Self::default() };
        Ok(())
    }

    /// An edit that Python's stream does not have: code points `start..end` (both cut to the text) become `with`,
    /// untranslated, and the cursor is set.
    pub fn edit(&mut self, start: u64, end: u64, with: &Text, cursor: u64) -> Result<(), Exception> {
        self.check_open()?;
        self.check_protected()?;
        let len = self.len();
        let (start, end) = (start.min(len), end.min(len).max(start.min(len)));
        if len - (end - start) + with.len() > SIZE_MAX {
            return Err(Exception::overflow("new buffer size too large"));
        }
        let units = self.in_own_width(with);
        self.text = OnceLock::new();
        let width = self.width.bytes();
        let range = ByteRange::between(Offset(start * width), Offset(end * width));
        self.store.edit(|value| value.replace(range, &units));
        self.position = cursor.min(POSITION_MAX);
        Ok(())
    }
}

#[cold]
fn closed() -> Exception {
    Exception::value_error("I/O operation on closed file")
}

/// The lines of a [`StringIO`] from its cursor on; after an error there are no more.
#[derive(Debug)]
pub struct TextLines<'a> {
    stream: &'a mut StringIO,
}

impl Iterator for TextLines<'_> {
    type Item = Result<Text, Exception>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        // Asked before, not by looking at the line: it is then made where the caller wants it, and never moved.
        let at_end = self.stream.position >= self.stream.len() && !self.stream.closed;
        if at_end { None } else { Some(self.stream.read_line(None)) }
    }
}
