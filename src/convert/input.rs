//! A source on its way: opened, told what it is, its choices made whole.

use std::io::Write;

use super::{ConvertError, Recipe, Source};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::files;
use crate::formats::archive::{Archive, ArchiveError, unpacked};
use crate::formats::{Conversion, Detection, Format, FormatError, Loss, MAX_DECODED, Options, convert, detect, losses, table};
use crate::tasks::Progress;

/// A source that was opened.
#[derive(Clone, Debug)]
pub struct Input {
    /// The bytes that are converted.
    pub buffer: Buffer,
    /// What they are.
    pub from: Format,
    /// Why they are taken for that; `None` where the user said it.
    pub detection: Option<Detection>,
    /// The recipe's choices, and those that belong to this source.
    pub options: Options,
}

impl Input {
    /// Opens a source and tells what it is.
    ///
    /// # Errors
    /// `Open`, `Part` and `Format`.
    pub fn open(source: &Source, recipe: &Recipe, progress: &Progress) -> Result<Self, ConvertError> {
        let buffer = match (&source.content, &source.path) {
            (Some(content), _) => content.clone(),
            (None, Some(path)) => files::open(path).map_err(ConvertError::Open)?.buffer,
            (None, None) => Buffer::default(),
        };
        let (buffer, name) = part(recipe, buffer, source, progress)?;
        let mut options = recipe.options.clone();
        options.text.input = options.text.input.or(source.encoding);
        let said = recipe.from.or(source.from);
        let detection = if said.is_none() { Some(detect(&buffer, name).map_err(FormatError::from)?) } else { None };
        let from = said.or(detection.as_ref().map(|found| found.format)).unwrap_or(Format::Bytes);
        options.table.input_header = recipe.dialect.header.or(options.table.input_header);
        if matches!(from, Format::Csv | Format::Tsv) {
            let mut dialect = match source.dialect {
                Some(dialect) => dialect,
                None => table::sniff(&buffer, from)?.0,
            };
            dialect.delimiter = recipe.dialect.delimiter.unwrap_or(dialect.delimiter);
            dialect.header = recipe.dialect.header.unwrap_or(dialect.header);
            dialect.encoding = options.text.input.unwrap_or(dialect.encoding);
            options.table.input = Some(dialect);
        }
        Ok(Self { buffer, from, detection, options })
    }

    /// Writes it as `to`.
    ///
    /// # Errors
    /// Those of [`convert`].
    pub fn write(&self, to: Format, out: &mut dyn Write, progress: &Progress) -> Result<Conversion, FormatError> {
        convert(&self.buffer, self.from, to, &self.options, out, progress).map_err(|error| self.named(error))
    }

    /// The same error, with the name of the format where only that is known: OpenEXR, HEIC and so on.
    fn named(&self, error: FormatError) -> FormatError {
        match (error, &self.detection) {
            (FormatError::NoConversion { from: Format::Bytes, to }, Some(found)) if found.label != Format::Bytes.info().name => {
                FormatError::Unread { label: found.label.clone(), to }
            }
            (error, _) => error,
        }
    }

    /// What that would lose.
    ///
    /// # Errors
    /// Those of [`losses`].
    pub fn losses(&self, to: Format, progress: &Progress) -> Result<Vec<Loss>, FormatError> {
        losses(&self.buffer, self.from, to, &self.options, progress).map_err(|error| self.named(error))
    }
}

/// The bytes that are to be converted, and the name that helps the detector: that of a whole file.
fn part<'a>(
    recipe: &'a Recipe,
    input: Buffer,
    source: &'a Source,
    progress: &Progress,
) -> Result<(Buffer, Option<&'a str>), ConvertError> {
    let (input, name) = match &recipe.member {
        Some(member) => {
            let limit = recipe.options.dump.limit.unwrap_or(MAX_DECODED);
            let bytes = member_of(&input, member, limit, progress).map_err(|error| ConvertError::Part(error.to_string()))?;
            (bytes, Some(member.as_str()))
        }
        None => (input, Some(source.name.as_str()).filter(|name| !name.is_empty())),
    };
    match &recipe.range {
        Some(part) => {
            let range = part.within(input.len().get()).map_err(ConvertError::Part)?;
            Ok((input.slice(ByteRange::between(Offset(range.start), Offset(range.end))), None))
        }
        None => Ok((input, name)),
    }
}

/// The bytes of one member, also of an archive that is packed as a whole.
fn member_of(buffer: &Buffer, name: &str, limit: u64, progress: &Progress) -> Result<Buffer, ArchiveError> {
    let archive = Archive::open(&unpacked(buffer, limit, progress)?, progress)?;
    archive.read(archive.find(name)?, limit, progress)
}
