//! `str`: its methods but for those that split or change case, which have files of their own.

use std::borrow::Cow;

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{Text, TextBuilder};

use super::arguments::{Call, bounds, ssize};
use super::slice::select;
use super::units::{self, Span};
use super::{text_case, text_split, type_name};

pub(super) const METHODS: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

/// Two texts in units of one kind.
pub(super) enum Both<'a> {
    Narrow(Cow<'a, [u8]>, Cow<'a, [u8]>),
    Wide(Vec<u32>, Vec<u32>),
}

/// Both texts, in bytes if they are Latin-1.
pub(super) fn both<'a>(vm: &Vm, a: &'a Text, b: &'a Text) -> Outcome<Both<'a>> {
    vm.step((a.len() + b.len()) / 256)?;
    if let (Some(a), Some(b)) = (a.latin1(), b.latin1()) {
        return Ok(Both::Narrow(a, b));
    }
    vm.allocate((a.len() + b.len()).saturating_mul(4))?;
    Ok(Both::Wide(a.to_points(), b.to_points()))
}

/// Runs the same on bytes or on code points.
macro_rules! with_units {
    ($units:expr, |$a:ident, $b:ident| $work:expr) => {
        match &$units {
            $crate::console::types::text::Both::Narrow(a, b) => {
                let ($a, $b): (&[u8], &[u8]) = (a, b);
                $work
            }
            $crate::console::types::text::Both::Wide(a, b) => {
                let ($a, $b): (&[u32], &[u32]) = (a, b);
                $work
            }
        }
    };
}
pub(super) use with_units;

/// The units of one text.
pub(super) fn alone<'a>(vm: &Vm, text: &'a Text) -> Outcome<Both<'a>> {
    Ok(match text.latin1() {
        Some(bytes) => {
            vm.step(text.len() / 256)?;
            Both::Narrow(bytes, Cow::Borrowed(&[]))
        }
        None => {
            vm.step(text.len() / 64)?;
            vm.allocate(text.len().saturating_mul(4))?;
            Both::Wide(text.to_points(), Vec::new())
        }
    })
}

/// `object[key]`
pub(super) fn get_item(text: &Text, key: &Object) -> Outcome {
    let len = usize::try_from(text.len()).unwrap_or(usize::MAX);
    match key {
        Object::Slice(slice) => {
            let selection = select(slice, len)?;
            if selection.step == 1 {
                let start = selection.start as u64;
                return Ok(Object::Str(text.slice(start, start + selection.count as u64)));
            }
            let points = selection.places().filter_map(|at| text.get(at as u64));
            Ok(Object::Str(Text::from_code_points(points)))
        }
        Object::Int(_) | Object::Bool(_) | Object::BigInt(_) => {
            let at = super::item::index_of("string", key)?;
            match super::list::place(at, len).and_then(|at| text.get(at as u64)) {
                Some(point) => Ok(Object::Str(Text::from_code_points([point]))),
                None => Err(Raise::new(class::INDEX_ERROR, "string index out of range")),
            }
        }
        other => Err(Raise::type_error(format!("string indices must be integers, not '{}'", type_name(other)))),
    }
}

/// `item in text`
pub(super) fn contains(vm: &Vm, text: &Text, item: &Object) -> Outcome<bool> {
    let Object::Str(needle) = item else {
        let message = format!("'in <string>' requires string as left operand, not {}", type_name(item));
        return Err(Raise::type_error(message));
    };
    let units = both(vm, text, needle)?;
    Ok(with_units!(units, |hay, needle| units::find(hay, needle, (0, hay.len()), false).is_some()))
}

/// `str(object, encoding, errors)`
pub(super) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let [object, encoding, errors] = super::arguments::named("str", args, ["object", "encoding", "errors"], 0, 3, 0)?;
    let encoding = encoding.map(|name| super::arguments::string("str", "'encoding'", &name)).transpose()?;
    let errors = errors.map(|name| super::arguments::string("str", "'errors'", &name)).transpose()?;
    let Some(object) = object else { return Ok(Object::str("")) };
    if encoding.is_none() && errors.is_none() {
        return vm.str(&object).map(Object::Str);
    }
    match &object {
        Object::Str(_) => Err(Raise::type_error("decoding str is not supported")),
        Object::Bytes(_) | Object::ByteArray(_) | Object::View(_) => {
            super::codec::decode(vm, &object, encoding.as_deref(), errors.as_deref())
        }
        other => {
            let message = format!("decoding to str: need a bytes-like object, {} found", type_name(other));
            Err(Raise::type_error(message))
        }
    }
}

