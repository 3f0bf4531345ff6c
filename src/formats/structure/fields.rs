//! Fields that follow each other.

use super::draft::{Draft, bytes, digits, shown};
use super::scan::{Order, Scan};
use crate::formats::FormatError;

/// Reads fields one after the other, and keeps a part for each.
pub(super) struct Fields<'s, 'a> {
    scan: &'s Scan<'a>,
    order: Order,
    at: u64,
    end: u64,
    out: Vec<Draft>,
    /// A field was asked for that is not there.
    short: bool,
}

impl<'s, 'a> Fields<'s, 'a> {
    /// Between `at` and `end`, which may lie outside the file.
    pub(super) fn new(scan: &'s Scan<'a>, order: Order, at: u64, end: u64) -> Self {
        let end = end.min(scan.len);
        Self { scan, order, at: at.min(end), end, out: Vec::new(), short: false }
    }

    /// Where the next field is.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> u64 {
        self.end - self.at
    }

    /// Whether a field was not there.
    pub(super) fn is_short(&self) -> bool {
        self.short
    }

    /// Adds a part that is made elsewhere, and goes on behind it.
    pub(super) fn push(&mut self, part: Draft) {
        self.at = part.end().clamp(self.at, self.end);
        self.beside(part);
    }

    /// Adds a part of somewhere else.
    pub(super) fn beside(&mut self, part: Draft) {
        self.scan.count();
        self.out.push(part);
    }

    /// Bytes of the file, wherever the next field is.
    pub(super) fn read(&self, at: u64, len: u64) -> Result<Vec<u8>, FormatError> {
        self.scan.bytes(at, len)
    }

    /// Adds words to the value of the field that was read last.
    pub(super) fn note(&mut self, what: &str) {
        if let Some(last) = self.out.last_mut() {
            last.value = format!("{} ({what})", last.value);
        }
    }

    /// A problem of the field that was read last.
    pub(super) fn problem(&mut self, what: impl Into<String>) {
        if let Some(last) = self.out.last_mut() {
            last.problems.push(what.into());
        }
    }

    fn take(&mut self, name: &str, len: u64) -> Result<Option<Vec<u8>>, FormatError> {
        if len > self.left() {
            if self.left() > 0 {
                let part = Draft::new(name, self.at, self.left()).problem(format!("cut off: it has {}", bytes(len)));
                self.push(part);
            }
            self.short = true;
            return Ok(None);
        }
        let read = self.scan.bytes(self.at, len)?;
        self.push(Draft::new(name, self.at, len));
        Ok(Some(read))
    }

    fn say(&mut self, value: String) {
        if let Some(last) = self.out.last_mut() {
            last.value = value;
        }
    }

    /// A number of `width` bytes, 0 where it is not there.
    pub(super) fn uint(&mut self, name: &str, width: u64) -> Result<u64, FormatError> {
        self.shown(name, width, |number| number.to_string())
    }

    /// A number that is shown in its own way.
    pub(super) fn shown(&mut self, name: &str, width: u64, show: impl FnOnce(u64) -> String) -> Result<u64, FormatError> {
        let Some(read) = self.take(name, width)? else { return Ok(0) };
        let number = self.order.number(&read);
        self.say(show(number));
        Ok(number)
    }

    /// A number with its meaning, where it has one.
    pub(super) fn named(
        &mut self,
        name: &str,
        width: u64,
        meaning: impl FnOnce(u64) -> Option<&'static str>,
    ) -> Result<u64, FormatError> {
        self.shown(name, width, |number| match meaning(number) {
            Some(meaning) => format!("{number} ({meaning})"),
            None => number.to_string(),
        })
    }

    /// A number in hexadecimal digits.
    pub(super) fn hex(&mut self, name: &str, width: u64) -> Result<u64, FormatError> {
        self.shown(name, width, |number| format!("0x{number:0width$X}", width = 2 * width as usize))
    }

    /// A number with a sign.
    pub(super) fn int(&mut self, name: &str, width: u32) -> Result<i64, FormatError> {
        let shift = 64 - 8 * width;
        let signed = |number: u64| ((number << shift) as i64) >> shift;
        self.shown(name, width.into(), |number| signed(number).to_string()).map(signed)
    }

    /// Text of a known length.
    pub(super) fn text(&mut self, name: &str, len: u64) -> Result<Vec<u8>, FormatError> {
        let Some(read) = self.take(name, len)? else { return Ok(Vec::new()) };
        let trimmed = read.strip_suffix(&[0]).unwrap_or(&read);
        self.say(shown(trimmed));
        Ok(read)
    }

    /// Text up to a zero byte, which belongs to it; to the end where there is none.
    pub(super) fn text_to_zero(&mut self, name: &str) -> Result<Vec<u8>, FormatError> {
        let rest = self.scan.bytes(self.at, self.left())?;
        let len = rest.iter().position(|&byte| byte == 0);
        let mut text = self.text(name, len.map_or(rest.len(), |len| len + 1) as u64)?;
        match len {
            Some(len) => text.truncate(len),
            None => self.problem("it has no zero byte at its end"),
        }
        Ok(text)
    }

    /// Bytes without further meaning.
    pub(super) fn raw(&mut self, name: &str, len: u64) -> Result<(), FormatError> {
        if len == 0 {
            return Ok(());
        }
        let Some(read) = self.take(name, len)? else { return Ok(()) };
        let head = digits(&read);
        self.say(if len <= 16 { head } else { bytes(len) });
        Ok(())
    }

    /// What is left, as bytes.
    pub(super) fn rest(&mut self, name: &str) -> Result<(), FormatError> {
        self.raw(name, self.left())
    }

    /// What is left, as text.
    pub(super) fn rest_text(&mut self, name: &str) -> Result<(), FormatError> {
        match self.left() {
            0 => Ok(()),
            len => self.text(name, len).map(|_| ()),
        }
    }

    /// The parts.
    pub(super) fn done(self) -> Vec<Draft> {
        self.out
    }

    /// Gives the parts to what they are parts of.
    pub(super) fn into(self, part: Draft) -> Draft {
        let short = self.short;
        let told = part.problems.iter().any(|problem| problem.starts_with("cut off"));
        part.parts(self.out).problem_if(short && !told, "cut off: fields are missing")
    }
}
