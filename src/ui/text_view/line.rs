//! One row of text: its characters, what is shown for each, and where each is.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Galley, Ui};

use super::index::{Row, Source};
use crate::buffer::{ByteRange, Offset, ReadError};
use crate::formats::text::{Encoding, decode_lossy};
use crate::ui::theme::Theme;

/// Columns from one tab stop to the next.
const TAB: usize = 4;

/// A character of the document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cell {
    /// Its first unit.
    pub(super) at: u64,
    /// Its first character among those that are shown.
    shown: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Plain,
    /// A stand-in for what has no shape.
    Sign,
    /// What means nothing in the encoding.
    Broken,
}

/// A row ready to be laid out.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) cells: Vec<Cell>,
    shown: String,
    count: usize,
    /// Behind the last character that is no line end.
    pub(super) content_end: u64,
    pub(super) end: u64,
}

impl Line {
    /// Reads and decodes a row.
    pub(super) fn read(source: &Source, row: &Row) -> Result<Self, ReadError> {
        let content_end = row.end - row.newline;
        let mut line = Self { content_end, end: row.end, ..Self::default() };
        let mut newline = String::new();
        match source {
            Source::Text(text) => {
                for (i, point) in text.slice(row.start, row.end).code_points().enumerate() {
                    let at = row.start + i as u64;
                    match char::from_u32(point) {
                        Some(c) if at >= content_end => newline.push(c),
                        Some(c) => line.push(at, c),
                        None => line.push_sign(at, &format!("\\u{point:04x}"), Kind::Sign),
                    }
                }
            }
            Source::Bytes(bytes, encoding) => {
                let all = bytes.to_vec(ByteRange::between(Offset(row.start), Offset(row.end)))?;
                let (content, end) = all.split_at((all.len() - (row.newline as usize).min(all.len())).min(all.len()));
                newline = decode_lossy(end, *encoding);
                line.decode(content, row.start, *encoding);
            }
        }
        if !newline.is_empty() {
            let sign: String = newline.chars().map(|c| if c == '\r' { '←' } else { '↓' }).collect();
            line.push_sign(content_end, &sign, Kind::Sign);
        }
        Ok(line)
    }

