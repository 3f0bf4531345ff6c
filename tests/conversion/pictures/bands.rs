//! Large pictures are packed in bands on all cores: what comes out is one picture, and the same one every time.

use std::io::Read;

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};
use seektell::formats::picture::ops::Mode;
use seektell::formats::picture::{self, Operations};
use seektell::formats::{Format, FormatError, PictureOptions};
use seektell::tasks::Progress;

use super::{decode, encode_with, picture_of};

/// Smooth, with some noise: it neither packs to nothing nor stays as it is.
fn photo(width: u32, height: u32) -> RgbImage {
    let mut random = fastrand::Rng::with_seed(11);
    RgbImage::from_fn(width, height, |x, y| {
        let grain = random.u8(..4);
        Rgb([(x / 8) as u8 / 2 + grain, (y / 8) as u8 / 2 + grain, ((x + y) / 16) as u8 / 2 + grain])
    })
}

/// The contents of a PNG's IDAT chunks.
fn packed(png: &[u8]) -> (Vec<u8>, usize) {
    let (mut at, mut data, mut chunks) = (8, Vec::new(), 0);
    while let Some(head) = png.get(at..at + 8) {
        let len = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        if &head[4..] == b"IDAT" {
            data.extend_from_slice(&png[at + 8..at + 8 + len]);
            chunks += 1;
        }
        at += len + 12;
    }
    (data, chunks)
}

#[test]
fn a_large_png_is_one_stream_whose_sum_is_right() {
    let photo = DynamicImage::from(photo(1_300, 900));
    let pictures: [DynamicImage; 5] = [
        photo.clone(),
        photo.to_luma_alpha8().into(),
        DynamicImage::ImageLuma8(photo.resize_exact(3_000, 900, image::imageops::FilterType::Nearest).to_luma8()),
        DynamicImage::ImageRgb16(photo.crop_imm(0, 0, 700, 600).to_rgb16()),
        DynamicImage::ImageRgba8(
            photo.crop_imm(0, 0, 40, 900).resize_exact(900, 900, image::imageops::FilterType::Nearest).to_rgba8(),
        ),
    ];
    for image in pictures {
        let picture = picture_of(image.clone());
        let options = PictureOptions { png_level: 6, ..PictureOptions::default() };
        let file = encode_with(&picture, Format::Png, &options);
        assert!(decode(&file, Format::Png).expect("whole").image == image, "{:?}", image.color());
        let (data, chunks) = packed(&file);
        assert!(chunks > 1, "{:?}: there are bands", image.color());
        // This reader compares the sum at the end, which readers of PNG need not.
        let mut rows = Vec::new();
        flate2::read::ZlibDecoder::new(&data[..]).read_to_end(&mut rows).expect("one stream with the right sum");
        assert_eq!(
            rows.len(),
            (image.width() as usize * usize::from(image.color().bytes_per_pixel()) + 1) * image.height() as usize
        );
        assert_eq!(file, encode_with(&picture, Format::Png, &options), "the same every time");
    }
}

#[test]
fn bands_know_what_stood_before_them() {
    // The same noise in every row, as numbers of a table, which are not filtered.
    let mut random = fastrand::Rng::with_seed(5);
    let row: Vec<u8> = (0..20_000).map(|_| random.u8(..200)).collect();
    let image = GrayImage::from_fn(20_000, 160, |x, _| Luma([row[x as usize]]));
    let operations = Operations { mode: Some(Mode::Palette { colors: 256 }), ..Operations::default() };
    let options = PictureOptions { png_level: 6, operations, ..PictureOptions::default() };
    let file = encode_with(&picture_of(image.clone()), Format::Png, &options);
    assert!(decode(&file, Format::Png).expect("whole").image.to_luma8() == image);
    // Four bands of which each begins anew would hold the row four times in full: 4 x 20,000 numbers of 7.64 bits are 76,000 bytes.
    assert!(packed(&file).1 > 3 && file.len() < 76_000, "{}", file.len());
}

#[test]
fn a_cancel_ends_packing_in_bands() {
    let photo = picture_of(photo(1_300, 900));
    let progress = Progress::new();
    let mut out = Stopping { progress: progress.clone(), bytes: 0 };
    let result = picture::encode(&photo, Format::Png, &PictureOptions::default(), &mut out, &progress);
    assert!(matches!(result, Err(FormatError::Cancelled(_))), "{result:?}");
}

/// Asks to stop as soon as something is written.
struct Stopping {
    progress: Progress,
    bytes: usize,
}

impl std::io::Write for Stopping {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.progress.cancel();
        self.bytes += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
