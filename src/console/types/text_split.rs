//! The methods of `str` that cut it: `split`, `strip`, `splitlines` and their relatives.

use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::Text;

use super::arguments::{Call, c_int, ssize};
use super::text::{alone, both, with_units};
use super::type_name;
use super::unicode::is_space;
use super::units::{self, Span};

/// What ends a line.
pub(super) fn is_line_break(point: u32) -> bool {
    matches!(point, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

fn parts(vm: &Vm, text: &Text, spans: &[Span]) -> Outcome {
    super::list::announce(vm, spans.len())?;
    let part = |&(start, end): &Span| Object::Str(text.slice(start as u64, end as u64));
    Ok(Object::list(spans.iter().map(part).collect()))
}

pub(super) fn call(vm: &Vm, text: &Text, call: Call<'_>) -> Outcome {
    let name = call.name.to_owned();
    match &*name {
        "strip" | "lstrip" | "rstrip" => {
            let [chars] = call.between(0)?;
            let (front, back) = (name != "rstrip", name != "lstrip");
            let (start, end) = match chars {
                None | Some(Object::None) => {
                    let units = alone(vm, text)?;
                    with_units!(units, |hay, _none| units::strip(hay, front, back, is_space))
                }
                Some(Object::Str(chars)) => {
                    let mut out: Vec<u32> = chars.to_points();
                    out.sort_unstable();
                    let units = alone(vm, text)?;
                    let is_out = |point: u32| out.binary_search(&point).is_ok();
                    with_units!(units, |hay, _none| units::strip(hay, front, back, is_out))
                }
                Some(_) => return Err(Raise::type_error(format!("{name} arg must be None or str"))),
            };
            Ok(Object::Str(text.slice(start as u64, end as u64)))
        }
        "split" | "rsplit" => {
            let [separator, max] = call.named(["sep", "maxsplit"], 0, 0)?;
            let max = max.as_ref().map_or(Ok(-1), ssize)?;
            let max = usize::try_from(max).unwrap_or(usize::MAX);
            let last = name == "rsplit";
            let spans = match separator {
                None | Some(Object::None) => {
                    let units = alone(vm, text)?;
                    with_units!(units, |hay, _none| if last {
                        units::words_last(hay, max, is_space)
                    } else {
                        units::words(hay, max, is_space)
                    })
                }
                Some(Object::Str(separator)) => {
                    check_separator(&separator)?;
                    let units = both(vm, text, &separator)?;
                    with_units!(units, |hay, separator| if last {
                        units::split_last(hay, separator, max)
                    } else {
                        units::split(hay, separator, max)
                    })
                }
                Some(other) => {
                    return Err(Raise::type_error(format!("must be str or None, not {}", type_name(&other))));
                }
            };
            parts(vm, text, &spans)
        }
        "splitlines" => {
            let [keep] = call.named(["keepends"], 0, 0)?;
            let keep = keep.map_or(Ok(0), |keep| c_int(&keep))? != 0;
            let units = alone(vm, text)?;
            parts(vm, text, &with_units!(units, |hay, _none| units::lines(hay, keep, is_line_break)))
        }
        _ => {
            let separator = match call.one()? {
                Object::Str(separator) => separator,
                other => return Err(Raise::type_error(format!("must be str, not {}", type_name(&other)))),
            };
            check_separator(&separator)?;
            let last = name == "rpartition";
            let units = both(vm, text, &separator)?;
            let place = with_units!(units, |hay, separator| units::find(hay, separator, (0, hay.len()), last));
            let empty = Text::default;
            let items = match place {
                Some(at) => {
                    let at = at as u64;
                    [text.slice(0, at), separator.clone(), text.slice(at + separator.len(), text.len())]
                }
                None if last => [empty(), empty(), text.clone()],
                None => [text.clone(), empty(), empty()],
            };
            Ok(Object::tuple(items.map(Object::Str).to_vec()))
        }
    }
}

fn check_separator(separator: &Text) -> Outcome<()> {
    if separator.is_empty() { Err(Raise::value_error("empty separator")) } else { Ok(()) }
}
