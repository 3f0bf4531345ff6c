//! Points of time, as operating systems and programs keep them. All are told in UTC; those that have no zone as they are.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::{ByteOrder, Reading, ordered};

/// How a point of time is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Time {
    /// Seconds since 1970, 32 bits with a sign.
    Unix32,
    /// Seconds since 1970, 64 bits with a sign.
    Unix64,
    /// Milliseconds since 1970, 64 bits with a sign.
    UnixMillis,
    /// Date and time of FAT file systems and ZIP: 16 bits of time, 16 of date, two seconds a step, no zone.
    Dos,
    /// Windows: tenths of microseconds since 1601, 64 bits.
    FileTime,
    /// OLE: days since 1899-12-30 as a float of 64 bits, no zone.
    Ole,
    /// HFS and HFS+: seconds since 1904, 32 bits.
    Hfs,
}

/// 1601, 1904 and 1899-12-30 in seconds from 1970.
const WINDOWS: i64 = -11_644_473_600;
const MACINTOSH: i64 = -2_082_844_800;
const OLE: i64 = -2_209_161_600;

const DAY: f64 = 86_400.0;

impl Time {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Unix32, Self::Unix64, Self::UnixMillis, Self::Dos, Self::FileTime, Self::Ole, Self::Hfs];

    /// The name of its row.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unix32 => "Unix 32",
            Self::Unix64 => "Unix 64",
            Self::UnixMillis => "Unix ms",
            Self::Dos => "DOS",
            Self::FileTime => "FILETIME",
            Self::Ole => "OLE",
            Self::Hfs => "HFS(+)",
        }
    }

    pub(super) fn read(self, bytes: &[u8], order: ByteOrder) -> Result<Reading, Reading> {
        let outside = || Reading::invalid("outside of the calendar");
        let seconds = |seconds: i64| Timestamp::from_second(seconds).map_err(|_| outside());
        let told = |time: Timestamp, len| Reading::of(time, len);
        Ok(match self {
            Self::Unix32 => told(seconds(i32::from_le_bytes(ordered(bytes, order)?).into())?, 4),
            Self::Unix64 => told(seconds(i64::from_le_bytes(ordered(bytes, order)?))?, 8),
            Self::UnixMillis => {
                let millis = i64::from_le_bytes(ordered(bytes, order)?);
                told(Timestamp::from_millisecond(millis).map_err(|_| outside())?, 8)
            }
            Self::FileTime => {
                let ticks = u64::from_le_bytes(ordered(bytes, order)?);
                let nanos = i128::from(ticks) * 100 + i128::from(WINDOWS) * 1_000_000_000;
                told(Timestamp::from_nanosecond(nanos).map_err(|_| outside())?, 8)
            }
            Self::Hfs => told(seconds(i64::from(u32::from_le_bytes(ordered(bytes, order)?)) + MACINTOSH)?, 4),
            Self::Dos => {
                let bits = u32::from_le_bytes(ordered(bytes, order)?);
                let (time, date) = (bits & 0xFFFF, bits >> 16);
                let part = |bits: u32, mask: u32| (bits & mask) as i8;
                let moment = DateTime::new(
                    1980 + (date >> 9) as i16,
                    part(date >> 5, 15),
                    part(date, 31),
                    part(time >> 11, 31),
                    part(time >> 5, 63),
                    part(time, 31) * 2,
                    0,
                );
                Reading::of(moment.map_err(|_| Reading::invalid("no date and time"))?, 4)
            }
            Self::Ole => {
                let days = f64::from_le_bytes(ordered(bytes, order)?);
                if !days.is_finite() {
                    return Err(Reading::invalid("no number of days"));
                }
                // Before its beginning the time of the day still counts forward.
                let micros = (days.trunc() * DAY + days.fract().abs() * DAY) * 1e6;
                if micros.abs() > 4e17 {
                    return Err(outside());
                }
                let moment = Timestamp::from_microsecond(micros.round() as i64 + OLE * 1_000_000).map_err(|_| outside())?;
                Reading::of(Offset::UTC.to_datetime(moment), 8)
            }
        })
    }

    pub(super) fn write(self, text: &str, order: ByteOrder) -> Result<Vec<u8>, String> {
        let moment = typed(text)?;
        let seconds = moment.as_second();
        let fits = |range: &str| format!("{} does not fit: {} is {range}", text.trim(), self.name());
        let whole = || match moment.subsec_nanosecond() {
            0 => Ok(()),
            _ => Err(format!("{} counts whole seconds", self.name())),
        };
        let mut bytes = match self {
            Self::Unix32 => {
                whole()?;
                let seconds = i32::try_from(seconds).map_err(|_| fits("from 1901-12-13 to 2038-01-19"))?;
                seconds.to_le_bytes().to_vec()
            }
            Self::Unix64 => {
                whole()?;
                seconds.to_le_bytes().to_vec()
            }
            Self::UnixMillis => {
                if moment.subsec_nanosecond() % 1_000_000 != 0 {
                    return Err(format!("{} counts whole milliseconds", self.name()));
                }
                moment.as_millisecond().to_le_bytes().to_vec()
            }
            Self::FileTime => {
                let nanos = moment.as_nanosecond() - i128::from(WINDOWS) * 1_000_000_000;
                if nanos % 100 != 0 {
                    return Err("FILETIME counts steps of 100 nanoseconds".into());
                }
                u64::try_from(nanos / 100).map_err(|_| fits("from 1601 on"))?.to_le_bytes().to_vec()
            }
            Self::Hfs => {
                whole()?;
                u32::try_from(seconds - MACINTOSH).map_err(|_| fits("from 1904-01-01 to 2040-02-06"))?.to_le_bytes().to_vec()
            }
            Self::Dos => {
                whole()?;
                let at = Offset::UTC.to_datetime(moment);
                if !(1980..=2107).contains(&at.year()) {
                    return Err(fits("from 1980 to 2107"));
                }
                if at.second() % 2 != 0 {
                    return Err("DOS counts steps of two seconds: type an even one".into());
                }
                let date = u32::from(at.year().unsigned_abs() - 1980) << 9 | (at.month() as u32) << 5 | at.day() as u32;
                let time = (at.hour() as u32) << 11 | (at.minute() as u32) << 5 | ((at.second() as u32) / 2);
                (date << 16 | time).to_le_bytes().to_vec()
            }
            Self::Ole => {
                let since = moment.duration_since(Timestamp::from_second(OLE).unwrap_or_default());
                ole_days(since).to_le_bytes().to_vec()
            }
        };
        if order == ByteOrder::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }
}

/// Whole days, and behind the point the part of the day, which counts forward before the beginning too.
fn ole_days(since: SignedDuration) -> f64 {
    let seconds = since.as_secs_f64();
    let days = (seconds / DAY).floor();
    let part = (seconds - days * DAY) / DAY;
    if days < 0.0 { days - part } else { days + part }
}

/// A date and time as people type it: with a zone, or without one in UTC; the time may be left out.
fn typed(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let civil = text.parse::<DateTime>().map_err(|error| {
        let why = error.to_string();
        let why = why.rsplit(": ").next().unwrap_or_default();
        format!("{text} is no date and time such as 2026-11-21 or 2026-11-21 08:30:00 ({why})")
    })?;
    Offset::UTC.to_timestamp(civil).map_err(|_| format!("{text} is outside of the calendar"))
}
