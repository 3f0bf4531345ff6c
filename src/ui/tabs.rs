//! The bar of open documents.

use egui::{Align, Button, Layout, PointerButton, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::ViewCx;
use super::theme::{ROW, UNIT};
use crate::app::{Action, Command, CompareCommand, OpenComparison, OpenDocument};

/// Tabs painted at once; what does not fit is in the menu of all documents.
const SHOWN: usize = 60;

/// Paints the bar: a tab for each document around the one in front, and a menu of all where there are more.
pub(super) fn show(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let documents = cx.state.documents();
    let compared = cx.state.comparison_in_front().map(|open| open.id);
    let active = cx.state.active().map(|open| open.document.id());
    let at = documents.iter().position(|open| Some(open.document.id()) == active).unwrap_or(0);
    let first = at.saturating_sub(SHOWN / 2).min(documents.len().saturating_sub(SHOWN));
    let shown = &documents[first..documents.len().min(first + SHOWN)];
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui.button("+").on_hover_text(Action::NewBytes.help()).clicked() {
            commands.push(Command::Do(Action::NewBytes));
        }
        if documents.len() > 8 {
            all_documents(ui, cx, commands);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ScrollArea::horizontal().id_salt("tabs").show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = UNIT / 2.0;
                for open in shown {
                    let is_active = Some(open.document.id()) == active && compared.is_none();
                    let response = tab(ui, open, is_active, cx, commands);
                    let id = open.document.id();
                    if is_active && ui.data(|data| data.get_temp(egui::Id::unique("tab in sight"))) != Some(id.get()) {
                        response.scroll_to_me(None);
                        ui.data_mut(|data| data.insert_temp(egui::Id::unique("tab in sight"), id.get()));
                    }
                }
                for open in cx.state.comparisons() {
                    comparison(ui, open, compared == Some(open.id), cx, commands);
                }
            });
        });
    });
}

/// Width of a lock in a tab, with the gap before it.
const LOCK: f32 = 5.0 * UNIT;

/// What a tab says, and what it is for those who do not see it.
struct Look<'a> {
    id: egui::Id,
    text: String,
    name: &'a str,
    spoken: String,
    active: bool,
    /// A lock stands behind the name.
    locked: bool,
}

/// Paints a tab with its close button; returns both.
fn paint(ui: &mut Ui, look: &Look<'_>, cx: &ViewCx<'_>) -> (Response, Response) {
    let Look { id, text, name, spoken, active, locked } = look;
    let (active, lock_width) = (*active, if *locked { LOCK } else { 0.0 });
    let font = egui::TextStyle::Button.resolve(ui.style());
    let color = if active { cx.theme.text } else { cx.theme.text_dim };
    let galley = ui.painter().layout_no_wrap(text.clone(), font, color);
    let close_width = ROW;
    let size = vec2(galley.size().x + 3.0 * UNIT + lock_width + close_width, ROW + 2.0 * UNIT);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let response = ui.interact(rect, *id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, active, spoken));
    let painter = ui.painter();
    if active {
        painter.rect_filled(rect, 0.0, cx.theme.ground);
        painter.hline(rect.x_range(), rect.top() + 1.0, egui::Stroke::new(2.0, cx.theme.accent));
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, cx.theme.line);
    }
    if response.has_focus() {
        painter.rect_stroke(rect.shrink(1.0), 2.0, egui::Stroke::new(2.0, cx.theme.accent), egui::StrokeKind::Inside);
    }
    let at = egui::pos2(rect.left() + 2.0 * UNIT, rect.center().y - galley.size().y / 2.0);
    if *locked {
        let left = at.x + galley.size().x;
        let place = egui::Rect::from_center_size(egui::pos2(left + LOCK / 2.0, rect.center().y), vec2(LOCK, ROW));
        paint_lock(ui.painter(), place, color);
    }
    let painter = ui.painter();
    painter.galley(at, galley, color);
    let cross = egui::Rect::from_center_size(
        egui::pos2(rect.right() - UNIT - close_width / 2.0, rect.center().y),
        egui::Vec2::splat(close_width),
    );
    let close = ui.interact(cross, id.with("close"), Sense::click());
    close.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Close {name}")));
    if close.hovered() || close.has_focus() {
        ui.painter().rect_filled(cross.shrink(1.0), 3.0, cx.theme.line);
    }
    let stroke = egui::Stroke::new(1.2, if close.hovered() { cx.theme.text } else { cx.theme.text_dim });
    let arms = cross.shrink(close_width * 0.33);
    ui.painter().line_segment([arms.left_top(), arms.right_bottom()], stroke);
    ui.painter().line_segment([arms.right_top(), arms.left_bottom()], stroke);
    (response, close)
}

