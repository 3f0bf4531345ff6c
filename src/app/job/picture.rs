//! What is found out about a picture beside its pixels, and copies of it.

use std::sync::Arc;

use crate::app::{Channel, LARGE_PICTURE, PictureDetails};
use crate::buffer::Buffer;
use crate::formats::FormatError;
use crate::formats::picture::ops::Crop;
use crate::formats::picture::{self, Levels, Picture, Timing};
use crate::tasks::Progress;

pub(super) fn details(input: Option<&Buffer>, picture: &Picture, progress: &Progress) -> Result<PictureDetails, FormatError> {
    let image = &picture.image;
    let large = u64::from(image.width()) * u64::from(image.height()) > LARGE_PICTURE;
    let levels = large.then(|| Levels::new(image, progress)).transpose()?;
    let timing = match input {
        Some(input) => picture::timing(input, picture.info.format, progress)?,
        None => Timing::default(),
    };
    Ok(PictureDetails { levels: levels.map(Arc::new), timing: Arc::new(timing) })
}

/// The part of a picture as it is seen, without what lies behind it.
pub(super) fn copy(
    picture: &Picture,
    area: Option<Crop>,
    channel: Channel,
    progress: &Progress,
) -> Result<(u32, u32, Vec<u8>), FormatError> {
    let image = &picture.image;
    let (x, y, width, height) =
        area.map_or((0, 0, image.width(), image.height()), |area| (area.x, area.y, area.width, area.height));
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    for row in y..y.saturating_add(height).min(image.height()) {
        progress.check()?;
        let line = picture::part(image, 0, (x, row), (width, 1));
        rgba.extend(line.pixels().flat_map(|pixel| channel.pick(pixel.0)));
    }
    Ok((width, height, rgba))
}
