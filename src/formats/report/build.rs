//! From a recipe and the contents that it names to a report: names are looked up, sums are made, texts are filled in.

use std::sync::Arc;

use indexmap::IndexMap;

use super::decimal::Decimal;
use super::expression::{self, Expression, Fold, Name, Value};
use super::recipe::{ColumnRecipe, DocumentRecipe, Recipe, SectionRecipe, SourceRecipe, TableRecipe, TextRecipe};
use super::template::{Template, given};
use super::value::{Scope, Tally};
use super::{Picture, Report, ReportTable, Section};
use crate::buffer::Buffer;
use crate::formats::options::{parse_delimiter, parse_encoding};
use crate::formats::table::{self, Cells, Table, counted};
use crate::formats::{Format, FormatError, Kind, Loss, TableOptions, detect, guarded, text};
use crate::tasks::Progress;

/// The longest text that is a section, in bytes.
const MAX_TEXT: u64 = 16 << 20;

/// A content that a recipe names.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its bytes.
    pub bytes: Buffer,
    /// What they are.
    pub format: Format,
    /// What it is called where something is said about it: a file's name.
    pub name: String,
    /// How it is read as a table; what is not said is guessed.
    pub options: TableOptions,
    /// The encoding of its text, where it is known.
    pub encoding: Option<text::Encoding>,
}

impl Source {
    /// A content with what a recipe says about it; its format is told from its bytes and its name where the recipe does not.
    ///
    /// # Errors
    /// `Option` for words that mean nothing, and those of reading.
    pub fn new(bytes: Buffer, name: impl Into<String>, recipe: &SourceRecipe) -> Result<Self, FormatError> {
        let name = name.into();
        let format = match &recipe.format {
            Some(word) => Format::from_id(word)
                .ok_or_else(|| FormatError::Option(format!("{word:?} is no format; seektell formats lists them")))?,
            None => detect(&bytes, Some(&name))?.format,
        };
        let encoding = recipe.encoding.as_deref().map(parse_encoding).transpose()?;
        let mut options = TableOptions { sheet: recipe.sheet.clone(), input_header: recipe.header, ..TableOptions::default() };
        let delimited = matches!(format, Format::Csv | Format::Tsv) || format.kind() == Kind::Text;
        if delimited && (recipe.delimiter.is_some() || recipe.header.is_some() || encoding.is_some()) {
            let mut dialect = table::sniff(&bytes, if format == Format::Tsv { format } else { Format::Csv })?.0;
            if let Some(delimiter) = &recipe.delimiter {
                dialect.delimiter = parse_delimiter(delimiter)?;
            }
            dialect.header = recipe.header.unwrap_or(dialect.header);
            dialect.encoding = encoding.unwrap_or(dialect.encoding);
            options.input = Some(dialect);
        }
        Ok(Self { bytes, format, name, options, encoding })
    }
}

/// Contents by the names that a recipe has for them.
pub type Sources = IndexMap<String, Source>;

/// Why a recipe gives no report.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A section asks for what there is not.
    #[error("section {}: {what}", index + 1)]
    Section {
        /// Which, from 0.
        index: usize,
        /// What is wrong, and what to do.
        what: String,
    },
    /// Something outside of the sections does.
    #[error("{0}")]
    Recipe(String),
    /// A content cannot be read.
    #[error("{error}: {name}")]
    Source {
        /// What it is called.
        name: String,
        /// Why.
        #[source]
        error: FormatError,
    },
    /// The user cancelled.
    #[error(transparent)]
    Cancelled(#[from] crate::tasks::Cancelled),
}

impl Recipe {
    /// Makes the report. `values` stand in place of the recipe's own of the same names. Reads each table once to index it, and
    /// once more where sums of it are wanted.
    ///
    /// # Errors
    /// With the section, or the source that cannot be read.
    pub fn build(&self, sources: &Sources, values: &IndexMap<String, String>, progress: &Progress) -> Result<Report, BuildError> {
        let mut all = self.values.clone();
        all.extend(values.iter().map(|(name, value)| (name.clone(), value.clone())));
        let mut builder = Builder {
            recipe: self,
            sources,
            values: all,
            tables: IndexMap::new(),
            totals: Vec::new(),
            losses: Vec::new(),
            progress,
        };
        builder.report()
    }
}

/// A value that a pass over rows gives.
#[derive(Clone, Debug, PartialEq)]
struct Total {
    source: usize,
    only: Vec<Expression>,
    first: Option<u64>,
    of: Option<Expression>,
    fold: Fold,
}

