//! Work divided into parts that all cores make and one thread takes in their order.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::formats::FormatError;

/// Makes parts `0..count` on all cores, this thread among them, and gives them to `take` on this thread, the first one first.
///
/// `make` gets the number of a part and a value to put it into, either a fresh one or one that `take` is done with. There are at
/// most two more parts in memory than there are cores. The error is that of the first part that has one.
///
/// `make` is where cancelling is asked about.
pub(in crate::formats) fn in_order<T: Default + Send>(
    count: usize,
    make: impl Fn(usize, &mut T) -> Result<(), FormatError> + Sync,
    mut take: impl FnMut(&mut T) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let cores = rayon::current_num_threads();
    let line = Line {
        count,
        ahead: cores + 1,
        state: Mutex::new(State { next: 0, taken: 0, made: VecDeque::new(), spare: Vec::new(), stopped: false }),
        changed: Condvar::new(),
    };
    // This thread works too: where the others are busy with something else, it makes everything.
    let helpers = cores.min(count).saturating_sub(1);
    rayon::in_place_scope(|scope| {
        let _stop = Stop { line: &line, armed: true };
        (0..helpers).for_each(|_| scope.spawn(|_| line.help(&make)));
        line.lead(&make, &mut take)
    })
}

struct Line<T> {
    count: usize,
    /// How many parts may be made beyond those that were taken.
    ahead: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    /// The next part to be made, and the next to be taken.
    next: usize,
    taken: usize,
    /// What was made, from `taken` on; `None` while it is being made.
    made: VecDeque<Option<Result<T, FormatError>>>,
    spare: Vec<T>,
    /// Nothing more is wanted.
    stopped: bool,
}

/// Whoever waits is told when this goes away while it is armed: at the end, or because something panicked.
struct Stop<'a, T> {
    line: &'a Line<T>,
    armed: bool,
}

impl<T> Drop for Stop<'_, T> {
    fn drop(&mut self) {
        if self.armed {
            self.line.lock().stopped = true;
            self.line.changed.notify_all();
        }
    }
}

impl<T: Default> Line<T> {
    /// A part to make, if there is one and not too many wait to be taken.
    fn claim(&self, state: &mut State<T>) -> Option<(usize, T)> {
        if state.next >= self.count || state.next >= state.taken + self.ahead {
            return None;
        }
        let number = state.next;
        state.next += 1;
        state.made.push_back(None);
        Some((number, state.spare.pop().unwrap_or_default()))
    }

    fn make(&self, number: usize, mut value: T, make: &impl Fn(usize, &mut T) -> Result<(), FormatError>) {
        let mut stop = Stop { line: self, armed: true };
        let result = make(number, &mut value).map(|()| value);
        stop.armed = false;
        let mut state = self.lock();
        let place = number - state.taken;
        if let Some(slot) = state.made.get_mut(place) {
            *slot = Some(result);
        }
        drop(state);
        self.changed.notify_all();
    }

    fn help(&self, make: &impl Fn(usize, &mut T) -> Result<(), FormatError>) {
        loop {
            let mut state = self.lock();
            let (number, value) = loop {
                if state.stopped || state.next >= self.count {
                    return;
                }
                match self.claim(&mut state) {
                    Some(claimed) => break claimed,
                    None => state = self.wait(state),
                }
            };
            drop(state);
            self.make(number, value, make);
        }
    }

    fn lead(
        &self,
        make: &impl Fn(usize, &mut T) -> Result<(), FormatError>,
        take: &mut impl FnMut(&mut T) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        let mut state = self.lock();
        // Only a panic elsewhere stops the line while this runs; the scope passes it on.
        while state.taken < self.count && !state.stopped {
            if let Some(Some(_)) = state.made.front() {
                let made = state.made.pop_front().flatten();
                state.taken += 1;
                drop(state);
                self.changed.notify_all();
                let mut value = made.transpose()?.unwrap_or_default();
                take(&mut value)?;
                state = self.lock();
                state.spare.push(value);
            } else if let Some((number, value)) = self.claim(&mut state) {
                drop(state);
                self.make(number, value, make);
                state = self.lock();
            } else {
                state = self.wait(state);
            }
        }
        Ok(())
    }
}

impl<T> Line<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State<T>>) -> MutexGuard<'a, State<T>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn parts_come_in_their_order_and_few_wait() {
        for count in [0, 1, 2, 7, 500] {
            let (made, most, mut taken) = (AtomicUsize::new(0), AtomicUsize::new(0), Vec::new());
            let done = AtomicUsize::new(0);
            let make = |number: usize, value: &mut usize| {
                let waiting = made.fetch_add(1, Ordering::SeqCst) + 1 - done.load(Ordering::SeqCst);
                most.fetch_max(waiting, Ordering::SeqCst);
                if number.is_multiple_of(3) {
                    std::thread::yield_now();
                }
                *value = number;
                Ok(())
            };
            let take = |value: &mut usize| {
                taken.push(*value);
                done.fetch_add(1, Ordering::SeqCst);
                Ok(())
            };
            in_order(count, make, take).unwrap();
            assert_eq!(taken, (0..count).collect::<Vec<_>>());
            assert!(most.into_inner() <= rayon::current_num_threads() + 2);
        }
    }

    #[test]
    fn the_first_error_in_order_ends_it() {
        let mut taken = 0;
        let make = |number: usize, _: &mut ()| {
            if number >= 40 { Err(FormatError::Option(number.to_string())) } else { Ok(()) }
        };
        let count = |_: &mut ()| {
            taken += 1;
            Ok(())
        };
        let error = in_order(100, make, count).unwrap_err();
        assert!(matches!(error, FormatError::Option(what) if what == "40"));
        assert_eq!(taken, 40);
        let full = in_order(100, |_, _: &mut ()| Ok(()), |()| Err(FormatError::Option("full".into()))).unwrap_err();
        assert!(matches!(full, FormatError::Option(what) if what == "full"));
    }

    #[test]
    fn a_panic_reaches_the_caller() {
        for at in [0, 1, 9] {
            let result = std::panic::catch_unwind(|| {
                let make = |number: usize, _: &mut ()| {
                    assert!(number != at, "on purpose");
                    Ok(())
                };
                in_order(20, make, |()| Ok(()))
            });
            assert!(result.is_err());
        }
    }
}
