//! `io.BytesIO`: the typed interface.

use std::sync::Arc;

use super::interrupt::{LOOK, check_interrupt};
use super::memory::{Export, Lent, lock};
use super::store::{LineEnd, Store};
use super::{Exception, View, Whence};
use crate::buffer::{Buffer, ByteRange, Len, Offset};

/// The largest position and size, as in CPython on 64 bits.
pub(super) const POSITION_MAX: u64 = i64::MAX as u64;

/// Buffers of at most this many bytes are copied into the stream, longer ones share their memory with it.
const SHORT: u64 = 1024;

/// An in-memory stream of bytes with Python's `io.BytesIO` rules.
///
/// Every method fails with CPython's exception: on a closed stream with `ValueError`, where the size would change while a view
/// of the content exists with `BufferError`.
///
/// ```
/// use seektell::stream::{BytesIO, Whence};
///
/// let mut stream = BytesIO::new(b"Hello World");
/// stream.seek(6, Whence::Start)?;
/// stream.write(b"there")?;
/// assert_eq!(stream.tell()?, 11);
/// assert_eq!(stream.getvalue()?.to_vec_all().unwrap(), b"Hello there");
/// # Ok::<(), seektell::stream::Exception>(())
/// ```
#[derive(Debug, Default)]
pub struct BytesIO {
    store: Store,
    position: u64,
    closed: bool,
    /// Where the content is while views look at it; `store` is empty then.
    export: Option<Arc<Export>>,
    /// What views still look at since before `__init__` was called again; only where `export` is there as well.
    outlived: Vec<Arc<Export>>,
    lent: Lent,
    /// Whether nothing may change it.
    protected: bool,
}

/// All of a [`BytesIO`] at one moment; cheap to take, what undo and the timeline keep.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BytesState {
    /// The content.
    pub value: Buffer,
    /// The cursor; may stand past the end.
    pub position: Offset,
    /// Whether the stream is closed (its content is gone then).
    pub closed: bool,
}

impl BytesIO {
    /// A stream holding `initial`, cursor at 0.
    pub fn new(initial: impl Into<Buffer>) -> Self {
        Self { store: Store::new(initial.into()), ..Self::default() }
    }

    /// The whole state, in constant time.
    pub fn state(&self) -> BytesState {
        BytesState { value: self.snapshot(), position: Offset(self.position), closed: self.closed }
    }

    /// Puts an earlier state back (undo, timeline). Open views are not asked: they keep what they look at, and the stream
    /// is no longer locked by them.
    pub fn restore(&mut self, state: &BytesState) {
        self.export = None;
        self.outlived.clear();
        self.lent.clear();
        self.store = Store::new(state.value.clone());
        self.position = state.position.get();
        self.closed = state.closed;
    }

    /// Says whether changes are refused, which Python's stream does not have: writes, cuts, `close` and `__init__` raise
    /// `io.UnsupportedOperation` then, and views of the content are read-only. [`BytesIO::restore`] goes on working.
    pub fn set_protected(&mut self, protected: bool) {
        self.protected = protected;
    }

    /// Whether changes are refused.
    pub fn is_protected(&self) -> bool {
        self.protected
    }

    /// The content, without the closed check of `getvalue`; empty when closed.
    pub fn value(&self) -> &Buffer {
        match &self.export {
            None => self.store.as_buffer(),
            Some(export) => self.lent.lend(&lock(&export.content)),
        }
    }

    fn snapshot(&self) -> Buffer {
        match &self.export {
            None => self.store.as_buffer().clone(),
            Some(export) => lock(&export.content).clone(),
        }
    }

    /// How many bytes the stream holds; 0 when closed.
    #[inline]
    pub fn len(&self) -> Len {
        match &self.export {
            None => Len(self.store.len()),
            Some(export) => lock(&export.content).len(),
        }
    }

