//! `bytearray`: what changes it.

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{ByteArray, Exception, bytes_of};

use super::arguments::{Call, ssize};
use super::bytes::{byte, bytes_like, collect};
use super::list::{place, place_to_insert};
use super::slice::select;
use super::type_name;

pub(super) const METHODS: &[&str] = &[
    "append",
    "capitalize",
    "center",
    "clear",
    "copy",
    "count",
    "decode",
    "endswith",
    "expandtabs",
    "extend",
    "find",
    "fromhex",
    "hex",
    "index",
    "insert",
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
    "pop",
    "remove",
    "removeprefix",
    "removesuffix",
    "replace",
    "reverse",
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

pub(super) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let content = super::bytes::content(vm, "bytearray", args)?;
    vm.allocate(content.len().get())?;
    let bytes = content.to_vec_all().map_err(|error| Raise::from(Exception::from(error)))?;
    Ok(Object::ByteArray(ByteArray::new(bytes)))
}

/// Changes how many bytes there are: `BufferError` while a view of them exists.
fn resize(array: &ByteArray, work: impl FnOnce(&mut Vec<u8>)) -> Outcome<()> {
    Ok(array.resize_with(work)?)
}

/// `array += other`
pub(super) fn concat_in_place(vm: &Vm, array: &ByteArray, other: &Object) -> Outcome<()> {
    let Some(more) = bytes_like(other)? else {
        return Err(Raise::type_error(format!("can't concat {} to bytearray", type_name(other))));
    };
    vm.allocate(array.len() as u64 + more.len() as u64)?;
    if more.is_empty() {
        return Ok(());
    }
    resize(array, |bytes| bytes.extend_from_slice(&more))
}

/// `array *= count`
pub(super) fn repeat_in_place(vm: &Vm, array: &ByteArray, count: u64) -> Outcome<()> {
    let total = (array.len() as u64).checked_mul(count).ok_or_else(super::number::memory_error)?;
    vm.allocate(total)?;
    if count == 1 || array.is_empty() {
        return Ok(());
    }
    resize(array, |bytes| *bytes = bytes.repeat(usize::try_from(count).unwrap_or(0)))
}

/// A method of its own, or one that it shares with `bytes`.
pub(super) fn call(vm: &Vm, receiver: &Object, array: &ByteArray, name: &str, args: Args) -> Outcome {
    let out_of_range = || Raise::new(class::INDEX_ERROR, "pop index out of range");
    match name {
        "append" => {
            let item = byte(&Call::new("bytearray", name, args).one()?)?;
            vm.allocate(1)?;
            resize(array, |bytes| bytes.push(item))?;
        }
        "clear" => {
            Call::new("bytearray", name, args).none()?;
            resize(array, Vec::clear)?;
        }
        "copy" => {
            Call::new("bytearray", name, args).none()?;
            vm.allocate(array.len() as u64)?;
            return Ok(Object::ByteArray(ByteArray::new(array.to_vec())));
        }
        "extend" => {
            let source = Call::new("bytearray", name, args).one()?;
            if bytes_like(&source)?.is_some() {
                concat_in_place(vm, array, &source)?;
            } else {
                let iterator = vm.iterate(&source).map_err(|raise| {
                    if raise.is(class::TYPE_ERROR) {
                        Raise::type_error(format!("can't extend bytearray with {}", type_name(&source)))
                    } else {
                        raise
                    }
                })?;
                let more = collect(vm, &iterator, "byte must be in range(0, 256)")?;
                vm.allocate((array.len() + more.len()) as u64)?;
                resize(array, |bytes| bytes.extend_from_slice(&more))?;
            }
        }
        "insert" => {
            let [at, item] = Call::new("bytearray", name, args).between(2)?;
            let at = ssize(&at.unwrap_or(Object::None))?;
            let item = byte(&item.unwrap_or(Object::None))?;
            vm.allocate(array.len() as u64 + 1)?;
            resize(array, |bytes| bytes.insert(place_to_insert(at, bytes.len()), item))?;
        }
        "pop" => {
            let [at] = Call::new("bytearray", name, args).between(0)?;
            let at = at.as_ref().map_or(Ok(-1), ssize)?;
            if array.is_empty() {
                return Err(Raise::new(class::INDEX_ERROR, "pop from empty bytearray"));
            }
            let at = place(at, array.len()).ok_or_else(out_of_range)?;
            return Ok(Object::Int(array.resize_with(|bytes| bytes.remove(at))?.into()));
        }
        "remove" => {
            let item = byte(&Call::new("bytearray", name, args).one()?)?;
            let at = array.with_bytes(|bytes| bytes.iter().position(|here| *here == item));
            let at = at.ok_or_else(|| Raise::value_error("value not found in bytearray"))?;
            resize(array, |bytes| {
                bytes.remove(at);
            })?;
        }
        "reverse" => {
            Call::new("bytearray", name, args).none()?;
            array.with_bytes(<[u8]>::reverse);
        }
        _ => return super::bytes::call(vm, receiver, name, args),
    }
    Ok(Object::None)
}

