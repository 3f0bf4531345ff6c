//! The next byte in one content that is not the one at the cursor: over the end of a run of zeros, say.

use super::CompareError;
use super::position::Scanner;
use crate::buffer::{Buffer, Len, Offset};
use crate::stream::Text;
use crate::tasks::Progress;

/// Which way to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Towards the end.
    Forward,
    /// Towards the start.
    Backward,
}

/// The nearest byte after (or before) `at` that differs from the byte at `at`; `None` where there is none up to the end (or
/// the start), and in an empty content. At and past the end the last byte is meant. Uses all cores; a fill is not looked at.
///
/// # Errors
/// [`CompareError::Left`] where a file cannot be read, or the work was cancelled.
///
/// ```
/// use seektell::buffer::Buffer;
/// use seektell::explore::compare::{Direction, different_byte};
/// use seektell::tasks::Progress;
///
/// let bytes = Buffer::from(b"\x89\0\0\0\0\0PNG");
/// assert_eq!(different_byte(&bytes, 1, Direction::Forward, &Progress::new())?, Some(6));
/// assert_eq!(different_byte(&bytes, 5, Direction::Backward, &Progress::new())?, Some(0));
/// # Ok::<(), seektell::explore::compare::CompareError>(())
/// ```
pub fn different_byte(bytes: &Buffer, at: u64, direction: Direction, progress: &Progress) -> Result<Option<u64>, CompareError> {
    let len = bytes.len().get();
    let at = at.min(len.saturating_sub(1));
    let Some(byte) = bytes.byte_at(Offset(at)).map_err(CompareError::Left)? else { return Ok(None) };
    let alike = Buffer::filled(byte, Len(len));
    let scanner = Scanner::new(bytes, &alike, 1, progress);
    Ok(match direction {
        Direction::Forward => {
            progress.set_total(len - at);
            Some(at + scanner.equal_prefix(at, at, len - at)?).filter(|&next| next < len)
        }
        Direction::Backward => {
            progress.set_total(at);
            (at - scanner.equal_suffix(at, at, at)?).checked_sub(1)
        }
    })
}

/// Characters that are looked at between two looks at a cancel.
const PART: u64 = 1 << 16;

/// The same for the characters of a text.
///
/// # Errors
/// The work was cancelled.
pub fn different_character(text: &Text, at: u64, direction: Direction, progress: &Progress) -> Result<Option<u64>, CompareError> {
    let len = text.len();
    let at = at.min(len.saturating_sub(1));
    let Some(character) = text.get(at) else { return Ok(None) };
    let (mut from, mut to) = (at, at);
    loop {
        progress.check()?;
        let found = match direction {
            Direction::Forward if to == len => return Ok(None),
            Direction::Backward if from == 0 => return Ok(None),
            Direction::Forward => {
                (from, to) = (to, (to + PART).min(len));
                text.slice(from, to).code_points().position(|point| point != character)
            }
            Direction::Backward => {
                (from, to) = (from.saturating_sub(PART), from);
                let part = text.slice(from, to);
                part.code_points().enumerate().filter(|(_, point)| *point != character).last().map(|(index, _)| index)
            }
        };
        if let Some(index) = found {
            return Ok(Some(from + index as u64));
        }
    }
}
