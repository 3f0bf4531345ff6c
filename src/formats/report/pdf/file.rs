//! The file: objects one behind the other, where each begins, and the table of that at the end.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Chunk, Filter, Ref};
use sha2::{Digest as _, Sha256};

use crate::formats::FormatError;

/// The table of places has ten digits for each.
const MAX_LENGTH: u64 = 9_999_999_999;
/// Objects are numbered with 31 bits; viewers manage some millions.
const MAX_OBJECTS: usize = 8_388_607;

pub(super) struct File<'a> {
    out: &'a mut dyn Write,
    length: u64,
    /// Where each object begins; 0 for one that was not written.
    places: Vec<u64>,
}

impl<'a> File<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Result<Self, FormatError> {
        let mut file = Self { out, length: 0, places: Vec::new() };
        // Bytes above 127 tell programs that look no further that this is no text.
        file.put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        Ok(file)
    }

    /// A number for an object that is written later.
    pub(super) fn reserve(&mut self) -> Ref {
        self.places.push(0);
        Ref::new(i32::try_from(self.places.len()).unwrap_or(i32::MAX))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), FormatError> {
        self.out.write_all(bytes).map_err(FormatError::Write)?;
        self.length += bytes.len() as u64;
        if self.length > MAX_LENGTH || self.places.len() > MAX_OBJECTS {
            let limit = "10 GB and 4 million pages; filter the tables, or write CSV or HTML".to_owned();
            return Err(FormatError::Limit { what: "the report is too long for a PDF".into(), limit });
        }
        Ok(())
    }

    /// Writes the one object that `chunk` holds.
    pub(super) fn object(&mut self, id: Ref, chunk: &Chunk) -> Result<(), FormatError> {
        debug_assert!(chunk.refs().eq([id]), "one object at a time, so that its place is known");
        self.places[id.get() as usize - 1] = self.length;
        self.put(chunk.as_bytes())
    }

    pub(super) fn deflated(&mut self, id: Ref, data: &[u8]) -> Result<(), FormatError> {
        let packed = deflate(data)?;
        let mut chunk = Chunk::new();
        chunk.stream(id, &packed).filter(Filter::FlateDecode);
        self.object(id, &chunk)
    }

    /// Writes the table of places and what leads to it.
    pub(super) fn finish(mut self, catalog: Ref, info: Ref) -> Result<(), FormatError> {
        let start = self.length;
        let mut hash = Sha256::new();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.places.len() + 1).into_bytes();
        for place in &self.places {
            hash.update(place.to_le_bytes());
            match place {
                0 => table.extend_from_slice(b"0000000000 00000 f \n"),
                place => table.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes()),
            }
        }
        let size = self.places.len() + 1;
        let id: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        table.extend_from_slice(
            format!(
                "trailer\n<< /Size {size} /Root {} 0 R /Info {} 0 R /ID [<{id}> <{id}>] >>\nstartxref\n{start}\n%%EOF\n",
                catalog.get(),
                info.get()
            )
            .as_bytes(),
        );
        self.put(&table)
    }
}

pub(super) fn deflate(data: &[u8]) -> Result<Vec<u8>, FormatError> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(data.len() / 3), Compression::default());
    encoder.write_all(data).map_err(FormatError::Write)?;
    encoder.finish().map_err(FormatError::Write)
}
