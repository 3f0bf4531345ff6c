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
    assert_eq!(missing.len(), 2, "{missing:?}");
    assert!(missing[0].contains("Comic Sans MS") && missing[1].starts_with("2 pictures"), "{missing:?}");
    let input = Buffer::from(text.as_bytes());
    let told = losses(&input, Format::Svg, Format::Png, &Options::default(), &Progress::new()).expect("it is judged");
    assert_eq!(said(&told), missing);
}

#[test]
fn somebody_hostile_gets_words() {
    let svg = |inner: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"100\">{inner}</svg>");
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
