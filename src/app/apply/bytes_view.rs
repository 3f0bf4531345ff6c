//! The choices of the hex views, values typed into their cells, and rows as text.

use crate::app::bytes_view::{FONT_SIZES, HexSide, MAX_COLUMNS, WHEEL_ROWS, parse_base};
use crate::app::{AppState, CellCommand, CellEdit, Dialog, Effect, HexChoice};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::document::{Data, Operation, StreamKind};

/// Rows that are copied as text at most; more would be gigabytes of it.
const COPIED_ROWS: u64 = 1 << 17;

impl AppState {
    /// The hex view that was used last.
    pub(in crate::app) fn hex_front(&self) -> HexSide {
        self.active().map_or(HexSide::Main, |open| open.view.hex_front)
    }

    /// Whether a choice is the one in force, for ticks in menus; `None` for what is no choice but a step.
    pub(in crate::app) fn is_chosen(&self, choice: HexChoice) -> Option<bool> {
        let hex = &self.settings.hex;
        let side = self.hex_front();
        let cells = hex.cells(side);
        let view = self.active().map(|open| &open.view);
        Some(match choice {
            HexChoice::Columns(n) => view.map_or(self.settings.columns, |view| view.columns(side)) == n,
            HexChoice::Group(n) => cells.group == n,
            HexChoice::Format(format) => cells.format == format,
            HexChoice::BigEndian(big) => cells.big_endian == big,
            HexChoice::ToggleByteOrder => cells.big_endian,
            HexChoice::Upper(upper) => hex.upper == upper,
            HexChoice::ToggleUpper => hex.upper,
            HexChoice::Radix(radix) => hex.radix == radix,
            HexChoice::Base(base) => view.map_or(0, |view| view.base) == base,
            HexChoice::Charset(charset) => view.map_or(hex.charset, |view| view.charset) == charset,
            HexChoice::KeepCharset => view.is_some_and(|view| view.charset == hex.charset),
            HexChoice::Colors(colors) => hex.colors == colors,
            HexChoice::ToggleGreyZeros => hex.grey_zeros,
            HexChoice::ToggleChanged => hex.mark_changed,
            HexChoice::WheelRows(rows) => hex.wheel_rows == rows,
            HexChoice::FontSize(size) => hex.font_size == size,
            HexChoice::Enlarge(_) => return None,
        })
    }

    /// Has a view show bytes in another way. What is the program's goes to the settings; what is the document's is where
    /// documents opened later begin, but for its base address and its encoding.
    pub(in crate::app) fn choose(&mut self, side: HexSide, choice: HexChoice, effects: &mut Vec<Effect>) {
        let hex = &mut self.settings.hex;
        let cells = hex.cells_mut(side);
        match choice {
            HexChoice::Columns(n) => {
                let n = n.map(|n| n.clamp(1, MAX_COLUMNS));
                match side {
                    HexSide::Main => self.settings.columns = n,
                    HexSide::Second => hex.second_columns = n,
                }
                if let Some(open) = self.active_mut() {
                    match side {
                        HexSide::Main => open.view.columns = n,
                        HexSide::Second => open.view.second.columns = n,
                    }
                }
            }
            HexChoice::Group(group) => cells.group = group,
            HexChoice::Format(format) => cells.format = format,
            HexChoice::BigEndian(big) => cells.big_endian = big,
            HexChoice::ToggleByteOrder => cells.big_endian = !cells.big_endian,
            HexChoice::Upper(upper) => hex.upper = upper,
            HexChoice::ToggleUpper => hex.upper = !hex.upper,
            HexChoice::Radix(radix) => hex.radix = radix,
            HexChoice::Base(base) => {
                if let Some(open) = self.active_mut() {
                    open.view.base = base;
                }
                return;
            }
            HexChoice::Charset(charset) => {
                if let Some(open) = self.active_mut() {
                    open.view.charset = charset;
                }
                return;
            }
            HexChoice::KeepCharset => {
                let Some(charset) = self.active().map(|open| open.view.charset) else { return };
                self.settings.hex.charset = charset;
            }
            HexChoice::Colors(colors) => hex.colors = colors,
            HexChoice::ToggleGreyZeros => hex.grey_zeros = !hex.grey_zeros,
            HexChoice::ToggleChanged => hex.mark_changed = !hex.mark_changed,
            HexChoice::WheelRows(rows) => hex.wheel_rows = rows.clamp(*WHEEL_ROWS.start(), *WHEEL_ROWS.end()),
            HexChoice::FontSize(size) => hex.font_size = size.clamp(*FONT_SIZES.start(), *FONT_SIZES.end()),
            HexChoice::Enlarge(by) => {
                let size = hex.font_size.saturating_add_signed(by);
                hex.font_size = size.clamp(*FONT_SIZES.start(), *FONT_SIZES.end());
            }
        }
        self.settings.hex = std::mem::take(&mut self.settings.hex).checked();
        if let Some(open) = self.active_mut() {
            open.view.reveal += 1;
        }
        self.keep_settings(effects);
    }

