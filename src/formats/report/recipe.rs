//! The text that says what a report consists of: JSON, because every language writes it and every editor checks it.
//! The README shows one; unknown keys are refused, so that a misspelt one is not silently without effect.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What a report consists of, and where its contents come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// What PDF and XLSX tell about themselves.
    #[serde(default, skip_serializing_if = "is_default")]
    pub document: DocumentRecipe,
    /// Texts that templates name: `{date}`. Who makes the report may give others in their place.
    #[serde(default, with = "super::named", skip_serializing_if = "IndexMap::is_empty")]
    pub values: IndexMap<String, String>,
    /// Contents, by the name that sections use.
    #[serde(default, with = "super::named", skip_serializing_if = "IndexMap::is_empty")]
    pub sources: IndexMap<String, SourceRecipe>,
    /// How pages look.
    #[serde(default, skip_serializing_if = "is_default")]
    pub page: PageRecipe,
    /// Whether a workbook has a sheet for each table; all sections are on one by default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sheet_each: bool,
    /// Names of sources that are font files; they are asked for a character before the faces that come with the program.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fonts: Vec<String>,
    /// The sections, in order.
    pub sections: Vec<SectionRecipe>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a document tells about itself. All are templates but the date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentRecipe {
    /// The title; the first heading by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it was made: `2026-04-25` or `2026-04-25T13:05:00`; nothing by default, so that the same contents give the
    /// same bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

/// How pages look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PageRecipe {
    /// The paper.
    pub size: Paper,
    /// Whether the longer side lies.
    pub landscape: bool,
    /// White around the content, in millimetres: 5 to 60.
    pub margin: u16,
    /// The size of text in points: 5 to 24.
    pub text: u16,
    /// Whether pages tell their number.
    pub numbers: bool,
}

impl Default for PageRecipe {
    fn default() -> Self {
        Self { size: Paper::A4, landscape: false, margin: 18, text: 10, numbers: true }
    }
}

/// Sizes of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Paper {
    /// 297 x 420 mm
    A3,
    /// 210 x 297 mm
    #[default]
    A4,
    /// 148 x 210 mm
    A5,
    /// 8.5 x 11 inches
    Letter,
    /// 8.5 x 14 inches
    Legal,
}

impl Paper {
    /// All, with what people call them.
    pub const ALL: [(Self, &'static str); 5] =
        [(Self::A4, "A4"), (Self::Letter, "Letter"), (Self::A3, "A3"), (Self::A5, "A5"), (Self::Legal, "Legal")];
}

/// Where a content comes from: a name, or a name and how it is read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "WrittenSource", into = "WrittenSource")]
pub struct SourceRecipe {
    /// A path, seen from the recipe's folder.
    pub file: String,
    /// The word for its format; told by the content by default.
    pub format: Option<String>,
    /// The character between cells; guessed by default.
    pub delimiter: Option<String>,
    /// Whether the first row names the columns; guessed by default.
    pub header: Option<bool>,
    /// The encoding of text; guessed by default.
    pub encoding: Option<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
}

impl SourceRecipe {
    /// A file that is read as what it is.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), format: None, delimiter: None, header: None, encoding: None, sheet: None }
    }
}

/// As it stands in the text.
#[derive(Clone, Deserialize, Serialize)]
#[serde(
    untagged,
    expecting = "a source is a file name, or an object with \"file\" and maybe format, delimiter, header, encoding, sheet"
)]
enum WrittenSource {
    Name(String),
    Full(FullSource),
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FullSource {
    file: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delimiter: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    header: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
}

impl From<WrittenSource> for SourceRecipe {
    fn from(written: WrittenSource) -> Self {
        match written {
            WrittenSource::Name(file) => Self::file(file),
            WrittenSource::Full(FullSource { file, format, delimiter, header, encoding, sheet }) => {
                Self { file, format, delimiter, header, encoding, sheet }
            }
        }
    }
}

impl From<SourceRecipe> for WrittenSource {
    fn from(source: SourceRecipe) -> Self {
        if source == SourceRecipe::file(source.file.clone()) {
            return Self::Name(source.file);
        }
        let SourceRecipe { file, format, delimiter, header, encoding, sheet } = source;
        Self::Full(FullSource { file, format, delimiter, header, encoding, sheet })
    }
}

/// A section: `{"title": "Orders"}`, `{"table": {"source": "orders"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SectionRecipe {
    /// A heading, a template.
    Title(String),
    /// Paragraphs.
    Text(TextRecipe),
    /// So many empty lines.
    Blank(u32),
    /// Names and values.
    Summary(SummaryRecipe),
    /// A table.
    Table(TableRecipe),
    /// A picture.
    Picture(PictureRecipe),
}

