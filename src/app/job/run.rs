//! What a job does: the one place where files and formats meet.

use super::{
    ENCODED_PREVIEW_LIMIT, ExportError, Job, JobOutcome, ListFormat, Looked, OpenedDocument, Preview, SMALL_FILE,
    STANDARD_INPUT_LIMIT, report as reports, search,
};
use crate::app::{Compared, DiskChange, DiskEvent};
use crate::buffer::Buffer;
use crate::convert::Input;
use crate::document::Data;
use crate::explore::byte_ops::{self};
use crate::explore::compare::{ReportFormat, different_byte, different_character, write_report};
use crate::explore::{overview, strings};
use crate::files::{self, Existing, FileError, FileErrorKind, Saved};
use crate::formats::archive::{Archive, ArchiveError};
use crate::formats::literal::{self, Choices, Style};
use crate::formats::picture::{self, Picture};
use crate::formats::table::{self, Dialect};
use crate::formats::text::{self, Encoding};
use crate::formats::{self, Conversion, Detection, Format, FormatError, Kind, Limits, Options, TableOptions};
use crate::lesson::{self, Lesson};
use crate::tasks::{Latest, Progress};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
            Self::LookAtFile { path, .. } => format!("Looking at {}", name(path)),
            Self::LookAtPaths { .. } => "Looking at a path".into(),
            Self::OpenBeside { path, .. } => format!("Opening {}", name(path)),
            Self::ReadScript(path) | Self::ReadLesson(path) | Self::ReadBookmarks { path, .. } => {
                format!("Reading {}", name(path))
            }
            Self::ReadStandardInput => "Reading standard input".into(),
            Self::Save { path, .. } => format!("Saving {}", name(path)),
            Self::Export { path, .. } => format!("Exporting {}", name(path)),
            Self::Script { language, .. } => format!("Exporting the timeline as {}", language.name()),
            Self::Losses { to, .. } => format!("Checking what {} keeps", to.info().name),
            Self::ConvertMany { sources, .. } => match sources.as_slice() {
                [source] => format!("Converting {}", source.name),
                sources => format!("Converting {} sources", sources.len()),
            },
            Self::ConvertSurvey { sources, .. } => match sources.as_slice() {
                [source] => format!("Looking at {}", source.name),
                sources => format!("Looking at {} sources", sources.len()),
            },
            Self::ConvertPreview { source, .. } => format!("Trying {}", source.name),
            Self::Preview { name, .. } => format!("Looking at {name}"),
            Self::Decode { origin, .. } => format!("Decoding {origin}"),
            Self::Structure { name, .. } => format!("Reading the parts of {name}"),
            Self::Hash { name, .. } => format!("Hashing {name}"),
            Self::Compare { names: [left, right], .. } => format!("Comparing {left} with {right}"),
            Self::ReportDifferences { path, .. } => format!("Exporting {}", name(path)),
            Self::OtherUnit { .. } => "Looking for a different byte".into(),
            Self::CopyText { style, .. } => format!("Copying as {}", style.name()),
            Self::SaveText { path, .. } => format!("Writing {}", name(path)),
            Self::PasteText { .. } => "Reading what was pasted".into(),
            Self::Bytes { op, .. } => op.name().into(),
            Self::InsertFile { path, .. } => format!("Inserting {}", name(path)),
            Self::FindLine { line, .. } => format!("Looking for line {line}"),
            Self::Overview { name, .. } => format!("Looking over {name}"),
            Self::Strings { name, .. } => format!("Looking for strings in {name}"),
            Self::SaveStrings { path, .. } => format!("Saving {}", name(path)),
            Self::EncodePicture { .. } => "Reading the pasted picture".into(),
            Self::ReportPreview { .. } => "Laying out the report".into(),
            Self::Report { path, .. } => format!("Writing {}", name(path)),
            Self::ReadRecipe(path) => format!("Reading {}", name(path)),
            Self::PictureDetails { name, .. } => format!("Looking at {name}"),
            Self::PictureNumbers { name, .. } => format!("Counting the pixels of {name}"),
            Self::ExportFrames { path, .. } => format!("Exporting {}", name(path)),
            Self::CopyPicture { .. } => "Copying the picture".into(),
            Self::Source(job) => job.title(),
            Self::CopyCells { .. }
            | Self::ChangeTable { .. }
            | Self::ArrangeTable { .. }
            | Self::SearchTable { .. }
            | Self::SeekInTable { .. }
            | Self::ColumnFacts { .. } => super::table::title(self).into(),
            Self::Search { .. } | Self::FindOne { .. } => "Searching".into(),
            Self::ReplaceAll { .. } | Self::ReplaceEverywhere { .. } => "Replacing".into(),
            Self::Matches { path, .. } => format!("Saving {}", name(path)),
        }
    }

    /// Whether it writes files: such jobs are finished before the program ends.
    pub fn writes_files(&self) -> bool {
        matches!(self, Self::Source(job) if job.writes_files())
            || matches!(
                self,
                Self::Save { .. }
                    | Self::Export { .. }
                    | Self::Script { to: Some(_), .. }
                    | Self::Matches { .. }
                    | Self::ReportDifferences { .. }
                    | Self::SaveText { .. }
                    | Self::SaveStrings { .. }
                    | Self::ExportFrames { .. }
                    | Self::Report { .. }
                    | Self::ConvertMany { .. }
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
            Self::LookAtPaths { paths, saves } => JobOutcome::LookedAtPaths(what_is_wrong(paths, *saves)),
            Self::LookAtFile { path, identity, .. } => JobOutcome::LookedAtFile(look_at(path, identity)),
            Self::OpenBeside { path, .. } => JobOutcome::OpenedBeside(open(path).map(Box::new)),
            Self::ReadBookmarks { path, .. } => JobOutcome::ReadBookmarks(read_script(path)),
            Self::ReadLesson(path) => JobOutcome::ReadLesson(read_lesson(path)),
            Self::ReadStandardInput => JobOutcome::StandardInput(read_standard_input()),
            Self::Save { content, path, existing, backup, .. } => {
                let save = if *backup { files::save_with_backup } else { files::save_buffer };
                JobOutcome::Saved(save(path, existing, progress, content))
            }
            Self::Export { input, from, to, options, path, existing } => {
                JobOutcome::Exported(export(input, *from, *to, options, path, existing, progress))
            }
            Self::Script { timeline, language, name, to } => match (timeline.script(*language, name), to) {
                (script, None) => JobOutcome::Script(script.map_err(|error| error.to_string())),
                (Ok(script), Some((path, existing))) => JobOutcome::Exported(
                    files::save_buffer(path, existing, progress, &Buffer::from(script.into_bytes()))
                        .map(|saved| (saved, Conversion::default()))
                        .map_err(ExportError::from),
                ),
                (Err(error), Some(_)) => JobOutcome::Exported(Err(FormatError::Option(error.to_string()).into())),
            },
            Self::Losses { input, from, to, options } => {
                JobOutcome::Losses(formats::losses(input, *from, *to, options, progress))
            }
            Self::PictureDetails { input, picture, .. } => {
                JobOutcome::PictureDetails(super::picture::details(input.as_ref(), picture, progress).ok().map(Arc::new))
            }
            Self::PictureNumbers { picture, area, .. } => {
                JobOutcome::PictureNumbers(super::picture::numbers(picture, *area, progress).ok().map(Arc::new))
            }
            Self::ExportFrames { .. } => JobOutcome::Exported(super::picture::export_frames(self, progress)),
            Self::CopyPicture { picture, area, channel } => {
                JobOutcome::CopyPicture(super::picture::copy(picture, *area, *channel, progress))
            }
            Self::Preview { input, name, dialect, limit, growing, .. } => {
                JobOutcome::Preview(preview(input, name, *dialect, *limit, growing, progress))
            }
            Self::ConvertMany { sources, recipe, feed } => {
                let mut so_far = vec![None; sources.len()];
                JobOutcome::Converted(crate::convert::run(sources, recipe, progress, &mut |index, outcome| {
                    so_far[index] = Some(outcome.clone());
                    feed.put(so_far.clone());
                }))
            }
            Self::ConvertPreview { source, recipe } => {
                JobOutcome::ConvertPreviewed(Box::new(crate::app::converting::preview(source, recipe, progress)))
            }
            Self::ConvertSurvey { sources, recipe, feed } => {
                let found = crate::convert::survey(sources, recipe, progress, &mut |found| feed.put(found.clone()));
                JobOutcome::ConvertSurveyed(found.ok().map(Arc::new))
            }
            Self::Decode { input, encoding, .. } => JobOutcome::Decoded(decode(input, *encoding, progress)),
            Self::Search { targets, query } => search::search(targets, query, progress),
            Self::FindOne { content, range, query, from, forward, .. } => {
                JobOutcome::Found(search::find_one(content, range.clone(), query, *from, *forward, progress))
            }
            Self::ReplaceAll { content, range, query, with, .. } => {
                JobOutcome::Replaced(search::replace_all(content, range.clone(), query, with, progress))
            }
            Self::ReplaceEverywhere { targets, query } => search::replace_everywhere(targets, query, progress),
            Self::Matches { results, format, path, existing } => {
                JobOutcome::MatchesSaved(search::save_matches(results, *format, path, existing, progress))
            }
            Self::Structure { input, more, .. } => {
                JobOutcome::Structure(crate::app::structure::read(input, more.as_ref(), progress))
            }
            Self::Hash { key, input, .. } => JobOutcome::Hashed(crate::app::hashes::calculate(input, &key.algorithms, progress)),
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
            Self::CopyText { input, style, choices } => JobOutcome::CopyText(copy_text(input, *style, choices, progress)),
            Self::SaveText { input, style, choices, path, existing } => {
                JobOutcome::Exported(save_text(input, *style, choices, path, existing, progress))
            }
            Self::PasteText { text, style, choices, .. } => {
                let mut bytes = Vec::new();
                let read = literal::decode(text, *style, choices, &mut bytes, progress);
                JobOutcome::PasteText(read.map(|_| bytes.into()).map_err(|error| error.to_string()))
            }
            Self::Bytes { input, op, .. } => JobOutcome::Bytes(byte_ops::apply(input, op, progress)),
            Self::InsertFile { path, .. } => JobOutcome::InsertFile(open(path).map(|opened| opened.file.buffer)),
            Self::FindLine { input, characters, line, .. } => {
                JobOutcome::FoundLine(find_line(input, *characters, *line, progress))
            }
            Self::Overview { input, request, before, latest, .. } => {
                let seen = overview::scan(input, request, before.as_deref(), progress, &|part| latest.put(part));
                JobOutcome::Overview(seen.ok().map(Arc::new))
            }
            Self::Strings { input, request, order, all, latest, .. } => {
                let found = find_strings(input, request, *order, all.as_deref(), latest, progress);
                JobOutcome::Strings(found.ok().map(Arc::new))
            }
            Self::SaveStrings { input, strings, format, path, existing } => {
                let saved = files::save(path, existing, progress, &mut |out| match format {
                    ListFormat::Csv => strings::to_csv(input, strings, out, progress),
                    ListFormat::Json => strings::to_json(input, strings, out, progress),
                    ListFormat::Text => strings::to_text(input, strings, out, progress),
                });
                JobOutcome::Exported(saved.map(|saved| (saved, Conversion::default())).map_err(ExportError::from))
            }
            Self::ReportPreview { key, sources } => JobOutcome::ReportPreview(Box::new(reports::preview(key, sources, progress))),
            Self::Report { recipe, sources, to, path, existing } => {
                JobOutcome::Exported(reports::write(recipe, sources, *to, path, existing, progress))
            }
            Self::ReadRecipe(path) => JobOutcome::ReadRecipe(reports::read_recipe(path)),
            Self::Source(job) => JobOutcome::Source(job.run(progress)),
            Self::CopyCells { .. }
            | Self::ChangeTable { .. }
            | Self::ArrangeTable { .. }
            | Self::SearchTable { .. }
            | Self::SeekInTable { .. }
            | Self::ColumnFacts { .. } => super::table::run(self, progress),
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

/// Why paths that are typed cannot be read, or not be written to; `None` where nothing speaks against it.
fn what_is_wrong(paths: &[PathBuf], saves: bool) -> Option<String> {
    paths.iter().find_map(|path| {
        if path.is_dir() {
            return Some(format!("{} is a folder: add the name of a file", path.display()));
        }
        let folder = path.parent().filter(|folder| saves && !folder.as_os_str().is_empty());
        match folder {
            Some(folder) => (!folder.is_dir()).then(|| format!("There is no folder {}", folder.display())),
            None => (!saves && !path.exists()).then(|| format!("There is no file {}", path.display())),
        }
    })
}

/// What a file is now that was something else when it was read or written last.
fn look_at(path: &Path, identity: &files::Identity) -> Option<DiskChange> {
    let stamp = files::Stamp::now(path);
    let what = match files::identity(path) {
        Ok(_) if files::unchanged(path, identity) => return None,
        Ok(now) => DiskEvent::Content { before: identity.len.get(), now: now.len.get() },
        Err(_) if stamp.is_gone() => DiskEvent::Gone,
        Err(error) => DiskEvent::Unreadable(error.kind.to_string()),
    };
    Some(DiskChange { stamp, what })
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
pub(in crate::app) fn script_text(content: &Buffer) -> Result<String, String> {
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

fn copy_text(input: &Buffer, style: Style, choices: &Choices, progress: &Progress) -> Result<String, FormatError> {
    let mut text = Vec::new();
    literal::encode(input, style, choices, &mut text, progress)?;
    Ok(literal::into_text(text))
}

fn save_text(
    input: &Buffer,
    style: Style,
    choices: &Choices,
    path: &Path,
    existing: &Existing,
    progress: &Progress,
) -> Result<(Saved, Conversion), ExportError> {
    let mut failure = None;
    // No style takes less than a character for the four bytes of one.
    let least = input.len().0 / 4;
    let saved = files::save_sized(path, existing, least, progress, &mut |out: &mut dyn Write| match literal::encode(
        input, style, choices, out, progress,
    ) {
        Ok(_) => Ok(()),
        Err(FormatError::Write(error)) => Err(error),
        Err(error) => {
            failure = Some(error);
            Err(io::Error::other("the text could not be made"))
        }
    });
    match (failure, saved) {
        (Some(error), _) => Err(error.into()),
        (None, saved) => Ok((saved?, Conversion::default())),
    }
}

/// Where the line begins, or how many lines there are where there are fewer. A line ends behind its line feed.
fn find_line(input: &Buffer, characters: bool, line: u64, progress: &Progress) -> Result<Result<u64, u64>, String> {
    progress.set_total(input.len().0);
    let (mut lines, mut at) = (1, 0);
    for chunk in input.chunks(crate::buffer::ByteRange::new(crate::buffer::Offset::ZERO, input.len())) {
        if line == lines {
            break;
        }
        progress.check().map_err(|error| error.to_string())?;
        let chunk = chunk.map_err(|error| error.to_string())?;
        let mut end = None;
        for feed in memchr::memchr_iter(b'\n', &chunk) {
            lines += 1;
            if lines == line {
                end = Some(feed + 1);
                break;
            }
        }
        let seen = &chunk[..end.unwrap_or(chunk.len())];
        // A character of UTF-8 has one byte that does not go on from another.
        at += if characters { seen.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() } else { seen.len() } as u64;
        progress.advance(chunk.len() as u64);
    }
    Ok(if lines == line { Ok(at) } else { Err(lines) })
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
    Ok((files::save_buffer(path, existing, progress, &Buffer::from(text))?, Conversion::default()))
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
    let input = Input { buffer: input.clone(), from, detection: None, options: options.clone() };
    Ok(crate::convert::to_file(&input, to, path, existing, progress)?)
}

fn preview(
    input: &Buffer,
    name: &str,
    dialect: Option<Dialect>,
    limit: Option<u64>,
    growing: &Latest<Preview>,
    progress: &Progress,
) -> Looked {
    let limits = Limits::of(limit);
    let detection = match formats::detect(input, Some(name)) {
        Ok(detection) => detection,
        Err(error) => return Looked { detection: None, preview: Err(error.into()), needs: None },
    };
    let look = |input: &Buffer, format: Format| -> Result<Option<Preview>, FormatError> {
        match format.info().kind {
            Kind::Picture => {
                let picture = picture::decode(input, format, limits, progress)?;
                Ok(Some(Preview::Picture(Arc::new(picture))))
            }
            Kind::Table | Kind::Json => {
                let options = TableOptions { input: dialect, limits, ..TableOptions::default() };
                let shown = |opened: table::Opened| Preview::Table { table: Arc::new(opened.table), dialect: opened.dialect };
                let mut grown = |opened| growing.put(shown(opened));
                Ok(Some(shown(table::read_growing(input, format, &options, progress, &mut grown)?)))
            }
            Kind::Bytes => Ok(archive(input, progress)?.map(Preview::Archive)),
            Kind::Text | Kind::Encoded => Ok(None),
        }
    };
    let preview = match detection.format.info().kind {
        Kind::Encoded if input.len().0 <= limits.or(ENCODED_PREVIEW_LIMIT) => decoded(input, detection.format, limit, progress)
            .and_then(|inner| Ok((formats::detect(&inner, None)?.format, inner)))
            .and_then(|(format, inner)| look(&inner, format)),
        _ => look(input, detection.format),
    };
    let needs = match &preview {
        Err(FormatError::Limit { .. }) => formats::raised(input, detection.format, limits),
        _ => None,
    };
    Looked { detection: Some(detection), preview, needs }
}

/// The members, where the bytes are an archive. What only looks like one in some place is none.
fn archive(input: &Buffer, progress: &Progress) -> Result<Option<Arc<Archive>>, FormatError> {
    match Archive::open(input, progress) {
        Ok(archive) => Ok(Some(Arc::new(archive))),
        Err(ArchiveError::Format(error)) => Err(error),
        Err(ArchiveError::Malformed { kind, what }) if Archive::begins(input, kind)? => {
            Err(FormatError::Archive(ArchiveError::Malformed { kind, what }.to_string()))
        }
        Err(_) => Ok(None),
    }
}

/// What base64, hex text and the like stand for.
fn decoded(input: &Buffer, from: Format, limit: Option<u64>, progress: &Progress) -> Result<Buffer, FormatError> {
    let mut bytes = Vec::new();
    let dump = formats::DumpOptions { limit: limit.or(Some(formats::MAX_DECODED)), partial: true, ..Default::default() };
    formats::convert(input, from, Format::Bytes, &Options { dump, ..Options::default() }, &mut bytes, progress)?;
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

/// Finds the strings, or picks them out of all that are known, and puts them in order.
fn find_strings(
    input: &Buffer,
    request: &strings::Request,
    order: (strings::Sort, bool),
    all: Option<&strings::Strings>,
    latest: &Latest<strings::Strings>,
    progress: &Progress,
) -> Result<strings::Strings, crate::tasks::Cancelled> {
    let mut found = match all {
        Some(all) => strings::refine(input, all, request.filter.as_ref(), progress)?,
        None => strings::find(input, request, progress, &|part| latest.put(part))?,
    };
    if order != Default::default() {
        strings::order(input, &mut found.strings, order.0, order.1, progress)?;
    }
    Ok(found)
}

fn encode_picture(width: u32, height: u32, rgba: &[u8], progress: &Progress) -> Result<Vec<u8>, FormatError> {
    let broken = || FormatError::Option("the pasted picture has the wrong number of pixels".into());
    let pixels = image::RgbaImage::from_raw(width, height, rgba.to_vec()).ok_or_else(broken)?;
    let picture = Picture::from_rgba8(Format::Png, pixels);
    let mut bytes = Vec::new();
    picture::encode(&picture, Format::Png, &formats::PictureOptions::default(), &mut bytes, progress)?;
    Ok(bytes)
}
