//! The rows of the table of actions that are about tables.

use super::{Action, Menu, Spec, plain};
use crate::app::Key;
use crate::app::table::TableAction as T;

actions! {
    Table(T::Edit) Table 0 "Edit the cell" "Types into the chosen cell; F2, Enter, a double click and typing do it too" [];
    Table(T::RenameColumn) Table 0 "Rename the column" "Types into the header of the chosen column" [];
    Table(T::Cut) Table 0 "Cut cells" "Copies the chosen cells and takes the text out of them" [];
    Table(T::Clear) Table 0 "Empty the cells" "Takes the text out of the chosen cells" [];
    Table(T::Paste) Table 0 "Paste cells" "Puts the clipboard's cells in from the chosen one on" [];
    Table(T::SelectAll) Table 0 "Select all cells" "Selects every cell that is shown" [];
    Table(T::Copy) Table 1 "Copy cells" "Copies the chosen cells with tabs between them, as spreadsheets paste them" [];
    Table(T::CopyWithHeader) Table 1 "Copy cells with header" "Copies the chosen cells below the names of their columns" [];
    Table(T::CopyCsv) Table 1 "Copy cells as CSV" "Copies the chosen cells as CSV with a header" [];
    Table(T::CopyMarkdown) Table 1 "Copy cells as Markdown" "Copies the chosen cells as a table in Markdown" [];
    Table(T::CopyHtml) Table 1 "Copy cells as HTML" "Copies the chosen cells as a table in HTML" [];
    Table(T::CopyJson) Table 1 "Copy cells as JSON" "Copies the chosen cells as an array of objects" [];
    Table(T::InsertRowAbove) Table 2 "Insert a row above" "Puts an empty row in before the chosen one, or as many as are chosen" [];
    Table(T::InsertRowBelow) Table 2 "Insert a row below" "Puts an empty row in behind the chosen one, or as many as are chosen" [];
    Table(T::DeleteRows) Table 2 "Delete the rows" "Takes the chosen rows out of the file" [];
    Table(T::InsertColumnLeft) Table 2 "Insert a column on the left" "Puts an empty column in before the chosen one" [];
    Table(T::InsertColumnRight) Table 2 "Insert a column on the right" "Puts an empty column in behind the chosen one" [];
    Table(T::DeleteColumns) Table 2 "Delete the columns" "Takes the chosen columns out of the file" [];
    Table(T::HideColumns) Table 4 "Hide the columns" "Leaves the chosen columns out of the view; the file keeps them" [];
    Table(T::ShowAllColumns) Table 4 "Show all columns" "Shows the columns that were hidden" [];
    Table(T::ResetColumns) Table 4 "Columns as in the file" "Shows every column in the order of the file" [];
    Table(T::FreezeColumns) Table 4 "Freeze up to this column" "Keeps the columns up to the chosen one in sight" [];
    Table(T::UnfreezeColumns) Table 4 "Unfreeze the columns" "Lets every column scroll" [];
    Table(T::FitColumns) Table 4 "Fit columns to their content" "Makes every column as wide as what is in sight of it" [];
    Table(T::SortAscending) Table 5 "Sort ascending" "Shows the rows by the chosen column, the least first; the file keeps its order" [];
    Table(T::SortDescending) Table 5 "Sort descending" "Shows the rows by the chosen column, the greatest first; the file keeps its order" [];
    Table(T::SortAsInFile) Table 5 "Rows as in the file" "Shows the rows in the order of the file" [];
    Table(T::Filter) Table 5 "Filter the column…" "Shows only rows whose cell in the chosen column is of a kind" [];
    Table(T::FilterByCell) Table 5 "Only rows with this cell" "Shows only the rows that have the same text in the column" [];
    Table(T::FilterOutCell) Table 5 "No rows with this cell" "Leaves out the rows that have the same text in the column" [];
    Table(T::ClearFilters) Table 5 "Clear the filters" "Shows every row" [];
    Table(T::Find) Table 6 "Find in the table…" "Searches the cells that are shown, and the header" [];
    Table(T::FindNext) Table 6 "Next match in the table" "Goes to the next cell that is found; from the last one on from the first" [];
    Table(T::FindPrevious) Table 6 "Previous match in the table" "Goes to the cell found before; from the first one on from the last" [];
    Table(T::GoToBytes) Table 6 "Go to the bytes of the cell" "Selects the bytes of the chosen cell" [];
    Table(T::GoToCursor) Table 6 "Go to the row of the cursor" "Shows the row and the cell that the cursor of the document is in" [plain(Key::F4)];
}
