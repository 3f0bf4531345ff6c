//! The charsets without states.

use super::super::super::text::Width;
use super::super::units::Units;
use super::tables::{self, FourBytes, Pairs};
use super::{Charset, Stop, hangul};

/// What stands at the start of some bytes.
enum Step {
    /// A character, and how many bytes it takes.
    Char(u32, usize),
    /// The start of one.
    TooFew,
    /// A byte that means nothing.
    Illegal,
}

impl Step {
    #[inline]
    const fn pair(point: u16) -> Self {
        if point == 0 { Self::Illegal } else { Self::Char(point as u32, 2) }
    }
}

/// Decodes from `at` on until something stops it.
pub(super) fn decode(charset: Charset, input: &[u8], at: &mut usize, out: &mut Units) -> Stop {
    let in_pairs = |table: &'static Pairs| {
        move |rest: &[u8]| match *rest {
            [first, second, ..] => Step::pair(table.point(first, second)),
            _ => Step::TooFew,
        }
    };
    match charset {
        Charset::Gb2312 => run(input, at, out, in_pairs(tables::gb2312())),
        Charset::Gbk => run(input, at, out, in_pairs(tables::gbk())),
        Charset::Big5 => run(input, at, out, in_pairs(tables::big5())),
        Charset::Cp950 => run(input, at, out, in_pairs(tables::cp950())),
        Charset::Cp949 => run(input, at, out, in_pairs(tables::cp949())),
        Charset::Gb18030 => {
            let (pairs, four) = (tables::gb18030(), FourBytes::get());
            run(input, at, out, move |rest| match *rest {
                [first, second @ 0x30..=0x39, ref rest @ ..] => gb18030_four(four, first, second, rest),
                [first, second, ..] => Step::pair(pairs.point(first, second)),
                _ => Step::TooFew,
            })
        }
        Charset::ShiftJis => {
            let pairs = tables::shift_jis();
            run(input, at, out, move |rest| match *rest {
                [kana @ 0xA1..=0xDF, ..] => Step::Char(half_width(kana), 1),
                [0x80 | 0xA0 | 0xEB..=0xFF, ..] => Step::Illegal,
                [first, second, ..] => Step::pair(pairs.point(first, second)),
                _ => Step::TooFew,
            })
        }
        Charset::Cp932 => {
            let pairs = tables::cp932();
            run(input, at, out, move |rest| match *rest {
                [0x80, ..] => Step::Char(0x80, 1),
                [0xA0, ..] => Step::Char(0xF8F0, 1),
                [kana @ 0xA1..=0xDF, ..] => Step::Char(half_width(kana), 1),
                [byte @ 0xFD..=0xFF, ..] => Step::Char(0xF8F1 + u32::from(byte - 0xFD), 1),
                [first, second, ..] => Step::pair(pairs.point(first, second)),
                _ => Step::TooFew,
            })
        }
        Charset::EucJp => {
            let (pairs, triples) = (tables::jisx0208(), tables::jisx0212());
            run(input, at, out, move |rest| match *rest {
                [0x8E, kana @ 0xA1..=0xDF, ..] => Step::Char(half_width(kana), 2),
                [0x8F, first @ 0x80..=0xFF, second, ..] => match triples.point(first, second) {
                    0 => Step::Illegal,
                    point => Step::Char(point.into(), 3),
                },
                [0x8F, _, _, ..] => Step::Illegal,
                [0x8F, _] => Step::TooFew,
                [first, second, ..] => Step::pair(pairs.point(first, second)),
                _ => Step::TooFew,
            })
        }
        Charset::EucKr => {
            let pairs = tables::ksx1001();
            run(input, at, out, move |rest| match *rest {
                [0xA4, 0xD4, ref rest @ ..] => match rest.first_chunk() {
                    Some(jamo) => hangul::made_up(jamo).map_or(Step::Illegal, |point| Step::Char(point, 8)),
                    None => Step::TooFew,
                },
                [first, second, ..] => Step::pair(pairs.point(first, second)),
                _ => Step::TooFew,
            })
        }
        Charset::Johab => {
            let pairs = tables::ksx1001();
            run(input, at, out, move |rest| match *rest {
                [first, second, ..] => {
                    hangul::johab_point(pairs, first, second).map_or(Step::Illegal, |point| Step::Char(point, 2))
                }
                _ => Step::TooFew,
            })
        }
        Charset::Hz | Charset::Iso2022(_) => Stop::Lost,
    }
}

