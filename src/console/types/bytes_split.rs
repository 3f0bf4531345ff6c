//! The methods of `bytes` and `bytearray` that cut them.

use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::bytes_of;

use super::arguments::{Call, c_int, ssize};
use super::bytes::{held, like, need_bytes, part};
use super::units::{self, Span};

fn is_space(byte: u32) -> bool {
    matches!(byte, 0x09..=0x0D | 0x20)
}

fn parts(vm: &Vm, receiver: &Object, spans: &[Span]) -> Outcome {
    super::list::announce(vm, spans.len())?;
    let mut out = Vec::with_capacity(spans.len());
    for &(start, end) in spans {
        vm.step(1)?;
        out.push(part(receiver, start, end));
    }
    Ok(Object::list(out))
}

pub(super) fn call(vm: &Vm, receiver: &Object, call: Call<'_>) -> Outcome {
    let name = call.name.to_owned();
    let buffer = held(receiver)?;
    let (hay, len) = (bytes_of(&buffer), buffer.len().get());
    match &*name {
        "strip" | "lstrip" | "rstrip" => {
            let [out] = call.between(0)?;
            let (front, back) = (name != "rstrip", name != "lstrip");
            let (start, end) = match &out {
                None | Some(Object::None) => units::strip(&hay, front, back, is_space),
                Some(out) => {
                    let out = need_bytes(out)?;
                    units::strip(&hay, front, back, |byte| out.contains(&(byte as u8)))
                }
            };
            Ok(part(receiver, start, end))
        }
        "split" | "rsplit" => {
            let [separator, max] = call.named(["sep", "maxsplit"], 0, 0)?;
            let max = max.as_ref().map_or(Ok(-1), ssize)?;
            let max = usize::try_from(max).unwrap_or(usize::MAX);
            let last = name == "rsplit";
            let separator = match &separator {
                None | Some(Object::None) => None,
                Some(separator) => {
                    let separator = need_bytes(separator)?.into_owned();
                    check_separator(&separator)?;
                    Some(separator)
                }
            };
            let hay = buffer.clone();
            let spans = vm.away(len, move || {
                let hay = bytes_of(&hay);
                match (&separator, last) {
                    (None, true) => units::words_last(&hay, max, is_space),
                    (None, false) => units::words(&hay, max, is_space),
                    (Some(separator), true) => units::split_last(&hay, separator, max),
                    (Some(separator), false) => units::split(&hay, separator, max),
                }
            })?;
            parts(vm, receiver, &spans)
        }
        "splitlines" => {
            let [keep] = call.named(["keepends"], 0, 0)?;
            let keep = keep.map_or(Ok(0), |keep| c_int(&keep))? != 0;
            let hay = buffer.clone();
            let spans = vm.away(len, move || units::lines(&bytes_of(&hay), keep, |byte| matches!(byte, 10 | 13)))?;
            parts(vm, receiver, &spans)
        }
        _ => {
            let separator = call.one()?;
            let bytes = need_bytes(&separator)?;
            check_separator(&bytes)?;
            let last = name == "rpartition";
            let empty = || like(receiver, Vec::new());
            let items = match units::find(&hay, &bytes, (0, hay.len()), last) {
                Some(at) => {
                    let middle = like(receiver, bytes.to_vec());
                    [part(receiver, 0, at), middle, part(receiver, at + bytes.len(), hay.len())]
                }
                None if last => [empty(), empty(), part(receiver, 0, hay.len())],
                None => [part(receiver, 0, hay.len()), empty(), empty()],
            };
            Ok(Object::tuple(items.to_vec()))
        }
    }
}

fn check_separator(separator: &[u8]) -> Outcome<()> {
    if separator.is_empty() { Err(Raise::value_error("empty separator")) } else { Ok(()) }
}
