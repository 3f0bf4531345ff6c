//! Pixels, and what is done with them; nothing here knows the interpreter. Sizes are the caller's to check.

use super::color::luma;

/// How a pixel is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Black and white, a byte each.
    One,
    /// Brightness.
    L,
    /// Brightness and alpha.
    La,
    /// The number of a colour in the palette.
    P,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, alpha.
    Rgba,
}

impl Mode {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "1" => Self::One,
            "L" => Self::L,
            "LA" => Self::La,
            "P" => Self::P,
            "RGB" => Self::Rgb,
            "RGBA" => Self::Rgba,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::L => "L",
            Self::La => "LA",
            Self::P => "P",
            Self::Rgb => "RGB",
            Self::Rgba => "RGBA",
        }
    }

    /// The letters of its channels.
    pub(super) fn bands(self) -> &'static [&'static str] {
        match self {
            Self::One => &["1"],
            Self::L => &["L"],
            Self::La => &["L", "A"],
            Self::P => &["P"],
            Self::Rgb => &["R", "G", "B"],
            Self::Rgba => &["R", "G", "B", "A"],
        }
    }

    /// Bytes a pixel.
    pub(super) fn len(self) -> usize {
        self.bands().len()
    }
}

/// A picture's pixels, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raster {
    pub(super) mode: Mode,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) data: Vec<u8>,
    /// Of mode P.
    pub(super) palette: Vec<[u8; 4]>,
}

/// `transpose`'s ways, by their numbers.
pub(super) const TRANSPOSES: [&str; 7] =
    ["FLIP_LEFT_RIGHT", "FLIP_TOP_BOTTOM", "ROTATE_90", "ROTATE_180", "ROTATE_270", "TRANSPOSE", "TRANSVERSE"];

impl Raster {
    /// A picture of one colour.
    pub(super) fn filled(mode: Mode, width: u32, height: u32, pixel: &[u8]) -> Self {
        let data = pixel.repeat(width as usize * height as usize);
        Self { mode, width, height, data, palette: Vec::new() }
    }

    fn at(&self, x: u32, y: u32) -> usize {
        (y as usize * self.width as usize + x as usize) * self.mode.len()
    }

    /// The bytes of a pixel inside.
    pub(super) fn pixel(&self, x: u32, y: u32) -> &[u8] {
        let at = self.at(x, y);
        &self.data[at..at + self.mode.len()]
    }

    pub(super) fn put(&mut self, x: u32, y: u32, pixel: &[u8]) {
        let at = self.at(x, y);
        let len = self.mode.len();
        self.data[at..at + len].copy_from_slice(pixel);
    }

    /// A picture of another size, each of whose pixels is found in this one; black where it is not.
    fn mapped(&self, width: u32, height: u32, from: impl Fn(u32, u32) -> Option<(u32, u32)>) -> Self {
        let blank = [0; 4];
        let mut data = Vec::with_capacity(width as usize * height as usize * self.mode.len());
        for y in 0..height {
            for x in 0..width {
                data.extend_from_slice(match from(x, y) {
                    Some((x, y)) => self.pixel(x, y),
                    None => &blank[..self.mode.len()],
                });
            }
        }
        Self { mode: self.mode, width, height, data, palette: self.palette.clone() }
    }

    /// By the number of one of [`TRANSPOSES`].
    pub(super) fn transposed(&self, way: usize) -> Self {
        let (w, h) = (self.width, self.height);
        match way {
            0 => self.mapped(w, h, |x, y| Some((w - 1 - x, y))),
            1 => self.mapped(w, h, |x, y| Some((x, h - 1 - y))),
            2 => self.mapped(h, w, |x, y| Some((w - 1 - y, x))),
            3 => self.mapped(w, h, |x, y| Some((w - 1 - x, h - 1 - y))),
            4 => self.mapped(h, w, |x, y| Some((y, h - 1 - x))),
            5 => self.mapped(h, w, |x, y| Some((y, x))),
            _ => self.mapped(h, w, |x, y| Some((w - 1 - y, h - 1 - x))),
        }
    }

    /// The part from `left`, `top` up to `right`, `lower`; black outside.
    pub(super) fn cropped(&self, left: i64, top: i64, width: u32, height: u32) -> Self {
        self.mapped(width, height, |x, y| self.inside(i64::from(x) + left, i64::from(y) + top))
    }

