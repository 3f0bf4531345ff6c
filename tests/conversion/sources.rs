//! Archives, commands, addresses and the clipboard as documents: what the program decides, with its jobs run on the spot.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::io::Write;
use std::path::Path;

use seektell::app::{
    Action, Answer, AppState, Command, Dialog, DialogCommand, Effect, ExtractDialog, Level, Present, Preview, PreviewState,
    RunDialog, SourceCommand, SourceDialog,
};
use seektell::buffer::Buffer;
use seektell::document::Origin;
use seektell::formats::Limits;
use seektell::formats::archive::{Archive, Kind, pack};
use seektell::tasks::Progress;

/// Decides on a command and does everything that comes of it; effects that are no jobs are returned.
fn done(state: &mut AppState, command: Command) -> Vec<Effect> {
    let mut todo = state.apply(command);
    let mut others = Vec::new();
    while let Some(effect) = (!todo.is_empty()).then(|| todo.remove(0)) {
        match effect {
            Effect::Run(id, job) => {
                let outcome = job.run(&Progress::new());
                todo.extend(state.apply(Command::Finished(id, Box::new(outcome))));
            }
            other => others.push(other),
        }
    }
    others
}

fn with(name: &str, bytes: &[u8]) -> AppState {
    let mut state = AppState::new(Default::default());
    done(&mut state, Command::OpenBytes { name: name.into(), bytes: bytes.to_vec() });
    state
}

fn content(state: &AppState) -> Vec<u8> {
    state.active().unwrap().document.snapshot().to_vec_all().unwrap()
}

fn said(state: &AppState, level: Level) -> Vec<String> {
    state.notices().all().iter().filter(|notice| notice.level == level).map(|notice| notice.text.clone()).collect()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_member_becomes_a_document_with_a_name_and_an_origin() {
    let mut state = with("a.zip", &zip_of(&[("docs/table.csv", b"id,name\r\n1,Ann\r\n"), ("../evil", b"x")]));
    let archive = state.archive().unwrap().clone();
    assert_eq!(archive.members().len(), 2);
    done(&mut state, Command::Source(SourceCommand::OpenMembers(vec![0])));
    let open = state.active().unwrap();
    assert_eq!((open.document.name(), open.document.origin()), ("table.csv", &Origin::Derived("a.zip".into())));
    assert!(matches!(&open.preview, PreviewState::Ready { preview, .. } if matches!(**preview, Preview::Table { .. })));
    // A name that leads out is no reason not to look at the bytes: they only have no such name as a file.
    let id = state.documents()[0].document.id();
    done(&mut state, Command::Activate(id));
    done(&mut state, Command::Source(SourceCommand::OpenMembers(vec![1])));
    assert_eq!((state.active().unwrap().document.name(), content(&state)), ("evil", b"x".to_vec()));
}

#[test]
fn a_tar_that_is_packed_as_a_whole_is_an_archive_too() {
    let mut tar = Vec::new();
    pack(&[("a.txt".to_owned(), Buffer::from(b"hello"))], Kind::Tar, 6, &mut tar, &Progress::new()).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&tar).unwrap();
    let mut state = with("a.tar.gz", &gzip.finish().unwrap());
    assert_eq!(state.archive().unwrap().members()[0].name, "a.txt");
    done(&mut state, Command::Source(SourceCommand::OpenMembers(vec![0])));
    assert_eq!(content(&state), b"hello");
}

#[test]
fn a_bomb_asks_first_and_is_opened_when_the_user_says_so() {
    let mut state = with("a.zip", &zip_of(&[("zeros", &vec![0; 65 << 20])]));
    done(&mut state, Command::Source(SourceCommand::OpenMembers(vec![0])));
    let Some(Dialog::Source(dialog)) = state.dialog() else { panic!("nothing is asked") };
    let SourceDialog::Anyway { needs, limit, .. } = dialog.as_ref() else { panic!("{dialog:?}") };
    assert_eq!((*needs, *limit), (Some(65 << 20), 64 << 20));
    assert_eq!(state.documents().len(), 1);
    done(&mut state, Command::Dialog(DialogCommand::Accept));
    assert_eq!((state.documents().len(), content(&state).len()), (2, 65 << 20));
}

fn tree(folder: &Path) -> Vec<String> {
    let mut found: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    found.sort();
    found
}

