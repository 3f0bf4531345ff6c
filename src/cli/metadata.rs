//! What stands beside a picture's pixels, as `seektell info` tells it.

use std::fmt::Write as _;

use serde::Serialize;

use super::output::escape;
use crate::buffer::Buffer;
use crate::formats::picture::{self, Metadata};
use crate::formats::{Format, FormatError};

/// Characters of a value on the terminal.
const SHOWN: usize = 160;
/// Entries of a group on the terminal.
const MOST: usize = 200;

/// For people, and as JSON.
#[derive(Serialize)]
pub(super) struct MetadataFacts {
    position: Option<(f64, f64)>,
    personal: Vec<&'static str>,
    groups: Vec<Group>,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct Group {
    name: &'static str,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    label: String,
    value: String,
    start: Option<u64>,
    len: Option<u64>,
}

impl MetadataFacts {
    /// Those of `buffer`. What cannot be read at all is a notice: the picture itself may still be whole.
    pub(super) fn gather(buffer: &Buffer, format: Format) -> Result<Self, FormatError> {
        let found = match picture::metadata(buffer, format) {
            Err(error @ FormatError::Read(_)) => return Err(error),
            Err(error) => Metadata { notices: vec![format!("the metadata cannot be read: {error}")], ..Metadata::default() },
            Ok(found) => found,
        };
        let entry = |entry: picture::Entry| Entry {
            label: entry.label,
            value: entry.value,
            start: entry.range.map(|range| range.start.get()),
            len: entry.range.map(|range| range.len.get()),
        };
        let group = |group: picture::Group| Group { name: group.name, entries: group.entries.into_iter().map(entry).collect() };
        Ok(Self {
            position: found.position,
            personal: found.personal,
            groups: found.groups.into_iter().map(group).collect(),
            notices: found.notices,
        })
    }

    /// Lines for people; what could tell where the picture was taken comes first.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: &str| writeln!(text, "  {name:<9} {}", escape(value)).unwrap_or_default();
        if !self.personal.is_empty() {
            line("personal", &format!("it tells {}; convert with --metadata safe leaves that out", self.personal.join(", ")));
        }
        for notice in &self.notices {
            line("notice", notice);
        }
        for group in &self.groups {
            writeln!(text, "  {}", group.name).unwrap_or_default();
            for entry in group.entries.iter().take(MOST) {
                let value = match entry.value.char_indices().nth(SHOWN) {
                    Some((end, _)) => format!("{}… ({} characters)", &entry.value[..end], entry.value.chars().count()),
                    None => entry.value.clone(),
                };
                writeln!(text, "    {}: {}", escape(&entry.label), escape(&value)).unwrap_or_default();
            }
            if group.entries.len() > MOST {
                writeln!(text, "    and {} more; --json lists all", group.entries.len() - MOST).unwrap_or_default();
            }
        }
        text
    }
}
