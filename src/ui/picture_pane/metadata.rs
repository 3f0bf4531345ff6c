//! EXIF, XMP, IPTC, texts and profiles: a click shows the bytes that an entry stands in.

use egui::{Align, Button, Label, Layout, Popup, RichText, SetOpenCommand, Ui, vec2};

use super::heading;
use crate::app::Command;
use crate::app::numbers::{count, group, places, shorten};
use crate::formats::picture::{Entry, Metadata};
use crate::ui::ViewCx;
use crate::ui::theme::{ROW, UNIT};

/// Entries of a group that are listed.
const LISTED: usize = 200;

/// Characters of a value that are shown in its row.
const SHOWN: usize = 200;

/// Characters of a value that are shown where the pointer rests on it.
const HOVERED: usize = 2000;

pub(super) fn show(ui: &mut Ui, found: &Metadata, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    heading(ui, "Metadata", cx);
    let theme = cx.theme;
    if found.groups.is_empty() {
        ui.label(RichText::new("None").color(theme.text_dim));
    }
    if let Some((north, east)) = found.position {
        let side =
            |value: f64, plus: &str, minus: &str| format!("{:.5}° {}", value.abs(), if value < 0.0 { minus } else { plus });
        let text = format!("The file says where it was taken: {}, {}", side(north, "N", "S"), side(east, "E", "W"));
        ui.add(Label::new(RichText::new(text).color(theme.warning)).wrap());
    }
    let others: Vec<&str> = found.personal.iter().copied().filter(|what| !what.contains("place")).collect();
    if !others.is_empty() {
        let text = format!("It also holds {}", others.join(", "));
        ui.add(Label::new(RichText::new(text).color(theme.text_dim)).wrap());
    }
    for part in &found.groups {
        let title = format!("{} ({})", part.name, group(part.entries.len() as u64));
        egui::CollapsingHeader::new(title).id_salt(("metadata", part.name)).default_open(true).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for entry in part.entries.iter().take(LISTED) {
                row(ui, entry, cx, commands);
            }
            if part.entries.len() > LISTED {
                let more = count((part.entries.len() - LISTED) as u64, "more entry").replace("entrys", "entries");
                ui.label(RichText::new(format!("and {more}")).color(theme.text_dim));
            }
        });
    }
    for notice in &found.notices {
        ui.add(Label::new(RichText::new(notice.as_str()).color(theme.warning)).wrap());
    }
}

fn row(ui: &mut Ui, entry: &Entry, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let theme = cx.theme;
    let width = ui.available_width();
    ui.allocate_ui_with_layout(vec2(width, ROW), Layout::left_to_right(Align::Center), |ui| {
        let left = (width * 0.4).min(45.0 * UNIT);
        ui.allocate_ui_with_layout(vec2(left, ROW), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(left);
            ui.add(Label::new(RichText::new(entry.label.as_str()).color(theme.text_dim)).truncate());
        });
        let value = crate::ui::visible(&shorten(&entry.value.replace('\n', " "), SHOWN));
        let button = Button::new(RichText::new(value).color(theme.text)).frame(false).truncate();
        let mut hover = shorten(&entry.value, HOVERED);
        if let Some(range) = entry.range {
            hover +=
                &format!("\n\nBytes {}: click to select them, right click to copy", places(range.start.get(), range.end().get()));
        }
        let response = ui.add(button).on_hover_text(hover);
        if response.clicked()
            && let Some(range) = entry.range
        {
            commands.push(Command::SelectBytes { from: range.start.get(), to: range.end().get() });
        }
        Popup::menu(&response)
            .open_memory(response.secondary_clicked().then_some(SetOpenCommand::Toggle))
            .at_pointer_fixed()
            .show(|ui| {
                if ui.button("Copy value").clicked() {
                    ui.ctx().copy_text(entry.value.clone());
                    ui.close();
                }
                if ui.button("Copy name and value").clicked() {
                    ui.ctx().copy_text(format!("{}: {}", entry.label, entry.value));
                    ui.close();
                }
            });
    });
}
