//! A range to select, and a size to give.

use crate::app::numbers::{count, place};
use crate::app::position::{Places, parse_length, parse_place};

/// Select between two positions, the second of which is not selected itself; `+` and a length will do for it too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RangeDialog {
    /// The first unit.
    pub from: String,
    /// The place behind the last one, or `+` and how many.
    pub to: String,
    /// What is wrong, while it is typed.
    pub error: Option<String>,
    /// What would be selected.
    pub preview: String,
}

impl RangeDialog {
    pub(in crate::app) fn update(&mut self, places: &Places<'_>, unit: &str) {
        (self.error, self.preview) = match self.read(places) {
            Ok((from, to)) => (None, format!("{} from {} up to {}", count(to - from, unit), place(from), place(to))),
            Err(_) if self.from.trim().is_empty() && self.to.trim().is_empty() => (None, String::new()),
            Err(error) => (Some(error), String::new()),
        };
    }

    /// The first unit and the place behind the last one.
    pub(in crate::app) fn read(&self, places: &Places<'_>) -> Result<(u64, u64), String> {
        let from = if self.from.trim().is_empty() { places.cursor } else { parse_place(&self.from, places)? };
        let to = match self.to.trim() {
            "" => places.size,
            text => match text.strip_prefix('+') {
                Some(length) => from.checked_add(parse_length(length, places)?).ok_or("That is past the largest position")?,
                None => parse_place(text, places)?,
            },
        };
        if from > to {
            return Err("The second position is before the first".into());
        }
        if to > places.size {
            return Err(format!("The document ends at {}", place(places.size)));
        }
        Ok((from, to))
    }
}

/// Give a document another size.
#[derive(Clone, Debug, PartialEq)]
pub struct ResizeDialog {
    /// The new size.
    pub size: String,
    /// The byte that comes in at the end, in hexadecimal.
    pub fill: String,
    /// What is wrong.
    pub error: Option<String>,
    /// What would happen.
    pub preview: String,
}

impl ResizeDialog {
    pub(in crate::app) fn new(places: &Places<'_>) -> Self {
        let mut dialog = Self { size: places.size.to_string(), fill: "00".into(), error: None, preview: String::new() };
        dialog.update(places);
        dialog
    }

    pub(in crate::app) fn update(&mut self, places: &Places<'_>) {
        (self.error, self.preview) = match self.read(places) {
            Ok((size, byte)) => (
                None,
                match size.checked_sub(places.size) {
                    Some(0) => "The size stays as it is".into(),
                    Some(more) => format!("{} of {byte:02X} come in at the end", count(more, "byte")),
                    None => format!("The last {} go", count(places.size - size, "byte")),
                },
            ),
            Err(error) => (Some(error), String::new()),
        };
    }

    pub(in crate::app) fn read(&self, places: &Places<'_>) -> Result<(u64, u8), String> {
        let size = self.size.trim();
        let relative = size.starts_with(['+', '-']);
        let size = if relative { parse_place(&format!("end {size}"), places)? } else { parse_length(size, places)? };
        let byte = u8::from_str_radix(self.fill.trim().trim_start_matches("0x"), 16);
        Ok((size, byte.map_err(|_| "The byte that comes in is two hexadecimal digits, for example 00")?))
    }
}
