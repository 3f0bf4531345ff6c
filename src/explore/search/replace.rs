//! Replacing matches: what stands in their place, and the content that comes of it.

use std::ops::{ControlFlow, Range};

use regex_automata::util::interpolate;
use regex_automata::{Anchored, Input};

use super::needle::{Needle, NeedleError, Query};
use super::parse::{self, Codec, Masked, Numbers};
use super::scan::{Run, Sink};
use super::sinks::Steps;
use super::{Content, Hit, LOOK, Pattern, SearchError, unit_len, whole};
use crate::buffer::{Buffer, ByteRange, Extent, Len, Offset, ReadError};
use crate::stream::Text;
use crate::tasks::Progress;

/// The most memory that one replacement of all matches may take anew: 2 GiB. What lies between matches that are far apart is shared.
pub const REPLACE_LIMIT: u64 = 2 << 30;

/// Runs between two matches are copied up to this length, and shared from there on.
const SHARED: u64 = 4096;

/// Copied bytes go into the result in portions of this many.
const PORTION: usize = 1 << 20;

/// What stands in the place of a match, for each needle of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Replacement(Vec<With>);

#[derive(Clone, Debug, PartialEq)]
enum With {
    Bytes(Vec<u8>),
    /// Where the mask has no bits those of the match stay.
    Masked(Masked),
    Text(Text),
    /// With the groups of an expression: `$1`, `${name}`.
    Groups(String),
}

/// Why nothing can be replaced by this.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplacementError {
    /// It is not what the needle's kind asks for.
    #[error(transparent)]
    Wrong(#[from] NeedleError),
    /// A wildcard that stands for a byte that is not there.
    #[error("A replacement with ? keeps digits of the match, and must be as long as it: {}", Len(*.0 as u64).in_words())]
    WildcardLength(usize),
    /// A range of numbers.
    #[error("A replacement is one number, not a range")]
    Range,
    /// Half an escape.
    #[error("\\{0} means nothing here: use \\n, \\r, \\t, \\0, \\xHH, \\\\ or \\$")]
    Escape(String),
    /// The search that replacing is did not come to its end.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// More than [`REPLACE_LIMIT`].
    #[error("The result would take more than {} GiB of new memory: replace in a part of the document", REPLACE_LIMIT >> 30)]
    TooMuch,
}

/// What comes of replacing all matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Replaced {
    /// The units that change: from the first match to the end of the last one.
    pub range: Range<u64>,
    /// What stands there then.
    pub content: Content,
    /// How many matches were replaced.
    pub count: u64,
}

impl Replacement {
    /// What `written` means beside a needle: hex digits beside hex digits, a number beside a number, text in the same encoding
    /// beside text; beside an expression text with `$1` for its groups and escapes. Nothing takes the matches out.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn new(written: &str, needle: &Needle, content: &Content) -> Result<Self, ReplacementError> {
        Ok(Self(vec![With::new(written, needle, content)?]))
    }

    /// The same beside each needle of a query: what is written is read by the kind of the needle whose match it replaces.
    ///
    /// # Errors
    /// What is wrong with it beside one of the needles, as a sentence.
    pub fn for_all(written: &str, query: &Query, content: &Content) -> Result<Self, ReplacementError> {
        Ok(Self(query.needles.iter().map(|needle| With::new(written, needle, content)).collect::<Result<_, _>>()?))
    }
}

impl With {
    fn new(written: &str, needle: &Needle, content: &Content) -> Result<Self, ReplacementError> {
        let is_text = matches!(content, Content::Text(_));
        Ok(match needle {
            Needle::Regex { .. } => {
                escapes(written)?;
                With::Groups(written.to_owned())
            }
            _ if is_text => With::Text(Text::from(written)),
            _ if written.is_empty() => With::Bytes(Vec::new()),
            Needle::Text { encoding, .. } => {
                let codec = Codec::find(encoding)?;
                let missing = || {
                    let without = written.chars().find(|c| codec.encode(c.encode_utf8(&mut [0; 4])).is_none());
                    NeedleError::NotInEncoding(without.unwrap_or('?'), encoding.clone())
                };
                With::Bytes(codec.encode(written).ok_or_else(missing)?)
            }
            Needle::Hex(digits) => {
                let (needle, masked) = (parse::hex(digits)?, hex(written)?);
                match masked.masks.iter().all(|&mask| mask == 0xFF) {
                    true => With::Bytes(masked.values),
                    false if masked.values.len() == needle.values.len() => With::Masked(masked),
                    false => return Err(ReplacementError::WildcardLength(needle.values.len())),
                }
            }
            Needle::Bytes(_) => With::Bytes(hex(written)?.values),
            Needle::Number { kind, order, .. } => {
                let Numbers::Bits(bits) = parse::numbers(*kind, written)? else { return Err(ReplacementError::Range) };
                let mut bytes = bits.to_le_bytes()[..kind.size()].to_vec();
                if *order == super::Order::Big {
                    bytes.reverse();
                }
                With::Bytes(bytes)
            }
        })
    }
}

