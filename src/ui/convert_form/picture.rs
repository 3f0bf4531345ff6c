//! The choices of pictures.

use egui::{ComboBox, Ui};

use super::rows::label_of;
use super::{Rows, Subject};
use crate::convert::Recipe;
use crate::formats::options::{ColorPolicy, MetadataPolicy, Subsampling, TiffCompression};
use crate::formats::picture::can_animate;
use crate::formats::picture::ops::{Crop, Filter, Flip, Mode, Resize, Rotation};
use crate::formats::{Format, Kind};
use crate::ui::number_field::NumberField;

/// A size to begin with where none is known.
const USUAL: (u32, u32) = (800, 600);
/// The longest side that may be asked for.
const SIDE: u64 = 65_535;

pub(super) fn usual(ui: &mut Ui, rows: &mut Rows, subject: Subject<'_>, recipe: &mut Recipe) {
    let to = recipe.to;
    let picture = &mut recipe.options.picture;
    if to == Format::Jpeg {
        let quality = &mut picture.quality;
        let field = |name| NumberField::new(name, 1..=100).slider();
        rows.number(ui, "quality", "1 is small, 100 looks best", field, u64::from(*quality), |new| *quality = new as u8);
        let ratios = [
            (None, "By the quality"),
            (Some(Subsampling::S444), "All (4:4:4)"),
            (Some(Subsampling::S422), "Half (4:2:2)"),
            (Some(Subsampling::S420), "A quarter (4:2:0)"),
        ];
        rows.pick(ui, "subsampling", "How much of the colour is kept; brightness always is", &mut picture.subsampling, &ratios);
    }
    if to == Format::Png {
        let level = &mut picture.png_level;
        let field = |name| NumberField::new(name, 0..=9).slider();
        rows.number(ui, "png-level", "0 is fast, 9 is small; the pixels are the same", field, u64::from(*level), |new| {
            *level = new as u8;
        });
    }
    if to == Format::Tiff {
        let ways = [
            (TiffCompression::None, "None"),
            (TiffCompression::Lzw, "LZW"),
            (TiffCompression::Deflate, "Deflate"),
            (TiffCompression::PackBits, "PackBits"),
        ];
        rows.pick(ui, "tiff-compression", "The pixels are the same in all of them", &mut picture.tiff_compression, &ways);
    }
    size(ui, rows, subject, recipe);
    let picture = &mut recipe.options.picture;
    let turns = [
        (Rotation::None, "Not at all"),
        (Rotation::Clockwise90, "90° clockwise"),
        (Rotation::Half, "180°"),
        (Rotation::Clockwise270, "90° counterclockwise"),
    ];
    rows.pick(ui, "rotate", "After the crop", &mut picture.operations.rotate, &turns);
    let flips = [(None, "Not at all"), (Some(Flip::Horizontal), "Left and right"), (Some(Flip::Vertical), "Top and bottom")];
    rows.pick(ui, "flip", "After it is turned", &mut picture.operations.flip, &flips);
    mode(ui, rows, recipe);
    if subject.from.is_none_or(|from| from == Format::Svg) {
        drawing(ui, rows, recipe);
    }
    let picture = &mut recipe.options.picture;
    rows.row(ui, "background", "What is seen where the picture was transparent and the result cannot be", |ui| {
        ui.color_edit_button_srgb(&mut picture.background)
    });
}

/// The ways of another size.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Keep,
    Exact,
    Fit,
    Fill,
    Thumbnail,
}

