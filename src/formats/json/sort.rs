//! The members of objects in the order of their keys. Every token stays byte for byte what it is, and members whose keys are the
//! same stay in the order in which they came.

use std::io::{self, Write};

use super::unescape::unescape;
use crate::formats::{FormatError, Limits};
use crate::tasks::Progress;

/// Bytes that a text and what is known of its members may take.
const MEMORY: u64 = 512 << 20;

/// Members or bytes between two looks at whether to stop.
const CHECK: usize = 64 * 1024;

/// JSON in memory, on one line or one value a line, as far as the limit goes.
pub(super) struct Compact {
    bytes: Vec<u8>,
    limit: u64,
    full: bool,
}

impl Compact {
    pub(super) fn new(limits: Limits) -> Self {
        Self { bytes: Vec::new(), limit: limits.or(MEMORY), full: false }
    }

    /// The text.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Why there is no whole text, where there is none.
    pub(super) fn refusal(&self) -> Option<FormatError> {
        self.full.then(|| Limits::refuse("the JSON, which must be in memory to be sorted, takes more", self.limit))
    }

    /// The same text with sorted members.
    ///
    /// # Errors
    /// `Limit` where the places of its members take too much, `Cancelled`, `Write`.
    pub(super) fn write_sorted(&self, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
        let objects = Objects::find(&self.bytes, self.limit, progress)?;
        objects.write(&self.bytes, out, progress)
    }
}

