//! JSON to values.

use std::any::Any;
use std::rc::Rc;

use indexmap::IndexMap;

use super::{decode_error, given, options, text_of, too_deep};
use crate::console::call::Args;
use crate::console::class::{Class, ClassInfo, OBJECT};
use crate::console::native::Native;
use crate::console::object::{Dict, Key, Object};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::console::{builtins, class};
use crate::stream::Text;

const NAMES: [&str; 7] = ["cls", "object_hook", "parse_float", "parse_int", "parse_constant", "object_pairs_hook", "strict"];

/// How to decode.
#[derive(Debug)]
struct Options {
    object_hook: Option<Object>,
    parse_float: Option<Object>,
    parse_int: Option<Object>,
    parse_constant: Option<Object>,
    object_pairs_hook: Option<Object>,
    strict: bool,
}

impl Options {
    fn new(vm: &Vm, values: [Option<Object>; 7]) -> Outcome<Self> {
        let [class, object_hook, parse_float, parse_int, parse_constant, object_pairs_hook, strict] = values;
        if let Some(class) = given(class)
            && !matches!(class, Object::Class(class) if class == DECODER)
        {
            return Err(Raise::type_error(format!("'{}' object is not a JSON decoder", vm.type_name(&class))));
        }
        Ok(Self {
            object_hook: given(object_hook),
            parse_float: given(parse_float),
            parse_int: given(parse_int),
            parse_constant: given(parse_constant),
            object_pairs_hook: given(object_pairs_hook),
            strict: strict.map_or(Ok(true), |strict| vm.truth(&strict))?,
        })
    }
}

struct Decoder<'a> {
    vm: &'a Vm,
    options: &'a Options,
    document: &'a Object,
    points: &'a [u32],
}

fn is_space(point: u32) -> bool {
    matches!(point, 0x20 | 0x09 | 0x0A | 0x0D)
}

fn is_digit(point: Option<u32>) -> bool {
    point.is_some_and(|point| (0x30..=0x39).contains(&point))
}

