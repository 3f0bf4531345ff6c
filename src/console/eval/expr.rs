//! Expressions.

use std::rc::Rc;

use super::super::builtins;
use super::super::class;
use super::super::object::{Dict, Object, Set, Slice};
use super::super::raise::{Outcome, Raise};
use super::super::syntax::{Expr, ExprKind, Test, Variable};
use super::super::types;
use super::super::vm::{Global, Vm};
use super::{Frame, call, comprehension, format, function, generator, target};

/// The value of an expression.
#[inline]
pub(super) fn expr(vm: &Vm, frame: &mut Frame<'_>, node: &Expr) -> Outcome {
    let value = match &node.kind {
        ExprKind::Constant(value) => return Ok(value.clone()),
        ExprKind::Name(variable) => load(vm, frame, *variable),
        _ => compound(vm, frame, node),
    };
    match value {
        Ok(value) => Ok(value),
        Err(raise) => Err(raise.at(node.span)),
    }
}

fn compound(vm: &Vm, frame: &mut Frame<'_>, node: &Expr) -> Outcome {
    vm.step(1)?;
    vm.check_stack()?;
    match &node.kind {
        ExprKind::Constant(value) => Ok(value.clone()),
        ExprKind::Name(variable) => load(vm, frame, *variable),
        ExprKind::Attribute(object, name) => {
            let object = expr(vm, frame, object)?;
            vm.get_attribute(&object, name)
        }
        ExprKind::Item(container, key) => {
            let container = expr(vm, frame, container)?;
            let key = expr(vm, frame, key)?;
            types::get_item(vm, &container, &key)
        }
        ExprKind::Slice(parts) => {
            let [start, stop, step] = &**parts;
            let mut part = |part: &Option<Expr>| part.as_ref().map_or(Ok(Object::None), |part| expr(vm, frame, part));
            let (start, stop, step) = (part(start)?, part(stop)?, part(step)?);
            Ok(Object::Slice(Rc::new(Slice { start, stop, step })))
        }
        ExprKind::Call(node) => call::call(vm, frame, node),
        ExprKind::Unary(operator, operand) => {
            let operand = expr(vm, frame, operand)?;
            types::unary(vm, *operator, &operand)
        }
        ExprKind::Not(operand) => {
            let operand = expr(vm, frame, operand)?;
            Ok(Object::Bool(!vm.truth(&operand)?))
        }
        ExprKind::Binary(first, rest) => chain(vm, frame, first, rest),
        ExprKind::And(values) => logic(vm, frame, values, false),
        ExprKind::Or(values) => logic(vm, frame, values, true),
        ExprKind::Compare(first, rest) => compare(vm, frame, first, rest),
        ExprKind::If(parts) => {
            let [test, then, otherwise] = &**parts;
            let holds = condition(vm, frame, test)?;
            expr(vm, frame, if holds { then } else { otherwise })
        }
        ExprKind::Tuple(items) => Ok(Object::tuple(display(vm, frame, items)?)),
        ExprKind::List(items) => Ok(Object::list(display(vm, frame, items)?)),
        ExprKind::Set(exprs) => {
            let items = display(vm, frame, exprs)?;
            let set = Set::default();
            for item in &items {
                let key = vm.key(item)?;
                let mut items = set.items.borrow_mut();
                items.insert(key);
            }
            if exprs.len() > 2 && exprs.iter().all(is_constant) {
                types::set::settle_constants(&set);
            }
            Ok(Object::Set(Rc::new(set)))
        }
        ExprKind::Dict(pairs) => dict(vm, frame, pairs),
        ExprKind::Format(parts) => format::format(vm, frame, parts).map(Object::Str),
        ExprKind::Function(def) => function::make(vm, frame, def),
        ExprKind::Comprehension(node) => comprehension::comprehension(vm, frame, node),
        ExprKind::Named(variable, value) => {
            let value = expr(vm, frame, value)?;
            target::store(vm, frame, *variable, value.clone());
            Ok(value)
        }
        ExprKind::Yield(value) => {
            let value = value.as_ref().map_or(Ok(Object::None), |value| expr(vm, frame, value))?;
            generator::suspend(frame, value)
        }
        ExprKind::YieldFrom(iterable) => {
            let iterable = expr(vm, frame, iterable)?;
            generator::delegate(vm, frame, iterable)
        }
        ExprKind::Starred(_) => Err(Raise::new(class::SYNTAX_ERROR, "can't use starred expression here")),
        ExprKind::Unsupported(what) => Err(unsupported(what)),
    }
}

/// What the language leaves out says so, when it is reached.
pub(super) fn unsupported(what: &str) -> Raise {
    Raise::new(class::NOT_IMPLEMENTED_ERROR, format!("{what}: not part of this console's Python"))
}

/// The value of a name.
#[inline]
pub(super) fn load(vm: &Vm, frame: &Frame<'_>, variable: Variable) -> Outcome {
    match variable {
        Variable::Local(slot) => match &frame.locals[slot as usize] {
            Some(value) => Ok(value.clone()),
            None => Err(unbound(&frame.code.locals[slot as usize])),
        },
        Variable::Cell(at) => match &*frame.cells[at as usize].borrow() {
            Some(value) => Ok(value.clone()),
            None => Err(unbound_cell(frame, at as usize)),
        },
        Variable::Global(number) => {
            if let Some(global) = vm.state.globals.borrow().get(number as usize)
                && let Some(value) = global.value.as_ref().or(global.builtin.as_ref())
            {
                return Ok(value.clone());
            }
            builtin(vm, number)
        }
    }
}

