//! A painter in software: egui's triangles to an image, the same pixels on every machine.
//!
//! It serves `seektell screenshot`, the picture of the view, and every snapshot test, so none of them needs a graphics
//! driver. Colours are blended as egui's own shaders do it: premultiplied, in gamma space. Coverage is decided at pixel
//! centres with half-open edges, so triangles that share an edge neither overlap nor leave a gap.
//!
//! Most of a window is rectangles of one colour and glyphs that lie texel on pixel; both have a way of their own, and
//! everything else is filled line by line.

use std::collections::HashMap;

use egui::epaint::textures::{TextureFilter, TextureOptions, TextureWrapMode};
use egui::epaint::{ClippedPrimitive, ImageData, Mesh, Primitive, Vertex};
use egui::{Color32, Rect, TextureId, TexturesDelta};
use image::RgbaImage;

/// Holds the textures that egui sent and paints with them. See the [module](self).
#[derive(Default)]
pub struct SoftwarePainter {
    textures: HashMap<TextureId, Texture>,
    /// egui frees textures that the frame may still use: they go when the next frame's changes come.
    leaving: Vec<TextureId>,
}

struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Color32>,
    options: TextureOptions,
}

impl SoftwarePainter {
    /// A painter with no textures.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the changes of textures in, and leaves `delta` empty. To be called with every frame's changes, painted or
    /// not, because later ones may be patches of earlier ones.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        for id in self.leaving.drain(..) {
            self.textures.remove(&id);
        }
        for (id, changes) in delta.set.drain() {
            for change in changes {
                let ImageData::Color(image) = &change.image;
                let [width, height] = image.size;
                match change.pos {
                    None => {
                        let texture = Texture { width, height, pixels: image.pixels.clone(), options: change.options };
                        self.textures.insert(id, texture);
                    }
                    Some([left, top]) => {
                        let Some(texture) = self.textures.get_mut(&id) else { continue };
                        texture.options = change.options;
                        let width_inside = width.min(texture.width.saturating_sub(left));
                        for (row, source) in image.pixels.chunks_exact(width.max(1)).enumerate() {
                            if top + row >= texture.height || width_inside == 0 {
                                break;
                            }
                            let at = (top + row) * texture.width + left;
                            texture.pixels[at..at + width_inside].copy_from_slice(&source[..width_inside]);
                        }
                    }
                }
            }
        }
        self.leaving.extend(delta.free.drain());
    }

    /// Tessellates and paints what a frame put out; its texture changes must have gone to [`SoftwarePainter::apply`].
    pub fn render(&self, ctx: &egui::Context, output: &egui::FullOutput, clear: Color32) -> RgbaImage {
        let scale = output.pixels_per_point;
        let size = ctx.viewport_rect().size() * scale;
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        paint(self, &primitives, [size.x.round().max(1.0) as u32, size.y.round().max(1.0) as u32], scale, clear)
    }
}

/// Paints triangles onto an image of `size_px` pixels that begins as `clear`. Textures that the painter does not have and
/// paint callbacks are left out.
pub fn paint(
    painter: &SoftwarePainter,
    primitives: &[ClippedPrimitive],
    size_px: [u32; 2],
    pixels_per_point: f32,
    clear: Color32,
) -> RgbaImage {
    let (width, height) = (size_px[0] as usize, size_px[1] as usize);
    let mut canvas = Canvas { width, pixels: vec![clear; width * height], clip: [0, 0, width, height] };
    for ClippedPrimitive { clip_rect, primitive } in primitives {
        let Primitive::Mesh(mesh) = primitive else { continue };
        let Some(texture) = painter.textures.get(&mesh.texture_id) else { continue };
        canvas.clip = scissor(*clip_rect, pixels_per_point, width, height);
        if canvas.clip[0] < canvas.clip[2] && canvas.clip[1] < canvas.clip[3] {
            canvas.mesh(mesh, texture, pixels_per_point);
        }
    }
    let mut bytes = Vec::with_capacity(width * height * 4);
    for pixel in &canvas.pixels {
        match pixel.a() {
            255 => bytes.extend_from_slice(&pixel.to_array()),
            _ => bytes.extend_from_slice(&pixel.to_srgba_unmultiplied()),
        }
    }
    RgbaImage::from_raw(size_px[0], size_px[1], bytes).unwrap_or_default()
}

