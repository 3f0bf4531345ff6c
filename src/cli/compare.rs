//! `seektell compare`: where two files differ.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::input;
use super::output::{self, Stop};
use crate::buffer::{Buffer, ByteRange, Len, Offset, ReadError};
use crate::explore::compare::{
    self, CompareError, Comparison, Method, Options, ReportFormat, Run, RunKind, Surplus, TEXT_LIMIT, compare, compare_texts,
    write_report,
};
use crate::files;
use crate::formats::Limits;
use crate::formats::dump;
use crate::formats::text::{self, Encoding};
use crate::stream::Text;
use crate::tasks::Progress;

const EXAMPLES: &str = "\
Lines that begin with < are of the first file, lines with > of the second one; rows that differ are printed up to eight a place.

Examples:
  seektell compare old.bin new.bin             byte 0 with byte 0, and so on
  seektell compare old.bin new.bin --aligned   finds what was put in and taken out
  seektell compare a.txt b.txt --text          by characters
  seektell compare a b --quiet && echo same

Exit status: 0 the same, 1 different, 2 trouble.";

/// Rows that are printed of each side of a place.
const ROWS: u64 = 8;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The first file; - reads standard input
    left: PathBuf,
    /// The second file
    right: PathBuf,
    /// Find what was put in and taken out, rather than compare what has the same offset
    #[arg(long)]
    aligned: bool,
    /// Compare characters; the encoding is guessed where none is named
    #[arg(long, value_name = "ENCODING", num_args = 0..=1, default_missing_value = "", require_equals = true)]
    text: Option<String>,
    /// Print the runs that differ as JSON
    #[arg(long, conflicts_with_all = ["csv", "quiet"])]
    json: bool,
    /// Print the runs that differ as CSV
    #[arg(long, conflicts_with = "quiet")]
    csv: bool,
    /// The most places that are listed; the others are counted
    #[arg(long, value_name = "N", default_value_t = 1000)]
    limit: u64,
    /// The most bytes that a text may take in memory with --text, or an address may give, such as 2G
    #[arg(long, value_name = "SIZE", value_parser = super::numbers::parse_len)]
    memory: Option<u64>,
    /// Print nothing; the exit status says it
    #[arg(long, short)]
    quiet: bool,
}

/// The exit status says whether the files are the same.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match differ(arguments) {
        Ok(false) | Err(Stop::Closed) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::from(1),
        Err(stop) => {
            output::exit_code(Err(stop));
            ExitCode::from(2)
        }
    }
}

fn differ(arguments: &Arguments) -> Result<bool, Stop> {
    let (left, right) = (&arguments.left, &arguments.right);
    if input::is_dash(left) && input::is_dash(right) {
        return Err(Stop::Usage("standard input can be one of the two, not both".into()));
    }
    let memory = arguments.memory;
    let (a, b) = (input::open_within(left, memory)?, input::open_within(right, memory)?);
    let progress = Progress::new();
    let stop = |error| trouble(error, left, right);
    if arguments.quiet && arguments.text.is_none() {
        return compare::is_same(&a, &b, &progress).map(|same| !same).map_err(stop);
    }
    let method = if arguments.aligned { Method::Aligned } else { Method::Position };
    let limit = usize::try_from(arguments.limit).unwrap_or(usize::MAX);
    let text_limit = memory.map_or(TEXT_LIMIT, |bytes| bytes / 4);
    let options = Options { limit, surplus: Surplus::Count, text_limit, ..Options::new(method) };
    let sides = match &arguments.text {
        None => None,
        Some(name) => Some((decoded(&a, name, left, memory)?, decoded(&b, name, right, memory)?)),
    };
    let found = match &sides {
        None => compare(&a, &b, &options, &progress).map_err(stop)?,
        Some((a, b)) => compare_texts(a, b, &options, &progress).map_err(stop)?,
    };
    if arguments.quiet {
        return Ok(!found.is_same());
    }
    let names = [files::display_path(left), files::display_path(right)];
    let mut out = output::stdout();
    if arguments.json || arguments.csv {
        let format = if arguments.json { ReportFormat::Json } else { ReportFormat::Csv };
        let names = names.each_ref().map(|name| output::escape(name));
        write_report(&found, names.each_ref().map(String::as_str), format, arguments.limit, &mut out, &progress)?;
    } else {
        let mut places = 0;
        for run in found.runs().filter(|run| run.kind != RunKind::Equal) {
            if places == arguments.limit {
                break;
            }
            places += 1;
            match &sides {
                None => print_bytes(&run, &a, &b, &mut out).map_err(|error| match error {
                    Trouble::Write(error) => error.into(),
                    Trouble::Left(error) => Stop::about(error, left),
                    Trouble::Right(error) => Stop::about(error, right),
                })?,
                Some((a, b)) => print_text(&run, a, b, &mut out)?,
            }
        }
        writeln!(out, "{}", summary(&found, sides.is_some(), &names, places))?;
    }
    out.flush()?;
    Ok(!found.is_same())
}

