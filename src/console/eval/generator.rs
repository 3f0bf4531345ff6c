//! Generators: functions that wait in the middle, each on a stack of its own.
//!
//! A stack is taken when a generator begins and is given back when it ends, so generators that were only made cost nothing.

use std::rc::Rc;

use corosensei::stack::{DefaultStack, Stack};
use corosensei::{Coroutine, CoroutineResult};

use super::super::bounds::RESERVE;
use super::super::call::Args;
use super::super::class;
use super::super::object::{Iter, Object, Resume, Resumed, Source, drop_items};
use super::super::raise::{ExceptionObject, Outcome, Raise};
use super::super::syntax::Code;
use super::super::vm::Vm;
use super::function::drop_cells;
use super::{Cell, END, Frame, function};

/// Bytes of a generator's stack. It is address space: what is not used takes no memory.
const STACK: usize = 8 << 20;
/// The most generators that may have begun and not ended.
const MOST: u32 = 2000;
/// Stacks that are kept to be used again.
const KEPT: usize = 16;

type Routine = Coroutine<Resume, Object, Outcome, DefaultStack>;

struct Generator {
    state: State,
}

enum State {
    Ready { code: Rc<Code>, locals: Vec<Option<Object>>, cells: Vec<Cell> },
    Begun { routine: Box<Routine>, vm: Vm, lowest: usize, depth: u32, handled: Vec<Rc<ExceptionObject>> },
    Ended,
}

/// A generator that has not begun.
pub(super) fn make(code: Rc<Code>, locals: Vec<Option<Object>>, cells: Vec<Cell>) -> Object {
    let name = Rc::clone(&code.qualified_name);
    Object::named_iterator("generator", Some(name), Generator { state: State::Ready { code, locals, cells } })
}

impl Source for Generator {
    fn next(&mut self, vm: &Vm) -> Outcome<Option<Object>> {
        match self.go(vm, Resume::Value(Object::None))? {
            Resumed::Yielded(value) => Ok(Some(value)),
            Resumed::Returned(_) => Ok(None),
        }
    }

    fn resume(&mut self, vm: &Vm, with: Resume) -> Option<Outcome<Resumed>> {
        Some(self.go(vm, with))
    }
}

impl Generator {
    fn go(&mut self, vm: &Vm, with: Resume) -> Outcome<Resumed> {
        if let State::Ready { .. } = self.state {
            match &with {
                Resume::Throw(raise) => {
                    let raise = raise.clone();
                    self.end();
                    return Err(raise);
                }
                Resume::Value(Object::None) => {}
                Resume::Value(_) => {
                    return Err(Raise::type_error("can't send non-None value to a just-started generator"));
                }
            }
            self.begin(vm)?;
        }
        let State::Begun { routine, lowest, depth, handled, .. } = &mut self.state else {
            return match with {
                Resume::Value(_) => Ok(Resumed::Returned(Object::None)),
                Resume::Throw(raise) => Err(raise),
            };
        };
        let _level = vm.enter()?;
        let bounds = &vm.state.bounds;
        let outside = bounds.depth();
        let handled_outside = vm.state.handled.borrow().len();
        vm.state.handled.borrow_mut().append(handled);
        bounds.set_depth(outside + *depth);
        let before = bounds.set_lowest(*lowest);
        let result = routine.resume(with);
        bounds.set_lowest(before);
        *depth = bounds.depth().saturating_sub(outside);
        bounds.set_depth(outside);
        *handled = vm.state.handled.borrow_mut().split_off(handled_outside);
        match result {
            CoroutineResult::Yield(value) => Ok(Resumed::Yielded(value)),
            CoroutineResult::Return(outcome) => {
                self.end();
                outcome.map(Resumed::Returned).map_err(not_stop_iteration)
            }
        }
    }

