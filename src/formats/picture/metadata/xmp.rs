//! XMP that is larger than a segment of a JPEG: a packet, and an extension in further segments that the packet names.
//!
//! Rules: XMP specification part 3, "Extended XMP in JPEG". The extension's segments say which extension they belong to (the MD5 sum
//! of all of it, as hexadecimal digits), how long all of it is, and where their part stands in it. Formats without such a bound have
//! one packet, into which both are put together.

use md5::{Digest, Md5};

use super::blocks::{Block, MAX_BLOCK};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::FormatError;

/// The start of a segment of the extension.
pub(super) const MORE_XMP_NAME: &[u8; 35] = b"http://ns.adobe.com/xmp/extension/\0";
/// What stands before the data: the name, the sum, the whole length, the place.
const HEAD: usize = 35 + 32 + 4 + 4;
/// The attribute by which a packet names its extension.
const NAMES: &str = "xmpNote:HasExtendedXMP";

/// An extension, and the name that its packet knows it by.
#[derive(Clone, Debug)]
pub(in crate::formats::picture) struct Extension {
    pub(in crate::formats::picture) name: [u8; 32],
    pub(in crate::formats::picture) block: Block,
}

/// A segment of an extension.
struct Segment {
    name: [u8; 32],
    whole: u64,
    place: u64,
    data: ByteRange,
}

/// The segments that a JPEG has.
#[derive(Default)]
pub(super) struct Segments {
    found: Vec<Segment>,
    /// Bytes of those that say nothing sensible.
    other: u64,
}

impl Segments {
    /// A segment of `len` bytes at `at`, whose start is the name.
    pub(super) fn push(&mut self, file: &Buffer, at: u64, len: u64) -> Result<(), FormatError> {
        let mut head = [0; HEAD];
        let read = file.read_at(Offset(at), &mut head)?;
        if read < HEAD || len < HEAD as u64 {
            self.other += len;
            return Ok(());
        }
        let number = |at: usize| u64::from(super::super::probe::u32_be(&head[at..]));
        let mut name = [0; 32];
        name.copy_from_slice(&head[35..67]);
        let data = ByteRange::new(Offset(at + HEAD as u64), Len(len - HEAD as u64));
        self.found.push(Segment { name, whole: number(67), place: number(71), data });
        Ok(())
    }

    /// The extension that `packet` names, where all of it is there; and how many bytes of segments are not used.
    pub(super) fn extension(mut self, packet: Option<&Block>, file: &Buffer) -> Result<(Option<Extension>, u64), FormatError> {
        let all = |segments: &[Segment]| segments.iter().map(|segment| segment.data.len.get() + HEAD as u64).sum::<u64>();
        let unused = self.other + all(&self.found);
        let Some(name) = packet.and_then(|packet| named(&packet.bytes)) else { return Ok((None, unused)) };
        self.found.retain(|segment| segment.name.eq_ignore_ascii_case(&name));
        self.found.sort_by_key(|segment| segment.place);
        let used = all(&self.found);
        let Some(whole) = self.found.first().map(|segment| segment.whole).filter(|whole| *whole <= MAX_BLOCK) else {
            return Ok((None, unused));
        };
        let mut bytes = Vec::new();
        for segment in &self.found {
            // One that stands there twice is the same again.
            if segment.place < bytes.len() as u64 {
                continue;
            }
            if segment.place > bytes.len() as u64 || segment.whole != whole {
                return Ok((None, unused));
            }
            bytes.extend(file.to_vec(segment.data.clamp_to(file.len()))?);
        }
        if bytes.len() as u64 != whole {
            return Ok((None, unused));
        }
        let range = self.found.first().map(|segment| segment.data);
        Ok((Some(Extension { name, block: Block { bytes, range } }), unused - used))
    }
}

/// The extension that a packet names.
fn named(packet: &[u8]) -> Option<[u8; 32]> {
    let text = std::str::from_utf8(packet).ok()?;
    let rest = &text[text.find(NAMES)? + NAMES.len()..];
    // An attribute or an element.
    let rest = rest.trim_start_matches(|mark: char| mark.is_whitespace() || matches!(mark, '=' | '"' | '\'' | '>'));
    let name = rest.as_bytes().first_chunk::<32>()?;
    name.iter().all(u8::is_ascii_hexdigit).then_some(*name)
}

/// A packet that says only that there is an extension, and `xmp` as that extension.
pub(super) fn split(xmp: &[u8]) -> (Vec<u8>, Extension) {
    // The extension is the document alone, without the mark around it and the room that is left for changes.
    let start = memchr::memmem::find(xmp, b"<x:xmpmeta").or_else(|| memchr::memmem::find(xmp, b"<rdf:RDF")).unwrap_or(0);
    let ends = [&b"</x:xmpmeta>"[..], b"</rdf:RDF>"];
    let end = ends.iter().find_map(|end| memchr::memmem::rfind(xmp, end).map(|at| at + end.len()));
    let bytes = xmp.get(start..end.unwrap_or(xmp.len())).unwrap_or(xmp).to_vec();
    let digits: String = Md5::digest(&bytes).iter().map(|byte| format!("{byte:02X}")).collect();
    let mut name = [0; 32];
    name.copy_from_slice(digits.as_bytes());
    let packet = format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" {NAMES}=\"{digits}\"/></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"
    );
    (packet.into_bytes(), Extension { name, block: Block { bytes, range: None } })
}

