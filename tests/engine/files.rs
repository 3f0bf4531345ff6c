//! Opening and saving, on the real file system.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use rustix::fs::{CWD, FileType, Mode, XattrFlags, getxattr, mknodat, setxattr};
use seektell::buffer::{Len, Offset, ReadErrorKind, Source};
use seektell::files::{
    Existing, FileErrorKind, display_path, free_name, identity, open, open_source, read_stream, save, suggest_name, unchanged,
};
use seektell::tasks::Progress;

mod backup;
mod faults;
mod holes;
mod kills;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn put(path: &Path, existing: &Existing, bytes: &[u8]) -> Result<Vec<String>, FileErrorKind> {
    let saved = save(path, existing, &Progress::new(), &mut |out| out.write_all(bytes));
    saved.map(|saved| saved.notes).map_err(|error| error.kind)
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn bytes(len: usize, seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut bytes = vec![0; len];
    random.fill(&mut bytes);
    bytes
}

fn read_all(source: &dyn Source) -> Result<Vec<u8>, ReadErrorKind> {
    let mut all = vec![0; source.len().0 as usize];
    source.read_at(Offset::ZERO, &mut all).map(|()| all)
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

// ---- opening ----

#[test]
fn opens_every_size_around_a_block_and_reads_any_part() {
    let folder = folder();
    let path = folder.path().join("some");
    for size in [0, 1, 65_535, 65_536, 65_537, 131_072, 200_001, 2_500_000] {
        let content = bytes(size, 7);
        fs::write(&path, &content).unwrap();
        let opened = open(&path).unwrap();
        assert_eq!(opened.buffer.len(), Len::from(size));
        assert_eq!(opened.buffer.to_vec_all().unwrap(), content);
        assert!(opened.writable);
        assert_eq!(opened.identity, identity(&path).unwrap());
        let source = open_source(&path).unwrap();
        assert_eq!(read_all(&*source).unwrap(), content);
        for (start, end) in [(0, size), (size / 3, size / 2), (size.saturating_sub(1), size), (size, size)] {
            let mut part = vec![0; end - start];
            source.read_at(Offset(start as u64), &mut part).unwrap();
            assert_eq!(part, content[start..end]);
        }
        assert!(matches!(source.read_at(Offset(size as u64), &mut [0]), Err(ReadErrorKind::Io(..))));
    }
}

#[test]
fn a_big_sparse_file_opens_at_once_and_takes_little_memory() {
    let folder = folder();
    let path = folder.path().join("big");
    const SIZE: u64 = 10 << 30;
    let mut file = File::create(&path).unwrap();
    file.set_len(SIZE).unwrap();
    file.seek(SeekFrom::Start(SIZE - 4)).unwrap();
    file.write_all(b"last").unwrap();
    let before = resident();
    let since = Instant::now();
    let source = open_source(&path).unwrap();
    let mut page = vec![1; 16 * 64];
    source.read_at(Offset::ZERO, &mut page).unwrap();
    assert!(page.iter().all(|&byte| byte == 0));
    source.read_at(Offset(SIZE - 4), &mut page[..4]).unwrap();
    assert_eq!(&page[..4], b"last");
    // Reading 10 GiB takes seconds on any machine.
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    let mut block = vec![0; 64 * 1024];
    for at in (0..(256_u64 << 20)).step_by(block.len()) {
        source.read_at(Offset(at), &mut block).unwrap();
    }
    let grown = resident().saturating_sub(before);
    assert!(grown < 160 << 20, "256 MiB read, {} MiB kept", grown >> 20);
}

/// Bytes of memory in use, or 0 where the system does not tell.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    status.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).map_or(0, |pages| pages * 4096)
}

#[test]
fn what_is_no_file_is_refused_with_a_sentence() {
    let folder = folder();
    let fifo = folder.path().join("fifo");
    mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let missing = folder.path().join("missing");
    let below = fifo.join("below");
    let turning = folder.path().join("turning");
    symlink("turning", &turning).unwrap();
    for (path, sentence) in [
        (folder.path(), "this is a folder; choose a file in it"),
        (&fifo, "this is a named pipe, not a file; pipe its content in with \"-\""),
        (&socket, "this is a socket, not a file; choose a regular file"),
        (Path::new("/dev/zero"), "this is a device, not a file; copy what it gives to a file or pipe it in with \"-\""),
        (&missing, "there is no such file"),
        (&below, "there is no such file"),
        (&turning, "the symbolic links lead in a circle; choose the file itself"),
        (Path::new(""), "this is not the name of a file; choose another one"),
        (Path::new("a\0b"), "this is not the name of a file; choose another one"),
        (Path::new(&"n".repeat(256)), "the name is too long; choose a shorter one"),
    ] {
        let error = open(path).expect_err(sentence);
        assert_eq!(error.to_string(), format!("{sentence}: {}", display_path(path)));
    }
    for (path, words) in [(folder.path(), "folder"), (&fifo, "pipe"), (&socket, "socket"), (Path::new("/dev/null"), "device")] {
        let before = fs::symlink_metadata(path).unwrap();
        let error = save(path, &Existing::Replace, &Progress::new(), &mut |out| out.write_all(b"x")).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(fs::symlink_metadata(path).unwrap().file_type(), before.file_type());
    }
    assert_eq!(names(folder.path()), ["fifo", "socket", "turning"]);
}

#[test]
fn files_of_the_kernel_are_read_to_their_end_and_never_replaced() {
    let path = Path::new("/proc/self/status");
    if !path.exists() {
        println!("skipped: there is no /proc");
        return;
    }
    let opened = open(path).unwrap();
    assert!(opened.buffer.to_vec_all().unwrap().starts_with(b"Name:"));
    assert!(opened.source.is_none());
    let comm = Path::new("/proc/self/comm");
    let error = put(comm, &Existing::Replace, b"other").unwrap_err();
    assert!(matches!(error, FileErrorKind::System), "{error}");
    let sized = Path::new("/sys/kernel/mm/transparent_hugepage/enabled");
    if sized.exists() {
        // It claims 4096 bytes and has fewer.
        assert!(open(sized).unwrap().buffer.to_vec_all().unwrap().ends_with(b"\n"));
    }
}

#[test]
fn a_stream_is_read_up_to_a_limit() {
    let all = read_stream(&mut io::repeat(7).take(200_000), Len(200_000), &Progress::new()).unwrap();
    assert_eq!(all.to_vec_all().unwrap(), [7; 200_000]);
    let error = read_stream(&mut io::repeat(7), Len(200_000), &Progress::new()).unwrap_err();
    assert!(matches!(error, FileErrorKind::TooLarge(Len(200_000))), "{error}");
    let progress = Progress::new();
    progress.cancel();
    assert!(matches!(read_stream(&mut io::repeat(7), Len(9), &progress), Err(FileErrorKind::Cancelled)));
}

// ---- files that change while they are open ----

const BIG: usize = 1_000_000;

fn first_page(source: &dyn Source) -> Result<[u8; 100], ReadErrorKind> {
    let mut page = [0; 100];
    source.read_at(Offset::ZERO, &mut page).map(|()| page)
}

fn far(source: &dyn Source) -> Result<[u8; 100], ReadErrorKind> {
    let mut page = [0; 100];
    source.read_at(Offset(BIG as u64 / 2), &mut page).map(|()| page)
}

#[test]
fn a_change_is_an_error_and_never_a_mixture() {
    let folder = folder();
    let path = folder.path().join("file");
    let old = bytes(BIG, 1);
    let new = bytes(BIG, 2);
    type Change<'a> = &'a dyn Fn(&File);
    let shrink: Change = &|file| file.set_len(1000).unwrap();
    let grow: Change = &|file| file.set_len(BIG as u64 + 1).unwrap();
    let rewrite: Change = &|mut file| file.write_all(&new).unwrap();
    for (change, error) in [(shrink, ReadErrorKind::Shrunk), (grow, ReadErrorKind::Changed), (rewrite, ReadErrorKind::Changed)] {
        fs::write(&path, &old).unwrap();
        let source = open_source(&path).unwrap();
        assert_eq!(first_page(&*source).unwrap(), old[..100]);
        change(&File::options().write(true).open(&path).unwrap());
        assert_eq!(far(&*source), Err(error.clone()));
        assert_eq!(source.check(), Err(error.clone()));
        assert!(source.is_stale());
        assert_eq!(first_page(&*source).unwrap(), old[..100], "what was loaded stays readable");
        // Putting it back does not make it the same file again.
        fs::write(&path, &old).unwrap();
        assert_eq!(far(&*source), Err(error));
        assert_eq!(far(&*open_source(&path).unwrap()).unwrap(), old[BIG / 2..BIG / 2 + 100]);
    }
}

#[test]
fn a_rewrite_that_puts_the_time_back_is_noticed_at_the_edges() {
    let folder = folder();
    let path = folder.path().join("file");
    fs::write(&path, bytes(BIG, 1)).unwrap();
    let source = open_source(&path).unwrap();
    let opened = identity(&path).unwrap();
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    std::thread::sleep(Duration::from_millis(20));
    let mut file = File::options().write(true).open(&path).unwrap();
    file.write_all(b"hidden").unwrap();
    file.set_modified(time).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), time);
    assert_eq!(far(&*source), Err(ReadErrorKind::Changed));
    assert!(!unchanged(&path, &opened));
}

