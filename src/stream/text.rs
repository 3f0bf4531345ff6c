//! Python's `str`: a sequence of code points that may hold lone surrogates.

use std::sync::Arc;

use super::codec::find_unit;
use super::packed::{Packed, PackedPoints};
use crate::buffer::{Buffer, ByteRange, Chunk, Len, Offset, ReadError};

/// Bytes a code point takes. As in CPython a text has one width: that of its widest code point, or more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Width {
    /// Up to U+00FF.
    #[default]
    One = 1,
    /// Up to U+FFFF.
    Two = 2,
    /// All.
    Four = 4,
}

impl Width {
    pub(super) const fn of(point: u32) -> Self {
        match point {
            ..=0xFF => Self::One,
            0x100..=0xFFFF => Self::Two,
            _ => Self::Four,
        }
    }

    #[inline]
    pub(super) const fn bytes(self) -> u64 {
        self as u64
    }

    const fn of_bytes(bytes: u64) -> Self {
        match bytes {
            0..=1 => Self::One,
            2..=3 => Self::Two,
            _ => Self::Four,
        }
    }

    /// How many units there are in so many bytes. A shift: a division would be most of the cost of a short write.
    #[inline]
    pub(super) const fn units_in(self, bytes: u64) -> u64 {
        bytes >> (self as u64 / 2)
    }

    pub(super) fn push(self, out: &mut Vec<u8>, point: u32) {
        out.extend_from_slice(&point.to_le_bytes()[..self as usize]);
    }

    pub(super) fn read(self, unit: &[u8]) -> u32 {
        match (self, unit) {
            (Self::One, &[a, ..]) => a.into(),
            (Self::Two, &[a, b, ..]) => u16::from_le_bytes([a, b]).into(),
            (Self::Four, &[a, b, c, d, ..]) => u32::from_le_bytes([a, b, c, d]),
            _ => 0,
        }
    }
}

/// A string of code points, cheap to clone and to slice: both share memory.
///
/// It takes 1, 2 or 4 bytes a code point, whichever its widest code point needs; a long text that was decoded from UTF-8 stays
/// UTF-8 until something works on all of its code points by number. Equality is by code points.
///
/// ```
/// use seektell::stream::Text;
///
/// let text = Text::from("naïve 😀");
/// assert_eq!(text.len(), 7);
/// assert_eq!(text.get(6), Some(0x1F600));
/// assert_eq!(text.slice(0, 2), Text::from("na"));
/// ```
#[derive(Clone, Default)]
pub struct Text {
    width: Width,
    kept: Kept,
}

/// How the code points are in memory.
#[derive(Clone)]
enum Kept {
    /// One unit each, little-endian.
    Units(Buffer),
    /// As UTF-8.
    Packed(Arc<Packed>),
}

impl Default for Kept {
    #[inline]
    fn default() -> Self {
        Self::Units(Buffer::new())
    }
}

impl Text {
    #[inline]
    pub(super) fn from_units(width: Width, units: Buffer) -> Self {
        Self { width, kept: Kept::Units(units) }
    }

    /// Long UTF-8, shared, where that pays; with it, whether there is a `\r`.
    pub(super) fn share_utf8(utf8: &Buffer, bytes: &[u8]) -> Option<(Self, bool)> {
        let (packed, has_cr) = Packed::of(utf8, bytes)?;
        Some((Self { width: packed.width(), kept: Kept::Packed(Arc::new(packed)) }, has_cr))
    }

    /// The UTF-8 that it is kept as.
    pub(super) fn shared_utf8(&self) -> Option<&Buffer> {
        match &self.kept {
            Kept::Units(_) => None,
            Kept::Packed(packed) => Some(packed.utf8()),
        }
    }

    pub(super) fn width(&self) -> Width {
        self.width
    }

    /// The code points as little-endian numbers of [`Text::byte_len`] / [`Text::len`] bytes each.
    #[inline]
    pub(crate) fn units(&self) -> &Buffer {
        match &self.kept {
            Kept::Units(units) => units,
            Kept::Packed(packed) => packed.units(),
        }
    }

    /// Whether a code point below U+0080 is among them.
    pub(super) fn has_ascii(&self, point: u8) -> bool {
        match &self.kept {
            Kept::Units(units) => match units.contiguous(Offset::ZERO) {
                Some(run) if run.len() as u64 == units.len().get() => find_unit(self.width, run, point, 0).is_some(),
                _ => self.points().any(|unit| unit == u32::from(point)),
            },
            Kept::Packed(packed) => packed.has_ascii(point),
        }
    }

