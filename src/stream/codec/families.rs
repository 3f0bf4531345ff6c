//! What a charset was made for, so that a list of a hundred names can be read.

use super::Charset;

impl Charset {
    /// The families, in the order of lists.
    pub const FAMILIES: [&'static str; 13] = [
        "Unicode",
        "Western",
        "Central European",
        "Baltic and Nordic",
        "Cyrillic",
        "Greek",
        "Turkish",
        "Hebrew and Arabic",
        "Japanese",
        "Chinese",
        "Korean",
        "Thai and Vietnamese",
        "EBCDIC",
    ];

    /// The writing that it is for, or the kind of machine that used it: one of [`Self::FAMILIES`].
    pub fn family(self) -> &'static str {
        let name = self.name();
        match name {
            "cp037" | "cp273" | "cp424" | "cp500" | "cp875" | "cp1026" | "cp1140" => "EBCDIC",
            "cp1250" | "cp852" | "iso8859_2" | "iso8859_3" | "iso8859_16" | "mac_latin2" => "Central European",
            "cp1257" | "cp775" | "cp861" | "cp865" | "iso8859_4" | "iso8859_10" | "iso8859_13" | "mac_iceland" => {
                "Baltic and Nordic"
            }
            "cp1251" | "cp855" | "cp866" | "cp1125" | "iso8859_5" | "kz1048" | "ptcp154" | "mac_cyrillic" => "Cyrillic",
            "cp1253" | "cp737" | "cp869" | "iso8859_7" | "mac_greek" => "Greek",
            "cp1254" | "cp857" | "iso8859_9" | "mac_turkish" => "Turkish",
            "cp1255" | "cp856" | "cp862" | "iso8859_8" | "cp1256" | "cp720" | "cp864" | "iso8859_6" | "mac_arabic"
            | "mac_farsi" => "Hebrew and Arabic",
            "cp932" => "Japanese",
            "gbk" | "gb2312" | "gb18030" | "hz" | "big5" | "big5hkscs" | "cp950" => "Chinese",
            "cp949" | "johab" | "euc_kr" | "iso2022_kr" => "Korean",
            "cp874" | "tis_620" | "iso8859_11" | "cp1258" => "Thai and Vietnamese",
            _ if name.starts_with("utf") => "Unicode",
            _ if name.starts_with("koi8") => "Cyrillic",
            _ if ["shift_jis", "euc_j", "iso2022_jp"].iter().any(|start| name.starts_with(start)) => "Japanese",
            _ => "Western",
        }
    }

    /// Whether what somebody typed means it: parts of its label, its name or its family in any order, or any name that Python
    /// knows it by. Nothing typed means all.
    pub fn is_meant(self, typed: &str) -> bool {
        let plain = |text: &str| text.to_lowercase().replace(['_', '-'], " ");
        let names = plain(&format!("{} {} {}", self.label(), self.name(), self.family()));
        let (joined, typed_plain) = (names.replace(' ', ""), plain(typed));
        typed_plain.split_whitespace().all(|word| names.contains(word) || joined.contains(word))
            || Self::find(typed.trim()) == Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_charset_is_in_a_family_and_found_by_what_people_call_it() {
        for family in Charset::FAMILIES {
            assert!(Charset::all().iter().any(|each| each.family() == family), "{family}");
        }
        for each in Charset::all() {
            assert!(Charset::FAMILIES.contains(&each.family()), "{each:?}");
            assert!(each.is_meant("") && each.is_meant(each.name()) && each.is_meant(&each.label()), "{each:?}");
        }
        let western: Vec<_> = Charset::all().iter().filter(|each| each.family() == "Western").map(|each| each.name()).collect();
        assert!(western.len() < 20, "nothing else falls among them: {western:?}");
        let meant = |typed: &str, name: &str| Charset::find(name).expect("a codec").is_meant(typed);
        for (typed, name) in [
            ("shift-jis", "shift_jis"),
            ("shiftjis", "shift_jis"),
            ("sjis", "shift_jis"),
            ("japanese", "euc_jp"),
            ("korean euc", "euc_kr"),
            ("ebcdic", "cp500"),
            ("CP866", "cp866"),
            ("cyrillic", "koi8_r"),
            ("chinese", "big5"),
            ("latin1", "latin_1"),
        ] {
            assert!(meant(typed, name), "{typed}");
        }
        assert!(!meant("ebcdic", "cp437") && !meant("nothing like it", "utf_8"));
    }
}
