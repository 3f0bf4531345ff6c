//! Python's `memoryview`, of bytes (format `'B'`, one dimension).

use std::sync::{Arc, Mutex};

use num_bigint::BigInt;

use super::arguments::{Arguments, bytes_like, c_int};
use super::memory::{Export, lock};
use super::{ByteArray, Exception, ExceptionKind, Slice, Value};
use crate::buffer::{Buffer, ByteRange, Len, Offset};

/// A `memoryview` on the content of a [`BytesIO`](super::BytesIO), on a `bytearray` or on `bytes`: nothing is copied.
///
/// A clone is another reference to the same Python object. What it looks at cannot change its size until the view and all
/// views made of it are released or dropped.
///
/// ```
/// use seektell::stream::{BytesIO, Value};
///
/// let mut stream = BytesIO::new(b"abcdef");
/// let view = stream.getbuffer()?;
/// view.set_item(&Value::slice(Some(1), Some(3), None), &Value::from(b"XY"))?;
/// assert_eq!(stream.getvalue()?.to_vec_all().unwrap(), b"aXYdef");
/// view.set_slice(Some(-1), None, b"Z")?;
/// assert_eq!(stream.getvalue()?.to_vec_all().unwrap(), b"aXYdeZ");
/// assert!(stream.truncate(Some(2)).is_err());
/// view.release();
/// assert!(stream.truncate(Some(2)).is_ok());
/// # Ok::<(), seektell::stream::Exception>(())
/// ```
#[derive(Clone, Debug)]
pub struct View {
    object: Arc<Object>,
}

#[derive(Debug)]
struct Object {
    /// `None` once released.
    base: Mutex<Option<Base>>,
    shape: Shape,
    readonly: bool,
}

/// Every `step`-th byte from `start` on, `len` of them.
#[derive(Clone, Copy, Debug)]
struct Shape {
    start: u64,
    len: u64,
    step: i64,
}

/// What a view looks at. Its existence locks the size of the first and the last.
#[derive(Clone, Debug)]
enum Base {
    Stream(Arc<Export>),
    Bytes(Buffer),
    /// The second part is only held, to count the views.
    Array(ByteArray, #[expect(dead_code, reason = "held to be counted")] Arc<()>),
}

impl Shape {
    /// Where item `n` is.
    fn at(self, n: u64) -> u64 {
        // Inside what the view looks at, whose length fits an `i64`.
        (self.start as i64 + n as i64 * self.step) as u64
    }

    fn is_contiguous(self) -> bool {
        self.step == 1 || self.len == 1
    }
}

impl Base {
    fn read(&self, shape: Shape) -> Result<Vec<u8>, Exception> {
        let read = |buffer: &Buffer| -> Result<Vec<u8>, Exception> {
            if shape.is_contiguous() {
                return Ok(buffer.to_vec(ByteRange::new(Offset(shape.start), Len(shape.len)))?);
            }
            (0..shape.len).map(|n| Ok(buffer.byte_at(Offset(shape.at(n)))?.unwrap_or(0))).collect()
        };
        match self {
            Self::Stream(export) => read(&lock(&export.content)),
            Self::Bytes(bytes) => read(bytes),
            Self::Array(array, _) => {
                array.with_bytes(|bytes| Ok((0..shape.len).filter_map(|n| bytes.get(shape.at(n) as usize).copied()).collect()))
            }
        }
    }

    /// Writes `bytes` to a slice that must be as long.
    fn assign(&self, shape: Shape, bytes: &[u8]) -> Result<(), Exception> {
        if bytes.len() as u64 != shape.len {
            return Err(Exception::value_error("memoryview assignment: lvalue and rvalue have different structures"));
        }
        self.write(shape, bytes);
        Ok(())
    }

    /// As many of `bytes` as the shape has items.
    fn write(&self, shape: Shape, bytes: &[u8]) {
        match self {
            Self::Stream(export) => {
                let mut content = lock(&export.content);
                if shape.is_contiguous() {
                    if !bytes.is_empty() {
                        content.overwrite(Offset(shape.start), bytes);
                    }
                } else {
                    for (n, byte) in bytes.iter().enumerate() {
                        content.overwrite(Offset(shape.at(n as u64)), &[*byte]);
                    }
                }
            }
            Self::Bytes(_) => {}
            Self::Array(array, _) => array.with_bytes(|target| {
                for (n, byte) in bytes.iter().enumerate() {
                    if let Some(place) = target.get_mut(shape.at(n as u64) as usize) {
                        *place = *byte;
                    }
                }
            }),
        }
    }
}

impl View {
    fn new(base: Base, shape: Shape, readonly: bool) -> Self {
        Self { object: Arc::new(Object { base: Mutex::new(Some(base)), shape, readonly }) }
    }

