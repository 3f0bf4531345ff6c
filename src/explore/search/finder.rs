//! Finders: each finds the first match of one needle in a window of bytes.

use std::ops::Range;
use std::time::{Duration, Instant};

use memchr::memmem;
use regex_automata::meta::{self, Regex};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use super::MAX_MATCH;
use super::needle::{Case, NeedleError, NumberKind};
use super::parse::{Masked, Numbers};
use super::rank::Binary;

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
    /// A number in a range, of so many bytes.
    Number { kind: NumberKind, big: bool, numbers: Numbers },
    /// An expression, with the length of its longest match, at most [`MAX_MATCH`].
    Regex { regex: Regex, longest: usize, bounded: bool },
}

/// What a finder needs of the thread that it works on.
#[derive(Debug)]
pub(super) struct Scratch {
    cache: Option<meta::Cache>,
    /// Starts that an expression is tried at before somebody may cancel.
    step: usize,
}

/// A needle with wildcards: the run of whole bytes that is searched for, and the rest that is compared.
#[derive(Debug)]
pub(super) struct Pattern {
    values: Vec<u8>,
    masks: Vec<u8>,
    /// Where the run begins, and its finder; without a whole byte the place of the byte with most bits.
    run: Option<(usize, Box<memmem::Finder<'static>>)>,
    key: usize,
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
        Self::Number { kind, big, numbers }
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

    /// An expression made of the ways that each character may be written in.
    pub(super) fn folded(characters: &[Vec<Vec<u8>>]) -> Result<Self, NeedleError> {
        let mut pattern = String::new();
        for ways in characters {
            pattern.push_str("(?:");
            for (i, way) in ways.iter().enumerate() {
                pattern.push_str(if i > 0 { "|" } else { "" });
                pattern.extend(way.iter().map(|byte| format!("\\x{byte:02X}")));
            }
            pattern.push(')');
        }
        Self::compile(&pattern, syntax::Config::new().unicode(false).utf8(false))
    }

    fn compile(pattern: &str, config: syntax::Config) -> Result<Self, NeedleError> {
        let refused = |error: String| {
            // The last line says what is wrong; those before show where, under the expression.
            let what = error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            NeedleError::Regex(what)
        };
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
            Self::Number { kind, .. } => kind.size(),
            Self::Regex { longest, .. } => *longest,
        }
    }

    pub(super) fn scratch(&self) -> Scratch {
        Scratch { cache: self.as_regex().map(Regex::create_cache), step: STEP.1 / 4 }
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
            Self::Number { kind, big, numbers } => {
                let at = find_number(*kind, *big, *numbers, window, starts)?;
                Some(at..at + kind.size())
            }
            Self::Regex { regex, longest, bounded } => find_regex(regex, *longest, *bounded, window, starts, scratch, stopped),
        }
    }
}

impl Pattern {
    fn new(Masked { values, masks }: Masked) -> Self {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (i, &mask) in masks.iter().enumerate() {
            match runs.last_mut() {
                _ if mask != 0xFF => {}
                Some(run) if run.end == i => run.end += 1,
                _ => runs.push(i..i + 1),
            }
        }
        // The longest run, and of several the one whose most common byte is the rarest.
        let rarity = |run: &Range<usize>| 255 - values[run.clone()].iter().map(|&byte| Binary::of(byte)).min().unwrap_or(255);
        let best = runs.into_iter().max_by_key(|run| (run.len().min(8), rarity(run)));
        let run = best.map(|run| {
            let finder = memmem::FinderBuilder::new().build_forward_with_ranker(Binary, &values[run.clone()]);
            (run.start, Box::new(finder.into_owned()))
        });
        let key = (0..masks.len()).max_by_key(|&i| masks[i].count_ones()).unwrap_or(0);
        Self { values, masks, run, key }
    }

    fn matches(&self, bytes: &[u8]) -> bool {
        bytes.iter().zip(&self.values).zip(&self.masks).all(|((byte, value), mask)| byte & mask == *value)
    }

