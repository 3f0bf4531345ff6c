//! The console's thread, as the window asks for it.

use crate::app::{Completions, ConsoleCommand, ConsoleRequest};
use crate::console::session::{Binding, Console, INTERACTIVE};
use crate::tasks::Waker;

/// The console, started when it is asked for the first time.
pub(super) struct ConsoleHost {
    wake: Waker,
    console: Option<Console>,
    /// The documents and names that the console was told of last.
    known: Vec<(u64, Vec<String>)>,
    /// Suggestions that wait until the console knows the documents.
    wanted: Option<(String, usize)>,
}

impl ConsoleHost {
    pub(super) fn new(wake: Waker) -> Self {
        Self { wake, console: None, known: Vec::new(), wanted: None }
    }

    /// Asks for something; answers come by [`ConsoleHost::poll`].
    pub(super) fn ask(&mut self, request: ConsoleRequest) {
        match request {
            ConsoleRequest::Run(request) => {
                self.known = names(&request.documents);
                self.started().run(request);
            }
            ConsoleRequest::Complete { text, cursor, documents } => {
                let names = names(&documents);
                let console_knows = std::mem::replace(&mut self.known, names.clone()) == names;
                let console = self.started();
                if !console_knows {
                    console.bind(documents);
                }
                self.wanted = Some((text, cursor));
            }
            // What was never started has nothing to stop, to forget or to reset.
            ConsoleRequest::Stop => self.if_started(Console::stop),
            ConsoleRequest::Adopt { name, key } => self.if_started(|console| console.adopt(&name, key)),
            ConsoleRequest::Forget(key) => {
                self.known.retain(|(known, _)| *known != key);
                self.if_started(|console| console.forget(key));
            }
            ConsoleRequest::Reset => {
                self.known.clear();
                // One that was given up is not asked any more: the next statements start another.
                if self.console.as_ref().is_some_and(Console::is_dead) {
                    self.console = None;
                }
                self.if_started(Console::reset);
            }
        }
    }

    fn started(&mut self) -> &Console {
        self.console.get_or_insert_with(|| Console::start(INTERACTIVE, self.wake.clone()))
    }

    fn if_started(&self, ask: impl FnOnce(&Console)) {
        if let Some(console) = &self.console {
            ask(console);
        }
    }

    /// What was answered since the last call.
    pub(super) fn poll(&mut self) -> Vec<ConsoleCommand> {
        let mut commands = Vec::new();
        let Some(console) = &self.console else { return commands };
        let (printed, problem) = console.take_printed();
        if !printed.is_empty() {
            commands.push(ConsoleCommand::Printed { printed, problem });
        }
        while let Some(answer) = console.try_answer() {
            commands.push(ConsoleCommand::Answered(Box::new(answer)));
        }
        if console.is_settled()
            && let Some((text, cursor)) = self.wanted.take()
        {
            let items = console.complete(&text, cursor);
            commands.push(ConsoleCommand::Completed(Completions { text, cursor, items }));
        }
        commands
    }

    /// Whether nothing runs.
    pub(super) fn is_idle(&self) -> bool {
        self.wanted.is_none() && self.console.as_ref().is_none_or(|console| !console.is_busy())
    }
}

fn names(documents: &[Binding]) -> Vec<(u64, Vec<String>)> {
    documents.iter().map(|binding| (binding.key, binding.names.clone())).collect()
}
