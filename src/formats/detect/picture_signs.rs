//! Pictures by their first bytes (TGA by its last ones).

use super::{Detection, Edges};
use crate::formats::Format;

pub(super) fn find(edges: &Edges<'_>) -> Option<Detection> {
    let head = edges.head;
    let starts =
        |format: Format, bytes: &str| Detection::new(format, format!("starts with the {} signature {bytes}", word(format)));
    match head {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => {
            let found = starts(Format::Png, "89 50 4E 47");
            Some(if is_animated_png(head) { found.labelled("Animated PNG image") } else { found })
        }
        [0xFF, 0xD8, 0xFF, ..] => Some(starts(Format::Jpeg, "FF D8 FF")),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(starts(Format::Gif, "GIF8")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(starts(Format::WebP, "RIFF…WEBP")),
        [b'I', b'I', 0x2A, 0, ..] => Some(starts(Format::Tiff, "49 49 2A 00, little end first")),
        [b'M', b'M', 0, 0x2A, ..] => Some(starts(Format::Tiff, "4D 4D 00 2A, big end first")),
        [b'I', b'I', 0x2B, 0, ..] | [b'M', b'M', 0, 0x2B, ..] => {
            Some(starts(Format::Tiff, "of 64-bit files, version 2B").labelled("BigTIFF image"))
        }
        [b'B', b'M', ..] if is_bmp(edges) => Some(starts(Format::Bmp, "42 4D and a header of a known size")),
        [0, 0, kind @ (1 | 2), 0, ..] if is_icon(edges) => Some(match kind {
            1 => starts(Format::Ico, "00 00 01 00 and a list of pictures"),
            _ => starts(Format::Ico, "00 00 02 00 and a list of pictures").labelled("Windows cursor"),
        }),
        [b'q', b'o', b'i', b'f', rest @ ..] if is_qoi(rest) => Some(starts(Format::Qoi, "71 6F 69 66")),
        [b'f', b'a', b'r', b'b', b'f', b'e', b'l', b'd', ..] if head.len() >= 16 => Some(starts(Format::Farbfeld, "farbfeld")),
        [b'#', b'?', b'R', b'A', b'D', b'I', b'A', b'N', b'C', b'E', b'\n', ..] => Some(starts(Format::Hdr, "#?RADIANCE")),
        [b'#', b'?', b'R', b'G', b'B', b'E', b'\n', ..] => Some(starts(Format::Hdr, "#?RGBE")),
        [b'D', b'D', b'S', b' ', 124, 0, 0, 0, ..] => Some(starts(Format::Dds, "44 44 53 20")),
        [0, 0, 0, 12, b'J', b'X', b'L', b' ', b'\r', b'\n', 0x87, b'\n', ..] if Format::Jxl.info().reads => {
            Some(starts(Format::Jxl, "of a container, 4A 58 4C 20"))
        }
        [0xFF, 0x0A, rest @ ..] if Format::Jxl.info().reads && is_jxl(edges, rest) => Some(starts(Format::Jxl, "FF 0A")),
        [b'P', digit @ b'1'..=b'7', ..] if is_pnm(edges, *digit) => {
            let found = starts(Format::Pnm, &format!("P{}", char::from(*digit)));
            let label = match digit {
                b'1' | b'4' => "PBM image",
                b'2' | b'5' => "PGM image",
                b'3' | b'6' => "PPM image",
                _ => "PAM image",
            };
            Some(found.labelled(label))
        }
        _ => tga_by_footer(edges),
    }
}

fn word(format: Format) -> &'static str {
    format.info().name.split(' ').next().unwrap_or_default()
}

fn is_animated_png(head: &[u8]) -> bool {
    let mut at = 8;
    while let Some([a, b, c, d, kind @ ..]) = head.get(at..at + 8) {
        match kind {
            b"acTL" => return true,
            b"IDAT" | b"IEND" => return false,
            _ => at += u32::from_be_bytes([*a, *b, *c, *d]) as usize + 12,
        }
    }
    false
}

