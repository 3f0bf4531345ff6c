//! How CPython checks and converts the arguments of a method, in its order and with its messages.

use num_bigint::BigInt;

use super::{Exception, ExceptionKind, Value, Whence};
use crate::buffer::Buffer;

/// The arguments of one call, by position and by name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arguments<'a> {
    /// The class that defines the method.
    pub(super) class: &'static str,
    pub(super) method: &'a str,
    pub(super) args: &'a [Value],
}

impl<'a> Arguments<'a> {
    /// For methods without arguments.
    #[inline]
    pub(super) fn none(&self) -> Result<(), Exception> {
        match self.args.len() {
            0 => Ok(()),
            n => Err(Exception::type_error(format!("{}.{}() takes no arguments ({n} given)", self.class, self.method))),
        }
    }

    /// For the methods that an operator stands for (`__next__`, `__iter__`).
    #[inline]
    pub(super) fn none_of_operator(&self) -> Result<(), Exception> {
        match self.args.len() {
            0 => Ok(()),
            n => Err(Exception::type_error(format!("expected 0 arguments, got {n}"))),
        }
    }

    /// For methods with exactly one.
    #[inline]
    pub(super) fn one(&self) -> Result<&'a Value, Exception> {
        match self.args {
            [argument] => Ok(argument),
            args => {
                let count = args.len();
                let message = format!("{}.{}() takes exactly one argument ({count} given)", self.class, self.method);
                Err(Exception::type_error(message))
            }
        }
    }

    /// For methods with at least `min` and at most `max`.
    #[inline]
    pub(super) fn between(&self, min: usize, max: usize) -> Result<&'a [Value], Exception> {
        let count = self.args.len();
        let (bound, limit) = match count {
            _ if count < min => ("least", min),
            _ if count > max => ("most", max),
            _ => return Ok(self.args),
        };
        let plural = if limit == 1 { "" } else { "s" };
        Err(Exception::type_error(format!("{} expected at {bound} {limit} argument{plural}, got {count}", self.method)))
    }
}

/// A size that may be `None` or absent: CPython's `Py_ssize_t(accept={int, NoneType})`.
#[inline]
pub(super) fn size(argument: Option<&Value>) -> Result<Option<i64>, Exception> {
    match argument {
        None | Some(Value::None) => Ok(None),
        Some(value) => match value.index() {
            Some(n) => to_i64(&n).map(Some).ok_or_else(|| Exception::overflow("cannot fit 'int' into an index-sized integer")),
            None => {
                let message = format!("argument should be integer or None, not '{}'", value.type_name());
                Err(Exception::type_error(message))
            }
        },
    }
}

/// A number of bytes to read: negative and `None` read all.
#[inline]
pub(super) fn read_size(argument: Option<&Value>) -> Result<Option<u64>, Exception> {
    Ok(size(argument)?.and_then(|size| u64::try_from(size).ok()))
}

fn to_i64(n: &BigInt) -> Option<i64> {
    i64::try_from(n).ok()
}

/// A `Py_ssize_t`.
pub(super) fn ssize(value: &Value) -> Result<i64, Exception> {
    let n = value.index().ok_or_else(|| not_an_integer(value))?;
    to_i64(&n).ok_or_else(|| Exception::overflow("Python int too large to convert to C ssize_t"))
}

/// A C `int`.
pub(super) fn c_int(value: &Value) -> Result<i32, Exception> {
    let n = value.index().ok_or_else(|| not_an_integer(value))?;
    i32::try_from(&n).map_err(|_| Exception::overflow("Python int too large to convert to C int"))
}

pub(super) fn not_an_integer(value: &Value) -> Exception {
    Exception::type_error(format!("'{}' object cannot be interpreted as an integer", value.type_name()))
}

/// The hint of `BytesIO.readlines`; 0 and less read all.
pub(super) fn lines_hint(argument: Option<&Value>) -> Result<Option<u64>, Exception> {
    match argument {
        None | Some(Value::None) => Ok(None),
        Some(value) => {
            let not_int = || Exception::type_error(format!("integer argument expected, got '{}'", value.type_name()));
            let n = value.index().ok_or_else(not_int)?;
            let n = to_i64(&n).ok_or_else(|| Exception::overflow("Python int too large to convert to C ssize_t"))?;
            Ok(u64::try_from(n).ok())
        }
    }
}

/// The arguments of `seek`: both are converted before anything is checked.
pub(super) fn seek_arguments(args: &[Value]) -> Result<(i64, i32), Exception> {
    let offset = args.first().map_or(Ok(0), ssize)?;
    let whence = args.get(1).map_or(Ok(0), c_int)?;
    Ok((offset, whence))
}

impl Whence {
    /// From Python's number: 0, 1 or 2.
    pub fn from_number(number: i32) -> Option<Self> {
        match number {
            0 => Some(Self::Start),
            1 => Some(Self::Current),
            2 => Some(Self::End),
            _ => None,
        }
    }

    /// Python's number of it.
    pub fn number(self) -> i32 {
        self as i32
    }
}

