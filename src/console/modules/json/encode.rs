//! Values to JSON.
//!
//! CPython has two encoders, one in C and one in Python, and which of them runs can be seen in the text of some errors, and in the
//! pieces that `dump` writes. [`Encoder::one_shot`] tells them apart here.

use std::any::Any;
use std::rc::Rc;

use num_traits::ToPrimitive;

use super::super::attributes::Attributes;
use super::{ascii, given, options, text_of, too_deep};
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::native::Native;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::types;
use crate::console::vm::Vm;
use crate::stream::{Text, float_repr};

const NAMES: [&str; 9] =
    ["skipkeys", "ensure_ascii", "check_circular", "allow_nan", "cls", "indent", "separators", "default", "sort_keys"];

/// How to encode.
struct Options {
    skip_keys: bool,
    only_ascii: bool,
    check_circular: bool,
    allow_nan: bool,
    indent: Option<Object>,
    item_separator: Object,
    key_separator: Object,
    default: Option<Object>,
    sort_keys: bool,
}

impl Options {
    fn new(vm: &Vm, mut values: [Option<Object>; 9]) -> Outcome<Self> {
        let mut flag = |at: usize, default| values[at].take().map_or(Ok(default), |value| vm.truth(&value));
        let (skip_keys, only_ascii, check_circular) = (flag(0, false)?, flag(1, true)?, flag(2, true)?);
        let (allow_nan, sort_keys) = (flag(3, true)?, flag(8, false)?);
        let [_, _, _, _, class, indent, separators, default, _] = values;
        if let Some(class) = given(class)
            && !matches!(class, Object::Class(class) if class == ENCODER)
        {
            return Err(Raise::type_error(format!("'{}' object is not a JSON encoder", vm.type_name(&class))));
        }
        let indent = given(indent);
        let (item_separator, key_separator) = match given(separators) {
            Some(separators) => pair(vm, &separators)?,
            None if indent.is_some() => (Object::str(","), Object::str(": ")),
            None => (Object::str(", "), Object::str(": ")),
        };
        let default = given(default);
        Ok(Self { skip_keys, only_ascii, check_circular, allow_nan, indent, item_separator, key_separator, default, sort_keys })
    }
}

/// `a, b = separators`
fn pair(vm: &Vm, separators: &Object) -> Outcome<(Object, Object)> {
    let items = match vm.iterate(separators) {
        Err(raise) if raise.is(class::TYPE_ERROR) => {
            return Err(Raise::type_error(format!("cannot unpack non-iterable {} object", vm.type_name(separators))));
        }
        items => items?,
    };
    let mut found = Vec::new();
    while found.len() < 3
        && let Some(item) = vm.next(&items)?
    {
        found.push(item);
    }
    match <[Object; 2]>::try_from(found) {
        Ok([item, key]) => Ok((item, key)),
        Err(found) if found.len() < 2 => {
            Err(Raise::value_error(format!("not enough values to unpack (expected 2, got {})", found.len())))
        }
        Err(_) => Err(Raise::value_error("too many values to unpack (expected 2)")),
    }
}

/// Where the pieces go.
enum Sink {
    Whole(Vec<u32>),
    File(Object),
    Pieces(Vec<Object>),
}

struct Encoder<'a> {
    vm: &'a Vm,
    options: &'a Options,
    /// The indentation of one level.
    indent: Option<Vec<u32>>,
    item_separator: Vec<u32>,
    key_separator: Vec<u32>,
    /// Whether CPython's encoder in C would run.
    one_shot: bool,
    sink: Sink,
    /// The containers that are being written, by where they are.
    open: Vec<usize>,
}

impl<'a> Encoder<'a> {
    fn new(vm: &'a Vm, options: &'a Options, sink: Sink) -> Outcome<Self> {
        let one_shot = options.indent.is_none() && matches!(sink, Sink::Whole(_));
        let indent = match &options.indent {
            None => None,
            Some(Object::Str(text)) => Some(text.code_points().collect()),
            Some(other) => Some(spaces(vm, other)?),
        };
        let points = |position: u32, separator: &Object| match separator {
            Object::Str(text) => Ok(text.code_points().collect::<Vec<u32>>()),
            other if one_shot => {
                let name = vm.type_name(other);
                Err(Raise::type_error(format!("make_encoder() argument {position} must be str, not {name}")))
            }
            other => Err(Raise::type_error(format!("unsupported operand type(s) for +: '{}' and 'str'", vm.type_name(other)))),
        };
        let key_separator = points(5, &options.key_separator)?;
        let item_separator = points(6, &options.item_separator)?;
        Ok(Self { vm, options, indent, item_separator, key_separator, one_shot, sink, open: Vec::new() })
    }

