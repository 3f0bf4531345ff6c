//! What bytes are, told by their content, with the reason.
//!
//! Content comes first and the name only breaks ties, because names lie and content seldom does. The order is: pictures by
//! their signatures; text by strict rules, and what kind of text; the label of anything else by the crate `file-format`.

mod picture_signs;
mod plain;
mod shape;
mod table_signs;

use super::{Format, Kind, guarded, packed};
use crate::buffer::{Buffer, ByteRange, Len, Offset, ReadError};

/// What a document seems to be. A guess only chooses how to show it; every byte stays reachable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The format of ours that reads it; [`Format::Bytes`] where none does.
    pub format: Format,
    /// What it is in words, also for what we do not read ("ZIP archive", "ELF executable").
    pub label: String,
    /// Why ("starts with the PNG signature 89 50 4E 47").
    pub reason: String,
    /// A sentence where name and content disagree ("The name says JPEG, the content is PNG").
    pub mismatch: Option<String>,
}

impl Detection {
    fn new(format: Format, reason: impl Into<String>) -> Self {
        Self { format, label: format.info().name.into(), reason: reason.into(), mismatch: None }
    }

    fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }
}

/// The edges of a document, which is all that a detector sees.
struct Edges<'a> {
    head: &'a [u8],
    tail: &'a [u8],
    len: u64,
    name: Option<&'a str>,
    /// The format that the name claims.
    claim: Option<Format>,
}

impl Edges<'_> {
    /// Whether there is more than the head.
    fn cut(&self) -> bool {
        (self.head.len() as u64) < self.len
    }

    /// The name's extension in lower case, empty where it has none.
    fn extension(&self) -> String {
        let extension = self.name.and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
        extension.unwrap_or_default().to_ascii_lowercase()
    }
}

/// How much of the start is looked at.
const HEAD: u64 = 128 * 1024;
/// How much of the end is looked at: a TGA footer.
const TAIL: u64 = 26;

/// Looks at the edges of `bytes` (at most 256 KiB) and at the name.
///
/// ```
/// use seektell::formats::{Format, detect};
/// let found = detect(&b"\x89PNG\r\n\x1a\n".into(), Some("photo.jpg")).unwrap();
/// assert_eq!(found.format, Format::Png);
/// assert_eq!(found.mismatch.as_deref(), Some("The name says JPEG image, the content is PNG image"));
/// ```
///
/// # Errors
/// Only where the bytes cannot be read; anything can be detected as [`Format::Bytes`].
pub fn detect(bytes: &Buffer, name: Option<&str>) -> Result<Detection, ReadError> {
    let head = bytes.to_vec(ByteRange::new(Offset::ZERO, Len(HEAD)))?;
    let tail_start = Offset(bytes.len().get().saturating_sub(TAIL));
    let tail = bytes.to_vec(ByteRange::between(tail_start, bytes.len().end()))?;
    // A format that is only written, such as a table of Markdown, promises nothing about what is read.
    let claim = name.and_then(Format::from_name).filter(|claim| claim.info().reads);
    let edges = Edges { head: &head, tail: &tail, len: bytes.len().get(), name, claim };
    let mut found = by_content(&edges, bytes)?;
    found.mismatch = mismatch(&edges, &found);
    Ok(found)
}

fn by_content(edges: &Edges<'_>, bytes: &Buffer) -> Result<Detection, ReadError> {
    if edges.len == 0 {
        return Ok(empty(edges));
    }
    if let Some(found) = picture_signs::find(edges) {
        return Ok(found);
    }
    if let Some((format, reason)) = packed_sign(edges.head) {
        return Ok(Detection::new(format, reason));
    }
    if let Some(found) = table_signs::find(edges, bytes)? {
        return Ok(found);
    }
    if let Some(text) = plain::read(edges) {
        if Format::Svg.info().reads && is_drawing(&text.head) {
            return Ok(Detection::new(Format::Svg, "its first element is svg"));
        }
        return Ok(shape::find(edges, &text).unwrap_or_else(|| plain_text(edges, &text)));
    }
    if let Some(found) = picture_signs::tga_by_name(edges) {
        return Ok(found);
    }
    if packed::looks_like_zlib(edges.head) {
        return Ok(Detection::new(Format::Zlib, "starts as zlib does, and unpacks"));
    }
    if let Some((label, id)) = known_elsewhere(edges.head) {
        return Ok(Detection::new(Format::Bytes, format!("starts with the signature of {id}")).labelled(label));
    }
    if plain::could_be_legacy(edges) {
        let guess = super::text::guess(bytes)?;
        let head = super::text::decode_lossy(edges.head, guess.encoding);
        let text = plain::Text { head, cut: edges.cut(), reason: format!("no control characters; {}", guess.reason) };
        return Ok(shape::find(edges, &text).unwrap_or_else(|| Detection::new(Format::Text, text.reason)));
    }
    Ok(Detection::new(Format::Bytes, "no signature is known, and it is not text"))
}

