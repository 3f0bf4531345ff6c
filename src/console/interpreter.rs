//! An interpreter with one namespace that runs one source after another.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::bounds::{RESERVE, stack_address};
use super::class;
use super::object::Object;
use super::parse;
use super::raise::{ExceptionObject, Halt, Outcome, Raise};
use super::session::{Printed, Problem};
use super::types;
use super::vm::{Limits, Vm, escaped};
use super::{call::Args, eval};
use crate::stream::{Text, interrupt_by};

/// Bytes of the stack of a thread that runs scripts. It is address space: what is not used takes no memory.
pub(super) const STACK: usize = 512 << 20;

/// An interpreter; it lives on one thread.
#[derive(Debug)]
pub(super) struct Interpreter {
    pub(super) vm: Vm,
}

/// How a run ended.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// The first exception that was not caught, or why the source does not parse.
    pub(super) problem: Option<Problem>,
    /// It was ended from outside.
    pub(super) halt: Option<Halt>,
    /// Where each top-level statement stands in the source.
    pub(super) statements: Vec<(usize, usize)>,
}

impl Interpreter {
    /// An interpreter on the thread that calls this, whose stack must be of [`STACK`] bytes.
    pub(super) fn new(limits: Limits, stop: Arc<AtomicBool>, sink: Box<dyn FnMut(Printed)>) -> Self {
        interrupt_by(Some(Arc::clone(&stop)));
        let vm = Vm::new(limits, stop, sink);
        vm.state.bounds.set_lowest(stack_address().saturating_sub(STACK).saturating_add(2 * RESERVE));
        vm.set_global("__name__", Some(Object::str("__main__")));
        vm.set_global("__doc__", Some(Object::None));
        Self { vm }
    }

    /// Runs a source, one top-level statement after another. `after` is called after each with its number, `found` with the first
    /// problem, before it is shown.
    pub(super) fn run(&self, source: &str, mut after: impl FnMut(usize), mut found: impl FnMut(&Problem)) -> Ended {
        let vm = &self.vm;
        vm.begin();
        let mut ended = Ended::default();
        let statements = match parse::parse(source, &vm.state.names, vm.state.source.get()) {
            Ok(statements) => statements,
            Err(problem) => {
                let problem = located(source, problem.message, problem.span, true);
                found(&problem);
                ended.halt = self.exception(&problem.message).err();
                ended.problem = Some(problem);
                return ended;
            }
        };
        ended.statements = statements.iter().map(|statement| (statement.span.0 as usize, statement.span.1 as usize)).collect();
        eval::run_module(vm, &statements, |n, outcome| {
            let outcome = outcome.and_then(|value| self.display(value));
            let go_on = self.settle(source, outcome, &mut ended, &mut found);
            after(n);
            go_on
        });
        ended
    }

    /// What became of a statement; whether the next one runs.
    fn settle(&self, source: &str, outcome: Outcome<()>, ended: &mut Ended, found: &mut impl FnMut(&Problem)) -> bool {
        match outcome {
            Ok(()) => true,
            Err(Raise::Halt(halt)) => {
                ended.halt = Some(halt);
                false
            }
            Err(Raise::Exception(exception)) if exception.class.is_subclass_of(class::SYSTEM_EXIT) => false,
            Err(Raise::Exception(exception)) => {
                let line = describe(&self.vm, &exception);
                if ended.problem.is_none() {
                    let span = exception.place.borrow().unwrap_or_default();
                    found(ended.problem.insert(located(source, line.clone(), span, false)));
                }
                drop(exception);
                match self.exception(&line) {
                    Ok(()) => true,
                    Err(halt) => {
                        ended.halt = Some(halt);
                        false
                    }
                }
            }
        }
    }

    /// Shows the value of an expression statement.
    fn display(&self, value: Option<Object>) -> Outcome<()> {
        let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(()) };
        let shown = self.vm.repr(&value)?;
        if let Some(stdout) = self.replaced_stdout() {
            self.vm.call_method(&stdout, "write", Args::new(vec![Object::Str(shown)]))?;
            self.vm.call_method(&stdout, "write", Args::new(vec![Object::str("\n")]))?;
            return Ok(());
        }
        match shown.to_str() {
            Some(text) => self.vm.show(Printed::Value(text)),
            None => self.vm.write_stdout(&shown),
        }
    }

    /// Shows the last line of a traceback.
    fn exception(&self, line: &str) -> Result<(), Halt> {
        let outcome = match self.replaced_stdout() {
            Some(stdout) => {
                let line = Object::str(format!("{line}\n"));
                self.vm.call_method(&stdout, "write", Args::new(vec![line])).map(drop)
            }
            None => self.vm.show(Printed::Exception(line.to_owned())),
        };
        match outcome {
            Err(Raise::Halt(halt)) => Err(halt),
            _ => Ok(()),
        }
    }

    /// `sys.stdout`, where a script put something else there.
    fn replaced_stdout(&self) -> Option<Object> {
        let modules = self.vm.state.modules.borrow();
        let (_, sys) = modules.iter().find(|(name, _)| &**name == "sys")?;
        let names = sys.names.borrow();
        let (now, own) = (names.get("stdout")?, names.get("__stdout__")?);
        (!types::is_same(now, own)).then(|| now.clone())
    }
}

impl Drop for Interpreter {
    /// The namespace refers to functions and generators that refer to the interpreter: somebody must let go first.
    fn drop(&mut self) {
        interrupt_by(None);
        let globals = std::mem::take(&mut *self.vm.state.globals.borrow_mut());
        for global in globals {
            drop(global);
        }
        let modules = std::mem::take(&mut *self.vm.state.modules.borrow_mut());
        drop(modules);
    }
}

/// The last line of the traceback that CPython would print.
fn describe(vm: &Vm, exception: &std::rc::Rc<ExceptionObject>) -> String {
    let name = exception.class.qualified_name();
    let text = match vm.str(&Object::Exception(std::rc::Rc::clone(exception))) {
        Ok(text) => text,
        Err(_) => Text::from("<exception str() failed>"),
    };
    if text.is_empty() {
        return name;
    }
    let text = text.to_str().unwrap_or_else(|| escaped(&text));
    format!("{name}: {text}").replace('\r', "\\r").replace('\n', "\\n")
}

/// A problem with its line and column.
fn located(source: &str, message: String, span: (u32, u32), syntax: bool) -> Problem {
    let mut start = (span.0 as usize).min(source.len());
    while !source.is_char_boundary(start) {
        start -= 1;
    }
    let end = (span.1 as usize).clamp(start, source.len());
    let before = &source[..start];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Problem { message, range: (start, end), line, column, syntax }
}
