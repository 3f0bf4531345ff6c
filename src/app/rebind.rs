//! The dialog that lists every command with its keys, and gives them others.

use super::{Action, Press, Shortcut};

/// The dialog's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeysDialog {
    /// What is typed to find commands: a part of a name, or keys.
    pub query: String,
    /// Only commands that have other keys than by default are listed.
    pub changed_only: bool,
    /// The command that waits for keys.
    pub recording: Option<Recording>,
    /// A change that waits for an answer.
    pub offer: Option<Offer>,
    /// What happened last, or what is asked.
    pub said: Said,
}

/// A command that waits for keys to be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The command.
    pub action: Action,
    /// The shortcut that the new one stands in for; `None` adds one.
    pub instead: Option<Shortcut>,
}

/// A change that takes something away, and waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// These shortcuts, for this command, are others' so far.
    TakeOver {
        /// Who gets them.
        action: Action,
        /// All that it will have.
        shortcuts: Vec<Shortcut>,
        /// What is taken, and from whom.
        from: Vec<(Shortcut, Action)>,
    },
    /// All commands get their default keys again.
    ResetAll,
}

/// What the dialog says below its list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    #[default]
    Nothing,
    /// What was done, or how things are.
    Done(String),
    /// What cannot be, and why.
    Refused(String),
}

/// What happens in the dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysCommand {
    /// What is searched for changed.
    Query(String),
    /// Only the changed ones, or all.
    ChangedOnly(bool),
    /// The next keys are for a command.
    Record(Recording),
    /// Keys were pressed while a command waits for them.
    Pressed(Press),
    /// A key was pressed that has no name here.
    Unnamed,
    /// The command keeps what it has.
    StopRecording,
    /// Yes, to what is offered.
    Accept,
    /// No.
    Decline,
    /// A command loses a shortcut.
    Remove(Action, Shortcut),
    /// A command gets its default keys again.
    Reset(Action),
    /// All do.
    ResetAll,
}
