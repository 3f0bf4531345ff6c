//! The one table of formats: the save dialog's filters, the Convert menu, `seektell formats` and the README are made from it.

/// A format that Seektell reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// PNG image
    Png,
    /// JPEG image
    Jpeg,
    /// GIF image
    Gif,
    /// BMP image
    Bmp,
    /// WebP image
    WebP,
    /// TIFF image
    Tiff,
    /// Windows icon
    Ico,
    /// Netpbm: PBM, PGM, PPM, PAM
    Pnm,
    /// Truevision TGA
    Tga,
    /// Quite OK Image
    Qoi,
    /// Radiance HDR
    Hdr,
    /// Farbfeld
    Farbfeld,
    /// DirectDraw surface
    Dds,
    /// JPEG XL
    Jxl,
    /// SVG drawing
    Svg,
    /// Comma-separated values (any delimiter on reading)
    Csv,
    /// Tab-separated values
    Tsv,
    /// Excel workbook
    Xlsx,
    /// Excel workbook in binary records
    Xlsb,
    /// Excel 97 to 2003 workbook
    Xls,
    /// OpenDocument spreadsheet
    Ods,
    /// Apache Parquet
    Parquet,
    /// Apache Arrow IPC file
    Arrow,
    /// Markdown table
    Markdown,
    /// HTML table
    Html,
    /// SQL statements
    Sql,
    /// PDF
    Pdf,
    /// JSON
    Json,
    /// JSON Lines
    JsonLines,
    /// Text in any encoding
    Text,
    /// Hexadecimal digits
    HexText,
    /// Canonical hex dump (`hexdump -C`)
    HexDump,
    /// Intel HEX
    IntelHex,
    /// Motorola S-record
    SRecord,
    /// Base64
    Base64,
    /// `data:` URL
    DataUrl,
    /// Source code that declares the bytes, and strings with escapes
    Literal,
    /// gzip
    Gzip,
    /// zlib
    Zlib,
    /// Zstandard
    Zstd,
    /// Any bytes, as they are
    Bytes,
}

/// What a format's content means; formats of one kind convert into each other through that meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Pixels.
    Picture,
    /// Rows and columns.
    Table,
    /// A tree of values that may be a table.
    Json,
    /// Characters.
    Text,
    /// Bytes written as text, or packed.
    Encoded,
    /// Bytes.
    Bytes,
}

/// One row of the registry.
#[derive(Clone, Copy, Debug)]
pub struct FormatInfo {
    /// The format.
    pub format: Format,
    /// The word after `--to`; lower case, stable.
    pub id: &'static str,
    /// What a person calls it, sentence case ("PNG image").
    pub name: &'static str,
    /// Its meaning.
    pub kind: Kind,
    /// File name extensions, the usual one first, without a dot.
    pub extensions: &'static [&'static str],
    /// Its media type, the registered one first.
    pub mime: &'static str,
    /// Whether it can be read (as more than bytes).
    pub reads: bool,
    /// Whether it can be written.
    pub writes: bool,
    /// A remark for the table: what is special or lost.
    pub note: &'static str,
}

macro_rules! formats {
    ($($format:ident $id:literal $name:literal $kind:ident [$($ext:literal)*] $mime:literal $reads:tt $writes:tt $note:literal;)*) => {
        /// All formats, in the order menus show them.
        pub const FORMATS: &[FormatInfo] = &[$(FormatInfo {
            format: Format::$format, id: $id, name: $name, kind: Kind::$kind, extensions: &[$($ext),*],
            mime: $mime, reads: $reads, writes: $writes, note: $note,
        }),*];
    };
}

/// Parquet and Arrow are there when the feature `columnar` is.
const COLUMNAR: bool = cfg!(feature = "columnar");