    pub(super) fn of_stream(export: Arc<Export>, readonly: bool) -> Self {
        let len = lock(&export.content).len().get();
        Self::new(Base::Stream(export), Shape { start: 0, len, step: 1 }, readonly)
    }

    /// `memoryview(value)`: read-only of `bytes`, writable of a `bytearray`, the same memory as another view.
    pub fn of(value: &Value) -> Result<Self, Exception> {
        match value {
            Value::Bytes(bytes) => {
                let shape = Shape { start: 0, len: bytes.len().get(), step: 1 };
                Ok(Self::new(Base::Bytes(bytes.clone()), shape, true))
            }
            Value::ByteArray(array) => {
                let shape = Shape { start: 0, len: array.len() as u64, step: 1 };
                Ok(Self::new(Base::Array(array.clone(), array.export()), shape, false))
            }
            Value::View(view) => view.with_base(|base| Self::new(base.clone(), view.object.shape, view.object.readonly)),
            other => {
                let message = format!("memoryview: a bytes-like object is required, not '{}'", other.type_name());
                Err(Exception::type_error(message))
            }
        }
    }

    fn with_base<R>(&self, work: impl FnOnce(&Base) -> R) -> Result<R, Exception> {
        match &*lock(&self.object.base) {
            Some(base) => Ok(work(base)),
            None => Err(Exception::value_error("operation forbidden on released memoryview object")),
        }
    }

    /// Gives the memory back; releasing again does nothing.
    pub fn release(&self) {
        lock(&self.object.base).take();
    }

    /// Whether [`View::release`] was called.
    pub fn is_released(&self) -> bool {
        lock(&self.object.base).is_none()
    }

    /// What it looks at, where that is a value of its own.
    pub fn object(&self) -> Result<Option<Value>, Exception> {
        self.with_base(|base| match base {
            Base::Stream(_) => None,
            Base::Bytes(bytes) => Some(Value::Bytes(bytes.clone())),
            Base::Array(array, _) => Some(Value::ByteArray(array.clone())),
        })
    }

    /// Whether both are the same Python object.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.object, &other.object)
    }

    /// Python's `len()`.
    pub fn length(&self) -> Result<u64, Exception> {
        self.with_base(|_| self.object.shape.len)
    }

    /// `tobytes()`
    pub fn to_vec(&self) -> Result<Vec<u8>, Exception> {
        self.with_base(|base| base.read(self.object.shape))?
    }

    pub(super) fn byte_len(&self) -> Option<usize> {
        usize::try_from(self.object.shape.len).ok()
    }

    /// The bytes, for a reader that takes only contiguous memory; those of `bytes` are shared.
    pub fn contiguous_bytes(&self) -> Result<Buffer, Exception> {
        let shape = self.object.shape;
        self.with_base(|base| {
            if !shape.is_contiguous() {
                return Err(Exception::new(ExceptionKind::Buffer, "memoryview: underlying buffer is not C-contiguous"));
            }
            match base {
                Base::Bytes(bytes) => Ok(bytes.slice(ByteRange::new(Offset(shape.start), Len(shape.len)))),
                other => Ok(other.read(shape)?.into()),
            }
        })?
    }

    /// Whether `readinto` takes it.
    pub(super) fn is_writable(&self) -> bool {
        !self.object.readonly && self.object.shape.is_contiguous() && !self.is_released()
    }

    /// Copies `bytes` to the front, as many as fit.
    pub(super) fn put(&self, bytes: &[u8]) -> Result<(), Exception> {
        let shape = self.object.shape;
        let n = bytes.len().min(usize::try_from(shape.len).unwrap_or(usize::MAX));
        self.with_base(|base| base.write(shape, &bytes[..n]))
    }

