//! The convert panel: many sources, one recipe, a preview of one of them, and what became of each.

mod preview;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub(super) use preview::preview;
pub use preview::{ConvertPreview, Sample};
use serde::{Deserialize, Serialize};

use super::JobId;
use super::numbers::count;
use crate::convert::{ConvertError, Destination, OnExisting, Outcome, Recipe, Source, Survey, words};
use crate::formats::{Format, Kind, targets};
use crate::tasks::Latest;

/// What became of each source so far.
pub type Outcomes = Vec<Option<Arc<Outcome>>>;

/// Something the user does in the convert panel.
#[derive(Clone, Debug, PartialEq)]
pub enum ConvertCommand {
    /// Opens the panel with these files (and none of the documents), for this target if one is named.
    Files(Vec<PathBuf>, Option<Format>),
    /// The panel in the place of the export dialog that is open, with its document, target and choices.
    InsteadOfExport,
    /// Files join the sources.
    Add(Vec<PathBuf>),
    /// The native dialog is to name files.
    AskFiles,
    /// All open documents join the sources.
    AddDocuments,
    /// A source goes.
    Remove(usize),
    /// The source that the preview shows.
    Choose(usize),
    /// All of them are looked at once more: what could not be converted may be another file by now.
    LookAgain,
    /// Choices were changed.
    Recipe(Box<Recipe>),
    /// Begin.
    Start,
    /// Stop.
    Stop,
    /// Convert once more what failed.
    Retry,
    /// The result of a source is opened as a document.
    OpenResult(usize),
    /// The path of the folder of the results goes to the clipboard.
    CopyFolder,
    /// The folder of the results is shown in the desktop's file manager.
    ShowFolder,
    /// The native dialog is to name the folder, or the ZIP, that results go to.
    AskPlace,
}

/// The panel, while it is open.
#[derive(Clone, Debug)]
pub struct ConvertPanel {
    /// What is to be converted, in order.
    pub sources: Vec<Source>,
    /// How.
    pub recipe: Recipe,
    /// The source that the preview shows.
    pub chosen: usize,
    /// What its result would be.
    pub preview: Previewed,
    /// What becomes of all of them.
    pub survey: Surveyed,
    /// The conversion that runs.
    pub(super) running: Option<(JobId, Latest<Outcomes>)>,
    /// What became of each source the last time.
    pub(super) outcomes: Outcomes,
    /// Which of the sources the run that goes on is about.
    pub(super) about: Vec<usize>,
    /// What became of them came of the choices as they are now.
    pub told: bool,
    /// Why the recipe cannot be carried out at all.
    pub wrong: Option<String>,
}

/// How far the preview is.
#[derive(Clone, Debug, Default)]
pub enum Previewed {
    /// There is nothing to show.
    #[default]
    Nothing,
    /// A job is at it; what was shown before is still there.
    Asking(JobId, Option<Arc<ConvertPreview>>),
    /// This.
    Known(Arc<ConvertPreview>),
    /// It cannot be converted, and why.
    Impossible(String),
}

impl Previewed {
    /// What there is to show, be it that of a moment ago.
    pub fn shown(&self) -> Option<&Arc<ConvertPreview>> {
        match self {
            Self::Known(preview) | Self::Asking(_, Some(preview)) => Some(preview),
            _ => None,
        }
    }
}

/// How far the look at all sources is.
#[derive(Clone, Debug, Default)]
pub enum Surveyed {
    /// Nobody looked.
    #[default]
    Nothing,
    /// A job is at it: what it knows so far, and what was known before.
    Asking(JobId, Latest<Survey>, Option<Arc<Survey>>),
    /// This.
    Known(Arc<Survey>),
}

impl Surveyed {
    /// What there is to show; while a job runs what it knows so far, and before it knows anything what was known a moment ago.
    pub fn shown(&self) -> Option<Arc<Survey>> {
        match self {
            Self::Nothing => None,
            Self::Asking(_, feed, before) => feed.get().or_else(|| before.clone()),
            Self::Known(survey) => Some(survey.clone()),
        }
    }

    /// The names of columns, which do not vanish while they are looked for again.
    pub fn columns(&self) -> Option<Arc<Survey>> {
        match self {
            Self::Asking(_, _, Some(before)) => Some(before.clone()),
            other => other.shown(),
        }
    }
}

impl ConvertPanel {
    /// Whether results go into one ZIP.
    pub fn into_zip(&self) -> bool {
        matches!(self.recipe.into, Destination::Zip(_))
    }

