//! The text of a value in a column.

use std::fmt::Write as _;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_schema::{DataType, TimeUnit};

/// How deep lists and structures may stand in each other: what JSON may here, too.
const MAX_DEPTH: usize = 64;

/// Whether [`push`] knows values of this type.
pub(super) fn is_known(kind: &DataType) -> bool {
    knows(kind, MAX_DEPTH)
}

fn knows(kind: &DataType, depth: usize) -> bool {
    use DataType::*;
    let Some(depth) = depth.checked_sub(1) else { return false };
    match kind {
        Null | Boolean | Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | UInt64 | Float16 | Float32 | Float64 => true,
        Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView | FixedSizeBinary(_) => true,
        Date32 | Date64 | Time32(_) | Time64(_) | Timestamp(..) | Duration(_) => true,
        Decimal32(..) | Decimal64(..) | Decimal128(..) | Decimal256(..) => true,
        Dictionary(_, values) => knows(values, depth),
        RunEndEncoded(_, values) => knows(values.data_type(), depth),
        List(item) | LargeList(item) | FixedSizeList(item, _) | ListView(item) | LargeListView(item) | Map(item, _) => {
            knows(item.data_type(), depth)
        }
        Struct(fields) => fields.iter().all(|field| knows(field.data_type(), depth)),
        Interval(_) | Union(..) => false,
    }
}

/// Appends the text of the value at `index`; nothing for a null. Lists, structures and maps are JSON.
pub(super) fn push(array: &dyn Array, index: usize, text: &mut String) {
    if let Some((array, index)) = at(array, index) {
        if is_nested(array.data_type()) {
            json(array, index, text);
        } else {
            scalar(array, index, text);
        }
    }
}

/// The array and the place where a value really stands: that of a dictionary or of a run is in the array of its values.
/// `None` for a null.
fn at(array: &dyn Array, index: usize) -> Option<(&dyn Array, usize)> {
    if array.is_null(index) {
        return None;
    }
    match array.data_type() {
        DataType::Dictionary(key, _) => {
            let dictionary = array.as_any_dictionary();
            let keys = dictionary.keys();
            // One key and not `normalized_keys`, which makes a list of all of them.
            macro_rules! key {
                ($kind:ty) => {
                    usize::try_from(keys.as_primitive::<$kind>().value(index)).ok()
                };
            }
            let key = match **key {
                DataType::Int8 => key!(Int8Type),
                DataType::Int16 => key!(Int16Type),
                DataType::Int32 => key!(Int32Type),
                DataType::Int64 => key!(Int64Type),
                DataType::UInt8 => key!(UInt8Type),
                DataType::UInt16 => key!(UInt16Type),
                DataType::UInt32 => key!(UInt32Type),
                DataType::UInt64 => key!(UInt64Type),
                _ => None,
            }?;
            let values = dictionary.values().as_ref();
            (key < values.len()).then(|| at(values, key)).flatten()
        }
        DataType::RunEndEncoded(ends, _) => {
            macro_rules! run {
                ($kind:ty) => {{
                    let runs = array.as_run::<$kind>();
                    at(runs.values().as_ref(), runs.get_physical_index(index))
                }};
            }
            match ends.data_type() {
                DataType::Int16 => run!(Int16Type),
                DataType::Int32 => run!(Int32Type),
                _ => run!(Int64Type),
            }
        }
        _ => Some((array, index)),
    }
}

fn is_nested(kind: &DataType) -> bool {
    use DataType::*;
    matches!(kind, List(_) | LargeList(_) | FixedSizeList(..) | ListView(_) | LargeListView(_) | Struct(_) | Map(..))
}

