//! Protection against changes: a switch of each document, on by itself where the file may not be written.

use crate::app::table::TableCommand;
use crate::app::{Action, AppState, Command, SearchCommand};
use crate::document::DocumentId;
use crate::stream::{Exception, ExceptionKind};

impl AppState {
    pub(in crate::app) fn toggle_protection(&mut self) {
        let Some(id) = self.active else { return };
        // A view that the console holds could still write.
        if self.is_locked(id) {
            self.tell_locked();
            return;
        }
        let Some(open) = self.document_mut(id) else { return };
        let on = !open.document.is_protected();
        (open.view.nibble, open.view.cell_edit) = (None, None);
        open.document.set_protected(on);
        let name = open.document.name().to_owned();
        let read_only = open.file.as_ref().is_some_and(|file| !file.writable);
        self.info(match (on, read_only) {
            (true, _) => format!("{name} is protected against changes"),
            (false, true) => format!("{name} can be changed, but its file may not be written: use Save as"),
            (false, false) => format!("{name} can be changed"),
        });
    }

    /// Whether a document refuses changes; if so, how to unlock it is said.
    pub(in crate::app) fn refuses_changes(&mut self, id: DocumentId) -> Option<Exception> {
        let open = self.document(id).filter(|open| open.document.is_protected())?;
        let (name, label) = (open.document.name(), Action::Protect.label());
        let why = match &open.file {
            Some(file) if !file.writable => ", because its file may not be written",
            _ => "",
        };
        let text = format!("{name} is protected against changes{why}: switch “{label}” off in the Edit menu to change it");
        if self.notices.all().last().is_none_or(|last| last.text != text) {
            self.warn(text);
        }
        Some(Exception::new(ExceptionKind::UnsupportedOperation, "not writable: the document is protected against changes"))
    }

    /// What would only begin to change a protected document (a first digit, a dialog, a job) is refused before it begins.
    pub(in crate::app) fn begins_a_refused_change(&mut self, command: &Command) -> bool {
        let changes = match command {
            Command::TypeNibble { .. }
            | Command::TypeText { .. }
            | Command::TypeInBytes { .. }
            | Command::Cell(crate::app::CellCommand::Type(..))
            | Command::Backspace { .. }
            | Command::WriteHere(_)
            | Command::Paste(_)
            | Command::PasteAs(_)
            | Command::Table(TableCommand::Paste(_))
            | Command::Search(SearchCommand::ReplaceOne | SearchCommand::ReplaceAll) => true,
            Command::Do(action) => self.dialog.is_none() && self.asking.is_none() && action.changes() && action.enabled(self),
            _ => false,
        };
        match self.active {
            Some(id) if changes && self.comparison_in_front().is_none() => self.refuses_changes(id).is_some(),
            _ => false,
        }
    }
}
