//! Messages to the user: each is shown once as it happens and kept in the history.

/// How serious a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something went as asked.
    Info,
    /// It went, but something should be known (a loss, metadata that could not be kept).
    Warning,
    /// It did not go. Stays until it was seen for a while.
    Error,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How serious.
    pub level: Level,
    /// One sentence.
    pub text: String,
}

/// All messages of the session. The window shows those it has not shown yet and keeps count itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    all: Vec<Notice>,
}

/// Notices kept; older ones are dropped, errors last.
const KEPT: usize = 1_000;

impl Notices {
    /// All that are kept, oldest first.
    pub fn all(&self) -> &[Notice] {
        &self.all
    }

    pub(super) fn push(&mut self, level: Level, text: impl Into<String>) {
        if self.all.len() >= KEPT {
            let victim = self.all.iter().position(|notice| notice.level != Level::Error).unwrap_or(0);
            self.all.remove(victim);
        }
        self.all.push(Notice { level, text: text.into() });
    }
}
