//! Statements.

use super::super::class;
use super::super::object::Object;
use super::super::raise::{Outcome, Raise};
use super::super::syntax::{For, Stmt, StmtKind, While};
use super::super::vm::Vm;
use super::expr::{condition, expr, unsupported};
use super::{Flow, Frame, control, function, import, target};

pub(super) fn block(vm: &Vm, frame: &mut Frame<'_>, body: &[Stmt]) -> Outcome<Flow> {
    for node in body {
        match stmt(vm, frame, node)? {
            Flow::Next => {}
            flow => return Ok(flow),
        }
    }
    Ok(Flow::Next)
}

pub(super) fn stmt(vm: &Vm, frame: &mut Frame<'_>, node: &Stmt) -> Outcome<Flow> {
    vm.step(1)?;
    match run(vm, frame, node) {
        Ok(flow) => Ok(flow),
        Err(raise) => Err(raise.at(node.span)),
    }
}

fn run(vm: &Vm, frame: &mut Frame<'_>, node: &Stmt) -> Outcome<Flow> {
    match &node.kind {
        StmtKind::Expr(value) => {
            expr(vm, frame, value)?;
        }
        StmtKind::Assign(targets, value) => {
            let value = expr(vm, frame, value)?;
            let Some((last, most)) = targets.split_last() else { return Ok(Flow::Next) };
            for target in most {
                target::assign(vm, frame, target, value.clone())?;
            }
            target::assign(vm, frame, last, value)?;
        }
        StmtKind::Augment(target, operator, value) => target::augment(vm, frame, target, *operator, value)?,
        StmtKind::Delete(targets) => targets.iter().try_for_each(|target| target::delete(vm, frame, target))?,
        StmtKind::If(branches, otherwise) => {
            for (test, body) in branches {
                if condition(vm, frame, test)? {
                    return block(vm, frame, body);
                }
            }
            return block(vm, frame, otherwise);
        }
        StmtKind::For(node) => return for_loop(vm, frame, node),
        StmtKind::While(node) => return while_loop(vm, frame, node),
        StmtKind::With(items, body) => return control::with(vm, frame, items, body),
        StmtKind::Try(node) => return control::try_statement(vm, frame, node),
        StmtKind::Raise(exception, cause) => {
            return Err(control::raise(vm, frame, exception.as_ref(), cause.as_ref(), node.span));
        }
        StmtKind::Assert(test, message) => {
            if !condition(vm, frame, test)? {
                let args = match message {
                    Some(message) => vec![expr(vm, frame, message)?],
                    None => Vec::new(),
                };
                return Err(Raise::with_args(class::ASSERTION_ERROR, args));
            }
        }
        StmtKind::Import(imports) => imports.iter().try_for_each(|node| import::import(vm, frame, node))?,
        StmtKind::ImportFrom(module, names) => import::import_from(vm, frame, module, names)?,
        StmtKind::ImportStar(module) => import::import_star(vm, module)?,
        StmtKind::Function(def, decorators, variable) => function::define(vm, frame, def, decorators, *variable)?,
        StmtKind::Return(value) => {
            let value = value.as_ref().map_or(Ok(Object::None), |value| expr(vm, frame, value))?;
            return Ok(Flow::Return(value));
        }
        StmtKind::Pass => {}
        StmtKind::Break => return Ok(Flow::Break),
        StmtKind::Continue => return Ok(Flow::Continue),
        StmtKind::Unsupported(what) => return Err(unsupported(what)),
    }
    Ok(Flow::Next)
}

fn for_loop(vm: &Vm, frame: &mut Frame<'_>, node: &For) -> Outcome<Flow> {
    vm.check_stack()?;
    let iterable = expr(vm, frame, &node.iterable)?;
    let iterator = vm.iterate(&iterable).map_err(|raise| raise.at(node.iterable.span))?;
    drop(iterable);
    while let Some(item) = vm.next(&iterator).map_err(|raise| raise.at(node.iterable.span))? {
        vm.step(1)?;
        target::assign(vm, frame, &node.target, item)?;
        match block(vm, frame, &node.body)? {
            Flow::Next | Flow::Continue => {}
            Flow::Break => return Ok(Flow::Next),
            flow @ Flow::Return(_) => return Ok(flow),
        }
    }
    drop(iterator);
    block(vm, frame, &node.otherwise)
}

fn while_loop(vm: &Vm, frame: &mut Frame<'_>, node: &While) -> Outcome<Flow> {
    vm.check_stack()?;
    while condition(vm, frame, &node.test)? {
        vm.step(1)?;
        match block(vm, frame, &node.body)? {
            Flow::Next | Flow::Continue => {}
            Flow::Break => return Ok(Flow::Next),
            flow @ Flow::Return(_) => return Ok(flow),
        }
    }
    block(vm, frame, &node.otherwise)
}
