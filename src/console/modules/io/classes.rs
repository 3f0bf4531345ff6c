//! The classes of `io`, as CPython lays them out: the streams of `_io` come from bases of `_io`, and the abstract classes of `io`
//! have them registered.

use crate::console::class::{Class, ClassInfo, OBJECT};
use crate::stream::StreamClass;

/// Writes down a class of streams: its name and module, its bases, the methods that it defines, and its other attributes.
macro_rules! stream_classes {
    ($($(#[$doc:meta])* $constant:ident = $name:literal in $module:literal: [$($base:ident),*] $construct:expr,
        [$($method:literal)*] [$($attribute:literal)*];)*) => {
        $(
            $(#[$doc])*
            pub(in crate::console) const $constant: Class = {
                static INFO: ClassInfo = ClassInfo {
                    name: $name,
                    module: $module,
                    bases: &[$($base),*],
                    construct: $construct,
                    methods: &[$($method),*],
                };
                Class(&INFO)
            };
        )*

        /// The attributes that are no methods and that `class` itself defines, as `dir` lists them.
        pub(in crate::console) fn data_attributes(class: Class) -> &'static [&'static str] {
            match class {
                $(class if class == $constant => &[$($attribute),*],)*
                _ => &[],
            }
        }
    };
}

stream_classes! {
    /// `_io._IOBase`
    ROOT = "_IOBase" in "_io": [OBJECT] Some(super::abstract_stream::construct),
        ["close" "fileno" "flush" "isatty" "readable" "readline" "readlines" "seek" "seekable" "tell" "truncate" "writable"
         "writelines"] ["closed"];
    /// `_io._RawIOBase`
    RAW_BASE = "_RawIOBase" in "_io": [ROOT] Some(super::abstract_stream::construct), ["read" "readall" "readinto" "write"] [];
    /// `_io._BufferedIOBase`
    BUFFERED_BASE = "_BufferedIOBase" in "_io": [ROOT] Some(super::abstract_stream::construct),
        ["detach" "read" "read1" "readinto" "readinto1" "write"] [];
    /// `_io._TextIOBase`
    TEXT_BASE = "_TextIOBase" in "_io": [ROOT] Some(super::abstract_stream::construct),
        ["detach" "read" "readline" "write"] ["encoding" "errors" "newlines"];
    /// `io.IOBase`
    IO_BASE = "IOBase" in "io": [ROOT] Some(super::abstract_stream::construct), [] [];
    /// `io.RawIOBase`
    RAW_IO_BASE = "RawIOBase" in "io": [RAW_BASE, IO_BASE] Some(super::abstract_stream::construct), [] [];
    /// `io.BufferedIOBase`
    BUFFERED_IO_BASE = "BufferedIOBase" in "io": [BUFFERED_BASE, IO_BASE] Some(super::abstract_stream::construct), [] [];
    /// `io.TextIOBase`
    TEXT_IO_BASE = "TextIOBase" in "io": [TEXT_BASE, IO_BASE] Some(super::abstract_stream::construct), [] [];
    /// `io.BytesIO`
    BYTES_IO = "BytesIO" in "_io": [BUFFERED_BASE] Some(super::construct),
        ["close" "flush" "getbuffer" "getvalue" "isatty" "read" "read1" "readable" "readinto" "readline" "readlines" "seek"
         "seekable" "tell" "truncate" "writable" "write" "writelines"] ["closed"];
    /// `io.StringIO`
    STRING_IO = "StringIO" in "_io": [TEXT_BASE] Some(super::construct),
        ["close" "getvalue" "read" "readable" "readline" "seek" "seekable" "tell" "truncate" "writable" "write"]
        ["closed" "line_buffering" "newlines"];
    /// `io.BufferedReader`
    BUFFERED_READER = "BufferedReader" in "_io": [BUFFERED_BASE] Some(super::construct),
        ["close" "detach" "fileno" "flush" "isatty" "peek" "read" "read1" "readable" "readinto" "readinto1" "readline" "seek"
         "seekable" "tell" "truncate"] ["closed" "mode" "name" "raw"];
    /// `io.BufferedWriter`
    BUFFERED_WRITER = "BufferedWriter" in "_io": [BUFFERED_BASE] Some(super::construct),
        ["close" "detach" "fileno" "flush" "isatty" "seek" "seekable" "tell" "truncate" "writable" "write"]
        ["closed" "mode" "name" "raw"];
    /// `io.BufferedRandom`
    BUFFERED_RANDOM = "BufferedRandom" in "_io": [BUFFERED_BASE] Some(super::construct),
        ["close" "detach" "fileno" "flush" "isatty" "peek" "read" "read1" "readable" "readinto" "readinto1" "readline" "seek"
         "seekable" "tell" "truncate" "writable" "write"] ["closed" "mode" "name" "raw"];
    /// `io.BufferedRWPair`
    BUFFERED_RW_PAIR = "BufferedRWPair" in "_io": [BUFFERED_BASE] Some(super::construct),
        ["close" "flush" "isatty" "peek" "read" "read1" "readable" "readinto" "readinto1" "writable" "write"] ["closed"];
    /// `io.TextIOWrapper`
    TEXT_IO_WRAPPER = "TextIOWrapper" in "_io": [TEXT_BASE] Some(super::construct),
        ["close" "detach" "fileno" "flush" "isatty" "read" "readable" "readline" "reconfigure" "seek" "seekable" "tell"
         "truncate" "writable" "write"]
        ["buffer" "closed" "encoding" "errors" "line_buffering" "name" "newlines" "write_through"];
}

/// The class of the streams that the engine calls `class`.
pub(in crate::console) fn of_streams(class: StreamClass) -> Class {
    match class {
        StreamClass::StringIO => STRING_IO,
        StreamClass::TextIOWrapper => TEXT_IO_WRAPPER,
        StreamClass::BufferedReader => BUFFERED_READER,
        StreamClass::BufferedWriter => BUFFERED_WRITER,
        StreamClass::BufferedRandom => BUFFERED_RANDOM,
        StreamClass::BufferedRWPair => BUFFERED_RW_PAIR,
        _ => BYTES_IO,
    }
}

/// What the engine calls the class; `None` where it is not one of streams.
pub(super) fn stream_class(class: Class) -> Option<StreamClass> {
    StreamClass::ALL.into_iter().find(|own| of_streams(*own) == class)
}

/// Whether `class` counts as a subclass of the abstract class `base`, to which it was registered: `isinstance(io.BytesIO(),
/// io.BufferedIOBase)`, although that is not in its `__mro__`.
pub(in crate::console) fn is_registered(class: Class, base: Class) -> bool {
    if base.0.module != "io" {
        return false;
    }
    let buffered = || class != BUFFERED_BASE && class.is_subclass_of(BUFFERED_BASE);
    let text = || class != TEXT_BASE && class.is_subclass_of(TEXT_BASE);
    (base == BUFFERED_IO_BASE && buffered()) || (base == TEXT_IO_BASE && text()) || (base == IO_BASE && (buffered() || text()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_registered_and_their_bases_are_not() {
        assert!(is_registered(BYTES_IO, BUFFERED_IO_BASE) && is_registered(BYTES_IO, IO_BASE));
        assert!(is_registered(TEXT_IO_WRAPPER, TEXT_IO_BASE) && !is_registered(TEXT_IO_WRAPPER, RAW_IO_BASE));
        assert!(!is_registered(BUFFERED_BASE, IO_BASE) && !is_registered(OBJECT, IO_BASE));
        assert_eq!(RAW_IO_BASE.mro(), [RAW_IO_BASE, RAW_BASE, IO_BASE, ROOT, OBJECT]);
        assert_eq!(stream_class(STRING_IO), Some(StreamClass::StringIO));
        assert!(StreamClass::ALL.iter().all(|class| of_streams(*class).qualified_name() == class.type_name()));
    }
}
