//! Whole files of every format: the samples, what our own writers make of them, and what only tests write.

use std::sync::OnceLock;

use seektell::buffer::Buffer;
use seektell::formats::archive::{Kind as ArchiveKind, pack};
use seektell::formats::literal::Style;
use seektell::formats::picture::ops::Resize;
#[cfg(feature = "columnar")]
use seektell::formats::{ColumnCompression, ColumnTypes};
use seektell::formats::{Format, Kind, Options, convert, options::TiffCompression, targets};
use seektell::tasks::Progress;

use super::super::{pictures, workbooks};

/// What is looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Pictures,
    Metadata,
    Tables,
    Workbooks,
    Archives,
    Encoded,
    Kept,
}

impl Family {
    pub(super) const ALL: [Self; 7] =
        [Self::Pictures, Self::Metadata, Self::Tables, Self::Workbooks, Self::Archives, Self::Encoded, Self::Kept];
}

/// A whole file.
#[derive(Clone, Debug)]
pub(super) struct Seed {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// What it is, where that is a format of ours.
    pub(super) format: Option<Format>,
}

impl Seed {
    fn new(name: &str, bytes: impl Into<Vec<u8>>, format: impl Into<Option<Format>>) -> Self {
        Self { name: name.to_owned(), bytes: bytes.into(), format: format.into() }
    }

    /// Files that the program keeps are told by their name.
    pub(super) fn family(&self) -> Family {
        if self.name.starts_with("kept") { Family::Kept } else { Family::Tables }
    }
}

const PEOPLE: &str =
    "id,name,price,note\r\n007,Zoë,12.5,=1+1\r\n2,\"Bob, jr\",0.5,\"New\r\nYork\"\r\n\r\n3,Eve\r\n4,,1e5,x,more\r\n";
const RECORDS: &str = r#"[{"a": 1.10, "b": [1, {"c": null}]}, {"a": "é\u00e9\ud83d\ude00", "d": true}, {"b": -0.0}]"#;

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/assets/samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn made(input: &[u8], from: Format, to: Format, options: &Options) -> Vec<u8> {
    let mut out = Vec::new();
    convert(&Buffer::from(input), from, to, options, &mut out, &Progress::new())
        .unwrap_or_else(|error| panic!("{from} to {to}: {error}"));
    out
}

fn name(format: Format) -> String {
    format!("made.{}", format.default_extension())
}

/// The files of a family; made once.
pub(super) fn of(family: Family) -> Vec<Seed> {
    static MADE: [OnceLock<Vec<Seed>>; 7] = [const { OnceLock::new() }; 7];
    MADE[family as usize]
        .get_or_init(|| match family {
            Family::Pictures => some_pictures(),
            Family::Metadata => metadata(),
            Family::Tables => tables(),
            Family::Workbooks => books(),
            Family::Archives => archives(),
            Family::Encoded => encoded(),
            Family::Kept => kept(),
        })
        .clone()
}

fn small() -> Options {
    let mut options = Options::default();
    options.picture.operations.resize = Some(Resize::Fit { width: 20, height: 13 });
    options
}

