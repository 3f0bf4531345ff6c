//! Positions as people type them: numbers in any base, units, names, and sums of them.

use super::numbers::{count, group};

/// What the names in an expression stand for.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    /// The cursor.
    pub cursor: u64,
    /// The size of the content.
    pub size: u64,
    /// The first selected unit and the place behind the last one.
    pub selection: Option<(u64, u64)>,
    /// Bytes on a row of the hex view, where that is fixed.
    pub row: Option<u64>,
    /// Where a bookmark of a name begins.
    pub named: &'a dyn Fn(&str) -> Option<u64>,
    /// What is counted: `byte` or `character`.
    pub unit: &'static str,
    /// The names that make sense here, as an error lists them.
    pub names: &'static str,
}

/// The last place that a stream can address.
const LAST: u64 = i64::MAX as u64;

/// No bookmark has this name.
pub fn unnamed(_: &str) -> Option<u64> {
    None
}

impl Places<'_> {
    /// With no selection, no rows and no bookmarks.
    pub fn plain(cursor: u64, size: u64) -> Self {
        let names = "cursor, start, end, size, sector and page";
        Self { cursor, size, selection: None, row: None, named: &unnamed, unit: "byte", names }
    }

    /// What a document has: its selection, rows and bookmarks.
    pub const NAMES: &'static str = "cursor, start, end, size, selection, selend, sellen, row, sector, page and bookmarks";

    /// What Go to understands beside them.
    pub const NAMES_AND_LINES: &'static str =
        "cursor, start, end, size, selection, selend, sellen, row, line, sector, page and bookmarks";
}

/// Reads a position. The error says what is wrong.
///
/// - numbers: `500`, `0x1F0`, `1F0h`, `$1F0`, `0o17`, `0b101`, with `_` or `,` between digits;
/// - units behind them: `k`, `M`, `G`, `T` and `KiB` … are powers of 1024, `kB` … of 1000; `sectors` of 512 and `pages` of 4096
///   bytes; `%` of the size;
/// - names: `cursor` (or `pos`), `end` (or `size`), `start`, `selection`, `selend`, `sellen`, a bookmark (in quotes where it
///   has spaces); `row 5` of the hex view, `sector 3`, `page 2`;
/// - `+`, `-`, `*`, `/` and brackets. A sign at the front counts from the cursor.
///
/// ```
/// use seektell::app::{Places, parse_place};
/// let places = Places::plain(100, 1000);
/// assert_eq!(parse_place("end - 0x10 * 2", &places), Ok(968));
/// assert_eq!(parse_place("+1k", &places), Ok(1124));
/// assert!(parse_place("-101", &places).unwrap_err().contains("before the start"));
/// ```
pub fn parse_place(text: &str, places: &Places<'_>) -> Result<u64, String> {
    let value = evaluate(text, places, true)?;
    if value < 0 {
        let before = u64::try_from(value.unsigned_abs()).map_err(|_| too_large())?;
        return Err(format!("That is {} before the start", count(before, places.unit)));
    }
    u64::try_from(value)
        .ok()
        .filter(|&at| at <= LAST)
        .ok_or_else(|| format!("{} is outside of what a stream can address, 0 to {}", text.trim(), group(LAST)))
}

/// [`parse_place`] with nothing but a cursor and a size to name.
///
/// # Errors
/// What is wrong.
pub fn parse_position(text: &str, cursor: u64, size: u64) -> Result<u64, String> {
    parse_place(text, &Places::plain(cursor, size))
}

/// Reads a length or a size: as a position, but a sign at the front counts from nothing.
///
/// # Errors
/// What is wrong, as [`parse_place`] says it.
pub fn parse_length(text: &str, places: &Places<'_>) -> Result<u64, String> {
    let value = evaluate(text, places, false)?;
    if value < 0 {
        return Err("A length cannot be negative".into());
    }
    let length = u64::try_from(value).ok().filter(|&length| length <= LAST);
    length.ok_or_else(|| format!("{} is more than a stream can hold, {} at most", text.trim(), count(LAST, places.unit)))
}

