//! Texts and how often each was seen, up to a bound.

use twox_hash::XxHash3_64;

/// Longer texts are not kept: columns of such have few that come again.
const LONGEST: usize = 1024;

/// Bytes of text for each entry that there may be.
const BYTES: usize = 64;

/// Places that are looked at for one text. Only texts that were made for it have so many others in their place.
const PROBES: usize = 64;

/// A number that differs where texts differ, nearly always.
pub(super) fn hashed(text: &[u8]) -> u64 {
    XxHash3_64::oneshot(text)
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    count: u64,
    start: u32,
    len: u32,
}

/// An open table of texts.
#[derive(Clone, Debug)]
pub(super) struct Dictionary {
    /// The upper half of a hash and the number of an entry plus one; 0 is free.
    slots: Vec<u64>,
    entries: Vec<Entry>,
    texts: Vec<u8>,
    most: usize,
}

impl Dictionary {
    /// For up to `most` texts.
    pub(super) fn new(most: usize) -> Self {
        Self { slots: vec![0; 64], entries: Vec::new(), texts: Vec::new(), most }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Counts a text that is there; `false` where it is not.
    pub(super) fn count(&mut self, text: &[u8], hash: u64, count: u64) -> bool {
        match self.find(text, hash) {
            Ok(entry) => {
                self.entries[entry].count += count;
                true
            }
            Err(_) => false,
        }
    }

    /// Counts a text; `false` where there is no room for it.
    pub(super) fn add(&mut self, text: &[u8], hash: u64, count: u64) -> bool {
        match self.find(text, hash) {
            Ok(entry) => {
                self.entries[entry].count += count;
                true
            }
            Err(slot) => self.insert(slot, text, hash, count),
        }
    }

    fn insert(&mut self, slot: Option<usize>, text: &[u8], hash: u64, count: u64) -> bool {
        let full = self.entries.len() >= self.most || self.texts.len() + text.len() > self.most * BYTES;
        let (Some(slot), false) = (slot, full || text.len() > LONGEST) else { return false };
        let start = self.texts.len() as u32;
        self.texts.extend_from_slice(text);
        self.entries.push(Entry { hash, count, start, len: text.len() as u32 });
        self.slots[slot] = (hash & !u64::from(u32::MAX)) | self.entries.len() as u64;
        if self.entries.len() * 2 > self.slots.len() {
            self.grow(self.slots.len() * 4);
        }
        true
    }

    /// The entry of a text, or the free place for it; `Err(None)` where others crowd it out.
    fn find(&self, text: &[u8], hash: u64) -> Result<usize, Option<usize>> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        for _ in 0..PROBES {
            let slot = self.slots[at];
            if slot == 0 {
                return Err(Some(at));
            }
            if slot >> 32 == hash >> 32 {
                let number = (slot as u32 - 1) as usize;
                let entry = self.entries[number];
                if entry.hash == hash && self.text(entry) == text {
                    return Ok(number);
                }
            }
            at = (at + 1) & mask;
        }
        Err(None)
    }

    fn text(&self, entry: Entry) -> &[u8] {
        &self.texts[entry.start as usize..(entry.start + entry.len) as usize]
    }

    fn grow(&mut self, slots: usize) {
        self.slots.clear();
        self.slots.resize(slots, 0);
        let mask = slots - 1;
        for (number, entry) in self.entries.iter().enumerate() {
            let mut at = entry.hash as usize & mask;
            while self.slots[at] != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = (entry.hash & !u64::from(u32::MAX)) | (number as u64 + 1);
        }
    }

    /// The texts with their hashes and counts.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], u64, u64)> {
        self.entries.iter().map(|entry| (self.text(*entry), entry.hash, entry.count))
    }

    /// The texts that come most often, the most frequent first, equally frequent ones by their text.
    pub(super) fn top(&self, most: usize) -> Vec<(&[u8], u64)> {
        let mut all: Vec<(&[u8], u64)> = self.iter().map(|(text, _, count)| (text, count)).collect();
        let order = |a: &(&[u8], u64), b: &(&[u8], u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0));
        if all.len() > most {
            all.select_nth_unstable_by(most, order);
            all.truncate(most);
        }
        all.sort_unstable_by(order);
        all
    }

    /// Leaves about the more frequent half.
    pub(super) fn halve(&mut self) {
        let mut kept = Self::new(self.most);
        let mut all: Vec<(&[u8], u64, u64)> = self.iter().collect();
        let middle = all.len() / 2;
        if middle > 0 {
            all.select_nth_unstable_by(middle, |a, b| b.2.cmp(&a.2));
            all.truncate(middle);
        }
        // A text that came once says nothing.
        for (text, hash, count) in all.into_iter().filter(|(_, _, count)| *count > 1) {
            kept.add(text, hash, count);
        }
        *self = kept;
    }
}
