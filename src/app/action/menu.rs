//! The menus that actions stand in.

#[cfg(doc)]
use super::Action;

/// The menus of the menu bar, left to right. Convert is filled from the registry of formats and holds [`Action::Export`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the labels")]
pub enum Menu {
    File,
    Edit,
    View,
    /// In [`Menu::View`].
    Bytes,
    /// In [`Menu::View`].
    Table,
    Stream,
    Convert,
    Tools,
    Help,
}

impl Menu {
    /// All menus, in order.
    pub const ALL: [Self; 9] =
        [Self::File, Self::Edit, Self::View, Self::Bytes, Self::Table, Self::Stream, Self::Convert, Self::Tools, Self::Help];

    /// The menu that it is a part of; `None` for those in the menu bar.
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::Bytes | Self::Table => Some(Self::View),
            _ => None,
        }
    }

    /// What the groups of [`Menu::Bytes`] are called; each is a menu of its own.
    pub(super) const BYTES_GROUPS: [&'static str; 7] =
        ["Bytes a row", "Grouping", "Cells", "Addresses", "Text column", "Colours", "Size"];

    /// What the menu bar says.
    pub const fn label(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Bytes => "Bytes view",
            Self::Table => "Table",
            Self::Stream => "Stream",
            Self::Convert => "Convert",
            Self::Tools => "Tools",
            Self::Help => "Help",
        }
    }
}
