//! Days and times as numbers; nothing here knows the interpreter.

/// A second, in the microseconds that everything is counted in.
pub(super) const SECOND: i128 = 1_000_000;
/// A day.
pub(super) const DAY: i128 = 86_400 * SECOND;

/// A day of the Gregorian calendar, which here goes back to year 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Date {
    /// 1 to 9999.
    pub(super) year: i64,
    /// 1 to 12.
    pub(super) month: i64,
    /// 1 to 31.
    pub(super) day: i64,
}

/// A time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Time {
    /// 0 to 23.
    pub(super) hour: i64,
    /// 0 to 59.
    pub(super) minute: i64,
    /// 0 to 59.
    pub(super) second: i64,
    /// 0 to 999999.
    pub(super) micro: i64,
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

const fn days_before_year(year: i64) -> i64 {
    let years = year - 1;
    years * 365 + years / 4 - years / 100 + years / 400
}

/// The last day's number.
pub(super) const MAX_ORDINAL: i64 = days_before_year(10_000);

impl Date {
    /// The first day.
    pub(super) const MIN: Self = Self { year: 1, month: 1, day: 1 };
    /// The last day.
    pub(super) const MAX: Self = Self { year: 9999, month: 12, day: 31 };

    /// The day, or what is wrong with it.
    pub(super) fn new(year: i64, month: i64, day: i64) -> Result<Self, String> {
        if !(1..=9999).contains(&year) {
            return Err(format!("year {year} is out of range"));
        }
        if !(1..=12).contains(&month) {
            return Err("month must be in 1..12".into());
        }
        if !(1..=days_in_month(year, month)).contains(&day) {
            return Err("day is out of range for month".into());
        }
        Ok(Self { year, month, day })
    }

    /// The number of the day; the first day of year 1 is 1.
    pub(super) fn ordinal(self) -> i64 {
        days_before_year(self.year) + self.day_of_year()
    }

    /// The day with this number, which must be one that exists.
    pub(super) fn from_ordinal(ordinal: i64) -> Option<Self> {
        if !(1..=MAX_ORDINAL).contains(&ordinal) {
            return None;
        }
        let mut year = (ordinal - 1) / 366 + 1;
        while days_before_year(year + 1) < ordinal {
            year += 1;
        }
        let mut day = ordinal - days_before_year(year);
        let mut month = 1;
        while day > days_in_month(year, month) {
            day -= days_in_month(year, month);
            month += 1;
        }
        Some(Self { year, month, day })
    }

    /// 1 for the first of January.
    pub(super) fn day_of_year(self) -> i64 {
        (1..self.month).map(|month| days_in_month(self.year, month)).sum::<i64>() + self.day
    }

    /// 0 for Monday.
    pub(super) fn weekday(self) -> i64 {
        (self.ordinal() + 6) % 7
    }

    /// Year, week and day (Monday is 1) of ISO 8601.
    pub(super) fn iso_week(self) -> (i64, i64, i64) {
        let (ordinal, first) = (self.ordinal(), iso_year_start(self.year));
        let next = iso_year_start(self.year + 1);
        let (year, start) = match ordinal {
            _ if ordinal < first => (self.year - 1, iso_year_start(self.year - 1)),
            _ if ordinal >= next => (self.year + 1, next),
            _ => (self.year, first),
        };
        (year, (ordinal - start) / 7 + 1, self.weekday() + 1)
    }

    /// The day of a week of ISO 8601.
    pub(super) fn from_iso_week(year: i64, week: i64, day: i64) -> Result<Self, String> {
        if !(1..=9999).contains(&year) {
            return Err(format!("Year is out of range: {year}"));
        }
        let weeks = (iso_year_start(year + 1) - iso_year_start(year)) / 7;
        if !(1..=weeks).contains(&week) {
            return Err(format!("Invalid week: {week}"));
        }
        if !(1..=7).contains(&day) {
            return Err(format!("Invalid weekday: {day} (range is [1, 7])"));
        }
        let ordinal = iso_year_start(year) + (week - 1) * 7 + day - 1;
        Self::from_ordinal(ordinal).ok_or_else(|| "date value out of range".into())
    }

