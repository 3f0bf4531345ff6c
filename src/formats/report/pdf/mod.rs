//! Reports as PDF: pages go out as they are laid out, then the parts of the faces that were used, then the tables by which a
//! viewer finds everything. Only those tables and one page are ever in memory.
//!
//! Nothing in the content becomes a link, a script or a form. Text can be searched and copied, because each face carries the
//! way from its glyphs back to characters.

mod file;
mod fonts;

use std::collections::BTreeMap;
use std::io::Write;

use pdf_writer::types::TextRenderingMode;
use pdf_writer::{Chunk, Content, Date, Filter, Finish as _, Name, Rect, Ref, Str, TextStr};

use self::file::File;
use self::fonts::UsedFaces;
use super::pages::{self, Faces, Geometry, Ink, Item, Page};
use super::picture::{self, Packed};
use super::{DocumentRecipe, Picture, Report, Section, Written};
use crate::formats::{Format, FormatError, Loss};
use crate::tasks::Progress;

/// Kids of a node of the tree of pages.
const KIDS: usize = 64;

pub(super) fn write(report: &Report, out: &mut dyn Write, progress: &Progress) -> Result<Written, FormatError> {
    let fonts = pages::load(&report.fonts)?;
    let mut faces = Faces::new(&fonts)?;
    let mut file = File::new(out)?;
    let total = file.reserve();
    let mut writer = Writer {
        used: UsedFaces::new(faces.chain.len()),
        geometry: Geometry::new(report.page),
        numbers: report.page.numbers,
        report,
        file,
        pictures: BTreeMap::new(),
        nodes: Vec::new(),
        total,
        losses: Vec::new(),
        progress,
    };
    let laid_out = pages::lay_out(report, &mut faces, progress, &mut |faces, page| writer.page(faces, &page))?;
    if writer.numbers {
        writer.total(&mut faces, laid_out.pages)?;
    }
    let losses = writer.finish(&faces, laid_out.losses)?;
    Ok(Written { pages: Some(laid_out.pages), losses })
}

/// The year, month, day, hour, minute and second of `2026-04-25` or `2026-04-25T13:05:00`.
pub(super) fn date(text: &str) -> Option<[u16; 6]> {
    let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let time = time.strip_suffix('Z').unwrap_or(time);
    let number = |text: &str, len: usize| {
        let digits = text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u16>().ok()).flatten()
    };
    let mut parts = day.split('-');
    let ymd = [number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?];
    let mut clock = time.split(':');
    let hms = [number(clock.next()?, 2)?, number(clock.next()?, 2)?, number(clock.next().unwrap_or("00"), 2)?];
    let [year, month, day] = ymd;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    let whole = parts.next().is_none() && clock.next().is_none();
    let valid = whole && (1900..=9999).contains(&year) && (1..=days).contains(&day) && hms[0] < 24 && hms[1] < 60 && hms[2] < 60;
    valid.then_some([year, month, day, hms[0], hms[1], hms[2]])
}

struct Writer<'a> {
    report: &'a Report,
    geometry: Geometry,
    numbers: bool,
    file: File<'a>,
    used: UsedFaces,
    /// Where the picture of a section is.
    pictures: BTreeMap<usize, Ref>,
    /// The lowest nodes of the tree of pages, with their kids.
    nodes: Vec<(Ref, Vec<Ref>)>,
    /// A form that says how many pages there are, which is known at the end.
    total: Ref,
    losses: Vec<Loss>,
    progress: &'a Progress,
}

