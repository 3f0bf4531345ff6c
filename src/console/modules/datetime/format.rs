//! `strftime` and `strptime` in the C locale.

use std::collections::HashSet;

use super::calendar::{Date, SECOND, Time, offset_iso};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    /// The day.
    pub(super) date: Date,
    /// The time.
    pub(super) time: Time,
    /// The offset from UTC, where it is known.
    pub(super) offset: Option<i128>,
    /// The zone's name.
    pub(super) zone: &'a str,
}

/// The first three letters.
fn short(name: &str) -> &str {
    name.get(..3).unwrap_or(name)
}

/// `strftime`: a directive that does not exist stays as it is.
pub(super) fn write(format: &str, fields: Fields<'_>) -> String {
    let mut out = String::with_capacity(format.len() + 16);
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        match (c, rest.clone().next()) {
            ('%', Some(directive)) => {
                rest.next();
                push(&mut out, directive, fields);
            }
            _ => out.push(c),
        }
    }
    out
}

fn push(out: &mut String, directive: char, fields: Fields<'_>) {
    let Fields { date, time, offset, zone } = fields;
    let weekday = date.weekday();
    let half = if time.hour < 12 { "AM" } else { "PM" };
    let hour12 = (time.hour + 11) % 12 + 1;
    let name = |names: &[&'static str], n: i64| names.get(n as usize).copied().unwrap_or_default();
    let written = match directive {
        'a' => short(name(&DAYS, weekday)).to_owned(),
        'A' => name(&DAYS, weekday).to_owned(),
        'b' | 'h' => short(name(&MONTHS, date.month - 1)).to_owned(),
        'B' => name(&MONTHS, date.month - 1).to_owned(),
        'c' => write("%a %b %e %H:%M:%S %Y", fields),
        'C' => format!("{:02}", date.year / 100),
        'd' => format!("{:02}", date.day),
        'D' | 'x' => write("%m/%d/%y", fields),
        'e' => format!("{:2}", date.day),
        'f' => format!("{:06}", time.micro),
        'F' => write("%Y-%m-%d", fields),
        'g' => format!("{:02}", date.iso_week().0 % 100),
        'G' => date.iso_week().0.to_string(),
        'H' => format!("{:02}", time.hour),
        'I' => format!("{hour12:02}"),
        'j' => format!("{:03}", date.day_of_year()),
        'k' => format!("{:2}", time.hour),
        'l' => format!("{hour12:2}"),
        'm' => format!("{:02}", date.month),
        'M' => format!("{:02}", time.minute),
        'n' => "\n".to_owned(),
        'p' => half.to_owned(),
        'P' => half.to_lowercase(),
        'r' => write("%I:%M:%S %p", fields),
        'R' => write("%H:%M", fields),
        'S' => format!("{:02}", time.second),
        't' => "\t".to_owned(),
        'T' | 'X' => write("%H:%M:%S", fields),
        'u' => (weekday + 1).to_string(),
        'U' => format!("{:02}", (date.day_of_year() + 6 - (weekday + 1) % 7) / 7),
        'V' => format!("{:02}", date.iso_week().1),
        'w' => ((weekday + 1) % 7).to_string(),
        'W' => format!("{:02}", (date.day_of_year() + 6 - weekday) / 7),
        'y' => format!("{:02}", date.year % 100),
        'Y' => date.year.to_string(),
        'z' => offset.map(|offset| offset_iso(offset, "")).unwrap_or_default(),
        'Z' => zone.to_owned(),
        '%' => "%".to_owned(),
        other => format!("%{other}"),
    };
    out.push_str(&written);
}

/// What a text said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) year: Option<i64>,
    pub(super) month: Option<i64>,
    pub(super) day: Option<i64>,
    pub(super) day_of_year: Option<i64>,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) micro: i64,
    pub(super) offset: Option<i128>,
    pub(super) utc: bool,
    hour12: bool,
    afternoon: Option<bool>,
}

/// A piece of a format.
#[derive(Clone, Debug)]
enum Item {
    /// Characters as they are; a run of white space stands for any such run.
    Text(Vec<char>),
    /// What a directive stands for.
    Directive(char),
}

fn items(format: &str) -> Result<Vec<Item>, String> {
    let mut items = Vec::new();
    let mut text = Vec::new();
    let mut seen = HashSet::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let parts: &[char] = match rest.next() {
            None => return Err(format!("stray % in format '{format}'")),
            Some('%') => {
                text.push('%');
                continue;
            }
            Some('c') => &['a', ' ', 'b', ' ', 'd', ' ', 'H', ':', 'M', ':', 'S', ' ', 'Y'],
            Some('x') => &['m', '/', 'd', '/', 'y'],
            Some('X') => &['H', ':', 'M', ':', 'S'],
            Some(c) if "aAbBdfHIjmMpSwyYzZuUWVG".contains(c) => &[c],
            Some(c) => return Err(format!("'{c}' is a bad directive in format '{format}'")),
        };
        for &part in parts {
            if !part.is_ascii_alphabetic() {
                text.push(part);
                continue;
            }
            if !text.is_empty() {
                items.push(Item::Text(std::mem::take(&mut text)));
            }
            if !seen.insert(part) {
                return Err(format!("the directive %{part} comes twice in format '{format}'"));
            }
            items.push(Item::Directive(part));
        }
    }
    if !text.is_empty() {
        items.push(Item::Text(text));
    }
    Ok(items)
}

