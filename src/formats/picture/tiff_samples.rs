//! The numbers of a TIFF's pixels: from the bytes of a row to channels, and from stored channels to shown ones.

use half::f16;

use super::guard::zeroed;
use crate::formats::FormatError;

/// Channels of all pixels, one pixel after the other.
pub(super) enum Values {
    Bytes(Vec<u8>),
    Words(Vec<u16>),
    Floats(Vec<f32>),
}

/// How a row of a strip or a tile is stored.
pub(super) struct Samples {
    pub(super) bits: u8,
    pub(super) big_endian: bool,
    /// 1 none, 2 differences, 3 differences of the bytes of floats.
    pub(super) predictor: u8,
    /// Of a stored pixel.
    pub(super) channels: usize,
    /// Whether the most that the bits can hold is white; else the numbers stay as they are.
    pub(super) scaled: bool,
}

impl Samples {
    /// Reads the first `count` of the `stored` pixels in `row` into `out`, whose pixels have `channels` channels, from value `at` on:
    /// of each stored pixel the channels that `places` name first, to where it names second. The row is changed.
    #[expect(clippy::too_many_arguments, reason = "where from and where to, both in two measures")]
    pub(super) fn read(
        &self,
        row: &mut [u8],
        stored: usize,
        count: usize,
        places: &[(usize, usize)],
        out: &mut Values,
        at: usize,
        channels: usize,
    ) {
        let mut swapped = Vec::new();
        let (row, big_endian) = match self.predictor {
            2 => {
                self.add_up(row);
                (&*row, self.big_endian)
            }
            3 => {
                swapped = unmixed(row, stored * self.channels, usize::from(self.bits / 8), self.channels);
                (swapped.as_slice(), true)
            }
            _ => (&*row, self.big_endian),
        };
        for x in 0..count {
            for (from, to) in places {
                let (index, to) = (x * self.channels + from, at + x * channels + to);
                match out {
                    Values::Bytes(out) => out[to] = self.small(row, index) as u8,
                    Values::Words(out) => out[to] = self.word(row, index, big_endian),
                    Values::Floats(out) => out[to] = self.float(row, index, big_endian),
                }
            }
        }
        drop(swapped);
    }

    /// Horizontal differences, undone: each channel is what stands there and that of the pixel before.
    fn add_up(&self, row: &mut [u8]) {
        let size = usize::from(self.bits / 8);
        let stride = size * self.channels;
        for at in (stride..row.len() / size * size).step_by(size) {
            // Carried from the lowest byte upwards; what stands over is dropped.
            let mut carry = 0;
            for byte in 0..size {
                let byte = if self.big_endian { size - 1 - byte } else { byte };
                let sum = u16::from(row[at + byte]) + u16::from(row[at + byte - stride]) + carry;
                row[at + byte] = sum as u8;
                carry = sum >> 8;
            }
        }
    }

    /// Number `index` of at most 8 bits, as 0 to 255 where it is scaled.
    fn small(&self, row: &[u8], index: usize) -> u32 {
        let value = bits(row, index, self.bits);
        let most = (1_u32 << self.bits) - 1;
        if self.scaled { (value * 255 + most / 2) / most } else { value }
    }

    /// Number `index` of 9 to 16 bits, as 0 to 65535.
    fn word(&self, row: &[u8], index: usize, big_endian: bool) -> u16 {
        if self.bits == 16 {
            let pair = [row[index * 2], row[index * 2 + 1]];
            return if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
        }
        let most = (1_u32 << self.bits) - 1;
        ((bits(row, index, self.bits) * 65_535 + most / 2) / most) as u16
    }

    fn float(&self, row: &[u8], index: usize, big_endian: bool) -> f32 {
        let size = usize::from(self.bits / 8);
        let mut bytes = [0; 8];
        bytes[..size].copy_from_slice(&row[index * size..][..size]);
        if big_endian {
            bytes[..size].reverse();
        }
        let number = u64::from_le_bytes(bytes);
        match size {
            2 => f16::from_bits(number as u16).to_f32(),
            4 => f32::from_bits(number as u32),
            _ => f64::from_bits(number) as f32,
        }
    }
}

/// Number `index` of `width` bits, at most 16, the highest first.
fn bits(row: &[u8], index: usize, width: u8) -> u32 {
    let (start, width) = (index * usize::from(width), usize::from(width));
    let byte = |at: usize| u32::from(row.get(at).copied().unwrap_or(0));
    let first = start / 8;
    let three = byte(first) << 16 | byte(first + 1) << 8 | byte(first + 2);
    three >> (24 - start % 8 - width) & ((1 << width) - 1)
}

