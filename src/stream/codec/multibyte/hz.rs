//! HZ: GB 2312 in seven bits, between `~{` and `~}`.

use super::super::units::Units;
use super::{State, Stop, tables};

/// Whether pairs come next, in the state.
const IN_PAIRS: usize = 0;

pub(super) fn decode(state: &mut State, input: &[u8], at: &mut usize, out: &mut Units) -> Stop {
    let pairs = tables::gb2312();
    loop {
        let in_pairs = state.0[IN_PAIRS] != 0;
        match input[*at..] {
            [] => return Stop::End,
            [b'~'] => return Stop::TooFew,
            [b'~', second, ..] => {
                match second {
                    b'~' if !in_pairs => out.push(b'~'.into()),
                    b'{' if !in_pairs => state.0[IN_PAIRS] = 1,
                    b'}' if in_pairs => state.0[IN_PAIRS] = 0,
                    b'\n' if !in_pairs => {}
                    _ => return Stop::Illegal(1),
                }
                *at += 2;
            }
            [0x80..=0xFF, ..] => return Stop::Illegal(1),
            [byte, ..] if !in_pairs => {
                out.push(byte.into());
                *at += 1;
            }
            [first, second, ..] => {
                let Some(point) = pairs.point_of_seven(first, second) else { return Stop::Illegal(1) };
                out.push(point);
                *at += 2;
            }
            [_] => return Stop::TooFew,
        }
    }
}

pub(super) fn put(state: &mut State, point: u32, out: &mut Vec<u8>) -> bool {
    if point < 0x80 {
        finish(state, out);
        if point == u32::from(b'~') {
            out.push(b'~');
        }
        out.push(point as u8);
        return true;
    }
    let Some(code) = tables::gb2312().code_of_seven(point) else { return false };
    if state.0[IN_PAIRS] == 0 {
        out.extend_from_slice(b"~{");
        state.0[IN_PAIRS] = 1;
    }
    out.extend_from_slice(&code);
    true
}

pub(super) fn finish(state: &mut State, out: &mut Vec<u8>) {
    if state.0[IN_PAIRS] != 0 {
        out.extend_from_slice(b"~}");
        state.0[IN_PAIRS] = 0;
    }
}
