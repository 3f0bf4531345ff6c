//! The same sessions, run by the `python3` of this machine where it is CPython 3.11.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use seektell::stream::{Text, str_repr};

use super::step::Session;

/// Reads sessions as a list of lists of statements, runs each session in a namespace of its own and prints what each statement
/// shows, one JSON string a line.
const DRIVER: &str = r#"
import io, json, re, sys, traceback
def shown(code, space):
    try:
        try:
            tree = compile(code, "<step>", "eval")
        except SyntaxError:
            exec(code, space)
            return ""
        return repr(eval(tree, space))
    except BaseException as e:
        return traceback.format_exception_only(type(e), e)[-1].rstrip("\n")
for session in sessions:
    space = {"io": io}
    for code in session:
        text = re.sub(" at 0x[0-9A-Fa-f]+", " at 0xADDR", shown(code, space))
        print(json.dumps(text))
"#;

/// What CPython shows for each statement of all sessions, or `None` with a printed reason.
pub(crate) fn run(sessions: &[Session]) -> Option<Vec<String>> {
    let mut script = String::from("sessions = [\n");
    for session in sessions {
        script.push('[');
        for (step, _) in &session.rows {
            write!(script, "{}, ", str_repr(&Text::from(step.python().as_str()))).unwrap();
        }
        script.push_str("],\n");
    }
    script.push_str("]\n");
    script.push_str(DRIVER);
    let lines = output(&script)?;
    Some(lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect())
}

/// Standard output of a script, or `None` with a printed reason where there is no CPython 3.11.
pub(crate) fn output(script: &str) -> Option<String> {
    let ask = "import platform as p; print(p.python_implementation(), p.python_version())";
    let version = Command::new("python3").args(["-c", ask]).stderr(Stdio::null()).output().ok();
    let version = version.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
    match version {
        Some(version) if version.starts_with("CPython 3.11.") => {}
        version => {
            println!("skipped: python3 here is {version:?}, and the comparison needs CPython 3.11");
            return None;
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.py");
    std::fs::write(&path, script).unwrap();
    let out = Command::new("python3").args(["-I", "-X", "utf8"]).arg(&path).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap())
}
