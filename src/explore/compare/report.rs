//! A comparison as a file for other programs.

use std::io::{self, Write};

use super::{Comparison, Method};
use crate::tasks::Progress;

/// What a list of differences is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportFormat {
    /// One line a run that differs, under a line of headings.
    Csv,
    /// One object with the counts and the runs.
    Json,
}

/// Writes the runs that differ, at most `limit` of them, with their ranges on both sides. Names are those of the two sides.
///
/// # Errors
/// What `out` fails with; [`io::ErrorKind::Interrupted`] where the work was cancelled.
pub fn write_report(
    comparison: &Comparison,
    names: [&str; 2],
    format: ReportFormat,
    limit: u64,
    out: &mut impl Write,
    progress: &Progress,
) -> io::Result<()> {
    progress.set_total(comparison.differences.len() as u64);
    let differing = comparison.runs().filter(|run| run.kind != super::RunKind::Equal);
    let mut listed = 0;
    match format {
        ReportFormat::Csv => writeln!(out, "kind,left_offset,left_length,right_offset,right_length")?,
        ReportFormat::Json => head(comparison, names, out)?,
    }
    for run in differing.take(usize::try_from(limit).unwrap_or(usize::MAX)) {
        if progress.is_cancelled() {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "cancelled"));
        }
        progress.advance(1);
        let (left_len, right_len) = match run.kind {
            super::RunKind::OnlyLeft => (run.len, 0),
            super::RunKind::OnlyRight => (0, run.len),
            _ => (run.len, run.len),
        };
        let (kind, left, right) = (run.kind.name(), run.left, run.right);
        match format {
            ReportFormat::Csv => writeln!(out, "{kind},{left},{left_len},{right},{right_len}")?,
            ReportFormat::Json => {
                let comma = if listed > 0 { "," } else { "" };
                write!(
                    out,
                    "{comma}\n    {{\"kind\": \"{kind}\", \"left\": {{\"offset\": {left}, \"length\": {left_len}}}, \
                     \"right\": {{\"offset\": {right}, \"length\": {right_len}}}}}"
                )?;
            }
        }
        listed += 1;
    }
    if format == ReportFormat::Json {
        let end = if listed > 0 { "\n  " } else { "" };
        writeln!(out, "{end}],\n  \"listed\": {listed}\n}}")?;
    }
    Ok(())
}

fn head(comparison: &Comparison, names: [&str; 2], out: &mut impl Write) -> io::Result<()> {
    let counts = &comparison.counts;
    let [left, right] = names.map(|name| serde_json::Value::from(name).to_string());
    let method = match comparison.method {
        Method::Position => "position",
        Method::Aligned => "aligned",
    };
    writeln!(out, "{{")?;
    writeln!(out, "  \"left\": {{\"name\": {left}, \"size\": {}}},", comparison.left_len)?;
    writeln!(out, "  \"right\": {{\"name\": {right}, \"size\": {}}},", comparison.right_len)?;
    writeln!(out, "  \"method\": \"{method}\",")?;
    writeln!(out, "  \"same\": {},", comparison.is_same())?;
    writeln!(out, "  \"places\": {},", counts.places)?;
    writeln!(out, "  \"changed\": {},", counts.changed)?;
    writeln!(out, "  \"only_left\": {},", counts.only_left)?;
    writeln!(out, "  \"only_right\": {},", counts.only_right)?;
    writeln!(out, "  \"unaligned\": {},", counts.unaligned)?;
    writeln!(out, "  \"joined\": {},", comparison.joined)?;
    write!(out, "  \"runs\": [")
}