#[test]
fn renaming_deleting_and_replacing_keep_the_old_bytes() {
    let folder = folder();
    let path = folder.path().join("file");
    let old = bytes(BIG, 1);
    fs::write(&path, &old).unwrap();
    let source = open_source(&path).unwrap();
    std::thread::sleep(Duration::from_millis(20));
    let moved = folder.path().join("moved");
    fs::rename(&path, &moved).unwrap();
    assert_eq!(far(&*source).unwrap(), old[BIG / 2..BIG / 2 + 100]);
    fs::set_permissions(&moved, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, b"another").unwrap();
    fs::rename(&path, &moved).unwrap();
    fs::remove_file(&moved).unwrap();
    assert_eq!(read_all(&*source).unwrap(), old);
    assert_eq!(source.check(), Ok(()));
}

#[test]
fn every_kind_of_change_is_noticed_before_a_save() {
    let folder = folder();
    let path = folder.path().join("file");
    let content = bytes(BIG, 1);
    type Change<'a> = &'a dyn Fn(&Path);
    let other = folder.path().join("other");
    let middle = |path: &Path| {
        let mut file = File::options().write(true).open(path).unwrap();
        file.seek(SeekFrom::Start(BIG as u64 / 2)).unwrap();
        file.write_all(b"hidden").unwrap();
        file
    };
    let changes: [(&str, Change); 7] = [
        ("appended", &|path| File::options().append(true).open(path).unwrap().write_all(b"x").unwrap()),
        ("cut", &|path| File::options().write(true).open(path).unwrap().set_len(5).unwrap()),
        ("written in the middle", &|path| drop(middle(path))),
        ("written in the middle with the time put back", &|path| {
            let time = fs::metadata(path).unwrap().modified().unwrap();
            middle(path).set_modified(time).unwrap();
        }),
        ("replaced by the same content", &|path| {
            fs::copy(path, &other).unwrap();
            fs::rename(&other, path).unwrap();
        }),
        ("deleted", &|path| fs::remove_file(path).unwrap()),
        ("touched", &|path| File::options().write(true).open(path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap()),
    ];
    for (how, change) in changes {
        fs::write(&path, &content).unwrap();
        let opened = open(&path).unwrap().identity;
        assert!(unchanged(&path, &opened), "before it was {how}");
        change(&path);
        let now = fs::read(&path).ok();
        assert!(!unchanged(&path, &opened), "{how}");
        let error = put(&path, &Existing::ReplaceIf(opened), b"mine").expect_err(how);
        assert!(matches!(error, FileErrorKind::ChangedOnDisk), "{how}: {error}");
        assert_eq!(fs::read(&path).ok(), now, "{how}");
    }
    // These are none.
    fs::write(&path, &content).unwrap();
    let opened = open(&path).unwrap().identity;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(unchanged(&path, &opened));
    fs::hard_link(&path, &other).unwrap();
    assert!(unchanged(&path, &opened));
    put(&path, &Existing::ReplaceIf(opened), b"mine").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"mine");
}

