//! Memory that several Python values share: `bytearray`, and the content of a stream while views look at it.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::Exception;
use crate::buffer::Buffer;

/// A mutex whose holder panicked still holds whole bytes: every change below is one call.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Python's `bytearray`: a clone is another reference to the same object.
#[derive(Clone, Debug, Default)]
pub struct ByteArray {
    object: Arc<Object>,
}

#[derive(Debug, Default)]
struct Object {
    bytes: Mutex<Vec<u8>>,
    /// Held once more by every view; as long as there is one the length must not change.
    exports: Arc<()>,
}

impl ByteArray {
    /// An object of its own holding `bytes`.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { object: Arc::new(Object { bytes: Mutex::new(bytes.into()), exports: Arc::new(()) }) }
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        lock(&self.object.bytes).len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A copy of the bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        lock(&self.object.bytes).clone()
    }

    /// Looks at the bytes, or changes some of them, in place.
    pub fn with_bytes<R>(&self, work: impl FnOnce(&mut [u8]) -> R) -> R {
        work(&mut lock(&self.object.bytes))
    }

    /// Changes the bytes and how many there are; `BufferError` while a view of them exists.
    pub fn resize_with<R>(&self, work: impl FnOnce(&mut Vec<u8>) -> R) -> Result<R, Exception> {
        let mut bytes = lock(&self.object.bytes);
        if self.is_exported() {
            return Err(Exception::exported());
        }
        Ok(work(&mut bytes))
    }

    /// Whether a view of the bytes exists.
    pub fn is_exported(&self) -> bool {
        Arc::strong_count(&self.object.exports) > 1
    }

    /// Whether both are the same object.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.object, &other.object)
    }

    /// A number that no other `bytearray` that lives now has.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.object).cast::<()>() as usize
    }

    pub(super) fn export(&self) -> Arc<()> {
        Arc::clone(&self.object.exports)
    }
}

/// By content.
impl PartialEq for ByteArray {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.to_vec() == other.to_vec()
    }
}

/// The content of a stream while views look at it. The stream holds one reference, every view that is not released one more.
#[derive(Debug, Default)]
pub(super) struct Export {
    pub(super) content: Mutex<Buffer>,
}

/// Keeps what was lent out by reference while the content can change behind the stream's back.
///
/// `BytesIO::value` lends a `&Buffer` from `&self`, and a view may write between two such calls: each different snapshot is
/// added to a chain, which the next call through `&mut self` drops.
#[derive(Debug, Default)]
pub(super) struct Lent {
    first: OnceLock<Box<Link>>,
}

#[derive(Debug)]
struct Link {
    value: Buffer,
    next: OnceLock<Box<Link>>,
}

impl Lent {
    /// `current`, kept alive until [`Lent::clear`].
    pub(super) fn lend(&self, current: &Buffer) -> &Buffer {
        let mut slot = &self.first;
        loop {
            let link = slot.get_or_init(|| Box::new(Link { value: current.clone(), next: OnceLock::new() }));
            if link.value.is_same(current) {
                return &link.value;
            }
            slot = &link.next;
        }
    }

    pub(super) fn clear(&mut self) {
        let mut next = self.first.take();
        // One by one: dropping a long chain from its head would recurse.
        while let Some(mut link) = next {
            next = link.next.take();
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lent_snapshots_stay_as_they_were() {
        let lent = Lent::default();
        let mut content = Buffer::from(b"abc");
        let before = lent.lend(&content);
        assert!(lent.lend(&content).is_same(before));
        content.append(b"d");
        let after = lent.lend(&content);
        assert_eq!(before.to_vec_all().unwrap(), b"abc");
        assert_eq!(after.to_vec_all().unwrap(), b"abcd");
    }

    #[test]
    fn a_bytearray_is_one_object_and_locked_by_its_views() {
        let array = ByteArray::new(*b"abc");
        let same = array.clone();
        same.with_bytes(|bytes| bytes[0] = b'X');
        assert_eq!(array.to_vec(), b"Xbc");
        let export = array.export();
        assert_eq!(array.resize_with(Vec::clear).unwrap_err().to_string(), Exception::exported().to_string());
        drop(export);
        array.resize_with(Vec::clear).unwrap();
        assert!(same.is_empty());
    }
}