    /// How many code points.
    #[inline]
    pub fn len(&self) -> u64 {
        match &self.kept {
            Kept::Units(units) => self.width.units_in(units.len().get()),
            Kept::Packed(packed) => packed.len(),
        }
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        matches!(&self.kept, Kept::Units(units) if units.is_empty())
    }

    /// Whether both are the very same snapshot, in constant time: see [`Buffer::is_same`].
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.kept, &other.kept) {
            (Kept::Units(a), Kept::Units(b)) => self.width == other.width && a.is_same(b),
            (Kept::Packed(a), Kept::Packed(b)) => a.utf8().is_same(b.utf8()),
            _ => false,
        }
    }

    /// The bytes of memory or fill that the code points take: 1, 2 or 4 for each. A text that is kept as UTF-8 takes fewer until
    /// something works on all of its code points.
    pub fn byte_len(&self) -> Len {
        Len(self.len() * self.width.bytes())
    }

    /// The code point at `index`.
    pub fn get(&self, index: u64) -> Option<u32> {
        let units = match &self.kept {
            Kept::Units(units) => units,
            Kept::Packed(packed) => return packed.get(index),
        };
        let mut unit = [0; 4];
        let unit = &mut unit[..self.width as usize];
        let at = index.checked_mul(self.width.bytes())?;
        (units.read_at(Offset(at), unit).ok()? == unit.len()).then(|| self.width.read(unit))
    }

    /// The code points from `start` up to `end` (both cut to the text).
    pub fn slice(&self, start: u64, end: u64) -> Self {
        let width = self.width.bytes();
        let end = end.min(self.len());
        if let Kept::Packed(packed) = &self.kept {
            if start == 0 && end == packed.len() {
                return self.clone();
            }
            if let Some(slice) = packed.slice(start, end) {
                return slice;
            }
        }
        let (start, end) = (start.saturating_mul(width), end * width);
        Self::from_units(self.width, self.units().slice(ByteRange::between(Offset(start), Offset(end))))
    }

    /// The code points in order.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        self.points()
    }

    /// The same, not borrowing from the text.
    pub(super) fn points(&self) -> impl Iterator<Item = u32> + use<> {
        match &self.kept {
            Kept::Units(units) => {
                let chunks = units.chunks(ByteRange::new(Offset::ZERO, units.len()));
                EitherPoints::Units(Points { chunks, chunk: None, at: 0, width: self.width })
            }
            Kept::Packed(packed) => EitherPoints::Packed(PackedPoints::new(Arc::clone(packed))),
        }
    }

    /// From code points; values above 0x10FFFF become U+FFFD.
    pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Self {
        let (mut width, mut units) = (Width::One, Vec::new());
        for point in points {
            let point = if point > 0x10_FFFF { 0xFFFD } else { point };
            if Width::of(point) > width {
                units = widen(&units, width, Width::of(point));
                width = Width::of(point);
            }
            width.push(&mut units, point);
        }
        Self::from_units(width, units.into())
    }

    /// As a Rust string; lone surrogates become U+FFFD.
    pub fn to_string_lossy(&self) -> String {
        self.points().map(|point| char::from_u32(point).unwrap_or('\u{FFFD}')).collect()
    }

    /// As a Rust string, if there is no lone surrogate.
    pub fn to_str(&self) -> Option<String> {
        self.points().map(char::from_u32).collect()
    }

    /// UTF-8 bytes (`surrogatepass` for lone surrogates). A text of ASCII, or one that is kept as UTF-8, shares its memory with them.
    pub fn to_utf8(&self) -> Buffer {
        if let Some(utf8) = self.shared_utf8() {
            return utf8.clone();
        }
        if self.width == Width::One && self.utf8_len() == self.len() {
            return self.units().clone();
        }
        let mut out = Vec::new();
        for point in self.points() {
            push_utf8(&mut out, point);
        }
        out.into()
    }

    /// Bytes in UTF-8 of this text.
    pub fn utf8_len(&self) -> u64 {
        if let Some(utf8) = self.shared_utf8() {
            return utf8.len().get();
        }
        if self.width == Width::One {
            let high = |chunk: Chunk| chunk.iter().filter(|&&byte| byte >= 0x80).count() as u64;
            return self.len() + runs(self.units()).map(high).sum::<u64>();
        }
        let bytes = |point| match point {
            ..=0x7F => 1,
            0x80..=0x7FF => 2,
            0x800..=0xFFFF => 3,
            _ => 4,
        };
        self.points().map(bytes).sum()
    }

    /// From bytes of Latin-1: every byte is the code point of the same number. Shares the memory of `bytes`, which must hold no
    /// piece of a file: a text cannot fail to be read.
    pub(super) fn from_latin1(bytes: Buffer) -> Self {
        Self::from_units(Width::One, bytes)
    }

    /// The code points in units of `width`, which shares memory where it is the same. `None` where one is too wide for it.
    pub(super) fn in_width(&self, width: Width) -> Option<Buffer> {
        if self.width == width {
            return Some(self.units().clone());
        }
        if self.width < width {
            return Some(widen_buffer(self.units(), self.width, width));
        }
        let mut units = Vec::new();
        for point in self.points() {
            if Width::of(point) > width {
                return None;
            }
            width.push(&mut units, point);
        }
        Some(units.into())
    }

    /// Replaces the code points from `start` up to `end` (both cut to the text) by others.
    pub fn replace(&mut self, start: u64, end: u64, with: &Self) {
        let width = self.width.max(with.least_width());
        let mut own = match std::mem::take(&mut self.kept) {
            Kept::Units(units) => units,
            Kept::Packed(packed) => packed.units().clone(),
        };
        if width > self.width {
            own = widen_buffer(&own, self.width, width);
            self.width = width;
        }
        let len = self.width.units_in(own.len().get());
        let (start, end) = (start.min(len), end.min(len).max(start.min(len)));
        let bytes = self.width.bytes();
        let units = with.in_width(self.width).unwrap_or_default();
        own.replace(ByteRange::between(Offset(start * bytes), Offset(end * bytes)), &units);
        self.kept = Kept::Units(own);
    }

    /// How many code points at the start and how many at the end are equal, as far as that is quickly told.
    pub(crate) fn common_ends(&self, other: &Self) -> (u64, u64) {
        if self.width != other.width {
            return (0, 0);
        }
        let (prefix, suffix) = self.units().common_ends(other.units());
        (self.width.units_in(prefix.get()), self.width.units_in(suffix.get()))
    }

    /// The code points as little-endian numbers of 1, 2 or 4 bytes, at least as many as they take now.
    pub(crate) fn unit_bytes(&self, bytes: u64) -> Buffer {
        self.in_width(Width::of_bytes(bytes).max(self.width)).unwrap_or_default()
    }

    /// From code points as [`Text::unit_bytes`] gives them. The buffer holds no piece of a file.
    pub(crate) fn from_unit_bytes(bytes: u64, units: Buffer) -> Self {
        Self::from_units(Width::of_bytes(bytes), units)
    }

    /// The width of the widest code point.
    pub(super) fn least_width(&self) -> Width {
        if self.width == Width::One { Width::One } else { self.points().map(Width::of).max().unwrap_or_default() }
    }
}

