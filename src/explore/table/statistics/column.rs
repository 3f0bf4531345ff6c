//! One column while it is looked at.
//!
//! As long as few texts differ, a cell costs a look into a dictionary, and all else is found out of the dictionary at the end.
//! Where more differ than it holds, each cell is looked at for what it is, and how many differ is estimated.

use super::super::number::{CellType, Number, number_type, other_type};
use super::dictionary::{Dictionary, hashed};
use super::distinct::Sketch;
use super::histogram::{BINS, Histogram};
use super::total::{Adder, quartiles};
use super::{ColumnStatistics, Distinct, SHOWN, TopValue};

/// Values that are told as the most frequent ones.
const TOP: usize = 20;

/// Texts of which the frequent ones are kept where not all are counted.
const FREQUENT: usize = 4096;

/// Of texts that are not known yet, one in so many is taken for one that may come again.
const TAKEN: u64 = 4;

#[derive(Clone, Debug)]
pub(super) struct Column {
    count: u64,
    empty: u64,
    missing: u64,
    texts: Texts,
    /// Finite numbers of the rows that stand for all.
    sample: Vec<f64>,
    /// Cells that were not sampled.
    passed: u64,
}

#[derive(Clone, Debug)]
enum Texts {
    Few(Dictionary),
    Many(Box<Many>),
}

/// What is known of a column with many texts.
#[derive(Clone, Debug)]
struct Many {
    types: [u64; 6],
    distinct: Sketch,
    frequent: Dictionary,
    seen: u64,
    least: Vec<u8>,
    greatest: Vec<u8>,
    shortest: u64,
    longest: u64,
    characters: u64,
    adder: Adder,
}

impl Column {
    /// For up to `texts` different texts.
    pub(super) fn new(texts: usize) -> Self {
        let texts = Texts::Few(Dictionary::new(texts));
        Self { count: 0, empty: 0, missing: 0, texts, sample: Vec::new(), passed: 0 }
    }

    pub(super) fn add_missing(&mut self) {
        self.missing += 1;
        self.empty += 1;
    }

    pub(super) fn add(&mut self, cell: &[u8], sampled: bool) {
        if cell.is_empty() {
            self.empty += 1;
            return;
        }
        self.count += 1;
        if !sampled {
            self.passed += 1;
        } else if let Some(number) = Number::parse(cell)
            && number.value.is_finite()
        {
            self.sample.push(number.value);
        }
        let hash = hashed(cell);
        match &mut self.texts {
            Texts::Few(texts) => {
                if !texts.add(cell, hash, 1) {
                    let mut many = Many::of(texts);
                    many.add(cell, hash, 1);
                    self.texts = Texts::Many(Box::new(many));
                }
            }
            Texts::Many(many) => many.add(cell, hash, 1),
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.empty += other.empty;
        self.missing += other.missing;
        self.passed += other.passed;
        self.sample.extend(other.sample);
        if let (Texts::Few(texts), Texts::Few(more)) = (&mut self.texts, &other.texts) {
            let mut all = texts.clone();
            if more.iter().all(|(text, hash, count)| all.add(text, hash, count)) {
                *texts = all;
                return;
            }
        }
        let mut many = match &mut self.texts {
            Texts::Few(texts) => Box::new(Many::of(texts)),
            Texts::Many(many) => many.clone(),
        };
        match other.texts {
            Texts::Few(texts) => texts.iter().for_each(|(text, hash, count)| many.add(text, hash, count)),
            Texts::Many(other) => many.merge(*other),
        }
        self.texts = Texts::Many(many);
    }

    pub(super) fn finish(self, column: usize) -> ColumnStatistics {
        let Self { count, empty, missing, texts, mut sample, passed } = self;
        let (many, exact) = match texts {
            Texts::Few(texts) => (Many::of(&texts), Some(texts)),
            Texts::Many(many) => (*many, None),
        };
        let distinct = match &exact {
            Some(texts) => Distinct::Exact(texts.len() as u64),
            None => Distinct::About(many.distinct.estimate()),
        };
        let frequent = exact.as_ref().unwrap_or(&many.frequent);
        let top = frequent.top(TOP).into_iter().filter(|(_, count)| exact.is_some() || *count > 1);
        let top = top.map(|(text, count)| TopValue { text: shown(text), count, exact: exact.is_some() }).collect();

        // Every number with how often it comes: of all where they are known, else of the sample.
        let values: Vec<(f64, u64)> = match &exact {
            Some(texts) => {
                let numbers = texts.iter().filter_map(|(text, _, count)| Some((Number::parse(text)?.value, count)));
                let mut values: Vec<_> = numbers.filter(|(value, _)| value.is_finite()).collect();
                values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
                values
            }
            None => {
                sample.sort_unstable_by(f64::total_cmp);
                sample.into_iter().map(|value| (value, 1)).collect()
            }
        };
        let all = exact.is_some() || passed == 0;
        let known: u64 = values.iter().map(|(_, count)| count).sum();
        let histogram = many.adder.range().filter(|_| known > 0).map(|(first, last)| {
            let mut histogram = Histogram::new(first, last, BINS);
            for (value, count) in &values {
                histogram.add(*value, *count);
            }
            if !all {
                histogram.scale(known, many.adder.count - many.adder.not_finite);
            }
            histogram
        });
        let mut types = many.types;
        types[CellType::Empty as usize] = empty;
        ColumnStatistics {
            column,
            count,
            empty,
            missing,
            types,
            distinct,
            top,
            text_range: (count > 0).then(|| (shown(&many.least), shown(&many.greatest))),
            lengths: (count > 0).then_some((many.shortest, many.longest)),
            characters: many.characters,
            numbers: many.adder.finish(quartiles(&values), (!all).then_some(known)),
            histogram,
        }
    }
}

fn shown(text: &[u8]) -> String {
    // Four bytes are enough for a character.
    String::from_utf8_lossy(&text[..text.len().min(4 * SHOWN)]).chars().take(SHOWN).collect()
}

impl Many {
    fn new() -> Self {
        Self {
            types: [0; 6],
            distinct: Sketch::new(),
            frequent: Dictionary::new(FREQUENT),
            seen: 0,
            least: Vec::new(),
            greatest: Vec::new(),
            shortest: u64::MAX,
            longest: 0,
            characters: 0,
            adder: Adder::new(),
        }
    }

