//! `io.StringIO`. SKELETON.

use super::{Exception, ExceptionKind, Text, Value, Whence};

/// The `newline` argument of a text stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Newline {
    /// `None`: universal, translated to `\n`.
    Universal,
    /// `''`: universal, untranslated.
    UniversalUntranslated,
    /// `'\n'`: no translation; `StringIO`'s default.
    #[default]
    Lf,
    /// `'\r'`
    Cr,
    /// `'\r\n'`
    CrLf,
}

/// An in-memory stream of code points with Python's `io.StringIO` rules.
#[derive(Debug, Default)]
pub struct StringIO {
    state: TextState,
}

/// All of a [`StringIO`] at one moment; cheap to take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextState {
    /// The content, in code points.
    pub value: Text,
    /// The cursor in code points; may stand past the end.
    pub position: u64,
    /// Whether the stream is closed.
    pub closed: bool,
    /// The newline mode.
    pub newline: Newline,
}

impl StringIO {
    /// A stream holding `initial` (translated as `write` does), cursor at 0.
    pub fn new(initial: impl Into<Text>, newline: Newline) -> Self {
        Self { state: TextState { value: initial.into(), newline, ..Default::default() } }
    }
    /// The whole state.
    pub fn state(&self) -> TextState {
        self.state.clone()
    }
    /// Puts an earlier state back.
    pub fn restore(&mut self, state: &TextState) {
        self.state = state.clone();
    }
    /// The content, without the closed check of `getvalue`.
    pub fn value(&self) -> &Text {
        &self.state.value
    }
    /// The cursor, without the closed check of `tell`.
    pub fn position(&self) -> u64 {
        self.state.position
    }
    /// Whether `close` was called.
    pub fn closed(&self) -> bool {
        self.state.closed
    }
    /// The newline mode.
    pub fn newline(&self) -> Newline {
        self.state.newline
    }
    fn check_open(&self) -> Result<(), Exception> {
        if self.state.closed { Err(Exception::new(ExceptionKind::Value, "I/O operation on closed file")) } else { Ok(()) }
    }
    /// `read(size)`.
    pub fn read(&mut self, size: Option<u64>) -> Result<Text, Exception> {
        self.check_open()?;
        let end = self.state.position.saturating_add(size.unwrap_or(u64::MAX)).min(self.state.value.len());
        let text = self.state.value.slice(self.state.position, end);
        self.state.position = self.state.position.max(end);
        Ok(text)
    }
    /// `readline(size)`.
    pub fn read_line(&mut self, size: Option<u64>) -> Result<Text, Exception> {
        let n = self
            .state
            .value
            .slice(self.state.position, u64::MAX)
            .code_points()
            .position(|p| p == 10)
            .map_or(u64::MAX, |n| n as u64 + 1);
        self.read(Some(n.min(size.unwrap_or(u64::MAX))))
    }
    /// `write(text)`: returns the code points of the argument.
    pub fn write(&mut self, text: &Text) -> Result<u64, Exception> {
        let end = self.state.position + text.len();
        self.edit(self.state.position, end, text, end)?;
        Ok(text.len())
    }
    /// `seek(offset, whence)`.
    pub fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Exception> {
        self.check_open()?;
        self.state.position = match whence {
            Whence::Start => offset as u64,
            Whence::Current => self.state.position,
            Whence::End => self.state.value.len(),
        };
        Ok(self.state.position)
    }
    /// `tell()`.
    pub fn tell(&self) -> Result<u64, Exception> {
        self.check_open()?;
        Ok(self.state.position)
    }
    /// `truncate(size)`.
    pub fn truncate(&mut self, size: Option<i64>) -> Result<u64, Exception> {
        self.check_open()?;
        let size = size.map_or(self.state.position, |n| n as u64);
        self.state.value = self.state.value.slice(0, size);
        Ok(size)
    }
    /// `getvalue()`.
    pub fn getvalue(&self) -> Result<Text, Exception> {
        self.check_open()?;
        Ok(self.state.value.clone())
    }
    /// `close()`.
    pub fn close(&mut self) -> Result<(), Exception> {
        self.state = TextState { closed: true, ..Default::default() };
        Ok(())
    }
    /// An edit that Python's stream does not have: code points `start..end` become `with`, untranslated, and the cursor is set.
    pub fn edit(&mut self, start: u64, end: u64, with: &Text, cursor: u64) -> Result<(), Exception> {
        self.check_open()?;
        let old = &self.state.value;
        let points = old
            .slice(0, start)
            .code_points()
            .chain(with.code_points())
            .chain(old.slice(end, u64::MAX).code_points())
            .collect::<Vec<_>>();
        self.state.value = Text::from_code_points(points);
        self.state.position = cursor;
        Ok(())
    }
    /// A call by name with Python values; see [`super::BytesIO::call`].
    pub fn call(&mut self, method: &str, args: &[Value]) -> Result<Value, Exception> {
        match (method, args) {
            ("getvalue", []) => self.getvalue().map(Value::Str),
            _ => Err(Exception::new(ExceptionKind::Attribute, format!("'_io.StringIO' object has no attribute '{method}'"))),
        }
    }
}
