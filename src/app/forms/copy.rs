//! Copying as text for another program.

use crate::app::numbers::{binary_size, group};
use crate::buffer::{Buffer, Len};
use crate::formats::literal::{Choices, Style, encode_head, into_text};

/// Bytes of text that go to the system's clipboard.
pub const COPY_LIMIT: u64 = 64 << 20;

/// Bytes of the preview, and lines of it.
const PREVIEWED: usize = 4096;
const LINES: usize = 10;

/// Copy as: a style, its choices, and what comes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CopyAsDialog {
    /// What is selected.
    pub input: Buffer,
    /// The document's name, for the name of a file.
    pub name: String,
    /// How it is written.
    pub style: Style,
    /// The choices.
    pub choices: Box<Choices>,
    /// The first lines of the text.
    pub preview: String,
    /// Whether the text goes on behind the preview.
    pub more: bool,
    /// What is wrong with the choices: nothing can be made of them.
    pub error: Option<String>,
    /// Why the text does not go to the clipboard; it can be saved to a file.
    pub too_long: Option<String>,
}

impl CopyAsDialog {
    pub(in crate::app) fn new(input: Buffer, name: String, style: Style, choices: Choices) -> Self {
        let (preview, choices) = (String::new(), Box::new(choices));
        let mut dialog = Self { input, name, style, choices, preview, more: false, error: None, too_long: None };
        dialog.update();
        dialog
    }

    pub(in crate::app) fn change(&mut self, style: Style, choices: Box<Choices>) {
        (self.style, self.choices) = (style, choices);
        self.update();
    }

    fn update(&mut self) {
        self.too_long = too_long(self.style, self.input.len());
        self.error = None;
        match encode_head(&self.input, self.style, &self.choices, PREVIEWED) {
            Ok(head) => {
                let cut = head.len() == PREVIEWED;
                let text = into_text(head);
                let end = text.match_indices('\n').nth(LINES - 1).map_or(text.len(), |(at, _)| at);
                self.more = cut || end < text.trim_end().len();
                self.preview = text[..end].to_owned();
            }
            Err(error) => (self.error, self.more) = (Some(error.to_string()), false),
        }
    }
}

/// Why `len` bytes written in a style do not go to the clipboard.
pub(in crate::app) fn too_long(style: Style, len: Len) -> Option<String> {
    let text = style.most_text(len.get());
    let size = |n: u64| binary_size(n).unwrap_or_else(|| format!("{} bytes", group(n)));
    (text > COPY_LIMIT).then(|| {
        format!("About {} of text: up to {} go to the clipboard. Save it to a file instead", size(text), size(COPY_LIMIT))
    })
}
