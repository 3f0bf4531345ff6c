//! Work that takes time: plain data in, plain data out. The one place where files and formats meet.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Compared, HashKey};
use crate::buffer::{Buffer, Len};
use crate::document::{Data, DocumentId, Language, Timeline};
use crate::explore::compare::{CompareError, Direction, Method, ReportFormat, different_byte, different_character, write_report};
use crate::explore::hash::{Digest, HashError};
use crate::files::{self, Existing, FileError, FileErrorKind, Opened, Saved};
use crate::formats::picture::{self, Picture};
use crate::formats::structure::{NodeId, Structure};
use crate::formats::table::{self, Dialect, Table};
use crate::formats::text::{self, Encoding};
use crate::formats::{self, Conversion, Detection, Format, FormatError, Kind, Loss, Options, json};
use crate::lesson::{self, Lesson};
use crate::tasks::Progress;

/// Names a job for as long as the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobId(pub u64);

/// Files up to this size are read whole when they are opened, so that ten thousand small documents need no ten thousand
/// open files, and a change on disk cannot touch them.
pub const SMALL_FILE: Len = Len(1 << 20);

/// Standard input is read into memory up to this many bytes.
const STANDARD_INPUT_LIMIT: u64 = 4 << 30;

/// Bytes of an encoded document (base64 and the like) that are decoded for its preview.
const ENCODED_PREVIEW_LIMIT: u64 = 64 << 20;

