//! `io.BufferedReader`, `io.BufferedWriter` and `io.BufferedRandom`: the dynamic interface.

use super::super::arguments::{Arguments, bytes_like, c_int, constructor, not_an_integer, read_size, size, ssize, writable};
use super::super::base::{self, Portions};
use super::super::{Exception, StreamObject, Value, Whence, WindowLink};
use super::read::Sink;
use super::window::Window;
use super::write::Source;
use crate::buffer::Buffer;

/// Which of the three classes it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::stream) enum Mode {
    Reader,
    Writer,
    Random,
}

macro_rules! methods {
    ($($peek:literal)?) => {
        &[
            "close",
            "detach",
            "fileno",
            "flush",
            "isatty",
            $($peek,)?
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
        ]
    };
}
pub(super) use methods;

impl Mode {
    pub(in crate::stream) const ATTRIBUTES: &'static [&'static str] = &["closed", "mode", "name", "raw"];

    pub(in crate::stream) const fn methods(self) -> &'static [&'static str] {
        match self {
            Self::Writer => methods!(),
            Self::Reader | Self::Random => methods!("peek"),
        }
    }

    pub(in crate::stream) const fn type_name(self) -> &'static str {
        match self {
            Self::Reader => "_io.BufferedReader",
            Self::Writer => "_io.BufferedWriter",
            Self::Random => "_io.BufferedRandom",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Reader => "BufferedReader",
            Self::Writer => "BufferedWriter",
            Self::Random => "BufferedRandom",
        }
    }

    /// What the raw stream must be able to do, in the order of the checks.
    const fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Reader => &["readable"],
            Self::Writer => &["writable"],
            Self::Random => &["seekable", "readable", "writable"],
        }
    }

    fn reads(self) -> bool {
        self != Self::Writer
    }

    fn writes(self) -> bool {
        self != Self::Reader
    }

    /// The class that defines `method`, as error messages name it.
    fn class_of(self, method: &str) -> &'static str {
        match method {
            "readlines" | "writelines" | "__enter__" | "__exit__" | "__iter__" => "_IOBase",
            "readable" | "readline" if !self.reads() => "_IOBase",
            "writable" if !self.writes() => "_IOBase",
            "read" | "read1" | "readinto" | "readinto1" if !self.reads() => "_BufferedIOBase",
            "write" if !self.writes() => "_BufferedIOBase",
            _ => self.name(),
        }
    }
}

/// A stream that must be able to do something, as CPython asks for it.
pub(super) fn check(raw: &Value, what: &str) -> Result<StreamObject, Exception> {
    let Value::Stream(stream) = raw else { return Err(raw.no_attribute(what)) };
    check_stream(stream, what)?;
    Ok(stream.clone())
}

fn check_stream(stream: &StreamObject, what: &str) -> Result<(), Exception> {
    match stream.call(what, &[], &[])? {
        Value::Bool(true) => Ok(()),
        _ => Err(Exception::unsupported(&format!("File or stream is not {what}."))),
    }
}

/// A `BufferedReader`, `BufferedWriter` or `BufferedRandom`.
#[derive(Debug)]
pub(in crate::stream) struct BufferedStream {
    mode: Mode,
    raw: Option<StreamObject>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Its `__init__` failed.
    Blank,
    Ready(Window),
    Detached,
}

impl State {
    #[cold]
    fn problem(&self) -> Exception {
        Exception::value_error(match self {
            Self::Detached => "raw stream has been detached",
            _ => "I/O operation on uninitialized object",
        })
    }
}

impl BufferedStream {
    pub(in crate::stream) fn construct(mode: Mode, args: &[Value], keywords: &[(&str, Value)]) -> Result<Self, Exception> {
        let mut stream = Self { mode, raw: None, state: State::Blank };
        stream.init(args, keywords)?;
        Ok(stream)
    }

    /// One of the two halves of a pair.
    pub(super) fn over(mode: Mode, raw: &Value, size: i64) -> Result<Self, Exception> {
        let mut stream = Self { mode, raw: None, state: State::Blank };
        stream.open(raw, size)?;
        Ok(stream)
    }

    /// `__init__`, which may come again: what the window held is lost then.
    fn init(&mut self, args: &[Value], keywords: &[(&str, Value)]) -> Result<(), Exception> {
        let class = self.mode.name();
        let has_raw = !args.is_empty() || keywords.iter().any(|(name, _)| *name == "raw");
        if !has_raw && keywords.len() <= 2 {
            return Err(Exception::type_error(format!("{class}() missing required argument 'raw' (pos 1)")));
        }
        let [raw, size] = constructor(class, ["raw", "buffer_size"], args, keywords)?;
        let size = size.as_ref().map_or(Ok(super::DEFAULT_BUFFER_SIZE as i64), ssize)?;
        self.open(&raw.unwrap_or(Value::None), size)
    }