    /// `view[key]`: an `int` for an index, a view of the same memory for a slice.
    pub fn get_item(&self, key: &Value) -> Result<Value, Exception> {
        let shape = self.object.shape;
        self.with_base(|base| {
            if let Some(index) = key.index() {
                let at = item_at(shape, &index)?;
                let byte = base.read(Shape { start: at, len: 1, step: 1 })?.first().copied().unwrap_or(0);
                return Ok(Value::from(i64::from(byte)));
            }
            match key {
                Value::Slice(slice) => Ok(Value::View(Self::new(base.clone(), slice_of(shape, slice)?, self.object.readonly))),
                Value::Tuple(keys) if keys.iter().all(|key| key.index().is_some()) => match &keys[..] {
                    [] => Err(Exception::new(ExceptionKind::NotImplemented, "sub-views are not implemented")),
                    [key] => {
                        let at = item_at(shape, &key.index().unwrap_or_default())?;
                        let byte = base.read(Shape { start: at, len: 1, step: 1 })?.first().copied().unwrap_or(0);
                        Ok(Value::from(i64::from(byte)))
                    }
                    keys => Err(too_many_keys(keys.len())),
                },
                Value::Tuple(keys) if all_slices(keys) => {
                    Err(Exception::new(ExceptionKind::NotImplemented, "multi-dimensional slicing is not implemented"))
                }
                _ => Err(Exception::type_error("memoryview: invalid slice key")),
            }
        })?
    }

    /// `view[key] = value`: an `int` for an index, as many bytes for a slice.
    pub fn set_item(&self, key: &Value, value: &Value) -> Result<(), Exception> {
        let shape = self.object.shape;
        // What most assignments are: bytes to a slice, which need no copy first.
        if let (Value::Slice(slice), Value::Bytes(bytes)) = (key, value)
            && !self.object.readonly
            && let Some(run) = bytes.contiguous(Offset::ZERO).filter(|run| run.len() as u64 == bytes.len().get())
        {
            return self.with_base(|base| base.assign(slice_of(shape, slice)?, run))?;
        }
        self.length()?;
        if self.object.readonly {
            return Err(Exception::type_error("cannot modify read-only memory"));
        }
        if let Some(index) = key.index() {
            let at = item_at(shape, &index)?;
            return self.set_byte(at, value);
        }
        match key {
            Value::Slice(slice) => {
                // Read first: the value may be a view of the same memory.
                let bytes = assigned(value)?;
                let target = slice_of(shape, slice)?;
                self.with_base(|base| base.assign(target, &bytes))?
            }
            Value::Tuple(keys) if keys.iter().all(|key| key.index().is_some()) => match &keys[..] {
                [] => Err(Exception::new(ExceptionKind::NotImplemented, "sub-views are not implemented")),
                [key] => self.set_byte(item_at(shape, &key.index().unwrap_or_default())?, value),
                keys => Err(too_many_keys(keys.len())),
            },
            Value::Tuple(keys) if all_slices(keys) => {
                let message = "memoryview slice assignments are currently restricted to ndim = 1";
                Err(Exception::new(ExceptionKind::NotImplemented, message))
            }
            _ => Err(Exception::type_error("memoryview: invalid slice key")),
        }
    }

    /// `view[start:stop] = bytes`, with Python's rules for the ends: `None` is the outermost place, a negative number counts from
    /// the end, and what lies outside is cut.
    ///
    /// # Errors
    /// As [`View::set_item`]: for a released or read-only view, and where the slice is not as long as `bytes`.
    pub fn set_slice(&self, start: Option<i64>, stop: Option<i64>, bytes: &[u8]) -> Result<(), Exception> {
        self.with_base(|base| {
            if self.object.readonly {
                return Err(Exception::type_error("cannot modify read-only memory"));
            }
            base.assign(slice_at(self.object.shape, start, stop, 1), bytes)
        })?
    }

    fn set_byte(&self, at: u64, value: &Value) -> Result<(), Exception> {
        let number = value.index().ok_or_else(|| Exception::type_error("memoryview: invalid type for format 'B'"))?;
        let byte = u8::try_from(&number).map_err(|_| Exception::value_error("memoryview: invalid value for format 'B'"))?;
        self.with_base(|base| base.write(Shape { start: at, len: 1, step: 1 }, &[byte]))
    }

    /// Python's `==`: the same object, or the same bytes as another bytes-like value; a released view equals only itself.
    pub fn equals(&self, other: &Value) -> bool {
        if let Value::View(view) = other
            && self.is_same(view)
        {
            return true;
        }
        let theirs = match other {
            Value::Bytes(bytes) => bytes.to_vec_all().ok(),
            Value::ByteArray(array) => Some(array.to_vec()),
            Value::View(view) => view.to_vec().ok(),
            _ => None,
        };
        theirs.is_some() && self.to_vec().ok() == theirs
    }

