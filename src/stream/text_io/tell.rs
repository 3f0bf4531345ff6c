//! `TextIOWrapper`: `tell` and `seek`, whose numbers say how to bring the decoder back to a place.

use num_bigint::{BigInt, Sign};

use super::super::{Exception, ExceptionKind, Value, Whence};
use super::{Snapshot, TextDecoder, TextIOWrapper};
use crate::buffer::{Buffer, ByteRange, Len, Offset};

/// What the number that `tell` gives is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cookie {
    /// Where the stream under it has to stand; taken as a signed number by the stream.
    start: u64,
    /// What state the decoder has there.
    flags: u32,
    /// How many bytes the decoder is given then,
    feed: u32,
    /// and how many of the characters it makes of them are passed over.
    skip: u32,
    /// Whether those bytes are the last ones.
    at_end: bool,
}

const BYTES: usize = 21;

impl Cookie {
    pub(super) fn pack(self) -> BigInt {
        if (self.flags, self.feed, self.skip, self.at_end) == (0, 0, 0, false) {
            return BigInt::from(self.start);
        }
        let mut bytes = [0; BYTES];
        bytes[..8].copy_from_slice(&self.start.to_le_bytes());
        for (n, part) in [self.flags, self.feed, self.skip].into_iter().enumerate() {
            bytes[8 + 4 * n..12 + 4 * n].copy_from_slice(&part.to_le_bytes());
        }
        bytes[BYTES - 1] = self.at_end.into();
        BigInt::from_bytes_le(Sign::Plus, &bytes)
    }

    fn unpack(number: &BigInt) -> Result<Self, Exception> {
        let (_, all) = number.to_bytes_le();
        if all.len() > BYTES {
            return Err(Exception::overflow("int too big to convert"));
        }
        let mut bytes = [0; BYTES];
        bytes[..all.len()].copy_from_slice(&all);
        let part = |n: usize| bytes[8 + 4 * n..12 + 4 * n].iter().rev().fold(0_u32, |part, &byte| part << 8 | u32::from(byte));
        let start = bytes[..8].iter().rev().fold(0_u64, |start, &byte| start << 8 | u64::from(byte));
        Ok(Self { start, flags: part(0), feed: part(1), skip: part(2), at_end: bytes[BYTES - 1] != 0 })
    }
}

fn part(input: &Buffer, start: usize, len: usize) -> Buffer {
    input.slice(ByteRange::new(Offset(start as u64), Len(len as u64)))
}

/// Brings a decoder to the place where the stream under it stands at `start`.
fn set_state(decoder: &mut TextDecoder, start: u64, flags: u64) {
    if start == 0 && flags == 0 {
        decoder.reset();
    } else {
        decoder.set_state(&[], flags);
    }
}

/// A decoder's state where CPython takes a C `int`, in which the shifted states of ISO 2022 do not fit.
fn as_flags(state: u64) -> Result<u32, Exception> {
    let flags = i32::try_from(state).map_err(|_| Exception::overflow("signed integer is greater than maximum"))?;
    Ok(flags.cast_unsigned())
}

fn lost() -> Exception {
    Exception::new(ExceptionKind::Os, "can't reconstruct logical file position")
}

impl TextIOWrapper {
    fn check_seekable(&self) -> Result<(), Exception> {
        if self.seekable { Ok(()) } else { Err(Exception::unsupported("underlying stream is not seekable")) }
    }

    /// `tell()`: a number for [`TextIOWrapper::seek`] that means nothing else, though it often is the offset of a byte.
    pub fn tell(&mut self) -> Result<BigInt, Exception> {
        self.open()?;
        self.check_seekable()?;
        if !self.telling {
            return Err(Exception::new(ExceptionKind::Os, "telling position disabled by next() call"));
        }
        self.write_pending()?;
        self.flush()?;
        let position = self.under()?.tell()?;
        let mut decoder = self.decoder.clone();
        let place = self.place(position.cast_unsigned(), decoder.as_mut());
        // The line ends that decoding again has met are remembered, and those from before may be forgotten.
        if let (Some(TextDecoder::Universal(own)), Some(TextDecoder::Universal(used))) = (&mut self.decoder, &decoder) {
            own.set_seen(used.seen());
        }
        place
    }

    /// The place of the next character, while the stream under it stands at `position`; `decoder` is one like its own, which is used.
    pub(super) fn place(&self, position: u64, decoder: Option<&mut TextDecoder>) -> Result<BigInt, Exception> {
        let (Some(decoder), Some(Snapshot { flags, input })) = (decoder, &self.snapshot) else {
            return Ok(BigInt::from(position.cast_signed()));
        };
        let position = position.wrapping_sub(input.len().get());
        let cookie = Cookie { start: position, flags: as_flags(*flags)?, ..Cookie::default() };
        if self.used == 0 {
            return Ok(cookie.pack());
        }
        self.place_inside(decoder, cookie, input).map(Cookie::pack)
    }