/// Whether the first element of a text is `svg`; a declaration, comments and a document type may stand before it.
fn is_drawing(text: &str) -> bool {
    let mut rest = text.trim_start_matches('\u{FEFF}').trim_start();
    loop {
        let end = if rest.starts_with("<?") {
            rest.find("?>").map(|at| at + 2)
        } else if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.get(..9).is_some_and(|word| word.eq_ignore_ascii_case("<!DOCTYPE")) {
            // Declarations of its own stand in brackets.
            let close = rest.find('>');
            match rest.find('[').filter(|open| close.is_some_and(|close| *open < close)) {
                Some(_) => rest.find("]").and_then(|at| rest[at..].find('>').map(|more| at + more + 1)),
                None => close.map(|at| at + 1),
            }
        } else {
            break;
        };
        let Some(end) = end else { return false };
        rest = rest[end..].trim_start();
    }
    let Some(tag) = rest.strip_prefix('<') else { return false };
    let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
    name == "svg" || name.ends_with(":svg")
}

fn packed_sign(head: &[u8]) -> Option<(Format, &'static str)> {
    match head {
        [0x1F, 0x8B, 8, ..] => Some((Format::Gzip, "starts with the gzip signature 1F 8B 08")),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some((Format::Zstd, "starts with the Zstandard signature 28 B5 2F FD")),
        _ => None,
    }
}

/// Nothing can be an empty table or text, but no picture.
fn empty(edges: &Edges<'_>) -> Detection {
    let format = edges.claim.filter(|claim| matches!(claim.kind(), Kind::Table | Kind::Text) || *claim == Format::JsonLines);
    Detection::new(format.unwrap_or(Format::Bytes), "there are no bytes").labelled("Empty")
}

fn plain_text(edges: &Edges<'_>, text: &plain::Text) -> Detection {
    let found = Detection::new(Format::Text, text.reason.clone());
    let kind = known_elsewhere(edges.head).map(|(label, _)| label);
    // Most signatures that are readable characters say little about text; these are long enough to be sure.
    match kind {
        Some(label) if label.starts_with("Portable Document") => {
            Detection::new(Format::Bytes, "starts with the PDF signature %PDF-").labelled("PDF document")
        }
        Some(label) if ["XML", "HTML", "SVG", "RTF", "PEM"].iter().any(|word| label.contains(word)) => found.labelled(label),
        _ => found,
    }
}

/// What the crate `file-format` calls it, and the short form of that.
fn known_elsewhere(head: &[u8]) -> Option<(String, String)> {
    let kind = guarded(Format::Bytes, || Ok(file_format::FileFormat::from_bytes(head))).ok()?;
    if matches!(
        kind,
        file_format::FileFormat::ArbitraryBinaryData | file_format::FileFormat::PlainText | file_format::FileFormat::Empty
    ) {
        return None;
    }
    let short = kind.short_name().unwrap_or(kind.name());
    let label = match kind.name() {
        "ZIP" => "ZIP archive".into(),
        name if name == short => name.to_owned(),
        name => format!("{name} ({short})"),
    };
    Some((label, short.to_owned()))
}

/// A sentence where the name promises something that the content is not.
fn mismatch(edges: &Edges<'_>, found: &Detection) -> Option<String> {
    let claim = edges.claim.filter(|claim| *claim != found.format && edges.len > 0)?;
    let textual = |format: Format| !format.is_binary();
    let fits = match claim.kind() {
        Kind::Bytes => true,
        Kind::Text => textual(found.format),
        // Programmers of chips call their Intel HEX so.
        _ if claim == Format::HexText => found.format == Format::IntelHex,
        _ => false,
    };
    let what = match found.format {
        Format::Bytes if found.label == Format::Bytes.info().name => "something else".into(),
        _ => found.label.clone(),
    };
    (!fits).then(|| format!("The name says {}, the content is {what}", claim.info().name))
}
