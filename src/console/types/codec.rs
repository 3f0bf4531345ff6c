//! `encode` and `decode`.

use crate::buffer::Buffer;
use crate::console::object::Object;
use crate::console::raise::Outcome;
use crate::console::vm::Vm;
use crate::stream::{Text, codec};

use super::bytes::need_bytes;

/// `text.encode(encoding, errors)`
pub(in crate::console) fn encode(vm: &Vm, text: &Text, encoding: Option<&str>, errors: Option<&str>) -> Outcome<Buffer> {
    vm.step(text.len() / 64)?;
    vm.allocate(text.len().saturating_mul(4))?;
    Ok(codec::encode(text, encoding.unwrap_or("utf-8"), errors.unwrap_or("strict"))?)
}

/// `bytes.decode(encoding, errors)`
pub(in crate::console) fn decode(vm: &Vm, object: &Object, encoding: Option<&str>, errors: Option<&str>) -> Outcome {
    let bytes = match object {
        Object::Bytes(bytes) => bytes.clone(),
        other => Buffer::from(need_bytes(other)?.into_owned()),
    };
    vm.step(bytes.len().get() / 64)?;
    vm.allocate(bytes.len().get().saturating_mul(2))?;
    Ok(Object::Str(codec::decode(&bytes, encoding.unwrap_or("utf-8"), errors.unwrap_or("strict"))?))
}
