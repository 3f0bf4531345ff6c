//! Every lesson, run from its start to its end: the right answer comes true, each wrong one does not, and CPython agrees.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use seektell::lesson::{self, CheckResult, Guess, Lesson, Prediction, SOURCES, Step};

#[test]
fn all_files_are_in_the_list_and_can_be_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lessons");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".lesson"))
        .collect();
    files.sort();
    let mut listed: Vec<&str> = SOURCES.iter().map(|(name, _)| *name).collect();
    listed.sort_unstable();
    assert_eq!(files, listed);
    for (file, text) in SOURCES {
        if let Err(error) = lesson::parse(file, text) {
            panic!("{error}");
        }
    }
    assert!(lesson::all().len() >= 14);
    let ids: HashSet<&str> = lesson::all().iter().map(|lesson| lesson.id.as_str()).collect();
    assert_eq!(ids.len(), SOURCES.len());
}

#[test]
fn every_right_answer_comes_true_and_no_wrong_one_does() {
    let mut wrong = Vec::new();
    for lesson in lesson::all() {
        let reports = lesson.run_headless().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(reports.len(), lesson.steps.len());
        for report in reports {
            let step = &lesson.steps[report.step];
            if report.as_predicted && report.check == CheckResult::Passed {
                continue;
            }
            wrong.push(format!(
                "{} step {}: {:?} came, {:?} was right; choices {:?}, check {:?}",
                lesson.id,
                report.step + 1,
                report.shown,
                step.right_answer(),
                report.came_true,
                report.check
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_right_guess_is_right() {
    for lesson in lesson::all() {
        for step in &lesson.steps {
            match &step.prediction {
                Prediction::Choices { choices, right } => {
                    for n in 0..choices.len() {
                        assert_eq!(step.judge(&Guess::Choice(n)), n == *right, "{}", lesson.id);
                    }
                }
                Prediction::Free { answers } => {
                    assert!(answers.iter().all(|answer| step.judge(&Guess::Text(format!(" {answer} ")))));
                    assert!(!step.judge(&Guess::Text("something else".into())));
                    assert!(!step.judge(&Guess::Choice(0)));
                }
            }
        }
    }
}

#[test]
fn a_lesson_that_is_wrong_is_found() {
    let text = |right: &str, check: &str| {
        format!("title: T\nabout: A\nstart: x = 1\nstep: Q\nchoice: 1\nright: {right}\nrun: x + 1\ncheck: {check}\nwhy: y\n")
    };
    let holds = |right: &str, check: &str| lesson::parse("a.lesson", &text(right, check)).unwrap().holds().unwrap();
    assert!(holds("2", "x == 1"));
    assert!(!holds("3", "x == 1"));
    assert!(!holds("2", "x == 2"));
    assert!(!holds("2", "nosuch"));
    assert!(holds("two => x + 1 == 2", "x == 1"));
    assert!(!holds("three => x + 1 == 3", "x == 1"));
    let broken = lesson::parse("a.lesson", &text("2", "True").replace("x = 1", "x = nosuch")).unwrap();
    let error = broken.run_headless().unwrap_err().to_string();
    assert_eq!(error, "a: the start state cannot be made: NameError: name 'nosuch' is not defined");
}

#[test]
fn an_endless_lesson_ends() {
    let text = "title: T\nabout: A\nstart: x = 1\nstep: Q\nanswer: 1\nrun:\n    while True:\n        pass\nwhy: y\n";
    let error = lesson::parse("a.lesson", text).unwrap().run_headless().unwrap_err().to_string();
    assert!(error.starts_with("a: the script took more steps than allowed"), "{error}");
}

/// Runs each top-level statement and prints what it shows, one line each.
const ORACLE: &str = r#"
import ast, io, sys, traceback
def run(source):
    names, out = {"__name__": "__main__"}, []
    for statement in ast.parse(source).body:
        try:
            if isinstance(statement, ast.Expr):
                value = eval(compile(ast.Expression(statement.value), "lesson", "eval"), names)
                if value is not None:
                    out.append(repr(value))
                value = None
            else:
                exec(compile(ast.Module([statement], []), "lesson", "exec"), names)
        except Exception as error:
            out.append(traceback.format_exception_only(type(error), error)[-1].strip())
            error.__traceback__ = None
    return out[-1] if out else ""
for source in sys.stdin.buffer.read().decode().split("\0"):
    print(run(source).encode("unicode_escape").decode())
"#;

/// The last lines that CPython shows for these sources; `None` where there is none of its 3.11.
fn oracle(sources: &[String]) -> Option<Vec<String>> {
    let version = Command::new("python3").arg("--version").output().ok()?;
    if !String::from_utf8_lossy(&version.stdout).contains(" 3.11.") {
        return None;
    }
    let python = Command::new("python3").args(["-X", "utf8", "-c", ORACLE]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut python = python.ok()?;
    let mut input = python.stdin.take().unwrap();
    input.write_all(sources.join("\0").as_bytes()).unwrap();
    drop(input);
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[test]
fn cpython_shows_the_same() {
    let steps: Vec<(&Lesson, usize, &Step)> =
        lesson::all().iter().flat_map(|lesson| lesson.steps.iter().enumerate().map(move |(n, step)| (lesson, n, step))).collect();
    let mut sources = Vec::new();
    for (lesson, n, step) in &steps {
        let until = lesson.statements_before(*n) + &step.run;
        sources.push(format!("{until}{}\n", step.check.as_deref().unwrap_or("True")));
        sources.push(until.clone());
        if let Prediction::Choices { choices, .. } = &step.prediction {
            sources.extend(choices.iter().filter_map(|choice| Some(format!("{until}{}\n", choice.test.as_ref()?))));
        }
    }
    let Some(shown) = oracle(&sources) else {
        eprintln!("skipped: there is no python3 of 3.11 here to compare with");
        return;
    };
    let mut shown = shown.iter();
    let plain = |text: &str| text.replace('"', "'");
    for (lesson, n, step) in steps {
        let place = format!("{} step {}", lesson.id, n + 1);
        assert_eq!(shown.next().unwrap(), "True", "{place}: the check");
        let last = shown.next().unwrap().replace("\\\\", "\\");
        match &step.prediction {
            Prediction::Free { answers } => {
                assert!(answers.iter().any(|answer| plain(answer) == plain(&last)), "{place}: {last}");
            }
            Prediction::Choices { choices, right } => {
                for (at, choice) in choices.iter().enumerate() {
                    let came = match &choice.test {
                        None => plain(&choice.text) == plain(&last),
                        Some(_) => shown.next().unwrap() == "True",
                    };
                    assert_eq!(came, at == *right, "{place}: {} ({last})", choice.text);
                }
            }
        }
    }
}
