//! Statements and their transcripts, one subject a test. Each row was run by CPython 3.11.

use crate::kit::transcript;

fn check(rows: &[(&str, &str)]) {
    for (source, expected) in rows {
        assert_eq!(transcript(source).trim_end_matches('\n'), *expected, "{source}");
    }
}

#[test]
fn integers_have_no_bounds() {
    check(&[
        ("2 ** 100", "1267650600228229401496703205376"),
        ("-7 // 2, -7 % 2, 7 // -2, 7 % -2", "(-4, 1, -4, -1)"),
        ("divmod(-7, 3), divmod(7.5, -2)", "((-3, 2), (-4.0, -0.5))"),
        ("10 ** 25 // 10 ** 24", "10"),
        ("1 / 3, 10 ** 30 / 10 ** 29", "(0.3333333333333333, 10.0)"),
        ("2 ** -2, 0 ** 0", "(0.25, 1)"),
        ("pow(3, -1, 7), pow(2, 100, 10 ** 9)", "(5, 703205376)"),
        ("(255).to_bytes(2, 'big'), int.from_bytes(b'\\xff\\xfe', 'little', signed=True)", "(b'\\x00\\xff', -257)"),
        ("(-5 >> 1), (-5 & 3), (5 ^ -3), ~7", "(-3, 3, -8, -8)"),
        ("int('0x1f', 16), int('0b101', 0), int(' -1_000 ')", "(31, 5, -1000)"),
        ("int('x')", "ValueError: invalid literal for int() with base 10: 'x'"),
        (
            "10 ** 4300",
            "ValueError: Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit",
        ),
        ("len(str(10 ** 4299))", "4300"),
        ("1 == 1.0 == True, hash(1) == hash(1.0) == hash(True)", "(True, True)"),
        ("0.1 + 0.2, 1e16, 1e-5, -0.0", "(0.30000000000000004, 1e+16, 1e-05, -0.0)"),
        ("round(2.5), round(3.5), round(-0.5), round(1234567, -3), round(2.675, 2)", "(2, 4, 0, 1235000, 2.67)"),
        ("float('nan') == float('nan'), 2 ** 53 + 1 == float(2 ** 53)", "(False, False)"),
        ("(1.5).as_integer_ratio(), (0.1).hex()", "((3, 2), '0x1.999999999999ap-4')"),
    ]);
}

#[test]
fn operators_say_what_does_not_fit() {
    check(&[
        ("'a' + 1", "TypeError: can only concatenate str (not \"int\") to str"),
        ("1 + 'a'", "TypeError: unsupported operand type(s) for +: 'int' and 'str'"),
        ("[1] + (2,)", "TypeError: can only concatenate list (not \"tuple\") to list"),
        ("{} < {}", "TypeError: '<' not supported between instances of 'dict' and 'dict'"),
        ("None in 1", "TypeError: argument of type 'int' is not iterable"),
        ("1 in 'a'", "TypeError: 'in <string>' requires string as left operand, not int"),
        ("len(5)", "TypeError: object of type 'int' has no len()"),
        ("5[0]", "TypeError: 'int' object is not subscriptable"),
        ("int[0]", "TypeError: type 'int' is not subscriptable"),
        ("'a' * 1.5", "TypeError: can't multiply sequence by non-int of type 'float'"),
        ("b'a' + 'b'", "TypeError: can't concat str to bytes"),
        ("() < [1]", "TypeError: '<' not supported between instances of 'tuple' and 'list'"),
        ("x = 1; x += 'a'", "TypeError: unsupported operand type(s) for +=: 'int' and 'str'"),
        (
            "print >> 1",
            "TypeError: unsupported operand type(s) for >>: 'builtin_function_or_method' and 'int'. Did you mean \"print(<message>, file=<output_stream>)\"?",
        ),
        ("-'a'", "TypeError: bad operand type for unary -: 'str'"),
        ("5()", "TypeError: 'int' object is not callable"),
        ("{[]: 1}", "TypeError: unhashable type: 'list'"),
        ("~1.5", "TypeError: bad operand type for unary ~: 'float'"),
        ("1 @ 2", "TypeError: unsupported operand type(s) for @: 'int' and 'int'"),
    ]);
}

