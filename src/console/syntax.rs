//! Our own tree of a script: what the evaluator runs. Names are resolved already: a local is a slot, a global an index.

use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexSet;

use super::object::Object;
use super::types::{Binary, Comparison, Unary};

/// Bytes of the source, first and behind the last.
pub(super) type Span = (u32, u32);

/// The global names that any code of this interpreter mentioned, each with a number of its own that never changes.
#[derive(Debug, Default)]
pub(super) struct Names(RefCell<IndexSet<Rc<str>>>);

impl Names {
    /// The number of `name`.
    pub(super) fn number(&self, name: &str) -> u32 {
        let mut names = self.0.borrow_mut();
        let at = names.get_index_of(name).unwrap_or_else(|| names.insert_full(name.into()).0);
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// The number of `name`, if any code mentioned it.
    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.0.borrow().get_index_of(name).and_then(|at| u32::try_from(at).ok())
    }

    /// The name with this number.
    pub(super) fn name(&self, number: u32) -> Rc<str> {
        self.0.borrow().get_index(number as usize).cloned().unwrap_or_else(|| "?".into())
    }
}

/// Where a name's value lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variable {
    /// In a slot of the function's frame.
    Local(u32),
    /// In a cell that functions share.
    Cell(u32),
    /// In the namespace; behind it are the built-ins.
    Global(u32),
}

/// An expression and where it stands.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) span: Span,
    pub(super) kind: ExprKind,
}

#[derive(Debug)]
pub(super) enum ExprKind {
    Constant(Object),
    Name(Variable),
    Attribute(Box<Expr>, Rc<str>),
    Item(Box<Expr>, Box<Expr>),
    Slice(Box<[Option<Expr>; 3]>),
    Call(Box<Call>),
    Unary(Unary, Box<Expr>),
    Not(Box<Expr>),
    /// The operands of a chain of operators of one strength, from left to right.
    Binary(Box<Expr>, Vec<(Binary, Expr)>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(Box<Expr>, Vec<(Test, Expr)>),
    /// Test, then, else.
    If(Box<[Expr; 3]>),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Set(Vec<Expr>),
    /// Pairs; without a key it is `**value`.
    Dict(Vec<(Option<Expr>, Expr)>),
    Format(Vec<FormatPart>),
    Function(Box<FunctionDef>),
    Comprehension(Box<Comprehension>),
    Named(Variable, Box<Expr>),
    Yield(Option<Box<Expr>>),
    YieldFrom(Box<Expr>),
    /// `*value`; only in displays and calls.
    Starred(Box<Expr>),
    /// Something that this language leaves out: evaluating it says so.
    Unsupported(Rc<str>),
}

/// The operators of a comparison chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Compare(Comparison),
    In,
    NotIn,
    Is,
    IsNot,
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) callee: Expr,
    /// By position; starred ones too.
    pub(super) positional: Vec<Expr>,
    /// By name; without one it is `**value`.
    pub(super) keywords: Vec<(Option<Rc<str>>, Expr)>,
    /// Whether an argument is `*value` or `**value`.
    pub(super) spread: bool,
}

/// A part of an f-string.
#[derive(Debug)]
pub(super) enum FormatPart {
    Text(crate::stream::Text),
    Value { value: Expr, conversion: Conversion, spec: Option<Vec<FormatPart>> },
}

/// `!r`, `!s`, `!a`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conversion {
    None,
    Repr,
    Str,
    Ascii,
}

/// The body of a function, a lambda, a generator expression or a comprehension.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) name: Rc<str>,
    pub(super) qualified_name: Rc<str>,
    /// Which source it is of: places in others mean nothing in the one that runs.
    pub(super) source: u32,
    pub(super) parameters: Parameters,
    /// Names of the slots: parameters first.
    pub(super) locals: Vec<Rc<str>>,
    /// Names of the cells: its own first, then those of functions around it.
    pub(super) cells: Vec<Rc<str>>,
    /// How many cells are its own.
    pub(super) own_cells: usize,
    /// Parameters that live in a cell: slot, cell.
    pub(super) cell_parameters: Vec<(u32, u32)>,
    pub(super) body: Body,
    pub(super) is_generator: bool,
    pub(super) doc: Option<Object>,
}

