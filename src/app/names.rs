//! The names under which the console knows documents.

/// Words that cannot be names, and names that a document must not take away.
const TAKEN: &[&str] = &[
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield", // keywords
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
    "dir",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "slice",
    "sorted",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip", // built in
    "base64",
    "binascii",
    "contextlib",
    "csv",
    "datetime",
    "hashlib",
    "io",
    "json",
    "shutil",
    "sys",
    "tempfile",
    "typing",
    "zipfile",
    "PIL",
    "Image", // modules
    FRONT,
    "_",
];

/// The name of the document in front.
pub(super) const FRONT: &str = "buf";

/// Characters of a name made from a file's name.
const LONGEST: usize = 32;

/// A valid name made from a file's name, different from all that `is_used` knows.
///
/// ```
/// use seektell::app::name_for;
/// assert_eq!(name_for("photo.png", |_| false), "photo");
/// assert_eq!(name_for("photo.jpg", |name| name == "photo"), "photo_2");
/// assert_eq!(name_for("2024-05 report.csv", |_| false), "doc_2024_05_report");
/// assert_eq!(name_for("list.txt", |_| false), "list_");
/// assert_eq!(name_for("图", |_| false), "document");
/// ```
pub fn name_for(file: &str, is_used: impl Fn(&str) -> bool) -> String {
    let stem = match file.rfind('.') {
        Some(dot) if dot > 0 => &file[..dot],
        _ => file,
    };
    let mut name = String::new();
    for c in stem.chars() {
        let c = if c.is_ascii_alphanumeric() { c } else { '_' };
        if c != '_' || !(name.is_empty() || name.ends_with('_')) {
            name.push(c);
        }
        if name.len() == LONGEST {
            break;
        }
    }
    name.truncate(name.trim_end_matches('_').len());
    if name.is_empty() {
        name.push_str("document");
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert_str(0, "doc_");
    }
    if TAKEN.contains(&name.as_str()) {
        name.push('_');
    }
    if !is_used(&name) {
        return name;
    }
    let mut numbered = (2u64..).map(|n| format!("{name}_{n}"));
    numbered.find(|name| !is_used(name)).unwrap_or(name)
}
