//! A text that is put together from many parts in order, at once.

use super::text::{Text, Width, widen};
use crate::buffer::Builder;

/// Puts a text together from front to end; see [`Builder`].
#[derive(Debug)]
pub(crate) struct TextParts {
    width: Width,
    units: Builder,
}

impl TextParts {
    /// A text with this many bytes for a code point: as many as the widest of its parts has.
    pub(crate) fn new(point_len: u64) -> Self {
        Self { width: width_of(point_len), units: Builder::new() }
    }

    /// Puts the code points of `from` from `start` up to `end` behind the last one.
    pub(crate) fn push(&mut self, from: &Text, start: u64, end: u64) {
        if from.width() == self.width {
            let bytes = self.width.bytes();
            self.units.push_range(from.units(), start.saturating_mul(bytes), end.saturating_mul(bytes));
        } else if let Some(units) = from.slice(start, end).in_width(self.width) {
            self.units.push_range(&units, 0, units.len().get());
        } else {
            debug_assert!(false, "a part is wider than the text");
        }
    }

    /// Puts code points behind the last one that take `point_len` bytes each, little-endian.
    pub(crate) fn push_units(&mut self, units: &[u8], point_len: u64) {
        let width = width_of(point_len);
        if width == self.width {
            self.units.push(units);
        } else {
            self.units.push(&widen(units, width, self.width));
        }
    }

    /// The text.
    pub(crate) fn finish(self) -> Text {
        Text::from_units(self.width, self.units.finish())
    }
}

impl Text {
    /// Bytes that each code point takes: 1, 2 or 4.
    pub(crate) fn point_len(&self) -> u64 {
        self.width().bytes()
    }

    /// The code points one after the other in [`Text::point_len`] bytes each, where there are at most `most` bytes of them.
    pub(crate) fn short_units(&self, most: u64) -> Option<Vec<u8>> {
        if self.byte_len().get() > most {
            return None;
        }
        self.units().to_vec_all().ok()
    }
}

fn width_of(point_len: u64) -> Width {
    match point_len {
        1 => Width::One,
        2 => Width::Two,
        _ => Width::Four,
    }
}
