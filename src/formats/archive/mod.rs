//! ZIP and tar as a list of members.
//!
//! Names are shown exactly as they stand in the file. One that would leave the folder it is put into, or that means something
//! else than a file there (a device, a link), has a [`Risk`] and is never written under that name. Sizes are claims: what comes
//! out of a member is counted against a budget. Nothing is followed and nothing inside is opened by itself.

mod member;
mod name;
mod pack;
mod packer;
mod tar;
mod unpacked;
mod zip;

use std::io::{self, Write};

pub use member::{Member, What};
pub use name::{Risk, packed_name, safe_path};
pub use pack::{Packed, pack};
pub use packer::Packer;
pub use unpacked::unpacked;

use super::{FormatError, guarded};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::tasks::Progress;

/// The most members that are listed.
pub const MAX_MEMBERS: usize = 1 << 20;

/// Bytes of the whole an extraction may make if nobody says more.
pub const BUDGET: u64 = 16 << 30;

/// How members are packed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// ZIP.
    Zip,
    /// tar, not packed.
    Tar,
}

impl Kind {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zip => "ZIP",
            Self::Tar => "tar",
        }
    }

    /// What a file of this name is to be: `.zip` or `.tar`.
    pub fn from_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "zip" => Some(Self::Zip),
            "tar" => Some(Self::Tar),
            _ => None,
        }
    }
}

/// An archive failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// It is no ZIP and no tar.
    #[error("this is neither a ZIP nor a tar archive")]
    Unknown,
    /// It is damaged.
    #[error("this is not a valid {} archive: {what}", .kind.name())]
    Malformed {
        /// What it seemed to be.
        kind: Kind,
        /// What is wrong.
        what: String,
    },
    /// There is no such member.
    #[error("there is no member {0:?} in the archive")]
    NoMember(String),
    /// The member has no bytes of its own, or they cannot be had.
    #[error("{what}: {name:?}")]
    Member {
        /// Why.
        what: String,
        /// Its name.
        name: String,
    },
    /// A member makes more bytes than the budget has left.
    #[error("the members make more bytes than the limit of {limit}; a higher one can be set: {name:?}")]
    Budget {
        /// The member at which it ran out.
        name: String,
        /// The limit in bytes.
        limit: u64,
        /// The bytes that the member says it has, which may be wrong.
        says: u64,
    },
    /// Reading, writing, cancelling.
    #[error(transparent)]
    Format(#[from] FormatError),
}

impl From<crate::buffer::ReadError> for ArchiveError {
    fn from(error: crate::buffer::ReadError) -> Self {
        Self::Format(error.into())
    }
}

impl From<crate::tasks::Cancelled> for ArchiveError {
    fn from(error: crate::tasks::Cancelled) -> Self {
        Self::Format(error.into())
    }
}

/// A list of members over a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Archive {
    buffer: Buffer,
    kind: Kind,
    members: Vec<Member>,
    /// What is wrong with the whole, a sentence each.
    pub problems: Vec<String>,
}

impl Archive {
    /// Reads the list.
    ///
    /// # Errors
    /// `Unknown`, `Malformed`, and those of reading.
    pub fn open(buffer: &Buffer, progress: &Progress) -> Result<Self, ArchiveError> {
        let kind = kind_of(buffer)?.ok_or(ArchiveError::Unknown)?;
        let mut problems = Vec::new();
        let mut members = protected(kind, || match kind {
            Kind::Zip => zip::list(buffer, &mut problems, progress),
            Kind::Tar => tar::list(buffer, &mut problems, progress),
        })?;
        let mut seen = std::collections::HashMap::new();
        for member in &mut members {
            member.risk = name::risk(&member.raw_name, member.what);
            let lower = member.name.trim_end_matches('/').to_lowercase();
            if let Some(first) = seen.get(&lower) {
                member.problems.push(format!("another member has the same name but for case: {first:?}"));
            } else {
                seen.insert(lower, member.name.clone());
            }
        }
        Ok(Self { buffer: buffer.clone(), kind, members, problems })
    }

