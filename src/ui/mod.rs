//! The window. SKELETON.