#[test]
fn members_are_extracted_inside_of_the_folder_and_what_is_there_is_asked_about_once() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("out");
    let members: &[(&str, &[u8])] = &[("a.txt", b"new"), ("b/c.txt", b"c"), ("../up.txt", b"x"), ("/root.txt", b"x")];
    let extract = |present: Present| {
        let mut state = with("a.zip", &zip_of(members));
        let effects = done(&mut state, Command::Source(SourceCommand::ExtractMembers(Vec::new())));
        assert!(effects.iter().any(|effect| matches!(effect, Effect::AskFolder { .. })));
        done(&mut state, Command::Answered(Answer::Save(folder.clone())));
        let Some(Dialog::Source(dialog)) = state.dialog() else { panic!("nothing is asked") };
        let SourceDialog::Extract(ExtractDialog { folder: asked, .. }) = dialog.as_ref() else { panic!("{dialog:?}") };
        assert_eq!(asked, &folder);
        done(&mut state, Command::Source(SourceCommand::Present(present)));
        done(&mut state, Command::Dialog(DialogCommand::Accept));
        state
    };
    let state = extract(Present::Skip);
    assert_eq!((tree(&folder), tree(place.path())), (vec!["a.txt".to_owned(), "b".to_owned()], vec!["out".to_owned()]));
    assert_eq!(said(&state, Level::Warning).iter().filter(|text| text.contains("was left out")).count(), 2);
    std::fs::write(folder.join("a.txt"), "old").unwrap();
    let read = || std::fs::read_to_string(folder.join("a.txt")).unwrap();
    extract(Present::Skip);
    assert_eq!(read(), "old");
    extract(Present::Rename);
    assert_eq!((read().as_str(), tree(&folder)), ("old", vec!["a (2).txt".to_owned(), "a.txt".to_owned(), "b".to_owned()]));
    extract(Present::Replace);
    assert_eq!(read(), "new");
    #[cfg(unix)]
    {
        // A link that stands in the folder leads nowhere for us.
        let outside = place.path().join("outside");
        std::fs::create_dir(&outside).unwrap();
        std::fs::remove_dir_all(folder.join("b")).unwrap();
        std::os::unix::fs::symlink(&outside, folder.join("b")).unwrap();
        std::fs::remove_file(folder.join("a.txt")).unwrap();
        std::os::unix::fs::symlink(outside.join("a.txt"), folder.join("a.txt")).unwrap();
        let state = extract(Present::Replace);
        assert!(tree(&outside).is_empty(), "{:?}", said(&state, Level::Warning));
    }
}

#[test]
fn open_documents_are_packed_with_names_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = with("a.txt", b"one");
    for (name, bytes) in [("a.txt", &b"two"[..]), ("../b", b"three")] {
        done(&mut state, Command::OpenBytes { name: name.into(), bytes: bytes.to_vec() });
    }
    let before = state.active().unwrap().document.position();
    for (action, name) in [(Action::PackZip, "all.zip"), (Action::PackTar, "all.tar")] {
        let effects = done(&mut state, Command::Do(action));
        assert!(effects.iter().any(|effect| matches!(effect, Effect::AskSave { .. })), "{effects:?}");
        // What is typed without its extension gets it, and only then is asked whether a file may be replaced.
        let bare = folder.path().join(name.rsplit_once('.').unwrap().0);
        done(&mut state, Command::Answered(Answer::Save(bare)));
        let archive = Archive::open(&std::fs::read(folder.path().join(name)).unwrap().into(), &Progress::new()).unwrap();
        let names: Vec<_> = archive.members().iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["a.txt", "a 2.txt", ".._b"]);
    }
    assert_eq!(state.active().unwrap().document.position(), before);
    std::fs::write(folder.path().join("taken.zip"), "mine").unwrap();
    done(&mut state, Command::Do(Action::PackZip));
    done(&mut state, Command::Answered(Answer::Save(folder.path().join("taken"))));
    assert!(matches!(state.dialog(), Some(Dialog::Overwrite { .. })), "{:?}", state.dialog());
    done(&mut state, Command::Dialog(DialogCommand::Cancel));
    assert_eq!(std::fs::read(folder.path().join("taken.zip")).unwrap(), b"mine");
}

