//! `typing`: the names that annotations use. They can be written, subscripted, shown and compared, and mean nothing here.

use std::any::Any;
use std::rc::Rc;

use super::{Loaded, module};
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::native::{Native, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// How a name takes subscripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Not at all.
    Plain,
    /// Any: `List[int]`.
    Generic,
    /// `Union[int, str]`
    Union,
    /// `Optional[int]`
    Optional,
    /// `Callable[[int], str]`
    Callable,
    /// `Literal["a"]`: values, not types.
    Literal,
    /// A class that takes subscripts: `IO[str]`.
    GenericClass,
    /// A class that does not.
    PlainClass,
    /// A type variable.
    Variable,
}

const NAMES: &[(&str, Kind)] = &[
    ("Any", Kind::Plain),
    ("NoReturn", Kind::Plain),
    ("Never", Kind::Plain),
    ("Self", Kind::Plain),
    ("LiteralString", Kind::Plain),
    ("TypeAlias", Kind::Plain),
    ("Union", Kind::Union),
    ("Optional", Kind::Optional),
    ("Callable", Kind::Callable),
    ("Literal", Kind::Literal),
    ("ClassVar", Kind::Generic),
    ("Final", Kind::Generic),
    ("Annotated", Kind::Generic),
    ("List", Kind::Generic),
    ("Dict", Kind::Generic),
    ("Set", Kind::Generic),
    ("FrozenSet", Kind::Generic),
    ("Tuple", Kind::Generic),
    ("Type", Kind::Generic),
    ("Deque", Kind::Generic),
    ("DefaultDict", Kind::Generic),
    ("OrderedDict", Kind::Generic),
    ("Counter", Kind::Generic),
    ("Iterable", Kind::Generic),
    ("Iterator", Kind::Generic),
    ("Generator", Kind::Generic),
    ("Sequence", Kind::Generic),
    ("MutableSequence", Kind::Generic),
    ("Mapping", Kind::Generic),
    ("MutableMapping", Kind::Generic),
    ("Collection", Kind::Generic),
    ("Container", Kind::Generic),
    ("Reversible", Kind::Generic),
    ("AbstractSet", Kind::Generic),
    ("MutableSet", Kind::Generic),
    ("KeysView", Kind::Generic),
    ("ValuesView", Kind::Generic),
    ("ItemsView", Kind::Generic),
    ("ContextManager", Kind::Generic),
    ("Awaitable", Kind::Generic),
    ("AsyncIterator", Kind::Generic),
    ("AsyncIterable", Kind::Generic),
    ("AsyncGenerator", Kind::Generic),
    ("Hashable", Kind::Plain),
    ("Sized", Kind::Plain),
    ("ByteString", Kind::Plain),
    ("IO", Kind::GenericClass),
    ("Generic", Kind::GenericClass),
    ("BinaryIO", Kind::PlainClass),
    ("TextIO", Kind::PlainClass),
    ("AnyStr", Kind::Variable),
];

pub(super) fn load(_vm: &Vm) -> Loaded {
    let names = NAMES.iter().map(|&(name, kind)| (name, native(Name { name: name.to_owned(), kind })));
    let text = crate::console::builtins::lookup("str").unwrap_or(Object::None);
    let more = [
        ("TYPE_CHECKING", Object::Bool(false)),
        ("Text", text),
        ("cast", function!("cast", python, cast)),
        ("overload", function!("overload", python, same)),
        ("final", function!("final", python, same)),
        ("no_type_check", function!("no_type_check", python, same)),
        ("TypeVar", function!("TypeVar", python, type_variable)),
        ("NewType", function!("NewType", python, new_type)),
    ];
    Ok(module("typing", names.chain(more)))
}

fn native(object: impl Native) -> Object {
    Object::Native(Rc::new(object))
}

/// `typing.cast(typ, value)`
fn cast(_vm: &Vm, args: Args) -> Outcome {
    Ok(args.bind("cast", &["typ", "val"], 2)?.pop().flatten().unwrap_or(Object::None))
}

/// A decorator that changes nothing here.
fn same(_vm: &Vm, args: Args) -> Outcome {
    args.one("decorator")
}

