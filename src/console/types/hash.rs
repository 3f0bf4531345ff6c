//! `hash`, and values as keys.
//!
//! Numbers, tuples and frozen sets hash to CPython's own numbers. Texts and bytes do not: CPython's differ from run to run.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

use crate::console::object::{Key, Object};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::bytes_of;

use super::compare::{is_same, numbers};
use super::type_name;

/// The prime that numbers are hashed by.
const MODULUS: u64 = (1 << 61) - 1;

/// The value as a key of a `dict` or `set`.
pub(in crate::console) fn key(vm: &Vm, object: &Object) -> Outcome<Key> {
    check(vm, object)?;
    Ok(Key(object.clone()))
}

/// `TypeError` for what cannot be hashed.
fn check(vm: &Vm, object: &Object) -> Outcome<()> {
    match object {
        Object::List(_) | Object::Dict(_) | Object::ByteArray(_) | Object::Slice(_) => Err(unhashable(object)),
        Object::Set(set) if !set.frozen => Err(unhashable(object)),
        Object::Native(_) if super::dict_view::is_unhashable(object) => Err(unhashable(object)),
        Object::View(view) => {
            view.length()?;
            if super::view::is_readonly(view) {
                return Ok(());
            }
            Err(Raise::value_error("cannot hash writable memoryview object"))
        }
        Object::Tuple(tuple) => {
            let _entered = vm.enter()?;
            for item in &tuple.items {
                check(vm, item)?;
            }
            vm.step(tuple.items.len() as u64 / 8)
        }
        _ => Ok(()),
    }
}

fn unhashable(object: &Object) -> Raise {
    Raise::type_error(format!("unhashable type: '{}'", type_name(object)))
}

/// `hash(object)`
pub(in crate::console) fn hash(vm: &Vm, object: &Object) -> Outcome<i64> {
    check(vm, object)?;
    Ok(value_hash(object))
}

/// The hash of what [`check`] let pass.
fn value_hash(object: &Object) -> i64 {
    let hash = match object {
        Object::Bool(b) => i64::from(*b),
        Object::Int(n) => small(*n),
        Object::BigInt(n) => big(n),
        Object::Float(n) => float(*n),
        Object::Str(text) => text_hash(text),
        Object::Bytes(bytes) => bytes_hash(&bytes_of(bytes)),
        Object::View(view) => bytes_hash(&view.to_vec().unwrap_or_default()),
        Object::Tuple(tuple) => tuple_hash(tuple.items.iter().map(value_hash), tuple.items.len()),
        Object::Set(set) => frozen_hash(set.items.borrow().iter().map(|key| value_hash(&key.0)), set.items.borrow().len()),
        Object::Range(range) => super::range::hash_parts(range, value_hash),
        Object::Native(native) => native.hash().map_or_else(|| pointer(Rc::as_ptr(native).cast()), |hash| hash as i64),
        Object::Class(class) => pointer(std::ptr::from_ref(class.0).cast()),
        Object::ClassMethod(class, name) => pointer(std::ptr::from_ref(class.0).cast()) ^ bytes_hash(name.as_bytes()),
        other => identity(other) as i64,
    };
    if hash == -1 { -2 } else { hash }
}

fn pointer(pointer: *const ()) -> i64 {
    (pointer as usize >> 4) as i64
}

/// A number that no other object that lives now has.
pub(in crate::console) fn identity(object: &Object) -> u64 {
    let address = match object {
        Object::List(list) => Rc::as_ptr(list).cast::<()>(),
        Object::Tuple(tuple) => Rc::as_ptr(tuple).cast(),
        Object::Dict(dict) => Rc::as_ptr(dict).cast(),
        Object::Set(set) => Rc::as_ptr(set).cast(),
        Object::Range(range) => Rc::as_ptr(range).cast(),
        Object::Slice(slice) => Rc::as_ptr(slice).cast(),
        Object::Iterator(iterator) => Rc::as_ptr(iterator).cast(),
        Object::Function(function) => Rc::as_ptr(function).cast(),
        Object::Method(method) => Rc::as_ptr(method).cast(),
        Object::Builtin(builtin) => std::ptr::from_ref(*builtin).cast(),
        Object::Class(class) => std::ptr::from_ref(class.0).cast(),
        Object::Module(module) => Rc::as_ptr(module).cast(),
        Object::Exception(exception) => Rc::as_ptr(exception).cast(),
        Object::Native(native) => Rc::as_ptr(native).cast(),
        Object::BigInt(n) => Rc::as_ptr(n).cast(),
        Object::None => return 0x10,
        Object::Ellipsis => return 0x20,
        Object::NotImplemented => return 0x30,
        // The address is part of their repr.
        Object::Stream(stream) => return address_in(&stream.repr()),
        Object::View(view) => return address_in(&view.repr()),
        Object::ByteArray(array) => return array.address() as u64,
        other => return value_hash(other) as u64 & 0x7FFF_FFFF_FFF0,
    };
    address as usize as u64
}

