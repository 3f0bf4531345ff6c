//! Several documents into one archive.

use std::collections::HashSet;
use std::io::{self, Write};

use super::super::FormatError;
use super::ArchiveError;
use super::{Kind, Packer, packed_name};
use crate::buffer::Buffer;
use crate::tasks::Progress;

/// A member that was packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// What it is called in the archive.
    pub name: String,
    /// Its bytes, unpacked.
    pub size: u64,
}

/// Writes `documents` (their names, and their bytes) as one archive, deflated with `level` in a ZIP. Names are made safe with
/// [`packed_name`]; no times are written, so the same documents give the same archive.
///
/// # Errors
/// Those of reading and writing, and of `progress`.
pub fn pack(
    documents: &[(String, Buffer)],
    kind: Kind,
    level: u8,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Packed>, ArchiveError> {
    progress.set_total(documents.iter().map(|(_, buffer)| buffer.len().get()).sum());
    let mut taken = HashSet::new();
    let named = documents.iter().map(|(name, buffer)| (packed_name(name, &mut taken), buffer));
    match kind {
        Kind::Zip => into_zip(named, level, out, progress),
        Kind::Tar => into_tar(named, out, progress),
    }
}

fn failed(error: impl Into<io::Error>) -> ArchiveError {
    FormatError::Write(error.into()).into()
}

fn into_zip<'a>(
    documents: impl Iterator<Item = (String, &'a Buffer)>,
    level: u8,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Packed>, ArchiveError> {
    let mut packer = Packer::new(out, level);
    let mut packed = Vec::new();
    for (name, buffer) in documents {
        let size = buffer.len().get();
        packer.add(&name, buffer, progress)?;
        progress.advance(size);
        packed.push(Packed { name, size });
    }
    packer.finish()?;
    Ok(packed)
}

fn into_tar<'a>(
    documents: impl Iterator<Item = (String, &'a Buffer)>,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Packed>, ArchiveError> {
    let mut builder = tar::Builder::new(out);
    let mut packed = Vec::new();
    for (name, buffer) in documents {
        progress.check()?;
        let size = buffer.len().get();
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o644);
        header.set_mtime(0);
        builder.append_data(&mut header, &name, buffer.reader()).map_err(failed)?;
        progress.advance(size);
        packed.push(Packed { name, size });
    }
    builder.finish().map_err(failed)?;
    Ok(packed)
}
