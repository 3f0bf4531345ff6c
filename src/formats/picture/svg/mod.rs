//! SVG, by the crate `resvg`: a text that is drawn at any size.
//!
//! Nothing outside the text is used: no file, no address, no script, and of fonts only those that come along. Pictures in the text
//! are read by our own readers ([`pictures`]). What the drawing asks for is counted before it is built ([`check`]) and its cost before
//! it is drawn ([`cost`]); it is drawn in steps, between which a cancel is answered.

mod check;
mod cost;
mod pictures;
mod refer;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use image::{DynamicImage, RgbaImage};
use resvg::tiny_skia::{IntSize, Pixmap, Transform};
use resvg::usvg::{self, FontFamily, FontResolver, Group, ImageHrefResolver, Node, Options, Tree, fontdb};

use super::guard::zeroed;
use super::ops::Resize;
use super::{ColorModel, Limits, Picture, PictureInfo};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, PictureOptions, guarded};
use crate::tasks::Progress;
use pictures::Inside;

/// Dots an inch that a CSS pixel is measured by.
const CSS_DPI: u32 = 96;

/// The families that come along.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    let mut load = |bytes: &'static [u8]| {
        let loaded = fonts.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
        loaded.first().and_then(|id| fonts.face(*id)).and_then(|face| face.families.first()).map(|(name, _)| name.clone())
    };
    let sans = load(epaint_default_fonts::UBUNTU_LIGHT).unwrap_or_default();
    let mono = load(epaint_default_fonts::HACK_REGULAR).unwrap_or_default();
    fonts.set_serif_family(&sans);
    fonts.set_sans_serif_family(&sans);
    fonts.set_cursive_family(&sans);
    fonts.set_fantasy_family(&sans);
    fonts.set_monospace_family(mono);
    Arc::new(fonts)
});

/// What was not drawn as it was meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Missing {
    /// Families that are not there.
    fonts: BTreeSet<String>,
    /// Pictures in it that are not drawn: why, and how many.
    pictures: BTreeMap<String, u64>,
    /// Those of which a part is missing.
    incomplete: BTreeMap<String, u64>,
}

impl Missing {
    /// In sentences.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if !self.fonts.is_empty() {
            let names = self.fonts.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
            words.push(format!("Fonts that are not there are replaced by those that come along: {names}"));
        }
        words.extend(self.parts());
        words
    }

    /// The sentences about pictures in the drawing.
    pub(super) fn parts(&self) -> Vec<String> {
        let mut words = Vec::new();
        for (counted, one, many) in
            [(&self.pictures, "is not drawn", "are not drawn"), (&self.incomplete, "is not complete", "are not complete")]
        {
            for (index, (why, count)) in counted.iter().enumerate() {
                let (count, why) = match index {
                    0..4 => (*count, why.as_str()),
                    4 => (counted.values().skip(4).sum(), "for other reasons"),
                    _ => break,
                };
                words.push(match count {
                    1 => format!("A picture in the drawing {one}: {why}"),
                    more => format!("{more} pictures in the drawing {many}: {why}"),
                });
            }
        }
        words
    }
}

fn text(input: &Buffer) -> Result<String, FormatError> {
    let len = input.len().get();
    if len > check::MAX_TEXT {
        let limit = format!("{} MiB", check::MAX_TEXT >> 20);
        return Err(FormatError::Limit { what: format!("the drawing has {len} bytes"), limit });
    }
    let bytes = input.to_vec_all()?;
    let text = match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        rest => String::from_utf8_lossy(rest).into_owned(),
    };
    Ok(text)
}

/// The tree of `document`, which is inside of `depth` others.
fn build(document: &usvg::roxmltree::Document<'_>, inside: &Inside<'_>, depth: u32) -> Result<Tree, FormatError> {
    let select = FontResolver::default_font_selector();
    let options = Options {
        fontdb: FONTS.clone(),
        font_family: FONTS.family_name(&fontdb::Family::SansSerif).to_owned(),
        font_resolver: FontResolver {
            select_font: Box::new(|font, database| {
                if let Some(FontFamily::Named(name)) = font.families().first()
                    && !database.faces().any(|face| face.families.iter().any(|(family, _)| family.eq_ignore_ascii_case(name)))
                {
                    inside.font(name.clone());
                }
                select(font, database)
            }),
            select_fallback: FontResolver::default_fallback_selector(),
        },
        // The library's own would read files.
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(move |mime, data, _| inside.picture(mime, &data, depth)),
            resolve_string: Box::new(|_, _| {
                inside.outside();
                None
            }),
        },
        ..Options::default()
    };
    Tree::from_xmltree(document, &options).map_err(|error| malformed(&error))
}

/// The tree of a whole drawing of `drawn` elements, with its pictures or, where it is only judged, without; and what is missing.
fn tree(
    document: &usvg::roxmltree::Document<'_>,
    drawn: u64,
    draws: bool,
    limits: Limits,
    progress: &Progress,
) -> Result<(Tree, Missing), FormatError> {
    let inside = Inside::new(limits, progress, draws, drawn);
    let built = guarded(Format::Svg, || build(document, &inside, 0));
    let missing = inside.end()?;
    Ok((built?, missing))
}

fn malformed(error: &usvg::Error) -> FormatError {
    FormatError::Malformed { format: Format::Svg, what: error.to_string(), at: None }
}

