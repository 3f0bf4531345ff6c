//! Texts, compared by characters.

use super::{CompareError, Comparison, Difference, Options, compare_units};
use crate::buffer::Buffer;
use crate::stream::Text;
use crate::tasks::Progress;

/// The most characters of a text that is compared by characters, where nobody chose another limit ([`Options::text_limit`]).
pub const TEXT_LIMIT: u64 = 64 << 20;

/// Characters between two looks at a cancel.
const PART: u64 = 1 << 20;

/// Compares two texts character by character: every number in the result is in characters. [`in_bytes`] says it in bytes.
///
/// # Errors
/// [`CompareError::TooLong`] above [`Options::text_limit`], or where the memory is not there, or the work was cancelled.
pub fn compare_texts(left: &Text, right: &Text, options: &Options, progress: &Progress) -> Result<Comparison, CompareError> {
    let (wide_left, wide_right) = (wide(left, options.text_limit, progress)?, wide(right, options.text_limit, progress)?);
    let mut found = compare_units(&wide_left, &wide_right, 4, options, progress)?;
    for difference in &mut found.differences {
        let Difference { left, left_len, right, right_len } = *difference;
        *difference = Difference { left: left / 4, left_len: left_len / 4, right: right / 4, right_len: right_len / 4 };
    }
    found.left_len = left.len();
    found.right_len = right.len();
    found.joined = found.joined.div_ceil(4);
    Ok(found)
}

/// The same comparison of two texts, with the places of the differences and both lengths in bytes of the UTF-8 form of each
/// text. The counts stay in characters.
///
/// # Errors
/// The work was cancelled.
pub fn in_bytes(found: &Comparison, left: &Text, right: &Text, progress: &Progress) -> Result<Comparison, CompareError> {
    let (mut left_map, mut right_map) = (Map::of(left), Map::of(right));
    let mut differences = Vec::with_capacity(found.differences.len());
    for difference in &found.differences {
        let left = left_map.at(difference.left, progress)?;
        let left_len = left_map.at(difference.left_end(), progress)? - left;
        let right = right_map.at(difference.right, progress)?;
        let right_len = right_map.at(difference.right_end(), progress)? - right;
        differences.push(Difference { left, left_len, right, right_len });
    }
    let (left_len, right_len) = (left_map.at(left.len(), progress)?, right_map.at(right.len(), progress)?);
    Ok(Comparison { differences, left_len, right_len, ..*found })
}

/// Four bytes a character.
fn wide(text: &Text, limit: u64, progress: &Progress) -> Result<Buffer, CompareError> {
    if text.len() > limit {
        return Err(CompareError::TooLong(text.len()));
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(text.len() as usize * 4).map_err(|_| CompareError::TooLong(text.len()))?;
    for start in (0..text.len()).step_by(PART as usize) {
        progress.check()?;
        let part = text.slice(start, start + PART);
        part.code_points().for_each(|point| bytes.extend_from_slice(&point.to_le_bytes()));
    }
    Ok(Buffer::from(bytes))
}

/// Places in a text, asked for in rising order.
struct Map<I> {
    points: I,
    characters: u64,
    bytes: u64,
}

impl Map<()> {
    fn of(text: &Text) -> Map<impl Iterator<Item = u32> + '_> {
        Map { points: text.code_points(), characters: 0, bytes: 0 }
    }
}

impl<I: Iterator<Item = u32>> Map<I> {
    fn at(&mut self, characters: u64, progress: &Progress) -> Result<u64, CompareError> {
        while self.characters < characters
            && let Some(point) = self.points.next()
        {
            if self.characters.is_multiple_of(PART) {
                progress.check()?;
            }
            self.characters += 1;
            // What cannot be in UTF-8, half of a surrogate pair, takes three bytes too.
            self.bytes += match point {
                0..0x80 => 1,
                0x80..0x800 => 2,
                0x800..0x1_0000 => 3,
                _ => 4,
            };
        }
        Ok(self.bytes)
    }
}
