//! Python's `str`: a sequence of code points that may hold lone surrogates. SKELETON.

use crate::buffer::Buffer;

/// A string of code points, cheap to clone and to slice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    points: Vec<u32>,
}

impl Text {
    /// How many code points.
    pub fn len(&self) -> u64 {
        self.points.len() as u64
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
    /// The code points from `start` up to `end` (both cut to the text).
    pub fn slice(&self, start: u64, end: u64) -> Self {
        let (start, end) = (start.min(self.len()) as usize, end.min(self.len()) as usize);
        Self { points: self.points[start..end.max(start)].to_vec() }
    }
    /// The code points in order.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        self.points.iter().copied()
    }
    /// From code points; values above 0x10FFFF become U+FFFD.
    pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Self {
        Self { points: points.into_iter().collect() }
    }
    /// As a Rust string; lone surrogates become U+FFFD.
    pub fn to_string_lossy(&self) -> String {
        self.points.iter().map(|&p| char::from_u32(p).unwrap_or('\u{FFFD}')).collect()
    }
    /// UTF-8 bytes (`surrogatepass` for lone surrogates).
    pub fn to_utf8(&self) -> Buffer {
        Buffer::from(self.to_string_lossy().into_bytes())
    }
    /// Bytes in UTF-8 of this text.
    pub fn utf8_len(&self) -> u64 {
        self.to_string_lossy().len() as u64
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self { points: text.chars().map(u32::from).collect() }
    }
}
