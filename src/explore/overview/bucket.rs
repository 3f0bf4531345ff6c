//! One part of a range.

use super::count::{Histogram, entropy};
use crate::buffer::ByteRange;

/// The kinds of bytes that are told apart. Each byte is of exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// 0x00.
    Null,
    /// Printable ASCII, 0x21 to 0x7E.
    Printable,
    /// Space, tab, line feed, vertical tab, form feed, carriage return.
    Whitespace,
    /// The other control characters of ASCII, and 0x7F.
    Control,
    /// 0x80 to 0xFE.
    High,
    /// 0xFF.
    Ones,
}

impl Class {
    /// All classes, in the order of their counts in [`Bucket::classes`].
    pub const ALL: [Self; 6] = [Self::Null, Self::Printable, Self::Whitespace, Self::Control, Self::High, Self::Ones];

    /// The class of a byte.
    pub const fn of(byte: u8) -> Self {
        match byte {
            0 => Self::Null,
            b' ' | 0x09..=0x0D => Self::Whitespace,
            0x21..=0x7E => Self::Printable,
            0x01..=0x1F | 0x7F => Self::Control,
            0x80..=0xFE => Self::High,
            0xFF => Self::Ones,
        }
    }

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Printable => "printable",
            Self::Whitespace => "white space",
            Self::Control => "control",
            Self::High => "high",
            Self::Ones => "0xFF",
        }
    }
}

/// One part of a range, in numbers of what was read of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bucket {
    /// Where it is.
    pub range: ByteRange,
    /// Bytes of it that were read.
    pub read: u64,
    /// Bytes of it that cannot be read.
    pub unreadable: u64,
    /// How many bytes are of each class, in the order of [`Class::ALL`].
    pub classes: [u64; 6],
    /// Shannon's entropy in bits a byte. Parts shorter than 256 bytes have that of the 256 bytes around them, since
    /// shorter runs cannot have a high one.
    pub entropy: f32,
    /// The lowest byte; 0 where nothing was read.
    pub min: u8,
    /// The highest byte.
    pub max: u8,
    /// The mean of the bytes, 0 to 255.
    pub mean: f32,
    /// Bytes of it that differ from the saved document.
    pub changed: u64,
}

impl Bucket {
    pub(super) const fn new(range: ByteRange) -> Self {
        Self { range, read: 0, unreadable: 0, classes: [0; 6], entropy: 0.0, min: 0, max: 0, mean: 0.0, changed: 0 }
    }

    /// Whether all of it was looked at.
    pub fn is_exact(&self) -> bool {
        self.read + self.unreadable >= self.range.len.0
    }

    /// The class that most of its bytes are of; `None` where nothing was read.
    pub fn main_class(&self) -> Option<Class> {
        let most = Class::ALL.into_iter().max_by_key(|&class| self.classes[class as usize])?;
        (self.classes[most as usize] > 0).then_some(most)
    }

    /// Takes in what was counted of it.
    pub(super) fn set(&mut self, histogram: &Histogram, unreadable: u64) {
        self.unreadable = unreadable;
        self.read = histogram.iter().sum();
        self.classes = [0; 6];
        let mut sum = 0u128;
        for (byte, &count) in (0..=255u8).zip(histogram) {
            self.classes[Class::of(byte) as usize] += count;
            sum += u128::from(byte) * u128::from(count);
        }
        self.entropy = entropy(histogram);
        let occurs = |&byte: &u8| histogram[usize::from(byte)] > 0;
        self.min = (0..=255).find(occurs).unwrap_or_default();
        self.max = (0..=255).rev().find(occurs).unwrap_or_default();
        self.mean = if self.read > 0 { (sum as f64 / self.read as f64) as f32 } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_of_the_class_that_c_says() {
        for byte in 0..=255u8 {
            let expected = match byte {
                0 => Class::Null,
                0xFF => Class::Ones,
                byte if byte >= 0x80 => Class::High,
                byte if byte == 0x0B || byte.is_ascii_whitespace() => Class::Whitespace,
                byte if byte.is_ascii_control() => Class::Control,
                _ => Class::Printable,
            };
            assert_eq!(Class::of(byte), expected, "{byte:#x}");
        }
    }
}
