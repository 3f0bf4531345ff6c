//! Random expressions over all built-in types: operators, methods, subscripts, formats, functions.

use std::fmt::Write as _;

use fastrand::Rng;

const INTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "-7",
    "10",
    "255",
    "256",
    "2**31",
    "2**63",
    "-2**63",
    "2**64",
    "10**20",
    "-10**25",
    "97",
    "65",
    "True",
    "False",
    "12345678901234567890",
];
const SMALL: &[&str] = &["0", "1", "2", "3", "-1", "5", "8", "True"];
const FLOATS: &[&str] = &[
    "0.0",
    "-0.0",
    "1.0",
    "1.5",
    "-2.5",
    "0.1",
    "1e16",
    "1e-5",
    "123456.789",
    "1e300",
    "-1e-300",
    "float('inf')",
    "float('nan')",
    "2.0",
    "3.14159",
    "0.5",
    "1e22",
    "5e-324",
    "100.0",
    "1234567.0",
];
const TEXTS: &[&str] = &[
    "''",
    "'a'",
    "'abc'",
    "'Hello World'",
    "'aXbXc'",
    "' pad '",
    "'1,2,,3'",
    "'é'",
    "'naïve café'",
    "'ß'",
    "'😀x'",
    "'line\\nline2\\r\\nx'",
    "'\\t\\x00'",
    "'it\\'s'",
    "'\"q\"'",
    "'123'",
    "'-12'",
    "'0x1f'",
    "'1_000'",
    "'3.5'",
    "' 42 '",
    "'ABC'",
    "'Title Case'",
    "'a\\tb\\tc'",
    "'%s'",
    "'{}'",
    "'aaaa'",
    "'ab'*3",
    "'ΑΣ'",
    "'ﬁ'",
    "'²'",
    "'٣'",
    "'Ⅷ'",
    "'x y\\tz\\n'",
    "'ǆ'",
    "'__'",
    "'\\u2028x'",
];
const BYTES: &[&str] = &[
    "b''",
    "b'a'",
    "b'abc'",
    "b'Hello World'",
    "b'a,b,,c'",
    "b' pad '",
    "b'\\xff\\x00'",
    "b'line\\nx\\r\\ny'",
    "b'123'",
    "b'ABC'",
    "b'a\\tb'",
    "b'aaaa'",
    "b'\\xc3\\xa9'",
    "b'%d'",
];
const ARRAYS: &[&str] = &[
    "bytearray()",
    "bytearray(b'abc')",
    "bytearray(b'Hello World')",
    "bytearray(b'a,b')",
    "bytearray(3)",
    "bytearray(b'x\\x80')",
];
const LISTS: &[&str] = &[
    "[]",
    "[1]",
    "[1, 2, 3]",
    "['a', 'b']",
    "[3, 1, 2]",
    "[1, 'a', None]",
    "[[1], [2]]",
    "[1.5, 2]",
    "[b'a', b'b']",
    "[True, 0]",
    "list(range(5))",
    "['x', 'yy', 'zzz']",
];
const TUPLES: &[&str] = &["()", "(1,)", "(1, 2)", "('a', 1)", "(1, (2, 3))", "(b'a', b'b')", "('a', 'ab')", "(3, 1, 2)"];
const DICTS: &[&str] = &[
    "{}",
    "{'a': 1}",
    "{1: 'x', 2: 'y'}",
    "{'a': 1, 'b': [2]}",
    "{(1, 2): 3}",
    "{97: 'b', 98: None}",
    "{97: 'xyz'}",
    "{1.0: 2, True: 3}",
];
const SETS: &[&str] = &[
    "set()",
    "{1}",
    "{1, 2, 3}",
    "{3, 1, 2, 10}",
    "frozenset()",
    "frozenset({1, 2})",
    "{1.0, True}",
    "{-1, -2, 5}",
    "frozenset([3, 4, 5])",
];
const OTHERS: &[&str] = &[
    "None",
    "...",
    "range(5)",
    "range(0, 10, 3)",
    "range(10, 0, -2)",
    "range(0)",
    "slice(1, 3)",
    "slice(None, None, -1)",
    "int",
    "str",
    "memoryview(b'abc')",
    "memoryview(bytearray(b'xyz'))",
    "len",
    "print",
    "ValueError('x')",
    "KeyError('k')",
    "OSError(2, 'no')",
    "iter([])",
    "NotImplemented",
    "type(None)",
    "object",
    "{'a': 1}.keys()",
    "{'a': 1}.values()",
    "{'a': 1, 'b': 2}.items()",
    "str.upper",
    "bytes.fromhex",
    "Exception()",
    "StopIteration(5)",
];
const KINDS: &[&[&str]] = &[INTS, INTS, FLOATS, TEXTS, TEXTS, BYTES, ARRAYS, LISTS, TUPLES, DICTS, SETS, OTHERS];

