//! Everything a person can ask for without further input: one enum from which menus, shortcuts, the command palette and the
//! help page are made. The rows of its table stand in `rows.rs` and `table.rs`, when each makes sense in `sense.rs`.

use super::{HexChoice, Key, OpKind, PictureChoice, Shortcut, table::TableAction};

/// A request without further data. Its label, help, menu, shortcut and whether it makes sense now are asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "label() and help() say what each one is")]
pub enum Action {
    NewBytes,
    NewText,
    Open,
    Reload,
    Save,
    SaveAs,
    SaveSelection,
    ToggleBackup,
    ZoomIn,
    ZoomOut,
    ZoomReset,
    Export,
    NewReport,
    ConvertFiles,
    CloseDocument,
    Reopen,
    Quit,
    Undo,
    Redo,
    Cut,
    Copy,
    CopyAs,
    CopyOffset,
    CopyAddress,
    CopyRows,
    Paste,
    PasteAs,
    PasteAsNew,
    Delete,
    SelectAll,
    SelectRange,
    ExtendSelection,
    SwapSelectionEnds,
    ToggleInsert,
    Protect,
    Find,
    FindNext,
    FindPrevious,
    FindSelection,
    FindAll,
    Replace,
    FillBytes,
    InsertBytes,
    InsertFile,
    Resize,
    ChangeBytes,
    XorBytes,
    AndBytes,
    OrBytes,
    AddBytes,
    SubtractBytes,
    InvertBytes,
    ShiftLeft,
    ShiftRight,
    RotateLeft,
    RotateRight,
    ReverseBytes,
    ReverseBits,
    Swap16,
    Swap32,
    Swap64,
    UpperCase,
    LowerCase,
    GoTo,
    RepeatGoTo,
    JumpBack,
    JumpForward,
    FollowU32Le,
    FollowU32Be,
    FollowU64Le,
    FollowU64Be,
    GoToRow,
    SeekStart,
    SeekEnd,
    TruncateHere,
    ReadLine,
    ReadRest,
    Tell,
    GetValue,
    CloseStream,
    WalkFirst,
    WalkBack,
    WalkOn,
    WalkLatest,
    WalkPlay,
    WalkStay,
    TimelineToPython,
    TimelineToRust,
    CopyTimelineAsPython,
    DecodeToText,
    EncodeToBytes,
    NextDocument,
    PreviousDocument,
    TogglePreview,
    ToggleInspector,
    ToggleStream,
    ToggleTimeline,
    ToggleConsole,
    ToggleLinks,
    ToggleSearch,
    ToggleStructure,
    ToggleHashes,
    ToggleText,
    ToggleOverview,
    ToggleStrings,
    ToggleColumn,
    TogglePicture,
    ToggleMinimap,
    MinimapClass,
    MinimapEntropy,
    MinimapChange,
    ToggleSecondHex,
    ResetLayout,
    /// A choice of the hex view that was used last.
    Hex(HexChoice),
    /// A request about the table in front.
    Table(TableAction),
    ColumnsTyped,
    BaseAddress,
    ChooseCharset,
    PictureFit,
    PictureActualSize,
    PictureZoomIn,
    PictureZoomOut,
    /// How the picture in front is looked at.
    Picture(PictureChoice),
    SelectPicture,
    CopyPicture,
    CropPicture,
    FramePlay,
    FrameNext,
    FramePrevious,
    FrameFirst,
    FrameLast,
    ExportFrame,
    ExportFrames,
    ThemeSystem,
    ThemeDark,
    ThemeLight,
    FullScreen,
    SavePictureOfView,
    OpenAddress,
    CaptureCommand,
    PackZip,
    PackTar,
    RunDocument,
    RunScript,
    StopConsole,
    ClearConsole,
    ResetConsole,
    CopyTranscript,
    CompareWith,
    CompareAgain,
    AlignComparison,
    NextDifference,
    PreviousDifference,
    CopyToRight,
    CopyToLeft,
    ExportDifferences,
    FoldEqual,
    ScrollTogether,
    SwapSides,
    NextOtherByte,
    PreviousOtherByte,
    Palette,
    Notices,
    Lessons,
    OpenLesson,
    ToggleBookmarks,
    AddBookmark,
    NextBookmark,
    PreviousBookmark,
    ImportBookmarks,
    RemoveBookmarks,
    ExportBookmarks,
    Shortcuts,
    About,
}

struct Spec {
    action: Action,
    variant: &'static str,
    menu: Menu,
    /// Actions of one group stand together, with a line between groups.
    group: u8,
    label: &'static str,
    help: &'static str,
    shortcuts: &'static [Shortcut],
}

macro_rules! actions {
    ($($action:ident $(($choice:expr))? $menu:ident $group:literal $label:literal $help:literal [$($shortcut:expr),*];)*) => {
        pub(in crate::app::action) const SPECS: &[Spec] = &[$(Spec {
            action: Action::$action $(($choice))?, variant: stringify!($action), menu: Menu::$menu, group: $group, label: $label, help: $help, shortcuts: &[$($shortcut),*],
        }),*];
    };
}

