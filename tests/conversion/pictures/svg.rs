//! Drawings are texts that become pictures of any size, and ask for nothing that is not in them.

use seektell::buffer::Buffer;
use seektell::formats::picture::ops::Resize;
use seektell::formats::picture::{self, Limits};
use seektell::formats::{Format, FormatError, Options, PictureOptions, convert, detect, losses, targets};
use seektell::tasks::Progress;

use super::{decode, said};

const DOT: &str = "<?xml version=\"1.0\"?>\n<!-- a dot --><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\" viewBox=\"0 0 80 40\">\
<rect width=\"40\" height=\"40\" fill=\"#f00\"/><g opacity=\"0.5\"><rect x=\"40\" width=\"40\" height=\"40\" fill=\"#00f\"/></g></svg>";

fn draw(text: &str, options: &PictureOptions) -> Result<(picture::Picture, Vec<String>), FormatError> {
    picture::draw(&Buffer::from(text.as_bytes()), options, Limits::default(), &Progress::new())
}

#[test]
fn a_drawing_is_a_text_that_is_seen_as_a_picture() {
    let input = Buffer::from(DOT.as_bytes());
    let found = detect(&input, Some("dot.svg")).expect("readable");
    assert_eq!((found.format, found.mismatch), (Format::Svg, None));
    assert_eq!(detect(&input, None).expect("readable").format, Format::Svg);
    assert_eq!(detect(&Buffer::from(b"<html><svg/></html>"), Some("page.svg")).expect("readable").format, Format::Text);
    assert!(targets(Format::Svg).contains(&Format::Text) && targets(Format::Svg).contains(&Format::Png));
    assert!(!Format::Svg.is_binary() && !Format::Svg.info().writes);
    let seen = decode(DOT.as_bytes(), Format::Svg).expect("whole");
    assert_eq!((seen.info.width, seen.info.height, seen.image.width()), (40, 20, 40));
    assert_eq!(seen.pixel(5, 5).expect("inside").rgba8, [255, 0, 0, 255]);
    assert_eq!(seen.pixel(30, 5).expect("inside").rgba8, [0, 0, 255, 128]);
    let info = picture::probe(&input, Format::Svg).expect("whole");
    assert_eq!((info.width, info.height), (40, 20));
    let mut out = Vec::new();
    convert(&input, Format::Svg, Format::Text, &Options::default(), &mut out, &Progress::new()).expect("it is text");
    assert_eq!(out, DOT.as_bytes());
}

#[test]
fn it_is_drawn_in_the_size_that_is_asked_for() {
    let size = |options: PictureOptions| {
        let (picture, _) = draw(DOT, &options).expect("whole");
        (picture.image.width(), picture.image.height())
    };
    let with = |width: Option<u32>, height: Option<u32>, dpi: u32| {
        size(PictureOptions { drawing_width: width, drawing_height: height, drawing_dpi: dpi, ..PictureOptions::default() })
    };
    assert_eq!(with(None, None, 96), (40, 20));
    assert_eq!(with(None, None, 288), (120, 60));
    assert_eq!(with(Some(100), None, 300), (100, 50));
    assert_eq!(with(None, Some(100), 96), (200, 100));
    assert_eq!(with(Some(10), Some(100), 96), (10, 100));
    // A resize is drawn, not made of pixels: edges stay sharp.
    let mut options = Options::default();
    for (resize, wanted) in [
        (Resize::Exact { width: 400, height: 100 }, (400, 100)),
        (Resize::Fit { width: 400, height: 400 }, (400, 200)),
        (Resize::Fill { width: 100, height: 100 }, (100, 100)),
        (Resize::Thumbnail { width: 10, height: 10 }, (10, 5)),
    ] {
        options.picture.operations.resize = Some(resize);
        let mut out = Vec::new();
        let input = Buffer::from(DOT.as_bytes());
        convert(&input, Format::Svg, Format::Png, &options, &mut out, &Progress::new()).expect("it is drawn");
        let made = decode(&out, Format::Png).expect("whole");
        assert_eq!((made.image.width(), made.image.height()), wanted, "{resize:?}");
        let middle = wanted.0 / 2;
        assert_eq!(made.pixel(middle - 1, 1).expect("inside").rgba8, [255, 0, 0, 255], "{resize:?}");
        assert_eq!(made.pixel(middle, 1).expect("inside").rgba8, [0, 0, 255, 128], "{resize:?}");
    }
}

