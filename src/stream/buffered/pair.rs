//! `io.BufferedRWPair`: a stream that is read from one raw stream and written to another.

use super::super::arguments::{Arguments, read_size, ssize};
use super::super::base::{self, Portions};
use super::super::{Exception, StreamObject, Value, WindowLink};
use super::call::{check, methods};
use super::read::Sink;
use super::write::Source;
use super::{BufferedStream, DEFAULT_BUFFER_SIZE, Mode};
use crate::buffer::Buffer;

/// A `BufferedReader` and a `BufferedWriter` as one stream.
#[derive(Debug)]
pub(in crate::stream) struct BufferedPair {
    reader: BufferedStream,
    writer: BufferedStream,
}

impl BufferedPair {
    pub(in crate::stream) const METHODS: &'static [&'static str] = methods!("peek");

    pub(in crate::stream) const ATTRIBUTES: &'static [&'static str] = &["closed"];

    pub(in crate::stream) const TYPE_NAME: &'static str = "_io.BufferedRWPair";

    const NAME: &'static str = "BufferedRWPair";

    pub(in crate::stream) fn construct(args: &[Value], keywords: &[(&str, Value)]) -> Result<Self, Exception> {
        if !keywords.is_empty() {
            return Err(Exception::type_error(format!("{}() takes no keyword arguments", Self::NAME)));
        }
        let args = Arguments { class: Self::NAME, method: Self::NAME, args }.between(2, 3)?;
        let size = args.get(2).map_or(Ok(DEFAULT_BUFFER_SIZE as i64), ssize)?;
        check(&args[0], "readable")?;
        check(&args[1], "writable")?;
        let reader = BufferedStream::over(Mode::Reader, &args[0], size)?;
        Ok(Self { reader, writer: BufferedStream::over(Mode::Writer, &args[1], size)? })
    }

    /// The streams under it.
    pub(in crate::stream) fn raws(&self) -> [Option<&StreamObject>; 2] {
        [self.reader.raw(), self.writer.raw()]
    }

    /// What is read ahead.
    pub(in crate::stream) fn link(&self) -> Option<WindowLink> {
        self.reader.link()
    }

    /// An attribute that is not a method.
    pub(in crate::stream) fn attribute(&self, name: &str) -> Result<Value, Exception> {
        match name {
            "closed" => self.writer.attribute(name),
            _ => Err(Exception::no_attribute(Self::TYPE_NAME, name)),
        }
    }

    fn closed(&self) -> Result<bool, Exception> {
        self.attribute("closed").map(|closed| closed == Value::Bool(true))
    }

    /// `readinto` for a wrapper over this one.
    pub(super) fn read_to(&mut self, sink: &mut impl Sink, len: usize) -> Result<Option<usize>, Exception> {
        self.reader.read_to(sink, len)
    }

    /// `write` for a wrapper over this one.
    pub(super) fn write_from<S: Source + ?Sized>(&mut self, source: &S) -> Result<u64, Exception> {
        self.writer.write_from(source)
    }

    fn class_of(method: &str) -> &'static str {
        match method {
            "detach" => "_BufferedIOBase",
            "fileno" | "readline" | "readlines" | "seek" | "seekable" | "tell" | "truncate" | "writelines" => "_IOBase",
            "__enter__" | "__exit__" | "__iter__" => "_IOBase",
            _ => Self::NAME,
        }
    }

    /// A call by name; no method takes keyword arguments.
    pub(in crate::stream) fn call_with_keywords(
        &mut self,
        method: &str,
        args: &[Value],
        keywords: &[(&str, Value)],
    ) -> Result<Value, Exception> {
        match method {
            "__init__" => {
                *self = Self::construct(args, keywords)?;
                Ok(Value::None)
            }
            _ if keywords.is_empty() => self.call(method, args),
            _ if Self::METHODS.contains(&method) || method.starts_with("__") => {
                Err(base::no_keywords(Self::class_of(method), method))
            }
            _ => Err(base::not_callable(self.attribute(method))),
        }
    }

    fn call(&mut self, method: &str, args: &[Value]) -> Result<Value, Exception> {
        let arguments = Arguments { class: Self::class_of(method), method, args };
        match method {
            "peek" | "read" | "read1" | "readinto" | "readinto1" => self.reader.call(method, args),
            "readable" => {
                arguments.none()?;
                self.reader.call(method, &[])
            }
            "write" => self.writer.call(method, args),
            "flush" | "writable" => {
                arguments.none()?;
                self.writer.call(method, &[])
            }
            "close" => {
                arguments.none()?;
                self.close()
            }
            "__exit__" => self.close(),
            "isatty" => {
                arguments.none()?;
                match self.writer.call(method, &[])? {
                    Value::Bool(false) => self.reader.call(method, &[]),
                    yes => Ok(yes),
                }
            }
            "readline" => {
                let size = read_size(arguments.between(0, 1)?.first())?;
                base::read_line(self, size).map(Value::Bytes)
            }
            "readlines" => {
                let hint = read_size(arguments.between(0, 1)?.first())?;
                base::read_lines(self.closed(), hint, || base::read_line(self, None))
            }
            "__next__" => {
                arguments.none_of_operator()?;
                base::next_line(base::read_line(self, None)?)
            }
            "writelines" => {
                let lines = arguments.one()?;
                base::write_lines(self.closed(), lines, |line| self.writer.call("write", &[line]))
            }
            "seekable" => arguments.none().map(|()| Value::from(false)),
            "seek" | "truncate" => Err(Exception::unsupported(method)),
            "tell" => {
                arguments.none()?;
                Err(Exception::unsupported("seek"))
            }
            "detach" | "fileno" => {
                arguments.none()?;
                Err(Exception::unsupported(method))
            }
            "__iter__" | "__enter__" => {
                if method == "__enter__" { arguments.none() } else { arguments.none_of_operator() }?;
                base::check_open(self.closed()).map(|()| Value::None)
            }
            name if args.is_empty() => self.attribute(name),
            name => Err(base::not_callable(self.attribute(name))),
        }
    }

    /// Closes both, the writer first; the reader also where that failed.
    fn close(&mut self) -> Result<Value, Exception> {
        let written = self.writer.call("close", &[]);
        self.reader.call("close", &[]).and(written)
    }
}

impl Portions for BufferedPair {
    fn peek(&mut self) -> Result<Option<Buffer>, Exception> {
        match self.reader.call("peek", &[Value::from(1)])? {
            Value::Bytes(bytes) => Ok(Some(bytes)),
            _ => Ok(None),
        }
    }

    fn read(&mut self, size: u64) -> Result<Value, Exception> {
        self.reader.call("read", &[Value::from(size)])
    }
}
