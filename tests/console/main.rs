//! The console: its language, its modules and its types, beside CPython where that is installed.

mod dialect;
mod lessons;
mod modules;
mod random;
mod state;
mod transcripts;
mod types;