fn size(ui: &mut Ui, rows: &mut Rows, subject: Subject<'_>, recipe: &mut Recipe) {
    const WAYS: [(Way, &str); 5] = [
        (Way::Keep, "As it is"),
        (Way::Exact, "Exactly"),
        (Way::Fit, "Fit inside"),
        (Way::Fill, "Fill, cut off the rest"),
        (Way::Thumbnail, "Thumbnail, never larger"),
    ];
    let resize = &mut recipe.options.picture.operations.resize;
    let (mut way, (mut width, mut height)) = match *resize {
        None => (Way::Keep, subject.size.unwrap_or(USUAL)),
        Some(Resize::Exact { width, height }) => (Way::Exact, (width, height)),
        Some(Resize::Fit { width, height }) => (Way::Fit, (width, height)),
        Some(Resize::Fill { width, height }) => (Way::Fill, (width, height)),
        Some(Resize::Thumbnail { width, height }) => (Way::Thumbnail, (width, height)),
    };
    rows.has("fit");
    rows.has("fill");
    rows.has("thumbnail");
    rows.row(ui, "resize", "The size of the result", |ui| {
        let name = WAYS.iter().find(|(each, _)| *each == way).map_or("", |(_, name)| *name);
        let combo = ComboBox::from_id_salt("size").selected_text(name).width(200.0);
        combo
            .show_ui(ui, |ui| {
                for (each, name) in WAYS {
                    ui.selectable_value(&mut way, each, name);
                }
            })
            .response
    });
    if way == Way::Keep {
        rows.has("filter");
    } else {
        ui.label("");
        ui.horizontal(|ui| {
            let side = |name| NumberField::new(name, 1..=SIDE).width(52.0);
            let w = side("Width").show(ui, width.into());
            ui.label("×");
            let h = side("Height").show(ui, height.into());
            let id = ui.make_persistent_id("keep the shape");
            let mut locked = ui.data(|data| data.get_temp(id)).unwrap_or(true);
            if way == Way::Exact && subject.size.is_some() {
                ui.checkbox(&mut locked, "Keep shape").on_hover_text("The other side follows, so that nothing is stretched");
                ui.data_mut(|data| data.insert_temp(id, locked));
            }
            let shape = subject.size.filter(|_| locked && way == Way::Exact);
            let follow = |of: u64, from: u32, to: u32| {
                ((of * u64::from(to) + u64::from(from) / 2) / u64::from(from).max(1)).clamp(1, SIDE)
            };
            if let Some(new) = w.changed {
                width = new as u32;
                height = shape.map_or(height, |(from, to)| follow(new, from, to) as u32);
            } else if let Some(new) = h.changed {
                height = new as u32;
                width = shape.map_or(width, |(to, from)| follow(new, from, to) as u32);
            }
            w.say(ui);
            h.say(ui);
            rows.wrong |= w.error.is_some() || h.error.is_some();
        });
        ui.end_row();
        let filters = [
            (Filter::Lanczos3, "Lanczos"),
            (Filter::CatmullRom, "Catmull-Rom"),
            (Filter::Bilinear, "Bilinear"),
            (Filter::Nearest, "Nearest"),
        ];
        rows.pick(ui, "filter", "How pixels of another size are made", &mut recipe.options.picture.operations.filter, &filters);
    }
    recipe.options.picture.operations.resize = match way {
        Way::Keep => None,
        Way::Exact => Some(Resize::Exact { width, height }),
        Way::Fit => Some(Resize::Fit { width, height }),
        Way::Fill => Some(Resize::Fill { width, height }),
        Way::Thumbnail => Some(Resize::Thumbnail { width, height }),
    };
}

fn mode(ui: &mut Ui, rows: &mut Rows, recipe: &mut Recipe) {
    let operations = &mut recipe.options.picture.operations;
    let colors = match operations.mode {
        Some(Mode::Palette { colors }) => colors,
        _ => 256,
    };
    let modes = [
        (None, "As they are"),
        (Some(Mode::Rgb), "RGB"),
        (Some(Mode::Rgba), "RGB with alpha"),
        (Some(Mode::Grey), "Grey"),
        (Some(Mode::GreyAlpha), "Grey with alpha"),
        (Some(Mode::Bilevel), "Black and white, 1 bit"),
        (Some(Mode::Palette { colors }), "Palette"),
    ];
    let before = operations.mode;
    rows.pick(ui, "mode", "What the pixels become", &mut operations.mode, &modes);
    let few = |mode| matches!(mode, Some(Mode::Bilevel | Mode::Palette { .. }));
    if few(operations.mode) && !few(before) {
        operations.dither = true;
    }
    if let Some(Mode::Palette { colors }) = &mut operations.mode {
        ui.label("");
        ui.horizontal(|ui| {
            let number = NumberField::new("Colours of the palette", 2..=256).width(52.0).show(ui, u64::from(*colors));
            if let Some(new) = number.changed {
                *colors = new as u16;
            }
            ui.label("colours");
            number.say(ui);
            rows.wrong |= number.error.is_some();
        });
        ui.end_row();
    }
    if few(operations.mode) {
        rows.tick(ui, "no-dither", "Spreads what is lost of each pixel to its neighbours", &mut operations.dither);
    }
}

