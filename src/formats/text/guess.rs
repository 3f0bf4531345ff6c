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
    /// The bytes are no text: the encoding is not a guess but a way to show them.
    pub binary: bool,
}

impl Guess {
    fn new(encoding: Encoding, bom_len: u8, reason: impl Into<String>) -> Self {
        Self { encoding, bom_len, reason: reason.into(), binary: false }
    }

    /// What is no text is shown byte by byte, for which Latin-1 has a character each.
    fn binary(encoding: Encoding, why: &str) -> Self {
        Self { binary: true, ..Self::new(encoding, 0, format!("binary, no charset guessed: {why}")) }
    }
}

/// Bytes looked at in each of the three places: start, middle, end.
const LOOKED_AT: u64 = 64 * 1024;

/// Byte order mark, then the zero pattern of UTF-16, then strict UTF-8, then a statistical guess; of bytes that are no text
/// (`Guess::binary`) no charset is guessed, because whatever fits them best says nothing.
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
    let controls = Controls::of(pieces);
    if broken == 0 && whole == 0 && controls.are_many(seen) {
        // What was not looked at may have more than ASCII: nothing speaks against UTF-8 there.
        let encoding = if seen < len { Encoding::Utf8 } else { Encoding::Latin1 };
        return Guess::binary(encoding, &controls.words(pieces));
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
    if controls.are_many(seen) {
        return Guess::binary(Encoding::Latin1, &controls.words(pieces));
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

/// Bytes that stand in no text of any charset without shifts.
struct Controls {
    zeros: u64,
    others: u64,
}

impl Controls {
    fn of(pieces: &[Vec<u8>]) -> Self {
        let (mut zeros, mut others) = (0, 0);
        for &byte in pieces.iter().flatten() {
            zeros += u64::from(byte == 0);
            // Tabs, line ends, form feeds, backspaces and the escapes of terminals stand in texts.
            others += u64::from(matches!(byte, 0x01..=0x07 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F));
        }
        // The mark that DOS ends its texts with.
        if pieces.last().is_some_and(|piece| piece.last() == Some(&0x1A)) {
            others -= 1;
        }
        Self { zeros, others }
    }

    /// More than a log with a few odd bytes has.
    fn are_many(&self, seen: u64) -> bool {
        (self.zeros + self.others) * 200 > seen
    }

    fn words(&self, pieces: &[Vec<u8>]) -> String {
        if self.zeros == 0 {
            return "it has control characters that no text has".into();
        }
        // ASCII in UTF-32 is three zeros and a letter.
        let head = pieces.first().map(Vec::as_slice).unwrap_or_default();
        let wide = |place: usize| {
            let (units, _) = head.as_chunks::<4>();
            let is_letter = |unit: &&[u8; 4]| (0..4).all(|at| (unit[at] == 0) == (at != place));
            units.len() >= 2 && units.iter().filter(is_letter).count() * 2 > units.len()
        };
        if wide(0) || wide(3) {
            return "it looks like UTF-32, which is not read".into();
        }
        "it has bytes 00".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Guess {
        guess(&Buffer::from(bytes)).unwrap()
    }

    #[test]
    fn no_charset_is_guessed_of_binary_data() {
        // As compressed data is: every byte as often as any other.
        let mut state = 1_u32;
        let mut noise = |len: usize| -> Vec<u8> {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            };
            (0..len).map(|_| next()).collect()
        };
        for bytes in [noise(300_000), noise(500), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), (0..64).collect(), vec![0; 4096]] {
            let guess = of(&bytes);
            assert!(guess.binary && guess.encoding == Encoding::Latin1, "{guess:?}");
            assert!(guess.reason.starts_with("binary, no charset guessed: "), "{guess:?}");
        }
        let wide: Vec<u8> = "words of text".chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        assert_eq!(of(&wide).reason, "binary, no charset guessed: it looks like UTF-32, which is not read");
    }

    #[test]
    fn texts_of_every_kind_are_no_binary_data() {
        let utf16 = |text: &str, big: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let legacy =
            |name: &str, text: &str| encoding_rs::Encoding::for_label(name.as_bytes()).unwrap().encode(text).0.into_owned();
        let russian = "Съешь ещё этих мягких французских булок, да выпей чаю. ".repeat(8);
        for (bytes, encoding) in [
            (utf16("The quick brown fox\n", false), "UTF-16LE"),
            (utf16("The quick brown fox\n", true), "UTF-16BE"),
            (legacy("windows-1251", &russian), "windows-1251"),
            ([legacy("windows-1251", &russian), vec![0x1A]].concat(), "windows-1251"),
            ("Zo\u{eb}\0Bj\u{f6}rn\0".as_bytes().to_vec(), "UTF-8"),
            (b"\x1b[31mred\x1b[0m\x08\x0c\n".to_vec(), "UTF-8"),
            ([b"a log \0 with one zero ".as_slice(), &[b'x'; 400]].concat(), "UTF-8"),
            (Vec::new(), "UTF-8"),
        ] {
            let guess = of(&bytes);
            assert_eq!((guess.encoding.name(), guess.binary), (encoding, false), "{guess:?}");
        }
    }
}
