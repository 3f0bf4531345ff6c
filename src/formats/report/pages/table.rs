//! Tables on pages: columns as wide as their content where that fits, shared fairly where it does not, and in several bands
//! of columns where even that would leave too little for each. The names of columns stand on every page.

use std::borrow::Cow;

use super::layout::{LINE, Pen};
use super::{Ink, wrap};
use crate::formats::FormatError;
use crate::formats::report::ReportTable;
use crate::formats::report::picture::is_numeric;

/// White at the left and at the right of a cell.
pub(super) const PAD: f32 = 3.5;
/// The narrowest column that is wrapped, in sizes of the face.
const NARROWEST: f32 = 5.0;
/// Of a longer cell, the first so many bytes say how wide its column should be.
const MEASURED: usize = 400;

/// Some columns of a table, next to each other.
pub(super) struct Columns {
    /// The first one's number in the table.
    pub(super) first: usize,
    /// Their widths, white included.
    pub(super) widths: Vec<f32>,
    /// Whether their cells stand at the right.
    pub(super) right: Vec<bool>,
}

/// What a pass over the rows tells about a column.
#[derive(Clone, Copy, Default)]
struct Seen {
    width: f32,
    numbers: bool,
    words: bool,
}

pub(super) fn lay_out(pen: &mut Pen<'_, '_>, table: &ReportTable) -> Result<(), FormatError> {
    let size = pen.geometry.text * 0.9;
    let count = table.width();
    let seen = measure(pen, table, size, count)?;
    let bands = bands(&seen, pen.geometry.content(), size);
    let many = bands.len() > 1;
    let aside = pen.progress.done();
    for (index, columns) in bands.iter().enumerate() {
        // Progress counts each row once.
        pen.progress.set_done(aside);
        if many {
            let last = columns.first + columns.widths.len();
            let what = if last == columns.first + 1 {
                format!("Column {last} of {count}")
            } else {
                format!("Columns {} to {last} of {count}", columns.first + 1)
            };
            pen.need(size * LINE * 4.0)?;
            let y = pen.y + size;
            pen.put(pen.geometry.margin, y, size, false, Ink::Muted, what);
            pen.y += size * LINE;
        }
        let losses = band(pen, table, columns, size)?;
        if index == 0 {
            pen.losses.extend(losses);
        }
    }
    Ok(())
}

fn band(
    pen: &mut Pen<'_, '_>,
    table: &ReportTable,
    columns: &Columns,
    size: f32,
) -> Result<Vec<crate::formats::Loss>, FormatError> {
    let header = Header::new(pen, table, columns, size);
    pen.need(header.height() + size * LINE * 2.0)?;
    header.put(pen, columns, size);
    let progress = pen.progress;
    let pass = table.visit(progress, &mut |cells| {
        let mut cell = |index: usize| if index < cells.len() { cells.text(index) } else { Cow::Borrowed("") };
        pen.row(columns, &mut cell, size, false, Some(&header))?;
        Ok(true)
    })?;
    if pass.rows == 0 {
        let y = pen.y + size * 1.2;
        pen.put(pen.geometry.margin + PAD, y, size, false, Ink::Muted, "No rows".into());
        pen.y += size * (LINE + 0.4);
    }
    for (index, total) in table.totals.iter().enumerate() {
        if index == 0 {
            let (x, y) = (pen.geometry.margin, pen.y);
            pen.fill(x, y, columns.widths.iter().sum(), 0.8, Ink::Muted);
        }
        let mut cell = |index: usize| Cow::Borrowed(total.get(index).map_or("", String::as_str));
        pen.row(columns, &mut cell, size, true, Some(&header))?;
    }
    pen.y += size;
    Ok(pass.losses(&table.name))
}

