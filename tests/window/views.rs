//! The hex and text views in a window without a display: what the mouse and keys report, and what is painted.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]
#![expect(clippy::unwrap_used, reason = "a test that finds nothing has failed")]

use std::sync::Arc;

use crate::view_kit::*;
use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::bytes_view::HexSide;
use seektell::app::{Action, AppState, Command, HexChoice, HexColumn, RowScroll, ThemeChoice, ViewCommand};
use seektell::buffer::{Buffer, Len, Offset, ReadErrorKind, Source};
use seektell::document::Operation;
use seektell::ui::View;
use seektell::ui::hex_view::HexView;
use seektell::ui::text_view::TextView;
use seektell::ui::theme::Theme;

#[test]
fn a_click_on_a_byte_seeks_there() {
    let mut window = hex(bytes(count_up(4096)));
    for offset in [0, 7, 8, 15, 100] {
        let pos = cell(&window, offset);
        click(&mut window, pos, Modifiers::NONE);
        assert_eq!(position(&window), offset);
        assert_eq!(selection(&window), None);
    }
    assert_eq!(window.state().state.active().unwrap().view.hex_column, HexColumn::Hex);
    let pos = window.state().view.geometry().unwrap().text_cell(35).unwrap().center();
    click(&mut window, pos, Modifiers::NONE);
    assert_eq!(position(&window), 35);
    assert_eq!(window.state().state.active().unwrap().view.hex_column, HexColumn::Text);
    // A click scrolls nothing, not even near an edge.
    assert_eq!(window.state().state.active().unwrap().view.hex_scroll, RowScroll::default());
}

#[test]
fn a_drag_selects_both_cells_and_what_is_between() {
    let mut window = hex(bytes(count_up(4096)));
    let (from, to) = (cell(&window, 20), cell(&window, 53));
    press(&mut window, from, Modifiers::NONE);
    drag_to(&mut window, to);
    assert_eq!(selection(&window), Some((20, 54)));
    let back = cell(&window, 5);
    drag_to(&mut window, back);
    assert_eq!(selection(&window), Some((21, 5)));
    drag_to(&mut window, from);
    assert_eq!(selection(&window), Some((20, 21)));
    release(&mut window, from);
    assert_eq!(selection(&window), Some((20, 21)));
    assert_eq!(position(&window), 21);
}

#[test]
fn shift_and_a_click_extend() {
    let mut window = hex(bytes(count_up(4096)));
    let (first, second, third) = (cell(&window, 40), cell(&window, 50), cell(&window, 33));
    click(&mut window, first, Modifiers::NONE);
    click(&mut window, second, Modifiers::SHIFT);
    assert_eq!(selection(&window), Some((40, 51)));
    click(&mut window, third, Modifiers::SHIFT);
    assert_eq!(selection(&window), Some((40, 33)));
}

#[test]
fn a_click_on_an_address_selects_its_row() {
    let mut window = hex(bytes(count_up(100)));
    let pos = window.state().view.geometry().unwrap().address(32).unwrap().center();
    click(&mut window, pos, Modifiers::NONE);
    assert_eq!(selection(&window), Some((32, 48)));
    let pos = window.state().view.geometry().unwrap().address(96).unwrap().center();
    click(&mut window, pos, Modifiers::NONE);
    assert_eq!(selection(&window), Some((96, 100)));
}

#[test]
fn a_double_click_selects_a_word() {
    let mut window = hex(bytes(*b"seek, tell_2 and truncate"));
    let pos = cell(&window, 8);
    for pressed in [true, false, true, false] {
        let modifiers = Modifiers::NONE;
        window.event(Event::PointerMoved(pos));
        window.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers });
    }
    window.run();
    assert_eq!(selection(&window), Some((6, 12)));
}

#[test]
fn a_drag_past_the_edge_scrolls_on() {
    let mut window = hex(bytes(count_up(100_000)));
    let from = cell(&window, 20);
    press(&mut window, from, Modifiers::NONE);
    window.event(Event::PointerMoved(Pos2::new(from.x, 700.0)));
    window.run_steps(8);
    let view = &window.state().state.active().unwrap().view;
    assert!(view.hex_scroll.top_row > 10, "{:?}", view.hex_scroll);
    let (anchor, head) = selection(&window).unwrap();
    assert_eq!(anchor, 20);
    assert!(head > 16 * view.hex_scroll.top_row);
    release(&mut window, Pos2::new(from.x, 700.0));
}