    fn begin(&mut self, vm: &Vm) -> Outcome<()> {
        let running = vm.state.generators.get();
        if running >= MOST {
            return Err(Raise::new(class::MEMORY_ERROR, "too many generators are under way"));
        }
        let kept = vm.state.stacks.borrow_mut().pop();
        let stack = match kept {
            Some(stack) => stack,
            None => DefaultStack::new(STACK).map_err(|_| Raise::new(class::MEMORY_ERROR, ""))?,
        };
        let State::Ready { code, locals, cells } = std::mem::replace(&mut self.state, State::Ended) else { return Ok(()) };
        let lowest = stack.limit().get() + RESERVE;
        let handle = vm.clone();
        let routine = Coroutine::with_stack(stack, move |yielder, first: Resume| {
            let mut frame = Frame { code, locals, cells, yielder: Some(yielder) };
            let outcome = match first {
                Resume::Value(_) => function::run(&handle, &mut frame),
                Resume::Throw(raise) => Err(raise),
            };
            function::finish(&handle, frame, outcome)
        });
        vm.state.generators.set(running + 1);
        self.state = State::Begun { routine: Box::new(routine), vm: vm.clone(), lowest, depth: 0, handled: Vec::new() };
        Ok(())
    }

    /// Lets everything go; a generator that waits must have been told to end before.
    fn end(&mut self) {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Ready { locals, cells, .. } => {
                let mut items: Vec<Object> = locals.into_iter().flatten().collect();
                drop_cells(cells, &mut items);
                drop_items(items);
            }
            State::Begun { routine, vm, .. } => {
                vm.state.generators.set(vm.state.generators.get().saturating_sub(1));
                if routine.done() {
                    let stack = routine.into_stack();
                    let mut stacks = vm.state.stacks.borrow_mut();
                    if stacks.len() < KEPT {
                        stacks.push(stack);
                    }
                }
            }
            State::Ended => {}
        }
    }
}

impl Drop for Generator {
    /// A generator that nobody has any more runs its `finally` blocks.
    fn drop(&mut self) {
        if let State::Begun { vm, .. } = &self.state {
            let vm = vm.clone();
            let told = self.go(&vm, Resume::Throw(Raise::with_args(class::GENERATOR_EXIT, Vec::new())));
            drop(told);
            // It may yield once more instead of ending; being halted it cannot.
            while matches!(self.state, State::Begun { .. }) {
                if self.go(&vm, Resume::Throw(END)).is_err() {
                    break;
                }
            }
        }
        self.end();
    }
}

/// `StopIteration` that leaves a generator would end somebody else's loop.
fn not_stop_iteration(raise: Raise) -> Raise {
    if !raise.is(class::STOP_ITERATION) {
        return raise;
    }
    let new = ExceptionObject::new(class::RUNTIME_ERROR, vec![Object::str("generator raised StopIteration")]);
    if let Raise::Exception(old) = raise {
        *new.place.borrow_mut() = *old.place.borrow();
        *new.context.borrow_mut() = Some(old);
    }
    Raise::Exception(Rc::new(new))
}

/// `yield value`
pub(super) fn suspend(frame: &Frame<'_>, value: Object) -> Outcome {
    let Some(yielder) = frame.yielder else {
        return Err(Raise::new(class::RUNTIME_ERROR, "yield outside of a generator"));
    };
    match yielder.suspend(value) {
        Resume::Value(value) => Ok(value),
        Resume::Throw(raise) => Err(raise),
    }
}

/// `yield from iterable`
pub(super) fn delegate(vm: &Vm, frame: &Frame<'_>, iterable: Object) -> Outcome {
    let iterator = vm.iterate(&iterable)?;
    drop(iterable);
    let mut sent = Resume::Value(Object::None);
    loop {
        let resumed = match (&iterator, sent) {
            (Object::Iterator(inner), with) if inner.class == "generator" => resume(vm, inner, with)?,
            (_, Resume::Value(Object::None)) => match vm.next(&iterator)? {
                Some(value) => Resumed::Yielded(value),
                None => Resumed::Returned(Object::None),
            },
            (_, Resume::Value(value)) => Resumed::Yielded(vm.call_method(&iterator, "send", Args::new(vec![value]))?),
            (_, Resume::Throw(raise)) => return Err(raise),
        };
        let value = match resumed {
            Resumed::Yielded(value) => value,
            Resumed::Returned(value) => return Ok(value),
        };
        let Some(yielder) = frame.yielder else { return Ok(Object::None) };
        sent = yielder.suspend(value);
    }
}