/// A method of a text.
pub(super) fn call(vm: &Vm, text: &Text, name: &str, args: Args) -> Outcome {
    let call = Call::new("str", name, args);
    match name {
        "find" | "rfind" | "index" | "rindex" | "count" => search(vm, text, call),
        "startswith" | "endswith" => affix(vm, text, call),
        "removeprefix" | "removesuffix" => remove_affix(vm, text, call),
        "replace" => replace(vm, text, call),
        "join" => join(vm, text, &call.one()?),
        "encode" => {
            let [encoding, errors] = call.named(["encoding", "errors"], 0, 0)?;
            let encoding = encoding.map(|name| super::arguments::string("encode", "'encoding'", &name)).transpose()?;
            let errors = errors.map(|name| super::arguments::string("encode", "'errors'", &name)).transpose()?;
            super::codec::encode(vm, text, encoding.as_deref(), errors.as_deref()).map(Object::Bytes)
        }
        "format" => super::str_format::format(vm, text, &call.args),
        "format_map" => super::str_format::format_map(vm, text, &call.one()?),
        "center" | "ljust" | "rjust" => justify(vm, text, call),
        "zfill" => zero_fill(vm, text, &call.one()?),
        "expandtabs" => expand_tabs(vm, text, call),
        "translate" => translate(vm, text, &call.one()?),
        "maketrans" => make_translation(vm, call),
        "strip" | "lstrip" | "rstrip" | "split" | "rsplit" | "splitlines" | "partition" | "rpartition" => {
            text_split::call(vm, text, call)
        }
        _ => {
            call.none()?;
            text_case::call(vm, text, name)
        }
    }
}

/// A text argument of `find` and its kind.
fn search(vm: &Vm, text: &Text, call: Call<'_>) -> Outcome {
    let name = call.name.to_owned();
    let [needle, start, end] = call.counted(1)?;
    let bounds = bounds(usize::try_from(text.len()).unwrap_or(usize::MAX), start.as_ref(), end.as_ref())?;
    let needle = match needle {
        Some(Object::Str(needle)) => needle,
        other => {
            let kind = type_name(&other.unwrap_or(Object::None));
            return Err(Raise::type_error(format!("must be str, not {kind}")));
        }
    };
    let units = both(vm, text, &needle)?;
    if name == "count" {
        return Ok(Object::int(with_units!(units, |hay, needle| units::count(hay, needle, bounds))));
    }
    let last = name.starts_with('r');
    let place = with_units!(units, |hay, needle| units::find(hay, needle, bounds, last));
    match place {
        Some(at) => Ok(Object::int(at)),
        None if name.ends_with("find") => Ok(Object::Int(-1)),
        None => Err(Raise::value_error("substring not found")),
    }
}

fn affix(vm: &Vm, text: &Text, call: Call<'_>) -> Outcome {
    let name = call.name.to_owned();
    let [affix, start, end] = call.counted(1)?;
    let affix = affix.unwrap_or(Object::None);
    let bounds = bounds(usize::try_from(text.len()).unwrap_or(usize::MAX), start.as_ref(), end.as_ref())?;
    let at_end = name == "endswith";
    match &affix {
        Object::Str(affix) => Ok(Object::Bool(has_affix(vm, text, affix, bounds, at_end)?)),
        Object::Tuple(tuple) => {
            for affix in &tuple.items {
                let Object::Str(affix) = affix else {
                    let message = format!("tuple for {name} must only contain str, not {}", type_name(affix));
                    return Err(Raise::type_error(message));
                };
                if has_affix(vm, text, affix, bounds, at_end)? {
                    return Ok(Object::Bool(true));
                }
            }
            Ok(Object::Bool(false))
        }
        other => {
            let message = format!("{name} first arg must be str or a tuple of str, not {}", type_name(other));
            Err(Raise::type_error(message))
        }
    }
}

fn has_affix(vm: &Vm, text: &Text, affix: &Text, (start, end): Span, at_end: bool) -> Outcome<bool> {
    vm.step(affix.len() / 256)?;
    let len = usize::try_from(affix.len()).unwrap_or(usize::MAX);
    if start > end || end - start < len {
        return Ok(false);
    }
    let from = if at_end { end - len } else { start } as u64;
    Ok(text.slice(from, from + affix.len()) == *affix)
}

