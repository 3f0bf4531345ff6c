//! The console: the language statement by statement, sources that are wrong, limits that hold, and a session on its thread.
#![allow(clippy::unwrap_used, reason = "what goes wrong here is a failed test")]

mod bad_sources;
mod language;
mod limits;
mod session;

use std::sync::{Arc, Mutex};

use seektell::console::session::{Printed, SCRIPT, ScriptError, run_script};
use seektell::console::vm::Limits;

/// A script and its transcript.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) script: &'static str,
    pub(crate) expected: &'static str,
}

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
fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(" at 0xADDR");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    out
}

#[test]
fn scripts_print_what_python_prints() {
    let mut differences = Vec::new();
    for case in language::CASES {
        let ours = without_addresses(&transcript(case.script));
        let pairs = ours.lines().zip(case.expected.lines()).find(|(ours, theirs)| ours != theirs);
        match pairs {
            Some((ours, theirs)) => differences.push(format!("{}:\n  ours:    {ours}\n  CPython: {theirs}", case.name)),
            None if ours != case.expected => differences.push(format!("{}: one is longer:\n{ours}", case.name)),
            None => {}
        }
    }
    assert!(differences.is_empty(), "{} scripts differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn what_the_language_leaves_out_is_said_when_it_is_reached() {
    let script = "print('before')\nclass A: pass\nif 0:\n    class B: pass\nasync def f(): pass\nmatch 1:\n    case 1: pass\n1j\nprint('after')\n";
    let text = transcript(script);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.first(), lines.last(), lines.len()), (Some(&"before"), Some(&"after"), 6), "{text}");
    assert!(lines[1..5].iter().all(|line| line.starts_with("NotImplementedError: ")), "{text}");
}
