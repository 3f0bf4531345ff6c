//! Input that somebody made to break a reader: files of every format, changed by a generator, go through everything that looks at
//! a file and through conversions. Whatever comes of it is a result or an error in words: no panic outside the wall around
//! decoders, none at all in our own code, no endless work, no file left by what failed.
//!
//! `SEEKTELL_HOSTILE` sets how many cases each family gets (80), `SEEKTELL_SEED` where the generator begins (1), `SEEKTELL_ALL`
//! converts each case to every target in place of a few. `SEEKTELL_HOSTILE_LOG` names a file that holds the last case, so that an
//! abort can be told, and makes each case's memory be watched (alone: `--test-threads=1`).
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod cancel;
mod drive;
mod found;
mod handmade;
mod mutate;
mod seeds;
#[cfg(feature = "net")]
mod servers;
mod watch;

use seeds::{Family, Seed};
use watch::Watch;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number: {value}")))
}

fn run(family: Family) {
    let (count, seed) = (number("SEEKTELL_HOSTILE", 80), number("SEEKTELL_SEED", 1));
    let seeds = seeds::of(family);
    let mut watch = Watch::new();
    for case in 0..count {
        let mut random = fastrand::Rng::with_seed(seed * 1_000_003 + case);
        let from = &seeds[case as usize % seeds.len()];
        let bytes = mutate::mutated(from, &seeds, &mut random);
        watch.case(&format!("{family:?} case {case} of seed {seed}, made of {}", from.name), &bytes, || {
            drive::everything(&bytes, from, &mut random, case);
        });
    }
    watch.judge();
}

#[test]
fn pictures() {
    run(Family::Pictures);
}

#[test]
fn pictures_with_metadata() {
    run(Family::Metadata);
}

#[test]
fn tables() {
    run(Family::Tables);
}

#[test]
fn workbooks_and_columns() {
    run(Family::Workbooks);
}

#[test]
fn packed_and_archives() {
    run(Family::Archives);
}

#[test]
fn encoded_text() {
    run(Family::Encoded);
}

#[test]
fn what_is_kept_on_disk() {
    run(Family::Kept);
}

/// The seeds themselves are what they are taken for; else the generator would test nothing.
#[test]
fn seeds_are_whole() {
    for family in Family::ALL {
        for Seed { name, bytes, format } in seeds::of(family) {
            if let Some(format) = format {
                let found = seektell::formats::detect(&seektell::buffer::Buffer::from(&bytes[..]), Some(&name)).unwrap();
                assert_eq!(found.format, format, "{name}: {}", found.reason);
            }
        }
    }
}
