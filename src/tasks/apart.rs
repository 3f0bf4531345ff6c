//! Work that may not listen: done on a thread that whoever waits for it can leave.
//!
//! A codec that takes a picture in one call asks nobody whether to stop. So that a cancel is answered all the same, such work
//! runs on a thread of its own and hands its bytes over piece by piece; after a cancel nobody waits for it any more, and it ends
//! at the next piece that it hands over, or when it asks.

use std::any::Any;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Cancelled, Progress};

/// Bytes that are handed over at a time.
const PIECE: usize = 256 * 1024;
/// Pieces that wait to be taken.
const WAITING: usize = 4;
/// How often it is asked whether to stop while nothing comes.
const ASK: Duration = Duration::from_millis(5);
/// So many pieces of work may run that nobody waits for before another one begins: each holds its memory.
const MOST_LEFT: usize = 2;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum Left {
    /// It was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// What it made could not be written.
    #[error("the result cannot be written ({0})")]
    Write(#[source] io::Error),
}

/// Does `work` on another thread and writes what it writes to `out` on this one; after a cancel this returns within a few
/// milliseconds, whether `work` listens or not. What `work` gets instead of `progress` is the same with one difference: it is
/// cancelled too when nothing more can be written.
///
/// Work that was left runs on until it writes or asks. While two of such are not over, another one waits to begin (and listens).
/// Memory: about a megabyte between the two threads. Where no thread can be had, `work` is done on this one.
///
/// ```
/// use std::io::Write;
/// use seektell::tasks::{Progress, apart};
///
/// let mut made = Vec::new();
/// let sum = apart(&Progress::new(), &mut made, |out, _| {
///     out.write_all(b"pieces")?;
///     Ok::<_, std::io::Error>(1 + 2)
/// });
/// assert_eq!((sum.unwrap().unwrap(), &made[..]), (3, &b"pieces"[..]));
/// ```
///
/// # Errors
/// [`Left::Cancelled`], and [`Left::Write`] with the first error of `out`.
///
/// # Panics
/// Where `work` does, with its panic.
pub fn apart<T: Send + 'static>(
    progress: &Progress,
    out: &mut dyn Write,
    work: impl FnOnce(&mut dyn Write, &Progress) -> T + Send + 'static,
) -> Result<T, Left> {
    let own = progress.with_own_stop();
    let _stop = Stop(own.clone());
    run(&mut || Ok(progress.check()?), &mut |piece| out.write_all(piece).map_err(Left::Write), move |out| work(out, &own))
}

/// As [`apart`], for work that writes nothing, and for whoever asks something else than a [`Progress`]: `look` is called every few
/// milliseconds, and its error is the answer.
///
/// # Errors
/// That of `look`.
///
/// # Panics
/// Where `work` does, with its panic.
pub fn apart_while<T: Send + 'static, E>(
    look: &mut dyn FnMut() -> Result<(), E>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, E> {
    run(look, &mut |_| Ok(()), |_| work())
}

fn run<T: Send + 'static, E>(
    look: &mut dyn FnMut() -> Result<(), E>,
    take: &mut dyn FnMut(&[u8]) -> Result<(), E>,
    work: impl FnOnce(&mut dyn Write) -> T + Send + 'static,
) -> Result<T, E> {
    wait_for_the_left(look)?;
    let (give, taken) = sync_channel(WAITING);
    let (give_back, again) = sync_channel(WAITING);
    let state = Arc::new(Mutex::new(State::Awaited));
    let (awaiting, working) = (Awaiting(Arc::clone(&state)), Working(state));
    // Where no thread can be had, the work is needed here.
    let parcel = Arc::new(Mutex::new(Some((work, Handing { give, again, piece: Vec::new() }))));
    let theirs = Arc::clone(&parcel);
    let there = move || {
        let Some((work, mut handing)) = lock(&theirs).take() else { return };
        let made = catch_unwind(AssertUnwindSafe(|| work(&mut handing)));
        drop(working);
        // Nobody may be there to take it.
        drop(handing.hand_over());
        drop(handing.give.send(Message::End(made)));
    };
    if std::thread::Builder::new().name("apart".into()).spawn(there).is_err()
        && let Some((work, _)) = lock(&parcel).take()
    {
        let mut here = Here { take, failed: None };
        let made = work(&mut here);
        return here.failed.map_or(Ok(made), Err);
    }
    let made = receive(&taken, &give_back, look, take);
    drop((taken, awaiting));
    made.map(|made| made.unwrap_or_else(|panic| resume_unwind(panic)))
}

/// What the work made, or its panic.
type Made<T> = Result<T, Box<dyn Any + Send>>;

enum Message<T> {
    Piece(Vec<u8>),
    End(Made<T>),
}

fn receive<T, E>(
    taken: &Receiver<Message<T>>,
    give_back: &SyncSender<Vec<u8>>,
    look: &mut dyn FnMut() -> Result<(), E>,
    take: &mut dyn FnMut(&[u8]) -> Result<(), E>,
) -> Result<Made<T>, E> {
    loop {
        match taken.recv_timeout(ASK) {
            Ok(Message::Piece(mut piece)) => {
                look()?;
                take(&piece)?;
                piece.clear();
                // One too many is thrown away.
                drop(give_back.try_send(piece));
            }
            Ok(Message::End(made)) => return Ok(made),
            Err(RecvTimeoutError::Timeout) => look()?,
            Err(RecvTimeoutError::Disconnected) => return Ok(Err(Box::new("work that ends says so"))),
        }
    }
}

