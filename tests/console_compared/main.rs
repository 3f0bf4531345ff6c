//! The console beside CPython where that is installed: random scripts and expressions; and its lessons, and its state in the window.

mod lessons;
mod random;
mod state;
mod types;
