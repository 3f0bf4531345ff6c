//! Pasting text from another program as the bytes that it stands for.

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::literal::{Choices, LiteralError, Recognised, Style, decode_head, decode_text, recognise};

/// Bytes of text that the dialog shows and lets one change; a longer one is used as it is.
pub const PASTE_SHOWN: usize = 64 * 1024;

/// Bytes of text that are read while the dialog is open; of a longer one the head is, and all of it when it is pasted.
const READ_AT_ONCE: usize = 1 << 20;

/// Bytes of the result that are shown.
const HEAD: usize = 256;

/// What the text was understood as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// The first bytes.
    pub head: Vec<u8>,
    /// How many there are; `None` where only the head of a long text was read.
    pub len: Option<u64>,
}

/// Paste as: the text, how it is read, and the bytes that would go in.
#[derive(Clone, Debug, PartialEq)]
pub struct PasteAsDialog {
    /// The text; may be changed while it is at most [`PASTE_SHOWN`] long.
    pub text: String,
    /// How it is read.
    pub style: Style,
    /// What it can be read as.
    pub recognised: Recognised,
    /// The encoding of characters.
    pub choices: Box<Choices>,
    /// The bytes that were copied here, where the text is theirs: characters may not tell all of them.
    pub own: Option<Buffer>,
    /// What comes of it, or what is wrong and where.
    pub result: Result<Understood, String>,
}

impl PasteAsDialog {
    pub(in crate::app) fn new(text: String, own: Option<Buffer>, choices: Choices) -> Self {
        let recognised = recognise(&text);
        let style = recognised.styles.first().copied().unwrap_or(Style::Text);
        let mut dialog = Self { text, style, recognised, choices: Box::new(choices), own, result: Err(String::new()) };
        dialog.update();
        dialog
    }

    pub(in crate::app) fn change(&mut self, text: String, style: Style) {
        if text != self.text && text.len() <= PASTE_SHOWN {
            self.recognised = recognise(&text);
            self.text = text;
            self.own = None;
        }
        self.style = style;
        self.update();
    }

    /// The bytes that were copied, where they go in as they are: its characters mean nothing else.
    pub fn copied(&self) -> Option<&Buffer> {
        self.own.as_ref().filter(|own| self.style == Style::Text && !own.is_empty())
    }

    fn update(&mut self) {
        if let Some(own) = self.copied() {
            let bytes = own.slice(ByteRange::new(Offset::ZERO, Len(HEAD as u64))).to_vec_all();
            let len = Some(own.len().get());
            self.result = bytes.map(|head| Understood { head, len }).map_err(|error| error.to_string());
            return;
        }
        let text = self.text.as_str();
        self.result = if text.is_empty() {
            Err("The clipboard holds no text: type or paste it here".into())
        } else if text.len() <= READ_AT_ONCE {
            decode_text(text, self.style, &self.choices).map_err(|error| error.to_string()).and_then(|bytes| {
                let len = bytes.len() as u64;
                if len == 0 {
                    Err("This stands for no bytes".into())
                } else {
                    Ok(Understood { head: head(bytes), len: Some(len) })
                }
            })
        } else {
            let all = Buffer::from(&text.as_bytes()[..READ_AT_ONCE]);
            match decode_head(&all, self.style, &self.choices, HEAD) {
                Ok(head) => Ok(Understood { head, len: None }),
                // What is wrong at the cut may be right in the whole.
                Err(LiteralError::Malformed { at, .. }) if at.get() + 256 > READ_AT_ONCE as u64 => {
                    let few = all.slice(ByteRange::new(Offset::ZERO, Len(4096)));
                    let head = decode_head(&few, self.style, &self.choices, HEAD).unwrap_or_default();
                    Ok(Understood { head, len: None })
                }
                Err(error) => Err(error.to_string()),
            }
        };
    }
}

fn head(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(HEAD);
    bytes
}
