//! The built-in types: operators, methods, conversion to text.
//!
//! One file a type (`list`, `text` for `str`, `view` for `memoryview`, …) and one a subject that crosses them (`compare`, `hash`,
//! `operators`, `repr`, `format`, `attribute`). What the evaluator, the built-ins and the modules use is named here.

pub(super) mod arguments;
pub(super) mod classes;
pub(super) mod codec;
pub(super) mod dict;
pub(super) mod exception;
pub(super) mod int;
pub(super) mod iterators;
pub(super) mod list;
pub(super) mod number;
pub(super) mod rounding;
pub(super) mod set;
pub(super) mod stream;
mod stream_copy;

mod attribute;
mod bool_type;
mod bytearray;
mod bytes;
mod bytes_split;
mod case_table;
mod class_type;
mod compare;
mod dict_view;
mod float;
mod float_text;
mod format;
mod function;
mod hash;
mod item;
mod operators;
mod percent;
mod range;
mod repr;
mod set_order;
mod slice;
mod special;
mod str_format;
mod text;
mod text_case;
mod text_split;
mod tuple;
mod unicode;
mod units;
mod view;

pub(super) use attribute::{
    call_class_method, call_method, delete_attribute, get_attribute, has_method, names_of, set_attribute,
};
pub(super) use class_type::{construct_object, is_one_of};
pub(super) use classes::{class_of, type_name};
pub(super) use compare::{compare, equals, is_same};
pub(super) use format::format;
pub(super) use hash::{hash, identity, key};
pub(super) use item::{contains, delete_item, get_item, len, set_item, truth};
pub(super) use iterators::{iterate, next};
pub(super) use operators::{binary, in_place, unary};
pub(super) use repr::{ascii, repr, str};

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
