//! What the readers of records have in common: lines become records one after another, until one says that it is the last.

use super::super::{Decode, Decoded, DumpOptions, FormatError, sink::Sink};
use super::image::Image;
use super::lines::{Line, Lines};
use crate::formats::Format;

/// What is wrong with a record, and where in it.
pub(in crate::formats::dump) type Wrong = (String, usize);

/// What one format of records does with each of them.
pub(in crate::formats::dump) trait Records: Default {
    /// One record, its checksum found right.
    type Record;
    /// Which format it is.
    const FORMAT: Format;
    /// What is missing where no record said that it is the last.
    const UNENDED: &str;

    /// Understands one line without blanks around it.
    fn parse(line: &[u8]) -> Result<Self::Record, Wrong>;

    /// Puts a record into the image; whether it was the last one. `wrong` is an error about this line.
    fn take(
        &mut self,
        record: Self::Record,
        image: &mut Image,
        line: &Line,
        wrong: impl Fn(Wrong) -> FormatError,
    ) -> Result<bool, FormatError>;
}

/// Reads a format of records into an image of the memory.
pub(in crate::formats::dump) struct Decoder<R> {
    lines: Lines,
    state: State<R>,
    end: u64,
}

struct State<R> {
    records: R,
    image: Image,
    ended: bool,
}

impl<R: Records> Decoder<R> {
    pub(in crate::formats::dump) fn new(options: &DumpOptions) -> Self {
        let state = State { records: R::default(), image: Image::new(options), ended: false };
        Self { lines: Lines::default(), state, end: 0 }
    }

    pub(super) fn into_image(mut self) -> Result<Image, FormatError> {
        let state = &mut self.state;
        self.lines.finish(|line| state.line(line))?;
        if !state.ended {
            state.image.cut_off(R::FORMAT, R::UNENDED, self.end)?;
        }
        Ok(self.state.image)
    }
}

impl<R: Records> State<R> {
    fn line(&mut self, line: &Line) -> Result<(), FormatError> {
        let text = line.text.trim_ascii_start();
        let column = line.text.len() - text.len();
        let wrong = |(what, at): Wrong| line.wrong(R::FORMAT, (what, column + at));
        if self.ended {
            return Err(wrong(("there is more behind the end record".into(), 0)));
        }
        let record = R::parse(text.trim_ascii_end()).map_err(wrong)?;
        self.ended = self.records.take(record, &mut self.image, line, wrong)?;
        Ok(())
    }
}

impl<R: Records> Decode for Decoder<R> {
    fn feed(&mut self, text: &[u8], at: u64, _: &mut Sink<'_>) -> Result<(), FormatError> {
        self.end = at + text.len() as u64;
        let state = &mut self.state;
        self.lines.feed(R::FORMAT, text, at, |line| state.line(line))
    }

    fn finish(&mut self, sink: &mut Sink<'_>, decoded: &mut Decoded) -> Result<(), FormatError> {
        let emptied = std::mem::replace(self, Self::new(&DumpOptions::default()));
        emptied.into_image()?.write(R::FORMAT, sink, decoded)
    }
}
