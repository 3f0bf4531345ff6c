//! Everything a person can ask for without further input: one enum from which menus, shortcuts, the command palette and the
//! help page are made.

use super::HexChoice as C;
use super::PictureChoice as P;
use super::bytes_view::{ByteColors, CellFormat as F, FONT_SIZE, Radix};
use super::table::TableAction;
use super::{
    AppState, Board, Channel, DiskState, HexChoice, Key, MinimapMode, OpKind, PaneKind, PictureChoice, Shortcut, ThemeChoice,
};
use crate::document::StreamKind;
use crate::explore::compare::Method;
use crate::formats::Kind;
use crate::stream::codec::Charset;

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
    const BYTES_GROUPS: [&'static str; 7] = ["Bytes a row", "Grouping", "Cells", "Addresses", "Text column", "Colours", "Size"];

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

mod table;

actions! {
    NewBytes File 0 "New bytes" "Makes an empty BytesIO document" [ctrl(Key::N)];
    NewText File 0 "New text" "Makes an empty StringIO document" [ctrl_shift(Key::N)];
    Open File 0 "Open…" "Opens files as in-memory streams" [ctrl(Key::O)];
    OpenAddress File 0 "Open address…" "Opens what an http or https address gives, within limits that you see" [];
    CaptureCommand File 0 "Run a command and capture…" "Runs a program and opens its standard output and standard error as documents" [];
    Reload File 0 "Reload" "Reads the file again; undo brings the edits back" [ctrl(Key::R)];
    Save File 1 "Save" "Writes the document to its file" [ctrl(Key::S)];
    SaveAs File 1 "Save as…" "Writes the document to another file" [ctrl_shift(Key::S)];
    SaveSelection File 1 "Save selection as…" "Writes what is selected to a file: the bytes as they are, characters in UTF-8" [];
    ToggleBackup File 1 "Keep a backup copy when saving" "What the file held before a save stays beside it, with .bak behind its name" [];
    SavePictureOfView File 1 "Save a picture of the view…" "Writes what the window shows as a PNG image" [];
    PackZip File 1 "Pack open documents into a ZIP…" "Writes every open document, as it is now, into one ZIP archive" [];
    PackTar File 1 "Pack open documents into a tar…" "Writes every open document, as it is now, into one tar archive" [];
    CloseDocument File 2 "Close document" "Closes the document in front" [ctrl(Key::W)];
    Reopen File 2 "Reopen closed document" "Brings the document closed last back, with its edits and its undo" [ctrl_shift(Key::T)];
    Quit File 2 "Quit" "Closes the window" [ctrl(Key::Q)];
    Undo Edit 0 "Undo" "Takes the last edit back" [ctrl(Key::Z)];
    Redo Edit 0 "Redo" "Brings the last undone edit back" [ctrl_shift(Key::Z), ctrl(Key::Y)];
    Cut Edit 1 "Cut" "Copies the selection and takes it out" [ctrl(Key::X)];
    Copy Edit 1 "Copy" "Copies the selection: hex digits from the hex column, characters from the text column" [ctrl(Key::C)];
    CopyAs Edit 1 "Copy as…" "Copies the selection as text for another program: source code, base64, a dump" [ctrl_shift(Key::C)];
    CopyRows Edit 1 "Copy rows as shown" "Copies the rows of the selection, or the cursor's: addresses, cells and characters" [];
    CopyOffset Edit 1 "Copy position" "Copies the cursor's position, the result of tell()" [];
    CopyAddress Edit 1 "Copy address" "Copies the cursor's address as the bytes view counts it: in its digits, with its base address" [];
    Paste Edit 1 "Paste" "Puts the clipboard in at the cursor, or makes a document of it where there is none" [ctrl(Key::V)];
    PasteAs Edit 1 "Paste as…" "Reads text as the bytes that it stands for, and puts them in" [ctrl_shift(Key::V)];
    PasteAsNew Edit 1 "Paste as new document" "Makes a document of the clipboard" [ctrl_alt(Key::V)];
    Delete Edit 1 "Delete" "Takes the selection, or the unit at the cursor, out" [plain(Key::Delete)];
    SelectAll Edit 2 "Select all" "Selects everything" [ctrl(Key::A)];
    SelectRange Edit 2 "Select range…" "Selects from a position up to another, or a length" [ctrl_shift(Key::A)];
    ExtendSelection Edit 2 "Extend the selection to…" "Moves the end of the selection to a position, a bookmark, an expression" [];
    SwapSelectionEnds Edit 2 "Swap selection ends" "Moves the cursor to the other end of the selection" [ctrl(Key::T)];
    ToggleInsert Edit 3 "Insert mode" "Switches between overwriting, as write() does, and inserting" [plain(Key::Insert)];
    Protect Edit 3 "Protect against changes" "Refuses every change of the document until it is switched off; reading stays possible" [];
    Find Edit 6 "Find…" "Searches for text, hex digits, numbers or a regular expression" [ctrl(Key::F)];
    FindNext Edit 6 "Next match" "Goes to the next match; from the end on from the start" [plain(Key::F3)];
    FindPrevious Edit 6 "Previous match" "Goes to the previous match; from the start on from the end" [shift(Key::F3)];
    FindSelection Edit 6 "Find the selection" "Searches for what is selected" [ctrl(Key::E)];
    FindAll Edit 6 "Find all" "Lists every match, in all documents where several are open" [ctrl_shift(Key::F)];
    Replace Edit 6 "Replace…" "Replaces matches, one by one or all in one step" [ctrl(Key::H)];
    FillBytes Edit 4 "Fill…" "Fills the selection with a pattern, random bytes or a count" [];
    InsertBytes Edit 4 "Insert bytes…" "Puts a pattern, random bytes or a count in at the cursor" [];
    InsertFile Edit 4 "Insert a file…" "Puts the bytes of a file in at the cursor; they stay in the file until they are looked at" [];
    Resize Edit 4 "Resize…" "Cuts the end off, or adds bytes there" [];
    ChangeBytes Edit 5 "Change bytes…" "Any operation on the bytes of the selection, or of the whole document" [ctrl_alt(Key::C)];
    XorBytes Edit 5 "Xor…" "Exclusive or with a key of one or more bytes" [];
    AndBytes Edit 5 "And…" "Keeps the bits that a key has" [];
    OrBytes Edit 5 "Or…" "Sets the bits that a key has" [];
    AddBytes Edit 5 "Add…" "Adds a key to the bytes" [];
    SubtractBytes Edit 5 "Subtract…" "Subtracts a key from the bytes" [];
    InvertBytes Edit 5 "Invert bits" "Turns every bit round" [];
    ShiftLeft Edit 5 "Shift left…" "Moves bits to the left, in each byte or through all of them" [];
    ShiftRight Edit 5 "Shift right…" "Moves bits to the right, in each byte or through all of them" [];
    RotateLeft Edit 5 "Rotate left…" "Moves bits to the left and brings them back on the right" [];
    RotateRight Edit 5 "Rotate right…" "Moves bits to the right and brings them back on the left" [];
    ReverseBytes Edit 5 "Reverse bytes" "The last byte becomes the first" [];
    ReverseBits Edit 5 "Reverse bits of each byte" "The last bit becomes the first, in each byte" [];
    Swap16 Edit 5 "Swap 16-bit" "Changes the byte order of 16-bit values" [];
    Swap32 Edit 5 "Swap 32-bit" "Changes the byte order of 32-bit values" [];
    Swap64 Edit 5 "Swap 64-bit" "Changes the byte order of 64-bit values" [];
    UpperCase Edit 5 "Upper case" "ASCII letters become capitals" [];
    LowerCase Edit 5 "Lower case" "ASCII letters become small" [];
    GoTo View 0 "Go to…" "Moves the cursor to a position: 0x1F0, +16, end-8, row 3, a bookmark" [ctrl(Key::G)];
    RepeatGoTo View 0 "Repeat go to" "Goes to what was typed last once more: +16 goes on by 16" [alt(Key::G)];
    JumpBack View 0 "Back" "Goes back to where the cursor was before it jumped" [ctrl_alt(Key::Left)];
    JumpForward View 0 "Forward" "Goes to where the cursor was before it went back" [ctrl_alt(Key::Right)];
    GoToRow View 0 "Go to row…" "Shows a row of the table" [ctrl_shift(Key::G)];
    AddBookmark Edit 4 "Add a bookmark" "Names the selection, or the unit at the cursor" [ctrl(Key::B)];
    NextBookmark Edit 4 "Next bookmark" "Moves the cursor to the next bookmark behind it" [alt(Key::PageDown)];
    PreviousBookmark Edit 4 "Previous bookmark" "Moves the cursor to the last bookmark before it" [alt(Key::PageUp)];
    RemoveBookmarks Edit 4 "Remove all bookmarks" "Removes every bookmark of the document; the content stays, and undo brings them back" [];
    ImportBookmarks Edit 4 "Import bookmarks…" "Adds the bookmarks of a .bookmarks.json file" [];
    ExportBookmarks Edit 4 "Export bookmarks…" "Writes the bookmarks to a .bookmarks.json file" [];
    NextOtherByte View 0 "Next different byte" "Goes on to the first byte that is not the one at the cursor" [ctrl(Key::CloseBracket)];
    PreviousOtherByte View 0 "Previous different byte" "Goes back to the nearest byte that is not the one at the cursor" [ctrl(Key::OpenBracket)];
    NextDocument View 0 "Next document" "Shows the document to the right" [ctrl(Key::PageDown), ctrl(Key::Tab)];
    PreviousDocument View 0 "Previous document" "Shows the document to the left" [ctrl(Key::PageUp), ctrl_shift(Key::Tab)];
    FollowU32Le View 9 "As 32-bit little-endian" "Goes to the offset that the 4 bytes at the cursor hold" [];
    FollowU32Be View 9 "As 32-bit big-endian" "Goes to the offset that the 4 bytes at the cursor hold" [];
    FollowU64Le View 9 "As 64-bit little-endian" "Goes to the offset that the 8 bytes at the cursor hold" [];
    FollowU64Be View 9 "As 64-bit big-endian" "Goes to the offset that the 8 bytes at the cursor hold" [];
    ToggleText View 1 "Text view" "Shows or hides the text view" [ctrl(Key::Num1)];
    TogglePreview View 1 "Preview" "Shows or hides the picture or table" [ctrl(Key::Num2)];
    ToggleInspector View 1 "Inspector" "Shows or hides the values at the cursor" [ctrl(Key::Num3)];
    ToggleStream View 1 "Stream panel" "Shows or hides the stream's calls" [ctrl(Key::Num4)];
    ToggleTimeline View 1 "Timeline" "Shows or hides the list of calls" [ctrl(Key::Num5)];
    ToggleConsole View 1 "Console" "Shows or hides the console, where Python statements run on the documents" [ctrl(Key::Num6)];
    ToggleLinks View 1 "Wrappers" "Shows or hides the text and buffered streams over the document, with what they hold" [ctrl(Key::Num7)];
    ToggleSearch View 1 "Search results" "Shows or hides the list of matches" [];
    ToggleBookmarks View 1 "Bookmarks" "Shows or hides the bookmarks of the document" [];
    ToggleSecondHex View 1 "Second view of the bytes" "Shows the bytes twice, each view with its own place and its own cells" [ctrl(Key::Num9)];
    TogglePicture View 1 "Picture" "Shows or hides what is known of a picture: colours, histogram, metadata" [alt(Key::I)];
    ToggleStructure View 1 "Structure" "Shows or hides the parts of a container: chunks, segments, directories, records" [];
    ToggleHashes View 1 "Hashes" "Shows or hides digests and checksums of the selection or the document" [];
    ToggleOverview View 1 "Overview" "Shows or hides what the bytes are like as a whole: histogram, entropy, pairs, bytes as pixels" [alt(Key::O)];
    ToggleColumn View 1 "Column" "Shows or hides what the cells of a table's column are like: counts, values, a plot" [];
    ToggleStrings View 1 "Strings" "Shows or hides the list of all runs of text in the bytes" [alt(Key::S)];
    ResetLayout View 1 "Reset layout" "Puts every pane back in its place" [];
    ToggleMinimap View 5 "Minimap" "Shows or hides the strip of the whole document beside the bytes" [alt(Key::N)];
    MinimapClass View 5 "Minimap of classes" "Shows beside the bytes how many are zeros, text, control, high or FF" [];
    MinimapEntropy View 5 "Minimap of entropy" "Shows beside the bytes how mixed they are: compressed and encrypted parts stand out" [];
    MinimapChange View 5 "Minimap of changes" "Shows beside the bytes where the document differs from what was saved" [];
    PictureFit View 3 "Fit picture" "Shows the whole picture" [alt(Key::Num0)];
    PictureActualSize View 3 "Actual picture size" "Shows one pixel of the picture as one pixel" [alt(Key::Num1)];
    PictureZoomIn View 3 "Zoom picture in" "Shows the picture larger" [alt(Key::Plus)];
    PictureZoomOut View 3 "Zoom picture out" "Shows the picture smaller" [alt(Key::Minus)];
    Picture(P::ToggleSharp) View 3 "Sharp pixels at every size" "Shows enlarged pixels as squares; without it only from 200 % on" [];
    Picture(P::ToggleProfile) View 3 "Apply the colour profile" "Shows the colours that the picture's profile means; without it the stored numbers" [];
    Picture(P::ToggleSelecting) View 3 "Select areas of the picture" "A drag selects an area instead of moving the picture; Shift and a drag do it in any case" [];
    SelectPicture View 3 "Select the whole picture" "Selects all of its area" [];
    CopyPicture Edit 1 "Copy picture" "Copies the selected area of the picture, or all of it, as it is seen" [alt(Key::C)];
    CropPicture View 3 "Crop…" "Exports the selected area of the picture" [];
    Picture(P::ToggleLog) View 3 "Logarithmic histogram" "The bars grow with the logarithm of the counts, so that rare values are seen" [];
    Picture(P::TogglePart) View 3 "Histogram of the selected area" "Counts the selected area of the picture, or all of it" [];
    Picture(P::Channel(Channel::All)) View 10 "All channels" "Shows the picture as it is" [];
    Picture(P::Channel(Channel::Opaque)) View 10 "Without alpha" "Shows the stored colours with no regard to transparency" [];
    Picture(P::Channel(Channel::Red)) View 10 "Red" "Shows the red channel as grey" [];
    Picture(P::Channel(Channel::Green)) View 10 "Green" "Shows the green channel as grey" [];
    Picture(P::Channel(Channel::Blue)) View 10 "Blue" "Shows the blue channel as grey" [];
    Picture(P::Channel(Channel::Alpha)) View 10 "Alpha" "Shows how opaque each pixel is: white is opaque" [];
    Picture(P::Channel(Channel::Grey)) View 10 "Grey" "Shows the brightness of each pixel" [];
    Picture(P::Board(Board::Theme)) View 11 "Squares as the theme has them" "What is seen behind transparent pixels" [];
    Picture(P::Board(Board::Light)) View 11 "Light squares" "What is seen behind transparent pixels" [];
    Picture(P::Board(Board::Dark)) View 11 "Dark squares" "What is seen behind transparent pixels" [];
    FramePlay View 12 "Play the animation" "Plays the frames with their delays, or stops" [alt_shift(Key::P)];
    FrameNext View 12 "Next frame" "Shows the next frame or page" [alt(Key::Period)];
    FramePrevious View 12 "Previous frame" "Shows the frame or page before" [alt(Key::Comma)];
    FrameFirst View 12 "First frame" "Shows the first frame or page" [];
    FrameLast View 12 "Last frame" "Shows the last frame or page" [];
    Picture(P::ToggleRepeat) View 12 "Repeat the animation" "Goes on with the first frame after the last one" [];
    ThemeSystem View 4 "Theme of the system" "Follows the desktop's dark or light theme" [];
    ThemeDark View 4 "Dark theme" "Light text on a dark ground" [];
    ThemeLight View 4 "Light theme" "Dark text on a light ground" [];
    ZoomIn View 7 "Zoom in" "Shows the whole window larger" [ctrl(Key::Plus)];
    ZoomOut View 7 "Zoom out" "Shows the whole window smaller" [ctrl(Key::Minus)];
    ZoomReset View 7 "Usual zoom" "Shows the whole window in its usual size" [ctrl(Key::Num0)];
    FullScreen View 7 "Full screen" "Fills the screen, or leaves it" [plain(Key::F11)];
    Hex(C::Columns(None)) Bytes 0 "Fit bytes to the width" "Shows as many bytes a row as fit, in whole groups" [];
    Hex(C::Columns(Some(4))) Bytes 0 "4 bytes a row" "Shows 4 bytes a row" [];
    Hex(C::Columns(Some(8))) Bytes 0 "8 bytes a row" "Shows 8 bytes a row" [];
    Hex(C::Columns(Some(16))) Bytes 0 "16 bytes a row" "Shows 16 bytes a row" [];
    Hex(C::Columns(Some(24))) Bytes 0 "24 bytes a row" "Shows 24 bytes a row" [];
    Hex(C::Columns(Some(32))) Bytes 0 "32 bytes a row" "Shows 32 bytes a row" [];
    Hex(C::Columns(Some(48))) Bytes 0 "48 bytes a row" "Shows 48 bytes a row" [];
    Hex(C::Columns(Some(64))) Bytes 0 "64 bytes a row" "Shows 64 bytes a row" [];
    ColumnsTyped Bytes 0 "Other number of bytes a row…" "Shows any number of bytes a row, from 1 to 512" [];
    Hex(C::Group(1)) Bytes 1 "No groups" "Puts no wider gaps between bytes" [];
    Hex(C::Group(2)) Bytes 1 "Groups of 2 bytes" "Puts a wider gap behind every 2 bytes" [];
    Hex(C::Group(4)) Bytes 1 "Groups of 4 bytes" "Puts a wider gap behind every 4 bytes" [];
    Hex(C::Group(8)) Bytes 1 "Groups of 8 bytes" "Puts a wider gap behind every 8 bytes" [];
    Hex(C::Group(16)) Bytes 1 "Groups of 16 bytes" "Puts a wider gap behind every 16 bytes" [];
    Hex(C::Format(F::Hex)) Bytes 2 "Cells in hex" "Shows each byte as two hex digits" [];
    Hex(C::Format(F::Decimal)) Bytes 2 "Cells in decimal" "Shows each byte as 0 to 255" [];
    Hex(C::Format(F::Signed)) Bytes 2 "Cells in signed decimal" "Shows each byte as -128 to 127" [];
    Hex(C::Format(F::Octal)) Bytes 2 "Cells in octal" "Shows each byte as three octal digits" [];
    Hex(C::Format(F::Binary)) Bytes 2 "Cells in binary" "Shows each byte as eight bits" [];
    Hex(C::Format(F::Hex16)) Bytes 2 "Cells of 16 bits in hex" "Shows two bytes as one hex number" [];
    Hex(C::Format(F::U16)) Bytes 2 "Cells of 16 bits, unsigned" "Shows two bytes as one whole number" [];
    Hex(C::Format(F::I16)) Bytes 2 "Cells of 16 bits, signed" "Shows two bytes as one whole number with its sign" [];
    Hex(C::Format(F::Hex32)) Bytes 2 "Cells of 32 bits in hex" "Shows four bytes as one hex number" [];
    Hex(C::Format(F::U32)) Bytes 2 "Cells of 32 bits, unsigned" "Shows four bytes as one whole number" [];
    Hex(C::Format(F::I32)) Bytes 2 "Cells of 32 bits, signed" "Shows four bytes as one whole number with its sign" [];
    Hex(C::Format(F::Hex64)) Bytes 2 "Cells of 64 bits in hex" "Shows eight bytes as one hex number" [];
    Hex(C::Format(F::U64)) Bytes 2 "Cells of 64 bits, unsigned" "Shows eight bytes as one whole number" [];
    Hex(C::Format(F::I64)) Bytes 2 "Cells of 64 bits, signed" "Shows eight bytes as one whole number with its sign" [];
    Hex(C::Format(F::F16)) Bytes 2 "Cells of 16-bit floats" "Shows two bytes as one floating-point number" [];
    Hex(C::Format(F::F32)) Bytes 2 "Cells of 32-bit floats" "Shows four bytes as one floating-point number" [];
    Hex(C::Format(F::F64)) Bytes 2 "Cells of 64-bit floats" "Shows eight bytes as one floating-point number" [];
    Hex(C::ToggleByteOrder) Bytes 2 "Big-endian cells" "Takes the first byte of a cell as the highest one" [];
    Hex(C::ToggleUpper) Bytes 2 "Upper case hex digits" "Shows A to F as capitals, or as small letters" [];
    Hex(C::Radix(Radix::Hex)) Bytes 3 "Addresses in hex" "Shows addresses with hex digits" [];
    Hex(C::Radix(Radix::Decimal)) Bytes 3 "Addresses in decimal" "Shows addresses with decimal digits" [];
    Hex(C::Radix(Radix::Octal)) Bytes 3 "Addresses in octal" "Shows addresses with octal digits" [];
    BaseAddress Bytes 3 "Base address…" "Adds a number to all addresses that are shown" [];
    ChooseCharset Bytes 4 "Text column in another encoding…" "Finds the encoding of the text column by its name: Shift JIS, KOI8-R, EBCDIC, all there are" [];
    Hex(C::Charset(Charset::UTF8)) Bytes 4 "Text column in UTF-8" "Reads the text column as UTF-8, each character once over its bytes" [];
    Hex(C::Charset(Charset::UTF16_LE)) Bytes 4 "Text column in UTF-16, little-endian" "Reads the text column as UTF-16 with the low byte first" [];
    Hex(C::Charset(Charset::UTF16_BE)) Bytes 4 "Text column in UTF-16, big-endian" "Reads the text column as UTF-16 with the high byte first" [];
    Hex(C::Charset(Charset::ASCII)) Bytes 4 "Text column in ASCII" "Reads the text column as ASCII" [];
    Hex(C::Charset(Charset::LATIN1)) Bytes 4 "Text column in Latin-1" "Reads the text column as ISO 8859-1" [];
    Hex(C::Charset(Charset::WINDOWS_1252)) Bytes 4 "Text column in Windows-1252" "Reads the text column as Windows' western code page" [];
    Hex(C::Charset(Charset::CP437)) Bytes 4 "Text column in CP437" "Reads the text column as the first code page of DOS" [];
    Hex(C::Charset(Charset::CP037)) Bytes 4 "Text column in EBCDIC" "Reads the text column as the EBCDIC code page 037" [];
    Hex(C::Colors(ByteColors::Class)) Bytes 5 "Colours by class" "Tells zeros, text, white space, control bytes, high bytes and FF apart" [];
    Hex(C::Colors(ByteColors::Value)) Bytes 5 "Colours by value" "Shows bytes in a gradient from 00 to FF" [];
    Hex(C::Colors(ByteColors::Structure)) Bytes 5 "Colours by structure" "Shows the parts of the format as grounds" [];
    Hex(C::Colors(ByteColors::Plain)) Bytes 5 "No colours of bytes" "Shows all bytes alike" [];
    Hex(C::ToggleGreyZeros) Bytes 5 "Grey zeros" "Shows zero bytes in grey" [];
    Hex(C::ToggleChanged) Bytes 5 "Mark changed bytes" "Marks the bytes that differ from the file" [];
    Hex(C::Enlarge(1)) Bytes 6 "Larger bytes" "Shows bytes and text in larger letters; Ctrl and the wheel do it too" [];
    Hex(C::Enlarge(-1)) Bytes 6 "Smaller bytes" "Shows bytes and text in smaller letters; Ctrl and the wheel do it too" [];
    Hex(C::FontSize(FONT_SIZE)) Bytes 6 "Usual size of bytes" "Shows bytes and text in the size that the program begins with" [];
    SeekStart Stream 0 "Seek to the start" "seek(0)" [alt(Key::Home)];
    SeekEnd Stream 0 "Seek to the end" "seek(0, 2)" [alt(Key::End)];
    Tell Stream 0 "Tell" "tell(): the cursor's position" [alt(Key::T)];
    ReadLine Stream 1 "Read a line" "readline(): from the cursor to the next line end" [alt(Key::L)];
    ReadRest Stream 1 "Read the rest" "read(): from the cursor to the end" [alt(Key::R)];
    GetValue Stream 1 "Get the value" "getvalue(): everything, wherever the cursor is" [];
    TruncateHere Stream 2 "Truncate here" "truncate(): cuts everything from the cursor on" [ctrl_shift(Key::Delete)];
    CloseStream Stream 2 "Close the stream" "close(): discards the content; undo brings it back" [];
    DecodeToText Stream 3 "Decode to a text stream" "Makes a StringIO document of these bytes" [];
    EncodeToBytes Stream 3 "Encode to a bytes stream" "Makes a BytesIO document of this text, in UTF-8" [];
    WalkBack Stream 4 "Step back" "Shows the document as it was one call earlier" [alt(Key::Left)];
    WalkOn Stream 4 "Step forward" "Shows the document as it was one call later" [alt(Key::Right)];
    WalkFirst Stream 4 "Go to the first step" "Shows the document as it was before the first call" [alt_shift(Key::Left)];
    WalkLatest Stream 4 "Return to the latest step" "Shows the document as it is" [alt_shift(Key::Right)];
    WalkPlay Stream 4 "Play the timeline" "Steps through the calls by itself, or stops" [alt(Key::P)];
    WalkStay Stream 4 "Go on from this step" "Makes the step that is shown the latest; the later ones stay as a branch" [];
    TimelineToPython Stream 5 "Export the timeline as Python…" "Writes a script that makes the same calls and ends with what is shown" [];
    TimelineToRust Stream 5 "Export the timeline as Rust…" "Writes a program that makes the same calls and ends with what is shown" [];
    CopyTimelineAsPython Stream 5 "Copy the timeline as Python" "Copies a script that makes the same calls and ends with what is shown" [];
    ExportFrame Convert 0 "Export this frame…" "Writes the frame that is shown, by itself" [];
    ExportFrames Convert 0 "Export all frames…" "Writes every frame or page as a PNG image, all of them in one ZIP" [];
    Export Convert 0 "Export…" "Writes the document in another format" [ctrl_shift(Key::E)];
    RunDocument Tools 1 "Run in the console" "Runs the document in front as a Python script" [plain(Key::F5)];
    RunScript Tools 1 "Run a script…" "Runs a file of Python statements in the console" [];
    StopConsole Tools 1 "Stop the statements" "Stops the statements that run in the console" [shift(Key::F5)];
    CopyTranscript Tools 2 "Copy the console's transcript" "Copies everything that the console shows" [];
    ClearConsole Tools 2 "Clear the console" "Empties the console's transcript; names and documents stay" [ctrl(Key::L)];
    ResetConsole Tools 2 "New console session" "Forgets every name and module of the console; documents stay" [];
    CompareWith Tools 3 "Compare with…" "Compares the document in front with another one, or with a file" [ctrl_shift(Key::D)];
    NextDifference Tools 3 "Next difference" "Goes to the next place where the sides differ" [plain(Key::F7)];
    PreviousDifference Tools 3 "Previous difference" "Goes to the place before where the sides differ" [shift(Key::F7)];
    CopyToRight Tools 3 "Copy the difference to the right" "Gives the right document what the left one has at the cursor" [plain(Key::F8)];
    CopyToLeft Tools 3 "Copy the difference to the left" "Gives the left document what the right one has at the cursor" [shift(Key::F8)];
    AlignComparison Tools 4 "Align insertions" "Compares what belongs together, wherever it stands, rather than what has the same position" [];
    FoldEqual Tools 4 "Fold equal rows" "Shows rows that are equal on both sides as one" [];
    ScrollTogether Tools 4 "Scroll both sides together" "Keeps what belongs together beside each other" [];
    SwapSides Tools 4 "Swap the sides" "Puts the left document on the right" [];
    CompareAgain Tools 4 "Compare again" "Compares the documents as they are now" [];
    ExportDifferences Tools 4 "Export the differences…" "Writes the list of differences as CSV or JSON" [];
    Palette Tools 0 "Command palette…" "Finds any command by its name" [ctrl_shift(Key::P)];
    Notices Tools 0 "Notices" "Shows every message of this session" [];
    Lessons Help 0 "Lessons" "Short guided lessons: predict what a stream does, and see it" [ctrl(Key::Num8)];
    OpenLesson Help 0 "Open a lesson…" "Takes a lesson of your own, from a .lesson file" [];
    Shortcuts Help 0 "Keyboard shortcuts" "Lists every command with its keys, and gives them others" [plain(Key::F1)];
    About Help 0 "About Seektell" "Version and licences" [];
}

impl Action {
    /// All actions, in menu order.
    pub fn all() -> impl Iterator<Item = Self> {
        SPECS.iter().chain(table::SPECS).map(|spec| spec.action)
    }

    fn spec(self) -> &'static Spec {
        SPECS.iter().chain(table::SPECS).find(|spec| spec.action == self).expect("every action has a row: a test asks for each")
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

    /// Whether a menu shows a tick: `None` for what is not a switch.
    pub fn checked(self, state: &AppState) -> Option<bool> {
        let pane = |pane| Some(state.settings.panes.contains(&pane));
        let theme = |theme| Some(state.settings.theme == theme);
        let comparison = state.comparison_in_front();
        match self {
            Self::ToggleInsert => Some(state.active().is_some_and(|open| open.view.insert)),
            Self::ToggleBackup => Some(state.settings.backup),
            Self::Protect => Some(state.active().is_some_and(|open| open.document.is_protected())),
            Self::WalkPlay => Some(state.active().is_some_and(|open| open.view.playing.is_some())),
            Self::ToggleText => pane(PaneKind::Text),
            Self::TogglePreview => pane(PaneKind::Preview),
            Self::ToggleInspector => pane(PaneKind::Inspector),
            Self::ToggleStream => pane(PaneKind::Stream),
            Self::ToggleTimeline => pane(PaneKind::Timeline),
            Self::Lessons => pane(PaneKind::Lesson),
            Self::ToggleBookmarks => pane(PaneKind::Bookmarks),
            Self::ToggleLinks => pane(PaneKind::Links),
            Self::ToggleSearch => pane(PaneKind::Search),
            Self::ToggleStructure => pane(PaneKind::Structure),
            Self::ToggleHashes => pane(PaneKind::Hashes),
            Self::ToggleOverview => pane(PaneKind::Overview),
            Self::ToggleStrings => pane(PaneKind::Strings),
            Self::ToggleColumn => pane(PaneKind::Column),
            Self::Table(action) => action.checked(state.active()),
            Self::TogglePicture => pane(PaneKind::Picture),
            Self::ToggleMinimap => Some(state.settings.minimap.is_some()),
            Self::MinimapClass => Some(state.settings.minimap == Some(MinimapMode::Class)),
            Self::MinimapEntropy => Some(state.settings.minimap == Some(MinimapMode::Entropy)),
            Self::MinimapChange => Some(state.settings.minimap == Some(MinimapMode::Change)),
            Self::ToggleConsole if state.active().is_none() => Some(state.console_wanted),
            Self::ToggleConsole => pane(PaneKind::Console),
            Self::Hex(choice) => state.is_chosen(choice),
            Self::Picture(choice) => Some(state.is_picture_chosen(choice)),
            Self::FramePlay => Some(state.active().and_then(|open| open.film()).is_some_and(super::Film::is_playing)),
            Self::ToggleSecondHex => pane(PaneKind::SecondHex),
            Self::AlignComparison => comparison.map(|open| open.method == Method::Aligned).or(Some(false)),
            Self::FoldEqual => comparison.map(|open| !open.view.unfolded).or(Some(false)),
            Self::ScrollTogether => comparison.map(|open| !open.view.apart).or(Some(false)),
            Self::ThemeSystem => theme(ThemeChoice::System),
            Self::ThemeDark => theme(ThemeChoice::Dark),
            Self::ThemeLight => theme(ThemeChoice::Light),
            _ => None,
        }
    }

    /// Whether it makes sense now; menus and the palette grey it out otherwise, and its keys do nothing.
    pub fn enabled(self, state: &AppState) -> bool {
        if self == Self::Reopen {
            return state.can_reopen();
        }
        if self == Self::OpenAddress && !crate::net::is_built() {
            return false;
        }
        if let Some(enabled) = state.comparison_allows(self) {
            return enabled;
        }
        match self {
            Self::StopConsole => return state.console.is_running(),
            Self::ResetConsole | Self::RunScript | Self::OpenLesson => return !state.console.is_running(),
            Self::ClearConsole | Self::CopyTranscript => return !state.console.transcript().lines().is_empty(),
            _ => {}
        }
        let Some(open) = state.active() else {
            return matches!(
                self,
                Self::NewBytes
                    | Self::NewText
                    | Self::Open
                    | Self::OpenAddress
                    | Self::CaptureCommand
                    | Self::Quit
                    | Self::Paste
                    | Self::PasteAsNew
                    | Self::TogglePreview
                    | Self::ToggleInspector
                    | Self::ToggleStream
                    | Self::ToggleTimeline
                    | Self::ToggleText
                    | Self::ToggleConsole
                    | Self::ToggleLinks
                    | Self::ToggleSearch
                    | Self::ToggleStructure
                    | Self::ToggleHashes
                    | Self::ToggleOverview
                    | Self::ToggleStrings
                    | Self::ToggleColumn
                    | Self::TogglePicture
                    | Self::ToggleMinimap
                    | Self::MinimapClass
                    | Self::MinimapEntropy
                    | Self::MinimapChange
                    | Self::Lessons
                    | Self::OpenLesson
                    | Self::ToggleBookmarks
                    | Self::ResetLayout
                    | Self::Hex(_)
                    | Self::ToggleSecondHex
                    | Self::ThemeSystem
                    | Self::ThemeDark
                    | Self::ThemeLight
                    | Self::FullScreen
                    | Self::ToggleBackup
                    | Self::ZoomIn
                    | Self::ZoomOut
                    | Self::ZoomReset
                    | Self::SavePictureOfView
                    | Self::Palette
                    | Self::Notices
                    | Self::Shortcuts
                    | Self::About
            );
        };
        let document = &open.document;
        let is_open = !document.is_closed();
        let selected = document.selection().is_some();
        let kind = open.detection.format.info().kind;
        let bytes = document.kind() == StreamKind::Bytes;
        let left = document.size().saturating_sub(document.position());
        match self {
            Self::Undo => document.history().undo_len() > 0,
            Self::Redo => document.history().redo_len() > 0,
            Self::Find | Self::FindNext | Self::FindPrevious | Self::FindAll | Self::Replace => is_open,
            Self::FindSelection => selected && is_open,
            Self::Cut | Self::Copy | Self::CopyAs | Self::SaveSelection | Self::SwapSelectionEnds => selected && is_open,
            Self::PasteAs | Self::InsertBytes | Self::InsertFile | Self::Resize => is_open && bytes,
            Self::FollowU32Le | Self::FollowU32Be => is_open && bytes && left >= 4,
            Self::FollowU64Le | Self::FollowU64Be => is_open && bytes && left >= 8,
            Self::JumpBack => is_open && open.view.jumps.can_go_back(),
            Self::JumpForward => is_open && open.view.jumps.can_go_forward(),
            Self::RepeatGoTo => is_open && state.last_go_to.is_some(),
            _ if self == Self::ChangeBytes || self.operation().is_some() => is_open && bytes && document.size() > 0,
            Self::NextBookmark | Self::PreviousBookmark | Self::ExportBookmarks | Self::RemoveBookmarks => {
                !document.bookmarks().is_empty()
            }
            Self::AddBookmark | Self::ImportBookmarks => is_open,
            Self::Delete => is_open && (selected || document.position() < document.size()),
            Self::Reload => open.file.is_some(),
            Self::Save => is_open && (open.is_unsaved() || open.file.is_none() || open.disk != DiskState::Same),
            Self::NextOtherByte | Self::PreviousOtherByte => is_open && document.size() > 0,
            Self::SaveAs | Self::Export | Self::SelectAll | Self::SelectRange | Self::ExtendSelection | Self::ToggleInsert => {
                is_open
            }
            Self::GoTo | Self::SeekStart | Self::SeekEnd | Self::Tell | Self::CopyOffset | Self::CopyAddress | Self::CopyRows => {
                is_open
            }
            Self::ReadLine | Self::ReadRest | Self::GetValue | Self::TruncateHere | Self::CloseStream => is_open,
            Self::ChooseCharset => is_open && bytes,
            Self::DecodeToText => is_open && document.kind() == StreamKind::Bytes,
            Self::EncodeToBytes => is_open && document.kind() == StreamKind::Text,
            Self::RunDocument => is_open && is_script(document.name()) && !state.console.is_running(),
            Self::WalkFirst | Self::WalkBack => document.timeline().current().is_some(),
            Self::WalkOn => {
                let (step, steps) = document.timeline().step();
                step < steps
            }
            Self::WalkLatest | Self::WalkStay => document.is_walking(),
            Self::WalkPlay | Self::TimelineToPython | Self::TimelineToRust | Self::CopyTimelineAsPython => {
                !document.timeline().is_empty()
            }
            Self::GoToRow => matches!(kind, Kind::Table | Kind::Json),
            Self::Table(action) => state.settings.panes.contains(&PaneKind::Preview) && action.enabled(state, open),
            Self::PictureFit | Self::PictureActualSize | Self::PictureZoomIn | Self::PictureZoomOut => kind == Kind::Picture,
            Self::Picture(choice) => choice.makes_sense(open),
            Self::CopyPicture | Self::SelectPicture => open.shown_picture().is_some(),
            Self::CropPicture => open.view.picture.area.is_some() && open.shown_picture().is_some(),
            Self::FrameNext
            | Self::FramePrevious
            | Self::FrameFirst
            | Self::FrameLast
            | Self::ExportFrame
            | Self::ExportFrames => open.film().is_some(),
            Self::FramePlay => open.film().is_some_and(|film| !film.is_pages()),
            Self::NextDocument | Self::PreviousDocument => state.documents().len() > 1,
            _ => true,
        }
    }
}

/// Whether a document's name is that of a Python script.
pub(super) fn is_script(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("py"))
}
