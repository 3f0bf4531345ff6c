//! Nothing that is typed may hang, fill the memory or end the process.

use seektell::console::raise::Halt;
use seektell::console::session::{SCRIPT, ScriptError};
use seektell::console::vm::Limits;

use crate::kit::{run, transcript};

#[test]
fn steps_are_counted_and_end_a_script() {
    let limits = Limits { steps: 50_000, ..SCRIPT };
    for source in [
        "while True: pass",
        "x = 0\nwhile True:\n    try:\n        while True: x += 1\n    finally:\n        pass",
        "for i in range(10**12): pass",
        "[0 for i in range(10**12)]",
        "sum(i for i in range(10**12))",
        "list(range(10**7))",
        "def f():\n    while True: yield\nfor i in f(): pass",
        "import io\nfor line in iter(lambda: 1, 2): pass",
    ] {
        let (text, outcome) = run(&format!("print('begins')\n{source}\nprint('never')"), limits);
        assert_eq!((text.as_str(), outcome), ("begins\n", Err(ScriptError::Halted(Halt::Steps))), "{source}");
    }
}

#[test]
fn output_is_limited() {
    let (text, outcome) = run("while True: print('x' * 1000)", Limits { output: 100_000, ..SCRIPT });
    assert_eq!(outcome, Err(ScriptError::Halted(Halt::Output)));
    assert!(text.len() <= 100_000 && text.len() > 90_000);
}

#[test]
fn recursion_is_an_exception() {
    let cases = [
        "def f(): f()\nf()",
        "def f(n): return [f(n) for x in [1]]\nf(1)",
        "def f(): return (lambda: f())()\nf()",
        "def f(): yield from f()\nlist(f())",
        "def f():\n    for x in f(): yield x\nnext(f())",
        "f = lambda x: max([1, 2], key=f)\nf(1)",
        "x = []\nfor i in range(100000): x = [x]\nrepr(x)",
        "x = []\nfor i in range(100000): x = [x]\ny = []\nfor i in range(100000): y = [y]\nx == y",
        "x = ()\nfor i in range(100000): x = (x,)\nhash(x)",
    ];
    for source in cases {
        let text = transcript(source);
        assert!(text.starts_with("RecursionError: maximum recursion depth exceeded"), "{source}\n{text}");
        assert_eq!(text.lines().count(), 1);
    }
    assert_eq!(transcript("def f(n): return 0 if n == 0 else 1 + f(n - 1)\nf(900)"), "900\n");
    let caught = "def f():\n    try: f()\n    except RecursionError: return 'caught'\n    return 'deeper'\nf()";
    assert_eq!(transcript(caught), "'deeper'\n");
    assert_eq!(transcript("x = []\nx.append(x)\nx"), "[[...]]\n");
}

#[test]
fn deep_values_are_dropped_without_a_deep_stack() {
    for source in [
        "x = []\nfor i in range(100000): x = [x]\nx = None",
        "x = ()\nfor i in range(100000): x = (x,)\nx = None",
        "x = None\nfor i in range(100000): x = {1: x}\nx = None",
        "x = None\nfor i in range(100000): x = lambda x=x: x\nx = None",
        "x = []\nfor i in range(100000): x = (y for y in x)\nx = None",
        "x = []\nfor i in range(100000): x = iter([x])\nx = None",
        "e = None\nfor i in range(100000): e = ValueError(e)\ne = None",
    ] {
        assert_eq!(transcript(&format!("{source}\nprint('alive')")), "alive\n", "{source}");
    }
}

#[test]
fn too_much_memory_is_an_exception() {
    let limits = Limits { memory: 256 << 20, ..SCRIPT };
    let cases = [
        "b'x' * 10**12",
        "'a' * 10**10",
        "[0] * 10**12",
        "(0,) * 10**12",
        "bytes(10**12)",
        "bytearray(10**12)",
        "1 << 10**12",
        "10 ** 10 ** 10",
        "'%999999999999d' % 1",
        "f'{1:999999999999}'",
        "'a'.ljust(10**12)",
        "b'a'.zfill(10**12)",
        "'ab'.replace('a', 'b' * 10**6).join(['x'] * 10**6)",
    ];
    for source in cases {
        let (text, outcome) = run(&format!("{source}\nprint('goes on')"), limits);
        let first = text.lines().next().unwrap_or_default();
        let told = ["MemoryError", "OverflowError", "ValueError"].iter().any(|class| first.starts_with(class));
        assert!(told && text.ends_with("goes on\n"), "{source}: {text} {outcome:?}");
    }
}

#[test]
fn memory_that_grows_slowly_ends_the_script() {
    let limits = Limits { memory: 192 << 20, ..SCRIPT };
    for source in [
        "x = []\nwhile True: x.append([0] * 10000)",
        "x = 'a'\nwhile True: x += x",
        "x = []\nwhile True: x.append([1, 2, 3])",
        "import io\nb = io.BytesIO()\nwhile True: b.write(bytes(range(256)) * 4000)",
        "list(range(10**11))",
    ] {
        let (text, outcome) = run(&format!("{source}\nprint('goes on')"), limits);
        let ended = matches!(outcome, Err(ScriptError::Halted(Halt::Memory)));
        assert!(ended || text.starts_with("MemoryError\n"), "{source}: {text} {outcome:?}");
    }
}

#[test]
fn generators_that_wait_are_bounded() {
    let source = "def g():\n    yield 1\n    yield 2\nx = []\nfor i in range(5000):\n    y = g()\n    next(y)\n    x.append(y)\n";
    let text = transcript(&format!("{source}x = None\nnext(g())"));
    assert_eq!(text, "MemoryError: too many generators are under way\n1\n");
    // Those that did not begin cost nothing.
    assert_eq!(transcript("def g(): yield 1\nx = [g() for i in range(20000)]\nsum(len(list(y)) for y in x)"), "20000\n");
}
