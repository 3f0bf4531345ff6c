//! The terminal. SKELETON.
