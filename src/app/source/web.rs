//! What a person types to open an address or to run a command: fields, and what they mean.

use std::time::Duration;

use crate::app::position::{Places, parse_length};
use crate::net::{self, Address};
use crate::process::{self, CommandLine, quoted, split};

/// The longest time that can be set, in seconds: an hour.
const LONGEST: u64 = 3600;

/// The two limits, as they are typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitFields {
    /// The most bytes: "64 MiB".
    pub size: String,
    /// The longest time in seconds.
    pub seconds: String,
}

impl LimitFields {
    fn new(bytes: u64, time: Duration) -> Self {
        Self { size: format!("{} MiB", bytes >> 20), seconds: time.as_secs().to_string() }
    }

    /// Bytes and time.
    ///
    /// # Errors
    /// What is wrong with one of them, in a sentence.
    pub fn read(&self) -> Result<(u64, Duration), String> {
        let bytes = parse_length(&self.size, &Places::plain(0, 0)).ok().filter(|&bytes| bytes > 0);
        let bytes = bytes.ok_or("The size is a number of bytes, such as 64 MiB")?;
        let seconds = self.seconds.trim().parse::<u64>().ok().filter(|seconds| (1..=LONGEST).contains(seconds));
        let seconds = seconds.ok_or_else(|| format!("The time is a number of seconds, from 1 to {LONGEST}"))?;
        Ok((bytes, Duration::from_secs(seconds)))
    }
}

/// The dialog for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressDialog {
    /// What is typed.
    pub text: String,
    /// The limits.
    pub limits: LimitFields,
}

impl Default for AddressDialog {
    fn default() -> Self {
        let limits = net::Limits::default();
        Self { text: String::new(), limits: LimitFields::new(limits.bytes, limits.time) }
    }
}

impl AddressDialog {
    /// The address and the limits.
    ///
    /// # Errors
    /// What is wrong, in a sentence.
    pub fn read(&self) -> Result<(Address, net::Limits), String> {
        let text = self.text.trim();
        // What people call an address often has no scheme.
        let bare =
            !text.contains("://") && text.contains('.') && !text.starts_with(|c: char| "/.~".contains(c)) && !text.contains(':');
        let text = if bare { format!("https://{text}") } else { text.to_owned() };
        let address = Address::parse(&text).map_err(|error| sentence(&error.to_string()))?;
        let (bytes, time) = self.limits.read()?;
        Ok((address, net::Limits { bytes, time, ..net::Limits::default() }))
    }
}

/// The dialog for a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunDialog {
    /// What is typed.
    pub line: String,
    /// The shell is to read the line.
    pub shell: bool,
    /// The limits.
    pub limits: LimitFields,
}

impl Default for RunDialog {
    fn default() -> Self {
        let limits = process::Limits::default();
        Self { line: String::new(), shell: false, limits: LimitFields::new(limits.bytes, limits.time) }
    }
}

impl RunDialog {
    /// The program with its arguments.
    ///
    /// # Errors
    /// What is wrong with the line, in a sentence.
    pub fn command(&self) -> Result<CommandLine, String> {
        if self.line.trim().is_empty() {
            return Err("Type the name of a program and its arguments".into());
        }
        if self.line.contains('\0') {
            return Err("A command has no zero characters".into());
        }
        if self.shell {
            return Ok(CommandLine::through_the_shell(&self.line));
        }
        let words = split(&self.line).map_err(|error| sentence(&error.to_string()))?;
        Ok(CommandLine { words })
    }

    /// The command and the limits.
    ///
    /// # Errors
    /// What is wrong, in a sentence.
    pub fn read(&self) -> Result<(CommandLine, process::Limits), String> {
        let command = self.command()?;
        let (bytes, time) = self.limits.read()?;
        Ok((command, process::Limits { bytes, time }))
    }
}

/// The words of a command as they go to the program, with quotes where a word is not plain.
pub fn shown_command(command: &CommandLine) -> String {
    let words: Vec<String> = command.words.iter().map(|word| quoted(&word.to_string_lossy())).collect();
    words.join(" ")
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_is_asked_and_run() {
        let address =
            |text: &str| AddressDialog { text: text.into(), ..Default::default() }.read().map(|(address, _)| address.to_string());
        assert_eq!(address("example.org/a.csv").unwrap(), "https://example.org/a.csv");
        assert_eq!(address("http://example.org").unwrap(), "http://example.org/");
        assert!(address("ftp://x").unwrap_err().starts_with("Only http and https"));
        assert!(address("/etc/passwd").is_err() && address("").is_err());
        let run = RunDialog { line: "grep 'a b' *.txt | wc".into(), ..Default::default() };
        let command = run.command().unwrap();
        assert_eq!(command.words, ["grep", "a b", "*.txt", "|", "wc"]);
        assert_eq!(shown_command(&command), "grep 'a b' '*.txt' '|' wc");
        let shell = RunDialog { shell: true, ..run };
        assert_eq!(shell.command().unwrap().words, ["/bin/sh", "-c", "grep 'a b' *.txt | wc"]);
        let bad = LimitFields { size: "0".into(), seconds: "30".into() };
        assert!(bad.read().is_err());
        let good = LimitFields { size: "1 GiB".into(), seconds: "5".into() };
        assert_eq!(good.read().unwrap(), (1 << 30, Duration::from_secs(5)));
    }
}
