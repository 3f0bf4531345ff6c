//! How much a save writes: every byte of the document, and not one more; nothing where that is more than the disk takes.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command as Process;
use std::time::{Duration, Instant};

use seektell::app::{Action, Answer, Command, Dialog, DialogCommand, Losses, ThemeChoice};
use seektell::buffer::{Buffer, Len, Offset};
use seektell::document::Operation;
use seektell::files::{Existing, FileErrorKind, open, save_buffer};
use seektell::formats::{DumpOptions, Format, FormatError, dump};
use seektell::tasks::Progress;

use super::{names, noise};
use crate::tester::App;

/// A unit of the cache of files, and of what a save gathers before it writes.
const BLOCKS: [usize; 2] = [64 * 1024, 1024 * 1024];

/// Opens what is at `path`, changes its last byte, and saves it there; tells what it must be.
fn change_and_save(path: &Path, content: &mut [u8]) {
    let opened = open(path).unwrap();
    assert_eq!(opened.buffer.len(), Len::from(content.len()));
    let mut buffer = opened.buffer;
    if let Some(last) = content.last_mut() {
        *last ^= 0xFF;
        buffer.overwrite(Offset(buffer.len().0 - 1), &[*last]);
    }
    let progress = Progress::new();
    save_buffer(path, &Existing::ReplaceIf(opened.identity), &progress, &buffer).unwrap();
    assert_eq!((progress.done(), progress.total()), (content.len() as u64, content.len() as u64));
}

#[test]
fn a_save_has_the_size_of_the_document_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (path, twin) = (folder.path().join("data.bin"), folder.path().join("twin.bin"));
    let around = BLOCKS.into_iter().flat_map(|block| [block - 1, block, block + 1, 3 * block - 1, 3 * block + 1]);
    for size in [0, 1, 2, 511, 512, 513, 4095, 4096, 4097].into_iter().chain(around) {
        for linked in [false, true] {
            let mut content = noise(size, 3);
            fs::write(&path, &content).unwrap();
            if linked {
                // Written in place, which has a length of its own to set.
                fs::hard_link(&path, &twin).unwrap();
            }
            change_and_save(&path, &mut content);
            assert!(fs::read(&path).unwrap() == content, "{size} bytes, linked: {linked}");
            fs::remove_file(&twin).ok();
        }
    }
    // The size at which a rival appended bytes: 151,189 KiB.
    let mut content = noise(1024 * 1024, 4).repeat(148);
    content.truncate(151_189 * 1024);
    fs::write(&path, &content).unwrap();
    change_and_save(&path, &mut content);
    assert_eq!(fs::metadata(&path).unwrap().len(), 151_189 * 1024);
    assert!(fs::read(&path).unwrap() == content);
    assert_eq!(names(folder.path()), ["data.bin"]);
}

#[test]
fn zeros_and_bytes_take_each_others_place_in_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, twin) = (folder.path().join("data.bin"), folder.path().join("twin.bin"));
    const PART: usize = 1_100_000;
    let bytes = || Buffer::from(noise(PART, 8));
    let hole = || Buffer::filled(0, Len::from(PART));
    let join = |parts: &[Buffer]| {
        let mut all = Buffer::new();
        for part in parts {
            all.append_buffer(part);
        }
        all
    };
    let contents = [
        Buffer::new(),
        bytes(),
        Buffer::from(vec![0; 2 * PART]),
        join(&[hole(), bytes(), hole()]),
        join(&[bytes(), hole(), bytes()]),
    ];
    for (n, old) in contents.iter().enumerate() {
        for (m, new) in contents.iter().enumerate() {
            fs::write(&path, old.to_vec_all().unwrap()).unwrap();
            fs::hard_link(&path, &twin).unwrap();
            let opened = open(&path).unwrap();
            let saved = save_buffer(&twin, &Existing::ReplaceIf(opened.identity), &Progress::new(), new).unwrap();
            assert_eq!(saved.notes, ["Written in place: it has hard links"]);
            assert!(fs::read(&path).unwrap() == new.to_vec_all().unwrap(), "{m} over {n}");
            assert!(opened.buffer.to_vec_all().unwrap() == old.to_vec_all().unwrap(), "what was open, {m} over {n}");
            fs::remove_file(&twin).unwrap();
        }
    }
}

/// Longer than any disk.
fn vast() -> Buffer {
    Buffer::filled(0xAA, Len(1 << 60))
}

