//! `seektell convert`: from files to files, from anything to what it can become.

mod arguments;
mod picture;

use std::io::Write;
use std::path::Path;

pub(super) use arguments::Arguments;

use super::input::{self, is_dash, is_elsewhere};
use super::interrupt;
use super::output::{self, Inert, Stop, about, count, escape, message};
use crate::convert::{self, ConvertError, Input, Outcome, Recipe, Source, Written};
use crate::files;
use crate::formats::literal::Style;
use crate::formats::text::Encoding;
use crate::formats::{Format, FormatError};

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let recipe = arguments.recipe()?;
    if arguments.is_to_stdout() {
        let path = &arguments.inputs()[0];
        return to_stdout(path, &source(path, &recipe)?, &recipe);
    }
    let mut sources = Vec::new();
    for path in arguments.inputs() {
        sources.push(source(path, &recipe)?);
    }
    let mut printed = Ok(());
    let outcomes = convert::run(&sources, &recipe, &interrupt::progress(), &mut |index, outcome| {
        // What went into a ZIP is told when the ZIP is there.
        if printed.is_ok() && !matches!(recipe.into, convert::Destination::Zip(_)) {
            printed = report(&arguments.inputs()[index], outcome, &recipe);
        }
    });
    let outcomes = outcomes.map_err(|error| Stop::Usage(error.to_string()))?;
    printed?;
    if let convert::Destination::Zip(zip) = &recipe.into {
        let mut told = false;
        for (path, outcome) in arguments.inputs().iter().zip(&outcomes) {
            match &**outcome {
                // What is wrong with the ZIP is the same for all that should be in it.
                Outcome::Failed(error @ ConvertError::Zip(_)) if !told => {
                    told = true;
                    message(&about(error, zip));
                }
                Outcome::Failed(ConvertError::Zip(_)) => {}
                outcome => report(path, outcome, &recipe)?,
            }
        }
    }
    let failed = outcomes.iter().any(|outcome| matches!(**outcome, Outcome::Failed(_) | Outcome::Cancelled));
    if failed { Err(Stop::Reported) } else { Ok(()) }
}

/// A file, or all of standard input or of what an address gives.
fn source(path: &Path, recipe: &Recipe) -> Result<Source, Stop> {
    if is_elsewhere(path) {
        let content = input::open_within(path, recipe.options.dump.limit)?;
        let name = input::name(path).unwrap_or_else(|| "stdin".into());
        return Ok(Source::document(name, content, None));
    }
    Ok(Source::file(path))
}

/// Says what became of one input.
fn report(input: &Path, outcome: &Outcome, recipe: &Recipe) -> Result<(), Stop> {
    match outcome {
        Outcome::Written(written) => told(input, written, recipe),
        Outcome::Skipped(path) => {
            output::print(&format!("{} skipped, it exists already: {}\n", files::display_path(input), files::display_path(path)))
        }
        Outcome::Failed(error) => {
            message(&about(error, error.path().unwrap_or(input)));
            Ok(())
        }
        Outcome::Cancelled => {
            message(&about("cancelled", input));
            Ok(())
        }
    }
}

fn told(input: &Path, written: &Written, recipe: &Recipe) -> Result<(), Stop> {
    for note in written.remarks.iter().map(String::as_str).chain(written.losses.iter().map(|loss| loss.what.as_str())) {
        message(&about(format!("notice: {note}"), input));
    }
    for note in &written.notes {
        message(&about(format!("notice: {note}"), &written.path));
    }
    let entry = written.entry.as_ref().map(|entry| format!("/{}", escape(entry))).unwrap_or_default();
    output::print(&format!(
        "{} -> {}{entry} ({}, {})\n",
        files::display_path(input),
        files::display_path(&written.path),
        recipe.to,
        count(written.bytes, "byte")
    ))
}

/// Writes the result to standard output. A terminal gets only what it can show and cannot be hurt by.
fn to_stdout(path: &Path, source: &Source, recipe: &Recipe) -> Result<(), Stop> {
    let failed = |error: ConvertError| Stop::about(&error, path);
    let progress = interrupt::progress();
    let input = Input::open(source, recipe, &progress).map_err(failed)?;
    let terminal = output::to_terminal();
    let unreadable = recipe.to.is_binary() || recipe.options.text.encoding != Encoding::Utf8;
    if terminal && unreadable {
        let what =
            format!("{} cannot be shown on a terminal; name a file with -o, or send it through a pipe with -o - | …", recipe.to);
        return Err(Stop::about(what, path));
    }
    let mut out = output::stdout();
    let result = if terminal {
        let mut inert = Inert::new(&mut out);
        let result = input.write(recipe.to, &mut inert, &progress);
        inert.finish()?;
        result
    } else {
        input.write(recipe.to, &mut out, &progress)
    };
    let flushed = out.flush();
    match result {
        Err(FormatError::Write(error)) => Err(error.into()),
        Err(error) => Err(Stop::about(error, path)),
        Ok(conversion) => {
            flushed?;
            let mismatch = input.detection.iter().filter_map(|found| found.mismatch.as_deref());
            for note in mismatch.chain(conversion.losses.iter().map(|loss| loss.what.as_str())) {
                message(&about(format!("notice: {note}"), path));
            }
            Ok(())
        }
    }
}

/// The language that a name's extension says.
fn style_of(output: &Path) -> Option<Style> {
    let style = Style::from_id(output.extension()?.to_str()?)?;
    style.has_name().then_some(style)
}

/// The format that the arguments or a name ask for.
fn target(word: Option<Format>, output: Option<&Path>) -> Result<Format, Stop> {
    if let Some(format) = word {
        return Ok(format);
    }
    let Some(output) = output.filter(|path| !is_dash(path)) else {
        return Err(Stop::Usage("say what to convert to: --to FORMAT, or an output name with an extension".into()));
    };
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    let code = || style_of(output).map(|_| Format::Literal);
    Format::from_name(&name).or_else(code).ok_or_else(|| {
        let what = format!("the output's extension names no format; say --to FORMAT: {}", escape(&name));
        Stop::Usage(what)
    })
}
