//! The glyphs that were used, and the faces with nothing but them.

use std::collections::HashMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Filter, Finish as _, Name, Rect, Ref, Str};
use subsetter::GlyphRemapper;
use ttf_parser::{Face, RawFace, Tag};

use super::broken;
use super::file::{File, deflate};
use crate::formats::FormatError;
use crate::formats::report::pages::Glyph;

const SYSTEM: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

#[derive(Default)]
struct Used {
    reference: Option<Ref>,
    glyphs: GlyphRemapper,
    /// Of each glyph in the order of their new numbers, from 1: its first character and its advance.
    shown: Vec<(char, f32)>,
    numbers: HashMap<u16, u16>,
}

pub(super) struct UsedFaces {
    faces: Vec<Used>,
}

impl UsedFaces {
    pub(super) fn new(count: usize) -> Self {
        Self { faces: (0..count).map(|_| Used::default()).collect() }
    }

    /// The number that a glyph has in the file.
    pub(super) fn take(&mut self, glyph: &Glyph, character: char) -> u16 {
        let used = &mut self.faces[usize::from(glyph.face)];
        if let Some(number) = used.numbers.get(&glyph.id) {
            return *number;
        }
        let number = used.glyphs.remap(glyph.id);
        if usize::from(number) > used.shown.len() {
            let character = if glyph.missing { char::REPLACEMENT_CHARACTER } else { character };
            used.shown.push((character, glyph.advance));
        }
        used.numbers.insert(glyph.id, number);
        number
    }

    pub(super) fn reference(&mut self, face: usize, file: &mut File<'_>) -> Ref {
        *self.faces[face].reference.get_or_insert_with(|| file.reserve())
    }

    /// Writes a face, if something of it was used.
    pub(super) fn write(&mut self, index: usize, data: &[u8], face: &Face<'_>, file: &mut File<'_>) -> Result<(), FormatError> {
        let used = &self.faces[index];
        let Some(id) = used.reference else { return Ok(()) };
        let subset = subsetter::subset(data, 0, &used.glyphs).map_err(|error| broken(format!("a font ({error})")))?;
        let cff = RawFace::parse(&subset, 0).ok().and_then(|raw| raw.table(Tag::from_bytes(b"CFF ")));
        let [descendant, descriptor, program, unicode] = [(); 4].map(|()| file.reserve());
        let name = format!("{}+{}", tag(index), postscript_name(face, index));
        let units = f32::from(face.units_per_em().max(1));
        let scaled = |value: i16| f32::from(value) * 1000.0 / units;

        let mut chunk = Chunk::new();
        let mut font = chunk.type0_font(id);
        font.base_font(Name(name.as_bytes())).encoding_predefined(Name(b"Identity-H"));
        font.descendant_font(descendant).to_unicode(unicode);
        font.finish();
        file.object(id, &chunk)?;

        let mut chunk = Chunk::new();
        let mut cid = chunk.cid_font(descendant);
        cid.subtype(if cff.is_some() { CidFontType::Type0 } else { CidFontType::Type2 });
        cid.base_font(Name(name.as_bytes())).system_info(SYSTEM).font_descriptor(descriptor).default_width(0.0);
        if cff.is_none() {
            cid.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let mut widths = cid.widths();
        widths.consecutive(1, used.shown.iter().map(|(_, advance)| advance * 1000.0));
        widths.finish();
        cid.finish();
        file.object(descendant, &chunk)?;

        let mut flags = FontFlags::SYMBOLIC;
        flags.set(FontFlags::FIXED_PITCH, face.is_monospaced());
        let bounds = face.global_bounding_box();
        let mut chunk = Chunk::new();
        let mut object = chunk.font_descriptor(descriptor);
        object.name(Name(name.as_bytes())).flags(flags);
        object.bbox(Rect::new(scaled(bounds.x_min), scaled(bounds.y_min), scaled(bounds.x_max), scaled(bounds.y_max)));
        object.italic_angle(0.0).ascent(scaled(face.ascender())).descent(scaled(face.descender()));
        object.cap_height(face.capital_height().map_or(scaled(face.ascender()), scaled)).stem_v(80.0);
        if cff.is_some() {
            object.font_file3(program);
        } else {
            object.font_file2(program);
        }
        object.finish();
        file.object(descriptor, &chunk)?;

        let packed = deflate(cff.unwrap_or(&subset))?;
        let mut chunk = Chunk::new();
        let mut stream = chunk.stream(program, &packed);
        stream.filter(Filter::FlateDecode);
        if cff.is_some() {
            stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        } else {
            stream.pair(Name(b"Length1"), subset.len() as i32);
        }
        stream.finish();
        file.object(program, &chunk)?;

        let mut map = UnicodeCmap::new(Name(b"Custom"), SYSTEM);
        for (number, (character, _)) in (1_u16..).zip(&used.shown) {
            map.pair(number, *character);
        }
        file.deflated(unicode, &map.finish())
    }
}

/// Six capital letters that tell one subset from another.
fn tag(index: usize) -> String {
    let letter = |at: usize| char::from(b'A' + (index / 26_usize.pow(at as u32) % 26) as u8);
    format!("SEEK{}{}", letter(1), letter(0))
}

fn postscript_name(face: &Face<'_>, index: usize) -> String {
    let names = face.names();
    let name =
        names.into_iter().filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME).find_map(|name| name.to_string());
    let clean: String = name
        .unwrap_or_default()
        .chars()
        .filter(|character| character.is_ascii_alphanumeric() || *character == '-')
        .take(60)
        .collect();
    if clean.is_empty() { format!("Face{index}") } else { clean }
}
