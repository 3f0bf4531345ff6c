//! `date`, `datetime` and `time` as objects.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use super::calendar::{Date, SECOND, Time, at_moment, epoch, moment, offset_iso};
use super::delta::{self, Delta};
use super::format::{self, Fields};
use super::statics::{class_attribute, local_to_utc};
use super::zone::Zone;
use super::{DATE, DATETIME, TIME, TZINFO, local};
use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::modules::kit::{self, Signature, c_int_of, text_of};
use crate::console::native::{Native, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// `date`
#[derive(Debug)]
pub(super) struct Day(pub(super) Date);

/// `datetime`
#[derive(Debug)]
pub(super) struct DateTime {
    /// The day.
    pub(super) date: Date,
    time: Time,
    /// Its zone, unless it is naive.
    tz: Option<Object>,
    fold: bool,
}

/// `time`
#[derive(Debug)]
pub(super) struct TimeOfDay {
    /// The time.
    pub(super) time: Time,
    /// Its zone, unless it is naive.
    pub(super) tz: Option<Object>,
}

/// A `date`.
pub(super) fn date_object(date: Date) -> Object {
    Object::Native(Rc::new(Day(date)))
}

/// A `datetime`.
pub(super) fn datetime_object(date: Date, time: Time, tz: Option<Object>) -> Object {
    Object::Native(Rc::new(DateTime { date, time, tz, fold: false }))
}

/// A `time`.
pub(super) fn time_object(time: Time, tz: Option<Object>) -> Object {
    Object::Native(Rc::new(TimeOfDay { time, tz }))
}

/// `f() argument 1 must be str, not int`
pub(super) fn bad(vm: &Vm, function: &str, n: usize, wanted: &str, object: &Object) -> Raise {
    Raise::type_error(format!("{function}() argument {n} must be {wanted}, not {}", vm.type_name(object)))
}

/// A zone or `None`.
pub(super) fn zone_argument(vm: &Vm, object: Option<Object>) -> Outcome<Option<Object>> {
    match object {
        None | Some(Object::None) => Ok(None),
        Some(zone) if vm.class_of(&zone).is_subclass_of(TZINFO) => Ok(Some(zone)),
        Some(other) => {
            let message = "tzinfo argument must be None or of a tzinfo subclass, not type";
            Err(Raise::type_error(format!("{message} '{}'", vm.type_name(&other))))
        }
    }
}

fn offset_of(tz: Option<&Object>) -> Option<i128> {
    tz.and_then(downcast::<Zone>).map(|zone| zone.offset)
}

fn zone_name(tz: Option<&Object>) -> String {
    tz.and_then(downcast::<Zone>).map(Zone::label).unwrap_or_default()
}

const DATE_PARTS: [&str; 3] = ["year", "month", "day"];
const TIME_PARTS: [&str; 6] = ["hour", "minute", "second", "microsecond", "tzinfo", "fold"];
const ALL_PARTS: [&str; 9] = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];

/// The numbers among the arguments, with `old` ones for those that are absent.
fn numbers<const N: usize>(vm: &Vm, bound: &[Option<Object>], old: [i64; N]) -> Outcome<[i64; N]> {
    let mut numbers = old;
    for (number, object) in numbers.iter_mut().zip(bound) {
        if let Some(object) = object {
            *number = c_int_of(vm, object)?;
        }
    }
    Ok(numbers)
}

fn fold_of(vm: &Vm, object: Option<&Object>, old: bool) -> Outcome<bool> {
    match object.map(|object| c_int_of(vm, object)).transpose()? {
        None => Ok(old),
        Some(0) => Ok(false),
        Some(1) => Ok(true),
        Some(_) => Err(Raise::value_error("fold must be either 0 or 1")),
    }
}

fn make_date([year, month, day]: [i64; 3]) -> Outcome<Date> {
    Date::new(year, month, day).map_err(Raise::value_error)
}

fn make_time([hour, minute, second, micro]: [i64; 4]) -> Outcome<Time> {
    Time::new(hour, minute, second, micro).map_err(Raise::value_error)
}

/// `date(year, month, day)`
pub(super) fn construct_date(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let bound = Signature { function: "", names: &DATE_PARTS, positional: 3, required: 3 }.bind(args)?;
    Ok(date_object(make_date(numbers(vm, &bound, [0; 3])?)?))
}

