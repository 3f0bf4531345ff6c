//! Where commands read from: a file, or standard input for `-`.

use std::io::{self, Read};
use std::path::Path;

use super::output::Stop;
use crate::buffer::Buffer;
use crate::files;

/// The most that is read from standard input: it must be kept in memory.
const MAX_STDIN: u64 = 4 << 30;

/// Whether this path stands for standard input or output.
pub(super) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The bytes of a file (read when they are needed), or all of standard input.
pub(super) fn open(path: &Path) -> Result<Buffer, Stop> {
    match is_dash(path) {
        true => stdin().map_err(|error| Stop::about(format!("standard input cannot be read: {error}"), path)),
        false => files::open(path).map(|opened| opened.buffer).map_err(|error| Stop::about(error, path)),
    }
}

/// The file's own name, which the detector looks at; standard input has none.
pub(super) fn name(path: &Path) -> Option<String> {
    (!is_dash(path)).then(|| path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

fn stdin() -> io::Result<Buffer> {
    let mut buffer = Buffer::new();
    let mut block = vec![0; Buffer::CHUNK_LEN];
    let mut stdin = io::stdin().lock();
    loop {
        match stdin.read(&mut block) {
            Ok(0) => return Ok(buffer),
            Ok(len) => buffer.append(&block[..len]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if buffer.len().get() > MAX_STDIN {
            return Err(io::Error::other("more than 4 GiB; write it to a file and open that"));
        }
    }
}
