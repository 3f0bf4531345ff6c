//! Comprehensions and generator expressions: functions of one argument, which is the first iterator.

use std::rc::Rc;

use super::super::object::{Dict, Object, Set};
use super::super::raise::Outcome;
use super::super::syntax::{Clause, Comprehension, Element};
use super::super::vm::Vm;
use super::expr::{condition, expr};
use super::{Frame, function, generator, target};

pub(super) fn comprehension(vm: &Vm, frame: &mut Frame<'_>, node: &Comprehension) -> Outcome {
    let iterable = expr(vm, frame, &node.first)?;
    let iterator = vm.iterate(&iterable).map_err(|raise| raise.at(node.first.span))?;
    drop(iterable);
    let code = Rc::clone(&node.code);
    let mut locals = vec![None; code.locals.len()];
    locals[0] = Some(iterator);
    let captured = function::capture(frame, &node.captures);
    let cells = function::cells(&code, &locals, &captured);
    if code.is_generator {
        return Ok(generator::make(code, locals, cells));
    }
    let mut frame = Frame { code, locals, cells, yielder: None };
    let outcome = function::run(vm, &mut frame);
    function::finish(vm, frame, outcome)
}

/// What a comprehension has made so far.
enum Made {
    List(Vec<Object>),
    Set(Set),
    Dict(Dict),
    Nothing,
}

/// Runs the code of a comprehension or of a generator expression.
pub(super) fn run(vm: &Vm, frame: &mut Frame<'_>, element: &Element, clauses: &[Clause]) -> Outcome {
    let mut made = match element {
        Element::List(_) => Made::List(Vec::new()),
        Element::Set(_) => Made::Set(Set::default()),
        Element::Dict(..) => Made::Dict(Dict::default()),
        Element::Generator(_) => Made::Nothing,
    };
    clause(vm, frame, element, clauses, &mut made)?;
    Ok(match made {
        Made::List(items) => Object::list(items),
        Made::Set(set) => Object::Set(Rc::new(set)),
        Made::Dict(dict) => Object::Dict(Rc::new(dict)),
        Made::Nothing => Object::None,
    })
}

fn clause(vm: &Vm, frame: &mut Frame<'_>, element: &Element, clauses: &[Clause], made: &mut Made) -> Outcome<()> {
    let Some((first, rest)) = clauses.split_first() else { return add(vm, frame, element, made) };
    let iterator = match &first.iterable {
        None => frame.locals[0].take().unwrap_or(Object::None),
        Some(node) => {
            let iterable = expr(vm, frame, node)?;
            vm.iterate(&iterable).map_err(|raise| raise.at(node.span))?
        }
    };
    'items: while let Some(item) = vm.next(&iterator)? {
        vm.step(1)?;
        target::assign(vm, frame, &first.target, item)?;
        for node in &first.conditions {
            if !condition(vm, frame, node)? {
                continue 'items;
            }
        }
        clause(vm, frame, element, rest, made)?;
    }
    Ok(())
}

fn add(vm: &Vm, frame: &mut Frame<'_>, element: &Element, made: &mut Made) -> Outcome<()> {
    match (element, made) {
        (Element::List(node), Made::List(items)) => {
            let item = expr(vm, frame, node)?;
            if items.len() == items.capacity() {
                vm.allocate((items.len() * size_of::<Object>()) as u64)?;
            }
            items.push(item);
        }
        (Element::Set(node), Made::Set(set)) => {
            let item = expr(vm, frame, node)?;
            let key = vm.key(&item).map_err(|raise| raise.at(node.span))?;
            set.items.get_mut().insert(key);
        }
        (Element::Dict(key, value), Made::Dict(dict)) => {
            let key_value = expr(vm, frame, key)?;
            let value = expr(vm, frame, value)?;
            let key = vm.key(&key_value).map_err(|raise| raise.at(key.span))?;
            let old = dict.items.get_mut().insert(key, value);
            drop(old);
        }
        (Element::Generator(node), _) => {
            let item = expr(vm, frame, node)?;
            generator::suspend(frame, item)?;
        }
        _ => {}
    }
    Ok(())
}
