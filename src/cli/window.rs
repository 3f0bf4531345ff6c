//! `seektell [FILE…]`: the window, or its substitute where there is none.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::input::{self, is_dash};
use super::output::{self, Stop, message};
use super::{info, rows};
use crate::buffer::Buffer;

/// The window's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ThemeChoice {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
}

/// What the window shall open with.
#[derive(Clone, Debug)]
pub struct WindowRequest {
    /// The files, as they were given; `-` stands for [`WindowRequest::stdin`].
    pub files: Vec<PathBuf>,
    /// All of standard input, where one of the files is `-`.
    pub stdin: Option<Buffer>,
    /// The theme, where the command line names one.
    pub theme: Option<ThemeChoice>,
}

impl WindowRequest {
    pub(super) fn new(files: Vec<PathBuf>, theme: Option<ThemeChoice>) -> Result<Self, Stop> {
        let stdin = files.iter().find(|path| is_dash(path)).map(|path| input::open(path)).transpose()?;
        Ok(Self { files, stdin, theme })
    }

    /// [`describe_without_display`] for these files.
    pub fn describe(&self, reason: &str) -> ExitCode {
        describe(&self.files, reason, &|path| match &self.stdin {
            Some(stdin) if is_dash(path) => Ok(stdin.clone()),
            _ => input::open(path),
        })
    }
}

/// What the window's command does where no window can be: says why in one sentence on standard error, then prints for each
/// file what `info` and the first rows of `hex` would. `reason` is a whole sentence without its full stop ("There is no
/// display"). Success, unless a file cannot be read.
pub fn describe_without_display(files: &[PathBuf], reason: &str) -> ExitCode {
    describe(files, reason, &input::open)
}

fn describe(files: &[PathBuf], reason: &str, open: &dyn Fn(&Path) -> Result<Buffer, Stop>) -> ExitCode {
    let instead = if files.is_empty() {
        "see seektell --help for the commands that need none"
    } else {
        "here is what can be said in words"
    };
    message(&format!("{reason}; {instead}."));
    let mut failed = false;
    for (index, path) in files.iter().enumerate() {
        let text = open(path).and_then(|buffer| Ok(info::text(&buffer, path)? + "\n" + &rows::first_rows(&buffer, path)?));
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
