//! Lists whose parts are found one after the other.

use super::draft::{Draft, bytes};
use super::scan::Scan;
use super::{LIST, gif, gzip, jpeg, png, riff, tiff, zip};
use crate::formats::FormatError;

/// Parts that are counted behind those that are shown.
const COUNTED: u64 = 10_000;

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cursor {
    Png(png::Chunks),
    Jpeg(jpeg::Segments),
    Gif(gif::Blocks),
    Riff(riff::Chunks),
    Directories(tiff::Directories),
    Entries(tiff::Entries),
    Strips(tiff::Strips),
    Files(zip::Files),
    Central(zip::Central),
    Members(gzip::Members),
}

impl Cursor {
    fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        match self {
            Self::Png(list) => list.next(scan),
            Self::Jpeg(list) => list.next(scan),
            Self::Gif(list) => list.next(scan),
            Self::Riff(list) => list.next(scan),
            Self::Directories(list) => list.next(scan),
            Self::Entries(list) => list.next(scan),
            Self::Strips(list) => list.next(scan),
            Self::Files(list) => list.next(scan),
            Self::Central(list) => list.next(scan),
            Self::Members(list) => list.next(scan),
        }
    }

    /// How many parts are still to come, where the file says so.
    fn left(&self) -> Option<u64> {
        match self {
            Self::Entries(list) => Some(list.left),
            Self::Strips(list) => Some(list.left()),
            Self::Files(list) => list.left(),
            Self::Central(list) => list.left(),
            _ => None,
        }
    }
}

/// The rest of a list: where it goes on, and how many parts it has.
#[derive(Clone, Debug, PartialEq)]
pub struct Resume {
    cursor: Cursor,
    /// How many parts are not shown; at least so many, where `exact` is not set.
    pub count: u64,
    /// Whether all of them were counted.
    pub exact: bool,
}

/// The first parts of a list, and one that stands for the rest where there is one.
///
/// What cannot be read ends the list with a problem.
pub(super) fn list(scan: &Scan<'_>, mut cursor: Cursor) -> Result<Vec<Draft>, FormatError> {
    let mut parts: Vec<Draft> = Vec::new();
    if scan.counting.get() {
        return Ok(parts);
    }
    while parts.len() < LIST && !scan.is_full() {
        scan.at(parts.last().map_or(0, |part| part.start))?;
        match cursor.next(scan) {
            Ok(Some(part)) => {
                scan.count();
                parts.push(part);
            }
            Ok(None) => return Ok(parts),
            Err(FormatError::Read(error)) => {
                parts.push(unreadable(&error));
                return Ok(parts);
            }
            Err(error) => return Err(error),
        }
    }
    let resume = cursor.clone();
    scan.counting.set(true);
    let counted = count(scan, cursor);
    scan.counting.set(false);
    let Some((count, exact, start, end)) = counted? else { return Ok(parts) };
    let mut more = Draft::new("More", start, end.saturating_sub(start));
    more.value = if exact { format!("{count} more") } else { format!("more than {count} more") };
    more.more = Some(Resume { cursor: resume, count, exact });
    parts.push(more);
    Ok(parts)
}

/// How many parts come, whether all of them were counted, and the bytes that they span.
fn count(scan: &Scan<'_>, mut cursor: Cursor) -> Result<Option<(u64, bool, u64, u64)>, FormatError> {
    let left = cursor.left();
    let first = match cursor.next(scan) {
        Ok(Some(first)) => first,
        Ok(None) | Err(FormatError::Read(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let (mut count, mut end, mut exact) = (1, first.end(), false);
    if let Some(left) = left {
        (count, exact) = (left, true);
    } else if !scan.is_full() {
        while count < COUNTED {
            scan.at(end)?;
            match cursor.next(scan) {
                Ok(Some(part)) => (count, end) = (count + 1, end.max(part.end())),
                Ok(None) | Err(FormatError::Read(_)) => {
                    exact = true;
                    break;
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(Some((count, exact, first.start, end)))
}

/// What stands for bytes that cannot be read.
pub(super) fn unreadable(error: &crate::buffer::ReadError) -> Draft {
    Draft::new("Unreadable", error.offset.get(), 0).problem(error.to_string())
}

impl Resume {
    /// The next parts.
    pub(super) fn go_on(&self, scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
        list(scan, self.cursor.clone())
    }
}

/// A part for what stands behind the end of everything that is known.
pub(super) fn trailing(scan: &Scan<'_>, at: u64, name: &str) -> Option<Draft> {
    let len = scan.len.checked_sub(at).filter(|&len| len > 0)?;
    Some(Draft::new(name, at, len).value(bytes(len)))
}