    fn of(texts: &Dictionary) -> Self {
        let mut many = Self::new();
        for (text, hash, count) in texts.iter() {
            many.add(text, hash, count);
        }
        // The frequent ones among all of them, not among those that happened to come last.
        many.frequent = Dictionary::new(FREQUENT);
        for (text, count) in texts.top(FREQUENT / 2) {
            if count > 1 {
                many.frequent.add(text, hashed(text), count);
            }
        }
        many
    }

    fn add(&mut self, cell: &[u8], hash: u64, times: u64) {
        self.distinct.add(hash);
        self.seen += 1;
        if !self.frequent.count(cell, hash, times)
            && (times > 1 || self.seen.is_multiple_of(TAKEN))
            && !self.frequent.add(cell, hash, times)
            && self.frequent.len() >= FREQUENT / 2
        {
            self.frequent.halve();
        }
        let kind = match Number::parse(cell) {
            Some(number) => {
                self.adder.add(&number, times);
                number_type(&number)
            }
            None => other_type(cell),
        };
        self.types[kind as usize] += times;
        let length = if cell.is_ascii() { cell.len() } else { cell.iter().filter(|byte| *byte & 0xC0 != 0x80).count() } as u64;
        self.shortest = self.shortest.min(length);
        self.longest = self.longest.max(length);
        self.characters += length * times;
        if self.least.is_empty() || cell < self.least.as_slice() {
            set(&mut self.least, cell);
        }
        if cell > self.greatest.as_slice() {
            set(&mut self.greatest, cell);
        }
    }

    fn merge(&mut self, other: Self) {
        self.types.iter_mut().zip(other.types).for_each(|(sum, count)| *sum += count);
        self.distinct.merge(&other.distinct);
        for (text, count) in other.frequent.top(FREQUENT / 2) {
            if !self.frequent.add(text, hashed(text), count) {
                self.frequent.halve();
                self.frequent.add(text, hashed(text), count);
            }
        }
        self.seen += other.seen;
        self.shortest = self.shortest.min(other.shortest);
        self.longest = self.longest.max(other.longest);
        self.characters += other.characters;
        if self.least.is_empty() || (!other.least.is_empty() && other.least < self.least) {
            self.least = other.least;
        }
        if other.greatest > self.greatest {
            self.greatest = other.greatest;
        }
        self.adder.merge(other.adder);
    }
}

fn set(text: &mut Vec<u8>, cell: &[u8]) {
    text.clear();
    text.extend_from_slice(cell);
}
