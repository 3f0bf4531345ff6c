//! The characters of the pairs of bytes in the East Asian charsets.
//!
//! CPython and the web mean nearly the same by them. So the tables are filled from `encoding_rs` when they are needed first, and what
//! differs is corrected here. The corrections were found by comparing all pairs and all code points with CPython 3.11, which the tests
//! do again; each follows a rule: CPython knows the national standards without what vendors and Hong Kong added later, and GB 18030 of
//! the year 2000, which had not yet moved twenty characters out of the private use area.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use encoding_rs::{BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS};

/// Pairs whose first byte is 80 or higher, both ways.
pub(super) struct Pairs {
    /// By the first byte without its highest bit, and the second byte; 0 for a pair that means nothing.
    points: Box<[u16; 0x8000]>,
    /// By code point; 0 for a character that there is not.
    codes: Box<[u16; 0x1_0000]>,
}

impl Pairs {
    /// The character of a pair; 0 for none.
    #[inline]
    pub(super) fn point(&self, first: u8, second: u8) -> u16 {
        self.points[usize::from(first & 0x7F) << 8 | usize::from(second)]
    }

    /// The pair of a character; 0 for none.
    #[inline]
    pub(super) fn code(&self, point: u32) -> u16 {
        self.codes.get(point as usize).copied().unwrap_or(0)
    }

    /// The character of a pair whose bytes are below 80, as in ISO 2022.
    pub(super) fn point_of_seven(&self, first: u8, second: u8) -> Option<u32> {
        let point = if (first | second) < 0x80 { self.point(first | 0x80, second | 0x80) } else { 0 };
        (point != 0).then_some(point.into())
    }

    /// The pair of a character, with bytes below 80.
    pub(super) fn code_of_seven(&self, point: u32) -> Option<[u8; 2]> {
        let code = self.code(point);
        (code != 0).then_some((code & 0x7F7F).to_be_bytes())
    }
}

/// A table in the making.
struct Draft {
    points: Vec<u16>,
    /// A byte in front of each pair, in the encoding that the table is filled from.
    prefix: &'static [u8],
}

impl Draft {
    fn new(prefix: &'static [u8]) -> Self {
        Self { points: vec![0; 0x8000], prefix }
    }

    const fn at(pair: u16) -> usize {
        pair as usize & 0x7FFF
    }

    /// The pairs as another table has them, where `keep` says so.
    fn of(pairs: &Pairs, keep: impl Fn(u16) -> bool) -> Self {
        let mut draft = Self::new(b"");
        for (at, &point) in pairs.points.iter().enumerate() {
            draft.points[at] = if keep(0x8000 | at as u16) { point } else { 0 };
        }
        draft
    }

    /// The pairs that `encoding_rs` knows, with a first byte in `first` and a second byte from `second` on.
    fn fill(mut self, encoding: &'static Encoding, first: RangeInclusive<u8>, second: u8) -> Self {
        for first in first {
            for second in second..=0xFF {
                let input = [self.prefix, &[first, second]].concat();
                // One code unit for one pair: what needs two is in no standard that CPython knows.
                let mut units = [0; 4];
                let (result, _, written) =
                    encoding.new_decoder_without_bom_handling().decode_to_utf16_without_replacement(&input, &mut units, true);
                if result == DecoderResult::InputEmpty && written == 1 {
                    self.points[usize::from(first & 0x7F) << 8 | usize::from(second)] = units[0];
                }
            }
        }
        self
    }

    fn remove(mut self, pairs: &[RangeInclusive<u16>]) -> Self {
        for pair in pairs.iter().cloned().flatten() {
            self.points[Self::at(pair)] = 0;
        }
        self
    }

    /// Other characters for the pairs from `pair` on.
    fn put(mut self, pair: u16, characters: &str) -> Self {
        for (slot, unit) in self.points[Self::at(pair)..].iter_mut().zip(characters.encode_utf16()) {
            *slot = unit;
        }
        self
    }

