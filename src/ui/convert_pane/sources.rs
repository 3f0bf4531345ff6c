//! The list of sources, each with what became of it.

use egui::{Button, Layout, RichText, ScrollArea, Sense, Ui, vec2};

use super::{put, size_words};
use crate::app::{Command, ConvertCommand, ConvertPanel};
use crate::convert::{Outcome, Source};
use crate::ui::theme::{ROW, SMALL, UNIT};
use crate::ui::{ViewCx, shortened};

/// The list is no higher than this, and no higher than this share of the window.
const HEIGHT: f32 = 168.0;
const SHARE: f32 = 0.18;
/// Width of what became of a source.
const STATE: f32 = 118.0;

pub(super) fn show(ui: &mut Ui, panel: &ConvertPanel, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    let idle = !panel.is_running();
    ui.horizontal(|ui| {
        let add = ui.add_enabled(idle, Button::new("Add files…"));
        if fresh {
            add.request_focus();
        }
        if add.clicked() {
            put(commands, ConvertCommand::AskFiles);
        }
        let documents = idle && !cx.state.documents().is_empty();
        if ui.add_enabled(documents, Button::new("Add open documents")).clicked() {
            put(commands, ConvertCommand::AddDocuments);
        }
    });
    ui.add_space(UNIT);
    egui::Frame::new().fill(cx.theme.ground).stroke(egui::Stroke::new(1.0, cx.theme.line)).inner_margin(UNIT).show(ui, |ui| {
        ui.set_width(ui.available_width());
        if panel.sources.is_empty() {
            ui.set_height(3.0 * ROW);
            ui.centered_and_justified(|ui| ui.label(RichText::new("Drop files here, or add some").color(cx.theme.text_dim)));
            return;
        }
        let outcomes = panel.outcomes();
        let height = HEIGHT.min(ui.ctx().content_rect().height() * SHARE).max(2.0 * ROW);
        let survey = panel.survey.shown();
        let rows = panel.sources.len();
        ScrollArea::vertical().id_salt("sources").max_height(height).auto_shrink([false, true]).show_rows(
            ui,
            ROW,
            rows,
            |ui, range| {
                for index in range {
                    let refused = survey.as_ref().and_then(|survey| survey.impossible.iter().find(|(at, _)| *at == index));
                    let refused = refused.map(|(_, why)| why.as_str());
                    row(ui, panel, index, (outcomes.get(index).and_then(Option::as_deref), refused), cx, commands);
                }
            },
        );
    });
    if let Some(outcome) = panel.outcomes().get(panel.chosen).cloned().flatten() {
        details(ui, panel.chosen, &outcome, cx, commands);
    }
}

/// `outcome` is what became of it, and why it will fail where that is known before.
fn row(
    ui: &mut Ui,
    panel: &ConvertPanel,
    index: usize,
    (outcome, refused): (Option<&Outcome>, Option<&str>),
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let source = &panel.sources[index];
    ui.allocate_ui_with_layout(vec2(ui.available_width(), ROW), Layout::right_to_left(egui::Align::Center), |ui| {
        let remove = Button::new("×").frame(false).min_size(vec2(ROW, ROW));
        let response = ui.add_enabled(!panel.is_running(), remove).on_hover_text("Takes it off the list");
        if response.clicked() {
            put(commands, ConvertCommand::Remove(index));
        }
        let theme = cx.theme;
        let (words, color) = match outcome {
            Some(Outcome::Written(written)) if written.renamed => (format!("{}, renamed", size_words(written.bytes)), theme.good),
            Some(Outcome::Written(written)) => (size_words(written.bytes), theme.good),
            Some(Outcome::Skipped(_)) => ("skipped".to_owned(), theme.warning),
            Some(Outcome::Failed(_)) => ("failed".to_owned(), theme.error),
            Some(Outcome::Cancelled) => ("stopped".to_owned(), theme.text_dim),
            None if panel.is_running() => ("waiting".to_owned(), theme.text_dim),
            None if refused.is_some() => ("cannot be converted".to_owned(), theme.error),
            None => (panel_format(source), theme.text_dim),
        };
        ui.allocate_ui_with_layout(vec2(STATE, ROW), Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(RichText::new(words).color(color).size(SMALL));
        });
        ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
            let name = shortened(&source.name, 34);
            let label = Button::selectable(panel.chosen == index, (name, egui::Atom::grow())).sense(Sense::click());
            let label = label.min_size(vec2(ui.available_width(), ROW));
            let response = ui.add(label).on_hover_text(source.label());
            let response = match refused {
                Some(why) => response.on_hover_text(why),
                None => response,
            };
            if response.clicked() {
                put(commands, ConvertCommand::Choose(index));
            }
        });
    });
}

fn panel_format(source: &Source) -> String {
    ConvertPanel::format_of(source).map_or_else(String::new, |format| format.info().name.to_owned())
}

/// What became of the chosen source, in words.
fn details(ui: &mut Ui, index: usize, outcome: &Outcome, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.add_space(UNIT);
    let line = |ui: &mut Ui, text: String, color| {
        ui.add(egui::Label::new(RichText::new(text).color(color)).wrap());
    };
    match outcome {
        Outcome::Written(written) => {
            ui.horizontal(|ui| {
                if ui.button("Open result").clicked() {
                    put(commands, ConvertCommand::OpenResult(index));
                }
                let name = written.path.file_name().unwrap_or_default().to_string_lossy();
                let name = match &written.entry {
                    Some(entry) => format!("{name}: {entry}"),
                    None => name.into_owned(),
                };
                ui.label(RichText::new(shortened(&name, 40)).color(cx.theme.good))
                    .on_hover_text(crate::ui::shown_path(&written.path));
            });
            for note in written.remarks.iter().chain(&written.notes) {
                line(ui, note.clone(), cx.theme.warning);
            }
        }
        Outcome::Skipped(path) => line(ui, format!("Left as it is: {}", crate::ui::shown_path(path)), cx.theme.warning),
        Outcome::Failed(error) => line(ui, error.to_string(), cx.theme.error),
        Outcome::Cancelled => line(ui, "Stopped before it was written".into(), cx.theme.text_dim),
    }
}
