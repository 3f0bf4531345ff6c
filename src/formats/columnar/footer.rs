//! How deeply the columns of a Parquet file lie within each other, found out before the reader sees them: it makes its tree of columns
//! by recursion, and a stack that runs over ends the process.

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// Levels of columns within each other. A list takes two of them, a map three.
const MAX_DEPTH: usize = 128;
/// Values within each other that are passed over; the reader's own bound is near it.
const MAX_SKIP: u8 = 64;

/// Reads the list of columns in the footer, without making anything of it.
///
/// # Errors
/// `Limit` where columns are nested too deeply, `Malformed` where the footer cannot be read as far as that.
pub(super) fn check(input: &Buffer, progress: &Progress) -> Result<(), FormatError> {
    let len = input.len().0;
    let Some(tail) = len.checked_sub(8) else { return Ok(()) };
    let end = input.to_vec(ByteRange::new(Offset(tail), Len(8)))?;
    let (Some(size), true) = (end.first_chunk::<4>(), end.ends_with(b"PAR1")) else { return Ok(()) };
    // What claims more than there is, the reader refuses.
    let Some(start) = tail.checked_sub(u64::from(u32::from_le_bytes(*size))) else { return Ok(()) };
    let bytes = input.to_vec(ByteRange::between(Offset(start), Offset(tail)))?;
    let bad = |_: Broken| FormatError::Malformed {
        format: Format::Parquet,
        what: "its footer cannot be read".into(),
        at: Some(Offset(start)),
    };
    let mut footer = Compact { rest: &bytes };
    let mut id = 0;
    while let Some(kind) = footer.field(&mut id).map_err(bad)? {
        // The list of columns, in the order of a walk through their tree.
        if (id, kind) == (2, Kind::List) {
            let (count, of) = footer.list().map_err(bad)?;
            if of != Kind::Struct {
                return Err(bad(Broken));
            }
            return columns(&mut footer, count, progress)?.map_err(bad);
        }
        footer.skip(kind, MAX_SKIP).map_err(bad)?;
    }
    Ok(())
}

fn columns(footer: &mut Compact<'_>, count: u64, progress: &Progress) -> Result<Result<(), Broken>, FormatError> {
    // How many columns each open level still waits for.
    let mut open: Vec<u64> = Vec::new();
    for number in 0..count {
        if number.is_multiple_of(1000) {
            progress.check()?;
        }
        match footer.children() {
            Ok(0) => {
                while let Some(left) = open.last_mut() {
                    *left -= 1;
                    if *left > 0 {
                        break;
                    }
                    open.pop();
                }
            }
            Ok(children) if open.len() < MAX_DEPTH => open.push(children),
            Ok(_) => {
                let what = format!("the columns are nested at least {} levels deep", MAX_DEPTH + 1);
                return Err(FormatError::Limit { what, limit: format!("{MAX_DEPTH} levels") });
            }
            Err(broken) => return Ok(Err(broken)),
        }
    }
    Ok(Ok(()))
}

/// The bytes are no Thrift in its compact form, or end too early.
struct Broken;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The value is a part of the field's kind.
    Truth,
    Byte,
    Number,
    Double,
    Bytes,
    List,
    Map,
    Struct,
    Uuid,
}

impl Kind {
    fn of(number: u8) -> Result<Self, Broken> {
        Ok(match number {
            1 | 2 => Self::Truth,
            3 => Self::Byte,
            4..=6 => Self::Number,
            7 => Self::Double,
            8 => Self::Bytes,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Struct,
            13 => Self::Uuid,
            _ => return Err(Broken),
        })
    }
}

/// A reader of the compact protocol that knows no more than where values end.
struct Compact<'a> {
    rest: &'a [u8],
}

impl Compact<'_> {
    fn byte(&mut self) -> Result<u8, Broken> {
        let (&byte, rest) = self.rest.split_first().ok_or(Broken)?;
        self.rest = rest;
        Ok(byte)
    }

    fn pass(&mut self, len: u64) -> Result<(), Broken> {
        let len = usize::try_from(len).map_err(|_| Broken)?;
        self.rest = self.rest.get(len..).ok_or(Broken)?;
        Ok(())
    }

    fn number(&mut self) -> Result<u64, Broken> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Broken)
    }

    /// The kind of the next field, whose number comes to stand in `id`; `None` at the end of the structure.
    fn field(&mut self, id: &mut i64) -> Result<Option<Kind>, Broken> {
        let head = self.byte()?;
        if head == 0 {
            return Ok(None);
        }
        *id = match head >> 4 {
            0 => {
                let number = self.number()?;
                (number >> 1) as i64 ^ -((number & 1) as i64)
            }
            delta => *id + i64::from(delta),
        };
        Kind::of(head & 0x0F).map(Some)
    }

    /// How many values a list has, and what they are.
    fn list(&mut self) -> Result<(u64, Kind), Broken> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.number()? } else { u64::from(head >> 4) };
        Ok((count, Kind::of(head & 0x0F)?))
    }

    /// How many columns lie in the one that is described here.
    fn children(&mut self) -> Result<u64, Broken> {
        let (mut id, mut children) = (0, 0);
        while let Some(kind) = self.field(&mut id)? {
            if (id, kind) == (5, Kind::Number) {
                let number = self.number()?;
                // A negative number is nonsense that the reader tells of.
                children = if number & 1 == 0 { number >> 1 } else { 0 };
            } else {
                self.skip(kind, MAX_SKIP)?;
            }
        }
        Ok(children)
    }

    /// A truth value in a list is a byte of its own.
    fn skip_in_list(&mut self, kind: Kind, depth: u8) -> Result<(), Broken> {
        if kind == Kind::Truth { self.pass(1) } else { self.skip(kind, depth) }
    }

    fn skip(&mut self, kind: Kind, depth: u8) -> Result<(), Broken> {
        let depth = depth.checked_sub(1).ok_or(Broken)?;
        match kind {
            Kind::Truth => {}
            Kind::Byte => self.pass(1)?,
            Kind::Number => drop(self.number()?),
            Kind::Double => self.pass(8)?,
            Kind::Uuid => self.pass(16)?,
            Kind::Bytes => {
                let len = self.number()?;
                self.pass(len)?;
            }
            Kind::List => {
                let (count, of) = self.list()?;
                for _ in 0..count {
                    self.skip_in_list(of, depth)?;
                }
            }
            Kind::Map => {
                let count = self.number()?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                for _ in 0..count {
                    self.skip_in_list(Kind::of(kinds >> 4)?, depth)?;
                    self.skip_in_list(Kind::of(kinds & 0x0F)?, depth)?;
                }
            }
            Kind::Struct => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip(kind, depth)?;
                }
            }
        }
        Ok(())
    }
}
