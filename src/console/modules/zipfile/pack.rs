//! Deflate and back, a piece at a time: `tick` is told how many bytes came out, and may stop it.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::records::{Entry, HEADER, Reader};

const PIECE: usize = 64 << 10;

/// Why there is no result.
#[derive(Debug)]
pub(super) enum Failure<E> {
    /// The checksum is another one.
    Checksum,
    /// The data are no deflated ones.
    Data,
    /// A level that does not exist.
    Level,
    /// `tick` said so.
    Stopped(E),
}

/// Deflates. The codec makes a whole archive of one member; what counts is what stands between its records.
pub(super) fn deflate<E>(
    bytes: &[u8],
    level: Option<i64>,
    mut tick: impl FnMut(usize) -> Result<(), E>,
) -> Result<Vec<u8>, Failure<E>> {
    if level == Some(0) {
        return stored_blocks(bytes, tick);
    }
    let level = level.filter(|level| *level != -1);
    // The codec may know more levels than zlib.
    if level.is_some_and(|level| !(1..=9).contains(&level)) {
        return Err(Failure::Level);
    }
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(level);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("", options).map_err(|_| Failure::Level)?;
    for piece in bytes.chunks(PIECE) {
        tick(piece.len()).map_err(Failure::Stopped)?;
        writer.write_all(piece).map_err(|_| Failure::Data)?;
    }
    let mut archive = writer.finish().map_err(|_| Failure::Data)?.into_inner();
    let header = Reader(&archive);
    let start = HEADER + (header.u16(26) + header.u16(28)) as usize;
    let end = start + header.u32(18) as usize;
    archive.truncate(end);
    archive.drain(..start.min(end));
    Ok(archive)
}

/// Level 0, which the codec does not have: blocks that are kept as they are.
fn stored_blocks<E>(bytes: &[u8], mut tick: impl FnMut(usize) -> Result<(), E>) -> Result<Vec<u8>, Failure<E>> {
    const BLOCK: usize = 0xFFFF;
    let mut out = Vec::with_capacity(bytes.len() + 5);
    let count = bytes.len().div_ceil(BLOCK).max(1);
    for n in 0..count {
        let block = &bytes[n * BLOCK..((n + 1) * BLOCK).min(bytes.len())];
        tick(block.len()).map_err(Failure::Stopped)?;
        let len = block.len() as u16;
        out.push(u8::from(n + 1 == count));
        out.extend_from_slice(&len.to_le_bytes());
        out.extend_from_slice(&(!len).to_le_bytes());
        out.extend_from_slice(block);
    }
    Ok(out)
}

/// Inflates, and checks the sum. More than `entry.file_size` bytes cannot have that sum.
pub(super) fn inflate<E>(
    entry: &Entry,
    bytes: &[u8],
    mut tick: impl FnMut(usize) -> Result<(), E>,
) -> Result<Vec<u8>, Failure<E>> {
    // The name, the extra fields and the flags were looked at already, and mean nothing here.
    let alone = Entry {
        compress_type: 8,
        crc: entry.crc,
        compress_size: bytes.len() as u64,
        file_size: entry.file_size,
        ..Entry::new("", [1980, 1, 1, 0, 0, 0])
    };
    let mut source = Cursor::new(alone.header()).chain(bytes);
    let Ok(Some(mut file)) = zip::read::read_zipfile_from_stream(&mut source) else { return Err(Failure::Data) };
    let mut out = Vec::new();
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(out),
            Ok(read) => {
                tick(read).map_err(Failure::Stopped)?;
                if out.len() as u64 + read as u64 > entry.file_size {
                    return Err(Failure::Checksum);
                }
                out.extend_from_slice(&piece[..read]);
            }
            // The codec counts too: more bytes than were announced cannot have the sum either.
            Err(error) if ["checksum", "size"].iter().any(|word| error.to_string().contains(word)) => {
                return Err(Failure::Checksum);
            }
            Err(_) => return Err(Failure::Data),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(bytes: &[u8], level: Option<i64>) -> (Entry, Vec<u8>) {
        let packed = deflate(bytes, level, |_| Ok::<(), ()>(())).unwrap();
        let mut entry = Entry::new("a", [1980, 1, 1, 0, 0, 0]);
        (entry.crc, entry.file_size) = (Some(crc32fast::hash(bytes)), bytes.len() as u64);
        (entry, packed)
    }

    #[test]
    fn what_is_deflated_comes_back() {
        for (len, level) in [(0, None), (1, None), (7, Some(0)), (100_000, Some(9)), (300_000, Some(1))] {
            let bytes: Vec<u8> = (0..len).map(|n: u32| (n.wrapping_mul(n) >> 7) as u8).collect();
            let (entry, packed) = packed(&bytes, level);
            assert_eq!(inflate(&entry, &packed, |_| Ok::<(), ()>(())).unwrap(), bytes);
        }
        assert_eq!(packed(b"a,b\n1,2", None).1.len(), 9);
        assert_eq!(packed(&[b'x'; 100], None).1.len(), 6);
        assert!(matches!(deflate(b"", Some(12), |_| Ok::<(), ()>(())), Err(Failure::Level)));
    }

    #[test]
    fn damage_is_found_and_a_bomb_is_stopped() {
        let (mut entry, packed) = packed(&vec![0; 10 << 20], None);
        let mut seen = 0;
        let stopped = inflate(&entry, &packed, |read| {
            seen += read;
            if seen > 1 << 20 { Err(()) } else { Ok(()) }
        });
        assert!(matches!(stopped, Err(Failure::Stopped(()))));
        assert!(seen < 2 << 20);
        entry.crc = Some(1);
        assert!(matches!(inflate(&entry, &packed, |_| Ok::<(), ()>(())), Err(Failure::Checksum)));
        entry.file_size = 10;
        assert!(matches!(inflate(&entry, &packed, |_| Ok::<(), ()>(())), Err(Failure::Checksum)));
        assert!(matches!(inflate(&entry, &[0xFF; 20], |_| Ok::<(), ()>(())), Err(Failure::Data)));
    }
}
