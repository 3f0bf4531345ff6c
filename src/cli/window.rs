//! `seektell [FILE…]`: the window, or its substitute where there is none.

use std::path::PathBuf;
use std::process::ExitCode;

use super::input::{self, is_address, is_dash};
use super::output::{self, Stop, message};
use super::{info, rows};
use crate::process::{CommandLine, Limits};

/// What the window shall open with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowRequest {
    /// The files, in the order they were given.
    pub files: Vec<PathBuf>,
    /// Whether standard input is to be opened too (`-`); nothing of it has been read.
    pub standard_input: bool,
    /// Addresses to open; nothing was asked for yet.
    pub addresses: Vec<String>,
    /// A program to run and capture; it does not run yet.
    pub capture: Option<(CommandLine, Limits)>,
}

impl WindowRequest {
    pub(super) fn new(files: Vec<PathBuf>) -> Self {
        let (dashes, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| is_dash(path));
        let (addresses, files): (Vec<PathBuf>, Vec<_>) = files.into_iter().partition(|path| is_address(path));
        let addresses = addresses.iter().map(|address| address.to_string_lossy().into_owned()).collect();
        Self { files, standard_input: !dashes.is_empty(), addresses, capture: None }
    }

    /// [`describe_without_display`] for these files, and standard input last.
    pub fn describe(&self, reason: &str) -> ExitCode {
        let dash = self.standard_input.then(|| PathBuf::from("-"));
        if self.capture.is_some() {
            message(&format!("{reason}; without --open the output goes to standard output."));
            return ExitCode::FAILURE;
        }
        let addresses = self.addresses.iter().map(PathBuf::from);
        let files: Vec<_> = self.files.iter().cloned().chain(addresses).chain(dash).collect();
        describe_without_display(&files, reason)
    }
}

/// What the window's command does where no window can be: says why in one sentence on standard error, then prints for each
/// file what `info` and the first rows of `hex` would. `reason` is a whole sentence without its full stop ("There is no
/// display"). Success, unless a file cannot be read.
pub fn describe_without_display(files: &[PathBuf], reason: &str) -> ExitCode {
    let instead = if files.is_empty() {
        "see seektell --help for the commands that need none"
    } else {
        "here is what can be said in words"
    };
    message(&format!("{reason}; {instead}."));
    let mut failed = false;
    for (index, path) in files.iter().enumerate() {
        let text = input::open(path).and_then(|buffer| Ok(info::text(&buffer, path)? + "\n" + &rows::first_rows(&buffer, path)?));
        let gap = if index > 0 { "\n" } else { "" };
        match text.and_then(|text| output::print(&format!("{gap}{text}"))) {
            Ok(()) => {}
            Err(Stop::Closed) => return ExitCode::SUCCESS,
            Err(stop) => {
                failed = true;
                output::exit_code(Err(stop));
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
