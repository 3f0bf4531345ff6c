//! Resizing as Pillow does it, to the bit: weights in 22 bits of fixed point, rows first, then columns.

use super::raster::{Mode, Raster};

/// The filters by their numbers.
pub(super) const FILTERS: [&str; 6] = ["NEAREST", "LANCZOS", "BILINEAR", "BICUBIC", "BOX", "HAMMING"];

const PRECISION: u32 = 22;

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (x * std::f64::consts::PI).sin() / (x * std::f64::consts::PI) }
}

/// How far a filter reaches, and its weight at a distance.
fn filter(number: usize) -> (f64, fn(f64) -> f64) {
    match number {
        1 => (3.0, |x| if (-3.0..3.0).contains(&x) { sinc(x) * sinc(x / 3.0) } else { 0.0 }),
        2 => (1.0, |x| (1.0 - x.abs()).max(0.0)),
        3 => (2.0, |x| {
            const A: f64 = -0.5;
            let x = x.abs();
            match x {
                _ if x < 1.0 => ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0,
                _ if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * A,
                _ => 0.0,
            }
        }),
        4 => (0.5, |x| if x > -0.5 && x <= 0.5 { 1.0 } else { 0.0 }),
        _ => (1.0, |x| {
            let x = x.abs();
            match x {
                0.0 => 1.0,
                _ if x >= 1.0 => 0.0,
                _ => {
                    let x = x * std::f64::consts::PI;
                    x.sin() / x * (0.54 + 0.46 * x.cos())
                }
            }
        }),
    }
}

/// For each target line: the first source line, and the weights from there on.
fn weights(from: u32, to: u32, number: usize) -> Vec<(usize, Vec<i64>)> {
    let (support, weight) = filter(number);
    let scale = f64::from(from) / f64::from(to);
    let wide = scale.max(1.0);
    let support = support * wide;
    let line = |n: u32| {
        let center = (f64::from(n) + 0.5) * scale;
        let first = (center - support + 0.5).max(0.0) as usize;
        let end = ((center + support + 0.5).max(0.0) as usize).min(from as usize);
        let parts: Vec<f64> = (first..end).map(|at| weight((at as f64 - center + 0.5) / wide)).collect();
        let sum: f64 = parts.iter().sum();
        let fixed = |part: &f64| {
            let part = if sum == 0.0 { *part } else { part / sum } * f64::from(1_u32 << PRECISION);
            (if part < 0.0 { part - 0.5 } else { part + 0.5 }) as i64
        };
        (first, parts.iter().map(fixed).collect())
    };
    (0..to).map(line).collect()
}

fn clip(sum: i64) -> u8 {
    (sum >> PRECISION).clamp(0, 255) as u8
}

/// Rows made longer or shorter.
fn along<E>(raster: &Raster, width: u32, number: usize, tick: &mut impl FnMut(u64) -> Result<(), E>) -> Result<Raster, E> {
    let weights = weights(raster.width, width, number);
    let cost: usize = weights.iter().map(|(_, parts)| parts.len()).sum::<usize>() * raster.mode.len();
    let len = raster.mode.len();
    let mut data = Vec::with_capacity(width as usize * raster.height as usize * len);
    for row in raster.data.chunks_exact(raster.width as usize * len) {
        tick(cost as u64)?;
        for (first, parts) in &weights {
            for band in 0..len {
                let values = row[first * len + band..].iter().step_by(len);
                let sum: i64 = parts.iter().zip(values).map(|(part, value)| part * i64::from(*value)).sum();
                data.push(clip(sum + (1 << (PRECISION - 1))));
            }
        }
    }
    Ok(Raster { width, data, palette: Vec::new(), ..*raster })
}

/// Columns made longer or shorter.
fn across<E>(raster: &Raster, height: u32, number: usize, tick: &mut impl FnMut(u64) -> Result<(), E>) -> Result<Raster, E> {
    let weights = weights(raster.height, height, number);
    let stride = raster.width as usize * raster.mode.len();
    let mut data = Vec::with_capacity(stride * height as usize);
    for (first, parts) in &weights {
        tick((parts.len() * stride) as u64)?;
        for at in 0..stride {
            let values = raster.data[first * stride + at..].iter().step_by(stride);
            let sum: i64 = parts.iter().zip(values).map(|(part, value)| part * i64::from(*value)).sum();
            data.push(clip(sum + (1 << (PRECISION - 1))));
        }
    }
    Ok(Raster { height, data, palette: Vec::new(), ..*raster })
}

