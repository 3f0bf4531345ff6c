//! Netpbm: a header of words.

use super::{Header, Stored};
use crate::buffer::Offset;
use crate::formats::FormatError;
use crate::formats::picture::ColorModel;

/// A header longer than this is comments only.
const MAX_HEADER: usize = 64 * 1024;

pub(super) fn probe(header: &Header<'_>) -> Result<Stored, FormatError> {
    let [p, kind] = header.need::<2>(0)?;
    if p != b'P' || !matches!(kind, b'1'..=b'7') {
        return Err(header.malformed("it does not start with P1 to P7", Some(0)));
    }
    let mut bytes = vec![0; MAX_HEADER.min(usize::try_from(header.len()).unwrap_or(MAX_HEADER))];
    let read = header.input.read_at(Offset(0), &mut bytes)?;
    bytes.truncate(read);
    if kind == b'7' { pam(header, &bytes) } else { plain(header, kind, &bytes) }
}

fn plain(header: &Header<'_>, kind: u8, bytes: &[u8]) -> Result<Stored, FormatError> {
    let mut at = 2;
    let mut number = |name: &str| -> Result<u32, FormatError> {
        loop {
            match bytes.get(at) {
                Some(b'#') => at += bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len() - at),
                Some(byte) if byte.is_ascii_whitespace() => at += 1,
                _ => break,
            }
        }
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let word = std::str::from_utf8(&bytes[at..at + digits]).unwrap_or_default();
        let value = word.parse().map_err(|_| header.malformed(format!("the {name} is not a number"), Some(at as u64)));
        at += digits;
        value
    };
    let (width, height) = (number("width")?, number("height")?);
    let most = if matches!(kind, b'1' | b'4') { 1 } else { number("largest value")? };
    let model = if matches!(kind, b'3' | b'6') { ColorModel::Rgb } else { ColorModel::Grey };
    Ok(one(width, height, model, false, depth(header, most)?))
}

fn pam(header: &Header<'_>, bytes: &[u8]) -> Result<Stored, FormatError> {
    let (mut width, mut height, mut channels, mut most) = (None, None, None, None);
    let mut ended = false;
    for line in bytes.split(|byte| *byte == b'\n').skip(1) {
        let line = String::from_utf8_lossy(line);
        let mut words = line.split_ascii_whitespace();
        let (name, value) = (words.next().unwrap_or_default(), words.next().and_then(|word| word.parse::<u32>().ok()));
        match name {
            "WIDTH" => width = value,
            "HEIGHT" => height = value,
            "DEPTH" => channels = value,
            "MAXVAL" => most = value,
            "ENDHDR" => {
                ended = true;
                break;
            }
            _ => {}
        }
    }
    let (Some(width), Some(height), Some(channels), Some(most), true) = (width, height, channels, most, ended) else {
        return Err(header.malformed("the PAM header is not complete", Some(bytes.len() as u64)));
    };
    let (model, alpha) = match channels {
        1 => (ColorModel::Grey, false),
        2 => (ColorModel::Grey, true),
        3 => (ColorModel::Rgb, false),
        4 => (ColorModel::Rgb, true),
        other => return Err(FormatError::Unsupported { format: header.format, what: format!("a picture of {other} channels") }),
    };
    Ok(one(width, height, model, alpha, depth(header, most)?))
}

fn depth(header: &Header<'_>, most: u32) -> Result<u8, FormatError> {
    match most {
        1..=65_535 => Ok((32 - most.leading_zeros()) as u8),
        other => Err(header.malformed(format!("the largest value is {other}; 1 to 65535 are allowed"), None)),
    }
}

fn one(width: u32, height: u32, model: ColorModel, alpha: bool, bits: u8) -> Stored {
    let mut stored = Stored::new(width, height, model, alpha, bits);
    stored.frames = Some(1);
    stored
}