    fn emit(&mut self, piece: Vec<u32>) -> Outcome<()> {
        self.vm.step(1 + piece.len() as u64 / 64)?;
        match &mut self.sink {
            Sink::Whole(all) => {
                self.vm.allocate(piece.len() as u64 * 8)?;
                all.extend(piece);
            }
            Sink::Pieces(pieces) => pieces.push(text_of(piece)),
            Sink::File(file) => {
                self.vm.call_method(file, "write", Args::new([text_of(piece)]))?;
            }
        }
        Ok(())
    }

    fn emit_ascii(&mut self, piece: &str) -> Outcome<()> {
        self.emit(ascii(piece).collect())
    }

    /// A line feed and the indentation of `level`, where there is one.
    fn line(&self, level: usize) -> Vec<u32> {
        let Some(indent) = &self.indent else { return Vec::new() };
        let mut line = vec![0x0A];
        (0..level).for_each(|_| line.extend(indent));
        line
    }

    fn separator(&self, level: usize) -> Vec<u32> {
        [self.item_separator.clone(), self.line(level)].concat()
    }

    /// The text of a value that holds no others; `None` for the rest.
    fn scalar(&self, value: &Object) -> Outcome<Option<Vec<u32>>> {
        Ok(Some(match value {
            Object::Str(text) => quoted(self.vm, text, self.options.only_ascii)?,
            Object::None => ascii("null").collect(),
            Object::Bool(true) => ascii("true").collect(),
            Object::Bool(false) => ascii("false").collect(),
            Object::Int(n) => ascii(&n.to_string()).collect(),
            Object::BigInt(_) => self.vm.repr(value)?.code_points().collect(),
            Object::Float(n) => ascii(&self.float(*n)?).collect(),
            _ => return Ok(None),
        }))
    }

    fn float(&self, n: f64) -> Outcome<String> {
        if n.is_finite() {
            return Ok(float_repr(n));
        }
        if !self.options.allow_nan {
            let which = if self.one_shot { String::new() } else { format!(": {}", float_repr(n)) };
            return Err(Raise::value_error(format!("Out of range float values are not JSON compliant{which}")));
        }
        Ok(match n {
            n if n.is_nan() => "NaN",
            n if n > 0.0 => "Infinity",
            _ => "-Infinity",
        }
        .to_owned())
    }

    fn recursion(&self, raise: Raise) -> Raise {
        too_deep(raise, if self.one_shot { "encoding a JSON object" } else { "calling a Python object" })
    }

    /// Remembers that a container is being written.
    fn open(&mut self, place: usize) -> Outcome<()> {
        if self.options.check_circular {
            if self.open.contains(&place) {
                return Err(Raise::value_error("Circular reference detected"));
            }
            self.open.push(place);
        }
        Ok(())
    }

    fn close(&mut self) {
        self.open.pop();
    }

    fn value(&mut self, value: &Object, level: usize) -> Outcome<()> {
        if let Some(text) = self.scalar(value)? {
            return self.emit(text);
        }
        self.container(value, level)
    }

    fn container(&mut self, value: &Object, level: usize) -> Outcome<()> {
        let vm = self.vm;
        let _entered = vm.enter().map_err(|raise| self.recursion(raise))?;
        match value {
            Object::List(list) => {
                let items = list.items.borrow().clone();
                self.items(&items, Rc::as_ptr(list) as usize, level)
            }
            Object::Tuple(tuple) => self.items(&tuple.items, Rc::as_ptr(tuple) as usize, level),
            Object::Dict(dict) => {
                let items = dict.items.borrow().iter().map(|(key, value)| (key.object().clone(), value.clone())).collect();
                self.dict(items, Rc::as_ptr(dict) as usize, level)
            }
            other => {
                self.open(identity(other))?;
                let Some(default) = &self.options.default else {
                    let name = vm.class_of(other).0.name;
                    return Err(Raise::type_error(format!("Object of type {name} is not JSON serializable")));
                };
                let replaced = vm.call(default, Args::new([other.clone()]))?;
                self.value(&replaced, level)?;
                if self.options.check_circular {
                    self.close();
                }
                Ok(())
            }
        }
    }

    fn items(&mut self, items: &[Object], place: usize, level: usize) -> Outcome<()> {
        if items.is_empty() {
            return self.emit_ascii("[]");
        }
        self.open(place)?;
        let mut before = vec![u32::from(b'[')];
        before.extend(self.line(level + 1));
        for item in items {
            if let Some(text) = self.scalar(item)? {
                before.extend(text);
                self.emit(before)?;
            } else {
                self.emit(before)?;
                self.container(item, level + 1)?;
            }
            before = self.separator(level + 1);
        }
        self.end(level, "]")
    }

