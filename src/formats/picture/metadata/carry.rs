//! Metadata on its way into another file: what goes along, what is changed on the way, and what has no place there.

use super::blocks::{Blocks, Density, Text};
use super::collect;
use super::exif::{MAKER_NOTE, is_serial, is_structure};
use super::ifd::{self, Part, Tree};
use super::ifd_write::{Out, Parts, gather, standalone};
use super::xmp::{self, Extension};
use crate::buffer::Buffer;
use crate::formats::options::MetadataPolicy;
use crate::formats::picture::probe::u32_be;
use crate::formats::{Format, FormatError, Loss, guarded};

/// What goes along with the pixels. [`Carried::default`] is nothing.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    policy: MetadataPolicy,
    from: Option<Format>,
    blocks: Blocks,
    /// The profile that the pixels are to be written with.
    profile: Option<(Vec<u8>, String)>,
    /// Whether the pixels are others than before, so that a small copy of them is none any more.
    changed: bool,
    /// Whether they were made sRGB.
    converted: bool,
}

/// What is written, in the form that a container takes.
#[derive(Clone, Debug, Default)]
pub(in crate::formats::picture) struct Prepared {
    pub(in crate::formats::picture) exif: Option<Vec<u8>>,
    /// The same as tags, for a TIFF.
    pub(in crate::formats::picture) parts: Parts,
    pub(in crate::formats::picture) xmp: Option<Vec<u8>>,
    /// What does not fit into a JPEG's segment of it.
    pub(in crate::formats::picture) more_xmp: Option<Extension>,
    pub(in crate::formats::picture) iptc: Option<Vec<u8>>,
    pub(in crate::formats::picture) profile: Option<(Vec<u8>, String)>,
    /// Keyword and text.
    pub(in crate::formats::picture) texts: Vec<(String, String)>,
    pub(in crate::formats::picture) density: Option<Density>,
    /// A PNG's words on colour, as they are.
    pub(in crate::formats::picture) chunks: Vec<([u8; 4], Vec<u8>)>,
}

/// The most bytes of XMP in one segment of a JPEG, behind its name.
const MOST_XMP: usize = 65_502;

/// Whether files of this format have a place for EXIF, XMP and colour profiles.
pub(in crate::formats::picture) fn carries(to: Format) -> bool {
    matches!(to, Format::Png | Format::Jpeg | Format::WebP | Format::Tiff)
}

/// The tag that says what a text of this keyword says, for formats without texts.
fn tag_of(keyword: &str) -> Option<u16> {
    Some(match keyword.to_ascii_lowercase().as_str() {
        "description" | "comment" | "title" => 0x10E,
        "author" | "artist" => 0x13B,
        "copyright" => 0x8298,
        "software" => 0x131,
        _ => return None,
    })
}

impl Carried {
    /// The metadata of `input`, a picture of `from`, as far as `policy` takes it along.
    ///
    /// # Errors
    /// [`FormatError::Read`].
    pub fn of(input: &Buffer, from: Format, policy: MetadataPolicy) -> Result<Self, FormatError> {
        let blocks = if policy == MetadataPolicy::Strip { Blocks::default() } else { guarded(from, || collect(input, from))? };
        Ok(Self { policy, from: Some(from), blocks, ..Self::default() })
    }

    /// The profile that the pixels are written with: its bytes and its name.
    pub fn set_profile(&mut self, bytes: Vec<u8>, name: String) {
        self.profile = Some((bytes, name));
    }

    /// Says that the pixels are others than in the source, so that its small copy does not go along.
    pub fn set_changed(&mut self) {
        self.changed = true;
    }

    /// Says that the pixels were made sRGB.
    pub fn set_converted(&mut self) {
        self.changed = true;
        self.converted = true;
    }

    fn safe(&self) -> bool {
        self.policy == MetadataPolicy::Safe
    }

    fn keeps(&self, part: Part, tag: u16) -> bool {
        let structure = part == Part::Image && self.from == Some(Format::Tiff) && is_structure(tag);
        // The maker's notes name places of the block they were in; and nobody knows what else.
        let personal = self.safe() && (part == Part::Gps || is_serial(part, tag));
        let note = part == Part::Exif && tag == MAKER_NOTE;
        !(structure || personal || note || part == Part::Thumbnail)
    }

