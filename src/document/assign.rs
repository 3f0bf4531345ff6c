//! States that come from outside: a document follows them.

use super::Document;
use super::edit::changed;
use super::history::Step;
use crate::stream::StreamState;

impl Document {
    /// What a new document holds from its beginning: neither a step nor a call.
    pub fn begin_with(&mut self, state: &StreamState) {
        self.restore(state);
    }

    /// Puts the stream into a state that it was given elsewhere, as one step that can be undone. Says whether anything, the
    /// cursor included, is another than before.
    pub fn set_state(&mut self, state: &StreamState) -> bool {
        let before = self.state();
        let (revision_before, selection_before) = (self.revision, self.selection);
        self.restore(state);
        self.selection = None;
        if !changed(&before, state) {
            self.history.end_run();
            return before.position() != state.position();
        }
        self.next_revision();
        let cost = before.size();
        let step = Step {
            label: "Statement",
            before,
            revision_before,
            selection_before,
            after: state.clone(),
            revision_after: self.revision,
            cost,
            run: None,
        };
        self.history.push(step, false);
        true
    }
}
