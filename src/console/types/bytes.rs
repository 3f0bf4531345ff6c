//! `bytes`, and all that `bytearray` has in common with it.

use std::borrow::Cow;

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{ByteArray, bytes_of};

use super::arguments::{Call, bounds, ssize};
use super::slice::select;
use super::units;
use super::{bytes_split, type_name};

pub(super) const METHODS: &[&str] = &[
    "capitalize",
    "center",
    "count",
    "decode",
    "endswith",
    "expandtabs",
    "find",
    "fromhex",
    "hex",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdigit",
    "islower",
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

/// The bytes of a bytes-like object; `None` for what is none.
pub(in crate::console) fn bytes_like(object: &Object) -> Outcome<Option<Cow<'_, [u8]>>> {
    Ok(match object {
        Object::Bytes(bytes) => {
            match bytes.contiguous(Offset::ZERO) {
                Some(run) if run.len() as u64 == bytes.len().get() => Some(Cow::Borrowed(run)),
                // Others may be too long for the memory, or lie in a file.
                _ => Some(Cow::Owned(bytes.to_vec_all().map_err(|error| Raise::from(crate::stream::Exception::from(error)))?)),
            }
        }
        Object::ByteArray(array) => Some(Cow::Owned(array.to_vec())),
        Object::View(view) => Some(Cow::Owned(super::view::contiguous(view)?)),
        _ => None,
    })
}

/// The bytes of a bytes-like object, to be worked on out of its sight.
pub(super) fn held(object: &Object) -> Outcome<Buffer> {
    match object {
        // What lies in a file is read now.
        Object::Bytes(bytes) if bytes.contiguous(Offset::ZERO).is_some_and(|run| run.len() as u64 == bytes.len().get()) => {
            Ok(bytes.clone())
        }
        other => Ok(Buffer::from(need_bytes(other)?.into_owned())),
    }
}

/// The same, or `TypeError: a bytes-like object is required, not 'str'`.
pub(in crate::console) fn need_bytes(object: &Object) -> Outcome<Cow<'_, [u8]>> {
    bytes_like(object)?.ok_or_else(|| not_bytes(object))
}

pub(super) fn not_bytes(object: &Object) -> Raise {
    Raise::type_error(format!("a bytes-like object is required, not '{}'", type_name(object)))
}

/// An object of the receiver's kind.
pub(super) fn like(receiver: &Object, bytes: Vec<u8>) -> Object {
    match receiver {
        Object::ByteArray(_) => Object::ByteArray(ByteArray::new(bytes)),
        _ => Object::Bytes(bytes.into()),
    }
}

/// A part of the receiver as an object of its kind; of `bytes` it shares memory.
pub(super) fn part(receiver: &Object, start: usize, end: usize) -> Object {
    match receiver {
        Object::Bytes(bytes) => Object::Bytes(bytes.slice(ByteRange::between(Offset(start as u64), Offset(end as u64)))),
        Object::ByteArray(array) => {
            Object::ByteArray(array.with_bytes(|bytes| ByteArray::new(bytes.get(start..end).unwrap_or_default())))
        }
        other => other.clone(),
    }
}

/// The class's name as methods give it.
fn class_name(receiver: &Object) -> &'static str {
    if matches!(receiver, Object::ByteArray(_)) { "bytearray" } else { "bytes" }
}

/// `a + b`
pub(super) fn concat(vm: &Vm, a: &Object, b: &Object) -> Outcome {
    let len = vm.len(a)?;
    if let (Object::Bytes(x), Object::Bytes(y)) = (a, b) {
        vm.allocate(y.len().get())?;
        if x.is_empty() {
            return Ok(b.clone());
        }
        let mut out = x.clone();
        out.append_buffer(y);
        return Ok(Object::Bytes(out));
    }
    let Some(more) = bytes_like(b)? else {
        let message = format!("can't concat {} to {}", type_name(b), class_name(a));
        return Err(Raise::type_error(message));
    };
    vm.allocate(len + more.len() as u64)?;
    let mut out = need_bytes(a)?.into_owned();
    out.extend_from_slice(&more);
    Ok(like(a, out))
}

