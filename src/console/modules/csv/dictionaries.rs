//! `csv.DictReader` and `csv.DictWriter`

use std::any::Any;
use std::rc::Rc;

use indexmap::IndexMap;

use super::super::attributes::Attributes;
use super::{reader, writer};
use crate::console::call::Args;
use crate::console::class::{Class, ClassInfo, OBJECT};
use crate::console::native::{Native, downcast};
use crate::console::object::{Dict, Key, Object, Slice};
use crate::console::raise::{Outcome, Raise};
use crate::console::types;
use crate::console::vm::Vm;

/// `csv.DictReader`
pub(super) const DICT_READER: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "DictReader",
        module: "csv",
        bases: &[OBJECT],
        construct: Some(construct_reader),
        methods: &["__iter__", "__next__"],
    };
    Class(&INFO)
};

/// `csv.DictWriter`
pub(super) const DICT_WRITER: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "DictWriter",
        module: "csv",
        bases: &[OBJECT],
        construct: Some(construct_writer),
        methods: &["writeheader", "writerow", "writerows"],
    };
    Class(&INFO)
};

#[derive(Debug)]
struct DictReader {
    attributes: Attributes,
}

#[derive(Debug)]
struct DictWriter {
    attributes: Attributes,
}

/// The parameters by name, and the arguments for the reader or writer within.
fn bind(mut args: Args, function: &str, names: &[&str], required: usize) -> Outcome<(Vec<Option<Object>>, Args)> {
    let more = args.positional.split_off(names.len().min(args.positional.len()));
    let (own, keywords) = args.keywords.into_iter().partition(|(name, _)| names.contains(&&**name));
    let bound = Args { positional: args.positional, keywords: own }.bind(function, names, required)?;
    Ok((bound, Args { positional: more, keywords }))
}

/// The arguments of the reader or writer within.
fn inner_args(file: Option<Object>, dialect: &Object, mut more: Args) -> Args {
    more.positional.splice(0..0, [file.unwrap_or(Object::None), dialect.clone()]);
    more
}

/// `csv.DictReader(lines, fieldnames=None, restkey=None, restval=None, dialect='excel', *args, **settings)`
fn construct_reader(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let names = ["f", "fieldnames", "restkey", "restval", "dialect"];
    let (mut bound, more) = bind(args, "DictReader.__init__", &names, 1)?;
    let dialect = bound[4].take().unwrap_or_else(|| Object::str("excel"));
    let reader = reader::construct(vm, inner_args(bound[0].take(), &dialect, more))?;
    let mut or_none = |at: usize| bound[at].take().unwrap_or(Object::None);
    let attributes = Attributes::new([
        ("_fieldnames", or_none(1)),
        ("restkey", or_none(2)),
        ("restval", or_none(3)),
        ("reader", reader),
        ("dialect", dialect),
        ("line_num", Object::Int(0)),
    ]);
    Ok(Object::Native(Rc::new(DictReader { attributes })))
}

impl DictReader {
    fn next_row(&self, vm: &Vm) -> Outcome<Option<Object>> {
        vm.next(&self.attributes.value("reader"))
    }

    fn update_line_number(&self, vm: &Vm) -> Outcome<()> {
        let reader = self.attributes.value("reader");
        let count = match downcast::<reader::Reader>(&reader) {
            Some(reader) => Object::Int(reader.line_count()),
            None => vm.get_attribute(&reader, "line_num")?,
        };
        self.attributes.set("line_num", count);
        Ok(())
    }

    /// The names of the fields: the first row, unless they were given.
    fn field_names(&self, vm: &Vm) -> Outcome {
        if self.attributes.value("_fieldnames").is_none()
            && let Some(row) = self.next_row(vm)?
        {
            self.attributes.set("_fieldnames", row);
        }
        self.update_line_number(vm)?;
        Ok(self.attributes.value("_fieldnames"))
    }

    fn record(&self, vm: &Vm) -> Outcome<Option<Object>> {
        if vm.equals(&self.attributes.value("line_num"), &Object::Int(0))? {
            self.field_names(vm)?;
        }
        let Some(mut row) = self.next_row(vm)? else { return Ok(None) };
        self.update_line_number(vm)?;
        let is_empty = |row: &Object| matches!(row, Object::List(list) if list.items.borrow().is_empty());
        while is_empty(&row) {
            match self.next_row(vm)? {
                Some(next) => row = next,
                None => return Ok(None),
            }
        }
        let names = self.field_names(vm)?;
        let values = vm.collect(&row)?;
        let mut items: IndexMap<Key, Object> = IndexMap::new();
        let iterator = vm.iterate(&names)?;
        for value in &values {
            let Some(name) = vm.next(&iterator)? else { break };
            items.insert(vm.key(&name)?, value.clone());
        }
        let count = vm.len(&names)?;
        let given = values.len() as u64;
        if count < given {
            let rest = values.into_iter().skip(usize::try_from(count).unwrap_or(usize::MAX)).collect();
            items.insert(vm.key(&self.attributes.value("restkey"))?, Object::list(rest));
        } else if count > given {
            let rest = Slice { start: Object::int(given), stop: Object::None, step: Object::None };
            let rest = types::get_item(vm, &names, &Object::Slice(Rc::new(rest)))?;
            for name in vm.collect(&rest)? {
                items.insert(vm.key(&name)?, self.attributes.value("restval"));
            }
        }
        Ok(Some(dict(items)))
    }
}

fn dict(items: IndexMap<Key, Object>) -> Object {
    Object::Dict(Rc::new(Dict { items: items.into() }))
}

