//! `list`.

use std::rc::Rc;

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::object::{List, Object, drop_items};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::arguments::{Call, bounds, named, needed_bound, ssize};
use super::compare::same_or_equal;
use super::slice::select;
use super::{Comparison, truth};

pub(super) const METHODS: &[&str] =
    &["append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"];

/// Bytes that an item of a container takes.
const ITEM: u64 = size_of::<Object>() as u64;

/// Announces a list or tuple of `count` items.
pub(in crate::console) fn announce(vm: &Vm, count: usize) -> Outcome<()> {
    vm.allocate((count as u64).saturating_mul(ITEM))?;
    vm.step(count as u64 / 16)
}

pub(in crate::console) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.keywords.is_empty() {
        return Err(Raise::type_error("list() takes no keyword arguments"));
    }
    let items = match args.between("list", 0, 1)?.pop() {
        None => Vec::new(),
        Some(source) => collect(vm, &source)?,
    };
    Ok(Object::list(items))
}

/// All that iterating gives; lists and tuples at once.
pub(in crate::console) fn collect(vm: &Vm, source: &Object) -> Outcome<Vec<Object>> {
    match source {
        Object::List(list) => {
            announce(vm, list.items.borrow().len())?;
            Ok(list.items.borrow().clone())
        }
        Object::Tuple(tuple) => {
            announce(vm, tuple.items.len())?;
            Ok(tuple.items.clone())
        }
        other => {
            let iterator = vm.iterate(other)?;
            let mut items = Vec::new();
            while let Some(item) = vm.next(&iterator)? {
                vm.step(1)?;
                if items.len().is_power_of_two() {
                    announce(vm, items.len() * 2)?;
                }
                items.push(item);
            }
            Ok(items)
        }
    }
}

/// `list += source`
pub(in crate::console) fn extend(vm: &Vm, list: &List, source: &Object) -> Outcome<()> {
    if matches!(source, Object::List(_) | Object::Tuple(_)) {
        let more = collect(vm, source)?;
        announce(vm, list.items.borrow().len() + more.len())?;
        list.items.borrow_mut().extend(more);
        return Ok(());
    }
    let iterator = vm.iterate(source)?;
    while let Some(item) = vm.next(&iterator)? {
        push(vm, list, item)?;
    }
    Ok(())
}

/// Adds an item; used by everything that lets a list grow.
pub(in crate::console) fn push(vm: &Vm, list: &List, item: Object) -> Outcome<()> {
    vm.step(1)?;
    let len = list.items.borrow().len();
    if len.is_power_of_two() {
        announce(vm, len * 2)?;
    }
    list.items.borrow_mut().push(item);
    Ok(())
}

/// `count` copies of `items`.
pub(in crate::console) fn repeat(vm: &Vm, items: &[Object], count: u64) -> Outcome<Vec<Object>> {
    let total = (items.len() as u64).checked_mul(count).and_then(|total| usize::try_from(total).ok());
    let total = total.filter(|&total| total <= isize::MAX as usize / size_of::<Object>());
    let total = total.ok_or_else(super::number::memory_error)?;
    announce(vm, total)?;
    let mut out = Vec::new();
    out.try_reserve_exact(total).map_err(|_| super::number::memory_error())?;
    for n in 0..if items.is_empty() { 0 } else { count } {
        if n % 4096 == 0 {
            vm.step(1)?;
        }
        out.extend_from_slice(items);
    }
    Ok(out)
}

pub(in crate::console) fn repeat_in_place(vm: &Vm, list: &List, count: u64) -> Outcome<()> {
    let items = list.items.borrow().clone();
    let items = repeat(vm, &items, count)?;
    replace_all(list, items);
    Ok(())
}

/// Puts `items` in; the old ones are dropped when nothing is borrowed, for a finaliser may look at the list.
fn replace_all(list: &List, items: Vec<Object>) {
    let old = list.items.replace(items);
    drop_items(old);
}