/// The runs of a buffer that is in memory, where reading cannot fail.
fn runs(buffer: &Buffer) -> impl Iterator<Item = Chunk> + use<> {
    buffer.chunks(ByteRange::new(Offset::ZERO, buffer.len())).map_while(Result::ok)
}

/// The code points of either kind of text.
enum EitherPoints<I> {
    Units(Points<I>),
    Packed(PackedPoints),
}

impl<I: Iterator<Item = Result<Chunk, ReadError>>> Iterator for EitherPoints<I> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        match self {
            Self::Units(points) => points.next(),
            Self::Packed(points) => points.next(),
        }
    }
}

struct Points<I> {
    chunks: I,
    chunk: Option<Chunk>,
    at: usize,
    width: Width,
}

impl<I: Iterator<Item = Result<Chunk, ReadError>>> Points<I> {
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            if let Some(byte) = self.chunk.as_ref().and_then(|chunk| chunk.get(self.at)) {
                self.at += 1;
                return Some(*byte);
            }
            self.chunk = Some(self.chunks.next()?.ok()?);
            self.at = 0;
        }
    }
}

impl<I: Iterator<Item = Result<Chunk, ReadError>>> Iterator for Points<I> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let len = self.width as usize;
        if let Some(unit) = self.chunk.as_ref().and_then(|chunk| chunk.get(self.at..self.at + len)) {
            self.at += len;
            return Some(self.width.read(unit));
        }
        // The edge of a run, which may lie inside a unit.
        let mut unit = [0; 4];
        for byte in &mut unit[..len] {
            *byte = self.next_byte()?;
        }
        Some(self.width.read(&unit))
    }
}

pub(super) fn widen(units: &[u8], from: Width, to: Width) -> Vec<u8> {
    let mut out = Vec::with_capacity(units.len() / from as usize * to as usize);
    for unit in units.chunks_exact(from as usize) {
        to.push(&mut out, from.read(unit));
    }
    out
}

