//! The console's thread, and the handle that the window has of it.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::completion::Snapshot;
use super::documents::Documents;
use super::interpreter::{Ended, Interpreter, STACK};
use super::object::Object;
use super::output::Output;
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
    output: Arc<Output>,
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
    /// Why no request is taken any more.
    dead: Option<String>,
    snapshot: Arc<Snapshot>,
}

enum Task {
    Run(Request),
    Bind(Vec<Binding>),
    Adopt(String, u64),
    Forget(u64),
    Reset,
    /// A mistake of this program, for tests.
    #[cfg(test)]
    Panic,
}

/// The session is begun anew after so many internal errors in a row; then the console is given up.
const TRIES: usize = 3;

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
            output: Arc::default(),
            wake: Condvar::new(),
            stop: Arc::new(AtomicBool::new(false)),
            limits,
            notify: wake,
        };
        let shared = Arc::new(shared);
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("console".to_owned()).stack_size(STACK);
        if let Err(error) = thread.spawn(move || work(&theirs)) {
            shared.state().dead = Some(format!("The console has no thread: {error}"));
        }
        let (output, notify) = (Arc::clone(&shared.output), Arc::clone(&shared.notify));
        let thread = std::thread::Builder::new().name("console output".to_owned());
        // Without it output comes with the answers.
        thread.spawn(move || output.tell(|| notify())).ok();
        Self { shared }
    }

    /// Asks to run statements. Requests wait for those before them.
    pub fn run(&self, request: Request) {
        let dead = self.shared.state().dead.clone();
        if let Some(why) = dead {
            self.shared.state().busy += 1;
            return self.shared.answer(internal(why));
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

    /// What running statements printed since the last call, and the first problem of the run where there was one: `wake` is called a
    /// moment after something was printed. The rest comes with the answer.
    pub fn take_printed(&self) -> (Vec<Printed>, Option<Problem>) {
        self.shared.output.take()
    }

    /// Whether it was given up after internal errors, or never had a thread: every request is answered with the reason.
    pub fn is_dead(&self) -> bool {
        self.shared.state().dead.is_some()
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
        self.shared.output.quit();
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

/// The thread: an interpreter, and another one if that fails, but not for ever: where the mistake is in what all of them do, each
/// new one would fail like the last.
fn work(shared: &Shared) {
    let mut failures = 0;
    loop {
        let answered = std::cell::Cell::new(0_u64);
        if catch_unwind(AssertUnwindSafe(|| serve(shared, &answered))).is_ok() {
            return;
        }
        // A session that did its work before is no sign of a lasting mistake.
        failures = if answered.get() > 0 { 1 } else { failures + 1 };
        let message = if failures < TRIES {
            "An internal error stopped this; the console begins anew, without the names it had".to_owned()
        } else {
            format!(
                "The console failed {TRIES} times in a row and is off. New session starts it again; documents are as they were"
            )
        };
        let mut state = shared.state();
        state.active = false;
        let running = state.running;
        let waiting = if failures < TRIES {
            0
        } else {
            state.dead = Some(message.clone());
            state.tasks.drain(..).filter(|task| matches!(task, Task::Run(_))).count()
        };
        drop(state);
        if !running && waiting == 0 {
            shared.output.push(Printed::Exception(message));
        } else {
            for _ in 0..waiting + usize::from(running) {
                shared.answer(internal(message.clone()));
            }
        }
        if failures >= TRIES {
            return;
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
    output: Arc<Output>,
}

impl Session {
    fn new(shared: &Shared) -> Self {
        let output = Arc::clone(&shared.output);
        let sink = Arc::clone(&output);
        let show = move |piece| sink.push(piece);
        let interpreter = Interpreter::new(shared.limits, Arc::clone(&shared.stop), Box::new(show));
        Self { interpreter, documents: Documents::default(), output }
    }

    fn run(&mut self, request: &Request) -> Answer {
        let begin = Instant::now();
        let vm = self.interpreter.vm.clone();
        self.documents.bind(&vm, &request.documents);
        let (documents, output) = (&mut self.documents, &self.output);
        let Ended { mut problem, halt, statements } =
            self.interpreter.run(&request.source, |n| documents.after(&vm, n), |problem| output.found(problem));
        let steps = vm.state.bounds.steps();
        if let Some(halt) = halt {
            let message = halted(halt).to_owned();
            self.output.push(Printed::Exception(message.clone()));
            let stopped = Problem { message, range: (0, 0), line: 1, column: 1, syntax: false };
            problem.get_or_insert(stopped);
        }
        // What follows is not the script's: it has limits of its own.
        vm.begin();
        let documents = self.documents.touched(&vm);
        let names = self.names();
        let printed = self.output.finish();
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

/// Takes a new look at the namespace, for completion.
fn look(shared: &Shared, session: &Session) {
    let snapshot = catch_unwind(AssertUnwindSafe(|| Snapshot::of(&session.interpreter.vm))).unwrap_or_default();
    shared.state().snapshot = Arc::new(snapshot);
}

/// Does what is asked, until the end; `answered` counts what was done.
fn serve(shared: &Shared, answered: &std::cell::Cell<u64>) {
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
                answered.set(answered.get() + 1);
            }
            #[cfg(test)]
            Task::Panic => panic!("a test asked for it"),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::session::INTERACTIVE;
    use std::time::Duration;

    fn answer(console: &Console) -> Answer {
        loop {
            if let Some(answer) = console.try_answer() {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn run(console: &Console, source: &str) -> Vec<Printed> {
        console.run(Request { source: source.into(), documents: Vec::new() });
        answer(console).printed
    }

    #[test]
    fn a_console_that_fails_begins_anew_but_not_for_ever() {
        let console = Console::start(INTERACTIVE, Arc::new(|| ()));
        assert_eq!(run(&console, "x = 1"), []);
        let value = |text: &str| vec![Printed::Value(text.into())];
        // A failure between answers, any number of times, costs only the names.
        for n in 0..2 * TRIES {
            console.shared.push(Task::Panic);
            let printed = run(&console, "'x' in globals() or 1");
            assert!(printed.iter().any(|line| matches!(line, Printed::Value(_) | Printed::Exception(_))), "{n}: {printed:?}");
            assert!(!console.is_dead());
        }
        assert_eq!(run(&console, "2 + 3"), value("5"));
        // Nothing but failures.
        for _ in 0..TRIES {
            console.shared.push(Task::Panic);
        }
        while !console.is_dead() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let printed = run(&console, "1");
        assert!(matches!(&printed[..], [.., Printed::Exception(why)] if why.contains("is off")), "{printed:?}");
        assert!(!console.is_busy());
    }

    #[test]
    fn output_comes_while_statements_run_and_stop_keeps_it() {
        let console = Console::start(INTERACTIVE, Arc::new(|| ()));
        let source = "for i in range(3): print(i)\n1/0\nwhile True: pass\n";
        console.run(Request { source: source.into(), documents: Vec::new() });
        let (mut printed, mut problem) = (Vec::new(), None);
        while !matches!(printed.last(), Some(Printed::Exception(_))) {
            let (more, found) = console.take_printed();
            printed.extend(more);
            problem = problem.or(found);
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(console.is_busy());
        assert_eq!(problem.map(|problem| (problem.line, problem.column)), Some((2, 1)));
        console.stop();
        let rest = answer(&console).printed;
        // In as many pieces as it was looked at.
        let output: String =
            printed.iter().filter_map(|line| if let Printed::Output(text) = line { Some(&**text) } else { None }).collect();
        assert_eq!(output, "0\n1\n2\n");
        assert_eq!(rest, [Printed::Exception("Stopped".into())]);
    }
}