    fn end(&mut self, level: usize, bracket: &str) -> Outcome<()> {
        if self.options.check_circular {
            self.close();
        }
        if self.indent.is_some() {
            self.emit(self.line(level))?;
        }
        self.emit_ascii(bracket)
    }

    fn dict(&mut self, items: Vec<(Object, Object)>, place: usize, level: usize) -> Outcome<()> {
        if items.is_empty() {
            return self.emit_ascii("{}");
        }
        self.open(place)?;
        self.emit_ascii("{")?;
        if self.indent.is_some() {
            self.emit(self.line(level + 1))?;
        }
        let items = if self.options.sort_keys { self.sorted(items)? } else { items };
        let mut first = true;
        for (key, value) in &items {
            let Some(key) = self.key(key)? else { continue };
            if !std::mem::take(&mut first) {
                self.emit(self.separator(level + 1))?;
            }
            self.emit(key)?;
            self.emit(self.key_separator.clone())?;
            self.value(value, level + 1)?;
        }
        self.end(level, "}")
    }

    /// The text of a key; `None` for one to be left out.
    fn key(&self, key: &Object) -> Outcome<Option<Vec<u32>>> {
        let text = match key {
            Object::Str(text) => text.clone(),
            Object::BigInt(_) => self.vm.repr(key)?,
            Object::None | Object::Bool(_) | Object::Int(_) | Object::Float(_) => match self.scalar(key)? {
                Some(points) => Text::from_code_points(points),
                None => return Ok(None),
            },
            _ if self.options.skip_keys => return Ok(None),
            other => {
                let name = self.vm.class_of(other).0.name;
                return Err(Raise::type_error(format!("keys must be str, int, float, bool or None, not {name}")));
            }
        };
        quoted(self.vm, &text, self.options.only_ascii).map(Some)
    }

    fn sorted(&self, items: Vec<(Object, Object)>) -> Outcome<Vec<(Object, Object)>> {
        let pairs = items.into_iter().map(|(key, value)| Object::tuple(vec![key, value])).collect();
        let list = Object::list(pairs);
        self.vm.call_method(&list, "sort", Args::default())?;
        let sorted = self.vm.collect(&list)?;
        Ok(sorted
            .iter()
            .filter_map(|pair| match pair {
                Object::Tuple(pair) => Some((pair.items.first()?.clone(), pair.items.get(1)?.clone())),
                _ => None,
            })
            .collect())
    }
}

/// A number that tells an object from the others that are alive.
fn identity(object: &Object) -> usize {
    match object {
        Object::Set(set) => Rc::as_ptr(set) as usize,
        Object::Native(native) => Rc::as_ptr(native).cast::<()>() as usize,
        Object::Range(range) => Rc::as_ptr(range) as usize,
        Object::Iterator(iterator) => Rc::as_ptr(iterator) as usize,
        Object::Function(function) => Rc::as_ptr(function).cast::<()>() as usize,
        Object::Exception(exception) => Rc::as_ptr(exception) as usize,
        Object::Stream(stream) => stream.id(),
        other => std::ptr::from_ref(other) as usize,
    }
}

/// `' ' * count`
fn spaces(vm: &Vm, count: &Object) -> Outcome<Vec<u32>> {
    let Some(number) = count.index() else {
        let name = vm.type_name(count);
        return Err(Raise::type_error(format!("can't multiply sequence by non-int of type '{name}'")));
    };
    let Some(number) = number.to_i64() else {
        return Err(Raise::new(class::OVERFLOW_ERROR, "cannot fit 'int' into an index-sized integer"));
    };
    let number = usize::try_from(number).unwrap_or(0);
    vm.allocate(number as u64 * 4)?;
    Ok(vec![0x20; number])
}