formats! {
    Png "png" "PNG image" Picture ["png" "apng"] "image/png" true true "lossless; animations with all frames";
    Jpeg "jpeg" "JPEG image" Picture ["jpg" "jpeg" "jpe" "jfif"] "image/jpeg" true true "quality 1 to 100; no transparency";
    Gif "gif" "GIF image" Picture ["gif"] "image/gif" true true "256 colours a frame; animations with all frames";
    Bmp "bmp" "BMP image" Picture ["bmp" "dib"] "image/bmp" true true "8 bits a channel";
    WebP "webp" "WebP image" Picture ["webp"] "image/webp" true true "written lossless; at most 16,383 pixels a side; animations";
    Tiff "tiff" "TIFF image" Picture ["tiff" "tif"] "image/tiff" true true "all pages are read, one is written";
    Ico "ico" "Windows icon" Picture ["ico"] "image/vnd.microsoft.icon" true true "at most 256 x 256 pixels; the largest picture is read";
    Pnm "pnm" "Netpbm image" Picture ["pnm" "ppm" "pgm" "pbm" "pam"] "image/x-portable-anymap" true true "PBM, PGM, PPM and PAM; transparency in .pam only";
    Tga "tga" "TGA image" Picture ["tga" "icb" "vda" "vst"] "image/x-tga" true true "told by its footer or its name";
    Qoi "qoi" "QOI image" Picture ["qoi"] "image/qoi" true true "8 bits a channel";
    Hdr "hdr" "Radiance HDR image" Picture ["hdr" "rgbe"] "image/vnd.radiance" true true "light as floats of 8 bits with one exponent a pixel";
    Farbfeld "farbfeld" "Farbfeld image" Picture ["ff" "farbfeld"] "image/x-farbfeld" true true "16 bits a channel";
    Dds "dds" "DDS texture" Picture ["dds"] "image/vnd.ms-dds" true false "DXT1, DXT3, DXT5 and uncompressed; the largest copy";
    Jxl "jxl" "JPEG XL image" Picture ["jxl"] "image/jxl" (cfg!(feature = "jxl")) false "the first frame; 8 or 16 bits a channel";
    Svg "svg" "SVG drawing" Picture ["svg"] "image/svg+xml" (cfg!(feature = "svg")) false "drawn at any size; no scripts, no outside files, fonts that come along";
    Csv "csv" "CSV table" Table ["csv"] "text/csv" true true "any delimiter is read; cells stay text";
    Tsv "tsv" "TSV table" Table ["tsv" "tab"] "text/tab-separated-values" true true "cells stay text";
    Xlsx "xlsx" "Excel workbook" Table ["xlsx" "xlsm" "xltx"] "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" true true "one sheet, more for more rows than it holds; a number is written as one only if its text comes back";
    Xlsb "xlsb" "Excel binary workbook" Table ["xlsb"] "application/vnd.ms-excel.sheet.binary.macroenabled.12" true false "one sheet; formulas as their values";
    Xls "xls" "Excel 97-2003 workbook" Table ["xls"] "application/vnd.ms-excel" true false "one sheet; formulas as their values";
    Ods "ods" "OpenDocument spreadsheet" Table ["ods"] "application/vnd.oasis.opendocument.spreadsheet" true false "one sheet; formulas as their values";
    Parquet "parquet" "Parquet table" Table ["parquet" "pq"] "application/vnd.apache.parquet" COLUMNAR COLUMNAR "columns typed where every text comes back, or all of text";
    Arrow "arrow" "Arrow table" Table ["arrow" "feather"] "application/vnd.apache.arrow.file" COLUMNAR COLUMNAR "IPC file; columns typed where every text comes back, or all of text";
    Markdown "markdown" "Markdown table" Table ["md" "markdown"] "text/markdown" false true "as GitHub writes tables; cells stay text";
    Html "html" "HTML table" Table ["html" "htm"] "text/html" false true "a page or a fragment; cells are escaped";
    Sql "sql" "SQL statements" Table ["sql"] "application/sql" false true "INSERT, and CREATE TABLE on request; all values are texts";
    Pdf "pdf" "PDF document" Table ["pdf"] "application/pdf" false true "a table on pages, or a report; text can be searched";
    Json "json" "JSON" Json ["json"] "application/json" true true "numbers and key order untouched";
    JsonLines "jsonl" "JSON Lines" Json ["jsonl" "ndjson"] "application/jsonl" true true "one value a line";
    Text "text" "Plain text" Text ["txt" "text" "log"] "text/plain" true true "any encoding and line end";
    HexText "hex" "Hex text" Encoded ["hex"] "text/x-hex" true true "separators, 0x and \\x are read";
    HexDump "hexdump" "Hex dump" Encoded ["hexdump" "dump"] "text/x-hexdump" true true "as hexdump -C writes; xxd is read too";
    IntelHex "ihex" "Intel HEX" Encoded ["ihex" "ihx" "ihe" "h86"] "text/x-intel-hex" true true "addresses, gaps and checksums; .hex too, told by its content";
    SRecord "srec" "Motorola S-record" Encoded ["srec" "s19" "s28" "s37" "mot" "mhx"] "text/x-srecord" true true "S19, S28 or S37 by the highest address";
    Base64 "base64" "Base64" Encoded ["b64" "base64"] "text/x-base64" true true "standard or URL-safe alphabet";
    DataUrl "dataurl" "Data URL" Encoded ["dataurl"] "text/x-data-url" true true "media type detected";
    Literal "literal" "Source code literal" Encoded ["literal"] "text/x-literal" true true "C, C++, Rust, Python, Go, Java, JavaScript, escapes, percent";
    Gzip "gzip" "gzip" Encoded ["gz"] "application/gzip" true true "all members; level 0 to 9";
    Zlib "zlib" "zlib" Encoded ["zz"] "application/zlib" true true "level 0 to 9";
    Zstd "zstd" "Zstandard" Encoded ["zst"] "application/zstd" true false "all frames";
    Bytes "bytes" "Bytes" Bytes ["bin"] "application/octet-stream" true true "as they are";
}

