//! What stands between the braces of a template: `amount * 2`, `status = "pending"`, `sum(orders.amount where status = "paid")`.
//!
//! ```text
//! expression = and { "or" and }            and = not { "and" not }
//! not        = "not" not | comparison      comparison = sum [ ( = | == | != | < | <= | > | >= | contains ) sum ]
//! sum        = product { (+ | -) product }     product = unary { (* | /) unary }
//! unary      = "-" unary | number | "text" | 'text' | name | name.name | name(…) | ( expression )
//! name       = letters, digits and _, or anything between backticks
//! ```

use super::decimal::Decimal;

/// An expression may be nested so deep.
const MAX_DEPTH: usize = 64;
/// And be so long, in bytes: a sum of many terms is a deep tree too.
const MAX_LENGTH: usize = 1024;

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(Decimal),
    Truth(bool),
    /// A cell that a row does not have, a sum of no rows, what cannot be calculated.
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Contains,
    Plus,
    Minus,
    Times,
    Over,
}

/// A function of all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    Count,
    Sum,
    Mean,
    Min,
    Max,
}

/// A function of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Round,
    If,
    Upper,
    Lower,
    Trim,
    Length,
}

/// A name, with the source before the point where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) source: Option<String>,
    pub(super) name: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Constant(Value),
    /// Not looked up yet.
    Name(Name),
    /// The cell of a row.
    Cell(usize),
    /// A value that a pass over rows gives, by its number.
    Total(usize),
    Not(Box<Self>),
    Negative(Box<Self>),
    Binary(Operator, Box<(Self, Self)>),
    Call(Function, Vec<Self>),
    /// Not planned yet: of what, and of which rows.
    Fold(Fold, Option<Box<Self>>, Option<Box<Self>>),
}

const FOLDS: [(&str, Fold); 5] =
    [("count", Fold::Count), ("sum", Fold::Sum), ("mean", Fold::Mean), ("min", Fold::Min), ("max", Fold::Max)];
const FUNCTIONS: [(&str, Function); 7] = [
    ("abs", Function::Abs),
    ("round", Function::Round),
    ("if", Function::If),
    ("upper", Function::Upper),
    ("lower", Function::Lower),
    ("trim", Function::Trim),
    ("length", Function::Length),
];

