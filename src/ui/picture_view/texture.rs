//! A picture as textures: whole where it is small, else the tiles that are in sight, of the copy that has about as many pixels as
//! the screen shows, over the smallest copy of all.
//!
//! Tiles that are out of sight are kept up to [`TILE_BYTES`]; what is in sight takes about four bytes for each to four pixels of the
//! screen. So the memory of the textures does not depend on the picture's size.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use egui::{ColorImage, Context, Painter, Pos2, Rect, TextureFilter, TextureHandle, TextureOptions, Vec2, pos2, vec2};
use image::{DynamicImage, RgbaImage};

use crate::app::{Channel, LARGE_PICTURE};
use crate::formats::picture::{Levels, ToScreen, part};
use crate::tasks::Progress;
use crate::ui::theme::NO_TINT;

/// Texels on a side of a tile.
const TILE: u32 = 512;

/// Tiles made in one frame, so that no frame takes long.
const TILES_A_FRAME: usize = 6;

/// Bytes of tiles that are kept although they are out of sight.
const TILE_BYTES: usize = 128 << 20;

/// How pixels are made into texels.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Ink {
    /// The channels that are seen.
    pub(super) channel: Channel,
    /// Enlarged pixels are squares.
    pub(super) sharp: bool,
    /// The colour profile is applied.
    pub(super) profile: bool,
}

pub(super) struct Textures {
    ink: Ink,
    screen: Option<ToScreen>,
    size: (u32, u32),
    /// The whole picture, or its smallest copy.
    base: Option<Base>,
    /// Copies of a picture of few pixels that is too wide or too high for one texture.
    own: Option<Arc<Levels>>,
    tiles: HashMap<(u32, u32, u32), Tile>,
    frame: u64,
}

struct Base {
    texture: TextureHandle,
    /// The level that it is.
    level: u32,
}

struct Tile {
    texture: TextureHandle,
    used: u64,
}

/// What of a level a texture holds: one texel more at each side than the tile has, so that no seam is seen between two.
struct Cut {
    at: (u32, u32),
    size: (u32, u32),
    /// The tile without them.
    inner: Rect,
}

fn options(ink: Ink) -> TextureOptions {
    TextureOptions {
        magnification: if ink.sharp { TextureFilter::Nearest } else { TextureFilter::Linear },
        minification: TextureFilter::Linear,
        mipmap_mode: Some(TextureFilter::Linear),
        ..TextureOptions::LINEAR
    }
}

/// Whether a picture is painted by its copies: it has many pixels, or does not fit into one texture.
fn by_levels(ctx: &Context, image: &DynamicImage) -> bool {
    let side = ctx.input(|input| input.max_texture_side).max(1) as u64;
    let (width, height) = (u64::from(image.width()), u64::from(image.height()));
    width * height > LARGE_PICTURE || width.max(height) > side
}

impl Textures {
    pub(super) fn new(ctx: &Context, image: &DynamicImage, ink: Ink, screen: Option<&ToScreen>) -> Self {
        let size = (image.width(), image.height());
        let screen = screen.filter(|_| ink.profile).cloned();
        let mut textures = Self { ink, screen, size, base: None, own: None, tiles: HashMap::new(), frame: 0 };
        if !by_levels(ctx, image) {
            let pixels = textures.colors(part(image, 0, (0, 0), size));
            textures.base = Some(Base { texture: ctx.load_texture("picture", pixels, options(ink)), level: 0 });
        } else if u64::from(size.0) * u64::from(size.1) <= LARGE_PICTURE {
            textures.own = Levels::new(image, &Progress::new()).ok().map(Arc::new);
        }
        textures
    }

