//! The metadata of a file as it stands there, before anybody asks what it means: every container is walked once, by its headers.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::Tree;
use super::xmp::Extension;
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::FormatError;

/// The most bytes of one block: EXIF, a colour profile, XMP.
pub(in crate::formats::picture) const MAX_BLOCK: u64 = 16 << 20;
/// The most bytes of one text.
pub(super) const MAX_TEXT: u64 = 1 << 20;
/// The most bytes of all texts.
const MAX_TEXTS: usize = 8 << 20;
/// The most texts.
const MAX_TEXT_COUNT: usize = 1_024;

/// Bytes, and where they stand in the file. The range is that of the packed bytes where they are packed, and of the first part
/// where they are in several.
#[derive(Clone, Debug, Default)]
pub(in crate::formats::picture) struct Block {
    pub(in crate::formats::picture) bytes: Vec<u8>,
    pub(in crate::formats::picture) range: Option<ByteRange>,
}

/// A text with a name.
#[derive(Clone, Debug)]
pub(in crate::formats::picture) struct Text {
    pub(in crate::formats::picture) keyword: String,
    pub(in crate::formats::picture) text: String,
    pub(in crate::formats::picture) range: ByteRange,
}

/// How many pixels there are on a length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::formats::picture) struct Density {
    pub(in crate::formats::picture) x: f64,
    pub(in crate::formats::picture) y: f64,
    /// Pixels an inch; otherwise the numbers are only the shape of a pixel.
    pub(in crate::formats::picture) inch: bool,
    pub(in crate::formats::picture) range: Option<ByteRange>,
}

/// Everything beside the pixels.
#[derive(Clone, Debug, Default)]
pub(in crate::formats::picture) struct Blocks {
    /// The directories, and where their block begins in the file.
    pub(in crate::formats::picture) exif: Option<(Tree, u64)>,
    pub(in crate::formats::picture) xmp: Option<Block>,
    /// What did not fit into a JPEG's segment of XMP.
    pub(in crate::formats::picture) more_xmp: Option<Extension>,
    /// Bytes of XMP that stand in further segments and belong to nothing, or of which a part is missing.
    pub(in crate::formats::picture) lost_xmp: u64,
    pub(in crate::formats::picture) icc: Option<Block>,
    pub(in crate::formats::picture) iptc: Option<Block>,
    pub(in crate::formats::picture) texts: Vec<Text>,
    pub(in crate::formats::picture) comments: Vec<Text>,
    pub(in crate::formats::picture) density: Option<Density>,
    /// Further facts: label, value, place.
    pub(in crate::formats::picture) facts: Vec<(&'static str, String, Option<ByteRange>)>,
    /// How often an animation is played; 0 is forever.
    pub(in crate::formats::picture) loops: Option<u32>,
    /// A PNG's words on colour, as they are.
    pub(in crate::formats::picture) color_chunks: Vec<([u8; 4], Vec<u8>)>,
    /// What could not be read, or was left out.
    pub(in crate::formats::picture) notices: Vec<String>,
    text_bytes: usize,
    left_out: u64,
}

impl Blocks {
    pub(super) fn notice(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.notices.contains(&what) {
            self.notices.push(what);
        }
    }

    /// Keeps a text while there is room.
    pub(super) fn text(&mut self, keyword: &str, text: String, range: ByteRange) {
        let comment = keyword.is_empty();
        if self.texts.len() + self.comments.len() >= MAX_TEXT_COUNT || self.text_bytes + text.len() > MAX_TEXTS {
            self.left_out += 1;
            return;
        }
        self.text_bytes += text.len();
        let text = Text { keyword: if comment { "Comment".into() } else { keyword.to_owned() }, text, range };
        if comment { self.comments.push(text) } else { self.texts.push(text) }
    }

    /// EXIF, which starts at `at` of the file.
    pub(super) fn exif(&mut self, file: &Buffer, at: u64, len: u64) -> Result<(), FormatError> {
        if self.exif.is_some() {
            self.notice("there is a second EXIF block; the first one counts");
            return Ok(());
        }
        if len > MAX_BLOCK {
            self.notice(format!("the EXIF block has {len} bytes and is not read"));
            return Ok(());
        }
        match Tree::read(&file.slice(ByteRange::new(Offset(at), Len(len))), true)? {
            Some(tree) => self.exif = Some((tree, at)),
            None => self.notice("the EXIF block does not start as one and is not read"),
        }
        Ok(())
    }

    /// What stands at `range`, unless it is too large.
    pub(super) fn block(&mut self, file: &Buffer, range: ByteRange, name: &str) -> Result<Option<Block>, FormatError> {
        if range.len.get() > MAX_BLOCK {
            self.notice(format!("the {name} has {} bytes and is not read", range.len.get()));
            return Ok(None);
        }
        Ok(Some(Block { bytes: file.to_vec(range.clamp_to(file.len()))?, range: Some(range) }))
    }

    pub(super) fn finish(mut self) -> Self {
        if self.left_out > 0 {
            let left = self.left_out;
            self.notice(format!("{left} more texts are not read: there are too many, or they are too long"));
        }
        self
    }
}

/// What packed bytes hold, up to `most` bytes; an error in words where there is more, or where they are damaged.
pub(super) fn inflated(packed: &[u8], most: u64, name: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut reader = ZlibDecoder::new(packed).take(most + 1);
    match reader.read_to_end(&mut out) {
        Ok(_) if out.len() as u64 > most => Err(format!("{name} unpacks to more than {} MiB and is not read", most >> 20)),
        Ok(_) => Ok(out),
        Err(_) => Err(format!("{name} is damaged and is not read")),
    }
}

/// Bytes of Latin-1 as text.
pub(super) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// UTF-8 where it is that, else Latin-1.
pub(super) fn guessed(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| latin1(bytes), str::to_owned)
}