#[test]
fn sequences_are_indexed_and_sliced() {
    check(&[
        ("[1, 2, 3][-1], (1, 2)[0], 'abc'[::-1], b'abc'[1:], range(10)[2:8:3]", "(3, 1, 'cba', b'bc', range(2, 8, 3))"),
        ("[][0]", "IndexError: list index out of range"),
        ("()[0]", "IndexError: tuple index out of range"),
        ("''[0]", "IndexError: string index out of range"),
        ("b''[0]", "IndexError: index out of range"),
        ("bytearray()[0]", "IndexError: bytearray index out of range"),
        ("[1]['a']", "TypeError: list indices must be integers or slices, not str"),
        ("'a'['b']", "TypeError: string indices must be integers, not 'str'"),
        ("[1, 2][::0]", "ValueError: slice step cannot be zero"),
        ("x = [1, 2, 3, 4]; x[1:3] = 'ab'; x[::2] = [0, 0]; del x[-1]; x", "[0, 'a', 0]"),
        ("x = [1, 2]; x[::2] = [1, 2]", "ValueError: attempt to assign sequence of size 2 to extended slice of size 1"),
        ("x = bytearray(b'abcdef'); x[1:3] = b'XYZ'; del x[::3]; x", "bytearray(b'XYde')"),
        (
            "v = memoryview(bytearray(b'ab')); v[0] = 255; bytes(v), v.tolist(), v[::-1].tobytes(), v.nbytes, v.readonly",
            "(b'\\xffb', [255, 98], b'b\\xff', 2, False)",
        ),
        (
            "x = bytearray(b'ab'); v = memoryview(x); x.append(1)",
            "BufferError: Existing exports of data: object cannot be re-sized",
        ),
        ("x = y = [1]; x += [2]; y is x, y", "(True, [1, 2])"),
        ("x = (1,); x[0] = 2", "TypeError: 'tuple' object does not support item assignment"),
        ("range(2 ** 70)[-1], len(range(10 ** 6)), 5 in range(0, 10, 5)", "(1180591620717411303423, 1000000, True)"),
    ]);
}

#[test]
fn texts() {
    check(&[
        ("'naïve ß'.upper(), 'ΑΣ'.lower(), 'ǆ'.title(), 'ﬁ'.upper(), 'ß'.casefold()", "('NAÏVE SS', 'ας', 'ǅ', 'FI', 'ss')"),
        (
            "' a  b '.split(), 'a,b,,c'.split(','), 'a,b,c'.rsplit(',', 1), 'abc'.partition('b'), 'abc'.rpartition('x')",
            "(['a', 'b'], ['a', 'b', '', 'c'], ['a,b', 'c'], ('a', 'b', 'c'), ('', '', 'abc'))",
        ),
        ("'a\\nb\\r\\nc\\x85d'.splitlines(True)", "['a\\n', 'b\\r\\n', 'c\\x85', 'd']"),
        ("'%5.1f|%-4s|%04d|%x|%r' % (3.14159, 'ab', 42, 255, 'q')", "\"  3.1|ab  |0042|ff|'q'\""),
        ("'%(a)s %(b)d' % {'a': 1, 'b': 2}", "'1 2'"),
        ("'{0} {1!r} {x:>5} {y[0]} {z.real}'.format(1, 'a', x='b', y=[7], z=3)", "\"1 'a'     b 7 3\""),
        ("'{} {0}'.format(1, 2)", "ValueError: cannot switch from automatic field numbering to manual field specification"),
        ("'abc'.translate(str.maketrans('ab', 'xy', 'c'))", "'xy'"),
        ("'x'.join(['a', 1])", "TypeError: sequence item 1: expected str instance, int found"),
        (
            "'é'.encode('ascii')",
            "UnicodeEncodeError: 'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in range(128)",
        ),
        ("'é€'.encode('latin-1', 'replace'), 'é'.encode('ascii', 'xmlcharrefreplace')", "(b'\\xe9?', b'&#233;')"),
        ("'\\ud800', 'a\\u2028b', 'it\\'s', '\"'", "('\\ud800', 'a\\u2028b', \"it's\", '\"')"),
        ("'abc'.find('c', -1), 'abc'.count(''), 'aaa'.replace('a', 'b', 2)", "(2, 4, 'bba')"),
        (
            "'٣'.isdigit(), '²'.isdecimal(), 'Ⅷ'.isnumeric(), 'a1_'.isidentifier(), ''.isprintable()",
            "(True, False, True, True, True)",
        ),
        ("'a'.nosuch", "AttributeError: 'str' object has no attribute 'nosuch'"),
        ("''.split('')", "ValueError: empty separator"),
        ("'a\\tb'.expandtabs(4), '-5'.zfill(4), 'a'.center(4, '*')", "('a   b', '-005', '*a**')"),
    ]);
}

