//! The one field for a number: what is typed stays as it was typed, what is wrong with it is said at once, and the last good
//! number stays in force until there is another. Nothing is ever clipped but steps: keys, drag and wheel stop at the ends.

use std::ops::RangeInclusive;

use egui::{CursorIcon, Event, Id, Key, Label, Modifiers, Response, RichText, Sense, Slider, TextEdit, Ui};

use super::theme::UNIT;
use crate::app::numbers::{hex, whole_number};

/// Points of a drag that make one step.
const DRAG: f32 = 5.0;

/// Steps of Page Up and Page Down.
const PAGE: i64 = 10;

/// A field for a whole number. Positions beyond 2^53 are as exact as small numbers.
pub(super) struct NumberField<'a> {
    name: &'a str,
    range: RangeInclusive<u64>,
    width: f32,
    hex: bool,
    empty: Option<&'a str>,
    slider: bool,
}

/// What became of a field in this frame.
pub(super) struct Number {
    /// The field, to be labelled and explained.
    pub(super) response: Response,
    /// The number that is in force from now on, where it is another one.
    pub(super) changed: Option<u64>,
    /// What is wrong with what is typed.
    pub(super) error: Option<String>,
}

/// What is typed and is not, or not yet, what the field would show by itself.
#[derive(Clone)]
struct Draft {
    text: String,
    /// The number in force while this is typed: when it becomes another one elsewhere, the text is forgotten.
    value: u64,
}

/// What happens to the whole width of a drag.
#[derive(Clone, Copy, Default)]
struct Dragged {
    rest: f32,
}

impl<'a> NumberField<'a> {
    /// A field that screen readers call `name`, for numbers in `range`.
    pub(super) fn new(name: &'a str, range: RangeInclusive<u64>) -> Self {
        Self { name, range, width: 14.0 * UNIT, hex: false, empty: None, slider: false }
    }

    /// Its width in points.
    pub(super) fn width(self, width: f32) -> Self {
        Self { width, ..self }
    }

    /// Shows the number with `0x`. Both are read.
    pub(super) fn hex(self) -> Self {
        Self { hex: true, ..self }
    }

    /// An empty field is 0, and this says what that means.
    pub(super) fn empty(self, meaning: &'a str) -> Self {
        Self { empty: Some(meaning), ..self }
    }

    /// A slider stands before the field.
    pub(super) fn slider(self) -> Self {
        Self { slider: true, ..self }
    }

