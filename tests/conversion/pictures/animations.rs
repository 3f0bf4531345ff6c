//! Animations go from one format to the next with all their frames, delays and loops; pages are found one by one.

use std::time::Duration;

use image::{DynamicImage, Rgba, RgbaImage};
use seektell::buffer::Buffer;
use seektell::formats::picture::{self, Animation, Carried, Frame, Limits};
use seektell::formats::{Format, FormatError, Options, PictureOptions, convert};
use seektell::tasks::Progress;

use super::carry::pillow;
use super::said;

/// A dot that goes over a transparent ground; the last two frames are alike.
fn film() -> Vec<Frame> {
    let frame = |index: u32, delay: u64| {
        let mut image = RgbaImage::new(13, 9);
        image.put_pixel(index * 3 + 1, index + 2, Rgba([200, 30 + index as u8, 9, 255]));
        Frame { image: DynamicImage::ImageRgba8(image), delay: Duration::from_millis(delay) }
    };
    vec![frame(0, 50), frame(1, 100), frame(2, 1_000), frame(2, 20)]
}

fn animate(frames: Vec<Frame>, loops: u32, to: Format) -> Vec<u8> {
    let mut out = Vec::new();
    let animation = Animation { frames: frames.len() as u32, loops };
    let options = PictureOptions::default();
    picture::animate(frames.into_iter().map(Ok), animation, to, &options, &Carried::default(), &mut out, &Progress::new())
        .expect("it is written");
    out
}

fn read(file: &[u8], format: Format) -> Vec<(DynamicImage, u128)> {
    let input = Buffer::from(file);
    let progress = Progress::new();
    let frames = picture::frames(&input, format, Limits::default(), &progress).expect("readable");
    frames.map(|frame| frame.map(|frame| (frame.image, frame.delay.as_millis()))).collect::<Result<_, _>>().expect("whole")
}

#[test]
fn every_format_gives_the_same_film_back() {
    let wanted: Vec<_> = film().into_iter().map(|frame| (frame.image, frame.delay.as_millis())).collect();
    for to in [Format::Gif, Format::Png, Format::WebP] {
        for loops in [0, 1, 3] {
            let file = animate(film(), loops, to);
            assert_eq!(read(&file, to), wanted, "{to:?}");
            let said = picture::play(&Buffer::from(file.as_slice()), to).expect("readable");
            // A GIF that is played once says nothing.
            assert_eq!(said.unwrap_or(1), loops, "{to:?}");
        }
    }
}

#[test]
fn a_film_goes_through_all_formats_whole() {
    let wanted: Vec<_> = film().into_iter().map(|frame| (frame.image, frame.delay.as_millis())).collect();
    let mut file = animate(film(), 3, Format::Gif);
    let mut from = Format::Gif;
    for to in [Format::Png, Format::WebP, Format::Gif, Format::WebP, Format::Png, Format::Png] {
        let mut out = Vec::new();
        let done = convert(&Buffer::from(file.as_slice()), from, to, &Options::default(), &mut out, &Progress::new());
        assert_eq!(said(&done.expect("it converts").losses), [""; 0], "{from:?} to {to:?}");
        assert_eq!(read(&out, to), wanted, "{from:?} to {to:?}");
        assert_eq!(picture::play(&Buffer::from(out.as_slice()), to).expect("readable"), Some(3), "{from:?} to {to:?}");
        (file, from) = (out, to);
    }
    // One frame only where that is asked, and where the target has no animations.
    let mut options = Options::default();
    options.picture.frame = Some(2);
    let mut out = Vec::new();
    convert(&Buffer::from(file.as_slice()), from, Format::WebP, &options, &mut out, &Progress::new()).expect("it converts");
    assert_eq!(read(&out, Format::WebP).len(), 0, "a still picture");
    let mut out = Vec::new();
    let done = convert(&Buffer::from(file.as_slice()), from, Format::Bmp, &Options::default(), &mut out, &Progress::new());
    assert_eq!(said(&done.expect("it converts").losses)[0], "3 of 4 frames are left out");
    // Other delays, another count, and smaller.
    let mut options = Options::default();
    (options.picture.delay, options.picture.loops) = (Some(33), Some(7));
    options.picture.operations.resize = Some(picture::ops::Resize::Exact { width: 26, height: 18 });
    let mut out = Vec::new();
    let done = convert(&Buffer::from(file.as_slice()), from, Format::Gif, &options, &mut out, &Progress::new());
    let told = done.expect("it converts").losses;
    assert!(said(&told).contains(&"Delays are rounded to hundredths of a second"), "{told:?}");
    assert_eq!(read(&out, Format::Gif).iter().map(|(image, delay)| (image.width(), *delay)).collect::<Vec<_>>(), [(26, 30); 4]);
    assert_eq!(picture::play(&Buffer::from(out.as_slice()), Format::Gif).expect("readable"), Some(7));
}