/// Resumes the generator behind an iterator object.
fn resume(vm: &Vm, iterator: &Iter, with: Resume) -> Outcome<Resumed> {
    if iterator.busy.get() {
        return Err(Raise::value_error("generator already executing"));
    }
    let source = iterator.source.borrow_mut().take();
    let Some(mut source) = source else {
        return match with {
            Resume::Value(_) => Ok(Resumed::Returned(Object::None)),
            Resume::Throw(raise) => Err(raise),
        };
    };
    iterator.busy.set(true);
    let result = source.resume(vm, with);
    iterator.busy.set(false);
    *iterator.source.borrow_mut() = Some(source);
    result.unwrap_or_else(|| Err(Raise::type_error("not a generator")))
}

/// The methods of a generator.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum GeneratorMethod {
    Send,
    Throw,
    Close,
    Next,
}

impl GeneratorMethod {
    /// The method with this name.
    pub(in super::super) fn called(name: &str) -> Option<Self> {
        Some(match name {
            "send" => Self::Send,
            "throw" => Self::Throw,
            "close" => Self::Close,
            "__next__" => Self::Next,
            _ => return None,
        })
    }
}

/// `generator.method(*args)`
pub(in super::super) fn call_generator(vm: &Vm, iterator: &Rc<Iter>, method: GeneratorMethod, args: Args) -> Outcome {
    let resumed = match method {
        GeneratorMethod::Send => resume(vm, iterator, Resume::Value(args.one("generator.send")?))?,
        GeneratorMethod::Next => {
            args.none("generator.__next__")?;
            resume(vm, iterator, Resume::Value(Object::None))?
        }
        GeneratorMethod::Throw => {
            let args = args.between("throw", 1, 3)?;
            resume(vm, iterator, Resume::Throw(thrown(vm, &args)?))?
        }
        GeneratorMethod::Close => {
            args.none("generator.close")?;
            return close(vm, iterator);
        }
    };
    match resumed {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(Object::None) => Err(Raise::stop_iteration()),
        Resumed::Returned(value) => Err(Raise::with_args(class::STOP_ITERATION, vec![value])),
    }
}

/// `throw(value)` or `throw(type, value)`
fn thrown(vm: &Vm, args: &[Object]) -> Outcome<Raise> {
    let value = args.get(1).filter(|value| !value.is_none());
    match (&args[0], value) {
        (Object::Exception(exception), None) => Ok(Raise::Exception(Rc::clone(exception))),
        (Object::Exception(_), Some(_)) => Err(Raise::type_error("instance exception may not have a separate value")),
        (Object::Class(class), value) if class.is_subclass_of(class::BASE_EXCEPTION) => {
            if let Some(Object::Exception(exception)) = value {
                return Ok(Raise::Exception(Rc::clone(exception)));
            }
            let args = value.cloned().map_or_else(Vec::new, |value| vec![value]);
            match vm.call(&Object::Class(*class), Args::new(args))? {
                Object::Exception(exception) => Ok(Raise::Exception(exception)),
                _ => Err(Raise::type_error("calling an exception class gave no exception")),
            }
        }
        (other, _) => {
            let message =
                format!("exceptions must be classes or instances deriving from BaseException, not {}", vm.type_name(other));
            Err(Raise::type_error(message))
        }
    }
}

fn close(vm: &Vm, iterator: &Rc<Iter>) -> Outcome {
    let exit = Raise::with_args(class::GENERATOR_EXIT, Vec::new());
    match resume(vm, iterator, Resume::Throw(exit)) {
        Ok(Resumed::Returned(_)) => Ok(Object::None),
        Ok(Resumed::Yielded(_)) => Err(Raise::new(class::RUNTIME_ERROR, "generator ignored GeneratorExit")),
        Err(raise) if raise.is(class::GENERATOR_EXIT) || raise.is(class::STOP_ITERATION) => Ok(Object::None),
        Err(raise) => Err(raise),
    }
}