fn trouble(error: CompareError, left: &Path, right: &Path) -> Stop {
    match error {
        CompareError::Left(error) => Stop::about(error, left),
        CompareError::Right(error) => Stop::about(error, right),
        error => Stop::Failed(error.to_string()),
    }
}

fn decoded(bytes: &Buffer, encoding: &str, path: &Path, memory: Option<u64>) -> Result<Text, Stop> {
    let encoding = match encoding {
        "" => text::guess(bytes).map_err(|error| Stop::about(error, path))?.encoding,
        name => Encoding::from_name(name).ok_or_else(|| Stop::Usage(format!("{name:?} is no encoding that is known here")))?,
    };
    let (text, broken) =
        text::decode_within(bytes, encoding, Limits::of(memory), &Progress::new()).map_err(|error| Stop::about(error, path))?;
    if broken > 0 {
        let places = if broken == 1 { "1 place is".to_owned() } else { format!("{broken} places are") };
        output::message(&output::about(format!("{places} not {}, read as U+FFFD", encoding.name()), path));
    }
    Ok(Text::from(text.as_str()))
}

enum Trouble {
    Write(std::io::Error),
    Left(ReadError),
    Right(ReadError),
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error)
    }
}

/// "changed 0x10 +4, 0x10 +4".
fn heading(run: &Run) -> String {
    let (left, right, len) = (run.left, run.right, run.len);
    match run.kind {
        RunKind::OnlyLeft => format!("only in the first 0x{left:X} +{len}, missing at 0x{right:X}"),
        RunKind::OnlyRight => format!("only in the second 0x{right:X} +{len}, missing at 0x{left:X}"),
        RunKind::Equal | RunKind::Changed if left == right => format!("changed 0x{left:X} +{len}"),
        RunKind::Equal | RunKind::Changed => format!("changed 0x{left:X} +{len}, in the second 0x{right:X}"),
    }
}

fn print_bytes(run: &Run, left: &Buffer, right: &Buffer, out: &mut impl Write) -> Result<(), Trouble> {
    writeln!(out, "{}", heading(run))?;
    let mut side = |mark, bytes: &Buffer, start: u64, wrong: fn(ReadError) -> Trouble| -> Result<(), Trouble> {
        let shown = run.len.min(ROWS * 16);
        let shown = bytes.to_vec(ByteRange::new(Offset(start), Len(shown))).map_err(wrong)?;
        for (row, at) in shown.chunks(16).zip((start..).step_by(16)) {
            writeln!(out, "{mark} {}", dump::row_text(Offset(at), row, false))?;
        }
        let more = run.len - shown.len() as u64;
        if more > 0 {
            writeln!(out, "{mark} … {} more", output::grouped(more))?;
        }
        Ok(())
    };
    if run.kind != RunKind::OnlyRight {
        side('<', left, run.left, Trouble::Left)?;
    }
    if run.kind != RunKind::OnlyLeft {
        side('>', right, run.right, Trouble::Right)?;
    }
    Ok(())
}

fn print_text(run: &Run, left: &Text, right: &Text, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}", heading(run))?;
    let mut side = |mark, text: &Text, start: u64| {
        let shown = run.len.min(ROWS * 80);
        let words = output::escape(&text.slice(start, start + shown).to_string_lossy());
        let more = run.len - shown;
        let more = if more > 0 { format!(" … {} more", output::grouped(more)) } else { String::new() };
        writeln!(out, "{mark} {words}{more}")
    };
    if run.kind != RunKind::OnlyRight {
        side('<', left, run.left)?;
    }
    if run.kind != RunKind::OnlyLeft {
        side('>', right, run.right)?;
    }
    Ok(())
}

/// "1,234 bytes in 56 places differ; 3 only in a".
fn summary(found: &Comparison, text: bool, names: &[String; 2], listed: u64) -> String {
    let counts = &found.counts;
    let unit = if text { "character" } else { "byte" };
    let many = |n: u64| format!("{} {unit}{}", output::grouped(n), if n == 1 { "" } else { "s" });
    if found.is_same() {
        return format!("the same: {}", many(found.left_len));
    }
    let mut parts = Vec::new();
    if counts.changed > 0 {
        parts.push(format!("{} changed", many(counts.changed)));
    }
    for (count, name) in [(counts.only_left, &names[0]), (counts.only_right, &names[1])] {
        if count > 0 {
            parts.push(format!("{} only in {}", many(count), output::escape(name)));
        }
    }
    let places = output::grouped(counts.places);
    let mut words = format!("{} in {places} place{}", parts.join(", "), if counts.places == 1 { "" } else { "s" });
    if counts.unaligned > 0 {
        words.push_str(&format!("; {} of both could not be tied to anything", many(counts.unaligned)));
    }
    if found.left_out > 0 {
        words.push_str(&format!("; the first {} are listed, see --limit", output::grouped(listed)));
    }
    words
}
