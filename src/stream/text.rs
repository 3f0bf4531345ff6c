//! Python's `str`: a sequence of code points that may hold lone surrogates.

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
/// It takes 1, 2 or 4 bytes a code point, whichever its widest code point needs. Equality is by code points.
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
    /// The code points, little-endian.
    units: Buffer,
}

impl Text {
    #[inline]
    pub(super) fn from_units(width: Width, units: Buffer) -> Self {
        Self { width, units }
    }

    pub(super) fn width(&self) -> Width {
        self.width
    }

    /// The code points as little-endian numbers of [`Text::byte_len`] / [`Text::len`] bytes each.
    pub(crate) fn units(&self) -> &Buffer {
        &self.units
    }

    /// How many code points.
    #[inline]
    pub fn len(&self) -> u64 {
        self.width.units_in(self.units.len().get())
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Whether both are the very same snapshot, in constant time: see [`Buffer::is_same`].
    pub fn is_same(&self, other: &Self) -> bool {
        self.width == other.width && self.units.is_same(&other.units)
    }

    /// The bytes of memory or fill that the code points take: 1, 2 or 4 for each.
    pub fn byte_len(&self) -> Len {
        self.units.len()
    }

    /// The code point at `index`.
    pub fn get(&self, index: u64) -> Option<u32> {
        let mut unit = [0; 4];
        let unit = &mut unit[..self.width as usize];
        let at = index.checked_mul(self.width.bytes())?;
        (self.units.read_at(Offset(at), unit).ok()? == unit.len()).then(|| self.width.read(unit))
    }

    /// The code points from `start` up to `end` (both cut to the text).
    pub fn slice(&self, start: u64, end: u64) -> Self {
        let width = self.width.bytes();
        let (start, end) = (start.saturating_mul(width), end.min(self.len()) * width);
        Self { width: self.width, units: self.units.slice(ByteRange::between(Offset(start), Offset(end))) }
    }

    /// The code points in order.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        self.points()
    }

    /// The same, not borrowing from the text.
    pub(super) fn points(&self) -> impl Iterator<Item = u32> + use<> {
        let chunks = self.units.chunks(ByteRange::new(Offset::ZERO, self.units.len()));
        Points { chunks, chunk: None, at: 0, width: self.width }
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
        Self { width, units: units.into() }
    }

    /// As a Rust string; lone surrogates become U+FFFD.
    pub fn to_string_lossy(&self) -> String {
        self.points().map(|point| char::from_u32(point).unwrap_or('\u{FFFD}')).collect()
    }

    /// As a Rust string, if there is no lone surrogate.
    pub fn to_str(&self) -> Option<String> {
        self.points().map(char::from_u32).collect()
    }

    /// UTF-8 bytes (`surrogatepass` for lone surrogates). A text of ASCII shares its memory with them.
    pub fn to_utf8(&self) -> Buffer {
        if self.width == Width::One && self.utf8_len() == self.units.len().get() {
            return self.units.clone();
        }
        let mut out = Vec::new();
        for point in self.points() {
            push_utf8(&mut out, point);
        }
        out.into()
    }

    /// Bytes in UTF-8 of this text.
    pub fn utf8_len(&self) -> u64 {
        if self.width == Width::One {
            let high = |chunk: Chunk| chunk.iter().filter(|&&byte| byte >= 0x80).count() as u64;
            return self.units.len().get() + runs(&self.units).map(high).sum::<u64>();
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
        Self { width: Width::One, units: bytes }
    }

    /// The code points in units of `width`, which shares memory where it is the same. `None` where one is too wide for it.
    pub(super) fn in_width(&self, width: Width) -> Option<Buffer> {
        if self.width == width {
            return Some(self.units.clone());
        }
        if self.width < width {
            return Some(widen_buffer(&self.units, self.width, width));
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
        if width > self.width {
            self.units = widen_buffer(&self.units, self.width, width);
            self.width = width;
        }
        let (start, end) = (start.min(self.len()), end.min(self.len()).max(start.min(self.len())));
        let bytes = self.width.bytes();
        let units = with.in_width(self.width).unwrap_or_default();
        self.units.replace(ByteRange::between(Offset(start * bytes), Offset(end * bytes)), &units);
    }

    /// How many code points at the start and how many at the end are equal, as far as that is quickly told.
    pub(crate) fn common_ends(&self, other: &Self) -> (u64, u64) {
        if self.width != other.width {
            return (0, 0);
        }
        let (prefix, suffix) = self.units.common_ends(&other.units);
        (self.width.units_in(prefix.get()), self.width.units_in(suffix.get()))
    }

    /// See [`Buffer::unique_nodes_since`].
    pub(crate) fn unique_nodes_since(&self, other: &Self) -> Len {
        self.units.unique_nodes_since(&other.units)
    }

    /// The code points as little-endian numbers of 1, 2 or 4 bytes, at least as many as they take now.
    pub(crate) fn unit_bytes(&self, bytes: u64) -> Buffer {
        self.in_width(Width::of_bytes(bytes).max(self.width)).unwrap_or_default()
    }

    /// From code points as [`Text::unit_bytes`] gives them. The buffer holds no piece of a file.
    pub(crate) fn from_unit_bytes(bytes: u64, units: Buffer) -> Self {
        Self { width: Width::of_bytes(bytes), units }
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
        Self { width, units: units.into() }
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
        if self.width == other.width {
            return self.units == other.units;
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
    fn widening_keeps_long_gaps_cheap() {
        let mut units = Buffer::filled(0, Len(1 << 24));
        units.append(b"x");
        let wide = widen_buffer(&units, Width::One, Width::Four);
        assert_eq!(wide.len().get(), ((1 << 24) + 1) * 4);
        assert_eq!(Text::from_units(Width::Four, wide).get(1 << 24), Some(0x78));
    }
}
