//! The console beside CPython where that is installed: random scripts and expressions; and its lessons, and its state in the window.

#[path = "../console_kit/mod.rs"]
mod kit;

mod lessons;
mod random;
mod state;
mod types;