/// Hex digits; `??` alone is allowed here: it keeps the byte.
fn hex(written: &str) -> Result<Masked, NeedleError> {
    match parse::hex(written) {
        Err(NeedleError::OnlyWildcards) => {
            let digits = written.matches('?').count();
            Ok(Masked { values: vec![0; digits / 2], masks: vec![0; digits / 2] })
        }
        other => other,
    }
}

/// The escapes of a replacement with groups, resolved; `\$` becomes what stands for one dollar.
fn escapes(written: &str) -> Result<Vec<u8>, ReplacementError> {
    let mut out = Vec::with_capacity(written.len());
    let mut rest = written.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        match rest.next() {
            Some('n') => out.push(b'\n'),
            Some('r') => out.push(b'\r'),
            Some('t') => out.push(b'\t'),
            Some('0') => out.push(0),
            Some('\\') => out.push(b'\\'),
            Some('$') => out.extend_from_slice(b"$$"),
            Some('x') => {
                let digits: String = rest.by_ref().take(2).collect();
                let byte = u8::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 2 && !digits.starts_with('+'));
                match byte.ok_or_else(|| ReplacementError::Escape(format!("x{digits}")))? {
                    b'$' => out.extend_from_slice(b"$$"),
                    byte => out.push(byte),
                }
            }
            other => return Err(ReplacementError::Escape(other.map(String::from).unwrap_or_default())),
        }
    }
    Ok(out)
}

impl Pattern {
    /// What stands in the place of one match.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn replacement(
        &self,
        content: &Content,
        range: Option<Range<u64>>,
        hit: Hit,
        with: &Replacement,
    ) -> Result<Content, ReplacementError> {
        let maker = Maker::new(self, content, whole(content, range), with);
        let bytes = maker.bytes(hit)?;
        Ok(match content {
            Content::Bytes(_) => Content::Bytes(Buffer::from(bytes)),
            Content::Text(_) => Content::Text(maker.text(bytes)),
        })
    }

    /// The content that comes of replacing all matches of a range (of all where `None`); `None` where there is none. Matches do
    /// not overlap, and are not looked for in what replaces them. Runs between matches that are far apart are shared with the
    /// document.
    ///
    /// # Errors
    /// [`ReplacementError::TooMuch`] beyond [`REPLACE_LIMIT`]; where a file cannot be read; where it is cancelled.
    pub fn replace_all(
        &self,
        content: &Content,
        range: Option<Range<u64>>,
        with: &Replacement,
        progress: &Progress,
    ) -> Result<Option<Replaced>, ReplacementError> {
        let range = whole(content, range);
        if progress.total() == 0 {
            progress.set_total(range.end - range.start);
        }
        let mut apart = (*self.query).clone();
        apart.overlapping = false;
        let pattern = if self.query.overlapping { Self::new(&apart, content)? } else { self.clone() };
        let maker = Maker::new(&pattern, content, range.clone(), with);
        let mut rewriter = Rewriter {
            out: Output::new(maker.unit),
            maker,
            progress,
            steps: Steps::new(progress, range.start),
            from: None,
            count: 0,
            failed: None,
        };
        let scanned = pattern.scan(content, range.clone(), range, progress, &mut rewriter);
        if let Some(error) = rewriter.failed {
            return Err(error);
        }
        scanned?;
        let Some((start, end)) = rewriter.from else { return Ok(None) };
        let (unit, out) = (rewriter.maker.unit, rewriter.out.finish());
        let content = match content {
            Content::Bytes(_) => Content::Bytes(out),
            Content::Text(_) => Content::Text(Text::from_unit_bytes(unit, out)),
        };
        Ok(Some(Replaced { range: start..end, content, count: rewriter.count }))
    }
}

/// Makes the units that stand in the place of a match.
struct Maker<'a> {
    pattern: &'a Pattern,
    content: &'a Content,
    range: Range<u64>,
    /// By needle.
    ways: Vec<Way<'a>>,
    /// Bytes of a unit of the result.
    unit: u64,
    /// The units that are replaced, in units of the result.
    source: Buffer,
}

/// What stands in the place of one needle's matches.
struct Way<'a> {
    with: &'a With,
    /// What groups are put into, its escapes resolved.
    template: Vec<u8>,
    /// The replacement, where it is the same everywhere.
    constant: Option<Vec<u8>>,
}

