//! `seektell`: arguments to window or command to exit code.

use std::process::ExitCode;

use seektell::cli::{self, WindowRequest};

fn main() -> ExitCode {
    cli::run(std::env::args_os(), open_window)
}

#[cfg(feature = "gui")]
fn open_window(request: WindowRequest) -> ExitCode {
    use seektell::ui::{Launch, run};
    let launch = Launch {
        paths: request.files.clone(),
        standard_input: request.standard_input,
        addresses: request.addresses.clone(),
        capture: request.capture.clone(),
    };
    match run(launch) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => request.describe(&format!("There is no window: {reason}")),
    }
}

#[cfg(not(feature = "gui"))]
fn open_window(request: WindowRequest) -> ExitCode {
    request.describe("This build has no window")
}
