//! Names of files: how they are shown, suggested, and kept from overwriting each other.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The most bytes that the name of a file has on every usual file system.
const NAME_MAX: usize = 255;

/// A path for a person to read: control characters and those that turn the direction of text or have no width are
/// written as escapes, and bytes that are not UTF-8 as `\xFF`, so that a name cannot pretend to be another one or send
/// commands to a terminal.
///
/// ```
/// use seektell::files::display_path;
/// assert_eq!(display_path("tables/people.csv".as_ref()), "tables/people.csv");
/// assert_eq!(display_path("a\u{1b}[31m\n\u{202e}gnp.exe".as_ref()), r"a\u{1b}[31m\n\u{202e}gnp.exe");
/// ```
pub fn display_path(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut shown = String::with_capacity(bytes.len());
    for part in bytes.utf8_chunks() {
        for character in part.valid().chars() {
            if is_deceptive(character) {
                shown.extend(character.escape_default());
            } else {
                shown.push(character);
            }
        }
        for byte in part.invalid() {
            write!(shown, "\\x{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    shown
}

/// Characters that are not seen, or change how their neighbours are seen.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A name to offer in a save dialog: `name` (a document's, not a path) with `extension` (no dot) in place of its own, and
/// legal on every system: no separators, no control characters, none of Windows' device names, at most 255 bytes.
///
/// ```
/// use seektell::files::suggest_name;
/// assert_eq!(suggest_name("photo.png", "jpg"), "photo.jpg");
/// assert_eq!(suggest_name("version 1.2", "json"), "version 1.2.json");
/// assert_eq!(suggest_name("a/b:c?", "txt"), "a_b_c_.txt");
/// assert_eq!(suggest_name("", "csv"), "untitled.csv");
/// ```
pub fn suggest_name(name: &str, extension: &str) -> String {
    let mut stem: String = name.chars().map(|c| if is_illegal(c) { '_' } else { c }).collect();
    if let Some((front, old)) = stem.rsplit_once('.')
        && !front.is_empty()
        && (1..=8).contains(&old.len())
        && old.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && old.bytes().any(|byte| byte.is_ascii_alphabetic())
    {
        stem.truncate(front.len());
    }
    // Windows takes dots and blanks off the end; a name that begins with them is hidden or hard to see.
    let mut stem = stem.trim_matches([' ', '.']).to_owned();
    if stem.is_empty() {
        "untitled".clone_into(&mut stem);
    }
    let device = stem.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = |prefix| device.strip_prefix(prefix).is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit());
    if matches!(device.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT") {
        stem.insert(0, '_');
    }
    let tail = if extension.is_empty() { String::new() } else { format!(".{extension}") };
    let room = NAME_MAX.saturating_sub(tail.len());
    stem.truncate(stem.floor_char_boundary(room));
    stem + &tail
}

fn is_illegal(character: char) -> bool {
    matches!(character, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') || is_deceptive(character)
}

/// The path of a file in `folder` that is not there yet: `name`, or "name (2).ext", "name (3).ext" and so on. A link that
/// leads nowhere counts as there. Another program may take the name before it is used, so save with
/// [`Existing::Refuse`](super::Existing::Refuse) all the same.
pub fn free_name(folder: &Path, name: &OsStr) -> PathBuf {
    let plain = folder.join(name);
    if !is_taken(&plain) {
        return plain;
    }
    let mut number = 2;
    loop {
        let candidate = folder.join(numbered_name(name, number));
        if !is_taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// The path that a `file:` address names: `file:///a%20b` and `file://localhost/a%20b` on this machine; `None` for every other.
///
/// ```
/// use seektell::files::path_of_address;
/// assert_eq!(path_of_address("file:///tmp/a%20b").unwrap(), std::path::Path::new("/tmp/a b"));
/// assert!(path_of_address("file://server/share").is_none() && path_of_address("/tmp").is_none());
/// ```
pub fn path_of_address(address: &str) -> Option<PathBuf> {
    let rest = address.strip_prefix("file://")?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if !path.starts_with('/') || path.contains(['?', '#', '\0']) {
        return None;
    }
    let decoded: Vec<u8> = percent_encoding::percent_decode_str(path).collect();
    if decoded.contains(&0) {
        return None;
    }
    #[cfg(unix)]
    return Some(PathBuf::from(<OsString as std::os::unix::ffi::OsStringExt>::from_vec(decoded)));
    #[cfg(not(unix))]
    // Behind the root stands the drive.
    return String::from_utf8(decoded).ok().map(|path| PathBuf::from(path.trim_start_matches('/')));
}

/// A name with a number before its extension: "name (2).ext".
///
/// ```
/// use seektell::files::numbered_name;
/// assert_eq!(numbered_name("a.png".as_ref(), 2), "a (2).png");
/// ```
pub fn numbered_name(name: &OsStr, number: u64) -> OsString {
    let path = Path::new(name);
    let stem = path.file_stem().unwrap_or(name).as_encoded_bytes();
    let mut tail = OsString::from(format!(" ({number})"));
    if let Some(extension) = path.extension() {
        tail.push(".");
        tail.push(extension);
    }
    let mut numbered = shortened(path, stem, NAME_MAX.saturating_sub(tail.len()));
    numbered.push(&tail);
    numbered
}

/// Whether there is something at a path, a link that leads nowhere too.
pub fn is_taken(path: &Path) -> bool {
    // What cannot be looked at is not known to be free, but no other number would be: let the save tell the reason.
    path.symlink_metadata().is_ok()
}

/// The stem of `path` in at most `room` bytes; whole where it fits, so that no byte of a strange name is lost.
fn shortened(path: &Path, stem: &[u8], room: usize) -> OsString {
    let whole = path.file_stem().unwrap_or(path.as_os_str());
    if stem.len() <= room {
        return whole.to_owned();
    }
    let text = whole.to_string_lossy();
    text[..text.floor_char_boundary(room)].into()
}
