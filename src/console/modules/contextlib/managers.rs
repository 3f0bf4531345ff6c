//! The small context managers: `closing`, `suppress`, `redirect_stdout`, `redirect_stderr`, `nullcontext`.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::super::{attributes::Attributes, set_attribute};
use super::{exit_exception, method_args};
use crate::console::call::Args;
use crate::console::class::{Class, ClassInfo, OBJECT};
use crate::console::native::Native;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

macro_rules! manager_classes {
    ($($constant:ident = $name:literal: $construct:path;)*) => {
        $(
            #[doc = concat!("`contextlib.", $name, "`")]
            pub(super) const $constant: Class = {
                static INFO: ClassInfo = ClassInfo {
                    name: $name,
                    module: "contextlib",
                    bases: &[OBJECT],
                    construct: Some($construct),
                    methods: &["__enter__", "__exit__"],
                };
                Class(&INFO)
            };
        )*
    };
}

manager_classes! {
    CLOSING = "closing": construct_closing;
    SUPPRESS = "suppress": construct_suppress;
    REDIRECT_STDOUT = "redirect_stdout": construct_redirect;
    REDIRECT_STDERR = "redirect_stderr": construct_redirect;
    NULL_CONTEXT = "nullcontext": construct_null;
}

#[derive(Debug)]
struct Manager {
    class: Class,
    attributes: Attributes,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Closes `thing` at the end.
    Closing,
    /// Ends exceptions of these classes.
    Suppress(Vec<Object>),
    /// Puts `_new_target` in the place of a standard stream, and back what was there.
    Redirect(&'static str, RefCell<Vec<Object>>),
    /// Does nothing.
    Null,
}

fn manager(class: Class, attribute: (&'static str, Object), kind: Kind) -> Outcome {
    Ok(Object::Native(Rc::new(Manager { class, attributes: Attributes::new([attribute]), kind })))
}

fn construct_closing(_vm: &Vm, class: Class, args: Args) -> Outcome {
    let mut bound = method_args(args, "closing.__init__", &["thing"], 1)?;
    manager(class, ("thing", bound.remove(0).unwrap_or(Object::None)), Kind::Closing)
}

fn construct_suppress(_vm: &Vm, class: Class, args: Args) -> Outcome {
    if let Some((unknown, _)) = args.keywords.first() {
        return Err(Raise::type_error(format!("suppress.__init__() got an unexpected keyword argument '{unknown}'")));
    }
    let classes = Object::tuple(args.positional.clone());
    manager(class, ("_exceptions", classes), Kind::Suppress(args.positional))
}

fn construct_redirect(_vm: &Vm, class: Class, args: Args) -> Outcome {
    let mut bound = method_args(args, "_RedirectStream.__init__", &["new_target"], 1)?;
    let stream = if class == REDIRECT_STDOUT { "stdout" } else { "stderr" };
    let target = ("_new_target", bound.remove(0).unwrap_or(Object::None));
    manager(class, target, Kind::Redirect(stream, RefCell::default()))
}

fn construct_null(_vm: &Vm, class: Class, args: Args) -> Outcome {
    let mut bound = method_args(args, "nullcontext.__init__", &["enter_result"], 0)?;
    manager(class, ("enter_result", bound.remove(0).unwrap_or(Object::None)), Kind::Null)
}

/// `issubclass(class, classes)`
fn is_one_of(class: Class, classes: &[Object]) -> Outcome<bool> {
    for object in classes {
        let found = match object {
            Object::Class(other) => class.is_subclass_of(*other),
            Object::Tuple(tuple) => is_one_of(class, &tuple.items)?,
            _ => {
                let message = "issubclass() arg 2 must be a class, a tuple of classes, or a union";
                return Err(Raise::type_error(message));
            }
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Manager {
    fn enter(&self, vm: &Vm) -> Outcome {
        match &self.kind {
            Kind::Closing => Ok(self.attributes.value("thing")),
            Kind::Suppress(_) => Ok(Object::None),
            Kind::Null => Ok(self.attributes.value("enter_result")),
            Kind::Redirect(stream, before) => {
                let sys = vm.import("sys")?;
                let old = super::super::get_attribute(&sys, stream)?;
                before.borrow_mut().push(old);
                let target = self.attributes.value("_new_target");
                set_attribute(&sys, stream, target.clone());
                Ok(target)
            }
        }
    }

    fn exit(&self, vm: &Vm, args: Args) -> Outcome {
        let exception = exit_exception(args, &format!("{}.__exit__", self.class.0.name))?;
        match &self.kind {
            Kind::Closing => {
                vm.call_method(&self.attributes.value("thing"), "close", Args::default())?;
            }
            Kind::Suppress(classes) => {
                let Some(exception) = exception else { return Ok(Object::None) };
                let class = match exception {
                    Object::Class(class) => class,
                    other => vm.class_of(&other),
                };
                return is_one_of(class, classes).map(Object::Bool);
            }
            Kind::Redirect(stream, before) => {
                let old = before.borrow_mut().pop();
                let Some(old) = old else {
                    return Err(Raise::new(crate::console::class::INDEX_ERROR, "pop from empty list"));
                };
                set_attribute(&*vm.import("sys")?, stream, old);
            }
            Kind::Null => {}
        }
        Ok(Object::None)
    }
}

impl Native for Manager {
    fn class(&self) -> Class {
        self.class
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        match method {
            "__enter__" => {
                method_args(args, &format!("{}.__enter__", self.class.0.name), &[], 0)?;
                self.enter(vm)
            }
            "__exit__" => self.exit(vm, args),
            _ => Err(Raise::no_attribute(self.class.0.name, method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok(self.attributes.get(name))
    }

    fn set_attribute(&self, _vm: &Vm, name: &str, value: Object) -> Outcome<bool> {
        self.attributes.set(name, value);
        Ok(true)
    }

    fn is_context_manager(&self) -> bool {
        true
    }
}