pub(in crate::console) fn call(vm: &Vm, list: &Rc<List>, name: &str, args: Args) -> Outcome {
    let call = Call::new("list", name, args);
    match name {
        "append" => {
            let item = call.one()?;
            push(vm, list, item)?;
        }
        "clear" => {
            call.none()?;
            replace_all(list, Vec::new());
        }
        "copy" => {
            call.none()?;
            return Ok(Object::list(collect(vm, &Object::List(Rc::clone(list)))?));
        }
        "count" => {
            let item = call.one()?;
            return count(vm, |at| list.items.borrow().get(at).cloned(), &item);
        }
        "extend" => extend(vm, list, &call.one()?)?,
        "index" => {
            let [item, start, stop] = call.between(1)?;
            let item = item.unwrap_or(Object::None);
            needed_bound(&start)?;
            needed_bound(&stop)?;
            let range = bounds(list.items.borrow().len(), start.as_ref(), stop.as_ref())?;
            let stop = if stop.is_none() { usize::MAX } else { range.1 };
            return match index(vm, |at| list.items.borrow().get(at).cloned(), &item, range.0, stop)? {
                Some(at) => Ok(Object::int(at)),
                None => Err(Raise::value_error(format!("{} is not in list", vm.repr(&item)?.to_string_lossy()))),
            };
        }
        "insert" => {
            let [at, item] = call.between(2)?;
            let at = ssize(&at.unwrap_or(Object::None))?;
            let len = list.items.borrow().len();
            announce(vm, len + 1)?;
            let at = place_to_insert(at, len);
            list.items.borrow_mut().insert(at, item.unwrap_or(Object::None));
        }
        "pop" => {
            let [at] = call.between(0)?;
            let at = at.as_ref().map_or(Ok(-1), ssize)?;
            let len = list.items.borrow().len();
            if len == 0 {
                return Err(Raise::new(class::INDEX_ERROR, "pop from empty list"));
            }
            let at = place(at, len).ok_or_else(|| Raise::new(class::INDEX_ERROR, "pop index out of range"))?;
            return Ok(list.items.borrow_mut().remove(at));
        }
        "remove" => {
            let item = call.one()?;
            match index(vm, |at| list.items.borrow().get(at).cloned(), &item, 0, usize::MAX)? {
                Some(at) => {
                    let removed = (at < list.items.borrow().len()).then(|| list.items.borrow_mut().remove(at));
                    drop(removed);
                }
                None => return Err(Raise::value_error("list.remove(x): x not in list")),
            }
        }
        "reverse" => {
            call.none()?;
            list.items.borrow_mut().reverse();
        }
        _ => {
            let (key, reverse) = sort_arguments(call.args)?;
            // While it is sorted the list is empty, as in CPython; who changes it then is told so.
            let items = list.items.take();
            let (sorted, failure) = sort(vm, items, &key, reverse);
            let changed = !list.items.borrow().is_empty();
            replace_all(list, sorted);
            failure?;
            if changed {
                return Err(Raise::value_error("list modified during sort"));
            }
        }
    }
    Ok(Object::None)
}

/// Where `insert` puts an item.
pub(in crate::console) fn place_to_insert(at: i64, len: usize) -> usize {
    match usize::try_from(at) {
        Ok(at) => at.min(len),
        Err(_) => len.saturating_sub(usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX)),
    }
}

/// The place that an index names; negative ones count from the end.
pub(in crate::console) fn place(at: i64, len: usize) -> Option<usize> {
    let at = if at < 0 { at.checked_add(i64::try_from(len).ok()?)? } else { at };
    usize::try_from(at).ok().filter(|&at| at < len)
}

/// How many items equal `item`.
pub(in crate::console) fn count(vm: &Vm, get: impl Fn(usize) -> Option<Object>, item: &Object) -> Outcome {
    let (mut at, mut count) = (0, 0);
    while let Some(here) = get(at) {
        vm.step(1)?;
        count += i64::from(same_or_equal(vm, &here, item)?);
        at += 1;
    }
    Ok(Object::Int(count))
}

