//! `seektell info`: what files are, and why.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::input;
use super::metadata::MetadataFacts;
use super::output::{self, Stop, count, escape, message};
use crate::buffer::{Buffer, ByteRange, Len, Offset, ReadError};
use crate::explore::hash::{self, Algorithm, HashError};
use crate::files;
use crate::formats::table::{self, Table};
use crate::formats::text::{self, Encoding};
use crate::formats::{
    Detection, DumpOptions, Format, FormatError, Kind, Limits, TableOptions, detect, dump, guarded, json, picture,
};
use crate::tasks::Progress;

const EXAMPLES: &str = "\
With --json the output is one array with an object for each file. Its keys are: path, format, label, reason, mismatch, \
size, sha256, crc32, picture (width, height, color, bits, alpha, frames, orientation, metadata, \
details: position, personal, groups of name and entries of label, value, start and len, notices), table (rows, columns, \
header, ragged_rows, delimiter, why), text (encoding, bom, newline, lines), encodes (format, label, size, mime), problem; \
what does not apply is null. With --structure there is structure too: name, value, start, len, problems, children, and more for \
parts that are not listed. A file that cannot be read has the keys path and error.

Examples:
  seektell info photo.png
  seektell info --json *.csv
  seektell info --structure photo.jpg";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The files; - reads standard input, https://… asks for an address
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The most bytes that a file may take to be looked at, or an address may give, such as 2G
    #[arg(long, value_name = "SIZE", value_parser = super::numbers::parse_len)]
    limit: Option<u64>,
    /// Print what a container is made of: chunks, segments, directories, records
    #[arg(long)]
    structure: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let mut objects = Vec::new();
    let mut failed = false;
    for (index, path) in arguments.files.iter().enumerate() {
        let facts = input::open_within(path, arguments.limit).and_then(|buffer| {
            let mut facts = Facts::gather(&buffer, path, arguments.limit)?;
            if arguments.structure {
                facts.structure = Some(super::structure::gather(&buffer, path)?);
            }
            if !arguments.json {
                // The sums of a huge file take long: nobody has to wait for what is known before.
                output::print(&format!("{}{}", if index > 0 { "\n" } else { "" }, facts.text()))?;
            }
            facts.add_sums(&buffer, path)?;
            Ok(facts)
        });
        match (facts, arguments.json) {
            (Ok(facts), true) => objects.push(serde_json::json!(facts)),
            (Ok(facts), false) => output::print(&facts.sums_text())?,
            (Err(Stop::Failed(error)), json) => {
                failed = true;
                message(&error);
                if json {
                    objects.push(serde_json::json!({ "path": path.to_string_lossy(), "error": error }));
                }
            }
            (Err(stop), _) => return Err(stop),
        }
    }
    if arguments.json {
        output::print(&output::json_text(&serde_json::Value::Array(objects)))?;
    }
    if failed { Err(Stop::Reported) } else { Ok(()) }
}

/// What `info` prints for one file; of a large one without the sums, which would have to read all of it.
pub(super) fn text(buffer: &Buffer, path: &Path) -> Result<String, Stop> {
    const LARGE: Len = Len(256 << 20);
    let mut facts = Facts::gather(buffer, path, None)?;
    if buffer.len() > LARGE {
        return Ok(facts.text());
    }
    facts.add_sums(buffer, path)?;
    Ok(facts.text() + &facts.sums_text())
}

#[derive(Serialize)]
struct Facts {
    path: String,
    #[serde(skip)]
    shown_path: String,
    format: &'static str,
    label: String,
    reason: String,
    mismatch: Option<String>,
    size: u64,
    sha256: String,
    crc32: String,
    picture: Option<PictureFacts>,
    table: Option<TableFacts>,
    text: Option<TextFacts>,
    encodes: Option<EncodedFacts>,
    /// Why the content could not be understood, though it looks like its format.
    problem: Option<String>,
    /// Its parts, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    structure: Option<super::structure::Parts>,
}

#[derive(Serialize)]
struct PictureFacts {
    width: u32,
    height: u32,
    color: String,
    bits: u8,
    alpha: bool,
    frames: Option<u32>,
    orientation: u8,
    metadata: Vec<&'static str>,
    /// What stands beside the pixels.
    details: MetadataFacts,
}

#[derive(Serialize)]
struct TableFacts {
    rows: u64,
    columns: usize,
    header: Option<Vec<String>>,
    ragged_rows: u64,
    delimiter: Option<String>,
    why: Option<String>,
}

#[derive(Serialize)]
struct TextFacts {
    encoding: &'static str,
    bom: bool,
    newline: &'static str,
    lines: u64,
}

#[derive(Serialize)]
struct EncodedFacts {
    format: &'static str,
    label: String,
    size: u64,
    mime: Option<String>,
}