    /// A place behind the first character of the chunk: as near before it as the decoder has nothing held back.
    fn place_inside(&self, decoder: &mut TextDecoder, cookie: Cookie, input: &Buffer) -> Result<Cookie, Exception> {
        let origin = cookie.start;
        let mut flags = u64::from(cookie.flags);
        let mut skip = self.used;
        let len = input.len().to_usize().ok_or_else(lost)?;
        // A guess, from which it goes back in growing steps; after `seek` it may come from a chunk that had other characters.
        let mut at = ((self.ratio * skip as f64) as usize).min(len);
        let mut back = 1;
        let mut found = false;
        while at > 0 {
            set_state(decoder, origin, flags);
            let count = decoder.decode(&part(input, 0, at), false)?.len();
            if count <= skip {
                let (held, after) = decoder.state();
                let after = as_flags(after)?;
                if held.is_empty() {
                    (flags, found) = (after.into(), true);
                    skip -= count;
                    break;
                }
                at = at.saturating_sub(held.len());
                back = 1;
            } else {
                at = at.saturating_sub(back);
                back *= 2;
            }
        }
        if !found {
            at = 0;
            set_state(decoder, origin, flags);
        }
        let mut cookie = Cookie { start: origin.wrapping_add(at as u64), flags: flags as u32, ..cookie };
        if skip == 0 {
            return Ok(cookie);
        }
        // From here byte by byte, remembering the last place where nothing is held back.
        let mut decoded = 0;
        let bytes = input.to_vec(ByteRange::between(Offset(at as u64), Offset(u64::MAX)))?;
        let mut enough = false;
        for byte in bytes {
            decoded += decoder.decode(&Buffer::from(&[byte]), false)?.len();
            cookie.feed += 1;
            let (held, after) = decoder.state();
            let after = as_flags(after)?;
            if held.is_empty() && decoded <= skip {
                cookie.start = cookie.start.wrapping_add(cookie.feed.into());
                skip -= decoded;
                (cookie.flags, cookie.feed, decoded) = (after, 0, 0);
            }
            if decoded >= skip {
                enough = true;
                break;
            }
        }
        if !enough {
            decoded += decoder.decode(&Buffer::new(), true)?.len();
            cookie.at_end = true;
            if decoded < skip {
                return Err(lost());
            }
        }
        cookie.skip = skip as u32;
        Ok(cookie)
    }

    /// `seek(cookie, whence)`: to a place that [`TextIOWrapper::tell`] gave; from the cursor or the end only by 0.
    pub fn seek(&mut self, cookie: &BigInt, whence: Whence) -> Result<BigInt, Exception> {
        self.open()?;
        self.check_seekable()?;
        match whence {
            Whence::Start => {
                if cookie.sign() == Sign::Minus {
                    return Err(Exception::value_error(format!("negative seek position {cookie}")));
                }
                self.seek_place(cookie)?;
                Ok(cookie.clone())
            }
            Whence::Current => {
                if *cookie != BigInt::ZERO {
                    return Err(Self::not_relative("cur"));
                }
                let here = self.tell()?;
                if here.sign() == Sign::Minus {
                    return Err(Exception::value_error(format!("negative seek position {here}")));
                }
                self.seek_place(&here)?;
                Ok(here)
            }
            Whence::End => {
                if *cookie != BigInt::ZERO {
                    return Err(Self::not_relative("end"));
                }
                match self.seek_end()? {
                    Value::Int(end) => Ok(end),
                    _ => Ok(BigInt::ZERO),
                }
            }
        }
    }

    pub(super) fn not_relative(to: &str) -> Exception {
        Exception::unsupported(&format!("can't do nonzero {to}-relative seeks"))
    }

    /// What comes before the arguments of `seek` are looked at.
    pub(super) fn check_seek(&self) -> Result<(), Exception> {
        self.open()?;
        self.check_seekable()
    }

    pub(super) fn seek_end(&mut self) -> Result<Value, Exception> {
        self.flush()?;
        self.forget_decoded();
        self.snapshot = None;
        if let Some(decoder) = &mut self.decoder {
            decoder.reset();
        }
        let end = self.under()?.seek(BigInt::ZERO, 2)?;
        self.restart_encoder(end == Value::Int(BigInt::ZERO));
        Ok(end)
    }

    /// A byte order mark is written again at the start, and nowhere else.
    fn restart_encoder(&mut self, at_start: bool) {
        match &mut self.encoder {
            Some(encoder) if at_start => encoder.reset(),
            Some(encoder) => encoder.set_state(0),
            None => {}
        }
    }

    /// To the place of a number, which is not negative.
    pub(super) fn seek_place(&mut self, number: &BigInt) -> Result<(), Exception> {
        self.flush()?;
        let cookie = Cookie::unpack(number)?;
        self.under()?.seek(BigInt::from(cookie.start.cast_signed()), 0)?;
        self.forget_decoded();
        self.snapshot = None;
        let flags = u64::from(cookie.flags);
        if let Some(decoder) = &mut self.decoder {
            set_state(decoder, cookie.start, flags);
        }
        if cookie.skip == 0 {
            self.snapshot = Some(Snapshot { flags, input: Buffer::new() });
        } else {
            let feed = i64::from(cookie.feed.cast_signed());
            let input = match self.under()?.read("read", Some(feed))? {
                Value::Bytes(input) => input,
                other => {
                    let message = format!("underlying read() should have returned a bytes object, not '{}'", other.type_name());
                    return Err(Exception::type_error(message));
                }
            };
            self.snapshot = Some(Snapshot { flags, input: input.clone() });
            let Some(decoder) = &mut self.decoder else { return Err(Exception::unsupported("not readable")) };
            let decoded = decoder.decode(&input, cookie.at_end)?;
            let len = decoded.len();
            self.decoded = Some(decoded);
            // A number that no `tell` gives can ask for less than nothing.
            let skip = u64::try_from(cookie.skip.cast_signed()).unwrap_or(0);
            if len < skip {
                return Err(Exception::new(ExceptionKind::Os, "can't restore logical file position"));
            }
            self.used = skip;
        }
        self.restart_encoder(cookie.start == 0 && flags == 0);
        Ok(())
    }
}
