//! A query made ready: its finders, and how they go over one window together.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::finder::{Finder, Scratch};
use super::needle::{Case, Needle, NeedleError, Order, Query};
use super::parse::{self, Codec, Numbers};
use super::{Hit, LOOK};
use crate::buffer::ReadError;

/// The most needles at once.
const NEEDLES: usize = 1000;

/// A query made ready for a kind of content.
#[derive(Debug)]
pub(super) struct Matcher {
    units: Vec<(Finder, u16)>,
    /// All units at once, where all are bytes.
    many: Option<AhoCorasick>,
    overlapping: bool,
    align: u64,
    longest: usize,
}

/// What a scan of one block found. Hits beyond the room there was are counted only.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) hits: Vec<Hit>,
    pub(super) count: u64,
    pub(super) first: Option<u64>,
    pub(super) last: Option<Hit>,
    /// What of the block cannot be read, and why.
    pub(super) unreadable: Vec<(Range<u64>, ReadError)>,
}

impl Found {
    /// What was found behind it, too.
    pub(super) fn append(&mut self, mut behind: Self) {
        self.hits.append(&mut behind.hits);
        self.count += behind.count;
        self.first = self.first.or(behind.first);
        self.last = behind.last.or(self.last);
        self.unreadable.append(&mut behind.unreadable);
    }
}

/// A part of the content, and what of it is looked at; see [`Matcher::scan`].
struct View<'a> {
    window: &'a [u8],
    base: u64,
    starts: Range<usize>,
    room: usize,
}

/// What the content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Units {
    Bytes,
    /// Code points, each as a little-endian number of so many bytes.
    Points(usize),
    /// Code points in UTF-8, which expressions go over.
    Utf8,
}

/// What one thread needs.
pub(super) type Scratches = Vec<Scratch>;

impl Matcher {
    pub(super) fn new(query: &Query, content: Units) -> Result<Self, NeedleError> {
        if query.needles.is_empty() {
            return Err(NeedleError::Empty);
        }
        if query.needles.len() > NEEDLES {
            return Err(NeedleError::TooMany(NEEDLES));
        }
        let mut units = Vec::new();
        for (number, needle) in query.needles.iter().enumerate() {
            for finder in finders(needle, content)? {
                units.push((finder, number as u16));
            }
        }
        let width = if let Units::Points(width) = content { width as u64 } else { 1 };
        let literals: Option<Vec<&[u8]>> = units.iter().map(|(finder, _)| finder.as_literal()).collect();
        let many = literals
            .filter(|literals| literals.len() > 1 && !query.overlapping)
            .and_then(|literals| AhoCorasickBuilder::new().match_kind(MatchKind::LeftmostFirst).build(literals).ok());
        let longest = units.iter().map(|(finder, _)| finder.longest()).max().unwrap_or(1);
        let align = u64::from(query.align.max(1)).saturating_mul(width);
        Ok(Self { units, many, overlapping: query.overlapping, align, longest })
    }