fn remove_affix(vm: &Vm, text: &Text, call: Call<'_>) -> Outcome {
    let name = call.name.to_owned();
    let affix = match call.one()? {
        Object::Str(affix) => affix,
        other => {
            return Err(Raise::type_error(format!("{name}() argument must be str, not {}", type_name(&other))));
        }
    };
    let at_end = name == "removesuffix";
    let whole = (0, usize::try_from(text.len()).unwrap_or(usize::MAX));
    Ok(Object::Str(match has_affix(vm, text, &affix, whole, at_end)? {
        false => text.clone(),
        true if at_end => text.slice(0, text.len() - affix.len()),
        true => text.slice(affix.len(), text.len()),
    }))
}

fn replace(vm: &Vm, text: &Text, call: Call<'_>) -> Outcome {
    let [old, new, max] = call.between(2)?;
    let part = |object: Option<Object>, n: u32| match object {
        Some(Object::Str(text)) => Ok(text),
        other => {
            let kind = type_name(&other.unwrap_or(Object::None));
            Err(Raise::type_error(format!("replace() argument {n} must be str, not {kind}")))
        }
    };
    let (old, new) = (part(old, 1)?, part(new, 2)?);
    let max = max.as_ref().map_or(Ok(-1), ssize)?;
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    let announce = |units: usize, width: u64| vm.allocate((units as u64).saturating_mul(width));
    vm.step(text.len() / 64)?;
    let result = match (text.latin1(), old.latin1(), new.latin1()) {
        (Some(text), Some(old), Some(new)) => {
            units::replace(&text, &old, &new, max, |len| announce(len, 1))?.map(Text::from_latin1_bytes)
        }
        _ => {
            announce(usize::try_from(text.len()).unwrap_or(usize::MAX), 4)?;
            let (text, old, new) = (text.to_points(), old.to_points(), new.to_points());
            units::replace(&text, &old, &new, max, |len| announce(len, 8))?.map(Text::from_code_points)
        }
    };
    Ok(Object::Str(result.unwrap_or_else(|| text.clone())))
}

fn join(vm: &Vm, separator: &Text, parts: &Object) -> Outcome {
    let parts = super::list::collect(vm, parts).map_err(|raise| {
        if raise.is(class::TYPE_ERROR) && vm.iterate(parts).is_err() {
            Raise::type_error("can only join an iterable")
        } else {
            raise
        }
    })?;
    let mut total = 0_u64;
    for (n, part) in parts.iter().enumerate() {
        let Object::Str(part) = part else {
            let message = format!("sequence item {n}: expected str instance, {} found", type_name(part));
            return Err(Raise::type_error(message));
        };
        total = total.saturating_add(part.byte_len().get()).saturating_add(separator.byte_len().get());
    }
    vm.allocate(total)?;
    let mut out = TextBuilder::new();
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            out.push_text(separator);
        }
        if let Object::Str(part) = part {
            if parts.len() == 1 {
                return Ok(Object::Str(part.clone()));
            }
            out.push_text(part);
        }
        if n % 1024 == 0 {
            vm.step(1024)?;
        }
    }
    Ok(Object::Str(out.finish()))
}

/// `count` times one code point.
pub(super) fn fill(vm: &Vm, point: u32, count: u64) -> Outcome<Text> {
    vm.allocate(count.saturating_mul(4))?;
    Ok(Text::from_code_points([point]).repeat(count))
}

fn justify(vm: &Vm, text: &Text, call: Call<'_>) -> Outcome {
    let name = call.name.to_owned();
    let [width, filler] = call.between(1)?;
    let width = ssize(&width.unwrap_or(Object::None))?;
    let filler = match filler {
        None => 0x20,
        Some(Object::Str(filler)) if filler.len() == 1 => filler.get(0).unwrap_or(0x20),
        Some(Object::Str(_)) => return Err(Raise::type_error("The fill character must be exactly one character long")),
        Some(other) => {
            let message = format!("The fill character must be a unicode character, not {}", type_name(&other));
            return Err(Raise::type_error(message));
        }
    };
    let missing = u64::try_from(width).unwrap_or(0).saturating_sub(text.len());
    if missing == 0 {
        return Ok(Object::Str(text.clone()));
    }
    let left = match &*name {
        "ljust" => 0,
        "rjust" => missing,
        _ => missing / 2 + (missing & width as u64 & 1),
    };
    let out = fill(vm, filler, left)?.concat(text).concat(&fill(vm, filler, missing - left)?);
    Ok(Object::Str(out))
}