    /// Python's `repr`; the address is the object's own.
    pub fn repr(&self) -> String {
        let kind = if self.is_released() { "released memory" } else { "memory" };
        format!("<{kind} at {:#x}>", Arc::as_ptr(&self.object) as usize)
    }

    /// The public methods.
    pub const METHODS: &'static [&'static str] = &["hex", "release", "tobytes", "tolist", "toreadonly"];

    /// An attribute: `readonly`, `nbytes`, `format` and so on.
    pub fn attribute(&self, name: &str) -> Result<Value, Exception> {
        let shape = self.object.shape;
        let value = match name {
            "readonly" => Value::from(self.object.readonly),
            "nbytes" => Value::from(shape.len),
            "format" => Value::from("B"),
            "itemsize" | "ndim" => Value::from(1),
            "shape" => Value::Tuple(vec![Value::from(shape.len)]),
            "strides" => Value::Tuple(vec![Value::from(shape.step)]),
            "suboffsets" => Value::Tuple(Vec::new()),
            "contiguous" | "c_contiguous" | "f_contiguous" => Value::from(shape.is_contiguous()),
            _ => return Err(Exception::no_attribute("memoryview", name)),
        };
        self.with_base(|_| value)
    }

    /// A call by name with Python values; an attribute's name without arguments gives its value.
    pub fn call(&self, method: &str, args: &[Value]) -> Result<Value, Exception> {
        let arguments = Arguments { class: "memoryview", method, args };
        match method {
            "release" => {
                arguments.none()?;
                self.release();
                Ok(Value::None)
            }
            "__exit__" => {
                self.release();
                Ok(Value::None)
            }
            "__enter__" => {
                arguments.none()?;
                self.length()?;
                Ok(Value::View(self.clone()))
            }
            "__len__" => self.length().map(Value::from),
            "__getitem__" => self.get_item(arguments.one()?),
            "__setitem__" => match args {
                [key, value] => self.set_item(key, value).map(|()| Value::None),
                _ => Err(Exception::type_error(format!("expected 2 arguments, got {}", args.len()))),
            },
            "tobytes" => {
                let order = arguments.between_named("tobytes", 1)?;
                check_order(order.first())?;
                Ok(Value::Bytes(self.to_vec()?.into()))
            }
            "tolist" => {
                arguments.none()?;
                Ok(Value::List(self.to_vec()?.into_iter().map(|byte| Value::from(i64::from(byte))).collect()))
            }
            "toreadonly" => {
                arguments.none()?;
                self.with_base(|base| Value::View(Self::new(base.clone(), self.object.shape, true)))
            }
            "hex" => {
                let args = arguments.between_named("hex", 2)?;
                let group = args.get(1).map_or(Ok(1), c_int)?;
                hex(&self.to_vec()?, args.first(), group)
            }
            name if args.is_empty() => self.attribute(name),
            name => Err(Exception::no_attribute("memoryview", name)),
        }
    }
}

impl<'a> Arguments<'a> {
    /// For methods of a view, which take keywords too and count in other words.
    fn between_named(&self, name: &str, max: usize) -> Result<&'a [Value], Exception> {
        let count = self.args.len();
        if count <= max {
            return Ok(self.args);
        }
        let plural = if max == 1 { "" } else { "s" };
        Err(Exception::type_error(format!("{name}() takes at most {max} argument{plural} ({count} given)")))
    }
}

/// By content, as Python's `==` of two views.
impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        self.equals(&Value::View(other.clone()))
    }
}

fn all_slices(keys: &[Value]) -> bool {
    keys.iter().all(|key| matches!(key, Value::Slice(_)))
}

fn too_many_keys(count: usize) -> Exception {
    Exception::type_error(format!("cannot index 1-dimension view with {count}-element tuple"))
}

fn item_at(shape: Shape, index: &BigInt) -> Result<u64, Exception> {
    let index =
        i64::try_from(index).map_err(|_| Exception::new(ExceptionKind::Index, "cannot fit 'int' into an index-sized integer"))?;
    let n = if index < 0 { shape.len.checked_sub(index.unsigned_abs()) } else { Some(index.unsigned_abs()) };
    match n {
        Some(n) if n < shape.len => Ok(shape.at(n)),
        _ => Err(Exception::new(ExceptionKind::Index, "index out of bounds on dimension 1")),
    }
}

