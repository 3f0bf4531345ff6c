//! `seektell table`: rows chosen, sorted, counted, described.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::input;
use super::interrupt;
use super::output::{self, Inert, Stop, message};
use crate::buffer::Buffer;
use crate::explore::table::{
    CellType, ColumnStatistics, Conditions, Filter, RowOrder, SortKey, Statistics, Test, column_named, statistics, view,
};
use crate::files::{self, Existing};
use crate::formats::options::{parse_delimiter, parse_encoding};
use crate::formats::table::{Table, read, sniff, write_telling};
use crate::formats::text::{Encoding, NewlineStyle};
use crate::formats::{Extras, Format, FormatError, Kind, Loss, Options, TableOptions, detect};
use crate::tasks::Progress;

const EXAMPLES: &str = "\
Rows are filtered first, then sorted, then cut to --rows. Columns are named as in the header, or #1, #2, …

Conditions: price>50 (also >=, <, <=, =, !=; with a number on the right as numbers), code==007 (this text), city*=ville (contains), \
city^=New, city$=ton, city~REGEX, city:empty, city:filled, :ragged; !*= and !~ say no; * as the column is any column.
Keys: price:number:desc; text (the default), number, natural or length, asc or desc. Empty cells come last.

Examples:
  seektell table orders.csv --count
  seektell table orders.csv --stats
  seektell table orders.csv --filter 'qty>50' --filter 'status=returned' --sort price:number:desc --rows 1..10
  seektell table orders.csv --columns id,price --to md
  seektell table orders.csv --search 'ship it' --offsets
  seektell table orders.parquet --filter 'city*=york' -o york.xlsx";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The table: CSV, TSV, JSON, JSON Lines, a workbook, Parquet or Arrow; - reads standard input
    file: PathBuf,
    /// Print what the columns are like instead of rows: counts, types, extremes, mean, quartiles, frequent values
    #[arg(long, conflicts_with_all = ["count", "sort", "offsets"])]
    stats: bool,
    /// Print how many rows there are
    #[arg(long, conflicts_with_all = ["sort", "columns", "offsets"])]
    count: bool,
    /// Only rows for which this holds; may be given several times
    #[arg(long, value_name = "CONDITION")]
    filter: Vec<String>,
    /// One of the conditions is enough
    #[arg(long)]
    any: bool,
    /// Only rows with this text in a cell
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Capital and small letters differ in --filter and --search
    #[arg(long)]
    case: bool,
    /// Sort by this column; may be given several times, the first decides
    #[arg(long, value_name = "KEY")]
    sort: Vec<String>,
    /// Only these rows of the result, counted from 1: 100..200, 100.. or ..200, both ends included
    #[arg(long, value_name = "RANGE", value_parser = parse_rows)]
    rows: Option<(u64, u64)>,
    /// Only these columns, in this order: id,price or #2,#1
    #[arg(long, value_name = "NAMES")]
    columns: Option<String>,
    /// Begin each row with its offset in the file and its length in bytes
    #[arg(long, conflicts_with = "columns")]
    offsets: bool,
    /// What to print: csv (the default), tsv, json, jsonl, md, html, sql, xlsx, parquet, …
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    to: Option<Format>,
    /// Write to this file; its extension says the format where --to does not
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Replace the output if it exists
    #[arg(long, requires = "output")]
    overwrite: bool,
    /// What the input is, where the guess is wrong
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    from: Option<Format>,
    /// The delimiter of the input, where the guess is wrong
    #[arg(long, value_name = "D", value_parser = parse_delimiter)]
    input_delimiter: Option<u8>,
    /// The encoding of the input, where the guess is wrong
    #[arg(long, value_name = "E", value_parser = parse_encoding)]
    input_encoding: Option<Encoding>,
    /// The first row names the columns
    #[arg(long, conflicts_with = "no_header")]
    header: bool,
    /// The first row is a row like the others
    #[arg(long)]
    no_header: bool,
    /// The sheet of a workbook: its name, or its number from 1
    #[arg(long, value_name = "NAME|N")]
    sheet: Option<String>,
}

