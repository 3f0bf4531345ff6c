//! `seektell convert`: from files to files, from anything to what it can become.

mod arguments;
mod one;
mod picture;

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) use arguments::Arguments;
pub use one::{ConvertFileError, Plan, Report, convert_file};

use super::input::{self, is_dash, is_elsewhere};
use super::output::{self, Inert, Stop, about, escape, grouped, message};
use crate::files::{self, Existing};
use crate::formats::literal::Style;
use crate::formats::text::Encoding;
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let jobs = arguments.jobs()?;
    let mut written = HashSet::new();
    let mut failed = false;
    for job in &jobs {
        let result = match &job.output {
            None => to_stdout(&job.input, &job.plan),
            Some(output) if !written.insert(output.clone()) => Err(Stop::about(
                format!(
                    "another input of this run was written there already, so {} is left out",
                    files::display_path(&job.input)
                ),
                output,
            )),
            Some(output) => to_file(&job.input, output, &job.plan),
        };
        match result {
            Ok(()) => {}
            Err(Stop::Failed(what)) => {
                message(&what);
                failed = true;
            }
            Err(stop) => return Err(stop),
        }
    }
    if failed { Err(Stop::Reported) } else { Ok(()) }
}

/// One input, and where its result goes (`None`: standard output).
#[derive(Debug)]
struct Work {
    input: PathBuf,
    output: Option<PathBuf>,
    plan: Plan,
}

fn to_file(input: &Path, output: &Path, plan: &Plan) -> Result<(), Stop> {
    if plan.existing == Existing::Refuse && same_file(input, output) {
        return Err(Stop::about("the output is the input; say --overwrite to replace it", output));
    }
    let report = if is_elsewhere(input) {
        let buffer = input::open_within(input, plan.options.dump.limit)?;
        one::convert_buffer(buffer, input::name(input).as_deref(), output, plan, &Progress::new())
    } else {
        convert_file(input, output, plan, &Progress::new())
    };
    let report = report.map_err(|error| Stop::about(&error, error.path(input, output)))?;
    for note in report.notes() {
        message(&about(format!("notice: {note}"), input));
    }
    for note in &report.saved {
        message(&about(format!("notice: {note}"), output));
    }
    let line = format!(
        "{} -> {} ({}, {} bytes)\n",
        files::display_path(input),
        files::display_path(output),
        plan.to,
        grouped(report.conversion.written)
    );
    output::print(&line)
}

fn same_file(one: &Path, other: &Path) -> bool {
    let place = |path| files::identity(path).ok().map(|identity| (identity.dev, identity.ino)).filter(|&(_, ino)| ino != 0);
    !is_elsewhere(one) && (one == other || place(one).is_some_and(|place_of_one| Some(place_of_one) == place(other)))
}

/// Writes the result to standard output. A terminal gets only what it can show and cannot be hurt by.
fn to_stdout(input: &Path, plan: &Plan) -> Result<(), Stop> {
    let buffer = input::open_within(input, plan.options.dump.limit)?;
    let name = input::name(input);
    let (buffer, name) = plan.part(buffer, name.as_deref()).map_err(|error| Stop::about(error, input))?;
    let terminal = output::to_terminal();
    let unreadable = plan.to.is_binary() || plan.options.text.encoding != Encoding::Utf8;
    if terminal && unreadable {
        let what =
            format!("{} cannot be shown on a terminal; name a file with -o, or send it through a pipe with -o - | …", plan.to);
        return Err(Stop::about(what, input));
    }
    let mut out = output::stdout();
    let result = if terminal {
        let mut inert = Inert::new(&mut out);
        let result = one::stream(&buffer, name, plan, &mut inert, &Progress::new());
        inert.finish()?;
        result
    } else {
        one::stream(&buffer, name, plan, &mut out, &Progress::new())
    };
    let flushed = out.flush();
    match result {
        Err(FormatError::Write(error)) => Err(error.into()),
        Err(error) => Err(Stop::about(error, input)),
        Ok(report) => {
            flushed?;
            for note in report.notes() {
                message(&about(format!("notice: {note}"), input));
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
