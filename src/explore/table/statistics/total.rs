//! What numbers amount to.

use super::super::number::Number;

/// Values gathered before mean and deviation are brought up to date.
const BLOCK: usize = 256;

/// The most digits behind the point that are added exactly.
const SCALE: u8 = 18;

/// The powers of ten up to there.
const TENS: [i128; SCALE as usize + 1] = {
    let mut tens = [1; SCALE as usize + 1];
    let mut at = 1;
    while at < tens.len() {
        tens[at] = tens[at - 1] * 10;
        at += 1;
    }
    tens
};

/// The sum of the numbers of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Sum {
    /// Exactly this, in decimal digits: all numbers have at most 18 digits and no exponent.
    Exact(String),
    /// About this: added in `f64` with Neumaier's correction. Infinite or NaN if one of the numbers is.
    About(f64),
}

impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exact(digits) => f.write_str(digits),
            Self::About(value) => value.fmt(f),
        }
    }
}

/// What the numbers of a column amount to. NaN and infinity are counted in `count`, make `sum` and `mean` what they make of sums,
/// and are left out of the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// How many cells are numbers.
    pub count: u64,
    /// How many of them are NaN or infinite.
    pub not_finite: u64,
    /// The least and the greatest finite number, as they are written in their cells.
    pub range: Option<(String, String)>,
    /// All added up.
    pub sum: Sum,
    /// The sum divided by the count.
    pub mean: f64,
    /// The standard deviation of a sample (divided by the count less one); `None` for fewer than two numbers.
    pub deviation: Option<f64>,
    /// First quartile, median, third quartile, with values between two numbers as in NumPy and spreadsheets.
    pub quartiles: Option<[f64; 3]>,
    /// Where not all numbers were kept for the quartiles: how many there were in the sample.
    pub sampled: Option<u64>,
}

/// Numbers while they are added up.
#[derive(Clone, Debug)]
pub(super) struct Adder {
    pub(super) count: u64,
    pub(super) not_finite: u64,
    /// The sum times ten to the `scale`, as long as everything fits.
    exact: Option<i128>,
    scale: u8,
    /// The sum and what it lacks.
    sum: f64,
    lacks: f64,
    /// Of the finite ones that are not in `block` any more.
    moments: Moments,
    block: Vec<f64>,
    least: Option<Extreme>,
    greatest: Option<Extreme>,
}

#[derive(Clone, Debug)]
struct Extreme {
    value: f64,
    text: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    count: f64,
    mean: f64,
    /// Squares of the differences from the mean.
    squares: f64,
}

impl Moments {
    /// Both together (Chan, Golub and LeVeque, 1979).
    fn merge(&mut self, other: Self) {
        let count = self.count + other.count;
        if other.count == 0.0 {
            return;
        }
        let apart = other.mean - self.mean;
        self.mean += apart * other.count / count;
        self.squares += other.squares + apart * apart * self.count * other.count / count;
        self.count = count;
    }

    fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        if values.is_empty() {
            return Self::default();
        }
        let mean = values.iter().map(|value| value / count).sum::<f64>();
        Self { count, mean, squares: values.iter().map(|value| (value - mean) * (value - mean)).sum() }
    }
}

impl Adder {
    pub(super) fn new() -> Self {
        Self {
            count: 0,
            not_finite: 0,
            exact: Some(0),
            scale: 0,
            sum: 0.0,
            lacks: 0.0,
            moments: Moments::default(),
            block: Vec::new(),
            least: None,
            greatest: None,
        }
    }

