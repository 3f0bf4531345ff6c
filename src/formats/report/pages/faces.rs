//! The faces of a report, and which of them has a character.
//!
//! A chain: the font files that a recipe names, then Inter, then JetBrains Mono, Ubuntu Light and Hack, which know more
//! scripts. Characters stand one behind the other as wide as they are: scripts that join or reorder their letters need a
//! shaper, which is told as a loss.

use std::collections::HashMap;

use ttf_parser::{Face, GlyphId};

use crate::buffer::Buffer;
use crate::formats::table::counted;
use crate::formats::{FormatError, Loss};

/// A font file may have so many bytes.
const MAX_FONT: u64 = 64 << 20;

const BUNDLED: [&[u8]; 4] = [
    include_bytes!("../../../../assets/fonts/Inter-Regular.otf"),
    include_bytes!("../../../../assets/fonts/JetBrainsMono-Regular.ttf"),
    epaint_default_fonts::UBUNTU_LIGHT,
    epaint_default_fonts::HACK_REGULAR,
];

/// A character's place in a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::formats::report) struct Glyph {
    /// Which face of the chain.
    pub(in crate::formats::report) face: u8,
    pub(in crate::formats::report) id: u16,
    /// How far the next one stands from it, in sizes of the face.
    pub(in crate::formats::report) advance: f32,
    /// Whether no face has the character, and this one stands for it.
    pub(in crate::formats::report) missing: bool,
}

/// The chain.
pub(in crate::formats::report) struct Faces<'a> {
    pub(in crate::formats::report) chain: Vec<(&'a [u8], Face<'a>)>,
    known: HashMap<char, Glyph>,
    /// ASCII without hashing: most text is.
    ascii: [Option<Glyph>; 128],
    missing: HashMap<char, u64>,
    unshaped: u64,
}

/// The bytes of font files.
pub(in crate::formats::report) fn load(fonts: &[Buffer]) -> Result<Vec<Vec<u8>>, FormatError> {
    let load = |font: &Buffer| {
        let len = font.len().get();
        if len > MAX_FONT {
            return Err(FormatError::Limit { what: format!("a font has {len} bytes"), limit: format!("{} MiB", MAX_FONT >> 20) });
        }
        Ok(font.to_vec_all()?)
    };
    fonts.iter().map(load).collect()
}

impl<'a> Faces<'a> {
    pub(in crate::formats::report) fn new(fonts: &'a [Vec<u8>]) -> Result<Self, FormatError> {
        let mut chain = Vec::new();
        for data in fonts.iter().map(Vec::as_slice).chain(BUNDLED) {
            let face = Face::parse(data, 0).map_err(|error| {
                FormatError::Option(format!("a font of the report is no TrueType or OpenType font ({error})"))
            })?;
            if face.is_variable() || face.tables().glyf.is_none() && face.tables().cff.is_none() {
                let what = "a font of the report is a variable one or has no outlines; name a static TrueType or OpenType font";
                return Err(FormatError::Option(what.into()));
            }
            chain.push((data, face));
        }
        if chain.len() > usize::from(u8::MAX) {
            return Err(FormatError::Option("a report has at most 250 fonts".into()));
        }
        Ok(Self { chain, known: HashMap::new(), ascii: [None; 128], missing: HashMap::new(), unshaped: 0 })
    }

    /// The glyph of a character: of the first face that has it, else the sign for an unknown one.
    pub(in crate::formats::report) fn glyph(&mut self, character: char) -> Glyph {
        let ascii = (character as usize) < 128;
        if ascii && let Some(glyph) = self.ascii[character as usize] {
            return glyph;
        }
        if let Some(glyph) = self.known.get(&character) {
            return *glyph;
        }
        let found = self.find(character, false);
        let glyph =
            found.or_else(|| self.find('\u{fffd}', true)).unwrap_or(Glyph { face: 0, id: 0, advance: 0.6, missing: true });
        if ascii {
            self.ascii[character as usize] = Some(glyph);
        }
        self.known.insert(character, glyph);
        glyph
    }

    fn find(&self, character: char, missing: bool) -> Option<Glyph> {
        self.chain.iter().enumerate().find_map(|(index, (_, face))| {
            let id = face.glyph_index(character).filter(|id| *id != GlyphId(0))?;
            let units = f32::from(face.units_per_em().max(1));
            let advance = f32::from(face.glyph_hor_advance(id).unwrap_or(0)) / units;
            Some(Glyph { face: index as u8, id: id.0, advance, missing })
        })
    }

    /// The width of a text in points.
    pub(in crate::formats::report) fn width(&mut self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.glyph(character).advance).sum::<f32>() * size
    }

    /// Notes the characters of a line that is written.
    pub(in crate::formats::report) fn note(&mut self, text: &str) {
        if text.is_ascii() {
            return;
        }
        for character in text.chars() {
            self.unshaped += u64::from(needs_shaping(character));
            if self.glyph(character).missing && self.missing.len() < 10_000 {
                *self.missing.entry(character).or_default() += 1;
            }
        }
    }

    /// What the faces could not do.
    pub(in crate::formats::report) fn losses(&self) -> Vec<Loss> {
        let mut losses = Vec::new();
        if !self.missing.is_empty() {
            let mut characters: Vec<_> = self.missing.iter().map(|(character, count)| (*count, *character)).collect();
            characters.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
            let shown: Vec<_> = characters.iter().take(8).map(|(_, character)| format!("U+{:04X}", *character as u32)).collect();
            let more = if characters.len() > 8 { " and others" } else { "" };
            let all = characters.iter().map(|(count, _)| count).sum();
            let count = counted(all, "character has", "characters have");
            losses.push(Loss::new(format!(
                "{count} no glyph in the report's fonts and cannot be read or found: {}{more}; name a font that has them",
                shown.join(", ")
            )));
        }
        if self.unshaped > 0 {
            let count = counted(self.unshaped, "letter", "letters");
            losses.push(Loss::new(format!(
                "{count} of scripts that join or reorder their letters stand one after the other from left to right"
            )));
        }
        losses
    }
}

/// Scripts from right to left, and those of India and its neighbours.
fn needs_shaping(character: char) -> bool {
    matches!(character as u32, 0x0590..=0x08ff | 0x0900..=0x0dff | 0x0e80..=0x109f | 0x1780..=0x17ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefe | 0x1e800..=0x1eeff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_of_europe_has_glyphs_and_what_has_none_is_told() {
        let mut faces = Faces::new(&[]).unwrap();
        for character in "aÄßŁőİ€’–…→✓АЯёҐαΩώ".chars() {
            assert!(!faces.glyph(character).missing, "{character}");
        }
        assert!(faces.width("WW", 10.0) > faces.width("ii", 10.0));
        faces.note("漢字 漢 אב");
        let losses = faces.losses();
        assert!(losses[0].what.starts_with("5 characters have no glyph"), "{losses:?}");
        assert!(losses[0].what.contains("U+6F22"), "{losses:?}");
        assert!(losses[1].what.starts_with("2 letters"), "{losses:?}");
    }

    #[test]
    fn what_is_no_font_is_refused() {
        assert!(Faces::new(&[b"no font".to_vec()]).is_err());
    }
}
