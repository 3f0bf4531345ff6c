//! `io.TextIOWrapper`: the dynamic interface.

use num_bigint::BigInt;

use super::super::arguments::{Arguments, Items, c_int, constructor, read_size, ssize};
use super::super::codec::not_in_utf8;
use super::super::{Exception, ExceptionKind, Newline, Text, Value, str_repr};
use super::{Reconfigure, TextIOWrapper, TextOptions};

/// The names of the constructor's arguments.
const ARGUMENTS: [&str; 6] = ["buffer", "encoding", "errors", "newline", "line_buffering", "write_through"];

/// A string argument as C takes it; `None` for Python's `None`.
fn string(function: &str, name: &str, value: Option<&Value>) -> Result<Option<String>, Exception> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(Value::Str(text)) => utf8(text).map(Some),
        Some(other) => {
            let kind = other.type_name();
            Err(Exception::type_error(format!("{function}() argument '{name}' must be str or None, not {kind}")))
        }
    }
}

fn utf8(text: &Text) -> Result<String, Exception> {
    match text.to_str() {
        Some(text) => Ok(text),
        None => {
            let at = text.code_points().position(|point| (0xD800..0xE000).contains(&point)).unwrap_or_default();
            Err(not_in_utf8(text, at as u64))
        }
    }
}

fn no_nul(text: Option<String>) -> Result<Option<String>, Exception> {
    match text {
        Some(text) if text.contains('\0') => Err(Exception::value_error("embedded null character")),
        text => Ok(text),
    }
}

/// As a C string, which ends at the first NUL.
fn until_nul(text: String) -> String {
    text.split('\0').next().unwrap_or_default().to_owned()
}

fn newline(text: Option<&str>) -> Result<Newline, Exception> {
    Ok(match text {
        None => Newline::Universal,
        Some("") => Newline::UniversalUntranslated,
        Some("\n") => Newline::Lf,
        Some("\r") => Newline::Cr,
        Some("\r\n") => Newline::CrLf,
        Some(other) => return Err(Exception::value_error(format!("illegal newline value: {other}"))),
    })
}

/// `None` stays what it was; else a number, whose truth counts.
fn optional_bool(value: Option<&Value>) -> Result<Option<bool>, Exception> {
    let Some(value) = value.filter(|value| **value != Value::None) else { return Ok(None) };
    let number = value
        .index()
        .ok_or_else(|| Exception::type_error(format!("'{}' object cannot be interpreted as an integer", value.type_name())))?;
    match i64::try_from(&number) {
        Ok(number) => Ok(Some(number != 0)),
        Err(_) => Err(Exception::overflow("Python int too large to convert to C long")),
    }
}

