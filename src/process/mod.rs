//! Programs that a person asks to be run, and what they write: the one module that starts a process.
//!
//! A [`CommandLine`] is arguments, never a line for a shell, unless the person asked for the shell. Both outputs are read at the
//! same time, so that neither blocks the other, up to a limit of bytes and of time. When one is reached, or the work is cancelled,
//! the program and everything it started in its group are ended. Nothing that is opened ever makes a command. Beside that only the
//! desktop's file manager is started, for a folder that somebody wants to see.

mod capture;
mod show;
mod words;

use std::ffi::OsString;
use std::time::Duration;

use crate::buffer::{Buffer, Len};
use crate::tasks::Cancelled;

pub use capture::capture;
pub use show::{ShowError, show_folder};
pub use words::{WordsError, quoted, split};

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// The program and its arguments.
    pub words: Vec<OsString>,
}

impl CommandLine {
    /// A line that the system's shell is to read (`/bin/sh -c`).
    pub fn through_the_shell(line: &str) -> Self {
        let words = if cfg!(windows) { ["cmd", "/C", line] } else { ["/bin/sh", "-c", line] };
        Self { words: words.map(OsString::from).to_vec() }
    }

    /// The name of the program, without its folder.
    pub fn name(&self) -> String {
        let program = self.words.first().cloned().unwrap_or_default();
        let path = std::path::PathBuf::from(program);
        path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
    }
}

/// What it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Bytes of both outputs together.
    pub bytes: u64,
    /// Time until it is ended.
    pub time: Duration,
}

impl Default for Limits {
    /// 64 MiB and 60 seconds.
    fn default() -> Self {
        Self { bytes: 64 << 20, time: Duration::from_secs(60) }
    }
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this exit status.
    Code(i32),
    /// By a signal that was not ours.
    Signal(i32),
    /// It ran longer than it might, and was ended.
    Time(Duration),
    /// It wrote more than it might, and was ended.
    Bytes(u64),
}

impl Ended {
    /// Whether it ended by itself and says that all went well.
    pub fn is_success(self) -> bool {
        self == Self::Code(0)
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit status {code}"),
            Self::Signal(signal) => write!(f, "ended by signal {signal}"),
            Self::Time(time) => write!(f, "ended after {} seconds, the limit", time.as_secs_f32()),
            Self::Bytes(bytes) => write!(f, "ended after {}, the limit", Len(*bytes).in_words()),
        }
    }
}

/// What a program wrote.
#[derive(Clone, Debug)]
pub struct Captured {
    /// Standard output.
    pub output: Buffer,
    /// Standard error.
    pub errors: Buffer,
    /// How it ended.
    pub ended: Ended,
    /// Something that it started still holds its outputs open, and was not waited for.
    pub left_behind: bool,
}

/// Nothing was captured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// There is no program in the command.
    #[error("there is no program to run; type its name")]
    Empty,
    /// It could not be started.
    #[error("{program} cannot be run: {what}")]
    NotStarted {
        /// Its name.
        program: String,
        /// Why.
        what: String,
    },
    /// Its end could not be waited for.
    #[error("the program cannot be waited for: {0}")]
    Lost(#[source] std::io::Error),
    /// It was stopped; it is ended.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