fn scissor(clip: Rect, scale: f32, width: usize, height: usize) -> [usize; 4] {
    let edge = |value: f32, limit: usize| (f64::from(value * scale).round().clamp(0.0, limit as f64)) as usize;
    [edge(clip.min.x, width), edge(clip.min.y, height), edge(clip.max.x, width), edge(clip.max.y, height)]
}

struct Canvas {
    width: usize,
    pixels: Vec<Color32>,
    /// Left, top, right, bottom in pixels; right and bottom are outside.
    clip: [usize; 4],
}

/// A corner in pixels, with what is interpolated between corners.
#[derive(Clone, Copy)]
struct Corner {
    x: f64,
    y: f64,
    u: f32,
    v: f32,
    color: Color32,
}

impl Canvas {
    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, scale: f32) {
        let corner = |vertex: &Vertex| Corner {
            x: f64::from(vertex.pos.x * scale),
            y: f64::from(vertex.pos.y * scale),
            u: vertex.uv.x,
            v: vertex.uv.y,
            color: vertex.color,
        };
        let vertex = |index: u32| mesh.vertices.get(index as usize).map(&corner);
        let mut indices = mesh.indices.as_slice();
        while let [a, b, c, rest @ ..] = indices {
            if let [d, e, f, after @ ..] = rest
                && (c, b) == (d, e)
                && let (Some(p), Some(q), Some(r), Some(s)) = (vertex(*a), vertex(*b), vertex(*c), vertex(*f))
                && is_rectangle(&p, &q, &r, &s)
            {
                self.rectangle(&p, &s, texture);
                indices = after;
                continue;
            }
            if let (Some(a), Some(b), Some(c)) = (vertex(*a), vertex(*b), vertex(*c)) {
                self.triangle(&[a, b, c], texture);
            }
            indices = rest;
        }
    }

    /// The pixels whose centres lie between two edges, inside the clip.
    fn columns(&self, from: f64, to: f64) -> (usize, usize) {
        let bound = |x: f64| (x - 0.5).ceil().clamp(self.clip[0] as f64, self.clip[2] as f64) as usize;
        (bound(from), bound(to))
    }

    fn lines(&self, from: f64, to: f64) -> (usize, usize) {
        let bound = |y: f64| (y - 0.5).ceil().clamp(self.clip[1] as f64, self.clip[3] as f64) as usize;
        (bound(from), bound(to))
    }

    /// An axis-aligned rectangle of one colour, from its left top to its right bottom corner.
    fn rectangle(&mut self, from: &Corner, to: &Corner, texture: &Texture) {
        let (left, right) = self.columns(from.x, to.x);
        let (top, bottom) = self.lines(from.y, to.y);
        if left >= right || top >= bottom {
            return;
        }
        if (from.u, from.v) == (to.u, to.v) {
            let color = multiply(from.color, texture.sample(from.u, from.v, true));
            for y in top..bottom {
                self.fill(y, left, right, color);
            }
            return;
        }
        let (du, dv) = ((to.u - from.u) / (to.x - from.x) as f32, (to.v - from.v) / (to.y - from.y) as f32);
        let magnified = du.abs() * texture.width as f32 <= 1.0 && dv.abs() * texture.height as f32 <= 1.0;
        let texel = |uv: f32, size: usize| f64::from(uv) * size as f64;
        let (tx, ty) = (texel(from.u, texture.width), texel(from.v, texture.height));
        let same_size = (texel(to.u, texture.width) - tx - (to.x - from.x)).abs() < 0.01
            && (texel(to.v, texture.height) - ty - (to.y - from.y)).abs() < 0.01;
        let aligned = [tx, ty, from.x, from.y].iter().all(|value| (value - value.round()).abs() < 0.01);
        if same_size && aligned && tx >= -0.5 && ty >= -0.5 {
            // A glyph: texel on pixel, nothing to filter.
            let (tx, ty) = (tx.round() as usize, ty.round() as usize);
            let (x0, y0) = (from.x.round() as i64, from.y.round() as i64);
            for y in top..bottom {
                let source_y = (ty + (y as i64 - y0).max(0) as usize).min(texture.height - 1);
                for x in left..right {
                    let source_x = (tx + (x as i64 - x0).max(0) as usize).min(texture.width - 1);
                    let source = texture.pixels[source_y * texture.width + source_x];
                    if source.a() != 0 {
                        self.blend(y * self.width + x, multiply(from.color, source));
                    }
                }
            }
            return;
        }
        for y in top..bottom {
            let v = from.v + (y as f64 + 0.5 - from.y) as f32 * dv;
            for x in left..right {
                let u = from.u + (x as f64 + 0.5 - from.x) as f32 * du;
                self.blend(y * self.width + x, multiply(from.color, texture.sample(u, v, magnified)));
            }
        }
    }

    fn triangle(&mut self, corners: &[Corner; 3], texture: &Texture) {
        let [a, b, c] = corners;
        if corners.iter().any(|corner| !corner.x.is_finite() || !corner.y.is_finite()) {
            return;
        }
        let area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
        if area == 0.0 {
            return;
        }
        let flat = a.color == b.color && b.color == c.color;
        let plain = (a.u, a.v) == (b.u, b.v) && (b.u, b.v) == (c.u, c.v);
        let (low, high) = (a.y.min(b.y).min(c.y), a.y.max(b.y).max(c.y));
        let (top, bottom) = self.lines(low, high);
        let shade = Shade::new(corners, area);
        let base = texture.sample(a.u, a.v, true);
        for y in top..bottom {
            let centre = y as f64 + 0.5;
            let (mut from, mut to) = (f64::INFINITY, f64::NEG_INFINITY);
            for (p, q) in [(a, b), (b, c), (c, a)] {
                // The upper end first, so that both triangles at an edge compute the same crossing.
                let (p, q) = if p.y <= q.y { (p, q) } else { (q, p) };
                if p.y <= centre && centre < q.y {
                    let x = p.x + (centre - p.y) * (q.x - p.x) / (q.y - p.y);
                    (from, to) = (from.min(x), to.max(x));
                }
            }
            let (left, right) = self.columns(from, to);
            if left >= right {
                continue;
            }
            if flat && plain {
                self.fill(y, left, right, multiply(a.color, base));
                continue;
            }
            for x in left..right {
                let at = shade.at(x as f64 + 0.5 - a.x, centre - a.y);
                let color = if flat { a.color } else { at.color };
                let texel = if plain { base } else { texture.sample(at.u, at.v, true) };
                self.blend(y * self.width + x, multiply(color, texel));
            }
        }
    }

    fn fill(&mut self, y: usize, left: usize, right: usize, color: Color32) {
        let row = &mut self.pixels[y * self.width + left..y * self.width + right];
        match color.a() {
            255 => row.fill(color),
            0 if color == Color32::TRANSPARENT => {}
            _ => {
                for pixel in row {
                    *pixel = over(color, *pixel);
                }
            }
        }
    }

    fn blend(&mut self, at: usize, color: Color32) {
        let pixel = &mut self.pixels[at];
        *pixel = over(color, *pixel);
    }
}