impl Writer<'_> {
    fn page(&mut self, faces: &mut Faces<'_>, page: &Page) -> Result<(), FormatError> {
        let mut content = Content::new();
        let mut on_page = (vec![false; faces.chain.len()], Vec::new());
        for item in &page.items {
            self.item(faces, item, &mut content, &mut on_page)?;
        }
        if self.numbers {
            let (y, split) = self.geometry.foot();
            let size = self.geometry.foot_size();
            let text = format!("Page {}", page.number);
            let x = split - faces.width(&text, size);
            self.text(faces, &mut content, (x, y), (size, false, Ink::Muted), &text, &mut on_page.0);
            content.save_state();
            content.transform([1.0, 0.0, 0.0, 1.0, split, self.geometry.height - y]);
            content.x_object(Name(b"Total"));
            content.restore_state();
        }
        let (id, body) = (self.file.reserve(), self.file.reserve());
        if self.nodes.last().is_none_or(|(_, kids)| kids.len() == KIDS) {
            let node = self.file.reserve();
            self.nodes.push((node, Vec::with_capacity(KIDS)));
        }
        let (parent, kids) = self.nodes.last_mut().expect("a node was just made");
        kids.push(id);
        let mut chunk = Chunk::new();
        let mut object = chunk.page(id);
        object.parent(*parent).media_box(Rect::new(0.0, 0.0, self.geometry.width, self.geometry.height)).contents(body);
        let mut resources = object.resources();
        let mut fonts = resources.fonts();
        for (face, _) in on_page.0.iter().enumerate().filter(|(_, used)| **used) {
            let font = self.used.reference(face, &mut self.file);
            fonts.pair(Name(font_name(face).as_bytes()), font);
        }
        fonts.finish();
        if self.numbers || !on_page.1.is_empty() {
            let mut objects = resources.x_objects();
            if self.numbers {
                objects.pair(Name(b"Total"), self.total);
            }
            for section in &on_page.1 {
                objects.pair(Name(format!("P{section}").as_bytes()), self.pictures[section]);
            }
        }
        resources.finish();
        object.finish();
        self.file.object(id, &chunk)?;
        self.file.deflated(body, &content.finish())
    }

    fn item(
        &mut self,
        faces: &mut Faces<'_>,
        item: &Item,
        content: &mut Content,
        on_page: &mut (Vec<bool>, Vec<usize>),
    ) -> Result<(), FormatError> {
        match item {
            Item::Text { x, y, size, bold, ink, text, .. } => {
                self.text(faces, content, (*x, *y), (*size, *bold, *ink), text, &mut on_page.0);
            }
            Item::Fill { x, y, width, height, ink } => {
                content.set_fill_gray(grey(*ink)).rect(*x, self.geometry.height - y - height, *width, *height).fill_nonzero();
            }
            Item::Picture { x, y, width, height, section } => {
                if !self.pictures.contains_key(section)
                    && let Some(Section::Picture(picture)) = self.report.sections.get(*section)
                {
                    let id = self.picture(picture)?;
                    self.pictures.insert(*section, id);
                }
                content.save_state();
                content.transform([*width, 0.0, 0.0, *height, *x, self.geometry.height - y - height]);
                content.x_object(Name(format!("P{section}").as_bytes()));
                content.restore_state();
                on_page.1.push(*section);
            }
        }
        Ok(())
    }

    /// A line of text, in as many faces as it takes. There is one weight of the faces: what is bold gets an outline.
    fn text(
        &mut self,
        faces: &mut Faces<'_>,
        content: &mut Content,
        (x, y): (f32, f32),
        (size, bold, ink): (f32, bool, Ink),
        text: &str,
        on_page: &mut [bool],
    ) {
        content.begin_text();
        content.set_fill_gray(grey(ink));
        if bold {
            content
                .set_text_rendering_mode(TextRenderingMode::FillStroke)
                .set_stroke_gray(grey(ink))
                .set_line_width(size * 0.035);
        }
        content.set_text_matrix([1.0, 0.0, 0.0, 1.0, x, self.geometry.height - y]);
        let mut run = Vec::new();
        let mut current = None;
        for character in text.chars() {
            let glyph = faces.glyph(character);
            if current != Some(glyph.face) {
                show(content, &mut run);
                content.set_font(Name(font_name(usize::from(glyph.face)).as_bytes()), size);
                on_page[usize::from(glyph.face)] = true;
                current = Some(glyph.face);
            }
            run.extend(self.used.take(&glyph, character).to_be_bytes());
        }
        show(content, &mut run);
        if bold {
            content.set_text_rendering_mode(TextRenderingMode::Fill);
        }
        content.end_text();
    }

    fn picture(&mut self, picture: &Picture) -> Result<Ref, FormatError> {
        let Packed { bytes, jpeg, grey, mask, width, height, losses } = picture::for_pdf(picture, self.progress)?;
        self.losses.extend(losses);
        let id = self.file.reserve();
        let mask = mask.map(|mask| (self.file.reserve(), mask));
        let mut chunk = Chunk::new();
        let mut image = chunk.image_xobject(id, &bytes);
        image.filter(if jpeg { Filter::DctDecode } else { Filter::FlateDecode });
        image.width(width as i32).height(height as i32).bits_per_component(8);
        if grey {
            image.color_space().device_gray();
        } else {
            image.color_space().device_rgb();
        }
        if let Some((mask, _)) = mask {
            image.s_mask(mask);
        }
        image.finish();
        self.file.object(id, &chunk)?;
        if let Some((id, mask)) = mask {
            let mut chunk = Chunk::new();
            let mut image = chunk.image_xobject(id, &mask);
            image.filter(Filter::FlateDecode);
            image.width(width as i32).height(height as i32).bits_per_component(8);
            image.color_space().device_gray();
            image.finish();
            self.file.object(id, &chunk)?;
        }
        Ok(id)
    }

    /// The form that stands behind "Page 3" on each page.
    fn total(&mut self, faces: &mut Faces<'_>, pages: u64) -> Result<(), FormatError> {
        let size = self.geometry.foot_size();
        let text = format!(" of {pages}");
        let mut content = Content::new();
        let mut used = vec![false; faces.chain.len()];
        // The origin of the form is the baseline.
        let height = std::mem::replace(&mut self.geometry.height, 0.0);
        self.text(faces, &mut content, (0.0, 0.0), (size, false, Ink::Muted), &text, &mut used);
        self.geometry.height = height;
        let width = faces.width(&text, size);
        let data = content.finish();
        let mut chunk = Chunk::new();
        let mut form = chunk.form_xobject(self.total, &data);
        form.bbox(Rect::new(0.0, -size, width + size, size * 1.5));
        let mut resources = form.resources();
        let mut fonts = resources.fonts();
        for (face, _) in used.iter().enumerate().filter(|(_, used)| **used) {
            fonts.pair(Name(font_name(face).as_bytes()), self.used.reference(face, &mut self.file));
        }
        fonts.finish();
        resources.finish();
        form.finish();
        self.file.object(self.total, &chunk)
    }

    fn finish(mut self, faces: &Faces<'_>, mut losses: Vec<Loss>) -> Result<Vec<Loss>, FormatError> {
        for (index, (data, face)) in faces.chain.iter().enumerate() {
            self.used.write(index, data, face, &mut self.file)?;
        }
        let root = self.tree()?;
        let (catalog, info) = (self.file.reserve(), self.file.reserve());
        let mut chunk = Chunk::new();
        let mut object = chunk.indirect(catalog).start::<pdf_writer::writers::Catalog<'_>>();
        object.pages(root);
        object.viewer_preferences().pair(Name(b"DisplayDocTitle"), self.report.title().is_some());
        object.finish();
        self.file.object(catalog, &chunk)?;
        let mut chunk = Chunk::new();
        document_info(&mut chunk, info, self.report.title(), &self.report.document);
        self.file.object(info, &chunk)?;
        self.file.finish(catalog, info)?;
        losses.extend(self.losses);
        Ok(losses)
    }

    /// The tree of pages, level by level; gives its root.
    fn tree(&mut self) -> Result<Ref, FormatError> {
        let mut level: Vec<(Ref, Vec<Ref>, i32)> = self
            .nodes
            .drain(..)
            .map(|(node, kids)| {
                let count = kids.len() as i32;
                (node, kids, count)
            })
            .collect();
        while level.len() > 1 {
            let mut above: Vec<(Ref, Vec<Ref>, i32)> = Vec::new();
            for group in level.chunks(KIDS) {
                let parent = self.file.reserve();
                for (node, kids, count) in group {
                    self.node(*node, Some(parent), kids, *count)?;
                }
                above.push((
                    parent,
                    group.iter().map(|(node, _, _)| *node).collect(),
                    group.iter().map(|(_, _, count)| count).sum(),
                ));
            }
            level = above;
        }
        let (root, kids, count) = level.pop().expect("a report has a page");
        self.node(root, None, &kids, count)?;
        Ok(root)
    }

    fn node(&mut self, id: Ref, parent: Option<Ref>, kids: &[Ref], count: i32) -> Result<(), FormatError> {
        let mut chunk = Chunk::new();
        let mut object = chunk.pages(id);
        object.kids(kids.iter().copied()).count(count);
        if let Some(parent) = parent {
            object.parent(parent);
        }
        object.finish();
        self.file.object(id, &chunk)
    }
}

