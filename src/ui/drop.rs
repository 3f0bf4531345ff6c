//! Files that hover over the window, and files that are dropped on it.

use std::path::{Path, PathBuf};

use egui::{Align2, Context, FontId, Id, LayerId, Order, Rect};

use super::theme::{TEXT, Theme, UNIT};
use crate::app::{AppState, Command, ConvertCommand, LessonCommand};
use crate::formats::{Format, Kind};

/// Names that the overlay lists.
const LISTED: usize = 8;

/// Drops wait so long, in seconds, for the system to say where they fell: it does so when the drag has ended.
const PLACE_WAIT: f64 = 0.3;

/// Size of a target that files are dropped on, and the gap between two.
const CHIP: egui::Vec2 = egui::vec2(104.0, 40.0);
const CHIP_GAP: f32 = 3.0 * UNIT;

/// Drops on the window: which files hover, and those that fell and whose place is not known yet.
#[derive(Debug, Default)]
pub(super) struct Drops {
    targets: Vec<Format>,
    pending: Option<(Vec<PathBuf>, f64)>,
}

impl Drops {
    /// What was dropped becomes documents, or joins the convert panel; what falls on a format's target opens the panel for it.
    pub(super) fn take(&mut self, ctx: &Context, state: &AppState, now: f64) -> Vec<Command> {
        let panel = state.converting().is_some();
        let offers = !panel && state.dialog().is_none() && !state.is_asking();
        let hovered: Vec<_> = ctx.input(|input| input.raw.hovered_files.iter().filter_map(|file| file.path.clone()).collect());
        if !hovered.is_empty() {
            self.targets = if offers { targets_for(&hovered) } else { Vec::new() };
        }
        let mut commands = dropped(ctx, panel);
        if let [Command::OpenPaths(paths)] = commands.as_slice()
            && !self.targets.is_empty()
        {
            // Several files may come in several frames.
            let mut all = self.pending.take().map_or_else(Vec::new, |(all, _)| all);
            all.extend(paths.iter().cloned());
            self.pending = Some((all, now));
            commands.clear();
        }
        if let Some((paths, since)) = self.pending.take() {
            let at = ctx.input(|input| input.pointer.latest_pos());
            let on = at.map(|at| chips(ctx.content_rect(), &self.targets).into_iter().find(|(rect, _)| rect.contains(at)));
            match on {
                Some(Some((_, to))) => commands.push(Command::Convert(ConvertCommand::Files(paths, Some(to)))),
                None if now - since < PLACE_WAIT => {
                    self.pending = Some((paths, since));
                    ctx.request_repaint_after(std::time::Duration::from_secs_f64(PLACE_WAIT));
                    return commands;
                }
                _ => commands.push(Command::OpenPaths(paths)),
            }
        }
        if hovered.is_empty() {
            self.targets.clear();
        }
        commands
    }

    /// The targets to paint: while files hover, and until it is known where they fell.
    pub(super) fn targets(&self) -> &[Format] {
        &self.targets
    }
}

/// The formats that are offered for files of these names: the usual ones of what the first of them is.
fn targets_for(paths: &[PathBuf]) -> Vec<Format> {
    use Format as F;
    let files: Vec<&PathBuf> = paths.iter().filter(|path| !path.is_dir()).collect();
    let Some(first) = files.first() else { return Vec::new() };
    let from = Format::from_name(&first.to_string_lossy()).unwrap_or(F::Bytes);
    let usual: &[Format] = match from.kind() {
        Kind::Picture => &[F::Png, F::Jpeg, F::WebP, F::Gif, F::Tiff, F::Bmp],
        Kind::Table | Kind::Json => &[F::Csv, F::Json, F::JsonLines, F::Xlsx, F::Markdown, F::Parquet],
        _ => &[F::Text, F::HexDump, F::Base64, F::DataUrl, F::Literal, F::Gzip],
    };
    let reach = crate::formats::targets(from);
    usual.iter().copied().filter(|to| *to != from && reach.contains(to)).collect()
}

/// Where the targets are: in a row near the bottom.
fn chips(screen: Rect, targets: &[Format]) -> Vec<(Rect, Format)> {
    let width = targets.len() as f32 * (CHIP.x + CHIP_GAP) - CHIP_GAP;
    let left = (screen.center().x - width / 2.0).max(screen.left() + 4.0 * UNIT);
    let top = screen.bottom() - 28.0 * UNIT;
    let place = |n: usize| Rect::from_min_size(egui::pos2(left + n as f32 * (CHIP.x + CHIP_GAP), top), CHIP);
    targets.iter().enumerate().map(|(n, to)| (place(n), *to)).collect()
}