    /// Whether the stream holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len().is_zero()
    }

    /// The cursor, without the closed check of `tell`.
    pub fn position(&self) -> Offset {
        Offset(self.position)
    }

    /// Whether `close` was called.
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// Whether a view of the content exists, so that nothing may change its size.
    pub fn is_exported(&self) -> bool {
        self.export.iter().chain(&self.outlived).any(|export| Arc::strong_count(export) > 1)
    }

    #[inline]
    pub(super) fn check_open(&self) -> Result<(), Exception> {
        if self.closed { Err(closed()) } else { Ok(()) }
    }

    /// Refuses a change of a protected stream, and while a view exists.
    #[inline]
    pub(super) fn check_changes(&mut self) -> Result<(), Exception> {
        if self.protected {
            return Err(Exception::protected());
        }
        self.check_exports()
    }

    /// Refuses while a view exists, and takes the content back once none does.
    #[inline]
    pub(super) fn check_exports(&mut self) -> Result<(), Exception> {
        if self.export.is_some() { self.end_export() } else { Ok(()) }
    }

    #[cold]
    fn end_export(&mut self) -> Result<(), Exception> {
        if self.is_exported() {
            return Err(Exception::exported());
        }
        if let Some(export) = self.export.take() {
            self.outlived.clear();
            self.lent.clear();
            self.store = Store::new(std::mem::take(&mut *lock(&export.content)));
        }
        Ok(())
    }

    /// Works on the content and the cursor, wherever the content is.
    fn reading<R>(&mut self, work: impl FnOnce(&mut Store, &mut u64) -> R) -> R {
        let Some(export) = &self.export else {
            return work(&mut self.store, &mut self.position);
        };
        let mut content = lock(&export.content);
        let mut store = Store::new(std::mem::take(&mut *content));
        let result = work(&mut store, &mut self.position);
        *content = store.take();
        result
    }

    /// `read(size)`; `None` reads to the end. The result shares the stream's memory.
    #[inline]
    pub fn read(&mut self, size: Option<u64>) -> Result<Buffer, Exception> {
        self.check_open()?;
        if self.export.is_some() {
            return Ok(self.reading(|store, position| read(store, position, size)));
        }
        let start = self.position;
        let end = start.saturating_add(size.unwrap_or(u64::MAX)).min(self.store.len());
        // Made in place here: a buffer that a call returns would be moved, and the move waits for its bytes.
        if start < end
            && let Some(front) = self.store.front(start, end)
        {
            self.position = end;
            return Ok(Buffer::from_front(front, (end - start) as usize));
        }
        Ok(read(&mut self.store, &mut self.position, size))
    }

    /// `read1(size)`: the same as [`BytesIO::read`].
    #[inline]
    pub fn read1(&mut self, size: Option<u64>) -> Result<Buffer, Exception> {
        self.read(size)
    }

    /// `readinto(out)`: copies bytes from the cursor on and returns how many there were.
    #[inline]
    pub fn read_into(&mut self, out: &mut [u8]) -> Result<usize, Exception> {
        self.check_open()?;
        self.reading(|store, position| {
            let n = store.read_into(*position, out)?;
            *position += n as u64;
            Ok(n)
        })
    }

    /// `readline(size)`; `None` has no limit. Empty only at the end or for a limit of 0.
    #[inline]
    pub fn read_line(&mut self, size: Option<u64>) -> Result<Buffer, Exception> {
        self.check_open()?;
        if self.export.is_some() {
            return self.reading(|store, position| read_line(store, position, size));
        }
        // Made in place, as in `BytesIO::read`, and the run is looked up once.
        let start = self.position;
        let limit = start.saturating_add(size.unwrap_or(u64::MAX)).min(self.store.len());
        if start < limit
            && let Some((line, len)) = self.store.short_line(start, limit)?
        {
            self.position = start + len as u64;
            return Ok(Buffer::from_front(line, len));
        }
        read_line(&mut self.store, &mut self.position, size)
    }

    /// `readlines(hint)`: the lines up to and with the one that makes their total reach `hint`; `None` or 0 reads all.
    pub fn read_lines(&mut self, hint: Option<u64>) -> Result<Vec<Buffer>, Exception> {
        let hint = hint.filter(|&hint| hint > 0).unwrap_or(u64::MAX);
        let (mut lines, mut total) = (Vec::new(), 0);
        while total < hint {
            if lines.len().is_multiple_of(LOOK) {
                check_interrupt()?;
            }
            // A short line is made where it stays.
            if self.export.is_none()
                && let Some((line, len)) = self.store.short_line(self.position, self.store.len())?
            {
                self.position += len as u64;
                total += len as u64;
                lines.push(Buffer::from_front(line, len));
                continue;
            }
            let line = self.read_line(None)?;
            if line.is_empty() {
                break;
            }
            total += line.len().get();
            lines.push(line);
        }
        Ok(lines)
    }

    /// The lines from the cursor on, which moves along: Python's iteration.
    pub fn iter_lines(&mut self) -> Lines<'_> {
        Lines { stream: self }
    }

    /// Whether reading gives nothing; not so for a closed stream, where it fails.
    #[inline]
    fn is_at_end(&self) -> bool {
        self.position >= self.len().get() && !self.closed
    }

    /// `write(bytes)`: overwrites at the cursor, grows at the end, fills a gap with zeros. Returns the length of `bytes`.
    #[inline]
    pub fn write(&mut self, bytes: &[u8]) -> Result<usize, Exception> {
        self.check_open()?;
        self.check_changes()?;
        if !bytes.is_empty() {
            let end = end_of_write(self.position, bytes.len() as u64)?;
            self.store.write(self.position, bytes);
            self.position = end;
        }
        Ok(bytes.len())
    }

    /// `write` of a buffer, sharing its memory.
    pub fn write_buffer(&mut self, bytes: &Buffer) -> Result<u64, Exception> {
        self.check_open()?;
        self.check_changes()?;
        let len = bytes.len().get();
        if len <= SHORT {
            // In one run nearly always; else gathered.
            let gathered;
            let run = match bytes.contiguous(Offset::ZERO) {
                Some(run) if run.len() as u64 == len => run,
                _ => {
                    gathered = bytes.to_vec_all()?;
                    &gathered
                }
            };
            return self.write(run).map(|n| n as u64);
        }
        let end = end_of_write(self.position, len)?;
        self.store.write_buffer(self.position, bytes);
        self.position = end;
        Ok(len)
    }

    /// `writelines(lines)`: writes each; what came before a failing one stays written. Nothing is put between them.
    pub fn write_lines<T: AsRef<[u8]>>(&mut self, lines: impl IntoIterator<Item = T>) -> Result<(), Exception> {
        self.check_open()?;
        lines.into_iter().try_for_each(|line| self.write(line.as_ref()).map(|_| ()))
    }

    /// `seek(offset, whence)`: moves the cursor, past the end too, and returns where it is. Relative to the cursor or the end,
    /// a place before the start becomes 0.
    #[inline]
    pub fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Exception> {
        self.check_open()?;
        let base = match whence {
            Whence::Start if offset < 0 => return Err(Exception::value_error(format!("negative seek value {offset}"))),
            Whence::Start => 0,
            Whence::Current => self.position,
            Whence::End => self.len().get(),
        };
        let position = if offset < 0 { base.saturating_sub(offset.unsigned_abs()) } else { base + offset as u64 };
        if position > POSITION_MAX {
            return Err(Exception::overflow("new position too large"));
        }
        self.position = position;
        Ok(position)
    }

    /// `tell()`.
    #[inline]
    pub fn tell(&self) -> Result<u64, Exception> {
        self.check_open()?;
        Ok(self.position)
    }

    /// `truncate(size)`; `None` cuts at the cursor. Never grows, never moves the cursor. Returns the size asked for.
    #[inline]
    pub fn truncate(&mut self, size: Option<i64>) -> Result<u64, Exception> {
        self.check_open()?;
        self.check_changes()?;
        let size = match size {
            None => self.position,
            Some(size) => u64::try_from(size).map_err(|_| Exception::value_error(format!("negative size value {size}")))?,
        };
        self.store.truncate(size);
        Ok(size)
    }

    /// `getvalue()`, in constant time: shares the stream's memory.
    #[inline]
    pub fn getvalue(&self) -> Result<Buffer, Exception> {
        self.check_open()?;
        match &self.export {
            None => Ok(self.store.as_buffer().clone()),
            Some(_) => Ok(self.snapshot()),
        }
    }

    /// `getbuffer()`: a writable view of the live content. While it or a slice of it is neither released nor dropped, nothing
    /// may change the stream's size.
    pub fn getbuffer(&mut self) -> Result<View, Exception> {
        self.check_open()?;
        let export = self.export.get_or_insert_with(|| {
            let content = self.store.take().into();
            Arc::new(Export { content })
        });
        Ok(View::of_stream(Arc::clone(export), self.protected))
    }

    /// `close()`: discards the content. Closing again does nothing.
    pub fn close(&mut self) -> Result<(), Exception> {
        if self.closed {
            self.check_exports()?;
        } else {
            self.check_changes()?;
        }
        self.lent.clear();
        *self = Self { closed: true, protected: self.protected, ..Self::default() };
        Ok(())
    }

    /// An edit that Python's stream does not have: `range` of the value becomes `with`, and the cursor is set. A range past
    /// the end is cut to the value. Refused like a resize while views are exported.
    pub fn edit(&mut self, range: ByteRange, with: &Buffer, cursor: Offset) -> Result<(), Exception> {
        self.check_open()?;
        self.check_changes()?;
        let len = self.store.len();
        let range = range.clamp_to(Len(len));
        end_of_write(len - range.len.get(), with.len().get())?;
        self.store.edit(|value| value.replace(range, with));
        self.position = cursor.get().min(POSITION_MAX);
        Ok(())
    }

    /// The run of memory that begins at the cursor.
    pub(super) fn run_at_cursor(&mut self) -> Result<&[u8], Exception> {
        self.check_open()?;
        self.check_exports()?;
        Ok(self.store.run_at(self.position)?)
    }

    /// What `__init__` does to a stream before it looks at its argument. While views exist it fails, as in CPython, but only after
    /// size and position are 0: the views keep what they look at, and the stream has nothing.
    pub(super) fn reset(&mut self) -> Result<(), Exception> {
        if self.protected {
            return Err(Exception::protected());
        }
        if let Err(error) = self.check_exports() {
            self.lent.clear();
            self.outlived.extend(self.export.replace(Arc::default()));
            self.outlived.retain(|export| Arc::strong_count(export) > 1);
            self.position = 0;
            return Err(error);
        }
        *self = Self { closed: self.closed, ..Self::default() };
        Ok(())
    }

    /// What `__init__` does with `bytes`.
    pub(super) fn reopen(&mut self, initial: Buffer) {
        *self = Self::new(initial);
    }

    pub(super) fn move_cursor(&mut self, to: u64) {
        self.position = to;
    }
}

