//! Exceptions that are under way.

use std::cell::RefCell;
use std::rc::Rc;

use super::call::Args;
use super::class::{self, Class};
use super::object::{Object, drop_items};
use super::vm::Vm;
use crate::stream::{Exception, ExceptionKind};

/// What everything that can raise returns.
pub type Outcome<T = Object> = Result<T, Raise>;

/// Why a computation ended early.
#[derive(Clone, Debug)]
pub enum Raise {
    /// An exception, which `except` can catch.
    Exception(Rc<ExceptionObject>),
    /// The whole script ends, and no `except` or `finally` runs: the user pressed Stop, or a limit was reached.
    Halt(Halt),
}

/// Why a script was ended from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The user pressed Stop.
    Stopped,
    /// It took more steps than allowed.
    Steps,
    /// It printed more than allowed.
    Output,
    /// It took more memory than allowed although `MemoryError` had been raised.
    Memory,
}

/// An exception object.
#[derive(Debug)]
pub struct ExceptionObject {
    /// Its class.
    pub class: Class,
    /// `args`
    pub args: RefCell<Vec<Object>>,
    /// `__context__` or `__cause__`
    pub context: RefCell<Option<Rc<Self>>>,
    /// Other attributes that its class or a script gave it (`UnicodeDecodeError.start`, `JSONDecodeError.pos`).
    pub attributes: RefCell<Vec<(Rc<str>, Object)>>,
    /// Where it was raised: a byte range of the source. Set once, by the innermost expression.
    pub place: RefCell<Option<(u32, u32)>>,
}

impl Drop for ExceptionObject {
    fn drop(&mut self) {
        let mut items = std::mem::take(self.args.get_mut());
        items.extend(self.attributes.get_mut().drain(..).map(|(_, value)| value));
        items.extend(self.context.get_mut().take().map(Object::Exception));
        drop_items(items);
    }
}

impl ExceptionObject {
    /// An exception with these `args`.
    pub fn new(class: Class, args: Vec<Object>) -> Self {
        Self {
            class,
            args: RefCell::new(args),
            context: RefCell::default(),
            attributes: RefCell::default(),
            place: RefCell::default(),
        }
    }
}

impl Raise {
    /// An exception of `class` with a message.
    pub fn new(class: Class, message: impl AsRef<str>) -> Self {
        let message = message.as_ref();
        let args = if message.is_empty() { Vec::new() } else { vec![Object::str(message)] };
        Self::with_args(class, args)
    }

    /// An exception of `class` with `args`.
    pub fn with_args(class: Class, args: Vec<Object>) -> Self {
        Self::Exception(Rc::new(ExceptionObject::new(class, args)))
    }

    /// `TypeError`
    pub fn type_error(message: impl AsRef<str>) -> Self {
        Self::new(class::TYPE_ERROR, message)
    }

    /// `ValueError`
    pub fn value_error(message: impl AsRef<str>) -> Self {
        Self::new(class::VALUE_ERROR, message)
    }

    /// `AttributeError: 'type' object has no attribute 'name'`
    pub fn no_attribute(type_name: &str, name: &str) -> Self {
        Self::new(class::ATTRIBUTE_ERROR, format!("'{type_name}' object has no attribute '{name}'"))
    }

    /// `StopIteration`
    pub fn stop_iteration() -> Self {
        Self::with_args(class::STOP_ITERATION, Vec::new())
    }

    /// Whether it is an exception of `class` or of one that comes from it.
    pub fn is(&self, class: Class) -> bool {
        matches!(self, Self::Exception(exception) if exception.class.is_subclass_of(class))
    }
}

/// An exception of a stream.
impl From<Exception> for Raise {
    fn from(exception: Exception) -> Self {
        Self::new(class_of(exception.kind), &exception.message)
    }
}

fn class_of(kind: ExceptionKind) -> Class {
    match kind {
        ExceptionKind::Value => class::VALUE_ERROR,
        ExceptionKind::Overflow => class::OVERFLOW_ERROR,
        ExceptionKind::Buffer => class::BUFFER_ERROR,
        ExceptionKind::Os => class::OS_ERROR,
        ExceptionKind::UnsupportedOperation => class::UNSUPPORTED_OPERATION,
        ExceptionKind::Attribute => class::ATTRIBUTE_ERROR,
        ExceptionKind::Index => class::INDEX_ERROR,
        ExceptionKind::Memory => class::MEMORY_ERROR,
        ExceptionKind::StopIteration => class::STOP_ITERATION,
        ExceptionKind::NotImplemented => class::NOT_IMPLEMENTED_ERROR,
        ExceptionKind::UnicodeEncode => class::UNICODE_ENCODE_ERROR,
        _ => class::TYPE_ERROR,
    }
}

/// Calling an exception class.
pub(super) fn construct_exception(vm: &Vm, class: Class, args: Args) -> Outcome {
    super::types::exception::construct(vm, class, args)
}
