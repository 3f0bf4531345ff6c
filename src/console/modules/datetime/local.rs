//! The clock, and the offset of the machine's own zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::calendar::{SECOND, epoch};

/// Now, as a moment in UTC.
pub(super) fn now() -> i128 {
    epoch() + i128::from(Timestamp::now().as_microsecond())
}

/// The local offset in microseconds at a moment in UTC, and the zone's short name.
pub(super) fn offset_at(moment: i128) -> (i128, String) {
    let stamp = i64::try_from(moment - epoch()).ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
    let info = TimeZone::system();
    let info = info.to_offset_info(stamp.unwrap_or(Timestamp::UNIX_EPOCH));
    (i128::from(info.offset().seconds()) * SECOND, info.abbreviation().to_owned())
}

/// The moment in UTC of a local one. In the hour that comes twice it is the first one.
pub(super) fn to_utc(moment: i128) -> i128 {
    let (first, _) = offset_at(moment);
    let (second, _) = offset_at(moment - first);
    moment - second
}
