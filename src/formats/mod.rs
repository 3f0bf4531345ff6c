//! From bytes to meaning and back: pure functions over buffers, with no disk, no threads and no documents,
//! so that the window, the terminal, the tests and a fuzzer call the same thing.
//!
//! SKELETON: signatures are the contract between the parts.

mod convert;
mod detect;
pub mod dump;
mod error;
pub mod json;
mod options;
pub mod picture;
mod registry;
pub mod table;
pub mod text;

pub use convert::{Conversion, convert, losses, targets};
pub use detect::{Detection, detect};
pub use error::FormatError;
pub use options::{DumpOptions, JsonOptions, Loss, Options, PictureOptions, TableOptions, TextOptions};
pub use registry::{FORMATS, Format, FormatInfo, Kind};
