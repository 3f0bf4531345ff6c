//! The buffered classes: the dynamic interface.

use super::super::{Exception, StreamObject, Value, WindowLink};

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

    pub(super) const fn type_name(self) -> &'static str {
        match self {
            Self::Reader => "_io.BufferedReader",
            Self::Writer => "_io.BufferedWriter",
            Self::Random => "_io.BufferedRandom",
        }
    }
}

/// A `BufferedReader`, `BufferedWriter` or `BufferedRandom`.
#[derive(Debug)]
pub(in crate::stream) struct BufferedStream {
    mode: Mode,
    raw: Option<StreamObject>,
}

impl BufferedStream {
    pub(in crate::stream) fn construct(mode: Mode, args: &[Value], _keywords: &[(&str, Value)]) -> Result<Self, Exception> {
        match args.first() {
            Some(Value::Stream(raw)) => Ok(Self { mode, raw: Some(raw.clone()) }),
            Some(other) => Err(Exception::no_attribute(other.type_name(), "readable")),
            None => Err(Exception::type_error("missing required argument 'raw' (pos 1)")),
        }
    }

    pub(in crate::stream) fn call_with_keywords(
        &mut self,
        method: &str,
        args: &[Value],
        keywords: &[(&str, Value)],
    ) -> Result<Value, Exception> {
        match &self.raw {
            Some(raw) => raw.call(method, args, keywords),
            None => Err(Exception::value_error("raw stream has been detached")),
        }
    }

    pub(in crate::stream) fn attribute(&self, name: &str) -> Result<Value, Exception> {
        match &self.raw {
            Some(raw) if name == "raw" => Ok(Value::Stream(raw.clone())),
            Some(raw) => raw.attribute(name),
            None => Err(Exception::value_error("raw stream has been detached")),
        }
    }

    pub(in crate::stream) fn raw(&self) -> Option<&StreamObject> {
        self.raw.as_ref()
    }

    pub(in crate::stream) fn link(&self) -> Option<WindowLink> {
        self.raw.as_ref().map(|_| WindowLink::default())
    }

    pub(in crate::stream) fn repr(&self) -> String {
        format!("<{}>", self.mode.type_name())
    }
}
