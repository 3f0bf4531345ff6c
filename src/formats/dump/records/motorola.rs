//! Motorola S-record: `S` type count address data checksum, with addresses of two, three or four bytes.

use super::super::FormatError;
use super::decode::{Records, Wrong};
use super::image::{Image, Start};
use super::lines::{Line, number, unhex};
use crate::buffer::Len;
use crate::formats::Format;

/// One record, its checksum found right.
pub(in crate::formats::dump) struct Record {
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

/// Reads S-records.
#[derive(Default)]
pub(in crate::formats::dump) struct Motorola {
    /// Records of data so far.
    records: u64,
}

impl Records for Motorola {
    type Record = Record;
    const FORMAT: Format = Format::SRecord;
    const UNENDED: &str = "the record S7, S8 or S9 that ends it is missing";

    fn parse(line: &[u8]) -> Result<Record, Wrong> {
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
            return Err((format!("the record says {} and has {}", Len(u64::from(*count)).in_words(), rest.len()), 2));
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

    fn take(
        &mut self,
        record: Record,
        image: &mut Image,
        line: &Line,
        wrong: impl Fn(Wrong) -> FormatError,
    ) -> Result<bool, FormatError> {
        match record.kind {
            0 => {
                let name = String::from_utf8_lossy(&record.data);
                let name = name.trim_matches(|c: char| c == '\0' || c.is_whitespace());
                if !name.is_empty() {
                    image.notes.push(format!("The header {name:?} is no part of the bytes"));
                }
            }
            1..=3 => {
                if record.address + record.data.len() as u64 > 1 << 32 {
                    return Err(wrong(("the data passes the largest address FFFFFFFF".into(), 4)));
                }
                self.records += 1;
                image.push(record.address, &record.data, line.number, line.at)?;
            }
            5 | 6 => {
                let width = if record.kind == 5 { 0xFFFF } else { 0xFF_FFFF };
                if record.address != self.records & width {
                    let what = format!("the count says {} records of data, there are {}", record.address, self.records);
                    return Err(wrong((what, 4)));
                }
            }
            _ => {
                // Most writers put zero where no program begins.
                image.start = (record.address != 0).then_some(Start::Linear(record.address as u32));
                return Ok(true);
            }
        }
        Ok(false)
    }
}
