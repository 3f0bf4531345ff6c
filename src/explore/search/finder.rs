//! Finders: each finds the first match of one needle in a window of bytes.

use std::ops::Range;
use std::time::{Duration, Instant};

use memchr::memmem;
use regex_automata::meta::{self, Regex};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use super::MAX_MATCH;
use super::needle::{Case, NeedleError, NumberKind};
use super::number::NumberFinder;
use super::parse::{Masked, Numbers};
use super::rank::Binary;
use crate::explore::RegexError;

/// The memory that a compiled expression may take, in MiB.
const REGEX_MIB: usize = 8;

/// How deeply an expression may nest.
const REGEX_DEPTH: u32 = 200;

/// Finds matches of one needle.
#[derive(Debug)]
pub(super) enum Finder {
    /// These bytes.
    Literal(Box<memmem::Finder<'static>>),
    /// Bytes of which some bits count.
    Masked(Pattern),
    /// Text without case: its usual spellings by their bits. The rare ones (the Kelvin sign for `k`) are looked for in the window
    /// first; where one is about, the expression finds all.
    Folded { pattern: Pattern, rare: Vec<memmem::Finder<'static>>, regex: Box<Finder> },
    /// A number in a range, of so many bytes.
    Number(NumberFinder),
    /// An expression, with the length of its longest match, at most [`MAX_MATCH`].
    Regex { regex: Regex, longest: usize, bounded: bool },
}

/// What a finder needs of the thread that it works on.
#[derive(Debug)]
pub(super) struct Scratch {
    cache: Option<meta::Cache>,
    /// Whether the window that is looked at has a rare spelling, once that is known.
    rare: Option<bool>,
    /// Starts that an expression is tried at before somebody may cancel.
    step: usize,
}

impl Scratch {
    /// The next window is another one.
    pub(super) fn look_anew(&mut self) {
        self.rare = None;
    }
}

/// A needle with wildcards: the run of whole bytes that is searched for, and the rest that is compared.
#[derive(Debug)]
pub(super) struct Pattern {
    values: Vec<u8>,
    masks: Vec<u8>,
    /// Where the run begins, and its finder; `None` where there is no run worth it.
    run: Option<(usize, Box<memmem::Finder<'static>>)>,
    /// Three places whose bytes are looked at first, the rarest.
    keys: [usize; 3],
}

/// The least and the most starts between two looks at whether to stop.
const STEP: (usize, usize) = (16 * 1024, 1024 * 1024);

/// A step that took longer is too long, one that took less than a quarter of it too short.
const STEP_TIME: Duration = Duration::from_millis(8);

impl Finder {
    pub(super) fn literal(bytes: &[u8]) -> Self {
        let finder = memmem::FinderBuilder::new().build_forward_with_ranker(Binary, bytes);
        Self::Literal(Box::new(finder.into_owned()))
    }

    pub(super) fn masked(masked: Masked) -> Self {
        if masked.masks.iter().all(|&mask| mask == 0xFF) {
            return Self::literal(&masked.values);
        }
        Self::Masked(Pattern::new(masked))
    }

    pub(super) fn number(kind: NumberKind, big: bool, numbers: Numbers) -> Self {
        if let Numbers::Bits(bits) = numbers {
            let bytes = bits.to_le_bytes();
            let mut bytes = bytes[..kind.size()].to_vec();
            if big {
                bytes.reverse();
            }
            return Self::literal(&bytes);
        }
        Self::Number(NumberFinder::new(kind, big, numbers))
    }

    /// An expression as it was typed.
    pub(super) fn regex(pattern: &str, case: Case, unicode: bool) -> Result<Self, NeedleError> {
        if pattern.is_empty() {
            return Err(NeedleError::Empty);
        }
        let config =
            syntax::Config::new().unicode(unicode).utf8(false).case_insensitive(case != Case::Exact).nest_limit(REGEX_DEPTH);
        Self::compile(pattern, config)
    }

    /// Text whose characters may each be written in several ways.
    pub(super) fn folded(characters: &[Vec<Vec<u8>>]) -> Result<Self, NeedleError> {
        let mut expression = String::new();
        let mut usual = Some(Masked { values: Vec::new(), masks: Vec::new() });
        let mut rare: Vec<&[u8]> = Vec::new();
        for ways in characters {
            expression.push_str("(?:");
            for (i, way) in ways.iter().enumerate() {
                expression.push_str(if i > 0 { "|" } else { "" });
                expression.extend(way.iter().map(|byte| format!("\\x{byte:02X}")));
            }
            expression.push(')');
            usual = usual.and_then(|mut usual| {
                let more = pair(ways, &mut usual)?;
                rare.extend(more);
                Some(usual)
            });
        }
        let regex = Self::compile(&expression, syntax::Config::new().unicode(false).utf8(false))?;
        let Some(usual) = usual else { return Ok(regex) };
        if rare.is_empty() {
            return Ok(Self::Masked(Pattern::new(usual)));
        }
        rare.sort_unstable();
        rare.dedup();
        let rare = rare.into_iter().map(|way| memmem::FinderBuilder::new().build_forward_with_ranker(Binary, way).into_owned());
        Ok(Self::Folded { pattern: Pattern::new(usual), rare: rare.collect(), regex: Box::new(regex) })
    }

    fn compile(pattern: &str, config: syntax::Config) -> Result<Self, NeedleError> {
        let refused = |error: String| NeedleError::Regex(RegexError::new(pattern, &error));
        let parsed = syntax::parse_with(pattern, &config).map_err(|error| refused(error.to_string()))?;
        let longest = parsed.properties().maximum_len();
        if longest == Some(0) {
            return Err(NeedleError::RegexEmpty);
        }
        let limits = meta::Config::new()
            .utf8_empty(false)
            .nfa_size_limit(Some(REGEX_MIB << 20))
            .onepass_size_limit(Some(1 << 20))
            .hybrid_cache_capacity(4 << 20);
        let built = meta::Builder::new().syntax(config).configure(limits).build(pattern);
        let regex = built.map_err(|error| match error.size_limit() {
            Some(_) => NeedleError::RegexTooLarge(REGEX_MIB),
            None => refused(error.to_string()),
        })?;
        let bounded = longest.is_some_and(|longest| longest <= MAX_MATCH);
        Ok(Self::Regex { regex, longest: longest.unwrap_or(MAX_MATCH).min(MAX_MATCH), bounded })
    }

    /// The bytes, where that is all there is to it.
    pub(super) fn as_literal(&self) -> Option<&[u8]> {
        match self {
            Self::Literal(finder) => Some(finder.needle()),
            _ => None,
        }
    }

    pub(super) fn as_regex(&self) -> Option<&Regex> {
        match self {
            Self::Regex { regex, .. } => Some(regex),
            _ => None,
        }
    }

    /// The length of the longest match.
    pub(super) fn longest(&self) -> usize {
        match self {
            Self::Literal(finder) => finder.needle().len(),
            Self::Masked(pattern) => pattern.values.len(),
            Self::Folded { regex, .. } => regex.longest(),
            Self::Number(number) => number.size(),
            Self::Regex { longest, .. } => *longest,
        }
    }

    pub(super) fn scratch(&self) -> Scratch {
        Scratch { cache: self.as_regex().map(Regex::create_cache), rare: None, step: STEP.1 / 4 }
    }

    /// The first match that begins in `starts`. The window has [`Finder::longest`] bytes behind the last start, and
    /// [`LOOK`](super::LOOK) more in front of the first and behind, but where the bytes end. `stopped` is asked now and then.
    #[inline]
    pub(super) fn find(
        &self,
        window: &[u8],
        starts: Range<usize>,
        scratch: &mut Scratch,
        stopped: &dyn Fn() -> bool,
    ) -> Option<Range<usize>> {
        match self {
            Self::Literal(finder) => {
                let len = finder.needle().len();
                let end = (starts.end + len - 1).min(window.len());
                let at = starts.start + finder.find(window.get(starts.start..end)?)?;
                Some(at..at + len)
            }
            Self::Masked(pattern) => pattern.find(window, starts),
            Self::Folded { pattern, rare, regex } => {
                let has_rare = match scratch.rare {
                    Some(known) => known,
                    None => {
                        // A rare spelling that stands there by chance is no reason: the expression must match around it.
                        let len = regex.longest();
                        let mut places = rare.iter().flat_map(|finder| finder.find_iter(window));
                        let has = places.any(|at| regex.find(window, at.saturating_sub(len)..at + 1, scratch, stopped).is_some());
                        scratch.rare = Some(has);
                        has
                    }
                };
                if has_rare { regex.find(window, starts, scratch, stopped) } else { pattern.find(window, starts) }
            }
            Self::Number(number) => {
                let at = number.find(window, starts)?;
                Some(at..at + number.size())
            }
            Self::Regex { regex, longest, bounded } => find_regex(regex, *longest, *bounded, window, starts, scratch, stopped),
        }
    }
}

impl Pattern {
    pub(super) fn new(Masked { values, masks }: Masked) -> Self {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (i, &mask) in masks.iter().enumerate() {
            match runs.last_mut() {
                _ if mask != 0xFF => {}
                Some(run) if run.end == i => run.end += 1,
                _ => runs.push(i..i + 1),
            }
        }
        // The longest run, and of several the one whose most common byte is the rarest.
        let common = |run: &Range<usize>| values[run.clone()].iter().map(|&byte| Binary::of(byte)).min().unwrap_or(255);
        let best = runs.into_iter().max_by_key(|run| (run.len().min(8), 255 - common(run)));
        let run = best.filter(|run| run.len() > 1 || common(run) < 200).map(|run| {
            let finder = memmem::FinderBuilder::new().build_forward_with_ranker(Binary, &values[run.clone()]);
            (run.start, Box::new(finder.into_owned()))
        });
        // How common what may stand at a place is.
        let weight = |&place: &usize| -> u32 {
            let fits = |byte: &u8| byte & masks[place] == values[place];
            (0..=255).filter(fits).map(|byte| 1 << (u32::from(Binary::of(byte)) / 16)).sum()
        };
        let mut places: Vec<usize> = (0..masks.len()).collect();
        places.sort_by_cached_key(weight);
        let keys = [0, 1, 2].map(|i| places[i.min(places.len() - 1)]);
        Self { values, masks, run, keys }
    }

    fn matches(&self, bytes: &[u8]) -> bool {
        bytes.iter().zip(&self.values).zip(&self.masks).all(|((byte, value), mask)| byte & mask == *value)
    }

    pub(super) fn find(&self, window: &[u8], starts: Range<usize>) -> Option<Range<usize>> {
        let len = self.values.len();
        let last = (starts.end + len - 1).min(window.len());
        let mut at = starts.start;
        while at + len <= last {
            at = match &self.run {
                Some((offset, finder)) => {
                    let behind = last - (len - offset - finder.needle().len());
                    at + finder.find(window.get(at + offset..behind)?)?
                }
                None => at + self.find_keys(window.get(at..last)?)?,
            };
            if self.matches(&window[at..at + len]) {
                return Some(at..at + len);
            }
            at += 1;
        }
        None
    }

    /// The first place at which three of the bytes fit; blocks of places are looked at at once.
    fn find_keys(&self, bytes: &[u8]) -> Option<usize> {
        const BLOCK: usize = 64;
        let count = bytes.len() + 1 - self.values.len();
        let [a, b, c] = self.keys.map(|key| bytes[key..key + count].as_chunks::<BLOCK>());
        let [(ma, va), (mb, vb), (mc, vc)] = self.keys.map(|key| (self.masks[key], self.values[key]));
        let blocks = a.0.iter().zip(b.0).zip(c.0);
        for (block, ((a, b), c)) in blocks.enumerate() {
            let mut any = 0;
            for i in 0..BLOCK {
                any |= u8::from(a[i] & ma == va) & u8::from(b[i] & mb == vb) & u8::from(c[i] & mc == vc);
            }
            if any != 0 {
                let fits = |i: &usize| a[*i] & ma == va && b[*i] & mb == vb && c[*i] & mc == vc;
                return (0..BLOCK).find(fits).map(|i| block * BLOCK + i);
            }
        }
        let rest = count - count % BLOCK;
        (rest..count).find(|&i| self.keys.iter().all(|&key| bytes[i + key] & self.masks[key] == self.values[key]))
    }
}

/// Puts the two spellings of a character that differ in one bit behind a pattern, or the only one there is; gives the others
/// back. `None` where they are not like that.
fn pair<'a>(ways: &'a [Vec<u8>], pattern: &mut Masked) -> Option<Vec<&'a [u8]>> {
    // The first one is what was typed, and may itself be rare: the shortest two are the usual ones.
    let shortest = ways.iter().map(Vec::len).min()?;
    let (usual, rare): (Vec<&Vec<u8>>, Vec<&Vec<u8>>) = ways.iter().partition(|way| way.len() == shortest);
    let (first, mask) = match usual.as_slice() {
        [one] => (*one, vec![0xFF; shortest]),
        [one, other] => {
            let differ: Vec<u8> = one.iter().zip(*other).map(|(a, b)| a ^ b).collect();
            if differ.iter().map(|bits| bits.count_ones()).sum::<u32>() != 1 {
                return None;
            }
            (*one, differ.iter().map(|bits| !bits).collect())
        }
        _ => return None,
    };
    pattern.values.extend(first.iter().zip(&mask).map(|(value, mask)| value & mask));
    pattern.masks.extend(mask);
    Some(rare.into_iter().map(Vec::as_slice).collect())
}

/// In steps, so that nobody waits who wants to stop, and so that no match sees more than it may.
fn find_regex(
    regex: &Regex,
    longest: usize,
    bounded: bool,
    window: &[u8],
    starts: Range<usize>,
    scratch: &mut Scratch,
    stopped: &dyn Fn() -> bool,
) -> Option<Range<usize>> {
    let Scratch { cache, step, .. } = scratch;
    let cache = cache.get_or_insert_with(|| regex.create_cache());
    let mut at = starts.start;
    while at < starts.end && !stopped() {
        let next = at.saturating_add(*step).min(starts.end);
        let end = (next - 1).saturating_add(longest).min(window.len());
        let began = Instant::now();
        let found = regex.search_with(cache, &Input::new(window).span(at..end));
        let (took, tried) = (began.elapsed(), next - at);
        if took > STEP_TIME {
            *step = (*step / 2).max(STEP.0);
        } else if took < STEP_TIME / 4 && tried == *step {
            *step = (*step * 2).min(STEP.1);
        }
        match found {
            Some(found) if found.start() < next => {
                let start = found.start();
                // What a match may be is decided by the bytes that it may see, wherever the window ends.
                let limit = start.saturating_add(longest).min(window.len());
                let found = if bounded || found.end() < limit {
                    found.range()
                } else {
                    let whole = Input::new(window).span(start..limit).anchored(Anchored::Yes);
                    regex.search_with(cache, &whole).map_or(start..start, |found| found.range())
                };
                if !found.is_empty() {
                    return Some(found);
                }
                at = start + 1;
            }
            _ => at = next,
        }
    }
    None
}
