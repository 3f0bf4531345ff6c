//! `io.BufferedReader`, `BufferedWriter`, `BufferedRandom` and `BufferedRWPair`.

mod call;
mod pair;

pub(super) use call::{BufferedStream, Mode};
pub(super) use pair::BufferedPair;
