// The calls that were made on 'poem.txt', exported by Seektell.
// The program makes them again, to the same content and the same position.
#![allow(unused_imports)]

use seektell::buffer::{Buffer, ByteRange, Len, Offset};
use seektell::stream::{BytesIO, Exception, Newline, SeenNewlines, StringIO, Text, TextState, Value, Whence};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let buf = run()?;
    assert_eq!(buf.position(), 6);
    assert_eq!(buf.len(), 10);
    Ok(())
}

pub fn run() -> Result<StringIO, Box<dyn std::error::Error>> {
    let mut buf = StringIO::default();
    buf.restore(&TextState { value: Text::from("one\ntwo €\n"), position: 0, closed: false, newline: Newline::CrLf, seen: SeenNewlines { cr: false, lf: false, crlf: false } });
    steps_1(&mut buf)?;
    Ok(buf)
}

fn steps_1(buf: &mut StringIO) -> Result<(), Exception> {
    buf.read_line(Some(3))?; // 'one'
    buf.read(Some(1))?; // '\n'
    buf.write(&Text::from("zwei\n😀\"\\"))?; // 8
    assert!(buf.seek(1, Whence::Current).is_err()); // OSError: Can't do nonzero cur-relative seeks
    buf.edit(2, 2, &Text::from_code_points([97, 55296, 10]), 5)?;
    buf.edit(0, 1, &Text::from_code_points(std::iter::repeat_n(233, 100)), 100)?;
    buf.write(&Text::from_code_points([56448]))?; // 1
    assert!(buf.call("write", &[Value::from(Buffer::from(b"bytes"))]).is_err()); // TypeError: string argument expected, got 'bytes'
    buf.truncate(Some(110))?; // 110
    buf.edit(90, 95, &Text::from(""), 90)?;
    buf.call("__init__", &[Value::from(Text::from("new\nlines\r\n")), Value::None])?;
    buf.call("readlines", &[Value::from(1_i64)])?; // ['new\n']
    assert!(buf.call("writelines", &[Value::Tuple(vec![Value::from(Text::from("a\r")), Value::from(f64::NAN)])]).is_err()); // TypeError: string argument expected, got 'float'
    Ok(())
}