/// `datetime(year, month, day, hour=0, …, tzinfo=None, *, fold=0)`
pub(super) fn construct_datetime(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let bound = Signature { function: "", names: &ALL_PARTS, positional: 8, required: 3 }.bind(args)?;
    let date = numbers(vm, &bound[..3], [0; 3])?;
    let time = numbers(vm, &bound[3..7], [0; 4])?;
    let tz = zone_argument(vm, bound[7].clone())?;
    let fold = fold_of(vm, bound[8].as_ref(), false)?;
    Ok(Object::Native(Rc::new(DateTime { date: make_date(date)?, time: make_time(time)?, tz, fold })))
}

/// `time(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)`
pub(super) fn construct_time(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let bound = Signature { function: "", names: &TIME_PARTS, positional: 5, required: 0 }.bind(args)?;
    let time = numbers(vm, &bound[..4], [0; 4])?;
    Ok(time_object(make_time(time)?, zone_argument(vm, bound[4].clone())?))
}

/// The format of `strftime`.
fn format_argument(vm: &Vm, args: Args) -> Outcome<String> {
    let signature = Signature { function: "strftime", names: &["format"], positional: 1, required: 1 };
    let object = signature.bind(args)?.pop().flatten().unwrap_or(Object::None);
    let text = text_of(&object).ok_or_else(|| bad(vm, "strftime", 1, "str", &object))?;
    charge_format(vm, &text)?;
    Ok(text)
}

/// A directive becomes at most about 25 characters.
fn charge_format(vm: &Vm, text: &str) -> Outcome<()> {
    vm.step(text.len() as u64 / 16)?;
    vm.allocate(text.len() as u64 * 16)
}

/// What a day can do, as a day or as a part of a `datetime`.
fn date_call(date: Date, fields: Fields<'_>, vm: &Vm, class: &str, method: &str, args: Args) -> Outcome {
    let taken = format!("{class}.{method}");
    Ok(match method {
        "weekday" => args.none(&taken).map(|()| Object::int(date.weekday()))?,
        "isoweekday" => args.none(&taken).map(|()| Object::int(date.weekday() + 1))?,
        "toordinal" => args.none(&taken).map(|()| Object::int(date.ordinal()))?,
        "ctime" => args.none(&taken).map(|()| Object::str(format::write("%a %b %e %H:%M:%S %Y", fields)))?,
        "isocalendar" => {
            args.none(&taken)?;
            let (year, week, day) = date.iso_week();
            Object::tuple(vec![Object::int(year), Object::int(week), Object::int(day)])
        }
        "timetuple" | "utctimetuple" => {
            args.none(&taken)?;
            let Time { hour, minute, second, .. } = fields.time;
            let Date { year, month, day } = date;
            let parts = [year, month, day, hour, minute, second, date.weekday(), date.day_of_year(), -1];
            Object::tuple(parts.map(Object::int).to_vec())
        }
        "strftime" => Object::str(format::write(&format_argument(vm, args)?, fields)),
        _ => return Err(Raise::no_attribute(&format!("datetime.{class}"), method)),
    })
}

fn date_attribute(date: Date, name: &str) -> Option<Object> {
    Some(Object::int(match name {
        "year" => date.year,
        "month" => date.month,
        "day" => date.day,
        _ => return None,
    }))
}

fn time_attribute(time: Time, tz: Option<&Object>, name: &str) -> Option<Object> {
    Some(Object::int(match name {
        "hour" => time.hour,
        "minute" => time.minute,
        "second" => time.second,
        "microsecond" => time.micro,
        "tzinfo" => return Some(tz.cloned().unwrap_or(Object::None)),
        _ => return None,
    }))
}

fn zone_call(tz: Option<&Object>, class: &str, method: &str, args: Args) -> Outcome {
    args.none(&format!("{class}.{method}"))?;
    match (method, offset_of(tz)) {
        ("utcoffset", Some(offset)) => delta::object(offset),
        ("tzname", Some(_)) => Ok(Object::str(zone_name(tz))),
        _ => Ok(Object::None),
    }
}

fn overflow() -> Raise {
    Raise::new(class::OVERFLOW_ERROR, "date value out of range")
}

impl Day {
    fn fields(&self) -> Fields<'static> {
        Fields { date: self.0, time: Time::default(), offset: None, zone: "" }
    }
}

impl Native for Day {
    fn class(&self) -> Class {
        DATE
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        let Date { year, month, day } = self.0;
        Ok(format!("datetime.date({year}, {month}, {day})"))
    }

