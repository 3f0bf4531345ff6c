//! Keys with their modifiers, how they are spelled, and which of them no action can have.

use std::fmt;

use thiserror::Error;

/// What a key does by itself, which decides what it can be used for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Types a letter or a digit.
    Letter,
    /// Types a sign that has a key of its own on most keyboards.
    Sign,
    /// Types a sign that takes Shift on some keyboards and none on others.
    Shifted,
    /// Moves the cursor.
    Move,
    /// Goes from field to field, or ends what is typed.
    Field,
    /// Changes text at the cursor and types nothing.
    Edit,
    /// F1 and its like.
    Function,
}

macro_rules! keys {
    ($($key:ident $name:literal $kind:ident,)*) => {
        /// A key, named without any window toolkit. The signs are what the key types, not where it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the names are the keys")]
        pub enum Key { $($key,)* }

        impl Key {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$key,)*];

            /// How it is spelled: "F", "PageDown", "[".
            pub const fn name(self) -> &'static str {
                match self { $(Self::$key => $name,)* }
            }

            const fn kind(self) -> Kind {
                match self { $(Self::$key => Kind::$kind,)* }
            }
        }
    };
}

keys! {
    A "A" Letter, B "B" Letter, C "C" Letter, D "D" Letter, E "E" Letter, F "F" Letter, G "G" Letter, H "H" Letter,
    I "I" Letter, J "J" Letter, K "K" Letter, L "L" Letter, M "M" Letter, N "N" Letter, O "O" Letter, P "P" Letter,
    Q "Q" Letter, R "R" Letter, S "S" Letter, T "T" Letter, U "U" Letter, V "V" Letter, W "W" Letter, X "X" Letter,
    Y "Y" Letter, Z "Z" Letter,
    Num0 "0" Letter, Num1 "1" Letter, Num2 "2" Letter, Num3 "3" Letter, Num4 "4" Letter, Num5 "5" Letter,
    Num6 "6" Letter, Num7 "7" Letter, Num8 "8" Letter, Num9 "9" Letter,
    Minus "Minus" Sign, Comma "," Sign, Period "." Sign, Slash "/" Sign, Backslash "\\" Sign, Semicolon ";" Sign,
    Quote "'" Sign, Backtick "`" Sign, Equals "=" Sign, OpenBracket "[" Sign, CloseBracket "]" Sign, Space "Space" Sign,
    Plus "Plus" Shifted, Colon ":" Shifted, Pipe "|" Shifted, Question "?" Shifted, Exclamation "!" Shifted,
    OpenBrace "{" Shifted, CloseBrace "}" Shifted,
    Left "Left" Move, Right "Right" Move, Up "Up" Move, Down "Down" Move, Home "Home" Move, End "End" Move,
    PageUp "PageUp" Move, PageDown "PageDown" Move,
    Tab "Tab" Field, Enter "Enter" Field, Escape "Escape" Field, Backspace "Backspace" Field,
    Delete "Delete" Edit, Insert "Insert" Edit,
    F1 "F1" Function, F2 "F2" Function, F3 "F3" Function, F4 "F4" Function, F5 "F5" Function, F6 "F6" Function,
    F7 "F7" Function, F8 "F8" Function, F9 "F9" Function, F10 "F10" Function, F11 "F11" Function, F12 "F12" Function,
    F13 "F13" Function, F14 "F14" Function, F15 "F15" Function, F16 "F16" Function, F17 "F17" Function,
    F18 "F18" Function, F19 "F19" Function, F20 "F20" Function, F21 "F21" Function, F22 "F22" Function,
    F23 "F23" Function, F24 "F24" Function,
}

impl Key {
    /// Other names that people write, in small letters.
    const OTHER_NAMES: &[(&str, Self)] = &[
        ("+", Self::Plus),
        ("-", Self::Minus),
        ("\u{2212}", Self::Minus),
        ("comma", Self::Comma),
        ("period", Self::Period),
        ("slash", Self::Slash),
        ("backslash", Self::Backslash),
        ("semicolon", Self::Semicolon),
        ("quote", Self::Quote),
        ("backtick", Self::Backtick),
        ("equals", Self::Equals),
        ("openbracket", Self::OpenBracket),
        ("closebracket", Self::CloseBracket),
        ("arrowleft", Self::Left),
        ("arrowright", Self::Right),
        ("arrowup", Self::Up),
        ("arrowdown", Self::Down),
        ("page up", Self::PageUp),
        ("page down", Self::PageDown),
        ("pgup", Self::PageUp),
        ("pgdn", Self::PageDown),
        ("esc", Self::Escape),
        ("return", Self::Enter),
        ("del", Self::Delete),
        ("ins", Self::Insert),
    ];