#[test]
fn keys_move_the_cursor_and_shift_selects() {
    let mut window = hex(bytes(count_up(4096)));
    let pos = cell(&window, 20);
    click(&mut window, pos, Modifiers::NONE);
    let none = Modifiers::NONE;
    for (modifiers, pressed, expected) in [
        (none, Key::ArrowRight, 21),
        (none, Key::ArrowDown, 37),
        (none, Key::ArrowLeft, 36),
        (none, Key::ArrowUp, 20),
        (none, Key::Home, 16),
        (none, Key::End, 31),
        (Modifiers::COMMAND, Key::End, 4096),
        (Modifiers::COMMAND, Key::Home, 0),
        (none, Key::ArrowLeft, 0),
    ] {
        key(&mut window, modifiers, pressed);
        assert_eq!(position(&window), expected, "{pressed:?}");
    }
    key(&mut window, Modifiers::SHIFT, Key::ArrowDown);
    key(&mut window, Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(selection(&window), Some((0, 17)));
    key(&mut window, none, Key::Tab);
    assert_eq!(window.state().state.active().unwrap().view.hex_column, HexColumn::Text);
}

#[test]
fn a_page_moves_cursor_and_view_together() {
    let mut window = hex(bytes(count_up(100_000)));
    let pos = cell(&window, 5 * 16 + 3);
    click(&mut window, pos, Modifiers::NONE);
    let page = window.state().view.geometry().unwrap().whole_rows() - 1;
    key(&mut window, Modifiers::NONE, Key::PageDown);
    assert_eq!(position(&window), (5 + page) * 16 + 3);
    assert_eq!(window.state().state.active().unwrap().view.hex_scroll.top_row, page);
    key(&mut window, Modifiers::NONE, Key::PageUp);
    assert_eq!(position(&window), 5 * 16 + 3);
    assert_eq!(window.state().state.active().unwrap().view.hex_scroll.top_row, 0);
}

#[test]
fn two_digits_make_a_byte_and_the_first_one_is_shown_waiting() {
    let mut window = hex(bytes(count_up(64)));
    let pos = cell(&window, 4);
    click(&mut window, pos, Modifiers::NONE);
    type_in(&mut window, "a");
    assert_eq!(window.state().state.active().unwrap().view.nibble, Some(10));
    assert!(grid_value(&window).contains("typed A"), "{}", grid_value(&window));
    assert_eq!(content(&window)[4], 4);
    type_in(&mut window, "B");
    assert_eq!(content(&window)[4], 0xAB);
    assert_eq!(position(&window), 5);
    // What is no digit types nothing in the hex column.
    type_in(&mut window, "xyz ");
    assert_eq!(content(&window)[..7], [0, 1, 2, 3, 0xAB, 5, 6]);
    key(&mut window, Modifiers::NONE, Key::Tab);
    type_in(&mut window, "Hi");
    assert_eq!(&content(&window)[5..7], b"Hi");
    key(&mut window, Modifiers::NONE, Key::Backspace);
    assert_eq!(content(&window).len(), 63);
}

fn grid_value(window: &Window<HexView>) -> String {
    window.get_by_role(Role::Grid).accesskit_node().value().unwrap_or_default()
}

#[test]
fn a_screen_reader_hears_the_cursor_and_the_visible_rows() {
    let mut content = vec![0; 0x400];
    content[0x1F0..0x1F2].copy_from_slice(b"Jo");
    let mut window = hex(bytes(content));
    window.state_mut().apply(Command::MoveCursor { to: 0x1F0, extend: false });
    window.run();
    let grid = window.get_by_role_and_label(Role::Grid, "Bytes of sample.bin");
    assert_eq!(grid.accesskit_node().value().unwrap(), "offset 1F0, byte 4A, J");
    let rows: Vec<_> = window.get_all_by_role(Role::Row).collect();
    assert!((15..=25).contains(&rows.len()), "{}", rows.len());
    window.get_by_role_and_label(Role::Row, "row at 000001F0: 4A 6F 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
}

#[test]
fn the_wheel_scrolls_and_the_cursor_comes_back_into_sight() {
    let mut window = hex(bytes(count_up(100_000)));
    let pos = cell(&window, 100);
    window.event(Event::PointerMoved(pos));
    window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        source: egui::MouseWheelSource::Wheel,
        delta: vec2(0.0, -2010.0),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
    });
    window.run();
    let scroll = window.state().state.active().unwrap().view.hex_scroll;
    assert_eq!(scroll.top_row, 100);
    assert!((scroll.sub_px - 10.0).abs() < 0.1, "{scroll:?}");
    assert!(window.state().view.geometry().unwrap().cell(0).is_none());
    window.state_mut().apply(Command::MoveCursor { to: 0, extend: false });
    window.run();
    assert!(window.state().view.geometry().unwrap().cell(0).is_some());
    window.state_mut().apply(Command::MoveCursor { to: 50_000, extend: false });
    window.run();
    assert!(window.state().view.geometry().unwrap().cell(50_000).is_some());
}

