//! `encode` and `decode`.

use std::borrow::Cow;

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
    let (text, encoding, errors) = (text.clone(), name(encoding, "utf-8"), name(errors, "strict"));
    Ok(vm.away(text.byte_len().get(), move || codec::encode(&text, &encoding, &errors))??)
}

/// `bytes.decode(encoding, errors)`
pub(in crate::console) fn decode(vm: &Vm, object: &Object, encoding: Option<&str>, errors: Option<&str>) -> Outcome {
    let bytes = match object {
        Object::Bytes(bytes) => bytes.clone(),
        other => Buffer::from(need_bytes(other)?.into_owned()),
    };
    vm.step(bytes.len().get() / 64)?;
    vm.allocate(bytes.len().get().saturating_mul(2))?;
    let (encoding, errors) = (name(encoding, "utf-8"), name(errors, "strict"));
    Ok(Object::Str(vm.away(bytes.len().get(), move || codec::decode(&bytes, &encoding, &errors))??))
}

fn name(given: Option<&str>, usual: &'static str) -> Cow<'static, str> {
    given.map_or(Cow::Borrowed(usual), |name| Cow::Owned(name.to_owned()))
}