impl Facts {
    fn gather(buffer: &Buffer, path: &Path, limit: Option<u64>) -> Result<Self, Stop> {
        let gather = || -> Result<Self, ReadError> {
            let found = detect(buffer, input::name(path).as_deref())?;
            let mut facts = Self {
                path: path.to_string_lossy().into_owned(),
                shown_path: files::display_path(path),
                format: found.format.info().id,
                label: found.label.clone(),
                reason: found.reason.clone(),
                mismatch: found.mismatch.clone(),
                size: buffer.len().get(),
                sha256: String::new(),
                crc32: String::new(),
                picture: None,
                table: None,
                text: None,
                encodes: None,
                problem: None,
                structure: None,
            };
            match facts.look_inside(buffer, &found, limit) {
                Err(FormatError::Read(error)) => return Err(error),
                Err(error) => facts.problem = Some(error.to_string()),
                Ok(()) => {}
            }
            Ok(facts)
        };
        gather().map_err(|error| Stop::about(error, path))
    }

    fn add_sums(&mut self, buffer: &Buffer, path: &Path) -> Result<(), Stop> {
        (self.sha256, self.crc32) = sums(buffer).map_err(|error| Stop::about(error, path))?;
        Ok(())
    }

    fn sums_text(&self) -> String {
        let parts = self.structure.as_ref().map(super::structure::Parts::text).unwrap_or_default();
        format!("  {:<9} {}\n  {:<9} {}\n{parts}", "SHA-256", self.sha256, "CRC-32", self.crc32)
    }

    fn look_inside(&mut self, buffer: &Buffer, found: &Detection, limit: Option<u64>) -> Result<(), FormatError> {
        let format = found.format;
        let kind = format.kind();
        if !buffer.is_empty() && !format.is_binary() {
            self.text = Some(TextFacts::gather(buffer)?);
        }
        match kind {
            Kind::Picture => self.picture = Some(guarded(format, || PictureFacts::gather(buffer, format))?),
            Kind::Table | Kind::Json if buffer.is_empty() => {}
            Kind::Table | Kind::Json => self.table = guarded(format, || TableFacts::gather(buffer, format, Limits::of(limit)))?,
            Kind::Encoded => self.encodes = Some(EncodedFacts::gather(buffer, format, limit)?),
            Kind::Text | Kind::Bytes => {}
        }
        Ok(())
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.shown_path);
        let mut line = |name: &str, value: &str| writeln!(text, "  {name:<9} {}", escape(value)).unwrap_or_default();
        line("format", &format!("{} ({})", self.label, self.reason));
        line("size", &format!("{} (0x{:X})", count(self.size, "byte"), self.size));
        if let Some(picture) = &self.picture {
            line("picture", &picture.text());
        }
        if let Some(table) = &self.table {
            line("table", &table.text());
            if let Some(header) = &table.header {
                line("columns", &shortened(&header.join(", ")));
            }
            if let Some(why) = &table.why {
                line("dialect", why);
            }
        }
        if let Some(facts) = &self.text {
            let bom = if facts.bom { " with a byte order mark" } else { "" };
            line("text", &format!("{}{bom}, {}, {}", facts.encoding, facts.newline, count(facts.lines, "line")));
        }
        if let Some(inner) = &self.encodes {
            let mime = inner.mime.as_ref().map(|mime| format!(", named {mime}")).unwrap_or_default();
            line("encodes", &format!("{}, {}{mime}", inner.label, count(inner.size, "byte")));
        }
        if let Some(picture) = &self.picture {
            text.push_str(&picture.details.text());
        }
        let mut line = |name: &str, value: &str| writeln!(text, "  {name:<9} {}", escape(value)).unwrap_or_default();
        if let Some(mismatch) = &self.mismatch {
            line("warning", mismatch);
        }
        if let Some(problem) = &self.problem {
            line("problem", problem);
        }
        text
    }
}

impl PictureFacts {
    fn gather(buffer: &Buffer, format: Format) -> Result<Self, FormatError> {
        let info = picture::probe(buffer, format)?;
        Ok(Self {
            width: info.width,
            height: info.height,
            color: info.color,
            bits: info.bits,
            alpha: info.alpha,
            frames: info.frames,
            orientation: info.orientation,
            metadata: info.metadata,
            details: MetadataFacts::gather(buffer, format)?,
        })
    }

    fn text(&self) -> String {
        let mut text = format!("{} x {} pixels, {}", self.width, self.height, self.color);
        if let Some(frames) = self.frames.filter(|&frames| frames > 1) {
            text.push_str(&format!(", {frames} frames or pages"));
        }
        if self.orientation != 1 {
            text.push_str(&format!(", EXIF orientation {} applied", self.orientation));
        }
        if !self.metadata.is_empty() {
            text.push_str(&format!(", with {}", self.metadata.join(", ")));
        }
        text
    }
}

