//! Glyphs as quads: all visible characters of a frame in one mesh.
//!
//! A label, or even a laid out text, for each of a thousand bytes costs milliseconds a frame. Here each character is laid
//! out once, and a frame copies its quad to where it is wanted.

use std::collections::HashMap;
use std::sync::Arc;

use egui::epaint::{Galley, Mesh, Vertex, WHITE_UV};
use egui::plugin::Plugin;
use egui::{Color32, FontFamily, FontId, Pos2, Rect, Ui, Vec2, pos2, vec2};

/// Characters of a page: few enough to be laid out anew when one joins them.
const PAGE: usize = 64;

/// Characters that are remembered; more and all are looked up anew.
const REMEMBERED: usize = 1 << 13;

/// The characters that every hex view shows: printable ASCII, and the dot for bytes that are no character.
fn characters() -> String {
    let mut text = String::with_capacity(200);
    for byte in 0x21..0x7F {
        text.push(char::from(byte));
        text.push('\n');
    }
    text.push('·');
    text
}

/// Where a glyph is in the font's texture, and how it lies in its cell.
#[derive(Clone, Copy)]
struct Quad {
    offset: Vec2,
    size: Vec2,
    uv: Rect,
}

impl Default for Quad {
    fn default() -> Self {
        Self { offset: Vec2::ZERO, size: Vec2::ZERO, uv: Rect::ZERO }
    }
}

/// What stands in the cell of a character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nothing: a blank, or the character began in a cell before.
    #[default]
    Blank,
    /// A byte that is no character, or one that cannot be seen.
    Dot,
    /// A character that no font has.
    Missing,
    /// Printable ASCII.
    Ascii(u8),
    /// Any other character, by its place in the pages.
    Other(u32),
}

/// Characters besides ASCII that were seen.
#[derive(Default)]
struct Page {
    text: String,
    /// Corners in texels, and widths in points. They stay right for as long as the galley of ASCII is the same.
    glyphs: Vec<(Quad, f32)>,
    /// A character joined it.
    grown: bool,
}

/// The quads of a font at a scale.
#[derive(Default)]
pub(super) struct Glyphs {
    /// Size of the text in points.
    size: f32,
    /// Height of a row in points.
    row: f32,
    /// Signs of the characters besides ASCII that were asked for.
    signs: HashMap<char, Sign>,
    pages: Vec<Page>,
    /// The text that the quads came from. egui keeps it as long as the texture holds its glyphs, so another one means that
    /// the font, the scale or the texture changed.
    source: Option<Arc<Galley>>,
    /// Where the quads' corners are in the texture, in texels.
    texels: Vec<Quad>,
    /// The same in parts of the texture, which may grow from frame to frame.
    quads: Vec<Quad>,
    dot: Quad,
    texture: [usize; 2],
    /// Width of a digit: whole pixels, so that all digits look the same.
    pub(super) advance: f32,
}

/// Sees to it that a texture that grows after the quads were painted, in the same frame, does not scramble them: the frame
/// is laid out once more before it is shown.
#[derive(Default)]
struct TextureWatch {
    painted_with: Option<[usize; 2]>,
}

impl Plugin for TextureWatch {
    fn debug_name(&self) -> &'static str {
        "font texture of the hex view"
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        if self.painted_with.take().is_some_and(|size| size != texture_size(ui)) {
            ui.ctx().request_discard("the font texture grew");
        }
    }
}

fn texture_size(ui: &Ui) -> [usize; 2] {
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method's name alone has one lifetime too few")]
    ui.ctx().fonts(|fonts| fonts.font_image_size())
}

impl Glyphs {
    /// Brings the quads of ASCII up to date for a size of text and a height of rows; to be called first in a frame.
    pub(super) fn begin(&mut self, ui: &Ui, size: f32, row: f32) {
        if (self.size, self.row) != (size, row) || self.signs.len() > REMEMBERED {
            *self = Self { size, row, ..Self::default() };
        }
        let galley = ui.painter().layout_no_wrap(characters(), self.font(), Color32::PLACEHOLDER);
        if !self.source.as_ref().is_some_and(|source| Arc::ptr_eq(source, &galley)) {
            self.texels = quads(&galley, row).map(|(quad, _)| quad).collect();
            self.quads.clear();
            let scale = galley.pixels_per_point;
            let advance = galley.rows.first().and_then(|row| row.row.glyphs.first()).map_or(8.0, |glyph| glyph.advance_width);
            self.advance = ((advance * scale).round() / scale).max(1.0);
            self.source = Some(galley);
            // Another atlas may have room for other faces.
            self.signs.clear();
            self.pages.clear();
        }
    }

