//! Functions and methods as values.

use crate::console::object::Object;

use super::classes::class_of;

/// An attribute of a function or method.
pub(super) fn attribute(object: &Object, name: &str) -> Option<Object> {
    let own_name = match object {
        Object::Function(function) => function.name.to_string(),
        Object::Builtin(builtin) => builtin.name.to_owned(),
        Object::Method(method) => method.name.to_string(),
        Object::ClassMethod(_, name) => name.to_string(),
        _ => return None,
    };
    if let Object::Function(function) = object
        && let Some(value) = function.attribute(name)
    {
        return Some(value);
    }
    match (name, object) {
        ("__name__", _) => Some(Object::str(own_name)),
        ("__qualname__", Object::Method(method)) => {
            Some(Object::str(format!("{}.{own_name}", class_of(&method.receiver).0.name)))
        }
        ("__qualname__", Object::ClassMethod(class, _)) => Some(Object::str(format!("{}.{own_name}", class.0.name))),
        ("__qualname__", _) => Some(Object::str(own_name)),
        ("__module__", Object::Function(_)) => Some(Object::str("__main__")),
        ("__module__", Object::Builtin(_)) => Some(Object::str("builtins")),
        ("__module__", _) => Some(Object::None),
        ("__self__", Object::Method(method)) => Some(method.receiver.clone()),
        ("__objclass__", Object::ClassMethod(class, _)) => Some(Object::Class(*class)),
        _ => None,
    }
}
