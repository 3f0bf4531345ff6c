//! Tables as SQL: one `INSERT` a row, in what all databases understand.
//!
//! Names stand in double quotes and texts in single ones, each doubled inside, as the SQL standard says. All values are
//! texts, so that nothing is retyped; the database makes numbers of them where a column wants numbers.

use std::io::Write;

use super::prose::Prose;
use super::{Table, counted, losses};
use crate::formats::{FormatError, Loss, Options, json};
use crate::tasks::Progress;

/// Writes `table` as statements. Missing cells are `NULL`, and with the option empty ones too; blank rows are left out.
pub(super) fn write(
    table: &Table,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let mut prose = Prose::new(&options.text, out)?;
    let names = columns(table);
    let name = quoted(options.table.table_name.as_deref().unwrap_or("data"), '"');
    let list: Vec<_> = names.iter().map(|name| quoted(name, '"')).collect();
    if options.table.create_table && !names.is_empty() {
        prose.push(&format!("CREATE TABLE {name} (\n  {} TEXT\n);\n", list.join(" TEXT,\n  ")));
    }
    let start = format!("INSERT INTO {name} ({}) VALUES (", list.join(", "));
    progress.set_done(0);
    progress.set_total(table.row_count());
    let (mut malformed, mut done, mut backslashes, mut zeros) = (0, 0_u64, 0_u64, 0_u64);
    table.source.visit(0, false, &mut |row| {
        done += 1;
        if done.is_multiple_of(1000) {
            progress.set_done(done);
            progress.check()?;
        }
        if row.cells.len() == 0 {
            return Ok(true);
        }
        prose.push(&start);
        for index in 0..names.len() {
            if index > 0 {
                prose.push(", ");
            }
            if index >= row.cells.len() || (options.table.empty_is_null && row.cells.raw(index).is_empty()) {
                prose.push("NULL");
                continue;
            }
            malformed += row.cells.malformed(index);
            let text = row.cells.text(index);
            backslashes += u64::from(text.contains('\\'));
            zeros += u64::from(text.contains('\0'));
            prose.push(&quoted(&text.replace('\0', "\u{FFFD}"), '\''));
        }
        prose.push(");\n");
        prose.drain()?;
        Ok(true)
    })?;
    progress.set_done(done);
    let mut found: Vec<Loss> = losses::malformed(malformed).into_iter().collect();
    let mut say = |count: u64, one: &str, many: &str, what: &str| {
        if count > 0 {
            found.push(Loss::new(format!("{} {what}", counted(count, one, many))));
        }
    };
    say(table.blank_rows(), "blank row is", "blank rows are", "left out");
    say(
        table.shape.ragged - table.shape.long,
        "row has",
        "rows have",
        "fewer cells than the header; the missing ones become NULL",
    );
    say(zeros, "cell holds", "cells hold", "a zero character, which no SQL text can; it becomes U+FFFD");
    say(backslashes, "cell holds", "cells hold", "backslashes, which MySQL reads as escapes unless NO_BACKSLASH_ESCAPES is set");
    found.extend(prose.finish()?);
    Ok(found)
}

/// A name for each column, each only once.
fn columns(table: &Table) -> Vec<String> {
    let header = table.header().unwrap_or_default();
    let named = |index: usize| header.get(index).filter(|name| !name.is_empty());
    let names: Vec<_> =
        (0..table.width()).map(|index| named(index).cloned().unwrap_or_else(|| format!("column_{}", index + 1))).collect();
    json::unique_names(&names)
}

fn quoted(text: &str, quote: char) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(quote);
    for character in text.chars().filter(|&character| quote == '\'' || character != '\0') {
        quoted.push(character);
        if character == quote {
            quoted.push(quote);
        }
    }
    quoted.push(quote);
    quoted
}
