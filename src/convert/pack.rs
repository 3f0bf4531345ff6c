//! Results into one ZIP: what went well is in it, what did not is told.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::batch::{Outcome, Tell, Written, facts_of, keep, outcome};
use super::names::folded;
use super::place::{Place, Places};
use super::verify::{Sum, Summing};
use super::{ConvertError, Input, OnExisting, Recipe, Source, Store, result_name, verify};
use crate::buffer::Buffer;
use crate::files::{self, FileErrorKind, Scratch};
use crate::formats::FormatError;
use crate::formats::archive::{Archive, Packer, packed_name};
use crate::tasks::Progress;

/// How hard the ZIP tries.
const LEVEL: u8 = 6;

/// An entry, and what was written into it.
type Entries = Vec<(String, Sum)>;

#[expect(clippy::too_many_arguments, reason = "what a run consists of")]
pub(super) fn into_zip(
    store: &dyn Store,
    sources: &[Source],
    weights: &[u64],
    recipe: &Recipe,
    zip: &Path,
    places: &mut Places,
    progress: &Progress,
    tell: Tell<'_>,
) -> Vec<Arc<Outcome>> {
    let all = |make: &dyn Fn() -> Outcome, tell: Tell<'_>| -> Vec<Arc<Outcome>> {
        let outcomes: Vec<_> = sources.iter().map(|_| Arc::new(make())).collect();
        outcomes.iter().enumerate().for_each(|(index, outcome)| tell(index, outcome));
        outcomes
    };
    let failed = |error: &dyn std::fmt::Display| {
        let what = error.to_string();
        move || Outcome::Failed(ConvertError::Zip(what.clone()))
    };
    if let Some(folder) = zip.parent().filter(|folder| !folder.as_os_str().is_empty())
        && let Err(error) = files::make_folder(folder)
    {
        return all(&failed(&error.kind), tell);
    }
    let (path, existing) = match places.claim(zip, recipe.existing, "the ZIP", 1) {
        Ok(Place::At(path, existing)) => (path, existing),
        Ok(Place::Taken(path)) => return all(&|| Outcome::Skipped(path.clone()), tell),
        Err(error) => return all(&failed(&error), tell),
    };
    let outcomes: RefCell<Vec<Arc<Outcome>>> = RefCell::default();
    let entries: RefCell<Entries> = RefCell::default();
    let mut produce = |out: &mut dyn Write| -> io::Result<()> {
        let mut packer = Packer::new(out, LEVEL);
        let mut names = HashSet::new();
        let mut done = 0;
        for (index, source) in sources.iter().enumerate() {
            let part = progress.part(weights[index]);
            let made = entry(source, index, recipe, &path, &mut names, &part).and_then(|made| {
                packer.add(&made.0, &made.2, progress).map_err(|error| match error {
                    // A disk that is full is full for all of them.
                    FormatError::Write(error) => ConvertError::Zip(error.to_string()),
                    error => error.into(),
                })?;
                Ok(made)
            });
            let outcome = Arc::new(outcome(made.map(|(name, written, _, sum)| {
                entries.borrow_mut().push((name, sum));
                Outcome::Written(written)
            })));
            tell(index, &outcome);
            let broken = matches!(&*outcome, Outcome::Failed(ConvertError::Zip(_)));
            outcomes.borrow_mut().push(outcome);
            done += weights[index];
            progress.set_done(done);
            if broken {
                return Err(io::Error::other("the ZIP cannot be written"));
            }
        }
        progress.check().map_err(io::Error::other)?;
        if entries.borrow().is_empty() {
            return Err(io::Error::other("nothing went well"));
        }
        packer.finish().map_err(io::Error::other)
    };
    let mut failure = None;
    let mut check = |written: &Buffer| keep(verify_zip(written, &entries.borrow(), progress), &mut failure);
    let saved = store.save(&path, &existing, 0, progress, &mut produce, &mut check);
    let mut outcomes = outcomes.into_inner();
    let what = match (failure, saved) {
        (_, Ok(_)) => return outcomes,
        (_, Err(error)) if matches!(error.kind, FileErrorKind::Cancelled) => None,
        (Some(error), Err(_)) => Some(error.to_string()),
        (None, Err(error)) => Some(error.kind.to_string()),
    };
    // What was in it is gone with it.
    while outcomes.len() < sources.len() {
        outcomes.push(Arc::new(Outcome::Cancelled));
    }
    for (index, outcome) in outcomes.iter_mut().enumerate() {
        if matches!(&**outcome, Outcome::Written(_) | Outcome::Cancelled) {
            *outcome = Arc::new(match &what {
                Some(what) => Outcome::Failed(ConvertError::Zip(what.clone())),
                None => Outcome::Cancelled,
            });
            tell(index, outcome);
        }
    }
    outcomes
}

/// Converts one source into an unnamed place and looks whether it is right.
fn entry(
    source: &Source,
    index: usize,
    recipe: &Recipe,
    zip: &Path,
    names: &mut HashSet<std::ffi::OsString>,
    progress: &Progress,
) -> Result<(String, Written, Buffer, Sum), ConvertError> {
    progress.check().map_err(FormatError::from)?;
    let mut input = Input::open(source, recipe, progress)?;
    let wanted = packed_name(&result_name(source, index + 1, recipe).to_string_lossy(), &mut Default::default());
    let mut name = wanted.clone();
    let mut number = 2;
    while names.contains(&folded(name.as_ref())) {
        if recipe.existing != OnExisting::Rename {
            return Err(ConvertError::Twin { path: zip.join(&name), other: source.label() });
        }
        name = files::numbered_name(wanted.as_ref(), number).to_string_lossy().into_owned();
        number += 1;
    }
    input.options.picture.flatten = crate::formats::PictureOptions::name_flattens(recipe.to, Path::new(&name));
    let mut scratch = Scratch::new(zip.parent().unwrap_or(Path::new("")));
    let mut summing = Summing::new(&mut scratch);
    let conversion = input.write(recipe.to, &mut summing, progress)?;
    let sum = summing.sum();
    let written = scratch.into_buffer().map_err(FormatError::Write)?;
    verify(&input, recipe.to, &conversion, sum, &written, progress)?;
    names.insert(folded(name.as_ref()));
    let facts = facts_of(&input, conversion);
    let facts = Written { path: zip.to_owned(), entry: Some(name.clone()), renamed: name != wanted, ..facts };
    Ok((name, facts, written, sum))
}

/// Reads a ZIP back: its members are those that were written, in order, byte for byte.
fn verify_zip(written: &Buffer, entries: &[(String, Sum)], progress: &Progress) -> Result<(), ConvertError> {
    let broken = |error: &dyn std::fmt::Display| ConvertError::Zip(format!("what was written does not read back: {error}"));
    let archive = Archive::open(written, progress).map_err(|error| broken(&error))?;
    if archive.members().len() != entries.len() {
        return Err(broken(&format!("{} members, not {}", archive.members().len(), entries.len())));
    }
    for (member, (name, sum)) in archive.members().iter().zip(entries) {
        let mut sink = io::sink();
        let mut summing = Summing::new(&mut sink);
        archive.write(member, u64::MAX, &mut summing, progress).map_err(|error| {
            if progress.is_cancelled() { FormatError::from(crate::tasks::Cancelled).into() } else { broken(&error) }
        })?;
        if member.name != *name || summing.sum() != *sum {
            return Err(broken(&format!("{name:?} is another one")));
        }
    }
    Ok(())
}