    fn decode(&mut self, content: &[u8], start: u64, encoding: Encoding) {
        let mut rest = content;
        while !rest.is_empty() {
            let at = start + (content.len() - rest.len()) as u64;
            let len = encoding.char_len(rest).clamp(1, rest.len());
            let (bytes, after) = rest.split_at(len);
            rest = after;
            if let ([byte], true) = (bytes, encoding.unit() == 1)
                && byte.is_ascii()
                && encoding != Encoding::Utf16Le
            {
                self.push(at, char::from(*byte));
                continue;
            }
            let text = decode_lossy(bytes, encoding);
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(char::REPLACEMENT_CHARACTER) | None, _) if bytes != "\u{FFFD}".as_bytes() => {
                    let sign: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
                    self.push_sign(at, &sign, Kind::Broken);
                }
                (Some(c), None) => self.push(at, c),
                _ => self.push_sign(at, &text, Kind::Plain),
            }
        }
    }

    fn push(&mut self, at: u64, c: char) {
        match c {
            '\t' => {
                let width = TAB - self.count % TAB;
                let sign: String = std::iter::once('→').chain(std::iter::repeat_n(' ', width - 1)).collect();
                self.push_sign(at, &sign, Kind::Sign);
            }
            '\0'..='\x1F' => {
                // As terminals write it; the pictures that Unicode has for these are too small to be read.
                let letter = char::from(b'@' + (u32::from(c) as u8 & 31));
                self.push_sign(at, &format!("^{letter}"), Kind::Sign);
            }
            '\x7F' => self.push_sign(at, "^?", Kind::Sign),
            c if hides(c) => self.push_sign(at, &format!("\\u{{{:X}}}", u32::from(c)), Kind::Sign),
            c => {
                self.cells.push(Cell { at, shown: self.count, kind: Kind::Plain });
                self.shown.push(c);
                self.count += 1;
            }
        }
    }

    fn push_sign(&mut self, at: u64, sign: &str, kind: Kind) {
        self.cells.push(Cell { at, shown: self.count, kind });
        self.shown.push_str(sign);
        self.count += sign.chars().count();
    }

    /// Lays it out in one line.
    pub(super) fn layout(&self, ui: &Ui, font: &FontId, theme: &Theme) -> Arc<Galley> {
        let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
        job.wrap.max_width = f32::INFINITY;
        let color = |kind: Kind| match kind {
            Kind::Plain => theme.text,
            Kind::Sign => theme.text_dim,
            Kind::Broken => theme.byte_unreadable,
        };
        let mut append = |text: &str, color: Color32| {
            if !text.is_empty() {
                job.append(text, 0.0, TextFormat::simple(font.clone(), color));
            }
        };
        let mut chars = self.shown.char_indices().map(|(at, _)| at).chain([self.shown.len()]);
        let mut taken = 0;
        let mut byte = |shown: usize| {
            let at = chars.by_ref().nth(shown - taken).unwrap_or(self.shown.len());
            taken = shown + 1;
            at
        };
        let mut begin = 0;
        let mut kind = self.cells.first().map_or(Kind::Plain, |cell| cell.kind);
        for cell in &self.cells {
            if cell.kind != kind {
                let at = byte(cell.shown);
                append(&self.shown[begin..at], color(kind));
                (begin, kind) = (at, cell.kind);
            }
        }
        append(&self.shown[begin..], color(kind));
        if job.text.is_empty() {
            job.append(" ", 0.0, TextFormat::simple(font.clone(), theme.text));
        }
        ui.painter().layout_job(job)
    }

    /// The left edge of the character at a place; behind the last one for the end.
    pub(super) fn x(&self, galley: &Galley, at: u64) -> f32 {
        let cell = self.cells.partition_point(|cell| cell.at <= at).checked_sub(1);
        let shown = match cell {
            Some(_) if at >= self.end => self.count,
            Some(index) => self.cells[index].shown,
            None => 0,
        };
        shown_x(galley, shown, self.count)
    }

    /// The right edge of the character at a place.
    pub(super) fn right(&self, galley: &Galley, at: u64) -> f32 {
        let next = self.cells.partition_point(|cell| cell.at <= at);
        let shown = self.cells.get(next).map_or(self.count, |cell| cell.shown);
        shown_x(galley, shown, self.count)
    }

    /// How wide it is, its line end included.
    pub(super) fn width(&self, galley: &Galley) -> f32 {
        shown_x(galley, self.count, self.count)
    }

    /// The place between characters nearest to `x`, or with `floor` the character under it; never behind the line end.
    pub(super) fn at_x(&self, galley: &Galley, x: f32, floor: bool) -> u64 {
        let (mut low, mut high) = (0, self.cells.len());
        while low < high {
            let middle = (low + high) / 2;
            let left = shown_x(galley, self.cells[middle].shown, self.count);
            let right = self.cells.get(middle + 1).map_or(self.count, |cell| cell.shown);
            let edge = if floor { shown_x(galley, right, self.count) } else { (left + shown_x(galley, right, self.count)) / 2.0 };
            if x < edge { high = middle } else { low = middle + 1 }
        }
        self.cells.get(low).map_or(self.end, |cell| cell.at).min(self.content_end)
    }

    /// The character in front of a place, within the row.
    pub(super) fn before(&self, at: u64) -> Option<u64> {
        let behind = self.cells.partition_point(|cell| cell.at < at);
        behind.checked_sub(1).map(|index| self.cells[index].at)
    }

    /// The place behind the character at a place, within the row.
    pub(super) fn after(&self, at: u64) -> Option<u64> {
        let next = self.cells.partition_point(|cell| cell.at <= at);
        (next > 0 && at < self.end).then(|| self.cells.get(next).map_or(self.end, |cell| cell.at))
    }

    /// How many characters are in front of a place.
    pub(super) fn column(&self, at: u64) -> usize {
        self.cells.partition_point(|cell| cell.at < at)
    }

    /// The run of characters of one kind around a place: a word, blanks, signs.
    pub(super) fn word(&self, at: u64) -> Option<(u64, u64)> {
        let index = self.cells.partition_point(|cell| cell.at <= at).checked_sub(1)?;
        let kind = |index: usize| {
            let cell = &self.cells[index];
            let c = self.shown.chars().nth(cell.shown).unwrap_or(' ');
            (cell.at >= self.content_end, cell.kind == Kind::Sign, c.is_alphanumeric() || c == '_', c.is_whitespace())
        };
        let wanted = kind(index);
        let start = (0..index).rev().take_while(|&i| kind(i) == wanted).last().unwrap_or(index);
        let end = (index + 1..self.cells.len()).take_while(|&i| kind(i) == wanted).last().unwrap_or(index);
        Some((self.cells[start].at, self.cells.get(end + 1).map_or(self.end, |cell| cell.at)))
    }

    /// What is shown, without the sign of the line end.
    pub(super) fn spoken(&self) -> &str {
        let sign = self.cells.last().filter(|cell| cell.at >= self.content_end);
        let end = sign.and_then(|cell| self.shown.char_indices().nth(cell.shown)).map_or(self.shown.len(), |(at, _)| at);
        &self.shown[..end]
    }
}

