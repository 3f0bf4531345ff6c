//! The convert panel: sources, target and choices on the left, what comes of them on the right, what is lost below.

mod place;
mod result;
mod sources;

use egui::{CentralPanel, ComboBox, Frame, Grid, Panel, ProgressBar, RichText, ScrollArea, Ui, vec2};

use super::ViewCx;
use super::convert_form::{self, Subject};
use super::theme::UNIT;
use crate::app::numbers::{binary_size, count, group};
use crate::app::{Command, ConvertCommand, ConvertPanel, DialogCommand, Previewed, Sample};
use crate::convert::{Outcome, Recipe};
use crate::formats::Loss;

/// What the panel remembers between frames: textures, and where the slider stands.
#[derive(Default)]
pub(super) struct ConvertPane {
    result: result::ResultView,
}

fn put(commands: &mut Vec<Command>, command: ConvertCommand) {
    commands.push(Command::Convert(command));
}

/// Bytes as a person reads them.
fn size_words(bytes: u64) -> String {
    binary_size(bytes).unwrap_or_else(|| count(bytes, "byte"))
}

impl ConvertPane {
    pub(super) fn show(&mut self, ui: &mut Ui, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
        let Some(panel) = cx.state.converting() else { return };
        let screen = ui.ctx().content_rect().size();
        let size = vec2((screen.x - 96.0).clamp(480.0, 1180.0), (screen.y - 96.0).clamp(320.0, 780.0));
        ui.set_min_size(size);
        ui.set_max_size(size);
        let mut recipe = panel.recipe.clone();
        let plain = Frame::new();
        Panel::bottom("convert foot").frame(plain).show_separator_line(false).show(ui, |ui| {
            foot(ui, panel, cx, commands);
        });
        let left = Panel::left("convert sources").frame(plain).resizable(false).default_size(412.0).show_separator_line(false);
        left.show(ui, |ui| {
            ui.label(RichText::new("Convert files").heading());
            ui.add_space(2.0 * UNIT);
            sources::show(ui, panel, cx, fresh, commands);
            ui.add_enabled_ui(!panel.is_running(), |ui| self.choices(ui, panel, &mut recipe));
        });
        CentralPanel::default().frame(Frame::new().outer_margin(egui::Margin { left: 16, ..Default::default() })).show(
            ui,
            |ui| {
                self.result.show(ui, panel, cx);
            },
        );
        if recipe != panel.recipe {
            put(commands, ConvertCommand::Recipe(Box::new(recipe)));
        }
    }

    fn choices(&mut self, ui: &mut Ui, panel: &ConvertPanel, recipe: &mut Recipe) {
        ui.add_space(2.0 * UNIT);
        ScrollArea::vertical().id_salt("choices").auto_shrink([false, false]).show(ui, |ui| {
            Grid::new("target").num_columns(2).min_col_width(140.0).spacing([4.0 * UNIT, 2.0 * UNIT]).show(ui, |ui| {
                let label = ui.label("Format");
                ComboBox::from_id_salt("target format")
                    .selected_text(recipe.to.info().name)
                    .width(200.0)
                    .height(420.0)
                    .show_ui(ui, |ui| {
                        for to in panel.targets() {
                            ui.selectable_value(&mut recipe.to, to, to.info().name).on_hover_text(to.info().note);
                        }
                    })
                    .response
                    .labelled_by(label.id);
                ui.end_row();
            });
            ui.add_space(UNIT);
            let shown = panel.preview.shown();
            let size = shown.and_then(|preview| match &preview.sample {
                Sample::Pictures { sizes, .. } => Some(sizes[0]),
                _ => None,
            });
            let from = panel.from().or_else(|| shown.filter(|_| panel.sources.len() == 1).map(|preview| preview.from));
            convert_form::show(ui, Subject { from, size, reading: true }, recipe);
            ui.add_space(2.0 * UNIT);
            ui.separator();
            ui.add_space(UNIT);
            place::show(ui, panel, recipe);
        });
    }
}