#[test]
fn a_change_between_the_first_look_and_the_last_is_noticed() {
    let folder = folder();
    let path = folder.path().join("file");
    fs::write(&path, b"old").unwrap();
    let opened = open(&path).unwrap().identity;
    let error = save(&path, &Existing::ReplaceIf(opened), &Progress::new(), &mut |out| {
        fs::write(&path, b"theirs").unwrap();
        out.write_all(b"mine")
    })
    .unwrap_err();
    assert!(matches!(error.kind, FileErrorKind::ChangedOnDisk), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
    assert_eq!(names(folder.path()), ["file"]);
}

// ---- saving ----

#[test]
fn saves_new_files_and_over_old_ones() {
    let folder = folder();
    let path = folder.path().join("file");
    assert_eq!(put(&path, &Existing::Refuse, b"one").unwrap(), [""; 0]);
    assert_eq!(fs::read(&path).unwrap(), b"one");
    assert!(matches!(put(&path, &Existing::Refuse, b"two"), Err(FileErrorKind::Exists)));
    assert_eq!(fs::read(&path).unwrap(), b"one");
    put(&path, &Existing::Replace, b"").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"");
    let content = bytes(5_000_001, 3);
    let saved = save(&path, &Existing::Replace, &Progress::new(), &mut |out| {
        // Odd pieces, small and larger than what is gathered.
        let (front, back) = content.split_at(2_000_003);
        out.write_all(front)?;
        back.chunks(777).try_for_each(|part| out.write_all(part))
    })
    .unwrap();
    assert_eq!(fs::read(&path).unwrap(), content);
    assert_eq!(saved.identity, identity(&path).unwrap());
    assert!(unchanged(&path, &saved.identity));
    put(&path, &Existing::ReplaceIf(saved.identity), b"again").unwrap();
    assert_eq!(names(folder.path()), ["file"]);
}