/// Whether four corners in the order left top, right top, left bottom, right bottom are a rectangle of one colour, with a
/// texture that is not turned.
fn is_rectangle(lt: &Corner, rt: &Corner, lb: &Corner, rb: &Corner) -> bool {
    lt.y == rt.y
        && lb.y == rb.y
        && lt.x == lb.x
        && rt.x == rb.x
        && lt.x < rb.x
        && lt.y < rb.y
        && lt.color == rt.color
        && rt.color == lb.color
        && lb.color == rb.color
        && lt.u == lb.u
        && rt.u == rb.u
        && lt.v == rt.v
        && lb.v == rb.v
}

/// What the corners of a triangle carry, as planes over it.
struct Shade {
    origin: [f32; 6],
    dx: [f32; 6],
    dy: [f32; 6],
}

struct Shaded {
    color: Color32,
    u: f32,
    v: f32,
}

impl Shade {
    fn new(corners: &[Corner; 3], area: f64) -> Self {
        let values = |corner: &Corner| {
            let [r, g, b, a] = corner.color.to_array();
            [f32::from(r), f32::from(g), f32::from(b), f32::from(a), corner.u, corner.v]
        };
        let [a, b, c] = corners;
        let (origin, vb, vc) = (values(a), values(b), values(c));
        let mut shade = Self { origin, dx: [0.0; 6], dy: [0.0; 6] };
        for i in 0..6 {
            let (db, dc) = (f64::from(vb[i] - origin[i]), f64::from(vc[i] - origin[i]));
            shade.dx[i] = ((db * (c.y - a.y) - dc * (b.y - a.y)) / area) as f32;
            shade.dy[i] = ((dc * (b.x - a.x) - db * (c.x - a.x)) / area) as f32;
        }
        shade
    }

