//! Where values go: names, attributes, items, and several at once.

use super::super::class;
use super::super::object::Object;
use super::super::raise::{Outcome, Raise};
use super::super::syntax::{Target, TargetKind, Variable};
use super::super::types;
use super::super::vm::Vm;
use super::Frame;
use super::expr::{expr, load, unbound, unbound_cell, undefined};

/// Gives a name a value; the old one dies after.
#[inline]
pub(super) fn store(vm: &Vm, frame: &mut Frame<'_>, variable: Variable, value: Object) {
    let old = replace(vm, frame, variable, Some(value));
    drop(old);
}

fn replace(vm: &Vm, frame: &mut Frame<'_>, variable: Variable, value: Option<Object>) -> Option<Object> {
    match variable {
        Variable::Local(slot) => std::mem::replace(&mut frame.locals[slot as usize], value),
        Variable::Cell(at) => frame.cells[at as usize].replace(value),
        Variable::Global(number) => vm.replace_global(number, value),
    }
}

/// Takes a name's value away, whether it has one or not.
pub(super) fn clear(vm: &Vm, frame: &mut Frame<'_>, variable: Variable) {
    let old = replace(vm, frame, variable, None);
    drop(old);
}

pub(super) fn assign(vm: &Vm, frame: &mut Frame<'_>, target: &Target, value: Object) -> Outcome<()> {
    match &target.kind {
        TargetKind::Name(variable) => {
            store(vm, frame, *variable, value);
            Ok(())
        }
        _ => compound(vm, frame, target, value).map_err(|raise| raise.at(target.span)),
    }
}

fn compound(vm: &Vm, frame: &mut Frame<'_>, target: &Target, value: Object) -> Outcome<()> {
    vm.check_stack()?;
    match &target.kind {
        TargetKind::Name(variable) => {
            store(vm, frame, *variable, value);
            Ok(())
        }
        TargetKind::Attribute(object, name) => {
            let object = expr(vm, frame, object)?;
            types::set_attribute(vm, &object, name, value)
        }
        TargetKind::Item(container, key) => {
            let container = expr(vm, frame, container)?;
            let key = expr(vm, frame, key)?;
            types::set_item(vm, &container, &key, value)
        }
        TargetKind::Unpack(before, rest) => {
            let after = rest.as_ref().map(|(_, after)| after.len());
            let (first, middle, last) = unpack(vm, &value, before.len(), after)?;
            drop(value);
            for (target, value) in before.iter().zip(first) {
                assign(vm, frame, target, value)?;
            }
            if let Some((starred, after)) = rest {
                assign(vm, frame, starred, Object::list(middle))?;
                for (target, value) in after.iter().zip(last) {
                    assign(vm, frame, target, value)?;
                }
            }
            Ok(())
        }
    }
}

type Unpacked = (Vec<Object>, Vec<Object>, Vec<Object>);

/// Takes `before` values from an iterable, and with `after`, all others too, the last `after` apart.
fn unpack(vm: &Vm, value: &Object, before: usize, after: Option<usize>) -> Outcome<Unpacked> {
    let iterator = match vm.iterate(value) {
        Ok(iterator) => iterator,
        Err(raise) if raise.is(class::TYPE_ERROR) => {
            let name = vm.type_name(value);
            return Err(Raise::type_error(format!("cannot unpack non-iterable {name} object")));
        }
        Err(raise) => return Err(raise),
    };
    let mut first = Vec::with_capacity(before);
    while first.len() < before {
        match vm.next(&iterator)? {
            Some(item) => first.push(item),
            None => {
                let (least, needed) = if let Some(after) = after { ("at least ", before + after) } else { ("", before) };
                let got = first.len();
                return Err(Raise::value_error(format!("not enough values to unpack (expected {least}{needed}, got {got})")));
            }
        }
    }
    let Some(after) = after else {
        if vm.next(&iterator)?.is_some() {
            return Err(Raise::value_error(format!("too many values to unpack (expected {before})")));
        }
        return Ok((first, Vec::new(), Vec::new()));
    };
    let mut middle = Vec::new();
    while let Some(item) = vm.next(&iterator)? {
        vm.step(1)?;
        middle.push(item);
    }
    if middle.len() < after {
        let (needed, got) = (before + after, before + middle.len());
        return Err(Raise::value_error(format!("not enough values to unpack (expected at least {needed}, got {got})")));
    }
    let last = middle.split_off(middle.len() - after);
    Ok((first, middle, last))
}

/// `target op= value`: the target's parts are evaluated once.
pub(super) fn augment(
    vm: &Vm,
    frame: &mut Frame<'_>,
    target: &Target,
    operator: types::Binary,
    value: &super::super::syntax::Expr,
) -> Outcome<()> {
    let place = |raise: Raise| raise.at(target.span);
    match &target.kind {
        TargetKind::Name(variable) => {
            let old = load(vm, frame, *variable).map_err(place)?;
            let operand = expr(vm, frame, value)?;
            let new = types::in_place(vm, operator, &old, &operand)?;
            drop(operand);
            drop(old);
            store(vm, frame, *variable, new);
            Ok(())
        }
        TargetKind::Attribute(object, name) => {
            let object = expr(vm, frame, object)?;
            let old = vm.get_attribute(&object, name).map_err(place)?;
            let operand = expr(vm, frame, value)?;
            let new = types::in_place(vm, operator, &old, &operand)?;
            types::set_attribute(vm, &object, name, new).map_err(place)
        }
        TargetKind::Item(container, key) => {
            let container = expr(vm, frame, container)?;
            let key = expr(vm, frame, key)?;
            let old = types::get_item(vm, &container, &key).map_err(place)?;
            let operand = expr(vm, frame, value)?;
            let new = types::in_place(vm, operator, &old, &operand)?;
            types::set_item(vm, &container, &key, new).map_err(place)
        }
        TargetKind::Unpack(..) => {
            Err(Raise::new(class::SYNTAX_ERROR, "'tuple' is an illegal expression for augmented assignment"))
        }
    }
}

/// `del target`
pub(super) fn delete(vm: &Vm, frame: &mut Frame<'_>, target: &Target) -> Outcome<()> {
    vm.check_stack()?;
    let result = match &target.kind {
        TargetKind::Name(variable) => match replace(vm, frame, *variable, None) {
            Some(old) => {
                drop(old);
                Ok(())
            }
            None => Err(match *variable {
                Variable::Local(slot) => unbound(&frame.code.locals[slot as usize]),
                Variable::Cell(at) => unbound_cell(frame, at as usize),
                Variable::Global(number) => undefined(&vm.state.names.name(number)),
            }),
        },
        TargetKind::Attribute(object, name) => {
            let object = expr(vm, frame, object)?;
            types::delete_attribute(vm, &object, name)
        }
        TargetKind::Item(container, key) => {
            let container = expr(vm, frame, container)?;
            let key = expr(vm, frame, key)?;
            types::delete_item(vm, &container, &key)
        }
        TargetKind::Unpack(targets, _) => targets.iter().try_for_each(|target| delete(vm, frame, target)),
    };
    result.map_err(|raise| raise.at(target.span))
}
