//! `seektell screenshot`: the window's picture, painted with no display.

use std::path::PathBuf;

use super::output::{self, Stop, escape};
use crate::app;
use crate::files::{self, Existing};
use crate::tasks::Progress;

/// The window's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ThemeChoice {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
}

/// What to paint: the window with these documents.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct ScreenshotRequest {
    /// Files to open
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The PNG to write
    #[arg(short, long, value_name = "OUT.png")]
    pub output: PathBuf,
    /// Width and height of the window in points
    #[arg(long, value_name = "WxH", value_parser = parse_size, default_value = "1280x800")]
    pub size: (u32, u32),
    /// The window's colours
    #[arg(long, value_enum, default_value = "dark")]
    pub theme: ThemeChoice,
    /// The most bytes that the file that is shown may take in memory, such as 2G
    #[arg(long, value_name = "SIZE", value_parser = super::numbers::parse_len)]
    pub limit: Option<u64>,
    /// Replace OUT.png if it exists
    #[arg(long)]
    pub overwrite: bool,
}

/// Paints, and writes the PNG.
pub(super) fn run(request: &ScreenshotRequest) -> Result<(), Stop> {
    let theme = match request.theme {
        ThemeChoice::Dark => app::ThemeChoice::Dark,
        ThemeChoice::Light => app::ThemeChoice::Light,
    };
    // Each file is looked at first, so that an error names it; the window would only say that something failed.
    for path in &request.files {
        files::open(path).map_err(|error| Stop::about(error, path))?;
    }
    let image = crate::ui::screenshot(request.files.clone(), request.size, theme, request.limit)
        .map_err(|error| Stop::Failed(escape(&error)))?;
    let png = crate::ui::to_png(&image).map_err(|error| Stop::about(error, &request.output))?;
    let existing = if request.overwrite { Existing::Replace } else { Existing::Refuse };
    files::save(&request.output, &existing, &Progress::new(), &mut |out| out.write_all(&png))
        .map_err(|error| Stop::about(error, &request.output))?;
    output::print(&format!("{} ({} x {} pixels)\n", files::display_path(&request.output), image.width(), image.height()))
}

/// "1280x800": 320 to 8192 points wide, 240 to 8192 high.
fn parse_size(text: &str) -> Result<(u32, u32), String> {
    let size = text.split_once(['x', 'X']).and_then(|(width, height)| width.parse().ok().zip(height.parse().ok()));
    match size {
        Some((width, height)) if (320..=8192).contains(&width) && (240..=8192).contains(&height) => Ok((width, height)),
        Some(_) => Err(format!("the size must be 320x240 to 8192x8192, not {text}")),
        None => Err(format!("{text:?} is not a size such as 1280x800")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(parse_size("1280x800"), Ok((1280, 800)));
        for text in ["", "1280", "x", "10x10", "1280x99999", "-1x5"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
