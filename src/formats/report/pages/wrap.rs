//! Lines that fit: broken after spaces and hyphens, and inside of words that are wider than the line.

use std::borrow::Cow;

use super::Faces;

/// Text without control characters: a tab is four spaces, others become U+FFFD. Line ends must be gone before.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\t' => clean.push_str("    "),
            _ if character.is_control() => clean.push(char::REPLACEMENT_CHARACTER),
            _ => clean.push(character),
        }
    }
    Cow::Owned(clean)
}

/// The first line of `text` that is no wider than `width`: where it ends, and where the next one begins. At least one
/// character is taken, so that the end is always reached.
pub(super) fn line(faces: &mut Faces<'_>, text: &str, size: f32, width: f32) -> (usize, usize) {
    let mut used = 0.0;
    let mut chance = None;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        // Between a character that may end a line and the next.
        if at > 0 && (before == ' ' && character != ' ' || before == '-' && character.is_alphabetic()) {
            chance = Some(at);
        }
        used += faces.glyph(character).advance * size;
        // Rounding of sums must not break what was measured to fit; a space may stand outside.
        if used > width + 0.01 && at > 0 && character != ' ' {
            let next = chance.unwrap_or(at);
            return (text[..next].trim_end_matches(' ').len(), next);
        }
        before = character;
    }
    (text.trim_end_matches(' ').len(), text.len())
}

/// All lines of a cell or a paragraph, its own line ends kept: at least one.
pub(super) fn lines(faces: &mut Faces<'_>, text: &str, size: f32, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let clean = clean(paragraph);
        let mut rest = &*clean;
        loop {
            let (end, next) = line(faces, rest, size, width);
            lines.push(rest[..end].to_owned());
            rest = &rest[next..];
            if rest.is_empty() {
                break;
            }
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_inside_of_long_words() {
        let mut faces = Faces::new(&[]).unwrap();
        let width = faces.width("one two", 10.0);
        assert_eq!(lines(&mut faces, "one two three", 10.0, width), ["one two", "three"]);
        assert_eq!(lines(&mut faces, "a\r\n\r\nb\tc", 10.0, 100.0), ["a", "", "b    c"]);
        assert_eq!(lines(&mut faces, "", 10.0, 100.0), [""]);
        let long = "x".repeat(50);
        let broken = lines(&mut faces, &long, 10.0, width);
        assert!(broken.len() > 3);
        assert_eq!(broken.concat(), long);
        assert_eq!(lines(&mut faces, "漢字", 10.0, 0.1), ["漢", "字"]);
        assert_eq!(lines(&mut faces, "a\u{1b}b", 10.0, 100.0), ["a\u{fffd}b"]);
    }
}