/// Where the first item from `start` on and before `stop` is that equals `item`.
pub(in crate::console) fn index(
    vm: &Vm,
    get: impl Fn(usize) -> Option<Object>,
    item: &Object,
    start: usize,
    stop: usize,
) -> Outcome<Option<usize>> {
    let mut at = start;
    while at < stop
        && let Some(here) = get(at)
    {
        vm.step(1)?;
        if same_or_equal(vm, &here, item)? {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

/// `key` and `reverse` of `list.sort` and `sorted`.
pub(in crate::console) fn sort_arguments(args: Args) -> Outcome<(Object, bool)> {
    let [key, reverse] = named("sort", args, ["key", "reverse"], 0, 0, 0)?;
    let reverse = reverse.map_or(Ok(0), |reverse| super::arguments::c_int(&reverse))?;
    Ok((key.unwrap_or(Object::None), reverse != 0))
}

/// Sorts, stable; where a comparison raises, the items come back in some order with the exception.
pub(in crate::console) fn sort(vm: &Vm, items: Vec<Object>, key: &Object, reverse: bool) -> (Vec<Object>, Outcome<()>) {
    let mut pairs = Vec::with_capacity(items.len());
    let mut failure = Ok(());
    for item in items {
        let sort_key = if failure.is_err() || key.is_none() {
            Ok(item.clone())
        } else {
            vm.step(1).and_then(|()| vm.call(key, Args::new([item.clone()])))
        };
        let sort_key = sort_key.unwrap_or_else(|raise| {
            failure = Err(raise);
            Object::None
        });
        pairs.push((sort_key, item));
    }
    if reverse {
        pairs.reverse();
    }
    if failure.is_ok() {
        failure = merge_sort(&mut pairs, &mut |a, b| {
            vm.step(1)?;
            truth(vm, &super::compare(vm, Comparison::Lt, &a.0, &b.0)?)
        });
    }
    if reverse {
        pairs.reverse();
    }
    (pairs.into_iter().map(|(_, item)| item).collect(), failure)
}

/// Insertion within short runs, then merging; asks only `less(later, earlier)`, and never loses an item when that fails.
fn merge_sort<T: Clone>(items: &mut Vec<T>, less: &mut impl FnMut(&T, &T) -> Outcome<bool>) -> Outcome<()> {
    // What is in order already takes one comparison an item.
    let mut sorted = true;
    for pair in items.windows(2) {
        if less(&pair[1], &pair[0])? {
            sorted = false;
            break;
        }
    }
    if sorted {
        return Ok(());
    }
    const RUN: usize = 16;
    for start in (0..items.len()).step_by(RUN) {
        let end = (start + RUN).min(items.len());
        for at in start + 1..end {
            let mut to = at;
            while to > start && less(&items[to], &items[to - 1])? {
                items.swap(to, to - 1);
                to -= 1;
            }
        }
    }
    let mut width = RUN;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for start in (0..items.len()).step_by(width * 2) {
            let (middle, end) = ((start + width).min(items.len()), (start + width * 2).min(items.len()));
            let (mut left, mut right) = (start, middle);
            while left < middle && right < end {
                let from = if less(&items[right], &items[left])? { &mut right } else { &mut left };
                merged.push(items[*from].clone());
                *from += 1;
            }
            merged.extend_from_slice(&items[left..middle]);
            merged.extend_from_slice(&items[right..end]);
        }
        *items = merged;
        width *= 2;
    }
    Ok(())
}

pub(in crate::console) fn get_item(vm: &Vm, list: &List, key: &Object) -> Outcome {
    if let Object::Slice(slice) = key {
        let selection = select(slice, list.items.borrow().len())?;
        announce(vm, selection.count)?;
        let items = list.items.borrow();
        return Ok(Object::list(selection.places().filter_map(|at| items.get(at).cloned()).collect()));
    }
    let at = super::item::index_of("list", key)?;
    let items = list.items.borrow();
    match place(at, items.len()).and_then(|at| items.get(at)) {
        Some(item) => Ok(item.clone()),
        None => Err(Raise::new(class::INDEX_ERROR, "list index out of range")),
    }
}

pub(in crate::console) fn set_item(vm: &Vm, list: &Rc<List>, key: &Object, value: Object) -> Outcome<()> {
    let Object::Slice(slice) = key else {
        let at = super::item::index_of("list", key)?;
        let old = {
            let mut items = list.items.borrow_mut();
            let len = items.len();
            let place = place(at, len).and_then(|at| items.get_mut(at));
            let place = place.ok_or_else(|| Raise::new(class::INDEX_ERROR, "list assignment index out of range"))?;
            std::mem::replace(place, value)
        };
        drop(old);
        return Ok(());
    };
    let selection = select(slice, list.items.borrow().len())?;
    let words = if selection.step == 1 { "can only assign an iterable" } else { "must assign iterable to extended slice" };
    let new = collect(vm, &value).map_err(|raise| not_iterable(vm, raise, &value, words))?;
    // Iterating may have changed the list.
    let selection = if list.items.borrow().len() < selection.stop.max(selection.start) {
        select(slice, list.items.borrow().len())?
    } else {
        selection
    };
    if selection.step == 1 {
        announce(vm, list.items.borrow().len() + new.len())?;
        let old: Vec<Object> = list.items.borrow_mut().splice(selection.start..selection.start + selection.count, new).collect();
        drop_items(old);
        return Ok(());
    }
    if new.len() != selection.count {
        let message = format!("attempt to assign sequence of size {} to extended slice of size {}", new.len(), selection.count);
        return Err(Raise::value_error(message));
    }
    let old: Vec<Object> = {
        let mut items = list.items.borrow_mut();
        selection.places().zip(new).filter_map(|(at, item)| items.get_mut(at).map(|old| std::mem::replace(old, item))).collect()
    };
    drop_items(old);
    Ok(())
}

fn not_iterable(vm: &Vm, raise: Raise, value: &Object, words: &str) -> Raise {
    if raise.is(class::TYPE_ERROR) && vm.iterate(value).is_err() { Raise::type_error(words) } else { raise }
}

pub(in crate::console) fn delete_item(list: &List, key: &Object) -> Outcome<()> {
    let removed: Vec<Object> = if let Object::Slice(slice) = key {
        let selection = select(slice, list.items.borrow().len())?;
        let mut items = list.items.borrow_mut();
        if selection.step == 1 {
            items.drain(selection.start..selection.start + selection.count).collect()
        } else {
            let mut places: Vec<usize> = selection.places().collect();
            places.sort_unstable();
            let (mut at, mut next) = (0, places.into_iter().peekable());
            let (mut kept, mut removed) = (Vec::with_capacity(items.len()), Vec::new());
            for item in items.drain(..) {
                if next.next_if_eq(&at).is_some() {
                    removed.push(item);
                } else {
                    kept.push(item);
                }
                at += 1;
            }
            *items = kept;
            removed
        }
    } else {
        let at = super::item::index_of("list", key)?;
        let mut items = list.items.borrow_mut();
        let place = place(at, items.len());
        vec![items.remove(place.ok_or_else(|| Raise::new(class::INDEX_ERROR, "list assignment index out of range"))?)]
    };
    drop_items(removed);
    Ok(())
}
