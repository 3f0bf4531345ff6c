//! Base64 as it comes out of mails, logs and half copied pages: what is no part of it is passed over, counted and told.

use super::base64_text::symbol;
use super::sink::Sink;
use super::{Decode, Decoded, FormatError};

/// Takes both alphabets in any mixture. Padding ends a text, and another one may follow it.
#[derive(Default)]
pub(super) struct Tolerant {
    /// Bits that do not fill a byte yet, and how many characters they are of.
    bits: u32,
    symbols: u8,
    foreign: u64,
    first_foreign: Option<u64>,
    /// Characters that were left over where a text ended: half of a byte each.
    halves: u64,
}

impl Tolerant {
    fn end_text(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        match self.symbols {
            2 => sink.push(&[(self.bits >> 4) as u8])?,
            3 => sink.push(&[(self.bits >> 10) as u8, (self.bits >> 2) as u8])?,
            1 => self.halves += 1,
            _ => {}
        }
        (self.bits, self.symbols) = (0, 0);
        Ok(())
    }
}

impl Decode for Tolerant {
    fn feed(&mut self, text: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        for (index, &byte) in text.iter().enumerate() {
            match byte {
                b'=' => self.end_text(sink)?,
                b' ' | b'\t' | b'\r' | b'\n' | 0x0C => {}
                _ => match symbol(byte) {
                    Some(value) => {
                        self.bits = self.bits << 6 | u32::from(value);
                        self.symbols += 1;
                        if self.symbols == 4 {
                            let [_, a, b, c] = self.bits.to_be_bytes();
                            sink.push(&[a, b, c])?;
                            (self.bits, self.symbols) = (0, 0);
                        }
                    }
                    None => {
                        self.foreign += 1;
                        self.first_foreign.get_or_insert(at + index as u64);
                    }
                },
            }
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>, decoded: &mut Decoded) -> Result<(), FormatError> {
        self.end_text(sink)?;
        if let Some(first) = self.first_foreign {
            let noun = if self.foreign == 1 { "character is no base64 and was" } else { "characters are no base64 and were" };
            decoded.notes.push(format!("{} {noun} passed over; the first is at offset {first}", self.foreign));
        }
        if self.halves > 0 {
            decoded.notes.push("The last character is half a byte and was left out".into());
        }
        Ok(())
    }
}