impl<'a> Way<'a> {
    /// The way, and the bytes that a unit of a text must have for it.
    fn new(with: &'a With, content: &Content) -> (Self, u64) {
        let template = if let With::Groups(written) = with { escapes(written).unwrap_or_default() } else { Vec::new() };
        let (constant, unit) = match (content, with) {
            (Content::Bytes(_), With::Bytes(bytes)) => (Some(bytes.clone()), 1),
            (Content::Bytes(_), With::Groups(_)) if !template.contains(&b'$') => (Some(template.clone()), 1),
            (Content::Bytes(_), _) => (None, 1),
            (Content::Text(_), With::Text(new)) => (None, unit_len(new) as u64),
            (Content::Text(_), _) => {
                let widest = String::from_utf8_lossy(&template).chars().map(u32::from).max().unwrap_or(0);
                let unit = match widest {
                    0..=0xFF => 1,
                    0x100..=0xFFFF => 2,
                    _ => 4,
                };
                (None, unit)
            }
        };
        (Self { with, template, constant }, unit)
    }
}

impl<'a> Maker<'a> {
    fn new(pattern: &'a Pattern, content: &'a Content, range: Range<u64>, with: &'a Replacement) -> Self {
        let (mut ways, units): (Vec<_>, Vec<_>) = with.0.iter().map(|with| Way::new(with, content)).unzip();
        let (unit, source) = match content {
            Content::Bytes(buffer) => (1, buffer.clone()),
            Content::Text(text) => {
                let unit = units.into_iter().fold(unit_len(text) as u64, u64::max);
                for way in &mut ways {
                    if let With::Text(new) = way.with {
                        way.constant = new.unit_bytes(unit).to_vec_all().ok();
                    }
                }
                (unit, text.unit_bytes(unit))
            }
        };
        Self { pattern, content, range, ways, unit, source }
    }