fn some_pictures() -> Vec<Seed> {
    use Format::{Bmp, Gif, Ico, Jpeg, Pnm, Qoi, Tga, Tiff, WebP};
    let mut seeds = Vec::new();
    let photo = sample("photo.png");
    for to in targets(Format::Png).into_iter().filter(|to| to.kind() == Kind::Picture) {
        seeds.push(Seed::new(&name(to), made(&photo, Format::Png, to, &small()), to));
        seeds.push(Seed::new(&name(to), made(&sample("alpha.png"), Format::Png, to, &small()), to));
        seeds.push(Seed::new(&name(to), made(&sample("grey16.png"), Format::Png, to, &Options::default()), to));
    }
    for compression in [TiffCompression::Lzw, TiffCompression::Deflate, TiffCompression::PackBits] {
        let mut options = small();
        options.picture.tiff_compression = compression;
        seeds.push(Seed::new("made.tiff", made(&photo, Format::Png, Tiff, &options), Tiff));
    }
    let mut progressive = small();
    (progressive.picture.progressive, progressive.picture.optimize) = (true, true);
    seeds.push(Seed::new("made.jpg", made(&photo, Format::Png, Jpeg, &progressive), Jpeg));
    let animation = sample("animation.gif");
    seeds.push(Seed::new("animation.gif", animation.clone(), Gif));
    for to in [Format::Png, WebP] {
        seeds.push(Seed::new(&name(to), made(&animation, Gif, to, &Options::default()), to));
    }
    for (file, format) in [
        ("picture.bmp", Bmp),
        ("picture.ico", Ico),
        ("picture.pgm", Pnm),
        ("picture.qoi", Qoi),
        ("picture.tga", Tga),
        ("picture.webp", WebP),
        ("photo.jpg", Jpeg),
    ] {
        seeds.push(Seed::new(file, sample(file), format));
    }
    seeds.push(Seed::new("pages.tiff", pictures::animations::pages(&[10, 20, 30]), Tiff));
    seeds.push(Seed::new("text.ppm", "P3 2 2 255 1 2 3 4 5 6 7 8 9 10 11 12\n", Pnm));
    seeds.push(Seed::new("a.dds", pictures::deep::dds(8, 8, b"DXT5", &[7; 16]), Format::Dds));
    seeds.push(Seed::new("b.dds", pictures::deep::dds(8, 8, b"DXT1", &[7; 8]), Format::Dds));
    #[cfg(feature = "jxl")]
    for text in [pictures::deep::jxl::RGB, pictures::deep::jxl::RGBA] {
        seeds.push(Seed::new("a.jxl", pictures::deep::jxl::sample(text), Format::Jxl));
    }
    #[cfg(feature = "svg")]
    for drawing in DRAWINGS {
        seeds.push(Seed::new("a.svg", drawing, Format::Svg));
    }
    seeds
}

#[cfg(feature = "svg")]
const DRAWINGS: [&str; 3] = [
    r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="30" viewBox="0 0 40 30"><defs><linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1"/></linearGradient><pattern id="p" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="2" height="2"/></pattern><g id="a"><circle r="3"/></g><clipPath id="c"><rect width="9" height="9"/></clipPath><mask id="m"><use href="#a"/></mask></defs><rect width="20" height="10" fill="url(#g)" clip-path="url(#c)"/><path d="M1 1 C 3 4 5 6 7 8 A 3 3 0 1 1 9 9 Z" stroke-dasharray="1 2" stroke="blue" fill="url(#p)"/><use xlink:href="#a" x="5" y="5" mask="url(#m)"/></svg>"##,
    r##"<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"><filter id="f" x="-1" width="3"><feGaussianBlur stdDeviation="2"/><feTurbulence baseFrequency="0.1" numOctaves="2"/><feMorphology operator="dilate" radius="2"/><feConvolveMatrix order="3" kernelMatrix="1 0 0 0 1 0 0 0 1"/></filter><g filter="url(#f)" opacity=".5"><text x="2" y="12" font-size="9">&b;</text></g><style>rect{fill:lime}</style><script>alert(1)</script></svg>"##,
    r##"<svg xmlns="http://www.w3.org/2000/svg" width="10mm" height="1in" preserveAspectRatio="xMidYMid slice"><image href="file:///etc/passwd" width="5" height="5"/><image href="data:image/png;base64,iVBORw0KGgo=" width="1" height="1"/><switch><g systemLanguage="en"><svg viewBox="0 0 1 1"><marker id="k"/><polyline points="0,0 1,1 2,0" marker-mid="url(#k)" transform="rotate(30) scale(2) skewX(3)"/></svg></g></switch></svg>"##,
];

/// Pictures that carry EXIF, XMP, texts, density and colours, in every format with a place for them.
fn metadata() -> Vec<Seed> {
    let source = pictures::carry::source();
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &profile).unwrap();
    let mut body = b"iCCPP3\0\0".to_vec();
    body.extend(packed.finish().unwrap());
    let mut chunk = (body.len() as u32 - 4).to_be_bytes().to_vec();
    chunk.extend(&body);
    chunk.extend(crc32fast::hash(&body).to_be_bytes());
    let coloured = [&source[..33], &chunk, &source[33..]].concat();
    let mut seeds = vec![Seed::new("camera.png", coloured.clone(), Format::Png)];
    for to in [Format::Jpeg, Format::Tiff, Format::WebP, Format::Gif] {
        seeds.push(Seed::new(&name(to), made(&coloured, Format::Png, to, &Options::default()), to));
    }
    // What a photographer's program writes: IPTC in a resource block.
    let jpeg = seeds[1].bytes.clone();
    let iptc = [&b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x12"[..], b"\x1C\x02\x05\0\x05Title\x1C\x02\x19\0\x03key"].concat();
    let segment = [&[0xFF, 0xED], &(iptc.len() as u16 + 2).to_be_bytes()[..], &iptc].concat();
    seeds.push(Seed::new("iptc.jpg", [&jpeg[..2], &segment, &jpeg[2..]].concat(), Format::Jpeg));
    seeds
}

