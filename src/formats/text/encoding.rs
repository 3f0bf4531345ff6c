//! Encodings and line ends by name.

/// A text encoding: those of `encoding_rs`, and what it cannot write (UTF-16) or does not have (exact Latin-1, ASCII).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8
    #[default]
    Utf8,
    /// UTF-16, little end first
    Utf16Le,
    /// UTF-16, big end first
    Utf16Be,
    /// ISO 8859-1, all 256 bytes
    Latin1,
    /// US-ASCII: a byte above 7F means nothing
    Ascii,
    /// An encoding of the WHATWG list. [`Encoding::from_name`] and [`Encoding::of`] never put UTF-8 or UTF-16 here.
    Whatwg(&'static encoding_rs::Encoding),
}

/// The WHATWG encodings with several bytes a character, and the single-byte ones, in the order menus show them.
static WHATWG: [&encoding_rs::Encoding; 35] = [
    encoding_rs::WINDOWS_1250,
    encoding_rs::WINDOWS_1251,
    encoding_rs::WINDOWS_1253,
    encoding_rs::WINDOWS_1254,
    encoding_rs::WINDOWS_1255,
    encoding_rs::WINDOWS_1256,
    encoding_rs::WINDOWS_1257,
    encoding_rs::WINDOWS_1258,
    encoding_rs::WINDOWS_874,
    encoding_rs::ISO_8859_2,
    encoding_rs::ISO_8859_3,
    encoding_rs::ISO_8859_4,
    encoding_rs::ISO_8859_5,
    encoding_rs::ISO_8859_6,
    encoding_rs::ISO_8859_7,
    encoding_rs::ISO_8859_8,
    encoding_rs::ISO_8859_8_I,
    encoding_rs::ISO_8859_10,
    encoding_rs::ISO_8859_13,
    encoding_rs::ISO_8859_14,
    encoding_rs::ISO_8859_15,
    encoding_rs::ISO_8859_16,
    encoding_rs::SHIFT_JIS,
    encoding_rs::EUC_JP,
    encoding_rs::ISO_2022_JP,
    encoding_rs::GBK,
    encoding_rs::GB18030,
    encoding_rs::BIG5,
    encoding_rs::EUC_KR,
    encoding_rs::KOI8_R,
    encoding_rs::KOI8_U,
    encoding_rs::IBM866,
    encoding_rs::MACINTOSH,
    encoding_rs::X_MAC_CYRILLIC,
    encoding_rs::X_USER_DEFINED,
];

