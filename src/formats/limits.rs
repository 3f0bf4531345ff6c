//! What one input may take of the memory: the one limit of every codec, which a person can raise for one file.

use super::picture;
use super::{Format, FormatError, Kind};
use crate::buffer::Buffer;

/// What is checked before memory is taken, and counted while it is.
///
/// Nobody has to say anything: each reader has a limit of its own then ([`Limits::or`]), most of them [`Limits::USUAL`]. What a
/// person says for one file ([`Limits::of`]) is the limit of whatever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of decoded pixels, of cells, of unpacked or decoded text.
    pub max_bytes: u64,
    /// Pixels on one side.
    pub max_side: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: Self::USUAL, max_side: 65_535 }
    }
}

impl Limits {
    /// The limit of most readers: 512 MiB.
    pub const USUAL: u64 = 512 << 20;

    /// A limit that a person chose, in bytes. Pictures may then have sides of any length too.
    ///
    /// ```
    /// use seektell::formats::Limits;
    /// assert_eq!(Limits::of(Some(2 << 30)).max_bytes, 2 << 30);
    /// assert_eq!(Limits::of(None), Limits::default());
    /// ```
    pub fn of(bytes: Option<u64>) -> Self {
        match bytes {
            None => Self::default(),
            // One more, so that a choice is not taken for none.
            Some(Self::USUAL) => Self { max_bytes: Self::USUAL + 1, max_side: i32::MAX as u32 },
            Some(max_bytes) => Self { max_bytes, max_side: i32::MAX as u32 },
        }
    }

    /// What a person chose, else `usual`.
    ///
    /// ```
    /// use seektell::formats::Limits;
    /// assert_eq!(Limits::default().or(1 << 30), 1 << 30);
    /// assert_eq!(Limits::of(Some(7)).or(1 << 30), 7);
    /// ```
    pub fn or(self, usual: u64) -> u64 {
        if self.max_bytes == Self::USUAL { usual } else { self.max_bytes }
    }

    /// The limit in words, with the unit that fits.
    ///
    /// ```
    /// use seektell::formats::Limits;
    /// assert_eq!([Limits::words(1), Limits::words(1023), Limits::words(3 << 19)], ["1 byte", "1023 bytes", "1.5 MiB"]);
    /// ```
    pub fn words(bytes: u64) -> String {
        picture::in_units(bytes)
    }

    /// The refusal of something that is larger than `limit`.
    pub(super) fn refuse(what: impl Into<String>, limit: u64) -> FormatError {
        FormatError::Limit { what: what.into(), limit: format!("{}; a higher one can be set for this file", Self::words(limit)) }
    }
}

/// The limit in bytes with which reading `input` would not be refused for its size again, as far as its head tells; where it
/// tells nothing, four times `limit`. `None` where no limit helps, because the format or its codec has the bound.
pub fn raised(input: &Buffer, format: Format, limit: Limits) -> Option<u64> {
    let next = limit.max_bytes.saturating_mul(4);
    match format.kind() {
        Kind::Picture => {
            let info = picture::probe(input, format).ok()?;
            let pixels = u64::from(info.width).saturating_mul(info.height.into());
            // Four channels, as deep as they are stored; turning it upright takes a second copy for a moment.
            let deep = u64::from(info.bits.div_ceil(8)).max(1).saturating_mul(4);
            let needs = pixels.saturating_mul(deep).max(input.len().get()).saturating_add(1 << 20);
            Some(if needs > limit.max_bytes { needs } else { next })
        }
        _ => Some(next),
    }
    .filter(|&next| next > limit.max_bytes && next < 1 << 50)
}
