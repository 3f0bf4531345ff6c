//! Where cells and rows end, found 64 bytes at a time.
//!
//! The rules are those of the crate `csv`: a quote opens a quoted cell only at the start of a cell; inside, two quotes are one, and
//! a single one closes it; in a cell that is not quoted, or behind the closing quote, quotes are bytes like any other.
//!
//! Whether a place lies inside of quotes is the parity of the quotes before it, as long as each quote that opens something stands
//! at the start of a cell or behind the quote that it doubles. Where one does not, it is a byte of its cell, and so is everything
//! up to the next delimiter or line end, from where parity counts anew.

use memchr::memchr3;
use wide::u8x16;

/// The bytes that mean something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Structure {
    delimiter: u8,
    quote: Option<u8>,
}

/// What is known at a place, from the bytes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// Inside of quotes.
    inside: bool,
    /// Behind a delimiter, a line end, or a quote that may have closed a cell: a quote here is no byte of its cell.
    open: bool,
    /// Behind a quote that may have closed a cell.
    closed: bool,
}

impl State {
    /// At the start of a row.
    pub(super) const START: Self = Self { inside: false, open: true, closed: false };
}

/// What the bits of a word say of as many bytes, the lowest bit of the first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// How many of the bytes were looked at.
    pub(super) len: usize,
    /// Delimiters that end cells.
    pub(super) delimiters: u64,
    /// `\n` and `\r` that end rows or stand behind a `\r` that did.
    pub(super) lines: u64,
    /// Quotes.
    pub(super) quotes: u64,
    /// Text right behind a quote that closed a cell.
    pub(super) untidy: bool,
}

impl Structure {
    pub(super) fn new(delimiter: u8, quote: Option<u8>) -> Self {
        Self { delimiter, quote }
    }

    /// Looks at the first bytes, at most 64, that the bits of a word can tell of; after a quote that opens nothing also at those up
    /// to the end of its cell, of which none means anything.
    #[inline]
    pub(super) fn word(&self, bytes: &[u8], state: &mut State) -> Word {
        let mut padded = [0xFF_u8; 64];
        let (block, mut len) = match bytes.first_chunk::<64>() {
            Some(block) => (block, 64),
            None => {
                padded[..bytes.len()].copy_from_slice(bytes);
                (&padded, bytes.len())
            }
        };
        let (quotes, delimiters, lines) = equal(block, self.quote, self.delimiter);
        let mut valid = if len == 64 { u64::MAX } else { (1 << len) - 1 };
        let inside = parity(quotes) ^ if state.inside { u64::MAX } else { 0 };
        let outside = !inside;
        let closing = quotes & outside;
        let ends = (delimiters | lines) & outside;
        let may_open = (ends | closing) << 1 | u64::from(state.open);
        let odd = quotes & inside & !may_open & valid;
        if odd != 0 {
            len = odd.trailing_zeros() as usize;
            valid = (1 << len) - 1;
        }
        let behind = (closing << 1 | u64::from(state.closed)) & outside & !(quotes | ends) & valid;
        let mut word = Word {
            len,
            delimiters: delimiters & outside & valid,
            lines: lines & outside & valid,
            quotes: quotes & valid,
            untidy: behind != 0,
        };
        if odd != 0 {
            // A byte of its cell. The cell's end is looked at next.
            let rest = memchr3(self.delimiter, b'\n', b'\r', &bytes[len..]).unwrap_or(bytes.len() - len);
            word.quotes |= 1 << len.min(63);
            word.len = len + rest;
            *state = State { inside: false, open: false, closed: false };
        } else if let Some(last) = len.checked_sub(1) {
            let bit = |mask: u64| mask >> last & 1 == 1;
            *state = State { inside: bit(inside), open: bit(ends | closing), closed: bit(closing) };
        }
        word
    }
}

