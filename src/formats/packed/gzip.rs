//! gzip (RFC 1952): members one behind the other, each with a header, deflated data, and sums.

use super::super::dump::sink::Sink;
use super::inflate::{End, inflate};
use super::{FormatError, Unpack};
use crate::buffer::{ByteRange, Len, Offset};

const MAGIC: [u8; 3] = [0x1F, 0x8B, 8];

/// Longer names, comments and extras are no header that anybody wrote.
const MAX_HEADER: u64 = 256 * 1024;

struct Header {
    end: u64,
    time: u32,
    name: Option<String>,
}

pub(super) fn read(unpack: &mut Unpack<'_>, sink: &mut Sink<'_>) -> Result<(), FormatError> {
    let mut at = 0;
    let mut members = 0_u64;
    loop {
        let magic = unpack.input.to_vec(ByteRange::new(Offset(at), Len(3)))?;
        let begun = !magic.is_empty() && MAGIC.starts_with(&magic);
        if magic != MAGIC && (members > 0 || !begun) {
            if members > 0 {
                break unpack.trailing(at);
            }
            break unpack.broken("it does not start with the gzip signature 1F 8B 08", 0);
        }
        let Some(header) = header(unpack, at)? else { break unpack.broken("the header is cut off", at) };
        if members == 0 {
            told(unpack, &header);
        }
        let End::Whole { at: end, crc, len } = inflate(unpack, header.end, false, sink)? else { break Ok(()) };
        let sums = unpack.input.to_vec(ByteRange::new(Offset(end), Len(8)))?;
        let (Some(sum), Some(size)) = (sums.first_chunk::<4>(), sums.last_chunk::<4>().filter(|_| sums.len() == 8)) else {
            break unpack.broken("the sums at the end are cut off", end);
        };
        let (sum, size) = (u32::from_le_bytes(*sum), u32::from_le_bytes(*size));
        if sum != crc {
            break unpack.broken(&format!("the CRC-32 is {sum:08X}, the data has {crc:08X}"), end);
        }
        if size != len as u32 {
            break unpack.broken(&format!("the length says {size}, the data has {} bytes", len as u32), end + 4);
        }
        members += 1;
        at = end + 8;
        if at == unpack.input.len().get() {
            break Ok(());
        }
    }
}

/// The name and the time are no part of the bytes.
fn told(unpack: &mut Unpack<'_>, header: &Header) {
    if let Some(name) = &header.name {
        unpack.notes.push(format!("The name {name:?} in the gzip header is no part of the bytes"));
    }
    if header.time > 0
        && let Ok(time) = jiff::Timestamp::from_second(header.time.into())
    {
        unpack.notes.push(format!("The time {time} in the gzip header is no part of the bytes"));
    }
}

/// `None` where the file ends inside it.
fn header(unpack: &Unpack<'_>, at: u64) -> Result<Option<Header>, FormatError> {
    let bytes = unpack.input.to_vec(ByteRange::new(Offset(at), Len(MAX_HEADER)))?;
    Ok(parse(&bytes, at))
}

fn parse(bytes: &[u8], at: u64) -> Option<Header> {
    let flags = *bytes.get(3)?;
    let time = u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?);
    let mut end = 10;
    if flags & 4 != 0 {
        let len = u16::from_le_bytes(*bytes.get(end..)?.first_chunk()?);
        end += 2 + usize::from(len);
    }
    let mut text = |wanted: bool| -> Option<Option<String>> {
        if !wanted {
            return Some(None);
        }
        let rest = bytes.get(end..)?;
        let len = memchr::memchr(0, rest)?;
        end += len + 1;
        // Latin-1, by the standard.
        Some(Some(rest[..len].iter().map(|&byte| char::from(byte)).collect()))
    };
    let name = text(flags & 8 != 0)?;
    text(flags & 16 != 0)?;
    end += if flags & 2 != 0 { 2 } else { 0 };
    (end <= bytes.len()).then_some(Header { end: at + end as u64, time, name })
}
