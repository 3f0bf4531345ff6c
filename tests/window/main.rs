//! The window without a display: every view, pane and dialog, driven by mouse and keys and drawn in software.
#![cfg(feature = "gui")]

mod compare;
mod console;
mod convert;
#[cfg(unix)]
mod failures;
mod fields;
mod hex_view;
mod huge_files;
mod keys;
mod marks;
mod overview;
mod panels;
mod picture;
mod protect;
mod report;
mod search;
mod selection;
mod support;
mod table;
mod tester;
mod view_kit;
mod views;
mod whole;
mod zoom;
