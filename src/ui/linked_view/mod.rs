//! Wrappers over the document in front: characters beside their bytes, what is read ahead, what is not written yet, and the
//! cursors of both streams.

mod cells;

use egui::{Color32, Label, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::theme::{self, ROW, SMALL, Theme, UNIT};
use super::{View, ViewCx};
use crate::app::numbers::{count, group};
use crate::app::{Command, OpenDocument, ViewCommand};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::document::Wrappers;
use crate::stream::{Link, TextLink, WindowLink};
use cells::{Cells, Cookie, Part};

/// Height of a cell: a character over its bytes.
const CELL: f32 = 2.0 * ROW - UNIT;

/// The pane of wrappers. Holds which cell each wrapper's cursor stood at, to follow it.
#[derive(Default)]
pub struct LinkedView {
    followed: Vec<((usize, u8), Option<usize>)>,
    /// The pointer was on a cell in the last frame.
    pointed: bool,
}

impl View for LinkedView {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let links = match cx.state.console().wrappers(&open.document) {
            Wrappers::Held(links) => links,
            Wrappers::Within => {
                let why = "This step is in the middle of a statement. What the wrappers hold is looked at when a statement ends: \
                           walk on to its last step.";
                return hint(ui, why.into(), cx);
            }
            Wrappers::Forgotten => {
                return hint(
                    ui,
                    "What the wrappers held at this step is no longer kept: there were too many steps since.".into(),
                    cx,
                );
            }
        };
        if links.is_empty() && open.document.is_walking() {
            return hint(ui, "No wrapper stood over this document at this step.".into(), cx);
        }
        if links.is_empty() {
            let text = format!(
                "No wrapper stands over this document. Make one in the console, for example\nimport io\nf = io.{}",
                match open.document.as_bytes() {
                    Some(_) => "TextIOWrapper(buf, encoding='utf-8')",
                    None => "TextIOWrapper(io.BytesIO())",
                }
            );
            return hint(ui, text, cx);
        }
        self.followed.retain(|((id, _), _)| links.iter().any(|link| link.id == *id));
        let mut hovered = None;
        let grids = links.iter().map(|link| usize::from(link.text.is_some()) + usize::from(link.window.is_some())).sum::<usize>();
        let room = (ui.available_height() / grids.max(1) as f32 - 6.0 * ROW).max(2.5 * CELL);
        ScrollArea::vertical().id_salt("links").auto_shrink([false, false]).show(ui, |ui| {
            if open.document.is_walking() {
                line(ui, "What the wrappers held after this step:".into(), cx);
            }
            for link in links {
                ui.push_id(link.id, |ui| {
                    heading(ui, link, cx);
                    if let Some(text) = &link.text {
                        text_facts(ui, text, cx);
                        if Cells::Text(text).len() > 0 {
                            hovered = hovered.or(self.grid(ui, &Cells::Text(text), (link.id, 0), room, open, cx, commands));
                        }
                        if !text.pending.is_empty() {
                            hovered = hovered.or(self.grid(ui, &Cells::Pending(text), (link.id, 1), room, open, cx, commands));
                        }
                    }
                    if let Some(window) = &link.window {
                        window_facts(ui, window, cx);
                        if !window.bytes.is_empty() {
                            hovered = hovered.or(self.grid(ui, &Cells::Window(window), (link.id, 2), room, open, cx, commands));
                        }
                    }
                    ui.add_space(UNIT);
                });
            }
            legend(ui, cx);
        });
        // Who pointed last speaks, and takes back what it said: another view may show its own place meanwhile.
        let pointed = std::mem::replace(&mut self.pointed, hovered.is_some());
        if (pointed || hovered.is_some()) && open.view.linked != hovered {
            commands.push(Command::View(ViewCommand::Linked(hovered)));
        }
    }
}

/// Why nothing is shown.
fn hint(ui: &mut Ui, text: String, cx: &ViewCx<'_>) {
    ui.add(Label::new(RichText::new(text).color(cx.theme.text_dim)).wrap().selectable(true));
}

fn heading(ui: &mut Ui, link: &Link, cx: &ViewCx<'_>) {
    ui.horizontal_wrapped(|ui| {
        if let Some(name) = &link.name {
            ui.label(RichText::new(name).monospace().strong());
            ui.label(RichText::new("is a").color(cx.theme.text_dim));
        }
        ui.label(RichText::new(link.class).monospace().strong());
        if let Some(text) = &link.text {
            ui.label(RichText::new(&text.encoding).monospace().color(cx.theme.text_dim));
        }
    });
}

fn line(ui: &mut Ui, text: String, cx: &ViewCx<'_>) {
    ui.add(Label::new(RichText::new(text).size(SMALL).color(cx.theme.text_dim)).wrap().selectable(true));
}