/// `receiver[key]`
pub(super) fn get_item(vm: &Vm, receiver: &Object, key: &Object) -> Outcome {
    let len = usize::try_from(vm.len(receiver)?).unwrap_or(usize::MAX);
    if let Object::Slice(slice) = key {
        let selection = select(slice, len)?;
        if selection.step == 1 {
            return Ok(part(receiver, selection.start, selection.start + selection.count));
        }
        vm.allocate(selection.count as u64)?;
        let bytes = need_bytes(receiver)?;
        let out = selection.places().filter_map(|at| bytes.get(at).copied()).collect();
        return Ok(like(receiver, out));
    }
    let is_array = matches!(receiver, Object::ByteArray(_));
    let at = super::item::index_of(if is_array { "bytearray" } else { "byte" }, key)?;
    let words = if is_array { "bytearray index out of range" } else { "index out of range" };
    let at = super::list::place(at, len).ok_or_else(|| Raise::new(class::INDEX_ERROR, words))?;
    let byte = match receiver {
        Object::Bytes(bytes) => {
            bytes.byte_at(Offset(at as u64)).map_err(|error| Raise::from(crate::stream::Exception::from(error)))?
        }
        Object::ByteArray(array) => array.with_bytes(|bytes| bytes.get(at).copied()),
        _ => None,
    };
    Ok(Object::Int(byte.unwrap_or(0).into()))
}

/// One byte from an integer.
pub(super) fn byte(object: &Object) -> Outcome<u8> {
    let number = super::arguments::index(object)?;
    u8::try_from(&number).map_err(|_| Raise::value_error("byte must be in range(0, 256)"))
}

/// `item in receiver`
pub(super) fn contains(vm: &Vm, receiver: &Object, item: &Object) -> Outcome<bool> {
    vm.step(vm.len(receiver)? / 256)?;
    let hay = need_bytes(receiver)?;
    if item.index().is_some() {
        return Ok(memchr::memchr(byte(item)?, &hay).is_some());
    }
    let needle = need_bytes(item)?;
    Ok(units::find(&hay, &needle, (0, hay.len()), false).is_some())
}

/// What a search looks for: bytes, or one byte as a number.
fn needle(object: &Object) -> Outcome<Cow<'_, [u8]>> {
    if object.index().is_some() {
        return Ok(Cow::Owned(vec![byte(object)?]));
    }
    bytes_like(object)?.ok_or_else(|| {
        let message = format!("argument should be integer or bytes-like object, not '{}'", type_name(object));
        Raise::type_error(message)
    })
}

/// What the constructors of `bytes` and `bytearray` make their content of.
pub(super) fn content(vm: &Vm, class: &'static str, args: Args) -> Outcome<Buffer> {
    let [source, encoding, errors] = super::arguments::named(class, args, ["source", "encoding", "errors"], 0, 3, 0)?;
    let encoding = encoding.map(|name| super::arguments::string(class, "'encoding'", &name)).transpose()?;
    let errors = errors.map(|name| super::arguments::string(class, "'errors'", &name)).transpose()?;
    let Some(source) = source else {
        return match (encoding, errors) {
            (None, None) => Ok(Buffer::new()),
            (Some(_), _) => Err(Raise::type_error("encoding without a string argument")),
            _ => Err(Raise::type_error("errors without a string argument")),
        };
    };
    if let Object::Str(text) = &source {
        return match encoding {
            Some(encoding) => super::codec::encode(vm, text, Some(&encoding), errors.as_deref()),
            None => Err(Raise::type_error("string argument without an encoding")),
        };
    }
    match (encoding, errors) {
        (Some(_), _) => return Err(Raise::type_error("encoding without a string argument")),
        (None, Some(_)) => return Err(Raise::type_error("errors without a string argument")),
        _ => {}
    }
    match &source {
        Object::Bytes(bytes) => return Ok(bytes.clone()),
        Object::Int(_) | Object::Bool(_) | Object::BigInt(_) => {
            let count = match &source {
                Object::BigInt(_) => {
                    return Err(Raise::new(class::OVERFLOW_ERROR, "cannot fit 'int' into an index-sized integer"));
                }
                other => ssize(other)?,
            };
            let count = u64::try_from(count).map_err(|_| Raise::value_error("negative count"))?;
            vm.allocate(count)?;
            return Ok(Buffer::filled(0, Len(count)));
        }
        _ => {}
    }
    if let Object::View(view) = &source {
        // Unlike every other reader these take each byte of a view with gaps.
        vm.allocate(view.length()?)?;
        return Ok(view.to_vec()?.into());
    }
    if let Some(bytes) = bytes_like(&source)? {
        vm.allocate(bytes.len() as u64)?;
        return Ok(Buffer::from(bytes.into_owned()));
    }
    let iterator = vm.iterate(&source).map_err(|raise| {
        if raise.is(class::TYPE_ERROR) {
            Raise::type_error(format!("cannot convert '{}' object to {class}", type_name(&source)))
        } else {
            raise
        }
    })?;
    collect(vm, &iterator, "bytes must be in range(0, 256)").map(Buffer::from)
}

