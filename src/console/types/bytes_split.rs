//! The methods of `bytes` and `bytearray` that cut them.

use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::arguments::{Call, c_int, ssize};
use super::bytes::{like, need_bytes, part};
use super::units::{self, Span};

fn is_space(byte: u32) -> bool {
    matches!(byte, 0x09..=0x0D | 0x20)
}

fn parts(vm: &Vm, receiver: &Object, spans: &[Span]) -> Outcome {
    super::list::announce(vm, spans.len())?;
    Ok(Object::list(spans.iter().map(|&(start, end)| part(receiver, start, end)).collect()))
}

pub(super) fn call(vm: &Vm, receiver: &Object, call: Call<'_>) -> Outcome {
    let name = call.name.to_owned();
    let hay = need_bytes(receiver)?;
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
            let spans = match &separator {
                None | Some(Object::None) if last => units::words_last(&hay, max, is_space),
                None | Some(Object::None) => units::words(&hay, max, is_space),
                Some(separator) => {
                    let separator = need_bytes(separator)?;
                    check_separator(&separator)?;
                    if last { units::split_last(&hay, &separator, max) } else { units::split(&hay, &separator, max) }
                }
            };
            parts(vm, receiver, &spans)
        }
        "splitlines" => {
            let [keep] = call.named(["keepends"], 0, 0)?;
            let keep = keep.map_or(Ok(0), |keep| c_int(&keep))? != 0;
            parts(vm, receiver, &units::lines(&hay, keep, |byte| matches!(byte, 10 | 13)))
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
