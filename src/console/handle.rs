//! The console's thread, and the handle that the window has of it.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::completion::Snapshot;
use super::documents::Documents;
use super::interpreter::{Ended, Interpreter, STACK};
use super::object::Object;
use super::raise::Halt;
use super::session::{Answer, Binding, Completeness, Completion, NameInfo, Printed, Problem, Request};
use super::vm::Limits;
use super::{brief, parse, types};

/// A console on a thread of its own. All of its methods return at once.
///
/// ```
/// use std::sync::Arc;
/// use seektell::console::session::{Console, INTERACTIVE, Printed, Request};
///
/// let console = Console::start(INTERACTIVE, Arc::new(|| ()));
/// console.run(Request { source: "if True:\n    pass\n".into(), documents: Vec::new() });
/// let answer = loop {
///     if let Some(answer) = console.try_answer() {
///         break answer;
///     }
///     std::thread::yield_now();
/// };
/// assert!(answer.problem.is_none());
/// ```
pub struct Console {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    /// Something is to be done.
    wake: Condvar,
    stop: Arc<AtomicBool>,
    limits: Limits,
    /// Somebody wants to know of an answer.
    notify: Arc<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct State {
    tasks: VecDeque<Task>,
    answers: VecDeque<Answer>,
    /// Requests that were made and are not answered.
    busy: usize,
    /// A request runs now.
    running: bool,
    /// A task is under way.
    active: bool,
    quit: bool,
    snapshot: Arc<Snapshot>,
}

enum Task {
    Run(Request),
    Bind(Vec<Binding>),
    Adopt(String, u64),
    Forget(u64),
    Reset,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, task: Task) {
        let mut state = self.state();
        state.busy += usize::from(matches!(task, Task::Run(_)));
        state.tasks.push_back(task);
        drop(state);
        self.wake.notify_one();
    }

    fn answer(&self, answer: Answer) {
        let mut state = self.state();
        state.answers.push_back(answer);
        state.busy = state.busy.saturating_sub(1);
        state.running = false;
        // A stop was for what ran.
        self.stop.store(false, Ordering::Relaxed);
        drop(state);
        (self.notify)();
    }
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

impl Console {
    /// Starts a console. `wake` is called from its thread when an answer is there.
    pub fn start(limits: Limits, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let shared = Shared {
            state: Mutex::default(),
            wake: Condvar::new(),
            stop: Arc::new(AtomicBool::new(false)),
            limits,
            notify: wake,
        };
        let shared = Arc::new(shared);
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("console".to_owned()).stack_size(STACK);
        if let Err(error) = thread.spawn(move || work(&theirs)) {
            let message = format!("The console has no thread: {error}");
            shared.state().answers.push_back(internal(message));
            shared.state().quit = true;
        }
        Self { shared }
    }

    /// Asks to run statements. Requests wait for those before them.
    pub fn run(&self, request: Request) {
        if self.shared.state().quit {
            self.shared.state().busy += 1;
            return self.shared.answer(internal("The console has no thread".to_owned()));
        }
        self.shared.push(Task::Run(request));
    }

    /// The documents that are open now, so that [`Console::complete`] knows them before anything has run. `wake` is called when
    /// they are known.
    pub fn bind(&self, documents: Vec<Binding>) {
        self.shared.push(Task::Bind(documents));
    }

    /// Whether nothing is under way and nothing waits.
    pub fn is_settled(&self) -> bool {
        let state = self.shared.state();
        state.tasks.is_empty() && !state.active
    }

    /// The answer to the oldest request that was not answered yet, if it is there.
    pub fn try_answer(&self) -> Option<Answer> {
        self.shared.state().answers.pop_front()
    }

    /// Whether a request runs or waits.
    pub fn is_busy(&self) -> bool {
        self.shared.state().busy > 0
    }

    /// Ends what runs; what waits is answered as stopped. The namespace stays as it is then.
    pub fn stop(&self) {
        let mut state = self.shared.state();
        if state.running {
            self.shared.stop.store(true, Ordering::Relaxed);
        }
        let tasks = std::mem::take(&mut state.tasks);
        let (waiting, others): (VecDeque<Task>, VecDeque<Task>) =
            tasks.into_iter().partition(|task| matches!(task, Task::Run(_)));
        state.tasks = others;
        let first = usize::from(state.running);
        for _ in waiting {
            state.answers.push_back(stopped());
            state.busy = state.busy.saturating_sub(1).max(first);
        }
        drop(state);
        (self.shared.notify)();
    }

    /// What may follow at `cursor`, in bytes, from the namespace after the last request.
    pub fn complete(&self, source: &str, cursor: usize) -> Vec<Completion> {
        let snapshot = Arc::clone(&self.shared.state().snapshot);
        snapshot.complete(source, cursor)
    }

    /// Whether Enter runs what was typed, or begins a new line.
    pub fn completeness(source: &str) -> Completeness {
        parse::completeness(source)
    }

    /// The stream that `name` stands for is the document `key` from now on.
    pub fn adopt(&self, name: &str, key: u64) {
        self.shared.push(Task::Adopt(name.to_owned(), key));
    }

    /// The document `key` is not open any more.
    pub fn forget(&self, key: u64) {
        self.shared.push(Task::Forget(key));
    }

