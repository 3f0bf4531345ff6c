//! From one format to another: which ways there are, what they lose, and going them. SKELETON.

use std::io::Write;

use super::{Format, FormatError, Loss, Options};
use crate::buffer::Buffer;
use crate::tasks::Progress;

/// What a conversion did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// Bytes written.
    pub written: u64,
    /// What the result does not have any more.
    pub losses: Vec<Loss>,
}

/// The formats that `from` can be written as, in the registry's order, itself included.
pub fn targets(from: Format) -> Vec<Format> {
    vec![from]
}

/// What writing `input` as `to` would lose; reads as much of it as that needs.
pub fn losses(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &Options,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let _ = (input, from, to, options, progress);
    Ok(Vec::new())
}

/// Writes `input`, which is a `from`, as a `to`.
pub fn convert(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Conversion, FormatError> {
    let _ = (input, options, out, progress);
    Err(FormatError::NoConversion { from, to })
}