    /// What has no place in `to`, or does not go along as it is.
    pub(in crate::formats::picture) fn losses(&self, to: Format) -> Result<Vec<Loss>, FormatError> {
        let mut losses = Vec::new();
        let mut say = |what: &str| losses.push(Loss::new(what));
        let blocks = &self.blocks;
        let (exif, xmp) = (blocks.exif.as_ref(), blocks.xmp.as_ref());
        // A TIFF always has tags; they are metadata only where there are others than those about the pixels.
        let exif = exif.filter(|(tree, _)| {
            tree.directories
                .iter()
                .any(|part| part.fields.iter().any(|field| self.keeps(part.part, field.tag) && field.tag != ifd::ORIENTATION))
        });
        let mut gone = Vec::new();
        if exif.is_some() && !carries(to) {
            gone.push("EXIF");
        }
        if xmp.is_some() && !carries(to) {
            gone.push("XMP");
        }
        if blocks.iptc.is_some() && !matches!(to, Format::Jpeg | Format::Tiff) {
            gone.push("IPTC");
        }
        if !blocks.comments.is_empty() && !carries(to) {
            gone.push("comments");
        }
        let homeless = blocks.texts.iter().filter(|text| !self.has_place(text, to)).count();
        let texts = format!("{homeless} text{}", if homeless == 1 { "" } else { "s" });
        if homeless > 0 {
            gone.push(&texts);
        }
        if let Some((last, rest)) = gone.split_last() {
            let names = if rest.is_empty() { (*last).to_owned() } else { format!("{} and {last}", rest.join(", ")) };
            let verb = if gone.len() > 1 || *last == "comments" || homeless > 1 { "are" } else { "is" };
            say(&format!("Metadata ({names}) {verb} left out"));
        }
        if to == Format::Jpeg && !blocks.texts.is_empty() {
            say("Texts become comments");
        }
        if carries(to) {
            if blocks.lost_xmp > 0 {
                say("XMP in segments that belong to nothing is left out");
            }
            let extended = blocks.more_xmp.is_some() && to != Format::Jpeg && !(self.safe() && self.has_personal_xmp());
            if extended && self.one_packet().is_none() {
                say("The extended XMP is left out: it does not fit into the packet");
            }
            if let Some((tree, _)) = exif
                && tree.field(Part::Exif, MAKER_NOTE).is_some()
                && !self.patches(to)
            {
                say("The camera maker's notes are left out");
            }
            if to == Format::Jpeg {
                let large = |len: usize, most: usize, name: &str| {
                    (len > most).then(|| format!("{name} of {len} bytes is too large for a JPEG and is left out"))
                };
                let prepared = self.prepare(to, 1, 1)?;
                let exif = prepared.exif.as_ref().and_then(|exif| large(exif.len(), 65_527, "EXIF"));
                let xmp = prepared.xmp.as_ref().and_then(|xmp| large(xmp.len(), MOST_XMP, "XMP"));
                let iptc = prepared.iptc.as_ref().and_then(|iptc| large(iptc.len(), 65_000, "IPTC"));
                exif.into_iter().chain(xmp).chain(iptc).for_each(|what| say(&what));
            }
        }
        // What is told beside a profile, or beside the word sRGB, does not count there; and what says the same as that word says nothing.
        let words: Vec<&str> = blocks.color_chunks.iter().filter_map(chunk_in_words).collect();
        let overruled = blocks.icc.is_some() || blocks.color_chunks.iter().any(|(kind, _)| kind == b"sRGB");
        if to != Format::Png && !overruled && !self.converted && !words.is_empty() {
            let verb = if words.len() == 1 && words[0] != "chromaticities" { "is" } else { "are" };
            say(&format!("The {} of the PNG {verb} left out: colours may look different", words.join(" and the ")));
        }
        if self.safe() && self.has_personal_xmp() && carries(to) {
            say("XMP is left out: it names a place or a serial number, or holds a small copy");
        }
        Ok(losses)
    }

    /// Whether the XMP names a place, a serial number, or holds a small copy.
    fn has_personal_xmp(&self) -> bool {
        let more = self.blocks.more_xmp.iter().map(|extension| &extension.block);
        self.blocks.xmp.iter().chain(more).any(|xmp| is_personal(&xmp.bytes))
    }

    /// The packet with its extension in it, where there is one that fits.
    fn one_packet(&self) -> Option<Vec<u8>> {
        xmp::merged(&self.blocks.xmp.as_ref()?.bytes, &self.blocks.more_xmp.as_ref()?.block.bytes)
    }

