//! A timeline in Rust.

use std::fmt::Write as _;

use super::plan::Said;
use super::{DATA, LENGTH, Line, ScriptError, bytes_of, file_name, plan, quoted, run_of};
use crate::document::timeline::{Entry, Scalars};
use crate::document::{Data, Operation, StreamKind, Timeline};
use crate::stream::{Newline, Text, Value, Whence};

/// Calls of one function: a compiler takes long over a function of many thousands.
const A_FUNCTION: usize = 500;

/// Bytes of a literal on each of several lines.
const A_LINE: usize = 64;

pub(super) fn write(timeline: &Timeline, name: &str) -> Result<String, ScriptError> {
    let root = timeline.root();
    let kind = root.content.kind();
    let mut program = Program { kind, functions: vec![String::new()], in_last: 0 };
    let mut last = root.scalars;
    let mut length = 0;
    plan(timeline, |entry, line| {
        last = entry.after;
        length += program.line(entry, line)?;
        if length > LENGTH { Err(ScriptError::Long) } else { Ok(()) }
    })?;
    let start = program.start(&root.content, root.scalars, name)?;
    let (class, functions) = (kind.class(), &program.functions);
    let mut out = format!("// The calls that were made on {}, exported by Seektell.\n", quoted(name));
    out += "// The program makes them again, to the same content and the same position.\n";
    if timeline.forgotten() > 0 {
        out += &format!("// {} earlier calls are no longer kept: this begins after them.\n", timeline.forgotten());
    }
    out += "#![allow(unused_imports)]\n\n";
    out += "use seektell::buffer::{Buffer, ByteRange, Len, Offset};\n";
    out += "use seektell::stream::{BytesIO, Exception, Newline, SeenNewlines, StringIO, Text, TextState, Value, Whence};\n\n";
    out += "fn main() -> Result<(), Box<dyn std::error::Error>> {\n    let buf = run()?;\n";
    let get = if kind == StreamKind::Bytes { ".get()" } else { "" };
    if last.closed {
        out += "    assert!(buf.closed());\n";
    } else {
        out += &format!("    assert_eq!(buf.position(){get}, {});\n", last.position);
        out += &format!("    assert_eq!(buf.len(){get}, {});\n", last.size);
    }
    out += "    Ok(())\n}\n\n";
    out += &format!("pub fn run() -> Result<{class}, Box<dyn std::error::Error>> {{\n{start}");
    let steps: Vec<usize> = (0..functions.len()).filter(|&n| !functions[n].is_empty()).collect();
    for n in &steps {
        out += &format!("    steps_{}(&mut buf)?;\n", n + 1);
    }
    out += "    Ok(buf)\n}\n";
    for n in steps {
        out += &format!("\nfn steps_{}(buf: &mut {class}) -> Result<(), Exception> {{\n{}    Ok(())\n}}\n", n + 1, functions[n]);
    }
    Ok(out)
}

/// The bytes of a file, as an expression.
pub(in crate::document) fn read_file(path: &str) -> String {
    format!("std::fs::read({}).unwrap_or_default()", string(path))
}

struct Program {
    kind: StreamKind,
    functions: Vec<String>,
    in_last: usize,
}

impl Program {
    /// The stream before the first call.
    fn start(&self, content: &Data, scalars: Scalars, name: &str) -> Result<String, ScriptError> {
        let mut out = String::new();
        let large = content.len() > DATA && run_of(content).is_none();
        let value = if large {
            out += &format!("    // The content before the first call, {} long: save it to this file.\n", content.len());
            let file = format!("std::fs::read({})?", string(&file_name(name)));
            match self.kind {
                StreamKind::Bytes => file,
                StreamKind::Text => format!("Text::from(String::from_utf8({file})?)"),
            }
        } else {
            owned(content)?
        };
        match self.kind {
            StreamKind::Bytes => out += &format!("    let mut buf = BytesIO::new({value});\n"),
            // The constructor would translate what was translated when it was written.
            StreamKind::Text => {
                out += "    let mut buf = StringIO::default();\n";
                out += &format!("    buf.restore(&{});\n", state(&value, scalars));
            }
        }
        if scalars.closed {
            out += "    buf.close()?;\n";
        } else if scalars.position != 0 && self.kind == StreamKind::Bytes {
            out += &format!("    buf.seek({}, Whence::Start)?;\n", scalars.position);
        }
        Ok(out)
    }