    /// The length of the longest match, in bytes of the content.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    pub(super) fn overlapping(&self) -> bool {
        self.overlapping
    }

    pub(super) fn align(&self) -> u64 {
        self.align
    }

    /// What a thread needs to scan.
    pub(super) fn scratch(&self) -> Scratches {
        self.units.iter().map(|(finder, _)| finder.scratch()).collect()
    }

    /// Whether any needle is an expression.
    pub(super) fn has_regex(&self) -> bool {
        self.units.iter().any(|(finder, _)| finder.as_regex().is_some())
    }

    /// A needle's expression, where it is one: a replacement may name its groups.
    pub(super) fn regex_of(&self, needle: u16) -> Option<&regex_automata::meta::Regex> {
        self.units.iter().find(|(_, number)| *number == needle).and_then(|(finder, _)| finder.as_regex())
    }

    /// What begins at each place deep inside a run of one byte: the lengths of the matches, with their needles. Where matches do
    /// not overlap there is one at most.
    pub(super) fn in_fill(&self, byte: u8, scratch: &mut Scratches) -> Vec<(u32, u16)> {
        let window = vec![byte; 2 * LOOK + self.longest + 1];
        let mut shapes: Vec<(u32, u16)> = Vec::new();
        scratch.iter_mut().for_each(Scratch::look_anew);
        for ((finder, needle), scratch) in self.units.iter().zip(scratch) {
            if let Some(found) = finder.find(&window, LOOK..LOOK + 1, scratch, &|| false) {
                shapes.push((found.len() as u32, *needle));
            }
        }
        if self.overlapping {
            shapes.sort_by_key(|&(_, needle)| needle);
            shapes.dedup_by_key(|&mut (_, needle)| needle);
        } else {
            shapes.truncate(1);
        }
        shapes
    }

    /// All matches that begin in `starts` of a window whose first byte is at `base` of the content; see [`Finder::find`].
    pub(super) fn scan(
        &self,
        window: &[u8],
        base: u64,
        starts: Range<usize>,
        room: usize,
        scratch: &mut Scratches,
        stopped: &dyn Fn() -> bool,
    ) -> Found {
        scratch.iter_mut().for_each(Scratch::look_anew);
        let view = View { window, base, starts, room };
        if self.overlapping { self.scan_overlapping(&view, scratch, stopped) } else { self.scan_apart(&view, scratch, stopped) }
    }

    /// One match behind the other.
    fn scan_apart(&self, view: &View<'_>, scratch: &mut Scratches, stopped: &dyn Fn() -> bool) -> Found {
        let View { window, base, ref starts, room } = *view;
        if room == 0
            && self.align == 1
            && let Some(found) = self.count_byte(window, base, starts.clone())
        {
            return found;
        }
        let mut found = Found::default();
        let mut at = starts.start;
        // What each unit found last: its next match, or that there is none.
        let mut next: Vec<Option<Range<usize>>> = vec![Some(0..0); self.units.len()];
        let mut rounds = 0u32;
        while at < starts.end {
            rounds = rounds.wrapping_add(1);
            if rounds.is_multiple_of(256) && stopped() {
                break;
            }
            let Some((range, needle)) = self.next(window, at..starts.end, &mut next, scratch, stopped) else { break };
            let offset = base + range.start as u64;
            if self.align > 1 && !offset.is_multiple_of(self.align) {
                at = range.start + 1;
                continue;
            }
            at = range.end;
            found.add(Hit { offset, len: range.len() as u32, needle }, room);
        }
        found
    }

    fn next(
        &self,
        window: &[u8],
        starts: Range<usize>,
        next: &mut [Option<Range<usize>>],
        scratch: &mut Scratches,
        stopped: &dyn Fn() -> bool,
    ) -> Option<(Range<usize>, u16)> {
        if let [(finder, needle)] = self.units.as_slice() {
            return Some((finder.find(window, starts, scratch.first_mut()?, stopped)?, *needle));
        }
        if let Some(many) = &self.many {
            let end = (starts.end + self.longest - 1).min(window.len());
            let found = many.find(aho_corasick::Input::new(window).span(starts.start..end))?;
            return (found.start() < starts.end).then(|| (found.range(), self.units[found.pattern().as_usize()].1));
        }
        let mut best: Option<(Range<usize>, u16)> = None;
        for (i, (finder, needle)) in self.units.iter().enumerate() {
            if next[i].as_ref().is_some_and(|known| known.start < starts.start || known.is_empty()) {
                if stopped() {
                    return None;
                }
                next[i] = finder.find(window, starts.clone(), &mut scratch[i], stopped);
            }
            if let Some(known) = &next[i]
                && best.as_ref().is_none_or(|(best, _)| known.start < best.start)
            {
                best = Some((known.clone(), *needle));
            }
        }
        best
    }

    /// One byte, counted without looking at each of its places.
    fn count_byte(&self, window: &[u8], base: u64, starts: Range<usize>) -> Option<Found> {
        let [(finder, needle)] = self.units.as_slice() else { return None };
        let &[byte] = finder.as_literal()? else { return None };
        let bytes = &window[starts.clone()];
        let hit = |at: usize| Hit { offset: base + (starts.start + at) as u64, len: 1, needle: *needle };
        Some(Found {
            hits: Vec::new(),
            count: memchr::memchr_iter(byte, bytes).count() as u64,
            first: memchr::memchr(byte, bytes).map(|at| hit(at).offset),
            last: memchr::memrchr(byte, bytes).map(hit),
            unreadable: Vec::new(),
        })
    }

    /// Every place where something matches.
    fn scan_overlapping(&self, view: &View<'_>, scratch: &mut Scratches, stopped: &dyn Fn() -> bool) -> Found {
        let View { window, base, ref starts, room } = *view;
        let mut found = Found::default();
        let aligned = |at: usize| self.align <= 1 || (base + at as u64).is_multiple_of(self.align);
        let mut next: Vec<Option<Range<usize>>> = vec![Some(0..0); self.units.len()];
        let mut at = starts.start;
        let mut rounds = 0u32;
        while at < starts.end {
            rounds = rounds.wrapping_add(1);
            if rounds.is_multiple_of(256) && stopped() {
                return found;
            }
            for (i, (finder, _)) in self.units.iter().enumerate() {
                if stopped() {
                    return found;
                }
                if next[i].as_ref().is_some_and(|known| known.start < at || known.is_empty()) {
                    next[i] = finder.find(window, at..starts.end, &mut scratch[i], stopped);
                }
            }
            let Some(first) = next.iter().flatten().map(|range| range.start).min() else { break };
            at = first + 1;
            if !aligned(first) {
                continue;
            }
            let mut last = None;
            for ((_, needle), range) in self.units.iter().zip(&next) {
                // A needle that is written in several ways is found once at a place.
                if let Some(range) = range
                    && range.start == first
                    && last != Some(*needle)
                {
                    last = Some(*needle);
                    found.add(Hit { offset: base + first as u64, len: range.len() as u32, needle: *needle }, room);
                }
            }
        }
        found
    }
}

