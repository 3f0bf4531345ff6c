//! The export dialog: a format, its options, and what the result will not have.

use egui::{ComboBox, RichText, Ui};

use super::{buttons, cancel, title};
use crate::app::{Command, ConvertCommand, DialogCommand, ExportDialog, Losses, Preview, PreviewState};
use crate::convert::{ColumnName, Recipe};
use crate::ui::ViewCx;
use crate::ui::convert_form::{self, Columns, Subject};
use crate::ui::theme::UNIT;

/// Columns that are listed.
const LISTED: usize = 1000;

pub(super) fn show(ui: &mut Ui, export: &ExportDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(460.0);
    let name = cx.state.document(export.document).map_or("document", |open| open.document.name());
    title(ui, &format!("Export {}", crate::ui::shortened(name, 36)));
    convert_form::grid(ui, "export options", |ui| {
        ui.label("From");
        ui.label(export.from.info().name);
        ui.end_row();
        let label = ui.label("Format");
        let combo = ComboBox::from_id_salt("format")
            .selected_text(export.to.info().name)
            .width(220.0)
            .height(420.0)
            .show_ui(ui, |ui| {
                for &target in &export.targets {
                    if ui.selectable_label(target == export.to, target.info().name).clicked() {
                        commands.push(Command::Dialog(DialogCommand::ExportFormat(target)));
                    }
                }
            })
            .response
            .labelled_by(label.id);
        if fresh {
            combo.request_focus();
        }
        ui.end_row();
        rows(ui, export, cx, commands);
    });
    ui.add_space(2.0 * UNIT);
    let mut recipe = Recipe { options: (*export.options).clone(), ..Recipe::new(export.to) };
    let size = cx.state.document(export.document).and_then(picture_size);
    let names = cx.state.document(export.document).map(column_names).unwrap_or_default();
    let subject = Subject { from: Some(export.from), size, reading: false, columns: Columns::of_one(&names) };
    let height = (ui.ctx().content_rect().height() - 340.0).max(160.0);
    let wrong = egui::ScrollArea::vertical().max_height(height).show(ui, |ui| convert_form::show(ui, subject, &mut recipe)).inner;
    if recipe.options != *export.options {
        commands.push(Command::Dialog(DialogCommand::ExportOptions(Box::new(recipe.options))));
    }
    ui.add_space(8.0);
    let possible = losses(ui, export, cx);
    ui.add_space(UNIT);
    let help = "Shows the result before it is written, and takes more files";
    if ui.link("Preview, and convert several").on_hover_text(help).clicked() {
        commands.push(Command::Convert(ConvertCommand::InsteadOfExport));
    }
    buttons(ui, &[cancel(), ("Save as…", DialogCommand::Accept)], possible && !wrong, false, commands);
}

/// All rows, or those that are shown; asked only where these differ.
fn rows(ui: &mut Ui, export: &ExportDialog, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let Some(view) = export.offered_view() else { return };
    let table = cx.state.document(export.document).and_then(|open| open.table()).map(|(table, _)| table);
    let (all, width) = table.map_or((0, 0), |table| (table.row_count(), table.width()));
    let count = view.rows.as_ref().map_or(all, |rows| rows.len());
    let columns = view.columns.as_ref().map_or(width, Vec::len);
    let number = |count: u64, one: &str, many: &str| format!("{} {}", count, if count == 1 { one } else { many });
    let (rows, columns) = (number(count, "row", "rows"), number(columns as u64, "column", "columns"));
    let names = ["All, as in the document".to_owned(), format!("As shown: {rows}, {columns}")];
    let shown = export.options.table.view.is_some();
    let label = ui.label("Rows");
    let combo = ComboBox::from_id_salt("rows").selected_text(&names[usize::from(shown)]).width(260.0).show_ui(ui, |ui| {
        for (value, name) in [false, true].into_iter().zip(&names) {
            if ui.selectable_label(value == shown, name).clicked() {
                commands.push(Command::Dialog(DialogCommand::ExportView(value)));
            }
        }
    });
    combo
        .response
        .labelled_by(label.id)
        .on_hover_text("The rows and columns that the filters, the order and the columns of the view leave");
    ui.end_row();
}

fn losses(ui: &mut Ui, export: &ExportDialog, cx: &ViewCx<'_>) -> bool {
    match &export.losses {
        Losses::Asking(_) => {
            ui.label(RichText::new("Looking for what will be lost…").weak());
            true
        }
        Losses::Known(losses) if losses.is_empty() => {
            ui.label(RichText::new("Nothing is lost").color(cx.theme.good));
            true
        }
        Losses::Known(losses) => {
            for loss in losses {
                ui.add(egui::Label::new(RichText::new(format!("• {}", loss.what)).color(cx.theme.warning)).wrap());
            }
            true
        }
        Losses::Impossible(why) => {
            ui.add(egui::Label::new(RichText::new(why).color(cx.theme.error)).wrap());
            false
        }
    }
}

/// The names of a document's columns that can be picked from a list; more can be typed.
fn column_names(open: &crate::app::OpenDocument) -> Vec<ColumnName> {
    let PreviewState::Ready { preview, .. } = &open.preview else { return Vec::new() };
    let Preview::Table { table, .. } = preview.as_ref() else { return Vec::new() };
    let mut seen = std::collections::HashSet::new();
    let names = table.header().unwrap_or_default().iter().take(LISTED).filter(|name| seen.insert(name.as_str()));
    names.map(|name| ColumnName { name: name.clone(), tables: 1 }).collect()
}

/// How large the picture of a document is.
fn picture_size(open: &crate::app::OpenDocument) -> Option<(u32, u32)> {
    match &open.preview {
        PreviewState::Ready { preview, .. } => match preview.as_ref() {
            Preview::Picture(picture) => Some((picture.info.width, picture.info.height)),
            Preview::Table { .. } | Preview::Archive(_) => None,
        },
        _ => None,
    }
}