    /// `2026-04-25`
    pub(super) fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The Monday of the week that holds the year's first Thursday.
fn iso_year_start(year: i64) -> i64 {
    let first = days_before_year(year) + 1;
    let weekday = (first + 6) % 7;
    if weekday > 3 { first - weekday + 7 } else { first - weekday }
}

impl Time {
    /// The last moment of a day.
    pub(super) const MAX: Self = Self { hour: 23, minute: 59, second: 59, micro: 999_999 };

    /// The time, or what is wrong with it.
    pub(super) fn new(hour: i64, minute: i64, second: i64, micro: i64) -> Result<Self, String> {
        let parts = [("hour", hour, 23), ("minute", minute, 59), ("second", second, 59), ("microsecond", micro, 999_999)];
        match parts.into_iter().find(|(_, value, max)| !(0..=*max).contains(value)) {
            Some((name, _, max)) => Err(format!("{name} must be in 0..{max}")),
            None => Ok(Self { hour, minute, second, micro }),
        }
    }

    /// Since midnight.
    pub(super) fn micros(self) -> i128 {
        i128::from((self.hour * 60 + self.minute) * 60 + self.second) * SECOND + i128::from(self.micro)
    }

    /// So many microseconds after midnight; less than a day's.
    pub(super) fn from_micros(micros: i128) -> Self {
        let seconds = (micros / SECOND) as i64;
        let micro = (micros % SECOND) as i64;
        Self { hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60, micro }
    }

    /// `10:30:00`, with microseconds where there are any.
    pub(super) fn iso(self) -> String {
        let Self { hour, minute, second, micro } = self;
        let fraction = if micro == 0 { String::new() } else { format!(".{micro:06}") };
        format!("{hour:02}:{minute:02}:{second:02}{fraction}")
    }

    /// As fine as a `timespec` asks for; `None` for a word that is none.
    pub(super) fn iso_to(self, timespec: &str) -> Option<String> {
        let Self { hour, minute, second, micro } = self;
        Some(match timespec {
            "auto" => self.iso(),
            "hours" => format!("{hour:02}"),
            "minutes" => format!("{hour:02}:{minute:02}"),
            "seconds" => format!("{hour:02}:{minute:02}:{second:02}"),
            "milliseconds" => format!("{hour:02}:{minute:02}:{second:02}.{:03}", micro / 1000),
            "microseconds" => format!("{hour:02}:{minute:02}:{second:02}.{micro:06}"),
            _ => return None,
        })
    }
}

/// An offset from UTC: `+02:00`, and finer where it is.
pub(super) fn offset_iso(offset: i128, colon: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let time = Time::from_micros(offset.abs());
    let mut out = format!("{sign}{:02}{colon}{:02}", time.hour, time.minute);
    if time.second != 0 || time.micro != 0 {
        out.push_str(&format!("{colon}{:02}", time.second));
    }
    if time.micro != 0 {
        out.push_str(&format!(".{:06}", time.micro));
    }
    out
}

/// Midnight of a day since the day before the first, plus the time.
pub(super) fn moment(date: Date, time: Time) -> i128 {
    i128::from(date.ordinal()) * DAY + time.micros()
}

/// The day and time of a moment, where there is such a day.
pub(super) fn at_moment(moment: i128) -> Option<(Date, Time)> {
    let day = i64::try_from(moment.div_euclid(DAY)).ok()?;
    Some((Date::from_ordinal(day)?, Time::from_micros(moment.rem_euclid(DAY))))
}

/// The moment that timestamps count from.
pub(super) fn epoch() -> i128 {
    moment(Date { year: 1970, month: 1, day: 1 }, Time::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_its_number() {
        assert_eq!(MAX_ORDINAL, 3_652_059);
        for ordinal in (1..=MAX_ORDINAL).step_by(97).chain([1, 365, 366, 730_485, MAX_ORDINAL]) {
            assert_eq!(Date::from_ordinal(ordinal).unwrap().ordinal(), ordinal);
        }
        assert_eq!(Date::from_ordinal(0), None);
        assert_eq!(Date { year: 2026, month: 4, day: 25 }.ordinal(), 739_731);
        assert_eq!(Date { year: 2026, month: 4, day: 25 }.weekday(), 5);
        assert_eq!(Date { year: 2026, month: 4, day: 25 }.iso_week(), (2026, 17, 6));
        assert_eq!(Date::from_iso_week(2026, 1, 1), Ok(Date { year: 2025, month: 12, day: 29 }));
    }
}
