//! Members of a tar archive (ustar, GNU, pax).

use std::io::Write;

use super::{ArchiveError, Budgeted, Kind, MAX_MEMBERS, Member, What, copy};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::FormatError;
use crate::tasks::Progress;

/// Whether a block is a header: its checksum is right.
pub(super) fn is_header(block: &[u8]) -> bool {
    let Some(block) = block.first_chunk::<512>().filter(|block| block[0] != 0) else { return false };
    let said = std::str::from_utf8(&block[148..156]).ok().map(|digits| digits.trim_matches([' ', '\0']));
    let said = said.and_then(|digits| u32::from_str_radix(digits, 8).ok());
    let sum = block.iter().enumerate().map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { u32::from(byte) }).sum();
    said == Some(sum)
}

pub(super) fn list(buffer: &Buffer, problems: &mut Vec<String>, progress: &Progress) -> Result<Vec<Member>, ArchiveError> {
    let mut archive = tar::Archive::new(buffer.reader());
    let wrong = |error: std::io::Error| ArchiveError::Malformed { kind: Kind::Tar, what: error.to_string() };
    let mut members = Vec::new();
    for entry in archive.entries_with_seek().map_err(wrong)? {
        progress.check()?;
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if members.is_empty() => return Err(wrong(error)),
            Err(error) => {
                problems.push(format!("what follows member {} cannot be read ({error})", members.len()));
                break;
            }
        };
        if members.len() == MAX_MEMBERS {
            problems.push(format!("only the first {MAX_MEMBERS} members are listed"));
            break;
        }
        let kind = entry.header().entry_type();
        let what = match () {
            () if kind.is_symlink() || kind.is_hard_link() => What::Link,
            () if kind.is_dir() => What::Folder,
            () if kind.is_file() || kind.is_contiguous() => What::File,
            () => What::Other,
        };
        let raw_name = entry.path_bytes().into_owned();
        let (place, size) = (entry.raw_file_position(), entry.size());
        let mut problems = Vec::new();
        if let Some(target) = entry.link_name_bytes().filter(|_| what == What::Link) {
            problems.push(format!("it leads to {:?}", String::from_utf8_lossy(&target)));
        }
        if place.saturating_add(size) > buffer.len().get() {
            problems.push("it is cut off".into());
        }
        let name = String::from_utf8_lossy(&raw_name).into_owned();
        let modified = entry.header().mtime().ok().filter(|&time| time > 0).and_then(utc);
        members.push(Member {
            raw_name,
            name,
            what,
            size,
            packed: size,
            modified,
            method: "Stored".into(),
            supported: true,
            encrypted: false,
            risk: None,
            problems,
            place,
        });
    }
    Ok(members)
}

/// Seconds since 1970 as a date.
fn utc(seconds: u64) -> Option<String> {
    let time = jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// A member that is cut off is not given as if it were whole.
pub(super) fn check_whole(buffer: &Buffer, member: &Member) -> Result<(), ArchiveError> {
    let there = buffer.len().get().saturating_sub(member.place).min(member.size);
    if there == member.size {
        return Ok(());
    }
    let what = format!("it is cut off after {there} of {}", Len(member.size).in_words());
    Err(ArchiveError::Member { what, name: member.name.clone() })
}

pub(super) fn write(buffer: &Buffer, member: &Member, out: &mut Budgeted<'_>, progress: &Progress) -> Result<(), ArchiveError> {
    let content = buffer.slice(ByteRange::new(Offset(member.place), Len(member.size)));
    copy(content.reader(), out as &mut dyn Write, progress)?.map_err(FormatError::Write)?;
    check_whole(buffer, member)
}