    fn has_place(&self, text: &Text, to: Format) -> bool {
        match to {
            Format::Png | Format::Jpeg => true,
            Format::WebP | Format::Tiff => tag_of(&text.keyword).is_some_and(|tag| {
                let taken = self.blocks.exif.as_ref().is_some_and(|(tree, _)| tree.field(Part::Image, tag).is_some());
                let first = self.blocks.texts.iter().find(|other| tag_of(&other.keyword) == Some(tag));
                !taken && first.is_some_and(|first| first.range == text.range)
            }),
            _ => false,
        }
    }

    /// Whether the block of EXIF goes along as it is, but for a few numbers: the maker's notes stay whole that way.
    fn patches(&self, to: Format) -> bool {
        self.policy == MetadataPolicy::Keep
            && to != Format::Tiff
            && self.from != Some(Format::Tiff)
            && (matches!(to, Format::Png | Format::Jpeg) || self.tags_of_texts(to).is_empty())
    }

    /// Texts as tags, where the target has no place for texts.
    fn tags_of_texts(&self, to: Format) -> Vec<Out> {
        if !matches!(to, Format::WebP | Format::Tiff) {
            return Vec::new();
        }
        let mut outs: Vec<Out> = Vec::new();
        let comments = self.blocks.comments.iter().take(1);
        for text in self.blocks.texts.iter().filter(|text| self.has_place(text, to)).chain(comments) {
            let Some(tag) = tag_of(&text.keyword) else { continue };
            let taken = self.blocks.exif.as_ref().is_some_and(|(tree, _)| tree.field(Part::Image, tag).is_some());
            if !taken && outs.iter().all(|out| out.tag != tag) {
                outs.push(Out::text(tag, &text.text));
            }
        }
        outs
    }

    /// What is written into a `to` of so many pixels.
    pub(in crate::formats::picture) fn prepare(&self, to: Format, width: u32, height: u32) -> Result<Prepared, FormatError> {
        if !carries(to) {
            return Ok(Prepared::default());
        }
        let mut prepared = Prepared { profile: self.profile.clone(), ..Prepared::default() };
        let blocks = &self.blocks;
        let added = self.tags_of_texts(to);
        if let Some((tree, _)) = &blocks.exif {
            if self.patches(to) {
                prepared.exif = Some(self.patched(tree, width, height)?);
            } else {
                let parts = self.parts(tree, width, height, to)?;
                if parts.iter().any(|(_, outs)| !outs.is_empty()) {
                    prepared.exif = Some(standalone(&parts));
                    prepared.parts = parts;
                }
            }
        }
        if !added.is_empty() {
            match prepared.parts.iter_mut().find(|(part, _)| *part == Part::Image) {
                Some((_, outs)) => outs.extend(added),
                None => prepared.parts.push((Part::Image, added)),
            }
            prepared.exif = Some(standalone(&prepared.parts));
        }
        if let Some(xmp) = blocks.xmp.as_ref().filter(|_| !(self.safe() && self.has_personal_xmp())) {
            let packet = upright(&xmp.bytes);
            (prepared.xmp, prepared.more_xmp) = match (to, &blocks.more_xmp) {
                (Format::Jpeg, Some(extension)) => (Some(packet), Some(extension.clone())),
                (Format::Jpeg, None) if packet.len() > MOST_XMP => {
                    let (packet, extension) = xmp::split(&packet);
                    (Some(packet), Some(extension))
                }
                (_, None) => (Some(packet), None),
                (_, Some(_)) => (Some(self.one_packet().map_or(packet, |both| upright(&both))), None),
            };
        }
        prepared.iptc = blocks.iptc.as_ref().map(|iptc| iptc.bytes.clone());
        let raw = |text: &&Text| !(self.safe() && text.keyword.starts_with("Raw profile type"));
        let pair = |text: &Text| (text.keyword.clone(), text.text.clone());
        prepared.texts = blocks.texts.iter().chain(&blocks.comments).filter(raw).map(pair).collect();
        prepared.density = blocks.density.filter(|density| density.inch);
        if !self.converted && self.profile.is_none() {
            prepared.chunks = blocks.color_chunks.clone();
        }
        Ok(prepared)
    }

