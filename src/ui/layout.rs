//! The panes around the document in front, which the user can rearrange.

use egui::{Id, Ui, WidgetText};
use egui_tiles::{
    Behavior, Container, Linear, LinearDir, ResizeState, SimplificationOptions, TabState, Tile, TileId, Tiles, Tree, UiResponse,
};

use super::console_pane::ConsolePane;
use super::hex_view::HexView;
use super::search_view::SearchView;
use super::text_view::TextView;
use super::theme::{Theme, UNIT};
use super::{ViewCx, Views};
use crate::app::bytes_view::HexSide;
use crate::app::{Command, OpenDocument, PaneKind};

/// The arrangement of panes.
#[derive(Clone)]
pub(super) struct Layout {
    tree: Tree<PaneKind>,
    /// Whether wrappers stood over the document in front in the last frame.
    wrapped: bool,
    /// The count of wishes for the lessons that was followed.
    lesson: u64,
    /// The count of wishes for the matches that was followed.
    matches: u64,
    /// The count of bookmarks made that was followed.
    bookmarks: u64,
}

impl Default for Layout {
    fn default() -> Self {
        Self { tree: default_tree(), wrapped: false, lesson: 0, matches: 0, bookmarks: 0 }
    }
}

/// Stream over timeline on the left; bytes over text in the middle, the console under them; preview over inspector on the right.
fn default_tree() -> Tree<PaneKind> {
    let mut tiles = Tiles::default();
    use PaneKind as P;
    let left = [(tiles.insert_pane(P::Stream), 0.62), (tiles.insert_pane(P::Timeline), 0.38)];
    let left = column(&mut tiles, &left);
    let hex = tiles.insert_pane(P::Hex);
    let second = tiles.insert_pane(P::SecondHex);
    let text = tiles.insert_pane(P::Text);
    let lower = tabs(&mut tiles, &[P::Console, P::Search]);
    let middle = column(&mut tiles, &[(hex, 0.42), (second, 0.36), (text, 0.26), (lower, 0.32)]);
    let upper = tabs(&mut tiles, &[P::Preview, P::Structure, P::Links, P::Overview]);
    let lower = tabs(&mut tiles, &[P::Inspector, P::Hashes, P::Strings, P::Column, P::Picture, P::Lesson, P::Bookmarks]);
    let right = column(&mut tiles, &[(upper, 0.5), (lower, 0.5)]);
    let root = linear(&mut tiles, LinearDir::Horizontal, &[(left, 0.205), (middle, 0.485), (right, 0.31)]);
    Tree::new(Id::unique("panes"), root, tiles)
}

/// Panes that stand behind one another, the first in front.
fn tabs(tiles: &mut Tiles<PaneKind>, panes: &[PaneKind]) -> TileId {
    let panes = panes.iter().map(|pane| tiles.insert_pane(*pane)).collect();
    tiles.insert_tab_tile(panes)
}

fn column(tiles: &mut Tiles<PaneKind>, children: &[(TileId, f32)]) -> TileId {
    linear(tiles, LinearDir::Vertical, children)
}

fn linear(tiles: &mut Tiles<PaneKind>, dir: LinearDir, children: &[(TileId, f32)]) -> TileId {
    let mut linear = Linear::new(dir, children.iter().map(|(tile, _)| *tile).collect());
    for (tile, share) in children {
        linear.shares.set_share(*tile, *share);
    }
    tiles.insert_container(Container::Linear(linear))
}

impl Layout {
    /// Puts every pane back in its place.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// A pane that stands behind another one comes before it.
    pub(super) fn bring_to_front(&mut self, pane: PaneKind) {
        self.tree.make_active(|_, tile| matches!(tile, Tile::Pane(kind) if *kind == pane));
    }

    /// Paints the panes that are shown.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        views: &mut Views,
        open: &OpenDocument,
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) {
        let panes: Vec<(TileId, PaneKind)> = self
            .tree
            .tiles
            .iter()
            .filter_map(|(id, tile)| match tile {
                Tile::Pane(pane) => Some((*id, *pane)),
                Tile::Container(_) => None,
            })
            .collect();
        for (id, pane) in panes {
            let shown = cx.settings.panes.contains(&pane);
            if self.tree.is_visible(id) != shown {
                self.tree.set_visible(id, shown);
                // What was just asked for does not stay behind another pane.
                if shown {
                    self.bring_to_front(pane);
                }
                if shown {
                    self.bring_to_front(pane);
                }
            }
        }
        // A wrapper that was just made comes into sight.
        let wrapped = cx.state.console().watched(open.document.id()).is_some_and(|watched| !watched.links.is_empty());
        if wrapped && !std::mem::replace(&mut self.wrapped, wrapped) {
            self.bring_to_front(PaneKind::Links);
        }
        self.wrapped = wrapped;
        if std::mem::replace(&mut self.lesson, cx.state.lesson_front()) != cx.state.lesson_front() {
            self.bring_to_front(PaneKind::Lesson);
        }
        if std::mem::replace(&mut self.matches, cx.state.search().front()) != cx.state.search().front() {
            self.bring_to_front(PaneKind::Search);
        }
        if std::mem::replace(&mut self.bookmarks, cx.state.bookmarks_front()) != cx.state.bookmarks_front() {
            self.bring_to_front(PaneKind::Bookmarks);
        }
        super::disk_bar::show(ui, open, cx, commands);
        let mut behavior = Panes { views, open, cx, commands };
        self.tree.ui(&mut behavior, ui);
    }
}

