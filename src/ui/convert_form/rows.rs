//! The rows that a form is made of.

use egui::{ComboBox, Response, TextEdit, Ui};

use crate::convert::words::CHOICES;
use crate::ui::number_field::{NumberField, say};

/// The width of a field that is no number.
const WIDTH: f32 = 200.0;

/// What a form has shown so far.
#[derive(Debug, Default)]
pub(in crate::ui) struct Rows {
    /// What is typed somewhere is no value.
    pub(in crate::ui) wrong: bool,
    /// The choices, by their words.
    pub(super) shown: Vec<&'static str>,
}

/// What a choice is called.
pub(super) fn label_of(flag: &str) -> &'static str {
    CHOICES.iter().find(|choice| choice.flag == flag).map_or("", |choice| choice.label)
}

impl Rows {
    /// Notes that a choice is shown without a row of its own.
    pub(super) fn has(&mut self, flag: &'static str) {
        self.shown.push(flag);
    }

    /// A row with a label and whatever `add` paints.
    pub(super) fn row(&mut self, ui: &mut Ui, flag: &'static str, help: &str, add: impl FnOnce(&mut Ui) -> Response) {
        self.has(flag);
        let label = ui.label(label_of(flag));
        add(ui).labelled_by(label.id).on_hover_text(help);
        ui.end_row();
    }

    /// One of several values.
    pub(super) fn pick<T: PartialEq + Clone>(
        &mut self,
        ui: &mut Ui,
        flag: &'static str,
        help: &str,
        now: &mut T,
        values: &[(T, &str)],
    ) {
        self.row(ui, flag, help, |ui| {
            let name = values.iter().find(|(value, _)| value == now).map_or("", |(_, name)| *name);
            let combo = ComboBox::from_id_salt(flag).selected_text(name).width(WIDTH);
            combo
                .show_ui(ui, |ui| {
                    for (value, name) in values {
                        ui.selectable_value(now, value.clone(), *name);
                    }
                })
                .response
        });
    }

    /// Yes or no, under the fields.
    pub(super) fn tick(&mut self, ui: &mut Ui, flag: &'static str, help: &str, now: &mut bool) {
        self.has(flag);
        ui.label("");
        ui.checkbox(now, label_of(flag)).on_hover_text(help);
        ui.end_row();
    }

    /// A whole number.
    pub(super) fn number(
        &mut self,
        ui: &mut Ui,
        flag: &'static str,
        help: &str,
        field: impl FnOnce(&'static str) -> NumberField<'static>,
        now: u64,
        set: impl FnOnce(u64),
    ) {
        self.has(flag);
        let name = label_of(flag);
        let label = ui.label(name);
        let wrong = ui.horizontal(|ui| {
            let number = field(name).show(ui, now);
            number.say(ui);
            if let Some(number) = number.changed {
                set(number);
            }
            number.response.labelled_by(label.id).on_hover_text(help);
            number.error.is_some()
        });
        self.wrong |= wrong.inner;
        ui.end_row();
    }

    /// A text that may be left out.
    pub(super) fn text(&mut self, ui: &mut Ui, flag: &'static str, help: &str, hint: &str, now: &mut Option<String>) {
        self.row(ui, flag, help, |ui| {
            let mut text = now.clone().unwrap_or_default();
            let response = ui.add(TextEdit::singleline(&mut text).hint_text(hint).desired_width(WIDTH));
            if response.changed() {
                *now = Some(text).filter(|text| !text.is_empty());
            }
            response
        });
    }

    /// A text that is read at once: what is typed stays as it is while it is no value, and why is said beside it.
    pub(super) fn read<T: PartialEq>(
        &mut self,
        ui: &mut Ui,
        (flag, help, hint): (&'static str, &str, &str),
        now: &mut T,
        write: impl Fn(&T) -> String,
        parse: impl Fn(&str) -> Result<T, String>,
    ) {
        self.has(flag);
        let label = ui.label(label_of(flag));
        let id = ui.make_persistent_id((flag, "typed"));
        let typed: Option<String> = ui.data(|data| data.get_temp(id));
        let stands = |text: &String| parse(text).map_or(true, |value| value == *now);
        let mut text = typed.filter(stands).unwrap_or_else(|| write(now));
        let wrong = ui.vertical(|ui| {
            let response = ui.add(TextEdit::singleline(&mut text).hint_text(hint).desired_width(WIDTH)).labelled_by(label.id);
            let read = parse(&text);
            let wrong = read.as_ref().err().cloned();
            if response.changed() {
                if let Ok(value) = read {
                    *now = value;
                }
                ui.data_mut(|data| data.insert_temp(id, text));
            }
            say(ui, wrong.as_deref());
            response.on_hover_text(help);
            wrong.is_some()
        });
        self.wrong |= wrong.inner;
        ui.end_row();
    }
}