/// A text in quotes.
fn quoted(vm: &Vm, text: &Text, only_ascii: bool) -> Outcome<Vec<u32>> {
    vm.step(1 + text.len() / 64)?;
    vm.allocate(text.len() * 8)?;
    let mut out = Vec::with_capacity(usize::try_from(text.len()).unwrap_or(0) + 2);
    out.push(u32::from(b'"'));
    for point in text.code_points() {
        let short = match point {
            0x22 => b'"',
            0x5C => b'\\',
            0x08 => b'b',
            0x09 => b't',
            0x0A => b'n',
            0x0C => b'f',
            0x0D => b'r',
            _ => 0,
        };
        match point {
            _ if short != 0 => out.extend([u32::from(b'\\'), short.into()]),
            0x20..=0x7E => out.push(point),
            _ if point > 0x1F && !only_ascii => out.push(point),
            0x1_0000.. => {
                let rest = point - 0x1_0000;
                for half in [0xD800 | rest >> 10, 0xDC00 | rest & 0x3FF] {
                    out.extend(ascii(&format!("\\u{half:04x}")));
                }
            }
            _ => out.extend(ascii(&format!("\\u{point:04x}"))),
        }
    }
    out.push(u32::from(b'"'));
    Ok(out)
}

/// `json.dumps(value, *, …)`
pub(super) fn dumps(vm: &Vm, args: Args) -> Outcome {
    let (positional, values) = options(args, "dumps", &["obj"], NAMES, "JSONEncoder")?;
    let options = Options::new(vm, values)?;
    whole(vm, &options, &positional[0])
}

fn whole(vm: &Vm, options: &Options, value: &Object) -> Outcome {
    // A text that is encoded alone does not get as far as an encoder.
    if let Object::Str(text) = value {
        return quoted(vm, text, options.only_ascii).map(text_of);
    }
    let mut encoder = Encoder::new(vm, options, Sink::Whole(Vec::new()))?;
    encoder.value(value, 0)?;
    Ok(match encoder.sink {
        Sink::Whole(points) => text_of(points),
        _ => Object::None,
    })
}

/// `json.dump(value, file, *, …)`: written piece by piece, so that a file holds what came before an error.
pub(super) fn dump(vm: &Vm, args: Args) -> Outcome {
    let (positional, values) = options(args, "dump", &["obj", "fp"], NAMES, "JSONEncoder")?;
    let options = Options::new(vm, values)?;
    let mut encoder = Encoder::new(vm, &options, Sink::File(positional[1].clone()))?;
    encoder.value(&positional[0], 0)?;
    Ok(Object::None)
}

// ---- json.JSONEncoder ----

/// `json.JSONEncoder`
pub(super) const ENCODER: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "JSONEncoder",
        module: "json.encoder",
        bases: &[OBJECT],
        construct: Some(construct),
        methods: &["default", "encode", "iterencode"],
    };
    Class(&INFO)
};

struct EncoderObject {
    options: Options,
    attributes: Attributes,
}

impl std::fmt::Debug for EncoderObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<json.encoder.JSONEncoder>")
    }
}

fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    if !args.positional.is_empty() {
        let count = 1 + args.len();
        return Err(Raise::type_error(format!("JSONEncoder.__init__() takes 1 positional argument but {count} were given")));
    }
    if args.keywords.iter().any(|(name, _)| &**name == "cls") {
        return Err(Raise::type_error("JSONEncoder.__init__() got an unexpected keyword argument 'cls'"));
    }
    let (_, values) = options(args, "JSONEncoder.__init__", &[], NAMES, "JSONEncoder")?;
    let options = Options::new(vm, values)?;
    let attributes = Attributes::new([
        ("skipkeys", Object::Bool(options.skip_keys)),
        ("ensure_ascii", Object::Bool(options.only_ascii)),
        ("check_circular", Object::Bool(options.check_circular)),
        ("allow_nan", Object::Bool(options.allow_nan)),
        ("sort_keys", Object::Bool(options.sort_keys)),
        ("indent", options.indent.clone().unwrap_or(Object::None)),
        ("item_separator", options.item_separator.clone()),
        ("key_separator", options.key_separator.clone()),
    ]);
    Ok(Object::Native(Rc::new(EncoderObject { options, attributes })))
}

impl Native for EncoderObject {
    fn class(&self) -> Class {
        ENCODER
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        let value = args.one(&format!("JSONEncoder.{method}"))?;
        let options = &self.options;
        match method {
            "encode" => whole(vm, options, &value),
            "iterencode" => {
                let mut encoder = Encoder::new(vm, options, Sink::Pieces(Vec::new()))?;
                encoder.value(&value, 0)?;
                match encoder.sink {
                    Sink::Pieces(pieces) => types::iterate(vm, &Object::list(pieces)),
                    _ => Ok(Object::None),
                }
            }
            "default" => match &options.default {
                Some(default) => vm.call(default, Args::new([value])),
                None => {
                    let name = vm.class_of(&value).0.name;
                    Err(Raise::type_error(format!("Object of type {name} is not JSON serializable")))
                }
            },
            _ => Err(Raise::no_attribute("JSONEncoder", method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok(self.attributes.get(name))
    }
}