    pub(in crate::app) fn ask_columns(&mut self) {
        let side = self.hex_front();
        let text = self.active().and_then(|open| open.view.columns(side)).map(|n| n.to_string()).unwrap_or_default();
        self.dialog = Some(Dialog::Columns { side, text, error: None });
    }

    pub(in crate::app) fn ask_base(&mut self) {
        let base = self.active().map_or(0, |open| open.view.base);
        let text = if base == 0 { String::new() } else { format!("0x{base:X}") };
        self.dialog = Some(Dialog::BaseAddress { text, error: None });
    }

    /// What the text of the dialog for a base address means for the document in front.
    pub(in crate::app) fn parse_base(&self, text: &str) -> Result<u64, String> {
        let (cursor, size) = self.active().map_or((0, 0), |open| (open.document.position(), open.document.size()));
        parse_base(text, cursor, size)
    }

    /// What is typed in the text column becomes bytes of its encoding. A text stream holds characters.
    pub(in crate::app) fn type_in_bytes(&mut self, text: &str, now: f64) {
        let Some(open) = self.active() else { return };
        if open.document.kind() == StreamKind::Text {
            self.type_text(text, now);
            return;
        }
        if text.is_empty() || open.document.is_closed() {
            return;
        }
        let charset = open.view.charset;
        match charset.encode(text) {
            Ok(bytes) => self.type_data(Data::Bytes(bytes.into()), Some(now)),
            Err(c) => {
                let point = u32::from(c);
                self.error(format!("{c} (U+{point:04X}) has no bytes in {}: nothing was written", charset.label()));
            }
        }
    }

    pub(in crate::app) fn cell(&mut self, command: CellCommand) {
        match command {
            CellCommand::Type(side, text) => self.type_in_cell(side, &text),
            CellCommand::Commit { now } => {
                let Some((edit, bytes)) = self.cell_value() else { return };
                // What does not fit stays and can be corrected; the view says what is wrong with it.
                let Ok(bytes) = bytes else { return };
                self.write_cell(&edit, bytes, Some(now));
            }
            CellCommand::Cancel => {
                if let Some(open) = self.active_mut() {
                    (open.view.cell_edit, open.view.nibble) = (None, None);
                }
            }
        }
    }

    fn type_in_cell(&mut self, side: HexSide, text: &str) {
        let cells = self.settings.hex.cells(side);
        let Some(open) = self.active_mut() else { return };
        if open.document.kind() != StreamKind::Bytes || open.document.is_closed() {
            return;
        }
        let position = open.document.position();
        let at = open.document.selection().map_or(position - position % cells.unit(), crate::document::Selection::start);
        let fresh = CellEdit { side, at, text: String::new() };
        let edit = match &mut open.view.cell_edit {
            Some(edit) if edit.at == at && edit.side == side => edit,
            slot => slot.insert(fresh),
        };
        // Long enough for a value with a sign, a digit too many, and leading zeros.
        let room = (cells.format.chars() + 24).saturating_sub(edit.text.len());
        edit.text.extend(text.chars().filter(|&c| cells.format.accepts(c)).take(room));
        if edit.text.is_empty() {
            open.view.cell_edit = None;
        }
        open.view.reveal += 1;
    }

