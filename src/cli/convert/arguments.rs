//! The arguments of `convert`, and the work that they ask for.

use std::path::{Path, PathBuf};

use super::picture::PictureArguments;
use super::{Stop, is_dash, style_of, target};
use crate::cli::input::is_elsewhere;
use crate::convert::numbers::{Part, parse_address, parse_len, parse_part};
use crate::convert::words::{parse_byte, parse_fields};
use crate::convert::{Destination, DialectChoice, OnExisting, Recipe, check_pattern};
use crate::formats::literal::Style;
use crate::formats::options::{parse_delimiter, parse_encoding, parse_newline, parse_within};
use crate::formats::text::{Encoding, NewlineStyle};
use crate::formats::{
    ColumnCompression, ColumnTypes, DumpOptions, Extras, Format, FormatError, JsonOptions, Options, Quoting, TableOptions,
    TextOptions,
};

const EXAMPLES: &str = "\
The target is --to, or what the output's extension says. Without -o and --into the result stands beside its input with \
the new extension; from standard input it goes to standard output. Nothing is overwritten without --overwrite, and an input \
never. Each file is read back and decoded before it has its name. What the result does not keep is told on standard error. FORMAT is a word of the first column of seektell formats.

Examples:
  seektell convert photo.png -o photo.jpg --quality 90 --background '#f0f0f0'
  seektell convert photo.jpg --thumbnail 200x150 -o small.jpg
  seektell convert scan.png --crop 10,10,600,800 --rotate 90 --mode 1 -o page.tiff
  seektell convert people.csv --to json --indent 2 -o -
  seektell convert old.txt -o new.txt --input-encoding windows-1252 --newline lf
  seektell convert dump.txt --from hexdump --to bytes -o firmware.bin
  seektell convert *.bmp --to png --into converted
  seektell convert *.png --to jpeg --into small.zip --thumbnail 800x800 --names '{name}-small' --existing rename
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

/// The words of `--types`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum TypesKind {
    /// Numbers, days and truth values where the text of every cell comes back from them, or text
    Exact,
    /// All text
    Text,
}

/// Names of columns, written as one row of CSV.
#[derive(Clone, Debug)]
struct Fields(Vec<String>);

impl Fields {
    fn parse(text: &str) -> Result<Self, FormatError> {
        parse_fields(text).map(Self)
    }
}

/// The words of `--existing`.
fn parse_existing(word: &str) -> Result<OnExisting, String> {
    OnExisting::from_word(word).ok_or_else(|| format!("{word:?} is none of refuse, skip, rename, overwrite"))
}