const METHODS: &[(&[&str], &[&str])] = &[
    (INTS, &["as_integer_ratio", "bit_count", "bit_length", "conjugate", "denominator", "imag", "numerator", "real", "to_bytes"]),
    (FLOATS, &["as_integer_ratio", "conjugate", "hex", "imag", "is_integer", "real"]),
    (
        TEXTS,
        &[
            "capitalize",
            "casefold",
            "center",
            "count",
            "encode",
            "endswith",
            "expandtabs",
            "find",
            "format",
            "format_map",
            "index",
            "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isdigit",
            "isidentifier",
            "islower",
            "isnumeric",
            "isprintable",
            "isspace",
            "istitle",
            "isupper",
            "join",
            "ljust",
            "lower",
            "lstrip",
            "maketrans",
            "partition",
            "removeprefix",
            "removesuffix",
            "replace",
            "rfind",
            "rindex",
            "rjust",
            "rpartition",
            "rsplit",
            "rstrip",
            "split",
            "splitlines",
            "startswith",
            "strip",
            "swapcase",
            "title",
            "translate",
            "upper",
            "zfill",
            "nosuch",
        ],
    ),
    (
        BYTES,
        &[
            "capitalize",
            "center",
            "count",
            "decode",
            "endswith",
            "expandtabs",
            "find",
            "fromhex",
            "hex",
            "index",
            "isalnum",
            "isalpha",
            "isascii",
            "isdigit",
            "islower",
            "isspace",
            "istitle",
            "isupper",
            "join",
            "ljust",
            "lower",
            "lstrip",
            "maketrans",
            "partition",
            "removeprefix",
            "removesuffix",
            "replace",
            "rfind",
            "rindex",
            "rjust",
            "rpartition",
            "rsplit",
            "rstrip",
            "split",
            "splitlines",
            "startswith",
            "strip",
            "swapcase",
            "title",
            "translate",
            "upper",
            "zfill",
        ],
    ),
    (
        ARRAYS,
        &["append", "clear", "copy", "extend", "insert", "pop", "remove", "reverse", "find", "split", "replace", "hex", "join"],
    ),
    (LISTS, &["append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"]),
    (TUPLES, &["count", "index"]),
    (DICTS, &["clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"]),
    (
        SETS,
        &[
            "add",
            "clear",
            "copy",
            "difference",
            "discard",
            "intersection",
            "isdisjoint",
            "issubset",
            "issuperset",
            "pop",
            "remove",
            "union",
        ],
    ),
    (&["range(5)", "range(1, 10, 3)"], &["count", "index", "start", "stop", "step"]),
    (&["slice(1, 2)", "slice(None)"], &["indices", "start", "stop", "step"]),
    (
        &["memoryview(b'abc')", "memoryview(bytearray(b'abcd'))"],
        &[
            "hex",
            "release",
            "tobytes",
            "tolist",
            "toreadonly",
            "nbytes",
            "readonly",
            "format",
            "itemsize",
            "shape",
            "strides",
            "contiguous",
        ],
    ),
    (&["ValueError('x')", "OSError(2, 'no', 'f')", "KeyError(1)"], &["args", "errno", "add_note", "with_traceback"]),
];

