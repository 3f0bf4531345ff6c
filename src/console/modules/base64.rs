//! `base64`

use std::rc::Rc;

use super::base_codec::{self, BASE32, BASE32_HEX};
use super::binascii::{charge, error};
use super::kit::{self, bytes_like, vec_of};
use crate::console::call::Args;
use crate::console::class;
use crate::console::native::{Builtin, Module};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// Makes the module.
pub(super) fn load(_vm: &Vm) -> Outcome<Rc<Module>> {
    Ok(kit::module("base64", FUNCTIONS, [("MAXBINSIZE", Object::int(57)), ("MAXLINESIZE", Object::int(76))]))
}

/// The bytes of a line of `encodebytes`.
const LINE: usize = 57;

static FUNCTIONS: &[Builtin] = &[
    Builtin { name: "b16decode", python: true, run: b16decode },
    Builtin { name: "b16encode", python: true, run: b16encode },
    Builtin { name: "b32decode", python: true, run: b32decode },
    Builtin { name: "b32encode", python: true, run: |vm, args| b32encode(vm, "b32encode", BASE32, args) },
    Builtin { name: "b32hexdecode", python: true, run: b32hexdecode },
    Builtin { name: "b32hexencode", python: true, run: |vm, args| b32encode(vm, "b32hexencode", BASE32_HEX, args) },
    Builtin { name: "b64decode", python: true, run: b64decode },
    Builtin { name: "b64encode", python: true, run: b64encode },
    Builtin { name: "b85decode", python: true, run: b85decode },
    Builtin { name: "b85encode", python: true, run: b85encode },
    Builtin { name: "decode", python: true, run: decode },
    Builtin { name: "decodebytes", python: true, run: decodebytes },
    Builtin { name: "encode", python: true, run: encode },
    Builtin { name: "encodebytes", python: true, run: encodebytes },
    Builtin { name: "standard_b64decode", python: true, run: |vm, args| plain_decode(vm, "standard_b64decode", false, args) },
    Builtin { name: "standard_b64encode", python: true, run: |vm, args| plain_encode(vm, "standard_b64encode", false, args) },
    Builtin { name: "urlsafe_b64decode", python: true, run: |vm, args| plain_decode(vm, "urlsafe_b64decode", true, args) },
    Builtin { name: "urlsafe_b64encode", python: true, run: |vm, args| plain_encode(vm, "urlsafe_b64encode", true, args) },
];

/// The arguments of a function in Python, by place.
fn bind<const N: usize>(args: Args, function: &str, names: &[&str; N], required: usize) -> Outcome<[Option<Object>; N]> {
    let values = args.bind(function, names, required)?;
    <[Option<Object>; N]>::try_from(values).map_err(|_| Raise::type_error("too many arguments"))
}

fn given(object: Option<&Object>) -> Option<&Object> {
    object.filter(|object| !object.is_none())
}

/// What is to be decoded: bytes or a `str` of ASCII.
fn encoded(vm: &Vm, object: Option<&Object>) -> Outcome<Vec<u8>> {
    let object = object.unwrap_or(&Object::None);
    let bytes = match kit::ascii_of(object)? {
        Some(bytes) => Some(bytes),
        None => kit::buffer_of(vm, object)?,
    };
    let bytes = bytes.ok_or_else(|| {
        let message = format!("argument should be a bytes-like object or ASCII string, not '{}'", vm.type_name(object));
        Raise::type_error(message)
    })?;
    let bytes = vec_of(vm, &bytes)?;
    charge(vm, bytes.len())?;
    Ok(bytes)
}

/// What is to be encoded.
fn plain(vm: &Vm, object: Option<&Object>) -> Outcome<Vec<u8>> {
    let bytes = vec_of(vm, &bytes_like(vm, object.unwrap_or(&Object::None))?)?;
    charge(vm, bytes.len().saturating_mul(2))?;
    Ok(bytes)
}

/// `assert len(argument) == N, repr(argument)`
fn assert_len(vm: &Vm, argument: &Object, len: u64) -> Outcome<()> {
    if vm.len(argument)? == len {
        return Ok(());
    }
    Err(Raise::with_args(class::ASSERTION_ERROR, vec![Object::Str(vm.repr(argument)?)]))
}

fn encode64(vm: &Vm, data: Vec<u8>) -> Outcome<Vec<u8>> {
    vm.away(data.len() as u64, move || base_codec::encode64(&data))
}

