//! Blocks of files in memory, within a budget that all open files share.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// Which block of which source: the source's number and the block's.
type Key = (u64, u64);

struct Block {
    bytes: Arc<Vec<u8>>,
    /// Asked for since the hand last passed.
    used: bool,
}

#[derive(Default)]
struct Inside {
    blocks: HashMap<Key, Block>,
    /// The clock's face: every key that was put in, in order; may name blocks that are gone.
    clock: VecDeque<Key>,
    bytes: usize,
}

/// Blocks by (source, number). Full, it gives up the blocks that nobody asked for since the hand of its clock came by.
pub(super) struct BlockCache {
    inside: Mutex<Inside>,
    budget: usize,
}

impl std::fmt::Debug for BlockCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BlockCache({} of {} bytes)", self.lock().bytes, self.budget)
    }
}

impl BlockCache {
    /// Bytes in a block.
    pub(super) const BLOCK: usize = 64 * 1024;

    /// What all files of the process may hold together. Small, since the system caches files too: this spares calls, not disks.
    const SHARED_BUDGET: usize = 16 * 1024 * 1024;

    pub(super) fn new(budget: usize) -> Self {
        Self { inside: Mutex::default(), budget }
    }

    /// The one of the process.
    pub(super) fn shared() -> Arc<Self> {
        static SHARED: LazyLock<Arc<BlockCache>> = LazyLock::new(|| Arc::new(BlockCache::new(BlockCache::SHARED_BUDGET)));
        Arc::clone(&SHARED)
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, key: Key) -> Option<Arc<Vec<u8>>> {
        let mut inside = self.lock();
        let block = inside.blocks.get_mut(&key)?;
        block.used = true;
        Some(Arc::clone(&block.bytes))
    }

    pub(super) fn put(&self, key: Key, bytes: Arc<Vec<u8>>) {
        let mut inside = self.lock();
        let inside = &mut *inside;
        let size = bytes.len();
        if let Some(old) = inside.blocks.insert(key, Block { bytes, used: false }) {
            inside.bytes -= old.bytes.len();
        } else {
            inside.clock.push_back(key);
        }
        inside.bytes += size;
        while inside.bytes > self.budget {
            let Some(oldest) = inside.clock.pop_front() else { break };
            let Some(block) = inside.blocks.get_mut(&oldest) else { continue };
            // The newest block goes last, whatever the budget.
            if block.used || (oldest == key && !inside.clock.is_empty()) {
                block.used = false;
                inside.clock.push_back(oldest);
            } else if let Some(block) = inside.blocks.remove(&oldest) {
                inside.bytes -= block.bytes.len();
            }
        }
    }

    /// Lets go of everything of one source.
    pub(super) fn forget(&self, source: u64) {
        let mut inside = self.lock();
        let inside = &mut *inside;
        let mut freed = 0;
        inside.blocks.retain(|key, block| {
            let keep = key.0 != source;
            freed += if keep { 0 } else { block.bytes.len() };
            keep
        });
        inside.clock.retain(|key| key.0 != source);
        inside.bytes -= freed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_its_budget_and_keeps_what_is_used() {
        let cache = BlockCache::new(4 * 100);
        cache.put((1, 0), vec![7; 100].into());
        for number in 1..50 {
            assert_eq!(cache.get((1, 0)).as_deref(), Some(&vec![7; 100]), "the used block went at {number}");
            cache.put((1, number), vec![0; 100].into());
            assert!(cache.lock().bytes <= 400);
        }
        assert_eq!(cache.lock().blocks.len(), 4);
        cache.put((2, 0), vec![1; 100].into());
        cache.forget(1);
        assert_eq!(cache.lock().bytes, 100);
        assert_eq!(cache.lock().clock.len(), 1);
        assert!(cache.get((1, 0)).is_none() && cache.get((2, 0)).is_some());
    }

    #[test]
    fn a_block_larger_than_the_budget_is_the_only_one() {
        let cache = BlockCache::new(10);
        cache.put((1, 0), vec![0; 8].into());
        cache.put((1, 1), vec![0; 100].into());
        assert!(cache.get((1, 0)).is_none());
        assert!(cache.lock().blocks.len() <= 1);
    }
}
