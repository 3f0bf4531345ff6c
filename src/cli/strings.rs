//! `seektell strings`: runs of text in any bytes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::output::{self, Stop, escape};
use super::{input, numbers};
use crate::buffer::{ByteRange, Len, Offset};
use crate::explore::strings::{self, Encoding, Filter, FilterError, Found, Request};
use crate::tasks::Progress;

const EXAMPLES: &str = "\
A string is a run of printable characters; a tab is one, a line end is not. Each is printed on a line of its own, in the order of \
their places; control characters inside are escaped.

Examples:
  seektell strings program
  seektell strings program --min 8 --offsets
  seektell strings disk.img --encoding utf-16le --encoding cp437
  seektell strings firmware.bin --filter '^/[a-z]+/' --json";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The files; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The fewest characters of a string
    #[arg(long, value_name = "N", default_value_t = Request::MIN, value_parser = clap::value_parser!(u64).range(1..))]
    min: u64,
    /// ascii, utf-8, utf-16le, utf-16be, or a charset of one byte a character such as latin-1, cp437, koi8-r, cp037; may be given
    /// several times [default: utf-8, utf-16le, utf-16be]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Vec<Encoding>,
    /// Print the offset of each string, in hexadecimal, and its encoding
    #[arg(long)]
    offsets: bool,
    /// Only strings in which this regular expression is found
    #[arg(long, value_name = "REGEX")]
    filter: Option<String>,
    /// In UTF-16, look for characters of every script
    #[arg(long)]
    every_script: bool,
    /// Start at this offset: 512, 0x200, 64k, 1M
    #[arg(long, value_name = "OFFSET", value_parser = numbers::parse_len, default_value = "0")]
    offset: u64,
    /// Look at so many bytes
    #[arg(long, value_name = "LENGTH", value_parser = numbers::parse_len)]
    length: Option<u64>,
    /// Print JSON: an array of objects with offset, encoding, bytes, characters, text
    #[arg(long, conflicts_with_all = ["offsets", "csv"])]
    json: bool,
    /// Print a table with the same columns
    #[arg(long, conflicts_with = "offsets")]
    csv: bool,
}

fn encoding(name: &str) -> Result<Encoding, String> {
    let known = "ascii, utf-8, utf-16le, utf-16be or a charset of one byte a character, such as latin-1";
    Encoding::from_name(name).ok_or_else(|| format!("{name:?} is not {known}"))
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let filter = match &arguments.filter {
        Some(pattern) => Filter::regex(pattern).map_err(|error| {
            let shown = match &error {
                FilterError::Syntax(wrong) => wrong.shown(pattern),
                FilterError::TooLarge => None,
            };
            let shown = shown.map_or_else(String::new, |shown| format!(":\n  {}\n", shown.join("\n  ")));
            Stop::Usage(format!("--filter: {error}{shown}"))
        })?,
        None => None,
    };
    if arguments.json && arguments.files.len() > 1 {
        return Err(Stop::Usage("--json takes one file".into()));
    }
    let mut failed = false;
    for path in &arguments.files {
        match print(arguments, path, filter.clone()) {
            Ok(()) => {}
            Err(Stop::Failed(error)) => {
                failed = true;
                output::message(&error);
            }
            Err(stop) => return Err(stop),
        }
    }
    if failed { Err(Stop::Reported) } else { Ok(()) }
}

/// Bytes that are looked at together: what is found in them is kept in memory until it is printed.
const WINDOW: Len = Len(32 << 20);

/// Characters of one string that are printed.
const PRINTED: usize = 1 << 20;

fn print(arguments: &Arguments, path: &Path, filter: Option<Filter>) -> Result<(), Stop> {
    let buffer = input::open(path)?;
    let mut out = output::stdout();
    let end = arguments.length.map_or(buffer.len().get(), |length| arguments.offset.saturating_add(length));
    let mut request = Request { min: arguments.min, every_script: arguments.every_script, filter, ..Request::of(&buffer) };
    if !arguments.encoding.is_empty() {
        request.encodings.clone_from(&arguments.encoding);
    }
    let mut lines = Lines { arguments, first: true };
    lines.begin(&mut out, path)?;
    let all = ByteRange::between(Offset(arguments.offset), Offset(end)).clamp_to(buffer.len());
    let (mut start, mut unreadable, mut problem) = (all.start, 0, None);
    while start < all.end() {
        let window = ByteRange::between(start, start.saturating_add(WINDOW).min(all.end()));
        (request.range, request.most) = (window, usize::MAX);
        let found = strings::find(&buffer, &request, &Progress::new(), &|_| {}).map_err(|error| Stop::about(error, path))?;
        let last = window.end() == all.end();
        // Where a string reaches the end of the window the next one begins with it, unless it is the whole window.
        let reaching = found.strings.iter().filter(|found| !last && found.offset.saturating_add(found.len) >= window.end());
        let next = reaching.map(|found| found.offset).min().filter(|&offset| offset > window.start).unwrap_or(window.end());
        for string in found.strings.iter().filter(|string| last || string.offset < next) {
            let text = strings::text(&buffer, string, PRINTED).map_err(|error| Stop::about(error, path))?;
            lines.print(&mut out, string, &text)?;
        }
        unreadable += found.unreadable;
        problem = problem.or(found.problem);
        start = next;
    }
    lines.end(&mut out)?;
    out.flush()?;
    match problem {
        Some(problem) => Err(Stop::about(format!("{} passed over: {problem}", output::count(unreadable, "byte")), path)),
        None => Ok(()),
    }
}

/// Prints strings one by one, in the form that was asked for.
struct Lines<'a> {
    arguments: &'a Arguments,
    first: bool,
}

impl Lines<'_> {
    fn begin(&self, out: &mut dyn Write, path: &Path) -> io::Result<()> {
        match (self.arguments.json, self.arguments.csv) {
            (true, _) => write!(out, "["),
            (_, true) => writeln!(out, "offset,encoding,bytes,characters,text"),
            _ if self.arguments.files.len() > 1 => writeln!(out, "{}:", crate::files::display_path(path)),
            _ => Ok(()),
        }
    }

    fn print(&mut self, out: &mut dyn Write, string: &Found, text: &str) -> io::Result<()> {
        let (offset, encoding) = (string.offset, string.encoding.name());
        if self.arguments.json {
            let object = serde_json::json!({
                "offset": offset.get(), "encoding": encoding, "bytes": string.len.get(), "characters": string.chars, "text": text,
            });
            let comma = if std::mem::take(&mut self.first) { "" } else { "," };
            return write!(out, "{comma}\n  {}", output::json_line(&object));
        }
        if self.arguments.csv {
            let text = escape_but_tabs(text).replace('"', "\"\"");
            return writeln!(out, "{},{encoding},{},{},\"{text}\"", offset.get(), string.len.get(), string.chars);
        }
        if self.arguments.offsets {
            write!(out, "{offset} {encoding:<9} ")?;
        }
        writeln!(out, "{}", escape_but_tabs(text))
    }

    fn end(&self, out: &mut dyn Write) -> io::Result<()> {
        match (self.arguments.json, self.first) {
            (true, true) => writeln!(out, "]"),
            (true, false) => writeln!(out, "\n]"),
            _ => Ok(()),
        }
    }
}

/// Tabs are part of strings, as in other programs.
fn escape_but_tabs(text: &str) -> String {
    text.split('\t').map(escape).collect::<Vec<_>>().join("\t")
}