/// Each bit the parity of the bits up to it.
fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// The places of quotes, delimiters and line ends.
#[inline]
fn equal(block: &[u8; 64], quote: Option<u8>, delimiter: u8) -> (u64, u64, u64) {
    let [feed, carriage] = [b'\n', b'\r'].map(u8x16::splat);
    let (splat, delimiter) = (u8x16::splat(quote.unwrap_or(b'\n')), u8x16::splat(delimiter));
    let (mut quotes, mut delimiters, mut lines) = (0, 0, 0);
    for (at, lane) in block.as_chunks::<16>().0.iter().enumerate() {
        let lane = u8x16::new(*lane);
        let bits = |mask: u8x16| u64::from(mask.to_bitmask()) << (at * 16);
        quotes |= bits(lane.simd_eq(splat));
        delimiters |= bits(lane.simd_eq(delimiter));
        lines |= bits(lane.simd_eq(feed) | lane.simd_eq(carriage));
    }
    (if quote.is_some() { quotes } else { 0 }, delimiters, lines)
}

/// Bytes of UTF-16 as one byte a unit: ASCII as it is, everything else as FF, which means nothing to a table.
pub(super) fn narrow(wide: &[u8], little: bool, out: &mut Vec<u8>) {
    out.clear();
    let (pairs, rest) = wide.as_chunks::<2>();
    out.extend(pairs.iter().map(|pair| {
        let [low, high] = if little { *pair } else { [pair[1], pair[0]] };
        if high == 0 && low < 0x80 { low } else { 0xFF }
    }));
    out.extend(rest.iter().map(|_| 0xFF));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_the_places() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..2000 {
            let mut block = [0; 64];
            block.fill_with(|| *random.choice(b"\",\n\r\x00\x01\x80\xFFab\"#\x8A\x8D").unwrap());
            for quote in [None, Some(b'"'), Some(b'\'')] {
                let places = |is: &dyn Fn(u8) -> bool| (0..64).filter(|at| is(block[*at])).map(|at| 1 << at).sum::<u64>();
                let expected = (places(&|b| Some(b) == quote), places(&|b| b == b','), places(&|b| matches!(b, b'\n' | b'\r')));
                assert_eq!(equal(&block, quote, b','), expected);
            }
        }
    }

    #[test]
    fn parity_counts() {
        assert_eq!(parity(0b0010_0100), 0b0001_1100);
        assert_eq!(parity(1), u64::MAX);
    }

    /// The state machine that the words must agree with: the ends of cells and rows of the crate's own parser, byte by byte.
    fn slowly(bytes: &[u8], quote: Option<u8>, delimiter: u8) -> Vec<usize> {
        #[derive(PartialEq)]
        enum Place {
            Start,
            Cell,
            Quoted,
            Closed,
        }
        let mut place = Place::Start;
        let mut ends = Vec::new();
        for (at, &byte) in bytes.iter().enumerate() {
            let is_quote = Some(byte) == quote;
            place = match place {
                Place::Quoted if is_quote => Place::Closed,
                Place::Quoted => Place::Quoted,
                Place::Start | Place::Closed if is_quote => Place::Quoted,
                _ if byte == delimiter || matches!(byte, b'\n' | b'\r') => {
                    ends.push(at);
                    Place::Start
                }
                _ => Place::Cell,
            };
        }
        ends
    }

    #[test]
    fn ends_are_those_of_the_state_machine() {
        let mut random = fastrand::Rng::with_seed(11);
        for round in 0..20_000 {
            let alphabet: &[u8] = if round % 2 == 0 { b"\",\na" } else { b"\"\"\",,\n\raaaaaaaaaaaaaaaaaaaaaaaaaaa" };
            let bytes: Vec<u8> = (0..random.usize(..300)).map(|_| *random.choice(alphabet).unwrap()).collect();
            let structure = Structure::new(b',', Some(b'"'));
            let (mut state, mut at, mut ends) = (State::START, 0, Vec::new());
            // In pieces, as a file is read.
            let cut = random.usize(..=bytes.len());
            for piece in [0..cut, cut..bytes.len()] {
                at = at.max(piece.start);
                while at < piece.end {
                    let word = structure.word(&bytes[at..piece.end], &mut state);
                    assert!(word.len > 0);
                    let mut bits = word.delimiters | word.lines;
                    while bits != 0 {
                        ends.push(at + bits.trailing_zeros() as usize);
                        bits &= bits - 1;
                    }
                    at += word.len;
                }
            }
            assert_eq!(ends, slowly(&bytes, Some(b'"'), b','), "{:?}", bytes.escape_ascii().to_string());
        }
    }
}
