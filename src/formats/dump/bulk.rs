//! Long texts made into bytes on all cores: pieces of whole lines, where nothing else is in them than what a codec takes at once.
//!
//! What is not so (spaces, padding, prefixes, mistakes) goes to the reader one piece after the other, and gets its place in the text.
//! Memory: the text and the bytes of two more pieces than there are cores.

use memchr::{memchr2, memrchr};

use super::{Decode, FormatError, Sink};
use crate::buffer::{Buffer, Offset};
use crate::formats::stages;
use crate::tasks::Progress;

/// Bytes of text in a piece, at most. Where there are no lines, groups of two and four characters end with it too.
const PIECE: usize = 256 * 1024;

/// Shorter texts are not worth it.
const LONG: u64 = 4 * PIECE as u64;

/// What was made of a piece of text.
#[derive(Debug, Default)]
pub(in crate::formats) struct Made {
    pub(super) bytes: Vec<u8>,
    /// How many characters stand for them.
    pub(super) symbols: u64,
    /// Of base64: whether the URL-safe alphabet is needed; `None` where both would do.
    pub(super) url_safe: Option<bool>,
    /// The place of the last of these characters in the text.
    pub(super) last: usize,
}

/// What makes bytes of characters, on any core.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats) struct Codec {
    /// A line has a multiple of so many characters.
    pub(super) group: usize,
    /// Makes bytes of characters without line ends; `false` where it cannot, or something is left over.
    pub(super) decode: fn(&[u8], &mut Made) -> bool,
}

#[derive(Default)]
struct Piece {
    at: u64,
    text: Vec<u8>,
    /// The text without its line ends, where it has any.
    symbols: Vec<u8>,
    made: Made,
    usual: bool,
}

/// Whether there is anything to be gained.
pub(super) fn is_long(text: &Buffer) -> bool {
    text.len().get() >= LONG
}

/// Gives `text`, which starts at `skip` in the input, to `decoder`, or what `codec` made of it.
pub(super) fn feed(
    (text, skip): (&Buffer, u64),
    codec: Codec,
    decoder: &mut dyn Decode,
    sink: &mut Sink<'_>,
    progress: &Progress,
) -> Result<(), FormatError> {
    progress.set_total(text.len().get());
    let mut next = 0;
    let read = |piece: &mut Piece| {
        progress.check()?;
        piece.at = next;
        piece.text.resize(PIECE, 0);
        let read = text.read_at(Offset(next), &mut piece.text)?;
        let end = memrchr(b'\n', &piece.text[..read]).map_or(read, |end| end + 1);
        piece.text.truncate(end);
        next += end as u64;
        Ok(end > 0)
    };
    let make = |piece: &mut Piece| {
        piece.usual = piece.decode(codec);
        Ok(())
    };
    stages(usize::MAX, read, make, |piece| {
        let at = piece.at + skip;
        if piece.usual && decoder.take(&piece.made, &piece.text, at, sink)? {
            sink.push(&piece.made.bytes)?;
        } else {
            decoder.feed(&piece.text, at, sink)?;
        }
        progress.set_done(piece.at + piece.text.len() as u64);
        Ok(())
    })
}

impl Piece {
    /// Whether it is nothing but what the codec takes.
    fn decode(&mut self, codec: Codec) -> bool {
        let Self { text, symbols, made, .. } = self;
        let mut rest = text.as_slice();
        symbols.clear();
        while let Some(end) = memchr2(b'\n', b'\r', rest) {
            if end % codec.group != 0 {
                return false;
            }
            symbols.extend_from_slice(&rest[..end]);
            rest = &rest[end + 1..];
        }
        let symbols: &[u8] = if rest.len() == text.len() {
            text
        } else {
            symbols.extend_from_slice(rest);
            symbols
        };
        made.symbols = symbols.len() as u64;
        made.last = text.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).unwrap_or_default();
        !symbols.is_empty() && (codec.decode)(symbols, made)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Decoded, DumpOptions, Format, decode, decoder};
    use super::*;

    /// What the reader makes of a text by itself.
    fn alone(text: &[u8], format: Format) -> Result<Vec<u8>, String> {
        let (progress, mut bytes) = (Progress::new(), Vec::new());
        let mut sink = Sink::new(&mut bytes, &progress);
        let mut reader = decoder(format, &DumpOptions::default()).unwrap();
        let done = text.chunks(70_001).scan(0, |at, run| {
            let start = *at;
            *at += run.len() as u64;
            Some((run, start))
        });
        let mut done = done.map(|(run, at)| reader.feed(run, at, &mut sink)).find(Result::is_err).unwrap_or(Ok(()));
        if done.is_ok() {
            done = reader.finish(&mut sink, &mut Decoded::default());
        }
        done.map_err(|error| error.to_string())?;
        sink.finish().unwrap();
        Ok(bytes)
    }

    #[test]
    fn pieces_say_what_the_reader_says() {
        let mut random = fastrand::Rng::with_seed(3);
        let mut bytes = vec![0; 1_000_000];
        random.fill(&mut bytes);
        let (mut right, mut wrong) = (0, 0);
        for round in 0..60 {
            let format = if round % 2 == 0 { Format::HexText } else { Format::Base64 };
            let options = DumpOptions {
                wrap: [None, Some(76), Some(60), Some(70), Some(1000)][round / 2 % 5],
                url_safe: format == Format::Base64 && random.bool(),
                ..DumpOptions::default()
            };
            let mut text = Vec::new();
            super::super::encode(&bytes.as_slice().into(), format, &options, &mut text, &Progress::new()).unwrap();
            let changes: [&[u8]; 10] = [b"", b"=", b"\r", b"\n", b" ", b"x", b"0x", b"+", b"_", b"A"];
            for _ in 0..round / 10 {
                let (change, at) = (*random.choice(&changes).unwrap(), random.usize(..=text.len()));
                text.splice(at..at, change.iter().copied());
            }
            let expected = alone(&text, format);
            let mut found = Vec::new();
            let done = decode(&text.as_slice().into(), format, &mut found, &Progress::new());
            match &expected {
                Ok(_) => right += 1,
                Err(_) => wrong += 1,
            }
            assert_eq!(done.map(|_| found).map_err(|error| error.to_string()), expected);
        }
        assert!(right >= 15 && wrong >= 15, "{right} {wrong}");
    }
}