fn parse_format(word: &str) -> Result<Format, String> {
    Format::from_id(word).ok_or_else(|| format!("{word:?} is no format; seektell formats lists them"))
}

/// `A..B`, both counted from 1 and included; one of them may be left out.
fn parse_rows(text: &str) -> Result<(u64, u64), String> {
    let wrong = || format!("{text:?} is no range of rows; write 100..200, 100.. or ..200");
    let number = |text: &str, otherwise: u64| match text.replace(['_', ','], "") {
        empty if empty.is_empty() => Ok(otherwise),
        digits => digits.parse().map_err(|_| wrong()),
    };
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let (first, last) = (number(first, 1)?, number(last, u64::MAX)?);
    if text.is_empty() || first == 0 || last < first { Err(wrong()) } else { Ok((first, last)) }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let path = &arguments.file;
    let about = |error: FormatError| match error {
        FormatError::Option(what) => Stop::Usage(what),
        error => Stop::about(error, path),
    };
    let to = target(arguments)?;
    let progress = interrupt::progress();
    let table = open(arguments, &input::open(path)?, &progress)?;
    let usage = |error: crate::explore::table::SpellingError| Stop::Usage(error.to_string());
    let (header, width) = (table.header(), table.width());
    let keys: Vec<SortKey> =
        arguments.sort.iter().map(|text| SortKey::parse(text, header, width)).collect::<Result<_, _>>().map_err(usage)?;
    let order = chosen(arguments, &table, &keys, &progress).map_err(about)?;
    let order = match arguments.rows {
        Some((first, last)) => order.part(first - 1..last),
        None => order,
    };
    if arguments.count {
        return output::print(&format!("{}\n", order.len()));
    }
    let columns = arguments.columns.as_deref().map(|names| columns(names, &table)).transpose()?;
    let table = if arguments.stats {
        let columns = columns.unwrap_or_else(|| (0..width.min(Table::SHOWN_COLUMNS)).collect());
        let found = statistics(&table, &columns, Some(&order), &progress, &|_| {}).map_err(about)?;
        described(&found, &table)
    } else {
        let mut table = if order.is_all() { table } else { table.arranged(Arc::new(order), &progress).map_err(about)? };
        if let Some(columns) = &columns {
            table = table.with_columns(columns);
        }
        if arguments.offsets { table.with_places() } else { table }
    };
    for loss in write(arguments, &table, to, &progress)? {
        message(&output::about(format!("notice: {}", loss.what), path));
    }
    Ok(())
}

/// The rows that are wanted, in their order.
fn chosen(arguments: &Arguments, table: &Table, keys: &[SortKey], progress: &Progress) -> Result<RowOrder, FormatError> {
    let (header, width) = (table.header(), table.width());
    let parse = |text: &String| Filter::parse(text, header, width, arguments.case);
    let filters = arguments.filter.iter().map(parse).collect::<Result<Vec<_>, _>>();
    let filters = filters.map_err(|error| FormatError::Option(error.to_string()))?;
    let conditions = Conditions { filters, any: arguments.any };
    let Some(text) = &arguments.search else { return view(table, &conditions, keys, progress, &|_| {}) };
    let found = Filter { case: arguments.case, ..Filter::new(None, Test::Contains(text.clone())) };
    if !conditions.any || conditions.filters.is_empty() {
        let filters = [vec![found], conditions.filters].concat();
        return view(table, &Conditions { filters, any: false }, keys, progress, &|_| {});
    }
    // One of the conditions, and the text as well.
    let with = view(table, &Conditions { filters: vec![found], any: false }, &[], progress, &|_| {})?;
    let order = view(table, &conditions, keys, progress, &|_| {})?;
    Ok(RowOrder::from_rows(
        (0..order.len()).filter_map(|position| order.get(position)).filter(|row| with.position_of(*row).is_some()),
    ))
}