/// What F6 gives the focus to: the bytes and the lines themselves, or a place before the first widget of a panel.
pub(super) fn focus_id(pane: PaneKind) -> Id {
    match pane {
        PaneKind::Hex => HexView::id(),
        PaneKind::SecondHex => HexView::id_of(HexSide::Second),
        PaneKind::Text => TextView::id(),
        PaneKind::Console => ConsolePane::id(),
        PaneKind::Search => SearchView::id(),
        other => Id::unique(("pane", other.title())),
    }
}

/// The place before the first widget of a pane: Tab goes on from there.
fn anchor(ui: &Ui, pane: PaneKind, theme: &Theme) {
    if matches!(pane, PaneKind::Hex | PaneKind::SecondHex | PaneKind::Text | PaneKind::Console | PaneKind::Search) {
        return;
    }
    let rect = ui.max_rect();
    let place = egui::Rect::from_min_size(rect.min, egui::Vec2::ZERO);
    let response = ui.interact(place, focus_id(pane), egui::Sense::focusable_noninteractive());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Group, true, format!("{} pane", pane.title())));
    if response.has_focus() {
        super::rows::focus_ring(ui, rect, theme);
    }
}

struct Panes<'a> {
    views: &'a mut Views,
    open: &'a OpenDocument,
    cx: &'a ViewCx<'a>,
    commands: &'a mut Vec<Command>,
}

impl Behavior<PaneKind> for Panes<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut PaneKind) -> UiResponse {
        let theme = self.cx.theme;
        // The bytes and the lines are painted from edge to edge; panels of widgets stand off it.
        let (ground, margin) = match pane {
            PaneKind::Hex | PaneKind::SecondHex | PaneKind::Text => (theme.ground, 0.0),
            PaneKind::Preview => (theme.panel, UNIT),
            _ => (theme.panel, 2.0 * UNIT),
        };
        egui::Frame::new().fill(ground).inner_margin(margin).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            anchor(ui, *pane, theme);
            if matches!(pane, PaneKind::Hex | PaneKind::SecondHex | PaneKind::Text) {
                super::walk::banner(ui, self.open, self.cx, self.commands);
            }
            self.views.of(*pane).show(ui, self.open, self.cx, self.commands);
        });
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &PaneKind) -> WidgetText {
        pane.title().into()
    }

    fn tab_title_for_tile(&mut self, tiles: &Tiles<PaneKind>, tile: TileId) -> WidgetText {
        match tiles.get(tile) {
            Some(Tile::Pane(pane)) => pane.title().into(),
            _ => "Panes".into(),
        }
    }

    fn is_tab_closable(&self, tiles: &Tiles<PaneKind>, tile: TileId) -> bool {
        tiles.get_pane(&tile).is_some_and(|&pane| pane != PaneKind::Hex)
    }

    fn on_tab_close(&mut self, tiles: &mut Tiles<PaneKind>, tile: TileId) -> bool {
        if let Some(pane) = tiles.get_pane(&tile) {
            self.commands.push(Command::Do(super::toggle_of(*pane)));
        }
        false
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        26.0
    }

    fn min_size(&self) -> f32 {
        80.0
    }

    fn gap_width(&self, _style: &egui::Style) -> f32 {
        3.0
    }

    fn simplification_options(&self) -> SimplificationOptions {
        // Every pane keeps its title, which is also the handle to drag it by.
        SimplificationOptions { all_panes_must_have_tabs: true, ..Default::default() }
    }

    fn tab_bar_color(&self, _visuals: &egui::Visuals) -> egui::Color32 {
        self.cx.theme.panel
    }

    fn tab_bg_color(
        &self,
        _visuals: &egui::Visuals,
        _tiles: &Tiles<PaneKind>,
        _tile: TileId,
        _state: &TabState,
    ) -> egui::Color32 {
        self.cx.theme.panel
    }

    fn tab_outline_stroke(
        &self,
        _visuals: &egui::Visuals,
        _tiles: &Tiles<PaneKind>,
        _tile: TileId,
        _state: &TabState,
    ) -> egui::Stroke {
        egui::Stroke::NONE
    }

    fn tab_text_color(
        &self,
        _visuals: &egui::Visuals,
        _tiles: &Tiles<PaneKind>,
        _tile: TileId,
        state: &TabState,
    ) -> egui::Color32 {
        if state.active { self.cx.theme.text } else { self.cx.theme.text_dim }
    }

    fn resize_stroke(&self, _style: &egui::Style, state: ResizeState) -> egui::Stroke {
        match state {
            ResizeState::Idle => egui::Stroke::new(1.0, self.cx.theme.line),
            ResizeState::Hovering | ResizeState::Dragging => egui::Stroke::new(2.0, self.cx.theme.accent),
        }
    }
}
