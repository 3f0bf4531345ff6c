//! Pages: what stands where. One engine lays them out for PDF and for the window's preview, page by page, so that a table of
//! any length needs the memory of one page.

mod faces;
mod layout;
mod table;
mod wrap;

pub(super) use faces::{Faces, Glyph, load};
pub(super) use layout::lay_out;

use super::{PageRecipe, Paper, Report, Section, picture};
use crate::formats::picture::{Limits, decode};
use crate::formats::{FormatError, Loss, guarded};
use crate::tasks::Progress;

/// Points in a millimetre.
const MILLIMETRE: f32 = 72.0 / 25.4;
/// Pixels on the longer side of a picture in a preview.
const PREVIEW_SIDE: u32 = 1024;

/// The size of a page and of its margins, in points (1/72 inch).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// From the left edge to the right one.
    pub width: f32,
    /// From the upper edge to the lower one.
    pub height: f32,
    /// White on each side.
    pub margin: f32,
    /// The size of text.
    pub text: f32,
}

impl Geometry {
    /// What a recipe asks for.
    pub fn new(page: PageRecipe) -> Self {
        let (short, long) = match page.size {
            Paper::A3 => (841.89, 1190.551),
            Paper::A4 => (595.276, 841.89),
            Paper::A5 => (419.528, 595.276),
            Paper::Letter => (612.0, 792.0),
            Paper::Legal => (612.0, 1008.0),
        };
        let (width, height) = if page.landscape { (long, short) } else { (short, long) };
        let margin = f32::from(page.margin.clamp(5, 60)) * MILLIMETRE;
        Self { width, height, margin, text: f32::from(page.text.clamp(5, 24)) }
    }

    /// The width between the margins.
    pub fn content(&self) -> f32 {
        self.width - 2.0 * self.margin
    }

    /// Where content ends: the foot of the page has a line below it.
    pub(super) fn bottom(&self) -> f32 {
        self.height - self.margin
    }

    /// The line of the foot, and where "Page 3" ends and " of 9" begins.
    pub fn foot(&self) -> (f32, f32) {
        (self.height - self.margin * 0.5, self.width - self.margin - self.foot_size() * 3.2)
    }

    /// The size of text in the foot.
    pub fn foot_size(&self) -> f32 {
        (self.text * 0.8).max(5.0)
    }
}

/// What something is painted with; whoever paints knows the colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Text.
    Text,
    /// Text that is not so important.
    Muted,
    /// Lines between rows.
    Rule,
    /// Behind the names of columns.
    Shade,
}

/// Something on a page. Lengths are points from the upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A line of text.
    Text {
        /// Where it begins.
        x: f32,
        /// Its baseline.
        y: f32,
        /// Its width, as the faces of the report have it.
        width: f32,
        /// The size of the face.
        size: f32,
        /// Whether it is bold.
        bold: bool,
        /// Its colour.
        ink: Ink,
        /// The characters; none of them is a control character.
        text: String,
    },
    /// A filled rectangle; lines are thin ones.
    Fill {
        /// The left edge.
        x: f32,
        /// The upper edge.
        y: f32,
        /// The width.
        width: f32,
        /// The height.
        height: f32,
        /// Its colour.
        ink: Ink,
    },
    /// The picture of a section.
    Picture {
        /// The left edge.
        x: f32,
        /// The upper edge.
        y: f32,
        /// The width.
        width: f32,
        /// The height.
        height: f32,
        /// The section, from 0.
        section: usize,
    },
}

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Its number, from 1.
    pub number: u64,
    /// What stands on it, in the order in which it is painted.
    pub items: Vec<Item>,
}

/// Some pages of a report, to look at.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The size of all pages.
    pub geometry: Geometry,
    /// Whether pages tell their number.
    pub numbers: bool,
    /// The pages that were asked for, as far as there are such.
    pub pages: Vec<Page>,
    /// How many pages there are.
    pub total: u64,
    /// The pictures on them, by section, made small.
    pub pictures: Vec<(usize, image::RgbaImage)>,
    /// What a PDF of it would not have.
    pub losses: Vec<Loss>,
}

impl Report {
    /// Lays the report out and keeps `count` pages from page `first` (from 1) on. Cost: that of laying all of it out, since only
    /// the end tells how many pages there are.
    ///
    /// # Errors
    /// Those of [`write`](super::write()) for PDF, but of the output.
    pub fn preview(&self, first: u64, count: u64, progress: &Progress) -> Result<Preview, FormatError> {
        let fonts = load(&self.fonts)?;
        let mut faces = Faces::new(&fonts)?;
        let mut pages = Vec::new();
        progress.set_total(self.rows());
        let laid_out = lay_out(self, &mut faces, progress, &mut |_, page| {
            if page.number >= first && page.number < first.saturating_add(count) {
                pages.push(page);
            }
            Ok(())
        })?;
        let mut pictures: Vec<(usize, image::RgbaImage)> = Vec::new();
        for item in pages.iter().flat_map(|page| &page.items) {
            if let Item::Picture { section, .. } = item
                && !pictures.iter().any(|(known, _)| known == section)
                && let Some(Section::Picture(picture)) = self.sections.get(*section)
            {
                let decoded = guarded(picture.format, || decode(&picture.bytes, picture.format, Limits::default(), progress))?;
                pictures.push((*section, decoded.to_rgba8_scaled(PREVIEW_SIDE).0));
            }
        }
        let mut losses = self.losses.clone();
        losses.extend(laid_out.losses);
        Ok(Preview {
            geometry: Geometry::new(self.page),
            numbers: self.page.numbers,
            pages,
            total: laid_out.pages,
            pictures,
            losses,
        })
    }
}

/// What laying out saw.
pub(super) struct LaidOut {
    pub(super) pages: u64,
    pub(super) losses: Vec<Loss>,
}

/// The size of a picture on paper, in points, no larger than `room`.
fn picture_size(shown: &super::Picture, room: (f32, f32)) -> Result<(f32, f32), FormatError> {
    let info = picture::info(shown)?;
    let (width, height) = (info.width.max(1) as f32, info.height.max(1) as f32);
    let wanted = shown.width.map_or(width * 72.0 / 96.0, |millimetres| f32::from(millimetres) * MILLIMETRE);
    let scale = (wanted / width).min(room.0 / width).min(room.1 / height);
    Ok((width * scale, height * scale))
}
