//! Seconds of processor time, of this process and of the programs it started, all threads together. A machine that does other
//! work, too, changes these less than the clock.

/// Ticks a second in `/proc`, on every Linux.
const TICKS: f64 = 100.0;

/// What `/proc/self/stat` says of a field and the one after it (user and system time), counted from 1 as in proc(5).
fn fields(first: usize) -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program stands in parentheses and may have blanks in it; field 3 comes behind.
    let mut rest = text.rsplit_once(')')?.1.split_whitespace().skip(first - 3);
    let (user, system) = (rest.next()?.parse::<f64>().ok()?, rest.next()?.parse::<f64>().ok()?);
    Some((user + system) / TICKS)
}

/// Of this process.
pub(crate) fn own() -> Option<f64> {
    fields(14)
}

/// Of the programs it started and waited for.
pub(crate) fn programs() -> Option<f64> {
    fields(16)
}
