//! Which keys ask for what: the defaults of the actions, and what the user changed.
//!
//! Kept are the changes only, so that a shortcut that a later version gives an action reaches everybody. What the user
//! gave an action is that action's: an action that has the same keys by default does without, until they are free again.
//!
//! ```
//! use seektell::app::{Action, Key, Keymap, Shortcut};
//! let mut keys = Keymap::default();
//! let ctrl_b = Shortcut::command(Key::B);
//! assert_eq!(keys.action(ctrl_b), Some(Action::AddBookmark));
//! keys.set(Action::ToggleMinimap, vec![ctrl_b]);
//! assert_eq!(keys.action(ctrl_b), Some(Action::ToggleMinimap));
//! assert!(keys.shortcuts(Action::AddBookmark).is_empty());
//! keys.reset(Action::ToggleMinimap);
//! assert_eq!(keys.action(ctrl_b), Some(Action::AddBookmark));
//! ```

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Action, Press, Reserved, Shortcut};

/// Whose keyboard it is: ⌘ and Control are two keys there.
const MAC: bool = cfg!(target_os = "macos");

/// Things wrong in a file that are told one by one.
const TOLD: usize = 5;

/// Which keys ask for which action.
#[derive(Clone, Debug, PartialEq)]
pub struct Keymap {
    /// What the user gave actions instead of their defaults.
    changes: HashMap<Action, Vec<Shortcut>>,
    file: Box<File>,
    resolved: Box<Resolved>,
}

/// What a file held that was of no use.
#[derive(Clone, Debug, Default, PartialEq)]
struct File {
    /// What this version does not understand, by the action's name. It goes back into the file.
    unread: BTreeMap<String, Value>,
    /// What was wrong.
    complaints: Vec<String>,
}

/// Who has which keys, from the changes and the defaults.
#[derive(Clone, Debug, Default, PartialEq)]
struct Resolved {
    /// All keys of each action.
    of: HashMap<Action, Vec<Shortcut>>,
    /// The action of each shortcut.
    by: HashMap<Shortcut, Action>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::with(HashMap::new())
    }
}

impl Keymap {
    fn with(changes: HashMap<Action, Vec<Shortcut>>) -> Self {
        let resolved = Box::new(Resolved::new(&changes));
        Self { changes, file: Box::default(), resolved }
    }

    /// The keys of an action, the ones that menus show first.
    pub fn shortcuts(&self, action: Action) -> &[Shortcut] {
        self.resolved.of.get(&action).map_or(&[], Vec::as_slice)
    }

    /// The action that has exactly these keys.
    pub fn action(&self, shortcut: Shortcut) -> Option<Action> {
        self.resolved.by.get(&shortcut).copied()
    }

    /// What a press of keys asks for, whatever the keyboard's layout made of it; see [`Press::readings`].
    pub fn pressed(&self, press: Press) -> Option<(Shortcut, Action)> {
        press.readings().find_map(|shortcut| Some((shortcut, self.action(shortcut)?)))
    }

    /// Whether an action has other keys than by default.
    pub fn is_changed(&self, action: Action) -> bool {
        self.shortcuts(action) != action.default_shortcuts()
    }

    /// The actions that have other keys than by default, in menu order.
    pub fn changed(&self) -> impl Iterator<Item = Action> {
        Action::all().filter(|&action| self.is_changed(action))
    }

    /// Which of these shortcuts are another action's, and whose.
    pub fn taken(&self, action: Action, shortcuts: &[Shortcut]) -> Vec<(Shortcut, Action)> {
        let owner = |&shortcut| self.action(shortcut).filter(|&other| other != action).map(|other| (shortcut, other));
        shortcuts.iter().filter_map(owner).collect()
    }

    /// Gives an action these shortcuts and no others; they are taken from whoever has them. What cannot be given is left
    /// out, and what cannot be taken away, the clipboard's keys, stays.
    pub fn set(&mut self, action: Action, shortcuts: Vec<Shortcut>) {
        let mut list = fixed(action);
        for shortcut in shortcuts {
            if shortcut.check().is_ok() && !list.contains(&shortcut) {
                list.push(shortcut);
            }
        }
        for (_, other) in self.changes.iter_mut().filter(|(other, _)| **other != action) {
            other.retain(|shortcut| !list.contains(shortcut));
        }
        self.file.unread.remove(action.id());
        self.changes.insert(action, list);
        self.changes.retain(|action, list| list != action.default_shortcuts());
        *self.resolved = Resolved::new(&self.changes);
    }