    /// The tags, upright and of the right size.
    fn parts(&self, tree: &Tree, width: u32, height: u32, to: Format) -> Result<Parts, FormatError> {
        let own = |tag: u16| matches!(tag, 256 | 257 | 282 | 283 | 296 | ifd::ORIENTATION);
        // A TIFF has these of its own.
        let mut parts =
            gather(tree, |part, tag| self.keeps(part, tag) && !(to == Format::Tiff && part == Part::Image && own(tag)))?;
        for (part, outs) in &mut parts {
            for out in outs.iter_mut() {
                match (*part, out.tag) {
                    (Part::Image, ifd::ORIENTATION) => *out = Out::short(ifd::ORIENTATION, 1),
                    (Part::Image, 256) | (Part::Exif, 0xA002) => *out = Out::long(out.tag, width),
                    (Part::Image, 257) | (Part::Exif, 0xA003) => *out = Out::long(out.tag, height),
                    (Part::Exif, 0xA001) if self.converted => *out = Out::short(0xA001, 1),
                    _ => {}
                }
            }
        }
        Ok(parts)
    }

    /// The block with a few numbers put right in their places, so that whatever refers to a place in it still finds it.
    fn patched(&self, tree: &Tree, width: u32, height: u32) -> Result<Vec<u8>, FormatError> {
        let mut bytes = tree.block.to_vec_all()?;
        let order = tree.order;
        let mut put = |part: Part, tag: u16, value: u32| {
            let Some(field) = tree.field(part, tag).filter(|field| field.count == 1) else { return };
            let at = field.at as usize;
            let number = match field.kind {
                3 if order.big_endian => (value as u16).to_be_bytes().to_vec(),
                3 => (value as u16).to_le_bytes().to_vec(),
                4 if order.big_endian => value.to_be_bytes().to_vec(),
                4 => value.to_le_bytes().to_vec(),
                _ => return,
            };
            if let Some(place) = bytes.get_mut(at..at + number.len()) {
                place.copy_from_slice(&number);
            }
        };
        put(Part::Image, ifd::ORIENTATION, 1);
        for (part, tag, value) in
            [(Part::Image, 256, width), (Part::Image, 257, height), (Part::Exif, 0xA002, width), (Part::Exif, 0xA003, height)]
        {
            put(part, tag, value);
        }
        if self.converted {
            put(Part::Exif, 0xA001, 1);
        }
        if let Some(link) = tree.next_link.filter(|_| self.changed) {
            let link = link as usize;
            if let Some(link) = bytes.get_mut(link..link + 4) {
                link.fill(0);
            }
            let number = |tag: u16| tree.field(Part::Thumbnail, tag).map_or(Ok(None), |field| tree.number(field));
            if let (Some(start), Some(len)) = (number(0x201)?, number(0x202)?) {
                let (start, end) = (start as usize, start.saturating_add(len) as usize);
                if let Some(copy) = bytes.get_mut(start..end) {
                    copy.fill(0);
                    // It mostly stands at the end, and need not be there at all then.
                    if end == bytes.len() {
                        bytes.truncate(start);
                    }
                }
            }
        }
        Ok(bytes)
    }
}

/// What a PNG's chunk says about colours, where it is something else than sRGB.
fn chunk_in_words((kind, data): &([u8; 4], Vec<u8>)) -> Option<&'static str> {
    let numbers: Vec<u32> = data.chunks_exact(4).map(u32_be).collect();
    let near = |wanted: &[u32]| numbers.len() == wanted.len() && numbers.iter().zip(wanted).all(|(a, b)| a.abs_diff(*b) <= 500);
    match kind {
        b"gAMA" => (!near(&[45_455])).then_some("gamma"),
        b"cHRM" => (!near(&[31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000])).then_some("chromaticities"),
        // Primaries and transfer of sRGB, as full red, green and blue.
        b"cICP" => (data.as_slice() != [1, 13, 0, 1]).then_some("kind of colours (cICP)"),
        _ => None,
    }
}

/// Whether XMP names a place, a serial number, or holds a small copy.
fn is_personal(xmp: &[u8]) -> bool {
    let text = String::from_utf8_lossy(xmp);
    ["exif:GPS", "SerialNumber", "xmp:Thumbnails", "xmpGImg:image"].iter().any(|word| text.contains(word))
}

/// XMP that says that the picture is upright: it is, whatever it was.
fn upright(xmp: &[u8]) -> Vec<u8> {
    let mut bytes = xmp.to_vec();
    for word in [&b"tiff:Orientation=\""[..], b"tiff:Orientation='", b"<tiff:Orientation>"] {
        let mut from = 0;
        while let Some(found) = memchr::memmem::find(&bytes[from..], word) {
            let at = from + found + word.len();
            if let Some(digit) = bytes.get_mut(at).filter(|digit| (b'1'..=b'8').contains(digit)) {
                *digit = b'1';
            }
            from = at;
        }
    }
    bytes
}
