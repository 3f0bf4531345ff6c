//! `io.BytesIO`. SKELETON.

use super::{Exception, ExceptionKind, Value, Whence};
use crate::buffer::{Buffer, ByteRange, Len, Offset};

/// An in-memory stream of bytes with Python's `io.BytesIO` rules.
#[derive(Debug, Default)]
pub struct BytesIO {
    state: BytesState,
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
        Self { state: BytesState { value: initial.into(), ..Default::default() } }
    }
    /// The whole state, in constant time.
    pub fn state(&self) -> BytesState {
        self.state.clone()
    }
    /// Puts an earlier state back (undo, timeline). Open views are not asked.
    pub fn restore(&mut self, state: &BytesState) {
        self.state = state.clone();
    }
    /// The content, without the closed check of `getvalue`; empty when closed.
    pub fn value(&self) -> &Buffer {
        &self.state.value
    }
    /// The cursor, without the closed check of `tell`.
    pub fn position(&self) -> Offset {
        self.state.position
    }
    /// Whether `close` was called.
    pub fn closed(&self) -> bool {
        self.state.closed
    }
    fn check_open(&self) -> Result<(), Exception> {
        if self.state.closed { Err(Exception::new(ExceptionKind::Value, "I/O operation on closed file.")) } else { Ok(()) }
    }
    /// `read(size)`; `None` reads to the end.
    pub fn read(&mut self, size: Option<u64>) -> Result<Buffer, Exception> {
        self.check_open()?;
        let range = ByteRange::new(self.state.position, Len(size.unwrap_or(u64::MAX))).clamp_to(self.state.value.len());
        self.state.position = self.state.position.max(range.end());
        Ok(self.state.value.slice(range))
    }
    /// `readline(size)`; `None` has no limit.
    pub fn read_line(&mut self, size: Option<u64>) -> Result<Buffer, Exception> {
        let rest = self.state.value.slice(ByteRange::new(self.state.position, Len(u64::MAX))).to_vec_all().unwrap_or_default();
        let n = rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |n| n + 1) as u64;
        self.read(Some(n.min(size.unwrap_or(u64::MAX))))
    }
    /// `write(bytes)`: overwrites at the cursor, grows at the end, fills a gap with zeros.
    pub fn write(&mut self, bytes: &[u8]) -> Result<usize, Exception> {
        self.check_open()?;
        if !bytes.is_empty() {
            self.state.value.overwrite(self.state.position, bytes);
            self.state.position += bytes.len().into();
        }
        Ok(bytes.len())
    }
    /// `write` of a buffer, sharing its memory.
    pub fn write_buffer(&mut self, bytes: &Buffer) -> Result<u64, Exception> {
        self.write(&bytes.to_vec_all().map_err(Exception::from)?).map(|n| n as u64)
    }
    /// `seek(offset, whence)`.
    pub fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Exception> {
        self.check_open()?;
        let base = match whence {
            Whence::Start => 0,
            Whence::Current => self.state.position.0,
            Whence::End => self.state.value.len().0,
        };
        if whence == Whence::Start && offset < 0 {
            return Err(Exception::new(ExceptionKind::Value, format!("negative seek value {offset}")));
        }
        self.state.position = Offset(base.saturating_add_signed(offset));
        Ok(self.state.position.0)
    }
    /// `tell()`.
    pub fn tell(&self) -> Result<u64, Exception> {
        self.check_open()?;
        Ok(self.state.position.0)
    }
    /// `truncate(size)`; `None` cuts at the cursor. Returns the size asked for.
    pub fn truncate(&mut self, size: Option<i64>) -> Result<u64, Exception> {
        self.check_open()?;
        let size = size.map_or(self.state.position.0, |n| n as u64);
        self.state.value.truncate(Len(size));
        Ok(size)
    }
    /// `getvalue()`, in constant time.
    pub fn getvalue(&self) -> Result<Buffer, Exception> {
        self.check_open()?;
        Ok(self.state.value.clone())
    }
    /// `close()`: discards the content.
    pub fn close(&mut self) -> Result<(), Exception> {
        self.state = BytesState { closed: true, ..Default::default() };
        Ok(())
    }
    /// An edit that Python's stream does not have: `range` of the value becomes `with`, and the cursor is set.
    /// Refused like a resize while views are exported.
    pub fn edit(&mut self, range: ByteRange, with: &Buffer, cursor: Offset) -> Result<(), Exception> {
        self.check_open()?;
        self.state.value.replace(range, with);
        self.state.position = cursor;
        Ok(())
    }
    /// A call by name with Python values, converted and checked in CPython's order with its messages;
    /// covers every public method and attribute of `io.BytesIO`.
    pub fn call(&mut self, method: &str, args: &[Value]) -> Result<Value, Exception> {
        match (method, args) {
            ("getvalue", []) => self.getvalue().map(Value::Bytes),
            _ => Err(Exception::new(ExceptionKind::Attribute, format!("'_io.BytesIO' object has no attribute '{method}'"))),
        }
    }
}

impl From<crate::buffer::ReadError> for Exception {
    fn from(error: crate::buffer::ReadError) -> Self {
        Self::new(ExceptionKind::Os, error.to_string())
    }
}
