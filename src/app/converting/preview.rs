//! What a result would be, before anything is written.

use std::io::{self, Write};
use std::sync::Arc;

use image::RgbaImage;

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::convert::{ConvertError, Input, Recipe, Source};
use crate::formats::picture;
use crate::formats::table;
use crate::formats::text::decode_lossy;
use crate::formats::{Format, FormatError, Kind, Loss, TableOptions, guarded};
use crate::tasks::Progress;

/// Of a larger source that is no picture only the start is looked at.
const WHOLE: u64 = 64 << 20;
/// So much of it.
const START: u64 = 1 << 20;
/// The longest side of a picture in the preview; larger ones are shown smaller.
const SIDE: u32 = 1600;
/// Bytes of text that are looked at for lines.
const HEAD: usize = 64 << 10;
/// Lines and rows that are shown.
const SHOWN: usize = 200;
/// Characters of a line that are shown.
const LINE: usize = 400;
/// Bytes of a result that is kept for decoding it again.
const KEPT: usize = 256 << 20;

/// What a source would become.
#[derive(Clone, Debug)]
pub struct ConvertPreview {
    /// What the source is.
    pub from: Format,
    /// Bytes of the source.
    pub read: u64,
    /// Bytes of the result; `None` where that is not known without making all of it.
    pub written: Option<u64>,
    /// What the result will not have.
    pub losses: Vec<Loss>,
    /// What there is to see.
    pub sample: Sample,
}

/// A look at a result.
#[derive(Clone, Debug)]
pub enum Sample {
    /// The source's picture, and the result's decoded again; each as large as it is, and made smaller where it was too large.
    Pictures {
        /// The source's pixels.
        before: Arc<RgbaImage>,
        /// The result's.
        after: Arc<RgbaImage>,
        /// How large they are really.
        sizes: [(u32, u32); 2],
    },
    /// The first lines.
    Lines(Vec<String>),
    /// The first rows.
    Rows(Vec<Vec<String>>),
    /// Nothing that can be shown.
    Nothing,
}

/// Converts a source into memory and looks at it.
///
/// # Errors
/// Those of opening and converting.
pub(in crate::app) fn preview(source: &Source, recipe: &Recipe, progress: &Progress) -> Result<ConvertPreview, ConvertError> {
    let mut input = Input::open(source, recipe, progress)?;
    let read = input.buffer.len().0;
    // Netpbm without transparency, by the name that the result gets.
    input.options.picture.flatten = recipe.to == Format::Pnm;
    let whole = read <= WHOLE || input.from.kind() == Kind::Picture;
    if !whole {
        input.buffer = input.buffer.slice(ByteRange::new(Offset::ZERO, Len(START)));
    }
    let mut out = Kept { bytes: Vec::new(), most: if recipe.to.is_binary() { KEPT } else { HEAD }, all: true };
    let conversion = match input.write(recipe.to, &mut out, progress) {
        Ok(conversion) => conversion,
        // A start alone need not be a whole of anything.
        Err(error) if !whole && !matches!(error, FormatError::Cancelled(_)) => {
            return Ok(ConvertPreview { from: input.from, read, written: None, losses: Vec::new(), sample: Sample::Nothing });
        }
        Err(error) => return Err(error.into()),
    };
    let sample = sample(&input, recipe, out, progress)?;
    let written = whole.then_some(conversion.written);
    Ok(ConvertPreview { from: input.from, read, written, losses: conversion.losses, sample })
}

fn sample(input: &Input, recipe: &Recipe, out: Kept, progress: &Progress) -> Result<Sample, FormatError> {
    let to = recipe.to;
    match to.kind() {
        _ if to.is_binary() && !out.all => Ok(Sample::Nothing),
        Kind::Picture => guarded(to, || {
            let written = Buffer::from(out.bytes);
            // What a person allowed for this file, as the conversion itself does.
            let limits = input.options.limits();
            let after = picture::decode(&written, to, limits, progress)?.image;
            let before = match input.from.kind() {
                Kind::Picture => match input.options.picture.frame {
                    Some(frame) => picture::decode_frame(&input.buffer, input.from, frame, limits, progress)?.image,
                    None => picture::decode(&input.buffer, input.from, limits, progress)?.image,
                },
                _ => after.clone(),
            };
            let sizes = [(before.width(), before.height()), (after.width(), after.height())];
            progress.check()?;
            let shown = |image: image::DynamicImage| {
                let large = image.width().max(image.height()) > SIDE;
                Arc::new(if large { image.thumbnail(SIDE, SIDE).into_rgba8() } else { image.into_rgba8() })
            };
            Ok(Sample::Pictures { before: shown(before), after: shown(after), sizes })
        }),
        Kind::Table if to.is_binary() => guarded(to, || {
            let table = table::read(
                &out.bytes.into(),
                to,
                &TableOptions { limits: input.options.limits(), ..TableOptions::default() },
                progress,
            )?
            .table;
            let header = table.header().map(<[String]>::to_vec);
            let rows = table.rows(0, SHOWN)?.into_iter().map(|row| row.cells);
            Ok(Sample::Rows(header.into_iter().chain(rows).map(|row| row.iter().map(|cell| cut(cell)).collect()).collect()))
        }),
        Kind::Bytes | Kind::Encoded if to.is_binary() => Ok(Sample::Nothing),
        kind => {
            let encoded = matches!(kind, Kind::Table | Kind::Text);
            let encoding = if encoded { recipe.options.text.encoding } else { Default::default() };
            let text = decode_lossy(&out.bytes, encoding);
            let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
            let lines = text.split('\n').map(|line| line.trim_end_matches('\r')).flat_map(|line| line.split('\r'));
            Ok(Sample::Lines(lines.take(SHOWN).map(cut).collect()))
        }
    }
}

fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(LINE).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// Keeps the first bytes.
struct Kept {
    bytes: Vec<u8>,
    most: usize,
    all: bool,
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.most - self.bytes.len();
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.all &= bytes.len() <= room;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
