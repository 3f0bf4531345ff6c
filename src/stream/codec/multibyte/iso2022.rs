//! ISO 2022: seven bits, and escape sequences that say which set of characters the bytes are of.

use super::super::super::text::Width;
use super::super::units::Units;
use super::plain::half_width;
use super::{State, Stop, tables};

/// Which sets there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Variant {
    Jp,
    Jp1,
    Jp2,
    JpExt,
    Kr,
}

const ESC: u8 = 0x1B;
const SHIFT_OUT: u8 = 0x0E;
const SHIFT_IN: u8 = 0x0F;

/// Marks a set of pairs, beside the last byte of its escape sequence.
const PAIRS: u8 = 0x80;

const ASCII: u8 = b'B';
const LATIN1: u8 = b'A';
const GREEK: u8 = b'F';
const KATAKANA: u8 = b'I';
/// JIS X 0201: ASCII but for two characters.
const ROMAN: u8 = b'J';
const GB2312: u8 = b'A' | PAIRS;
const JISX0208: u8 = b'B' | PAIRS;
/// The first edition of it.
const JISX0208_OLD: u8 = b'@' | PAIRS;
const KSX1001: u8 = b'C' | PAIRS;
const JISX0212: u8 = b'D' | PAIRS;

/// Where the state has the flags; before them are the sets that were named as G0 to G3.
const FLAGS: usize = 4;
/// The set of G1 is in use.
const SHIFTED: u8 = 1;
/// Within an escape sequence of another standard, which passes as it is.
const FOREIGN: u8 = 2;

/// The longest escape sequence that is looked at.
const ESCAPE_MAX: usize = 16;

pub(super) const DECODER_START: State = State([ASCII, ASCII, ASCII, 0, 0, 0, 0, 0]);
/// An encoder does without G2.
pub(super) const ENCODER_START: State = State([ASCII, ASCII, 0, 0, 0, 0, 0, 0]);

impl Variant {
    /// The sets beside ASCII, in the order in which a character is looked for.
    const fn sets(self) -> &'static [u8] {
        match self {
            Self::Jp => &[JISX0208, ROMAN, JISX0208_OLD],
            Self::Jp1 => &[JISX0208, JISX0212, ROMAN, JISX0208_OLD],
            Self::Jp2 => &[JISX0208, JISX0212, KSX1001, GB2312, ROMAN, JISX0208_OLD, LATIN1, GREEK],
            Self::JpExt => &[JISX0208, JISX0212, ROMAN, KATAKANA, JISX0208_OLD],
            Self::Kr => &[KSX1001],
        }
    }

    fn shifts(self) -> bool {
        self == Self::Kr
    }
}

/// The character of a set that has one byte for each.
fn single(set: u8, byte: u8) -> Option<u32> {
    match (set, byte) {
        (ROMAN, b'\\') => Some(0xA5),
        (ROMAN, b'~') => Some(0x203E),
        (ROMAN, _) => Some(byte.into()),
        (KATAKANA, 0x21..=0x5F) => Some(half_width(byte | 0x80)),
        _ => None,
    }
}

fn pairs(set: u8) -> Option<&'static tables::Pairs> {
    Some(match set {
        JISX0208 | JISX0208_OLD => tables::jisx0208(),
        JISX0212 => tables::jisx0212(),
        KSX1001 => tables::ksx1001(),
        GB2312 => tables::gb2312(),
        _ => return None,
    })
}

pub(super) fn decode(variant: Variant, state: &mut State, input: &[u8], at: &mut usize, out: &mut Units) -> Stop {
    while let Some(&byte) = input.get(*at) {
        if state.0[FLAGS] & FOREIGN != 0 {
            out.push(byte.into());
            *at += 1;
            if ends_escape(byte) {
                state.0[FLAGS] &= !FOREIGN;
            }
            continue;
        }
        let stop = match byte {
            ESC => escape(variant, state, &input[*at..], at, out),
            SHIFT_IN if variant.shifts() => {
                state.0[FLAGS] &= !SHIFTED;
                *at += 1;
                None
            }
            SHIFT_OUT if variant.shifts() => {
                state.0[FLAGS] |= SHIFTED;
                *at += 1;
                None
            }
            0x80.. => Some(Stop::Illegal(1)),
            _ => {
                if byte == b'\n' {
                    state.0[FLAGS] &= !SHIFTED;
                }
                let set = state.0[usize::from(state.0[FLAGS] & SHIFTED != 0)];
                character(variant, set, &input[*at..], at, out)
            }
        };
        if let Some(stop) = stop {
            return stop;
        }
    }
    Stop::End
}

