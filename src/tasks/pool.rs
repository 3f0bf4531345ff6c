//! The threads, their queues, and what came out.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Progress;

/// Wakes whoever shows the results, from any thread; it must return at once (`egui::Context::request_repaint` does).
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Which threads a job runs on. A lane never waits for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// What the user waits for with the eyes: opening, the preview of what is on screen. Two threads.
    Interactive,
    /// What takes long and may be cancelled: conversions, hashes, searches. Two threads.
    Background,
    /// Writing files: one thread, so saves happen one after the other in the order they were spawned,
    /// and the only lane that is brought to its end when [`Tasks`] is dropped.
    File,
}

impl Lane {
    const ALL: [Self; 3] = [Self::Interactive, Self::Background, Self::File];

    const fn threads(self) -> usize {
        match self {
            Self::Interactive | Self::Background => 2,
            Self::File => 1,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Interactive => "interactive",
            Self::Background => "background",
            Self::File => "file",
        }
    }
}

/// Tells one job from every other of the same [`Tasks`]; later jobs have greater ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// Why a job has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TaskError {
    /// The job panicked; the words of the panic.
    #[error("an internal error stopped this: {0}")]
    Panicked(String),
    /// It was cancelled before it began. A job that is cancelled while it runs returns a value of its own.
    #[error("cancelled")]
    Cancelled,
    /// Too many jobs wait in its lane already.
    #[error("too much is waiting to be done; try again when some of it is finished")]
    QueueFull,
    /// The operating system gave no thread; its words.
    #[error("no thread could be started: {0}")]
    NoThread(String),
}

/// A job that is over.
#[derive(Debug)]
pub struct Finished<T> {
    /// The id that [`Tasks::spawn`] returned.
    pub id: TaskId,
    /// The title given then.
    pub title: String,
    /// What the job returned, or why it did not return.
    pub result: Result<T, TaskError>,
}

/// A job that waits or runs, for a status bar.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskStatus {
    /// Its id.
    pub id: TaskId,
    /// Its title.
    pub title: String,
    /// Its lane.
    pub lane: Lane,
    /// From 0 to 1; `None` while unknown.
    pub fraction: Option<f32>,
    /// Whether it was asked to stop and has not stopped yet.
    pub cancelling: bool,
    /// Whether a thread works on it; otherwise it waits.
    pub started: bool,
    /// When it was spawned.
    pub since: Instant,
}

type Work<T> = Box<dyn FnOnce(&Progress) -> T + Send>;

struct Job<T> {
    id: TaskId,
    title: String,
    since: Instant,
    progress: Progress,
    work: Work<T>,
}

struct Running {
    id: TaskId,
    title: String,
    lane: Lane,
    since: Instant,
    progress: Progress,
}

struct Queue<T> {
    waiting: VecDeque<Job<T>>,
    /// Threads that live, and how many of them have nothing to do.
    threads: usize,
    idle: usize,
}

struct State<T> {
    queues: [Queue<T>; 3],
    running: Vec<Running>,
    finished: Vec<Finished<T>>,
    next: u64,
    closing: bool,
    ticking: bool,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    /// Something was queued, finished, or the pool closes.
    changed: Condvar,
    waker: Waker,
}

/// A small set of named worker threads and the jobs on them.
///
/// No method waits for a job, except [`Tasks::wait_idle`] and dropping. A panic in a job becomes a
/// [`TaskError::Panicked`]; its thread goes on with the next job.
///
/// Dropping it cancels everything but [`Lane::File`], and returns when the jobs of that lane, waiting ones included, are
/// over: a save that was begun is finished. Jobs of the other lanes are asked to stop and not waited for.
pub struct Tasks<T> {
    shared: Arc<Shared<T>>,
    file_threads: Mutex<Vec<JoinHandle<()>>>,
}

impl<T> std::fmt::Debug for Tasks<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.shared.lock();
        let waiting: usize = state.queues.iter().map(|queue| queue.waiting.len()).sum();
        write!(f, "Tasks({} running, {waiting} waiting, {} finished)", state.running.len(), state.finished.len())
    }
}

impl<T> Shared<T> {
    /// A panic while the lock is held cannot leave the state half changed, so poison says nothing here.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State<T>>) -> MutexGuard<'a, State<T>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Send + 'static> Tasks<T> {
    /// Most jobs that wait in one lane; further ones finish at once with [`TaskError::QueueFull`].
    pub const QUEUE_LIMIT: usize = 16_384;

