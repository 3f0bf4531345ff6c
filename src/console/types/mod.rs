//! The built-in types: operators, methods, conversion to text.

pub(super) mod stream;

use super::call::Args;
use super::class::Class;
use super::object::{Key, Object};
use super::raise::Outcome;
use super::vm::Vm;
use crate::stream::Text;

macro_rules! later {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) -> $result:ty;)*) => {
        $($(#[$doc])* pub(super) fn $name($($arg: $type),*) -> $result {
            let _ = ($($arg,)*);
            unimplemented!()
        })*
    };
}

later! {
    fn call_method(vm: &Vm, receiver: &Object, name: &str, args: Args) -> Outcome;
    fn class_of(object: &Object) -> Class;
    fn type_name(object: &Object) -> String;
    fn get_attribute(vm: &Vm, object: &Object, name: &str) -> Outcome;
    fn set_attribute(vm: &Vm, object: &Object, name: &str, value: Object) -> Outcome<()>;
    fn delete_attribute(vm: &Vm, object: &Object, name: &str) -> Outcome<()>;
    fn get_item(vm: &Vm, object: &Object, key: &Object) -> Outcome;
    fn set_item(vm: &Vm, object: &Object, key: &Object, value: Object) -> Outcome<()>;
    fn delete_item(vm: &Vm, object: &Object, key: &Object) -> Outcome<()>;
    fn contains(vm: &Vm, container: &Object, item: &Object) -> Outcome<bool>;
    fn truth(vm: &Vm, object: &Object) -> Outcome<bool>;
    fn repr(vm: &Vm, object: &Object) -> Outcome<Text>;
    fn str(vm: &Vm, object: &Object) -> Outcome<Text>;
    fn format(vm: &Vm, object: &Object, spec: &Text) -> Outcome<Text>;
    fn equals(vm: &Vm, a: &Object, b: &Object) -> Outcome<bool>;
    fn is_same(a: &Object, b: &Object) -> bool;
    fn key(vm: &Vm, object: &Object) -> Outcome<Key>;
    fn len(vm: &Vm, object: &Object) -> Outcome<u64>;
    fn iterate(vm: &Vm, object: &Object) -> Outcome;
    fn next(vm: &Vm, iterator: &Object) -> Outcome<Option<Object>>;
    fn compare(vm: &Vm, operator: Comparison, a: &Object, b: &Object) -> Outcome;
    fn binary(vm: &Vm, operator: Binary, a: &Object, b: &Object) -> Outcome;
    fn in_place(vm: &Vm, operator: Binary, a: &Object, b: &Object) -> Outcome;
    fn unary(vm: &Vm, operator: Unary, a: &Object) -> Outcome;
    fn construct_object(vm: &Vm, class: Class, args: Args) -> Outcome;
}

/// `== != < <= > >=`; the others (`in`, `is`) are [`contains`] and [`is_same`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// `+ - * / // % ** @ << >> & | ^`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    LShift,
    RShift,
    And,
    Or,
    Xor,
}

/// `- + ~`; `not` is the opposite of [`truth`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    Neg,
    Pos,
    Invert,
}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, _state: &mut H) {
        unimplemented!()
    }
}

impl PartialEq for Key {
    fn eq(&self, _other: &Self) -> bool {
        unimplemented!()
    }
}

impl Eq for Key {}
