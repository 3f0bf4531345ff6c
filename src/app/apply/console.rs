//! Statements in the console: what they are given, and what comes of them.

use crate::app::console::{LastRun, LineKind, RunPurpose, RunningConsole, TYPED_AHEAD, Watched};
use crate::app::names::FRONT;
use crate::app::{
    Action, AppState, Command, CompareCommand, ConsoleCommand, ConsoleRequest, Dialog, Effect, Job, JobOutcome, PaneKind,
    SearchCommand, WalkCommand,
};
use crate::console::session::{Answer, Binding, Printed, Problem, Request, Touched};
use crate::document::{Document, DocumentId, Operation, Origin};
use crate::stream::{CallRecord, Exception, ExceptionKind};

use super::edit::unknown;
use crate::app::job::script_text;

impl AppState {
    pub(in crate::app) fn console_command(&mut self, command: ConsoleCommand, effects: &mut Vec<Effect>) {
        match command {
            ConsoleCommand::Run(source) => self.run_typed(source, effects),
            ConsoleCommand::RunScript { name, source } => self.run_script(name, source, effects),
            ConsoleCommand::Complete { text, cursor } => {
                if !self.console.is_running() {
                    let request = ConsoleRequest::Complete { text, cursor, documents: self.bindings() };
                    effects.push(Effect::Console(request));
                }
            }
            ConsoleCommand::EndCompletion => self.console.completions = None,
            ConsoleCommand::Completed(completions) => self.console.completions = Some(completions),
            ConsoleCommand::Printed { printed, problem } => self.console_printed(printed, problem),
            ConsoleCommand::Answered(answer) => self.console_answered(*answer, effects),
            ConsoleCommand::Adopt(name) => {
                if !self.console_is_busy() {
                    self.adopt_name(&name, effects);
                }
            }
            ConsoleCommand::Show(key) => self.activate_key(key),
        }
    }

    fn run_typed(&mut self, source: String, effects: &mut Vec<Effect>) {
        if source.trim().is_empty() {
            return;
        }
        if self.console.is_running() {
            // As in a terminal: what is typed ahead runs when its turn comes.
            if self.console.ahead.len() < TYPED_AHEAD {
                self.console.ahead.push_back(source);
            } else {
                self.warn(format!("{TYPED_AHEAD} statements wait already: press Stop, or wait for those that run"));
            }
            return;
        }
        self.console.transcript.push_input(&source);
        self.settings.remember_statement(&source);
        self.keep_settings(effects);
        self.run_in_console(source, RunPurpose::Typed, effects);
    }

    pub(in crate::app) fn run_script(&mut self, name: String, source: String, effects: &mut Vec<Effect>) {
        if self.console_is_busy() {
            return;
        }
        self.show_console(effects);
        self.console.transcript.push_lines(LineKind::Note, &format!("Running {name}"));
        self.run_in_console(source, RunPurpose::Script(name), effects);
    }

    pub(in crate::app) fn console_is_busy(&mut self) -> bool {
        if self.console.is_running() {
            self.warn("The console runs statements already: press Stop first");
        }
        self.console.is_running()
    }

    pub(in crate::app) fn run_in_console(&mut self, source: String, purpose: RunPurpose, effects: &mut Vec<Effect>) {
        let request = Request { source: source.clone(), documents: self.bindings() };
        self.console.completions = None;
        // A walk that plays would take documents elsewhere.
        for open in &mut self.documents {
            open.view.playing = None;
        }
        self.console.running = Some(RunningConsole { source, purpose, ..RunningConsole::idle() });
        effects.push(Effect::Console(ConsoleRequest::Run(request)));
    }

    /// All documents with what they hold. The one in front has one name more, unless the user gave that to something else.
    fn bindings(&self) -> Vec<Binding> {
        let taken = self.console.names.iter().any(|info| info.name == FRONT && info.document.is_none());
        let binding = |open: &crate::app::OpenDocument| {
            let mut names = vec![open.name.clone()];
            if Some(open.document.id()) == self.active && !taken {
                names.push(FRONT.to_owned());
            }
            Binding {
                key: open.document.id().get(),
                names,
                state: open.document.state(),
                protected: open.document.is_protected(),
            }
        };
        self.documents.iter().map(binding).collect()
    }

    /// Output of statements that still run.
    fn console_printed(&mut self, printed: Vec<Printed>, problem: Option<Problem>) {
        let Some(mut running) = self.console.running.take() else {
            // Nothing runs: the console speaks of itself.
            let idle = RunningConsole::idle();
            self.show_printed(printed, None, &idle);
            return;
        };
        if running.is_private() {
            running.withheld.extend(printed);
        } else {
            let problem = problem.filter(|_| !running.marked);
            running.marked |= problem.is_some() && printed.iter().any(|line| matches!(line, Printed::Exception(_)));
            self.show_printed_before_end(printed, problem, &running);
        }
        self.console.running = Some(running);
    }