    fn at(&self, x: f64, y: f64) -> Shaded {
        let value = |i: usize| self.origin[i] + self.dx[i] * x as f32 + self.dy[i] * y as f32;
        let byte = |i: usize| value(i).round().clamp(0.0, 255.0) as u8;
        let alpha = byte(3);
        Shaded { color: Color32::from_rgba_premultiplied(byte(0), byte(1), byte(2), alpha), u: value(4), v: value(5) }
    }
}

impl Texture {
    fn sample(&self, u: f32, v: f32, magnified: bool) -> Color32 {
        if self.pixels.is_empty() {
            return Color32::TRANSPARENT;
        }
        let filter = if magnified { self.options.magnification } else { self.options.minification };
        let (x, y) = (u * self.width as f32, v * self.height as f32);
        match filter {
            TextureFilter::Nearest => self.texel(x.floor() as i64, y.floor() as i64),
            TextureFilter::Linear => {
                let (x, y) = (x - 0.5, y - 0.5);
                let (left, top) = (x.floor(), y.floor());
                let (fx, fy) = (x - left, y - top);
                let (left, top) = (left as i64, top as i64);
                let upper = mix(self.texel(left, top), self.texel(left + 1, top), fx);
                let lower = mix(self.texel(left, top + 1), self.texel(left + 1, top + 1), fx);
                let row = |i: usize| upper[i] + (lower[i] - upper[i]) * fy;
                let byte = |i: usize| row(i).round().clamp(0.0, 255.0) as u8;
                Color32::from_rgba_premultiplied(byte(0), byte(1), byte(2), byte(3))
            }
        }
    }

    fn texel(&self, x: i64, y: i64) -> Color32 {
        let wrap = |at: i64, size: usize| {
            let size = size as i64;
            match self.options.wrap_mode {
                TextureWrapMode::ClampToEdge => at.clamp(0, size - 1),
                TextureWrapMode::Repeat => at.rem_euclid(size),
                TextureWrapMode::MirroredRepeat => {
                    let at = at.rem_euclid(2 * size);
                    if at < size { at } else { 2 * size - 1 - at }
                }
            }
        };
        self.pixels[wrap(y, self.height) as usize * self.width + wrap(x, self.width) as usize]
    }
}

fn mix(a: Color32, b: Color32, t: f32) -> [f32; 4] {
    let (a, b) = (a.to_array(), b.to_array());
    std::array::from_fn(|i| f32::from(a[i]) + (f32::from(b[i]) - f32::from(a[i])) * t)
}