/// Half-width katakana of JIS X 0201.
pub(super) const fn half_width(byte: u8) -> u32 {
    0xFEC0 + byte as u32
}

/// ASCII, and what `step` says of the other bytes.
#[inline]
fn run(input: &[u8], at: &mut usize, out: &mut Units, step: impl Fn(&[u8]) -> Step) -> Stop {
    const BLOCK: usize = 512;
    /// From so many bytes on ASCII is copied at once.
    const ASCII_RUN: usize = 16;
    let mut block = [0_u16; BLOCK];
    let mut filled = 0;
    let mut here = *at;
    let stop = loop {
        let rest = &input[here..];
        let Some(&byte) = rest.first() else { break Stop::End };
        if filled == BLOCK {
            out.push_units(&block);
            filled = 0;
        }
        if byte < 0x80 {
            if rest.first_chunk::<ASCII_RUN>().is_some_and(|run| run.is_ascii()) {
                out.push_units(&block[..filled]);
                filled = 0;
                let ascii = encoding_rs::Encoding::ascii_valid_up_to(rest);
                out.push_latin1(&rest[..ascii]);
                here += ascii;
                continue;
            }
            block[filled] = byte.into();
            filled += 1;
            here += 1;
            continue;
        }
        match step(rest) {
            Step::Char(point, len) => {
                here += len;
                if let Ok(unit) = u16::try_from(point) {
                    block[filled] = unit;
                    filled += 1;
                } else {
                    out.push_units(&block[..filled]);
                    filled = 0;
                    out.push(point);
                }
            }
            Step::TooFew => break Stop::TooFew,
            Step::Illegal => break Stop::Illegal(1),
        }
    };
    out.push_units(&block[..filled]);
    *at = here;
    stop
}

/// How many sequences of four bytes begin with the same two.
const SECOND: u32 = 1260;

fn gb18030_four(four: &FourBytes, first: u8, second: u8, rest: &[u8]) -> Step {
    let [third, fourth, ..] = *rest else { return Step::TooFew };
    if first < 0x81 || !matches!(third, 0x81..=0xFE) || !fourth.is_ascii_digit() {
        return Step::Illegal;
    }
    let number =
        |lead: u32| (lead * 10 + u32::from(second - 0x30)) * SECOND + u32::from(third - 0x81) * 10 + u32::from(fourth - 0x30);
    let point = match u32::from(first - 0x81) {
        lead @ ..4 => four.point(number(lead)),
        lead @ 15.. => Some(0x1_0000 + number(lead - 15)).filter(|&point| point <= 0x10_FFFF),
        _ => None,
    };
    point.map_or(Step::Illegal, |point| Step::Char(point, 4))
}

/// The four bytes with this number, counted from a first byte.
fn push_four(first: u8, number: u32, out: &mut Vec<u8>) -> bool {
    let byte = |from: u8, number: u32| from + number as u8;
    out.extend_from_slice(&[
        byte(first, number / (10 * SECOND)),
        byte(0x30, number / SECOND % 10),
        byte(0x81, number / 10 % 126),
        byte(0x30, number % 10),
    ]);
    true
}

