//! The arguments of a built-in method, checked as CPython's own checks do it, each with its words.

use num_bigint::{BigInt, Sign};

use crate::console::call::Args;
use crate::console::class;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};

use super::type_name;

/// The call of a method.
pub(super) struct Call<'a> {
    /// The class, as messages name it.
    pub(super) class: &'static str,
    /// The method.
    pub(super) name: &'a str,
    /// What it is called with.
    pub(super) args: Args,
}

impl<'a> Call<'a> {
    pub(super) fn new(class: &'static str, name: &'a str, args: Args) -> Self {
        Self { class, name, args }
    }

    fn no_keywords(&self) -> Outcome<()> {
        if self.args.keywords.is_empty() {
            return Ok(());
        }
        Err(Raise::type_error(format!("{}.{}() takes no keyword arguments", self.class, self.name)))
    }

    /// No argument.
    pub(super) fn none(self) -> Outcome<()> {
        self.no_keywords()?;
        match self.args.len() {
            0 => Ok(()),
            count => Err(Raise::type_error(format!("{}.{}() takes no arguments ({count} given)", self.class, self.name))),
        }
    }

    /// Exactly one argument.
    pub(super) fn one(self) -> Outcome<Object> {
        self.no_keywords()?;
        match <[Object; 1]>::try_from(self.args.positional) {
            Ok([argument]) => Ok(argument),
            Err(args) => {
                let message = format!("{}.{}() takes exactly one argument ({} given)", self.class, self.name, args.len());
                Err(Raise::type_error(message))
            }
        }
    }

    /// By position only: `replace expected at least 2 arguments, got 1`.
    pub(super) fn between<const N: usize>(self, min: usize) -> Outcome<[Option<Object>; N]> {
        self.no_keywords()?;
        Ok(fill(self.args.between(self.name, min, N)?))
    }

    /// By position only, in the words of the oldest kind of check: `find() takes at least 1 argument (0 given)`.
    pub(super) fn counted<const N: usize>(self, min: usize) -> Outcome<[Option<Object>; N]> {
        self.no_keywords()?;
        let count = self.args.len();
        if (min..=N).contains(&count) {
            return Ok(fill(self.args.positional));
        }
        let (bound, limit) = if count < min { ("at least", min) } else { ("at most", N) };
        let bound = if min == N { "exactly" } else { bound };
        Err(takes(self.name, bound, limit, "", count))
    }

    /// By position or by name; the first `only` by position only.
    pub(super) fn named<const N: usize>(self, names: [&str; N], only: usize, required: usize) -> Outcome<[Option<Object>; N]> {
        named(self.name, self.args, names, only, N, required)
    }
}

fn fill<const N: usize>(items: Vec<Object>) -> [Option<Object>; N] {
    let mut items = items.into_iter();
    std::array::from_fn(|_| items.next())
}

fn takes(function: &str, bound: &str, limit: usize, kind: &str, count: usize) -> Raise {
    let plural = if limit == 1 { "" } else { "s" };
    Raise::type_error(format!("{function}() takes {bound} {limit} {kind}argument{plural} ({count} given)"))
}

/// Arguments by position or by name: the first `only` by position only, those from `positions` on by name only.
pub(in crate::console) fn named<const N: usize>(
    function: &str,
    args: Args,
    names: [&str; N],
    only: usize,
    positions: usize,
    required: usize,
) -> Outcome<[Option<Object>; N]> {
    let given = args.positional.len();
    let total = given + args.keywords.len();
    if total > N {
        return Err(takes(function, "at most", N, if given == 0 { "keyword " } else { "" }, total));
    }
    if given > positions {
        if positions == 0 {
            return Err(Raise::type_error(format!("{function}() takes no positional arguments")));
        }
        return Err(takes(function, "at most", positions, "positional ", given));
    }
    let least = only.min(required);
    if given < least {
        let bound = if least < positions { "at least" } else { "exactly" };
        return Err(takes(function, bound, least, "positional ", given));
    }
    let mut values = fill::<N>(args.positional);
    let mut unknown = None;
    for (name, value) in args.keywords {
        match names.iter().position(|known| **known == *name).filter(|&at| at >= only) {
            None => unknown = unknown.or(Some(name)),
            Some(at) if values[at].is_some() => {
                let message = format!("argument for {function}() given by name ('{name}') and position ({})", at + 1);
                return Err(Raise::type_error(message));
            }
            Some(at) => values[at] = Some(value),
        }
    }
    if let Some(at) = (0..required).find(|&at| values[at].is_none()) {
        return Err(Raise::type_error(format!("{function}() missing required argument '{}' (pos {})", names[at], at + 1)));
    }
    match unknown {
        Some(name) => Err(Raise::type_error(format!("'{name}' is an invalid keyword argument for {function}()"))),
        None => Ok(values),
    }
}

