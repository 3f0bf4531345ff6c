//! The colours of bytes.

use egui::Color32;

use crate::app::bytes_view::{ByteColors, HexSettings};
use crate::ui::theme::Theme;

/// The colour of each byte, kept as long as the choices and the theme stay.
pub(super) struct Ink {
    made_for: Option<(bool, ByteColors, bool)>,
    table: [Color32; 256],
    zero_on_ground: Color32,
    /// Numbers of several bytes.
    number: Color32,
}

impl Default for Ink {
    fn default() -> Self {
        Self {
            made_for: None,
            table: [Color32::PLACEHOLDER; 256],
            zero_on_ground: Color32::PLACEHOLDER,
            number: Color32::PLACEHOLDER,
        }
    }
}

impl Ink {
    /// Brings the colours up to date.
    pub(super) fn update(&mut self, theme: &Theme, hex: &HexSettings) {
        let wanted = Some((theme.dark, hex.colors, hex.grey_zeros));
        if self.made_for == wanted {
            return;
        }
        self.made_for = wanted;
        self.table = match hex.colors {
            ByteColors::Class => std::array::from_fn(|byte| theme.byte_class(byte as u8)),
            ByteColors::Value => theme.gradient(),
            ByteColors::Structure | ByteColors::Plain => [theme.byte_ascii; 256],
        };
        self.zero_on_ground = self.table[0];
        self.number = theme.byte_ascii;
        if hex.grey_zeros {
            self.table[0] = theme.byte_zero;
            self.zero_on_ground = theme.text_dim;
        }
    }

    /// The colour of a byte; `on_ground` where it is marked, and grey would be too faint.
    #[inline]
    pub(super) fn of(&self, byte: u8, on_ground: bool) -> Color32 {
        if byte == 0 && on_ground { self.zero_on_ground } else { self.table[usize::from(byte)] }
    }

    /// The colour of a cell of several bytes: of a gradient that of its highest byte that is not zero. Classes are those of
    /// bytes, and a number has none but zero.
    pub(super) fn of_cell(&self, bytes: &[u8], big_endian: bool, on_ground: bool) -> Color32 {
        let not_zero = |byte: &&u8| **byte != 0;
        let highest = if big_endian { bytes.iter().find(not_zero) } else { bytes.iter().rev().find(not_zero) };
        match (highest, bytes.len()) {
            (Some(_), 2..) if self.has_classes() => self.number,
            (byte, _) => self.of(byte.copied().unwrap_or(0), on_ground),
        }
    }

    fn has_classes(&self) -> bool {
        self.made_for.is_some_and(|(_, colors, _)| colors == ByteColors::Class)
    }
}