#[test]
fn a_new_file_has_the_mode_of_any_other() {
    let folder = folder();
    let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
    put(&ours, &Existing::Refuse, b"x").unwrap();
    File::create(&plain).unwrap();
    let mode = |path| fs::metadata(path).unwrap().mode() & 0o7777;
    assert_eq!(mode(&ours), mode(&plain));
}

#[test]
fn mode_is_kept() {
    let folder = folder();
    let path = folder.path().join("file");
    for mode in [0o644, 0o600, 0o755, 0o666, 0o4755, 0o1640] {
        fs::write(&path, b"old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        put(&path, &Existing::Replace, b"new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, mode, "{mode:o}");
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn extended_attributes_are_kept() {
    let folder = folder();
    let path = folder.path().join("file");
    fs::write(&path, b"old").unwrap();
    if let Err(error) = setxattr(&path, "user.colour", b"green", XattrFlags::empty()) {
        println!("skipped: this file system has no extended attributes ({error})");
        return;
    }
    assert_eq!(put(&path, &Existing::Replace, b"new").unwrap(), [""; 0]);
    let mut value = [0; 5];
    assert_eq!(getxattr(&path, "user.colour", &mut value[..]), Ok(5));
    assert_eq!(&value, b"green");
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

#[test]
fn owner_is_kept_where_that_is_allowed() {
    if !is_root() {
        println!("skipped: only root gives files away");
        return;
    }
    let folder = folder();
    let path = folder.path().join("file");
    fs::write(&path, b"old").unwrap();
    std::os::unix::fs::chown(&path, Some(1234), Some(4321)).unwrap();
    put(&path, &Existing::Replace, b"new").unwrap();
    let now = fs::metadata(&path).unwrap();
    assert_eq!((now.uid(), now.gid()), (1234, 4321));
}

#[test]
fn permission_is_never_passed_by() {
    if is_root() {
        println!("skipped: root may write everything");
        return;
    }
    let folder = folder();
    let path = folder.path().join("file");
    fs::write(&path, b"old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    assert!(!open(&path).unwrap().writable);
    assert!(matches!(put(&path, &Existing::Replace, b"new"), Err(FileErrorKind::PermissionDenied)));
    assert_eq!(fs::read(&path).unwrap(), b"old");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    // A folder that takes no new files: written in place.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let notes = put(&path, &Existing::Replace, b"new").unwrap();
    let fresh = put(&folder.path().join("fresh"), &Existing::Refuse, b"new");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(notes, ["Written in place: its folder takes no new files"]);
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert!(matches!(fresh, Err(FileErrorKind::PermissionDenied)));
}

#[test]
fn links_are_followed_and_stay() {
    let folder = folder();
    let root = folder.path();
    let at = |name: &str| root.join(name);
    fs::create_dir(at("deep")).unwrap();
    fs::write(at("deep/file"), b"old").unwrap();
    symlink("deep/file", at("relative")).unwrap();
    symlink(at("relative"), at("absolute")).unwrap();
    symlink("../absolute", at("deep/back")).unwrap();
    put(&at("deep/back"), &Existing::Replace, b"new").unwrap();
    assert_eq!(fs::read(at("deep/file")).unwrap(), b"new");
    for link in ["relative", "absolute", "deep/back"] {
        assert!(at(link).is_symlink(), "{link}");
    }
    // One that leads nowhere: the file is made there.
    symlink("deep/fresh", at("dangling")).unwrap();
    put(&at("dangling"), &Existing::Refuse, b"fresh").unwrap();
    assert!(at("dangling").is_symlink());
    assert_eq!(fs::read(at("deep/fresh")).unwrap(), b"fresh");
    symlink("nowhere/fresh", at("lost")).unwrap();
    assert!(matches!(put(&at("lost"), &Existing::Replace, b"x"), Err(FileErrorKind::NoFolder)));
    // In a circle, and just too many.
    symlink("two", at("one")).unwrap();
    symlink("one", at("two")).unwrap();
    assert!(matches!(put(&at("one"), &Existing::Replace, b"x"), Err(FileErrorKind::LinkLoop)));
    symlink("deep/file", at("l0")).unwrap();
    for n in 1..=40 {
        symlink(format!("l{}", n - 1), at(&format!("l{n}"))).unwrap();
    }
    put(&at("l39"), &Existing::Replace, b"forty links").unwrap();
    assert_eq!(fs::read(at("deep/file")).unwrap(), b"forty links");
    assert!(matches!(put(&at("l40"), &Existing::Replace, b"x"), Err(FileErrorKind::LinkLoop)));
    assert_eq!(names(&at("deep")), ["back", "file", "fresh"]);
}

#[test]
fn hard_links_stay_linked() {
    let folder = folder();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    for (old, new) in [(3, 5_000_000), (5_000_000, 3), (5_000_000, 5_000_000), (3, 0), (0, 3)] {
        let (old, new) = (bytes(old, 1), bytes(new, 2));
        fs::write(&one, &old).unwrap();
        fs::hard_link(&one, &two).unwrap();
        fs::set_permissions(&one, fs::Permissions::from_mode(0o4755)).unwrap();
        let opened = open(&one).unwrap();
        let notes = put(&two, &Existing::ReplaceIf(opened.identity), &new).unwrap();
        assert_eq!(notes, ["Written in place: it has hard links"]);
        assert_eq!(fs::read(&one).unwrap(), new);
        let (a, b) = (fs::metadata(&one).unwrap(), fs::metadata(&two).unwrap());
        assert_eq!((a.ino(), a.mode() & 0o7777), (b.ino(), 0o4755));
        // The document that was open still has what it had.
        assert_eq!(opened.buffer.to_vec_all().unwrap(), old);
        assert_eq!(names(folder.path()), ["one", "two"]);
        fs::remove_file(&one).unwrap();
        fs::remove_file(&two).unwrap();
    }
}

#[test]
fn saving_onto_the_own_source_works_by_every_name() {
    let folder = folder();
    let path = folder.path().join("file");
    let old = bytes(3_000_000, 1);
    let link = folder.path().join("link");
    symlink("file", &link).unwrap();
    let twin = folder.path().join("twin");
    for (target, hard) in [(&path, false), (&link, false), (&path, true), (&twin, true), (&link, true)] {
        fs::write(&path, &old).unwrap();
        if hard {
            fs::hard_link(&path, &twin).unwrap();
        }
        let source = open_source(&path).unwrap();
        let opened = identity(&path).unwrap();
        // The content backwards: every byte is needed after others were written.
        let reversed: Vec<u8> = old.iter().rev().copied().collect();
        save(target, &Existing::ReplaceIf(opened), &Progress::new(), &mut |out| {
            let mut at = source.len().0;
            while at > 0 {
                let size = at.min(100_000);
                at -= size;
                let mut part = vec![0; size as usize];
                source.read_at(Offset(at), &mut part).map_err(|kind| io::Error::other(format!("{kind:?}")))?;
                part.reverse();
                out.write_all(&part)?;
            }
            Ok(())
        })
        .unwrap();
        assert!(fs::read(&path).unwrap() == reversed);
        assert!(read_all(&*source).unwrap() == old, "the open source changed");
        if hard {
            assert!(fs::read(&twin).unwrap() == reversed);
            fs::remove_file(&twin).unwrap();
        }
        assert_eq!(names(folder.path()), ["file", "link"]);
    }
}

#[test]
fn strange_names_are_kept_byte_for_byte() {
    let folder = folder();
    let long = [b'n'; 255];
    for name in [&long[..], b"caf\xe9.txt", b"new\nline", b"-dash", b" ", b"\xff", "\u{202e}gnp".as_bytes(), b"..x"] {
        let path = folder.path().join(OsStr::from_bytes(name));
        for content in [b"one", b"two"] {
            if let Err(error) = put(&path, &Existing::Replace, content) {
                panic!("{}: {error}", display_path(&path));
            }
            assert_eq!(open(&path).unwrap().buffer.to_vec_all().unwrap(), content);
        }
        let found: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(found, [OsStr::from_bytes(name)]);
        fs::remove_file(path).unwrap();
    }
    let too_long = folder.path().join("n".repeat(256));
    assert!(matches!(put(&too_long, &Existing::Refuse, b"x"), Err(FileErrorKind::NameTooLong)));
    for name in ["", "file/", "file/.", "..", "/"] {
        assert!(put(Path::new(name), &Existing::Replace, b"x").is_err(), "{name:?}");
    }
    let lost = folder.path().join("nowhere/file");
    assert!(matches!(put(&lost, &Existing::Replace, b"x"), Err(FileErrorKind::NoFolder)));
}

#[test]
fn whatever_ends_the_writing_leaves_the_old_file_alone() {
    let folder = folder();
    let path = folder.path().join("file");
    let twin = folder.path().join("twin");
    fs::write(&path, b"old").unwrap();
    for hard in [false, true] {
        if hard {
            fs::hard_link(&path, &twin).unwrap();
        }
        // Cancelled midway.
        let progress = Progress::new();
        let mut calls = 0;
        let error = save(&path, &Existing::Replace, &progress, &mut |out| {
            loop {
                calls += 1;
                if calls == 100 {
                    progress.cancel();
                }
                assert!(calls < 200, "cancel was not heard");
                out.write_all(&[0; 50_000])?;
            }
        });
        assert!(matches!(error.unwrap_err().kind, FileErrorKind::Cancelled));
        assert_eq!(calls, 100);
        // Cancelled before the end, by a writer that does not care.
        let error = save(&path, &Existing::Replace, &progress, &mut |_| Ok(()));
        assert!(matches!(error.unwrap_err().kind, FileErrorKind::Cancelled));
        // The content fails.
        let error = save(&path, &Existing::Replace, &Progress::new(), &mut |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("row 7 has no end"))
        });
        assert_eq!(error.unwrap_err().to_string(), format!("row 7 has no end: {}", path.display()));
        // The content panics.
        let panicked = std::panic::catch_unwind(|| {
            save(&path, &Existing::Replace, &Progress::new(), &mut |out| {
                out.write_all(b"half")?;
                panic!("an encoder's bug")
            })
        });
        assert!(panicked.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()).len(), 1 + usize::from(hard));
    }
}

#[test]
fn what_killed_saves_left_is_removed_after_a_day_and_nothing_else() {
    let folder = folder();
    let path = folder.path().join("file");
    // A name of ours, seen while a save runs.
    let mut ours = String::new();
    save(&path, &Existing::Replace, &Progress::new(), &mut |_| {
        ours = names(folder.path()).remove(0);
        Ok(())
    })
    .unwrap();
    assert!(ours.starts_with(".~") && ours.len() == 10, "{ours}");
    let long_ago = SystemTime::now() - Duration::from_secs(25 * 60 * 60);
    let make = |name: &str, old: bool| -> PathBuf {
        let path = folder.path().join(name);
        let file = File::create(&path).unwrap();
        if old {
            file.set_modified(long_ago).unwrap();
        }
        path
    };
    make(&ours, false);
    let (kept, other, near) = (format!("{ours}.old"), ".~lock.odt#", ".~aaaaaaaa");
    for name in [&kept, other, near] {
        make(name, true);
    }
    put(&path, &Existing::Replace, b"x").unwrap();
    assert!(folder.path().join(&ours).exists(), "younger than a day");
    make(&ours, true);
    put(&path, &Existing::Replace, b"x").unwrap();
    let mut rest = vec![kept, other.to_owned(), near.to_owned(), "file".to_owned()];
    rest.sort();
    assert_eq!(names(folder.path()), rest);
}

// ---- names ----

#[test]
fn free_names_never_hit_a_file() {
    let folder = folder();
    let free = |name: &str| free_name(folder.path(), OsStr::new(name)).file_name().unwrap().to_owned();
    assert_eq!(free("photo.png"), "photo.png");
    fs::write(folder.path().join("photo.png"), b"").unwrap();
    assert_eq!(free("photo.png"), "photo (2).png");
    symlink("nowhere", folder.path().join("photo (2).png")).unwrap();
    assert_eq!(free("photo.png"), "photo (3).png");
    fs::write(folder.path().join("plain"), b"").unwrap();
    assert_eq!(free("plain"), "plain (2)");
    let long = format!("{}.txt", "é".repeat(125));
    fs::write(folder.path().join(&long), b"").unwrap();
    let shorter = free(&long);
    assert!(shorter.len() <= 255 && shorter.to_str().unwrap().ends_with("é (2).txt"), "{shorter:?}");
    let bytes = OsStr::from_bytes(b"\xff.bin");
    fs::write(folder.path().join(bytes), b"").unwrap();
    assert_eq!(free_name(folder.path(), bytes).file_name().unwrap().as_bytes(), b"\xff (2).bin");
}

#[test]
fn suggested_names_are_legal_everywhere() {
    for (name, extension, suggested) in [
        ("people.csv", "json", "people.json"),
        ("archive.tar.gz", "json", "archive.tar.json"),
        ("no extension", "txt", "no extension.txt"),
        ("year.2024", "csv", "year.2024.csv"),
        (".hidden", "txt", "hidden.txt"),
        ("con.png", "jpg", "_con.jpg"),
        ("COM7", "txt", "_COM7.txt"),
        ("computer", "txt", "computer.txt"),
        ("a\u{202e}b\n", "txt", "a_b_.txt"),
        ("..", "txt", "untitled.txt"),
        ("plain.png", "", "plain"),
    ] {
        assert_eq!(suggest_name(name, extension), suggested);
    }
    assert_eq!(suggest_name(&"ü".repeat(300), "jpeg").len(), 255);
}

#[test]
fn shown_paths_hide_nothing() {
    assert_eq!(display_path(Path::new(OsStr::from_bytes(b"a\xff\x1b[2Jb"))), r"a\xFF\u{1b}[2Jb");
    assert_eq!(display_path(Path::new("größe/日本.txt")), "größe/日本.txt");
    assert_eq!(display_path(Path::new("in\u{200b}visible\u{2066}")), r"in\u{200b}visible\u{2066}");
}