impl Native for DictReader {
    fn class(&self) -> Class {
        DICT_READER
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, this: &Object, method: &str, _args: Args) -> Outcome {
        match method {
            "__iter__" => Ok(this.clone()),
            "__next__" => self.record(vm)?.ok_or_else(Raise::stop_iteration),
            _ => Err(Raise::no_attribute("DictReader", method)),
        }
    }

    fn attribute(&self, vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        match name {
            "fieldnames" => self.field_names(vm).map(Some),
            _ => Ok(self.attributes.get(name)),
        }
    }

    fn set_attribute(&self, _vm: &Vm, name: &str, value: Object) -> Outcome<bool> {
        self.attributes.set(if name == "fieldnames" { "_fieldnames" } else { name }, value);
        Ok(true)
    }

    fn iterate(&self, _vm: &Vm, this: &Object) -> Outcome<Option<Object>> {
        Ok(Some(this.clone()))
    }

    fn next(&self, vm: &Vm) -> Outcome<Option<Option<Object>>> {
        self.record(vm).map(Some)
    }
}

/// `csv.DictWriter(file, fieldnames, restval='', extrasaction='raise', dialect='excel', *args, **settings)`
fn construct_writer(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let names = ["f", "fieldnames", "restval", "extrasaction", "dialect"];
    let (mut bound, more) = bind(args, "DictWriter.__init__", &names, 2)?;
    let extras = bound[3].take().unwrap_or_else(|| Object::str("raise"));
    let Object::Str(lower) = vm.call_method(&extras, "lower", Args::default())? else {
        return Err(Raise::value_error("extrasaction must be 'raise' or 'ignore'"));
    };
    if lower != *"raise" && lower != *"ignore" {
        let extras = vm.str(&extras)?.to_string_lossy();
        return Err(Raise::value_error(format!("extrasaction ({extras}) must be 'raise' or 'ignore'")));
    }
    let dialect = bound[4].take().unwrap_or_else(|| Object::str("excel"));
    let writer = writer::construct(vm, inner_args(bound[0].take(), &dialect, more))?;
    let attributes = Attributes::new([
        ("fieldnames", bound[1].take().unwrap_or(Object::None)),
        ("restval", bound[2].take().unwrap_or_else(|| Object::str(""))),
        ("extrasaction", extras),
        ("writer", writer),
    ]);
    Ok(Object::Native(Rc::new(DictWriter { attributes })))
}

impl DictWriter {
    /// The values of a row in the order of the fields.
    fn values(&self, vm: &Vm, row: &Object) -> Outcome {
        let names = self.attributes.value("fieldnames");
        if vm.equals(&self.attributes.value("extrasaction"), &Object::str("raise"))? {
            let keys = vm.call_method(row, "keys", Args::default())?;
            let known = vm.collect(&names)?.iter().map(|name| vm.key(name)).collect::<Outcome<Vec<_>>>()?;
            let known: indexmap::IndexSet<Key> = known.into_iter().collect();
            let mut wrong = Vec::new();
            for key in vm.collect(&keys)? {
                if !known.contains(&vm.key(&key)?) {
                    wrong.push(vm.repr(&key)?.to_string_lossy());
                }
            }
            if !wrong.is_empty() {
                return Err(Raise::value_error(format!("dict contains fields not in fieldnames: {}", wrong.join(", "))));
            }
        }
        let default = self.attributes.value("restval");
        let mut values = Vec::new();
        for name in vm.collect(&names)? {
            let value = match row {
                Object::Dict(dict) => {
                    let key = vm.key(&name)?;
                    dict.items.borrow().get(&key).cloned().unwrap_or_else(|| default.clone())
                }
                other => vm.call_method(other, "get", Args::new([name, default.clone()]))?,
            };
            values.push(value);
        }
        Ok(Object::list(values))
    }

    fn write_row(&self, vm: &Vm, row: &Object) -> Outcome {
        let values = self.values(vm, row)?;
        vm.call_method(&self.attributes.value("writer"), "writerow", Args::new([values]))
    }
}

impl Native for DictWriter {
    fn class(&self) -> Class {
        DICT_WRITER
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        match method {
            "writeheader" => {
                method_args(args, "DictWriter.writeheader", &[])?;
                let mut header = IndexMap::new();
                for name in vm.collect(&self.attributes.value("fieldnames"))? {
                    header.insert(vm.key(&name)?, name);
                }
                self.write_row(vm, &dict(header))
            }
            "writerow" => {
                let row = method_args(args, "DictWriter.writerow", &["rowdict"])?;
                self.write_row(vm, &row)
            }
            "writerows" => {
                let rows = method_args(args, "DictWriter.writerows", &["rowdicts"])?;
                let rows = vm.iterate(&rows)?;
                while let Some(row) = vm.next(&rows)? {
                    self.write_row(vm, &row)?;
                }
                Ok(Object::None)
            }
            _ => Err(Raise::no_attribute("DictWriter", method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok(self.attributes.get(name))
    }

    fn set_attribute(&self, _vm: &Vm, name: &str, value: Object) -> Outcome<bool> {
        self.attributes.set(name, value);
        Ok(true)
    }
}

/// The arguments of a method that is written in Python: messages count the object itself.
fn method_args(args: Args, function: &str, names: &[&str]) -> Outcome<Object> {
    let mut all = vec!["self"];
    all.extend(names);
    let mut positional = vec![Object::None];
    positional.extend(args.positional);
    let mut bound = Args { positional, keywords: args.keywords }.bind(function, &all, all.len())?;
    Ok(bound.pop().flatten().unwrap_or(Object::None))
}
