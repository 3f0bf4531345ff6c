//! The view's options: a button at the right end of the ruler, and what opens under it.

use egui::{
    Align2, Button, ComboBox, Id, Key, Label, Popup, PopupCloseBehavior, Rect, RichText, Role, Sense, TextEdit, Ui, WidgetInfo,
    pos2, vec2,
};

use super::HexView;
use super::geometry::Widths;
use crate::app::bytes_view::{ByteColors, CellFormat, Cells, FONT_SIZES, HexSide, Radix, WHEEL_ROWS, parse_base, parse_columns};
use crate::app::{Command, HexChoice, OpenDocument};
use crate::stream::codec::Charset;
use crate::ui::number_field::NumberField;
use crate::ui::theme::{FOCUS_RING, SMALL, UNIT};
use crate::ui::{ViewCx, charsets};

/// Width of the button in points.
const BUTTON: f32 = 17.0 * UNIT;

const SMALL_BUTTON: f32 = 6.0 * UNIT;

/// Numbers of bytes a row that one click chooses.
const COLUMNS: [u16; 7] = [4, 8, 16, 24, 32, 48, 64];

/// What is typed in the two fields, for as long as the popup is open.
#[derive(Clone, Default)]
struct Typed {
    columns: Option<String>,
    base: Option<String>,
    filter: String,
}