/// In units of `to`; long runs of zeros stay cheap.
pub(super) fn widen_buffer(units: &Buffer, from: Width, to: Width) -> Buffer {
    const LONG: usize = 4096;
    let mut out = Buffer::new();
    let mut rest = Vec::new();
    for chunk in runs(units) {
        if rest.is_empty() && chunk.len() >= LONG && chunk.len().is_multiple_of(4) && chunk.iter().all(|&byte| byte == 0) {
            out.extend_to(Len(out.len().get() + chunk.len() as u64 / from.bytes() * to.bytes()), 0);
            continue;
        }
        let joined;
        let mut bytes = &chunk[..];
        if !rest.is_empty() {
            joined = [&rest, bytes].concat();
            bytes = &joined;
        }
        let whole = bytes.len() / from as usize * from as usize;
        let wide = Buffer::from(widen(&bytes[..whole], from, to));
        rest = bytes[whole..].to_vec();
        out.append_buffer(&wide);
    }
    out
}

pub(super) fn push_utf8(out: &mut Vec<u8>, point: u32) {
    match char::from_u32(point) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        // A surrogate, encoded as if it were a character.
        None => {
            out.extend_from_slice(&[0xE0 | (point >> 12) as u8, 0x80 | (point >> 6 & 0x3F) as u8, 0x80 | (point & 0x3F) as u8]);
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        if text.is_ascii() {
            return Self::from_latin1(text.as_bytes().into());
        }
        let width = text.chars().map(|c| Width::of(c.into())).max().unwrap_or_default();
        let mut units = Vec::with_capacity(text.len());
        for c in text.chars() {
            width.push(&mut units, c.into());
        }
        Self::from_units(width, units.into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        if text.is_ascii() { Self::from_latin1(text.into_bytes().into()) } else { text.as_str().into() }
    }
}

/// By code points.
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        match (&self.kept, &other.kept) {
            (Kept::Units(a), Kept::Units(b)) if self.width == other.width => return a == b,
            (Kept::Packed(a), Kept::Packed(b)) => return a == b,
            _ => {}
        }
        self.len() == other.len() && self.points().eq(other.points())
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.points().eq(other.chars().map(u32::from))
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const SHOWN: u64 = 64;
        f.write_str(&super::str_repr(&self.slice(0, SHOWN)))?;
        if self.len() > SHOWN { write!(f, "… ({} code points)", self.len()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_the_width_of_its_widest_code_point() {
        for (text, width) in [("", 1), ("abc", 1), ("naïve", 1), ("€", 2), ("a€b", 2), ("😀", 4), ("aé€😀", 4)] {
            let text_of = Text::from(text);
            let points = text.chars().map(u32::from).collect::<Vec<_>>();
            assert_eq!(text_of.byte_len().get(), width * points.len() as u64, "{text}");
            assert_eq!(text_of.code_points().collect::<Vec<_>>(), points);
            assert_eq!(Text::from_code_points(points.iter().copied()), text_of);
            assert_eq!(text_of.to_string_lossy(), text);
            assert_eq!(text_of.to_utf8().to_vec_all().unwrap(), text.as_bytes());
            assert_eq!(text_of.utf8_len(), text.len() as u64);
            assert_eq!(text_of.to_str().as_deref(), Some(text));
        }
    }

    #[test]
    fn surrogates_are_kept() {
        let text = Text::from_code_points([0x61, 0xD83D, 0x110000]);
        assert_eq!(text.code_points().collect::<Vec<_>>(), [0x61, 0xD83D, 0xFFFD]);
        assert_eq!(text.to_utf8().to_vec_all().unwrap(), b"a\xED\xA0\xBD\xEF\xBF\xBD");
        assert_eq!(text.utf8_len(), 7);
        assert_eq!(text.to_string_lossy(), "a\u{FFFD}\u{FFFD}");
        assert_eq!(text.to_str(), None);
    }

    #[test]
    fn equal_code_points_are_equal_in_any_width() {
        let wide = Text::from("ab😀").slice(0, 2);
        assert_eq!(wide.byte_len().get(), 8);
        assert_eq!(wide, Text::from("ab"));
        assert_eq!(Text::from("ab"), wide);
        assert_ne!(wide, Text::from("ax"));
        assert_eq!(wide.least_width(), Width::One);
        assert_eq!(wide.in_width(Width::One).unwrap().to_vec_all().unwrap(), b"ab");
        assert_eq!(Text::from("€").in_width(Width::One), None);
    }

    #[test]
    fn units_may_be_cut_by_the_edges_of_pieces() {
        let whole = Text::from("a€b😀").units().to_vec_all().unwrap();
        for cut in 0..=whole.len() {
            let mut units = Buffer::new();
            units.append_buffer(&[&whole[..cut]].concat().into());
            units.append_buffer(&whole[cut..].into());
            let text = Text::from_units(Width::Four, units);
            assert_eq!(text.to_string_lossy(), "a€b😀");
            assert_eq!(text.get(1), Some(0x20AC));
            assert_eq!(text.get(4), None);
        }
        let two = Text::from("a€b").units().to_vec_all().unwrap();
        for cut in 0..=two.len() {
            let mut units = Buffer::from(&two[..cut]);
            units.append_buffer(&two[cut..].into());
            let wide = widen_buffer(&units, Width::Two, Width::Four);
            assert_eq!(Text::from_units(Width::Four, wide), Text::from("a€b"));
        }
    }

    #[test]
    fn long_utf8_is_shared_and_still_a_sequence_of_code_points() {
        let lines = ["Grüße für 5 €, λόγος\n", "😀 und Ω\r\n", "plain\n"];
        let whole: String = lines.iter().cycle().take(40_000).copied().collect();
        let points: Vec<u32> = whole.chars().map(u32::from).collect();
        let utf8 = Buffer::from(whole.as_bytes());
        let (text, has_cr) = Text::share_utf8(&utf8, whole.as_bytes()).unwrap();
        assert!(has_cr && text.has_ascii(b'\n') && !text.has_ascii(b'~'));
        assert_eq!((text.len(), text.width()), (points.len() as u64, Width::Four));
        assert_eq!(text.byte_len().get(), points.len() as u64 * 4);
        assert!(text.to_utf8().is_same(&utf8), "nothing was copied");
        assert!(text.points().eq(points.iter().copied()));
        for at in (0..points.len()).step_by(997).chain([points.len() - 1]) {
            assert_eq!(text.get(at as u64), Some(points[at]), "{at}");
        }
        assert_eq!(text.get(points.len() as u64), None);
        for (start, end) in
            [(0, 0), (0, 1), (5, 5), (7, 3), (8_190, 8_200), (100_000, 110_000), (points.len() - 3, points.len() + 9)]
        {
            let part = points.get(start..end.min(points.len())).unwrap_or_default();
            assert!(text.slice(start as u64, end as u64).points().eq(part.iter().copied()), "{start}..{end}");
        }
        // Before and after the units are made.
        let decoded = Text::from(whole.as_str());
        assert_eq!(text, decoded);
        assert_eq!(decoded, text);
        assert!(text == *whole.as_str());
        assert!(text.slice(10, 300_000) == decoded.slice(10, 300_000));
        assert_eq!(text.units(), decoded.units());
        assert_eq!(text.get(70_001), decoded.get(70_001));
        let mut edited = text.clone();
        edited.replace(2, 5, &"x".into());
        assert_eq!((edited.len(), edited.slice(0, 4)), (text.len() - 2, Text::from("Grx ")));
        assert_eq!(text, decoded);
    }

    #[test]
    fn what_is_short_or_no_utf8_or_latin1_is_not_shared() {
        let shared = |bytes: &[u8]| Text::share_utf8(&bytes.into(), bytes).is_some();
        let long = "€uro ".repeat(100_000);
        assert!(shared(long.as_bytes()));
        assert!(!shared("€uro ".as_bytes()));
        assert!(!shared("naïve ".repeat(100_000).as_bytes()), "one byte a code point is less");
        for cut in 1..3 {
            assert!(!shared(&[long.as_bytes(), &"€".as_bytes()[..cut]].concat()), "the last character is cut");
        }
        for at in [0, 16_383, 16_384, 300_000] {
            let mut broken = long.clone().into_bytes();
            broken[at] = 0xFF;
            assert!(!shared(&broken), "{at}");
        }
        assert!(!shared(&[long.as_bytes(), b"\xED\xA0\x80"].concat()), "a surrogate");
    }

    #[test]
    fn widening_keeps_long_gaps_cheap() {
        let mut units = Buffer::filled(0, Len(1 << 24));
        units.append(b"x");
        let wide = widen_buffer(&units, Width::One, Width::Four);
        assert_eq!(wide.len().get(), ((1 << 24) + 1) * 4);
        assert_eq!(Text::from_units(Width::Four, wide).get(1 << 24), Some(0x78));
    }
}
