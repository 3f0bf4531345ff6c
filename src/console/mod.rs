//! The console: a small Python that runs on live streams.
//!
//! A learner's statements are parsed whole, run one by one, and answer as CPython 3.11 would, to the letter: the same values, the
//! same exceptions, and finalisers that run the moment the last reference goes. There is no file system, no network and no process in
//! this language, and steps, memory, output and recursion are bounded.
//!
//! | module | what it holds |
//! |---|---|
//! | [`object`] | the values: one enum, containers behind `Rc` |
//! | [`class`] | the classes, their inheritance, exceptions among them |
//! | [`raise`](mod@raise) | exceptions that are under way |
//! | [`call`] | arguments of a call, and how native functions take them |
//! | [`native`] | what modules in Rust are made of |
//! | [`vm`] | the interpreter's state and the operations that every part uses |
//! | `parse`, `syntax` | source text to our own tree; the only place that names the parser |
//! | `eval` | running that tree |
//! | `types` | operators, methods and formatting of the built-in types |
//! | `builtins`, `modules` | what is there without an import, and with one |
//! | [`session`] | a console on a thread of its own: requests in, answers out, and a stop that always works |

pub mod call;
pub mod class;
pub mod native;
pub mod object;
mod output;
pub mod raise;
pub mod session;
pub mod vm;

mod away;
mod bounds;
mod brief;
mod builtins;
mod completion;
mod documents;
mod eval;
mod handle;
mod interpreter;
mod modules;
mod parse;
mod syntax;
mod types;
