//! The clipboard: what is copied, as what, and what becomes of what is pasted.

use crate::app::apply::edit::unknown;
use crate::app::forms::{CopyAsDialog, PasteAsDialog};
use crate::app::numbers::{binary_size, count};
use crate::app::state::{Clip, SavePurpose};
use crate::app::{AppState, Dialog, Effect, HexColumn, Job};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::document::{Data, Document, DocumentId, Operation, Origin, StreamKind};
use crate::formats::dump::parse_hex_loose;
use crate::formats::literal::{Choices, Style, decode_text, recognise};
use crate::formats::{Format, FormatError};
use crate::stream::codec::Charset;
use crate::stream::{Newline, Text};

/// Units of a selection that go to the system's clipboard as text; more is kept inside the program only.
const CLIPBOARD_LIMIT: u64 = 16 << 20;

/// Bytes of text that are read while the window waits; more is read by a job.
const AT_ONCE: usize = 1 << 20;

impl AppState {
    /// Copies the selection. The program keeps the bytes themselves, which costs nothing at any size; the system gets text
    /// that stands for them.
    pub(in crate::app) fn copy(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let Some(selection) = open.document.selection() else { return };
        let small = selection.len() <= CLIPBOARD_LIMIT;
        let (data, text) = match (open.document.as_bytes(), open.document.as_text()) {
            (Some(bytes), _) => {
                let slice = bytes.slice(ByteRange::between(Offset(selection.start()), Offset(selection.end())));
                let encoding = open.view.encoding.unwrap_or_default();
                let charset = Some(open.view.charset).filter(|&charset| charset != Charset::UTF8);
                let text = small.then(|| slice.to_vec_all().ok()).flatten().map(|bytes| match open.view.hex_column {
                    HexColumn::Hex => hex::encode_upper(bytes),
                    HexColumn::Text => match charset {
                        Some(charset) => charset.decode_lossy(&bytes),
                        None => crate::formats::text::decode_lossy(&bytes, encoding),
                    },
                });
                (Data::Bytes(slice), text)
            }
            (None, Some(all)) => {
                let slice = all.slice(selection.start(), selection.end());
                let text = small.then(|| slice.to_string_lossy());
                (Data::Text(slice), text)
            }
            (None, None) => return,
        };
        let units = count(selection.len(), open.document.kind().unit());
        let text = text.unwrap_or_else(|| {
            self.clips += 1;
            format!("[{units} copied in Seektell, number {}: paste there]", self.clips)
        });
        if !small {
            self.info(format!("{units} copied: paste them here in Seektell, or use Copy as to make a file of text"));
        }
        self.clip = Some(Clip { text: text.clone(), data });
        effects.push(Effect::CopyText(text));
    }

    /// The selection for Copy as, the document's name, and choices that fit it.
    pub(in crate::app) fn to_copy(&self) -> Option<(Buffer, String, Choices)> {
        let open = self.active().filter(|open| !open.document.is_closed())?;
        let selection = open.document.selection()?;
        let input = match (open.document.as_bytes(), open.document.as_text()) {
            (Some(bytes), _) => bytes.slice(ByteRange::between(Offset(selection.start()), Offset(selection.end()))),
            (None, Some(text)) => text.slice(selection.start(), selection.end()).to_utf8(),
            (None, None) => return None,
        };
        let bytes = open.document.kind() == StreamKind::Bytes;
        let encoding = if bytes { open.view.encoding.unwrap_or_default() } else { Default::default() };
        let address = if bytes { selection.start() } else { 0 };
        Some((input, open.document.name().to_owned(), Choices { encoding, address, ..Choices::default() }))
    }

    /// The bytes a row of the hex view are the rows that are copied.
    fn choices_for(&self, style: Style, choices: Choices) -> Choices {
        let per_line = if style == Style::ViewRows { self.row_length().map(|row| row as u32) } else { choices.per_line };
        Choices { per_line, ..choices }
    }

    pub(in crate::app) fn open_copy_as(&mut self, style: Style) {
        let Some((input, name, choices)) = self.to_copy() else { return };
        let choices = self.choices_for(style, choices);
        self.dialog = Some(Dialog::CopyAs(Box::new(CopyAsDialog::new(input, name, style, choices))));
    }