/// Appends a value as JSON: what has no number, truth or null of JSON's own is a string.
fn json(array: &dyn Array, index: usize, text: &mut String) {
    let Some((array, index)) = at(array, index) else {
        text.push_str("null");
        return;
    };
    match array.data_type() {
        DataType::List(_) => list(array.as_list::<i32>().value(index).as_ref(), text),
        DataType::LargeList(_) => list(array.as_list::<i64>().value(index).as_ref(), text),
        DataType::ListView(_) => list(array.as_list_view::<i32>().value(index).as_ref(), text),
        DataType::LargeListView(_) => list(array.as_list_view::<i64>().value(index).as_ref(), text),
        DataType::FixedSizeList(..) => list(array.as_fixed_size_list().value(index).as_ref(), text),
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns();
            object(fields.iter().zip(columns).map(|(field, column)| (field.name().clone(), column.as_ref(), index)), text);
        }
        DataType::Map(..) => {
            let map = array.as_map();
            let start = usize::try_from(map.value_offsets()[index]).unwrap_or_default();
            let (keys, values) = (map.keys().as_ref(), map.values().as_ref());
            let count = usize::try_from(map.value_length(index)).unwrap_or_default();
            let entry = |at| {
                let mut key = String::new();
                push(keys, at, &mut key);
                (key, values, at)
            };
            object((start..start + count).map(entry), text);
        }
        _ => {
            let mut value = String::new();
            match scalar(array, index, &mut value) {
                Kind::Bare => text.push_str(&value),
                Kind::Text => text.push_str(&quoted(&value)),
            }
        }
    }
}

fn list(items: &dyn Array, text: &mut String) {
    text.push('[');
    for index in 0..items.len() {
        if index > 0 {
            text.push(',');
        }
        json(items, index, text);
    }
    text.push(']');
}