/// A row of floats after its predictor: differences of bytes undone, and the bytes of each number, which stand apart by their weight,
/// brought together, the heaviest first.
fn unmixed(row: &mut [u8], numbers: usize, size: usize, channels: usize) -> Vec<u8> {
    for at in channels..row.len() {
        row[at] = row[at].wrapping_add(row[at - channels]);
    }
    (0..numbers)
        .flat_map(|number| (0..size).map(move |byte| byte * numbers + number))
        .map(|at| row.get(at).copied().unwrap_or(0))
        .collect()
}

impl Values {
    /// The first channel the other way round, where white is zero.
    pub(super) fn invert_first(&mut self, channels: usize) {
        match self {
            Self::Bytes(values) => values.iter_mut().step_by(channels).for_each(|value| *value = 255 - *value),
            Self::Words(values) => values.iter_mut().step_by(channels).for_each(|value| *value = 65_535 - *value),
            Self::Floats(values) => values.iter_mut().step_by(channels).for_each(|value| *value = 1.0 - *value),
        }
    }

    /// Takes out of the colours the alpha that they were multiplied by. Where nothing is seen, there is no colour.
    pub(super) fn divide_by_last(&mut self, channels: usize) {
        let whole =
            |value: u32, alpha: u32, most: u32| (value * most + alpha / 2).checked_div(alpha).map_or(0, |color| color.min(most));
        match self {
            Self::Bytes(values) => values.chunks_exact_mut(channels).for_each(|pixel| {
                if let [colors @ .., alpha] = pixel {
                    for color in colors {
                        *color = whole(u32::from(*color), u32::from(*alpha), 255) as u8;
                    }
                }
            }),
            Self::Words(values) => values.chunks_exact_mut(channels).for_each(|pixel| {
                if let [colors @ .., alpha] = pixel {
                    for color in colors {
                        *color = whole(u32::from(*color), u32::from(*alpha), 65_535) as u16;
                    }
                }
            }),
            Self::Floats(values) => values.chunks_exact_mut(channels).for_each(|pixel| {
                if let [colors @ .., alpha] = pixel {
                    let alpha = *alpha;
                    for color in colors {
                        *color = if alpha > 0.0 { *color / alpha } else { 0.0 };
                    }
                }
            }),
        }
    }

    /// The first of `channels` as entries of a table of colours, a second as alpha.
    pub(super) fn through(self, table: &[[u8; 3]], channels: usize) -> Result<Self, FormatError> {
        let Self::Bytes(entries) = self else { return Ok(self) };
        let shown = channels + 2;
        let mut out = zeroed::<u8>(entries.len() / channels * shown)?;
        for (from, to) in entries.chunks_exact(channels).zip(out.chunks_exact_mut(shown)) {
            to[..3].copy_from_slice(&table.get(usize::from(from[0])).copied().unwrap_or_default());
            to[3..].copy_from_slice(&from[1..]);
        }
        Ok(Self::Bytes(out))
    }

    /// Four inks as red, green and blue, as if they were filters of light.
    pub(super) fn inks(self, channels: usize) -> Result<Self, FormatError> {
        Ok(match self {
            Self::Bytes(inks) => {
                let mut out = zeroed::<u8>(inks.len() / channels * 3)?;
                for (from, to) in inks.chunks_exact(channels).zip(out.as_chunks_mut::<3>().0) {
                    let light = |ink: u8| u32::from(255 - ink);
                    *to = std::array::from_fn(|part| ((light(from[part]) * light(from[3]) + 127) / 255) as u8);
                }
                Self::Bytes(out)
            }
            Self::Words(inks) => {
                let mut out = zeroed::<u16>(inks.len() / channels * 3)?;
                for (from, to) in inks.chunks_exact(channels).zip(out.as_chunks_mut::<3>().0) {
                    let light = |ink: u16| u64::from(65_535 - ink);
                    *to = std::array::from_fn(|part| ((light(from[part]) * light(from[3]) + 32_767) / 65_535) as u16);
                }
                Self::Words(out)
            }
            Self::Floats(inks) => {
                let mut out = zeroed::<f32>(inks.len() / channels * 3)?;
                for (from, to) in inks.chunks_exact(channels).zip(out.as_chunks_mut::<3>().0) {
                    *to = std::array::from_fn(|part| (1.0 - from[part]) * (1.0 - from[3]));
                }
                Self::Floats(out)
            }
        })
    }
}
