//! Scripts with the console's modules, and what CPython printed: a program of its own, as `tests/console` says why.

#[path = "../console_kit/mod.rs"]
mod kit;

mod transcripts;
