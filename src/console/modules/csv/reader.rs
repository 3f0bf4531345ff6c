//! `csv.reader`: CPython's state machine.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use super::dialect::{Dialect, Quoting, resolve};
use super::error;
use crate::console::builtins;
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::native::{Native, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::Text;

static READER: ClassInfo =
    ClassInfo { name: "reader", module: "_csv", bases: &[OBJECT], construct: None, methods: &["__iter__", "__next__"] };

/// A reader: an iterator over the rows in the lines that another iterator gives.
#[derive(Debug)]
pub(super) struct Reader {
    lines: Object,
    dialect: Object,
    count: Cell<i64>,
}

/// `csv.reader(lines, dialect=…, **settings)`
pub(super) fn construct(vm: &Vm, mut args: Args) -> Outcome {
    let settings = std::mem::take(&mut args.keywords);
    let mut args = args.between("", 1, 2)?.into_iter();
    let lines = args.next().unwrap_or(Object::None);
    let lines = vm.iterate(&lines)?;
    let dialect = resolve(vm, args.next(), settings)?;
    Ok(Object::Native(Rc::new(Reader { lines, dialect, count: Cell::new(0) })))
}

/// Where in a record the machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    StartRecord,
    StartField,
    Escaped,
    InField,
    InQuoted,
    EscapeInQuoted,
    QuoteInQuoted,
    EatLineEnd,
    AfterEscapedLineEnd,
}

/// What the machine is fed: a code point, or that the line is over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Input {
    Point(u32),
    LineOver,
}

impl Input {
    fn is(self, point: Option<u32>) -> bool {
        matches!((self, point), (Self::Point(own), Some(point)) if own == point)
    }

    fn is_line_end(self) -> bool {
        self.is(Some(u32::from(b'\n'))) || self.is(Some(u32::from(b'\r')))
    }
}

/// One record being read.
struct Machine<'a> {
    vm: &'a Vm,
    dialect: &'a Dialect,
    limit: i64,
    place: Place,
    field: Vec<u32>,
    numeric: bool,
    fields: Vec<Object>,
}

impl Machine<'_> {
    fn add(&mut self, input: Input) -> Outcome<()> {
        let point = match input {
            Input::Point(point) => point,
            // An escape before the end of a line stands for a line feed.
            Input::LineOver => u32::from(b'\n'),
        };
        if self.field.len() as i64 >= self.limit {
            return Err(error(format!("field larger than field limit ({})", self.limit)));
        }
        if self.field.len() >= 1 << 16 && self.field.len().is_power_of_two() {
            self.vm.allocate(self.field.len() as u64 * 8)?;
        }
        self.field.push(point);
        Ok(())
    }

    fn save(&mut self) -> Outcome<()> {
        let text = Object::Str(Text::from_code_points(self.field.drain(..)));
        let numeric = std::mem::take(&mut self.numeric);
        let field = if numeric { to_float(self.vm, text)? } else { text };
        self.fields.push(field);
        Ok(())
    }

    /// Saves the field at the end of a line.
    fn end(&mut self, input: Input) -> Outcome<()> {
        self.save()?;
        self.place = if input == Input::LineOver { Place::StartRecord } else { Place::EatLineEnd };
        Ok(())
    }

    fn take(&mut self, input: Input) -> Outcome<()> {
        let dialect = self.dialect;
        let quotes = dialect.quoting != Quoting::None;
        let over = input == Input::LineOver;
        match self.place {
            Place::StartRecord if over => {}
            Place::StartRecord if input.is_line_end() => self.place = Place::EatLineEnd,
            Place::StartRecord | Place::StartField => {
                self.place = Place::StartField;
                if over || input.is_line_end() {
                    self.end(input)?;
                } else if quotes && input.is(dialect.quote) {
                    self.place = Place::InQuoted;
                } else if input.is(dialect.escape) {
                    self.place = Place::Escaped;
                } else if dialect.skip_initial_space && input.is(Some(u32::from(b' '))) {
                } else if input.is(Some(dialect.delimiter)) {
                    self.save()?;
                } else {
                    self.numeric = dialect.quoting == Quoting::NonNumeric;
                    self.add(input)?;
                    self.place = Place::InField;
                }
            }
            Place::Escaped => {
                self.add(input)?;
                self.place = if input.is_line_end() { Place::AfterEscapedLineEnd } else { Place::InField };
            }
            Place::AfterEscapedLineEnd if over => {}
            Place::AfterEscapedLineEnd | Place::InField => {
                if over || input.is_line_end() {
                    self.end(input)?;
                } else if input.is(dialect.escape) {
                    self.place = Place::Escaped;
                } else if input.is(Some(dialect.delimiter)) {
                    self.save()?;
                    self.place = Place::StartField;
                } else {
                    self.add(input)?;
                }
            }
            Place::InQuoted => {
                if over {
                } else if input.is(dialect.escape) {
                    self.place = Place::EscapeInQuoted;
                } else if quotes && input.is(dialect.quote) {
                    self.place = if dialect.double_quote { Place::QuoteInQuoted } else { Place::InField };
                } else {
                    self.add(input)?;
                }
            }
            Place::EscapeInQuoted => {
                self.add(input)?;
                self.place = Place::InQuoted;
            }
            Place::QuoteInQuoted => {
                if quotes && input.is(dialect.quote) {
                    self.add(input)?;
                    self.place = Place::InQuoted;
                } else if input.is(Some(dialect.delimiter)) {
                    self.save()?;
                    self.place = Place::StartField;
                } else if over || input.is_line_end() {
                    self.end(input)?;
                } else if !dialect.strict {
                    self.add(input)?;
                    self.place = Place::InField;
                } else {
                    let points = [Some(dialect.delimiter), dialect.quote].map(|point| point.and_then(char::from_u32));
                    let [delimiter, quote] = points.map(|c| c.unwrap_or('\u{FFFD}'));
                    return Err(error(format!("'{delimiter}' expected after '{quote}'")));
                }
            }
            Place::EatLineEnd => {
                if over {
                    self.place = Place::StartRecord;
                } else if !input.is_line_end() {
                    return Err(error(
                        "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?",
                    ));
                }
            }
        }
        Ok(())
    }
}

