//! Seconds of processor time, of this process and of the programs it started, all threads together. A machine that does other
//! work, too, changes these less than the clock.

/// Ticks a second in `/proc`, on every Linux.
const TICKS: f64 = 100.0;

/// Of this process: threads that are over count, too.
pub(crate) fn own() -> Option<f64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(time.tv_sec as f64 + time.tv_nsec as f64 / 1e9)
}

/// Of the programs it started and waited for.
pub(crate) fn programs() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program stands in parentheses and may have blanks in it; field 3 of proc(5) comes behind, and 16 and 17 are
    // user and system time.
    let mut rest = text.rsplit_once(')')?.1.split_whitespace().skip(16 - 3);
    let (user, system) = (rest.next()?.parse::<f64>().ok()?, rest.next()?.parse::<f64>().ok()?);
    Some((user + system) / TICKS)
}
