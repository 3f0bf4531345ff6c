//! Saving a file of 4 GiB with one changed byte, beside `cp` of that file to the same disk: one JSON line a case, time and the
//! most memory beyond what was held before.
//!
//! `cargo bench --bench save`; `-- --quick` takes a sixteenth of the size. Files of the size are made in the folder of temporary
//! files, three at a time at most. Both are timed until the bytes are safe on the disk: a save syncs, and `sync` follows `cp`.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;

#[path = "harness/memory.rs"]
mod memory;

use memory::case;
use seektell::app::{Job, JobOutcome};
use seektell::buffer::{Buffer, Offset};
use seektell::document::{Document, Origin};
use seektell::files::{self, Existing, Saved};
use seektell::tasks::Progress;

const BLOCK: usize = 8 << 20;

fn make(path: &Path, size: u64) -> std::io::Result<()> {
    let mut rng = fastrand::Rng::with_seed(3);
    let mut block = vec![0; BLOCK];
    let mut file = File::create(path)?;
    for _ in 0..size / BLOCK as u64 {
        rng.fill(&mut block);
        file.write_all(&block)?;
    }
    file.sync_all()
}

/// What the window does when a document is saved.
fn save(content: &Buffer, path: &Path) -> Saved {
    let job = Job::Save {
        document: Document::bytes("bench", Origin::New, Buffer::new()).id(),
        revision: 0,
        content: content.clone(),
        path: path.to_owned(),
        existing: Existing::Replace,
        backup: false,
    };
    match job.run(&Progress::new()) {
        JobOutcome::Saved(Ok(saved)) => saved,
        other => panic!("the temporary folder has room: {other:?}"),
    }
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let (runs, size) = if quick { (1, 256 << 20) } else { (5, 4 << 30) };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, copy) = (folder.path().join("file"), folder.path().join("copy"));
    make(&path, size).expect("the temporary folder has room");

    let mut byte = 0;
    case(runs, "save_4GiB_one_byte_changed", "seektell", size, || {
        let mut content = files::open(&path).expect("it was just written").buffer;
        byte += 1;
        content.overwrite(Offset(size / 2), &[byte]);
        let saved = save(&content, &path);
        let again = files::open(&path).expect("it was just written").buffer;
        let mut there = [0];
        again.read_at(Offset(size / 2), &mut there).expect("it was just written");
        assert_eq!((there[0], again.len().0), (byte, size), "what was saved is there");
        saved.notes.join(" ")
    });
    case(runs, "save_4GiB_one_byte_changed", "cp and sync", size, || {
        let copied = Command::new("cp").arg(&path).arg(&copy).status();
        let synced = Command::new("sync").arg(&copy).status();
        format!("{copied:?} {synced:?}")
    });
}
