//! Work divided into parts that all cores make and one thread takes in their order.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::FormatError;

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
    let mut numbers = 0..count;
    let next = |part: &mut (usize, T)| match numbers.next() {
        Some(number) => {
            part.0 = number;
            Ok(true)
        }
        None => Ok(false),
    };
    stages(count, next, |(number, value)| make(*number, value), |(_, value)| take(value))
}

/// As [`in_order`], for parts that come one after the other: `next` puts what one is made of into a value on this thread, `false` where
/// there are no more; `make` makes it on any core, and `take` takes it on this thread again. There are at most `most` of them.
pub(in crate::formats) fn stages<T: Default + Send>(
    most: usize,
    mut next: impl FnMut(&mut T) -> Result<bool, FormatError>,
    make: impl Fn(&mut T) -> Result<(), FormatError> + Sync,
    mut take: impl FnMut(&mut T) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let cores = rayon::current_num_threads();
    let line = Line { ahead: cores + 1, state: Mutex::new(State::default()), changed: Condvar::new() };
    // This thread works too: where the others are busy with something else, it makes everything.
    let helpers = cores.min(most).saturating_sub(1);
    rayon::in_place_scope(|scope| {
        let _stop = Stop { line: &line, armed: true };
        (0..helpers).for_each(|_| scope.spawn(|_| line.help(&make)));
        line.lead(&mut next, &make, &mut take)
    })
}

struct Line<T> {
    /// How many parts may be begun beyond those that were taken.
    ahead: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    /// How many parts were begun, and how many of them were taken.
    begun: usize,
    taken: usize,
    /// Parts that nobody makes yet.
    waiting: VecDeque<(usize, T)>,
    /// What was made, from `taken` on; `None` while it is not.
    made: VecDeque<Option<Result<T, FormatError>>>,
    spare: Vec<T>,
    /// Nothing more is wanted.
    stopped: bool,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self { begun: 0, taken: 0, waiting: VecDeque::new(), made: VecDeque::new(), spare: Vec::new(), stopped: false }
    }
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
    fn make(&self, number: usize, mut value: T, make: &impl Fn(&mut T) -> Result<(), FormatError>) {
        let mut stop = Stop { line: self, armed: true };
        let result = make(&mut value).map(|()| value);
        stop.armed = false;
        let mut state = self.lock();
        let place = number - state.taken;
        if let Some(slot) = state.made.get_mut(place) {
            *slot = Some(result);
        }
        drop(state);
        self.changed.notify_all();
    }

    fn help(&self, make: &impl Fn(&mut T) -> Result<(), FormatError>) {
        let mut state = self.lock();
        while !state.stopped {
            if let Some((number, value)) = state.waiting.pop_front() {
                drop(state);
                self.make(number, value, make);
                state = self.lock();
            } else {
                state = self.wait(state);
            }
        }
    }

    fn lead(
        &self,
        next: &mut impl FnMut(&mut T) -> Result<bool, FormatError>,
        make: &impl Fn(&mut T) -> Result<(), FormatError>,
        take: &mut impl FnMut(&mut T) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        let mut end = None;
        let mut state = self.lock();
        // Only a panic elsewhere stops the line while this runs; the scope passes it on.
        while !state.stopped {
            if let Some(Some(_)) = state.made.front() {
                let made = state.made.pop_front().flatten();
                state.taken += 1;
                drop(state);
                let mut value = made.transpose()?.unwrap_or_default();
                take(&mut value)?;
                state = self.lock();
                state.spare.push(value);
            } else if end.is_none() && state.begun < state.taken + self.ahead {
                let mut value = state.spare.pop().unwrap_or_default();
                drop(state);
                match next(&mut value) {
                    Ok(true) => {}
                    Ok(false) => end = Some(Ok(())),
                    // What was begun comes first.
                    Err(error) => end = Some(Err(error)),
                }
                state = self.lock();
                if end.is_none() {
                    let number = state.begun;
                    state.begun += 1;
                    state.waiting.push_back((number, value));
                    state.made.push_back(None);
                    self.changed.notify_all();
                }
            } else if let Some((number, value)) = state.waiting.pop_front() {
                drop(state);
                self.make(number, value, make);
                state = self.lock();
            } else if state.taken == state.begun {
                break;
            } else {
                state = self.wait(state);
            }
        }
        end.unwrap_or(Ok(()))
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

    #[test]
    fn parts_that_come_one_after_the_other_end_with_the_error_after_what_came_before() {
        for (count, fails) in [(0, false), (1, false), (9, false), (0, true), (7, true)] {
            let (mut next, mut taken) = (0..count, Vec::new());
            let next = |part: &mut (u32, u32)| match next.next() {
                Some(number) => {
                    part.0 = number;
                    Ok(true)
                }
                None if fails => Err(FormatError::Option("the end".into())),
                None => Ok(false),
            };
            let make = |part: &mut (u32, u32)| {
                part.1 = part.0 * part.0;
                Ok(())
            };
            let result = stages(usize::MAX, next, make, |part| {
                taken.push(part.1);
                Ok(())
            });
            assert_eq!(result.is_err(), fails);
            assert_eq!(taken, (0..count).map(|number| number * number).collect::<Vec<_>>());
        }
    }
}
