//! Records as most are, read in one step.
//!
//! What the recogniser would let through byte after byte is found here by strings and numbers at a time. Whatever is not whole, not
//! valid or unusual is left to the recogniser, which reads it from its start and has the words for what is wrong; so both must
//! take the same texts for the same records, which a test with random texts holds them to.

use super::records::{Kind, Record};
use super::unescape::unescape;
use super::write::plain_len;

/// How deep brackets in a value may be nested here.
const DEPTH: usize = 32;

/// What stands before a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// It is on a line of its own, which ends behind it.
    Line,
    /// A value must come.
    Nothing,
    /// A comma may have to be read first.
    MaybeComma,
    /// A comma.
    Comma,
}

/// Why a record was not read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Not {
    /// It may go on behind the end of the bytes.
    Whole,
    /// It is for the recogniser.
    Plain,
}

pub(super) type Taken<T> = Result<T, Not>;

/// Who takes what is found of a record. What it got is void where the record turns out to be none that can be read here.
pub(super) trait Sink {
    /// It has nothing yet.
    fn clear(&mut self);
    /// It is an object or an array.
    fn begin(&mut self, kind: Kind) -> Taken<()>;
    /// The key that comes next most likely: text that stands in JSON as it is.
    fn expected(&self) -> Option<&[u8]> {
        None
    }
    /// The key is the one that was expected.
    fn as_expected(&mut self) {}
    /// A key in its quotes, and whether there are escapes in it.
    fn key(&mut self, raw: &[u8], escapes: bool) -> Taken<()>;
    /// A string in its quotes, a number, or a word; and whether there are escapes in it.
    fn scalar(&mut self, raw: &[u8], escapes: bool);
    /// An array or an object, which `read` appends without space.
    fn nested(&mut self, read: &mut dyn FnMut(&mut Vec<u8>) -> Taken<()>) -> Taken<()>;
    /// It is whole.
    fn end(&mut self) -> Taken<()> {
        Ok(())
    }
}

impl Sink for Record {
    fn clear(&mut self) {
        Self::clear(self);
    }

    fn begin(&mut self, kind: Kind) -> Taken<()> {
        self.kind = kind;
        Ok(())
    }

    fn key(&mut self, raw: &[u8], escapes: bool) -> Taken<()> {
        if escapes {
            self.keys.push(&unescape(raw).0);
        } else {
            self.keys.push_bytes(&raw[1..raw.len() - 1]);
            self.keys.end_cell();
        }
        Ok(())
    }

    fn scalar(&mut self, raw: &[u8], _: bool) {
        self.values.push_bytes(raw);
        self.values.end_cell();
    }

    fn nested(&mut self, read: &mut dyn FnMut(&mut Vec<u8>) -> Taken<()>) -> Taken<()> {
        self.values.push_with(read)
    }
}

/// The columns of the keys of the record before, which most likely are those of the next one.
#[derive(Debug, Default)]
pub(super) struct Usual {
    columns: Vec<usize>,
    /// Whether they ascend and their names stand in JSON as they are, so that the keys of a record can be expected.
    plain: bool,
}

impl Usual {
    /// The columns in their order, where keys can be expected.
    pub(super) fn expected(&self) -> Option<&[usize]> {
        self.plain.then_some(&self.columns)
    }

    /// After a record with these columns.
    pub(super) fn set<'a>(&mut self, columns: &[usize], name: impl Fn(usize) -> &'a str) {
        if self.columns == columns {
            return;
        }
        self.columns.clear();
        self.columns.extend_from_slice(columns);
        let as_it_is = |column: &usize| plain_len(name(*column).as_bytes()) == name(*column).len();
        self.plain = !columns.is_empty() && columns.is_sorted_by(|one, other| one < other) && columns.iter().all(as_it_is);
    }
}

