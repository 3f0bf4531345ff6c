//! What painting a drawing will take, before it is painted.

use resvg::tiny_skia::Transform;
use resvg::usvg::{Group, ImageKind, Node, Tree};

use super::super::{Limits, in_units};
use super::is_plain;
use crate::formats::FormatError;
use crate::tasks::Progress;

/// Pixels that are painted over each other in all, layers and filters with what they cost.
const MAX_WORK: f64 = 4e10;
/// A pixel of a picture against one of a surface: it is unpacked each time that it is painted.
const UNPACKED: f64 = 20.0;
/// A pixel of a canvas that a picture covers: it is mixed of sixteen.
const MIXED: f64 = 10.0;

/// Refuses a drawing whose layers take too much memory, or whose painting would take minutes.
pub(super) fn check(
    tree: &Tree,
    to: Transform,
    (width, height): (u32, u32),
    limits: Limits,
    progress: &Progress,
) -> Result<(), FormatError> {
    let canvas = f64::from(width) * f64::from(height);
    let mut cost = Cost { canvas, work: canvas, deepest: 0, pictures: 0, size: (width, height), progress };
    cost.group(tree.root(), f64::from(to.sx.abs()) * f64::from(to.sy.abs()), 0)?;
    // Of pictures the largest is unpacked, one at a time.
    let memory = (canvas as u64).saturating_mul(4).saturating_mul(cost.deepest + 1).saturating_add(cost.pictures);
    let most = limits.max_bytes.saturating_mul(4);
    if memory > most {
        let what = format!("the drawing's layers at {width} x {height} pixels take {}", in_units(memory));
        return Err(FormatError::Limit { what, limit: in_units(most) });
    }
    Ok(())
}

struct Cost<'a> {
    canvas: f64,
    work: f64,
    /// Layers over each other.
    deepest: u64,
    /// Bytes of the largest picture.
    pictures: u64,
    size: (u32, u32),
    progress: &'a Progress,
}

impl Cost<'_> {
    /// What a group takes, where one unit of its drawing is `scale` pixels, below so many `layers`.
    fn group(&mut self, group: &Group, scale: f64, layers: u64) -> Result<(), FormatError> {
        let filters: usize = group.filters().iter().map(|filter| filter.primitives().len()).sum();
        let isolated = u64::from(!is_plain(group));
        let layers = layers + isolated + filters.min(4) as u64;
        self.deepest = self.deepest.max(layers);
        self.add(self.canvas * (isolated as f64 * 2.0 + filters as f64 * 20.0))?;
        for node in group.children() {
            let place = node.abs_layer_bounding_box();
            let area = place.map_or(0.0, |place| f64::from(place.width()) * f64::from(place.height()) * scale).min(self.canvas);
            match node {
                Node::Group(inner) => self.group(inner, scale, layers)?,
                Node::Image(image) => {
                    let pixels = f64::from(image.size().width()) * f64::from(image.size().height());
                    if let ImageKind::SVG(tree) = image.kind() {
                        // Drawn on a layer as large as the whole.
                        self.add(self.canvas * 2.0)?;
                        let to = image.abs_transform();
                        let larger = f64::from((to.sx * to.sy - to.kx * to.ky).abs());
                        self.group(tree.root(), scale * larger, layers + 1)?;
                    } else {
                        self.pictures = self.pictures.max(pixels as u64 * 4);
                        self.add(pixels * UNPACKED + area * MIXED + 1_000.0)?;
                    }
                    continue;
                }
                // Even what is seen nowhere is gone through.
                _ => self.add(area + 1_000.0)?,
            }
            // What it is cut out with, masked with, or filled with.
            let mut result = Ok(());
            node.subroots(|inner| {
                if result.is_ok() {
                    result = self.group(inner, scale, layers + 1);
                }
            });
            result?;
        }
        Ok(())
    }

    fn add(&mut self, work: f64) -> Result<(), FormatError> {
        self.progress.check()?;
        self.work += work;
        if self.work > MAX_WORK {
            let (width, height) = self.size;
            let what = format!("painting the drawing at {width} x {height} pixels would take minutes");
            return Err(FormatError::Limit { what, limit: "what is painted at once; choose a smaller size".into() });
        }
        Ok(())
    }
}
