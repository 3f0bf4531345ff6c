//! The real binary, as a person at a terminal or a script meets it.

#![allow(clippy::unwrap_used, reason = "what is broken here fails the test")]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const PEOPLE: &str = "id,name\r\n007,Zoë\r\n8,Bob\r\n";

/// A folder of its own, and the binary run in it.
struct Room {
    folder: tempfile::TempDir,
}

/// What a run printed, and its exit status.
struct Ran {
    code: Option<i32>,
    out: Vec<u8>,
    err: String,
}

impl Room {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(name), bytes).unwrap();
        self
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seektell"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).output().unwrap())
    }

    fn pipe(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        ran(child.wait_with_output().unwrap())
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn ran(output: Output) -> Ran {
    Ran { code: output.status.code(), out: output.stdout, err: String::from_utf8(output.stderr).unwrap() }
}

impl Ran {
    #[track_caller]
    fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "stderr: {}", self.err);
        self
    }

    /// Failed with `code` and one line on standard error that has all these words; nothing on standard output.
    #[track_caller]
    fn fails(self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "stderr: {}", self.err);
        assert_eq!(self.err.lines().count(), 1, "one line: {}", self.err);
        assert!(self.err.starts_with("seektell: "), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} in {}", self.err);
        }
        assert!(self.out.is_empty(), "{:?}", String::from_utf8_lossy(&self.out));
    }

    fn text(&self) -> String {
        String::from_utf8(self.out.clone()).unwrap()
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.out).unwrap()
    }
}

/// No byte that a terminal obeys, but line feeds.
#[track_caller]
fn assert_inert(text: &str) {
    for character in text.chars().filter(|&character| character != '\n') {
        assert!(!character.is_control() && !('\u{202a}'..='\u{202e}').contains(&character), "{character:?} in {text:?}");
    }
}

