//! `contextlib.contextmanager`: a context manager from a function with one `yield`.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{exit_exception, within};
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::native::Native;
use crate::console::object::{Object, drop_items};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// `@contextmanager`
pub(super) fn context_manager(vm: &Vm, args: Args) -> Outcome {
    let function = args.bind("contextmanager", &["func"], 1)?.pop().flatten().unwrap_or(Object::None);
    let name = name_of(vm, &function, "contextmanager.<locals>.helper")?;
    Ok(Object::Native(Rc::new(Wrapped { name, function, manager: None })))
}

/// The name that a function around `function` takes over.
fn name_of(vm: &Vm, function: &Object, otherwise: &str) -> Outcome<String> {
    match vm.get_attribute(function, "__qualname__").or_else(|_| vm.get_attribute(function, "__name__")) {
        Ok(name) => Ok(vm.str(&name)?.to_string_lossy()),
        Err(Raise::Exception(_)) => Ok(otherwise.to_owned()),
        Err(halt) => Err(halt),
    }
}

static FUNCTION: ClassInfo = ClassInfo { name: "function", module: "builtins", bases: &[OBJECT], construct: None, methods: &[] };

/// A function around another one: it makes a context manager of what that returns, or runs it within one.
struct Wrapped {
    name: String,
    function: Object,
    /// Of a function that a context manager decorates: how to make that manager again.
    manager: Option<(Object, Args)>,
}

impl std::fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<function {}>", self.name)
    }
}

impl Native for Wrapped {
    fn class(&self) -> Class {
        Class(&FUNCTION)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        Ok(format!("<function {} at {:#x}>", self.name, std::ptr::from_ref(self) as usize))
    }

    fn attribute(&self, vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        match name {
            "__wrapped__" => Ok(Some(self.function.clone())),
            "__name__" | "__qualname__" => Ok(Some(Object::str(self.name.rsplit('.').next().unwrap_or_default()))),
            "__doc__" | "__module__" | "__annotations__" => vm.get_attribute(&self.function, name).map(Some),
            _ => Ok(None),
        }
    }

    fn call_object(&self, vm: &Vm, args: Args) -> Outcome<Option<Object>> {
        match &self.manager {
            None => make(vm, &self.function, args).map(Some),
            Some((function, manager_args)) => {
                let manager = make(vm, function, manager_args.clone())?;
                within(vm, &manager, || vm.call(&self.function, args)).map(Some)
            }
        }
    }
}

fn make(vm: &Vm, function: &Object, args: Args) -> Outcome {
    let generator = vm.call(function, args.clone())?;
    let again = RefCell::new(Some((function.clone(), args)));
    Ok(Object::Native(Rc::new(Manager { generator, again, exiting: Cell::new(false) })))
}

static MANAGER: ClassInfo = ClassInfo {
    name: "_GeneratorContextManager",
    module: "contextlib",
    bases: &[OBJECT],
    construct: None,
    methods: &["__enter__", "__exit__"],
};

/// The context manager. From when it is entered it holds the generator only.
struct Manager {
    generator: Object,
    again: RefCell<Option<(Object, Args)>>,
    exiting: Cell<bool>,
}

impl std::fmt::Debug for Manager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<contextlib._GeneratorContextManager>")
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        drop_items(vec![std::mem::replace(&mut self.generator, Object::None)]);
    }
}

fn runtime_error(message: &str) -> Raise {
    Raise::new(class::RUNTIME_ERROR, message)
}

fn is_same(a: &Raise, b: &Object) -> bool {
    matches!((a, b), (Raise::Exception(a), Object::Exception(b)) if Rc::ptr_eq(a, b))
}

impl Manager {
    fn enter(&self, vm: &Vm) -> Outcome {
        let again = self.again.borrow_mut().take();
        if again.is_none() {
            return Err(Raise::no_attribute("_GeneratorContextManager", "args"));
        }
        drop(again);
        vm.next(&self.generator)?.ok_or_else(|| runtime_error("generator didn't yield"))
    }

    fn close(&self, vm: &Vm) -> Outcome<()> {
        vm.call_method(&self.generator, "close", Args::default()).map(drop)
    }

    fn exit(&self, vm: &Vm, exception: Option<Object>) -> Outcome {
        let Some(mut exception) = exception else {
            if vm.next(&self.generator)?.is_none() {
                return Ok(Object::Bool(false));
            }
            self.close(vm)?;
            return Err(runtime_error("generator didn't stop"));
        };
        if let Object::Class(_) = exception {
            exception = vm.call(&exception, Args::default())?;
        }
        let Err(raise) = vm.call_method(&self.generator, "throw", Args::new([exception.clone()])) else {
            self.close(vm)?;
            return Err(runtime_error("generator didn't stop after throw()"));
        };
        if raise.is(class::STOP_ITERATION) {
            // The generator ended; only an exception of the block that came back as it was goes on.
            return Ok(Object::Bool(!is_same(&raise, &exception)));
        }
        let came_back = is_same(&raise, &exception) || (raise.is(class::RUNTIME_ERROR) && is_wrapped(&raise, &exception));
        if came_back { Ok(Object::Bool(false)) } else { Err(raise) }
    }
}

/// Whether the generator's `RuntimeError` is only about a `StopIteration` that the block raised.
fn is_wrapped(raise: &Raise, exception: &Object) -> bool {
    let (Raise::Exception(raised), Object::Exception(inner)) = (raise, exception) else { return false };
    inner.class.is_subclass_of(class::STOP_ITERATION)
        && raised.context.borrow().as_ref().is_some_and(|context| Rc::ptr_eq(context, inner))
}

impl Native for Manager {
    fn class(&self) -> Class {
        Class(&MANAGER)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        match method {
            "__enter__" => {
                super::method_args(args, "_GeneratorContextManager.__enter__", &[], 0)?;
                self.enter(vm)
            }
            "__exit__" => {
                let exception = exit_exception(args, "_GeneratorContextManager.__exit__")?;
                if self.exiting.replace(true) {
                    return Err(Raise::value_error("generator already executing"));
                }
                let answer = self.exit(vm, exception);
                self.exiting.set(false);
                answer
            }
            _ => Err(Raise::no_attribute("_GeneratorContextManager", method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok((name == "gen").then(|| self.generator.clone()))
    }

    fn is_context_manager(&self) -> bool {
        true
    }

    fn call_object(&self, vm: &Vm, args: Args) -> Outcome<Option<Object>> {
        let function = args.bind("ContextDecorator.__call__", &["func"], 1)?.pop().flatten().unwrap_or(Object::None);
        let Some(manager) = self.again.borrow().clone() else {
            return Err(Raise::no_attribute("_GeneratorContextManager", "func"));
        };
        let name = name_of(vm, &function, "ContextDecorator.__call__.<locals>.inner")?;
        Ok(Some(Object::Native(Rc::new(Wrapped { name, function, manager: Some(manager) }))))
    }
}
