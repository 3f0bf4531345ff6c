//! The backup copy of a save.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, SystemTime};

use seektell::app::{Job, JobOutcome};
use seektell::buffer::Buffer;
use seektell::document::{Document, Origin};
use seektell::files::{self, Existing, FileErrorKind, save_with_backup};
use seektell::tasks::Progress;

use super::names;

fn save(path: &Path, content: &[u8]) -> Vec<String> {
    save_with_backup(path, &Existing::Replace, &Progress::new(), &Buffer::from(content)).unwrap().notes
}

/// Writes a file that was changed so many seconds ago.
fn write(path: &Path, content: &str, seconds: u64) {
    fs::write(path, content).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
}

#[test]
fn what_is_replaced_is_kept_and_the_next_save_replaces_that() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    save(&path, b"first");
    assert_eq!(names(folder.path()), ["a.txt"], "a new file has nothing to keep");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    for (content, before) in [("second", "first"), ("third", "second"), ("fourth", "third")] {
        let opened = files::open(&path).unwrap();
        assert!(save(&path, content.as_bytes()).is_empty());
        let backup = folder.path().join("a.txt.bak");
        assert_eq!((fs::read_to_string(&path).unwrap(), fs::read_to_string(&backup).unwrap()), (content.into(), before.into()));
        assert_eq!(names(folder.path()), ["a.txt", "a.txt.bak"]);
        assert_eq!(fs::metadata(&backup).unwrap().mode() & 0o777, 0o640);
        assert_ne!(fs::metadata(&backup).unwrap().ino(), fs::metadata(&path).unwrap().ino());
        // Whoever reads the old file still does.
        assert_eq!(opened.buffer.to_vec_all().unwrap(), before.as_bytes());
    }
}

#[test]
fn a_file_with_hard_links_is_copied_before_it_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    write(&path, "old", 100);
    fs::hard_link(&path, folder.path().join("b")).unwrap();
    let notes = save(&path, b"new content");
    assert_eq!(notes, ["Written in place: it has hard links"]);
    assert_eq!(fs::read_to_string(folder.path().join("b")).unwrap(), "new content");
    assert_eq!(fs::read_to_string(folder.path().join("a.bak")).unwrap(), "old");
    save(&path, b"newest");
    assert_eq!(fs::read_to_string(folder.path().join("a.bak")).unwrap(), "new content");
    assert_eq!(names(folder.path()), ["a", "a.bak", "b"]);
}

#[test]
fn what_is_newer_than_the_file_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    write(&path, "old", 100);
    write(&folder.path().join("a.bak"), "somebody's own", 50);
    fs::create_dir(folder.path().join("a.1.bak")).unwrap();
    let notes = save(&path, b"new");
    assert_eq!(notes, ["The old content is kept as a.2.bak: another backup is newer than the file"]);
    assert_eq!(fs::read_to_string(folder.path().join("a.bak")).unwrap(), "somebody's own");
    assert_eq!(fs::read_to_string(folder.path().join("a.2.bak")).unwrap(), "old");
}

#[test]
fn where_no_backup_can_be_made_nothing_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    // So long that nothing fits behind it.
    let path = folder.path().join("x".repeat(254));
    write(&path, "old", 100);
    let error = save_with_backup(&path, &Existing::Replace, &Progress::new(), &Buffer::from(b"new")).unwrap_err();
    assert!(matches!(error.kind, FileErrorKind::NoBackup(_)), "{error}");
    assert!(error.to_string().starts_with("nothing was saved, because the backup copy could not be made: the name is too long"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(names(folder.path()).len(), 1);
}

#[test]
fn the_window_makes_one_only_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    write(&path, "old", 100);
    let document = Document::bytes("a", Origin::New, &b""[..]).id();
    for (backup, count) in [(false, 1), (true, 2)] {
        let content = Buffer::from(b"new");
        let job = Job::Save { document, revision: 0, content, path: path.clone(), existing: Existing::Replace, backup };
        assert!(matches!(job.run(&Progress::new()), JobOutcome::Saved(Ok(_))));
        assert_eq!(names(folder.path()).len(), count);
    }
}