/// `strptime`: what the text says by the format.
pub(super) fn read(text: &str, format: &str) -> Result<Parsed, String> {
    let items = items(format)?;
    let chars: Vec<char> = text.chars().collect();
    let mut parsed = Parsed::default();
    let mut dead = HashSet::new();
    let Some(end) = matches(&items, 0, &chars, 0, &mut parsed, &mut dead) else {
        return Err(format!("time data {} does not match format {}", quoted(text), quoted(format)));
    };
    if end < chars.len() {
        let rest: String = chars[end..].iter().collect();
        return Err(format!("unconverted data remains: {rest}"));
    }
    if parsed.hour12 {
        match parsed.afternoon {
            Some(true) => parsed.hour = parsed.hour % 12 + 12,
            _ => parsed.hour %= 12,
        }
    }
    Ok(parsed)
}

fn quoted(text: &str) -> String {
    crate::stream::str_repr(&text.into())
}

/// Matches the items from `at` on against the characters from `from` on and tells where they end. Whatever a directive could
/// take is tried, the longest first; `dead` holds the places that are known to lead nowhere.
fn matches(
    items: &[Item],
    at: usize,
    chars: &[char],
    from: usize,
    parsed: &mut Parsed,
    dead: &mut HashSet<(usize, usize)>,
) -> Option<usize> {
    let Some(item) = items.get(at) else { return Some(from) };
    if dead.contains(&(at, from)) {
        return None;
    }
    let found = match item {
        Item::Text(text) => skip_text(text, chars, from).and_then(|from| matches(items, at + 1, chars, from, parsed, dead)),
        Item::Directive(directive) => candidates(*directive, &chars[from..]).into_iter().find_map(|(len, value)| {
            let end = matches(items, at + 1, chars, from + len, parsed, dead)?;
            store(parsed, *directive, value);
            Some(end)
        }),
    };
    if found.is_none() {
        dead.insert((at, from));
    }
    found
}

fn skip_text(text: &[char], chars: &[char], mut from: usize) -> Option<usize> {
    let mut text = text.iter().peekable();
    while let Some(c) = text.next() {
        if c.is_whitespace() {
            while text.next_if(|c| c.is_whitespace()).is_some() {}
            let run = chars.get(from..)?.iter().take_while(|c| c.is_whitespace()).count();
            if run == 0 {
                return None;
            }
            from += run;
        } else {
            let same = chars.get(from).is_some_and(|other| c.to_lowercase().eq(other.to_lowercase()));
            from = if same { from + 1 } else { return None };
        }
    }
    Some(from)
}

/// How many characters a directive may take, with what they say.
fn candidates(directive: char, chars: &[char]) -> Vec<(usize, i128)> {
    let numbers = |lens: &[usize], range: std::ops::RangeInclusive<i64>| -> Vec<(usize, i128)> {
        let number = |len: usize| {
            let digits = chars.get(..len)?;
            let n = digits.iter().try_fold(0_i64, |n, c| Some(n * 10 + i64::from(c.to_digit(10)?)))?;
            range.contains(&n).then_some((len, i128::from(n)))
        };
        lens.iter().filter_map(|len| number(*len)).collect()
    };
    let names = |names: &[&str], cut: bool| -> Vec<(usize, i128)> {
        let mut found: Vec<(usize, i128)> = names
            .iter()
            .enumerate()
            .filter_map(|(n, name)| {
                let name = if cut { short(name) } else { name };
                let here: String = chars.iter().take(name.len()).collect();
                here.eq_ignore_ascii_case(name).then_some((name.len(), n as i128))
            })
            .collect();
        found.sort_by_key(|(len, _)| std::cmp::Reverse(*len));
        found
    };
    match directive {
        'Y' | 'G' => numbers(&[4], 0..=9999),
        'y' => numbers(&[2], 0..=99),
        'm' => numbers(&[2, 1], 1..=12),
        'd' => match chars {
            [' ', digit @ '1'..='9', ..] => vec![(2, i128::from(*digit as u32 - '0' as u32))],
            _ => numbers(&[2, 1], 1..=31),
        },
        'H' => numbers(&[2, 1], 0..=23),
        'I' => numbers(&[2, 1], 1..=12),
        'M' => numbers(&[2, 1], 0..=59),
        'S' => numbers(&[2, 1], 0..=61),
        'j' => numbers(&[3, 2, 1], 1..=366),
        'U' | 'W' | 'V' => numbers(&[2, 1], 0..=53),
        'w' => numbers(&[1], 0..=6),
        'u' => numbers(&[1], 1..=7),
        'f' => (1..=6)
            .rev()
            .flat_map(|len| numbers(&[len], 0..=999_999).into_iter().map(move |(_, n)| (len, n * 10_i128.pow(6 - len as u32))))
            .collect(),
        'a' => names(&DAYS, true),
        'A' => names(&DAYS, false),
        'b' => names(&MONTHS, true),
        'B' => names(&MONTHS, false),
        'p' => names(&["AM", "PM"], false),
        'Z' => names(&["UTC", "GMT"], false),
        'z' => offset_candidates(chars),
        _ => Vec::new(),
    }
}