const FUNCTIONS: &[&str] = &[
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "dict",
    "divmod",
    "float",
    "format",
    "frozenset",
    "getattr",
    "hasattr",
    "hex",
    "int",
    "isinstance",
    "issubclass",
    "len",
    "list",
    "max",
    "memoryview",
    "min",
    "next",
    "oct",
    "ord",
    "pow",
    "range",
    "repr",
    "round",
    "set",
    "slice",
    "sorted",
    "str",
    "sum",
    "tuple",
    "type",
    "ValueError",
    "OSError",
    "KeyError",
    "UnicodeDecodeError",
    "StopIteration",
    "SystemExit",
    "Exception",
    "ImportError",
];
const LAZY: &[&str] = &["enumerate", "filter", "iter", "map", "reversed", "zip"];
const KEYWORDS: &[&str] = &[
    "encoding",
    "errors",
    "sep",
    "maxsplit",
    "keepends",
    "key",
    "reverse",
    "length",
    "byteorder",
    "signed",
    "tabsize",
    "x",
    "start",
    "default",
    "strict",
    "base",
    "ndigits",
];
const SUBSCRIPTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "5",
    "-10",
    "10**30",
    "None",
    "'a'",
    "1.0",
    "True",
    "::",
    "1:",
    "::2",
    "::-1",
    "-2:",
    "1:2",
    "10:",
    "5:1:-1",
    "::0",
    "'a':",
    "-100:100",
    "2**70:",
    "(1,)",
    "1, 2",
    "None:None",
];
const BINARY: &[&str] = &["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"];
const COMPARISONS: &[&str] = &["==", "!=", "<", "<=", ">", ">=", "in", "not in"];

struct Generator {
    rng: Rng,
}