/// The pairs that a charset writes; those of Johab stand elsewhere.
fn pairs_of(charset: Charset) -> &'static Pairs {
    match charset {
        Charset::Gb2312 | Charset::Hz => tables::gb2312(),
        Charset::Gbk => tables::gbk(),
        Charset::Big5 => tables::big5(),
        Charset::Cp950 => tables::cp950(),
        Charset::Cp949 => tables::cp949(),
        Charset::Gb18030 => tables::gb18030(),
        Charset::ShiftJis => tables::shift_jis(),
        Charset::Cp932 => tables::cp932(),
        Charset::EucJp | Charset::Iso2022(_) => tables::jisx0208(),
        Charset::EucKr | Charset::Johab => tables::ksx1001(),
    }
}

/// Appends the bytes of the characters at the front that are ASCII or pairs; how many they are.
pub(super) fn put_run(charset: Charset, width: Width, units: &[u8], out: &mut Vec<u8>) -> usize {
    if charset == Charset::Johab {
        return 0;
    }
    let pairs = pairs_of(charset);
    match width {
        Width::One => put_pairs(pairs, units.iter().map(|&unit| unit.into()), out),
        Width::Two => put_pairs(pairs, units.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit).into()), out),
        Width::Four => put_pairs(pairs, units.as_chunks().0.iter().map(|unit| u32::from_le_bytes(*unit)), out),
    }
}

fn put_pairs(pairs: &Pairs, points: impl Iterator<Item = u32>, out: &mut Vec<u8>) -> usize {
    const BLOCK: usize = 512;
    let mut block = [0; BLOCK];
    let (mut filled, mut count) = (0, 0);
    for point in points {
        if filled + 2 > BLOCK {
            out.extend_from_slice(&block[..filled]);
            filled = 0;
        }
        if point < 0x80 {
            block[filled] = point as u8;
            filled += 1;
        } else {
            let code = pairs.code(point);
            if code == 0 {
                break;
            }
            block[filled..filled + 2].copy_from_slice(&code.to_be_bytes());
            filled += 2;
        }
        count += 1;
    }
    out.extend_from_slice(&block[..filled]);
    count
}

/// Appends the bytes of a character; `false` where there are none.
pub(super) fn put(charset: Charset, point: u32, out: &mut Vec<u8>) -> bool {
    if point < 0x80 {
        out.push(point as u8);
        return true;
    }
    let pairs = pairs_of(charset);
    if charset == Charset::Johab {
        return hangul::johab_code(pairs, point).is_some_and(|code| push(out, &code));
    }
    let code = pairs.code(point);
    match (charset, point) {
        _ if code != 0 => push(out, &code.to_be_bytes()),
        (Charset::Gb18030, 0x1_0000..) => push_four(0x90, point - 0x1_0000, out),
        (Charset::Gb18030, _) if !super::super::handler::is_surrogate(point) => {
            push_four(0x81, FourBytes::get().number(point), out)
        }
        (Charset::ShiftJis | Charset::EucJp, 0xA5) => push(out, b"\\"),
        (Charset::ShiftJis | Charset::EucJp, 0x203E) => push(out, b"~"),
        (Charset::ShiftJis | Charset::Cp932, 0xFF61..=0xFF9F) => push(out, &[(point - 0xFEC0) as u8]),
        (Charset::EucJp, 0xFF61..=0xFF9F) => push(out, &[0x8E, (point - 0xFEC0) as u8]),
        (Charset::EucJp, _) => {
            tables::jisx0212().code_of_seven(point).is_some_and(|[a, b]| push(out, &[0x8F, a | 0x80, b | 0x80]))
        }
        (Charset::Cp932, 0x80) => push(out, &[0x80]),
        (Charset::Cp932, 0xF8F0) => push(out, &[0xA0]),
        (Charset::Cp932, 0xF8F1..=0xF8F3) => push(out, &[0xFD + (point - 0xF8F1) as u8]),
        (Charset::EucKr, 0xAC00..=0xD7A3) => push(out, &hangul::make_up(point)),
        _ => false,
    }
}

fn push(out: &mut Vec<u8>, bytes: &[u8]) -> bool {
    out.extend_from_slice(bytes);
    true
}
