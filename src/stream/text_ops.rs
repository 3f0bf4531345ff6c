//! What the console's string operations need of a text beside what streams need.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Text;
use super::text::Width;
use crate::buffer::{Buffer, Len, Offset};

/// From this length on a repetition shares memory instead of copying it.
const SHARE_FROM: u64 = 1 << 16;

impl Text {
    /// This text with `other` behind it.
    pub fn concat(&self, other: &Self) -> Self {
        if self.is_empty() {
            return other.clone();
        }
        if other.is_empty() {
            return self.clone();
        }
        let width = self.width().max(other.width());
        let mut units = self.in_width(width).unwrap_or_default();
        units.append_buffer(&other.in_width(width).unwrap_or_default());
        Self::from_units(width, units)
    }

    /// This text `count` times. Long results share memory with themselves.
    pub fn repeat(&self, count: u64) -> Self {
        Self::from_units(self.width(), repeat_buffer(self.units(), count))
    }

    /// The bytes of a text in Latin-1; `None` where a code point may be above U+00FF.
    pub fn latin1(&self) -> Option<Cow<'_, [u8]>> {
        if self.width() != Width::One {
            return None;
        }
        Some(bytes_of(self.units()))
    }

    /// The code points, where Latin-1 would not do.
    pub fn to_points(&self) -> Vec<u32> {
        let mut points = Vec::with_capacity(usize::try_from(self.len()).unwrap_or(0));
        points.extend(self.code_points());
        points
    }

    /// Order by code points.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self.latin1(), other.latin1()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => self.code_points().cmp(other.code_points()),
        }
    }

    /// Whether all code points are below U+0080.
    pub fn is_ascii(&self) -> bool {
        match self.latin1() {
            Some(bytes) => bytes.is_ascii(),
            None => self.code_points().all(|point| point < 0x80),
        }
    }

    /// From bytes of Latin-1.
    pub fn from_latin1_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::from_latin1(Buffer::from(bytes.into()))
    }
}

/// A text that is being written. It takes the width of the widest code point it has met.
#[derive(Debug, Default)]
pub struct TextBuilder {
    width: Width,
    units: Vec<u8>,
}

impl TextBuilder {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn widen_for(&mut self, width: Width) {
        if width > self.width {
            let narrow = Text::from_units(self.width, Buffer::from(std::mem::take(&mut self.units)));
            self.width = width;
            self.units = narrow.in_width(width).map(|units| bytes_of(&units).into_owned()).unwrap_or_default();
        }
    }

    /// Adds a code point.
    pub fn push(&mut self, point: u32) {
        self.widen_for(Width::of(point));
        self.width.push(&mut self.units, point);
    }

    /// Adds all characters of `text`.
    pub fn push_str(&mut self, text: &str) {
        if self.width == Width::One && text.is_ascii() {
            self.units.extend_from_slice(text.as_bytes());
            return;
        }
        for c in text.chars() {
            self.push(c.into());
        }
    }

    /// Adds all of `text`.
    pub fn push_text(&mut self, text: &Text) {
        self.widen_for(text.width());
        if text.width() == self.width {
            self.units.extend_from_slice(&bytes_of(text.units()));
        } else {
            for point in text.code_points() {
                self.width.push(&mut self.units, point);
            }
        }
    }

    /// Bytes written so far.
    pub fn byte_len(&self) -> usize {
        self.units.len()
    }

    /// The text.
    pub fn finish(self) -> Text {
        Text::from_units(self.width, Buffer::from(self.units))
    }
}

/// The bytes of a buffer that is in memory, without a copy where they are one run.
pub fn bytes_of(buffer: &Buffer) -> Cow<'_, [u8]> {
    match buffer.contiguous(Offset::ZERO) {
        Some(run) if run.len() as u64 == buffer.len().get() => Cow::Borrowed(run),
        _ => Cow::Owned(buffer.to_vec_all().unwrap_or_default()),
    }
}

/// `count` times the same bytes; a single byte takes no memory, long results share it.
pub fn repeat_buffer(unit: &Buffer, count: u64) -> Buffer {
    let len = unit.len().get();
    if len == 0 || count == 0 {
        return Buffer::new();
    }
    if count == 1 {
        return unit.clone();
    }
    if len == 1
        && let Ok(Some(byte)) = unit.byte_at(Offset::ZERO)
    {
        return Buffer::filled(byte, Len(count));
    }
    let mut rest = count;
    let mut block = unit.clone();
    let mut copies = 1;
    if len < SHARE_FROM {
        copies = (SHARE_FROM / len).clamp(1, count);
        block = Buffer::from(bytes_of(unit).repeat(usize::try_from(copies).unwrap_or(1)));
    }
    // The block is doubled as long as the rest is longer than it; each power that the rest holds is appended once.
    let mut powers = vec![(copies, block)];
    while let Some((copies, block)) = powers.last()
        && copies.saturating_mul(2) <= rest
    {
        let mut double = block.clone();
        double.append_buffer(block);
        powers.push((copies * 2, double));
    }
    let mut out = Buffer::new();
    while let Some((copies, block)) = powers.pop() {
        while rest >= copies {
            out.append_buffer(&block);
            rest -= copies;
        }
    }
    for _ in 0..rest {
        out.append_buffer(unit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_gives_every_copy() {
        for (unit, count) in [("ab", 0_u64), ("ab", 1), ("ab", 7), ("x", 100_000), ("abc", 50_000), ("a€", 40_001), ("😀", 3)]
        {
            let text = Text::from(unit).repeat(count);
            assert_eq!(text, Text::from(unit.repeat(count as usize).as_str()), "{unit} {count}");
        }
        let long = "0123456789".repeat(10_000);
        assert_eq!(Text::from(long.as_str()).repeat(5), Text::from(long.repeat(5).as_str()));
        assert_eq!(Text::from("ab").repeat(1 << 40).len(), 1 << 41);
    }

    #[test]
    fn joined_texts_have_the_wider_width() {
        assert_eq!(Text::from("a").concat(&"€".into()), Text::from("a€"));
        assert_eq!(Text::from("€").concat(&"a".into()), Text::from("€a"));
        assert_eq!(Text::from("").concat(&"a".into()), Text::from("a"));
        assert!(Text::from("a€").latin1().is_none());
        assert_eq!(Text::from("b").compare(&"a€".into()), Ordering::Greater);
    }
}
