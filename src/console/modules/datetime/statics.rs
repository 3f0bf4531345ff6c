//! What the classes of `datetime` can do without an object: `datetime.now()`, `date.fromisoformat(…)`, `timedelta.max`.

use super::calendar::{Date, SECOND, Time, at_moment, epoch, moment};
use super::day::{DateTime, Day, TimeOfDay, bad, date_object, datetime_object, time_object, zone_argument};
use super::{DATE, DATETIME, delta, format, iso, local, zone};
use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::modules::kit::{Signature, int_of, text_of};
use crate::console::native::{Builtin, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

static OF_DATE: &[Builtin] = &[
    Builtin { name: "today", python: false, run: date_today },
    Builtin { name: "fromisoformat", python: false, run: date_from_iso },
    Builtin { name: "fromisocalendar", python: false, run: |vm, args| from_iso_week(vm, DATE, args) },
    Builtin { name: "fromordinal", python: false, run: |vm, args| from_ordinal(vm, DATE, args) },
    Builtin { name: "fromtimestamp", python: false, run: date_from_timestamp },
];

static OF_DATETIME: &[Builtin] = &[
    Builtin { name: "now", python: false, run: now },
    Builtin { name: "today", python: false, run: |vm, args| args.none("datetime.today").and_then(|()| now(vm, Args::default())) },
    Builtin { name: "utcnow", python: false, run: utcnow },
    Builtin { name: "fromisoformat", python: false, run: datetime_from_iso },
    Builtin { name: "fromisocalendar", python: false, run: |vm, args| from_iso_week(vm, DATETIME, args) },
    Builtin { name: "fromordinal", python: false, run: |vm, args| from_ordinal(vm, DATETIME, args) },
    Builtin { name: "fromtimestamp", python: false, run: from_timestamp },
    Builtin { name: "utcfromtimestamp", python: false, run: utc_from_timestamp },
    Builtin { name: "strptime", python: false, run: strptime },
    Builtin { name: "combine", python: false, run: combine },
];

static OF_TIME: &[Builtin] = &[Builtin { name: "fromisoformat", python: false, run: time_from_iso }];

/// `class.name`, where the classes of this module have such a thing.
pub(in crate::console::modules) fn class_attribute(class: Class, name: &str) -> Option<Outcome> {
    let functions = match class.0.name {
        "date" => OF_DATE,
        "datetime" => OF_DATETIME,
        "time" => OF_TIME,
        _ => &[],
    };
    if let Some(function) = functions.iter().find(|function| function.name == name) {
        return Some(Ok(Object::Builtin(function)));
    }
    match (class.0.name, name) {
        ("timedelta", _) => delta::constant(name),
        ("timezone", _) => zone::constant(name),
        ("date", "min") => Some(Ok(date_object(Date::MIN))),
        ("date", "max") => Some(Ok(date_object(Date::MAX))),
        ("date", "resolution") => Some(delta::object(86_400 * SECOND)),
        ("datetime", "min") => Some(Ok(datetime_object(Date::MIN, Time::default(), None))),
        ("datetime", "max") => Some(Ok(datetime_object(Date::MAX, Time::MAX, None))),
        ("time", "min") => Some(Ok(time_object(Time::default(), None))),
        ("time", "max") => Some(Ok(time_object(Time::MAX, None))),
        ("datetime" | "time", "resolution") => Some(delta::object(1)),
        _ => None,
    }
}

fn out_of_range() -> Raise {
    Raise::value_error("year is out of range")
}

/// The naive local day and time of now.
fn local_now() -> Outcome<(Date, Time)> {
    let now = local::now();
    at_moment(now + local::offset_at(now).0).ok_or_else(out_of_range)
}

fn date_today(_vm: &Vm, args: Args) -> Outcome {
    args.none("date.today")?;
    Ok(date_object(local_now()?.0))
}

/// In the zone `tz`, or naive by the local clock.
fn in_zone(moment: i128, tz: Option<Object>) -> Outcome {
    let offset = match &tz {
        Some(tz) => downcast::<zone::Zone>(tz).map_or(0, |zone| zone.offset),
        None => local::offset_at(moment).0,
    };
    let (date, time) = at_moment(moment + offset).ok_or_else(out_of_range)?;
    Ok(datetime_object(date, time, tz))
}

fn now(vm: &Vm, args: Args) -> Outcome {
    const SIGNATURE: Signature = Signature { function: "now", names: &["tz"], positional: 1, required: 0 };
    let tz = zone_argument(vm, SIGNATURE.bind(args)?.pop().flatten())?;
    in_zone(local::now(), tz)
}

fn utcnow(_vm: &Vm, args: Args) -> Outcome {
    args.none("datetime.utcnow")?;
    let (date, time) = at_moment(local::now()).ok_or_else(out_of_range)?;
    Ok(datetime_object(date, time, None))
}

/// A timestamp in seconds as a moment in UTC.
fn stamp(vm: &Vm, object: &Object) -> Outcome<i128> {
    let micros = match object {
        Object::Float(n) if n.is_nan() => return Err(Raise::value_error("Invalid value NaN (not a number)")),
        Object::Float(n) if n.abs() > 1e18 => {
            return Err(Raise::new(class::OVERFLOW_ERROR, "timestamp out of range for platform time_t"));
        }
        Object::Float(n) => n.trunc() as i128 * SECOND + (n.fract() * 1e6).round_ties_even() as i128,
        object => i128::from(int_of(vm, object)?) * SECOND,
    };
    let moment = epoch() + micros;
    match at_moment(moment) {
        Some(_) => Ok(moment),
        None => {
            let year = 1970 + micros / SECOND / 31_556_952;
            Err(Raise::value_error(format!("year {year} is out of range")))
        }
    }
}

fn from_timestamp(vm: &Vm, args: Args) -> Outcome {
    const SIGNATURE: Signature = Signature { function: "fromtimestamp", names: &["timestamp", "tz"], positional: 2, required: 1 };
    let mut bound = SIGNATURE.bind(args)?;
    let tz = zone_argument(vm, bound.pop().flatten())?;
    in_zone(stamp(vm, &bound.pop().flatten().unwrap_or(Object::None))?, tz)
}

fn date_from_timestamp(vm: &Vm, args: Args) -> Outcome {
    let moment = stamp(vm, &args.one("date.fromtimestamp")?)?;
    let (date, _) = at_moment(moment + local::offset_at(moment).0).ok_or_else(out_of_range)?;
    Ok(date_object(date))
}

fn utc_from_timestamp(vm: &Vm, args: Args) -> Outcome {
    let moment = stamp(vm, &args.one("datetime.utcfromtimestamp")?)?;
    let (date, time) = at_moment(moment).ok_or_else(out_of_range)?;
    Ok(datetime_object(date, time, None))
}

fn with_class(class: Class, date: Date) -> Object {
    if class == DATETIME { datetime_object(date, Time::default(), None) } else { date_object(date) }
}

fn from_ordinal(vm: &Vm, class: Class, args: Args) -> Outcome {
    let ordinal = int_of(vm, &args.one(&format!("{}.fromordinal", class.0.name))?)?;
    if ordinal < 1 {
        return Err(Raise::value_error("ordinal must be >= 1"));
    }
    let date = Date::from_ordinal(ordinal).ok_or_else(out_of_range)?;
    Ok(with_class(class, date))
}

fn from_iso_week(vm: &Vm, class: Class, args: Args) -> Outcome {
    const SIGNATURE: Signature =
        Signature { function: "fromisocalendar", names: &["year", "week", "day"], positional: 3, required: 3 };
    let bound = SIGNATURE.bind(args)?;
    let mut numbers = [0; 3];
    for (number, object) in numbers.iter_mut().zip(bound) {
        *number = int_of(vm, &object.unwrap_or(Object::None))?;
    }
    let date = Date::from_iso_week(numbers[0], numbers[1], numbers[2]).map_err(Raise::value_error)?;
    Ok(with_class(class, date))
}

/// The text that `fromisoformat` is given, and the complaint about it.
fn iso_text(vm: &Vm, args: Args, function: &str) -> Outcome<(String, Raise)> {
    let object = args.one(function)?;
    let Some(text) = text_of(&object) else { return Err(Raise::type_error("fromisoformat: argument must be str")) };
    let complaint = Raise::value_error(format!("Invalid isoformat string: {}", vm.repr(&object)?.to_string_lossy()));
    Ok((text, complaint))
}

fn date_from_iso(vm: &Vm, args: Args) -> Outcome {
    let (text, complaint) = iso_text(vm, args, "date.fromisoformat")?;
    // A number out of range is a complaint about the whole text, but the ranges of a day are told.
    let date = iso::date(text.as_bytes()).ok_or(complaint)?.map_err(Raise::value_error)?;
    Ok(date_object(date))
}

fn datetime_from_iso(vm: &Vm, args: Args) -> Outcome {
    let (text, complaint) = iso_text(vm, args, "datetime.fromisoformat")?;
    let bytes = text.as_bytes();
    if bytes.len() < 7 {
        return Err(complaint);
    }
    let at = iso::separator(bytes).min(bytes.len());
    let date = iso::date(&bytes[..at]).ok_or_else(|| complaint.clone())?;
    // Any one character may stand between the two.
    let rest = text.get(at..).map(|rest| rest.chars());
    let Some(mut rest) = rest else { return Err(complaint) };
    if rest.next().is_none() {
        return Ok(datetime_object(date.map_err(Raise::value_error)?, Time::default(), None));
    }
    let (parts, offset) = iso::time(rest.as_str().as_bytes()).ok_or(complaint)?;
    let tz = offset.map(zone::at).transpose()?;
    let date = date.map_err(Raise::value_error)?;
    let time = Time::new(parts[0], parts[1], parts[2], parts[3]).map_err(Raise::value_error)?;
    Ok(datetime_object(date, time, tz))
}

fn time_from_iso(vm: &Vm, args: Args) -> Outcome {
    let (text, complaint) = iso_text(vm, args, "time.fromisoformat")?;
    let text = text.strip_prefix('T').unwrap_or(&text);
    let (parts, offset) = iso::time(text.as_bytes()).ok_or(complaint)?;
    let time = Time::new(parts[0], parts[1], parts[2], parts[3]).map_err(Raise::value_error)?;
    Ok(time_object(time, offset.map(zone::at).transpose()?))
}

fn strptime(vm: &Vm, args: Args) -> Outcome {
    let args = args.between("strptime", 2, 2)?;
    let mut texts = Vec::with_capacity(2);
    for (n, object) in args.iter().enumerate() {
        let text = text_of(object).ok_or_else(|| bad(vm, "strptime", n + 1, "str", object))?;
        vm.step(text.len() as u64)?;
        texts.push(text);
    }
    let parsed = format::read(&texts[0], &texts[1]).map_err(Raise::value_error)?;
    let year = parsed.year.unwrap_or(1900);
    let mut date = Date::new(year, parsed.month.unwrap_or(1), parsed.day.unwrap_or(1)).map_err(Raise::value_error)?;
    if let (Some(day), None, None) = (parsed.day_of_year, parsed.month, parsed.day) {
        let first = Date { year, month: 1, day: 1 };
        date = Date::from_ordinal(first.ordinal() + day - 1).ok_or_else(out_of_range)?;
    }
    let time = Time::new(parsed.hour, parsed.minute, parsed.second, parsed.micro).map_err(Raise::value_error)?;
    Ok(datetime_object(date, time, parsed.offset.map(zone::at).transpose()?))
}

fn combine(vm: &Vm, args: Args) -> Outcome {
    const SIGNATURE: Signature =
        Signature { function: "combine", names: &["date", "time", "tzinfo"], positional: 3, required: 2 };
    let mut bound = SIGNATURE.bind(args)?;
    let tz = bound.pop().flatten();
    let (time, date) = (bound.pop().flatten().unwrap_or(Object::None), bound.pop().flatten().unwrap_or(Object::None));
    let day = match (downcast::<Day>(&date), downcast::<DateTime>(&date)) {
        (Some(day), _) => day.0,
        (_, Some(stamp)) => stamp.date,
        _ => return Err(bad(vm, "combine", 1, "datetime.date", &date)),
    };
    let Some(time) = downcast::<TimeOfDay>(&time) else {
        return Err(bad(vm, "combine", 2, "datetime.time", &time));
    };
    let tz = match tz {
        Some(tz) => zone_argument(vm, Some(tz))?,
        None => time.tz.clone(),
    };
    Ok(datetime_object(day, time.time, tz))
}

/// A day and a time by the local clock as a moment in UTC.
pub(super) fn local_to_utc(date: Date, time: Time) -> i128 {
    local::to_utc(moment(date, time))
}