fn parse_names(pattern: &str) -> Result<String, FormatError> {
    check_pattern(pattern).map(|()| pattern.to_owned())
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Arguments {
    /// The files; - reads standard input, https://… asks for an address
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// Where to write; - is standard output
    #[arg(short, long, value_name = "OUT", conflicts_with = "into")]
    output: Option<PathBuf>,
    /// The folder for the results, made if it is not there; or one ZIP for all of them, whose name ends in .zip
    #[arg(long, visible_alias = "out-dir", value_name = "FOLDER|X.zip")]
    into: Option<PathBuf>,
    /// What results are called: {name} is the input's name, {number} its place among the inputs; the extension is added
    #[arg(long, value_name = "PATTERN", value_parser = parse_names, default_value = Recipe::NAMES, hide_default_value = true, conflicts_with = "output")]
    names: String,
    /// If the name of a result is taken: refuse, skip, rename (a number is added) or overwrite (never an input)
    #[arg(long, value_name = "ACTION", value_parser = parse_existing, conflicts_with = "overwrite")]
    existing: Option<OnExisting>,
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
    /// Replace files that exist: --existing overwrite
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
    /// What columns of Parquet and Arrow are
    #[arg(long, value_name = "KIND", value_enum, default_value = "exact", help_heading = "Tables")]
    types: TypesKind,
    /// How columns of Parquet and Arrow are packed: usual (Snappy in Parquet, not in Arrow), none, lz4, zstd; in Parquet also snappy, gzip, brotli
    #[arg(long, value_name = "KIND", default_value = "usual", help_heading = "Tables")]
    compression: ColumnCompression,
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
    /// Keep what can be read of an input that is cut off, and of base64 with other characters in it; strict without
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

fn parse_format(word: &str) -> Result<Format, String> {
    Format::from_id(word).ok_or_else(|| format!("{word:?} is no format; seektell formats lists them"))
}

impl Arguments {
    /// The files.
    pub(super) fn inputs(&self) -> &[PathBuf] {
        &self.inputs
    }

    /// Where the one result goes if not to a file: standard output.
    pub(super) fn is_to_stdout(&self) -> bool {
        match (&self.output, &self.into) {
            (Some(output), _) => is_dash(output),
            (None, None) => self.inputs.iter().any(|path| is_elsewhere(path)),
            (None, Some(_)) => false,
        }
    }

    /// What is to be done; checked as far as that goes without reading an input.
    pub(super) fn recipe(&self) -> Result<Recipe, Stop> {
        if self.inputs.len() > 1 && self.into.is_none() {
            return Err(Stop::Usage("several inputs need --into FOLDER or --into X.zip".into()));
        }
        if self.inputs.iter().filter(|path| is_dash(path)).count() > 1 {
            return Err(Stop::Usage("standard input can be read only once".into()));
        }
        let to = target(self.to, self.output.as_deref())?;
        self.picture.check(to)?;
        let options = self.options();
        options.validate(to).map_err(|error| Stop::Usage(error.to_string()))?;
        let is_zip = |path: &Path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        Ok(Recipe {
            from: self.from,
            to,
            options,
            dialect: DialectChoice {
                delimiter: self.input_delimiter,
                header: (self.header || self.no_header).then_some(self.header),
            },
            member: self.member.clone(),
            range: self.range,
            into: match (&self.output, &self.into) {
                (Some(output), _) => Destination::File(output.clone()),
                (None, Some(zip)) if is_zip(zip) => Destination::Zip(zip.clone()),
                (None, Some(folder)) => Destination::Folder(folder.clone()),
                (None, None) => Destination::Beside,
            },
            names: self.names.clone(),
            existing: if self.overwrite { OnExisting::Overwrite } else { self.existing.unwrap_or_default() },
        })
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
                types: match self.types {
                    TypesKind::Exact => ColumnTypes::Exact,
                    TypesKind::Text => ColumnTypes::Text,
                },
                compression: self.compression,
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

#[cfg(test)]
mod tests {
    use clap::{Args as _, FromArgMatches as _};

    use super::*;
    use crate::convert::words::{CHOICES, say, words};

    /// Arguments that say what is converted and where to, not how; and the short word for one of the choices.
    const OTHERS: &[&str] = &["output", "into", "to", "from", "range", "member", "overwrite"];

    fn command() -> clap::Command {
        Arguments::augment_args(clap::Command::new("convert"))
    }

    #[test]
    fn every_choice_of_the_panel_is_an_argument_and_the_other_way_round() {
        let command = command();
        let known: Vec<&str> = command.get_opts().filter_map(clap::Arg::get_long).collect();
        for argument in known.iter().filter(|argument| !OTHERS.contains(argument)) {
            assert!(CHOICES.iter().any(|choice| choice.flag == *argument), "the panel has no choice for --{argument}");
        }
        for choice in CHOICES {
            assert!(known.contains(&choice.flag), "convert has no --{} ({})", choice.flag, choice.label);
        }
    }

    #[test]
    fn the_words_of_a_recipe_mean_the_same_on_the_command_line() {
        let said = [
            ("quality", "50"),
            ("subsampling", "4:2:0"),
            ("progressive", ""),
            ("png-level", "2"),
            ("crop", "0,0,9,9"),
            ("resize", "30x20"),
            ("fit", ""),
            ("filter", "bilinear"),
            ("mode", "P:16"),
            ("no-dither", ""),
            ("delimiter", ";"),
            ("no-header", ""),
            ("fields", "a,\"b, c\""),
            ("extras", "ignore"),
            ("quoting", "all"),
            ("types", "text"),
            ("compression", "lz4"),
            ("encoding", "utf-16be"),
            ("newline", "lf"),
            ("indent", "2"),
            ("wrap", "76"),
            ("address", "0x10"),
            ("gap", "0x00"),
            ("style", "go"),
            ("level", "9"),
            ("limit", "4096"),
            ("names", "{number}"),
            ("existing", "skip"),
        ];
        let mut recipe = Recipe::new(Format::Png);
        for (flag, value) in said {
            say(&mut recipe, flag, value).unwrap();
        }
        let mut line = vec!["convert".to_owned(), "in.png".into(), "--to=png".into()];
        line.extend(words(&recipe).into_iter().map(|(flag, value)| match value {
            Some(value) => format!("--{flag}={value}"),
            None => format!("--{flag}"),
        }));
        let matches = command().try_get_matches_from(&line).unwrap();
        let parsed = Arguments::from_arg_matches(&matches).unwrap().recipe().unwrap();
        assert_eq!(words(&parsed), words(&recipe), "{line:?}");
    }
}