    /// How often the waker is called at most for progress alone.
    pub const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

    /// No jobs yet, and no threads: they start with the first job of their lane. `waker` is called whenever a job is over,
    /// and while jobs run at most every [`Tasks::PROGRESS_INTERVAL`] where their progress changed.
    pub fn new(waker: Waker) -> Self {
        let queue = || Queue { waiting: VecDeque::new(), threads: 0, idle: 0 };
        let state = State {
            queues: [queue(), queue(), queue()],
            running: Vec::new(),
            finished: Vec::new(),
            next: 1,
            closing: false,
            ticking: false,
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new(), waker });
        Self { shared, file_threads: Mutex::default() }
    }

    /// Queues a job and returns at once. Jobs of a lane begin in the order they are spawned. Nothing is ever thrown away
    /// silently: a job that cannot be taken shows up in [`Tasks::poll`] with the reason.
    pub fn spawn(&self, lane: Lane, title: impl Into<String>, work: impl FnOnce(&Progress) -> T + Send + 'static) -> TaskId {
        let mut state = self.shared.lock();
        let id = TaskId(state.next);
        state.next += 1;
        let title = title.into();
        let queue = &mut state.queues[lane as usize];
        let refusal = if queue.waiting.len() >= Self::QUEUE_LIMIT {
            Some(TaskError::QueueFull)
        } else if queue.threads < lane.threads() && queue.idle <= queue.waiting.len() {
            match self.start_thread(lane, queue.threads) {
                Ok(()) => {
                    queue.threads += 1;
                    None
                }
                // The threads that do run will get to it.
                Err(_) if queue.threads > 0 => None,
                Err(error) => Some(TaskError::NoThread(error.to_string())),
            }
        } else {
            None
        };
        if let Some(error) = refusal {
            state.finished.push(Finished { id, title, result: Err(error) });
            drop(state);
            (self.shared.waker)();
            return id;
        }
        let progress = Progress::new();
        queue.waiting.push_back(Job { id, title, since: Instant::now(), progress, work: Box::new(work) });
        drop(state);
        self.shared.changed.notify_all();
        id
    }

    fn start_thread(&self, lane: Lane, number: usize) -> std::io::Result<()> {
        let shared = Arc::clone(&self.shared);
        let name = format!("seektell-{}-{}", lane.name(), number + 1);
        let handle = std::thread::Builder::new().name(name).spawn(move || shared.work(lane))?;
        if lane == Lane::File {
            self.file_threads.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        }
        Ok(())
    }

    /// The jobs that are over since the last call, in the order they ended. Never waits for a job.
    pub fn poll(&self) -> Vec<Finished<T>> {
        std::mem::take(&mut self.shared.lock().finished)
    }

    /// Every job that runs or waits, the oldest first.
    pub fn running(&self) -> Vec<TaskStatus> {
        let state = self.shared.lock();
        let mut all: Vec<_> = state
            .running
            .iter()
            .map(|job| status(job.id, &job.title, job.lane, &job.progress, true, job.since))
            .chain(Lane::ALL.into_iter().flat_map(|lane| {
                let waiting = state.queues[lane as usize].waiting.iter();
                waiting.map(move |job| status(job.id, &job.title, lane, &job.progress, false, job.since))
            }))
            .collect();
        all.sort_by_key(|status| status.id);
        all
    }

    /// Asks one job to stop. One that waits is over at once; one that runs answers at its next [`Progress::check`] and
    /// still returns a value. Says whether there was such a job.
    pub fn cancel(&self, id: TaskId) -> bool {
        self.cancel_where(&mut |_, job| job == id) > 0
    }

    /// Asks every job to stop, saves too.
    pub fn cancel_all(&self) {
        self.cancel_where(&mut |_, _| true);
    }

    /// Whether no job runs or waits (finished ones may still be there to [`Tasks::poll`]).
    pub fn is_idle(&self) -> bool {
        self.shared.lock().is_idle()
    }

    /// Waits until no job runs or waits: for the terminal and for tests, never for the window's thread.
    pub fn wait_idle(&self) {
        let mut state = self.shared.lock();
        while !state.is_idle() {
            state = self.shared.wait(state);
        }
    }
}

