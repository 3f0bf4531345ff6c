//! Operations on all bytes of a selection: fills, logic and sums with a key, shifts, reversals, swaps, case.
//!
//! Each takes a snapshot and makes a buffer of the same length. What is one byte repeated stays so, patterns share their
//! memory however often they repeat, and where an operation only moves bytes it moves references; [`ByteOp::memory`] says
//! beforehand what the rest will take. [`ByteOp::python`] says the operation as an expression, so that a timeline need not
//! spell a gigabyte out.
//!
//! ```
//! use seektell::buffer::{Buffer, Len};
//! use seektell::explore::byte_ops::{ByteOp, apply};
//! use seektell::tasks::Progress;
//! let op = ByteOp::Xor(vec![0x20]);
//! let upper = apply(&Buffer::from(b"hello"), &op, &Progress::new()).unwrap();
//! assert_eq!(upper, Buffer::from(b"HELLO"));
//! assert_eq!(op.python(5), "bytes(b ^ 0x20 for b in old)");
//! // A tebibyte of zeros becomes one of 0x20, in no time and no memory.
//! assert_eq!(apply(&Buffer::filled(0, Len(1 << 40)), &op, &Progress::new()).unwrap().memory(), Len(0));
//! ```

mod mapped;
mod mersenne;
mod moved;
mod pattern;
mod said;

pub use mersenne::Mersenne;
pub use pattern::repeated;

use crate::buffer::{Buffer, Extent, Len, Offset, ReadError};
use crate::tasks::{Cancelled, Progress};

/// What becomes of the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByteOp {
    /// These bytes over and over, from the first on; not empty.
    Fill(Vec<u8>),
    /// What `random.Random(seed).randbytes` of Python gives.
    Random(u64),
    /// `start`, `start + step`, and so on, the low eight bits.
    Count {
        /// The first byte.
        start: u8,
        /// What each is more than the one before.
        step: u8,
    },
    /// Exclusive or with these bytes over and over; not empty. The same holds for the next four.
    Xor(Vec<u8>),
    /// And.
    And(Vec<u8>),
    /// Or.
    Or(Vec<u8>),
    /// Sum, the low eight bits.
    Add(Vec<u8>),
    /// Difference, the low eight bits.
    Sub(Vec<u8>),
    /// Every bit becomes the other.
    Not,
    /// Bits go towards the most significant one; zeros come in.
    ShiftLeft(u64, Scope),
    /// Bits go towards the least significant one; zeros come in.
    ShiftRight(u64, Scope),
    /// As a shift to the left, and what goes out comes in.
    RotateLeft(u64, Scope),
    /// As a shift to the right, and what goes out comes in.
    RotateRight(u64, Scope),
    /// The last byte becomes the first.
    ReverseBytes,
    /// The order of the bits of each byte is turned round.
    ReverseBits,
    /// Groups of 2, 4 or 8 bytes are turned round, each in its place; bytes behind the last whole group stay.
    Swap(u8),
    /// ASCII letters become capitals.
    UpperCase,
    /// ASCII letters become small.
    LowerCase,
}

/// What a shift treats as one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Each byte.
    #[default]
    EachByte,
    /// All bytes, the first one the most significant.
    Whole,
}

/// Why an operation gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ByteOpError {
    /// The bytes could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl ByteOp {
    /// What undo, the timeline and menus call it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Fill(_) => "Fill",
            Self::Random(_) => "Random bytes",
            Self::Count { .. } => "Count up",
            Self::Xor(_) => "Xor",
            Self::And(_) => "And",
            Self::Or(_) => "Or",
            Self::Add(_) => "Add",
            Self::Sub(_) => "Subtract",
            Self::Not => "Invert bits",
            Self::ShiftLeft(..) => "Shift left",
            Self::ShiftRight(..) => "Shift right",
            Self::RotateLeft(..) => "Rotate left",
            Self::RotateRight(..) => "Rotate right",
            Self::ReverseBytes => "Reverse bytes",
            Self::ReverseBits => "Reverse bits",
            Self::Swap(2) => "Swap 16-bit",
            Self::Swap(4) => "Swap 32-bit",
            Self::Swap(_) => "Swap 64-bit",
            Self::UpperCase => "Upper case",
            Self::LowerCase => "Lower case",
        }
    }

    /// At most how many bytes of memory the result takes, besides what it shares with `input`; counts pieces, reads nothing.
    pub fn memory(&self, input: &Buffer) -> Len {
        match self {
            Self::Fill(pattern) => Len(pattern::BLOCK.min(pattern.len() as u64)),
            Self::Count { .. } => Len(256),
            Self::Random(_) => input.len(),
            Self::ShiftLeft(bits, Scope::Whole)
            | Self::ShiftRight(bits, Scope::Whole)
            | Self::RotateLeft(bits, Scope::Whole)
            | Self::RotateRight(bits, Scope::Whole)
                if bits % 8 == 0 =>
            {
                Len::ZERO
            }
            _ => {
                let (mut at, mut memory) = (0, 0);
                while at < input.len().get() {
                    let (repeated, run) = run_at(input, at);
                    if repeated.is_none() {
                        memory += run;
                    }
                    at += run;
                }
                Len(memory)
            }
        }
    }
}

