//! `seektell hex`: a hex dump of a file or a part of it.

use std::io::Write;
use std::path::PathBuf;

use super::input;
use super::numbers::{self, Place};
use super::output::{self, Stop, about};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::files;
use crate::formats::FormatError;
use crate::formats::dump::{self, Squeeze};
use crate::tasks::Progress;

const EXAMPLES: &str = "\
The layout is that of hexdump -C. Numbers are decimal or 0x, with k, M, G for powers of 1024.

Examples:
  seektell hex photo.png --length 64
  seektell hex disk.img --offset 0x1FE --length 2
  seektell hex log.bin --offset -1k       the last 1,024 bytes";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The file; - reads standard input
    file: PathBuf,
    /// Where to start; a negative number counts from the end
    #[arg(long, short = 's', value_name = "N", value_parser = numbers::parse_place, allow_hyphen_values = true, default_value = "0")]
    offset: Place,
    /// How many bytes to print; all by default
    #[arg(long, short = 'n', value_name = "N", value_parser = numbers::parse_len, allow_negative_numbers = true)]
    length: Option<u64>,
    /// Print rows that repeat the one before as one *
    #[arg(long)]
    squeeze: bool,
    /// Upper case digits
    #[arg(long)]
    upper: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let buffer = input::open(&arguments.file)?;
    let len = buffer.len().get();
    let Some(start) = arguments.offset.offset(len) else {
        return Err(Stop::about(format!("the offset lies outside its {}", output::count(len, "byte")), &arguments.file));
    };
    let range = ByteRange::new(Offset(start), Len(arguments.length.unwrap_or(u64::MAX))).clamp_to(buffer.len());
    let squeeze = if arguments.squeeze { Squeeze::Repeats } else { Squeeze::Nothing };
    print(&buffer, range, squeeze, arguments.upper).map_err(|error| match error {
        FormatError::Write(error) => error.into(),
        error => Stop::Failed(about(error, &arguments.file)),
    })
}

fn print(buffer: &Buffer, range: ByteRange, squeeze: Squeeze, upper: bool) -> Result<(), FormatError> {
    let mut out = output::stdout();
    dump::write_rows(range.start, buffer.chunks(range), squeeze, upper, &mut out, &Progress::new())?;
    out.flush().map_err(FormatError::Write)
}

/// The first rows of a file, for a terminal with no window to show them in.
pub(super) fn first_rows(buffer: &Buffer, path: &std::path::Path) -> Result<String, Stop> {
    const BYTES: u64 = 8 * 16;
    let bytes = buffer.to_vec(ByteRange::new(Offset::ZERO, Len(BYTES))).map_err(|error| Stop::about(error, path))?;
    let rows = bytes.chunks(16).zip((0..).step_by(16)).map(|(row, at)| dump::row_text(Offset(at), row, false) + "\n");
    let mut text: String = rows.collect();
    if buffer.len().get() > BYTES {
        text.push_str(&format!(
            "{} more bytes; see seektell hex {}\n",
            output::grouped(buffer.len().get() - BYTES),
            files::display_path(path)
        ));
    }
    Ok(text)
}
