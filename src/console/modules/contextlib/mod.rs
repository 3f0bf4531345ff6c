//! `contextlib`

mod generator;
mod managers;
mod stack;

use super::{Loaded, module};
use crate::console::call::Args;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

pub(super) fn load(_vm: &Vm) -> Loaded {
    let classes = [
        ("closing", managers::CLOSING),
        ("suppress", managers::SUPPRESS),
        ("redirect_stdout", managers::REDIRECT_STDOUT),
        ("redirect_stderr", managers::REDIRECT_STDERR),
        ("nullcontext", managers::NULL_CONTEXT),
        ("ExitStack", stack::EXIT_STACK),
    ];
    let classes = classes.into_iter().map(|(name, class)| (name, Object::Class(class)));
    let functions = [("contextmanager", function!("contextmanager", python, generator::context_manager))];
    Ok(module("contextlib", functions.into_iter().chain(classes)))
}

/// The arguments of a method that is written in Python: messages count the object itself. Absent ones are `None` (of Rust).
fn method_args(args: Args, function: &str, names: &[&str], required: usize) -> Outcome<Vec<Option<Object>>> {
    let mut all = vec!["self"];
    all.extend(names);
    let mut positional = vec![Object::None];
    positional.extend(args.positional);
    let mut bound = Args { positional, keywords: args.keywords }.bind(function, &all, required + 1)?;
    bound.remove(0);
    Ok(bound)
}

/// What `__exit__` is told: the exception that leaves the block, if one does.
fn exit_exception(args: Args, function: &str) -> Outcome<Option<Object>> {
    let bound = method_args(args, function, &["exctype", "excinst", "exctb"], 3)?;
    let mut bound = bound.into_iter().map(|value| value.filter(|value| !value.is_none()));
    let class = bound.next().flatten();
    let value = bound.next().flatten();
    Ok(match (class, value) {
        (None, _) => None,
        (Some(_), Some(value)) => Some(value),
        (Some(class), None) => Some(class),
    })
}

/// The arguments that `__exit__` takes for this exception.
fn exit_args(exception: Option<&Raise>) -> Args {
    match exception {
        Some(Raise::Exception(exception)) => {
            Args::new([Object::Class(exception.class), Object::Exception(std::rc::Rc::clone(exception)), Object::None])
        }
        _ => Args::new([Object::None, Object::None, Object::None]),
    }
}

/// Whether `with` takes it.
fn is_manager(object: &Object) -> bool {
    match object {
        Object::Stream(_) | Object::View(_) => true,
        Object::Native(native) => native.is_context_manager(),
        _ => false,
    }
}

/// `with manager: return work()`
fn within(vm: &Vm, manager: &Object, work: impl FnOnce() -> Outcome) -> Outcome {
    let entered = vm.call_method(manager, "__enter__", Args::default())?;
    drop(entered);
    match work() {
        Ok(value) => {
            vm.call_method(manager, "__exit__", exit_args(None))?;
            Ok(value)
        }
        Err(raise @ Raise::Exception(_)) => {
            let answer = vm.call_method(manager, "__exit__", exit_args(Some(&raise)))?;
            if vm.truth(&answer)? { Ok(Object::None) } else { Err(raise) }
        }
        Err(halt) => Err(halt),
    }
}
