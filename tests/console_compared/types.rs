//! The built-in types of the console: statements and what they show, and random expressions beside CPython.
#![allow(clippy::unwrap_used, reason = "what goes wrong here is a failed test")]

mod generator;
mod python;
mod rows;

use crate::kit::{transcript, without_addresses};

/// Random expressions give CPython's values, exceptions and messages.
#[test]
fn random_expressions_are_what_cpython_says() {
    for seed in [11, 12, 13, 14, 15] {
        let expressions = generator::expressions(seed, 2000);
        let Some(theirs) = python::run(&generator::script(&expressions)) else { return };
        let ours = transcript(&generator::script(&expressions));
        let (theirs, ours) = (without_addresses(&theirs), without_addresses(&ours));
        let theirs: Vec<&str> = theirs.lines().collect();
        let ours: Vec<&str> = ours.lines().collect();
        assert_eq!(ours.len(), theirs.len());
        let wrong: Vec<String> = expressions
            .iter()
            .zip(ours.iter().zip(&theirs))
            .filter(|(_, (ours, theirs))| ours != theirs)
            .map(|(expression, (ours, theirs))| format!("{expression}\n  ours   {ours}\n  theirs {theirs}"))
            .collect();
        assert!(wrong.is_empty(), "seed {seed}: {} of {}\n{}", wrong.len(), expressions.len(), wrong.join("\n"));
    }
}

/// What would take all memory or all time is refused at once.
#[test]
fn giant_results_are_refused_before_they_are_made() {
    let rows = [
        ("10 ** 10 ** 10", "MemoryError"),
        ("1 << 10 ** 12", "MemoryError"),
        ("1 << 10 ** 30", "OverflowError: too many digits in integer"),
        ("'a' * 10 ** 10", "MemoryError"),
        ("b'a' * 10 ** 12", "MemoryError"),
        ("[0] * 10 ** 10", "MemoryError"),
        ("(0,) * 10 ** 18", "MemoryError"),
        ("'ab'.center(10 ** 12)", "MemoryError"),
        ("'{:>1000000000000}'.format(1)", "MemoryError"),
        ("'%1000000000000d' % 1", "MemoryError"),
        ("bytes(10 ** 12)", "MemoryError"),
        ("bytearray(10 ** 12)", "MemoryError"),
        ("'\\t'.expandtabs(2 ** 31 - 1)", "MemoryError"),
        ("('a' * 100000).replace('a', 'b' * 100000)", "MemoryError"),
        ("(1).to_bytes(10 ** 12, 'big')", "MemoryError"),
    ];
    for (statement, expected) in rows {
        assert_eq!(transcript(statement).trim_end(), expected, "{statement}");
    }
}

/// Containers that hold themselves, or very many levels, end in an exception or in dots.
#[test]
fn recursion_ends() {
    let rows = [
        ("a = []; a.append(a); print(a); a == a", "[[...]]\nTrue\n"),
        ("d = {}; d['d'] = d; d", "{'d': {...}}\n"),
        ("a = []; b = [a]; a.append(b); a == b", "RecursionError: maximum recursion depth exceeded in comparison\n"),
    ];
    for (source, expected) in rows {
        let shown = transcript(source);
        let both = shown.starts_with("RecursionError") && expected.starts_with("RecursionError");
        assert!(both || shown == expected, "{source}\n{shown}");
    }
    let deep = "a = []\nfor n in range(100000): a = [a]\nlen(repr(a))\nhash(tuple(a))\n";
    let shown = transcript(deep);
    assert!(shown.starts_with("RecursionError: "), "{shown}");
}
