//! Where each pixel stands in the file, for formats that store rows as they are: uncompressed BMP, TGA, TIFF and DDS, binary Netpbm,
//! farbfeld. A byte leads to its pixel, a pixel to its bytes, and a change of a pixel is a change of those bytes.

mod read;

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::FormatError;

pub use read::layout;

/// How a channel's number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Whole bytes of the pixel, from `offset` on: an integer, or a float of 4 bytes.
    Bytes {
        /// Bytes from the start of the pixel.
        offset: u8,
        /// Bytes: 1, 2 or 4.
        len: u8,
        /// Whether the high byte comes first.
        big_endian: bool,
        /// Whether it is a float.
        float: bool,
    },
    /// Bits of the pixel taken as one number, low byte first.
    Bits {
        /// How far the lowest of the channel's bits is from the lowest of the number.
        shift: u8,
        /// How many.
        bits: u8,
    },
    /// A pixel of less than 8 bits; the leftmost pixel is in the highest bits of a byte.
    Packed,
}

/// One channel of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelPlace {
    /// `R`, `G`, `B`, `A`, `L` for grey, `C`, `M`, `Y`, `K`, or `I` for the number of an entry of the palette.
    pub letter: char,
    /// How it is stored.
    pub place: Place,
}

/// A table of colours in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Where the first entry stands.
    pub at: u64,
    /// Bytes of an entry; its first three are blue, green and red.
    pub entry: u8,
    /// How many entries there are.
    pub count: u32,
    /// The number of the first entry.
    pub first: u32,
}

/// Where rows begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Each `stride` bytes behind the one before.
    Even {
        /// The first byte of the first stored row.
        first: u64,
    },
    /// In strips of so many rows, each with a place of its own.
    Strips {
        /// The first byte of each strip.
        starts: Vec<u64>,
        /// Rows of a strip.
        rows: u32,
    },
}

/// Where the pixels of a picture stand in its file. Columns and rows are those of the upright picture, as
/// [`decode`](super::decode()) gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PixelLayout {
    /// Columns of the upright picture.
    pub width: u32,
    /// Rows of the upright picture.
    pub height: u32,
    /// How the stored rows must be turned to be upright: EXIF's 1 to 8. 4 is a picture that is stored from the bottom up.
    pub orientation: u8,
    /// Where rows begin.
    pub rows: Rows,
    /// Bytes from one row to the next.
    pub stride: u64,
    /// Bits of a pixel.
    pub bits: u32,
    /// The channels in the order of their letters.
    pub channels: Vec<ChannelPlace>,
    /// The colours, where pixels are numbers of a table.
    pub palette: Option<Palette>,
    /// The greatest value of a channel, where it is not all bits set (Netpbm's third number).
    pub most: Option<u32>,
    /// Whether 0 is white (Netpbm's bitmaps, some TIFF).
    pub inverted: bool,
}

/// Bytes that take the place of others of the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Where they go.
    pub range: ByteRange,
    /// What stands there then.
    pub bytes: Vec<u8>,
}

impl PixelLayout {
    /// Columns and rows as stored.
    fn stored_size(&self) -> (u32, u32) {
        if self.orientation >= 5 { (self.height, self.width) } else { (self.width, self.height) }
    }

    fn stored(&self, x: u32, y: u32) -> (u32, u32) {
        let (w, h) = self.stored_size();
        match self.orientation {
            2 => (w - 1 - x, y),
            3 => (w - 1 - x, h - 1 - y),
            4 => (x, h - 1 - y),
            5 => (y, x),
            6 => (y, h - 1 - x),
            7 => (w - 1 - y, h - 1 - x),
            8 => (w - 1 - y, x),
            _ => (x, y),
        }
    }