fn text_facts(ui: &mut Ui, link: &TextLink, cx: &ViewCx<'_>) {
    match link.chunk {
        Some((start, end)) => line(
            ui,
            format!(
                "Read bytes {} to {} in one piece: {} returned, {} decoded ahead",
                group(start),
                group(end),
                count(link.used, "character"),
                group(cells::ahead(link))
            ),
            cx,
        ),
        None => line(ui, "Nothing was read yet".into(), cx),
    }
    if !link.pending.is_empty() {
        let bytes = count(link.pending.len() as u64, "byte");
        line(ui, format!("{bytes} not written yet; flush() will put them at {}", group(link.pending_at)), cx);
    }
    match link.tell.as_ref().map(|tell| (tell, Cookie::of(tell))) {
        Some((tell, Some(cookie))) => line(ui, format!("tell() is {tell}: {}", cookie.words()), cx),
        Some((tell, None)) => line(ui, format!("tell() is {tell}"), cx),
        None => line(ui, "tell() cannot say now where it is".into(), cx),
    }
}

fn window_facts(ui: &mut Ui, link: &WindowLink, cx: &ViewCx<'_>) {
    let end = link.start + link.bytes.len() as u64;
    let held = match link.bytes.len() {
        0 => format!("Holds nothing of the raw stream; there is room for {}", count(link.capacity, "byte")),
        n => format!(
            "Holds raw bytes {} to {}: {} of {}",
            group(link.start),
            group(end),
            group(n as u64),
            count(link.capacity, "byte")
        ),
    };
    line(ui, held, cx);
    let apart = match link.raw_position.checked_sub(link.position) {
        Some(0) => "both cursors agree".to_owned(),
        Some(ahead) => format!("the raw cursor is {} ahead", count(ahead, "byte")),
        None => format!("the raw cursor is {} behind", count(link.position - link.raw_position, "byte")),
    };
    line(ui, format!("Its tell() is {}, the raw tell() is {}: {apart}", group(link.position), group(link.raw_position)), cx);
    if let Some((start, end)) = link.dirty {
        line(ui, format!("{} not written yet: {} to {}", count(end - start, "byte"), group(start), group(end)), cx);
    }
}

fn ground(part: Part, theme: &Theme) -> Color32 {
    match part {
        Part::Returned => theme.read,
        Part::Ahead => theme.panel,
        Part::Kept => theme.gap,
        Part::Pending => theme.written,
    }
}

fn legend(ui: &mut Ui, cx: &ViewCx<'_>) {
    ui.horizontal_wrapped(|ui| {
        for part in [Part::Returned, Part::Ahead, Part::Kept, Part::Pending] {
            let (rect, _) = ui.allocate_exact_size(vec2(3.0 * UNIT, 3.0 * UNIT), Sense::hover());
            ui.painter().rect(rect, 2.0, ground(part, cx.theme), Stroke::new(1.0, cx.theme.line), StrokeKind::Inside);
            ui.label(RichText::new(part.words()).size(SMALL).color(cx.theme.text_dim));
        }
    });
}

/// How wide a byte is in a cell, and what stands around all of them.
fn widths(ui: &Ui) -> (f32, f32) {
    let font = egui::FontId::monospace(SMALL);
    let advance = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
    (2.5 * advance, 1.5 * UNIT)
}

impl LinkedView {
    /// Paints the cells of a wrapper, and returns the bytes of the one under the pointer.
    #[expect(clippy::too_many_arguments, reason = "a grid stands between the wrapper, its document and the window")]
    fn grid(
        &mut self,
        ui: &mut Ui,
        cells: &Cells<'_>,
        id: (usize, u8),
        room: f32,
        open: &OpenDocument,
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) -> Option<(u64, u64)> {
        let (byte, around) = widths(ui);
        let width = ui.available_width() - 4.0 * UNIT;
        let rows = pack(cells, width, byte, around);
        let height = (rows.len() as f32 * CELL + UNIT).min(room);
        let cursor = cells.cursor();
        let mut area =
            ScrollArea::vertical().id_salt(id).max_height(height).min_scrolled_height(height).auto_shrink([false, true]);
        if self.follow(id, cursor)
            && let Some(cursor) = cursor
        {
            let row = rows.partition_point(|&first| first <= cursor).saturating_sub(1);
            area = area.vertical_scroll_offset((row as f32 - 1.0).max(0.0) * CELL);
        }
        let marked = open.view.linked.or_else(|| open.document.selection().map(|selection| (selection.start(), selection.end())));
        let marked = marked.map(|range| cells.overlapping(range)).filter(|(from, to)| from < to);
        let mut hovered = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        area.show_rows(ui, CELL, rows.len(), |ui, seen| {
            for row in seen {
                let (first, last) = (rows[row], rows.get(row + 1).copied().unwrap_or(cells.len()));
                let (line, _) = ui.allocate_exact_size(vec2(width, CELL), Sense::hover());
                let mut x = line.min.x;
                for index in first..last {
                    let w = cells.bytes(index) as f32 * byte + around;
                    let rect = Rect::from_min_size(pos2(x, line.min.y), vec2(w, CELL)).shrink(0.5);
                    x += w;
                    let is_marked = marked.is_some_and(|(from, to)| (from..to).contains(&index));
                    let response = cell(ui, rect, cells, index, cursor == Some(index), is_marked, open, cx.theme, id);
                    if response.hovered() {
                        hovered = cells.range(index);
                    }
                    if response.clicked()
                        && let Some(range) = cells.range(index)
                    {
                        commands.push(Command::View(ViewCommand::ShowLinked(range)));
                    }
                }
            }
        });
        ui.add_space(UNIT);
        hovered
    }