impl Encoding {
    /// Its usual name ("UTF-8", "windows-1252").
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Latin1 => "ISO-8859-1",
            Self::Ascii => "US-ASCII",
            Self::Whatwg(encoding) => encoding.name(),
        }
    }

    /// By name, WHATWG label or Python's name, case and surrounding spaces ignored. "iso-8859-1", "latin-1" and "ascii"
    /// are the exact ones here, not windows-1252 as in the WHATWG list; "utf-16" without an order is the little end first.
    /// Python's names of East Asian charsets stand for the web's, which read some sequences otherwise than the codecs of the streams do.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        match name.as_str() {
            "utf-8-sig" | "utf_8_sig" | "u8" => return Some(Self::Utf8),
            "latin-1" | "latin1" | "latin_1" | "latin" | "l1" | "iso-8859-1" | "iso8859-1" | "iso8859_1" | "iso_8859_1"
            | "iso_8859-1" | "iso88591" | "8859" | "cp819" | "iso-ir-100" => return Some(Self::Latin1),
            "ascii" | "us-ascii" | "us_ascii" | "ansi_x3.4-1968" | "646" => return Some(Self::Ascii),
            "mac-roman" | "mac_roman" => return Some(Self::Whatwg(encoding_rs::MACINTOSH)),
            _ => {}
        }
        if let Some(encoding) = east_asian(&name.replace('_', "-")) {
            return Some(Self::Whatwg(encoding));
        }
        let found = |label: &str| encoding_rs::Encoding::for_label_no_replacement(label.as_bytes());
        // Python joins with underscores and writes iso8859 without the first hyphen.
        found(&name)
            .or_else(|| found(&name.replace('_', "-")))
            .or_else(|| found(&name.replace('_', "-").replacen("iso8859", "iso-8859", 1)))
            .or_else(|| found(&name.replace("utf-16-", "utf-16").replace("utf_16_", "utf-16")))
            .map(Self::of)
    }

    /// The encoding that `encoding_rs` means by this.
    pub fn of(encoding: &'static encoding_rs::Encoding) -> Self {
        if encoding == encoding_rs::UTF_8 || encoding == encoding_rs::REPLACEMENT {
            Self::Utf8
        } else if encoding == encoding_rs::UTF_16LE {
            Self::Utf16Le
        } else if encoding == encoding_rs::UTF_16BE {
            Self::Utf16Be
        } else {
            Self::Whatwg(encoding)
        }
    }

    /// Every encoding a menu offers, the usual ones first.
    pub fn all() -> Vec<Self> {
        let mut all =
            vec![Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Whatwg(encoding_rs::WINDOWS_1252), Self::Latin1, Self::Ascii];
        all.extend(WHATWG.iter().copied().map(Self::Whatwg));
        all
    }

    /// The byte order mark that it may start with; empty where it has none.
    pub fn mark(self) -> &'static [u8] {
        match self.canonical() {
            Self::Utf8 => b"\xEF\xBB\xBF",
            Self::Utf16Le => b"\xFF\xFE",
            Self::Utf16Be => b"\xFE\xFF",
            _ => b"",
        }
    }

    /// How many bytes a line feed takes: 2 in UTF-16, else 1.
    pub fn unit(self) -> usize {
        if matches!(self.canonical(), Self::Utf16Le | Self::Utf16Be) { 2 } else { 1 }
    }

    /// The same encoding in its own variant, where somebody put UTF-8 or UTF-16 into [`Encoding::Whatwg`].
    pub(crate) fn canonical(self) -> Self {
        match self {
            Self::Whatwg(encoding) => Self::of(encoding),
            other => other,
        }
    }

    /// Whether an ASCII byte `byte` in text of this encoding always is that ASCII character, so that a delimiter can be
    /// looked for in the undecoded bytes. It is not so in UTF-16 and in ISO-2022-JP, and in the East Asian encodings only
    /// below `@` and not for digits, because their second bytes (in GB18030 digits too) begin there.
    pub(crate) fn keeps_ascii(self, byte: u8) -> bool {
        match self.canonical() {
            Self::Utf16Le | Self::Utf16Be => false,
            Self::Utf8 | Self::Latin1 | Self::Ascii => byte < 0x80,
            Self::Whatwg(encoding) if encoding == encoding_rs::ISO_2022_JP => false,
            Self::Whatwg(encoding) if encoding.is_single_byte() => byte < 0x80,
            Self::Whatwg(_) => byte < 0x40 && !byte.is_ascii_digit(),
        }
    }

    /// How many bytes the character at the start of `bytes` takes, at least 1 where there are any; never more than
    /// there are. Exact for well-formed text (a state that ISO-2022-JP keeps is not known here).
    pub(crate) fn char_len(self, bytes: &[u8]) -> usize {
        let Some(&first) = bytes.first() else { return 0 };
        let len = match self.canonical() {
            Self::Utf8 => match first {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 1,
            },
            Self::Utf16Le => utf16_len(bytes.get(1).copied()),
            Self::Utf16Be => utf16_len(Some(first)),
            Self::Latin1 | Self::Ascii => 1,
            Self::Whatwg(encoding) if encoding.is_single_byte() || encoding == encoding_rs::ISO_2022_JP || first < 0x81 => 1,
            Self::Whatwg(encoding) if encoding == encoding_rs::SHIFT_JIS => {
                if matches!(first, 0xA0..=0xDF) {
                    1
                } else {
                    2
                }
            }
            Self::Whatwg(encoding) if encoding == encoding_rs::EUC_JP => match first {
                0x8F => 3,
                0x8E | 0xA1..=0xFE => 2,
                _ => 1,
            },
            Self::Whatwg(encoding) if encoding == encoding_rs::GB18030 || encoding == encoding_rs::GBK => {
                if bytes.get(1).is_some_and(u8::is_ascii_digit) { 4 } else { 2 }
            }
            Self::Whatwg(_) => 2,
        };
        // A line end is never the second half of a character, not even of a broken one.
        let whole = len.min(bytes.len());
        if self.unit() == 1 { bytes[1..whole].iter().position(|&byte| byte < 0x30).map_or(whole, |at| at + 1) } else { whole }
    }
}

/// Python's names of East Asian charsets that the web does not know, with hyphens.
fn east_asian(name: &str) -> Option<&'static encoding_rs::Encoding> {
    Some(match name {
        "x-mac-simp-chinese" | "936" | "cp936" | "ms936" | "euc-cn" | "euccn" | "eucgb2312-cn" | "gb2312-1980" | "gb2312-80" => {
            encoding_rs::GBK
        }
        "gb18030-2000" => encoding_rs::GB18030,
        "932" | "cp932" | "cp-932" | "mskanji" | "ms-kanji" | "shiftjis" | "s-jis" | "x-mac-japanese" => encoding_rs::SHIFT_JIS,
        "eucjp" | "ujis" | "u-jis" => encoding_rs::EUC_JP,
        "iso2022jp" | "iso2022-jp" => encoding_rs::ISO_2022_JP,
        "949" | "cp949" | "ms949" | "uhc" | "euckr" | "ksx1001" | "ks-x-1001" | "ks-c-5601" | "ks-c-5601-1987"
        | "x-mac-korean" => encoding_rs::EUC_KR,
        "950" | "cp950" | "ms950" | "big5-tw" | "x-mac-trad-chinese" => encoding_rs::BIG5,
        _ => return None,
    })
}

fn utf16_len(high: Option<u8>) -> usize {
    if high.is_some_and(|high| (0xD8..=0xDB).contains(&high)) { 4 } else { 2 }
}

impl std::fmt::Display for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NewlineStyle {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r`
    Cr,
}

impl NewlineStyle {
    /// The characters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }
}
