//! Objects of the abstract classes: `io.IOBase()` and so on. They can do nothing, and say so each in its own words.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use super::super::attributes::Attributes;
use super::classes::{BUFFERED_BASE, RAW_BASE, TEXT_BASE};
use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::native::Native;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

#[derive(Debug)]
struct Abstract {
    class: Class,
    closed: Cell<bool>,
    attributes: Attributes,
}

/// Calling one of the classes, with whatever arguments.
pub(super) fn construct(_vm: &Vm, class: Class, _args: Args) -> Outcome {
    Ok(Object::Native(Rc::new(Abstract { class, closed: Cell::new(false), attributes: Attributes::default() })))
}

fn unsupported(operation: &str) -> Raise {
    Raise::new(class::UNSUPPORTED_OPERATION, operation)
}

impl Abstract {
    fn is(&self, base: Class) -> bool {
        self.class.is_subclass_of(base)
    }

    fn check_open(&self) -> Outcome<()> {
        if self.closed.get() { Err(Raise::value_error("I/O operation on closed file.")) } else { Ok(()) }
    }

    fn no_attribute(&self, name: &str) -> Raise {
        let class = self.class;
        // Classes that CPython has in C are named with their module.
        let name_of = if class.0.module == "io" { class.0.name.to_owned() } else { class.qualified_name() };
        Raise::no_attribute(&name_of, name)
    }

    /// Reading one line is reading byte by byte, which is where the class's own `read` speaks.
    fn read_line(&self) -> Raise {
        match () {
            () if self.is(TEXT_BASE) => unsupported("readline"),
            () if self.is(RAW_BASE) => Raise::new(class::NOT_IMPLEMENTED_ERROR, ""),
            () if self.is(BUFFERED_BASE) => unsupported("read"),
            () => self.no_attribute("read"),
        }
    }
}

impl Native for Abstract {
    fn class(&self) -> Class {
        self.class
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, this: &Object, method: &str, args: Args) -> Outcome {
        match method {
            "__enter__" | "__iter__" => {
                self.check_open()?;
                Ok(this.clone())
            }
            "__exit__" | "close" => {
                self.closed.set(true);
                Ok(Object::None)
            }
            "flush" => self.check_open().map(|()| Object::None),
            "isatty" | "readable" | "writable" | "seekable" => {
                if method == "isatty" {
                    self.check_open()?;
                }
                Ok(Object::Bool(false))
            }
            "fileno" | "truncate" | "detach" => Err(unsupported(method)),
            "seek" | "tell" => Err(unsupported("seek")),
            "readline" | "readlines" | "__next__" => Err(self.read_line()),
            "writelines" => {
                let lines = args.one("_IOBase.writelines")?;
                self.check_open()?;
                for line in vm.collect(&lines)? {
                    vm.call_method(this, "write", Args::new([line]))?;
                }
                Ok(Object::None)
            }
            "readinto" if self.is(BUFFERED_BASE) => Err(unsupported("read")),
            "readinto1" => Err(unsupported("read1")),
            "read" | "readall" | "readinto" | "write" if self.is(RAW_BASE) => Err(Raise::new(class::NOT_IMPLEMENTED_ERROR, "")),
            "read" | "read1" | "write" if self.is(BUFFERED_BASE) || self.is(TEXT_BASE) => Err(unsupported(method)),
            _ => Err(self.no_attribute(method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok(match name {
            "closed" => Some(Object::Bool(self.closed.get())),
            "encoding" | "errors" | "newlines" if self.is(TEXT_BASE) => Some(Object::None),
            _ => self.attributes.get(name),
        })
    }

    fn set_attribute(&self, _vm: &Vm, name: &str, value: Object) -> Outcome<bool> {
        if name == "closed" {
            let message = "attribute 'closed' of '_io._IOBase' objects is not writable";
            return Err(Raise::new(class::ATTRIBUTE_ERROR, message));
        }
        self.attributes.set(name, value);
        Ok(true)
    }

    fn iterate(&self, _vm: &Vm, this: &Object) -> Outcome<Option<Object>> {
        self.check_open()?;
        Ok(Some(this.clone()))
    }

    fn next(&self, _vm: &Vm) -> Outcome<Option<Option<Object>>> {
        Err(self.read_line())
    }

    fn is_context_manager(&self) -> bool {
        true
    }
}
