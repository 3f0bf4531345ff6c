//! The text of a value in a column.

use std::fmt::Write as _;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_schema::{DataType, TimeUnit};

/// Whether [`push`] knows values of this type.
pub(super) fn is_known(kind: &DataType) -> bool {
    use DataType::*;
    match kind {
        Null | Boolean | Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | UInt64 | Float32 | Float64 => true,
        Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView | FixedSizeBinary(_) => true,
        Date32 | Date64 | Timestamp(..) | Decimal128(..) | Decimal256(..) => true,
        Dictionary(_, values) => is_known(values) && !matches!(**values, Dictionary(..)),
        _ => false,
    }
}

/// Appends the text of the value at `index`; nothing for a null.
pub(super) fn push(array: &dyn Array, index: usize, text: &mut String) {
    if array.is_null(index) {
        return;
    }
    macro_rules! number {
        ($kind:ty) => {{
            let _ = write!(text, "{}", array.as_primitive::<$kind>().value(index));
        }};
    }
    match array.data_type() {
        DataType::Boolean => text.push_str(if array.as_boolean().value(index) { "true" } else { "false" }),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Utf8 => text.push_str(array.as_string::<i32>().value(index)),
        DataType::LargeUtf8 => text.push_str(array.as_string::<i64>().value(index)),
        DataType::Utf8View => text.push_str(array.as_string_view().value(index)),
        DataType::Binary => text.push_str(&hex::encode(array.as_binary::<i32>().value(index))),
        DataType::LargeBinary => text.push_str(&hex::encode(array.as_binary::<i64>().value(index))),
        DataType::BinaryView => text.push_str(&hex::encode(array.as_binary_view().value(index))),
        DataType::FixedSizeBinary(_) => text.push_str(&hex::encode(array.as_fixed_size_binary().value(index))),
        DataType::Date32 => date(i64::from(array.as_primitive::<Date32Type>().value(index)) * 86_400, text),
        DataType::Date64 => date(array.as_primitive::<Date64Type>().value(index).div_euclid(1000), text),
        DataType::Timestamp(unit, zone) => {
            let (value, per) = match unit {
                TimeUnit::Second => (array.as_primitive::<TimestampSecondType>().value(index), 1),
                TimeUnit::Millisecond => (array.as_primitive::<TimestampMillisecondType>().value(index), 1_000),
                TimeUnit::Microsecond => (array.as_primitive::<TimestampMicrosecondType>().value(index), 1_000_000),
                TimeUnit::Nanosecond => (array.as_primitive::<TimestampNanosecondType>().value(index), 1_000_000_000),
            };
            moment(value, per, zone.is_some(), text);
        }
        DataType::Decimal128(..) => text.push_str(&array.as_primitive::<Decimal128Type>().value_as_string(index)),
        DataType::Decimal256(..) => text.push_str(&array.as_primitive::<Decimal256Type>().value_as_string(index)),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            if let Some(&key) = dictionary.normalized_keys().get(index) {
                push(dictionary.values().as_ref(), key, text);
            }
        }
        _ => {}
    }
}

fn date(seconds: i64, text: &mut String) {
    match jiff::Timestamp::from_second(seconds) {
        Ok(moment) => text.push_str(&moment.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()),
        Err(_) => text.push_str(&seconds.div_euclid(86_400).to_string()),
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
