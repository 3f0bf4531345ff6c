//! The names of the console: the documents, and what the user made.

use egui::{Label, RichText, ScrollArea, Ui};

use crate::app::numbers::count;
use crate::app::{AppState, Command, ConsoleCommand, OpenDocument};
use crate::console::session::NameInfo;
use crate::ui::ViewCx;
use crate::ui::theme::{ROW, UNIT};

/// Paints the list: what the user made first, the documents below.
pub(super) fn show(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let made: Vec<&NameInfo> = cx.state.console().names().iter().filter(|info| !is_name_of_document(cx.state, info)).collect();
    let documents = cx.state.documents();
    if made.is_empty() && documents.is_empty() {
        ui.label(RichText::new("Names that you make are listed here").color(cx.theme.text_dim));
        return;
    }
    let height = ROW + UNIT;
    let total = made.len() + documents.len();
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("console names").auto_shrink([false, false]).show_rows(ui, height, total, |ui, rows| {
        for row in rows {
            ui.push_id(row, |ui| {
                ui.horizontal(|ui| {
                    ui.set_min_height(height);
                    match (made.get(row), row.checked_sub(made.len()).and_then(|at| documents.get(at))) {
                        (Some(info), _) => show_name(ui, info, cx, commands),
                        (None, Some(open)) => show_document(ui, open, cx, commands),
                        (None, None) => {}
                    }
                });
            });
        }
    });
}

/// A document's own name is in the list already.
fn is_name_of_document(state: &AppState, info: &NameInfo) -> bool {
    let own = |open: &OpenDocument| Some(open.document.id().get()) == info.document && open.name == info.name;
    state.documents().iter().any(own) || (info.document.is_some() && info.name == "buf")
}

fn short_class(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

fn show_name(ui: &mut Ui, info: &NameInfo, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.label(RichText::new(crate::ui::shortened(&info.name, 24)).monospace());
    if info.stream.is_some() {
        let button = ui.small_button("Open").on_hover_text("Open this stream as a document");
        if button.accessible_name(format!("Open {} as a document", info.name)).clicked() {
            commands.push(Command::Console(ConsoleCommand::Adopt(info.name.clone())));
        }
    }
    if let Some(key) = info.document {
        let button = ui.small_button("Show").on_hover_text("This is an open document: bring it to the front");
        if button.accessible_name(format!("Show {}", info.name)).clicked() {
            commands.push(Command::Console(ConsoleCommand::Show(key)));
        }
    }
    // A stream's repr is only an address.
    let is_stream = info.stream.is_some() || info.document.is_some();
    let text = if is_stream { short_class(&info.class).to_owned() } else { crate::ui::visible(&info.repr) };
    let label = Label::new(RichText::new(text).monospace().small().color(cx.theme.text_dim)).truncate();
    ui.add(label).on_hover_text(format!("{}: {}", info.class, crate::ui::visible(&info.repr)));
}

fn show_document(ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let document = &open.document;
    let front = cx.state.active().is_some_and(|front| front.document.id() == document.id());
    let name = RichText::new(&open.name).monospace().color(if front { cx.theme.accent } else { cx.theme.text });
    let file = crate::ui::visible(document.name());
    let hover = if front {
        format!("{file}, the document in front: buf is the same stream")
    } else {
        format!("{file}: bring it to the front")
    };
    if ui.link(name).on_hover_text(hover).clicked() {
        commands.push(Command::Activate(document.id()));
    }
    if front {
        ui.label(RichText::new("= buf").monospace().color(cx.theme.text_dim));
    }
    let mut facts = format!("{} {}", document.kind().class(), count(document.size(), document.kind().unit()));
    if let Some(watched) = cx.state.console().watched(document.id()) {
        if watched.exported {
            facts.push_str(", a view holds it");
        }
        for link in &watched.links {
            facts.push_str(", ");
            facts.push_str(link.class);
        }
    }
    ui.add(Label::new(RichText::new(facts).small().color(cx.theme.text_dim)).truncate());
}
