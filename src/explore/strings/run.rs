//! The runs of one block of bytes, encoding by encoding.
//!
//! Whether a character begins at a place depends on nothing before it, so blocks are looked at each on its own: a block gives
//! the runs of characters that *begin* in it, with those at its edges however short, and the edges are joined later.

use super::Encoding;
use super::encoding::{SingleByte, is_printable};

/// The most bytes of a character.
pub(super) const LONGEST: usize = 4;

/// A run in a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    /// From the start of the block.
    pub(super) start: usize,
    /// Behind the last byte; up to three bytes past the block's own.
    pub(super) end: usize,
    pub(super) chars: u64,
    pub(super) ascii: bool,
    /// Characters of UTF-16 that are two characters of ASCII just as well.
    pub(super) doubtful: u64,
}

/// The characters of one encoding, in one of its phases.
#[derive(Clone, Debug)]
pub(super) enum Stream {
    /// UTF-8, or only the ASCII of it.
    Utf8 { ascii_only: bool },
    /// UTF-16 whose units begin at even (0) or odd (1) offsets of the buffer.
    Utf16 { big: bool, phase: u64, every_script: bool },
    /// One byte a character.
    Single { charset: &'static SingleByte, printable: Box<[bool; 256]>, reads_ascii: bool },
}

impl Stream {
    /// The streams that an encoding is looked for in.
    pub(super) fn of(encoding: Encoding, every_script: bool) -> Vec<Self> {
        let utf16 = |big| [0, 1].map(|phase| Self::Utf16 { big, phase, every_script }).to_vec();
        match encoding {
            Encoding::Ascii => vec![Self::Utf8 { ascii_only: true }],
            Encoding::Utf8 => vec![Self::Utf8 { ascii_only: false }],
            Encoding::Utf16Le => utf16(false),
            Encoding::Utf16Be => utf16(true),
            Encoding::Single(charset) => {
                let mut printable = Box::new([false; 256]);
                for byte in 0..=255u8 {
                    printable[usize::from(byte)] = charset.char(byte).is_some_and(is_printable);
                }
                let reads_ascii = (0x20..0x7F).all(|byte| charset.char(byte) == Some(char::from(byte)));
                vec![Self::Single { charset, printable, reads_ascii }]
            }
        }
    }

    /// What a run of this stream is called.
    pub(super) fn encoding(&self, run: &Run) -> Encoding {
        match self {
            Self::Utf8 { .. } if run.ascii => Encoding::Ascii,
            Self::Utf8 { .. } => Encoding::Utf8,
            Self::Utf16 { big: false, .. } => Encoding::Utf16Le,
            Self::Utf16 { big: true, .. } => Encoding::Utf16Be,
            Self::Single { charset, .. } => Encoding::Single(charset),
        }
    }

    /// Whether a finished run is one to show. `plain` says that ASCII is looked for by itself.
    pub(super) fn accepts(&self, run: &Run, min: u64, plain: bool) -> bool {
        let doubtful = match self {
            Self::Utf8 { .. } => false,
            // A pair of ASCII characters is a character of UTF-16 too; a text has not more of them than others.
            Self::Utf16 { .. } => run.doubtful * 2 > run.chars,
            Self::Single { .. } => plain && run.ascii,
        };
        run.chars >= min && !doubtful
    }

    /// Adds the runs of characters that begin in the first `own` bytes of `bytes`; the others are the start of what
    /// follows. `offset` is where the block begins in the buffer. Runs of fewer than `min` characters are left out, but not
    /// those at the block's edges.
    pub(super) fn runs(&self, bytes: &[u8], own: usize, offset: u64, min: u64, out: &mut Vec<Run>) {
        match self {
            Self::Utf8 { ascii_only } => {
                static TEXTUAL: [bool; 256] = textual(true);
                static ASCII: [bool; 256] = textual(false);
                let table = if *ascii_only { &ASCII } else { &TEXTUAL };
                bytewise(table, &bytes[..own], min, |start, end| {
                    let is_ascii = *ascii_only || bytes[start..end].is_ascii();
                    if is_ascii {
                        let chars = (end - start) as u64;
                        out.push(Run { start, end, chars, ascii: true, doubtful: 0 });
                    } else {
                        utf8(bytes, own, start, end, min, out);
                    }
                });
            }
            Self::Single { printable, reads_ascii, .. } => bytewise(printable, &bytes[..own], min, |start, end| {
                let ascii = *reads_ascii && bytes[start..end].is_ascii();
                out.push(Run { start, end, chars: (end - start) as u64, ascii, doubtful: 0 });
            }),
            Self::Utf16 { big, phase, every_script } => {
                let first = ((offset ^ phase) & 1) as usize;
                utf16(bytes, own, first, *big, *every_script, min, out);
            }
        }
    }
}

/// Printable ASCII and the tab, and with `high` every byte of a longer character.
const fn textual(high: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte, 0x20..=0x7E | 0x09) || high && byte >= 0x80 && byte != 0xFF;
        byte += 1;
    }
    table
}

