//! The classes of the built-in types.

use crate::console::call::Args;
use crate::console::class::{Class, ClassInfo, OBJECT};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::{bool_type, bytearray, bytes, dict, float, int, iterators, list, range, set, slice, text, tuple, view};

/// What a class does when it is called.
type Construct = Option<fn(&Vm, Class, Args) -> Outcome>;

macro_rules! classes {
    ($($constant:ident = $name:literal: $base:expr, $construct:expr, $methods:expr;)*) => {
        $(
            #[doc = concat!("`", $name, "`")]
            pub(in crate::console) const $constant: Class = {
                static INFO: ClassInfo = ClassInfo {
                    name: $name,
                    module: "builtins",
                    bases: &[$base],
                    construct: $construct,
                    methods: $methods,
                };
                Class(&INFO)
            };
        )*
    };
}

const NONE: Construct = None;
const NO_METHODS: &[&str] = &[];

classes! {
    TYPE = "type": OBJECT, Some(super::class_type::construct), &["mro"];
    NONE_TYPE = "NoneType": OBJECT, Some(|_, class, args| single(class, args, Object::None)), NO_METHODS;
    ELLIPSIS = "ellipsis": OBJECT, Some(|_, class, args| single(class, args, Object::Ellipsis)), NO_METHODS;
    NOT_IMPLEMENTED = "NotImplementedType": OBJECT, Some(|_, class, args| single(class, args, Object::NotImplemented)), NO_METHODS;
    INT = "int": OBJECT, Some(int::construct), int::METHODS;
    BOOL = "bool": INT, Some(bool_type::construct), int::METHODS;
    FLOAT = "float": OBJECT, Some(float::construct), float::METHODS;
    STR = "str": OBJECT, Some(text::construct), text::METHODS;
    BYTES = "bytes": OBJECT, Some(bytes::construct), bytes::METHODS;
    BYTEARRAY = "bytearray": OBJECT, Some(bytearray::construct), bytearray::METHODS;
    MEMORYVIEW = "memoryview": OBJECT, Some(view::construct), view::METHODS;
    LIST = "list": OBJECT, Some(list::construct), list::METHODS;
    TUPLE = "tuple": OBJECT, Some(tuple::construct), tuple::METHODS;
    DICT = "dict": OBJECT, Some(dict::construct), dict::METHODS;
    DICT_KEYS = "dict_keys": OBJECT, NONE, &["isdisjoint"];
    DICT_VALUES = "dict_values": OBJECT, NONE, NO_METHODS;
    DICT_ITEMS = "dict_items": OBJECT, NONE, &["isdisjoint"];
    SET = "set": OBJECT, Some(set::construct), set::METHODS;
    FROZENSET = "frozenset": OBJECT, Some(set::construct), set::FROZEN_METHODS;
    RANGE = "range": OBJECT, Some(range::construct), range::METHODS;
    SLICE = "slice": OBJECT, Some(slice::construct), slice::METHODS;
    FUNCTION = "function": OBJECT, NONE, NO_METHODS;
    METHOD = "method": OBJECT, NONE, NO_METHODS;
    BUILTIN = "builtin_function_or_method": OBJECT, NONE, NO_METHODS;
    METHOD_DESCRIPTOR = "method_descriptor": OBJECT, NONE, NO_METHODS;
    MODULE = "module": OBJECT, NONE, NO_METHODS;
    GENERATOR = "generator": OBJECT, NONE, &["close", "send", "throw"];
    ENUMERATE = "enumerate": OBJECT, Some(iterators::enumerate), NO_METHODS;
    ZIP = "zip": OBJECT, Some(iterators::zip), NO_METHODS;
    MAP = "map": OBJECT, Some(iterators::map), NO_METHODS;
    FILTER = "filter": OBJECT, Some(iterators::filter), NO_METHODS;
    REVERSED = "reversed": OBJECT, Some(iterators::reversed), NO_METHODS;
    CALLABLE_ITERATOR = "callable_iterator": OBJECT, NONE, NO_METHODS;
    LIST_ITERATOR = "list_iterator": OBJECT, NONE, NO_METHODS;
    LIST_REVERSE_ITERATOR = "list_reverseiterator": OBJECT, NONE, NO_METHODS;
    TUPLE_ITERATOR = "tuple_iterator": OBJECT, NONE, NO_METHODS;
    STR_ITERATOR = "str_iterator": OBJECT, NONE, NO_METHODS;
    STR_ASCII_ITERATOR = "str_ascii_iterator": OBJECT, NONE, NO_METHODS;
    BYTES_ITERATOR = "bytes_iterator": OBJECT, NONE, NO_METHODS;
    BYTEARRAY_ITERATOR = "bytearray_iterator": OBJECT, NONE, NO_METHODS;
    MEMORY_ITERATOR = "memory_iterator": OBJECT, NONE, NO_METHODS;
    RANGE_ITERATOR = "range_iterator": OBJECT, NONE, NO_METHODS;
    LONG_RANGE_ITERATOR = "longrange_iterator": OBJECT, NONE, NO_METHODS;
    DICT_KEY_ITERATOR = "dict_keyiterator": OBJECT, NONE, NO_METHODS;
    DICT_VALUE_ITERATOR = "dict_valueiterator": OBJECT, NONE, NO_METHODS;
    DICT_ITEM_ITERATOR = "dict_itemiterator": OBJECT, NONE, NO_METHODS;
    DICT_REVERSE_KEY_ITERATOR = "dict_reversekeyiterator": OBJECT, NONE, NO_METHODS;
    DICT_REVERSE_VALUE_ITERATOR = "dict_reversevalueiterator": OBJECT, NONE, NO_METHODS;
    DICT_REVERSE_ITEM_ITERATOR = "dict_reverseitemiterator": OBJECT, NONE, NO_METHODS;
    SET_ITERATOR = "set_iterator": OBJECT, NONE, NO_METHODS;
    ITERATOR = "iterator": OBJECT, NONE, NO_METHODS;
}

