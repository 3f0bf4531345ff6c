//! Reading the text of a lesson.
//!
//! ```text
//! # A comment
//! title: The cursor moves
//! about: Reading takes the cursor along.
//! watch: buf
//! start:
//!     import io
//!     buf = io.BytesIO(b"abc")
//!
//! step: What does `buf.tell()` say after `buf.read(2)`?
//! say: The cursor stands at 0.
//! choice: 0
//! right: 2
//! choice: The cursor is gone => buf.closed
//! run:
//!     buf.read(2)
//!     buf.tell()
//! check: buf.tell() == 2
//! why:
//!     Two bytes were read, and the cursor stands behind them.
//! ```
//!
//! * A line is `key: value`. The value goes on in the lines below that are indented by four spaces; they are joined as lines, so
//!   that statements and paragraphs can be written there. Lines that begin with `#` are comments, empty ones are skipped.
//! * `title`, `about` and `start` come once, before the first step; `watch` may.
//! * Each `step` begins a question. It has either two to four answers, `choice` and exactly one `right`, or one or more `answer`
//!   that may be typed; then `run`, and `why`. `say`, `by hand` and `check` may come.
//! * The text of an answer is what the console prints last when the statements run. Where it is a sentence, an expression follows
//!   behind ` => ` that is true exactly where the sentence is.

use super::{Choice, Lesson, Prediction, Step};

/// What is wrong with a lesson, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct LessonError {
    /// The file's name, as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub what: String,
}

/// The longest text that is read.
pub const MAX_LEN: usize = 256 << 10;

/// One `key: value`.
#[derive(Debug)]
struct Item<'a> {
    key: &'a str,
    value: String,
    line: usize,
    indented: bool,
}

/// Reads a lesson; `file` is its file's name, which names it in errors and gives its [`Lesson::id`].
///
/// # Errors
/// [`LessonError`] for the first line that is wrong.
///
/// ```
/// let error = seektell::lesson::parse("mine.lesson", "title: A\nabuot: B\n").unwrap_err();
/// assert!(error.to_string().starts_with("mine.lesson:2: there is no key `abuot`"));
/// ```
pub fn parse(file: &str, text: &str) -> Result<Lesson, LessonError> {
    let fail = |line: usize, what: String| LessonError { file: file.to_owned(), line, what };
    if text.len() > MAX_LEN {
        return Err(fail(1, format!("the lesson has {} bytes; {MAX_LEN} are the most", text.len())));
    }
    let items = items(text).map_err(|(line, what)| fail(line, what))?;
    let last_line = text.lines().count().max(1);
    let first_step = items.iter().position(|item| item.key == "step").unwrap_or(items.len());
    let (head, steps) = items.split_at(first_step);
    let mut lesson = Lesson {
        id: id_of(file),
        title: String::new(),
        about: String::new(),
        watch: None,
        start: String::new(),
        steps: Vec::new(),
    };
    let mut seen: Vec<&str> = Vec::new();
    for item in head {
        if seen.contains(&item.key) {
            return Err(fail(item.line, format!("`{}` comes twice", item.key)));
        }
        seen.push(item.key);
        match item.key {
            "title" => lesson.title = one_line(item).map_err(|what| fail(item.line, what))?,
            "about" => lesson.about = one_line(item).map_err(|what| fail(item.line, what))?,
            "watch" => lesson.watch = Some(name(item).map_err(|what| fail(item.line, what))?),
            "start" => lesson.start = statements(item).map_err(|what| fail(item.line, what))?,
            "say" | "choice" | "right" | "answer" | "run" | "by hand" | "check" | "why" => {
                return Err(fail(item.line, format!("`{}` belongs to a step; a line `step: …` must come before it", item.key)));
            }
            other => return Err(fail(item.line, unknown(other, &["title", "about", "watch", "start", "step"]))),
        }
    }
    for key in ["title", "about", "start"] {
        if !seen.contains(&key) {
            let line = steps.first().map_or(last_line, |item| item.line);
            return Err(fail(line, format!("`{key}` is missing; it must come before the first step")));
        }
    }
    if steps.is_empty() {
        return Err(fail(last_line, "there is no step; a lesson asks at least one question".into()));
    }
    for items in steps.chunk_by(|_, next| next.key != "step") {
        lesson.steps.push(step(items).map_err(|(line, what)| fail(line, what))?);
    }
    Ok(lesson)
}

