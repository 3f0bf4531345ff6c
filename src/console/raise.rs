//! Exceptions that are under way.

use std::cell::RefCell;
use std::rc::Rc;

use super::call::Args;
use super::class::{self, Class};
use super::object::{Object, drop_items};
use super::vm::Vm;
use crate::stream::{Exception, ExceptionKind, UnicodeProblem, Value};

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
    /// The local variables of the functions that it left, which live as long as it does.
    pub locals: RefCell<Vec<Object>>,
}

impl Drop for ExceptionObject {
    fn drop(&mut self) {
        let mut items = std::mem::take(self.args.get_mut());
        items.extend(self.attributes.get_mut().drain(..).map(|(_, value)| value));
        items.extend(self.context.get_mut().take().map(Object::Exception));
        items.append(self.locals.get_mut());
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
            locals: RefCell::default(),
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

    /// Remembers where it was raised, if nothing within did.
    pub(super) fn at(self, place: (u32, u32)) -> Self {
        if let Self::Exception(exception) = &self {
            exception.place.borrow_mut().get_or_insert(place);
        }
        self
    }

    /// Whether it is an exception of `class` or of one that comes from it.
    pub fn is(&self, class: Class) -> bool {
        matches!(self, Self::Exception(exception) if exception.class.is_subclass_of(class))
    }
}

/// An exception of a stream.
impl From<Exception> for Raise {
    fn from(exception: Exception) -> Self {
        let class = class_of(exception.kind);
        match exception.unicode {
            Some(problem) => unicode_error(class, *problem),
            None => Self::new(class, &exception.message),
        }
    }
}

/// A `UnicodeDecodeError` or `UnicodeEncodeError`: five arguments, and the same as attributes.
fn unicode_error(class: Class, problem: UnicodeProblem) -> Raise {
    let object = match problem.object {
        Value::Str(text) => Object::Str(text),
        Value::Bytes(bytes) => Object::Bytes(bytes),
        _ => Object::None,
    };
    let (encoding, reason) = (Object::str(problem.encoding), Object::str(problem.reason));
    let args = vec![encoding, object, Object::int(problem.start), Object::int(problem.end), reason];
    let names = ["encoding", "object", "start", "end", "reason"];
    let attributes = names.into_iter().map(Rc::from).zip(args.iter().cloned()).collect();
    let exception = ExceptionObject::new(class, args);
    *exception.attributes.borrow_mut() = attributes;
    Raise::Exception(Rc::new(exception))
}

/// What `str()` gives of a `UnicodeDecodeError` or `UnicodeEncodeError`; `None` for other exceptions and for one whose attributes
/// were set to something else.
pub fn unicode_message(exception: &ExceptionObject) -> Option<String> {
    let attributes = exception.attributes.borrow();
    let of = |name: &str| attributes.iter().find(|(own, _)| &**own == name).map(|(_, value)| value.clone());
    let text = |name| match of(name)? {
        Object::Str(text) => Some(text.to_string_lossy()),
        _ => None,
    };
    let number = |name| of(name)?.index().and_then(|n| u64::try_from(n).ok());
    let object = match of("object")? {
        Object::Str(text) if exception.class.is_subclass_of(class::UNICODE_ENCODE_ERROR) => Value::Str(text),
        Object::Bytes(bytes) if exception.class.is_subclass_of(class::UNICODE_DECODE_ERROR) => Value::Bytes(bytes),
        _ => return None,
    };
    let (encoding, reason) = (text("encoding")?, text("reason")?);
    Some(UnicodeProblem { encoding, object, start: number("start")?, end: number("end")?, reason }.message())
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
        ExceptionKind::Unicode => class::UNICODE_ERROR,
        ExceptionKind::UnicodeDecode => class::UNICODE_DECODE_ERROR,
        ExceptionKind::UnicodeEncode => class::UNICODE_ENCODE_ERROR,
        ExceptionKind::Lookup => class::LOOKUP_ERROR,
        ExceptionKind::BlockingIo => class::BLOCKING_IO_ERROR,
        ExceptionKind::Runtime => class::RUNTIME_ERROR,
        ExceptionKind::Recursion => class::RECURSION_ERROR,
        _ => class::TYPE_ERROR,
    }
}

/// Calling an exception class.
pub(super) fn construct_exception(vm: &Vm, class: Class, args: Args) -> Outcome {
    if class == class::JSON_DECODE_ERROR {
        return super::modules::json::construct_decode_error(vm, args);
    }
    super::types::exception::construct(vm, class, args)
}
