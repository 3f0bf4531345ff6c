//! The names of actions in files: stable, while labels may change.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;

use super::{Action, Board, HexChoice, PictureChoice};

struct Ids {
    of: HashMap<Action, String>,
    named: HashMap<String, Action>,
}

static IDS: LazyLock<Ids> = LazyLock::new(|| {
    let of: HashMap<Action, String> = Action::all().map(|action| (action, make(action))).collect();
    let named = of.iter().map(|(&action, id)| (id.clone(), action)).collect();
    Ids { of, named }
});

impl Action {
    /// Its name in the settings file: "find-next", "cells-u16".
    pub fn id(self) -> &'static str {
        IDS.of.get(&self).map_or("", String::as_str)
    }

    /// The action with this name.
    pub fn from_id(id: &str) -> Option<Self> {
        IDS.named.get(id).copied()
    }
}

fn make(action: Action) -> String {
    use HexChoice as C;
    if let Action::Picture(choice) = action {
        return picture(choice);
    }
    if let Action::Table(what) = action {
        return format!("table-{}", kebab(&format!("{what:?}")));
    }
    let Action::Hex(choice) = action else { return kebab(action.variant()) };
    match choice {
        C::Columns(None) => "bytes-a-row-fit".to_owned(),
        C::Columns(Some(n)) => format!("bytes-a-row-{n}"),
        C::Group(n) => format!("bytes-a-group-{n}"),
        C::Format(format) => format!("cells-{}", stored(format)),
        C::ToggleByteOrder => "cells-big-endian".to_owned(),
        C::BigEndian(on) => format!("cells-big-endian-{on}"),
        C::ToggleUpper => "hex-digits-upper".to_owned(),
        C::Upper(on) => format!("hex-digits-upper-{on}"),
        C::Radix(radix) => format!("addresses-{}", stored(radix)),
        C::Base(base) => format!("addresses-base-{base}"),
        C::Charset(charset) => format!("text-column-{}", charset.name().replace('_', "-")),
        C::KeepCharset => "text-column-keep".to_owned(),
        C::Colors(colors) => format!("colors-{}", stored(colors)),
        C::ToggleGreyZeros => "grey-zeros".to_owned(),
        C::ToggleChanged => "mark-changed".to_owned(),
        C::WheelRows(rows) => format!("wheel-rows-{rows}"),
        C::FontSize(_) => "bytes-usual-size".to_owned(),
        C::Enlarge(step) if step > 0 => "bytes-larger".to_owned(),
        C::Enlarge(_) => "bytes-smaller".to_owned(),
    }
}

fn picture(choice: PictureChoice) -> String {
    match choice {
        PictureChoice::Channel(channel) => format!("picture-channel-{}", kebab(&format!("{channel:?}"))),
        PictureChoice::Board(Board::Color(_)) => "picture-board-color".to_owned(),
        PictureChoice::Board(board) => format!("picture-board-{}", kebab(&format!("{board:?}"))),
        PictureChoice::ToggleSharp => "picture-sharp".to_owned(),
        PictureChoice::ToggleProfile => "picture-profile".to_owned(),
        PictureChoice::ToggleLog => "picture-histogram-log".to_owned(),
        PictureChoice::TogglePart => "picture-histogram-part".to_owned(),
        PictureChoice::ToggleSelecting => "picture-selecting".to_owned(),
        PictureChoice::ToggleRepeat => "picture-repeat".to_owned(),
    }
}

/// What a choice is called in the settings file.
fn stored(choice: impl Serialize) -> String {
    serde_json::to_value(choice).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// "FindNext" as "find-next".
fn kebab(name: &str) -> String {
    let mut id = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !id.is_empty() {
            id.push('-');
        }
        id.push(c.to_ascii_lowercase());
    }
    id
}
