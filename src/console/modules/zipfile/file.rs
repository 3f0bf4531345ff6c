//! The stream that an archive is in.

use super::bad;
use super::records::{Directory, END, find_directory};
use crate::console::call::Args;
use crate::console::modules::kit::{buffer_of, int_of, vec_of};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::types::stream;
use crate::console::vm::Vm;
use crate::stream::Value;

/// Anything with the methods of a stream. In a finaliser there is no interpreter to call them: then only the console's own streams
/// can be reached.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) vm: Option<&'a Vm>,
    object: &'a Object,
}

impl<'a> File<'a> {
    pub(super) fn new(vm: &'a Vm, object: &'a Object) -> Self {
        Self { vm: Some(vm), object }
    }

    pub(super) fn of_finaliser(object: &'a Object) -> Self {
        Self { vm: None, object }
    }

    fn call(&self, method: &str, args: Vec<Object>) -> Outcome {
        match (self.vm, self.object) {
            (Some(vm), object) => vm.call_method(object, method, Args::new(args)),
            (None, Object::Stream(stream)) => {
                let value = |object| match object {
                    Object::Int(n) => Value::from(n),
                    Object::Bytes(bytes) => Value::Bytes(bytes),
                    _ => Value::None,
                };
                let args: Vec<Value> = args.into_iter().map(value).collect();
                Ok(stream::to_object(stream.call(method, &args, &[])?))
            }
            (None, _) => Err(Raise::type_error("the interpreter is gone")),
        }
    }

    fn offset(offset: u64) -> Object {
        Object::int(offset)
    }

    pub(super) fn seek(&self, offset: u64) -> Outcome<()> {
        self.call("seek", vec![Self::offset(offset)]).map(|_| ())
    }

    pub(super) fn seek_end(&self) -> Outcome<()> {
        self.call("seek", vec![Object::Int(0), Object::Int(2)]).map(|_| ())
    }

    pub(super) fn tell(&self) -> Outcome<u64> {
        let at = self.call("tell", Vec::new())?;
        match self.vm {
            Some(vm) => Ok(int_of(vm, &at)?.max(0) as u64),
            None => Ok(at.index().and_then(|n| n.try_into().ok()).unwrap_or(0)),
        }
    }

    /// At most `len` bytes. Text is no archive.
    pub(super) fn read(&self, len: u64) -> Outcome<Vec<u8>> {
        let Some(vm) = self.vm else { return Ok(Vec::new()) };
        let read = self.call("read", vec![Self::offset(len)])?;
        let bytes = buffer_of(vm, &read)?.ok_or_else(|| bad("File is not a zip file"))?;
        vec_of(vm, &bytes)
    }

    pub(super) fn write(&self, bytes: Vec<u8>) -> Outcome<()> {
        self.call("write", vec![Object::bytes(bytes)]).map(|_| ())
    }

    pub(super) fn truncate(&self) -> Outcome<()> {
        self.call("truncate", Vec::new()).map(|_| ())
    }

    pub(super) fn flush(&self) -> Outcome<()> {
        self.call("flush", Vec::new()).map(|_| ())
    }

    /// Where the archive's directory is; `None` where this is no archive.
    pub(super) fn directory(&self) -> Outcome<Option<Directory>> {
        // A comment has at most 65535 bytes, and the records of 64 bits stand in front of the last one.
        const TAIL: u64 = (1 << 16) + END as u64 + 76;
        self.seek_end()?;
        let len = self.tell()?;
        self.seek(len.saturating_sub(TAIL))?;
        let tail = self.read(TAIL)?;
        match find_directory(&tail, len.max(tail.len() as u64)) {
            None => Ok(None),
            Some(found) => found.map(Some).map_err(bad),
        }
    }
}