/// Reads an object or an array at the start of `bytes`; where it begins and ends, and what was taken.
pub(super) fn record(bytes: &[u8], lead: Lead, sink: &mut impl Sink) -> Taken<(usize, usize, usize)> {
    sink.clear();
    let mut text = Text { bytes, at: 0, lines: lead == Lead::Line };
    while matches!(bytes.get(text.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        text.at += 1;
    }
    if matches!(lead, Lead::Comma | Lead::MaybeComma) {
        match text.byte()? {
            b',' => {
                text.at += 1;
                text.space()?;
            }
            _ if lead == Lead::Comma => return Err(Not::Plain),
            _ => {}
        }
    }
    let start = text.at;
    let (kind, end) = match text.byte()? {
        b'{' => (Kind::Object, b'}'),
        b'[' => (Kind::Array, b']'),
        _ => return Err(Not::Plain),
    };
    sink.begin(kind)?;
    text.at += 1;
    text.members(end, |text| {
        if kind == Kind::Object {
            text.key(sink)?;
        }
        if matches!(text.byte()?, b'{' | b'[') {
            return sink.nested(&mut |out| text.value(out, DEPTH));
        }
        let start = text.at;
        let escapes = text.scalar()?;
        sink.scalar(&text.bytes[start..text.at], escapes);
        Ok(())
    })?;
    sink.end()?;
    let behind = text.at;
    if lead == Lead::Line {
        while matches!(text.byte()?, b' ' | b'\t' | b'\r') {
            text.at += 1;
        }
        text.exactly(b'\n')?;
    }
    Ok((start, behind, text.at))
}

struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
    /// No line may end inside a record.
    lines: bool,
}

