//! Pictures of few colours, as the formats that have room for such store them: one bit a pixel, or numbers of a table.

use std::collections::HashMap;

use image::DynamicImage;

use super::guard::zeroed;
use super::ops::Mode;
use super::pixels::rgba8_row;
use crate::formats::{FormatError, PictureOptions};
use crate::tasks::Progress;

/// A picture of at most 256 colours.
pub(super) struct Few {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Red, green, blue, alpha; those that are not opaque come first. Empty where the two colours are black (0) and white (1).
    pub(super) table: Vec<[u8; 4]>,
    /// A number for each pixel.
    pub(super) pixels: Vec<u8>,
}

impl Few {
    /// The picture as black and white or with a table, where `options` ask for that and it has few enough colours.
    pub(super) fn of(image: &DynamicImage, options: &PictureOptions, progress: &Progress) -> Result<Option<Self>, FormatError> {
        let bilevel = match options.operations.mode {
            Some(Mode::Bilevel) => true,
            Some(Mode::Palette { .. }) => false,
            _ => return Ok(None),
        };
        let (width, height) = (image.width(), image.height());
        let mut pixels = zeroed::<u8>(width as usize * height as usize)?;
        let mut numbers: HashMap<[u8; 4], u8> = HashMap::new();
        let mut row = Vec::new();
        for (y, line) in (0..).zip(pixels.chunks_mut(width.max(1) as usize)) {
            progress.check()?;
            rgba8_row(image, y, &mut row);
            for (number, color) in line.iter_mut().zip(row.iter()) {
                *number = match (bilevel, numbers.get(color), u8::try_from(numbers.len())) {
                    (true, ..) => u8::from(color[0] >= 128),
                    (false, Some(known), _) => *known,
                    (false, None, Ok(next)) => *numbers.entry(*color).or_insert(next),
                    (false, None, Err(_)) => return Ok(None),
                };
            }
        }
        let mut table = vec![[0; 4]; numbers.len()];
        for (color, number) in numbers {
            table[usize::from(number)] = color;
        }
        // What is transparent to the front: a PNG's list of alphas ends with the last of them.
        let mut order: Vec<usize> = (0..table.len()).collect();
        order.sort_by_key(|number| (table[*number][3] == 255, *number));
        let mut renumbered = [0_u8; 256];
        for (new, old) in order.iter().enumerate() {
            renumbered[*old] = new as u8;
        }
        if !bilevel {
            for number in &mut pixels {
                *number = renumbered[usize::from(*number)];
            }
        }
        let table = order.into_iter().map(|number| table[number]).collect();
        Ok(Some(Self { width, height, table, pixels }))
    }

    /// Whether it is black and white without a table.
    pub(super) fn is_bilevel(&self) -> bool {
        self.table.is_empty()
    }

    /// Whether an entry of the table is not opaque.
    pub(super) fn has_alpha(&self) -> bool {
        self.table.first().is_some_and(|color| color[3] < 255)
    }

    /// The fewest bits that hold each number: 1, 2, 4 or 8.
    pub(super) fn bits(&self) -> u8 {
        match self.table.len() {
            0..=2 => 1,
            3..=4 => 2,
            5..=16 => 4,
            _ => 8,
        }
    }

    /// Bytes of a row whose numbers have so many bits.
    pub(super) fn row_bytes(&self, bits: u8) -> usize {
        (self.width as usize * usize::from(bits)).div_ceil(8)
    }

    /// All rows with `bits` a pixel, the leftmost pixel in the highest bits, each row on bytes of its own.
    pub(super) fn packed(&self, bits: u8) -> Result<Vec<u8>, FormatError> {
        let stride = self.row_bytes(bits);
        let mut packed = zeroed::<u8>(stride * self.height as usize)?;
        let each = usize::from(8 / bits);
        for (line, numbers) in packed.chunks_mut(stride.max(1)).zip(self.pixels.chunks(self.width.max(1) as usize)) {
            for (x, number) in numbers.iter().enumerate() {
                line[x / each] |= number << (8 - usize::from(bits) * (x % each + 1));
            }
        }
        Ok(packed)
    }
}