mod menu;
mod rows;
mod sense;
mod table;

pub use menu::Menu;

const fn plain(key: Key) -> Shortcut {
    Shortcut::plain(key)
}

const fn ctrl(key: Key) -> Shortcut {
    Shortcut::command(key)
}

const fn ctrl_shift(key: Key) -> Shortcut {
    Shortcut::command(key).and_shift()
}

const fn ctrl_alt(key: Key) -> Shortcut {
    Shortcut::command(key).and_alt()
}

const fn shift(key: Key) -> Shortcut {
    Shortcut::plain(key).and_shift()
}

const fn alt(key: Key) -> Shortcut {
    Shortcut::plain(key).and_alt()
}

const fn alt_shift(key: Key) -> Shortcut {
    Shortcut::plain(key).and_alt().and_shift()
}

impl Action {
    /// All actions, in menu order.
    pub fn all() -> impl Iterator<Item = Self> {
        rows::SPECS.iter().chain(table::SPECS).map(|spec| spec.action)
    }

    fn spec(self) -> &'static Spec {
        rows::SPECS
            .iter()
            .chain(table::SPECS)
            .find(|spec| spec.action == self)
            .expect("every action has a row: a test asks for each")
    }

    /// What menus and the palette say.
    pub fn label(self) -> &'static str {
        self.spec().label
    }

    /// One sentence on what it does.
    pub fn help(self) -> &'static str {
        self.spec().help
    }

    /// The menu it is in.
    pub fn menu(self) -> Menu {
        self.spec().menu
    }

    /// The group within the menu; a line stands between groups.
    pub fn group(self) -> u8 {
        self.spec().group
    }

    /// The submenu that a group of a menu stands in, where it has one.
    pub fn submenu(menu: Menu, group: u8) -> Option<&'static str> {
        match (menu, group) {
            (Menu::Edit, 5) => Some("Change bytes"),
            (Menu::Edit, 6) => Some("Find and replace"),
            (Menu::View, 1) => Some("Panes"),
            (Menu::View, 3) => Some("Picture"),
            (Menu::View, 4) => Some("Theme"),
            (Menu::View, 5) => Some("Minimap"),
            (Menu::Table, 1) => Some("Copy as"),
            (Menu::Table, 2) => Some("Rows and columns"),
            (Menu::View, 9) => Some("Follow the value at the cursor"),
            (Menu::View, 10) => Some("Channels of the picture"),
            (Menu::View, 11) => Some("Behind transparent pixels"),
            (Menu::View, 12) => Some("Frames"),
            (Menu::Bytes, group) => Menu::BYTES_GROUPS.get(usize::from(group)).copied(),
            _ => None,
        }
    }

    /// The operation on bytes that it asks for.
    pub(super) fn operation(self) -> Option<OpKind> {
        Some(match self {
            Self::FillBytes => OpKind::Fill,
            Self::XorBytes => OpKind::Xor,
            Self::AndBytes => OpKind::And,
            Self::OrBytes => OpKind::Or,
            Self::AddBytes => OpKind::Add,
            Self::SubtractBytes => OpKind::Subtract,
            Self::InvertBytes => OpKind::Invert,
            Self::ShiftLeft => OpKind::ShiftLeft,
            Self::ShiftRight => OpKind::ShiftRight,
            Self::RotateLeft => OpKind::RotateLeft,
            Self::RotateRight => OpKind::RotateRight,
            Self::ReverseBytes => OpKind::ReverseBytes,
            Self::ReverseBits => OpKind::ReverseBits,
            Self::Swap16 => OpKind::Swap16,
            Self::Swap32 => OpKind::Swap32,
            Self::Swap64 => OpKind::Swap64,
            Self::UpperCase => OpKind::UpperCase,
            Self::LowerCase => OpKind::LowerCase,
            _ => return None,
        })
    }

    /// Whether all it does is to change the document in front; one that is protected refuses it.
    pub(super) fn changes(self) -> bool {
        let other = matches!(
            self,
            Self::Undo
                | Self::Redo
                | Self::Cut
                | Self::Paste
                | Self::PasteAs
                | Self::Delete
                | Self::InsertBytes
                | Self::InsertFile
                | Self::Resize
                | Self::ChangeBytes
                | Self::TruncateHere
                | Self::CloseStream
                | Self::WalkStay
        );
        other || self.operation().is_some() || matches!(self, Self::Table(action) if action.changes())
    }

    /// What its name is in the enum.
    pub(super) fn variant(self) -> &'static str {
        self.spec().variant
    }

    /// Its keys unless the user gave it others. What it has now, [`Keymap::shortcuts`](super::Keymap::shortcuts) says.
    pub fn default_shortcuts(self) -> &'static [Shortcut] {
        self.spec().shortcuts
    }
}
