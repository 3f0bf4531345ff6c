//! The one way from sources to results, for the panel in the window and for `seektell convert`: a [`Recipe`] over many [`Source`]s.
//!
//! - [`run`] does it: a result for each source, told as soon as there is one; a cancel is answered within a piece of work.
//! - Nothing is written over a source, whichever path leads to it. Two sources that would get one name are told apart, or the
//!   second is refused, as [`OnExisting`] says.
//! - A result is written beside its place, read back and decoded ([`verify()`]), and gets its name when it is what it was to be.
//!   After an error or a cancel there is no trace of it.
//! - Destination one ZIP goes what went well; names are made safe and different, and the ZIP is read back as a whole.
//! - [`survey()`] says beforehand what all of them will lose, and which columns they have.
//! - [`words`] names every choice as the terminal spells it, so the terminal, the panel and the settings speak of the same things.

mod batch;
mod error;
mod input;
mod names;
pub(crate) mod numbers;
mod pack;
mod place;
mod recipe;
mod store;
mod survey;
mod verify;
pub mod words;

pub use batch::{Outcome, Written, run, run_in, to_file};
pub use error::ConvertError;
pub use input::Input;
pub use names::{check_pattern, extension, result_name};
pub use numbers::Part;
pub use recipe::{Destination, DialectChoice, OnExisting, Recipe, Source};
pub use store::{Check, Disk, Produce, Store};
pub use survey::{ColumnName, CommonLoss, Survey, survey};
pub use verify::{Sum, verify};

/// A number with its thousands apart: "1,234,567".
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