    /// Gives an action its default shortcuts again; they are taken from whoever has them.
    pub fn reset(&mut self, action: Action) {
        self.set(action, action.default_shortcuts().to_vec());
    }

    /// Everything as it is by default.
    pub fn reset_all(&mut self) {
        *self = Self::default();
    }

    /// What was wrong with the file that it came from, as one sentence; `None` where nothing was.
    pub fn complaint(&self) -> Option<String> {
        let complaints = &self.file.complaints;
        let more = complaints.len().saturating_sub(TOLD);
        let told = complaints.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join("; ");
        match (complaints.len(), more) {
            (0, _) => None,
            (_, 0) => Some(format!("Not all keys in the settings can be used: {told}")),
            _ => Some(format!("Not all keys in the settings can be used: {told}; and {more} more")),
        }
    }

    /// From what a file held under the actions' names.
    fn read(entries: impl IntoIterator<Item = (String, Value)>) -> Self {
        let mut changes: HashMap<Action, Vec<Shortcut>> = HashMap::new();
        let mut unread = BTreeMap::new();
        let mut complaints = Vec::new();
        for (id, value) in entries {
            let Some(action) = Action::from_id(&id) else {
                complaints.push(format!("no command is called {}", shown(&id)));
                unread.insert(id, value);
                continue;
            };
            // One shortcut needs no list around it.
            let items = match value {
                Value::Array(items) => items,
                Value::String(text) => vec![Value::String(text)],
                other => {
                    complaints.push(format!("{id} needs a list of keys, such as [\"Ctrl+K\"]"));
                    unread.insert(id, other);
                    continue;
                }
            };
            let none = items.is_empty();
            let (mut list, mut rest) = (fixed(action), Vec::new());
            let kept = list.len();
            for item in items {
                let read = match item.as_str() {
                    Some(text) => usable(text, &list).map_err(|why| format!("{id}: {why}")),
                    None => Err(format!("{id}: {} is no text", shown(&item.to_string()))),
                };
                match read {
                    Ok(shortcut) => list.extend(shortcut),
                    Err(why) => {
                        complaints.push(why);
                        rest.push(item);
                    }
                }
            }
            // Where nothing can be used, the defaults are better than nothing.
            if none || list.len() > kept || rest.is_empty() {
                changes.insert(action, list);
            }
            if !rest.is_empty() {
                unread.insert(id, Value::Array(rest));
            }
        }
        let mut map = Self::with(changes);
        for action in Action::all() {
            for shortcut in map.changes.get(&action).into_iter().flatten() {
                if let Some(owner) = map.action(*shortcut).filter(|&owner| owner != action) {
                    complaints.push(format!("{} is of {} and of {}; {} has it", shortcut, owner.id(), action.id(), owner.id()));
                }
            }
        }
        map.file = Box::new(File { unread, complaints });
        map
    }
}

impl Resolved {
    /// First what nobody can take away, then what the user gave, then the defaults that are free.
    fn new(changes: &HashMap<Action, Vec<Shortcut>>) -> Self {
        let mut by: HashMap<Shortcut, Action> =
            Action::all().flat_map(|action| fixed(action).into_iter().map(move |shortcut| (shortcut, action))).collect();
        let mut of = HashMap::new();
        for (changed, action) in [true, false].into_iter().flat_map(|changed| Action::all().map(move |action| (changed, action)))
        {
            let change = changes.get(&action);
            if change.is_some() != changed {
                continue;
            }
            let wanted = change.map_or(action.default_shortcuts(), Vec::as_slice);
            let has: Vec<Shortcut> =
                wanted.iter().copied().filter(|&shortcut| *by.entry(shortcut).or_insert(action) == action).collect();
            of.insert(action, has);
        }
        Self { of, by }
    }
}

/// The shortcuts that cannot be taken away from an action.
fn fixed(action: Action) -> Vec<Shortcut> {
    action.default_shortcuts().iter().copied().filter(|shortcut| shortcut.check() == Err(Reserved::Clipboard)).collect()
}

/// A shortcut from a file; nothing where the list has it already.
fn usable(text: &str, list: &[Shortcut]) -> Result<Option<Shortcut>, String> {
    let shortcut = Shortcut::parse(text, MAC).map_err(|error| shown(&error.to_string()))?;
    if list.contains(&shortcut) {
        return Ok(None);
    }
    shortcut.check().map_err(|why| format!("{shortcut} {why}"))?;
    Ok(Some(shortcut))
}

