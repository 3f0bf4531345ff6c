//! The console's modules against CPython's answers, and within tight limits of memory: a program of its own, as `tests/console`
//! says why.

#[path = "../console_kit/mod.rs"]
mod kit;

mod modules;