    /// Adds a line; returns how long it is.
    fn line(&mut self, entry: &Entry, line: Line<'_>) -> Result<usize, ScriptError> {
        let text = match line {
            Line::Call { call, raises: None, .. } => format!("{}?;{}", self.call(&call)?, told(entry)),
            Line::Call { call, locked: true, .. } => {
                let call = self.call(&call)?;
                format!("let view = buf.getbuffer()?;\n    assert!({call}.is_err());{}\n    drop(view);", told(entry))
            }
            Line::Call { call, .. } => format!("assert!({}.is_err());{}", self.call(&call)?, told(entry)),
            Line::Edit { start, end, data, cursor } => match self.kind {
                StreamKind::Bytes => {
                    let range = format!("ByteRange::between(Offset({start}), Offset({end}))");
                    format!("buf.edit({range}, &{}, Offset({cursor}))?;", buffer(&data)?)
                }
                StreamKind::Text => format!("buf.edit({start}, {end}, &{}, {cursor})?;", owned(&data)?),
            },
            Line::Rule { start, end, data, rule, cursor } => {
                let range = format!("ByteRange::between(Offset({start}), Offset({end}))");
                match &rule.rust {
                    Some(expression) => format!(
                        "buf.seek({start}, Whence::Start)?;\n    let old = buf.read(Some({}))?.to_vec_all().unwrap_or_default();\n    \
                         buf.edit({range}, &Buffer::from({expression}), Offset({cursor}))?; // {}",
                        end - start,
                        rule.label
                    ),
                    None => format!("buf.edit({range}, &{}, Offset({cursor}))?; // {}", buffer(data)?, rule.label),
                }
            }
            Line::View { start, data } => {
                let end = start + data.len();
                format!("buf.getbuffer()?.set_slice(Some({start}), Some({end}), {})?;", slice(&data)?)
            }
            Line::Move(to) => format!("buf.seek({to}, Whence::Start)?;"),
            Line::New { content, scalars } => {
                let value = owned(&content)?;
                match self.kind {
                    StreamKind::Bytes => {
                        format!("*buf = BytesIO::new({value});\n    buf.seek({}, Whence::Start)?;", scalars.position)
                    }
                    StreamKind::Text => format!("buf.restore(&{});", state(&value, scalars)),
                }
            }
            Line::Close => "buf.close()?;".into(),
            Line::Note(note) => format!("// {}", one_line(&note)),
        };
        if self.in_last == A_FUNCTION {
            self.functions.push(String::new());
            self.in_last = 0;
        }
        self.in_last += 1;
        if let Some(function) = self.functions.last_mut() {
            _ = writeln!(function, "    {text}");
        }
        Ok(text.len())
    }

    fn call(&self, call: &Said<'_>) -> Result<String, ScriptError> {
        let operation = match call {
            Said::Named(method, args) => {
                let args = args.iter().map(value).collect::<Result<Vec<_>, _>>()?;
                return Ok(format!("buf.call({}, &[{}])", string(method), args.join(", ")));
            }
            Said::Plain(operation) => operation,
        };
        let data = |data: &Data| match data {
            Data::Bytes(_) if run_of(data).is_some() => Ok(format!("buf.write_buffer(&{})", buffer(data)?)),
            Data::Bytes(_) => Ok(format!("buf.write({})", slice(data)?)),
            Data::Text(_) => Ok(format!("buf.write(&{})", owned(data)?)),
        };
        Ok(match operation {
            Operation::Seek { offset, whence } => format!("buf.seek({offset}, {})", whence_name(*whence)),
            Operation::Read(size) => format!("buf.read({size:?})"),
            Operation::ReadLine(size) => format!("buf.read_line({size:?})"),
            Operation::Write(written) if written.kind() == self.kind => data(written)?,
            Operation::Write(Data::Bytes(bytes)) => format!("buf.call(\"write\", &[{}])", value(&Value::from(bytes.clone()))?),
            Operation::Write(Data::Text(text)) => format!("buf.call(\"write\", &[{}])", value(&Value::from(text.clone()))?),
            Operation::Truncate(size) => format!("buf.truncate({size:?})"),
            Operation::GetValue => "buf.getvalue()".into(),
            Operation::Close => "buf.close()".into(),
            _ => "buf.tell()".into(),
        })
    }
}

