//! Pictures inside a drawing: those that stand in its text are decoded by our own readers, within the limits; none is fetched.
//!
//! The drawing library would decode them itself, while it paints, with no limit and without a word about what it leaves out. So
//! each is decoded here, once however often it is shown, and handed over as a PNG of upright pixels in sRGB. Drawings inside of
//! drawings share what one drawing may ask for.

use std::collections::HashMap;
use std::io::Write;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};

use png::{BitDepth, ColorType, Compression};
use resvg::usvg::ImageKind;

use super::super::{Limits, color, in_units, probe, rgba8_row};
use super::{Missing, check};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, Kind, detect};
use crate::tasks::Progress;

/// Drawings inside of each other.
const MAX_DEPTH: u32 = 4;
/// Bytes of pictures in the text, with every copy that `use`, masks and patterns make: the library unpacks them for each.
const MAX_READ: u64 = 256 << 20;
/// What is said of a picture whose name is not its content.
const OUTSIDE: &str = "other files and addresses are not read";

/// What a drawing and all drawings inside of it share while they are built.
pub(super) struct Inside<'a> {
    limits: Limits,
    progress: &'a Progress,
    /// Whether pixels are wanted, and not only what they will take.
    draws: bool,
    state: Mutex<State>,
}

/// A picture as a PNG, or why there is none.
type Decoded = Result<Arc<Vec<u8>>, String>;

#[derive(Default)]
struct State {
    missing: Missing,
    /// Those that were decoded, by what stands in the text.
    known: HashMap<Arc<Vec<u8>>, Decoded>,
    /// Bytes of all pixels.
    pixels: u64,
    /// Bytes that were unpacked from the text.
    read: u64,
    /// Elements of all drawings, with their copies.
    drawn: u64,
    /// Why building was given up.
    stopped: Option<FormatError>,
}

impl<'a> Inside<'a> {
    /// For a drawing of so many elements.
    pub(super) fn new(limits: Limits, progress: &'a Progress, draws: bool, drawn: u64) -> Self {
        Self { limits, progress, draws, state: Mutex::new(State { drawn, ..State::default() }) }
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes a family that is not there.
    pub(super) fn font(&self, name: String) {
        self.with(|state| state.missing.fonts.insert(name));
    }

    /// Notes a picture that stands somewhere else.
    pub(super) fn outside(&self) {
        self.not_drawn(OUTSIDE.to_owned());
    }

    fn not_drawn(&self, why: String) {
        self.with(|state| *state.missing.pictures.entry(why).or_default() += 1);
    }

    /// What was not drawn, or why building was given up.
    pub(super) fn end(&self) -> Result<Missing, FormatError> {
        self.with(|state| match state.stopped.take() {
            Some(error) => Err(error),
            None => Ok(std::mem::take(&mut state.missing)),
        })
    }

    /// Gives up. The library asks for one picture after the other and cannot be told to stop, so this unwinds through it, to the
    /// fence around [`super::tree`], where [`Inside::end`] tells why.
    fn stop(&self, error: FormatError) -> ! {
        self.with(|state| state.stopped = Some(error));
        resume_unwind(Box::new("given up"))
    }

    /// The picture of a data URL, for the library; `depth` is how many drawings are around it.
    pub(super) fn picture(&self, mime: &str, data: &Arc<Vec<u8>>, depth: u32) -> Option<ImageKind> {
        if let Err(cancelled) = self.progress.check() {
            self.stop(cancelled.into());
        }
        let read = self.with(|state| {
            state.read = state.read.saturating_add(data.len() as u64);
            state.read
        });
        if read > MAX_READ {
            let what = format!("the pictures in the drawing, with their copies, have more than {}", in_units(MAX_READ));
            self.stop(FormatError::Limit { what, limit: "what is read of them".into() });
        }
        match self.kind(mime, data, depth) {
            Ok(kind) => kind,
            Err(error @ FormatError::Cancelled(_)) => self.stop(error),
            Err(error) => {
                self.not_drawn(error.to_string());
                None
            }
        }
    }

    fn kind(&self, mime: &str, data: &Arc<Vec<u8>>, depth: u32) -> Result<Option<ImageKind>, FormatError> {
        let input = Buffer::from(data.as_slice());
        let format = match mime {
            "image/svg+xml" => Format::Svg,
            // As browsers do: what it is called counts less than what it is.
            _ => detect(&input, None)?.format,
        };
        if format == Format::Svg {
            return self.drawing(&input, depth);
        }
        if format.kind() != Kind::Picture || !format.info().reads {
            return Err(FormatError::Unsupported { format, what: "as a picture in a drawing".into() });
        }
        let found = match self.with(|state| state.known.get(data).cloned()) {
            Some(found) => found,
            None => {
                let found = match self.pixels(&input, format) {
                    Err(error @ FormatError::Cancelled(_)) => return Err(error),
                    other => other.map(Arc::new).map_err(|error| error.to_string()),
                };
                self.with(|state| state.known.insert(data.clone(), found.clone()));
                found
            }
        };
        match found {
            Ok(png) => Ok(self.draws.then_some(ImageKind::PNG(png))),
            Err(why) => {
                self.not_drawn(why);
                Ok(None)
            }
        }
    }

    /// A PNG of the pixels as they are shown, or nothing where they are only judged.
    fn pixels(&self, input: &Buffer, format: Format) -> Result<Vec<u8>, FormatError> {
        let info = probe(input, format)?;
        let bytes = self.limits.check(info.width, info.height, 4)?;
        let all = self.with(|state| state.pixels.saturating_add(bytes));
        if all > self.limits.max_bytes {
            let what = format!("the pictures in the drawing take {} in memory", in_units(all));
            return Err(Limits::refuse(what, self.limits.max_bytes));
        }
        self.with(|state| state.pixels = all);
        if !self.draws {
            return Ok(Vec::new());
        }
        let (picture, _) = color::decode_for_display(input, format, self.limits, self.progress)?;
        if let Some(why) = picture.truncated {
            self.with(|state| *state.missing.incomplete.entry(why).or_default() += 1);
        }
        let (width, height) = (picture.image.width(), picture.image.height());
        let mut out = Vec::new();
        let failed = |error: png::EncodingError| FormatError::Malformed { format, what: error.to_string(), at: None };
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(ColorType::Rgba);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::Fast);
        let mut writer = encoder.write_header().map_err(failed)?;
        let mut rows = writer.stream_writer().map_err(failed)?;
        let mut row = Vec::new();
        for y in 0..height {
            self.progress.check()?;
            rgba8_row(&picture.image, y, &mut row);
            rows.write_all(row.as_flattened()).map_err(|error| failed(error.into()))?;
        }
        rows.finish().map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(out)
    }

    /// A drawing inside of this one: with the same fences, and what it asks for counted together.
    fn drawing(&self, input: &Buffer, depth: u32) -> Result<Option<ImageKind>, FormatError> {
        if depth >= MAX_DEPTH {
            let what = format!("drawings stand more than {MAX_DEPTH} deep in each other");
            return Err(FormatError::Limit { what, limit: MAX_DEPTH.to_string() });
        }
        let text = super::text(input)?;
        let document = check::parse(&text)?;
        let asked = check::check(&document)?;
        let all = self.with(|state| {
            state.drawn = state.drawn.saturating_add(asked);
            state.drawn
        });
        check::admit(all)?;
        let tree = super::build(&document, self, depth + 1)?;
        Ok(self.draws.then_some(ImageKind::SVG(tree)))
    }
}