/// The file's name without folders and ending.
fn id_of(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".lesson").unwrap_or(name).to_owned()
}

type Wrong = (usize, String);

fn items(text: &str) -> Result<Vec<Item<'_>>, Wrong> {
    let mut items: Vec<Item<'_>> = Vec::new();
    let mut empty_lines = 0;
    for (n, line) in text.lines().enumerate() {
        let line_number = n + 1;
        let line = line.trim_end();
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        if let Some(more) = line.strip_prefix("    ") {
            let Some(item) = items.last_mut() else {
                return Err((line_number, "this line is indented, but no `key:` stands above it".into()));
            };
            if item.indented {
                item.value.push_str(&"\n".repeat(1 + empty_lines));
            } else if !item.value.is_empty() {
                item.value.push('\n');
            }
            item.indented = true;
            item.value.push_str(more);
            empty_lines = 0;
            continue;
        }
        empty_lines = 0;
        if line.starts_with('#') {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            return Err((line_number, "lines that belong to the one above are indented by four spaces".into()));
        }
        let Some((key, value)) = line.split_once(':') else {
            return Err((line_number, format!("`{line}` is no `key: value`")));
        };
        items.push(Item { key: key.trim(), value: value.trim().to_owned(), line: line_number, indented: false });
    }
    Ok(items)
}

fn unknown(key: &str, known: &[&str]) -> String {
    format!("there is no key `{key}` here; there are {}", known.join(", "))
}

fn some_text(item: &Item<'_>) -> Result<String, String> {
    if item.value.trim().is_empty() { Err(format!("`{}` has no value", item.key)) } else { Ok(item.value.clone()) }
}

fn one_line(item: &Item<'_>) -> Result<String, String> {
    let text = some_text(item)?;
    if text.contains('\n') { Err(format!("`{}` takes one line", item.key)) } else { Ok(text) }
}

fn name(item: &Item<'_>) -> Result<String, String> {
    let text = one_line(item)?;
    let is_name = !text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    if is_name { Ok(text) } else { Err(format!("`{text}` is no name of a stream")) }
}

/// Statements end with a line end, so that others can follow.
fn statements(item: &Item<'_>) -> Result<String, String> {
    some_text(item).map(|text| text + "\n")
}

fn choice(item: &Item<'_>) -> Result<Choice, String> {
    let text = one_line(item)?;
    Ok(match text.split_once(" => ") {
        Some((text, test)) => Choice { text: text.trim().to_owned(), test: Some(test.trim().to_owned()) },
        None => Choice { text, test: None },
    })
}

