//! What a body is called: `Content-Disposition` (RFC 6266), or the end of the address.

/// The file name that a `Content-Disposition` header proposes; `filename*` before `filename`.
#[cfg(feature = "net")]
pub(super) fn proposed(header: &str) -> Option<String> {
    let mut plain = None;
    for parameter in parameters(header).skip(1) {
        let Some((key, value)) = parameter.split_once('=') else { continue };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "filename*" => {
                // charset'language'percent-encoded
                let mut parts = value.splitn(3, '\'');
                let charset = parts.next().unwrap_or_default();
                if let Some(encoded) = parts.nth(1) {
                    let bytes = percent_decoded(encoded);
                    let latin = charset.eq_ignore_ascii_case("iso-8859-1");
                    return Some(if latin {
                        bytes.iter().map(|&byte| char::from(byte)).collect()
                    } else {
                        String::from_utf8_lossy(&bytes).into_owned()
                    });
                }
            }
            "filename" if plain.is_none() => plain = Some(unquoted(value)),
            _ => {}
        }
    }
    plain.filter(|name| !name.is_empty())
}

/// The parts between semicolons that stand outside of quotes.
#[cfg(feature = "net")]
fn parameters(header: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    header.split(move |c| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            '"' if !was_escaped => quoted = !quoted,
            '\\' if quoted && !was_escaped => escaped = true,
            _ => {}
        }
        c == ';' && !quoted
    })
}

#[cfg(feature = "net")]
fn unquoted(value: &str) -> String {
    let Some(inside) = value.strip_prefix('"') else { return value.to_owned() };
    let mut text = String::new();
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    text
}

/// The bytes that percent signs stand for; one that stands for none is itself.
pub(super) fn percent_decoded(text: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(text).collect()
}

#[cfg(all(test, feature = "net"))]
mod tests {
    use super::*;

    #[test]
    fn a_server_proposes_a_name_in_every_way() {
        for (header, name) in [
            ("attachment; filename=a.csv", Some("a.csv")),
            ("attachment; filename=\"a;b \\\"c\\\".csv\"", Some("a;b \"c\".csv")),
            ("attachment; filename=\"x.csv\"; filename*=UTF-8''%C3%BC%20x.csv", Some("ü x.csv")),
            ("inline; filename*=iso-8859-1'en'%FC.txt", Some("ü.txt")),
            ("attachment; filename=\"../../etc/passwd\"", Some("../../etc/passwd")),
            ("inline", None),
            ("attachment; filename=\"\"", None),
            ("", None),
        ] {
            assert_eq!(proposed(header).as_deref(), name, "{header}");
        }
        assert_eq!(percent_decoded("%41%zz%4"), b"A%zz%4");
    }
}
