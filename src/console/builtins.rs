//! The names that are there without an import.

use super::object::Object;

/// The built-in called `name`: a function, a class, a constant.
pub(super) fn lookup(name: &str) -> Option<Object> {
    let _ = name;
    unimplemented!()
}

/// All their names, for completion.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}
