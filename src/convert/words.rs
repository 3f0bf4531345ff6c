//! Every choice of a recipe by its word on the command line: one table for the terminal, the panel and the settings.
//!
//! A test compares it with the arguments of `seektell convert` in both directions, and with what the panel shows.

use super::{OnExisting, Recipe, check_pattern};
use crate::formats::literal::Style;
use crate::formats::options::{
    ColorPolicy, MetadataPolicy, Subsampling, TiffCompression, parse_color, parse_delimiter, parse_encoding, parse_newline,
    parse_within,
};
use crate::formats::picture::ops::{Filter, Flip, Mode, Resize, Rotation, parse_crop, parse_size};
use crate::formats::text::NewlineStyle;
use crate::formats::{ColumnCompression, ColumnTypes, DumpOptions, Extras, FormatError, JsonOptions, Quoting};

/// One choice.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The word after `--`.
    pub flag: &'static str,
    /// What the panel calls it.
    pub label: &'static str,
    /// Whether a value follows.
    pub value: bool,
    get: fn(&Recipe) -> Option<String>,
    set: fn(&mut Recipe, &str) -> Result<(), FormatError>,
}

const fn choice(
    flag: &'static str,
    label: &'static str,
    get: fn(&Recipe) -> Option<String>,
    set: fn(&mut Recipe, &str) -> Result<(), FormatError>,
) -> Choice {
    Choice { flag, label, value: true, get, set }
}

/// A choice that is said or not said.
macro_rules! switch {
    ($flag:literal, $label:literal, $($field:ident).+) => {
        Choice {
            flag: $flag,
            label: $label,
            value: false,
            get: |recipe| recipe.$($field).+.then(String::new),
            set: |recipe, _| { recipe.$($field).+ = true; Ok(()) },
        }
    };
}

/// A text that may be there.
macro_rules! text {
    ($flag:literal, $label:literal, $($field:ident).+) => {
        choice($flag, $label, |recipe| recipe.$($field).+.clone(), |recipe, text| {
            recipe.$($field).+ = Some(text.to_owned());
            Ok(())
        })
    };
}

/// A number that differs from `$usual` where it is said.
macro_rules! number {
    ($flag:literal, $label:literal, $($field:ident).+, $what:literal, $range:expr, $usual:expr) => {
        choice(
            $flag,
            $label,
            |recipe| { let now = u32::from(recipe.$($field).+); (now != $usual).then(|| now.to_string()) },
            |recipe, text| {
                recipe.$($field).+ = parse_within($what, text, $range)?.try_into().unwrap_or_default();
                Ok(())
            },
        )
    };
}

/// A number that may be there.
macro_rules! maybe {
    ($flag:literal, $label:literal, $($field:ident).+, $what:literal, $range:expr) => {
        choice(
            $flag,
            $label,
            |recipe| recipe.$($field).+.map(|number| number.to_string()),
            |recipe, text| {
                recipe.$($field).+ = parse_within($what, text, $range)?.try_into().ok();
                Ok(())
            },
        )
    };
}

fn delimiter_word(byte: u8) -> String {
    match byte {
        b'\t' => "tab".into(),
        b' ' => "space".into(),
        byte => char::from(byte).into(),
    }
}

fn newline_word(newline: NewlineStyle) -> String {
    match newline {
        NewlineStyle::Lf => "lf",
        NewlineStyle::CrLf => "crlf",
        NewlineStyle::Cr => "cr",
    }
    .into()
}

fn unknown(what: &str, word: &str) -> FormatError {
    FormatError::Option(format!("{word:?} is not {what}"))
}

fn size_word(width: u32, height: u32) -> String {
    format!("{width}x{height}")
}

fn resize_size(resize: Option<Resize>) -> Option<(u32, u32)> {
    match resize? {
        Resize::Exact { width, height } | Resize::Fit { width, height } | Resize::Fill { width, height } => Some((width, height)),
        Resize::Thumbnail { .. } => None,
    }
}

