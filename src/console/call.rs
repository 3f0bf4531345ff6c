//! The arguments of a call.

use std::rc::Rc;

use super::object::Object;
use super::raise::{Outcome, Raise};

/// The arguments of one call.
#[derive(Clone, Debug, Default)]
pub struct Args {
    /// By position.
    pub positional: Vec<Object>,
    /// By name, in the order of the call; no name comes twice.
    pub keywords: Vec<(Rc<str>, Object)>,
}

impl Args {
    /// Arguments by position only.
    pub fn new(positional: impl Into<Vec<Object>>) -> Self {
        Self { positional: positional.into(), keywords: Vec::new() }
    }

    /// How many there are by position.
    pub fn len(&self) -> usize {
        self.positional.len()
    }

    /// Whether there are none at all.
    pub fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.keywords.is_empty()
    }

    /// Takes a keyword argument out.
    pub fn take_keyword(&mut self, name: &str) -> Option<Object> {
        let at = self.keywords.iter().position(|(keyword, _)| &**keyword == name)?;
        Some(self.keywords.remove(at).1)
    }

    /// `TypeError: name() takes no keyword arguments` if there are any.
    pub fn no_keywords(&self, function: &str) -> Outcome<()> {
        if self.keywords.is_empty() {
            return Ok(());
        }
        Err(Raise::type_error(format!("{function}() takes no keyword arguments")))
    }

    /// Between `min` and `max` arguments by position and none by name, with the messages of CPython's `PyArg_UnpackTuple`:
    /// `name expected at least 1 argument, got 0`.
    pub fn between(self, function: &str, min: usize, max: usize) -> Outcome<Vec<Object>> {
        self.no_keywords(function)?;
        let count = self.positional.len();
        if (min..=max).contains(&count) {
            return Ok(self.positional);
        }
        let (bound, limit) = match () {
            () if min == max => ("", min),
            () if count < min => ("at least ", min),
            () => ("at most ", max),
        };
        let plural = if limit == 1 { "" } else { "s" };
        Err(Raise::type_error(format!("{function} expected {bound}{limit} argument{plural}, got {count}")))
    }

    /// Exactly one argument: `name() takes exactly one argument (2 given)`.
    pub fn one(self, function: &str) -> Outcome<Object> {
        self.no_keywords(function)?;
        match <[Object; 1]>::try_from(self.positional) {
            Ok([argument]) => Ok(argument),
            Err(args) => Err(Raise::type_error(format!("{function}() takes exactly one argument ({} given)", args.len()))),
        }
    }

    /// No argument: `name() takes no arguments (1 given)`.
    pub fn none(self, function: &str) -> Outcome<()> {
        self.no_keywords(function)?;
        match self.positional.len() {
            0 => Ok(()),
            count => Err(Raise::type_error(format!("{function}() takes no arguments ({count} given)"))),
        }
    }

    /// Arguments of a function that is written in Python: each of `names` by position or by name, the first `required` needed,
    /// with the messages of a `def`: `f() missing 1 required positional argument: 'a'`. Absent ones are `None` (of Rust).
    pub fn bind(self, function: &str, names: &[&str], required: usize) -> Outcome<Vec<Option<Object>>> {
        let given = self.positional.len();
        if given > names.len() {
            let plural = if names.len() == 1 { "" } else { "s" };
            let takes =
                if required == names.len() { required.to_string() } else { format!("from {required} to {}", names.len()) };
            let was = if given == 1 { "was" } else { "were" };
            let message = format!("{function}() takes {takes} positional argument{plural} but {given} {was} given");
            return Err(Raise::type_error(message));
        }
        let mut values: Vec<Option<Object>> = self.positional.into_iter().map(Some).collect();
        values.resize(names.len(), None);
        for (name, value) in self.keywords {
            match names.iter().position(|known| **known == *name) {
                None => return Err(Raise::type_error(format!("{function}() got an unexpected keyword argument '{name}'"))),
                Some(at) if values[at].is_some() => {
                    return Err(Raise::type_error(format!("{function}() got multiple values for argument '{name}'")));
                }
                Some(at) => values[at] = Some(value),
            }
        }
        let missing: Vec<&str> = (0..required).filter(|&at| values[at].is_none()).map(|at| names[at]).collect();
        if missing.is_empty() { Ok(values) } else { Err(missing_arguments(function, &missing, "positional")) }
    }
}

/// `f() missing 2 required positional arguments: 'a' and 'b'`
pub fn missing_arguments(function: &str, missing: &[&str], kind: &str) -> Raise {
    let quoted: Vec<String> = missing.iter().map(|name| format!("'{name}'")).collect();
    let names = match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [most @ .., last] => format!("{}, and {last}", most.join(", ")),
    };
    let plural = if missing.len() == 1 { "" } else { "s" };
    Raise::type_error(format!("{function}() missing {} required {kind} argument{plural}: {names}", missing.len()))
}
