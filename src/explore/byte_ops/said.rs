//! Operations as expressions of Python and Rust over `old`, the bytes before: for the export of a timeline.

use super::{ByteOp, Scope};

/// Bytes as a literal of Python.
fn python_bytes(bytes: &[u8]) -> String {
    let all: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
    format!("b'{all}'")
}

fn rust_bytes(bytes: &[u8]) -> String {
    let all: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02X}_u8")).collect();
    format!("[{}]", all.join(", "))
}

impl ByteOp {
    /// A Python expression that gives the new bytes of `old`, which are `len`. It may name `itertools` and `random`.
    pub fn python(&self, len: u64) -> String {
        let keyed = |key: &[u8], one: &dyn Fn(&str) -> String| match key {
            [byte] => format!("bytes({} for b in old)", one(&format!("0x{byte:02x}"))),
            key => format!("bytes({} for b, k in zip(old, itertools.cycle({})))", one("k"), python_bytes(key)),
        };
        let each = |rule: String| format!("bytes({rule} for b in old)");
        let whole = |rule: String| format!("(lambda v: ({rule}).to_bytes({len}, 'big'))(int.from_bytes(old, 'big'))");
        let all = u128::from(len) * 8;
        let rotated = |left: u128| match left {
            0 => "old".to_owned(),
            left => whole(format!("(v << {left} | v >> {}) & (1 << {all}) - 1", all - left)),
        };
        match self {
            Self::Fill(pattern) => repeated(pattern, len),
            Self::Random(seed) => format!(
                "(lambda r: b''.join(r.randbytes(min(1 << 20, {len} - i)) for i in range(0, {len}, 1 << 20)))(random.Random({seed}))"
            ),
            Self::Count { start, step } => format!("bytes(({start} + {step} * i) & 255 for i in range({len}))"),
            Self::Xor(key) => keyed(key, &|k| format!("b ^ {k}")),
            Self::And(key) => keyed(key, &|k| format!("b & {k}")),
            Self::Or(key) => keyed(key, &|k| format!("b | {k}")),
            Self::Add(key) => keyed(key, &|k| format!("b + {k} & 255")),
            Self::Sub(key) => keyed(key, &|k| format!("b - {k} & 255")),
            Self::Not => each("b ^ 0xff".into()),
            Self::ShiftLeft(bits, Scope::EachByte) => each(format!("b << {} & 255", (*bits).min(8))),
            Self::ShiftRight(bits, Scope::EachByte) => each(format!("b >> {}", (*bits).min(8))),
            Self::RotateLeft(bits, Scope::EachByte) => each(format!("(b << {0} | b >> {1}) & 255", bits % 8, 8 - bits % 8)),
            Self::RotateRight(bits, Scope::EachByte) => each(format!("(b >> {0} | b << {1}) & 255", bits % 8, 8 - bits % 8)),
            Self::ShiftLeft(bits, Scope::Whole) if u128::from(*bits) >= all => format!("bytes({len})"),
            Self::ShiftLeft(bits, Scope::Whole) => whole(format!("v << {bits} & (1 << {all}) - 1")),
            Self::ShiftRight(bits, Scope::Whole) => whole(format!("v >> {bits}")),
            Self::RotateLeft(bits, Scope::Whole) => rotated(u128::from(*bits) % all.max(1)),
            Self::RotateRight(bits, Scope::Whole) => rotated((all - u128::from(*bits) % all.max(1)) % all.max(1)),
            Self::ReverseBytes => "old[::-1]".into(),
            Self::ReverseBits => each("int(f'{b:08b}'[::-1], 2)".into()),
            Self::Swap(group) => {
                let whole = len - len % u64::from(*group);
                let rest = if whole < len { format!(" + old[{whole}:]") } else { String::new() };
                format!("b''.join(old[i:i + {group}][::-1] for i in range(0, {whole}, {group})){rest}")
            }
            Self::UpperCase => "old.upper()".into(),
            Self::LowerCase => "old.lower()".into(),
        }
    }

    /// The modules that [`ByteOp::python`] names.
    pub fn python_modules(&self) -> &'static [&'static str] {
        match self {
            Self::Random(_) => &["random"],
            Self::Xor(key) | Self::And(key) | Self::Or(key) | Self::Add(key) | Self::Sub(key) if key.len() > 1 => &["itertools"],
            _ => &[],
        }
    }

    /// A Rust expression of type `Vec<u8>` over `old: Vec<u8>`; `None` where there is no short one.
    pub fn rust(&self, len: u64) -> Option<String> {
        let keyed = |key: &[u8], rule: &str| {
            let keys = rust_bytes(key);
            Some(format!("old.iter().zip({keys}.iter().cycle()).map(|(&b, &k)| {rule}).collect::<Vec<u8>>()"))
        };
        let each = |rule: String| Some(format!("old.iter().map(|&b| {rule}).collect::<Vec<u8>>()"));
        match self {
            Self::Fill(pattern) => {
                Some(format!("{}.iter().copied().cycle().take({len}).collect::<Vec<u8>>()", rust_bytes(pattern)))
            }
            Self::Count { start, step } => Some(format!(
                "(0..{len}_u64).map(|i| {start}_u8.wrapping_add((i as u8).wrapping_mul({step}))).collect::<Vec<u8>>()"
            )),
            Self::Xor(key) => keyed(key, "b ^ k"),
            Self::And(key) => keyed(key, "b & k"),
            Self::Or(key) => keyed(key, "b | k"),
            Self::Add(key) => keyed(key, "b.wrapping_add(k)"),
            Self::Sub(key) => keyed(key, "b.wrapping_sub(k)"),
            Self::Not => each("!b".into()),
            Self::ShiftLeft(bits, Scope::EachByte) => each(format!("b.checked_shl({}).unwrap_or(0)", (*bits).min(8))),
            Self::ShiftRight(bits, Scope::EachByte) => each(format!("b.checked_shr({}).unwrap_or(0)", (*bits).min(8))),
            Self::RotateLeft(bits, Scope::EachByte) => each(format!("b.rotate_left({})", bits % 8)),
            Self::RotateRight(bits, Scope::EachByte) => each(format!("b.rotate_right({})", bits % 8)),
            Self::ReverseBytes => Some("old.iter().rev().copied().collect::<Vec<u8>>()".into()),
            Self::ReverseBits => each("b.reverse_bits()".into()),
            Self::UpperCase => Some("old.to_ascii_uppercase()".into()),
            Self::LowerCase => Some("old.to_ascii_lowercase()".into()),
            _ => None,
        }
    }
}

/// A pattern over and over, as Python says it.
pub(super) fn repeated(pattern: &[u8], len: u64) -> String {
    let period = pattern.len().max(1) as u64;
    let bytes = python_bytes(pattern);
    match (len / period, len % period) {
        (times, 0) => format!("{bytes} * {times}"),
        (times, _) => format!("({bytes} * {})[:{len}]", times + 1),
    }
}