#[test]
fn a_cursor_past_the_end_has_a_cell_behind_a_gap() {
    let mut window = hex(bytes(*b"0123456789"));
    window.state_mut().apply(Command::Perform(Operation::seek(200)));
    window.run();
    let geometry = *window.state().view.geometry().unwrap();
    assert!(geometry.cell(200).is_some());
    assert_eq!(geometry.cell(201), None);
    assert_eq!(grid_value(&window), "offset C8, 190 past the end");
    let theme = Theme::dark();
    let image = window.render().unwrap();
    let at = |pos: Pos2| image.get_pixel(pos.x as u32, pos.y as u32).0;
    let hatch = geometry.cell(100).unwrap();
    let colors: Vec<_> = (0..16).map(|i| at(hatch.left_center() + vec2(i as f32, 0.0))).collect();
    assert!(colors.contains(&theme.gap.to_array()), "{colors:?}");
    assert_ne!(at(geometry.cell(3).unwrap().left_top() + vec2(1.0, 1.0)), theme.gap.to_array());
    // Clicking in the gap moves the cursor there; typing fills the gap.
    let pos = geometry.cell(12).unwrap().center();
    click(&mut window, pos, Modifiers::NONE);
    type_in(&mut window, "ff");
    assert_eq!(content(&window), b"0123456789\0\0\xFF");
}

#[test]
fn the_far_end_of_an_exbibyte_is_as_exact_as_the_start() {
    let len = 1_u64 << 60;
    let mut state = AppState::new(settings(Some(16)));
    state.apply(Command::OpenBytes { name: "huge".into(), bytes: Vec::new() });
    state.apply(Command::Perform(Operation::Insert { at: 0, data: Buffer::filled(0x5A, Len(len)).into() }));
    let mut window = hex(state);
    for offset in [len - 1, len - 16 * 5, 1 << 59, 0x0123_4567_89AB_CDE0] {
        window.state_mut().apply(Command::MoveCursor { to: offset, extend: false });
        window.run();
        let geometry = *window.state().view.geometry().unwrap();
        assert_eq!(geometry.offset_at(geometry.cell(offset).unwrap().center()), Some(offset));
        let row = offset / 16 * 16;
        window.get_by_role_and_label(Role::Row, &format!("row at {row:016X}:{}", " 5A".repeat(16)));
        assert_eq!(grid_value(&window), format!("offset {offset:X}, byte 5A, Z"));
    }
    key_on_grid(&mut window, Key::End);
    assert_eq!(position(&window), len);
    let geometry = *window.state().view.geometry().unwrap();
    let end = geometry.cell(len).expect("the end is in sight");
    click(&mut window, end.center() - vec2(0.0, 20.0), Modifiers::NONE);
    assert_eq!(position(&window), len - 16);
}

fn key_on_grid(window: &mut Window<HexView>, pressed: Key) {
    let id = HexView::id();
    window.ctx.memory_mut(|memory| memory.request_focus(id));
    window.run();
    key(window, Modifiers::COMMAND, pressed);
}

/// A file that became shorter after its first 40 bytes.
#[derive(Debug)]
struct Shrunk;

impl Source for Shrunk {
    fn len(&self) -> Len {
        Len(200)
    }

    fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), ReadErrorKind> {
        if offset.0 + out.len() as u64 > 40 {
            return Err(ReadErrorKind::Shrunk);
        }
        out.fill(0x41);
        Ok(())
    }
}

#[test]
fn bytes_that_cannot_be_read_are_marked_and_say_why() {
    let mut state = AppState::new(settings(Some(16)));
    state.apply(Command::OpenBytes { name: "shrunk".into(), bytes: Vec::new() });
    let source = Buffer::from_source(Arc::new(Shrunk));
    state.apply(Command::Perform(Operation::Insert { at: 0, data: source.into() }));
    state.apply(Command::Perform(Operation::seek(100)));
    let mut window = hex(state);
    assert_eq!(grid_value(&window), "offset 64, unreadable");
    window.get_by_role_and_label(Role::Row, &format!("row at 00000000:{}", " 41".repeat(16)));
    window.get_by_role_and_label(Role::Row, &format!("row at 00000020:{}{}", " 41".repeat(8), " ??".repeat(8)));
    window.get_by_role_and_label(Role::Row, &format!("row at 00000050:{}", " ??".repeat(16)));
    let pos = cell(&window, 100);
    window.event(Event::PointerMoved(pos));
    window.run_steps(60);
    assert!(window.query_by_label_contains("shorter").is_some());
}

#[test]
fn an_empty_document_takes_typing() {
    let mut window = hex(bytes(Vec::new()));
    assert_eq!(grid_value(&window), "offset 0, end");
    let pos = cell(&window, 0);
    click(&mut window, pos, Modifiers::NONE);
    type_in(&mut window, "4");
    type_in(&mut window, "a");
    assert_eq!(content(&window), b"J");
}

#[test]
fn bytes_a_row_fit_the_width_and_the_same_bytes_stay_in_sight() {
    let mut state = bytes(count_up(100_000));
    let mut all =
        window::<HexView>(std::mem::replace(&mut state, AppState::new(settings(None))), ThemeChoice::Dark, vec2(760.0, 440.0));
    all.run();
    assert_eq!(all.state().view.geometry().unwrap().columns(), 16);
    state.apply(Command::OpenBytes { name: "fit".into(), bytes: count_up(100_000) });
    let mut window = hex(state);
    let columns = window.state().view.geometry().unwrap().columns();
    assert_eq!(columns, 16);
    window.state_mut().apply(Command::View(ViewCommand::HexScroll(RowScroll { top_row: 300, sub_px: 0.0 })));
    window.run();
    window.set_size(vec2(1400.0, 440.0));
    window.run();
    let wide = window.state().view.geometry().unwrap().columns();
    assert!(wide > 24 && wide % 8 == 0, "{wide}");
    let top = window.state().state.active().unwrap().view.hex_scroll.top_row;
    assert!(top * wide <= 4800 && (top + 1) * wide > 4800);
}

#[test]
fn a_text_stream_is_shown_as_its_utf8_bytes() {
    let mut state = AppState::new(settings(Some(16)));
    state.apply(Command::Do(Action::NewText));
    state.apply(Command::TypeText { text: "aé€z".into(), now: 0.0 });
    let mut window = hex(state);
    window.get_by_role_and_label(Role::Row, "row at 00000000: 61 C3 A9 E2 82 AC 7A");
    assert_eq!(grid_value(&window), "offset 7, end");
    for (byte, character) in [(0, 0), (1, 1), (2, 1), (3, 2), (5, 2), (6, 3), (7, 4)] {
        let pos = cell(&window, byte);
        click(&mut window, pos, Modifiers::NONE);
        assert_eq!(position(&window), character, "byte {byte}");
    }
    key(&mut window, Modifiers::NONE, Key::ArrowLeft);
    key(&mut window, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(grid_value(&window), "offset 3, byte E2, €");
}

#[test]
fn nothing_is_repainted_when_nothing_happens() {
    let mut window = hex(bytes(count_up(4096)));
    let pos = cell(&window, 4);
    click(&mut window, pos, Modifiers::NONE);
    window.run();
    let before = window.ctx.cumulative_pass_nr();
    window.run();
    assert_eq!(window.ctx.cumulative_pass_nr() - before, 1);
}

/// Pictures to look at, in a folder of the system's for temporary files: `VIEW_PICTURES=1 cargo test --test views`.
fn picture<V: View + 'static>(name: &str, window: &mut Window<V>) {
    let image = window.render().unwrap();
    assert!(image.pixels().any(|pixel| pixel != image.get_pixel(0, 0)), "{name} is empty");
    if std::env::var_os("VIEW_PICTURES").is_some() {
        let folder = std::env::temp_dir().join("seektell-views");
        std::fs::create_dir_all(&folder).unwrap();
        image.save(folder.join(format!("{name}.png"))).unwrap();
    }
}

