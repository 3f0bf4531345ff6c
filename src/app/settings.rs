//! What is remembered from one start to the next. Never document content.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The panes beside the hex view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaneKind {
    /// Bytes; always there.
    Hex,
    /// The bytes a second time, with a scroll position and cells of their own.
    SecondHex,
    /// Lines of text.
    Text,
    /// The picture or table.
    Preview,
    /// Values at the cursor.
    Inspector,
    /// The stream's calls.
    Stream,
    /// What was done.
    Timeline,
    /// Statements and what they printed.
    Console,
    /// Wrappers over the stream, with what they hold.
    Links,
    /// Lessons.
    Lesson,
    /// Matches of a search.
    Search,
    /// Named ranges.
    Bookmarks,
    /// Digests and checksums.
    Hashes,
    /// What the bytes are like as a whole.
    Overview,
    /// Runs of text in the bytes.
    Strings,
    /// What the cells of a table's column are like.
    Column,
    /// The parts of a container.
    Structure,
    /// What is known of a picture beside its pixels.
    Picture,
}

impl PaneKind {
    /// All panes, in the order that F6 visits them.
    pub const ALL: [Self; 18] = [
        Self::Hex,
        Self::SecondHex,
        Self::Text,
        Self::Console,
        Self::Search,
        Self::Timeline,
        Self::Stream,
        Self::Preview,
        Self::Links,
        Self::Structure,
        Self::Inspector,
        Self::Hashes,
        Self::Lesson,
        Self::Bookmarks,
        Self::Overview,
        Self::Strings,
        Self::Column,
        Self::Picture,
    ];

    /// The pane's title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Hex => "Bytes",
            Self::SecondHex => "Bytes again",
            Self::Text => "Text",
            Self::Preview => "Preview",
            Self::Inspector => "Inspector",
            Self::Stream => "Stream",
            Self::Timeline => "Timeline",
            Self::Console => "Console",
            Self::Links => "Wrappers",
            Self::Lesson => "Lesson",
            Self::Search => "Search results",
            Self::Bookmarks => "Bookmarks",
            Self::Hashes => "Hashes",
            Self::Overview => "Overview",
            Self::Strings => "Strings",
            Self::Column => "Column",
            Self::Structure => "Structure",
            Self::Picture => "Picture",
        }
    }
}

/// Dark, light, or what the desktop says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ThemeChoice {
    #[default]
    System,
    Dark,
    Light,
}

/// Remembered choices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The theme.
    pub theme: ThemeChoice,
    /// Bytes a row of the hex view in documents that are opened; `None` fits the width.
    pub columns: Option<u16>,
    /// The other choices of the hex views.
    pub hex: super::bytes_view::HexSettings,
    /// The panes that are shown.
    pub panes: Vec<PaneKind>,
    /// Files opened or saved last, the newest first, at most [`Settings::RECENT`].
    pub recent: Vec<PathBuf>,
    /// The folder that file dialogs begin in.
    pub folder: Option<PathBuf>,
    /// The window's inner size in points.
    pub window: Option<[f32; 2]>,
    /// The zoom of the whole window.
    pub zoom: f32,
    /// Statements that were typed in the console, the newest last, at most [`Settings::STATEMENTS`].
    pub statements: Vec<String>,
    /// What was searched for, the newest first, at most [`Settings::NEEDLES`].
    pub needles: Vec<String>,
    /// What the inspector shows.
    pub inspector: super::InspectorSettings,
    /// The hash functions that are calculated, by their ids.
    pub hashes: Vec<String>,
    /// What the strip beside the bytes shows; `None` hides it.
    pub minimap: Option<super::MinimapMode>,
    /// The keys that were changed.
    pub keys: super::Keymap,
    /// A save keeps what the file held before under another name.
    pub backup: bool,
    /// What of the lessons was done.
    pub lessons: crate::lesson::Progress,
    /// What was wrong with the file that they come from, to be told at the start.
    #[serde(skip)]
    pub complaints: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        use PaneKind as P;
        Self {
            theme: ThemeChoice::System,
            columns: Some(16),
            hex: Default::default(),
            panes: vec![P::Hex, P::Text, P::Preview, P::Inspector, P::Stream, P::Timeline, P::Console, P::Links],
            recent: Vec::new(),
            folder: None,
            window: None,
            zoom: 1.0,
            statements: Vec::new(),
            needles: Vec::new(),
            inspector: Default::default(),
            hashes: ["crc32", "md5", "sha1", "sha256", "blake3"].map(str::to_owned).to_vec(),
            minimap: None,
            keys: Default::default(),
            backup: false,
            lessons: Default::default(),
            complaints: Vec::new(),
        }
    }
}

impl Settings {
    /// The least and the largest zoom of the whole window.
    pub const ZOOM: [f32; 2] = [0.5, 4.0];
    /// How many recent files are kept.
    pub const RECENT: usize = 10;
    /// How many statements are kept.
    pub const STATEMENTS: usize = 200;
    /// How many needles are kept.
    pub const NEEDLES: usize = 50;
    /// Longer needles are not kept, in bytes.
    const NEEDLE: usize = 1 << 10;
    /// Longer statements are not kept, in bytes.
    const STATEMENT: usize = 8 << 10;