impl Text<'_> {
    fn byte(&self) -> Taken<u8> {
        self.bytes.get(self.at).copied().ok_or(Not::Whole)
    }

    fn exactly(&mut self, byte: u8) -> Taken<()> {
        if self.byte()? != byte {
            return Err(Not::Plain);
        }
        self.at += 1;
        Ok(())
    }

    /// Goes over space; what is behind it is there.
    fn space(&mut self) -> Taken<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if !self.lines => self.at += 1,
                other => return Ok(other),
            }
        }
    }

    /// What stands between a bracket that was taken and the one that closes it, which is taken too.
    fn members(&mut self, end: u8, mut member: impl FnMut(&mut Self) -> Taken<()>) -> Taken<()> {
        if self.space()? == end {
            self.at += 1;
            return Ok(());
        }
        loop {
            member(self)?;
            let byte = self.space()?;
            self.at += 1;
            match byte {
                b',' => _ = self.space()?,
                byte if byte == end => return Ok(()),
                _ => return Err(Not::Plain),
            }
        }
    }

    /// A key, and the colon behind it.
    fn key(&mut self, sink: &mut impl Sink) -> Taken<()> {
        let rest = &self.bytes[self.at..];
        let known = sink.expected().filter(|key| {
            let end = key.len() + 1;
            rest.first() == Some(&b'"') && rest.get(1..end) == Some(*key) && rest.get(end) == Some(&b'"')
        });
        if let Some(key) = known {
            self.at += key.len() + 2;
            sink.as_expected();
        } else {
            let start = self.at;
            let escapes = self.string()?;
            sink.key(&self.bytes[start..self.at], escapes)?;
        }
        self.space()?;
        self.exactly(b':')?;
        self.space().map(drop)
    }

    /// A string with its quotes; whether it has escapes.
    fn string(&mut self) -> Taken<bool> {
        self.exactly(b'"')?;
        let start = self.at;
        let mut escapes = false;
        loop {
            self.at += plain_len(&self.bytes[self.at..]);
            match self.byte()? {
                b'"' => break,
                b'\\' => {
                    escapes = true;
                    let digits = match self.bytes.get(self.at + 1) {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 0,
                        Some(b'u') => 4,
                        Some(_) => return Err(Not::Plain),
                        None => return Err(Not::Whole),
                    };
                    let end = self.at + 2 + digits;
                    let digits = self.bytes.get(self.at + 2..end).ok_or(Not::Whole)?;
                    if !digits.iter().all(u8::is_ascii_hexdigit) {
                        return Err(Not::Plain);
                    }
                    self.at = end;
                }
                _ => return Err(Not::Plain),
            }
        }
        let inner = &self.bytes[start..self.at];
        if !inner.is_ascii() && simdutf8::basic::from_utf8(inner).is_err() {
            return Err(Not::Plain);
        }
        self.at += 1;
        Ok(escapes)
    }

    /// Appends a value without space.
    fn value(&mut self, out: &mut Vec<u8>, depth: usize) -> Taken<()> {
        let start = self.at;
        match self.byte()? {
            b'{' | b'[' if depth == 0 => return Err(Not::Plain),
            open @ (b'{' | b'[') => {
                self.at += 1;
                out.push(open);
                let (mut first, end) = (true, if open == b'{' { b'}' } else { b']' });
                self.members(end, |text| {
                    if !std::mem::take(&mut first) {
                        out.push(b',');
                    }
                    if open == b'{' {
                        let start = text.at;
                        text.string()?;
                        out.extend_from_slice(&text.bytes[start..text.at]);
                        out.push(b':');
                        text.space()?;
                        text.exactly(b':')?;
                        text.space()?;
                    }
                    text.value(out, depth - 1)
                })?;
                out.push(end);
                return Ok(());
            }
            _ => _ = self.scalar()?,
        }
        out.extend_from_slice(&self.bytes[start..self.at]);
        Ok(())
    }

    /// A string, a number or a word; whether it has escapes.
    fn scalar(&mut self) -> Taken<bool> {
        match self.byte()? {
            b'"' => return self.string(),
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => self.number()?,
        }
        Ok(false)
    }

    fn word(&mut self, word: &[u8]) -> Taken<()> {
        let found = self.bytes.get(self.at..self.at + word.len()).ok_or(Not::Whole)?;
        if found != word {
            return Err(Not::Plain);
        }
        self.at += word.len();
        Ok(())
    }

    fn digits(&mut self) -> Taken<()> {
        let count = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        // What comes next has to be there, or there could be more of them.
        self.byte()?;
        if count > 0 { Ok(()) } else { Err(Not::Plain) }
    }

    fn number(&mut self) -> Taken<()> {
        if self.byte()? == b'-' {
            self.at += 1;
        }
        if self.byte()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.byte()? == b'.' {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte()?, b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte()?, b'+' | b'-') {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::buffer::Buffer;
    use crate::formats::Format;
    use crate::formats::json::records::{Layer, Records};
    use crate::formats::json::source::Text;

    use super::*;

    /// Everything that is found, with the error at the end, if there is one; `long` goes the long way.
    fn all(text: &str, array: bool, long: bool) -> Vec<String> {
        let text = Text { buffer: Buffer::from(text.as_bytes()), start: 0, has_ranges: true };
        let (format, layer) = if array { (Format::Json, Layer::Array) } else { (Format::JsonLines, Layer::Lines) };
        let mut records = Records::new(&text, format, layer, 0, u64::MAX);
        let mut record = Record::new();
        record.places = long.then(Vec::new);
        let mut found = Vec::new();
        loop {
            match records.next(false, &mut record) {
                Ok(Some(())) => {
                    let (keys, values): (Vec<_>, Vec<_>) = (record.keys.iter().collect(), record.values.iter().collect());
                    found.push(format!("{:?} {keys:?} {values:?} {:?} {}", record.kind, record.range, records.bytes.offset()));
                }
                Ok(None) => return found,
                Err(error) => {
                    found.push(error.to_string());
                    return found;
                }
            }
        }
    }

    fn value(random: &mut fastrand::Rng, depth: u32) -> String {
        let strings =
            ["", "a", "x y", "\\n", "\\u00e9", "\\ud800", "é", "😀", "a long text that goes on and on", "\\\"", "{", "]"];
        let space = |random: &mut fastrand::Rng| *random.choice(&["", "", "", " ", "\t "]).unwrap();
        match random.u32(..if depth > 3 { 6 } else { 8 }) {
            0..=2 => format!("\"{}\"", random.choice(&strings).unwrap()),
            3 | 4 => (*random.choice(&["0", "-1", "12.50", "1e9", "-0.0E-7", "123456789012345678901234567890"]).unwrap()).into(),
            5 => (*random.choice(&["true", "false", "null"]).unwrap()).into(),
            6 => {
                let members: Vec<_> = (0..random.u32(..4)).map(|_| value(random, depth + 1)).collect();
                format!("[{}{}{}]", space(random), members.join(&format!("{},{}", space(random), space(random))), space(random))
            }
            _ => {
                let key = |random: &mut fastrand::Rng| *random.choice(&strings[..7]).unwrap();
                let members: Vec<_> = (0..random.u32(..4))
                    .map(|_| format!("\"{}\"{}:{}{}", key(random), space(random), space(random), value(random, depth + 1)))
                    .collect();
                format!("{{{}{}{}}}", space(random), members.join(&format!(",{}", space(random))), space(random))
            }
        }
    }

    #[test]
    fn both_ways_find_the_same_in_whatever_text() {
        let mut random = fastrand::Rng::with_seed(12);
        let (mut whole, mut wrong) = (0, 0);
        for round in 0..6_000 {
            let array = random.bool();
            let count = if round % 500 == 0 { 9_000 } else { random.usize(..6) };
            let records: Vec<_> = (0..count).map(|_| value(&mut random, 0)).collect();
            let between = match array {
                true => *random.choice(&[",", " , ", ",\n"]).unwrap(),
                false => *random.choice(&["\n", " \r\n", "\n\n\t"]).unwrap(),
            };
            let mut text = records.join(between);
            if array {
                text += *random.choice(&["]", " ] \n", ""]).unwrap();
            } else if random.bool() {
                text.push('\n');
            }
            // Half of them with a byte that is another, or is missing, or is there twice.
            if random.bool() && !text.is_empty() {
                let mut bytes = text.into_bytes();
                let at = random.usize(..bytes.len());
                match random.u8(..3) {
                    0 => bytes[at] = *random.choice(b"\"\\{}[],:0 .eu-\n\x01ax").unwrap(),
                    1 => _ = bytes.remove(at),
                    _ => bytes.insert(at, bytes[at]),
                }
                text = String::from_utf8_lossy(&bytes).into_owned();
            }
            let (short, long) = (all(&text, array, false), all(&text, array, true));
            assert!(short == long, "{text:?}\n{short:#?}\n{long:#?}");
            let failed = long.last().is_some_and(|last| last.contains("(line "));
            *if failed { &mut wrong } else { &mut whole } += 1;
        }
        assert!(whole > 1_000 && wrong > 1_000, "{whole} and {wrong}");
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_left_to_the_recogniser() {
        for text in [&b"{\"a\":\"\xC3\"}\n"[..], b"{\"\xFF\":1}\n", b"{\"a\":\"\xED\xA0\x80\"}\n"] {
            assert_eq!(record(text, Lead::Line, &mut Record::new()), Err(Not::Plain));
        }
        let deep = format!("{{\"a\":{}1{}}}\n", "[".repeat(DEPTH + 1), "]".repeat(DEPTH + 1));
        assert_eq!(record(deep.as_bytes(), Lead::Line, &mut Record::new()), Err(Not::Plain));
        assert_eq!(record(b"{\"a\":1", Lead::Line, &mut Record::new()), Err(Not::Whole));
        assert_eq!(record(b" {\"a\": [1, 2]} \n", Lead::Line, &mut Record::new()), Ok((1, 14, 16)));
    }
}
