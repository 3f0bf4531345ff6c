//! `seektell stats`: what the bytes of files are like.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::input;
use super::output::{self, Stop, count, grouped, message};
use crate::explore::overview::{Class, Overview, Request, scan};
use crate::files;
use crate::tasks::Progress;

const EXAMPLES: &str = "\
With --json the output is one array with an object for each file. Its keys are: path, size, read, unreadable, problem, entropy, \
distinct, classes (null, printable, white space, control, high, 0xFF), histogram (256 counts), parts (offset, length, entropy). A file \
that cannot be read has the keys path and error.

Examples:
  seektell stats firmware.bin
  seektell stats --json *.bin";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The files; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The parts that entropy is told of
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=4096))]
    parts: u16,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let (mut objects, mut failed) = (Vec::new(), false);
    for (index, path) in arguments.files.iter().enumerate() {
        let overview = input::open(path).and_then(|buffer| {
            let request = Request { buckets: arguments.parts.into(), pairs: false, ..Request::whole(&buffer) };
            scan(&buffer, &request, None, &Progress::new(), &|_| {}).map_err(|error| Stop::about(error, path))
        });
        match overview {
            Ok(overview) => {
                if let Some(problem) = &overview.problem {
                    failed = true;
                    message(&output::about(problem, path));
                }
                match arguments.json {
                    true => objects.push(json(&overview, path)),
                    false => output::print(&format!("{}{}", if index > 0 { "\n" } else { "" }, text(&overview, path)))?,
                }
            }
            Err(Stop::Failed(error)) => {
                failed = true;
                message(&error);
                objects.push(serde_json::json!({ "path": path.to_string_lossy(), "error": error }));
            }
            Err(stop) => return Err(stop),
        }
    }
    if arguments.json {
        output::print(&output::json_text(&serde_json::Value::Array(objects)))?;
    }
    if failed { Err(Stop::Reported) } else { Ok(()) }
}

fn json(overview: &Overview, path: &Path) -> serde_json::Value {
    let classes: serde_json::Map<String, serde_json::Value> =
        Class::ALL.into_iter().map(|class| (class.name().to_owned(), overview.class_count(class).into())).collect();
    let parts: Vec<_> = overview
        .buckets
        .iter()
        .map(|part| serde_json::json!({ "offset": part.range.start.get(), "length": part.range.len.get(), "entropy": digits(part.entropy) }))
        .collect();
    serde_json::json!({
        "path": path.to_string_lossy(),
        "size": overview.range.len.get(),
        "read": overview.read().get(),
        "unreadable": overview.unreadable().get(),
        "problem": overview.problem,
        "entropy": digits(overview.entropy()),
        "distinct": overview.distinct(),
        "classes": classes,
        "histogram": overview.histogram.to_vec(),
        "parts": parts,
    })
}

/// Six digits behind the point; more of an `f32` are noise.
fn digits(value: f32) -> f64 {
    (f64::from(value) * 1e6).round() / 1e6
}

/// Eighths of a cell, for bars.
const EIGHTHS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Characters of a bar.
const BAR: usize = 40;

fn text(overview: &Overview, path: &Path) -> String {
    let mut text = format!("{}\n", files::display_path(path));
    let mut line = |what: std::fmt::Arguments<'_>| writeln!(text, "  {what}").unwrap_or_default();
    let size = overview.range.len.get();
    line(format_args!("{:<12} {} (0x{size:X})", "size", count(size, "byte")));
    if overview.unreadable().get() > 0 {
        line(format_args!("{:<12} {}", "unreadable", count(overview.unreadable().get(), "byte")));
    }
    line(format_args!("{:<12} {:.3} bits a byte", "entropy", overview.entropy()));
    line(format_args!("{:<12} {} of 256", "values", overview.distinct()));
    let read = overview.read().get().max(1) as f64;
    for class in Class::ALL {
        let count = overview.class_count(class);
        let share = count as f64 / read;
        line(format_args!("{:<12} {:>5.1} %  {:<BAR$} {}", class.name(), share * 100.0, bar(share), grouped(count)));
    }
    if size == 0 {
        return text;
    }
    // Sixteen rows of sixteen values: the tens down, the ones across, as a table of characters has them.
    let most = overview.histogram.iter().copied().max().unwrap_or(0).max(1) as f64;
    writeln!(text, "\n  histogram    0123456789ABCDEF   (height: logarithm of how often)").unwrap_or_default();
    for row in 0..16 {
        let cells: String = overview.histogram[row * 16..row * 16 + 16]
            .iter()
            .map(|&count| match count {
                0 => ' ',
                count => EIGHTHS[(((count as f64).ln_1p() / most.ln_1p() * 7.0).round() as usize).min(7)],
            })
            .collect();
        writeln!(text, "          {row:X}x   {cells}").unwrap_or_default();
    }
    writeln!(text, "\n  entropy by offset").unwrap_or_default();
    for part in &overview.buckets {
        let share = f64::from(part.entropy) / 8.0;
        let broken = if part.unreadable > 0 { "  cannot be read" } else { "" };
        writeln!(text, "    {}  {:>5.2}  {}{broken}", part.range.start, part.entropy, bar(share)).unwrap_or_default();
    }
    text
}

/// A bar as long as a share from 0 to 1.
fn bar(share: f64) -> String {
    let filled = (share * BAR as f64).round() as usize;
    let filled = if share > 0.0 { filled.max(1) } else { 0 };
    "#".repeat(filled.min(BAR))
}