fn shown_x(galley: &Galley, shown: usize, count: usize) -> f32 {
    let Some(row) = galley.rows.first() else { return 0.0 };
    if count == 0 {
        return 0.0;
    }
    match row.row.glyphs.get(shown) {
        Some(glyph) => row.pos.x + glyph.pos.x,
        None => row.row.glyphs.last().map_or(0.0, |glyph| row.pos.x + glyph.max_x()),
    }
}

/// Characters that have no shape of their own, or turn the direction of others.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        || u32::from(c) >= 0xE0000 && u32::from(c) < 0xE1000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::Buffer;

    fn line(bytes: &[u8], encoding: Encoding, newline: u64) -> Line {
        let row = Row { row: 0, line: 0, continued: false, start: 0, end: bytes.len() as u64, newline };
        Line::read(&Source::Bytes(Buffer::from(bytes), encoding), &row).unwrap()
    }

    #[test]
    fn what_has_no_shape_gets_one() {
        assert_eq!(line(b"a\tb\0\x7F\r\n", Encoding::Utf8, 2).shown, "a→  b^@^?←↓");
        assert_eq!(line("x\u{202E}y\u{FEFF}".as_bytes(), Encoding::Utf8, 0).shown, "x\\u{202E}y\\u{FEFF}");
        assert_eq!(line(b"ok\xFF\xC3", Encoding::Utf8, 0).shown, "ok\\xff\\xc3");
    }

    #[test]
    fn characters_know_their_units() {
        let line = line("aé€𝄞z\n".as_bytes(), Encoding::Utf8, 1);
        assert_eq!(line.cells.iter().map(|cell| cell.at).collect::<Vec<_>>(), [0, 1, 3, 6, 10, 11]);
        assert_eq!(
            (line.before(6), line.before(0), line.after(6), line.after(11), line.after(12)),
            (Some(3), None, Some(10), Some(12), None)
        );
        assert_eq!((line.column(6), line.content_end), (3, 11));
    }

    #[test]
    fn words_are_found() {
        let line = line(b"let seek_2 = tell();\n", Encoding::Utf8, 1);
        assert_eq!(line.word(5), Some((4, 10)));
        assert_eq!(line.word(3), Some((3, 4)));
        assert_eq!(line.word(18), Some((17, 20)));
    }

    #[test]
    fn other_encodings() {
        assert_eq!(line(b"caf\xE9", Encoding::Latin1, 0).shown, "café");
        let bytes: Vec<u8> = "a𝄞".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide = line(&bytes, Encoding::Utf16Le, 0);
        assert_eq!((wide.shown.as_str(), wide.cells.len()), ("a𝄞", 2));
    }
}
