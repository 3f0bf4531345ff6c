//! What the window does while the timeline is walked: the strip over the views, and the clock of a walk that plays.

use std::time::Duration;

use egui::{Align, Context, Frame, Label, Layout, Margin, RichText, Ui};

use super::ViewCx;
use super::theme::{ROW, SMALL, UNIT};
use crate::app::{Action, AppState, Command, OpenDocument, WalkCommand};

/// The strip over a view that does not show the latest step.
pub(super) fn banner(ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    if !open.document.is_walking() {
        return;
    }
    let frame = Frame::new().fill(cx.theme.selection).inner_margin(Margin::symmetric(2 * UNIT as i8, UNIT as i8 / 2));
    // The view below begins right under it.
    let gap = std::mem::take(&mut ui.spacing_mut().item_spacing.y);
    frame.show(ui, |ui| {
        ui.allocate_ui_with_layout(egui::vec2(ui.available_width(), ROW), Layout::right_to_left(Align::Center), |ui| {
            if ui.small_button("Return to the latest").on_hover_text(Action::WalkLatest.help()).clicked() {
                commands.push(Command::Do(Action::WalkLatest));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let text = RichText::new(shown(open)).size(SMALL).color(cx.theme.text);
                ui.add(Label::new(text).truncate());
            });
        });
    });
    ui.spacing_mut().item_spacing.y = gap;
}

/// "Showing step 12 of 40".
pub(super) fn shown(open: &OpenDocument) -> String {
    let timeline = open.document.timeline();
    let (step, steps) = timeline.step();
    let group = |n: usize| crate::app::numbers::group(n as u64);
    let latest = timeline.latest().map(|latest| timeline.path_to(latest.number()));
    let aside = match (timeline.current(), latest) {
        (Some(entry), Some(latest)) => timeline.place_on(&latest, entry).is_none(),
        (entry, latest) => entry.is_some() && latest.is_none(),
    };
    let branch = if aside { " of another branch" } else { "" };
    format!("Showing step {} of {}{branch}", group(step), group(steps))
}

/// The next tick of a walk that plays, where it is due; else the window is woken when it will be. Nothing is painted between.
pub(super) fn tick(ctx: &Context, state: &AppState, now: f64) -> Option<Command> {
    let playing = state.active()?.view.playing?;
    match playing.due {
        Some(due) if due > now => {
            ctx.request_repaint_after(Duration::from_secs_f64(due - now));
            None
        }
        _ => Some(Command::Walk(WalkCommand::Tick { now })),
    }
}