/// What is lost, how far it is, and the buttons.
fn foot(ui: &mut Ui, panel: &ConvertPanel, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.separator();
    ui.add_space(UNIT);
    let outcomes = panel.outcomes();
    let done = outcomes.iter().flatten().count();
    ui.horizontal_top(|ui| {
        ui.allocate_ui(vec2((ui.available_width() - 420.0).max(200.0), 56.0), |ui| {
            ScrollArea::vertical().id_salt("losses").max_height(56.0).auto_shrink([false, true]).show(ui, |ui| {
                losses(ui, panel, cx);
            });
        });
        ui.with_layout(egui::Layout::right_to_left(egui::Align::TOP), |ui| {
            let button = |text: RichText| egui::Button::new(text).min_size(vec2(88.0, 28.0));
            if panel.is_running() {
                if ui.add(button(RichText::new("Stop").strong())).clicked() {
                    put(commands, ConvertCommand::Stop);
                }
                let share = done as f32 / outcomes.len().max(1) as f32;
                let words = format!("{} of {}", group(done as u64), group(outcomes.len() as u64));
                ui.add(ProgressBar::new(share).desired_width(160.0).text(words));
                return;
            }
            let possible = !panel.sources.is_empty() && place::is_possible(panel);
            let label = match panel.sources.len() {
                0 | 1 => "Convert".to_owned(),
                n => format!("Convert {}", group(n as u64)),
            };
            if ui.add_enabled(possible, button(RichText::new(label).strong())).clicked() {
                put(commands, ConvertCommand::Start);
            }
            if ui.add(button("Close".into())).clicked() {
                commands.push(Command::Dialog(DialogCommand::Cancel));
            }
            if !panel.failed().is_empty() && ui.add(button("Retry failed".into())).clicked() {
                put(commands, ConvertCommand::Retry);
            }
            let written = outcomes.iter().flatten().any(|outcome| matches!(**outcome, Outcome::Written(_)));
            if written
                && ui.add(button("Copy folder".into())).on_hover_text("The path of the results, for a file manager").clicked()
            {
                put(commands, ConvertCommand::CopyFolder);
            }
        });
    });
}

fn losses(ui: &mut Ui, panel: &ConvertPanel, cx: &ViewCx<'_>) {
    let line = |ui: &mut Ui, text: String, color| {
        ui.add(egui::Label::new(RichText::new(text).color(color)).wrap());
    };
    if let Some(wrong) = &panel.wrong {
        return line(ui, wrong.clone(), cx.theme.error);
    }
    let outcomes = panel.outcomes();
    let written = || {
        outcomes.iter().flatten().filter_map(|outcome| match &**outcome {
            Outcome::Written(written) => Some(written),
            _ => None,
        })
    };
    if written().next().is_some() {
        let (read, bytes) = written().fold((0, 0), |(read, bytes), written| (read + written.read, bytes + written.bytes));
        let words = format!(
            "{} read back and found right: {} → {}",
            count(written().count() as u64, "result"),
            size_words(read),
            size_words(bytes)
        );
        line(ui, words, cx.theme.good);
        for (loss, files) in summed(written().flat_map(|written| &written.losses)) {
            line(ui, if files > 1 { format!("• {loss} (in {files} files)") } else { format!("• {loss}") }, cx.theme.warning);
        }
        return;
    }
    match &panel.preview {
        Previewed::Impossible(why) => line(ui, format!("This one cannot be converted: {why}"), cx.theme.error),
        preview => match preview.shown() {
            Some(shown) if shown.losses.is_empty() => line(ui, "Nothing is lost of this one".into(), cx.theme.good),
            Some(shown) => {
                shown.losses.iter().for_each(|loss| line(ui, format!("• {}", loss.what), cx.theme.warning));
            }
            None => {}
        },
    }
}

/// The same loss of several files is one line.
fn summed<'a>(losses: impl Iterator<Item = &'a Loss>) -> Vec<(&'a str, usize)> {
    let mut all: Vec<(&str, usize)> = Vec::new();
    for loss in losses {
        match all.iter_mut().find(|(what, _)| *what == loss.what) {
            Some((_, files)) => *files += 1,
            None => all.push((&loss.what, 1)),
        }
    }
    all
}
