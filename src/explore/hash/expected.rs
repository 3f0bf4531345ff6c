//! A digest that somebody has from elsewhere, beside those that were calculated.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::{Algorithm, Digest};

/// What a digest from elsewhere says about the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was typed.
    Nothing,
    /// It is no digest; why.
    NoDigest(String),
    /// It is the digest of this function.
    Matches(Algorithm),
    /// None of the functions that have digests of this length made it; which ones there are.
    Differs(Vec<Algorithm>),
    /// It could be a digest of these functions, which were not calculated.
    NotCalculated(Vec<Algorithm>),
}

/// Compares a digest as people paste it with those that were calculated: hexadecimal digits in any case, with spaces, colons or
/// hyphens between bytes, `0x` in front, the line of a sum file (`digest  name`, `SHA256 (name) = digest`), base64, and base64
/// with the function's name in front as web pages have it (`sha256-…`).
///
/// ```
/// use seektell::explore::hash::{Algorithm, Digest, Verdict, compare};
/// let crc = Digest { algorithm: Algorithm::CRC32, hex: "cbf43926".into() };
/// assert_eq!(compare("0xCBF43926", &[crc.clone()]), Verdict::Matches(Algorithm::CRC32));
/// assert_eq!(compare("cbf43927  a.bin", &[crc]), Verdict::Differs(vec![Algorithm::CRC32]));
/// ```
pub fn compare(text: &str, digests: &[Digest]) -> Verdict {
    let text = text.trim();
    if text.is_empty() {
        return Verdict::Nothing;
    }
    let Some(hex) = hex_of(text) else {
        return Verdict::NoDigest("A digest is hexadecimal digits or base64".into());
    };
    if let Some(found) = digests.iter().find(|digest| digest.hex == hex) {
        return Verdict::Matches(found.algorithm);
    }
    let fits = |algorithm: &Algorithm| algorithm.digits() == hex.len();
    let calculated: Vec<Algorithm> = digests.iter().map(|digest| digest.algorithm).filter(fits).collect();
    if !calculated.is_empty() {
        return Verdict::Differs(calculated);
    }
    let possible: Vec<Algorithm> = Algorithm::COMMON.into_iter().chain(Algorithm::MORE).filter(fits).collect();
    match possible.is_empty() {
        true => Verdict::NoDigest(format!("No digest here has {} hexadecimal digits", hex.len())),
        false => Verdict::NotCalculated(possible),
    }
}

/// The digits of what was pasted, in lower case.
fn hex_of(text: &str) -> Option<String> {
    // `SHA256 (name) = digest`: a name may hold anything, so the last sign counts.
    let text = text.rsplit_once(") = ").map_or(text, |(_, digest)| digest);
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bare = |text: &str| {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '-')).collect();
        text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).map(str::to_owned).unwrap_or(text)
    };
    let whole = bare(text);
    if is_hex(&whole) {
        return Some(whole.to_ascii_lowercase());
    }
    // `digest  name`, with a backslash in front where the name has escapes in it.
    let first = bare(text.trim_start_matches('\\').split_whitespace().next()?);
    if is_hex(&first) && first.len() >= 8 {
        return Some(first.to_ascii_lowercase());
    }
    let encoded =
        ["sha256-", "sha384-", "sha512-", "md5-", "sha1-"].iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    let bytes = STANDARD.decode(encoded).or_else(|_| STANDARD_NO_PAD.decode(encoded)).ok()?;
    (bytes.len() >= 16).then(|| hex::encode(bytes))
}
