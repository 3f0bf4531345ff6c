//! Which scope each name belongs to, before anything is lowered; and what CPython checks at that point.

use std::collections::HashMap;

use indexmap::IndexSet;
use rustpython_ruff_python_ast::visitor::{self, Visitor};
use rustpython_ruff_python_ast::{self as ast, Expr, ExprContext, Stmt};
use rustpython_ruff_text_size::{Ranged, TextRange};

use super::Problem;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Module,
    Function,
    Comprehension(&'static str),
}

/// A scope: what is bound in it, and what it shares with functions around and in it.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) kind: Kind,
    parent: usize,
    pub(super) bound: IndexSet<String>,
    globals: IndexSet<String>,
    nonlocals: IndexSet<String>,
    used: IndexSet<String>,
    pub(super) parameters: usize,
    /// Names bound here that functions in it use.
    pub(super) own_cells: IndexSet<String>,
    /// Names of functions around it.
    pub(super) free: IndexSet<String>,
    pub(super) is_generator: bool,
    loops: usize,
}

impl Scope {
    fn new(kind: Kind, parent: usize) -> Self {
        Self {
            kind,
            parent,
            bound: IndexSet::new(),
            globals: IndexSet::new(),
            nonlocals: IndexSet::new(),
            used: IndexSet::new(),
            parameters: 0,
            own_cells: IndexSet::new(),
            free: IndexSet::new(),
            is_generator: false,
            loops: 0,
        }
    }
}

/// All scopes of a source; the first is the module.
#[derive(Debug)]
pub(super) struct Scopes {
    pub(super) all: Vec<Scope>,
    by_range: HashMap<TextRange, usize>,
    current: usize,
    problem: Option<Problem>,
}

/// What a name is in a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Global,
    Local(usize),
    Cell(usize),
}

impl Scopes {
    /// Reads all of a module.
    pub(super) fn of(body: &[Stmt]) -> Result<Self, Problem> {
        let module = Scope::new(Kind::Module, 0);
        let mut scopes = Self { all: vec![module], by_range: HashMap::new(), current: 0, problem: None };
        scopes.visit_body(body);
        scopes.resolve();
        match scopes.problem.take() {
            Some(problem) => Err(problem),
            None => Ok(scopes),
        }
    }

    /// The scope that the node with this range opens.
    pub(super) fn scope_at(&self, range: TextRange) -> usize {
        self.by_range.get(&range).copied().unwrap_or(0)
    }

    /// Where `name` lives, seen from `scope`.
    pub(super) fn place(&self, scope: usize, name: &str) -> Place {
        let scope = &self.all[scope];
        if scope.kind == Kind::Module {
            return Place::Global;
        }
        if let Some(at) = scope.own_cells.get_index_of(name) {
            return Place::Cell(at);
        }
        if let Some(at) = scope.free.get_index_of(name) {
            return Place::Cell(scope.own_cells.len() + at);
        }
        scope.bound.get_index_of(name).map_or(Place::Global, Place::Local)
    }

    fn fail(&mut self, message: impl Into<String>, range: TextRange) {
        if self.problem.is_none() {
            self.problem = Some(Problem::new(message, range));
        }
    }

    fn scope(&mut self) -> &mut Scope {
        &mut self.all[self.current]
    }

    fn bind(&mut self, name: &str) {
        let scope = self.scope();
        if !scope.globals.contains(name) && !scope.nonlocals.contains(name) {
            scope.bound.insert(name.to_owned());
        } else {
            scope.used.insert(name.to_owned());
        }
    }

    fn open(&mut self, kind: Kind, range: TextRange) -> usize {
        let before = self.current;
        self.all.push(Scope::new(kind, before));
        self.current = self.all.len() - 1;
        self.by_range.insert(range, self.current);
        before
    }

