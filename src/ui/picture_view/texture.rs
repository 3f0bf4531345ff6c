//! A picture as textures: whole where it is small, else an overview and the tiles that are in sight.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use egui::{ColorImage, Context, Painter, Rect, TextureFilter, TextureHandle, TextureOptions, Vec2, pos2, vec2};
use image::{DynamicImage, GenericImageView};

use crate::ui::theme::NO_TINT;

/// Pixels of a picture that becomes one texture; 64 MiB of memory.
const WHOLE: u64 = 16 << 20;

/// Largest side of one texture, also where the machine can do more.
const SIDE: usize = 8192;

/// Pixels of the overview of a larger picture.
const OVERVIEW: u64 = 4 << 20;

/// Pixels on a side of a tile.
const TILE: u32 = 1024;

/// Tiles made in one frame, so that no frame takes long.
const TILES_A_FRAME: usize = 2;

/// Tiles that are kept; 256 MiB.
const TILES_KEPT: usize = 64;

pub(super) struct Textures {
    /// The whole picture, `reduced` pixels of it in one texel.
    overview: TextureHandle,
    reduced: u32,
    tiles: HashMap<(u32, u32), Tile>,
    frame: u64,
}

struct Tile {
    texture: TextureHandle,
    used: u64,
}

/// Smooth below 100 %, exact pixels above.
fn options() -> TextureOptions {
    TextureOptions {
        magnification: TextureFilter::Nearest,
        minification: TextureFilter::Linear,
        mipmap_mode: Some(TextureFilter::Linear),
        ..TextureOptions::LINEAR
    }
}

impl Textures {
    pub(super) fn new(ctx: &Context, image: &DynamicImage) -> Self {
        let side = ctx.input(|input| input.max_texture_side).clamp(1, SIDE) as u32;
        let (width, height) = (image.width(), image.height());
        let reduced = reduction(width, height, side);
        let pixels = if reduced == 1 { region(image, 0, 0, width, height) } else { overview(image, reduced) };
        let overview = ctx.load_texture("picture", pixels, options());
        Self { overview, reduced, tiles: HashMap::new(), frame: 0 }
    }

    /// Paints the picture so that it fills `rect`, `scale` points a pixel, and what of it is in sight sharply.
    pub(super) fn paint(&mut self, painter: &Painter, image: &DynamicImage, rect: Rect, scale: f32) {
        self.frame += 1;
        let full = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(self.overview.id(), rect, full, NO_TINT);
        let density = scale * painter.pixels_per_point();
        if self.reduced == 1 || density * self.reduced as f32 <= 1.0 {
            return;
        }
        let seen = rect.intersect(painter.clip_rect());
        if !seen.is_positive() {
            return;
        }
        let tile_at = |offset: f32, pixels: u32| (((offset / scale).max(0.0) as u32).min(pixels - 1)) / TILE;
        let (left, right) = (seen.left() - rect.left(), seen.right() - rect.left());
        let (top, bottom) = (seen.top() - rect.top(), seen.bottom() - rect.top());
        let mut made = 0;
        let mut missing = false;
        for row in tile_at(top, image.height())..=tile_at(bottom, image.height()) {
            for column in tile_at(left, image.width())..=tile_at(right, image.width()) {
                let (x, y) = (column * TILE, row * TILE);
                let (width, height) = (TILE.min(image.width() - x), TILE.min(image.height() - y));
                let tile = match self.tiles.entry((column, row)) {
                    Entry::Occupied(tile) => tile.into_mut(),
                    Entry::Vacant(_) if made == TILES_A_FRAME => {
                        missing = true;
                        continue;
                    }
                    Entry::Vacant(place) => {
                        made += 1;
                        let pixels = region(image, x, y, width, height);
                        let texture = painter.ctx().load_texture("picture tile", pixels, options());
                        place.insert(Tile { texture, used: 0 })
                    }
                };
                tile.used = self.frame;
                let min = rect.min + vec2(x as f32, y as f32) * scale;
                let place = Rect::from_min_size(min, Vec2::new(width as f32, height as f32) * scale);
                painter.image(tile.texture.id(), place, full, NO_TINT);
            }
        }
        if self.tiles.len() > TILES_KEPT {
            let frame = self.frame;
            self.tiles.retain(|_, tile| tile.used == frame);
        }
        if missing {
            painter.ctx().request_repaint();
        }
    }
}

/// How many pixels become one texel on each side: 1 where the picture fits into one texture.
fn reduction(width: u32, height: u32, side: u32) -> u32 {
    let pixels = u64::from(width) * u64::from(height);
    if width <= side && height <= side && pixels <= WHOLE {
        return 1;
    }
    let by_side = width.max(height).div_ceil(side);
    let by_pixels = (pixels as f64 / OVERVIEW as f64).sqrt().ceil() as u32;
    by_side.max(by_pixels).max(2)
}

fn region(image: &DynamicImage, x: u32, y: u32, width: u32, height: u32) -> ColorImage {
    let size = [width as usize, height as usize];
    match image {
        DynamicImage::ImageRgba8(all) if (x, y, width, height) == (0, 0, all.width(), all.height()) => {
            ColorImage::from_rgba_unmultiplied(size, all.as_raw())
        }
        _ => ColorImage::from_rgba_unmultiplied(size, image.crop_imm(x, y, width, height).to_rgba8().as_raw()),
    }
}

/// Each texel is the mean of four pixels of its square, so that the time does not grow with the picture.
fn overview(image: &DynamicImage, reduced: u32) -> ColorImage {
    let (width, height) = (image.width().div_ceil(reduced), image.height().div_ceil(reduced));
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    let (near, far) = (reduced / 4, reduced * 3 / 4);
    for row in 0..height {
        for column in 0..width {
            let mut sum = [0u32; 4];
            for (dx, dy) in [(near, near), (far, near), (near, far), (far, far)] {
                let x = (column * reduced + dx).min(image.width() - 1);
                let y = (row * reduced + dy).min(image.height() - 1);
                for (sum, channel) in sum.iter_mut().zip(image.get_pixel(x, y).0) {
                    *sum += u32::from(channel);
                }
            }
            rgba.extend(sum.map(|sum| (sum / 4) as u8));
        }
    }
    ColorImage::from_rgba_unmultiplied([width as usize, height as usize], &rgba)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pictures_are_reduced_to_what_a_texture_holds() {
        assert_eq!(reduction(640, 480, 8192), 1);
        assert_eq!(reduction(4096, 4096, 8192), 1);
        for (width, height, side) in [(10_000, 10_000, 8192), (65_535, 10, 2048), (3000, 20, 2048), (65_535, 65_535, 8192)] {
            let reduced = reduction(width, height, side);
            let (w, h) = (width.div_ceil(reduced), height.div_ceil(reduced));
            assert!(reduced > 1 && w <= side && h <= side, "{width} x {height}: {reduced}");
            assert!(u64::from(w) * u64::from(h) <= OVERVIEW + u64::from(w + h), "{width} x {height}: {w} x {h}");
        }
    }

    #[test]
    fn an_overview_keeps_the_colours_and_the_odd_edge() {
        let image = DynamicImage::from(image::RgbImage::from_fn(5, 3, |x, _| image::Rgb([if x < 4 { 200 } else { 40 }, 0, 0])));
        let small = overview(&image, 2);
        assert_eq!(small.size, [3, 2]);
        assert_eq!((small.pixels[0].r(), small.pixels[2].r(), small.pixels[5].r()), (200, 40, 40));
    }
}
