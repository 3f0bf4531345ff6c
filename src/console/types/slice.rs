//! `slice`, and what a slice selects.

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use crate::console::call::Args;
use crate::console::class::Class;
use crate::console::object::{Object, Slice};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::Text;

use super::arguments::{Call, index, slice_bound};

pub(super) const METHODS: &[&str] = &["indices"];

/// What a slice selects of a sequence: `count` items, `step` apart, the first at `start`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selection {
    pub(super) start: usize,
    pub(super) count: usize,
    pub(super) step: i64,
    /// Where the slice begins and ends, whether or not there is anything between.
    pub(super) stop: usize,
}

impl Selection {
    /// The places, in order.
    pub(super) fn places(self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        // All places lie inside a sequence, so no product leaves the range.
        (0..self.count).map(move |n| (self.start as i64 + n as i64 * self.step) as usize)
    }
}

/// What `slice` selects of `len` items.
pub(super) fn select(slice: &Slice, len: usize) -> Outcome<Selection> {
    let step = slice_bound(&slice.step)?.unwrap_or(1).max(-i64::MAX);
    if step == 0 {
        return Err(Raise::value_error("slice step cannot be zero"));
    }
    let len = i64::try_from(len).unwrap_or(i64::MAX);
    let (lowest, highest) = if step < 0 { (-1, len - 1) } else { (0, len) };
    let bound = |object: &Object, absent: i64| -> Outcome<i64> {
        Ok(match slice_bound(object)? {
            None => absent,
            Some(n) if n < 0 => n.saturating_add(len).max(lowest),
            Some(n) => n.min(highest),
        })
    };
    let (first, last) = if step < 0 { (highest, lowest) } else { (lowest, highest) };
    let (start, stop) = (bound(&slice.start, first)?, bound(&slice.stop, last)?);
    let distance = if step < 0 { start - stop } else { stop - start };
    let count = if distance <= 0 { 0 } else { (distance - 1) / step.saturating_abs() + 1 };
    let stop = if step > 0 { stop.max(start) } else { stop };
    let place = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok(Selection { start: place(start), count: place(count), step, stop: place(stop) })
}

/// `start`, `stop` and `step` of a slice over `len` items, of any size.
pub(super) fn exact(slice: &Slice, len: &BigInt) -> Outcome<(BigInt, BigInt, BigInt)> {
    let part = |object: &Object| -> Outcome<Option<BigInt>> {
        if object.is_none() {
            return Ok(None);
        }
        slice_bound(object)?;
        Ok(object.index())
    };
    let step = part(&slice.step)?.unwrap_or_else(BigInt::one);
    if step.is_zero() {
        return Err(Raise::value_error("slice step cannot be zero"));
    }
    let (lowest, highest) = if step.is_negative() { (-BigInt::one(), len - 1) } else { (BigInt::zero(), len.clone()) };
    let bound = |value: Option<BigInt>, absent: &BigInt| match value {
        None => absent.clone(),
        Some(n) if n.is_negative() => (n + len).max(lowest.clone()),
        Some(n) => n.min(highest.clone()),
    };
    let (first, last) = if step.is_negative() { (&highest, &lowest) } else { (&lowest, &highest) };
    Ok((bound(part(&slice.start)?, first), bound(part(&slice.stop)?, last), step))
}

pub(super) fn construct(_vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.keywords.is_empty() {
        return Err(Raise::type_error("slice() takes no keyword arguments"));
    }
    let mut parts = args.between("slice", 1, 3)?;
    let mut next = |at: usize| if at < parts.len() { std::mem::replace(&mut parts[at], Object::None) } else { Object::None };
    let (first, second, third) = (next(0), next(1), next(2));
    let only_stop = parts.len() == 1;
    let (start, stop) = if only_stop { (Object::None, first) } else { (first, second) };
    Ok(Object::Slice(Rc::new(Slice { start, stop, step: third })))
}

pub(super) fn attribute(slice: &Slice, name: &str) -> Option<Object> {
    match name {
        "start" => Some(slice.start.clone()),
        "stop" => Some(slice.stop.clone()),
        "step" => Some(slice.step.clone()),
        _ => None,
    }
}

pub(super) fn repr(vm: &Vm, slice: &Slice) -> Outcome<Text> {
    let _entered = vm.enter()?;
    let mut out = Text::from("slice(");
    for (n, part) in [&slice.start, &slice.stop, &slice.step].into_iter().enumerate() {
        if n > 0 {
            out = out.concat(&", ".into());
        }
        out = out.concat(&vm.repr(part)?);
    }
    Ok(out.concat(&")".into()))
}

pub(super) fn call(_vm: &Vm, slice: &Slice, name: &str, args: Args) -> Outcome {
    let len = index(&Call::new("slice", name, args).one()?)?;
    if len.is_negative() {
        return Err(Raise::value_error("length should not be negative"));
    }
    let (start, stop, step) = exact(slice, &len)?;
    Ok(Object::tuple([start, stop, step].into_iter().map(Object::int).collect()))
}
