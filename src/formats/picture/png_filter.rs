//! The filters of PNG: what a row says of the row above it and of what stands before, so that it packs better.

/// Rows of `bytes` filtered one after the other, each by the filter whose differences are smallest (the heuristic that the format's
/// authors propose), or by none.
pub(super) struct Filtering {
    /// Bytes of a pixel, at least one.
    pixel: usize,
    adaptive: bool,
    tried: Vec<u8>,
    best: Vec<u8>,
    blank: Vec<u8>,
}

impl Filtering {
    /// For rows of `stride` bytes.
    pub(super) fn new(stride: usize, pixel: usize, adaptive: bool) -> Self {
        let row = || vec![0; if adaptive { stride } else { 0 }];
        Self { pixel: pixel.clamp(1, stride.max(1)), adaptive, tried: row(), best: row(), blank: row() }
    }

    /// Appends the number of the filter and the filtered row. `above` is the row before it, `None` for the first one of the picture.
    pub(super) fn row(&mut self, row: &[u8], above: Option<&[u8]>, out: &mut Vec<u8>) {
        if !self.adaptive {
            out.push(0);
            out.extend_from_slice(row);
            return;
        }
        let above = above.unwrap_or(&self.blank);
        let (mut kind, mut least) = (0, size(row, u64::MAX));
        for next in 1..=4 {
            filter(next, self.pixel, row, above, &mut self.tried);
            let found = size(&self.tried, least);
            if found < least {
                (kind, least) = (next, found);
                std::mem::swap(&mut self.tried, &mut self.best);
            }
        }
        out.push(kind);
        out.extend_from_slice(if kind == 0 { row } else { &self.best });
    }
}

/// The sum of the bytes as signed numbers without their signs; where it is `most` already, no more is added.
fn size(bytes: &[u8], most: u64) -> u64 {
    let mut sum = 0;
    for part in bytes.chunks(4096) {
        // 128 times 4,096 fits easily; sums that are checked for that are made one by one, and these are most of the work.
        let of_part = part.iter().fold(0_u32, |sum, byte| sum.wrapping_add(u32::from(byte.cast_signed().unsigned_abs())));
        sum += u64::from(of_part);
        if sum >= most {
            break;
        }
    }
    sum
}

/// Filter 1 to 4 of a row. All slices are of one length, which is at least `pixel`.
fn filter(kind: u8, pixel: usize, row: &[u8], above: &[u8], out: &mut [u8]) {
    let (first, rest) = out.split_at_mut(pixel);
    let (now, left) = (&row[pixel..], &row[..row.len() - pixel]);
    let (up, corner) = (&above[pixel..], &above[..above.len() - pixel]);
    match kind {
        1 => {
            first.copy_from_slice(&row[..pixel]);
            for ((out, now), left) in rest.iter_mut().zip(now).zip(left) {
                *out = now.wrapping_sub(*left);
            }
        }
        2 => {
            for ((out, now), up) in out.iter_mut().zip(row).zip(above) {
                *out = now.wrapping_sub(*up);
            }
        }
        3 => {
            for ((out, now), up) in first.iter_mut().zip(row).zip(above) {
                *out = now.wrapping_sub(up / 2);
            }
            for (((out, now), left), up) in rest.iter_mut().zip(now).zip(left).zip(up) {
                // The mean without a wider number, which takes half as long.
                *out = now.wrapping_sub((left & up).wrapping_add((left ^ up) >> 1));
            }
        }
        _ => {
            for ((out, now), up) in first.iter_mut().zip(row).zip(above) {
                *out = now.wrapping_sub(*up);
            }
            for ((((out, now), left), up), corner) in rest.iter_mut().zip(now).zip(left).zip(up).zip(corner) {
                *out = now.wrapping_sub(paeth(*left, *up, *corner));
            }
        }
    }
}

/// The one of the three neighbours that is nearest to `left + up - corner`.
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    // Differences of bytes fit; unchecked, sixteen are made at once.
    let away = |other: u8| i16::from(other).wrapping_sub(i16::from(corner));
    let (left_away, up_away) = (away(up), away(left));
    let corner_away = left_away.wrapping_add(up_away).unsigned_abs();
    let (left_away, up_away) = (left_away.unsigned_abs(), up_away.unsigned_abs());
    let side = if left_away <= up_away { left } else { up };
    if left_away.min(up_away) <= corner_away { side } else { corner }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader does, by the words of the format.
    fn undo(kind: u8, pixel: usize, row: &[u8], above: &[u8]) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        for (at, byte) in row.iter().enumerate() {
            let left = if at < pixel { 0 } else { i32::from(out[at - pixel]) };
            let corner = if at < pixel { 0 } else { i32::from(above[at - pixel]) };
            let up = i32::from(above[at]);
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                _ => {
                    let whole = left + up - corner;
                    let (a, b, c) = ((whole - left).abs(), (whole - up).abs(), (whole - corner).abs());
                    if a <= b && a <= c {
                        left
                    } else if b <= c {
                        up
                    } else {
                        corner
                    }
                }
            };
            out.push(byte.wrapping_add(guess as u8));
        }
        out
    }

    #[test]
    fn every_filter_is_undone_by_the_rule_of_the_format() {
        let mut state = 12_345_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        for pixel in 1..=8 {
            for width in [1, 2, 11, 40] {
                let row: Vec<u8> = (0..width * pixel).map(|_| random()).collect();
                let above: Vec<u8> = (0..width * pixel).map(|_| random()).collect();
                for kind in 1..=4 {
                    let mut out = vec![0; row.len()];
                    filter(kind, pixel, &row, &above, &mut out);
                    assert_eq!(undo(kind, pixel, &out, &above), row, "filter {kind}, {pixel} bytes a pixel, {width} pixels");
                }
                let mut out = Vec::new();
                Filtering::new(row.len(), pixel, true).row(&row, Some(&above), &mut out);
                assert_eq!(undo(out[0], pixel, &out[1..], &above), row);
            }
        }
    }

    #[test]
    fn the_filter_with_the_smallest_differences_is_taken() {
        let ramp: Vec<u8> = (0..90).collect();
        let mut out = Vec::new();
        Filtering::new(90, 1, true).row(&ramp, None, &mut out);
        assert_eq!(out[0], 1);
        out.clear();
        Filtering::new(90, 1, true).row(&ramp, Some(&ramp), &mut out);
        assert_eq!((out[0], out.iter().skip(1).all(|byte| *byte == 0)), (2, true));
        out.clear();
        Filtering::new(90, 1, false).row(&ramp, Some(&ramp), &mut out);
        assert_eq!((out[0], &out[1..]), (0, &ramp[..]));
    }
}