fn scaled(value: u8, by: u8) -> u8 {
    ((u32::from(value) * u32::from(by) + 127) / 255) as u8
}

fn multiply(a: Color32, b: Color32) -> Color32 {
    if a == Color32::WHITE {
        return b;
    }
    if b == Color32::WHITE {
        return a;
    }
    let (a, b) = (a.to_array(), b.to_array());
    Color32::from_rgba_premultiplied(scaled(a[0], b[0]), scaled(a[1], b[1]), scaled(a[2], b[2]), scaled(a[3], b[3]))
}

fn over(source: Color32, ground: Color32) -> Color32 {
    let rest = 255 - source.a();
    let (s, g) = (source.to_array(), ground.to_array());
    let channel = |i: usize| s[i].saturating_add(scaled(g[i], rest));
    Color32::from_rgba_premultiplied(channel(0), channel(1), channel(2), channel(3))
}

#[cfg(test)]
mod tests {
    use egui::epaint::{ColorImage, ImageDelta};
    use egui::{Pos2, pos2};

    use super::*;

    const RED: Color32 = Color32::RED;

    fn white() -> SoftwarePainter {
        let mut painter = SoftwarePainter::new();
        let mut delta = TexturesDelta::default();
        let image = ColorImage::filled([2, 2], Color32::WHITE);
        delta.push(TextureId::default(), ImageDelta::full(image, TextureOptions::LINEAR));
        painter.apply(&mut delta);
        assert!(delta.is_empty());
        painter
    }

    fn everything(mesh: Mesh) -> Vec<ClippedPrimitive> {
        vec![ClippedPrimitive { clip_rect: Rect::EVERYTHING, primitive: Primitive::Mesh(mesh) }]
    }

    fn colored(points: [Pos2; 3], color: Color32) -> Mesh {
        let mut mesh = Mesh::default();
        for point in points {
            mesh.colored_vertex(point, color);
        }
        mesh.add_triangle(0, 1, 2);
        mesh
    }

    #[test]
    fn a_rectangle_covers_the_pixels_whose_centres_it_holds() {
        let mut mesh = Mesh::default();
        mesh.add_colored_rect(Rect::from_min_max(pos2(0.5, 1.0), pos2(1.49, 2.0)), RED);
        let image = paint(&white(), &everything(mesh), [4, 3], 1.0, Color32::BLACK);
        let red: Vec<_> = image.enumerate_pixels().filter(|(_, _, pixel)| pixel[0] == 255).map(|(x, y, _)| (x, y)).collect();
        assert_eq!(red, [(0, 1)]);
    }

    #[test]
    fn triangles_that_share_an_edge_cover_each_pixel_once() {
        let half = Color32::from_rgba_premultiplied(100, 0, 0, 128);
        let (a, b, c, d) = (pos2(0.3, 0.2), pos2(9.1, 1.7), pos2(1.2, 8.8), pos2(9.7, 9.4));
        let mut mesh = colored([a, b, c], half);
        mesh.append(colored([d, c, b], half));
        let image = paint(&white(), &everything(mesh), [10, 10], 1.0, Color32::BLACK);
        assert_eq!(image.pixels().map(|pixel| pixel[0]).max(), Some(100), "painted twice");
        assert_eq!(image.get_pixel(5, 5)[0], 100, "left out");
    }

