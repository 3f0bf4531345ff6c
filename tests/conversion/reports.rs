//! Reports: what a recipe makes, in all four formats.

#![allow(clippy::unwrap_used, reason = "what is broken here fails the test")]

mod long;
mod long_table;
mod pdf;
mod recipes;
mod sales;
mod terminal;

use indexmap::IndexMap;

use seektell::buffer::Buffer;
use seektell::formats::report::{self, BuildError, Recipe, Report, Source, SourceRecipe, Sources, Written};
use seektell::formats::{Format, Options};
use seektell::tasks::Progress;

/// Contents by name: `("orders", "orders.csv", bytes)`.
fn sources(files: &[(&str, &str, &[u8])]) -> Sources {
    let open = |(name, file, bytes): &(&str, &str, &[u8])| {
        let mut how = SourceRecipe::file(*file);
        how.format = file.ends_with(".csv").then(|| "csv".into());
        let source = Source::new(Buffer::from(bytes.to_vec()), *file, &how).unwrap();
        ((*name).to_owned(), source)
    };
    files.iter().map(open).collect()
}

/// The sections of a recipe, and the report that they make of contents.
fn try_build(sections: &str, files: &[(&str, &str, &[u8])]) -> Result<Report, BuildError> {
    let named: Vec<String> = files.iter().map(|(name, file, _)| format!("{name:?}: {file:?}")).collect();
    let text = format!("{{\"values\": {{\"who\": \"Zoë\"}}, \"sources\": {{{}}}, \"sections\": [{sections}]}}", named.join(", "));
    let recipe = Recipe::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    recipe.build(&sources(files), &IndexMap::new(), &Progress::new())
}

fn build(sections: &str, files: &[(&str, &str, &[u8])]) -> Report {
    try_build(sections, files).unwrap()
}

fn write(report: &Report, format: Format) -> (Vec<u8>, Written) {
    let mut out = Vec::new();
    let written = report::write(report, format, &Options::default(), &mut out, &Progress::new()).unwrap();
    (out, written)
}

fn csv(report: &Report) -> String {
    String::from_utf8(write(report, Format::Csv).0).unwrap()
}
