//! `repr`, `str` and `ascii`.

use std::cell::RefCell;
use std::rc::Rc;

use crate::console::object::{Iter, Object};
use crate::console::raise::Outcome;
use crate::console::vm::Vm;
use crate::stream::{Text, TextBuilder, Value, bytes_of, bytes_repr, float_repr, str_repr};

use super::dict_view::DictView;
use super::hash::identity;
use super::type_name;

thread_local! {
    /// The containers whose `repr` is being made: one that holds itself is shown as `[...]` there.
    static OPEN: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Marks a container as open for as long as it lives.
struct Opened;

impl Opened {
    /// `None` where it is open already.
    fn new(identity: u64) -> Option<Self> {
        OPEN.with_borrow_mut(|open| {
            if open.contains(&identity) {
                return None;
            }
            open.push(identity);
            Some(Self)
        })
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| open.pop());
    }
}

/// `repr(object)`
pub(in crate::console) fn repr(vm: &Vm, object: &Object) -> Outcome<Text> {
    match object {
        Object::Str(text) => {
            vm.step(text.len() / 64)?;
            vm.allocate(text.byte_len().get())?;
            Ok(str_repr(text).into())
        }
        Object::List(_) | Object::Tuple(_) | Object::Dict(_) | Object::Set(_) | Object::Native(_) | Object::Exception(_) => {
            let mut out = TextBuilder::new();
            push(vm, &mut out, object)?;
            Ok(out.finish())
        }
        other => simple(vm, other).map(Text::from),
    }
}

/// The `repr` of what holds nothing else.
fn simple(vm: &Vm, object: &Object) -> Outcome<String> {
    Ok(match object {
        Object::None => "None".into(),
        Object::Ellipsis => "Ellipsis".into(),
        Object::NotImplemented => "NotImplemented".into(),
        Object::Bool(true) => "True".into(),
        Object::Bool(false) => "False".into(),
        Object::Int(n) => n.to_string(),
        Object::BigInt(n) => super::int::decimal(n)?,
        Object::Float(n) => float_repr(*n),
        Object::Str(text) => str_repr(text),
        Object::Bytes(bytes) => {
            vm.step(bytes.len().get() / 64)?;
            vm.allocate(bytes.len().get())?;
            bytes_repr(&bytes_of(bytes))
        }
        Object::ByteArray(array) => {
            vm.step(array.len() as u64 / 64)?;
            vm.allocate(array.len() as u64)?;
            Value::ByteArray(array.clone()).repr_within(u64::MAX)
        }
        Object::View(view) => view.repr(),
        Object::Range(range) => super::range::repr(range).to_string_lossy(),
        Object::Slice(slice) => super::slice::repr(vm, slice)?.to_string_lossy(),
        Object::Stream(stream) => super::stream::repr(stream)?.to_string_lossy(),
        Object::Iterator(iterator) => iterator_repr(iterator),
        Object::Function(function) => format!("<function {} at {:#x}>", function.qualified_name, identity(object)),
        Object::Method(method) => method_repr(vm, method)?,
        Object::Builtin(builtin) if builtin.python => {
            format!("<function {} at {:#x}>", builtin.name, identity(object))
        }
        Object::Builtin(builtin) => format!("<built-in function {}>", builtin.name),
        Object::ClassMethod(class, name) => super::attribute::unbound_repr(*class, name),
        Object::Class(class) => class.repr(),
        Object::Module(module) => crate::console::modules::repr(module),
        _ => String::new(),
    })
}

fn iterator_repr(iterator: &Rc<Iter>) -> String {
    let address = Rc::as_ptr(iterator).cast::<()>() as usize;
    let class = super::classes::iterator_class(iterator.class);
    if iterator.class == "generator" {
        let name = iterator.name.as_deref().unwrap_or_default();
        return format!("<generator object {name} at {address:#x}>");
    }
    format!("<{} object at {address:#x}>", class.qualified_name())
}

fn method_repr(vm: &Vm, method: &crate::console::object::Method) -> Outcome<String> {
    match &method.receiver {
        Object::Stream(stream) => return Ok(super::stream::method_repr(stream, &method.name)),
        Object::Native(native) if !super::classes::is_c_module(super::attribute::owner(native.class(), &method.name)) => {
            let _entered = vm.enter()?;
            let receiver = vm.repr(&method.receiver)?.to_string_lossy();
            let owner = super::attribute::owner(native.class(), &method.name);
            return Ok(format!("<bound method {}.{} of {receiver}>", owner.0.name, method.name));
        }
        _ => {}
    }
    let class = type_name(&method.receiver);
    let address = identity(&method.receiver);
    Ok(format!("<built-in method {} of {class} object at {address:#x}>", method.name))
}

