//! Parquet and Arrow: what comes back, what is typed, and that broken files are errors.
// Helpers of tests may unwrap as the tests themselves may.
#![allow(clippy::unwrap_used)]

use std::process::Command;
use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder, MapBuilder, StringBuilder};
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    ArrayRef, Decimal128Array, DictionaryArray, DurationMillisecondArray, Float64Array, RecordBatch, RunArray, StringArray,
    StructArray, Time32SecondArray, Time64NanosecondArray,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use arrow_schema::{DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use seektell::buffer::Buffer;
use seektell::formats::table::{self, Table};
use seektell::formats::{ColumnCompression, ColumnTypes, Format, FormatError, Options, TableOptions, convert, detect};
use seektell::tasks::Progress;

const BOTH: [Format; 2] = [Format::Parquet, Format::Arrow];

fn go(input: &[u8], from: Format, to: Format, options: &Options) -> Result<(Vec<u8>, Vec<String>), FormatError> {
    let mut out = Vec::new();
    let done = convert(&Buffer::from(input), from, to, options, &mut out, &Progress::new())?;
    Ok((out, done.losses.into_iter().map(|loss| loss.what).collect()))
}

fn options(types: ColumnTypes) -> Options {
    let input = Some(table::Dialect::default());
    Options { table: TableOptions { input, types, ..TableOptions::default() }, ..Options::default() }
}

fn open(bytes: &[u8], format: Format) -> Table {
    table::read(&Buffer::from(bytes), format, &TableOptions::default(), &Progress::new()).unwrap().table
}

const CSV: &str = "id,n,price,name\r\n007,1,1.5,Ada\r\n2,-20,0.25,\"a,b\"\r\n,,,\r\n3,9007199254740993,1000,é\r\n";

#[test]
fn a_table_comes_back_byte_for_byte() {
    for format in BOTH {
        for types in [ColumnTypes::Text, ColumnTypes::Exact] {
            let (file, losses) = go(CSV.as_bytes(), Format::Csv, format, &options(types)).unwrap();
            assert_eq!(losses, Vec::<String>::new());
            assert_eq!(detect(&Buffer::from(&file[..]), None).unwrap().format, format);
            let (back, _) = go(&file, format, Format::Csv, &Options::default()).unwrap();
            assert_eq!(String::from_utf8(back).unwrap(), CSV, "{format} {types:?}");
        }
    }
}

#[test]
fn rows_in_the_middle_are_those_of_the_whole() {
    let mut csv = String::from("n,text\r\n");
    for row in 0..150_000 {
        csv.push_str(&format!("{row},text {row}\r\n"));
    }
    for format in BOTH {
        let (file, _) = go(csv.as_bytes(), Format::Csv, format, &options(ColumnTypes::Exact)).unwrap();
        let table = open(&file, format);
        assert_eq!((table.row_count(), table.width()), (150_000, 2));
        for first in [0, 1, 1023, 1024, 8191, 131_071, 131_072, 149_999] {
            let rows = table.rows(first, 2).unwrap();
            assert_eq!(rows[0].cells, [first.to_string(), format!("text {first}")], "{format}");
            assert_eq!(rows.len(), if first == 149_999 { 1 } else { 2 });
        }
        assert!(table.rows(150_000, 1).unwrap().is_empty());
    }
}

#[test]
fn what_columns_cannot_tell_is_told() {
    for format in BOTH {
        let (file, losses) = go(b"a,a\n1\n\n1,2,3\n", Format::Csv, format, &options(ColumnTypes::Text)).unwrap();
        assert_eq!(
            losses,
            ["3 rows have another width; missing cells become null", "1 column is named anew, because names come only once"]
        );
        assert_eq!(open(&file, format).header().unwrap(), ["a", "a_2", "column_3"]);
    }
}

#[test]
fn broken_files_are_errors() {
    let mut random = fastrand::Rng::with_seed(7);
    for format in BOTH {
        let (good, _) = go(CSV.as_bytes(), Format::Csv, format, &options(ColumnTypes::Exact)).unwrap();
        for cut in [0, 4, 11, good.len() / 2, good.len() - 1] {
            assert!(go(&good[..cut], format, Format::Csv, &Options::default()).is_err(), "{format} {cut}");
        }
        for _ in 0..200 {
            let mut bytes = good.clone();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            let _ = go(&bytes, format, Format::Csv, &Options::default());
        }
    }
}

#[test]
fn however_it_is_packed_the_cells_are_the_same() {
    let mut csv = String::from("n,text\r\n");
    for row in 0..5_000 {
        csv.push_str(&format!("{row},the same words again and again {}\r\n", row % 7));
    }
    for format in BOTH {
        let mut sizes = Vec::new();
        for (compression, word) in ColumnCompression::ALL {
            assert_eq!(word.parse::<ColumnCompression>().unwrap(), compression);
            let mut options = options(ColumnTypes::Exact);
            options.table.compression = compression;
            let made = go(csv.as_bytes(), Format::Csv, format, &options);
            if !ColumnCompression::of(format).any(|kind| kind == compression) {
                assert!(matches!(made, Err(FormatError::Option(what)) if what.contains(word)), "{format} {word}");
                continue;
            }
            let (file, _) = made.unwrap();
            let (back, _) = go(&file, format, Format::Csv, &Options::default()).unwrap();
            assert!(back == csv.as_bytes(), "{format} {word}");
            sizes.push((word, file.len()));
        }
        let size = |word| sizes.iter().find(|(kind, _)| *kind == word).unwrap().1;
        assert!(size("zstd") < size("none") && size("lz4") < size("none"), "{sizes:?}");
        assert_eq!(size("usual"), size(if format == Format::Parquet { "snappy" } else { "none" }));
    }
}

/// A table of other programs: columns that are nested, coded by a dictionary, or have types that text does not have.
fn foreign() -> RecordBatch {
    let mut numbers = ListBuilder::new(Int32Builder::new());
    numbers.append_value([Some(1), None, Some(-3)]);
    numbers.append_null();
    numbers.append_value([]);
    let mut tags = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    for (key, value) in [("a \"quoted\"", 1), ("b", 2)] {
        tags.keys().append_value(key);
        tags.values().append_value(value);
    }
    for there in [true, true, false] {
        tags.append(there).unwrap();
    }
    let names: ArrayRef = Arc::new(StringArray::from(vec![Some("Zoë"), None, Some("a\nb")]));
    let sizes: ArrayRef = Arc::new(Float64Array::from(vec![1.5, f64::NAN, 2.0]));
    let people = StructArray::from(vec![
        (Arc::new(Field::new("name", DataType::Utf8, true)), names),
        (Arc::new(Field::new("size", DataType::Float64, true)), sizes),
    ]);
    let words: DictionaryArray<Int8Type> = [Some("red"), None, Some("blue")].into_iter().collect();
    let runs: RunArray<Int32Type> = ["x", "x", "y"].into_iter().collect();
    let money = Decimal128Array::from(vec![Some(123_450), None, Some(-5)]).with_precision_and_scale(12, 3).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("list", Arc::new(numbers.finish())),
        ("map", Arc::new(tags.finish())),
        ("struct", Arc::new(people)),
        ("word", Arc::new(words)),
        ("run", Arc::new(runs)),
        ("money", Arc::new(money)),
        ("clock", Arc::new(Time32SecondArray::from(vec![Some(3_661), None, Some(86_399)]))),
        ("fine", Arc::new(Time64NanosecondArray::from(vec![Some(1), Some(0), None]))),
        ("long", Arc::new(DurationMillisecondArray::from(vec![Some(1_500), Some(-90_000), None]))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

/// The rows of [`foreign`] as cells.
const FOREIGN: [[&str; 9]; 3] = [
    [
        "[1,null,-3]",
        r#"{"a \"quoted\"":1,"b":2}"#,
        r#"{"name":"Zoë","size":1.5}"#,
        "red",
        "x",
        "123.450",
        "01:01:01",
        "00:00:00.000000001",
        "PT1.5S",
    ],
    ["", "{}", r#"{"name":null,"size":"NaN"}"#, "", "x", "", "", "00:00:00", "-PT1M30S"],
    ["[]", "", r#"{"name":"a\nb","size":2}"#, "blue", "y", "-0.005", "23:59:59", "", ""],
];

#[test]
fn what_other_programs_put_in_columns_is_read() {
    let batch = foreign();
    for packed in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
        let how = IpcWriteOptions::default().try_with_compression(packed).unwrap();
        let mut file = Vec::new();
        let mut writer = FileWriter::try_new_with_options(&mut file, &batch.schema(), how).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        drop(writer);
        let rows: Vec<_> = open(&file, Format::Arrow).rows(0, 10).unwrap().into_iter().map(|row| row.cells).collect();
        assert_eq!(rows, FOREIGN, "{packed:?}");
    }
    // Parquet has no runs and no lengths of time.
    let (kept, batch) = ([0, 1, 2, 3, 5, 6, 7], batch.project(&[0, 1, 2, 3, 5, 6, 7]).unwrap());
    let packings = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::BROTLI(Default::default()),
        Compression::LZ4_RAW,
        Compression::ZSTD(Default::default()),
    ];
    for packing in packings {
        let how = WriterProperties::builder().set_compression(packing).build();
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(how)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let rows: Vec<_> = open(&file, Format::Parquet).rows(0, 10).unwrap().into_iter().map(|row| row.cells).collect();
        let wanted: Vec<Vec<&str>> = FOREIGN.iter().map(|row| kept.map(|column| row[column]).to_vec()).collect();
        assert_eq!(rows, wanted, "{packing:?}");
    }
}

/// A dictionary is asked for one word a cell, not for all of them: a column of half a million rows in one group.
#[test]
fn long_columns_with_a_dictionary_are_read_in_time() {
    let words: DictionaryArray<Int32Type> = (0..500_000).map(|n| Some(["red", "green", "blue"][n % 3])).collect();
    let batch = RecordBatch::try_from_iter([("word", Arc::new(words) as ArrayRef)]).unwrap();
    let mut file = Vec::new();
    let mut writer = FileWriter::try_new(&mut file, &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    let (csv, _) = go(&file, Format::Arrow, Format::Csv, &Options::default()).unwrap();
    assert_eq!(csv.len(), 6 + 166_667 * 5 + 166_667 * 7 + 166_666 * 6);
    assert!(csv.ends_with(b"red\r\ngreen\r\n"));
}

#[test]
fn prices_and_days_are_what_they_are() {
    let csv = "price,day,mixed\r\n1.50,2026-11-21,1.50\r\n,1969-12-31,2\r\n-20.05,,\r\n";
    let (file, _) = go(csv.as_bytes(), Format::Csv, Format::Arrow, &options(ColumnTypes::Exact)).unwrap();
    let reader = arrow_ipc::reader::FileReader::try_new(std::io::Cursor::new(&file), None).unwrap();
    let kinds: Vec<_> = reader.schema().fields().iter().map(|field| field.data_type().clone()).collect();
    assert_eq!(kinds, [DataType::Decimal128(9, 2), DataType::Date32, DataType::Utf8]);
}

/// One cell far behind, which no sample sees, changes what its column is; the cells come back all the same.
#[test]
fn a_cell_that_is_not_like_the_others_is_heard() {
    const ROWS: usize = 265_000;
    let usual = ["12", "0.5", "1.50", "2026-11-21", "true", "", "word"];
    let (int, float, text) = (DataType::Int64, DataType::Float64, DataType::Utf8);
    let price = |digits| DataType::Decimal128(digits, 2);
    let kinds = [int.clone(), float.clone(), price(9), DataType::Date32, DataType::Boolean, DataType::Utf8, DataType::Utf8];
    let table = |odd: Option<(usize, &str)>| {
        let mut csv = String::from("a,b,c,d,e,f,g\r\n");
        for row in 0..ROWS {
            let mut cells = usual;
            if let Some((column, cell)) = odd.filter(|_| row == ROWS - 7) {
                cells[column] = cell;
            }
            csv.push_str(&cells.join(","));
            csv.push_str("\r\n");
        }
        csv
    };
    let cases = [
        (None, None),
        (Some((0, "012")), Some(text.clone())),
        (Some((0, "12.5")), Some(float)),
        (Some((0, "")), Some(int.clone())),
        (Some((1, "0.50")), Some(text.clone())),
        (Some((2, "12345678.25")), Some(price(18))),
        (Some((2, "1.5")), Some(text.clone())),
        (Some((3, "2026-11-31")), Some(text.clone())),
        (Some((4, "True")), Some(text.clone())),
        (Some((5, "7")), Some(int)),
        (Some((6, "")), Some(text)),
    ];
    for (odd, kind) in cases {
        let csv = table(odd);
        let (file, losses) = go(csv.as_bytes(), Format::Csv, Format::Arrow, &options(ColumnTypes::Exact)).unwrap();
        assert_eq!(losses, Vec::<String>::new());
        let reader = arrow_ipc::reader::FileReader::try_new(std::io::Cursor::new(&file), None).unwrap();
        let found: Vec<_> = reader.schema().fields().iter().map(|field| field.data_type().clone()).collect();
        let mut wanted = kinds.to_vec();
        if let (Some((column, _)), Some(kind)) = (odd, kind) {
            wanted[column] = kind;
        }
        assert_eq!(found, wanted, "{odd:?}");
        let (back, _) = go(&file, Format::Arrow, Format::Csv, &Options::default()).unwrap();
        assert!(back == csv.as_bytes(), "{odd:?}");
    }
}

/// pyarrow reads what is written, where it is installed.
#[test]
fn arrow_s_own_reader_reads_it() {
    let folder = std::env::temp_dir();
    for format in BOTH {
        let (file, _) = go(CSV.as_bytes(), Format::Csv, format, &options(ColumnTypes::Exact)).unwrap();
        let path = folder.join(format!("seektell-columnar-{}.{}", std::process::id(), format.default_extension()));
        std::fs::write(&path, file).unwrap();
        let read = if format == Format::Parquet {
            "import pyarrow.parquet as p; t = p.read_table(f)"
        } else {
            "import pyarrow.feather as p; t = p.read_table(f)"
        };
        let script = format!("import sys\nf = sys.argv[1]\n{read}\nprint(t.num_rows, [str(c.type) for c in t.schema])");
        let python = Command::new("python3").arg("-c").arg(script).arg(&path).output();
        std::fs::remove_file(&path).unwrap();
        match python {
            Ok(python) if python.status.success() => {
                assert_eq!(String::from_utf8_lossy(&python.stdout).trim(), "4 ['string', 'int64', 'double', 'string']");
            }
            _ => println!("skipped: there is no python3 with pyarrow to compare with"),
        }
    }
}

/// Tables with cells that are nearly numbers, ragged and blank rows, broken bytes, and more than one group of rows.
#[test]
fn random_tables_come_back_with_the_same_cells() {
    let mut random = fastrand::Rng::with_seed(11);
    let kinds: [&[&str]; 13] = [
        &["1", "-20", "0", "", "9223372036854775807"],
        &["1", "-20", "+1"],
        &["0.5", "12", "-0", "1234567890.25", ""],
        &["0.5", "1.0"],
        &["1.50", "-0.05", "12345678901.00", "", "0.00"],
        &["1.50", "-0.00"],
        &["1.50", "2.5", "30"],
        &["2026-11-21", "0000-01-01", "9999-12-31", "1969-12-31", ""],
        &["2026-11-21", "2026-02-30"],
        &["true", "false", ""],
        &["true", "false", "True"],
        &["", "\"a,\"\"b\"\"\r\nc\"", "é", "x"],
        &["", ""],
    ];
    for round in 0..24 {
        // One is long enough for several parts and groups.
        let long = round == 0;
        let width = if long { 3 } else { random.usize(1..9) };
        let columns: Vec<_> = (0..width).map(|_| *random.choice(&kinds).unwrap()).collect();
        let mut csv = (0..width).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",") + "\r\n";
        let rows = if long { 270_000 } else { random.usize(..400) };
        for _ in 0..rows {
            let cells: Vec<_> = columns.iter().map(|kind| *random.choice(kind.iter()).unwrap()).collect();
            // One empty cell alone is a blank row unless it stands in quotes.
            csv.push_str(if cells == [""] { "\"\"" } else { "" });
            csv.push_str(&cells.join(","));
            csv.push_str("\r\n");
        }
        for format in BOTH {
            for types in [ColumnTypes::Exact, ColumnTypes::Text] {
                let (file, losses) = go(csv.as_bytes(), Format::Csv, format, &options(types)).unwrap();
                assert!(losses.is_empty(), "{losses:?}");
                let (back, _) = go(&file, format, Format::Csv, &Options::default()).unwrap();
                assert!(back == csv.as_bytes(), "{format} {types:?} {columns:?}");
            }
        }
    }
}

#[test]
fn groups_are_the_same_whatever_reads_them() {
    // JSON is read one row after the other, CSV at several places at once. More than 16 MiB are more than one group.
    let long = "x".repeat(1000);
    let mut csv = String::from("n,text\r\n");
    for row in 0..20_000 {
        csv.push_str(&format!("{row},{long}{}\r\n", row % 1000));
    }
    let (json, _) = go(csv.as_bytes(), Format::Csv, Format::JsonLines, &options(ColumnTypes::Exact)).unwrap();
    for format in BOTH {
        let (one, _) = go(csv.as_bytes(), Format::Csv, format, &options(ColumnTypes::Exact)).unwrap();
        let (other, _) = go(&json, Format::JsonLines, format, &options(ColumnTypes::Exact)).unwrap();
        for file in [one, other] {
            let table = open(&file, format);
            assert_eq!(table.row_count(), 20_000);
            for first in [0, 8_000, 16_500, 17_000, 19_999] {
                assert_eq!(table.rows(first, 1).unwrap()[0].cells, [first.to_string(), format!("{long}{}", first % 1000)]);
            }
        }
    }
}

#[test]
fn a_cancel_ends_it_and_a_full_disk_is_told() {
    let mut csv = String::from("n,text\r\n");
    for row in 0..100_000 {
        csv.push_str(&format!("{row},{row}\r\n"));
    }
    for format in BOTH {
        let progress = Progress::new();
        progress.cancel();
        let input = Buffer::from(csv.as_bytes());
        let options = options(ColumnTypes::Exact);
        let error = convert(&input, Format::Csv, format, &options, &mut Vec::new(), &progress).unwrap_err();
        assert!(matches!(error, FormatError::Cancelled(_)), "{error:?}");
        let mut full = [0_u8; 1000];
        let error = convert(&input, Format::Csv, format, &options, &mut &mut full[..], &Progress::new()).unwrap_err();
        assert!(matches!(error, FormatError::Write(_)), "{error:?}");
    }
}
