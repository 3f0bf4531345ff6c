//! The text column: what stands beside each byte in sight.

use egui::Ui;

use super::content::Content;
use super::glyphs::{Glyphs, Sign};
use crate::buffer::Offset;
use crate::stream::codec::{Character, Charset};

/// Bytes behind the ones in sight that a character may need.
const AFTER: usize = 8;

/// A character in sight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Letter {
    pub(super) sign: Sign,
    /// Bytes that it takes, from here on; 0 where the character began before.
    pub(super) len: u8,
}

/// The characters of the bytes in sight, kept from frame to frame for their memory.
#[derive(Default)]
pub(super) struct Letters {
    /// One for each byte in sight.
    letters: Vec<Letter>,
    /// Characters of more than one byte that touch the bytes in sight: where they begin and end.
    pub(super) wide: Vec<(u64, u64)>,
    window: Vec<u8>,
    characters: Vec<Character>,
}

impl Letters {
    /// Reads the characters of `bytes`, which stand at `start` in the content.
    pub(super) fn read(&mut self, ui: &Ui, glyphs: &mut Glyphs, content: &Content, charset: Charset, start: u64, bytes: &[u8]) {
        self.letters.clear();
        self.wide.clear();
        let from = charset.window_start(start);
        let before = (start - from) as usize;
        let end = start + bytes.len() as u64;
        let is_single = charset.window_start(u64::MAX) == u64::MAX;
        if is_single {
            charset.characters(bytes, start, &mut self.characters);
        } else {
            self.window.clear();
            self.window.resize(before + bytes.len() + AFTER, 0);
            // What cannot be read here stays zero: those bytes are not shown.
            content.bytes.read_at(Offset(from), &mut self.window[..before]).ok();
            self.window[before..before + bytes.len()].copy_from_slice(bytes);
            let after = &mut self.window[before + bytes.len()..];
            let got = content.bytes.read_at(Offset(end), after).unwrap_or(0);
            self.window.truncate(before + bytes.len() + got);
            charset.characters(&self.window, from, &mut self.characters);
        }
        for character in &self.characters {
            let first = from + character.start as u64;
            let last = first + character.len as u64;
            if last <= start || first >= end {
                continue;
            }
            let sign = character.char.map_or(Sign::Dot, |c| glyphs.sign(ui, c));
            if character.len == 1 {
                self.letters.push(Letter { sign, len: 1 });
                continue;
            }
            self.wide.push((first, last));
            for at in first.max(start)..last.min(end) {
                let begins = at == first;
                self.letters.push(Letter {
                    sign: if begins { sign } else { Sign::Blank },
                    len: if begins { character.len as u8 } else { 0 },
                });
            }
        }
    }

    /// The letter beside the byte with this index.
    pub(super) fn at(&self, index: usize) -> Letter {
        self.letters.get(index).copied().unwrap_or(Letter { sign: Sign::Blank, len: 1 })
    }

    /// The character that the byte at an offset belongs to, with its first byte and the one behind its last.
    pub(super) fn character(&self, charset: Charset, start: u64, offset: u64) -> Option<(char, u64, u64)> {
        let from = charset.window_start(start);
        let index = usize::try_from(offset.checked_sub(from)?).ok()?;
        let at = self.characters.partition_point(|c| c.start + c.len <= index);
        let character = self.characters.get(at).filter(|c| c.start <= index)?;
        let first = from + character.start as u64;
        Some((character.char?, first, first + character.len as u64))
    }
}
