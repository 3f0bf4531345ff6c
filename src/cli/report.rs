//! `seektell report`: a document of sections, from a recipe or from arguments, as PDF, HTML, XLSX or CSV.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};
use indexmap::IndexMap;

use super::input::{self, is_dash};
use super::interrupt;
use super::output::{self, Stop, about, grouped, message};
use crate::files::{self, Existing};
use crate::formats::options::{parse_delimiter, parse_encoding, parse_newline};
use crate::formats::report::{
    self, BuildError, MAX_RECIPE, Paper, PictureRecipe, Recipe, Report, SectionRecipe, Source, SourceRecipe, Sources,
    TableRecipe, TextRecipe, TextSource, Written, section_lines,
};
use crate::formats::text::{Encoding, NewlineStyle};
use crate::formats::{Format, FormatError, Options, TableOptions, TextOptions};
use crate::tasks::Progress;

const EXAMPLES: &str = "\
The format is --to, or what the output's extension says: pdf, html, xlsx, csv. A recipe is a text in JSON; the README tells what \
it can hold, and --print-recipe writes one for the sections that the arguments name. It reads files of its own folder only, \
unless --outside allows others; what was read is told. {today} stands for the date in every recipe.

Examples:
  seektell report sales.json -o sales.pdf
  seektell report sales.json --set date=2026-04-25 -o sales.csv
  seektell report --title Sales --table orders.csv --text notes.txt --picture logo.png -o report.html
  seektell report --title Sales --table orders.csv --print-recipe > sales.json";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The recipe; - reads standard input
    #[arg(value_name = "RECIPE")]
    recipe: Option<PathBuf>,
    /// Where to write; - is standard output
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// What to write: pdf, html, xlsx or csv
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    to: Option<Format>,
    #[command(flatten)]
    sections: Sections,
    /// Give a value that the recipe names: --set date=2026-04-25
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_value)]
    values: Vec<(String, String)>,
    /// Let the recipe read files outside of its folder
    #[arg(long)]
    outside: bool,
    /// Replace the output if it is there
    #[arg(long)]
    overwrite: bool,
    /// Print the recipe instead of writing a report
    #[arg(long)]
    print_recipe: bool,
    /// The paper: A4, Letter, A3, A5 or Legal
    #[arg(long, value_name = "SIZE", value_parser = parse_paper)]
    page: Option<Paper>,
    /// The longer side of the paper lies
    #[arg(long)]
    landscape: bool,
    /// White around the pages, in millimetres
    #[arg(long, value_name = "MM", value_parser = clap::value_parser!(u16).range(5..=60))]
    margin: Option<u16>,
    /// The size of text in points
    #[arg(long, value_name = "POINTS", value_parser = clap::value_parser!(u16).range(5..=24))]
    text_size: Option<u16>,
    /// Pages do not tell their number
    #[arg(long)]
    no_numbers: bool,
    /// A workbook gets a sheet for each table
    #[arg(long)]
    sheet_each: bool,
    /// A font file for characters, asked before the faces of the program
    #[arg(long = "font", value_name = "FILE")]
    fonts: Vec<PathBuf>,
    /// Who made the report
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// When it was made, as PDF and XLSX tell it: 2026-04-25
    #[arg(long, value_name = "DATE")]
    created: Option<String>,
    /// The character between cells of CSV
    #[arg(long, value_name = "CHAR", value_parser = |text: &str| parse_delimiter(text).map_err(|error| error.to_string()))]
    delimiter: Option<u8>,
    /// The line ends of CSV: lf, crlf or cr
    #[arg(long, value_name = "STYLE", value_parser = |text: &str| parse_newline(text).map_err(|error| error.to_string()))]
    newline: Option<NewlineStyle>,
    /// The encoding of CSV and HTML
    #[arg(long, value_name = "NAME", value_parser = |text: &str| parse_encoding(text).map_err(|error| error.to_string()))]
    encoding: Option<Encoding>,
}

fn parse_format(word: &str) -> Result<Format, String> {
    let format = Format::from_id(word).filter(|format| report::FORMATS.contains(format));
    format.ok_or_else(|| "a report is written as pdf, html, xlsx or csv".into())
}

