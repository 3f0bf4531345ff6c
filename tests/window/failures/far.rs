//! Offsets around 2^31, 2^32 and 2^40, where numbers of 32 bits and of 31 bits end: in one file, the whole way from the
//! disk to the window and back.

use std::fs::{self, File};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};

use egui::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::{Action, Answer, Command, DialogCommand, FindForm, FindKind, SearchCommand, ThemeChoice};
use seektell::buffer::{ByteRange, Len, Offset};
use seektell::document::Operation;

use crate::tester::App;

/// The places: in front of, across and behind each edge, so far from each other that none covers another's mark.
fn places() -> Vec<u64> {
    let edges = [1_u64 << 31, 1 << 32, 1 << 40];
    edges.into_iter().flat_map(|edge| [edge - 9, edge - 1, edge + 7]).collect()
}

const LEN: u64 = (1 << 40) + 100;

/// Five bytes that tell which place they stand at.
fn mark(n: usize) -> [u8; 5] {
    [b'<', b'a' + n as u8, b'\x01', b'a' + n as u8, b'>']
}

fn go_to(app: &mut App, text: &str) {
    app.send(Command::Do(Action::GoTo));
    app.send(Command::Dialog(DialogCommand::Text(text.into())));
    app.send(Command::Dialog(DialogCommand::Accept));
    assert!(app.state().dialog().is_none(), "{text}: {:?}", app.state().dialog());
}

#[test]
fn everything_works_at_the_edges_of_31_32_and_40_bits() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("far.bin"), folder.path().join("copy.bin"));
    let file = File::create(&path).unwrap();
    if let Err(error) = file.set_len(LEN) {
        println!("skipped: this file system has no sparse files of a terabyte: {error}");
        return;
    }
    for (n, &at) in places().iter().enumerate() {
        file.write_all_at(&mark(n), at).unwrap();
    }
    drop(file);
    if fs::metadata(&path).unwrap().blocks() > 1 << 16 {
        println!("skipped: this file system has no sparse files");
        return;
    }

    let mut app = App::answering(ThemeChoice::Dark, [Answer::Save(copy.clone())]);
    app.send(Command::OpenPaths(vec![path.clone()]));
    assert_eq!(app.open().document.size(), LEN);
    let read =
        |app: &App, at: u64, len: u64| app.open().document.snapshot().to_vec(ByteRange::new(Offset(at), Len(len))).unwrap();

    // Found by search, all of them and one after the other, both ways.
    app.send(Command::Do(Action::Find));
    let form = FindForm { kind: FindKind::Hex, text: "3c ?? 01 ?? 3e".into(), ..FindForm::default() };
    app.send(Command::Search(SearchCommand::Form(Box::new(form))));
    app.send(Command::Search(SearchCommand::All));
    let feed = app.state().search().results()[0].target.feed.0.clone();
    assert_eq!(feed.hits(0..100).iter().map(|hit| hit.offset).collect::<Vec<_>>(), places());
    let selected = |app: &App| app.open().document.selection().map(|one| (one.start(), one.end()));
    app.send(Command::Perform(Operation::seek(0)));
    for at in places() {
        app.send(Command::Search(SearchCommand::Step { forward: true }));
        assert_eq!(selected(&app), Some((at, at + 5)));
    }
    for at in places().into_iter().rev().skip(1) {
        app.send(Command::Search(SearchCommand::Step { forward: false }));
        assert_eq!(selected(&app), Some((at, at + 5)));
    }

    app.send(Command::Search(SearchCommand::Close));
    for (n, at) in places().into_iter().enumerate() {
        // Gone to, in one of three ways of saying it.
        let text = [format!("0x{at:X}"), at.to_string(), format!("end-{}", LEN - at)][n % 3].clone();
        go_to(&mut app, &text);
        assert_eq!(app.open().document.position(), at, "{text}");
        for next in [at, at + 1, at + 2] {
            app.decide(Command::Perform(Operation::seek(next)));
            app.decide(Command::Perform(Operation::Read(Some(1))));
            assert_eq!(app.open().document.position(), next + 1);
            let read = &app.open().last_call.as_ref().unwrap().1;
            assert_eq!(read.as_deref(), Ok(seektell::stream::bytes_repr(&mark(n)[(next - at) as usize..][..1]).as_str()));
        }
        go_to(&mut app, &text);
        // Seen: the row with its address and its bytes, and the cell under the pointer.
        let row = at / 16 * 16;
        let row_bytes: String = read(&app, row, 16).iter().map(|byte| format!(" {byte:02X}")).collect();
        let digits = if LEN > u64::from(u32::MAX) { 10 } else { 8 };
        let rows: Vec<_> = app.0.get_all_by_role(Role::Row).filter_map(|node| node.accesskit_node().label()).collect();
        let name = rows.iter().find(|name| name.contains(&format!("{row:0digits$X}:")));
        assert!(name.is_some_and(|name| name.ends_with(&row_bytes)), "{row:X}:{row_bytes} in {rows:?}");
        let geometry = *app.0.state().window.hex_geometry().unwrap();
        assert_eq!(geometry.offset_at(geometry.cell(at).unwrap().center()), Some(at));
        // Read and written.
        assert_eq!(read(&app, at, 5), mark(n));
        app.decide(Command::Perform(Operation::Read(Some(3))));
        assert_eq!(app.open().document.position(), at + 3);
        app.decide(Command::Perform(Operation::seek(at + 2)));
        app.decide(Command::Perform(Operation::Write("\x02".into())));
        assert_eq!(read(&app, at - 2, 9), [&[0, 0], &mark(n)[..2], &[2], &mark(n)[3..], &[0, 0]].concat());
    }

    // Saved: beside it, and then over what was saved. Only what is no hole takes room on the disk.
    for (action, middle) in [(Action::SaveAs, 2), (Action::Save, 3)] {
        if action == Action::Save {
            for at in places() {
                app.decide(Command::Perform(Operation::Replace { start: at + 2, end: at + 3, data: "\x03".into() }));
            }
        }
        app.send(Command::Do(action));
        assert!(app.state().dialog().is_none() && !app.open().document.is_modified(), "{:?}", app.state().notices().all());
        let saved = File::open(&copy).unwrap();
        let about = saved.metadata().unwrap();
        assert_eq!(about.len(), LEN);
        assert!(about.blocks() * 512 < 16 << 20, "{} bytes on the disk", about.blocks() * 512);
        for (n, at) in places().into_iter().enumerate() {
            let mut bytes = [0; 9];
            saved.read_exact_at(&mut bytes, at - 2).unwrap();
            assert_eq!(bytes, *[&[0, 0], &mark(n)[..2], &[middle], &mark(n)[3..], &[0, 0]].concat(), "{at:X}");
        }
    }

    // The file that was opened has what it had.
    let mut bytes = [0; 5];
    File::open(&path).unwrap().read_exact_at(&mut bytes, places()[0]).unwrap();
    assert_eq!(bytes, mark(0));
}
