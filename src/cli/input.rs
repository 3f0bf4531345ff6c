//! Where commands read from: a file, or standard input for `-`.

use std::io;
use std::path::Path;

use super::output::{Stop, grouped};
use crate::app::parse_position;
use crate::buffer::{Buffer, ByteRange, Len, Offset};
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

/// `from..to` or `from+length`, within the file.
pub(super) fn part(text: &str, buffer: &Buffer) -> Result<ByteRange, String> {
    let size = buffer.len().get();
    let (from, to) = if let Some((from, to)) = text.split_once("..") {
        let from = if from.trim().is_empty() { 0 } else { parse_position(from, 0, size)? };
        (from, if to.trim().is_empty() { size } else { parse_position(to, from, size)? })
    } else if let Some((from, len)) = text.rsplit_once('+').filter(|(from, _)| !from.trim().is_empty()) {
        let from = parse_position(from, 0, size)?;
        let len = parse_position(len, 0, size)?;
        (from, from.checked_add(len).ok_or("the range ends past the largest position")?)
    } else {
        return Err(format!("{text} is no range such as 0x10..0x20 or 0x10+16"));
    };
    match from <= to && to <= size {
        true => Ok(ByteRange::between(Offset(from), Offset(to))),
        false if from > to => Err(format!("the range {text} ends before it begins")),
        false => Err(format!("the range {text} lies outside its {} bytes", grouped(size))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let buffer = Buffer::from(vec![0; 100]);
        for (text, start, end) in
            [("0x10..0x20", 16, 32), ("10+5", 10, 15), ("90..", 90, 100), ("..7", 0, 7), ("end-8..end", 92, 100)]
        {
            assert_eq!(part(text, &buffer), Ok(ByteRange::between(Offset(start), Offset(end))), "{text}");
        }
        for text in ["", "7", "20..10", "0..101", "99+2", "x..y", "+5"] {
            assert!(part(text, &buffer).is_err(), "{text}");
        }
    }
}
