//! Seektell: open anything as an in-memory stream, watch its cursor move, look inside it as bytes,
//! text, picture or table, and save it as something else.
//!
//! *Bytes live in buffers, a document is a stream over a buffer, meaning lives in formats, decisions
//! live in [`app::AppState::apply`], and the window only paints and reports what the user did.*
//!
//! # Layout
//!
//! | module | what it holds | may use |
//! |---|---|---|
//! | [`buffer`] | the persistent tree of pieces: every byte of every document | std |
//! | [`stream`] | `BytesIO` and `StringIO` with the rules of Python's `io` | `buffer` |
//! | [`document`] | a named stream: edits, undo, selection, timeline | `buffer`, `stream` |
//! | [`formats`] | bytes to meaning and back: pictures, tables, JSON, text, dumps | `buffer`, codecs |
//! | [`files`] | the only module that touches the file system: lazy open, atomic save | `buffer`, std |
//! | [`net`] | the only module that touches the network, when it is asked to | `buffer`, `tasks`, std |
//! | [`process`] | the only module that runs programs, when it is asked to | `buffer`, `tasks`, std |
//! | [`explore`] | search, hashes, statistics, comparison: what can be found out about bytes | `buffer`, `stream`, `formats`, `tasks` |
//! | [`tasks`] | named worker threads, progress, cancel | std |
//! | [`console`] | a small Python that runs on live streams | `buffer`, `stream`, `formats`, `tasks` |
//! | [`lesson`] | questions about what statements will do, and their answers | `console` |
//! | [`convert`] | one recipe over many sources, verified: where formats and files meet | `formats`, `files`, `tasks` |
//! | [`app`] | `AppState::apply(Command) -> Vec<Effect>`; jobs are where files and formats meet | all above |
//! | [`cli`] | the terminal: one file per subcommand | all above |
//! | `ui` | the window (feature `gui`) | `app`, egui, eframe, rfd |
//!
//! The order is one-way; `tests/engine/layering.rs` reads the sources and fails on an import that breaks it.

pub mod app;
pub mod buffer;
pub mod cli;
pub mod console;
pub mod convert;
pub mod document;
pub mod explore;
pub mod files;
pub mod formats;
pub mod lesson;
pub mod net;
pub mod process;
pub mod stream;
pub mod tasks;
#[cfg(feature = "gui")]
pub mod ui;