#[test]
fn what_is_no_animation_is_refused_in_words() {
    let write = |frames: Vec<Frame>, count: u32, to: Format| {
        let animation = Animation { frames: count, loops: 0 };
        let options = PictureOptions::default();
        let frames = frames.into_iter().map(Ok);
        picture::animate(frames, animation, to, &options, &Carried::default(), &mut Vec::new(), &Progress::new())
    };
    let mut uneven = film();
    uneven[1].image = DynamicImage::new_rgba8(3, 3);
    for to in [Format::Gif, Format::Png, Format::WebP] {
        assert!(matches!(write(Vec::new(), 0, to), Err(FormatError::Option(_))), "{to:?}");
        let error = write(uneven.clone(), 4, to).expect_err("frames of two sizes");
        assert!(error.to_string().contains("3 x 3"), "{to:?}: {error}");
    }
    assert!(matches!(write(film(), 4, Format::Jpeg), Err(FormatError::Unsupported { .. })));
    assert!(matches!(write(film(), 9, Format::Png), Err(FormatError::Option(_))), "frames are missing");
    let cancelled = Progress::new();
    cancelled.cancel();
    let animation = Animation { frames: 4, loops: 0 };
    let frames = film().into_iter().map(Ok);
    let done = picture::animate(
        frames,
        animation,
        Format::Gif,
        &PictureOptions::default(),
        &Carried::default(),
        &mut Vec::new(),
        &cancelled,
    );
    assert!(matches!(done, Err(FormatError::Cancelled(_))));
}

#[test]
fn a_film_cut_short_keeps_what_came() {
    let file = animate(film(), 0, Format::Gif);
    let mut out = Vec::new();
    let cut = Buffer::from(&file[..file.len() - 30]);
    let done =
        convert(&cut, Format::Gif, Format::WebP, &Options::default(), &mut out, &Progress::new()).expect("a part is there");
    let frames = read(&out, Format::WebP).len();
    assert!((2..4).contains(&frames), "{frames}");
    assert!(done.losses[0].what.starts_with("The animation is not complete"), "{:?}", done.losses);
}

/// A TIFF of grey pages of one pixel.
pub(crate) fn pages(greys: &[u8]) -> Vec<u8> {
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    for (index, grey) in greys.iter().enumerate() {
        let at = file.len() as u32;
        let tags: [(u16, u32); 8] =
            [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, at + 2 + 8 * 12 + 4), (278, 1), (279, 1)];
        file.extend((tags.len() as u16).to_le_bytes());
        for (tag, value) in tags {
            file.extend(tag.to_le_bytes());
            file.extend([4, 0, 1, 0, 0, 0]);
            file.extend(value.to_le_bytes());
        }
        let next = if index + 1 == greys.len() { 0 } else { at + 2 + 8 * 12 + 4 + 2 };
        file.extend(next.to_le_bytes());
        file.extend([*grey, 0]);
    }
    file
}

#[test]
fn pages_are_found_one_by_one() {
    let file = Buffer::from(pages(&[10, 20, 30]));
    let progress = Progress::new();
    assert_eq!(picture::probe(&file, Format::Tiff).expect("whole").frames, Some(3));
    let greys = |file: &Buffer| -> Vec<u8> {
        let pages = picture::frames(file, Format::Tiff, Limits::default(), &progress).expect("readable");
        pages.map(|page| page.expect("whole").image.to_luma8().get_pixel(0, 0).0[0]).collect()
    };
    assert_eq!(greys(&file), [10, 20, 30]);
    let page = picture::decode_frame(&file, Format::Tiff, 2, Limits::default(), &progress).expect("there");
    assert_eq!((page.image.to_luma8().get_pixel(0, 0).0, page.info.frames), ([20], Some(1)));
    assert!(matches!(
        picture::decode_frame(&file, Format::Tiff, 4, Limits::default(), &progress),
        Err(FormatError::Option(what)) if what.contains("3 pages")
    ));
    let mut options = Options::default();
    options.picture.frame = Some(3);
    let mut out = Vec::new();
    let done = convert(&file, Format::Tiff, Format::Pnm, &options, &mut out, &progress).expect("it converts");
    assert_eq!((out.last(), done.losses.len()), (Some(&30), 0));
    // A chain that comes back to its start has ended.
    let mut round = pages(&[10, 20]);
    let link = 8 + 2 + 8 * 12 + 4 + 2 + 2 + 8 * 12;
    round[link..link + 4].copy_from_slice(&8_u32.to_le_bytes());
    assert_eq!(greys(&Buffer::from(round)), [10, 20]);
}