/// One line of a save dialog's list of formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The format that is meant when the person picks this line.
    pub format: Format,
    /// What the line says ("PNG image").
    pub name: &'static str,
    /// The extensions it admits, the usual one first, without a dot.
    pub extensions: &'static [&'static str],
}

/// The lines of a save dialog for `formats`, in the same order; formats that cannot be written are left out.
pub fn filters(formats: &[Format]) -> Vec<Filter> {
    let line = |format: &Format| {
        let info = format.info();
        info.writes.then_some(Filter { format: *format, name: info.name, extensions: info.extensions })
    };
    formats.iter().filter_map(line).collect()
}

/// The registry as a Markdown table: the README carries it between two marker comments, and a test compares them.
pub fn markdown() -> String {
    let mut text = String::from("| format | `--to` | extensions | reads | writes | remarks |\n|---|---|---|---|---|---|\n");
    for info in FORMATS {
        let extensions: Vec<_> = info.extensions.iter().map(|extension| format!("`.{extension}`")).collect();
        let tick = |yes| if yes { "yes" } else { "no" };
        let note = info.note.replace('|', "\\|");
        let row = [info.name, &format!("`{}`", info.id), &extensions.join(" "), tick(info.reads), tick(info.writes), &note];
        text.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    text
}

impl Format {
    /// Every format, in the order menus show them.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        FORMATS.iter().map(|info| info.format)
    }

    /// The registry's row.
    pub fn info(self) -> &'static FormatInfo {
        FORMATS.iter().find(|info| info.format == self).expect("every format has a row")
    }

    /// Whether its content is no text (pictures but drawings in SVG, workbooks, plain bytes), so that nobody wants to read it on a terminal.
    pub fn is_binary(self) -> bool {
        (matches!(self.kind(), Kind::Picture | Kind::Bytes) && self != Self::Svg)
            || super::packed::is_packed(self)
            || self.is_workbook()
            || matches!(self, Self::Parquet | Self::Arrow | Self::Pdf)
    }

    /// Whether it holds sheets, of which one is read.
    pub fn is_workbook(self) -> bool {
        matches!(self, Self::Xlsx | Self::Xlsb | Self::Xls | Self::Ods)
    }

    /// What its content means.
    pub fn kind(self) -> Kind {
        self.info().kind
    }

    /// The extension a new file of this format gets, without a dot.
    pub fn default_extension(self) -> &'static str {
        self.info().extensions.first().copied().expect("every format has an extension")
    }

    /// The format named by a `--to` word, or by one of its extensions.
    pub fn from_id(id: &str) -> Option<Self> {
        let id = id.trim_start_matches('.').to_ascii_lowercase();
        FORMATS.iter().find(|info| info.id == id || info.extensions.contains(&id.as_str())).map(|info| info.format)
    }

    /// The format that a file of this name claims to be.
    pub fn from_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        let extension = extension.to_ascii_lowercase();
        FORMATS.iter().find(|info| info.extensions.contains(&extension.as_str())).map(|info| info.format)
    }
}

/// Its name ("PNG image").
impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.info().name)
    }
}
