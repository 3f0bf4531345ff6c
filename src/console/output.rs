//! What running statements print, on its way to the window: told of at a bounded rate, held until it is asked for.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::session::{Printed, Problem};

/// The window is told of new output at most this often, however fast statements print.
const PAUSE: Duration = Duration::from_millis(30);

/// Output that was not asked for yet: never more than one run may print, [`super::vm::Limits::output`].
#[derive(Debug, Default)]
pub(super) struct Output {
    held: Mutex<Held>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct Held {
    printed: Vec<Printed>,
    problem: Option<Problem>,
    /// Somebody was told, and has not asked yet.
    told: bool,
    quit: bool,
}

impl Output {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds something; pieces of one kind that follow each other become one.
    pub(super) fn push(&self, piece: Printed) {
        let mut held = self.held();
        let first = held.printed.is_empty();
        match (held.printed.last_mut(), &piece) {
            (Some(Printed::Output(last)), Printed::Output(more)) | (Some(Printed::Error(last)), Printed::Error(more)) => {
                last.push_str(more);
            }
            _ => held.printed.push(piece),
        }
        drop(held);
        if first {
            self.more.notify_one();
        }
    }

    /// The first thing that went wrong in the run, known before the line that says so is printed.
    pub(super) fn found(&self, problem: &Problem) {
        self.held().problem = Some(problem.clone());
    }

    /// What there is now, and what went wrong so far.
    pub(super) fn take(&self) -> (Vec<Printed>, Option<Problem>) {
        let mut held = self.held();
        held.told = false;
        (std::mem::take(&mut held.printed), held.problem.clone())
    }

    /// The run is over: the rest.
    pub(super) fn finish(&self) -> Vec<Printed> {
        let mut held = self.held();
        (held.told, held.problem) = (false, None);
        std::mem::take(&mut held.printed)
    }

    /// Ends [`Output::tell`].
    pub(super) fn quit(&self) {
        self.held().quit = true;
        self.more.notify_one();
    }

    /// Calls `notify` a moment after something was printed, again and again; what is a thread's work. It sleeps while nothing is
    /// printed.
    pub(super) fn tell(&self, notify: impl Fn()) {
        loop {
            let mut held = self.held();
            while !held.quit && (held.printed.is_empty() || held.told) {
                held = self.more.wait(held).unwrap_or_else(PoisonError::into_inner);
            }
            if held.quit {
                return;
            }
            // What is printed meanwhile comes along.
            held = self.more.wait_timeout_while(held, PAUSE, |held| !held.quit).unwrap_or_else(PoisonError::into_inner).0;
            if held.printed.is_empty() {
                continue;
            }
            held.told = true;
            drop(held);
            notify();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Instant;

    #[test]
    fn fast_output_is_told_of_rarely_and_comes_whole() {
        let (output, told) = (Arc::new(Output::default()), Arc::new(AtomicU64::new(0)));
        let (theirs, count) = (Arc::clone(&output), Arc::clone(&told));
        let teller = std::thread::spawn(move || {
            theirs.tell(|| {
                count.fetch_add(1, Ordering::SeqCst);
            });
        });
        let (begin, mut taken, mut seen) = (Instant::now(), String::new(), 0);
        let mut take = |told: u64| {
            if told > seen {
                seen = told;
                for piece in output.take().0 {
                    let Printed::Output(text) = piece else { panic!("{piece:?}") };
                    taken.push_str(&text);
                }
            }
        };
        for _ in 0..20_000 {
            output.push(Printed::Output("x\n".into()));
            take(told.load(Ordering::SeqCst));
        }
        while told.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        take(u64::MAX);
        output.quit();
        teller.join().unwrap();
        assert_eq!(taken.len(), 40_000);
        let most = begin.elapsed().as_millis() / PAUSE.as_millis() + 1;
        assert!(u128::from(told.load(Ordering::SeqCst)) <= most);
    }
}
