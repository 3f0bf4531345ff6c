//! Members of a ZIP archive, by its central directory.

use std::io::Write;

use zip::ZipArchive;
use zip::result::ZipError;

use super::{ArchiveError, Budgeted, Kind, MAX_MEMBERS, Member, What, copy};
use crate::buffer::{Buffer, ByteRange, Len, Offset, Reader};
use crate::tasks::Progress;

const SYMLINK: u32 = 0o120_000;
const FILE_TYPE: u32 = 0o170_000;

fn wrong(error: &ZipError) -> ArchiveError {
    ArchiveError::Malformed { kind: Kind::Zip, what: error.to_string() }
}

fn open(buffer: &Buffer) -> Result<ZipArchive<Reader>, ArchiveError> {
    ZipArchive::new(buffer.reader()).map_err(|error| wrong(&error))
}

pub(super) fn list(buffer: &Buffer, problems: &mut Vec<String>, progress: &Progress) -> Result<Vec<Member>, ArchiveError> {
    let mut archive = open(buffer)?;
    if archive.len() > MAX_MEMBERS {
        problems.push(format!("it has {} members; the first {MAX_MEMBERS} are listed", archive.len()));
    }
    let mut members = Vec::new();
    let mut ranges = Vec::new();
    for index in 0..archive.len().min(MAX_MEMBERS) {
        progress.check()?;
        let file = archive.by_index_raw(index).map_err(|error| wrong(&error))?;
        let mode = file.unix_mode().unwrap_or(0);
        let what = match () {
            () if mode & FILE_TYPE == SYMLINK => What::Link,
            () if file.is_dir() => What::Folder,
            () => What::File,
        };
        let mut member = Member {
            raw_name: file.name_raw().to_vec(),
            name: file.name().map_or_else(|_| String::from_utf8_lossy(file.name_raw()).into_owned(), Into::into),
            what,
            size: file.size(),
            packed: file.compressed_size(),
            modified: file.last_modified().and_then(date),
            method: file.compression().to_string(),
            supported: zip::SUPPORTED_COMPRESSION_METHODS.contains(&file.compression()),
            encrypted: file.encrypted(),
            risk: None,
            problems: Vec::new(),
            place: index as u64,
        };
        let start = file.header_start();
        let end = file.data_start().map_or(start, |data| data.saturating_add(file.compressed_size()));
        drop(file);
        ranges.push((start, end, index));
        if let Some(local) = Local::read(buffer, start)? {
            if local.name != member.raw_name {
                let name = String::from_utf8_lossy(&local.name).into_owned();
                member.problems.push(format!("its own header calls it {name:?}"));
            }
            if let Some(size) = local.size.filter(|&size| size != member.size) {
                member.problems.push(format!("its own header says that it has {}", Len(size).in_words()));
            }
            if let Some(packed) = local.packed.filter(|&packed| packed != member.packed) {
                member.problems.push(format!("its own header says that it is packed in {}", Len(packed).in_words()));
            }
        }
        members.push(member);
    }
    ranges.sort_unstable();
    let mut furthest = 0;
    for (start, end, index) in ranges {
        if start < furthest {
            members[index].problems.push("its bytes are those of another member too".into());
        }
        furthest = furthest.max(end);
    }
    Ok(members)
}

/// A date as archives write it; the first of 1980, which stands for none, is none.
fn date(time: zip::DateTime) -> Option<String> {
    if time == zip::DateTime::default() {
        return None;
    }
    let (date, clock) = ((time.year(), time.month(), time.day()), (time.hour(), time.minute(), time.second()));
    Some(format!("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", date.0, date.1, date.2, clock.0, clock.1, clock.2))
}

/// The header before the data, which programs that do not look at the directory go by.
struct Local {
    name: Vec<u8>,
    /// Bytes of the content; `None` where they are told elsewhere, behind the data or in a field for large ones.
    size: Option<u64>,
    /// The same of the packed content.
    packed: Option<u64>,
}

impl Local {
    /// Sizes that stand behind the data.
    const BEHIND: u16 = 1 << 3;

    fn read(buffer: &Buffer, start: u64) -> Result<Option<Self>, ArchiveError> {
        let header = buffer.to_vec(ByteRange::new(Offset(start), Len(30)))?;
        let Some(header) = header.first_chunk::<30>().filter(|header| header.starts_with(b"PK\x03\x04")) else {
            return Ok(None);
        };
        let short = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let long = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let told = |at: usize| Some(long(at)).filter(|&size| short(6) & Self::BEHIND == 0 && size != u32::MAX).map(u64::from);
        let name = buffer.to_vec(ByteRange::new(Offset(start.saturating_add(30)), Len(short(26).into())))?;
        Ok(Some(Self { name, size: told(22), packed: told(18) }))
    }
}

pub(super) fn write(buffer: &Buffer, member: &Member, out: &mut Budgeted<'_>, progress: &Progress) -> Result<(), ArchiveError> {
    let named = |what: String| ArchiveError::Member { what, name: member.name.clone() };
    let mut archive = open(buffer)?;
    let file = archive.by_index(member.place as usize).map_err(|error| named(error.to_string()))?;
    copy(file, out as &mut dyn Write, progress)?.map_err(|error| named(error.to_string()))?;
    if out.done != member.size {
        return Err(named(format!("the directory says {}, {} came out", Len(member.size).in_words(), out.done)));
    }
    Ok(())
}