fn u16_at(head: &[u8], at: usize) -> Option<u16> {
    head.get(at..at + 2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn u32_at(head: &[u8], at: usize) -> Option<u32> {
    head.get(at..at + 4).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

/// "BM" begins many words, so the header that follows must be of a size that some Windows or OS/2 wrote.
fn is_bmp(edges: &Edges<'_>) -> bool {
    let sizes = u32_at(edges.head, 10).zip(u32_at(edges.head, 14));
    sizes.is_some_and(|(pixels, header)| {
        matches!(header, 12 | 16 | 24 | 40 | 48 | 52 | 56 | 64 | 108 | 124) && pixels >= 14 + header.min(16)
    })
}

/// A count, and a first entry that points behind the list. A TGA header can start with the same four bytes.
fn is_icon(edges: &Edges<'_>) -> bool {
    let head = edges.head;
    let Some(count) = u16_at(head, 4) else { return false };
    let entry = u32_at(head, 14).zip(u32_at(head, 18));
    count > 0
        && head.get(9) == Some(&0)
        && entry.is_some_and(|(size, at)| size >= 8 && u64::from(at) >= 6 + 16 * u64::from(count) && u64::from(at) < edges.len)
}

/// Two bytes say little: the name must agree, or what follows must not be text.
fn is_jxl(edges: &Edges<'_>, rest: &[u8]) -> bool {
    edges.claim == Some(Format::Jxl) || (rest.len() >= 8 && rest.iter().take(64).any(|byte| *byte < 9))
}

fn is_qoi(rest: &[u8]) -> bool {
    rest.len() >= 10 && rest[..4] != [0; 4] && rest[4..8] != [0; 4] && matches!(rest[8], 3 | 4) && matches!(rest[9], 0 | 1)
}

/// "P1" to "P7" and then what their headers demand: numbers, or PAM's keywords.
fn is_pnm(edges: &Edges<'_>, digit: u8) -> bool {
    let text = &edges.head[2..edges.head.len().min(1024)];
    if !text.first().is_some_and(u8::is_ascii_whitespace) {
        return false;
    }
    let mut words = text
        .split(|&byte| byte == b'\n')
        .map(|line| line.split(|&byte| byte == b'#').next().unwrap_or_default())
        .flat_map(|line| line.split(u8::is_ascii_whitespace))
        .filter(|word| !word.is_empty());
    if digit == b'7' {
        return words
            .next()
            .is_some_and(|word| matches!(word, b"WIDTH" | b"HEIGHT" | b"DEPTH" | b"MAXVAL" | b"TUPLTYPE" | b"ENDHDR"));
    }
    let number = |word: Option<&[u8]>| word.is_some_and(|word| word.len() <= 10 && word.iter().all(u8::is_ascii_digit));
    number(words.next()) && number(words.next())
}

fn tga_by_footer(edges: &Edges<'_>) -> Option<Detection> {
    let signed = edges.len >= 44 && edges.tail.get(8..).is_some_and(|end| end == b"TRUEVISION-XFILE.\0");
    (signed && has_tga_header(edges.head)).then(|| Detection::new(Format::Tga, "ends with the footer TRUEVISION-XFILE"))
}

/// A TGA without a footer has nothing to know it by but a header that makes sense; the name must say it too.
pub(super) fn tga_by_name(edges: &Edges<'_>) -> Option<Detection> {
    let likely = edges.claim == Some(Format::Tga) && has_tga_header(edges.head);
    likely.then(|| Detection::new(Format::Tga, "the name says so and the header makes sense; TGA has no signature"))
}

fn has_tga_header(head: &[u8]) -> bool {
    let [_, map, kind, ..] = head else { return false };
    let size = u16_at(head, 12).zip(u16_at(head, 14));
    let depths: &[u8] = if matches!(kind & 3, 1 | 3) { &[8, 16] } else { &[15, 16, 24, 32] };
    *map <= 1
        && matches!(kind, 1 | 2 | 3 | 9 | 10 | 11)
        && size.is_some_and(|(width, height)| width > 0 && height > 0)
        && head.get(16).is_some_and(|depth| depths.contains(depth))
        && (*map == 1 || !matches!(kind, 1 | 9))
}
