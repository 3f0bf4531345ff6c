//! One frame after the other of GIF, animated PNG and WebP.

use std::time::Duration;

use image::codecs::gif::GifEncoder;
use image::{Delay, Rgba, RgbaImage};
use seektell::buffer::Buffer;
use seektell::formats::picture::{self, Limits};
use seektell::formats::{Format, FormatError, Options, convert, losses};
use seektell::tasks::Progress;

use super::{decode, encode, picture_of};

const COLOURS: [[u8; 4]; 3] = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]];

fn gif(delays: [u32; 3]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for (color, delay) in COLOURS.into_iter().zip(delays) {
        let frame = RgbaImage::from_pixel(12, 8, Rgba(color));
        encoder
            .encode_frame(image::Frame::from_parts(frame, 0, 0, Delay::from_numer_denom_ms(delay, 1)))
            .expect("what the test made itself is whole");
    }
    drop(encoder);
    bytes
}

fn apng() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 4, 4);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(3, 0).expect("what the test made itself is whole");
    encoder.set_frame_delay(1, 4).expect("what the test made itself is whole");
    let mut writer = encoder.write_header().expect("what the test made itself is whole");
    for color in COLOURS {
        writer.write_image_data(&color.repeat(16)).expect("what the test made itself is whole");
    }
    writer.finish().expect("what the test made itself is whole");
    bytes
}

fn read(bytes: &[u8], format: Format) -> Vec<([u8; 4], Duration)> {
    let input = Buffer::from(bytes);
    let progress = Progress::new();
    let frames = picture::frames(&input, format, Limits::default(), &progress).expect("what the test made itself is whole");
    let seen =
        |frame: Result<picture::Frame, FormatError>| frame.map(|frame| (frame.image.to_rgba8().get_pixel(1, 1).0, frame.delay));
    frames.map(seen).collect::<Result<_, _>>().expect("what the test made itself is whole")
}

#[test]
fn every_frame_comes_with_its_delay_and_nothing_counts_as_a_tenth() {
    let ms = Duration::from_millis;
    let seen = read(&gif([50, 0, 200]), Format::Gif);
    assert_eq!(seen, [(COLOURS[0], ms(50)), (COLOURS[1], ms(100)), (COLOURS[2], ms(200))]);
    let seen = read(&apng(), Format::Png);
    assert_eq!(seen, COLOURS.map(|color| (color, ms(250))));
    // What is no animation has one picture, which is decoded as such.
    let still = encode(&picture_of(RgbaImage::from_pixel(3, 3, Rgba(COLOURS[1]))), Format::Png);
    assert_eq!(read(&still, Format::Png), []);
    let webp = encode(&picture_of(RgbaImage::from_pixel(3, 3, Rgba(COLOURS[1]))), Format::WebP);
    assert_eq!(read(&webp, Format::WebP), []);
}

#[test]
fn a_conversion_takes_the_frame_that_was_asked_for() {
    let input = Buffer::from(gif([10, 10, 10]));
    let mut options = Options::default();
    for (number, color) in (1..).zip(COLOURS) {
        options.picture.frame = Some(number);
        let mut out = Vec::new();
        let done = convert(&input, Format::Gif, Format::Png, &options, &mut out, &Progress::new()).unwrap();
        assert!(done.losses.is_empty(), "the other frames were not asked for: {:?}", done.losses);
        assert!(losses(&input, Format::Gif, Format::Png, &options, &Progress::new()).unwrap().is_empty());
        assert_eq!(decode(&out, Format::Png).unwrap().pixel(5, 5).unwrap().rgba8, color);
    }
    for (input, from, number, said) in [
        (input, Format::Gif, 4, "has 3 frames that can be read, so there is no frame 4"),
        (Buffer::from(encode(&picture_of(RgbaImage::new(2, 2)), Format::Bmp)), Format::Bmp, 2, "one frame"),
    ] {
        options.picture.frame = Some(number);
        let refused = convert(&input, from, Format::Png, &options, &mut Vec::new(), &Progress::new()).unwrap_err();
        assert!(matches!(refused, FormatError::Option(_)) && refused.to_string().contains(said), "{refused}");
    }
}

#[test]
fn a_canvas_too_large_and_a_cancel_end_it_and_damage_is_an_error_after_what_came_before() {
    let whole = gif([10, 10, 10]);
    let tight = Limits { max_bytes: 300, max_side: 4_096 };
    let progress = Progress::new();
    let refused = picture::frames(&Buffer::from(whole.clone()), Format::Gif, tight, &progress).map(|_| ());
    assert!(matches!(refused, Err(FormatError::Limit { .. })));
    let input = Buffer::from(&whole[..whole.len() * 2 / 3]);
    let seen: Vec<_> = picture::frames(&input, Format::Gif, Limits::default(), &progress).unwrap().collect();
    assert!(seen[0].is_ok() && seen.len() <= 3, "{}", seen.len());
    let input = Buffer::from(whole);
    let mut frames = picture::frames(&input, Format::Gif, Limits::default(), &progress).unwrap();
    assert!(frames.next().is_some_and(|frame| frame.is_ok()));
    progress.cancel();
    assert!(matches!(frames.next(), Some(Err(FormatError::Cancelled(_)))) && frames.next().is_none());
}
