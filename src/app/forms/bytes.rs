//! Changing bytes: which operation, with what, on which of them.

use std::sync::Arc;

use crate::app::literal::{parse_hex_bytes, parse_integer};
use crate::app::numbers::{binary_size, count, group};
use crate::app::position::{Places, parse_length};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::document::{DocumentId, Rule};
use crate::explore::byte_ops::{ByteOp, Scope, apply};
use crate::formats::literal::{Choices, Style, decode_text};
use crate::tasks::Progress;

/// Memory that the result of one operation may take; more is refused before it begins.
pub const MOST_MEMORY: Len = Len(4 << 30);

/// Bytes that the preview shows.
const PREVIEWED: u64 = 16;

/// Which operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "label() says what each one is")]
pub enum OpKind {
    Fill,
    Random,
    Count,
    Xor,
    And,
    Or,
    Add,
    Subtract,
    Invert,
    ShiftLeft,
    ShiftRight,
    RotateLeft,
    RotateRight,
    ReverseBytes,
    ReverseBits,
    Swap16,
    Swap32,
    Swap64,
    UpperCase,
    LowerCase,
}

impl OpKind {
    /// All, in the order of the list.
    pub const ALL: [Self; 20] = [
        Self::Fill,
        Self::Random,
        Self::Count,
        Self::Xor,
        Self::And,
        Self::Or,
        Self::Add,
        Self::Subtract,
        Self::Invert,
        Self::ShiftLeft,
        Self::ShiftRight,
        Self::RotateLeft,
        Self::RotateRight,
        Self::ReverseBytes,
        Self::ReverseBits,
        Self::Swap16,
        Self::Swap32,
        Self::Swap64,
        Self::UpperCase,
        Self::LowerCase,
    ];

    /// What lists call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Fill => "Fill with a pattern",
            Self::Random => "Random bytes",
            Self::Count => "Count up",
            Self::Xor => "Xor with a key",
            Self::And => "And with a key",
            Self::Or => "Or with a key",
            Self::Add => "Add a key",
            Self::Subtract => "Subtract a key",
            Self::Invert => "Invert bits",
            Self::ShiftLeft => "Shift left",
            Self::ShiftRight => "Shift right",
            Self::RotateLeft => "Rotate left",
            Self::RotateRight => "Rotate right",
            Self::ReverseBytes => "Reverse bytes",
            Self::ReverseBits => "Reverse bits of each byte",
            Self::Swap16 => "Swap bytes of 16-bit values",
            Self::Swap32 => "Swap bytes of 32-bit values",
            Self::Swap64 => "Swap bytes of 64-bit values",
            Self::UpperCase => "Upper case (ASCII)",
            Self::LowerCase => "Lower case (ASCII)",
        }
    }

    /// Whether bytes are typed for it: a pattern or a key.
    pub const fn has_operand(self) -> bool {
        matches!(self, Self::Fill | Self::Xor | Self::And | Self::Or | Self::Add | Self::Subtract)
    }

    /// Whether a number of bits is typed for it.
    pub const fn has_bits(self) -> bool {
        matches!(self, Self::ShiftLeft | Self::ShiftRight | Self::RotateLeft | Self::RotateRight)
    }

    /// Whether it makes bytes of nothing, so that they can be put in.
    pub const fn makes(self) -> bool {
        matches!(self, Self::Fill | Self::Random | Self::Count)
    }

    /// Whether nothing more has to be said.
    pub const fn is_plain(self) -> bool {
        !self.has_operand() && !self.has_bits() && !self.makes()
    }
}

/// How a pattern or a key is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Written {
    /// Pairs of hex digits.
    #[default]
    Hex,
    /// Characters, in UTF-8, with escapes.
    Text,
    /// Numbers from 0 to 255.
    Decimal,
}

impl Written {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Hex, Self::Text, Self::Decimal];

    /// What the switch says.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hex => "Hex",
            Self::Text => "Text",
            Self::Decimal => "Decimal",
        }
    }
}

/// What is typed and chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct BytesForm {
    /// The operation.
    pub kind: OpKind,
    /// A pattern or a key.
    pub operand: String,
    /// How it is typed.
    pub written: Written,
    /// The seed of random bytes.
    pub seed: String,
    /// The first byte of a count, and what is added.
    pub start: String,
    /// What each byte of a count is more than the one before.
    pub step: String,
    /// Bits of a shift.
    pub bits: String,
    /// Shifts treat all bytes as one number.
    pub scope: Scope,
    /// How many bytes are put in, where that is what is asked for.
    pub insert: Option<String>,
}