/// The columns that a list names, in its order.
fn columns(names: &str, table: &Table) -> Result<Vec<usize>, Stop> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(names.as_bytes());
    let row = reader.records().next().transpose().map_err(|error| Stop::Usage(error.to_string()))?.unwrap_or_default();
    let column = |name: &str| {
        let found = column_named(name, table.header(), table.width());
        found.ok_or_else(|| Stop::Usage(format!("no column {name:?}; columns are named as in the header, or #1, #2, …")))
    };
    row.iter().map(column).collect()
}

fn open(arguments: &Arguments, buffer: &Buffer, progress: &Progress) -> Result<Table, Stop> {
    let path = &arguments.file;
    let about = |error: FormatError| Stop::about(error, path);
    let format = match arguments.from {
        Some(format) => format,
        None => detect(buffer, input::name(path).as_deref()).map_err(|error| Stop::about(error, path))?.format,
    };
    // Plain text may be a table of one column, whose name says nothing.
    let format = if format.kind() == Kind::Text { Format::Csv } else { format };
    let chosen = (arguments.header || arguments.no_header).then_some(arguments.header);
    let mut options = TableOptions { sheet: arguments.sheet.clone(), input_header: chosen, ..TableOptions::default() };
    if matches!(format, Format::Csv | Format::Tsv) {
        let mut dialect = sniff(buffer, format).map_err(about)?.0;
        dialect.delimiter = arguments.input_delimiter.unwrap_or(dialect.delimiter);
        dialect.encoding = arguments.input_encoding.unwrap_or(dialect.encoding);
        dialect.header = chosen.unwrap_or(dialect.header);
        options.input = Some(dialect);
    }
    Ok(read(buffer, format, &options, progress).map_err(about)?.table)
}

fn target(arguments: &Arguments) -> Result<Format, Stop> {
    let named = arguments.output.as_deref().filter(|path| !input::is_dash(path));
    let of_name = || Format::from_name(&named?.file_name()?.to_string_lossy());
    let to = arguments.to.or_else(of_name).unwrap_or(Format::Csv);
    if !to.info().writes || !matches!(to.kind(), Kind::Table | Kind::Json) {
        return Err(Stop::Usage(format!("rows cannot be written as {}", to.info().name)));
    }
    Ok(to)
}

fn write(arguments: &Arguments, table: &Table, to: Format, progress: &Progress) -> Result<Vec<Loss>, Stop> {
    let mut options = Options::default();
    options.table.extras = Extras::Keep;
    options.table.newline = Some(NewlineStyle::Lf);
    let path = &arguments.file;
    let about = |error| match error {
        FormatError::Write(error) => Stop::from(error),
        error => Stop::about(error, path),
    };
    if let Some(output) = arguments.output.as_deref().filter(|path| !input::is_dash(path)) {
        let existing = if arguments.overwrite { Existing::Replace } else { Existing::Refuse };
        return save(output, &existing, table, to, &options, path, progress);
    }
    let terminal = output::to_terminal();
    if terminal && to.is_binary() {
        return Err(Stop::Usage(format!("{} cannot be shown on a terminal; name a file with -o", to.info().name)));
    }
    let mut out = output::stdout();
    if !terminal {
        let losses = write_telling(table, to, &options, &mut out, progress).map_err(about)?;
        out.flush()?;
        return Ok(losses);
    }
    let mut inert = Inert::new(&mut out);
    let result = write_telling(table, to, &options, &mut inert, progress);
    inert.finish()?;
    out.flush()?;
    result.map_err(about)
}

fn save(
    output: &Path,
    existing: &Existing,
    table: &Table,
    to: Format,
    options: &Options,
    path: &Path,
    progress: &Progress,
) -> Result<Vec<Loss>, Stop> {
    let mut outcome = None;
    let saved =
        files::save_sized(output, existing, 0, progress, &mut |out| match write_telling(table, to, options, out, progress) {
            Ok(losses) => {
                outcome = Some(Ok(losses));
                Ok(())
            }
            // The save must see its own error to tell a full disk from a broken table.
            Err(FormatError::Write(error)) => Err(error),
            Err(error) => {
                outcome = Some(Err(error));
                Err(io::Error::other("the rows could not be written"))
            }
        });
    match (outcome, saved) {
        (Some(Err(error)), _) => Err(Stop::about(error, path)),
        (_, Err(error)) => Err(Stop::about(error.kind, output)),
        (losses, Ok(saved)) => {
            for note in &saved.notes {
                message(&output::about(format!("notice: {note}"), output));
            }
            losses.unwrap_or(Ok(Vec::new())).map_err(|error| Stop::about(error, path))
        }
    }
}

