//! Which codec a name stands for.

use super::aliases::ALIASES;
use super::multibyte::Charset;
use super::single::Charmap;
use super::wide::Order;
use super::{Codec, Kind};
use crate::stream::Exception;

/// The codecs that turn bytes into bytes or text into text: known, but not for text.
const NOT_TEXT: [&str; 7] = ["base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"];

/// What a codec that is not for text is asked for; the error message names another way to do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `str.encode`
    Encode,
    /// `bytes.decode` and `str(bytes, encoding)`
    Decode,
    /// `TextIOWrapper`
    Open,
}

/// Lower case, and one `_` for each run of what is neither a letter, a digit nor a dot; none at the ends.
fn normalise(name: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if gap && !out.is_empty() {
                out.push('_');
            }
            gap = false;
            out.push(c.to_ascii_lowercase());
        } else {
            gap = true;
        }
    }
    out
}

fn alias(name: &str) -> Option<&'static str> {
    let at = ALIASES.binary_search_by(|(alias, _)| (*alias).cmp(name)).ok()?;
    Some(ALIASES[at].1)
}

fn kind_of(module: &str) -> Option<Kind> {
    Some(match module {
        "utf_8" => Kind::Utf8,
        "utf_8_sig" => Kind::Utf8Sig,
        "utf_16" => Kind::Wide(2, None),
        "utf_16_le" => Kind::Wide(2, Some(Order::Little)),
        "utf_16_be" => Kind::Wide(2, Some(Order::Big)),
        "utf_32" => Kind::Wide(4, None),
        "utf_32_le" => Kind::Wide(4, Some(Order::Little)),
        "utf_32_be" => Kind::Wide(4, Some(Order::Big)),
        "latin_1" | "iso8859_1" => Kind::Latin1,
        "ascii" => Kind::Ascii,
        module => match Charset::of(module) {
            Some(charset) => Kind::Multibyte(charset),
            None => Kind::Charmap(Charmap::of(module)?),
        },
    })
}

/// Whether `str.encode` and `bytes.decode` know the name themselves, and do not ask for a codec.
pub(super) fn is_built_in(name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "utf8",
        "utf_8",
        "utf16",
        "utf_16",
        "utf32",
        "utf_32",
        "ascii",
        "us_ascii",
        "latin1",
        "latin_1",
        "iso_8859_1",
        "iso8859_1",
    ];
    NAMES.contains(&normalise(name).as_str())
}

/// The codec for text that `name` stands for.
pub(super) fn find(name: &str, purpose: Purpose) -> Result<Codec, Exception> {
    // The usual spellings, without looking into tables.
    match name {
        "utf-8" | "utf8" | "UTF-8" => return Ok(Codec(Kind::Utf8)),
        "latin-1" => return Ok(Codec(Kind::Latin1)),
        "ascii" => return Ok(Codec(Kind::Ascii)),
        _ => {}
    }
    let normal = normalise(name);
    let aliased = alias(&normal).or_else(|| alias(&normal.replace('.', "_")));
    for module in aliased.into_iter().chain([normal.as_str()]) {
        if NOT_TEXT.contains(&module) {
            let way = match purpose {
                Purpose::Encode => "codecs.encode()",
                Purpose::Decode => "codecs.decode()",
                Purpose::Open => "codecs.open()",
            };
            let message = format!("'{name}' is not a text encoding; use {way} to handle arbitrary codecs");
            return Err(Exception::lookup(message));
        }
        if let Some(kind) = kind_of(module) {
            return Ok(Codec(kind));
        }
    }
    Err(Exception::lookup(format!("unknown encoding: {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_leads_to_a_codec() {
        assert!(ALIASES.is_sorted_by_key(|(alias, _)| *alias));
        for (alias, module) in ALIASES {
            assert!(NOT_TEXT.contains(&module) || kind_of(module).is_some(), "{alias}: {module}");
        }
    }

    #[test]
    fn names_are_normalised() {
        for name in ["UTF 8", "utf-_-8", " u8 ", "Utf_8", "cp65001"] {
            assert_eq!(find(name, Purpose::Open).unwrap(), Codec(Kind::Utf8), "{name}");
        }
        for name in ["", "nosuch", "utf.8", "u-8"] {
            let error = find(name, Purpose::Open).unwrap_err();
            assert_eq!(error.to_string(), format!("LookupError: unknown encoding: {name}"));
        }
    }
}
