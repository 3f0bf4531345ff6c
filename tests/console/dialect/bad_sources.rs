//! Sources that do not parse, and sources that would use up a stack.

use crate::kit::transcript;

#[test]
fn what_does_not_parse_runs_nothing_and_says_why() {
    let cases = [
        ("x = (", "'(' was never closed"),
        ("x = [1,", "'[' was never closed"),
        ("'abc", "unterminated string literal (detected at line 1)"),
        ("\"\"\"abc\n", "unterminated triple-quoted string literal (detected at line 1)"),
        ("1 = 2", "cannot assign to literal here. Maybe you meant '==' instead of '='?"),
        ("f() = 1", "cannot assign to function call here. Maybe you meant '==' instead of '='?"),
        ("None = 1", "cannot assign to None"),
        ("del f()", "cannot delete function call"),
        ("return 1", "'return' outside function"),
        ("yield 1", "'yield' outside function"),
        ("break", "'break' outside loop"),
        ("continue", "'continue' not properly in loop"),
        ("def f(a, a): pass", "duplicate argument 'a' in function definition"),
        ("def f(a=1, b): pass", "non-default argument follows default argument"),
        ("f(a=1, 2)", "positional argument follows keyword argument"),
        ("f(a=1, a=2)", "keyword argument repeated: a"),
        ("nonlocal x", "nonlocal declaration not allowed at module level"),
        ("def f():\n    nonlocal zz", "no binding for nonlocal 'zz' found"),
        ("def f(x):\n    global x", "name 'x' is parameter and global"),
        ("def f():\n    x = 1\n    global x", "name 'x' is assigned to before global declaration"),
        ("def f():\n    from io import *", "import * only allowed at module level"),
        ("print 1", "Missing parentheses in call to 'print'. Did you mean print(...)?"),
        ("x = = 1", "invalid syntax"),
        ("if x\n    pass", "expected ':'"),
        ("(]", "closing parenthesis ']' does not match opening parenthesis '('"),
        (")", "unmatched ')'"),
        ("*a = 1", "starred assignment target must be in a list or tuple"),
        ("a, *b, *c = x", "multiple starred expressions in assignment"),
        ("f'{a!x}'", "f-string: invalid conversion character: expected 's', 'r', or 'a'"),
        ("f'}'", "f-string: single '}' is not allowed"),
        ("f'{}'", "f-string: empty expression not allowed"),
        ("0777", "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers"),
        ("1a", "invalid decimal literal"),
        ("'\\x1'", "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: truncated \\xXX escape"),
        ("b'\\x1'", "(value error) invalid \\x escape at position 0"),
        ("b'\u{e9}'", "bytes can only contain ASCII literal characters"),
        ("try:\n    pass\nexcept:\n    pass\nexcept E:\n    pass", "default 'except:' must be last"),
        ("x = 1\0", "source code string cannot contain null bytes"),
        ("from __future__ import nope", "future feature nope is not defined"),
        ("if x = 1: pass", "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
        ("[1 2]", "invalid syntax. Perhaps you forgot a comma?"),
    ];
    for (source, message) in cases {
        let source = format!("print('never')\n{source}");
        let line = message.replace("line 1", "line 2");
        assert_eq!(transcript(&source), format!("SyntaxError: {line}\n"), "{source}");
    }
    assert_eq!(transcript("if 1:\nx"), "IndentationError: expected an indented block after 'if' statement on line 1\n");
    assert_eq!(transcript("  x"), "IndentationError: unexpected indent\n");
}

#[test]
fn huge_integer_literals_are_refused_as_python_refuses_them() {
    let text = transcript(&"9".repeat(5000));
    assert!(
        text.starts_with("SyntaxError: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits")
    );
    assert_eq!(transcript(&format!("x = {}", "9".repeat(4300))), "");
}

#[test]
fn what_nests_too_deeply_is_refused_and_nothing_overflows() {
    let many = 100_000;
    let deep = [
        "(".repeat(many),
        "[".repeat(many),
        "{1: ".repeat(many),
        format!("{}1", "-".repeat(many)),
        format!("{}1", "~".repeat(many)),
        format!("{}1", "not ".repeat(many)),
        format!("x{}", ".a".repeat(many)),
        format!("x{}", "()".repeat(many)),
        format!("x{}", "[0]".repeat(many)),
        format!("1{}", "+1".repeat(many)),
        format!("1{}", "**1".repeat(many)),
        format!("{}1", "lambda: ".repeat(many)),
        format!("{}1", "1 if 1 else ".repeat(many)),
        format!("{}1", "lambda: 1 or ".repeat(many)),
        format!("print({}a)", "*".repeat(many)),
        format!("{}x", "await ".repeat(many)),
        "f\"{".repeat(1000),
        (0..1000).map(|depth| format!("{}if 1:\n", " ".repeat(depth))).collect(),
    ];
    for source in deep {
        let text = transcript(&source);
        assert_eq!(text.lines().count(), 1, "{}", &source[..20]);
        assert!(text.contains("Error: "), "{}: {text}", &source[..20]);
    }
}

#[test]
fn long_but_flat_sources_run() {
    let flat = [
        format!("x = [{}]\nlen(x)", "-1, ".repeat(20_000)),
        format!("len({})", "'ab' ".repeat(10_000)),
        format!("0{}", " or 0".repeat(10_000)),
        format!("if 0: pass\n{}", "elif 0: pass\n".repeat(5000)),
        format!("{}1", "a = ".repeat(5000)),
        format!("1{}", " + 1".repeat(2500)),
        format!("{}1", "-".repeat(2000)),
        format!("x = '{}'", "a".repeat(5_000_000)),
    ];
    for source in flat {
        let text = transcript(&source);
        assert!(!text.contains("Error"), "{}: {text}", &source[..20]);
    }
}
