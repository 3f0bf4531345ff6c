// The calls that were made on 'notes.txt', exported by Seektell.
// The program makes them again, to the same content and the same position.
#![allow(unused_imports)]

use seektell::buffer::{Buffer, ByteRange, Len, Offset};
use seektell::stream::{BytesIO, Exception, Newline, SeenNewlines, StringIO, Text, TextState, Value, Whence};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let buf = run()?;
    assert_eq!(buf.position().get(), 783);
    assert_eq!(buf.len().get(), 600);
    Ok(())
}

pub fn run() -> Result<BytesIO, Box<dyn std::error::Error>> {
    let mut buf = BytesIO::new(Buffer::from(b"one\ntwo\nthree\n"));
    steps_1(&mut buf)?;
    Ok(buf)
}

fn steps_1(buf: &mut BytesIO) -> Result<(), Exception> {
    buf.read_line(None)?; // b'one\n'
    buf.write(b"TWO")?; // 3
    assert!(buf.seek(-1, Whence::Start).is_err()); // ValueError: negative seek value -1
    buf.seek(-3, Whence::End)?; // 11
    buf.edit(ByteRange::between(Offset(4), Offset(4)), &Buffer::from(b"1\xc2\xbd\n\"quoted\" \\ "), Offset(19))?;
    buf.edit(ByteRange::between(Offset(0), Offset(2)), &Buffer::from(b""), Offset(0))?;
    buf.edit(ByteRange::between(Offset(3), Offset(5)), &Buffer::from(b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f !\"#$%&'()*+,-./0123456789:;<=>?\
        @ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f\
        \x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf\xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf\
        \xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff"), Offset(259))?;
    buf.read(Some(4))?; // b'\n"qu'
    buf.tell()?; // 263
    buf.write_buffer(&Buffer::filled(7, Len(500)))?; // 500
    buf.truncate(Some(600))?; // 600
    buf.getvalue()?; // b'e\n1\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f !"#$%&\'()*+,-./0123456789:;<'...
    buf.call("getbuffer", &[])?;
    // buf.getbuffer()[190:349] = b'1111111111111111111111111111111111111111111111111111111111111111'...
    buf.getbuffer()?.set_slice(Some(190), Some(349), &vec![49; 159])?;
    let view = buf.getbuffer()?;
    assert!(buf.write(b"no").is_err()); // BufferError: Existing exports of data: object cannot be re-sized
    drop(view);
    let view = buf.getbuffer()?;
    assert!(buf.call("writelines", &[Value::List(vec![Value::from(Buffer::from(b"a")), Value::bytearray(*b"b")])]).is_err()); // BufferError: Existing exports of data: object cannot be re-sized
    drop(view);
    buf.call("readinto", &[Value::bytearray(*b"\x00\x00\x00\x00\x00")])?; // 0
    buf.call("seek", &[Value::from(20_i64), Value::from(true)])?; // 783
    buf.call("readlines", &[Value::from(1_i64)])?; // []
    Ok(())
}
