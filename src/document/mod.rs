//! A document is a named stream. SKELETON.
