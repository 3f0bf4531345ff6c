//! A wall around decoders that may panic on input made to break them.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Format, FormatError};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; a panic inside becomes [`FormatError::Panicked`] with its message.
///
/// What `work` has written so far stays written: callers throw the half result away, as they do on every error.
///
/// # Errors
/// Those of `work`, and `Panicked`.
pub fn guarded<T>(format: Format, work: impl FnOnce() -> Result<T, FormatError>) -> Result<T, FormatError> {
    let outer = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.unwrap_or_else(|panic| Err(FormatError::Panicked { format, message: message(panic.as_ref()) }))
}

/// Whether this thread is inside [`guarded`]: a panic hook asks, to stay silent about panics that become errors.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let line = text.unwrap_or("no message").lines().next().unwrap_or_default();
    line.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_with_its_message() {
        let result: Result<(), _> = guarded(Format::Tiff, || panic!("index {} out of bounds", 7));
        let text = result.unwrap_err().to_string();
        assert_eq!(text, "the TIFF image decoder failed on this input (index 7 out of bounds)");
        assert!(!is_guarded());
    }
}
