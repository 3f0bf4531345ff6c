//! The values of the language.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use num_bigint::BigInt;

use super::class::Class;
use super::native::{Builtin, Module, Native};
use super::raise::{ExceptionObject, Outcome, Raise};
use super::vm::Vm;
use crate::buffer::Buffer;
use crate::stream::{ByteArray, StreamObject, Text, View};

/// A Python value. A clone of anything mutable is another reference to the same object; the last one that goes runs the object's
/// finaliser at once (a `TextIOWrapper` or a `Buffered…` then flushes and closes what is under it).
#[derive(Clone, Debug)]
pub enum Object {
    /// `None`
    None,
    /// `...`
    Ellipsis,
    /// `NotImplemented`
    NotImplemented,
    /// `bool`
    Bool(bool),
    /// `int` that fits 64 bits. Larger ones are [`Object::BigInt`]; [`Object::int`] chooses.
    Int(i64),
    /// `int` that does not fit 64 bits.
    BigInt(Rc<BigInt>),
    /// `float`
    Float(f64),
    /// `str`
    Str(Text),
    /// `bytes`
    Bytes(Buffer),
    /// `bytearray`
    ByteArray(ByteArray),
    /// `memoryview`
    View(View),
    /// `list`
    List(Rc<List>),
    /// `tuple`
    Tuple(Rc<Tuple>),
    /// `dict`
    Dict(Rc<Dict>),
    /// `set` and `frozenset`
    Set(Rc<Set>),
    /// `range`
    Range(Rc<Range>),
    /// `slice`
    Slice(Rc<Slice>),
    /// One of the streams of `io`
    Stream(StreamObject),
    /// What `iter()` gives of anything that is not its own iterator; generators and the lazy built-ins (`map`, `zip`, …) too.
    Iterator(Rc<Iter>),
    /// What `def` and `lambda` make.
    Function(Rc<super::vm::Function>),
    /// A method together with its object: `stream.read` without the call.
    Method(Rc<Method>),
    /// A native function.
    Builtin(&'static Builtin),
    /// A method of a class without its object: `str.upper`.
    ClassMethod(Class, Rc<str>),
    /// A class.
    Class(Class),
    /// A module.
    Module(Rc<Module>),
    /// An exception as a value.
    Exception(Rc<ExceptionObject>),
    /// An object of a native module: a csv writer, an archive, a date, a picture.
    Native(Rc<dyn Native>),
}

/// `list`
#[derive(Debug, Default)]
pub struct List {
    /// The items. Never hold the borrow while anything of the interpreter is called.
    pub items: RefCell<Vec<Object>>,
}

/// `tuple`
#[derive(Debug, Default)]
pub struct Tuple {
    /// The items.
    pub items: Vec<Object>,
}

/// `dict`, in the order of insertion.
#[derive(Debug, Default)]
pub struct Dict {
    /// Keys that are equal in Python (`1`, `True`, `1.0`) are one key.
    pub items: RefCell<IndexMap<Key, Object>>,
}

/// `set` or `frozenset`; iteration is in the order of insertion.
#[derive(Debug, Default)]
pub struct Set {
    /// The items.
    pub items: RefCell<IndexSet<Key>>,
    /// Whether it is a `frozenset`.
    pub frozen: bool,
}

/// A hashable value as a key; made by [`Vm::key`], which raises `TypeError: unhashable type: 'list'` for what is not.
#[derive(Clone, Debug)]
pub struct Key(pub(super) Object);

impl Key {
    /// The value.
    pub fn object(&self) -> &Object {
        &self.0
    }
}

/// `range`
#[derive(Clone, Debug)]
pub struct Range {
    /// The first number.
    pub start: BigInt,
    /// Before which it ends.
    pub stop: BigInt,
    /// From one to the next; not 0.
    pub step: BigInt,
}

/// `slice`; absent parts are `None`.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Where it begins.
    pub start: Object,
    /// Before which it ends.
    pub stop: Object,
    /// From one item to the next.
    pub step: Object,
}

/// A bound method.
#[derive(Debug)]
pub struct Method {
    /// The object.
    pub receiver: Object,
    /// The method's name.
    pub name: Rc<str>,
}

/// An iterator object. It remembers nothing but its source, which is dropped when it is exhausted, so that finalisers run as early
/// as CPython runs them.
pub struct Iter {
    /// The class's name: `list_iterator`, `generator`, `map`.
    pub class: &'static str,
    /// Of a generator: the qualified name of its function.
    pub name: Option<Rc<str>>,
    /// Where the items come from; `None` once exhausted.
    pub source: RefCell<Option<Box<dyn Source>>>,
    /// A source is being asked: asking again would be `ValueError: generator already executing`.
    pub busy: Cell<bool>,
}

