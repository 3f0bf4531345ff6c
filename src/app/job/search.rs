//! The work of searches: one document after the other, one match, all replaced, a list in a file.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use super::JobOutcome;
use crate::app::Target;
use crate::buffer::{ByteRange, Offset};
use crate::explore::search::{Content, Hit, Pattern, Query, Replaced, Replacement, ReplacementError, SearchError};
use crate::files::{self, Existing, FileError, Saved};
use crate::formats::Format;
use crate::tasks::Progress;

/// Units of a match that the list in a file shows.
const SHOWN: u64 = 256;

/// What a table says of a match that was cut; see [`Query::is_cut`].
const CUT: &str = "at 64 KiB";

/// Matches that are looked at between two looks at whether to stop.
const PORTION: usize = 1024;

pub(super) fn search(targets: &[Target], query: &Query, progress: &Progress) -> JobOutcome {
    let len = |target: &Target| {
        let range = target.range.clone().unwrap_or(0..target.content.len());
        range.end.saturating_sub(range.start)
    };
    progress.set_total(targets.iter().map(len).fold(0, u64::saturating_add).max(1));
    for target in targets {
        // A document of another kind has nothing that fits; one that cannot be read says so in its feed.
        match Pattern::new(query, &target.content) {
            Ok(pattern) => {
                pattern.search(&target.content, target.range.clone(), &target.feed.0, progress).ok();
            }
            Err(_) => target.feed.0.finish(),
        }
    }
    JobOutcome::Searched
}

pub(super) fn find_one(
    content: &Content,
    range: Option<Range<u64>>,
    query: &Query,
    from: u64,
    forward: bool,
    progress: &Progress,
) -> Result<Option<(Hit, bool)>, SearchError> {
    let Ok(pattern) = Pattern::new(query, content) else { return Ok(None) };
    let whole = range.clone().unwrap_or(0..content.len());
    let first = match forward {
        true => pattern.next(content, range.clone(), from, progress),
        false => pattern.previous(content, range.clone(), from, progress),
    };
    // A place that cannot be read does not hide what is at the other end.
    let unread = match first {
        Ok(Some(hit)) => return Ok(Some((hit, false))),
        Ok(None) => None,
        Err(error @ SearchError::Read(_)) => Some(error),
        Err(error) => return Err(error),
    };
    let other = match forward {
        true => pattern.next(content, range, whole.start, progress)?,
        false => pattern.previous(content, range, whole.end, progress)?,
    };
    match (other, unread) {
        (None, Some(error)) => Err(error),
        (other, _) => Ok(other.map(|hit| (hit, true))),
    }
}

pub(super) fn replace_all(
    content: &Content,
    range: Option<Range<u64>>,
    query: &Query,
    with: &Replacement,
    progress: &Progress,
) -> Result<Option<Replaced>, ReplacementError> {
    Pattern::new(query, content)?.replace_all(content, range, with, progress)
}

pub(super) fn replace_everywhere(targets: &[(String, Target, Replacement)], query: &Query, progress: &Progress) -> JobOutcome {
    progress.set_total(targets.iter().map(|(_, target, _)| target.content.len()).fold(0, u64::saturating_add).max(1));
    // One that cannot be read, or whose result is too large, leaves the others as they are.
    let replace = |(_, target, with): &(String, Target, Replacement)| replace_all(&target.content, None, query, with, progress);
    JobOutcome::ReplacedEverywhere(targets.iter().map(replace).collect())
}

/// What a list in a file says of a match: of bytes their hex digits, of text the text.
fn shown(content: &Content, hit: Hit) -> Result<String, io::Error> {
    let end = hit.end().min(hit.offset + SHOWN);
    let more = if end < hit.end() { "…" } else { "" };
    Ok(match content {
        Content::Bytes(bytes) => {
            let bytes = bytes.to_vec(ByteRange::between(Offset(hit.offset), Offset(end)))?;
            bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ") + more
        }
        Content::Text(text) => text.slice(hit.offset, end).to_string_lossy() + more,
    })
}

/// Writes the kept matches; how many, and how many there are.
pub(super) fn save_matches(
    results: &[(String, Query, Target)],
    format: Format,
    path: &Path,
    existing: &Existing,
    progress: &Progress,
) -> Result<(Saved, u64, u64), FileError> {
    let kept: u64 = results.iter().map(|(.., target)| target.feed.0.kept() as u64).sum();
    let total = results.iter().map(|(.., target)| target.feed.0.total()).fold(0, u64::saturating_add);
    progress.set_total(kept.max(1));
    let saved = files::save(path, existing, progress, &mut |out| {
        let mut list = List::begin(format, out)?;
        for (name, query, target) in results {
            let mut at = 0;
            loop {
                let hits = target.feed.0.hits(at..at + PORTION);
                if hits.is_empty() {
                    break;
                }
                progress.check().map_err(|_| io::Error::from(io::ErrorKind::Interrupted))?;
                for &hit in &hits {
                    list.row(name, hit, &shown(&target.content, hit)?, query.is_cut(&target.content, hit))?;
                }
                at += hits.len();
                progress.advance(hits.len() as u64);
            }
        }
        list.end()
    })?;
    Ok((saved, kept, total))
}

/// A list as it is written.
enum List<'a> {
    Table(Box<csv::Writer<&'a mut dyn Write>>),
    Json(&'a mut dyn Write, bool),
}

impl<'a> List<'a> {
    fn begin(format: Format, out: &'a mut dyn Write) -> io::Result<Self> {
        if format == Format::Json {
            out.write_all(b"[")?;
            return Ok(Self::Json(out, false));
        }
        let delimiter = if format == Format::Tsv { b'\t' } else { b',' };
        let mut table = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        table.write_record(["document", "offset", "length", "match", "cut"])?;
        Ok(Self::Table(Box::new(table)))
    }

    fn row(&mut self, name: &str, hit: Hit, shown: &str, cut: bool) -> io::Result<()> {
        match self {
            Self::Table(table) => Ok(table.write_record([
                name,
                &hit.offset.to_string(),
                &hit.len.to_string(),
                shown,
                if cut { CUT } else { "" },
            ])?),
            Self::Json(out, begun) => {
                let row =
                    serde_json::json!({ "document": name, "offset": hit.offset, "length": hit.len, "match": shown, "cut": cut });
                let comma = if std::mem::replace(begun, true) { "," } else { "" };
                write!(out, "{comma}\n  {row}")
            }
        }
    }

    fn end(self) -> io::Result<()> {
        match self {
            Self::Table(mut table) => table.flush(),
            Self::Json(out, _) => out.write_all(b"\n]\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::Buffer;
    use crate::explore::search::Needle;

    #[test]
    fn one_match_goes_on_at_the_other_end() {
        let content = Content::Bytes(Buffer::from(b"x..x..."));
        let query = Query::of(Needle::Hex("78".into()));
        let find = |from, forward| {
            let found = find_one(&content, None, &query, from, forward, &Progress::new()).unwrap();
            found.map(|(hit, wrapped)| (hit.offset, wrapped))
        };
        assert_eq!([find(0, true), find(1, true), find(4, true)], [Some((0, false)), Some((3, false)), Some((0, true))]);
        assert_eq!([find(7, false), find(3, false), find(0, false)], [Some((3, false)), Some((0, false)), Some((3, true))]);
        let none = Query::of(Needle::Hex("79".into()));
        assert_eq!(find_one(&content, None, &none, 3, true, &Progress::new()), Ok(None));
    }
}
