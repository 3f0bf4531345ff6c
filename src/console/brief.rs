//! A value in a few words, for lists of names: never as long as the value.

use super::object::Object;
use super::vm::Vm;
use crate::buffer::{ByteRange, Len, Offset};

/// Characters of a text or bytes that are shown.
const SHOWN: u64 = 60;
/// Items of a container that are shown.
const ITEMS: usize = 6;
/// Containers in containers that are shown.
const DEPTH: usize = 2;

/// The `repr` of a value, shortened.
pub(super) fn repr(vm: &Vm, value: &Object) -> String {
    let mut text = short(vm, value, DEPTH);
    if let Some((at, _)) = text.char_indices().nth(200) {
        text.truncate(at);
        text.push('…');
    }
    text
}

fn whole(vm: &Vm, value: &Object) -> String {
    vm.repr(value).map_or_else(|_| format!("<{}>", vm.type_name(value)), |text| text.to_string_lossy())
}

fn short(vm: &Vm, value: &Object, depth: usize) -> String {
    match value {
        Object::Str(text) if text.len() > SHOWN => whole(vm, &Object::Str(text.slice(0, SHOWN))) + "…",
        Object::Bytes(bytes) if bytes.len().get() > SHOWN => {
            whole(vm, &Object::Bytes(bytes.slice(ByteRange::new(Offset::ZERO, Len(SHOWN))))) + "…"
        }
        Object::ByteArray(_) | Object::View(_) => match vm.len(value) {
            Ok(len) if len > SHOWN => format!("<{} of {len} bytes>", vm.type_name(value)),
            _ => whole(vm, value),
        },
        Object::BigInt(n) if n.bits() > 1000 => format!("<int of {} bits>", n.bits()),
        Object::List(list) => {
            let (items, len) = (list.items.borrow().iter().take(ITEMS).cloned().collect::<Vec<_>>(), list.items.borrow().len());
            listed(vm, "[", &items, len, "]", depth)
        }
        Object::Tuple(tuple) => {
            let items: Vec<Object> = tuple.items.iter().take(ITEMS).cloned().collect();
            listed(vm, "(", &items, tuple.items.len(), if items.len() == 1 { ",)" } else { ")" }, depth)
        }
        Object::Set(set) if !set.items.borrow().is_empty() => {
            let items: Vec<Object> = set.items.borrow().iter().take(ITEMS).map(|key| key.object().clone()).collect();
            let len = set.items.borrow().len();
            if set.frozen {
                listed(vm, "frozenset({", &items, len, "})", depth)
            } else {
                listed(vm, "{", &items, len, "}", depth)
            }
        }
        Object::Dict(dict) => {
            let pairs: Vec<(Object, Object)> =
                dict.items.borrow().iter().take(ITEMS).map(|(key, value)| (key.object().clone(), value.clone())).collect();
            let len = dict.items.borrow().len();
            if depth == 0 && len > 0 {
                return "{…}".to_owned();
            }
            let pair =
                |(key, value): &(Object, Object)| format!("{}: {}", short(vm, key, depth - 1), short(vm, value, depth - 1));
            let shown: Vec<String> = pairs.iter().map(pair).collect();
            format!("{{{}{}}}", shown.join(", "), if len > pairs.len() { ", …" } else { "" })
        }
        other => whole(vm, other),
    }
}

fn listed(vm: &Vm, open: &str, items: &[Object], len: usize, close: &str, depth: usize) -> String {
    if depth == 0 && len > 0 {
        return format!("{open}…{close}");
    }
    let shown: Vec<String> = items.iter().map(|item| short(vm, item, depth.saturating_sub(1))).collect();
    format!("{open}{}{}{close}", shown.join(", "), if len > items.len() { ", …" } else { "" })
}
