//! What the programs that test the console have in common: a script goes in, what it prints comes out.
#![allow(clippy::unwrap_used, reason = "what goes wrong here is a failed test")]
#![allow(dead_code, reason = "not every program needs all of it")]

use std::sync::{Arc, Mutex};

use seektell::console::session::{Printed, SCRIPT, ScriptError, run_script};
use seektell::console::vm::Limits;

/// What `seektell run` prints for a script, and how it ended.
pub(crate) fn run(source: &str, limits: Limits) -> (String, Result<(), ScriptError>) {
    let transcript = Arc::new(Mutex::new(String::new()));
    let writer = Arc::clone(&transcript);
    let outcome = run_script(source.to_owned(), limits, move |printed| {
        let mut transcript = writer.lock().unwrap();
        match printed {
            Printed::Output(text) => transcript.push_str(&text),
            Printed::Value(text) | Printed::Exception(text) => {
                transcript.push_str(&text);
                transcript.push('\n');
            }
            Printed::Error(_) => {}
        }
        true
    });
    let text = transcript.lock().unwrap().clone();
    (text, outcome.map(drop))
}

/// The transcript of a script that runs to its end.
pub(crate) fn transcript(source: &str) -> String {
    let (text, outcome) = run(source, SCRIPT);
    assert_eq!(outcome, Ok(()), "{source}\n{text}");
    text
}

/// Addresses differ from run to run.
pub(crate) fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(" at 0xADDR");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    out
}