fn character(variant: Variant, set: u8, rest: &[u8], at: &mut usize, out: &mut Units) -> Option<Stop> {
    if set == ASCII || rest[0] < 0x20 {
        let plain = rest.iter().take_while(|&&byte| matches!(byte, 0x20..0x80)).count();
        let plain = if set == ASCII { plain.max(1) } else { 1 };
        out.push_latin1(&rest[..plain]);
        *at += plain;
        return None;
    }
    // Into a set that is not one of these no decoder gets by itself.
    if !variant.sets().contains(&set) {
        return Some(Stop::Illegal(1));
    }
    if let Some(pairs) = pairs(set) {
        return pairs_of_seven(pairs, rest, at, out);
    }
    let Some(point) = single(set, rest[0]) else { return Some(Stop::Illegal(1)) };
    out.push(point);
    *at += 1;
    None
}

/// As many pairs as there are.
fn pairs_of_seven(pairs: &tables::Pairs, rest: &[u8], at: &mut usize, out: &mut Units) -> Option<Stop> {
    const BLOCK: usize = 256;
    let mut block = [0; BLOCK];
    let mut filled = 0;
    let stop = loop {
        match rest[2 * filled..] {
            // What is no part of a pair is looked at by the caller.
            [] | [0..=0x20 | 0x7F..=0xFF, ..] if filled > 0 => break None,
            [first, second, ..] => {
                let Some(point) = pairs.point_of_seven(first, second) else { break Some(Stop::Illegal(2)) };
                block[filled] = point as u16;
                filled += 1;
            }
            _ => break Some(Stop::TooFew),
        }
        if filled == BLOCK {
            break None;
        }
    };
    out.push_units(&block[..filled]);
    *at += 2 * filled;
    stop
}

const fn ends_escape(byte: u8) -> bool {
    matches!(byte, b'@'..=b'Z')
}

/// An escape sequence.
fn escape(variant: Variant, state: &mut State, rest: &[u8], at: &mut usize, out: &mut Units) -> Option<Stop> {
    match *rest {
        [_] => Some(Stop::TooFew),
        [_, b'(' | b')' | b'$' | b'.' | b'&', ..] => name_set(variant, state, rest, at),
        [_, b'N', ref rest @ ..] if variant == Variant::Jp2 => {
            let Some(&byte) = rest.first() else { return Some(Stop::TooFew) };
            let point = match state.0[2] {
                LATIN1 if byte < 0x80 => Some(u32::from(byte) + 0x80),
                GREEK => greek(byte ^ 0x80),
                ASCII if byte < 0x80 => Some(byte.into()),
                LATIN1 | ASCII => None,
                _ => return Some(Stop::Lost),
            };
            let Some(point) = point else { return Some(Stop::Illegal(3)) };
            out.push(point);
            *at += 3;
            None
        }
        _ => {
            out.push(ESC.into());
            *at += 1;
            state.0[FLAGS] |= FOREIGN;
            None
        }
    }
}

/// ISO 8859-7 of the year 1987.
fn greek(byte: u8) -> Option<u32> {
    let point = u32::from(byte);
    match byte {
        ..0xA0 | 0xA0 | 0xA3 | 0xA6..=0xA9 | 0xAB..=0xAD | 0xB0..=0xB3 | 0xB7 | 0xBB | 0xBD => Some(point),
        0xA1 => Some(0x2018),
        0xA2 => Some(0x2019),
        0xAF => Some(0x2015),
        0xD2 | 0xFF => None,
        0xB4.. => Some(0x2D0 + point),
        _ => None,
    }
}