    /// Puts a file first among the recent ones, and its folder up for the next dialog.
    pub fn remember(&mut self, path: &Path) {
        self.recent.retain(|recent| recent != path);
        self.recent.insert(0, path.to_path_buf());
        self.recent.truncate(Self::RECENT);
        self.remember_folder(path);
    }

    /// What [`Settings::remember`] noted of a file that could not be saved after all; `folder` was that of the dialogs before.
    pub(super) fn forget(&mut self, path: &Path, folder: PathBuf) {
        if self.recent.first().is_some_and(|recent| recent == path) {
            self.recent.remove(0);
            self.folder = Some(folder);
        }
    }

    /// The file's folder is where the next dialog begins.
    pub fn remember_folder(&mut self, path: &Path) {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            self.folder = Some(folder.to_path_buf());
        }
    }

    /// Puts a statement last among those that were typed. One that is there already moves.
    pub fn remember_statement(&mut self, source: &str) {
        let source = source.trim_end();
        if source.is_empty() || source.len() > Self::STATEMENT {
            return;
        }
        self.statements.retain(|statement| statement != source);
        self.statements.push(source.to_owned());
        let more = self.statements.len().saturating_sub(Self::STATEMENTS);
        self.statements.drain(..more);
    }

    /// Puts a needle first among those that were searched for.
    pub fn remember_needle(&mut self, needle: &str) {
        if needle.is_empty() || needle.len() > Self::NEEDLE {
            return;
        }
        self.needles.retain(|known| known != needle);
        self.needles.insert(0, needle.to_owned());
        self.needles.truncate(Self::NEEDLES);
    }

    /// From JSON; what is missing or unknown takes its default, and so does each part that is broken, and all of it where
    /// it is no JSON. [`Settings::complaints`] says what was broken.
    pub fn from_json(json: &str) -> Self {
        let mut settings = match serde_json::from_str::<Value>(json) {
            Ok(Value::Object(parts)) => Self::from_parts(parts),
            Ok(_) => Self::broken("it is no list of settings"),
            Err(error) => Self::broken(&error.to_string()),
        };
        settings.complaints.extend(settings.keys.complaint());
        settings.checked()
    }

    fn broken(why: &str) -> Self {
        Self {
            complaints: vec![format!("The settings are those of a first start, since their file cannot be read: {why}")],
            ..Self::default()
        }
    }

    fn from_parts(parts: Map<String, Value>) -> Self {
        if let Ok(settings) = serde_json::from_value(Value::Object(parts.clone())) {
            return settings;
        }
        // Something in it is broken: what is not is kept.
        let (mut good, mut broken) = (Map::new(), Vec::new());
        for (name, value) in parts {
            let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
            if serde_json::from_value::<Self>(alone).is_ok() {
                good.insert(name, value);
            } else {
                broken.push(name);
            }
        }
        let settings = serde_json::from_value(Value::Object(good)).unwrap_or_default();
        let complaint = format!("These settings cannot be read, and are those of a first start: {}", broken.join(", "));
        Self { complaints: vec![complaint], ..settings }
    }

    /// As JSON for a person to read.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    fn checked(mut self) -> Self {
        self.columns = self.columns.map(|n| n.clamp(1, super::bytes_view::MAX_COLUMNS));
        self.hex = self.hex.checked();
        self.zoom = if self.zoom.is_finite() { self.zoom.clamp(Self::ZOOM[0], Self::ZOOM[1]) } else { 1.0 };
        self.window = self.window.filter(|[w, h]| w.is_finite() && h.is_finite()).map(|[w, h]| [w.max(480.0), h.max(320.0)]);
        self.recent.truncate(Self::RECENT);
        let more = self.statements.len().saturating_sub(Self::STATEMENTS);
        self.statements.drain(..more);
        self.needles.truncate(Self::NEEDLES);
        if !self.panes.contains(&PaneKind::Hex) {
            self.panes.insert(0, PaneKind::Hex);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_broken_part_leaves_the_others() {
        let settings = Settings::from_json(r#"{ "theme": "light", "columns": "many", "zoom": 2.0, "keys": 5, "unknown": {} }"#);
        assert_eq!((settings.theme, settings.columns, settings.zoom), (ThemeChoice::Light, Some(16), 2.0));
        assert_eq!(settings.complaints.len(), 2, "{:?}", settings.complaints);
        assert!(settings.complaints[0].ends_with("first start: columns"), "{:?}", settings.complaints);
        for broken in ["", "{", "[]", "{ \"theme\": \"dark\", }"] {
            let settings = Settings::from_json(broken);
            assert_eq!((settings.complaints.len(), settings.theme), (1, ThemeChoice::System), "{broken:?}");
        }
        assert!(Settings::from_json("{}").complaints.is_empty());
    }
}
