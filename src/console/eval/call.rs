//! Calls.

use std::rc::Rc;

use super::super::call::Args;
use super::super::class;
use super::super::object::Object;
use super::super::raise::{Outcome, Raise};
use super::super::syntax::{Call, Expr, ExprKind};
use super::super::types;
use super::super::vm::Vm;
use super::expr::expr;
use super::{Frame, function};

/// A call expression: the callee first, then the arguments from the left.
pub(super) fn call(vm: &Vm, frame: &mut Frame<'_>, node: &Call) -> Outcome {
    if let ExprKind::Attribute(receiver_node, name) = &node.callee.kind {
        let receiver = expr(vm, frame, receiver_node)?;
        if is_plain_method(&receiver, name) {
            let args = arguments(vm, frame, node, |vm| format!("{}.{name}", vm.class_of(&receiver).0.name))?;
            return vm.call_method(&receiver, name, args);
        }
        let callee = vm.get_attribute(&receiver, name).map_err(|raise| raise.at(node.callee.span))?;
        drop(receiver);
        let args = arguments(vm, frame, node, |vm| callee_name(vm, &callee))?;
        return call_object(vm, &callee, args);
    }
    let callee = expr(vm, frame, &node.callee)?;
    let args = arguments(vm, frame, node, |vm| callee_name(vm, &callee))?;
    call_object(vm, &callee, args)
}

/// Whether `receiver.name` can be nothing but a method of its class, so that no bound method need be made.
fn is_plain_method(receiver: &Object, name: &str) -> bool {
    match receiver {
        Object::Str(_)
        | Object::Bytes(_)
        | Object::ByteArray(_)
        | Object::View(_)
        | Object::List(_)
        | Object::Dict(_)
        | Object::Set(_)
        | Object::Tuple(_) => types::has_method(types::class_of(receiver), name),
        Object::Stream(stream) => stream.extra(name).is_none() && types::has_method(types::class_of(receiver), name),
        _ => false,
    }
}

/// What messages call the function: `f` or `__main__.f`.
fn callee_name(vm: &Vm, callee: &Object) -> String {
    match callee {
        Object::Function(function) => format!("__main__.{}()", function.qualified_name),
        Object::Builtin(builtin) => format!("{}()", builtin.name),
        Object::Method(method) => format!("{}.{}()", vm.class_of(&method.receiver).qualified_name(), method.name),
        Object::ClassMethod(class, name) => format!("{}.{name}()", class.qualified_name()),
        Object::Class(class) => class.repr(),
        other => format!("{} object", vm.type_name(other)),
    }
}

fn arguments(vm: &Vm, frame: &mut Frame<'_>, node: &Call, callee: impl Fn(&Vm) -> String) -> Outcome<Args> {
    if node.spread {
        return spread(vm, frame, node, callee);
    }
    let mut positional = Vec::with_capacity(node.positional.len());
    for arg in &node.positional {
        positional.push(expr(vm, frame, arg)?);
    }
    let mut keywords = Vec::with_capacity(node.keywords.len());
    for (name, value) in &node.keywords {
        let value = expr(vm, frame, value)?;
        keywords.extend(name.as_ref().map(|name| (Rc::clone(name), value)));
    }
    Ok(Args { positional, keywords })
}

fn spread(vm: &Vm, frame: &mut Frame<'_>, node: &Call, callee: impl Fn(&Vm) -> String) -> Outcome<Args> {
    let mut args = Args::default();
    for arg in &node.positional {
        let ExprKind::Starred(inner) = &arg.kind else {
            args.positional.push(expr(vm, frame, arg)?);
            continue;
        };
        let iterable = expr(vm, frame, inner)?;
        let iterator = vm.iterate(&iterable).map_err(|raise| {
            if !raise.is(class::TYPE_ERROR) {
                return raise.at(arg.span);
            }
            let what = vm.type_name(&iterable);
            Raise::type_error(format!("{} argument after * must be an iterable, not {what}", callee(vm))).at(arg.span)
        })?;
        while let Some(item) = vm.next(&iterator)? {
            vm.step(1)?;
            args.positional.push(item);
        }
    }
    for (name, value_node) in &node.keywords {
        match name {
            Some(name) => {
                let value = expr(vm, frame, value_node)?;
                push_keyword(vm, &mut args, Rc::clone(name), value, &callee).map_err(|raise| raise.at(value_node.span))?;
            }
            None => {
                let mapping = expr(vm, frame, value_node)?;
                mapped(vm, &mut args, &mapping, value_node, &callee)?;
            }
        }
    }
    Ok(args)
}

fn mapped(vm: &Vm, args: &mut Args, mapping: &Object, node: &Expr, callee: &impl Fn(&Vm) -> String) -> Outcome<()> {
    let Object::Dict(dict) = mapping else {
        let what = vm.type_name(mapping);
        let message = format!("{} argument after ** must be a mapping, not {what}", callee(vm));
        return Err(Raise::type_error(message).at(node.span));
    };
    let pairs: Vec<_> = dict.items.borrow().iter().map(|(key, value)| (key.object().clone(), value.clone())).collect();
    for (key, value) in pairs {
        let name = match &key {
            Object::Str(name) => name.to_string_lossy(),
            _ => return Err(Raise::type_error("keywords must be strings").at(node.span)),
        };
        push_keyword(vm, args, name.into(), value, callee).map_err(|raise| raise.at(node.span))?;
    }
    Ok(())
}

fn push_keyword(vm: &Vm, args: &mut Args, name: Rc<str>, value: Object, callee: &impl Fn(&Vm) -> String) -> Outcome<()> {
    if args.keywords.iter().any(|(known, _)| *known == name) {
        let message = format!("{} got multiple values for keyword argument '{name}'", callee(vm));
        return Err(Raise::type_error(message));
    }
    args.keywords.push((name, value));
    Ok(())
}

/// `callee(*args)`
pub(in super::super) fn call_object(vm: &Vm, callee: &Object, args: Args) -> Outcome {
    match callee {
        Object::Function(function) => function::call(vm, function, args),
        Object::Builtin(builtin) => {
            let _level = vm.enter()?;
            (builtin.run)(vm, args)
        }
        Object::Method(method) => {
            let _level = vm.enter()?;
            vm.call_method(&method.receiver, &method.name, args)
        }
        Object::Class(class) => {
            let _level = vm.enter()?;
            match class.0.construct {
                Some(construct) => construct(vm, *class, args),
                None => Err(Raise::type_error(format!("cannot create '{}' instances", class.qualified_name()))),
            }
        }
        Object::ClassMethod(class, name) => {
            let _level = vm.enter()?;
            types::call_class_method(vm, *class, name, args)
        }
        Object::Native(native) => {
            let _level = vm.enter()?;
            native.call_object(vm, args)?.ok_or_else(|| not_callable(vm, callee))
        }
        _ => Err(not_callable(vm, callee)),
    }
}

fn not_callable(vm: &Vm, object: &Object) -> Raise {
    Raise::type_error(format!("'{}' object is not callable", vm.type_name(object)))
}
