//! Streams as values of the console.

use crate::console::call::Args;
use crate::console::class::{Class, ClassInfo, OBJECT};
use crate::console::object::Object;
use crate::console::raise::Outcome;
use crate::console::vm::Vm;
use crate::stream::{StreamObject, Text};

const BYTES_IO: Class = {
    static INFO: ClassInfo =
        ClassInfo { name: "BytesIO", module: "_io", bases: &[OBJECT], construct: None, methods: crate::stream::BytesIO::METHODS };
    Class(&INFO)
};

pub(in crate::console) fn class_of(_stream: &StreamObject) -> Class {
    BYTES_IO
}

pub(in crate::console) fn repr(stream: &StreamObject) -> Outcome<Text> {
    Ok(stream.repr().into())
}

pub(in crate::console) fn method_repr(_stream: &StreamObject, name: &str) -> String {
    name.to_owned()
}

pub(in crate::console) fn has_method(stream: &StreamObject, name: &str) -> bool {
    stream.has_method(name)
}

pub(in crate::console) fn get_attribute(_vm: &Vm, _stream: &StreamObject, _name: &str) -> Outcome {
    Ok(Object::None)
}

pub(in crate::console) fn set_attribute(_vm: &Vm, _stream: &StreamObject, _name: &str, _value: &Object) -> Outcome<()> {
    Ok(())
}

pub(in crate::console) fn delete_attribute(_stream: &StreamObject, _name: &str) -> Outcome<()> {
    Ok(())
}

pub(in crate::console) fn call(_vm: &Vm, _stream: &StreamObject, _method: &str, _args: Args) -> Outcome {
    Ok(Object::None)
}

pub(in crate::console) fn iterate(stream: &StreamObject) -> Outcome {
    Ok(Object::Stream(stream.clone()))
}

pub(in crate::console) fn next(_stream: &StreamObject) -> Outcome<Option<Object>> {
    Ok(None)
}