/// A padlock: a body with a shackle.
fn paint_lock(painter: &egui::Painter, place: egui::Rect, color: egui::Color32) {
    let center = place.center();
    let body = egui::Rect::from_center_size(center + vec2(0.0, 2.0), vec2(9.0, 7.0));
    painter.rect_filled(body, 1.5, color);
    let (left, right, top) = (center.x - 2.75, center.x + 2.75, body.top());
    let arch = (0..=8).map(|step| {
        let angle = std::f32::consts::PI * (1.0 - step as f32 / 8.0);
        egui::pos2(center.x + 2.75 * angle.cos(), top - 2.0 - 2.75 * angle.sin())
    });
    let points = std::iter::once(egui::pos2(left, top)).chain(arch).chain([egui::pos2(right, top)]).collect();
    painter.add(egui::Shape::line(points, egui::Stroke::new(1.5, color)));
}

/// The tab of a comparison, behind those of the documents.
fn comparison(ui: &mut Ui, open: &OpenComparison, active: bool, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let names = open.documents.map(|id| cx.state.document(id).map_or("", |open| open.document.name()));
    let name = format!("{} and {}", names[0], names[1]);
    let text = names.map(|name| super::shortened(name, 24)).join(" ↔ ");
    let id = egui::Id::unique(("comparison tab", open.id.0));
    let spoken = format!("Comparison of {name}");
    let (response, close) =
        paint(ui, &Look { id, text, name: &format!("the comparison of {name}"), spoken, active, locked: false }, cx);
    let response = response.on_hover_text(format!("{} compared with {}", names[0], names[1]));
    if close.clicked() || response.clicked_by(PointerButton::Middle) {
        commands.push(Command::Compare(CompareCommand::Close(open.id)));
    } else if response.clicked() {
        commands.push(Command::Compare(CompareCommand::Show(open.id)));
    }
}

fn tab(ui: &mut Ui, open: &OpenDocument, active: bool, cx: &ViewCx<'_>, commands: &mut Vec<Command>) -> Response {
    let document = &open.document;
    let (id, name) = (document.id(), document.name());
    let mark = if open.is_unsaved() { " •" } else { "" };
    let text = format!("{}{mark}", super::shortened(name, 32));
    let state = if open.is_unsaved() { ", modified" } else { "" };
    let locked = document.is_protected();
    let spoken = format!("{name}{state}{}", if locked { ", protected against changes" } else { "" });
    let look = Look { id: egui::Id::unique(("tab", id.get())), text, name, spoken, active, locked };
    let (response, close) = paint(ui, &look, cx);
    let rect = response.rect;
    let place = match &open.file {
        Some(file) => super::shown_path(&file.path),
        None => format!("{name}: not in a file yet"),
    };
    let protected = if locked { "\nProtected against changes" } else { "" };
    let response = response.on_hover_text(format!("{place}\n{} in the console{protected}", open.name));
    if response.secondary_clicked() {
        // The menu's actions are about the document in front.
        commands.push(Command::Activate(id));
    }
    super::context_menu::show(&response, super::context_menu::Place::Tab, Some(rect.left_bottom()), cx, commands);
    if close.clicked() || response.clicked_by(PointerButton::Middle) {
        commands.push(Command::Close(id));
    } else if response.clicked() {
        commands.push(Command::Activate(id));
    }
    if response.drag_stopped()
        && let Some(pos) = response.interact_pointer_pos()
    {
        // A tab dropped elsewhere moves by as many places as it was dragged over tabs of its own width.
        let moved = ((pos.x - rect.center().x) / rect.width()).round() as isize;
        let at = cx.state.documents().iter().position(|open| open.document.id() == id).unwrap_or(0);
        if moved != 0 {
            commands.push(Command::MoveTab(id, at.saturating_add_signed(moved)));
        }
    }
    response
}

fn all_documents(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let documents = cx.state.documents();
    ui.menu_button(format!("{} documents", documents.len()), |ui| {
        let height = ui.spacing().interact_size.y;
        ScrollArea::vertical().max_height(400.0).show_rows(ui, height, documents.len(), |ui, rows| {
            for open in &documents[rows] {
                if ui.add(Button::new(super::shortened(open.document.name(), 48))).clicked() {
                    commands.push(Command::Activate(open.document.id()));
                    ui.close();
                }
            }
        });
    });
}
