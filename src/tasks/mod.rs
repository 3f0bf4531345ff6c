//! Work off the window's thread: named threads, progress, cancel. Knows nothing of the app.
//!
//! [`Tasks`] owns a small set of threads in three [`Lane`]s that never wait for one another: what the user looks at
//! right now, long computations, and writing files (one at a time, in the order they were asked for). A job is a
//! closure that gets a [`Progress`]; what it returns is collected with [`Tasks::poll`] on the thread that asked.
//!
//! ```
//! use std::sync::Arc;
//! use seektell::tasks::{Lane, Tasks};
//!
//! let tasks = Tasks::new(Arc::new(|| ()));
//! let id = tasks.spawn(Lane::Background, "count", |progress| {
//!     progress.set_total(3);
//!     (1..=3).inspect(|_| progress.advance(1)).sum::<u32>()
//! });
//! tasks.wait_idle();
//! let finished = tasks.poll();
//! assert_eq!((finished[0].id, finished[0].result.as_ref().ok()), (id, Some(&6)));
//! ```

mod apart;
mod latest;
mod pool;
mod progress;

pub use apart::{Left, apart, apart_while};
pub use latest::Latest;
pub use pool::{Finished, Lane, TaskError, TaskId, TaskStatus, Tasks, Waker};
pub use progress::{Cancelled, Progress};
