//! The convert panel: sources, target and choices on the left, what comes of them on the right, what is lost below.

mod foot;
mod place;
mod result;
mod sources;

use egui::{CentralPanel, ComboBox, Frame, Panel, RichText, ScrollArea, Ui, vec2};

use super::ViewCx;
use super::convert_form::{self, Columns, Subject};
use super::theme::UNIT;
use crate::app::numbers::{binary_size, count};
use crate::app::{Command, ConvertCommand, ConvertPanel, Sample};
use crate::convert::Recipe;

/// A window that is smaller than this in a direction has no room for wide margins, in points.
const ROOMY: f32 = 700.0;
/// A panel that is narrower than this has one column.
const NARROW: f32 = 680.0;
/// Height of the result in it.
const RESULT: f32 = 260.0;

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
        let margin = if screen.x < ROOMY || screen.y < ROOMY { 64.0 } else { 96.0 };
        let size = vec2((screen.x - margin).clamp(360.0, 1180.0), (screen.y - margin).clamp(280.0, 780.0));
        ui.set_min_size(size);
        ui.set_max_size(size);
        let mut recipe = panel.recipe.clone();
        let plain = Frame::new();
        Panel::bottom("convert foot").frame(plain).show_separator_line(false).show(ui, |ui| {
            foot::show(ui, panel, cx, commands);
        });
        // Where two columns have no room, one stands below the other.
        if size.x < NARROW {
            CentralPanel::default().frame(plain).show(ui, |ui| {
                ScrollArea::vertical().id_salt("narrow").auto_shrink([false, false]).show(ui, |ui| {
                    self.sources(ui, panel, cx, fresh, commands);
                    ui.add_enabled_ui(!panel.is_running(), |ui| choices(ui, panel, &mut recipe, commands));
                    ui.add_space(3.0 * UNIT);
                    let room = vec2(ui.available_width(), RESULT);
                    ui.allocate_ui(room, |ui| self.result.show(ui, panel, cx));
                });
            });
        } else {
            let left =
                Panel::left("convert sources").frame(plain).resizable(false).default_size(412.0).show_separator_line(false);
            left.show(ui, |ui| {
                self.sources(ui, panel, cx, fresh, commands);
                ui.add_space(2.0 * UNIT);
                ui.add_enabled_ui(!panel.is_running(), |ui| {
                    ScrollArea::vertical().id_salt("choices").auto_shrink([false, false]).show(ui, |ui| {
                        choices(ui, panel, &mut recipe, commands);
                    });
                });
            });
            let beside = Frame::new().outer_margin(egui::Margin { left: 16, ..Default::default() });
            CentralPanel::default().frame(beside).show(ui, |ui| self.result.show(ui, panel, cx));
        }
        if recipe != panel.recipe {
            put(commands, ConvertCommand::Recipe(Box::new(recipe)));
        }
    }

    fn sources(&self, ui: &mut Ui, panel: &ConvertPanel, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
        ui.label(RichText::new("Convert files").heading());
        ui.add_space(2.0 * UNIT);
        sources::show(ui, panel, cx, fresh, commands);
    }
}

fn choices(ui: &mut Ui, panel: &ConvertPanel, recipe: &mut Recipe, commands: &mut Vec<Command>) {
    convert_form::grid(ui, "target", |ui| {
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
    let survey = panel.survey.columns();
    let columns = survey.as_deref().map(Columns::from).unwrap_or_default();
    convert_form::show(ui, Subject { from, size, reading: true, columns }, recipe);
    ui.add_space(2.0 * UNIT);
    ui.separator();
    ui.add_space(UNIT);
    place::show(ui, panel, recipe, commands);
}
