//! All colours, spacing and text sizes, and how egui is told of them.
#![expect(clippy::disallowed_methods, reason = "this is the one place where colours are made")]

use egui::epaint::Shadow;
use egui::style::{ScrollStyle, Selection, Style, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Visuals, vec2};

use crate::app::ThemeChoice;
use crate::document::BookmarkColor;

/// The colours of one theme, by what they mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Whether the ground is dark.
    pub dark: bool,
    /// The ground of the views.
    pub ground: Color32,
    /// The ground of panels and bars.
    pub panel: Color32,
    /// The ground of buttons and fields at rest.
    pub control: Color32,
    /// The ground of what the pointer is on.
    pub hover: Color32,
    /// Lines between things.
    pub line: Color32,
    /// Ordinary text.
    pub text: Color32,
    /// Text of less weight: labels, addresses.
    pub text_dim: Color32,
    /// The one accent: the cursor, what is active, links.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// The ground of selected bytes, cells, rows.
    pub selection: Color32,
    /// The ground of what the last call read.
    pub read: Color32,
    /// The ground of what the last call wrote.
    pub written: Color32,
    /// The ground of the match that was gone to, in text.
    pub found_now: Color32,
    /// The ground of what differs from what was saved last.
    pub changed: Color32,
    /// The ground of what differs in a comparison.
    pub differs: Color32,
    /// The ground of what only one side of a comparison has.
    pub added: Color32,
    /// The ground of what stands beside bytes that one side of a comparison does not have.
    pub missing: Color32,
    /// The ground of what a search found.
    pub found: Color32,
    /// Grounds of the parts of a structure, by number.
    pub structure: [Color32; 8],
    /// Grounds of bookmarks, by number.
    pub bookmarks: [Color32; 8],
    /// The lines under bookmarks, in the order of [`BookmarkColor::ALL`].
    pub bookmark_line: [Color32; 6],
    /// The gap between the end and a cursor past it.
    pub gap: Color32,
    /// Small marks that stand for [`Theme::differs`] and [`Theme::added`] where there is no byte on them.
    pub compare_marks: [Color32; 2],
    /// Bytes 0x00, on the ground itself; on a tinted ground they take [`Theme::text_dim`].
    pub byte_zero: Color32,
    /// Control bytes.
    pub byte_control: Color32,
    /// Printable ASCII bytes.
    pub byte_ascii: Color32,
    /// Spaces, tabs and line ends.
    pub byte_space: Color32,
    /// Bytes from 0x80.
    pub byte_high: Color32,
    /// Bytes 0xFF: what erased memory is made of.
    pub byte_full: Color32,
    /// Bytes that could not be read.
    pub byte_unreadable: Color32,
    /// Good news.
    pub good: Color32,
    /// Warnings, ragged rows.
    pub warning: Color32,
    /// Errors.
    pub error: Color32,
    /// Fills of the classes of bytes in pictures of many, in the order of [`Class::ALL`](crate::explore::overview::Class::ALL): the
    /// hues that the bytes themselves have.
    pub classes: [Color32; 6],
    /// From little to much in pictures: entropy, counts.
    pub ramp: [Color32; 5],
    /// The two squares of the board behind transparent pixels.
    pub checker: [Color32; 2],
}

/// The unit of spacing in points; every distance is a multiple or a half of it.
pub const UNIT: f32 = 4.0;
/// Height of a row in the hex, text and table views, in points.
pub const ROW: f32 = 20.0;
/// Size of text in points.
pub const TEXT: f32 = 14.0;
/// Size of small text: labels, addresses' headings.
pub const SMALL: f32 = 12.0;
/// Size of headings.
pub const HEADING: f32 = 18.0;
/// Size of the fixed-width text of bytes and code.
pub const MONO: f32 = 14.0;
/// Width of the ring around what has the keyboard, in points.
pub const FOCUS_RING: f32 = 2.0;

/// The font of words at a size.
pub fn words(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// The fixed-width font at its usual size.
pub fn mono() -> FontId {
    FontId::new(MONO, FontFamily::Monospace)
}

/// Gives a context the bundled fonts and both themes. To be called once, before the first frame.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(super::fonts::definitions());
    ctx.set_style_of(egui::Theme::Dark, Theme::dark().style());
    ctx.set_style_of(egui::Theme::Light, Theme::light().style());
}

