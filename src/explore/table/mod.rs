//! What can be found out about tables: sorting, filtering, searching, statistics; nothing here changes a byte.
//!
//! Everything takes a [`Table`](crate::formats::table::Table), which is a snapshot and the only reader of rows, and a
//! [`Progress`](crate::tasks::Progress), which is asked every few milliseconds whether somebody wants it to stop. Passes
//! run on all cores over parts of the rows; the result does not depend on how many there are.
//!
//! # What cells are
//!
//! * Cells are text. A cell that a short row does not have is *missing*; it counts as empty where nothing else is said.
//! * A cell is a number if it is one in decimal digits: a sign, digits with or without a point (`.`) among, before or
//!   behind them, an exponent (`1e-5`); spaces around it do not matter. `inf`, `infinity` and `nan` in any case, with or
//!   without a sign, are numbers too. Digits in groups, other digits than ASCII's and `0x10` are text.
//! * Numbers are compared exactly, however many digits they have: none is equal to another because both have the same
//!   nearest `f64`.
//! * Of a row longer than 16 MiB only that much is looked at.
//!
//! # How much memory
//!
//! | what | bytes |
//! |---|---|
//! | [`RowOrder`] | 4 for each row it holds (8 beyond 2^32 rows); none for all rows as they stand |
//! | sorting, while it runs | about 30 a row by number, and the text beyond eight bytes a cell by text; at most 2 GiB, then it is refused |
//! | [`Found`] | 16 for each match kept |
//! | [`statistics`] | up to 8 MiB a column and core, less where there are many columns |

mod condition;
mod decimal;
mod find;
mod keys;
mod number;
mod order;
mod parts;
mod sort;
mod spelled;
mod statistics;
mod view;

pub use condition::{Comparison, Conditions, Filter, Operand, Test};
pub use find::{Found, Place, Query, find_all, find_next};
pub use number::{CellType, cell_type};
pub use order::RowOrder;
pub use sort::{By, SortKey};
pub use spelled::{SpellingError, column_named};
pub use statistics::{ColumnStatistics, Distinct, Histogram, Statistics, Sum, TopValue, Total, histogram, statistics};
pub use view::view;
