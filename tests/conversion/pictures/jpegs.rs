//! Large JPEGs are encoded in bands on all cores, and from a PNG while it is read: the pixels are those of the whole, encoded at once.

use image::{DynamicImage, Rgb, RgbImage};
use seektell::buffer::Buffer;
use seektell::formats::options::Subsampling;
use seektell::formats::picture;
use seektell::formats::{DumpOptions, Format, FormatError, Options, PictureOptions};
use seektell::tasks::Progress;

use super::{decode, encode_with, picture_of};

/// Edges, colours and noise, with sides that no block divides.
fn photo(width: u32, height: u32) -> DynamicImage {
    let mut random = fastrand::Rng::with_seed(23);
    let image = RgbImage::from_fn(width, height, |x, y| {
        let grain = random.u8(..9);
        let stripe = if (x / 7 + y / 5) % 3 == 0 { 90 } else { 0 };
        Rgb([(x / 9) as u8 / 2 + grain, (y / 5) as u8 / 2 + stripe, ((x + y) / 11) as u8 / 2 + grain])
    });
    image.into()
}

/// How many restart marks stand in a file, and how many blocks its header says are between them.
fn restarts(jpeg: &[u8]) -> (usize, Option<u16>) {
    let marks = jpeg.windows(2).filter(|pair| pair[0] == 0xFF && (0xD0..=0xD7).contains(&pair[1])).count();
    let interval = jpeg.windows(6).find(|bytes| bytes[..4] == [0xFF, 0xDD, 0, 4]);
    (marks, interval.map(|bytes| u16::from_be_bytes([bytes[4], bytes[5]])))
}

/// How far two pictures of one size are apart, in values of a channel.
fn mean_difference(one: &DynamicImage, other: &DynamicImage) -> f64 {
    let (one, other) = (one.to_rgb8(), other.to_rgb8());
    let sum: u64 = one.iter().zip(other.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.len() as f64
}

#[test]
fn components_in_scans_of_their_own_are_read() {
    // Tables that are made for the picture make our own encoder write such, and with half the colours other readers see green.
    for (width, height) in [(64, 64), (301, 217), (8, 40)] {
        let image = photo(width, height);
        for subsampling in [Subsampling::S444, Subsampling::S422, Subsampling::S420] {
            let options =
                PictureOptions { optimize: true, quality: 95, subsampling: Some(subsampling), ..PictureOptions::default() };
            let back = decode(&encode_with(&picture_of(image.clone()), Format::Jpeg, &options), Format::Jpeg).expect("whole");
            let apart = mean_difference(&back.image, &image);
            assert!(apart < 12.0, "{width} x {height}, {subsampling:?}: {apart}");
        }
    }
}

#[test]
fn bands_hold_the_same_pixels_as_the_whole() {
    let photo = photo(1_301, 1_017);
    let mut see_through = photo.to_rgba8();
    see_through.pixels_mut().enumerate().for_each(|(at, pixel)| pixel.0[3] = (at % 300).min(255) as u8);
    let pictures = [
        photo.clone(),
        DynamicImage::from(photo.to_luma8()),
        DynamicImage::from(photo.to_luma_alpha8()),
        DynamicImage::from(see_through),
        DynamicImage::from(photo.to_rgb16()),
    ];
    let all: &[_] = &[(None, 85), (None, 95), (Some(Subsampling::S422), 70), (Some(Subsampling::S420), 92)];
    for (number, image) in pictures.into_iter().enumerate() {
        for &(subsampling, quality) in &all[..if number == 0 { all.len() } else { 1 }] {
            let picture = picture_of(image.clone());
            let background = [0x40, 0xC0, 0x10];
            let options = PictureOptions { quality, subsampling, background, ..PictureOptions::default() };
            let file = encode_with(&picture, Format::Jpeg, &options);
            // Tables of its own make the encoder look at the whole picture; its numbers are the same.
            let whole = encode_with(&picture, Format::Jpeg, &PictureOptions { optimize: true, ..options.clone() });
            assert_eq!(restarts(&whole), (0, None));
            let (marks, interval) = restarts(&file);
            assert!(marks > 2 && interval.is_some(), "{:?}, {subsampling:?}: {marks} marks", image.color());
            let pixels = |jpeg: &[u8]| jpeg_decoder::Decoder::new(jpeg).decode().expect("whole");
            assert!(pixels(&file) == pixels(&whole), "{:?}, {subsampling:?}, {quality}", image.color());
            let (one, other) = (decode(&file, Format::Jpeg).expect("whole"), decode(&whole, Format::Jpeg).expect("whole"));
            assert_eq!((one.truncated, other.truncated), (None, None));
            let apart = mean_difference(&one.image, &other.image);
            assert!(apart < 2.0, "{:?}, {subsampling:?}, {quality}: {apart}", image.color());
            assert_eq!(file, encode_with(&picture, Format::Jpeg, &options), "the same every time");
        }
    }
    let small = encode_with(&picture_of(photo.crop_imm(0, 0, 640, 480)), Format::Jpeg, &PictureOptions::default());
    assert_eq!(restarts(&small).1, None, "a small picture is not divided");
}

#[test]
fn pixels_that_share_a_colour_share_its_mean() {
    let columns = RgbImage::from_fn(64, 64, |x, _| if x % 2 == 0 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) });
    let rows = RgbImage::from_fn(64, 64, |_, y| if y % 2 == 0 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) });
    for (image, subsampling) in [(&columns, Subsampling::S422), (&columns, Subsampling::S420), (&rows, Subsampling::S420)] {
        let options = PictureOptions { subsampling: Some(subsampling), quality: 95, ..PictureOptions::default() };
        let back = decode(&encode_with(&picture_of(image.clone()), Format::Jpeg, &options), Format::Jpeg).expect("whole");
        let back = back.image.to_rgb8();
        let mean = |channel: usize| back.pixels().map(|pixel| f64::from(pixel.0[channel])).sum::<f64>() / 4096.0;
        // All red or all blue would be 200 and 0, or so.
        assert!((mean(0) - mean(2)).abs() < 20.0, "{subsampling:?}: red {}, blue {}", mean(0), mean(2));
    }
}

