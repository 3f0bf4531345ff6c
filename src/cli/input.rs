//! Where commands read from: a file, or standard input for `-`.

use std::io;
use std::path::Path;

use super::output::Stop;
use crate::buffer::{Buffer, Len};
use crate::files;
use crate::tasks::Progress;

/// The most that is read from standard input: it must be kept in memory.
const MAX_STDIN: Len = Len(4 << 30);

/// Whether this path stands for standard input or output.
pub(super) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The bytes of a file (read when they are needed), or all of standard input.
pub(super) fn open(path: &Path) -> Result<Buffer, Stop> {
    if is_dash(path) {
        let read = files::read_stream(&mut io::stdin().lock(), MAX_STDIN, &Progress::new());
        return read.map_err(|error| Stop::Failed(format!("standard input cannot be read: {error}")));
    }
    files::open(path).map(|opened| opened.buffer).map_err(|error| Stop::about(error, path))
}

/// The file's own name, which the detector looks at; standard input has none.
pub(super) fn name(path: &Path) -> Option<String> {
    (!is_dash(path)).then(|| path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}
