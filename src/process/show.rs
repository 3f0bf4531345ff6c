//! A folder in the desktop's file manager, for somebody who clicked on that.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// A folder was not shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShowError {
    /// There is no program that opens folders.
    #[error("no file manager can be started ({program}: {what}); copy the path instead")]
    NotStarted {
        /// The program that finds the file manager.
        program: String,
        /// Why it was not started.
        what: String,
    },
    /// That program found no file manager.
    #[error("{program} found no file manager ({status}); copy the path instead")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: String,
    },
}

/// The program that the system has for this.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else if cfg!(windows) {
    "explorer"
} else {
    "xdg-open"
};

/// Shows a folder and waits until whoever shows it has ended, which may be when the user closes it: for a thread of its own.
///
/// # Errors
/// `NotStarted` and `Failed`.
pub fn show_folder(folder: &Path) -> Result<(), ShowError> {
    show_with(OPENER.as_ref(), folder)
}

fn show_with(program: &OsStr, folder: &Path) -> Result<(), ShowError> {
    let name = || program.to_string_lossy().into_owned();
    // A name that begins with a dash is no option, and nobody's current folder matters.
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut command = Command::new(program);
    command.arg(whole).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // What the user does to the window's terminal is not done to the file manager.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let status = command.status().map_err(|error| {
        let what = match error.kind() {
            std::io::ErrorKind::NotFound => "it is not installed".to_owned(),
            _ => error.to_string(),
        };
        ShowError::NotStarted { program: name(), what }
    })?;
    // Windows' file manager says 1 where all went well.
    if status.success() || cfg!(windows) {
        Ok(())
    } else {
        Err(ShowError::Failed { program: name(), status: status.to_string() })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_shown_is_said_with_what_to_do() {
        let show = |program: &str| show_with(program.as_ref(), Path::new("-x"));
        assert!(show("true").is_ok());
        for (program, word) in [("false", "exit status: 1"), ("no-such-opener", "not installed")] {
            let said = show(program).unwrap_err().to_string();
            assert!(said.contains(program) && said.contains(word) && said.contains("copy the path"), "{said}");
        }
    }
}