    fn parameters(&mut self, parameters: &ast::Parameters) {
        let positional = parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs);
        let mut names: Vec<&ast::Identifier> = positional.map(|parameter| &parameter.parameter.name).collect();
        names.extend(parameters.vararg.iter().chain(&parameters.kwarg).map(|parameter| &parameter.name));
        for name in names {
            if !self.scope().bound.insert(name.to_string()) {
                self.fail(format!("duplicate argument '{name}' in function definition"), name.range());
            }
        }
        let scope = self.scope();
        scope.parameters = scope.bound.len();
    }

    fn defaults(&mut self, parameters: &ast::Parameters) {
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs) {
            if let Some(default) = &parameter.default {
                self.visit_expr(default);
            }
        }
    }

    fn comprehension(&mut self, what: &'static str, range: TextRange, clauses: &[ast::Comprehension], elements: &[&Expr]) {
        if let Some(first) = clauses.first() {
            self.visit_expr(&first.iter);
        }
        let before = self.open(Kind::Comprehension(what), range);
        let scope = self.scope();
        scope.bound.insert(".0".to_owned());
        scope.parameters = 1;
        scope.is_generator = what == "generator expression";
        for (n, clause) in clauses.iter().enumerate() {
            if n > 0 {
                self.visit_expr(&clause.iter);
            }
            self.visit_expr(&clause.target);
            clause.ifs.iter().for_each(|condition| self.visit_expr(condition));
        }
        for element in elements {
            self.visit_expr(element);
        }
        self.current = before;
    }

    fn named(&mut self, named: &ast::ExprNamed) {
        self.visit_expr(&named.value);
        let Expr::Name(name) = &*named.target else { return };
        let here = self.current;
        let mut scope = here;
        while matches!(self.all[scope].kind, Kind::Comprehension(_)) {
            if self.all[scope].bound.contains(name.id.as_str()) {
                let message = format!("assignment expression cannot rebind comprehension iteration variable '{}'", name.id);
                self.fail(message, name.range());
            }
            self.all[scope].used.insert(name.id.to_string());
            scope = self.all[scope].parent;
        }
        self.current = scope;
        self.bind(name.id.as_str());
        self.current = here;
    }

    fn yields(&mut self, range: TextRange) {
        match self.scope().kind {
            Kind::Module => self.fail("'yield' outside function", range),
            Kind::Comprehension(what) => self.fail(format!("'yield' inside {what}"), range),
            Kind::Function => self.scope().is_generator = true,
        }
    }

    fn declare(&mut self, names: &[ast::Identifier], global: bool, range: TextRange) {
        let word = if global { "global" } else { "nonlocal" };
        if !global && self.scope().kind == Kind::Module {
            return self.fail("nonlocal declaration not allowed at module level", range);
        }
        for name in names {
            let text = name.as_str();
            let scope = self.scope();
            let problem = match scope.bound.get_index_of(text) {
                Some(at) if at < scope.parameters => format!("name '{text}' is parameter and {word}"),
                Some(_) if !scope.used.contains(text) || scope.kind == Kind::Module => {
                    format!("name '{text}' is assigned to before {word} declaration")
                }
                _ if scope.used.contains(text) => format!("name '{text}' is used prior to {word} declaration"),
                _ if global && scope.nonlocals.contains(text) || !global && scope.globals.contains(text) => {
                    format!("name '{text}' is nonlocal and global")
                }
                _ => {
                    let set = if global { &mut scope.globals } else { &mut scope.nonlocals };
                    set.insert(text.to_owned());
                    continue;
                }
            };
            self.fail(problem, range);
        }
    }

    fn body_in_loop(&mut self, body: &[Stmt]) {
        self.scope().loops += 1;
        self.visit_body(body);
        self.scope().loops -= 1;
    }

    fn imports(&mut self, names: &[ast::Alias], star: TextRange) {
        for alias in names {
            match (&alias.asname, alias.name.as_str()) {
                (Some(name), _) => self.bind(name.as_str()),
                (None, "*") => {
                    if self.scope().kind != Kind::Module {
                        self.fail("import * only allowed at module level", star);
                    }
                }
                (None, name) => self.bind(name.split('.').next().unwrap_or(name)),
            }
        }
    }

    fn resolve(&mut self) {
        for at in 1..self.all.len() {
            let scope = &self.all[at];
            let names: Vec<String> =
                scope.used.iter().chain(&scope.nonlocals).filter(|name| !scope.bound.contains(*name)).cloned().collect();
            for name in names {
                if self.all[at].globals.contains(&name) {
                    continue;
                }
                let mut path = vec![at];
                let mut outer = self.all[at].parent;
                let found = loop {
                    let scope = &self.all[outer];
                    if scope.kind == Kind::Module || scope.globals.contains(&name) {
                        break false;
                    }
                    if scope.bound.contains(&name) {
                        break true;
                    }
                    path.push(outer);
                    outer = scope.parent;
                };
                if found {
                    self.all[outer].own_cells.insert(name.clone());
                    for scope in path {
                        self.all[scope].free.insert(name.clone());
                    }
                } else if self.all[at].nonlocals.contains(&name) {
                    self.fail(format!("no binding for nonlocal '{name}' found"), TextRange::default());
                }
            }
        }
    }
}