#[derive(Debug)]
pub(super) enum Body {
    Statements(Vec<Stmt>),
    Expression(Expr),
    Comprehension { element: Element, clauses: Vec<Clause> },
}

/// What a comprehension makes of each round.
#[derive(Debug)]
pub(super) enum Element {
    List(Expr),
    Set(Expr),
    Dict(Expr, Expr),
    Generator(Expr),
}

/// `for target in iterable if condition …`
#[derive(Debug)]
pub(super) struct Clause {
    pub(super) target: Target,
    /// `None` for the first: it is evaluated outside, and comes as the first local.
    pub(super) iterable: Option<Expr>,
    pub(super) conditions: Vec<Expr>,
}

#[derive(Debug)]
pub(super) struct Comprehension {
    pub(super) code: Rc<Code>,
    pub(super) first: Expr,
    /// Cells of the frame around it that become its cells.
    pub(super) captures: Vec<u32>,
}

/// How many parameters of which kind; their slots are in this order.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters {
    pub(super) positional_only: usize,
    /// Those that are positional only included.
    pub(super) positional: usize,
    pub(super) keyword_only: usize,
    pub(super) rest: bool,
    pub(super) keywords: bool,
}

#[derive(Debug)]
pub(super) struct FunctionDef {
    pub(super) code: Rc<Code>,
    /// Of the last parameters by position.
    pub(super) defaults: Vec<Expr>,
    /// Of keyword-only parameters: which, and its value.
    pub(super) keyword_defaults: Vec<(usize, Expr)>,
    pub(super) captures: Vec<u32>,
}

/// Where a value is put.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) span: Span,
    pub(super) kind: TargetKind,
}

#[derive(Debug)]
pub(super) enum TargetKind {
    Name(Variable),
    Attribute(Expr, Rc<str>),
    Item(Expr, Expr),
    /// Targets before the starred one, the starred one with those after it.
    Unpack(Vec<Target>, Option<(Box<Target>, Vec<Target>)>),
}

/// A statement and where it stands.
#[derive(Debug)]
pub(super) struct Stmt {
    pub(super) span: Span,
    pub(super) kind: StmtKind,
}

#[derive(Debug)]
pub(super) enum StmtKind {
    Expr(Expr),
    Assign(Vec<Target>, Expr),
    Augment(Target, Binary, Expr),
    Delete(Vec<Target>),
    If(Vec<(Expr, Vec<Stmt>)>, Vec<Stmt>),
    For(Box<For>),
    While(Box<While>),
    With(Vec<(Expr, Option<Target>)>, Vec<Stmt>),
    Try(Box<Try>),
    Raise(Option<Expr>, Option<Expr>),
    Assert(Expr, Option<Expr>),
    Import(Vec<Import>),
    ImportFrom(Rc<str>, Vec<(Rc<str>, Variable)>),
    ImportStar(Rc<str>),
    Function(Box<FunctionDef>, Vec<Expr>, Variable),
    Return(Option<Expr>),
    Pass,
    Break,
    Continue,
    Unsupported(Rc<str>),
}

#[derive(Debug)]
pub(super) struct For {
    pub(super) target: Target,
    pub(super) iterable: Expr,
    pub(super) body: Vec<Stmt>,
    pub(super) otherwise: Vec<Stmt>,
}

#[derive(Debug)]
pub(super) struct While {
    pub(super) test: Expr,
    pub(super) body: Vec<Stmt>,
    pub(super) otherwise: Vec<Stmt>,
}

#[derive(Debug)]
pub(super) struct Try {
    pub(super) body: Vec<Stmt>,
    pub(super) handlers: Vec<Handler>,
    pub(super) otherwise: Vec<Stmt>,
    pub(super) finally: Vec<Stmt>,
}

#[derive(Debug)]
pub(super) struct Handler {
    pub(super) class: Option<Expr>,
    pub(super) name: Option<Variable>,
    pub(super) body: Vec<Stmt>,
}

#[derive(Debug)]
pub(super) struct Import {
    /// `a.b.c`
    pub(super) module: Rc<str>,
    /// With `as`, the name stands for `a.b.c`, otherwise for `a`.
    pub(super) renamed: bool,
    pub(super) variable: Variable,
}
