//! What the generator and reading the code found, each as small as it can be.

use std::io::Write;

use seektell::buffer::Buffer;
use seektell::formats::archive::{Archive, ArchiveError};
use seektell::formats::picture;
use seektell::formats::table::{self, Table};
use seektell::formats::{Format, FormatError, Limits, Options, TableOptions, convert};
use seektell::tasks::Progress;

use super::super::workbooks;

fn within(max_bytes: u64) -> TableOptions {
    TableOptions { limits: Limits::of(Some(max_bytes)), ..TableOptions::default() }
}

fn read(bytes: &[u8], format: Format, options: &TableOptions) -> Result<Table, FormatError> {
    table::read(&Buffer::from(bytes), format, options, &Progress::new()).map(|opened| opened.table)
}

/// A DDS header said that a pixel has 2^31 bits, and that many places were shifted.
#[test]
fn a_surface_with_an_absurd_depth_is_refused() {
    for bits in [0_u32, 7, 31, 33, 64, 1 << 31, u32::MAX] {
        let mut words = vec![124, 0x1007, 4, 4, 0, 0, 0];
        words.extend([0; 11]);
        words.extend([32, 0x40, 0, bits, 0xFF, 0xFF00, 0xFF_0000, 0, 0x1000, 0, 0, 0, 0]);
        let file: Vec<u8> = b"DDS ".iter().copied().chain(words.into_iter().flat_map(u32::to_le_bytes)).chain([0; 64]).collect();
        let file = Buffer::from(file);
        let told = picture::probe(&file, Format::Dds).err();
        let decoded = picture::decode(&file, Format::Dds, Limits::default(), &Progress::new()).err();
        for error in [told, picture::layout(&file, Format::Dds).err()].into_iter().flatten() {
            assert!(!matches!(error, FormatError::Panicked { .. }), "{bits}: {error}");
        }
        assert!(matches!(decoded, Some(FormatError::Unsupported { .. } | FormatError::Malformed { .. })), "{bits}: {decoded:?}");
    }
}

/// Of a record of many empty cells only the bytes were counted, not the places where the cells end; and the limit was nobody's to set.
#[test]
fn a_record_of_json_takes_what_the_limit_allows() {
    let many = format!("[[{}1]]", "1,".repeat(200_000));
    assert_eq!(read(many.as_bytes(), Format::Json, &within(8 << 20)).unwrap().rows(0, 1).unwrap().len(), 1);
    let error = read(many.as_bytes(), Format::Json, &within(1 << 20)).unwrap_err();
    assert!(
        matches!(&error, FormatError::Limit { what, limit } if what.contains("offset 00000001") && limit.contains("can be set")),
        "{error}"
    );
    let keys = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(200_000));
    assert!(matches!(read(keys.as_bytes(), Format::Json, &within(1 << 20)), Err(FormatError::Limit { .. })));
    let long = format!("[\"{}\"]", "x".repeat(3 << 20));
    assert!(matches!(read(long.as_bytes(), Format::Json, &within(2 << 20)), Err(FormatError::Limit { .. })));
    assert!(read(long.as_bytes(), Format::Json, &within(4 << 20)).is_ok());
}

/// One record as long as the file was read to its end after a cancel.
#[test]
fn a_long_record_of_json_stops() {
    let long = format!("[\"{}\"]", "x".repeat(3 << 20));
    let progress = Progress::new();
    progress.cancel();
    let stopped = table::read(&Buffer::from(long.into_bytes()), Format::Json, &TableOptions::default(), &progress);
    assert!(matches!(stopped, Err(FormatError::Cancelled(_))));
}

