//! What a GIF keeps of the pixels: few colours and what is transparent exactly, many colours nearly.

use image::{Rgba, RgbaImage};
use seektell::buffer::Buffer;
use seektell::formats::picture::{self, Limits, Picture};
use seektell::formats::{Format, PictureOptions};
use seektell::tasks::Progress;

use super::carry::pillow;

fn gif(image: &RgbaImage) -> Vec<u8> {
    let mut out = Vec::new();
    let picture = Picture::from_rgba8(Format::Gif, image.clone());
    picture::encode(&picture, Format::Gif, &PictureOptions::default(), &mut out, &Progress::new()).expect("it is written");
    out
}

fn read(file: &[u8]) -> RgbaImage {
    picture::decode(&Buffer::from(file), Format::Gif, Limits::default(), &Progress::new()).expect("readable").image.into_rgba8()
}

/// Noise of so many colours, with holes where they are wanted.
fn noise(width: u32, height: u32, colors: u32, holes: bool) -> RgbaImage {
    let mut random = fastrand::Rng::with_seed(u64::from(colors));
    RgbaImage::from_fn(width, height, |x, y| {
        let at = y * width + x;
        // Each of them once at least.
        let color = if at < colors { at } else { random.u32(..colors) };
        match at >= colors && holes && random.u8(..) < 40 {
            true => Rgba([0; 4]),
            false => Rgba([color as u8, (color * 7) as u8, (color >> 8) as u8 ^ 0x55, 255]),
        }
    })
}

#[test]
fn few_colours_come_back_exactly() {
    for colors in [1, 2, 3, 4, 5, 8, 9, 16, 17, 32, 33, 64, 65, 127, 128, 129, 200, 255, 256] {
        // From some thousand noisy pixels on the packer's table is full and begins anew.
        for (width, height) in [(1, 1), (257, 1), (1, 300), (130, 130)] {
            for holes in [false, true] {
                if colors > width * height || (holes && colors == 256) {
                    continue;
                }
                let image = noise(width, height, colors, holes);
                assert_eq!(read(&gif(&image)), image, "{colors} colours, {width} x {height}, {holes}");
            }
        }
    }
    let nothing = RgbaImage::new(7, 3);
    assert_eq!(read(&gif(&nothing)), nothing);
}

#[test]
fn what_is_transparent_is_exact_and_many_colours_are_near() {
    // The darkest colours next to holes, and more colours than fit; the last one is larger than what colours are learnt from.
    for (width, height, holes) in [(40, 40, true), (300, 200, false), (300, 200, true), (900, 700, true)] {
        let image = RgbaImage::from_fn(width, height, |x, y| match holes && (x / 5 + y / 3) % 4 == 0 {
            true => Rgba([0; 4]),
            false => Rgba([(x * 255 / width) as u8, (y * 255 / height) as u8, ((x ^ y) & 31) as u8, 255]),
        });
        let file = gif(&image);
        let seen = read(&file);
        let (mut error, mut count) = (0, 0);
        for (one, other) in image.pixels().zip(seen.pixels()) {
            assert_eq!(one.0[3], other.0[3]);
            if one.0[3] > 0 {
                count += 3;
                error += (0..3).map(|channel| u64::from(one.0[channel].abs_diff(other.0[channel]))).sum::<u64>();
            }
        }
        let mean = error as f64 / f64::from(count);
        assert!(mean < 9.0, "{width} x {height}: {mean}");
        assert_eq!(file, gif(&image), "the same bytes each time");
    }
}

#[test]
fn pillow_sees_the_same() {
    let kinds = [(2, false), (3, true), (256, false), (255, true), (1_000, true)];
    let files: Vec<_> = kinds.iter().map(|(colors, holes)| gif(&noise(90, 61, *colors, *holes))).collect();
    let script = "for f in files:\n im=Image.open(f)\n print(im.n_frames, im.convert('RGBA').tobytes().hex())";
    let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    let Some(told) = pillow(script, &files) else { return };
    let seen: Vec<String> = files.iter().map(|file| format!("1 {}", hex::encode(read(file).as_raw()))).collect();
    assert!(told.lines().eq(seen), "another picture");
}
