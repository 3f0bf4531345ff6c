//! `shutil`: without a file system only `copyfileobj` is left.

use super::{Loaded, module};
use crate::console::call::Args;
use crate::console::object::Object;
use crate::console::raise::Outcome;
use crate::console::vm::Vm;

/// What is copied at once, unless a script says otherwise.
const PIECE: i64 = 64 * 1024;

pub(super) fn load(_vm: &Vm) -> Loaded {
    Ok(module("shutil", [("copyfileobj", function!("copyfileobj", python, copy_file_object))]))
}

/// `shutil.copyfileobj(fsrc, fdst, length=0)`
fn copy_file_object(vm: &Vm, args: Args) -> Outcome {
    let bound = args.bind("copyfileobj", &["fsrc", "fdst", "length"], 2)?;
    let mut bound = bound.into_iter().map(|value| value.unwrap_or(Object::None));
    let mut next = || bound.next().unwrap_or(Object::None);
    let (source, target, length) = (next(), next(), next());
    let length = if vm.truth(&length)? { length } else { Object::Int(PIECE) };
    let read = vm.get_attribute(&source, "read")?;
    let write = vm.get_attribute(&target, "write")?;
    loop {
        vm.step(1)?;
        let piece = vm.call(&read, Args::new([length.clone()]))?;
        if !vm.truth(&piece)? {
            return Ok(Object::None);
        }
        vm.call(&write, Args::new([piece]))?;
    }
}