    fn find(&self, window: &[u8], starts: Range<usize>) -> Option<Range<usize>> {
        let len = self.values.len();
        let last = (starts.end + len - 1).min(window.len());
        let mut at = starts.start;
        while at + len <= last {
            at = match &self.run {
                Some((offset, finder)) => {
                    let behind = last - (len - offset - finder.needle().len());
                    at + finder.find(window.get(at + offset..behind)?)?
                }
                None => at + self.find_key(window.get(at + self.key..last - (len - self.key - 1))?)?,
            };
            if self.matches(&window[at..at + len]) {
                return Some(at..at + len);
            }
            at += 1;
        }
        None
    }

    /// The first byte that may be the one with most bits; blocks of bytes are compared at once.
    fn find_key(&self, bytes: &[u8]) -> Option<usize> {
        const BLOCK: usize = 64;
        let (mask, value) = (self.masks[self.key], self.values[self.key]);
        let mut at = 0;
        for block in bytes.chunks(BLOCK) {
            if block.iter().fold(false, |any, byte| any | (byte & mask == value)) {
                return block.iter().position(|byte| byte & mask == value).map(|found| at + found);
            }
            at += block.len();
        }
        None
    }
}

fn find_number(kind: NumberKind, big: bool, numbers: Numbers, window: &[u8], starts: Range<usize>) -> Option<usize> {
    match kind.size() {
        1 => find_sized::<1>(kind, big, numbers, window, starts),
        2 => find_sized::<2>(kind, big, numbers, window, starts),
        3 => find_sized::<3>(kind, big, numbers, window, starts),
        4 => find_sized::<4>(kind, big, numbers, window, starts),
        6 => find_sized::<6>(kind, big, numbers, window, starts),
        _ => find_sized::<8>(kind, big, numbers, window, starts),
    }
}

fn find_sized<const N: usize>(
    kind: NumberKind,
    big: bool,
    numbers: Numbers,
    window: &[u8],
    starts: Range<usize>,
) -> Option<usize> {
    let bytes = window.get(starts.start..(starts.end + N - 1).min(window.len()))?;
    let raw = move |bytes: &[u8; N]| {
        let mut all = [0; 8];
        if big {
            all[8 - N..].copy_from_slice(bytes);
            u64::from_be_bytes(all)
        } else {
            all[..N].copy_from_slice(bytes);
            u64::from_le_bytes(all)
        }
    };
    let first = |holds: &dyn Fn(u64) -> bool| bytes.array_windows::<N>().position(|bytes| holds(raw(bytes)));
    let found = match numbers {
        Numbers::Bits(bits) => {
            let keep = u64::MAX >> (64 - 8 * N);
            first(&|raw| raw == bits & keep)
        }
        Numbers::Unsigned(low, high) => {
            let span = high - low;
            bytes.array_windows::<N>().position(|bytes| raw(bytes).wrapping_sub(low) <= span)
        }
        Numbers::Signed(low, high) => {
            let unused = 64 - 8 * N;
            let span = high.wrapping_sub(low) as u64;
            bytes.array_windows::<N>().position(|bytes| {
                let value = ((raw(bytes) << unused) as i64) >> unused;
                value.wrapping_sub(low) as u64 <= span && (low..=high).contains(&value)
            })
        }
        Numbers::Float(low, high) => {
            if kind == NumberKind::F32 {
                bytes.array_windows::<N>().position(|bytes| {
                    let value = f64::from(f32::from_bits(raw(bytes) as u32));
                    low <= value && value <= high
                })
            } else {
                bytes.array_windows::<N>().position(|bytes| {
                    let value = f64::from_bits(raw(bytes));
                    low <= value && value <= high
                })
            }
        }
        Numbers::Nan if kind == NumberKind::F32 => first(&|raw| f32::from_bits(raw as u32).is_nan()),
        Numbers::Nan => first(&|raw| f64::from_bits(raw).is_nan()),
    };
    found.map(|found| starts.start + found)
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
    let Scratch { cache, step } = scratch;
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
