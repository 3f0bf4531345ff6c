//! IPTC-IIM: records of names and values, as press agencies write them.

use super::Metadata;
use super::blocks::{Block, guessed};
use crate::buffer::{ByteRange, Len, Offset};
use crate::formats::picture::probe::u16_be;

/// Values that are listed.
const MOST: usize = 1_024;

/// The name of a value of the second record, the one about the content (IIM 4.2).
fn name(number: u8) -> Option<&'static str> {
    Some(match number {
        3 => "Object type",
        4 => "Object attribute",
        5 => "Object name",
        7 => "Edit status",
        8 => "Editorial update",
        10 => "Urgency",
        12 => "Subject",
        15 => "Category",
        20 => "Supplemental category",
        22 => "Fixture",
        25 => "Keyword",
        26 => "Location code",
        27 => "Location",
        30 => "Release date",
        35 => "Release time",
        37 => "Expiration date",
        38 => "Expiration time",
        40 => "Special instructions",
        42 => "Action advised",
        55 => "Date created",
        60 => "Time created",
        62 => "Digital creation date",
        63 => "Digital creation time",
        65 => "Originating program",
        70 => "Program version",
        75 => "Object cycle",
        80 => "By-line",
        85 => "By-line title",
        90 => "City",
        92 => "Sublocation",
        95 => "Province or state",
        100 => "Country code",
        101 => "Country",
        103 => "Original transmission reference",
        105 => "Headline",
        110 => "Credit",
        115 => "Source",
        116 => "Copyright notice",
        118 => "Contact",
        120 => "Caption",
        121 => "Local caption",
        122 => "Caption writer",
        130 => "Image type",
        131 => "Image orientation",
        135 => "Language",
        _ => return None,
    })
}

pub(super) fn list(block: &Block, found: &mut Metadata) {
    let bytes = &block.bytes;
    let mut at = 0;
    for index in 0.. {
        let Some([0x1C, record, number, high, low]) = bytes.get(at..at + 5) else { break };
        if index == MOST {
            found.notices.push(format!("more than {MOST} values of IPTC are not listed"));
            break;
        }
        let mut data = at + 5;
        let mut len = usize::from(u16_be(&[*high, *low]));
        if len & 0x8000 != 0 {
            // A long value: so many bytes of length follow.
            let count = len & 0x7FFF;
            let Some(size) = bytes.get(data..data.saturating_add(count)).filter(|size| size.len() <= 4) else { break };
            len = size.iter().fold(0, |len, byte| len << 8 | usize::from(*byte));
            data += count;
        }
        let Some(value) = data.checked_add(len).and_then(|end| bytes.get(data..end)) else {
            found.notices.push("the IPTC block ends early".into());
            break;
        };
        at = data + len;
        if *number == 0 && *record == 2 {
            continue;
        }
        let label = match (record, name(*number)) {
            (2, Some(name)) => name.to_owned(),
            _ => format!("{record}:{number:03}"),
        };
        let printable = *record == 2 || !value.iter().any(u8::is_ascii_control);
        let text = if printable { guessed(value) } else { value.iter().map(|byte| format!("{byte:02X} ")).collect() };
        let range = block.range.map(|range| ByteRange::new(Offset(range.start.get() + data as u64), Len(len as u64)));
        found.push("IPTC", label, text.trim_end().to_owned(), range);
    }
}