/// Text that is given here, or a source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged, expecting = "text is a string, or an object with \"source\"")]
pub enum TextRecipe {
    /// A template.
    Here(String),
    /// The text of a source, as it is.
    Source(TextSource),
}

/// The text of a source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TextSource {
    /// Its name.
    pub source: String,
}

/// Names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryRecipe {
    /// The heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Names and values: templates.
    #[serde(with = "super::named")]
    pub rows: IndexMap<String, String>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TableRecipe {
    /// The name of a source.
    pub source: String,
    /// The heading, a template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The columns; all by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<ColumnRecipe>>,
    /// Only rows for which this expression holds: `status = "completed"`.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
    /// Only so many rows, from the first on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// Leaves the names of the columns out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub without_header: bool,
    /// Rows at the end: templates, in which `sum(amount)` is over the rows of this table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<Vec<String>>,
}

/// A column: the name of one, or a heading and a template.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged, expecting = "a column is a name, or an object with \"name\" and \"value\"")]
pub enum ColumnRecipe {
    /// The cells of a column as they are.
    Named(String),
    /// What a template makes of a row.
    Made(MadeColumn),
}

/// What a template makes of a row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MadeColumn {
    /// What the column is called.
    pub name: String,
    /// The template.
    pub value: String,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PictureRecipe {
    /// The name of a source.
    pub source: String,
    /// What stands below it, a template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Its width in millimetres; never more than the page has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u16>,
}

/// What is wrong with a recipe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct RecipeError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

/// The longest recipe, in bytes.
pub const MAX_RECIPE: usize = 1 << 20;

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// With the line.
    ///
    /// ```
    /// use seektell::formats::report::Recipe;
    /// let recipe = Recipe::parse(r#"{"sections": [{"title": "Orders"}, {"blank": 1}]}"#)?;
    /// assert_eq!(recipe.sections.len(), 2);
    /// let error = Recipe::parse("{\n  \"sections\": [{\"tabel\": 1}]\n}").unwrap_err();
    /// assert!(error.to_string().starts_with("line 2: "));
    /// # Ok::<(), seektell::formats::report::RecipeError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, RecipeError> {
        if text.len() > MAX_RECIPE {
            let what = format!("the recipe has {} bytes, more than the limit of 1 MiB", text.len());
            return Err(RecipeError { line: 1, what });
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let recipe: Self = serde_json::from_str(text).map_err(|error| {
            let whole = error.to_string();
            let words = whole.split(" at line ").next().unwrap_or_default();
            let what = format!("{words} (column {}); the README's \"Reports\" lists what a recipe can hold", error.column());
            RecipeError { line: error.line().max(1), what }
        })?;
        recipe.check(text)?;
        Ok(recipe)
    }

    /// The recipe as text that [`Recipe::parse`] reads.
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a recipe holds nothing but texts and numbers") + "\n"
    }

    /// What can be told without the contents.
    fn check(&self, text: &str) -> Result<(), RecipeError> {
        let whole = |what: &str| Err(RecipeError { line: line_of_key(text, "page"), what: what.to_owned() });
        if !(5..=60).contains(&self.page.margin) {
            return whole("the margin of a page is 5 to 60 millimetres");
        }
        if !(5..=24).contains(&self.page.text) {
            return whole("the size of text is 5 to 24 points");
        }
        if let Some(created) = &self.document.created
            && super::pdf::date(created).is_none()
        {
            let what = format!("{created:?} is no date; write 2026-04-25 or 2026-04-25T13:05:00");
            return Err(RecipeError { line: line_of_key(text, "document"), what });
        }
        let lines = section_lines(text);
        for (index, section) in self.sections.iter().enumerate() {
            let source = match section {
                SectionRecipe::Table(table) => Some(&table.source),
                SectionRecipe::Picture(picture) => Some(&picture.source),
                SectionRecipe::Text(TextRecipe::Source(text)) => Some(&text.source),
                _ => None,
            };
            let line = lines.get(index).copied().unwrap_or(1);
            if let Some(source) = source.filter(|source| !self.sources.contains_key(*source)) {
                return Err(RecipeError { line, what: self.no_source(source) });
            }
            if let SectionRecipe::Blank(lines @ 1001..) = section {
                return Err(RecipeError { line, what: format!("{lines} empty lines are more than the limit of 1000") });
            }
        }
        match self.fonts.iter().find(|font| !self.sources.contains_key(*font)) {
            Some(font) => Err(RecipeError { line: line_of_key(text, "fonts"), what: self.no_source(font) }),
            None => Ok(()),
        }
    }

    pub(super) fn no_source(&self, name: &str) -> String {
        let known: Vec<_> = self.sources.keys().map(|name| format!("{name:?}")).collect();
        let known = if known.is_empty() { "there are none".into() } else { format!("there are {}", known.join(", ")) };
        format!("no source is called {name:?} ({known}); name its file under \"sources\"")
    }
}

