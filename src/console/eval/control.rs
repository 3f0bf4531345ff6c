//! `try`, `with`, `raise`.

use std::rc::Rc;

use super::super::call::Args;
use super::super::class;
use super::super::native::Native;
use super::super::object::Object;
use super::super::raise::{ExceptionObject, Outcome, Raise};
use super::super::syntax::{Expr, Handler, Span, Stmt, Target, Try};
use super::super::vm::Vm;
use super::expr::expr;
use super::stmt::block;
use super::{Flow, Frame, target};

/// `raise exception from cause`
pub(super) fn raise(vm: &Vm, frame: &mut Frame<'_>, exception: Option<&Expr>, cause: Option<&Expr>, span: Span) -> Raise {
    raising(vm, frame, exception, cause, span).unwrap_or_else(|raise| raise)
}

fn raising(vm: &Vm, frame: &mut Frame<'_>, exception: Option<&Expr>, cause: Option<&Expr>, span: Span) -> Outcome<Raise> {
    let Some(exception) = exception else {
        let handled = vm.state.handled.borrow().last().cloned();
        let none = || Raise::new(class::RUNTIME_ERROR, "No active exception to reraise");
        return Ok(handled.map_or_else(none, Raise::Exception));
    };
    let exception = expr(vm, frame, exception)?;
    let cause = cause.map(|cause| expr(vm, frame, cause)).transpose()?;
    let Some(exception) = instance(vm, &exception)? else {
        return Err(Raise::type_error("exceptions must derive from BaseException"));
    };
    *exception.place.borrow_mut() = Some(span);
    if let Some(cause) = cause {
        let found = if cause.is_none() { None } else { instance(vm, &cause)? };
        if found.is_none() && !cause.is_none() {
            return Err(Raise::type_error("exception causes must derive from BaseException"));
        }
        let value = found.as_ref().map_or(Object::None, |cause| Object::Exception(Rc::clone(cause)));
        exception.attributes.borrow_mut().retain(|(name, _)| !matches!(&**name, "__cause__" | "__suppress_context__"));
        exception
            .attributes
            .borrow_mut()
            .extend([("__cause__".into(), value), ("__suppress_context__".into(), Object::Bool(true))]);
    }
    set_context(vm, &exception);
    Ok(Raise::Exception(exception))
}

/// The exception that is handled now becomes the context of a new one.
fn set_context(vm: &Vm, exception: &Rc<ExceptionObject>) {
    let Some(handled) = vm.state.handled.borrow().last().cloned() else { return };
    chain(exception, &handled);
}

/// `context` becomes the context of `exception`, unless that would make a ring.
fn chain(exception: &Rc<ExceptionObject>, context: &Rc<ExceptionObject>) {
    let mut link = Some(Rc::clone(context));
    while let Some(next) = link {
        if Rc::ptr_eq(&next, exception) {
            return;
        }
        link = next.context.borrow().clone();
    }
    let old = exception.context.borrow_mut().replace(Rc::clone(context));
    drop(old);
}