    /// By a name, in capitals or small letters.
    fn find(name: &str) -> Option<Self> {
        let own = Self::ALL.iter().copied().find(|key| key.name().eq_ignore_ascii_case(name));
        own.or_else(|| Self::OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|&(_, key)| key))
    }

    /// Whether it types something.
    const fn types(self) -> bool {
        matches!(self.kind(), Kind::Letter | Kind::Sign | Kind::Shifted)
    }

    const fn is_digit(self) -> bool {
        matches!(
            self,
            Self::Num0
                | Self::Num1
                | Self::Num2
                | Self::Num3
                | Self::Num4
                | Self::Num5
                | Self::Num6
                | Self::Num7
                | Self::Num8
                | Self::Num9
        )
    }
}

/// A key with its modifiers. `command` is Ctrl, and ⌘ on a Mac.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shortcut {
    /// Ctrl or ⌘.
    pub command: bool,
    /// Shift.
    pub shift: bool,
    /// Alt or Option.
    pub alt: bool,
    /// The Control key of a Mac; no other keyboard has it.
    pub control: bool,
    /// The key.
    pub key: Key,
}

/// Why a text is no shortcut.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SpellingError {
    /// There is no such key.
    #[error("no key is called {0}")]
    Key(String),
    /// There is no such modifier.
    #[error("{0} is none of Ctrl, Alt, Shift and Cmd")]
    Modifier(String),
}

/// Why no action can have a shortcut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Reserved {
    /// It types into the document.
    #[error("types into the document")]
    Types,
    /// It moves the cursor in every view.
    #[error("moves the cursor")]
    Moves,
    /// Tab, Enter, Escape and Backspace belong to the views and fields.
    #[error("belongs to the views and fields")]
    Field,
    /// The system makes copying, cutting and pasting of it.
    #[error("is the system's for copying, cutting and pasting")]
    Clipboard,
    /// It goes from pane to pane, opens the menu of what has the keyboard, or edits a value there.
    #[error("belongs to the panes")]
    Panes,
    /// The desktop closes windows with it.
    #[error("closes the window")]
    Desktop,
}

impl Shortcut {
    /// A key without modifiers.
    pub const fn plain(key: Key) -> Self {
        Self { command: false, shift: false, alt: false, control: false, key }
    }

    /// With Ctrl or ⌘.
    pub const fn command(key: Key) -> Self {
        Self { command: true, ..Self::plain(key) }
    }

    /// With Shift, too.
    pub const fn and_shift(self) -> Self {
        Self { shift: true, ..self }
    }

    /// With Alt, too.
    pub const fn and_alt(self) -> Self {
        Self { alt: true, ..self }
    }

    /// From what [`Shortcut::spelled`] writes, or a person: the modifiers in any order, large or small letters, blanks
    /// around the plus signs. `mac` says whose keyboard it is: there Ctrl is a key of its own, elsewhere Cmd is Ctrl.
    ///
    /// # Errors
    ///
    /// A name that is no key or no modifier.
    pub fn parse(text: &str, mac: bool) -> Result<Self, SpellingError> {
        let text = text.trim();
        // The plus sign is a key, too: "Ctrl++".
        let (modifiers, key) = match text.strip_suffix('+').map(str::trim_end) {
            Some("") => ("", "+"),
            Some(rest) if rest.ends_with('+') => (&rest[..rest.len() - 1], "+"),
            _ => text.rsplit_once('+').map_or(("", text), |(modifiers, key)| (modifiers, key.trim())),
        };
        let found = Key::find(key).ok_or_else(|| SpellingError::Key(if key.is_empty() { text } else { key }.to_owned()))?;
        let mut shortcut = Self::plain(found);
        for name in modifiers.split('+').map(str::trim).filter(|_| !modifiers.is_empty()) {
            match name.to_ascii_lowercase().as_str() {
                "ctrl" | "control" if mac => shortcut.control = true,
                "ctrl" | "control" | "cmd" | "command" | "meta" | "super" => shortcut.command = true,
                "shift" => shortcut.shift = true,
                "alt" | "option" | "opt" => shortcut.alt = true,
                _ => return Err(SpellingError::Modifier(name.to_owned())),
            }
        }
        Ok(shortcut)
    }

    /// In words: "Ctrl+Shift+F", on a Mac "Cmd+Shift+F".
    pub fn spelled(self, mac: bool) -> String {
        let parts = [
            (self.control, "Ctrl"),
            (self.command, if mac { "Cmd" } else { "Ctrl" }),
            (self.alt, if mac { "Option" } else { "Alt" }),
            (self.shift, "Shift"),
        ];
        let mut text = String::new();
        for (_, name) in parts.iter().filter(|(held, _)| *held) {
            text.push_str(name);
            text.push('+');
        }
        text + self.key.name()
    }