/// How large a drawing is, which has no pixels of its own.
fn drawing(ui: &mut Ui, rows: &mut Rows, recipe: &mut Recipe) {
    let picture = &mut recipe.options.picture;
    let field = |name| NumberField::new(name, 0..=SIDE).empty("by the dots an inch").width(150.0);
    let said = |new: u64| u32::try_from(new).ok().filter(|&new| new > 0);
    let (width, height) = (picture.drawing_width.unwrap_or(0), picture.drawing_height.unwrap_or(0));
    rows.number(ui, "width", "Pixels of an SVG drawing; the height follows", field, width.into(), |new| {
        picture.drawing_width = said(new);
    });
    rows.number(ui, "height", "Pixels of an SVG drawing; the width follows", field, height.into(), |new| {
        picture.drawing_height = said(new);
    });
    let field = |name| NumberField::new(name, 1..=9_600).width(72.0);
    rows.number(ui, "dpi", "96 makes one pixel of each of the drawing's own", field, picture.drawing_dpi.into(), |new| {
        picture.drawing_dpi = new as u32;
    });
}

pub(super) fn more(ui: &mut Ui, rows: &mut Rows, recipe: &mut Recipe) {
    let to = recipe.to;
    let picture = &mut recipe.options.picture;
    if to == Format::Jpeg {
        rows.tick(ui, "progressive", "It sharpens while it is loaded", &mut picture.progressive);
        rows.tick(ui, "optimize", "Some percent smaller, slower", &mut picture.optimize);
    }
    debug_assert!(to.kind() == Kind::Picture);
    let frame = &mut picture.frame;
    let field = |name| NumberField::new(name, 0..=u64::from(u32::MAX)).empty("the one shown");
    rows.number(ui, "frame", "Which frame of an animation, from 1", field, frame.unwrap_or(0).into(), |new| {
        *frame = u32::try_from(new).ok().filter(|&new| new > 0);
    });
    if can_animate(to) {
        let (loops, delay) = (&mut picture.loops, &mut picture.delay);
        // 0 is forever, so that nothing is chosen has to be said in another way.
        let mut own = loops.is_some();
        rows.has("loop");
        let label = ui.label(label_of("loop"));
        ui.horizontal(|ui| {
            let help = "How often an animation is played; as often as the source says otherwise";
            ui.checkbox(&mut own, "Chosen").labelled_by(label.id).on_hover_text(help);
            if own {
                let number = NumberField::new(label_of("loop"), 0..=65_535).width(52.0).show(ui, loops.unwrap_or(0).into());
                number.say(ui);
                rows.wrong |= number.error.is_some();
                *loops = Some(number.changed.map_or(loops.unwrap_or(0), |new| new as u32));
                ui.label("0 is forever");
            } else {
                *loops = None;
            }
        });
        ui.end_row();
        let field = |name| NumberField::new(name, 0..=655_350).empty("as the source has it").width(72.0);
        rows.number(ui, "delay", "Milliseconds that each frame is seen", field, delay.unwrap_or(0).into(), |new| {
            *delay = u32::try_from(new).ok().filter(|&new| new > 0);
        });
    }
    let policies = [
        (MetadataPolicy::Keep, "Taken along"),
        (MetadataPolicy::Safe, "Without place and serial numbers"),
        (MetadataPolicy::Strip, "Left out"),
    ];
    rows.pick(
        ui,
        "metadata",
        "EXIF, XMP, IPTC, texts and comments, where the target has a place",
        &mut picture.metadata,
        &policies,
    );
    let policies = [(ColorPolicy::Keep, "With their profile"), (ColorPolicy::Srgb, "Converted to sRGB")];
    rows.pick(ui, "color", "What becomes of colours that a profile describes", &mut picture.color, &policies);
    rows.has("crop");
    let operations = &mut picture.operations;
    let label = ui.label("Crop");
    let mut cropped = operations.crop.is_some();
    let usual = Crop { x: 0, y: 0, width: 100, height: 100 };
    ui.checkbox(&mut cropped, "A part only").labelled_by(label.id).on_hover_text("Pixels of the upright picture; done first");
    ui.end_row();
    operations.crop = cropped.then(|| operations.crop.unwrap_or(usual));
    if let Some(crop) = &mut operations.crop {
        let pairs = [("From", [("Left", &mut crop.x, 0), ("Top", &mut crop.y, 0)])];
        for (name, fields) in pairs {
            pair(ui, rows, name, fields);
        }
        pair(ui, rows, "Size", [("Crop width", &mut crop.width, 1), ("Crop height", &mut crop.height, 1)]);
    }
}

fn pair(ui: &mut Ui, rows: &mut Rows, name: &str, fields: [(&str, &mut u32, u64); 2]) {
    ui.label(name);
    ui.horizontal(|ui| {
        for (name, value, least) in fields {
            let number = NumberField::new(name, least..=SIDE).width(52.0).show(ui, u64::from(*value));
            if let Some(new) = number.changed {
                *value = new as u32;
            }
            number.say(ui);
            rows.wrong |= number.error.is_some();
            number.response.on_hover_text(name);
        }
    });
    ui.end_row();
}