#[cold]
pub(super) fn unbound(name: &str) -> Raise {
    let message = format!("cannot access local variable '{name}' where it is not associated with a value");
    Raise::new(class::UNBOUND_LOCAL_ERROR, message)
}

#[cold]
pub(super) fn unbound_cell(frame: &Frame<'_>, at: usize) -> Raise {
    let name = &frame.code.cells[at];
    if at < frame.code.own_cells {
        return unbound(name);
    }
    let message = format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope");
    Raise::new(class::NAME_ERROR, message)
}

#[cold]
pub(super) fn undefined(name: &str) -> Raise {
    Raise::new(class::NAME_ERROR, format!("name '{name}' is not defined"))
}

/// Looks a built-in up and remembers it.
#[cold]
fn builtin(vm: &Vm, number: u32) -> Outcome {
    let name = vm.state.names.name(number);
    let found = builtins::lookup(&name).ok_or_else(|| undefined(&name))?;
    let at = number as usize;
    let mut globals = vm.state.globals.borrow_mut();
    if globals.len() <= at {
        globals.resize_with(at + 1, Global::default);
    }
    globals[at].builtin = Some(found.clone());
    Ok(found)
}

/// Whether an expression holds.
pub(super) fn condition(vm: &Vm, frame: &mut Frame<'_>, node: &Expr) -> Outcome<bool> {
    match expr(vm, frame, node)? {
        Object::Bool(holds) => Ok(holds),
        value => vm.truth(&value).map_err(|raise| raise.at(node.span)),
    }
}

fn chain(vm: &Vm, frame: &mut Frame<'_>, first: &Expr, rest: &[(types::Binary, Expr)]) -> Outcome {
    let mut left = expr(vm, frame, first)?;
    for (operator, right) in rest {
        let right_value = expr(vm, frame, right)?;
        let value = types::binary(vm, *operator, &left, &right_value);
        let value = value.map_err(|raise| raise.at((first.span.0, right.span.1)))?;
        drop(right_value);
        left = value;
    }
    Ok(left)
}

fn logic(vm: &Vm, frame: &mut Frame<'_>, values: &[Expr], until: bool) -> Outcome {
    let Some((last, most)) = values.split_last() else { return Ok(Object::None) };
    for node in most {
        let value = expr(vm, frame, node)?;
        if vm.truth(&value)? == until {
            return Ok(value);
        }
    }
    expr(vm, frame, last)
}

fn compare(vm: &Vm, frame: &mut Frame<'_>, first: &Expr, rest: &[(Test, Expr)]) -> Outcome {
    let mut left = expr(vm, frame, first)?;
    for (n, (test, right)) in rest.iter().enumerate() {
        let right = expr(vm, frame, right)?;
        let value = match test {
            Test::Compare(operator) => types::compare(vm, *operator, &left, &right)?,
            Test::In => Object::Bool(types::contains(vm, &right, &left)?),
            Test::NotIn => Object::Bool(!types::contains(vm, &right, &left)?),
            Test::Is => Object::Bool(types::is_same(&left, &right)),
            Test::IsNot => Object::Bool(!types::is_same(&left, &right)),
        };
        if n + 1 == rest.len() || !vm.truth(&value)? {
            return Ok(value);
        }
        left = right;
    }
    Ok(left)
}

/// The items of a display or of a call, starred ones taken apart.
pub(super) fn display(vm: &Vm, frame: &mut Frame<'_>, items: &[Expr]) -> Outcome<Vec<Object>> {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        match &item.kind {
            ExprKind::Starred(inner) => {
                let iterable = expr(vm, frame, inner)?;
                let more = vm.collect(&iterable).map_err(|raise| {
                    let not_iterable = raise.is(class::TYPE_ERROR) && vm.iterate(&iterable).is_err();
                    let raise = if not_iterable {
                        let what = vm.type_name(&iterable);
                        Raise::type_error(format!("Value after * must be an iterable, not {what}"))
                    } else {
                        raise
                    };
                    raise.at(item.span)
                })?;
                values.extend(more);
            }
            _ => values.push(expr(vm, frame, item)?),
        }
    }
    Ok(values)
}

fn dict(vm: &Vm, frame: &mut Frame<'_>, pairs: &[(Option<Expr>, Expr)]) -> Outcome {
    let dict = Dict::default();
    for (key, value) in pairs {
        match key {
            Some(key_node) => {
                let key = expr(vm, frame, key_node)?;
                let value = expr(vm, frame, value)?;
                let key = vm.key(&key).map_err(|raise| raise.at(key_node.span))?;
                let old = dict.items.borrow_mut().insert(key, value);
                drop(old);
            }
            None => {
                let mapping = expr(vm, frame, value)?;
                let Object::Dict(more) = &mapping else {
                    return Err(Raise::type_error(format!("'{}' object is not a mapping", vm.type_name(&mapping))));
                };
                let more: Vec<_> = more.items.borrow().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
                for (key, value) in more {
                    let old = dict.items.borrow_mut().insert(key, value);
                    drop(old);
                }
            }
        }
    }
    Ok(Object::Dict(Rc::new(dict)))
}

/// Whether CPython's compiler knows the value: a literal, or a tuple of such.
fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) => true,
        ExprKind::Unary(_, operand) => matches!(operand.kind, ExprKind::Constant(_)),
        ExprKind::Tuple(items) => items.iter().all(is_constant),
        _ => false,
    }
}
