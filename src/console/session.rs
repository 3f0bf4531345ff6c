//! A console on a thread of its own: requests in, answers out, and a stop that always works.
//!
//! Everything that goes in or comes out is plain data that may change threads; the interpreter and its values never leave theirs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use super::handle::Console;
use super::interpreter::{self, Interpreter};
use super::raise::Halt;
use super::vm::Limits;
use crate::stream::{CallRecord, Link, StreamState};

/// What the console is asked to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Statements. They are parsed whole; if that fails nothing runs.
    pub source: String,
    /// The documents that are open now, with what they hold. The stream object of a document stays the same from request to
    /// request (views and wrappers of it go on working); if the document was changed from outside, its object is set to `state`.
    pub documents: Vec<Binding>,
}

/// A document, as the console knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// Names it for as long as it is open.
    pub key: u64,
    /// The names that stand for it in statements. The last of several documents that take the same name wins.
    pub names: Vec<String>,
    /// What it holds.
    pub state: StreamState,
    /// Whether changes of it raise `io.UnsupportedOperation`.
    pub protected: bool,
}

/// What came of a request.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Everything that is to be shown, in order, but for what [`Console::take_printed`] gave already.
    pub printed: Vec<Printed>,
    /// Where the statements are wrong, or which one raised and was not caught.
    pub problem: Option<Problem>,
    /// What happened to the documents, for each that was touched, or that a view or a wrapper looks at.
    pub documents: Vec<Touched>,
    /// The names of the namespace that the user made, sorted, with what they stand for.
    pub names: Vec<NameInfo>,
    /// Where each top-level statement stands in the source, in bytes: first and behind the last. Empty where it does not parse.
    pub statements: Vec<(usize, usize)>,
    /// Steps taken.
    pub steps: u64,
    /// Time taken.
    pub elapsed: Duration,
}

/// Something to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Printed {
    /// From `print` or a write to `sys.stdout`.
    Output(String),
    /// A write to `sys.stderr`.
    Error(String),
    /// The `repr` of an expression statement's value.
    Value(String),
    /// The last line of a traceback.
    Exception(String),
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `NameError: name 'x' is not defined`
    pub message: String,
    /// Bytes of the source, first and behind the last.
    pub range: (usize, usize),
    /// Line of the start, from 1.
    pub line: usize,
    /// Column of the start in characters, from 1.
    pub column: usize,
    /// Whether nothing ran because the source does not parse.
    pub syntax: bool,
}

/// What happened to a document.
#[derive(Clone, Debug)]
pub struct Touched {
    /// The document.
    pub key: u64,
    /// The calls that were made on its stream, with the number of the statement (from 0) that made each.
    pub calls: Vec<(usize, CallRecord)>,
    /// Calls beyond those that are kept.
    pub more_calls: u64,
    /// What it holds now.
    pub state: StreamState,
    /// Whether a view of it exists, which locks its size.
    pub exported: bool,
    /// The wrappers over it that are alive, with what they hold.
    pub links: Vec<Link>,
    /// What they held after the statements (from 0) that changed it; `None` where it is not known from that statement on, because
    /// it is too much to be kept.
    pub held: Vec<(usize, Option<Vec<Link>>)>,
}

/// A name of the namespace.
#[derive(Clone, Debug, PartialEq)]
pub struct NameInfo {
    /// The name.
    pub name: String,
    /// The class of its value: `_io.BytesIO`.
    pub class: String,
    /// Its value's `repr`, shortened.
    pub repr: String,
    /// For a `BytesIO` or `StringIO` that is no document yet: what it holds. It can be opened with [`Console::adopt`].
    pub stream: Option<StreamState>,
    /// The document that it is.
    pub document: Option<u64>,
}

/// A suggestion for what is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What replaces the word at the cursor.
    pub text: String,
    /// What it is: `method`, `attribute`, `name`, `keyword`, `module`.
    pub kind: &'static str,
}

/// Whether typed text is a whole statement; decides what Enter does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// It can run.
    Complete,
    /// More lines must follow.
    Incomplete,
    /// It cannot become right by more lines.
    Invalid,
}

/// The limits of a console in the window.
pub const INTERACTIVE: Limits = Limits { steps: u64::MAX, memory: 1 << 30, recursion: 1000, output: 16 << 20 };

/// The limits of `seektell run`, unless the command line says otherwise.
pub const SCRIPT: Limits = Limits { steps: 200_000_000, memory: 1 << 30, recursion: 1000, output: 256 << 20 };

/// Runs a script on a thread of its own and waits for it. `show` gets what is to be shown as it comes; what it returns says
/// whether to go on.
///
/// Every top-level statement runs, whatever the one before raised, as when they are typed one by one; `SystemExit` ends it.
/// Returns the first thing that went wrong: why the source does not parse, or the first exception that nothing caught.
///
/// # Errors
/// Why it was ended before its end.
pub fn run_script(
    source: String,
    limits: Limits,
    show: impl FnMut(Printed) -> bool + Send + 'static,
) -> Result<Option<Problem>, ScriptError> {
    let thread = std::thread::Builder::new().name("script".to_owned()).stack_size(interpreter::STACK);
    let running = thread.spawn(move || {
        let stop = Arc::new(AtomicBool::new(false));
        let (flag, mut show) = (Arc::clone(&stop), show);
        let sink = move |printed| {
            if !show(printed) {
                flag.store(true, Ordering::Relaxed);
            }
        };
        let interpreter = Interpreter::new(limits, stop, Box::new(sink));
        let ended = interpreter.run(&source, |_| (), |_| ());
        match ended.halt {
            None => Ok(ended.problem),
            Some(halt) => Err(ScriptError::Halted(halt)),
        }
    });
    let running = running.map_err(|error| ScriptError::NoThread(error.to_string()))?;
    running.join().unwrap_or(Err(ScriptError::Internal))
}

/// Why a script did not run to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// It was stopped, or reached a limit.
    #[error("{}", match .0 {
        Halt::Stopped => "stopped",
        Halt::Steps => "the script took more steps than allowed (--steps)",
        Halt::Output => "the script printed more than allowed",
        Halt::Memory => "the script took more memory than allowed (--memory)",
    })]
    Halted(Halt),
    /// The operating system gave no thread; its words.
    #[error("no thread could be started: {0}")]
    NoThread(String),
    /// A mistake in this program.
    #[error("an internal error stopped the script")]
    Internal,
}
