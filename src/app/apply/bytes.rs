//! Changing bytes: operations on a selection, what is put in, and another size.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::forms::{BytesDialog, BytesForm, ResizeDialog, refused, rule_of};
use crate::app::numbers::count;
use crate::app::state::Asking;
use crate::app::{AppState, Dialog, Effect, Job, OpKind};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::document::{Data, DocumentId, Operation, Rule};
use crate::explore::byte_ops::{ByteOp, ByteOpError};
use crate::files::FileError;

/// Memory that an operation without a dialog may take unasked.
const UNASKED: Len = Len(64 << 20);

impl AppState {
    /// The dialog for an operation, filled in for what is selected.
    fn bytes_dialog(&self, kind: OpKind, insert: bool) -> Option<BytesDialog> {
        let open = self.active().filter(|open| !open.document.is_closed())?;
        let document = &open.document;
        let bytes = document.as_bytes()?;
        let range = match (document.selection(), insert) {
            (Some(selection), _) => (selection.start(), selection.end()),
            (None, true) => (document.position(), document.position()),
            (None, false) => (0, document.size()),
        };
        let input = bytes.slice(ByteRange::between(Offset(range.0), Offset(range.1)));
        let whole = !insert && document.selection().is_none();
        let mut dialog = BytesDialog::new(document.id(), input, range, whole, kind, insert, document.revision() + 1);
        self.places(|places| dialog.update(places));
        Some(dialog)
    }

    pub(in crate::app) fn open_bytes_dialog(&mut self, kind: OpKind, insert: bool) {
        self.dialog = self.bytes_dialog(kind, insert).map(Box::new).map(Dialog::Bytes);
    }

    /// An operation that needs no further word is done at once, where it takes no great memory.
    pub(in crate::app) fn operate(&mut self, kind: OpKind, effects: &mut Vec<Effect>) {
        let Some(dialog) = self.bytes_dialog(kind, false) else { return };
        let op = self.places(|places| dialog.form.read(places)).and_then(Result::ok).map(|(op, _)| op);
        match op {
            Some(op) if kind.is_plain() && op.memory(&dialog.input) <= UNASKED => {
                if dialog.whole {
                    let what = count(dialog.input.len().get(), "byte");
                    self.info(format!("{}: the whole document, {what}, since nothing is selected", op.name()));
                }
                self.start_operation(dialog.document, dialog.range, dialog.input, op, effects);
            }
            _ => self.dialog = Some(Dialog::Bytes(Box::new(dialog))),
        }
    }

    pub(in crate::app) fn change_bytes_form(&mut self, form: BytesForm) {
        let Some(Dialog::Bytes(mut dialog)) = self.dialog.take() else { return };
        dialog.form = form;
        self.places(|places| dialog.update(places));
        self.dialog = Some(Dialog::Bytes(dialog));
    }

    pub(in crate::app) fn accept_bytes(&mut self, mut dialog: Box<BytesDialog>, effects: &mut Vec<Effect>) {
        self.places(|places| dialog.update(places));
        let read = self.places(|places| dialog.form.read(places));
        match read {
            Some(Ok((op, made))) if dialog.error.is_none() => {
                let input = match made {
                    Some(len) => Buffer::filled(0, Len(len)),
                    None => dialog.input,
                };
                self.start_operation(dialog.document, dialog.range, input, op, effects);
            }
            _ => self.dialog = Some(Dialog::Bytes(dialog)),
        }
    }

    fn start_operation(&mut self, document: DocumentId, range: (u64, u64), input: Buffer, op: ByteOp, effects: &mut Vec<Effect>) {
        if let Some(why) = refused(op.memory(&input)) {
            self.error(why);
            return;
        }
        let Some(open) = self.document(document) else { return };
        let revision = open.document.revision();
        self.start(Job::Bytes { document, revision, range, input, op }, effects);
    }

