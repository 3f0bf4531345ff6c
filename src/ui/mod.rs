//! The window: paints the state, and reports what the user did as [`Command`]s. It decides nothing.
//!
//! Every view is a struct that holds caches only (they may vanish at any time) and has one method
//! `show(&mut self, ui, open, cx, commands)`.

pub mod fonts;
pub mod format;
pub mod hex_view;
pub mod inspector;
pub mod painter;
pub mod picture_view;
pub mod preview;
pub mod rows;
pub mod status_bar;
pub mod stream_panel;
pub mod table_view;
pub mod text_view;
pub mod theme;
pub mod timeline_view;

use crate::app::{AppState, Command, OpenDocument, Settings};
use theme::Theme;

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
