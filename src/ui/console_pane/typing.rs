//! What keys do to statements that are typed; no window needed.

use crate::console::session::{Completeness, Completion};

/// What an indent is deep.
const INDENT: usize = 4;

/// Text with a cursor in it, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) text: String,
    pub(super) cursor: usize,
}

impl Typed {
    #[cfg(test)]
    fn new(text_with_bar: &str) -> Self {
        let cursor = text_with_bar.find('|').unwrap();
        Self { text: text_with_bar.replacen('|', "", 1), cursor }
    }

    fn line_start(&self) -> usize {
        self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1)
    }

    fn before(&self) -> &str {
        &self.text[self.line_start()..self.cursor]
    }

    pub(super) fn insert(&mut self, text: &str) {
        self.text.insert_str(self.cursor, text);
        self.cursor += text.len();
    }

    /// Whether the cursor stands in the first line.
    pub(super) fn at_top(&self) -> bool {
        self.line_start() == 0
    }

    /// Whether the cursor stands in the last line.
    pub(super) fn at_bottom(&self) -> bool {
        !self.text[self.cursor..].contains('\n')
    }

    /// A new line, as deep as the block that it is in.
    pub(super) fn new_line(&mut self) {
        let line = self.before();
        let indent = line.len() - line.trim_start_matches(' ').len();
        let code = without_comment(line).trim();
        let last = code.split([' ', '(']).next().unwrap_or_default();
        let indent = if code.ends_with(':') {
            indent + INDENT
        } else if matches!(last, "pass" | "return" | "break" | "continue" | "raise") {
            indent.saturating_sub(INDENT)
        } else {
            indent
        };
        self.insert(&format!("\n{}", " ".repeat(indent)));
    }

    /// Whether only spaces stand before the cursor in its line: Tab indents there.
    pub(super) fn in_indent(&self) -> bool {
        self.before().chars().all(|c| c == ' ')
    }

    pub(super) fn indent(&mut self) {
        let to_next = INDENT - self.before().chars().count() % INDENT;
        self.insert(&" ".repeat(to_next));
    }

    /// Whether Backspace takes a whole step of an indent.
    pub(super) fn dedents(&self) -> bool {
        self.before().len() >= INDENT && self.in_indent()
    }

    /// Takes a step of the indent away.
    pub(super) fn dedent(&mut self) {
        let depth = self.before().len();
        let less = if depth.is_multiple_of(INDENT) { INDENT } else { depth % INDENT };
        self.text.drain(self.cursor - less..self.cursor);
        self.cursor -= less;
    }

    /// The word before the cursor.
    pub(super) fn word_start(&self) -> usize {
        let before = &self.text[..self.cursor];
        before.len() - before.chars().rev().take_while(|&c| c.is_alphanumeric() || c == '_').map(char::len_utf8).sum::<usize>()
    }

    pub(super) fn word(&self) -> &str {
        &self.text[self.word_start()..self.cursor]
    }

    /// Whether a dot was typed just now behind something that may have attributes.
    pub(super) fn behind_dot(&self) -> bool {
        let Some(owner) = self.text[..self.cursor].strip_suffix('.') else { return false };
        owner.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ')' | ']' | '"' | '\''))
            && !owner
                .rsplit(|c: char| !c.is_ascii_alphanumeric())
                .next()
                .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Puts a suggestion in the place of the word.
    pub(super) fn complete(&mut self, with: &str) {
        let start = self.word_start();
        self.text.replace_range(start..self.cursor, with);
        self.cursor = start + with.len();
    }

    /// What Enter does: whether the statements run. A block ends with an empty line, so that it can have several lines.
    pub(super) fn enter_runs(&self, completeness: impl FnOnce(&str) -> Completeness) -> bool {
        if !self.at_bottom() || self.text.trim().is_empty() {
            return false;
        }
        let last = &self.text[self.text.rfind('\n').map_or(0, |at| at + 1)..];
        let in_block = self.text.contains('\n') && last.starts_with(' ') && !last.trim().is_empty();
        match completeness(&self.text) {
            Completeness::Complete => !in_block,
            Completeness::Invalid => true,
            Completeness::Incomplete => false,
        }
    }
}