#[test]
fn the_hex_view_in_both_themes() {
    for (name, choice) in [("dark", ThemeChoice::Dark), ("light", ThemeChoice::Light)] {
        let mut data: Vec<u8> = (0..=255).collect();
        data.extend(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR  The quick brown fox jumps over the lazy dog 0O 1l 8B.");
        data.extend([0; 40]);
        let mut window = window::<HexView>(bytes(data), choice, vec2(760.0, 440.0));
        window.run();
        window.state_mut().apply(Command::Perform(Operation::seek(0x20)));
        window.state_mut().apply(Command::Perform(Operation::Read(Some(40))));
        window.run();
        picture(&format!("hex-{name}-read"), &mut window);
        let pos = cell(&window, 0x84);
        press(&mut window, pos, Modifiers::NONE);
        let pos = cell(&window, 0xB9);
        drag_to(&mut window, pos);
        release(&mut window, pos);
        picture(&format!("hex-{name}-selection"), &mut window);
        window.state_mut().apply(Command::Perform(Operation::seek(400)));
        window.run();
        picture(&format!("hex-{name}-gap"), &mut window);
        window.set_size(vec2(420.0, 200.0));
        window.set_pixels_per_point(1.5);
        window.run();
        picture(&format!("hex-{name}-narrow"), &mut window);
        let mut window = self::window::<HexView>(bytes(Vec::new()), choice, vec2(760.0, 200.0));
        window.run();
        let pos = cell(&window, 0);
        click(&mut window, pos, Modifiers::NONE);
        picture(&format!("hex-{name}-empty"), &mut window);
        type_in(&mut window, "7");
        picture(&format!("hex-{name}-nibble"), &mut window);
    }
}

#[test]
fn what_does_not_fit_scrolls_sideways() {
    let mut window = window::<HexView>(bytes(count_up(4096)), ThemeChoice::Dark, vec2(400.0, 300.0));
    window.run();
    let geometry = *window.state().view.geometry().unwrap();
    let hidden = geometry.text_cell(15).unwrap();
    assert!(hidden.min.x > 400.0);
    window.event(Event::PointerMoved(cell(&window, 3)));
    window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        source: egui::MouseWheelSource::Wheel,
        delta: vec2(-900.0, 0.0),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
    });
    window.run();
    let seen = window.state().view.geometry().unwrap().text_cell(15).unwrap();
    assert!(seen.max.x < 400.0, "{seen:?}");
    click(&mut window, seen.center(), Modifiers::NONE);
    assert_eq!(position(&window), 15);
    // A cursor that moves is followed.
    key(&mut window, Modifiers::NONE, Key::Tab);
    key(&mut window, Modifiers::NONE, Key::Home);
    let seen = window.state().view.geometry().unwrap().cell(0).unwrap();
    assert!(seen.min.x >= 0.0, "{seen:?}");
}

fn text(state: AppState) -> Window<TextView> {
    let mut window = window(state, ThemeChoice::Dark, vec2(760.0, 440.0));
    window.run();
    window
}

fn string(content: &str) -> AppState {
    let mut state = AppState::new(settings(Some(16)));
    state.apply(Command::Do(Action::NewText));
    state.apply(Command::TypeText { text: content.into(), now: 0.0 });
    state.apply(Command::MoveCursor { to: 0, extend: false });
    state
}

/// A point a little inside the left edge of a character.
fn char_at(window: &Window<TextView>, at: u64) -> Pos2 {
    window.state().view.cell(at).unwrap_or_else(|| panic!("{at} is in sight")).left_center() + vec2(1.5, 0.0)
}

fn text_value(window: &Window<TextView>) -> String {
    window.get_by_role(Role::Document).accesskit_node().value().unwrap_or_default()
}

