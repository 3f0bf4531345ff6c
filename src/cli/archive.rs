//! `seektell archive`: what is in a ZIP or tar, taking it out, and packing.

use std::io;
use std::path::{Path, PathBuf};

use super::input;
use super::interrupt;
use super::numbers::parse_len;
use super::output::{self, Stop, count, escape, grouped, message};
use crate::app::{Present, Told, extract as extract_members};
use crate::files::{self, Existing};
use crate::formats::MAX_DECODED;
use crate::formats::archive::{Archive, BUDGET, Kind, Member, pack, unpacked};
use crate::formats::options::parse_within;

const EXAMPLES: &str = "\
Nothing inside is followed: links, devices and names that lead out of the folder are listed, named, and left out. Nothing is
overwritten without --overwrite.

Examples:
  seektell archive list release.zip
  seektell archive extract release.zip --into release
  seektell archive pack -o report.zip report.csv summary.json
  seektell convert release.zip --member table.csv -o table.json";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the members
    List {
        /// The ZIP or tar; - reads standard input
        #[arg(value_name = "ARCHIVE")]
        archive: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
        /// The most bytes that an archive which is packed as a whole (.tar.gz) may unpack to; 512M by default
        #[arg(long, value_name = "SIZE", value_parser = parse_len)]
        limit: Option<u64>,
    },
    /// Write the members as files
    Extract {
        /// The ZIP or tar; - reads standard input
        #[arg(value_name = "ARCHIVE")]
        archive: PathBuf,
        /// Only these members, by the names that list shows; all without
        #[arg(value_name = "MEMBER")]
        members: Vec<String>,
        /// The folder to write into; made if it is not there
        #[arg(long = "into", visible_alias = "out-dir", value_name = "DIR")]
        out_dir: PathBuf,
        /// Replace files that exist
        #[arg(long)]
        overwrite: bool,
        /// The most bytes to write in all, and to unpack, such as 10G; 16G by default
        #[arg(long, value_name = "SIZE", value_parser = parse_len)]
        limit: Option<u64>,
    },
    /// Pack files into a ZIP or a tar
    Pack {
        /// The archive to write: .zip or .tar
        #[arg(short, long, value_name = "OUT")]
        output: PathBuf,
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// How hard a ZIP tries, 0 to 9
        #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| parse_within("the level", text, 0..=9), default_value = "6")]
        level: u32,
        /// Replace the archive if it exists
        #[arg(long)]
        overwrite: bool,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    match &arguments.action {
        Action::List { archive, json, limit } => list(archive, *json, *limit),
        Action::Extract { archive, members, out_dir, overwrite, limit } => {
            extract(archive, members, out_dir, &existing(*overwrite), *limit)
        }
        Action::Pack { output, files, level, overwrite } => pack_files(output, files, *level, &existing(*overwrite)),
    }
}

fn existing(overwrite: bool) -> Existing {
    if overwrite { Existing::Replace } else { Existing::Refuse }
}

/// The archive, unpacked in memory where it is packed as a whole.
fn open(path: &Path, limit: Option<u64>) -> Result<Archive, Stop> {
    let (input, progress) = (input::open(path)?, interrupt::progress());
    let opened = unpacked(&input, limit.unwrap_or(MAX_DECODED), &progress).and_then(|bytes| Archive::open(&bytes, &progress));
    opened.map_err(|error| Stop::about(error, path))
}

fn list(path: &Path, json: bool, limit: Option<u64>) -> Result<(), Stop> {
    let archive = open(path, limit)?;
    if json {
        let rows = archive.members().iter().map(|member| {
            serde_json::json!({
                "name": member.name, "what": member.what.name(), "size": member.size, "packed": member.packed,
                "modified": member.modified, "method": member.method, "encrypted": member.encrypted,
                "remarks": member.remarks(),
            })
        });
        return output::print(&output::json_text(&serde_json::Value::Array(rows.collect())));
    }
    let mut text = String::new();
    let width = archive.members().iter().map(|member| grouped(member.size).len()).max().unwrap_or(0);
    for member in archive.members() {
        let said = member.remarks().join("; ");
        let said = if said.is_empty() { said } else { format!("  [{said}]") };
        text.push_str(&format!("{:>width$}  {}{}\n", grouped(member.size), escape(&member.name), escape(&said)));
    }
    output::print(&text)?;
    for problem in &archive.problems {
        message(&output::about(format!("notice: {problem}"), path));
    }
    Ok(())
}

fn extract(path: &Path, wanted: &[String], folder: &Path, existing: &Existing, limit: Option<u64>) -> Result<(), Stop> {
    let archive = open(path, limit)?;
    let members: Vec<&Member> = match wanted {
        [] => archive.members().iter().collect(),
        names => {
            names.iter().map(|name| archive.find(name)).collect::<Result<_, _>>().map_err(|error| Stop::about(error, path))?
        }
    };
    let mut printed = Ok(());
    let present = if *existing == Existing::Replace { Present::Replace } else { Present::Refuse };
    let done =
        extract_members(&archive, &members, folder, present, limit.unwrap_or(BUDGET), &interrupt::progress(), &mut |told| {
            match told {
                Told::Written(target, written) if printed.is_ok() => {
                    printed = output::print(&format!("{} ({})\n", files::display_path(target), count(*written, "byte")));
                }
                Told::Written(..) => {}
                Told::Skipped(target) => message(&output::about("there already", target)),
                Told::LeftOut(name, why) => message(&output::about(format!("left out, {why}: {name:?}"), path)),
                Told::Failed(target, what) => message(&output::about(what, target)),
            }
        });
    let done = done.map_err(|error| Stop::about(error, folder))?;
    printed?;
    if done.cancelled {
        return Err(Stop::about("cancelled", folder));
    }
    if done.failed + done.left_out > 0 { Err(Stop::Reported) } else { Ok(()) }
}

fn pack_files(output: &Path, inputs: &[PathBuf], level: u32, existing: &Existing) -> Result<(), Stop> {
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    let kind = Kind::from_name(&name).ok_or_else(|| Stop::Usage("the output must be named .zip or .tar".into()))?;
    let mut documents = Vec::new();
    for path in inputs {
        documents.push((input::name(path).unwrap_or_else(|| "stdin".into()), input::open(path)?));
    }
    let progress = interrupt::progress();
    let mut outcome = Ok(Vec::new());
    let saved = files::save(output, existing, &progress, &mut |out| {
        let level = u8::try_from(level).unwrap_or(9);
        outcome = pack(&documents, kind, level, out, &progress);
        match &outcome {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::other("packing failed")),
        }
    });
    match (outcome, saved) {
        (Err(error), _) => Err(Stop::about(error, output)),
        (Ok(_), Err(error)) => Err(Stop::about(&error.kind, output)),
        (Ok(packed), Ok(_)) => {
            let text: String =
                packed.iter().map(|packed| format!("{} ({})\n", escape(&packed.name), count(packed.size, "byte"))).collect();
            output::print(&text)
        }
    }
}
