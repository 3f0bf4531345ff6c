//! A report that is put together: its sections on the left, its pages on the right.

mod page;
mod section;

use egui::{Button, ComboBox, Layout, Response, RichText, ScrollArea, Sense, Ui, vec2};

use super::title;
use crate::app::{Command, DialogCommand, NewSection, ReportCommand, ReportForm};
use crate::formats::report::{FORMATS, Paper, Recipe, SectionRecipe, TextRecipe};
use crate::ui::ViewCx;
use crate::ui::number_field::NumberField;
use crate::ui::theme::UNIT;

/// Width of the sections.
const LEFT: f32 = 400.0;
/// Width of a section in the list: beside it stand three buttons.
const NAME: f32 = LEFT - 3.0 * 26.0 - 9.0 * UNIT;
/// Height of a section in the list.
const ROW: f32 = 26.0;

/// What the dialog keeps between frames.
#[derive(Default)]
pub(super) struct ReportDialog {
    page: page::PageView,
}

fn send(commands: &mut Vec<Command>, command: ReportCommand) {
    commands.push(Command::Report(command));
}

impl ReportDialog {
    pub(super) fn show(&mut self, ui: &mut Ui, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
        let Some(form) = cx.state.report() else { return };
        let room = ui.ctx().content_rect().size() - vec2(72.0, 64.0);
        ui.set_width(room.x.clamp(600.0, 1300.0));
        title(ui, "Report");
        let height = (room.y - 120.0).clamp(200.0, 1000.0);
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(vec2(LEFT, height), Layout::top_down(egui::Align::Min), |ui| {
                ui.set_min_size(vec2(LEFT, height));
                ui.set_max_width(LEFT);
                ScrollArea::vertical().id_salt("report choices").auto_shrink([false, false]).show(ui, |ui| {
                    ui.set_max_width(LEFT - 3.0 * UNIT);
                    sections(ui, form, fresh, cx, commands);
                    let mut recipe = form.recipe.clone();
                    if let Some(index) = form.selected.filter(|index| *index < recipe.sections.len()) {
                        ui.add_space(2.0 * UNIT);
                        ui.separator();
                        section::choices(ui, form, &mut recipe, index, cx);
                    }
                    ui.add_space(2.0 * UNIT);
                    ui.separator();
                    page_choices(ui, &mut recipe);
                    if recipe != form.recipe {
                        send(commands, ReportCommand::Change(Box::new(recipe)));
                    }
                });
            });
            ui.add_space(2.0 * UNIT);
            let rest = vec2(ui.available_width(), height);
            ui.allocate_ui_with_layout(rest, Layout::top_down(egui::Align::Min), |ui| {
                ui.set_min_size(rest);
                self.page.show(ui, form, height, cx, commands);
            });
        });
        foot(ui, form, commands);
    }
}

/// What a section is called in the list.
fn name_of(section: &SectionRecipe) -> (&'static str, String) {
    let line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    match section {
        SectionRecipe::Title(text) => ("Heading", line(text)),
        SectionRecipe::Text(TextRecipe::Here(text)) => ("Paragraph", line(text)),
        SectionRecipe::Text(TextRecipe::Source(text)) => ("Text", text.source.clone()),
        SectionRecipe::Blank(1) => ("Empty line", String::new()),
        SectionRecipe::Blank(lines) => ("Empty lines", lines.to_string()),
        SectionRecipe::Summary(summary) => ("Summary", line(summary.title.as_deref().unwrap_or_default())),
        SectionRecipe::Table(table) => ("Table", table.source.clone()),
        SectionRecipe::Picture(picture) => ("Picture", picture.source.clone()),
    }
}

fn sections(ui: &mut Ui, form: &ReportForm, fresh: bool, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Sections").strong());
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| add_menu(ui, cx, commands));
    });
    let count = form.recipe.sections.len();
    if count == 0 {
        ui.label(RichText::new("Add a heading, a paragraph, or an open document").color(cx.theme.text_dim));
    }
    for (index, section) in form.recipe.sections.iter().enumerate() {
        let (kind, what) = name_of(section);
        let name = format!("{}  {kind}", index + 1);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = UNIT;
            let shown = crate::ui::shortened(&what, 32);
            let text = if shown.is_empty() { name.clone() } else { format!("{name}: {shown}") };
            let selected = form.selected == Some(index);
            // What stands at the right, though it is empty, pushes the name to the left.
            let row = Button::selectable(selected, text.clone()).right_text("").truncate().sense(Sense::click_and_drag());
            let (rect, _) = ui.allocate_exact_size(vec2(NAME, ROW), Sense::hover());
            let response = ui.put(rect, row).on_hover_text("Click to change it, drag it to another place");
            if fresh && selected {
                response.request_focus();
            }
            drag(ui, &response, index, cx, commands);
            if response.clicked() {
                send(commands, ReportCommand::Select(index));
            }
            let mut small = |ui: &mut Ui, sign: &str, what: &str, enabled: bool, command: ReportCommand| {
                let button = ui.add_enabled(enabled, Button::new(sign).min_size(vec2(26.0, ROW)));
                if button.accessible_name(format!("{what} {text}")).on_hover_text(what).clicked() {
                    send(commands, command);
                }
            };
            small(ui, "↑", "Move up", index > 0, ReportCommand::Move(index, index.saturating_sub(1)));
            small(ui, "↓", "Move down", index + 1 < count, ReportCommand::Move(index, index + 1));
            small(ui, "×", "Remove", true, ReportCommand::Remove(index));
        });
    }
}