impl<'a> Visitor<'a> for Scopes {
    fn visit_annotation(&mut self, _annotation: &'a Expr) {}

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                def.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                self.bind(def.name.as_str());
                if def.is_async {
                    return;
                }
                self.defaults(&def.parameters);
                let before = self.open(Kind::Function, def.range);
                self.parameters(&def.parameters);
                self.visit_body(&def.body);
                self.current = before;
            }
            Stmt::ClassDef(class) => self.bind(class.name.as_str()),
            Stmt::Match(_) => {}
            Stmt::For(node) if node.is_async => {}
            Stmt::With(node) if node.is_async => {}
            Stmt::For(node) => {
                self.visit_expr(&node.iter);
                self.visit_expr(&node.target);
                self.body_in_loop(&node.body);
                self.visit_body(&node.orelse);
            }
            Stmt::While(node) => {
                self.visit_expr(&node.test);
                self.body_in_loop(&node.body);
                self.visit_body(&node.orelse);
            }
            Stmt::Break(node) if self.scope().loops == 0 => self.fail("'break' outside loop", node.range),
            Stmt::Continue(node) if self.scope().loops == 0 => self.fail("'continue' not properly in loop", node.range),
            Stmt::Return(node) => {
                if self.scope().kind != Kind::Function {
                    self.fail("'return' outside function", node.range);
                }
                visitor::walk_stmt(self, stmt);
            }
            Stmt::Global(node) => self.declare(&node.names, true, node.range),
            Stmt::Nonlocal(node) => self.declare(&node.names, false, node.range),
            Stmt::Import(node) => self.imports(&node.names, node.range),
            Stmt::ImportFrom(node) => self.imports(&node.names, node.range),
            Stmt::Try(node) => {
                self.visit_body(&node.body);
                for ast::ExceptHandler::ExceptHandler(handler) in &node.handlers {
                    handler.type_.iter().for_each(|class| self.visit_expr(class));
                    handler.name.iter().for_each(|name| self.bind(name.as_str()));
                    self.visit_body(&handler.body);
                }
                self.visit_body(&node.orelse);
                self.visit_body(&node.finalbody);
            }
            Stmt::AugAssign(node) => {
                self.visit_expr(&node.target);
                self.visit_expr(&node.value);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => match name.ctx {
                ExprContext::Store | ExprContext::Del => self.bind(name.id.as_str()),
                _ => {
                    self.scope().used.insert(name.id.to_string());
                }
            },
            Expr::Named(named) => self.named(named),
            Expr::Lambda(lambda) => {
                lambda.parameters.iter().for_each(|parameters| self.defaults(parameters));
                let before = self.open(Kind::Function, lambda.range);
                lambda.parameters.iter().for_each(|parameters| self.parameters(parameters));
                self.visit_expr(&lambda.body);
                self.current = before;
            }
            Expr::ListComp(node) => self.comprehension("list comprehension", node.range, &node.generators, &[&node.elt]),
            Expr::SetComp(node) => self.comprehension("set comprehension", node.range, &node.generators, &[&node.elt]),
            Expr::Generator(node) => {
                self.comprehension("generator expression", node.range, &node.generators, &[&node.elt]);
            }
            Expr::DictComp(node) => {
                self.comprehension("dict comprehension", node.range, &node.generators, &[&node.key, &node.value]);
            }
            Expr::Yield(node) => {
                self.yields(node.range);
                visitor::walk_expr(self, expr);
            }
            Expr::YieldFrom(node) => {
                self.yields(node.range);
                visitor::walk_expr(self, expr);
            }
            Expr::Await(node) => self.fail("'await' outside function", node.range),
            _ => visitor::walk_expr(self, expr),
        }
    }
}
