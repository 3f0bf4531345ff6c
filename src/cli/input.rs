//! Where commands read from: a file, standard input for `-`, or an address of the web.
//!
//! An argument that begins with `http://` or `https://` is an address, and is asked for when it is read: naming it there is how a
//! person asks. A file of such a name is `./https:/…`. No other text, and nothing inside of a file, is ever taken for an address.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::output::{Stop, message};
use crate::app::document_name;
use crate::buffer::{Buffer, Len};
use crate::files;
use crate::net::{self, Address, NetError};
use crate::tasks::Progress;

/// The most that is read from standard input: it must be kept in memory.
const MAX_STDIN: Len = Len(4 << 30);

/// What servers called what came from addresses.
static NAMES: Mutex<Option<HashMap<PathBuf, String>>> = Mutex::new(None);

/// Whether this path stands for standard input or output.
pub(super) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Whether this argument is an address of the web.
pub(super) fn is_address(path: &Path) -> bool {
    path.to_str().is_some_and(net::is_address)
}

/// Whether it is no file of this machine.
pub(super) fn is_elsewhere(path: &Path) -> bool {
    is_dash(path) || is_address(path)
}

/// The bytes of a file (read when they are needed), or all of standard input or of what an address gives.
pub(super) fn open(path: &Path) -> Result<Buffer, Stop> {
    open_within(path, None)
}

/// The same with another limit for what must be held in memory.
pub(super) fn open_within(path: &Path, limit: Option<u64>) -> Result<Buffer, Stop> {
    if is_dash(path) {
        let limit = limit.map_or(MAX_STDIN, |limit| Len(limit).max(MAX_STDIN));
        let read = files::read_stream(&mut io::stdin().lock(), limit, &Progress::new());
        return read.map_err(|error| Stop::Failed(format!("standard input cannot be read: {error}")));
    }
    if let Some(text) = path.to_str().filter(|text| net::is_address(text)) {
        return fetch(text, path, limit).map_err(|error| Stop::about(error, path));
    }
    files::open(path).map(|opened| opened.buffer).map_err(|error| {
        match path.to_str().and_then(|text| text.split_once("://")).map(|(scheme, _)| scheme) {
            Some(scheme @ ("ftp" | "ftps" | "file" | "sftp" | "ws" | "wss")) => {
                Stop::about(NetError::Scheme(scheme.into()), path)
            }
            _ => Stop::about(error, path),
        }
    })
}

fn fetch(text: &str, path: &Path, limit: Option<u64>) -> Result<Buffer, NetError> {
    let usual = net::Limits::default();
    let limits = net::Limits { bytes: limit.unwrap_or(usual.bytes), ..usual };
    let fetched = net::fetch(&Address::parse(text)?, &limits, &Progress::new())?;
    for note in &fetched.notes {
        message(&super::output::about(format!("notice: {note}"), path));
    }
    let name = document_name(&fetched.name, fetched.media_type.as_deref());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    names.get_or_insert_default().insert(path.to_path_buf(), name);
    Ok(fetched.body)
}

/// The file's own name, which the detector looks at; standard input has none, and what an address gave is called what its server
/// calls it.
pub(super) fn name(path: &Path) -> Option<String> {
    if is_address(path) {
        let names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        let known = names.as_ref().and_then(|names| names.get(path).cloned());
        return known.or_else(|| Some(document_name(&Address::parse(path.to_str()?).ok()?.file_name(), None)));
    }
    (!is_dash(path)).then(|| path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}