/// The rows that a fold without a source is over.
struct Implied<'a> {
    source: usize,
    only: Option<&'a Expression>,
    first: Option<u64>,
}

struct Builder<'a> {
    recipe: &'a Recipe,
    sources: &'a Sources,
    values: IndexMap<String, String>,
    /// By the names of their sources, as they were first needed.
    tables: IndexMap<String, Table>,
    totals: Vec<Total>,
    losses: Vec<Loss>,
    progress: &'a Progress,
}

/// A section whose names are looked up and whose sums are not made.
enum Draft {
    Title(Template),
    Text(Template),
    Whole(String),
    Blank(u32),
    Summary(Option<Template>, Vec<(Template, Template)>),
    Table(Box<TableDraft>),
    Picture(Picture, Option<Template>),
}

struct TableDraft {
    title: Option<Template>,
    header: Option<Vec<String>>,
    columns: Option<Vec<Template>>,
    only: Option<Expression>,
    first: Option<u64>,
    totals: Vec<Vec<Template>>,
    name: String,
    table: Table,
}

impl Builder<'_> {
    fn report(&mut self) -> Result<Report, BuildError> {
        let document = &self.recipe.document;
        let mut words = Vec::new();
        for text in [&document.title, &document.author, &document.subject] {
            let template = text.as_ref().map(|text| self.global(text)).transpose();
            words.push(template.map_err(Failure::about_recipe)?);
        }
        let mut drafts = Vec::new();
        for (index, section) in self.recipe.sections.iter().enumerate() {
            self.progress.check()?;
            drafts.push(self.section(section).map_err(|failure| failure.about(index))?);
        }
        let mut fonts = Vec::new();
        for name in &self.recipe.fonts {
            let source = self.source(name).map_err(Failure::about_recipe)?;
            fonts.push(source.bytes.clone());
        }
        let values: Arc<[Value]> = self.fold()?.into();
        let mut tally = Tally::default();
        let mut fill = |template: &Template| template.text(&mut Scope { row: None, totals: &values, tally: &mut tally });
        let [title, author, subject] = [0, 1, 2].map(|index| words[index].as_ref().map(&mut fill));
        let document = DocumentRecipe { title, author, subject, created: document.created.clone() };
        let sections = drafts.into_iter().map(|draft| draft.filled(&values, &mut fill)).collect();
        self.losses.extend(tally.losses("the report's texts"));
        Ok(Report {
            document,
            page: self.recipe.page,
            sheet_each: self.recipe.sheet_each,
            sections,
            fonts,
            losses: std::mem::take(&mut self.losses),
        })
    }

    fn source(&self, name: &str) -> Result<&Source, Failure> {
        self.sources.get(name).ok_or_else(|| Failure::Words(self.recipe.no_source(name)))
    }

    /// The number of a source's table, which is read when it is first needed.
    fn table(&mut self, name: &str) -> Result<usize, Failure> {
        if let Some(index) = self.tables.get_index_of(name) {
            return Ok(index);
        }
        let sources = self.sources;
        let source = sources.get(name).ok_or_else(|| Failure::Words(self.recipe.no_source(name)))?;
        // A file of one column is only told from text by who wants it as a table.
        let format = if source.format.kind() == Kind::Text { Format::Csv } else { source.format };
        let read = guarded(format, || table::read(&source.bytes, format, &source.options, self.progress));
        let opened = read.map_err(|error| Failure::about_source(source, error))?;
        let losses = opened.table.losses().iter().map(|loss| Loss::new(format!("{}: {}", source.name, loss.what)));
        self.losses.extend(losses);
        Ok(self.tables.insert_full(name.to_owned(), opened.table).0)
    }

    fn section(&mut self, section: &SectionRecipe) -> Result<Draft, Failure> {
        Ok(match section {
            SectionRecipe::Title(text) => Draft::Title(self.global(text)?),
            SectionRecipe::Text(TextRecipe::Here(text)) => Draft::Text(self.global(text)?),
            SectionRecipe::Text(TextRecipe::Source(source)) => Draft::Whole(self.text(&source.source)?),
            SectionRecipe::Blank(lines) => Draft::Blank(*lines),
            SectionRecipe::Summary(summary) => {
                let title = summary.title.as_ref().map(|title| self.global(title)).transpose()?;
                let rows: Result<_, Failure> =
                    summary.rows.iter().map(|(name, value)| Ok((self.global(name)?, self.global(value)?))).collect();
                Draft::Summary(title, rows?)
            }
            SectionRecipe::Table(table) => Draft::Table(Box::new(self.table_section(table)?)),
            SectionRecipe::Picture(picture) => {
                let source = self.source(&picture.source)?;
                if source.format.kind() != Kind::Picture {
                    return Err(format!("{} is no picture but {}", source.name, source.format).into());
                }
                let made = Picture {
                    bytes: source.bytes.clone(),
                    format: source.format,
                    caption: None,
                    name: source.name.clone(),
                    width: picture.width,
                };
                Draft::Picture(made, picture.caption.as_ref().map(|caption| self.global(caption)).transpose()?)
            }
        })
    }

    fn text(&mut self, name: &str) -> Result<String, Failure> {
        let sources = self.sources;
        let source = sources.get(name).ok_or_else(|| Failure::Words(self.recipe.no_source(name)))?;
        let len = source.bytes.len().get();
        if len > MAX_TEXT {
            let what = format!(
                "{} has {len} bytes, more than the limit of {} MiB for a text; show it as a table",
                source.name,
                MAX_TEXT >> 20
            );
            return Err(what.into());
        }
        let encoding = match source.encoding {
            Some(encoding) => encoding,
            None => text::guess(&source.bytes).map_err(|error| Failure::about_source(source, error.into()))?.encoding,
        };
        let decoded = text::decode(&source.bytes, encoding, self.progress);
        let (text, malformed) = decoded.map_err(|error| Failure::about_source(source, error))?;
        if malformed > 0 {
            let bytes = counted(malformed, "byte sequence", "byte sequences");
            let loss = Loss::new(format!("{bytes} of {} cannot be decoded; U+FFFD stands for them", source.name));
            self.losses.push(loss);
        }
        Ok(text)
    }

    fn table_section(&mut self, recipe: &TableRecipe) -> Result<TableDraft, Failure> {
        let index = self.table(&recipe.source)?;
        let title = recipe.title.as_ref().map(|title| self.global(title)).transpose()?;
        let only = match &recipe.only {
            Some(only) => {
                let parsed = expression::parse(only)?;
                Some(parsed.bind(&mut |leaf| self.resolve(leaf, Some(index), None))?)
            }
            None => None,
        };
        let implied = Implied { source: index, only: only.as_ref(), first: recipe.first };
        let columns = match &recipe.columns {
            Some(columns) => {
                let made: Result<Vec<_>, Failure> = columns
                    .iter()
                    .map(|column| match column {
                        ColumnRecipe::Named(name) => Ok(Template::cell(self.column(index, name)?)),
                        ColumnRecipe::Made(made) => {
                            let parsed = Template::parse(&made.value)?;
                            Ok(parsed.bind(&mut |leaf| self.resolve(leaf, Some(index), Some(&implied)))?)
                        }
                    })
                    .collect();
                Some(made?)
            }
            None => None,
        };
        let mut totals = Vec::new();
        for row in &recipe.totals {
            let cells: Result<Vec<_>, Failure> = row
                .iter()
                .map(|cell| Ok(Template::parse(cell)?.bind(&mut |leaf| self.resolve(leaf, None, Some(&implied)))?))
                .collect();
            totals.push(cells?);
        }
        let table = self.tables[index].clone();
        let header = match (&recipe.columns, recipe.without_header) {
            (_, true) => None,
            (None, false) => table.header().map(<[String]>::to_vec),
            (Some(columns), false) => Some(
                columns
                    .iter()
                    .map(|column| match column {
                        ColumnRecipe::Named(name) => name.clone(),
                        ColumnRecipe::Made(made) => made.name.clone(),
                    })
                    .collect(),
            ),
        };
        Ok(TableDraft { title, header, columns, only, first: recipe.first, totals, name: recipe.source.clone(), table })
    }

    /// A template outside of tables.
    fn global(&mut self, text: &str) -> Result<Template, Failure> {
        Ok(Template::parse(text)?.bind(&mut |leaf| self.resolve(leaf, None, None))?)
    }

    /// The column of that name; of several the last one, as in `csv.DictReader`. Columns without names are called by their
    /// numbers from 1.
    fn column(&self, table: usize, name: &str) -> Result<usize, String> {
        let (source, table) = self.tables.get_index(table).expect("tables are numbered as they are read");
        let found = match table.header() {
            Some(header) => header.iter().rposition(|column| column == name),
            None => name.parse().ok().filter(|number| (1..=table.width()).contains(number)).map(|number: usize| number - 1),
        };
        found.ok_or_else(|| {
            let known = match table.header() {
                Some(header) => {
                    let shown: Vec<_> = header.iter().take(12).map(|name| format!("{name:?}")).collect();
                    let more = if header.len() > 12 { format!(" and {} more", header.len() - 12) } else { String::new() };
                    format!("there are {}{more}", shown.join(", "))
                }
                None => format!("its columns have no names, only the numbers 1 to {}", table.width()),
            };
            format!("{source:?} has no column {name:?}; {known}")
        })
    }

    /// What a name or a fold is: in a row of `row`, with folds that name no source over `implied`.
    fn resolve(&mut self, leaf: &Expression, row: Option<usize>, implied: Option<&Implied<'_>>) -> Result<Expression, String> {
        match leaf {
            Expression::Name(name) => self.name(name, row),
            Expression::Fold(fold, of, only) => self.plan(*fold, of.as_deref(), only.as_deref(), implied),
            other => Ok(other.clone()),
        }
    }

    fn name(&mut self, name: &Name, row: Option<usize>) -> Result<Expression, String> {
        let Name { source, name } = name;
        if let Some(source) = source {
            let own = row.and_then(|row| self.tables.get_index(row)).is_some_and(|(own, _)| own == source);
            return match row {
                Some(row) if own => self.column(row, name).map(Expression::Cell),
                _ => Err(format!("{source}.{name} stands for many cells; write sum({source}.{name}), count, mean, min or max")),
            };
        }
        if let Some(row) = row {
            match (self.column(row, name), self.values.get(name)) {
                (Ok(column), _) => return Ok(Expression::Cell(column)),
                (Err(_), Some(value)) => return Ok(given(value)),
                (Err(error), None) => return Err(error),
            }
        }
        self.values.get(name).map(|value| given(value)).ok_or_else(|| {
            let known: Vec<_> = self.values.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "no values are given".into() } else { format!("there are {}", known.join(", ")) };
            format!(
                "there is no value {name:?} ({known}); name it under \"values\", or write sum(source.column) for one of a table"
            )
        })
    }

    fn plan(
        &mut self,
        fold: Fold,
        of: Option<&Expression>,
        only: Option<&Expression>,
        implied: Option<&Implied<'_>>,
    ) -> Result<Expression, String> {
        let mut named = Vec::new();
        of.into_iter().chain(only).for_each(|expression| expression.sources(&mut named));
        let rows_of = match of {
            Some(Expression::Name(Name { source: None, name })) if fold == Fold::Count && self.sources.contains_key(name) => {
                Some(name.clone())
            }
            _ => None,
        };
        let source = rows_of.clone().or_else(|| named.first().map(|name| (*name).to_owned()));
        if let Some(other) = named.iter().find(|name| source.as_deref() != Some(**name)) {
            return Err(format!("a sum is over the rows of one source, not of {:?} and {other:?}", source.unwrap_or_default()));
        }
        let (index, mut conditions, first) = match (&source, implied) {
            (Some(source), _) => (self.table(source).map_err(Failure::into_words)?, Vec::new(), None),
            (None, Some(implied)) => (implied.source, implied.only.cloned().into_iter().collect(), implied.first),
            (None, None) => return Err("say of which source: sum(orders.amount), count(orders)".into()),
        };
        let mut inner = |leaf: &Expression| match leaf {
            Expression::Fold(..) => Err("a sum inside of a sum means nothing".to_owned()),
            leaf => self.resolve(leaf, Some(index), None),
        };
        let of = if rows_of.is_some() { None } else { of.map(|of| of.bind(&mut inner)).transpose()? };
        conditions.extend(only.map(|only| only.bind(&mut inner)).transpose()?);
        let total = Total { source: index, only: conditions, first, of, fold };
        let number = self.totals.iter().position(|known| *known == total).unwrap_or_else(|| {
            self.totals.push(total);
            self.totals.len() - 1
        });
        Ok(Expression::Total(number))
    }

    /// Goes over each source once and gives the values of all totals, by their numbers.
    fn fold(&mut self) -> Result<Vec<Value>, BuildError> {
        let mut sums: Vec<Sum> = self.totals.iter().map(|_| Sum::default()).collect();
        for (index, (name, table)) in self.tables.iter().enumerate() {
            let wanted: Vec<usize> = (0..self.totals.len()).filter(|&total| self.totals[total].source == index).collect();
            if wanted.is_empty() {
                continue;
            }
            let mut tally = Tally::default();
            let mut rows = 0_u64;
            let visited = table.each(&mut |row, _| {
                rows += 1;
                if rows.is_multiple_of(1000) {
                    self.progress.check()?;
                }
                for &total in &wanted {
                    sums[total].row(&self.totals[total], row, &mut tally);
                }
                Ok(true)
            });
            match visited {
                Ok(()) => self.losses.extend(tally.losses(name)),
                Err(FormatError::Cancelled(cancelled)) => return Err(cancelled.into()),
                Err(error) => return Err(BuildError::Source { name: self.sources[name].name.clone(), error }),
            }
        }
        Ok(sums.into_iter().zip(&self.totals).map(|(sum, total)| sum.value(total.fold)).collect())
    }
}

