//! Crop, turn, resize, modes, as a conversion does them.

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use seektell::buffer::Buffer;
use seektell::formats::picture::ops::{Crop, Filter, Flip, Mode, Resize, Rotation};
use seektell::formats::picture::{self, Limits, Operations, Picture};
use seektell::formats::{Format, FormatError, Options, PictureOptions, convert, losses};
use seektell::tasks::Progress;

use super::{decode, encode, picture_of};

fn done(image: impl Into<DynamicImage>, operations: &Operations) -> Picture {
    let result = operations.apply(picture_of(image), [255; 3], Limits::default(), &Progress::new());
    result.expect("these operations suit this picture")
}

fn refused(image: impl Into<DynamicImage>, operations: &Operations, limits: Limits) -> String {
    let result = operations.apply(picture_of(image), [255; 3], limits, &Progress::new());
    result.expect_err("these operations do not suit this picture").to_string()
}

fn converted(bytes: &[u8], from: Format, to: Format, operations: Operations) -> Result<(Vec<u8>, Vec<String>), FormatError> {
    let options = Options { picture: PictureOptions { operations, ..PictureOptions::default() }, ..Options::default() };
    let input = Buffer::from(bytes);
    let mut out = Vec::new();
    let done = convert(&input, from, to, &options, &mut out, &Progress::new())?;
    let told = losses(&input, from, to, &options, &Progress::new())?;
    assert!(told.len() >= done.losses.len(), "nothing is lost that was not told before: {told:?} {:?}", done.losses);
    Ok((out, done.losses.into_iter().map(|loss| loss.what).collect()))
}

fn resize(resize: Resize) -> Operations {
    Operations { resize: Some(resize), ..Operations::default() }
}

fn mode(mode: Mode) -> Operations {
    Operations { mode: Some(mode), dither: true, ..Operations::default() }
}

/// Every pixel tells its place.
fn map(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 7]))
}

#[test]
fn the_mission_s_thumbnail_and_sizes() {
    let blue = encode(&picture_of(RgbImage::from_pixel(800, 600, Rgb([100, 149, 237]))), Format::Png);
    let (thumbnail, lost) =
        converted(&blue, Format::Png, Format::Jpeg, resize(Resize::Thumbnail { width: 200, height: 150 })).unwrap();
    assert_eq!(lost, ["JPEG is lossy: quality 85"]);
    let thumbnail = decode(&thumbnail, Format::Jpeg).unwrap();
    assert_eq!((thumbnail.image.width(), thumbnail.image.height()), (200, 150));
    let [r, g, b, _] = thumbnail.pixel(100, 75).unwrap().rgba8;
    assert!(r.abs_diff(100) <= 2 && g.abs_diff(149) <= 2 && b.abs_diff(237) <= 2, "{r} {g} {b}");
    for (width, height, to) in [(300, 200, Format::Jpeg), (150, 100, Format::Png)] {
        let (exact, _) = converted(&blue, Format::Png, to, resize(Resize::Exact { width, height })).unwrap();
        let exact = decode(&exact, to).unwrap();
        assert_eq!((exact.image.width(), exact.image.height()), (width, height));
    }
    let small = decode(
        &converted(&thumbnail_of(64), Format::Png, Format::Png, resize(Resize::Thumbnail { width: 200, height: 150 })).unwrap().0,
        Format::Png,
    );
    assert_eq!(small.unwrap().image.width(), 64, "a thumbnail never enlarges");
}

fn thumbnail_of(side: u32) -> Vec<u8> {
    encode(&picture_of(map(side, side)), Format::Png)
}

#[test]
fn grey_stays_grey_through_a_data_url_and_back() {
    let grey = encode(&picture_of(GrayImage::from_fn(64, 64, |x, y| Luma([(x * 3 + y) as u8]))), Format::Png);
    let (url, _) = converted(&grey, Format::Png, Format::DataUrl, Operations::default()).unwrap();
    assert!(url.starts_with(b"data:image/png;base64,"));
    let (back, _) = converted(&url, Format::DataUrl, Format::Png, Operations::default()).unwrap();
    let back = decode(&back, Format::Png).unwrap();
    assert_eq!(back.info.color, "grey, 8 bits");
    assert!(matches!(back.image, DynamicImage::ImageLuma8(ref image) if image.get_pixel(5, 6).0 == [21]));
}

#[test]
fn sizes_keep_the_shape_where_they_promise_it() {
    let of = |operation: Resize| {
        let made = done(map(100, 50), &resize(operation));
        (made.image.width(), made.image.height(), made.info.width, made.info.height)
    };
    assert_eq!(of(Resize::Exact { width: 30, height: 30 }), (30, 30, 30, 30));
    assert_eq!(of(Resize::Fit { width: 30, height: 30 }), (30, 15, 30, 15));
    assert_eq!(of(Resize::Fit { width: 400, height: 100 }), (200, 100, 200, 100), "fit may enlarge");
    assert_eq!(of(Resize::Fill { width: 30, height: 30 }), (30, 30, 30, 30));
    assert_eq!(of(Resize::Thumbnail { width: 33, height: 33 }), (33, 17, 33, 17));
    assert_eq!(of(Resize::Fit { width: 1, height: 1 }), (1, 1, 1, 1), "no side vanishes");
    // What stands out is cut off on both sides alike.
    let filled = done(map(100, 50), &Operations { filter: Filter::Nearest, ..resize(Resize::Fill { width: 50, height: 50 }) });
    assert_eq!(filled.pixel(0, 0).unwrap().rgba8[0], 25);
    assert_eq!(filled.pixel(49, 49).unwrap().rgba8[..2], [74, 49]);
}