    /// Whether the bytes begin like an archive of this kind.
    ///
    /// # Errors
    /// Those of reading.
    pub fn begins(buffer: &Buffer, kind: Kind) -> Result<bool, crate::buffer::ReadError> {
        let head = buffer.to_vec(ByteRange::new(Offset::ZERO, Len(512)))?;
        Ok(match kind {
            Kind::Zip => head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06"),
            Kind::Tar => tar::is_header(&head),
        })
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its members, in its own order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The member of this name, as [`Member::name`] shows it. Of several the last one, which is what unpacking all would leave.
    ///
    /// # Errors
    /// `NoMember`.
    pub fn find(&self, name: &str) -> Result<&Member, ArchiveError> {
        let found = self.members.iter().rev().find(|member| member.name == name);
        found.ok_or_else(|| ArchiveError::NoMember(name.into()))
    }

    /// Writes the bytes of a member; returns how many. More than `budget` are refused when they come.
    ///
    /// # Errors
    /// `Member` where it is no file, encrypted or damaged, `Budget`, and those of reading and writing.
    pub fn write(&self, member: &Member, budget: u64, out: &mut dyn Write, progress: &Progress) -> Result<u64, ArchiveError> {
        let refuse = |what: &str| Err(ArchiveError::Member { what: what.into(), name: member.name.clone() });
        match member.what {
            What::File if member.encrypted => return refuse("it is encrypted, which is not supported"),
            What::File if !member.supported => {
                return refuse(&format!("it is packed with {}, which is not supported", member.method));
            }
            What::File => {}
            What::Folder => return refuse("it is a folder"),
            What::Link => return refuse("it is a link, which is never followed"),
            What::Other => return refuse("it is no file"),
        }
        let mut out = Budgeted { out, left: budget, done: 0, over: false, failed: None, progress };
        let result = protected(self.kind, || match self.kind {
            Kind::Zip => zip::write(&self.buffer, member, &mut out, progress),
            Kind::Tar => tar::write(&self.buffer, member, &mut out, progress),
        });
        if out.over {
            return Err(ArchiveError::Budget { name: member.name.clone(), limit: budget, says: member.size });
        }
        if let Some(error) = out.failed {
            return Err(FormatError::Write(error).into());
        }
        result.map(|()| out.done)
    }

    /// The bytes of a member as a document: of a tar, and of a ZIP that only stores them, a part of the archive's own; otherwise
    /// unpacked into memory, within `budget`.
    ///
    /// # Errors
    /// Those of [`Archive::write`].
    pub fn read(&self, member: &Member, budget: u64, progress: &Progress) -> Result<Buffer, ArchiveError> {
        if self.kind == Kind::Tar && member.what == What::File {
            tar::check_whole(&self.buffer, member)?;
            return Ok(self.buffer.slice(ByteRange::new(Offset(member.place), Len(member.size))));
        }
        let mut bytes = Gathered(Buffer::default());
        self.write(member, budget, &mut bytes, progress)?;
        Ok(bytes.0)
    }
}

/// What an archive's first bytes, or its last ones, say.
fn kind_of(buffer: &Buffer) -> Result<Option<Kind>, ArchiveError> {
    let head = buffer.to_vec(ByteRange::new(Offset::ZERO, Len(512)))?;
    if tar::is_header(&head) {
        return Ok(Some(Kind::Tar));
    }
    let end = buffer.len().get();
    let tail = buffer.to_vec(ByteRange::between(Offset(end.saturating_sub(66_000)), Offset(end)))?;
    let zip = head.starts_with(b"PK\x03\x04") || memchr::memmem::rfind(&tail, b"PK\x05\x06").is_some();
    Ok(zip.then_some(Kind::Zip))
}

/// The crates that read archives stand behind the wall of every codec; one that panics is told by the archive's name.
fn protected<T>(kind: Kind, work: impl FnOnce() -> Result<T, ArchiveError>) -> Result<T, ArchiveError> {
    match guarded(super::Format::Bytes, || Ok(work())) {
        Ok(result) => result,
        Err(FormatError::Panicked { message, .. }) => {
            Err(ArchiveError::Malformed { kind, what: format!("its reader failed on it ({message})") })
        }
        Err(error) => Err(error.into()),
    }
}

/// Counts what comes out.
struct Budgeted<'a> {
    out: &'a mut dyn Write,
    left: u64,
    done: u64,
    over: bool,
    failed: Option<io::Error>,
    progress: &'a Progress,
}

impl Write for Budgeted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() as u64 > self.left {
            self.over = true;
            return Err(io::Error::other("the budget is used up"));
        }
        if let Err(error) = self.out.write_all(bytes) {
            self.failed = Some(error);
            return Err(io::Error::other("the output failed"));
        }
        self.left -= bytes.len() as u64;
        self.done += bytes.len() as u64;
        self.progress.advance(bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Gathered(Buffer);

impl Write for Gathered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.append(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Passes all of `from` on, asking whether to stop.
fn copy(mut from: impl io::Read, out: &mut dyn Write, progress: &Progress) -> Result<io::Result<()>, ArchiveError> {
    let mut block = vec![0; 64 * 1024];
    loop {
        progress.check()?;
        match from.read(&mut block) {
            Ok(0) => return Ok(Ok(())),
            Ok(read) => {
                if let Err(error) = out.write_all(&block[..read]) {
                    return Ok(Err(error));
                }
            }
            Err(error) => return Ok(Err(error)),
        }
    }
}
