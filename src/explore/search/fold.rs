//! Which characters are the same where case does not count.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Case;

/// The characters that are the same as `c`, itself first.
pub(super) fn same(c: char, case: Case) -> Vec<char> {
    let mut all = vec![c];
    match case {
        Case::Exact => {}
        Case::Ascii => {
            let other = if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            all.extend((other != c).then_some(other));
        }
        Case::Unicode => {
            let class = CLASSES.get(&simple(c)).map(Vec::as_slice).unwrap_or_default();
            all.extend(class.iter().copied().filter(|&other| other != c));
        }
    }
    all
}

/// For each simple folding the characters that have it, where there are several.
static CLASSES: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut classes: HashMap<char, Vec<char>> = HashMap::new();
    for c in ('\0'..=char::MAX).filter(|c| c.is_alphabetic() || c.is_numeric() || !c.is_ascii()) {
        let folded = simple(c);
        if folded != c {
            classes.entry(folded).or_insert_with(|| vec![folded]).push(c);
        }
    }
    classes
});

/// The simple case folding, but for which member of a class stands for it: the lower case of the upper case, where each is one
/// character.
fn simple(c: char) -> char {
    match c {
        // Folds to `i` in Turkish only.
        'ı' | 'İ' => return c,
        // The same letters, encoded twice; neither has a single upper case.
        '\u{1FD3}' => return '\u{390}',
        '\u{1FE3}' => return '\u{3B0}',
        '\u{FB05}' => return '\u{FB06}',
        _ => {}
    }
    let one = |mut mapped: Box<dyn Iterator<Item = char>>, otherwise: char| match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => otherwise,
    };
    let upper = one(Box::new(c.to_uppercase()), c);
    one(Box::new(upper.to_lowercase()), upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foldings() {
        let set = |c| {
            let mut all = same(c, Case::Unicode);
            all.sort_unstable();
            all
        };
        assert_eq!(set('k'), ['K', 'k', '\u{212A}']);
        assert_eq!(set('\u{212A}'), ['K', 'k', '\u{212A}']);
        assert_eq!(set('S'), ['S', 's', 'ſ']);
        assert_eq!(set('σ'), ['Σ', 'ς', 'σ']);
        assert_eq!(set('ß'), ['ß', 'ẞ']);
        assert_eq!(set('i'), ['I', 'i']);
        assert_eq!(set('7'), ['7']);
        assert_eq!(same('k', Case::Ascii), ['k', 'K']);
        assert_eq!(same('é', Case::Ascii), ['é']);
        assert_eq!(same('k', Case::Exact), ['k']);
    }

    /// The library for regular expressions has Unicode's table itself.
    #[test]
    fn classes_are_those_of_the_table() {
        let cased = |c: &char| c.to_lowercase().ne([*c]) || c.to_uppercase().ne([*c]) || CLASSES.contains_key(&simple(*c));
        // The library's version of Unicode may be older: what it does not know it cannot fold.
        let unknown = regex::Regex::new(r"\p{Cn}").unwrap();
        let known = |c: &char| !unknown.is_match(c.encode_utf8(&mut [0; 4]));
        let all: String = ('\0'..=char::MAX).filter(cased).filter(known).collect();
        for c in all.chars() {
            let regex = regex::Regex::new(&format!("(?i)[{}]", regex::escape(&c.to_string()))).unwrap();
            let table: Vec<char> = regex.find_iter(&all).flat_map(|found| found.as_str().chars()).collect();
            let mut ours: Vec<char> = same(c, Case::Unicode).into_iter().filter(known).collect();
            ours.sort_unstable();
            assert_eq!(ours, table, "{c:?}");
        }
    }
}
