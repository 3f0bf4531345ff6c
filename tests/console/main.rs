//! The console: its language, sources that are wrong, limits that hold, sessions.
//!
//! The limits of memory are those of the process: what runs beside counts. So the other tests of the console, some of which have tight
//! limits of their own, are other programs: `console_modules`, `console_transcripts` and `console_compared`.

#[path = "../console_kit/mod.rs"]
mod kit;

mod dialect;