/// A section can be dragged to the place of another one.
fn drag(ui: &Ui, response: &Response, index: usize, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    response.dnd_set_drag_payload(index);
    if let Some(from) = response.dnd_hover_payload::<usize>().filter(|from| **from != index) {
        let y = if *from < index { response.rect.bottom() } else { response.rect.top() };
        ui.painter().hline(response.rect.x_range(), y, egui::Stroke::new(2.0, cx.theme.accent));
    }
    if let Some(from) = response.dnd_release_payload::<usize>().filter(|from| **from != index) {
        send(commands, ReportCommand::Move(*from, index));
    }
}

fn add_menu(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.menu_button("Add…", |ui| {
        let kinds = [
            (NewSection::Title, "Heading"),
            (NewSection::Text, "Paragraph"),
            (NewSection::Blank, "Empty line"),
            (NewSection::Summary, "Summary: names and values"),
        ];
        for (kind, name) in kinds {
            if ui.button(name).clicked() {
                send(commands, ReportCommand::Add(kind));
                ui.close();
            }
        }
        let open = cx.state.documents().iter().filter(|open| !open.document.is_closed());
        for (index, open) in open.enumerate() {
            if index == 0 {
                ui.separator();
                ui.label(RichText::new("Open documents").color(cx.theme.text_dim));
            }
            let name = crate::ui::shortened(open.document.name(), 40);
            if ui.button(name).on_hover_text("Its table, its picture, or its text").clicked() {
                send(commands, ReportCommand::Add(NewSection::Document(open.document.id())));
                ui.close();
            }
        }
    })
    .response
    .on_hover_text("Adds a section behind the selected one");
}

fn page_choices(ui: &mut Ui, recipe: &mut Recipe) {
    ui.label(RichText::new("Pages").strong());
    egui::Grid::new("report pages").num_columns(2).spacing([12.0, 6.0]).show(ui, |ui| {
        let page = &mut recipe.page;
        let label = ui.label("Paper");
        ui.horizontal(|ui| {
            let name = Paper::ALL.iter().find(|(paper, _)| *paper == page.size).map_or("A4", |(_, name)| name);
            ComboBox::from_id_salt("paper")
                .selected_text(name)
                .show_ui(ui, |ui| {
                    for (paper, name) in Paper::ALL {
                        ui.selectable_value(&mut page.size, paper, name);
                    }
                })
                .response
                .labelled_by(label.id);
            ui.checkbox(&mut page.landscape, "Landscape");
        });
        ui.end_row();
        for (name, what, range, value) in
            [("Margin", "mm", 5..=60, &mut page.margin), ("Size of text", "points", 5..=24, &mut page.text)]
        {
            let label = ui.label(name);
            ui.horizontal(|ui| {
                let number = NumberField::new(name, range).show(ui, u64::from(*value));
                number.say(ui);
                if let Some(to) = number.changed {
                    *value = to as u16;
                }
                number.response.labelled_by(label.id);
                ui.label(what);
            });
            ui.end_row();
        }
    });
    ui.checkbox(&mut recipe.page.numbers, "Number the pages");
    ui.checkbox(&mut recipe.sheet_each, "A sheet for each table, in a workbook");
}

fn foot(ui: &mut Ui, form: &ReportForm, commands: &mut Vec<Command>) {
    ui.add_space(3.0 * UNIT);
    ui.horizontal(|ui| {
        for (name, help, command) in [
            ("Open recipe…", "Opens what was saved, and the files beside it that it names", ReportCommand::OpenRecipe),
            (
                "Save recipe…",
                "Saves how this report is made, to make it again: also by seektell report",
                ReportCommand::SaveRecipe,
            ),
            ("Begin anew", "Forgets these sections", ReportCommand::Clear),
        ] {
            if ui.add(Button::new(name).min_size(vec2(0.0, 28.0))).on_hover_text(help).clicked() {
                send(commands, command);
            }
        }
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            let possible = !form.recipe.sections.is_empty() && !matches!(form.look.pages.as_deref(), Some(Err(_)));
            let export = Button::new(RichText::new("Export…").strong()).min_size(vec2(88.0, 28.0));
            if ui.add_enabled(possible, export).clicked() {
                send(commands, ReportCommand::Export);
            }
            let combo = ComboBox::from_id_salt("report format").selected_text(form.to.info().name).show_ui(ui, |ui| {
                for to in FORMATS {
                    if ui.selectable_label(form.to == to, to.info().name).clicked() {
                        send(commands, ReportCommand::Format(to));
                    }
                }
            });
            combo.response.accessible_name("Format");
            ui.label("as");
            ui.add_space(2.0 * UNIT);
            if ui.add(Button::new("Close").min_size(vec2(88.0, 28.0))).on_hover_text("The report stays as it is").clicked() {
                commands.push(Command::Dialog(DialogCommand::Cancel));
            }
        });
    });
}