    fn str(&self, _vm: &Vm) -> Outcome<String> {
        Ok(self.0.iso())
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        match method {
            "isoformat" => args.none("date.isoformat").map(|()| Object::str(self.0.iso())),
            "replace" => {
                let bound = Signature { function: "replace", names: &DATE_PARTS, positional: 3, required: 0 }.bind(args)?;
                let Date { year, month, day } = self.0;
                Ok(date_object(make_date(numbers(vm, &bound, [year, month, day])?)?))
            }
            "utctimetuple" => Err(Raise::no_attribute("datetime.date", method)),
            _ => date_call(self.0, self.fields(), vm, "date", method, args),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        match date_attribute(self.0, name) {
            Some(value) => Ok(Some(value)),
            None => class_attribute(DATE, name).transpose(),
        }
    }

    fn binary(&self, _vm: &Vm, operator: &str, other: &Object, reflected: bool) -> Outcome<Option<Object>> {
        if let Some(Delta(micros)) = downcast::<Delta>(other) {
            // Only whole days count.
            let days = i64::try_from(micros.div_euclid(super::calendar::DAY)).map_err(|_| overflow())?;
            let sign = match (operator, reflected) {
                ("+", _) => 1,
                ("-", false) => -1,
                _ => return Ok(None),
            };
            let date = Date::from_ordinal(self.0.ordinal() + sign * days).ok_or_else(overflow)?;
            return Ok(Some(date_object(date)));
        }
        let Some(Self(date)) = downcast(other) else {
            return match downcast::<DateTime>(other) {
                Some(_) => incomparable(operator, "can't compare datetime.datetime to datetime.date"),
                None => Ok(None),
            };
        };
        let (a, b) = if reflected { (*date, self.0) } else { (self.0, *date) };
        if operator == "-" {
            return delta::object(i128::from(a.ordinal() - b.ordinal()) * super::calendar::DAY).map(Some);
        }
        Ok(kit::ordering(operator, a.cmp(&b)).map(Object::Bool))
    }

    fn format(&self, vm: &Vm, spec: &str) -> Outcome<Option<String>> {
        charge_format(vm, spec)?;
        Ok(Some(if spec.is_empty() { self.0.iso() } else { format::write(spec, self.fields()) }))
    }

    fn hash(&self) -> Option<u64> {
        Some(kit::hash_of(&self.0))
    }
}

/// Two things that have no order are not equal, and otherwise an error.
fn incomparable(operator: &str, message: &str) -> Outcome<Option<Object>> {
    match operator {
        "==" => Ok(Some(Object::Bool(false))),
        "!=" => Ok(Some(Object::Bool(true))),
        "<" | "<=" | ">" | ">=" => Err(Raise::type_error(message)),
        _ => Ok(None),
    }
}

impl DateTime {
    fn moment(&self) -> i128 {
        moment(self.date, self.time)
    }

    fn offset(&self) -> Option<i128> {
        offset_of(self.tz.as_ref())
    }

    fn utc_moment(&self) -> i128 {
        match self.offset() {
            Some(offset) => self.moment() - offset,
            None => local_to_utc(self.date, self.time),
        }
    }

    fn iso(&self, separator: &str, timespec: &str) -> Option<String> {
        let offset = self.offset().map(|offset| offset_iso(offset, ":")).unwrap_or_default();
        Some(format!("{}{separator}{}{offset}", self.date.iso(), self.time.iso_to(timespec)?))
    }

    fn text(&self) -> String {
        self.iso(" ", "auto").unwrap_or_default()
    }

    fn write(&self, format: &str) -> String {
        let zone = zone_name(self.tz.as_ref());
        format::write(format, Fields { date: self.date, time: self.time, offset: self.offset(), zone: &zone })
    }

    /// The same moment in another zone, or in the machine's own.
    fn in_zone(&self, vm: &Vm, args: Args) -> Outcome {
        let signature = Signature { function: "astimezone", names: &["tz"], positional: 1, required: 0 };
        let tz = zone_argument(vm, signature.bind(args)?.pop().flatten())?;
        let utc = self.utc_moment();
        let tz = match tz {
            Some(tz) => tz,
            None => super::zone::at(local::offset_at(utc).0)?,
        };
        let (date, time) = at_moment(utc + offset_of(Some(&tz)).unwrap_or(0)).ok_or_else(overflow)?;
        Ok(datetime_object(date, time, Some(tz)))
    }

