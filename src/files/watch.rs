//! Watching files that are open: whoever asks is woken when one of them became another one, and only then.
//!
//! The system tells what happens in the folders of the files (`notify`). Where it does not, because it cannot watch a folder or
//! because the file is on another machine, whose changes it does not see, the file is looked at every two seconds. Either way only
//! what the system says about the file itself counts: when that is not what it was, the path is told of once, and not looked at
//! again until it is asked for anew.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::{Config, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::Identity;
use super::stat::Stat;

/// How often a file is looked at that the system tells nothing about.
const PAUSE: Duration = Duration::from_secs(2);

/// What tells at a glance whether a file became another one; cheap to take, unlike an [`Identity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp(Option<(u64, u64, u64, i128)>);

impl Stamp {
    /// What is at a path now; nothing is a stamp too. Follows links.
    pub fn now(path: &Path) -> Self {
        let stat = std::fs::metadata(path).ok().map(|metadata| Stat::from_metadata(&metadata));
        Self(stat.map(|stat| (stat.dev, stat.ino, stat.len, stat.mtime_ns)))
    }

    /// Whether there is nothing.
    pub fn is_gone(self) -> bool {
        self.0.is_none()
    }
}

impl From<&Identity> for Stamp {
    fn from(identity: &Identity) -> Self {
        Self(Some((identity.dev, identity.ino, identity.len.0, identity.mtime_ns)))
    }
}

/// A file to watch, and what it was when it was last looked at: a change that happened since then is told of at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedFile {
    /// Its path, as the document has it.
    pub path: PathBuf,
    /// What it was.
    pub stamp: Stamp,
}

/// Watches files. Nothing it does blocks or fails: where nothing can be watched, nothing is told.
pub struct FileWatcher {
    shared: Arc<Shared>,
    system: Option<RecommendedWatcher>,
    poll: Option<PollWatcher>,
    /// The folders that the system watches, and the files that are polled.
    folders: HashSet<PathBuf>,
    polled: HashSet<PathBuf>,
}

struct Shared {
    state: Mutex<State>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct State {
    /// Watched files by every path that an event may name them with.
    files: HashMap<PathBuf, WatchedFile>,
    changed: Vec<PathBuf>,
}

impl std::fmt::Debug for FileWatcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileWatcher").field("folders", &self.folders).field("polled", &self.polled).finish_non_exhaustive()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something happened at a path; what matters is what is there now.
    fn look(&self, path: &Path) {
        let mut state = self.state();
        let Some(file) = state.files.get(path) else { return };
        if Stamp::now(&file.path) == file.stamp {
            return;
        }
        let path = file.path.clone();
        state.files.retain(|_, file| file.path != path);
        state.changed.push(path);
        drop(state);
        (self.wake)();
    }

    fn event(&self, event: notify::Result<notify::Event>) {
        match event {
            Ok(event) if matches!(event.kind, notify::EventKind::Access(_)) => {}
            Ok(event) if !event.need_rescan() => event.paths.iter().for_each(|path| self.look(path)),
            // Events were lost: everything is looked at.
            _ => {
                let all: Vec<PathBuf> = self.state().files.keys().cloned().collect();
                all.iter().for_each(|path| self.look(path));
            }
        }
    }
}

impl FileWatcher {
    /// Watches nothing yet. `wake` is called from another thread when [`FileWatcher::take`] has something.
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let shared = Arc::new(Shared { state: Mutex::default(), wake });
        Self { shared, system: None, poll: None, folders: HashSet::new(), polled: HashSet::new() }
    }

    /// Watches these files from now on, and no others.
    pub fn set(&mut self, files: &[WatchedFile]) {
        let (mut by_path, mut folders, mut polled) = (HashMap::new(), HashSet::new(), HashSet::new());
        for file in files {
            let given = std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone());
            // A link's folder sees the link replaced, the folder of what it leads to sees that written.
            let real = std::fs::canonicalize(&file.path).unwrap_or_else(|_| given.clone());
            for path in [given, real] {
                let Some(folder) = path.parent().map(Path::to_path_buf) else { continue };
                if is_remote(&folder) || !self.watch_folder(&folder) {
                    self.watch_polled(&path);
                    polled.insert(path.clone());
                } else {
                    folders.insert(folder);
                }
                by_path.insert(path, file.clone());
            }
        }
        if let Some(system) = &mut self.system {
            self.folders.difference(&folders).for_each(|folder| _ = system.unwatch(folder));
        }
        if let Some(poll) = &mut self.poll {
            self.polled.difference(&polled).for_each(|path| _ = poll.unwatch(path));
        }
        (self.folders, self.polled) = (folders, polled);
        let paths: Vec<PathBuf> = by_path.keys().cloned().collect();
        self.shared.state().files = by_path;
        // What happened between the stamp and now.
        paths.iter().for_each(|path| self.shared.look(path));
    }

    fn watch_folder(&mut self, folder: &Path) -> bool {
        if self.folders.contains(folder) {
            return true;
        }
        if self.system.is_none() {
            let shared = Arc::clone(&self.shared);
            self.system = notify::recommended_watcher(move |event| shared.event(event)).ok();
        }
        let Some(system) = &mut self.system else { return false };
        let watched = system.watch(folder, RecursiveMode::NonRecursive).is_ok();
        if watched {
            self.folders.insert(folder.to_path_buf());
        }
        watched
    }

    fn watch_polled(&mut self, path: &Path) {
        if !self.polled.insert(path.to_path_buf()) {
            return;
        }
        if self.poll.is_none() {
            let shared = Arc::clone(&self.shared);
            self.poll = PollWatcher::new(move |event| shared.event(event), Config::default().with_poll_interval(PAUSE)).ok();
        }
        if let Some(poll) = &mut self.poll {
            poll.watch(path, RecursiveMode::NonRecursive).ok();
        }
    }

    /// The files that became other ones since the last call; none of them is watched any more.
    pub fn take(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.shared.state().changed)
    }
}

/// Whether a folder is on a file system whose changes come from elsewhere.
#[cfg(target_os = "linux")]
fn is_remote(folder: &Path) -> bool {
    // NFS, SMB in three shapes, AFS, Coda, Ceph, 9P, FUSE: see `statfs(2)`.
    const REMOTE: [u32; 9] =
        [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x5346_414F, 0x7375_7245, 0x00C3_6400, 0x0102_1997, 0x6573_5546];
    rustix::fs::statfs(folder).is_ok_and(|found| REMOTE.contains(&(found.f_type as u32)))
}

/// Whether a folder is on a file system whose changes come from elsewhere: not told by this system.
#[cfg(not(target_os = "linux"))]
fn is_remote(_folder: &Path) -> bool {
    false
}
