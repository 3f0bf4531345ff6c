//! `csv.writer`

use std::any::Any;
use std::rc::Rc;

use super::dialect::{Dialect, Quoting, resolve};
use super::error;
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::native::{Native, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::Text;

static WRITER: ClassInfo =
    ClassInfo { name: "writer", module: "_csv", bases: &[OBJECT], construct: None, methods: &["writerow", "writerows"] };

/// A writer: makes a line of each row and hands it to a `write` method.
#[derive(Debug)]
struct Writer {
    write: Object,
    dialect: Object,
}

/// `csv.writer(file, dialect=…, **settings)`
pub(super) fn construct(vm: &Vm, mut args: Args) -> Outcome {
    let settings = std::mem::take(&mut args.keywords);
    let mut args = args.between("", 1, 2)?.into_iter();
    let file = args.next().unwrap_or(Object::None);
    let no_write = || Raise::type_error("argument 1 must have a \"write\" method");
    let write = match vm.get_attribute(&file, "write") {
        Ok(write) if is_callable(&write) => write,
        Err(raise) if !raise.is(class::ATTRIBUTE_ERROR) => return Err(raise),
        _ => return Err(no_write()),
    };
    let dialect = resolve(vm, args.next(), settings)?;
    Ok(Object::Native(Rc::new(Writer { write, dialect })))
}

fn is_callable(object: &Object) -> bool {
    matches!(
        object,
        Object::Function(_)
            | Object::Method(_)
            | Object::Builtin(_)
            | Object::ClassMethod(..)
            | Object::Class(_)
            | Object::Native(_)
    )
}

/// A line being made.
struct Line<'a> {
    dialect: &'a Dialect,
    points: Vec<u32>,
    fields: usize,
}

impl Line<'_> {
    /// Appends a field; `None` is an empty one.
    fn push(&mut self, vm: &Vm, field: Option<&Text>, quoted: bool) -> Outcome<()> {
        let dialect = self.dialect;
        let length = field.map_or(0, Text::len);
        vm.step(1 + length / 64)?;
        vm.allocate(length * 8)?;
        if self.fields > 0 {
            self.points.push(dialect.delimiter);
        }
        // Whether there must be quotes is known only at the end of the field: their place is kept.
        let start = self.points.len();
        let mut quoted = quoted;
        for point in field.iter().flat_map(|text| text.code_points()) {
            let is_quote = dialect.quote == Some(point);
            let is_escape = dialect.escape == Some(point);
            if point == dialect.delimiter
                || is_quote
                || is_escape
                || dialect.line_terminator.code_points().any(|end| end == point)
            {
                let mut escaped = is_escape;
                if dialect.quoting == Quoting::None {
                    escaped = true;
                } else if is_quote {
                    escaped = !dialect.double_quote;
                    if dialect.double_quote {
                        self.points.push(point);
                    }
                }
                if escaped {
                    let escape = dialect.escape.ok_or_else(|| error("need to escape, but no escapechar set"))?;
                    self.points.push(escape);
                } else {
                    quoted = true;
                }
            }
            self.points.push(point);
        }
        if quoted && let Some(quote) = dialect.quote {
            self.points.insert(start, quote);
            self.points.push(quote);
        }
        self.fields += 1;
        Ok(())
    }
}

impl Writer {
    fn write_row(&self, vm: &Vm, dialect: &Dialect, row: &Object) -> Outcome {
        let fields = match vm.iterate(row) {
            Err(raise) if raise.is(class::TYPE_ERROR) => {
                return Err(error(format!("iterable expected, not {}", vm.type_name(row))));
            }
            other => other?,
        };
        let mut line = Line { dialect, points: Vec::new(), fields: 0 };
        while let Some(field) = vm.next(&fields)? {
            let quoted = match dialect.quoting {
                Quoting::NonNumeric => !is_number(&field),
                Quoting::All => true,
                Quoting::Minimal | Quoting::None => false,
            };
            match &field {
                Object::Str(text) => line.push(vm, Some(text), quoted)?,
                Object::None => line.push(vm, None, quoted)?,
                other => line.push(vm, Some(&vm.str(other)?), quoted)?,
            }
        }
        if line.fields > 0 && line.points.is_empty() {
            if dialect.quoting == Quoting::None {
                return Err(error("single empty field record must be quoted"));
            }
            line.fields -= 1;
            line.push(vm, None, true)?;
        }
        line.points.extend(dialect.line_terminator.code_points());
        vm.call(&self.write, Args::new([Object::Str(Text::from_code_points(line.points))]))
    }
}

fn is_number(object: &Object) -> bool {
    matches!(object, Object::Bool(_) | Object::Int(_) | Object::BigInt(_) | Object::Float(_))
}

impl Native for Writer {
    fn class(&self) -> Class {
        Class(&WRITER)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        let Some(dialect) = downcast::<Dialect>(&self.dialect) else {
            return Err(error("the writer has no dialect"));
        };
        match method {
            "writerow" => self.write_row(vm, dialect, &args.one("writer.writerow")?),
            "writerows" => {
                let rows = args.one("writer.writerows")?;
                let rows = vm.iterate(&rows)?;
                while let Some(row) = vm.next(&rows)? {
                    self.write_row(vm, dialect, &row)?;
                }
                Ok(Object::None)
            }
            _ => Err(Raise::no_attribute("_csv.writer", method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok((name == "dialect").then(|| self.dialect.clone()))
    }

    fn set_attribute(&self, _vm: &Vm, name: &str, _value: Object) -> Outcome<bool> {
        if name == "dialect" { Err(Raise::new(class::ATTRIBUTE_ERROR, "readonly attribute")) } else { Ok(false) }
    }
}
