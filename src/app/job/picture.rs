//! What is found out about a picture beside its pixels, and copies of it.

use std::io::{self, Write};
use std::sync::Arc;

use crate::app::{Channel, ExportError, Job, LARGE_PICTURE, PictureDetails, PictureNumbers};
use crate::buffer::Buffer;
use crate::explore::pixels;
use crate::files::{self, Saved};
use crate::formats::picture::ops::Crop;
use crate::formats::picture::{self, Levels, Metadata, Picture, ToScreen};
use crate::formats::{Conversion, Format, FormatError};
use crate::tasks::{Cancelled, Progress};

pub(super) fn details(input: Option<&Buffer>, picture: &Picture, progress: &Progress) -> Result<PictureDetails, FormatError> {
    let image = &picture.image;
    let large = u64::from(image.width()) * u64::from(image.height()) > LARGE_PICTURE;
    let levels = large.then(|| Levels::new(image, progress)).transpose()?.map(Arc::new);
    let Some(input) = input else {
        let metadata = Ok(Metadata::default());
        let timing = Arc::default();
        return Ok(PictureDetails { levels, timing, layout: None, metadata, rows: None, assumed: None, to_screen: None });
    };
    let format = picture.info.format;
    let timing = picture::timing(input, format, progress)?;
    progress.check()?;
    let layout = picture::layout(input, format).ok().flatten();
    // What a byte leads to must be a pixel that is shown.
    let layout = layout.filter(|layout| (layout.width, layout.height) == (image.width(), image.height()));
    let metadata = picture::metadata(input, format).map_err(|error| error.to_string());
    progress.check()?;
    let assumed = picture::assume(picture, input).ok();
    let to_screen = assumed.as_ref().filter(|(_, apply)| *apply).and_then(|(assumed, _)| assumed.profile.as_ref());
    let to_screen = to_screen.and_then(ToScreen::new);
    let assumed = assumed.map(|(assumed, _)| assumed);
    let rows = rows_there(picture);
    Ok(PictureDetails { levels, timing: Arc::new(timing), layout, metadata, rows, assumed, to_screen })
}

/// How many rows of a picture that is cut short came, of one that was laid on its side how many columns: behind them everything has
/// the colour that its decoder leaves where nothing came, which is nothing at all, or the middle grey of a JPEG.
fn rows_there(picture: &Picture) -> Option<u32> {
    let (width, height) = (picture.image.width(), picture.image.height());
    if picture.truncated.is_none() || height == 0 {
        return None;
    }
    let left = match picture.info.format {
        Format::Jpeg => [128, 128, 128, 255],
        _ if picture.image.color().has_alpha() => [0; 4],
        _ => [0, 0, 0, 255],
    };
    let orientation = picture.info.orientation;
    let count = if orientation >= 5 { width } else { height };
    let is_left = |index: &u32| {
        // Where the row stands that is stored so many from the end.
        let from_start = matches!(orientation, 3 | 4 | 6 | 7);
        let at = if from_start { *index } else { count - 1 - index };
        let line = if orientation >= 5 {
            picture::part(&picture.image, 0, (at, 0), (1, height))
        } else {
            picture::part(&picture.image, 0, (0, at), (width, 1))
        };
        line.pixels().all(|pixel| pixel.0 == left)
    };
    let missing = (0..count).take_while(is_left).count() as u32;
    (missing > 0).then_some(count - missing)
}

/// A picture, or a part of it, in numbers.
pub(super) fn numbers(picture: &Picture, area: Option<Crop>, progress: &Progress) -> Result<PictureNumbers, Cancelled> {
    let part = area.map(|area| picture.image.crop_imm(area.x, area.y, area.width, area.height));
    let image = part.as_ref().unwrap_or(&picture.image);
    Ok(PictureNumbers { statistics: pixels::measure(image, progress)?, unique: pixels::unique_colors(image, progress)? })
}

/// Writes all frames of an animation into a ZIP.
pub(super) fn export_frames(job: &Job, progress: &Progress) -> Result<(Saved, Conversion), ExportError> {
    let Job::ExportFrames { input, format, stem, limits, path, existing } = job else {
        return Err(FormatError::Cancelled(Cancelled).into());
    };
    let mut failure = None;
    let saved = files::save_sized(path, existing, 0, progress, &mut |out: &mut dyn Write| match picture::frames_to_zip(
        input, *format, stem, *limits, out, progress,
    ) {
        Ok(_) => Ok(()),
        Err(FormatError::Write(error)) => Err(error),
        Err(error) => {
            failure = Some(error);
            Err(io::Error::other("the frames could not be written"))
        }
    });
    match (failure, saved) {
        (Some(error), _) => Err(error.into()),
        (None, saved) => Ok((saved?, Conversion::default())),
    }
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

#[cfg(test)]
mod tests {
    use image::metadata::Orientation;
    use image::{DynamicImage, RgbImage};

    use super::*;
    use crate::formats::PictureOptions;
    use crate::formats::picture::Limits;

    #[test]
    fn rows_that_came_are_counted_however_the_picture_was_turned() {
        let mut noise = fastrand::Rng::with_seed(1);
        let image = RgbImage::from_fn(64, 96, |_, _| image::Rgb([noise.u8(..), noise.u8(..), noise.u8(..)]));
        let whole = Picture::from_rgba8(Format::Jpeg, DynamicImage::ImageRgb8(image).to_rgba8());
        let mut bytes = Vec::new();
        picture::encode(&whole, Format::Jpeg, &PictureOptions::default(), &mut bytes, &Progress::new()).expect("written");
        bytes.truncate(bytes.len() / 2);
        let cut = picture::decode(&Buffer::from(bytes), Format::Jpeg, Limits::default(), &Progress::new()).expect("a part");
        let rows = rows_there(&cut).expect("the lower part is missing");
        assert!((24..80).contains(&rows), "{rows}");
        for orientation in 2..=8 {
            let mut turned = cut.clone();
            turned.info.orientation = orientation;
            turned.image.apply_orientation(Orientation::from_exif(orientation).expect("one of eight"));
            assert_eq!(rows_there(&turned), Some(rows), "{orientation}");
        }
    }
}