    /// Adds a number that came `times` times.
    pub(super) fn add(&mut self, number: &Number<'_>, times: u64) {
        self.count += times;
        self.exact = self.exact.and_then(|sum| self.exactly(sum, number, times));
        self.about(number.value * times as f64);
        if !number.value.is_finite() {
            self.not_finite += times;
            return;
        }
        if times == 1 {
            self.block.push(number.value);
            if self.block.len() == BLOCK {
                self.settle();
            }
        } else {
            self.moments.merge(Moments { count: times as f64, mean: number.value, squares: 0.0 });
        }
        let less = |one: &Number<'_>, other: &Extreme| {
            one.value < other.value || (one.value == other.value && one.long && is_less(one.text, &other.text))
        };
        let greater = |one: &Number<'_>, other: &Extreme| {
            one.value > other.value || (one.value == other.value && one.long && is_less(&other.text, one.text))
        };
        let extreme = || Extreme { value: number.value, text: number.text.to_vec() };
        if self.least.as_ref().is_none_or(|least| less(number, least)) {
            self.least = Some(extreme());
        }
        if self.greatest.as_ref().is_none_or(|greatest| greater(number, greatest)) {
            self.greatest = Some(extreme());
        }
    }

    fn exactly(&mut self, sum: i128, number: &Number<'_>, times: u64) -> Option<i128> {
        let (digits, scale) = number.scaled?;
        // A power of ten is looked up: making one takes longer than all the rest.
        let lift = TENS[usize::from(scale.abs_diff(self.scale))];
        let digits = if times == 1 { i128::from(digits) } else { i128::from(digits).checked_mul(i128::from(times))? };
        if scale > self.scale {
            self.scale = scale;
            return sum.checked_mul(lift)?.checked_add(digits);
        }
        if scale == self.scale {
            return sum.checked_add(digits);
        }
        sum.checked_add(digits.checked_mul(lift)?)
    }

    fn about(&mut self, value: f64) {
        let sum = self.sum + value;
        if sum.is_finite() {
            self.lacks += if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        }
        self.sum = sum;
    }

    fn settle(&mut self) {
        self.moments.merge(Moments::of(&self.block));
        self.block.clear();
    }

    pub(super) fn merge(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        self.count += other.count;
        self.not_finite += other.not_finite;
        let scale = self.scale.max(other.scale);
        let lifted = |sum: i128, from: u8| sum.checked_mul(10_i128.pow(u32::from(scale - from)));
        self.exact = match (self.exact, other.exact) {
            (Some(one), Some(more)) => lifted(one, self.scale).zip(lifted(more, other.scale)).and_then(|(a, b)| a.checked_add(b)),
            _ => None,
        };
        self.scale = scale;
        self.about(other.sum);
        self.lacks += other.lacks;
        self.moments.merge(other.moments);
        let less = |one: &Extreme, other: &Extreme| {
            one.value < other.value || (one.value == other.value && is_less(&one.text, &other.text))
        };
        for (extreme, ours, is_least) in [(other.least, &mut self.least, true), (other.greatest, &mut self.greatest, false)] {
            let Some(extreme) = extreme else { continue };
            if ours.as_ref().is_none_or(|ours| if is_least { less(&extreme, ours) } else { less(ours, &extreme) }) {
                *ours = Some(extreme);
            }
        }
    }

    /// The least and the greatest finite number.
    pub(super) fn range(&self) -> Option<(f64, f64)> {
        Some((self.least.as_ref()?.value, self.greatest.as_ref()?.value))
    }

    pub(super) fn finish(mut self, quartiles: Option<[f64; 3]>, sampled: Option<u64>) -> Option<Total> {
        self.settle();
        if self.count == 0 {
            return None;
        }
        let about = if self.sum.is_finite() { self.sum + self.lacks } else { self.sum };
        let (sum, value) = match self.exact {
            Some(exact) => {
                let digits = scaled(exact, self.scale);
                let value = digits.parse().unwrap_or(about);
                (Sum::Exact(digits), value)
            }
            None => (Sum::About(about), about),
        };
        let text = |extreme: Extreme| String::from_utf8_lossy(&extreme.text).chars().take(super::SHOWN).collect::<String>();
        let count = self.moments.count;
        Some(Total {
            count: self.count,
            not_finite: self.not_finite,
            range: self.least.map(text).zip(self.greatest.map(text)),
            mean: value / self.count as f64,
            sum,
            deviation: (count > 1.0).then(|| (self.moments.squares / (count - 1.0)).sqrt()),
            quartiles,
            sampled,
        })
    }
}

fn is_less(one: &[u8], other: &[u8]) -> bool {
    Number::parse(one).zip(Number::parse(other)).is_some_and(|(one, other)| one.compare(&other) == Some(std::cmp::Ordering::Less))
}

/// An integer divided by ten to the `scale`, without zeros at the end.
fn scaled(number: i128, scale: u8) -> String {
    let scale = usize::from(scale.min(SCALE));
    let mut digits = number.unsigned_abs().to_string();
    if digits.len() <= scale {
        digits.insert_str(0, &"0".repeat(scale + 1 - digits.len()));
    }
    let sign = if number < 0 { "-" } else { "" };
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// The quartiles of values with how often each comes, ascending.
pub(super) fn quartiles(values: &[(f64, u64)]) -> Option<[f64; 3]> {
    let count: u64 = values.iter().map(|(_, times)| times).sum();
    let last = count.checked_sub(1)?;
    let at = |place: u64| {
        let mut behind = 0;
        for (value, times) in values {
            behind += times;
            if place < behind {
                return *value;
            }
        }
        f64::NAN
    };
    Some([1_u64, 2, 3].map(|quarter| {
        let place = u128::from(last) * u128::from(quarter);
        let (below, part) = ((place / 4) as u64, (place % 4) as f64 / 4.0);
        let (low, high) = (at(below), at((below + 1).min(last)));
        if part == 0.0 || low == high { low } else { low + (high - low) * part }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(texts: &[&str]) -> Total {
        let mut adders = [Adder::new(), Adder::new()];
        for (at, text) in texts.iter().enumerate() {
            adders[at % 2].add(&Number::parse(text.as_bytes()).unwrap(), 1);
        }
        let [mut one, other] = adders;
        one.merge(other);
        one.finish(None, None).unwrap()
    }

    #[test]
    fn sums_are_exact_where_they_can_be() {
        assert_eq!(total(&["0.1", "0.2", "-5", "100000000000000.001"]).sum, Sum::Exact("99999999999995.301".into()));
        assert_eq!(total(&["0.5", "0.5"]).sum, Sum::Exact("1".into()));
        assert_eq!(total(&["-0.25"]).sum, Sum::Exact("-0.25".into()));
        assert_eq!(total(&["1e3", "1"]).sum, Sum::About(1001.0));
        assert_eq!(total(&["1e100", "1", "-1e100", "1"]).sum, Sum::About(2.0));
        assert_eq!(total(&["inf", "1"]).sum, Sum::About(f64::INFINITY));
        let found = total(&["9007199254740993", "9007199254740992", "-3"]);
        assert_eq!(found.range, Some(("-3".into(), "9007199254740993".into())));
    }

    #[test]
    fn deviation_survives_large_means() {
        let found = total(&["1000000004", "1000000007", "1000000013", "1000000016"]);
        assert!((found.deviation.unwrap() - 30_f64.sqrt()).abs() < 1e-12);
        assert_eq!(total(&["1"]).deviation, None);
    }

    #[test]
    fn quartiles_lie_between_values() {
        assert_eq!(quartiles(&[]), None);
        assert_eq!(quartiles(&[(1.0, 1), (2.0, 1), (3.0, 1), (4.0, 1)]), Some([1.75, 2.5, 3.25]));
        assert_eq!(quartiles(&[(1.0, 3), (9.0, 1)]), Some([1.0, 1.0, 3.0]));
    }
}
