//! Rows of bytes as text: an address, cells, characters.

use super::{Cells, Radix};
use crate::stream::codec::Charset;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowText {
    /// The cells.
    pub cells: Cells,
    /// Bytes a row, whole cells.
    pub columns: u64,
    /// The base of addresses.
    pub radix: Radix,
    /// Digits of an address.
    pub digits: usize,
    /// Hex digits are capitals.
    pub upper: bool,
    /// Added to addresses.
    pub base: u64,
    /// The encoding of the characters.
    pub charset: Charset,
}

impl RowText {
    /// An address.
    pub fn address(&self, offset: u64) -> String {
        let mut digits = vec![0; self.digits];
        self.radix.write(u128::from(offset) + u128::from(self.base), &mut digits, self.upper);
        String::from_utf8_lossy(&digits).into_owned()
    }

    /// The cells of a row, the last ones perhaps missing.
    fn cells(&self, bytes: &[u8], out: &mut String) {
        let (unit, group) = (self.cells.unit() as usize, self.cells.group() as usize);
        let chars = self.cells.format.chars();
        let mut cell = String::new();
        for at in (0..self.columns as usize).step_by(unit) {
            out.push_str(if at > 0 && at % group == 0 && group > unit {
                "  "
            } else if at > 0 {
                " "
            } else {
                ""
            });
            cell.clear();
            if let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
                self.cells.format.write(&rest[..unit.min(rest.len())], self.cells.big_endian, self.upper, &mut cell);
            }
            out.push_str(&format!("{cell:>chars$}"));
        }
    }

    /// The rows of `bytes`, the first of which stands at the offset `first`, each with a line end.
    pub fn text(&self, first: u64, bytes: &[u8]) -> String {
        let mut characters = Vec::new();
        self.charset.characters(bytes, first, &mut characters);
        let mut characters = characters.into_iter().peekable();
        let columns = self.columns as usize;
        let mut out = String::new();
        for (row, slice) in bytes.chunks(columns).enumerate() {
            out.push_str(&self.address(first + (row * columns) as u64));
            out.push_str("  ");
            self.cells(slice, &mut out);
            out.push_str("  ");
            while let Some(character) = characters.next_if(|c| c.start < (row + 1) * columns) {
                out.push(character.char.filter(|&c| shown(c)).unwrap_or('.'));
            }
            out.push('\n');
        }
        out
    }
}

/// Whether a character stands for itself: control characters, and what turns the direction of writing, do not.
pub fn shown(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::bytes_view::CellFormat;

    #[test]
    fn rows_as_they_are_shown() {
        let mut rows = RowText {
            cells: Cells { group: 4, ..Cells::default() },
            columns: 8,
            radix: Radix::Hex,
            digits: 8,
            upper: false,
            base: 0x1000,
            charset: Charset::UTF8,
        };
        let text = rows.text(16, "abcd efé\n\u{202E}".as_bytes());
        assert_eq!(text, "00001010  61 62 63 64  20 65 66 c3  abcd efé\n00001018  a9 0a e2 80  ae           ..\n");
        rows.cells = Cells { format: CellFormat::U16, big_endian: true, group: 4 };
        rows.radix = Radix::Decimal;
        assert_eq!(rows.text(0, b"\x01\x00\x00\x02\x07"), "00004096    256     2     07        .....\n");
    }
}