fn object<'a>(members: impl Iterator<Item = (String, &'a dyn Array, usize)>, text: &mut String) {
    text.push('{');
    for (n, (name, array, index)) in members.enumerate() {
        if n > 0 {
            text.push(',');
        }
        text.push_str(&quoted(&name));
        text.push(':');
        json(array, index, text);
    }
    text.push('}');
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// How JSON writes what [`scalar`] wrote.
enum Kind {
    Bare,
    Text,
}

/// Appends a value that is not nested and not null.
fn scalar(array: &dyn Array, index: usize, text: &mut String) -> Kind {
    macro_rules! number {
        ($kind:ty) => {{
            let _ = write!(text, "{}", array.as_primitive::<$kind>().value(index));
            Kind::Bare
        }};
    }
    macro_rules! float {
        ($kind:ty) => {{
            let value = array.as_primitive::<$kind>().value(index);
            let _ = write!(text, "{value}");
            if value.is_finite() { Kind::Bare } else { Kind::Text }
        }};
    }
    macro_rules! decimal {
        ($kind:ty) => {{
            text.push_str(&array.as_primitive::<$kind>().value_as_string(index));
            Kind::Bare
        }};
    }
    /// A number of parts of a second of which there are `$per`, and how it is written.
    macro_rules! time {
        ($write:ident, $kind:ty, $per:literal $(, $more:expr)?) => {{
            $write(i64::from(array.as_primitive::<$kind>().value(index)), $per $(, $more)?, text);
            Kind::Text
        }};
    }
    match array.data_type() {
        DataType::Boolean => {
            text.push_str(if array.as_boolean().value(index) { "true" } else { "false" });
            return Kind::Bare;
        }
        DataType::Int8 => return number!(Int8Type),
        DataType::Int16 => return number!(Int16Type),
        DataType::Int32 => return number!(Int32Type),
        DataType::Int64 => return number!(Int64Type),
        DataType::UInt8 => return number!(UInt8Type),
        DataType::UInt16 => return number!(UInt16Type),
        DataType::UInt32 => return number!(UInt32Type),
        DataType::UInt64 => return number!(UInt64Type),
        DataType::Float16 => return float!(Float16Type),
        DataType::Float32 => return float!(Float32Type),
        DataType::Float64 => return float!(Float64Type),
        DataType::Decimal32(..) => return decimal!(Decimal32Type),
        DataType::Decimal64(..) => return decimal!(Decimal64Type),
        DataType::Decimal128(..) => return decimal!(Decimal128Type),
        DataType::Decimal256(..) => return decimal!(Decimal256Type),
        DataType::Utf8 => text.push_str(array.as_string::<i32>().value(index)),
        DataType::LargeUtf8 => text.push_str(array.as_string::<i64>().value(index)),
        DataType::Utf8View => text.push_str(array.as_string_view().value(index)),
        DataType::Binary => text.push_str(&hex::encode(array.as_binary::<i32>().value(index))),
        DataType::LargeBinary => text.push_str(&hex::encode(array.as_binary::<i64>().value(index))),
        DataType::BinaryView => text.push_str(&hex::encode(array.as_binary_view().value(index))),
        DataType::FixedSizeBinary(_) => text.push_str(&hex::encode(array.as_fixed_size_binary().value(index))),
        DataType::Date32 => date(i64::from(array.as_primitive::<Date32Type>().value(index)) * 86_400, text),
        DataType::Date64 => date(array.as_primitive::<Date64Type>().value(index).div_euclid(1000), text),
        DataType::Time32(TimeUnit::Second) => return time!(clock, Time32SecondType, 1),
        DataType::Time32(_) => return time!(clock, Time32MillisecondType, 1_000),
        DataType::Time64(TimeUnit::Microsecond) => return time!(clock, Time64MicrosecondType, 1_000_000),
        DataType::Time64(_) => return time!(clock, Time64NanosecondType, 1_000_000_000),
        DataType::Timestamp(unit, zone) => {
            let zoned = zone.is_some();
            return match unit {
                TimeUnit::Second => time!(moment, TimestampSecondType, 1, zoned),
                TimeUnit::Millisecond => time!(moment, TimestampMillisecondType, 1_000, zoned),
                TimeUnit::Microsecond => time!(moment, TimestampMicrosecondType, 1_000_000, zoned),
                TimeUnit::Nanosecond => time!(moment, TimestampNanosecondType, 1_000_000_000, zoned),
            };
        }
        DataType::Duration(unit) => {
            return match unit {
                TimeUnit::Second => time!(duration, DurationSecondType, 1),
                TimeUnit::Millisecond => time!(duration, DurationMillisecondType, 1_000),
                TimeUnit::Microsecond => time!(duration, DurationMicrosecondType, 1_000_000),
                TimeUnit::Nanosecond => time!(duration, DurationNanosecondType, 1_000_000_000),
            };
        }
        _ => {}
    }
    Kind::Text
}

/// A time of the day.
fn clock(value: i64, per: i64, text: &mut String) {
    match jiff::civil::Time::midnight().checked_add(span(value, per)) {
        Ok(time) if (0..86_400).contains(&value.div_euclid(per)) => text.push_str(&time.to_string()),
        _ => text.push_str(&value.to_string()),
    }
}

/// A length of time by ISO 8601, in seconds and smaller parts: `PT1.5S`.
fn duration(value: i64, per: i64, text: &mut String) {
    text.push_str(&span(value, per).to_string());
}

fn span(value: i64, per: i64) -> jiff::SignedDuration {
    // Not more than a second has; both parts have the same sign.
    let parts = i32::try_from(value % per * (1_000_000_000 / per)).unwrap_or_default();
    jiff::SignedDuration::new(value / per, parts)
}

fn date(seconds: i64, text: &mut String) {
    // Not by way of a moment, of which there are none on the last day of the year 9999.
    let days = seconds.div_euclid(86_400);
    match jiff::civil::date(1970, 1, 1).checked_add(jiff::SignedDuration::from_secs(days * 86_400)) {
        Ok(date) => text.push_str(&date.to_string()),
        Err(_) => text.push_str(&days.to_string()),
    }
}

/// A moment on the clock of no place, or (`zoned`) of the world, which is written with a `Z`.
fn moment(value: i64, per: i64, zoned: bool, text: &mut String) {
    let nanoseconds = value.rem_euclid(per) * (1_000_000_000 / per);
    // Not more than a second has.
    let found = jiff::Timestamp::new(value.div_euclid(per), i32::try_from(nanoseconds).unwrap_or_default());
    match found {
        Ok(moment) => {
            let civil = moment.to_zoned(jiff::tz::TimeZone::UTC).datetime();
            let _ = write!(text, "{civil}{}", if zoned { "Z" } else { "" });
        }
        Err(_) => text.push_str(&value.to_string()),
    }
}
