//! One recipe over many sources.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::place::{Place, Places};
use super::verify::{Summing, verify_copy};
use super::{
    ConvertError, Destination, Disk, Input, OnExisting, Recipe, Source, Store, check_pattern, pack, result_name, verify,
};
use crate::buffer::Buffer;
use crate::files::{self, Existing, FileErrorKind, Saved};
use crate::formats::{Conversion, Format, FormatError, Loss, PictureOptions, is_copy, least_size};
use crate::tasks::{Cancelled, Progress};

/// A result that was written, read back and found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where it is; of one in a ZIP, the ZIP.
    pub path: PathBuf,
    /// What it is called in the ZIP.
    pub entry: Option<String>,
    /// What the source was.
    pub from: Format,
    /// Bytes of the source.
    pub read: u64,
    /// Bytes of the result.
    pub bytes: u64,
    /// What it does not have any more.
    pub losses: Vec<Loss>,
    /// What else there is to know about the source: that its name says another format than its content.
    pub remarks: Vec<String>,
    /// What the save has to say.
    pub notes: Vec<String>,
    /// It got a number because its name was taken.
    pub renamed: bool,
}

/// What became of one source.
#[derive(Debug)]
pub enum Outcome {
    /// There is a result.
    Written(Written),
    /// There was something at this path, and it was left as it is.
    Skipped(PathBuf),
    /// Nothing was written.
    Failed(ConvertError),
    /// The user stopped before.
    Cancelled,
}

/// Told of what becomes of a source, by its place among the sources.
pub(super) type Tell<'a> = &'a mut dyn FnMut(usize, &Arc<Outcome>);

/// Carries out `recipe` on `sources`. `tell` hears of each as soon as it is over; all of them come back in order.
/// `progress` counts bytes of the sources.
///
/// # Errors
/// [`ConvertError`] where the recipe cannot be carried out for any source: an option out of range, a pattern that names nothing,
/// several sources for one file. Nothing was touched then.
pub fn run(
    sources: &[Source],
    recipe: &Recipe,
    progress: &Progress,
    tell: &mut dyn FnMut(usize, &Arc<Outcome>),
) -> Result<Vec<Arc<Outcome>>, ConvertError> {
    run_in(&Disk, sources, recipe, progress, tell)
}

/// [`run`] with the results written by `store`: for tests that break what is written.
///
/// # Errors
/// Those of [`run`].
pub fn run_in(
    store: &dyn Store,
    sources: &[Source],
    recipe: &Recipe,
    progress: &Progress,
    tell: &mut dyn FnMut(usize, &Arc<Outcome>),
) -> Result<Vec<Arc<Outcome>>, ConvertError> {
    recipe.options.validate(recipe.to)?;
    check_pattern(&recipe.names)?;
    if matches!(recipe.into, Destination::File(_)) && sources.len() > 1 {
        return Err(FormatError::Option("several inputs need a folder or a ZIP".into()).into());
    }
    let weights: Vec<u64> = sources.iter().map(weight).collect();
    progress.set_total(weights.iter().sum());
    let mut places = Places::new(sources);
    if let Destination::Zip(zip) = &recipe.into {
        return Ok(pack::into_zip(store, sources, &weights, recipe, zip, &mut places, progress, tell));
    }
    let mut done = 0;
    let mut outcomes = Vec::with_capacity(sources.len());
    for (index, source) in sources.iter().enumerate() {
        let outcome = Arc::new(outcome(one(store, source, index, recipe, &mut places, &progress.part(weights[index]))));
        tell(index, &outcome);
        outcomes.push(outcome);
        done += weights[index];
        progress.set_done(done);
    }
    Ok(outcomes)
}

/// What a source counts as: its bytes, and something for itself.
pub(super) fn weight(source: &Source) -> u64 {
    let bytes = match (&source.content, &source.path) {
        (Some(content), _) => content.len().0,
        (None, Some(path)) => files::size(path).unwrap_or(0),
        (None, None) => 0,
    };
    bytes.max(1)
}

pub(super) fn outcome(result: Result<Outcome, ConvertError>) -> Outcome {
    match result {
        Ok(outcome) => outcome,
        Err(error) if error.is_cancelled() => Outcome::Cancelled,
        Err(error) => Outcome::Failed(error),
    }
}

fn cancelled(error: Cancelled) -> ConvertError {
    FormatError::Cancelled(error).into()
}

