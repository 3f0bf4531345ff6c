//! `seektell`: arguments to window or command to exit code.

fn main() {}
