//! Search and replace over a snapshot, on all cores.
//!
//! A [`Query`] says what is searched for: text in an encoding, hex digits with wildcards, numbers, regular expressions, or
//! several of them at once. [`Pattern::new`] makes it ready for a document's [`Content`] or says what is wrong with it.
//! [`Pattern::search`] fills a [`Feed`] that others read while it runs; [`Pattern::next`] and [`Pattern::previous`] find
//! one match, [`Pattern::in_sight`] those of a screen, and [`Pattern::replace_all`] makes the content that stands in their place.
//!
//! # Rules
//!
//! - Matches are found wherever they lie, across the edges of pieces and blocks too, in the order of their offsets. Of matches that
//!   begin at one place the needle named first has it.
//! - Unless [`Query::overlapping`] is set, the search goes on behind each match. The result does not depend on how the work was
//!   divided.
//! - A match is at most [`MAX_MATCH`] bytes long, and so is a needle. A regular expression sees that many bytes from where its match
//!   begins, as if the content ended there; so a longer match is shortened where the expression allows it, and not found otherwise.
//!   What an expression matches is never empty. Its compiled form takes at most 8 MiB, or it is refused.
//! - The range that is searched is all there is: `^` matches at its start.
//! - A long run of one byte (a hole of a sparse document) is not looked at byte by byte: what matches at one place inside matches at
//!   all, or nowhere.
//! - What a file's system cannot read is passed over in parts of 64 KiB, as if the content ended in front of it and began anew
//!   behind, and named ([`Unreadable`]). Nothing is replaced in a range with such a place.
//! - Text documents are searched by code points, and places are counted in them. Regular expressions go over their UTF-8.
//!
//! ```
//! use seektell::buffer::Buffer;
//! use seektell::explore::search::{Content, Feed, Needle, Pattern, Query};
//! use seektell::tasks::Progress;
//!
//! let content = Content::Bytes(Buffer::from(b"\x89PNG....\x89PMG"));
//! let pattern = Pattern::new(&Query::of(Needle::Hex("89 50 4?".into())), &content)?;
//! let feed = Feed::new();
//! pattern.search(&content, None, &feed, &Progress::new())?;
//! assert_eq!(feed.hits(0..9).iter().map(|hit| hit.offset).collect::<Vec<_>>(), [0, 8]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cut;
mod feed;
mod finder;
mod fold;
mod matcher;
mod needle;
mod number;
mod parse;
mod plan;
mod rank;
mod replace;
mod scan;
mod sinks;
mod unread;

use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::buffer::{Buffer, ByteRange, Extent, Len, Offset, ReadError};
use crate::stream::Text;
use crate::tasks::Progress;

pub use feed::{Feed, FeedState, KEPT_HITS};
pub use needle::{Case, Needle, NeedleError, NumberKind, Order, Query};
pub use replace::{REPLACE_LIMIT, Replaced, Replacement, ReplacementError};
pub use unread::{KEPT_UNREADABLE, Unreadable};

use matcher::{Matcher, Units};
use scan::Sink;
use sinks::{Collect, Each, First, Last, Steps, ToPoints, ToUnits};

/// The longest match and the longest needle, in bytes: 64 KiB.
pub const MAX_MATCH: usize = 64 * 1024;

/// Bytes in front of and behind a match that an expression's assertions (`\b`, `^`, `$`) may see.
const LOOK: usize = 8;

/// How long a search of a screen may take.
const SIGHT_TIME: Duration = Duration::from_millis(12);

/// How far in front of a screen the matches of an expression without a bound are looked for.
const SIGHT: u64 = 4096;

/// A match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// Where it begins, in units of the document: bytes, or code points.
    pub offset: u64,
    /// How many units it takes; never none.
    pub len: u32,
    /// Which needle of the query matches here.
    pub needle: u16,
}

impl Hit {
    /// The place behind it.
    pub fn end(&self) -> u64 {
        self.offset + u64::from(self.len)
    }
}