/// The byte that is repeated from `at` on, where one is, and the length of the run; of what has to be read, at most
/// [`Buffer::CHUNK_LEN`].
pub(super) fn run_at(input: &Buffer, at: u64) -> (Option<u8>, u64) {
    match input.extent_at(Offset(at)) {
        Some(Extent::Fill(byte, len)) => (Some(byte), len.get()),
        Some(extent) => (None, extent.len().get().min(Buffer::CHUNK_LEN as u64)),
        None => (None, input.len().get() - at),
    }
}

/// Applies an operation to all of `input`; the result is as long.
///
/// # Errors
/// Where the bytes cannot be read, and where `progress` was cancelled.
pub fn apply(input: &Buffer, op: &ByteOp, progress: &Progress) -> Result<Buffer, ByteOpError> {
    let len = input.len();
    progress.set_total(len.get());
    match op {
        ByteOp::Fill(pattern) => Ok(repeated(pattern, len)),
        ByteOp::Count { start, step } => {
            let period: Vec<u8> = (0..=255u8).map(|i| start.wrapping_add(step.wrapping_mul(i))).collect();
            Ok(repeated(&period, len))
        }
        ByteOp::Random(seed) => pattern::random(*seed, len, progress),
        ByteOp::Xor(key) => mapped::keyed(input, key, |byte, key| byte ^ key, progress),
        ByteOp::And(key) => mapped::keyed(input, key, |byte, key| byte & key, progress),
        ByteOp::Or(key) => mapped::keyed(input, key, |byte, key| byte | key, progress),
        ByteOp::Add(key) => mapped::keyed(input, key, u8::wrapping_add, progress),
        ByteOp::Sub(key) => mapped::keyed(input, key, u8::wrapping_sub, progress),
        ByteOp::Not => mapped::each(input, |byte| !byte, progress),
        ByteOp::ShiftLeft(bits, Scope::EachByte) => mapped::each(input, |byte| shift(byte, *bits, true), progress),
        ByteOp::ShiftRight(bits, Scope::EachByte) => mapped::each(input, |byte| shift(byte, *bits, false), progress),
        ByteOp::RotateLeft(bits, Scope::EachByte) => mapped::each(input, |byte| byte.rotate_left((bits % 8) as u32), progress),
        ByteOp::RotateRight(bits, Scope::EachByte) => mapped::each(input, |byte| byte.rotate_right((bits % 8) as u32), progress),
        ByteOp::ShiftLeft(bits, Scope::Whole) => moved::shift_left(input, *bits, progress),
        ByteOp::ShiftRight(bits, Scope::Whole) => moved::shift_right(input, *bits, progress),
        ByteOp::RotateLeft(bits, Scope::Whole) => moved::rotate_left(input, *bits, progress),
        ByteOp::RotateRight(bits, Scope::Whole) => moved::rotate_right(input, *bits, progress),
        ByteOp::ReverseBytes => moved::reverse(input, progress),
        ByteOp::ReverseBits => mapped::each(input, u8::reverse_bits, progress),
        ByteOp::Swap(group) => moved::swap(input, usize::from((*group).max(1)), progress),
        ByteOp::UpperCase => mapped::each(input, |byte| byte.to_ascii_uppercase(), progress),
        ByteOp::LowerCase => mapped::each(input, |byte| byte.to_ascii_lowercase(), progress),
    }
}

fn shift(byte: u8, bits: u64, left: bool) -> u8 {
    let bits = u32::try_from(bits).unwrap_or(u32::MAX);
    if left { byte.checked_shl(bits) } else { byte.checked_shr(bits) }.unwrap_or(0)
}