fn evaluate(text: &str, places: &Places<'_>, relative: bool) -> Result<i128, String> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err("Type a position, for example 0x1F0, +16 or end-8".into());
    }
    let mut parser = Parser { tokens: &tokens, at: 0, places, depth: 0 };
    let signed = matches!(tokens[0], Token::Sign('+' | '-'));
    let value = parser.sum(if signed && relative { Some(i128::from(places.cursor)) } else { None })?;
    match parser.tokens.get(parser.at) {
        None => Ok(value),
        Some(token) => Err(format!("{token} is not expected here")),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// Starts with a digit, or with `$`.
    Number(String),
    Word(String),
    /// A name in quotes.
    Quoted(String),
    Sign(char),
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(text) | Self::Word(text) => f.write_str(text),
            Self::Quoted(text) => write!(f, "\"{text}\""),
            Self::Sign(sign) => write!(f, "{sign}"),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '+' | '-' | '*' | '/' | '(' | ')' | '%' => {
                tokens.push(Token::Sign(first));
                1
            }
            // What is copied from elsewhere has signs of its own.
            '−' | '–' | '×' | '÷' => {
                tokens.push(Token::Sign(if first == '×' {
                    '*'
                } else if first == '÷' {
                    '/'
                } else {
                    '-'
                }));
                first.len_utf8()
            }
            '"' | '\'' => {
                let Some(len) = rest[1..].find(first) else { return Err(format!("The closing {first} is missing")) };
                tokens.push(Token::Quoted(rest[1..1 + len].to_owned()));
                len + 2
            }
            c if c.is_ascii_digit() || c == '$' => {
                let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ',' | '.');
                let len = 1 + rest[1..].find(|c| !part(c)).unwrap_or(rest.len() - 1);
                tokens.push(Token::Number(rest[..len].chars().filter(|c| !matches!(c, '_' | ',')).collect()));
                len
            }
            c if c.is_alphanumeric() || c == '_' => {
                let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                tokens.push(Token::Word(rest[..len].to_owned()));
                len
            }
            other => return Err(format!("{other} does not belong into a position")),
        };
        rest = rest[len..].trim_start();
    }
    Ok(tokens)
}

/// Brackets inside brackets.
const DEEPEST: u32 = 40;

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    places: &'a Places<'a>,
    depth: u32,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, signs: &[char]) -> Option<char> {
        match self.peek() {
            Some(Token::Sign(sign)) if signs.contains(sign) => {
                let sign = *sign;
                self.at += 1;
                Some(sign)
            }
            _ => None,
        }
    }

    /// Terms with + and - between them; `start` is what a sign at the front counts from.
    fn sum(&mut self, start: Option<i128>) -> Result<i128, String> {
        let mut value = match start {
            Some(value) => value,
            None => self.product()?,
        };
        while let Some(sign) = self.take(&['+', '-']) {
            let term = self.product()?;
            value = if sign == '+' { value.checked_add(term) } else { value.checked_sub(term) }.ok_or_else(too_large)?;
        }
        Ok(value)
    }

    fn product(&mut self) -> Result<i128, String> {
        let mut value = self.factor()?;
        while let Some(sign) = self.take(&['*', '/']) {
            let by = self.factor()?;
            value = match sign {
                '*' => value.checked_mul(by).ok_or_else(too_large)?,
                _ if by == 0 => return Err("Nothing can be divided by 0".into()),
                _ => value.checked_div_euclid(by).ok_or_else(too_large)?,
            };
        }
        Ok(value)
    }

    fn factor(&mut self) -> Result<i128, String> {
        let Some(token) = self.peek().cloned() else { return Err("Something is missing at the end".into()) };
        self.at += 1;
        match token {
            Token::Sign(sign @ ('-' | '+' | '(')) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err("The brackets go too deep".into());
                }
                let value = match sign {
                    '-' => self.factor()?.checked_neg().ok_or_else(too_large)?,
                    '+' => self.factor()?,
                    _ => {
                        let value = self.sum(None)?;
                        self.take(&[')']).ok_or("A closing ) is missing")?;
                        value
                    }
                };
                self.depth -= 1;
                Ok(value)
            }
            Token::Sign(sign) => Err(format!("A number or a name is missing before {sign}")),
            Token::Number(text) => self.number(&text),
            Token::Quoted(name) => {
                (self.places.named)(&name).map(i128::from).ok_or_else(|| format!("No bookmark is called \"{name}\""))
            }
            Token::Word(word) => self.word(&word),
        }
    }

    fn number(&mut self, text: &str) -> Result<i128, String> {
        if self.take(&['%']).is_some() {
            let (whole, digits) = fraction(text).ok_or_else(|| format!("{text} is not a percentage"))?;
            let scale = 10_i128.pow(digits);
            if whole > 100 * scale {
                return Err("A percentage is between 0 and 100".into());
            }
            return Ok(i128::from(self.places.size) * whole / (100 * scale));
        }
        let mut unit = None;
        if let Some(Token::Word(word)) = self.peek()
            && let Some(known) = unit_of(word)
        {
            self.at += 1;
            unit = Some(known);
        }
        number(text, unit)
    }

    fn word(&mut self, word: &str) -> Result<i128, String> {
        let Places { cursor, size, selection, row, named, names, .. } = *self.places;
        let selected =
            |value: Option<u64>| value.map(i128::from).ok_or_else(|| format!("Nothing is selected, so {word} is nothing"));
        match word.to_ascii_lowercase().as_str() {
            "cursor" | "pos" | "position" | "here" | "tell" => Ok(cursor.into()),
            "end" | "size" | "eof" => Ok(size.into()),
            "start" | "begin" => Ok(0),
            "selection" | "sel" | "selstart" => selected(selection.map(|(start, _)| start)),
            "selend" => selected(selection.map(|(_, end)| end)),
            "sellen" => selected(selection.map(|(start, end)| end - start)),
            "row" => {
                let number = self.counted("row")?;
                let row =
                    row.ok_or("The bytes a row follow the width: choose how many in the View menu, then rows have numbers")?;
                let index = number.checked_sub(1).filter(|&index| index >= 0).ok_or("Rows are counted from 1")?;
                index.checked_mul(row.into()).ok_or_else(too_large)
            }
            "sector" => self.counted("sector")?.checked_mul(512).ok_or_else(too_large),
            "page" => self.counted("page")?.checked_mul(4096).ok_or_else(too_large),
            _ if named(word).is_some() => Ok(named(word).unwrap_or(0).into()),
            lower => match lower.strip_suffix('h').filter(|hex| is_hex(hex)) {
                Some(hex) => radix(hex, 16).ok_or_else(too_large),
                None if is_hex(lower) => Err(format!("Write 0x{word} for a hexadecimal number")),
                None => Err(format!("{word} is no name here: there are {names}")),
            },
        }
    }

    /// The number behind `row` and the like.
    fn counted(&mut self, what: &str) -> Result<i128, String> {
        match self.peek().cloned() {
            Some(Token::Number(text)) => {
                self.at += 1;
                number(&text, None)
            }
            Some(Token::Sign('(')) => self.factor(),
            _ => Err(format!("After {what} comes its number, for example {what} 3")),
        }
    }
}