impl Decoder<'_> {
    fn at(&self, at: usize) -> Option<u32> {
        self.points.get(at).copied()
    }

    fn is(&self, at: usize, byte: u8) -> bool {
        self.at(at) == Some(byte.into())
    }

    fn has(&self, at: usize, word: &str) -> bool {
        let rest = self.points.get(at..at + word.len());
        rest.is_some_and(|rest| rest.iter().copied().eq(word.bytes().map(u32::from)))
    }

    fn skip_space(&self, at: usize) -> usize {
        at + self.points[at.min(self.points.len())..].iter().take_while(|&&point| is_space(point)).count()
    }

    fn error<T>(&self, message: &str, at: usize) -> Outcome<T> {
        Err(decode_error(message, self.document, self.points, at))
    }

    /// The value that begins at `at`, and where it ends.
    fn value(&self, at: usize) -> Outcome<(Object, usize)> {
        self.vm.step(1)?;
        match self.at(at) {
            Some(0x22) => {
                let (text, end) = self.string(at + 1)?;
                Ok((Object::Str(text), end))
            }
            Some(0x7B) => {
                let entered = self.vm.enter();
                let _entered = entered.map_err(|raise| too_deep(raise, "decoding a JSON object from a unicode string"))?;
                self.object(at + 1)
            }
            Some(0x5B) => {
                let entered = self.vm.enter();
                let _entered = entered.map_err(|raise| too_deep(raise, "decoding a JSON array from a unicode string"))?;
                self.array(at + 1)
            }
            Some(_) if self.has(at, "null") => Ok((Object::None, at + 4)),
            Some(_) if self.has(at, "true") => Ok((Object::Bool(true), at + 4)),
            Some(_) if self.has(at, "false") => Ok((Object::Bool(false), at + 5)),
            Some(_) if self.has(at, "NaN") => self.constant("NaN", f64::NAN, at),
            Some(_) if self.has(at, "Infinity") => self.constant("Infinity", f64::INFINITY, at),
            Some(_) if self.has(at, "-Infinity") => self.constant("-Infinity", f64::NEG_INFINITY, at),
            _ => self.number(at),
        }
    }

    fn constant(&self, word: &str, value: f64, at: usize) -> Outcome<(Object, usize)> {
        let value = match &self.options.parse_constant {
            Some(parse) => self.vm.call(parse, Args::new([Object::str(word)]))?,
            None => Object::Float(value),
        };
        Ok((value, at + word.len()))
    }

    fn digits(&self, at: usize) -> usize {
        at + self.points[at.min(self.points.len())..].iter().take_while(|&&point| is_digit(Some(point))).count()
    }

    fn number(&self, start: usize) -> Outcome<(Object, usize)> {
        let whole = start + usize::from(self.is(start, b'-'));
        let mut end = match self.at(whole) {
            Some(0x30) => whole + 1,
            Some(0x31..=0x39) => self.digits(whole),
            _ => return self.error("Expecting value", start),
        };
        let mut is_float = false;
        if self.is(end, b'.') && is_digit(self.at(end + 1)) {
            is_float = true;
            end = self.digits(end + 1);
        }
        if self.is(end, b'e') || self.is(end, b'E') {
            let sign = usize::from(self.is(end + 1, b'+') || self.is(end + 1, b'-'));
            let exponent = self.digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                is_float = true;
                end = exponent;
            }
        }
        let points = &self.points[start..end];
        let text = || text_of(points.to_vec());
        let digits = || points.iter().filter_map(|&point| char::from_u32(point)).collect::<String>();
        let value = match (&self.options.parse_float, &self.options.parse_int) {
            (Some(parse), _) if is_float => self.vm.call(parse, Args::new([text()]))?,
            (_, Some(parse)) if !is_float => self.vm.call(parse, Args::new([text()]))?,
            _ if is_float => Object::Float(digits().parse().unwrap_or(f64::NAN)),
            _ => match digits().parse::<i64>() {
                Ok(number) => Object::Int(number),
                // `int` itself knows how many digits it takes.
                Err(_) => match builtins::lookup("int") {
                    Some(int) => self.vm.call(&int, Args::new([text()]))?,
                    None => Object::None,
                },
            },
        };
        Ok((value, end))
    }

    fn array(&self, start: usize) -> Outcome<(Object, usize)> {
        let mut at = self.skip_space(start);
        let mut items = Vec::new();
        if self.is(at, b']') {
            return Ok((Object::list(items), at + 1));
        }
        loop {
            let (item, end) = self.value(at)?;
            items.push(item);
            at = self.skip_space(end);
            if self.is(at, b']') {
                return Ok((Object::list(items), at + 1));
            }
            if !self.is(at, b',') {
                return self.error("Expecting ',' delimiter", at);
            }
            at = self.skip_space(at + 1);
        }
    }

    fn object(&self, start: usize) -> Outcome<(Object, usize)> {
        let mut at = self.skip_space(start);
        let mut items: Vec<(Object, Object)> = Vec::new();
        if self.is(at, b'}') {
            return Ok((self.made(items)?, at + 1));
        }
        loop {
            if !self.is(at, b'"') {
                return self.error("Expecting property name enclosed in double quotes", at);
            }
            let (key, end) = self.string(at + 1)?;
            at = self.skip_space(end);
            if !self.is(at, b':') {
                return self.error("Expecting ':' delimiter", at);
            }
            let (value, end) = self.value(self.skip_space(at + 1))?;
            items.push((Object::Str(key), value));
            at = self.skip_space(end);
            if self.is(at, b'}') {
                return Ok((self.made(items)?, at + 1));
            }
            if !self.is(at, b',') {
                return self.error("Expecting ',' delimiter", at);
            }
            at = self.skip_space(at + 1);
        }
    }

    fn made(&self, items: Vec<(Object, Object)>) -> Outcome {
        if let Some(hook) = &self.options.object_pairs_hook {
            let pairs = items.into_iter().map(|(key, value)| Object::tuple(vec![key, value])).collect();
            return self.vm.call(hook, Args::new([Object::list(pairs)]));
        }
        let mut dict: IndexMap<Key, Object> = IndexMap::with_capacity(items.len());
        for (key, value) in items {
            dict.insert(self.vm.key(&key)?, value);
        }
        let dict = Object::Dict(Rc::new(Dict { items: dict.into() }));
        match &self.options.object_hook {
            Some(hook) => self.vm.call(hook, Args::new([dict])),
            None => Ok(dict),
        }
    }

    /// The string whose first character is at `start`, and where it ends.
    fn string(&self, start: usize) -> Outcome<(Text, usize)> {
        let unterminated = || self.error("Unterminated string starting at", start - 1);
        let mut points = Vec::new();
        let mut at = start;
        loop {
            let Some(point) = self.at(at) else { return unterminated() };
            at += 1;
            match point {
                0x22 => {
                    self.vm.step(points.len() as u64 / 64)?;
                    return Ok((Text::from_code_points(points), at));
                }
                0x5C => {
                    let Some(escaped) = self.at(at) else { return unterminated() };
                    at += 1;
                    points.push(match escaped {
                        0x22 | 0x5C | 0x2F => escaped,
                        0x62 => 0x08,
                        0x66 => 0x0C,
                        0x6E => 0x0A,
                        0x72 => 0x0D,
                        0x74 => 0x09,
                        0x75 => {
                            let (point, end) = self.escape(at)?;
                            at = end;
                            point
                        }
                        _ => return self.error("Invalid \\escape", at - 2),
                    });
                }
                ..=0x1F if self.options.strict => return self.error("Invalid control character at", at - 1),
                _ => points.push(point),
            }
        }
    }

    /// The code point behind `\u`, a pair of surrogates too.
    fn escape(&self, at: usize) -> Outcome<(u32, usize)> {
        let first = self.four_digits(at)?;
        let end = at + 4;
        let is_pair = (0xD800..0xDC00).contains(&first) && end + 6 < self.points.len() && self.has(end, "\\u");
        if is_pair {
            let second = self.four_digits(end + 2)?;
            if (0xDC00..0xE000).contains(&second) {
                return Ok((0x1_0000 + ((first & 0x3FF) << 10 | second & 0x3FF), end + 6));
            }
        }
        Ok((first, end))
    }

    fn four_digits(&self, at: usize) -> Outcome<u32> {
        let digit = |at: usize| self.at(at).and_then(char::from_u32).and_then(|c| c.to_digit(16));
        // There must be something behind the digits, too: the string has to end.
        let digits = if at + 4 < self.points.len() { (at..at + 4).map(digit).collect::<Option<Vec<_>>>() } else { None };
        match digits {
            Some(digits) => Ok(digits.into_iter().fold(0, |value, digit| value << 4 | digit)),
            None => self.error("Invalid \\uXXXX escape", at - 1),
        }
    }
}

