//! The digests of a document or its selection: what was calculated, of what, and when it is calculated again.

use std::sync::Arc;

use super::{AppState, Effect, Job, OpenDocument};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::document::{Data, DocumentId};
use crate::explore::hash::{self, Algorithm, Crc, Digest, HashError};
use crate::stream::codec;
use crate::tasks::Progress;

/// Units up to which digests follow every change by themselves; of more they are calculated when somebody asks.
pub const LIVE_UNITS: u64 = 32 << 20;

/// What digests are of.
#[derive(Clone, Debug, PartialEq)]
pub struct HashKey {
    /// The content.
    pub revision: u64,
    /// The first unit, and the place behind the last one.
    pub range: (u64, u64),
    /// The functions.
    pub algorithms: Vec<Algorithm>,
}

/// Digests, or why there are none.
pub type HashResult = Arc<Result<Vec<Digest>, String>>;

/// The digests of a document.
#[derive(Clone, Debug, Default)]
pub struct HashState {
    /// What was calculated last, and what it is of.
    pub result: Option<(HashKey, HashResult)>,
    /// All of the document is wanted, though a part is selected.
    pub whole: bool,
    /// What the user stopped: it does not begin again by itself.
    pub stopped: Option<HashKey>,
}

/// Something in the pane of digests.
#[derive(Clone, Debug, PartialEq)]
pub enum HashCommand {
    /// Calculate what is shown, where it is not calculated already.
    Calculate,
    /// Stop calculating.
    Stop,
    /// Calculate a function too, or no more.
    Choose(Algorithm, bool),
    /// Calculate the digests of the whole document, or of the selection.
    Whole(bool),
}

impl OpenDocument {
    /// What the digests are to be of: the selection where there is one and it is wanted, or everything.
    pub fn hash_range(&self) -> (u64, u64) {
        match self.document.selection() {
            Some(selection) if !self.hashes.whole => {
                let size = self.document.size();
                (selection.start().min(size), selection.end().min(size))
            }
            _ => (0, self.document.size()),
        }
    }
}

impl AppState {
    /// The functions that are calculated, in the order in which they are shown.
    pub fn hash_algorithms(&self) -> Vec<Algorithm> {
        let chosen: Vec<Algorithm> = self.settings.hashes.iter().filter_map(|id| Algorithm::named(id).ok()).collect();
        let (common, other): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|one| Algorithm::COMMON.contains(one));
        Algorithm::COMMON.into_iter().filter(|one| common.contains(one)).chain(other).collect()
    }

    /// What the digests of a document are to be of now.
    pub fn hash_key(&self, open: &OpenDocument) -> HashKey {
        HashKey { revision: open.document.revision(), range: open.hash_range(), algorithms: self.hash_algorithms() }
    }

    /// Whether digests of this document are being calculated, and of what.
    pub fn hashing(&self, id: DocumentId) -> Option<&HashKey> {
        self.jobs.iter().find_map(|running| match &running.job {
            Job::Hash { document, key, .. } if *document == id && !running.cancelling => Some(key),
            _ => None,
        })
    }

    pub(super) fn hash_command(&mut self, command: HashCommand, effects: &mut Vec<Effect>) {
        match command {
            HashCommand::Calculate => self.calculate_hashes(effects),
            HashCommand::Stop => {
                if let Some(id) = self.active {
                    self.stop_hashing(id, effects);
                }
            }
            HashCommand::Choose(algorithm, wanted) => {
                let id = algorithm.id();
                self.settings.hashes.retain(|kept| *kept != id && Algorithm::named(kept) != Ok(algorithm));
                if wanted {
                    self.settings.hashes.push(id);
                }
                self.keep_settings(effects);
            }
            HashCommand::Whole(whole) => {
                if let Some(open) = self.active_mut() {
                    open.hashes.whole = whole;
                }
            }
        }
    }

    fn calculate_hashes(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let (id, key) = (open.document.id(), self.hash_key(open));
        if self.hashing(id) == Some(&key) || key.algorithms.is_empty() {
            return;
        }
        let (start, end) = key.range;
        let input = match (open.document.as_bytes(), open.document.as_text()) {
            (Some(bytes), _) => Data::Bytes(bytes.slice(ByteRange::between(Offset(start), Offset(end)))),
            (None, Some(text)) => Data::Text(text.slice(start, end)),
            (None, None) => Data::Bytes(Buffer::new()),
        };
        let name = open.document.name().to_owned();
        // What is calculated of an earlier moment is of no use any more.
        self.stop_hashing(id, effects);
        if let Some(open) = self.document_mut(id) {
            open.hashes.stopped = None;
        }
        self.start(Job::Hash { document: id, name, key, input }, effects);
    }

    fn stop_hashing(&mut self, id: DocumentId, effects: &mut Vec<Effect>) {
        let of = |job: &Job| matches!(job, Job::Hash { document, .. } if *document == id);
        let running: Vec<_> =
            self.jobs.iter().filter(|running| of(&running.job) && !running.cancelling).map(|running| running.id).collect();
        for job in running {
            self.cancel_job(job, effects);
        }
    }

    pub(super) fn hashed(&mut self, document: DocumentId, key: HashKey, result: Result<Vec<Digest>, HashError>) {
        let Some(open) = self.document_mut(document) else { return };
        match result {
            Err(HashError::Cancelled(_)) => open.hashes.stopped = Some(key),
            result => open.hashes.result = Some((key, Arc::new(result.map_err(|error| error.to_string())))),
        }
    }
}

/// The digests of bytes, or of a text in UTF-8 as its file would be.
pub(super) fn calculate(input: &Data, algorithms: &[Algorithm], progress: &Progress) -> Result<Vec<Digest>, HashError> {
    let bytes = match input {
        Data::Bytes(bytes) => bytes.clone(),
        // Lone surrogates are the one thing that UTF-8 has no place for.
        Data::Text(text) => codec::encode(text, "utf-8", "surrogatepass").unwrap_or_default(),
    };
    hash::digests(&bytes, ByteRange::new(Offset::ZERO, bytes.len()), algorithms, progress)
}

/// Reads what was typed to add a function: a name, or the parameters of a CRC. The error says what is wrong.
pub fn parse_algorithm(text: &str) -> Result<Algorithm, String> {
    if text.contains('=') {
        let parameters = text.trim();
        return Crc::parse(parameters.strip_prefix("crc:").unwrap_or(parameters)).map(Algorithm::Crc);
    }
    Algorithm::named(text)
}
