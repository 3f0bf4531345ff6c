//! Files that hover over the window, and files that are dropped on it.

use std::path::{Path, PathBuf};

use egui::{Align2, Context, FontId, Id, LayerId, Order};

use super::theme::{TEXT, Theme, UNIT};
use crate::app::{Command, LessonCommand};

/// Names that the overlay lists.
const LISTED: usize = 8;

/// What was dropped in this frame becomes documents.
pub(super) fn dropped(ctx: &Context) -> Vec<Command> {
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
        && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("lesson"))
    {
        return vec![Command::Lesson(LessonCommand::Offer(path.clone()))];
    }
    if !paths.is_empty() {
        commands.insert(0, Command::OpenPaths(paths));
    }
    commands
}

/// Says what will happen while files hover over the window.
pub(super) fn overlay(ctx: &Context, theme: &Theme) {
    let hovered: Vec<Option<PathBuf>> = ctx.input(|input| input.raw.hovered_files.iter().map(|file| file.path.clone()).collect());
    if hovered.is_empty() {
        return;
    }
    let folders = hovered.iter().flatten().filter(|path| path.is_dir()).count();
    let mut lines = vec![match hovered.len() - folders {
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
}

fn name(path: &Path) -> String {
    super::visible(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
}