/// What is searched: a snapshot of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Bytes.
    Bytes(Buffer),
    /// Code points.
    Text(Text),
}

impl Content {
    /// How many units.
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len().0,
            Self::Text(text) => text.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether both are the very same snapshot, in constant time.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(a), Self::Bytes(b)) => a.is_same(b),
            (Self::Text(a), Self::Text(b)) => a.is_same(b),
            _ => false,
        }
    }
}

/// Why a search did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// Somebody stopped it.
    #[error("cancelled")]
    Cancelled,
    /// A file could not be read on.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A thread died of a fault of the program.
    #[error("the search broke off by a fault of the program")]
    Broken,
}

/// A query made ready for a document's content. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pattern {
    query: Arc<Query>,
    matcher: Arc<Matcher>,
    units: Units,
}

impl Pattern {
    /// Makes a query ready.
    ///
    /// # Errors
    /// What is wrong with a needle, as a sentence for whoever typed it.
    pub fn new(query: &Query, content: &Content) -> Result<Self, NeedleError> {
        let units = units_of(query, content);
        Ok(Self { query: Arc::new(query.clone()), matcher: Arc::new(Matcher::new(query, units)?), units })
    }

    /// The same query for other content.
    ///
    /// # Errors
    /// Where bytes are searched for and the content is text.
    pub fn fitted(&self, content: &Content) -> Result<Self, NeedleError> {
        if self.units == units_of(&self.query, content) { Ok(self.clone()) } else { Self::new(&self.query, content) }
    }

    /// What it was made of.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The length of the longest match in units of the document.
    pub fn longest(&self) -> u64 {
        let longest = self.matcher.longest() as u64;
        if let Units::Points(width) = self.units { longest / width as u64 } else { longest }
    }

    /// Searches `range` (all where `None`) and tells `feed` what it finds. `progress` advances by units, and gets a
    /// total where it has none.
    ///
    /// # Errors
    /// What was found before an error is in the feed, and its state says what happened.
    pub fn search(
        &self,
        content: &Content,
        range: Option<Range<u64>>,
        feed: &Feed,
        progress: &Progress,
    ) -> Result<(), SearchError> {
        let range = whole(content, range);
        if progress.total() == 0 {
            progress.set_total(range.end - range.start);
        }
        let mut filler = feed::Filler { feed, steps: Steps::new(progress, range.start) };
        let result = self.scan(content, range.clone(), range, progress, &mut filler);
        feed.end(match &result {
            Ok(()) => FeedState::Done,
            Err(SearchError::Cancelled) => FeedState::Stopped,
            Err(error) => FeedState::Failed(error.to_string()),
        });
        result
    }

    /// Searches `range` (all where `None`) and tells `tell` the matches in order, in portions, with how many more there are that it does
    /// not want one by one (`only_count`). `Break` ends the search.
    ///
    /// # Errors
    /// Where a file became another one, after what was found before. Places that cannot be read are passed over and told at the end.
    pub fn each(
        &self,
        content: &Content,
        range: Option<Range<u64>>,
        only_count: bool,
        progress: &Progress,
        tell: &mut dyn FnMut(&[Hit], u64) -> ControlFlow<()>,
    ) -> Result<Unreadable, SearchError> {
        let range = whole(content, range);
        let mut each = Each { only_count, tell, over: false, unreadable: Unreadable::default() };
        self.scan(content, range.clone(), range, progress, &mut each)?;
        Ok(each.unreadable)
    }

    /// The first match that begins at `from` or behind it, inside of `range`.
    ///
    /// # Errors
    /// Where there is none in what can be read, and not everything can.
    pub fn next(
        &self,
        content: &Content,
        range: Option<Range<u64>>,
        from: u64,
        progress: &Progress,
    ) -> Result<Option<Hit>, SearchError> {
        let range = whole(content, range);
        let starts = from.max(range.start)..range.end;
        if progress.total() == 0 {
            progress.set_total(starts.end.saturating_sub(starts.start));
        }
        let mut first = First { steps: Steps::new(progress, starts.start), found: None, unreadable: Unreadable::default() };
        self.scan(content, range, starts, progress, &mut first)?;
        found_or(first.found, first.unreadable)
    }