fn push(vm: &Vm, out: &mut TextBuilder, object: &Object) -> Outcome<()> {
    match object {
        Object::List(list) => {
            let _entered = vm.enter()?;
            let Some(_open) = Opened::new(identity(object)) else {
                out.push_str("[...]");
                return Ok(());
            };
            out.push_str("[");
            let mut at = 0;
            // The list may change while its items are shown.
            loop {
                let item = list.items.borrow().get(at).cloned();
                let Some(item) = item else { break };
                push_item(vm, out, at, &item)?;
                at += 1;
            }
            out.push_str("]");
        }
        Object::Tuple(tuple) => {
            let _entered = vm.enter()?;
            let Some(_open) = Opened::new(identity(object)) else {
                out.push_str("(...)");
                return Ok(());
            };
            out.push_str("(");
            for (at, item) in tuple.items.iter().enumerate() {
                push_item(vm, out, at, item)?;
            }
            out.push_str(if tuple.items.len() == 1 { ",)" } else { ")" });
        }
        Object::Dict(dict) => {
            let _entered = vm.enter()?;
            let Some(_open) = Opened::new(identity(object)) else {
                out.push_str("{...}");
                return Ok(());
            };
            out.push_str("{");
            let mut at = 0;
            loop {
                let entry = dict.items.borrow().get_index(at).map(|(key, value)| (key.object().clone(), value.clone()));
                let Some((key, value)) = entry else { break };
                push_item(vm, out, at, &key)?;
                out.push_str(": ");
                push(vm, out, &value)?;
                at += 1;
            }
            out.push_str("}");
        }
        Object::Set(set) => {
            let _entered = vm.enter()?;
            let (start, end) = match (set.frozen, set.items.borrow().is_empty()) {
                (true, true) => ("frozenset(", ")"),
                (true, false) => ("frozenset({", "})"),
                (false, true) => ("set(", ")"),
                (false, false) => ("{", "}"),
            };
            let Some(_open) = Opened::new(identity(object)) else {
                out.push_str(&format!("{}(...)", type_name(object)));
                return Ok(());
            };
            out.push_str(start);
            push_items(vm, out, object)?;
            out.push_str(end);
        }
        Object::Exception(exception) => out.push_text(&super::exception::repr(vm, exception)?),
        Object::Native(native) => {
            if let Some(view) = crate::console::native::downcast::<DictView>(object) {
                let _entered = vm.enter()?;
                let Some(_open) = Opened::new(identity(object)) else {
                    out.push_str("...");
                    return Ok(());
                };
                out.push_str(&format!("{}([", type_name(object)));
                for (at, item) in view.items(vm)?.iter().enumerate() {
                    push_item(vm, out, at, item)?;
                }
                out.push_str("])");
                return Ok(());
            }
            let _entered = vm.enter()?;
            out.push_str(&native.repr(vm)?);
        }
        other => {
            let text = simple(vm, other)?;
            out.push_str(&text);
        }
    }
    Ok(())
}

fn push_items(vm: &Vm, out: &mut TextBuilder, container: &Object) -> Outcome<()> {
    for (at, item) in super::list::collect(vm, container)?.iter().enumerate() {
        push_item(vm, out, at, item)?;
    }
    Ok(())
}

fn push_item(vm: &Vm, out: &mut TextBuilder, at: usize, item: &Object) -> Outcome<()> {
    if at > 0 {
        out.push_str(", ");
    }
    vm.step(1)?;
    let len = out.byte_len();
    push(vm, out, item)?;
    // What a nested value adds is announced as it comes.
    if out.byte_len() / 65536 != len / 65536 {
        vm.allocate(out.byte_len() as u64)?;
    }
    Ok(())
}

/// `str(object)`
pub(in crate::console) fn str(vm: &Vm, object: &Object) -> Outcome<Text> {
    match object {
        Object::Str(text) => Ok(text.clone()),
        Object::Exception(exception) => super::exception::str(vm, exception),
        Object::Native(native) if crate::console::native::downcast::<DictView>(object).is_none() => {
            let _entered = vm.enter()?;
            native.str(vm).map(Text::from)
        }
        other => repr(vm, other),
    }
}

/// `ascii(object)`
pub(in crate::console) fn ascii(vm: &Vm, object: &Object) -> Outcome<Text> {
    let shown = repr(vm, object)?;
    if shown.is_ascii() {
        return Ok(shown);
    }
    vm.allocate(shown.len().saturating_mul(10))?;
    let mut out = String::new();
    for point in shown.code_points() {
        match point {
            ..0x80 => out.extend(char::from_u32(point)),
            0x80..=0xFF => out.push_str(&format!("\\x{point:02x}")),
            0x100..=0xFFFF => out.push_str(&format!("\\u{point:04x}")),
            _ => out.push_str(&format!("\\U{point:08x}")),
        }
    }
    Ok(out.into())
}