    fn console_answered(&mut self, mut answer: Answer, effects: &mut Vec<Effect>) {
        let Some(mut running) = self.console.running.take() else { return };
        if !running.withheld.is_empty() {
            answer.printed.splice(0..0, std::mem::take(&mut running.withheld));
        }
        let Answer { printed, problem, documents, names, statements, steps, elapsed } = answer;
        let raised = problem.is_some();
        let failed = problem.as_ref().map(|problem| problem.message.clone());
        // The questions of a lesson are its own affair, and so is what makes its streams.
        let (shown, kept) = match running.purpose {
            RunPurpose::LessonCheck => (Vec::new(), printed),
            RunPurpose::LessonState if !raised => (Vec::new(), Vec::new()),
            _ => (printed, Vec::new()),
        };
        let problem = problem.filter(|_| running.purpose != RunPurpose::LessonCheck && !running.marked);
        self.show_printed(shown, problem, &running);
        self.console.names = names;
        self.console.runs += 1;
        self.console.last_run = Some(LastRun { steps, seconds: elapsed.as_secs_f64(), raised });
        self.console.watched.clear();
        for mut touched in documents {
            if running.purpose == RunPurpose::LessonCheck {
                (touched.calls, touched.more_calls) = (Vec::new(), 0);
            }
            self.take_touched(touched, &running, &statements);
        }
        self.lesson_answered(&running.purpose, &kept, failed, effects);
        for command in std::mem::take(&mut self.console.waiting) {
            effects.extend(self.apply(command));
        }
        if running.then_quit {
            self.quit(effects);
        } else if !self.console.is_running()
            && let Some(next) = self.console.ahead.pop_front()
        {
            self.run_typed(next, effects);
        }
    }

    fn show_printed(&mut self, printed: Vec<Printed>, problem: Option<Problem>, running: &RunningConsole) {
        let told = printed.iter().any(|line| matches!(line, Printed::Exception(_)));
        self.show_printed_before_end(printed, problem.clone().filter(|_| told), running);
        if let Some(problem) = problem.filter(|_| !told) {
            self.mark_place(Some(&problem), running);
            self.console.transcript.push_lines(LineKind::Exception, &problem.message);
        }
    }

    /// The place of the problem stands above the first exception.
    fn show_printed_before_end(&mut self, printed: Vec<Printed>, mut problem: Option<Problem>, running: &RunningConsole) {
        for line in printed {
            let transcript = &mut self.console.transcript;
            match line {
                Printed::Output(text) => transcript.push(LineKind::Output, &text),
                Printed::Error(text) => transcript.push(LineKind::Error, &text),
                Printed::Value(text) => transcript.push_lines(LineKind::Value, &text),
                Printed::Exception(text) => {
                    self.mark_place(problem.take().as_ref(), running);
                    self.console.transcript.push_lines(LineKind::Exception, &text);
                }
            }
        }
    }

    /// The line of the source that is wrong, its part marked, above the exception.
    fn mark_place(&mut self, problem: Option<&Problem>, running: &RunningConsole) {
        // A statement that was stopped is wrong nowhere.
        let Some(problem) = problem.filter(|problem| problem.syntax || problem.range != (0, 0)) else { return };
        let source = running.source.as_str();
        let Some(text) = source.split('\n').nth(problem.line.saturating_sub(1)) else { return };
        let text = text.trim_end_matches('\r');
        let several = source.trim_end().contains('\n');
        let transcript = &mut self.console.transcript;
        match &running.purpose {
            RunPurpose::Script(name) => {
                let place = format!("{name}, line {}, column {}", problem.line, problem.column);
                transcript.push_lines(LineKind::Note, &place);
            }
            _ if several => transcript.push_lines(LineKind::Note, &format!("Line {}, column {}", problem.line, problem.column)),
            _ => {}
        }
        // The line is shown without its indent; a tab before the place would move the mark.
        let indent = text.chars().take_while(|c| c.is_whitespace()).count();
        let shown = text.trim_start();
        let from = problem.column.saturating_sub(1).saturating_sub(indent);
        let marked = source.get(problem.range.0..problem.range.1).unwrap_or_default();
        let first = marked.split('\n').next().unwrap_or_default().trim_end().chars().count().max(1);
        transcript.push_marked(shown, (clamp(from), clamp(from + first)));
    }

