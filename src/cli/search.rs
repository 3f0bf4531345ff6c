//! `seektell search`: where bytes are, on standard output.

use std::ffi::OsString;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::input;
use super::numbers::{self, Part};
use super::output::{self, Stop, escape, exit_code_of, message};
use crate::buffer::ReadError;
use crate::explore::search::{Case, Content, Hit, Needle, NumberKind, Order, Pattern, Query, Unreadable};
use crate::files;
use crate::tasks::Progress;

const EXAMPLES: &str = "\
Offsets go to standard output, one a line, in the order of the bytes; with several files the file's name stands in front, with \
several needles the needle behind. Matches do not overlap unless --overlapping is given. A match is at most 64 KiB long.

Numbers: a TYPE is u8, u16, u24, u32, u48, u64, i8 ... i64, f32 or f64; :le (the default), :be or :both says which byte comes \
first. A value is 42, -1, 0x2A, 1.5e3; a range has both its ends: 10..20; a distance is 3.14+-0.01.

With --json each line is an object: path, offset, length, needle (its number from 0); with --count path and count.

Examples:
  seektell search disk.img PNG
  seektell search -x firmware.bin \"89 50 4? ?? 0D\"
  seektell search -i --encoding utf-16 registry.dat software
  seektell search -r log.bin \"id=[0-9]{4}\" --limit 10
  seektell search -t u32:be save.dat 1000..2000 --align 4
  seektell search -e GIF89a -e GIF87a *.bin --count

Exit status: 0 something was found, 1 nothing was found, 2 the command line is wrong or a file cannot be read.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The files, and last what to search for (unless -e says it); - reads standard input
    #[arg(required = true, value_name = "FILE... PATTERN")]
    words: Vec<OsString>,
    /// Search for this; may be given several times
    #[arg(short = 'e', long = "needle", value_name = "PATTERN", allow_hyphen_values = true)]
    needles: Vec<String>,
    /// Hex digits; ? stands for any digit
    #[arg(long, short = 'x', group = "kind")]
    hex: bool,
    /// A regular expression on bytes, in the syntax of Rust's regex
    #[arg(long, short = 'r', group = "kind")]
    regex: bool,
    /// A number of this type, or a range of them
    #[arg(long, short = 't', group = "kind", value_name = "TYPE[:ORDER]", value_parser = number_type)]
    number: Option<(NumberKind, Order)>,
    /// The encoding that text is searched in
    #[arg(long, value_name = "NAME", default_value = "utf-8", conflicts_with_all = ["hex", "regex", "number"])]
    encoding: String,
    /// Upper and lower case are the same: of all letters in text, of ASCII in an expression on bytes
    #[arg(long, short = 'i', conflicts_with_all = ["hex", "number"])]
    ignore_case: bool,
    /// In an expression . and classes mean characters of UTF-8, not bytes
    #[arg(long, requires = "regex")]
    unicode: bool,
    /// Print how many matches there are
    #[arg(long, short = 'c')]
    count: bool,
    /// Stop after so many matches of each file
    #[arg(long, short = 'm', value_name = "N")]
    limit: Option<u64>,
    /// Search a part only: START..END or START+LENGTH, where END is not in it and a negative number counts from the end
    #[arg(long, value_name = "RANGE", value_parser = numbers::parse_part, allow_hyphen_values = true)]
    range: Option<Part>,
    /// Only matches at multiples of N
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    align: Option<u32>,
    /// Find matches inside of others too
    #[arg(long)]
    overlapping: bool,
    /// Print offsets in decimal
    #[arg(long, short = 'd')]
    decimal: bool,
    /// Print JSON, an object a line
    #[arg(long)]
    json: bool,
}

fn number_type(text: &str) -> Result<(NumberKind, Order), String> {
    let (kind, order) = text.split_once(':').unwrap_or((text, "le"));
    let order = match order {
        "le" | "little" => Order::Little,
        "be" | "big" => Order::Big,
        "both" => Order::Both,
        _ => return Err(format!("{order:?} is not le, be or both")),
    };
    let kind = NumberKind::from_name(kind).ok_or_else(|| {
        let names = NumberKind::ALL.map(NumberKind::name);
        format!("{kind:?} is not one of {}", names.join(", "))
    })?;
    Ok((kind, order))
}

/// What a run comes to.
#[derive(Clone, Copy, Default)]
struct Sum {
    found: bool,
    failed: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match search(arguments) {
        Ok(Sum { failed: true, .. }) => ExitCode::from(2),
        Ok(Sum { found: true, .. }) | Err(Stop::Closed) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(Stop::Reported) => ExitCode::from(2),
        Err(Stop::Failed(what)) => {
            message(&what);
            ExitCode::from(2)
        }
        Err(stop @ Stop::Usage(_)) => exit_code_of(Err(stop), Some("search")),
    }
}

