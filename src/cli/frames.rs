//! `seektell frames`: each frame of an animation, or page of a TIFF, as a file of its own.

use std::io;
use std::path::PathBuf;

use super::input;
use super::interrupt;
use super::output::{self, Stop, about, count, message};
use crate::convert::numbers::parse_len;
use crate::files::{self, Existing};
use crate::formats::options::{MetadataPolicy, parse_within};
use crate::formats::picture::{self, Carried, Limits, Picture};
use crate::formats::{Format, FormatError, Kind, PictureOptions, detect};

const EXAMPLES: &str = "\
The files are called after the input, with the frame's number: film-001.png. Their delays are printed, as milliseconds.

Examples:
  seektell frames film.gif --into frames
  seektell frames scan.tiff --into pages --to jpeg --quality 90";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The animation, or the TIFF with its pages
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder to write into; made if it is not there
    #[arg(long, value_name = "FOLDER")]
    into: PathBuf,
    /// The format of the pictures
    #[arg(long, value_name = "FORMAT", default_value = "png")]
    to: String,
    /// JPEG quality, 1 to 100
    #[arg(long, value_name = "N", value_parser = |text: &str| parse_within("the JPEG quality", text, 1..=100), default_value = "85")]
    quality: u32,
    /// The most bytes that a frame may take, or an address may give, such as 2G; 512M of pixels by default
    #[arg(long, value_name = "SIZE", value_parser = parse_len)]
    limit: Option<u64>,
    /// Replace files that exist
    #[arg(long)]
    overwrite: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let path = &arguments.file;
    let to = Format::from_id(&arguments.to).filter(|to| to.kind() == Kind::Picture && to.info().writes);
    let to = to.ok_or_else(|| Stop::Usage(format!("{:?} is no format of pictures that is written", arguments.to)))?;
    let input = input::open_within(path, arguments.limit)?;
    let found = detect(&input, input::name(path).as_deref()).map_err(|error| Stop::about(error, path))?;
    let format = found.format;
    if format.kind() != Kind::Picture {
        return Err(Stop::about(format!("this is no picture: {}", found.label), path));
    }
    let progress = interrupt::progress();
    let failed = |error: FormatError| Stop::about(error, path);
    let info = picture::probe(&input, format).map_err(failed)?;
    let digits = info.frames.map_or(3, |frames| frames.to_string().len()).max(3);
    let stem =
        path.file_stem().filter(|_| !input::is_dash(path)).map_or("frame".into(), |stem| stem.to_string_lossy().into_owned());
    let options = PictureOptions { quality: u8::try_from(arguments.quality).unwrap_or(85), ..PictureOptions::default() };
    let existing = if arguments.overwrite { Existing::Replace } else { Existing::Refuse };
    files::make_folder(&arguments.into).map_err(|error| Stop::about(error.kind, &arguments.into))?;
    // What stands beside the pixels says nothing about a single frame, but who made it.
    let along = Carried::of(&input, format, MetadataPolicy::Strip).map_err(failed)?;
    let mut written = 0;
    let mut told = std::collections::BTreeSet::new();
    for frame in picture::frames(&input, format, Limits::of(arguments.limit), &progress).map_err(failed)? {
        let frame = frame.map_err(failed)?;
        written += 1;
        let output = arguments.into.join(format!("{stem}-{written:0digits$}.{}", to.default_extension()));
        let mut one = info.clone();
        (one.width, one.height, one.frames) = (frame.image.width(), frame.image.height(), Some(1));
        let picture = Picture { info: one, image: frame.image, truncated: None };
        for loss in picture::losses_of(&picture, to, &options) {
            if told.insert(loss.what.clone()) {
                message(&about(format!("notice: {}", loss.what), path));
            }
        }
        let mut wrong = None;
        let saved = files::save_sized(&output, &existing, 0, &progress, &mut |out| match picture::encode_with(
            &picture, to, &options, &along, out, &progress,
        ) {
            Ok(()) => Ok(()),
            Err(FormatError::Write(error)) => Err(error),
            Err(error) => {
                wrong = Some(error);
                Err(io::Error::other("the frame failed"))
            }
        });
        if let Some(error) = wrong {
            return Err(Stop::about(error, &output));
        }
        let saved = saved.map_err(|error| Stop::about(error.kind, &output))?;
        for note in saved.notes {
            message(&about(format!("notice: {note}"), &output));
        }
        let delay = if frame.delay.is_zero() { String::new() } else { format!(", {} ms", frame.delay.as_millis()) };
        output::print(&format!("{} ({}{delay})\n", files::display_path(&output), count(saved.identity.len.get(), "byte")))?;
    }
    if written == 0 {
        return Err(Stop::about("there are no frames and no pages: it is one picture", path));
    }
    Ok(())
}
