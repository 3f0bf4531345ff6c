//! Corners the other tables do not reach: keyword arguments, inherited methods, views, sizes at the limit.

use super::step::{Session, big, list, points, slice, tuple, var};
use crate::table;
use seektell::stream::Value;

/// The sessions of this table.
pub(crate) fn sessions() -> Vec<Session> {
    vec![
        table!("numbers of arguments of inherited methods" {
            b = BytesIO() => "";
            b.detach(1) => "TypeError: _BufferedIOBase.detach() takes no arguments (1 given)";
            b.readinto1(; x = 1) => "TypeError: _BufferedIOBase.readinto1() takes no keyword arguments";
            b.tell(; x = 1) => "TypeError: BytesIO.tell() takes no keyword arguments";
            b.__enter__(1) => "TypeError: _IOBase.__enter__() takes no arguments (1 given)";
            s = StringIO() => "";
            s.detach(1) => "TypeError: _TextIOBase.detach() takes no arguments (1 given)";
            s.flush(1) => "TypeError: _IOBase.flush() takes no arguments (1 given)";
            s.isatty(1) => "TypeError: _IOBase.isatty() takes no arguments (1 given)";
            s.readable(1) => "TypeError: StringIO.readable() takes no arguments (1 given)";
            s.fileno(1) => "TypeError: _IOBase.fileno() takes no arguments (1 given)";
            s.readlines(; x = 1) => "TypeError: _IOBase.readlines() takes no keyword arguments";
            s.flush(; x = 1) => "TypeError: _IOBase.flush() takes no keyword arguments";
            s.closed(1) => "TypeError: 'bool' object is not callable";
            x = BytesIO(; a = 1, b = 2) => "TypeError: BytesIO() takes at most 1 keyword argument (2 given)";
            x = StringIO(; a = 1, b = 2, c = 3) => "TypeError: StringIO() takes at most 2 keyword arguments (3 given)";
            x = StringIO(5, 5) => "TypeError: newline must be str or None, not int";
            x = StringIO(; newline = points([0xd800])) =>
                "UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed";
            x = StringIO("a\r\nb"; newline = ()) => "";
            x.getvalue() => "'a\\nb'";
        }),
        table!("__init__ again" {
            b = BytesIO(b"abc") => "";
            b.__init__("x") => "TypeError: a bytes-like object is required, not 'str'";
            b.getvalue() => "b''";
            b.__init__(1, 2) => "TypeError: BytesIO() takes at most 1 argument (2 given)";
            b.close() => "None";
            b.__init__() => "None";
            b.closed => "True";
            b.__init__(Value::bytearray(*b"x")) => "ValueError: I/O operation on closed file.";
            b.__init__(; initial_bytes = b"abc") => "None";
            b.read() => "b'abc'";
            s = StringIO("abc") => "";
            s.__init__(5) => "TypeError: initial_value must be str or None, not int";
            s.getvalue() => "'abc'";
            s.close() => "None";
            s.__init__() => "None";
            s.closed => "False";
        }),
        table!("views of other memory" {
            m = memoryview(Value::bytearray(*b"abcdef")) => "";
            get m[tuple(vec![])] => "NotImplementedError: sub-views are not implemented";
            get m[tuple(vec![0.into()])] => "97";
            get m[tuple(vec![0.into(), 0.into()])] => "TypeError: cannot index 1-dimension view with 2-element tuple";
            get m[tuple(vec![slice(0, 1, ()).into()])] => "NotImplementedError: multi-dimensional slicing is not implemented";
            get m[tuple(vec![0.into(), slice(0, 1, ()).into()])] => "TypeError: memoryview: invalid slice key";
            get m[big("9223372036854775808")] => "IndexError: cannot fit 'int' into an index-sized integer";
            e = m[slice(0, 1.5, ())] => "TypeError: slice indices must be integers or None or have an __index__ method";
            e = m[slice(0, 4, 0)] => "ValueError: slice step cannot be zero";
            set m[slice(0, 4, 0)](5) => "TypeError: a bytes-like object is required, not 'int'";
            set m[slice(0, 1, ())](b"X") => "";
            set m[slice(5, 2, -2)](b"YZ") => "";
            m.tobytes() => "b'XbcZeY'";
            w = m[slice((), (), -1)] => "";
            w.tobytes() => "b'YeZcbX'";
            w.strides => "(-1,)";
            w.contiguous => "False";
            u = w[slice(1, (), 2)] => "";
            u.tolist() => "[101, 99, 88]";
            u.shape => "(3,)";
            b = BytesIO() => "";
            b.write(var("u")) => "BufferError: memoryview: underlying buffer is not C-contiguous";
            b.readinto(var("u")) => "TypeError: readinto() argument must be read-write bytes-like object, not memoryview";
            set m[slice(0, 3, ())](var("u")) => "";
            m.tobytes() => "b'ecXZeY'";
            r = m.toreadonly() => "";
            set r[0](1) => "TypeError: cannot modify read-only memory";
            b.readinto(var("r")) => "TypeError: readinto() argument must be read-write bytes-like object, not memoryview";
            m.hex("-") => "'65-63-58-5a-65-59'";
            m.hex("-", 4) => "'6563-585a6559'";
            m.hex(b":", -4) => "'6563585a:6559'";
            m.hex("--") => "ValueError: sep must be length 1.";
            m.hex("é") => "ValueError: sep must be ASCII.";
            m.hex(1) => "TypeError: object of type 'int' has no len()";
            m.tobytes("X") => "ValueError: order must be 'C', 'F' or 'A'";
            m.tobytes(1) => "TypeError: tobytes() argument 'order' must be str or None, not int";
            m.release(1) => "TypeError: memoryview.release() takes no arguments (1 given)";
            m.nosuch => "AttributeError: 'memoryview' object has no attribute 'nosuch'";
            m.suboffsets => "()";
            equals m(var("r")) => "True";
            m.release() => "None";
            equals m(var("m")) => "True";
            equals m(b"ecXZeY") => "False";
            m.readonly => "ValueError: operation forbidden on released memoryview object";
            b.write(var("m")) => "ValueError: operation forbidden on released memoryview object";
            b.readinto(var("m")) => "TypeError: readinto() argument must be read-write bytes-like object, not memoryview";
            m.__exit__((), (), ()) => "None";
        }),
        table!("a view as the target of its own stream" {
            b = BytesIO(b"0123456789") => "";
            v = b.getbuffer() => "";
            b.seek(4) => "4";
            b.readinto(var("v")) => "6";
            b.getvalue() => "b'4567896789'";
            w = v[slice(2, 4, ())] => "";
            b.seek(0) => "0";
            b.readinto1(var("w")) => "2";
            v.tobytes() => "b'4545896789'";
            b.readline() => "b'45896789'";
            b.readlines() => "[]";
            b.seek(-2, 2) => "8";
            list b => "[b'89']";
            del v => "";
            b.write(b"!") => "BufferError: Existing exports of data: object cannot be re-sized";
            del w => "";
            b.write(b"!") => "1";
            b.getvalue() => "b'4545896789!'";
        }),
        table!("sizes at the limit" {
            s = StringIO() => "";
            s.seek(4611686018427387901_i64) => "4611686018427387901";
            s.write("x") => "OverflowError: new buffer size too large";
            s.seek(4611686018427387900_i64) => "4611686018427387900";
            s.write("x") => "MemoryError";
            s.write("") => "0";
            s.getvalue() => "''";
            s.read() => "''";
            b = BytesIO() => "";
            b.seek(9223372036854775807_i64) => "9223372036854775807";
            b.write(b"") => "0";
            b.write(b"x") => "OverflowError: new buffer size too large";
            b.readline() => "b''";
            b.truncate() => "9223372036854775807";
            b.seek(-9223372036854775808_i64, 1) => "0";
        }),
        table!("wide code points and line ends" {
            s = StringIO("a\u{0a0a}b\nc\u{0d0d}\r\nd"; newline = "") => "";
            list s => "['aਊb\\n', 'c\\u0d0d\\r\\n', 'd']";
            s.write("\u{1F600}\re") => "3";
            s.seek(0) => "0";
            s.readline(2) => "'aਊ'";
            list s => "['b\\n', 'c\\u0d0d\\r\\n', 'd😀\\r', 'e']";
            s.newlines => "('\\r', '\\n', '\\r\\n')";
            s.seek(5) => "5";
            s.write(points([0xd800])) => "1";
            s.getvalue() => "'aਊb\\nc\\ud800\\r\\nd😀\\re'";
            t = StringIO("x\u{20ac}\r\ny\u{20ac}\n"; newline = "\r\n") => "";
            list t => "['x€\\r\\r\\n', 'y€\\r\\n']";
            t.writelines(list(vec!["\n".into(), "é\n".into()])) => "None";
            t.getvalue() => "'x€\\r\\r\\ny€\\r\\n\\r\\né\\r\\n'";
        }),
    ]
}
