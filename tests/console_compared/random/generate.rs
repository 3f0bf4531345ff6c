//! Random scripts in the manner of a learner who tries things: streams, loops, mistakes.

use std::fmt::Write as _;

use fastrand::Rng;

use super::literal::{bytes, charset, encoding, errors, newline, size, text, wrong};

/// What a script is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Bytes,
    Text,
    Wrapper,
    Buffered,
    Language,
}

/// The script that `seed` makes.
pub(crate) fn script(family: Family, seed: u64) -> String {
    let mut maker = Maker { rng: Rng::with_seed(seed), out: String::from("import io\n"), next: 0, family, tell: true };
    maker.begin();
    for _ in 0..maker.rng.usize(8..40) {
        maker.statement();
    }
    maker.out
}

struct Maker {
    rng: Rng,
    out: String,
    /// For names that are used once.
    next: u32,
    family: Family,
    /// Whether `tell` of the wrapper may be asked: what CPython answers after `seek`, `next` and `flush` is undefined.
    tell: bool,
}

impl Maker {
    fn line(&mut self, line: impl AsRef<str>) {
        self.out.push_str(line.as_ref());
        self.out.push('\n');
    }

    fn one(&mut self, of: &[&'static str]) -> &'static str {
        self.rng.choice(of).unwrap()
    }

    fn chance(&mut self, of: u32) -> bool {
        self.rng.u32(0..of) == 0
    }

    fn name(&mut self) -> String {
        self.next += 1;
        format!("x{}", self.next)
    }

    fn begin(&mut self) {
        match self.family {
            Family::Bytes => {
                let first = self.new_bytes();
                self.line(format!("b = {first}"));
                let second = self.new_bytes();
                self.line(format!("c = {second}"));
            }
            Family::Text => {
                let first = self.new_text();
                self.line(format!("b = {first}"));
                let second = self.new_text();
                self.line(format!("c = {second}"));
            }
            Family::Wrapper => self.new_wrapper(),
            Family::Buffered => self.new_buffered(),
            Family::Language => {
                for name in ["p", "q", "r"] {
                    let value = self.value(2);
                    self.line(format!("{name} = {value}"));
                }
            }
        }
    }

    fn new_bytes(&mut self) -> String {
        let content = bytes(&mut self.rng);
        match self.rng.u32(0..12) {
            0 => "io.BytesIO()".into(),
            1 => format!("io.BytesIO(initial_bytes={content})"),
            2 => format!("io.BytesIO(bytearray({content}))"),
            3 => format!("io.BytesIO(memoryview({content}))"),
            4 if self.chance(3) => format!("io.BytesIO({})", wrong(&mut self.rng)),
            _ => format!("io.BytesIO({content})"),
        }
    }

    fn new_text(&mut self) -> String {
        let content = text(&mut self.rng);
        let mode = newline(&mut self.rng);
        match self.rng.u32(0..12) {
            0 => "io.StringIO()".into(),
            1 => format!("io.StringIO(newline={mode})"),
            2 => format!("io.StringIO(initial_value={content}, newline={mode})"),
            3 if self.chance(3) => format!("io.StringIO({})", wrong(&mut self.rng)),
            4 | 5 => format!("io.StringIO({content})"),
            _ => format!("io.StringIO({content}, {mode})"),
        }
    }

    fn new_wrapper(&mut self) {
        self.tell = true;
        let content = bytes(&mut self.rng);
        let raw = match self.rng.u32(0..4) {
            0 => "io.BytesIO()".to_owned(),
            1 => format!("io.BytesIO({}.encode({:?}, 'replace'))", text(&mut self.rng), encoding(&mut self.rng)),
            _ => format!("io.BytesIO({content})"),
        };
        self.line(format!("raw = {raw}"));
        if self.chance(3) {
            self.line("t = None");
        }
        let under = match self.rng.u32(0..8) {
            0 => format!("io.BufferedReader(raw, {})", self.rng.u32(1..12)),
            1 => format!("io.BufferedRandom(raw, {})", self.rng.u32(1..12)),
            2 if self.chance(2) => format!("io.BufferedWriter(raw, {})", self.rng.u32(1..12)),
            _ => "raw".into(),
        };
        let mut arguments = format!("{under}, ");
        match self.rng.u32(0..6) {
            0 => {}
            1 => write!(arguments, "{:?}, ", encoding(&mut self.rng)).unwrap(),
            _ => write!(arguments, "encoding={:?}, ", encoding(&mut self.rng)).unwrap(),
        }
        if self.rng.bool() {
            let handler = errors(&mut self.rng);
            write!(arguments, "errors={handler:?}, ").unwrap();
        }
        if self.rng.u32(0..4) > 0 {
            write!(arguments, "newline={}, ", newline(&mut self.rng)).unwrap();
        }
        for flag in ["line_buffering", "write_through"] {
            if self.chance(6) {
                write!(arguments, "{flag}=True, ").unwrap();
            }
        }
        self.line(format!("t = io.TextIOWrapper({})", arguments.trim_end_matches(", ")));
        if self.chance(4) {
            let chunk = self.one(&["1", "2", "3", "5", "16"]);
            self.line(format!("t._CHUNK_SIZE = {chunk}"));
        }
    }

    fn new_buffered(&mut self) {
        let content = bytes(&mut self.rng);
        let second = bytes(&mut self.rng);
        self.line(format!("raw = io.BytesIO({content} + {second})"));
        if self.chance(5) {
            let at = self.rng.u32(0..9);
            self.line(format!("raw.seek({at})"));
        }
        if self.chance(3) {
            self.line("r = None");
        }
        let size = self.one(&["1", "2", "3", "4", "5", "7", "8", "9", "16", "8192"]);
        let class = self.one(&["Reader", "Reader", "Writer", "Random", "Random"]);
        let line = match self.rng.u32(0..14) {
            0 => format!("r = io.Buffered{class}(raw)"),
            1 => format!("r = io.Buffered{class}(raw, buffer_size={size})"),
            2 => format!("r = io.BufferedRWPair(raw, io.BytesIO(), {size})"),
            3 if self.chance(3) => format!("r = io.Buffered{class}(raw, {})", wrong(&mut self.rng)),
            4 if self.chance(3) => format!("r = io.Buffered{class}({})", wrong(&mut self.rng)),
            _ => format!("r = io.Buffered{class}(raw, {size})"),
        };
        self.line(line);
    }

    /// A call on one of the script's streams.
    fn call(&mut self) -> String {
        match self.family {
            Family::Bytes => self.bytes_call(),
            Family::Text => self.text_call(),
            Family::Wrapper => self.wrapper_call(),
            Family::Buffered => self.buffered_call(),
            Family::Language => self.value(3),
        }
    }

    fn argument(&mut self) -> String {
        if self.chance(25) { wrong(&mut self.rng) } else { size(&mut self.rng) }
    }

    fn seek(&mut self, name: &str) -> String {
        let place = self.argument();
        match self.rng.u32(0..12) {
            0 => format!("{name}.seek({place}, 1)"),
            1 => format!("{name}.seek(0, 1)"),
            2 => format!("{name}.seek(-{}, 2)", self.rng.u32(0..7)),
            3 => format!("{name}.seek(-{}, io.SEEK_CUR)", self.rng.u32(0..7)),
            4 => format!("{name}.seek(0, io.SEEK_END)"),
            5 if self.chance(3) => format!("{name}.seek({place}, {})", wrong(&mut self.rng)),
            6 if self.chance(3) => format!("{name}.seek({place}, {})", self.one(&["3", "-1", "5"])),
            7 | 8 => format!("{name}.seek(0)"),
            _ => format!("{name}.seek({place})"),
        }
    }

    fn bytes_call(&mut self) -> String {
        let name = self.one(&["b", "b", "c"]);
        let content = bytes(&mut self.rng);
        let number = self.argument();
        match self.rng.u32(0..30) {
            0..=4 => format!("{name}.read({number})"),
            5 => format!("{name}.read()"),
            6 => format!("{name}.read1({number})"),
            7 => format!("{name}.readline({number})"),
            8 => format!("{name}.readline()"),
            9 => format!("{name}.readlines({number})"),
            10..=13 => format!("{name}.write({content})"),
            14 => format!("{name}.write({})", wrong(&mut self.rng)),
            15 => format!("{name}.writelines([{content}, {}])", bytes(&mut self.rng)),
            16..=18 => self.seek(name),
            19 => format!("{name}.truncate({number})"),
            20 => format!("{name}.truncate()"),
            21..=23 => format!("{name}.getvalue()"),
            24 => format!("{name}.tell(), {name}.getvalue()"),
            25 => format!(
                "{name}.{}",
                self.one(&[
                    "closed",
                    "readable()",
                    "seekable()",
                    "isatty()",
                    "flush()",
                    "fileno()",
                    "detach()",
                    "nosuch",
                    "name"
                ])
            ),
            26 => format!("list({name})"),
            27 => format!("next({name}, 'end')"),
            28 => format!("{name}.getbuffer()[{}:{}].tobytes()", self.rng.u32(0..4), self.rng.u32(0..9)),
            _ => format!("{name}.tell()"),
        }
    }

    fn text_call(&mut self) -> String {
        let name = self.one(&["b", "b", "c"]);
        let content = text(&mut self.rng);
        let number = self.argument();
        match self.rng.u32(0..28) {
            0..=4 => format!("{name}.read({number})"),
            5 => format!("{name}.read()"),
            6 | 7 => format!("{name}.readline({number})"),
            8 => format!("{name}.readline()"),
            9 => format!("{name}.readlines({number})"),
            10..=13 => format!("{name}.write({content})"),
            14 => format!("{name}.write({})", wrong(&mut self.rng)),
            15 => format!("{name}.writelines([{content}, {}])", text(&mut self.rng)),
            16..=18 => self.seek(name),
            19 => format!("{name}.truncate({number})"),
            20 => format!("{name}.truncate()"),
            21..=23 => format!("{name}.getvalue()"),
            24 => format!("{name}.newlines, {name}.tell()"),
            25 => format!(
                "{name}.{}",
                self.one(&[
                    "closed",
                    "readable()",
                    "line_buffering",
                    "encoding",
                    "errors",
                    "isatty()",
                    "flush()",
                    "fileno()",
                    "detach()",
                    "buffer"
                ])
            ),
            26 => format!("list({name})"),
            _ => format!("print({content}, {}, file={name})", self.rng.u32(0..99)),
        }
    }

    fn wrapper_call(&mut self) -> String {
        let content = text(&mut self.rng);
        let number = self.argument();
        match self.rng.u32(0..36) {
            0..=4 => format!("t.read({number})"),
            5 => "t.read()".into(),
            6..=8 => "t.readline()".into(),
            9 => format!("t.readline({number})"),
            10 => {
                self.tell = false;
                format!("t.readlines({number})")
            }
            11..=14 => format!("t.write({content})"),
            15 => format!("t.write({})", wrong(&mut self.rng)),
            16 => format!("t.writelines([{content}, {}])", text(&mut self.rng)),
            17 | 18 => "t.seek(0)".into(),
            19 if self.tell => "t.seek(t.tell())".into(),
            20 if self.tell => self.seek("t"),
            21 => format!("t.truncate({})", if self.rng.bool() { number } else { String::new() }),
            22 => "t.flush()".into(),
            23..=26 => "raw.getvalue()".into(),
            27 => "raw.tell(), raw.getvalue()".into(),
            28 => format!(
                "t.{}",
                self.one(&[
                    "closed",
                    "readable()",
                    "line_buffering",
                    "write_through",
                    "encoding",
                    "errors",
                    "newlines",
                    "isatty()",
                    "buffer",
                    "name",
                    "fileno()",
                    "read1()",
                ])
            ),
            29 => {
                self.tell = false;
                "next(t)".into()
            }
            30 => {
                self.tell = false;
                "list(t)".into()
            }
            31 => format!(
                "t.reconfigure({})",
                match self.rng.u32(0..6) {
                    0 => format!("encoding={:?}", encoding(&mut self.rng)),
                    1 => format!("errors={:?}", errors(&mut self.rng)),
                    2 => format!("newline={}", newline(&mut self.rng)),
                    3 => "line_buffering=True".into(),
                    4 => "write_through=True".into(),
                    _ => format!("encoding={:?}, newline={}", encoding(&mut self.rng), newline(&mut self.rng)),
                }
            ),
            32 => format!("print({content}, {}, file=t, flush={})", self.rng.u32(0..99), self.one(&["True", "False"])),
            _ if self.tell => "t.tell()".into(),
            _ => "t.readable()".into(),
        }
    }

    fn buffered_call(&mut self) -> String {
        let content = bytes(&mut self.rng);
        let number = self.argument();
        match self.rng.u32(0..36) {
            0..=5 => format!("r.read({number}), raw.tell()"),
            6 => "r.read()".into(),
            7 => format!("r.read1({number})"),
            8 => format!("r.peek({number})"),
            9 => format!("r.readline({number})"),
            10 => "r.readline(), r.tell(), raw.tell()".into(),
            11 => format!("r.readlines({number})"),
            12..=16 => format!("r.write({content})"),
            17 => format!("r.write({})", wrong(&mut self.rng)),
            18 => format!("r.writelines([{content}, {}])", bytes(&mut self.rng)),
            19..=22 => self.seek("r"),
            23 => format!("r.truncate({})", if self.rng.bool() { number } else { String::new() }),
            24 => "r.flush(), raw.getvalue()".into(),
            25..=27 => "raw.getvalue()".into(),
            28 => "raw.tell(), r.tell()".into(),
            29 => format!(
                "r.{}",
                self.one(&[
                    "closed",
                    "readable()",
                    "writable()",
                    "seekable()",
                    "raw",
                    "name",
                    "mode",
                    "isatty()",
                    "fileno()",
                    "getvalue()"
                ])
            ),
            30 => "next(r)".into(),
            31 => "list(r)".into(),
            32 => format!("raw.{}", self.one(&["seek(0)", "seek(3)", "read(2)", "write(b'!')", "truncate(4)"])),
            _ => "r.tell()".into(),
        }
    }

    fn statement(&mut self) {
        let call = self.call();
        match self.rng.u32(0..40) {
            0..=14 => self.line(call),
            15..=18 => self.line(format!("print({call})")),
            19 => self.line(format!("print(repr({call}))")),
            20 | 21 => {
                let name = self.name();
                self.line(format!("{name} = {call}"));
                let look = self.one(&[
                    "{}",
                    "type({}).__name__",
                    "{} is None",
                    "len({})",
                    "{}[1:4]",
                    "{}[0]",
                    "{}, {}",
                    "[{}] * 2",
                    "f'{{}!r:>12}|'",
                ]);
                self.line(look.replace("{}", &name).replace("{{", "{").replace("}}", "}"));
            }
            22 => {
                let rest = self.one(&["+ 1", "- 3", "* 2", "// 2", "% 5", "== 3", "< 4", "and 'yes'", "or 'no'"]);
                self.line(format!("({call}) {rest}"));
            }
            23 => {
                let class = self.one(&[
                    "ValueError",
                    "TypeError",
                    "OSError",
                    "(TypeError, ValueError)",
                    "Exception",
                    "io.UnsupportedOperation",
                ]);
                let show = self.one(&["print(e)", "print(repr(e))", "print(type(e).__name__, e)", "pass"]);
                self.line(format!("try:\n    print({call})\nexcept {class} as e:\n    {show}"));
                if self.rng.bool() {
                    self.line("else:\n    print('fine')");
                }
                if self.rng.bool() {
                    self.line("finally:\n    print('finally')");
                }
            }
            24 => self.loop_over(),
            25 => {
                let stop = self.rng.u32(2..5);
                let again = self.call();
                self.line(format!("for i in range({stop}):\n    print(i, {call})\n    if i == 2:\n        break\n    {again}\nelse:\n    print('done')"));
            }
            26 => self.line(format!("if ({call}):\n    print('true')\nelse:\n    print('false')")),
            27 => self.views(),
            28 => self.with(),
            29 if self.chance(3) => {
                let name = match self.family {
                    Family::Bytes | Family::Text => self.one(&["b.close()", "c.close()"]),
                    Family::Wrapper => self.one(&["t.close()", "raw.close()", "d = t.detach()"]),
                    Family::Buffered => self.one(&["r.close()", "raw.close()", "d = r.detach()"]),
                    Family::Language => "p = None",
                };
                self.line(name);
            }
            30 => match self.family {
                Family::Bytes => {
                    let new = self.new_bytes();
                    self.line(format!("b = {new}"));
                }
                Family::Text => {
                    let new = self.new_text();
                    self.line(format!("b = {new}"));
                }
                Family::Wrapper => self.new_wrapper(),
                Family::Buffered => self.new_buffered(),
                Family::Language => self.function(),
            },
            31 if self.family == Family::Language => self.function(),
            32 => {
                let spec = self.one(&[">8", "<8", "^9", "", "!r", "!s:>6", "!r:<10", "06", ",", "x"]);
                let name = self.name();
                let spec = if spec.starts_with('!') || spec.is_empty() { spec.to_owned() } else { format!(":{spec}") };
                self.line(format!("{name} = {call}\nprint(f'{{{name}{spec}}}|')"));
            }
            _ => self.line(call),
        }
    }

    fn loop_over(&mut self) {
        let name = match self.family {
            Family::Bytes | Family::Text => self.one(&["b", "c"]),
            Family::Wrapper => {
                self.tell = false;
                "t"
            }
            Family::Buffered => "r",
            Family::Language => "[1, 'a', b'b']",
        };
        let body = self.one(&[
            "print(repr(line))",
            "print(len(line))",
            "print(line, end='|')",
            "if len(line) > 3: break\n    print(line)",
        ]);
        match self.rng.u32(0..4) {
            0 => self.line(format!("[len(line) for line in {name}]")),
            1 => self.line(format!("for i, line in enumerate({name}):\n    print(i, line)")),
            _ => self.line(format!("for line in {name}:\n    {body}")),
        }
    }

    fn views(&mut self) {
        if self.family != Family::Bytes {
            return;
        }
        let view = self.name();
        let [first, second] = [bytes(&mut self.rng), bytes(&mut self.rng)];
        self.line(format!("{view} = b.getbuffer()\nb.write({first})\n{view}[0:2] = b'<>'\n{view}[-1] = 65\nlen({view}), {view}.nbytes, {view}.readonly"));
        match self.rng.u32(0..4) {
            0 => self.line(format!("{view}.release()\n{view}")),
            1 => self.line(format!("del {view}")),
            2 => self.line(format!("{view} = None")),
            _ => self.line(format!("with {view}:\n    print(bytes({view}[::2]), {view} == b.getvalue())\n{view}[0]")),
        }
        self.line(format!("b.write({second})"));
    }

    fn with(&mut self) {
        let call = self.call();
        match self.family {
            Family::Bytes => {
                let new = self.new_bytes();
                self.line(format!("with {new} as w:\n    print(w.read(3))\n    {call}\nw.closed, w"));
            }
            Family::Text => {
                let new = self.new_text();
                self.line(format!("with {new} as w:\n    print(w.read(3))\n    {call}\nw.closed, w"));
            }
            Family::Wrapper => {
                let content = bytes(&mut self.rng);
                let code = encoding(&mut self.rng);
                self.line(format!("q = io.BytesIO({content})\nwith io.TextIOWrapper(q, {code:?}) as w:\n    print(repr(w.readline()))\n    w.write('é')\nq.closed"));
            }
            Family::Buffered => {
                let content = bytes(&mut self.rng);
                self.line(format!("q = io.BytesIO({content})\nwith io.BufferedRandom(q, 4) as w:\n    print(w.read(3), q.tell())\n    w.write(b'!')\nq.closed"));
            }
            Family::Language => {
                self.line(format!("def use():\n    with io.StringIO('z') as s:\n        return s.read(), {call}\nuse()"));
            }
        }
    }

    fn function(&mut self) {
        let [value, other] = [self.value(1), self.value(1)];
        let operator = self.one(&["+", "-", "==", "<", "in", "and", "or", "is"]);
        let name = self.name();
        let call = match self.rng.u32(0..6) {
            0 => format!("{name}()"),
            1 => format!("{name}({value}, b={other})"),
            2 => format!("{name}({value}, {other}, 3, 4)"),
            3 => format!("{name}(*[{value}], **{{'c': {other}}})"),
            4 => format!("{name}({value}, a={other})"),
            _ => format!("{name}({value}, {other})"),
        };
        self.line(format!(
            "def {name}(a, b={other}, *rest, c=None):\n    if c:\n        return c\n    return a {operator} b, rest\n{call}"
        ));
        if self.rng.bool() {
            let generator = self.name();
            self.line(format!(
                "def {generator}(n):\n    try:\n        for i in range(n):\n            got = yield i * 2\n            if got: print('got', got)\n    finally:\n        print('end')\ng = {generator}(3)\nnext(g)\nlist({generator}(2))\ng.send('hi')\ndel g"
            ));
        }
    }

    /// An expression of the language.
    fn value(&mut self, depth: u32) -> String {
        let leaf = depth == 0 || self.chance(3);
        if leaf {
            return match self.rng.u32(0..12) {
                0 => self.rng.i32(-30..200).to_string(),
                1 => self
                    .one(&[
                        "0",
                        "1",
                        "-1",
                        "True",
                        "False",
                        "None",
                        "2**64",
                        "-(10**20)",
                        "0xff",
                        "1.5",
                        "-0.25",
                        "1e100",
                        "float('inf')",
                    ])
                    .into(),
                2..=4 => text(&mut self.rng),
                5 | 6 => bytes(&mut self.rng),
                7 => format!("bytearray({})", bytes(&mut self.rng)),
                8 => format!("range({})", self.rng.u32(0..6)),
                9 => self.one(&["[]", "()", "{}", "''", "b''", "set()"]).into(),
                _ => self.one(&["p", "q", "r"]).into(),
            };
        }
        let a = self.value(depth - 1);
        let b = self.value(depth - 1);
        match self.rng.u32(0..24) {
            22 => {
                let (data, charset, errors) = (bytes(&mut self.rng), charset(&mut self.rng), errors(&mut self.rng));
                format!("{data}.decode({charset:?}, {errors:?})")
            }
            23 => {
                let (text, charset, errors) = (text(&mut self.rng), charset(&mut self.rng), errors(&mut self.rng));
                format!("{text}.encode({charset:?}, {errors:?})")
            }
            0 => format!("({a} * {})", self.rng.u32(0..4)),
            1..=4 => format!(
                "({a} {} {b})",
                self.one(&["+", "-", "//", "%", "/", "==", "!=", "<", ">=", "in", "not in", "and", "or", "&", "|", "^"])
            ),
            5 => format!("[{a}, {b}]"),
            6 => format!("({a}, {b})"),
            7 => format!("{{'k': {a}, 'm': {b}}}"),
            8 => format!("({a} if {b} else 'other')"),
            9 => format!("({a})[{}]", self.rng.i32(-3..4)),
            10 => format!("({a})[{}:{}]", self.rng.i32(-3..4), self.rng.i32(-3..5)),
            11 => format!("({a})[::{}]", self.one(&["2", "-1", "3"])),
            12 => format!(
                "{}({a})",
                self.one(&[
                    "len", "repr", "str", "list", "tuple", "bool", "sorted", "sum", "min", "max", "bytes", "abs", "ascii", "any",
                    "int"
                ])
            ),
            13 => format!(
                "{}.{}",
                text(&mut self.rng),
                self.one(&[
                    "upper()",
                    "split()",
                    "splitlines()",
                    "strip()",
                    "encode()",
                    "title()",
                    "isalpha()",
                    "zfill(8)",
                    "center(9, '*')",
                    "partition('a')",
                    "find('a')",
                    "count('a')"
                ])
            ),
            14 => format!(
                "{}.{}",
                bytes(&mut self.rng),
                self.one(&[
                    "upper()",
                    "split()",
                    "splitlines()",
                    "strip()",
                    "decode()",
                    "decode('latin-1')",
                    "hex()",
                    "hex(' ')",
                    "rstrip()",
                    "find(b'a')",
                    "count(b'a')",
                    "decode('utf-8', 'replace')"
                ])
            ),
            15 => format!("[x for x in {a} if x]"),
            16 => format!("{{x: {b} for x in {a}}}"),
            17 => format!("sorted({{str(x) for x in {a}}})"),
            18 => format!(
                "f'{{{}:{}}}'",
                self.rng.i32(-999..99999),
                self.one(&[">8", "<8", "^8", "08", ",", "+", "x", "#x", "b", "_", ".2f", "e", "%", "d", "c"])
            ),
            19 => format!("(not {a})"),
            20 => format!("isinstance({a}, (int, str))"),
            _ => format!("list(zip({a}, {b}))"),
        }
    }
}