fn tables() -> Vec<Seed> {
    let mut seeds: Vec<_> = [
        ("people.csv", Format::Csv),
        ("people.tsv", Format::Tsv),
        ("people.json", Format::Json),
        ("people.jsonl", Format::JsonLines),
        ("semicolon-latin1.csv", Format::Csv),
        ("report.csv", Format::Csv),
        ("notes.txt", Format::Text),
        ("crlf.txt", Format::Text),
        ("utf16.txt", Format::Text),
    ]
    .map(|(file, format)| Seed::new(file, sample(file), format))
    .into();
    seeds.push(Seed::new("a.csv", PEOPLE, Format::Csv));
    seeds.push(Seed::new("a.json", RECORDS, Format::Json));
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    seeds.push(Seed::new("deep.json", deep, Format::Json));
    for to in [Format::Markdown, Format::Html, Format::Sql] {
        seeds.push(Seed::new(&name(to), made(PEOPLE.as_bytes(), Format::Csv, to, &Options::default()), None));
    }
    seeds
}

fn books() -> Vec<Seed> {
    let mut seeds = vec![
        Seed::new("a.xlsx", made(PEOPLE.as_bytes(), Format::Csv, Format::Xlsx, &Options::default()), Format::Xlsx),
        Seed::new(
            "b.xlsx",
            workbooks::book(&[(
                "S",
                r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" s="1"><v>44000.5</v></c><c r="C1"><f>1+1</f><v>2</v></c></row><row r="3"><c r="B3" t="b"><v>1</v></c></row>"#,
            )]),
            Format::Xlsx,
        ),
        Seed::new(
            "a.ods",
            workbooks::ods(
                r#"<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="1.5"><text:p>1,50</text:p></table:table-cell><table:table-cell table:number-columns-repeated="3" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>"#,
            ),
            Format::Ods,
        ),
        Seed::new("a.xlsb", workbooks::xlsb(&workbooks::xlsb_rows()), Format::Xlsb),
        Seed::new("a.xls", workbooks::xls(&[("First", 1, 1), ("Second", 2, 0)]), Format::Xls),
    ];
    #[cfg(feature = "columnar")]
    for (to, types, compression) in [
        (Format::Parquet, ColumnTypes::Exact, ColumnCompression::Usual),
        (Format::Arrow, ColumnTypes::Exact, ColumnCompression::Usual),
        (Format::Parquet, ColumnTypes::Text, ColumnCompression::Zstd),
        (Format::Parquet, ColumnTypes::Exact, ColumnCompression::Gzip),
        (Format::Arrow, ColumnTypes::Text, ColumnCompression::Lz4),
        (Format::Arrow, ColumnTypes::Exact, ColumnCompression::Zstd),
    ] {
        let mut options = Options::default();
        options.table.types = types;
        options.table.compression = compression;
        seeds.push(Seed::new(&name(to), made(PEOPLE.as_bytes(), Format::Csv, to, &options), to));
    }
    seeds
}

