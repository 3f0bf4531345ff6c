//! The failures.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]
#![cfg(all(feature = "gui", unix))]

#[path = "failures/before_save.rs"]
mod before_save;
#[path = "failures/changed.rs"]
mod changed;
#[path = "failures/copy.rs"]
mod copy;
#[path = "failures/deep.rs"]
mod deep;
#[path = "failures/disk.rs"]
mod disk;
#[path = "failures/edits.rs"]
mod edits;
#[path = "failures/far.rs"]
mod far;
#[path = "failures/keys.rs"]
mod keys;
#[path = "failures/questions.rs"]
mod questions;
#[path = "failures/save_as.rs"]
mod save_as;
#[path = "failures/search.rs"]
mod search;
#[path = "failures/sizes.rs"]
mod sizes;
mod support;
#[path = "support/app.rs"]
mod tester;

use std::path::Path;

use seektell::app::Command;
use seektell::document::Operation;
use tester::App;

/// Bytes without a pattern, the same each time.
fn noise(len: usize, seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut bytes = vec![0; len];
    random.fill(&mut bytes);
    bytes
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// All bytes of the document in front.
fn content(app: &App) -> Vec<u8> {
    app.open().document.snapshot().to_vec_all().unwrap()
}

/// Two edits of the document in front: six bytes in its middle are written over, and eight are put in front.
fn edit(app: &mut App) {
    let middle = app.open().document.size() / 2;
    app.send(Command::Perform(Operation::Replace { start: middle, end: middle + 6, data: "middle".into() }));
    app.send(Command::Perform(Operation::Insert { at: 0, data: "in front".into() }));
}