/// Reads a whole expression.
///
/// # Errors
/// In words, with what was expected.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    if text.len() > MAX_LENGTH {
        return Err(format!("an expression has {} bytes, more than the limit of {MAX_LENGTH}", text.len()));
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let expression = parser.any()?;
    match parser.tokens.get(parser.at) {
        None => Ok(expression),
        Some(token) => Err(format!("{} is not expected in {text:?}", token.shown())),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(Decimal),
    Text(String),
    Word(String),
    /// A name in backticks, which is never a word of the language.
    Quoted(String),
    Sign(&'static str),
}

impl Token {
    fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("{text:?}"),
            Self::Word(word) => word.clone(),
            Self::Quoted(name) => format!("`{name}`"),
            Self::Sign(sign) => (*sign).to_owned(),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    const SIGNS: [&str; 15] = ["==", "!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "(", ")", ",", "."];
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = if first.is_ascii_digit() {
            let len = rest.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(rest.len());
            let number = Decimal::parse(&rest[..len]).ok_or_else(|| format!("{} is no number", &rest[..len]))?;
            tokens.push(Token::Number(number));
            len
        } else if matches!(first, '"' | '\'' | '`') {
            let end = rest[1..].find(first).ok_or_else(|| format!("the {first} is not closed in {text:?}"))?;
            let inner = rest[1..=end].to_owned();
            tokens.push(if first == '`' { Token::Quoted(inner) } else { Token::Text(inner) });
            end + 2
        } else if first.is_alphabetic() || first == '_' {
            let len = rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..len].to_owned()));
            len
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let sign =
                sign.ok_or_else(|| format!("{first} means nothing in {text:?}; names with other signs stand in backticks"))?;
            tokens.push(Token::Sign(sign));
            sign.len()
        };
        rest = rest[len..].trim_start();
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn takes(&mut self, wanted: &Token) -> bool {
        let found = self.tokens.get(self.at) == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &'static str) -> bool {
        self.takes(&Token::Sign(sign))
    }

    fn word(&mut self, word: &str) -> bool {
        self.takes(&Token::Word(word.to_owned()))
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), String> {
        if self.sign(sign) {
            return Ok(());
        }
        let found = self.tokens.get(self.at).map_or_else(|| "the end".into(), Token::shown);
        Err(format!("{sign} is expected before {found}"))
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(format!("the expression is nested more than {MAX_DEPTH} deep")) } else { Ok(()) }
    }

    fn any(&mut self) -> Result<Expression, String> {
        self.deeper()?;
        let mut left = self.all()?;
        while self.word("or") {
            left = binary(Operator::Or, left, self.all()?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn all(&mut self) -> Result<Expression, String> {
        let mut left = self.not()?;
        while self.word("and") {
            left = binary(Operator::And, left, self.not()?);
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expression, String> {
        if !self.word("not") {
            return self.comparison();
        }
        self.deeper()?;
        let inner = self.not()?;
        self.depth -= 1;
        Ok(Expression::Not(Box::new(inner)))
    }

    fn comparison(&mut self) -> Result<Expression, String> {
        const SIGNS: [(&str, Operator); 7] = [
            ("==", Operator::Equal),
            ("=", Operator::Equal),
            ("!=", Operator::Unequal),
            ("<=", Operator::AtMost),
            ("<", Operator::Less),
            (">=", Operator::AtLeast),
            (">", Operator::Greater),
        ];
        let left = self.sum()?;
        let operator = match SIGNS.into_iter().find(|(sign, _)| self.sign(sign)) {
            Some((_, operator)) => operator,
            None if self.word("contains") => Operator::Contains,
            None => return Ok(left),
        };
        Ok(binary(operator, left, self.sum()?))
    }

    fn sum(&mut self) -> Result<Expression, String> {
        let mut left = self.product()?;
        loop {
            let operator = match () {
                () if self.sign("+") => Operator::Plus,
                () if self.sign("-") => Operator::Minus,
                () => return Ok(left),
            };
            left = binary(operator, left, self.product()?);
        }
    }

    fn product(&mut self) -> Result<Expression, String> {
        let mut left = self.unary()?;
        loop {
            let operator = match () {
                () if self.sign("*") => Operator::Times,
                () if self.sign("/") => Operator::Over,
                () => return Ok(left),
            };
            left = binary(operator, left, self.unary()?);
        }
    }

    fn unary(&mut self) -> Result<Expression, String> {
        if self.sign("-") {
            self.deeper()?;
            let inner = self.unary()?;
            self.depth -= 1;
            return Ok(Expression::Negative(Box::new(inner)));
        }
        if self.sign("(") {
            let inner = self.any()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let token = self.tokens.get(self.at).cloned().ok_or("the expression ends too early")?;
        self.at += 1;
        let name = match token {
            Token::Number(number) => return Ok(Expression::Constant(Value::Number(number))),
            Token::Text(text) => return Ok(Expression::Constant(Value::Text(text))),
            Token::Sign(sign) => return Err(format!("a name or a number is expected before {sign}")),
            Token::Word(word) if self.sign("(") => return self.call(&word),
            Token::Word(name) | Token::Quoted(name) => name,
        };
        if !self.sign(".") {
            return Ok(Expression::Name(Name { source: None, name }));
        }
        match self.tokens.get(self.at).cloned() {
            Some(Token::Word(column) | Token::Quoted(column)) => {
                self.at += 1;
                Ok(Expression::Name(Name { source: Some(name), name: column }))
            }
            _ => Err(format!("the name of a column is expected behind {name}.")),
        }
    }

    fn call(&mut self, word: &str) -> Result<Expression, String> {
        if let Some((_, fold)) = FOLDS.into_iter().find(|(name, _)| *name == word) {
            let rows_only =
                self.tokens.get(self.at).is_some_and(|token| *token == Token::Sign(")") || *token == Token::Word("where".into()));
            let of = if rows_only { None } else { Some(Box::new(self.any()?)) };
            let only = if self.word("where") { Some(Box::new(self.any()?)) } else { None };
            self.expect(")")?;
            if of.is_none() && fold != Fold::Count {
                return Err(format!("{word}() needs the name of a column, as in {word}(orders.amount)"));
            }
            return Ok(Expression::Fold(fold, of, only));
        }
        let Some((_, function)) = FUNCTIONS.into_iter().find(|(name, _)| *name == word) else {
            let known: Vec<_> = FOLDS.iter().map(|(name, _)| *name).chain(FUNCTIONS.iter().map(|(name, _)| *name)).collect();
            return Err(format!("there is no function {word}; there are {}", known.join(", ")));
        };
        let mut arguments = Vec::new();
        if !self.sign(")") {
            loop {
                arguments.push(self.any()?);
                if !self.sign(",") {
                    break;
                }
            }
            self.expect(")")?;
        }
        let wanted = match function {
            Function::If => 3..=3,
            Function::Round => 1..=2,
            _ => 1..=1,
        };
        if !wanted.contains(&arguments.len()) {
            return Err(format!("{word}() takes {} arguments, not {}", wanted.end(), arguments.len()));
        }
        Ok(Expression::Call(function, arguments))
    }
}

fn binary(operator: Operator, left: Expression, right: Expression) -> Expression {
    Expression::Binary(operator, Box::new((left, right)))
}

impl Expression {
    /// Replaces names and folds by what `resolve` says they are.
    pub(super) fn bind(&self, resolve: &mut dyn FnMut(&Self) -> Result<Self, String>) -> Result<Self, String> {
        Ok(match self {
            Self::Name(_) | Self::Fold(..) => resolve(self)?,
            Self::Constant(_) | Self::Cell(_) | Self::Total(_) => self.clone(),
            Self::Not(inner) => Self::Not(Box::new(inner.bind(resolve)?)),
            Self::Negative(inner) => Self::Negative(Box::new(inner.bind(resolve)?)),
            Self::Binary(operator, sides) => binary(*operator, sides.0.bind(resolve)?, sides.1.bind(resolve)?),
            Self::Call(function, arguments) => {
                let bound: Result<_, _> = arguments.iter().map(|argument| argument.bind(resolve)).collect();
                Self::Call(*function, bound?)
            }
        })
    }

    /// The sources that are named in it.
    pub(super) fn sources<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Self::Name(Name { source: Some(source), .. }) => found.push(source),
            Self::Name(_) | Self::Constant(_) | Self::Cell(_) | Self::Total(_) | Self::Fold(..) => {}
            Self::Not(inner) | Self::Negative(inner) => inner.sources(found),
            Self::Binary(_, sides) => {
                sides.0.sources(found);
                sides.1.sources(found);
            }
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| argument.sources(found)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence() {
        assert_eq!(parse("1 + 2 * 3").unwrap(), parse("1 + (2 * 3)").unwrap());
        assert_eq!(parse("a or b and not c = 1").unwrap(), parse("a or (b and (not (c = 1)))").unwrap());
        assert_eq!(parse("1 - 2 - 3").unwrap(), parse("(1 - 2) - 3").unwrap());
        assert_eq!(parse("`Order ID`").unwrap(), Expression::Name(Name { source: None, name: "Order ID".into() }));
    }

    #[test]
    fn errors_say_what_was_expected() {
        for (text, part) in [
            ("1 +", "ends too early"),
            ("sum()", "needs the name of a column"),
            ("median(x)", "there is no function median; there are count, sum"),
            ("(1", ") is expected before the end"),
            ("a b", "b is not expected"),
            ("a;b", "; means nothing"),
            ("\"a", "is not closed"),
            ("if(a)", "takes 3 arguments, not 1"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"-".repeat(100_000)).is_err());
        assert!(parse(&"not ".repeat(100_000)).is_err());
    }
}
