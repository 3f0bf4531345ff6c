//! GIF: colours become numbers of a table of at most 256, and those are packed by LZW.
//!
//! A picture of few enough colours keeps them. For others a table is learnt from a sample of the pixels (NeuQuant, Dekker 1994),
//! the only step that asks nobody whether to stop; it is done apart. What is transparent has an entry of its own.

use std::collections::HashSet;
use std::io::Write;

use color_quant::NeuQuant;
use image::{DynamicImage, RgbaImage};
use weezl::{BitOrder, LzwStatus, encode::Encoder};

use super::encode::one_bit_alpha;
use super::guard::zeroed;
use super::nearest::Nearest;
use crate::formats::{Format, FormatError, guarded, in_order};
use crate::tasks::{Progress, apart_while};

/// Entries of the largest table.
const ENTRIES: usize = 256;
/// Pixels that a table is learnt from, at most, about; from four times as many it is nearer by a fortieth.
const SAMPLE: usize = 1 << 17;
/// Pixels that are looked up, and bytes that are packed, between two questions whether to stop.
const STEP: usize = 1 << 16;

/// Writes `image` as a GIF of one frame; what is half transparent is drawn over `background`.
pub(super) fn encode(
    image: &DynamicImage,
    background: [u8; 3],
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let (width, height) = (image.width(), image.height());
    let numbered = Numbered::of(&one_bit_alpha(image, background, progress)?, false, progress)?;
    let mut head = b"GIF89a".to_vec();
    for side in [width, height] {
        head.extend((side as u16).to_le_bytes());
    }
    // The table stands before the frame and is that of the whole file: simple readers look nowhere else.
    head.extend([0x80 | 0x70 | numbered.size_flag(), 0, 0]);
    numbered.table_to(&mut head);
    if let Some(entry) = numbered.see_through {
        head.extend([b'!', 0xF9, 4, 1, 0, 0, entry, 0]);
    }
    head.extend([b',', 0, 0, 0, 0]);
    for side in [width, height] {
        head.extend((side as u16).to_le_bytes());
    }
    head.push(0);
    out.write_all(&head).map_err(FormatError::Write)?;
    numbered.pack(out, progress)?;
    out.write_all(b";").map_err(FormatError::Write)?;
    out.flush().map_err(FormatError::Write)
}

/// Pixels as numbers of a table.
pub(super) struct Numbered {
    /// Red, green, blue of each entry, 1 to 256 of them.
    table: Vec<[u8; 3]>,
    /// The entry that is not drawn.
    pub(super) see_through: Option<u8>,
    pixels: Vec<u8>,
}

impl Numbered {
    /// Of pixels that are opaque or, where alpha is 0, not there. With `hole` there is an entry that is not drawn even if no pixel has it,
    /// unless 256 colours leave no room for it.
    pub(super) fn of(image: &RgbaImage, hole: bool, progress: &Progress) -> Result<Self, FormatError> {
        let width = image.width().max(1) as usize;
        let (pixels, _) = image.as_raw().as_chunks::<4>();
        let Seen { colors, opaque } = Seen::of(pixels, width, progress)?;
        let transparent = opaque < pixels.len();
        // A hole that nobody needs for a pixel does not cost a colour that somebody does.
        let reserved = usize::from(transparent || (hole && colors.as_ref().is_none_or(|colors| colors.len() < ENTRIES)));
        let exact = colors.filter(|colors| colors.len() + reserved <= ENTRIES);
        let (mut table, nearest) = match exact {
            Some(table) => (table, None),
            None => {
                let sample = sample(pixels, opaque, width, progress)?;
                let learn = move || guarded(Format::Gif, || Ok(NeuQuant::new(1, ENTRIES - reserved, &sample)));
                let learnt = apart_while(&mut || progress.check(), learn)??;
                let nearest = Nearest::new(learnt.color_map_rgb().as_chunks::<3>().0.to_vec());
                (nearest.table().to_vec(), Some(nearest))
            }
        };
        let see_through = u8::try_from(table.len()).ok().filter(|_| reserved > 0);
        let number = |[r, g, b, a]: [u8; 4]| match (&nearest, see_through) {
            (_, Some(entry)) if a == 0 => entry,
            (Some(nearest), _) => nearest.of([r, g, b]),
            (None, _) => table.binary_search(&[r, g, b]).unwrap_or_default() as u8,
        };
        let mut numbers = zeroed::<u8>(pixels.len())?;
        let mut rest = &mut numbers[..];
        let make = |part: usize, numbers: &mut Vec<u8>| {
            progress.check()?;
            numbers.clear();
            let mut last = ([0; 4], number([0; 4]));
            let pixels = &pixels[part * STEP..];
            numbers.extend(pixels.iter().take(STEP).map(|pixel| {
                if last.0 != *pixel {
                    last = (*pixel, number(*pixel));
                }
                last.1
            }));
            Ok(())
        };
        in_order(pixels.len().div_ceil(STEP), make, |numbers| {
            rest.split_off_mut(..numbers.len()).expect("a place for each pixel").copy_from_slice(numbers);
            Ok(())
        })?;
        if see_through.is_some() {
            table.push([0; 3]);
        }
        Ok(Self { table, see_through, pixels: numbers })
    }