/// The line without what stands behind a `#` that is in no string of this line.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (c, quote) {
            ('#', None) => return &line[..at],
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    line
}

/// The suggestions that go on with a word; those that only differ in case come last.
pub(super) fn matching<'a>(items: &'a [Completion], word: &str) -> Vec<&'a Completion> {
    let lower = word.to_lowercase();
    let exact = items.iter().filter(|item| item.text.starts_with(word));
    let loose = items.iter().filter(|item| !item.text.starts_with(word) && item.text.to_lowercase().starts_with(&lower));
    exact.chain(loose).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_line_follows_the_block() {
        for (before, after) in [
            ("for x in buf:|", "for x in buf:\n    |"),
            ("for x in buf:  # each:|", "for x in buf:  # each:\n    |"),
            ("    print('#'):|", "    print('#'):\n        |"),
            ("for x in y:\n    pass|", "for x in y:\n    pass\n|"),
            ("if a:\n    f()|", "if a:\n    f()\n    |"),
            ("x = 1|", "x = 1\n|"),
        ] {
            let mut typed = Typed::new(before);
            typed.new_line();
            assert_eq!(typed, Typed::new(after), "{before}");
        }
    }

    #[test]
    fn tab_and_backspace_move_by_an_indent() {
        let mut typed = Typed::new("a\n  |b");
        assert!(typed.in_indent());
        typed.indent();
        assert_eq!(typed, Typed::new("a\n    |b"));
        typed.indent();
        typed.dedent();
        assert!(typed.dedents());
        typed.dedent();
        assert_eq!(typed, Typed::new("a\n|b"));
        assert!(!typed.dedents());
        let typed = Typed::new("x    |");
        assert!(!typed.in_indent() && !typed.dedents());
    }

    #[test]
    fn a_dot_behind_a_value_asks_for_its_methods() {
        for (text, asks) in
            [("buf.|", true), ("f(x).|", true), ("b'x'.|", true), ("1.|", false), ("x1.|", true), (".|", false), ("buf|", false)]
        {
            assert_eq!(Typed::new(text).behind_dot(), asks, "{text}");
        }
        let mut typed = Typed::new("x = buf.re|()");
        assert_eq!(typed.word(), "re");
        typed.complete("readline");
        assert_eq!(typed, Typed::new("x = buf.readline|()"));
    }

    #[test]
    fn enter_runs_what_is_whole() {
        let complete = |_: &str| Completeness::Complete;
        assert!(Typed::new("buf.read()|").enter_runs(complete));
        assert!(!Typed::new("|").enter_runs(complete));
        assert!(!Typed::new("a|\nb").enter_runs(complete), "the cursor is not in the last line");
        assert!(!Typed::new("for x in buf:\n    print(x)|").enter_runs(complete), "a block may go on");
        assert!(Typed::new("for x in buf:\n    print(x)\n|").enter_runs(complete));
        assert!(Typed::new("for x in buf:\n    print(x)\n    |").enter_runs(complete));
        assert!(!Typed::new("f(|").enter_runs(|_| Completeness::Incomplete));
        assert!(Typed::new("f)|").enter_runs(|_| Completeness::Invalid), "the console says what is wrong");
    }

    #[test]
    fn suggestions_follow_the_word() {
        let item = |text: &str| Completion { text: text.into(), kind: "name" };
        let items = [item("BytesIO"), item("bytes"), item("buf")];
        let texts = |word| matching(&items, word).into_iter().map(|item| item.text.as_str()).collect::<Vec<_>>();
        assert_eq!(texts("b"), ["bytes", "buf", "BytesIO"]);
        assert_eq!(texts("By"), ["BytesIO", "bytes"]);
        assert_eq!(texts("x"), [""; 0]);
    }
}