    /// The same for another picture: the next frame of an animation goes where the last one was.
    pub(super) fn replaced(self, ctx: &Context, image: &DynamicImage, ink: Ink, screen: Option<&ToScreen>) -> Self {
        let same = self.size == (image.width(), image.height()) && self.tiles.is_empty() && !by_levels(ctx, image);
        match self.base {
            Some(mut base) if same && base.level == 0 => {
                let next = Self { ink, screen: screen.filter(|_| ink.profile).cloned(), base: None, ..self };
                base.texture.set(next.colors(part(image, 0, (0, 0), next.size)), options(ink));
                Self { base: Some(base), ..next }
            }
            _ => Self::new(ctx, image, ink, screen),
        }
    }

    pub(super) fn ink(&self) -> Ink {
        self.ink
    }

    fn colors(&self, mut pixels: RgbaImage) -> ColorImage {
        let size = [pixels.width() as usize, pixels.height() as usize];
        if let Some(screen) = &self.screen {
            screen.apply(&mut pixels);
        }
        if self.ink.channel != Channel::All {
            for pixel in pixels.pixels_mut() {
                pixel.0 = self.ink.channel.pick(pixel.0);
            }
        }
        ColorImage::from_rgba_unmultiplied(size, pixels.as_raw())
    }

    /// Paints the picture so that it fills `rect`, `scale` points a pixel, and what of it is in sight sharply. Gives whether there
    /// was anything to paint: the copies of a large picture take a moment.
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        image: &DynamicImage,
        levels: Option<&Arc<Levels>>,
        rect: Rect,
        scale: f32,
    ) -> bool {
        self.frame += 1;
        let full = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        if let Some(base) = self.base.as_ref().filter(|base| base.level == 0) {
            painter.image(base.texture.id(), rect, full, NO_TINT);
            return true;
        }
        let levels = self.own.clone().or_else(|| levels.cloned());
        let density = (scale * painter.pixels_per_point()).max(f32::MIN_POSITIVE);
        // The copy of which a texel is between a half and a whole pixel of the screen.
        let wanted = (1.0 / density).log2().floor().max(0.0) as u32;
        match &levels {
            Some(levels) => {
                let top = levels.count() - 1;
                self.make_base(painter, image, levels, top);
                if wanted < top {
                    self.paint_tiles(painter, image, Some(levels), wanted, rect, scale);
                } else {
                    self.paint_base(painter, rect, rect);
                }
                true
            }
            None if wanted <= 1 => {
                self.paint_tiles(painter, image, None, wanted, rect, scale);
                true
            }
            None => false,
        }
    }

    fn make_base(&mut self, painter: &Painter, image: &DynamicImage, levels: &Levels, top: u32) {
        if self.base.is_none() {
            let pixels = self.colors(levels.tile(image, top, (0, 0), levels.size(top)));
            let texture = painter.ctx().load_texture("picture", pixels, options(self.ink));
            self.base = Some(Base { texture, level: top });
        }
    }

    /// Paints the part of the smallest copy that lies in `place`, a part of `rect`.
    fn paint_base(&self, painter: &Painter, rect: Rect, place: Rect) {
        let Some(base) = &self.base else { return };
        // The last texel of a row may stand for fewer pixels than the others.
        let step = 1_u32 << base.level;
        let texels = |pixels: u32| pixels.div_ceil(step) as f32 * step as f32;
        let share = vec2(self.size.0 as f32 / texels(self.size.0), self.size.1 as f32 / texels(self.size.1));
        let uv = |at: Pos2| ((at - rect.min) / rect.size() * share).to_pos2();
        painter.image(base.texture.id(), place, Rect::from_min_max(uv(place.min), uv(place.max)), NO_TINT);
    }

    fn paint_tiles(
        &mut self,
        painter: &Painter,
        image: &DynamicImage,
        levels: Option<&Arc<Levels>>,
        level: u32,
        rect: Rect,
        scale: f32,
    ) {
        let seen = rect.intersect(painter.clip_rect());
        if !seen.is_positive() {
            return;
        }
        let step = 1_u32 << level;
        let (width, height) = (self.size.0.div_ceil(step), self.size.1.div_ceil(step));
        let texel = scale * step as f32;
        let tile_at = |offset: f32, texels: u32| (((offset / texel).max(0.0) as u32).min(texels - 1)) / TILE;
        let columns = tile_at(seen.left() - rect.left(), width)..=tile_at(seen.right() - rect.left(), width);
        let mut made = 0;
        let mut missing = false;
        for row in tile_at(seen.top() - rect.top(), height)..=tile_at(seen.bottom() - rect.top(), height) {
            for column in columns.clone() {
                let cut = cut((column * TILE, row * TILE), (width, height));
                let ink = self.ink;
                let pixels = || match levels {
                    Some(levels) => levels.tile(image, level, cut.at, cut.size),
                    None => part(image, level, cut.at, cut.size),
                };
                let min = rect.min + vec2((column * TILE) as f32, (row * TILE) as f32) * texel;
                let place = Rect::from_min_size(min, cut.inner.size() * texel);
                if !self.tiles.contains_key(&(level, column, row)) {
                    if made == TILES_A_FRAME {
                        missing = true;
                        self.paint_base(painter, rect, place.intersect(rect));
                        continue;
                    }
                    made += 1;
                    let texture = painter.ctx().load_texture("picture tile", self.colors(pixels()), options(ink));
                    self.tiles.insert((level, column, row), Tile { texture, used: 0 });
                }
                let Entry::Occupied(mut tile) = self.tiles.entry((level, column, row)) else { continue };
                tile.get_mut().used = self.frame;
                let size = vec2(cut.size.0 as f32, cut.size.1 as f32);
                let uv =
                    Rect::from_min_max((cut.inner.min.to_vec2() / size).to_pos2(), (cut.inner.max.to_vec2() / size).to_pos2());
                // The last texel may stand for fewer pixels than the others.
                let inside = place.intersect(rect);
                let share = inside.size() / place.size();
                let uv = Rect::from_min_size(uv.min, uv.size() * Vec2::new(share.x.min(1.0), share.y.min(1.0)));
                painter.image(tile.get().texture.id(), inside, uv, NO_TINT);
            }
        }
        self.forget();
        if missing {
            painter.ctx().request_repaint();
        }
    }

    /// Lets go of the tiles that were out of sight longest, where there are too many.
    fn forget(&mut self) {
        const BYTES: usize = (TILE as usize + 2) * (TILE as usize + 2) * 4;
        if self.tiles.len() * BYTES <= TILE_BYTES {
            return;
        }
        let mut unused: Vec<_> =
            self.tiles.iter().filter(|(_, tile)| tile.used != self.frame).map(|(key, tile)| (tile.used, *key)).collect();
        unused.sort_unstable();
        let more = self.tiles.len() - TILE_BYTES / BYTES;
        for (_, key) in unused.into_iter().take(more) {
            self.tiles.remove(&key);
        }
    }
}

fn cut((x, y): (u32, u32), (width, height): (u32, u32)) -> Cut {
    let (left, top) = (x.saturating_sub(1), y.saturating_sub(1));
    let (wide, high) = (TILE.min(width - x), TILE.min(height - y));
    let (right, bottom) = ((x + wide + 1).min(width), (y + high + 1).min(height));
    let inner = Rect::from_min_size(pos2((x - left) as f32, (y - top) as f32), vec2(wide as f32, high as f32));
    Cut { at: (left, top), size: (right - left, bottom - top), inner }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_has_its_neighbours_texels_at_its_edges() {
        let first = cut((0, 0), (2000, 300));
        assert_eq!((first.at, first.size), ((0, 0), (513, 300)));
        assert_eq!(first.inner, Rect::from_min_size(pos2(0.0, 0.0), vec2(512.0, 300.0)));
        let second = cut((512, 0), (2000, 300));
        assert_eq!((second.at, second.size), ((511, 0), (514, 300)));
        assert_eq!(second.inner.min, pos2(1.0, 0.0));
        let last = cut((1536, 0), (2000, 300));
        assert_eq!((last.at, last.size, last.inner.width()), ((1535, 0), (465, 300), 464.0));
    }
}