/// An escape sequence that names a set.
fn name_set(variant: Variant, state: &mut State, rest: &[u8], at: &mut usize) -> Option<Stop> {
    let mut end = 1;
    let len = loop {
        if end >= ESCAPE_MAX {
            return Some(Stop::Illegal(1));
        }
        match rest.get(end..) {
            None | Some([]) => return Some(Stop::TooFew),
            // Says that the second edition of JIS X 0208 is meant by the sequence that follows.
            Some([b'&', b'@', ..]) if variant != Variant::Kr => end += 3,
            Some(&[byte, ..]) if ends_escape(byte) => break end + 1,
            _ => end += 1,
        }
    };
    let named = match rest[1..len] {
        [b'$', set] => Some((0, set | PAIRS)),
        [b'(', set] => Some((0, set)),
        [b')', set] => Some((1, set)),
        [b'.', set] if variant == Variant::Jp2 => Some((2, set)),
        [b'$', b'(', set] => Some((0, set | PAIRS)),
        [b'$', b')', set] => Some((1, set | PAIRS)),
        [_, _, ESC, b'$', b'B'] if variant != Variant::Kr => Some((0, JISX0208)),
        _ => None,
    };
    let Some((place, set)) = named.filter(|(_, set)| *set == ASCII || variant.sets().contains(set)) else {
        return Some(Stop::Illegal(len));
    };
    state.0[place] = set;
    *at += len;
    None
}

/// Appends the bytes of the characters at the front that are in the set that is in use, as far as it is ASCII or the set that is looked
/// into first; how many they are.
pub(super) fn put_run(variant: Variant, state: &State, width: Width, units: &[u8], out: &mut Vec<u8>) -> usize {
    let shifted = state.0[FLAGS] & SHIFTED != 0;
    let set = state.0[usize::from(shifted)];
    let points = units.chunks_exact(width as usize).map(|unit| width.read(unit));
    if set == ASCII && !shifted {
        let before = out.len();
        out.extend(points.take_while(|point| *point < 0x80).map(|point| point as u8));
        return out.len() - before;
    }
    let Some(pairs) = pairs(set).filter(|_| set == variant.sets()[0]) else { return 0 };
    let codes = points.take_while(|point| *point >= 0x80).map_while(|point| pairs.code_of_seven(point));
    let before = out.len();
    out.extend(codes.flatten());
    (out.len() - before) / 2
}

pub(super) fn put(variant: Variant, state: &mut State, point: u32, out: &mut Vec<u8>) -> bool {
    if point < 0x80 {
        if state.0[0] != ASCII {
            name(state, 0, ASCII, b"\x1B(B", out);
        }
        shift(state, false, out);
        out.push(point as u8);
        return true;
    }
    let found = variant.sets().iter().find_map(|&set| {
        let code = match (set, point) {
            (ROMAN, 0xA5) => [0, b'\\'],
            (ROMAN, 0x203E) => [0, b'~'],
            (KATAKANA, 0xFF61..=0xFF9F) => [0, (point - 0xFF40) as u8],
            _ => pairs(set)?.code_of_seven(point)?,
        };
        Some((set, code))
    });
    let Some((set, code)) = found else { return false };
    if variant == Variant::Kr {
        if state.0[1] != set {
            name(state, 1, set, &[ESC, b'$', b')', set & !PAIRS], out);
        }
        shift(state, true, out);
    } else {
        shift(state, false, out);
        if state.0[0] != set {
            let last = set & !PAIRS;
            match set {
                JISX0208 => name(state, 0, set, &[ESC, b'$', last], out),
                set if set & PAIRS == 0 => name(state, 0, set, &[ESC, b'(', last], out),
                set => name(state, 0, set, &[ESC, b'$', b'(', last], out),
            }
        }
    }
    out.extend_from_slice(if set & PAIRS == 0 { &code[1..] } else { &code });
    true
}

fn name(state: &mut State, place: usize, set: u8, sequence: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(sequence);
    state.0[place] = set;
}

/// Into the set of G1, or back.
fn shift(state: &mut State, into: bool, out: &mut Vec<u8>) {
    let shifted = state.0[FLAGS] & SHIFTED != 0;
    if shifted != into {
        out.push(if into { SHIFT_OUT } else { SHIFT_IN });
        state.0[FLAGS] ^= SHIFTED;
    }
}

/// Whether ASCII is written as it is.
pub(super) fn keeps_ascii(state: State) -> bool {
    state.0[0] == ASCII && state.0[FLAGS] & SHIFTED == 0
}

/// Back to ASCII at the end.
pub(super) fn finish(state: &mut State, out: &mut Vec<u8>) {
    shift(state, false, out);
    if state.0[0] != ASCII {
        name(state, 0, ASCII, b"\x1B(B", out);
    }
}

/// What `reset()` leaves: G1 and G2 stay as they were named.
pub(super) fn reset(state: State) -> State {
    let mut state = state;
    state.0[0] = ASCII;
    state.0[FLAGS] &= !SHIFTED;
    state
}