    #[test]
    fn scale_and_scissor() {
        let mut mesh = Mesh::default();
        mesh.add_colored_rect(Rect::from_min_max(pos2(0.0, 0.0), pos2(9.0, 9.0)), RED);
        let clip_rect = Rect::from_min_max(pos2(1.0, 1.0), pos2(2.0, 3.0));
        let primitives = [ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) }];
        let image = paint(&white(), &primitives, [10, 10], 2.0, Color32::BLACK);
        let red = image.pixels().filter(|pixel| pixel[0] == 255).count();
        assert_eq!(red, 2 * 4);
        assert_eq!((image.get_pixel(2, 2)[0], image.get_pixel(1, 2)[0], image.get_pixel(2, 6)[0]), (255, 0, 0));
    }

    #[test]
    fn patches_of_textures_and_both_filters() {
        let id = TextureId::Managed(7);
        for (options, expected) in [(TextureOptions::NEAREST, 0), (TextureOptions::LINEAR, 128)] {
            let mut painter = white();
            let mut delta = TexturesDelta::default();
            delta.push(id, ImageDelta::full(ColorImage::filled([2, 1], Color32::BLACK), options));
            delta.push(id, ImageDelta::partial([1, 0], ColorImage::filled([1, 1], Color32::WHITE), options));
            painter.apply(&mut delta);
            let mut mesh = Mesh::with_texture(id);
            let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            mesh.add_rect_with_uv(Rect::from_min_max(Pos2::ZERO, pos2(9.0, 1.0)), uv, Color32::WHITE);
            let image = paint(&painter, &everything(mesh), [9, 1], 1.0, RED);
            assert_eq!(image.get_pixel(0, 0).0, [0, 0, 0, 255]);
            assert_eq!(image.get_pixel(8, 0).0, [255, 255, 255, 255]);
            assert!(image.get_pixel(4, 0)[0].abs_diff(if expected == 0 { 255 } else { expected }) <= 1, "{options:?}");
        }
    }

    #[test]
    fn a_glyph_is_copied_texel_on_pixel_with_its_colour() {
        let id = TextureId::Managed(3);
        let mut painter = white();
        let mut delta = TexturesDelta::default();
        let mut image = ColorImage::filled([4, 4], Color32::TRANSPARENT);
        image.pixels[5] = Color32::WHITE;
        delta.push(id, ImageDelta::full(image, TextureOptions::LINEAR));
        painter.apply(&mut delta);
        let mut mesh = Mesh::with_texture(id);
        let uv = Rect::from_min_max(pos2(0.25, 0.25), pos2(0.75, 0.75));
        mesh.add_rect_with_uv(Rect::from_min_max(pos2(3.0, 2.0), pos2(5.0, 4.0)), uv, RED);
        let image = paint(&painter, &everything(mesh), [8, 8], 1.0, Color32::BLACK);
        let red: Vec<_> = image.enumerate_pixels().filter(|(_, _, pixel)| pixel[0] != 0).map(|(x, y, _)| (x, y)).collect();
        assert_eq!(red, [(3, 2)]);
    }

    #[test]
    fn colours_run_between_corners() {
        let mut mesh = Mesh::default();
        mesh.colored_vertex(pos2(0.0, 0.0), Color32::BLACK);
        mesh.colored_vertex(pos2(10.0, 0.0), Color32::WHITE);
        mesh.colored_vertex(pos2(0.0, 10.0), Color32::BLACK);
        mesh.add_triangle(0, 1, 2);
        let image = paint(&white(), &everything(mesh), [10, 10], 1.0, RED);
        let line: Vec<u8> = (0..9).map(|x| image.get_pixel(x, 0)[1]).collect();
        assert!(line.is_sorted() && line[0] < 20 && line[8] > 200, "{line:?}");
    }

    #[test]
    fn a_missing_texture_and_broken_triangles_are_left_out() {
        let mut mesh = colored([pos2(0.0, 0.0), pos2(f32::NAN, 0.0), pos2(3.0, 3.0)], RED);
        mesh.add_triangle(0, 1, 99);
        let mut lost = colored([pos2(0.0, 0.0), pos2(9.0, 0.0), pos2(0.0, 9.0)], RED);
        lost.texture_id = TextureId::User(1);
        let mut all = everything(mesh);
        all.extend(everything(lost));
        let image = paint(&white(), &all, [4, 4], 1.0, Color32::BLACK);
        assert!(image.pixels().all(|pixel| pixel.0 == [0, 0, 0, 255]));
    }
}