/// An exception from itself or from its class.
fn instance(vm: &Vm, object: &Object) -> Outcome<Option<Rc<ExceptionObject>>> {
    match object {
        Object::Exception(exception) => Ok(Some(Rc::clone(exception))),
        Object::Class(found) if found.is_subclass_of(class::BASE_EXCEPTION) => match vm.call(object, Args::default())? {
            Object::Exception(exception) => Ok(Some(exception)),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// Whether an `except` with these classes catches an exception.
fn catches(exception: &ExceptionObject, classes: &Object) -> Outcome<bool> {
    let one = |object: &Object| match object {
        Object::Class(found) if found.is_subclass_of(class::BASE_EXCEPTION) => Ok(exception.class.is_subclass_of(*found)),
        _ => Err(Raise::type_error("catching classes that do not inherit from BaseException is not allowed")),
    };
    let Object::Tuple(classes) = classes else { return one(classes) };
    let mut caught = false;
    for class in &classes.items {
        caught |= one(class)?;
    }
    Ok(caught)
}

pub(super) fn try_statement(vm: &Vm, frame: &mut Frame<'_>, node: &Try) -> Outcome<Flow> {
    vm.check_stack()?;
    let mut outcome = block(vm, frame, &node.body);
    outcome = match outcome {
        Ok(Flow::Next) => block(vm, frame, &node.otherwise),
        Err(Raise::Exception(exception)) if !node.handlers.is_empty() => handle(vm, frame, &node.handlers, exception),
        other => other,
    };
    if node.finally.is_empty() || matches!(outcome, Err(Raise::Halt(_))) {
        return outcome;
    }
    let raised = match &outcome {
        Err(Raise::Exception(exception)) => Some(Rc::clone(exception)),
        _ => None,
    };
    let flow = match raised {
        Some(exception) => while_handling(vm, exception, || block(vm, frame, &node.finally))?,
        None => block(vm, frame, &node.finally)?,
    };
    match flow {
        Flow::Next => outcome,
        flow => Ok(flow),
    }
}

/// Does something during which `exception` is the one that `raise` raises again; what it raises has it as its context.
fn while_handling<T>(vm: &Vm, exception: Rc<ExceptionObject>, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    vm.state.handled.borrow_mut().push(exception);
    let result = work();
    let handled = vm.state.handled.borrow_mut().pop();
    if let (Err(Raise::Exception(raised)), Some(handled)) = (&result, &handled)
        && raised.context.borrow().is_none()
    {
        chain(raised, handled);
    }
    drop(handled);
    result
}

fn handle(vm: &Vm, frame: &mut Frame<'_>, handlers: &[Handler], exception: Rc<ExceptionObject>) -> Outcome<Flow> {
    for handler in handlers {
        if let Some(node) = &handler.class {
            let found = while_handling(vm, Rc::clone(&exception), || {
                let classes = expr(vm, frame, node)?;
                catches(&exception, &classes).map_err(|raise| raise.at(node.span))
            })?;
            if !found {
                continue;
            }
        }
        if let Some(name) = handler.name {
            target::store(vm, frame, name, Object::Exception(Rc::clone(&exception)));
        }
        let outcome = while_handling(vm, exception, || block(vm, frame, &handler.body));
        if let Some(name) = handler.name {
            target::clear(vm, frame, name);
        }
        return outcome;
    }
    Err(Raise::Exception(exception))
}

/// `with` with its items from the left.
pub(super) fn with(vm: &Vm, frame: &mut Frame<'_>, items: &[(Expr, Option<Target>)], body: &[Stmt]) -> Outcome<Flow> {
    vm.check_stack()?;
    let Some(((node, name), rest)) = items.split_first() else { return block(vm, frame, body) };
    let manager = expr(vm, frame, node)?;
    let place = |raise: Raise| raise.at(node.span);
    if !is_manager(&manager) {
        let message = format!("'{}' object does not support the context manager protocol", vm.type_name(&manager));
        return Err(place(Raise::type_error(message)));
    }
    let entered = vm.call_method(&manager, "__enter__", Args::default()).map_err(place)?;
    let outcome = match name {
        Some(name) => target::assign(vm, frame, name, entered),
        None => {
            drop(entered);
            Ok(())
        }
    };
    let outcome = outcome.and_then(|()| with(vm, frame, rest, body));
    match outcome {
        Err(Raise::Exception(exception)) => {
            let handled = Rc::clone(&exception);
            let suppressed = while_handling(vm, handled, || {
                let raised = Object::Exception(Rc::clone(&exception));
                let args = vec![Object::Class(exception.class), raised, Object::None];
                let answer = vm.call_method(&manager, "__exit__", Args::new(args)).map_err(place)?;
                vm.truth(&answer)
            })?;
            if suppressed { Ok(Flow::Next) } else { Err(Raise::Exception(exception)) }
        }
        Err(halt) => Err(halt),
        Ok(flow) => {
            let args = vec![Object::None, Object::None, Object::None];
            vm.call_method(&manager, "__exit__", Args::new(args)).map_err(place)?;
            Ok(flow)
        }
    }
}

fn is_manager(object: &Object) -> bool {
    match object {
        Object::Stream(_) | Object::View(_) => true,
        Object::Native(native) => Native::is_context_manager(&**native),
        _ => false,
    }
}
