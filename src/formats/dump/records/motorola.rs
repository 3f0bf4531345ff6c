//! Motorola S-record: `S` type count address data checksum, with addresses of two, three or four bytes.

use super::super::{Decode, Decoded, DumpOptions, FormatError, sink::Sink};
use super::image::{Image, Start};
use super::lines::{Line, Lines, number, unhex};
use crate::formats::Format;

const FORMAT: Format = Format::SRecord;

/// One record, its checksum found right.
pub(super) struct Record {
    kind: u8,
    address: u64,
    data: Vec<u8>,
}

/// Bytes of the address in a record of this type.
pub(super) fn address_len(kind: u8) -> Option<usize> {
    match kind {
        0 | 1 | 5 | 9 => Some(2),
        2 | 6 | 8 => Some(3),
        3 | 7 => Some(4),
        _ => None,
    }
}

/// Understands one line without blanks around it.
pub(super) fn parse(line: &[u8]) -> Result<Record, (String, usize)> {
    let [b'S' | b's', digit, digits @ ..] = line else {
        return Err(("a record must start with S and its type".into(), 0));
    };
    let kind = digit.wrapping_sub(b'0');
    let Some(width) = address_len(kind) else {
        return Err((format!("there is no record of type {}", super::super::named(*digit)), 1));
    };
    let bytes = unhex(digits, 2)?;
    let Some((count, rest)) = bytes.split_first() else {
        return Err(("the record is too short".into(), line.len()));
    };
    if rest.len() != usize::from(*count) {
        return Err((format!("the record says {count} bytes and has {}", rest.len()), 2));
    }
    let Some((sum, body)) = rest.split_last().filter(|(_, body)| body.len() >= width) else {
        return Err(("the record has no room for its address".into(), 2));
    };
    let right = !bytes[..bytes.len() - 1].iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    if *sum != right {
        return Err((format!("the checksum is {sum:02X}, but the record adds up to {right:02X}"), line.len() - 2));
    }
    let (address, data) = body.split_at(width);
    if kind >= 5 && !data.is_empty() {
        return Err((format!("a record of type S{kind} has no data"), 2));
    }
    Ok(Record { kind, address: number(address), data: data.to_vec() })
}

pub(in crate::formats::dump) struct Decoder {
    lines: Lines,
    state: State,
    end: u64,
}

struct State {
    image: Image,
    records: u64,
    ended: bool,
}

impl Decoder {
    pub(in crate::formats::dump) fn new(options: &DumpOptions) -> Self {
        Self { lines: Lines::default(), state: State { image: Image::new(options), records: 0, ended: false }, end: 0 }
    }

    pub(super) fn into_image(mut self) -> Result<Image, FormatError> {
        let state = &mut self.state;
        self.lines.finish(|line| state.line(line))?;
        if !state.ended {
            state.image.cut_off(FORMAT, "the record S7, S8 or S9 that ends it is missing", self.end)?;
        }
        Ok(self.state.image)
    }
}

impl State {
    fn line(&mut self, line: &Line) -> Result<(), FormatError> {
        let text = line.text.trim_ascii_start();
        let column = line.text.len() - text.len();
        let wrong = |(what, at): (String, usize)| line.wrong(FORMAT, (what, column + at));
        if self.ended {
            return Err(wrong(("there is more behind the end record".into(), 0)));
        }
        let record = parse(text.trim_ascii_end()).map_err(wrong)?;
        match record.kind {
            0 => {
                let name = String::from_utf8_lossy(&record.data);
                let name = name.trim_matches(|c: char| c == '\0' || c.is_whitespace());
                if !name.is_empty() {
                    self.image.notes.push(format!("The header {name:?} is no part of the bytes"));
                }
            }
            1..=3 => {
                if record.address + record.data.len() as u64 > 1 << 32 {
                    return Err(wrong(("the data passes the largest address FFFFFFFF".into(), 4)));
                }
                self.records += 1;
                self.image.push(record.address, &record.data, line.number, line.at)?;
            }
            5 | 6 => {
                let width = if record.kind == 5 { 0xFFFF } else { 0xFF_FFFF };
                if record.address != self.records & width {
                    let what = format!("the count says {} records of data, there are {}", record.address, self.records);
                    return Err(wrong((what, 4)));
                }
            }
            _ => {
                self.ended = true;
                // Most writers put zero where no program begins.
                self.image.start = (record.address != 0).then_some(Start::Linear(record.address as u32));
            }
        }
        Ok(())
    }
}

impl Decode for Decoder {
    fn feed(&mut self, text: &[u8], at: u64, _: &mut Sink<'_>) -> Result<(), FormatError> {
        self.end = at + text.len() as u64;
        let state = &mut self.state;
        self.lines.feed(FORMAT, text, at, |line| state.line(line))
    }

    fn finish(&mut self, sink: &mut Sink<'_>, decoded: &mut Decoded) -> Result<(), FormatError> {
        let emptied = std::mem::replace(self, Self::new(&DumpOptions::default()));
        emptied.into_image()?.write(FORMAT, sink, decoded)
    }
}
