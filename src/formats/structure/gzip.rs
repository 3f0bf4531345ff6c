//! gzip: members, each a header, deflated data, and a check sum with the length (RFC 1952).

use super::deflate;
use super::draft::{Draft, bytes};
use super::fields::Fields;
use super::list::{Cursor, list};
use super::scan::{Order, Scan};
use crate::formats::FormatError;

/// Deflated bytes whose codes are read to find the end of members, over all of a file.
const WALKED: u64 = 64 << 20;

/// The members from a place on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Members {
    at: u64,
    index: u64,
    walked: u64,
}

pub(super) fn read(scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
    list(scan, Cursor::Members(Members { at: 0, index: 0, walked: 0 }))
}

impl Members {
    pub(super) fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        let at = self.at;
        if at >= scan.len {
            return Ok(None);
        }
        if scan.array::<2>(at)? != Some([0x1F, 0x8B]) {
            self.at = scan.len;
            let rest = Draft::new("Data behind the end", at, scan.len - at).value(bytes(scan.len - at));
            let zeros = scan.bytes(at, scan.len - at)?.iter().all(|&byte| byte == 0);
            return Ok(Some(rest.problem_if(!zeros, "this is no member")));
        }
        let name = format!("Member {}", self.index);
        self.index += 1;
        let mut fields = Fields::new(scan, Order::Little, at, scan.len);
        let said = header(scan, &mut fields, at)?;
        let data = fields.at();
        if fields.is_short() {
            self.at = scan.len;
            return Ok(Some(fields.into(Draft::new(name, at, scan.len - at))));
        }
        let walk = deflate::walk(scan, data, WALKED.saturating_sub(self.walked))?;
        let unread = walk.end.is_none() && walk.problem.is_none();
        // The trailer of the last member is at the end of the file, whatever is before it.
        let end = walk.end.unwrap_or(if unread { scan.len.saturating_sub(8).max(data) } else { scan.len });
        self.walked += end - data;
        let value = match walk.end {
            Some(_) => format!("{}, {} unpacked", bytes(end - data), bytes(walk.unpacked)),
            None => bytes(end - data),
        };
        let hidden = walk.count.saturating_sub(walk.blocks.len() as u64);
        let mut part = Draft::new("Deflated data", data, end - data).value(value);
        if hidden > 0 {
            part.value += &format!(", the last {hidden} blocks are not listed");
        }
        if unread {
            part.value += " (too long to look for more members)";
        }
        let problem = walk.problem.unwrap_or_default();
        fields.push(part.parts(walk.blocks).problem_if(!problem.is_empty(), problem));
        if fields.left() > 0 {
            fields.hex("CRC-32", 4)?;
            let size = fields.uint("Unpacked size", 4)?;
            if walk.end.is_some() && size != walk.unpacked & 0xFFFF_FFFF {
                fields.problem(format!("wrong: the data unpack to {}", bytes(walk.unpacked)));
            }
        }
        self.at = fields.at();
        let part = Draft::new(name, at, self.at - at).value(said);
        Ok(Some(fields.into(part)))
    }
}

/// The header of a member; its file name.
fn header(scan: &Scan<'_>, fields: &mut Fields<'_, '_>, at: u64) -> Result<String, FormatError> {
    fields.hex("Identification", 2)?;
    fields.named("Compression method", 1, |method| (method == 8).then_some("deflate"))?;
    let flags = fields.shown("Flags", 1, |flags| {
        let names = [(1, "text"), (2, "header CRC"), (4, "extra field"), (8, "name"), (16, "comment")];
        let set: Vec<&str> = names.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, name)| *name).collect();
        format!("0x{flags:02X}: {}", if set.is_empty() { "none".into() } else { set.join(", ") })
    })?;
    if flags & 0xE0 != 0 {
        fields.problem("reserved bits are set");
    }
    fields.shown("Modification time", 4, |time| match time {
        0 => "not given".into(),
        time => jiff::Timestamp::from_second(time as i64).map_or_else(|_| time.to_string(), |moment| moment.to_string()),
    })?;
    fields.named("Extra flags", 1, |flags| match flags {
        2 => Some("best compression"),
        4 => Some("fastest"),
        _ => None,
    })?;
    fields.named("Operating system", 1, |system| match system {
        0 => Some("FAT"),
        3 => Some("Unix"),
        7 => Some("Macintosh"),
        11 => Some("NTFS"),
        255 => Some("unknown"),
        _ => None,
    })?;
    if flags & 4 != 0 {
        let len = fields.uint("Extra length", 2)?;
        fields.raw("Extra field", len)?;
    }
    let mut said = String::new();
    if flags & 8 != 0 {
        said = super::draft::shown(&fields.text_to_zero("File name")?);
    }
    if flags & 16 != 0 {
        fields.text_to_zero("Comment")?;
    }
    if flags & 2 != 0 {
        let end = fields.at();
        let stored = fields.hex("Header CRC", 2)?;
        match scan.crc32(at, end)? {
            Some(sum) if u64::from(sum & 0xFFFF) == stored => fields.note("correct"),
            Some(sum) => fields.problem(format!("wrong: it is 0x{:04X}", sum & 0xFFFF)),
            None => {}
        }
    }
    Ok(said)
}
