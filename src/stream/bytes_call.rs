//! `io.BytesIO`: the dynamic interface.

use super::arguments::{Arguments, Items, bytes_like, constructor, lines_hint, read_size, seek_arguments, size, writable};
use super::{BytesIO, Exception, Value, Whence};

impl BytesIO {
    /// The public methods, in alphabetical order.
    pub const METHODS: &'static [&'static str] = &[
        "close",
        "detach",
        "fileno",
        "flush",
        "getbuffer",
        "getvalue",
        "isatty",
        "read",
        "read1",
        "readable",
        "readinto",
        "readinto1",
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
    pub const ATTRIBUTES: &'static [&'static str] = &["closed"];

    /// The name of the class.
    pub const TYPE_NAME: &'static str = "_io.BytesIO";

    /// `io.BytesIO(...)` with Python's arguments.
    pub fn construct(args: &[Value], keywords: &[(&str, Value)]) -> Result<Self, Exception> {
        let mut stream = Self::default();
        stream.init(args, keywords)?;
        Ok(stream)
    }

    /// `__init__`, which may come again: it empties the stream, and reopens it for `bytes`.
    fn init(&mut self, args: &[Value], keywords: &[(&str, Value)]) -> Result<(), Exception> {
        let [initial] = constructor("BytesIO", ["initial_bytes"], args, keywords)?;
        self.reset()?;
        match initial {
            None | Some(Value::None) => {}
            Some(Value::Bytes(bytes)) => self.reopen(bytes),
            Some(other) => {
                self.check_open()?;
                self.reopen(bytes_like(&other)?);
            }
        }
        Ok(())
    }

    /// The class that defines `method`, as error messages name it.
    fn class_of(method: &str) -> &'static str {
        match method {
            "fileno" | "__enter__" | "__exit__" | "__iter__" => "_IOBase",
            "detach" | "readinto1" => "_BufferedIOBase",
            _ => "BytesIO",
        }
    }

    /// An attribute that is not a method.
    pub fn attribute(&self, name: &str) -> Result<Value, Exception> {
        match name {
            "closed" => Ok(Value::from(self.closed())),
            _ => Err(Exception::no_attribute(Self::TYPE_NAME, name)),
        }
    }

    /// A call by name with Python values, converted and checked in CPython's order with its messages;
    /// covers every public method and attribute of `io.BytesIO`, `__init__`, `__next__` and `__exit__`. An attribute's name
    /// without arguments gives its value. What returns the stream itself (`__iter__`, `__enter__`) only makes its checks here
    /// and returns `None`: see [`StreamObject::call`](super::StreamObject::call).
    pub fn call(&mut self, method: &str, args: &[Value]) -> Result<Value, Exception> {
        let arguments = Arguments { class: Self::class_of(method), method, args };
        match method {
            "read" | "read1" => {
                let size = read_size(arguments.between(0, 1)?.first())?;
                self.read(size).map(Value::Bytes)
            }
            "readline" => {
                let size = read_size(arguments.between(0, 1)?.first())?;
                self.read_line(size).map(Value::Bytes)
            }
            "readlines" => {
                let args = arguments.between(0, 1)?;
                self.check_open()?;
                let lines = self.read_lines(lines_hint(args.first())?)?;
                Ok(Value::List(lines.into_iter().map(Value::Bytes).collect()))
            }
            "readinto" | "readinto1" => {
                let target = writable(method, arguments.one()?)?;
                self.check_open()?;
                let bytes = self.read(Some(target.len() as u64))?.to_vec_all()?;
                target.put(&bytes)?;
                Ok(Value::from(bytes.len()))
            }
            "write" => {
                let argument = arguments.one()?;
                self.check_open()?;
                self.check_changes()?;
                self.write_buffer(&bytes_like(argument)?).map(Value::from)
            }
            "writelines" => {
                let argument = arguments.one()?;
                self.check_open()?;
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
                self.getvalue().map(Value::Bytes)
            }
            "getbuffer" => {
                arguments.none()?;
                self.getbuffer().map(Value::View)
            }
            "close" => {
                arguments.none()?;
                self.close().map(|()| Value::None)
            }
            "flush" => self.answer(arguments, Value::None),
            "isatty" => self.answer(arguments, Value::from(false)),
            "writable" => self.answer(arguments, Value::from(!self.is_protected())),
            "readable" | "seekable" => self.answer(arguments, Value::from(true)),
            "fileno" | "detach" => {
                arguments.none()?;
                Err(Exception::unsupported(method))
            }
            "__init__" => self.init(args, &[]).map(|()| Value::None),
            "__next__" => {
                arguments.none_of_operator()?;
                let line = self.read_line(None)?;
                if line.is_empty() { Err(Exception::stop_iteration()) } else { Ok(Value::Bytes(line)) }
            }
            "__iter__" => arguments.none_of_operator().map(|()| Value::None),
            "__enter__" => self.answer(arguments, Value::None),
            "__exit__" => self.close().map(|()| Value::None),
            name if args.is_empty() => self.attribute(name),
            name => match self.attribute(name) {
                Ok(value) => Err(Exception::type_error(format!("'{}' object is not callable", value.type_name()))),
                missing => missing,
            },
        }
    }

    /// [`BytesIO::call`] with keyword arguments, which only `__init__` takes.
    pub fn call_with_keywords(&mut self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        match method {
            _ if keywords.is_empty() => self.call(method, args),
            "__init__" => self.init(args, keywords).map(|()| Value::None),
            _ if Self::METHODS.contains(&method) => {
                Err(Exception::type_error(format!("{}.{method}() takes no keyword arguments", Self::class_of(method))))
            }
            _ => self.attribute(method),
        }
    }

    fn answer(&self, arguments: Arguments<'_>, answer: Value) -> Result<Value, Exception> {
        arguments.none()?;
        self.check_open()?;
        Ok(answer)
    }

    fn seek_number(&mut self, offset: i64, whence: i32) -> Result<u64, Exception> {
        match Whence::from_number(whence) {
            Some(whence) => self.seek(offset, whence),
            None => {
                self.check_open()?;
                Err(Exception::value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)")))
            }
        }
    }
}