/// Change or insert bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct BytesDialog {
    /// The document.
    pub document: DocumentId,
    /// The bytes it is about: a snapshot of the selection, or of everything.
    pub input: Buffer,
    /// The first of them, and the place behind the last one.
    pub range: (u64, u64),
    /// Nothing was selected: it is about everything.
    pub whole: bool,
    /// What is typed.
    pub form: BytesForm,
    /// What is wrong.
    pub error: Option<String>,
    /// The first bytes before and after.
    pub preview: (Vec<u8>, Vec<u8>),
    /// What it will take, where that is much.
    pub memory: Option<String>,
}

impl BytesDialog {
    pub(in crate::app) fn new(
        document: DocumentId,
        input: Buffer,
        range: (u64, u64),
        whole: bool,
        kind: OpKind,
        insert: bool,
        seed: u64,
    ) -> Self {
        let form = BytesForm {
            kind,
            operand: if kind == OpKind::Fill { "00".into() } else { String::new() },
            written: Written::Hex,
            seed: seed.to_string(),
            start: "0".into(),
            step: "1".into(),
            bits: "1".into(),
            scope: Scope::EachByte,
            insert: insert.then(|| "16".into()),
        };
        let (error, preview) = (None, Default::default());
        Self { document, input, range, whole, form, error, preview, memory: None }
    }

    /// What it is about, in words.
    pub fn about(&self) -> String {
        let len = self.range.1 - self.range.0;
        match (&self.form.insert, self.whole) {
            (Some(_), _) if len > 0 => format!("In the place of the selection, {}", count(len, "byte")),
            (Some(_), _) => format!("At the cursor, {}", crate::app::numbers::place(self.range.0)),
            (None, true) => format!("The whole document, {}: nothing is selected", count(len, "byte")),
            (None, false) => format!("The selection, {}", count(len, "byte")),
        }
    }

    /// Whether what the operation needs is not typed yet: then [`error`](Self::error) says what to type, and nothing is wrong.
    pub fn is_waiting(&self) -> bool {
        let BytesForm { kind, operand, seed, start, step, bits, insert, .. } = &self.form;
        let needed = [
            (kind.has_operand(), operand),
            (*kind == OpKind::Random, seed),
            (*kind == OpKind::Count, start),
            (*kind == OpKind::Count, step),
            (kind.has_bits(), bits),
        ];
        let empty = |text: &String| text.trim().is_empty();
        needed.into_iter().any(|(needed, text)| needed && empty(text)) || insert.as_ref().is_some_and(empty)
    }

    pub(in crate::app) fn update(&mut self, places: &Places<'_>) {
        self.memory = None;
        let head = || self.input.slice(ByteRange::new(Offset::ZERO, Len(PREVIEWED))).to_vec_all().unwrap_or_default();
        self.preview = (if self.form.insert.is_none() { head() } else { Vec::new() }, Vec::new());
        match self.form.read(places) {
            Ok((op, count)) => {
                let len = count.map_or(self.input.len(), Len);
                let memory = if count.is_some() { op.memory(&Buffer::filled(0, len)) } else { op.memory(&self.input) };
                self.error = refused(memory);
                if memory > Len(1 << 20) {
                    let size = binary_size(memory.get()).unwrap_or_else(|| group(memory.get()));
                    self.memory = Some(format!("The result takes {size} of memory until it is saved and closed"));
                }
                let old = match count {
                    Some(count) => Buffer::filled(0, Len(count.min(PREVIEWED))),
                    None => self.input.slice(ByteRange::new(Offset::ZERO, Len(PREVIEWED))),
                };
                // Operations that move bytes across the whole show what comes to the front.
                let moves = matches!(op, ByteOp::ReverseBytes)
                    || matches!(
                        op,
                        ByteOp::ShiftLeft(_, Scope::Whole)
                            | ByteOp::ShiftRight(_, Scope::Whole)
                            | ByteOp::RotateLeft(_, Scope::Whole)
                            | ByteOp::RotateRight(_, Scope::Whole)
                    );
                if !moves || self.input.len() <= Len(PREVIEWED) {
                    let new = apply(&old, &op, &Progress::new()).ok().and_then(|new| new.to_vec_all().ok());
                    self.preview.1 = new.unwrap_or_default();
                }
            }
            Err(error) => self.error = Some(error),
        }
    }
}

