//! The window: paints the state, and reports what the user did as [`Command`]s. It decides nothing.
//!
//! Every view is a struct that holds caches only (they may vanish at any time) and implements [`View`]. The
//! [`Window`] holds the state and the views, and knows nothing of eframe, so that tests run it without one;
//! [`run()`] puts it into a real window.

mod archive_view;
mod bookmarks_pane;
mod charsets;
pub mod chart;
mod chart_keys;
pub mod column_pane;
pub mod compare_view;
mod console_host;
pub mod console_pane;
mod context_menu;
mod dialogs;
mod disk_bar;
mod drop;
mod effects;
mod film_host;
mod find_bar;
pub mod fonts;
pub mod hash_pane;
pub mod hex_view;
pub mod inspector;
mod layout;
pub mod lesson_pane;
pub mod linked_view;
mod matches;
mod menu;
pub mod minimap;
pub mod native;
mod notices;
mod number_field;
pub mod overview_pane;
pub mod painter;
pub mod picture_pane;
pub mod picture_view;
mod player;
pub mod preview;
pub mod rows;
mod run;
mod screenshot;
pub mod search_view;
mod shortcuts;
mod start;
pub mod status_bar;
pub mod stream_panel;
pub mod strings_pane;
pub mod structure_pane;
pub mod table_view;
mod tabs;
pub mod text_view;
pub mod theme;
pub mod timeline_view;
mod walk;
mod window;

use std::path::Path;

use crate::app::{Action, AppState, Command, OpenDocument, PaneKind, Settings};
pub use effects::{Runner, load_settings, settings_path};
pub use run::{Launch, run};
pub use screenshot::{screenshot, to_png};
use theme::Theme;
pub use window::Window;

/// What every view is given beside its document.
#[derive(Clone, Copy)]
pub struct ViewCx<'a> {
    /// Colours, spacing, text sizes.
    pub theme: &'a Theme,
    /// Remembered choices.
    pub settings: &'a Settings,
    /// All of the state, to read.
    pub state: &'a AppState,
    /// Seconds since the program started.
    pub now: f64,
}

/// What a view does.
pub trait View {
    /// Paints the document and adds what the user did.
    fn show(&mut self, ui: &mut egui::Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>);
}

/// The views of the panes.
#[derive(Default)]
struct Views {
    hex: hex_view::HexView,
    second_hex: hex_view::SecondHexView,
    text: text_view::TextView,
    preview: preview::PreviewView,
    inspector: inspector::Inspector,
    stream: stream_panel::StreamPanel,
    timeline: timeline_view::TimelineView,
    console: console_pane::ConsolePane,
    links: linked_view::LinkedView,
    lesson: lesson_pane::LessonPane,
    search: search_view::SearchView,
    bookmarks: bookmarks_pane::BookmarksPane,
    hashes: hash_pane::HashPane,
    structure: structure_pane::StructurePane,
    compare: compare_view::CompareView,
    overview: overview_pane::OverviewPane,
    strings: strings_pane::StringsPane,
    column: column_pane::ColumnPane,
    picture: picture_pane::PicturePane,
}

impl Views {
    fn of(&mut self, pane: PaneKind) -> &mut dyn View {
        match pane {
            PaneKind::Hex => &mut self.hex,
            PaneKind::SecondHex => &mut self.second_hex,
            PaneKind::Text => &mut self.text,
            PaneKind::Preview => &mut self.preview,
            PaneKind::Inspector => &mut self.inspector,
            PaneKind::Stream => &mut self.stream,
            PaneKind::Timeline => &mut self.timeline,
            PaneKind::Console => &mut self.console,
            PaneKind::Links => &mut self.links,
            PaneKind::Lesson => &mut self.lesson,
            PaneKind::Search => &mut self.search,
            PaneKind::Bookmarks => &mut self.bookmarks,
            PaneKind::Hashes => &mut self.hashes,
            PaneKind::Overview => &mut self.overview,
            PaneKind::Strings => &mut self.strings,
            PaneKind::Column => &mut self.column,
            PaneKind::Picture => &mut self.picture,
            PaneKind::Structure => &mut self.structure,
        }
    }
}

/// The action that shows or hides a pane.
fn toggle_of(pane: PaneKind) -> Action {
    match pane {
        PaneKind::Hex | PaneKind::Text => Action::ToggleText,
        PaneKind::SecondHex => Action::ToggleSecondHex,
        PaneKind::Preview => Action::TogglePreview,
        PaneKind::Inspector => Action::ToggleInspector,
        PaneKind::Stream => Action::ToggleStream,
        PaneKind::Timeline => Action::ToggleTimeline,
        PaneKind::Console => Action::ToggleConsole,
        PaneKind::Links => Action::ToggleLinks,
        PaneKind::Lesson => Action::Lessons,
        PaneKind::Search => Action::ToggleSearch,
        PaneKind::Bookmarks => Action::ToggleBookmarks,
        PaneKind::Hashes => Action::ToggleHashes,
        PaneKind::Overview => Action::ToggleOverview,
        PaneKind::Strings => Action::ToggleStrings,
        PaneKind::Column => Action::ToggleColumn,
        PaneKind::Picture => Action::TogglePicture,
        PaneKind::Structure => Action::ToggleStructure,
    }
}

/// A path for the eye: control and bidirectional characters of a stranger's file name show as escapes.
fn shown_path(path: &Path) -> String {
    crate::files::display_path(path)
}

/// A sentence, which errors and reasons are only a part of.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Text in which nothing hides or turns the reading direction.
fn visible(text: &str) -> String {
    let hidden =
        |c: char| c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if hidden(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// At most `limit` characters, the middle left out, since names differ at their ends.
fn shortened(text: &str, limit: usize) -> String {
    let text = visible(text);
    let count = text.chars().count();
    if count <= limit {
        return text;
    }
    let tail = limit / 3;
    let head = limit - tail - 1;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{start}…{end}")
}
