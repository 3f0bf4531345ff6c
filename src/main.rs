//! `seektell`: arguments to window or command to exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    seektell::cli::run(std::env::args_os(), |request| request.describe("This build has no window"))
}
