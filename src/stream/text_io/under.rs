//! The stream that a wrapper is over: asked by name as Python asks it, and without detours where it is a `BytesIO` nobody watches.

use num_bigint::BigInt;

use super::super::{BytesIO, Exception, StreamObject, Value};
use crate::buffer::Buffer;

#[derive(Clone, Copy)]
pub(super) struct Under<'a>(pub(super) &'a StreamObject);

impl Under<'_> {
    /// A `BytesIO` whose calls are not kept: it need not be asked by name.
    #[inline]
    fn plain<R>(self, work: impl FnOnce(&mut BytesIO) -> R) -> Option<R> {
        if self.0.is_bytes() && !self.0.is_recorded() { self.0.with_bytes(work) } else { None }
    }

    pub(super) fn call(self, method: &str, args: &[Value]) -> Result<Value, Exception> {
        self.0.call(method, args, &[])
    }

    #[inline]
    pub(super) fn is_closed(self) -> Result<bool, Exception> {
        if self.0.is_bytes() {
            return Ok(self.0.is_closed_bytes());
        }
        self.0.attribute("closed").map(|closed| truth(&closed))
    }

    /// `readable()`, `writable()`, `seekable()`
    pub(super) fn answer(self, method: &str) -> Result<bool, Exception> {
        self.call(method, &[]).map(|answer| truth(&answer))
    }

    /// `read(size)` or `read1(size)`; without a size everything.
    pub(super) fn read(self, method: &str, size: Option<i64>) -> Result<Value, Exception> {
        let limit = size.and_then(|size| u64::try_from(size).ok());
        match self.plain(|stream| stream.read(limit)) {
            Some(bytes) => bytes.map(Value::Bytes),
            None => self.call(method, size.map(Value::from).as_slice()),
        }
    }

    pub(super) fn write(self, bytes: Buffer) -> Result<(), Exception> {
        match self.plain(|stream| stream.write_buffer(&bytes)) {
            Some(written) => written.map(|_| ()),
            None => self.call("write", &[Value::Bytes(bytes)]).map(|_| ()),
        }
    }

    /// `write` of bytes that stay with the caller, where that can be had; `None` where it cannot.
    #[inline]
    pub(super) fn write_slice(self, bytes: &[u8]) -> Option<Result<usize, Exception>> {
        self.plain(|stream| stream.write(bytes))
    }

    pub(super) fn tell(self) -> Result<i64, Exception> {
        if let Some(position) = self.plain(|stream| stream.tell()) {
            return position.map(u64::cast_signed);
        }
        number(&self.call("tell", &[])?)
    }

    pub(super) fn seek(self, offset: BigInt, whence: i32) -> Result<Value, Exception> {
        if whence == 0 {
            return self.call("seek", &[Value::Int(offset)]);
        }
        self.call("seek", &[Value::Int(offset), Value::from(whence)])
    }
}

fn truth(value: &Value) -> bool {
    match value {
        Value::None => false,
        Value::Bool(answer) => *answer,
        other => other.index().is_none_or(|n| n != BigInt::ZERO),
    }
}

fn number(value: &Value) -> Result<i64, Exception> {
    super::super::arguments::ssize(value)
}