#[test]
fn a_picture_that_is_too_large_can_be_opened_anyway() {
    // 20,000 x 20,000 pixels in some bytes, which are 1.6 GB as pixels. Only what is asked for is checked here.
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = b"IHDR".to_vec();
    header.extend([0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20, 8, 6, 0, 0, 0]);
    png.extend(13_u32.to_be_bytes());
    png.extend(&header);
    png.extend(crc32fast::hash(&header).to_be_bytes());
    png.extend(*b"\0\0\0\0IDAT\x35\xAF\x06\x1E\0\0\0\0IEND\xAE\x42\x60\x82");
    let state = with("a.png", &png);
    let PreviewState::Failed { reason, needs, .. } = &state.active().unwrap().preview else {
        panic!("{:?}", state.active().unwrap().preview)
    };
    assert!(reason.contains("20000 x 20000") && reason.contains("a higher one can be set"), "{reason}");
    let needs = needs.unwrap();
    assert!(needs > Limits::USUAL && needs < 3 << 30, "{needs}");
}

#[cfg(unix)]
#[test]
fn a_command_becomes_two_documents_and_a_notice() {
    let mut state = AppState::new(Default::default());
    done(&mut state, Command::Do(Action::CaptureCommand));
    let typed = |line: &str, shell: bool| RunDialog { line: line.into(), shell, ..RunDialog::default() };
    done(&mut state, Command::Source(SourceCommand::Run(typed("echo 'a  b' $HOME", false))));
    done(&mut state, Command::Dialog(DialogCommand::Accept));
    let names: Vec<_> = state.documents().iter().map(|open| open.document.name()).collect();
    assert_eq!((names, content(&state)), (vec!["echo output", "echo errors"], b"a  b $HOME\n".to_vec()));
    assert_eq!(state.active().unwrap().document.origin(), &Origin::Command("echo 'a  b' '$HOME'".into()));
    assert!(said(&state, Level::Info)[0].contains("exit status 0; 11 bytes of output, 0 bytes of errors"));
    done(&mut state, Command::Do(Action::CaptureCommand));
    done(&mut state, Command::Source(SourceCommand::Run(typed("echo wrong >&2; exit 4", true))));
    done(&mut state, Command::Dialog(DialogCommand::Accept));
    assert_eq!((state.active().unwrap().document.name(), content(&state)), ("sh errors", b"wrong\n".to_vec()));
    assert!(said(&state, Level::Warning)[0].contains("exit status 4"));
    // Nothing that is half typed runs.
    done(&mut state, Command::Do(Action::CaptureCommand));
    done(&mut state, Command::Source(SourceCommand::Run(typed("echo 'open", false))));
    done(&mut state, Command::Dialog(DialogCommand::Accept));
    assert!(matches!(state.dialog(), Some(Dialog::Source(_))) && state.documents().len() == 4);
}

#[test]
fn the_clipboard_offers_what_its_text_stands_for() {
    let mut state = AppState::new(Default::default());
    let url = "data:text/csv;base64,aWQKMQo=";
    done(&mut state, Command::PasteAsNew(url.into()));
    assert!(matches!(state.dialog(), Some(Dialog::Source(_))), "it is asked");
    done(&mut state, Command::Dialog(DialogCommand::Accept));
    assert_eq!(content(&state), b"id\n1\n");
    done(&mut state, Command::PasteAsNew(url.into()));
    done(&mut state, Command::Dialog(DialogCommand::Discard));
    assert_eq!(content(&state), url.as_bytes());
    done(&mut state, Command::PasteAsNew(url.into()));
    done(&mut state, Command::Dialog(DialogCommand::Cancel));
    assert_eq!(state.documents().len(), 2);
    done(&mut state, Command::PasteAsNew("data: is what it begins with".into()));
    assert_eq!((state.dialog(), state.documents().len()), (None, 3));
    if cfg!(unix) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b.txt");
        std::fs::write(&path, "file").unwrap();
        let uri = format!("copy\nfile://{}\r\n", path.display().to_string().replace(' ', "%20"));
        done(&mut state, Command::PasteAsNew(uri));
        done(&mut state, Command::Dialog(DialogCommand::Accept));
        assert_eq!((state.active().unwrap().document.name(), content(&state)), ("a b.txt", b"file".to_vec()));
    }
}

#[test]
fn a_picture_of_the_clipboard_becomes_a_png_document() {
    let pixels = image::RgbaImage::from_fn(3, 2, |x, y| image::Rgba([x as u8, y as u8, 7, 255]));
    let mut state = AppState::new(Default::default());
    done(&mut state, Command::PastePicture { width: 3, height: 2, rgba: pixels.as_raw().clone() });
    assert_eq!(image::load_from_memory(&content(&state)).unwrap().to_rgba8(), pixels);
}