    pub(in crate::app) fn operated(&mut self, result: Result<Buffer, ByteOpError>, job: &Job) {
        let Job::Bytes { document, revision, range: (start, end), op, .. } = job else { return };
        match result {
            Ok(_) if self.document(*document).is_none_or(|open| open.document.revision() != *revision) => {
                self.warn(format!("{}: nothing was done, because the document changed meanwhile", op.name()));
            }
            Ok(new) => {
                let rule = rule_of(op, new.len().get());
                self.transform(*document, *start, *end, new, rule);
            }
            Err(ByteOpError::Cancelled(_)) => self.info(format!("{}: nothing was done", op.name())),
            Err(error) => self.error(format!("{}: nothing was done: {error}", op.name())),
        }
    }

    /// One undo step and one entry of the timeline. Past the end the gap is filled with zeros, as a write does.
    fn transform(&mut self, document: DocumentId, start: u64, end: u64, new: Buffer, rule: Arc<Rule>) {
        let Some(open) = self.document(document) else { return };
        let size = open.document.size();
        let (mut start, mut end, mut new, mut rule) = (start, end, new, rule);
        if start > size {
            let gap = start - size;
            let mut filled = Buffer::filled(0, Len(gap));
            filled.append_buffer(&new);
            new = filled;
            rule = Arc::new(Rule { python: format!("bytes({gap}) + {}", rule.python), rust: None, ..(*rule).clone() });
            (start, end) = (size, size);
        }
        let operation = Operation::Transform { start, end, data: Data::Bytes(new), rule };
        if self.locked(document, &operation).is_some() {
            return;
        }
        let Some(open) = self.document_mut(document) else { return };
        let result = open.document.perform(operation);
        open.view.reveal += 1;
        if let Err(exception) = result {
            self.error(exception.to_string());
        }
    }

    pub(in crate::app) fn ask_insert_file(&mut self, effects: &mut Vec<Effect>) {
        let Some(document) = self.active else { return };
        self.keep_copies(effects);
        self.asking = Some(Asking::Insert(document));
        effects.push(Effect::AskOpen { folder: self.settings.folder.clone() });
    }

    pub(in crate::app) fn insert_file(&mut self, document: DocumentId, path: Option<PathBuf>, effects: &mut Vec<Effect>) {
        if let Some(path) = path {
            self.start(Job::InsertFile { document, path }, effects);
        }
    }

    pub(in crate::app) fn inserted(&mut self, result: Result<Buffer, FileError>, job: &Job) {
        let Job::InsertFile { document, path } = job else { return };
        let Some(open) = self.document(*document) else { return };
        let range = match open.document.selection() {
            Some(selection) => (selection.start(), selection.end()),
            None => (open.document.position(), open.document.position()),
        };
        match result {
            Ok(bytes) if bytes.is_empty() => self.info("The file is empty: nothing was put in"),
            Ok(bytes) => {
                let rule = Rule::of_file(&path.to_string_lossy());
                self.transform(*document, range.0, range.1, bytes, Arc::new(rule));
            }
            Err(error) => self.error(format!("Nothing was put in: {error}")),
        }
    }

    pub(in crate::app) fn open_resize(&mut self) {
        self.dialog = self.places(ResizeDialog::new).map(Dialog::Resize);
    }

    pub(in crate::app) fn change_resize(&mut self, size: String, fill: String) {
        let mut dialog = ResizeDialog { size, fill, error: None, preview: String::new() };
        self.places(|places| dialog.update(places));
        self.dialog = Some(Dialog::Resize(dialog));
    }

    pub(in crate::app) fn accept_resize(&mut self, dialog: ResizeDialog) {
        let Some(Ok((size, byte))) = self.places(|places| dialog.read(places)) else {
            self.dialog = Some(Dialog::Resize(dialog));
            return;
        };
        let Some(open) = self.active() else { return };
        let old = open.document.size();
        if size < old {
            let size = i64::try_from(size).unwrap_or(i64::MAX);
            self.edit(Operation::Truncate(Some(size)), None);
        } else if size > old {
            let data = Data::Bytes(Buffer::filled(byte, Len(size - old)));
            self.edit(Operation::Insert { at: old, data }, None);
        }
    }
}