#[test]
fn every_kind_of_pixel_is_resized_with_every_filter_and_keeps_its_kind() {
    let rgba = DynamicImage::ImageRgba8(RgbaImage::from_fn(40, 20, |x, y| Rgba([x as u8, y as u8, 200, (x * 6) as u8])));
    let kinds = [
        DynamicImage::ImageLuma8(rgba.to_luma8()),
        DynamicImage::ImageLumaA8(rgba.to_luma_alpha8()),
        DynamicImage::ImageRgb8(rgba.to_rgb8()),
        rgba.clone(),
        DynamicImage::ImageLuma16(rgba.to_luma16()),
        DynamicImage::ImageLumaA16(rgba.to_luma_alpha16()),
        DynamicImage::ImageRgb16(rgba.to_rgb16()),
        DynamicImage::ImageRgba16(rgba.to_rgba16()),
        DynamicImage::ImageRgb32F(rgba.to_rgb32f()),
        DynamicImage::ImageRgba32F(rgba.to_rgba32f()),
    ];
    for image in kinds {
        for filter in [Filter::Lanczos3, Filter::CatmullRom, Filter::Bilinear, Filter::Nearest] {
            for (width, height) in [(13, 7), (80, 41)] {
                let made = done(image.clone(), &Operations { filter, ..resize(Resize::Exact { width, height }) });
                assert_eq!(made.image.color(), image.color(), "{filter:?}");
                assert_eq!((made.image.width(), made.image.height()), (width, height));
            }
        }
    }
}

#[test]
fn transparent_edges_get_no_dark_rim() {
    // White on the left; on the right, black that nobody sees.
    let half = RgbaImage::from_fn(64, 64, |x, _| if x < 32 { Rgba([255; 4]) } else { Rgba([0; 4]) });
    for filter in [Filter::Lanczos3, Filter::CatmullRom, Filter::Bilinear] {
        let small = done(half.clone(), &Operations { filter, ..resize(Resize::Exact { width: 9, height: 9 }) });
        for Rgba([r, g, b, a]) in small.image.to_rgba8().pixels().copied() {
            assert!(a < 8 || (r > 250 && g > 250 && b > 250), "{filter:?}: {r} {g} {b} {a}");
        }
    }
}

#[test]
fn crop_comes_first_then_the_turn_then_the_mirror() {
    let operations = Operations {
        crop: Some(Crop { x: 10, y: 20, width: 4, height: 2 }),
        rotate: Rotation::Clockwise90,
        ..Operations::default()
    };
    let made = done(map(50, 40), &operations);
    assert_eq!((made.image.width(), made.image.height(), made.info.width, made.info.height), (2, 4, 2, 4));
    let at = |made: &Picture, x, y| made.pixel(x, y).unwrap().rgba8[..2].to_vec();
    assert_eq!(at(&made, 1, 0), [10, 20], "the top left corner comes to the top right");
    assert_eq!(at(&made, 0, 0), [10, 21]);
    let flipped = done(map(50, 40), &Operations { flip: Some(Flip::Horizontal), ..operations.clone() });
    assert_eq!(at(&flipped, 0, 0), [10, 20]);
    let half = done(map(50, 40), &Operations { rotate: Rotation::Half, ..Operations::default() });
    let both = done(map(50, 40), &Operations { rotate: Rotation::Half, flip: Some(Flip::Vertical), ..Operations::default() });
    assert_eq!((at(&half, 0, 0), at(&both, 0, 0)), (vec![49, 39], vec![49, 0]));
    let back = done(map(50, 40), &Operations { rotate: Rotation::Clockwise270, ..Operations::default() });
    assert_eq!(at(&back, 0, 0), [49, 0]);
}

#[test]
fn what_does_not_suit_the_picture_is_refused_in_words_and_before_it_is_made() {
    for (x, y, width, height) in [(0, 0, 11, 1), (10, 0, 1, 1), (0, 9, 1, 2), (u32::MAX, 0, 1, 1), (0, 0, 0, 1)] {
        let crop = Operations { crop: Some(Crop { x, y, width, height }), ..Operations::default() };
        let said = refused(map(10, 10), &crop, Limits::default());
        assert!(said.contains("does not lie in the picture of 10 x 10"), "{said}");
    }
    let huge = resize(Resize::Exact { width: 60_000, height: 60_000 });
    assert!(refused(map(10, 10), &huge, Limits::default()).contains("more than the limit of 512 MiB"));
    let wide = resize(Resize::Fit { width: 4_000_000, height: 4_000_000 });
    assert!(refused(map(10, 10), &wide, Limits::default()).contains("pixels on one side"));
    assert!(refused(map(10, 10), &resize(Resize::Exact { width: 0, height: 5 }), Limits::default()).contains("has none"));
    let progress = Progress::new();
    progress.cancel();
    let stopped = mode(Mode::Grey).apply(picture_of(map(9, 9)), [0; 3], Limits::default(), &progress);
    assert!(matches!(stopped, Err(FormatError::Cancelled(_))));
}

