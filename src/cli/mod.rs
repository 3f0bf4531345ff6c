//! The terminal: the same engine as the window, with no display.
//!
//! Data goes to standard output, messages to standard error, one line each: `seektell: what is wrong: path`. The exit status
//! is 0, 1 (something failed) or 2 (the command line is wrong); `search` follows `grep`: 0 found, 1 not found, 2 failed. A closed pipe is success. Names and contents from outside
//! reach the terminal with control, escape and bidirectional characters made visible.

mod animate;
mod archive;
mod capture;
mod compare;
mod convert;
mod formats;
mod frames;
mod hash;
mod info;
mod input;
mod interrupt;
mod metadata;
mod output;
mod report;
mod rows;
mod run;
#[cfg(feature = "gui")]
mod screenshot;
mod search;
mod stats;
mod strings;
mod structure;
mod table;
mod window;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::convert::numbers;
pub use output::escape;
#[cfg(feature = "gui")]
pub use screenshot::{ScreenshotRequest, ThemeChoice};
pub use window::{WindowRequest, describe_without_display};

const EXAMPLES: &str = "\
Examples:
  seektell photo.png people.csv          open both in the window
  seektell info photo.png                what it is, and why
  seektell hex disk.img --offset 1M      look at the bytes
  seektell hash photo.png --algorithm sha256,blake3
  seektell convert photo.png -o photo.jpg --quality 90
  seektell convert people.csv --to json -o -
  seektell report sales.json -o sales.pdf
  seektell animate one.png two.png -o both.gif --delay 200
  seektell frames film.gif --into frames
  seektell archive pack -o both.zip a.csv b.json
  seektell compare old.bin new.bin --aligned
  seektell info https://example.org/data.csv   ask for an address
  seektell capture -- ls -l              run a program, take what it writes
  seektell convert *.bmp --to png --into converted
  seektell search disk.img PNG           print where it is
  seektell strings program --offsets     the runs of text in it
  seektell stats disk.img                histogram and entropy of its bytes
  seektell table people.csv --stats      what its columns are like
  seektell run lesson.py                 run a script that uses io.BytesIO

Exit status: 0 done, 1 something failed, 2 the command line is wrong (compare: 0 the same, 1 different, 2 trouble),
130 interrupted; nothing half written is left.
A file that is named like a command is written with its folder: ./info";

/// Open anything as an in-memory stream, watch its cursor move, look inside it, and save it as something else.
#[derive(Debug, Parser)]
#[command(name = "seektell", version, about, after_help = EXAMPLES, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
struct Arguments {
    /// Files to open in the window; - reads standard input, https://… asks for an address
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell what files are, and why
    Info(info::Arguments),
    /// Print a hex dump
    Hex(rows::Arguments),
    /// Print digests and checksums
    Hash(hash::Arguments),
    /// Convert files
    Convert(Box<convert::Arguments>),
    /// Make a document of sections (titles, texts, tables, pictures): PDF, HTML, XLSX or CSV
    Report(Box<report::Arguments>),
    /// Build an animation of pictures and animations
    Animate(Box<animate::Arguments>),
    /// Write each frame of an animation, or page of a TIFF, as a picture of its own
    Frames(Box<frames::Arguments>),
    /// Compare two files, by position or across what was put in and taken out
    Compare(compare::Arguments),
    /// Print the runs of text in any bytes
    Strings(strings::Arguments),
    /// Tell what the bytes are like: classes, histogram, entropy
    Stats(stats::Arguments),
    /// Filter, sort, count and describe the rows of a table
    Table(Box<table::Arguments>),
    /// Run a Python script on in-memory streams
    Run(run::Arguments),
    /// Print where text, bytes, numbers or a regular expression are
    Search(Box<search::Arguments>),
    /// List, extract and pack ZIP and tar archives
    Archive(archive::Arguments),
    /// Run a program and take what it writes
    Capture(capture::Arguments),
    /// List the formats
    Formats(formats::Arguments),
    /// Paint the window into a PNG, with no display
    #[cfg(feature = "gui")]
    Screenshot(ScreenshotRequest),
}

/// Runs the command line. Without a subcommand the files go to `open_window`, which is the one thing here that may need
/// a display: where there is none it returns [`WindowRequest::describe`].
///
/// `arguments` starts with the program's name, as `std::env::args_os` does.
pub fn run(arguments: impl IntoIterator<Item = OsString>, open_window: impl FnOnce(WindowRequest) -> ExitCode) -> ExitCode {
    quiet_guarded_panics();
    let words: Vec<OsString> = arguments.into_iter().collect();
    let command = subcommand(&words);
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, command.as_deref()),
    };
    let result = match arguments.command {
        Some(Command::Info(arguments)) => info::run(&arguments),
        Some(Command::Hex(arguments)) => rows::run(&arguments),
        Some(Command::Hash(arguments)) => hash::run(&arguments),
        Some(Command::Convert(arguments)) => convert::run(&arguments),
        Some(Command::Report(arguments)) => report::run(&arguments),
        Some(Command::Animate(arguments)) => animate::run(&arguments),
        Some(Command::Frames(arguments)) => frames::run(&arguments),
        // Its exit status is that of cmp and diff.
        Some(Command::Compare(arguments)) => return compare::run(&arguments),
        Some(Command::Strings(arguments)) => strings::run(&arguments),
        Some(Command::Stats(arguments)) => stats::run(&arguments),
        Some(Command::Table(arguments)) => table::run(&arguments),
        Some(Command::Run(arguments)) => run::run(&arguments),
        Some(Command::Search(arguments)) => return search::run(&arguments),
        Some(Command::Archive(arguments)) => archive::run(&arguments),
        Some(Command::Capture(arguments)) => match arguments.for_window() {
            Some(request) => return open_window(request),
            None => capture::run(&arguments),
        },
        Some(Command::Formats(arguments)) => formats::run(&arguments),
        #[cfg(feature = "gui")]
        Some(Command::Screenshot(request)) => screenshot::run(&request),
        None => return open_window(WindowRequest::new(arguments.files)),
    };
    output::exit_code_of(result, command.as_deref())
}

/// The command that was named, whose help says more than that of all.
fn subcommand(words: &[OsString]) -> Option<String> {
    let name = words.get(1)?.to_str()?;
    Arguments::command().find_subcommand(name).map(|command| command.get_name().to_owned())
}

/// Help and version are data; everything else is one line on standard error.
fn usage(error: &clap::Error, command: Option<&str>) -> ExitCode {
    let text = error.render().to_string();
    if !error.use_stderr() {
        return output::exit_code(output::print(&text));
    }
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.strip_prefix("error: ").unwrap_or(&line);
    output::message(&format!("{}; {}", escape(line.trim_end_matches('.')), output::see_help(command)));
    ExitCode::from(2)
}

/// A decoder that panics becomes an error with a message of its own; the default report would only be noise before it.
fn quiet_guarded_panics() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !crate::formats::is_guarded() {
            report(panic);
        }
    }));
}
