//! What stands at the cursor: numbers in both byte orders, times, colours, characters, text; of a text stream the character.
//!
//! A value is edited where it stands: what is typed is checked at each key, and Enter writes it at the cursor as one `write()`.

mod edit;
mod settings;
mod values;

use egui::{RichText, ScrollArea, Ui};

use super::theme::{ROW, UNIT};
use super::{View, ViewCx};
use crate::app::numbers::{count, group, place};
use crate::app::{Command, InspectorSettings, OpenDocument, ViewCommand};
use crate::buffer::{ByteRange, Len, Offset};
use crate::document::{DocumentId, StreamKind};
use crate::explore::inspect::{ByteOrder, Group, INSPECTED, Reading, Value, inspect_char};
use edit::Edit;
use values::{LONG_NAMES, Pane, copyable, name};

/// The inspector pane. Holds the values of the place that was shown last, and what is being typed over one of them.
#[derive(Default)]
pub struct Inspector {
    shown: Option<(Key, Shown)>,
    edit: Option<Edit>,
    /// The pointer was on a value in the last frame.
    pointed: bool,
}

/// What the shown values were made from.
#[derive(Clone, PartialEq)]
struct Key {
    document: DocumentId,
    revision: u64,
    position: u64,
    closed: bool,
    settings: InspectorSettings,
}

enum Shown {
    Bytes { bytes: Vec<u8>, groups: Vec<Vec<Line>> },
    Character(Vec<(&'static str, String)>),
    End,
    Unreadable(String),
}

/// A row: a kind of value, and what it reads as in the orders that are shown.
struct Line {
    value: Value,
    readings: Vec<(ByteOrder, Reading)>,
}

impl View for Inspector {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let document = &open.document;
        let position = document.position();
        let key = Key {
            document: document.id(),
            revision: document.revision(),
            position,
            closed: document.is_closed(),
            settings: cx.settings.inspector.clone(),
        };
        if self.shown.as_ref().is_none_or(|(shown, _)| *shown != key) {
            // What is typed belongs to the place and the bytes that it was begun over.
            self.edit = None;
            let shown = read(open, &key.settings);
            self.shown = Some((key, shown));
        }
        let mut pointed = None;
        let Some((_, shown)) = &self.shown else { return };
        ScrollArea::vertical().id_salt("inspector").auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.spacing_mut().interact_size.y = ROW;
            heading(ui, open, cx);
            match shown {
                Shown::Bytes { bytes, groups } => {
                    settings::bar(ui, &cx.settings.inspector, commands);
                    let pane = Pane { cx, position, bytes, editable: !document.is_closed() };
                    pane.column_names(ui);
                    for lines in groups {
                        ui.add_space(UNIT);
                        for line in lines {
                            pane.line(ui, line, &mut self.edit, &mut pointed, commands);
                        }
                    }
                }
                Shown::Character(lines) => {
                    for (label, value) in lines {
                        ui.horizontal(|ui| {
                            ui.set_min_height(ROW);
                            name(ui, label, LONG_NAMES, cx);
                            copyable(ui, label, value, &format!("Character {}", group(position)), cx);
                        });
                    }
                }
                Shown::End => {
                    ui.label(RichText::new("No value: the cursor is at the end").color(cx.theme.text_dim));
                }
                Shown::Unreadable(reason) => {
                    ui.label(RichText::new(reason).color(cx.theme.error));
                }
            }
        });
        let told = std::mem::replace(&mut self.pointed, pointed.is_some());
        if (told || pointed.is_some()) && open.view.linked != pointed {
            commands.push(Command::View(ViewCommand::Linked(pointed)));
        }
    }
}

fn read(open: &OpenDocument, settings: &InspectorSettings) -> Shown {
    let document = &open.document;
    let position = document.position();
    if let Some(text) = document.as_text() {
        return match text.slice(position, position.saturating_add(1)).code_points().next() {
            Some(code) => Shown::Character(inspect_char(code)),
            None => Shown::End,
        };
    }
    let Some(bytes) = document.as_bytes() else { return Shown::End };
    match bytes.to_vec(ByteRange::new(Offset(position), Len(INSPECTED as u64))) {
        Ok(bytes) => {
            let groups = Group::ALL.into_iter().filter(|group| settings.groups.contains(group));
            let line = |value: Value| {
                let orders = if value.has_order() { settings.orders.shown() } else { &[ByteOrder::Little] };
                let readings = orders.iter().map(|&order| (order, value.read(&bytes, order, settings.radix))).collect();
                Line { value, readings }
            };
            let lines = |group: Group| group.values(&settings.encodings).into_iter().map(line).collect();
            let groups = groups.map(lines).collect();
            Shown::Bytes { bytes, groups }
        }
        Err(error) => Shown::Unreadable(error.to_string()),
    }
}

fn heading(ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>) {
    let document = &open.document;
    let (position, size) = (document.position(), document.size());
    let unit = document.kind().unit();
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW);
        let at = match document.kind() {
            StreamKind::Bytes => format!("At {}", place(position)),
            StreamKind::Text => format!("At character {}", group(position)),
        };
        ui.label(RichText::new(at).strong());
        let note = if document.is_closed() {
            "the stream is closed".into()
        } else if position > size {
            format!("{} past the end", count(position - size, unit))
        } else if position == size {
            "at the end".into()
        } else {
            format!("{} to the end", count(size - position, unit))
        };
        ui.label(RichText::new(note).color(cx.theme.text_dim));
    });
}
