//! A timeline in Python.

use std::fmt::Write as _;

use base64::Engine as _;

use super::plan::Said;
use super::{DATA, LENGTH, Line, ScriptError, bytes_of, file_name, plan, quoted, run_of};
use crate::document::operation::transform;
use crate::document::timeline::{Entry, Scalars};
use crate::document::{Data, Operation, StreamKind, Timeline};
use crate::stream::{Newline, Text, Value, bytes_repr, str_repr};

/// Units of data that stand on the line of their call.
const ON_THE_LINE: u64 = 80;

/// Units of a literal on each of several lines.
const A_LINE: u64 = 64;

/// Units of data that are spelled out; longer ones are in base64.
const SPELLED: u64 = 4096;

pub(super) fn write(timeline: &Timeline, name: &str) -> Result<String, ScriptError> {
    let root = timeline.root();
    let kind = root.content.kind();
    let mut script = Script { body: String::new(), kind, newline: root.scalars.newline, base64: false, modules: Vec::new() };
    script.start(&root.content, root.scalars, name)?;
    script.body.push('\n');
    let mut last = root.scalars;
    plan(timeline, |entry, line| {
        last = entry.after;
        script.line(entry, line)?;
        if script.body.len() > LENGTH { Err(ScriptError::Long) } else { Ok(()) }
    })?;
    script.end(last);
    let mut out = format!("# The calls that were made on {}, exported by Seektell.\n", quoted(name));
    out += "# Python runs them to the same content and the same position.\n";
    if timeline.forgotten() > 0 {
        out += &format!("# {} earlier calls are no longer kept: this begins after them.\n", timeline.forgotten());
    }
    if script.base64 {
        out += "import base64\n";
    }
    out += "import io\n";
    for module in &script.modules {
        out += &format!("import {module}\n");
    }
    out.push('\n');
    Ok(out + &script.body)
}

struct Script {
    body: String,
    kind: StreamKind,
    newline: Newline,
    base64: bool,
    /// What rules import.
    modules: Vec<&'static str>,
}

impl Script {
    /// The stream before the first call.
    fn start(&mut self, content: &Data, scalars: Scalars, name: &str) -> Result<(), ScriptError> {
        if content.len() <= DATA || run_of(content).is_some() {
            return self.new_stream(content, scalars);
        }
        let file = quoted(&file_name(name));
        self.body += &format!("# The content before the first call, {} long: save it to this file.\n", content.len());
        let encoding = if self.kind == StreamKind::Text { ".decode('utf-8', 'surrogatepass')" } else { "" };
        self.body += &format!("with open({file}, 'rb') as file:\n    initial = file.read(){encoding}\n");
        self.stream_of("initial", scalars);
        Ok(())
    }

    fn new_stream(&mut self, content: &Data, scalars: Scalars) -> Result<(), ScriptError> {
        let content = self.data(content)?;
        self.stream_of(&content, scalars);
        Ok(())
    }

    fn stream_of(&mut self, content: &str, scalars: Scalars) {
        let Scalars { position, newline, .. } = scalars;
        self.newline = newline;
        match (self.kind, newline) {
            (StreamKind::Bytes, _) => self.body += &format!("buf = io.BytesIO({content})\n"),
            (StreamKind::Text, Newline::Lf) => self.body += &format!("buf = io.StringIO({content})\n"),
            // The constructor would translate what was translated when it was written.
            (StreamKind::Text, _) => {
                let newline = newline.to_value().repr();
                self.body += &format!("buf = io.StringIO(newline={newline})\n");
                self.body += &format!("buf.__setstate__(({content}, {newline}, {position}, None))\n");
            }
        }
        if scalars.closed {
            self.body += "buf.close()\n";
        } else if position != 0 {
            self.body += &format!("buf.seek({position})\n");
        }
    }

