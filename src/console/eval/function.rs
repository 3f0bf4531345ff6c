//! Functions: making them, and binding arguments to their parameters.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::call::{Args, missing_arguments};
use super::super::object::{Dict, Object, drop_items};
use super::super::raise::{Outcome, Raise};
use super::super::syntax::{Body, Code, Expr, FunctionDef, Variable};
use super::super::vm::Vm;
use super::expr::expr;
use super::{Cell, Flow, Frame, comprehension, generator, stmt, target};
use crate::stream::Text;

/// A `def` or a `lambda`.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: Rc<str>,
    /// Its name with those of the functions around it: `f.<locals>.g`.
    pub qualified_name: Rc<str>,
    /// Its documentation.
    pub doc: Option<Text>,
    /// Attributes that were set on it.
    pub attributes: RefCell<Vec<(Rc<str>, Object)>>,
    code: Rc<Code>,
    defaults: Vec<Object>,
    keyword_defaults: Vec<(usize, Object)>,
    cells: Vec<Cell>,
}

impl Function {
    /// An attribute: one that was set, or its documentation and the like.
    pub(in super::super) fn attribute(&self, name: &str) -> Option<Object> {
        let set = self.attributes.borrow().iter().find(|(known, _)| **known == *name).map(|(_, value)| value.clone());
        set.or_else(|| {
            Some(match name {
                "__doc__" => self.doc.clone().map_or(Object::None, Object::Str),
                "__qualname__" => Object::str(&self.qualified_name),
                "__defaults__" if self.defaults.is_empty() => Object::None,
                "__defaults__" => Object::tuple(self.defaults.clone()),
                _ => return None,
            })
        })
    }

    /// `function.name = value`
    pub(in super::super) fn set_attribute(&self, name: &str, value: Object) -> Outcome<()> {
        if matches!(name, "__name__" | "__qualname__") && !matches!(value, Object::Str(_)) {
            return Err(Raise::type_error(format!("{name} must be set to a string object")));
        }
        let mut attributes = self.attributes.borrow_mut();
        let old = match attributes.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                attributes.push((name.into(), value));
                None
            }
        };
        drop(attributes);
        drop(old);
        Ok(())
    }

    /// `del function.name`
    pub(in super::super) fn delete_attribute(&self, name: &str) -> Outcome<()> {
        let mut attributes = self.attributes.borrow_mut();
        let Some(at) = attributes.iter().position(|(known, _)| **known == *name) else {
            return Err(Raise::no_attribute("function", name));
        };
        let old = attributes.remove(at);
        drop(attributes);
        drop(old);
        Ok(())
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let mut items = std::mem::take(&mut self.defaults);
        items.extend(self.keyword_defaults.drain(..).map(|(_, value)| value));
        items.extend(self.attributes.get_mut().drain(..).map(|(_, value)| value));
        drop_cells(std::mem::take(&mut self.cells), &mut items);
        drop_items(items);
    }
}

/// Lets go of cells; the values of those that nobody else has are added to `items`.
pub(super) fn drop_cells(cells: Vec<Cell>, items: &mut Vec<Object>) {
    for cell in cells {
        if let Some(cell) = Rc::into_inner(cell) {
            items.extend(cell.into_inner());
        }
    }
}

/// The cells of `frame` that a function within captures.
pub(super) fn capture(frame: &Frame<'_>, captures: &[u32]) -> Vec<Cell> {
    captures.iter().filter_map(|at| frame.cells.get(*at as usize).cloned()).collect()
}