/// Why an operation is not begun.
pub(in crate::app) fn refused(memory: Len) -> Option<String> {
    (memory > MOST_MEMORY).then(|| {
        let size = |len: Len| binary_size(len.get()).unwrap_or_else(|| group(len.get()));
        format!("The result would take {} of memory, more than the limit of {}: select less", size(memory), size(MOST_MEMORY))
    })
}

impl BytesForm {
    /// The operation, and how many bytes it puts in, where it does.
    pub(in crate::app) fn read(&self, places: &Places<'_>) -> Result<(ByteOp, Option<u64>), String> {
        let op = self.operation()?;
        let count = match &self.insert {
            Some(_) if !self.kind.makes() => return Err("Choose a pattern, random bytes or a count to put in".into()),
            Some(count) => match parse_length(count, places)? {
                0 => return Err("Type how many bytes are put in".into()),
                n if i64::try_from(places.size.saturating_add(n)).is_err() => {
                    return Err("That is past the largest size of a stream".into());
                }
                n => Some(n),
            },
            None => None,
        };
        Ok((op, count))
    }

    fn operation(&self) -> Result<ByteOp, String> {
        Ok(match self.kind {
            OpKind::Fill => ByteOp::Fill(self.bytes("pattern")?),
            OpKind::Random => {
                let seed = self.seed.trim().replace('_', "");
                ByteOp::Random(seed.parse().map_err(|_| "The seed is a whole number from 0 to 18446744073709551615")?)
            }
            OpKind::Count => ByteOp::Count { start: byte(&self.start, "start")?, step: byte(&self.step, "step")? },
            OpKind::Xor => ByteOp::Xor(self.bytes("key")?),
            OpKind::And => ByteOp::And(self.bytes("key")?),
            OpKind::Or => ByteOp::Or(self.bytes("key")?),
            OpKind::Add => ByteOp::Add(self.bytes("key")?),
            OpKind::Subtract => ByteOp::Sub(self.bytes("key")?),
            OpKind::Invert => ByteOp::Not,
            OpKind::ShiftLeft => ByteOp::ShiftLeft(self.bit_count()?, self.scope),
            OpKind::ShiftRight => ByteOp::ShiftRight(self.bit_count()?, self.scope),
            OpKind::RotateLeft => ByteOp::RotateLeft(self.bit_count()?, self.scope),
            OpKind::RotateRight => ByteOp::RotateRight(self.bit_count()?, self.scope),
            OpKind::ReverseBytes => ByteOp::ReverseBytes,
            OpKind::ReverseBits => ByteOp::ReverseBits,
            OpKind::Swap16 => ByteOp::Swap(2),
            OpKind::Swap32 => ByteOp::Swap(4),
            OpKind::Swap64 => ByteOp::Swap(8),
            OpKind::UpperCase => ByteOp::UpperCase,
            OpKind::LowerCase => ByteOp::LowerCase,
        })
    }

    fn bytes(&self, what: &str) -> Result<Vec<u8>, String> {
        let read = match self.written {
            Written::Hex => parse_hex_bytes(&self.operand).map_err(|error| error.to_string())?,
            Written::Text => {
                decode_text(&self.operand, Style::Escaped, &Choices::default()).map_err(|error| error.to_string())?
            }
            Written::Decimal => {
                decode_text(&self.operand, Style::Decimal, &Choices::default()).map_err(|error| error.to_string())?
            }
        };
        if read.is_empty() { Err(format!("Type the {what}: at least one byte")) } else { Ok(read) }
    }

    fn bit_count(&self) -> Result<u64, String> {
        let bits = parse_integer(&self.bits).map_err(|error| error.to_string())?;
        let bits = u64::try_from(bits).map_err(|_| "A number of bits is not negative: choose the other direction")?;
        match (bits, self.scope) {
            (9.., Scope::EachByte) => Err("A byte has 8 bits: type 0 to 8, or treat all bytes as one number".into()),
            _ => Ok(bits),
        }
    }
}

fn byte(text: &str, what: &str) -> Result<u8, String> {
    let value = parse_integer(text).map_err(|error| format!("The {what}: {error}"))?;
    u8::try_from(value).map_err(|_| format!("The {what} is a byte: 0 to 255, not {value}"))
}

/// How an operation is told in a timeline.
pub(in crate::app) fn rule_of(op: &ByteOp, len: u64) -> Arc<Rule> {
    Arc::new(Rule { label: op.name(), python: op.python(len), modules: op.python_modules(), rust: op.rust(len) })
}
