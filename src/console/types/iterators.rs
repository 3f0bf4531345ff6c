//! Iterators: what `iter` gives of each type, and the lazy built-ins.

use std::rc::Rc;

use num_bigint::BigInt;

use crate::buffer::{Buffer, Offset};
use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::native::downcast;
use crate::console::object::{Dict, Iter, List, Object, Set, Source, Tuple};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{ByteArray, Text};

use super::dict_view::{DictView, ViewKind};
use super::range::Numbers;
use super::{truth, type_name};

/// `iter(object)`
pub(in crate::console) fn iterate(vm: &Vm, object: &Object) -> Outcome {
    Ok(match object {
        Object::Iterator(_) => object.clone(),
        Object::List(list) => Object::iterator("list_iterator", ListIter { list: Rc::clone(list), at: 0 }),
        Object::Tuple(tuple) => Object::iterator("tuple_iterator", TupleIter { tuple: Rc::clone(tuple), at: 0 }),
        Object::Str(text) if text.is_ascii() => Object::iterator("str_ascii_iterator", TextIter { text: text.clone(), at: 0 }),
        Object::Str(text) => Object::iterator("str_iterator", TextIter { text: text.clone(), at: 0 }),
        Object::Bytes(bytes) => Object::iterator("bytes_iterator", BytesIter { bytes: bytes.clone(), at: 0 }),
        Object::ByteArray(array) => Object::iterator("bytearray_iterator", ArrayIter { array: array.clone(), at: 0 }),
        Object::View(view) => {
            view.length()?;
            Object::iterator("memory_iterator", ViewIter { view: view.clone(), at: 0 })
        }
        Object::Dict(dict) => DictIter::object(dict, ViewKind::Keys),
        Object::Set(set) => {
            vm.step(set.items.borrow().len() as u64)?;
            let order = super::set_order::order(&set.items.borrow());
            Object::iterator("set_iterator", SetIter { len: order.len(), set: Rc::clone(set), order, at: 0 })
        }
        Object::Range(range) => {
            let numbers = Numbers::new(range);
            let class = if matches!(numbers, Numbers::Small { .. }) { "range_iterator" } else { "longrange_iterator" };
            Object::iterator(class, numbers)
        }
        Object::Stream(stream) => return super::stream::iterate(stream),
        Object::Native(native) => match native.iterate(vm, object)? {
            Some(iterator) => iterator,
            None => return Err(not_iterable(object)),
        },
        other => return Err(not_iterable(other)),
    })
}

fn not_iterable(object: &Object) -> Raise {
    Raise::type_error(format!("'{}' object is not iterable", type_name(object)))
}

/// `next(iterator)`; `None` at the end.
pub(in crate::console) fn next(vm: &Vm, iterator: &Object) -> Outcome<Option<Object>> {
    match iterator {
        Object::Iterator(iterator) => advance(vm, iterator),
        Object::Stream(stream) => super::stream::next(stream),
        Object::Native(native) => match native.next(vm)? {
            Some(item) => Ok(item),
            None => Err(not_an_iterator(iterator)),
        },
        other => Err(not_an_iterator(other)),
    }
}

fn not_an_iterator(object: &Object) -> Raise {
    Raise::type_error(format!("'{}' object is not an iterator", type_name(object)))
}

fn advance(vm: &Vm, iterator: &Iter) -> Outcome<Option<Object>> {
    if iterator.busy.get() {
        return Err(Raise::value_error("generator already executing"));
    }
    // Taken out while it runs: it may look at its own iterator.
    let Some(mut source) = iterator.source.take() else { return Ok(None) };
    iterator.busy.set(true);
    let outcome = source.next(vm);
    iterator.busy.set(false);
    if matches!(outcome, Ok(Some(_))) || (outcome.is_err() && !is_generator(iterator)) {
        iterator.source.replace(Some(source));
    }
    outcome
}

/// A generator that raised is at its end; other iterators go on.
fn is_generator(iterator: &Iter) -> bool {
    iterator.class == "generator"
}

struct ListIter {
    list: Rc<List>,
    at: usize,
}