/// What the work writes to.
struct Handing<T> {
    give: SyncSender<Message<T>>,
    again: Receiver<Vec<u8>>,
    piece: Vec<u8>,
}

impl<T> Handing<T> {
    fn hand_over(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let next = self.again.try_recv().unwrap_or_default();
        let piece = std::mem::replace(&mut self.piece, next);
        self.give.send(Message::Piece(piece)).map_err(|_| io::Error::other(Cancelled))
    }
}

impl<T> Write for Handing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.capacity() == 0 {
            self.piece.reserve_exact(PIECE);
        }
        let fitting = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..fitting]);
        if self.piece.len() == PIECE {
            self.hand_over()?;
        }
        Ok(fitting)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hand_over()
    }
}

/// Where the work writes when it is done on the thread that waits for it.
struct Here<'a, E> {
    take: &'a mut dyn FnMut(&[u8]) -> Result<(), E>,
    failed: Option<E>,
}

impl<E> Write for Here<'_, E> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed.is_none() {
            self.failed = (self.take)(bytes).err();
        }
        if self.failed.is_some() { Err(io::Error::other(Cancelled)) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Cancels the work when nobody waits for it any more; work that is over does not care.
struct Stop(Progress);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// How many pieces of work run that nobody waits for.
static LEFT: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// Waits until few enough are left.
fn wait_for_the_left<E>(look: &mut dyn FnMut() -> Result<(), E>) -> Result<(), E> {
    loop {
        look()?;
        let left = lock(&LEFT);
        if *left < MOST_LEFT {
            return Ok(());
        }
        drop(ENDED.wait_timeout(left, ASK));
    }
}

/// Whether somebody waits for a piece of work, and whether that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Awaited,
    Left,
    Over,
}

/// The side of the work; when this goes away, it is over.
struct Working(Arc<Mutex<State>>);

impl Drop for Working {
    fn drop(&mut self) {
        let before = std::mem::replace(&mut *lock(&self.0), State::Over);
        if before == State::Left {
            *lock(&LEFT) -= 1;
            ENDED.notify_all();
        }
    }
}

/// The side of the one who waits; when this goes away, work that is not over is left.
struct Awaiting(Arc<Mutex<State>>);

impl Drop for Awaiting {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        if *state == State::Awaited {
            *state = State::Left;
            *lock(&LEFT) += 1;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn what_is_written_comes_in_order_and_whole() {
        let mut random = fastrand::Rng::with_seed(5);
        let pieces: Vec<Vec<u8>> = (0..60).map(|_| vec![random.u8(..); random.usize(..100_000)]).collect();
        let expected = pieces.concat();
        let mut out = Vec::new();
        let made = apart(&Progress::new(), &mut out, move |out, _| {
            for (number, piece) in pieces.iter().enumerate() {
                out.write_all(piece)?;
                if number.is_multiple_of(7) {
                    out.flush()?;
                }
            }
            Ok::<_, io::Error>(pieces.len())
        });
        assert_eq!(made.unwrap().unwrap(), 60);
        assert_eq!(out, expected);
    }

    #[test]
    fn work_that_does_not_listen_is_left_and_few_of_it_runs() {
        // Other tests leave work too, which is counted with this.
        let gate = Arc::new((Mutex::new(false), Condvar::new()));
        for _ in 0..MOST_LEFT + 2 {
            let progress = Progress::new();
            let theirs = Arc::clone(&gate);
            let made = std::thread::scope(|scope| {
                scope.spawn(|| {
                    std::thread::sleep(Duration::from_millis(20));
                    progress.cancel();
                });
                apart(&progress, &mut io::sink(), move |_, _| {
                    let open = lock(&theirs.0);
                    drop(theirs.1.wait_while(open, |open| !*open));
                })
            });
            assert!(matches!(made, Err(Left::Cancelled(_))));
        }
        assert!((1..=MOST_LEFT).contains(&*lock(&LEFT)), "{}", lock(&LEFT));
        *lock(&gate.0) = true;
        gate.1.notify_all();
        let begun = Instant::now();
        while *lock(&LEFT) > 0 {
            assert!(begun.elapsed() < Duration::from_mins(1), "it ends when it can");
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(apart(&Progress::new(), &mut io::sink(), |_, _| 7).unwrap(), 7, "and then there is room again");
    }

    #[test]
    fn who_cannot_write_any_more_stops_the_work() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let progress = Progress::new();
        let (tell, heard) = sync_channel(1);
        let made = apart(&progress, &mut Full, move |out, own| {
            while out.write_all(&[1; 1000]).is_ok() {}
            let _ = tell.send(own.is_cancelled());
        });
        assert!(matches!(made, Err(Left::Write(error)) if error.kind() == io::ErrorKind::StorageFull));
        heard.recv().unwrap();
        assert!(!progress.is_cancelled(), "that was not what its owner asked for");
    }

    #[test]
    fn a_panic_reaches_the_caller() {
        let result = catch_unwind(|| apart(&Progress::new(), &mut io::sink(), |_, _| panic!("on purpose")));
        assert_eq!(result.unwrap_err().downcast_ref(), Some(&"on purpose"));
    }
}