/// Work that takes time.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// Make files whole that an earlier session was killed while saving; asked for once, at the start.
    Repair,
    /// Copy unsaved documents, by name and content, while something outside may end the program.
    KeepCopies(Vec<(String, Buffer)>),
    /// Remove those copies.
    DropCopies,
    /// Open files; each becomes a document.
    Open(Vec<PathBuf>),
    /// Read a file of Python statements.
    ReadScript(PathBuf),
    /// Read a lesson of the user's own.
    ReadLesson(PathBuf),
    /// Read standard input to its end.
    ReadStandardInput,
    /// Write a document to a file.
    Save {
        /// The document.
        document: DocumentId,
        /// The revision that `content` is.
        revision: u64,
        /// The snapshot.
        content: Buffer,
        /// Where it goes.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
    /// Write a snapshot in another format.
    Export {
        /// The snapshot.
        input: Buffer,
        /// What it is.
        from: Format,
        /// What it becomes.
        to: Format,
        /// The choices.
        options: Box<Options>,
        /// Where it goes.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
    /// Say a timeline as a program, and write it to a file or hand it back.
    Script {
        /// The calls.
        timeline: Arc<Timeline>,
        /// The language.
        language: Language,
        /// The document's name.
        name: String,
        /// Where it goes, and what may happen to a file that is there; `None` hands the text back.
        to: Option<(PathBuf, Existing)>,
    },
    /// Find out what an export would lose.
    Losses {
        /// The snapshot.
        input: Buffer,
        /// What it is.
        from: Format,
        /// What it would become.
        to: Format,
        /// The choices.
        options: Box<Options>,
    },
    /// Look at a snapshot: what it is, and its picture or table.
    Preview {
        /// The document.
        document: DocumentId,
        /// The revision that `input` is.
        revision: u64,
        /// The snapshot.
        input: Buffer,
        /// The document's name, which helps to tell what it is.
        name: String,
        /// The table's dialect, where the user chose one.
        dialect: Option<Dialect>,
    },
    /// Decode a snapshot to text, for a text document.
    Decode {
        /// The name of the new document.
        name: String,
        /// The name of the document it came from.
        origin: String,
        /// The snapshot.
        input: Buffer,
        /// The encoding, where the user chose one.
        encoding: Option<Encoding>,
    },
    /// Read the parts of a container.
    Structure {
        /// The document.
        document: DocumentId,
        /// The revision that `input` is.
        revision: u64,
        /// The document's name.
        name: String,
        /// The snapshot.
        input: Buffer,
        /// A tree, and the node whose next parts are to be read; `None` reads all of it anew.
        more: Option<(Arc<Structure>, NodeId)>,
    },
    /// Calculate digests.
    Hash {
        /// The document.
        document: DocumentId,
        /// Its name.
        name: String,
        /// What `input` is, and the functions.
        key: HashKey,
        /// What the digests are of.
        input: Data,
    },
    /// Compare two contents.
    Compare {
        /// Both, from left to right.
        contents: Box<[Data; 2]>,
        /// Their names.
        names: [String; 2],
        /// Which byte is compared with which.
        method: Method,
    },
    /// Write the list of differences to a file.
    ReportDifferences {
        /// What was found.
        compared: Arc<Compared>,
        /// The names of both sides.
        names: [String; 2],
        /// Where it goes; JSON where the name says so, else CSV.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
    /// Find the nearest unit of a document that is not the one at a position.
    OtherUnit {
        /// The document.
        document: DocumentId,
        /// The revision that `content` is.
        revision: u64,
        /// The content.
        content: Data,
        /// The position.
        at: u64,
        /// Which way to look.
        direction: Direction,
    },
    /// Make a PNG image of pixels, for a document.
    EncodePicture {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Four bytes a pixel.
        rgba: Arc<Vec<u8>>,
    },
}

/// A file that was opened and looked at.
#[derive(Clone, Debug)]
pub struct OpenedDocument {
    /// The file.
    pub file: Opened,
    /// What it is.
    pub detection: Detection,
}

/// What a document's content looks like.
#[derive(Clone, Debug)]
pub enum Preview {
    /// Pixels.
    Picture(Arc<Picture>),
    /// Rows and columns, and for a delimited file its dialect and why.
    Table {
        /// The table.
        table: Arc<Table>,
        /// How a delimited file was read, and why; `None` for JSON.
        dialect: Option<(Dialect, String)>,
    },
}

/// What a look at a document's content found.
#[derive(Debug)]
pub struct Looked {
    /// What it is; `None` where it could not be read at all.
    pub detection: Option<Detection>,
    /// Its picture or table; `None` for what looks like nothing.
    pub preview: Result<Option<Preview>, FormatError>,
}

/// An export failed, on one of its two sides.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The content could not be converted.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// What came of a job. Errors are in it: they are handled where the outcome is applied.
#[derive(Debug)]
pub enum JobOutcome {
    /// Of [`Job::Repair`]: what was found, and copies of documents that an ended program had not saved.
    Repaired(Vec<files::Repaired>, Vec<(String, Vec<u8>)>),
    /// Of [`Job::KeepCopies`] and [`Job::DropCopies`]. A copy that could not be made is no reason to bother anybody: it
    /// is a second net.
    Copied,
    /// Of [`Job::Open`]: a result for each path, in order.
    Opened(Vec<Result<OpenedDocument, FileError>>),
    /// Of [`Job::ReadScript`]: the file's name and the statements.
    ReadScript(Result<(String, String), String>),
    /// Of [`Job::ReadLesson`].
    ReadLesson(Result<Lesson, String>),
    /// Of [`Job::ReadStandardInput`].
    StandardInput(Result<(Buffer, Detection), String>),
    /// Of [`Job::Save`].
    Saved(Result<Saved, FileError>),
    /// Of [`Job::Export`].
    Exported(Result<(Saved, Conversion), ExportError>),
    /// Of a [`Job::Script`] that goes to no file.
    Script(Result<String, String>),
    /// Of [`Job::Losses`].
    Losses(Result<Vec<Loss>, FormatError>),
    /// Of [`Job::Preview`].
    Preview(Looked),
    /// Of [`Job::Decode`]: text, what could not be decoded, and the encoding.
    Decoded(Result<(String, u64, Encoding), FormatError>),
    /// Of [`Job::Compare`].
    Compared(Result<Arc<Compared>, CompareError>),
    /// Of [`Job::OtherUnit`]: where it is, if there is one.
    OtherUnit(Result<Option<u64>, CompareError>),
    /// Of [`Job::EncodePicture`].
    Encoded(Result<Vec<u8>, FormatError>),
    /// Of [`Job::Structure`].
    Structure(Result<Option<Structure>, FormatError>),
    /// Of [`Job::Hash`].
    Hashed(Result<Vec<Digest>, HashError>),
    /// The job broke; nothing else was harmed.
    Panicked(String),
    /// The job was cancelled before it began.
    Cancelled,
}

impl Job {
    /// What the status bar calls it while it runs.
    pub fn title(&self) -> String {
        let name = |path: &Path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        match self {
            Self::Repair => "Looking for saves that were interrupted".into(),
            Self::KeepCopies(_) | Self::DropCopies => "Keeping unsaved documents safe".into(),
            Self::Open(paths) => match paths.as_slice() {
                [path] => format!("Opening {}", name(path)),
                paths => format!("Opening {} files", paths.len()),
            },
            Self::ReadScript(path) | Self::ReadLesson(path) => format!("Reading {}", name(path)),
            Self::ReadStandardInput => "Reading standard input".into(),
            Self::Save { path, .. } => format!("Saving {}", name(path)),
            Self::Export { path, .. } => format!("Exporting {}", name(path)),
            Self::Script { language, .. } => format!("Exporting the timeline as {}", language.name()),
            Self::Losses { to, .. } => format!("Checking what {} keeps", to.info().name),
            Self::Preview { name, .. } => format!("Looking at {name}"),
            Self::Decode { origin, .. } => format!("Decoding {origin}"),
            Self::Structure { name, .. } => format!("Reading the parts of {name}"),
            Self::Hash { name, .. } => format!("Hashing {name}"),
            Self::Compare { names: [left, right], .. } => format!("Comparing {left} with {right}"),
            Self::ReportDifferences { path, .. } => format!("Exporting {}", name(path)),
            Self::OtherUnit { .. } => "Looking for a different byte".into(),
            Self::EncodePicture { .. } => "Reading the pasted picture".into(),
        }
    }

    /// Whether it writes files: such jobs are finished before the program ends.
    pub fn writes_files(&self) -> bool {
        matches!(
            self,
            Self::Save { .. }
                | Self::Export { .. }
                | Self::Script { to: Some(_), .. }
                | Self::ReportDifferences { .. }
                | Self::KeepCopies(_)
                | Self::DropCopies
        )
    }

    /// Does the work on the calling thread.
    pub fn run(&self, progress: &Progress) -> JobOutcome {
        match self {
            Self::Repair => JobOutcome::Repaired(files::repair_interrupted(), files::find_copies()),
            Self::KeepCopies(documents) => {
                files::keep_copies(documents).ok();
                JobOutcome::Copied
            }
            Self::DropCopies => {
                files::drop_copies();
                JobOutcome::Copied
            }
            Self::Open(paths) => {
                progress.set_total(paths.len() as u64);
                let open = |path: &PathBuf| {
                    progress.advance(1);
                    progress.check().map_err(|_| FileError { kind: FileErrorKind::Cancelled, path: path.clone() })?;
                    open(path)
                };
                JobOutcome::Opened(paths.iter().map(open).collect())
            }
            Self::ReadScript(path) => JobOutcome::ReadScript(read_script(path)),
            Self::ReadLesson(path) => JobOutcome::ReadLesson(read_lesson(path)),
            Self::ReadStandardInput => JobOutcome::StandardInput(read_standard_input()),
            Self::Save { content, path, existing, .. } => JobOutcome::Saved(save(path, existing, content, progress)),
            Self::Export { input, from, to, options, path, existing } => {
                JobOutcome::Exported(export(input, *from, *to, options, path, existing, progress))
            }
            Self::Script { timeline, language, name, to } => match (timeline.script(*language, name), to) {
                (script, None) => JobOutcome::Script(script.map_err(|error| error.to_string())),
                (Ok(script), Some((path, existing))) => JobOutcome::Exported(
                    save(path, existing, &Buffer::from(script.into_bytes()), progress)
                        .map(|saved| (saved, Conversion::default()))
                        .map_err(ExportError::from),
                ),
                (Err(error), Some(_)) => JobOutcome::Exported(Err(FormatError::Option(error.to_string()).into())),
            },
            Self::Losses { input, from, to, options } => {
                JobOutcome::Losses(formats::losses(input, *from, *to, options, progress))
            }
            Self::Preview { input, name, dialect, .. } => JobOutcome::Preview(preview(input, name, *dialect, progress)),
            Self::Decode { input, encoding, .. } => JobOutcome::Decoded(decode(input, *encoding, progress)),
            Self::Structure { input, more, .. } => JobOutcome::Structure(super::structure::read(input, more.as_ref(), progress)),
            Self::Hash { key, input, .. } => JobOutcome::Hashed(super::hashes::calculate(input, &key.algorithms, progress)),
            Self::Compare { contents, method, .. } => {
                JobOutcome::Compared(Compared::new(&contents[0], &contents[1], *method, progress).map(Arc::new))
            }
            Self::ReportDifferences { compared, names, path, existing } => {
                JobOutcome::Exported(report(compared, names, path, existing, progress))
            }
            Self::OtherUnit { content, at, direction, .. } => JobOutcome::OtherUnit(match content {
                Data::Bytes(bytes) => different_byte(bytes, *at, *direction, progress),
                Data::Text(text) => different_character(text, *at, *direction, progress),
            }),
            Self::EncodePicture { width, height, rgba } => JobOutcome::Encoded(encode_picture(*width, *height, rgba, progress)),
        }
    }
}

/// Opens a file and tells what it is. Small files are read whole.
pub(crate) fn open(path: &Path) -> Result<OpenedDocument, FileError> {
    let mut file = files::open(path)?;
    let unreadable = |error| FileError { kind: FileErrorKind::Io(io::Error::from(error)), path: path.to_path_buf() };
    if file.buffer.len() <= SMALL_FILE {
        file.buffer = file.buffer.to_vec_all().map_err(unreadable)?.into();
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let detection = formats::detect(&file.buffer, name.as_deref()).map_err(unreadable)?;
    Ok(OpenedDocument { file, detection })
}

/// A script may be so long, in bytes.
const SCRIPT_LIMIT: u64 = 16 << 20;

fn read_script(path: &Path) -> Result<(String, String), String> {
    let file = files::open(path).map_err(|error| error.to_string())?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok((name, script_text(&file.buffer)?))
}

fn read_lesson(path: &Path) -> Result<Lesson, String> {
    let file = files::open(path).map_err(|error| error.to_string())?;
    if file.buffer.len().0 > lesson::parse::MAX_LEN as u64 {
        return Err(format!("a lesson may not be longer than {} KiB", lesson::parse::MAX_LEN >> 10));
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let lesson = lesson::parse(&name, &script_text(&file.buffer)?).map_err(|error| error.to_string())?;
    // What was done of it is not what was done of a lesson of the program that has the same name.
    Ok(Lesson { id: format!("own: {}", lesson.id), ..lesson })
}

/// The text of a script: UTF-8, with or without a byte order mark.
pub(super) fn script_text(content: &Buffer) -> Result<String, String> {
    if content.len().0 > SCRIPT_LIMIT {
        return Err("a script may not be longer than 16 MiB".into());
    }
    let bytes = content.to_vec_all().map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|error| format!("byte {} is not UTF-8", error.utf8_error().valid_up_to()))?;
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

fn read_standard_input() -> Result<(Buffer, Detection), String> {
    let mut buffer = Buffer::new();
    let mut stdin = io::stdin().lock();
    let mut block = vec![0; 1 << 20];
    loop {
        let n = match io::Read::read(&mut stdin, &mut block) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(format!("standard input cannot be read: {error}")),
        };
        if buffer.len().0 + n as u64 > STANDARD_INPUT_LIMIT {
            return Err("standard input is larger than 4 GiB; save it to a file and open that".into());
        }
        buffer.append(&block[..n]);
    }
    let detection = formats::detect(&buffer, None).map_err(|error| error.to_string())?;
    Ok((buffer, detection))
}

/// Writes a snapshot to a file, run by run.
pub(crate) fn save(path: &Path, existing: &Existing, content: &Buffer, progress: &Progress) -> Result<Saved, FileError> {
    progress.set_total(content.len().0);
    files::save(path, existing, progress, &mut |out| {
        for chunk in content.chunks(crate::buffer::ByteRange::new(crate::buffer::Offset::ZERO, content.len())) {
            let chunk = chunk?;
            out.write_all(&chunk)?;
            progress.advance(chunk.len() as u64);
        }
        Ok(())
    })
}

/// Writes the list of differences.
fn report(
    compared: &Compared,
    names: &[String; 2],
    path: &Path,
    existing: &Existing,
    progress: &Progress,
) -> Result<(Saved, Conversion), ExportError> {
    let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let format = if json { ReportFormat::Json } else { ReportFormat::Csv };
    let mut text = Vec::new();
    let sides = names.each_ref().map(String::as_str);
    write_report(&compared.comparison, sides, format, u64::MAX, &mut text, progress)
        .map_err(|_| FileError { kind: FileErrorKind::Cancelled, path: path.to_path_buf() })?;
    Ok((save(path, existing, &Buffer::from(text), progress)?, Conversion::default()))
}

/// Converts a snapshot into a file.
pub(crate) fn export(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &Options,
    path: &Path,
    existing: &Existing,
    progress: &Progress,
) -> Result<(Saved, Conversion), ExportError> {
    let mut conversion = Conversion::default();
    let mut failure = None;
    let saved = files::save(path, existing, progress, &mut |out: &mut dyn Write| {
        conversion = match formats::convert(input, from, to, options, out, progress) {
            Ok(conversion) => conversion,
            Err(FormatError::Write(error)) => return Err(error),
            Err(error) => {
                failure = Some(error);
                return Err(io::Error::other("the conversion failed"));
            }
        };
        Ok(())
    });
    match (failure, saved) {
        (Some(error), _) => Err(error.into()),
        (None, saved) => Ok((saved?, conversion)),
    }
}

fn preview(input: &Buffer, name: &str, dialect: Option<Dialect>, progress: &Progress) -> Looked {
    let detection = match formats::detect(input, Some(name)) {
        Ok(detection) => detection,
        Err(error) => return Looked { detection: None, preview: Err(error.into()) },
    };
    let look = |input: &Buffer, format: Format| -> Result<Option<Preview>, FormatError> {
        match format.info().kind {
            Kind::Picture => {
                let picture = picture::decode(input, format, picture::Limits::default(), progress)?;
                Ok(Some(Preview::Picture(Arc::new(picture))))
            }
            Kind::Table => {
                let (guess, reason) = table::sniff(input, format)?;
                let (dialect, reason) = dialect.map_or((guess, reason), |chosen| (chosen, "chosen by you".into()));
                let table = Table::open(input, dialect, progress)?;
                Ok(Some(Preview::Table { table: Arc::new(table), dialect: Some((dialect, reason)) }))
            }
            Kind::Json => {
                let table = json::read_table(input, format, progress)?;
                Ok(Some(Preview::Table { table: Arc::new(table), dialect: None }))
            }
            Kind::Text | Kind::Encoded | Kind::Bytes => Ok(None),
        }
    };
    let preview = match detection.format.info().kind {
        Kind::Encoded if input.len().0 <= ENCODED_PREVIEW_LIMIT => decoded(input, detection.format, progress)
            .and_then(|inner| Ok((formats::detect(&inner, None)?.format, inner)))
            .and_then(|(format, inner)| look(&inner, format)),
        _ => look(input, detection.format),
    };
    Looked { detection: Some(detection), preview }
}

/// What base64, hex text and the like stand for.
fn decoded(input: &Buffer, from: Format, progress: &Progress) -> Result<Buffer, FormatError> {
    let mut bytes = Vec::new();
    formats::convert(input, from, Format::Bytes, &Options::default(), &mut bytes, progress)?;
    Ok(bytes.into())
}

fn decode(input: &Buffer, encoding: Option<Encoding>, progress: &Progress) -> Result<(String, u64, Encoding), FormatError> {
    let encoding = match encoding {
        Some(encoding) => encoding,
        None => text::guess(input)?.encoding,
    };
    let (text, broken) = text::decode(input, encoding, progress)?;
    Ok((text, broken, encoding))
}

fn encode_picture(width: u32, height: u32, rgba: &[u8], progress: &Progress) -> Result<Vec<u8>, FormatError> {
    let broken = || FormatError::Option("the pasted picture has the wrong number of pixels".into());
    let pixels = image::RgbaImage::from_raw(width, height, rgba.to_vec()).ok_or_else(broken)?;
    let picture = Picture::from_rgba8(Format::Png, pixels);
    let mut bytes = Vec::new();
    picture::encode(&picture, Format::Png, &formats::PictureOptions::default(), &mut bytes, progress)?;
    Ok(bytes)
}
