//! Reports as one page of HTML: everything that comes from outside is escaped, pictures are in it as data URLs, and there
//! is neither a script nor anything to load.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::picture::{self, Shown};
use super::{Paper, Picture, Report, ReportTable, Section, Written};
use crate::formats::table::{Cells, Prose, escape_html};
use crate::formats::{FormatError, Loss, Options};
use crate::tasks::Progress;

const STYLE: &str = "\
body { font-family: sans-serif; line-height: 1.4; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222; background: #fff; }
h1 { font-size: 1.6em; }
h2 { font-size: 1.2em; margin: 1.5em 0 0.4em; }
p { white-space: pre-wrap; margin: 0 0 0.6em; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: 0.4em 0 1em; }
th, td { border: 1px solid #bbb; padding: 0.2em 0.6em; text-align: left; vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere; }
th { background: #f0f0f0; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
tfoot td { font-weight: bold; border-top: 2px solid #666; }
figure { margin: 1em 0; }
img { max-width: 100%; height: auto; }
figcaption { color: #666; }
";

pub(super) fn write(
    report: &Report,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Written, FormatError> {
    let mut prose = Prose::new(&options.text, out)?;
    let mut losses = Vec::new();
    prose.push("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"");
    escape_html(&options.text.encoding.canonical().to_string().to_lowercase(), &mut prose.text);
    prose.push("\">\n");
    for (name, value) in
        [("author", &report.document.author), ("description", &report.document.subject), ("date", &report.document.created)]
    {
        if let Some(value) = value {
            prose.push(&format!("<meta name=\"{name}\" content=\""));
            escape_html(&value.replace(['\r', '\n'], " "), &mut prose.text);
            prose.push("\">\n");
        }
    }
    prose.push("<title>");
    escape_html(report.title().unwrap_or("Report"), &mut prose.text);
    prose.push("</title>\n<style>\n");
    prose.push(STYLE);
    let (paper, turned) = (report.page.size, if report.page.landscape { " landscape" } else { "" });
    let paper = Paper::ALL.iter().find(|(size, _)| *size == paper).map_or("A4", |(_, name)| name);
    prose.push(&format!("@page {{ size: {paper}{turned}; margin: {}mm; }}\n</style>\n</head>\n<body>\n", report.page.margin));
    let mut level = "h1";
    for section in &report.sections {
        progress.check()?;
        match section {
            Section::Title(title) => {
                element(&mut prose, level, title);
                level = "h2";
            }
            Section::Text(text) => {
                for line in text.lines() {
                    element(&mut prose, "p", line);
                    prose.drain()?;
                }
            }
            Section::Blank(lines) => (0..*lines).for_each(|_| prose.push("<p>&nbsp;</p>\n")),
            Section::Summary { title, rows } => {
                if let Some(title) = title {
                    element(&mut prose, "h2", title);
                }
                prose.push("<table>\n<tbody>\n");
                for (name, value) in rows {
                    prose.push("<tr><th>");
                    escape_html(name, &mut prose.text);
                    prose.push(if picture::is_numeric(value) { "</th><td class=\"n\">" } else { "</th><td>" });
                    escape_html(value, &mut prose.text);
                    prose.push("</td></tr>\n");
                }
                prose.push("</tbody>\n</table>\n");
            }
            Section::Table(table) => losses.extend(write_table(&mut prose, table, progress)?),
            Section::Picture(picture) => losses.extend(write_picture(&mut prose, picture, progress)?),
        }
        prose.drain()?;
    }
    prose.push("</body>\n</html>\n");
    losses.extend(prose.finish()?);
    Ok(Written { pages: None, losses })
}

fn element(prose: &mut Prose<'_>, tag: &str, text: &str) {
    prose.text.extend(["<", tag, ">"]);
    escape_html(text, &mut prose.text);
    prose.text.extend(["</", tag, ">\n"]);
}

fn write_table(prose: &mut Prose<'_>, table: &ReportTable, progress: &Progress) -> Result<Vec<Loss>, FormatError> {
    let width = table.width();
    if let Some(title) = &table.title {
        element(prose, "h2", title);
    }
    prose.push("<table>\n");
    let mut cells = Cells::default();
    if let Some(header) = &table.header {
        for name in header {
            cells.push(name);
        }
        prose.push("<thead>\n");
        row(&mut prose.text, &cells, width, "th");
        prose.push("</thead>\n");
    }
    prose.push("<tbody>\n");
    let pass = table.visit(progress, &mut |cells| {
        row(&mut prose.text, cells, width, "td");
        prose.drain()?;
        Ok(true)
    })?;
    prose.push("</tbody>\n");
    if !table.totals.is_empty() {
        prose.push("<tfoot>\n");
        for total in &table.totals {
            cells.clear();
            for cell in total {
                cells.push(cell);
            }
            row(&mut prose.text, &cells, width, "td");
        }
        prose.push("</tfoot>\n");
    }
    prose.push("</table>\n");
    Ok(pass.losses(&table.name))
}

fn row(text: &mut String, cells: &Cells, width: usize, tag: &str) {
    text.push_str("<tr>");
    for index in 0..width {
        let cell = if index < cells.len() { cells.text(index) } else { "".into() };
        let class = if tag == "td" && picture::is_numeric(&cell) { " class=\"n\">" } else { ">" };
        text.extend(["<", tag, class]);
        escape_html(&cell, text);
        text.extend(["</", tag, ">"]);
    }
    text.push_str("</tr>\n");
}

fn write_picture(prose: &mut Prose<'_>, picture: &Picture, progress: &Progress) -> Result<Vec<Loss>, FormatError> {
    let Shown { bytes, mime, width, height, losses } = picture::for_web(picture, progress)?;
    // Pixels are a ninety-sixth of an inch on a page, too.
    let (width, height) = picture.width.map_or((width, height), |wanted| {
        let wide = (f64::from(wanted) * 96.0 / 25.4).round().max(1.0);
        (wide as u32, (f64::from(height) * wide / f64::from(width.max(1))).round().max(1.0) as u32)
    });
    prose.push(&format!("<figure>\n<img width=\"{width}\" height=\"{height}\" alt=\""));
    escape_html(&picture.caption.as_ref().unwrap_or(&picture.name).replace(['\r', '\n'], " "), &mut prose.text);
    prose.push(&format!("\" src=\"data:{mime};base64,"));
    // Whole groups of three bytes, so that the pieces fit together.
    for piece in bytes.chunks(3 << 14) {
        STANDARD.encode_string(piece, &mut prose.text);
        prose.drain()?;
    }
    prose.push("\">\n");
    if let Some(caption) = &picture.caption {
        element(prose, "figcaption", caption);
    }
    prose.push("</figure>\n");
    Ok(losses)
}