fn too_large() -> String {
    format!("That is outside of what a stream can address, 0 to {}", group(LAST))
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Digits alone: the parser of the standard library takes signs too.
fn radix(digits: &str, radix: u32) -> Option<i128> {
    let good = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    good.then(|| i128::from_str_radix(digits, radix).ok()).flatten()
}

/// A decimal number with digits behind the point: all digits, and how many stand behind it.
fn fraction(text: &str) -> Option<(i128, u32)> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{part}");
    (part.len() <= 9).then(|| Some((radix(&digits, 10)?, part.len() as u32))).flatten()
}

fn unit_of(word: &str) -> Option<i128> {
    let power = |letter: &str, base: i128| {
        ["k", "m", "g", "t", "p", "e"].iter().position(|&l| l == letter).map(|n| base.pow(n as u32 + 1))
    };
    match word.to_ascii_lowercase().as_str() {
        "b" | "byte" | "bytes" => Some(1),
        "sector" | "sectors" => Some(512),
        "page" | "pages" => Some(4096),
        word => match (word.strip_suffix("ib"), word.strip_suffix('b')) {
            (Some(letter), _) => power(letter, 1024),
            (None, Some(letter)) => power(letter, 1000),
            (None, None) => power(word, 1024),
        },
    }
}

/// A number as it stands, with its unit.
fn number(text: &str, unit: Option<i128>) -> Result<i128, String> {
    let wrong = || format!("{text} is not a number");
    let lower = text.to_ascii_lowercase();
    let based = [("0x", 16), ("$", 16), ("0o", 8), ("0b", 2)]
        .iter()
        .find_map(|&(prefix, base)| Some((lower.strip_prefix(prefix)?, base)));
    // 0b alone is a number with a unit, and 0b2 is neither.
    if let Some((digits, base)) = based {
        let end = digits.find(|c: char| !c.is_digit(base)).unwrap_or(digits.len());
        let own = if end < digits.len() { Some(unit_of(&digits[end..]).ok_or_else(wrong)?) } else { None };
        let value = radix(&digits[..end], base).ok_or_else(wrong)?;
        return value.checked_mul(unit.or(own).unwrap_or(1)).ok_or_else(too_large);
    }
    if let Some(hex) = lower.strip_suffix('h').filter(|hex| is_hex(hex)) {
        return radix(hex, 16).and_then(|value| value.checked_mul(unit.unwrap_or(1))).ok_or_else(too_large);
    }
    let end = lower.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(lower.len());
    let own = match &lower[end..] {
        "" => None,
        letters => match unit_of(letters) {
            Some(unit) => Some(unit),
            None if is_hex(&lower) => return Err(format!("Write 0x{text} for a hexadecimal number")),
            None => return Err(wrong()),
        },
    };
    if own.is_some() && unit.is_some() {
        return Err(format!("{text} has a unit already"));
    }
    let (digits, behind) = fraction(&lower[..end]).ok_or_else(wrong)?;
    let value = digits.checked_mul(own.or(unit).unwrap_or(1)).ok_or_else(too_large)?;
    let scale = 10_i128.pow(behind);
    if value % scale == 0 { Ok(value / scale) } else { Err(format!("{text} is not a whole number of bytes")) }
}