/// The bytes that an iterator of integers gives.
pub(super) fn collect(vm: &Vm, iterator: &Object, words: &str) -> Outcome<Vec<u8>> {
    let mut out = Vec::new();
    while let Some(item) = vm.next(iterator)? {
        vm.step(1)?;
        if out.len().is_power_of_two() {
            vm.allocate(out.len() as u64 * 2)?;
        }
        let number = super::arguments::index(&item)?;
        out.push(u8::try_from(&number).map_err(|_| Raise::value_error(words))?);
    }
    Ok(out)
}

pub(super) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    if let [bytes @ Object::Bytes(_)] = args.positional.as_slice()
        && args.keywords.is_empty()
    {
        return Ok(bytes.clone());
    }
    content(vm, "bytes", args).map(Object::Bytes)
}

/// `bytes.fromhex(text)`
pub(super) fn from_hex(vm: &Vm, argument: &Object) -> Outcome<Vec<u8>> {
    let Object::Str(text) = argument else {
        return Err(Raise::type_error(format!("fromhex() argument must be str, not {}", type_name(argument))));
    };
    vm.step(text.len() / 64)?;
    vm.allocate(text.len())?;
    let mut out = Vec::new();
    let mut first: Option<u32> = None;
    let wrong = |at: usize| Raise::value_error(format!("non-hexadecimal number found in fromhex() arg at position {at}"));
    for (at, point) in text.code_points().enumerate() {
        let digit = char::from_u32(point).and_then(|c| c.to_digit(16));
        match (first, digit) {
            (None, Some(digit)) => first = Some(digit),
            (Some(high), Some(digit)) => {
                out.push((high << 4 | digit) as u8);
                first = None;
            }
            (None, None) if matches!(point, 0x09..=0x0D | 0x20) => {}
            _ => return Err(wrong(at)),
        }
    }
    if first.is_some() {
        return Err(wrong(usize::try_from(text.len()).unwrap_or(usize::MAX)));
    }
    Ok(out)
}

/// A method that `bytes` and `bytearray` share.
pub(super) fn call(vm: &Vm, receiver: &Object, name: &str, args: Args) -> Outcome {
    let call = Call::new(class_name(receiver), name, args);
    vm.step(vm.len(receiver)? / 256)?;
    match name {
        "find" | "rfind" | "index" | "rindex" | "count" => search(receiver, call),
        "startswith" | "endswith" => affix(vm, receiver, call),
        "removeprefix" | "removesuffix" => remove_affix(receiver, call),
        "replace" => replace(vm, receiver, call),
        "join" => join(vm, receiver, &call.one()?),
        "decode" => {
            let [encoding, errors] = call.named(["encoding", "errors"], 0, 0)?;
            let encoding = encoding.map(|name| super::arguments::string("decode", "'encoding'", &name)).transpose()?;
            let errors = errors.map(|name| super::arguments::string("decode", "'errors'", &name)).transpose()?;
            super::codec::decode(vm, receiver, encoding.as_deref(), errors.as_deref())
        }
        "hex" => {
            let [separator, group] = call.named(["sep", "bytes_per_sep"], 0, 0)?;
            let group = group.as_ref().map_or(Ok(1), super::arguments::c_int)?;
            vm.allocate(vm.len(receiver)?.saturating_mul(3))?;
            hex(vm, &need_bytes(receiver)?, separator.as_ref(), group)
        }
        "fromhex" => Ok(like(receiver, from_hex(vm, &call.one()?)?)),
        "center" | "ljust" | "rjust" => justify(vm, receiver, call),
        "zfill" => zero_fill(vm, receiver, &call.one()?),
        "expandtabs" => expand_tabs(vm, receiver, call),
        "translate" => translate(receiver, call),
        "maketrans" => make_translation(call),
        "strip" | "lstrip" | "rstrip" | "split" | "rsplit" | "splitlines" | "partition" | "rpartition" => {
            bytes_split::call(vm, receiver, call)
        }
        _ => {
            call.none()?;
            change_case(receiver, name)
        }
    }
}