    /// A statement's calls on a document become steps of it: they can be undone, and the views follow.
    fn take_touched(&mut self, touched: Touched, running: &RunningConsole, statements: &[(usize, usize)]) {
        let Touched { key, calls, more_calls, state, exported, links, held } = touched;
        let Some(open) = self.documents.iter_mut().find(|open| open.document.id().get() == key) else { return };
        let id = open.document.id();
        let before = (open.document.position(), open.document.revision());
        let mut groups = by_statement(calls).into_iter().peekable();
        if groups.peek().is_none() {
            open.document.adopt_calls(Vec::new(), more_calls, &state, &running.says(None));
            open.document.set_wrappers(Some(&links));
        }
        while let Some((number, calls)) = groups.next() {
            let last = groups.peek().is_none();
            let after = calls.last().map(|call| call.after.clone()).filter(|_| !last).unwrap_or_else(|| state.clone());
            open.document.adopt_calls(calls, if last { more_calls } else { 0 }, &after, &running.says(statements.get(number)));
            // What they held before the next call, or hold now.
            let until = groups.peek().map(|(next, _)| *next);
            match until.map(|next| held.iter().rev().find(|(after, _)| *after < next)) {
                None => open.document.set_wrappers(Some(&links)),
                Some(None) => open.document.set_wrappers(None),
                Some(Some((_, Some(links)))) => open.document.set_wrappers(Some(links)),
                Some(Some((_, None))) => {}
            }
        }
        if (open.document.position(), open.document.revision()) != before {
            open.view.reveal += 1;
        }
        if exported || !links.is_empty() {
            self.console.watched.insert(id, Watched { exported, links });
        }
    }

    /// The stream of a name becomes a document.
    pub(in crate::app) fn adopt_name(&mut self, name: &str, effects: &mut Vec<Effect>) -> Option<DocumentId> {
        let info = self.console.names.iter().find(|info| info.name == name)?;
        let state = info.stream.clone()?;
        let origin = Origin::Derived("the console".into());
        let document = Document::of_state(name, origin, &state);
        let id = document.id();
        let key = id.get();
        self.add(document, None, unknown());
        if let Some(info) = self.console.names.iter_mut().find(|info| info.name == name) {
            (info.stream, info.document) = (None, Some(key));
        }
        effects.push(Effect::Console(ConsoleRequest::Adopt { name: name.to_owned(), key }));
        Some(id)
    }

    fn activate_key(&mut self, key: u64) {
        if let Some(id) = self.documents.iter().map(|open| open.document.id()).find(|id| id.get() == key) {
            self.activate(id);
        }
    }

    pub(in crate::app) fn stop_console(&mut self, effects: &mut Vec<Effect>) {
        if let Some(running) = &mut self.console.running {
            running.stopping = true;
            effects.push(Effect::Console(ConsoleRequest::Stop));
        }
        let dropped = std::mem::take(&mut self.console.ahead).len();
        if dropped > 0 {
            self.info(match dropped {
                1 => "1 statement that waited does not run".to_owned(),
                n => format!("{n} statements that waited do not run"),
            });
        }
    }

    pub(in crate::app) fn reset_console(&mut self, effects: &mut Vec<Effect>) {
        if self.console_is_busy() {
            return;
        }
        self.forget_names();
        self.console.transcript.push_lines(LineKind::Note, "A new session: the names are gone, the documents are as they were");
        effects.push(Effect::Console(ConsoleRequest::Reset));
    }

    /// What a new session does not know.
    pub(in crate::app) fn forget_names(&mut self) {
        let console = &mut self.console;
        console.names.clear();
        console.watched.clear();
        console.completions = None;
    }

    /// The pane of the console is shown where it is hidden.
    pub(in crate::app) fn show_console(&mut self, effects: &mut Vec<Effect>) {
        if !self.settings.panes.contains(&PaneKind::Console) {
            self.settings.panes.push(PaneKind::Console);
            self.keep_settings(effects);
        }
        self.console_wanted = true;
        self.console_focus += 1;
    }

    /// The document in front, as a script.
    pub(in crate::app) fn run_document(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let name = open.document.name().to_owned();
        match script_text(&open.document.snapshot()) {
            Ok(source) => self.run_script(name, source, effects),
            Err(why) => self.error(format!("{name} is not run: {why}")),
        }
    }

    pub(in crate::app) fn read_script(&mut self, path: Option<std::path::PathBuf>, effects: &mut Vec<Effect>) {
        if let Some(path) = path {
            self.settings.remember_folder(&path);
            self.start(Job::ReadScript(path), effects);
        }
    }

    // ---- documents wait while statements run ----

