//! A stream of the language as a raw stream.

use num_bigint::BigInt;

use super::super::object::Inside;
use super::super::{Exception, ExceptionKind, Foreign, StreamObject, Value, View, Whence};
use super::raw::RawIo;
use super::read::Rest;
use crate::buffer::{Buffer, ByteRange, Offset};

/// A `memoryview` of a window, as records show it.
fn memory(len: usize) -> Vec<Value> {
    vec![Value::from(Foreign::new("memoryview", Some(&format!("<memory of {len} bytes>"))))]
}

fn number(n: Option<usize>) -> Value {
    n.map_or(Value::None, Value::from)
}

/// Where a raw stream says that its cursor is.
fn place(value: &Value) -> Result<u64, Exception> {
    let not_an_integer = || Exception::type_error(format!("'{}' object cannot be interpreted as an integer", value.type_name()));
    let place = value.index().ok_or_else(not_an_integer)?;
    let place = i64::try_from(&place).map_err(|_| Exception::value_error("cannot fit 'int' into an offset-sized integer"))?;
    u64::try_from(place).map_err(|_| Exception::new(ExceptionKind::Os, format!("Raw stream returned invalid position {place}")))
}

/// How many bytes a stream of text took, which it never does.
fn count(value: &Value) -> Result<Option<usize>, Exception> {
    match value {
        Value::None => Ok(None),
        value => place(value).map(|n| usize::try_from(n).ok()),
    }
}

/// What is read into a piece of memory, as a buffer.
fn gathered(read: impl FnOnce(&mut Vec<u8>) -> Result<Option<usize>, Exception>) -> Result<Option<Buffer>, Exception> {
    let mut bytes = Vec::new();
    Ok(read(&mut bytes)?.map(|_| bytes.into()))
}

impl StreamObject {
    /// Streams of text lack methods that those of bytes have.
    fn check_bytes(&self, method: &str) -> Result<(), Exception> {
        if self.class().is_text() { Err(Exception::no_attribute(self.type_name(), method)) } else { Ok(()) }
    }

    fn can(&self, what: &str) -> bool {
        self.call(what, &[], &[]) == Ok(Value::Bool(true))
    }
}

/// Any stream can be the raw stream of a typed one, with the calls that CPython makes on it.
impl RawIo for StreamObject {
    fn read_into(&mut self, out: &mut [u8]) -> Result<Option<usize>, Exception> {
        self.check_bytes("readinto")?;
        let len = out.len();
        let work = || {
            self.with_inside(|inside| match inside {
                Inside::Bytes(stream) => stream.read_into(out).map(Some),
                Inside::Buffered(stream) => stream.read_to(&mut Rest(out), len),
                Inside::Pair(stream) => stream.read_to(&mut Rest(out), len),
                Inside::Text => Ok(None),
            })
        };
        self.watched("readinto", || memory(len), |n| number(*n), work)
    }

    fn read_onto(&mut self, out: &mut Vec<u8>, len: usize) -> Result<Option<usize>, Exception> {
        self.check_bytes("readinto")?;
        let work = || {
            self.with_inside(|inside| match inside {
                Inside::Bytes(stream) => stream.read_onto(out, len),
                Inside::Buffered(stream) => stream.read_to(out, len),
                Inside::Pair(stream) => stream.read_to(out, len),
                Inside::Text => Ok(None),
            })
        };
        self.watched("readinto", || memory(len), |n| number(*n), work)
    }

    fn read_buffer(&mut self, len: usize) -> Result<Option<Buffer>, Exception> {
        self.check_bytes("readinto")?;
        let work = || {
            self.with_inside(|inside| match inside {
                // Shares the memory instead of copying it.
                Inside::Bytes(stream) => stream.read(Some(len as u64)).map(Some),
                Inside::Buffered(stream) => gathered(|out| stream.read_to(out, len)),
                Inside::Pair(stream) => gathered(|out| stream.read_to(out, len)),
                Inside::Text => Ok(None),
            })
        };
        let shown = |bytes: &Option<Buffer>| bytes.as_ref().map_or(Value::None, |bytes| Value::from(bytes.len().get()));
        self.watched("readinto", || memory(len), shown, work)
    }

    fn read_all(&mut self) -> Result<Option<Buffer>, Exception> {
        let mut all = Buffer::new();
        loop {
            match self.call("read", &[], &[])? {
                Value::Bytes(bytes) if !bytes.is_empty() => all.append_buffer(&bytes),
                Value::Bytes(_) => return Ok(Some(all)),
                Value::None => return Ok((!all.is_empty()).then_some(all)),
                _ => return Err(Exception::type_error("read() should return bytes")),
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<Option<usize>, Exception> {
        let work = || {
            self.with_inside(|inside| match inside {
                Inside::Bytes(stream) => stream.write(bytes).map(Some),
                Inside::Buffered(stream) => stream.write_from(bytes).map(|n| usize::try_from(n).ok()),
                Inside::Pair(stream) => stream.write_from(bytes).map(|n| usize::try_from(n).ok()),
                Inside::Text => Ok(None),
            })
        };
        if !self.class().is_text() {
            return self.watched("write", || vec![Value::from(bytes)], |n| number(*n), work);
        }
        let view = View::of(&Value::from(bytes))?;
        count(&self.call("write", &[Value::View(view)], &[])?)
    }

    fn write_buffer(&mut self, bytes: &Buffer, from: u64) -> Result<Option<u64>, Exception> {
        let rest = bytes.slice(ByteRange::between(Offset(from), Offset(bytes.len().get())));
        let work = || {
            self.with_inside(|inside| match inside {
                Inside::Bytes(stream) => stream.write_buffer(&rest).map(Some),
                Inside::Buffered(stream) => stream.write_from(&rest).map(Some),
                Inside::Pair(stream) => stream.write_from(&rest).map(Some),
                Inside::Text => Ok(None),
            })
        };
        if !self.class().is_text() {
            return self.watched("write", || vec![Value::Bytes(rest.clone())], |n| n.map_or(Value::None, Value::from), work);
        }
        let view = View::of(&Value::Bytes(rest))?;
        Ok(count(&self.call("write", &[Value::View(view)], &[])?)?.map(|n| n as u64))
    }

    fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Exception> {
        if self.is_bytes() && !self.is_recorded() {
            return self.with_inside(|inside| match inside {
                Inside::Bytes(stream) => stream.seek(offset, whence),
                _ => Ok(0),
            });
        }
        place(&self.call("seek", &[Value::Int(BigInt::from(offset)), Value::from(whence.number())], &[])?)
    }

    fn tell(&mut self) -> Result<u64, Exception> {
        if self.is_bytes() && !self.is_recorded() {
            return self.with_inside(|inside| match inside {
                Inside::Bytes(stream) => stream.tell(),
                _ => Ok(0),
            });
        }
        place(&self.call("tell", &[], &[])?)
    }

    fn truncate(&mut self, size: Option<i64>) -> Result<u64, Exception> {
        place(&self.call("truncate", &[size.map_or(Value::None, Value::from)], &[])?)
    }

    fn readable(&self) -> bool {
        self.can("readable")
    }

    fn writable(&self) -> bool {
        self.can("writable")
    }

    fn seekable(&self) -> bool {
        self.can("seekable")
    }

    #[inline]
    fn closed(&self) -> Result<bool, Exception> {
        self.is_closed()
    }

    fn flush(&mut self) -> Result<(), Exception> {
        self.call("flush", &[], &[]).map(|_| ())
    }

    fn close(&mut self) -> Result<(), Exception> {
        self.call("close", &[], &[]).map(|_| ())
    }
}
