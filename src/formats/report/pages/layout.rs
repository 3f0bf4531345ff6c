//! Sections on pages, one below the other.

use super::table::{self, Columns};
use super::{Faces, Geometry, Ink, Item, LaidOut, Page, picture_size, wrap};
use crate::formats::report::picture::is_numeric;
use crate::formats::report::{Picture, Report, Section};
use crate::formats::{FormatError, Loss};
use crate::tasks::Progress;

/// The height of a line, in sizes of its face.
pub(super) const LINE: f32 = 1.35;

/// Takes pages that are finished; the faces count what they could not write.
pub(in crate::formats::report) type Sink<'s, 'f> = &'s mut dyn FnMut(&mut Faces<'f>, Page) -> Result<(), FormatError>;

/// The pen: where it is, and what it has put on the page so far.
pub(super) struct Pen<'a, 'f> {
    pub(super) faces: &'a mut Faces<'f>,
    pub(super) geometry: Geometry,
    /// Where the next thing goes.
    pub(super) y: f32,
    page: Page,
    sink: Sink<'a, 'f>,
    pub(super) losses: Vec<Loss>,
    pub(super) progress: &'a Progress,
    foot: Option<String>,
}

pub(in crate::formats::report) fn lay_out<'f>(
    report: &Report,
    faces: &mut Faces<'f>,
    progress: &Progress,
    sink: Sink<'_, 'f>,
) -> Result<LaidOut, FormatError> {
    let geometry = Geometry::new(report.page);
    let foot = report.page.numbers.then(|| report.title().unwrap_or_default().to_owned());
    let mut pen = Pen {
        faces,
        geometry,
        y: geometry.margin,
        page: Page { number: 1, items: Vec::new() },
        sink,
        losses: Vec::new(),
        progress,
        foot,
    };
    let mut headings = 0;
    for (index, section) in report.sections.iter().enumerate() {
        progress.check()?;
        match section {
            Section::Title(title) => {
                pen.heading(title, if headings == 0 { 1.8 } else { 1.3 })?;
                headings += 1;
            }
            Section::Text(text) => pen.text(text)?,
            Section::Blank(lines) => pen.blank(*lines)?,
            Section::Summary { title, rows } => {
                title.iter().try_for_each(|title| pen.heading(title, 1.3))?;
                pen.summary(rows)?;
            }
            Section::Table(shown) => {
                shown.title.iter().try_for_each(|title| pen.heading(title, 1.3))?;
                table::lay_out(&mut pen, shown)?;
            }
            Section::Picture(picture) => pen.picture(index, picture)?,
        }
    }
    let pages = pen.page.number;
    pen.finish_page()?;
    let mut losses = pen.losses;
    losses.extend(pen.faces.losses());
    Ok(LaidOut { pages, losses })
}

impl Pen<'_, '_> {
    /// Room that is left on the page.
    pub(super) fn room(&self) -> f32 {
        self.geometry.bottom() - self.y
    }

    /// Begins a new page unless `height` fits on this one, or nothing stands on it yet.
    pub(super) fn need(&mut self, height: f32) -> Result<bool, FormatError> {
        if height <= self.room() + 0.01 || self.y <= self.geometry.margin {
            return Ok(false);
        }
        self.finish_page()?;
        Ok(true)
    }

    fn finish_page(&mut self) -> Result<(), FormatError> {
        self.progress.check()?;
        if let Some(title) = self.foot.clone() {
            let size = self.geometry.foot_size();
            let (y, split) = self.geometry.foot();
            let title = wrap::clean(title.lines().next().unwrap_or_default()).into_owned();
            let room = split - self.geometry.margin - size * 5.0;
            let (end, next) = wrap::line(self.faces, &title, size, room);
            let shown = if next < title.len() { format!("{}…", &title[..end]) } else { title };
            if !shown.is_empty() {
                self.put(self.geometry.margin, y, size, false, Ink::Muted, shown);
            }
        }
        let number = self.page.number;
        let page = std::mem::replace(&mut self.page, Page { number: number + 1, items: Vec::new() });
        self.y = self.geometry.margin;
        (self.sink)(self.faces, page)
    }

    /// A line of text that begins at `x`, with its baseline at `y`.
    pub(super) fn put(&mut self, x: f32, y: f32, size: f32, bold: bool, ink: Ink, text: String) {
        self.faces.note(&text);
        let width = self.faces.width(&text, size);
        self.page.items.push(Item::Text { x, y, width, size, bold, ink, text });
    }

