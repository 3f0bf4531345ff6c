//! Parquet and Arrow: what comes back, what is typed, and that broken files are errors.
// Helpers of tests may unwrap as the tests themselves may.
#![allow(clippy::unwrap_used)]

use std::process::Command;

use seektell::buffer::Buffer;
use seektell::formats::table::{self, Table};
use seektell::formats::{Format, FormatError, Options, TableOptions, convert, detect};
use seektell::tasks::Progress;

const BOTH: [Format; 2] = [Format::Parquet, Format::Arrow];

fn go(input: &[u8], from: Format, to: Format, options: &Options) -> Result<(Vec<u8>, Vec<String>), FormatError> {
    let mut out = Vec::new();
    let done = convert(&Buffer::from(input), from, to, options, &mut out, &Progress::new())?;
    Ok((out, done.losses.into_iter().map(|loss| loss.what).collect()))
}

fn options(typed: bool) -> Options {
    let input = Some(table::Dialect::default());
    Options { table: TableOptions { input, typed, ..TableOptions::default() }, ..Options::default() }
}

fn open(bytes: &[u8], format: Format) -> Table {
    table::read(&Buffer::from(bytes), format, &TableOptions::default(), &Progress::new()).unwrap().table
}

const CSV: &str = "id,n,price,name\r\n007,1,1.5,Ada\r\n2,-20,0.25,\"a,b\"\r\n,,,\r\n3,9007199254740993,1000,é\r\n";

#[test]
fn a_table_comes_back_byte_for_byte() {
    for format in BOTH {
        for typed in [false, true] {
            let (file, losses) = go(CSV.as_bytes(), Format::Csv, format, &options(typed)).unwrap();
            assert_eq!(losses, Vec::<String>::new());
            assert_eq!(detect(&Buffer::from(&file[..]), None).unwrap().format, format);
            let (back, _) = go(&file, format, Format::Csv, &Options::default()).unwrap();
            assert_eq!(String::from_utf8(back).unwrap(), CSV, "{format} {typed}");
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
        let (file, _) = go(csv.as_bytes(), Format::Csv, format, &options(true)).unwrap();
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
        let (file, losses) = go(b"a,a\n1\n\n1,2,3\n", Format::Csv, format, &options(false)).unwrap();
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
        let (good, _) = go(CSV.as_bytes(), Format::Csv, format, &options(true)).unwrap();
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

/// pyarrow reads what is written, where it is installed.
#[test]
fn arrow_s_own_reader_reads_it() {
    let folder = std::env::temp_dir();
    for format in BOTH {
        let (file, _) = go(CSV.as_bytes(), Format::Csv, format, &options(true)).unwrap();
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
