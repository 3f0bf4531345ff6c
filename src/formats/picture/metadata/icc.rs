//! What a colour profile says of itself.

use moxcms::{ColorProfile, ProfileText};

use super::Metadata;
use super::blocks::Block;
use crate::formats::picture::probe::u32_be;

/// A profile in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::formats::picture) struct Facts {
    /// Its name ("Display P3").
    pub(in crate::formats::picture) description: String,
    /// What its numbers are ("RGB").
    pub(in crate::formats::picture) space: String,
    pub(in crate::formats::picture) class: String,
    pub(in crate::formats::picture) version: String,
    pub(in crate::formats::picture) intent: &'static str,
    pub(in crate::formats::picture) copyright: String,
}

/// A name of four letters.
fn four(bytes: &[u8]) -> String {
    bytes
        .iter()
        .take(4)
        .map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { ' ' })
        .collect::<String>()
        .trim()
        .into()
}

fn words(text: Option<&ProfileText>) -> String {
    let text = match text {
        None => "",
        Some(ProfileText::PlainString(text)) => text,
        Some(ProfileText::Localizable(texts)) => {
            let english = texts.iter().find(|text| text.language == "en").or(texts.first());
            english.map_or("", |text| text.value.as_str())
        }
        Some(ProfileText::Description(text)) => {
            if text.ascii_string.is_empty() {
                &text.unicode_string
            } else {
                &text.ascii_string
            }
        }
    };
    text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned()
}

/// The header and the names; `None` where this is no profile.
pub(in crate::formats::picture) fn facts(bytes: &[u8]) -> Option<Facts> {
    if bytes.len() < 132 || bytes.get(36..40) != Some(b"acsp") {
        return None;
    }
    let parsed = ColorProfile::new_from_slice(bytes).ok();
    let class = match &bytes[12..16] {
        b"scnr" => "input device".into(),
        b"mntr" => "display".into(),
        b"prtr" => "output device".into(),
        b"link" => "device link".into(),
        b"spac" => "colour space".into(),
        b"abst" => "abstract".into(),
        b"nmcl" => "named colours".into(),
        other => four(other),
    };
    let space = match &bytes[16..20] {
        b"GRAY" => "grey".into(),
        other => four(other),
    };
    Some(Facts {
        description: words(parsed.as_ref().and_then(|profile| profile.description.as_ref())),
        space,
        class,
        version: format!("{}.{}", bytes[8], bytes[9] >> 4),
        intent: match u32_be(&bytes[64..]) {
            0 => "perceptual",
            1 => "relative colorimetric",
            2 => "saturation",
            3 => "absolute colorimetric",
            _ => "unknown",
        },
        copyright: words(parsed.as_ref().and_then(|profile| profile.copyright.as_ref())),
    })
}

pub(super) fn list(profile: &Block, found: &mut Metadata) {
    let name = "Colour profile";
    let Some(facts) = facts(&profile.bytes) else {
        found.notices.push("the colour profile is none and counts as not there".into());
        found.push(name, "Size", format!("{} bytes", profile.bytes.len()), profile.range);
        return;
    };
    for (label, value) in [
        ("Description", facts.description),
        ("Colour space", facts.space),
        ("For", facts.class),
        ("Version", facts.version),
        ("Intent", facts.intent.into()),
        ("Copyright", facts.copyright),
        ("Size", format!("{} bytes", profile.bytes.len())),
    ] {
        if !value.is_empty() {
            found.push(name, label, value, profile.range);
        }
    }
}
