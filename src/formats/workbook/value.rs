//! The text of a cell's value.

use std::borrow::Cow;

use calamine::{Data, DataRef, ExcelDateTime};

/// The text of a value: what a person would type to get it again, without the format that the sheet shows it in.
pub(super) fn text_of<'a>(value: &'a DataRef<'_>) -> Cow<'a, str> {
    match value {
        DataRef::Empty => Cow::Borrowed(""),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cow::Borrowed(text),
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::Int(number) => Cow::Owned(number.to_string()),
        DataRef::Float(number) => Cow::Owned(shortest(*number)),
        DataRef::Bool(yes) => Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(moment) => Cow::Owned(iso(*moment)),
        DataRef::Error(error) => Cow::Owned(error.to_string()),
    }
}

/// The same value without its own copy of a text.
pub(super) fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => DataRef::SharedString(text),
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// The shortest digits that are this number: without an exponent where people write none.
fn shortest(number: f64) -> String {
    let whole = number as i64;
    if whole != 0 && whole.unsigned_abs() < 1 << 53 && whole as f64 == number {
        return whole.to_string();
    }
    let size = number.abs();
    if size != 0.0 && !(1e-7..1e21).contains(&size) { format!("{number:e}") } else { number.to_string() }
}

/// `2026-04-25`, `2026-04-25T13:45:00`, `13:45:00`; milliseconds only where there are some. A length of time has as many
/// hours as it is long. A serial number that is no date in Excel either stays a number.
fn iso(moment: ExcelDateTime) -> String {
    const DAY: i64 = 86_400_000;
    let serial = moment.as_f64();
    if !serial.is_finite() || !(-1e6..2_958_466.0).contains(&serial) || (serial < 0.0 && !moment.is_duration()) {
        return shortest(serial);
    }
    if moment.is_duration() || serial < 1.0 {
        let length = (serial.abs() * DAY as f64).round() as i64;
        let sign = if serial < 0.0 { "-" } else { "" };
        return format!("{sign}{}", clock(length / 3_600_000, length / 60_000 % 60, length / 1000 % 60, length % 1000));
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        return date;
    }
    format!("{date}T{}", clock(hour.into(), minute.into(), second.into(), milli.into()))
}

fn clock(hours: i64, minutes: i64, seconds: i64, millis: i64) -> String {
    let whole = format!("{hours:02}:{minutes:02}:{seconds:02}");
    if millis == 0 { whole } else { format!("{whole}.{millis:03}") }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn values_are_their_shortest_text() {
        for (value, text) in [
            (DataRef::Float(1.0), "1"),
            (DataRef::Float(0.1), "0.1"),
            (DataRef::Float(-12.5), "-12.5"),
            (DataRef::Float(-12.0), "-12"),
            (DataRef::Float(-0.0), "-0"),
            (DataRef::Float(9_007_199_254_740_994.0), "9007199254740994"),
            (DataRef::Float(123_456_789_012.0), "123456789012"),
            (DataRef::Float(1e300), "1e300"),
            (DataRef::Float(1e-9), "1e-9"),
            (DataRef::Int(7), "7"),
            (DataRef::Bool(true), "TRUE"),
            (DataRef::Error(calamine::CellErrorType::Div0), "#DIV/0!"),
            (DataRef::String("007".into()), "007"),
            (DataRef::Empty, ""),
            (DataRef::DateTime(ExcelDateTime::new(46137.0, DateTime, false)), "2026-04-25"),
            (DataRef::DateTime(ExcelDateTime::new(46137.5, DateTime, false)), "2026-04-25T12:00:00"),
            (DataRef::DateTime(ExcelDateTime::new(0.75, DateTime, false)), "18:00:00"),
            (DataRef::DateTime(ExcelDateTime::new(1.5, TimeDelta, false)), "36:00:00"),
            (DataRef::DateTime(ExcelDateTime::new(1e12, DateTime, false)), "1000000000000"),
        ] {
            assert_eq!(text_of(&value), text, "{value:?}");
        }
    }
}
