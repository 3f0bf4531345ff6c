//! `seektell formats`: the registry.

use super::output::{self, Stop};
use crate::formats::FORMATS;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// An array of objects: id, name, kind, extensions, mime, reads, writes, note
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    output::print(&if arguments.json { json() } else { table() })
}

fn json() -> String {
    let rows = FORMATS.iter().map(|info| {
        serde_json::json!({
            "id": info.id,
            "name": info.name,
            "kind": format!("{:?}", info.kind).to_lowercase(),
            "extensions": info.extensions,
            "mime": info.mime,
            "reads": info.reads,
            "writes": info.writes,
            "note": info.note,
        })
    });
    output::json_text(&serde_json::Value::Array(rows.collect()))
}

fn table() -> String {
    let mut text = format!("{:<9} {:<14} {:<22} {:<6} {:<7} {}\n", "--to", "format", "extensions", "reads", "writes", "remarks");
    for info in FORMATS {
        let extensions = info.extensions.iter().map(|extension| format!(".{extension}")).collect::<Vec<_>>().join(" ");
        let tick = |yes| if yes { "yes" } else { "no" };
        let row = format!(
            "{:<9} {:<14} {:<22} {:<6} {:<7} {}",
            info.id,
            info.name,
            extensions,
            tick(info.reads),
            tick(info.writes),
            info.note
        );
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}