    /// The last match that begins in front of `before`, inside of `range`.
    ///
    /// # Errors
    /// Where there is none in what can be read, and not everything can.
    pub fn previous(
        &self,
        content: &Content,
        range: Option<Range<u64>>,
        before: u64,
        progress: &Progress,
    ) -> Result<Option<Hit>, SearchError> {
        let range = whole(content, range);
        // Ever longer parts, from the back: in all no more than twice what has to be looked at.
        let (mut end, mut len) = (before.min(range.end), 4 * plan::BLOCK);
        let mut unreadable = Unreadable::default();
        while end > range.start {
            let start = end.saturating_sub(len).max(range.start);
            let mut last = Last::default();
            self.scan(content, range.clone(), start..end, progress, &mut last)?;
            if last.found.is_some() {
                return Ok(last.found);
            }
            if unreadable.is_empty() {
                unreadable = last.unreadable;
            }
            (end, len) = (start, len.saturating_mul(2));
        }
        found_or(None, unreadable)
    }

    /// The matches that are partly inside of `range`: what a screen shows. Takes a few milliseconds at most, or finds less.
    ///
    /// Found by a search that begins shortly before the range. Where a needle may overlap itself, the matches that a search of the
    /// whole finds may lie otherwise.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn in_sight(&self, content: &Content, range: Range<u64>) -> Result<Vec<Hit>, SearchError> {
        let began = Instant::now();
        let before = if self.matcher.has_regex() { self.longest().min(SIGHT) } else { self.longest() };
        let start = range.start.saturating_sub(before);
        let end = range.end.min(content.len());
        if start >= end {
            return Ok(Vec::new());
        }
        let (look, longest) = (LOOK as u64, self.longest());
        let first = start.saturating_sub(look);
        let last = end.saturating_add(longest + look).min(content.len());
        let units = |unit: u64, buffer: &Buffer| {
            let window = buffer.to_vec(ByteRange::between(Offset(first * unit), Offset(last * unit)))?;
            Ok::<_, ReadError>((window, (start - first) * unit, (end - first) * unit))
        };
        let (window, from, to) = match (content, self.units) {
            (Content::Bytes(buffer), Units::Bytes) => units(1, buffer)?,
            (Content::Text(text), Units::Points(width)) => units(width as u64, text.units())?,
            (Content::Text(text), Units::Utf8) => {
                let from = text.slice(first, start).utf8_len();
                let to = from + text.slice(start, end).utf8_len();
                (text.slice(first, last).to_utf8().to_vec_all()?, from, to)
            }
            _ => return Ok(Vec::new()),
        };
        let stopped = || began.elapsed() > SIGHT_TIME;
        let base = if let Units::Points(width) = self.units { first * width as u64 } else { first };
        let utf8 = if self.units == Units::Utf8 { Buffer::from(&window[..]) } else { Buffer::new() };
        let base = if self.units == Units::Utf8 { 0 } else { base };
        let starts = from as usize..to as usize;
        let found = self.matcher.scan(&window, base, starts, usize::MAX, &mut self.matcher.scratch(), &stopped);
        let mut sight = Collect { range, hits: Vec::new() };
        match self.units {
            Units::Bytes => sight.hits(&found.hits),
            Units::Points(width) => ToUnits { sink: &mut sight, unit: width as u64 }.hits(&found.hits),
            Units::Utf8 => {
                ToPoints { sink: &mut sight, utf8: &utf8, start: first, byte: 0, point: 0 }.hits(&found.hits);
            }
        }
        Ok(sight.hits)
    }

    /// Tells `sink` every match in a range that begins in `starts`, in units of the document.
    fn scan(
        &self,
        content: &Content,
        range: Range<u64>,
        starts: Range<u64>,
        progress: &Progress,
        sink: &mut dyn Sink,
    ) -> Result<(), SearchError> {
        let bytes = |range: &Range<u64>| ByteRange::between(Offset(range.start), Offset(range.end));
        match (content, self.units) {
            (Content::Bytes(buffer), Units::Bytes) => scan::scan(buffer, bytes(&range), starts, &self.matcher, progress, sink),
            (Content::Text(text), Units::Points(width)) => {
                let unit = width as u64;
                let units = |range: Range<u64>| range.start.saturating_mul(unit)..range.end.saturating_mul(unit);
                let range = bytes(&units(range));
                scan::scan(text.units(), range, units(starts), &self.matcher, progress, &mut ToUnits { sink, unit })
            }
            (Content::Text(text), Units::Utf8) => {
                // No more of the text is encoded than matches can reach and see.
                let look = LOOK as u64;
                let starts = starts.start.clamp(range.start, range.end)..starts.end.clamp(range.start, range.end);
                let first = starts.start.saturating_sub(look).max(range.start);
                let last = starts.end.saturating_add(self.matcher.longest() as u64 + look).min(range.end);
                let utf8 = to_utf8(&text.slice(first, last), progress)?;
                let from = text.slice(first, starts.start).utf8_len();
                let to = from + text.slice(starts.start, starts.end).utf8_len();
                let all = ByteRange::new(Offset::ZERO, utf8.len());
                let mut sink = ToPoints { sink, utf8: &utf8, start: first, byte: 0, point: 0 };
                scan::scan(&utf8, all, from..to, &self.matcher, progress, &mut sink)
            }
            // Made for other content: nothing of it is here.
            _ => Ok(()),
        }
    }
}

