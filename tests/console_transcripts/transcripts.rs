//! The console's modules of codecs, dates, archives and pictures, beside what CPython (and Pillow) printed for the same scripts;
//! and what happens to hostile input.
#![allow(clippy::unwrap_used, reason = "what goes wrong here is a failed test")]

use std::fmt::Write;

use seektell::console::session::SCRIPT;
use seektell::console::vm::Limits;

use crate::kit::{run, without_addresses};

fn transcript_within(source: &str, limits: Limits) -> String {
    let (mut text, outcome) = run(source, limits);
    if let Err(error) = outcome {
        writeln!(text, "ended: {error}").unwrap();
    }
    text
}

fn transcript(source: &str) -> String {
    transcript_within(source, SCRIPT)
}

fn compare(script: &str, expected: &str) {
    let text = without_addresses(&transcript(script));
    for (n, (ours, theirs)) in text.lines().zip(expected.lines()).enumerate() {
        assert_eq!(ours, theirs, "line {} of the transcript", n + 1);
    }
    assert_eq!(text.lines().count(), expected.lines().count());
}

#[test]
fn base64_binascii_and_hashlib_print_what_cpython_prints() {
    compare(include_str!("transcripts/codecs.py"), include_str!("transcripts/codecs.txt"));
}

#[test]
fn dates_and_times_print_what_cpython_prints() {
    compare(include_str!("transcripts/datetime.py"), include_str!("transcripts/datetime.txt"));
}

#[test]
fn archives_print_what_cpython_prints() {
    compare(include_str!("transcripts/zipfile.py"), include_str!("transcripts/zipfile.txt"));
}

#[test]
fn pictures_print_what_pillow_prints() {
    compare(include_str!("transcripts/pictures.py"), include_str!("transcripts/pictures.txt"));
}

#[test]
fn a_mixed_script_prints_what_cpython_prints() {
    compare(include_str!("transcripts/mixed.py"), include_str!("transcripts/mixed.txt"));
}

#[test]
fn nothing_takes_more_memory_than_allowed() {
    let small = Limits { memory: 64 << 20, ..SCRIPT };
    let cases = [
        ("from PIL import Image\nImage.new('RGB', (60000, 60000))\n", "MemoryError\n"),
        ("from PIL import Image\nImage.new('L', (2, 2)).resize((100000, 100000))\n", "MemoryError\n"),
        ("from PIL import Image\nImage.new('L', (2, 2)).crop((0, 0, 2147483647, 2147483647))\n", "MemoryError\n"),
        ("import hashlib\nhashlib.shake_128(b'').digest(2**40)\n", "MemoryError\n"),
        ("import datetime\nlen(datetime.date(1, 1, 1).strftime('%A' * (4 << 20)))\n", "MemoryError\n"),
    ];
    for (script, expected) in cases {
        assert_eq!(transcript_within(script, small), expected, "{script}");
    }
}

#[test]
fn a_bomb_in_an_archive_ends_in_an_error() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("bomb", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..200 {
        std::io::Write::write_all(&mut writer, &[0; 1 << 20]).unwrap();
    }
    let archive = writer.finish().unwrap().into_inner();
    assert!(archive.len() < 1 << 20);
    let archive = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, archive);
    let script = format!(
        "import base64, io, zipfile\nz = zipfile.ZipFile(io.BytesIO(base64.b64decode('{archive}')))\nz.namelist()\nz.read('bomb')\nz.testzip()\n"
    );
    let limits = Limits { memory: 128 << 20, ..SCRIPT };
    assert_eq!(transcript_within(&script, limits), "['bomb']\nMemoryError\nMemoryError\n");
    // A member that claims to be small but is not is cut at what it claims, and its sum is wrong.
    let lying = "
import io, zipfile
b = io.BytesIO()
with zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED) as z: z.writestr('a', bytes(1000000))
data = bytearray(b.getvalue())
at = data.rfind(b'PK\\x01\\x02')
data[at + 24:at + 28] = b'\\x10\\x00\\x00\\x00'
zipfile.ZipFile(io.BytesIO(data)).read('a')
";
    assert_eq!(transcript(lying), "BadZipFile: Bad CRC-32 for file 'a'\n".replace("BadZipFile", "zipfile.BadZipFile"));
}

#[test]
fn members_that_overlap_are_refused() {
    let script = "
import io, zipfile
b = io.BytesIO()
with zipfile.ZipFile(b, 'w') as z:
    z.writestr('a', 'first'); z.writestr('b', 'second')
data = bytearray(b.getvalue())
at = data.find(b'PK\\x01\\x02')
data[at + 20:at + 24] = b'\\xff\\x00\\x00\\x00'
zipfile.ZipFile(io.BytesIO(data)).read('a')
zipfile.ZipFile(io.BytesIO(data)).read('b')
";
    let expected = "zipfile.BadZipFile: Overlapped entries: 'a' (possible zip bomb)\nb'second'\n";
    assert_eq!(transcript(script), expected);
}

#[test]
fn damaged_archives_never_do_more_than_raise() {
    let script = "
import io, zipfile
b = io.BytesIO()
with zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('one', b'abc' * 30); z.writestr('two/', ''); z.writestr('é', b'x')
good = b.getvalue()
for at in range(len(good)):
    for bit in (1, 128):
        bad = bytearray(good)
        bad[at] ^= bit
        try:
            z = zipfile.ZipFile(io.BytesIO(bad))
            for name in z.namelist(): z.read(name)
        except Exception: pass
for end in range(len(good)):
    try: zipfile.ZipFile(io.BytesIO(good[:end]))
    except zipfile.BadZipFile: pass
print('whole')
";
    assert_eq!(transcript(script), "whole\n");
}

#[test]
fn damaged_pictures_never_do_more_than_raise() {
    let script = "
import io
from PIL import Image
for format in ['PNG', 'JPEG', 'GIF', 'BMP', 'TIFF', 'WEBP', 'ICO', 'PPM', 'QOI']:
    b = io.BytesIO()
    Image.new('RGB', (5, 4), 'red').save(b, format)
    good = b.getvalue()
    for at in range(0, len(good), 3):
        bad = bytearray(good)
        bad[at] ^= 64
        for data in (bad, good[:at]):
            try: Image.open(io.BytesIO(data)).resize((3, 3)).tobytes()
            except Exception: pass
print('whole')
";
    assert_eq!(transcript(script), "whole\n");
}

#[test]
fn a_script_that_changes_a_picture_while_it_is_looked_at_is_no_trouble() {
    let script = "
from PIL import Image
im = Image.new('RGB', (3, 3))
def at():
    im.putpixel((0, 0), (1, 2, 3))
    yield 0
    im.thumbnail((1, 1))
    yield 0
im.getpixel(at())
im.size
im.resize((n for n in (2, 2)), box=(n for n in (0, 0, 1, 1))).size
";
    assert_eq!(transcript(script), "(1, 2, 3)\n(1, 1)\n(2, 2)\n".replace("(1, 2, 3)", "(0, 0, 0)"));
}
