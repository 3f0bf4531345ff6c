use super::ByteOrder::{Big, Little};
use super::*;

fn read(value: Value, bytes: &[u8], order: ByteOrder) -> Reading {
    value.read(bytes, order, Radix::Decimal)
}

fn write(value: Value, text: &str, order: ByteOrder) -> Result<Vec<u8>, String> {
    value.write(text, order, Radix::Decimal, &[])
}

fn value(text: &str, len: usize) -> Reading {
    Reading::Value { text: text.into(), len }
}

fn every_value() -> Vec<Value> {
    let all: Vec<String> = ENCODINGS.iter().map(|(name, _)| (*name).to_owned()).collect();
    Group::ALL.into_iter().flat_map(|group| group.values(&all)).collect()
}

#[test]
fn integers_of_every_width_in_both_orders() {
    let bytes = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
    for (kind, little, big) in [
        (Value::Unsigned(1), "137", "137"),
        (Value::Signed(1), "-119", "-119"),
        (Value::Unsigned(2), "20617", "35152"),
        (Value::Unsigned(3), "5132425", "8998990"),
        (Value::Signed(3), "5132425", "-7778226"),
        (Value::Signed(4), "1196314761", "-1991225785"),
        (Value::Unsigned(6), "11052147167369", "150978003668234"),
        (Value::Unsigned(8), "727905341920923785", "9894494448401390090"),
    ] {
        let len = usize::from(if let Value::Unsigned(n) | Value::Signed(n) = kind { n } else { 0 });
        assert_eq!(
            (read(kind, &bytes, Little), read(kind, &bytes, Big)),
            (value(little, len), value(big, len)),
            "{}",
            kind.name()
        );
    }
    assert_eq!(read(Value::Signed(16), &[0xFF; 16], Little), value("-1", 16));
    assert_eq!(read(Value::Signed(16), &[&[0x80][..], &[0; 15]].concat(), Big), value(&i128::MIN.to_string(), 16));
    assert_eq!(Value::Signed(2).read(&[0, 0x80], Little, Radix::Hex), value("-0x8000", 2));
    assert_eq!(Value::Unsigned(1).read(&[10], Little, Radix::Binary), value("0b1010", 1));
    assert_eq!(Value::Unsigned(1).read(&[10], Little, Radix::Octal), value("0o12", 1));
}

#[test]
fn what_is_written_reads_back() {
    let mut random = fastrand::Rng::with_seed(3);
    for kind in every_value().into_iter().filter(|value| value.can_be_typed()) {
        for _ in 0..200 {
            let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(40).collect();
            for (order, radix) in [(Little, Radix::Decimal), (Big, Radix::Hex), (Little, Radix::Octal), (Big, Radix::Binary)] {
                let Reading::Value { text, len } = kind.read(&bytes, order, radix) else { continue };
                let again = kind.write(&text, order, radix, &bytes);
                // A float that is no number has many forms, and EBCDIC has characters twice; all read alike.
                let written = again.unwrap_or_else(|error| panic!("{}: {text}: {error}", kind.name()));
                assert_eq!(kind.read(&written, order, radix), Reading::Value { text, len: written.len() }, "{}", kind.name());
                assert!(written.len() == len || matches!(kind, Value::Text(_)), "{}", kind.name());
            }
        }
    }
}

#[test]
fn numbers_out_of_range_are_named_and_not_clipped() {
    for (kind, text, error) in [
        (Value::Unsigned(1), "256", "256 does not fit: u8 is from 0 to 255"),
        (Value::Unsigned(1), "-1", "-1 does not fit: u8 is from 0 to 255"),
        (Value::Signed(1), "128", "128 does not fit: i8 is from -128 to 127"),
        (Value::Signed(3), "-8388609", "-8388609 does not fit: i24 is from -8388608 to 8388607"),
        (Value::Unsigned(2), "FF", "FF is no whole number: write 0xFF for a hexadecimal one"),
        (Value::Unsigned(2), "1.5", "1.5 is no whole number"),
        (Value::Unsigned(2), "", "Type a value for u16"),
        (Value::Float(Float::F16), "65520", "65520 does not fit: the largest number is 65504"),
        (Value::Float(Float::F32), "1e39", "1e39 does not fit: the largest number is 3.4028235e38"),
        (Value::Float(Float::F64), "1e999", "1e999 does not fit: the largest number is 1.7976931348623157e308"),
        (Value::Float(Float::F64), "x", "x is no number such as 1.5, -2e10, inf or nan"),
        (Value::Uleb, "-1", "-1 does not fit: ULEB128 has no sign"),
        (Value::Bool, "maybe", "maybe is neither true nor false"),
        (Value::Bits, "0101", "A byte has eight bits, each 0 or 1"),
        (Value::Guid, "123", "A GUID is 32 hexadecimal digits, and this has 3"),
        (Value::Rgba8, "#12345", "A colour is #RRGGBB or #RRGGBBAA in hexadecimal digits"),
        (Value::Rgb565, "#11223344", "A colour of 16 bits has no alpha: #RRGGBB"),
        (Value::Time(Time::Unix32), "2040-01-01", "2040-01-01 does not fit: Unix 32 is from 1901-12-13 to 2038-01-19"),
        (Value::Time(Time::Dos), "1979-12-31", "1979-12-31 does not fit: DOS is from 1980 to 2107"),
        (Value::Time(Time::Dos), "2024-05-01 12:00:01", "DOS counts steps of two seconds: type an even one"),
        (Value::Text(4), "a€", "Latin-1 has no € (U+20AC)"),
    ] {
        assert_eq!(write(kind, text, Little), Err(error.into()));
    }
    let bad_date = write(Value::Time(Time::Unix64), "2024-13-01", Little).unwrap_err();
    assert!(bad_date.starts_with("2024-13-01 is no date and time such as"), "{bad_date}");
    assert!(write(Value::Unsigned(16), &format!("{}0", u128::MAX), Little).unwrap_err().contains("more than 128 bits"));
    assert_eq!(write(Value::Signed(16), &i128::MIN.to_string(), Little), Ok(i128::MIN.to_le_bytes().to_vec()));
    assert_eq!(write(Value::Signed(1), "-128", Little), Ok(vec![0x80]));
    assert_eq!(write(Value::Unsigned(4), "0xDEAD_BEEF", Big), Ok(vec![0xDE, 0xAD, 0xBE, 0xEF]));
    assert_eq!(Value::Unsigned(2).write("beef", Big, Radix::Hex, &[]), Ok(vec![0xBE, 0xEF]));
}

