//! States that come from outside: a document follows them.

use super::Document;
use crate::stream::StreamState;

impl Document {
    /// What a new document holds from its beginning: neither a step nor a call.
    pub fn begin_with(&mut self, state: &StreamState) {
        self.restore(state);
        self.timeline = Self::first_timeline(&self.stream);
    }
}
