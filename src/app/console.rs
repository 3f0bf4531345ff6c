//! The console as the window knows it: what it shows, what runs, and what came of it. The interpreter lives elsewhere.

use std::collections::{HashMap, VecDeque};

use crate::console::session::{Answer, Binding, Completion, NameInfo, Printed, Problem, Request};
use crate::document::{Document, DocumentId, Wrappers};
use crate::stream::Link;

/// Lines and bytes of the transcript that are kept; older lines are dropped and counted.
const KEPT_LINES: usize = 20_000;
const KEPT_BYTES: usize = 4 << 20;

/// Characters of a line; what is longer goes on in the next one, so that a line is cheap to show.
const LINE_CHARACTERS: usize = 4096;

/// What the pane asks for, and what the console reports.
#[derive(Clone, Debug)]
pub enum ConsoleCommand {
    /// Run statements that were typed.
    Run(String),
    /// Run a script; its name is shown instead of its text.
    RunScript {
        /// The file's name.
        name: String,
        /// The statements.
        source: String,
    },
    /// Suggestions are wanted for the word at the cursor, in bytes.
    Complete {
        /// What is typed.
        text: String,
        /// Where the cursor is, in bytes.
        cursor: usize,
    },
    /// The suggestions are no longer looked at.
    EndCompletion,
    /// Suggestions arrived.
    Completed(Completions),
    /// Running statements printed something.
    Printed {
        /// What is new.
        printed: Vec<Printed>,
        /// The first thing that went wrong in the run so far.
        problem: Option<Problem>,
    },
    /// Statements ended.
    Answered(Box<Answer>),
    /// A stream that a name stands for is to become a document.
    Adopt(String),
    /// The document of a name comes to the front.
    Show(u64),
}

/// What the console is asked by an effect.
#[derive(Clone, Debug, PartialEq)]
pub enum ConsoleRequest {
    /// Run statements, and answer with [`ConsoleCommand::Answered`].
    Run(Request),
    /// Stop what runs; it answers soon.
    Stop,
    /// Answer with [`ConsoleCommand::Completed`].
    Complete {
        /// What is typed.
        text: String,
        /// Where the cursor is, in bytes.
        cursor: usize,
        /// The documents that are open now.
        documents: Vec<Binding>,
    },
    /// The stream of a name is a document now.
    Adopt {
        /// The name.
        name: String,
        /// The document's key.
        key: u64,
    },
    /// A document was closed.
    Forget(u64),
    /// A new session: no names, no modules.
    Reset,
}

/// Suggestions for a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completions {
    /// What was typed.
    pub text: String,
    /// Where the cursor was, in bytes.
    pub cursor: usize,
    /// The suggestions, best first.
    pub items: Vec<Completion>,
}

/// What a line of the transcript is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// The first line of statements, behind `>>> `.
    Input,
    /// A further line of them, behind `... `.
    More,
    /// From `print`.
    Output,
    /// From `sys.stderr`.
    Error,
    /// The value of an expression.
    Value,
    /// An exception's last line.
    Exception,
    /// The statement that is wrong; a part of it is marked.
    Place,
    /// A word of the window: a script began, the session is new.
    Note,
}

/// A line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptLine {
    /// What it is.
    pub kind: LineKind,
    /// What it says, without the prompt; nothing in it hides.
    pub text: String,
    /// How many characters that are.
    pub chars: u32,
    /// The characters that are marked, first and behind the last.
    pub mark: Option<(u32, u32)>,
}

impl TranscriptLine {
    /// What stands before the text.
    pub fn prompt(&self) -> &'static str {
        match self.kind {
            LineKind::Input => ">>> ",
            LineKind::More => "... ",
            LineKind::Place => "    ",
            _ => "",
        }
    }
}

/// Everything that was typed and printed, bounded.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    lines: VecDeque<TranscriptLine>,
    bytes: usize,
    dropped: u64,
    version: u64,
    /// The last line may go on: no line end came yet.
    unfinished: bool,
}

