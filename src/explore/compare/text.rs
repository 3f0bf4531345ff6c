//! Texts, compared by characters.

use super::{CompareError, Comparison, Difference, Options, compare_units};
use crate::buffer::Buffer;
use crate::stream::Text;
use crate::tasks::Progress;

/// The most characters of a text that is compared by characters; each takes four bytes while it is.
pub const TEXT_LIMIT: u64 = 64 << 20;

/// Compares two texts character by character. Counts are in characters ([`Comparison::counts`]); the places of the
/// differences are in characters too, or, where `in_bytes`, in bytes of the UTF-8 form of each text, whole characters always.
///
/// # Errors
/// [`CompareError::TooLong`] above [`TEXT_LIMIT`], or the work was cancelled.
pub fn compare_texts(
    left: &Text,
    right: &Text,
    in_bytes: bool,
    options: &Options,
    progress: &Progress,
) -> Result<Comparison, CompareError> {
    let (wide_left, wide_right) = (wide(left)?, wide(right)?);
    progress.check()?;
    let mut found = compare_units(&wide_left, &wide_right, 4, options, progress)?;
    let (mut left_map, mut right_map) = (Map::of(left, in_bytes), Map::of(right, in_bytes));
    for difference in &mut found.differences {
        let (left, left_end) = (left_map.at(difference.left / 4), left_map.at(difference.left_end() / 4));
        let (right, right_end) = (right_map.at(difference.right / 4), right_map.at(difference.right_end() / 4));
        *difference = Difference { left, left_len: left_end - left, right, right_len: right_end - right };
    }
    found.left_len = left_map.at(left.len());
    found.right_len = right_map.at(right.len());
    found.joined = found.joined.div_ceil(4);
    Ok(found)
}

/// Four bytes a character.
fn wide(text: &Text) -> Result<Buffer, CompareError> {
    if text.len() > TEXT_LIMIT {
        return Err(CompareError::TooLong(text.len()));
    }
    let mut bytes = Vec::with_capacity(text.len() as usize * 4);
    text.code_points().for_each(|point| bytes.extend_from_slice(&point.to_le_bytes()));
    Ok(Buffer::from(bytes))
}

/// Places in a text, asked for in rising order, in the wanted unit.
struct Map<I> {
    points: I,
    characters: u64,
    bytes: u64,
    in_bytes: bool,
}

impl Map<()> {
    fn of(text: &Text, in_bytes: bool) -> Map<impl Iterator<Item = u32> + '_> {
        Map { points: text.code_points(), characters: 0, bytes: 0, in_bytes }
    }
}

impl<I: Iterator<Item = u32>> Map<I> {
    fn at(&mut self, characters: u64) -> u64 {
        if !self.in_bytes {
            return characters;
        }
        while self.characters < characters
            && let Some(point) = self.points.next()
        {
            self.characters += 1;
            // What cannot be in UTF-8, half of a surrogate pair, takes three bytes too.
            self.bytes += match point {
                0..0x80 => 1,
                0x80..0x800 => 2,
                0x800..0x1_0000 => 3,
                _ => 4,
            };
        }
        self.bytes
    }
}
