//! How a table is written down: what separates, quotes and escapes.

use std::any::Any;
use std::rc::Rc;

use super::super::attributes::Attributes;
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::native::{Native, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::Text;

/// When a field is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Where it must be.
    Minimal = 0,
    /// Always.
    All = 1,
    /// Unless it is a number; a reader makes numbers of what is not quoted.
    NonNumeric = 2,
    /// Never.
    None = 3,
}

/// `_csv.Dialect`: the settings, checked.
#[derive(Clone, Debug)]
pub(super) struct Dialect {
    pub(super) delimiter: u32,
    pub(super) quote: Option<u32>,
    pub(super) escape: Option<u32>,
    pub(super) double_quote: bool,
    pub(super) skip_initial_space: bool,
    pub(super) line_terminator: Text,
    pub(super) quoting: Quoting,
    pub(super) strict: bool,
}

/// The names of the settings, in the order in which their values are taken.
const NAMES: [&str; 8] =
    ["delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict"];

static CHECKED: ClassInfo =
    ClassInfo { name: "Dialect", module: "_csv", bases: &[OBJECT], construct: Some(construct), methods: &[] };

/// `_csv.Dialect(dialect=…, **settings)`
fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    match args.positional.len() {
        0 | 1 => resolve(vm, args.positional.into_iter().next(), args.keywords),
        more => Err(Raise::type_error(format!("function takes at most 9 arguments ({more} given)"))),
    }
}

/// The settings that a reader, a writer or a registration is given: a registered dialect's name or anything with such attributes,
/// and settings by name, which come first. An object of [`Dialect`].
pub(super) fn resolve(vm: &Vm, dialect: Option<Object>, mut keywords: Vec<(Rc<str>, Object)>) -> Outcome {
    let by_name = keywords.iter().position(|(name, _)| &**name == "dialect").map(|at| keywords.remove(at).1);
    if dialect.is_some() && by_name.is_some() {
        return Err(Raise::type_error("argument for function given by name ('dialect') and position (1)"));
    }
    if let Some((unknown, _)) = keywords.iter().find(|(name, _)| !NAMES.contains(&&**name)) {
        return Err(Raise::type_error(format!("'{unknown}' is an invalid keyword argument for this function")));
    }
    let base = match dialect.or(by_name) {
        Some(name @ Object::Str(_)) => Some(super::find_dialect(vm, &name)?),
        other => other,
    };
    if keywords.is_empty()
        && let Some(base) = &base
        && downcast::<Dialect>(base).is_some()
    {
        return Ok(base.clone());
    }
    let mut values: [Option<Object>; 8] = Default::default();
    for (value, name) in values.iter_mut().zip(NAMES) {
        *value = match keywords.iter().find(|(keyword, _)| **keyword == *name) {
            Some((_, object)) => Some(object.clone()),
            None => base.as_ref().map(|base| setting(vm, base, name)).transpose()?.flatten(),
        };
    }
    Ok(Object::Native(Rc::new(checked(vm, &values)?)))
}

/// `base.name`; anything that is wrong with it counts as not being there.
fn setting(vm: &Vm, base: &Object, name: &str) -> Outcome<Option<Object>> {
    match vm.get_attribute(base, name) {
        Ok(value) => Ok(Some(value)),
        Err(Raise::Exception(_)) => Ok(None),
        Err(halt) => Err(halt),
    }
}

/// The settings of a class or an object, checked.
pub(super) fn from_object(vm: &Vm, object: &Object) -> Outcome {
    let Object::Class(class) = object else { return resolve(vm, Some(object.clone()), Vec::new()) };
    let values = NAMES.map(|name| class_attribute(*class, name));
    Ok(Object::Native(Rc::new(checked(vm, &values)?)))
}

fn checked(vm: &Vm, values: &[Option<Object>; 8]) -> Outcome<Dialect> {
    let [delimiter, double_quote, escape, line_terminator, quote, quoting, skip_initial_space, strict] = values;
    let truth = |value: &Option<Object>, default| value.as_ref().map_or(Ok(default), |value| vm.truth(value));
    let character_or_none = |name, value: &Option<Object>, default| match value {
        None => Ok(default),
        Some(Object::None) => Ok(None),
        Some(value) => character(vm, name, value, "string or None").map(Some),
    };
    let line_feed = || Text::from("\r\n");
    let delimiter = delimiter.as_ref().map_or(Ok(u32::from(b',')), |value| character(vm, "delimiter", value, "string"))?;
    let double_quote = truth(double_quote, true)?;
    let escape = character_or_none("escapechar", escape, None)?;
    let line_terminator = match line_terminator {
        None => Some(line_feed()),
        Some(Object::None) => None,
        Some(Object::Str(text)) => Some(text.clone()),
        Some(_) => return Err(Raise::type_error("\"lineterminator\" must be a string")),
    };
    let no_quote = matches!(quote, Some(Object::None));
    let quote = character_or_none("quotechar", quote, Some(u32::from(b'"')))?;
    let number = match quoting {
        None => 0,
        Some(Object::Int(n)) => i32::try_from(*n).map_err(|_| too_large())?,
        Some(Object::BigInt(_)) => return Err(too_large()),
        Some(_) => return Err(Raise::type_error("\"quoting\" must be an integer")),
    };
    let skip_initial_space = truth(skip_initial_space, false)?;
    let strict = truth(strict, false)?;
    let mut checked_quoting = match number {
        0 => Quoting::Minimal,
        1 => Quoting::All,
        2 => Quoting::NonNumeric,
        3 => Quoting::None,
        _ => return Err(Raise::type_error("bad \"quoting\" value")),
    };
    if no_quote && quoting.is_none() {
        checked_quoting = Quoting::None;
    }
    if checked_quoting != Quoting::None && quote.is_none() {
        return Err(Raise::type_error("quotechar must be set if quoting enabled"));
    }
    let line_terminator = line_terminator.ok_or_else(|| Raise::type_error("lineterminator must be set"))?;
    Ok(Dialect { delimiter, quote, escape, double_quote, skip_initial_space, line_terminator, quoting: checked_quoting, strict })
}

