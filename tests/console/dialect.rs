//! The console: the language statement by statement, sources that are wrong, limits that hold, and a session on its thread.
#![allow(clippy::unwrap_used, reason = "what goes wrong here is a failed test")]

mod bad_sources;
mod language;
mod limits;
mod session;

use crate::kit::{transcript, without_addresses};

/// A script and its transcript.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) script: &'static str,
    pub(crate) expected: &'static str,
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
