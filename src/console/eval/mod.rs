//! Running the tree.
//!
//! A value that nothing refers to any more dies exactly when it would in CPython, because finalisers are observable: operands live
//! until their operator is done, arguments until the call returns, an old value until the new one took its name.

mod call;
mod comprehension;
mod control;
mod expr;
mod format;
mod function;
mod generator;
mod import;
mod stmt;
mod target;

use std::cell::RefCell;
use std::rc::Rc;

use corosensei::Yielder;

use super::object::{Object, Resume};
use super::raise::{Halt, Outcome, Raise};
use super::syntax::{Body, Code, Parameters, Stmt, StmtKind};
use super::vm::Vm;

pub(super) use call::call_object;
pub use function::Function;
pub(super) use generator::{GeneratorMethod, call_generator};

/// A variable that several functions share.
type Cell = Rc<RefCell<Option<Object>>>;

/// A function that runs.
struct Frame<'y> {
    code: Rc<Code>,
    locals: Vec<Option<Object>>,
    cells: Vec<Cell>,
    /// Of a generator: how it gives a value to whoever resumed it.
    yielder: Option<&'y Yielder<Resume, Object>>,
}

/// How a statement ended.
#[derive(Debug)]
enum Flow {
    Next,
    Break,
    Continue,
    Return(Object),
}

/// Runs the statements of a module one after another, and shows them to `each` with what came of them (the value, for an
/// expression); `each` says whether to go on.
pub(super) fn run_module(vm: &Vm, statements: &[Stmt], mut each: impl FnMut(usize, Outcome<Option<Object>>) -> bool) {
    let code = Rc::new(Code {
        name: "<module>".into(),
        qualified_name: "<module>".into(),
        source: vm.state.source.get(),
        parameters: Parameters::default(),
        locals: Vec::new(),
        cells: Vec::new(),
        own_cells: 0,
        cell_parameters: Vec::new(),
        body: Body::Statements(Vec::new()),
        is_generator: false,
        doc: None,
    });
    let mut frame = Frame { code, locals: Vec::new(), cells: Vec::new(), yielder: None };
    for (n, statement) in statements.iter().enumerate() {
        let outcome = match &statement.kind {
            StmtKind::Expr(value) => expr::expr(vm, &mut frame, value).map(Some),
            _ => stmt::stmt(vm, &mut frame, statement).map(|_| None),
        };
        let halted = matches!(outcome, Err(Raise::Halt(_)));
        let outcome = outcome.map_err(|raise| raise.at(statement.span));
        vm.state.handled.borrow_mut().clear();
        if !each(n, outcome) || halted {
            break;
        }
    }
}

/// Ends everything that is under way: used for generators that do not end when they are told to.
const END: Raise = Raise::Halt(Halt::Stopped);
