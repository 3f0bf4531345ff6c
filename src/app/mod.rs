//! Decisions. SKELETON.