impl Transcript {
    /// The lines that are kept, oldest first.
    pub fn lines(&self) -> &VecDeque<TranscriptLine> {
        &self.lines
    }

    /// How many older lines are no longer kept.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// A number that is another one after each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// All lines with their prompts, as one text; marks are lines of carets.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.bytes + 5 * self.lines.len());
        for line in &self.lines {
            text.push_str(line.prompt());
            text.push_str(&line.text);
            text.push('\n');
            if let Some((from, to)) = line.mark {
                text.extend(std::iter::repeat_n(' ', line.prompt().len() + from as usize));
                text.extend(std::iter::repeat_n('^', (to - from) as usize));
                text.push('\n');
            }
        }
        text
    }

    pub(super) fn clear(&mut self) {
        let version = self.version;
        *self = Self { version: version + 1, ..Self::default() };
    }

    /// Statements, behind their prompts.
    pub(super) fn push_input(&mut self, source: &str) {
        let mut before = "";
        for line in source.trim_end_matches('\n').split('\n') {
            self.push_lines(if begins_statement(before, line) { LineKind::Input } else { LineKind::More }, line);
            before = line;
        }
    }

    /// Whole lines.
    pub(super) fn push_lines(&mut self, kind: LineKind, text: &str) {
        self.unfinished = false;
        self.push(kind, text);
        self.unfinished = false;
    }

    /// A line with a part of it marked.
    pub(super) fn push_marked(&mut self, text: &str, mark: (u32, u32)) {
        self.push_lines(LineKind::Place, text);
        if let Some(line) = self.lines.back_mut() {
            line.mark = Some((mark.0.min(line.chars), mark.1.min(line.chars).max(mark.0 + 1)));
        }
    }

    /// Output: goes on in the last line where that has not ended.
    pub(super) fn push(&mut self, kind: LineKind, text: &str) {
        self.version += 1;
        let text = self.skip_what_would_be_dropped(text);
        let ended = text.ends_with('\n');
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            let goes_on = self.unfinished && self.lines.back().is_some_and(|last| last.kind == kind);
            self.push_line(kind, line, goes_on);
            self.unfinished = false;
        }
        self.unfinished = !ended;
        self.drop_oldest();
    }

    /// Of a text that is longer than all that is kept, the last part; the lines before it count as dropped.
    fn skip_what_would_be_dropped<'a>(&mut self, text: &'a str) -> &'a str {
        let Some(mut from) = text.len().checked_sub(KEPT_BYTES).filter(|&from| from > 0) else { return text };
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let (skipped, kept) = text.split_at(from);
        self.dropped += self.lines.len() as u64 + skipped.bytes().filter(|&byte| byte == b'\n').count() as u64;
        self.lines.clear();
        self.bytes = 0;
        self.unfinished = false;
        kept
    }

    fn push_line(&mut self, kind: LineKind, text: &str, goes_on: bool) {
        let mut line = match self.lines.pop_back() {
            Some(last) if goes_on => {
                self.bytes -= last.text.len();
                last
            }
            last => {
                self.lines.extend(last);
                TranscriptLine { kind, text: String::new(), chars: 0, mark: None }
            }
        };
        for c in text.chars() {
            if line.chars as usize >= LINE_CHARACTERS {
                let next = TranscriptLine { kind, text: String::new(), chars: 0, mark: None };
                self.keep(std::mem::replace(&mut line, next));
                self.drop_oldest();
            }
            push_visible(&mut line, c);
        }
        self.keep(line);
    }

    fn keep(&mut self, line: TranscriptLine) {
        self.bytes += line.text.len();
        self.lines.push_back(line);
    }

    fn drop_oldest(&mut self) {
        while self.lines.len() > KEPT_LINES || (self.bytes > KEPT_BYTES && self.lines.len() > 1) {
            let Some(line) = self.lines.pop_front() else { break };
            self.bytes -= line.text.len();
            self.dropped += 1;
        }
    }
}

