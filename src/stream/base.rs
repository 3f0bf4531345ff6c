//! What every stream inherits from `_IOBase`.

use super::arguments::Items;
use super::interrupt::{LOOK, check_interrupt};
use super::{Exception, ExceptionKind, Value};
use crate::buffer::{Buffer, Offset};

/// What most methods say of a closed stream.
#[cold]
pub(super) fn closed() -> Exception {
    Exception::value_error("I/O operation on closed file.")
}

/// The check that comes before iterating, `with`, `readlines` and `writelines`.
pub(super) fn check_open(is_closed: Result<bool, Exception>) -> Result<(), Exception> {
    if is_closed? { Err(closed()) } else { Ok(()) }
}

/// `readlines(hint)`: lines until their total exceeds the hint; without one, or with 0, all of them.
pub(super) fn lines<T>(
    hint: Option<u64>,
    len: impl Fn(&T) -> u64,
    mut next: impl FnMut() -> Result<Option<T>, Exception>,
) -> Result<Vec<T>, Exception> {
    let hint = hint.filter(|&hint| hint > 0).unwrap_or(u64::MAX);
    let (mut lines, mut total) = (Vec::new(), 0);
    while let Some(line) = next()? {
        if lines.len().is_multiple_of(LOOK) {
            check_interrupt()?;
        }
        total += len(&line);
        lines.push(line);
        if total > hint {
            break;
        }
    }
    Ok(lines)
}

/// What `_IOBase.readline` calls.
pub(super) trait Portions {
    /// `peek(1)`, of a class that has it.
    fn peek(&mut self) -> Result<Option<Buffer>, Exception>;
    /// `read(size)`
    fn read(&mut self, size: u64) -> Result<Value, Exception>;
}

/// `readline(limit)` of a class that has no better way than `peek` and `read`.
pub(super) fn read_line(stream: &mut impl Portions, limit: Option<u64>) -> Result<Buffer, Exception> {
    let limit = limit.unwrap_or(u64::MAX);
    let mut line = Buffer::new();
    while line.len().get() < limit {
        let ahead = stream.peek()?.unwrap_or_default().to_vec_all()?;
        let end = memchr::memchr(b'\n', &ahead).map_or(ahead.len(), |at| at + 1);
        // Each portion is held to the limit, not their sum: CPython's lines can be longer than asked, too.
        let size = (end as u64).clamp(1, limit);
        let bytes = match stream.read(size)? {
            Value::Bytes(bytes) => bytes,
            other => {
                let message = format!("read() should have returned a bytes object, not '{}'", other.type_name());
                return Err(Exception::new(ExceptionKind::Os, message));
            }
        };
        line.append_buffer(&bytes);
        let last = bytes.len().get().checked_sub(1).map(|last| bytes.byte_at(Offset(last))).transpose()?.flatten();
        if last.is_none_or(|last| last == b'\n') {
            break;
        }
    }
    Ok(line)
}

/// `readlines(hint)`, with what CPython checks before the first line.
pub(super) fn read_lines(
    is_closed: Result<bool, Exception>,
    hint: Option<u64>,
    mut next: impl FnMut() -> Result<Buffer, Exception>,
) -> Result<Value, Exception> {
    check_open(is_closed)?;
    let len = |line: &Buffer| line.len().get();
    let lines = lines(hint, len, || next().map(|line| (!line.is_empty()).then_some(line)))?;
    Ok(Value::List(lines.into_iter().map(Value::Bytes).collect()))
}

/// `__next__`
pub(super) fn next_line(line: Buffer) -> Result<Value, Exception> {
    if line.is_empty() { Err(Exception::stop_iteration()) } else { Ok(Value::Bytes(line)) }
}

/// `writelines(lines)`, with what CPython checks before the first line.
pub(super) fn write_lines(
    is_closed: Result<bool, Exception>,
    lines: &Value,
    mut write: impl FnMut(Value) -> Result<Value, Exception>,
) -> Result<Value, Exception> {
    check_open(is_closed)?;
    let mut items = Items::of(lines)?;
    while let Some(item) = items.next()? {
        write(item)?;
    }
    Ok(Value::None)
}

/// The keyword arguments of a method that takes none; `__iter__` and `__next__` stand behind operators.
pub(super) fn no_keywords(class: &str, method: &str) -> Exception {
    let of = if matches!(method, "__iter__" | "__next__") { "wrapper ".to_owned() } else { format!("{class}.") };
    Exception::type_error(format!("{of}{method}() takes no keyword arguments"))
}

/// Calling an attribute that is no method.
pub(super) fn not_callable(attribute: Result<Value, Exception>) -> Exception {
    match attribute {
        Ok(value) => Exception::type_error(format!("'{}' object is not callable", value.type_name())),
        Err(missing) => missing,
    }
}
