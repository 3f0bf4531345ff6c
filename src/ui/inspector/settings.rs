//! The choices above the values: byte orders, base, rows, encodings.

use egui::Ui;

use crate::app::{ByteOrders, Command, InspectorSettings};
use crate::explore::inspect::{ENCODINGS, Group, Radix};
use crate::ui::theme::UNIT;

pub(super) fn bar(ui: &mut Ui, settings: &InspectorSettings, commands: &mut Vec<Command>) {
    let mut chosen = settings.clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(UNIT, UNIT);
        for orders in ByteOrders::ALL {
            ui.selectable_value(&mut chosen.orders, orders, orders.name()).on_hover_text(orders.help());
        }
        ui.add_space(2.0 * UNIT);
        for radix in Radix::ALL {
            ui.selectable_value(&mut chosen.radix, radix, radix.name()).on_hover_text("The base that integers are shown in");
        }
        ui.add_space(2.0 * UNIT);
        ui.menu_button("Rows", |ui| {
            for group in Group::ALL {
                let mut shown = chosen.groups.contains(&group);
                if ui.checkbox(&mut shown, group.name()).changed() {
                    toggle(&mut chosen.groups, group);
                }
            }
            ui.menu_button("Encodings", |ui| {
                egui::ScrollArea::vertical().max_height(90.0 * UNIT).show(ui, |ui| {
                    for (name, label) in ENCODINGS {
                        let mut shown = chosen.encodings.iter().any(|chosen| chosen == name);
                        if ui.checkbox(&mut shown, format!("{label} ({name})")).changed() {
                            toggle(&mut chosen.encodings, name.to_owned());
                        }
                    }
                });
            });
        });
    });
    ui.add_space(UNIT);
    if chosen != *settings {
        commands.push(Command::Inspector(chosen));
    }
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, item: T) {
    match list.iter().position(|kept| *kept == item) {
        Some(at) => _ = list.remove(at),
        None => list.push(item),
    }
}