fn one(
    store: &dyn Store,
    source: &Source,
    index: usize,
    recipe: &Recipe,
    places: &mut Places,
    progress: &Progress,
) -> Result<Outcome, ConvertError> {
    progress.check().map_err(cancelled)?;
    let wanted = wanted(source, index, recipe)?;
    let mut from = 1;
    loop {
        let (path, existing) = match places.claim(&wanted, recipe.existing, &source.label(), from)? {
            Place::At(path, existing) => (path, existing),
            Place::Taken(path) => return Ok(Outcome::Skipped(path)),
        };
        let input = Input::open(source, recipe, progress).inspect_err(|_| places.release(&path))?;
        match write(store, &input, recipe.to, &path, &existing, progress) {
            // Another program was quicker: the next name, or nothing.
            Err(ConvertError::Save(error)) if matches!(error.kind, FileErrorKind::Exists) => {
                places.release(&path);
                match recipe.existing {
                    OnExisting::Rename => from += 1,
                    OnExisting::Skip => return Ok(Outcome::Skipped(path)),
                    _ => return Err(ConvertError::Save(error)),
                }
            }
            Err(error) => {
                places.release(&path);
                return Err(error);
            }
            Ok((saved, conversion)) => {
                let facts = facts_of(&input, conversion);
                return Ok(Outcome::Written(Written { renamed: path != wanted, path, notes: saved.notes, ..facts }));
            }
        }
    }
}

/// Where a result wants to be.
fn wanted(source: &Source, index: usize, recipe: &Recipe) -> Result<PathBuf, ConvertError> {
    let name = || result_name(source, index + 1, recipe);
    Ok(match &recipe.into {
        Destination::File(path) => path.clone(),
        Destination::Folder(folder) => {
            files::make_folder(folder).map_err(ConvertError::Save)?;
            folder.join(name())
        }
        Destination::Beside | Destination::Zip(_) => source.path.as_ref().ok_or(ConvertError::NoFolder)?.with_file_name(name()),
    })
}

/// Converts one input into this very file, read back and found right before it has its name. Whoever asks has confirmed the path.
///
/// # Errors
/// `Format`, `NotVerified` and `Save`; the file is what it was then.
pub fn to_file(
    input: &Input,
    to: Format,
    path: &Path,
    existing: &Existing,
    progress: &Progress,
) -> Result<(Saved, Conversion), ConvertError> {
    write(&Disk, input, to, path, existing, progress)
}

/// Converts an input into a file, and looks whether it is right before it has its name.
fn write(
    store: &dyn Store,
    input: &Input,
    to: Format,
    path: &Path,
    existing: &Existing,
    progress: &Progress,
) -> Result<(Saved, Conversion), ConvertError> {
    let mut input = input.clone();
    input.options.picture.flatten = PictureOptions::name_flattens(to, path);
    let mut failure = None;
    let mut conversion = Conversion::default();
    let saved = if is_copy(input.from, to) {
        conversion.written = input.buffer.len().0;
        store.copy(path, existing, progress, &input.buffer, &mut |written| {
            keep(verify_copy(&input.buffer, written, progress), &mut failure)
        })
    } else {
        let sum = Cell::new(None);
        let failed = RefCell::new(None);
        let facts = RefCell::new(Conversion::default());
        let least = least_size(&input.buffer, input.from, to);
        let mut produce = |out: &mut dyn Write| {
            let mut summing = Summing::new(out);
            match input.write(to, &mut summing, progress) {
                Ok(done) => {
                    sum.set(Some(summing.sum()));
                    *facts.borrow_mut() = done;
                    Ok(())
                }
                // The save must see its own error to tell a full disk from a broken picture.
                Err(FormatError::Write(error)) => Err(error),
                Err(error) => keep(Err(error.into()), &mut failed.borrow_mut()),
            }
        };
        let mut check = |written: &Buffer| match sum.get() {
            Some(sum) => {
                let verified = verify(&input, to, &facts.borrow(), sum, written, progress);
                keep(verified, &mut failed.borrow_mut())
            }
            None => Ok(()),
        };
        let saved = store.save(path, existing, least, progress, &mut produce, &mut check);
        failure = failed.into_inner();
        conversion = facts.into_inner();
        saved
    };
    match (failure, saved) {
        (Some(error), Err(_)) => Err(error),
        (_, Err(error)) => Err(ConvertError::Save(error)),
        (_, Ok(saved)) => Ok((saved, conversion)),
    }
}

/// What is known about a result, wherever it is.
pub(super) fn facts_of(input: &Input, conversion: Conversion) -> Written {
    Written {
        path: PathBuf::new(),
        entry: None,
        from: input.from,
        read: input.buffer.len().0,
        bytes: conversion.written,
        losses: conversion.losses,
        remarks: input.detection.iter().filter_map(|found| found.mismatch.clone()).collect(),
        notes: Vec::new(),
        renamed: false,
    }
}

/// Ends a save, and keeps why.
pub(super) fn keep(result: Result<(), ConvertError>, failure: &mut Option<ConvertError>) -> io::Result<()> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.is_cancelled() => Err(io::Error::other(Cancelled)),
        Err(error) => {
            *failure = Some(error);
            Err(io::Error::other("the conversion failed"))
        }
    }
}