    fn replaced(&self, vm: &Vm, args: Args) -> Outcome {
        let bound = Signature { function: "replace", names: &ALL_PARTS, positional: 8, required: 0 }.bind(args)?;
        let (Date { year, month, day }, Time { hour, minute, second, micro }) = (self.date, self.time);
        let date = numbers(vm, &bound[..3], [year, month, day])?;
        let time = numbers(vm, &bound[3..7], [hour, minute, second, micro])?;
        let tz = match bound[7].clone() {
            Some(tz) => zone_argument(vm, Some(tz))?,
            None => self.tz.clone(),
        };
        let fold = fold_of(vm, bound[8].as_ref(), self.fold)?;
        Ok(Object::Native(Rc::new(Self { date: make_date(date)?, time: make_time(time)?, tz, fold })))
    }
}

/// The arguments of `isoformat` of a `datetime` (with a separator) or a `time`.
fn iso_arguments(vm: &Vm, args: Args, names: &'static [&'static str]) -> Outcome<(String, String)> {
    let mut bound = Signature { function: "isoformat", names, positional: names.len(), required: 0 }.bind(args)?;
    let timespec = match bound.pop().flatten() {
        None => "auto".to_owned(),
        Some(object) => text_of(&object).ok_or_else(|| bad(vm, "isoformat", names.len(), "str", &object))?,
    };
    let separator = match bound.pop().flatten() {
        None => "T".to_owned(),
        Some(object) => match text_of(&object).filter(|text| text.chars().count() == 1) {
            Some(text) => text,
            None => return Err(bad(vm, "isoformat", 1, "a unicode character", &object)),
        },
    };
    Ok((separator, timespec))
}

impl Native for DateTime {
    fn class(&self) -> Class {
        DATETIME
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, vm: &Vm) -> Outcome<String> {
        let (Date { year, month, day }, Time { hour, minute, second, micro }) = (self.date, self.time);
        let mut out = format!("datetime.datetime({year}, {month}, {day}, {hour}, {minute}");
        if second != 0 || micro != 0 {
            out.push_str(&format!(", {second}"));
        }
        if micro != 0 {
            out.push_str(&format!(", {micro}"));
        }
        if self.fold {
            out.push_str(", fold=1");
        }
        if let Some(tz) = &self.tz {
            out.push_str(&format!(", tzinfo={}", vm.repr(tz)?.to_string_lossy()));
        }
        out.push(')');
        Ok(out)
    }

    fn str(&self, _vm: &Vm) -> Outcome<String> {
        Ok(self.text())
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        let taken = format!("datetime.{method}");
        match method {
            "isoformat" => {
                let (separator, timespec) = iso_arguments(vm, args, &["sep", "timespec"])?;
                let iso = self.iso(&separator, &timespec);
                iso.map(Object::str).ok_or_else(|| Raise::value_error("Unknown timespec value"))
            }
            "date" => args.none(&taken).map(|()| date_object(self.date)),
            "time" => args.none(&taken).map(|()| time_object(self.time, None)),
            "timetz" => args.none(&taken).map(|()| time_object(self.time, self.tz.clone())),
            "timestamp" => {
                args.none(&taken)?;
                Ok(Object::Float((self.utc_moment() - epoch()) as f64 / SECOND as f64))
            }
            "astimezone" => self.in_zone(vm, args),
            "replace" => self.replaced(vm, args),
            "utcoffset" | "tzname" | "dst" => zone_call(self.tz.as_ref(), "datetime", method, args),
            _ => {
                let zone = zone_name(self.tz.as_ref());
                let fields = Fields { date: self.date, time: self.time, offset: self.offset(), zone: &zone };
                date_call(self.date, fields, vm, "datetime", method, args)
            }
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        let own = date_attribute(self.date, name).or_else(|| time_attribute(self.time, self.tz.as_ref(), name));
        match (own, name) {
            (Some(value), _) => Ok(Some(value)),
            (None, "fold") => Ok(Some(Object::int(u8::from(self.fold)))),
            (None, _) => class_attribute(DATETIME, name).transpose(),
        }
    }

    fn binary(&self, _vm: &Vm, operator: &str, other: &Object, reflected: bool) -> Outcome<Option<Object>> {
        if let Some(Delta(micros)) = downcast::<Delta>(other) {
            let moved = match (operator, reflected) {
                ("+", _) => self.moment() + micros,
                ("-", false) => self.moment() - micros,
                _ => return Ok(None),
            };
            let (date, time) = at_moment(moved).ok_or_else(overflow)?;
            return Ok(Some(datetime_object(date, time, self.tz.clone())));
        }
        let Some(other) = downcast::<Self>(other) else {
            return match downcast::<Day>(other) {
                Some(_) => incomparable(operator, "can't compare datetime.datetime to datetime.date"),
                None => Ok(None),
            };
        };
        let (a, b) = if reflected { (other, self) } else { (self, other) };
        let (left, right) = match (a.offset(), b.offset()) {
            (None, None) => (a.moment(), b.moment()),
            (Some(x), Some(y)) => (a.moment() - x, b.moment() - y),
            _ if operator == "-" => {
                return Err(Raise::type_error("can't subtract offset-naive and offset-aware datetimes"));
            }
            _ => return incomparable(operator, "can't compare offset-naive and offset-aware datetimes"),
        };
        if operator == "-" {
            return delta::object(left - right).map(Some);
        }
        Ok(kit::ordering(operator, left.cmp(&right)).map(Object::Bool))
    }

    fn format(&self, vm: &Vm, spec: &str) -> Outcome<Option<String>> {
        charge_format(vm, spec)?;
        Ok(Some(if spec.is_empty() { self.text() } else { self.write(spec) }))
    }

    fn hash(&self) -> Option<u64> {
        Some(kit::hash_of(&(self.moment() - self.offset().unwrap_or(0))))
    }
}

impl TimeOfDay {
    fn iso(&self, timespec: &str) -> Option<String> {
        let offset = offset_of(self.tz.as_ref()).map(|offset| offset_iso(offset, ":")).unwrap_or_default();
        Some(format!("{}{offset}", self.time.iso_to(timespec)?))
    }