/// Python's rules for slices of a sequence.
fn slice_of(shape: Shape, slice: &Slice) -> Result<Shape, Exception> {
    let part = |value: &Value| match value {
        Value::None => Ok(None),
        // Beyond the range of an index it counts as the outermost one.
        Value::Int(n) => Ok(Some(i64::try_from(n).unwrap_or(if *n < BigInt::ZERO { i64::MIN } else { i64::MAX }))),
        value => match value.index() {
            Some(n) => Ok(i64::try_from(&n).ok()),
            None => Err(Exception::type_error("slice indices must be integers or None or have an __index__ method")),
        },
    };
    let step = part(&slice.step)?.unwrap_or(1).max(-i64::MAX);
    if step == 0 {
        return Err(Exception::value_error("slice step cannot be zero"));
    }
    Ok(slice_at(shape, part(&slice.start)?, part(&slice.stop)?, step))
}

/// The same with integers; `step` is not 0.
fn slice_at(shape: Shape, start: Option<i64>, stop: Option<i64>, step: i64) -> Shape {
    let len = shape.len as i64;
    let (lowest, highest) = if step < 0 { (-1, len - 1) } else { (0, len) };
    let bound = |value: Option<i64>, absent: i64| match value {
        None => absent,
        Some(n) if n < 0 => n.saturating_add(len).max(lowest),
        Some(n) => n.min(highest),
    };
    let (first, last) = if step < 0 { (highest, lowest) } else { (lowest, highest) };
    let (start, stop) = (bound(start, first), bound(stop, last));
    let distance = if step < 0 { start - stop } else { stop - start };
    let count = if distance <= 0 { 0 } else { (distance - 1) / step.saturating_abs() + 1 };
    let start = if count == 0 { shape.start } else { shape.at(start as u64) };
    Shape { start, len: count as u64, step: shape.step.saturating_mul(step) }
}

/// The bytes of a value that is assigned to a slice.
fn assigned(value: &Value) -> Result<Vec<u8>, Exception> {
    match value {
        Value::View(view) => view.to_vec(),
        other => Ok(bytes_like(other)?.to_vec_all()?),
    }
}

fn check_order(order: Option<&Value>) -> Result<(), Exception> {
    match order {
        None | Some(Value::None) => Ok(()),
        Some(Value::Str(order)) if ["C", "F", "A"].iter().any(|known| order == *known) => Ok(()),
        Some(Value::Str(_)) => Err(Exception::value_error("order must be 'C', 'F' or 'A'")),
        Some(other) => {
            let message = format!("tobytes() argument 'order' must be str or None, not {}", other.type_name());
            Err(Exception::type_error(message))
        }
    }
}

/// `bytes.hex`: groups are counted from the right, from the left where `group` is negative.
fn hex(bytes: &[u8], separator: Option<&Value>, group: i32) -> Result<Value, Exception> {
    let separator = match separator {
        None => None,
        Some(Value::Str(text)) if text.len() == 1 => match text.get(0) {
            Some(point @ ..0x80) => Some(point as u8),
            _ => return Err(Exception::value_error("sep must be ASCII.")),
        },
        Some(Value::Bytes(bytes)) if bytes.len().get() == 1 => match bytes.byte_at(Offset::ZERO)? {
            Some(byte @ ..0x80) => Some(byte),
            _ => return Err(Exception::value_error("sep must be ASCII.")),
        },
        Some(Value::Str(_) | Value::Bytes(_)) => return Err(Exception::value_error("sep must be length 1.")),
        Some(value @ (Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_))) => {
            return Err(Exception::type_error(format!("object of type '{}' has no len()", value.type_name())));
        }
        Some(_) => return Err(Exception::type_error("sep must be str or bytes.")),
    };
    let size = group.unsigned_abs() as usize;
    let mut out = String::with_capacity(bytes.len() * 2);
    for (n, byte) in bytes.iter().enumerate() {
        if let Some(separator) = separator
            && n > 0
            && size > 0
            && (if group > 0 { bytes.len() - n } else { n }).is_multiple_of(size)
        {
            out.push(separator.into());
        }
        for digit in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(digit.into(), 16));
        }
    }
    Ok(Value::Str(out.into()))
}
