//! Statements of the parser's tree to ours.

use rustpython_ruff_python_ast::{self as ast, ExceptHandler, Expr, Stmt};
use rustpython_ruff_text_size::Ranged;

use super::super::object::Object;
use super::super::syntax::{Body, For, Handler, Import, Stmt as Node, StmtKind, Try, While};
use super::Problem;
use super::lower::{Lower, operator, span};

/// What `from __future__ import` knows.
const FUTURE: &[&str] = &[
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "barry_as_FLUFL",
    "generator_stop",
    "annotations",
];

fn unsupported(what: &str) -> StmtKind {
    StmtKind::Unsupported(what.into())
}

impl Lower<'_> {
    pub(super) fn stmt(&mut self, stmt: &Stmt) -> Node {
        Node { span: span(stmt.range()), kind: self.stmt_kind(stmt) }
    }

    fn stmt_kind(&mut self, stmt: &Stmt) -> StmtKind {
        match stmt {
            Stmt::Expr(node) => StmtKind::Expr(self.value(&node.value)),
            Stmt::Assign(node) => {
                let value = self.value(&node.value);
                StmtKind::Assign(node.targets.iter().map(|target| self.target(target)).collect(), value)
            }
            Stmt::AugAssign(node) => {
                let target = self.target(&node.target);
                StmtKind::Augment(target, operator(node.op), self.value(&node.value))
            }
            Stmt::AnnAssign(node) => match &node.value {
                Some(value) => {
                    let value = self.value(value);
                    StmtKind::Assign(vec![self.target(&node.target)], value)
                }
                None => StmtKind::Pass,
            },
            Stmt::Delete(node) => StmtKind::Delete(node.targets.iter().map(|target| self.target(target)).collect()),
            Stmt::If(node) => self.if_chain(node),
            Stmt::For(node) if node.is_async => unsupported("async for"),
            Stmt::With(node) if node.is_async => unsupported("async with"),
            Stmt::FunctionDef(node) if node.is_async => unsupported("async def"),
            Stmt::For(node) => {
                let iterable = self.value(&node.iter);
                let target = self.target(&node.target);
                let body = self.body(&node.body);
                StmtKind::For(Box::new(For { target, iterable, body, otherwise: self.body(&node.orelse) }))
            }
            Stmt::While(node) => {
                let test = self.expr(&node.test);
                let body = self.body(&node.body);
                StmtKind::While(Box::new(While { test, body, otherwise: self.body(&node.orelse) }))
            }
            Stmt::With(node) => {
                let items = node.items.iter().map(|item| {
                    let manager = self.expr(&item.context_expr);
                    (manager, item.optional_vars.as_ref().map(|target| self.target(target)))
                });
                let items = items.collect();
                StmtKind::With(items, self.body(&node.body))
            }
            Stmt::Try(node) if node.is_star => unsupported("except*"),
            Stmt::Try(node) => self.try_statement(node),
            Stmt::Raise(node) => {
                let exception = node.exc.as_ref().map(|exception| self.expr(exception));
                StmtKind::Raise(exception, node.cause.as_ref().map(|cause| self.expr(cause)))
            }
            Stmt::Assert(node) => {
                let test = self.expr(&node.test);
                StmtKind::Assert(test, node.msg.as_ref().map(|message| self.expr(message)))
            }
            Stmt::Import(node) => {
                let imports = node.names.iter().map(|alias| {
                    let module = alias.name.as_str();
                    let first = module.split('.').next().unwrap_or(module);
                    let name = alias.asname.as_ref().map_or(first, |name| name.as_str());
                    Import { module: module.into(), renamed: alias.asname.is_some(), variable: self.variable(name) }
                });
                StmtKind::Import(imports.collect())
            }
            Stmt::ImportFrom(node) => self.import_from(node),
            Stmt::FunctionDef(node) => self.def(node),
            Stmt::Return(node) => StmtKind::Return(node.value.as_ref().map(|value| self.value(value))),
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => StmtKind::Pass,
            Stmt::Break(_) => StmtKind::Break,
            Stmt::Continue(_) => StmtKind::Continue,
            Stmt::ClassDef(_) => unsupported("class"),
            Stmt::Match(_) => unsupported("match"),
            Stmt::TypeAlias(_) => unsupported("type"),
            Stmt::IpyEscapeCommand(_) => unsupported("this syntax"),
        }
    }

    /// An expression where a bare `*x` may have been parsed.
    fn value(&mut self, expr: &Expr) -> super::super::syntax::Expr {
        if expr.is_starred_expr() {
            self.fail(Problem::new("can't use starred expression here", expr.range()));
        }
        self.expr(expr)
    }

    fn if_chain(&mut self, node: &ast::StmtIf) -> StmtKind {
        let test = self.expr(&node.test);
        let mut branches = vec![(test, self.body(&node.body))];
        let mut otherwise = Vec::new();
        for clause in &node.elif_else_clauses {
            match &clause.test {
                Some(test) => {
                    let test = self.expr(test);
                    branches.push((test, self.body(&clause.body)));
                }
                None => otherwise = self.body(&clause.body),
            }
        }
        StmtKind::If(branches, otherwise)
    }

    fn try_statement(&mut self, node: &ast::StmtTry) -> StmtKind {
        let body = self.body(&node.body);
        let mut handlers = Vec::with_capacity(node.handlers.len());
        for (n, ExceptHandler::ExceptHandler(handler)) in node.handlers.iter().enumerate() {
            if handler.type_.is_none() && n + 1 < node.handlers.len() {
                self.fail(Problem::new("default 'except:' must be last", handler.range));
            }
            let class = handler.type_.as_ref().map(|class| self.expr(class));
            let name = handler.name.as_ref().map(|name| self.variable(name.as_str()));
            handlers.push(Handler { class, name, body: self.body(&handler.body) });
        }
        let otherwise = self.body(&node.orelse);
        StmtKind::Try(Box::new(Try { body, handlers, otherwise, finally: self.body(&node.finalbody) }))
    }

    fn import_from(&mut self, node: &ast::StmtImportFrom) -> StmtKind {
        if node.level > 0 {
            return unsupported("relative import");
        }
        let module = node.module.as_ref().map_or("", |module| module.as_str());
        if module == "__future__"
            && let Some(alias) = node.names.iter().find(|alias| !FUTURE.contains(&alias.name.as_str()))
        {
            let message = format!("future feature {} is not defined", alias.name);
            self.fail(Problem::new(message, alias.range));
        }
        if node.names.iter().any(|alias| alias.name.as_str() == "*") {
            return StmtKind::ImportStar(module.into());
        }
        let names = node.names.iter().map(|alias| {
            let name = alias.asname.as_ref().unwrap_or(&alias.name);
            (alias.name.as_str().into(), self.variable(name.as_str()))
        });
        StmtKind::ImportFrom(module.into(), names.collect())
    }

    fn def(&mut self, node: &ast::StmtFunctionDef) -> StmtKind {
        let decorators = node.decorator_list.iter().map(|decorator| self.expr(&decorator.expression)).collect();
        let def = self.function(node.name.as_str(), node.range, &node.parameters, |lower| {
            let doc = match node.body.first() {
                Some(Stmt::Expr(first)) => match &*first.value {
                    Expr::StringLiteral(text) => Some(Object::Str(lower.string(text))),
                    _ => None,
                },
                _ => None,
            };
            (Body::Statements(lower.body(&node.body)), doc)
        });
        StmtKind::Function(Box::new(def), decorators, self.variable(node.name.as_str()))
    }
}