/// How a query goes over content.
fn units_of(query: &Query, content: &Content) -> Units {
    match content {
        Content::Bytes(_) => Units::Bytes,
        Content::Text(_) if query.needles.iter().any(|needle| matches!(needle, Needle::Regex { .. })) => Units::Utf8,
        Content::Text(text) => Units::Points(unit_len(text)),
    }
}

/// Bytes in a unit of a text: 1, 2 or 4.
fn unit_len(text: &Text) -> usize {
    text.byte_len().0.checked_div(text.len()).map_or(1, |unit| unit as usize)
}

/// What a search for one match comes to: nobody can say that there is none where not everything could be read.
fn found_or(found: Option<Hit>, unreadable: Unreadable) -> Result<Option<Hit>, SearchError> {
    match (found, unreadable.why()) {
        (None, Some(why)) => Err(SearchError::Read(why.clone())),
        (found, _) => Ok(found),
    }
}

fn whole(content: &Content, range: Option<Range<u64>>) -> Range<u64> {
    let len = content.len();
    let range = range.unwrap_or(0..len);
    range.start.min(len)..range.end.min(len)
}

/// [`Text::to_utf8`] in parts, so that it can be stopped.
fn to_utf8(text: &Text, progress: &Progress) -> Result<Buffer, SearchError> {
    const PART: u64 = 1 << 18;
    if text.utf8_len() == text.byte_len().0 {
        return Ok(text.to_utf8());
    }
    let mut all = Buffer::new();
    let mut at = 0;
    while at < text.len() {
        progress.check()?;
        all.append_buffer(&text.slice(at, at + PART).to_utf8());
        at += PART;
    }
    Ok(all)
}

/// Code points that begin in a run of UTF-8 that is in memory.
fn points_in(utf8: &Buffer, start: u64, end: u64) -> u64 {
    let (mut at, mut points) = (start, 0);
    while at < end {
        let Some(extent) = utf8.extent_at(Offset(at)) else { break };
        let len = extent.len().min(Len(end - at)).0;
        points += match extent {
            Extent::Memory(bytes) => bytes[..len as usize].iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64,
            Extent::File(_) | Extent::Fill(..) => len,
        };
        at += len;
    }
    points
}
