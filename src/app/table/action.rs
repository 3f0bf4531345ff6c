//! What the menus and keys ask for of a table.

use super::CopyStyle;
use crate::app::{AppState, OpenDocument};

/// A request about the table in front. Its words and keys stand in the table of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "label() and help() of the action say what each one is")]
pub enum TableAction {
    Edit,
    Copy,
    CopyWithHeader,
    CopyCsv,
    CopyMarkdown,
    CopyHtml,
    CopyJson,
    Cut,
    Paste,
    Clear,
    SelectAll,
    InsertRowAbove,
    InsertRowBelow,
    DeleteRows,
    InsertColumnLeft,
    InsertColumnRight,
    DeleteColumns,
    RenameColumn,
    HideColumns,
    ShowAllColumns,
    ResetColumns,
    FreezeColumns,
    UnfreezeColumns,
    FitColumns,
    SortAscending,
    SortDescending,
    SortAsInFile,
    Filter,
    FilterByCell,
    FilterOutCell,
    ClearFilters,
    Find,
    FindNext,
    FindPrevious,
    GoToCursor,
    GoToBytes,
}

impl TableAction {
    /// The way of copying that it asks for.
    pub(in crate::app) fn copies(self) -> Option<CopyStyle> {
        Some(match self {
            Self::Copy | Self::Cut => CopyStyle::Cells,
            Self::CopyWithHeader => CopyStyle::CellsWithHeader,
            Self::CopyCsv => CopyStyle::Csv,
            Self::CopyMarkdown => CopyStyle::Markdown,
            Self::CopyHtml => CopyStyle::Html,
            Self::CopyJson => CopyStyle::Json,
            _ => return None,
        })
    }

    /// Whether all it does is to change the document.
    pub(in crate::app) fn changes(self) -> bool {
        matches!(
            self,
            Self::Edit
                | Self::Cut
                | Self::Paste
                | Self::Clear
                | Self::InsertRowAbove
                | Self::InsertRowBelow
                | Self::DeleteRows
                | Self::InsertColumnLeft
                | Self::InsertColumnRight
                | Self::DeleteColumns
                | Self::RenameColumn
        )
    }

    /// Whether it makes sense for this document.
    pub(in crate::app) fn enabled(self, state: &AppState, open: &OpenDocument) -> bool {
        let Some((table, dialect)) = open.table() else { return false };
        if open.document.is_closed() {
            return false;
        }
        let look = &open.view.table;
        let cell = open.view.table_cell.is_some();
        let delimited = dialect.is_some();
        match self {
            Self::SelectAll | Self::Find | Self::FitColumns | Self::Filter => table.width() > 0,
            Self::FindNext | Self::FindPrevious => !look.search.text.is_empty(),
            Self::InsertRowAbove | Self::InsertRowBelow => delimited && (cell || table.row_count() == 0),
            Self::InsertColumnLeft | Self::InsertColumnRight | Self::DeleteColumns => delimited && cell,
            Self::RenameColumn => delimited && cell && table.header().is_some(),
            Self::ShowAllColumns => look.columns.hidden() > 0,
            Self::ResetColumns => !look.columns.is_plain(),
            Self::UnfreezeColumns => look.columns.frozen() > 0,
            Self::SortAsInFile => !look.sort.is_empty(),
            Self::ClearFilters => !look.conditions.filters.is_empty(),
            Self::GoToCursor => open.is_table_fresh(),
            Self::GoToBytes => cell && open.is_table_fresh() && !state.console().is_running(),
            _ => cell,
        }
    }

    /// Whether the menu shows a tick.
    pub(in crate::app) fn checked(self, open: Option<&OpenDocument>) -> Option<bool> {
        let key = open.and_then(|open| Some((open.view.table_cell?.1, open.view.table.sort.first()?)));
        let sorted = |descending| Some(key.is_some_and(|(column, key)| key.column == column && key.descending == descending));
        match self {
            Self::SortAscending => sorted(false),
            Self::SortDescending => sorted(true),
            _ => None,
        }
    }
}