    /// Whether this must not happen while statements run; if so it is refused with a notice, or kept for later.
    pub(in crate::app) fn waits_for_console(&mut self, command: Command, effects: &mut Vec<Effect>) -> Option<Command> {
        if !self.console.is_running() {
            return Some(command);
        }
        if matches!(command, Command::CloseRequested | Command::Do(Action::Quit)) {
            return self.quit_after_console(command, effects);
        }
        // A file that was read again replaces a document's content: that can wait.
        if matches!(&command, Command::Finished(_, outcome) if matches!(**outcome, JobOutcome::Opened(_))) {
            self.console.waiting.push(command);
            return None;
        }
        if !self.changes_documents(&command) {
            return Some(command);
        }
        if let Some(running) = &mut self.console.running
            && !std::mem::replace(&mut running.told, true)
        {
            self.warn("The console runs statements on the documents: press Stop, or wait for their end");
        }
        None
    }

    /// The window closes when the statements have ended, so that what they did to documents is asked about. Who asks
    /// twice is not kept waiting.
    fn quit_after_console(&mut self, command: Command, effects: &mut Vec<Effect>) -> Option<Command> {
        match &mut self.console.running {
            Some(running) if !running.then_quit => {
                running.then_quit = true;
                self.stop_console(effects);
                None
            }
            _ => Some(command),
        }
    }

    fn changes_documents(&self, command: &Command) -> bool {
        match command {
            Command::Perform(_)
            | Command::Select { .. }
            | Command::MoveCursor { .. }
            | Command::TypeNibble { .. }
            | Command::TypeText { .. }
            | Command::Backspace { .. }
            | Command::Close(_)
            | Command::Walk(WalkCommand::To(_) | WalkCommand::ToStep(_)) => true,
            Command::Search(command) => matches!(
                command,
                SearchCommand::Step { .. } | SearchCommand::ReplaceOne | SearchCommand::ReplaceAll | SearchCommand::Go { .. }
            ),
            Command::Compare(CompareCommand::Select { .. }) => true,
            Command::Paste(_) => self.active.is_some(),
            Command::Do(action) => matches!(
                action,
                Action::Reload
                    | Action::CloseDocument
                    | Action::Undo
                    | Action::Redo
                    | Action::Cut
                    | Action::Delete
                    | Action::SelectAll
                    | Action::FindNext
                    | Action::FindPrevious
                    | Action::SwapSelectionEnds
                    | Action::SeekStart
                    | Action::SeekEnd
                    | Action::Tell
                    | Action::ReadLine
                    | Action::ReadRest
                    | Action::GetValue
                    | Action::TruncateHere
                    | Action::Protect
                    | Action::CloseStream
                    | Action::WalkFirst
                    | Action::WalkBack
                    | Action::WalkOn
                    | Action::WalkLatest
                    | Action::WalkPlay
                    | Action::WalkStay
            ),
            Command::Dialog(crate::app::DialogCommand::Accept) => {
                matches!(self.dialog, Some(Dialog::GoTo { .. } | Dialog::SelectRange { .. }))
            }
            _ => false,
        }
    }

    // ---- views of the console lock documents ----

    /// What Python says where the document is protected, or a view locks it: `None` where the operation may go on.
    pub(in crate::app) fn locked(&mut self, id: DocumentId, operation: &Operation) -> Option<Exception> {
        let reads = matches!(
            operation,
            Operation::Seek { .. } | Operation::Tell | Operation::Read(_) | Operation::ReadLine(_) | Operation::GetValue
        );
        if reads {
            return None;
        }
        self.refuses_changes(id).or_else(|| self.is_locked(id).then(|| self.tell_locked()))
    }

    pub(in crate::app) fn is_locked(&self, id: DocumentId) -> bool {
        self.console.watched(id).is_some_and(|watched| watched.exported)
    }

    pub(in crate::app) fn tell_locked(&mut self) -> Exception {
        let exception = Exception::new(ExceptionKind::Buffer, "Existing exports of data: object cannot be re-sized");
        self.error(format!(
            "{exception}. The console holds a view of this document: release() it there, del its name, or reset the session"
        ));
        exception
    }
}

/// The calls of each statement together, in order.
fn by_statement(calls: Vec<(usize, CallRecord)>) -> Vec<(usize, Vec<CallRecord>)> {
    let mut statements: Vec<(usize, Vec<CallRecord>)> = Vec::new();
    for (number, call) in calls {
        match statements.last_mut() {
            Some((last, calls)) if *last == number => calls.push(call),
            _ => statements.push((number, vec![call])),
        }
    }
    statements
}

fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
