//! JSON to JSON: other spaces and line ends, the same tokens byte for byte.

use std::io::Write;

use super::layout::Layout;
use super::machine::{Machine, Part};
use super::source::{self, Bytes};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, Options};
use crate::tasks::Progress;

/// How many bytes go by between two looks at the progress.
const CHECK: u64 = 256 * 1024;

pub(super) fn reformat(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    progress.check()?;
    let text = source::open(input, from, options.limits(), progress)?;
    let indent = match to {
        Format::Json => options.json.indent,
        Format::JsonLines => None,
        _ => return Err(FormatError::NoConversion { from, to }),
    };
    progress.set_done(0);
    progress.set_total(text.buffer.len().0);
    let mut bytes = Bytes::new(&text.buffer, from, Machine::new(), text.start);
    let mut layout = Layout::new(indent, out);
    let mut work = Work { bytes: &mut bytes, layout: &mut layout, progress, checked: 0 };
    match (from, to) {
        (Format::Json, Format::JsonLines) => work.array_to_lines()?,
        (Format::Json, _) => work.whole()?,
        (_, Format::JsonLines) => work.lines(|layout, _| layout.byte(b'\n'), |_, _| {})?,
        _ => {
            work.layout.open(b'[');
            // The comma comes before each record but the first.
            work.lines(
                |_, _| {},
                |layout, record| {
                    if record > 0 {
                        layout.comma();
                    }
                },
            )?;
            work.layout.close(b']');
        }
    }
    if indent.is_some() {
        layout.byte(b'\n');
    }
    layout.flush()
}

struct Work<'a, 'i, 'o> {
    bytes: &'a mut Bytes<'i>,
    layout: &'a mut Layout<'o>,
    progress: &'a Progress,
    checked: u64,
}

impl Work<'_, '_, '_> {
    fn next(&mut self) -> Result<Option<(u8, Part)>, FormatError> {
        if self.bytes.offset() >= self.checked + CHECK {
            self.checked = self.bytes.offset();
            self.progress.set_done(self.checked);
            self.progress.check()?;
        }
        self.layout.drain()?;
        self.bytes.next()
    }

    fn put(&mut self, byte: u8, part: Part) {
        match part {
            Part::Space => {}
            Part::Open => self.layout.open(byte),
            Part::Close => self.layout.close(byte),
            Part::Comma => self.layout.comma(),
            Part::Colon => self.layout.colon(),
            Part::StringStart | Part::ScalarStart => {
                self.layout.start_value();
                self.layout.byte(byte);
            }
            Part::StringByte | Part::ScalarByte => self.layout.bytes(self.bytes.taken()),
            Part::StringEnd => self.layout.byte(byte),
        }
    }

    fn whole(&mut self) -> Result<(), FormatError> {
        while let Some((byte, part)) = self.next()? {
            self.put(byte, part);
        }
        self.bytes.finish()
    }

    /// The elements of a top-level array, or the one value, each on a line.
    fn array_to_lines(&mut self) -> Result<(), FormatError> {
        let mut is_array = None;
        let mut elements = 0_u64;
        while let Some((byte, part)) = self.next()? {
            if part == Part::Space {
                continue;
            }
            let first = is_array.is_none();
            let array = *is_array.get_or_insert(byte == b'[' && part == Part::Open);
            let depth = self.bytes.machine.depth();
            if array && (first || depth == 0) {
                continue; // its own brackets
            }
            if array && depth == 1 && part == Part::Comma {
                self.layout.byte(b'\n');
                continue;
            }
            elements += 1;
            self.put(byte, part);
        }
        self.bytes.finish()?;
        if elements > 0 {
            self.layout.byte(b'\n');
        }
        Ok(())
    }

    /// Record after record of JSON Lines; blank lines are no records.
    fn lines(&mut self, after: impl Fn(&mut Layout<'_>, u64), before: impl Fn(&mut Layout<'_>, u64)) -> Result<(), FormatError> {
        let mut records = 0_u64;
        let mut begun = false;
        while let Some((byte, part)) = self.next()? {
            if part != Part::Space && !begun {
                begun = true;
                before(self.layout, records);
            }
            self.put(byte, part);
            if byte == b'\n' && self.bytes.end_line()? {
                after(self.layout, records);
                records += 1;
                begun = false;
            }
        }
        if begun {
            self.bytes.finish()?;
            after(self.layout, records);
        }
        Ok(())
    }
}
