//! How far a piece of work is, and whether somebody wants it to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A handle shared by the one who works and the one who watches. Clones are the same handle.
///
/// The worker says how much there is and how much is done, in units of its own choice (bytes, rows),
/// and asks [`Progress::check`] at least every 50 ms.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    shared: Arc<Shared>,
    whole: Option<Arc<Part>>,
    own_stop: Option<Arc<OwnStop>>,
}

/// Stops who has a handle that it belongs to, and not who has another one of the same work.
#[derive(Debug)]
struct OwnStop {
    cancelled: AtomicBool,
    /// That of the handle this one was made of.
    outer: Option<Arc<OwnStop>>,
}

impl OwnStop {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed) || self.outer.as_ref().is_some_and(|outer| outer.is_cancelled())
    }
}

/// What a handle is a part of.
#[derive(Debug)]
struct Part {
    of: Progress,
    /// What the whole had done when this part began, and what this part is of it.
    before: u64,
    weight: u64,
}

#[derive(Debug, Default)]
struct Shared {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
}

/// The work was cancelled by the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

impl Progress {
    /// A handle at zero of an unknown total.
    pub fn new() -> Self {
        Self::default()
    }

    /// A handle for the next part of this work, which has units of its own and is `weight` of the units of the whole. It moves
    /// the whole on from where that is now, stops with it, and does not stop it.
    ///
    /// ```
    /// use seektell::tasks::Progress;
    /// let whole = Progress::new();
    /// whole.set_total(300);
    /// let part = whole.part(100);
    /// part.set_total(8);
    /// part.advance(2);
    /// assert_eq!(whole.done(), 25);
    /// whole.cancel();
    /// assert!(part.is_cancelled());
    /// ```
    pub fn part(&self, weight: u64) -> Self {
        let whole = Part { of: self.clone(), before: self.done(), weight };
        Self { shared: Arc::default(), whole: Some(Arc::new(whole)), own_stop: None }
    }

    /// The same handle with a stop of its own: [`Progress::cancel`] of what is returned stops who asks that or a clone of it, not who
    /// asks this one; a cancel of this one stops both.
    pub(super) fn with_own_stop(&self) -> Self {
        let own_stop = OwnStop { cancelled: AtomicBool::new(false), outer: self.own_stop.clone() };
        Self { own_stop: Some(Arc::new(own_stop)), ..self.clone() }
    }

    /// Says how much there is to do; zero means unknown.
    pub fn set_total(&self, total: u64) {
        self.shared.total.store(total, Ordering::Relaxed);
    }

    /// Says how much of it is done.
    pub fn set_done(&self, done: u64) {
        self.shared.done.store(done, Ordering::Relaxed);
        self.tell();
    }

    /// Adds to what is done.
    pub fn advance(&self, by: u64) {
        self.shared.done.fetch_add(by, Ordering::Relaxed);
        self.tell();
    }

    /// Moves the whole on.
    fn tell(&self) {
        let (Some(whole), Some(fraction)) = (&self.whole, self.fraction()) else { return };
        whole.of.set_done(whole.before + (whole.weight as f64 * f64::from(fraction)) as u64);
    }

    /// How much is done, in the worker's units.
    pub fn done(&self) -> u64 {
        self.shared.done.load(Ordering::Relaxed)
    }

    /// How much there is to do, in the worker's units; zero means unknown.
    pub fn total(&self) -> u64 {
        self.shared.total.load(Ordering::Relaxed)
    }

    /// From 0 to 1, or `None` where the total is not known.
    pub fn fraction(&self) -> Option<f32> {
        let total = self.shared.total.load(Ordering::Relaxed);
        let done = self.shared.done.load(Ordering::Relaxed);
        (total > 0).then(|| (done as f64 / total as f64).min(1.0) as f32)
    }

    /// Asks the worker to stop; it answers at its next [`Progress::check`].
    pub fn cancel(&self) {
        self.own_stop.as_ref().map_or(&self.shared.cancelled, |own| &own.cancelled).store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.shared.cancelled.load(Ordering::Relaxed)
            || self.own_stop.as_ref().is_some_and(|own| own.is_cancelled())
            || self.whole.as_ref().is_some_and(|whole| whole.of.is_cancelled())
    }

    /// `Err` once somebody asked to stop; use it with `?` between steps.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}