fn archives() -> Vec<Seed> {
    let documents = [("people.csv", PEOPLE.as_bytes()), ("a/b.json", RECORDS.as_bytes()), ("empty", b"")];
    let documents = documents.map(|(name, bytes)| (name.to_owned(), Buffer::from(bytes)));
    let packed = |kind| {
        let mut out = Vec::new();
        pack(&documents, kind, 6, &mut out, &Progress::new()).unwrap();
        out
    };
    let (zip, tar) = (packed(ArchiveKind::Zip), packed(ArchiveKind::Tar));
    let mut long = tar::Builder::new(Vec::new());
    let mut head = tar::Header::new_gnu();
    head.set_size(3);
    long.append_data(&mut head, "folder/".repeat(40) + "file", &b"abc"[..]).unwrap();
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    long.append_link(&mut link, "link", "/etc/passwd").unwrap();
    let mut pax = tar::Header::new_ustar();
    let record = b"19 path=renamed.txt\n17 size=999999999\n";
    pax.set_entry_type(tar::EntryType::XHeader);
    pax.set_size(record.len() as u64);
    long.append_data(&mut pax, "pax", &record[..]).unwrap();
    let mut head = tar::Header::new_ustar();
    head.set_size(5);
    long.append_data(&mut head, "short.txt", &b"abcde"[..]).unwrap();
    let gzip = |bytes: &[u8]| made(bytes, Format::Bytes, Format::Gzip, &Options::default());
    let zeros = gzip(&vec![0; 200_000]);
    vec![
        Seed::new("a.tar.gz", gzip(&tar), Format::Gzip),
        Seed::new("a.zip", zip, None),
        Seed::new(
            "made.zip",
            super::handmade::zip(
                &[("a", &b"first"[..]), ("b/c", b"second")].map(|(name, data)| super::handmade::Member::new(name, data)),
            ),
            None,
        ),
        Seed::new("a.tar", tar, None),
        Seed::new("long.tar", long.into_inner().unwrap(), None),
        Seed::new("two.gz", [gzip(b"first"), gzip(b"second")].concat(), Format::Gzip),
        Seed::new("zeros.gz", zeros, Format::Gzip),
        Seed::new("a.zz", made(&vec![7; 100_000], Format::Bytes, Format::Zlib, &Options::default()), Format::Zlib),
        Seed::new(
            "a.zst",
            ruzstd::encoding::compress_to_vec(PEOPLE.repeat(400).as_bytes(), ruzstd::encoding::CompressionLevel::Fastest),
            Format::Zstd,
        ),
        Seed::new("picture.gz", gzip(&sample("picture.qoi")), Format::Gzip),
    ]
}

fn encoded() -> Vec<Seed> {
    let mut seeds: Vec<_> = [("hello.b64", Format::Base64), ("hello.hex", Format::HexText), ("hello.hexdump", Format::HexDump)]
        .map(|(file, format)| Seed::new(file, sample(file), format))
        .into();
    seeds.push(Seed::new("pixel.dataurl", sample("pixel.dataurl"), Format::DataUrl));
    seeds.push(Seed::new("percent.dataurl", "data:text/csv;charset=utf-8,a%2Cb%0A1%2C%C3%A9#end", Format::DataUrl));
    for to in [Format::IntelHex, Format::SRecord, Format::HexDump, Format::HexText, Format::Base64] {
        seeds.push(Seed::new(&name(to), made(&sample("alpha.png")[..700], Format::Bytes, to, &Options::default()), to));
    }
    let jumps =
        ":020000040800F2\n:10000000000102030405060708090A0B0C0D0E0F78\n:02000004FFFFFC\n:0400000001020304F2\n:00000001FF\n";
    seeds.push(Seed::new("far.ihex", jumps, Format::IntelHex));
    seeds.push(Seed::new("gap.hexdump", "00000000  41 42 43\n*\n00100000  44\n00100001\n", Format::HexDump));
    let mut options = Options::default();
    for style in [Style::C, Style::Python, Style::Rust, Style::Percent, Style::Json, Style::Swift, Style::Xxd] {
        options.dump.style = Some(style);
        seeds.push(Seed::new("a.literal", made(RECORDS.as_bytes(), Format::Bytes, Format::Literal, &options), None));
        seeds.last_mut().unwrap().format = None;
    }
    for seed in seeds.clone().into_iter().filter(|seed| seed.name == "a.literal") {
        seeds.push(Seed { name: "b.literal".into(), format: None, ..seed });
    }
    seeds
}

/// What the program keeps for itself or is told what to do by.
fn kept() -> Vec<Seed> {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut seeds = vec![
        Seed::new("kept settings", seektell::app::Settings::default().to_json(), None),
        Seed::new(
            "kept bookmarks",
            r#"{"unit": "byte", "bookmarks": [{"name": "a", "start": 1, "length": 2, "comment": "x", "color": 3}]}"#,
            None,
        ),
        Seed::new(
            "kept recipe",
            r#"{"document": {"title": "T {date}", "created": "2026-04-25"}, "values": {"date": "2026"}, "sources": {"p": "people.csv"}, "page": {"size": "A5", "margin": 9}, "sections": [{"title": "Orders"}, {"blank": 2}, {"table": {"source": "p", "columns": ["name", {"name": "x", "value": "age * 2 + 1"}]}}, {"text": "{sum(p.age)} of {count(p)}"}]}"#,
            None,
        ),
    ];
    for folder in ["reports", "lessons"] {
        let mut files: Vec<_> =
            std::fs::read_dir(format!("{root}/assets/{folder}")).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files.into_iter().filter(|file| file.is_file()).take(4) {
            seeds.push(Seed::new(&format!("kept {}", file.display()), std::fs::read(&file).unwrap(), None));
        }
    }
    seeds
}