fn replace(bytes: &mut [u8], pairs: [(u8, u8); 2]) {
    for byte in bytes {
        // Of two pairs for the same byte the later one counts, as in a table that is filled in order.
        if let Some((_, to)) = pairs.iter().rev().find(|(from, _)| from == byte) {
            *byte = *to;
        }
    }
}

fn b64encode(vm: &Vm, args: Args) -> Outcome {
    let [data, alternative] = bind(args, "b64encode", &["s", "altchars"], 1)?;
    let mut out = encode64(vm, plain(vm, data.as_ref())?)?;
    if let Some(alternative) = given(alternative.as_ref()) {
        assert_len(vm, alternative, 2)?;
        let to = vec_of(vm, &bytes_like(vm, alternative)?)?;
        replace(&mut out, [(b'+', to[0]), (b'/', to[1])]);
    }
    Ok(Object::bytes(out))
}

fn b64decode(vm: &Vm, args: Args) -> Outcome {
    let [data, alternative, validate] = bind(args, "b64decode", &["s", "altchars", "validate"], 1)?;
    let mut data = encoded(vm, data.as_ref())?;
    if let Some(alternative) = given(alternative.as_ref()) {
        let from = encoded(vm, Some(alternative))?;
        // The message shows what was made of the argument: bytes.
        assert_len(vm, &Object::bytes(from.clone()), 2)?;
        replace(&mut data, [(from[0], b'+'), (from[1], b'/')]);
    }
    let strict = validate.map_or(Ok(false), |validate| vm.truth(&validate))?;
    vm.away(data.len() as u64, move || base_codec::decode64(&data, strict))?.map(Object::bytes).map_err(error)
}

fn plain_encode(vm: &Vm, function: &str, for_urls: bool, args: Args) -> Outcome {
    let [data] = bind(args, function, &["s"], 1)?;
    let mut out = encode64(vm, plain(vm, data.as_ref())?)?;
    if for_urls {
        replace(&mut out, [(b'+', b'-'), (b'/', b'_')]);
    }
    Ok(Object::bytes(out))
}

fn plain_decode(vm: &Vm, function: &str, for_urls: bool, args: Args) -> Outcome {
    let [data] = bind(args, function, &["s"], 1)?;
    let mut data = encoded(vm, data.as_ref())?;
    if for_urls {
        replace(&mut data, [(b'-', b'+'), (b'_', b'/')]);
    }
    vm.away(data.len() as u64, move || base_codec::decode64(&data, false))?.map(Object::bytes).map_err(error)
}

/// What base32 and base85 encode: their complaint names `memoryview`, through which CPython's functions look at the object.
fn viewed(vm: &Vm, object: Option<&Object>) -> Outcome<Vec<u8>> {
    let object = object.unwrap_or(&Object::None);
    let Some(bytes) = kit::buffer_of(vm, object)? else {
        let message = format!("memoryview: a bytes-like object is required, not '{}'", vm.type_name(object));
        return Err(Raise::type_error(message));
    };
    let bytes = vec_of(vm, &bytes)?;
    charge(vm, bytes.len().saturating_mul(2))?;
    Ok(bytes)
}

fn b32encode(vm: &Vm, function: &str, alphabet: &[u8; 32], args: Args) -> Outcome {
    let [data] = bind(args, function, &["s"], 1)?;
    Ok(Object::bytes(base_codec::encode32(alphabet, &viewed(vm, data.as_ref())?)))
}

fn b32decode(vm: &Vm, args: Args) -> Outcome {
    let [data, fold, map01] = bind(args, "b32decode", &["s", "casefold", "map01"], 1)?;
    let mut data = encoded(vm, data.as_ref())?;
    if !data.len().is_multiple_of(8) {
        return Err(error("Incorrect padding"));
    }
    if let Some(letter) = given(map01.as_ref()) {
        let letter = encoded(vm, Some(letter))?;
        assert_len(vm, &Object::bytes(letter.clone()), 1)?;
        replace(&mut data, [(b'0', b'O'), (b'1', letter[0])]);
    }
    if fold.map_or(Ok(false), |fold| vm.truth(&fold))? {
        data.make_ascii_uppercase();
    }
    base_codec::decode32(BASE32, &data).map(Object::bytes).map_err(error)
}

fn b32hexdecode(vm: &Vm, args: Args) -> Outcome {
    let [data, fold] = bind(args, "b32hexdecode", &["s", "casefold"], 1)?;
    let mut data = encoded(vm, data.as_ref())?;
    if fold.map_or(Ok(false), |fold| vm.truth(&fold))? {
        data.make_ascii_uppercase();
    }
    base_codec::decode32(BASE32_HEX, &data).map(Object::bytes).map_err(error)
}