fn search(arguments: &Arguments) -> Result<Sum, Stop> {
    let mut files = arguments.words.clone();
    let mut written = arguments.needles.clone();
    if written.is_empty() {
        let last = files.pop().unwrap_or_default();
        let text = last.into_string().map_err(|_| Stop::Usage("the pattern is not UTF-8; use --hex for bytes".into()))?;
        if files.is_empty() {
            return Err(Stop::Usage(format!("name a file to search for {:?} in, or - for standard input", escape(&text))));
        }
        written.push(text);
    }
    let query = Query {
        needles: written.iter().map(|text| needle(arguments, text)).collect(),
        overlapping: arguments.overlapping,
        align: arguments.align.unwrap_or(1),
    };
    // What is wrong with the needles is said before a file is opened.
    let empty = Content::Bytes(Default::default());
    let pattern = Pattern::new(&query, &empty).map_err(|error| {
        let said = escape(&error.to_string());
        let shown = query.shown(&error).map_or_else(String::new, |shown| format!(":\n  {}\n", shown.join("\n  ")));
        Stop::Usage(format!("{said}{shown}"))
    })?;
    let many = files.len() > 1;
    let mut sum = Sum::default();
    for path in files.into_iter().map(PathBuf::from) {
        match one(arguments, &pattern, &written, &path, many) {
            Ok(found) => sum.found |= found,
            Err(Stop::Failed(what)) => {
                message(&what);
                sum.failed = true;
            }
            Err(stop) => return Err(stop),
        }
    }
    Ok(sum)
}

fn needle(arguments: &Arguments, text: &str) -> Needle {
    let case = if arguments.ignore_case { Case::Unicode } else { Case::Exact };
    match arguments.number {
        Some((kind, order)) => Needle::Number { kind, order, value: text.to_owned() },
        None if arguments.hex => Needle::Hex(text.to_owned()),
        None if arguments.regex => Needle::Regex { pattern: text.to_owned(), case, unicode: arguments.unicode },
        None => Needle::Text { text: text.to_owned(), encoding: arguments.encoding.clone(), case },
    }
}

/// Searches one file; whether there was a match.
fn one(arguments: &Arguments, pattern: &Pattern, written: &[String], path: &Path, many: bool) -> Result<bool, Stop> {
    let buffer = input::open(path)?;
    let range = match arguments.range {
        Some(range) => Some(range.within(buffer.len().get()).map_err(|what| Stop::about(what, path))?),
        None => None,
    };
    let content = Content::Bytes(buffer);
    let mut out = output::stdout();
    let shown = files::display_path(path);
    let limit = arguments.limit.unwrap_or(u64::MAX);
    let (mut found, mut broken) = (0, None);
    let mut tell = |hits: &[Hit], more: u64| {
        let wanted = usize::try_from(limit - found).unwrap_or(usize::MAX).min(hits.len());
        found = found.saturating_add(hits.len() as u64).saturating_add(more).min(limit);
        if !arguments.count {
            let line = |hit: &Hit| -> std::io::Result<()> {
                if arguments.json {
                    let mut line = serde_json::json!({ "offset": hit.offset, "length": hit.len, "needle": hit.needle });
                    line["path"] = path.to_string_lossy().into();
                    return out.write_all(inert_json(&line).as_bytes());
                }
                if many {
                    write!(out, "{shown}: ")?;
                }
                match arguments.decimal {
                    true => write!(out, "{}", hit.offset)?,
                    false => write!(out, "0x{:X}", hit.offset)?,
                }
                if let [_, _, ..] = written {
                    write!(out, "  {}", escape(&written[usize::from(hit.needle)]))?;
                }
                writeln!(out)
            };
            broken = hits[..wanted].iter().map(line).find_map(Result::err);
        }
        if broken.is_some() || found >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let result = pattern.each(&content, range, arguments.count && limit == u64::MAX, &Progress::new(), &mut tell);
    if let Some(error) = broken {
        return Err(error.into());
    }
    if arguments.count && result.is_ok() {
        match (arguments.json, many) {
            (true, _) => {
                let line = serde_json::json!({ "path": path.to_string_lossy(), "count": found });
                out.write_all(inert_json(&line).as_bytes())?;
            }
            (false, true) => writeln!(out, "{shown}: {found}")?,
            (false, false) => writeln!(out, "{found}")?,
        }
    }
    out.flush()?;
    let unreadable = result.map_err(|error| Stop::about(error, path))?;
    if let Some(why) = unreadable.why() {
        return Err(Stop::about(passed_over(&unreadable, why), path));
    }
    Ok(found > 0)
}

/// What was not searched: how much, where, and why.
fn passed_over(unreadable: &Unreadable, why: &ReadError) -> String {
    const NAMED: usize = 8;
    let ranges = unreadable.ranges().iter().take(NAMED).map(|range| format!("0x{:X}..0x{:X}", range.start, range.end));
    let mut places = ranges.collect::<Vec<_>>().join(", ");
    if let more @ 1.. = unreadable.count().saturating_sub(NAMED as u64) {
        places += &format!(" and {} more", output::grouped(more));
    }
    let total = unreadable.total();
    let were = if total == 1 { "was" } else { "were" };
    format!("{} {were} not searched ({places}): {why}", output::count(total, "byte"))
}

/// One line of JSON in which nothing commands a terminal.
fn inert_json(value: &serde_json::Value) -> String {
    output::inert_json(&value.to_string()) + "\n"
}
