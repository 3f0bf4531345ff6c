//! Tables as Markdown and HTML. Text stays text: nothing in a cell becomes a tag, a link, emphasis or another cell.

use std::io::Write;

use super::prose::Prose;
use super::{Cells, Table, counted, losses};
use crate::formats::text::Encoding;
use crate::formats::{Format, FormatError, Loss, Options};
use crate::tasks::Progress;

/// Writes `table` as a table of GitHub's Markdown, or of HTML: all rows have the width of the widest one, line breaks inside
/// of cells become `<br>`.
pub(super) fn write(
    table: &Table,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let html = format == Format::Html;
    let mut prose = Prose::new(&options.text, out)?;
    progress.set_done(0);
    progress.set_total(table.row_count());
    let (mut malformed, mut done) = (0, 0_u64);
    if html {
        open_html(&mut prose, table, options);
    } else {
        let mut cells = Cells::new(Encoding::Utf8);
        for name in table.header().unwrap_or_default() {
            cells.push(name);
        }
        markdown_row(&mut prose.text, &cells, table.width());
        // A table needs a row of names and at least one column.
        prose.push(&"| --- ".repeat(table.width().max(1)));
        prose.push("|\n");
    }
    table.source.visit(0, false, &mut |row| {
        malformed += (0..row.cells.len()).map(|index| row.cells.malformed(index)).sum::<u64>();
        if html {
            html_row(&mut prose.text, row.cells, table.width(), "td");
        } else {
            markdown_row(&mut prose.text, row.cells, table.width());
        }
        done += 1;
        if done.is_multiple_of(1000) {
            progress.set_done(done);
            progress.check()?;
        }
        prose.drain()?;
        Ok(true)
    })?;
    if html {
        prose.push("</tbody>\n</table>\n");
        if !options.table.fragment {
            prose.push("</body>\n</html>\n");
        }
    }
    progress.set_done(done);
    let mut found: Vec<Loss> = losses::malformed(malformed).into_iter().collect();
    if table.ragged_rows() + table.blank_rows() > 0 {
        let rows = counted(table.ragged_rows() + table.blank_rows(), "row of another width is", "rows of another width are");
        found.push(Loss::new(format!("{rows} filled with empty cells")));
    }
    found.extend(prose.finish()?);
    Ok(found)
}

fn markdown_row(text: &mut String, cells: &Cells, width: usize) {
    for index in 0..width.max(1) {
        text.push_str("| ");
        if index < cells.len() {
            escape_markdown(&cells.text(index), text);
        }
        text.push(' ');
    }
    text.push_str("|\n");
}

/// Escapes what means something inside a line of Markdown, addresses that would become links included.
fn escape_markdown(cell: &str, text: &mut String) {
    let mut before = ' ';
    let mut characters = cell.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = characters.peek().map_or(' ', |(_, character)| *character);
        match character {
            '\r' if after == '\n' => {}
            '\n' | '\r' => text.push_str("<br>"),
            '\0' => text.push('\u{FFFD}'),
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => text.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '@' | '$' => text.extend(['\\', character]),
            ':' if cell[at..].starts_with("://") => text.push_str("\\:"),
            '.' if cell[..at].to_ascii_lowercase().ends_with("www") => text.push_str("\\."),
            _ => text.push(character),
        }
        before = character;
    }
}

fn open_html(prose: &mut Prose<'_>, table: &Table, options: &Options) {
    let title = options.table.table_name.as_deref();
    if !options.table.fragment {
        prose.push("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"");
        escape_html(&options.text.encoding.canonical().to_string().to_lowercase(), &mut prose.text);
        prose.push("\">\n<title>");
        escape_html(title.unwrap_or("Table"), &mut prose.text);
        prose.push(
            "</title>\n<style>\nbody { font-family: sans-serif; }\ntable { border-collapse: collapse; }\n\
             caption { font-weight: bold; text-align: left; }\n\
             th, td { border: 1px solid #999; padding: 0.2em 0.5em; text-align: left; vertical-align: top; white-space: pre-wrap; }\n\
             </style>\n</head>\n<body>\n",
        );
    }
    prose.push("<table>\n");
    if let Some(title) = title {
        prose.push("<caption>");
        escape_html(title, &mut prose.text);
        prose.push("</caption>\n");
    }
    if let Some(header) = table.header() {
        let mut cells = Cells::new(Encoding::Utf8);
        for name in header {
            cells.push(name);
        }
        prose.push("<thead>\n");
        html_row(&mut prose.text, &cells, table.width(), "th");
        prose.push("</thead>\n");
    }
    prose.push("<tbody>\n");
}

fn html_row(text: &mut String, cells: &Cells, width: usize, tag: &str) {
    text.push_str("<tr>");
    for index in 0..width {
        text.extend(["<", tag, ">"]);
        if index < cells.len() {
            escape_html(&cells.text(index), text);
        }
        text.extend(["</", tag, ">"]);
    }
    text.push_str("</tr>\n");
}

/// Escapes what could become a tag, an attribute or an entity; control characters, which HTML does not have, become U+FFFD.
pub(in crate::formats) fn escape_html(cell: &str, text: &mut String) {
    let mut characters = cell.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&#39;"),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' => text.push_str("<br>"),
            '\t' => text.push('\t'),
            _ if character.is_control() => text.push('\u{FFFD}'),
            _ => text.push(character),
        }
    }
}
