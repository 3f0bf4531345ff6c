//! Newtypes for places and sizes, so that an offset and a length can never be swapped.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A place in a buffer, in bytes from its start. May lie past the end (a stream's cursor does).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(pub u64);

/// A number of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Len(pub u64);

/// A run of bytes: where it starts and how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ByteRange {
    /// The first byte.
    pub start: Offset,
    /// How many bytes follow from there.
    pub len: Len,
}

impl Offset {
    /// The start of a buffer.
    pub const ZERO: Self = Self(0);

    /// The plain number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// `self + len`, or the largest offset where that does not fit.
    pub const fn saturating_add(self, len: Len) -> Self {
        Self(self.0.saturating_add(len.0))
    }

    /// The distance from `earlier` to here, zero where `earlier` is the later one.
    pub const fn saturating_since(self, earlier: Self) -> Len {
        Len(self.0.saturating_sub(earlier.0))
    }
}

impl Len {
    /// It in a sentence: "1 byte", "2048 bytes".
    pub fn in_words(self) -> String {
        format!("{} byte{}", self.0, if self.0 == 1 { "" } else { "s" })
    }

    /// No bytes.
    pub const ZERO: Self = Self(0);

    /// The plain number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether there is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The offset just behind the last byte of a buffer this long.
    pub const fn end(self) -> Offset {
        Offset(self.0)
    }

    /// This many bytes as a `usize`, or `None` on a machine whose memory cannot hold them.
    pub fn to_usize(self) -> Option<usize> {
        usize::try_from(self.0).ok()
    }
}

impl ByteRange {
    /// `len` bytes from `start`.
    pub const fn new(start: Offset, len: Len) -> Self {
        Self { start, len }
    }

    /// From `start` up to, not including, `end`; empty where `end` is before `start`.
    pub const fn between(start: Offset, end: Offset) -> Self {
        Self { start, len: end.saturating_since(start) }
    }

    /// The offset behind the last byte.
    pub const fn end(self) -> Offset {
        self.start.saturating_add(self.len)
    }

    /// Whether it covers no byte.
    pub const fn is_empty(self) -> bool {
        self.len.is_zero()
    }

    /// Whether the byte at `offset` lies inside.
    pub fn contains(self, offset: Offset) -> bool {
        self.start <= offset && offset < self.end()
    }

    /// The part of it that lies inside a buffer of `len` bytes.
    pub fn clamp_to(self, len: Len) -> Self {
        let end = self.end().min(len.end());
        Self::between(self.start.min(end), end)
    }
}

impl Add<Len> for Offset {
    type Output = Self;
    fn add(self, len: Len) -> Self {
        Self(self.0 + len.0)
    }
}

impl AddAssign<Len> for Offset {
    fn add_assign(&mut self, len: Len) {
        self.0 += len.0;
    }
}

/// The distance between two places; panics where the right one is later, as integers do.
impl Sub for Offset {
    type Output = Len;
    fn sub(self, earlier: Self) -> Len {
        Len(self.0 - earlier.0)
    }
}

impl Add for Len {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Len {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Len {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl From<usize> for Len {
    fn from(len: usize) -> Self {
        Self(len as u64)
    }
}

/// Eight or more hexadecimal digits, the way hex views write an address.
impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08X}", self.0)
    }
}

impl fmt::Display for Len {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