fn parse_paper(word: &str) -> Result<Paper, String> {
    let found = Paper::ALL.iter().find(|(_, name)| name.eq_ignore_ascii_case(word));
    found.map(|(paper, _)| *paper).ok_or_else(|| "the paper is A4, Letter, A3, A5 or Legal".into())
}

fn parse_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Sections named by arguments, in the order in which they were named.
#[derive(Clone, Debug, Default)]
struct Sections(Vec<(&'static str, String)>);

const SECTIONS: [(&str, &str, &str); 6] = [
    ("title", "TEXT", "Add a heading"),
    ("paragraph", "TEXT", "Add a paragraph"),
    ("text", "FILE", "Add the text of a file"),
    ("table", "FILE", "Add a table: CSV, JSON, a workbook"),
    ("picture", "FILE", "Add a picture"),
    ("blank", "LINES", "Add empty lines"),
];

impl clap::Args for Sections {
    fn augment_args(command: Command) -> Command {
        SECTIONS.into_iter().fold(command, |command, (name, value, help)| {
            command.arg(Arg::new(name).long(name).value_name(value).help(help).action(ArgAction::Append))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Sections {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut found = Vec::new();
        for (name, ..) in SECTIONS {
            let values = matches.get_many::<String>(name).into_iter().flatten();
            let places = matches.indices_of(name).into_iter().flatten();
            found.extend(places.zip(values).map(|(place, value)| (place, name, value.clone())));
        }
        found.sort_by_key(|(place, ..)| *place);
        Ok(Self(found.into_iter().map(|(_, name, value)| (name, value)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Where a recipe came from.
struct Origin {
    /// The folder that its files are seen from; `None` where the user named them on the command line.
    folder: Option<PathBuf>,
    path: PathBuf,
    text: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let (mut recipe, origin) = recipe(arguments)?;
    let fonts = apply(arguments, &mut recipe)?;
    if arguments.print_recipe {
        return output::print(&recipe.to_text());
    }
    let Some(out) = &arguments.output else {
        return Err(Stop::Usage("say where to write: -o OUT, or -o - for standard output".into()));
    };
    let format = match arguments.to {
        Some(format) => format,
        None => {
            let name = out.file_name().unwrap_or_default().to_string_lossy();
            let named = Format::from_name(&name).filter(|format| report::FORMATS.contains(format));
            named.ok_or_else(|| {
                Stop::Usage("say what to write: --to pdf, html, xlsx or csv, or an output with that extension".into())
            })?
        }
    };
    let options = options(arguments);
    let sources = sources(arguments, &recipe, &origin, &fonts)?;
    let mut values: IndexMap<String, String> = IndexMap::new();
    values.insert("today".into(), jiff::Zoned::now().date().to_string());
    values.extend(arguments.values.iter().cloned());
    let progress = interrupt::progress();
    let report = recipe.build(&sources, &values, &progress).map_err(|error| in_recipe(error, &origin))?;
    let names: Vec<String> = recipe.sources.values().map(|source| files::display_path(Path::new(&source.file))).collect();
    let from = if names.is_empty() { String::new() } else { format!(" from {}", names.join(", ")) };
    if is_dash(out) {
        return to_stdout(&report, format, &options, &from);
    }
    let (written, length) = to_file(&report, format, &options, out, arguments.overwrite, &progress)?;
    for loss in &written.losses {
        message(&about(format!("notice: {}", loss.what), out));
    }
    let pages = match written.pages {
        None => String::new(),
        Some(1) => "1 page, ".into(),
        Some(pages) => format!("{} pages, ", grouped(pages)),
    };
    output::print(&format!("{} ({format}, {pages}{} bytes){from}\n", files::display_path(out), grouped(length)))
}

/// The recipe that is named, or the one that the arguments amount to.
fn recipe(arguments: &Arguments) -> Result<(Recipe, Origin), Stop> {
    let Some(path) = &arguments.recipe else {
        if arguments.sections.0.is_empty() {
            return Err(Stop::Usage("name a recipe, or sections: --title, --table, --text, --picture".into()));
        }
        let recipe = from_sections(&arguments.sections.0)?;
        let text = recipe.to_text();
        return Ok((recipe, Origin { folder: None, path: PathBuf::from("the arguments"), text }));
    };
    if !arguments.sections.0.is_empty() {
        return Err(Stop::Usage("name a recipe or sections, not both".into()));
    }
    let buffer = input::open(path)?;
    if buffer.len().get() > MAX_RECIPE as u64 {
        return Err(Stop::about("this is too long for a recipe, which has at most 1 MiB", path));
    }
    let bytes = buffer.to_vec_all().map_err(|error| Stop::about(error, path))?;
    let text = String::from_utf8(bytes).map_err(|_| Stop::about("a recipe is JSON in UTF-8, and this is not", path))?;
    let recipe = Recipe::parse(&text).map_err(|error| Stop::about(error, path))?;
    let folder = if is_dash(path) { PathBuf::new() } else { path.parent().unwrap_or(Path::new("")).to_owned() };
    Ok((recipe, Origin { folder: Some(folder), path: path.clone(), text }))
}

/// Plain text as a template.
fn plain(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn from_sections(named: &[(&'static str, String)]) -> Result<Recipe, Stop> {
    let mut recipe = Recipe::default();
    for (kind, value) in named {
        let section = match *kind {
            "title" => SectionRecipe::Title(plain(value)),
            "paragraph" => SectionRecipe::Text(TextRecipe::Here(plain(value))),
            "blank" => {
                let lines = value.parse().ok().filter(|lines| *lines <= 1000);
                SectionRecipe::Blank(lines.ok_or_else(|| Stop::Usage(format!("--blank takes a number up to 1000, not {value}")))?)
            }
            kind => {
                let source = name_source(&mut recipe, value);
                match kind {
                    "text" => SectionRecipe::Text(TextRecipe::Source(TextSource { source })),
                    "table" => SectionRecipe::Table(TableRecipe { source, ..TableRecipe::default() }),
                    _ => SectionRecipe::Picture(PictureRecipe { source, ..PictureRecipe::default() }),
                }
            }
        };
        recipe.sections.push(section);
    }
    Ok(recipe)
}

/// The name of the source for a file, made from the file's.
fn name_source(recipe: &mut Recipe, file: &str) -> String {
    if let Some((name, _)) = recipe.sources.iter().find(|(_, source)| source.file == file) {
        return name.clone();
    }
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
    let clean: String = stem.chars().map(|character| if character.is_alphanumeric() { character } else { '_' }).collect();
    let clean = if clean.starts_with(|first: char| first.is_alphabetic()) { clean } else { format!("s{clean}") };
    let name = std::iter::once(clean.clone()).chain((2..).map(|number| format!("{clean}_{number}")));
    let name = name.into_iter().find(|name| !recipe.sources.contains_key(name)).expect("the numbers do not end");
    recipe.sources.insert(name.clone(), SourceRecipe::file(file));
    name
}

/// What the arguments say about the whole; gives the names of the sources that they added, which may lie anywhere.
fn apply(arguments: &Arguments, recipe: &mut Recipe) -> Result<Vec<String>, Stop> {
    let page = &mut recipe.page;
    page.size = arguments.page.unwrap_or(page.size);
    page.landscape |= arguments.landscape;
    page.margin = arguments.margin.unwrap_or(page.margin);
    page.text = arguments.text_size.unwrap_or(page.text);
    page.numbers &= !arguments.no_numbers;
    recipe.sheet_each |= arguments.sheet_each;
    if let Some(author) = &arguments.author {
        recipe.document.author = Some(plain(author));
    }
    if let Some(created) = &arguments.created {
        recipe.document.created = Some(created.clone());
    }
    let mut fonts = Vec::new();
    for font in &arguments.fonts {
        let Some(file) = font.to_str() else {
            return Err(Stop::about("a recipe can only hold names in Unicode", font));
        };
        fonts.push(name_source(recipe, file));
    }
    recipe.fonts.splice(0..0, fonts.iter().cloned());
    // What came from arguments passes the same checks as what came from a text.
    Recipe::parse(&recipe.to_text()).map(|_| fonts).map_err(|error| Stop::Usage(error.what))
}

fn options(arguments: &Arguments) -> Options {
    let mut options = Options {
        table: TableOptions { delimiter: arguments.delimiter, newline: arguments.newline, ..TableOptions::default() },
        ..Options::default()
    };
    if let Some(encoding) = arguments.encoding {
        options.text = TextOptions { encoding, ..TextOptions::default() };
    }
    options
}

fn sources(arguments: &Arguments, recipe: &Recipe, origin: &Origin, trusted: &[String]) -> Result<Sources, Stop> {
    let mut sources = Sources::new();
    for (name, source) in &recipe.sources {
        let path = match &origin.folder {
            None => PathBuf::from(&source.file),
            Some(_) if trusted.contains(name) => PathBuf::from(&source.file),
            Some(folder) if arguments.outside => folder.join(&source.file),
            Some(folder) => files::inside(folder, &source.file).map_err(|outside| {
                let what = format!(
                    "the source {name:?} is a file outside of the recipe's folder ({}); say --outside if you trust the recipe",
                    files::display_path(&outside.path)
                );
                Stop::about(what, &origin.path)
            })?,
        };
        let bytes = input::open(&path)?;
        let known = input::name(&path).unwrap_or_else(|| "standard input".into());
        sources.insert(name.clone(), Source::new(bytes, known, source).map_err(|error| Stop::about(error, &path))?);
    }
    Ok(sources)
}

/// An error with the line of the recipe that asks for it.
fn in_recipe(error: BuildError, origin: &Origin) -> Stop {
    match error {
        BuildError::Section { index, what } => {
            let line = section_lines(&origin.text).get(index).copied().unwrap_or(1);
            let place = if origin.folder.is_some() { format!("line {line}: ") } else { String::new() };
            Stop::about(format!("{place}{what}"), &origin.path)
        }
        BuildError::Source { name, error } => Stop::about(error, Path::new(&name)),
        other => Stop::about(other, &origin.path),
    }
}

fn to_stdout(report: &Report, format: Format, options: &Options, from: &str) -> Result<(), Stop> {
    if output::to_terminal() && format != Format::Csv {
        let what = format!("{format} cannot be shown on a terminal; name a file with -o, or send it through a pipe");
        return Err(Stop::Usage(what));
    }
    let mut out = output::stdout();
    let written = if output::to_terminal() {
        let mut inert = output::Inert::new(&mut out);
        let written = report::write(report, format, options, &mut inert, &interrupt::progress());
        inert.finish()?;
        written
    } else {
        report::write(report, format, options, &mut out, &interrupt::progress())
    };
    match written {
        Err(FormatError::Write(error)) => Err(error.into()),
        Err(error) => Err(Stop::Failed(format!("the report cannot be written: {error}"))),
        Ok(written) => {
            out.flush()?;
            written.losses.iter().for_each(|loss| message(&format!("notice: {}", output::escape(&loss.what))));
            if !from.is_empty() {
                message(&format!("report{from}"));
            }
            Ok(())
        }
    }
}

fn to_file(
    report: &Report,
    format: Format,
    options: &Options,
    path: &Path,
    overwrite: bool,
    progress: &Progress,
) -> Result<(Written, u64), Stop> {
    let existing = if overwrite { Existing::Replace } else { Existing::Refuse };
    let mut outcome = None;
    let mut length = 0;
    let saved = files::save(path, &existing, progress, &mut |out| {
        let mut counting = Counting { out, length: 0 };
        let written = report::write(report, format, options, &mut counting, progress);
        length = counting.length;
        match written {
            // The save must see its own error to tell a full disk from a broken picture.
            Err(FormatError::Write(error)) => Err(error),
            written => {
                let failed = written.is_err();
                outcome = Some(written);
                if failed { Err(io::Error::other("the report failed")) } else { Ok(()) }
            }
        }
    });
    match (outcome, saved) {
        (Some(Err(error)), _) => Err(Stop::Failed(about(format!("the report cannot be written: {error}"), path))),
        (Some(Ok(written)), Ok(saved)) => {
            saved.notes.iter().for_each(|note| message(&about(format!("notice: {note}"), path)));
            Ok((written, length))
        }
        (_, Err(error)) => Err(Stop::about(error.kind, path)),
        (None, Ok(_)) => unreachable!("a save calls its writer"),
    }
}

struct Counting<'a> {
    out: &'a mut dyn Write,
    length: u64,
}

impl Write for Counting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
