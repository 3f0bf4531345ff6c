//! `io.TextIOWrapper`: text over a stream of bytes.

use super::arguments::constructor;
use super::{Exception, StreamObject, TextLink, Value};

/// Text over a stream of bytes.
#[derive(Debug, Default)]
pub struct TextIOWrapper {
    buffer: Option<StreamObject>,
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

    /// The public attributes that are not methods.
    pub const ATTRIBUTES: &'static [&'static str] =
        &["buffer", "closed", "encoding", "errors", "line_buffering", "name", "newlines", "write_through"];

    /// The name of the class.
    pub const TYPE_NAME: &'static str = "_io.TextIOWrapper";

    /// `io.TextIOWrapper(...)` with Python's arguments.
    pub fn construct(args: &[Value], keywords: &[(&str, Value)]) -> Result<Self, Exception> {
        let names = ["buffer", "encoding", "errors", "newline", "line_buffering", "write_through"];
        let [buffer, ..] = constructor("TextIOWrapper", names, args, keywords)?;
        match buffer {
            Some(Value::Stream(buffer)) => Ok(Self { buffer: Some(buffer) }),
            Some(other) => Err(Exception::no_attribute(other.type_name(), "seekable")),
            None => Err(Exception::type_error("TextIOWrapper() missing required argument 'buffer' (pos 1)")),
        }
    }

    /// An attribute that is not a method.
    pub fn attribute(&self, name: &str) -> Result<Value, Exception> {
        let buffer = || self.buffer.as_ref().ok_or_else(|| Exception::value_error("underlying buffer has been detached"));
        match name {
            "buffer" => buffer().map(|buffer| Value::Stream(buffer.clone())),
            "closed" => buffer()?.attribute("closed"),
            _ => Err(Exception::no_attribute(Self::TYPE_NAME, name)),
        }
    }

    /// A call by name with Python values.
    pub fn call_with_keywords(&mut self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        match (method, &self.buffer) {
            ("close", Some(buffer)) => buffer.call(method, args, keywords),
            _ => self.attribute(method),
        }
    }

    /// Sets an attribute of the class that can be set; `None` where it is none of those.
    pub fn set_attribute(&mut self, _name: &str, _value: &Value) -> Option<Result<(), Exception>> {
        None
    }

    /// The stream under it; `None` once detached.
    pub fn buffer(&self) -> Option<&StreamObject> {
        self.buffer.as_ref()
    }

    /// What it holds, for views that show it beside the stream under it.
    pub fn link(&self) -> TextLink {
        TextLink::default()
    }

    /// Python's `repr`.
    pub fn repr(&self) -> String {
        "<_io.TextIOWrapper encoding='UTF-8'>".into()
    }
}