fn search(receiver: &Object, call: Call<'_>) -> Outcome {
    let name = call.name.to_owned();
    let [object, start, end] = call.counted(1)?;
    let hay = need_bytes(receiver)?;
    let bounds = bounds(hay.len(), start.as_ref(), end.as_ref())?;
    let object = object.unwrap_or(Object::None);
    let needle = needle(&object)?;
    if name == "count" {
        return Ok(Object::int(units::count(&hay, &needle, bounds)));
    }
    match units::find(&hay, &needle, bounds, name.starts_with('r')) {
        Some(at) => Ok(Object::int(at)),
        None if name.ends_with("find") => Ok(Object::Int(-1)),
        None => Err(Raise::value_error("subsection not found")),
    }
}

fn affix(vm: &Vm, receiver: &Object, call: Call<'_>) -> Outcome {
    let name = call.name.to_owned();
    let [affix, start, end] = call.counted(1)?;
    let hay = need_bytes(receiver)?;
    let (start, end) = bounds(hay.len(), start.as_ref(), end.as_ref())?;
    let hay = hay.get(start..end);
    let has =
        |affix: &[u8]| hay.is_some_and(|hay| if name == "endswith" { hay.ends_with(affix) } else { hay.starts_with(affix) });
    let affix = affix.unwrap_or(Object::None);
    if let Object::Tuple(tuple) = &affix {
        for affix in &tuple.items {
            vm.step(1)?;
            if has(&need_bytes(affix)?) {
                return Ok(Object::Bool(true));
            }
        }
        return Ok(Object::Bool(false));
    }
    match bytes_like(&affix)? {
        Some(affix) => Ok(Object::Bool(has(&affix))),
        None => {
            let message = format!("{name} first arg must be bytes or a tuple of bytes, not {}", type_name(&affix));
            Err(Raise::type_error(message))
        }
    }
}

fn remove_affix(receiver: &Object, call: Call<'_>) -> Outcome {
    let at_end = call.name == "removesuffix";
    let affix = call.one()?;
    let affix = need_bytes(&affix)?;
    let hay = need_bytes(receiver)?;
    let len = hay.len();
    Ok(match at_end {
        true if hay.ends_with(&affix) => part(receiver, 0, len - affix.len()),
        false if hay.starts_with(&affix) => part(receiver, affix.len(), len),
        _ => part(receiver, 0, len),
    })
}

fn replace(vm: &Vm, receiver: &Object, call: Call<'_>) -> Outcome {
    let [old, new, max] = call.between(2)?;
    let (old, new) = (old.unwrap_or(Object::None), new.unwrap_or(Object::None));
    let (old, new) = (need_bytes(&old)?.into_owned(), need_bytes(&new)?.into_owned());
    let max = max.as_ref().map_or(Ok(-1), ssize)?;
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    let buffer = held(receiver)?;
    let len = usize::try_from(buffer.len().get()).unwrap_or(usize::MAX);
    if old.is_empty() {
        let all = units::replace(&bytes_of(&buffer), &old, &new, max, |len| vm.allocate(len as u64))?;
        return Ok(all.map_or_else(|| part(receiver, 0, len), |bytes| like(receiver, bytes)));
    }
    // The places first: they tell how long the result is.
    let (hay, sought) = (buffer.clone(), old.clone());
    let places = vm.away(len as u64, move || units::places(&bytes_of(&hay), &sought, max))?;
    if places.is_empty() {
        return Ok(part(receiver, 0, len));
    }
    vm.allocate(units::replaced_len(len, places.len(), old.len(), new.len()) as u64)?;
    let out = vm.away(len as u64, move || units::replace_at(&bytes_of(&buffer), &places, old.len(), &new))?;
    Ok(like(receiver, out))
}