#[cfg(test)]
mod tests {
    use super::{Places, parse_length, parse_place};

    #[test]
    fn positions_as_people_type_them() {
        let mark = |name: &str| (name == "header" || name == "my mark").then_some(64);
        let places = Places { selection: Some((20, 50)), row: Some(16), named: &mark, ..Places::plain(100, 1000) };
        let read = |text| parse_place(text, &places);
        for (text, position) in [
            ("500", 500),
            ("0x1F0", 0x1F0),
            ("1F0h", 0x1F0),
            ("FFh", 0xFF),
            ("$1f0", 0x1F0),
            ("0b101", 5),
            ("0o17", 15),
            ("+16", 116),
            ("-4", 96),
            ("- 0x10", 84),
            ("+2*8-1", 115),
            ("end", 1000),
            ("END-8", 992),
            ("end+8", 1008),
            ("size / 3", 333),
            ("cursor*2", 200),
            ("pos", 100),
            ("start", 0),
            ("selection", 20),
            ("selend-1", 49),
            ("sellen", 30),
            ("header + 4", 68),
            ("'my mark'+ 4", 68),
            ("row 3", 32),
            ("sector 2", 1024),
            ("2 sectors", 1024),
            ("page 1", 4096),
            ("(1 + 2) * (0x10 - 2)", 42),
            ("50%", 500),
            ("12.5 %", 125),
            ("1_000,000", 1_000_000),
            ("4k", 4096),
            ("4 KiB", 4096),
            ("4kB", 4000),
            ("1.5k", 1536),
            ("0x10k", 16384),
            ("2G", 2 << 30),
            ("1TiB", 1 << 40),
            ("10b", 10),
            ("--5 * 0 + 7", 107),
        ] {
            assert_eq!(read(text), Ok(position), "{text}");
        }
        for (text, said) in [
            ("", "Type a position"),
            ("  ", "Type a position"),
            ("x", "no name here"),
            ("1F0", "0x1F0"),
            ("ff", "0xff"),
            ("-101", "1 byte before the start"),
            ("end-1001", "1 byte before the start"),
            ("end8", "there are cursor, start, end, size"),
            ("101%", "between 0 and 100"),
            ("0x", "not a number"),
            ("0b2", "not a number"),
            ("99999999999999999999", "address"),
            ("+9223372036854775807", "address"),
            ("9E9E9E9E9E9E9E9Eh*9E9E9E9E9E9E9E9Eh*9E9E9E9E9E9E9E9Eh", "address"),
            ("1 +", "missing at the end"),
            ("1 2", "2 is not expected"),
            ("(1", "closing )"),
            ("1/0", "divided by 0"),
            ("*5", "missing before *"),
            ("1.3k", "whole number"),
            ("row 0", "from 1"),
            ("row", "row 3"),
            ("'none'", "No bookmark"),
            ("'none", "closing '"),
            ("5 # 3", "# does not belong"),
            ("4kk", "not a number"),
            ("4k MiB", "unit already"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(said), "{text}: {error}");
        }
        let plain = Places::plain(100, 1000);
        assert!(parse_place("selend", &plain).unwrap_err().contains("Nothing is selected"));
        assert!(parse_place("row 2", &plain).unwrap_err().contains("View menu"));
        assert!(parse_place(&"(".repeat(5000), &plain).is_err());
        assert_eq!(parse_length("+16", &plain), Ok(16));
        assert_eq!(parse_length("end - cursor", &plain), Ok(900));
        assert!(parse_length("-1", &plain).is_err());
    }

    #[test]
    fn any_text_ends() {
        let mut random = fastrand::Rng::with_seed(3);
        let pool = "0123456789abfxhkMGTiB%+-*/()'\" $._,end cursor row é−";
        let pool: Vec<char> = pool.chars().collect();
        for _ in 0..20_000 {
            let text: String = (0..random.usize(..16)).map(|_| pool[random.usize(..pool.len())]).collect();
            parse_place(&text, &Places::plain(random.u64(..), random.u64(..))).ok();
        }
    }
}
