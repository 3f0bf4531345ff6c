//! `contextlib.ExitStack`

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::{exit_args, exit_exception, is_manager, method_args};
use crate::console::call::Args;
use crate::console::class::{Class, ClassInfo, OBJECT};
use crate::console::native::Native;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// What `ExitStack` has its methods from.
const BASE: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "_BaseExitStack",
        module: "contextlib",
        bases: &[OBJECT],
        construct: None,
        methods: &["callback", "enter_context", "pop_all", "push"],
    };
    Class(&INFO)
};

/// `contextlib.ExitStack`
pub(super) const EXIT_STACK: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "ExitStack",
        module: "contextlib",
        bases: &[BASE],
        construct: Some(construct),
        methods: &["__enter__", "__exit__", "close"],
    };
    Class(&INFO)
};

/// What is done at the end, last first.
#[derive(Debug)]
enum Last {
    /// The manager's `__exit__`.
    Exit(Object),
    /// A function that is called as `__exit__` is.
    Function(Object),
    /// A call.
    Call(Object, Args),
}

#[derive(Debug, Default)]
struct ExitStack {
    waiting: RefCell<Vec<Last>>,
}

fn construct(_vm: &Vm, _class: Class, args: Args) -> Outcome {
    method_args(args, "ExitStack.__init__", &[], 0)?;
    Ok(Object::Native(Rc::new(ExitStack::default())))
}

impl ExitStack {
    fn push(&self, last: Last) {
        self.waiting.borrow_mut().push(last);
    }

    fn enter_context(&self, vm: &Vm, manager: Object) -> Outcome {
        if !is_manager(&manager) {
            let class = vm.class_of(&manager).0;
            let name = format!("{}.{}", class.module, class.name);
            return Err(Raise::type_error(format!("'{name}' object does not support the context manager protocol")));
        }
        let entered = vm.call_method(&manager, "__enter__", Args::default())?;
        self.push(Last::Exit(manager));
        Ok(entered)
    }

    /// Runs what waits. Whether the exception of the block was ended, or what is raised in the end.
    fn unwind(&self, vm: &Vm, exception: Option<Raise>) -> Outcome<bool> {
        let received = exception.is_some();
        let (mut current, mut suppressed, mut raised_here) = (exception, false, false);
        loop {
            let last = self.waiting.borrow_mut().pop();
            let outcome = match last {
                None => break,
                Some(Last::Exit(manager)) => vm.call_method(&manager, "__exit__", exit_args(current.as_ref())),
                Some(Last::Function(function)) => vm.call(&function, exit_args(current.as_ref())),
                Some(Last::Call(function, args)) => vm.call(&function, args).map(|_| Object::None),
            };
            match outcome.and_then(|answer| vm.truth(&answer)) {
                Ok(true) => {
                    suppressed = true;
                    raised_here = false;
                    current = None;
                }
                Ok(false) => {}
                Err(raise @ Raise::Exception(_)) => {
                    raised_here = true;
                    current = Some(raise);
                }
                Err(halt) => return Err(halt),
            }
        }
        match current {
            Some(raise) if raised_here => Err(raise),
            _ => Ok(received && suppressed),
        }
    }
}

impl Native for ExitStack {
    fn class(&self) -> Class {
        EXIT_STACK
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, this: &Object, method: &str, mut args: Args) -> Outcome {
        match method {
            "__enter__" => {
                method_args(args, "ExitStack.__enter__", &[], 0)?;
                Ok(this.clone())
            }
            "__exit__" => {
                let exception = match exit_exception(args, "ExitStack.__exit__")? {
                    Some(Object::Exception(exception)) => Some(Raise::Exception(exception)),
                    _ => None,
                };
                self.unwind(vm, exception).map(Object::Bool)
            }
            "close" => {
                method_args(args, "ExitStack.close", &[], 0)?;
                self.unwind(vm, None)?;
                Ok(Object::None)
            }
            "enter_context" => {
                let mut bound = method_args(args, "_BaseExitStack.enter_context", &["cm"], 1)?;
                self.enter_context(vm, bound.remove(0).unwrap_or(Object::None))
            }
            "push" => {
                let mut bound = method_args(args, "_BaseExitStack.push", &["exit"], 1)?;
                let exit = bound.remove(0).unwrap_or(Object::None);
                self.push(if is_manager(&exit) { Last::Exit(exit.clone()) } else { Last::Function(exit.clone()) });
                Ok(exit)
            }
            "callback" => {
                if args.positional.is_empty() {
                    let message = "_BaseExitStack.callback() missing 1 required positional argument: 'callback'";
                    return Err(Raise::type_error(message));
                }
                let function = args.positional.remove(0);
                self.push(Last::Call(function.clone(), args));
                Ok(function)
            }
            "pop_all" => {
                method_args(args, "_BaseExitStack.pop_all", &[], 0)?;
                let waiting = self.waiting.take();
                Ok(Object::Native(Rc::new(Self { waiting: RefCell::new(waiting) })))
            }
            _ => Err(Raise::no_attribute("ExitStack", method)),
        }
    }

    fn is_context_manager(&self) -> bool {
        true
    }
}