/// Runs of bytes that are in a table: at least `min`, or at the edges. Looks only at every `min`-th byte where nothing is.
fn bytewise(table: &[bool; 256], bytes: &[u8], min: u64, mut found: impl FnMut(usize, usize)) {
    let is = |at: usize| table[usize::from(bytes[at])];
    let step = usize::try_from(min).unwrap_or(usize::MAX).clamp(1, 64);
    let len = bytes.len();
    let mut from = 0;
    // At the start of the block a run is one however short it is.
    if len > 0 && is(0) {
        let end = end_of(table, bytes, 0);
        found(0, end);
        from = end;
    }
    while from < len {
        let probe = from + step - 1;
        if probe >= len {
            // A shorter run than wanted counts only if it reaches the end.
            let start = (from..len).rev().take_while(|&at| is(at)).last();
            if let Some(start) = start {
                found(start, len);
            }
            return;
        }
        if !is(probe) {
            from = probe + 1;
            continue;
        }
        let start = (from..probe).rev().take_while(|&at| is(at)).last().unwrap_or(probe);
        if start > from {
            // What lies behind the last byte that is none may still be long enough.
            from = start;
            continue;
        }
        let end = end_of(table, bytes, probe);
        if (end - start) as u64 >= min || end == len {
            found(start, end);
        }
        from = end + 1;
    }
}

fn end_of(table: &[bool; 256], bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(eight) = bytes.get(at..at + 8) {
        if !eight.iter().fold(true, |all, &byte| all & table[usize::from(byte)]) {
            break;
        }
        at += 8;
    }
    while at < bytes.len() && table[usize::from(bytes[at])] {
        at += 1;
    }
    at
}

/// The character of UTF-8 that begins here, and how many bytes it has.
fn char_at(bytes: &[u8]) -> Option<(char, usize)> {
    let &first = bytes.first()?;
    let len = match first {
        0..=0x7F => return Some((char::from(first), 1)),
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let c = std::str::from_utf8(bytes.get(..len)?).ok()?.chars().next()?;
    Some((c, len))
}

/// The runs of UTF-8 in `start..end`, where every byte may be part of a character.
fn utf8(bytes: &[u8], own: usize, start: usize, end: usize, min: u64, out: &mut Vec<Run>) {
    let mut at = start;
    let mut open: Option<Run> = None;
    let close = |open: &mut Option<Run>, out: &mut Vec<Run>| {
        if let Some(run) = open.take()
            && (run.chars >= min || run.start < LONGEST || run.end >= own)
        {
            out.push(run);
        }
    };
    while at < end {
        match char_at(&bytes[at..]).filter(|&(c, _)| is_printable(c)) {
            Some((c, len)) => {
                let run = open.get_or_insert(Run { start: at, end: at, chars: 0, ascii: true, doubtful: 0 });
                (run.chars, run.end, run.ascii) = (run.chars + 1, at + len, run.ascii && c.is_ascii());
                at += len;
            }
            None => {
                close(&mut open, out);
                at += 1;
            }
        }
    }
    close(&mut open, out);
}

/// The character of UTF-16 that begins here, and how many bytes it has.
fn wide_at(bytes: &[u8], at: usize, big: bool) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let two = [*bytes.get(at)?, *bytes.get(at + 1)?];
        Some(if big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
    };
    let first = unit(at)?;
    match first {
        0xD800..=0xDBFF => {
            let second = unit(at + 2).filter(|second| (0xDC00..0xE000).contains(second))?;
            let point = 0x1_0000 + ((u32::from(first) & 0x3FF) << 10) + (u32::from(second) & 0x3FF);
            Some((char::from_u32(point)?, 4))
        }
        _ => Some((char::from_u32(u32::from(first))?, 2)),
    }
}

/// Of UTF-16, the letters and signs that are not everywhere by chance.
fn is_common(c: char) -> bool {
    matches!(c, '\0'..='\u{5FF}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{20A0}'..='\u{20BF}' | '\u{2116}' | '\u{2122}')
}

fn utf16(bytes: &[u8], own: usize, first: usize, big: bool, every_script: bool, min: u64, out: &mut Vec<Run>) {
    let mut open: Option<Run> = None;
    let mut at = first;
    let (high, low) = if big { (0, 1) } else { (1, 0) };
    while at < own {
        // Most units of most files are out at a look at the high byte.
        let unlikely =
            !every_script && open.is_none() && bytes.get(at + high).is_some_and(|&high| high > 0x21 || (high > 5 && high < 0x20));
        let wide = if unlikely { None } else { wide_at(bytes, at, big) };
        let wide = wide.filter(|&(c, _)| is_printable(c) && (every_script || is_common(c)));
        match wide {
            Some((c, len)) => {
                let run = open.get_or_insert(Run { start: at, end: at, chars: 0, ascii: true, doubtful: 0 });
                let pair = [bytes[at + high], bytes[at + low]];
                (run.chars, run.end, run.ascii) = (run.chars + 1, at + len, run.ascii && c.is_ascii());
                run.doubtful += u64::from(len == 2 && pair.iter().all(|byte| matches!(byte, 0x20..=0x7E | 0x09 | 0x0A | 0x0D)));
                at += len;
            }
            None => {
                if let Some(run) = open.take()
                    && (run.chars >= min || run.start < LONGEST || run.end >= own)
                {
                    out.push(run);
                }
                at += 2;
            }
        }
    }
    out.extend(open);
}
