//! Buffered streams over a raw stream that gives less than asked, would block, or fails, at any call: random programs, the same in
//! Rust and in Python.

use std::fmt::Write as _;

use fastrand::Rng;
use seektell::buffer::Buffer;
use seektell::stream::{Buffered, Exception, ExceptionKind, RawIo, Value, Whence};

/// What happens at a read or write of the raw stream.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// At most so many bytes.
    Short(usize),
    /// It would block.
    Block,
    /// It fails.
    Fail,
}

/// Content in memory behind a list of [`Turn`]s; when they are used up everything goes through.
#[derive(Debug)]
struct Scripted {
    content: Vec<u8>,
    position: usize,
    turns: std::vec::IntoIter<Turn>,
    log: Vec<String>,
}

impl Scripted {
    fn turn(&mut self, method: &str, len: usize) -> Result<Option<usize>, Exception> {
        self.log.push(format!("{method} {len}"));
        match self.turns.next() {
            None => Ok(Some(len)),
            Some(Turn::Short(n)) => Ok(Some(n.min(len))),
            Some(Turn::Block) => Ok(None),
            Some(Turn::Fail) => Err(Exception::new(ExceptionKind::Os, "scripted")),
        }
    }
}

impl RawIo for Scripted {
    fn readable(&self) -> bool {
        true
    }
    fn writable(&self) -> bool {
        true
    }
    fn seekable(&self) -> bool {
        true
    }
    fn read_into(&mut self, out: &mut [u8]) -> Result<Option<usize>, Exception> {
        let Some(n) = self.turn("readinto", out.len())? else { return Ok(None) };
        let rest = self.content.get(self.position..).unwrap_or_default();
        let n = n.min(rest.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.position += n;
        Ok(Some(n))
    }
    fn write(&mut self, bytes: &[u8]) -> Result<Option<usize>, Exception> {
        let Some(n) = self.turn("write", bytes.len())? else { return Ok(None) };
        let end = self.position + n;
        if self.content.len() < end {
            self.content.resize(end, 0);
        }
        self.content[self.position..end].copy_from_slice(&bytes[..n]);
        self.position = end;
        Ok(Some(n))
    }
    fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Exception> {
        let base = match whence {
            Whence::Start => 0,
            Whence::Current => self.position,
            Whence::End => self.content.len(),
        };
        let place = base as i64 + offset;
        self.log.push(format!("seek {offset} {}", whence.number()));
        self.position = usize::try_from(place).map_err(|_| Exception::new(ExceptionKind::Value, "before the start"))?;
        Ok(place as u64)
    }
    fn tell(&mut self) -> Result<u64, Exception> {
        Ok(self.position as u64)
    }
    fn truncate(&mut self, size: Option<i64>) -> Result<u64, Exception> {
        let size = size.map_or(self.position, |size| size as usize);
        self.content.resize(size, 0);
        Ok(size as u64)
    }
}

/// The same in Python.
const CLASSES: &str = r#"
import io
class Scripted(io.RawIOBase):
    def __init__(self, content, turns):
        self.content, self.place, self.turns, self.log = bytearray(content), 0, list(turns), []
    def readable(self): return True
    def writable(self): return True
    def seekable(self): return True
    def turn(self, method, n):
        self.log.append(f"{method} {n}")
        turn = self.turns.pop(0) if self.turns else n
        if turn == "fail": raise OSError("scripted")
        return turn if turn is None else min(turn, n)
    def readinto(self, b):
        n = self.turn("readinto", len(b))
        if n is None: return None
        part = bytes(self.content[self.place:self.place + n])
        b[:len(part)] = part
        self.place += len(part)
        return len(part)
    def write(self, b):
        n = self.turn("write", len(b))
        if n is None: return None
        if len(self.content) < self.place + n: self.content.extend(bytes(self.place + n - len(self.content)))
        self.content[self.place:self.place + n] = b[:n]
        self.place += n
        return n
    def seek(self, offset, whence=0):
        place = (0, self.place, len(self.content))[whence] + offset
        self.log.append(f"seek {offset} {whence}")
        if place < 0: raise ValueError("before the start")
        self.place = place
        return place
    def tell(self): return self.place
    def truncate(self, size=None):
        size = self.place if size is None else size
        self.content = self.content[:size] + bytes(max(0, size - len(self.content)))
        return size
def into(method, n):
    b = bytearray(n)
    n = method(b)
    return (n, bytes(b[:n or 0]))
def show(work, raw):
    try: result = repr(work())
    except (OSError, ValueError) as e: result = f"{type(e).__name__}: {e}"
    print(result, raw.place, raw.log)
    raw.log.clear()
"#;

/// A call of a buffered stream.
#[derive(Clone, Debug)]
enum Call {
    Read(Option<u64>),
    Read1(Option<u64>),
    Peek,
    ReadInto(usize),
    ReadInto1(usize),
    ReadLine(Option<u64>),
    Write(Vec<u8>),
    Flush,
    Seek(i64, Whence),
    Tell,
    Truncate(i64),
}

impl Call {
    fn python(&self) -> String {
        let size = |size: &Option<u64>| size.map_or("-1".to_owned(), |size| size.to_string());
        match self {
            // CPython forgets where the raw stream is after `readall`; `tell` looks again.
            Self::Read(None) => "(f.read(), f.tell())".to_owned(),
            Self::Read(n) => format!("f.read({})", size(n)),
            Self::Read1(n) => format!("f.read1({})", size(n)),
            Self::Peek => "f.peek()".to_owned(),
            Self::ReadInto(n) => format!("into(f.readinto, {n})"),
            Self::ReadInto1(n) => format!("into(f.readinto1, {n})"),
            Self::ReadLine(n) => format!("f.readline({})", size(n)),
            Self::Write(bytes) => format!("f.write({})", seektell::stream::bytes_repr(bytes)),
            Self::Flush => "f.flush()".to_owned(),
            Self::Seek(offset, whence) => format!("f.seek({offset}, {})", whence.number()),
            Self::Tell => "f.tell()".to_owned(),
            Self::Truncate(size) => format!("f.truncate({size})"),
        }
    }