impl<T> Tasks<T> {
    fn cancel_where(&self, which: &mut dyn FnMut(Lane, TaskId) -> bool) -> usize {
        let mut guard = self.shared.lock();
        let state = &mut *guard;
        let mut count = 0;
        for job in &state.running {
            if which(job.lane, job.id) {
                job.progress.cancel();
                count += 1;
            }
        }
        // The closures are dropped outside the lock: what they own may take time to let go.
        let mut dropped = Vec::new();
        for lane in Lane::ALL {
            let queue = &mut state.queues[lane as usize];
            for job in std::mem::take(&mut queue.waiting) {
                if which(lane, job.id) {
                    state.finished.push(Finished { id: job.id, title: job.title, result: Err(TaskError::Cancelled) });
                    dropped.push(job.work);
                } else {
                    queue.waiting.push_back(job);
                }
            }
        }
        drop(guard);
        count += dropped.len();
        if !dropped.is_empty() {
            drop(dropped);
            self.shared.changed.notify_all();
            (self.shared.waker)();
        }
        count
    }
}

impl<T> State<T> {
    fn is_idle(&self) -> bool {
        self.running.is_empty() && self.queues.iter().all(|queue| queue.waiting.is_empty())
    }
}

fn status(id: TaskId, title: &str, lane: Lane, progress: &Progress, started: bool, since: Instant) -> TaskStatus {
    let (fraction, cancelling) = (progress.fraction(), progress.is_cancelled());
    TaskStatus { id, title: title.to_owned(), lane, fraction, cancelling, started, since }
}

impl<T: Send + 'static> Shared<T> {
    /// The life of one thread: the next job of its lane, until the pool closes and the lane is empty.
    fn work(self: &Arc<Self>, lane: Lane) {
        let mut state = self.lock();
        loop {
            let Some(job) = state.queues[lane as usize].waiting.pop_front() else {
                if state.closing {
                    state.queues[lane as usize].threads -= 1;
                    return;
                }
                state.queues[lane as usize].idle += 1;
                state = self.wait(state);
                state.queues[lane as usize].idle -= 1;
                continue;
            };
            let Job { id, title, since, progress, work } = job;
            state.running.push(Running { id, title: title.clone(), lane, since, progress: progress.clone() });
            self.tick(&mut state);
            drop(state);
            let result =
                catch_unwind(AssertUnwindSafe(|| work(&progress))).map_err(|payload| TaskError::Panicked(panic_words(&*payload)));
            state = self.lock();
            state.running.retain(|job| job.id != id);
            state.finished.push(Finished { id, title, result });
            drop(state);
            self.changed.notify_all();
            (self.waker)();
            state = self.lock();
        }
    }

    /// Keeps one thread that looks at the progress of the running jobs; it ends with the last of them, so that an
    /// application at rest is woken by nobody.
    fn tick(self: &Arc<Self>, state: &mut State<T>) {
        if state.ticking {
            return;
        }
        let shared = Arc::clone(self);
        let ticker = std::thread::Builder::new().name("seektell-progress".to_owned());
        // Without the thread the results still arrive; only the bar stands still.
        state.ticking = ticker.spawn(move || shared.watch_progress()).is_ok();
    }

    fn watch_progress(&self) {
        let mut shown: Vec<(TaskId, u64, u64)> = Vec::new();
        let mut state = self.lock();
        loop {
            let until = Instant::now() + Tasks::<T>::PROGRESS_INTERVAL;
            while let Some(left) = until.checked_duration_since(Instant::now()) {
                if state.running.is_empty() {
                    state.ticking = false;
                    return;
                }
                state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            }
            let now: Vec<_> = state.running.iter().map(|job| (job.id, job.progress.done(), job.progress.total())).collect();
            // A job that was just begun has nothing to show yet.
            let moved = now.iter().any(|&(id, done, total)| {
                let before = shown.iter().find(|old| old.0 == id).map_or((0, 0), |old| (old.1, old.2));
                before != (done, total)
            });
            shown = now;
            if moved {
                drop(state);
                (self.waker)();
                state = self.lock();
            }
        }
    }
}

impl<T> Drop for Tasks<T> {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.cancel_where(&mut |lane, _| lane != Lane::File);
        self.shared.changed.notify_all();
        let threads = std::mem::take(&mut *self.file_threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A job's own panic was caught; anything else is past helping while the program ends.
            thread.join().ok();
        }
    }
}

fn panic_words(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no reason given".to_owned())
}
