//! What tells a file from its later self.

use std::io;

use sha2::{Digest, Sha256};

use super::stat::Stat;
use crate::buffer::Len;

/// How many bytes at each end of a file its [`Identity`] looks at.
pub(super) const EDGE: usize = 64 * 1024;

/// What tells a file from its later self: device, inode, size, times, and a hash of its first and last 64 KiB.
///
/// Compare with [`unchanged`](super::unchanged), not with `==`: a change of the permissions alone, for instance, makes two
/// identities differ that mean the same content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Size in bytes.
    pub len: Len,
    /// The device (file system) it is on; 0 where the system has no such number.
    pub dev: u64,
    /// Its number on that device; 0 where the system has no such number.
    pub ino: u64,
    /// When its content was last written, in nanoseconds since 1970.
    pub mtime_ns: i128,
    /// When it was last touched in any way, in nanoseconds since 1970; 0 where the system does not tell.
    pub ctime_ns: i128,
    /// The first 8 bytes of the SHA-256 of its first and last 64 KiB.
    pub edges: u64,
    /// Mode, owner, group and number of links in one number: what changes `ctime_ns` for a harmless reason.
    pub(super) outside: u64,
}

impl Identity {
    /// From what the system says about an open file, and its edges, which `read` fetches (position, buffer; short only at
    /// the end).
    pub(super) fn of(stat: &Stat, read: &mut dyn FnMut(u64, &mut [u8]) -> io::Result<usize>) -> io::Result<Self> {
        let edges = hash_edges(stat.len, read)?;
        Ok(Self::with_edges(stat, edges.hash))
    }

    pub(super) fn with_edges(stat: &Stat, edges: u64) -> Self {
        let Stat { len, dev, ino, mtime_ns, ctime_ns, .. } = *stat;
        Self { len: Len(len), dev, ino, mtime_ns, ctime_ns, edges, outside: stat.outside() }
    }

    /// Whether `now` is still the same file with the same content, as far as can be told without reading all of it.
    ///
    /// Everything must be equal, except that the time of the last touch may differ where permissions, owner or number of
    /// links differ too, for that explains it. A touch that nothing explains counts as a change: that is what a rewrite looks
    /// like which put the old time back.
    pub(super) fn is_still(&self, now: &Self) -> bool {
        let content = |one: &Self| (one.len, one.dev, one.ino, one.mtime_ns, one.edges);
        content(self) == content(now) && (self.ctime_ns == now.ctime_ns || self.outside != now.outside)
    }
}

/// What [`hash_edges`] found.
pub(super) struct Edges {
    /// The first 8 bytes of the SHA-256.
    pub(super) hash: u64,
    /// There was less to read than the size promised.
    pub(super) short: bool,
}

/// Hashes the first and last [`EDGE`] bytes of a file of `len` bytes, or what there is of them.
pub(super) fn hash_edges(len: u64, read: &mut dyn FnMut(u64, &mut [u8]) -> io::Result<usize>) -> io::Result<Edges> {
    let mut hash = Sha256::new();
    let mut block = vec![0; EDGE];
    let mut short = false;
    let tail = len.saturating_sub(EDGE as u64).max(EDGE as u64);
    for (start, end) in [(0, len.min(EDGE as u64)), (tail, len)] {
        // Both ends lie within one EDGE of each other, so the difference fits.
        let part = &mut block[..end.saturating_sub(start) as usize];
        if part.is_empty() {
            continue;
        }
        let got = read(start, part)?;
        short |= got < part.len();
        hash.update(&part[..got]);
    }
    let digest = hash.finalize();
    Ok(Edges { hash: digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)), short })
}
