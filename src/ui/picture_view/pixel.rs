//! What one pixel holds, in words.

use image::{DynamicImage, GenericImageView};

/// The value of a pixel as it is stored, and as eight bits a channel.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pixel {
    /// "R 255  G 128  B 0  A 255", as deep as it was stored.
    pub(super) stored: String,
    /// `#FF8000`, with two more digits where the picture has alpha.
    pub(super) hex: String,
}

/// Reads a pixel; `None` outside of the picture.
pub(super) fn pixel(image: &DynamicImage, x: u32, y: u32) -> Option<Pixel> {
    if x >= image.width() || y >= image.height() {
        return None;
    }
    let stored = match image {
        DynamicImage::ImageLuma8(image) => words(&image.get_pixel(x, y).0),
        DynamicImage::ImageLumaA8(image) => words(&image.get_pixel(x, y).0),
        DynamicImage::ImageRgb8(image) => words(&image.get_pixel(x, y).0),
        DynamicImage::ImageRgba8(image) => words(&image.get_pixel(x, y).0),
        DynamicImage::ImageLuma16(image) => words(&image.get_pixel(x, y).0),
        DynamicImage::ImageLumaA16(image) => words(&image.get_pixel(x, y).0),
        DynamicImage::ImageRgb16(image) => words(&image.get_pixel(x, y).0),
        DynamicImage::ImageRgba16(image) => words(&image.get_pixel(x, y).0),
        DynamicImage::ImageRgb32F(image) => words(&image.get_pixel(x, y).0),
        DynamicImage::ImageRgba32F(image) => words(&image.get_pixel(x, y).0),
        other => words(&other.get_pixel(x, y).0),
    };
    let [r, g, b, a] = image.get_pixel(x, y).0;
    let mut hex = format!("#{r:02X}{g:02X}{b:02X}");
    if image.color().has_alpha() {
        hex += &format!("{a:02X}");
    }
    Some(Pixel { stored, hex })
}

fn words<T: std::fmt::Display>(channels: &[T]) -> String {
    let names: &[&str] = match channels.len() {
        1 => &["Grey"],
        2 => &["Grey", "A"],
        _ => &["R", "G", "B", "A"],
    };
    names.iter().zip(channels).map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, ImageBuffer, Luma, Rgba, RgbaImage};

    #[test]
    fn values_are_those_that_are_stored() {
        let rgba = RgbaImage::from_pixel(2, 1, Rgba([255, 128, 0, 64])).into();
        let found = pixel(&rgba, 1, 0).unwrap();
        assert_eq!((found.stored.as_str(), found.hex.as_str()), ("R 255  G 128  B 0  A 64", "#FF800040"));
        assert_eq!(pixel(&rgba, 2, 0), None);
        let grey: DynamicImage = GrayImage::from_pixel(1, 1, Luma([7])).into();
        assert_eq!(pixel(&grey, 0, 0).unwrap(), Pixel { stored: "Grey 7".into(), hex: "#070707".into() });
        let deep: DynamicImage = ImageBuffer::from_pixel(1, 1, Rgba([65535u16, 257, 0, 65535])).into();
        let found = pixel(&deep, 0, 0).unwrap();
        assert_eq!((found.stored.as_str(), found.hex.as_str()), ("R 65535  G 257  B 0  A 65535", "#FF0100FF"));
    }
}
