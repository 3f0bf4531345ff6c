//! Glyphs as quads: all visible characters of a frame in one mesh.
//!
//! A label, or even a laid out text, for each of a thousand bytes costs milliseconds a frame. Here each character is laid
//! out once, and a frame copies its quad to where it is wanted.

use std::sync::Arc;

use egui::epaint::{Galley, Mesh, Vertex};
use egui::plugin::Plugin;
use egui::{Color32, Pos2, Rect, Ui, Vec2, pos2, vec2};

use crate::ui::theme;

/// The characters that a hex view shows: printable ASCII, and the dot for all other bytes.
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

/// The quads of a font at a scale.
#[derive(Default)]
pub(super) struct Glyphs {
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
    /// Brings the quads up to date; to be called once a frame.
    pub(super) fn update(&mut self, ui: &Ui) {
        self.read(ui);
        let size = texture_size(ui);
        ui.ctx().plugin_or_default::<TextureWatch>().lock().painted_with = Some(size);
        if self.texture != size || self.quads.len() != self.texels.len() {
            self.texture = size;
            let part = |texel: Pos2| pos2(texel.x / size[0] as f32, texel.y / size[1] as f32);
            self.quads.clear();
            self.quads.extend(
                self.texels.iter().map(|quad| Quad { uv: Rect::from_min_max(part(quad.uv.min), part(quad.uv.max)), ..*quad }),
            );
            self.dot = self.quads.last().copied().unwrap_or_default();
        }
    }

    fn read(&mut self, ui: &Ui) {
        let galley = ui.painter().layout_no_wrap(characters(), theme::mono(), Color32::PLACEHOLDER);
        if self.source.as_ref().is_some_and(|source| Arc::ptr_eq(source, &galley)) {
            return;
        }
        let scale = galley.pixels_per_point;
        let round = |value: f32| (value * scale).round() / scale;
        let quads = galley.rows.iter().map(|row| {
            let Some(glyph) = row.row.glyphs.first() else { return Quad::default() };
            let uv = glyph.uv_rect;
            let offset = glyph.pos.to_vec2() + uv.offset;
            Quad {
                offset: vec2(round(offset.x), round(offset.y + (theme::ROW - row.row.size.y) / 2.0)),
                size: uv.size,
                uv: Rect::from_min_max(
                    pos2(f32::from(uv.min[0]), f32::from(uv.min[1])),
                    pos2(f32::from(uv.max[0]), f32::from(uv.max[1])),
                ),
            }
        });
        self.texels = quads.collect();
        self.quads.clear();
        let advance = galley.rows.first().and_then(|row| row.row.glyphs.first()).map_or(8.0, |glyph| glyph.advance_width);
        self.advance = round(advance).max(1.0);
        self.source = Some(galley);
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
