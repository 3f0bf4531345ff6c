//! `seektell animate`: pictures and animations, one after the other, as one animation.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::input;
use super::interrupt;
use super::output::{self, Stop, about, grouped, message};
use crate::buffer::Buffer;
use crate::convert::numbers::parse_len;
use crate::files::{self, Existing};
use crate::formats::options::{parse_color, parse_within};
use crate::formats::picture::ops::{Resize, parse_size};
use crate::formats::picture::{self, Animation, Carried, Frame, Limits, Operations};
use crate::formats::{Format, FormatError, Kind, PictureOptions, detect};
use crate::tasks::Progress;

const EXAMPLES: &str = "\
All frames get the size of the first one, with their shape kept and the background around them. Frames of an animation among the \
inputs keep their delays unless --delay is said.

Examples:
  seektell animate one.png two.png three.png -o film.gif --delay 200
  seektell animate *.png -o film.webp --loop 3
  seektell animate intro.gif rest.gif -o both.png";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The pictures, in their order
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where to write: a .gif, .png or .webp
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// What to write, where the name does not say it: gif, png or webp
    #[arg(long, value_name = "FORMAT")]
    to: Option<String>,
    /// How long each frame is seen, in milliseconds; 100 for pictures, as they say for animations
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u32).range(1..=655_350))]
    delay: Option<u32>,
    /// How often it is played; 0 is forever
    #[arg(long = "loop", value_name = "N", default_value = "0", value_parser = clap::value_parser!(u32).range(0..=65_535))]
    loops: u32,
    /// The size of the frames, WIDTHxHEIGHT; that of the first one by default
    #[arg(long, value_name = "WxH", value_parser = parse_size)]
    size: Option<(u32, u32)>,
    /// The colour around smaller frames and behind transparent pixels of a GIF: #RRGGBB or a name
    #[arg(long, value_name = "COLOR", value_parser = |text: &str| parse_color(text).map(Color))]
    background: Option<Color>,
    /// PNG effort, 0 (fast) to 9 (small)
    #[arg(long, value_name = "N", value_parser = |text: &str| parse_within("the PNG level", text, 0..=9), default_value = "6")]
    png_level: u32,
    /// Replace a file that exists
    #[arg(long)]
    overwrite: bool,
    /// The most bytes that a picture may take, or an address may give, such as 2G; 512M of pixels by default
    #[arg(long, value_name = "SIZE", value_parser = parse_len)]
    limit: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Color([u8; 3]);

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let name = arguments.output.file_name().unwrap_or_default().to_string_lossy();
    let to = match &arguments.to {
        Some(word) => Format::from_id(word),
        None => Format::from_name(&name),
    };
    let to = to.filter(|to| picture::can_animate(*to));
    let to =
        to.ok_or_else(|| Stop::Usage("an animation is written as gif, png or webp: name such a file, or say --to".into()))?;
    let existing = if arguments.overwrite { Existing::Replace } else { Existing::Refuse };
    if arguments.files.iter().any(|file| file == &arguments.output) {
        return Err(Stop::about("the output is one of the inputs", &arguments.output));
    }
    let progress = interrupt::progress();
    let mut sources = Vec::new();
    let mut count = 0;
    for path in &arguments.files {
        let input = input::open_within(path, arguments.limit)?;
        let found = detect(&input, input::name(path).as_deref()).map_err(|error| Stop::about(error, path))?;
        if found.format.kind() != Kind::Picture {
            return Err(Stop::about(format!("this is no picture: {}", found.label), path));
        }
        // A PNG must know before how many there are.
        let mut frames = 0;
        for frame in
            stills(&input, found.format, Limits::of(arguments.limit), &progress).map_err(|error| Stop::about(error, path))?
        {
            frame.map_err(|error| Stop::about(error, path))?;
            frames += 1;
        }
        count += frames;
        sources.push((input, found.format));
    }
    let options = PictureOptions {
        background: arguments.background.map_or([255; 3], |color| color.0),
        png_level: u8::try_from(arguments.png_level).unwrap_or(6),
        ..PictureOptions::default()
    };
    let mut size = arguments.size;
    let mut failed = None;
    let saved = files::save_sized(&arguments.output, &existing, 0, &progress, &mut |out| {
        let frames =
            sources.iter().flat_map(|(input, format)| match stills(input, *format, Limits::of(arguments.limit), &progress) {
                Ok(frames) => frames,
                Err(error) => Box::new(std::iter::once(Err(error))),
            });
        let frames = frames.map(|frame| {
            let mut frame = frame?;
            let size = *size.get_or_insert((frame.image.width(), frame.image.height()));
            frame.image = fitted(frame.image, size, arguments.background, &options, &progress)?;
            if let Some(delay) = arguments.delay {
                frame.delay = Duration::from_millis(delay.into());
            }
            Ok(frame)
        });
        let animation = Animation { frames: count, loops: arguments.loops };
        match picture::animate(frames, animation, to, &options, &Carried::default(), out, &progress) {
            Ok(()) => Ok(()),
            Err(FormatError::Write(error)) => Err(error),
            Err(error) => {
                failed = Some(error);
                Err(io::Error::other("the animation failed"))
            }
        }
    });
    if let Some(error) = failed {
        return Err(Stop::about(error, &arguments.output));
    }
    let saved = saved.map_err(|error| Stop::about(error.kind, &arguments.output))?;
    for note in saved.notes {
        message(&about(format!("notice: {note}"), &arguments.output));
    }
    let frames = if count == 1 { "1 frame".into() } else { format!("{} frames", grouped(count.into())) };
    output::print(&format!(
        "{} ({to}, {frames}, {} bytes)\n",
        files::display_path(&arguments.output),
        grouped(saved.identity.len.get())
    ))
}