    fn run(&self, f: &mut Buffered<Scripted>) -> Result<Value, Exception> {
        let bytes = |bytes: Option<Buffer>| bytes.map_or(Value::None, Value::Bytes);
        let into = |n: Option<usize>, out: &[u8]| {
            let n_value = n.map_or(Value::None, Value::from);
            Value::Tuple(vec![n_value, Value::from(&out[..n.unwrap_or(0)])])
        };
        Ok(match self {
            Self::Read(None) => {
                let all = bytes(f.read(None)?);
                Value::Tuple(vec![all, f.tell()?.into()])
            }
            Self::Read(n) => bytes(f.read(*n)?),
            Self::Read1(n) => f.read1(*n)?.into(),
            Self::Peek => f.peek()?.into(),
            Self::ReadInto(n) => {
                let mut out = vec![0; *n];
                into(f.read_into(&mut out)?, &out)
            }
            Self::ReadInto1(n) => {
                let mut out = vec![0; *n];
                into(f.read_into1(&mut out)?, &out)
            }
            Self::ReadLine(n) => f.read_line(*n)?.into(),
            Self::Write(bytes) => f.write(bytes)?.into(),
            Self::Flush => {
                f.flush()?;
                Value::None
            }
            Self::Seek(offset, whence) => f.seek(*offset, *whence)?.into(),
            Self::Tell => f.tell()?.into(),
            Self::Truncate(size) => f.truncate(Some(*size))?.into(),
        })
    }
}

/// A raw stream, a class over it, and what is done with it.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    class: &'static str,
    size: u64,
    content: Vec<u8>,
    turns: Vec<Turn>,
    calls: Vec<Call>,
}

impl Program {
    pub(crate) fn random(rng: &mut Rng) -> Self {
        let class = ["BufferedReader", "BufferedWriter", "BufferedRandom"][rng.usize(..3)];
        let content = (0..rng.usize(..40)).map(|_| b"abcdefgh\n"[rng.usize(..9)]).collect();
        let turns = (0..rng.usize(..12))
            .map(|_| match rng.u32(..8) {
                0 | 1 => Turn::Block,
                2 => Turn::Fail,
                _ => Turn::Short(rng.usize(1..7)),
            })
            .collect();
        let calls = (0..rng.usize(1..25)).map(|_| Self::call(rng, class)).collect();
        Self { class, size: [1, 2, 3, 8, 8, 8192][rng.usize(..6)], content, turns, calls }
    }

