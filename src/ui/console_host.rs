//! The console's thread, as the window asks for it.

use crate::app::{ConsoleCommand, ConsoleRequest};
use crate::console::session::Completeness;
use crate::tasks::Waker;

/// Whether typed text is a whole statement.
pub(super) fn completeness(text: &str) -> Completeness {
    if text.trim_end().ends_with([':', '(', '\\']) { Completeness::Incomplete } else { Completeness::Complete }
}

/// The console, started when it is asked for the first time.
pub(super) struct ConsoleHost {
    _wake: Waker,
    answers: Vec<ConsoleCommand>,
}

impl ConsoleHost {
    pub(super) fn new(wake: Waker) -> Self {
        Self { _wake: wake, answers: Vec::new() }
    }

    /// Asks for something; answers come by [`ConsoleHost::poll`].
    pub(super) fn ask(&mut self, request: ConsoleRequest) {
        if let ConsoleRequest::Run(request) = request {
            let text = format!("{} bytes of statements", request.source.len());
            let printed = vec![crate::console::session::Printed::Value(text)];
            let answer = crate::console::session::Answer { printed, ..Default::default() };
            self.answers.push(ConsoleCommand::Answered(Box::new(answer)));
        }
    }

    /// What was answered since the last call.
    pub(super) fn poll(&mut self) -> Vec<ConsoleCommand> {
        std::mem::take(&mut self.answers)
    }

    /// Whether nothing runs.
    pub(super) fn is_idle(&self) -> bool {
        self.answers.is_empty()
    }
}
