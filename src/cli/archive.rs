//! `seektell archive`: what is in a ZIP or tar, taking it out, and packing.

use std::io;
use std::path::{Path, PathBuf};

use super::input;
use super::numbers::parse_len;
use super::output::{self, Stop, escape, grouped, message};
use crate::files::{self, Existing};
use crate::formats::archive::{self, Archive, BUDGET, Kind, Member, What, pack, safe_path};
use crate::formats::options::parse_within;
use crate::tasks::Progress;

const EXAMPLES: &str = "\
Nothing inside is followed: links, devices and names that lead out of the folder are listed, named, and left out. Nothing is
overwritten without --overwrite.

Examples:
  seektell archive list release.zip
  seektell archive extract release.zip --out-dir release
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
        #[arg(long, value_name = "DIR")]
        out_dir: PathBuf,
        /// Replace files that exist
        #[arg(long)]
        overwrite: bool,
        /// The most bytes to write in all, such as 10G; 16G by default
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
        Action::List { archive, json } => list(archive, *json),
        Action::Extract { archive, members, out_dir, overwrite, limit } => {
            extract(archive, members, out_dir, existing(*overwrite), limit.unwrap_or(BUDGET))
        }
        Action::Pack { output, files, level, overwrite } => pack_files(output, files, *level, &existing(*overwrite)),
    }
}

fn existing(overwrite: bool) -> Existing {
    if overwrite { Existing::Replace } else { Existing::Refuse }
}

fn open(path: &Path) -> Result<Archive, Stop> {
    Archive::open(&input::open(path)?, &Progress::new()).map_err(|error| Stop::about(error, path))
}

/// All that is to be said against a member.
fn remarks(member: &Member) -> Vec<String> {
    let risk = member.risk.map(|risk| format!("unsafe: {}", risk.words()));
    let encrypted = member.encrypted.then(|| "encrypted".to_owned());
    risk.into_iter().chain(encrypted).chain(member.problems.iter().cloned()).collect()
}

fn list(path: &Path, json: bool) -> Result<(), Stop> {
    let archive = open(path)?;
    if json {
        let rows = archive.members().iter().map(|member| {
            let what = match member.what {
                What::File => "file",
                What::Folder => "folder",
                What::Link => "link",
                What::Other => "other",
            };
            serde_json::json!({
                "name": member.name, "what": what, "size": member.size, "packed": member.packed,
                "encrypted": member.encrypted, "remarks": remarks(member),
            })
        });
        return output::print(&output::json_text(&serde_json::Value::Array(rows.collect())));
    }
    let mut text = String::new();
    let width = archive.members().iter().map(|member| grouped(member.size).len()).max().unwrap_or(0);
    for member in archive.members() {
        let said = remarks(member).join("; ");
        let said = if said.is_empty() { said } else { format!("  [{said}]") };
        text.push_str(&format!("{:>width$}  {}{}\n", grouped(member.size), escape(&member.name), escape(&said)));
    }
    output::print(&text)?;
    for problem in &archive.problems {
        message(&output::about(format!("notice: {problem}"), path));
    }
    Ok(())
}

fn extract(path: &Path, wanted: &[String], folder: &Path, existing: Existing, limit: u64) -> Result<(), Stop> {
    let archive = open(path)?;
    let members: Vec<&Member> = match wanted {
        [] => archive.members().iter().collect(),
        names => {
            names.iter().map(|name| archive.find(name)).collect::<Result<_, _>>().map_err(|error| Stop::about(error, path))?
        }
    };
    make_folder(folder)?;
    let mut left = limit;
    let mut failed = false;
    for member in members {
        let target = member.risk.is_none().then(|| safe_path(&member.name)).flatten();
        let Some(target) = target else {
            let why = member.risk.map_or("its name stands for no file", archive::Risk::words);
            message(&output::about(format!("left out, {why}: {:?}", member.name), path));
            failed = true;
            continue;
        };
        let target = folder.join(target);
        if member.what == What::Folder {
            make_folder(&target)?;
            continue;
        }
        match extract_one(&archive, member, &target, folder, &existing, left) {
            Ok(written) => {
                left -= written;
                output::print(&format!("{} ({} bytes)\n", files::display_path(&target), grouped(written)))?;
            }
            Err(Stop::Failed(what)) => {
                message(&what);
                failed = true;
            }
            Err(stop) => return Err(stop),
        }
    }
    if failed { Err(Stop::Reported) } else { Ok(()) }
}

fn make_folder(folder: &Path) -> Result<(), Stop> {
    files::make_folder(folder).map_err(|error| Stop::about(error, folder))
}

fn extract_one(
    archive: &Archive,
    member: &Member,
    target: &Path,
    folder: &Path,
    existing: &Existing,
    budget: u64,
) -> Result<u64, Stop> {
    if let Some(parent) = target.parent() {
        make_folder(parent)?;
        // A link that stood in the folder before must not lead out of it.
        let inside = match (parent.canonicalize(), folder.canonicalize()) {
            (Ok(parent), Ok(folder)) => parent.starts_with(folder),
            _ => false,
        };
        if !inside || target.is_symlink() {
            return Err(Stop::about("left out, a link in the folder leads elsewhere", target));
        }
    }
    let progress = Progress::new();
    let mut outcome = Ok(0);
    let saved = files::save(target, existing, &progress, &mut |out| {
        outcome = archive.write(member, budget, out, &progress);
        match &mut outcome {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::other("the member failed")),
        }
    });
    match (outcome, saved) {
        (Err(error), _) => Err(Stop::about(error, target)),
        (Ok(_), Err(error)) => Err(Stop::about(&error.kind, target)),
        (Ok(written), Ok(_)) => Ok(written),
    }
}

fn pack_files(output: &Path, inputs: &[PathBuf], level: u32, existing: &Existing) -> Result<(), Stop> {
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    let kind = Kind::from_name(&name).ok_or_else(|| Stop::Usage("the output must be named .zip or .tar".into()))?;
    let mut documents = Vec::new();
    for path in inputs {
        documents.push((input::name(path).unwrap_or_else(|| "stdin".into()), input::open(path)?));
    }
    let progress = Progress::new();
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
                packed.iter().map(|packed| format!("{} ({} bytes)\n", escape(&packed.name), grouped(packed.size))).collect();
            output::print(&text)
        }
    }
}
