//! Expressions of the parser's tree to ours.

use std::rc::Rc;

use num_bigint::BigInt;
use rustpython_ruff_python_ast::{self as ast, Expr, InterpolatedStringElement};
use rustpython_ruff_text_size::{Ranged, TextRange};

use super::super::object::Object;
use super::super::syntax::{
    Body, Call, Clause, Code, Comprehension, Conversion, Element, Expr as Node, ExprKind, FormatPart, FunctionDef, Names,
    Parameters, Span, Stmt as OurStmt, Target, TargetKind, Test, Variable,
};
use super::super::types::{Binary, Comparison, Unary};
use super::scope::{Place, Scopes};
use super::{Problem, literal};
use crate::stream::Text;

pub(super) struct Lower<'a> {
    pub(super) source: &'a str,
    pub(super) names: &'a Names,
    scopes: Scopes,
    /// The scope that is lowered now.
    scope: usize,
    /// `outer.<locals>.`
    prefix: String,
    number: u32,
    pub(super) problem: Option<Problem>,
}

pub(super) fn span(range: TextRange) -> Span {
    (range.start().to_u32(), range.end().to_u32())
}

impl<'a> Lower<'a> {
    pub(super) fn new(source: &'a str, names: &'a Names, scopes: Scopes, number: u32) -> Self {
        Self { source, names, scopes, scope: 0, prefix: String::new(), number, problem: None }
    }

    pub(super) fn fail(&mut self, problem: Problem) {
        if self.problem.is_none() {
            self.problem = Some(problem);
        }
    }

    pub(super) fn variable(&self, name: &str) -> Variable {
        match self.scopes.place(self.scope, name) {
            Place::Global => Variable::Global(self.names.number(name)),
            Place::Local(at) => Variable::Local(u32::try_from(at).unwrap_or(u32::MAX)),
            Place::Cell(at) => Variable::Cell(u32::try_from(at).unwrap_or(u32::MAX)),
        }
    }

    pub(super) fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<Node> {
        exprs.into_iter().map(|expr| self.expr(expr)).collect()
    }