/// Has a context follow a choice of theme.
pub fn choose(ctx: &egui::Context, choice: ThemeChoice) {
    ctx.set_theme(match choice {
        ThemeChoice::System => egui::ThemePreference::System,
        ThemeChoice::Dark => egui::ThemePreference::Dark,
        ThemeChoice::Light => egui::ThemePreference::Light,
    });
}

/// What a texture is multiplied by to be shown as it is.
pub const NO_TINT: Color32 = Color32::WHITE;

/// A colour that a document holds: red, green, blue, alpha.
pub fn content([r, g, b, a]: [u8; 4]) -> Color32 {
    Color32::from_rgba_unmultiplied(r, g, b, a)
}

impl Theme {
    /// Light text on a dark ground.
    pub fn dark() -> Self {
        let c = |rgb: u32| Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8);
        Self {
            dark: true,
            ground: c(0x16191e),
            panel: c(0x1e2228),
            control: c(0x2a2f37),
            hover: c(0x323840),
            line: c(0x343a43),
            text: c(0xe3e6ea),
            text_dim: c(0xa9b1bc),
            accent: c(0xf2a33a),
            on_accent: c(0x1b1408),
            selection: c(0x1f3f66),
            read: c(0x17402f),
            written: c(0x4a2f16),
            found_now: c(0x583a08),
            changed: c(0x692d23),
            differs: c(0x771e2c),
            added: c(0x124a1c),
            missing: c(0x313f5c),
            found: c(0x4d3e00),
            structure: [0x203b55, 0x184026, 0x4c331d, 0x532562, 0x183e3e, 0x3f3818, 0x5e243c, 0x283e18].map(c),
            bookmarks: [0x104171, 0x0b4a20, 0x60340e, 0x671384, 0x0a4646, 0x4a3f0b, 0x7b123e, 0x24480a].map(c),
            bookmark_line: [0xe0c341, 0xee9a4a, 0xf0766d, 0xb48be8, 0x6aa6f0, 0x5cc27d].map(c),
            gap: c(0x2a2430),
            compare_marks: [c(0xf07080), c(0x5fc98a)],
            byte_zero: c(0x848d98),
            byte_control: c(0xcfa0ee),
            byte_ascii: c(0xe3e6ea),
            byte_high: c(0x8fc0ff),
            byte_space: c(0x8fd6a4),
            byte_full: c(0xf3b27a),
            byte_unreadable: c(0xff9088),
            good: c(0x6fd08c),
            warning: c(0xf0c55a),
            error: c(0xff8a80),
            classes: [0x4b5460, 0xd3d8de, 0x6cc489, 0xb47be4, 0x559fe8, 0xf0963c].map(c),
            ramp: [0x232c4d, 0x2f6f8f, 0x35b07a, 0xc6d44a, 0xfff3a0].map(c),
            checker: [c(0x3a3f47), c(0x4a5059)],
        }
    }

    /// Dark text on a light ground.
    pub fn light() -> Self {
        let c = |rgb: u32| Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8);
        Self {
            dark: false,
            ground: c(0xffffff),
            panel: c(0xf3f4f6),
            control: c(0xe6e8ec),
            hover: c(0xdadee4),
            line: c(0xd3d7dd),
            text: c(0x1c2026),
            text_dim: c(0x505965),
            accent: c(0x9c5300),
            on_accent: c(0xffffff),
            selection: c(0xc4ddf9),
            read: c(0xcdeed9),
            written: c(0xffe3bf),
            found_now: c(0xffd27a),
            changed: c(0xfbd3cd),
            differs: c(0xfed1d9),
            added: c(0xb4f0bf),
            missing: c(0xd2ddf5),
            found: c(0xffdb49),
            structure: [0xd5e6f8, 0xb5f2c9, 0xf6e1cd, 0xf2ddf9, 0xadf1f1, 0xf0e5ab, 0xf9dde8, 0xc7f0ab].map(c),
            bookmarks: [0xbcdcfd, 0x8cf0ae, 0xfdd1aa, 0xf1ccfe, 0x7fe9e9, 0xf3da66, 0xfecbe0, 0xa8ec72].map(c),
            bookmark_line: [0xb89600, 0xc46a12, 0xc43c32, 0x8245c2, 0x1f6fd0, 0x1f8a47].map(c),
            gap: c(0xece6f2),
            compare_marks: [c(0xd0303f), c(0x1f9a54)],
            byte_zero: c(0x6a727d),
            byte_control: c(0x7a35b0),
            byte_ascii: c(0x1c2026),
            byte_high: c(0x0b58b0),
            byte_space: c(0x17622f),
            byte_full: c(0x8a4100),
            byte_unreadable: c(0xb3261e),
            good: c(0x186b34),
            warning: c(0x7a5600),
            error: c(0xb3261e),
            classes: [0xc3cad3, 0x4a525d, 0x3fa565, 0x9a4fd0, 0x2f7fd0, 0xd9731a].map(c),
            ramp: [0xdde6f2, 0x8fc1d9, 0x3c9a83, 0x3a5fa0, 0x3a1f66].map(c),
            checker: [c(0xe6e8eb), c(0xffffff)],
        }
    }

    /// The ground of the matches of a needle, by its number in the query: a search of one needle has [`Theme::found`], the
    /// others have the tints of bookmarks that are furthest from it; numbers past the end begin anew.
    pub fn found_of(&self, needle: u16) -> Color32 {
        const TINTS: [usize; 7] = [4, 3, 1, 6, 0, 2, 7];
        match usize::from(needle) % (TINTS.len() + 1) {
            0 => self.found,
            number => self.bookmarks[TINTS[number - 1]],
        }
    }

    /// The ground and the line of a bookmark's colour.
    pub fn bookmark(&self, color: BookmarkColor) -> (Color32, Color32) {
        let at = BookmarkColor::ALL.iter().position(|&one| one == color).unwrap_or_default();
        (self.bookmarks[usize::from(Self::bookmark_ground(color))], self.bookmark_line[at])
    }

    /// The number of a bookmark's colour in [`Theme::bookmarks`].
    pub const fn bookmark_ground(color: BookmarkColor) -> u8 {
        match color {
            BookmarkColor::Blue => 0,
            BookmarkColor::Green => 1,
            BookmarkColor::Orange => 2,
            BookmarkColor::Purple => 3,
            BookmarkColor::Yellow => 5,
            BookmarkColor::Red => 6,
        }
    }

    /// The colour of a byte by what it is.
    pub fn byte_class(&self, byte: u8) -> Color32 {
        match byte {
            0 => self.byte_zero,
            b'\t'..=b'\r' | b' ' => self.byte_space,
            0x21..=0x7E => self.byte_ascii,
            0xFF => self.byte_full,
            0x80.. => self.byte_high,
            _ => self.byte_control,
        }
    }

    /// The colours of bytes by value: all as bright as each other, from blue over green to red.
    pub fn gradient(&self) -> [Color32; 256] {
        let (saturation, wanted) = if self.dark { (0.9, 0.47) } else { (0.85, 0.085) };
        std::array::from_fn(|value| of_luminance(250.0 - 250.0 * value as f32 / 255.0, saturation, wanted))
    }

    /// The theme that a context shows now.
    pub fn of(ctx: &egui::Context) -> Self {
        match ctx.theme() {
            egui::Theme::Dark => Self::dark(),
            egui::Theme::Light => Self::light(),
        }
    }

    /// The colour between two: `a` where `t` is 0, `b` where it is 1.
    pub fn mix(a: Color32, b: Color32, t: f32) -> Color32 {
        let (a, b) = (a.to_array(), b.to_array());
        let channel = |i: usize| (f32::from(a[i]) + (f32::from(b[i]) - f32::from(a[i])) * t).round() as u8;
        Color32::from_rgb(channel(0), channel(1), channel(2))
    }

    /// The colour for a share from 0 to 1 in [`Theme::ramp`].
    pub fn ramp_at(&self, share: f32) -> Color32 {
        let steps = self.ramp.len() - 1;
        let place = if share.is_finite() { share.clamp(0.0, 1.0) * steps as f32 } else { 0.0 };
        let step = (place as usize).min(steps - 1);
        Self::mix(self.ramp[step], self.ramp[step + 1], place - step as f32)
    }

    /// Two squares behind a picture that are both one colour, as a person chose it.
    pub fn plain_board([r, g, b]: [u8; 3]) -> [Color32; 2] {
        [Color32::from_rgb(r, g, b); 2]
    }

    /// The channels of a picture in its histogram: red, green, blue, alpha or grey.
    pub fn channel(&self, channel: usize) -> Color32 {
        match channel {
            0 => self.error,
            1 => self.good,
            2 => self.byte_high,
            _ => self.text_dim,
        }
    }

    /// A colour of red, green, blue and opacity, as files have them: pictures of bytes.
    pub fn pixel(rgba: [u8; 4]) -> Color32 {
        Color32::from_rgba_unmultiplied(rgba[0], rgba[1], rgba[2], rgba[3])
    }

    /// This theme in egui's terms.
    pub fn style(&self) -> Style {
        let mut style = Style { visuals: self.visuals(), ..Style::default() };
        style.text_styles = [
            (TextStyle::Small, words(SMALL)),
            (TextStyle::Body, words(TEXT)),
            (TextStyle::Button, words(TEXT)),
            (TextStyle::Heading, words(HEADING)),
            (TextStyle::Monospace, mono()),
        ]
        .into();
        let spacing = &mut style.spacing;
        spacing.item_spacing = vec2(2.0 * UNIT, 1.5 * UNIT);
        spacing.button_padding = vec2(2.0 * UNIT, UNIT);
        spacing.interact_size = vec2(10.0 * UNIT, 6.0 * UNIT);
        spacing.window_margin = Margin::same(16);
        spacing.menu_margin = Margin::same(4);
        spacing.indent = 4.0 * UNIT;
        spacing.combo_width = 24.0 * UNIT;
        spacing.tooltip_width = 100.0 * UNIT;
        spacing.scroll = ScrollStyle::solid();
        style.interaction.tooltip_delay = 0.4;
        style.interaction.selectable_labels = true;
        style
    }

    fn visuals(&self) -> Visuals {
        let base = if self.dark { Visuals::dark() } else { Visuals::light() };
        let shade = if self.dark { 110 } else { 40 };
        Visuals {
            override_text_color: None,
            weak_text_color: Some(self.text_dim),
            widgets: self.widgets(),
            selection: Selection { bg_fill: self.selection, stroke: Stroke::new(1.0, self.text) },
            hyperlink_color: self.accent,
            faint_bg_color: Self::mix(self.panel, self.control, 0.4),
            extreme_bg_color: self.ground,
            text_edit_bg_color: Some(self.ground),
            code_bg_color: self.control,
            warn_fg_color: self.warning,
            error_fg_color: self.error,
            window_corner_radius: CornerRadius::same(8),
            window_shadow: Shadow { offset: [0, 8], blur: 24, spread: 0, color: Color32::from_black_alpha(shade) },
            window_fill: self.panel,
            window_stroke: Stroke::new(1.0, self.line),
            menu_corner_radius: CornerRadius::same(6),
            panel_fill: self.panel,
            popup_shadow: Shadow { offset: [0, 4], blur: 12, spread: 0, color: Color32::from_black_alpha(shade) },
            text_cursor: TextCursorStyle { stroke: Stroke::new(2.0, self.accent), blink: false, ..Default::default() },
            ..base
        }
    }

    fn widgets(&self) -> Widgets {
        let widget = |fill: Color32, border: Stroke, text: Color32| WidgetVisuals {
            bg_fill: fill,
            weak_bg_fill: fill,
            bg_stroke: border,
            corner_radius: CornerRadius::same(4),
            fg_stroke: Stroke::new(1.0, text),
            expansion: 0.0,
        };
        let line = Stroke::new(1.0, self.line);
        Widgets {
            noninteractive: widget(self.panel, line, self.text),
            inactive: widget(self.control, line, self.text),
            hovered: widget(self.hover, Stroke::new(1.0, self.text_dim), self.text),
            active: widget(self.hover, Stroke::new(FOCUS_RING, self.accent), self.text),
            open: widget(self.hover, line, self.text),
        }
    }
}