    /// Both ways. Of several pairs for a character the first one is written, except for those in `preferred`, of which some are only
    /// written and never read.
    fn build(self, preferred: &[(u16, char)]) -> Pairs {
        let mut codes = vec![0; 0x1_0000];
        for (at, &point) in self.points.iter().enumerate().rev() {
            codes[usize::from(point)] = 0x8000 | at as u16;
        }
        codes[0] = 0;
        for &(pair, character) in preferred {
            codes[character as usize] = pair;
        }
        Pairs { points: boxed(self.points), codes: boxed(codes) }
    }
}

fn boxed<const N: usize>(values: Vec<u16>) -> Box<[u16; N]> {
    values.into_boxed_slice().try_into().unwrap_or_else(|_| Box::new([0; N]))
}

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $build:expr;)*) => {
        $($(#[$doc])* pub(super) fn $name() -> &'static Pairs {
            static TABLE: OnceLock<Pairs> = OnceLock::new();
            TABLE.get_or_init(|| $build)
        })*
    };
}

tables! {
    /// The pairs of GB 18030 of the year 2000.
    gb18030 = Draft::new(b"")
        .fill(GB18030, 0x81..=0xFE, 0x40)
        .put(0xA3A0, "\u{E5E5}")
        .put(0xA6D9, "\u{E78D}\u{E78E}\u{E78F}\u{E790}\u{E791}\u{E792}\u{E793}")
        .put(0xA6EC, "\u{E794}\u{E795}")
        .put(0xA6F3, "\u{E796}")
        .put(0xA8BC, "\u{E7C7}")
        .put(0xFE59, "\u{E81E}")
        .put(0xFE61, "\u{E826}")
        .put(0xFE66, "\u{E82B}\u{E82C}")
        .put(0xFE6D, "\u{E832}")
        .put(0xFE7E, "\u{E843}")
        .put(0xFE90, "\u{E854}")
        .put(0xFEA0, "\u{E864}")
        .build(&[]);

    /// GBK: without the private use area and what came with GB 18030.
    gbk = Draft::of(gb18030(), |pair| !matches!(gb18030().point((pair >> 8) as u8, pair as u8), 0xE000..=0xF8FF))
        .remove(&[0xA2E3..=0xA2E3, 0xA8BF..=0xA8BF, 0xA989..=0xA995, 0xFE50..=0xFE9F])
        .build(&[]);

    /// GB 2312, in its EUC form.
    gb2312 = Draft::of(gbk(), |pair| pair < 0xF800 && pair & 0xFF >= 0xA1 && pair >> 8 >= 0xA1)
        .remove(&[0xA2A1..=0xA2AA, 0xA6E0..=0xA6F5, 0xA8BB..=0xA8C0])
        .put(0xA1A4, "・")
        .put(0xA1AA, "―")
        .build(&[]);

    /// Big5 as the Unicode consortium told it.
    big5 = Draft::of(cp950(), |_| true)
        .remove(&[0xA3C0..=0xA3E1, 0xF9D6..=0xF9FE])
        .put(0xA145, "•")
        .put(0xA14E, "､")
        .put(0xA1C2, "‾")
        .put(0xA1E3, "∼")
        .put(0xA1F2, "♁☉")
        .put(0xA241, "／＼")
        .put(0xA244, "¥")
        .put(0xA246, "¢£")
        .build(&[(0xA451, '十'), (0xA4CA, '卅'), (0xA241, '／'), (0xA242, '＼')]);

    /// Big5 of Windows: without Hong Kong's additions, and with the kana and Cyrillic letters of ETEN where they had been.
    cp950 = Draft::new(b"")
        .fill(BIG5, 0xA1..=0xF9, 0x40)
        .remove(&[0xA3C0..=0xA3E0, 0xC6A1..=0xC8FE])
        .put(0xC6A1, "ヾゝゞ々ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんァアィイゥウェ")
        .put(0xC740, "エォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユ")
        .put(0xC7A1, "ョヨラリルレロヮワヰヱヲンヴヵヶДЕЁЖЗИЙКЛМУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽")
        .put(0xF9FE, "▓")
        .build(&[
            (0xA451, '十'),
            (0xA4CA, '卅'),
            (0xA246, '¢'),
            (0xA247, '£'),
            (0xA244, '¥'),
            (0xA145, '•'),
            (0xA1C2, '‾'),
            (0xA1E3, '∼'),
            (0xA1F3, '☉'),
            (0xA1F2, '♁'),
            (0xA14E, '､'),
        ]);

    /// JIS X 0208, in its EUC form: without the additions of NEC and IBM, and with the characters that the standard names.
    jisx0208 = Draft::new(b"")
        .fill(EUC_JP, 0xA1..=0xF8, 0xA1)
        .remove(&[0xADA1..=0xADFE])
        .put(0xA1C1, "〜‖")
        .put(0xA1DD, "−")
        .put(0xA1F1, "¢£")
        .put(0xA2CC, "¬")
        .build(&[]);

    /// JIS X 0212, in its EUC form without the byte 8F.
    jisx0212 = Draft::new(b"\x8F").fill(EUC_JP, 0xA1..=0xFE, 0xA1).put(0xA2B7, "~").build(&[]);

    /// The pairs of Shift JIS.
    shift_jis = shift_jis_of(jisx0208());

    /// Shift JIS of Windows, whose pairs for some characters of JIS X 0208 are read as others.
    cp932 = Draft::new(b"").fill(SHIFT_JIS, 0x81..=0xFC, 0x40).build(&[
        (0x8191, '¢'),
        (0x8192, '£'),
        (0x81CA, '¬'),
        (0x8161, '‖'),
        (0x817C, '−'),
        (0x8160, '〜'),
    ]);

    /// Korean of Windows: KS X 1001 and all other syllables.
    cp949 = Draft::new(b"").fill(EUC_KR, 0x81..=0xFE, 0x41).build(&[]);

    /// KS X 1001, in its EUC form.
    ksx1001 = Draft::of(cp949(), |pair| pair & 0xFF >= 0xA1 && pair >> 8 >= 0xA1).build(&[]);
}

