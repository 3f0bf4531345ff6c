//! What a report of a long table holds in memory. A file of its own, so that nothing else runs in the process.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use indexmap::IndexMap;

use seektell::buffer::Buffer;
use seektell::formats::report::{self, Recipe, Source, SourceRecipe, Sources};
use seektell::formats::{Format, Options};
use seektell::tasks::Progress;

#[path = "conversion/reports/long_table.rs"]
mod long_table;

use long_table::{Counted, table};

/// What a writer may add to the process, in MiB.
const LIMIT: u64 = 24;

fn resident() -> u64 {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
}

#[test]
fn a_hundred_thousand_rows_take_the_memory_of_a_page() {
    let table = Source::new(Buffer::from(table(100_000)), "t.csv", &SourceRecipe::file("t.csv")).unwrap();
    let sources: Sources = [("t".to_owned(), table)].into();
    let recipe = r#"{"sources": {"t": "t.csv"}, "sections": [{"table": {"source": "t", "totals": [["{count()}", "", "{sum(amount):,.2f}"]]}}]}"#;
    let report = Recipe::parse(recipe).unwrap().build(&sources, &IndexMap::new(), &Progress::new()).unwrap();
    for format in [Format::Csv, Format::Html, Format::Pdf] {
        let before = resident();
        let mut out = Counted::default();
        let written = report::write(&report, format, &Options::default(), &mut out, &Progress::new()).unwrap();
        let took = resident().saturating_sub(before) >> 20;
        println!("{format}: {} bytes, {took} MiB", out.0);
        assert!(took < LIMIT, "{format}: {took} MiB");
        if format == Format::Pdf {
            assert!(written.pages.unwrap() > 1000);
        }
    }
}