impl TableFacts {
    fn gather(buffer: &Buffer, format: Format, limits: Limits) -> Result<Option<Self>, FormatError> {
        let progress = Progress::new();
        if format.kind() == Kind::Json {
            // JSON that is no table (a number, a tree) is no mistake.
            let table = match json::read_table_within(buffer, format, "", limits, &progress) {
                Err(FormatError::Unsupported { .. }) => return Ok(None),
                table => table?,
            };
            return Ok(Some(Self::of(&table, None, None)));
        }
        let opened = table::read(buffer, format, &TableOptions { limits, ..TableOptions::default() }, &progress)?;
        let (delimiter, why) = opened.dialect.map(|(dialect, why)| (char::from(dialect.delimiter).to_string(), why)).unzip();
        Ok(Some(Self::of(&opened.table, delimiter, why)))
    }

    fn of(table: &Table, delimiter: Option<String>, why: Option<String>) -> Self {
        Self {
            rows: table.row_count(),
            columns: table.width(),
            header: table.header().map(<[String]>::to_vec),
            ragged_rows: table.ragged_rows(),
            delimiter,
            why,
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{}, {}", count(self.rows, "row"), count(self.columns as u64, "column"));
        text.push_str(if self.header.is_some() { " with a header" } else { ", no header" });
        if self.ragged_rows > 0 {
            text.push_str(&format!(", {} of another width", count(self.ragged_rows, "row")));
        }
        text
    }
}

impl TextFacts {
    fn gather(buffer: &Buffer) -> Result<Self, FormatError> {
        let guess = text::guess(buffer)?;
        let (width, low) = match guess.encoding {
            Encoding::Utf16Le => (2, 0),
            Encoding::Utf16Be => (2, 1),
            _ => (1, 0),
        };
        let start = Offset(u64::from(guess.bom_len));
        let mut ends = LineEnds::default();
        let mut rest = Vec::new();
        for chunk in buffer.chunks(ByteRange::between(start, buffer.len().end())) {
            let chunk = chunk?;
            if width == 1 {
                ends.feed(chunk.iter().copied());
                continue;
            }
            // Units may be cut by the end of a chunk.
            rest.extend_from_slice(&chunk);
            let (units, odd) = rest.as_chunks::<2>();
            ends.feed(units.iter().map(|unit| if unit[1 - low] == 0 { unit[low] } else { b'x' }));
            rest = odd.to_vec();
        }
        Ok(Self { encoding: guess.encoding.name(), bom: guess.bom_len > 0, newline: ends.style(), lines: ends.lines() })
    }
}

/// Counts line ends of each kind.
#[derive(Default)]
struct LineEnds {
    lf: u64,
    crlf: u64,
    cr: u64,
    last: Option<u8>,
}

impl LineEnds {
    fn feed(&mut self, bytes: impl Iterator<Item = u8>) {
        for byte in bytes {
            match (self.last, byte) {
                (Some(b'\r'), b'\n') => {
                    self.cr -= 1;
                    self.crlf += 1;
                }
                (_, b'\n') => self.lf += 1,
                (_, b'\r') => self.cr += 1,
                _ => {}
            }
            self.last = Some(byte);
        }
    }

    fn style(&self) -> &'static str {
        match (self.lf, self.crlf, self.cr) {
            (0, 0, 0) => "no line ends",
            (_, 0, 0) => "LF",
            (0, _, 0) => "CRLF",
            (0, 0, _) => "CR",
            _ => "mixed line ends",
        }
    }

    fn lines(&self) -> u64 {
        let open = self.last.is_some_and(|byte| !matches!(byte, b'\n' | b'\r'));
        self.lf + self.crlf + self.cr + u64::from(open)
    }
}

impl EncodedFacts {
    fn gather(buffer: &Buffer, format: Format, limit: Option<u64>) -> Result<Self, FormatError> {
        let progress = Progress::new();
        let options = DumpOptions { limit, ..DumpOptions::default() };
        let decoded = dump::decode_with(buffer, format, &options, &mut std::io::sink(), &progress)?;
        let head = dump::decode_head(buffer, format, Buffer::CHUNK_LEN, &progress)?;
        let inner = detect(&head.into(), None)?;
        Ok(Self { format: inner.format.info().id, label: inner.label, size: decoded.written, mime: decoded.mime })
    }
}

/// SHA-256 and CRC-32 in one pass.
fn sums(buffer: &Buffer) -> Result<(String, String), HashError> {
    let all = ByteRange::new(Offset::ZERO, buffer.len());
    let mut digests = hash::digests(buffer, all, &[Algorithm::Sha256, Algorithm::CRC32], &Progress::new())?.into_iter();
    let mut next = || digests.next().map(|digest| digest.hex).unwrap_or_default();
    Ok((next(), next()))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