/// `typing.TypeVar(name, …)`
fn type_variable(vm: &Vm, args: Args) -> Outcome {
    let Some(name) = args.positional.first() else {
        return Err(Raise::type_error("TypeVar.__init__() missing 1 required positional argument: 'name'"));
    };
    Ok(native(Name { name: vm.str(name)?.to_string_lossy(), kind: Kind::Variable }))
}

/// `typing.NewType(name, type)`: calling what it returns gives back the argument.
fn new_type(vm: &Vm, args: Args) -> Outcome {
    let bound = args.bind("NewType.__init__", &["name", "tp"], 2)?;
    let name = bound.into_iter().flatten().next().unwrap_or(Object::None);
    Ok(native(NewType { name: vm.str(&name)?.to_string_lossy() }))
}

macro_rules! classes {
    ($($constant:ident = $name:literal;)*) => {
        $(static $constant: ClassInfo =
            ClassInfo { name: $name, module: "typing", bases: &[OBJECT], construct: None, methods: &[] };)*
    };
}

classes! {
    NAME = "_SpecialGenericAlias";
    PLAIN = "_SpecialForm";
    VARIABLE = "TypeVar";
    ALIAS = "_GenericAlias";
    NEW_TYPE = "NewType";
}

#[derive(Debug)]
struct Name {
    name: String,
    kind: Kind,
}