    /// Begins anew, with an empty namespace.
    pub fn reset(&self) {
        self.stop();
        self.shared.push(Task::Reset);
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.quit = true;
        state.tasks.clear();
        self.shared.stop.store(true, Ordering::Relaxed);
        drop(state);
        self.shared.wake.notify_one();
    }
}

fn internal(message: String) -> Answer {
    let problem = Problem { message: message.clone(), range: (0, 0), line: 1, column: 1, syntax: false };
    Answer { printed: vec![Printed::Exception(message)], problem: Some(problem), ..Answer::default() }
}

fn halted(halt: Halt) -> &'static str {
    match halt {
        Halt::Stopped => "Stopped",
        Halt::Steps => "Stopped: it took more steps than allowed",
        Halt::Output => "Stopped: it printed more than is shown",
        Halt::Memory => "Stopped: it took more memory than allowed",
    }
}

fn stopped() -> Answer {
    Answer { printed: vec![Printed::Exception(halted(Halt::Stopped).to_owned())], ..Answer::default() }
}

/// The thread: an interpreter, and another one if that fails.
fn work(shared: &Shared) {
    loop {
        let end = catch_unwind(AssertUnwindSafe(|| serve(shared)));
        if end.is_ok() {
            return;
        }
        let running = {
            let mut state = shared.state();
            state.active = false;
            state.running
        };
        if running {
            shared.answer(internal("An internal error stopped this; the console begins anew".to_owned()));
        }
    }
}

fn next(shared: &Shared) -> Option<Task> {
    let mut state = shared.state();
    loop {
        if state.quit {
            return None;
        }
        if let Some(task) = state.tasks.pop_front() {
            state.running = matches!(task, Task::Run(_));
            state.active = true;
            return Some(task);
        }
        state = shared.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
}

struct Session {
    interpreter: Interpreter,
    documents: Documents,
    printed: Rc<std::cell::RefCell<Vec<Printed>>>,
}

impl Session {
    fn new(shared: &Shared) -> Self {
        let printed = Rc::new(std::cell::RefCell::new(Vec::new()));
        let sink = Rc::clone(&printed);
        let show = move |piece| append(&mut sink.borrow_mut(), piece);
        let interpreter = Interpreter::new(shared.limits, Arc::clone(&shared.stop), Box::new(show));
        Self { interpreter, documents: Documents::default(), printed }
    }

    fn run(&mut self, request: &Request) -> Answer {
        let begin = Instant::now();
        let vm = self.interpreter.vm.clone();
        self.documents.bind(&vm, &request.documents);
        let documents = &mut self.documents;
        let Ended { mut problem, halt, statements } = self.interpreter.run(&request.source, |n| documents.after(&vm, n));
        let steps = vm.state.bounds.steps();
        if let Some(halt) = halt {
            let message = halted(halt).to_owned();
            append(&mut self.printed.borrow_mut(), Printed::Exception(message.clone()));
            let stopped = Problem { message, range: (0, 0), line: 1, column: 1, syntax: false };
            problem.get_or_insert(stopped);
        }
        // What follows is not the script's: it has limits of its own.
        vm.begin();
        let documents = self.documents.touched(&vm);
        let names = self.names();
        let printed = std::mem::take(&mut *self.printed.borrow_mut());
        Answer { printed, problem, documents, names, steps, elapsed: begin.elapsed(), statements }
    }

    fn names(&self) -> Vec<NameInfo> {
        let vm = &self.interpreter.vm;
        let globals = vm.globals().into_iter().filter(|(name, _)| !(name.starts_with("__") && name.ends_with("__")));
        let mut names: Vec<NameInfo> = globals
            .map(|(name, value)| {
                let document = match &value {
                    Object::Stream(stream) => self.documents.key_of(stream),
                    _ => None,
                };
                let stream = match &value {
                    Object::Stream(stream) if document.is_none() => stream.state(),
                    _ => None,
                };
                let class = types::class_of(&value).qualified_name();
                NameInfo { name: name.to_string(), class, repr: brief::repr(vm, &value), stream, document }
            })
            .collect();
        names.sort_by(|a, b| a.name.cmp(&b.name));
        names
    }
}

/// Adds to what is shown; pieces of one kind that follow each other become one.
fn append(printed: &mut Vec<Printed>, piece: Printed) {
    match (printed.last_mut(), &piece) {
        (Some(Printed::Output(last)), Printed::Output(more)) | (Some(Printed::Error(last)), Printed::Error(more)) => {
            last.push_str(more);
        }
        _ => printed.push(piece),
    }
}

/// Takes a new look at the namespace, for completion.
fn look(shared: &Shared, session: &Session) {
    let snapshot = catch_unwind(AssertUnwindSafe(|| Snapshot::of(&session.interpreter.vm))).unwrap_or_default();
    shared.state().snapshot = Arc::new(snapshot);
}

fn serve(shared: &Shared) {
    let mut session = Session::new(shared);
    shared.state().snapshot = Arc::new(Snapshot::of(&session.interpreter.vm));
    loop {
        let Some(task) = next(shared) else { return };
        let wakes = matches!(task, Task::Bind(_));
        match task {
            Task::Run(request) => {
                let answer = session.run(&request);
                look(shared, &session);
                shared.answer(answer);
            }
            Task::Bind(documents) => session.documents.bind(&session.interpreter.vm, &documents),
            Task::Adopt(name, key) => session.documents.adopt(&session.interpreter.vm, &name, key),
            Task::Forget(key) => session.documents.forget(&session.interpreter.vm, key),
            Task::Reset => session = Session::new(shared),
        }
        let snapshot = Arc::new(Snapshot::of(&session.interpreter.vm));
        let mut state = shared.state();
        state.snapshot = snapshot;
        state.active = false;
        drop(state);
        if wakes {
            (shared.notify)();
        }
    }
}
