//! Saving under another name, onto whatever that name leads to.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};

use seektell::app::{Action, Answer, Command, ThemeChoice};
use seektell::document::Operation;

use super::{content, edit, noise};
use crate::tester::App;

/// More than is read when a file is opened: the rest comes from the very file that is written to.
const SIZE: usize = 1_500_001;

/// What a document of `old` holds after [`edit`].
fn edited(old: &[u8]) -> Vec<u8> {
    [b"in front", &old[..old.len() / 2], b"middle", &old[old.len() / 2 + 6..]].concat()
}

#[test]
fn onto_the_open_file_by_its_path_a_hard_link_and_a_symbolic_link() {
    let old = noise(SIZE, 1);
    type Target = fn(&Path) -> PathBuf;
    let same: Target = |file| file.to_owned();
    let roundabout: Target = |file| file.parent().unwrap().join("sub/..").join(file.file_name().unwrap());
    let hard: Target = |file| {
        let twin = file.with_extension("twin");
        fs::hard_link(file, &twin).unwrap();
        twin
    };
    let link: Target = |file| {
        let link = file.with_extension("link");
        symlink(file.file_name().unwrap(), &link).unwrap();
        link
    };
    let linked_to_itself: Target = |file| {
        fs::hard_link(file, file.with_extension("twin")).unwrap();
        file.to_owned()
    };
    for (what, target) in [
        ("the same path", same),
        ("a roundabout path", roundabout),
        ("a hard link", hard),
        ("a symbolic link", link),
        ("its path, while it has a hard link", linked_to_itself),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        let file = folder.path().join("data.bin");
        fs::write(&file, &old).unwrap();
        let target = target(&file);
        let mut app = App::answering(ThemeChoice::Dark, [Answer::Save(target.clone())]);
        app.send(Command::OpenPaths(vec![file.clone()]));
        edit(&mut app);
        let new = edited(&old);
        app.send(Command::Do(Action::SaveAs));
        assert!(app.state().dialog().is_none(), "{what}: {:?}", app.state().dialog());
        assert!(fs::read(&target).unwrap() == new, "{what}: the target");
        assert!(fs::read(&file).unwrap() == new, "{what}: the file that was open");
        assert_eq!(target.is_symlink(), what == "a symbolic link", "{what}");
        for name in ["data.twin", "data.link"].map(|name| folder.path().join(name)).iter().filter(|name| name.exists()) {
            assert!(fs::read(name).unwrap() == new, "{what}: {}", name.display());
        }
        // The document is whole, and all of its past.
        assert!(!app.open().document.is_modified(), "{what}");
        assert!(content(&app) == new, "{what}: the document");
        for _ in 0..2 {
            app.send(Command::Do(Action::Undo));
        }
        assert!(content(&app) == old, "{what}: undo leads to the bytes that the file had");
        // And it can be saved again.
        app.send(Command::Do(Action::Save));
        assert!(app.state().dialog().is_none(), "{what}: {:?}", app.state().dialog());
        assert!(fs::read(&file).unwrap() == old, "{what}: the second save");
    }
}

#[test]
fn leaves_the_file_that_was_open_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("data.bin"), folder.path().join("copy.bin"));
    let old = noise(SIZE, 2);
    fs::write(&file, &old).unwrap();
    let before = fs::metadata(&file).unwrap();
    let mut app = App::answering(ThemeChoice::Dark, [Answer::Save(copy.clone())]);
    app.send(Command::OpenPaths(vec![file.clone()]));
    edit(&mut app);
    app.send(Command::Do(Action::SaveAs));
    let hash = |path: &Path| blake3::hash(&fs::read(path).unwrap());
    assert_eq!(hash(&file), blake3::hash(&old), "the original");
    assert_eq!(hash(&copy), blake3::hash(&edited(&old)), "the copy");
    // From here on the document is the copy's.
    app.send(Command::Perform(Operation::Insert { at: 0, data: "more".into() }));
    app.send(Command::Do(Action::Save));
    assert_eq!(hash(&copy), blake3::hash(&[b"more", &edited(&old)[..]].concat()));
    assert_eq!(hash(&file), blake3::hash(&old), "the original after another save");
    let after = fs::metadata(&file).unwrap();
    assert_eq!((before.ino(), before.mtime_nsec(), before.len()), (after.ino(), after.mtime_nsec(), after.len()));
}
