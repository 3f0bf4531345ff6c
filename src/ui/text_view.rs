//! The lines of a document.
