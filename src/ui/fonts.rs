//! The faces of the window: one for words, one for bytes and code, both of regular weight and bundled, so that text looks
//! the same on every machine. egui's own faces stay behind them, and the system's fonts behind those.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

/// The name of the face for words.
pub const WORDS: &str = "Inter";
/// The name of the fixed-width face.
pub const FIXED: &str = "JetBrains Mono";

/// egui's definitions with the two bundled faces in front. The fixed-width face also stands behind the one for words,
/// because it has signs that the other lacks.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let words = FontData::from_static(include_bytes!("../../assets/fonts/Inter-Regular.otf"));
    let fixed = FontData::from_static(include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf"));
    fonts.font_data.insert(WORDS.into(), Arc::new(words));
    fonts.font_data.insert(FIXED.into(), Arc::new(fixed));
    fonts.families.entry(FontFamily::Proportional).or_default().splice(0..0, [WORDS.into(), FIXED.into()]);
    fonts.families.entry(FontFamily::Monospace).or_default().splice(0..0, [FIXED.into(), WORDS.into()]);
    fonts
}

#[cfg(test)]
mod tests {
    use egui::FontId;
    use egui::epaint::text::{Fonts, TextOptions};

    use super::*;

    #[test]
    fn every_sign_that_the_window_uses_has_a_glyph_and_digits_are_as_wide_as_each_other() {
        let mut fonts = Fonts::new(TextOptions::default(), definitions());
        let mut view = fonts.with_pixels_per_point(1.0);
        for font in [FontId::proportional(14.0), FontId::monospace(14.0)] {
            for sign in "…×→←↑↓·•–—°✓⌘⇧␍␊␉\u{FFFD}▶▼éñßŁ".chars() {
                assert!(view.has_glyph(&font, sign), "{sign} in {:?}", font.family);
            }
        }
        let mono = FontId::monospace(14.0);
        let width = view.glyph_width(&mono, '0');
        assert!(width > 0.0);
        for sign in " 19AFWil·␊".chars() {
            assert_eq!(view.glyph_width(&mono, sign), width, "{sign}");
        }
    }

    #[test]
    fn the_bundled_faces_are_small() {
        for name in [WORDS, FIXED] {
            let size = definitions().font_data[name].bytes().len();
            assert!((20_000..200_000).contains(&size), "{name}: {size} bytes");
        }
    }
}
