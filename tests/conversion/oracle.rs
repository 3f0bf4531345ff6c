//! Programs of the system as a second opinion.
#![allow(clippy::unwrap_used, reason = "what goes wrong here is a failed test")]

use std::io::Write as _;
use std::process::{Command, Stdio};

/// What a program makes of `input`; `None`, with the reason printed, where it is not installed.
pub(crate) fn oracle(program: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let spawned = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = spawned else {
        println!("skipped: {program} is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A program may end before it has read all, which is no failure of ours.
    let feeder = std::thread::Builder::new().name("feeder".into()).spawn(move || stdin.write_all(&input)).unwrap();
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap().ok();
    assert!(output.status.success(), "{program} failed");
    Some(output.stdout)
}

/// What Python prints, in UTF-8.
#[allow(dead_code, reason = "not every test asks Python")]
pub(crate) fn python(script: &str, input: &[u8]) -> Option<Vec<u8>> {
    oracle("python3", &["-X", "utf8", "-c", script], input)
}
