//! One input to one output: open, detect, convert, save.

use std::io::{self, Write};
use std::path::Path;

use super::super::numbers::Part;
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::files::{self, Existing, FileError};
use crate::formats::{
    Conversion, Detection, Format, FormatError, MAX_DECODED, Options, PictureOptions, convert, detect, least_size, table,
};
use crate::tasks::Progress;

/// How inputs are to be converted.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the input is; detected where it is `None`.
    pub from: Option<Format>,
    /// What it becomes.
    pub to: Format,
    /// The choices.
    pub options: Options,
    /// Parts of the input's dialect that the user chose; the rest is guessed.
    pub dialect: DialectChoice,
    /// Only this member of the input, which is a ZIP or tar archive.
    pub member: Option<String>,
    /// Only these bytes of the input, or of the member: `0x10..0x20`, `0x10+16`, `1k..` to the end, or `-16..` from there.
    pub range: Option<Part>,
    /// What may happen to a file that is already there.
    pub existing: Existing,
}

impl Plan {
    /// The bytes that are to be converted, and the name that helps the detector: that of a whole file.
    pub(super) fn part<'a>(&'a self, input: Buffer, name: Option<&'a str>) -> Result<(Buffer, Option<&'a str>), String> {
        let (input, name) = match &self.member {
            Some(member) => {
                let limit = self.options.dump.limit.unwrap_or(MAX_DECODED);
                let bytes = crate::cli::archive::member(&input, member, limit).map_err(|error| error.to_string())?;
                (bytes, Some(member.as_str()))
            }
            None => (input, name),
        };
        match &self.range {
            Some(part) => {
                let range = part.within(input.len().get())?;
                Ok((input.slice(ByteRange::between(Offset(range.start), Offset(range.end))), None))
            }
            None => Ok((input, name)),
        }
    }
}

/// Parts of a table's dialect; `None` is guessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DialectChoice {
    /// The byte between cells.
    pub delimiter: Option<u8>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
}

/// A conversion that went through.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the input was taken for, and why; `None` where the user said it.
    pub detection: Option<Detection>,
    /// What was written and lost.
    pub conversion: Conversion,
    /// What the save has to say.
    pub saved: Vec<String>,
}

impl Report {
    /// What the user should know about the input and the conversion, a sentence each. What there is to know about the
    /// output stands in `saved`.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        let mismatch = self.detection.iter().filter_map(|found| found.mismatch.as_deref());
        let losses = self.conversion.losses.iter().map(|loss| loss.what.as_str());
        mismatch.chain(losses)
    }
}

/// A conversion from file to file failed.
#[derive(Debug, thiserror::Error)]
pub enum ConvertFileError {
    /// The input could not be opened.
    #[error("{}", .0.kind)]
    Open(FileError),
    /// The range or the member is not in the input, or cannot be had.
    #[error("{0}")]
    Range(String),
    /// The output could not be saved.
    #[error("{}", .0.kind)]
    Save(FileError),
    /// The content could not be converted.
    #[error(transparent)]
    Format(#[from] FormatError),
}

impl ConvertFileError {
    /// The file that the error is about.
    pub fn path<'a>(&self, input: &'a Path, output: &'a Path) -> &'a Path {
        match self {
            Self::Open(_) | Self::Format(_) | Self::Range(_) => input,
            Self::Save(_) => output,
        }
    }
}

/// Opens `input`, tells what it is, converts it and saves it as `output`: whole, or not at all.
///
/// # Errors
/// By the step that failed; after an error the output is what it was before.
pub fn convert_file(input: &Path, output: &Path, plan: &Plan, progress: &Progress) -> Result<Report, ConvertFileError> {
    let opened = files::open(input).map_err(ConvertFileError::Open)?;
    let name = input.file_name().map(|name| name.to_string_lossy());
    convert_buffer(opened.buffer, name.as_deref(), output, plan, progress)
}

/// The same for bytes that are open already; `name` helps the detector.
pub(super) fn convert_buffer(
    input: Buffer,
    name: Option<&str>,
    output: &Path,
    plan: &Plan,
    progress: &Progress,
) -> Result<Report, ConvertFileError> {
    let (input, name) = &plan.part(input, name).map_err(ConvertFileError::Range)?;
    let mut plan = plan.clone();
    plan.options.picture.flatten = PictureOptions::name_flattens(plan.to, output);
    let plan = &plan;
    let (from, detection) = kind_of(input, *name, plan)?;
    if crate::formats::is_copy(from, plan.to) {
        let saved = files::save_buffer(output, &plan.existing, progress, input).map_err(ConvertFileError::Save)?;
        let conversion = Conversion { written: input.len().0, losses: Vec::new() };
        return Ok(Report { detection, conversion, saved: saved.notes });
    }
    let mut outcome = None;
    let least = least_size(input, from, plan.to);
    let saved = files::save_sized(output, &plan.existing, least, progress, &mut |out| {
        match stream(input, *name, plan, out, progress) {
            Ok(report) => {
                outcome = Some(Ok(report));
                Ok(())
            }
            // The save must see its own error to tell a full disk from a broken picture.
            Err(FormatError::Write(error)) => Err(error),
            Err(error) => {
                outcome = Some(Err(error));
                Err(io::Error::other("the conversion failed"))
            }
        }
    });
    match (outcome, saved) {
        (Some(Err(error)), _) => Err(error.into()),
        (Some(Ok(mut report)), Ok(saved)) => {
            report.saved = saved.notes;
            Ok(report)
        }
        (_, Err(error)) => Err(ConvertFileError::Save(error)),
        (None, Ok(_)) => unreachable!("a save calls its writer"),
    }
}

/// What `input` is, by the plan or by its bytes.
fn kind_of(input: &Buffer, name: Option<&str>, plan: &Plan) -> Result<(Format, Option<Detection>), FormatError> {
    let detection = if plan.from.is_none() { Some(detect(input, name)?) } else { None };
    Ok((plan.from.or(detection.as_ref().map(|found| found.format)).unwrap_or(Format::Bytes), detection))
}

/// Tells what `input` is and writes it, converted, to `out`.
pub(super) fn stream(
    input: &Buffer,
    name: Option<&str>,
    plan: &Plan,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Report, FormatError> {
    let (from, detection) = kind_of(input, name, plan)?;
    let mut options = plan.options.clone();
    options.table.input_header = plan.dialect.header;
    if matches!(from, Format::Csv | Format::Tsv) {
        let choice = plan.dialect;
        let mut dialect = table::sniff(input, from)?.0;
        dialect.delimiter = choice.delimiter.unwrap_or(dialect.delimiter);
        dialect.header = choice.header.unwrap_or(dialect.header);
        dialect.encoding = options.text.input.unwrap_or(dialect.encoding);
        options.table.input = Some(dialect);
    }
    let conversion = convert(input, from, plan.to, &options, out, progress)?;
    Ok(Report { detection, conversion, saved: Vec::new() })
}
