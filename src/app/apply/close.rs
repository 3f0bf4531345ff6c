//! Closing documents and the window; unsaved changes ask first.

use crate::app::state::REOPENABLE;
use crate::app::{AfterUnsaved, AppState, Dialog, Effect};
use crate::document::DocumentId;

impl AppState {
    pub(in crate::app) fn close(&mut self, id: DocumentId) {
        let Some(open) = self.document(id) else { return };
        if self.dialog.is_some() || self.asking.is_some() {
            return;
        }
        if open.is_unsaved() {
            self.active = Some(id);
            self.dialog = Some(Dialog::Unsaved { documents: vec![id], then: AfterUnsaved::Close(id) });
        } else {
            self.remove(id);
        }
    }

    pub(in crate::app) fn quit(&mut self, effects: &mut Vec<Effect>) {
        let documents = self.modified();
        if documents.is_empty() {
            effects.push(Effect::CloseWindow);
        } else if self.asking.is_none() {
            self.dialog = Some(Dialog::Unsaved { documents, then: AfterUnsaved::Quit });
        }
    }

    pub(in crate::app) fn close_for_good(&mut self, then: AfterUnsaved, effects: &mut Vec<Effect>) {
        match then {
            AfterUnsaved::Close(id) => self.remove(id),
            AfterUnsaved::Quit => effects.push(Effect::CloseWindow),
            AfterUnsaved::Reload(id) => self.read_again(id, effects),
        }
    }

    /// Saves the next document that waits for it, or closes when all are saved.
    pub(in crate::app) fn go_on_closing(&mut self, effects: &mut Vec<Effect>) {
        let Some(closing) = &mut self.closing else { return };
        let then = closing.then;
        while let Some(id) = self.closing.as_ref().and_then(|closing| closing.queue.first().copied()) {
            let saved = self.document(id).is_none_or(|open| !open.is_unsaved());
            if !saved {
                self.save(id, effects);
                return;
            }
            if let Some(closing) = &mut self.closing {
                closing.queue.remove(0);
            }
        }
        self.closing = None;
        self.close_for_good(then, effects);
    }

    /// Brings the document that was closed last back, as it was.
    pub(in crate::app) fn reopen(&mut self) {
        let Some(mut open) = self.closed.pop() else { return };
        open.name = self.free_name(open.document.name());
        self.active = Some(open.document.id());
        self.documents.push(open);
    }

    pub(in crate::app) fn remove(&mut self, id: DocumentId) {
        let Some(at) = self.documents.iter().position(|open| open.document.id() == id) else { return };
        let closed = self.documents.remove(at);
        self.comparisons.retain(|open| !open.documents.contains(&id));
        self.console.watched.remove(&id);
        self.console.closed.push(id);
        // An empty document that nobody touched is nothing to bring back.
        if closed.document.size() > 0 || closed.document.history().undo_len() > 0 {
            if self.closed.len() == REOPENABLE {
                self.closed.remove(0);
            }
            self.closed.push(closed);
        }
        if self.active == Some(id) {
            let next = at.min(self.documents.len().saturating_sub(1));
            self.active = self.documents.get(next).map(|open| open.document.id());
        }
    }
}
