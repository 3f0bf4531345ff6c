//! How a picture is looked at, and what is known of it beside its pixels.

use std::ops::Deref;
use std::sync::Arc;

use super::{Film, Work};
use crate::explore::pixels::{Statistics, Unique};
use crate::formats::picture::ops::Crop;
use crate::formats::picture::{Assumed, Levels, Metadata, Picture, PixelLayout, Timing, ToScreen};

/// Which channels of a picture are seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Channel {
    /// The picture as it is, over the board.
    #[default]
    All,
    /// Its colours as they are stored, with no regard to transparency.
    Opaque,
    /// Red as grey.
    Red,
    /// Green as grey.
    Green,
    /// Blue as grey.
    Blue,
    /// How opaque each pixel is: white is opaque.
    Alpha,
    /// Its brightness.
    Grey,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::All, Self::Opaque, Self::Red, Self::Green, Self::Blue, Self::Alpha, Self::Grey];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "All channels",
            Self::Opaque => "Without alpha",
            Self::Red => "Red",
            Self::Green => "Green",
            Self::Blue => "Blue",
            Self::Alpha => "Alpha",
            Self::Grey => "Grey",
        }
    }

    /// What is shown of a pixel of 8-bit RGBA.
    pub fn pick(self, [r, g, b, a]: [u8; 4]) -> [u8; 4] {
        let grey = |value: u8| [value, value, value, 255];
        match self {
            Self::All => [r, g, b, a],
            Self::Opaque => [r, g, b, 255],
            Self::Red => grey(r),
            Self::Green => grey(g),
            Self::Blue => grey(b),
            Self::Alpha => grey(a),
            // The weights of BT.709, as the conversion to grey has them.
            Self::Grey => grey(((u32::from(r) * 2126 + u32::from(g) * 7152 + u32::from(b) * 722 + 5000) / 10_000) as u8),
        }
    }
}

/// What is seen behind transparent pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Board {
    /// A board of squares in the colours of the theme.
    #[default]
    Theme,
    /// A board of light squares.
    Light,
    /// A board of dark squares.
    Dark,
    /// One colour: red, green, blue.
    Color([u8; 3]),
}

impl Board {
    /// The ones that have a name.
    pub const NAMED: [Self; 3] = [Self::Theme, Self::Light, Self::Dark];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Theme => "Squares as the theme has them",
            Self::Light => "Light squares",
            Self::Dark => "Dark squares",
            Self::Color(_) => "One colour",
        }
    }
}

/// How a picture is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PictureLook {
    /// The channels that are seen.
    pub channel: Channel,
    /// What is behind transparent pixels.
    pub board: Board,
    /// Enlarged pixels are squares at every size, not only from 200 % on.
    pub sharp: bool,
    /// Colours are shown as the numbers that are stored, whatever profile they have.
    pub raw: bool,
    /// The bars of the histogram grow with the logarithm of the counts.
    pub log: bool,
    /// The histogram counts the selected area, not all of the picture.
    pub part: bool,
    /// A drag selects an area instead of moving the picture.
    pub selecting: bool,
    /// The area that is selected.
    pub area: Option<Crop>,
    /// The pixel that was clicked last.
    pub pixel: Option<(u32, u32)>,
}

/// A choice of how a picture is looked at, as menus have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureChoice {
    /// These channels.
    Channel(Channel),
    /// This behind transparent pixels.
    Board(Board),
    /// Squares at every size, or not.
    ToggleSharp,
    /// The colour profile is applied, or the stored numbers are shown.
    ToggleProfile,
    /// The histogram's bars grow with the logarithm, or with the counts.
    ToggleLog,
    /// The histogram counts the selected area, or all of it.
    TogglePart,
    /// A drag selects, or moves.
    ToggleSelecting,
    /// The animation goes on from its start, or stops at its end.
    ToggleRepeat,
}

/// Something in the view of a picture.
#[derive(Clone, Debug, PartialEq)]
pub enum PictureCommand {
    /// A choice was made.
    Choose(PictureChoice),
    /// An area was selected, or none.
    Area(Option<Crop>),
    /// A pixel was clicked.
    Pixel(u32, u32),
    /// A frame is to be shown, counted from 0.
    Frame(u32),
    /// Time went by while the animation plays; `now` is in seconds since some fixed moment.
    Tick {
        /// Now.
        now: f64,
    },
    /// Play so many times as fast.
    Speed(f32),
    /// Something came from the thread that decodes frames.
    Film(super::FilmEvent),
}

/// A picture that goes to a job: the same where it is the same one.
#[derive(Clone, Debug)]
pub struct SharedPicture(pub Arc<Picture>);

impl PartialEq for SharedPicture {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for SharedPicture {
    type Target = Picture;

    fn deref(&self) -> &Picture {
        &self.0
    }
}

/// What is known of a picture beside its pixels.
#[derive(Debug)]
pub struct PictureDetails {
    /// Smaller copies; only large pictures need them.
    pub levels: Option<Arc<Levels>>,
    /// When the frames of an animation are seen.
    pub timing: Arc<Timing>,
    /// Which bytes a pixel is, where rows are stored as they are.
    pub layout: Option<PixelLayout>,
    /// EXIF, XMP, IPTC, texts and profiles; why they cannot be read, where that is so.
    pub metadata: Result<Metadata, String>,
    /// How many rows of a picture that is cut short are there, where that can be seen; of one that was laid on its side, columns.
    pub rows: Option<u32>,
    /// What was assumed of the colours.
    pub assumed: Option<Assumed>,
    /// What the colours have to go through to be right on the screen; they may be right as they are.
    pub to_screen: Option<ToScreen>,
}

/// A picture in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureNumbers {
    /// Its channels.
    pub statistics: Statistics,
    /// How many colours there are.
    pub unique: Unique,
}

/// What [`PictureNumbers`] were counted of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumbersKey {
    /// The content.
    pub revision: u64,
    /// The frame, where it is not simply the picture.
    pub frame: Option<u32>,
    /// The part; `None` is all of it.
    pub area: Option<Crop>,
}

/// Pixels from which on a picture is shown by its smaller copies.
pub const LARGE_PICTURE: u64 = 4 << 20;

/// Pixels that may go to the clipboard: every program that pastes them gets a copy.
pub const CLIPBOARD_PIXELS: u64 = 32 << 20;

/// All that is known of the picture of a document.
#[derive(Debug, Default)]
pub struct PictureState {
    /// What stands beside the pixels, of a revision.
    pub details: Work<u64, PictureDetails>,
    /// Its numbers.
    pub numbers: Work<NumbersKey, PictureNumbers>,
    /// The frames of an animation or the pages of a document.
    pub film: Option<Film>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_shown_as_grey() {
        let pixel = [200, 100, 50, 128];
        let shown = Channel::ALL.map(|channel| channel.pick(pixel));
        assert_eq!(shown[0], pixel);
        assert_eq!(shown[1], [200, 100, 50, 255]);
        assert_eq!(shown[2..6], [[200, 200, 200, 255], [100, 100, 100, 255], [50, 50, 50, 255], [128, 128, 128, 255]]);
        assert_eq!(Channel::Grey.pick([255; 4]), [255; 4]);
        assert_eq!(Channel::Grey.pick([0, 255, 0, 0]), [182, 182, 182, 255]);
    }
}
