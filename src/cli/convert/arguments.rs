//! The arguments of `convert`, and the work that they ask for.

use std::path::{Path, PathBuf};

use super::one::DialectChoice;
use super::picture::PictureArguments;
use super::{Plan, Stop, Work, is_dash, style_of, target};
use crate::cli::input::{self, is_elsewhere};
use crate::cli::numbers::{Part, parse_address, parse_len, parse_part};
use crate::files::{self, Existing};
use crate::formats::literal::Style;
use crate::formats::options::{parse_delimiter, parse_encoding, parse_newline, parse_within};
use crate::formats::text::{Encoding, NewlineStyle};
use crate::formats::{DumpOptions, Extras, Format, JsonOptions, Options, Quoting, TableOptions, TextOptions};

const EXAMPLES: &str = "\
The target is --to, or what the output's extension says. Without -o and --out-dir the result stands beside its input with \
the new extension; from standard input it goes to standard output. Nothing is overwritten without --overwrite. What the \
result does not keep is told on standard error. FORMAT is a word of the first column of seektell formats.

Examples:
  seektell convert photo.png -o photo.jpg --quality 90 --background '#f0f0f0'
  seektell convert photo.jpg --thumbnail 200x150 -o small.jpg
  seektell convert scan.png --crop 10,10,600,800 --rotate 90 --mode 1 -o page.tiff
  seektell convert people.csv --to json --indent 2 -o -
  seektell convert old.txt -o new.txt --input-encoding windows-1252 --newline lf
  seektell convert dump.txt --from hexdump --to bytes -o firmware.bin
  seektell convert *.bmp --to png --out-dir converted
  seektell convert logo.png -o logo.rs --name LOGO
  seektell convert firmware.hex --to bytes --gap 0 -o firmware.bin
  seektell convert people.csv -o people.csv.gz --level 9
  seektell convert disk.img --range 0x1BE+66 -o table.bin
  cat photo.png | seektell convert - --to dataurl > photo.url";

/// The words of `--extras`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ExtrasAction {
    /// Refuse, and name them
    Raise,
    /// Leave them out
    Ignore,
    /// Put them behind the chosen ones
    Keep,
}

/// The words of `--quoting`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum QuotingStyle {
    /// Those that need them
    Minimal,
    /// All
    All,
    /// All but numbers
    Nonnumeric,
    /// None; a cell that needs them is refused
    None,
}

/// Names of columns, written as one row of CSV.
#[derive(Clone, Debug)]
struct Fields(Vec<String>);

