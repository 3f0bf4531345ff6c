//! The interpreter's state, and the operations on values that every part uses.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use corosensei::stack::DefaultStack;

use super::bounds::Bounds;
use super::call::Args;
use super::class::{self, Class};
use super::native::Module;
use super::object::{Key, Object};
use super::raise::{ExceptionObject, Halt, Outcome, Raise};
use super::session::Printed;
use super::syntax::Names;
use super::{eval, modules, types};
use crate::stream::Text;

pub use super::bounds::Entered;
pub use super::eval::Function;

/// What a script may use up. Reaching a limit is an exception where Python has one (`MemoryError`, `RecursionError`) and ends the
/// script otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps: about one for each expression and each item of a loop.
    pub steps: u64,
    /// Bytes that all values together may take, about.
    pub memory: u64,
    /// Calls of functions within each other.
    pub recursion: u32,
    /// Bytes that a run may print.
    pub output: u64,
}

/// An interpreter: one namespace, its modules, its limits. A clone is another handle to the same one.
#[derive(Clone)]
pub struct Vm {
    pub(super) state: Rc<State>,
}

/// What all handles share.
pub(super) struct State {
    pub(super) limits: Limits,
    pub(super) bounds: Bounds,
    pub(super) names: Names,
    pub(super) globals: RefCell<Vec<Global>>,
    pub(super) modules: RefCell<Vec<(Rc<str>, Rc<Module>)>>,
    /// The exceptions whose `except` blocks run now, innermost last.
    pub(super) handled: RefCell<Vec<Rc<ExceptionObject>>>,
    /// The number of the source that runs.
    pub(super) source: Cell<u32>,
    /// Stacks of generators that ended.
    pub(super) stacks: RefCell<Vec<DefaultStack>>,
    /// Generators that have begun and not ended.
    pub(super) generators: Cell<u32>,
    sink: RefCell<Box<dyn FnMut(Printed)>>,
    printed: Cell<u64>,
}

/// A name of the namespace.
#[derive(Clone, Debug, Default)]
pub(super) struct Global {
    pub(super) value: Option<Object>,
    /// The built-in behind it, once it was looked for.
    pub(super) builtin: Option<Object>,
}

impl std::fmt::Debug for Vm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vm").field("limits", &self.state.limits).finish_non_exhaustive()
    }
}

impl Vm {
    /// A new interpreter with an empty namespace. What is printed goes to `sink`; setting `stop` ends what runs.
    pub(super) fn new(limits: Limits, stop: Arc<AtomicBool>, sink: Box<dyn FnMut(Printed)>) -> Self {
        let state = State {
            limits,
            bounds: Bounds::new(limits, stop),
            names: Names::default(),
            globals: RefCell::default(),
            modules: RefCell::default(),
            handled: RefCell::default(),
            source: Cell::new(0),
            stacks: RefCell::default(),
            generators: Cell::new(0),
            sink: RefCell::new(sink),
            printed: Cell::new(0),
        };
        Self { state: Rc::new(state) }
    }

    // ---- bounds ----

    /// Counts `count` steps: every loop of native code that follows the size of a value calls it, at least every few thousand
    /// items. Ends the script when Stop was pressed or the limit is reached.
    #[inline]
    pub fn step(&self, count: u64) -> Outcome<()> {
        self.state.bounds.step(count)
    }

    /// Ends the script when Stop was pressed; counts nothing.
    pub fn look(&self) -> Outcome<()> {
        self.state.bounds.check_stop()
    }

    /// Announces `bytes` that a value is about to take: `MemoryError` where that is more than one value or all together may.
    pub fn allocate(&self, bytes: u64) -> Outcome<()> {
        self.state.bounds.allocate(bytes)
    }

