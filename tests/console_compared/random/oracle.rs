//! CPython's transcripts, from the `python3` of this machine where it is a 3.11.

use std::process::{Command, Stdio};

/// Runs each script of a JSON list in a namespace of its own, statement by statement as an interactive session would, and prints
/// the transcripts as a JSON list.
const DRIVER: &str = r#"
import ast, io, json, sys, traceback, warnings
warnings.simplefilter("ignore")
def transcript(source):
    raw = io.BytesIO()
    real = sys.stdout, sys.stderr, sys.displayhook
    sys.stdout = io.TextIOWrapper(raw, encoding="utf-8", newline="\n", write_through=True)
    sys.stderr = io.StringIO()
    sys.displayhook = lambda value: None if value is None else print(repr(value))
    try:
        space = {"__name__": "__main__"}
        for statement in ast.parse(source).body:
            single = isinstance(statement, ast.Expr)
            tree = ast.Interactive([statement]) if single else ast.Module([statement], [])
            try:
                exec(compile(tree, "<script>", "single" if single else "exec"), space)
            except BaseException as e:
                line = traceback.format_exception_only(type(e), e)[-1].removesuffix("\n")
                e.__traceback__ = None
                line = line.replace("\r", "\\r").replace("\n", "\\n")
                print(line.encode("utf-8", "backslashreplace").decode("utf-8"))
                e = None
        space.clear()
        sys.stdout.flush()
        return raw.getvalue().decode("utf-8")
    finally:
        sys.stdout, sys.stderr, sys.displayhook = real
scripts = json.loads(open(sys.argv[1], encoding="utf-8").read())
print(json.dumps([transcript(script) for script in scripts]))
"#;

/// What CPython prints for each script, or `None` with a printed reason.
pub(crate) fn transcripts(scripts: &[String]) -> Option<Vec<String>> {
    let ask = "import platform as p; print(p.python_implementation(), p.python_version())";
    let version = Command::new("python3").args(["-c", ask]).stderr(Stdio::null()).output().ok();
    let version = version.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
    if !version.as_ref().is_some_and(|version| version.starts_with("CPython 3.11.")) {
        println!("skipped: python3 here is {version:?}, and the comparison needs CPython 3.11");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scripts.json");
    std::fs::write(&path, serde_json::to_string(scripts).unwrap()).unwrap();
    let out = Command::new("python3").args(["-I", "-X", "utf8", "-c", DRIVER]).arg(&path).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let transcripts: Vec<String> = serde_json::from_slice(&out.stdout).unwrap();
    Some(transcripts.iter().map(|transcript| normalised(transcript)).collect())
}

/// Addresses differ from run to run.
pub(crate) fn normalised(transcript: &str) -> String {
    let mut out = String::with_capacity(transcript.len());
    let mut rest = transcript;
    while let Some(at) = rest.find(" at 0x") {
        let (before, address) = rest.split_at(at + " at 0x".len());
        let digits = address.bytes().take_while(u8::is_ascii_hexdigit).count();
        out.push_str(before);
        out.push_str(if digits > 0 { "ADDR" } else { "" });
        rest = &address[digits..];
    }
    out + rest
}
