//! Intel HEX (Intel, Hexadecimal Object File Format Specification, revision A, 1988): `:` length address type data checksum.

use super::super::FormatError;
use super::decode::{Records, Wrong};
use super::image::{Image, Start};
use super::lines::{Line, number, unhex};
use crate::buffer::Len;
use crate::formats::Format;

/// One record, its checksum found right.
pub(in crate::formats::dump) struct Record {
    kind: u8,
    offset: u16,
    data: Vec<u8>,
}

/// What the addresses of data records count from.
#[derive(Clone, Copy)]
enum Base {
    /// A segment of an 8086: offsets wrap inside it.
    Segment(u32),
    /// The upper half of an address.
    Linear(u32),
}

impl Default for Base {
    fn default() -> Self {
        Self::Linear(0)
    }
}

/// Reads Intel HEX.
#[derive(Default)]
pub(in crate::formats::dump) struct Intel {
    base: Base,
}

impl Records for Intel {
    type Record = Record;
    const FORMAT: Format = Format::IntelHex;
    const UNENDED: &str = "the end record is missing";

    fn parse(line: &[u8]) -> Result<Record, Wrong> {
        let Some((b':', digits)) = line.split_first() else {
            return Err(("a record must start with a colon".into(), 0));
        };
        let bytes = unhex(digits, 1)?;
        let [len, high, low, kind, rest @ ..] = bytes.as_slice() else {
            return Err(("the record is too short".into(), line.len()));
        };
        let Some((sum, data)) = rest.split_last().filter(|(_, data)| data.len() == usize::from(*len)) else {
            let what =
                format!("the record says {} of data and has {}", Len(u64::from(*len)).in_words(), rest.len().saturating_sub(1));
            return Err((what, 1));
        };
        let right = bytes[..bytes.len() - 1].iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)).wrapping_neg();
        if *sum != right {
            return Err((format!("the checksum is {sum:02X}, but the record adds up to {right:02X}"), line.len() - 2));
        }
        let wanted = match kind {
            0 => *len,
            1 => 0,
            2 | 4 => 2,
            3 | 5 => 4,
            _ => return Err((format!("there is no record of type {kind:02X}"), 7)),
        };
        if *len != wanted {
            return Err((format!("a record of type {kind:02X} has {wanted} bytes of data, not {len}"), 1));
        }
        Ok(Record { kind: *kind, offset: u16::from_be_bytes([*high, *low]), data: data.to_vec() })
    }

    fn take(
        &mut self,
        record: Record,
        image: &mut Image,
        line: &Line,
        wrong: impl Fn(Wrong) -> FormatError,
    ) -> Result<bool, FormatError> {
        let value = number(&record.data[..record.data.len().min(4)]) as u32;
        match record.kind {
            0 => self.data(&record, image, line).map_err(|error| match error {
                Some(error) => error,
                None => wrong(("the data passes the largest address FFFFFFFF".into(), 3)),
            })?,
            1 => return Ok(true),
            2 => self.base = Base::Segment(value << 4),
            3 => image.start = Some(Start::Segmented((value >> 16) as u16, value as u16)),
            4 => self.base = Base::Linear(value << 16),
            _ => image.start = Some(Start::Linear(value)),
        }
        Ok(false)
    }
}

impl Intel {
    /// Adds the data of a record; `None` where it passes the last address.
    fn data(&self, record: &Record, image: &mut Image, line: &Line) -> Result<(), Option<FormatError>> {
        let mut push = |address: u64, bytes: &[u8]| image.push(address, bytes, line.number, line.at).map_err(Some);
        match self.base {
            Base::Segment(base) => {
                let room = (0x1_0000 - usize::from(record.offset)).min(record.data.len());
                let (inside, wrapped) = record.data.split_at(room);
                push(u64::from(base) + u64::from(record.offset), inside)?;
                push(base.into(), wrapped)
            }
            Base::Linear(base) => {
                let address = u64::from(base) + u64::from(record.offset);
                if address + record.data.len() as u64 > 1 << 32 {
                    return Err(None);
                }
                push(address, &record.data)
            }
        }
    }
}
