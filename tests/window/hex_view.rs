//! The choices of the hex view in a window without a display: what stands where in each kind of cell, what typing writes,
//! and what is painted.
#![allow(clippy::single_range_in_vec_init, reason = "a list of ranges may hold one")]
#![expect(clippy::unwrap_used, reason = "a test that finds nothing has failed")]

use crate::view_kit::*;
use egui::{Event, Key, Modifiers, MouseWheelUnit, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::bytes_view::{ByteColors, CellFormat, HexSide, Radix};
use seektell::app::{Action, AppState, Command, Dialog, DialogCommand, Effect, HexChoice, HexColumn, PaneKind, Settings};
use seektell::app::{RowScroll, ThemeChoice, ViewCommand};
use seektell::buffer::{Buffer, Len};
use seektell::document::Operation;
use seektell::stream::codec::Charset;
use seektell::ui::hex_view::{HexView, SecondHexView};

fn choose(window: &mut Window<HexView>, choices: &[HexChoice]) {
    for &choice in choices {
        window.state_mut().apply(Command::Hex(HexSide::Main, choice));
    }
    window.run();
}

fn charset(name: &str) -> HexChoice {
    HexChoice::Charset(Charset::find(name).unwrap())
}

fn value(window: &Window<HexView>) -> String {
    window.get_by_role(egui::Role::Grid).accesskit_node().value().unwrap_or_default()
}

fn row(window: &Window<HexView>, n: usize) -> String {
    let rows: Vec<String> =
        window.get_all_by_role(egui::Role::Row).map(|row| row.accesskit_node().label().unwrap_or_default()).collect();
    rows[n].clone()
}

fn notices(window: &Window<HexView>) -> Vec<String> {
    window.state().state.notices().all().iter().map(|notice| notice.text.clone()).collect()
}

#[test]
fn every_number_of_bytes_a_row_has_its_cells() {
    let mut window = hex(bytes(count_up(4096)));
    for columns in [1, 4, 5, 8, 16, 24, 32, 48, 64, 512] {
        choose(&mut window, &[HexChoice::Columns(Some(columns))]);
        let geometry = *window.state().view.geometry().unwrap();
        assert_eq!(geometry.columns(), u64::from(columns));
        let (first, second) = (geometry.address(0).unwrap(), geometry.address(columns.into()).unwrap());
        assert_eq!(second.min.y - first.min.y, 20.0, "{columns}");
    }
    choose(&mut window, &[HexChoice::Columns(Some(10)), HexChoice::Format(CellFormat::U64)]);
    assert_eq!(window.state().view.geometry().unwrap().columns(), 16, "rows are whole cells");
    choose(&mut window, &[HexChoice::Format(CellFormat::Hex), HexChoice::Columns(None), HexChoice::Group(4)]);
    let fitted = window.state().view.geometry().unwrap().columns();
    assert!(fitted.is_multiple_of(8) && fitted >= 16, "{fitted}");
}

#[test]
fn groups_stand_apart() {
    let mut window = hex(bytes(count_up(4096)));
    for (format, group, unit) in
        [(CellFormat::Hex, 4, 1), (CellFormat::Hex, 1, 1), (CellFormat::U16, 8, 2), (CellFormat::F64, 4, 8)]
    {
        choose(&mut window, &[HexChoice::Format(format), HexChoice::Group(group)]);
        let geometry = *window.state().view.geometry().unwrap();
        let gap = |i: u64| geometry.cell((i + 1) * unit).unwrap().min.x - geometry.cell(i * unit).unwrap().max.x;
        for i in 0..16 / unit - 1 {
            let wide = u64::from(group) > unit && ((i + 1) * unit).is_multiple_of(group.into());
            assert_eq!(gap(i) > 1.0, wide, "{format:?} in groups of {group}: after cell {i} {}", gap(i));
        }
    }
}

#[test]
fn a_value_is_typed_in_every_base_and_written_at_enter() {
    for (format, big, typed, offset, written) in [
        (CellFormat::Decimal, false, "200", 3, &b"\xC8"[..]),
        (CellFormat::Signed, false, "-3", 5, b"\xFD"),
        (CellFormat::Octal, false, "17", 6, b"\x0F"),
        (CellFormat::Binary, false, "101", 7, b"\x05"),
        (CellFormat::Hex16, true, "beef", 18, b"\xBE\xEF"),
        (CellFormat::U16, false, "258", 20, b"\x02\x01"),
        (CellFormat::I16, true, "-2", 22, b"\xFF\xFE"),
        (CellFormat::U32, false, "4000000000", 24, b"\x00\x28\x6B\xEE"),
        (CellFormat::I64, true, "-1", 32, b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
        (CellFormat::F16, false, "1.5", 40, b"\x00\x3E"),
        (CellFormat::F32, true, "-2", 44, b"\xC0\x00\x00\x00"),
        (CellFormat::F64, false, "1e3", 48, b"\x00\x00\x00\x00\x00\x40\x8F\x40"),
    ] {
        let mut window = hex(bytes(count_up(4096)));
        window.set_size(vec2(1400.0, 440.0));
        choose(&mut window, &[HexChoice::Format(format), HexChoice::BigEndian(big)]);
        // Anywhere in the cell: its first byte is where the value goes.
        let pos = cell(&window, offset + format.unit() - 1);
        click(&mut window, pos, Modifiers::NONE);
        assert_eq!(position(&window), offset, "{format:?}");
        type_in(&mut window, "z");
        for c in typed.chars() {
            type_in(&mut window, &c.to_string());
        }
        assert_eq!(content(&window), count_up(4096), "nothing is written before Enter");
        assert!(value(&window).contains(&format!("typed {typed}")), "{}", value(&window));
        key(&mut window, Modifiers::NONE, Key::Enter);
        let mut wanted = count_up(4096);
        wanted[offset as usize..offset as usize + written.len()].copy_from_slice(written);
        assert_eq!(content(&window), wanted, "{format:?}");
        assert_eq!(position(&window), offset + format.unit());
    }
}

#[test]
fn what_does_not_fit_is_named_and_moving_away_writes_only_what_does() {
    let mut window = hex(bytes(count_up(64)));
    choose(&mut window, &[HexChoice::Format(CellFormat::Decimal)]);
    let pos = cell(&window, 4);
    click(&mut window, pos, Modifiers::NONE);
    type_in(&mut window, "256");
    assert!(value(&window).ends_with("typed 256, 256 is not in 0 to 255"), "{}", value(&window));
    key(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!((content(&window), position(&window)), (count_up(64), 4), "Enter writes nothing that does not fit");
    key(&mut window, Modifiers::NONE, Key::Backspace);
    assert!(value(&window).ends_with("typed 25"), "{}", value(&window));
    // Moving away writes it, and the cursor goes on from its cell.
    key(&mut window, Modifiers::NONE, Key::ArrowRight);
    assert_eq!((content(&window)[4], position(&window)), (25, 5));
    type_in(&mut window, "999");
    key(&mut window, Modifiers::NONE, Key::ArrowDown);
    assert_eq!((content(&window)[5], position(&window)), (5, 21));
    assert_eq!(notices(&window), ["999 is not in 0 to 255: nothing was written"]);
    // Escape forgets, and stays in the view.
    type_in(&mut window, "7");
    key(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(window.state().state.active().unwrap().view.cell_edit, None);
    assert_eq!(content(&window)[21], 21);
    type_in(&mut window, "8");
    key(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(content(&window)[21], 8);
    // All of it is undone step by step.
    window.state_mut().apply(Command::Do(Action::Undo));
    window.state_mut().apply(Command::Do(Action::Undo));
    assert_eq!(content(&window), count_up(64));
}

#[test]
fn hex_digits_stay_direct_and_arrows_go_by_cells() {
    let mut window = hex(bytes(count_up(64)));
    type_in(&mut window, "ab");
    let pos = cell(&window, 1);
    click(&mut window, pos, Modifiers::NONE);
    type_in(&mut window, "ab");
    assert_eq!(content(&window)[1], 0xAB);
    choose(&mut window, &[HexChoice::Format(CellFormat::U32)]);
    let pos = cell(&window, 8);
    click(&mut window, pos, Modifiers::NONE);
    key(&mut window, Modifiers::NONE, Key::ArrowRight);
    assert_eq!(position(&window), 12);
    key(&mut window, Modifiers::NONE, Key::ArrowLeft);
    key(&mut window, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(position(&window), 4);
    // A drag takes whole cells, in the text column bytes.
    let (from, to) = (cell(&window, 4), cell(&window, 12));
    press(&mut window, from, Modifiers::NONE);
    drag_to(&mut window, to);
    release(&mut window, to);
    assert_eq!(selection(&window), Some((4, 16)));
    let text = |window: &Window<HexView>, at| window.state().view.geometry().unwrap().text_cell(at).unwrap().center();
    let (from, to) = (text(&window, 5), text(&window, 6));
    press(&mut window, from, Modifiers::NONE);
    drag_to(&mut window, to);
    release(&mut window, to);
    assert_eq!(selection(&window), Some((5, 7)));
}

#[test]
fn cells_are_told_in_their_base() {
    let mut window = hex(bytes(count_up(64)));
    assert!(row(&window, 1).starts_with("row at 00000010: 10 11 12"), "{}", row(&window, 1));
    choose(&mut window, &[HexChoice::Format(CellFormat::Decimal), HexChoice::Radix(Radix::Decimal)]);
    assert!(row(&window, 1).starts_with("row at 00000016: 16 17 18"), "{}", row(&window, 1));
    let pos = cell(&window, 20);
    click(&mut window, pos, Modifiers::NONE);
    assert_eq!(value(&window), "offset 20, byte 14, decimal 20");
    choose(&mut window, &[HexChoice::Format(CellFormat::U16), HexChoice::BigEndian(true), HexChoice::Base(0x1000)]);
    choose(&mut window, &[HexChoice::Radix(Radix::Hex)]);
    assert!(row(&window, 1).starts_with("row at 00001010: 4113 4627"), "{}", row(&window, 1));
    assert_eq!(value(&window), "offset 14, address 1014, byte 14, 16-bit unsigned 5141");
}

#[test]
fn the_text_column_reads_and_writes_its_encoding() {
    let text = |window: &Window<HexView>, at| window.state().view.geometry().unwrap().text_cell(at).unwrap().center();
    for (name, typed, written) in [
        ("utf-8", "é", &b"\xC3\xA9"[..]),
        ("utf-16-le", "é", b"\xE9\x00"),
        ("utf-16-be", "é", b"\x00\xE9"),
        ("latin-1", "é", b"\xE9"),
        ("cp437", "é", b"\x82"),
        ("cp037", "A1", b"\xC1\xF1"),
        ("cp1140", "€", b"\x9F"),
        ("mac-roman", "é", b"\x8E"),
        ("koi8-r", "ж", b"\xD6"),
        ("cp1252", "€", b"\x80"),
        ("shift_jis", "漢", b"\x8A\xBF"),
        ("gbk", "漢", b"\x9D\x68"),
    ] {
        let mut window = hex(bytes(vec![b' '; 64]));
        choose(&mut window, &[charset(name)]);
        let pos = text(&window, 16);
        click(&mut window, pos, Modifiers::NONE);
        type_in(&mut window, typed);
        assert_eq!(&content(&window)[16..16 + written.len()], written, "{name}");
        assert_eq!(position(&window), 16 + written.len() as u64);
        let last = typed.chars().last().unwrap();
        // On its last byte too.
        window.state_mut().apply(Command::MoveCursor { to: 16 + written.len() as u64 - 1, extend: false });
        window.run();
        assert!(value(&window).ends_with(&format!(", {last}")), "{name}: {}", value(&window));
    }
    let mut window = hex(bytes(vec![0x40; 64]));
    choose(&mut window, &[charset("ascii")]);
    let pos = text(&window, 3);
    click(&mut window, pos, Modifiers::NONE);
    type_in(&mut window, "é");
    assert_eq!(content(&window), vec![0x40; 64]);
    assert_eq!(notices(&window), ["é (U+00E9) has no bytes in ASCII: nothing was written"]);
}

#[test]
fn a_character_over_a_row_edge_is_one_character() {
    // The bytes of the euro sign are the last of one row and the first two of the next.
    let mut data = vec![b'.'; 15];
    data.extend("€x".as_bytes());
    data.resize(4096, b'-');
    let mut window = hex(bytes(data));
    for at in 15..18 {
        let pos = window.state().view.geometry().unwrap().text_cell(at).unwrap().center();
        click(&mut window, pos, Modifiers::NONE);
        assert!(value(&window).ends_with(", €"), "{}", value(&window));
    }
    // Also where the row that it begins in is scrolled out.
    window.state_mut().apply(Command::View(ViewCommand::HexScroll(RowScroll { top_row: 1, sub_px: 0.0 })));
    window.run();
    assert!(value(&window).ends_with(", €"), "{}", value(&window));
}

#[test]
fn what_differs_from_the_file_is_known_and_saving_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.bin");
    std::fs::write(&path, count_up(5000)).unwrap();
    let mut document = seektell::document::Document::bytes("data.bin", seektell::document::Origin::File(path), count_up(5000));
    assert_eq!(document.changed(0..5000), []);
    document.perform(Operation::Insert { at: 100, data: "new".into() }).unwrap();
    document.perform(Operation::seek(4000)).unwrap();
    document.perform(Operation::Write("x".into())).unwrap();
    assert_eq!(document.changed(0..6000), [100..103, 4000..4001]);
    assert_eq!(document.changed(50..102), [100..102]);
    document.undo();
    assert_eq!(document.changed(0..6000), [100..103]);
    document.mark_saved(document.revision());
    document.set_saved_content(document.snapshot());
    assert_eq!(document.changed(0..6000), []);
    document.undo();
    // The three bytes are gone: nothing that is there is new.
    assert_eq!(document.changed(0..6000), []);
    document.redo();
    document.perform(Operation::Insert { at: 0, data: "!".into() }).unwrap();
    assert_eq!(document.changed(0..6000), [0..1]);
}

#[test]
fn two_views_of_one_document_have_places_of_their_own() {
    let mut state = bytes(count_up(40_000));
    state.apply(Command::Do(Action::ToggleSecondHex));
    assert!(state.settings().panes.contains(&PaneKind::SecondHex));
    state.apply(Command::Hex(HexSide::Second, HexChoice::Format(CellFormat::U16)));
    state.apply(Command::Hex(HexSide::Second, HexChoice::Columns(Some(8))));
    state.apply(Command::View(ViewCommand::SecondHexScroll(RowScroll { top_row: 4000, sub_px: 0.0 })));
    let mut window = window::<SecondHexView>(state, ThemeChoice::Dark, vec2(700.0, 300.0));
    window.run();
    let geometry = *window.state().view.geometry().unwrap();
    assert_eq!(geometry.columns(), 8);
    assert!(geometry.cell(32_000).is_some() && geometry.cell(0).is_none());
    let view = window.state().state.active().unwrap().view.clone();
    assert_eq!((view.columns, view.hex_scroll.top_row, view.second.scroll.top_row), (Some(16), 0, 4000));
    // The cursor moves in the other view: this one keeps its place.
    window.state_mut().apply(Command::MoveCursor { to: 5, extend: false });
    window.run();
    assert_eq!(window.state().state.active().unwrap().view.second.scroll.top_row, 4000);
    // A click here moves the one cursor that both have, and this view is the one in use.
    let pos = geometry.cell(32_010).unwrap().center();
    click(&mut window, pos, Modifiers::NONE);
    let view = &window.state().state.active().unwrap().view;
    assert_eq!((position(&window), view.hex_front), (32_010, HexSide::Second));
    window.state_mut().apply(Command::MoveCursor { to: 5, extend: false });
    window.run();
    assert_eq!(window.state().state.active().unwrap().view.second.scroll.top_row, 0, "the view in use follows");
}

#[test]
fn text_is_larger_with_ctrl_and_the_wheel_and_places_follow() {
    let mut window = hex(bytes(count_up(4096)));
    let before = *window.state().view.geometry().unwrap();
    let pos = cell(&window, 40);
    window.event(Event::PointerMoved(pos));
    for _ in 0..3 {
        window.event(Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, 1.0),
            modifiers: Modifiers::CTRL | Modifiers::COMMAND,
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
        });
        window.run();
    }
    let size = window.state().state.settings().hex.font_size;
    assert!(size > 14, "{size}");
    let after = *window.state().view.geometry().unwrap();
    assert!(after.cell(17).unwrap().height() > before.cell(17).unwrap().height());
    assert_eq!(after.cell(17).unwrap().height().fract(), 0.0, "rows are whole points");
    for offset in [0, 17, 40, 100] {
        assert_eq!(after.offset_at(after.cell(offset).unwrap().center()), Some(offset));
    }
    choose(&mut window, &[HexChoice::FontSize(200)]);
    assert_eq!(window.state().state.settings().hex.font_size, 32, "not above what fits");
}

#[test]
fn the_last_of_vast_contents_is_exact_in_every_kind_of_cell() {
    let mut state = bytes(Vec::new());
    let size = 1_u64 << 60;
    state.apply(Command::Perform(Operation::Insert { at: 0, data: Buffer::filled(7, Len(size)).into() }));
    state.apply(Command::Do(Action::ToggleInsert));
    let mut window = hex(state);
    for format in CellFormat::ALL {
        choose(&mut window, &[HexChoice::Format(format), HexChoice::Radix(Radix::Octal), HexChoice::Base(u64::MAX)]);
        window.state_mut().apply(Command::MoveCursor { to: size - 8, extend: false });
        window.run();
        let geometry = *window.state().view.geometry().unwrap();
        let cell = geometry.cell(size - 8).unwrap();
        let unit = format.unit();
        if geometry.offset_at(cell.center()).is_some() {
            assert_eq!(geometry.offset_at(cell.center()), Some(size - 8));
        }
        assert!(geometry.cell(size - unit).is_some(), "{format:?}");
    }
}

#[test]
fn choices_are_kept_and_unknown_ones_are_usual() {
    let mut state = bytes(count_up(64));
    let effects = state.apply(Command::Do(Action::Hex(HexChoice::Format(CellFormat::F32))));
    assert!(matches!(effects.as_slice(), [Effect::KeepSettings(_), ..]), "{effects:?}");
    state.apply(Command::Do(Action::Hex(HexChoice::Colors(ByteColors::Value))));
    state.apply(Command::Do(Action::Hex(HexChoice::Columns(Some(48)))));
    state.apply(Command::Hex(HexSide::Main, charset("cp500")));
    state.apply(Command::Hex(HexSide::Main, HexChoice::KeepCharset));
    assert_eq!(Action::Hex(HexChoice::Format(CellFormat::F32)).checked(&state), Some(true));
    let kept = Settings::from_json(&state.settings().to_json());
    assert_eq!((&kept.hex, kept.columns), (&state.settings().hex, Some(48)));
    let mut later = AppState::new(kept);
    later.apply(Command::OpenBytes { name: "b".into(), bytes: vec![1] });
    let view = &later.active().unwrap().view;
    assert_eq!((view.columns, view.charset.name()), (Some(48), "cp500"));
    let odd = r#"{"columns": 0, "hex": {"main": {"group": 3}, "charset": "nothing", "font-size": 3, "font_size": 99, "wheel_rows": 0}}"#;
    let odd = Settings::from_json(odd);
    assert_eq!(
        (odd.columns, odd.hex.main.group, odd.hex.charset, odd.hex.font_size, odd.hex.wheel_rows),
        (Some(1), 8, Charset::UTF8, 32, 1)
    );
}

#[test]
fn dialogs_say_what_is_wrong_while_it_is_typed() {
    let mut state = bytes(count_up(64));
    let error = |state: &AppState| match state.dialog() {
        Some(Dialog::Columns { error, .. } | Dialog::BaseAddress { error, .. }) => error.clone(),
        _ => None,
    };
    state.apply(Command::Do(Action::ColumnsTyped));
    state.apply(Command::Dialog(DialogCommand::Text("600".into())));
    assert_eq!(error(&state).as_deref(), Some("600 is not in 1 to 512"));
    state.apply(Command::Dialog(DialogCommand::Accept));
    assert!(state.dialog().is_some(), "what is wrong is not taken");
    state.apply(Command::Dialog(DialogCommand::Text("40".into())));
    state.apply(Command::Dialog(DialogCommand::Accept));
    assert_eq!((state.dialog(), state.active().unwrap().view.columns), (None, Some(40)));
    state.apply(Command::Do(Action::BaseAddress));
    state.apply(Command::Dialog(DialogCommand::Text("0xZZ".into())));
    assert!(error(&state).is_some());
    state.apply(Command::Dialog(DialogCommand::Text("FFFFFFFF80000000".into())));
    assert_eq!(error(&state), None);
    state.apply(Command::Dialog(DialogCommand::Accept));
    assert_eq!(state.active().unwrap().view.base, 0xFFFF_FFFF_8000_0000);
}

#[test]
fn rows_are_copied_as_they_are_shown() {
    let mut state = bytes((b'a'..=b'z').collect::<Vec<u8>>());
    state.apply(Command::Do(Action::Hex(HexChoice::Columns(Some(8)))));
    state.apply(Command::Do(Action::Hex(HexChoice::ToggleUpper)));
    state.apply(Command::Select { anchor: 9, head: 17 });
    let effects = state.apply(Command::Do(Action::CopyRows));
    let wanted = "00000008  69 6a 6b 6c 6d 6e 6f 70  ijklmnop\n00000010  71 72 73 74 75 76 77 78  qrstuvwx\n";
    assert_eq!(effects, [Effect::CopyText(wanted.into())]);
    state.apply(Command::View(ViewCommand::HexColumn(HexColumn::Text)));
}

#[test]
fn the_options_of_the_view_open_and_choose() {
    let mut window = hex(bytes(count_up(4096)));
    window.set_size(vec2(900.0, 700.0));
    window.run();
    window.get_by_label("Options").click();
    window.run();
    window.get_by_label("24").click();
    window.run();
    assert_eq!(window.state().view.geometry().unwrap().columns(), 24);
    window.get_by_label("Octal").click();
    window.run();
    assert_eq!(window.state().state.settings().hex.radix, Radix::Octal);
    let field = window.get_by_label("Other number");
    field.focus();
    window.run();
    window.get_by_label("Other number").type_text("0");
    window.run();
    window.run();
    assert_eq!(window.state().view.geometry().unwrap().columns(), 240, "24 and a zero behind it");
    window.get_by_label("Other number").type_text("9");
    window.run();
    window.run();
    assert!(window.query_by_label("2409 is not in 1 to 512").is_some());
    assert_eq!(window.state().view.geometry().unwrap().columns(), 240);
    window.snapshot("hex_options_dark");
}

/// The lists in the options are popups in a popup: a click into one leaves the options open.
#[test]
fn lists_in_the_options_are_chosen_from_with_the_mouse() {
    let mut window = hex(bytes([0x83, 0x65, 0x83, 0x58, 0x83, 0x67, 0x11, 0x20].repeat(64)));
    window.set_size(vec2(900.0, 760.0));
    window.run();
    let click = |window: &mut Window<HexView>, label: &str| {
        // A list has the name of the label before it.
        let node = window.query_by_role_and_label(egui::Role::ComboBox, label);
        node.unwrap_or_else(|| window.get_by_label(label)).click();
        window.run();
        window.run();
    };
    click(&mut window, "Options");
    click(&mut window, "Cells");
    assert!(window.query_by_label("Byte order").is_some(), "the options stay open under the list");
    let octal: Vec<_> = window.get_all_by_label("Octal").collect();
    // The other one is the base of the addresses.
    octal.iter().max_by(|a, b| a.rect().width().total_cmp(&b.rect().width())).unwrap().click();
    window.run();
    assert_eq!(window.state().state.settings().hex.cells(HexSide::Main).format, CellFormat::Octal);
    assert!(window.query_by_label("16-bit hex").is_none(), "a choice closes the list");
    click(&mut window, "Text column");
    type_in(&mut window, "japan");
    click(&mut window, "Shift JIS");
    assert_eq!(window.state().state.active().unwrap().view.charset, Charset::find("shift_jis").unwrap());
    assert!(window.query_by_label("Byte order").is_some(), "the options are still open");
    assert!(row(&window, 0).contains("203 145"), "{}", row(&window, 0));
    assert!(value(&window).contains('テ'), "{}", value(&window));
    // Every encoding is in the list, and the keyboard is in its filter; Enter takes the first that is left.
    click(&mut window, "Text column");
    for each in Charset::all() {
        assert!(window.query_all_by_label(&each.label()).next().is_some(), "{}", each.label());
    }
    type_in(&mut window, "cp500");
    assert!(window.query_by_label("KOI8-R").is_none() && window.query_by_label("EBCDIC CP500").is_some());
    key(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().state.active().unwrap().view.charset, Charset::find("cp500").unwrap());
    // Escape closes the list first, then the options; a click elsewhere closes them, too.
    click(&mut window, "Cells");
    key(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Byte order").is_some());
    key(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Byte order").is_none());
    click(&mut window, "Options");
    assert!(window.query_by_label("Byte order").is_some());
    let pos = cell(&window, 0);
    crate::view_kit::click(&mut window, pos, Modifiers::NONE);
    assert!(window.query_by_label("Byte order").is_none());
    click(&mut window, "Options");
    click(&mut window, "Options");
    assert!(window.query_by_label("Byte order").is_none(), "the button closes what it opened");
}

#[test]
fn escape_ends_the_selection_before_it_leaves_the_view() {
    let mut window = hex(bytes(count_up(256)));
    let pos = cell(&window, 32);
    click(&mut window, pos, Modifiers::NONE);
    key(&mut window, Modifiers::SHIFT, Key::ArrowRight);
    key(&mut window, Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(selection(&window), Some((32, 34)));
    let calls = window.state().state.active().unwrap().document.timeline().len();
    let focused = |window: &Window<HexView>| window.ctx.memory(|memory| memory.has_focus(HexView::id()));
    key(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!((selection(&window), position(&window), focused(&window)), (None, 34, true));
    assert_eq!(window.state().state.active().unwrap().document.timeline().len(), calls, "that is no call");
    key(&mut window, Modifiers::NONE, Key::ArrowRight);
    assert_eq!((selection(&window), position(&window)), (None, 35));
    key(&mut window, Modifiers::NONE, Key::Escape);
    assert!(!focused(&window), "with nothing selected Escape leaves the view");
}

#[test]
fn the_options_fit_the_header_at_every_size() {
    let mut window = hex(bytes(count_up(256)));
    for size in [8, 9, 10, 14, 28] {
        choose(&mut window, &[HexChoice::FontSize(size)]);
        let top = window.state().view.geometry().unwrap().address(0).unwrap().min.y;
        for shape in &window.output().shapes {
            let egui::Shape::Text(text) = &shape.shape else { continue };
            if matches!(text.galley.text(), "Options" | "…") {
                let rect = text.visual_bounding_rect();
                assert!(rect.max.y <= top && rect.min.y >= 0.0, "{size}: {rect:?} over {top}");
            }
        }
        assert!(window.get_by_label("Options").rect().max.y <= top, "{size}");
    }
}

#[test]
fn the_address_is_copied_as_it_is_shown() {
    let mut state = bytes(count_up(0x400));
    state.apply(Command::MoveCursor { to: 0x1F0, extend: false });
    let copy = |state: &mut AppState, action| match state.apply(Command::Do(action)).as_slice() {
        [Effect::CopyText(text)] => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(copy(&mut state, Action::CopyOffset), "496");
    assert_eq!(copy(&mut state, Action::CopyAddress), "0x1F0");
    state.apply(Command::Hex(HexSide::Main, HexChoice::Base(0x8000)));
    assert_eq!(copy(&mut state, Action::CopyAddress), "0x81F0");
    state.apply(Command::Hex(HexSide::Main, HexChoice::Radix(Radix::Octal)));
    assert_eq!(copy(&mut state, Action::CopyAddress), "0o100760");
}

/// What a person sees of a few combinations, dark and light.
#[test]
fn combinations_look_as_they_did() {
    let mut data = b"\x89PNG\r\n\x1a\n".to_vec();
    data.extend("Grüße aus Köln, 漢字, 12 €, жук ".as_bytes());
    data.extend((0..=255).collect::<Vec<u8>>());
    data.extend([0xFF; 24]);
    data.extend([0; 24]);
    data.extend((0..40_u32).flat_map(|i| (i as f32 * 1.25 - 9.0).to_le_bytes()));
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, choice) in [("dark", ThemeChoice::Dark), ("light", ThemeChoice::Light)] {
        let combinations: [(&str, Vec<HexChoice>); 6] = [
            ("classes", vec![HexChoice::Columns(Some(16))]),
            ("values", vec![HexChoice::Colors(ByteColors::Value), HexChoice::Columns(Some(24)), HexChoice::Group(4)]),
            ("decimal", vec![HexChoice::Format(CellFormat::Decimal), HexChoice::Radix(Radix::Decimal), charset("cp437")]),
            (
                "binary",
                vec![HexChoice::Format(CellFormat::Binary), HexChoice::Columns(Some(8)), HexChoice::Colors(ByteColors::Plain)],
            ),
            ("floats", vec![HexChoice::Format(CellFormat::F32), HexChoice::Group(8), HexChoice::Base(0x0800_0000)]),
            ("large", vec![HexChoice::FontSize(20), HexChoice::Upper(false), charset("utf-16-le")]),
        ];
        for (name, choices) in combinations {
            let mut window = window::<HexView>(bytes(data.clone()), choice, vec2(940.0, 420.0));
            window.run();
            choose(&mut window, &choices);
            window.state_mut().apply(Command::Select { anchor: 36, head: 60 });
            window.run();
            window.snapshot(format!("hex_{name}_{theme}"));
            results.extend(window.take_snapshot_results());
        }
    }
}
