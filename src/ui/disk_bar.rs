//! The bar over the views that asks what to do about a file that changed on the disk. It takes no keyboard away.

use egui::{Align, Frame, Label, Layout, Margin, RichText, Role, Ui, WidgetInfo};

use super::ViewCx;
use super::theme::{ROW, SMALL, UNIT};
use crate::app::numbers::count;
use crate::app::{Command, DiskAnswer, DiskCommand, DiskEvent, DiskState, OpenDocument};

/// Paints it where there is something to ask.
pub(super) fn show(ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let DiskState::Changed(change) = &open.disk else { return };
    let id = open.document.id();
    let name = super::shortened(open.document.name(), 40);
    let (text, readable) = match &change.what {
        DiskEvent::Content { before, now } if before == now => (format!("{name} was changed on disk by another program"), true),
        DiskEvent::Content { now, .. } => {
            (format!("{name} was changed on disk by another program: it has {} now", count(*now, "byte")), true)
        }
        DiskEvent::Gone => (format!("{name} was deleted or moved: there is no such file any more"), false),
        DiskEvent::Unreadable(why) => (format!("{name} cannot be read any more: {why}"), false),
    };
    let frame = Frame::new().fill(cx.theme.written).inner_margin(Margin::symmetric(2 * UNIT as i8, UNIT as i8));
    let response = frame.show(ui, |ui| {
        ui.allocate_ui_with_layout(egui::vec2(ui.available_width(), ROW), Layout::right_to_left(Align::Center), |ui| {
            let mut answer = |ui: &mut Ui, label: &str, help: &str, answer| {
                if ui.button(label).on_hover_text(help).clicked() {
                    commands.push(Command::Disk(DiskCommand::Answer(id, answer)));
                }
            };
            answer(
                ui,
                "Keep what I have",
                "Leaves the document as it is; saving asks before it replaces the file",
                DiskAnswer::Keep,
            );
            if readable {
                answer(ui, "Compare", "Opens what is on the disk as a second document", DiskAnswer::Compare);
                answer(ui, "Reload", "Reads the file again; undo brings back what is here", DiskAnswer::Reload);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(&text).size(SMALL + 1.0).color(cx.theme.text)).truncate());
            });
        });
    });
    response.response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, &text));
}