#[test]
fn floats() {
    let float = Value::Float;
    assert_eq!(read(float(Float::F32), &1.5f32.to_le_bytes(), Little), value("1.5", 4));
    assert_eq!(read(float(Float::F64), &0.1f64.to_be_bytes(), Big), value("0.1", 8));
    assert_eq!(read(float(Float::F64), &f64::NAN.to_be_bytes(), Big), value("NaN", 8));
    assert_eq!(read(float(Float::Bf16), &[0x80, 0x3F], Little), value("1.0", 2));
    for (bits, text) in [(0x3C00u16, "1.0"), (0xC000, "-2.0"), (0x7BFF, "65504.0"), (0x7C00, "inf"), (0x0001, "5.9604645e-8")] {
        assert_eq!(read(float(Float::F16), &bits.to_be_bytes(), Big), value(text, 2));
    }
    assert_eq!(write(float(Float::F16), "1.5", Little), Ok(vec![0x00, 0x3E]));
    assert_eq!(write(float(Float::F32), "-inf", Big), Ok(vec![0xFF, 0x80, 0, 0]));
}

#[test]
fn leb128() {
    assert_eq!(read(Value::Uleb, &[0xE5, 0x8E, 0x26, 7], Little), value("624485", 3));
    assert_eq!(read(Value::Sleb, &[0xC0, 0xBB, 0x78], Little), value("-123456", 3));
    assert_eq!(read(Value::Sleb, &[0x7F], Little), value("-1", 1));
    assert_eq!(read(Value::Uleb, &[0x80, 0x80], Little), Reading::Missing { more: 1 });
    assert_eq!(read(Value::Uleb, &[0x80; 40], Little), Reading::Invalid("longer than 128 bits".into()));
    let largest = [&[0xFF; 18][..], &[0x03]].concat();
    assert_eq!(read(Value::Uleb, &largest, Little), value(&u128::MAX.to_string(), 19));
    assert_eq!(write(Value::Uleb, &u128::MAX.to_string(), Little), Ok(largest));
    for number in [i128::MIN, -64, -65, 63, 64, i128::MAX] {
        let bytes = write(Value::Sleb, &number.to_string(), Little).unwrap();
        assert_eq!(read(Value::Sleb, &bytes, Little), value(&number.to_string(), bytes.len()));
    }
    // What follows keeps its meaning.
    let over = |text, now: &[u8]| Value::Uleb.write(text, Little, Radix::Decimal, now);
    assert_eq!(over("1", &[0xE5, 0x8E, 0x26, 7]), Ok(vec![0x81, 0x80, 0x00]));
    assert!(over("128", &[0x05]).unwrap_err().contains("takes 2 bytes, and the value here has 1"));
    assert_eq!(Value::Sleb.write("-1", Little, Radix::Decimal, &[0xC0, 0xBB, 0x78]), Ok(vec![0xFF, 0xFF, 0x7F]));
}