impl Fields {
    fn parse(text: &str) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let row = reader.records().next().transpose().map_err(|error| error.to_string())?;
        row.map(|row| Self(row.iter().map(str::to_owned).collect())).ok_or_else(|| "name at least one column".into())
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Arguments {
    /// The files; - reads standard input, https://… asks for an address
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// Where to write; - is standard output
    #[arg(short, long, value_name = "OUT", conflicts_with = "out_dir")]
    output: Option<PathBuf>,
    /// The folder for many results; made if it is not there
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    /// What to convert to
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    to: Option<Format>,
    /// What the input is, where the guess is wrong
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    from: Option<Format>,
    /// Only these bytes of each input: 0x10..0x20, 0x10+16, or 1k.. to the end
    #[arg(long, value_name = "RANGE", value_parser = parse_part, allow_hyphen_values = true)]
    range: Option<Part>,
    /// Only this member of the input, which is a ZIP or tar archive, by the name that seektell archive list shows
    #[arg(long, value_name = "NAME")]
    member: Option<String>,
    /// Replace files that exist
    #[arg(long)]
    overwrite: bool,

    #[command(flatten)]
    picture: PictureArguments,

    /// The delimiter of the output: one character, or tab, comma, semicolon, pipe, space
    #[arg(long, value_name = "D", value_parser = parse_delimiter, help_heading = "Tables")]
    delimiter: Option<u8>,
    /// The delimiter of the input, where the guess is wrong
    #[arg(long, value_name = "D", value_parser = parse_delimiter, help_heading = "Tables")]
    input_delimiter: Option<u8>,
    /// The first row names the columns
    #[arg(long, conflicts_with = "no_header", help_heading = "Tables")]
    header: bool,
    /// The first row is a row like the others
    #[arg(long, help_heading = "Tables")]
    no_header: bool,
    /// The columns of the result in their order, as a,c,b; quotes around a name with a comma
    #[arg(long, value_name = "NAMES", value_parser = Fields::parse, help_heading = "Tables")]
    fields: Option<Fields>,
    /// What becomes of columns that are not among --fields: raise, ignore or keep
    #[arg(long, value_name = "ACTION", value_enum, default_value = "raise", requires = "fields", help_heading = "Tables")]
    extras: ExtrasAction,
    /// The text of cells that a row or record does not have
    #[arg(long, value_name = "TEXT", help_heading = "Tables")]
    missing: Option<String>,
    /// Which cells of CSV and TSV stand in quotes
    #[arg(long, value_name = "STYLE", value_enum, default_value = "minimal", help_heading = "Tables")]
    quoting: QuotingStyle,
    /// Leave the header row out of the result
    #[arg(long, help_heading = "Tables")]
    without_header: bool,
    /// HTML without a page around the table
    #[arg(long, help_heading = "Tables")]
    fragment: bool,
    /// Make columns of Parquet and Arrow numbers where every text comes back
    #[arg(long, help_heading = "Tables")]
    typed: bool,
    /// The name of the table in SQL (data by default), its title in HTML
    #[arg(long, value_name = "NAME", help_heading = "Tables")]
    table_name: Option<String>,
    /// Begin SQL with CREATE TABLE
    #[arg(long, help_heading = "Tables")]
    create_table: bool,
    /// Write empty cells as NULL in SQL
    #[arg(long, help_heading = "Tables")]
    empty_null: bool,
    /// The sheet of a workbook that is read: its name, or its number from 1; the first visible one by default
    #[arg(long, value_name = "NAME|N", help_heading = "Tables")]
    sheet: Option<String>,
    /// The name of the sheet in a workbook that is written; Sheet1 by default
    #[arg(long, value_name = "NAME", help_heading = "Tables")]
    sheet_name: Option<String>,

    /// The encoding of the output, such as utf-8, utf-16le, windows-1252
    #[arg(long, value_name = "E", value_parser = parse_encoding, default_value = "utf-8", hide_default_value = true, help_heading = "Text")]
    encoding: Encoding,
    /// The encoding of the input, where the guess is wrong
    #[arg(long, value_name = "E", value_parser = parse_encoding, help_heading = "Text")]
    input_encoding: Option<Encoding>,
    /// The line ends of the output: lf, crlf or cr
    #[arg(long, value_name = "STYLE", value_parser = parse_newline, help_heading = "Text")]
    newline: Option<NewlineStyle>,
    /// Write a byte order mark
    #[arg(long, help_heading = "Text")]
    bom: bool,

    /// Spaces a level in JSON; one line by default
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| parse_within("the indent", text, 0..=JsonOptions::MAX_INDENT.into()), help_heading = "JSON, hex and base64")]
    indent: Option<u32>,
    /// Members of JSON objects in the order of their keys; the same key twice stays in its order
    #[arg(long, help_heading = "JSON, hex and base64")]
    sort_keys: bool,
    /// Characters a line in hex text and base64; 0 is one line
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| parse_within("the line length", text, 0..=DumpOptions::MAX_WRAP), default_value = "0", help_heading = "JSON, hex and base64")]
    wrap: u32,
    /// Base64 with - and _
    #[arg(long, help_heading = "JSON, hex and base64")]
    url_safe: bool,
    /// Base64 without = at its end
    #[arg(long, help_heading = "JSON, hex and base64")]
    no_padding: bool,
    /// Upper case hexadecimal digits
    #[arg(long, help_heading = "JSON, hex and base64")]
    upper: bool,
    /// Bytes a record of Intel HEX and S-record (16), or a line of a literal
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| parse_within("bytes a record", text, 1..=DumpOptions::MAX_RECORD), help_heading = "Records with addresses")]
    record: Option<u32>,
    /// The address of the first byte in Intel HEX and S-record
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address, help_heading = "Records with addresses")]
    address: Option<u32>,
    /// The address where the program in an Intel HEX or S-record begins
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address, help_heading = "Records with addresses")]
    start: Option<u32>,
    /// The byte that fills gaps when Intel HEX or S-record is read, such as 0x00; 0xFF by default
    #[arg(long, value_name = "BYTE", value_parser = parse_byte, help_heading = "Records with addresses")]
    gap: Option<u8>,
    /// What an S-record's or a gzip header says, or what a literal calls the bytes
    #[arg(long, value_name = "NAME", help_heading = "Packed bytes and literals")]
    name: Option<String>,
    /// What a literal is written in, or read as: c, cpp, rust, python, go, java, javascript, escaped, percent, decimal,
    /// hexlist, spaced, xxd; by default the output's extension says it, or C
    #[arg(long, value_name = "STYLE", value_parser = parse_style, help_heading = "Packed bytes and literals")]
    style: Option<Style>,
    /// How hard gzip and zlib try, 0 to 9
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| parse_within("the level", text, 0..=9), default_value = "6", help_heading = "Packed bytes and literals")]
    level: u32,
    /// The time in a gzip header, in seconds since 1970; none by default, so that the same bytes give the same file
    #[arg(long, value_name = "SECONDS", help_heading = "Packed bytes and literals")]
    time: Option<u32>,
    /// The most bytes that the input may take: as pixels, as cells, unpacked, or from an address, such as 2G. By default 512 MiB of
    /// pixels or cells, 64 MiB from an address, and 4 GiB, or a hundred times its size, of packed bytes
    #[arg(long, value_name = "SIZE", value_parser = parse_len)]
    limit: Option<u64>,
    /// Keep what can be read of an input that is cut off
    #[arg(long)]
    partial: bool,
    /// The media type of a data URL; detected by default
    #[arg(long, value_name = "TYPE", help_heading = "JSON, hex and base64")]
    mime: Option<String>,
}

