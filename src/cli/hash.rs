//! `seektell hash`: digests and checksums, in the lines that sum files have.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::input;
use super::numbers::{self, Part};
use super::output::{self, Stop, escape, message};
use crate::buffer::{ByteRange, Offset};
use crate::explore::hash::{self, Algorithm, Digest, PRESETS};
use crate::tasks::Progress;

const EXAMPLES: &str = "\
The lines are those of coreutils: a list made with --algorithm sha256 is checked by sha256sum -c. With several functions, or with \
--tag, each line names its function, which sha256sum -c and the like take too. All functions are calculated in one pass.

Functions: crc32, adler32, md5, sha1, sha224, sha256, sha384, sha512, sha3-256, sha3-512, blake3, every CRC of the catalogue \
(crc-16/xmodem, crc32c, crc-64/xz, ...: --list names them), and crc: with parameters of your own.

With --json the output is one array with an object for each file: path, range (start and end), digests (an object by function).

Examples:
  seektell hash *.iso > SHA256SUMS; sha256sum -c SHA256SUMS
  seektell hash firmware.bin --algorithm crc32,md5,blake3
  seektell hash disk.img --range 0x1BE..0x1FE
  seektell hash data.bin -a 'crc:width=16 poly=0x8005 init=0xFFFF refin=true refout=true'";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The files; - reads standard input
    #[arg(required_unless_present = "list", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The hash function; several with commas or by repeating this
    #[arg(long, short = 'a', value_name = "NAME", default_value = "sha256")]
    algorithm: Vec<String>,
    /// Only a part: START..END or START+LENGTH, where END is not in it and a negative number counts from the end
    #[arg(long, value_name = "RANGE", value_parser = numbers::parse_part, allow_hyphen_values = true)]
    range: Option<Part>,
    /// Name the function in each line
    #[arg(long)]
    tag: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// List the functions
    #[arg(long)]
    list: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    if arguments.list {
        return output::print(&list());
    }
    let algorithms = algorithms(&arguments.algorithm)?;
    let tag = arguments.tag || algorithms.len() > 1;
    let mut objects = Vec::new();
    let mut failed = false;
    let mut outside = None;
    for path in &arguments.files {
        match sums(path, &algorithms, arguments.range) {
            Ok((range, digests)) if arguments.json => objects.push(object(path, range, &digests)),
            Ok((_, digests)) => print(path, &digests, tag)?,
            Err(Stop::Usage(error)) => {
                objects.push(serde_json::json!({ "path": path.to_string_lossy(), "error": error }));
                outside.get_or_insert(error);
            }
            Err(Stop::Failed(error)) => {
                failed = true;
                message(&error);
                objects.push(serde_json::json!({ "path": path.to_string_lossy(), "error": error }));
            }
            Err(stop) => return Err(stop),
        }
    }
    if arguments.json {
        output::print(&output::json_text(&serde_json::Value::Array(objects)))?;
    }
    match outside {
        Some(error) => Err(Stop::Usage(error)),
        None if failed => Err(Stop::Reported),
        None => Ok(()),
    }
}

/// The functions that were asked for, each once. The parameters of a CRC may have commas of their own.
fn algorithms(names: &[String]) -> Result<Vec<Algorithm>, Stop> {
    let mut found = Vec::new();
    for name in names {
        let single = name.trim_start().to_ascii_lowercase().starts_with("crc:");
        let parts: Vec<&str> = if single { vec![name] } else { name.split(',').collect() };
        for part in parts {
            let algorithm = Algorithm::named(part).map_err(|error| Stop::Usage(escape(&error)))?;
            if !found.contains(&algorithm) {
                found.push(algorithm);
            }
        }
    }
    Ok(found)
}

fn sums(path: &Path, algorithms: &[Algorithm], range: Option<Part>) -> Result<(ByteRange, Vec<Digest>), Stop> {
    let buffer = input::open(path)?;
    let range = match range {
        Some(part) => {
            // As in a search, a part that is not there is a fault of the command line.
            let range = part.within(buffer.len().get()).map_err(|what| Stop::Usage(output::about(what, path)))?;
            ByteRange::between(Offset(range.start), Offset(range.end))
        }
        None => ByteRange::new(Offset::ZERO, buffer.len()),
    };
    let digests = hash::digests(&buffer, range, algorithms, &Progress::new()).map_err(|error| Stop::about(error, path))?;
    Ok((range, digests))
}

fn print(path: &Path, digests: &[Digest], tag: bool) -> Result<(), Stop> {
    let mut out = output::stdout();
    let (name, escaped) = written_name(path, output::to_terminal());
    let mark: &[u8] = if escaped { b"\\" } else { b"" };
    for digest in digests {
        out.write_all(mark)?;
        if tag {
            write!(out, "{} (", digest.algorithm.tag())?;
            out.write_all(&name)?;
            writeln!(out, ") = {}", digest.hex)?;
        } else {
            write!(out, "{}  ", digest.hex)?;
            out.write_all(&name)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(out.flush()?)
}

/// The name as sum files have it, and whether that needed escapes: those of line ends and backslashes, which are marked by a
/// backslash in front of the line. A terminal gets nothing else that it would obey.
fn written_name(path: &Path, terminal: bool) -> (Vec<u8>, bool) {
    if terminal {
        return (escape(&path.to_string_lossy()).into_bytes(), false);
    }
    let raw = path.as_os_str().as_encoded_bytes();
    let mut name = Vec::with_capacity(raw.len());
    for &byte in raw {
        match byte {
            b'\n' => name.extend(b"\\n"),
            b'\r' => name.extend(b"\\r"),
            b'\\' => name.extend(b"\\\\"),
            byte => name.push(byte),
        }
    }
    let escaped = name.len() > raw.len();
    (name, escaped)
}

fn object(path: &Path, range: ByteRange, digests: &[Digest]) -> serde_json::Value {
    let digests: serde_json::Map<String, serde_json::Value> =
        digests.iter().map(|digest| (digest.algorithm.id(), digest.hex.clone().into())).collect();
    serde_json::json!({
        "path": path.to_string_lossy(),
        "range": { "start": range.start.get(), "end": range.end().get() },
        "digests": digests,
    })
}

fn list() -> String {
    let common = Algorithm::COMMON.into_iter().chain(Algorithm::MORE).map(Algorithm::id);
    let crcs = PRESETS.iter().map(|preset| format!("{:<26} {}", preset.name, preset.crc));
    common.chain(crcs).map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_sum_files_have_them() {
        assert_eq!(written_name(Path::new("a b"), false), (b"a b".to_vec(), false));
        assert_eq!(written_name(Path::new("a\n\\b\r"), false), (b"a\\n\\\\b\\r".to_vec(), true));
        assert_eq!(written_name(Path::new("a\x1b[2J"), true), (b"a\\u{1b}[2J".to_vec(), false));
    }

    #[test]
    fn functions_by_name() {
        let found = |names: &[&str]| algorithms(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        let three = vec![Algorithm::Md5, Algorithm::CRC32, Algorithm::Sha1];
        assert_eq!(found(&["md5,crc32", "sha-1", "MD5"]).ok(), Some(three));
        assert_eq!(found(&["crc:width=8,poly=7"]).map(|found| found.len()).ok(), Some(1));
        assert!(matches!(found(&["md6"]), Err(Stop::Usage(_))));
    }
}