impl Source for ListIter {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        let item = self.list.items.borrow().get(self.at).cloned();
        self.at += 1;
        Ok(item)
    }

    fn hint(&self) -> usize {
        self.list.items.borrow().len().saturating_sub(self.at)
    }
}

struct ListReversed {
    list: Rc<List>,
    left: usize,
}

impl Source for ListReversed {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        let Some(at) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = at;
        Ok(self.list.items.borrow().get(at).cloned())
    }
}

struct TupleIter {
    tuple: Rc<Tuple>,
    at: usize,
}

impl Source for TupleIter {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        let item = self.tuple.items.get(self.at).cloned();
        self.at += 1;
        Ok(item)
    }

    fn hint(&self) -> usize {
        self.tuple.items.len().saturating_sub(self.at)
    }
}

struct TextIter {
    text: Text,
    at: u64,
}

impl Source for TextIter {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        if self.at >= self.text.len() {
            return Ok(None);
        }
        let point = self.text.get(self.at);
        self.at += 1;
        Ok(point.map(|point| Object::Str(Text::from_code_points([point]))))
    }

    fn hint(&self) -> usize {
        usize::try_from(self.text.len() - self.at).unwrap_or(0)
    }
}

struct BytesIter {
    bytes: Buffer,
    at: u64,
}

impl Source for BytesIter {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        let byte = self.bytes.byte_at(Offset(self.at)).map_err(|error| Raise::from(crate::stream::Exception::from(error)))?;
        self.at += 1;
        Ok(byte.map(|byte| Object::Int(byte.into())))
    }
}

struct ArrayIter {
    array: ByteArray,
    at: usize,
}

impl Source for ArrayIter {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        let byte = self.array.with_bytes(|bytes| bytes.get(self.at).copied());
        self.at += 1;
        Ok(byte.map(|byte| Object::Int(byte.into())))
    }
}

struct ViewIter {
    view: crate::stream::View,
    at: u64,
}

impl Source for ViewIter {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        if self.at >= self.view.length()? {
            return Ok(None);
        }
        let item = super::view::byte_at(&self.view, self.at)?;
        self.at += 1;
        Ok(Some(item))
    }
}

/// Goes through a dict; notices when it was changed.
pub(super) struct DictIter {
    dict: Rc<Dict>,
    kind: ViewKind,
    at: usize,
    len: usize,
}

impl DictIter {
    pub(super) fn object(dict: &Rc<Dict>, kind: ViewKind) -> Object {
        let class = match kind {
            ViewKind::Keys => "dict_keyiterator",
            ViewKind::Values => "dict_valueiterator",
            ViewKind::Items => "dict_itemiterator",
        };
        let len = dict.items.borrow().len();
        Object::iterator(class, Self { dict: Rc::clone(dict), kind, at: 0, len })
    }
}

fn changed(what: &str) -> Raise {
    Raise::new(class::RUNTIME_ERROR, format!("{what} changed size during iteration"))
}

impl Source for DictIter {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        let items = self.dict.items.borrow();
        if items.len() != self.len {
            // From now on it always raises.
            self.len = usize::MAX;
            return Err(changed("dictionary"));
        }
        let item = items.get_index(self.at).map(|(key, value)| self.kind.of(key, value));
        self.at += 1;
        Ok(item)
    }

    fn hint(&self) -> usize {
        self.dict.items.borrow().len().saturating_sub(self.at)
    }
}

/// Goes through a dict from its end.
pub(super) struct DictReversed {
    dict: Rc<Dict>,
    kind: ViewKind,
    left: usize,
    len: usize,
}

impl DictReversed {
    pub(super) fn object(dict: &Rc<Dict>, kind: ViewKind) -> Object {
        let class = match kind {
            ViewKind::Keys => "dict_reversekeyiterator",
            ViewKind::Values => "dict_reversevalueiterator",
            ViewKind::Items => "dict_reverseitemiterator",
        };
        let len = dict.items.borrow().len();
        Object::iterator(class, Self { dict: Rc::clone(dict), kind, left: len, len })
    }
}

impl Source for DictReversed {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        let items = self.dict.items.borrow();
        if items.len() != self.len {
            self.len = usize::MAX;
            return Err(changed("dictionary"));
        }
        let Some(at) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = at;
        Ok(items.get_index(at).map(|(key, value)| self.kind.of(key, value)))
    }
}

