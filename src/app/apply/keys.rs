//! Giving commands other keys.

use crate::app::{Action, AppState, Dialog, Effect, Keymap, KeysCommand, KeysDialog, Offer, Press, Recording, Said, Shortcut};

impl AppState {
    pub(super) fn keys_command(&mut self, command: KeysCommand, effects: &mut Vec<Effect>) {
        let Some(Dialog::Shortcuts(dialog)) = &mut self.dialog else { return };
        let keys = &mut self.settings.keys;
        let changed = match command {
            KeysCommand::Query(query) => {
                dialog.query = query;
                false
            }
            KeysCommand::ChangedOnly(only) => {
                dialog.changed_only = only;
                false
            }
            KeysCommand::Record(recording) => {
                dialog.ask_nothing();
                dialog.recording = Some(recording);
                false
            }
            KeysCommand::Pressed(press) => dialog.pressed(press, keys),
            KeysCommand::Unnamed => {
                if dialog.recording.is_some() {
                    dialog.said = Said::Refused("This key has no name that could be kept; press others".into());
                }
                false
            }
            KeysCommand::StopRecording | KeysCommand::Decline => {
                dialog.ask_nothing();
                false
            }
            KeysCommand::Accept => dialog.accept(keys),
            KeysCommand::Remove(action, shortcut) => {
                dialog.ask_nothing();
                let left = keys.shortcuts(action).iter().copied().filter(|&other| other != shortcut).collect();
                keys.set(action, left);
                dialog.said = Said::Done(has(keys, action));
                true
            }
            KeysCommand::Reset(action) => {
                dialog.ask_nothing();
                dialog.give(action, action.default_shortcuts().to_vec(), keys)
            }
            KeysCommand::ResetAll => {
                dialog.ask_nothing();
                dialog.offer = Some(Offer::ResetAll);
                false
            }
        };
        if changed {
            self.keep_settings(effects);
        }
    }
}

impl KeysDialog {
    fn ask_nothing(&mut self) {
        (self.recording, self.offer, self.said) = (None, None, Said::Nothing);
    }

    /// Keys for the command that waits for them. Whether something changed.
    fn pressed(&mut self, press: Press, keys: &mut Keymap) -> bool {
        let Some(Recording { action, instead }) = self.recording else { return false };
        // Keys that already mean something are kept as that is spelled: it is what would be lost.
        let shortcut = keys.pressed(press).map_or_else(|| press.kept(), |(known, _)| known);
        if keys.action(shortcut) == Some(action) && instead != Some(shortcut) {
            self.ask_nothing();
            self.said = Said::Done(format!("{} has {shortcut} already", name(action)));
            return false;
        }
        if let Err(why) = shortcut.check() {
            self.said = Said::Refused(format!("{shortcut} {why}, and can be no other command's. Press other keys"));
            return false;
        }
        let mut shortcuts = keys.shortcuts(action).to_vec();
        match shortcuts.iter_mut().find(|known| Some(**known) == instead) {
            Some(known) => *known = shortcut,
            None => shortcuts.push(shortcut),
        }
        self.ask_nothing();
        self.give(action, shortcuts, keys)
    }

    /// Gives a command shortcuts, or asks first where others have them. Whether something changed.
    fn give(&mut self, action: Action, shortcuts: Vec<Shortcut>, keys: &mut Keymap) -> bool {
        let from = keys.taken(action, &shortcuts);
        if !from.is_empty() {
            self.offer = Some(Offer::TakeOver { action, shortcuts, from });
            return false;
        }
        keys.set(action, shortcuts);
        self.said = Said::Done(has(keys, action));
        true
    }

    fn accept(&mut self, keys: &mut Keymap) -> bool {
        let Some(offer) = self.offer.take() else { return false };
        self.ask_nothing();
        match offer {
            Offer::TakeOver { action, shortcuts, from } => {
                keys.set(action, shortcuts);
                let mut losers: Vec<Action> = from.iter().map(|&(_, loser)| loser).collect();
                losers.dedup();
                let lost = losers.into_iter().map(|loser| has(keys, loser)).collect::<Vec<_>>().join("; ");
                self.said = Said::Done(format!("{}; {lost}", has(keys, action)));
            }
            Offer::ResetAll => {
                keys.reset_all();
                self.said = Said::Done("Every command has the keys that it has by default".into());
            }
        }
        true
    }
}

/// A label in the middle of a sentence.
fn name(action: Action) -> &'static str {
    action.label().trim_end_matches('…')
}

/// "Find all has Ctrl+K or F9", "Find all has no keys".
fn has(keys: &Keymap, action: Action) -> String {
    let shortcuts: Vec<String> = keys.shortcuts(action).iter().map(Shortcut::to_string).collect();
    let list = if shortcuts.is_empty() { "no keys".to_owned() } else { shortcuts.join(" or ") };
    format!("{} has {list}", name(action))
}
