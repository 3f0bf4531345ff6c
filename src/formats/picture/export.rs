//! From a picture's file to another one: which frames, which colours, which metadata, and what of all that is lost.

use std::io::Write;
use std::time::Duration;

use super::losses::{REDUCED, pixel_losses, pixel_losses_of};
use super::metadata::{Carried, carries};
use super::ops::{Filter, Mode, Operations, Resize, Rotation};
use super::{
    Animation, ColorModel, Frame, Limits, Picture, PictureInfo, Profile, animate, can_animate, decode, decode_at_least,
    decode_frame, encode_with, frames, play, profile, single, streamed,
};
use crate::buffer::Buffer;
use crate::formats::options::ColorPolicy;
use crate::formats::{Format, FormatError, Loss, Options, PictureOptions, guarded};
use crate::tasks::Progress;

/// What becomes of the colours.
struct Colors {
    /// The profile that the numbers are taken through.
    through: Option<Profile>,
    /// The profile that is written.
    kept: Option<Profile>,
    losses: Vec<Loss>,
}

fn colors(input: &Buffer, info: &PictureInfo, to: Format, options: &PictureOptions) -> Result<Colors, FormatError> {
    let mut colors = Colors { through: None, kept: None, losses: Vec::new() };
    let found =
        if info.metadata.contains(&"ICC profile") || info.format == Format::Bmp { profile(input, info.format)? } else { None };
    let profile = match found {
        None => return Ok(colors),
        Some(Err(why)) => {
            colors.losses.push(Loss::new(format!("It is left out: {why}")));
            return Ok(colors);
        }
        Some(Ok(profile)) => profile,
    };
    let name = profile.description().to_owned();
    let mut say = |what: String| colors.losses.push(Loss::new(what));
    if info.model == ColorModel::Cmyk {
        if info.format == Format::Jpeg && profile.model() == ColorModel::Cmyk {
            say(format!("The inks become sRGB by the profile {name}"));
        } else {
            say(format!("The profile {name} is left out, and not applied"));
        }
        return Ok(colors);
    }
    let grey = info.model == ColorModel::Grey;
    if (profile.model() == ColorModel::Grey) != grey {
        say(format!("The profile {name} is left out: it is for other colours than these"));
        return Ok(colors);
    }
    let stays = match options.operations.mode {
        None | Some(Mode::Palette { .. }) => true,
        Some(Mode::Rgb | Mode::Rgba) => !grey,
        Some(Mode::Grey | Mode::GreyAlpha | Mode::Bilevel) => grey,
    };
    // Where grey becomes colour on the way, a profile for grey tells nothing.
    let place = carries(to) && (!grey || to == Format::Png || (matches!(to, Format::Jpeg | Format::Tiff) && !info.alpha));
    if options.color == ColorPolicy::Keep && stays && place {
        colors.kept = Some(profile);
    } else if !profile.is_srgb() {
        say(format!("The colours are converted from {name} to sRGB"));
        colors.through = Some(profile);
    }
    Ok(colors)
}

/// Whether all frames go along, and how many there are said to be.
fn all_frames(info: &PictureInfo, to: Format, options: &PictureOptions) -> bool {
    options.frame.is_none() && can_animate(info.format) && can_animate(to) && info.frames.is_none_or(|frames| frames > 1)
}

/// The file with the page that is wanted as its first one, where it has pages.
fn selected(input: &Buffer, from: Format, options: &PictureOptions) -> Result<Option<Buffer>, FormatError> {
    let number = options.frame.filter(|_| from == Format::Tiff);
    number.map(|number| super::page(input, number)).transpose()
}

/// Draws `input`, a drawing in SVG, in the size that `options` ask for: by width, height or dots an inch, and by a resize where no crop
/// and no turn comes before it. Gives the picture, before any operation, and what is not drawn as it was meant, a sentence each.
///
/// # Errors
/// [`FormatError::Malformed`], [`FormatError::Limit`] where it asks for too many copies, too much depth, memory or time,
/// [`FormatError::Panicked`], [`FormatError::Cancelled`], which is answered between two elements.
#[cfg(feature = "svg")]
pub fn draw(
    input: &Buffer,
    options: &PictureOptions,
    limits: Limits,
    progress: &Progress,
) -> Result<(Picture, Vec<String>), FormatError> {
    let (mut picture, missing) = super::svg::draw(input, options, limits, progress)?;
    let parts = missing.parts();
    if !parts.is_empty() {
        picture.truncated = Some(parts.join("; "));
    }
    Ok((picture, missing.words()))
}

/// What [`transcode`] makes of `input`, as far as headers tell: its size, and what its pixels are.
///
/// # Errors
/// Those of [`transcode`], as far as headers tell.
pub fn planned(input: &Buffer, from: Format, to: Format, options: &Options) -> Result<PictureInfo, FormatError> {
    let (limits, options) = (options.limits(), &options.picture);
    let page = selected(input, from, options)?;
    let input = page.as_ref().unwrap_or(input);
    #[cfg(feature = "svg")]
    let info = if from == Format::Svg { super::svg::judge(input, options, limits)?.0 } else { super::probe(input, from)? };
    #[cfg(not(feature = "svg"))]
    let info = super::probe(input, from)?;
    let mut info = options.operations.planned(&info, limits)?;
    if to == Format::Ico {
        (info.width, info.height) = super::encode::icon_size(info.width, info.height);
    }
    Ok(info)
}

