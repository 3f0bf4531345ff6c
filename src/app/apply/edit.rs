//! The cursor, the selection, and typing.

use crate::app::{AppState, HexColumn, OpenDocument, PreviewState, SecondHex, ViewState, name_for};
use crate::buffer::Buffer;
use crate::document::{Data, Document, Operation, StreamKind};
use crate::formats::{Detection, Format};
use crate::stream::{Exception, Text, Value};

/// Units of a result that the stream panel shows.
const RESULT_UNITS: u64 = 4096;

impl AppState {
    /// One operation on the document in front, its result kept for the stream panel.
    pub(in crate::app) fn perform(&mut self, operation: Operation) {
        let Some(open) = self.active_mut() else { return };
        let call = operation.python(open.document.kind(), 200);
        let id = open.document.id();
        if let Some(exception) = self.locked(id, &operation) {
            if let Some(open) = self.active_mut() {
                open.last_call = Some((call, Err(exception.to_string())));
            }
            return;
        }
        let Some(open) = self.active_mut() else { return };
        let result = open.document.perform(operation);
        open.view.reveal += 1;
        open.last_call = Some((call, shown(result)));
    }

    /// An edit that the document must take: what it refuses (a closed stream) becomes a notice.
    pub(in crate::app) fn edit(&mut self, operation: Operation, run: Option<f64>) {
        if self.active.is_some_and(|id| self.locked(id, &operation).is_some()) {
            return;
        }
        let Some(open) = self.active_mut() else { return };
        let result = match run {
            Some(now) => open.document.perform_typing(operation, now),
            None => open.document.perform(operation),
        };
        open.view.reveal += 1;
        open.show_last_entry();
        if let Err(exception) = result {
            self.error(exception.to_string());
        }
    }

    pub(in crate::app) fn select(&mut self, anchor: u64, head: u64) {
        let Some(open) = self.active_mut() else { return };
        if anchor == head && head == open.document.position() {
            // Nothing is selected any more, and the cursor stays: that is no call.
            open.document.clear_selection();
            return;
        }
        open.document.select(anchor, head);
        open.show_last_entry();
    }

    pub(in crate::app) fn move_cursor(&mut self, to: u64, extend: bool) {
        let Some(open) = self.active_mut() else { return };
        let document = &mut open.document;
        if extend {
            let anchor = document.selection().map_or(document.position(), |selection| selection.anchor);
            document.select(anchor, to);
        } else {
            document.perform(Operation::seek(to)).ok();
        }
        open.view.reveal += 1;
        open.show_last_entry();
    }

    /// The first digit waits in the view; the second one makes the byte and writes it, so that a byte typed is one
    /// `write()`.
    pub(in crate::app) fn type_nibble(&mut self, digit: u8, now: f64) {
        let Some(open) = self.active_mut() else { return };
        if open.document.kind() != StreamKind::Bytes || open.document.is_closed() {
            return;
        }
        match open.view.nibble.take() {
            None => {
                open.view.nibble = Some(digit & 15);
                open.view.reveal += 1;
            }
            Some(high) => self.type_data(Data::Bytes(Buffer::from(&[high << 4 | digit & 15])), Some(now)),
        }
    }

    /// A single digit is no byte: what is done before the second one forgets it.
    pub(in crate::app) fn drop_nibble(&mut self) {
        if let Some(open) = self.active_mut() {
            open.view.nibble = None;
        }
    }

    /// Writes at the cursor as one `write()`; the cursor goes back to where it was.
    pub(in crate::app) fn write_here(&mut self, bytes: Vec<u8>) {
        let Some(open) = self.active() else { return };
        if open.document.kind() != StreamKind::Bytes || open.document.is_closed() {
            return;
        }
        let position = open.document.position();
        self.edit(Operation::Write(Data::Bytes(bytes.into())), None);
        if let Some(open) = self.active_mut() {
            open.document.perform(Operation::seek(position)).ok();
        }
    }

    pub(in crate::app) fn type_text(&mut self, text: &str, now: f64) {
        let Some(open) = self.active() else { return };
        if text.is_empty() || open.document.is_closed() {
            return;
        }
        let data = match open.document.kind() {
            StreamKind::Bytes => Data::Bytes(self.encode(text)),
            StreamKind::Text => Data::Text(Text::from(text)),
        };
        self.type_data(data, Some(now));
    }