#[test]
fn times() {
    let time = Value::Time;
    let bytes = |digits: &str| hex::decode(digits).unwrap();
    for (kind, digits, order, text, len) in [
        (Time::Unix32, "00000000", Little, "1970-01-01T00:00:00Z", 4),
        (Time::Unix32, "ffffffff", Big, "1969-12-31T23:59:59Z", 4),
        (Time::Unix64, "0000000100000000", Big, "2106-02-07T06:28:16Z", 8),
        (Time::UnixMillis, "e803000000000000", Little, "1970-01-01T00:00:01Z", 8),
        (Time::FileTime, "00949c48c39bda01", Little, "2024-05-01T12:30:00Z", 8),
        (Time::Ole, "00000000b02ce640", Little, "2024-05-01T12:00:00", 8),
        (Time::Hfs, "e257e648", Big, "2024-05-01T12:30:00Z", 4),
        (Time::Dos, "c063a158", Little, "2024-05-01T12:30:00", 4),
    ] {
        assert_eq!(read(time(kind), &bytes(digits), order), value(text, len), "{}", kind.name());
        assert_eq!(write(time(kind), text, order), Ok(bytes(digits)), "{}", kind.name());
    }
    assert_eq!(write(time(Time::Unix32), "1970-01-01 01:00:00+01:00", Little), Ok(vec![0; 4]));
    assert_eq!(write(time(Time::Unix32), "1970-01-02", Little), Ok(86400u32.to_le_bytes().to_vec()));
    assert_eq!(read(time(Time::Dos), &[0; 4], Little), Reading::Invalid("no date and time".into()));
    assert_eq!(read(time(Time::Unix64), &[0x7F; 8], Little), Reading::Invalid("outside of the calendar".into()));
    assert_eq!(read(time(Time::Ole), &(-1.25f64).to_le_bytes(), Little), value("1899-12-29T06:00:00", 8));
    assert_eq!(write(time(Time::Ole), "1899-12-29 06:00", Little), Ok((-1.25f64).to_le_bytes().to_vec()));
}

#[test]
fn guids_and_colors() {
    let bytes: Vec<u8> = (0..16).collect();
    assert_eq!(read(Value::Guid, &bytes, Big), value("00010203-0405-0607-0809-0a0b0c0d0e0f", 16));
    assert_eq!(read(Value::Guid, &bytes, Little), value("03020100-0504-0706-0809-0a0b0c0d0e0f", 16));
    assert_eq!(write(Value::Guid, "{03020100-0504-0706-0809-0A0B0C0D0E0F}", Little), Ok(bytes));
    assert_eq!(read(Value::Rgba8, &[1, 2, 3, 0xFF], Little), value("#010203FF", 4));
    assert_eq!(Value::Rgba8.write("#abc", Little, Radix::Decimal, &[0, 0, 0, 9]), Ok(vec![0xAA, 0xBB, 0xCC, 9]));
    assert_eq!(read(Value::Rgb565, &[0x00, 0xF8], Little), value("#FF0000", 2));
    assert_eq!(write(Value::Rgb565, "#00FF00", Big), Ok(vec![0x07, 0xE0]));
    assert_eq!(Value::Rgb565.color(&[0x1F, 0x00], Little), Some([0, 0, 255, 255]));
}

#[test]
fn characters_and_text() {
    assert_eq!(read(Value::Ascii, b"A", Little), value("A", 1));
    assert_eq!(read(Value::Ascii, b"\n", Little), value("LF (line feed)", 1));
    assert_eq!(read(Value::Ascii, b"\x80", Little), Reading::Invalid("not ASCII".into()));
    assert_eq!(read(Value::Utf8, "€x".as_bytes(), Little), value("€  U+20AC", 3));
    assert_eq!(read(Value::Utf8, b"\xED\xA0\x80", Little), Reading::Invalid("not UTF-8".into()));
    assert_eq!(read(Value::Utf8, &[0xE2, 0x82], Little), Reading::Missing { more: 1 });
    assert_eq!(read(Value::Utf16, &[0x3D, 0xD8, 0x00, 0xDE], Little), value("😀  U+1F600", 4));
    assert_eq!(read(Value::Utf16, &[0xD8, 0x3D, 0x00, 0x41], Big), Reading::Invalid("lone surrogate".into()));
    let text = |name: &str| Value::Text(ENCODINGS.iter().position(|(known, _)| *known == name).unwrap() as u8);
    for (name, bytes, shown, len) in [
        ("utf-8", "Grüße\n".as_bytes(), "Grüße", 7),
        ("utf-16-le", b"h\0i\0\0\0", "hi", 4),
        ("cp437", b"\x82t\x82", "été", 3),
        ("cp037", b"\xC8\x85\x93\x93\x96", "Hello", 5),
        ("shift_jis", b"\x93\xFA\x96\x7B\x93", "日本", 4),
        ("gbk", b"\xD6\xD0\xCE\xC4\0", "中文", 4),
    ] {
        assert_eq!(read(text(name), bytes, Little), value(shown, len), "{name}");
        assert_eq!(write(text(name), shown, Little).as_deref(), Ok(&bytes[..len]), "{name}");
    }
    assert_eq!(read(text("utf-8"), &[b'a'; 64], Little), value(&"a".repeat(32), 32));
    assert_eq!(read(text("utf-8"), b"\0", Little), Reading::Invalid("no text here".into()));
}

#[test]
fn at_the_end_every_value_says_what_is_missing() {
    for kind in every_value() {
        assert!(matches!(read(kind, &[], Little), Reading::Missing { more: 1.. }), "{}", kind.name());
    }
    assert_eq!(read(Value::Unsigned(4), &[1, 2, 3], Little), Reading::Missing { more: 1 });
    assert_eq!(read(Value::Guid, &[1], Big), Reading::Missing { more: 15 });
}