fn mode_word(mode: Mode) -> String {
    match mode {
        Mode::Rgb => "RGB".into(),
        Mode::Rgba => "RGBA".into(),
        Mode::Grey => "L".into(),
        Mode::GreyAlpha => "LA".into(),
        Mode::Bilevel => "1".into(),
        Mode::Palette { colors: 256 } => "P".into(),
        Mode::Palette { colors } => format!("P:{colors}"),
    }
}

fn fields_word(fields: &[String]) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(fields).ok();
    let row = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&row).trim_end_matches('\n').to_owned()
}

/// Names of columns as one row of CSV: `a,"b, c"`.
///
/// # Errors
/// [`FormatError::Option`] where there are none.
pub fn parse_fields(text: &str) -> Result<Vec<String>, FormatError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let wrong = |what: String| FormatError::Option(what);
    let row = reader.records().next().transpose().map_err(|error| wrong(error.to_string()))?;
    row.map(|row| row.iter().map(str::to_owned).collect()).ok_or_else(|| wrong("name at least one column".into()))
}

/// Every choice but the target and where results go.
pub const CHOICES: &[Choice] = &[
    number!("quality", "Quality", options.picture.quality, "the JPEG quality", 1..=100, 85),
    choice(
        "subsampling",
        "Colour detail",
        |recipe| {
            recipe.options.picture.subsampling.map(|kept| match kept {
                Subsampling::S444 => "4:4:4".into(),
                Subsampling::S422 => "4:2:2".into(),
                Subsampling::S420 => "4:2:0".into(),
            })
        },
        |recipe, word| word.parse().map(|kept| recipe.options.picture.subsampling = Some(kept)),
    ),
    switch!("progressive", "Progressive", options.picture.progressive),
    switch!("optimize", "Optimise", options.picture.optimize),
    number!("png-level", "Compression", options.picture.png_level, "the PNG level", 0..=9, 6),
    choice(
        "tiff-compression",
        "Packing",
        |recipe| match recipe.options.picture.tiff_compression {
            TiffCompression::None => None,
            TiffCompression::Lzw => Some("lzw".into()),
            TiffCompression::Deflate => Some("deflate".into()),
            TiffCompression::PackBits => Some("packbits".into()),
        },
        |recipe, word| word.parse().map(|how| recipe.options.picture.tiff_compression = how),
    ),
    choice(
        "background",
        "Behind transparency",
        |recipe| {
            let [r, g, b] = recipe.options.picture.background;
            ([r, g, b] != [255; 3]).then(|| format!("#{r:02X}{g:02X}{b:02X}"))
        },
        |recipe, word| parse_color(word).map(|color| recipe.options.picture.background = color),
    ),
    maybe!("frame", "Frame", options.picture.frame, "the frame", 1..=u32::MAX),
    maybe!("loop", "Times played", options.picture.loops, "how often an animation is played", 0..=65_535),
    maybe!("delay", "Delay (ms)", options.picture.delay, "the delay of a frame", 1..=655_350),
    maybe!("width", "Drawing width", options.picture.drawing_width, "the width of a drawing", 1..=65_535),
    maybe!("height", "Drawing height", options.picture.drawing_height, "the height of a drawing", 1..=65_535),
    number!("dpi", "Dots an inch", options.picture.drawing_dpi, "the dots an inch of a drawing", 1..=9_600, 96),
    choice(
        "metadata",
        "Metadata",
        |recipe| match recipe.options.picture.metadata {
            MetadataPolicy::Keep => None,
            MetadataPolicy::Strip => Some("strip".into()),
            MetadataPolicy::Safe => Some("safe".into()),
        },
        |recipe, word| word.parse().map(|how| recipe.options.picture.metadata = how),
    ),
    choice(
        "color",
        "Colour profile",
        |recipe| match recipe.options.picture.color {
            ColorPolicy::Keep => None,
            ColorPolicy::Srgb => Some("srgb".into()),
        },
        |recipe, word| word.parse().map(|how| recipe.options.picture.color = how),
    ),
    choice(
        "crop",
        "Crop",
        |recipe| {
            let crop = recipe.options.picture.operations.crop?;
            Some(format!("{},{},{},{}", crop.x, crop.y, crop.width, crop.height))
        },
        |recipe, word| parse_crop(word).map(|crop| recipe.options.picture.operations.crop = Some(crop)),
    ),
    choice(
        "rotate",
        "Rotate",
        |recipe| match recipe.options.picture.operations.rotate {
            Rotation::None => None,
            Rotation::Clockwise90 => Some("90".into()),
            Rotation::Half => Some("180".into()),
            Rotation::Clockwise270 => Some("270".into()),
        },
        |recipe, word| word.parse().map(|turn| recipe.options.picture.operations.rotate = turn),
    ),
    choice(
        "flip",
        "Flip",
        |recipe| {
            recipe.options.picture.operations.flip.map(|flip| match flip {
                Flip::Horizontal => "h".into(),
                Flip::Vertical => "v".into(),
            })
        },
        |recipe, word| word.parse().map(|flip| recipe.options.picture.operations.flip = Some(flip)),
    ),
    choice(
        "resize",
        "Size",
        |recipe| resize_size(recipe.options.picture.operations.resize).map(|(width, height)| size_word(width, height)),
        |recipe, word| {
            let (width, height) = parse_size(word)?;
            let resize = &mut recipe.options.picture.operations.resize;
            *resize = Some(match resize {
                Some(Resize::Fit { .. }) => Resize::Fit { width, height },
                Some(Resize::Fill { .. }) => Resize::Fill { width, height },
                _ => Resize::Exact { width, height },
            });
            Ok(())
        },
    ),
    Choice {
        flag: "fit",
        label: "Fit inside",
        value: false,
        get: |recipe| matches!(recipe.options.picture.operations.resize, Some(Resize::Fit { .. })).then(String::new),
        set: |recipe, _| {
            let (width, height) = resize_size(recipe.options.picture.operations.resize).unwrap_or((1, 1));
            recipe.options.picture.operations.resize = Some(Resize::Fit { width, height });
            Ok(())
        },
    },
    Choice {
        flag: "fill",
        label: "Fill, cut off the rest",
        value: false,
        get: |recipe| matches!(recipe.options.picture.operations.resize, Some(Resize::Fill { .. })).then(String::new),
        set: |recipe, _| {
            let (width, height) = resize_size(recipe.options.picture.operations.resize).unwrap_or((1, 1));
            recipe.options.picture.operations.resize = Some(Resize::Fill { width, height });
            Ok(())
        },
    },
    choice(
        "thumbnail",
        "Thumbnail",
        |recipe| match recipe.options.picture.operations.resize {
            Some(Resize::Thumbnail { width, height }) => Some(size_word(width, height)),
            _ => None,
        },
        |recipe, word| {
            let (width, height) = parse_size(word)?;
            recipe.options.picture.operations.resize = Some(Resize::Thumbnail { width, height });
            Ok(())
        },
    ),
    choice(
        "filter",
        "Filter",
        |recipe| match recipe.options.picture.operations.filter {
            Filter::Lanczos3 => None,
            Filter::CatmullRom => Some("catmull-rom".into()),
            Filter::Bilinear => Some("bilinear".into()),
            Filter::Nearest => Some("nearest".into()),
        },
        |recipe, word| word.parse().map(|filter| recipe.options.picture.operations.filter = filter),
    ),
    choice(
        "mode",
        "Colours",
        |recipe| recipe.options.picture.operations.mode.map(mode_word),
        |recipe, word| {
            recipe.options.picture.operations.mode = Some(word.parse()?);
            recipe.options.picture.operations.dither = true;
            Ok(())
        },
    ),
    Choice {
        flag: "no-dither",
        label: "Dither",
        value: false,
        get: |recipe| {
            let operations = &recipe.options.picture.operations;
            (operations.mode.is_some() && !operations.dither).then(String::new)
        },
        set: |recipe, _| {
            recipe.options.picture.operations.dither = false;
            Ok(())
        },
    },
    choice(
        "delimiter",
        "Delimiter",
        |recipe| recipe.options.table.delimiter.map(delimiter_word),
        |recipe, word| parse_delimiter(word).map(|byte| recipe.options.table.delimiter = Some(byte)),
    ),
    choice(
        "input-delimiter",
        "Read with delimiter",
        |recipe| recipe.dialect.delimiter.map(delimiter_word),
        |recipe, word| parse_delimiter(word).map(|byte| recipe.dialect.delimiter = Some(byte)),
    ),
    Choice {
        flag: "header",
        label: "First row",
        value: false,
        get: |recipe| (recipe.dialect.header == Some(true)).then(String::new),
        set: |recipe, _| {
            recipe.dialect.header = Some(true);
            Ok(())
        },
    },
    Choice {
        flag: "no-header",
        label: "First row",
        value: false,
        get: |recipe| (recipe.dialect.header == Some(false)).then(String::new),
        set: |recipe, _| {
            recipe.dialect.header = Some(false);
            Ok(())
        },
    },
    choice(
        "fields",
        "Columns",
        |recipe| recipe.options.table.fields.as_deref().map(fields_word),
        |recipe, word| parse_fields(word).map(|fields| recipe.options.table.fields = Some(fields)),
    ),
    choice(
        "extras",
        "Other columns",
        |recipe| match (&recipe.options.table.fields, recipe.options.table.extras) {
            (None, _) | (_, Extras::Raise) => None,
            (_, Extras::Ignore) => Some("ignore".into()),
            (_, Extras::Keep) => Some("keep".into()),
        },
        |recipe, word| {
            recipe.options.table.extras = match word {
                "raise" => Extras::Raise,
                "ignore" => Extras::Ignore,
                "keep" => Extras::Keep,
                _ => return Err(unknown("raise, ignore or keep", word)),
            };
            Ok(())
        },
    ),
    text!("missing", "Missing cells", options.table.missing),
    choice(
        "quoting",
        "Quotes",
        |recipe| match recipe.options.table.quoting {
            Quoting::Minimal => None,
            Quoting::All => Some("all".into()),
            Quoting::NonNumeric => Some("nonnumeric".into()),
            Quoting::None => Some("none".into()),
        },
        |recipe, word| {
            recipe.options.table.quoting = match word {
                "minimal" => Quoting::Minimal,
                "all" => Quoting::All,
                "nonnumeric" => Quoting::NonNumeric,
                "none" => Quoting::None,
                _ => return Err(unknown("minimal, all, nonnumeric or none", word)),
            };
            Ok(())
        },
    ),
    switch!("without-header", "Without header row", options.table.without_header),
    switch!("fragment", "Table only, no page", options.table.fragment),
    choice(
        "types",
        "Columns are",
        |recipe| match recipe.options.table.types {
            ColumnTypes::Exact => None,
            ColumnTypes::Text => Some("text".into()),
        },
        |recipe, word| {
            recipe.options.table.types = match word {
                "exact" => ColumnTypes::Exact,
                "text" => ColumnTypes::Text,
                _ => return Err(unknown("exact or text", word)),
            };
            Ok(())
        },
    ),
    choice(
        "compression",
        "Packing",
        |recipe| {
            let kind = recipe.options.table.compression;
            (kind != ColumnCompression::Usual).then(|| kind.word().into())
        },
        |recipe, word| word.parse().map(|kind| recipe.options.table.compression = kind),
    ),
    text!("table-name", "Table name", options.table.table_name),
    switch!("create-table", "Begin with CREATE TABLE", options.table.create_table),
    switch!("empty-null", "Empty cells as NULL", options.table.empty_is_null),
    text!("sheet", "Read sheet", options.table.sheet),
    text!("sheet-name", "Sheet name", options.table.sheet_name),
    choice(
        "encoding",
        "Encoding",
        |recipe| {
            let encoding = recipe.options.text.encoding;
            (encoding != Default::default()).then(|| encoding.name().to_ascii_lowercase())
        },
        |recipe, word| parse_encoding(word).map(|encoding| recipe.options.text.encoding = encoding),
    ),
    choice(
        "input-encoding",
        "Read as",
        |recipe| recipe.options.text.input.map(|encoding| encoding.name().to_ascii_lowercase()),
        |recipe, word| parse_encoding(word).map(|encoding| recipe.options.text.input = Some(encoding)),
    ),
    choice(
        "newline",
        "Line ends",
        |recipe| recipe.options.text.newline.or(recipe.options.table.newline).map(newline_word),
        |recipe, word| {
            let newline = parse_newline(word)?;
            (recipe.options.text.newline, recipe.options.table.newline) = (Some(newline), Some(newline));
            Ok(())
        },
    ),
    switch!("bom", "Byte order mark", options.text.bom),
    maybe!("indent", "Indent", options.json.indent, "the indent", 0..=JsonOptions::MAX_INDENT.into()),
    switch!("sort-keys", "Sort keys", options.json.sort_keys),
    choice(
        "wrap",
        "Characters a line",
        |recipe| recipe.options.dump.wrap.map(|wrap| wrap.to_string()),
        |recipe, text| {
            let wrap = parse_within("the line length", text, 0..=DumpOptions::MAX_WRAP)?;
            recipe.options.dump.wrap = (wrap > 0).then_some(wrap);
            Ok(())
        },
    ),
    switch!("url-safe", "Safe in URLs: - and _", options.dump.url_safe),
    switch!("no-padding", "No = at the end", options.dump.no_padding),
    switch!("upper", "Upper case digits", options.dump.upper_case),
    maybe!("record", "Bytes a line", options.dump.record, "bytes a record", 1..=DumpOptions::MAX_RECORD),
    choice(
        "address",
        "Address of the first byte",
        |recipe| Some(recipe.options.dump.address).filter(|&address| address > 0).map(|address| format!("0x{address:X}")),
        |recipe, word| {
            recipe.options.dump.address = super::numbers::parse_address(word).map_err(FormatError::Option)?.into();
            Ok(())
        },
    ),
    choice(
        "start",
        "Program begins at",
        |recipe| recipe.options.dump.start.map(|start| format!("0x{start:X}")),
        |recipe, word| {
            recipe.options.dump.start = Some(super::numbers::parse_address(word).map_err(FormatError::Option)?);
            Ok(())
        },
    ),
    choice(
        "gap",
        "Fill gaps with",
        |recipe| recipe.options.dump.fill.map(|byte| format!("0x{byte:02X}")),
        |recipe, word| parse_byte(word).map(|byte| recipe.options.dump.fill = Some(byte)),
    ),
    text!("name", "Name inside", options.dump.name),
    choice(
        "style",
        "Written as",
        |recipe| recipe.options.dump.style.map(|style| style.id().to_owned()),
        |recipe, word| {
            recipe.options.dump.style = Some(Style::from_id(word).ok_or_else(|| unknown("a style of literals", word))?);
            Ok(())
        },
    ),
    choice(
        "level",
        "Effort",
        |recipe| recipe.options.dump.level.filter(|&level| level != DumpOptions::LEVEL).map(|level| level.to_string()),
        |recipe, text| {
            recipe.options.dump.level = parse_within("the level", text, 0..=9)?.try_into().ok();
            Ok(())
        },
    ),
    maybe!("time", "Time inside, in seconds", options.dump.time, "the time", 0..=u32::MAX),
    choice(
        "limit",
        "Limit when unpacked",
        |recipe| recipe.options.dump.limit.map(|limit| limit.to_string()),
        |recipe, word| {
            recipe.options.dump.limit = Some(super::numbers::parse_len(word).map_err(FormatError::Option)?);
            Ok(())
        },
    ),
    switch!("partial", "Keep what can be read", options.dump.partial),
    text!("mime", "Media type", options.dump.mime),
    choice(
        "names",
        "Names",
        |recipe| (recipe.names != Recipe::NAMES).then(|| recipe.names.clone()),
        |recipe, pattern| check_pattern(pattern).map(|()| recipe.names = pattern.to_owned()),
    ),
    choice(
        "existing",
        "If the name is taken",
        |recipe| Some(recipe.existing).filter(|choice| *choice != OnExisting::Refuse).map(|choice| choice.word().to_owned()),
        |recipe, word| {
            recipe.existing = OnExisting::from_word(word).ok_or_else(|| unknown("refuse, skip, rename or overwrite", word))?;
            Ok(())
        },
    ),
];