    /// Text as the bytes that the text view of the document in front would read as it.
    pub(in crate::app) fn encode(&self, text: &str) -> Buffer {
        let encoding = self.active().and_then(|open| open.view.encoding).unwrap_or_default();
        let options = crate::formats::TextOptions { encoding, input: Some(Default::default()), ..Default::default() };
        let mut bytes = Vec::new();
        let progress = crate::tasks::Progress::new();
        match crate::formats::text::transcode(&Buffer::from(text.as_bytes()), &options, &mut bytes, &progress) {
            Ok(_) => bytes.into(),
            Err(_) => Buffer::from(text.as_bytes()),
        }
    }

    /// Puts data in at the cursor, or in the place of the selection; `run` in seconds where it may join the typing before it.
    pub(in crate::app) fn type_data(&mut self, data: Data, run: Option<f64>) {
        let Some(open) = self.active() else { return };
        let document = &open.document;
        let operation = match (document.selection(), open.view.insert) {
            (Some(selection), _) => Operation::Replace { start: selection.start(), end: selection.end(), data },
            // At the end an insert is a write, and past it there is nothing to move.
            (None, true) if document.position() < document.size() => Operation::Insert { at: document.position(), data },
            (None, _) => Operation::Write(data),
        };
        self.edit(operation, run);
    }

    pub(in crate::app) fn backspace(&mut self, now: f64) {
        let Some(open) = self.active_mut() else { return };
        if open.view.nibble.take().is_some() {
            return;
        }
        if let Some(edit) = &mut open.view.cell_edit {
            edit.text.pop();
            if edit.text.is_empty() {
                open.view.cell_edit = None;
            }
            return;
        }
        if open.document.selection().is_some() {
            self.delete_selection();
            return;
        }
        let position = open.document.position();
        if position == 0 {
            return;
        }
        if position > open.document.size() {
            // Past the end there is nothing to take out: the cursor steps back.
            self.move_cursor(position - 1, false);
            return;
        }
        self.edit(Operation::Delete { start: position - 1, end: position }, Some(now));
    }

    pub(in crate::app) fn delete_selection(&mut self) {
        let Some(open) = self.active() else { return };
        let document = &open.document;
        let (start, end) = match document.selection() {
            Some(selection) => (selection.start(), selection.end()),
            None => (document.position(), (document.position() + 1).min(document.size())),
        };
        if start < end {
            self.edit(Operation::Delete { start, end }, None);
        }
    }

    pub(in crate::app) fn add(&mut self, document: Document, file: Option<crate::app::OpenFile>, detection: Detection) {
        self.active = Some(document.id());
        let text = document.kind() == StreamKind::Text;
        // A text stream is typed into; bytes are overwritten, as write() does.
        let view = ViewState {
            insert: text || document.size() == 0,
            hex_column: if text { HexColumn::Text } else { HexColumn::Hex },
            columns: self.settings.columns,
            charset: self.settings.hex.charset,
            second: SecondHex { columns: self.settings.hex.second_columns, ..SecondHex::default() },
            ..ViewState::default()
        };
        let name = self.free_name(document.name());
        self.documents.push(OpenDocument {
            disk: crate::app::DiskState::Same,
            document,
            name,
            file,
            detection,
            preview: PreviewState::Nothing,
            view,
            structure: Default::default(),
            hashes: Default::default(),
            last_call: None,
            explored: Default::default(),
            picture: Default::default(),
            limit: None,
            table: Default::default(),
        });
    }

    /// A name for the console that no open document has.
    pub(in crate::app) fn free_name(&self, file: &str) -> String {
        let used: std::collections::HashSet<&str> = self.documents.iter().map(|open| open.name.as_str()).collect();
        name_for(file, |name| used.contains(name))
    }

    pub(in crate::app) fn untitled_name(&mut self) -> String {
        self.untitled += 1;
        format!("untitled-{}", self.untitled)
    }
}

/// What a document is before somebody looked at it.
pub(in crate::app) fn unknown() -> Detection {
    Detection { format: Format::Bytes, label: "Bytes".into(), reason: "nothing was looked at yet".into(), mismatch: None }
}

/// A result as Python shows it, cut to what a panel can hold.
fn shown(result: Result<Value, Exception>) -> Result<String, String> {
    match result {
        Ok(Value::Bytes(bytes)) => Ok(Data::Bytes(bytes).literal(RESULT_UNITS)),
        Ok(Value::Str(text)) => Ok(Data::Text(text).literal(RESULT_UNITS)),
        Ok(value) => Ok(value.repr()),
        Err(exception) => Err(exception.to_string()),
    }
}