/// The segments of an extension, without their markers.
pub(super) fn segments(extension: &Extension) -> impl Iterator<Item = Vec<u8>> {
    const MOST: usize = 65_000;
    let bytes = &extension.block.bytes;
    let whole = (bytes.len() as u32).to_be_bytes();
    (0_u32..)
        .step_by(MOST)
        .zip(bytes.chunks(MOST))
        .map(move |(place, part)| [&MORE_XMP_NAME[..], &extension.name, &whole, &place.to_be_bytes(), part].concat())
}

/// Both in one packet; `None` where they do not fit into one another.
pub(super) fn merged(packet: &[u8], extension: &[u8]) -> Option<Vec<u8>> {
    let (packet, extension) = (std::str::from_utf8(packet).ok()?, std::str::from_utf8(extension).ok()?);
    let (head, inner) = opened(extension)?;
    let inner = &inner[..inner.rfind("</rdf:RDF>")?];
    let (own_head, own) = opened(packet)?;
    let end = own.rfind("</rdf:RDF>")?;
    // Names that the extension declares around its descriptions must mean the same here.
    let declared = namespaces(own_head);
    let mut missing = String::new();
    for (prefix, value) in namespaces(head) {
        match declared.iter().find(|(own, _)| *own == prefix) {
            Some((_, own)) if *own == value => {}
            Some(_) => return None,
            None => missing.push_str(&format!(" xmlns:{prefix}={value}")),
        }
    }
    let own_head = own_head.strip_suffix('>')?;
    let joined = format!("{own_head}{missing}>{}{inner}{}", without_name(&own[..end]), &own[end..]);
    Some(joined.into_bytes())
}

/// A document up to the start of its descriptions, and the rest.
fn opened(text: &str) -> Option<(&str, &str)> {
    let at = text.find("<rdf:RDF")?;
    let end = at + text[at..].find('>')? + 1;
    let (head, rest) = text.split_at(end);
    (!head.ends_with("/>")).then_some((head, rest))
}

/// The prefixes that are declared, with what they stand for, in its quotes.
fn namespaces(head: &str) -> Vec<(&str, &str)> {
    let one = |declared: &'_ str| -> Option<(usize, usize)> {
        let equals = declared.find('=')?;
        let quote = declared[equals + 1..].chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let end = declared[equals + 2..].find(quote)?;
        Some((equals, equals + 2 + end + 1))
    };
    let parts = head.split("xmlns:").skip(1);
    parts.filter_map(|part| one(part).map(|(equals, end)| (part[..equals].trim(), &part[equals + 1..end]))).collect()
}

/// The descriptions without the word of an extension, which is none any more.
fn without_name(text: &str) -> String {
    let Some(at) = text.find(NAMES) else { return text.to_owned() };
    let behind = &text[at + NAMES.len()..];
    let element = text[..at].ends_with('<');
    let end = if element {
        let close = format!("</{NAMES}>");
        behind.find(&close).map(|end| end + close.len())
    } else {
        let quote = behind.find(['"', '\'']);
        quote.and_then(|start| behind[start + 1..].find(&behind[start..=start]).map(|end| start + 1 + end + 1))
    };
    let Some(end) = end else { return text.to_owned() };
    let start = if element { at - 1 } else { at };
    format!("{}{}", text[..start].trim_end(), &behind[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKET: &str = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='r'><rdf:Description a:b='1' \
xmpNote:HasExtendedXMP=\"00112233445566778899AABBCCDDEEFF\" c:d='2'/></rdf:RDF></x:xmpmeta>";

    #[test]
    fn packets_name_their_extension() {
        assert_eq!(named(PACKET.as_bytes()).as_ref(), Some(b"00112233445566778899AABBCCDDEEFF"));
        let element = "<xmpNote:HasExtendedXMP>00112233445566778899AABBCCDDEEFF</xmpNote:HasExtendedXMP>";
        assert_eq!(named(element.as_bytes()).as_ref(), Some(b"00112233445566778899AABBCCDDEEFF"));
        assert_eq!(without_name(element), "");
        for none in ["", "xmpNote:HasExtendedXMP", "xmpNote:HasExtendedXMP=\"0011\"", "xmpNote:HasExtendedXMP=\"ä"] {
            assert_eq!(named(none.as_bytes()), None, "{none}");
            without_name(none);
        }
    }

    #[test]
    fn both_in_one() {
        let extension = "<x:xmpmeta xmlns:x='adobe:ns:meta/' xmlns:q=\"Q\"><rdf:RDF xmlns:rdf='r'><rdf:Description q:e='3'/></rdf:RDF></x:xmpmeta>";
        let wanted = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='r' xmlns:q=\"Q\"><rdf:Description a:b='1' c:d='2'/>\
<rdf:Description q:e='3'/></rdf:RDF></x:xmpmeta>";
        let found = merged(PACKET.as_bytes(), extension.as_bytes()).expect("they fit");
        assert_eq!(String::from_utf8(found).expect("text"), wanted);
        let other = extension.replace("xmlns:rdf='r'", "xmlns:rdf='s'");
        assert_eq!(merged(PACKET.as_bytes(), other.as_bytes()), None, "the same name for another thing");
        for end in 0..PACKET.len() {
            let _ = merged(&PACKET.as_bytes()[..end], extension.as_bytes());
            let _ = merged(PACKET.as_bytes(), &PACKET.as_bytes()[..end]);
        }
    }
}