    fn open(&mut self, raw: &Value, size: i64) -> Result<(), Exception> {
        self.state = State::Blank;
        for what in self.mode.needs() {
            check(raw, what)?;
        }
        let Value::Stream(raw) = raw else { return Ok(()) };
        let raw = self.raw.insert(raw.clone());
        self.state = State::Ready(Window::new(raw, self.mode.reads(), self.mode.writes(), size)?);
        Ok(())
    }

    #[inline]
    fn ready(&mut self) -> Result<(&mut Window, &mut StreamObject), Exception> {
        match (&mut self.state, &mut self.raw) {
            (State::Ready(window), Some(raw)) => Ok((window, raw)),
            (state, _) => Err(state.problem()),
        }
    }

    fn ready_raw(&self) -> Result<&StreamObject, Exception> {
        match (&self.state, &self.raw) {
            (State::Ready(_), Some(raw)) => Ok(raw),
            (state, _) => Err(state.problem()),
        }
    }

    /// The stream under it; `None` once detached.
    pub(in crate::stream) fn raw(&self) -> Option<&StreamObject> {
        self.raw.as_ref()
    }

    pub(in crate::stream) fn link(&self) -> Option<WindowLink> {
        let State::Ready(window) = &self.state else { return None };
        let mut link = window.link();
        if let Some(state) = self.raw.as_ref().and_then(StreamObject::state) {
            link.raw_position = state.position();
        }
        Some(link)
    }

    pub(in crate::stream) fn repr(&self) -> String {
        let class = self.mode.type_name();
        match self.attribute("name") {
            Ok(name) => format!("<{class} name={}>", name.repr()),
            Err(_) => format!("<{class}>"),
        }
    }

    /// An attribute that is not a method.
    pub(in crate::stream) fn attribute(&self, name: &str) -> Result<Value, Exception> {
        match name {
            "raw" => Ok(self.raw.clone().map_or(Value::None, Value::Stream)),
            "closed" | "mode" | "name" => self.ready_raw()?.attribute(name),
            _ => Err(Exception::no_attribute(self.mode.type_name(), name)),
        }
    }

    fn closed(&self) -> Result<bool, Exception> {
        self.ready_raw()?.is_closed()
    }

    /// `readinto` for a wrapper over this one.
    pub(super) fn read_to(&mut self, sink: &mut impl Sink, len: usize) -> Result<Option<usize>, Exception> {
        if !self.mode.reads() {
            return Err(Exception::unsupported("read"));
        }
        let (window, raw) = self.ready()?;
        window.read_to(raw, sink, len, false)
    }

    /// `write` for a wrapper over this one.
    pub(super) fn write_from<S: Source + ?Sized>(&mut self, source: &S) -> Result<u64, Exception> {
        if !self.mode.writes() {
            return Err(Exception::unsupported("write"));
        }
        let (window, raw) = self.ready()?;
        window.write(raw, source)
    }

    /// A call by name with keyword arguments, which only `__init__` takes.
    pub(in crate::stream) fn call_with_keywords(
        &mut self,
        method: &str,
        args: &[Value],
        keywords: &[(&str, Value)],
    ) -> Result<Value, Exception> {
        match method {
            "__init__" => self.init(args, keywords).map(|()| Value::None),
            _ if keywords.is_empty() => self.call(method, args),
            _ if self.mode.methods().contains(&method) || method.starts_with("__") => {
                Err(base::no_keywords(self.mode.class_of(method), method))
            }
            _ => Err(base::not_callable(self.attribute(method))),
        }
    }