/// Whether a line begins a statement of its own, for the prompt before it; `before` is the line above.
fn begins_statement(before: &str, line: &str) -> bool {
    let goes_on = line.starts_with([' ', '\t', ')', ']', '}']) || line.trim().is_empty();
    let clause = ["else", "elif", "except", "finally", "case"].iter().any(|word| line.starts_with(word));
    before.is_empty()
        || !(goes_on || clause || before.starts_with('@') || before.trim_end().ends_with(['\\', '(', '[', '{', ',']))
}

/// Tabs become spaces, and what would hide or turn the reading direction becomes an escape.
fn push_visible(line: &mut TranscriptLine, c: char) {
    match c {
        '\t' => {
            let width = 8 - line.chars % 8;
            line.text.extend(std::iter::repeat_n(' ', width as usize));
            line.chars += width;
        }
        c if c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => {
            let escape = match u32::from(c) {
                n @ 0..=0xFF => format!("\\x{n:02x}"),
                n => format!("\\u{n:04x}"),
            };
            line.text.push_str(&escape);
            line.chars += escape.len() as u32;
        }
        c => {
            line.text.push(c);
            line.chars += 1;
        }
    }
}

/// Why statements run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunPurpose {
    /// They were typed.
    Typed,
    /// A script of this name.
    Script(String),
    /// They make the streams of a lesson.
    LessonState,
    /// A lesson's question is about them.
    LessonStep,
    /// They tell whether a lesson's streams are where it wants them.
    LessonCheck,
}

/// Statements that run.
#[derive(Clone, Debug)]
pub struct RunningConsole {
    /// The statements.
    pub source: String,
    /// Why they run.
    pub purpose: RunPurpose,
    /// Stop was pressed.
    pub stopping: bool,
    /// What it printed that is not shown, or not yet.
    pub(super) withheld: Vec<Printed>,
    /// The place of its problem is shown.
    pub(super) marked: bool,
    /// The user was told that documents wait.
    pub(super) told: bool,
    /// The window closes when it has ended.
    pub(super) then_quit: bool,
}

/// Statements that may wait for those that run.
pub const TYPED_AHEAD: usize = 16;

/// Characters of a statement that the timeline keeps.
const STATEMENT: usize = 200;

impl RunningConsole {
    /// Nothing that runs.
    pub(super) fn idle() -> Self {
        Self {
            source: String::new(),
            purpose: RunPurpose::Typed,
            stopping: false,
            withheld: Vec::new(),
            marked: false,
            told: false,
            then_quit: false,
        }
    }

    /// Whether what it prints is shown at its end or never: a lesson's own affairs.
    pub(super) fn is_private(&self) -> bool {
        matches!(self.purpose, RunPurpose::LessonCheck | RunPurpose::LessonState)
    }

    /// What the timeline says of a call: the statement that made it, or all of them where that is not known; a script's name.
    pub(super) fn says(&self, statement: Option<&(usize, usize)>) -> String {
        if let RunPurpose::Script(script) = &self.purpose {
            return script.clone();
        }
        let statement = statement.and_then(|&(start, end)| self.source.get(start..end)).unwrap_or(&self.source);
        statement.trim().chars().take(STATEMENT).collect()
    }
}

/// What the console holds of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watched {
    /// A view of it exists: nothing else may change it.
    pub exported: bool,
    /// The wrappers over it.
    pub links: Vec<Link>,
}

/// The console.
#[derive(Debug, Default)]
pub struct ConsoleState {
    pub(super) transcript: Transcript,
    pub(super) running: Option<RunningConsole>,
    pub(super) names: Vec<NameInfo>,
    pub(super) completions: Option<Completions>,
    pub(super) watched: HashMap<DocumentId, Watched>,
    /// Statements that were typed while others run, oldest first: they run next.
    pub(super) ahead: VecDeque<String>,
    /// Reports that change a document wait here while statements run.
    pub(super) waiting: Vec<super::Command>,
    /// Documents that were closed since the last effect.
    pub(super) closed: Vec<DocumentId>,
    /// Statements that ran, for lessons and for the pane's line about the last run.
    pub(super) runs: u64,
    pub(super) last_run: Option<LastRun>,
}

