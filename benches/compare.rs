//! Comparing two contents of a gibibyte by position, as files and in memory, beside `cmp` on the same files; and 256 MiB
//! aligned across a hundred insertions. One JSON line a case: time, and the most memory beyond what was held before.
//!
//! `cargo bench --bench compare`; `-- --quick` takes a sixteenth of the sizes.

use std::io::Write;
use std::path::Path;

#[path = "harness/memory.rs"]
mod memory;

use memory::case;
use seektell::buffer::Buffer;
use seektell::explore::compare::{Comparison, Method, Options, compare};
use seektell::files;
use seektell::tasks::Progress;

fn told(found: &Comparison) -> String {
    let counts = &found.counts;
    format!(
        "{} places, {} changed, {} only right, {} unaligned",
        counts.places, counts.changed, counts.only_right, counts.unaligned
    )
}

fn random(rng: &mut fastrand::Rng, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    rng.fill(&mut bytes);
    bytes
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::File::create(path).and_then(|mut file| file.write_all(bytes)).expect("the temporary folder has room");
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let runs = if quick { 1 } else { 5 };
    let scale = if quick { 16 } else { 1 };
    let (gib, part) = ((1 << 30) / scale, (256 << 20) / scale);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (left_path, right_path) = (folder.path().join("left"), folder.path().join("right"));
    let mut rng = fastrand::Rng::with_seed(1);

    let left = random(&mut rng, gib);
    let mut right = left.clone();
    for _ in 0..1000 {
        let at = rng.usize(..right.len());
        right[at] ^= 0x55;
    }
    write(&left_path, &left);
    write(&right_path, &right);
    let position = |left: &Buffer, right: &Buffer| {
        told(&compare(left, right, &Options::new(Method::Position), &Progress::new()).expect("both can be read"))
    };
    {
        let (left, right) = (Buffer::from(left), Buffer::from(right));
        case(runs, "position_2x1GiB_memory", "seektell", gib as u64, || position(&left, &right));
    }
    let open = |path: &Path| files::open(path).expect("it was just written").buffer;
    case(runs, "position_2x1GiB_files", "seektell", gib as u64, || position(&open(&left_path), &open(&right_path)));
    for (name, arguments) in [("position_2x1GiB_files", &["-l"][..]), ("same_2x1GiB_files", &["-s"])] {
        let right = if name.starts_with("same") { &left_path } else { &right_path };
        let other = folder.path().join("other");
        if name.starts_with("same") {
            std::fs::copy(right, &other).expect("the temporary folder has room");
            case(runs, name, "seektell", gib as u64, || position(&open(&left_path), &open(&other)));
        }
        let right = if name.starts_with("same") { &other } else { right };
        let mut command = std::process::Command::new("cmp");
        // Through a pipe: into /dev/null it stops at the first difference.
        command.args(arguments).arg(&left_path).arg(right);
        if command.output().is_err() {
            eprintln!("cmp is not installed: nothing to stand beside");
            continue;
        }
        let lines = |out: Vec<u8>| out.iter().filter(|&&byte| byte == b'\n').count();
        case(runs, name, "cmp", gib as u64, || {
            command.output().map(|ran| format!("{} lines", lines(ran.stdout))).unwrap_or_default()
        });
    }

    let left = random(&mut rng, part);
    let mut right = Vec::with_capacity(part + (1 << 20));
    let mut cuts: Vec<usize> = (0..100).map(|_| rng.usize(..part)).collect();
    cuts.sort_unstable();
    let mut at = 0;
    for cut in cuts {
        right.extend_from_slice(&left[at..cut]);
        let len = rng.usize(1..4096);
        right.extend(random(&mut rng, len));
        at = cut;
    }
    right.extend_from_slice(&left[at..]);
    write(&left_path, &left);
    write(&right_path, &right);
    let aligned = |left: &Buffer, right: &Buffer| {
        told(&compare(left, right, &Options::new(Method::Aligned), &Progress::new()).expect("both can be read"))
    };
    {
        let (left, right) = (Buffer::from(left), Buffer::from(right));
        case(runs, "aligned_100_insertions_256MiB_memory", "seektell", part as u64, || aligned(&left, &right));
    }
    case(runs, "aligned_100_insertions_256MiB_files", "seektell", part as u64, || aligned(&open(&left_path), &open(&right_path)));
}
