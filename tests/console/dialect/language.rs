//! What scripts print, statement by statement, as CPython 3.11 prints it.

use super::Case;

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "values_of_expression_statements",
        script: r"1 + 1
'a'
None
b'x'
if True:
    'not shown'
(1, 2)
x = 5
x
x; x + 1; None
",
        expected: r"2
'a'
b'x'
(1, 2)
5
5
6
",
    },
    Case {
        name: "assignment",
        script: r"a = b = [1]
a is b
c, d = 1, 2
c, d
[e, f] = 'xy'
e, f
(g, (h, i)) = 1, (2, 3)
g, h, i
*j, k = range(4)
j, k
l, *m, n = 'abcd'
l, m, n
o, *p = 1,
o, p
a[0], a[0:0] = 9, [7, 8]
a
q: int = 3
q
r: int
r
x, y = 1
x, y = 1, 2, 3
x, y = 1,
x, *y, z = 1,
x, y = iter([1, 2, 3])
x, *y = 5
",
        expected: r"True
(1, 2)
('x', 'y')
(1, 2, 3)
([0, 1, 2], 3)
('a', ['b', 'c'], 'd')
(1, [])
[7, 8, 9]
3
NameError: name 'r' is not defined
TypeError: cannot unpack non-iterable int object
ValueError: too many values to unpack (expected 2)
ValueError: not enough values to unpack (expected 2, got 1)
ValueError: not enough values to unpack (expected at least 2, got 1)
ValueError: too many values to unpack (expected 2)
TypeError: cannot unpack non-iterable int object
",
    },
    Case {
        name: "augmented",
        script: r"a = [1]
b = a
a += [2]
b
n = 5
n -= 1; n *= 3; n //= 2; n **= 2; n %= 7; n <<= 3; n >>= 1; n |= 1; n ^= 2; n &= 0xff
n
t = (1,)
t += (2,)
t
s = 'a'
s += 'b'
s
d = {'k': 1}
d['k'] += 10
d
i = [0, 0]
def at():
    print('at')
    return 1
i[at()] += 5
i
undefined += 1
n += 'a'
n @= 2
",
        expected: r"[1, 2]
7
(1, 2)
'ab'
{'k': 11}
at
[0, 5]
NameError: name 'undefined' is not defined
TypeError: unsupported operand type(s) for +=: 'int' and 'str'
TypeError: unsupported operand type(s) for @=: 'int' and 'int'
",
    },
    Case {
        name: "delete",
        script: r"a = 1
del a
a
del a
b = [1, 2, 3, 4]
del b[0], b[-1]
b
del b[:]
b
d = {1: 2}
del d[1]
d
del d[1]
x, y = 1, 2
del (x, y)
y
del 'abc'[0]
",
        expected: r"NameError: name 'a' is not defined
NameError: name 'a' is not defined
[2, 3]
[]
{}
KeyError: 1
NameError: name 'y' is not defined
TypeError: 'str' object doesn't support item deletion
",
    },
    Case {
        name: "branches_and_loops",
        script: r"for i in range(5):
    if i == 1: continue
    if i == 3: break
    print(i)
else:
    print('never')
for i in []:
    pass
else:
    print('else of for')
n = 3
while n:
    n -= 1
    print(n)
else:
    print('else of while')
while True:
    break
else:
    print('never')
if 0: print('no')
elif '': print('no')
elif [0]: print('yes')
else: print('no')
for a, (b, *c) in [(1, 'xyz'), (2, 'w')]: print(a, b, c)
for x in 5: pass
for a, b in [(1,)]: pass
i
",
        expected: r"0
2
else of for
2
1
0
else of while
yes
1 x ['y', 'z']
2 w []
TypeError: 'int' object is not iterable
ValueError: not enough values to unpack (expected 2, got 1)
3
",
    },
    Case {
        name: "try",
        script: r"def f(n):
    try:
        print('body')
        if n == 1: raise ValueError('one')
        if n == 2: raise KeyError('two')
        if n == 3: return 'returned'
        if n == 5: 1 / 0
    except ValueError as e:
        print('caught', e)
        return 'handler'
    except (KeyError, IndexError) as e:
        print('caught', repr(e))
    else:
        print('else')
    finally:
        print('finally')
        if n == 4: return 'from finally'
    return 'end'
for n in range(5): print(f(n))
f(5)
try:
    try:
        raise ValueError('inner')
    finally:
        raise TypeError('outer')
except TypeError as e:
    print(repr(e), repr(e.__context__))
try:
    raise ValueError('x')
except ValueError as e:
    pass
e
try:
    raise ValueError
except:
    print('bare')
try:
    1
except 5:
    pass
try:
    raise ValueError
except 5:
    pass
try:
    raise ValueError
except (KeyError, 'x'):
    pass
for i in range(3):
    try:
        if i == 1: continue
        if i == 2: break
    finally:
        print('f', i)
try:
    raise OSError('a') from ValueError('b')
except OSError as e:
    print(repr(e.__cause__))
try:
    raise OSError('a') from None
except OSError as e:
    print(e.__cause__)
raise 5
raise ValueError from 5
raise
raise ValueError
raise ValueError('a', 1)
raise KeyError('k')
raise StopIteration
try:
    try:
        raise ValueError('first')
    except ValueError:
        raise
except ValueError as e:
    print('again', e)
try:
    assert 1 == 2, 'message'
except AssertionError as e:
    print(repr(e))
assert 0
assert 0, (1, 2)
assert 1, 1 / 0
raise SystemExit
print('not reached')
",
        expected: r"body
else
finally
end
body
caught one
finally
handler
body
caught KeyError('two')
finally
end
body
finally
returned
body
else
finally
from finally
body
finally
ZeroDivisionError: division by zero
TypeError('outer') ValueError('inner')
NameError: name 'e' is not defined
bare
TypeError: catching classes that do not inherit from BaseException is not allowed
TypeError: catching classes that do not inherit from BaseException is not allowed
f 0
f 1
f 2
ValueError('b')
None
TypeError: exceptions must derive from BaseException
TypeError: exception causes must derive from BaseException
RuntimeError: No active exception to reraise
ValueError
ValueError: ('a', 1)
KeyError: 'k'
StopIteration
again first
AssertionError('message')
AssertionError
AssertionError: (1, 2)
",
    },
    Case {
        name: "functions",
        script: r#"def f(a, b=2, *rest, c, d=4, **more):
    """Says something."""
    return a, b, rest, c, d, more
f(1, c=3)
f(1, 2, 3, 4, c=5, e=6)
f(*[1, 2, 3], **{'c': 4, 'z': 5})
f.__name__
f.__doc__
def g(a, b, /, c, *, d): return a, b, c, d
g(1, 2, 3, d=4)
g(1, 2, c=3, d=4)
g(1, b=2, c=3, d=4)
g(1, 2, 3)
g(1)
g()
g(1, 2, 3, 4, d=5)
def h(): pass
h()
h(1)
h(1, 2)
h(x=1)
def one(a): pass
one()
one(1, 2)
one(1, a=2)
one(b=1)
def two(a, b=1): pass
two(1, 2, 3)
two(*range(5))
def three(a, b, c): pass
three()
three(1)
def kw(a, *, k): pass
kw(1, 2, k=3)
kw(1)
f(**{1: 2})
f(**5)
f(*5)
f(1, **{'c': 1}, **{'c': 2})
h.x = 5
print(h.x)
(lambda x, *y, z=3: (x, y, z))(1, 2)
(lambda: 5)()
def outer():
    x = 1
    def inner():
        nonlocal x
        x += 1
        return x
    inner()
    return inner() + x
outer()
def counter():
    count = 0
    def step():
        nonlocal count
        count += 1
        return count
    return step
s = counter()
s(); s()
def ub():
    print(v)
    v = 1
ub()
def fr():
    def inner(): return late
    inner()
    late = 1
fr()
def gl():
    global made
    made = 'global'
gl()
made
def rec(n): return 1 if n < 2 else n * rec(n - 1)
rec(30)
def default(x=[]):
    x.append(1)
    return x
default(); default()
fs = [lambda: i for i in range(3)]
[f() for f in fs]
def deco(*names):
    print('deco', names)
    def wrap(f):
        print('wrap', f.__name__)
        return lambda *a: (names, f(*a))
    return wrap
@deco('a')
@deco('b')
def decorated(x): return x
decorated(7)
def annotated(a: int, b: 'str' = 'x') -> bool: return a, b
annotated(1)
5()
'a'(1)
undefined_function()
h
print(print)
"#,
        expected: r"(1, 2, (), 3, 4, {})
(1, 2, (3, 4), 5, 4, {'e': 6})
(1, 2, (3,), 4, 4, {'z': 5})
'f'
'Says something.'
(1, 2, 3, 4)
(1, 2, 3, 4)
TypeError: g() got some positional-only arguments passed as keyword arguments: 'b'
TypeError: g() missing 1 required keyword-only argument: 'd'
TypeError: g() missing 2 required positional arguments: 'b' and 'c'
TypeError: g() missing 3 required positional arguments: 'a', 'b', and 'c'
TypeError: g() takes 3 positional arguments but 4 positional arguments (and 1 keyword-only argument) were given
TypeError: h() takes 0 positional arguments but 1 was given
TypeError: h() takes 0 positional arguments but 2 were given
TypeError: h() got an unexpected keyword argument 'x'
TypeError: one() missing 1 required positional argument: 'a'
TypeError: one() takes 1 positional argument but 2 were given
TypeError: one() got multiple values for argument 'a'
TypeError: one() got an unexpected keyword argument 'b'
TypeError: two() takes from 1 to 2 positional arguments but 3 were given
TypeError: two() takes from 1 to 2 positional arguments but 5 were given
TypeError: three() missing 3 required positional arguments: 'a', 'b', and 'c'
TypeError: three() missing 2 required positional arguments: 'b' and 'c'
TypeError: kw() takes 1 positional argument but 2 positional arguments (and 1 keyword-only argument) were given
TypeError: kw() missing 1 required keyword-only argument: 'k'
TypeError: keywords must be strings
TypeError: __main__.f() argument after ** must be a mapping, not int
TypeError: __main__.f() argument after * must be an iterable, not int
TypeError: __main__.f() got multiple values for keyword argument 'c'
5
(1, (2,), 3)
5
6
1
2
UnboundLocalError: cannot access local variable 'v' where it is not associated with a value
NameError: cannot access free variable 'late' where it is not associated with a value in enclosing scope
'global'
265252859812191058636308480000000
[1]
[1, 1]
[2, 2, 2]
deco ('a',)
deco ('b',)
wrap decorated
wrap <lambda>
(('a',), (('b',), 7))
(1, 'x')
TypeError: 'int' object is not callable
TypeError: 'str' object is not callable
NameError: name 'undefined_function' is not defined
<function h at 0xADDR>
<built-in function print>
",
    },
    Case {
        name: "generators",
        script: r"def g():
    x = yield 1
    print('got', x)
    try:
        y = yield 2
    except ValueError as e:
        print('thrown', e)
        yield 'after'
    finally:
        print('finally')
    return 'done'
i = g()
next(i)
i.send('hello')
i.throw(ValueError('v'))
next(i)
next(i)
i.close()
def count(n):
    try:
        for k in range(n): yield k
    finally:
        print('closed')
for k in count(5):
    if k == 2: break
print('after')
list(count(3))
c = count(5)
next(c)
del c
print('deleted')
c = count(5)
next(c)
c = None
def outer():
    r = yield from inner()
    print('inner returned', r)
    yield from [8, 9]
    yield from count(2)
def inner():
    yield 1
    return 'r'
list(outer())
h = (x * x for x in range(4) if x % 2)
h
next(h), next(h)
next(h)
next(h, 'default')
sum(x for x in range(10))
z = count(2)
z.send(1)
next(z)
z.throw(KeyError, 'k')
next(z)
def bad():
    raise StopIteration
    yield
next(bad())
def ignores():
    while True:
        try: yield 1
        except GeneratorExit: pass
v = ignores()
next(v)
v.close()
def me():
    yield next(it)
it = me()
next(it)
def empty():
    return 5
    yield
try: next(empty())
except StopIteration as e: print(e.value)
def r(n):
    if n: yield from r(n - 1)
    yield n
list(r(20))
a, b = (yield_ for yield_ in 'xy')
a, b
def delegated():
    try:
        yield from count(5)
    except KeyError: print('key')
    yield 'end'
d = delegated()
next(d)
d.throw(KeyError)
next(d)
type(d)
len(d)
",
        expected: r"1
got hello
2
thrown v
'after'
finally
StopIteration: done
StopIteration
closed
after
closed
[0, 1, 2]
0
closed
deleted
0
closed
inner returned r
closed
[1, 8, 9, 0, 1]
<generator object <genexpr> at 0xADDR>
(1, 9)
StopIteration
'default'
45
TypeError: can't send non-None value to a just-started generator
0
closed
KeyError: 'k'
StopIteration
RuntimeError: generator raised StopIteration
1
RuntimeError: generator ignored GeneratorExit
ValueError: generator already executing
5
[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
('x', 'y')
0
closed
key
'end'
StopIteration
<class 'generator'>
TypeError: object of type 'generator' has no len()
",
    },
    Case {
        name: "comprehensions",
        script: r"[x for x in range(3)]
[x + y for x in 'ab' for y in 'cd']
[x for x in range(10) if x % 2 if x > 3]
{x % 3 for x in range(9)} == {0, 1, 2}
{k: v for k, v in zip('ab', [1, 2])}
x = 'outer'
[x for x in range(2)], x
[[i * j for j in range(3)] for i in range(3)]
def f(n): return [n + i for i in range(n)]
f(3)
[y := 1, y ** 2]
y
[last := i for i in range(4)]
last
any((hit := n) > 2 for n in range(10)), hit
[a for a in undefined]
[a for a in 5]
[undefined for a in [1]]
[a for a in [1] if undefined]
{[]: 1 for a in [1]}
{[] for a in [1]}
list(i for i in range(3))
(lambda: [x for x in 'q'])()
[*range(3), *'ab']
(*[1], 2)
{*'a'}
{**{'a': 1}, 'b': 2, **{'a': 3}}
{**5}
[*5]
print(*[1, 2], sep='-')
print(*5)
",
        expected: r"[0, 1, 2]
['ac', 'ad', 'bc', 'bd']
[5, 7, 9]
True
{'a': 1, 'b': 2}
([0, 1], 'outer')
[[0, 0, 0], [0, 1, 2], [0, 2, 4]]
[3, 4, 5]
[1, 1]
1
[0, 1, 2, 3]
3
(True, 3)
NameError: name 'undefined' is not defined
TypeError: 'int' object is not iterable
NameError: name 'undefined' is not defined
NameError: name 'undefined' is not defined
TypeError: unhashable type: 'list'
TypeError: unhashable type: 'list'
[0, 1, 2]
['q']
[0, 1, 2, 'a', 'b']
(1, 2)
{'a'}
{'a': 3, 'b': 2}
TypeError: 'int' object is not a mapping
TypeError: Value after * must be an iterable, not int
1-2
TypeError: print() argument after * must be an iterable, not int
",
    },
    Case {
        name: "operators",
        script: r"1 < 2 < 3
1 < 2 > 3
3 > 2 == 2
1 == 1 != 2
None or 0 or 'x'
1 and [] and 2
not 1
not []
0 or ''
def t(x):
    print('t', x)
    return x
t(1) < t(0) < t(5)
t(0) and t(1)
t(1) or t(2)
t(1) + t(2) * t(3)
1 if 2 else 3
5 is 5
None is not None
1 in [1]
1 not in (1,)
'a' in 5
-2 ** 2
2 ** -1
~5
-True
+'a'
-'a'
~1.5
1 + 'a'
'a' + 1
[1] + (1,)
1 < 'a'
[] < 1
1 @ 2
1 << -1
7 // 0
7 % 0
1 / 0
1.0 / 0
2 ** 200
(w := 5) + w
{1: 'a', True: 'b'}
[1, 2, 3][::-1]
'abc'[-2:]
b'abc'[1]
[1][5]
'a'[5]
b''[0]
(1,)[1]
{}['k']
[1]['a']
5[0]
None.x
(5).real
'a'.nosuch
[].nosuch()
",
        expected: r#"True
False
True
True
'x'
[]
False
True
''
t 1
t 0
False
t 0
0
t 1
1
t 1
t 2
t 3
7
1
True
False
True
False
TypeError: argument of type 'int' is not iterable
-4
0.5
-6
-1
TypeError: bad operand type for unary +: 'str'
TypeError: bad operand type for unary -: 'str'
TypeError: bad operand type for unary ~: 'float'
TypeError: unsupported operand type(s) for +: 'int' and 'str'
TypeError: can only concatenate str (not "int") to str
TypeError: can only concatenate list (not "tuple") to list
TypeError: '<' not supported between instances of 'int' and 'str'
TypeError: '<' not supported between instances of 'list' and 'int'
TypeError: unsupported operand type(s) for @: 'int' and 'int'
ValueError: negative shift count
ZeroDivisionError: integer division or modulo by zero
ZeroDivisionError: integer modulo by zero
ZeroDivisionError: division by zero
ZeroDivisionError: float division by zero
1606938044258990275541962092341162602522202993782792835301376
10
{1: 'b'}
[3, 2, 1]
'bc'
98
IndexError: list index out of range
IndexError: string index out of range
IndexError: index out of range
IndexError: tuple index out of range
KeyError: 'k'
TypeError: list indices must be integers or slices, not str
TypeError: 'int' object is not subscriptable
AttributeError: 'NoneType' object has no attribute 'x'
5
AttributeError: 'str' object has no attribute 'nosuch'
AttributeError: 'list' object has no attribute 'nosuch'
"#,
    },
    Case {
        name: "f_strings",
        script: r#"x = 3.14159
n = 42
s = "it's"
f'{x:.2f} {n:05d} {n:>6}|{n:<6}|{n:^6}| {s!r} {s!s} {s!a}'
f'{n:{8}}|{x:{6}.{3}}'
f'{{}} {n}' 'more' f"{s}"
f'{n=} {n = } {s=} {x=:.1f} {n=!s}'
f'{"nested"} {[i for i in range(3)]} {(lambda: 5)()}'
f'{n:x} {n:b} {n:o} {n:#x} {n:,} {1234567:_}'
rf'\d{n}\n'
f'\x41{n}\u00e9\N{EM DASH}{{'
f''
f'{n!r:>5}'
f'{None} {True} {b"x"}'
f'{n:d' '}'
f'{undefined}'
f'{s:d}'
f'{n:zz}'
f'{x:d}'
f"{n}{n}" f'{s}'
f'''{
n}'''
"#,
        expected: r"SyntaxError: f-string: expecting '}'
",
    },
    Case {
        name: "literals",
        script: r#"0x7a, 0o17, 0b101, 1_000_000, 00
1.5, 1e3, .5, 5., 1_0.0_1, 1e400
10 ** 30
123456789012345678901234567890
'a' "b" '''c''' """d"""
'\n\t\\\'\"\a\b\f\v\r\0\x7f\101\u20ac\U0001F600'
'\ud800'
'\N{LATIN SMALL LETTER E WITH ACUTE}\N{BULLET}'
r'\n' R"\'"
b'\x00\xff\n\101' rb'\x00' BR'a'
u'x'
'\d \
continued'
b'\q'
"""a
b"""
True, False, None, ...
()
(1,)
[]
{}
{1}
'é' 'ü'
b'a' b'b'
print('\ud800')
'\777'
b'\777'
"#,
        expected: r#"(122, 15, 5, 1000000, 0)
(1.5, 1000.0, 0.5, 5.0, 10.01, inf)
1000000000000000000000000000000
123456789012345678901234567890
'abcd'
'\n\t\\\'"\x07\x08\x0c\x0b\r\x00\x7fA€😀'
'\ud800'
'é•'
"\\n\\'"
b'\x00\xff\nA\\x00a'
'x'
'\\d continued'
b'\\q'
'a\nb'
(True, False, None, Ellipsis)
()
(1,)
[]
{}
{1}
'éü'
b'ab'
UnicodeEncodeError: 'utf-8' codec can't encode character '\ud800' in position 0: surrogates not allowed
'ǿ'
b'\xff'
"#,
    },
    Case {
        name: "with",
        script: r"import io
with io.BytesIO(b'abc') as b:
    b.read()
    print(b.closed)
b.closed
with io.BytesIO(b'1') as a, io.StringIO('2') as c:
    print(a.read(), c.read())
a.closed, c.closed
with (io.BytesIO() as a, io.BytesIO() as c): pass
with 5: pass
with 5 as x: pass
with io.BytesIO() as (p, q): pass
try:
    with io.BytesIO() as b:
        raise ValueError('in with')
except ValueError as e:
    print(e, b.closed)
def f():
    with io.BytesIO() as b:
        return b
f().closed
for i in range(2):
    with io.BytesIO() as b:
        if i: break
        continue
b.closed
d = {}
with io.BytesIO() as d['k']: print(d['k'].closed)
v = memoryview(b'ab')
with v as w: print(w.tobytes())
v.tobytes()
with b: pass
",
        expected: r"False
True
b'1' 2
(True, True)
TypeError: 'int' object does not support the context manager protocol
TypeError: 'int' object does not support the context manager protocol
ValueError: not enough values to unpack (expected 2, got 0)
in with True
True
True
False
b'ab'
ValueError: operation forbidden on released memoryview object
ValueError: I/O operation on closed file.
",
    },
    Case {
        name: "imports",
        script: r"import io
io.BytesIO
import io as stream
stream is io
from io import BytesIO, StringIO as S
BytesIO, S
import nosuch
import nosuch.sub

from nosuch import x
import io.nosuch
from io import *
TextIOWrapper
io.nosuch
from __future__ import annotations
",
        expected: r"<class '_io.BytesIO'>
True
(<class '_io.BytesIO'>, <class '_io.StringIO'>)
ModuleNotFoundError: No module named 'nosuch'
ModuleNotFoundError: No module named 'nosuch'
ModuleNotFoundError: No module named 'nosuch'
ModuleNotFoundError: No module named 'io.nosuch'; 'io' is not a package
<class '_io.TextIOWrapper'>
AttributeError: module 'io' has no attribute 'nosuch'
",
    },
    Case {
        name: "names",
        script: r"x
print(x)
len
x = 1
del x
x
len = 5
len
del len
len('abc')
__name__
def f():
    return x
f()
x = 2
f()
",
        expected: r"NameError: name 'x' is not defined
NameError: name 'x' is not defined
<built-in function len>
NameError: name 'x' is not defined
5
3
'__main__'
NameError: name 'x' is not defined
2
",
    },
    Case {
        name: "finalisers",
        script: r"import io
b = io.BytesIO()
t = io.TextIOWrapper(b, encoding='utf-8')
t.write('x')
b.closed
t = None
b.closed
b = io.BytesIO()
def f():
    w = io.TextIOWrapper(b, encoding='utf-8')
    w.write('text')
f()
b.closed
b = io.BytesIO(b'a\nb')
for line in io.TextIOWrapper(b, encoding='utf-8'): print(line, b.closed)
b.closed
b = io.BytesIO(b'q')
io.TextIOWrapper(b, encoding='utf-8').read(), b.closed
b.closed
b = io.BytesIO()
def g(w):
    w.write(b'abc')
    raise ValueError('kept')
try:
    g(io.BufferedWriter(b))
except ValueError as e:
    print(b.closed)
b.closed
b = io.BytesIO(b'abc')
v = b.getbuffer()
b.write(b'abcd')
v = 5
b.write(b'abcd')
[io.BufferedReader(io.BytesIO(b'x')).read() for i in range(2)]
def gen():
    w = io.BufferedWriter(c)
    w.write(b'1')
    yield
c = io.BytesIO()
i = gen()
next(i)
c.closed
del i
c.closed
w = io.BufferedWriter(io.BytesIO())
r = w.raw
w = r
r.closed
",
        expected: r"1
False
True
True
a
 False
b False
True
('q', True)
True
False
True
BufferError: Existing exports of data: object cannot be re-sized
4
[b'x', b'x']
False
True
True
",
    },
    Case {
        name: "outside_the_language",
        script: r"print('before')
x = 1
x
print('after')
",
        expected: r"before
1
after
",
    },
    Case {
        name: "order_of_evaluation",
        script: r"def p(x):
    print(x, end=' ')
    return x
d = {}
d[p('k')] = p('v')
p([0])[p(0)] = p(1)
{p(1): p(2), p(3): p(4)}
def f(*a, **k): return a, k
f(p(1), *[p(2)], x=p(3), **{'y': p(4)})
p(5) if p(0) else p(6)
p('abc')[p(0):p(2)]
undefined.attribute(print('no'))
'a'.nosuch(print('no'))
(lambda x=p(9): x)()
a = b = p(7)
p(1) < p(2) < p(3)
x, y = p(1), p(2)
[p(i) for i in (p(1), p(2)) if p(i)]
",
        expected: r"v k 1 [0] 0 1 2 3 4 {1: 2, 3: 4}
1 2 3 4 ((1, 2), {'x': 3, 'y': 4})
0 6 6
abc 0 2 'ab'
NameError: name 'undefined' is not defined
AttributeError: 'str' object has no attribute 'nosuch'
9 9
7 1 2 3 True
1 2 1 2 1 1 2 2 [1, 2]
",
    },
    Case {
        name: "exceptions_as_values",
        script: r"e = ValueError('m', 2)
e
str(e)
e.args
print(ValueError('x'))
repr(KeyError('k')), str(KeyError('k'))
ValueError
type(e).__name__
isinstance(e, Exception)
try:
    int('x')
except ValueError as err:
    print(err)
err
ZeroDivisionError.__mro__
ValueError(1, 2, key=3)
class_ = OSError
raise class_('msg')
raise OSError(2, 'No such file')
raise UnicodeError
try:
    {}['missing']
except LookupError as e:
    print(type(e), e)
",
        expected: r#"ValueError('m', 2)
"('m', 2)"
('m', 2)
x
("KeyError('k')", "'k'")
<class 'ValueError'>
'ValueError'
True
invalid literal for int() with base 10: 'x'
NameError: name 'err' is not defined
(<class 'ZeroDivisionError'>, <class 'ArithmeticError'>, <class 'Exception'>, <class 'BaseException'>, <class 'object'>)
TypeError: ValueError() takes no keyword arguments
OSError: msg
FileNotFoundError: [Errno 2] No such file
UnicodeError
<class 'KeyError'> 'missing'
"#,
    },
];