/// The value of `def` or `lambda`.
pub(super) fn make(vm: &Vm, frame: &mut Frame<'_>, def: &FunctionDef) -> Outcome {
    let mut defaults = Vec::with_capacity(def.defaults.len());
    for default in &def.defaults {
        defaults.push(expr(vm, frame, default)?);
    }
    let mut keyword_defaults = Vec::with_capacity(def.keyword_defaults.len());
    for (at, default) in &def.keyword_defaults {
        keyword_defaults.push((*at, expr(vm, frame, default)?));
    }
    let doc = match &def.code.doc {
        Some(Object::Str(doc)) => Some(doc.clone()),
        _ => None,
    };
    Ok(Object::Function(Rc::new(Function {
        name: Rc::clone(&def.code.name),
        qualified_name: Rc::clone(&def.code.qualified_name),
        doc,
        attributes: RefCell::default(),
        code: Rc::clone(&def.code),
        defaults,
        keyword_defaults,
        cells: capture(frame, &def.captures),
    })))
}

/// `def` with its decorators: those are evaluated first, and applied from the last.
pub(super) fn define(vm: &Vm, frame: &mut Frame<'_>, def: &FunctionDef, decorators: &[Expr], name: Variable) -> Outcome<()> {
    let mut wrap = Vec::with_capacity(decorators.len());
    for decorator in decorators {
        wrap.push(expr(vm, frame, decorator)?);
    }
    let mut value = make(vm, frame, def)?;
    while let Some(decorator) = wrap.pop() {
        value = vm.call(&decorator, Args::new(vec![value]))?;
    }
    target::store(vm, frame, name, value);
    Ok(())
}

/// Calls a function. A generator function gives a generator and nothing runs yet.
pub(super) fn call(vm: &Vm, function: &Rc<Function>, args: Args) -> Outcome {
    let locals = bind(function, args)?;
    let code = Rc::clone(&function.code);
    let cells = cells(&code, &locals, &function.cells);
    if code.is_generator {
        return Ok(generator::make(code, locals, cells));
    }
    let _level = vm.enter()?;
    let mut frame = Frame { code: Rc::clone(&code), locals, cells, yielder: None };
    let outcome = run(vm, &mut frame);
    finish(vm, frame, outcome)
}

/// A frame's cells: its own are new, those that hold parameters take their values.
pub(super) fn cells(code: &Code, locals: &[Option<Object>], captured: &[Cell]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = (0..code.own_cells).map(|_| Cell::default()).collect();
    for (slot, cell) in &code.cell_parameters {
        *cells[*cell as usize].borrow_mut() = locals[*slot as usize].clone();
    }
    cells.extend(captured.iter().cloned());
    cells
}

/// Runs a frame's code.
pub(super) fn run(vm: &Vm, frame: &mut Frame<'_>) -> Outcome {
    // A parameter that lives in a cell lives nowhere else.
    let code = Rc::clone(&frame.code);
    for (slot, _) in &code.cell_parameters {
        frame.locals[*slot as usize] = None;
    }
    match &code.body {
        Body::Statements(body) => match stmt::block(vm, frame, body)? {
            Flow::Return(value) => Ok(value),
            _ => Ok(Object::None),
        },
        Body::Expression(body) => expr(vm, frame, body),
        Body::Comprehension { element, clauses } => comprehension::run(vm, frame, element, clauses),
    }
}

/// Lets a frame go. An exception that left it keeps its variables alive as long as itself.
pub(super) fn finish(vm: &Vm, frame: Frame<'_>, outcome: Outcome) -> Outcome {
    let Frame { code, locals, cells, .. } = frame;
    let mut items: Vec<Object> = locals.into_iter().flatten().collect();
    drop_cells(cells, &mut items);
    if let Err(Raise::Exception(exception)) = &outcome {
        if code.source != vm.state.source.get() {
            *exception.place.borrow_mut() = None;
        }
        items.retain(|item| !matches!(item, Object::Exception(own) if Rc::ptr_eq(own, exception)));
        exception.locals.borrow_mut().append(&mut items);
    }
    drop_items(items);
    outcome
}

