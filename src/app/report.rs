//! A report that is being put together: its recipe, the open documents that it takes its contents from, and how its pages look.

use std::sync::Arc;

use super::AppState;
use crate::buffer::Buffer;
use crate::document::DocumentId;
use crate::formats::Format;
use crate::formats::report::{self, Recipe, SectionRecipe, TextRecipe};
use crate::formats::table::Dialect;
use crate::formats::text::Encoding;

/// Pages that are laid out for the preview at once, so that the next page is there when it is wanted.
pub(super) const BATCH: u64 = 8;

/// A report that is being put together.
#[derive(Clone, Debug)]
pub struct ReportForm {
    /// What it consists of. The files of its sources are only names here; contents come from open documents.
    pub recipe: Recipe,
    /// The documents that the recipe's sources are.
    pub documents: Vec<(String, DocumentId)>,
    /// What it is to be written as.
    pub to: Format,
    /// The section whose choices are shown.
    pub selected: Option<usize>,
    /// The page that is shown, from 1.
    pub page: u64,
    /// How its pages look.
    pub look: ReportLook,
}

/// What was found out about a report, and what it is of.
#[derive(Clone, Debug, Default)]
pub struct ReportLook {
    /// What it is of.
    pub key: Option<ReportKey>,
    /// Its pages, or why there are none.
    pub pages: Option<Arc<Result<report::pages::Preview, String>>>,
    /// The columns of each source that is a table, as far as they were found out.
    pub columns: Vec<(String, Vec<String>)>,
}

/// What a preview is of.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportKey {
    /// The recipe.
    pub recipe: Recipe,
    /// The documents and their moments.
    pub documents: Vec<(String, DocumentId, u64)>,
    /// The first page.
    pub first: u64,
}

/// A content of a report, for a job.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportSource {
    /// What the recipe calls it.
    pub key: String,
    /// The document's name.
    pub name: String,
    /// Its content.
    pub bytes: Buffer,
    /// What that is.
    pub format: Format,
    /// How the user reads it as a table.
    pub dialect: Option<Dialect>,
    /// The encoding that the user chose for its text.
    pub encoding: Option<Encoding>,
}

/// Something in the report that is being put together.
#[derive(Clone, Debug, PartialEq)]
pub enum ReportCommand {
    /// Something of it was changed.
    Change(Box<Recipe>),
    /// Show the choices of a section.
    Select(usize),
    /// Add a section behind the selected one.
    Add(NewSection),
    /// Take a section out.
    Remove(usize),
    /// Put a section in the place of another one.
    Move(usize, usize),
    /// Show another page.
    Page(u64),
    /// Write it as another format.
    Format(Format),
    /// Ask where it goes, and write it.
    Export,
    /// Begin a new one.
    Clear,
    /// Ask for a recipe, and open it.
    OpenRecipe,
    /// Ask where the recipe goes, and write it.
    SaveRecipe,
}

/// A section to add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewSection {
    /// A heading.
    Title,
    /// A paragraph.
    Text,
    /// An empty line.
    Blank,
    /// Names and values.
    Summary,
    /// What a document is: its table, its picture, or its text.
    Document(DocumentId),
}

impl Default for ReportForm {
    fn default() -> Self {
        Self {
            recipe: Recipe::default(),
            documents: Vec::new(),
            to: Format::Pdf,
            selected: None,
            page: 1,
            look: ReportLook::default(),
        }
    }
}

impl ReportForm {
    /// The source that a section takes its content from.
    pub fn source_of(section: &SectionRecipe) -> Option<&str> {
        match section {
            SectionRecipe::Table(table) => Some(&table.source),
            SectionRecipe::Picture(picture) => Some(&picture.source),
            SectionRecipe::Text(TextRecipe::Source(text)) => Some(&text.source),
            _ => None,
        }
    }

    /// The document that a source is.
    pub fn document(&self, source: &str) -> Option<DocumentId> {
        self.documents.iter().find(|(name, _)| name == source).map(|(_, id)| *id)
    }
}

impl AppState {
    /// The report that is being put together.
    pub fn report(&self) -> Option<&ReportForm> {
        self.report.as_deref()
    }

    /// What the pages that are shown are to be of now.
    pub(super) fn report_key(&self, form: &ReportForm) -> ReportKey {
        let moment = |(name, id): &(String, DocumentId)| {
            let open = self.document(*id)?;
            Some((name.clone(), *id, open.document.revision()))
        };
        ReportKey {
            recipe: form.recipe.clone(),
            documents: form.documents.iter().filter_map(moment).collect(),
            first: (form.page.max(1) - 1) / BATCH * BATCH + 1,
        }
    }
}