    fn upright(&self, column: u32, row: u32) -> (u32, u32) {
        let (w, h) = self.stored_size();
        match self.orientation {
            2 => (w - 1 - column, row),
            3 => (w - 1 - column, h - 1 - row),
            4 => (column, h - 1 - row),
            5 => (row, column),
            6 => (h - 1 - row, column),
            7 => (h - 1 - row, w - 1 - column),
            8 => (row, w - 1 - column),
            _ => (column, row),
        }
    }

    /// The first byte of a stored row.
    fn row(&self, row: u32) -> Option<u64> {
        let (start, line) = match &self.rows {
            Rows::Even { first } => (*first, row),
            Rows::Strips { starts, rows } => (*starts.get((row / rows.max(&1)) as usize)?, row % rows.max(&1)),
        };
        start.checked_add(u64::from(line).checked_mul(self.stride)?)
    }

    /// The bytes of the pixel at column `x` and row `y`, and the first of its bits in them, counted from the highest, where it shares
    /// a byte with others. `None` outside the picture.
    pub fn place_of(&self, x: u32, y: u32) -> Option<(ByteRange, u8)> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let (column, row) = self.stored(x, y);
        let bit = u64::from(column) * u64::from(self.bits);
        let at = self.row(row)?.checked_add(bit / 8)?;
        Some((ByteRange::new(Offset(at), Len(u64::from(self.bits.div_ceil(8)))), (bit % 8) as u8))
    }

    /// The pixel that the byte at `offset` belongs to, or the first one where several share it; `None` where it is no pixel's.
    pub fn pixel_at(&self, offset: u64) -> Option<(u32, u32)> {
        let (w, h) = self.stored_size();
        let (row, within) = match &self.rows {
            Rows::Even { first } => {
                let from = offset.checked_sub(*first)?;
                (from / self.stride.max(1), from % self.stride.max(1))
            }
            Rows::Strips { starts, rows } => {
                // Strips may stand in any order.
                let len = self.stride * u64::from((*rows).max(1));
                let strip = starts.iter().position(|start| offset.checked_sub(*start).is_some_and(|from| from < len))?;
                let from = offset - starts[strip];
                (strip as u64 * u64::from((*rows).max(1)) + from / self.stride.max(1), from % self.stride.max(1))
            }
        };
        let column = within * 8 / u64::from(self.bits.max(1));
        let (column, row) = (u32::try_from(column).ok()?, u32::try_from(row).ok()?);
        (column < w && row < h).then(|| self.upright(column, row))
    }

    /// The stored numbers of a pixel in the order of [`channels`](Self::channels); those of floats as their bits. `None` outside the
    /// picture, and where the file ends before.
    ///
    /// # Errors
    /// [`FormatError::Read`].
    pub fn read(&self, input: &Buffer, x: u32, y: u32) -> Result<Option<Vec<u32>>, FormatError> {
        let Some((range, bit)) = self.place_of(x, y) else { return Ok(None) };
        let mut bytes = vec![0; range.len.get() as usize];
        if input.read_at(range.start, &mut bytes)? < bytes.len() {
            return Ok(None);
        }
        let word = bytes.iter().take(8).rev().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        let value = |channel: &ChannelPlace| match channel.place {
            Place::Bytes { offset, len, big_endian, .. } => {
                let part = &bytes[usize::from(offset)..usize::from(offset + len)];
                let join = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
                if big_endian { part.iter().fold(0, join) } else { part.iter().rev().fold(0, join) }
            }
            Place::Bits { shift, bits } => (word >> shift) as u32 & ones(bits.into()),
            Place::Packed => u32::from(bytes[0]) >> (8 - u32::from(bit) - self.bits) & ones(self.bits),
        };
        Ok(Some(self.channels.iter().map(value).collect()))
    }

    /// The change of bytes that makes a pixel's numbers `values`, one for each of [`channels`](Self::channels). Bits that belong to no
    /// channel, or to other pixels, stay.
    ///
    /// # Errors
    /// [`FormatError::Option`] where a value is too large or there are not as many as channels, [`FormatError::Read`].
    pub fn write(&self, input: &Buffer, x: u32, y: u32, values: &[u32]) -> Result<Option<Patch>, FormatError> {
        if values.len() != self.channels.len() {
            return Err(FormatError::Option(format!("a pixel has {} channels here, not {}", self.channels.len(), values.len())));
        }
        for (channel, value) in self.channels.iter().zip(values) {
            let most = self.most_of(channel);
            if *value > most {
                return Err(FormatError::Option(format!("{} is {value}; it goes from 0 to {most}", channel.letter)));
            }
        }
        let Some((range, bit)) = self.place_of(x, y) else { return Ok(None) };
        let mut bytes = vec![0; range.len.get() as usize];
        if input.read_at(range.start, &mut bytes)? < bytes.len() {
            return Ok(None);
        }
        for (channel, value) in self.channels.iter().zip(values.iter().copied()) {
            match channel.place {
                Place::Bytes { offset, len, big_endian, .. } => {
                    for (index, byte) in bytes[usize::from(offset)..usize::from(offset + len)].iter_mut().enumerate() {
                        let place = if big_endian { usize::from(len) - 1 - index } else { index };
                        *byte = (value >> (8 * place)) as u8;
                    }
                }
                Place::Bits { shift, bits } => {
                    let mask = u64::from(ones(bits.into())) << shift;
                    for (index, byte) in bytes.iter_mut().enumerate().take(8) {
                        let (mask, set) = ((mask >> (8 * index)) as u8, (u64::from(value) << shift >> (8 * index)) as u8);
                        *byte = *byte & !mask | set & mask;
                    }
                }
                Place::Packed => {
                    let shift = 8 - u32::from(bit) - self.bits;
                    bytes[0] = bytes[0] & !((ones(self.bits) << shift) as u8) | (value << shift) as u8;
                }
            }
        }
        Ok(Some(Patch { range, bytes }))
    }

    /// The numbers of a pixel that looks like `color`: red, green, blue, alpha. `None` where pixels are numbers of a table.
    pub fn values_of(&self, color: [u8; 4]) -> Option<Vec<u32>> {
        let [r, g, b, a] = color;
        let grey = (u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114 + 500) / 1_000;
        let value = |channel: &ChannelPlace| {
            let eight = match channel.letter {
                'R' => r,
                'G' => g,
                'B' => b,
                'A' => a,
                'L' if self.inverted => 255 - grey as u8,
                'L' => grey as u8,
                _ => return None,
            };
            if matches!(channel.place, Place::Bytes { float: true, .. }) {
                return Some((f32::from(eight) / 255.0).to_bits());
            }
            let most = self.most_of(channel);
            Some(((u64::from(eight) * u64::from(most) + 127) / 255) as u32)
        };
        self.channels.iter().map(value).collect()
    }

    /// The greatest number that a channel can have; floats have all bits.
    pub fn most_of(&self, channel: &ChannelPlace) -> u32 {
        let bits = match channel.place {
            Place::Bytes { len, .. } => u32::from(len) * 8,
            Place::Bits { bits, .. } => bits.into(),
            Place::Packed => self.bits,
        };
        match (&self.palette, self.most) {
            (Some(palette), _) => ones(bits).min((palette.first + palette.count).saturating_sub(1)),
            (None, Some(most)) => most,
            (None, None) => ones(bits),
        }
    }

    /// The bytes of an entry of the palette.
    pub fn entry(&self, number: u32) -> Option<ByteRange> {
        let palette = self.palette.as_ref()?;
        let index = number.checked_sub(palette.first).filter(|index| *index < palette.count)?;
        Some(ByteRange::new(Offset(palette.at + u64::from(index) * u64::from(palette.entry)), Len(palette.entry.into())))
    }
}

/// As many ones.
fn ones(bits: u32) -> u32 {
    if bits >= 32 { u32::MAX } else { (1 << bits) - 1 }
}