#[test]
fn a_click_in_text_seeks_to_the_character() {
    let content = "aé€✓z\nsecond line\n\tthird\n";
    let mut window = text(bytes(content.as_bytes()));
    for at in [0, 1, 3, 6, 9, 10, 11, 17, 23, 24] {
        let pos = char_at(&window, at);
        click(&mut window, pos, Modifiers::NONE);
        assert_eq!(position(&window), at);
    }
    assert!(text_value(&window).starts_with("line 3 of 4, column 2: →   third"), "{}", text_value(&window));
    // In a text stream places are code points.
    let mut window = text(string(content));
    for (at, _) in content.chars().enumerate().filter(|(_, c)| *c != '\n') {
        let pos = char_at(&window, at as u64);
        click(&mut window, pos, Modifiers::NONE);
        assert_eq!(position(&window), at as u64);
    }
}

#[test]
fn a_drag_and_shift_select_in_text() {
    let mut window = text(bytes(*b"one two\nthree four\n"));
    let (from, to) = (char_at(&window, 4), char_at(&window, 14));
    press(&mut window, from, Modifiers::NONE);
    drag_to(&mut window, to);
    release(&mut window, to);
    assert_eq!(selection(&window), Some((4, 14)));
    let back = char_at(&window, 1);
    click(&mut window, back, Modifiers::SHIFT);
    assert_eq!(selection(&window), Some((4, 1)));
    let pos = char_at(&window, 15);
    // Long enough after the last click not to be its third.
    window.run_steps(60);
    for pressed in [true, false, true, false] {
        let modifiers = Modifiers::NONE;
        window.event(Event::PointerMoved(pos));
        window.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers });
    }
    window.run();
    assert_eq!(selection(&window), Some((14, 18)));
}

#[test]
fn keys_go_by_characters_and_lines_and_keep_the_column() {
    let mut window = text(bytes("first line é\nab\r\nthird line\n".as_bytes()));
    let pos = char_at(&window, 8);
    click(&mut window, pos, Modifiers::NONE);
    let none = Modifiers::NONE;
    for (modifiers, pressed, expected) in [
        (none, Key::ArrowDown, 16),
        (none, Key::ArrowDown, 26),
        (none, Key::ArrowUp, 16),
        (none, Key::ArrowUp, 8),
        (none, Key::End, 13),
        (none, Key::ArrowLeft, 11),
        (none, Key::ArrowRight, 13),
        (none, Key::ArrowRight, 14),
        (none, Key::End, 16),
        (none, Key::ArrowRight, 18),
        (none, Key::ArrowLeft, 16),
        (none, Key::Home, 14),
        (Modifiers::COMMAND, Key::End, 29),
        (none, Key::ArrowRight, 29),
        (none, Key::ArrowUp, 18),
        (Modifiers::COMMAND, Key::Home, 0),
        (Modifiers::COMMAND, Key::ArrowRight, 5),
        (none, Key::ArrowUp, 0),
    ] {
        key(&mut window, modifiers, pressed);
        assert_eq!(position(&window), expected, "{pressed:?}");
    }
    key(&mut window, Modifiers::SHIFT, Key::ArrowDown);
    // Up in the first line went to its start; down comes back to the column.
    assert_eq!(selection(&window), Some((0, 16)));
}

#[test]
fn typing_in_text_writes_at_the_cursor() {
    let mut window = text(string("ab\ncd"));
    let pos = char_at(&window, 1);
    click(&mut window, pos, Modifiers::NONE);
    type_in(&mut window, "é");
    key(&mut window, Modifiers::NONE, Key::Enter);
    window.event(Event::Ime(egui::ImeEvent::Commit("ü".into())));
    window.run();
    assert_eq!(content(&window), "aé\nüb\ncd".as_bytes());
    assert_eq!(position(&window), 4);
    key(&mut window, Modifiers::NONE, Key::Backspace);
    assert_eq!(content(&window), "aé\nb\ncd".as_bytes());
    assert!(text_value(&window).starts_with("line 2 of 3, column 1"), "{}", text_value(&window));
    // In bytes a character goes as a whole.
    let mut window = text(bytes("aé€b".as_bytes()));
    let pos = char_at(&window, 6);
    click(&mut window, pos, Modifiers::NONE);
    key(&mut window, Modifiers::NONE, Key::Backspace);
    assert_eq!(content(&window), "aéb".as_bytes());
    assert_eq!(position(&window), 3);
}