fn nearest(raster: &Raster, width: u32, height: u32) -> Raster {
    let source = |n: u32, from: u32, to: u32| {
        (((f64::from(n) + 0.5) * f64::from(from) / f64::from(to)) as u32).min(from.saturating_sub(1))
    };
    let mut data = Vec::with_capacity(width as usize * height as usize * raster.mode.len());
    for y in 0..height {
        let y = source(y, raster.height, height);
        for x in 0..width {
            data.extend_from_slice(raster.pixel(source(x, raster.width, width), y));
        }
    }
    Raster { mode: raster.mode, width, height, data, palette: raster.palette.clone() }
}

/// Multiplies colours by their alpha, so that transparent ones do not shine through.
fn weighed(raster: &mut Raster) {
    let len = raster.mode.len();
    for pixel in raster.data.chunks_exact_mut(len) {
        let alpha = u32::from(pixel[len - 1]);
        for value in &mut pixel[..len - 1] {
            let product = u32::from(*value) * alpha + 128;
            *value = (((product >> 8) + product) >> 8) as u8;
        }
    }
}

fn unweighed(raster: &mut Raster) {
    let len = raster.mode.len();
    for pixel in raster.data.chunks_exact_mut(len) {
        let alpha = u32::from(pixel[len - 1]);
        if alpha == 0 || alpha == 255 {
            continue;
        }
        for value in &mut pixel[..len - 1] {
            *value = (255 * u32::from(*value) / alpha).min(255) as u8;
        }
    }
}

/// The picture in another size, by the number of one of [`FILTERS`]. Neither size has a side of 0. `tick` is told what was done
/// before each row, and may stop it.
pub(super) fn resized<E>(
    raster: &Raster,
    width: u32,
    height: u32,
    number: usize,
    mut tick: impl FnMut(u64) -> Result<(), E>,
) -> Result<Raster, E> {
    if (raster.width, raster.height) == (width, height) {
        return Ok(raster.clone());
    }
    if number == 0 || matches!(raster.mode, Mode::One | Mode::P) {
        tick(u64::from(width) * u64::from(height))?;
        return Ok(nearest(raster, width, height));
    }
    let mut out = raster.clone();
    let alpha = matches!(raster.mode, Mode::La | Mode::Rgba);
    if alpha {
        weighed(&mut out);
    }
    if width != out.width {
        out = along(&out, width, number, &mut tick)?;
    }
    if height != out.height {
        out = across(&out, height, number, &mut tick)?;
    }
    if alpha {
        unweighed(&mut out);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_pillow() {
        let data = (0..8 * 6).map(|n: u32| (n * n * 7 % 251) as u8).collect();
        let raster = Raster { mode: Mode::L, width: 8, height: 6, data, palette: Vec::new() };
        let expected: [&[u8]; 6] = EXPECTED;
        for (number, expected) in expected.iter().enumerate() {
            assert_eq!(resized(&raster, 5, 3, number, |_| Ok::<(), ()>(())).unwrap().data, *expected, "{}", FILTERS[number]);
        }
    }

    const EXPECTED: [&[u8]; 6] = [
        &[197, 198, 4, 179, 69, 16, 214, 217, 114, 201, 156, 49, 249, 119, 152],
        &[65, 70, 67, 125, 79, 57, 95, 74, 88, 142, 150, 94, 132, 79, 85],
        &[66, 76, 68, 118, 85, 63, 91, 80, 94, 132, 138, 99, 118, 85, 96],
        &[67, 75, 65, 125, 79, 56, 94, 77, 91, 140, 147, 95, 125, 80, 91],
        &[68, 113, 69, 177, 70, 44, 112, 89, 95, 135, 153, 55, 118, 82, 83],
        &[75, 93, 67, 143, 77, 45, 99, 86, 94, 149, 147, 81, 118, 80, 98],
    ];
}