fn join(vm: &Vm, receiver: &Object, parts: &Object) -> Outcome {
    let items = super::list::collect(vm, parts).map_err(|raise| {
        if raise.is(class::TYPE_ERROR) && vm.iterate(parts).is_err() {
            Raise::type_error("can only join an iterable")
        } else {
            raise
        }
    })?;
    let separator = need_bytes(receiver)?;
    if let ([bytes @ Object::Bytes(_)], Object::Bytes(_)) = (items.as_slice(), receiver) {
        return Ok(bytes.clone());
    }
    let mut out = Vec::new();
    for (n, item) in items.iter().enumerate() {
        vm.step(1)?;
        let Some(bytes) = bytes_like(item)? else {
            let message = format!("sequence item {n}: expected a bytes-like object, {} found", type_name(item));
            return Err(Raise::type_error(message));
        };
        if n > 0 {
            out.extend_from_slice(&separator);
        }
        if out.len().saturating_add(bytes.len()) > out.capacity() {
            vm.allocate(((out.len() + bytes.len()) as u64).saturating_mul(2))?;
        }
        out.extend_from_slice(&bytes);
    }
    Ok(like(receiver, out))
}

/// `hex(separator, group)`: groups are counted from the right, from the left where `group` is negative.
pub(super) fn hex(vm: &Vm, bytes: &[u8], separator: Option<&Object>, group: i32) -> Outcome {
    let ascii = |point: Option<u32>| match point {
        Some(point @ ..0x80) => Ok(Some(point as u8)),
        _ => Err(Raise::value_error("sep must be ASCII.")),
    };
    let separator = match separator {
        None => None,
        Some(separator) if vm.len(separator)? != 1 => return Err(Raise::value_error("sep must be length 1.")),
        Some(Object::Str(text)) => ascii(text.get(0))?,
        Some(Object::Bytes(bytes)) => ascii(bytes_of(bytes).first().map(|byte| u32::from(*byte)))?,
        Some(_) => return Err(Raise::type_error("sep must be str or bytes.")),
    };
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let size = group.unsigned_abs() as usize;
    let mut out = Vec::with_capacity(bytes.len() * 2);
    for (n, byte) in bytes.iter().enumerate() {
        if let Some(separator) = separator
            && n > 0
            && size > 0
            && (if group > 0 { bytes.len() - n } else { n }).is_multiple_of(size)
        {
            out.push(separator);
        }
        out.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    Ok(Object::Str(crate::stream::Text::from_latin1_bytes(out)))
}

fn justify(vm: &Vm, receiver: &Object, call: Call<'_>) -> Outcome {
    let name = call.name.to_owned();
    let [width, filler] = call.between(1)?;
    let width = ssize(&width.unwrap_or(Object::None))?;
    let filler = match &filler {
        None => b' ',
        Some(object @ (Object::Bytes(_) | Object::ByteArray(_))) if vm.len(object)? == 1 => {
            need_bytes(object)?.first().copied().unwrap_or(b' ')
        }
        Some(other) => {
            let message = format!("{name}() argument 2 must be a byte string of length 1, not {}", type_name(other));
            return Err(Raise::type_error(message));
        }
    };
    let bytes = need_bytes(receiver)?;
    let missing = usize::try_from(width).unwrap_or(0).saturating_sub(bytes.len());
    if missing == 0 {
        return Ok(part(receiver, 0, bytes.len()));
    }
    vm.allocate((bytes.len() + missing) as u64)?;
    let left = match &*name {
        "ljust" => 0,
        "rjust" => missing,
        _ => missing / 2 + (missing & width as usize & 1),
    };
    let mut out = vec![filler; left];
    out.extend_from_slice(&bytes);
    out.resize(bytes.len() + missing, filler);
    Ok(like(receiver, out))
}

fn zero_fill(vm: &Vm, receiver: &Object, width: &Object) -> Outcome {
    let bytes = need_bytes(receiver)?;
    let missing = usize::try_from(ssize(width)?).unwrap_or(0).saturating_sub(bytes.len());
    if missing == 0 {
        return Ok(part(receiver, 0, bytes.len()));
    }
    vm.allocate((bytes.len() + missing) as u64)?;
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let mut out = bytes[..sign].to_vec();
    out.resize(sign + missing, b'0');
    out.extend_from_slice(&bytes[sign..]);
    Ok(like(receiver, out))
}

fn expand_tabs(vm: &Vm, receiver: &Object, call: Call<'_>) -> Outcome {
    let [size] = call.named(["tabsize"], 0, 0)?;
    let size = size.as_ref().map_or(Ok(8), super::arguments::c_int)?;
    let size = usize::try_from(size).unwrap_or(0);
    let bytes = need_bytes(receiver)?;
    let mut total = 0_u64;
    units::expand_tabs(&bytes, size, |_, spaces| total += spaces as u64 + 1);
    vm.allocate(total)?;
    let mut out: Vec<u8> = Vec::new();
    units::expand_tabs(&bytes, size, |unit, spaces| {
        out.extend(unit);
        out.resize(out.len() + spaces, b' ');
    });
    Ok(like(receiver, out))
}

fn translate(receiver: &Object, call: Call<'_>) -> Outcome {
    let [table, delete] = call.named(["table", "delete"], 1, 1)?;
    let table = table.unwrap_or(Object::None);
    let table = if table.is_none() { None } else { Some(need_bytes(&table)?.into_owned()) };
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        return Err(Raise::value_error("translation table must be 256 characters long"));
    }
    let delete = delete.as_ref().map(need_bytes).transpose()?.unwrap_or_default();
    let bytes = need_bytes(receiver)?;
    let kept = bytes.iter().filter(|byte| !delete.contains(byte));
    let out = kept.map(|&byte| table.as_ref().map_or(byte, |table| table[usize::from(byte)])).collect();
    Ok(like(receiver, out))
}

