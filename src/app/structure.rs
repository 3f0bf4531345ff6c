//! The parts of the container that a document is: what was read of them, and how their tree is shown.

use std::collections::HashSet;
use std::sync::Arc;

use super::bytes_view::ByteColors;
use super::{AppState, Effect, Job, PaneKind};
use crate::buffer::Buffer;
use crate::document::DocumentId;
use crate::formats::FormatError;
use crate::formats::structure::{self, NodeId, Structure};
use crate::tasks::Progress;

/// The parts of a document.
#[derive(Clone, Debug, Default)]
pub struct StructureState {
    /// What was read last, and of which revision.
    pub read: Option<(u64, StructureRead)>,
    /// Nodes whose parts are shown.
    pub open: HashSet<NodeId>,
    /// Counts the changes of what is shown, for the caches of views.
    pub shown: u64,
}

/// What came of looking for parts.
#[derive(Clone, Debug)]
pub enum StructureRead {
    /// The tree.
    Tree(Arc<Structure>),
    /// The content is no container that is known.
    None,
    /// It could not be read, or the user stopped it; why.
    Failed(String),
}

/// Something in the pane of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructureCommand {
    /// Show or hide the parts of a node.
    Toggle(NodeId),
    /// Show the parts of every node, or of none but the root.
    OpenAll(bool),
    /// Read the next parts of a list that is cut.
    More(NodeId),
    /// Colour the bytes by the parts that they belong to, or not.
    Colors(bool),
}

impl StructureState {
    /// The tree, where there is one.
    pub fn tree(&self) -> Option<&Arc<Structure>> {
        match &self.read {
            Some((_, StructureRead::Tree(tree))) => Some(tree),
            _ => None,
        }
    }
}

impl AppState {
    /// Whether the parts of this document are being read.
    pub fn is_reading_structure(&self, id: DocumentId) -> bool {
        self.jobs.iter().any(|running| matches!(running.job, Job::Structure { document, .. } if document == id))
    }

    /// The tree that the bytes of a document are coloured by, where they are.
    pub fn structure_colors(&self, open: &super::OpenDocument) -> Option<Arc<Structure>> {
        self.settings.hex.by_structure().then(|| open.structure.tree().cloned()).flatten()
    }

    pub(super) fn structure_command(&mut self, command: StructureCommand, effects: &mut Vec<Effect>) {
        if let StructureCommand::Colors(colors) = command {
            self.settings.hex.colors = if colors { ByteColors::Structure } else { ByteColors::default() };
            self.keep_settings(effects);
            return;
        }
        let Some(open) = self.active_mut() else { return };
        let id = open.document.id();
        let shown = &mut open.structure;
        shown.shown += 1;
        match command {
            StructureCommand::Toggle(node) => {
                if !shown.open.remove(&node) {
                    shown.open.insert(node);
                }
            }
            StructureCommand::OpenAll(all) => {
                shown.open = HashSet::from([0]);
                if let (true, Some(tree)) = (all, shown.tree().cloned()) {
                    shown.open.extend((0..).zip(tree.nodes()).filter(|(_, node)| !node.children.is_empty()).map(|(id, _)| id));
                }
            }
            StructureCommand::More(node) => {
                let Some((revision, StructureRead::Tree(tree))) = &shown.read else { return };
                let (revision, tree) = (*revision, Arc::clone(tree));
                if revision != open.document.revision() || self.is_reading_structure(id) {
                    return;
                }
                let Some(open) = self.active() else { return };
                let (name, input) = (open.document.name().to_owned(), open.document.snapshot());
                self.start(Job::Structure { document: id, revision, name, input, more: Some((tree, node)) }, effects);
            }
            StructureCommand::Colors(_) => {}
        }
    }

    /// Reads the parts of the document in front, where they are shown and the content has changed since they were read. One
    /// reading at a time.
    pub(super) fn refresh_structure(&mut self, effects: &mut Vec<Effect>) {
        if !self.settings.panes.contains(&PaneKind::Structure) && !self.settings.hex.by_structure() {
            return;
        }
        let Some(open) = self.active() else { return };
        let (document, revision) = (open.document.id(), open.document.revision());
        let known = open.structure.read.as_ref().is_some_and(|(read, _)| *read == revision);
        let Some(input) = open.document.as_bytes() else { return };
        if known || self.is_reading_structure(document) {
            return;
        }
        let (name, input) = (open.document.name().to_owned(), input.clone());
        self.start(Job::Structure { document, revision, name, input, more: None }, effects);
    }

    pub(super) fn structure_known(
        &mut self,
        document: DocumentId,
        revision: u64,
        more: bool,
        result: Result<Option<Structure>, FormatError>,
    ) {
        let Some(open) = self.document_mut(document) else { return };
        let state = &mut open.structure;
        let read = match result {
            // What is shown stays: the list is only as long as it was.
            Ok(None) | Err(_) if more => return,
            Ok(Some(tree)) => StructureRead::Tree(Arc::new(tree)),
            Ok(None) => StructureRead::None,
            Err(FormatError::Cancelled(_)) => StructureRead::Failed("Reading the parts was stopped".into()),
            Err(error) => StructureRead::Failed(error.to_string()),
        };
        // After an edit that moved nothing in the tree it looks as it did.
        let same = matches!((state.tree(), &read), (Some(old), StructureRead::Tree(new))
            if more || (old.kind(), old.nodes().len()) == (new.kind(), new.nodes().len()));
        if !same {
            state.open = HashSet::from([0]);
        }
        state.shown += 1;
        state.read = Some((revision, read));
    }
}

/// Reads the parts of a container, or the next ones of a list of them.
pub(super) fn read(
    input: &Buffer,
    more: Option<&(Arc<Structure>, NodeId)>,
    progress: &Progress,
) -> Result<Option<Structure>, FormatError> {
    match more {
        Some((tree, node)) => tree.expand(*node, input, progress),
        None => structure::read(input, progress),
    }
}