fn transcoded(png: &[u8], options: &Options, progress: &Progress) -> Result<(Vec<u8>, Vec<String>), FormatError> {
    let mut out = Vec::new();
    let losses = picture::transcode(&Buffer::from(png), Format::Png, Format::Jpeg, options, &mut out, progress)?;
    Ok((out, losses.into_iter().map(|loss| loss.what).collect()))
}

#[test]
fn a_png_that_is_written_while_it_is_read_becomes_what_the_whole_becomes() {
    let photo = photo(1_301, 1_017);
    for image in [photo.clone(), DynamicImage::from(photo.to_luma8()), DynamicImage::from(photo.to_rgb16())] {
        let png = encode_with(&picture_of(image), Format::Png, &PictureOptions { png_level: 1, ..PictureOptions::default() });
        for len in [png.len(), png.len() / 2, png.len() / 5] {
            let png = &png[..len];
            let whole = decode(png, Format::Png).expect("some rows");
            let options = Options { picture: PictureOptions { quality: 80, ..PictureOptions::default() }, ..Options::default() };
            let (file, losses) = transcoded(png, &options, &Progress::new()).expect("it is written");
            assert_eq!(file, encode_with(&whole, Format::Jpeg, &options.picture), "{len} bytes");
            let said = losses.iter().find_map(|loss| loss.strip_prefix("The picture is not complete: "));
            assert_eq!(said, whole.truncated.as_deref());
            assert!(losses.iter().any(|loss| loss.contains("quality 80")), "{losses:?}");
        }
    }
}

#[test]
fn a_png_that_is_written_while_it_is_read_has_its_limits_and_its_end() {
    let png = encode_with(&picture_of(photo(1_301, 1_017)), Format::Png, &PictureOptions::default());
    let tight = Options { dump: DumpOptions { limit: Some(1 << 20), ..DumpOptions::default() }, ..Options::default() };
    let error = transcoded(&png, &tight, &Progress::new()).expect_err("four megabytes");
    assert!(matches!(error, FormatError::Limit { .. }), "{error}");
    let progress = Progress::new();
    progress.cancel();
    assert!(matches!(transcoded(&png, &Options::default(), &progress), Err(FormatError::Cancelled(_))));
    // A header and no row is no picture.
    assert!(transcoded(&png[..60], &Options::default(), &Progress::new()).is_err());
    let wrong = Options { picture: PictureOptions { quality: 0, ..PictureOptions::default() }, ..Options::default() };
    assert!(matches!(transcoded(&png, &wrong, &Progress::new()), Err(FormatError::Option(_))));
}