#[inline]
fn read(store: &mut Store, position: &mut u64, size: Option<u64>) -> Buffer {
    let start = *position;
    let end = start.saturating_add(size.unwrap_or(u64::MAX)).min(store.len());
    if start >= end {
        return Buffer::new();
    }
    *position = end;
    store.read(start, end)
}

#[inline]
fn read_line(store: &mut Store, position: &mut u64, size: Option<u64>) -> Result<Buffer, Exception> {
    let start = *position;
    let limit = start.saturating_add(size.unwrap_or(u64::MAX)).min(store.len());
    if start >= limit {
        return Ok(Buffer::new());
    }
    let end = store.find(LineEnd::Lf, 1, start, limit)?.map_or(limit, |at| at + 1);
    *position = end;
    Ok(store.read(start, end))
}

#[cold]
fn closed() -> Exception {
    Exception::value_error("I/O operation on closed file.")
}

/// Where a write of `len` bytes at `position` ends.
#[inline]
fn end_of_write(position: u64, len: u64) -> Result<u64, Exception> {
    match position.checked_add(len) {
        Some(end) if end <= POSITION_MAX => Ok(end),
        _ => Err(Exception::overflow("new buffer size too large")),
    }
}

/// The lines of a [`BytesIO`] from its cursor on; after an error there are no more.
#[derive(Debug)]
pub struct Lines<'a> {
    stream: &'a mut BytesIO,
}

impl Iterator for Lines<'_> {
    type Item = Result<Buffer, Exception>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        // Asked before, not by looking at the line: it is then made where the caller wants it, and never moved.
        if self.stream.is_at_end() { None } else { Some(self.stream.read_line(None)) }
    }
}