/// `Z`, `+0200`, `+02:00`, with seconds where they are there.
fn offset_candidates(chars: &[char]) -> Vec<(usize, i128)> {
    let two = |at: usize, max: u32| -> Option<i128> {
        let n = chars.get(at)?.to_digit(10)? * 10 + chars.get(at + 1)?.to_digit(10)?;
        (n <= max).then_some(i128::from(n))
    };
    let sign = match chars.first() {
        Some('Z') => return vec![(1, 0)],
        Some('+') => 1,
        Some('-') => -1,
        _ => return Vec::new(),
    };
    let colon = usize::from(chars.get(3) == Some(&':'));
    let (Some(hours), Some(minutes)) = (two(1, 99), two(3 + colon, 59)) else { return Vec::new() };
    let end = 5 + colon;
    let mut found = vec![(end, sign * (hours * 60 + minutes) * 60 * SECOND)];
    let has_colon = colon == 1 && chars.get(end) == Some(&':');
    if (colon == 0 || has_colon)
        && let Some(seconds) = two(end + colon, 59)
    {
        found.insert(0, (end + colon + 2, sign * ((hours * 60 + minutes) * 60 + seconds) * SECOND));
    }
    found
}

fn store(parsed: &mut Parsed, directive: char, value: i128) {
    let n = value as i64;
    match directive {
        'Y' => parsed.year = Some(n),
        // The two digits stand for 1969 to 2068, as POSIX has it.
        'y' => parsed.year = Some(if n <= 68 { n + 2000 } else { n + 1900 }),
        'm' => parsed.month = Some(n),
        'b' | 'B' => parsed.month = Some(n + 1),
        'd' => parsed.day = Some(n),
        'H' => parsed.hour = n,
        'I' => {
            parsed.hour = n;
            parsed.hour12 = true;
        }
        'p' => parsed.afternoon = Some(n == 1),
        'M' => parsed.minute = n,
        'S' => parsed.second = n,
        'f' => parsed.micro = n,
        'j' => parsed.day_of_year = Some(n),
        'z' => parsed.offset = Some(value),
        'Z' => parsed.utc = true,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing() {
        let date = Date { year: 2026, month: 4, day: 25 };
        let fields = Fields { date, time: Time { hour: 13, minute: 2, second: 3, micro: 4 }, offset: Some(0), zone: "UTC" };
        assert_eq!(write("%d/%m/%y %a %A %b %j %U %W %w %u %I%p%%", fields), "25/04/26 Sat Saturday Apr 115 16 16 6 6 01PM%");
        assert_eq!(write("%c|%f|%z|%Z|%q|%", fields), "Sat Apr 25 13:02:03 2026|000004|+0000|UTC|%q|%");
    }

    #[test]
    fn reading() {
        let parsed = read("25/04/26 10:30 PM", "%d/%m/%y %I:%M %p").unwrap();
        assert_eq!((parsed.year, parsed.month, parsed.day, parsed.hour), (Some(2026), Some(4), Some(25), 22));
        assert_eq!(read("111", "%d%m").map(|parsed| (parsed.day, parsed.month)), Ok((Some(11), Some(1))));
        assert_eq!(read("apr  5", "%b %d").map(|parsed| parsed.day), Ok(Some(5)));
        assert_eq!(read("x", "%Y").unwrap_err(), "time data 'x' does not match format '%Y'");
        assert_eq!(read("2026 x", "%Y").unwrap_err(), "unconverted data remains:  x");
        assert_eq!(read("2026", "%q").unwrap_err(), "'q' is a bad directive in format '%q'");
        assert_eq!(read("2026", "%Y%").unwrap_err(), "stray % in format '%Y%'");
        assert_eq!(read("+02:30", "%z").map(|parsed| parsed.offset), Ok(Some(9000 * SECOND)));
    }
}
