//! `import` in its forms.

use std::rc::Rc;

use super::super::class;
use super::super::object::Object;
use super::super::raise::{Outcome, Raise};
use super::super::syntax::{Import, Variable};
use super::super::vm::Vm;
use super::{Frame, target};

/// `import a.b.c` makes `a`, in it `b`, in that `c`.
pub(super) fn import(vm: &Vm, frame: &mut Frame<'_>, node: &Import) -> Outcome<()> {
    let mut module = None;
    let mut path = String::new();
    for (n, part) in node.module.split('.').enumerate() {
        if n > 0 {
            path.push('.');
        }
        path.push_str(part);
        let loaded = vm.import(&path)?;
        if n == 0 || node.renamed {
            module = Some(loaded);
        }
    }
    if let Some(module) = module {
        target::store(vm, frame, node.variable, Object::Module(module));
    }
    Ok(())
}

/// `from module import name`
pub(super) fn import_from(vm: &Vm, frame: &mut Frame<'_>, module: &str, names: &[(Rc<str>, Variable)]) -> Outcome<()> {
    let loaded = load_path(vm, module)?;
    for (name, variable) in names {
        let found = loaded.names.borrow().get(name).cloned();
        let value = match found {
            Some(value) => value,
            None => match vm.import(&format!("{module}.{name}")) {
                Ok(inner) => Object::Module(inner),
                Err(raise) if raise.is(class::MODULE_NOT_FOUND_ERROR) => {
                    let message = format!("cannot import name '{name}' from '{module}' (unknown location)");
                    return Err(Raise::new(class::IMPORT_ERROR, message));
                }
                Err(raise) => return Err(raise),
            },
        };
        target::store(vm, frame, *variable, value);
    }
    Ok(())
}

fn load_path(vm: &Vm, module: &str) -> Outcome<Rc<super::super::native::Module>> {
    for (at, _) in module.match_indices('.') {
        vm.import(&module[..at])?;
    }
    vm.import(module)
}

/// `from module import *`
pub(super) fn import_star(vm: &Vm, module: &str) -> Outcome<()> {
    let loaded = load_path(vm, module)?;
    let names: Vec<_> = loaded.names.borrow().iter().map(|(name, value)| (Rc::clone(name), value.clone())).collect();
    let all = names.iter().find(|(name, _)| &**name == "__all__").map(|(_, all)| all.clone());
    let all = match all {
        Some(all) => Some(vm.collect(&all)?),
        None => None,
    };
    for (name, value) in names {
        let listed = match &all {
            Some(all) => all.iter().any(|listed| matches!(listed, Object::Str(text) if *text == *name)),
            None => !name.starts_with('_'),
        };
        if listed {
            vm.set_global(&name, Some(value));
        }
    }
    Ok(())
}
