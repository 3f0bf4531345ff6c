//! Workbooks: what is read, what is written, and that hostile ones do no harm.

// Helpers of tests may unwrap as the tests themselves may.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write as _};

use seektell::buffer::Buffer;
use seektell::formats::table::{self, Table};
use seektell::formats::{Format, FormatError, Options, TableOptions, convert, detect, sheet_names, targets};
use seektell::tasks::Progress;

fn go(input: &[u8], from: Format, to: Format, options: &Options) -> Result<(Vec<u8>, Vec<String>), FormatError> {
    let mut out = Vec::new();
    let done = convert(&Buffer::from(input), from, to, options, &mut out, &Progress::new())?;
    Ok((out, done.losses.into_iter().map(|loss| loss.what).collect()))
}

fn xlsx(csv: &str) -> Vec<u8> {
    go(csv.as_bytes(), Format::Csv, Format::Xlsx, &Options::default()).unwrap().0
}

fn read(book: &[u8], format: Format, options: &TableOptions) -> Result<Table, FormatError> {
    table::read(&Buffer::from(book), format, options, &Progress::new()).map(|opened| opened.table)
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    let header = table.header().map(<[String]>::to_vec);
    header.into_iter().chain(table.rows(0, usize::MAX).unwrap().into_iter().map(|row| row.cells)).collect()
}