/// The line on which each section of a recipe begins.
pub fn section_lines(text: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    let (mut depth, mut line, mut inside) = (0_u32, 1, false);
    let mut key = "";
    let mut at = 0;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => line += 1,
            b'"' => {
                let start = at + 1;
                at = start;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                if depth == 1 {
                    key = text.get(start..at).unwrap_or_default();
                }
            }
            open @ (b'{' | b'[') => {
                if inside && depth == 2 {
                    lines.push(line);
                }
                depth += 1;
                inside |= open == b'[' && depth == 2 && key == "sections";
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                inside &= depth > 1;
            }
            _ => {}
        }
        at += 1;
    }
    lines
}

fn line_of_key(text: &str, key: &str) -> usize {
    let at = text.find(&format!("\"{key}\"")).unwrap_or(0);
    1 + text[..at].matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECIPE: &str = r#"{
  "values": {"date": "2026-04-25"},
  "sources": {"orders": "orders.csv", "returns": {"file": "r.txt", "delimiter": ";"}},
  "sections": [
    {"title": "Sales [{date}]"},
    {"blank": 1},
    {"table": {"source": "orders", "where": "status = \"paid\"",
               "columns": ["id", {"name": "Amount", "value": "${amount:.2f}"}]}},
    {"summary": {"title": "SUMMARY", "rows": {"Total": "{sum(orders.amount):.2f}"}}},
    {"text": {"source": "returns"}}
  ]
}"#;

    #[test]
    fn a_recipe_is_read_and_written() {
        let recipe = Recipe::parse(RECIPE).unwrap();
        assert_eq!(Recipe::parse(&recipe.to_text()).unwrap(), recipe);
        assert_eq!(section_lines(RECIPE), [5, 6, 7, 9, 10]);
        assert_eq!(recipe.sources["returns"].delimiter.as_deref(), Some(";"));
    }

    #[test]
    fn errors_have_lines() {
        for (from, to, line, part) in [
            ("\"blank\": 1", "\"blank\": -1", 6, "integer"),
            ("\"blank\": 1", "\"blnk\": 1", 6, "unknown variant `blnk`, expected one of `title`"),
            ("\"where\"", "\"wehre\"", 7, "unknown field `wehre`"),
            (
                "{\"source\": \"orders\"",
                "{\"source\": \"order\"",
                7,
                "no source is called \"order\" (there are \"orders\", \"returns\")",
            ),
            ("\"delimiter\": \";\"", "\"delimeter\": \";\"", 3, "a source is a file name"),
            ("\"values\"", "\"page\": {\"margin\": 2}, \"values\"", 2, "5 to 60"),
            ("\"values\"", "\"document\": {\"created\": \"soon\"}, \"values\"", 2, "is no date"),
        ] {
            let error = Recipe::parse(&RECIPE.replace(from, to)).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.what.contains(part), "{error}");
        }
    }
}
