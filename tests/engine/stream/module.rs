//! What both classes share: attributes, conversion of integers, numbers of arguments.

use super::step::{Session, big, list, var};
use crate::table;

/// The sessions of this table.
pub(crate) fn sessions() -> Vec<Session> {
    vec![
        table!("0.2 repr, attributes, identity, part 1" {
            t1 = BytesIO() => "";
            show t1 => "<_io.BytesIO object at 0xADDR>";
            t2 = StringIO() => "";
            show t2 => "<_io.StringIO object at 0xADDR>";
            t3 = BytesIO() => "";
            b = BytesIO(b"abc") => "";
            t4 = BytesIO(b"abc") => "";
            equals b(var("t4")) => "False";
            equals b(var("b")) => "True";
            b.name => "AttributeError: '_io.BytesIO' object has no attribute 'name'";
            b.mode => "AttributeError: '_io.BytesIO' object has no attribute 'mode'";
            b.encoding => "AttributeError: '_io.BytesIO' object has no attribute 'encoding'";
            b.nosuch => "AttributeError: '_io.BytesIO' object has no attribute 'nosuch'";
            set b.extra(1) => "";
            b.extra => "1";
            set b.closed(true) => "AttributeError: attribute 'closed' of '_io.BytesIO' objects is not writable";
            b.fileno() => "io.UnsupportedOperation: fileno";
            b.isatty() => "False";
            b.flush() => "None";
            b.readable() => "True";
            b.writable() => "True";
            b.seekable() => "True";
        }),
        table!("0.2 repr, attributes, identity, part 2" {
            s = StringIO("abc") => "";
            s.encoding => "None";
            s.errors => "None";
            s.line_buffering => "False";
            s.newlines => "None";
            s.name => "AttributeError: '_io.StringIO' object has no attribute 'name'";
            s.buffer => "AttributeError: '_io.StringIO' object has no attribute 'buffer'";
            s.fileno() => "io.UnsupportedOperation: fileno";
            s.isatty() => "False";
            s.flush() => "None";
            s.readable() => "True";
            s.writable() => "True";
            s.seekable() => "True";
            set s.closed(true) => "AttributeError: attribute 'closed' of '_io.StringIO' objects is not writable";
            set s.tell(3) => "";
        }),
        table!("0.3 How integer arguments are converted (shared by all methods)" {
            b = BytesIO(b"0123456789") => "";
            b.read(true) => "b'0'";
            b.read(2.0) => "TypeError: argument should be integer or None, not 'float'";
            b.read("2") => "TypeError: argument should be integer or None, not 'str'";
            b.read(b"2") => "TypeError: argument should be integer or None, not 'bytes'";
            b.read(list(vec![2.into()])) => "TypeError: argument should be integer or None, not 'list'";
            b.read(big("9223372036854775808")) => "OverflowError: cannot fit 'int' into an index-sized integer";
            b.read(-9223372036854775808i64) => "b'123456789'";
            b.read(big("-9223372036854775809")) => "OverflowError: cannot fit 'int' into an index-sized integer";
            b.seek(0) => "0";
            b.read(9223372036854775807i64) => "b'0123456789'";
            b.seek(2.0) => "TypeError: 'float' object cannot be interpreted as an integer";
            b.seek("2") => "TypeError: 'str' object cannot be interpreted as an integer";
            b.seek(()) => "TypeError: 'NoneType' object cannot be interpreted as an integer";
            b.seek(big("9223372036854775808")) => "OverflowError: Python int too large to convert to C ssize_t";
            b.seek(big("-9223372036854775809")) => "OverflowError: Python int too large to convert to C ssize_t";
            b.seek(0, ()) => "TypeError: 'NoneType' object cannot be interpreted as an integer";
            b.seek(0, 0.0) => "TypeError: 'float' object cannot be interpreted as an integer";
            b.seek(0, "0") => "TypeError: 'str' object cannot be interpreted as an integer";
            b.seek(0, 2147483648i64) => "OverflowError: Python int too large to convert to C int";
            b.seek(0, -2147483649i64) => "OverflowError: Python int too large to convert to C int";
            b.seek(0, big("9223372036854775808")) => "OverflowError: Python int too large to convert to C int";
            b.seek(true) => "1";
            b.tell() => "1";
            b.seek(0, true) => "1";
            b.seek(0, false) => "0";
            b.truncate("3") => "TypeError: argument should be integer or None, not 'str'";
            b.truncate(3.0) => "TypeError: argument should be integer or None, not 'float'";
            b.truncate(big("9223372036854775808")) => "OverflowError: cannot fit 'int' into an index-sized integer";
            b.readline(big("9223372036854775808")) => "OverflowError: cannot fit 'int' into an index-sized integer";
            b.readlines(big("9223372036854775808")) => "OverflowError: Python int too large to convert to C ssize_t";
            b.read1(big("9223372036854775808")) => "OverflowError: cannot fit 'int' into an index-sized integer";
            t1 = StringIO() => "";
            t1.seek(big("-9223372036854775809")) => "OverflowError: Python int too large to convert to C ssize_t";
        }),
        table!("0.4 How wrong argument counts are reported, part 1" {
            b = BytesIO(b"x") => "";
            b.read(1, 2) => "TypeError: read expected at most 1 argument, got 2";
            b.read(; size = 1) => "TypeError: BytesIO.read() takes no keyword arguments";
            b.read1(1, 2) => "TypeError: read1 expected at most 1 argument, got 2";
            b.readline(1, 2) => "TypeError: readline expected at most 1 argument, got 2";
            b.readlines(1, 2) => "TypeError: readlines expected at most 1 argument, got 2";
            b.seek() => "TypeError: seek expected at least 1 argument, got 0";
            b.seek(0, 0, 0) => "TypeError: seek expected at most 2 arguments, got 3";
            b.seek(; offset = 0) => "TypeError: BytesIO.seek() takes no keyword arguments";
            b.seek(0; whence = 0) => "TypeError: BytesIO.seek() takes no keyword arguments";
            b.tell(1) => "TypeError: BytesIO.tell() takes no arguments (1 given)";
            b.truncate(1, 2) => "TypeError: truncate expected at most 1 argument, got 2";
            b.write() => "TypeError: BytesIO.write() takes exactly one argument (0 given)";
            b.write(b"a", b"b") => "TypeError: BytesIO.write() takes exactly one argument (2 given)";
            b.writelines() => "TypeError: BytesIO.writelines() takes exactly one argument (0 given)";
            b.writelines(list(vec![]), list(vec![])) => "TypeError: BytesIO.writelines() takes exactly one argument (2 given)";
            b.readinto() => "TypeError: BytesIO.readinto() takes exactly one argument (0 given)";
            b.readinto1() => "TypeError: _BufferedIOBase.readinto1() takes exactly one argument (0 given)";
            b.getvalue(1) => "TypeError: BytesIO.getvalue() takes no arguments (1 given)";
            b.getbuffer(1) => "TypeError: BytesIO.getbuffer() takes no arguments (1 given)";
            b.close(1) => "TypeError: BytesIO.close() takes no arguments (1 given)";
            b.flush(1) => "TypeError: BytesIO.flush() takes no arguments (1 given)";
            b.isatty(1) => "TypeError: BytesIO.isatty() takes no arguments (1 given)";
            b.detach() => "io.UnsupportedOperation: detach";
            b.readable(1) => "TypeError: BytesIO.readable() takes no arguments (1 given)";
            b.fileno(1) => "TypeError: _IOBase.fileno() takes no arguments (1 given)";
            t1 = BytesIO(b"", b"") => "TypeError: BytesIO() takes at most 1 argument (2 given)";
            t2 = BytesIO(; initial = b"") => "TypeError: 'initial' is an invalid keyword argument for BytesIO()";
            t3 = BytesIO(b"a"; initial_bytes = b"b") => "TypeError: BytesIO() takes at most 1 argument (2 given)";
        }),
        table!("0.4 How wrong argument counts are reported, part 2" {
            s = StringIO("x") => "";
            s.read(1, 2) => "TypeError: read expected at most 1 argument, got 2";
            s.read(; size = 1) => "TypeError: StringIO.read() takes no keyword arguments";
            s.readline(1, 2) => "TypeError: readline expected at most 1 argument, got 2";
            s.readlines(1, 2) => "TypeError: readlines expected at most 1 argument, got 2";
            s.seek() => "TypeError: seek expected at least 1 argument, got 0";
            s.seek(0, 0, 0) => "TypeError: seek expected at most 2 arguments, got 3";
            s.tell(1) => "TypeError: StringIO.tell() takes no arguments (1 given)";
            s.truncate(1, 2) => "TypeError: truncate expected at most 1 argument, got 2";
            s.write() => "TypeError: StringIO.write() takes exactly one argument (0 given)";
            s.write("a", "b") => "TypeError: StringIO.write() takes exactly one argument (2 given)";
            s.writelines() => "TypeError: _IOBase.writelines() takes exactly one argument (0 given)";
            s.getvalue(1) => "TypeError: StringIO.getvalue() takes no arguments (1 given)";
            s.close(1) => "TypeError: StringIO.close() takes no arguments (1 given)";
            t1 = StringIO("", "\n", 1) => "TypeError: StringIO() takes at most 2 arguments (3 given)";
            t2 = StringIO(; foo = "") => "TypeError: 'foo' is an invalid keyword argument for StringIO()";
            t3 = StringIO("a"; initial_value = "b") => "TypeError: argument for StringIO() given by name ('initial_value') and position (1)";
        }),
    ]
}