/// The relative luminance of WCAG 2, 0 to 1.
fn luminance(color: Color32) -> f64 {
    let linear = |byte: u8| {
        let value = f64::from(byte) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

/// The colour of a hue in degrees and a saturation that is this bright, to the nearest that a screen shows.
fn of_luminance(hue: f32, saturation: f32, wanted: f64) -> Color32 {
    let at = |lightness: f32| {
        let chroma = saturation * lightness.min(1.0 - lightness);
        let channel = |n: f32| {
            let k = (n + hue / 30.0) % 12.0;
            ((lightness - chroma * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)) * 255.0).round() as u8
        };
        Color32::from_rgb(channel(0.0), channel(8.0), channel(4.0))
    };
    let (mut dark, mut light) = (0.0, 1.0);
    for _ in 0..12 {
        let middle = f32::midpoint(dark, light);
        if luminance(at(middle)) < wanted { dark = middle } else { light = middle }
    }
    at(light)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast ratio of WCAG 2, 1 to 21.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_is_readable_on_every_ground_it_stands_on() {
        let mut failures = Vec::new();
        for theme in [Theme::dark(), Theme::light()] {
            let t = &theme;
            let mut byte_grounds = vec![
                ("ground", t.ground),
                ("selection", t.selection),
                ("read", t.read),
                ("written", t.written),
                ("found_now", t.found_now),
                ("gap", t.gap),
                ("changed", t.changed),
                ("differs", t.differs),
                ("added", t.added),
                ("missing", t.missing),
                ("found", t.found),
            ];
            byte_grounds.extend(t.structure.map(|color| ("structure", color)));
            byte_grounds.extend(t.bookmarks.map(|color| ("bookmarks", color)));
            let plain = [("ground", t.ground), ("panel", t.panel), ("control", t.control), ("hover", t.hover)];
            let quiet = [("ground", t.ground), ("panel", t.panel), ("control", t.control)];
            let mut check = |name: &str, text: Color32, grounds: &[(&str, Color32)]| {
                for (ground, color) in grounds {
                    let ratio = contrast(text, *color);
                    if ratio < 4.5 {
                        failures.push(format!("{} {name} on {ground}: {ratio:.2}", if t.dark { "dark" } else { "light" }));
                    }
                }
            };
            for (name, color) in [
                ("byte_control", t.byte_control),
                ("byte_ascii", t.byte_ascii),
                ("byte_high", t.byte_high),
                ("byte_space", t.byte_space),
                ("byte_full", t.byte_full),
                ("byte_unreadable", t.byte_unreadable),
                ("text", t.text),
                ("text_dim", t.text_dim),
            ] {
                check(name, color, &byte_grounds);
            }
            check("text", t.text, &plain);
            check("text_dim", t.text_dim, &plain);
            for (name, color) in [("accent", t.accent), ("good", t.good), ("warning", t.warning), ("error", t.error)] {
                check(name, color, &quiet);
            }
            for (value, color) in t.gradient().into_iter().enumerate() {
                check(&format!("value {value:02X}"), color, &byte_grounds);
            }
            check("byte_zero", t.byte_zero, &byte_grounds[..1]);
            check("on_accent", t.on_accent, &[("accent", t.accent)]);
        }
        assert!(failures.is_empty(), "{failures:#?}");
    }

    #[test]
    fn egui_gets_both_themes_and_the_fonts() {
        let ctx = egui::Context::default();
        install(&ctx);
        for (choice, theme) in [(ThemeChoice::Dark, Theme::dark()), (ThemeChoice::Light, Theme::light())] {
            choose(&ctx, choice);
            assert_eq!(Theme::of(&ctx), theme);
            let style = ctx.global_style();
            assert_eq!(style.visuals.panel_fill, theme.panel);
            assert_eq!(style.text_styles[&TextStyle::Monospace], mono());
        }
    }
}