fn parse_style(word: &str) -> Result<Style, String> {
    let known = || Style::ALL.map(Style::id).join(", ");
    Style::from_id(word).ok_or_else(|| format!("{word:?} is no style; there are {}", known()))
}

fn parse_byte(text: &str) -> Result<u8, String> {
    let byte = parse_address(text).ok().and_then(|number| u8::try_from(number).ok());
    byte.ok_or_else(|| format!("{text:?} is not a byte from 0 to 255 (0xFF)"))
}

fn parse_format(word: &str) -> Result<Format, String> {
    Format::from_id(word).ok_or_else(|| format!("{word:?} is no format; seektell formats lists them"))
}

impl Arguments {
    /// What is to be done, an entry for each input; checked as far as that goes without reading one.
    pub(super) fn jobs(&self) -> Result<Vec<Work>, Stop> {
        if self.inputs.len() > 1 && self.out_dir.is_none() {
            return Err(Stop::Usage("several inputs need --out-dir DIR".into()));
        }
        if self.inputs.iter().filter(|path| is_dash(path)).count() > 1 {
            return Err(Stop::Usage("standard input can be read only once".into()));
        }
        let to = target(self.to, self.output.as_deref())?;
        self.picture.check(to)?;
        let options = self.options();
        options.validate(to).map_err(|error| Stop::Usage(error.to_string()))?;
        let plan = Plan {
            from: self.from,
            to,
            options,
            dialect: DialectChoice {
                delimiter: self.input_delimiter,
                header: (self.header || self.no_header).then_some(self.header),
            },
            member: self.member.clone(),
            range: self.range,
            existing: if self.overwrite { Existing::Replace } else { Existing::Refuse },
        };
        if let Some(folder) = &self.out_dir {
            files::make_folder(folder).map_err(|error| Stop::about(error, folder))?;
        }
        let work = |input: &PathBuf| Work { input: input.clone(), output: self.output_for(input, to), plan: plan.clone() };
        Ok(self.inputs.iter().map(work).collect())
    }

    fn output_for(&self, input: &Path, to: Format) -> Option<PathBuf> {
        let name = || {
            if let Some(member) = &self.member {
                let name = member.rsplit(['/', '\\']).next().unwrap_or_default();
                return files::suggest_name(name, to.default_extension()).into();
            }
            let called = input::name(input).unwrap_or_else(|| "stdin".into());
            let stem = Path::new(&called).file_stem().unwrap_or_default();
            let stem = if is_elsewhere(input) { stem } else { input.file_stem().unwrap_or_default() };
            let mut name = stem.to_os_string();
            name.push(".");
            let style = self.style.filter(|_| to == Format::Literal);
            name.push(style.map_or(to.default_extension(), Style::extension));
            name
        };
        match (&self.output, &self.out_dir) {
            (Some(output), _) => (!is_dash(output)).then(|| output.clone()),
            (None, Some(folder)) => Some(folder.join(name())),
            (None, None) => (!is_elsewhere(input)).then(|| input.with_file_name(name())),
        }
    }

    fn options(&self) -> Options {
        let byte = |number: u32| u8::try_from(number).expect("parsed within a byte's range");
        Options {
            picture: self.picture.options(),
            table: TableOptions {
                delimiter: self.delimiter,
                newline: self.newline,
                sheet: self.sheet.clone(),
                fields: self.fields.as_ref().map(|fields| fields.0.clone()),
                extras: match self.extras {
                    ExtrasAction::Raise => Extras::Raise,
                    ExtrasAction::Ignore => Extras::Ignore,
                    ExtrasAction::Keep => Extras::Keep,
                },
                missing: self.missing.clone(),
                quoting: match self.quoting {
                    QuotingStyle::Minimal => Quoting::Minimal,
                    QuotingStyle::All => Quoting::All,
                    QuotingStyle::Nonnumeric => Quoting::NonNumeric,
                    QuotingStyle::None => Quoting::None,
                },
                without_header: self.without_header,
                fragment: self.fragment,
                typed: self.typed,
                table_name: self.table_name.clone(),
                create_table: self.create_table,
                empty_is_null: self.empty_null,
                sheet_name: self.sheet_name.clone(),
                ..TableOptions::default()
            },
            json: JsonOptions { indent: self.indent.map(byte), sort_keys: self.sort_keys },
            text: TextOptions { input: self.input_encoding, encoding: self.encoding, bom: self.bom, newline: self.newline },
            dump: DumpOptions {
                wrap: (self.wrap > 0).then_some(self.wrap),
                upper_case: self.upper,
                url_safe: self.url_safe,
                no_padding: self.no_padding,
                mime: self.mime.clone(),
                record: self.record,
                style: self.style.or_else(|| self.output.as_deref().and_then(style_of)),
                level: Some(byte(self.level)),
                time: self.time,
                limit: self.limit,
                address: self.address.unwrap_or(0).into(),
                start: self.start,
                fill: self.gap,
                name: self.name.clone(),
                partial: self.partial,
            },
        }
    }
}