    /// Copies the selection in a style at once; where that is too much for the clipboard, the dialog says so.
    pub(in crate::app) fn copy_as(&mut self, style: Style, effects: &mut Vec<Effect>) {
        if matches!(self.dialog, Some(Dialog::Palette { .. })) {
            self.dialog = None;
        }
        if self.dialog.is_some() || self.asking.is_some() {
            return;
        }
        let Some((input, _, choices)) = self.to_copy() else { return };
        self.copy_style = style;
        if crate::app::forms::too_long(style, input.len()).is_some() {
            self.open_copy_as(style);
            return;
        }
        let choices = Box::new(self.choices_for(style, choices));
        self.start(Job::CopyText { input, style, choices }, effects);
    }

    pub(in crate::app) fn accept_copy_as(&mut self, dialog: Box<CopyAsDialog>, to_file: bool, effects: &mut Vec<Effect>) {
        if dialog.error.is_some() || (dialog.too_long.is_some() && !to_file) {
            self.dialog = Some(Dialog::CopyAs(dialog));
            return;
        }
        let CopyAsDialog { input, name, style, choices, .. } = *dialog;
        self.copy_style = style;
        if to_file {
            let name = format!("{}.{}", crate::app::apply::save::stem(&name), style.extension());
            let purpose = SavePurpose::Literal { input, style, choices };
            self.ask(purpose, format!("Save as {}", style.name()), name, vec![Format::Text], effects);
        } else {
            self.start(Job::CopyText { input, style, choices }, effects);
        }
    }

    pub(in crate::app) fn copied(&mut self, result: Result<String, FormatError>, job: &Job, effects: &mut Vec<Effect>) {
        match (result, job) {
            (Ok(text), Job::CopyText { input, style, .. }) => {
                let size = binary_size(text.len() as u64).map(|size| format!(", {size} of text")).unwrap_or_default();
                self.info(format!("{} copied as {}{size}", count(input.len().get(), "byte"), style.name()));
                // Other programs mean this text, and so does a paste here: the bytes are not what was asked for.
                self.clip = None;
                effects.push(Effect::CopyText(text));
            }
            (Err(FormatError::Cancelled(_)), _) => self.info("Nothing was copied"),
            (Err(error), _) => self.error(format!("Not copied: {error}")),
            (Ok(_), _) => {}
        }
    }

    /// Puts the clipboard in at the cursor. What was copied here is shared byte for byte; text from elsewhere is read as
    /// bytes in the hex column where it hardly can be anything else, and as characters otherwise.
    pub(in crate::app) fn paste(&mut self, text: &str) {
        let Some(open) = self.active().filter(|open| !open.document.is_closed()) else {
            self.paste_as_new(text.to_owned());
            return;
        };
        let (kind, column) = (open.document.kind(), open.view.hex_column);
        let own = self.own_clip(text);
        let data = match (own, kind) {
            (Some(Data::Bytes(bytes)), StreamKind::Bytes) => Data::Bytes(bytes),
            (Some(Data::Text(text)), StreamKind::Text) => Data::Text(text),
            (_, StreamKind::Text) => Data::Text(Text::from(text)),
            (_, StreamKind::Bytes) => match (column, understood(text)) {
                (HexColumn::Hex, Some((bytes, what))) => {
                    let bytes = Buffer::from(bytes);
                    self.info(format!("{} pasted, read as {what}", count(bytes.len().get(), "byte")));
                    Data::Bytes(bytes)
                }
                (column, _) => {
                    let bytes = self.encode(text);
                    if column == HexColumn::Hex && !bytes.is_empty() {
                        let len = count(bytes.len().get(), "byte");
                        self.info(format!("Pasted as text, {len}: Paste as… reads it as something else"));
                    }
                    Data::Bytes(bytes)
                }
            },
        };
        self.put_in(data);
    }

