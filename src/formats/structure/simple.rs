//! QOI and PNM: a header and pixels.

use super::draft::{Draft, bytes, shown};
use super::fields::Fields;
use super::scan::{Order, Scan};
use crate::formats::FormatError;

pub(super) fn qoi(scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
    let mut fields = Fields::new(scan, Order::Big, 0, 14);
    fields.text("Magic", 4)?;
    let (width, height) = (fields.uint("Width", 4)?, fields.uint("Height", 4)?);
    fields.named("Channels", 1, |n| match n {
        3 => Some("RGB"),
        4 => Some("RGBA"),
        _ => None,
    })?;
    fields.named("Colorspace", 1, |n| ["sRGB with linear alpha", "linear"].get(n as usize).copied())?;
    let header = Draft::new("Header", 0, scan.len.min(14)).value(format!("{width} x {height}"));
    let mut parts = vec![fields.into(header)];
    if scan.len <= 14 {
        return Ok(parts);
    }
    let marked = scan.len >= 22 && scan.array::<8>(scan.len - 8)? == Some([0, 0, 0, 0, 0, 0, 0, 1]);
    let end = if marked { scan.len - 8 } else { scan.len };
    let data = Draft::new("Chunks", 14, end - 14).value(bytes(end - 14));
    parts.push(data.problem_if(!marked, "the end marker is missing"));
    if marked {
        parts.push(Draft::new("End marker", end, 8));
    }
    Ok(parts)
}

/// The words of a header are parted by white space and comments.
pub(super) fn pnm(scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
    const HEADER: u64 = 4096;
    let head = scan.bytes(0, HEADER)?;
    let kind = head.get(1).copied().unwrap_or(b'7');
    let names: &[&str] = match kind {
        b'1' | b'4' => &["Magic", "Width", "Height"],
        b'7' => &["Magic"],
        _ => &["Magic", "Width", "Height", "Maximum"],
    };
    let (mut parts, mut at, mut cut) = (Vec::new(), 0, false);
    for name in names {
        while let Some(&byte) = head.get(at) {
            if byte == b'#' {
                let end = head[at..].iter().position(|&byte| byte == b'\n').map_or(head.len(), |n| at + n);
                parts.push(Draft::new("Comment", at as u64, (end - at) as u64).value(shown(&head[at..end])));
                at = end;
            } else if byte.is_ascii_whitespace() {
                at += 1;
            } else {
                break;
            }
        }
        let len = head[at.min(head.len())..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        if len == 0 {
            cut = true;
            break;
        }
        let word = &head[at..at + len];
        let odd = *name != "Magic" && !word.iter().all(u8::is_ascii_digit);
        parts.push(Draft::new(*name, at as u64, len as u64).value(shown(word)).problem_if(odd, "it is no number"));
        at += len;
    }
    if kind == b'7' {
        while let Some(len) = head[at..].iter().position(|&byte| byte == b'\n') {
            let line = &head[at..at + len];
            let text = shown(line);
            let (name, value) = text.split_once(' ').unwrap_or((&text, ""));
            if !line.is_empty() {
                let part = Draft::new(name, at as u64, len as u64).value(value);
                parts.push(part);
            }
            at += len + 1;
            if line == b"ENDHDR" {
                at -= 1;
                break;
            }
        }
    }
    let data = (at as u64 + 1).min(scan.len);
    if cut {
        let last = Draft::new("Header", scan.len, 0).problem("cut off: words of the header are missing");
        parts.push(last);
    } else if data < scan.len {
        parts.push(Draft::new("Pixels", data, scan.len - data).value(bytes(scan.len - data)));
    }
    Ok(parts)
}
