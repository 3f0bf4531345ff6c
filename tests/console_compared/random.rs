//! Scripts that a generator makes, run here and by the `python3` of this machine: the transcripts must be equal to the letter.
//!
//! `SEEKTELL_SCRIPTS` sets how many scripts each family gets (40), `SEEKTELL_SEED` where the generator begins (1).
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod generate;
mod literal;
mod oracle;

use generate::Family;

use crate::kit::transcript;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number: {value}")))
}

fn compare(family: Family) {
    let (count, seed) = (number("SEEKTELL_SCRIPTS", 40), number("SEEKTELL_SEED", 1));
    let scripts: Vec<String> = (0..count).map(|n| generate::script(family, seed * 1_000_003 + n)).collect();
    let Some(expected) = oracle::transcripts(&scripts) else { return };
    let mut different = Vec::new();
    for (n, (script, expected)) in scripts.iter().zip(&expected).enumerate() {
        let ours = oracle::normalised(&transcript(script));
        if ours != *expected {
            different.push(report(n, script, &ours, expected));
        }
    }
    let shown = different.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(different.is_empty(), "{} of {count} scripts differ from CPython:\n{shown}", different.len());
}

/// The first line that differs, and the whole script.
fn report(number: usize, script: &str, ours: &str, expected: &str) -> String {
    let (mut a, mut b) = (ours.lines(), expected.lines());
    for line in 1.. {
        let (a, b) = (a.next(), b.next());
        if a != b {
            return format!("--- script {number}, line {line} of the transcript\n ours  {a:?}\n theirs {b:?}\n{script}");
        }
        if a.is_none() {
            break;
        }
    }
    format!("--- script {number}: other ends of line\n{script}")
}

#[test]
fn bytes_streams() {
    compare(Family::Bytes);
}

#[test]
fn text_streams() {
    compare(Family::Text);
}

#[test]
fn text_wrappers() {
    compare(Family::Wrapper);
}

#[test]
fn buffered_streams() {
    compare(Family::Buffered);
}

#[test]
fn the_language() {
    compare(Family::Language);
}