/// What [`transcode`] would lose, as far as headers tell.
///
/// # Errors
/// Those of [`transcode`], as far as headers tell.
pub fn transcode_losses(input: &Buffer, from: Format, to: Format, options: &Options) -> Result<Vec<Loss>, FormatError> {
    let (limits, options) = (options.limits(), &options.picture);
    guarded(from, || {
        let page = selected(input, from, options)?;
        let input = page.as_ref().unwrap_or(input);
        #[cfg(feature = "svg")]
        if from == Format::Svg {
            let (info, missing) = super::svg::judge(input, options, limits)?;
            let operations = &options.operations;
            let mut found = operations.losses(&info);
            found.extend(pixel_losses(&operations.planned(&info, limits)?, to, options));
            found.extend(missing.words().into_iter().map(Loss::new));
            return Ok(found);
        }
        let info = super::probe(input, from)?;
        let animated = all_frames(&info, to, options);
        let info = if options.frame.is_some() || animated { single(info) } else { info };
        let operations = &options.operations;
        let mut found = operations.losses(&info);
        found.extend(pixel_losses(&operations.planned(&info, limits)?, to, options));
        found.extend(colors(input, &info, to, options)?.losses);
        found.extend(Carried::of(input, from, options.metadata)?.losses(to)?);
        Ok(found)
    })
}

/// Writes `input`, a picture of `from`, as a `to`, and tells what that lost: decoded upright, its colours and its metadata as
/// `options` say, changed by the operations. An animation keeps its frames where both formats have such.
///
/// # Errors
/// Those of [`decode`](super::decode()), of the operations, and of [`encode`](super::encode()).
pub fn transcode(
    input: &Buffer,
    from: Format,
    to: Format,
    all: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let (limits, options) = (all.limits(), &all.picture);
    let page = selected(input, from, options)?;
    let input = page.as_ref().unwrap_or(input);
    #[cfg(feature = "svg")]
    if from == Format::Svg {
        return drawing(input, to, all, out, progress);
    }
    let info = super::probe(input, from)?;
    if all_frames(&info, to, options) {
        let count = count_frames(input, from, limits, progress)?;
        if count.frames > 1 {
            return animation(input, info, to, all, &count, out, progress);
        }
    }
    if streamed::suits(&info, to, options) {
        let colors = colors(input, &info, to, options)?;
        if colors.through.is_none() {
            let mut along = Carried::of(input, from, options.metadata)?;
            mark(&mut along, &colors);
            if let Some(mut losses) = streamed::write(input, &info, options, limits, &along, out, progress)? {
                losses.extend(colors.losses);
                losses.extend(along.losses(to)?);
                return Ok(losses);
            }
        }
    }
    let decoded = match options.frame {
        Some(_) if page.is_some() => decode_frame(input, from, 1, limits, progress)?,
        Some(number) => decode_frame(input, from, number, limits, progress)?,
        None => decode_for(input, &info, options, limits, progress)?,
    };
    let colors = colors(input, &decoded.info, to, options)?;
    let mut along = Carried::of(input, from, options.metadata)?;
    let mut losses = options.operations.losses(&decoded.info);
    if !options.operations.is_empty() || decoded.info.orientation != 1 {
        along.set_changed();
    }
    let picture = changed(decoded, &colors, all, progress)?;
    mark(&mut along, &colors);
    losses.extend(pixel_losses_of(&picture, to, options));
    losses.extend(colors.losses);
    losses.extend(along.losses(to)?);
    encode_with(&picture, to, options, &along, out, progress)?;
    Ok(losses)
}

#[cfg(feature = "svg")]
fn drawing(
    input: &Buffer,
    to: Format,
    all: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let (limits, options) = (all.limits(), &all.picture);
    let (mut picture, missing) = draw(input, options, limits, progress)?;
    picture.truncated = None;
    let mut losses = options.operations.losses(&picture.info);
    let picture = options.operations.apply(picture, options.background, limits, progress)?;
    losses.extend(pixel_losses_of(&picture, to, options));
    losses.extend(missing.into_iter().map(Loss::new));
    encode_with(&picture, to, options, &Carried::default(), out, progress)?;
    Ok(losses)
}

/// The picture with as many pixels as the operations need: what becomes much smaller is decoded smaller.
fn decode_for(
    input: &Buffer,
    info: &PictureInfo,
    options: &PictureOptions,
    limits: Limits,
    progress: &Progress,
) -> Result<Picture, FormatError> {
    match small_enough(info, options)? {
        Some(least) => decode_at_least(input, info.format, least, limits, progress),
        None => decode(input, info.format, limits, progress),
    }
}

