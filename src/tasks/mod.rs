//! Work off the window's thread: named threads, progress, cancel. Knows nothing of the app.
//!
//! SKELETON: [`Progress`] is final in shape; the pool is to be written.

mod progress;

pub use progress::{Cancelled, Progress};