struct SetIter {
    set: Rc<Set>,
    order: Vec<usize>,
    at: usize,
    len: usize,
}

impl Source for SetIter {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        let items = self.set.items.borrow();
        if items.len() != self.len {
            self.len = usize::MAX;
            return Err(changed("Set"));
        }
        let item = self.order.get(self.at).and_then(|&at| items.get_index(at)).map(|key| key.0.clone());
        self.at += 1;
        Ok(item)
    }

    fn hint(&self) -> usize {
        self.len.saturating_sub(self.at)
    }
}

/// What has `get_item` and `len`, from its end: `reversed`.
struct Backwards {
    object: Object,
    left: u64,
}

impl Source for Backwards {
    fn next(&mut self, vm: &Vm) -> Outcome<Option<Object>> {
        let Some(at) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = at;
        match super::get_item(vm, &self.object, &Object::int(at)) {
            Err(raise) if raise.is(class::INDEX_ERROR) => Ok(None),
            outcome => outcome.map(Some),
        }
    }
}

/// `reversed(object)`
pub(in crate::console) fn reversed(vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.keywords.is_empty() {
        return Err(Raise::type_error("reversed() takes no keyword arguments"));
    }
    let object = args.between("reversed", 1, 1)?.pop().unwrap_or(Object::None);
    Ok(match &object {
        Object::List(list) => {
            let left = list.items.borrow().len();
            Object::iterator("list_reverseiterator", ListReversed { list: Rc::clone(list), left })
        }
        Object::Dict(dict) => DictReversed::object(dict, ViewKind::Keys),
        Object::Range(range) => Object::iterator("range_iterator", Numbers::reversed(range)),
        Object::Tuple(_) | Object::Str(_) | Object::Bytes(_) | Object::ByteArray(_) | Object::View(_) => {
            let left = vm.len(&object)?;
            Object::iterator("reversed", Backwards { object, left })
        }
        other => match downcast::<DictView>(other) {
            Some(view) => super::dict_view::reversed(view),
            None => return Err(Raise::type_error(format!("'{}' object is not reversible", type_name(other)))),
        },
    })
}

struct Enumerate {
    iterator: Object,
    count: BigInt,
}

impl Source for Enumerate {
    fn next(&mut self, vm: &Vm) -> Outcome<Option<Object>> {
        let Some(item) = vm.next(&self.iterator)? else { return Ok(None) };
        let pair = Object::tuple(vec![Object::int(self.count.clone()), item]);
        self.count += 1;
        Ok(Some(pair))
    }
}

/// `enumerate(iterable, start=0)`
pub(in crate::console) fn enumerate(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let total = args.len() + args.keywords.len();
    if args.len() > 2 || total > 2 {
        return Err(Raise::type_error(format!("enumerate() takes at most 2 arguments ({total} given)")));
    }
    let mut values = args.positional.into_iter();
    let (mut iterable, mut start) = (values.next(), values.next());
    for (name, value) in args.keywords {
        match &*name {
            "iterable" if iterable.is_none() => iterable = Some(value),
            "start" if start.is_none() => start = Some(value),
            _ => return Err(Raise::type_error(format!("'{name}' is an invalid keyword argument for enumerate()"))),
        }
    }
    let iterable = iterable.ok_or_else(|| Raise::type_error("enumerate() missing required argument 'iterable'"))?;
    let count = start.as_ref().map_or(Ok(BigInt::ZERO), super::arguments::index)?;
    Ok(Object::iterator("enumerate", Enumerate { iterator: vm.iterate(&iterable)?, count }))
}

struct Zip {
    iterators: Vec<Object>,
    strict: bool,
}

impl Source for Zip {
    fn next(&mut self, vm: &Vm) -> Outcome<Option<Object>> {
        let mut items = Vec::with_capacity(self.iterators.len());
        for (n, iterator) in self.iterators.iter().enumerate() {
            match vm.next(iterator)? {
                Some(item) => items.push(item),
                None if self.strict => return self.check_lengths(vm, n).map(|()| None),
                None => return Ok(None),
            }
        }
        Ok((!items.is_empty()).then(|| Object::tuple(items)))
    }
}

