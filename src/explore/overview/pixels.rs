//! Bytes taken for pixels.

/// How bytes become pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PixelFormat {
    /// One bit a pixel, the highest bit of a byte first; set is white.
    Bits,
    /// One byte a pixel, black to white.
    #[default]
    Grey,
    /// One byte a pixel, coloured by its class.
    Class,
    /// Two bytes, little-endian: five bits of red in the high end, six of green, five of blue.
    Rgb565,
    /// Three bytes.
    Rgb,
    /// Four bytes; the last is how opaque the pixel is.
    Rgba,
}

impl PixelFormat {
    /// All formats.
    pub const ALL: [Self; 6] = [Self::Bits, Self::Grey, Self::Class, Self::Rgb565, Self::Rgb, Self::Rgba];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bits => "1 bit",
            Self::Grey => "Grey, 8 bits",
            Self::Class => "Class of byte",
            Self::Rgb565 => "RGB 5-6-5",
            Self::Rgb => "RGB, 24 bits",
            Self::Rgba => "RGBA, 32 bits",
        }
    }

    /// Bits of one pixel.
    pub const fn bits(self) -> u64 {
        match self {
            Self::Bits => 1,
            Self::Grey | Self::Class => 8,
            Self::Rgb565 => 16,
            Self::Rgb => 24,
            Self::Rgba => 32,
        }
    }
}

/// How a run of bytes becomes a picture: `width` pixels from each `stride` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pixels {
    /// The format.
    pub format: PixelFormat,
    /// Pixels a row; at least 1.
    pub width: u32,
    /// Bytes from the start of one row to the start of the next; `None` where rows follow without a gap.
    pub stride: Option<u64>,
}

impl Pixels {
    /// The widest picture.
    pub const WIDEST: u32 = 8192;

    /// Bytes of the pixels of one row.
    pub fn row_bytes(&self) -> u64 {
        (u64::from(self.width.max(1)) * self.format.bits()).div_ceil(8)
    }

    /// Bytes from one row to the next; at least 1.
    pub fn stride(&self) -> u64 {
        self.stride.unwrap_or_else(|| self.row_bytes()).max(1)
    }

    /// How many rows `len` bytes have; the last may be incomplete.
    pub fn rows(&self, len: u64) -> u64 {
        len.div_ceil(self.stride())
    }

    /// The byte, from the first of the first row, that the pixel at `x` in row `y` begins in.
    pub fn offset(&self, x: u32, y: u64) -> u64 {
        y.saturating_mul(self.stride()).saturating_add(u64::from(x) * self.format.bits() / 8)
    }

    /// The pixels of one row as red, green, blue and opacity; `bytes` begins where the row does. Pixels that the bytes do
    /// not suffice for are left out. `classes` are the colours of the classes of bytes.
    pub fn row(&self, bytes: &[u8], classes: &[[u8; 4]; 6], out: &mut Vec<[u8; 4]>) {
        let width = self.width as usize;
        let grey = |value: u8| [value, value, value, 255];
        match self.format {
            PixelFormat::Bits => {
                let bit = |at: usize| bytes.get(at / 8).map(|byte| grey(if byte >> (7 - at % 8) & 1 == 1 { 255 } else { 0 }));
                out.extend((0..width).map_while(bit));
            }
            PixelFormat::Grey => out.extend(bytes.iter().take(width).map(|&byte| grey(byte))),
            PixelFormat::Class => {
                out.extend(bytes.iter().take(width).map(|&byte| classes[super::Class::of(byte) as usize]));
            }
            PixelFormat::Rgb565 => out.extend(bytes.chunks_exact(2).take(width).map(|two| {
                let value = u16::from_le_bytes([two[0], two[1]]);
                let (red, green, blue) = ((value >> 11) as u32, (value >> 5 & 63) as u32, (value & 31) as u32);
                [(red * 255 / 31) as u8, (green * 255 / 63) as u8, (blue * 255 / 31) as u8, 255]
            })),
            PixelFormat::Rgb => out.extend(bytes.chunks_exact(3).take(width).map(|rgb| [rgb[0], rgb[1], rgb[2], 255])),
            PixelFormat::Rgba => {
                out.extend(bytes.chunks_exact(4).take(width).map(|rgba| [rgba[0], rgba[1], rgba[2], rgba[3]]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(format: PixelFormat, width: u32, bytes: &[u8]) -> Vec<[u8; 4]> {
        let mut out = Vec::new();
        Pixels { format, width, stride: None }.row(bytes, &[[1; 4], [2; 4], [3; 4], [4; 4], [5; 4], [6; 4]], &mut out);
        out
    }

    #[test]
    fn each_format_reads_its_pixels() {
        let (black, white) = ([0, 0, 0, 255], [255; 4]);
        assert_eq!(row(PixelFormat::Bits, 10, &[0b1000_0001, 0b0100_0000])[..3], [white, black, black]);
        assert_eq!(row(PixelFormat::Bits, 10, &[0b1000_0001, 0b0100_0000])[7..], [white, black, white]);
        assert_eq!(row(PixelFormat::Grey, 9, &[0, 128]), [black, [128, 128, 128, 255]]);
        assert_eq!(row(PixelFormat::Class, 9, b"\0a \x01\x80\xFF"), [[1; 4], [2; 4], [3; 4], [4; 4], [5; 4], [6; 4]]);
        assert_eq!(row(PixelFormat::Rgb565, 9, &[0x00, 0xF8, 0xE0, 0x07, 0x1F]), [[255, 0, 0, 255], [0, 255, 0, 255]]);
        assert_eq!(row(PixelFormat::Rgb, 1, &[1, 2, 3, 4, 5, 6]), [[1, 2, 3, 255]]);
        assert_eq!(row(PixelFormat::Rgba, 2, &[1, 2, 3, 4, 5, 6, 7]), [[1, 2, 3, 4]]);
    }

    #[test]
    fn places_follow_from_the_stride() {
        let pixels = Pixels { format: PixelFormat::Rgb, width: 10, stride: None };
        assert_eq!((pixels.row_bytes(), pixels.rows(61), pixels.offset(2, 3)), (30, 3, 96));
        let bits = Pixels { format: PixelFormat::Bits, width: 12, stride: Some(4) };
        assert_eq!((bits.row_bytes(), bits.offset(9, 1), bits.rows(u64::MAX)), (2, 5, 1 << 62));
        assert_eq!(Pixels { stride: Some(0), ..bits }.stride(), 1);
    }
}
