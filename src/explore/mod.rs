//! What can be found out about bytes: pure functions over snapshots, with no document, no file and no window.
//!
//! Everything here takes a [`Buffer`](crate::buffer::Buffer), which is a snapshot that costs nothing, and a
//! [`Progress`](crate::tasks::Progress), which says how far it is and asks whether somebody wants it to stop. Long scans
//! run on all cores. Memory is bounded whatever the size of the buffer; what does not fit is counted, never collected.

pub mod byte_ops;
pub mod compare;
mod expression;
pub mod hash;
pub mod inspect;
pub mod overview;
pub mod pixels;
pub mod search;
pub mod strings;
pub mod table;

pub use expression::RegexError;