impl Zip {
    /// Argument `ended` is at its end: all others must be as well.
    fn check_lengths(&self, vm: &Vm, ended: usize) -> Outcome<()> {
        let others = |n: usize| if n == 1 { "argument 1".to_owned() } else { format!("arguments 1-{n}") };
        if ended > 0 {
            let message = format!("zip() argument {} is shorter than {}", ended + 1, others(ended));
            return Err(Raise::value_error(message));
        }
        for (n, iterator) in self.iterators.iter().enumerate().skip(1) {
            if vm.next(iterator)?.is_some() {
                let message = format!("zip() argument {} is longer than {}", n + 1, others(n));
                return Err(Raise::value_error(message));
            }
        }
        Ok(())
    }
}

/// `zip(*iterables, strict=False)`
pub(in crate::console) fn zip(vm: &Vm, _class: Class, mut args: Args) -> Outcome {
    if args.keywords.len() > 1 {
        let count = args.keywords.len();
        return Err(Raise::type_error(format!("zip() takes at most 1 keyword argument ({count} given)")));
    }
    let strict = match args.take_keyword("strict") {
        Some(strict) => truth(vm, &strict)?,
        None => false,
    };
    if let Some((name, _)) = args.keywords.first() {
        return Err(Raise::type_error(format!("'{name}' is an invalid keyword argument for zip()")));
    }
    let iterators = args.positional.iter().map(|iterable| vm.iterate(iterable)).collect::<Outcome<_>>()?;
    Ok(Object::iterator("zip", Zip { iterators, strict }))
}

struct Map {
    function: Object,
    iterators: Vec<Object>,
}

impl Source for Map {
    fn next(&mut self, vm: &Vm) -> Outcome<Option<Object>> {
        let mut items = Vec::with_capacity(self.iterators.len());
        for iterator in &self.iterators {
            match vm.next(iterator)? {
                Some(item) => items.push(item),
                None => return Ok(None),
            }
        }
        vm.call(&self.function, Args::new(items)).map(Some)
    }
}

/// `map(function, *iterables)`
pub(in crate::console) fn map(vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.keywords.is_empty() {
        return Err(Raise::type_error("map() takes no keyword arguments"));
    }
    let mut items = args.positional.into_iter();
    match (items.next(), items.len()) {
        (Some(function), 1..) => {
            let iterators = items.map(|iterable| vm.iterate(&iterable)).collect::<Outcome<_>>()?;
            Ok(Object::iterator("map", Map { function, iterators }))
        }
        _ => Err(Raise::type_error("map() must have at least two arguments.")),
    }
}

struct Filter {
    function: Object,
    iterator: Object,
}

impl Source for Filter {
    fn next(&mut self, vm: &Vm) -> Outcome<Option<Object>> {
        while let Some(item) = vm.next(&self.iterator)? {
            vm.step(1)?;
            let keep = match &self.function {
                Object::None => truth(vm, &item)?,
                function => truth(vm, &vm.call(function, Args::new([item.clone()]))?)?,
            };
            if keep {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
}

/// `filter(function, iterable)`
pub(in crate::console) fn filter(vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.keywords.is_empty() {
        return Err(Raise::type_error("filter() takes no keyword arguments"));
    }
    match <[Object; 2]>::try_from(args.between("filter", 2, 2)?) {
        Ok([function, iterable]) => Ok(Object::iterator("filter", Filter { function, iterator: vm.iterate(&iterable)? })),
        Err(_) => Ok(Object::None),
    }
}

struct UntilSentinel {
    function: Object,
    sentinel: Object,
}

impl Source for UntilSentinel {
    fn next(&mut self, vm: &Vm) -> Outcome<Option<Object>> {
        let item = match vm.call(&self.function, Args::default()) {
            Err(raise) if raise.is(class::STOP_ITERATION) => return Ok(None),
            outcome => outcome?,
        };
        Ok((!vm.equals(&self.sentinel, &item)?).then_some(item))
    }
}

/// `iter(function, sentinel)`
pub(in crate::console) fn until_sentinel(function: Object, sentinel: Object) -> Object {
    Object::iterator("callable_iterator", UntilSentinel { function, sentinel })
}
