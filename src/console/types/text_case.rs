//! The methods of `str` that change case, and those that ask what a text is made of.

use crate::console::object::Object;
use crate::console::raise::Outcome;
use crate::console::vm::Vm;
use crate::stream::{Text, TextBuilder, is_printable};

use super::case_table::{FOLD, TITLE};
use super::unicode::{is_alpha, is_decimal, is_digit, is_numeric, is_space};

/// The character, where Unicode 14 has one there: newer ones have no case yet.
fn known(point: u32) -> Option<char> {
    char::from_u32(point).filter(|_| is_printable(point))
}

fn is_upper(point: u32) -> bool {
    known(point).is_some_and(char::is_uppercase)
}

fn is_lower(point: u32) -> bool {
    known(point).is_some_and(char::is_lowercase)
}

fn is_title(point: u32) -> bool {
    matches!(point, 0x1C5 | 0x1C8 | 0x1CB | 0x1F2 | 0x1F88..=0x1F8F | 0x1F98..=0x1F9F | 0x1FA8..=0x1FAF | 0x1FBC | 0x1FCC | 0x1FFC)
}

fn is_cased(point: u32) -> bool {
    is_upper(point) || is_lower(point) || is_title(point)
}

fn push_upper(out: &mut TextBuilder, point: u32) {
    match known(point) {
        Some(c) => c.to_uppercase().for_each(|c| out.push(c.into())),
        None => out.push(point),
    }
}

fn push_title(out: &mut TextBuilder, point: u32) {
    match TITLE.binary_search_by_key(&point, |entry| entry.0) {
        Ok(at) => out.push_str(TITLE[at].1),
        Err(_) => push_upper(out, point),
    }
}

fn push_fold(out: &mut TextBuilder, point: u32) {
    match (FOLD.binary_search_by_key(&point, |entry| entry.0), known(point)) {
        (Ok(at), _) => out.push_str(FOLD[at].1),
        (_, Some(c)) => c.to_lowercase().for_each(|c| out.push(c.into())),
        _ => out.push(point),
    }
}

/// The small letter of `points[at]`: a sigma at the end of a word has a form of its own.
fn push_lower(out: &mut TextBuilder, points: &[u32], at: usize) {
    let point = points[at];
    match known(point) {
        Some('Σ') => out.push(if is_final_sigma(points, at) { 0x3C2 } else { 0x3C3 }),
        Some(c) => c.to_lowercase().for_each(|c| out.push(c.into())),
        None => out.push(point),
    }
}

fn is_final_sigma(points: &[u32], at: usize) -> bool {
    let before = points[..at].iter().rev().find(|point| !is_ignorable(**point));
    let after = points[at + 1..].iter().find(|point| !is_ignorable(**point));
    before.is_some_and(|point| is_cased(*point)) && after.is_none_or(|point| !is_cased(*point))
}

/// What does not end a word for the sigma: marks, apostrophes and the like.
fn is_ignorable(point: u32) -> bool {
    matches!(point, 0x27 | 0x2E | 0x3A | 0x5E | 0x60 | 0xA8 | 0xAD | 0xAF | 0xB4 | 0xB7 | 0xB8 | 0x2019 | 0x2018 | 0x2027)
        || matches!(point, 0x2B0..=0x36F | 0x483..=0x489 | 0x591..=0x5BD | 0x610..=0x61A | 0x64B..=0x65F | 0x200B..=0x200F | 0x20D0..=0x20F0)
}

fn mapped(vm: &Vm, text: &Text, mut push: impl FnMut(&mut TextBuilder, &[u32], usize)) -> Outcome<Text> {
    vm.step(text.len() / 16)?;
    vm.allocate(text.len().saturating_mul(12))?;
    let points = text.to_points();
    let mut out = TextBuilder::new();
    for at in 0..points.len() {
        push(&mut out, &points, at);
    }
    Ok(out.finish())
}

/// A text of ASCII in bytes, with something done to it.
fn ascii(vm: &Vm, text: &Text, change: impl FnOnce(&mut Vec<u8>)) -> Outcome<Option<Text>> {
    let Some(bytes) = text.latin1().filter(|bytes| bytes.is_ascii()) else { return Ok(None) };
    vm.step(text.len() / 256)?;
    vm.allocate(text.len())?;
    let mut bytes = bytes.into_owned();
    change(&mut bytes);
    Ok(Some(Text::from_latin1_bytes(bytes)))
}

pub(super) fn call(vm: &Vm, text: &Text, name: &str) -> Outcome {
    let changed = match name {
        "upper" => match ascii(vm, text, |bytes| bytes.make_ascii_uppercase())? {
            Some(upper) => upper,
            None => mapped(vm, text, |out, points, at| push_upper(out, points[at]))?,
        },
        "lower" => match ascii(vm, text, |bytes| bytes.make_ascii_lowercase())? {
            Some(lower) => lower,
            None => mapped(vm, text, push_lower)?,
        },
        "casefold" => mapped(vm, text, |out, points, at| push_fold(out, points[at]))?,
        "capitalize" => mapped(vm, text, |out, points, at| match at {
            0 => push_title(out, points[at]),
            _ => push_lower(out, points, at),
        })?,
        "swapcase" => mapped(vm, text, |out, points, at| match points[at] {
            point if is_upper(point) => push_lower(out, points, at),
            point if is_lower(point) => push_upper(out, point),
            point => out.push(point),
        })?,
        "title" => mapped(vm, text, |out, points, at| match at.checked_sub(1) {
            Some(before) if is_cased(points[before]) => push_lower(out, points, at),
            _ => push_title(out, points[at]),
        })?,
        _ => {
            vm.step(text.len() / 16)?;
            return Ok(Object::Bool(asks(text, name)));
        }
    };
    Ok(Object::Str(changed))
}

fn asks(text: &Text, name: &str) -> bool {
    let all = |holds: fn(u32) -> bool| !text.is_empty() && text.code_points().all(holds);
    match name {
        "isascii" => text.is_ascii(),
        "isprintable" => text.code_points().all(is_printable),
        "isalpha" => all(is_alpha),
        "isdecimal" => all(is_decimal),
        "isdigit" => all(is_digit),
        "isnumeric" => all(is_numeric),
        "isspace" => all(is_space),
        "isalnum" => all(|point| is_alpha(point) || is_numeric(point)),
        "isidentifier" => is_identifier(text),
        "islower" => text.code_points().any(is_lower) && !text.code_points().any(|point| is_upper(point) || is_title(point)),
        "isupper" => text.code_points().any(is_upper) && !text.code_points().any(|point| is_lower(point) || is_title(point)),
        _ => is_titled(text),
    }
}

/// Capitals begin words, and only there.
fn is_titled(text: &Text) -> bool {
    let (mut any, mut within) = (false, false);
    for point in text.code_points() {
        if is_upper(point) || is_title(point) {
            if within {
                return false;
            }
            (any, within) = (true, true);
        } else if is_lower(point) {
            if !within {
                return false;
            }
            (any, within) = (true, true);
        } else {
            within = false;
        }
    }
    any
}

fn is_identifier(text: &Text) -> bool {
    let is_mark = |point: u32| point >= 0x80 && char::from_u32(point).is_some_and(char::is_alphanumeric);
    text.code_points()
        .enumerate()
        .all(|(at, point)| point == 0x5F || is_alpha(point) || (at > 0 && (is_decimal(point) || is_mark(point))))
        && !text.is_empty()
}
