//! A typed line as the arguments of a program, by the quoting that shells share, and back.

use std::ffi::OsString;

/// A line is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// A quote is open.
    #[error("a quote {0} is not closed")]
    Quote(char),
    /// A backslash stands at the end.
    #[error("a backslash stands at the end")]
    Backslash,
}

/// The words of a line: blanks part them; quotes and backslashes keep them together. Nothing else has a meaning: `*`, `$`, `|`
/// and `>` are characters like all others.
///
/// # Errors
/// A quote or a backslash that nothing follows.
///
/// ```
/// use seektell::process::split;
/// assert_eq!(split(r#"grep -n "a b" 'c$d' e\ f *.txt"#).unwrap(), ["grep", "-n", "a b", "c$d", "e f", "*.txt"]);
/// ```
pub fn split(line: &str) -> Result<Vec<OsString>, WordsError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take().map(OsString::from)),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next() {
                        Some('\'') => break,
                        Some(other) => word.push(other),
                        None => return Err(WordsError::Quote('\'')),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next() {
                        Some('"') => break,
                        Some('\\') => match characters.next() {
                            Some(escaped @ ('"' | '\\' | '$' | '`')) => word.push(escaped),
                            Some(other) => word.extend(['\\', other]),
                            None => return Err(WordsError::Quote('"')),
                        },
                        Some(other) => word.push(other),
                        None => return Err(WordsError::Quote('"')),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(characters.next().ok_or(WordsError::Backslash)?),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word.map(OsString::from));
    Ok(words)
}

/// A word as [`split`] reads it, with quotes only where it needs them.
///
/// ```
/// use seektell::process::quoted;
/// assert_eq!([quoted("a.txt"), quoted("a b"), quoted("it's"), quoted("")], ["a.txt", "'a b'", r"'it'\''s'", "''"]);
/// ```
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_they_were() {
        for words in [vec!["a", "", "b c", "d'e", "\"", "\\", "$x;rm -rf /", "ü\n"], vec![], vec!["'"]] {
            let line = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
            assert_eq!(split(&line).unwrap(), words, "{line}");
        }
        assert_eq!(split(r#"a"b\"c"'d'"#).unwrap(), ["ab\"cd"]);
        assert_eq!(split("'a"), Err(WordsError::Quote('\'')));
        assert_eq!(split("a\"b"), Err(WordsError::Quote('"')));
        assert_eq!(split("a\\"), Err(WordsError::Backslash));
    }
}
