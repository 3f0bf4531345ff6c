//! Names of members: which are safe to be files, and what our own become.

use std::path::PathBuf;

use super::What;

/// Why a member is not written under its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Risk {
    /// A part of it is `..`.
    Parent,
    /// It starts at the root.
    Absolute,
    /// It names a drive or a stream: it has a colon.
    Drive,
    /// It has a backslash, which parts folders on some systems.
    Backslash,
    /// A part is the name of a device (`CON`, `NUL`, `COM1`).
    Device,
    /// It has control characters, or some that turn or hide others.
    Control,
    /// It is not UTF-8, or it is empty.
    NoText,
    /// A part ends in a dot or a blank, which some systems take off.
    Ending,
    /// It is a link.
    Link,
    /// It is a device, a pipe or another record that is no file.
    Special,
}

impl Risk {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Parent => "its name leads out of the folder (..)",
            Self::Absolute => "its name starts at the root",
            Self::Drive => "its name has a colon, as drives have",
            Self::Backslash => "its name has a backslash",
            Self::Device => "its name is that of a device",
            Self::Control => "its name has characters that are not seen",
            Self::NoText => "its name is empty or no UTF-8",
            Self::Ending => "a part of its name ends in a dot or a blank",
            Self::Link => "it is a link",
            Self::Special => "it is no file",
        }
    }
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |prefix| stem.strip_prefix(prefix).is_some_and(|n: &str| n.len() == 1 && n.as_bytes()[0].is_ascii_digit());
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

pub(super) fn risk(raw: &[u8], what: What) -> Option<Risk> {
    match what {
        What::Link => return Some(Risk::Link),
        What::Other => return Some(Risk::Special),
        What::File | What::Folder => {}
    }
    let Some(name) = std::str::from_utf8(raw).ok().filter(|name| !name.trim_matches('/').is_empty()) else {
        return Some(if raw.starts_with(b"/") { Risk::Absolute } else { Risk::NoText });
    };
    let name = if what == What::Folder { name.strip_suffix('/').unwrap_or(name) } else { name };
    let parts = || name.split('/');
    let checks = [
        (parts().any(|part| part == "..") || name.split('\\').any(|part| part == ".."), Risk::Parent),
        (name.starts_with(['/', '\\']), Risk::Absolute),
        (name.contains(':'), Risk::Drive),
        (name.contains('\\'), Risk::Backslash),
        (name.chars().any(is_hidden), Risk::Control),
        (parts().any(is_device), Risk::Device),
        (parts().any(|part| part.ends_with([' ', '.']) && part != "."), Risk::Ending),
    ];
    checks.into_iter().find(|(bad, _)| *bad).map(|(_, risk)| risk)
}

/// The path below a folder that a safe name stands for: its parts without `.` and empty ones.
///
/// ```
/// use seektell::formats::archive::safe_path;
/// assert_eq!(safe_path("./a//b.txt").unwrap(), std::path::Path::new("a/b.txt"));
/// assert!(safe_path("../b.txt").is_none() && safe_path("C:b").is_none() && safe_path("a/nul.txt").is_none());
/// ```
pub fn safe_path(name: &str) -> Option<PathBuf> {
    if risk(name.as_bytes(), if name.ends_with('/') { What::Folder } else { What::File }).is_some() {
        return None;
    }
    let path: PathBuf = name.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    (!path.as_os_str().is_empty()).then_some(path)
}

/// What a member of ours is called: the name of its file, with everything that others would refuse replaced, and a number
/// where `taken` has it already.
pub fn packed_name(name: &str, taken: &mut std::collections::HashSet<String>) -> String {
    let illegal = |c: char| is_hidden(c) || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let clean: String = name.chars().map(|c| if illegal(c) { '_' } else { c }).collect();
    let clean = clean.trim_end_matches([' ', '.']);
    let clean = if clean.is_empty() { "untitled".to_owned() } else { clean.to_owned() };
    let clean = if is_device(&clean) { format!("_{clean}") } else { clean };
    let (stem, extension) = match clean.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem.to_owned(), format!(".{extension}")),
        _ => (clean.clone(), String::new()),
    };
    let mut candidate = clean;
    let mut number = 2_u64;
    while !taken.insert(candidate.to_lowercase()) {
        candidate = format!("{stem} {number}{extension}");
        number += 1;
    }
    candidate
}
