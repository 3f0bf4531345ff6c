//! A hex view in words: for screen readers, for tests, and under the pointer.

use super::marks::MarkKind;
use super::paint::Frame;
use crate::app::bytes_view::{CellFormat, Radix};
use crate::stream::codec::Charset;

impl Frame<'_> {
    fn byte(&self, offset: u64) -> Option<Result<u8, ()>> {
        if self.holes.iter().any(|hole| (hole.start..hole.end).contains(&offset)) {
            return Some(Err(()));
        }
        let index = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        match self.bytes.get(index) {
            Some(&byte) => Some(Ok(byte)),
            None if offset < self.content.size => {
                self.content.bytes.byte_at(crate::buffer::Offset(offset)).ok().flatten().map(Ok)
            }
            None => None,
        }
    }

    /// "offset 1F0, byte 4A, J".
    pub(super) fn spoken_cursor(&self) -> String {
        let cursor = self.content.cursor;
        let mut place = format!("offset {}", self.spoken_number(cursor.into()));
        if self.view.base != 0 {
            place.push_str(&format!(", address {}", self.spoken_number(u128::from(cursor) + u128::from(self.view.base))));
        }
        let mut words = match self.byte(cursor) {
            Some(Ok(byte)) if byte.is_ascii_graphic() && self.charset == Charset::UTF8 => {
                format!("{place}, byte {byte:02X}, {}", char::from(byte))
            }
            Some(Ok(byte)) => match self.letters.character(self.charset, self.start, cursor) {
                Some((c, ..)) if crate::app::bytes_view::shown(c) && !c.is_whitespace() => {
                    format!("{place}, byte {byte:02X}, {c}")
                }
                _ => format!("{place}, byte {byte:02X}"),
            },
            Some(Err(())) => format!("{place}, unreadable"),
            None if cursor > self.content.size => format!("{place}, {} past the end", cursor - self.content.size),
            None if cursor == self.content.size => format!("{place}, end"),
            None => format!("{place}, unreadable"),
        };
        if self.cells.format != CellFormat::Hex
            && let Some(value) = self.value(cursor - cursor % self.cells.unit())
        {
            words.push_str(&format!(", {} {value}", self.cells.format.label().to_lowercase()));
        }
        if let Some(high) = self.view.nibble {
            words.push_str(&format!(", typed {high:X}"));
        }
        if let Some(edit) = self.view.cell_edit.as_ref().filter(|edit| edit.side == self.side) {
            words.push_str(&format!(", typed {}", edit.text));
            if let Err(error) = self.cells.format.parse(&edit.text, self.cells.big_endian) {
                words.push_str(&format!(", {error}"));
            }
        }
        if let Some((start, end)) = self.content.selection {
            words.push_str(&format!(", {} selected", end - start));
        }
        words
    }

    /// A place in the base of addresses; hex digits without a sign, as the view shows them.
    pub(super) fn spoken_number(&self, n: u128) -> String {
        match self.hex.radix {
            Radix::Hex => format!("{n:X}"),
            radix => radix.say(n, true),
        }
    }

    /// The value of the cell that begins at an offset, where all of it is there.
    fn value(&self, first: u64) -> Option<String> {
        let mut cell = [0; 8];
        let unit = self.cells.unit();
        for (slot, offset) in cell.iter_mut().zip(first..first + unit) {
            *slot = self.byte(offset)?.ok()?;
        }
        Some(self.cells.format.text(&cell[..unit as usize], self.cells.big_endian, true))
    }

    /// "row at 000001F0: 4A 6F".
    pub(super) fn spoken_row(&self, row: u64) -> String {
        use std::fmt::Write as _;
        let start = row * self.places.widths.columns;
        let mut address = vec![b'0'; self.places.widths.address_digits];
        self.hex.radix.write(u128::from(start) + u128::from(self.view.base), &mut address, true);
        let mut words = format!("row at {}:", String::from_utf8_lossy(&address));
        let unit = self.cells.unit();
        for offset in (start..start + self.places.widths.columns).step_by(unit as usize) {
            if let Some(value) = self.value(offset) {
                _ = write!(words, " {value}");
                continue;
            }
            for offset in offset..offset + unit {
                match self.byte(offset) {
                    Some(Ok(byte)) => _ = write!(words, " {byte:02X}"),
                    Some(Err(())) => words.push_str(" ??"),
                    None => return words,
                }
            }
        }
        words
    }

    /// What is said of a byte that the pointer rests on.
    pub(super) fn told(&self, offset: u64) -> String {
        let hex = self.hex;
        let say = |n: u128| match hex.radix {
            Radix::Decimal => crate::app::numbers::group(n as u64),
            radix => format!("{} ({})", radix.say(n, hex.upper), crate::app::numbers::group(n as u64)),
        };
        let mut words = format!("Offset {}", say(offset.into()));
        if self.view.base != 0 {
            let address = hex.radix.say(u128::from(offset) + u128::from(self.view.base), hex.upper);
            words.push_str(&format!("\nAddress {address}"));
        }
        if let Some(Ok(byte)) = self.byte(offset) {
            words.push_str(&format!("\nByte 0x{byte:02X}, {byte}, 0b{byte:08b}"));
        }
        if let Some((c, start, end)) = self.letters.character(self.charset, self.start, offset) {
            let bytes = end - start;
            let sign = if crate::app::bytes_view::shown(c) && !c.is_whitespace() { format!("{c} ") } else { String::new() };
            let of = if bytes > 1 { format!(", {bytes} bytes") } else { String::new() };
            words.push_str(&format!("\n{sign}U+{:04X}{of}", u32::from(c)));
        }
        match self.marks.at(offset) {
            Some(MarkKind::Changed) => words.push_str("\nDiffers from the file"),
            Some(MarkKind::Read) => words.push_str("\nRead by the last call"),
            Some(MarkKind::Written) => words.push_str("\nWritten by the last call"),
            _ => {}
        }
        words
    }
}