    /// What stands for a character; its glyph is ready after [`Glyphs::end`].
    pub(super) fn sign(&mut self, ui: &Ui, c: char) -> Sign {
        match c {
            ' ' => Sign::Blank,
            '!'..='~' => Sign::Ascii(c as u8),
            _ if !crate::app::bytes_view::shown(c) => Sign::Dot,
            _ => self.signs.get(&c).copied().unwrap_or_else(|| self.look_up(ui, c)),
        }
    }

    fn look_up(&mut self, ui: &Ui, c: char) -> Sign {
        let font = self.font();
        let sign = if c.is_whitespace() {
            Sign::Blank
        } else if !ui.ctx().fonts_mut(|fonts| fonts.has_glyph(&font, c)) {
            Sign::Missing
        } else {
            let full = |page: &Page| page.text.chars().count() >= 2 * PAGE;
            if self.pages.last().is_none_or(full) {
                self.pages.push(Page::default());
            }
            let last = self.pages.len() - 1;
            self.pages[last].grown = true;
            let text = &mut self.pages[last].text;
            let at = last * PAGE + text.chars().count() / 2;
            text.push(c);
            text.push('\n');
            Sign::Other(at as u32)
        };
        self.signs.insert(c, sign);
        sign
    }

    /// Brings everything that was asked for up to date; to be called before anything is pushed.
    pub(super) fn end(&mut self, ui: &Ui) {
        let (font, row) = (self.font(), self.row);
        for page in self.pages.iter_mut().filter(|page| page.grown) {
            let galley = ui.painter().layout_no_wrap(page.text.clone(), font.clone(), Color32::PLACEHOLDER);
            page.glyphs = quads(&galley, row).collect();
            page.grown = false;
        }
        let size = texture_size(ui);
        ui.ctx().plugin_or_default::<TextureWatch>().lock().painted_with = Some(size);
        if self.texture != size || self.quads.len() != self.texels.len() {
            self.texture = size;
            self.quads = self.texels.iter().map(|quad| self.in_texture(*quad)).collect();
            self.dot = self.quads.last().copied().unwrap_or_default();
        }
    }

    fn font(&self) -> FontId {
        FontId::new(self.size, FontFamily::Monospace)
    }

    /// A quad whose corners in texels become parts of the texture, which may grow from frame to frame.
    fn in_texture(&self, quad: Quad) -> Quad {
        let part = |texel: Pos2| pos2(texel.x / self.texture[0] as f32, texel.y / self.texture[1] as f32);
        Quad { uv: Rect::from_min_max(part(quad.uv.min), part(quad.uv.max)), ..quad }
    }

    /// Adds what stands for a character whose bytes take `room` points. What is wider than a cell stands in the middle of
    /// its bytes, and what is wider than them is made smaller.
    pub(super) fn push_sign(&self, mesh: &mut Mesh, at: Pos2, sign: Sign, room: f32, color: Color32) {
        match sign {
            Sign::Blank => {}
            Sign::Dot => self.push_dot(mesh, at, color),
            Sign::Ascii(byte) => self.push(mesh, at, byte, color),
            Sign::Missing => self.push_box(mesh, at, color),
            Sign::Other(index) => {
                let page = self.pages.get(index as usize / PAGE);
                let Some(&(quad, advance)) = page.and_then(|page| page.glyphs.get(index as usize % PAGE)) else { return };
                let quad = self.in_texture(quad);
                if advance <= self.advance * 1.05 {
                    push(mesh, at, &quad, color);
                } else if advance <= room {
                    push(mesh, pos2(at.x + ((room - advance) / 2.0).floor(), at.y), &quad, color);
                } else {
                    let part = room / advance;
                    let middle = self.row / 2.0;
                    let offset = vec2(quad.offset.x * part, middle + (quad.offset.y - middle) * part);
                    push(mesh, at, &Quad { offset, size: quad.size * part, uv: quad.uv }, color);
                }
            }
        }
    }

