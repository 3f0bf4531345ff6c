//! `datetime`: days, times, spans and fixed zones. The clock and the local offset are read; nothing else of the machine is.

mod calendar;
mod day;
mod delta;
mod format;
mod iso;
mod local;
mod statics;
mod zone;

use std::rc::Rc;

use super::kit;
use crate::console::class::{Class, ClassInfo, OBJECT};
use crate::console::native::Module;
use crate::console::object::Object;
use crate::console::raise::Outcome;
use crate::console::vm::Vm;

macro_rules! class {
    ($constant:ident = $name:literal: $base:ident, $construct:expr, $methods:expr) => {
        #[doc = concat!("`datetime.", $name, "`")]
        const $constant: Class = {
            static INFO: ClassInfo =
                ClassInfo { name: $name, module: "datetime", bases: &[$base], construct: $construct, methods: $methods };
            Class(&INFO)
        };
    };
}

class!(TZINFO = "tzinfo": OBJECT, None, &["dst", "tzname", "utcoffset"]);
class!(TIMEZONE = "timezone": TZINFO, Some(zone::construct), &["dst", "tzname", "utcoffset"]);
class!(TIMEDELTA = "timedelta": OBJECT, Some(delta::construct), &["total_seconds"]);
class!(
    DATE = "date": OBJECT, Some(day::construct_date),
    &["ctime", "isocalendar", "isoformat", "isoweekday", "replace", "strftime", "timetuple", "toordinal", "weekday"]
);
class!(
    TIME = "time": OBJECT, Some(day::construct_time),
    &["dst", "isoformat", "replace", "strftime", "tzname", "utcoffset"]
);
class!(
    DATETIME = "datetime": DATE, Some(day::construct_datetime),
    &[
        "astimezone", "ctime", "date", "dst", "isocalendar", "isoformat", "isoweekday", "replace", "strftime", "time",
        "timestamp", "timetuple", "timetz", "toordinal", "tzname", "utcoffset", "utctimetuple", "weekday",
    ]
);

/// Makes the module.
pub(super) fn load(_vm: &Vm) -> Outcome<Rc<Module>> {
    let classes = [DATE, DATETIME, TIME, TIMEDELTA, TIMEZONE, TZINFO];
    let classes = classes.into_iter().map(|class| (class.0.name, Object::Class(class)));
    let more = [("MAXYEAR", Object::Int(9999)), ("MINYEAR", Object::Int(1)), ("UTC", zone::utc())];
    Ok(kit::module("datetime", &[], classes.chain(more)))
}

pub(super) use statics::class_attribute;

/// Year, month, day, hour, minute and second by the local clock.
pub(super) fn local_time() -> [i64; 6] {
    let now = local::now();
    match calendar::at_moment(now + local::offset_at(now).0) {
        Some((date, time)) => [date.year, date.month, date.day, time.hour, time.minute, time.second],
        None => [1980, 1, 1, 0, 0, 0],
    }
}