#[test]
fn what_is_not_there_is_told() {
    let text = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"100\" height=\"40\">\
<text x=\"5\" y=\"30\" font-family=\"Comic Sans MS\" font-size=\"30\">Hi</text>\
<image width=\"10\" height=\"10\" href=\"file:///etc/passwd\"/>\
<image width=\"10\" height=\"10\" href=\"data:image/png;base64,iVBORw0KGgo=\"/><script>alert(1)</script></svg>";
    let (seen, missing) = draw(text, &PictureOptions::default()).expect("the rest is drawn");
    assert!(seen.image.to_rgba8().pixels().any(|pixel| pixel.0[3] > 200), "letters are drawn by a font that comes along");
    assert_eq!(missing.len(), 3, "{missing:?}");
    assert!(missing[0].contains("Comic Sans MS"), "{missing:?}");
    assert_eq!(missing[1], "A picture in the drawing is not drawn: other files and addresses are not read");
    assert!(missing[2].starts_with("A picture in the drawing is not drawn: ") && missing[2].contains("PNG"), "{missing:?}");
    let input = Buffer::from(text.as_bytes());
    let told = losses(&input, Format::Svg, Format::Png, &Options::default(), &Progress::new()).expect("it is judged");
    assert_eq!(said(&told), missing);
}

fn url(kind: &str, bytes: &[u8]) -> String {
    use base64::Engine as _;
    format!("data:image/{kind};base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes))
}

fn svg(inner: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"100\">{inner}</svg>")
}

/// Left half red, right half blue.
fn halves(width: u32, height: u32) -> picture::Picture {
    super::picture_of(image::RgbImage::from_fn(width, height, |x, _| {
        image::Rgb(if x < width / 2 { [255, 0, 0] } else { [0, 0, 255] })
    }))
}

#[test]
fn pictures_that_stand_in_the_text_are_drawn() {
    let place = "x=\"20\" y=\"20\" width=\"40\" height=\"20\" preserveAspectRatio=\"none\" image-rendering=\"optimizeSpeed\"";
    let formats = [
        (Format::Png, "png", 0),
        (Format::Jpeg, "jpeg", 3),
        (Format::Gif, "gif", 0),
        (Format::WebP, "webp", 0),
        (Format::Bmp, "bmp", 0),
    ];
    for (format, kind, off) in formats {
        let bytes = super::encode(&halves(64, 64), format);
        // Directly, below a layer, as a copy, and in a drawing inside of the drawing; whatever it is called.
        let picture = format!("<image {place} href=\"{}\"/>", url(kind, &bytes));
        let inner = url("svg+xml", svg(&picture).as_bytes());
        for text in [
            svg(&picture),
            svg(&format!("<g opacity=\"0.999\">{picture}</g>")),
            svg(&format!("<defs><g id=\"p\">{picture}</g></defs><use href=\"#p\"/>")),
            svg(&format!("<image width=\"100\" height=\"100\" href=\"{inner}\"/>")),
            svg(&format!("<image {place} href=\"{}\"/>", url("png", &bytes))),
        ] {
            let (seen, missing) = draw(&text, &PictureOptions::default()).expect("it is drawn");
            assert!(missing.is_empty() && seen.truncated.is_none(), "{format:?}: {missing:?}");
            for (x, y, wanted) in [
                (25, 30, [255, 0, 0, 255]),
                (35, 25, [255, 0, 0, 255]),
                (45, 35, [0, 0, 255, 255]),
                (10, 30, [0; 4]),
                (30, 50, [0; 4]),
            ] {
                let found = seen.pixel(x, y).expect("inside").rgba8;
                let near = found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= off.max(1));
                assert!(near, "{format:?} at {x}, {y}: {found:?}");
            }
        }
    }
    // Half transparent stays so; one that is cut short is drawn as far as it goes, and that is told.
    let glass = super::encode(&super::picture_of(image::RgbaImage::from_pixel(8, 8, image::Rgba([0, 200, 0, 100]))), Format::Png);
    let (seen, _) =
        draw(&svg(&format!("<image {place} href=\"{}\"/>", url("png", &glass))), &PictureOptions::default()).expect("drawn");
    let [r, g, b, a] = seen.pixel(30, 30).expect("inside").rgba8;
    assert!(r == 0 && b == 0 && g.abs_diff(200) <= 2 && a == 100, "{r} {g} {b} {a}");
    let mut noise = fastrand::Rng::with_seed(3);
    let cut = super::encode(
        &super::picture_of(image::RgbImage::from_fn(64, 64, |_, _| image::Rgb([noise.u8(200..), 0, 0]))),
        Format::Png,
    );
    let (seen, missing) =
        draw(&svg(&format!("<image {place} href=\"{}\"/>", url("png", &cut[..cut.len() / 2]))), &PictureOptions::default())
            .expect("drawn");
    assert!(seen.pixel(30, 22).expect("inside").rgba8[0] > 190);
    assert!(missing[0].starts_with("A picture in the drawing is not complete: the file ends early"), "{missing:?}");
    assert_eq!(seen.truncated.as_deref(), Some(missing[0].as_str()));
}