#[test]
fn help_and_version_are_data() {
    let room = Room::new();
    for arguments in
        [&["--help"][..], &["-h"], &["info", "--help"], &["hex", "--help"], &["convert", "--help"], &["formats", "--help"]]
    {
        let ran = room.run(arguments).ok();
        assert!(ran.text().contains("Usage: seektell"), "{arguments:?}");
        assert_eq!(ran.err, "");
    }
    assert!(room.run(&["convert", "--help"]).text().contains("Examples:"));
    assert_eq!(room.run(&["--version"]).ok().text(), format!("seektell {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_command_line_is_one_line_and_status_2() {
    let room = Room::new();
    room.write("a.csv", PEOPLE).write("b.csv", PEOPLE);
    let cases: &[(&[&str], &str)] = &[
        (&["--nonsense"], "--nonsense"),
        (&["info"], "required"),
        (&["convert", "a.csv"], "--to FORMAT"),
        (&["convert", "a.csv", "-o", "x.unknown"], "x.unknown"),
        (&["convert", "a.csv", "--to", "docx"], "docx"),
        (&["convert", "a.csv", "b.csv", "--to", "json"], "--into"),
        (&["convert", "-", "-", "--to", "json", "--out-dir", "d"], "only once"),
        (&["convert", "a.csv", "--to", "json", "-o", "x", "--out-dir", "d"], "--into"),
        (&["convert", "a.csv", "--to", "jpeg", "--quality", "101"], "1 to 100, not 101"),
        (&["convert", "a.csv", "--to", "png", "--png-level", "ten"], "\"ten\""),
        (&["convert", "a.csv", "--to", "json", "--indent", "99"], "0 to 16"),
        (&["convert", "a.csv", "--to", "hex", "--wrap", "7"], "must be even"),
        (&["convert", "a.csv", "--to", "jpeg", "--background", "sky"], "sky"),
        (&["convert", "a.csv", "--to", "tsv", "--delimiter", "ab"], "\"ab\""),
        (&["convert", "a.csv", "--to", "text", "--encoding", "klingon"], "klingon"),
        (&["convert", "a.csv", "--to", "text", "--newline", "up"], "up"),
        (&["convert", "a.csv", "--to", "csv", "--header", "--no-header"], "--no-header"),
        (&["hex", "a.csv", "--offset", "ten"], "ten"),
        (&["hex", "a.csv", "--length", "-1"], "-1"),
    ];
    for (arguments, word) in cases {
        room.run(arguments).fails(2, &[word]);
    }
    assert_eq!(room.names(), ["a.csv", "b.csv"], "nothing was made");
}

#[test]
fn info_tells_what_and_why() {
    let room = Room::new();
    room.write("people.csv", PEOPLE).write("trick.jpg", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n\0");
    let text = room.run(&["info", "people.csv", "trick.jpg"]).ok().text();
    for words in
        ["CSV table", "commas", "2 rows, 2 columns with a header", "id, name", "UTF-8, CRLF, 3 lines", "SHA-256", "CRC-32"]
    {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    assert!(text.contains("The name says JPEG image, the content is"), "{text}");
}

#[test]
fn info_as_json_has_stable_keys_and_right_sums() {
    let room = Room::new();
    room.write("empty.txt", "").write("people.csv", PEOPLE).write("abc", "abc");
    let ran = room.run(&["info", "--json", "people.csv", "abc", "empty.txt", "missing"]);
    assert_eq!(ran.code, Some(1));
    let json = ran.json();
    let keys: Vec<_> = json[0].as_object().unwrap().keys().cloned().collect();
    let expected = [
        "path", "format", "label", "reason", "mismatch", "size", "sha256", "crc32", "picture", "table", "text", "encodes",
        "problem",
    ];
    assert_eq!(keys, expected);
    assert_eq!(json[0]["format"], "csv");
    assert_eq!(json[0]["table"]["rows"], 2);
    assert_eq!(json[0]["table"]["header"], serde_json::json!(["id", "name"]));
    assert_eq!(json[0]["text"]["newline"], "CRLF");
    assert_eq!(json[1]["sha256"], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(json[1]["crc32"], "352441c2");
    assert_eq!(json[2]["size"], 0);
    assert_eq!(json[3]["path"], "missing");
    assert!(json[3]["error"].as_str().unwrap().contains("no such file"), "{json}");
}

#[test]
fn hex_prints_the_canonical_dump_with_true_addresses() {
    let room = Room::new();
    let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
    room.write("bytes", &bytes).write("zeros", [0; 64]);
    let row = "00000010  10 11 12 13 14 15 16 17  18 19 1a 1b 1c 1d 1e 1f  |................|\n";
    assert_eq!(room.run(&["hex", "bytes", "--offset", "0x10", "--length", "16"]).ok().text(), format!("{row}00000020\n"));
    let last = room.run(&["hex", "bytes", "--offset", "-1"]).ok().text();
    assert!(last.starts_with("000003e7  e7 "), "{last}");
    assert!(room.run(&["hex", "bytes", "-s", "0k", "-n", "1M"]).ok().text().ends_with("\n000003e8\n"));
    assert_eq!(room.run(&["hex", "zeros"]).ok().text().lines().count(), 5, "every row by default");
    assert_eq!(room.run(&["hex", "zeros", "--squeeze"]).ok().text().lines().nth(1), Some("*"));
    assert!(room.run(&["hex", "bytes", "--upper", "-s", "0xAB", "-n", "1"]).ok().text().starts_with("000000AB  AB "));
    assert_eq!(room.pipe(&["hex", "-"], b"Hi").ok().text().lines().next().unwrap().split('|').nth(1), Some("Hi"));
    room.run(&["hex", "bytes", "--offset", "1001"]).fails(1, &["outside its 1,000 bytes", "bytes\n"]);
    room.run(&["hex", "bytes", "--offset", "-1001"]).fails(1, &["outside"]);
}

#[test]
fn convert_writes_a_file_beside_or_where_it_is_told() {
    let room = Room::new();
    room.write("people.csv", PEOPLE);
    let ran = room.run(&["convert", "people.csv", "-o", "out.json", "--indent", "1"]).ok();
    assert!(ran.text().starts_with("people.csv -> out.json (JSON, "), "{}", ran.text());
    let json: serde_json::Value = serde_json::from_slice(&room.read("out.json")).unwrap();
    assert_eq!(json[0]["id"], "007");
    room.run(&["convert", "people.csv", "--to", "tsv"]).ok();
    assert_eq!(room.read("people.tsv"), PEOPLE.replace(',', "\t").as_bytes());
    room.run(&["convert", "people.csv", "--to", "csv", "--delimiter", ";", "--newline", "lf", "-o", "semi.csv"]).ok();
    assert_eq!(room.read("semi.csv"), PEOPLE.replace(',', ";").replace('\r', "").as_bytes());
    room.run(&["convert", "people.csv", "--to", "json", "--no-header", "-o", "rows.json"]).ok();
    let json: serde_json::Value = serde_json::from_slice(&room.read("rows.json")).unwrap();
    assert_eq!(json[0], serde_json::json!(["id", "name"]));
}

#[test]
fn convert_reads_and_writes_standard_streams() {
    let room = Room::new();
    let ran = room.pipe(&["convert", "-", "--to", "base64"], b"any bytes\0\xFF").ok();
    assert_eq!(ran.text(), "YW55IGJ5dGVzAP8=");
    assert_eq!(ran.err, "");
    let back = room.pipe(&["convert", "-", "--from", "base64", "--to", "bytes", "-o", "-"], &ran.out).ok();
    assert_eq!(back.out, b"any bytes\0\xFF");
    assert_eq!(room.pipe(&["convert", "-", "--to", "hex", "--upper"], b"\xAB\xCD").ok().text(), "ABCD");
    assert!(room.names().is_empty());
}

#[test]
fn run_prints_what_a_session_would_show() {
    let room = Room::new();
    let script =
        "import io, sys\nb = io.BytesIO(b'abc')\nb.read(2)\nb.nosuch\nprint('out')\nprint('err', file=sys.stderr)\nb.tell()\n";
    let shown = "b'ab'\nAttributeError: '_io.BytesIO' object has no attribute 'nosuch'\nout\n2\n";
    let ran = room.write("s.py", script).run(&["run", "s.py"]).ok();
    assert_eq!((ran.text().as_str(), ran.err.as_str()), (shown, "err\n"));
    assert_eq!(room.pipe(&["run", "-"], script.as_bytes()).ok().text(), shown);
    room.write("endless.py", "while True: pass").run(&["run", "endless.py", "--steps", "1000"]).fails(1, &["--steps"]);
    room.run(&["run", "none.py"]).fails(1, &["none.py"]);
    room.write("bytes.py", b"\xFF\xFE").run(&["run", "bytes.py"]).fails(1, &["UTF-8", "bytes.py"]);
}

#[test]
fn a_script_that_does_not_parse_runs_nothing_and_says_where() {
    let room = Room::new();
    let ran = room.pipe(&["run", "-"], b"print(1)\nx = (1,\n").ok();
    assert_eq!(ran.text(), "SyntaxError: '(' was never closed\n");
    assert_eq!(ran.err, "seektell: nothing ran: line 2, column 5 of standard input\n");
}

#[test]
fn nothing_is_overwritten_without_a_word() {
    let room = Room::new();
    room.write("people.csv", PEOPLE).write("people.json", "precious");
    room.run(&["convert", "people.csv", "--to", "json"]).fails(1, &["--overwrite", "people.json\n"]);
    assert_eq!(room.read("people.json"), b"precious");
    room.run(&["convert", "people.csv", "-o", "people.csv"])
        .fails(1, &["the output is the input", "another name", "people.csv\n"]);
    room.run(&["convert", "people.csv", "-o", "./people.csv"]).fails(1, &["the output is the input"]);
    assert_eq!(room.read("people.csv"), PEOPLE.as_bytes());
    room.run(&["convert", "people.csv", "--to", "json", "--overwrite"]).ok();
    assert!(room.read("people.json").starts_with(b"["));
    room.run(&["convert", "people.csv", "-o", "people.csv", "--overwrite", "--delimiter", ";"])
        .fails(1, &["the output is the input", "people.csv\n"]);
    assert_eq!(room.read("people.csv"), PEOPLE.as_bytes(), "an input is never written over");
    assert_eq!(room.names(), ["people.csv", "people.json"], "no debris");
}

#[cfg(unix)]
#[test]
fn a_notice_about_the_output_names_the_output() {
    let room = Room::new();
    room.write("people.csv", PEOPLE).write("out.json", "old");
    fs::hard_link(room.path("out.json"), room.path("link.json")).unwrap();
    let ran = room.run(&["convert", "people.csv", "-o", "out.json", "--overwrite"]).ok();
    assert_eq!(ran.err, "seektell: notice: Written in place: it has hard links: out.json\n");
    assert_eq!(room.read("link.json"), room.read("out.json"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_save_without_room_for_a_copy_names_the_folder_that_is_missing() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new();
    room.write("people.csv", PEOPLE);
    fs::create_dir(room.path("shut")).unwrap();
    room.write("shut/out.json", "old");
    fs::set_permissions(room.path("shut"), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(room.path("shut/probe"), "").is_ok() {
        println!("skipped: this user may write everywhere");
        return;
    }
    let mut command = room.command(&["convert", "people.csv", "-o", "shut/out.json", "--overwrite"]);
    let output = command.env("XDG_STATE_HOME", room.path("people.csv").join("state")).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("a copy cannot be kept in") && told.ends_with("save it elsewhere: shut/out.json\n"), "{told}");
    assert_eq!(room.read("shut/out.json"), b"old");
    fs::set_permissions(room.path("shut"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_huge_file_is_told_about_before_all_of_it_is_read() {
    let room = Room::new();
    fs::File::create(room.path("huge")).unwrap().set_len(1 << 40).unwrap();
    let start = room.run(&["huge"]).ok().text();
    assert!(start.contains("1,099,511,627,776 bytes") && !start.contains("SHA-256"), "{start}");
    assert!(start.contains("00000000  00 00"), "{start}");
    // The sums would take half an hour; the rest must be there at once.
    let mut child = room.command(&["info", "huge"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let told: Vec<_> = lines.by_ref().take(3).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(told[2].contains("1,099,511,627,776 bytes"), "{told:?}");
}

#[test]
fn negative_numbers_are_named_with_their_range() {
    let room = Room::new();
    room.write("people.csv", PEOPLE);
    for (option, range) in
        [("--quality", "1 to 100"), ("--png-level", "0 to 9"), ("--indent", "0 to 16"), ("--wrap", "0 to 1048576")]
    {
        room.run(&["convert", "people.csv", "-o", "out.json", option, "-1"]).fails(2, &[option, range, "\"-1\""]);
    }
    room.run(&["hex", "people.csv", "--length", "-1"]).fails(2, &["--length", "\"-1\" is not a number of bytes"]);
    assert_eq!(room.names(), ["people.csv"]);
}

#[test]
fn many_inputs_go_into_a_folder_and_one_failure_stops_nothing() {
    let room = Room::new();
    fs::create_dir(room.path("sub")).unwrap();
    room.write("a.csv", PEOPLE)
        .write("bad.png", b"\x89PNG\r\n\x1a\nrubbish")
        .write("c.csv", PEOPLE)
        .write("sub/a.csv", "x,y\n1,2\n");
    let ran =
        room.run(&["convert", "a.csv", "bad.png", "missing.csv", "c.csv", "sub/a.csv", "--to", "json", "--out-dir", "made/here"]);
    assert_eq!(ran.code, Some(1));
    let lines: Vec<_> = ran.err.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.err);
    assert!(lines[0].ends_with("bad.png") && lines[1].ends_with("missing.csv"), "{}", ran.err);
    assert!(lines[2].contains("sub/a.csv is left out"), "{}", ran.err);
    assert_eq!(ran.text().lines().count(), 2);
    assert!(room.read("made/here/a.json").starts_with(b"[{\"id\""), "the first of the two, not the second");
    assert!(!room.read("made/here/c.json").is_empty());
    assert_eq!(fs::read_dir(room.path("made/here")).unwrap().count(), 2, "no debris");
}

#[test]
fn names_that_are_taken_are_refused_skipped_numbered_or_replaced() {
    let room = Room::new();
    room.write("a.csv", PEOPLE).write("a.json", "old");
    let to_json = |more: &[&str]| room.run(&[&["convert", "a.csv", "--to", "json"], more].concat());
    to_json(&[]).fails(1, &["exists already"]);
    let ran = to_json(&["--existing", "skip"]).ok();
    assert_eq!((ran.text().as_str(), room.read("a.json")), ("a.csv skipped, it exists already: a.json\n", b"old".to_vec()));
    to_json(&["--existing", "rename"]).ok();
    assert!(room.read("a (2).json").starts_with(b"[{\"id\"") && room.read("a.json") == b"old");
    to_json(&["--existing", "overwrite"]).ok();
    assert_eq!(room.read("a.json"), room.read("a (2).json"));
    to_json(&["--existing", "maybe"]).fails(2, &["maybe", "rename"]);
    to_json(&["--names", "{name}-{number}"]).ok();
    assert_eq!(room.names(), ["a (2).json", "a-1.json", "a.csv", "a.json"]);
    to_json(&["--names", "../x"]).fails(2, &["folder apart"]);
}

#[test]
fn many_results_go_into_one_zip() {
    let room = Room::new();
    fs::create_dir(room.path("sub")).unwrap();
    room.write("a.csv", PEOPLE).write("sub/a.csv", "x,y\n1,2\n").write("bad.png", b"\x89PNG\r\n\x1a\nrubbish");
    let all = ["convert", "a.csv", "sub/a.csv", "bad.png", "--to", "json", "--into", "made/all.zip", "--existing", "rename"];
    let ran = room.run(&all);
    assert_eq!((ran.code, ran.err.lines().count()), (Some(1), 1), "{}", ran.err);
    assert!(ran.text().contains("sub/a.csv -> made/all.zip/a (2).json (JSON, "), "{}", ran.text());
    let listed = room.run(&["archive", "list", "made/all.zip"]).ok().text();
    assert!(listed.contains("  a.json") && listed.contains("  a (2).json") && listed.lines().count() == 2, "{listed}");
    room.run(&["archive", "extract", "made/all.zip", "--out-dir", "out"]).ok();
    room.run(&["convert", "a.csv", "-o", "plain.json"]).ok();
    assert_eq!(room.read("out/a.json"), room.read("plain.json"));
    room.run(&["convert", "bad.png", "--to", "json", "--into", "none.zip"]).fails(1, &["bad.png"]);
    assert!(!room.path("none.zip").exists(), "nothing went well, so there is no ZIP");
}

#[test]
fn losses_are_told_on_standard_error() {
    let room = Room::new();
    room.write("text.txt", "naïve → 日本\n");
    let ran = room.run(&["convert", "text.txt", "-o", "latin.txt", "--encoding", "windows-1252"]).ok();
    assert!(ran.err.starts_with("seektell: notice: ") && ran.err.contains("windows-1252"), "{}", ran.err);
    assert!(ran.err.trim_end().ends_with("text.txt"), "{}", ran.err);
}

#[test]
fn what_cannot_be_opened_is_one_line_with_its_path_last() {
    let room = Room::new();
    fs::create_dir(room.path("folder")).unwrap();
    for command in [&["info"][..], &["hex"], &["convert", "--to", "json"]] {
        let with = |path: &'static str| [command, &[path]].concat();
        room.run(&with("missing")).fails(1, &["no such file", ": missing\n"]);
        room.run(&with("folder")).fails(1, &["folder", ": folder\n"]);
    }
    room.write("notes.txt", "just words");
    room.run(&["convert", "notes.txt", "-o", "notes.png"])
        .fails(1, &["Plain text cannot be converted to PNG image", "notes.txt\n"]);
    room.run(&["convert", "notes.txt", "--from", "base64", "--to", "bytes"]).fails(1, &["Base64", "at offset", "notes.txt\n"]);
    room.run(&["convert", "notes.txt", "-o", "nowhere/notes.hex"]).fails(1, &["folder does not exist", "nowhere/notes.hex\n"]);
    assert_eq!(room.names(), ["folder", "notes.txt"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_fifo_is_refused_and_not_waited_for() {
    let room = Room::new();
    let made = Command::new("mkfifo").arg(room.path("fifo")).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: mkfifo is not installed");
        return;
    }
    room.run(&["info", "fifo"]).fails(1, &["named pipe", ": fifo\n"]);
    room.write("a.csv", PEOPLE);
    room.run(&["convert", "a.csv", "--to", "json", "-o", "fifo", "--overwrite"]).fails(1, &["named pipe"]);
}

#[test]
fn a_reader_that_goes_away_is_success() {
    let room = Room::new();
    room.write("big", vec![7; 4 << 20]);
    for arguments in
        [&["hex", "big"][..], &["convert", "big", "--to", "base64", "-o", "-"], &["convert", "big", "--to", "bytes", "-o", "-"]]
    {
        let mut child = room.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 10]).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let room = Room::new();
    room.write("bytes", vec![1; 100_000]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = room.command(&["hex", "bytes"]).stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("seektell: standard output cannot be written"));
}

#[cfg(unix)]
#[test]
fn names_and_contents_cannot_command_the_terminal() {
    use std::os::unix::ffi::OsStrExt;
    let room = Room::new();
    let name = std::ffi::OsStr::from_bytes(b"\x1b[31m\xE2\x80\xAEevil\xFF\n.csv");
    let path = Path::new(name);
    if fs::write(room.folder.path().join(path), "id,\x1b]0;title\x1b\\\u{202e}\n1,2\n").is_err() {
        println!("skipped: the file system takes no such name");
        return;
    }
    let run = |arguments: &[&str], ok: bool| {
        let output = room.command(arguments).arg(path).output().unwrap();
        assert_eq!(output.status.success(), ok, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_inert(std::str::from_utf8(&output.stdout).unwrap());
        assert_inert(std::str::from_utf8(&output.stderr).unwrap());
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), usize::from(!ok), "{arguments:?}");
    };
    run(&["info"], true);
    run(&["info", "--json"], true);
    run(&["hex"], true);
    run(&["convert", "--to", "json"], true);
    run(&["convert", "--to", "json"], false);
    run(&["convert", "--to", "png"], false);
    run(&["--unknown-option"], false);
}

#[test]
fn without_a_display_the_window_command_says_so_and_does_what_it_can() {
    let room = Room::new();
    room.write("people.csv", PEOPLE).write("long", vec![b'x'; 1000]);
    let ran = room.run(&["people.csv", "long"]).ok();
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert!(ran.err.starts_with("seektell: "), "{}", ran.err);
    let text = ran.text();
    assert!(text.contains("2 rows, 2 columns"), "{text}");
    assert!(text.contains("00000000  69 64 2c 6e"), "{text}");
    assert!(text.contains("872 more bytes; see seektell hex long"), "{text}");
    let none = room.run(&[]).ok();
    assert!(none.err.contains("--help") && none.out.is_empty());
    let mixed = room.run(&["missing", "people.csv"]);
    assert_eq!(mixed.code, Some(1));
    assert!(mixed.text().contains("CSV table") && mixed.err.contains("no such file: missing"), "{}", mixed.err);
    assert!(room.pipe(&["-"], b"{\"a\":1}").ok().text().contains("JSON"));
}

#[test]
fn the_list_of_formats_is_the_registry() {
    let room = Room::new();
    let text = room.run(&["formats"]).ok().text();
    let json = room.run(&["formats", "--json"]).ok().json();
    for (info, row) in seektell::formats::FORMATS.iter().zip(json.as_array().unwrap()) {
        assert!(text.lines().any(|line| line.starts_with(info.id) && line.contains(info.name)), "{}", info.id);
        assert_eq!(row["id"], info.id);
        assert_eq!(row["extensions"][0], info.extensions[0]);
    }
    assert_eq!(json.as_array().unwrap().len(), seektell::formats::FORMATS.len());
}

#[cfg(feature = "gui")]
#[test]
fn a_screenshot_needs_no_display() {
    let room = Room::new();
    room.write("people.csv", PEOPLE);
    let ran = room.run(&["screenshot", "people.csv", "-o", "shot.png", "--size", "640x400"]).ok();
    assert!(ran.text().contains("shot.png (640 x 400 pixels)"), "{}", ran.text());
    assert!(room.read("shot.png").starts_with(b"\x89PNG"));
    room.run(&["screenshot", "people.csv", "-o", "shot.png"]).fails(1, &["--overwrite", "shot.png\n"]);
    room.run(&["screenshot", "missing", "-o", "other.png"]).fails(1, &["no such file", "missing\n"]);
    room.run(&["screenshot", "people.csv", "-o", "x.png", "--size", "1x1"]).fails(2, &["320x240"]);
}

#[test]
fn search_prints_offsets() {
    let room = Room::new();
    room.write("a.bin", b"..needle..NEEDLE\x01\x02..").write("b.bin", b"nothing here").write("c.bin", b"needle");
    let out = |arguments: &[&str]| {
        let ran = room.run(&[&["search"], arguments].concat());
        assert_eq!(ran.err, "", "{arguments:?}");
        (ran.code, ran.text())
    };
    assert_eq!(out(&["a.bin", "needle"]), (Some(0), "0x2\n".into()));
    assert_eq!(out(&["-i", "-d", "a.bin", "needle"]), (Some(0), "2\n10\n".into()));
    assert_eq!(out(&["b.bin", "needle"]), (Some(1), String::new()), "nothing is no error");
    assert_eq!(out(&["a.bin", "b.bin", "c.bin", "needle"]), (Some(0), "a.bin: 0x2\nc.bin: 0x0\n".into()));
    assert_eq!(out(&["-c", "a.bin", "c.bin", "e"]), (Some(0), "a.bin: 3\nc.bin: 3\n".into()));
    assert_eq!(out(&["-x", "a.bin", "01 0?"]), (Some(0), "0x10\n".into()));
    assert_eq!(out(&["-r", "a.bin", r"[A-Z]{3}", "-m", "1"]), (Some(0), "0xA\n".into()));
    assert_eq!(out(&["-t", "u16:be", "a.bin", "0x0100..0x01FF"]), (Some(0), "0x10\n".into()));
    assert_eq!(out(&["a.bin", "-e", "needle", "-e", "EDL"]), (Some(0), "0x2  needle\n0xC  EDL\n".into()));
    assert_eq!(out(&["--range", "3..", "-i", "a.bin", "needle"]), (Some(0), "0xA\n".into()));
    assert_eq!(out(&["--range", "-4+2", "-x", "a.bin", "01"]), (Some(0), "0x10\n".into()));
    assert_eq!(out(&["--overlapping", "a.bin", ".", "--align", "2"]), (Some(0), "0x0\n0x8\n0x12\n".into()));
    let json = room.run(&["search", "--json", "a.bin", "needle", "-i"]).ok().text();
    let lines: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[1], serde_json::json!({ "path": "a.bin", "offset": 10, "length": 6, "needle": 0 }));
    let piped = room.pipe(&["search", "-", "two"], b"one two");
    assert_eq!(piped.ok().text(), "0x4\n");
    room.run(&["search", "a.bin", "-x", "1g"]).fails(2, &["not a hex digit"]);
    room.run(&["search", "-r", "a.bin", "(a{1000}){1000}"]).fails(2, &["too large"]);
    let wrong = room.run(&["search", "-r", "a.bin", "été(b"]);
    assert_eq!(wrong.code, Some(2));
    let caret = "unclosed group, at character 4:\n  été(b\n     ^\nsee seektell search --help\n";
    assert!(wrong.err.ends_with(caret), "{}", wrong.err);
    let wrong = room.run(&["strings", "--filter", "a[z-b]", "a.bin"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("at character 3:\n  a[z-b]\n    ^\n"), "{}", wrong.err);
    room.run(&["search", "needle"]).fails(2, &["name a file"]);
    room.run(&["search", "-x", "-r", "a.bin", "00"]).fails(2, &["cannot be used with"]);
    room.run(&["search", "-t", "u9", "a.bin", "1"]).fails(2, &["u9"]);
    room.run(&["search", "absent.bin", "x"]).fails(2, &["absent.bin"]);
}

#[test]
fn search_passes_no_escapes_on() {
    let room = Room::new();
    let name = "esc\u{1b}[31m\u{202e}.bin";
    room.write(name, b"a\x1b[31mb").write("other.bin", b"a\x1b[31mb");
    for arguments in [vec!["search", name, "other.bin", "-e", "\u{1b}[31m", "-e", "b"], vec!["search", "--json", name, "b"]] {
        let ran = room.run(&arguments).ok();
        assert!(!ran.out.is_empty());
        assert_inert(&ran.text());
    }
}

#[test]
fn compare_says_where_two_files_differ_and_its_status_is_that_of_cmp() {
    let room = Room::new();
    room.write("a", b"one two three").write("b", b"one TWO three!!!").write("same", b"one two three");
    let ran = room.run(&["compare", "a", "same"]);
    assert_eq!((ran.code, ran.out.as_slice()), (Some(0), &b"the same: 13 bytes\n"[..]));
    let ran = room.run(&["compare", "a", "b"]);
    let out = String::from_utf8(ran.out).unwrap();
    assert_eq!(ran.code, Some(1));
    assert!(out.starts_with("changed 0x4 +3\n< 00000004  74 77 6f  "), "{out}");
    assert!(out.ends_with("only in the second 0xD +3, missing at 0xD\n> 0000000d  21 21 21                                          |!!!|\n3 bytes changed, 3 bytes only in b in 2 places\n"), "{out}");
    let ran = room.run(&["compare", "a", "b", "--aligned", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&ran.out).unwrap();
    assert_eq!((ran.code, json["method"].as_str(), json["only_right"].as_u64()), (Some(1), Some("aligned"), Some(3)));
    let ran = room.run(&["compare", "a", "b", "--quiet"]);
    assert_eq!((ran.code, ran.out.len(), ran.err.len()), (Some(1), 0, 0));
    let ran = room.run(&["compare", "a", "missing"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.ends_with("missing\n"), "{}", ran.err);
    assert_eq!(room.run(&["compare", "a"]).code, Some(2));
    assert_eq!(room.pipe(&["compare", "-", "a"], b"one two three").code, Some(0));
    // One character is two bytes on one side: the others stay where they are.
    room.write("n", "na\u{EF}ve").write("m", "naive");
    let ran = room.run(&["compare", "n", "m", "--text=utf-8"]);
    let out = String::from_utf8(ran.out).unwrap();
    assert_eq!((ran.code, out.as_str()), (Some(1), "changed 0x2 +1\n< \u{EF}\n> i\n1 character changed in 1 place\n"));
    let many: Vec<u8> = (0..100).map(|i| u8::from(i % 2 == 0)).collect();
    room.write("zeros", [0; 100]).write("many", many);
    let ran = room.run(&["compare", "zeros", "many", "--limit", "3", "--csv"]);
    assert_eq!(String::from_utf8(ran.out).unwrap().lines().count(), 4);
    let ran = room.run(&["compare", "zeros", "many", "--limit", "3"]);
    assert!(
        String::from_utf8(ran.out).unwrap().ends_with("50 bytes changed in 50 places; the first 3 are listed, see --limit\n")
    );
}

#[test]
fn what_a_comparison_of_texts_may_take_in_memory_can_be_said() {
    let room = Room::new();
    room.write("n", "one\ntwo\n".repeat(1000)).write("m", "one\ntwo\n".repeat(999) + "one\nzwo\n");
    for memory in ["1M", "2G", "64K"] {
        let ran = room.run(&["compare", "n", "m", "--text=utf-8", "--memory", memory]);
        assert_eq!(ran.code, Some(1), "{memory}: {}", ran.err);
    }
    // Too little: refused with the file, what it needs and the limit, and trouble is not a difference.
    room.run(&["compare", "n", "m", "--text=utf-8", "--memory", "100"]).fails(2, &["8000 bytes", "100 bytes", "n\n"]);
    for (memory, words) in [("lots", "lots"), ("", "--memory"), ("-5", "-5"), ("1.5.2G", "1.5.2G")] {
        room.run(&["compare", "n", "m", "--text=utf-8", "--memory", memory]).fails(2, &[words]);
    }
    // Of bytes nothing is held, so nothing is refused.
    assert_eq!(room.run(&["compare", "n", "m", "--memory", "1"]).code, Some(1));
}

#[test]
fn what_the_shown_file_may_take_in_memory_can_be_said() {
    let room = Room::new();
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_pixel(900, 700, image::Rgba([200, 30, 30, 255])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    room.write("red.png", png.into_inner());
    let shot = |name: &str, more: &[&str]| {
        room.run(&[&["screenshot", "red.png", "-o", name, "--size", "1280x800"], more].concat()).ok();
        let pixels = image::load_from_memory(&room.read(name)).unwrap().into_rgba8();
        let red = pixels.pixels().filter(|pixel| pixel.0[0] > 180 && pixel.0[1] < 60).count();
        red > 1000
    };
    assert!(shot("usual.png", &[]) && shot("enough.png", &["--limit", "1G"]));
    // Too little: the window says so in place of the picture.
    assert!(!shot("little.png", &["--limit", "10K"]));
    for (limit, words) in [("lots", "lots"), ("-5", "-5"), ("", "--limit")] {
        room.run(&["screenshot", "red.png", "-o", "no.png", "--limit", limit]).fails(2, &[words]);
    }
    assert!(!room.path("no.png").exists());
}

#[test]
fn digests_are_printed_as_sum_files_have_them() {
    let room = Room::new();
    room.write("a b.bin", "abc").write("other", "123456789");
    let sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(room.run(&["hash", "a b.bin"]).ok().text(), format!("{sha}  a b.bin\n"));
    let two = room.run(&["hash", "other", "-a", "crc32,crc-16/xmodem"]).ok().text();
    assert_eq!(two, "CRC32 (other) = cbf43926\nCRC-16/XMODEM (other) = 31c3\n");
    let part = room.run(&["hash", "other", "-a", "md5", "--range", "0..3"]).ok().text();
    assert_eq!(part, "202cb962ac59075b964b07152d234b70  other\n");
    assert_eq!(room.pipe(&["hash", "-"], b"abc").ok().text(), format!("{sha}  -\n"));
    let json = room.run(&["hash", "--json", "-a", "sha256", "a b.bin"]).ok().json();
    assert_eq!(json[0]["digests"]["sha256"], sha);
    room.run(&["hash", "other", "-a", "md6"]).fails(2, &["md6 is no hash function"]);
    for command in [["hash", "other"], ["search", "other"]] {
        let words = |range: &'static str| match command[0] {
            "hash" => vec!["hash", "other", "-a", "md5", "--range", range],
            _ => vec!["search", "other", "2", "--count", "--range", range],
        };
        let help = format!("see seektell {} --help", command[0]);
        for range in ["0..99", "1k..", "-10..", "5+5"] {
            room.run(&words(range)).fails(2, &["the range lies outside of the 9 bytes: other"]);
        }
        for range in ["3", "x..y", "9..1q"] {
            room.run(&words(range)).fails(2, &[&help]);
        }
        room.run(&words("0..3")).ok();
        room.run(&words("-9..-2")).ok();
        room.run(&[command[0], "--nosuch", "other"]).fails(2, &[&help]);
    }
    room.run(&["hash", "missing"]).fails(1, &["missing"]);
    assert!(room.run(&["hash", "--list"]).ok().text().contains("crc-64/xz"));
}

#[test]
fn coreutils_check_what_hash_prints() {
    let room = Room::new();
    room.write("plain.bin", vec![7; 100_000]).write("back\\slash and space", "x");
    for (arguments, checker) in [
        (vec!["hash", "plain.bin", "back\\slash and space"], "sha256sum"),
        (vec!["hash", "--tag", "-a", "sha512", "plain.bin"], "sha512sum"),
        (vec!["hash", "-a", "md5", "plain.bin"], "md5sum"),
    ] {
        room.write("sums", room.run(&arguments).ok().out);
        match Command::new(checker).args(["-c", "sums"]).current_dir(room.folder.path()).output() {
            Ok(checked) => assert!(checked.status.success(), "{checker}: {}", String::from_utf8_lossy(&checked.stderr)),
            Err(error) => eprintln!("skipped: {checker} is not here: {error}"),
        }
    }
}

#[test]
fn the_parts_of_a_container() {
    let room = Room::new();
    let photo = include_bytes!("../../assets/samples/photo.png");
    room.write("photo.png", photo).write("plain.txt", "text");
    let text = room.run(&["info", "--structure", "photo.png"]).ok().text();
    assert!(text.contains("\n      IHDR: image header  [0008 +25]\n"), "{text}");
    assert!(text.contains("(correct)"), "{text}");
    assert_inert(&text);
    let json = room.run(&["info", "--structure", "--json", "photo.png", "plain.txt"]).ok().json();
    assert_eq!(json[0]["structure"]["name"], "PNG");
    assert_eq!(json[0]["structure"]["children"][0]["len"], 8);
    assert!(json[1]["structure"].is_null());
    let plain = room.run(&["info", "--json", "photo.png"]).ok().json();
    assert!(plain[0].get("structure").is_none());
}

#[test]
fn a_part_of_a_file_is_converted() {
    let room = Room::new();
    let bytes: Vec<u8> = (0..=255).collect();
    room.write("all.bin", &bytes).write("people.csv", PEOPLE);
    room.run(&["convert", "all.bin", "--range", "0x10..0x20", "-o", "part.bin"]).ok();
    assert_eq!(room.read("part.bin"), bytes[0x10..0x20]);
    room.run(&["convert", "all.bin", "--range", "0xF0+16", "-o", "part.bin", "--overwrite"]).ok();
    assert_eq!(room.read("part.bin"), bytes[0xF0..]);
    let hex = room.run(&["convert", "all.bin", "--range", "..4", "--to", "hex", "-o", "-"]).ok().text();
    assert_eq!(hex.trim_end(), "00010203");
    // What the name says of the whole is not said of a part.
    room.run(&["convert", "people.csv", "--range", "9..", "--to", "bytes", "-o", "rows"]).ok();
    assert_eq!(room.read("rows"), &PEOPLE.as_bytes()[9..]);
    let ran = room.run(&["convert", "all.bin", "--range", "0..257", "-o", "more.bin"]);
    assert_ne!(ran.code, Some(0));
    assert!(ran.err.contains("the range lies outside of the 256 bytes"), "{}", ran.err);
    assert!(!room.path("more.bin").exists());
}

/// Somebody ends the program while it writes: it leaves nothing behind, and says so with the status that shells expect. The signal is
/// one that nobody ignores for the programs that they start, as `nohup` and background jobs do with the others.
#[test]
fn an_interrupted_conversion_leaves_no_file() {
    use rustix::process::{Pid, Signal, kill_process};
    use std::time::{Duration, Instant};

    let room = Room::new();
    // A hole, so large that nobody packs it before the signal comes.
    fs::File::create(room.path("hole")).unwrap().set_len(1 << 40).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_seektell"))
        .args(["convert", "hole", "-o", "hole.gz"])
        .current_dir(room.folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let names = || fs::read_dir(room.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    while names().len() < 2 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it wrote anything");
        std::thread::sleep(Duration::from_millis(2));
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let asked = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if asked.elapsed() > Duration::from_mins(1) {
            child.kill().unwrap();
            panic!("it does not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130), "{ended:?}");
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "seektell: cancelled: hole\n");
    assert_eq!(names(), ["hole"]);
}