#[test]
fn the_encoding_is_guessed_shown_and_chosen() {
    let wide: Vec<u8> = "\u{FEFF}wide\r\ntext".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut window = text(bytes(wide));
    assert_eq!(window.get_by_label("Encoding").accesskit_node().value().unwrap(), "UTF-16LE");
    window.get_by_label("CRLF");
    window.get_by_role_and_label(Role::Paragraph, "line 2: text");
    window.get_by_label("Encoding").click();
    window.run();
    window.get_by_label("ISO-8859-1").click();
    window.run();
    assert_eq!(window.get_by_label("Encoding").accesskit_node().value().unwrap(), "ISO-8859-1");
    assert!(window.query_by_role_and_label(Role::Paragraph, "line 2: text").is_none());
}

#[test]
fn no_charset_is_guessed_of_binary_data_and_one_can_be_chosen() {
    let data: Vec<u8> = (0..=255).cycle().take(2000).collect();
    let mut window = text(bytes(data));
    let shown = window.get_by_label("Encoding").accesskit_node().value().unwrap();
    assert_eq!(shown, "ISO-8859-1 (binary, no charset guessed)");
    window.get_by_label("Encoding").click();
    window.run();
    window.get_by_label("US-ASCII").click();
    window.run();
    assert_eq!(window.get_by_label("Encoding").accesskit_node().value().unwrap(), "US-ASCII");
}

#[test]
fn typing_is_written_in_the_encoding_that_is_seen() {
    let wide: Vec<u8> = "\u{FEFF}ab".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut window = text(bytes(wide));
    let pos = char_at(&window, 2);
    click(&mut window, pos, Modifiers::NONE);
    type_in(&mut window, "é");
    assert_eq!(content(&window), b"\xFF\xFE\xE9\0b\0");
}

#[test]
fn nothing_in_a_text_can_hide() {
    let window = text(bytes("a\u{202E}b\u{200B}\u{1}\x7F".as_bytes()));
    window.get_by_role_and_label(Role::Paragraph, "line 1: a\\u{202E}b\\u{200B}^A^?");
    let window = text(bytes(*b"bad \xFF\xFE\xFD byte, and \xC3"));
    let value = text_value(&window);
    assert!(value.contains("line 1 of 1"), "{value}");
}

#[test]
fn a_cursor_far_down_comes_into_sight_in_a_text_of_many_lines() {
    let content: Vec<u8> = (0..200_000_u32).flat_map(|i| format!("line {i}\n").into_bytes()).collect();
    let len = content.len() as u64;
    let mut window = text(bytes(content));
    window.get_by_label_contains("line 1 of 200001, column 1");
    window.state_mut().apply(Command::MoveCursor { to: len - 5, extend: false });
    window.run();
    assert!(window.state().view.cell(len - 5).is_some());
    window.get_by_role_and_label(Role::Paragraph, "line 200000: line 199999");
}

#[test]
fn a_vast_text_shows_what_is_around_the_cursor() {
    let mut state = AppState::new(settings(Some(16)));
    state.apply(Command::OpenBytes { name: "huge".into(), bytes: Vec::new() });
    state.apply(Command::Perform(Operation::Insert { at: 0, data: Buffer::filled(b'x', Len(1 << 60)).into() }));
    state.apply(Command::View(ViewCommand::Encoding(Some(seektell::formats::text::Encoding::Latin1))));
    state.apply(Command::MoveCursor { to: (1 << 59) + 12_345, extend: false });
    let mut window = window::<TextView>(state, ThemeChoice::Dark, vec2(760.0, 440.0));
    for _ in 0..2000 {
        if window.state().view.cell((1 << 59) + 12_345).is_some() {
            return;
        }
        window.step();
    }
    panic!("the cursor did not come into sight");
}