/// `bytes.maketrans(from, to)`
pub(super) fn make_translation(call: Call<'_>) -> Outcome {
    let [from, to] = call.between(2)?;
    let (from, to) = (from.unwrap_or(Object::None), to.unwrap_or(Object::None));
    let (from, to) = (need_bytes(&from)?, need_bytes(&to)?);
    if from.len() != to.len() {
        return Err(Raise::value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (from, to) in from.iter().zip(to.iter()) {
        table[usize::from(*from)] = *to;
    }
    Ok(Object::Bytes(table.into()))
}

fn change_case(receiver: &Object, name: &str) -> Outcome {
    let bytes = need_bytes(receiver)?;
    let mut out;
    match name {
        "upper" => out = bytes.to_ascii_uppercase(),
        "lower" => out = bytes.to_ascii_lowercase(),
        "capitalize" => {
            out = bytes.to_ascii_lowercase();
            if let Some(first) = out.first_mut() {
                first.make_ascii_uppercase();
            }
        }
        "swapcase" => out = bytes.iter().map(|byte| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte }).collect(),
        "title" => {
            out = bytes.to_ascii_lowercase();
            let mut within = false;
            for byte in &mut out {
                if !within {
                    byte.make_ascii_uppercase();
                }
                within = byte.is_ascii_alphabetic();
            }
        }
        _ => return Ok(Object::Bool(asks(&bytes, name))),
    }
    Ok(like(receiver, out))
}

fn asks(bytes: &[u8], name: &str) -> bool {
    let all = |holds: fn(&u8) -> bool| !bytes.is_empty() && bytes.iter().all(holds);
    match name {
        "isascii" => bytes.is_ascii(),
        "isalpha" => all(u8::is_ascii_alphabetic),
        "isdigit" => all(u8::is_ascii_digit),
        "isalnum" => all(u8::is_ascii_alphanumeric),
        "isspace" => all(|byte| matches!(byte, b'\t'..=b'\r' | b' ')),
        "islower" => bytes.iter().any(u8::is_ascii_lowercase) && !bytes.iter().any(u8::is_ascii_uppercase),
        "isupper" => bytes.iter().any(u8::is_ascii_uppercase) && !bytes.iter().any(u8::is_ascii_lowercase),
        _ => {
            let (mut any, mut within) = (false, false);
            for byte in bytes {
                if byte.is_ascii_alphabetic() && byte.is_ascii_uppercase() == within {
                    return false;
                }
                within = byte.is_ascii_alphabetic();
                any |= within;
            }
            any
        }
    }
}