/// Arguments to parameters, with CPython's checks in CPython's order.
fn bind(function: &Function, args: Args) -> Outcome<Vec<Option<Object>>> {
    let code = &*function.code;
    let parameters = &code.parameters;
    let (positional, keyword_only) = (parameters.positional, parameters.keyword_only);
    let given = args.positional.len();
    let mut locals: Vec<Option<Object>> = Vec::with_capacity(code.locals.len());
    let mut values = args.positional.into_iter();
    locals.extend(values.by_ref().take(positional).map(Some));
    locals.resize(code.locals.len(), None);
    let rest_slot = positional + keyword_only;
    let keywords_slot = rest_slot + usize::from(parameters.rest);
    let extra: Vec<Object> = values.collect();
    let mut more = Dict::default();
    let mut misplaced: Vec<Rc<str>> = Vec::new();
    for (name, value) in args.keywords {
        let named = parameters.positional_only..positional + keyword_only;
        let slot = code.locals[named.clone()].iter().position(|known| *known == name).map(|at| at + named.start);
        match slot {
            Some(slot) if locals[slot].is_some() => {
                let function = &code.qualified_name;
                return Err(Raise::type_error(format!("{function}() got multiple values for argument '{name}'")));
            }
            Some(slot) => locals[slot] = Some(value),
            None if parameters.keywords => {
                more.items.get_mut().insert(super::super::object::Key(Object::str(&name)), value);
            }
            None if code.locals[..parameters.positional_only].contains(&name) => misplaced.push(name),
            None => {
                let function = &code.qualified_name;
                return Err(Raise::type_error(format!("{function}() got an unexpected keyword argument '{name}'")));
            }
        }
    }
    if !misplaced.is_empty() {
        let names = misplaced.join(", ");
        let function = &code.qualified_name;
        let message = format!("{function}() got some positional-only arguments passed as keyword arguments: '{names}'");
        return Err(Raise::type_error(message));
    }
    if parameters.rest {
        locals[rest_slot] = Some(Object::tuple(extra));
    } else if !extra.is_empty() {
        return Err(too_many(function, given, &locals));
    }
    if parameters.keywords {
        locals[keywords_slot] = Some(Object::Dict(Rc::new(more)));
    }
    fill_defaults(function, &mut locals)?;
    Ok(locals)
}

fn fill_defaults(function: &Function, locals: &mut [Option<Object>]) -> Outcome<()> {
    let code = &*function.code;
    let (positional, keyword_only) = (code.parameters.positional, code.parameters.keyword_only);
    let required = positional - function.defaults.len();
    let missing: Vec<&str> = (0..required).filter(|at| locals[*at].is_none()).map(|at| &*code.locals[at]).collect();
    if !missing.is_empty() {
        return Err(missing_arguments(&code.qualified_name, &missing, "positional"));
    }
    for (at, default) in function.defaults.iter().enumerate() {
        locals[required + at].get_or_insert_with(|| default.clone());
    }
    for (at, default) in &function.keyword_defaults {
        locals[positional + at].get_or_insert_with(|| default.clone());
    }
    let slots = positional..positional + keyword_only;
    let missing: Vec<&str> = slots.filter(|at| locals[*at].is_none()).map(|at| &*code.locals[at]).collect();
    if missing.is_empty() { Ok(()) } else { Err(missing_arguments(&code.qualified_name, &missing, "keyword-only")) }
}

fn too_many(function: &Function, given: usize, locals: &[Option<Object>]) -> Raise {
    let code = &*function.code;
    let (positional, keyword_only) = (code.parameters.positional, code.parameters.keyword_only);
    let required = positional - function.defaults.len();
    let takes = if required == positional { positional.to_string() } else { format!("from {required} to {positional}") };
    let plural = if positional == 1 { "" } else { "s" };
    let keywords = locals[positional..positional + keyword_only].iter().flatten().count();
    let given_text = if keywords > 0 {
        let (s, k) = (if given == 1 { "" } else { "s" }, if keywords == 1 { "" } else { "s" });
        format!("{given} positional argument{s} (and {keywords} keyword-only argument{k}) were given")
    } else {
        format!("{given} {} given", if given == 1 { "was" } else { "were" })
    };
    let name = &code.qualified_name;
    Raise::type_error(format!("{name}() takes {takes} positional argument{plural} but {given_text}"))
}