/// The rows of 94 characters of a JIS standard, two for each first byte.
fn shift_jis_of(rows: &Pairs) -> Pairs {
    let mut draft = Draft::new(b"");
    for row in 0..94_u8 {
        for cell in 0..94_u8 {
            let first = 0x81 + row / 2 + if row < 62 { 0 } else { 0x40 };
            let second = if row % 2 == 1 { 0x9F + cell } else { 0x40 + cell + u8::from(cell >= 0x3F) };
            draft.points[usize::from(first & 0x7F) << 8 | usize::from(second)] = rows.point(0xA1 + row, 0xA1 + cell);
        }
    }
    draft.build(&[])
}

/// The code points of the basic plane that GB 18030 writes in four bytes, in the order of the bytes: those that have no pair.
pub(super) struct FourBytes {
    /// The code points in runs: the first of each, and how many came before it.
    runs: Vec<(u32, u32)>,
}

impl FourBytes {
    /// How many there are.
    const COUNT: u32 = 39_420;

    pub(super) fn get() -> &'static Self {
        static TABLE: OnceLock<FourBytes> = OnceLock::new();
        TABLE.get_or_init(|| {
            let mut runs = Vec::new();
            let (mut count, mut last) = (0, 0);
            for point in (0x80..0x1_0000).filter(|point| !(0xD800..0xE000).contains(point) && gb18030().code(*point) == 0) {
                if point != last + 1 {
                    runs.push((point, count));
                }
                (count, last) = (count + 1, point);
            }
            Self { runs }
        })
    }

    pub(super) fn point(&self, number: u32) -> Option<u32> {
        if number >= Self::COUNT {
            return None;
        }
        let run = self.runs.partition_point(|&(_, before)| before <= number).checked_sub(1)?;
        let (first, before) = self.runs[run];
        Some(first + (number - before))
    }

    /// The number of a code point that has no pair and is no surrogate.
    pub(super) fn number(&self, point: u32) -> u32 {
        let run = self.runs.partition_point(|&(first, _)| first <= point).saturating_sub(1);
        let (first, before) = self.runs[run];
        before + (point - first)
    }
}
