//! `binascii`

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::base_codec;
use super::kit::{self, Signature, bytes_like, int_of, vec_of};
use crate::console::call::Args;
use crate::console::class;
use crate::console::native::{Builtin, Module};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// Makes the module.
pub(super) fn load(_vm: &Vm) -> Outcome<Rc<Module>> {
    let errors = [("Error", Object::Class(class::BINASCII_ERROR))];
    Ok(kit::module("binascii", FUNCTIONS, errors))
}

static FUNCTIONS: &[Builtin] = &[
    Builtin { name: "a2b_base64", python: false, run: a2b_base64 },
    Builtin { name: "a2b_hex", python: false, run: |vm, args| unhexlify(vm, "a2b_hex", args) },
    Builtin { name: "b2a_base64", python: false, run: b2a_base64 },
    Builtin { name: "b2a_hex", python: false, run: |vm, args| hexlify(vm, "b2a_hex", args) },
    Builtin { name: "crc32", python: false, run: crc32 },
    Builtin { name: "crc_hqx", python: false, run: crc_hqx },
    Builtin { name: "hexlify", python: false, run: |vm, args| hexlify(vm, "hexlify", args) },
    Builtin { name: "unhexlify", python: false, run: |vm, args| unhexlify(vm, "unhexlify", args) },
];

/// `binascii.Error`
pub(super) fn error(message: impl AsRef<str>) -> Raise {
    Raise::new(class::BINASCII_ERROR, message)
}

/// What both decoders take: bytes or a `str` of ASCII.
fn encoded(vm: &Vm, object: &Object) -> Outcome<Vec<u8>> {
    let bytes = match kit::ascii_of(object)? {
        Some(bytes) => Some(bytes),
        None => kit::buffer_of(vm, object)?,
    };
    let bytes = bytes.ok_or_else(|| {
        let message = format!("argument should be bytes, buffer or ASCII string, not '{}'", vm.type_name(object));
        Raise::type_error(message)
    })?;
    vec_of(vm, &bytes)
}

/// Steps and memory for a result of about `len` bytes.
pub(super) fn charge(vm: &Vm, len: usize) -> Outcome<()> {
    vm.step(len as u64 / 1024)?;
    vm.allocate(len as u64)
}

fn a2b_base64(vm: &Vm, args: Args) -> Outcome {
    const SIGNATURE: Signature =
        Signature { function: "a2b_base64", names: &["data", "strict_mode"], positional: 1, required: 1 };
    let [data, strict] = bind(&SIGNATURE, args)?;
    let data = encoded(vm, &data.unwrap_or(Object::None))?;
    let strict = strict.map_or(Ok(false), |strict| vm.truth(&strict))?;
    charge(vm, data.len())?;
    vm.away(data.len() as u64, move || base_codec::decode64(&data, strict))?.map(Object::bytes).map_err(error)
}

fn b2a_base64(vm: &Vm, args: Args) -> Outcome {
    const SIGNATURE: Signature = Signature { function: "b2a_base64", names: &["data", "newline"], positional: 1, required: 1 };
    let [data, newline] = bind(&SIGNATURE, args)?;
    let data = vec_of(vm, &bytes_like(vm, &data.unwrap_or(Object::None))?)?;
    let newline = newline.map_or(Ok(true), |newline| vm.truth(&newline))?;
    charge(vm, data.len().saturating_mul(2))?;
    let mut out = vm.away(data.len() as u64, move || base_codec::encode64(&data))?;
    out.extend(newline.then_some(b'\n'));
    Ok(Object::bytes(out))
}

/// The arguments; those that have a name only are absent without being missed. A required one by position only is named in
/// another sentence than [`Signature::bind`]'s.
fn bind<const N: usize>(signature: &Signature, args: Args) -> Outcome<[Option<Object>; N]> {
    if args.positional.is_empty() && signature.required == 1 && signature.positional == 1 {
        let message = format!("{}() takes exactly 1 positional argument (0 given)", signature.function);
        return Err(Raise::type_error(message));
    }
    let mut values = signature.bind(args)?;
    values.resize(N, None);
    <[Option<Object>; N]>::try_from(values).map_err(|_| Raise::type_error("too many arguments"))
}

fn hexlify(vm: &Vm, function: &'static str, args: Args) -> Outcome {
    let signature = Signature { function, names: &["data", "sep", "bytes_per_sep"], positional: 3, required: 1 };
    let [data, separator, group] = bind(&signature, args)?;
    let data = bytes_like(vm, &data.unwrap_or(Object::None))?;
    let group = group.map_or(Ok(1), |group| int_of(vm, &group))?;
    let separator = separator.map(|separator| separator_of(vm, &separator)).transpose()?;
    let data = vec_of(vm, &data)?;
    charge(vm, data.len().saturating_mul(5))?;
    let out = vm.away(data.len() as u64, move || base_codec::hexlify(&data, separator, group))?;
    Ok(Object::bytes(out))
}

/// One character or byte between groups of digits.
fn separator_of(vm: &Vm, object: &Object) -> Outcome<u8> {
    if vm.len(object)? != 1 {
        return Err(Raise::value_error("sep must be length 1."));
    }
    match object {
        Object::Str(text) => match text.get(0).map(u8::try_from) {
            Some(Ok(byte)) => Ok(byte),
            _ => Err(Raise::value_error("sep must be ASCII.")),
        },
        object => match kit::buffer_of(vm, object)? {
            Some(bytes) => Ok(vec_of(vm, &bytes)?.first().copied().unwrap_or_default()),
            None => Err(Raise::type_error("sep must be str or bytes.")),
        },
    }
}

fn unhexlify(vm: &Vm, function: &str, args: Args) -> Outcome {
    let data = encoded(vm, &args.one(&format!("binascii.{function}"))?)?;
    charge(vm, data.len())?;
    vm.away(data.len() as u64, move || base_codec::unhexlify(&data))?.map(Object::bytes).map_err(error)
}

/// The low bits of an integer of any size, as C's casts keep them.
fn low_bits(vm: &Vm, object: Option<&Object>, bits: u32) -> Outcome<u32> {
    let Some(object) = object else { return Ok(0) };
    let Some(n) = object.index() else { return int_of(vm, object).map(|_| 0) };
    let mask = BigInt::from((1_u64 << bits) - 1);
    Ok((n & mask).to_u32().unwrap_or_default())
}

fn crc32(vm: &Vm, args: Args) -> Outcome {
    let args = args.between("crc32", 1, 2)?;
    let data = bytes_like(vm, &args[0])?;
    let mut hasher = crc32fast::Hasher::new_with_initial(low_bits(vm, args.get(1), 32)?);
    kit::in_pieces(vm, &data, |piece| hasher.update(piece))?;
    Ok(Object::int(hasher.finalize()))
}

fn crc_hqx(vm: &Vm, args: Args) -> Outcome {
    let args = args.between("crc_hqx", 2, 2)?;
    let data = bytes_like(vm, &args[0])?;
    let mut crc = low_bits(vm, args.get(1), 16)?;
    kit::in_pieces(vm, &data, |piece| {
        for byte in piece {
            crc ^= u32::from(*byte) << 8;
            for _ in 0..8 {
                crc = if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 };
            }
            crc &= 0xFFFF;
        }
    })?;
    Ok(Object::int(crc))
}
