//! `BytesIO` and `StringIO` against CPython 3.11: tables of statements and what they show, the same tables run by `python3`
//! where it is installed, and random statements compared with it.
#![allow(clippy::unwrap_used, reason = "what goes wrong here is a failed test")]
#![allow(clippy::vec_init_then_push, reason = "tables are built row by row")]

mod buffered;
mod buffered_random;
mod buffered_raw;
mod bytes_io;
mod charset_rows;
mod charsets;
mod codecs;
mod corners;
mod module;
mod objects;
mod python;
mod random;
mod step;
mod string_io;
mod text_basics;
mod text_encodings;
mod text_io;
mod text_places;
mod typed;
mod views;

use seektell::stream::is_printable;
use step::{Machine, Session};

fn tables() -> Vec<Session> {
    [
        module::sessions(),
        bytes_io::sessions(),
        views::sessions(),
        string_io::sessions(),
        corners::sessions(),
        buffered::sessions(),
        text_basics::sessions(),
        text_encodings::sessions(),
        text_places::sessions(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Runs every session with our streams and with what `expected` gives for each row; all differences at once.
fn compare(sessions: &[Session], mut expected: impl FnMut(&'static str) -> String) {
    let mut differences = Vec::new();
    for session in sessions {
        let mut machine = Machine::default();
        let mut before = Vec::new();
        for (step, row) in &session.rows {
            let (ours, theirs) = (machine.run(step), expected(row));
            before.push(step.python());
            if ours != theirs {
                let from = before.len().saturating_sub(12);
                differences.push(format!(
                    "{}:\n  {}\n  ours:    {ours}\n  CPython: {theirs}",
                    session.title,
                    before[from..].join("\n  ")
                ));
                break;
            }
        }
        // What is left of a session that differed is not compared.
        for _ in before.len()..session.rows.len() {
            expected("");
        }
    }
    let shown = differences.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} of {} sessions differ\n{shown}", differences.len(), sessions.len());
}

#[test]
fn every_row_shows_what_the_table_says() {
    let tables = tables();
    assert!(tables.iter().map(|session| session.rows.len()).sum::<usize>() > 800);
    compare(&tables, str::to_owned);
}

#[test]
fn python_shows_the_same_for_the_tables() {
    let tables = tables();
    let Some(shown) = python::run(&tables) else { return };
    let rows = tables.iter().flat_map(|session| session.rows.iter().map(move |row| (session.title, row)));
    for ((title, (step, expected)), shown) in rows.zip(&shown) {
        assert_eq!(expected, shown, "{title}: {}", step.python());
    }
    let mut shown = shown.into_iter();
    compare(&tables, |_| shown.next().expect("one result a row"));
}

#[test]
fn random_statements_show_what_python_shows() {
    let sessions = random::sessions(0x5EE7, 200, 30);
    let Some(shown) = python::run(&sessions) else { return };
    assert_eq!(shown.len(), sessions.iter().map(|session| session.rows.len()).sum::<usize>());
    let mut shown = shown.into_iter();
    compare(&sessions, |_| shown.next().expect("one result a row"));
}

#[test]
fn random_statements_on_text_over_bytes_show_what_python_shows() {
    for (seed, count, length, pieces) in [(1, 300, 30, 40), (2, 40, 20, 4000)] {
        let sessions = text_io::sessions(seed, count, length, pieces);
        let Some(shown) = python::run(&sessions) else { return };
        let mut shown = shown.into_iter();
        compare(&sessions, |_| shown.next().expect("one result a row"));
    }
}

#[test]
fn random_statements_on_buffered_streams_show_what_python_shows() {
    let (seed, count) = (0xB0FF, 300);
    let sessions = buffered_random::sessions(seed, count, 30);
    let Some(shown) = python::run(&sessions) else { return };
    let mut shown = shown.into_iter();
    compare(&sessions, |_| shown.next().expect("one result a row"));
}

#[test]
fn raw_streams_that_give_less_block_or_fail_are_treated_as_by_python() {
    let mut rng = fastrand::Rng::with_seed(0x5407);
    let programs = (0..400).map(|_| buffered_raw::Program::random(&mut rng)).collect::<Vec<_>>();
    let Some(theirs) = python::output(&buffered_raw::script(&programs)) else { return };
    if let Some(difference) = buffered_raw::difference(&programs, &theirs) {
        panic!("{difference}");
    }
}

#[test]
fn the_same_characters_are_printable_as_in_python() {
    let script = "print(''.join('1' if chr(p).isprintable() else '0' for p in range(0x110000)))";
    let Some(theirs) = python::output(script) else { return };
    let theirs = theirs.trim().as_bytes();
    assert_eq!(theirs.len(), 0x11_0000);
    for (point, &flag) in (0..).zip(theirs) {
        assert_eq!(is_printable(point), flag == b'1', "U+{point:04X}");
    }
}