/// A byte as a person writes it: 255 or 0xFF.
///
/// # Errors
/// [`FormatError::Option`] for what is none.
pub fn parse_byte(text: &str) -> Result<u8, FormatError> {
    let byte = super::numbers::parse_address(text).ok().and_then(|number| u8::try_from(number).ok());
    byte.ok_or_else(|| FormatError::Option(format!("{text:?} is not a byte from 0 to 255 (0xFF)")))
}

/// What `recipe` says beyond the usual: flags, each with its value where it has one.
pub fn words(recipe: &Recipe) -> Vec<(&'static str, Option<String>)> {
    let said = CHOICES.iter().filter_map(|choice| (choice.get)(recipe).map(|value| (choice.flag, choice.value.then_some(value))));
    said.collect()
}

/// Says one of the choices.
///
/// # Errors
/// [`FormatError::Option`] for a flag that is none, and a value that it cannot have.
pub fn say(recipe: &mut Recipe, flag: &str, value: &str) -> Result<(), FormatError> {
    let choice = CHOICES.iter().find(|choice| choice.flag == flag).ok_or_else(|| unknown("a choice", flag))?;
    (choice.set)(recipe, value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Format;

    #[test]
    fn a_recipe_comes_back_from_its_words() {
        let said = [
            ("quality", "50"),
            ("subsampling", "4:2:2"),
            ("progressive", ""),
            ("optimize", ""),
            ("png-level", "9"),
            ("tiff-compression", "lzw"),
            ("background", "#102030"),
            ("frame", "2"),
            ("loop", "0"),
            ("delay", "40"),
            ("width", "300"),
            ("height", "200"),
            ("dpi", "300"),
            ("metadata", "safe"),
            ("color", "srgb"),
            ("crop", "1,2,3,4"),
            ("rotate", "270"),
            ("flip", "v"),
            ("resize", "30x20"),
            ("fill", ""),
            ("filter", "nearest"),
            ("mode", "P:16"),
            ("no-dither", ""),
            ("delimiter", "tab"),
            ("input-delimiter", ";"),
            ("no-header", ""),
            ("fields", "a,\"b, c\""),
            ("extras", "keep"),
            ("missing", "-"),
            ("quoting", "nonnumeric"),
            ("without-header", ""),
            ("fragment", ""),
            ("types", "text"),
            ("compression", "zstd"),
            ("table-name", "t"),
            ("create-table", ""),
            ("empty-null", ""),
            ("sheet", "2"),
            ("sheet-name", "S"),
            ("encoding", "utf-16le"),
            ("input-encoding", "windows-1252"),
            ("newline", "cr"),
            ("bom", ""),
            ("indent", "3"),
            ("sort-keys", ""),
            ("wrap", "76"),
            ("url-safe", ""),
            ("no-padding", ""),
            ("upper", ""),
            ("record", "32"),
            ("address", "0x100"),
            ("start", "0x10"),
            ("gap", "0x00"),
            ("name", "n"),
            ("style", "rust"),
            ("level", "9"),
            ("time", "7"),
            ("limit", "1000"),
            ("partial", ""),
            ("mime", "a/b"),
            ("names", "{number}"),
            ("existing", "rename"),
        ];
        let mut recipe = Recipe::new(Format::Png);
        assert!(words(&recipe).is_empty(), "{:?}", words(&recipe));
        for (flag, value) in said {
            say(&mut recipe, flag, value).unwrap();
        }
        let again = words(&recipe);
        let expected: Vec<_> =
            said.iter().map(|(flag, value)| (*flag, Some((*value).to_owned()).filter(|v| !v.is_empty()))).collect();
        assert_eq!(again, expected);
        let mut other = Recipe::new(Format::Png);
        for (flag, value) in &again {
            say(&mut other, flag, value.as_deref().unwrap_or_default()).unwrap();
        }
        assert_eq!(other, recipe);
        let all: std::collections::HashSet<_> =
            said.iter().map(|(flag, _)| *flag).chain(["fit", "thumbnail", "header"]).collect();
        assert_eq!(all, CHOICES.iter().map(|choice| choice.flag).collect());
        assert!(say(&mut recipe, "nothing", "").is_err() && say(&mut recipe, "quality", "0").is_err());
    }
}
