//! What results are called: pure functions of the sources' names.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::{Recipe, Source};
use crate::formats::literal::Style;
use crate::formats::{Format, FormatError};

/// The extension of a result, without a dot.
pub fn extension(recipe: &Recipe) -> &'static str {
    match recipe.to {
        Format::Literal => recipe.options.dump.style.unwrap_or(Style::C).extension(),
        to => to.default_extension(),
    }
}

/// Refuses a pattern of names that says no name, or a folder.
///
/// # Errors
/// [`FormatError::Option`] that says what is accepted.
pub fn check_pattern(pattern: &str) -> Result<(), FormatError> {
    let rest = pattern.replace("{name}", "").replace("{number}", "");
    let what = match () {
        () if pattern.trim().is_empty() => "names need at least one character, such as {name}",
        () if rest.contains(['{', '}']) => "only {name} and {number} may stand in braces in names",
        () if rest.contains(['/', '\\', '\0']) => "names of results have no / or \\; choose the folder apart from them",
        () => return Ok(()),
    };
    Err(FormatError::Option(format!("{what}: {pattern:?}")))
}

/// The name of the result of source `number` (from 1, where the source does not say another), its extension included. The name of a file on the disk goes in as it is,
/// whatever bytes it has; the name of a document, or of a member of an archive, is made one that every system takes.
pub fn result_name(source: &Source, number: usize, recipe: &Recipe) -> OsString {
    let (stem, plain) = match (&recipe.member, &source.path, &source.content) {
        (Some(member), ..) => (sanitised(member.rsplit(['/', '\\']).next().unwrap_or_default(), recipe.to), false),
        (None, Some(path), None) => (stem_of(path, recipe.to), true),
        _ => (sanitised(&source.name, recipe.to), false),
    };
    let mut name = OsString::new();
    let mut rest = recipe.names.as_str();
    while let Some(at) = rest.find('{') {
        name.push(&rest[..at]);
        rest = &rest[at..];
        if let Some(behind) = rest.strip_prefix("{name}") {
            name.push(&stem);
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix("{number}") {
            name.push(source.number.unwrap_or(number).to_string());
            rest = behind;
        } else {
            name.push("{");
            rest = &rest[1..];
        }
    }
    name.push(rest);
    name.push(".");
    name.push(extension(recipe));
    if plain && recipe.names == Recipe::NAMES {
        return name;
    }
    // What was typed around a name can make a device of it, or hide it.
    match name.to_str() {
        Some(text) => crate::files::suggest_name(text, extension(recipe)).into(),
        None => name,
    }
}

/// Packed files keep the name of what they pack: `people.csv.gz`.
fn keeps_extension(to: Format) -> bool {
    matches!(to, Format::Gzip | Format::Zlib)
}

fn stem_of(path: &Path, to: Format) -> OsString {
    let whole = path.file_name().unwrap_or_default();
    let stem = if keeps_extension(to) { whole } else { path.file_stem().unwrap_or_default() };
    if stem.is_empty() { "untitled".into() } else { stem.to_os_string() }
}

fn sanitised(name: &str, to: Format) -> OsString {
    let extension = Path::new(name).extension().and_then(OsStr::to_str).unwrap_or_default();
    if keeps_extension(to) && !extension.is_empty() {
        return crate::files::suggest_name(name, extension).into();
    }
    crate::files::suggest_name(name, "").into()
}

/// What two names have in common that a system without case takes for one.
pub(super) fn folded(name: &OsStr) -> OsString {
    name.to_str().map_or_else(|| name.to_os_string(), |text| text.to_lowercase().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::Buffer;

    #[test]
    fn results_are_called_by_a_pattern() {
        let mut recipe = Recipe::new(Format::Jpeg);
        let file = |name: &str| Source::file(format!("/in/{name}"));
        let name = |source: &Source, recipe: &Recipe| result_name(source, 3, recipe).into_string().unwrap();
        assert_eq!(name(&file("a.b.png"), &recipe), "a.b.jpg");
        assert_eq!(name(&file("a:b?.png"), &recipe), "a:b?.jpg", "a name that is on the disk is one that the disk takes");
        let document = |name: &str| Source::document(name, Buffer::default(), None);
        assert_eq!(name(&document("../a/b:c?.png"), &recipe), "_a_b_c_.jpg");
        assert_eq!(name(&document("con"), &recipe), "_con.jpg");
        assert_eq!(name(&document(""), &recipe), "untitled.jpg");
        recipe.names = "{number} {name}-small".into();
        assert_eq!(name(&file("a.png"), &recipe), "3 a-small.jpg");
        recipe.names = "{name}".into();
        recipe.to = Format::Gzip;
        assert_eq!(name(&file("people.csv"), &recipe), "people.csv.gz");
        assert_eq!(name(&document("people.csv"), &recipe), "people.csv.gz");
        for wrong in ["", " ", "{nam}", "../{name}", "a\\{name}"] {
            assert!(check_pattern(wrong).is_err(), "{wrong}");
        }
        check_pattern("{name}.small {number}").unwrap();
    }
}