fn document_info(chunk: &mut Chunk, id: Ref, title: Option<&str>, document: &DocumentRecipe) {
    let mut info = chunk.indirect(id).start::<pdf_writer::writers::DocumentInfo<'_>>();
    if let Some(title) = title {
        info.title(TextStr(title));
    }
    if let Some(author) = &document.author {
        info.author(TextStr(author));
    }
    if let Some(subject) = &document.subject {
        info.subject(TextStr(subject));
    }
    info.producer(TextStr("Seektell"));
    if let Some([year, month, day, hour, minute, second]) = document.created.as_deref().and_then(date) {
        let date = Date::new(year).month(month as u8).day(day as u8).hour(hour as u8).minute(minute as u8).second(second as u8);
        info.creation_date(date);
    }
}

fn show(content: &mut Content, run: &mut Vec<u8>) {
    if !run.is_empty() {
        content.show(Str(run));
        run.clear();
    }
}

fn font_name(face: usize) -> String {
    format!("F{face}")
}

/// How dark it is on paper: 0 is black.
fn grey(ink: Ink) -> f32 {
    match ink {
        Ink::Text => 0.1,
        Ink::Muted => 0.42,
        Ink::Rule => 0.8,
        Ink::Shade => 0.93,
    }
}

fn broken(what: impl std::fmt::Display) -> FormatError {
    FormatError::Unsupported { format: Format::Pdf, what: what.to_string() }
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates() {
        assert_eq!(date("2026-04-25"), Some([2026, 4, 25, 0, 0, 0]));
        assert_eq!(date("2024-02-29T23:59:58Z"), Some([2024, 2, 29, 23, 59, 58]));
        assert_eq!(date("2026-04-25 13:05"), Some([2026, 4, 25, 13, 5, 0]));
        for wrong in ["", "soon", "2026-4-25", "2026-02-29", "2026-13-01", "2026-04-25T24:00:00", "2026-04-25-1", "+026-04-25"] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }
}