fn too_large() -> Raise {
    Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C int")
}

fn character(vm: &Vm, name: &str, value: &Object, kind: &str) -> Outcome<u32> {
    let Object::Str(text) = value else {
        return Err(Raise::type_error(format!("\"{name}\" must be {kind}, not {}", vm.type_name(value))));
    };
    match text.get(0) {
        Some(point) if text.len() == 1 => Ok(point),
        _ => Err(Raise::type_error(format!("\"{name}\" must be a 1-character string"))),
    }
}

fn one_character(point: Option<u32>) -> Object {
    point.map_or(Object::None, |point| Object::Str(Text::from_code_points([point])))
}

impl Native for Dialect {
    fn class(&self) -> Class {
        Class(&CHECKED)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok(Some(match name {
            "delimiter" => one_character(Some(self.delimiter)),
            "doublequote" => Object::Bool(self.double_quote),
            "escapechar" => one_character(self.escape),
            "lineterminator" => Object::Str(self.line_terminator.clone()),
            "quotechar" => one_character(self.quote),
            "quoting" => Object::Int(self.quoting as i64),
            "skipinitialspace" => Object::Bool(self.skip_initial_space),
            "strict" => Object::Bool(self.strict),
            _ => return Ok(None),
        }))
    }

    fn set_attribute(&self, _vm: &Vm, name: &str, _value: Object) -> Outcome<bool> {
        let message = match name {
            "delimiter" | "escapechar" | "lineterminator" | "quotechar" | "quoting" => {
                format!("attribute '{name}' of '_csv.Dialect' objects is not writable")
            }
            "doublequote" | "skipinitialspace" | "strict" => "readonly attribute".to_owned(),
            _ => return Ok(false),
        };
        Err(Raise::new(class::ATTRIBUTE_ERROR, message))
    }
}

// ---- the classes that scripts name: csv.excel and its like ----

macro_rules! dialect_classes {
    ($($constant:ident = $name:literal: $base:expr;)*) => {
        $(
            #[doc = concat!("`csv.", $name, "`")]
            pub(super) const $constant: Class = {
                static INFO: ClassInfo =
                    ClassInfo { name: $name, module: "csv", bases: &[$base], construct: Some(construct_settings), methods: &[] };
                Class(&INFO)
            };
        )*
    };
}

dialect_classes! {
    DIALECT = "Dialect": OBJECT;
    EXCEL = "excel": DIALECT;
    EXCEL_TAB = "excel_tab": EXCEL;
    UNIX = "unix_dialect": DIALECT;
}

/// What is registered from the start.
pub(super) const REGISTERED: [(&str, Class); 3] = [("excel", EXCEL), ("excel-tab", EXCEL_TAB), ("unix", UNIX)];

/// `csv.excel.delimiter` and so on.
pub(in crate::console::modules) fn class_attribute(class: Class, name: &str) -> Option<Object> {
    if !class.is_subclass_of(DIALECT) {
        return None;
    }
    let is_set = class != DIALECT;
    let is_unix = class == UNIX;
    match name {
        "delimiter" | "quotechar" | "doublequote" | "skipinitialspace" | "lineterminator" | "quoting" if !is_set => {
            Some(Object::None)
        }
        "escapechar" => Some(Object::None),
        "delimiter" => Some(Object::str(if class == EXCEL_TAB { "\t" } else { "," })),
        "quotechar" => Some(Object::str("\"")),
        "doublequote" => Some(Object::Bool(true)),
        "skipinitialspace" => Some(Object::Bool(false)),
        "lineterminator" => Some(Object::str(if is_unix { "\n" } else { "\r\n" })),
        "quoting" => Some(Object::Int(if is_unix { Quoting::All } else { Quoting::Minimal } as i64)),
        _ => None,
    }
}

/// An object of one of these classes: its settings can be changed before they are used.
#[derive(Debug)]
pub(super) struct Settings {
    class: Class,
    own: Attributes,
}

fn construct_settings(vm: &Vm, class: Class, args: Args) -> Outcome {
    if let Some((unknown, _)) = args.keywords.first() {
        return Err(Raise::type_error(format!("Dialect.__init__() got an unexpected keyword argument '{unknown}'")));
    }
    if !args.is_empty() {
        let count = 1 + args.len();
        return Err(Raise::type_error(format!("Dialect.__init__() takes 1 positional argument but {count} were given")));
    }
    // The class checks itself when an object of it is made.
    if let Err(raise) = from_object(vm, &Object::Class(class)) {
        return Err(match &raise {
            Raise::Exception(exception) if raise.is(class::TYPE_ERROR) => {
                Raise::with_args(class::CSV_ERROR, exception.args.borrow().clone())
            }
            _ => raise,
        });
    }
    Ok(Object::Native(Rc::new(Settings { class, own: Attributes::default() })))
}

impl Native for Settings {
    fn class(&self) -> Class {
        self.class
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok(self.own.get(name).or_else(|| class_attribute(self.class, name)))
    }

    fn set_attribute(&self, _vm: &Vm, name: &str, value: Object) -> Outcome<bool> {
        self.own.set(name, value);
        Ok(true)
    }
}
