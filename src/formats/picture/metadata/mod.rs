//! What stands in a picture's file beside the pixels: EXIF, XMP, IPTC, texts, comments, colour profiles, density, gamma.
//!
//! [`metadata`] lists it for people, [`Carried`] takes it along into another file. Both start from the same walk over the
//! container, which reads headers and these blocks only, so that a large picture costs what a small one does. Sizes are claims:
//! every block and every text has a limit, what is packed is counted while it is unpacked, and what was left out is said.

mod blocks;
mod carry;
mod collect;
mod exif;
mod gif;
mod icc;
mod ifd;
mod ifd_write;
mod iptc;
mod write;
mod xmp;

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::{Format, FormatError, guarded};

pub use carry::Carried;
pub(super) use carry::{Prepared, carries};
pub(super) use collect::collect;
pub(super) use icc::{Facts as ProfileFacts, facts as profile_facts};
pub(super) use ifd::{Part, Tree};
pub(super) use ifd_write::{Out, inner as ifd_inner};
pub(super) use write::{Inserting, png_chunk, webp as with_webp_chunks};

/// The most characters of a value that are kept.
pub const MAX_VALUE_CHARS: usize = 64 * 1024;

/// A fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is about ("Exposure time").
    pub label: String,
    /// What it says, at most [`MAX_VALUE_CHARS`] characters; may have several lines and any characters.
    pub value: String,
    /// Where it stands in the file; of what is packed, the packed bytes. `None` where it is put together from several places.
    pub range: Option<ByteRange>,
}

/// Facts of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Their kind: "EXIF", "GPS", "XMP", "IPTC", "Text", "Colour profile", "Picture".
    pub name: &'static str,
    /// The facts in the order of the file.
    pub entries: Vec<Entry>,
}

/// Everything that [`metadata`] finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// The groups, only those with entries.
    pub groups: Vec<Group>,
    /// Where the picture was taken: degrees to the north and to the east.
    pub position: Option<(f64, f64)>,
    /// What could tell who made it, or where, or what it looked like before: "the place where it was taken", "a serial number",
    /// "a small copy of the picture".
    pub personal: Vec<&'static str>,
    /// What could not be read or was left out, a sentence each.
    pub notices: Vec<String>,
}

impl Metadata {
    /// The group of this name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// The value of the first entry of this label in the group of this name.
    pub fn value(&self, group: &str, label: &str) -> Option<&str> {
        self.group(group)?.entries.iter().find(|entry| entry.label == label).map(|entry| entry.value.as_str())
    }

    fn push(&mut self, group: &'static str, label: impl Into<String>, value: String, range: Option<ByteRange>) {
        let entry = Entry { label: label.into(), value: shortened(value), range };
        match self.groups.iter_mut().find(|found| found.name == group) {
            Some(found) => found.entries.push(entry),
            None => self.groups.push(Group { name: group, entries: vec![entry] }),
        }
    }

    fn personal(&mut self, what: &'static str) {
        if !self.personal.contains(&what) {
            self.personal.push(what);
        }
    }
}

fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_VALUE_CHARS) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The metadata of `input`, a picture of `format`. What is damaged is a notice, not an error.
///
/// # Errors
/// [`FormatError::Read`]; [`FormatError::Panicked`] where a reader of EXIF or of colour profiles broke.
///
/// ```
/// use seektell::{buffer::Buffer, formats::{Format, picture}};
/// let found = picture::metadata(&Buffer::from(b"P6\n# a red dot\n1 1 255\n\xFF\0\0"), Format::Pnm)?;
/// assert_eq!(found.value("Text", "Comment"), Some("a red dot"));
/// # Ok::<(), seektell::formats::FormatError>(())
/// ```
pub fn metadata(input: &Buffer, format: Format) -> Result<Metadata, FormatError> {
    guarded(format, || {
        let blocks = collect(input, format)?;
        let mut found = Metadata { notices: blocks.notices.clone(), ..Metadata::default() };
        if let Some(density) = blocks.density {
            let value = |number: f64| format!("{number:.2}").trim_end_matches('0').trim_end_matches('.').to_owned();
            let (x, y) = (value(density.x), value(density.y));
            let (label, words) = match (density.inch, x == y) {
                (true, true) => ("Density", format!("{x} pixels an inch")),
                (true, false) => ("Density", format!("{x} x {y} pixels an inch")),
                (false, _) => ("Shape of a pixel", format!("{x} : {y}")),
            };
            found.push("Picture", label, words, density.range);
        }
        for (label, value, range) in &blocks.facts {
            found.push("Picture", *label, value.clone(), *range);
        }
        for text in blocks.texts.iter().chain(&blocks.comments) {
            found.push("Text", text.keyword.clone(), text.text.clone(), Some(text.range));
        }
        if let Some((tree, at)) = &blocks.exif {
            exif::list(tree, *at, format == Format::Tiff, &mut found)?;
        }
        let extension = blocks.more_xmp.as_ref().map(|extension| ("Extended packet", &extension.block));
        for (label, xmp) in blocks.xmp.iter().map(|xmp| ("Packet", xmp)).chain(extension) {
            let text = String::from_utf8_lossy(&xmp.bytes);
            let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
            if text.contains("exif:GPSLatitude") {
                found.personal("the place where it was taken");
            }
            if text.contains("SerialNumber") {
                found.personal("a serial number");
            }
            found.push("XMP", label, text.to_owned(), xmp.range);
        }
        if blocks.lost_xmp > 0 {
            found.push("XMP", "Further segments that are not used", format!("{} bytes", blocks.lost_xmp), None);
        }
        if let Some(iptc) = &blocks.iptc {
            iptc::list(iptc, &mut found);
        }
        if let Some(profile) = &blocks.icc {
            icc::list(profile, &mut found);
        }
        Ok(found)
    })
}

/// Whether the bytes at `at` are `word`.
fn sniff(input: &Buffer, at: u64, word: &[u8]) -> Result<bool, FormatError> {
    let range = ByteRange::new(Offset(at), Len(word.len() as u64));
    Ok(input.to_vec(range.clamp_to(input.len()))? == word)
}
