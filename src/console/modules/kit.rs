//! What the native modules share: making a module, and taking arguments as CPython's C functions take them.

use std::rc::Rc;

use num_traits::ToPrimitive;

use crate::buffer::{Buffer, ByteRange, ReadError};
use crate::console::call::Args;
use crate::console::class;
use crate::console::native::{Builtin, Module};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// A module with `functions` under their own names and whatever else it names.
pub(super) fn module(
    name: &'static str,
    functions: &'static [Builtin],
    more: impl IntoIterator<Item = (&'static str, Object)>,
) -> Rc<Module> {
    let own = functions.iter().map(|function| (function.name, Object::Builtin(function)));
    super::module(name, own.chain(more))
}

/// The bytes of a bytes-like object; `None` of anything else.
pub(super) fn buffer_of(vm: &Vm, object: &Object) -> Outcome<Option<Buffer>> {
    Ok(Some(match object {
        Object::Bytes(bytes) => bytes.clone(),
        Object::ByteArray(array) => {
            vm.allocate(array.len() as u64)?;
            array.to_vec().into()
        }
        Object::View(view) => {
            vm.allocate(view.length()?)?;
            view.to_vec()?.into()
        }
        _ => return Ok(None),
    }))
}

/// The bytes of a bytes-like object: `TypeError: a bytes-like object is required, not 'str'`.
pub(super) fn bytes_like(vm: &Vm, object: &Object) -> Outcome<Buffer> {
    buffer_of(vm, object)?.ok_or_else(|| {
        let message = format!("a bytes-like object is required, not '{}'", vm.type_name(object));
        Raise::type_error(message)
    })
}

/// All bytes of a buffer as one piece.
pub(super) fn vec_of(vm: &Vm, bytes: &Buffer) -> Outcome<Vec<u8>> {
    vm.allocate(bytes.len().get())?;
    bytes.to_vec_all().map_err(|error| unreadable(&error))
}

/// Hands the bytes over piece by piece, and counts steps meanwhile.
pub(super) fn in_pieces(vm: &Vm, bytes: &Buffer, mut take: impl FnMut(&[u8])) -> Outcome<()> {
    const PIECE: usize = 64 << 10;
    let all = ByteRange::new(crate::buffer::Offset::ZERO, bytes.len());
    for chunk in bytes.chunks(all) {
        let chunk = chunk.map_err(|error| unreadable(&error))?;
        for piece in chunk.chunks(PIECE) {
            vm.step(1 + piece.len() as u64 / 4096)?;
            take(piece);
        }
    }
    Ok(())
}

/// A file under a document could not be read.
pub(super) fn unreadable(error: &ReadError) -> Raise {
    Raise::new(class::OS_ERROR, error.to_string())
}

/// The text of a `str`; lone surrogates become U+FFFD, which no name or option has.
pub(super) fn text_of(object: &Object) -> Option<String> {
    match object {
        Object::Str(text) => Some(text.to_string_lossy()),
        _ => None,
    }
}

/// A `str` of ASCII as bytes: `ValueError: string argument should contain only ASCII characters`. `None` of anything else.
pub(super) fn ascii_of(object: &Object) -> Outcome<Option<Buffer>> {
    let Object::Str(text) = object else { return Ok(None) };
    if text.utf8_len() == text.len() {
        Ok(Some(text.to_utf8()))
    } else {
        Err(Raise::value_error("string argument should contain only ASCII characters"))
    }
}

/// An integer: `TypeError: 'str' object cannot be interpreted as an integer`, and `OverflowError` beyond 64 bits.
pub(super) fn int_of(vm: &Vm, object: &Object) -> Outcome<i64> {
    let Some(n) = object.index() else {
        let message = format!("'{}' object cannot be interpreted as an integer", vm.type_name(object));
        return Err(Raise::type_error(message));
    };
    n.to_i64().ok_or_else(|| Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C long"))
}

/// A number as `float` takes it.
pub(super) fn float_of(object: &Object) -> Option<f64> {
    match object {
        Object::Float(n) => Some(*n),
        object => object.index()?.to_f64(),
    }
}

/// Arguments of a function that is written in C, by its signature: `names` of which the first `positional` may come without
/// their name, and the first `required` are needed.
pub(super) struct Signature {
    /// As messages name it; nothing where they say "function".
    pub(super) function: &'static str,
    /// All parameters.
    pub(super) names: &'static [&'static str],
    /// How many may come by position.
    pub(super) positional: usize,
    /// How many must come.
    pub(super) required: usize,
}

impl Signature {
    fn label(&self) -> String {
        if self.function.is_empty() { "function".to_owned() } else { format!("{}()", self.function) }
    }

    /// Absent arguments are `None` (of Rust).
    pub(super) fn bind(&self, args: Args) -> Outcome<Vec<Option<Object>>> {
        let (given, by_name) = (args.positional.len(), args.keywords.len());
        let total = given + by_name;
        let all_by_position = self.positional == self.names.len();
        if given > self.positional || (all_by_position && total > self.names.len()) {
            let exactly = if self.required >= self.positional && !self.function.is_empty() { "exactly" } else { "at most" };
            let kind = if all_by_position { "" } else { "positional " };
            let plural = if self.positional == 1 { "" } else { "s" };
            let count = if all_by_position { total } else { given };
            let (label, positional) = (self.label(), self.positional);
            return Err(Raise::type_error(format!(
                "{label} takes {exactly} {positional} {kind}argument{plural} ({count} given)"
            )));
        }
        let mut values: Vec<Option<Object>> = args.positional.into_iter().map(Some).collect();
        values.resize(self.names.len(), None);
        let mut unknown = None;
        for (name, value) in args.keywords {
            match self.names.iter().position(|known| **known == *name) {
                None => unknown = unknown.or(Some(name)),
                Some(at) if values[at].is_some() => {
                    let message = format!("argument for {}() given by name ('{name}') and position ({})", self.function, at + 1);
                    return Err(Raise::type_error(message));
                }
                Some(at) => values[at] = Some(value),
            }
        }
        if let Some(at) = (0..self.required).find(|&at| values[at].is_none()) {
            let message = format!("{} missing required argument '{}' (pos {})", self.label(), self.names[at], at + 1);
            return Err(Raise::type_error(message));
        }
        match unknown {
            Some(name) => {
                let label = if self.function.is_empty() { "this function".to_owned() } else { self.label() };
                let message = format!("'{name}' is an invalid keyword argument for {label}");
                Err(Raise::type_error(message))
            }
            None => Ok(values),
        }
    }
}

/// A number for `hash` of whatever Rust can hash.
pub(super) fn hash_of(value: &impl std::hash::Hash) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What a comparison operator makes of an order; `None` of another operator.
pub(super) fn ordering(operator: &str, order: std::cmp::Ordering) -> Option<bool> {
    Some(match operator {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        _ => return None,
    })
}

/// An integer that fits C's `int`.
pub(super) fn c_int_of(vm: &Vm, object: &Object) -> Outcome<i64> {
    let n = int_of(vm, object)?;
    match i32::try_from(n) {
        Ok(n) => Ok(n.into()),
        Err(_) if n > 0 => Err(Raise::new(class::OVERFLOW_ERROR, "signed integer is greater than maximum")),
        Err(_) => Err(Raise::new(class::OVERFLOW_ERROR, "signed integer is less than minimum")),
    }
}

/// Arguments of a method that is written in Python. As there, the object itself counts in the message about too many.
pub(super) fn bind_method<const N: usize>(
    args: Args,
    method: &str,
    names: &[&str; N],
    required: usize,
) -> Outcome<[Option<Object>; N]> {
    let given = args.positional.len();
    if given > N {
        let takes = if required == N { format!("{}", N + 1) } else { format!("from {} to {}", required + 1, N + 1) };
        let plural = if N == 0 { "" } else { "s" };
        let message = format!("{method}() takes {takes} positional argument{plural} but {} were given", given + 1);
        return Err(Raise::type_error(message));
    }
    let values = args.bind(method, names, required)?;
    <[Option<Object>; N]>::try_from(values).map_err(|_| Raise::type_error("too many arguments"))
}
