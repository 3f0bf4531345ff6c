//! `csv`: rows of text, with CPython's state machine and its every option.

mod dialect;
mod dictionaries;
mod reader;
mod writer;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{Loaded, module};
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::native::{Native, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::Text;

pub(super) use dialect::class_attribute;
use dialect::{Quoting, resolve};

/// The longest field that a reader takes, unless a script asks for another limit.
const FIELD_LIMIT: i64 = 128 * 1024;

/// What the functions of the module share: the registered dialects and the longest field that a reader takes.
#[derive(Debug)]
struct State {
    dialects: RefCell<Vec<(Text, Object)>>,
    limit: Cell<i64>,
}

/// Under which name the module keeps it. No script can say it.
const STATE: &str = " state";

static STATE_CLASS: ClassInfo = ClassInfo { name: "_state", module: "_csv", bases: &[OBJECT], construct: None, methods: &[] };

impl Native for State {
    fn class(&self) -> Class {
        Class(&STATE_CLASS)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Looks at the module's state, and changes it.
fn with_state<R>(vm: &Vm, work: impl FnOnce(&State) -> R) -> Outcome<R> {
    let module = vm.import("csv")?;
    let state = module.names.borrow().get(STATE).cloned();
    match state.as_ref().and_then(downcast::<State>) {
        Some(state) => Ok(work(state)),
        None => Err(error("the module csv has lost its dialects")),
    }
}

/// `_csv.Error`
fn error(message: impl AsRef<str>) -> Raise {
    Raise::new(class::CSV_ERROR, message)
}

pub(super) fn load(vm: &Vm) -> Loaded {
    let state = State { dialects: RefCell::default(), limit: Cell::new(FIELD_LIMIT) };
    for (name, class) in dialect::REGISTERED {
        let settings = dialect::from_object(vm, &Object::Class(class))?;
        state.dialects.borrow_mut().push((name.into(), settings));
    }
    let functions = [
        ("reader", function!("reader", reader::construct)),
        ("writer", function!("writer", writer::construct)),
        ("register_dialect", function!("register_dialect", register_dialect)),
        ("unregister_dialect", function!("unregister_dialect", unregister_dialect)),
        ("get_dialect", function!("get_dialect", get_dialect)),
        ("list_dialects", function!("list_dialects", list_dialects)),
        ("field_size_limit", function!("field_size_limit", field_size_limit)),
    ];
    let classes = [
        ("Dialect", dialect::DIALECT),
        ("excel", dialect::EXCEL),
        ("excel_tab", dialect::EXCEL_TAB),
        ("unix_dialect", dialect::UNIX),
        ("DictReader", dictionaries::DICT_READER),
        ("DictWriter", dictionaries::DICT_WRITER),
        ("Error", class::CSV_ERROR),
    ];
    let classes = classes.map(|(name, class)| (name, Object::Class(class)));
    let numbers = [
        ("QUOTE_MINIMAL", Object::Int(Quoting::Minimal as i64)),
        ("QUOTE_ALL", Object::Int(Quoting::All as i64)),
        ("QUOTE_NONNUMERIC", Object::Int(Quoting::NonNumeric as i64)),
        ("QUOTE_NONE", Object::Int(Quoting::None as i64)),
        ("__version__", Object::str("1.0")),
        (STATE, Object::Native(Rc::new(state))),
    ];
    Ok(module("csv", functions.into_iter().chain(classes).chain(numbers)))
}

/// `csv.register_dialect(name, dialect=…, **settings)`
fn register_dialect(vm: &Vm, mut args: Args) -> Outcome {
    let settings = std::mem::take(&mut args.keywords);
    let mut args = args.between("", 1, 2)?.into_iter();
    let name = args.next().unwrap_or(Object::None);
    let Object::Str(name) = name else {
        return Err(Raise::type_error("dialect name must be a string"));
    };
    let dialect = resolve(vm, args.next(), settings)?;
    with_state(vm, |state| {
        let mut dialects = state.dialects.borrow_mut();
        match dialects.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = dialect,
            None => dialects.push((name, dialect)),
        }
    })?;
    Ok(Object::None)
}

/// The one argument `name` of a function.
fn name_argument(function: &str, mut args: Args) -> Outcome<Object> {
    let given = args.positional.len() + args.keywords.len();
    if given > 1 {
        return Err(Raise::type_error(format!("{function}() takes at most 1 argument ({given} given)")));
    }
    let by_name = args.take_keyword("name");
    let missing = || Raise::type_error(format!("{function}() missing required argument 'name' (pos 1)"));
    args.positional.pop().or(by_name).ok_or_else(missing)
}

/// The registered dialect of that name.
fn find_dialect(vm: &Vm, name: &Object) -> Outcome {
    vm.key(name)?;
    let found = with_state(vm, |state| match name {
        Object::Str(name) => state.dialects.borrow().iter().find(|(known, _)| known == name).map(|(_, dialect)| dialect.clone()),
        _ => None,
    })?;
    found.ok_or_else(|| error("unknown dialect"))
}

/// `csv.get_dialect(name)`
fn get_dialect(vm: &Vm, args: Args) -> Outcome {
    find_dialect(vm, &name_argument("get_dialect", args)?)
}

/// `csv.unregister_dialect(name)`
fn unregister_dialect(vm: &Vm, args: Args) -> Outcome {
    let name = name_argument("unregister_dialect", args)?;
    let found = find_dialect(vm, &name)?;
    if let Object::Str(name) = &name {
        with_state(vm, |state| state.dialects.borrow_mut().retain(|(known, _)| known != name))?;
    }
    drop(found);
    Ok(Object::None)
}

/// `csv.list_dialects()`
fn list_dialects(vm: &Vm, args: Args) -> Outcome {
    args.none("_csv.list_dialects")?;
    with_state(vm, |state| Object::list(state.dialects.borrow().iter().map(|(name, _)| Object::Str(name.clone())).collect()))
}

/// `csv.field_size_limit(new=…)`: the limit as it was.
fn field_size_limit(vm: &Vm, mut args: Args) -> Outcome {
    let by_name = args.take_keyword("new_limit");
    if let Some((unknown, _)) = args.keywords.first() {
        return Err(Raise::type_error(format!("'{unknown}' is an invalid keyword argument for field_size_limit()")));
    }
    let given = args.positional.len() + usize::from(by_name.is_some());
    if given > 1 {
        return Err(Raise::type_error(format!("field_size_limit() takes at most 1 argument ({given} given)")));
    }
    let new = match args.positional.pop().or(by_name) {
        None => None,
        Some(Object::Int(n)) => Some(n),
        Some(Object::BigInt(_)) => return Err(Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C long")),
        Some(_) => return Err(Raise::type_error("limit must be an integer")),
    };
    with_state(vm, |state| {
        let old = state.limit.get();
        state.limit.set(new.unwrap_or(old));
        Object::Int(old)
    })
}