impl Write for Compact {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.full |= self.bytes.len() as u64 + bytes.len() as u64 > self.limit;
        if self.full || self.bytes.try_reserve(bytes.len()).is_err() {
            self.full = true;
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A member: where its key begins, where its colon is, and where it ends.
#[derive(Clone, Copy)]
struct Member {
    start: usize,
    colon: usize,
    end: usize,
}

/// An object of several members.
struct Object {
    /// Where its bracket is.
    open: usize,
    /// Behind its closing bracket.
    end: usize,
    /// Its members in `members`, sorted.
    from: usize,
    to: usize,
}

/// The objects of a text, by their place.
#[derive(Default)]
struct Objects {
    list: Vec<Object>,
    members: Vec<Member>,
}

/// A bracket that is open.
struct Open {
    open: usize,
    /// The members of an object so far; `None` in an array.
    members: Option<Vec<Member>>,
    /// Where the member that is being read began.
    start: usize,
    colon: usize,
}

impl Objects {
    /// Goes over valid JSON without spaces.
    fn find(bytes: &[u8], limit: u64, progress: &Progress) -> Result<Self, FormatError> {
        progress.check()?;
        let mut found = Self::default();
        let mut stack: Vec<Open> = Vec::new();
        let mut held = bytes.len() as u64;
        let (mut at, mut looked) = (0, 0);
        while let Some(&byte) = bytes.get(at) {
            if at - looked >= CHECK {
                looked = at;
                progress.check()?;
            }
            match byte {
                b'"' => {
                    at = behind_string(bytes, at);
                    continue;
                }
                b'{' | b'[' => {
                    stack.push(Open { open: at, members: (byte == b'{').then(Vec::new), start: at + 1, colon: at });
                }
                b':' => {
                    if let Some(open) = stack.last_mut() {
                        open.colon = at;
                    }
                }
                b',' | b'}' | b']' => {
                    if let Some(open) = stack.last_mut() {
                        if let Some(members) = &mut open.members
                            && at > open.start
                        {
                            held += 2 * size_of::<Member>() as u64;
                            if held > limit {
                                return Err(Limits::refuse("the places of the members to be sorted take more", limit));
                            }
                            members.push(Member { start: open.start, colon: open.colon, end: at });
                        }
                        open.start = at + 1;
                    }
                    if byte != b','
                        && let Some(closed) = stack.pop()
                        && let Some(members) = closed.members.filter(|members| members.len() > 1)
                    {
                        found.add(bytes, closed.open, at + 1, members);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        // They were added where they end; they are found by where they begin.
        found.list.sort_unstable_by_key(|object| object.open);
        Ok(found)
    }

    fn add(&mut self, bytes: &[u8], open: usize, end: usize, mut members: Vec<Member>) {
        members.sort_by_cached_key(|member| unescape(&bytes[member.start..member.colon]).0);
        let from = self.members.len();
        self.members.extend(members);
        self.list.push(Object { open, end, from, to: self.members.len() });
    }

    /// Writes the text; what is inside of members is written the same way, without going deeper than the list of what waits.
    fn write(&self, bytes: &[u8], out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
        let mut out = io::BufWriter::with_capacity(CHECK, out);
        // What is to be written, the last first: a part of the text, or bytes between members.
        let mut waiting = vec![Part::Text(0, bytes.len())];
        let mut steps = 0_usize;
        while let Some(part) = waiting.pop() {
            steps += 1;
            if steps.is_multiple_of(1024) {
                progress.check()?;
            }
            match part {
                Part::Byte(byte) => out.write_all(&[byte]).map_err(FormatError::Write)?,
                Part::Text(from, to) => {
                    let next = self.list.partition_point(|object| object.open < from);
                    match self.list.get(next).filter(|object| object.open < to) {
                        None => out.write_all(&bytes[from..to]).map_err(FormatError::Write)?,
                        Some(object) => {
                            out.write_all(&bytes[from..=object.open]).map_err(FormatError::Write)?;
                            waiting.push(Part::Text(object.end, to));
                            waiting.push(Part::Byte(b'}'));
                            waiting.push(Part::Members(object.from, object.to));
                        }
                    }
                }
                Part::Members(from, to) => {
                    let member = self.members[from];
                    if from + 1 < to {
                        waiting.push(Part::Members(from + 1, to));
                        waiting.push(Part::Byte(b','));
                    }
                    waiting.push(Part::Text(member.start, member.end));
                }
            }
        }
        out.flush().map_err(FormatError::Write)
    }
}

/// What waits to be written.
enum Part {
    Byte(u8),
    Text(usize, usize),
    Members(usize, usize),
}

/// The place behind a string that begins at `at`.
fn behind_string(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(text: &str) -> String {
        let mut compact = Compact::new(Limits::default());
        compact.write_all(text.as_bytes()).unwrap();
        let mut out = Vec::new();
        compact.write_sorted(&mut out, &Progress::new()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn members_stand_in_the_order_of_their_keys() {
        for (text, wanted) in [
            (r#"{"b":1,"a":2}"#, r#"{"a":2,"b":1}"#),
            (r#"{"b":{"z":1.10,"y":[{"d":1,"c":-0}]},"a":"x,}{"}"#, r#"{"a":"x,}{","b":{"y":[{"c":-0,"d":1}],"z":1.10}}"#),
            // Doubled keys keep their order; escapes count as what they stand for, and stay as they are.
            (r#"{"b":1,"a":1,"b":2,"a":2}"#, r#"{"a":1,"a":2,"b":1,"b":2}"#),
            (r#"{"b":1,"\u0061":2,"a\"":3}"#, r#"{"\u0061":2,"a\"":3,"b":1}"#),
            (r#"[{},{"a":1},[],"{\"b\":1,\"a\":2}"]"#, r#"[{},{"a":1},[],"{\"b\":1,\"a\":2}"]"#),
            ("{\"b\":1,\"a\":2}\n{\"d\":1,\"c\":2}\n", "{\"a\":2,\"b\":1}\n{\"c\":2,\"d\":1}\n"),
            (r#"{"é":1,"z":2,"Z":3,"":4}"#, r#"{"":4,"Z":3,"z":2,"é":1}"#),
            ("1e400", "1e400"),
        ] {
            assert_eq!(sorted(text), wanted, "{text}");
            assert_eq!(sorted(&sorted(text)), wanted);
        }
        let deep = "{\"b\":1,\"a\":".repeat(1000) + "0" + &"}".repeat(1000);
        assert_eq!(sorted(&deep), "{\"a\":".repeat(1000) + "0" + &",\"b\":1}".repeat(1000));
    }

    #[test]
    fn what_takes_too_much_is_refused() {
        let mut compact = Compact::new(Limits::of(Some(100)));
        assert!(compact.write_all(&[b'1'; 101]).is_err() && compact.refusal().is_some());
        let mut compact = Compact::new(Limits::of(Some(100)));
        compact.write_all(br#"{"a":1,"b":1,"c":1,"d":1}"#).unwrap();
        assert!(matches!(compact.write_sorted(&mut Vec::new(), &Progress::new()), Err(FormatError::Limit { .. })));
    }
}