impl Generator {
    fn pick(&mut self, items: &[&str]) -> String {
        items[self.rng.usize(..items.len())].to_owned()
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    fn value(&mut self, depth: u32) -> String {
        if depth < 2 && self.chance(8) {
            let (a, b) = (self.value(depth + 1), self.value(depth + 1));
            return match self.rng.u32(..3) {
                0 => format!("[{a}, {b}]"),
                1 => format!("({a}, {b})"),
                _ => format!("{{{a}: {b}}}"),
            };
        }
        let kind = KINDS[self.rng.usize(..KINDS.len())];
        self.pick(kind)
    }

    fn arguments(&mut self) -> String {
        let count = [0, 1, 1, 1, 1, 2, 2, 3][self.rng.usize(..8)];
        let mut args: Vec<String> = (0..count).map(|_| self.value(0)).collect();
        if self.chance(8) {
            args.push(format!("{}={}", self.pick(KEYWORDS), self.value(0)));
        }
        args.join(", ")
    }

    fn spec(&mut self) -> String {
        let mut spec = String::new();
        if self.chance(40) {
            spec += &self.pick(&["", "", "*", "0", "é", "x", " "]);
            spec += &self.pick(&["<", ">", "=", "^"]);
        }
        if self.chance(30) {
            spec += &self.pick(&["+", "-", " "]);
        }
        for (flag, percent) in [("z", 8), ("#", 20), ("0", 20)] {
            if self.chance(percent) {
                spec += flag;
            }
        }
        if self.chance(60) {
            spec += &self.pick(&["0", "1", "5", "8", "12", "20", "30"]);
        }
        if self.chance(25) {
            spec += &self.pick(&[",", "_", ",_"]);
        }
        if self.chance(35) {
            spec += ".";
            spec += &self.pick(&["0", "1", "2", "3", "5", "10", "20", ""]);
        }
        spec + &self.pick(&["", "d", "f", "g", "e", "x", "X", "o", "b", "c", "s", "%", "n", "F", "G", "E", "q", "é"])
    }

    fn directive(&mut self) -> String {
        let mut directive = String::from("%");
        for flag in ["-", "+", " ", "#", "0"] {
            if self.chance(15) {
                directive += flag;
            }
        }
        if self.chance(40) {
            directive += &self.pick(&["5", "10", "0"]);
        }
        if self.chance(30) {
            directive += ".";
            directive += &self.pick(&["0", "2", "5", ""]);
        }
        directive + &self.pick(&["s", "d", "r", "f", "g", "e", "x", "X", "o", "c", "i", "a", "u", "G", "E", "F", "%", "b"])
    }

    fn expression(&mut self) -> String {
        match self.rng.u32(..100) {
            0..18 => {
                let operator = self.pick(BINARY);
                // What grows without bounds is tried with small numbers only.
                if matches!(&*operator, "*" | "**" | "<<") {
                    let (kind, small) = (KINDS[self.rng.usize(..KINDS.len())], self.pick(SMALL));
                    let left = self.pick(kind);
                    if left.contains("inf") || left == "-2.5" || left == "-1e-300" {
                        return format!("({left}) + ({small})");
                    }
                    return format!("({left}) {operator} ({small})");
                }
                format!("({}) {operator} ({})", self.value(0), self.value(0))
            }
            18..28 => format!("({}) {} ({})", self.value(0), self.pick(COMPARISONS), self.value(0)),
            28..32 => format!("{}({})", self.pick(&["-", "+", "~", "not "]), self.value(0)),
            32..58 => {
                let (values, methods) = METHODS[self.rng.usize(..METHODS.len())];
                let (value, method) = (self.pick(values), self.pick(methods));
                if self.chance(10) { format!("({value}).{method}") } else { format!("({value}).{method}({})", self.arguments()) }
            }
            58..70 => format!("{}({})", self.pick(FUNCTIONS), self.arguments()),
            70..74 => format!("list({}({}))", self.pick(LAZY), self.arguments()),
            74..84 => format!("format({}, '{}')", self.value(0), self.spec()),
            84..87 => format!("'{{:{}}}'.format({})", self.spec(), self.value(0)),
            87..92 => format!("'{}' % ({})", self.directive(), self.value(0)),
            92..94 => format!("b'{}' % ({})", self.directive(), self.value(0)),
            _ => format!("({})[{}]", self.value(0), self.pick(SUBSCRIPTS)),
        }
    }
}

/// What no two runs of CPython agree on: the order of texts in a set.
fn is_settled(expression: &str) -> bool {
    let makes_set =
        ["set(", "union(", "symmetric", "} | ", "} ^ ", ".keys()", ".items()"].iter().any(|word| expression.contains(word));
    !(makes_set && (expression.contains('\'') || expression.contains("object") || expression.contains("None")))
        && !expression.contains("2**63) %")
        && !expression.contains("to_bytes(2**31")
        && !expression.contains("update(")
}

/// `count` expressions; the same seed gives the same.
pub(crate) fn expressions(seed: u64, count: usize) -> Vec<String> {
    let mut generator = Generator { rng: Rng::with_seed(seed) };
    let mut all = Vec::new();
    while all.len() < count {
        let expression = generator.expression();
        if is_settled(&expression) && !is_huge(&expression) {
            all.push(expression);
        }
    }
    all
}

/// What CPython would make in full: gigabytes of zeros or spaces, or an endless loop.
fn is_huge(expression: &str) -> bool {
    let sizes = ["2**31", "2**63", "10**20", "12345678901234567890", "2**64", "10**25"];
    let makers = [
        "bytes(",
        "bytearray(",
        "center(",
        "ljust(",
        "rjust(",
        "zfill(",
        "expandtabs(",
        "list(",
        "sorted(",
        "sum(",
        "tuple(",
        "all(",
        "any(",
        "max(",
        "min(",
        "fromkeys",
        " in (",
        "extend(",
        "round(",
        "pow(",
        "to_bytes(",
        "set(",
        "union(",
        "update(",
        "map(",
        "zip(",
        "join(",
        "isdisjoint",
        "difference",
        "intersection",
        "issu",
        "dict(",
        "count(",
        "index(",
        "indices",
    ];
    sizes.iter().any(|size| expression.contains(size)) && makers.iter().any(|maker| expression.contains(maker))
}

/// Each expression as a statement that prints one line: its value, or the exception and its message.
pub(crate) fn script(expressions: &[String]) -> String {
    let mut script = String::new();
    for expression in expressions {
        write!(
            script,
            "try:\n    print(ascii([{expression}]))\nexcept BaseException as e:\n    print(type(e).__name__, ascii(str(e)))\n"
        )
        .unwrap();
    }
    script
}