/// The least size that the result can be made of with nothing to be seen of it. Twice that of the result would do (Pillow does so),
/// if the colours of most JPEGs had not half the size of their brightness already.
fn small_enough(info: &PictureInfo, options: &PictureOptions) -> Result<Option<(u32, u32)>, FormatError> {
    let operations = &options.operations;
    let Some(resize) = operations.resize.filter(|_| operations.crop.is_none() && operations.filter != Filter::Nearest) else {
        return Ok(None);
    };
    let turned = matches!(operations.rotate, Rotation::Clockwise90 | Rotation::Clockwise270);
    let (width, height) = if turned { (info.height, info.width) } else { (info.width, info.height) };
    let (width, height) = resize.size(width, height)?;
    let (width, height) = if turned { (height, width) } else { (width, height) };
    Ok(Some((width.saturating_mul(3), height.saturating_mul(3))))
}

/// The operations for a picture that was decoded smaller than it is: the size that they make is that of the whole one.
fn for_pixels(operations: &Operations, picture: &Picture) -> Result<Operations, FormatError> {
    let info = &picture.info;
    let mut operations = operations.clone();
    if (info.width, info.height) != (picture.image.width(), picture.image.height())
        && let Some(resize) = operations.resize
        && !matches!(resize, Resize::Fill { .. })
    {
        let turned = matches!(operations.rotate, Rotation::Clockwise90 | Rotation::Clockwise270);
        let (width, height) = if turned { (info.height, info.width) } else { (info.width, info.height) };
        let (width, height) = resize.size(width, height)?;
        operations.resize = Some(Resize::Exact { width, height });
    }
    Ok(operations)
}

fn mark(along: &mut Carried, colors: &Colors) {
    if colors.through.is_some() {
        along.set_converted();
    }
    if let Some(profile) = &colors.kept {
        along.set_profile(profile.bytes().to_vec(), profile.description().to_owned());
    }
}

fn changed(picture: Picture, colors: &Colors, options: &Options, progress: &Progress) -> Result<Picture, FormatError> {
    let Picture { info, mut image, truncated } = picture;
    if let Some(profile) = &colors.through {
        image = profile.to_srgb(image, progress)?;
    }
    let picture = Picture { info, image, truncated };
    let operations = for_pixels(&options.picture.operations, &picture)?;
    operations.apply(picture, options.picture.background, options.limits(), progress)
}

/// How many frames can be read, and why there are no more.
struct Count {
    frames: u32,
    broken: Option<String>,
}

fn count_frames(input: &Buffer, from: Format, limits: Limits, progress: &Progress) -> Result<Count, FormatError> {
    let mut count = Count { frames: 0, broken: None };
    for frame in frames(input, from, limits, progress)? {
        match frame {
            Ok(_) => count.frames += 1,
            Err(error @ FormatError::Malformed { .. }) if count.frames > 0 => {
                count.broken = Some(error.to_string());
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

fn animation(
    input: &Buffer,
    info: PictureInfo,
    to: Format,
    all_options: &Options,
    count: &Count,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let options = &all_options.picture;
    let from = info.format;
    let info = single(info);
    let colors = colors(input, &info, to, options)?;
    let mut along = Carried::of(input, from, options.metadata)?;
    // The small copy is that of one frame only.
    along.set_changed();
    mark(&mut along, &colors);
    let loops = options.loops.or(play(input, from)?).unwrap_or(1);
    let mut losses = options.operations.losses(&info);
    let (mut reduced, mut rounded) = (0_u32, false);
    let mut first_losses: Option<Vec<Loss>> = None;
    let all = frames(input, from, all_options.limits(), progress)?.take(count.frames as usize);
    let all = all.map(|frame| {
        let Frame { image, delay } = frame?;
        let picture = changed(Picture { info: info.clone(), image, truncated: None }, &colors, all_options, progress)?;
        let delay = options.delay.map_or(delay, |delay| Duration::from_millis(delay.into()));
        rounded |= to == Format::Gif && !delay.as_millis().is_multiple_of(10);
        let found = pixel_losses_of(&picture, to, options);
        reduced += u32::from(found.iter().any(|loss| loss.what == REDUCED));
        let found = found.into_iter().filter(|loss| loss.what != REDUCED);
        first_losses.get_or_insert_with(|| found.collect());
        Ok(Frame { image: picture.image, delay })
    });
    let animation = Animation { frames: count.frames, loops };
    animate(all, animation, to, options, &along, out, progress)?;
    losses.extend(first_losses.unwrap_or_default());
    if let Some(why) = &count.broken {
        losses.insert(0, Loss::new(format!("The animation is not complete, only {} frames can be read: {why}", count.frames)));
    }
    if reduced > 0 {
        losses.push(Loss::new(format!("The colours of {reduced} of {} frames are reduced to 256", count.frames)));
    }
    if rounded {
        losses.push(Loss::new("Delays are rounded to hundredths of a second"));
    }
    losses.extend(colors.losses);
    losses.extend(along.losses(to)?);
    Ok(losses)
}
