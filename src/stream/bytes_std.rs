//! `BytesIO` as a stream of the standard library, so that every codec takes it.
//!
//! Failures are [`io::Error`]s that carry the [`Exception`](super::Exception). `flush` does nothing, also on a closed stream.

use std::io;

use super::{BytesIO, Whence};

impl io::Read for BytesIO {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        Ok(self.read_into(out)?)
    }
}

impl io::BufRead for BytesIO {
    /// Fails with `BufferError` while a view of the content exists: it could change the bytes that are lent out here.
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.run_at_cursor()?)
    }

    fn consume(&mut self, n: usize) {
        let position = self.position().get();
        self.move_cursor(position + n as u64);
    }
}

impl io::Write for BytesIO {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(Self::write(self, bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// As [`std::io::Cursor`] does, a place before the start is an error (`io.BytesIO.seek` would go to 0).
impl io::Seek for BytesIO {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.check_open()?;
        let target = match to {
            io::SeekFrom::Start(n) => Some(n),
            io::SeekFrom::Current(n) => self.position().get().checked_add_signed(n),
            io::SeekFrom::End(n) => self.len().get().checked_add_signed(n),
        };
        let target = target.and_then(|target| i64::try_from(target).ok());
        let target =
            target.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "seek to a negative or too large place"))?;
        Ok(Self::seek(self, target, Whence::Start)?)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, Read, Seek, SeekFrom, Write};

    use super::*;
    use crate::stream::{Exception, ExceptionKind};

    #[test]
    fn reads_writes_and_seeks_like_a_cursor() {
        let mut ours = BytesIO::default();
        let mut theirs = io::Cursor::new(Vec::new());
        let script = |stream: &mut dyn FnMut(&mut Vec<u8>)| {
            let mut out = Vec::new();
            stream(&mut out);
            out
        };
        fn work<S: Read + Write + Seek + BufRead>(stream: &mut S, out: &mut Vec<u8>) {
            stream.write_all(b"one\ntwo\nthree").unwrap();
            stream.seek(SeekFrom::Start(15)).unwrap();
            stream.write_all(b"!").unwrap();
            stream.rewind().unwrap();
            let mut line = String::new();
            stream.read_line(&mut line).unwrap();
            out.extend(line.bytes());
            stream.seek(SeekFrom::End(-3)).unwrap();
            stream.read_to_end(out).unwrap();
            stream.seek(SeekFrom::Current(-2)).unwrap();
            out.push(stream.stream_position().unwrap() as u8);
            assert!(stream.seek(SeekFrom::Current(-100)).is_err());
            stream.rewind().unwrap();
            for line in stream.lines() {
                out.extend(line.unwrap().bytes());
            }
        }
        let a = script(&mut |out| work(&mut ours, out));
        let b = script(&mut |out| work(&mut theirs, out));
        assert_eq!(a, b);
        assert_eq!(ours.getvalue().unwrap().to_vec_all().unwrap(), theirs.into_inner());
    }

    #[test]
    fn a_closed_stream_is_an_error_that_carries_the_exception() {
        let mut stream = BytesIO::new(b"abc");
        stream.close().unwrap();
        let error = Read::read(&mut stream, &mut [0]).unwrap_err();
        let exception = error.get_ref().and_then(|inner| inner.downcast_ref::<Exception>()).unwrap();
        assert_eq!(exception.kind, ExceptionKind::Value);
        assert!(Write::write(&mut stream, b"x").is_err());
        assert!(Seek::rewind(&mut stream).is_err());
        assert!(stream.fill_buf().is_err());
    }
}