    /// Bits of a number, 1 to 8.
    fn bits(&self) -> u8 {
        (self.table.len().max(2).next_power_of_two().trailing_zeros() as u8).min(8)
    }

    /// The size of the table as the format says it: its entries are two to the power of one more.
    pub(super) fn size_flag(&self) -> u8 {
        self.bits() - 1
    }

    /// Appends the table, filled up to its size.
    pub(super) fn table_to(&self, out: &mut Vec<u8>) {
        let end = out.len() + (3 << self.bits());
        out.extend(self.table.as_flattened());
        out.resize(end, 0);
    }

    /// Writes the numbers, packed, in blocks that begin with their length.
    pub(super) fn pack(&self, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
        const BLOCK: usize = 255;
        // The format has no codes of fewer bits.
        let bits = self.bits().max(2);
        out.write_all(&[bits]).map_err(FormatError::Write)?;
        let mut encoder = Encoder::new(BitOrder::Lsb, bits);
        let mut packed = zeroed::<u8>(STEP)?;
        let mut waiting: Vec<u8> = Vec::with_capacity(STEP + BLOCK);
        let mut blocks = Vec::with_capacity(STEP + STEP / BLOCK + 2);
        let mut rest = &self.pixels[..];
        let mut over = false;
        while !over {
            progress.check()?;
            if rest.is_empty() {
                encoder.finish();
            }
            let step = encoder.encode_bytes(&rest[..rest.len().min(STEP)], &mut packed);
            rest = &rest[step.consumed_in..];
            over = match step.status {
                Ok(status) => matches!(status, LzwStatus::Done),
                Err(error) => return Err(FormatError::Unsupported { format: Format::Gif, what: error.to_string() }),
            };
            waiting.extend_from_slice(&packed[..step.consumed_out]);
            let whole = if over { waiting.len() } else { waiting.len() / BLOCK * BLOCK };
            blocks.clear();
            for block in waiting[..whole].chunks(BLOCK) {
                blocks.push(block.len() as u8);
                blocks.extend_from_slice(block);
            }
            waiting.drain(..whole);
            if over {
                blocks.push(0);
            }
            out.write_all(&blocks).map_err(FormatError::Write)?;
        }
        Ok(())
    }
}

/// What pixels there are.
struct Seen {
    /// The colours of what is not transparent, in their order, where they are no more than a table holds.
    colors: Option<Vec<[u8; 3]>>,
    /// How many pixels have one.
    opaque: usize,
}

impl Seen {
    fn of(pixels: &[[u8; 4]], width: usize, progress: &Progress) -> Result<Self, FormatError> {
        let mut colors = Some(HashSet::new());
        let (mut opaque, mut last) = (0, [0; 4]);
        for row in pixels.chunks(width) {
            progress.check()?;
            opaque += row.iter().filter(|pixel| pixel[3] > 0).count();
            let Some(known) = &mut colors else { continue };
            for &pixel in row {
                if pixel != last && pixel[3] > 0 {
                    let [r, g, b, _] = pixel;
                    known.insert([r, g, b]);
                    last = pixel;
                }
            }
            colors = colors.filter(|known| known.len() <= ENTRIES);
        }
        let colors = colors.map(|known| {
            // The order of a set is not the same twice; the result must be.
            let mut known: Vec<_> = known.into_iter().collect();
            known.sort_unstable();
            // A table has an entry even where nothing is drawn.
            if known.is_empty() { vec![[0; 3]] } else { known }
        });
        Ok(Self { colors, opaque })
    }
}

/// Up to about [`SAMPLE`] of the `opaque` pixels, spread evenly over them: those whose number times the golden ratio has a fraction
/// below the share that is wanted, which falls in no step with rows or patterns.
fn sample(pixels: &[[u8; 4]], opaque: usize, width: usize, progress: &Progress) -> Result<Vec<u8>, FormatError> {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let share = match opaque > SAMPLE {
        true => ((SAMPLE as u128) << 64).checked_div(opaque as u128).map_or(u64::MAX, |share| share as u64),
        false => u64::MAX,
    };
    let mut sample = Vec::with_capacity(opaque.min(SAMPLE + SAMPLE / 8) * 4);
    let mut place = 0_u64;
    for row in pixels.chunks(width) {
        progress.check()?;
        for [r, g, b, _] in row.iter().filter(|pixel| pixel[3] > 0) {
            place = place.wrapping_add(GOLDEN);
            if place <= share {
                sample.extend([*r, *g, *b, 255]);
            }
        }
    }
    Ok(sample)
}