/// A whole state of a text stream.
fn state(value: &str, scalars: Scalars) -> String {
    let Scalars { position, newline, seen, .. } = scalars;
    let newline = match newline {
        Newline::Universal => "Universal",
        Newline::UniversalUntranslated => "UniversalUntranslated",
        Newline::Lf => "Lf",
        Newline::Cr => "Cr",
        Newline::CrLf => "CrLf",
    };
    let seen = format!("SeenNewlines {{ cr: {}, lf: {}, crlf: {} }}", seen.cr, seen.lf, seen.crlf);
    format!("TextState {{ value: {value}, position: {position}, closed: false, newline: Newline::{newline}, seen: {seen} }}")
}

const fn whence_name(whence: Whence) -> &'static str {
    match whence {
        Whence::Start => "Whence::Start",
        Whence::Current => "Whence::Current",
        Whence::End => "Whence::End",
    }
}

/// Bytes as a slice.
fn slice(data: &Data) -> Result<String, ScriptError> {
    match run_of(data) {
        Some(byte) => Ok(format!("&vec![{byte}; {}]", data.len())),
        None => Ok(byte_string(&bytes_of(data)?)),
    }
}

/// Bytes as a buffer.
fn buffer(data: &Data) -> Result<String, ScriptError> {
    match run_of(data) {
        Some(byte) => Ok(format!("Buffer::filled({byte}, Len({}))", data.len())),
        None => Ok(format!("Buffer::from({})", byte_string(&bytes_of(data)?))),
    }
}

/// What a stream is made of.
fn owned(data: &Data) -> Result<String, ScriptError> {
    let Data::Text(text) = data else { return buffer(data) };
    if let Some(point) = run_of(data) {
        return Ok(format!("Text::from_code_points(std::iter::repeat_n({point}, {}))", data.len()));
    }
    bytes_of(data)?;
    Ok(match text.to_str() {
        Some(text) => format!("Text::from({})", string(&text)),
        None => points(text),
    })
}

/// A text that is no Rust string.
fn points(text: &Text) -> String {
    let points: Vec<String> = text.code_points().map(|point| point.to_string()).collect();
    format!("Text::from_code_points([{}])", points.join(", "))
}

fn byte_string(bytes: &[u8]) -> String {
    let mut out = String::from("b\"");
    for (n, line) in bytes.chunks(A_LINE).enumerate() {
        if n > 0 {
            out += "\\\n        ";
        }
        for (at, &byte) in line.iter().enumerate() {
            match byte {
                b'\n' => out += "\\n",
                b'\r' => out += "\\r",
                b'\t' => out += "\\t",
                b'\\' => out += "\\\\",
                b'"' => out += "\\\"",
                // A space that begins a line would belong to the indentation.
                b' ' if at == 0 && n > 0 => out += "\\x20",
                b' '..=b'~' => out.push(byte.into()),
                _ => _ = write!(out, "\\x{byte:02x}"),
            }
        }
    }
    out + "\""
}

fn string(text: &str) -> String {
    format!("{text:?}")
}

fn value(of: &Value) -> Result<String, ScriptError> {
    let list = |items: &[Value]| items.iter().map(value).collect::<Result<Vec<_>, _>>().map(|items| items.join(", "));
    Ok(match of {
        Value::Bool(is) => format!("Value::from({is})"),
        Value::Int(number) => match i64::try_from(number) {
            Ok(number) => format!("Value::from({number}_i64)"),
            Err(_) => format!("Value::Int(\"{number}\".parse().expect(\"a whole number\"))"),
        },
        Value::Float(number) if number.is_nan() => "Value::from(f64::NAN)".into(),
        Value::Float(number) if number.is_infinite() => {
            format!("Value::from(f64::{}INFINITY)", if *number < 0.0 { "NEG_" } else { "" })
        }
        Value::Float(number) => format!("Value::from({number:?}_f64)"),
        Value::Str(text) => format!("Value::from({})", owned(&Data::Text(text.clone()))?),
        Value::Bytes(bytes) => format!("Value::from({})", buffer(&Data::Bytes(bytes.clone()))?),
        Value::ByteArray(array) => format!("Value::bytearray(*{})", byte_string(&array.to_vec())),
        Value::List(items) => format!("Value::List(vec![{}])", list(items)?),
        Value::Tuple(items) => format!("Value::Tuple(vec![{}])", list(items)?),
        _ => "Value::None".into(),
    })
}

fn told(entry: &Entry) -> String {
    // The address of an object is another one next time.
    if entry.result.is_empty() || entry.result.starts_with('<') {
        String::new()
    } else {
        format!(" // {}", one_line(&entry.result))
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}
