//! Which encoding a file seems to have.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::Encoding;
use crate::buffer::{Buffer, ByteRange, Len, Offset, ReadError};

/// An encoding that was guessed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The encoding.
    pub encoding: Encoding,
    /// Bytes of byte order mark at the start.
    pub bom_len: u8,
    /// Why ("starts with the UTF-8 byte order mark").
    pub reason: String,
}

impl Guess {
    fn new(encoding: Encoding, bom_len: u8, reason: impl Into<String>) -> Self {
        Self { encoding, bom_len, reason: reason.into() }
    }
}

/// Bytes looked at in each of the three places: start, middle, end.
const LOOKED_AT: u64 = 64 * 1024;

/// Byte order mark, then the zero pattern of UTF-16, then strict UTF-8, then a statistical guess.
///
/// Reads 64 KiB at the start, in the middle and at the end, so its cost does not grow with the file; a file that is
/// ASCII in these places and something else between them is taken for UTF-8.
pub fn guess(input: &Buffer) -> Result<Guess, ReadError> {
    let len = input.len().0;
    let head = input.to_vec(ByteRange::new(Offset::ZERO, Len(LOOKED_AT)))?;
    if let Some(guess) = by_mark(&head) {
        return Ok(guess);
    }
    if let Some(guess) = by_zeros(&head, len) {
        return Ok(guess);
    }
    // Pieces behind the first start at an arbitrary place: leave out what may be the rest of a cut character.
    let mut pieces = vec![head];
    if len > LOOKED_AT {
        let tail_start = len.saturating_sub(LOOKED_AT).max(LOOKED_AT);
        for start in [(len / 2).max(LOOKED_AT), tail_start] {
            let mut piece = input.to_vec(ByteRange::new(Offset(start), Len(LOOKED_AT)))?;
            let cut = piece.iter().take(3).take_while(|&&byte| byte & 0xC0 == 0x80).count();
            piece.drain(..cut);
            pieces.push(piece);
        }
    }
    Ok(by_content(&pieces, len))
}

fn by_mark(head: &[u8]) -> Option<Guess> {
    if head.starts_with(b"\xEF\xBB\xBF") {
        Some(Guess::new(Encoding::Utf8, 3, "starts with the UTF-8 byte order mark EF BB BF"))
    } else if head.starts_with(b"\xFF\xFE\0\0") {
        Some(Guess::new(
            Encoding::Utf16Le,
            2,
            "starts with FF FE 00 00, the mark of UTF-32LE, which is not read; taken for UTF-16LE",
        ))
    } else if head.starts_with(b"\xFF\xFE") {
        Some(Guess::new(Encoding::Utf16Le, 2, "starts with the UTF-16LE byte order mark FF FE"))
    } else if head.starts_with(b"\xFE\xFF") {
        Some(Guess::new(Encoding::Utf16Be, 2, "starts with the UTF-16BE byte order mark FE FF"))
    } else {
        None
    }
}

/// ASCII in UTF-16 has a zero in every second byte, always on the same side.
fn by_zeros(head: &[u8], len: u64) -> Option<Guess> {
    if head.len() < 2 || !len.is_multiple_of(2) {
        return None;
    }
    let (mut first, mut second) = (0_usize, 0_usize);
    for pair in head.chunks_exact(2) {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    let pairs = head.len() / 2;
    let (encoding, zeros, others) =
        if second > first { (Encoding::Utf16Le, second, first) } else { (Encoding::Utf16Be, first, second) };
    // A quarter of the characters in ASCII is little for a European text and much for chance; U+0000 itself is rare in text.
    if zeros * 4 < pairs || others * 50 > pairs {
        return None;
    }
    let units = head.chunks_exact(2).map(|pair| match encoding {
        Encoding::Utf16Le => u16::from_le_bytes([pair[0], pair[1]]),
        _ => u16::from_be_bytes([pair[0], pair[1]]),
    });
    let mut odd = 0_usize;
    let mut last_bad = false;
    for unit in char::decode_utf16(units) {
        // Controls other than line ends and tabs speak for numbers, not for text.
        last_bad = unit.is_err();
        odd += usize::from(unit.map_or(true, |c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0C' | '\x1B')));
    }
    let odd = odd - usize::from(last_bad && odd > 0); // the pair cut at the end of what was looked at
    let side = if encoding == Encoding::Utf16Le { "second" } else { "first" };
    (odd * 50 <= pairs).then(|| {
        Guess::new(encoding, 0, format!("has no mark, but {} % of the {side} bytes of a pair are zero", zeros * 100 / pairs))
    })
}

fn by_content(pieces: &[Vec<u8>], len: u64) -> Guess {
    let (mut whole, mut broken) = (0_u64, 0_u64);
    let mut seen = 0_u64;
    for (index, piece) in pieces.iter().enumerate() {
        seen += piece.len() as u64;
        let to_the_end = index + 1 == pieces.len();
        let mut chunks = piece.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count() as u64;
            let cut_short = !to_the_end && chunks.peek().is_none() && chunk.invalid().len() < 4;
            broken += u64::from(!chunk.invalid().is_empty() && !cut_short);
        }
    }
    let part = if seen < len { " in the parts that were looked at" } else { "" };
    let has_escape =
        |piece: &Vec<u8>| [&b"\x1B$B"[..], b"\x1B$@", b"\x1B(J"].iter().any(|s| memchr::memmem::find(piece, s).is_some());
    if broken == 0 && whole == 0 && pieces.iter().any(has_escape) {
        return Guess::new(
            Encoding::Whatwg(encoding_rs::ISO_2022_JP),
            0,
            format!("is ASCII{part} with the escape sequences of ISO-2022-JP"),
        );
    }
    if broken == 0 && whole == 0 {
        return Guess::new(Encoding::Utf8, 0, if len == 0 { "empty".into() } else { format!("is all ASCII{part}") });
    }
    if broken == 0 {
        return Guess::new(Encoding::Utf8, 0, format!("is valid UTF-8{part}"));
    }
    // A log with one broken line is still UTF-8: other encodings do not make multi-byte sequences by the dozen.
    if whole >= 20 && broken * 20 <= whole {
        let noun = if broken == 1 { "one broken byte sequence" } else { "a few broken byte sequences" };
        return Guess::new(Encoding::Utf8, 0, format!("is UTF-8{part} but for {noun}"));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for (index, piece) in pieces.iter().enumerate() {
        // A space between, so that no character seems to lie across two places of the file.
        detector.feed(piece, false);
        detector.feed(b" ", index + 1 == pieces.len());
    }
    let encoding = detector.guess(None, Utf8Detection::Deny);
    Guess::new(Encoding::of(encoding), 0, format!("is not valid UTF-8; {} fits its bytes best, a guess", encoding.name()))
}