#[test]
fn pictures_elsewhere_are_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("red.png");
    std::fs::write(&file, super::encode(&halves(10, 10), Format::Png)).expect("written");
    let file = file.display();
    for href in [format!("{file}"), format!("file://{file}"), "http://127.0.0.1:9/x.png".into(), "red.png".into()] {
        let filter =
            format!("<filter id=\"f\"><feImage href=\"{href}\"/></filter><rect width=\"9\" height=\"9\" filter=\"url(#f)\"/>");
        let nested = url("svg+xml", svg(&format!("<image width=\"90\" height=\"90\" href=\"{href}\"/>")).as_bytes());
        for inner in [
            format!("<image width=\"90\" height=\"90\" href=\"{href}\"/>"),
            format!("<image width=\"90\" height=\"90\" href=\"{nested}\"/>"),
            filter,
        ] {
            let (seen, missing) = draw(&svg(&inner), &PictureOptions::default()).expect("the rest is drawn");
            assert!(seen.image.to_rgba8().pixels().all(|pixel| pixel.0[3] == 0), "{href}");
            assert_eq!(missing, ["A picture in the drawing is not drawn: other files and addresses are not read"], "{inner}");
        }
    }
}

#[test]
fn pictures_in_a_drawing_share_its_limits() {
    // A PNG that says it is 60000 x 60000, and has nothing of it.
    let mut liar = super::encode(&halves(10, 10), Format::Png);
    liar[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let crc = crc32fast::hash(&liar[12..29]);
    liar[29..33].copy_from_slice(&crc.to_be_bytes());
    let (_, missing) =
        draw(&svg(&format!("<image href=\"{}\"/>", url("png", &liar))), &PictureOptions::default()).expect("the rest");
    assert!(missing[0].contains("60000 x 60000 pixels, which take"), "{missing:?}");
    let told = losses(
        &Buffer::from(svg(&format!("<image href=\"{}\"/>", url("png", &liar))).as_bytes()),
        Format::Svg,
        Format::Png,
        &Options::default(),
        &Progress::new(),
    );
    assert_eq!(said(&told.expect("judged")), missing);
    // Many that are well each: together they take too much. A copy of one that is there takes nothing.
    let tight = Limits { max_bytes: 1 << 20, ..Limits::default() };
    let large = |shade: u8| {
        super::encode(&super::picture_of(image::RgbImage::from_pixel(400, 400, image::Rgb([shade, 0, 0]))), Format::Png)
    };
    let many = |shades: &[u8]| {
        let images: String = shades
            .iter()
            .map(|shade| format!("<image width=\"9\" height=\"9\" href=\"{}\"/>", url("png", &large(*shade))))
            .collect();
        picture::draw(&Buffer::from(svg(&images).as_bytes()), &PictureOptions::default(), tight, &Progress::new())
            .expect("drawn")
            .1
    };
    assert!(many(&[7; 20]).is_empty());
    let missing = many(&[1, 2, 3, 4]);
    assert!(missing[0].starts_with("3 pictures in the drawing are not drawn: the pictures in the drawing take"), "{missing:?}");
    // Copies of copies of one that is large: unpacking it each time would take minutes.
    let big = url("png", &super::encode(&super::picture_of(image::GrayImage::new(2_000, 2_000)), Format::Png));
    let copies = format!("<image id=\"a\" width=\"9\" height=\"9\" href=\"{big}\"/>{}", "<use href=\"#a\"/>".repeat(1_000));
    let error = draw(&svg(&copies), &PictureOptions::default()).expect_err("it takes minutes").to_string();
    assert!(error.contains("minutes"), "{error}");
    // As what a surface is filled with, too.
    let surfaces = "<rect width=\"9\" height=\"9\" fill=\"url(#p)\"/>".repeat(1_000);
    let pattern = format!(
        "<pattern id=\"p\" width=\"1\" height=\"1\"><image width=\"9\" height=\"9\" href=\"{big}\"/></pattern>{surfaces}"
    );
    let error = draw(&svg(&pattern), &PictureOptions::default()).expect_err("it takes minutes").to_string();
    assert!(error.contains("minutes"), "{error}");
    // Texts of megabytes, unpacked for every copy.
    let long = url("png", &vec![7; 6 << 20]);
    let copies = format!("<image id=\"a\" href=\"{long}\"/>{}", "<use href=\"#a\"/>".repeat(100_000));
    let error = draw(&svg(&copies), &PictureOptions::default()).expect_err("too much").to_string();
    assert!(error.contains("with their copies, have more than 256 MiB"), "{error}");
    // Drawings in drawings in drawings.
    let mut text = svg("<rect width=\"100\" height=\"100\" fill=\"#f00\"/>");
    for depth in 1..7 {
        text = svg(&format!("<image width=\"100\" height=\"100\" href=\"{}\"/>", url("svg+xml", text.as_bytes())));
        let (seen, missing) = draw(&text, &PictureOptions::default()).expect("drawn");
        let drawn = seen.pixel(50, 50).expect("inside").rgba8 == [255, 0, 0, 255];
        assert_eq!((drawn, missing.len()), if depth <= 4 { (true, 0) } else { (false, 1) }, "{depth}: {missing:?}");
    }
    let full = url("svg+xml", svg(&"<g><rect/></g>".repeat(50_000)).as_bytes());
    let (_, missing) = draw(&svg(&format!("<image href=\"{full}\"/>").repeat(7)), &PictureOptions::default()).expect("the rest");
    assert!(missing.iter().any(|line| line.contains("with their copies")), "{missing:?}");
    // A cancel is heard between two.
    let stopped = Progress::new();
    stopped.cancel();
    let input = Buffer::from(svg(&format!("<image href=\"{big}\"/>")).as_bytes());
    assert!(matches!(
        picture::draw(&input, &PictureOptions::default(), Limits::default(), &stopped),
        Err(FormatError::Cancelled(_))
    ));
}

#[test]
fn somebody_hostile_gets_words() {
    let refused = |text: &str| match draw(text, &PictureOptions::default()) {
        Err(error @ (FormatError::Limit { .. } | FormatError::Malformed { .. })) => error.to_string(),
        other => panic!("{other:?}"),
    };
    // Copies of copies.
    let mut bomb = String::from("<g id=\"a0\"><rect width=\"1\" height=\"1\"/></g>");
    for level in 1..20 {
        let copy = format!("<use href=\"#a{}\"/>", level - 1);
        bomb.push_str(&format!("<g id=\"a{level}\">{}</g>", copy.repeat(10)));
    }
    assert!(refused(&svg(&bomb)).contains("with their copies"));
    // Depth, by nesting and by copies of copies.
    assert!(refused(&svg(&format!("{}{}", "<g>".repeat(5_000), "</g>".repeat(5_000)))).contains("deep"));
    let mut chain = String::from("<rect id=\"b0\" width=\"1\" height=\"1\"/>");
    (1..1_000).for_each(|level| chain.push_str(&format!("<g id=\"b{level}\"><use href=\"#b{}\"/></g>", level - 1)));
    assert!(refused(&svg(&chain)).contains("deep"));
    // References into each other without end, in attributes and in a style sheet.
    for (kind, property) in [("mask", "mask"), ("pattern", "fill"), ("clipPath", "clip-path")] {
        let link = |level: usize| match level % 2 {
            0 => format!("{property}=\"url(#m{level})\""),
            _ => format!("class=\"c{level}\""),
        };
        let mut chain = String::from("<style>");
        (0..3_000).for_each(|level| chain.push_str(&format!(".c{level} {{ {property}: url(#m{level}) }}")));
        chain.push_str("</style>");
        for level in 0..3_000 {
            let rect = format!("<rect width=\"9\" height=\"9\" {}/>", link(level + 1));
            chain.push_str(&format!("<{kind} id=\"m{level}\" width=\"1\" height=\"1\">{rect}</{kind}>"));
        }
        chain.push_str(&format!("<rect width=\"9\" height=\"9\" {}/>", link(0)));
        assert!(refused(&svg(&chain)).contains("deep"), "{kind}");
        // As deep as is allowed.
        let mut chain = String::new();
        for level in 0..90 {
            let rect = format!("<rect width=\"9\" height=\"9\" {property}=\"url(#m{})\"/>", level + 1);
            chain.push_str(&format!("<{kind} id=\"m{level}\" width=\"1\" height=\"1\">{rect}</{kind}>"));
        }
        chain.push_str(&format!("<rect width=\"9\" height=\"9\" {property}=\"url(#m0)\"/>"));
        draw(&svg(&chain), &PictureOptions::default()).unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
    // Masks of masks of masks, ten each.
    let mut masks = String::from("<mask id=\"k0\"><rect width=\"9\" height=\"9\"/></mask>");
    for level in 1..20 {
        let ten = format!("<rect width=\"9\" height=\"9\" mask=\"url(#k{})\"/>", level - 1).repeat(10);
        masks.push_str(&format!("<mask id=\"k{level}\">{ten}</mask>"));
    }
    assert!(refused(&svg(&format!("{masks}<rect width=\"9\" height=\"9\" mask=\"url(#k19)\"/>"))).contains("with their copies"));
    // As deep as is allowed is drawn.
    draw(
        &svg(&format!("{}<rect width=\"9\" height=\"9\"/>{}", "<g opacity=\"0.99\">".repeat(180), "</g>".repeat(180))),
        &PictureOptions::default(),
    )
    .expect("layers of a small picture");
    // Markers on every point of a line.
    let points = "1,1 ".repeat(200_000);
    let marker = format!(
        "<marker id=\"m\">{}</marker><polyline marker-mid=\"url(#m)\" points=\"{points}\"/>",
        "<circle r=\"1\"/>".repeat(50)
    );
    assert!(refused(&svg(&marker)).contains("with their copies"));
    // Entities that multiply.
    let mut entities = String::from("<!DOCTYPE svg [<!ENTITY e0 \"xxxxxxxxxx\">");
    (1..12).for_each(|level| entities.push_str(&format!("<!ENTITY e{level} \"{}\">", format!("&e{};", level - 1).repeat(10))));
    refused(&format!("{entities}]>{}", svg("<text>&e11;</text>")));
    // Layers that take gigabytes, and painting that takes minutes.
    let large = |inner: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8000\" height=\"8000\">{inner}</svg>");
    let layers = format!("{}<rect width=\"8000\" height=\"8000\"/>{}", "<g opacity=\"0.5\">".repeat(100), "</g>".repeat(100));
    assert!(refused(&large(&layers)).contains("layers"));
    let slow = "<rect width=\"8000\" height=\"8000\" fill-opacity=\"0.1\"/>".repeat(5_000);
    assert!(refused(&large(&slow)).contains("minutes"));
    // Sizes, and what is no drawing.
    assert!(
        refused("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1000000\" height=\"1000000\"/>").contains("1000000 x 1000000")
    );
    for text in ["", "<svg", "<a/>", "<svg xmlns=\"http://www.w3.org/2000/svg\"><g></svg>"] {
        refused(text);
    }
    let own = svg("<use id=\"u\" href=\"#u\"/><g id=\"v\"><use href=\"#v\"/></g>");
    draw(&own, &PictureOptions::default()).expect("what copies itself is not drawn");
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..300 {
        let mut bytes = DOT.as_bytes().to_vec();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(32..127);
        }
        let _ = picture::draw(&Buffer::from(bytes), &PictureOptions::default(), super::TIGHT, &Progress::new());
    }
    let stopped = Progress::new();
    stopped.cancel();
    let input = Buffer::from(DOT.as_bytes());
    assert!(matches!(
        picture::draw(&input, &PictureOptions::default(), Limits::default(), &stopped),
        Err(FormatError::Cancelled(_))
    ));
}