    fn call(rng: &mut Rng, class: &str) -> Call {
        let limit = |rng: &mut Rng| if rng.u32(..4) == 0 { None } else { Some(rng.u64(..20)) };
        let (first, last) = match class {
            "BufferedReader" => (0, 14),
            "BufferedWriter" => (11, 20),
            _ => (0, 20),
        };
        match rng.u32(first..last) {
            0 | 1 => Call::Read(limit(rng)),
            2 => Call::Read1(limit(rng)),
            3 => Call::Peek,
            4 | 5 => Call::ReadInto(rng.usize(..20)),
            6 => Call::ReadInto1(rng.usize(..20)),
            7..=10 => Call::ReadLine(limit(rng)),
            11 => Call::Tell,
            12 => Call::Seek(rng.i64(0..30), Whence::Start),
            13 => Call::Seek(rng.i64(-5..6), Whence::Current),
            14..=17 => Call::Write((0..rng.usize(..14)).map(|_| b"XYZ\n"[rng.usize(..4)]).collect()),
            18 => Call::Flush,
            _ => Call::Truncate(rng.i64(0..30)),
        }
    }

    fn python(&self, script: &mut String) {
        let turns = self.turns.iter().map(|turn| match turn {
            Turn::Short(n) => n.to_string(),
            Turn::Block => "None".to_owned(),
            Turn::Fail => "'fail'".to_owned(),
        });
        let content = seektell::stream::bytes_repr(&self.content);
        writeln!(script, "raw = Scripted({content}, [{}])", turns.collect::<Vec<_>>().join(", ")).unwrap();
        writeln!(script, "f = io.{}(raw, {})", self.class, self.size).unwrap();
        for call in &self.calls {
            writeln!(script, "show(lambda: {}, raw)", call.python()).unwrap();
        }
        writeln!(script, "raw.turns.clear()\nshow(lambda: f.flush(), raw)\nprint(bytes(raw.content))").unwrap();
    }

    /// What each call shows, and what the raw stream saw of it.
    fn run(&self) -> Vec<String> {
        let raw = Scripted { content: self.content.clone(), position: 0, turns: self.turns.clone().into_iter(), log: Vec::new() };
        let mut f = match self.class {
            "BufferedReader" => Buffered::reader(raw, self.size),
            "BufferedWriter" => Buffered::writer(raw, self.size),
            _ => Buffered::random(raw, self.size),
        }
        .unwrap();
        let mut shown = Vec::new();
        let mut show = |result: Result<Value, Exception>, raw: &mut Scripted| {
            let result = result.map_or_else(|exception| exception.to_string(), |value| value.repr());
            let log = raw.log.drain(..).map(|entry| Value::from(entry.as_str())).collect();
            shown.push(format!("{result} {} {}", raw.position, Value::List(log).repr()));
        };
        for call in &self.calls {
            let result = call.run(&mut f);
            show(result, f.raw_mut());
        }
        f.raw_mut().turns = Vec::new().into_iter();
        let result = Call::Flush.run(&mut f);
        show(result, f.raw_mut());
        shown.push(Value::from(f.raw().content.as_slice()).repr());
        shown
    }
}

/// All programs as one script.
pub(crate) fn script(programs: &[Program]) -> String {
    let mut script = CLASSES.to_owned();
    for program in programs {
        program.python(&mut script);
    }
    script
}

/// The first difference between what our streams show and the lines that Python printed.
pub(crate) fn difference(programs: &[Program], theirs: &str) -> Option<String> {
    let mut theirs = theirs.lines();
    for program in programs {
        for (n, ours) in program.run().into_iter().enumerate() {
            let theirs = theirs.next().unwrap_or_default();
            // Only Rust sees how a portion that was asked for in one piece is asked of the raw stream.
            if ours != theirs {
                return Some(format!("{program:#?}\ncall {n}\n  ours:    {ours}\n  CPython: {theirs}"));
            }
        }
    }
    None
}
