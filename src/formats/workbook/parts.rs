//! Whether the members of a zipped workbook can be given to a reader that takes them as they are.

use std::io::Read as _;

use memchr::{memchr2, memrchr2};

use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, Limits};
use crate::tasks::Progress;

/// Bytes that all parts with cells, names and styles may inflate to.
const MAX_PARTS: u64 = 4 << 30;
/// Bytes of the parts that are kept in memory as a whole: the texts that sheets share, styles, names.
const MAX_WHOLE: u64 = 512 << 20;
/// Bytes between two tags; the reader keeps a text as a whole.
const MAX_TEXT: u64 = 16 << 20;
/// Members of an archive; a workbook has some dozens.
const MAX_MEMBERS: usize = 65_536;

/// Inflates every part that a reader of workbooks may touch, and counts.
pub(super) fn check(input: &Buffer, format: Format, limits: Limits, progress: &Progress) -> Result<(), FormatError> {
    let (max_parts, max_whole) = (limits.or(MAX_PARTS), limits.or(MAX_WHOLE));
    let bad = |what: String| FormatError::Malformed { format, what, at: None };
    let mut archive = zip::ZipArchive::new(input.reader()).map_err(|error| bad(error.to_string()))?;
    if archive.len() > MAX_MEMBERS {
        let what = format!("the workbook has {} parts", archive.len());
        return Err(FormatError::Limit { what, limit: format!("{MAX_MEMBERS} parts") });
    }
    let (mut total, mut whole) = (0_u64, 0_u64);
    let mut chunk = vec![0; 64 * 1024];
    for index in 0..archive.len() {
        // What cannot be read here cannot be read there; the reader says whether it needs it.
        let Ok(mut part) = archive.by_index(index) else { continue };
        let Ok(name) = part.name().map(|name| name.to_ascii_lowercase()) else { continue };
        let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
        if !is_xml && !name.ends_with(".bin") {
            continue;
        }
        let streamed = name.contains("worksheets/") || format == Format::Ods;
        // Other binary parts (macros, settings of printers) are no records, and nobody reads them.
        let has_records = format == Format::Xlsb
            && (name.starts_with("xl/worksheets/")
                || ["xl/workbook.bin", "xl/styles.bin", "xl/sharedstrings.bin"].contains(&name.as_str()));
        let mut gap = 0_u64;
        let mut records = Records::default();
        loop {
            progress.check()?;
            let Ok(len) = part.read(&mut chunk) else { break };
            if len == 0 {
                break;
            }
            let read = &chunk[..len];
            total += len as u64;
            whole += if streamed { 0 } else { len as u64 };
            if total > max_parts {
                return Err(too_large("the workbook's parts", max_parts));
            }
            if whole > max_whole {
                return Err(too_large("the workbook's shared texts and styles", max_whole));
            }
            if is_xml {
                // What stands between two tags within a chunk is never too long.
                match memchr2(b'<', b'>', read) {
                    Some(first) => {
                        longest(gap + first as u64)?;
                        gap = (len - memrchr2(b'<', b'>', read).unwrap_or(first)) as u64;
                    }
                    None => gap += len as u64,
                }
                longest(gap)?;
            } else if has_records {
                records.feed(read)?;
            }
        }
    }
    Ok(())
}

fn longest(gap: u64) -> Result<(), FormatError> {
    if gap > MAX_TEXT { Err(too_large("one text of the workbook", MAX_TEXT)) } else { Ok(()) }
}

fn too_large(what: &str, limit: u64) -> FormatError {
    Limits::refuse(format!("{what} inflate to more than can be read"), limit)
}

/// The records of a binary part: the reader makes room for what a record claims to be before it reads it.
#[derive(Default)]
struct Records {
    at: Place,
}

/// Where in a record the next byte is.
#[derive(Clone, Copy, Default)]
enum Place {
    #[default]
    Kind,
    SecondOfKind,
    /// So many bytes of the length are known, which are this.
    Length(u32, u64),
    /// So many bytes are left.
    Body(u64),
}

impl Records {
    fn feed(&mut self, mut bytes: &[u8]) -> Result<(), FormatError> {
        while let Some((&byte, rest)) = bytes.split_first() {
            self.at = match self.at {
                Place::Body(left) => {
                    let here = left.min(bytes.len() as u64);
                    // Never more than there are bytes.
                    bytes = &bytes[here as usize..];
                    self.at = if left == here { Place::Kind } else { Place::Body(left - here) };
                    continue;
                }
                Place::Kind if byte & 0x80 != 0 => Place::SecondOfKind,
                Place::Kind | Place::SecondOfKind => Place::Length(0, 0),
                Place::Length(known, len) => {
                    let len = len | u64::from(byte & 0x7F) << (7 * known);
                    longest(len)?;
                    if byte & 0x80 != 0 && known < 3 { Place::Length(known + 1, len) } else { Place::Body(len) }
                }
            };
            bytes = rest;
        }
        Ok(())
    }
}
