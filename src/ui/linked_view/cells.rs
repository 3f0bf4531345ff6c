//! What a wrapper holds, cell by cell: a character with its bytes, or a byte.

use num_bigint::BigInt;

use crate::app::numbers::{count, group};
use crate::stream::{Text, TextLink, WindowLink};

/// What is known of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The wrapper's caller has it.
    Returned,
    /// Read ahead: the wrapper has it, nobody asked for it yet.
    Ahead,
    /// Bytes that the decoder keeps until more of the character comes.
    Kept,
    /// Written into the wrapper, not yet into the stream under it.
    Pending,
}

impl Part {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Ahead => "read ahead",
            Self::Kept => "kept by the decoder",
            Self::Pending => "not written yet",
        }
    }
}

/// The cells of a wrapper; made one by one, for there may be thousands.
pub(super) enum Cells<'a> {
    /// Decoded characters, and behind them the bytes that the decoder keeps.
    Text(&'a TextLink),
    /// Encoded bytes that are not written yet.
    Pending(&'a TextLink),
    /// The window of a buffered stream.
    Window(&'a WindowLink),
}

impl Cells<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(link) => link.decoded.len() as usize + usize::from(kept(link).is_some()),
            Self::Pending(link) => link.pending.len(),
            Self::Window(link) => link.bytes.len(),
        }
    }

    /// The bytes in the document that a cell stands for.
    pub(super) fn range(&self, index: usize) -> Option<(u64, u64)> {
        match self {
            Self::Text(link) if index as u64 == link.decoded.len() => kept(link),
            Self::Text(link) => Some((*link.starts.get(index)?, *link.starts.get(index + 1)?)),
            Self::Pending(link) => Some((link.pending_at + index as u64, link.pending_at + index as u64 + 1)),
            Self::Window(link) => Some((link.start + index as u64, link.start + index as u64 + 1)),
        }
    }

    pub(super) fn part(&self, index: usize) -> Part {
        match self {
            Self::Text(link) if index as u64 == link.decoded.len() => Part::Kept,
            Self::Text(link) if (index as u64) < link.used => Part::Returned,
            Self::Text(_) => Part::Ahead,
            Self::Pending(_) => Part::Pending,
            Self::Window(link) => {
                let at = link.start + index as u64;
                let dirty = link.dirty.is_some_and(|(start, end)| (start..end).contains(&at));
                match at < link.position {
                    _ if dirty => Part::Pending,
                    true => Part::Returned,
                    false => Part::Ahead,
                }
            }
        }
    }

    /// What stands in a cell: a code point, or a byte.
    pub(super) fn unit(&self, index: usize) -> Option<u32> {
        match self {
            Self::Text(link) => link.decoded.get(index as u64),
            Self::Pending(link) => link.pending.get(index).map(|&byte| byte.into()),
            Self::Window(link) => link.bytes.get(index).map(|&byte| byte.into()),
        }
    }

    /// The bytes of a cell where the wrapper holds them itself; others are read from the document.
    pub(super) fn own_byte(&self, index: usize) -> Option<u8> {
        match self {
            Self::Text(_) => None,
            Self::Pending(link) => link.pending.get(index).copied(),
            Self::Window(link) => link.bytes.get(index).copied(),
        }
    }

    /// How many bytes wide a cell is, at least one.
    pub(super) fn bytes(&self, index: usize) -> u64 {
        self.range(index).map_or(1, |(start, end)| end.saturating_sub(start).clamp(1, 16))
    }

    /// The cell that the wrapper's own cursor stands before.
    pub(super) fn cursor(&self) -> Option<usize> {
        match self {
            Self::Text(link) => usize::try_from(link.used).ok(),
            Self::Pending(_) => None,
            Self::Window(link) => usize::try_from(link.position.checked_sub(link.start)?).ok(),
        }
    }

    /// The cells whose bytes lie in a range, as the first and the one behind the last.
    pub(super) fn overlapping(&self, (start, end): (u64, u64)) -> (usize, usize) {
        let len = self.len();
        let below = |place: u64, ends: bool| {
            let (mut low, mut high) = (0, len);
            while low < high {
                let middle = low.midpoint(high);
                let Some((from, to)) = self.range(middle) else { return 0 };
                let before = if ends { to <= place } else { from < place };
                if before { low = middle + 1 } else { high = middle }
            }
            low
        };
        (below(start, true), below(end, false))
    }
}

/// The bytes behind the last decoded character that were read too.
fn kept(link: &TextLink) -> Option<(u64, u64)> {
    let (last, (_, end)) = (*link.starts.last()?, link.chunk?);
    (last < end).then_some((last, end))
}