    /// Whether an action may have it. What the default shortcuts use is free.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn check(self) -> Result<(), Reserved> {
        use Key as K;
        let bare = !self.command && !self.alt && !self.control;
        let with_command = self.command && !self.alt && !self.control;
        Err(match self.key {
            K::C | K::X | K::V if with_command && !self.shift => Reserved::Clipboard,
            K::F6 if bare => Reserved::Panes,
            K::F10 if bare && self.shift => Reserved::Panes,
            K::F2 if bare && !self.shift => Reserved::Panes,
            K::F4 if self.alt && !self.command && !self.control => Reserved::Desktop,
            K::Escape | K::Enter | K::Backspace => Reserved::Field,
            K::Tab if !self.command && !self.control => Reserved::Field,
            K::PageUp | K::PageDown if with_command => return Ok(()),
            key if key.kind() == Kind::Move && (bare || with_command) => Reserved::Moves,
            key if key.types() && bare => Reserved::Types,
            _ => return Ok(()),
        })
    }

    /// Whether a text field needs it for itself while it has the keyboard. `mac` as in [`Shortcut::parse`].
    pub fn belongs_to_text(self, mac: bool) -> bool {
        use Key as K;
        let moves = matches!(self.key.kind(), Kind::Move | Kind::Field) || self.key == K::Delete;
        if self.key.kind() == Kind::Function || self.control {
            return false;
        }
        match (self.command, self.alt) {
            // Alt with a letter types nothing, but on a Mac.
            (false, true) => moves || mac,
            (false, false) => true,
            (true, alt) => {
                let edits = matches!(self.key, K::A | K::C | K::V | K::X | K::Y | K::Z | K::Home | K::End | K::Delete);
                let words = matches!(self.key, K::Left | K::Right | K::Up | K::Down | K::Backspace);
                edits || (words && !alt)
            }
        }
    }
}

impl fmt::Display for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelled(cfg!(target_os = "macos")))
    }
}

/// A key that was pressed, with what the keyboard's layout made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// The modifiers, and the key by what it types; where it types nothing that has a name, by its place.
    pub shortcut: Shortcut,
    /// The key by its place, as an American keyboard has it there.
    pub place: Option<Key>,
}

impl Press {
    /// The shortcuts that it may stand for, the best one first:
    ///
    /// 1. as it is;
    /// 2. a sign that took Shift, without it: "?" is one key here and Shift with another one there;
    /// 3. the equals sign as the plus sign, which is on the same key on many keyboards;
    /// 4. a sign where other keyboards have a digit, as that digit: French keyboards type digits with Shift, and
    ///    American ones signs.
    pub fn readings(self) -> impl Iterator<Item = Shortcut> {
        let asked = self.shortcut;
        let without = (asked.key.kind() == Kind::Shifted && asked.shift).then_some(Shortcut { shift: false, ..asked });
        let plus = (asked.key == Key::Equals).then_some(Shortcut { key: Key::Plus, ..asked });
        let signs = matches!(asked.key.kind(), Kind::Sign | Kind::Shifted);
        let digit = self.place.filter(|place| signs && place.is_digit()).map(|key| Shortcut { key, ..asked });
        [Some(asked), without, plus, digit].into_iter().flatten()
    }

