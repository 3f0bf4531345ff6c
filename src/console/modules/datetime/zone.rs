//! `timezone`: a fixed offset from UTC.

use std::any::Any;
use std::rc::Rc;

use super::TIMEZONE;
use super::calendar::{DAY, offset_iso};
use super::delta::{self, Delta};
use crate::console::call::Args;
use crate::console::class::Class;
use crate::console::modules::kit::{self, Signature, text_of};
use crate::console::native::{Native, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// A zone.
#[derive(Debug)]
pub(super) struct Zone {
    /// Microseconds east of UTC.
    pub(super) offset: i128,
    name: Option<String>,
}

thread_local! {
    // The one object of UTC, which `is` can be asked about.
    static UTC: Rc<Zone> = Rc::new(Zone { offset: 0, name: None });
}

/// `timezone.utc`
pub(super) fn utc() -> Object {
    Object::Native(UTC.with(Rc::clone))
}

/// The zone of an offset; UTC for none.
pub(super) fn at(offset: i128) -> Outcome {
    if offset == 0 {
        return Ok(utc());
    }
    if offset.abs() >= DAY {
        let shown = Delta(offset);
        let shown = shown.repr_text();
        let message = "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not ";
        return Err(Raise::value_error(format!("{message}{shown}.")));
    }
    Ok(Object::Native(Rc::new(Zone { offset, name: None })))
}

impl Delta {
    /// `repr`
    pub(super) fn repr_text(&self) -> String {
        let rest = self.0.rem_euclid(DAY);
        let parts = [("days", self.0.div_euclid(DAY)), ("seconds", rest / 1_000_000), ("microseconds", rest % 1_000_000)];
        let shown: Vec<String> = parts.iter().filter(|(_, n)| *n != 0).map(|(name, n)| format!("{name}={n}")).collect();
        format!("datetime.timedelta({})", if shown.is_empty() { "0".to_owned() } else { shown.join(", ") })
    }
}

/// `timezone(offset, name)`
pub(super) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    const SIGNATURE: Signature = Signature { function: "timezone", names: &["offset", "name"], positional: 2, required: 1 };
    let bound = SIGNATURE.bind(args)?;
    let offset = bound[0].clone().unwrap_or(Object::None);
    let Some(Delta(offset)) = downcast::<Delta>(&offset) else {
        let message = format!("timezone() argument 1 must be datetime.timedelta, not {}", vm.type_name(&offset));
        return Err(Raise::type_error(message));
    };
    match &bound[1] {
        None => at(*offset),
        Some(name) => {
            let Some(text) = text_of(name) else {
                let message = format!("timezone() argument 2 must be str, not {}", vm.type_name(name));
                return Err(Raise::type_error(message));
            };
            at(*offset)?;
            Ok(Object::Native(Rc::new(Zone { offset: *offset, name: Some(text) })))
        }
    }
}

/// `timezone.utc` and its kin.
pub(super) fn constant(name: &str) -> Option<Outcome> {
    Some(match name {
        "utc" => Ok(utc()),
        "min" => at(-DAY + 60_000_000),
        "max" => at(DAY - 60_000_000),
        _ => return None,
    })
}

impl Zone {
    /// What `tzname` says.
    pub(super) fn label(&self) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None if self.offset == 0 => "UTC".to_owned(),
            None => format!("UTC{}", offset_iso(self.offset, ":")),
        }
    }
}

impl Native for Zone {
    fn class(&self) -> Class {
        TIMEZONE
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        Ok(match &self.name {
            None if self.offset == 0 => "datetime.timezone.utc".to_owned(),
            None => format!("datetime.timezone({})", Delta(self.offset).repr_text()),
            Some(name) => {
                let name = crate::stream::str_repr(&name.as_str().into());
                format!("datetime.timezone({}, {name})", Delta(self.offset).repr_text())
            }
        })
    }

    fn str(&self, _vm: &Vm) -> Outcome<String> {
        Ok(self.label())
    }

    fn call(&self, _vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        let taken = format!("timezone.{method}");
        match method {
            "utcoffset" => args.one(&taken).and_then(|_| delta::object(self.offset)),
            "tzname" => args.one(&taken).map(|_| Object::str(self.label())),
            "dst" => args.one(&taken).map(|_| Object::None),
            _ => Err(Raise::no_attribute("datetime.timezone", method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        constant(name).transpose()
    }

    fn binary(&self, _vm: &Vm, operator: &str, other: &Object, _reflected: bool) -> Outcome<Option<Object>> {
        let Some(other) = downcast::<Self>(other) else { return Ok(None) };
        let same = self.offset == other.offset;
        Ok(match operator {
            "==" => Some(Object::Bool(same)),
            "!=" => Some(Object::Bool(!same)),
            _ => None,
        })
    }

    fn hash(&self) -> Option<u64> {
        Some(kit::hash_of(&self.offset))
    }
}