fn step(items: &[Item<'_>]) -> Result<Step, Wrong> {
    const KEYS: [&str; 8] = ["say", "choice", "right", "answer", "by hand", "run", "check", "why"];
    let Some(first) = items.first() else { return Err((1, "there is no step".into())) };
    let at = |item: &Item<'_>| {
        let line = item.line;
        move |what: String| (line, what)
    };
    let mut step = Step {
        question: some_text(first).map_err(at(first))?,
        say: String::new(),
        prediction: Prediction::Free { answers: Vec::new() },
        by_hand: None,
        run: String::new(),
        check: None,
        why: String::new(),
    };
    let (mut choices, mut right, mut answers) = (Vec::new(), None, Vec::new());
    let mut seen: Vec<&str> = Vec::new();
    for item in &items[1..] {
        if seen.contains(&item.key) && !matches!(item.key, "choice" | "answer") {
            return Err((item.line, format!("`{}` comes twice in this step", item.key)));
        }
        seen.push(item.key);
        match item.key {
            "say" => step.say = some_text(item).map_err(at(item))?,
            "choice" => choices.push(choice(item).map_err(at(item))?),
            "right" => {
                right = Some(choices.len());
                choices.push(choice(item).map_err(at(item))?);
            }
            "answer" => answers.push(one_line(item).map_err(at(item))?),
            "by hand" => step.by_hand = Some(some_text(item).map_err(at(item))?),
            "run" => step.run = statements(item).map_err(at(item))?,
            "check" => step.check = Some(one_line(item).map_err(at(item))?),
            "why" => step.why = some_text(item).map_err(at(item))?,
            other => return Err((item.line, unknown(other, &KEYS))),
        }
        if choices.len() > 4 {
            return Err((item.line, "there are more than four answers to choose from".into()));
        }
    }
    for key in ["run", "why"] {
        if !seen.contains(&key) {
            return Err((first.line, format!("this step has no `{key}`")));
        }
    }
    step.prediction = match (choices.len(), right, answers.is_empty()) {
        (0, _, true) => return Err((first.line, "this step has no answers: `choice` and `right`, or `answer`".into())),
        (0, _, false) => Prediction::Free { answers },
        (_, _, false) => {
            return Err((first.line, "this step has answers to choose and answers to type; one of them is enough".into()));
        }
        (1, _, _) => return Err((first.line, "this step has one answer only; there is nothing to choose".into())),
        (_, None, _) => return Err((first.line, "none of the answers is `right`".into())),
        (_, Some(right), _) => Prediction::Choices { choices, right },
    };
    Ok(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "title: T\nabout: A\nwatch: buf\nstart:\n    x = 1\n\n    y = 2\n\nstep: What?\nchoice: 1\nright: 2 => y == 2\nrun:\n    if x:\n        y\ncheck: x == 1\nwhy:\n    One.\n\n    Two.\n# end\nstep: And?\nanswer: 3\nby hand: Click\nrun: y + 1\nwhy: So.\n";

    fn error(text: &str) -> String {
        parse("lessons/a.lesson", text).unwrap_err().to_string()
    }

    #[test]
    fn a_lesson_is_read() {
        let lesson = parse("lessons/a.lesson", GOOD).unwrap();
        assert_eq!((lesson.id.as_str(), lesson.start.as_str()), ("a", "x = 1\n\ny = 2\n"));
        assert_eq!(lesson.steps.len(), 2);
        let step = &lesson.steps[0];
        assert_eq!(step.run, "if x:\n    y\n");
        assert_eq!(step.why, "One.\n\nTwo.");
        assert_eq!((step.right_choice(), step.right_answer()), (Some(1), "2"));
        assert_eq!(lesson.steps[1].by_hand.as_deref(), Some("Click"));
        assert_eq!(lesson.statements_before(1), "x = 1\n\ny = 2\nif x:\n    y\n");
    }

    #[test]
    fn errors_name_the_file_and_the_line() {
        assert_eq!(error(""), "lessons/a.lesson:1: `title` is missing; it must come before the first step");
        assert_eq!(error("    x"), "lessons/a.lesson:1: this line is indented, but no `key:` stands above it");
        assert_eq!(error("title: T\nnothing"), "lessons/a.lesson:2: `nothing` is no `key: value`");
        assert_eq!(error("title: T\n  x"), "lessons/a.lesson:2: lines that belong to the one above are indented by four spaces");
        assert_eq!(error("title: T\ntitle: U"), "lessons/a.lesson:2: `title` comes twice");
        assert_eq!(
            error("title: T\nrun: x"),
            "lessons/a.lesson:2: `run` belongs to a step; a line `step: …` must come before it"
        );
        assert_eq!(error("title:\n"), "lessons/a.lesson:1: `title` has no value");
        assert_eq!(error("watch: a b"), "lessons/a.lesson:1: `a b` is no name of a stream");
        let head = "title: T\nabout: A\nstart: x = 1\n";
        assert_eq!(error(head), "lessons/a.lesson:3: there is no step; a lesson asks at least one question");
        let step = |rest: &str| error(&format!("{head}step: Q\n{rest}"));
        assert_eq!(step("run: x"), "lessons/a.lesson:4: this step has no `why`");
        assert_eq!(step("run: x\nwhy: y"), "lessons/a.lesson:4: this step has no answers: `choice` and `right`, or `answer`");
        assert_eq!(step("choice: 1\nchoice: 2\nrun: x\nwhy: y"), "lessons/a.lesson:4: none of the answers is `right`");
        assert_eq!(
            step("right: 1\nrun: x\nwhy: y"),
            "lessons/a.lesson:4: this step has one answer only; there is nothing to choose"
        );
        assert_eq!(step("right: 1\nright: 2"), "lessons/a.lesson:6: `right` comes twice in this step");
        assert!(step("wyh: 1").starts_with("lessons/a.lesson:5: there is no key `wyh` here"));
    }
}