    /// An empty box: the character is there, and no font has it.
    fn push_box(&self, mesh: &mut Mesh, at: Pos2, color: Color32) {
        let height = (self.size * 0.62).round();
        let outer = Rect::from_min_size(
            pos2(at.x + 1.0, at.y + ((self.row - height) / 2.0).round()),
            vec2((self.advance - 2.0).max(2.0), height),
        );
        let inner = outer.shrink(1.0);
        for side in [
            Rect::from_min_max(outer.min, pos2(outer.max.x, inner.min.y)),
            Rect::from_min_max(pos2(outer.min.x, inner.max.y), outer.max),
            Rect::from_min_max(pos2(outer.min.x, inner.min.y), pos2(inner.min.x, inner.max.y)),
            Rect::from_min_max(pos2(inner.max.x, inner.min.y), pos2(outer.max.x, inner.max.y)),
        ] {
            push_ground(mesh, side, color);
        }
    }

    /// Adds a character (printable ASCII) with its cell's left upper corner at `at`, which lies on a whole pixel.
    pub(super) fn push(&self, mesh: &mut Mesh, at: Pos2, character: u8, color: Color32) {
        if let Some(quad) = self.quads.get(usize::from(character.wrapping_sub(0x21))) {
            push(mesh, at, quad, color);
        }
    }

    /// Adds the dot that stands for a byte with no character.
    pub(super) fn push_dot(&self, mesh: &mut Mesh, at: Pos2, color: Color32) {
        push(mesh, at, &self.dot, color);
    }

    /// Adds ASCII characters in a row; blanks are left out.
    pub(super) fn push_text(&self, mesh: &mut Mesh, at: Pos2, text: &str, color: Color32) {
        for (i, byte) in text.bytes().enumerate() {
            self.push(mesh, pos2(at.x + i as f32 * self.advance, at.y), byte, color);
        }
    }
}

/// A glyph for each line of a text, with its width.
fn quads(galley: &Galley, row_height: f32) -> impl Iterator<Item = (Quad, f32)> {
    let scale = galley.pixels_per_point;
    let round = move |value: f32| (value * scale).round() / scale;
    galley.rows.iter().map(move |row| {
        let Some(glyph) = row.row.glyphs.first() else { return (Quad::default(), 0.0) };
        let uv = glyph.uv_rect;
        let offset = glyph.pos.to_vec2() + uv.offset;
        let quad = Quad {
            offset: vec2(round(offset.x), round(offset.y + (row_height - row.row.size.y) / 2.0)),
            size: uv.size,
            uv: Rect::from_min_max(
                pos2(f32::from(uv.min[0]), f32::from(uv.min[1])),
                pos2(f32::from(uv.max[0]), f32::from(uv.max[1])),
            ),
        };
        (quad, glyph.advance_width)
    })
}

/// Adds a filled rectangle to a mesh of quads.
pub(super) fn push_ground(mesh: &mut Mesh, rect: Rect, color: Color32) {
    push(mesh, rect.min, &Quad { offset: Vec2::ZERO, size: rect.size(), uv: Rect::from_min_max(WHITE_UV, WHITE_UV) }, color);
}

#[inline]
fn push(mesh: &mut Mesh, at: Pos2, quad: &Quad, color: Color32) {
    let (min, max) = (at + quad.offset, at + quad.offset + quad.size);
    let uv = quad.uv;
    mesh.vertices.extend_from_slice(&[
        Vertex { pos: min, uv: uv.min, color },
        Vertex { pos: pos2(max.x, min.y), uv: pos2(uv.max.x, uv.min.y), color },
        Vertex { pos: pos2(min.x, max.y), uv: pos2(uv.min.x, uv.max.y), color },
        Vertex { pos: max, uv: uv.max, color },
    ]);
}

/// Gives a mesh that is quads and nothing else its triangles. The indices of the last frame's quads are those of this one's:
/// only what is more or less of them is written.
pub(super) fn join(mesh: &mut Mesh) {
    let quads = mesh.vertices.len() / 4;
    mesh.indices.truncate(quads * 6);
    mesh.indices.reserve(quads * 6 - mesh.indices.len());
    for quad in mesh.indices.len() / 6..quads {
        let first = quad as u32 * 4;
        mesh.indices.extend_from_slice(&[first, first + 1, first + 2, first + 2, first + 1, first + 3]);
    }
}