/// How the last statements went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LastRun {
    /// Steps taken.
    pub steps: u64,
    /// Seconds taken.
    pub seconds: f64,
    /// Whether an exception ended them.
    pub raised: bool,
}

impl ConsoleState {
    /// What was typed and printed.
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// What runs now.
    pub fn running(&self) -> Option<&RunningConsole> {
        self.running.as_ref()
    }

    /// Whether statements run now: documents wait for them.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Statements that wait until those before them have ended, oldest first; at most [`TYPED_AHEAD`].
    pub fn typed_ahead(&self) -> impl ExactSizeIterator<Item = &str> {
        self.ahead.iter().map(String::as_str)
    }

    /// The names that the user made.
    pub fn names(&self) -> &[NameInfo] {
        &self.names
    }

    /// Suggestions that arrived last.
    pub fn completions(&self) -> Option<&Completions> {
        self.completions.as_ref()
    }

    /// What the console holds of a document.
    pub fn watched(&self, id: DocumentId) -> Option<&Watched> {
        self.watched.get(&id)
    }

    /// What the wrappers over a document hold, or held at the earlier moment that it shows.
    pub fn wrappers<'a>(&'a self, document: &'a Document) -> Wrappers<'a> {
        if document.is_walking() {
            return document.timeline().wrappers();
        }
        Wrappers::Held(self.watched(document.id()).map(|watched| watched.links.as_slice()).unwrap_or_default())
    }

    /// How many times statements ran to their end.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// How the last statements went.
    pub fn last_run(&self) -> Option<LastRun> {
        self.last_run
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(transcript: &Transcript) -> Vec<&str> {
        transcript.lines().iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn output_goes_on_in_its_line_until_a_line_end() {
        let mut transcript = Transcript::default();
        transcript.push(LineKind::Output, "ab");
        transcript.push(LineKind::Output, "cd\n");
        transcript.push(LineKind::Output, "\n");
        transcript.push(LineKind::Output, "e\tf\nlast");
        transcript.push(LineKind::Error, "oops\n");
        assert_eq!(texts(&transcript), ["abcd", "", "e       f", "last", "oops"]);
        transcript.push_input("a = 1\nfor x in y:\n    pass\n");
        transcript.push_marked("x = 1/0", (4, 7));
        let text = transcript.text();
        assert!(text.ends_with("oops\n>>> a = 1\n>>> for x in y:\n...     pass\n    x = 1/0\n        ^^^\n"), "{text}");
    }

    #[test]
    fn nothing_hides_in_a_line() {
        let mut transcript = Transcript::default();
        transcript.push(LineKind::Value, "a\u{202E}b\u{7}\r\n");
        assert_eq!(texts(&transcript), ["a\\u202eb\\x07\\x0d"]);
        assert_eq!(transcript.lines()[0].chars as usize, transcript.lines()[0].text.chars().count());
    }

    #[test]
    fn old_lines_are_dropped_and_counted() {
        let mut transcript = Transcript::default();
        transcript.push(LineKind::Output, &"x\n".repeat(KEPT_LINES + 5));
        assert_eq!((transcript.lines().len(), transcript.dropped()), (KEPT_LINES, 5));
        transcript.push(LineKind::Output, &"é".repeat(3 * KEPT_BYTES));
        assert!(transcript.bytes <= KEPT_BYTES);
        assert!(transcript.lines().iter().all(|line| line.chars as usize <= LINE_CHARACTERS));
        transcript.clear();
        assert_eq!((transcript.lines().len(), transcript.dropped()), (0, 0));
    }
}