/// A character as one can see it in a cell. Control characters are the dot that the bytes show for them: the cell names the byte, and
/// has no room for more.
pub(super) fn glyph(unit: u32) -> String {
    match unit {
        9 => "\\t".into(),
        10 => "\\n".into(),
        13 => "\\r".into(),
        32 => "␣".into(),
        0..=31 | 127..=159 => "·".into(),
        0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFEFF => format!("u{unit:04X}"),
        _ => char::from_u32(unit).map_or_else(|| format!("u{unit:04X}"), String::from),
    }
}

/// The parts of a `tell()` of a text wrapper: where it begins to read, and what it does there to be where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cookie {
    pub(super) position: u64,
    pub(super) flags: u32,
    pub(super) feed: u32,
    pub(super) skip: u32,
    pub(super) end: bool,
}

impl Cookie {
    pub(super) fn of(tell: &BigInt) -> Option<Self> {
        let digits = tell.to_biguint()?.to_u32_digits();
        let digit = |n: usize| digits.get(n).copied().unwrap_or_default();
        Some(Self {
            position: u64::from(digit(0)) | u64::from(digit(1)) << 32,
            flags: digit(2),
            feed: digit(3),
            skip: digit(4),
            end: digit(5) != 0,
        })
    }

    /// Whether the number is a plain position.
    pub(super) fn is_plain(&self) -> bool {
        self.flags == 0 && self.feed == 0 && self.skip == 0 && !self.end
    }

    pub(super) fn words(&self) -> String {
        if self.is_plain() {
            return format!("a plain position: byte {}", group(self.position));
        }
        let mut words = format!("seek the bytes to {}", group(self.position));
        if self.flags != 0 {
            words.push_str(&format!(", set the decoder's flags to {}", self.flags));
        }
        if self.feed != 0 {
            words.push_str(&format!(", feed it {}", count(self.feed.into(), "byte")));
        }
        if self.end {
            words.push_str(", tell it that the end came");
        }
        if self.skip != 0 {
            words.push_str(&format!(", skip {}", count(self.skip.into(), "character")));
        }
        words
    }
}

/// How many characters of a text are decoded and not returned.
pub(super) fn ahead(link: &TextLink) -> u64 {
    Text::len(&link.decoded).saturating_sub(link.used)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> TextLink {
        TextLink {
            chunk: Some((2, 8)),
            decoded: Text::from("aé\nb"),
            used: 2,
            starts: [2, 3, 5, 6, 7].into(),
            pending: b"xy"[..].into(),
            pending_at: 8,
            ..TextLink::default()
        }
    }

    #[test]
    fn a_character_knows_its_bytes() {
        let link = text();
        let cells = Cells::Text(&link);
        assert_eq!(cells.len(), 5, "four characters, and a byte that the decoder keeps");
        assert_eq!((cells.range(1), cells.part(1), cells.bytes(1)), (Some((3, 5)), Part::Returned, 2));
        assert_eq!((cells.range(2), cells.part(2)), (Some((5, 6)), Part::Ahead));
        assert_eq!((cells.range(4), cells.part(4), cells.unit(4)), (Some((7, 8)), Part::Kept, None));
        assert_eq!(cells.overlapping((3, 4)), (1, 2));
        assert_eq!(cells.overlapping((0, 100)), (0, 5));
        assert_eq!(cells.overlapping((5, 5)).0, 2);
        let pending = Cells::Pending(&link);
        assert_eq!((pending.len(), pending.range(1), pending.own_byte(1)), (2, Some((9, 10)), Some(b'y')));
    }

    #[test]
    fn a_window_knows_what_is_dirty() {
        let link = WindowLink {
            start: 100,
            bytes: b"0123"[..].into(),
            capacity: 8,
            position: 102,
            raw_position: 104,
            dirty: Some((101, 102)),
        };
        let cells = Cells::Window(&link);
        let parts: Vec<Part> = (0..4).map(|index| cells.part(index)).collect();
        assert_eq!(parts, [Part::Returned, Part::Pending, Part::Ahead, Part::Ahead]);
        assert_eq!(cells.cursor(), Some(2));
    }

    /// Both numbers are what CPython 3.11 told.
    #[test]
    fn a_cookie_is_taken_apart() {
        let cookie = Cookie::of(&BigInt::from(7)).unwrap();
        assert!(cookie.is_plain());
        let cookie =
            Cookie::of(&(BigInt::from(3) + (BigInt::from(1) << 64) + (BigInt::from(2) << 96) + (BigInt::from(1) << 128)));
        let cookie = cookie.unwrap();
        assert_eq!((cookie.position, cookie.flags, cookie.feed, cookie.skip, cookie.end), (3, 1, 2, 1, false));
        assert_eq!(cookie.words(), "seek the bytes to 3, set the decoder's flags to 1, feed it 2 bytes, skip 1 character");
        assert_eq!(Cookie::of(&BigInt::from(-1)), None);
    }
}