/// Where an iterator's items come from.
pub trait Source {
    /// The next item; `None` at the end. Not called again after the end or an exception.
    fn next(&mut self, vm: &Vm) -> Outcome<Option<Object>>;

    /// About how many are left, to size a list.
    fn hint(&self) -> usize {
        0
    }

    /// Resumes a generator; `None` for what is none.
    fn resume(&mut self, _vm: &Vm, _with: Resume) -> Option<Outcome<Resumed>> {
        None
    }
}

/// What a generator's `yield` does when it goes on.
#[derive(Debug)]
pub enum Resume {
    /// It returns this.
    Value(Object),
    /// It raises this.
    Throw(Raise),
}

/// What came of resuming a generator.
#[derive(Debug)]
pub enum Resumed {
    /// It yielded.
    Yielded(Object),
    /// It returned.
    Returned(Object),
}

impl std::fmt::Debug for Iter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.class)
    }
}

impl Object {
    /// An `int`.
    pub fn int(n: impl Into<BigInt>) -> Self {
        let n = n.into();
        i64::try_from(&n).map_or_else(|_| Self::BigInt(Rc::new(n)), Self::Int)
    }

    /// A `str`.
    pub fn str(text: impl AsRef<str>) -> Self {
        Self::Str(Text::from(text.as_ref()))
    }

    /// A `bytes`.
    pub fn bytes(bytes: impl Into<Buffer>) -> Self {
        Self::Bytes(bytes.into())
    }

    /// A new `list`.
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(List { items: RefCell::new(items) }))
    }

    /// A `tuple`.
    pub fn tuple(items: Vec<Self>) -> Self {
        Self::Tuple(Rc::new(Tuple { items }))
    }

    /// An iterator over `source`, of the class that is called `class`.
    pub fn iterator(class: &'static str, source: impl Source + 'static) -> Self {
        Self::named_iterator(class, None, source)
    }

    /// The same, with a name of its own.
    pub(super) fn named_iterator(class: &'static str, name: Option<Rc<str>>, source: impl Source + 'static) -> Self {
        Self::Iterator(Rc::new(Iter { class, name, source: RefCell::new(Some(Box::new(source))), busy: Cell::new(false) }))
    }

    /// The integer of an `int` or `bool`, as `__index__` gives it.
    pub fn index(&self) -> Option<BigInt> {
        match self {
            Self::Bool(b) => Some(BigInt::from(u8::from(*b))),
            Self::Int(n) => Some(BigInt::from(*n)),
            Self::BigInt(n) => Some((**n).clone()),
            _ => None,
        }
    }

    /// Whether it is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

// Dropping a list in a list in a list … a million deep must not use up the stack: the contents of deep containers wait in a queue
// that the outermost drop empties, before it returns.
thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static WAITING: RefCell<Vec<Vec<Object>>> = const { RefCell::new(Vec::new()) };
}

const DEEP: u32 = 64;

/// Drops items of a container without deep recursion. Every object that holds others calls it from its `Drop`.
pub fn drop_items(items: Vec<Object>) {
    if items.is_empty() {
        return;
    }
    let depth = DEPTH.try_with(Cell::get).unwrap_or(0);
    if depth >= DEEP {
        let _ = WAITING.try_with(|waiting| waiting.borrow_mut().push(items));
        return;
    }
    let _ = DEPTH.try_with(|cell| cell.set(depth + 1));
    drop(items);
    if depth == 0 {
        while let Some(items) = WAITING.try_with(|waiting| waiting.borrow_mut().pop()).ok().flatten() {
            drop(items);
        }
    }
    let _ = DEPTH.try_with(|cell| cell.set(depth));
}

impl Drop for List {
    fn drop(&mut self) {
        drop_items(std::mem::take(self.items.get_mut()));
    }
}

impl Drop for Tuple {
    fn drop(&mut self) {
        drop_items(std::mem::take(&mut self.items));
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        let items = std::mem::take(self.items.get_mut());
        drop_items(items.into_iter().flat_map(|(key, value)| [key.0, value]).collect());
    }
}

impl Drop for Set {
    fn drop(&mut self) {
        let items = std::mem::take(self.items.get_mut());
        drop_items(items.into_iter().map(|key| key.0).collect());
    }
}

impl Drop for Method {
    fn drop(&mut self) {
        drop_items(vec![std::mem::replace(&mut self.receiver, Object::None)]);
    }
}
