//! Messages as they happen. Everything shown here stays in the history of notices.
//!
//! Written here and not taken from a crate: a message wraps, is read by screen readers, and a message that waits does not
//! keep the window painting.

use std::time::Duration;

use egui::{Align2, Area, Context, Frame, Id, Order, Role, vec2};

use super::theme::{Theme, UNIT};
use crate::app::{Level, Notice, Notices};

/// Seconds that a message stays, an error from when it could be seen: while the window is not the one in front, its time
/// does not run.
const INFO_SECONDS: f64 = 5.0;
const WARNING_SECONDS: f64 = 12.0;
const ERROR_SECONDS: f64 = 30.0;
/// Messages shown at once.
const SHOWN: usize = 5;

struct Shown {
    notice: Notice,
    until: Option<f64>,
    key: u64,
}

/// The messages that are on screen.
#[derive(Default)]
pub(super) struct Messages {
    shown: Vec<Shown>,
    next_key: u64,
    /// The last notice that was taken over, and how many there were: history may drop old ones.
    seen: usize,
    last: Option<Notice>,
}

impl Messages {
    /// Takes new notices over.
    pub(super) fn take(&mut self, notices: &Notices, now: f64) {
        let all = notices.all();
        if all.len() == self.seen && all.last() == self.last.as_ref() {
            return;
        }
        let new = if all.len() > self.seen { &all[self.seen..] } else { &all[all.len().saturating_sub(1)..] };
        for notice in new {
            let until = match notice.level {
                Level::Info => Some(now + INFO_SECONDS),
                Level::Warning => Some(now + WARNING_SECONDS),
                Level::Error => None,
            };
            self.shown.push(Shown { notice: notice.clone(), until, key: self.next_key });
            self.next_key += 1;
        }
        self.seen = all.len();
        self.last = all.last().cloned();
        if self.shown.len() > SHOWN {
            self.shown.drain(..self.shown.len() - SHOWN);
        }
    }

    /// Escape closes the newest error, and then the one before, where nothing else takes the key. Whether it did.
    pub(super) fn close_by_key(&mut self, ctx: &Context) -> bool {
        let Some(at) = self.shown.iter().rposition(|shown| shown.notice.level == Level::Error) else { return false };
        let pressed = ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
        if pressed {
            self.shown.remove(at);
        }
        pressed
    }

    /// Paints them, the newest at the bottom; sleeps until the next one leaves.
    pub(super) fn show(&mut self, ctx: &Context, theme: &Theme, now: f64) {
        self.shown.retain(|shown| shown.until.is_none_or(|until| until > now));
        if ctx.input(|input| input.viewport().focused != Some(false)) {
            self.shown.iter_mut().for_each(|shown| shown.until = shown.until.or(Some(now + ERROR_SECONDS)));
        }
        let mut bottom = -(40.0 + 2.0 * UNIT);
        let mut closed = None;
        for shown in self.shown.iter().rev() {
            let color = match shown.notice.level {
                Level::Info => theme.good,
                Level::Warning => theme.warning,
                Level::Error => theme.error,
            };
            let area = Area::new(Id::unique(("notice", shown.key)))
                .order(Order::Foreground)
                .anchor(Align2::RIGHT_BOTTOM, vec2(-3.0 * UNIT, bottom))
                .show(ctx, |ui| {
                    Frame::new()
                        .fill(theme.panel)
                        .stroke(egui::Stroke::new(1.0, color))
                        .corner_radius(UNIT)
                        .inner_margin(egui::Margin::symmetric(3 * UNIT as i8, 2 * UNIT as i8))
                        .show(ui, |ui| {
                            ui.set_max_width(380.0);
                            ui.horizontal_top(|ui| {
                                let label = ui.allocate_ui(vec2(330.0, 0.0), |ui| {
                                    ui.add(egui::Label::new(egui::RichText::new(&shown.notice.text).color(theme.text)).wrap())
                                });
                                ui.ctx()
                                    .accesskit_node_builder(label.inner.id, |node| node.set_live(egui::accesskit::Live::Polite));
                                let close = ui.small_button("×").on_hover_text("Close this message; Tools, Notices keeps it");
                                close.widget_info(|| egui::WidgetInfo::labeled(Role::Button, true, "Close message"));
                                if close.clicked() {
                                    closed = Some(shown.key);
                                }
                            });
                        });
                });
            bottom -= area.response.rect.height() + 2.0 * UNIT;
        }
        self.shown.retain(|shown| Some(shown.key) != closed);
        let next = self.shown.iter().filter_map(|shown| shown.until).fold(f64::INFINITY, f64::min);
        if next.is_finite() {
            ctx.request_repaint_after(Duration::from_secs_f64((next - now).max(0.0) + 0.01));
        }
    }
}