    /// Whoever recurses calls it first and keeps what it returns until it is done: `RecursionError` before the stack is used up.
    #[inline]
    pub fn enter(&self) -> Outcome<Entered<'_>> {
        self.state.bounds.enter()
    }

    /// What is left of the stack suffices for some more calls of Rust functions.
    #[inline]
    pub(super) fn check_stack(&self) -> Outcome<()> {
        self.state.bounds.check_stack()
    }

    // ---- output ----

    /// Writes to standard output, which is strict UTF-8: `UnicodeEncodeError` for a lone surrogate, and nothing is written.
    pub fn write_stdout(&self, text: &Text) -> Outcome<()> {
        let Some(shown) = text.to_str() else { return Err(surrogate(text)) };
        self.show(Printed::Output(shown))
    }

    /// Writes to standard error, where lone surrogates are shown as escapes.
    pub fn write_stderr(&self, text: &Text) -> Outcome<()> {
        let shown = text.to_str().unwrap_or_else(|| escaped(text));
        self.show(Printed::Error(shown))
    }

    /// Shows something, as long as the output does not grow too large.
    pub(super) fn show(&self, printed: Printed) -> Outcome<()> {
        let (Printed::Output(text) | Printed::Error(text) | Printed::Value(text) | Printed::Exception(text)) = &printed;
        if text.is_empty() {
            return Ok(());
        }
        let total = self.state.printed.get().saturating_add(text.len() as u64);
        if total > self.state.limits.output {
            return Err(Raise::Halt(Halt::Output));
        }
        self.state.printed.set(total);
        (self.state.sink.borrow_mut())(printed);
        self.step(1)
    }

    /// A run begins: steps and output are counted anew.
    pub(super) fn begin(&self) {
        self.state.bounds.begin();
        self.state.printed.set(0);
        self.state.source.set(self.state.source.get() + 1);
    }

    // ---- the namespace ----

    /// The value of a global name.
    pub fn global(&self, name: &str) -> Option<Object> {
        let number = self.state.names.find(name)?;
        self.state.globals.borrow().get(number as usize)?.value.clone()
    }

    /// Gives a global name another value, or none. The old value goes last.
    pub fn set_global(&self, name: &str, value: Option<Object>) {
        let number = self.state.names.number(name);
        self.replace_global(number, value);
    }

    pub(super) fn replace_global(&self, number: u32, value: Option<Object>) -> Option<Object> {
        let at = number as usize;
        let mut globals = self.state.globals.borrow_mut();
        if globals.len() <= at {
            globals.resize_with(at + 1, Global::default);
        }
        std::mem::replace(&mut globals[at].value, value)
    }

    /// The names of the namespace that have a value, in the order in which they were first mentioned.
    pub fn globals(&self) -> Vec<(Rc<str>, Object)> {
        let globals = self.state.globals.borrow();
        let named = globals
            .iter()
            .zip(0..)
            .filter_map(|(global, number)| global.value.clone().map(|value| (self.state.names.name(number), value)));
        named.collect()
    }

    // ---- calls ----

    /// `callee(*args)`
    pub fn call(&self, callee: &Object, args: Args) -> Outcome {
        eval::call_object(self, callee, args)
    }

    /// `receiver.name(*args)`, without making a bound method.
    pub fn call_method(&self, receiver: &Object, name: &str, args: Args) -> Outcome {
        if let Object::Iterator(iterator) = receiver
            && iterator.class == "generator"
            && let Some(method) = eval::GeneratorMethod::called(name)
        {
            return eval::call_generator(self, iterator, method, args);
        }
        types::call_method(self, receiver, name, args)
    }

    /// Whether the module was loaded already.
    pub(super) fn is_imported(&self, name: &str) -> bool {
        self.state.modules.borrow().iter().any(|(known, _)| **known == *name)
    }

    /// Calls within each other that are allowed.
    pub fn recursion_limit(&self) -> u32 {
        self.state.limits.recursion
    }

    /// The module, loaded if need be: `ModuleNotFoundError: No module named 'x'`.
    pub fn import(&self, name: &str) -> Outcome<Rc<Module>> {
        if let Some((_, module)) = self.state.modules.borrow().iter().find(|(known, _)| **known == *name) {
            return Ok(Rc::clone(module));
        }
        let module = modules::load(self, name)?;
        self.state.modules.borrow_mut().push((name.into(), Rc::clone(&module)));
        Ok(module)
    }

    // ---- operations on values: all of them are written in `types` ----

    /// `type(object)`
    pub fn class_of(&self, object: &Object) -> Class {
        types::class_of(object)
    }

    /// The name of its type, as messages write it: `int`, `_io.BytesIO`.
    pub fn type_name(&self, object: &Object) -> String {
        types::type_name(object)
    }

    /// `object.name`
    pub fn get_attribute(&self, object: &Object, name: &str) -> Outcome {
        types::get_attribute(self, object, name)
    }

    /// `bool(object)`
    pub fn truth(&self, object: &Object) -> Outcome<bool> {
        types::truth(self, object)
    }

    /// `repr(object)`
    pub fn repr(&self, object: &Object) -> Outcome<Text> {
        types::repr(self, object)
    }

    /// `str(object)`
    pub fn str(&self, object: &Object) -> Outcome<Text> {
        types::str(self, object)
    }

    /// `format(object, spec)`
    pub fn format(&self, object: &Object, spec: &Text) -> Outcome<Text> {
        types::format(self, object, spec)
    }

    /// `a == b`
    pub fn equals(&self, a: &Object, b: &Object) -> Outcome<bool> {
        types::equals(self, a, b)
    }

    /// The value as a key of a `dict` or `set`: `TypeError: unhashable type: 'list'`.
    pub fn key(&self, object: &Object) -> Outcome<Key> {
        types::key(self, object)
    }

    /// `len(object)`
    pub fn len(&self, object: &Object) -> Outcome<u64> {
        types::len(self, object)
    }

    /// `iter(object)`
    pub fn iterate(&self, object: &Object) -> Outcome {
        types::iterate(self, object)
    }

    /// `next(iterator)`; `None` at the end.
    pub fn next(&self, iterator: &Object) -> Outcome<Option<Object>> {
        types::next(self, iterator)
    }

    /// All that iterating gives.
    pub fn collect(&self, object: &Object) -> Outcome<Vec<Object>> {
        let iterator = self.iterate(object)?;
        let mut items = Vec::new();
        while let Some(item) = self.next(&iterator)? {
            self.step(1)?;
            items.push(item);
        }
        Ok(items)
    }
}

/// `UnicodeEncodeError` for the first run of lone surrogates.
fn surrogate(text: &Text) -> Raise {
    let is_lone = |point: &u32| (0xD800..0xE000).contains(point);
    let start = text.code_points().position(|point| is_lone(&point)).unwrap_or(0);
    let run: Vec<u32> = text.code_points().skip(start).take_while(is_lone).collect();
    let message = match run.as_slice() {
        [_, _, ..] => {
            let end = start + run.len() - 1;
            format!("'utf-8' codec can't encode characters in position {start}-{end}: surrogates not allowed")
        }
        _ => {
            let point = run.first().copied().unwrap_or_default();
            format!("'utf-8' codec can't encode character '\\u{point:04x}' in position {start}: surrogates not allowed")
        }
    };
    Raise::new(class::UNICODE_ENCODE_ERROR, message)
}

/// Lone surrogates as `\udc80`.
pub(super) fn escaped(text: &Text) -> String {
    let mut out = String::new();
    for point in text.code_points() {
        match char::from_u32(point) {
            Some(c) => out.push(c),
            None => out.push_str(&format!("\\u{point:04x}")),
        }
    }
    out
}