#[test]
fn pillow_plays_the_same_film() {
    let files = [Format::Gif, Format::Png, Format::WebP].map(|to| animate(film(), 3, to));
    let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    let script = "for f in files:\n im=Image.open(f); r=[]\n for i in range(im.n_frames):\n  im.seek(i); im.load(); p=im.convert('RGBA'); r.append((int(im.info['duration']), p.getpixel((i*3+1 if i<3 else 7, i+2 if i<3 else 4))[:2], p.getpixel((12,8))[3]))\n print(im.n_frames, im.info.get('loop'), r)";
    let Some(told) = pillow(script, &files) else { return };
    let film = "[(50, (200, 30), 0), (100, (200, 31), 0), (1000, (200, 32), 0), (20, (200, 32), 0)]";
    assert_eq!(told.lines().collect::<Vec<_>>(), [format!("4 2 {film}"), format!("4 3 {film}"), format!("4 3 {film}")], "{told}");
}

/// Flags, place and size of each frame in a GIF: what becomes of it, left, top, width, height.
fn places(gif: &[u8]) -> Vec<(u8, [u16; 4])> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let blocks = |mut at: usize| {
        while gif[at] != 0 {
            at += usize::from(gif[at]) + 1;
        }
        at + 1
    };
    let (mut at, mut after, mut found) = (13 + table(gif[10]), 0, Vec::new());
    while gif[at] != b';' {
        if gif[at] == b'!' {
            if gif[at + 1] == 0xF9 {
                after = gif[at + 3] >> 2 & 7;
            }
            at = blocks(at + 2);
        } else {
            let number = |index: usize| u16::from_le_bytes([gif[at + 1 + index * 2], gif[at + 2 + index * 2]]);
            found.push((after, [0, 1, 2, 3].map(number)));
            at = blocks(at + 10 + table(gif[at + 9]) + 1);
        }
    }
    found
}

#[test]
fn a_gif_holds_what_changed_and_shows_the_same() {
    let mut random = fastrand::Rng::with_seed(8);
    let frame = |image: RgbaImage| Frame { image: DynamicImage::ImageRgba8(image), delay: Duration::from_millis(40) };
    // Pixels that come, go and change, some of them see-through, now and then nothing at all.
    for seed in 0..40 {
        random.seed(seed);
        let mut image = RgbaImage::new(random.u32(1..20), random.u32(1..20));
        let mut wanted = Vec::new();
        for _ in 0..random.usize(1..9) {
            for _ in 0..random.usize(0..12) {
                let (x, y) = (random.u32(..image.width()), random.u32(..image.height()));
                let seen = random.u8(..4) > 0;
                image.put_pixel(x, y, if seen { Rgba([random.u8(..), random.u8(..), 7, 255]) } else { Rgba([0; 4]) });
            }
            wanted.push(DynamicImage::ImageRgba8(image.clone()));
        }
        let frames: Vec<_> = wanted.iter().map(|image| frame(image.to_rgba8())).collect();
        let found: Vec<_> =
            read(&animate(frames, seed as u32 % 3, Format::Gif), Format::Gif).into_iter().map(|(image, _)| image).collect();
        assert!(found == wanted, "{seed}");
    }
    // A dot that walks over a full ground: only where it was and is.
    let ground = RgbaImage::from_fn(200, 150, |x, y| Rgba([(x / 16 * 16) as u8, (y / 16 * 16) as u8, 90, 255]));
    let step = |index: u32| {
        let mut image = ground.clone();
        (0..10).for_each(|at| image.put_pixel(20 + index * 10 + at, 40, Rgba([255, 255, 255, 255])));
        image
    };
    let wanted: Vec<_> = (0..10).map(step).collect();
    let file = animate(wanted.iter().cloned().map(frame).collect(), 0, Format::Gif);
    assert_eq!(read(&file, Format::Gif).into_iter().map(|(image, _)| image.to_rgba8()).collect::<Vec<_>>(), wanted);
    let found = places(&file);
    assert_eq!(found[0], (1, [0, 0, 200, 150]));
    assert_eq!(found[1], (1, [20, 40, 20, 1]));
    let alone = animate(vec![frame(ground.clone())], 0, Format::Gif).len();
    assert!(file.len() < alone * 2, "{} for ten frames, {alone} for one", file.len());
    // Over nothing it has to be cleared, and in the end too, since it begins again; not where it is shown once.
    let dot = |x: u32| {
        let mut image = RgbaImage::new(50, 50);
        image.put_pixel(x, 9, Rgba([255, 0, 0, 255]));
        frame(image)
    };
    assert_eq!(places(&animate(vec![dot(4), dot(7)], 0, Format::Gif)), [(2, [0, 0, 50, 50]), (2, [7, 9, 1, 1])]);
    assert_eq!(places(&animate(vec![dot(4), dot(7)], 1, Format::Gif)), [(2, [0, 0, 50, 50]), (1, [7, 9, 1, 1])]);
    // What somebody else sees.
    let script = "im = Image.open(files[0])\nout = []\nfor index in range(im.n_frames):\n im.seek(index)\n \
seen = im.convert('RGBA')\n out.append([x for x in range(50) if seen.getpixel((x, 9))[3]])\nprint(out)";
    if let Some(found) = pillow(script, &[&animate(vec![dot(4), dot(7), dot(30)], 0, Format::Gif)]) {
        assert_eq!(found, "[[4], [7], [30]]");
    }
}
