//! `seektell capture`: running a program and taking what it writes.

use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::WindowRequest;
use super::interrupt;
use super::numbers::parse_len;
use super::output::{self, Inert, Stop, count, message};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::files::{self, Existing};
use crate::formats::{self, Format, FormatError, Options};
use crate::process::{self, Captured, CommandLine};

const EXAMPLES: &str = "\
The program gets the words behind -- exactly as they are: no shell reads them. Its standard output goes to standard output or to
-o, its standard error to standard error or to --errors. A limit that is reached ends it with everything it started; what came
until then is kept. Exit status: 0 if the program's was 0, else 1.

Examples:
  seektell capture -- ls -l /tmp
  seektell capture --to json -o list.json -- some-tool --csv
  seektell capture --time 5 --limit 1M -o out.bin --errors err.txt -- make
  seektell capture --open -- git log";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The program and its arguments, behind --
    #[arg(required = true, last = true, value_name = "COMMAND")]
    command: Vec<std::ffi::OsString>,
    /// Where its standard output goes; - is standard output
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Where its standard error goes
    #[arg(long, value_name = "OUT")]
    errors: Option<PathBuf>,
    /// Convert its standard output
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    to: Option<Format>,
    /// The most bytes of both outputs; 64M by default
    #[arg(long, value_name = "SIZE", value_parser = parse_len)]
    limit: Option<u64>,
    /// The longest time in seconds; 60 by default
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    time: Option<u64>,
    /// Open both outputs as documents in the window
    #[arg(long, conflicts_with_all = ["output", "errors", "to"])]
    open: bool,
    /// Replace files that exist
    #[arg(long)]
    overwrite: bool,
}

fn parse_format(word: &str) -> Result<Format, String> {
    Format::from_id(word).ok_or_else(|| format!("{word:?} is no format; seektell formats lists them"))
}

impl Arguments {
    fn line(&self) -> CommandLine {
        CommandLine { words: self.command.clone() }
    }

    fn limits(&self) -> process::Limits {
        let usual = process::Limits::default();
        process::Limits { bytes: self.limit.unwrap_or(usual.bytes), time: self.time.map_or(usual.time, Duration::from_secs) }
    }

    /// What the window is to open with, if it is to.
    pub(super) fn for_window(&self) -> Option<WindowRequest> {
        self.open.then(|| WindowRequest { capture: Some((self.line(), self.limits())), ..WindowRequest::default() })
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let existing = if arguments.overwrite { Existing::Replace } else { Existing::Refuse };
    // Nothing runs for a result that could not be kept.
    for path in arguments.output.iter().chain(&arguments.errors).filter(|path| path.as_os_str() != "-") {
        if existing == Existing::Refuse && path.symlink_metadata().is_ok() {
            return Err(Stop::about("the file exists already; say --overwrite to replace it", path));
        }
    }
    let progress = interrupt::progress();
    let captured = process::capture(&arguments.line(), &arguments.limits(), &progress);
    let Captured { output, errors, ended, left_behind } = captured.map_err(|error| Stop::Failed(error.to_string()))?;
    match &arguments.errors {
        Some(path) => save(&errors, path, &existing)?,
        None if io::stderr().is_terminal() => {
            let mut inert = Inert::new(io::stderr().lock());
            copy(&errors, &mut inert)?;
            inert.finish()?;
        }
        None => copy(&errors, &mut io::stderr().lock())?,
    }
    let (from, to) = match arguments.to {
        Some(to) => (formats::detect(&output, None).map_err(|error| Stop::Failed(error.to_string()))?.format, to),
        None => (Format::Bytes, Format::Bytes),
    };
    match arguments.output.as_deref().filter(|path| path.as_os_str() != "-") {
        Some(path) => convert_to_file(&output, from, to, path, &existing)?,
        None => to_stdout(&output, from, to)?,
    }
    let name = arguments.line().name();
    if left_behind {
        message(&format!("notice: {name} started something that kept its output open; it was not waited for"));
    }
    if ended.is_success() {
        return Ok(());
    }
    message(&output::escape(&format!("{name}: {ended}")));
    Err(Stop::Reported)
}

fn save(bytes: &Buffer, path: &Path, existing: &Existing) -> Result<(), Stop> {
    files::save_buffer(path, existing, &interrupt::progress(), bytes).map_err(|error| Stop::about(&error.kind, path))?;
    output::print(&format!("{} ({})\n", files::display_path(path), count(bytes.len().get(), "byte")))
}

fn convert_to_file(input: &Buffer, from: Format, to: Format, path: &Path, existing: &Existing) -> Result<(), Stop> {
    if formats::is_copy(from, to) {
        return save(input, path, existing);
    }
    let (mut failure, mut written, progress) = (None, 0, interrupt::progress());
    let saved = files::save(path, existing, &progress, &mut |out| match formats::convert(
        input,
        from,
        to,
        &Options::default(),
        out,
        &progress,
    ) {
        Ok(conversion) => {
            written = conversion.written;
            conversion.losses.iter().for_each(|loss| message(&output::about(format!("notice: {}", loss.what), path)));
            Ok(())
        }
        Err(FormatError::Write(error)) => Err(error),
        Err(error) => {
            failure = Some(error);
            Err(io::Error::other("the conversion failed"))
        }
    });
    match (failure, saved) {
        (Some(error), _) => Err(Stop::about(error, path)),
        (None, Err(error)) => Err(Stop::about(&error.kind, path)),
        (None, Ok(_)) => output::print(&format!("{} ({to}, {})\n", files::display_path(path), count(written, "byte"))),
    }
}

fn to_stdout(input: &Buffer, from: Format, to: Format) -> Result<(), Stop> {
    let mut out = output::stdout();
    let go = |out: &mut dyn Write| match formats::convert(input, from, to, &Options::default(), out, &interrupt::progress()) {
        Ok(conversion) => {
            conversion.losses.iter().for_each(|loss| message(&format!("notice: {}", output::escape(&loss.what))));
            Ok(())
        }
        Err(FormatError::Write(error)) => Err(Stop::from(error)),
        Err(error) => Err(Stop::Failed(output::escape(&error.to_string()))),
    };
    if output::to_terminal() {
        let mut inert = Inert::new(&mut out);
        go(&mut inert)?;
        inert.finish()?;
    } else {
        go(&mut out)?;
    }
    Ok(out.flush()?)
}

fn copy(bytes: &Buffer, out: &mut dyn Write) -> Result<(), Stop> {
    for chunk in bytes.chunks(ByteRange::new(Offset::ZERO, bytes.len())) {
        let chunk = chunk.map_err(|error| Stop::Failed(error.to_string()))?;
        // A closed standard error is nobody's problem.
        if out.write_all(&chunk).is_err() {
            break;
        }
    }
    Ok(())
}