    fn boxed(&mut self, expr: &Expr) -> Box<Node> {
        Box::new(self.expr(expr))
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Node {
        Node { span: span(expr.range()), kind: self.kind(expr) }
    }

    fn kind(&mut self, expr: &Expr) -> ExprKind {
        match expr {
            Expr::BooleanLiteral(node) => ExprKind::Constant(Object::Bool(node.value)),
            Expr::NoneLiteral(_) => ExprKind::Constant(Object::None),
            Expr::EllipsisLiteral(_) => ExprKind::Constant(Object::Ellipsis),
            Expr::NumberLiteral(node) => self.number(node),
            Expr::StringLiteral(node) => ExprKind::Constant(Object::Str(self.string(node))),
            Expr::BytesLiteral(node) => ExprKind::Constant(Object::bytes(self.bytes(node))),
            Expr::FString(node) => self.format(node),
            Expr::Name(node) => ExprKind::Name(self.variable(node.id.as_str())),
            Expr::Attribute(node) => ExprKind::Attribute(self.boxed(&node.value), node.attr.as_str().into()),
            Expr::Subscript(node) => ExprKind::Item(self.boxed(&node.value), self.boxed(&node.slice)),
            Expr::Slice(node) => {
                let parts = [&node.lower, &node.upper, &node.step];
                ExprKind::Slice(Box::new(parts.map(|part| part.as_ref().map(|part| self.expr(part)))))
            }
            Expr::Call(node) => self.call(node),
            Expr::UnaryOp(node) => {
                let operand = self.boxed(&node.operand);
                match node.op {
                    ast::UnaryOp::Not => ExprKind::Not(operand),
                    ast::UnaryOp::USub => ExprKind::Unary(Unary::Neg, operand),
                    ast::UnaryOp::UAdd => ExprKind::Unary(Unary::Pos, operand),
                    ast::UnaryOp::Invert => ExprKind::Unary(Unary::Invert, operand),
                }
            }
            Expr::BinOp(node) => self.binary(node),
            Expr::BoolOp(node) => {
                let values = self.exprs(&node.values);
                if node.op == ast::BoolOp::And { ExprKind::And(values) } else { ExprKind::Or(values) }
            }
            Expr::Compare(node) => {
                let first = self.boxed(&node.left);
                let rest = node.ops.iter().zip(&node.comparators).map(|(op, right)| (test(*op), self.expr(right)));
                ExprKind::Compare(first, rest.collect())
            }
            Expr::If(node) => {
                let test = self.expr(&node.test);
                let then = self.expr(&node.body);
                ExprKind::If(Box::new([test, then, self.expr(&node.orelse)]))
            }
            Expr::Tuple(node) => ExprKind::Tuple(self.exprs(&node.elts)),
            Expr::List(node) => ExprKind::List(self.exprs(&node.elts)),
            Expr::Set(node) => ExprKind::Set(self.exprs(&node.elts)),
            Expr::Dict(node) => {
                let pairs = node.items.iter();
                ExprKind::Dict(pairs.map(|item| (item.key.as_ref().map(|key| self.expr(key)), self.expr(&item.value))).collect())
            }
            Expr::Starred(node) => ExprKind::Starred(self.boxed(&node.value)),
            Expr::Lambda(node) => {
                let empty = ast::Parameters::default();
                let parameters = node.parameters.as_deref().unwrap_or(&empty);
                let def =
                    self.function("<lambda>", node.range, parameters, |lower| (Body::Expression(lower.expr(&node.body)), None));
                ExprKind::Function(Box::new(def))
            }
            Expr::ListComp(node) => {
                self.comprehension("<listcomp>", node.range, &node.generators, |lower| Element::List(lower.expr(&node.elt)))
            }
            Expr::SetComp(node) => {
                self.comprehension("<setcomp>", node.range, &node.generators, |lower| Element::Set(lower.expr(&node.elt)))
            }
            Expr::Generator(node) => {
                self.comprehension("<genexpr>", node.range, &node.generators, |lower| Element::Generator(lower.expr(&node.elt)))
            }
            Expr::DictComp(node) => self.comprehension("<dictcomp>", node.range, &node.generators, |lower| {
                let key = lower.expr(&node.key);
                Element::Dict(key, lower.expr(&node.value))
            }),
            Expr::Named(node) => {
                let value = self.boxed(&node.value);
                match &*node.target {
                    Expr::Name(name) => ExprKind::Named(self.variable(name.id.as_str()), value),
                    _ => ExprKind::Unsupported("this assignment".into()),
                }
            }
            Expr::Yield(node) => ExprKind::Yield(node.value.as_ref().map(|value| self.boxed(value))),
            Expr::YieldFrom(node) => ExprKind::YieldFrom(self.boxed(&node.value)),
            Expr::TString(_) => ExprKind::Unsupported("template strings".into()),
            Expr::Await(_) => ExprKind::Unsupported("await".into()),
            Expr::IpyEscapeCommand(_) => ExprKind::Unsupported("this syntax".into()),
        }
    }

    /// A chain of operators is as long as it likes: it is taken apart without recursion.
    fn binary(&mut self, node: &ast::ExprBinOp) -> ExprKind {
        let mut spine = vec![(operator(node.op), &*node.right)];
        let mut left = &*node.left;
        while let Expr::BinOp(inner) = left {
            spine.push((operator(inner.op), &*inner.right));
            left = &*inner.left;
        }
        let first = self.boxed(left);
        ExprKind::Binary(first, spine.into_iter().rev().map(|(op, right)| (op, self.expr(right))).collect())
    }

    fn call(&mut self, node: &ast::ExprCall) -> ExprKind {
        let callee = self.expr(&node.func);
        let positional = self.exprs(&node.arguments.args);
        let keywords = node.arguments.keywords.iter();
        let keywords: Vec<_> = keywords
            .map(|keyword| (keyword.arg.as_ref().map(|name| Rc::from(name.as_str())), self.expr(&keyword.value)))
            .collect();
        let spread = positional.iter().any(|arg| matches!(arg.kind, ExprKind::Starred(_)))
            || keywords.iter().any(|(name, _)| name.is_none());
        ExprKind::Call(Box::new(Call { callee, positional, keywords, spread }))
    }

    fn number(&mut self, node: &ast::ExprNumberLiteral) -> ExprKind {
        match &node.value {
            ast::Number::Int(int) => match int.as_i64() {
                Some(n) => ExprKind::Constant(Object::Int(n)),
                None => match literal::integer(&self.source[node.range]) {
                    Ok(n) => ExprKind::Constant(Object::int(n)),
                    Err(message) => {
                        self.fail(Problem::new(message, node.range));
                        ExprKind::Constant(Object::int(BigInt::ZERO))
                    }
                },
            },
            ast::Number::Float(x) => ExprKind::Constant(Object::Float(*x)),
            ast::Number::Complex { .. } => ExprKind::Unsupported("complex numbers".into()),
        }
    }

    pub(super) fn string(&mut self, node: &ast::ExprStringLiteral) -> Text {
        let mut parts: Vec<Text> = Vec::new();
        for part in &node.value {
            let (text, raw) = literal::inner(&self.source[part.range]);
            parts.push(self.text(text, &part.value, raw, false, part.range));
        }
        join(parts)
    }

    fn text(&mut self, source: &str, decoded: &str, raw: bool, format: bool, range: TextRange) -> Text {
        if !literal::needs_decoding(source, raw) {
            return Text::from(decoded);
        }
        match literal::text(source, raw, format) {
            Ok(points) => Text::from_code_points(points),
            Err(message) => {
                self.fail(Problem::new(message, range));
                Text::default()
            }
        }
    }

    fn bytes(&mut self, node: &ast::ExprBytesLiteral) -> Vec<u8> {
        let mut all = Vec::new();
        for part in &node.value {
            let (text, raw) = literal::inner(&self.source[part.range]);
            match literal::bytes(text, raw) {
                Ok(bytes) => all.extend(bytes),
                Err(message) => self.fail(Problem::new(message, part.range)),
            }
        }
        all
    }

    fn format(&mut self, node: &ast::ExprFString) -> ExprKind {
        let mut parts = Vec::new();
        for part in &node.value {
            match part {
                ast::FStringPart::Literal(part) => {
                    let (text, raw) = literal::inner(&self.source[part.range]);
                    parts.push(FormatPart::Text(self.text(text, &part.value, raw, false, part.range)));
                }
                ast::FStringPart::FString(part) => {
                    let raw = matches!(part.flags.prefix(), ast::str_prefix::FStringPrefix::Raw { .. });
                    self.format_parts(&part.elements, raw, 0, &mut parts);
                }
            }
        }
        ExprKind::Format(parts)
    }

    fn format_parts(&mut self, elements: &ast::InterpolatedStringElements, raw: bool, level: usize, parts: &mut Vec<FormatPart>) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(part) => {
                    let source = &self.source[part.range];
                    parts.push(FormatPart::Text(self.text(source, &part.value, raw, true, part.range)));
                }
                InterpolatedStringElement::Interpolation(part) => {
                    if level > 1 {
                        self.fail(Problem::new("f-string: expressions nested too deeply", part.range));
                        return;
                    }
                    let mut conversion = match part.conversion {
                        ast::ConversionFlag::None => Conversion::None,
                        ast::ConversionFlag::Str => Conversion::Str,
                        ast::ConversionFlag::Repr => Conversion::Repr,
                        ast::ConversionFlag::Ascii => Conversion::Ascii,
                    };
                    if let Some(debug) = &part.debug_text {
                        let shown = format!("{}{}{}", debug.leading, &self.source[part.expression.range()], debug.trailing);
                        parts.push(FormatPart::Text(Text::from(shown)));
                        if conversion == Conversion::None && part.format_spec.is_none() {
                            conversion = Conversion::Repr;
                        }
                    }
                    let value = self.expr(&part.expression);
                    let spec = part.format_spec.as_ref().map(|spec| {
                        let mut parts = Vec::new();
                        self.format_parts(&spec.elements, raw, level + 1, &mut parts);
                        parts
                    });
                    parts.push(FormatPart::Value { value, conversion, spec });
                }
            }
        }
    }

    /// Lowers what `work` lowers as the body of the function with this range.
    fn code(
        &mut self,
        name: &str,
        range: TextRange,
        parameters: Parameters,
        work: impl FnOnce(&mut Self) -> (Body, Option<Object>),
    ) -> (Rc<Code>, Vec<u32>) {
        let scope = self.scopes.scope_at(range);
        let outer = std::mem::replace(&mut self.scope, scope);
        let qualified = format!("{}{name}", self.prefix);
        let prefix = std::mem::replace(&mut self.prefix, format!("{qualified}.<locals>."));
        let (body, doc) = work(self);
        self.prefix = prefix;
        self.scope = outer;
        let info = &self.scopes.all[scope];
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let cell_parameters = info.bound.iter().take(info.parameters).enumerate();
        let cell_parameters = cell_parameters
            .filter_map(|(slot, name)| info.own_cells.get_index_of(name).map(|cell| (number(slot), number(cell))))
            .collect();
        let rc = |name: &String| Rc::<str>::from(name.as_str());
        let code = Code {
            name: name.into(),
            qualified_name: qualified.into(),
            source: self.number,
            parameters,
            locals: info.bound.iter().map(rc).collect(),
            cells: info.own_cells.iter().chain(&info.free).map(rc).collect(),
            own_cells: info.own_cells.len(),
            cell_parameters,
            body,
            is_generator: info.is_generator,
            doc,
        };
        let free: Vec<String> = info.free.iter().cloned().collect();
        let captures = free.iter().map(|name| match self.scopes.place(outer, name) {
            Place::Cell(at) => number(at),
            _ => u32::MAX,
        });
        (Rc::new(code), captures.collect())
    }

    pub(super) fn function(
        &mut self,
        name: &str,
        range: TextRange,
        parameters: &ast::Parameters,
        work: impl FnOnce(&mut Self) -> (Body, Option<Object>),
    ) -> FunctionDef {
        let positional = || parameters.posonlyargs.iter().chain(&parameters.args);
        let defaults = positional().filter_map(|parameter| parameter.default.as_deref()).collect::<Vec<_>>();
        let defaults = self.exprs(defaults);
        let keyword_defaults = parameters.kwonlyargs.iter().enumerate();
        let keyword_defaults =
            keyword_defaults.filter_map(|(at, parameter)| Some((at, self.expr(parameter.default.as_deref()?)))).collect();
        let counts = Parameters {
            positional_only: parameters.posonlyargs.len(),
            positional: parameters.posonlyargs.len() + parameters.args.len(),
            keyword_only: parameters.kwonlyargs.len(),
            rest: parameters.vararg.is_some(),
            keywords: parameters.kwarg.is_some(),
        };
        let (code, captures) = self.code(name, range, counts, work);
        FunctionDef { code, defaults, keyword_defaults, captures }
    }

    fn comprehension(
        &mut self,
        name: &str,
        range: TextRange,
        clauses: &[ast::Comprehension],
        element: impl FnOnce(&mut Self) -> Element,
    ) -> ExprKind {
        if clauses.iter().any(|clause| clause.is_async) {
            return ExprKind::Unsupported("asynchronous comprehensions".into());
        }
        let Some(first) = clauses.first() else { return ExprKind::Constant(Object::None) };
        let first = self.expr(&first.iter);
        let counts = Parameters { positional_only: 1, positional: 1, ..Parameters::default() };
        let (code, captures) = self.code(name, range, counts, |lower| {
            let clauses = clauses.iter().enumerate().map(|(n, clause)| Clause {
                target: lower.target(&clause.target),
                iterable: (n > 0).then(|| lower.expr(&clause.iter)),
                conditions: lower.exprs(&clause.ifs),
            });
            let clauses = clauses.collect();
            (Body::Comprehension { element: element(lower), clauses }, None)
        });
        ExprKind::Comprehension(Box::new(Comprehension { code, first, captures }))
    }

    pub(super) fn target(&mut self, expr: &Expr) -> Target {
        let kind = match expr {
            Expr::Name(name) => TargetKind::Name(self.variable(name.id.as_str())),
            Expr::Attribute(node) => TargetKind::Attribute(self.expr(&node.value), node.attr.as_str().into()),
            Expr::Subscript(node) => {
                let container = self.expr(&node.value);
                TargetKind::Item(container, self.expr(&node.slice))
            }
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => self.unpack(elts),
            Expr::Starred(_) => {
                self.fail(Problem::new("starred assignment target must be in a list or tuple", expr.range()));
                TargetKind::Unpack(Vec::new(), None)
            }
            _ => {
                self.fail(Problem::new("cannot assign to expression", expr.range()));
                TargetKind::Unpack(Vec::new(), None)
            }
        };
        Target { span: span(expr.range()), kind }
    }

    fn unpack(&mut self, targets: &[Expr]) -> TargetKind {
        let Some(star) = targets.iter().position(Expr::is_starred_expr) else {
            return TargetKind::Unpack(targets.iter().map(|target| self.target(target)).collect(), None);
        };
        if let Some(second) = targets[star + 1..].iter().find(|target| target.is_starred_expr()) {
            self.fail(Problem::new("multiple starred expressions in assignment", second.range()));
            return TargetKind::Unpack(Vec::new(), None);
        }
        let before = targets[..star].iter().map(|target| self.target(target)).collect();
        let starred = match &targets[star] {
            Expr::Starred(node) => self.target(&node.value),
            other => self.target(other),
        };
        let after = targets[star + 1..].iter().map(|target| self.target(target)).collect();
        TargetKind::Unpack(before, Some((Box::new(starred), after)))
    }

    pub(super) fn body(&mut self, body: &[ast::Stmt]) -> Vec<OurStmt> {
        body.iter().map(|stmt| self.stmt(stmt)).collect()
    }
}