/// Width and height in CSS pixels, as the root element says them.
fn natural(document: &usvg::roxmltree::Document<'_>) -> Result<(f64, f64), FormatError> {
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err(FormatError::Malformed { format: Format::Svg, what: "the first element is not svg".into(), at: None });
    }
    // The same rules as for the whole, for an empty drawing of the same frame.
    let mut frame = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\"");
    for name in ["width", "height", "viewBox", "style"] {
        if let Some(value) = root.attribute(name) {
            let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            frame.push_str(&format!(" {name}=\"{value}\""));
        }
    }
    frame.push_str("/>");
    let tree = Tree::from_str(&frame, &Options::default()).map_err(|error| malformed(&error))?;
    Ok((tree.size().width().into(), tree.size().height().into()))
}

fn pixels(side: f64) -> u32 {
    side.ceil().clamp(1.0, f64::from(u32::MAX)) as u32
}

fn info(width: u32, height: u32) -> PictureInfo {
    PictureInfo {
        format: Format::Svg,
        width,
        height,
        color: "drawing, RGBA, 8 bits a channel".into(),
        model: ColorModel::Rgb,
        alpha: true,
        bits: 8,
        frames: Some(1),
        orientation: 1,
        metadata: Vec::new(),
    }
}

/// What the root element says. Reads all of the text, which must be whole.
pub(super) fn header(input: &Buffer) -> Result<PictureInfo, FormatError> {
    guarded(Format::Svg, || {
        let text = text(input)?;
        let (width, height) = natural(&check::parse(&text)?)?;
        Ok(info(pixels(width), pixels(height)))
    })
}

/// The size in pixels that `options` ask for: by width or height, or by dots an inch, and by a resize where nothing comes before it.
pub(super) fn drawn_size((width, height): (f64, f64), options: &PictureOptions) -> Result<(u32, u32), FormatError> {
    let scale = f64::from(options.drawing_dpi) / f64::from(CSS_DPI);
    let whole = match (options.drawing_width, options.drawing_height) {
        (Some(w), Some(h)) => (w, h),
        (Some(w), None) => (w, pixels((height * f64::from(w) / width).round())),
        (None, Some(h)) => (pixels((width * f64::from(h) / height).round()), h),
        (None, None) => (pixels(width * scale), pixels(height * scale)),
    };
    let operations = &options.operations;
    let first = operations.crop.is_none() && operations.rotate == super::ops::Rotation::None;
    match operations.resize.filter(|_| first) {
        None => Ok(whole),
        // What stands out is cut off afterwards: the drawing covers the box.
        Some(Resize::Fill { width: w, height: h }) => {
            let cover = (f64::from(w) / f64::from(whole.0)).max(f64::from(h) / f64::from(whole.1));
            Ok((pixels(f64::from(whole.0) * cover).max(w), pixels(f64::from(whole.1) * cover).max(h)))
        }
        Some(resize) => resize.size(whole.0, whole.1),
    }
}

/// What the drawing will be in pixels, and what will not be drawn as it was meant, with nothing drawn.
pub(super) fn judge(input: &Buffer, options: &PictureOptions, limits: Limits) -> Result<(PictureInfo, Missing), FormatError> {
    guarded(Format::Svg, || {
        let text = text(input)?;
        let document = check::parse(&text)?;
        let drawn = check::check(&document)?;
        let (width, height) = drawn_size(natural(&document)?, options)?;
        Ok((info(width, height), tree(&document, drawn, false, limits, &Progress::new())?.1))
    })
}

/// The drawing in pixels, and what is not drawn as it was meant.
pub(super) fn draw(
    input: &Buffer,
    options: &PictureOptions,
    limits: Limits,
    progress: &Progress,
) -> Result<(Picture, Missing), FormatError> {
    guarded(Format::Svg, || {
        progress.check()?;
        let text = text(input)?;
        let document = check::parse(&text)?;
        progress.check()?;
        let drawn = check::check(&document)?;
        let (width, height) = drawn_size(natural(&document)?, options)?;
        // Numbers of painting are floats, and exact only so far.
        limits.check(width, height, 4)?;
        let (tree, missing) = tree(&document, drawn, true, limits, progress)?;
        drop(document);
        drop(text);
        progress.check()?;
        let size = tree.size();
        let to = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
        cost::check(&tree, to, (width, height), limits, progress)?;
        let pixels = zeroed::<u8>(width as usize * height as usize * 4)?;
        let pixmap = IntSize::from_wh(width, height).and_then(|size| Pixmap::from_vec(pixels, size));
        let mut pixmap = pixmap.ok_or_else(|| FormatError::Option(format!("a drawing of {width} x {height} pixels has none")))?;
        paint(tree.root(), to, &mut pixmap, progress)?;
        let image = RgbaImage::from_raw(width, height, pixmap.take_demultiplied()).map(DynamicImage::ImageRgba8);
        let image = image.ok_or_else(|| FormatError::Option("the drawing has no pixels".into()))?;
        Ok((Picture { info: info(width, height), image, truncated: None }, missing))
    })
}

/// Whether a group only holds others, so that they can be painted one by one.
fn is_plain(group: &Group) -> bool {
    !group.should_isolate() && group.filters().is_empty() && group.clip_path().is_none() && group.mask().is_none()
}

fn paint(group: &Group, to: Transform, pixmap: &mut Pixmap, progress: &Progress) -> Result<(), FormatError> {
    for node in group.children() {
        progress.check()?;
        match node {
            Node::Group(inner) if is_plain(inner) => paint(inner, to.pre_concat(inner.transform()), pixmap, progress)?,
            node => {
                // The painter moves a node to the corner; here it belongs where it is.
                if let Some(place) = node.abs_layer_bounding_box() {
                    let _ = resvg::render_node(node, to.pre_translate(place.x(), place.y()), &mut pixmap.as_mut());
                }
            }
        }
    }
    Ok(())
}
