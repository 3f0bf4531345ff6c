//! `seektell report`, as a person at a terminal meets it.

use std::path::Path;
use std::process::{Command, Output};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seektell")).arg("report").args(arguments).current_dir(folder).output().unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_recipe_and_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("orders.csv"), "id,amount\n1,2.50\n").unwrap();
    std::fs::write(path.join("notes.txt"), "a note {not a value}\n").unwrap();
    std::fs::write(path.join("r.json"), r#"{"values": {"d": "x"}, "sources": {"o": "orders.csv"}, "sections": [{"title": "{d} {today}"}, {"table": {"source": "o"}}]}"#).unwrap();

    let ran = run(path, &["r.json", "-o", "r.csv", "--set", "d=D", "--set", "today=T"]);
    assert!(ran.status.success(), "{}", words(&ran.stderr));
    assert_eq!(words(&ran.stdout), "r.csv (CSV table, 24 bytes) from orders.csv\n");
    assert_eq!(std::fs::read_to_string(path.join("r.csv")).unwrap(), "D T\r\nid,amount\r\n1,2.50\r\n");
    let again = run(path, &["r.json", "-o", "r.csv"]);
    assert_eq!(again.status.code(), Some(1), "nothing is overwritten");

    let ran = run(
        path,
        &[
            "--title",
            "{T}",
            "--text",
            "notes.txt",
            "--table",
            "orders.csv",
            "--blank",
            "1",
            "--paragraph",
            "end",
            "-o",
            "-",
            "--to",
            "csv",
        ],
    );
    assert_eq!(words(&ran.stdout), "{T}\r\na note {not a value}\r\nid,amount\r\n1,2.50\r\n\r\nend\r\n", "{}", words(&ran.stderr));

    let printed = run(path, &["--title", "{T}", "--table", "orders.csv", "--print-recipe"]);
    std::fs::write(path.join("made.json"), &printed.stdout).unwrap();
    let ran = run(path, &["made.json", "-o", "made.pdf", "--page", "letter", "--landscape", "--created", "2026-04-25"]);
    assert!(words(&ran.stdout).starts_with("made.pdf (PDF document, 1 page, "), "{}{}", words(&ran.stdout), words(&ran.stderr));
    assert!(words(&std::fs::read(path.join("made.pdf")).unwrap()).contains("/CreationDate (D:20260425"));
}

#[test]
fn a_recipe_from_elsewhere_reads_nothing_outside_of_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::create_dir(path.join("in")).unwrap();
    std::fs::write(path.join("secret.txt"), "secret\n").unwrap();
    std::fs::write(path.join("in/r.json"), r#"{"sources": {"s": "../secret.txt"}, "sections": [{"text": {"source": "s"}}]}"#)
        .unwrap();
    let ran = run(path, &["in/r.json", "-o", "-", "--to", "csv"]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(ran.stdout.is_empty());
    let said = words(&ran.stderr);
    assert!(
        said.contains("outside of the recipe's folder") && said.contains("--outside") && said.contains("secret.txt"),
        "{said}"
    );
    let ran = run(path, &["in/r.json", "-o", "-", "--to", "csv", "--outside"]);
    assert_eq!(words(&ran.stdout), "secret\r\n");
    assert_eq!(words(&ran.stderr), "seektell: report from ../secret.txt\n", "what was read is told");
}

#[test]
fn wrong_recipes_and_command_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("o.csv"), "id\n1\n").unwrap();
    std::fs::write(path.join("a.json"), "{\n  \"sections\": [\n    {\"titel\": 1}\n  ]\n}").unwrap();
    std::fs::write(path.join("b.json"), "{\"sources\": {\"o\": \"o.csv\"},\n  \"sections\": [\n    {\"title\": \"x\"},\n    {\"text\": \"{sum(o.nothing)}\"}\n  ]\n}").unwrap();
    for (arguments, code, part) in [
        (&["a.json", "-o", "x.pdf"][..], 1, "line 3: unknown variant `titel`"),
        (&["b.json", "-o", "x.pdf"], 1, "line 4: \"o\" has no column \"nothing\"; there are \"id\": b.json"),
        (&["a.json"], 1, "line 3"),
        (&["--title", "x"], 2, "say where to write"),
        (&["--title", "x", "-o", "x.doc"], 2, "say what to write"),
        (&["-o", "x.pdf"], 2, "name a recipe, or sections"),
        (&["a.json", "--title", "x", "-o", "x.pdf"], 2, "not both"),
        (&["--title", "x", "--to", "png", "-o", "x"], 2, "pdf, html, xlsx or csv"),
        (&["--title", "x", "--created", "soon", "-o", "x.pdf"], 2, "is no date"),
        (&["--table", "missing.csv", "-o", "x.pdf"], 1, "missing.csv"),
    ] {
        let ran = run(path, arguments);
        let said = words(&ran.stderr);
        assert_eq!(ran.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(part), "{arguments:?}: {said}");
        assert!(!path.join("x.pdf").exists(), "no debris");
    }
}