#[test]
fn bytes() {
    check(&[
        (
            "b'a,b'.split(b','), b'ab'.hex(), b'abcd'.hex(':', 2), bytes.fromhex('de AD')",
            "([b'a', b'b'], '6162', '6162:6364', b'\\xde\\xad')",
        ),
        ("bytes.fromhex('x')", "ValueError: non-hexadecimal number found in fromhex() arg at position 0"),
        ("b'a'.join([b'x', bytearray(b'y')])", "b'xay'"),
        (
            "bytes([1, 2]), bytes(3), bytes('é', 'utf-8'), bytes(bytearray(b'x'))",
            "(b'\\x01\\x02', b'\\x00\\x00\\x00', b'\\xc3\\xa9', b'x')",
        ),
        ("bytes('a')", "TypeError: string argument without an encoding"),
        ("bytes([256])", "ValueError: bytes must be in range(0, 256)"),
        ("b'a'.startswith('a')", "TypeError: startswith first arg must be bytes or a tuple of bytes, not str"),
        ("b'\\xff'.decode()", "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        ("b'\\xff'.decode('utf-8', 'backslashreplace'), b'a'.decode('ascii')", "('\\\\xff', 'a')"),
        ("b'%d %b %c' % (1, b'x', 65)", "b'1 x A'"),
        ("97 in b'abc', b'bc' in b'abc'", "(True, True)"),
        ("b'a' == bytearray(b'a') == memoryview(b'a')", "True"),
        ("bytearray(b\"it's\")", "bytearray(b\"it\\'s\")"),
        ("b'abc'.translate(None, b'b'), bytes.maketrans(b'a', b'b')[97]", "(b'ac', 98)"),
    ]);
}

#[test]
fn format_specifications() {
    check(&[
        (
            "format(1234567.891, ',.2f'), format(255, '#x'), format(-5, '+05d'), format(3, '08,'), format(0.5, '%')",
            "('1,234,567.89', '0xff', '-0005', '0,000,003', '50.000000%')",
        ),
        (
            "format('ab', '*^6'), format('abc', '.2'), format(True, 'd'), format(1e10, '.3'), format(12, 'c')",
            "('**ab**', 'ab', '1', '1e+10', '\\x0c')",
        ),
        ("format(1, 'q')", "ValueError: Unknown format code 'q' for object of type 'int'"),
        ("format('a', 'd')", "ValueError: Unknown format code 'd' for object of type 'str'"),
        ("format(1, '.2d')", "ValueError: Precision not allowed in integer format specifier"),
        ("format([], 'x')", "TypeError: unsupported format string passed to list.__format__"),
        ("format(1, ',_')", "ValueError: Cannot specify both ',' and '_'."),
        (
            "format(2.0, 'g'), format(1e-7, 'g'), format(123456789, 'e'), format(2.5, '.0f'), format(-0.0, 'z.1f')",
            "('2', '1e-07', '1.234568e+08', '2', '0.0')",
        ),
        ("format(1.5, '010.2f'), format(float('inf'), '08'), format(1234, '_x')", "('0000001.50', '00000inf', '4d2')"),
    ]);
}

#[test]
fn dictionaries_and_sets() {
    check(&[
        ("d = {'b': 1, 'a': 2}; d['c'] = 3; list(d), d.pop('b'), d.get('z', 0), d", "(['b', 'a', 'c'], 1, 0, {'a': 2, 'c': 3})"),
        ("{}['x']", "KeyError: 'x'"),
        ("d = {1: 'a'}; d[True] = 'b'; d[1.0] = 'c'; d", "{1: 'c'}"),
        ("{'a': 1} | {'b': 2}, {**{'a': 1}, 'a': 2}", "({'a': 1, 'b': 2}, {'a': 2})"),
        (
            "d = {1: 2}; k = d.keys(); d[3] = 4; k, d.items(), list(reversed(d))",
            "(dict_keys([1, 3]), dict_items([(1, 2), (3, 4)]), [3, 1])",
        ),
        ("{'a': 1}.keys() & {'a', 'b'}, {1: 2}.items() | set()", "({'a'}, {(1, 2)})"),
        ("d = {1: 1}\nfor k in d: d[2] = 2", "RuntimeError: dictionary changed size during iteration"),
        ("{3, 1, 2} - {1}, {1, 2} & {2, 3}, {1} | {2}, {1, 2} ^ {2, 3}, {1} <= {1, 2}", "({2, 3}, {2}, {1, 2}, {1, 3}, True)"),
        ("set(), frozenset(), frozenset({1})", "(set(), frozenset(), frozenset({1}))"),
        ("{[1]}", "TypeError: unhashable type: 'list'"),
        ("set().pop()", "KeyError: 'pop from an empty set'"),
        ("{1}.remove(2)", "KeyError: 2"),
        ("dict([(1, 2), (3, 4)], x=5), dict.fromkeys('ab')", "({1: 2, 3: 4, 'x': 5}, {'a': None, 'b': None})"),
        ("dict([1])", "TypeError: cannot convert dictionary update sequence element #0 to a sequence"),
        ("{} == {}, {1: [2]} == {1: [2]}, {1} == frozenset({1})", "(True, True, True)"),
    ]);
}

#[test]
fn iteration_and_functions() {
    check(&[
        (
            "list(enumerate('ab', 1)), list(zip('ab', [1, 2])), list(map(str, [1])), list(filter(None, [0, 1]))",
            "([(1, 'a'), (2, 'b')], [('a', 1), ('b', 2)], ['1'], [1])",
        ),
        ("list(zip([1], [1, 2], strict=True))", "ValueError: zip() argument 2 is longer than argument 1"),
        ("sorted([3, 1, 2], reverse=True), sorted('bca', key=lambda c: -ord(c))", "([3, 2, 1], ['c', 'b', 'a'])"),
        ("sorted([1, 'a'])", "TypeError: '<' not supported between instances of 'str' and 'int'"),
        ("sum([[1], [2]], []), max([1, 3, 2]), min('b', 'a'), max([], default=0)", "([1, 2], 3, 'a', 0)"),
        ("max([])", "ValueError: max() arg is an empty sequence"),
        (
            "type(iter([])).__name__, type(iter({})).__name__, type(iter('a')).__name__, type(iter(b'')).__name__, type(reversed([])).__name__",
            "('list_iterator', 'dict_keyiterator', 'str_ascii_iterator', 'bytes_iterator', 'list_reverseiterator')",
        ),
        ("next(iter([]))", "StopIteration"),
        ("next(iter([]), 5), list(iter([1, 2, 3].pop, 1))", "(5, [3, 2])"),
        ("isinstance(True, int), issubclass(KeyError, (int, LookupError)), callable(len)", "(True, True, True)"),
        ("isinstance(1, 1)", "TypeError: isinstance() arg 2 must be a type, a tuple of types, or a union"),
        ("getattr([], 'x', 0), hasattr('a', 'upper')", "(0, True)"),
        ("print(1, 2, sep='-', end='!\\n')", "1-2!"),
        ("print(sep=1)", "TypeError: sep must be None or a string, not int"),
        (
            "abs(-3), bin(5), oct(8), hex(255), chr(97), ord('a'), all([]), any([0, 1])",
            "(3, '0b101', '0o10', '0xff', 'a', 97, True, True)",
        ),
        ("str.upper('a'), list.append", "('A', <method 'append' of 'list' objects>)"),
        ("str.upper(1)", "TypeError: descriptor 'upper' for 'str' objects doesn't apply to a 'int' object"),
        (
            "int.__name__, type(1), type(ValueError()), type(None)",
            "('int', <class 'int'>, <class 'ValueError'>, <class 'NoneType'>)",
        ),
        ("id(1) == id(1), (1).__add__(2), [1].__len__(), 'a'.__class__", "(True, 3, 1, <class 'str'>)"),
    ]);
}

#[test]
fn exceptions_as_values() {
    check(&[
        (
            "ValueError('a', 1), KeyError('k'), str(KeyError('k')), OSError(2, 'no', 'f')",
            "(ValueError('a', 1), KeyError('k'), \"'k'\", FileNotFoundError(2, 'no'))",
        ),
        (
            "e = OSError(2, 'no', 'f'); e.errno, e.strerror, e.filename, str(e), e.args",
            "(2, 'no', 'f', \"[Errno 2] no: 'f'\", (2, 'no'))",
        ),
        ("StopIteration(5).value, SystemExit(3).code", "(5, 3)"),
        ("UnicodeDecodeError('utf-8', b'\\xff', 0, 1, 'bad')", "UnicodeDecodeError('utf-8', b'\\xff', 0, 1, 'bad')"),
        (
            "raise UnicodeDecodeError('utf-8', b'\\xff', 0, 1, 'bad')",
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: bad",
        ),
        ("UnicodeDecodeError()", "TypeError: function takes exactly 5 arguments (0 given)"),
        ("import io\nraise io.UnsupportedOperation('detach')", "io.UnsupportedOperation: detach"),
        ("import io\nio.UnsupportedOperation('detach')", "UnsupportedOperation('detach')"),
        ("e = ValueError('x'); e.add_note('n'); e.__notes__", "['n']"),
        ("Exception(1, 2).args, str(Exception(1, 2)), str(Exception())", "((1, 2), '(1, 2)', '')"),
        ("ValueError(x=1)", "TypeError: ValueError() takes no keyword arguments"),
    ]);
}

/// What reaches files or runs text is not there at all.
#[test]
fn names_that_would_reach_outside_do_not_exist() {
    for name in ["open", "exec", "eval", "compile", "__import__", "breakpoint"] {
        assert_eq!(transcript(name), format!("NameError: name '{name}' is not defined\n"));
    }
}
