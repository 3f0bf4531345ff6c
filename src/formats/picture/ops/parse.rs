//! Operations as a person writes them.

use super::{Crop, Filter, Flip, Mode, Rotation};
use crate::formats::FormatError;

/// A size as a person writes it: `300x200`.
///
/// # Errors
/// [`FormatError::Option`] that says how it is written.
///
/// ```
/// use seektell::formats::picture::ops::parse_size;
/// assert_eq!(parse_size("300x200").unwrap(), (300, 200));
/// assert!(parse_size("300").is_err() && parse_size("0x4").is_err());
/// ```
pub fn parse_size(text: &str) -> Result<(u32, u32), FormatError> {
    let side = |text: &str| text.trim().parse::<u32>().ok().filter(|side| *side > 0);
    let sides = text.split_once(['x', 'X', '×']).and_then(|(width, height)| side(width).zip(side(height)));
    sides.ok_or_else(|| FormatError::Option(format!("a size is written as WIDTHxHEIGHT, such as 300x200, not {text:?}")))
}

/// A part of a picture as a person writes it: `X,Y,W,H`.
///
/// # Errors
/// [`FormatError::Option`] that says how it is written.
pub fn parse_crop(text: &str) -> Result<Crop, FormatError> {
    let numbers: Option<Vec<u32>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[x, y, width, height]) if width > 0 && height > 0 => Ok(Crop { x, y, width, height }),
        _ => Err(FormatError::Option(format!("a part is written as X,Y,WIDTH,HEIGHT, such as 10,10,200,100, not {text:?}"))),
    }
}

/// One of a list of words, in any case.
fn one_of<T: Copy>(what: &str, text: &str, words: &[(&str, T)]) -> Result<T, FormatError> {
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text.trim()));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        FormatError::Option(format!("{what} is one of {}, not {text:?}", names.join(", ")))
    })
}

impl std::str::FromStr for Rotation {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let words = [
            ("90", Self::Clockwise90),
            ("180", Self::Half),
            ("270", Self::Clockwise270),
            ("-90", Self::Clockwise270),
            ("0", Self::None),
        ];
        one_of("the rotation in degrees", text, &words)
    }
}

impl std::str::FromStr for Flip {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let words =
            [("h", Self::Horizontal), ("v", Self::Vertical), ("horizontal", Self::Horizontal), ("vertical", Self::Vertical)];
        one_of("the flip", text, &words)
    }
}

impl std::str::FromStr for Filter {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let words = [
            ("lanczos", Self::Lanczos3),
            ("catmull-rom", Self::CatmullRom),
            ("bicubic", Self::CatmullRom),
            ("bilinear", Self::Bilinear),
            ("nearest", Self::Nearest),
            ("lanczos3", Self::Lanczos3),
        ];
        one_of("the filter", text, &words)
    }
}

/// Pillow's words, and plainer ones.
impl std::str::FromStr for Mode {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        if let Some(count) = text.trim().strip_prefix(['P', 'p']).and_then(|rest| rest.strip_prefix(':')) {
            return match count.parse::<u16>() {
                Ok(colors @ 2..=256) => Ok(Self::Palette { colors }),
                _ => Err(FormatError::Option(format!("a palette has 2 to 256 colours, not {count:?}"))),
            };
        }
        let palette = Self::Palette { colors: 256 };
        let words = [
            ("RGB", Self::Rgb),
            ("RGBA", Self::Rgba),
            ("L", Self::Grey),
            ("LA", Self::GreyAlpha),
            ("1", Self::Bilevel),
            ("P", palette),
            ("grey", Self::Grey),
            ("gray", Self::Grey),
            ("palette", palette),
        ];
        one_of("the mode", text, &words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_people_and_of_pillow_are_understood_and_others_named() {
        assert_eq!("270".parse::<Rotation>().unwrap(), Rotation::Clockwise270);
        assert_eq!("V".parse::<Flip>().unwrap(), Flip::Vertical);
        assert_eq!("Bicubic".parse::<Filter>().unwrap(), Filter::CatmullRom);
        assert_eq!("P:16".parse::<Mode>().unwrap(), Mode::Palette { colors: 16 });
        assert!("P:257".parse::<Mode>().unwrap_err().to_string().contains("2 to 256"));
        assert!("45".parse::<Rotation>().unwrap_err().to_string().contains("90, 180, 270"));
        assert_eq!(parse_crop(" 1,2, 3,4").unwrap(), Crop { x: 1, y: 2, width: 3, height: 4 });
        for wrong in ["", "1,2,3", "1,2,0,4", "1,2,3,4,5", "-1,2,3,4", "4294967296,0,1,1"] {
            assert!(parse_crop(wrong).is_err(), "{wrong}");
        }
    }
}
