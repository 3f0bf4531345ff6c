//! Korean syllables that are made of their letters: the sequences of eight bytes of KS X 1001 and the pairs of Johab.

use super::tables::Pairs;

const FIRST_SYLLABLE: u32 = 0xAC00;
const LAST_SYLLABLE: u32 = 0xD7A3;
const VOWELS: u32 = 21;
const FINALS: u32 = 28;

/// The row of the letters in KS X 1001.
const ROW: u8 = 0xA4;
/// Stands for no letter, and begins a sequence.
const FILLER: u8 = 0xD4;

/// The initial letters in the row, in the order of the syllables.
const INITIALS: [u8; 19] =
    [0xA1, 0xA2, 0xA4, 0xA7, 0xA8, 0xA9, 0xB1, 0xB2, 0xB3, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE];
/// The first vowel in the row; the others follow it.
const FIRST_VOWEL: u8 = 0xBF;
/// The final letters in the row; none is a final too.
const FINAL_LETTERS: [u8; 28] = [
    FILLER, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xB0, 0xB1, 0xB2, 0xB4, 0xB5,
    0xB6, 0xB7, 0xB8, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE,
];

fn index(of: u8, letters: &[u8]) -> Option<u32> {
    letters.iter().position(|&letter| letter == of).map(|at| at as u32)
}

fn syllable(initial: u32, vowel: u32, last: u32) -> u32 {
    FIRST_SYLLABLE + (initial * VOWELS + vowel) * FINALS + last
}

/// Initial, vowel and final of a syllable, as numbers.
fn letters(syllable: u32) -> [usize; 3] {
    let number = syllable - FIRST_SYLLABLE;
    [number / (VOWELS * FINALS), number / FINALS % VOWELS, number % FINALS].map(|n| n as usize)
}

/// The syllable of the three letters that follow a filler.
pub(super) fn made_up(bytes: &[u8; 6]) -> Option<u32> {
    let &[ROW, initial, ROW, vowel, ROW, last] = bytes else { return None };
    let vowel = vowel.checked_sub(FIRST_VOWEL).map(u32::from).filter(|&vowel| vowel < VOWELS)?;
    Some(syllable(index(initial, &INITIALS)?, vowel, index(last, &FINAL_LETTERS)?))
}

/// The eight bytes of a syllable.
pub(super) fn make_up(syllable: u32) -> [u8; 8] {
    let [initial, vowel, last] = letters(syllable);
    [ROW, FILLER, ROW, INITIALS[initial], ROW, FIRST_VOWEL + vowel as u8, ROW, FINAL_LETTERS[last]]
}

/// The five bits of each vowel in Johab. The initials follow each other from 2 on, the finals from 1 on with a gap at 18.
const JOHAB_VOWELS: [u8; 21] = [3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 26, 27, 28, 29];
const JOHAB_NO_INITIAL: u8 = 1;
const JOHAB_NO_VOWEL: u8 = 2;
const JOHAB_NO_FINAL: u8 = 1;

/// The letters by themselves, from here on in Unicode, in the order of the row.
const FIRST_LETTER: u32 = 0x3131;
const LETTERS: u32 = 51;

/// The letter of Unicode for one of the row.
fn letter(in_row: u8) -> u32 {
    FIRST_LETTER + u32::from(in_row - 0xA1)
}

/// The character of a pair of Johab whose first byte is 80 or higher.
pub(super) fn johab_point(pairs: &Pairs, first: u8, second: u8) -> Option<u32> {
    if first >= 0xD8 {
        return johab_other(pairs, first, second);
    }
    let bits = u16::from_be_bytes([first, second]);
    let [initial, vowel, last] = [bits >> 10, bits >> 5, bits].map(|bits| (bits & 0x1F) as u8);
    // What may stand there, or nothing.
    let initial = match initial {
        JOHAB_NO_INITIAL => None,
        2..=20 => Some(initial - 2),
        _ => return None,
    };
    let vowel = match vowel {
        JOHAB_NO_VOWEL => None,
        vowel => Some(index(vowel, &JOHAB_VOWELS)?),
    };
    let last = match last {
        JOHAB_NO_FINAL => None,
        2..=17 => Some(last - 1),
        19..=29 => Some(last - 2),
        _ => return None,
    };
    match (initial, vowel, last) {
        (None, None, None) => Some(0x3000),
        (None, None, Some(last)) => Some(letter(FINAL_LETTERS[usize::from(last)])),
        (None, Some(vowel), None) => Some(letter(FIRST_VOWEL + vowel as u8)),
        (Some(initial), None, None) => Some(letter(INITIALS[usize::from(initial)])),
        (Some(initial), Some(vowel), last) => Some(syllable(initial.into(), vowel, last.unwrap_or(0).into())),
        _ => None,
    }
}

/// The rows of KS X 1001 that have no syllables, two for each first byte.
fn johab_other(pairs: &Pairs, first: u8, second: u8) -> Option<u32> {
    let cell = match second {
        0x31..=0x7E => second - 0x31,
        0x91..=0xFE => second - 0x43,
        _ => return None,
    };
    let row = match first {
        0xD9..=0xDE => 2 * (first - 0xD9),
        0xE0..=0xF9 => 2 * (first - 0xE0) + 0x29,
        _ => return None,
    };
    // The letters have their place among the syllables.
    if first == 0xDA && matches!(second, 0xA1..=0xD3) {
        return None;
    }
    let point = pairs.point(0xA1 + row + cell / 94, 0xA1 + cell % 94);
    (point != 0).then_some(point.into())
}

/// The pair of a character in Johab.
pub(super) fn johab_code(pairs: &Pairs, point: u32) -> Option<[u8; 2]> {
    let code = |initial: u8, vowel: u8, last: u8| {
        (0x8000 | u16::from(initial) << 10 | u16::from(vowel) << 5 | u16::from(last)).to_be_bytes()
    };
    let johab_final = |number: usize| number as u8 + if number > 16 { 2 } else { 1 };
    if (FIRST_SYLLABLE..=LAST_SYLLABLE).contains(&point) {
        let [initial, vowel, last] = letters(point);
        return Some(code(initial as u8 + 2, JOHAB_VOWELS[vowel], johab_final(last)));
    }
    if (FIRST_LETTER..FIRST_LETTER + LETTERS).contains(&point) {
        let in_row = 0xA1 + (point - FIRST_LETTER) as u8;
        if in_row >= FIRST_VOWEL {
            return Some(code(JOHAB_NO_INITIAL, JOHAB_VOWELS[usize::from(in_row - FIRST_VOWEL)], JOHAB_NO_FINAL));
        }
        return Some(match index(in_row, &INITIALS) {
            Some(initial) => code(initial as u8 + 2, JOHAB_NO_VOWEL, JOHAB_NO_FINAL),
            None => code(JOHAB_NO_INITIAL, JOHAB_NO_VOWEL, johab_final(index(in_row, &FINAL_LETTERS)? as usize)),
        });
    }
    let [row, cell] = pairs.code_of_seven(point)?.map(|byte| byte - 0x21);
    let (first, odd) = match row {
        0..=0x0B => (0xD9 + row / 2, row % 2),
        0x29..=0x5C => (0xE0 + (row - 0x29) / 2, (row - 0x29) % 2),
        _ => return None,
    };
    let cell = odd * 94 + cell;
    Some([first, if cell < 0x4E { cell + 0x31 } else { cell + 0x43 }])
}