    /// What is kept when it is pressed to become an action's shortcut: Shift is left out where it only makes the sign.
    pub fn kept(self) -> Shortcut {
        let shortcut = self.shortcut;
        if shortcut.key.kind() == Kind::Shifted { Shortcut { shift: false, ..shortcut } } else { shortcut }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read_back() {
        for &key in Key::ALL {
            for bits in 0..16u8 {
                let held = |bit| bits & bit != 0;
                let shortcut = Shortcut { command: held(1), shift: held(2), alt: held(4), control: held(8), key };
                let text = shortcut.spelled(true);
                assert_eq!(Shortcut::parse(&text, true), Ok(shortcut), "{text}");
                if !shortcut.control {
                    let text = shortcut.spelled(false);
                    assert_eq!(Shortcut::parse(&text, false), Ok(shortcut), "{text}");
                }
            }
        }
        for (i, key) in Key::ALL.iter().enumerate() {
            assert!(Key::ALL[..i].iter().all(|other| !other.name().eq_ignore_ascii_case(key.name())), "{key:?}");
        }
    }

    #[test]
    fn people_spell_keys_in_many_ways() {
        let is = |text, shortcut| assert_eq!(Shortcut::parse(text, false), Ok(shortcut), "{text}");
        let find = Shortcut::command(Key::F).and_shift();
        for text in ["Ctrl+Shift+F", "shift+ctrl+f", " CTRL + Shift + f ", "Cmd+Shift+F"] {
            is(text, find);
        }
        is("Ctrl++", Shortcut::command(Key::Plus));
        is("Ctrl + +", Shortcut::command(Key::Plus));
        is("+", Shortcut::plain(Key::Plus));
        is("Alt+-", Shortcut::plain(Key::Minus).and_alt());
        is("alt+pgdn", Shortcut::plain(Key::PageDown).and_alt());
        is("Ctrl+ArrowLeft", Shortcut::command(Key::Left));
        assert_eq!(Shortcut::parse("Ctrl+F", true), Ok(Shortcut { control: true, ..Shortcut::plain(Key::F) }));
        for text in ["", "+Ctrl", "Ctrl", "Ctrl+", "Hyper+F", "Ctrl+F99", "Ctrl+Shift", "Ctrl+ß", "\u{0}"] {
            let read = Shortcut::parse(text, false);
            assert!(read.is_err(), "{text:?} is {read:?}");
        }
    }

    #[test]
    fn keys_of_the_views_are_nobodys() {
        let wrong = |text: &str| Shortcut::parse(text, false).unwrap().check().unwrap_err();
        for text in ["A", "Shift+A", "0", "Plus", "?", "Space", "/"] {
            assert_eq!(wrong(text), Reserved::Types, "{text}");
        }
        for text in ["Left", "Shift+PageDown", "Ctrl+Home", "Ctrl+Shift+End", "Ctrl+Right"] {
            assert_eq!(wrong(text), Reserved::Moves, "{text}");
        }
        for text in ["Tab", "Shift+Tab", "Alt+Tab", "Enter", "Escape", "Ctrl+Enter", "Backspace"] {
            assert_eq!(wrong(text), Reserved::Field, "{text}");
        }
        for text in ["Ctrl+C", "Ctrl+X", "Ctrl+V"] {
            assert_eq!(wrong(text), Reserved::Clipboard, "{text}");
        }
        for text in ["F6", "Shift+F6", "Shift+F10", "F2"] {
            assert_eq!(wrong(text), Reserved::Panes, "{text}");
        }
        assert_eq!(wrong("Alt+F4"), Reserved::Desktop);
        for text in ["F9", "Shift+F1", "Ctrl+K", "Alt+K", "Delete", "Ctrl+Tab", "Ctrl+PageUp", "Alt+Left", "Ctrl+Alt+C", "Ctrl+,"]
        {
            assert_eq!(Shortcut::parse(text, false).unwrap().check(), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_field_keeps_what_it_needs() {
        let text = |text: &str, mac| Shortcut::parse(text, mac).unwrap().belongs_to_text(mac);
        for keys in
            ["A", "Delete", "Shift+Home", "Insert", "Ctrl+A", "Ctrl+Shift+Z", "Ctrl+Left", "Alt+Left", "Tab", "Ctrl+Backspace"]
        {
            assert!(text(keys, false), "{keys}");
        }
        for keys in ["Ctrl+F", "F3", "Shift+F3", "Alt+O", "Alt+0", "Ctrl+Alt+Left", "Ctrl+PageDown", "Ctrl+K", "Ctrl+Tab"] {
            assert!(!text(keys, false), "{keys}");
        }
        assert!(text("Option+O", true), "it types a character there");
        assert!(!text("Ctrl+K", true));
    }

    #[test]
    fn a_press_is_read_as_the_layout_needs_it() {
        let press = |text: &str, place| Press { shortcut: Shortcut::parse(text, false).unwrap(), place };
        let readings = |text, place| press(text, place).readings().map(|shortcut| shortcut.spelled(false)).collect::<Vec<_>>();
        assert_eq!(readings("Ctrl+K", Some(Key::K)), ["Ctrl+K"]);
        // French: the key at 6 types a hyphen; American: Shift and 1 type an exclamation mark, Shift and = a plus.
        assert_eq!(readings("Alt+Minus", Some(Key::Num6)), ["Alt+Minus", "Alt+6"]);
        assert_eq!(readings("Ctrl+Shift+!", Some(Key::Num1)), ["Ctrl+Shift+!", "Ctrl+!", "Ctrl+Shift+1"]);
        assert_eq!(readings("Alt+Shift+Plus", Some(Key::Equals)), ["Alt+Shift+Plus", "Alt+Plus"]);
        assert_eq!(readings("Alt+=", Some(Key::Equals)), ["Alt+=", "Alt+Plus"]);
        // A letter stays a letter wherever it is.
        assert_eq!(readings("Ctrl+A", Some(Key::Q)), ["Ctrl+A"]);
        assert_eq!(press("Ctrl+Shift+?", Some(Key::Slash)).kept().spelled(false), "Ctrl+?");
        assert_eq!(press("Ctrl+Shift+K", Some(Key::K)).kept().spelled(false), "Ctrl+Shift+K");
    }
}
