//! Bounded reads of a snapshot.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::FormatError;
use crate::tasks::Progress;

/// Bytes whose check sums are calculated, over all of a file.
const SUMMED: u64 = 256 << 20;

/// The most that one read brings.
const READ: u64 = 64 << 10;

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The lowest.
    Little,
    /// The highest.
    Big,
}

impl Order {
    /// The number of up to eight bytes.
    pub(super) fn number(self, bytes: &[u8]) -> u64 {
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        match self {
            Self::Little => bytes.iter().rev().fold(0, join),
            Self::Big => bytes.iter().fold(0, join),
        }
    }
}

/// A snapshot that is being taken apart.
pub(super) struct Scan<'a> {
    pub(super) buffer: &'a Buffer,
    progress: &'a Progress,
    /// Bytes of the snapshot.
    pub(super) len: u64,
    summed: Cell<u64>,
    /// Parts that were made.
    made: Cell<usize>,
    /// Parts are only counted now: what is inside of them is not looked at.
    pub(super) counting: Cell<bool>,
    /// Places that something referred to already.
    visited: RefCell<HashSet<u64>>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(buffer: &'a Buffer, progress: &'a Progress) -> Self {
        let len = buffer.len().get();
        progress.set_total(len);
        Self {
            buffer,
            progress,
            len,
            summed: Cell::new(0),
            made: Cell::new(0),
            counting: Cell::new(false),
            visited: RefCell::default(),
        }
    }

    /// Whether the user wants it to stop; says where it is.
    pub(super) fn at(&self, at: u64) -> Result<(), FormatError> {
        self.progress.set_done(at.min(self.len));
        Ok(self.progress.check()?)
    }

    /// The bytes from `at` on, as many as there are up to `len` and up to the limit of a read.
    pub(super) fn bytes(&self, at: u64, len: u64) -> Result<Vec<u8>, FormatError> {
        Ok(self.buffer.to_vec(ByteRange::new(Offset(at), Len(len.min(READ))))?)
    }

    /// `N` bytes, where there are so many.
    pub(super) fn array<const N: usize>(&self, at: u64) -> Result<Option<[u8; N]>, FormatError> {
        let mut bytes = [0; N];
        let n = self.buffer.read_at(Offset(at), &mut bytes)?;
        Ok((n == N).then_some(bytes))
    }

    /// A number, where there are bytes for it.
    pub(super) fn number<const N: usize>(&self, at: u64, order: Order) -> Result<Option<u64>, FormatError> {
        Ok(self.array::<N>(at)?.map(|bytes| order.number(&bytes)))
    }

    /// The CRC-32 of these bytes; `None` where so much was summed already that it would take long.
    pub(super) fn crc32(&self, start: u64, end: u64) -> Result<Option<u32>, FormatError> {
        let summed = self.summed.get().saturating_add(end.saturating_sub(start));
        if summed > SUMMED {
            return Ok(None);
        }
        self.summed.set(summed);
        let mut crc = crc32fast::Hasher::new();
        let mut at = start;
        for chunk in self.buffer.chunks(ByteRange::between(Offset(start), Offset(end))) {
            let chunk = chunk?;
            crc.update(&chunk);
            at += chunk.len() as u64;
            self.at(at)?;
        }
        Ok(Some(crc.finalize()))
    }

    /// Counts a part that is made.
    pub(super) fn count(&self) {
        self.made.set(self.made.get() + 1);
    }

    /// Whether as many parts were made as a tree holds.
    pub(super) fn is_full(&self) -> bool {
        self.made.get() >= super::MOST
    }

    /// Notes that something refers to a place; `false` where something did before.
    pub(super) fn visit(&self, at: u64) -> bool {
        self.visited.borrow_mut().insert(at)
    }
}
