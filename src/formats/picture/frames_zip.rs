//! All frames of an animation, or pages of a document, as PNG images in one ZIP.

use std::io::Write;

use zip::write::{SimpleFileOptions, ZipWriter};

use super::{Limits, Picture, encode, frames, probe};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, PictureOptions};
use crate::tasks::Progress;

/// Writes each frame of `input`, which is a `format`, as `stem-001.png` and so on. One frame at a time is in memory, as pixels
/// and as PNG.
///
/// # Errors
/// Those of [`frames`], of encoding and of writing; [`FormatError::Unsupported`] where there are no frames.
pub fn frames_to_zip(
    input: &Buffer,
    format: Format,
    stem: &str,
    limits: Limits,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<u32, FormatError> {
    let info = probe(input, format)?;
    let digits = info.frames.map_or(3, |frames| frames.to_string().len()).max(3);
    let failed = |error: zip::result::ZipError| FormatError::Write(error.into());
    let mut zip = ZipWriter::new_stream(out);
    let mut written = 0;
    // A picture of its own reports the progress of its reading; that of the whole is what counts.
    let within = Progress::new();
    for frame in frames(input, format, limits, progress)? {
        let frame = frame?;
        progress.check()?;
        written += 1;
        let mut one = info.clone();
        (one.width, one.height, one.frames) = (frame.image.width(), frame.image.height(), Some(1));
        let picture = Picture { info: one, image: frame.image, truncated: None };
        let mut png = Vec::new();
        encode(&picture, Format::Png, &PictureOptions::default(), &mut png, &within)?;
        // What is compressed already is only stored.
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        zip.start_file(format!("{stem}-{written:0digits$}.png"), options).map_err(failed)?;
        zip.write_all(&png).map_err(FormatError::Write)?;
    }
    if written == 0 {
        return Err(FormatError::Unsupported { format, what: "frames of a picture that has only one".into() });
    }
    zip.finish().map_err(failed)?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use image::codecs::gif::GifEncoder;
    use image::{Frame, Rgba, RgbaImage};

    use super::*;

    #[test]
    fn every_frame_is_a_member() {
        let mut gif = Vec::new();
        let mut encoder = GifEncoder::new(&mut gif);
        for red in [10, 20, 30] {
            encoder.encode_frame(Frame::new(RgbaImage::from_pixel(3, 2, Rgba([red, 0, 0, 255])))).unwrap();
        }
        drop(encoder);
        let mut bytes = Vec::new();
        let progress = Progress::new();
        let written = frames_to_zip(&gif.into(), Format::Gif, "film", Limits::default(), &mut bytes, &progress).unwrap();
        assert_eq!(written, 3);
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(archive.file_names().collect::<Vec<_>>(), ["film-001.png", "film-002.png", "film-003.png"]);
        let mut last = Vec::new();
        std::io::copy(&mut archive.by_name("film-003.png").unwrap(), &mut last).unwrap();
        assert_eq!(image::load_from_memory(&last).unwrap().to_rgb8().get_pixel(2, 1).0, [30, 0, 0]);
        let none = frames_to_zip(&Buffer::from(last), Format::Png, "film", Limits::default(), &mut Vec::new(), &progress);
        assert!(matches!(none, Err(FormatError::Unsupported { .. })));
    }
}
