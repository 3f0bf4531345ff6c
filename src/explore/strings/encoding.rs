//! The encodings that strings are looked for in.

use std::sync::{Mutex, PoisonError};

use crate::buffer::Buffer;
use crate::stream::codec;

/// What a string is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// ASCII alone.
    Ascii,
    /// UTF-8.
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// A charset of one byte a character.
    Single(&'static SingleByte),
}

/// A charset of one byte a character.
#[derive(Debug)]
pub struct SingleByte {
    name: String,
    chars: [Option<char>; 256],
}

impl PartialEq for SingleByte {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for SingleByte {}

impl std::hash::Hash for SingleByte {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl SingleByte {
    /// Its name as Python has it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a byte means; `None` where it means nothing.
    pub fn char(&self, byte: u8) -> Option<char> {
        self.chars[usize::from(byte)]
    }

    /// The charset of this name in Python, such as `latin-1`, `cp437`, `koi8-r` or `cp037`; `None` for a name that means
    /// nothing or an encoding with several bytes a character. Each is made once and kept: there are about a hundred.
    fn of(name: &str) -> Option<&'static Self> {
        static KNOWN: Mutex<Vec<&SingleByte>> = Mutex::new(Vec::new());
        let name = name.trim().to_ascii_lowercase().replace('_', "-");
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.iter().find(|known| known.name == name) {
            return Some(found);
        }
        let decode = |bytes: &[u8], errors: &str| {
            let text = codec::decode(&Buffer::from(bytes), &name, errors).ok()?;
            Some(text.code_points().collect::<Vec<u32>>())
        };
        // Every byte is one character, also beside any other.
        let every: Vec<u8> = (0..=255).collect();
        let all = decode(&every, "replace").filter(|all| all.len() == 256)?;
        let twice: Vec<u8> = every.iter().flat_map(|&byte| [byte, b'A', byte, byte ^ 0x55]).collect();
        if decode(&twice, "replace")?.len() != twice.len() {
            return None;
        }
        let chars: Vec<Option<char>> = all.iter().map(|&point| char::from_u32(point).filter(|&c| c != '\u{FFFD}')).collect();
        // UTF-8 passes for one where nothing valid was tried: what means nothing from 0x80 on is no charset of its own.
        if chars[128..].iter().all(Option::is_none) {
            return None;
        }
        let made: &'static Self = Box::leak(Box::new(Self { name, chars: chars.try_into().ok()? }));
        known.push(made);
        Some(made)
    }
}

impl Encoding {
    /// What it is called.
    pub fn name(&self) -> &str {
        match self {
            Self::Ascii => "ASCII",
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Single(charset) => charset.name(),
        }
    }

    /// By its name: `ascii`, `utf-8`, `utf-16le`, `utf-16be`, or Python's name of a charset of one byte a character.
    ///
    /// ```
    /// use seektell::explore::strings::Encoding;
    /// assert_eq!(Encoding::from_name("UTF-16LE"), Some(Encoding::Utf16Le));
    /// assert_eq!(Encoding::from_name("cp437").map(|found| found.name().to_owned()), Some("cp437".to_owned()));
    /// assert_eq!(Encoding::from_name("utf-32"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().replace('_', "-").as_str() {
            "ascii" | "us-ascii" => Some(Self::Ascii),
            "utf-8" | "utf8" => Some(Self::Utf8),
            "utf-16le" | "utf-16-le" | "utf16le" => Some(Self::Utf16Le),
            "utf-16be" | "utf-16-be" | "utf16be" => Some(Self::Utf16Be),
            _ => SingleByte::of(name).map(Self::Single),
        }
    }

    /// The charsets that menus offer beside the Unicode ones.
    pub const OFFERED: [&'static str; 10] =
        ["latin-1", "cp1252", "cp437", "cp850", "cp1250", "cp1251", "koi8-r", "iso8859-15", "mac-roman", "cp037"];

    /// The place in lists.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Ascii => 0,
            Self::Utf8 => 1,
            Self::Utf16Le => 2,
            Self::Utf16Be => 3,
            Self::Single(_) => 4,
        }
    }
}

/// Whether a character is part of a string: neither control, nor unassigned as far as that is cheaply known, nor a
/// separator of lines, nor for private use.
pub(super) fn is_printable(c: char) -> bool {
    match c {
        ' '..='~' | '\t' => true,
        '\0'..='\u{9F}' => false,
        '\u{2028}' | '\u{2029}' | '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFF}' => false,
        '\u{FDD0}'..='\u{FDEF}' => false,
        _ => u32::from(c) < 0x32_0000 && u32::from(c) & 0xFFFE != 0xFFFE && u32::from(c) < 0xE_0000,
    }
}
