//! The colours of a profile for a screen, a tile at a time: a picture that is looked at keeps its own numbers.

use std::sync::Arc;

use image::RgbaImage;

use super::{ColorModel, Profile};

/// What makes 8-bit RGBA of a profile's numbers that of sRGB.
#[derive(Clone)]
pub struct ToScreen {
    way: Way,
}

#[derive(Clone)]
enum Way {
    Color(Arc<moxcms::Transform8BitExecutor>),
    Grey(Box<[u8; 256]>),
}

impl std::fmt::Debug for ToScreen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ToScreen").finish_non_exhaustive()
    }
}

impl ToScreen {
    /// For pictures of this profile; `None` where it cannot be applied to what is decoded already.
    pub fn new(profile: &Profile) -> Option<Self> {
        let way = match profile.model() {
            ColorModel::Rgb => Way::Color(profile.eight(4).ok()?),
            ColorModel::Grey => {
                let from: [u8; 256] = std::array::from_fn(|grey| grey as u8);
                let mut to = [0; 256 * 3];
                profile.eight(1).ok()?.transform(&from, &mut to).ok()?;
                Way::Grey(Box::new(std::array::from_fn(|grey| to[grey * 3 + 1])))
            }
            _ => return None,
        };
        Some(Self { way })
    }

    /// Converts pixels where they are; alpha stays.
    pub fn apply(&self, pixels: &mut RgbaImage) {
        match &self.way {
            Way::Color(way) => {
                let from = pixels.as_raw().clone();
                // The lengths are those of whole pixels on both sides, which is all that can be wrong.
                way.transform(&from, pixels).ok();
            }
            Way::Grey(table) => {
                for pixel in pixels.pixels_mut() {
                    for channel in &mut pixel.0[..3] {
                        *channel = table[usize::from(*channel)];
                    }
                }
            }
        }
    }
}