impl Found {
    #[inline]
    fn add(&mut self, hit: Hit, room: usize) {
        self.first.get_or_insert(hit.offset);
        self.last = Some(hit);
        self.count += 1;
        if self.hits.len() < room {
            self.hits.push(hit);
        }
    }
}

/// The finders of one needle: more than one where it is written in several ways.
fn finders(needle: &Needle, content: Units) -> Result<Vec<Finder>, NeedleError> {
    if content != Units::Bytes && matches!(needle, Needle::Hex(_) | Needle::Bytes(_) | Needle::Number { .. }) {
        return Err(NeedleError::NotText);
    }
    Ok(match needle {
        Needle::Text { text, encoding, case } => {
            if text.is_empty() {
                return Err(NeedleError::Empty);
            }
            let characters = match content {
                Units::Bytes => {
                    let codec = Codec::find(encoding)?;
                    let whole = codec.encode(text);
                    if let (Case::Exact, Some(whole)) = (*case, &whole) {
                        parse::long_enough(whole.len())?;
                        return Ok(vec![Finder::literal(whole)]);
                    }
                    parse::variants(text, *case, encoding, |c| codec.encode(c.encode_utf8(&mut [0; 4])))?
                }
                Units::Utf8 => parse::variants(text, *case, encoding, |c| Some(c.encode_utf8(&mut [0; 4]).as_bytes().to_vec()))?,
                Units::Points(width) => {
                    let encode = |c: char| {
                        let unit = u32::from(c).to_le_bytes();
                        let (unit, rest) = unit.split_at(width);
                        rest.iter().all(|&byte| byte == 0).then(|| unit.to_vec())
                    };
                    match parse::variants(text, *case, encoding, encode) {
                        // The text has no character that wide.
                        Err(NeedleError::NotInEncoding(..)) => return Ok(Vec::new()),
                        characters => characters?,
                    }
                }
            };
            parse::long_enough(characters.iter().filter_map(|ways| ways.iter().map(Vec::len).max()).sum())?;
            let one: Option<Vec<&[u8]>> =
                characters.iter().map(|ways| if let [way] = &ways[..] { Some(&way[..]) } else { None }).collect();
            vec![match one {
                Some(parts) => Finder::literal(&parts.concat()),
                None => Finder::folded(&characters)?,
            }]
        }
        Needle::Hex(digits) => vec![Finder::masked(parse::hex(digits)?)],
        Needle::Bytes(bytes) => {
            parse::long_enough(bytes.len())?;
            vec![Finder::literal(bytes)]
        }
        Needle::Number { kind, order, value } => {
            let numbers = parse::numbers(*kind, value)?;
            // Where both orders are the same bytes one is enough.
            let same = kind.size() == 1 || matches!(numbers, Numbers::Bits(bits) if is_same_reversed(bits, kind.size()));
            match order {
                Order::Little => vec![Finder::number(*kind, false, numbers)],
                Order::Big => vec![Finder::number(*kind, true, numbers)],
                Order::Both if same => vec![Finder::number(*kind, false, numbers)],
                Order::Both => vec![Finder::number(*kind, false, numbers), Finder::number(*kind, true, numbers)],
            }
        }
        Needle::Regex { pattern, case, unicode } => {
            vec![Finder::regex(pattern, *case, *unicode || content != Units::Bytes)?]
        }
    })
}

fn is_same_reversed(bits: u64, size: usize) -> bool {
    let bytes = &bits.to_le_bytes()[..size];
    bytes.iter().eq(bytes.iter().rev())
}