type Stills<'a> = Box<dyn Iterator<Item = Result<Frame, FormatError>> + 'a>;

/// The frames of an animation, the pages of a TIFF, or the one picture.
fn stills<'a>(input: &'a Buffer, format: Format, limits: Limits, progress: &'a Progress) -> Result<Stills<'a>, FormatError> {
    let delay = Duration::from_millis(100);
    let info = picture::probe(input, format)?;
    if info.frames != Some(1) && (picture::can_animate(format) || format == Format::Tiff) {
        let frames = picture::frames(input, format, limits, progress)?;
        let still = move |frame: Frame| Frame { delay: if frame.delay.is_zero() { delay } else { frame.delay }, ..frame };
        return Ok(Box::new(frames.map(move |frame| frame.map(still))));
    }
    let one = move || picture::decode(input, format, limits, progress).map(|picture| Frame { image: picture.image, delay });
    Ok(Box::new(std::iter::once_with(one)))
}

/// A picture of this size: its shape is kept, what is around it is the background, or transparent where none was said.
fn fitted(
    image: image::DynamicImage,
    (width, height): (u32, u32),
    background: Option<Color>,
    options: &PictureOptions,
    progress: &Progress,
) -> Result<image::DynamicImage, FormatError> {
    if (image.width(), image.height()) == (width, height) {
        return Ok(image);
    }
    let picture = picture::Picture::from_rgba8(Format::Png, image.into_rgba8());
    let operations = Operations { resize: Some(Resize::Fit { width, height }), ..Operations::default() };
    let small = operations.apply(picture, options.background, Limits::default(), progress)?.image;
    let around = background.map_or([0; 4], |Color([r, g, b])| [r, g, b, 255]);
    let mut canvas = image::RgbaImage::from_pixel(width, height, image::Rgba(around));
    let (x, y) = ((width - small.width()) / 2, (height - small.height()) / 2);
    image::imageops::overlay(&mut canvas, &small.into_rgba8(), x.into(), y.into());
    Ok(canvas.into())
}