#[derive(Default)]
struct Sum {
    /// Rows for which the conditions hold.
    rows: u64,
    /// Of those, the ones with a value, or with a number where numbers are wanted.
    count: u64,
    sum: Decimal,
    min: Option<Decimal>,
    max: Option<Decimal>,
}

impl Sum {
    fn row(&mut self, total: &Total, row: &Cells, tally: &mut Tally) {
        if total.first.is_some_and(|first| self.rows >= first) {
            return;
        }
        let mut scope = Scope { row: Some(row), totals: &[], tally };
        if !total.only.iter().all(|only| only.value(&mut scope).holds()) {
            return;
        }
        self.rows += 1;
        let Some(of) = &total.of else {
            self.count += 1;
            return;
        };
        let value = of.value(&mut scope);
        if total.fold == Fold::Count {
            let empty = matches!(&value, Value::Missing) || matches!(&value, Value::Text(text) if text.is_empty());
            self.count += u64::from(!empty);
            return;
        }
        let Some(number) = value.number(tally) else { return };
        self.count += 1;
        match total.fold {
            Fold::Min if self.min.as_ref().is_none_or(|min| number < *min) => self.min = Some(number),
            Fold::Max if self.max.as_ref().is_none_or(|max| number > *max) => self.max = Some(number),
            Fold::Sum | Fold::Mean => self.sum = self.sum.plus(&number),
            _ => {}
        }
    }