impl TextIOWrapper {
    /// The public methods, in alphabetical order.
    pub const METHODS: &'static [&'static str] = &[
        "close",
        "detach",
        "fileno",
        "flush",
        "isatty",
        "read",
        "readable",
        "readline",
        "readlines",
        "reconfigure",
        "seek",
        "seekable",
        "tell",
        "truncate",
        "writable",
        "write",
        "writelines",
    ];

    /// The attributes that are not methods: the public ones, and `_CHUNK_SIZE`, which can be set.
    pub const ATTRIBUTES: &'static [&'static str] =
        &["_CHUNK_SIZE", "buffer", "closed", "encoding", "errors", "line_buffering", "name", "newlines", "write_through"];

    /// The name of the class.
    pub const TYPE_NAME: &'static str = "_io.TextIOWrapper";

    /// `io.TextIOWrapper(...)` with Python's arguments.
    pub fn construct(args: &[Value], keywords: &[(&str, Value)]) -> Result<Self, Exception> {
        let mut wrapper = Self::unset();
        wrapper.init(args, keywords)?;
        Ok(wrapper)
    }

    fn init(&mut self, args: &[Value], keywords: &[(&str, Value)]) -> Result<(), Exception> {
        let given = constructor("TextIOWrapper", ARGUMENTS, args, keywords)?;
        let [buffer, encoding, errors, newline_mode, line_buffering, write_through] = &given;
        let Some(buffer) = buffer else {
            return Err(Exception::type_error("TextIOWrapper() missing required argument 'buffer' (pos 1)"));
        };
        let class = "TextIOWrapper";
        let encoding = no_nul(string(class, "encoding", encoding.as_ref())?)?;
        let mode = no_nul(string(class, "newline", newline_mode.as_ref())?)?;
        let flag = |value: &Option<Value>| match value {
            Some(value) => c_int(value).map(|flag| flag != 0),
            None => Ok(false),
        };
        let (line_buffering, write_through) = (flag(line_buffering)?, flag(write_through)?);
        // From here on a failure leaves a wrapper that cannot be used.
        self.life = super::Life::Uninitialised;
        let errors = no_nul(string(class, "errors", errors.as_ref())?)?.unwrap_or_else(|| "strict".into());
        let newline = newline(mode.as_deref())?;
        self.set_up(buffer, &TextOptions { encoding, errors, newline, line_buffering, write_through })
    }

    /// The class that defines `method`, as error messages name it.
    fn class_of(method: &str) -> &'static str {
        match method {
            "readlines" | "writelines" | "__enter__" | "__exit__" | "__iter__" | "__del__" => "_IOBase",
            _ => "TextIOWrapper",
        }
    }

    /// An attribute that is not a method.
    pub fn attribute(&self, name: &str) -> Result<Value, Exception> {
        match name {
            "buffer" => Ok(self.buffer.clone().map_or(Value::None, Value::Stream)),
            "closed" => self.closed().map(Value::from),
            "encoding" => Ok(Value::from(self.encoding.as_str())),
            "errors" => match self.life {
                super::Life::Uninitialised => self.attached().map(|_| Value::None),
                _ => Ok(Value::from(self.errors.as_str())),
            },
            "line_buffering" => Ok(Value::from(self.line_buffering)),
            "write_through" => Ok(Value::from(self.write_through)),
            "name" => self.attached()?.attribute("name"),
            "newlines" => {
                self.attached()?;
                Ok(self.seen_newlines().to_value())
            }
            "_CHUNK_SIZE" => {
                self.attached()?;
                Ok(Value::from(self.chunk_size))
            }
            _ => Err(Exception::no_attribute(Self::TYPE_NAME, name)),
        }
    }

    /// Sets an attribute of the class that can be set; `None` where it is none of those.
    pub fn set_attribute(&mut self, name: &str, value: &Value) -> Option<Result<(), Exception>> {
        (name == "_CHUNK_SIZE").then(|| self.set_chunk_size_value(value))
    }

    fn set_chunk_size_value(&mut self, value: &Value) -> Result<(), Exception> {
        self.attached()?;
        let size = ssize(value).map_err(|exception| match exception.kind {
            ExceptionKind::Overflow => Exception::value_error("cannot fit 'int' into an index-sized integer"),
            _ => exception,
        })?;
        self.set_chunk_size(u64::try_from(size).unwrap_or(0))
    }

    /// A call by name with Python values; see [`super::super::BytesIO::call`].
    pub fn call(&mut self, method: &str, args: &[Value]) -> Result<Value, Exception> {
        let arguments = Arguments { class: Self::class_of(method), method, args };
        match method {
            "read" => {
                let size = read_size(arguments.between(0, 1)?.first())?;
                self.read(size).map(Value::Str)
            }
            "readline" => {
                let size = arguments.between(0, 1)?.first().map_or(Ok(-1), ssize)?;
                self.read_line(u64::try_from(size).ok()).map(Value::Str)
            }
            "readlines" => {
                let hint = read_size(arguments.between(0, 1)?.first())?;
                self.open()?;
                Ok(Value::List(self.read_lines(hint)?.into_iter().map(Value::Str).collect()))
            }
            "write" => match arguments.one()? {
                Value::Str(text) => self.write(text).map(Value::from),
                other => {
                    let kind = if *other == Value::None { "None" } else { other.type_name() };
                    Err(Exception::type_error(format!("write() argument must be str, not {kind}")))
                }
            },
            "writelines" => {
                let argument = arguments.one()?;
                self.open()?;
                let mut items = Items::of(argument)?;
                while let Some(item) = items.next()? {
                    self.call("write", &[item])?;
                }
                Ok(Value::None)
            }
            "seek" => self.seek_value(arguments.between(1, 2)?),
            "tell" => {
                arguments.none()?;
                self.tell().map(Value::Int)
            }
            "truncate" => {
                let size = arguments.between(0, 1)?.first().unwrap_or(&Value::None);
                self.truncate_value(size)
            }
            "flush" => {
                arguments.none()?;
                self.flush().map(|()| Value::None)
            }
            "close" => {
                arguments.none()?;
                self.close().map(|()| Value::None)
            }
            "detach" => {
                arguments.none()?;
                self.detach().map(Value::Stream)
            }
            "readable" | "writable" | "seekable" | "isatty" | "fileno" => {
                arguments.none()?;
                self.under()?.call(method, &[])
            }
            "reconfigure" => self.reconfigure_values(args, &[]),
            "__init__" => self.init(args, &[]).map(|()| Value::None),
            "__next__" => {
                arguments.none_of_operator()?;
                self.next_line()?.map(Value::Str).ok_or_else(Exception::stop_iteration)
            }
            "__iter__" | "__enter__" => {
                if method == "__enter__" { arguments.none() } else { arguments.none_of_operator() }?;
                self.open().map(|_| Value::None)
            }
            "__exit__" => self.close().map(|()| Value::None),
            "__del__" => {
                arguments.none()?;
                self.close().map(|()| Value::None)
            }
            name if args.is_empty() => self.attribute(name),
            name => match self.attribute(name) {
                Ok(value) => Err(Exception::type_error(format!("'{}' object is not callable", value.type_name()))),
                missing => missing,
            },
        }
    }

    /// [`TextIOWrapper::call`] with keyword arguments, which `__init__` and `reconfigure` take.
    pub fn call_with_keywords(&mut self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        match method {
            _ if keywords.is_empty() => self.call(method, args),
            "__init__" => self.init(args, keywords).map(|()| Value::None),
            "reconfigure" => self.reconfigure_values(args, keywords),
            _ if Self::METHODS.contains(&method) => {
                Err(Exception::type_error(format!("{}.{method}() takes no keyword arguments", Self::class_of(method))))
            }
            _ => self.attribute(method),
        }
    }

    fn reconfigure_values(&mut self, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        if !args.is_empty() {
            return Err(Exception::type_error("reconfigure() takes no positional arguments"));
        }
        let names = ["encoding", "errors", "newline", "line_buffering", "write_through"];
        let [encoding, errors, newline_mode, line_buffering, write_through] = constructor("reconfigure", names, args, keywords)?;
        let function = "reconfigure";
        for (name, value) in [("encoding", &encoding), ("errors", &errors), ("newline", &newline_mode)] {
            if let Some(other) = value.as_ref().filter(|value| !matches!(value, Value::None | Value::Str(_))) {
                let kind = other.type_name();
                let message = format!("{function}() argument '{name}' must be str or None, not {kind}");
                return Err(Exception::type_error(message));
            }
        }
        let given = |value: &Option<Value>| value.as_ref().is_some_and(|value| *value != Value::None);
        if self.decoded.is_some() && (given(&encoding) || given(&errors) || newline_mode.is_some()) {
            let change = Reconfigure { errors: Some(String::new()), ..Reconfigure::default() };
            return self.reconfigure(&change).map(|()| Value::None);
        }
        let newline = match &newline_mode {
            Some(mode) => Some(newline(string(function, "newline", Some(mode))?.map(until_nul).as_deref())?),
            None => None,
        };
        let line_buffering = optional_bool(line_buffering.as_ref())?;
        let write_through = optional_bool(write_through.as_ref())?;
        let (text_of, none) = (|value: &Value| string(function, "", Some(value)), Ok(None));
        let encoding = encoding.as_ref().map_or(none.clone(), text_of)?.map(until_nul);
        let errors = errors.as_ref().map_or(none, text_of)?.map(until_nul);
        self.reconfigure(&Reconfigure { encoding, errors, newline, line_buffering, write_through })?;
        Ok(Value::None)
    }

    /// `seek`, whose first argument may be a number of any kind.
    fn seek_value(&mut self, args: &[Value]) -> Result<Value, Exception> {
        let cookie = &args[0];
        let whence = args.get(1).map_or(Ok(0), c_int)?;
        self.check_seek()?;
        let is_zero = match cookie {
            Value::Float(n) => *n == 0.0,
            other => other.index().is_some_and(|n| n == BigInt::ZERO),
        };
        match whence {
            0 => {
                let number = self.cookie_number(cookie)?;
                self.seek_place(&number?)?;
                Ok(cookie.clone())
            }
            1 if !is_zero => Err(Self::not_relative("cur")),
            1 => {
                let here = Value::Int(self.tell()?);
                let number = self.cookie_number(&here)?;
                self.seek_place(&number?)?;
                Ok(here)
            }
            2 if !is_zero => Err(Self::not_relative("end")),
            2 => self.seek_end(),
            other => Err(Exception::value_error(format!("invalid whence ({other}, should be 0, 1 or 2)"))),
        }
    }

    /// The integer that `int()` makes of a place. What is no number and what is negative is refused at once; what has no integer only
    /// after the wrapper was flushed.
    fn cookie_number(&mut self, cookie: &Value) -> Result<Result<BigInt, Exception>, Exception> {
        let negative = || Exception::value_error(format!("negative seek position {}", cookie.repr()));
        if let Value::Float(number) = cookie {
            if *number < 0.0 {
                return Err(negative());
            }
            let exception = match number {
                n if n.is_nan() => Exception::value_error("cannot convert float NaN to integer"),
                n if n.is_infinite() => Exception::overflow("cannot convert float infinity to integer"),
                n => return Ok(num_traits::FromPrimitive::from_f64(*n).ok_or_else(|| Exception::value_error(""))),
            };
            self.flush()?;
            return Ok(Err(exception));
        }
        match cookie.index() {
            Some(number) if number < BigInt::ZERO => Err(negative()),
            Some(number) => Ok(Ok(number)),
            None => {
                let kind = cookie.type_name();
                Err(Exception::type_error(format!("'<' not supported between instances of '{kind}' and 'int'")))
            }
        }
    }

    /// Python's `repr`; `mode` is the attribute of that name that the object may have been given.
    pub fn repr(&self, mode: Option<&Value>) -> String {
        let name = self.attribute("name").ok().map(|name| format!(" name={}", name.repr())).unwrap_or_default();
        let mode = mode.map(|mode| format!(" mode={}", mode.repr())).unwrap_or_default();
        format!("<{}{name}{mode} encoding={}>", Self::TYPE_NAME, str_repr(&Text::from(self.encoding.as_str())))
    }
}