/// `float(text)`
fn to_float(vm: &Vm, text: Object) -> Outcome {
    match builtins::lookup("float") {
        Some(float) => vm.call(&float, Args::new([text])),
        None => Ok(text),
    }
}

impl Reader {
    pub(super) fn line_count(&self) -> i64 {
        self.count.get()
    }

    fn record(&self, vm: &Vm, dialect: &Dialect) -> Outcome<Option<Object>> {
        let limit = super::with_state(vm, |state| state.limit.get())?;
        let mut machine =
            Machine { vm, dialect, limit, place: Place::StartRecord, field: Vec::new(), numeric: false, fields: Vec::new() };
        loop {
            let Some(line) = vm.next(&self.lines)? else {
                if machine.field.is_empty() && machine.place != Place::InQuoted {
                    return Ok(None);
                }
                if dialect.strict {
                    return Err(error("unexpected end of data"));
                }
                machine.save()?;
                break;
            };
            let Object::Str(text) = &line else {
                let name = vm.type_name(&line);
                return Err(error(format!(
                    "iterator should return strings, not {name} (the file should be opened in text mode)"
                )));
            };
            self.count.set(self.count.get() + 1);
            vm.step(1 + text.len() / 64)?;
            for point in text.code_points() {
                machine.take(Input::Point(point))?;
            }
            machine.take(Input::LineOver)?;
            if machine.place == Place::StartRecord {
                break;
            }
        }
        Ok(Some(Object::list(machine.fields)))
    }
}

impl Native for Reader {
    fn class(&self) -> Class {
        Class(&READER)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, this: &Object, method: &str, _args: Args) -> Outcome {
        match method {
            "__iter__" => Ok(this.clone()),
            "__next__" => self.next(vm)?.flatten().ok_or_else(Raise::stop_iteration),
            _ => Err(Raise::no_attribute("_csv.reader", method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok(match name {
            "dialect" => Some(self.dialect.clone()),
            "line_num" => Some(Object::Int(self.count.get())),
            _ => None,
        })
    }

    fn set_attribute(&self, _vm: &Vm, name: &str, _value: Object) -> Outcome<bool> {
        match name {
            "dialect" | "line_num" => Err(Raise::new(class::ATTRIBUTE_ERROR, "readonly attribute")),
            _ => Ok(false),
        }
    }

    fn iterate(&self, _vm: &Vm, this: &Object) -> Outcome<Option<Object>> {
        Ok(Some(this.clone()))
    }

    fn next(&self, vm: &Vm) -> Outcome<Option<Option<Object>>> {
        match downcast::<Dialect>(&self.dialect) {
            Some(dialect) => self.record(vm, dialect).map(Some),
            None => Ok(None),
        }
    }
}