    /// A call by name with Python values, converted and checked in CPython's order with its messages.
    pub(super) fn call(&mut self, method: &str, args: &[Value]) -> Result<Value, Exception> {
        let arguments = Arguments { class: self.mode.class_of(method), method, args };
        match method {
            "read" | "read1" if !self.mode.reads() => Err(Exception::unsupported(method)),
            "write" if !self.mode.writes() => Err(Exception::unsupported(method)),
            "read" => {
                let size = size(arguments.between(0, 1)?.first())?.unwrap_or(-1);
                let (window, raw) = self.ready()?;
                if size < -1 {
                    return Err(Exception::value_error("read length must be non-negative or -1"));
                }
                Ok(window.read(raw, u64::try_from(size).ok())?.map_or(Value::None, Value::Bytes))
            }
            "read1" => {
                let size = arguments.between(0, 1)?.first().map_or(Ok(-1), ssize)?;
                let (window, raw) = self.ready()?;
                window.read1(raw, u64::try_from(size).ok()).map(Value::Bytes)
            }
            "peek" if self.mode.reads() => {
                arguments.between(0, 1)?.first().map_or(Ok(0), ssize)?;
                let (window, raw) = self.ready()?;
                window.peek(raw).map(Value::Bytes)
            }
            "readinto" | "readinto1" => self.read_into(arguments),
            "readline" => {
                let size = read_size(arguments.between(0, 1)?.first())?;
                self.read_line(size).map(Value::Bytes)
            }
            "readlines" => {
                let hint = read_size(arguments.between(0, 1)?.first())?;
                base::read_lines(self.closed(), hint, || self.read_line(None))
            }
            "__next__" => {
                arguments.none_of_operator()?;
                base::next_line(self.read_line(None)?)
            }
            "write" => {
                let bytes = bytes_like(arguments.one()?)?;
                self.write_from(&bytes).map(Value::from)
            }
            "writelines" => {
                let lines = arguments.one()?;
                base::write_lines(self.closed(), lines, |line| self.call("write", &[line]))
            }
            "seek" => self.seek(arguments.between(1, 2)?),
            "tell" => {
                arguments.none()?;
                let (window, raw) = self.ready()?;
                window.tell(raw).map(Value::from)
            }
            "truncate" => {
                let size = arguments.between(0, 1)?.first().cloned().unwrap_or(Value::None);
                let (window, raw) = self.ready()?;
                window.before_truncate(raw)?;
                let size = raw.call(method, &[size], &[])?;
                window.after_truncate(raw);
                Ok(size)
            }
            "flush" => {
                arguments.none()?;
                self.flush()
            }
            "close" => {
                arguments.none()?;
                self.close()
            }
            "__exit__" => self.close(),
            "detach" => {
                arguments.none()?;
                self.ready()?;
                self.flush()?;
                self.state = State::Detached;
                Ok(self.raw.take().map_or(Value::None, Value::Stream))
            }
            "readable" if !self.mode.reads() => arguments.none().map(|()| Value::from(false)),
            "writable" if !self.mode.writes() => arguments.none().map(|()| Value::from(false)),
            "fileno" | "isatty" | "readable" | "seekable" | "writable" => {
                arguments.none()?;
                self.ready_raw()?.call(method, &[], &[])
            }
            "__iter__" | "__enter__" => {
                if method == "__enter__" { arguments.none() } else { arguments.none_of_operator() }?;
                base::check_open(self.closed()).map(|()| Value::None)
            }
            name if args.is_empty() => self.attribute(name),
            name => Err(base::not_callable(self.attribute(name))),
        }
    }

    fn flush(&mut self) -> Result<Value, Exception> {
        let writes = self.mode.writes();
        let (window, raw) = self.ready()?;
        if writes { window.flush(raw).map(|()| Value::None) } else { raw.call("flush", &[], &[]) }
    }

    fn close(&mut self) -> Result<Value, Exception> {
        let (window, raw) = self.ready()?;
        window.close(raw).map(|()| Value::None)
    }

    fn read_into(&mut self, arguments: Arguments<'_>) -> Result<Value, Exception> {
        let target = writable(arguments.method, arguments.one()?)?;
        let one = arguments.method == "readinto1";
        if !self.mode.reads() {
            return Err(Exception::unsupported(if one { "read1" } else { "read" }));
        }
        let (window, raw) = self.ready()?;
        let mut bytes = Vec::new();
        let result = window.read_to(raw, &mut bytes, target.len(), one);
        // Also where it failed in the middle.
        target.put(&bytes)?;
        Ok(result?.map_or(Value::None, Value::from))
    }

    /// `readline()`
    #[inline]
    pub(in super::super) fn line(&mut self) -> Result<Buffer, Exception> {
        self.read_line(None)
    }

    #[inline]
    fn read_line(&mut self, size: Option<u64>) -> Result<Buffer, Exception> {
        if !self.mode.reads() {
            return base::read_line(self, size);
        }
        let (window, raw) = self.ready()?;
        window.read_line(raw, size)
    }

    fn seek(&mut self, args: &[Value]) -> Result<Value, Exception> {
        /// `SEEK_HOLE` of Linux: what is above no stream has heard of.
        const WHENCE_MAX: i32 = 4;
        let number = args.get(1).map_or(Ok(0), c_int)?;
        let (window, raw) = self.ready()?;
        if !(0..=WHENCE_MAX).contains(&number) {
            return Err(Exception::value_error(format!("whence value {number} unsupported")));
        }
        window.check_open(raw, "seek")?;
        check_stream(raw, "seekable")?;
        let target = args.first().unwrap_or(&Value::None);
        let target = target.index().ok_or_else(|| not_an_integer(target))?;
        let target =
            i64::try_from(&target).map_err(|_| Exception::value_error("cannot fit 'int' into an offset-sized integer"))?;
        let Some(whence) = Whence::from_number(number) else {
            // The raw stream is to say what it thinks of it.
            window.before_seek(raw)?;
            return raw.call("seek", &[Value::from(target), Value::from(number)], &[]);
        };
        match window.seek_inside(target, whence) {
            Some(place) => Ok(Value::from(place)),
            None => window.seek(raw, target, whence).map(Value::from),
        }
    }
}

/// What a `BufferedWriter` reads lines with: nothing.
impl Portions for BufferedStream {
    fn peek(&mut self) -> Result<Option<Buffer>, Exception> {
        Ok(None)
    }

    fn read(&mut self, size: u64) -> Result<Value, Exception> {
        self.call("read", &[Value::from(size)])
    }
}
