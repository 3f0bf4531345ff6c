//! The lessons of the program, in the order in which they are best taken.

/// The files in `assets/lessons` by their names.
macro_rules! lessons {
    ($($name:literal),* $(,)?) => {
        &[$((concat!($name, ".lesson"), include_str!(concat!("../../assets/lessons/", $name, ".lesson")))),*]
    };
}

/// The name and the text of each file.
pub const SOURCES: &[(&str, &str)] = lessons![
    "read-after-write",
    "first-write-overwrites",
    "getvalue-and-read",
    "past-the-end",
    "truncate",
    "text-and-bytes",
    "closed-streams",
    "stringio-seek",
    "newlines",
    "readlines-hint",
    "pending-text",
    "losing-the-wrapper",
    "cookies",
    "iteration-and-tell",
    "buffered-writer",
    "export-lock",
    "free-views",
];
