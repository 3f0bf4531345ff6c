//! What keeps a script within its limits: steps, memory, recursion.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::class;
use super::raise::{Halt, Outcome, Raise};
use super::vm::Limits;

/// Steps between two looks at the Stop flag.
const LOOK: u64 = 1000;
/// Steps between two looks at the memory of the process.
const WEIGH_STEPS: u64 = 100_000;
/// Announced bytes between two looks at the memory of the process.
const WEIGH_BYTES: u64 = 64 << 20;
/// What must be left of a stack for Rust functions that check nothing, drops of deep trees among them.
pub(super) const RESERVE: usize = 1 << 20;

/// The counters of an interpreter.
#[derive(Debug)]
pub(super) struct Bounds {
    limits: Limits,
    stop: Arc<AtomicBool>,
    steps: Cell<u64>,
    /// At how many steps something must be looked at.
    look: Cell<u64>,
    weigh: Cell<u64>,
    announced: Cell<u64>,
    /// The memory of the process when nothing had run yet.
    empty: Cell<u64>,
    /// `MemoryError` was raised because of the whole, at this many steps.
    refused: Cell<Option<u64>>,
    depth: Cell<u32>,
    /// The lowest address to which the stack may grow.
    lowest: Cell<usize>,
}

/// A level of recursion, until it is dropped.
#[derive(Debug)]
pub struct Entered<'a> {
    depth: &'a Cell<u32>,
}

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }
}

fn process_memory() -> u64 {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
}

/// An address on the stack that is in use now.
#[inline]
pub(super) fn stack_address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here) as usize
}

impl Bounds {
    pub(super) fn new(limits: Limits, stop: Arc<AtomicBool>) -> Self {
        Self {
            limits,
            stop,
            steps: Cell::new(0),
            look: Cell::new(LOOK),
            weigh: Cell::new(WEIGH_STEPS),
            announced: Cell::new(0),
            empty: Cell::new(process_memory()),
            refused: Cell::new(None),
            depth: Cell::new(0),
            lowest: Cell::new(0),
        }
    }

    /// A run begins.
    pub(super) fn begin(&self) {
        self.steps.set(0);
        self.look.set(LOOK.min(self.limits.steps.saturating_add(1)));
        self.weigh.set(WEIGH_STEPS);
        self.announced.set(0);
        self.refused.set(None);
        self.depth.set(0);
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    #[inline]
    pub(super) fn step(&self, count: u64) -> Outcome<()> {
        let steps = self.steps.get().saturating_add(count);
        self.steps.set(steps);
        if steps >= self.look.get() { self.look(steps) } else { Ok(()) }
    }

    /// Whether Stop was pressed, without a step.
    pub(super) fn check_stop(&self) -> Outcome<()> {
        if self.stop.load(Ordering::Relaxed) {
            self.look.set(0);
            return Err(Raise::Halt(Halt::Stopped));
        }
        Ok(())
    }

    #[cold]
    fn look(&self, steps: u64) -> Outcome<()> {
        if steps > self.limits.steps {
            // Every further step ends the script, too.
            self.look.set(0);
            return Err(Raise::Halt(Halt::Steps));
        }
        self.check_stop()?;
        self.look.set(steps.saturating_add(LOOK).min(self.limits.steps.saturating_add(1)));
        if steps >= self.weigh.get() {
            self.weigh.set(steps.saturating_add(WEIGH_STEPS));
            self.weigh_process()?;
        }
        Ok(())
    }

    pub(super) fn allocate(&self, bytes: u64) -> Outcome<()> {
        if bytes > self.limits.memory {
            return Err(memory_error());
        }
        let announced = self.announced.get().saturating_add(bytes);
        self.announced.set(announced);
        if announced < WEIGH_BYTES {
            return Ok(());
        }
        self.announced.set(0);
        if bytes >= WEIGH_BYTES && self.used().saturating_add(bytes) > self.limits.memory {
            return Err(memory_error());
        }
        self.weigh_process()
    }

    fn used(&self) -> u64 {
        process_memory().saturating_sub(self.empty.get())
    }

    /// The first time that everything is too much it is `MemoryError`, which a script may answer by letting go of values; if it
    /// goes on and on with too much, it ends.
    fn weigh_process(&self) -> Outcome<()> {
        if self.used() <= self.limits.memory {
            self.refused.set(None);
            return Ok(());
        }
        let steps = self.steps.get();
        match self.refused.get() {
            Some(before) if steps > before => Err(Raise::Halt(Halt::Memory)),
            _ => {
                self.refused.set(Some(steps));
                Err(memory_error())
            }
        }
    }

    #[inline]
    pub(super) fn enter(&self) -> Outcome<Entered<'_>> {
        let depth = self.depth.get();
        if depth >= self.limits.recursion || stack_address() < self.lowest.get() {
            return Err(recursion_error());
        }
        self.depth.set(depth + 1);
        Ok(Entered { depth: &self.depth })
    }

    #[inline]
    pub(super) fn check_stack(&self) -> Outcome<()> {
        if stack_address() < self.lowest.get() { Err(recursion_error()) } else { Ok(()) }
    }

    /// From now on the stack may grow down to `lowest`; returns what was before.
    pub(super) fn set_lowest(&self, lowest: usize) -> usize {
        self.lowest.replace(lowest)
    }

    pub(super) fn depth(&self) -> u32 {
        self.depth.get()
    }

    pub(super) fn set_depth(&self, depth: u32) {
        self.depth.set(depth);
    }
}

#[cold]
fn memory_error() -> Raise {
    Raise::new(class::MEMORY_ERROR, "")
}

#[cold]
fn recursion_error() -> Raise {
    Raise::new(class::RECURSION_ERROR, "maximum recursion depth exceeded")
}
