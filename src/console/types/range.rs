//! `range`.

use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use num_traits::{One, Signed, Zero};

use crate::console::call::Args;
use crate::console::class::Class;
use crate::console::object::{Object, Range, Slice, Source};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::Text;

use super::arguments::{Call, index};
use super::compare::same_or_equal;

pub(super) const METHODS: &[&str] = &["count", "index"];

/// How many numbers there are.
pub(super) fn len(range: &Range) -> BigInt {
    let distance = if range.step.sign() == Sign::Minus { &range.start - &range.stop } else { &range.stop - &range.start };
    if distance.is_positive() { (distance - 1) / range.step.abs() + 1 } else { BigInt::zero() }
}

/// Equal are ranges of the same numbers.
pub(super) fn equal(a: &Range, b: &Range) -> bool {
    let count = len(a);
    count == len(b) && (count.is_zero() || (a.start == b.start && (count.is_one() || a.step == b.step)))
}

/// The hash of a range, which equal ones share.
pub(super) fn hash_parts(range: &Range, hash: fn(&Object) -> i64) -> i64 {
    let count = len(range);
    let start = if count.is_zero() { Object::None } else { Object::int(range.start.clone()) };
    let step = if count <= BigInt::one() { Object::None } else { Object::int(range.step.clone()) };
    super::hash::tuple_hash([Object::int(count), start, step].iter().map(hash), 3)
}

/// The number at `n`, which must not be negative.
fn at(range: &Range, n: &BigInt) -> Object {
    Object::int(&range.start + n * &range.step)
}

pub(super) fn construct(_vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.keywords.is_empty() {
        return Err(Raise::type_error("range() takes no keyword arguments"));
    }
    let parts = args.between("range", 1, 3)?.iter().map(index).collect::<Outcome<Vec<_>>>()?;
    let mut parts = parts.into_iter();
    let (first, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let (start, stop) = match second {
        Some(stop) => (first, stop),
        None => (BigInt::zero(), first),
    };
    let step = third.unwrap_or_else(BigInt::one);
    if step.is_zero() {
        return Err(Raise::value_error("range() arg 3 must not be zero"));
    }
    Ok(Object::Range(Rc::new(Range { start, stop, step })))
}

pub(super) fn repr(range: &Range) -> Text {
    let Range { start, stop, step } = range;
    Text::from(if step.is_one() { format!("range({start}, {stop})") } else { format!("range({start}, {stop}, {step})") })
}

pub(super) fn attribute(range: &Range, name: &str) -> Option<Object> {
    match name {
        "start" => Some(Object::int(range.start.clone())),
        "stop" => Some(Object::int(range.stop.clone())),
        "step" => Some(Object::int(range.step.clone())),
        _ => None,
    }
}

/// Where a number is in a range.
fn find(range: &Range, number: &BigInt) -> Option<BigInt> {
    let distance = number - &range.start;
    let place = &distance / &range.step;
    (!place.is_negative() && &place * &range.step == distance && place < len(range)).then_some(place)
}

/// Where anything equal is: numbers at once, all else by looking at each.
fn search(vm: &Vm, range: &Range, item: &Object) -> Outcome<Option<BigInt>> {
    if let Some(number) = item.index() {
        return Ok(find(range, &number));
    }
    let count = len(range);
    let mut n = BigInt::zero();
    while n < count {
        vm.step(1)?;
        if same_or_equal(vm, &at(range, &n), item)? {
            return Ok(Some(n));
        }
        n += 1;
    }
    Ok(None)
}

pub(super) fn contains(vm: &Vm, range: &Range, item: &Object) -> Outcome<bool> {
    Ok(search(vm, range, item)?.is_some())
}

pub(super) fn call(vm: &Vm, range: &Range, name: &str, args: Args) -> Outcome {
    let item = Call::new("range", name, args).one()?;
    let place = search(vm, range, &item)?;
    if name == "count" {
        return Ok(Object::Int(place.is_some().into()));
    }
    match place {
        Some(place) => Ok(Object::int(place)),
        None if item.index().is_some() => {
            let shown = vm.repr(&item)?.to_string_lossy();
            Err(Raise::value_error(format!("{shown} is not in range")))
        }
        None => Err(Raise::value_error("sequence.index(x): x not in sequence")),
    }
}

pub(super) fn get_item(range: &Range, key: &Object) -> Outcome {
    if let Object::Slice(slice) = key {
        return sliced(range, slice);
    }
    let Some(mut n) = key.index() else {
        let message = format!("range indices must be integers or slices, not {}", super::type_name(key));
        return Err(Raise::type_error(message));
    };
    let count = len(range);
    if n.is_negative() {
        n += &count;
    }
    if n.is_negative() || n >= count {
        return Err(Raise::new(crate::console::class::INDEX_ERROR, "range object index out of range"));
    }
    Ok(at(range, &n))
}

fn sliced(range: &Range, slice: &Slice) -> Outcome {
    let (start, stop, step) = super::slice::exact(slice, &len(range))?;
    let place = |n: &BigInt| &range.start + n * &range.step;
    Ok(Object::Range(Rc::new(Range { start: place(&start), stop: place(&stop), step: step * &range.step })))
}

/// The numbers of a range, one by one; small ones without big arithmetic.
pub(super) enum Numbers {
    Small { next: i64, left: u64, step: i64 },
    Big { next: BigInt, left: BigInt, step: BigInt },
}

impl Numbers {
    pub(super) fn new(range: &Range) -> Self {
        let left = len(range);
        let last = &range.start + &range.step * &left;
        match (i64::try_from(&range.start), u64::try_from(&left), i64::try_from(&range.step), i64::try_from(&last)) {
            (Ok(next), Ok(left), Ok(step), Ok(_)) => Self::Small { next, left, step },
            _ => Self::Big { next: range.start.clone(), left, step: range.step.clone() },
        }
    }

    /// The same from the last to the first.
    pub(super) fn reversed(range: &Range) -> Self {
        let count = len(range);
        let last = &range.start + &range.step * (&count - 1);
        let step = -&range.step;
        let stop = &last + &step * count;
        Self::new(&Range { start: last, stop, step })
    }
}

impl Source for Numbers {
    fn next(&mut self, _vm: &Vm) -> Outcome<Option<Object>> {
        match self {
            Self::Small { left: 0, .. } => Ok(None),
            Self::Small { next, left, step } => {
                let number = *next;
                *next += *step;
                *left -= 1;
                Ok(Some(Object::Int(number)))
            }
            Self::Big { left, .. } if left.is_zero() => Ok(None),
            Self::Big { next, left, step } => {
                let number = Object::int(next.clone());
                *next += &*step;
                *left -= 1;
                Ok(Some(number))
            }
        }
    }

    fn hint(&self) -> usize {
        match self {
            Self::Small { left, .. } => usize::try_from(*left).unwrap_or(usize::MAX),
            Self::Big { .. } => 0,
        }
    }
}
