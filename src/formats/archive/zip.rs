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
        if let Some(local) = local_name(buffer, start)?
            && local != member.raw_name
        {
            let local = String::from_utf8_lossy(&local).into_owned();
            member.problems.push(format!("its own header calls it {local:?}"));
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

/// The name in the header before the data, which programs that do not look at the directory go by.
fn local_name(buffer: &Buffer, start: u64) -> Result<Option<Vec<u8>>, ArchiveError> {
    let header = buffer.to_vec(ByteRange::new(Offset(start), Len(30)))?;
    let (Some(b"PK\x03\x04"), Some(len)) = (header.first_chunk::<4>(), header.get(26..28)) else { return Ok(None) };
    let len = u64::from(len[0]) | u64::from(len[1]) << 8;
    Ok(Some(buffer.to_vec(ByteRange::new(Offset(start + 30), Len(len)))?))
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