/// The beginning of a stranger's text.
fn shown(text: &str) -> String {
    const SHOWN: usize = 40;
    let visible = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    let start: String = text.chars().take(SHOWN).map(visible).collect();
    if text.chars().nth(SHOWN).is_some() { start + "…" } else { start }
}

impl Serialize for Keymap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = self.file.unread.clone();
        for (action, list) in &self.changes {
            let mut keys: Vec<Value> = list.iter().map(|shortcut| Value::String(shortcut.spelled(MAC))).collect();
            if let Some(Value::Array(rest)) = entries.remove(action.id()) {
                keys.extend(rest);
            }
            entries.insert(action.id().to_owned(), Value::Array(keys));
        }
        entries.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Keymap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Object(entries) => Self::read(entries),
            Value::Null => Self::default(),
            _ => {
                let complaints = vec!["they are no list of commands with their keys".to_owned()];
                Self { file: Box::new(File { complaints, ..File::default() }), ..Self::default() }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Key, Settings};
    use super::*;

    const K: Shortcut = Shortcut::command(Key::K);
    const B: Shortcut = Shortcut::command(Key::B);

    fn json(map: &Keymap) -> Value {
        serde_json::to_value(map).unwrap()
    }

    fn read(json: &str) -> Keymap {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_defaults_are_no_change() {
        let map = Keymap::default();
        for action in Action::all() {
            assert_eq!(map.shortcuts(action), action.default_shortcuts(), "{action:?}");
            for &shortcut in action.default_shortcuts() {
                assert_eq!(map.action(shortcut), Some(action));
                assert!(matches!(shortcut.check(), Ok(()) | Err(Reserved::Clipboard)), "{action:?} has {shortcut}");
            }
        }
        assert_eq!(map.changed().count(), 0);
        assert_eq!(json(&map), serde_json::json!({}));
    }

    #[test]
    fn names_of_actions_are_their_own_and_stay() {
        for action in Action::all() {
            let id = action.id();
            assert_eq!(Action::from_id(id), Some(action), "{action:?} is called {id}, and so is another one");
            assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{id}");
            assert!(!id.is_empty() && !id.ends_with('-') && !id.contains("--"), "{action:?}: {id}");
        }
        // Settings files hold these: who renames one must read the old name, too.
        for id in include_str!("action_ids.txt").lines() {
            assert!(Action::from_id(id).is_some(), "no action is called {id} any more");
        }
    }

    #[test]
    fn what_is_given_is_taken_and_comes_back() {
        let mut map = Keymap::default();
        assert_eq!(map.taken(Action::ToggleHashes, &[K, B]), [(B, Action::AddBookmark)]);
        map.set(Action::ToggleHashes, vec![K, B]);
        assert_eq!((map.shortcuts(Action::ToggleHashes), map.shortcuts(Action::AddBookmark)), (&[K, B][..], &[][..]));
        assert_eq!(map.changed().collect::<Vec<_>>(), [Action::AddBookmark, Action::ToggleHashes]);
        assert_eq!(json(&map), serde_json::json!({ "toggle-hashes": ["Ctrl+K", "Ctrl+B"] }), "the one who lost needs no word");
        // A given key goes on to the next one, and nobody keeps it twice.
        map.set(Action::ToggleText, vec![K]);
        assert_eq!((map.shortcuts(Action::ToggleHashes), map.action(K)), (&[B][..], Some(Action::ToggleText)));
        // The default is asked back from whoever has it.
        assert_eq!(map.taken(Action::AddBookmark, Action::AddBookmark.default_shortcuts()), [(B, Action::ToggleHashes)]);
        map.reset(Action::AddBookmark);
        assert_eq!((map.action(B), map.shortcuts(Action::ToggleHashes)), (Some(Action::AddBookmark), &[][..]));
        map.reset(Action::ToggleText);
        assert_eq!(json(&map), serde_json::json!({}), "everything is as it was");
        map.set(Action::ToggleHashes, vec![B]);
        map.reset(Action::ToggleHashes);
        assert_eq!(map.action(B), Some(Action::AddBookmark), "free keys are the default's again");
    }

    #[test]
    fn none_is_a_choice() {
        let mut map = Keymap::default();
        map.set(Action::Find, vec![]);
        assert!(map.shortcuts(Action::Find).is_empty() && map.is_changed(Action::Find));
        assert_eq!(read(&json(&map).to_string()), map);
        map.reset_all();
        assert_eq!(map, Keymap::default());
    }

    #[test]
    fn the_clipboards_keys_stay() {
        let mut map = Keymap::default();
        map.set(Action::Copy, vec![K]);
        let copy = Shortcut::command(Key::C);
        assert_eq!(map.shortcuts(Action::Copy), [copy, K]);
        map.set(Action::Find, vec![copy, Shortcut::plain(Key::A), Shortcut::plain(Key::Tab)]);
        assert!(map.shortcuts(Action::Find).is_empty());
        assert_eq!(map.action(copy), Some(Action::Copy));
        assert_eq!(read(r#"{ "copy": [], "find": "Ctrl+C" }"#).action(copy), Some(Action::Copy));
    }

    #[test]
    fn settings_files_hold_the_changes() {
        let mut settings = Settings::default();
        assert!(settings.to_json().contains("\"keys\": {}"));
        settings.keys.set(Action::FindAll, vec![Shortcut::plain(Key::F9), Shortcut::plain(Key::PageDown).and_alt()]);
        settings.keys.set(Action::Quit, vec![]);
        let back = Settings::from_json(&settings.to_json());
        assert_eq!(back, settings);
        assert_eq!(back.keys.action(Shortcut::plain(Key::F9)), Some(Action::FindAll));
        assert!(back.keys.shortcuts(Action::NextBookmark).is_empty() && back.keys.complaint().is_none());
    }

    #[test]
    fn a_broken_file_loses_nothing_else() {
        let map = read(
            r#"{ "find-all": ["Ctrl+Foo", "F9"], "fly": ["Ctrl+K"], "quit": 5, "find": [7], "save": ["A"],
                 "toggle-hashes": ["f9", "F9"], "undo": ["Hyper+Z"], "copy-as": "Ctrl+J" }"#,
        );
        let f9 = Shortcut::plain(Key::F9);
        assert_eq!((map.shortcuts(Action::FindAll), map.shortcuts(Action::ToggleHashes)), (&[f9][..], &[][..]));
        assert_eq!(map.shortcuts(Action::CopyAs), [Shortcut::command(Key::J)]);
        for action in [Action::Quit, Action::Find, Action::Save, Action::Undo] {
            assert_eq!(map.shortcuts(action), action.default_shortcuts(), "{action:?} keeps what it had");
        }
        let complaint = map.complaint().unwrap();
        for part in ["no command is called fly", "no key is called Foo", "quit needs a list", "and 2 more"] {
            assert!(complaint.contains(part), "{part} is not in {complaint}");
        }
        // What was not understood is a later version's, perhaps, and stays in the file.
        let kept = json(&map);
        assert_eq!(kept["find-all"], serde_json::json!(["F9", "Ctrl+Foo"]));
        assert_eq!((&kept["fly"], &kept["quit"]), (&serde_json::json!(["Ctrl+K"]), &serde_json::json!(5)));
        assert_eq!(kept["undo"], serde_json::json!(["Hyper+Z"]));
        for broken in ["5", "[]", "\"Ctrl+K\"", "[[]]"] {
            assert!(read(broken).complaint().is_some(), "{broken}");
        }
        assert_eq!(read("null"), Keymap::default());
    }

    #[test]
    fn a_press_finds_its_action_on_other_keyboards() {
        let map = Keymap::default();
        let press = |text: &str, place| map.pressed(Press { shortcut: Shortcut::parse(text, false).unwrap(), place });
        let plus = Shortcut::plain(Key::Plus).and_alt();
        for (text, place) in [("Alt+Plus", Key::Plus), ("Alt+Shift+Plus", Key::Equals), ("Alt+=", Key::Equals)] {
            assert_eq!(press(text, Some(place)), Some((plus, Action::PictureZoomIn)), "{text}");
        }
        assert_eq!(press("Ctrl+[", Some(Key::OpenBracket)).unwrap().1, Action::PreviousOtherByte);
        assert_eq!(press("Ctrl+'", Some(Key::Num4)).unwrap().1, Action::ToggleStream);
        assert_eq!(press("Ctrl+Shift+S", None).unwrap().1, Action::SaveAs, "not Save");
        assert_eq!(press("Ctrl+Shift+O", None), None, "nor is it Open");
    }
}