fn measure(pen: &mut Pen<'_, '_>, table: &ReportTable, size: f32, count: usize) -> Result<Vec<Seen>, FormatError> {
    let mut seen = vec![Seen::default(); count];
    let most = pen.geometry.content();
    let faces = &mut *pen.faces;
    let mut see = |index: usize, text: &str, names: bool| {
        let Some(column) = seen.get_mut(index) else { return };
        if !text.is_empty() && !names {
            let number = is_numeric(text);
            column.numbers |= number;
            column.words |= !number;
        }
        let shown = &text[..text.floor_char_boundary(MEASURED)];
        let longest = shown.lines().map(|line| faces.width(&wrap::clean(line), size)).fold(0.0, f32::max);
        column.width = column.width.max((longest + 2.0 * PAD).min(most));
    };
    table.header.iter().flatten().enumerate().for_each(|(index, name)| see(index, name, true));
    for total in &table.totals {
        total.iter().enumerate().for_each(|(index, cell)| see(index, cell, true));
    }
    let aside = pen.progress.done();
    table.visit(pen.progress, &mut |cells| {
        (0..cells.len()).for_each(|index| see(index, &cells.text(index), false));
        Ok(true)
    })?;
    pen.progress.set_done(aside);
    Ok(seen)
}

/// Divides columns into bands that fit, and the width among the columns of each.
fn bands(seen: &[Seen], content: f32, size: f32) -> Vec<Columns> {
    let least = |column: &Seen| column.width.min((NARROWEST * size + 2.0 * PAD).min(content));
    let mut bands = Vec::new();
    let mut first = 0;
    while first < seen.len() {
        // Where all fit at their narrowest, there is one band; else columns are given more room than that.
        let all = seen[first..].iter().map(least).sum::<f32>() <= content + 0.01 && first == 0;
        let wanted = |column: &Seen| if all { least(column) } else { column.width.min(content / 4.0) };
        let mut used = 0.0;
        let fit = seen[first..].iter().take_while(|column| {
            used += wanted(column);
            used <= content + 0.01
        });
        let count = fit.count().max(1);
        let band = &seen[first..first + count];
        let right = band.iter().map(|column| column.numbers && !column.words).collect();
        bands.push(Columns { first, widths: shared(band, content), right });
        first += count;
    }
    bands
}

/// Widths of columns that fit together: narrow ones as they are, the others share what is left.
fn shared(columns: &[Seen], content: f32) -> Vec<f32> {
    if columns.iter().map(|column| column.width).sum::<f32>() <= content {
        return columns.iter().map(|column| column.width).collect();
    }
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by(|&one, &other| columns[one].width.total_cmp(&columns[other].width));
    let mut widths = vec![0.0; columns.len()];
    let mut left = content;
    for (done, &index) in order.iter().enumerate() {
        let share = left / (columns.len() - done) as f32;
        widths[index] = columns[index].width.min(share);
        left -= widths[index];
    }
    widths
}

/// The names of columns, ready to be put on every page.
pub(super) struct Header {
    lines: Vec<Vec<String>>,
    count: usize,
    size: f32,
}

impl Header {
    fn new(pen: &mut Pen<'_, '_>, table: &ReportTable, columns: &Columns, size: f32) -> Self {
        let mut lines = Vec::new();
        if let Some(header) = &table.header {
            for (index, width) in columns.widths.iter().enumerate() {
                let name = header.get(columns.first + index).map_or("", String::as_str);
                let mut wrapped = wrap::lines(pen.faces, name, size, width - 2.0 * PAD);
                // A name of a page's length must leave room for rows.
                wrapped.truncate(6);
                lines.push(wrapped);
            }
        }
        let count = lines.iter().map(Vec::len).max().unwrap_or(0);
        Self { lines, count, size }
    }

    fn height(&self) -> f32 {
        if self.count == 0 { 0.0 } else { self.count as f32 * self.size * LINE + PAD }
    }

    fn put(&self, pen: &mut Pen<'_, '_>, columns: &Columns, size: f32) {
        if self.count == 0 {
            return;
        }
        let (left, top) = (pen.geometry.margin, pen.y);
        let whole = columns.widths.iter().sum();
        pen.fill(left, top, whole, self.height(), Ink::Shade);
        pen.fill(left, top + self.height(), whole, 0.8, Ink::Muted);
        for line in 0..self.count {
            let y = top + PAD * 0.5 + size + line as f32 * size * LINE;
            columns.line(pen, y, size, true, &mut |index| self.lines[index].get(line).cloned().unwrap_or_default());
        }
        pen.y += self.height() + 0.8;
    }
}

