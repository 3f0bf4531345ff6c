//! The layers, checked by reading the sources: who may import whom, and who may touch threads, files and colours.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::fs;
use std::path::{Path, PathBuf};

/// A layer, and what of the crate and of the outside world its files must not name.
const RULES: &[(&str, &[&str])] = &[
    (
        "buffer",
        &[
            "crate::net",
            "crate::process",
            "crate::console",
            "crate::stream",
            "crate::document",
            "crate::formats",
            "crate::files",
            "crate::tasks",
            "crate::lesson",
            "crate::convert",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "memchr::",
            "image::",
            "egui",
            "crate::explore",
        ],
    ),
    (
        "stream",
        &[
            "crate::net",
            "crate::process",
            "crate::console",
            "crate::document",
            "crate::formats",
            "crate::files",
            "crate::tasks",
            "crate::lesson",
            "crate::convert",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "egui",
            "crate::explore",
        ],
    ),
    (
        "document",
        &[
            "crate::net",
            "crate::process",
            "crate::console",
            "crate::formats",
            "crate::files",
            "crate::tasks",
            "crate::lesson",
            "crate::convert",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "egui",
            "crate::explore",
        ],
    ),
    (
        "formats",
        &[
            "crate::net",
            "crate::process",
            "crate::console",
            "crate::stream",
            "crate::document",
            "crate::files",
            "crate::lesson",
            "crate::convert",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "std::thread",
            "egui",
            "crate::explore",
        ],
    ),
    (
        "explore",
        &[
            "crate::net",
            "crate::process",
            "crate::console",
            "crate::document",
            "crate::files",
            "crate::lesson",
            "crate::convert",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "std::thread",
            "egui",
        ],
    ),
    (
        "files",
        &[
            "crate::net",
            "crate::process",
            "crate::console",
            "crate::stream",
            "crate::document",
            "crate::formats",
            "crate::lesson",
            "crate::convert",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "egui",
            "crate::explore",
        ],
    ),
    (
        "tasks",
        &[
            "crate::net",
            "crate::process",
            "crate::console",
            "crate::buffer",
            "crate::stream",
            "crate::document",
            "crate::formats",
            "crate::files",
            "crate::lesson",
            "crate::convert",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "egui",
            "crate::explore",
        ],
    ),
    (
        "console",
        &[
            "crate::net",
            "crate::process",
            "crate::document",
            "crate::files",
            "crate::lesson",
            "crate::convert",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "std::net",
            "std::process",
            "egui",
            "crate::explore",
        ],
    ),
    (
        "lesson",
        &[
            "crate::net",
            "crate::process",
            "crate::buffer",
            "crate::stream",
            "crate::document",
            "crate::formats",
            "crate::files",
            "crate::tasks",
            "crate::convert",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "std::thread",
            "egui",
            "crate::explore",
        ],
    ),
    (
        "convert",
        &[
            "crate::console",
            "crate::stream",
            "crate::document",
            "crate::explore",
            "crate::lesson",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "std::thread",
            "egui",
        ],
    ),
    (
        "net",
        &[
            "crate::console",
            "crate::stream",
            "crate::document",
            "crate::formats",
            "crate::files",
            "crate::convert",
            "crate::process",
            "crate::lesson",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "std::process",
            "egui",
            "crate::explore",
        ],
    ),
    (
        "process",
        &[
            "crate::console",
            "crate::stream",
            "crate::document",
            "crate::formats",
            "crate::files",
            "crate::convert",
            "crate::net",
            "crate::lesson",
            "crate::app",
            "crate::ui",
            "crate::cli",
            "std::fs",
            "std::net",
            "egui",
            "crate::explore",
        ],
    ),
    ("app", &["crate::ui", "crate::cli", "std::fs", "std::thread", "egui", "rfd"]),
    ("cli", &["crate::ui", "egui", "rfd", "std::fs::write", "File::create"]),
    ("ui", &["crate::cli", "std::fs::", "File::open"]),
];

/// Places where a rule is broken on purpose, with the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/document/script/rust.rs", "std::fs", "a word of the program that is exported; nothing is read here"),
    ("src/cli/screenshot.rs", "crate::ui", "the one subcommand that paints; it exists with the feature gui only"),
    ("src/cli/mod.rs", "crate::ui", "names the screenshot subcommand's painter, with the feature gui only"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The lines of code of a file: no comments, and nothing from its test module on.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).unwrap();
    let body = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let is_code = |line: &str| !line.trim_start().starts_with("//");
    body.lines().enumerate().filter(|(_, line)| is_code(line)).map(|(n, line)| (n + 1, line.to_owned())).collect()
}

/// Whether a line names a path, at a word's edge.
fn names(line: &str, what: &str) -> bool {
    line.match_indices(what).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + what.len()..].chars().next();
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        edge(before) && (what.ends_with("::") || edge(after))
    })
}

#[test]
fn imports_go_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut broken = Vec::new();
    for (layer, forbidden) in RULES {
        let mut files = Vec::new();
        sources(&root.join("src").join(layer), &mut files);
        assert!(!files.is_empty(), "the layer {layer} has no files");
        for file in files {
            let name = file.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            for (n, line) in code(&file) {
                for what in forbidden.iter().filter(|what| names(&line, what)) {
                    if !EXCEPTIONS.iter().any(|(file, allowed, _)| *file == name && allowed == what) {
                        broken.push(format!("{name}:{n} names {what}: {}", line.trim()));
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "a layer reaches where it must not:\n{}", broken.join("\n"));
}

/// Who reaches the network, and who starts programs: one module each.
#[test]
fn the_network_and_programs_have_one_module_each() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let mut broken = Vec::new();
    for file in files {
        let name = file.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let rules = [
            ("src/net/", ["TcpStream", "UdpSocket", "ureq", "std::net"].as_slice()),
            ("src/process/", &["process::Command", "Stdio"]),
        ];
        for (n, line) in code(&file) {
            for (home, words) in rules.iter().filter(|(home, _)| !name.starts_with(home)) {
                for what in words.iter().filter(|what| names(&line, what)) {
                    broken.push(format!("{name}:{n} names {what}, as only {home} may: {}", line.trim()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "the network or a program is reached elsewhere:\n{}", broken.join("\n"));
}

#[test]
fn only_the_theme_makes_colours() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src/ui"), &mut files);
    let makes = ["Color32::from_rgb", "Color32::from_gray", "Color32::RED", "Color32::WHITE", "Color32::BLACK", "Color32::GRAY"];
    let mut broken = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name == "theme.rs" || name.starts_with("painter") || file.components().any(|part| part.as_os_str() == "painter") {
            continue;
        }
        for (n, line) in code(&file) {
            if makes.iter().any(|what| line.contains(what)) {
                broken.push(format!("{}:{n}: {}", file.display(), line.trim()));
            }
        }
    }
    assert!(broken.is_empty(), "colours outside of ui/theme.rs:\n{}", broken.join("\n"));
}

#[test]
fn files_can_be_read_in_a_sitting() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let long: Vec<String> = files
        .iter()
        .map(|file| (file, fs::read_to_string(file).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > 900)
        .map(|(file, lines)| format!("{} has {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
