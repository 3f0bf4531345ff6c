//! The two rows that nearly all of a dump consists of, read by the places of their digits: sixteen bytes as `hexdump -C` and as `xxd`
//! write them. What is not exactly such a row is for [`super::hex_dump::parse_row`], which says the same of these, ten times slower.

/// What a digit stands for; 0xFF where it is none.
const VALUES: [u8; 256] = {
    let mut values = [0xFF; 256];
    let mut byte = 0;
    while byte < 256 {
        values[byte] = match byte as u8 {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'a'..=b'f' => digit - b'a' + 10,
            digit @ b'A'..=b'F' => digit - b'A' + 10,
            _ => 0xFF,
        };
        byte += 1;
    }
    values
};

/// The address and the bytes of a full row.
pub(super) fn row(line: &[u8]) -> Option<(u32, [u8; 16])> {
    match line.get(8)? {
        b':' => colon(line.first_chunk()?, &line[49..]),
        b' ' => bars(line.try_into().ok()?),
        _ => None,
    }
}

/// `00000010: 4142 4344 4546 4748 494a 4b4c 4d4e 4f50  ABCDEFGHIJKLMNOP`, of which what follows the digits is told as `rest`.
fn colon(digits: &[u8; 49], rest: &[u8]) -> Option<(u32, [u8; 16])> {
    // A line may have lost the blanks at its end.
    if digits[9] != b' ' || !(rest.is_empty() || rest.starts_with(b"  ")) {
        return None;
    }
    let (mut bytes, mut wrong) = ([0; 16], 0);
    for (group, pair) in digits[10..].chunks(5).zip(bytes.as_chunks_mut::<2>().0) {
        wrong |= group.get(4).map_or(0, |blank| blank ^ b' ');
        pair[0] = byte(group[0], group[1], &mut wrong);
        pair[1] = byte(group[2], group[3], &mut wrong);
    }
    finish(digits, bytes, wrong)
}

/// `00000010  41 42 43 44 45 46 47 48  49 4a 4b 4c 4d 4e 4f 50  |ABCDEFGHIJKLMNOP|`
fn bars(line: &[u8; 78]) -> Option<(u32, [u8; 16])> {
    let blanks = [8, 9, 34, 58, 59].iter().fold(0, |wrong, at| wrong | (line[*at] ^ b' '));
    let (mut bytes, mut wrong) = ([0; 16], blanks | (line[60] ^ b'|') | (line[77] ^ b'|'));
    let (first, second) = bytes.split_at_mut(8);
    for (half, from) in [(first, 10), (second, 35)] {
        for (group, out) in line[from..from + 24].as_chunks::<3>().0.iter().zip(half) {
            wrong |= group[2] ^ b' ';
            *out = byte(group[0], group[1], &mut wrong);
        }
    }
    finish(line, bytes, wrong)
}

fn byte(high: u8, low: u8, wrong: &mut u8) -> u8 {
    let (high, low) = (VALUES[usize::from(high)], VALUES[usize::from(low)]);
    *wrong |= (high | low) & 0xF0;
    high << 4 | low & 0x0F
}

fn finish(line: &[u8], bytes: [u8; 16], mut wrong: u8) -> Option<(u32, [u8; 16])> {
    let address = line[..8]
        .as_chunks::<2>()
        .0
        .iter()
        .fold(0, |address, [high, low]| address << 8 | u32::from(byte(*high, *low, &mut wrong)));
    (wrong == 0).then_some((address, bytes))
}

#[cfg(test)]
mod tests {
    use super::super::hex_dump::{Row, parse_row};
    use super::row;

    #[test]
    fn what_is_read_by_its_places_is_what_the_line_says() {
        let rows = [
            "00000010: 4142 4344 4546 4748 494a 4b4c 4d4e 4f50  ABCDEFGHIJKLMNOP",
            "FFFFFFF0: 4142 4344 4546 4748 494A 4B4C 4D4E 4F20",
            "00000010  41 42 43 44 45 46 47 48  49 4a 4b 4c 4d 4e 4f 50  |ABCDEFGHIJKLMNOP|",
        ];
        for line in rows {
            let (address, bytes) = row(line.as_bytes()).expect("a full row");
            let Ok(Row::Bytes { address: said, bytes: all, .. }) = parse_row(line.as_bytes()) else { panic!("{line}") };
            assert_eq!((u64::from(address), &bytes[..]), (said, &all[..]), "{line}");
        }
        // With any one byte another one, it is read by its places only where the line says the same.
        let mut taken = 0;
        for line in rows {
            for at in 0..line.len() {
                for other in [b' ', b'0', b'g', b'|', b':', b'\t', 0xFF, b'-', b'F'] {
                    let mut line = line.as_bytes().to_vec();
                    line[at] = other;
                    let Some((address, bytes)) = row(&line) else { continue };
                    let Ok(Row::Bytes { address: said, bytes: all, .. }) = parse_row(&line) else { panic!("{line:?}") };
                    assert_eq!((u64::from(address), &bytes[..]), (said, &all[..]), "{line:?}");
                    taken += 1;
                }
            }
            for len in 0..line.len() {
                let Some((_, bytes)) = row(&line.as_bytes()[..len]) else { continue };
                let Ok(Row::Bytes { bytes: all, .. }) = parse_row(&line.as_bytes()[..len]) else { panic!("{len}") };
                assert_eq!(bytes[..], all[..]);
            }
        }
        assert!(taken > 300, "{taken}");
    }
}
