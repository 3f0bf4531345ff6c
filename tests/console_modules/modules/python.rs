//! The same scripts, run by the `python3` of this machine where it is CPython 3.11.

use std::process::{Command, Stdio};

/// What `python3` prints for a script; `None` with a printed reason where there is no CPython 3.11.
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

/// Runs the statements here and there, each caught by itself, and compares what each prints.
pub(crate) fn compare(setup: &str, statements: &[String]) {
    let mut script = format!("{setup}\n");
    for (n, statement) in statements.iter().enumerate() {
        script.push_str(&format!(
            "try:\n    print({n}, {statement})\nexcept Exception as e:\n    print({n}, type(e).__name__, ascii(str(e)))\n"
        ));
    }
    let (ours, outcome) = crate::kit::run(&script, seektell::console::session::SCRIPT);
    assert_eq!(outcome, Ok(()), "{ours:.500}");
    let Some(theirs) = output(&script) else { return };
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (ours.lines().collect(), theirs.lines().collect());
    assert_eq!(theirs.len(), statements.len(), "each statement prints one line");
    let different = (0..statements.len()).filter(|&n| ours.get(n) != theirs.get(n));
    let shown: Vec<String> = different
        .clone()
        .take(10)
        .map(|n| format!("{}\n  ours:    {}\n  CPython: {}", statements[n], ours.get(n).unwrap_or(&"nothing"), theirs[n]))
        .collect();
    assert!(shown.is_empty(), "{} of {} differ\n{}", different.count(), statements.len(), shown.join("\n"));
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end
    }

    pub(crate) fn one_of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// Once in `n` times.
    pub(crate) fn chance(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// A literal of Python.
pub(crate) fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}