    fn inside(&self, x: i64, y: i64) -> Option<(u32, u32)> {
        let within = |n: i64, size: u32| u32::try_from(n).ok().filter(|n| *n < size);
        Some((within(x, self.width)?, within(y, self.height)?))
    }

    /// Turned by `degrees` against the clock around the middle; the size stays or grows to hold all.
    pub(super) fn rotated(&self, degrees: f64, expand: bool) -> Self {
        let angle = degrees.rem_euclid(360.0);
        let square = expand || self.width == self.height;
        match angle {
            0.0 => return self.clone(),
            180.0 => return self.transposed(3),
            90.0 if square => return self.transposed(2),
            270.0 if square => return self.transposed(4),
            _ => {}
        }
        let (w, h) = (f64::from(self.width), f64::from(self.height));
        let (sin, cos) = (-angle.to_radians()).sin_cos();
        let round = |n: f64| (n * 1e15).round() / 1e15;
        let (a, b, d, e) = (round(cos), round(sin), round(-sin), round(cos));
        let mut c = w / 2.0 - a * w / 2.0 - b * h / 2.0;
        let mut f = h / 2.0 - d * w / 2.0 - e * h / 2.0;
        let (mut out_w, mut out_h) = (w, h);
        if expand {
            let corners = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)];
            let xs = corners.map(|(x, y)| a * x + b * y + c);
            let ys = corners.map(|(x, y)| d * x + e * y + f);
            let span = |values: [f64; 4]| {
                let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
                high.ceil() - low.floor()
            };
            (out_w, out_h) = (span(xs), span(ys));
            let (x, y) = (-(out_w - w) / 2.0, -(out_h - h) / 2.0);
            (c, f) = (a * x + b * y + c, d * x + e * y + f);
        }
        // In 16 bits behind the point, as Pillow counts, so that the same pixels are found.
        let fixed = |n: f64| (n * 65_536.0 + 0.5).floor() as i64;
        let (c, f) = (fixed(c + a * 0.5 + b * 0.5), fixed(f + d * 0.5 + e * 0.5));
        let [a, b, d, e] = [a, b, d, e].map(fixed);
        self.mapped(out_w as u32, out_h as u32, |x, y| {
            let (x, y) = (i64::from(x), i64::from(y));
            self.inside((a * x + b * y + c) >> 16, (d * x + e * y + f) >> 16)
        })
    }

    /// A pixel as red, green, blue, alpha.
    fn rgba(&self, pixel: &[u8]) -> [u8; 4] {
        match (self.mode, pixel) {
            (Mode::P, [n]) => self.palette.get(usize::from(*n)).copied().unwrap_or(if self.palette.is_empty() {
                [*n, *n, *n, 255]
            } else {
                [0, 0, 0, 255]
            }),
            (_, [l]) => [*l, *l, *l, 255],
            (_, [l, a]) => [*l, *l, *l, *a],
            (_, [r, g, b]) => [*r, *g, *b, 255],
            (_, [r, g, b, a]) => [*r, *g, *b, *a],
            _ => [0; 4],
        }
    }

    fn each(&self, mode: Mode, convert: impl Fn([u8; 4]) -> [u8; 4]) -> Self {
        let mut data = Vec::with_capacity(self.data.len() / self.mode.len() * mode.len());
        for pixel in self.data.chunks_exact(self.mode.len()) {
            data.extend_from_slice(&convert(self.rgba(pixel))[..mode.len()]);
        }
        Self { mode, width: self.width, height: self.height, data, palette: Vec::new() }
    }

    /// In another mode.
    pub(super) fn converted(&self, mode: Mode) -> Self {
        if mode == self.mode {
            return self.clone();
        }
        match mode {
            Mode::L => self.each(mode, |[r, g, b, _]| [luma([r, g, b]), 0, 0, 0]),
            Mode::La => self.each(mode, |[r, g, b, a]| [luma([r, g, b]), a, 0, 0]),
            Mode::Rgb | Mode::Rgba => self.each(mode, |pixel| pixel),
            Mode::One => self.converted(Mode::L).dithered(),
            Mode::P => self.with_palette(),
        }
    }

    /// Black and white with the error spread over the neighbours, as Floyd and Steinberg did it.
    fn dithered(mut self) -> Self {
        let width = self.width as usize;
        let mut errors = vec![0_i32; width + 1];
        if width > 0 {
            for row in self.data.chunks_exact_mut(width) {
                let (mut l, mut l0, mut l1) = (0, 0, 0);
                for (x, value) in row.iter_mut().enumerate() {
                    l = (i32::from(*value) + (l + errors[x + 1]) / 16).clamp(0, 255);
                    *value = if l > 128 { 255 } else { 0 };
                    l -= i32::from(*value);
                    let (l2, d2) = (l, l + l);
                    l += d2;
                    errors[x] = l + l0;
                    l += d2;
                    l0 = l + l1;
                    l1 = l2;
                    l += d2;
                }
                errors[width] = l0;
            }
        }
        self.mode = Mode::One;
        self
    }

    /// With a palette: the picture's own colours where there are at most 256, else the 216 of the web.
    fn with_palette(&self) -> Self {
        if matches!(self.mode, Mode::L | Mode::One) {
            return Self { mode: Mode::P, palette: (0..=255).map(|l| [l, l, l, 255]).collect(), ..self.clone() };
        }
        let mut colors = indexmap::IndexSet::new();
        let pixels = || self.data.chunks_exact(self.mode.len()).map(|pixel| self.rgba(pixel));
        let few = pixels().all(|color| {
            colors.insert(color);
            colors.len() <= 256
        });
        let step = |value: u8| u8::try_from((u16::from(value) + 25) / 51).unwrap_or(5);
        let data = if few {
            pixels().map(|color| colors.get_index_of(&color).unwrap_or(0) as u8).collect()
        } else {
            colors = (0..216).map(|n: u8| [n / 36 * 51, n / 6 % 6 * 51, n % 6 * 51, 255]).collect();
            pixels().map(|[r, g, b, _]| step(r) * 36 + step(g) * 6 + step(b)).collect()
        };
        let (width, height) = (self.width, self.height);
        Self { mode: Mode::P, width, height, data, palette: colors.into_iter().collect() }
    }

    /// One channel as a picture of its own.
    pub(super) fn band(&self, n: usize) -> Self {
        let data = self.data.chunks_exact(self.mode.len()).map(|pixel| pixel[n]).collect();
        Self { mode: Mode::L, width: self.width, height: self.height, data, palette: Vec::new() }
    }

    /// Puts `other`, which has this mode, here with its corner at `x`, `y`.
    pub(super) fn paste(&mut self, other: &Self, x: i64, y: i64) {
        for row in 0..other.height {
            for column in 0..other.width {
                if let Some((to_x, to_y)) = self.inside(x + i64::from(column), y + i64::from(row)) {
                    let pixel = other.pixel(column, row).to_vec();
                    self.put(to_x, to_y, &pixel);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Raster {
        Raster { mode: Mode::L, width: 3, height: 2, data: vec![1, 2, 3, 4, 5, 6], palette: Vec::new() }
    }

    #[test]
    fn seven_ways_to_transpose() {
        let expected = [
            [3, 2, 1, 6, 5, 4],
            [4, 5, 6, 1, 2, 3],
            [3, 6, 2, 5, 1, 4],
            [6, 5, 4, 3, 2, 1],
            [4, 1, 5, 2, 6, 3],
            [1, 4, 2, 5, 3, 6],
            [6, 3, 5, 2, 4, 1],
        ];
        for (way, expected) in expected.iter().enumerate() {
            assert_eq!(sample().transposed(way).data, expected, "{}", TRANSPOSES[way]);
        }
        assert_eq!(sample().rotated(90.0, true), sample().transposed(2));
        assert_eq!(sample().rotated(-90.0, true), sample().transposed(4));
        let turned = sample().rotated(45.0, true);
        assert_eq!((turned.width, turned.height), (5, 4));
        assert_eq!(turned.data, [0, 0, 0, 0, 0, 0, 0, 2, 6, 0, 0, 1, 5, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn parts_and_modes() {
        assert_eq!(sample().cropped(-1, 1, 3, 2).data, [0, 4, 5, 0, 0, 0]);
        let colored = sample().converted(Mode::Rgba);
        assert_eq!(colored.pixel(1, 0), [2, 2, 2, 255]);
        assert_eq!(colored.converted(Mode::P).converted(Mode::L), sample());
        let grey = Raster::filled(Mode::L, 4, 1, &[128]);
        assert_eq!(grey.converted(Mode::One).data.iter().filter(|value| **value == 255).count(), 2);
    }
}