#[test]
fn the_text_view_in_both_themes() {
    for (name, choice) in [("dark", ThemeChoice::Dark), ("light", ThemeChoice::Light)] {
        let content = "name,city,note\r\nZoë,Łódź,\"quick\tbrown fox\"\nbell\u{7} and \u{202E}turned\n\nA last line that is a good deal longer than the window is wide, so that it has to be scrolled to be read to its very end.\n";
        let mut data = content.as_bytes().to_vec();
        data.extend(b"broken \xFF\xC3 bytes\n");
        let mut window = window::<TextView>(bytes(data), choice, vec2(760.0, 300.0));
        window.run();
        window.state_mut().apply(Command::View(ViewCommand::Encoding(Some(seektell::formats::text::Encoding::Utf8))));
        window.state_mut().apply(Command::Perform(Operation::Read(Some(20))));
        window.run();
        picture(&format!("text-{name}-read"), &mut window);
        let (from, to) = (char_at(&window, 18), char_at(&window, 50));
        press(&mut window, from, Modifiers::NONE);
        drag_to(&mut window, to);
        release(&mut window, to);
        picture(&format!("text-{name}-selection"), &mut window);
        window.state_mut().apply(Command::Perform(Operation::seek(500)));
        window.run();
        picture(&format!("text-{name}-gap"), &mut window);
    }
}

#[test]
fn text_has_the_size_of_the_bytes() {
    let lines: String = (0..400).map(|n| format!("line {n} {}\n", "word ".repeat(60))).collect();
    let at = lines.find("line 200 ").unwrap() as u64;
    let mut window = text(bytes(lines.as_bytes()));
    window.state_mut().apply(Command::MoveCursor { to: at + 200, extend: false });
    window.run();
    let usual = window.state().view.cell(at + 200).unwrap();
    let top = |window: &Window<TextView>| window.state().state.active().unwrap().view.text_scroll.top_row;
    assert!(window.state().state.active().unwrap().view.text_scroll_x > 0.0);
    for size in [8_u8, 11, 32, 9, 20] {
        let row = top(&window);
        window.state_mut().apply(Command::Hex(HexSide::Main, HexChoice::FontSize(size)));
        window.run();
        let cell = window.state().view.cell(at + 200).unwrap_or_else(|| panic!("size {size}: the caret is in sight"));
        let wanted = (f32::from(size) * 20.0 / 14.0).round();
        assert_eq!(cell.height(), wanted, "size {size}");
        let grown = f32::from(size) / 14.0;
        assert!((cell.width() / usual.width() / grown - 1.0).abs() < 0.15, "size {size}: {} {}", cell.width(), usual.width());
        assert_eq!(top(&window), row, "size {size}: the same row stays at the top");
        // Clicks and keys find the same characters.
        let pos = window.state().view.cell(at + 200).unwrap().left_center() + vec2(1.5, 0.0);
        press(&mut window, pos, Modifiers::NONE);
        release(&mut window, pos);
        assert_eq!(window.state().state.active().unwrap().document.position(), at + 200, "size {size}");
        window.key_press(Key::ArrowDown);
        window.run();
        window.key_press(Key::ArrowUp);
        window.run();
        assert_eq!(window.state().state.active().unwrap().document.position(), at + 200, "size {size}");
    }
    // Ctrl and the wheel over the text.
    window.state_mut().log.clear();
    let pos = window.state().view.cell(at + 200).unwrap().center();
    window.event(Event::PointerMoved(pos));
    window.event(Event::Zoom(1.1));
    window.run();
    assert!(window.state().log.iter().any(|line| line.contains("Enlarge(1)")), "{:?}", window.state().log);
    assert_eq!(window.state().state.settings().hex.font_size, 21);
}

#[test]
fn large_and_small_text_look_right() {
    for (size, name) in [(9, "text-small"), (24, "text-large")] {
        let mut state = bytes("let seek = tell();\n\tnext\u{0}line\r\nGrüße an alle: ¡hola! €\nthe last one".as_bytes());
        state.apply(Command::Hex(HexSide::Main, HexChoice::FontSize(size)));
        let mut window = window::<TextView>(state, ThemeChoice::Dark, vec2(760.0, 240.0));
        window.state_mut().apply(Command::Select { anchor: 4, head: 8 });
        window.state_mut().apply(Command::Do(Action::AddBookmark));
        window.state_mut().apply(Command::Select { anchor: 20, head: 30 });
        window.run();
        picture(name, &mut window);
    }
}