    pub(super) fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.page.items.push(Item::Fill { x, y, width, height, ink });
    }

    fn heading(&mut self, text: &str, scale: f32) -> Result<(), FormatError> {
        let size = self.geometry.text * scale;
        let lines = wrap::lines(self.faces, text, size, self.geometry.content());
        // A heading does not stand alone at the end of a page.
        let behind = self.geometry.text * LINE * 3.5;
        let before = if self.y > self.geometry.margin { size * 0.5 } else { 0.0 };
        let height = before + lines.len() as f32 * size * LINE;
        if height + behind < self.geometry.bottom() - self.geometry.margin && !self.need(height + behind)? {
            self.y += before;
        }
        for line in lines {
            self.need(size * LINE)?;
            let y = self.y + size;
            self.put(self.geometry.margin, y, size, true, Ink::Text, line);
            self.y += size * LINE;
        }
        self.y += size * 0.2;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), FormatError> {
        let size = self.geometry.text;
        let height = size * LINE;
        for (count, paragraph) in text.lines().enumerate() {
            if count.is_multiple_of(256) {
                self.progress.check()?;
            }
            let clean = wrap::clean(paragraph);
            let mut rest = &*clean;
            loop {
                let (end, next) = wrap::line(self.faces, rest, size, self.geometry.content());
                self.need(height)?;
                if end > 0 {
                    let y = self.y + size;
                    self.put(self.geometry.margin, y, size, false, Ink::Text, rest[..end].to_owned());
                }
                self.y += height;
                rest = &rest[next..];
                if rest.is_empty() {
                    break;
                }
            }
        }
        self.y += size * 0.4;
        Ok(())
    }

    fn blank(&mut self, lines: u32) -> Result<(), FormatError> {
        let height = self.geometry.text * LINE;
        for _ in 0..lines {
            // No page begins with lines that were to keep things apart.
            if self.y > self.geometry.margin && !self.need(height)? {
                self.y += height;
            }
        }
        Ok(())
    }

    fn summary(&mut self, rows: &[(String, String)]) -> Result<(), FormatError> {
        let size = self.geometry.text;
        let pad = table::PAD * 2.0;
        let content = self.geometry.content();
        let mut widths = [0.0_f32; 2];
        for (name, value) in rows {
            for (width, cell) in widths.iter_mut().zip([name, value]) {
                let longest = cell.lines().map(|line| self.faces.width(&wrap::clean(line), size)).fold(0.0, f32::max);
                *width = width.max(longest + pad);
            }
        }
        widths[0] = widths[0].min(content * 0.6);
        widths[1] = widths[1].min(content - widths[0]);
        let right = vec![false, rows.iter().all(|(_, value)| is_numeric(value))];
        let columns = Columns { first: 0, widths: widths.to_vec(), right };
        for (name, value) in rows {
            self.row(
                &columns,
                &mut |index| if index == 0 { name.as_str().into() } else { value.as_str().into() },
                size,
                false,
                None,
            )?;
        }
        self.y += size * 0.5;
        Ok(())
    }

    fn picture(&mut self, index: usize, picture: &Picture) -> Result<(), FormatError> {
        let size = self.geometry.text * 0.9;
        let content = self.geometry.content();
        let caption = picture.caption.as_deref().filter(|caption| !caption.is_empty());
        let lines = caption.map(|caption| wrap::lines(self.faces, caption, size, content)).unwrap_or_default();
        let below = lines.len() as f32 * size * LINE + size;
        let page = self.geometry.bottom() - self.geometry.margin;
        // A caption of a page's length stands below what room it leaves.
        let (width, height) = picture_size(picture, (content, (page - below).max(page * 0.25)))?;
        if self.y > self.geometry.margin {
            self.y += size * 0.4;
        }
        self.need(height + below)?;
        self.page.items.push(Item::Picture { x: self.geometry.margin, y: self.y, width, height, section: index });
        self.y += height + size * 0.4;
        for line in lines {
            self.need(size * LINE)?;
            let y = self.y + size;
            self.put(self.geometry.margin, y, size, false, Ink::Muted, line);
            self.y += size * LINE;
        }
        self.y += size * 0.6;
        Ok(())
    }
}