    fn write(&self, format: &str) -> String {
        let zone = zone_name(self.tz.as_ref());
        // Directives of a day show this one.
        let date = Date { year: 1900, month: 1, day: 1 };
        format::write(format, Fields { date, time: self.time, offset: offset_of(self.tz.as_ref()), zone: &zone })
    }
}

impl Native for TimeOfDay {
    fn class(&self) -> Class {
        TIME
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, vm: &Vm) -> Outcome<String> {
        let Time { hour, minute, second, micro } = self.time;
        let mut out = format!("datetime.time({hour}, {minute}");
        if second != 0 || micro != 0 {
            out.push_str(&format!(", {second}"));
        }
        if micro != 0 {
            out.push_str(&format!(", {micro}"));
        }
        if let Some(tz) = &self.tz {
            out.push_str(&format!(", tzinfo={}", vm.repr(tz)?.to_string_lossy()));
        }
        out.push(')');
        Ok(out)
    }

    fn str(&self, _vm: &Vm) -> Outcome<String> {
        Ok(self.iso("auto").unwrap_or_default())
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        match method {
            "isoformat" => {
                let (_, timespec) = iso_arguments(vm, args, &["timespec"])?;
                self.iso(&timespec).map(Object::str).ok_or_else(|| Raise::value_error("Unknown timespec value"))
            }
            "strftime" => Ok(Object::str(self.write(&format_argument(vm, args)?))),
            "replace" => {
                let bound = Signature { function: "replace", names: &TIME_PARTS, positional: 5, required: 0 }.bind(args)?;
                let Time { hour, minute, second, micro } = self.time;
                let time = make_time(numbers(vm, &bound[..4], [hour, minute, second, micro])?)?;
                let tz = match bound[4].clone() {
                    Some(tz) => zone_argument(vm, Some(tz))?,
                    None => self.tz.clone(),
                };
                Ok(time_object(time, tz))
            }
            "utcoffset" | "tzname" | "dst" => zone_call(self.tz.as_ref(), "time", method, args),
            _ => Err(Raise::no_attribute("datetime.time", method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        match (time_attribute(self.time, self.tz.as_ref(), name), name) {
            (Some(value), _) => Ok(Some(value)),
            (None, "fold") => Ok(Some(Object::Int(0))),
            (None, _) => class_attribute(TIME, name).transpose(),
        }
    }

    fn binary(&self, _vm: &Vm, operator: &str, other: &Object, reflected: bool) -> Outcome<Option<Object>> {
        let Some(other) = downcast::<Self>(other) else { return Ok(None) };
        let order: Ordering = match (offset_of(self.tz.as_ref()), offset_of(other.tz.as_ref())) {
            (None, None) => self.time.cmp(&other.time),
            (Some(x), Some(y)) => (self.time.micros() - x).cmp(&(other.time.micros() - y)),
            _ => return incomparable(operator, "can't compare offset-naive and offset-aware times"),
        };
        Ok(kit::ordering(operator, if reflected { order.reverse() } else { order }).map(Object::Bool))
    }

    fn format(&self, vm: &Vm, spec: &str) -> Outcome<Option<String>> {
        charge_format(vm, spec)?;
        let text = if spec.is_empty() { self.iso("auto").unwrap_or_default() } else { self.write(spec) };
        Ok(Some(text))
    }

    fn hash(&self) -> Option<u64> {
        Some(kit::hash_of(&(self.time.micros() - offset_of(self.tz.as_ref()).unwrap_or(0))))
    }
}