/// What was dropped in this frame.
fn dropped(ctx: &Context, into_panel: bool) -> Vec<Command> {
    let files = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut commands = Vec::new();
    for file in &files {
        let path = file.path();
        if path.is_absolute() || path.exists() {
            paths.push(path.to_path_buf());
            continue;
        }
        match file.bytes() {
            Ok(bytes) => commands.push(Command::OpenBytes { name: name(path), bytes }),
            Err(error) => commands.push(Command::Notice(crate::app::Notice {
                level: crate::app::Level::Error,
                text: format!("What was dropped cannot be read: {error}"),
            })),
        }
    }
    if let [path] = paths.as_slice()
        && commands.is_empty()
        && !into_panel
        && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("lesson"))
    {
        return vec![Command::Lesson(LessonCommand::Offer(path.clone()))];
    }
    if !paths.is_empty() {
        let add = if into_panel { Command::Convert(ConvertCommand::Add(paths)) } else { Command::OpenPaths(paths) };
        commands.insert(0, add);
    }
    commands
}

/// Says what will happen while files hover over the window.
pub(super) fn overlay(ctx: &Context, theme: &Theme, state: &AppState, targets: &[Format]) {
    let hovered: Vec<Option<PathBuf>> = ctx.input(|input| input.raw.hovered_files.iter().map(|file| file.path.clone()).collect());
    if hovered.is_empty() {
        return;
    }
    let folders = hovered.iter().flatten().filter(|path| path.is_dir()).count();
    let panel = state.converting().is_some();
    let mut lines = vec![match hovered.len() - folders {
        n if panel && n > 0 => "Drop to add them to what is converted".to_owned(),
        0 => "Folders cannot be opened".to_owned(),
        1 => "Drop to open this file as an in-memory stream".to_owned(),
        n => format!("Drop to open {n} files, each as a document of its own"),
    }];
    for path in hovered.iter().take(LISTED) {
        lines.push(match path {
            Some(path) if path.is_dir() => format!("{} is a folder and will not be opened", name(path)),
            Some(path) => name(path),
            None => "a file".to_owned(),
        });
    }
    if hovered.len() > LISTED {
        lines.push(format!("and {} more", hovered.len() - LISTED));
    }
    let painter = ctx.layer_painter(LayerId::new(Order::Foreground, Id::unique("drop overlay")));
    let screen = ctx.content_rect();
    painter.rect_filled(screen, 0.0, theme.ground.gamma_multiply(0.92));
    painter.rect_stroke(screen.shrink(4.0 * UNIT), 2.0 * UNIT, egui::Stroke::new(2.0, theme.accent), egui::StrokeKind::Inside);
    let step = 24.0;
    let top = screen.center().y - step * lines.len() as f32 / 2.0;
    for (i, line) in lines.iter().enumerate() {
        let (size, color) = if i == 0 { (TEXT + 4.0, theme.text) } else { (TEXT, theme.text_dim) };
        // The names stand off the heading.
        let gap = if i == 0 { 0.0 } else { 2.0 * UNIT };
        let at = egui::pos2(screen.center().x, top + step * i as f32 + gap);
        painter.text(at, Align2::CENTER_TOP, super::shortened(line, 80), FontId::proportional(size), color);
    }
    if targets.is_empty() {
        return;
    }
    let row = chips(screen, targets);
    let over = ctx.input(|input| input.pointer.latest_pos());
    let above = egui::pos2(screen.center().x, row.first().map_or(screen.bottom(), |(rect, _)| rect.top() - 3.0 * UNIT));
    painter.text(
        above,
        Align2::CENTER_BOTTOM,
        "or drop them on a format to convert them",
        FontId::proportional(TEXT),
        theme.text_dim,
    );
    for (rect, to) in row {
        let hit = over.is_some_and(|at| rect.contains(at));
        let (fill, ink) = if hit { (theme.accent, theme.on_accent) } else { (theme.control, theme.text) };
        painter.rect(rect, UNIT, fill, egui::Stroke::new(1.0, theme.accent), egui::StrokeKind::Inside);
        painter.text(rect.center(), Align2::CENTER_CENTER, short_name(to), FontId::proportional(TEXT), ink);
    }
}

/// A format's name as it fits on a target: without the word for its kind.
fn short_name(format: Format) -> String {
    let name = format.info().name;
    [" image", " table"].iter().find_map(|kind| name.strip_suffix(kind)).unwrap_or(name).to_owned()
}

fn name(path: &Path) -> String {
    super::visible(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
}
