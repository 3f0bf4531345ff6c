//! The list of encodings for the text column: by families, with a field to find one by any of its names.

use egui::{Button, RichText, Ui};

use super::ViewCx;
use crate::stream::codec::Charset;

/// The encodings that a filter leaves, family by family.
pub(super) fn found(filter: &str) -> Vec<Charset> {
    let of = |family| Charset::all().iter().copied().filter(move |each| each.family() == family && each.is_meant(filter));
    Charset::FAMILIES.into_iter().flat_map(of).collect()
}

/// Lines for `found`, each family under its name. `marked` is the line that the arrow keys stand on, where the list has such a
/// line; `reveal` scrolls to it, or else to the chosen one. Returns the encoding that was clicked.
pub(super) fn lines(
    ui: &mut Ui,
    found: &[Charset],
    chosen: Charset,
    marked: Option<usize>,
    reveal: bool,
    cx: &ViewCx<'_>,
) -> Option<Charset> {
    let mut answer = None;
    if found.is_empty() {
        ui.label("No encoding has this in its name");
    }
    let mut family = None;
    for (i, &each) in found.iter().enumerate() {
        if family.replace(each.family()) != Some(each.family()) {
            if i > 0 {
                ui.add_space(4.0);
            }
            ui.label(RichText::new(each.family()).color(cx.theme.text_dim).size(super::theme::SMALL));
        }
        let is_marked = marked.map_or(each == chosen, |at| at == i);
        let mut button = Button::selectable(is_marked, each.label());
        if marked.is_some() {
            button = button.min_size(egui::vec2(ui.available_width(), 24.0));
            if each == chosen {
                button = button.shortcut_text("chosen");
            }
        }
        let response = ui.add(button);
        if is_marked && reveal {
            response.scroll_to_me(None);
        }
        if response.clicked() {
            answer = Some(each);
        }
    }
    answer
}
