//! All colours, spacing and text sizes. SKELETON: the names are the contract between the views.
#![expect(clippy::disallowed_methods, reason = "this is the one place where colours are made")]

use egui::Color32;

/// The colours of one theme, by what they mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Whether the ground is dark.
    pub dark: bool,
    /// The ground of the views.
    pub ground: Color32,
    /// The ground of panels and bars.
    pub panel: Color32,
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
    /// The gap between the end and a cursor past it.
    pub gap: Color32,
    /// Bytes 0x00.
    pub byte_zero: Color32,
    /// Control bytes and white space.
    pub byte_control: Color32,
    /// Printable ASCII bytes.
    pub byte_ascii: Color32,
    /// Bytes from 0x80.
    pub byte_high: Color32,
    /// Bytes that could not be read.
    pub byte_unreadable: Color32,
    /// Good news.
    pub good: Color32,
    /// Warnings, ragged rows.
    pub warning: Color32,
    /// Errors.
    pub error: Color32,
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
/// Size of the fixed-width text of bytes and code.
pub const MONO: f32 = 14.0;

impl Theme {
    /// Light text on a dark ground.
    pub fn dark() -> Self {
        let c = |rgb: u32| Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8);
        Self {
            dark: true,
            ground: c(0x16191e),
            panel: c(0x1e2228),
            line: c(0x343a43),
            text: c(0xe3e6ea),
            text_dim: c(0x9aa3af),
            accent: c(0xf2a33a),
            on_accent: c(0x1b1408),
            selection: c(0x264a73),
            read: c(0x1d4a3a),
            written: c(0x5a3a1c),
            gap: c(0x2a2430),
            byte_zero: c(0x8089_94 & 0xffffff),
            byte_control: c(0xc792ea),
            byte_ascii: c(0xe3e6ea),
            byte_high: c(0x7fb8ff),
            byte_unreadable: c(0xff7a70),
            good: c(0x6fd08c),
            warning: c(0xf0c55a),
            error: c(0xff7a70),
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
            line: c(0xd3d7dd),
            text: c(0x1c2026),
            text_dim: c(0x59626e),
            accent: c(0xa85a00),
            on_accent: c(0xffffff),
            selection: c(0xbcd8f7),
            read: c(0xc9ecd6),
            written: c(0xffdfb5),
            gap: c(0xece6f2),
            byte_zero: c(0x6f7782),
            byte_control: c(0x7a35b0),
            byte_ascii: c(0x1c2026),
            byte_high: c(0x0b58b0),
            byte_unreadable: c(0xb3261e),
            good: c(0x186b34),
            warning: c(0x7a5600),
            error: c(0xb3261e),
            checker: [c(0xe6e8eb), c(0xffffff)],
        }
    }
}

/// interim
pub fn install(_ctx: &egui::Context) {}