fn zero_fill(vm: &Vm, text: &Text, width: &Object) -> Outcome {
    let missing = u64::try_from(ssize(width)?).unwrap_or(0).saturating_sub(text.len());
    if missing == 0 {
        return Ok(Object::Str(text.clone()));
    }
    let zeros = fill(vm, 0x30, missing)?;
    let signed = matches!(text.get(0), Some(0x2B | 0x2D));
    let sign = u64::from(signed);
    Ok(Object::Str(text.slice(0, sign).concat(&zeros).concat(&text.slice(sign, text.len()))))
}

fn expand_tabs(vm: &Vm, text: &Text, call: Call<'_>) -> Outcome {
    let [size] = call.named(["tabsize"], 0, 0)?;
    let size = size.as_ref().map_or(Ok(8), super::arguments::c_int)?;
    let size = usize::try_from(size).unwrap_or(0);
    let units = alone(vm, text)?;
    let mut total = 0_u64;
    with_units!(units, |hay, _none| units::expand_tabs(hay, size, |_, spaces| total += spaces as u64 + 1));
    vm.allocate(total.saturating_mul(4))?;
    let mut points: Vec<u32> = Vec::new();
    with_units!(units, |hay, _none| units::expand_tabs(hay, size, |unit, spaces| {
        points.extend(unit.map(|unit| u32::from(unit)));
        points.resize(points.len() + spaces, 0x20);
    }));
    Ok(Object::Str(Text::from_code_points(points)))
}

fn translate(vm: &Vm, text: &Text, table: &Object) -> Outcome {
    let mut out = TextBuilder::new();
    for point in text.code_points() {
        vm.step(1)?;
        match super::get_item(vm, table, &Object::Int(point.into())) {
            Ok(Object::None) => {}
            Ok(Object::Str(text)) => {
                vm.allocate(out.byte_len() as u64 + text.byte_len().get())?;
                out.push_text(&text);
            }
            Ok(object) if object.index().is_some() => match ssize(&object).map(u32::try_from) {
                Ok(Ok(point @ 0..0x11_0000)) => out.push(point),
                _ => return Err(Raise::value_error("character mapping must be in range(0x110000)")),
            },
            Ok(_) => return Err(Raise::type_error("character mapping must return integer, None or str")),
            Err(raise) if raise.is(class::LOOKUP_ERROR) => out.push(point),
            Err(raise) => return Err(raise),
        }
    }
    Ok(Object::Str(out.finish()))
}

/// `str.maketrans`
pub(super) fn make_translation(vm: &Vm, call: Call<'_>) -> Outcome {
    let [from, to, delete] = call.between(1)?;
    let dict = std::rc::Rc::new(crate::console::object::Dict::default());
    let put = |key: Object, value: Object| super::dict::put(vm, &dict, vm.key(&key)?, value);
    let number = |point: u32| Object::Int(point.into());
    match (from.unwrap_or(Object::None), to) {
        (Object::Dict(table), None) => {
            let entries: Vec<_> = table.items.borrow().iter().map(|(key, value)| (key.object().clone(), value.clone())).collect();
            for (key, value) in entries {
                match key {
                    Object::Str(text) if text.len() == 1 => put(number(text.get(0).unwrap_or(0)), value)?,
                    Object::Str(_) => {
                        return Err(Raise::value_error("string keys in translate table must be of length 1"));
                    }
                    key if key.index().is_some() => put(key, value)?,
                    _ => return Err(Raise::type_error("keys in translate table must be strings or integers")),
                }
            }
        }
        (_, None) => {
            return Err(Raise::type_error("if you give only one argument to maketrans it must be a dict"));
        }
        (Object::Str(from), Some(Object::Str(to))) => {
            if from.len() != to.len() {
                return Err(Raise::value_error("the first two maketrans arguments must have equal length"));
            }
            for (from, to) in from.code_points().zip(to.code_points()) {
                put(number(from), number(to))?;
            }
            match delete {
                None => {}
                Some(Object::Str(delete)) => {
                    for point in delete.code_points() {
                        put(number(point), Object::None)?;
                    }
                }
                Some(other) => {
                    let message = format!("maketrans() argument 3 must be str, not {}", type_name(&other));
                    return Err(Raise::type_error(message));
                }
            }
        }
        (_, Some(other)) if !matches!(other, Object::Str(_)) => {
            return Err(Raise::type_error(format!("maketrans() argument 2 must be str, not {}", type_name(&other))));
        }
        _ => return Err(Raise::type_error("first maketrans argument must be a string if there is a second argument")),
    }
    Ok(Object::Dict(dict))
}