    /// What stands in the place of a needle's matches.
    fn way(&self, needle: u16) -> Option<&Way<'a>> {
        self.ways.get(usize::from(needle)).or(self.ways.last())
    }

    /// The replacement, where it is the same for all of a needle's matches.
    fn constant(&self, needle: u16) -> Option<&[u8]> {
        self.way(needle)?.constant.as_deref()
    }

    /// The bytes, in units of the result.
    fn bytes(&self, hit: Hit) -> Result<Vec<u8>, SearchError> {
        let Some(way) = self.way(hit.needle) else { return Ok(Vec::new()) };
        if let Some(constant) = &way.constant {
            return Ok(constant.clone());
        }
        match (self.content, way.with) {
            (Content::Bytes(buffer), With::Masked(Masked { values, masks })) => {
                let mut bytes = buffer.to_vec(ByteRange::new(Offset(hit.offset), Len(hit.len.into())))?;
                for ((byte, value), mask) in bytes.iter_mut().zip(values).zip(masks) {
                    *byte = (*byte & !mask) | value;
                }
                Ok(bytes)
            }
            (content, With::Groups(_)) => {
                let look = LOOK as u64;
                let start = hit.offset.saturating_sub(look).max(self.range.start);
                let end = hit.end().saturating_add(look).min(self.range.end);
                let (window, span) = match content {
                    Content::Bytes(buffer) => {
                        let from = (hit.offset - start) as usize;
                        (buffer.to_vec(ByteRange::between(Offset(start), Offset(end)))?, from..from + hit.len as usize)
                    }
                    Content::Text(text) => {
                        let from = text.slice(start, hit.offset).utf8_len() as usize;
                        let len = text.slice(hit.offset, hit.end()).utf8_len() as usize;
                        (text.slice(start, end).to_utf8().to_vec_all()?, from..from + len)
                    }
                };
                let filled = self.fill_in(hit.needle, &way.template, &window, span);
                Ok(match content {
                    Content::Bytes(_) => filled,
                    Content::Text(_) => {
                        let new = Text::from(String::from_utf8_lossy(&filled).into_owned());
                        new.unit_bytes(self.unit).to_vec_all()?
                    }
                })
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The template with the groups of a match.
    fn fill_in(&self, needle: u16, template: &[u8], window: &[u8], span: Range<usize>) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some(regex) = self.pattern.matcher.regex_of(needle) {
            let mut groups = regex.create_captures();
            regex.captures(Input::new(window).span(span).anchored(Anchored::Yes), &mut groups);
            let name = |name: &str| groups.group_info().to_index(groups.pattern()?, name);
            let append = |group: usize, out: &mut Vec<u8>| {
                if let Some(span) = groups.get_group(group) {
                    out.extend_from_slice(&window[span.range()]);
                }
            };
            interpolate::bytes(template, append, name, &mut out);
        }
        out
    }

    fn text(&self, bytes: Vec<u8>) -> Text {
        Text::from_unit_bytes(self.unit, Buffer::from(bytes))
    }
}

/// The result, as it grows.
struct Output {
    out: Buffer,
    pending: Vec<u8>,
    /// Bytes of memory that were taken.
    fresh: u64,
    unit: u64,
}

impl Output {
    fn new(unit: u64) -> Self {
        Self { out: Buffer::new(), pending: Vec::new(), fresh: 0, unit }
    }

    fn settle(&mut self) {
        if !self.pending.is_empty() {
            let room = Vec::with_capacity(self.pending.len().min(PORTION));
            let portion = std::mem::replace(&mut self.pending, room);
            self.out.append_buffer(&Buffer::from(portion));
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), ReplacementError> {
        self.fresh += bytes.len() as u64;
        if self.fresh > REPLACE_LIMIT {
            return Err(ReplacementError::TooMuch);
        }
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= PORTION {
            self.settle();
        }
        Ok(())
    }

    fn fill(&mut self, byte: u8, len: u64) {
        self.settle();
        let len = self.out.len().0.saturating_add(len);
        self.out.extend_to(Len(len), byte);
    }

    /// Units of the document, copied where they are few.
    fn keep(&mut self, source: &Buffer, start: u64, end: u64) -> Result<(), ReplacementError> {
        let (start, end) = (start * self.unit, end * self.unit);
        if end - start > SHARED {
            self.settle();
            self.out.append_buffer(&source.slice(ByteRange::between(Offset(start), Offset(end))));
            return Ok(());
        }
        if let Some(Extent::Memory(bytes)) = source.extent_at(Offset(start))
            && let Some(run) = bytes.get(..(end - start) as usize)
        {
            return self.push(run);
        }
        let bytes = source.to_vec(ByteRange::between(Offset(start), Offset(end))).map_err(SearchError::Read)?;
        self.push(&bytes)
    }

    fn finish(mut self) -> Buffer {
        self.settle();
        self.out
    }
}

/// Writes the result while the scan goes on.
struct Rewriter<'a> {
    maker: Maker<'a>,
    out: Output,
    progress: &'a Progress,
    steps: Steps<'a>,
    /// From the first match to behind the last one.
    from: Option<(u64, u64)>,
    count: u64,
    failed: Option<ReplacementError>,
}

impl Rewriter<'_> {
    fn put(&mut self, hit: Hit) -> Result<(), ReplacementError> {
        self.reach(hit.offset)?;
        match self.maker.constant(hit.needle) {
            Some(constant) => self.out.push(constant)?,
            None => {
                let bytes = self.maker.bytes(hit)?;
                self.out.push(&bytes)?;
            }
        }
        self.count += 1;
        self.from = Some((self.from.map_or(hit.offset, |(start, _)| start), hit.end()));
        Ok(())
    }

    /// Keeps what lies between the last match and the next one.
    fn reach(&mut self, next: u64) -> Result<(), ReplacementError> {
        if let Some((_, end)) = self.from {
            self.out.keep(&self.maker.source, end, next)?;
        }
        Ok(())
    }

    fn put_run(&mut self, run: &Run) -> Result<(), ReplacementError> {
        let Some((last, &(len, needle))) = run.last().zip(run.shapes.first()) else { return Ok(()) };
        let gap = run.step - u64::from(len);
        let even = self.maker.constant(needle).and_then(|constant| {
            let byte = constant.first().copied().unwrap_or(run.byte);
            let same = constant.iter().all(|&other| other == byte) && (gap == 0 || byte == run.byte);
            (same && self.maker.unit == 1).then_some((byte, constant.len() as u64))
        });
        if let Some((byte, new)) = even {
            self.reach(run.first)?;
            self.out.fill(byte, run.count.saturating_mul(new + gap).saturating_sub(gap));
            self.count = self.count.saturating_add(run.count);
            self.from = Some((self.from.map_or(run.first, |(start, _)| start), last.end()));
            return Ok(());
        }
        for (number, hit) in run.hits().enumerate() {
            if number % 1024 == 0 {
                self.progress.check().map_err(SearchError::from)?;
            }
            self.put(hit)?;
        }
        Ok(())
    }
}

impl Sink for Rewriter<'_> {
    fn room(&self) -> usize {
        usize::MAX
    }

    fn hits(&mut self, hits: &[Hit]) {
        for (number, &hit) in hits.iter().enumerate() {
            if self.failed.is_some() || (number % 1024 == 0 && self.progress.is_cancelled()) {
                return;
            }
            self.failed = self.put(hit).err();
        }
    }

    fn counted(&mut self, _count: u64, _last: Hit) {}

    fn run(&mut self, run: &Run) {
        if self.failed.is_none() {
            self.failed = self.put_run(run).err();
        }
    }

    fn unreadable(&mut self, _range: Range<u64>, why: &ReadError) {
        // What nobody could look at may have matches: all are replaced, or none.
        self.failed.get_or_insert_with(|| SearchError::Read(why.clone()).into());
    }

    fn reached(&mut self, at: u64) -> ControlFlow<()> {
        self.steps.to(at);
        if self.failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
