//! `io.StringIO`: the dynamic interface.

use super::arguments::{Arguments, Items, constructor, read_size, seek_arguments, size};
use super::{Exception, Newline, StringIO, Text, Value, Whence};

impl StringIO {
    /// The public methods, in alphabetical order.
    pub const METHODS: &'static [&'static str] = &[
        "close",
        "detach",
        "fileno",
        "flush",
        "getvalue",
        "isatty",
        "read",
        "readable",
        "readline",
        "readlines",
        "seek",
        "seekable",
        "tell",
        "truncate",
        "writable",
        "write",
        "writelines",
    ];

    /// The public attributes that are not methods.
    pub const ATTRIBUTES: &'static [&'static str] = &["closed", "encoding", "errors", "line_buffering", "newlines"];

    /// The name of the class.
    pub const TYPE_NAME: &'static str = "_io.StringIO";

    /// `io.StringIO(...)` with Python's arguments.
    pub fn construct(args: &[Value], keywords: &[(&str, Value)]) -> Result<Self, Exception> {
        let [initial, newline] = constructor("StringIO", ["initial_value", "newline"], args, keywords)?;
        let newline = newline.map_or(Ok(Newline::Lf), |value| Newline::from_value(&value))?;
        match initial {
            None | Some(Value::None) => Ok(Self::new(Text::default(), newline)),
            Some(Value::Str(text)) => Ok(Self::new(text, newline)),
            Some(other) => Err(Exception::type_error(format!("initial_value must be str or None, not {}", other.type_name()))),
        }
    }

    /// The class that defines `method`, as error messages name it.
    fn class_of(method: &str) -> &'static str {
        match method {
            "fileno" | "flush" | "isatty" | "readlines" | "writelines" | "__enter__" | "__exit__" | "__iter__" => "_IOBase",
            "detach" => "_TextIOBase",
            _ => "StringIO",
        }
    }

    /// What the methods that `StringIO` inherits say, with a full stop.
    pub(super) fn check_open_inherited(&self) -> Result<(), Exception> {
        self.check_open().map_err(|_| Exception::value_error("I/O operation on closed file."))
    }

    /// An attribute that is not a method.
    pub fn attribute(&self, name: &str) -> Result<Value, Exception> {
        match name {
            "closed" => Ok(Value::from(self.closed())),
            "encoding" | "errors" => Ok(Value::None),
            "line_buffering" => self.check_open().map(|()| Value::from(false)),
            "newlines" => self.check_open().map(|()| self.seen_newlines().to_value()),
            _ => Err(Exception::no_attribute(Self::TYPE_NAME, name)),
        }
    }

    /// A call by name with Python values; see [`super::BytesIO::call`].
    pub fn call(&mut self, method: &str, args: &[Value]) -> Result<Value, Exception> {
        let arguments = Arguments { class: Self::class_of(method), method, args };
        match method {
            "read" => {
                let size = read_size(arguments.between(0, 1)?.first())?;
                self.read(size).map(Value::Str)
            }
            "readline" => {
                let size = read_size(arguments.between(0, 1)?.first())?;
                self.read_line(size).map(Value::Str)
            }
            "readlines" => {
                let hint = read_size(arguments.between(0, 1)?.first())?;
                self.check_open_inherited()?;
                Ok(Value::List(self.read_lines(hint)?.into_iter().map(Value::Str).collect()))
            }
            "write" => match arguments.one()? {
                Value::Str(text) => self.write(text).map(Value::from),
                other => Err(Exception::type_error(format!("string argument expected, got '{}'", other.type_name()))),
            },
            "writelines" => {
                let argument = arguments.one()?;
                self.check_open_inherited()?;
                let mut items = Items::of(argument)?;
                while let Some(item) = items.next()? {
                    self.call("write", &[item])?;
                }
                Ok(Value::None)
            }
            "seek" => {
                let (offset, whence) = seek_arguments(arguments.between(1, 2)?)?;
                self.seek_number(offset, whence).map(Value::from)
            }
            "tell" => {
                arguments.none()?;
                self.tell().map(Value::from)
            }
            "truncate" => {
                let size = size(arguments.between(0, 1)?.first())?;
                self.truncate(size).map(Value::from)
            }
            "getvalue" => {
                arguments.none()?;
                self.getvalue().map(Value::Str)
            }
            "close" => {
                arguments.none()?;
                self.close().map(|()| Value::None)
            }
            "flush" => arguments.none().map(|()| Value::None),
            "isatty" => {
                arguments.none()?;
                self.check_open_inherited()?;
                Ok(Value::from(false))
            }
            "readable" | "writable" | "seekable" => {
                arguments.none()?;
                self.check_open()?;
                Ok(Value::from(method != "writable" || !self.is_protected()))
            }
            "fileno" | "detach" => {
                arguments.none()?;
                Err(Exception::unsupported(method))
            }
            "__init__" => self.init(args, &[]),
            "__next__" => {
                arguments.none_of_operator()?;
                let line = self.read_line(None)?;
                if line.is_empty() { Err(Exception::stop_iteration()) } else { Ok(Value::Str(line)) }
            }
            "__iter__" | "__enter__" => {
                if method == "__enter__" { arguments.none() } else { arguments.none_of_operator() }?;
                self.check_open_inherited().map(|()| Value::None)
            }
            "__exit__" => self.close().map(|()| Value::None),
            name if args.is_empty() => self.attribute(name),
            name => match self.attribute(name) {
                Ok(value) => Err(Exception::type_error(format!("'{}' object is not callable", value.type_name()))),
                missing => missing,
            },
        }
    }

    /// [`StringIO::call`] with keyword arguments, which only `__init__` takes.
    pub fn call_with_keywords(&mut self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        match method {
            _ if keywords.is_empty() => self.call(method, args),
            "__init__" => self.init(args, keywords),
            _ if Self::METHODS.contains(&method) => {
                Err(Exception::type_error(format!("{}.{method}() takes no keyword arguments", Self::class_of(method))))
            }
            _ => self.attribute(method),
        }
    }

    /// `__init__` again: a stream of its own; where an argument is wrong everything stays.
    fn init(&mut self, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        let new = Self::construct(args, keywords)?;
        self.check_protected()?;
        *self = new;
        Ok(Value::None)
    }

    fn seek_number(&mut self, offset: i64, whence: i32) -> Result<u64, Exception> {
        match Whence::from_number(whence) {
            Some(whence) => self.seek(offset, whence),
            None => {
                self.check_open()?;
                Err(Exception::value_error(format!("Invalid whence ({whence}, should be 0, 1 or 2)")))
            }
        }
    }
}
