//! Lists of numbers, written: with commas only, or as an array of source code with its declaration.

use super::plain::digits;
use super::{Choices, Group, Style};
use crate::formats::FormatError;
use crate::formats::dump::Encode;
use crate::formats::dump::sink::Sink;

pub(super) struct Encoder {
    style: Style,
    upper_case: bool,
    line: u64,
    len: u64,
    name: String,
    done: u64,
}

impl Encoder {
    pub(super) fn new(style: Style, choices: &Choices, len: u64) -> Self {
        let (upper_case, line, name) = (choices.upper_case, choices.line(style), choices.name.clone());
        Self { style, upper_case, line, len, name, done: 0 }
    }

    /// What stands before the first number.
    fn open(&self) -> String {
        let (name, len) = (&self.name, self.len);
        match self.style {
            // C has no arrays of nothing; compilers take this one as an extension.
            Style::C if len == 0 => format!("const unsigned char {name}[] = {{"),
            Style::C => format!("const unsigned char {name}[{len}] = {{"),
            Style::Cpp => format!("constexpr std::array<std::uint8_t, {len}> {name} = {{"),
            Style::Rust => format!("const {}: [u8; {len}] = [", name.to_ascii_uppercase()),
            Style::Go => format!("var {name} = []byte{{"),
            Style::Java => format!("byte[] {name} = {{"),
            Style::JavaScript => format!("const {name} = new Uint8Array(["),
            Style::CSharp => format!("byte[] {name} = new byte[] {{"),
            Style::Swift => format!("let {name}: [UInt8] = ["),
            Style::Lua => format!("local {name} = {{"),
            Style::Json => "[".into(),
            _ => String::new(),
        }
    }

    fn close(&self) -> &'static str {
        match self.style {
            Style::C | Style::Cpp | Style::Java | Style::CSharp => "};\n",
            Style::Rust => "];\n",
            Style::Go | Style::Lua => "}\n",
            Style::Swift | Style::Json => "]\n",
            Style::JavaScript => "]);\n",
            _ => "",
        }
    }

    fn is_code(&self) -> bool {
        self.style.group() == Group::Code
    }

    fn indent(&self) -> &'static str {
        match self.style {
            Style::Go => "\t",
            _ if self.is_code() => "    ",
            _ => "",
        }
    }
}

impl Encode for Encoder {
    fn feed(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        for &byte in bytes {
            if self.done == 0 {
                sink.push(self.open().as_bytes())?;
            }
            let (code, indent) = (self.is_code(), self.indent());
            let out = sink.block();
            if self.done.is_multiple_of(self.line) {
                if code || self.done > 0 {
                    out.push(b'\n');
                }
                out.extend_from_slice(indent.as_bytes());
            } else {
                out.push(b' ');
            }
            if matches!(self.style, Style::Decimal | Style::Json) {
                out.extend_from_slice(byte.to_string().as_bytes());
            } else {
                // A byte of Java goes to 127 without a cast.
                if self.style == Style::Java && byte > 127 {
                    out.extend_from_slice(b"(byte) ");
                }
                out.extend_from_slice(b"0x");
                out.extend_from_slice(&digits(byte, self.upper_case));
            }
            self.done += 1;
            // JSON has no comma behind the last value.
            if (code && self.style != Style::Json) || self.done < self.len {
                out.push(b',');
            }
            sink.settle()?;
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.done == 0 {
            sink.push(self.open().as_bytes())?;
        } else if self.is_code() {
            sink.push(b"\n")?;
        }
        sink.push(self.close().as_bytes())
    }
}
