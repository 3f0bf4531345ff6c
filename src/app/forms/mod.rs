//! The dialogs with several fields: what is typed, what is wrong with it, and what it would do, worked out anew after every
//! key. Each is plain data; the window sends the changed fields back as a [`Form`].

mod bytes;
mod copy;
mod paste;
mod range;

pub use bytes::{BytesDialog, BytesForm, MOST_MEMORY, OpKind, Written};
pub use copy::{COPY_LIMIT, CopyAsDialog};
pub use paste::{PASTE_SHOWN, PasteAsDialog, Understood};
pub use range::{RangeDialog, ResizeDialog};

pub(super) use bytes::{refused, rule_of};
pub(super) use copy::too_long;

use crate::formats::literal::{Choices, Style};

/// The fields of a dialog after something in them changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// Of [`CopyAsDialog`].
    CopyAs(Style, Box<Choices>),
    /// Of [`PasteAsDialog`].
    PasteAs(String, Style),
    /// Of [`RangeDialog`]: from, and up to.
    Range(String, String),
    /// Of [`BytesDialog`].
    Bytes(Box<BytesForm>),
    /// Of [`ResizeDialog`]: the size, and the byte that comes in.
    Resize(String, String),
}