    fn value(self, fold: Fold) -> Value {
        let number = match fold {
            Fold::Count => Some(Decimal::from_count(self.count)),
            Fold::Sum => Some(self.sum),
            Fold::Mean => self.sum.over(&Decimal::from_count(self.count)),
            Fold::Min => self.min,
            Fold::Max => self.max,
        };
        number.map_or(Value::Missing, Value::Number)
    }
}

impl Draft {
    fn filled(self, values: &Arc<[Value]>, fill: &mut impl FnMut(&Template) -> String) -> Section {
        match self {
            Self::Title(title) => Section::Title(fill(&title)),
            Self::Text(text) => Section::Text(fill(&text)),
            Self::Whole(text) => Section::Text(text),
            Self::Blank(lines) => Section::Blank(lines),
            Self::Summary(title, rows) => Section::Summary {
                title: title.as_ref().map(&mut *fill),
                rows: rows.iter().map(|(name, value)| (fill(name), fill(value))).collect(),
            },
            Self::Table(draft) => {
                let TableDraft { title, header, columns, only, first, totals, name, table } = *draft;
                Section::Table(Box::new(ReportTable {
                    title: title.as_ref().map(&mut *fill),
                    header,
                    totals: totals.iter().map(|row| row.iter().map(&mut *fill).collect()).collect(),
                    name,
                    table,
                    columns,
                    only,
                    first,
                    values: Arc::clone(values),
                }))
            }
            Self::Picture(picture, caption) => Section::Picture(Picture { caption: caption.as_ref().map(fill), ..picture }),
        }
    }
}

/// Why a section cannot be built, before it is known which one it is.
enum Failure {
    Words(String),
    Built(BuildError),
}

impl From<String> for Failure {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl Failure {
    fn about_source(source: &Source, error: FormatError) -> Self {
        Self::Built(match error {
            FormatError::Cancelled(cancelled) => cancelled.into(),
            error => BuildError::Source { name: source.name.clone(), error },
        })
    }

    fn into_words(self) -> String {
        match self {
            Self::Words(words) => words,
            Self::Built(error) => error.to_string(),
        }
    }

    fn about(self, index: usize) -> BuildError {
        match self {
            Self::Words(what) => BuildError::Section { index, what },
            Self::Built(error) => error,
        }
    }

    fn about_recipe(self) -> BuildError {
        match self {
            Self::Words(what) => BuildError::Recipe(what),
            Self::Built(error) => error,
        }
    }
}