/// A member of a ZIP archive.
fn member(book: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

pub(super) fn archive<T: AsRef<[u8]>>(members: &[(&str, T)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        let method = if *name == "mimetype" { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        zip.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(text.as_ref()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with sheets of these names and rows of XML.
pub(super) fn book(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut members = vec![(
        "_rels/.rels".to_owned(),
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned(),
    )];
    let (mut list, mut links) = (String::new(), String::new());
    for (number, (name, data)) in sheets.iter().enumerate() {
        list.push_str(&format!(r#"<sheet name="{name}" sheetId="{0}" r:id="rId{0}"/>"#, number + 1));
        links.push_str(&format!(
            r#"<Relationship Id="rId{0}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{0}.xml"/>"#,
            number + 1
        ));
        members.push((
            format!("xl/worksheets/sheet{}.xml", number + 1),
            format!(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{data}</sheetData></worksheet>"#),
        ));
    }
    members.push((
        "xl/workbook.xml".to_owned(),
        format!(r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{list}</sheets></workbook>"#),
    ));
    members.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!(r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>"#),
    ));
    members.push((
        "xl/styles.xml".to_owned(),
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>"#.to_owned(),
    ));
    let borrowed: Vec<_> = members.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    archive(&borrowed)
}

#[test]
fn a_table_comes_back_from_a_workbook_byte_for_byte() {
    let csv = "id,name,price,note\r\n007,Ada,12.5,=1+1\r\n1,\"a,b\",0.30000000000000004,+49 30 1234\r\n\
               159001810629457000,@x,1.50,\"line\nbreak\"\r\n-3,-x,1e5,_x0041_\r\n\r\n2, space ,TRUE,https://example.org\r\n";
    let (back, losses) = go(&xlsx(csv), Format::Xlsx, Format::Csv, &Options::default()).unwrap();
    assert_eq!(String::from_utf8(back).unwrap(), csv);
    assert_eq!(losses, Vec::<String>::new());
}

#[test]
fn control_characters_and_carriage_returns_survive_a_workbook() {
    let table = Table::from_rows(Some(vec!["t".into()]), vec![vec!["a\rb\r\nc\u{1}\u{7f}\u{feff}".into()], vec!["\t".into()]]);
    let mut out = Vec::new();
    let options = Options::default();
    table::write_telling(&table, Format::Xlsx, &options, &mut out, &Progress::new()).unwrap();
    assert_eq!(rows(&read(&out, Format::Xlsx, &options.table).unwrap()), rows(&table));
}

#[test]
fn only_numbers_whose_text_comes_back_are_numbers() {
    let sheet = member(&xlsx("a,b,c,d,e\n12.5,007,=1+1,1e5,123456789012\n"), "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<v>12.5</v>"), "{sheet}");
    assert_eq!(sheet.matches("t=\"s\"").count(), 9, "{sheet}");
    assert!(!sheet.contains("<f>") && !sheet.contains("hyperlink"), "{sheet}");
    assert!(sheet.contains("state=\"frozen\""), "{sheet}");
    assert!(sheet.contains("<cols>"), "{sheet}");
}

#[test]
fn the_same_table_gives_the_same_workbook() {
    assert_eq!(xlsx("a,b\n1,2\n"), xlsx("a,b\n1,2\n"));
}

#[test]
fn a_large_table_is_written_and_read_again() {
    let mut csv = String::from("n,text\r\n");
    for row in 0..60_000 {
        csv.push_str(&format!("{row},a text that makes the rows longer {row}\r\n"));
    }
    let (back, _) = go(&xlsx(&csv), Format::Xlsx, Format::Csv, &Options::default()).unwrap();
    assert!(back == csv.as_bytes());
}

#[test]
fn what_a_sheet_cannot_hold_is_refused_before_anything_is_written() {
    let long = format!("a\n{}\n", "x".repeat(32_768));
    let wide = format!("{}\n1\n", vec!["c"; 16_385].join(","));
    for (csv, what) in [
        (long, "the cell in row 2, column 1 has 32768 characters, more than the limit of 32767 characters a cell"),
        (wide, "the table has 16385 columns, more than the limit of 16384 columns a sheet"),
    ] {
        let mut out = Vec::new();
        let error = convert(&csv.into_bytes().into(), Format::Csv, Format::Xlsx, &Options::default(), &mut out, &Progress::new());
        assert_eq!(error.unwrap_err().to_string(), what);
        assert!(out.is_empty());
    }
}

#[test]
fn sheets_have_the_names_that_they_are_given() {
    let mut options = Options::default();
    options.table.sheet_name = Some("Orders 2026".into());
    let (book, _) = go(b"a\n1\n", Format::Csv, Format::Xlsx, &options).unwrap();
    assert_eq!(sheet_names(&book.into(), Format::Xlsx, &Progress::new()).unwrap(), ["Orders 2026"]);
    for bad in ["", "a/b", "'x", "a name that is longer than thirty-one"] {
        options.table.sheet_name = Some(bad.into());
        assert!(matches!(go(b"a\n1\n", Format::Csv, Format::Xlsx, &options), Err(FormatError::Option(_))), "{bad}");
    }
}

#[test]
fn a_sheet_is_chosen_by_name_or_number_and_the_others_are_told() {
    let cell = |text: &str| format!(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>"#);
    let book = book(&[("First", &cell("one")), ("Second", &cell("two")), ("2", &cell("three"))]);
    for (sheet, text) in
        [(None, "one"), (Some("Second"), "two"), (Some("second"), "two"), (Some("1"), "one"), (Some("2"), "three")]
    {
        let options = TableOptions { sheet: sheet.map(str::to_owned), ..TableOptions::default() };
        assert_eq!(rows(&read(&book, Format::Xlsx, &options).unwrap()), [[text]], "{sheet:?}");
    }
    let (_, losses) = go(&book, Format::Xlsx, Format::Csv, &Options::default()).unwrap();
    assert_eq!(losses, ["Only the sheet \"First\" of 3 is read, not \"Second\", \"2\""]);
    let options = TableOptions { sheet: Some("Third".into()), ..TableOptions::default() };
    let error = read(&book, Format::Xlsx, &options).unwrap_err().to_string();
    assert!(error.contains("\"First\", \"Second\""), "{error}");
}

#[test]
fn values_are_text_as_a_person_would_type_them() {
    let row = r#"<row r="1"><c r="A1"><v>0.1</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="e"><v>#DIV/0!</v></c>
        <c r="D1" s="1"><v>46137</v></c><c r="E1" s="2"><v>46137.5</v></c><c r="F1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>
        <c r="H1"><v>123456789012</v></c></row>"#;
    let options = TableOptions { input_header: Some(false), ..TableOptions::default() };
    let table = read(&book(&[("S", row)]), Format::Xlsx, &options).unwrap();
    let expected = ["0.1", "TRUE", "#DIV/0!", "2026-04-25", "2026-04-25T12:00:00", "ab", "", "123456789012"];
    assert_eq!(rows(&table), [expected]);
    assert!(table.header().is_none());
}

#[test]
fn two_cells_at_the_far_corners_are_two_cells() {
    let data = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    let table = read(&book(&[("S", data)]), Format::Xlsx, &TableOptions::default()).unwrap();
    assert_eq!((table.row_count(), table.width(), table.blank_rows()), (1_048_575, 16_384, 1_048_574));
    assert_eq!(table.rows(1_048_574, 1).unwrap()[0].cells.len(), 16_384);
}

#[test]
fn cells_in_any_order_stand_where_they_say() {
    let data = r#"<row r="3"><c r="B3"><v>4</v></c><c r="A3"><v>3</v></c></row><row r="2"><c r="B2"><v>2</v></c><c r="A2"><v>1</v></c><c r="A2"><v>9</v></c></row>"#;
    let options = TableOptions { input_header: Some(false), ..TableOptions::default() };
    let table = read(&book(&[("S", data)]), Format::Xlsx, &options).unwrap();
    assert_eq!(rows(&table), [["9", "2"], ["3", "4"]]);
    assert_eq!(table.losses()[0].what, "1 blank row before the first filled one is left out");
}

const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";

pub(super) fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    let manifest = r#"<manifest:manifest xmlns:manifest="m"/>"#;
    archive(&[("mimetype", ODS), ("content.xml", &content), ("META-INF/manifest.xml", manifest)])
}

#[test]
fn an_opendocument_sheet_is_a_table() {
    let text = |text: &str| format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#);
    let empty = r#"<table:table-cell table:number-columns-repeated="16380"/>"#;
    let book = ods(&format!(
        r#"<table:table-row>{}{}{empty}</table:table-row><table:table-row>{}<table:table-cell office:value-type="float" office:value="1.5"><text:p>1,50</text:p></table:table-cell>{empty}</table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
        text("name"),
        text("price"),
        text("007")
    ));
    assert_eq!(detect(&Buffer::from(&book[..]), None).unwrap().format, Format::Ods);
    assert_eq!(rows(&read(&book, Format::Ods, &TableOptions::default()).unwrap()), [["name", "price"], ["007", "1.5"]]);
}

#[test]
fn a_grid_bomb_is_refused_before_it_is_made() {
    let book = ods(
        r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/></table:table-row>"#,
    );
    assert!(matches!(read(&book, Format::Ods, &TableOptions::default()), Err(FormatError::Limit { .. })));
}

#[test]
fn one_endless_text_is_refused_before_it_is_kept() {
    let data = format!(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>"#, "x".repeat(17 << 20));
    let book = book(&[("S", &data)]);
    assert!(book.len() < 1 << 20);
    let error = read(&book, Format::Xlsx, &TableOptions::default()).unwrap_err();
    assert!(matches!(error, FormatError::Limit { .. }), "{error}");
}

#[test]
fn broken_workbooks_are_errors() {
    let good = xlsx("a,b\n1,2\n");
    for cut in [0, 4, 30, good.len() / 2, good.len() - 1] {
        assert!(read(&good[..cut], Format::Xlsx, &TableOptions::default()).is_err(), "{cut}");
    }
    let mut random = fastrand::Rng::with_seed(5);
    for format in [Format::Xlsx, Format::Xlsb, Format::Xls, Format::Ods] {
        for _ in 0..60 {
            let mut bytes = if format == Format::Xls { xls(&[("S", 0, 0)]) } else { good.clone() };
            for _ in 0..random.usize(1..20) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            let _ = read(&bytes, format, &TableOptions::default());
        }
    }
}

/// An Excel 97 workbook whose sheets hold a number in the first cell and one at a row and column.
pub(super) fn xls(sheets: &[(&str, u16, u16)]) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend((data.len() as u16).to_le_bytes());
        bytes.extend(data);
        bytes
    };
    let bof = |kind: u16| record(0x0809, &[&0x0600_u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let number = |row: u16, column: u16, value: f64| {
        record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], &value.to_le_bytes()].concat())
    };
    let bound = |place: u32, name: &str| {
        record(0x0085, &[&place.to_le_bytes()[..], &[0, 0, name.len() as u8, 0], name.as_bytes()].concat())
    };
    let head_len: usize = bof(5).len() + sheets.iter().map(|(name, ..)| bound(0, name).len()).sum::<usize>() + 4;
    let mut bodies = Vec::new();
    let mut head = bof(5);
    for (name, row, column) in sheets {
        head.extend(bound((head_len + bodies.len()) as u32, name));
        bodies.extend(bof(0x10));
        bodies.extend(number(0, 0, 1.5));
        bodies.extend(number(*row, *column, 2.0));
        bodies.extend(record(0x000A, &[]));
    }
    head.extend(record(0x000A, &[]));
    head.extend(bodies);
    compound("Workbook", head)
}

/// A compound file with one stream.
fn compound(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = (stream.len() / 512) as u32;
    let mut file = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    file.resize(24, 0);
    file.extend([0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    file.resize(44, 0);
    for field in [1_u32, 1, 0, 4096, 0xFFFF_FFFE, 0, 0xFFFF_FFFE, 0, 0] {
        file.extend(field.to_le_bytes());
    }
    file.resize(512, 0xFF);
    let mut table = vec![0xFFFF_FFFD_u32, 0xFFFF_FFFE];
    table.extend((0..sectors).map(|sector| if sector + 1 == sectors { 0xFFFF_FFFE } else { sector + 3 }));
    table.resize(128, 0xFFFF_FFFF);
    file.extend(table.iter().flat_map(|link| link.to_le_bytes()));
    let entry = |name: &str, kind: u8, child: u32, first: u32, len: u32| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let name_len = entry.len() as u16 + 2;
        entry.resize(64, 0);
        entry.extend(name_len.to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([u32::MAX, u32::MAX, child].iter().flat_map(|link| link.to_le_bytes()));
        entry.resize(116, 0);
        entry.extend(first.to_le_bytes());
        entry.extend(len.to_le_bytes());
        entry.resize(128, 0);
        entry
    };
    file.extend(entry("Root Entry", 5, 1, 0xFFFF_FFFE, 0));
    file.extend(entry(name, 2, u32::MAX, 2, stream.len() as u32));
    file.resize(512 * 3, 0);
    file.extend(stream);
    file
}

/// A record of a binary workbook.
pub(super) fn xlsb_record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = if kind < 0x80 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
    let mut len = data.len();
    while len >= 0x80 {
        bytes.push(len as u8 | 0x80);
        len >>= 7;
    }
    bytes.push(len as u8);
    bytes.extend(data);
    bytes
}

/// A binary workbook of one sheet, "S", with these records between the beginning and the end of its rows.
pub(super) fn xlsb(rows: &[u8]) -> Vec<u8> {
    let record = xlsb_record;
    let wide = |text: &str| -> Vec<u8> {
        let units: Vec<u16> = text.encode_utf16().collect();
        (units.len() as u32).to_le_bytes().into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
    };
    let sheet = [&0_u32.to_le_bytes()[..], &1_u32.to_le_bytes(), &wide("rId1"), &wide("S")].concat();
    let workbook = [
        record(0x83, &[]),
        record(0x8F, &[]),
        record(0x9C, &sheet),
        record(0x90, &[]),
        record(0x9D, &[0; 26]),
        record(0x84, &[]),
    ];
    let cells =
        [&record(0x81, &[])[..], &record(0x94, &[0; 16]), &record(0x91, &[]), rows, &record(0x92, &[]), &record(0x82, &[])];
    let texts = [
        record(0x9F, &[2_u32.to_le_bytes(), 2_u32.to_le_bytes()].concat()),
        record(0x13, &[&[0][..], &wide("name")].concat()),
        record(0x13, &[&[0][..], &wide("Zo\u{eb}")].concat()),
        record(0xA0, &[]),
    ];
    let links = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>"#;
    archive(&[
        ("xl/workbook.bin", workbook.concat()),
        ("xl/_rels/workbook.bin.rels", links.as_bytes().to_vec()),
        ("xl/sharedStrings.bin", texts.concat()),
        ("xl/worksheets/sheet1.bin", cells.concat()),
    ])
}

/// A row's head, and its cells, each with its kind and what it holds.
pub(super) fn xlsb_row(row: u32, cells: &[(u16, &[u8])]) -> Vec<u8> {
    let mut bytes = xlsb_record(0, &[&row.to_le_bytes()[..], &[0; 12]].concat());
    for (column, (kind, value)) in (0_u32..).zip(cells) {
        bytes.extend(xlsb_record(*kind, &[&column.to_le_bytes()[..], &[0; 4], value].concat()));
    }
    bytes
}

/// Two rows with a cell of each kind.
pub(super) fn xlsb_rows() -> Vec<u8> {
    let head = xlsb_row(0, &[(7, &[0; 4]), (6, b"\x01\0\0\0n\0"), (6, b"\x01\0\0\0t\0"), (6, b"\x01\0\0\0k\0")]);
    // Texts that are shared, a double, a truth value, and 50 in the short form that counts hundredths.
    let row =
        xlsb_row(1, &[(7, &1_u32.to_le_bytes()), (5, &12.5_f64.to_le_bytes()), (4, &[1]), (2, &(50_u32 << 2 | 3).to_le_bytes())]);
    [head, row].concat()
}

#[test]
fn a_binary_workbook_is_a_table() {
    let book = xlsb(&xlsb_rows());
    assert_eq!(detect(&Buffer::from(&book[..]), None).unwrap().format, Format::Xlsb);
    let expected = [["name", "n", "t", "k"], ["Zo\u{eb}", "12.5", "TRUE", "0.5"]];
    assert_eq!(rows(&read(&book, Format::Xlsb, &TableOptions::default()).unwrap()), expected);
}

/// The reader made room for what a record claims before it read a byte of it.
#[test]
fn a_record_of_a_binary_workbook_is_no_larger_than_a_text_may_be() {
    let claim = [&[0x06][..], &[0xFF, 0xFF, 0xFF, 0x7F], &[b'x'; 64]].concat();
    let error = read(&xlsb(&[xlsb_rows(), claim].concat()), Format::Xlsb, &TableOptions::default()).unwrap_err();
    assert!(matches!(error, FormatError::Limit { .. }), "{error}");
}

#[test]
fn an_old_workbook_is_a_table() {
    let book = xls(&[("First", 1, 1), ("Second", 2, 0)]);
    assert_eq!(detect(&Buffer::from(&book[..]), None).unwrap().format, Format::Xls);
    let options = TableOptions { input_header: Some(false), ..TableOptions::default() };
    let table = read(&book, Format::Xls, &options).unwrap();
    assert_eq!(rows(&table), [vec!["1.5"], vec!["", "2"]]);
    assert_eq!(table.losses()[0].what, "Only the sheet \"First\" of 2 is read, not \"Second\"");
}

#[test]
fn an_old_workbook_with_many_far_corners_is_refused_before_its_grids_are_made() {
    let sheets: Vec<_> = (0..8).map(|number| (["a", "b", "c", "d", "e", "f", "g", "h"][number], 65_535, 255)).collect();
    assert!(matches!(read(&xls(&sheets), Format::Xls, &TableOptions::default()), Err(FormatError::Limit { .. })));
}

#[test]
fn workbooks_are_told_by_their_content() {
    let found = detect(&Buffer::from(xlsx("a\n1\n")), Some("table.csv")).unwrap();
    assert_eq!(found.format, Format::Xlsx);
    assert_eq!(found.mismatch.as_deref(), Some("The name says CSV table, the content is Excel workbook"));
    let plain = archive(&[("notes/xl/workbook.xml", "<x/>"), ("a.txt", "text")]);
    assert_eq!(detect(&plain.into(), None).unwrap().format, Format::Bytes);
    assert!(!targets(Format::Xlsx).contains(&Format::Text));
    assert!(targets(Format::Xlsx).contains(&Format::JsonLines));
    assert!(!targets(Format::Csv).contains(&Format::Ods));
}
