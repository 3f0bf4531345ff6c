//! Bytes written as text and back: hex digits, canonical hex dump, base64, data URL. SKELETON.