    fn line(&mut self, entry: &Entry, line: Line<'_>) -> Result<(), ScriptError> {
        match line {
            Line::Call { call, raises, locked } => {
                let call = self.call(&call)?;
                let told = told(entry);
                match raises {
                    None => self.body += &format!("{call}{told}\n"),
                    Some(class) => {
                        let call = if locked { format!("with buf.getbuffer():\n        {call}") } else { call };
                        self.body += &format!("try:\n    {call}\nexcept {class}:\n    pass{told}\n");
                    }
                }
            }
            Line::Edit { start, end, data, cursor } => {
                let new = self.data(&data)?;
                if self.kind == StreamKind::Text && self.newline != Newline::Lf {
                    let newline = self.newline.to_value().repr();
                    self.body += "value = buf.getvalue()\n";
                    let value = format!("value[:{start}] + {new} + value[{end}:]");
                    self.body += &format!("buf.__setstate__(({value}, {newline}, {cursor}, None))\n");
                    return Ok(());
                }
                self.body += &format!("buf.seek({end}); tail = buf.read(); buf.seek({start}); ");
                self.body += &if data.is_empty() { "buf.write(tail); ".into() } else { format!("buf.write({new} + tail); ") };
                if data.len() < end - start {
                    self.body += "buf.truncate(); ";
                }
                self.body += &format!("buf.seek({cursor})\n");
            }
            Line::Rule { start, end, data, rule, cursor } => {
                for &module in rule.modules {
                    if !self.modules.contains(&module) {
                        self.modules.push(module);
                    }
                }
                self.body += &transform(start, end, data.len(), rule, Some(cursor));
                self.body += &format!("  # {}\n", rule.label);
            }
            Line::View { start, data } => {
                let new = self.data(&data)?;
                self.body += &format!("buf.getbuffer()[{start}:{}] = {new}\n", start + data.len());
            }
            Line::Move(to) => self.body += &format!("buf.seek({to})\n"),
            Line::New { content, scalars } => self.new_stream(&content, scalars)?,
            Line::Close => self.body += "buf.close()\n",
            Line::Note(note) => self.body += &format!("# {}\n", one_line(&note)),
        }
        Ok(())
    }

    fn end(&mut self, last: Scalars) {
        if last.closed {
            self.body += "\nassert buf.closed\n";
        } else {
            self.body += &format!("\nassert buf.tell() == {}\nassert len(buf.getvalue()) == {}\n", last.position, last.size);
        }
    }

    fn call(&mut self, call: &Said<'_>) -> Result<String, ScriptError> {
        Ok(match call {
            Said::Plain(Operation::Write(data)) => format!("buf.write({})", self.data(data)?),
            Said::Plain(operation) => operation.python(self.kind, 0),
            Said::Named(method, args) => {
                let args: Vec<String> = args.iter().map(value).collect();
                format!("buf.{method}({})", args.join(", "))
            }
        })
    }

    /// Bytes or text as an expression.
    fn data(&mut self, data: &Data) -> Result<String, ScriptError> {
        if let Some(unit) = run_of(data) {
            let unit = match data {
                Data::Bytes(_) => bytes_repr(&[unit as u8]),
                Data::Text(_) => str_repr(&Text::from_code_points([unit])),
            };
            return Ok(format!("{unit} * {}", data.len()));
        }
        let len = data.len();
        if len > SPELLED {
            self.base64 = true;
            let encoded = base64::engine::general_purpose::STANDARD.encode(bytes_of(data)?);
            let mut out = String::from("base64.b64decode('''\n");
            for line in encoded.as_bytes().chunks(76) {
                out += &String::from_utf8_lossy(line);
                out.push('\n');
            }
            out += "''')";
            if data.kind() == StreamKind::Text {
                out += ".decode('utf-8', 'surrogatepass')";
            }
            return Ok(out);
        }
        bytes_of(data)?;
        if len <= ON_THE_LINE {
            return Ok(data.literal(u64::MAX));
        }
        let mut out = String::from("(\n");
        for start in (0..len).step_by(A_LINE as usize) {
            // Writing to a string cannot fail.
            _ = writeln!(out, "    {}", data.slice(start, (start + A_LINE).min(len)).literal(u64::MAX));
        }
        Ok(out + ")")
    }
}

/// What came of a call, as a comment.
fn told(entry: &Entry) -> String {
    // The address of an object is another one next time.
    if entry.result.is_empty() || entry.result.starts_with('<') {
        String::new()
    } else {
        format!("  # {}", one_line(&entry.result))
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

/// A plain value as an expression.
fn value(value: &Value) -> String {
    match value {
        Value::Float(number) if !number.is_finite() => format!("float('{}')", value.repr()),
        Value::List(items) => format!("[{}]", values(items)),
        Value::Tuple(items) if items.len() == 1 => format!("({},)", values(items)),
        Value::Tuple(items) => format!("({})", values(items)),
        // Numbers with more digits than Python reads in a row are said in hexadecimal.
        Value::Int(number) if number.bits() > 4096 => {
            let sign = if number.sign() == num_bigint::Sign::Minus { "-" } else { "" };
            format!("{sign}0x{}", number.magnitude().to_str_radix(16))
        }
        other => other.repr(),
    }
}

fn values(items: &[Value]) -> String {
    items.iter().map(value).collect::<Vec<_>>().join(", ")
}
