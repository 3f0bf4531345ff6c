//! Colours.

use super::{ByteOrder, Reading, fixed, ordered};

pub(super) fn read_rgba8(bytes: &[u8]) -> Result<Reading, Reading> {
    let rgba: [u8; 4] = fixed(bytes)?;
    Ok(Reading::of(format!("#{}", hex::encode_upper(rgba)), 4))
}

pub(super) fn read_rgb565(bytes: &[u8], order: ByteOrder) -> Result<Reading, Reading> {
    let [r, g, b, _] = of_565(ordered(bytes, order)?);
    Ok(Reading::of(format!("#{r:02X}{g:02X}{b:02X}"), 2))
}

/// With the bits of each part repeated, so that the largest value is full light.
pub(super) fn of_565(little: [u8; 2]) -> [u8; 4] {
    let bits = u16::from_le_bytes(little);
    let (r, g, b) = ((bits >> 11) as u8, (bits >> 5 & 63) as u8, (bits & 31) as u8);
    [r << 3 | r >> 2, g << 2 | g >> 4, b << 3 | b >> 2, 255]
}

/// `#RGB`, `#RRGGBB` and `#RRGGBBAA`, with or without the sign.
fn typed(text: &str) -> Result<(Vec<u8>, bool), String> {
    let digits = text.trim().trim_start_matches('#');
    let digits = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => digits.to_owned(),
    };
    match hex::decode(&digits) {
        Ok(bytes) if bytes.len() == 3 => Ok((bytes, false)),
        Ok(bytes) if bytes.len() == 4 => Ok((bytes, true)),
        _ => Err("A colour is #RRGGBB or #RRGGBBAA in hexadecimal digits".into()),
    }
}

/// Without an alpha of its own a colour keeps the one that stands there; where none does, it is opaque.
pub(super) fn write_rgba8(text: &str, now: &[u8]) -> Result<Vec<u8>, String> {
    let (mut bytes, has_alpha) = typed(text)?;
    if !has_alpha {
        bytes.push(now.get(3).copied().unwrap_or(255));
    }
    Ok(bytes)
}

/// The nearest colour of 16 bits.
pub(super) fn write_rgb565(text: &str, order: ByteOrder) -> Result<Vec<u8>, String> {
    let (bytes, has_alpha) = typed(text)?;
    if has_alpha {
        return Err("A colour of 16 bits has no alpha: #RRGGBB".into());
    }
    let nearest = |byte: u8, most: u32| ((u32::from(byte) * most * 2 + 255) / 510) as u16;
    let bits = nearest(bytes[0], 31) << 11 | nearest(bytes[1], 63) << 5 | nearest(bytes[2], 31);
    Ok(match order {
        ByteOrder::Little => bits.to_le_bytes(),
        ByteOrder::Big => bits.to_be_bytes(),
    }
    .to_vec())
}