impl Columns {
    /// One line of all cells.
    fn line(&self, pen: &mut Pen<'_, '_>, y: f32, size: f32, bold: bool, text: &mut dyn FnMut(usize) -> String) {
        let mut x = pen.geometry.margin;
        for (index, width) in self.widths.iter().enumerate() {
            let text = text(index);
            if !text.is_empty() {
                let at = if self.right[index] { x + width - PAD - pen.faces.width(&text, size) } else { x + PAD };
                pen.put(at, y, size, bold, Ink::Text, text);
            }
            x += width;
        }
    }
}

impl Pen<'_, '_> {
    /// Puts a row, on as many pages as it needs. `cell` gives a cell by its number in the table; `header` stands at the
    /// beginning of each new page, and makes that a line is drawn below the row.
    pub(super) fn row<'c>(
        &mut self,
        columns: &Columns,
        cell: &mut dyn FnMut(usize) -> Cow<'c, str>,
        size: f32,
        bold: bool,
        header: Option<&Header>,
    ) -> Result<(), FormatError> {
        let mut cells: Vec<Vec<String>> = Vec::with_capacity(columns.widths.len());
        for (index, width) in columns.widths.iter().enumerate() {
            cells.push(wrap::lines(self.faces, &cell(columns.first + index), size, width - 2.0 * PAD));
        }
        let count = cells.iter().map(Vec::len).max().unwrap_or(1);
        let step = size * LINE;
        let mut done = 0;
        // A row that fits on a page is not divided.
        let above = header.map_or(0.0, |header| header.height() + 0.8);
        let page = self.geometry.bottom() - self.geometry.margin - above;
        while done < count {
            let rest = (count - done) as f32 * step + PAD;
            let wanted = if rest <= page { rest } else { step + PAD };
            if self.need(wanted)?
                && let Some(header) = header
            {
                header.put(self, columns, size);
            }
            let fit = (((self.room() - PAD) / step + 0.01) as usize).clamp(1, count - done);
            for line in done..done + fit {
                let y = self.y + PAD * 0.5 + size + (line - done) as f32 * step;
                columns
                    .line(self, y, size, bold, &mut |index| cells[index].get_mut(line).map(std::mem::take).unwrap_or_default());
            }
            done += fit;
            self.y += fit as f32 * step + PAD;
        }
        if header.is_some() {
            let (x, y) = (self.geometry.margin, self.y - 0.25);
            self.fill(x, y, columns.widths.iter().sum(), 0.4, Ink::Rule);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(widths: &[f32]) -> Vec<Seen> {
        widths.iter().map(|&width| Seen { width, numbers: false, words: true }).collect()
    }

    #[test]
    fn widths_are_shared_fairly() {
        assert_eq!(shared(&seen(&[50.0, 60.0]), 200.0), [50.0, 60.0]);
        assert_eq!(shared(&seen(&[50.0, 400.0, 300.0]), 450.0), [50.0, 200.0, 200.0]);
        let sum: f32 = shared(&seen(&[10.0, 900.0, 100.0, 80.0]), 300.0).iter().sum();
        assert!((sum - 300.0).abs() < 0.01);
    }

    #[test]
    fn too_many_columns_stand_in_bands() {
        assert_eq!(bands(&seen(&[100.0; 4]), 450.0, 10.0).len(), 1);
        let many = bands(&seen(&[100.0; 40]), 450.0, 10.0);
        assert_eq!(many.iter().map(|band| band.widths.len()).sum::<usize>(), 40);
        assert!(many.len() > 5 && many.iter().all(|band| band.widths.iter().sum::<f32>() <= 450.01));
        assert_eq!(bands(&seen(&[5000.0]), 450.0, 10.0)[0].widths, [450.0]);
        assert!(bands(&[], 450.0, 10.0).is_empty());
    }
}