/// The one value in a text, with spaces around it.
fn decode(vm: &Vm, options: &Options, document: &Object, text: &Text) -> Outcome {
    let points = points_of(vm, text)?;
    let decoder = Decoder { vm, options, document, points: &points };
    let (value, end) = decoder.value(decoder.skip_space(0))?;
    let end = decoder.skip_space(end);
    if end == points.len() { Ok(value) } else { decoder.error("Extra data", end) }
}

fn points_of(vm: &Vm, text: &Text) -> Outcome<Vec<u32>> {
    vm.step(text.len() / 64)?;
    vm.allocate(text.len() * 4)?;
    Ok(text.code_points().collect())
}

/// The text in a `str`, `bytes` or `bytearray`.
fn text_in(vm: &Vm, source: &Object) -> Outcome<(Object, Text)> {
    match source {
        Object::Str(text) => {
            if text.get(0) == Some(0xFEFF) {
                let points = points_of(vm, text)?;
                return Err(decode_error("Unexpected UTF-8 BOM (decode using utf-8-sig)", source, &points, 0));
            }
            Ok((source.clone(), text.clone()))
        }
        Object::Bytes(_) | Object::ByteArray(_) => {
            let encoding = Object::str(encoding_of(&first_bytes(source)?));
            let text = vm.call_method(source, "decode", Args::new([encoding, Object::str("surrogatepass")]))?;
            match &text {
                Object::Str(inner) => Ok((text.clone(), inner.clone())),
                _ => Err(Raise::type_error("decoding gave no str")),
            }
        }
        other => {
            let name = vm.class_of(other).0.name;
            Err(Raise::type_error(format!("the JSON object must be str, bytes or bytearray, not {name}")))
        }
    }
}

/// Up to four bytes from the start, and whether there are more does not matter.
fn first_bytes(source: &Object) -> Outcome<Vec<u8>> {
    use crate::buffer::{ByteRange, Len, Offset};
    match source {
        Object::Bytes(bytes) => {
            let first = bytes.to_vec(ByteRange::new(Offset::ZERO, Len(5)));
            first.map_err(|error| Raise::new(class::OS_ERROR, error.to_string()))
        }
        Object::ByteArray(array) => Ok(array.with_bytes(|bytes| bytes[..bytes.len().min(5)].to_vec())),
        _ => Ok(Vec::new()),
    }
}