#[test]
fn what_no_disk_holds_is_refused_before_the_first_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (path, twin) = (folder.path().join("data.bin"), folder.path().join("twin.bin"));
    fs::write(&path, b"old").unwrap();
    for existing in [Existing::Replace, Existing::ReplaceIf(open(&path).unwrap().identity)] {
        let begun = Instant::now();
        let error = save_buffer(&path, &existing, &Progress::new(), &vast()).unwrap_err();
        assert!(matches!(error.kind, FileErrorKind::TooLittleSpace { missing, .. } if missing.0 > 0), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(5), "something was written first: {:?}", begun.elapsed());
    }
    fs::hard_link(&path, &twin).unwrap();
    assert!(save_buffer(&twin, &Existing::Replace, &Progress::new(), &vast()).is_err());
    assert_eq!((fs::read(&path).unwrap(), names(folder.path())), (b"old".to_vec(), vec!["data.bin".into(), "twin.bin".into()]));
}

#[test]
fn the_window_says_that_there_is_no_room_and_keeps_the_document() {
    let folder = tempfile::tempdir().unwrap();
    let places = ["vast.bin", "vast.b64", "vast.hex", "vast.txt"].map(|name| folder.path().join(name));
    let mut app = App::answering(ThemeChoice::Dark, places.map(Answer::Save));
    app.send(Command::Do(Action::NewBytes));
    app.send(Command::Perform(Operation::Write(vast().into())));
    app.send(Command::Do(Action::SaveAs));
    let mut told = 1;
    let refusals = |app: &App| {
        app.state().notices().all().iter().filter(|one| one.text.contains("more are needed; free some space")).count()
    };
    assert_eq!(refusals(&app), told, "{:?}", app.state().notices().all());
    for format in [Format::Base64, Format::HexText] {
        app.send(Command::ExportAs(format));
        app.send(Command::Dialog(DialogCommand::Accept));
        told += 1;
        assert_eq!(refusals(&app), told, "{format:?}: {:?}", app.state().notices().all());
    }
    assert!(app.open().document.is_modified());
    assert_eq!(app.open().document.size(), 1 << 60);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn sparse_addresses_do_not_become_endless_files() {
    // Bytes, terabytes apart: written out flat they would be nothing but zeros.
    let row = |address: u64| dump::row_text(Offset(address), b"sixteen of bytes", false) + "\n";
    let far = (0..16).map(|at| row(16 * at)).collect::<String>() + &row(1 << 46);
    // Repeated rows, of which each alone is allowed.
    let repeated = format!("{}*\n{}*\n{}*\n804000000\n", row(0), row(1 << 26), row(0x4_0400_0000));
    for text in [far, repeated] {
        let begun = Instant::now();
        let decoded =
            dump::decode(&Buffer::from(text.clone().into_bytes()), Format::HexDump, &mut std::io::sink(), &Progress::new());
        assert!(matches!(decoded, Err(FormatError::Limit { .. })), "{decoded:?}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        // In the window it is known before a place is chosen, and there is nothing to accept.
        let mut app = App::new(ThemeChoice::Dark);
        app.send(Command::OpenBytes { name: "memory.txt".into(), bytes: text.into() });
        app.send(Command::ExportAs(Format::Bytes));
        let Some(Dialog::Export(export)) = app.state().dialog() else { panic!("{:?}", app.state().dialog()) };
        assert!(
            matches!(&export.losses, Losses::Impossible(why) if why.contains("jumps")),
            "{:?}: {:?}",
            export.from,
            export.losses
        );
        app.send(Command::Dialog(DialogCommand::Accept));
        assert!(app.state().dialog().is_some() && !app.state().is_asking());
    }
    // Within the limits the addresses count.
    let near = Buffer::from(b"00001000  01\n00001004  02\n");
    let mut out = Vec::new();
    dump::decode(&near, Format::HexDump, &mut out, &Progress::new()).unwrap();
    assert_eq!(out, [1, 0, 0, 0, 2]);
    // A hole of a terabyte as a dump is three lines.
    let mut text = Vec::new();
    let hole = Buffer::filled(0, Len(1 << 26));
    dump::encode(&hole, Format::HexDump, &DumpOptions::default(), &mut text, &Progress::new()).unwrap();
    assert_eq!(text.iter().filter(|&&byte| byte == b'\n').count(), 3);
}

#[test]
fn the_terminal_refuses_what_no_disk_holds() {
    let folder = tempfile::tempdir().unwrap();
    let (sparse, out) = (folder.path().join("sparse.bin"), folder.path().join("sparse.b64"));
    if let Err(error) = File::create(&sparse).and_then(|file| file.set_len(12 << 40)) {
        println!("skipped: this file system has no sparse files of 12 TiB: {error}");
        return;
    }
    let begun = Instant::now();
    let ran = Process::new(env!("CARGO_BIN_EXE_seektell"))
        .args(["convert", "--to", "base64", "-o"])
        .args([&out, &sparse])
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(said.contains("the disk has ") && said.contains(" free, and ") && said.contains(" TB more are needed"), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(names(folder.path()), ["sparse.bin"]);
}