fn address_in(repr: &str) -> u64 {
    let digits = repr.rsplit_once("0x").map_or("", |(_, rest)| rest.trim_end_matches('>'));
    u64::from_str_radix(digits, 16).unwrap_or(0)
}

fn small(n: i64) -> i64 {
    let rest = (n.unsigned_abs() % MODULUS) as i64;
    if n < 0 { -rest } else { rest }
}

pub(super) fn big(n: &BigInt) -> i64 {
    let rest = (n.magnitude() % MODULUS).to_i64().unwrap_or(0);
    if n.sign() == Sign::Minus { -rest } else { rest }
}

fn float(n: f64) -> i64 {
    if n.is_infinite() {
        return if n > 0.0 { 314_159 } else { -314_159 };
    }
    if n.is_nan() {
        return n.to_bits() as i64 >> 4;
    }
    let bits = n.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    // A power of two is a rotation within 61 bits.
    let shift = exponent.rem_euclid(61) as u32;
    let rest = mantissa % MODULUS;
    let rest = ((rest << shift) & MODULUS) | (rest >> (61 - shift));
    let rest = (if rest == MODULUS { 0 } else { rest }) as i64;
    if n < 0.0 { -rest } else { rest }
}

fn text_hash(text: &crate::stream::Text) -> i64 {
    match text.latin1() {
        Some(bytes) => bytes_hash(&bytes),
        None => {
            let mut hasher = Fnv::default();
            let mut wide = false;
            for point in text.code_points() {
                wide |= point > 0xFF;
                hasher.write(&point.to_le_bytes());
            }
            // A text that could be Latin-1 hashes as such, whatever its width is.
            if wide {
                hasher.finish() as i64
            } else {
                bytes_hash(&text.code_points().map(|point| point as u8).collect::<Vec<_>>())
            }
        }
    }
}

fn bytes_hash(bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    let mut hasher = std::collections::hash_map::DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish() as i64
}

/// A small hash of its own for wide texts.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}

/// The hash of a sequence of hashes, as CPython makes it for tuples.
pub(super) fn tuple_hash(items: impl Iterator<Item = i64>, len: usize) -> i64 {
    const PRIME_1: u64 = 11_400_714_785_074_694_791;
    const PRIME_2: u64 = 14_029_467_366_897_019_727;
    const PRIME_5: u64 = 2_870_177_450_012_600_261;
    let mut sum = PRIME_5;
    for item in items {
        sum = sum.wrapping_add((item as u64).wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1);
    }
    sum = sum.wrapping_add(len as u64 ^ (PRIME_5 ^ 3_527_539));
    if sum == u64::MAX { 1_546_275_796 } else { sum as i64 }
}

/// The hash of a frozen set: no order.
fn frozen_hash(items: impl Iterator<Item = i64>, len: usize) -> i64 {
    let mut sum = 0_u64;
    for item in items {
        let hash = item as u64;
        sum ^= (hash ^ 89_869_747 ^ (hash << 16)).wrapping_mul(3_644_798_167);
    }
    sum ^= (len as u64 + 1).wrapping_mul(1_927_868_237);
    sum ^= (sum >> 11) ^ (sum >> 25);
    sum = sum.wrapping_mul(69_069).wrapping_add(907_133_923);
    if sum == u64::MAX { 590_923_713 } else { sum as i64 }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i64(value_hash(&self.0));
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        equal(&self.0, &other.0)
    }
}

impl Eq for Key {}

/// Equality of hashable values; none of them calls back.
fn equal(a: &Object, b: &Object) -> bool {
    if is_same(a, b) {
        return true;
    }
    match (a, b) {
        (Object::Str(a), Object::Str(b)) => a == b,
        (Object::Bytes(a), Object::Bytes(b)) => a == b,
        (Object::View(view), Object::Bytes(bytes)) | (Object::Bytes(bytes), Object::View(view)) => {
            view.equals(&crate::stream::Value::Bytes(bytes.clone()))
        }
        (Object::View(a), Object::View(b)) => a == b,
        (Object::Tuple(a), Object::Tuple(b)) => {
            a.items.len() == b.items.len() && a.items.iter().zip(&b.items).all(|(a, b)| equal(a, b))
        }
        (Object::Set(a), Object::Set(b)) => {
            let (a, b) = (a.items.borrow(), b.items.borrow());
            a.len() == b.len() && a.is_subset(&b)
        }
        (Object::Range(a), Object::Range(b)) => super::range::equal(a, b),
        (Object::Method(a), Object::Method(b)) => a.name == b.name && is_same(&a.receiver, &b.receiver),
        (Object::Native(a), Object::Native(b)) => a.class() == b.class() && a.hash().is_some() && a.hash() == b.hash(),
        _ => numbers(a, b).is_some_and(|order| order.is_some_and(std::cmp::Ordering::is_eq)),
    }
}

/// The hash of a key.
pub(super) fn key_hash(key: &Key) -> i64 {
    value_hash(&key.0)
}
