//! What reaches the terminal: checked writes, inert text, one line a message.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;
use std::process::ExitCode;

use super::interrupt;
pub(super) use crate::app::numbers::count;
pub(super) use crate::convert::grouped;
use crate::files;

/// Why a command stops.
#[derive(Debug)]
pub(super) enum Stop {
    /// The reader of our output went away: nothing is wrong.
    Closed,
    /// Something failed, and its message is printed already.
    Reported,
    /// Something failed.
    Failed(String),
    /// The command line asks for what cannot be.
    Usage(String),
}

impl Stop {
    /// A failure about one file; its path comes last.
    pub(super) fn about(error: impl Display, path: &Path) -> Self {
        Self::Failed(about(error, path))
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Failed(format!("standard output cannot be written: {error}")),
        }
    }
}

/// The exit status, after the message where there is one to print.
pub(super) fn exit_code(result: Result<(), Stop>) -> ExitCode {
    exit_code_of(result, None)
}

/// The same of a command, whose help a wrong command line leads to.
pub(super) fn exit_code_of(result: Result<(), Stop>, command: Option<&str>) -> ExitCode {
    let failure = || interrupt::status().unwrap_or(ExitCode::FAILURE);
    match result {
        Ok(()) | Err(Stop::Closed) => ExitCode::SUCCESS,
        Err(Stop::Reported) => failure(),
        Err(Stop::Failed(what)) => {
            message(&what);
            failure()
        }
        Err(Stop::Usage(what)) => {
            // What shows a place ends with a line of its own.
            let between = if what.ends_with('\n') { "" } else { "; " };
            message(&format!("{what}{between}{}", see_help(command)));
            ExitCode::from(2)
        }
    }
}

/// Where the help of a command is.
pub(super) fn see_help(command: Option<&str>) -> String {
    format!("see seektell {}--help", command.map_or_else(String::new, |command| format!("{command} ")))
}

/// One line on standard error. A closed standard error is nobody's problem.
pub(super) fn message(what: &str) {
    writeln!(io::stderr(), "seektell: {what}").ok();
}

/// An error in words, with the path last, safe to print.
pub(super) fn about(error: impl Display, path: &Path) -> String {
    let words = escape(&error.to_string());
    let name = files::display_path(path);
    if words.ends_with(&name) { words } else { format!("{words}: {name}") }
}

/// Standard output, buffered; what goes wrong is told at the latest by [`Write::flush`].
pub(super) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 * 1024, io::stdout().lock())
}

/// Whether standard output is a terminal that would obey escapes.
pub(super) fn to_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints finished text.
pub(super) fn print(text: &str) -> Result<(), Stop> {
    let mut out = stdout();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Text that a terminal cannot be told anything with: control characters (line ends too), escapes, and characters that are
/// invisible or turn the direction of writing become `\n`, `\u{1b}`, `\u{202e}`; the same way as [`files::display_path`]
/// writes names.
///
/// ```
/// assert_eq!(seektell::cli::escape("a\x1b[31m\u{202e}b"), "a\\u{1b}[31m\\u{202e}b");
/// ```
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    text.chars().for_each(|character| push_escaped(&mut safe, character));
    safe
}

/// JSON, indented, with every deceptive character as a JSON escape, so that it is inert and means the same.
pub(super) fn json_text(value: &serde_json::Value) -> String {
    inert_json(&format!("{value:#}")) + "\n"
}

/// The same on one line, without a line end.
pub(super) fn json_line(value: &serde_json::Value) -> String {
    inert_json(&value.to_string())
}

/// Finished JSON with every deceptive character but line ends as a JSON escape.
pub(super) fn inert_json(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match is_deceptive(character) && character != '\n' {
            true => character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| safe.push_str(&format!("\\u{unit:04x}"))),
            false => safe.push(character),
        }
    }
    safe
}

fn push_escaped(safe: &mut String, character: char) {
    if is_deceptive(character) { safe.extend(character.escape_default()) } else { safe.push(character) }
}

/// Characters that command a terminal, are not seen, or change how their neighbours are seen.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Passes UTF-8 text on to a terminal with everything but line ends and tabs made inert.
pub(super) struct Inert<W: Write> {
    out: W,
    /// The start of a character that the next write completes.
    rest: Vec<u8>,
    /// A carriage return that is part of a line end only if a line feed follows.
    carriage_return: bool,
}

impl<W: Write> Inert<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, rest: Vec::new(), carriage_return: false }
    }

    /// Writes what is left over: the start of a character that never ended.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.carriage_return {
            self.out.write_all(b"\\r")?;
        }
        let rest: String = self.rest.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        self.out.write_all(rest.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Write for Inert<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = std::mem::take(&mut self.rest);
        text.extend_from_slice(bytes);
        let mut safe = String::with_capacity(text.len());
        let mut chunks = text.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            for character in chunk.valid().chars() {
                if std::mem::take(&mut self.carriage_return) && character != '\n' {
                    safe.push_str("\\r");
                }
                match character {
                    '\r' => self.carriage_return = true,
                    '\n' | '\t' => safe.push(character),
                    _ => push_escaped(&mut safe, character),
                }
            }
            let incomplete = std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
            if chunks.peek().is_none() && incomplete {
                self.rest = chunk.invalid().to_vec();
            } else {
                chunk.invalid().iter().for_each(|byte| safe.push_str(&format!("\\x{byte:02x}")));
            }
        }
        self.out.write_all(safe.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inert_text_survives_cuts_inside_characters() {
        let text = "é\x1b[2J\t\u{202e}ü\r\na\rb\r".as_bytes();
        for cut in 0..=text.len() {
            let mut shown = Vec::new();
            let mut inert = Inert::new(&mut shown);
            inert.write_all(&text[..cut]).unwrap();
            inert.write_all(&text[cut..]).unwrap();
            inert.finish().unwrap();
            assert_eq!(String::from_utf8(shown).unwrap(), "é\\u{1b}[2J\t\\u{202e}ü\na\\rb\\r", "cut at {cut}");
        }
    }

    #[test]
    fn thousands() {
        assert_eq!([grouped(0), grouped(999), grouped(1000), grouped(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
    }
}