    /// At the cursor, or in the place of the selection.
    pub(in crate::app) fn put_in(&mut self, data: Data) {
        let Some(open) = self.active() else { return };
        if data.is_empty() {
            return;
        }
        let document = &open.document;
        let operation = match (document.selection(), open.view.insert) {
            (Some(selection), _) => Operation::Replace { start: selection.start(), end: selection.end(), data },
            // At the end an insert is a write, and past it there is nothing to move.
            (None, true) if document.position() < document.size() => Operation::Insert { at: document.position(), data },
            (None, _) => Operation::Write(data),
        };
        self.edit(operation, None);
    }

    /// What was copied here, where the system's clipboard still holds the text that stands for it. Some systems hand
    /// line ends over changed.
    fn own_clip(&self, text: &str) -> Option<Data> {
        let same = |clip: &&Clip| clip.text == text || clip.text.replace("\r\n", "\n") == text;
        self.clip.as_ref().filter(same).map(|clip| clip.data.clone())
    }

    pub(in crate::app) fn paste_as_new(&mut self, text: String) {
        if text.is_empty() {
            self.info("The clipboard holds no text and no picture");
            return;
        }
        let own = self.own_clip(&text);
        if own.is_none() && self.offer_pasted(&text) {
            return;
        }
        let name = self.untitled_name();
        let document = match own {
            Some(Data::Bytes(bytes)) => Document::bytes(name, Origin::Clipboard, bytes),
            Some(Data::Text(text)) => Document::text(name, Origin::Clipboard, text, Newline::Lf),
            None => Document::bytes(name, Origin::Clipboard, text.into_bytes()),
        };
        self.add(document, None, unknown());
    }

    pub(in crate::app) fn open_paste_as(&mut self, text: String) {
        if self.dialog.is_some() || self.asking.is_some() {
            return;
        }
        let Some(open) = self.active().filter(|open| !open.document.is_closed() && open.document.as_bytes().is_some()) else {
            return;
        };
        let choices = Choices { encoding: open.view.encoding.unwrap_or_default(), ..Choices::default() };
        let own = match self.own_clip(&text) {
            Some(Data::Bytes(bytes)) => Some(bytes),
            Some(Data::Text(_)) | None => None,
        };
        self.dialog = Some(Dialog::PasteAs(Box::new(PasteAsDialog::new(text, own, choices))));
    }

    pub(in crate::app) fn accept_paste_as(&mut self, dialog: Box<PasteAsDialog>, effects: &mut Vec<Effect>) {
        let Some(document) = self.active.filter(|_| dialog.result.is_ok()) else {
            self.dialog = Some(Dialog::PasteAs(dialog));
            return;
        };
        if let Some(own) = dialog.copied() {
            self.pasted(document, dialog.style, Ok(own.clone()));
            return;
        }
        let PasteAsDialog { text, style, choices, .. } = *dialog;
        if text.len() > AT_ONCE {
            self.start(Job::PasteText { document, text: Buffer::from(text.into_bytes()), style, choices }, effects);
            return;
        }
        let read = decode_text(&text, style, &choices).map(Buffer::from).map_err(|error| error.to_string());
        self.pasted(document, style, read);
    }

    pub(in crate::app) fn pasted(&mut self, document: DocumentId, style: Style, read: Result<Buffer, String>) {
        match read {
            Ok(bytes) if self.active == Some(document) => {
                self.info(format!("{} pasted, read as {}", count(bytes.len().get(), "byte"), style.reader_name()));
                self.put_in(Data::Bytes(bytes));
            }
            Ok(_) => self.warn("Nothing was pasted: another document came to the front meanwhile"),
            Err(error) => self.error(format!("Nothing was pasted: {error}")),
        }
    }
}

/// Bytes that a text hardly can be anything but, and what they were read as. Words are no base64, and a sentence between
/// quotes is text.
fn understood(text: &str) -> Option<(Vec<u8>, &'static str)> {
    let recognised = recognise(text);
    let style = recognised.styles.first().copied().filter(|_| recognised.certain);
    let escaped = |style| style != Style::Escaped || text.contains("\\x");
    let style = style.filter(|&style| style != Style::DataUrl && escaped(style));
    if let Some(style) = style
        && let Ok(bytes) = decode_text(text.trim(), style, &Choices::default())
        && !bytes.is_empty()
    {
        return Some((bytes, style.reader_name()));
    }
    parse_hex_loose(text).map(|bytes| (bytes, Style::HexSpaced.reader_name()))
}