    /// Whether a wrapper's cursor has moved since the last frame.
    fn follow(&mut self, id: (usize, u8), cursor: Option<usize>) -> bool {
        match self.followed.iter_mut().find(|(known, _)| *known == id) {
            Some((_, last)) => std::mem::replace(last, cursor) != cursor,
            None => {
                self.followed.push((id, cursor));
                true
            }
        }
    }
}

/// The first cell of each row.
fn pack(cells: &Cells<'_>, width: f32, byte: f32, around: f32) -> Vec<usize> {
    let mut rows = vec![0];
    let mut x = 0.0;
    for index in 0..cells.len() {
        let w = cells.bytes(index) as f32 * byte + around;
        if x + w > width && x > 0.0 {
            rows.push(index);
            x = 0.0;
        }
        x += w;
    }
    rows
}

#[expect(clippy::too_many_arguments, reason = "all that a cell shows")]
fn cell(
    ui: &Ui,
    rect: Rect,
    cells: &Cells<'_>,
    index: usize,
    is_cursor: bool,
    is_marked: bool,
    open: &OpenDocument,
    theme: &Theme,
    id: (usize, u8),
) -> egui::Response {
    let response = ui.interact(rect, ui.scope_id().with((id, index)), Sense::CLICK);
    let part = cells.part(index);
    let painter = ui.painter();
    painter.rect(rect, 2.0, ground(part, theme), Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let unit = cells.unit(index);
    let text = match (unit, cells.own_byte(index)) {
        // A byte is no character: only ASCII is read as one, as in the view of bytes.
        (_, Some(byte)) if !byte.is_ascii() => "·".into(),
        (Some(unit), _) => cells::glyph(unit),
        (None, _) => "…".into(),
    };
    let hex = spell(cells, index, open.document.as_bytes());
    let color = if text.chars().count() > 1 || text == "␣" { theme.byte_control } else { theme.text };
    painter.text(rect.center_top() + vec2(0.0, 1.0), egui::Align2::CENTER_TOP, &text, theme::mono(), color);
    let small = egui::FontId::monospace(SMALL);
    painter.text(rect.center_bottom() - vec2(0.0, 1.0), egui::Align2::CENTER_BOTTOM, &hex, small, theme.text_dim);
    if is_marked || response.hovered() {
        painter.rect_stroke(rect, 2.0, Stroke::new(1.5, theme.text), StrokeKind::Inside);
    }
    if is_cursor {
        painter.rect_filled(Rect::from_min_size(rect.min, vec2(2.0, rect.height())), 0.0, theme.byte_high);
    }
    response.widget_info(|| {
        let place = cells.range(index).map_or_else(String::new, |(start, end)| format!(", bytes {start} to {end}"));
        WidgetInfo::labeled(Role::Cell, true, format!("{text}{place}, {}", part.words()))
    });
    response.on_hover_ui(|ui| {
        if let Some((start, end)) = cells.range(index) {
            let bytes = if end - start == 1 {
                format!("byte {}", group(start))
            } else {
                format!("bytes {} to {}", group(start), group(end))
            };
            ui.label(format!("{text}: {bytes}, {}", part.words()));
        }
    })
}

/// The bytes of a cell in hex digits.
fn spell(cells: &Cells<'_>, index: usize, document: Option<&Buffer>) -> String {
    if let Some(byte) = cells.own_byte(index) {
        return format!("{byte:02X}");
    }
    let Some((start, end)) = cells.range(index) else { return String::new() };
    let end = end.min(start + 16);
    let bytes = document.and_then(|bytes| bytes.to_vec(ByteRange::between(Offset(start), Offset(end))).ok()).unwrap_or_default();
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{AppState, ConsoleCommand};
    use crate::console::session::{Answer, Touched};
    use crate::stream::Text;

    /// A state whose document has wrappers over it, as the console would report them.
    fn state(content: &[u8], links: Vec<Link>) -> AppState {
        let mut state = AppState::new(Default::default());
        state.apply(Command::OpenBytes { name: "data.txt".into(), bytes: content.to_vec() });
        state.apply(Command::Console(ConsoleCommand::Run("f.read(3)".into())));
        let open = state.active().unwrap();
        let (key, now) = (open.document.id().get(), open.document.state());
        let touched = Touched { key, calls: Vec::new(), more_calls: 0, state: now, exported: false, links, held: Vec::new() };
        let answer = Answer { documents: vec![touched], ..Answer::default() };
        state.apply(Command::Console(ConsoleCommand::Answered(Box::new(answer))));
        state
    }

    fn wrapper(content: &str, used: u64) -> Link {
        let mut starts: Vec<u64> = content.char_indices().map(|(at, _)| at as u64).collect();
        starts.push(content.len() as u64);
        let text = TextLink {
            encoding: "utf-8".into(),
            chunk: Some((0, content.len() as u64)),
            decoded: Text::from(content),
            used,
            starts: starts.into(),
            pending: b"xyz"[..].into(),
            pending_at: content.len() as u64,
            tell: Some(num_bigint::BigInt::from(used)),
        };
        Link { class: "TextIOWrapper", id: 1, name: Some("f".into()), text: Some(text), window: None }
    }

    fn window(content: &[u8]) -> Link {
        let window = WindowLink {
            start: 0,
            bytes: content.into(),
            capacity: 8192,
            position: 4,
            raw_position: content.len() as u64,
            dirty: None,
        };
        Link { class: "BufferedReader", id: 2, name: None, text: None, window: Some(window) }
    }

    /// All that is said in a window that shows a state, and where each of it is.
    fn spoken(state: AppState, size: egui::Vec2) -> Vec<String> {
        let ctx = egui::Context::default();
        theme::install(&ctx);
        ctx.enable_accesskit();
        let mut scene = crate::ui::window::Scene::default();
        let mut said = Vec::new();
        for time in 0..3 {
            let screen_rect = Some(Rect::from_min_size(egui::Pos2::ZERO, size));
            let input = egui::RawInput { screen_rect, time: Some(time.into()), ..Default::default() };
            let mut output = ctx.run_ui(input, |ui| scene.paint(ui, &state, &[], 0.0, &mut Vec::new()));
            output.textures_delta.clear();
            let nodes = output.platform_output.accesskit_update.map(|update| update.nodes).unwrap_or_default();
            said = nodes.into_iter().filter_map(|(_, node)| node.label().or(node.value()).map(str::to_owned)).collect();
        }
        said
    }

    #[test]
    fn characters_stand_beside_their_bytes_and_nested_wrappers_beside_each_other() {
        let content = "Grüße €\n".repeat(2000);
        let said = spoken(state(content.as_bytes(), vec![wrapper(&content, 3), window(content.as_bytes())]), vec2(1280.0, 800.0));
        let has = |text: &str| assert!(said.iter().any(|said| said == text), "{text} is not in {said:#?}");
        has("ü, bytes 2 to 4, returned");
        has("ß, bytes 4 to 6, read ahead");
        has("x, bytes 24000 to 24001, not written yet");
        has("Read bytes 0 to 24,000 in one piece: 3 characters returned, 15,997 decoded ahead");
        has("tell() is 3: a plain position: byte 3");
        has("BufferedReader");
        has("Its tell() is 4, the raw tell() is 24,000: the raw cursor is 23,996 bytes ahead");
        // Thousands of cells, and only those in sight are painted.
        assert!(said.iter().filter(|said| said.contains(", bytes ")).count() < 400);
    }

    #[test]
    fn a_window_that_is_not_written_yet_says_what_and_where() {
        let mut link = window(b"abcdef");
        link.class = "BufferedRandom";
        link.window = link.window.map(|window| WindowLink { dirty: Some((1, 3)), raw_position: 2, position: 3, ..window });
        let said = spoken(state(b"abcdef", vec![link]), vec2(700.0, 500.0));
        // A narrow window may hide the pane's cells, never the window itself.
        assert!(said.iter().any(|said| said.starts_with("Bytes of")), "{said:#?}");
        let mut link = wrapper("ab", 2);
        link.text = link.text.map(|text| TextLink { tell: None, starts: [].into(), ..text });
        let said = spoken(state(b"ab", vec![link]), vec2(1280.0, 800.0));
        assert!(said.iter().any(|said| said == "a, returned"), "where the bytes are is not known: {said:#?}");
        assert!(said.iter().any(|said| said == "tell() cannot say now where it is"));
    }
}
