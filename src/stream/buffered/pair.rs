//! `io.BufferedRWPair`.

use super::super::{Exception, StreamObject, Value, WindowLink};
use super::call::methods;
use super::{BufferedStream, Mode};

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

    pub(in crate::stream) fn construct(args: &[Value], _keywords: &[(&str, Value)]) -> Result<Self, Exception> {
        let reader = BufferedStream::construct(Mode::Reader, args.get(..1).unwrap_or_default(), &[])?;
        let writer = BufferedStream::construct(Mode::Writer, args.get(1..2).unwrap_or_default(), &[])?;
        Ok(Self { reader, writer })
    }

    pub(in crate::stream) fn call_with_keywords(
        &mut self,
        method: &str,
        args: &[Value],
        keywords: &[(&str, Value)],
    ) -> Result<Value, Exception> {
        if method == "write" {
            return self.writer.call_with_keywords(method, args, keywords);
        }
        self.reader.call_with_keywords(method, args, keywords)
    }

    pub(in crate::stream) fn attribute(&self, name: &str) -> Result<Value, Exception> {
        self.writer.attribute(name)
    }

    pub(in crate::stream) fn raws(&self) -> [Option<&StreamObject>; 2] {
        [self.reader.raw(), self.writer.raw()]
    }

    pub(in crate::stream) fn link(&self) -> Option<WindowLink> {
        self.reader.link()
    }
}
