//! Reports: laying out their pages, writing them, and reading recipes.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;

use super::run::open;
use super::{ExportError, OpenedDocument};
use crate::app::report::{BATCH, ReportKey, ReportLook, ReportSource};
use crate::files::{self, Existing, FileError, FileErrorKind, Saved};
use crate::formats::report::{self, BuildError, MAX_RECIPE, Recipe, Report, Section, Source, Sources};
use crate::formats::{Conversion, Format, FormatError, Options};
use crate::tasks::Progress;

/// A recipe, and the files of its folder that it names.
#[derive(Debug)]
pub struct ReadRecipe {
    /// The recipe.
    pub recipe: Recipe,
    /// Its sources, opened, or why not.
    pub files: Vec<(String, Result<Box<OpenedDocument>, String>)>,
}

fn build(recipe: &Recipe, given: &[ReportSource], progress: &Progress) -> Result<Report, BuildError> {
    let mut sources = Sources::new();
    for source in given {
        let mut how = recipe.sources.get(&source.key).cloned().unwrap_or_else(|| report::SourceRecipe::file(&source.name));
        how.format.get_or_insert_with(|| source.format.info().id.to_owned());
        let chosen = how.delimiter.is_some() || how.header.is_some() || how.encoding.is_some();
        let made = Source::new(source.bytes.clone(), &source.name, &how);
        let mut made = made.map_err(|error| BuildError::Source { name: source.name.clone(), error })?;
        if !chosen {
            made.options.input = source.dialect;
            made.encoding = source.encoding.or(source.dialect.map(|dialect| dialect.encoding));
        }
        sources.insert(source.key.clone(), made);
    }
    let values: IndexMap<String, String> = [("today".to_owned(), jiff::Zoned::now().date().to_string())].into();
    recipe.build(&sources, &values, progress)
}

/// `pages` is `None` where it was stopped.
pub(super) fn preview(key: &ReportKey, given: &[ReportSource], progress: &Progress) -> ReportLook {
    let mut look = ReportLook { key: Some(key.clone()), ..ReportLook::default() };
    // Widgets are not as careful as the reader of recipes.
    if let Err(error) = Recipe::parse(&key.recipe.to_text()) {
        look.pages = Some(Arc::new(Err(error.what)));
        return look;
    }
    let report = match build(&key.recipe, given, progress) {
        Ok(report) => report,
        Err(BuildError::Cancelled(_)) => return look,
        Err(error) => {
            look.pages = Some(Arc::new(Err(error.to_string())));
            return look;
        }
    };
    for section in &report.sections {
        if let Section::Table(table) = section {
            look.columns.push((table.name.clone(), table.source_columns()));
        }
    }
    look.pages = match report.preview(key.first, BATCH, progress) {
        Ok(preview) => Some(Arc::new(Ok(preview))),
        Err(FormatError::Cancelled(_)) => None,
        Err(error) => Some(Arc::new(Err(error.to_string()))),
    };
    look
}

pub(super) fn write(
    recipe: &Recipe,
    given: &[ReportSource],
    to: Format,
    path: &Path,
    existing: &Existing,
    progress: &Progress,
) -> Result<(Saved, Conversion), ExportError> {
    let report = build(recipe, given, progress).map_err(|error| match error {
        BuildError::Source { error, .. } => ExportError::Format(error),
        BuildError::Cancelled(_) => FileError { kind: FileErrorKind::Cancelled, path: path.to_path_buf() }.into(),
        other => ExportError::Format(FormatError::Option(other.to_string())),
    })?;
    let mut conversion = Conversion::default();
    let mut failure = None;
    let saved = files::save(path, existing, progress, &mut |out: &mut dyn Write| {
        match report::write(&report, to, &Options::default(), out, progress) {
            Ok(written) => conversion.losses = written.losses,
            Err(FormatError::Write(error)) => return Err(error),
            Err(error) => {
                failure = Some(error);
                return Err(io::Error::other("the report failed"));
            }
        }
        Ok(())
    });
    match (failure, saved) {
        (Some(error), _) => Err(error.into()),
        (None, saved) => Ok((saved?, conversion)),
    }
}

pub(super) fn read_recipe(path: &Path) -> Result<ReadRecipe, String> {
    let file = files::open(path).map_err(|error| error.to_string())?;
    if file.buffer.len().0 > MAX_RECIPE as u64 {
        return Err("a recipe has at most 1 MiB".into());
    }
    let bytes = file.buffer.to_vec_all().map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "a recipe is JSON in UTF-8".to_owned())?;
    let recipe = Recipe::parse(&text).map_err(|error| error.to_string())?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut opened = Vec::new();
    for (key, source) in &recipe.sources {
        // A recipe from elsewhere opens nothing that the user has not put beside it.
        let file = match files::inside(folder, &source.file) {
            Ok(path) => open(&path).map(Box::new).map_err(|error| format!("A source of the report was not opened: {error}")),
            Err(_) => Err(format!("{} is outside of the recipe's folder and was not opened; open it yourself", source.file)),
        };
        opened.push((key.clone(), file));
    }
    Ok(ReadRecipe { recipe, files: opened })
}