/// The bytes that are assigned to a slice.
fn assigned(vm: &Vm, value: &Object) -> Outcome<Vec<u8>> {
    if let Some(bytes) = bytes_like(value)? {
        return Ok(bytes.into_owned());
    }
    if value.index().is_some() || matches!(value, Object::Str(_)) {
        let message = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
        return Err(Raise::type_error(message));
    }
    let content = super::bytes::content(vm, "bytearray", Args::new([value.clone()]))?;
    Ok(bytes_of(&content).into_owned())
}

/// `array[key] = value`
pub(super) fn set_item(vm: &Vm, array: &ByteArray, key: &Object, value: &Object) -> Outcome<()> {
    let Object::Slice(slice) = key else {
        let at = super::item::index_of("bytearray", key)?;
        let out_of_range = || Raise::new(class::INDEX_ERROR, "bytearray index out of range");
        let item = byte(value)?;
        let at = place(at, array.len()).ok_or_else(out_of_range)?;
        array.with_bytes(|bytes| {
            if let Some(place) = bytes.get_mut(at) {
                *place = item;
            }
        });
        return Ok(());
    };
    let selection = select(slice, array.len())?;
    let new = assigned(vm, value)?;
    if selection.step == 1 {
        let range = selection.start..selection.start + selection.count;
        if new.len() == selection.count {
            array.with_bytes(|bytes| {
                if let Some(target) = bytes.get_mut(range) {
                    target.copy_from_slice(&new);
                }
            });
            return Ok(());
        }
        vm.allocate((array.len() + new.len()) as u64)?;
        return resize(array, |bytes| drop(bytes.splice(range, new)));
    }
    if new.is_empty() {
        return delete_item(array, key);
    }
    if new.len() != selection.count {
        let message = format!("attempt to assign bytes of size {} to extended slice of size {}", new.len(), selection.count);
        return Err(Raise::value_error(message));
    }
    array.with_bytes(|bytes| {
        for (at, item) in selection.places().zip(new) {
            if let Some(place) = bytes.get_mut(at) {
                *place = item;
            }
        }
    });
    Ok(())
}

/// `del array[key]`
pub(super) fn delete_item(array: &ByteArray, key: &Object) -> Outcome<()> {
    let Object::Slice(slice) = key else {
        let at = super::item::index_of("bytearray", key)?;
        let out_of_range = || Raise::new(class::INDEX_ERROR, "bytearray index out of range");
        let at = place(at, array.len()).ok_or_else(out_of_range)?;
        return resize(array, |bytes| {
            bytes.remove(at);
        });
    };
    let selection = select(slice, array.len())?;
    if selection.count == 0 {
        return Ok(());
    }
    resize(array, |bytes| {
        if selection.step == 1 {
            bytes.drain(selection.start..selection.start + selection.count);
            return;
        }
        let mut gone = vec![false; bytes.len()];
        for at in selection.places() {
            if let Some(gone) = gone.get_mut(at) {
                *gone = true;
            }
        }
        let mut gone = gone.into_iter();
        bytes.retain(|_| !gone.next().unwrap_or(false));
    })
}