/// The bytes of any bytes-like value; those of `bytes` are shared.
pub(super) fn bytes_like(value: &Value) -> Result<Buffer, Exception> {
    match value {
        Value::Bytes(bytes) => Ok(bytes.clone()),
        Value::ByteArray(array) => Ok(array.to_vec().into()),
        Value::View(view) => view.contiguous_bytes(),
        other => Err(Exception::type_error(format!("a bytes-like object is required, not '{}'", other.type_name()))),
    }
}

/// One thing that a method can put bytes into.
pub(super) enum Target<'a> {
    Array(&'a super::ByteArray),
    View(&'a super::View),
}

impl Target<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Array(array) => array.len(),
            Self::View(view) => view.byte_len().unwrap_or(0),
        }
    }

    pub(super) fn put(&self, bytes: &[u8]) -> Result<(), Exception> {
        match self {
            Self::Array(array) => {
                array.with_bytes(|target| {
                    let n = bytes.len().min(target.len());
                    target[..n].copy_from_slice(&bytes[..n]);
                });
                Ok(())
            }
            Self::View(view) => view.put(bytes),
        }
    }
}

/// The argument of `readinto` and `readinto1`.
pub(super) fn writable<'a>(method: &str, value: &'a Value) -> Result<Target<'a>, Exception> {
    match value {
        Value::ByteArray(array) => Ok(Target::Array(array)),
        Value::View(view) if view.is_writable() => Ok(Target::View(view)),
        other => {
            let name = if matches!(other, Value::None) { "None" } else { other.type_name() };
            Err(Exception::type_error(format!("{method}() argument must be read-write bytes-like object, not {name}")))
        }
    }
}

/// Puts positional and keyword arguments of a constructor into the order of `names`.
pub(super) fn constructor<const N: usize>(
    class: &str,
    names: [&str; N],
    args: &[Value],
    keywords: &[(&str, Value)],
) -> Result<[Option<Value>; N], Exception> {
    let given = args.len() + keywords.len();
    if given > N {
        let keyword = if args.is_empty() { "keyword " } else { "" };
        let plural = if N == 1 { "" } else { "s" };
        let message = format!("{class}() takes at most {N} {keyword}argument{plural} ({given} given)");
        return Err(Exception::type_error(message));
    }
    let by_name = |name: &str| keywords.iter().find(|(keyword, _)| *keyword == name).map(|(_, value)| value.clone());
    for (n, name) in names.iter().enumerate().take(args.len()) {
        if by_name(name).is_some() {
            let message = format!("argument for {class}() given by name ('{name}') and position ({})", n + 1);
            return Err(Exception::type_error(message));
        }
    }
    if let Some((unknown, _)) = keywords.iter().find(|(keyword, _)| !names.contains(keyword)) {
        return Err(Exception::type_error(format!("'{unknown}' is an invalid keyword argument for {class}()")));
    }
    Ok(std::array::from_fn(|n| args.get(n).cloned().or_else(|| by_name(names[n]))))
}

/// What `for` over a value gives, one at a time; a stream is read as the loop goes on.
pub(super) enum Items<'a> {
    Values(std::slice::Iter<'a, Value>),
    Points(Box<dyn Iterator<Item = u32> + 'a>),
    Bytes(std::vec::IntoIter<u8>),
    View(&'a super::View, i64),
    Stream(&'a super::StreamObject),
}

impl<'a> Items<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Self, Exception> {
        Ok(match value {
            Value::List(items) | Value::Tuple(items) => Self::Values(items.iter()),
            Value::Str(text) => Self::Points(Box::new(text.code_points())),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_vec_all()?.into_iter()),
            Value::ByteArray(array) => Self::Bytes(array.to_vec().into_iter()),
            Value::View(view) => {
                view.length()?;
                Self::View(view, 0)
            }
            Value::Stream(stream) => {
                stream.check_iterable()?;
                Self::Stream(stream)
            }
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Slice(_) | Value::Foreign(_) => {
                return Err(Exception::type_error(format!("'{}' object is not iterable", value.type_name())));
            }
        })
    }

    pub(super) fn next(&mut self) -> Result<Option<Value>, Exception> {
        match self {
            Self::Values(items) => Ok(items.next().cloned()),
            Self::Points(points) => Ok(points.next().map(|point| Value::Str(super::Text::from_code_points([point])))),
            Self::Bytes(bytes) => Ok(bytes.next().map(|byte| Value::from(i64::from(byte)))),
            Self::View(view, at) => {
                let index = *at;
                *at += 1;
                match view.get_item(&Value::from(index)) {
                    Ok(item) => Ok(Some(item)),
                    Err(exception) if exception.kind == ExceptionKind::Index => Ok(None),
                    Err(exception) => Err(exception),
                }
            }
            Self::Stream(stream) => match stream.call("__next__", &[], &[]) {
                Ok(line) => Ok(Some(line)),
                Err(exception) if exception.kind == ExceptionKind::StopIteration => Ok(None),
                Err(exception) => Err(exception),
            },
        }
    }
}