/// Paints the button, and the options where they are open.
pub(super) fn button(
    ui: &mut Ui,
    open: &OpenDocument,
    cx: &ViewCx<'_>,
    side: HexSide,
    widths: &Widths,
    header: Rect,
    commands: &mut Vec<Command>,
) {
    // Where the ruler has no room to spare the button is small.
    let ruler = widths.text + 5.0 * widths.digit;
    let (width, label) = if header.width() - ruler < BUTTON { (SMALL_BUTTON, "…") } else { (BUTTON, "Options") };
    let place = Rect::from_min_max(pos2(header.max.x - width, header.min.y + FOCUS_RING), header.max - vec2(FOCUS_RING, 1.0));
    // Behind the button the ruler ends.
    ui.painter().rect_filled(place, 0.0, cx.theme.panel);
    // Painted by hand: a frame of the view is too short for a widget's layout.
    let response = ui.interact(place, HexView::id_of(side).with("options"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Options"));
    let fill = if response.hovered() || response.has_focus() { cx.theme.hover } else { cx.theme.control };
    ui.painter().rect_filled(place.shrink2(vec2(1.0, 1.0)), 3.0, fill);
    // At the smallest size of bytes the row is lower than the words are elsewhere.
    let font = crate::ui::theme::words(SMALL.min(place.height() - 3.0));
    ui.painter().text(place.center(), Align2::CENTER_CENTER, label, font, cx.theme.text);
    let id = response.id.with("typed");
    if response.clicked() {
        ui.data_mut(|data| data.insert_temp(id, Typed::default()));
    }
    // egui's memory keeps one open popup only: that is a list in here. So what opened this is remembered beside it, and while
    // a list is open, a click into it or Escape closes the list alone.
    let key = response.id.with("open");
    let was_open = ui.data(|data| data.get_temp(key)).unwrap_or(false);
    let mut is_open = was_open != response.clicked();
    if is_open {
        let list = was_open && Popup::is_any_open(ui.ctx());
        Popup::from_response(&response)
            .open_bool(&mut is_open)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .accessible_name("Options of the bytes view")
            .show(|ui| {
                let mut popup = Options { open, cx, side, widths, id, commands };
                egui::Frame::new().inner_margin(UNIT).show(ui, |ui| popup.show(ui));
            });
        is_open |= list;
    }
    // A dialog stands above everything.
    is_open &= cx.state.dialog().is_none();
    if is_open != was_open {
        ui.data_mut(|data| data.insert_temp(key, is_open));
    }
    response.on_hover_text("How the bytes are shown");
}

struct Options<'a> {
    open: &'a OpenDocument,
    cx: &'a ViewCx<'a>,
    side: HexSide,
    widths: &'a Widths,
    id: Id,
    commands: &'a mut Vec<Command>,
}

impl Options<'_> {
    fn choose(&mut self, choice: HexChoice) {
        self.commands.push(Command::Hex(self.side, choice));
    }

    fn typed(&self, ui: &Ui) -> Typed {
        ui.data(|data| data.get_temp(self.id)).unwrap_or_default()
    }

    fn show(&mut self, ui: &mut Ui) {
        ui.spacing_mut().item_spacing = vec2(1.5 * UNIT, UNIT);
        egui::Grid::new("hex options").num_columns(2).spacing([3.0 * UNIT, 1.5 * UNIT]).min_col_width(24.0 * UNIT).show(
            ui,
            |ui| {
                self.columns(ui);
                self.cells(ui);
                self.addresses(ui);
                self.text(ui);
                self.colors(ui);
                self.size(ui);
            },
        );
    }

    fn columns(&mut self, ui: &mut Ui) {
        let chosen = self.open.view.columns(self.side);
        ui.label("Bytes a row");
        ui.horizontal(|ui| {
            if ui.selectable_label(chosen.is_none(), "Fit").on_hover_text("As many as fit the width").clicked() {
                self.set_columns(ui, None);
            }
            for n in COLUMNS {
                let name = format!("{n} bytes a row");
                if ui.selectable_label(chosen == Some(n), n.to_string()).on_hover_text(&name).clicked() {
                    self.set_columns(ui, Some(n));
                }
            }
        });
        ui.end_row();
        let label = ui.label("Other number");
        ui.horizontal(|ui| {
            let mut typed = self.typed(ui);
            let mut text = typed.columns.clone().unwrap_or_else(|| chosen.map_or_else(String::new, |n| n.to_string()));
            let answer =
                ui.add(TextEdit::singleline(&mut text).hint_text("1 to 512").desired_width(14.0 * UNIT)).labelled_by(label.id);
            if answer.changed() {
                typed.columns = Some(text.clone());
                ui.data_mut(|data| data.insert_temp(self.id, typed.clone()));
                // What is right while it is typed is shown at once.
                if let Ok(n) = parse_columns(&text) {
                    self.choose(HexChoice::Columns(Some(n)));
                }
            }
            let wrong = typed.columns.as_deref().filter(|text| !text.is_empty()).and_then(|text| parse_columns(text).err());
            match wrong {
                Some(wrong) => ui.colored_label(self.cx.theme.error, wrong),
                None if chosen != Some(self.widths.columns as u16) => ui.weak(format!("shown: {}", self.widths.columns)),
                None => ui.label(""),
            };
        });
        ui.end_row();
        let cells = self.cx.settings.hex.cells(self.side);
        ui.label("Groups of");
        ui.horizontal(|ui| {
            for group in Cells::GROUPS {
                let label = if group == 1 { "None".to_owned() } else { group.to_string() };
                if ui.selectable_label(cells.group == group, label).clicked() {
                    self.choose(HexChoice::Group(group));
                }
            }
        });
        ui.end_row();
    }

    fn set_columns(&mut self, ui: &Ui, columns: Option<u16>) {
        let typed = Typed { columns: None, ..self.typed(ui) };
        ui.data_mut(|data| data.insert_temp(self.id, typed));
        self.choose(HexChoice::Columns(columns));
    }

    fn cells(&mut self, ui: &mut Ui) {
        let hex = &self.cx.settings.hex;
        let cells = hex.cells(self.side);
        ui.label("Cells");
        ui.horizontal(|ui| {
            let combo =
                ComboBox::from_id_salt("cells").selected_text(cells.format.label()).width(36.0 * UNIT).height(100.0 * UNIT);
            let answer = combo.show_ui(ui, |ui| {
                for format in CellFormat::ALL {
                    if ui.selectable_label(cells.format == format, format.label()).clicked() {
                        self.choose(HexChoice::Format(format));
                    }
                }
            });
            ui.ctx().accesskit_node_builder(answer.response.id, |node| {
                node.set_label("Cells");
                node.set_value(cells.format.label());
            });
            let mut upper = hex.upper;
            if ui.checkbox(&mut upper, "Upper case").clicked() {
                self.choose(HexChoice::Upper(upper));
            }
        });
        ui.end_row();
        ui.label("Byte order");
        ui.add_enabled_ui(cells.unit() > 1, |ui| {
            ui.horizontal(|ui| {
                for (big, label) in [(false, "Little-endian"), (true, "Big-endian")] {
                    if ui.selectable_label(cells.big_endian == big, label).clicked() {
                        self.choose(HexChoice::BigEndian(big));
                    }
                }
            });
        });
        ui.end_row();
    }

    fn addresses(&mut self, ui: &mut Ui) {
        let radix = self.cx.settings.hex.radix;
        ui.label("Addresses");
        ui.horizontal(|ui| {
            for each in Radix::ALL {
                if ui.selectable_label(radix == each, each.label()).clicked() {
                    self.choose(HexChoice::Radix(each));
                }
            }
        });
        ui.end_row();
        let base = self.open.view.base;
        let label = ui.label("Base address");
        ui.vertical(|ui| {
            // What is wrong stands under the field, and does not widen the options.
            ui.set_max_width(64.0 * UNIT);
            let mut typed = self.typed(ui);
            let mut text = typed.base.clone().unwrap_or_else(|| if base == 0 { String::new() } else { format!("0x{base:X}") });
            let answer =
                ui.add(TextEdit::singleline(&mut text).hint_text("0x8000").desired_width(36.0 * UNIT)).labelled_by(label.id);
            let (cursor, size) = (self.open.document.position(), self.open.document.size());
            if answer.changed() {
                typed.base = Some(text.clone());
                ui.data_mut(|data| data.insert_temp(self.id, typed.clone()));
                match parse_base(&text, cursor, size) {
                    Ok(base) => self.choose(HexChoice::Base(base)),
                    Err(_) if text.trim().is_empty() => self.choose(HexChoice::Base(0)),
                    Err(_) => {}
                }
            }
            let text = typed.base.as_deref().filter(|text| !text.trim().is_empty());
            if let Some(wrong) = text.and_then(|text| parse_base(text, cursor, size).err()) {
                ui.add(Label::new(RichText::new(wrong).size(SMALL).color(self.cx.theme.error)).wrap());
            }
        });
        ui.end_row();
    }

    fn text(&mut self, ui: &mut Ui) {
        let charset = self.open.view.charset;
        ui.label("Text column");
        let is_text = self.open.document.as_text().is_some();
        ui.horizontal(|ui| {
            if is_text {
                ui.weak("UTF-8, as a text stream is shown");
                return;
            }
            let combo = ComboBox::from_id_salt("charset").selected_text(charset.label()).width(44.0 * UNIT).height(100.0 * UNIT);
            let was_open = ComboBox::is_open(ui.ctx(), ui.make_persistent_id(egui::IdSalt::new("charset")));
            let combo = combo.close_behavior(PopupCloseBehavior::CloseOnClickOutside);
            let answer = combo.show_ui(ui, |ui| self.charsets(ui, charset, !was_open));
            ui.ctx().accesskit_node_builder(answer.response.id, |node| {
                node.set_label("Text column");
                node.set_value(charset.label());
            });
            let is_kept = self.cx.settings.hex.charset == charset;
            let keep = ui.add_enabled(!is_kept, Button::new("Keep").small());
            if keep.on_hover_text("Documents opened from now on begin with this encoding").clicked() {
                self.choose(HexChoice::KeepCharset);
            }
        });
        ui.end_row();
    }

    fn charsets(&mut self, ui: &mut Ui, chosen: Charset, fresh: bool) {
        let mut typed = self.typed(ui);
        if fresh {
            typed.filter.clear();
        }
        let filter = TextEdit::singleline(&mut typed.filter).hint_text("Filter: cyrillic, sjis, ebcdic");
        let answer = ui.add(filter.desired_width(44.0 * UNIT));
        ui.ctx().accesskit_node_builder(answer.id, |node| node.set_label("Filter of encodings"));
        if fresh {
            answer.request_focus();
        }
        let entered = answer.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let found = charsets::found(&typed.filter);
        let first = found.first().copied().filter(|_| entered);
        if answer.changed() || fresh {
            ui.data_mut(|data| data.insert_temp(self.id, typed));
        }
        if let Some(chosen) = charsets::lines(ui, &found, chosen, None, fresh, self.cx).or(first) {
            self.choose(HexChoice::Charset(chosen));
            ui.close();
        }
    }

    fn colors(&mut self, ui: &mut Ui) {
        let hex = &self.cx.settings.hex;
        ui.label("Colours");
        ui.horizontal(|ui| {
            for colors in ByteColors::ALL {
                if ui.selectable_label(hex.colors == colors, colors.label()).clicked() {
                    self.choose(HexChoice::Colors(colors));
                }
            }
        });
        ui.end_row();
        ui.label("");
        ui.horizontal(|ui| {
            let (mut grey, mut changed) = (hex.grey_zeros, hex.mark_changed);
            if ui.checkbox(&mut grey, "Grey zeros").clicked() {
                self.choose(HexChoice::ToggleGreyZeros);
            }
            let answer = ui.checkbox(&mut changed, "Mark changed bytes");
            if answer.on_hover_text("What differs from the file on disk").clicked() {
                self.choose(HexChoice::ToggleChanged);
            }
        });
        ui.end_row();
    }

    fn size(&mut self, ui: &mut Ui) {
        let hex = &self.cx.settings.hex;
        let sizes = [
            ("Text size", "Points; Ctrl and the wheel over the bytes do it too", FONT_SIZES, hex.font_size),
            ("Wheel", "Rows that one notch of the wheel scrolls", WHEEL_ROWS, hex.wheel_rows),
        ];
        let choices: [fn(u8) -> HexChoice; 2] = [HexChoice::FontSize, HexChoice::WheelRows];
        for ((name, help, range, now), choice) in sizes.into_iter().zip(choices) {
            ui.label(name);
            let range = u64::from(*range.start())..=u64::from(*range.end());
            let number = ui.vertical(|ui| {
                let field = NumberField::new(name, range).slider().width(9.0 * UNIT);
                let number = ui.horizontal(|ui| field.show(ui, now.into())).inner;
                if let Some(error) = &number.error {
                    ui.add(Label::new(RichText::new(error).size(SMALL).color(self.cx.theme.error)).wrap());
                }
                number
            });
            let number = number.inner;
            number.response.on_hover_text(help);
            if let Some(changed) = number.changed.and_then(|changed| u8::try_from(changed).ok()) {
                self.choose(choice(changed));
            }
            ui.end_row();
        }
    }
}
