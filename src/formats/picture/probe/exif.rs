//! The one EXIF tag that changes what is seen: the orientation.

use super::tiff::{Directory, Order};
use crate::buffer::Buffer;
use crate::formats::FormatError;

/// The orientation in an EXIF block (which is a little TIFF file); 1 where there is none or it makes no sense.
pub(super) fn orientation(block: &Buffer) -> Result<u8, FormatError> {
    let Some((order, first)) = Order::start(block)? else { return Ok(1) };
    let Some(directory) = Directory::read(block, order, first)? else { return Ok(1) };
    Ok(directory.orientation())
}