fn b16encode(vm: &Vm, args: Args) -> Outcome {
    let [data] = bind(args, "b16encode", &["s"], 1)?;
    let mut out = base_codec::hexlify(&plain(vm, data.as_ref())?, None, 1);
    out.make_ascii_uppercase();
    Ok(Object::bytes(out))
}

fn b16decode(vm: &Vm, args: Args) -> Outcome {
    let [data, fold] = bind(args, "b16decode", &["s", "casefold"], 1)?;
    let mut data = encoded(vm, data.as_ref())?;
    if fold.map_or(Ok(false), |fold| vm.truth(&fold))? {
        data.make_ascii_uppercase();
    }
    if !data.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')) {
        return Err(error("Non-base16 digit found"));
    }
    base_codec::unhexlify(&data).map(Object::bytes).map_err(error)
}

fn b85encode(vm: &Vm, args: Args) -> Outcome {
    let [data, pad] = bind(args, "b85encode", &["b", "pad"], 1)?;
    let data = viewed(vm, data.as_ref())?;
    let pad = pad.map_or(Ok(false), |pad| vm.truth(&pad))?;
    Ok(Object::bytes(base_codec::encode85(&data, pad)))
}

fn b85decode(vm: &Vm, args: Args) -> Outcome {
    let [data] = bind(args, "b85decode", &["b"], 1)?;
    base_codec::decode85(&encoded(vm, data.as_ref())?).map(Object::bytes).map_err(Raise::value_error)
}

/// The argument of the two functions for whole messages.
fn message(vm: &Vm, object: Option<&Object>) -> Outcome<Vec<u8>> {
    let object = object.unwrap_or(&Object::None);
    let Some(bytes) = kit::buffer_of(vm, object)? else {
        return Err(Raise::type_error(format!("expected bytes-like object, not {}", vm.type_name(object))));
    };
    let bytes = vec_of(vm, &bytes)?;
    charge(vm, bytes.len().saturating_mul(2))?;
    Ok(bytes)
}

fn encodebytes(vm: &Vm, args: Args) -> Outcome {
    let [data] = bind(args, "encodebytes", &["s"], 1)?;
    let data = message(vm, data.as_ref())?;
    let mut out = Vec::with_capacity(data.len().div_ceil(LINE) * 77);
    for line in data.chunks(LINE) {
        out.append(&mut base_codec::encode64(line));
        out.push(b'\n');
    }
    Ok(Object::bytes(out))
}

fn decodebytes(vm: &Vm, args: Args) -> Outcome {
    let [data] = bind(args, "decodebytes", &["s"], 1)?;
    base_codec::decode64(&message(vm, data.as_ref())?, false).map(Object::bytes).map_err(error)
}

/// `encode(input, output)`: from stream to stream, a line at a time.
fn encode(vm: &Vm, args: Args) -> Outcome {
    let [Some(input), Some(output)] = bind(args, "encode", &["input", "output"], 2)? else { return Ok(Object::None) };
    loop {
        vm.step(1)?;
        let mut line = Vec::new();
        while line.len() < LINE {
            let size = Object::int((LINE - line.len()) as u64);
            let read = vm.call_method(&input, "read", Args::new([size]))?;
            let read = vec_of(vm, &bytes_like(vm, &read)?)?;
            if read.is_empty() {
                break;
            }
            line.extend_from_slice(&read);
        }
        if line.is_empty() {
            return Ok(Object::None);
        }
        let mut out = base_codec::encode64(&line);
        out.push(b'\n');
        vm.call_method(&output, "write", Args::new([Object::bytes(out)]))?;
    }
}

/// `decode(input, output)`: from stream to stream, a line at a time.
fn decode(vm: &Vm, args: Args) -> Outcome {
    let [Some(input), Some(output)] = bind(args, "decode", &["input", "output"], 2)? else { return Ok(Object::None) };
    loop {
        vm.step(1)?;
        let line = vm.call_method(&input, "readline", Args::default())?;
        if !vm.truth(&line)? {
            return Ok(Object::None);
        }
        let line = encoded(vm, Some(&line))?;
        let bytes = base_codec::decode64(&line, false).map_err(error)?;
        vm.call_method(&output, "write", Args::new([Object::bytes(bytes)]))?;
    }
}