/// A page's claim of 2 GiB was taken as memory before a byte was unpacked.
#[cfg(feature = "columnar")]
#[test]
fn a_page_of_parquet_takes_what_its_bytes_can_make() {
    let mut csv = String::from("a,b\n");
    (0..5_000).for_each(|row| csv += &format!("{row},text of row {row}\n"));
    let mut file = Vec::new();
    convert(&Buffer::from(csv.as_bytes()), Format::Csv, Format::Parquet, &Options::default(), &mut file, &Progress::new())
        .unwrap();
    assert_eq!(read(&file, Format::Parquet, &TableOptions::default()).unwrap().row_count(), 5_000);
    let error = read(&file, Format::Parquet, &within(100)).unwrap_err();
    assert!(matches!(&error, FormatError::Limit { what, .. } if what.starts_with("a page of")), "{error}");
    // The first page's header: its kind, then what it unpacks to, as a number in seven bits a byte.
    let start = 4;
    assert_eq!((file[start], file[start + 2]), (0x15, 0x15), "{:?}", &file[..16]);
    let len = file[start + 3..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    let claim = [0xFE, 0xFF, 0xFF, 0xFF, 0x0F];
    let mut longest = file.clone();
    longest[start + 3..start + 3 + len].copy_from_slice(&claim[claim.len() - len..]);
    let last = start + 3 + len - 1;
    longest[start + 3..last].fill(0xFF);
    longest[last] = 0x7E;
    let error = read(&longest, Format::Parquet, &TableOptions::default()).unwrap_err();
    assert!(matches!(error, FormatError::Malformed { .. } | FormatError::Limit { .. }), "{error}");
}

/// A packed buffer of Arrow said that it unpacks to three exabytes: the reader made room for them, and the process ended.
#[test]
#[cfg(feature = "columnar")]
fn a_buffer_of_arrow_takes_what_the_limit_allows() {
    use seektell::formats::ColumnCompression;

    let mut csv = String::from("a,b\n");
    (0..300).for_each(|row| csv += &format!("{},text of a row\n", row % 7));
    for compression in [ColumnCompression::Lz4, ColumnCompression::Zstd] {
        let options = Options { table: TableOptions { compression, ..TableOptions::default() }, ..Options::default() };
        let mut file = Vec::new();
        convert(&Buffer::from(csv.as_bytes()), Format::Csv, Format::Arrow, &options, &mut file, &Progress::new()).unwrap();
        assert_eq!(read(&file, Format::Arrow, &TableOptions::default()).unwrap().row_count(), 300);
        let error = read(&file, Format::Arrow, &within(1_000)).unwrap_err();
        assert!(matches!(&error, FormatError::Limit { what, .. } if what.starts_with("a batch unpacks to")), "{error}");
        let mut told = 0;
        for at in (8..file.len() - 16).step_by(8) {
            for claim in [0x3030_3030_30FF_FFFF, i64::MIN, 1 << 40] {
                let mut bad = file.clone();
                bad[at..at + 8].copy_from_slice(&claim.to_le_bytes());
                let error = read(&bad, Format::Arrow, &TableOptions::default()).err();
                told += u32::from(matches!(error, Some(FormatError::Limit { .. })));
            }
        }
        assert!(told >= 4, "{compression:?}: {told}");
    }
}

/// A column of nulls takes no bytes, so that nothing but its own word says how many rows there are.
#[test]
#[cfg(feature = "columnar")]
fn a_batch_of_arrow_has_no_more_rows_than_the_format_says() {
    let nulls = std::sync::Arc::new(arrow_array::NullArray::new(77)) as arrow_array::ArrayRef;
    let batch = arrow_array::RecordBatch::try_from_iter([("nothing", nulls)]).unwrap();
    let mut file = Vec::new();
    let mut writer = arrow_ipc::writer::FileWriter::try_new(&mut file, &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    assert_eq!(read(&file, Format::Arrow, &TableOptions::default()).unwrap().row_count(), 77);
    let (mut bad, claim) = (file.clone(), 77_i64.to_le_bytes());
    for at in 0..file.len() - 8 {
        if file[at..at + 8] == claim {
            bad[at..at + 8].copy_from_slice(&(1_i64 << 50).to_le_bytes());
        }
    }
    let error = read(&bad, Format::Arrow, &TableOptions::default()).unwrap_err();
    assert!(matches!(&error, FormatError::Limit { what, .. } if what == "a batch of 1125899906842624 rows"), "{error}");
}

#[test]
fn formulas_of_a_workbook_are_a_loss_that_is_named() {
    let sheet = r#"<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f><v>2</v></c></row><row r="2"><c r="A2"><f t="shared" si="4294967290" ref="A2:A9">B1</f><v>3</v></c><c r="B2"><f t="shared" si="4294967290"/><v>4</v></c></row>"#;
    let table = read(&workbooks::book(&[("S", sheet)]), Format::Xlsx, &TableOptions::default()).unwrap();
    assert_eq!(table.losses()[0].what, "3 formulas become the values that they were saved with");
    let one = r#"<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>"#;
    let table = read(&workbooks::book(&[("S", one)]), Format::Xlsx, &TableOptions::default()).unwrap();
    assert_eq!(table.losses()[0].what, "1 formula becomes the value that it was saved with");
    let none = r#"<row r="1"><c r="A1"><v>2</v></c></row>"#;
    assert!(read(&workbooks::book(&[("S", none)]), Format::Xlsx, &TableOptions::default()).unwrap().losses().is_empty());
}

#[test]
fn a_member_of_a_tar_that_is_cut_says_so() {
    let mut tar = tar::Builder::new(Vec::new());
    let mut head = tar::Header::new_gnu();
    head.set_size(3_000);
    tar.append_data(&mut head, "whole.txt", &vec![b'w'; 3_000][..]).unwrap();
    tar.append_data(&mut head, "cut.txt", &vec![b'c'; 3_000][..]).unwrap();
    let file = tar.into_inner().unwrap();
    let cut = Buffer::from(&file[..512 + 3_072 + 512 + 700]);
    let archive = Archive::open(&cut, &Progress::new()).unwrap();
    let member = archive.find("cut.txt").unwrap();
    assert_eq!(member.problems, ["it is cut off"]);
    let error = archive.read(member, 1 << 20, &Progress::new()).unwrap_err();
    assert!(matches!(&error, ArchiveError::Member { what, .. } if what == "it is cut off after 700 of 3000 bytes"), "{error}");
    let whole = archive.read(archive.find("whole.txt").unwrap(), 1 << 20, &Progress::new()).unwrap();
    assert_eq!(whole.len().get(), 3_000);
}

/// Bombs of every packing within a small limit: an error, and little memory on the way.
#[test]
fn packed_bombs_end_at_the_limit() {
    let zeros = vec![0; 1 << 20];
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    (0..64).for_each(|_| gzip.write_all(&zeros).unwrap());
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    (0..64).for_each(|_| zlib.write_all(&zeros).unwrap());
    for (format, bytes) in [(Format::Gzip, gzip.finish().unwrap()), (Format::Zlib, zlib.finish().unwrap())] {
        let mut options = Options::default();
        options.dump.limit = Some(1 << 20);
        let mut out = Vec::new();
        let error = convert(&Buffer::from(bytes), format, Format::Bytes, &options, &mut out, &Progress::new()).unwrap_err();
        assert!(matches!(error, FormatError::Limit { .. }) && out.len() <= 2 << 20, "{format}: {error}, {} bytes", out.len());
    }
}
