//! What a recipe would do to all of its sources, before anything is written.

use std::collections::HashMap;

use super::batch::weight;
use super::{Input, Recipe, Source, result_name};
use crate::buffer::{ByteRange, Len, Offset};
use crate::formats::{Format, Kind, PictureOptions, table};
use crate::tasks::{Cancelled, Progress};

/// Different losses that are listed; more are counted.
const LOSSES: usize = 100;
/// Names of columns that are listed; more are counted.
const NAMES: usize = 4096;
/// A larger source is not read for the names of its columns, unless its start tells them.
const WHOLE: u64 = 64 << 20;
/// So much of delimited text is read for them.
const START: u64 = 1 << 20;

/// A loss that sources have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonLoss {
    /// The loss in the words of the first of them.
    pub what: String,
    /// How many have it.
    pub sources: usize,
    /// Others have it with other numbers.
    pub differs: bool,
}

/// A column that sources have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnName {
    /// Its name.
    pub name: String,
    /// How many of the tables have it.
    pub tables: usize,
}

/// What is known about all sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Sources that were looked at.
    pub looked: usize,
    /// Of how many.
    pub of: usize,
    /// What they lose, in the order in which it was found; the most frequent ones are not moved, so that nothing jumps about.
    pub losses: Vec<CommonLoss>,
    /// Losses that are not listed.
    pub more: usize,
    /// Sources, by their places, that cannot be converted, and why.
    pub impossible: Vec<(usize, String)>,
    /// The columns of all tables: those of the first one in its order, then what the others have beyond them.
    pub columns: Vec<ColumnName>,
    /// Names that are not listed.
    pub more_columns: usize,
    /// Tables whose columns are known.
    pub tables: usize,
}

/// What a loss says of any file: without its numbers, the one or the many of its words, and what comes behind a semicolon, which
/// names places.
fn wordless(what: &str) -> String {
    let general = what.split(';').next().unwrap_or_default();
    let word = |word: &str| match word.starts_with(|first: char| first.is_ascii_digit()) {
        true => "0".to_owned(),
        false => word.trim_end_matches('s').to_owned(),
    };
    general.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// Looks at every source: what it would lose, and, where the target has columns, which it has. Of a single source only the columns
/// are looked at: who converts one sees its losses with its result. `tell` hears after each what is known by then.
///
/// # Errors
/// [`Cancelled`].
pub fn survey(
    sources: &[Source],
    recipe: &Recipe,
    progress: &Progress,
    tell: &mut dyn FnMut(&Survey),
) -> Result<Survey, Cancelled> {
    let mut found = Survey { of: sources.len(), ..Survey::default() };
    let mut known = Known::default();
    let weights: Vec<u64> = sources.iter().map(weight).collect();
    progress.set_total(weights.iter().sum());
    let mut done = 0;
    for (index, source) in sources.iter().enumerate() {
        progress.check()?;
        let part = progress.part(weights[index]);
        match look(source, index, recipe, sources.len() > 1, &part, &mut found, &mut known) {
            Err(error) if error.is_cancelled() || progress.is_cancelled() => return Err(Cancelled),
            Err(error) => found.impossible.push((index, error.to_string())),
            Ok(()) => {}
        }
        done += weights[index];
        progress.set_done(done);
        found.looked = index + 1;
        tell(&found);
    }
    Ok(found)
}

/// Where losses and columns stand in the lists.
#[derive(Default)]
struct Known {
    losses: HashMap<String, usize>,
    columns: HashMap<String, usize>,
}

fn look(
    source: &Source,
    index: usize,
    recipe: &Recipe,
    losses: bool,
    progress: &Progress,
    found: &mut Survey,
    known: &mut Known,
) -> Result<(), super::ConvertError> {
    let mut input = Input::open(source, recipe, progress)?;
    input.options.picture.flatten = PictureOptions::name_flattens(recipe.to, result_name(source, index + 1, recipe).as_ref());
    if let Some(names) = columns(&input, recipe.to, progress) {
        found.tables += 1;
        for name in names {
            match known.columns.get(&name) {
                Some(&at) => found.columns[at].tables += 1,
                None if found.columns.len() < NAMES => {
                    known.columns.insert(name.clone(), found.columns.len());
                    found.columns.push(ColumnName { name, tables: 1 });
                }
                None => found.more_columns += 1,
            }
        }
    }
    if !losses {
        return Ok(());
    }
    for loss in input.losses(recipe.to, progress)? {
        match known.losses.get(&wordless(&loss.what)) {
            Some(&at) => {
                let common = &mut found.losses[at];
                common.sources += 1;
                common.differs |= common.what != loss.what;
            }
            None if found.losses.len() < LOSSES => {
                known.losses.insert(wordless(&loss.what), found.losses.len());
                found.losses.push(CommonLoss { what: loss.what, sources: 1, differs: false });
            }
            None => found.more += 1,
        }
    }
    Ok(())
}

/// The names of a source's columns, each once, where columns can be chosen on the way and reading them takes no long time.
fn columns(input: &Input, to: Format, progress: &Progress) -> Option<Vec<String>> {
    let chooses = match (input.from.kind(), to.kind()) {
        (Kind::Table, Kind::Table | Kind::Json) => true,
        (Kind::Json, kind) => kind == Kind::Table,
        _ => false,
    };
    let size = input.buffer.len().0;
    let delimited = matches!(input.from, Format::Csv | Format::Tsv);
    let by_parts = matches!(input.from, Format::Parquet | Format::Arrow);
    if !chooses || size > WHOLE && !delimited && !by_parts {
        return None;
    }
    let start = || input.buffer.slice(ByteRange::new(Offset::ZERO, Len(START)));
    let buffer = if delimited && size > START { start() } else { input.buffer.clone() };
    let opened = table::read(&buffer, input.from, &input.options.table_within(), &progress.part(0)).ok()?;
    let mut seen = std::collections::HashSet::new();
    let names = opened.table.header()?.iter().filter(|name| seen.insert(name.as_str()));
    Some(names.cloned().collect())
}