    /// The folder in which a result is, if there is one.
    pub fn results_folder(&self) -> Option<PathBuf> {
        let written = |outcome: &Arc<Outcome>| match &**outcome {
            Outcome::Written(written) => written.path.parent().map(PathBuf::from),
            _ => None,
        };
        let folder = self.outcomes.iter().flatten().find_map(written)?;
        // A path without a folder is one in the folder of the program.
        Some(if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder })
    }

    /// What a source is, by what is known without reading it.
    pub fn format_of(source: &Source) -> Option<Format> {
        source.from.or_else(|| Format::from_name(&source.name))
    }

    /// What all sources are, where they are one thing.
    pub fn from(&self) -> Option<Format> {
        let mut formats = self.sources.iter().map(Self::format_of);
        let first = formats.next()??;
        formats.all(|format| format == Some(first)).then_some(first)
    }

    /// The formats that at least one of the sources can become.
    pub fn targets(&self) -> Vec<Format> {
        let reach = |source: &Source| targets(Self::format_of(source).unwrap_or(Format::Bytes));
        let reached: std::collections::HashSet<Format> = self.sources.iter().flat_map(reach).collect();
        let any = reached.is_empty();
        Format::all().filter(|to| to.info().writes && (any || reached.contains(to))).collect()
    }

    /// What became of each source, while it runs and afterwards.
    pub fn outcomes(&self) -> Outcomes {
        let mut outcomes = self.outcomes.clone();
        if let Some((_, feed)) = &self.running
            && let Some(now) = feed.get()
        {
            for (place, outcome) in self.about.iter().zip(now.iter()) {
                if let (Some(old), Some(new)) = (outcomes.get_mut(*place), outcome) {
                    *old = Some(new.clone());
                }
            }
        }
        outcomes
    }

    /// Why none of the sources can be converted with the choices as they are; `None` where one of them can, or nobody knows yet.
    pub fn impossible(&self) -> Option<String> {
        if let [_] = self.sources.as_slice() {
            // One alone is told by its preview.
            return match &self.preview {
                Previewed::Impossible(why) => Some(format!("This one cannot be converted: {why}")),
                _ => None,
            };
        }
        let Surveyed::Known(survey) = &self.survey else { return None };
        let all = self.sources.len();
        if all == 0 || survey.of != all || survey.impossible.len() < all {
            return None;
        }
        let (_, first) = survey.impossible.first()?;
        let same = survey.impossible.iter().all(|(_, why)| why == first);
        let why = if same { first.as_str() } else { "each row of the list tells why" };
        Some(format!("None of the {} can be converted: {why}", count(all as u64, "source")))
    }

    /// Whether a conversion runs.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// The sources that failed the last time, or were stopped.
    pub fn failed(&self) -> Vec<usize> {
        let failed = |outcome: &Option<Arc<Outcome>>| {
            outcome.as_deref().is_some_and(|outcome| matches!(outcome, Outcome::Failed(_) | Outcome::Cancelled))
        };
        (0..self.outcomes.len()).filter(|&index| failed(&self.outcomes[index])).collect()
    }
}

/// What came of a conversion.
pub type Converted = Result<Vec<Arc<Outcome>>, ConvertError>;

/// A recipe as it is kept between two starts: the words of the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptRecipe {
    /// The target's word.
    pub to: String,
    /// What is said beyond the usual: words, and their values.
    pub said: Vec<(String, String)>,
}

/// What the panel remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConvertSettings {
    /// The recipe used last, for each kind of source.
    pub recipes: BTreeMap<String, KeptRecipe>,
    /// The folder that results went to last; none is beside the sources.
    pub folder: Option<PathBuf>,
}

fn kind_word(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Picture) => "picture",
        Some(Kind::Table) => "table",
        Some(Kind::Json) => "json",
        Some(Kind::Text) => "text",
        Some(Kind::Encoded) => "encoded",
        Some(Kind::Bytes) => "bytes",
        None => "mixed",
    }
}

impl ConvertSettings {
    /// The recipe for sources of a kind: that of the last time, or one for `to`.
    pub(super) fn recipe(&self, from: Option<Format>, targets: &[Format], to: Option<Format>) -> Recipe {
        let kept = self.recipes.get(kind_word(from.map(Format::kind)));
        let usual = || targets.iter().copied().find(|&to| Some(to) != from).or(targets.first().copied());
        let last = kept.and_then(|kept| Format::from_id(&kept.to)).filter(|to| targets.contains(to));
        let mut recipe = Recipe::new(to.or(last).or_else(usual).unwrap_or(Format::Bytes));
        recipe.existing = OnExisting::Rename;
        recipe.options.picture.operations.dither = true;
        for (flag, value) in kept.iter().flat_map(|kept| &kept.said) {
            // What an older or newer program kept and this one does not know is left out.
            words::say(&mut recipe, flag, value).ok();
        }
        recipe.into = self.folder.clone().map_or(Destination::Beside, Destination::Folder);
        recipe
    }

    /// Keeps a recipe that was used. What belongs to one picture or one table alone is not kept.
    pub(super) fn keep(&mut self, from: Option<Format>, recipe: &Recipe) {
        const ONCE: [&str; 4] = ["crop", "frame", "fields", "extras"];
        let said = words::words(recipe).into_iter().filter(|(flag, _)| !ONCE.contains(flag));
        let said = said.map(|(flag, value)| (flag.to_owned(), value.unwrap_or_default())).collect();
        let kept = KeptRecipe { to: recipe.to.info().id.to_owned(), said };
        self.recipes.insert(kind_word(from.map(Format::kind)).to_owned(), kept);
        self.folder = match &recipe.into {
            Destination::Beside => None,
            Destination::Folder(folder) => Some(folder.clone()),
            Destination::Zip(path) | Destination::File(path) => path.parent().map(PathBuf::from),
        };
    }
}
