//! What a window remembers of how it shows a document: plain data, changed by commands only.

use super::bytes_view::HexSide;
use super::walk::{Playing, SPEED};
use crate::formats::table::Dialect;
use crate::formats::text::Encoding;
use crate::stream::codec::Charset;

/// A scroll position that is exact at any size: a row, and the pixels of it that are above the edge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RowScroll {
    /// The first row that is (partly) visible.
    pub top_row: u64,
    /// Pixels of that row above the edge: at least 0, less than a row's height.
    pub sub_px: f32,
}

/// The two columns of the hex view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HexColumn {
    /// Typing means hex digits.
    #[default]
    Hex,
    /// Typing means characters.
    Text,
}

/// How large a picture is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Zoom {
    /// As large as the pane allows, never above 1.
    #[default]
    Fit,
    /// Points a pixel.
    Scale(f32),
}

/// What the second view of a document's bytes has of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SecondHex {
    /// Its scroll position, in rows of its own columns.
    pub scroll: RowScroll,
    /// Its bytes a row; `None` fits the width.
    pub columns: Option<u16>,
}

/// A value that is being typed into a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellEdit {
    /// The view that it is typed in: it knows how it is read.
    pub side: HexSide,
    /// The first byte of the cell.
    pub at: u64,
    /// What is typed.
    pub text: String,
}

/// How a document is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewState {
    /// The hex view's scroll position, in rows of `columns` bytes.
    pub hex_scroll: RowScroll,
    /// Bytes a row of the hex view; `None` fits the width.
    pub columns: Option<u16>,
    /// The encoding of the hex view's text column.
    pub charset: Charset,
    /// What is added to the addresses that are shown.
    pub base: u64,
    /// The second view of the bytes.
    pub second: SecondHex,
    /// The view of the bytes that was used last: the cursor is brought into sight there.
    pub hex_front: HexSide,
    /// The value that is being typed into a cell.
    pub cell_edit: Option<CellEdit>,
    /// The column that has the caret.
    pub hex_column: HexColumn,
    /// Typing inserts; otherwise it overwrites, as `write()` does.
    pub insert: bool,
    /// The first hex digit typed at the cursor, waiting for the second.
    pub nibble: Option<u8>,
    /// Counts up each time the cursor moved by something other than the mouse: views scroll it into sight then.
    pub reveal: u64,
    /// The text view's scroll position, in lines.
    pub text_scroll: RowScroll,
    /// Columns scrolled out to the left in the text view, in points.
    pub text_scroll_x: f32,
    /// The encoding that the user chose for the text view.
    pub encoding: Option<Encoding>,
    /// The picture's size.
    pub zoom: Zoom,
    /// The point of the picture, in its pixels, that is in the middle of the pane; `None` centres it.
    pub picture_center: Option<[f32; 2]>,
    /// How else the picture is looked at.
    pub picture: super::PictureLook,
    /// The table's scroll position.
    pub table_scroll: RowScroll,
    /// Points scrolled out to the left in the table.
    pub table_scroll_x: f32,
    /// Widths of the table's columns that the user set, in points.
    pub column_widths: Vec<Option<f32>>,
    /// The dialect that the user chose for the table.
    pub dialect: Option<Dialect>,
    /// The cell that was clicked last: the place of its row among those that are shown, and its column.
    pub table_cell: Option<(u64, usize)>,
    /// How else the table is shown.
    pub table: super::table::TableLook,
    /// Bytes that the pointer is on in another view: first and behind the last.
    pub linked: Option<(u64, u64)>,
    /// A byte that is to come into sight, and how often that was asked for.
    pub shown: (u64, u64),
    /// Where the cursor was before it jumped.
    pub jumps: super::Jumps,
    /// The walk through the timeline goes by itself.
    pub playing: Option<Playing>,
    /// How the overview is shown.
    pub overview: super::OverviewOptions,
    /// Which strings are shown.
    pub strings: super::StringsOptions,
    /// How an archive's members are listed.
    pub archive: super::ArchiveView,
    /// Calls a second that it goes on by, where that was chosen.
    pub walk_speed: Option<f32>,
}

impl ViewState {
    /// Bytes a row of a hex view; `None` fits the width.
    pub fn columns(&self, side: HexSide) -> Option<u16> {
        match side {
            HexSide::Main => self.columns,
            HexSide::Second => self.second.columns,
        }
    }

    /// Where a hex view is scrolled to.
    pub fn hex_scroll(&self, side: HexSide) -> RowScroll {
        match side {
            HexSide::Main => self.hex_scroll,
            HexSide::Second => self.second.scroll,
        }
    }

    /// Calls a second that a walk goes on by.
    pub fn walk_speed(&self) -> f32 {
        self.walk_speed.unwrap_or(SPEED)
    }
}

/// A change of how the document in front is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewCommand {
    /// The hex view scrolled.
    HexScroll(RowScroll),
    /// The second hex view scrolled.
    SecondHexScroll(RowScroll),
    /// A hex view is used.
    HexFront(HexSide),
    /// The caret went to the other column.
    HexColumn(HexColumn),
    /// The text view scrolled.
    TextScroll(RowScroll, f32),
    /// The text view's encoding was chosen; `None` guesses.
    Encoding(Option<Encoding>),
    /// The picture was zoomed or moved.
    Picture(Zoom, Option<[f32; 2]>),
    /// The table scrolled.
    TableScroll(RowScroll, f32),
    /// A column of the table was made wider or narrower.
    ColumnWidth(usize, f32),
    /// The table's dialect was chosen; `None` guesses.
    Dialect(Option<Dialect>),
    /// A cell was clicked.
    TableCell(u64, usize),
    /// The overview is to be shown another way.
    Overview(super::OverviewOptions),
    /// Other strings are to be shown, or another way.
    Strings(Box<super::StringsOptions>),
    /// An archive's members are to be listed another way, or others are chosen.
    Archive(Box<super::ArchiveView>),
    /// The pointer is on these bytes in some view.
    Linked(Option<(u64, u64)>),
    /// These bytes are to come into sight.
    ShowLinked((u64, u64)),
}
