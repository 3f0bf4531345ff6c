//! Formats and what turns one into another: pictures, tables, text, reports, sources, and the terminal commands.

mod batch;
#[cfg(feature = "columnar")]
mod columnar;
mod formats;
mod hostile;
mod json;
mod kit;
mod mission;
#[cfg(feature = "net")]
mod net;
mod oracle;
mod packed;
mod pictures;
mod reports;
mod sources;
mod table_explore;
mod table_targets;
mod tables;
mod terminal;
mod text;
mod workbooks;
