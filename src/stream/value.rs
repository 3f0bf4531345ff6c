//! The Python values that go into and come out of stream calls. SKELETON.

use num_bigint::BigInt;

use super::Text;
use crate::buffer::Buffer;

/// A Python value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`
    None,
    /// `bool`
    Bool(bool),
    /// `int`, of any size
    Int(BigInt),
    /// `float`
    Float(f64),
    /// `str`
    Str(Text),
    /// `bytes`
    Bytes(Buffer),
    /// `bytearray`
    ByteArray(Buffer),
    /// `list`
    List(Vec<Value>),
    /// `tuple`
    Tuple(Vec<Value>),
}

impl Value {
    /// Python's `repr()`.
    pub fn repr(&self) -> String {
        match self {
            Self::None => "None".into(),
            Self::Int(n) => n.to_string(),
            Self::Bytes(b) => bytes_repr(&b.to_vec_all().unwrap_or_default()),
            Self::Str(t) => str_repr(t),
            other => format!("{other:?}"),
        }
    }
}

/// `repr(bytes)`: `b'..'`, with Python's choice of quotes and escapes.
pub fn bytes_repr(bytes: &[u8]) -> String {
    format!("b'{}'", bytes.escape_ascii())
}

/// `repr(str)`, with Python 3.11's idea of what is printable.
pub fn str_repr(text: &Text) -> String {
    format!("{:?}", text.to_string_lossy())
}
