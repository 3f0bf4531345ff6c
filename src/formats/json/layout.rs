//! Where line ends and spaces go between the tokens of written JSON.

use std::io::Write;

use crate::formats::FormatError;

/// Bytes gathered before they are written.
const BATCH: usize = 64 * 1024;

/// Writes tokens on one line, or with one value a line.
pub(super) struct Layout<'a> {
    indent: Option<u8>,
    depth: usize,
    /// A bracket was opened and nothing has come since.
    fresh: bool,
    batch: Vec<u8>,
    out: &'a mut dyn Write,
}

impl<'a> Layout<'a> {
    pub(super) fn new(indent: Option<u8>, out: &'a mut dyn Write) -> Self {
        Self { indent, depth: 0, fresh: false, batch: Vec::new(), out }
    }

    pub(super) fn open(&mut self, bracket: u8) {
        self.start_value();
        self.batch.push(bracket);
        self.depth += 1;
        self.fresh = true;
    }

    pub(super) fn close(&mut self, bracket: u8) {
        self.depth = self.depth.saturating_sub(1);
        if !self.fresh {
            self.new_line();
        }
        self.fresh = false;
        self.batch.push(bracket);
    }

    pub(super) fn comma(&mut self) {
        self.batch.push(b',');
        self.new_line();
    }

    pub(super) fn colon(&mut self) {
        self.batch.push(b':');
        if self.indent.is_some() {
            self.batch.push(b' ');
        }
    }

    /// Before the first byte of a key, a string or a scalar.
    pub(super) fn start_value(&mut self) {
        if self.fresh {
            self.new_line();
            self.fresh = false;
        }
    }

    /// A byte of a token, as it is.
    pub(super) fn byte(&mut self, byte: u8) {
        self.batch.push(byte);
    }

    /// Several bytes of a token.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.batch.extend_from_slice(bytes);
    }

    /// A string, quoted and escaped.
    pub(super) fn string(&mut self, text: &str) -> Result<(), FormatError> {
        self.start_value();
        serde_json::to_writer(&mut self.batch, text).map_err(|error| FormatError::Write(error.into()))
    }

    /// Writes what was gathered, if it is enough to be worth it.
    pub(super) fn drain(&mut self) -> Result<(), FormatError> {
        if self.batch.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    pub(super) fn flush(&mut self) -> Result<(), FormatError> {
        self.out.write_all(&self.batch).map_err(FormatError::Write)?;
        self.batch.clear();
        Ok(())
    }

    fn new_line(&mut self) {
        if let Some(indent) = self.indent {
            self.batch.push(b'\n');
            self.batch.resize(self.batch.len() + self.depth * usize::from(indent), b' ');
        }
    }
}