/// Statistics as a table: a row for each column.
fn described(found: &Statistics, table: &Table) -> Table {
    let names = [
        "column",
        "type",
        "cells",
        "empty",
        "distinct",
        "minimum",
        "maximum",
        "sum",
        "mean",
        "deviation",
        "quartile_1",
        "median",
        "quartile_3",
        "shortest",
        "longest",
        "frequent",
    ];
    let rows = found.columns.iter().map(|column| described_column(column, table)).collect();
    for column in &found.columns {
        if let Some(sampled) = column.numbers.as_ref().and_then(|numbers| numbers.sampled) {
            message(&format!(
                "notice: the quartiles of column {} are those of a sample of {} numbers",
                output::escape(&name_of(column.column, table)),
                output::grouped(sampled)
            ));
        }
    }
    Table::from_rows(Some(names.map(str::to_owned).into()), rows)
}

fn name_of(column: usize, table: &Table) -> String {
    let name = table.header().and_then(|header| header.get(column)).filter(|name| !name.is_empty());
    name.cloned().unwrap_or_else(|| format!("#{}", column + 1))
}

fn described_column(column: &ColumnStatistics, table: &Table) -> Vec<String> {
    // All kinds that cells have, the most frequent first.
    let mut types: Vec<(u64, CellType)> =
        CellType::ALL.into_iter().zip(column.types).map(|(kind, count)| (count, kind)).collect();
    types.retain(|(count, kind)| *count > 0 && *kind != CellType::Empty);
    types.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let types = types.into_iter().map(|(_, kind)| kind.name()).collect::<Vec<_>>().join(", ");
    let numbers = column.numbers.as_ref();
    // A column of numbers has least and greatest numbers; of anything else the first and the last text.
    let only_numbers = numbers.is_some_and(|numbers| numbers.count == column.count);
    let range = if only_numbers { numbers.and_then(|numbers| numbers.range.clone()) } else { column.text_range.clone() };
    let (least, greatest) = range.unwrap_or_default();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let quartile = |which: usize| number(numbers.and_then(|numbers| numbers.quartiles).map(|quartiles| quartiles[which]));
    let (shortest, longest) = column.lengths.map(|(least, most)| (least.to_string(), most.to_string())).unwrap_or_default();
    let distinct = match column.distinct {
        crate::explore::table::Distinct::Exact(count) => count.to_string(),
        crate::explore::table::Distinct::About(count) => format!("about {count}"),
    };
    let top = column.top.iter().take(3).map(|value| {
        let text: String = value.text.chars().take(40).collect();
        format!("{text} ({}{})", if value.exact { "" } else { "at least " }, value.count)
    });
    vec![
        name_of(column.column, table),
        types,
        column.count.to_string(),
        column.empty.to_string(),
        distinct,
        least,
        greatest,
        numbers.map(|numbers| numbers.sum.to_string()).unwrap_or_default(),
        number(numbers.map(|numbers| numbers.mean)),
        number(numbers.and_then(|numbers| numbers.deviation)),
        quartile(0),
        quartile(1),
        quartile(2),
        shortest,
        longest,
        top.collect::<Vec<_>>().join("; "),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_rows_count_from_one() {
        assert_eq!(parse_rows("100..200"), Ok((100, 200)));
        assert_eq!(parse_rows("1,000.."), Ok((1000, u64::MAX)));
        assert_eq!(parse_rows("..5"), Ok((1, 5)));
        assert_eq!(parse_rows("7"), Ok((7, 7)));
        for wrong in ["", "0..5", "9..3", "a..b", "-1"] {
            assert!(parse_rows(wrong).is_err(), "{wrong}");
        }
    }
}