    /// Paints the field with `value`, the number that is in force.
    pub(super) fn show(self, ui: &mut Ui, value: u64) -> Number {
        let mut slid = None;
        if self.slider {
            let mut to = value;
            let slider = ui.add(Slider::new(&mut to, self.range.clone()).show_value(false));
            slid = slider.accessible_name(format!("{}, slider", self.name)).changed().then_some(to);
        }
        let id = ui.make_persistent_id((self.name, "number"));
        let drafts = id.with("typed");
        let mut draft = ui.data(|data| data.get_temp::<Draft>(drafts)).filter(|draft| draft.value == value && slid.is_none());
        let focused = ui.memory(|memory| memory.has_focus(id));
        let stepped = slid.or_else(|| focused.then(|| self.keys(ui, id, value)).flatten());
        if stepped.is_some() {
            draft = None;
        }
        let written = self.written(stepped.unwrap_or(value));
        let before = draft.as_ref().map_or(written.as_str(), |draft| draft.text.as_str());
        let (mut text, wrong) = (before.to_owned(), self.read(before).is_err());
        let mut edit = TextEdit::singleline(&mut text).id(id).desired_width(self.width);
        if let Some(meaning) = self.empty {
            edit = edit.hint_text(meaning);
        }
        if wrong {
            edit = edit.text_color(ui.visuals().error_fg_color);
        }
        let mut response = ui.add(edit).accessible_name(self.name);
        let mut changed = stepped.filter(|&stepped| stepped != value);
        if response.changed() {
            let now = self.read(&text).ok();
            changed = now.filter(|&now| now != value);
            draft = Some(Draft { text: text.clone(), value: now.unwrap_or(value) });
        }
        if response.lost_focus() {
            let escaped = ui.input(|input| input.key_pressed(Key::Escape));
            // What is right is written as the field writes it; what is wrong stays to be mended.
            draft = draft.filter(|draft| !escaped && self.read(&draft.text).is_err());
        } else if !response.has_focus() {
            let over = ui.interact(response.rect, id.with("drag"), Sense::CLICK | Sense::DRAG);
            if over.clicked() {
                response.request_focus();
                select_all(ui, id, &text);
            }
            if over.dragged() {
                let mut dragged = ui.data(|data| data.get_temp::<Dragged>(id)).unwrap_or_default();
                dragged.rest += over.drag_delta().x;
                let steps = (dragged.rest / DRAG).trunc();
                dragged.rest -= steps * DRAG;
                ui.data_mut(|data| data.insert_temp(id, dragged));
                if steps != 0.0 {
                    (changed, draft) = (Some(self.stepped(value, steps as i64)).filter(|&to| to != value), None);
                }
            }
            if over.hovered() || over.dragged() {
                ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
            }
            response = response.union(over);
        }
        let error = draft.as_ref().and_then(|draft| self.read(&draft.text).err());
        let (from, to) = (*self.range.start() as f64, *self.range.end() as f64);
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_min_numeric_value(from);
            node.set_max_numeric_value(to);
            if let Some(error) = &error {
                node.set_invalid(egui::accesskit::Invalid::True);
                node.set_description(error.as_str());
            }
        });
        ui.data_mut(|data| match draft {
            Some(draft) => drop(data.insert_temp(drafts, draft)),
            None => data.remove::<Draft>(drafts),
        });
        Number { response, changed, error }
    }

    fn read(&self, text: &str) -> Result<u64, String> {
        if text.trim().is_empty() && self.empty.is_some() {
            return Ok(0);
        }
        whole_number(text, self.range.clone())
    }

    fn written(&self, value: u64) -> String {
        match (value, self.empty) {
            (0, Some(_)) => String::new(),
            _ if self.hex => hex(value),
            _ => value.to_string(),
        }
    }

    fn stepped(&self, value: u64, steps: i64) -> u64 {
        value.saturating_add_signed(steps).clamp(*self.range.start(), *self.range.end())
    }

    /// What the keys and the wheel make of the number while the field has the keyboard.
    fn keys(&self, ui: &Ui, id: Id, value: u64) -> Option<u64> {
        let steps = ui.input_mut(|input| {
            let mut pressed = |key| input.count_and_consume_key(Modifiers::NONE, key) as i64;
            let steps = pressed(Key::ArrowUp) - pressed(Key::ArrowDown);
            steps + PAGE * (pressed(Key::PageUp) - pressed(Key::PageDown))
        });
        let over = ui.ctx().read_response(id).is_some_and(|field| field.contains_pointer());
        let wheel = ui.input_mut(|input| {
            let notches = |event: &Event| match event {
                Event::MouseWheel { delta, modifiers, .. } if modifiers.is_none() => {
                    delta.y.signum() as i64 * i64::from(delta.y != 0.0)
                }
                _ => 0,
            };
            let steps: i64 = if over { input.events.iter().map(notches).sum() } else { 0 };
            if over {
                // What is around the field does not scroll too.
                input.smooth_scroll_delta.y = 0.0;
            }
            steps
        });
        let steps = steps + wheel;
        (steps != 0).then(|| self.stepped(value, steps))
    }
}

impl Number {
    /// Says what is wrong where the layout stands: beside the field, or under it.
    pub(super) fn say(&self, ui: &mut Ui) {
        say(ui, self.error.as_deref());
    }
}

/// Says what is wrong with a field.
pub(super) fn say(ui: &mut Ui, error: Option<&str>) {
    if let Some(error) = error {
        ui.add(Label::new(RichText::new(error).color(ui.visuals().error_fg_color)).wrap());
    }
}

/// What is there is typed over.
pub(super) fn select_all(ui: &Ui, id: Id, text: &str) {
    use egui::text::{CCursor, CCursorRange};
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), end)));
    TextEdit::store_state(ui.ctx(), id, state);
}