/// The classes that are names of the language.
pub(in crate::console) const NAMED: &[Class] = &[
    BOOL, BYTEARRAY, BYTES, DICT, ENUMERATE, FILTER, FLOAT, FROZENSET, INT, LIST, MAP, MEMORYVIEW, OBJECT, RANGE, REVERSED, SET,
    SLICE, STR, TUPLE, TYPE, ZIP,
];

const ITERATORS: &[Class] = &[
    GENERATOR,
    ENUMERATE,
    ZIP,
    MAP,
    FILTER,
    REVERSED,
    CALLABLE_ITERATOR,
    LIST_ITERATOR,
    LIST_REVERSE_ITERATOR,
    TUPLE_ITERATOR,
    STR_ITERATOR,
    STR_ASCII_ITERATOR,
    BYTES_ITERATOR,
    BYTEARRAY_ITERATOR,
    MEMORY_ITERATOR,
    RANGE_ITERATOR,
    LONG_RANGE_ITERATOR,
    DICT_KEY_ITERATOR,
    DICT_VALUE_ITERATOR,
    DICT_ITEM_ITERATOR,
    DICT_REVERSE_KEY_ITERATOR,
    DICT_REVERSE_VALUE_ITERATOR,
    DICT_REVERSE_ITEM_ITERATOR,
    SET_ITERATOR,
];

/// The class of an iterator by its name.
pub(super) fn iterator_class(name: &str) -> Class {
    ITERATORS.iter().find(|class| class.0.name == name).copied().unwrap_or(ITERATOR)
}

/// A class of one object.
fn single(class: Class, args: Args, object: Object) -> Outcome {
    if args.is_empty() {
        return Ok(object);
    }
    Err(Raise::type_error(format!("{} takes no arguments", class.0.name)))
}

/// `type(object)`
pub(in crate::console) fn class_of(object: &Object) -> Class {
    match object {
        Object::None => NONE_TYPE,
        Object::Ellipsis => ELLIPSIS,
        Object::NotImplemented => NOT_IMPLEMENTED,
        Object::Bool(_) => BOOL,
        Object::Int(_) | Object::BigInt(_) => INT,
        Object::Float(_) => FLOAT,
        Object::Str(_) => STR,
        Object::Bytes(_) => BYTES,
        Object::ByteArray(_) => BYTEARRAY,
        Object::View(_) => MEMORYVIEW,
        Object::List(_) => LIST,
        Object::Tuple(_) => TUPLE,
        Object::Dict(_) => DICT,
        Object::Set(set) if set.frozen => FROZENSET,
        Object::Set(_) => SET,
        Object::Range(_) => RANGE,
        Object::Slice(_) => SLICE,
        Object::Stream(stream) => super::stream::class_of(stream),
        Object::Iterator(iterator) => iterator_class(iterator.class),
        Object::Function(_) => FUNCTION,
        Object::Method(method) => {
            if matches!(method.receiver, Object::Native(_)) && !is_c_module(class_of(&method.receiver)) {
                METHOD
            } else {
                BUILTIN
            }
        }
        Object::Builtin(builtin) if builtin.python => FUNCTION,
        Object::Builtin(_) => BUILTIN,
        Object::ClassMethod(class, name) if super::attribute::is_of_class(*class, name) => BUILTIN,
        Object::ClassMethod(..) => METHOD_DESCRIPTOR,
        Object::Class(_) => TYPE,
        Object::Module(_) => MODULE,
        Object::Exception(exception) => exception.class,
        Object::Native(native) => native.class(),
    }
}

/// Whether CPython has the class in C, where messages name it with its module.
pub(super) fn is_c_module(class: Class) -> bool {
    let module = class.0.module;
    (module.starts_with('_') && module != "__future__") || matches!(module, "builtins" | "datetime" | "sys")
}

/// The name of a class as messages write it: with the module where CPython has it in C.
pub(super) fn message_name(class: Class) -> String {
    if is_c_module(class) { class.qualified_name() } else { class.0.name.to_owned() }
}

/// The name of its type, as messages write it.
pub(in crate::console) fn type_name(object: &Object) -> String {
    let class = class_of(object);
    if is_c_module(class) && !matches!(object, Object::Exception(_)) { class.qualified_name() } else { class.0.name.to_owned() }
}
