//! The fence around the codecs: their reads and writes, their errors. Their panics stop at [`crate::formats::guarded`].

use std::error::Error as _;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use image::ImageError;
use image::error::{LimitErrorKind, UnsupportedErrorKind};

use crate::buffer::{Buffer, ReadError};
use crate::formats::{Format, FormatError};
use crate::tasks::{Cancelled, Progress};

/// Bytes of small reads that go by before it is asked again whether to stop: codecs that read byte by byte would do little else.
const STRIDE: usize = 4096;

/// Between the bytes and a codec: every access, or a few thousand bytes of small ones, asks whether to stop, and moves the progress on.
pub(super) struct Watched<'a, T> {
    inner: T,
    progress: &'a Progress,
    /// Bytes that were read since it was asked.
    since: usize,
}

impl<'a, T> Watched<'a, T> {
    pub(super) fn new(inner: T, progress: &'a Progress) -> Self {
        Self { inner, progress, since: 0 }
    }

    pub(super) fn into_inner(self) -> T {
        self.inner
    }

    fn check(&self) -> io::Result<()> {
        self.progress.check().map_err(io::Error::other)
    }

    fn passed(&mut self, count: usize) {
        self.since += count;
        if self.since >= STRIDE {
            self.progress.advance(self.since as u64);
            self.since = 0;
        }
    }
}

/// A reader over `input` for a codec.
pub(super) fn reader<'a>(input: &Buffer, progress: &'a Progress) -> Watched<'a, crate::buffer::Reader> {
    Watched::new(input.reader(), progress)
}

impl<T: Read> Read for Watched<'_, T> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.since == 0 || out.len() >= STRIDE {
            self.check()?;
        }
        let read = self.inner.read(out)?;
        self.passed(read);
        Ok(read)
    }
}

impl<T: BufRead> BufRead for Watched<'_, T> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.check()?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.passed(count);
        self.inner.consume(count);
    }
}

impl<T: Seek> Seek for Watched<'_, T> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.check()?;
        self.inner.seek(to)
    }
}

impl<T: Write> Write for Watched<'_, T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.check()?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A codec's complaint about what it read, as ours.
pub(super) fn decoding(error: ImageError, input: &Buffer, format: Format) -> FormatError {
    match error {
        ImageError::Limits(error) => FormatError::Limit {
            what: match error.kind() {
                LimitErrorKind::DimensionError => "the picture has too many pixels on one side".into(),
                _ => "decoding it takes too much memory".to_owned(),
            },
            limit: "what was allowed for this picture".into(),
        },
        ImageError::Unsupported(error) => FormatError::Unsupported {
            format,
            what: match error.kind() {
                UnsupportedErrorKind::Color(color) => format!("the colour type {color:?}"),
                UnsupportedErrorKind::GenericFeature(what) => named(&what),
                _ => "this kind of picture".to_owned(),
            },
        },
        ImageError::IoError(error) => reading(error, input, format),
        other if at_end(&other) => ends_early(input, format),
        other => match innermost(&other) {
            what if says_end(&what) => ends_early(input, format),
            what => FormatError::Malformed { format, what, at: None },
        },
    }
}

/// A feature as codecs name it, without the words that our own message adds.
fn named(what: &str) -> String {
    let endings = [" is unsupported", " is not supported", " not supported", " unsupported"];
    endings.iter().find_map(|ending| what.strip_suffix(ending)).unwrap_or(what).to_owned()
}

/// An error of a read below a codec, as ours.
pub(super) fn reading(error: io::Error, input: &Buffer, format: Format) -> FormatError {
    if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Cancelled>) {
        return Cancelled.into();
    }
    match error.downcast::<ReadError>() {
        Ok(error) => error.into(),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => ends_early(input, format),
        Err(error) => FormatError::Malformed { format, what: error.to_string(), at: None },
    }
}

/// The codecs of GIF and QOI pass on in words only that the input ended.
fn says_end(what: &str) -> bool {
    what.eq_ignore_ascii_case("unexpected end of file") || what.ends_with("failed to fill whole buffer")
}

fn ends_early(input: &Buffer, format: Format) -> FormatError {
    FormatError::Malformed { format, what: "the file ends early".into(), at: Some(input.len().end()) }
}

/// Whether the complaint is that `input` ended too early.
pub(super) fn is_short(error: &FormatError, input: &Buffer) -> bool {
    matches!(error, FormatError::Malformed { at: Some(at), .. } if *at == input.len().end())
}

/// Whether an error, or what caused it, is that the file ended.
fn at_end(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut error = Some(error);
    while let Some(cause) = error {
        if cause.downcast_ref::<io::Error>().is_some_and(|error| {
            // A file that shrank while it was read says the same of itself, but is no short file.
            error.kind() == io::ErrorKind::UnexpectedEof
                && !error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<ReadError>)
        }) {
            return true;
        }
        error = cause.source();
    }
    false
}

/// The words of the first cause; what is around it repeats the format's name.
fn innermost(error: &ImageError) -> String {
    let mut words = error.to_string();
    let mut error = error.source();
    while let Some(cause) = error {
        words = cause.to_string();
        error = cause.source();
    }
    words
}

/// `len` zeros, or an error where memory is short.
pub(super) fn zeroed<T: Clone + Default>(len: usize) -> Result<Vec<T>, FormatError> {
    let mut values = Vec::new();
    values.try_reserve_exact(len).map_err(|_| FormatError::Limit {
        what: format!("the pixels take {}", super::in_units((len * size_of::<T>()) as u64)),
        limit: "the memory that is free".into(),
    })?;
    values.resize(len, T::default());
    Ok(values)
}