impl Native for Name {
    fn class(&self) -> Class {
        Class(match self.kind {
            Kind::Variable => &VARIABLE,
            Kind::Generic | Kind::Callable => &NAME,
            _ => &PLAIN,
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        let name = &self.name;
        Ok(match self.kind {
            Kind::Variable => format!("~{name}"),
            Kind::GenericClass | Kind::PlainClass => format!("<class 'typing.{name}'>"),
            _ => format!("typing.{name}"),
        })
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok(match name {
            "__name__" | "_name" => Some(Object::str(&self.name)),
            "__module__" => Some(Object::str("typing")),
            _ => None,
        })
    }

    fn get_item(&self, vm: &Vm, key: &Object) -> Outcome<Option<Object>> {
        let args = match key {
            Object::Tuple(tuple) => tuple.items.clone(),
            one => vec![one.clone()],
        };
        let alias = |args| Ok(Some(native(Alias { name: self.name.clone(), kind: self.kind, args })));
        match self.kind {
            Kind::Plain if self.name == "Any" => Err(Raise::type_error("type 'Any' is not subscriptable")),
            Kind::Plain => Err(Raise::type_error(format!("typing.{} is not subscriptable", self.name))),
            Kind::PlainClass => Err(Raise::type_error(format!("<class 'typing.{}'> is not a generic class", self.name))),
            Kind::Variable => Err(Raise::type_error("'TypeVar' object is not subscriptable")),
            Kind::Optional => match args.as_slice() {
                [one] => union(vm, vec![one.clone(), Object::None]),
                _ => {
                    let shown = vm.repr(key)?.to_string_lossy();
                    Err(Raise::type_error(format!("typing.Optional requires a single type. Got {shown}.")))
                }
            },
            Kind::Union if args.is_empty() => Err(Raise::type_error("Cannot take a Union of no types.")),
            Kind::Union => union(vm, args),
            _ => alias(args),
        }
    }

    fn binary(&self, vm: &Vm, operator: &str, other: &Object, reflected: bool) -> Outcome<Option<Object>> {
        either(vm, operator, native(Self { name: self.name.clone(), kind: self.kind }), other, reflected)
    }

    fn call_object(&self, vm: &Vm, _args: Args) -> Outcome<Option<Object>> {
        match self.kind {
            Kind::Generic | Kind::Callable => {
                let name = &self.name;
                let message = format!("Type {name} cannot be instantiated; use {}() instead", name.to_lowercase());
                Err(Raise::type_error(message))
            }
            Kind::Variable => Err(Raise::type_error("'TypeVar' object is not callable")),
            _ => Err(Raise::type_error(format!("Cannot instantiate {}", self.repr(vm)?))),
        }
    }
}

/// `a | b`
fn either(vm: &Vm, operator: &str, own: Object, other: &Object, reflected: bool) -> Outcome<Option<Object>> {
    if operator != "|" {
        return Ok(None);
    }
    union(vm, if reflected { vec![other.clone(), own] } else { vec![own, other.clone()] })
}

/// `Union[…]`: unions within are taken apart, and each type comes once.
fn union(vm: &Vm, args: Vec<Object>) -> Outcome<Option<Object>> {
    let mut flat: Vec<Object> = Vec::new();
    for arg in args {
        let inner = match downcast::<Alias>(&arg) {
            Some(alias) if alias.kind == Kind::Union => alias.args.clone(),
            _ => vec![arg],
        };
        for one in inner {
            let mut known = false;
            for before in &flat {
                known = known || vm.equals(before, &one)?;
            }
            if !known {
                flat.push(one);
            }
        }
    }
    if let [one] = flat.as_slice() {
        return Ok(Some(one.clone()));
    }
    Ok(Some(native(Alias { name: "Union".to_owned(), kind: Kind::Union, args: flat })))
}

/// A name with its subscript.
#[derive(Debug)]
struct Alias {
    name: String,
    kind: Kind,
    args: Vec<Object>,
}

impl Alias {
    fn shown(&self, vm: &Vm, args: &[Object]) -> Outcome<String> {
        let _entered = vm.enter()?;
        let shown = args.iter().enumerate().map(|(n, arg)| match () {
            // Behind the type, `Annotated` has values.
            () if n > 0 && self.name == "Annotated" => Ok(vm.repr(arg)?.to_string_lossy()),
            () => self.shown_one(vm, arg),
        });
        let shown = shown.collect::<Outcome<Vec<_>>>()?;
        Ok(shown.join(", "))
    }

    fn shown_one(&self, vm: &Vm, arg: &Object) -> Outcome<String> {
        Ok(match arg {
            _ if self.kind == Kind::Literal => vm.repr(arg)?.to_string_lossy(),
            Object::None => "NoneType".to_owned(),
            Object::Ellipsis => "...".to_owned(),
            Object::Class(class) => class.qualified_name(),
            Object::Str(_) => format!("ForwardRef({})", vm.repr(arg)?.to_string_lossy()),
            Object::List(list) => {
                let items = list.items.borrow().clone();
                format!("[{}]", self.shown(vm, &items)?)
            }
            other => {
                let shown = vm.repr(other)?.to_string_lossy();
                let class_name = shown.strip_prefix("<class '").and_then(|rest| rest.strip_suffix("'>"));
                class_name.map_or_else(|| shown.clone(), str::to_owned)
            }
        })
    }
}

impl Native for Alias {
    fn class(&self) -> Class {
        Class(&ALIAS)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, vm: &Vm) -> Outcome<String> {
        let rest: Vec<Object> = self.args.iter().filter(|arg| !arg.is_none()).cloned().collect();
        if self.kind == Kind::Union && self.args.len() == 2 && rest.len() == 1 {
            return Ok(format!("typing.Optional[{}]", self.shown(vm, &rest)?));
        }
        Ok(format!("typing.{}[{}]", self.name, self.shown(vm, &self.args)?))
    }

    fn attribute(&self, vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        let _ = vm;
        Ok(match name {
            "__args__" => Some(Object::tuple(self.args.clone())),
            "__name__" => Some(Object::str(&self.name)),
            "__module__" => Some(Object::str("typing")),
            _ => None,
        })
    }

    fn binary(&self, vm: &Vm, operator: &str, other: &Object, reflected: bool) -> Outcome<Option<Object>> {
        if matches!(operator, "==" | "!=") {
            let Some(other) = downcast::<Self>(other) else { return Ok(None) };
            let (own, others) = (Object::tuple(self.args.clone()), Object::tuple(other.args.clone()));
            let same = self.name == other.name && vm.equals(&own, &others)?;
            return Ok(Some(Object::Bool(same == (operator == "=="))));
        }
        let own = native(Self { name: self.name.clone(), kind: self.kind, args: self.args.clone() });
        either(vm, operator, own, other, reflected)
    }

    fn call_object(&self, vm: &Vm, _args: Args) -> Outcome<Option<Object>> {
        Err(Raise::new(class::TYPE_ERROR, format!("Cannot instantiate {}", self.repr(vm)?)))
    }
}

/// What `NewType` makes.
#[derive(Debug)]
struct NewType {
    name: String,
}

impl Native for NewType {
    fn class(&self) -> Class {
        Class(&NEW_TYPE)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        Ok(format!("__main__.{}", self.name))
    }

    fn call_object(&self, _vm: &Vm, args: Args) -> Outcome<Option<Object>> {
        args.one(&self.name).map(Some)
    }
}