    /// The value that is being typed, as bytes or as what is wrong with it.
    pub(in crate::app) fn cell_value(&self) -> Option<(CellEdit, Result<Vec<u8>, crate::app::bytes_view::CellError>)> {
        let edit = self.active()?.view.cell_edit.clone()?;
        let cells = self.settings.hex.cells(edit.side);
        let value = cells.format.parse(&edit.text, cells.big_endian);
        Some((edit, value))
    }

    /// Before the cursor goes elsewhere the value that is typed is written. What is no value is said, and nothing is written.
    pub(in crate::app) fn commit_cell(&mut self) {
        let Some((edit, value)) = self.cell_value() else { return };
        match value {
            Ok(bytes) => {
                self.write_cell(&edit, bytes, None);
                if let Some(open) = self.active_mut() {
                    open.document.perform(Operation::seek(edit.at)).ok();
                }
            }
            Err(error) => {
                if let Some(open) = self.active_mut() {
                    open.view.cell_edit = None;
                }
                self.error(format!("{error}: nothing was written"));
            }
        }
    }

    fn write_cell(&mut self, edit: &CellEdit, bytes: Vec<u8>, run: Option<f64>) {
        let Some(open) = self.active_mut() else { return };
        open.view.cell_edit = None;
        if open.document.selection().is_none() && open.document.position() != edit.at {
            open.document.perform(Operation::seek(edit.at)).ok();
        }
        self.type_data(Data::Bytes(Buffer::from(bytes)), run);
    }

    /// The rows that the selection touches, or the cursor's, as the hex view shows them.
    pub(in crate::app) fn copy_rows(&mut self, effects: &mut Vec<Effect>) {
        let side = self.hex_front();
        let hex = &self.settings.hex;
        let cells = hex.cells(side);
        let Some(open) = self.active() else { return };
        let (document, view) = (&open.document, &open.view);
        let bytes = match (document.as_bytes(), document.as_text()) {
            (Some(bytes), _) => bytes.clone(),
            // The bytes of a text are counted in characters everywhere else: all of them are the rows.
            (None, _) => document.snapshot(),
        };
        let size = bytes.len().get();
        let columns = cells.columns(view.columns(side).unwrap_or(16).into());
        let (start, end) = match (document.as_text(), document.selection()) {
            (Some(_), _) => (0, size),
            (None, Some(selection)) => (selection.start(), selection.end().min(size)),
            (None, None) => (document.position().min(size), document.position().saturating_add(1).min(size)),
        };
        let first = start - start % columns;
        let rows = end.div_ceil(columns).saturating_sub(first / columns);
        if rows == 0 {
            return;
        }
        if rows > COPIED_ROWS {
            let rows = crate::app::numbers::group(rows);
            let most = crate::app::numbers::group(COPIED_ROWS);
            self.error(format!("{rows} rows are too many for the clipboard, which takes {most}; export a hex dump instead"));
            return;
        }
        let range = ByteRange::between(Offset(first), Offset((first + rows * columns).min(size)));
        let all = match bytes.to_vec(range) {
            Ok(all) => all,
            Err(error) => return self.error(error.to_string()),
        };
        let rows = crate::app::bytes_view::RowText {
            cells,
            columns,
            radix: hex.radix,
            upper: hex.upper,
            base: view.base,
            charset: if document.as_text().is_some() { Default::default() } else { view.charset },
            digits: hex.radix.digits(u128::from(size) + u128::from(view.base)),
        };
        let text = rows.text(first, &all);
        effects.push(Effect::CopyText(text));
    }
}
