//! From bytes to meaning and back: pure functions over buffers, with no disk, no threads and no documents,
//! so that the window, the terminal, the tests and a fuzzer call the same thing.
//!
//! The [`registry`] is the one table of formats. [`detect`] says what bytes are and why, [`targets`] which ways lead on
//! from there, [`losses`] what a way costs, and [`convert`] goes it in bounded memory.

pub mod archive;
#[cfg(feature = "columnar")]
mod columnar;
mod convert;
mod detect;
mod draft;
pub mod dump;
mod error;
mod guard;
pub mod json;
mod limits;
pub mod literal;
pub mod options;
mod ordered;
mod packed;
pub mod picture;
pub mod registry;
pub mod report;
mod shortest;
pub mod structure;
pub mod table;
pub mod text;
mod workbook;

pub use convert::{Conversion, MAX_DECODED, convert, is_copy, least_size, losses, takes_view, targets};
pub use detect::{Detection, detect};
pub use error::FormatError;
pub use guard::{guarded, is_guarded};
pub use limits::{Limits, raised};
pub use options::{
    ColumnCompression, ColumnTypes, DumpOptions, Extras, JsonOptions, Loss, Options, PictureOptions, Quoting, TableOptions,
    TextOptions,
};
use ordered::{in_order, stages};
pub use registry::{FORMATS, Filter, Format, FormatInfo, Kind};
pub(crate) use workbook::filled_rows;
pub use workbook::sheet_names;
