//! Disks that are full, folders and disks that take nothing: what was there stays, and nothing else comes.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command as Process;

use seektell::buffer::{Buffer, Len};
use seektell::files::{Existing, FileErrorKind, open, save, save_buffer};
use seektell::tasks::Progress;

use super::{names, noise};

const FOLDER: &str = "SEEKTELL_TEST_DISK";
/// Nobody in particular, who may not do everything.
const SOMEBODY: u32 = 65_534;

/// Runs one of the tests of this file in a process of its own, in `folder`; `None` where it cannot be started.
fn child(mut command: Process, test: &str, folder: &Path) -> Option<std::process::Output> {
    command
        .args(["--exact", &format!("failures::disk::{test}"), "--nocapture"])
        .env(FOLDER, folder)
        .env("XDG_STATE_HOME", folder.join("state"));
    command.output().ok()
}

/// The names in a folder, without that of what a save in place keeps for repairs.
fn files(folder: &Path) -> Vec<String> {
    names(folder).into_iter().filter(|name| name != "state").collect()
}

fn unsized_save(path: &Path, bytes: &[u8]) -> Result<(), FileErrorKind> {
    let saved = save(path, &Existing::Replace, &Progress::new(), &mut |out| out.write_all(bytes));
    saved.map(drop).map_err(|error| error.kind)
}

fn sized_save(path: &Path, bytes: &[u8]) -> Result<(), FileErrorKind> {
    save_buffer(path, &Existing::Replace, &Progress::new(), &Buffer::from(bytes)).map(drop).map_err(|error| error.kind)
}

/// Run by the test below on a disk of 1 MiB; without its variable it has nothing to do.
#[test]
fn child_on_a_small_disk() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let (file, twin) = (folder.join("data.bin"), folder.join("twin.bin"));
    let old = noise(300_000, 1);
    let large = noise(900_000, 2);
    fs::write(&file, &old).unwrap();
    let unhurt = |what: &str, expected: &[&str]| {
        assert!(fs::read(&file).unwrap() == old, "{what}: the old content");
        assert_eq!(files(folder), expected, "{what}");
    };
    // What is known to be too much is not begun; what shows itself to be is ended.
    let result = sized_save(&file, &large);
    assert!(
        matches!(result, Err(FileErrorKind::TooLittleSpace { missing: Len(100_000..), free: Len(1..=800_000) })),
        "{result:?}"
    );
    unhurt("known", &["data.bin"]);
    assert!(matches!(unsized_save(&file, &large), Err(FileErrorKind::NoSpace)));
    unhurt("met", &["data.bin"]);
    assert!(matches!(unsized_save(&folder.join("new.bin"), &large), Err(FileErrorKind::NoSpace)));
    unhurt("a new file", &["data.bin"]);
    // Not even a name fits the directory: nothing can be written at all.
    let filler = noise(723_000 / 4096 * 4096, 3);
    fs::write(folder.join("filler"), &filler).unwrap();
    assert!(sized_save(&file, &old).is_err() && unsized_save(&file, &old).is_err());
    unhurt("no room at all", &["data.bin", "filler"]);
    fs::remove_file(folder.join("filler")).unwrap();
    // In place, where the new and the old content both need room beside it.
    fs::hard_link(&file, &twin).unwrap();
    for bytes in [&large[..], &noise(500_000, 4)[..]] {
        let result = sized_save(&twin, bytes);
        assert!(matches!(result, Err(FileErrorKind::TooLittleSpace { .. } | FileErrorKind::NoSpace)), "{result:?}");
        assert!(unsized_save(&twin, bytes).is_err());
        unhurt("in place", &["data.bin", "twin.bin"]);
    }
    fs::remove_file(&twin).unwrap();
    // Where there is room it goes.
    let new = noise(300_000, 5);
    sized_save(&file, &new).unwrap();
    assert!(fs::read(&file).unwrap() == new);
    println!("the small disk was full");
}

/// Run by the test below on a disk that was made read-only.
#[test]
fn child_on_a_read_only_disk() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let file = folder.join("data.bin");
    assert!(matches!(sized_save(&file, b"new"), Err(FileErrorKind::ReadOnly)));
    assert!(matches!(sized_save(&folder.join("other.bin"), b"new"), Err(FileErrorKind::ReadOnly)));
    assert_eq!(fs::read(&file).unwrap(), b"old");
    assert!(!open(&file).unwrap().writable);
    println!("the disk was read-only");
}

/// A small disk, mounted where nobody else sees it. `then` follows in a shell, with the folder as its first argument.
fn on_a_small_disk(then: &str, test: &str, word: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Process::new("unshare");
    let script = format!("mount -t tmpfs -o size=1m none \"$0\" || exit 77; {then} exec \"$@\"");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]).arg(folder.path());
    command.arg(std::env::current_exe().unwrap());
    let Some(ran) = child(command, test, folder.path()) else {
        println!("skipped: unshare is not installed, and without it no small disk can be mounted");
        return;
    };
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    if !ran.status.success() && (ran.status.code() == Some(77) || err.starts_with("unshare:")) {
        println!("skipped: no small disk can be mounted here: {err}");
        return;
    }
    assert!(ran.status.success() && out.contains(word), "{out}\n{err}");
}

#[test]
fn a_full_disk_leaves_the_old_file_whole() {
    on_a_small_disk("", "child_on_a_small_disk", "the small disk was full");
}

#[test]
fn a_read_only_disk_leaves_the_old_file_whole() {
    let then = "printf old > \"$0/data.bin\"; mount -o remount,ro \"$0\" || exit 77;";
    on_a_small_disk(then, "child_on_a_read_only_disk", "the disk was read-only");
}

/// Run by the test below as somebody who may not do everything.
#[test]
fn child_in_a_folder_that_takes_nothing() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder).join("closed");
    let (file, locked) = (folder.join("data.bin"), folder.join("locked.bin"));
    // No new file, and none over one that may not be written.
    assert!(matches!(sized_save(&folder.join("new.bin"), b"new"), Err(FileErrorKind::PermissionDenied)));
    assert!(matches!(sized_save(&locked, b"new"), Err(FileErrorKind::PermissionDenied)));
    assert_eq!(fs::read(&locked).unwrap(), b"old");
    // One that may be written is written in place, whole, longer or shorter.
    for new in [&b"longer than what was there"[..], b"short", b""] {
        sized_save(&file, new).unwrap();
        assert_eq!(fs::read(&file).unwrap(), new);
    }
    assert_eq!(names(&folder), ["data.bin", "locked.bin"]);
    println!("the folder took nothing");
}

#[test]
fn a_folder_that_takes_nothing_costs_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for (name, bits) in [("data.bin", 0o644), ("locked.bin", 0o444)] {
        fs::write(closed.join(name), b"old").unwrap();
        mode(&closed.join(name), bits);
    }
    let mut command = Process::new(std::env::current_exe().unwrap());
    if rustix::process::geteuid().is_root() {
        // Root may write everything, so somebody else tries.
        for path in [folder.path(), &closed, &closed.join("data.bin"), &closed.join("locked.bin")] {
            chown(path, Some(SOMEBODY), Some(SOMEBODY)).unwrap();
        }
        command.uid(SOMEBODY).gid(SOMEBODY);
    }
    mode(&closed, 0o555);
    let ran = child(command, "child_in_a_folder_that_takes_nothing", folder.path());
    mode(&closed, 0o755);
    let Some(ran) = ran else {
        println!("skipped: the test cannot be run as another user from where it lies");
        return;
    };
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && out.contains("the folder took nothing"), "{out}\n{err}");
}
