//! Files that no program writes: archives whose parts contradict each other, columns within columns without end.

use seektell::buffer::Buffer;
use seektell::formats::archive::{Archive, ArchiveError};
#[cfg(feature = "columnar")]
use seektell::formats::{Format, FormatError, TableOptions, table};
use seektell::tasks::Progress;

/// A member that is stored, as its own header and the directory tell of it.
pub(super) struct Member {
    data: Vec<u8>,
    /// Name, bytes of the content and packed bytes, in its own header.
    own: (Vec<u8>, u32, u32),
    /// The same in the directory.
    listed: (Vec<u8>, u32, u32),
    /// The directory's fields for large members.
    extra: Vec<u8>,
    /// Where the directory says that it begins, if not where it does.
    start: Option<u32>,
}

impl Member {
    pub(super) fn new(name: &str, data: &[u8]) -> Self {
        let told = (name.as_bytes().to_vec(), data.len() as u32, data.len() as u32);
        Self { data: data.to_vec(), own: told.clone(), listed: told, extra: Vec::new(), start: None }
    }
}

/// A ZIP of them.
pub(super) fn zip(members: &[Member]) -> Vec<u8> {
    zip_with(members, &end)
}

/// The record at the end: where the directory is and how many members it has.
fn end(start: u64, size: u64, count: u64) -> Vec<u8> {
    let mut bytes = b"PK\x05\x06\0\0\0\0".to_vec();
    bytes.extend((count as u16).to_le_bytes().repeat(2));
    bytes.extend((size as u32).to_le_bytes());
    bytes.extend((start as u32).to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

fn zip_with(members: &[Member], end: &dyn Fn(u64, u64, u64) -> Vec<u8>) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let start = member.start.unwrap_or(file.len() as u32);
        let crc = crc32fast::hash(&member.data);
        let sizes = |(_, size, packed): &(Vec<u8>, u32, u32)| [crc, *packed, *size].map(u32::to_le_bytes).concat();
        let lens = |name: &[u8], extra: usize| [name.len() as u16, extra as u16].map(u16::to_le_bytes).concat();
        file.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\x21\0");
        file.extend(sizes(&member.own));
        file.extend(lens(&member.own.0, 0));
        file.extend(&member.own.0);
        file.extend(&member.data);
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\x21\0");
        directory.extend(sizes(&member.listed));
        directory.extend(lens(&member.listed.0, member.extra.len()));
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(&member.listed.0);
        directory.extend(&member.extra);
    }
    let start = file.len() as u64;
    let size = directory.len() as u64;
    file.extend(directory);
    file.extend(end(start, size, members.len() as u64));
    file
}

fn opened(bytes: &[u8]) -> Result<Archive, ArchiveError> {
    Archive::open(&Buffer::from(bytes), &Progress::new())
}

fn problems(bytes: &[u8]) -> Vec<Vec<String>> {
    opened(bytes).unwrap().members().iter().map(|member| member.problems.clone()).collect()
}

fn content(bytes: &[u8], name: &str) -> Result<Vec<u8>, ArchiveError> {
    let archive = opened(bytes)?;
    archive.read(archive.find(name)?, 1 << 20, &Progress::new()).map(|content| content.to_vec_all().unwrap())
}

#[test]
fn a_handmade_archive_is_whole() {
    let file = zip(&[Member::new("a", b"first"), Member::new("b", b"second")]);
    assert_eq!(problems(&file), [Vec::<String>::new(), Vec::new()]);
    assert_eq!(content(&file, "b").unwrap(), b"second");
}

#[test]
fn headers_of_a_member_that_contradict_each_other_are_told() {
    let mut member = Member::new("a.txt", b"12345");
    member.own = (b"b.exe".to_vec(), 4, 3);
    let file = zip(&[member]);
    assert_eq!(
        problems(&file)[0],
        [
            "its own header calls it \"b.exe\"",
            "its own header says that it has 4 bytes",
            "its own header says that it is packed in 3 bytes"
        ]
    );
    // What comes out is what the directory says; and where that is not there, it is an error and not less.
    assert_eq!(content(&file, "a.txt").unwrap(), b"12345");
    for size in [4, 6, 1 << 30] {
        let mut member = Member::new("a.txt", b"12345");
        member.listed.1 = size;
        let file = zip(&[member]);
        assert!(content(&file, "a.txt").is_err(), "{size}");
    }
}

#[test]
fn members_with_the_same_bytes_are_told() {
    // The second one is the first one under another name; the third begins within the second.
    let mut same = Member::new("b", b"first");
    same.start = Some(0);
    let file = zip(&[Member::new("a", b"first"), same]);
    assert!(
        problems(&file)[1].iter().any(|problem| problem == "its bytes are those of another member too"),
        "{:?}",
        problems(&file)
    );
    // A member whose data holds a whole other one.
    let inner = zip(&[Member::new("inner", b"within")]);
    let mut within = Member::new("inner", b"within");
    within.start = Some(31);
    let file = zip(&[Member::new("o", &inner), within]);
    assert!(
        problems(&file)[1].iter().any(|problem| problem == "its bytes are those of another member too"),
        "{:?}",
        problems(&file)
    );
    assert_eq!(content(&file, "inner").unwrap(), b"within");
}

#[test]
fn places_behind_the_end_are_errors() {
    for start in [200, 1 << 20, u32::MAX - 1] {
        let mut member = Member::new("a", b"first");
        member.start = Some(start);
        assert!(content(&zip(&[member]), "a").is_err(), "{start}");
    }
}

