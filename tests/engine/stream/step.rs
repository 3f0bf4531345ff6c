//! One step of a table: a statement in Python, as data, that can be written down and carried out by our streams.

use std::collections::HashMap;

use seektell::stream::{Exception, ExceptionKind, Slice, StreamClass, StreamObject, Text, Value, View};

/// An argument: a value, or a variable of the session.
#[derive(Clone, Debug)]
pub(crate) enum Arg {
    Value(Value),
    Var(&'static str),
}

pub(crate) type Args = Vec<Arg>;
pub(crate) type Keywords = Vec<(&'static str, Arg)>;

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// `name = io.Class(...)`, or a bytearray or memoryview
    New(&'static str, &'static str, Args, Keywords),
    /// `on.method(...)`
    Call(&'static str, &'static str, Args, Keywords),
    /// `name = on.method(...)`
    Keep(&'static str, &'static str, &'static str, Args),
    /// `on.name`
    Attribute(&'static str, &'static str),
    /// `on.name = value`
    SetAttribute(&'static str, &'static str, Arg),
    /// `on[key]`
    GetItem(&'static str, Arg),
    /// `name = on[key]`
    KeepItem(&'static str, &'static str, Arg),
    /// `on[key] = value`
    SetItem(&'static str, Arg, Arg),
    /// `on == value`
    Equals(&'static str, Arg),
    /// `len(on)`
    Len(&'static str),
    /// `list(on)`
    List(&'static str),
    /// `on`
    Show(&'static str),
    /// `del on`
    Del(&'static str),
}

/// A statement and what CPython shows: the `repr` of its value, nothing for a statement without one, or the exception.
pub(crate) type Row = (Step, &'static str);

/// Statements that share their variables.
pub(crate) struct Session {
    pub(crate) title: &'static str,
    pub(crate) rows: Vec<Row>,
}

impl<T: Into<Value>> From<T> for Arg {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

pub(crate) fn var(name: &'static str) -> Arg {
    Arg::Var(name)
}

pub(crate) fn big(digits: &str) -> Value {
    Value::Int(digits.parse().unwrap())
}

pub(crate) fn points<const N: usize>(points: [u32; N]) -> Value {
    Value::Str(Text::from_code_points(points))
}

fn plain(arg: Arg) -> Value {
    match arg {
        Arg::Value(value) => value,
        Arg::Var(name) => panic!("{name} cannot stand here"),
    }
}

pub(crate) fn list(items: Args) -> Value {
    Value::List(items.into_iter().map(plain).collect())
}

pub(crate) fn tuple(items: Args) -> Value {
    Value::Tuple(items.into_iter().map(plain).collect())
}

pub(crate) fn slice(start: impl Into<Arg>, stop: impl Into<Arg>, step: impl Into<Arg>) -> Value {
    Value::Slice(Box::new(Slice { start: plain(start.into()), stop: plain(stop.into()), step: plain(step.into()) }))
}

/// A table in nearly the syntax of the statements it stands for; see the rules for what there is.
#[macro_export]
macro_rules! table {
    ($title:literal { $($rest:tt)* }) => {{
        let mut rows: Vec<$crate::stream::step::Row> = Vec::new();
        $crate::table!(@ rows $($rest)*);
        $crate::stream::step::Session { title: $title, rows }
    }};
    (@ $s:ident) => {};
    (@ $s:ident $n:ident = $class:ident ( $($a:expr),* $(; $($k:ident = $v:expr),+)? ) => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::New(stringify!($n), stringify!($class), vec![$($a.into()),*],
            vec![$($((stringify!($k), $v.into())),+)?]), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident $n:ident = $on:ident . $m:ident ( $($a:expr),* ) => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::Keep(stringify!($n), stringify!($on), stringify!($m), vec![$($a.into()),*]), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident $n:ident = $on:ident [ $key:expr ] => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::KeepItem(stringify!($n), stringify!($on), $key.into()), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident $on:ident . $m:ident ( $($a:expr),* $(; $($k:ident = $v:expr),+)? ) => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::Call(stringify!($on), stringify!($m), vec![$($a.into()),*],
            vec![$($((stringify!($k), $v.into())),+)?]), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident $on:ident . $name:ident => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::Attribute(stringify!($on), stringify!($name)), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident set $on:ident . $name:ident ( $v:expr ) => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::SetAttribute(stringify!($on), stringify!($name), $v.into()), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident set $on:ident [ $key:expr ] ( $v:expr ) => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::SetItem(stringify!($on), $key.into(), $v.into()), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident get $on:ident [ $key:expr ] => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::GetItem(stringify!($on), $key.into()), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident equals $on:ident ( $v:expr ) => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::Equals(stringify!($on), $v.into()), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident len $on:ident => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::Len(stringify!($on)), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident list $on:ident => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::List(stringify!($on)), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident show $on:ident => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::Show(stringify!($on)), $e));
        $crate::table!(@ $s $($rest)*);
    };
    (@ $s:ident del $on:ident => $e:expr; $($rest:tt)*) => {
        $s.push(($crate::stream::step::Step::Del(stringify!($on)), $e));
        $crate::table!(@ $s $($rest)*);
    };
}

fn arg_text(arg: &Arg) -> String {
    match arg {
        Arg::Value(value) => value.repr(),
        Arg::Var(name) => (*name).to_owned(),
    }
}

fn args_text(args: &[Arg], keywords: &[(&str, Arg)]) -> String {
    let keywords = keywords.iter().map(|(name, arg)| format!("{name}={}", arg_text(arg)));
    args.iter().map(arg_text).chain(keywords).collect::<Vec<_>>().join(", ")
}

impl Step {
    /// The statement in Python's syntax.
    pub(crate) fn python(&self) -> String {
        match self {
            Self::New(name, class, args, keywords) => {
                let module = if StreamClass::from_name(class).is_some() { "io." } else { "" };
                format!("{name} = {module}{class}({})", args_text(args, keywords))
            }
            Self::Call(on, method, args, keywords) => format!("{on}.{method}({})", args_text(args, keywords)),
            Self::Keep(name, on, method, args) => format!("{name} = {on}.{method}({})", args_text(args, &[])),
            Self::Attribute(on, name) => format!("{on}.{name}"),
            Self::SetAttribute(on, name, value) => format!("{on}.{name} = {}", arg_text(value)),
            Self::GetItem(on, key) => format!("{on}[{}]", arg_text(key)),
            Self::KeepItem(name, on, key) => format!("{name} = {on}[{}]", arg_text(key)),
            Self::SetItem(on, key, value) => format!("{on}[{}] = {}", arg_text(key), arg_text(value)),
            Self::Equals(on, value) => format!("{on} == {}", arg_text(value)),
            Self::Len(on) => format!("len({on})"),
            Self::List(on) => format!("list({on})"),
            Self::Show(on) => (*on).to_owned(),
            Self::Del(on) => format!("del {on}"),
        }
    }
}

/// The variables of a session, run by our streams.
#[derive(Default)]
pub(crate) struct Machine {
    variables: HashMap<&'static str, Value>,
}

impl Machine {
    /// What is shown for one statement.
    pub(crate) fn run(&mut self, step: &Step) -> String {
        match self.result(step) {
            Ok(Some(value)) => normalise(&value.repr()),
            Ok(None) => String::new(),
            Err(exception) => exception.to_string(),
        }
    }

    fn value(&self, arg: &Arg) -> Value {
        match arg {
            // A fresh object each time, as the expression would make it.
            Arg::Value(Value::ByteArray(array)) => Value::bytearray(array.to_vec()),
            Arg::Value(value) => value.clone(),
            Arg::Var(name) => self.variables[name].clone(),
        }
    }

    fn values(&self, args: &[Arg]) -> Vec<Value> {
        args.iter().map(|arg| self.value(arg)).collect()
    }

    fn call(&self, on: &str, method: &str, args: &[Arg], keywords: &[(&'static str, Arg)]) -> Result<Value, Exception> {
        let args = self.values(args);
        let keywords = keywords.iter().map(|(name, arg)| (*name, self.value(arg))).collect::<Vec<_>>();
        match &self.variables[on] {
            Value::Stream(stream) => stream.call(method, &args, &keywords),
            Value::View(view) => view.call(method, &args),
            other => panic!("{on} is {other:?}"),
        }
    }

    fn view(&self, on: &str) -> View {
        match &self.variables[on] {
            Value::View(view) => view.clone(),
            other => panic!("{on} is {other:?}"),
        }
    }

    fn result(&mut self, step: &Step) -> Result<Option<Value>, Exception> {
        match step {
            Step::New(name, class, args, keywords) => {
                let args = self.values(args);
                let keywords = keywords.iter().map(|(name, arg)| (*name, self.value(arg))).collect::<Vec<_>>();
                let value = match *class {
                    "memoryview" => Value::View(View::of(&args[0])?),
                    "bytearray" => match args.first() {
                        Some(Value::Bytes(bytes)) => Value::bytearray(bytes.to_vec_all().unwrap()),
                        Some(Value::Int(n)) => Value::bytearray(vec![0; usize::try_from(n).unwrap()]),
                        _ => Value::bytearray([]),
                    },
                    other => {
                        let class = StreamClass::from_name(other).unwrap_or_else(|| panic!("no class {other}"));
                        Value::Stream(StreamObject::construct(class, &args, &keywords)?)
                    }
                };
                self.variables.insert(name, value);
                Ok(None)
            }
            Step::Call(on, method, args, keywords) => self.call(on, method, args, keywords).map(Some),
            Step::Keep(name, on, method, args) => {
                let value = self.call(on, method, args, &[])?;
                self.variables.insert(name, value);
                Ok(None)
            }
            Step::Attribute(on, name) => match &self.variables[on] {
                Value::Stream(stream) => stream.attribute(name).map(Some),
                Value::View(view) => view.attribute(name).map(Some),
                other => panic!("{on} is {other:?}"),
            },
            Step::SetAttribute(on, name, value) => match &self.variables[on] {
                Value::Stream(stream) => stream.set_attribute(name, self.value(value)).map(|()| None),
                other => panic!("{on} is {other:?}"),
            },
            Step::GetItem(on, key) => self.view(on).get_item(&self.value(key)).map(Some),
            Step::KeepItem(name, on, key) => {
                let value = self.view(on).get_item(&self.value(key))?;
                self.variables.insert(name, value);
                Ok(None)
            }
            Step::SetItem(on, key, value) => {
                let value = self.value(value);
                match &self.variables[on] {
                    Value::ByteArray(array) => {
                        let view = View::of(&Value::ByteArray(array.clone()))?;
                        view.set_item(&self.value(key), &value).map(|()| None)
                    }
                    _ => self.view(on).set_item(&self.value(key), &value).map(|()| None),
                }
            }
            Step::Equals(on, value) => {
                let value = self.value(value);
                let equal = match &self.variables[on] {
                    Value::View(view) => view.equals(&value),
                    own => *own == value,
                };
                Ok(Some(Value::from(equal)))
            }
            Step::Len(on) => match &self.variables[on] {
                Value::View(view) => view.length().map(|len| Some(Value::from(len))),
                other => panic!("{on} is {other:?}"),
            },
            Step::List(on) => {
                let Value::Stream(stream) = self.variables[on].clone() else { panic!("{on} is no stream") };
                Ok(Some(Value::List(lines(&stream)?)))
            }
            Step::Show(on) => Ok(Some(self.variables[on].clone())),
            Step::Del(on) => {
                self.variables.remove(on);
                Ok(None)
            }
        }
    }
}

fn lines(stream: &StreamObject) -> Result<Vec<Value>, Exception> {
    stream.call("__iter__", &[], &[])?;
    let mut lines = Vec::new();
    loop {
        match stream.call("__next__", &[], &[]) {
            Ok(line) => lines.push(line),
            Err(exception) if exception.kind == ExceptionKind::StopIteration => return Ok(lines),
            Err(exception) => return Err(exception),
        }
    }
}

/// Addresses of objects differ from run to run.
pub(crate) fn normalise(text: &str) -> String {
    let Some((before, rest)) = text.split_once(" at 0x") else { return text.to_owned() };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    format!("{before} at 0xADDR{}", normalise(rest))
}