fn join(mut parts: Vec<Text>) -> Text {
    match parts.len() {
        1 => parts.remove(0),
        _ => Text::from_code_points(parts.iter().flat_map(Text::code_points)),
    }
}

pub(super) fn operator(op: ast::Operator) -> Binary {
    match op {
        ast::Operator::Add => Binary::Add,
        ast::Operator::Sub => Binary::Sub,
        ast::Operator::Mult => Binary::Mul,
        ast::Operator::MatMult => Binary::MatMul,
        ast::Operator::Div => Binary::Div,
        ast::Operator::Mod => Binary::Mod,
        ast::Operator::Pow => Binary::Pow,
        ast::Operator::LShift => Binary::LShift,
        ast::Operator::RShift => Binary::RShift,
        ast::Operator::BitOr => Binary::Or,
        ast::Operator::BitXor => Binary::Xor,
        ast::Operator::BitAnd => Binary::And,
        ast::Operator::FloorDiv => Binary::FloorDiv,
    }
}

fn test(op: ast::CmpOp) -> Test {
    match op {
        ast::CmpOp::Eq => Test::Compare(Comparison::Eq),
        ast::CmpOp::NotEq => Test::Compare(Comparison::Ne),
        ast::CmpOp::Lt => Test::Compare(Comparison::Lt),
        ast::CmpOp::LtE => Test::Compare(Comparison::Le),
        ast::CmpOp::Gt => Test::Compare(Comparison::Gt),
        ast::CmpOp::GtE => Test::Compare(Comparison::Ge),
        ast::CmpOp::Is => Test::Is,
        ast::CmpOp::IsNot => Test::IsNot,
        ast::CmpOp::In => Test::In,
        ast::CmpOp::NotIn => Test::NotIn,
    }
}