#[test]
fn fields_for_large_archives_may_lie_and_take_no_memory() {
    // Sizes of a member, in its field for large ones.
    for size in [u64::MAX, 1 << 62, 1 << 40, 6] {
        let mut member = Member::new("a", b"first");
        (member.listed.1, member.listed.2) = (u32::MAX, u32::MAX);
        member.extra = [&1_u16.to_le_bytes()[..], &16_u16.to_le_bytes(), &size.to_le_bytes(), &size.to_le_bytes()].concat();
        assert!(content(&zip(&[member]), "a").is_err(), "{size}");
    }
    // How many members there are, and where the directory is.
    let lie = |count: u64, size: u64, start: u64| {
        move |real_start: u64, real_size: u64, _: u64| {
            let at = real_start + real_size;
            let mut bytes = b"PK\x06\x06".to_vec();
            bytes.extend(44_u64.to_le_bytes());
            bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            bytes.extend([count, count, size, start].map(u64::to_le_bytes).concat());
            bytes.extend(b"PK\x06\x07\0\0\0\0");
            bytes.extend(at.to_le_bytes());
            bytes.extend(1_u32.to_le_bytes());
            bytes.extend(end(u32::MAX.into(), u32::MAX.into(), u16::MAX.into()));
            bytes
        }
    };
    let members = [Member::new("a", b"first")];
    for (count, size, start) in
        [(u64::MAX, 47, 36), (1 << 40, 1 << 50, 36), (1, 47, u64::MAX), (1, u64::MAX, 0), (1 << 32, 47, 36), (2, 47, 36)]
    {
        let file = zip_with(&members, &lie(count, size, start));
        if let Ok(archive) = opened(&file) {
            assert!(archive.members().len() <= 1, "{count} {size} {start}: {:?}", archive.members());
        }
    }
}

/// A list of columns as Thrift's compact protocol writes it: groups within each other, a number in the innermost.
#[cfg(feature = "columnar")]
fn nested_columns(depth: u32) -> Vec<u8> {
    // The version; then the columns, their number in seven bits a byte.
    let mut footer = vec![0x15, 2, 0x19, 0xFC];
    let mut count = depth + 2;
    while count >= 0x80 {
        footer.push(count as u8 | 0x80);
        count >>= 7;
    }
    footer.push(count as u8);
    footer.extend(b"\x48\x01r\x15\x02\0");
    (0..depth).for_each(|_| footer.extend(b"\x35\x02\x18\x01g\x15\x02\0"));
    footer.extend(b"\x15\x02\x25\x02\x18\x01n\0");
    // No rows, and no groups of them.
    footer.extend(b"\x16\0\x19\x0C\0");
    let mut file = b"PAR1".to_vec();
    let len = footer.len() as u32;
    file.extend(footer);
    file.extend(len.to_le_bytes());
    file.extend(b"PAR1");
    file
}

#[cfg(feature = "columnar")]
fn columns(bytes: Vec<u8>, format: Format) -> Result<usize, FormatError> {
    table::read(&Buffer::from(bytes), format, &TableOptions::default(), &Progress::new()).map(|opened| opened.table.width())
}

/// The reader of Parquet makes its tree by recursion: a stack that runs over would end the process.
#[cfg(feature = "columnar")]
#[test]
fn columns_of_parquet_within_each_other_without_end_are_refused() {
    for depth in [0, 1, 20, 60] {
        assert_eq!(columns(nested_columns(depth), Format::Parquet).unwrap(), 1, "{depth}");
    }
    for depth in [200, 5_000, 1_000_000] {
        let error = columns(nested_columns(depth), Format::Parquet).unwrap_err();
        assert_eq!(error.to_string(), "the columns are nested at least 129 levels deep, more than the limit of 128 levels");
    }
    // Cut anywhere it is an error too.
    let whole = nested_columns(3);
    for cut in 0..whole.len() - 12 {
        let mut file = whole[..4].to_vec();
        file.extend(&whole[4 + cut..whole.len() - 8]);
        file.extend(((whole.len() - 12 - cut) as u32).to_le_bytes());
        file.extend(b"PAR1");
        columns(file, Format::Parquet).ok();
    }
}

/// Types of Arrow within each other: the tables of the file are checked before types are made of them.
#[cfg(feature = "columnar")]
#[test]
fn types_of_arrow_within_each_other_without_end_are_refused() {
    use std::sync::Arc;

    use arrow_schema::{DataType, Field, Schema};

    let file = |depth: usize| -> Vec<u8> {
        // Writing it recurses too, and so does letting go of the type.
        let written = std::thread::Builder::new().name("writer".into()).stack_size(1 << 30).spawn(move || {
            let nest = |inner, _| DataType::List(Arc::new(Field::new("item", inner, true)));
            let nested = (0..depth).fold(DataType::Int32, nest);
            let schema = Schema::new(vec![Field::new("a", nested, true)]);
            let mut writer = arrow_ipc::writer::FileWriter::try_new(Vec::new(), &schema).unwrap();
            writer.finish().unwrap();
            writer.into_inner().unwrap()
        });
        written.unwrap().join().unwrap()
    };
    assert_eq!(columns(file(10), Format::Arrow).unwrap(), 1);
    for depth in [200, 5_000] {
        let error = columns(file(depth), Format::Arrow).unwrap_err();
        assert!(matches!(error, FormatError::Malformed { .. } | FormatError::Limit { .. }), "{depth}: {error}");
    }
}
