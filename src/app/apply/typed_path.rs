//! Paths that are typed, where there is no native dialog.

use std::path::PathBuf;

use crate::app::state::Asking;
use crate::app::{AppState, Dialog, Effect, Job, PathPurpose};

impl AppState {
    /// A native dialog is not to be had: what is waiting for a path waits behind the dialog for a typed one.
    pub(in crate::app) fn ask_for_path(&mut self, asking: Asking, reason: String) {
        let (saved_as, name) = std::mem::take(&mut self.asked_name);
        let (purpose, title) = match &asking {
            Asking::Open => (PathPurpose::Open, "Open files".to_owned()),
            Asking::Sources => (PathPurpose::Open, "Add files".to_owned()),
            Asking::Script => (PathPurpose::Open, "Run a script".to_owned()),
            Asking::Lesson => (PathPurpose::Open, "Open a lesson".to_owned()),
            Asking::Recipe => (PathPurpose::Open, "Open the recipe of a report".to_owned()),
            Asking::Bookmarks(_) => (PathPurpose::Open, "Import bookmarks".to_owned()),
            Asking::Compare(_) => (PathPurpose::Open, "Compare with a file".to_owned()),
            Asking::Insert(_) => (PathPurpose::Open, "Insert a file".to_owned()),
            Asking::Results if self.results_in_zip() => (PathPurpose::Save, saved_as),
            Asking::Results => (PathPurpose::Folder, "Results into a folder".to_owned()),
            Asking::Extract(..) => (PathPurpose::Folder, "Extract into a folder".to_owned()),
            Asking::Save(_) => (PathPurpose::Save, saved_as),
        };
        let folder = self.settings.folder.as_ref().map(|folder| format!("{}/", folder.display())).unwrap_or_default();
        let text = if purpose == PathPurpose::Save { folder + &name } else { folder };
        self.dialog = Some(Dialog::TypedPath { purpose, title, text, reason, error: None });
        self.waiting_path = Some(asking);
    }

    /// What is typed is looked at on the disk by a job: whether there is such a file, or such a folder to save into.
    pub(in crate::app) fn check_typed_path(&mut self, effects: &mut Vec<Effect>) {
        let Some(Dialog::TypedPath { purpose, text, .. }) = &self.dialog else { return };
        let (paths, saves) = (typed_paths(text), *purpose == PathPurpose::Save);
        // A path that is not ended yet leads nowhere yet.
        if !paths.is_empty() && !text.ends_with('/') && *purpose != PathPurpose::Folder {
            self.start(Job::LookAtPaths { paths, saves }, effects);
        }
    }

    /// What was found out about the paths that are typed, if they are typed still.
    pub(in crate::app) fn typed_path_known(&mut self, paths: &[PathBuf], wrong: Option<String>) {
        if let Some(Dialog::TypedPath { text, error, .. }) = &mut self.dialog
            && typed_paths(text) == paths
        {
            *error = wrong;
        }
    }

    pub(in crate::app) fn accept_path(&mut self, purpose: PathPurpose, text: &str, reason: String, effects: &mut Vec<Effect>) {
        let typed = typed_paths(text);
        let waiting = self.waiting_path.take();
        match (typed.as_slice(), purpose, waiting) {
            ([_, ..], PathPurpose::Open, Some(Asking::Insert(document))) => {
                self.insert_file(document, typed.into_iter().next(), effects);
            }
            ([_, ..], PathPurpose::Open, Some(Asking::Sources)) => self.sources_named(typed, effects),
            ([_, ..], PathPurpose::Open, Some(Asking::Script)) => self.read_script(typed.into_iter().next(), effects),
            ([_, ..], PathPurpose::Open, Some(Asking::Lesson)) => self.open_lesson(typed.into_iter().next(), effects),
            ([_, ..], PathPurpose::Open, Some(Asking::Recipe)) => self.read_recipe(typed.into_iter().next(), effects),
            ([_, ..], PathPurpose::Open, Some(Asking::Bookmarks(id))) => {
                self.read_bookmarks(id, typed.into_iter().next(), effects);
            }
            ([_, ..], PathPurpose::Open, Some(Asking::Compare(id))) => {
                self.compare_with_file(id, typed.into_iter().next(), effects);
            }
            ([folder], PathPurpose::Folder, Some(Asking::Extract(archive, members))) => {
                self.ask_extract(archive, members, folder.clone());
            }
            ([place], PathPurpose::Folder | PathPurpose::Save, Some(Asking::Results)) => {
                self.results_go_to(place.clone(), effects);
            }
            (paths, PathPurpose::Open, _) if !paths.is_empty() => self.open_paths(typed, effects),
            ([path], PathPurpose::Save, Some(Asking::Save(save)))
                if path.file_name().is_some() && !text.trim_end().ends_with('/') =>
            {
                self.save_to(save, path.clone(), false, effects);
            }
            (_, purpose, waiting) => {
                let title = match &waiting {
                    Some(Asking::Save(_)) => "Save to a file",
                    Some(Asking::Extract(..)) => "Extract into a folder",
                    Some(Asking::Results) => "Where the results go",
                    _ => "Open files",
                };
                self.waiting_path = waiting;
                let error = Some("Type the whole path of a file".to_owned());
                self.dialog = Some(Dialog::TypedPath { purpose, title: title.into(), text: text.to_owned(), reason, error });
            }
        }
    }
}

/// The paths in a text, one a line. A path that begins anew inside of a line counts from there on, so that a whole path can be
/// typed behind the folder that is proposed: `/home/me//tmp/a.png` is `/tmp/a.png`. `~` is the user's folder.
fn typed_paths(text: &str) -> Vec<PathBuf> {
    let meant = |line: &str| {
        let anew = [line.rfind("//"), line.rfind("/~/")].into_iter().flatten().max();
        from_home(line.get(anew.map_or(0, |at| at + 1)..).unwrap_or_default())
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(meant).collect()
}

/// `~/` is the home folder, as in a shell.
fn from_home(text: &str) -> PathBuf {
    match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_path_behind_the_proposed_folder_is_meant() {
        let one = |text: &str| typed_paths(text).first().cloned();
        assert_eq!(one("/home/me/a.png"), Some("/home/me/a.png".into()));
        assert_eq!(one("/home/me//tmp/a.png"), Some("/tmp/a.png".into()));
        assert_eq!(one("a.png "), Some("a.png".into()));
        assert_eq!(one("  "), None);
        assert_eq!(typed_paths("/a\n\n/x//b/c"), [PathBuf::from("/a"), "/b/c".into()]);
        let home = one("/tmp/~/a.png").unwrap_or_default();
        assert!(home.ends_with("a.png") && !home.starts_with("/tmp/~"), "{home:?}");
    }
}
