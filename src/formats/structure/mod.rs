//! What containers are made of: a tree of named parts with their bytes, for PNG, JPEG, GIF, WebP, TIFF, ZIP, gzip, BMP, WAV and
//! other RIFF files, ICO, QOI and PNM.
//!
//! Only headers are read, through the buffer, so that a large file costs what a small one does; the exceptions are named where
//! they are: check sums up to a budget, and data that is its own only end mark (a JPEG scan, deflated data).
//!
//! The input may be made to do harm. Lists are cut at [`LIST`] parts and the rest is counted (a node with [`Node::more`], which
//! [`Structure::expand`] goes on from); the whole tree holds at most [`MOST`] nodes; what refers to other places is followed to a
//! bounded depth and to no place twice; sizes that lie outside the file are named and cut.
//!
//! ```
//! use seektell::{buffer::Buffer, formats::structure, tasks::Progress};
//! let wav = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1F\0\0\x80\x3E\0\0\x02\0\x10\0data\0\0\0\0";
//! let tree = structure::read(&Buffer::from(&wav[..]), &Progress::new())?.unwrap();
//! assert_eq!(tree.kind(), "RIFF WAVE");
//! let rate = tree.nodes().iter().find(|node| node.name == "Sample rate").unwrap();
//! assert_eq!((rate.value.as_str(), rate.start, rate.len), ("8000", 24, 4));
//! # Ok::<(), seektell::formats::FormatError>(())
//! ```

mod bmp;
mod deflate;
mod draft;
mod fields;
mod gif;
mod gzip;
mod ico;
mod jpeg;
mod list;
mod png;
mod riff;
mod scan;
mod simple;
mod tiff;
mod tiff_tags;
mod tree;
mod zip;

use super::FormatError;
use crate::buffer::Buffer;
use crate::tasks::Progress;
pub use list::Resume;
use scan::Scan;
pub use tree::{Node, NodeId, Region, Structure};

/// Parts of a list that are shown at first, and more at each [`Structure::expand`].
pub const LIST: usize = 512;

/// Nodes of a whole tree.
pub const MOST: usize = 200_000;

/// How deep parts inside of parts are followed.
const DEPTH: u8 = 8;

/// What the parts of `input` are; `None` where it is no container that is known here.
///
/// # Errors
/// [`FormatError::Read`] where the beginning cannot be read (what cannot be read further on is a problem of its node), and
/// [`FormatError::Cancelled`].
pub fn read(input: &Buffer, progress: &Progress) -> Result<Option<Structure>, FormatError> {
    let scan = Scan::new(input, progress);
    let head = scan.bytes(0, 16)?;
    let end_of_zip = if zip::can_stand_behind(&head) { zip::find_end(&scan)? } else { None };
    let (kind, parts) = match &head[..] {
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ("PNG", png::read(&scan)?),
        [0xFF, 0xD8, 0xFF, ..] => ("JPEG", jpeg::read(&scan)?),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => ("GIF", gif::read(&scan)?),
        [b'R', b'I', b'F', b'F' | b'X', _, _, _, _, form @ ..] | [b'R', b'F', b'6', b'4', _, _, _, _, form @ ..] => {
            let kind = match form {
                [b'W', b'A', b'V', b'E', ..] => "RIFF WAVE",
                [b'W', b'E', b'B', b'P', ..] => "WebP",
                _ => "RIFF",
            };
            (kind, riff::read(&scan)?)
        }
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => ("TIFF", tiff::read(&scan)?),
        [b'I', b'I', 43, 0, 8, 0, ..] | [b'M', b'M', 0, 43, 0, 8, ..] => ("BigTIFF", tiff::read(&scan)?),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => ("ZIP", zip::read(&scan, end_of_zip)?),
        [0x1F, 0x8B, 8, ..] => ("gzip", gzip::read(&scan)?),
        [b'B', b'M', ..] if bmp::is_bmp(&head) => ("BMP", bmp::read(&scan)?),
        [0, 0, 1 | 2, 0, ..] if ico::is_ico(&head) => ("ICO", ico::read(&scan)?),
        [b'q', b'o', b'i', b'f', ..] => ("QOI", simple::qoi(&scan)?),
        [b'P', b'1'..=b'7', b' ' | b'\t' | b'\r' | b'\n' | b'#', ..] => ("PNM", simple::pnm(&scan)?),
        _ if end_of_zip.is_some() => ("ZIP", zip::read(&scan, end_of_zip)?),
        _ => return Ok(None),
    };
    Ok(Some(Structure::new(kind, parts, input.len().get())))
}

#[cfg(test)]
mod tests;
