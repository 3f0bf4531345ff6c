//! A save that is killed at a random moment.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use seektell::files::{Existing, Repair, repair_in, save};
use seektell::tasks::Progress;

use super::{bytes, names};

const SIZE: usize = 3_000_000;
const TARGET: &str = "SEEKTELL_TEST_KILLED_SAVE";
const THIS: &str = "files::kills::child_that_saves_until_it_is_killed";

/// Run by the tests below in a process of its own; without its variable it has nothing to do.
#[test]
fn child_that_saves_until_it_is_killed() {
    let Some(target) = std::env::var_os(TARGET) else { return };
    for round in 0_u64.. {
        let content = bytes(SIZE + (round % 2) as usize * 1000, round % 2);
        save(Path::new(&target), &Existing::Replace, &Progress::new(), &mut |out| {
            content.chunks(100_000).try_for_each(|part| out.write_all(part))
        })
        .unwrap();
        if round == 0 {
            println!("begins");
        }
    }
}

/// Lets a child save the two contents in turn onto `target`, and kills it after `delay`.
fn kill_after(delay: Duration, target: &Path, state: &Path) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", THIS, "--nocapture"])
        .env(TARGET, target)
        .env("XDG_STATE_HOME", state)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("begins")), "the child did not begin");
    std::thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_kill_leaves_old_or_new() {
    let folder = tempfile::tempdir().unwrap();
    let state = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let contents = [bytes(SIZE, 0), bytes(SIZE + 1000, 1)];
    fs::write(&file, &contents[1]).unwrap();
    for _ in 0..12 {
        kill_after(Duration::from_micros(fastrand::u64(0..60_000)), &file, state.path());
        let now = fs::read(&file).unwrap();
        assert!(contents.contains(&now), "neither old nor new, {} bytes", now.len());
        for name in names(folder.path()) {
            // Young ones stay until tomorrow; here they would only pile up.
            if name != "file" {
                fs::remove_file(folder.path().join(name)).unwrap();
            }
        }
    }
}

#[test]
fn a_kill_while_writing_in_place_is_repaired() {
    if !cfg!(target_os = "linux") {
        println!("skipped: the state folder cannot be moved");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let state = tempfile::tempdir().unwrap();
    let (file, twin) = (folder.path().join("file"), folder.path().join("twin"));
    let contents = [bytes(SIZE, 0), bytes(SIZE + 1000, 1)];
    fs::write(&file, &contents[1]).unwrap();
    fs::hard_link(&file, &twin).unwrap();
    let mut repairs = Vec::new();
    for _ in 0..12 {
        kill_after(Duration::from_micros(fastrand::u64(0..60_000)), &file, state.path());
        let done = repair_in(&state.path().join("seektell/saving"));
        assert!(done.len() <= 1, "{done:?}");
        repairs.extend(done.into_iter().map(|repaired| repaired.repair));
        let now = fs::read(&twin).unwrap();
        assert!(contents.contains(&now), "neither old nor new, {} bytes, {repairs:?}", now.len());
        assert_eq!(names(&state.path().join("seektell/saving")), [""; 0]);
        for name in names(folder.path()) {
            if name.starts_with(".~") {
                assert_eq!(name.len(), 10, "what must survive a kill was not taken away by the repair: {name}");
                fs::remove_file(folder.path().join(name)).unwrap();
            }
        }
    }
    assert!(!repairs.contains(&Repair::Undecided), "{repairs:?}");
    println!("{repairs:?}");
}
