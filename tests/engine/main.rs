//! What the window and the terminal stand on: the buffer, the streams, documents and their timeline, files, searches, tasks,
//! and the decisions of the program, with no window.
#![recursion_limit = "1024"]

mod app;
mod bookmarks;
mod buffer;
mod byte_ops;
mod compare;
mod file_under_us;
mod files;
mod layering;
mod literal;
mod protect;
mod search;
mod selection;
mod stream;
mod tasks;
mod timeline;
