//! The `python3` of this machine, where it is CPython 3.11.

use std::process::{Command, Stdio};

/// Keeps an expression that CPython would take at its word from filling the memory or running for ever.
const BOUNDS: &str = "\
try:
    import resource, signal
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    signal.alarm(120)
except Exception:
    pass
";

/// Standard output of a script, or `None` with a printed reason where there is no CPython 3.11.
pub(crate) fn run(script: &str) -> Option<String> {
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
    std::fs::write(&path, format!("{BOUNDS}{script}")).unwrap();
    let out = Command::new("python3").args(["-W", "ignore", "-X", "utf8"]).arg(&path).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap())
}
