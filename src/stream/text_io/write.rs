//! `TextIOWrapper`: writing.

use std::borrow::Cow;

use super::super::codec::find_unit;
use super::super::text::Width;
use super::super::{Exception, Newline, SeenNewlines, Text};
use super::TextIOWrapper;
use crate::buffer::{Buffer, Offset};

/// Whether `point` is in the text.
fn has(text: &Text, point: u8) -> Result<bool, Exception> {
    let run = match text.units().contiguous(Offset::ZERO) {
        Some(run) if run.len() as u64 == text.units().len().get() => Cow::Borrowed(run),
        _ => Cow::Owned(text.units().to_vec_all()?),
    };
    Ok(find_unit(text.width(), &run, point, 0).is_some())
}

impl TextIOWrapper {
    /// Passes on what is pending. Where that fails it is lost.
    pub(super) fn write_pending(&mut self) -> Result<(), Exception> {
        let Some(mut pending) = self.pending.take() else { return Ok(()) };
        let under = self.under()?;
        match under.write_slice(&pending) {
            // The memory is used again.
            Some(Ok(_)) if pending.capacity() as u64 <= 2 * self.chunk_size => {
                pending.clear();
                self.spare = pending;
                Ok(())
            }
            Some(written) => written.map(|_| ()),
            None => under.write(pending.into()),
        }
    }

    /// `write(text)`: encodes it, and passes it on when enough is gathered. Returns the code points of the argument.
    #[inline]
    pub fn write(&mut self, text: &Text) -> Result<u64, Exception> {
        self.open()?;
        // What most writes are: a little ASCII that nothing has to be done to.
        if text.width() == Width::One
            && !self.line_buffering
            && !self.write_through
            && !matches!(self.newline, Newline::Cr | Newline::CrLf)
            && let Some(encoder) = &mut self.encoder
            && encoder.keeps_ascii()
            && let Some(units) = text.units().contiguous(Offset::ZERO)
            && units.len() as u64 == text.units().len().get()
            && units.is_ascii()
            && ((self.pending.as_ref().map_or(0, Vec::len) + units.len()) as u64) < self.chunk_size
        {
            let pending = self.pending.get_or_insert_with(|| std::mem::take(&mut self.spare));
            pending.extend_from_slice(units);
            self.forget_read();
            return Ok(units.len() as u64);
        }
        self.write_any(text)
    }

    /// [`TextIOWrapper::write`] of a Rust string.
    pub fn write_str(&mut self, text: &str) -> Result<u64, Exception> {
        self.write(&Text::from(text))
    }

    fn write_any(&mut self, text: &Text) -> Result<u64, Exception> {
        if self.encoder.is_none() {
            return Err(Exception::unsupported("not writable"));
        }
        let len = text.len();
        let translates = matches!(self.newline, Newline::Cr | Newline::CrLf);
        let has_lf = (translates || self.line_buffering) && has(text, b'\n')?;
        let flushes = self.line_buffering && (has_lf || has(text, b'\r')?);
        let translated = if has_lf && translates { self.newline.translate(text, &mut SeenNewlines::default()) } else { None };
        let bytes = self.encode(translated.as_ref().unwrap_or(text))?;
        let count = bytes.len().get();
        if self.pending.as_ref().is_some_and(|pending| pending.len() as u64 + count > self.chunk_size) {
            self.write_pending()?;
        }
        let mut pending = self.pending.take().unwrap_or_else(|| std::mem::take(&mut self.spare));
        if pending.is_empty() && count >= self.chunk_size {
            // Enough by itself.
            self.under()?.write(bytes)?;
        } else {
            match bytes.contiguous(Offset::ZERO) {
                Some(run) if run.len() as u64 == count => pending.extend_from_slice(run),
                _ => pending.extend_from_slice(&bytes.to_vec_all()?),
            }
            let enough = pending.len() as u64 >= self.chunk_size;
            self.pending = Some(pending);
            if enough || flushes || self.write_through {
                self.write_pending()?;
            }
        }
        if flushes {
            self.under()?.call("flush", &[])?;
        }
        self.forget_read();
        Ok(len)
    }

    /// What was read ahead is not where the cursor is any more.
    #[inline]
    fn forget_read(&mut self) {
        self.forget_decoded();
        self.snapshot = None;
        if let Some(decoder) = &mut self.decoder {
            decoder.reset();
        }
    }

    fn encode(&mut self, text: &Text) -> Result<Buffer, Exception> {
        let Some(encoder) = &mut self.encoder else { return Err(Exception::unsupported("not writable")) };
        let encoded = encoder.encode(text);
        // The first write is past even where it failed: its byte order mark never comes.
        if encoded.is_err() && self.codec.is_marked_wide() {
            encoder.set_state(0);
        }
        encoded
    }

    /// `writelines(lines)`: writes each; what came before a failing one stays written.
    pub fn write_lines<'a>(&mut self, lines: impl IntoIterator<Item = &'a Text>) -> Result<(), Exception> {
        self.open()?;
        lines.into_iter().try_for_each(|line| self.write(line).map(|_| ()))
    }
}
