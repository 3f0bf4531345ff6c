//! Characters on their way into a text format in any encoding.

use std::io::Write;

use crate::formats::text::Encoder;
use crate::formats::{FormatError, Loss, TextOptions};

/// Characters gathered before they are encoded and written.
const BATCH: usize = 64 * 1024;

/// Takes text and writes it in the encoding that was chosen.
pub(in crate::formats) struct Prose<'a> {
    pub(in crate::formats) text: String,
    encoder: Encoder,
    encoded: Vec<u8>,
    out: &'a mut dyn Write,
}

impl<'a> Prose<'a> {
    pub(in crate::formats) fn new(options: &TextOptions, out: &'a mut dyn Write) -> Result<Self, FormatError> {
        let encoding = options.encoding.canonical();
        if options.bom {
            out.write_all(encoding.mark()).map_err(FormatError::Write)?;
        }
        Ok(Self { text: String::new(), encoder: Encoder::new(encoding), encoded: Vec::new(), out })
    }

    pub(in crate::formats) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes what was gathered, when it is enough.
    pub(in crate::formats) fn drain(&mut self) -> Result<(), FormatError> {
        if self.text.len() >= BATCH { self.empty(false) } else { Ok(()) }
    }

    fn empty(&mut self, last: bool) -> Result<(), FormatError> {
        self.encoded.clear();
        self.encoder.encode(&self.text, last, &mut self.encoded);
        self.text.clear();
        self.out.write_all(&self.encoded).map_err(FormatError::Write)
    }

    /// Writes the rest and tells what the encoding could not.
    pub(in crate::formats) fn finish(mut self) -> Result<Option<Loss>, FormatError> {
        self.empty(true)?;
        Ok(self.encoder.loss().map(Loss::new))
    }
}
