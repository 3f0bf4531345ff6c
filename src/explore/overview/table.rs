//! The numbers as text, for other programs.

use std::fmt::Write as _;

use super::{Class, Overview};

impl Overview {
    /// How often each byte occurs: `byte,count,share` with a heading; 256 lines.
    pub fn histogram_csv(&self) -> String {
        let all = (self.counted() as f64).max(1.0);
        let mut text = String::from("byte,count,share\n");
        for (byte, &count) in self.histogram.iter().enumerate() {
            writeln!(text, "0x{byte:02X},{count},{:.6}", count as f64 / all).unwrap_or_default();
        }
        text
    }

    /// The parts: where each is, its entropy, lowest, mean and highest byte, and how many bytes are of each class.
    pub fn buckets_csv(&self) -> String {
        let mut text = String::from("offset,length,read,unreadable,changed,entropy,min,mean,max");
        for class in Class::ALL {
            write!(text, ",{}", class.name()).unwrap_or_default();
        }
        text.push('\n');
        for bucket in &self.buckets {
            let (range, b) = (bucket.range, bucket);
            write!(
                text,
                "{},{},{},{},{},{:.4},{},{:.2},{}",
                range.start.0, range.len.0, b.read, b.unreadable, b.changed, b.entropy, b.min, b.mean, b.max
            )
            .unwrap_or_default();
            for count in bucket.classes {
                write!(text, ",{count}").unwrap_or_default();
            }
            text.push('\n');
        }
        text
    }

    /// The pairs that occur, the most frequent first: `first,second,count`; at most 65,536 lines.
    pub fn pairs_csv(&self) -> String {
        let mut pairs: Vec<(usize, u64)> = self.pairs.iter().copied().enumerate().filter(|&(_, count)| count > 0).collect();
        pairs.sort_by_key(|&(pair, count)| (std::cmp::Reverse(count), pair));
        let mut text = String::from("first,second,count\n");
        for (pair, count) in pairs {
            writeln!(text, "0x{:02X},0x{:02X},{count}", pair >> 8, pair & 0xFF).unwrap_or_default();
        }
        text
    }
}