/// Which Unicode encoding bytes of JSON are in, by where their zeros are.
fn encoding_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [0, 0, 0xFE, 0xFF, ..] | [0xFF, 0xFE, 0, 0, ..] => "utf-32",
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => "utf-16",
        [0xEF, 0xBB, 0xBF, ..] => "utf-8-sig",
        [0, 0, _, _, ..] => "utf-32-be",
        [0, _, _, _, ..] | [0, _] => "utf-16-be",
        [_, 0, 0, 0, ..] => "utf-32-le",
        [_, 0, _, _, ..] | [_, 0] => "utf-16-le",
        _ => "utf-8",
    }
}

/// `json.detect_encoding(b)`
pub(super) fn detect_encoding(_vm: &Vm, args: Args) -> Outcome {
    let bound = args.bind("detect_encoding", &["b"], 1)?;
    let bytes = bound.into_iter().flatten().next().unwrap_or(Object::None);
    Ok(Object::str(encoding_of(&first_bytes(&bytes)?)))
}

/// `json.loads(source, *, …)`
pub(super) fn loads(vm: &Vm, args: Args) -> Outcome {
    // `strict` is no parameter of its own but reaches the decoder all the same.
    let (positional, values) = options(args, "loads", &["s"], NAMES, "JSONDecoder")?;
    let (document, text) = text_in(vm, &positional[0])?;
    decode(vm, &Options::new(vm, values)?, &document, &text)
}

/// `json.load(file, *, …)`
pub(super) fn load(vm: &Vm, args: Args) -> Outcome {
    let (positional, values) = options(args, "load", &["fp"], NAMES, "JSONDecoder")?;
    let source = vm.call_method(&positional[0], "read", Args::default())?;
    let (document, text) = text_in(vm, &source)?;
    decode(vm, &Options::new(vm, values)?, &document, &text)
}

// ---- json.JSONDecoder ----

/// `json.JSONDecoder`
pub(super) const DECODER: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "JSONDecoder",
        module: "json.decoder",
        bases: &[OBJECT],
        construct: Some(construct),
        methods: &["decode", "raw_decode"],
    };
    Class(&INFO)
};

#[derive(Debug)]
struct DecoderObject {
    options: Options,
}

fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.positional.is_empty() {
        let count = 1 + args.len();
        return Err(Raise::type_error(format!("JSONDecoder.__init__() takes 1 positional argument but {count} were given")));
    }
    if args.keywords.iter().any(|(name, _)| &**name == "cls") {
        return Err(Raise::type_error("JSONDecoder.__init__() got an unexpected keyword argument 'cls'"));
    }
    let (_, values) = options(args, "JSONDecoder.__init__", &[], NAMES, "JSONDecoder")?;
    Ok(Object::Native(Rc::new(DecoderObject { options: Options::new(vm, values)? })))
}

impl Native for DecoderObject {
    fn class(&self) -> Class {
        DECODER
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, this: &Object, method: &str, mut args: Args) -> Outcome {
        args.positional.insert(0, this.clone());
        let (names, function): (&[&str], _) = match method {
            "decode" => (&["self", "s"], "JSONDecoder.decode"),
            "raw_decode" => (&["self", "s", "idx"], "JSONDecoder.raw_decode"),
            _ => return Err(Raise::no_attribute("JSONDecoder", method)),
        };
        let bound = args.bind(function, names, 2)?;
        let source = bound[1].clone().unwrap_or(Object::None);
        let Object::Str(text) = &source else {
            let name = vm.type_name(&source);
            let message = if method == "decode" {
                format!("expected string or bytes-like object, got '{name}'")
            } else {
                format!("first argument must be a string, not {name}")
            };
            return Err(Raise::type_error(message));
        };
        if method == "decode" {
            return decode(vm, &self.options, &source, text);
        }
        let index = bound.get(2).cloned().flatten().unwrap_or(Object::Int(0));
        let Some(index) = index.index() else {
            let name = vm.type_name(&index);
            return Err(Raise::type_error(format!("'{name}' object cannot be interpreted as an integer")));
        };
        let points = points_of(vm, text)?;
        let decoder = Decoder { vm, options: &self.options, document: &source, points: &points };
        let Ok(index) = usize::try_from(index) else {
            return Err(Raise::value_error("idx cannot be negative"));
        };
        let (value, end) = decoder.value(index)?;
        Ok(Object::tuple(vec![value, Object::int(end)]))
    }
}