/// The integer of `object`: `TypeError: 'str' object cannot be interpreted as an integer`.
pub(in crate::console) fn index(object: &Object) -> Outcome<BigInt> {
    object.index().ok_or_else(|| not_an_integer(object))
}

fn not_an_integer(object: &Object) -> Raise {
    Raise::type_error(format!("'{}' object cannot be interpreted as an integer", type_name(object)))
}

/// An integer that fits a size.
pub(in crate::console) fn ssize(object: &Object) -> Outcome<i64> {
    match object {
        Object::Int(n) => Ok(*n),
        Object::Bool(b) => Ok((*b).into()),
        Object::BigInt(_) => Err(Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C ssize_t")),
        other => Err(not_an_integer(other)),
    }
}

/// An integer that fits a C `int`.
pub(in crate::console) fn c_int(object: &Object) -> Outcome<i32> {
    let number = match object {
        Object::Int(n) => *n,
        Object::Bool(b) => (*b).into(),
        Object::BigInt(_) => return Err(Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C int")),
        other => return Err(not_an_integer(other)),
    };
    i32::try_from(number).map_err(|_| {
        let bound = if number < 0 { "less than minimum" } else { "greater than maximum" };
        Raise::new(class::OVERFLOW_ERROR, format!("signed integer is {bound}"))
    })
}

/// An integer cut to what an `i64` holds, for bounds of slices; `None` for what is no integer.
pub(super) fn clamped(object: &Object) -> Option<i64> {
    match object {
        Object::Int(n) => Some(*n),
        Object::Bool(b) => Some((*b).into()),
        Object::BigInt(n) => Some(if n.sign() == Sign::Minus { i64::MIN } else { i64::MAX }),
        _ => None,
    }
}

/// A bound of a slice; `None` where it is absent.
pub(super) fn slice_bound(object: &Object) -> Outcome<Option<i64>> {
    if object.is_none() {
        return Ok(None);
    }
    match clamped(object) {
        Some(n) => Ok(Some(n)),
        None => Err(Raise::type_error("slice indices must be integers or None or have an __index__ method")),
    }
}

/// A bound of `list.index`, which must be there.
pub(super) fn needed_bound(object: &Option<Object>) -> Outcome<()> {
    match object {
        Some(object) if clamped(object).is_none() => {
            Err(Raise::type_error("slice indices must be integers or have an __index__ method"))
        }
        _ => Ok(()),
    }
}

/// The optional `start` and `end` of methods like `find`, as places in a sequence of `len`.
pub(super) fn bounds(len: usize, start: Option<&Object>, end: Option<&Object>) -> Outcome<(usize, usize)> {
    let place = |object: Option<&Object>, absent: usize| -> Outcome<usize> {
        Ok(match object.map(slice_bound).transpose()?.flatten() {
            None => absent,
            Some(n) if n < 0 => len.saturating_sub(usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX)),
            // May lie behind the end: that is where not even the empty sequence is found.
            Some(n) => usize::try_from(n).unwrap_or(usize::MAX),
        })
    };
    let start = place(start, 0)?;
    Ok((start, place(end, len)?.min(len)))
}

/// A string argument: `encode() argument 'encoding' must be str, not int`.
pub(in crate::console) fn string(function: &str, what: &str, object: &Object) -> Outcome<String> {
    match object {
        Object::Str(text) => Ok(text.to_string_lossy()),
        other => Err(Raise::type_error(format!("{function}() argument {what} must be str, not {}", type_name(other)))),
    }
}