#[test]
fn modes_of_colour_and_grey() {
    let pixel = |mode_of: Mode, image: DynamicImage| done(image, &mode(mode_of));
    let clear = || DynamicImage::ImageRgba8(RgbaImage::from_pixel(3, 3, Rgba([100, 149, 237, 0])));
    let blue = || DynamicImage::ImageRgb8(RgbImage::from_pixel(3, 3, Rgb([100, 149, 237])));
    assert!(
        matches!(pixel(Mode::Grey, blue()).image, DynamicImage::ImageLuma8(ref grey) if grey.get_pixel(0, 0).0 == [144]),
        "as Pillow"
    );
    assert!(matches!(pixel(Mode::Grey, clear()).image, DynamicImage::ImageLuma8(ref grey) if grey.get_pixel(0, 0).0 == [255]));
    assert!(
        matches!(pixel(Mode::GreyAlpha, clear()).image, DynamicImage::ImageLumaA8(ref grey) if grey.get_pixel(0, 0).0 == [144, 0])
    );
    assert!(matches!(pixel(Mode::Rgb, clear()).image, DynamicImage::ImageRgb8(ref rgb) if rgb.get_pixel(0, 0).0 == [255; 3]));
    assert!(
        matches!(pixel(Mode::Rgba, blue()).image, DynamicImage::ImageRgba8(ref rgba) if rgba.get_pixel(0, 0).0 == [100, 149, 237, 255])
    );
    let deep = DynamicImage::ImageRgb16(blue().to_rgb16());
    let grey = pixel(Mode::Grey, deep);
    assert!(
        matches!(grey.image, DynamicImage::ImageLuma16(ref grey) if grey.get_pixel(0, 0).0[0] / 257 == 143 || grey.get_pixel(0, 0).0[0] / 257 == 144)
    );
    assert_eq!(grey.info.color, "grey, 16 bits");
    let (_, lost) = converted(&encode(&picture_of(blue()), Format::Png), Format::Png, Format::Png, mode(Mode::Grey)).unwrap();
    assert_eq!(lost, ["Colours become shades of grey"]);
}

#[test]
fn black_and_white_keeps_the_brightness_where_it_is_dithered() {
    let grey = GrayImage::from_pixel(64, 64, Luma([96]));
    let share = |dither| {
        let made = done(grey.clone(), &Operations { dither, ..mode(Mode::Bilevel) });
        let white = made
            .image
            .to_luma8()
            .pixels()
            .inspect(|pixel| assert!(matches!(pixel.0[0], 0 | 255)))
            .filter(|pixel| pixel.0[0] == 255)
            .count();
        white as f64 / 4096.0
    };
    assert!((share(true) - 96.0 / 255.0).abs() < 0.02, "{}", share(true));
    assert_eq!(share(false), 0.0);
}

#[test]
fn palettes_have_no_more_colours_than_asked_and_stay_near() {
    let picture = RgbImage::from_fn(96, 96, |x, y| Rgb([(x * 2) as u8, (y * 2) as u8, (x + y) as u8]));
    for (colors, near) in [(2, 200), (16, 80), (256, 24)] {
        for dither in [false, true] {
            let made = done(picture.clone(), &Operations { dither, ..mode(Mode::Palette { colors }) }).image.to_rgb8();
            let count = made.pixels().collect::<std::collections::HashSet<_>>().len();
            assert!(count <= colors.into() && count > usize::from(colors) / 2, "{count} of {colors}");
            if !dither {
                let far = picture
                    .pixels()
                    .zip(made.pixels())
                    .flat_map(|(was, is)| (0..3).map(|c| was.0[c].abs_diff(is.0[c])).collect::<Vec<_>>())
                    .max();
                assert!(far.unwrap() <= near, "{far:?} of {colors}");
            }
        }
    }
    // Few enough already: not a value changes; transparency is a colour of its own.
    let few = RgbaImage::from_fn(16, 16, |x, _| if x < 4 { Rgba([9, 9, 9, 0]) } else { Rgba([(x * 16) as u8, 0, 0, 255]) });
    let made = done(few.clone(), &mode(Mode::Palette { colors: 13 })).image.to_rgba8();
    assert!(few.pixels().zip(made.pixels()).all(|(was, is)| is.0 == if was.0[3] == 0 { [0; 4] } else { was.0 }));
    assert_eq!(picture::probe(&Buffer::from(encode(&picture_of(few), Format::Gif)), Format::Gif).unwrap().width, 16);
}
