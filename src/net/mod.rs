//! Bytes from an address on the web: the one module that touches the network, and only when it is asked to.
//!
//! [`fetch`] follows `http` and `https` and nothing else. What a server does is counted and bounded: bytes as they come and as
//! they unpack, the time of the whole, the steps from address to address. A step never leads from `https` to `http`, never from
//! the open network into a private one, and takes no name and password along to another server. Cancelling answers at once: the
//! transfer runs on a thread of its own, which is left alone then and ends with its next bytes, at the latest when its time is up.
//!
//! Proxies are those of the environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` and so on); [`proxy`] says which one.

mod address;
#[cfg(feature = "net")]
mod client;
#[cfg(feature = "net")]
mod guard;
mod name;

use std::time::Duration;

use crate::buffer::{Buffer, Len};
use crate::tasks::{Cancelled, Progress};

pub use address::{Address, is_address};

/// What a transfer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Bytes, as they come and as they unpack.
    pub bytes: u64,
    /// Time from the first step to the last byte.
    pub time: Duration,
    /// Steps from one address to another.
    pub redirects: u32,
}

impl Default for Limits {
    /// 64 MiB, 30 seconds, 5 steps.
    fn default() -> Self {
        Self { bytes: 64 << 20, time: Duration::from_secs(30), redirects: 5 }
    }
}

/// What came from an address.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The bytes.
    pub body: Buffer,
    /// Where they came from in the end, without name and password.
    pub address: String,
    /// What the server calls them ("image/png"), without parameters.
    pub media_type: Option<String>,
    /// A name for them: what the server proposes, or the end of the address. It may be anything that a server can say.
    pub name: String,
    /// What a person should know, a sentence each.
    pub notes: Vec<String>,
}

/// Nothing came from an address.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetError {
    /// It is no address.
    #[error("this is no address of the web: {0}")]
    Address(String),
    /// It has a scheme that is not followed.
    #[error("only http and https are opened, not {0}")]
    Scheme(String),
    /// The server leads from https to http.
    #[error("the server leads from https to http, which is not followed: {0}")]
    Downgrade(String),
    /// The server leads from one address to the next and on.
    #[error("the server leads from address to address, more than {0} times")]
    TooManyRedirects(u32),
    /// The server leads into a private network.
    #[error("the server leads to a private address, which is not followed: {0}")]
    Private(String),
    /// The server refuses.
    #[error("the server answers {status}{}: {address}", reason(*status))]
    Status {
        /// Its number.
        status: u16,
        /// The address that was asked.
        address: String,
    },
    /// There is more than may be taken.
    #[error("there are more than {}; a higher limit can be set{}", Len(*limit).in_words(), claimed(*says))]
    TooLarge {
        /// How many the server says there are.
        says: Option<u64>,
        /// How many may be taken.
        limit: u64,
    },
    /// It takes too long.
    #[error("the server took longer than {} seconds; a longer time can be set", .0.as_secs())]
    Time(Duration),
    /// The server broke off.
    #[error("the server broke off after {}{}", Len(*got).in_words(), of(*says))]
    Short {
        /// Bytes that came.
        got: u64,
        /// Bytes that it promised.
        says: Option<u64>,
    },
    /// Something else went wrong on the way.
    #[error("{0}")]
    Failed(String),
    /// This build has no network.
    #[error("this build of Seektell has no network (feature \"net\")")]
    NotBuilt,
    /// It was stopped.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

fn claimed(says: Option<u64>) -> String {
    says.map(|says| format!(" (the server says {says})")).unwrap_or_default()
}

fn of(says: Option<u64>) -> String {
    says.map(|says| format!(" of {says}")).unwrap_or_default()
}

fn reason(status: u16) -> &'static str {
    match status {
        400 => " (bad request)",
        401 => " (a name and a password are needed)",
        403 => " (forbidden)",
        404 => " (not found)",
        407 => " (the proxy needs a name and a password)",
        410 => " (gone)",
        429 => " (too many requests)",
        500 => " (the server failed)",
        503 => " (not available now)",
        _ => "",
    }
}

/// Reads all that an address gives.
///
/// # Errors
/// By cause; nothing of the body is kept then.
#[cfg(feature = "net")]
pub fn fetch(address: &Address, limits: &Limits, progress: &Progress) -> Result<Fetched, NetError> {
    client::fetch(address, limits, progress)
}

/// Reads all that an address gives: this build has no network.
///
/// # Errors
/// `NotBuilt`.
#[cfg(not(feature = "net"))]
pub fn fetch(_address: &Address, _limits: &Limits, _progress: &Progress) -> Result<Fetched, NetError> {
    Err(NetError::NotBuilt)
}

/// The proxy that the environment names, as host and port; `None` where it names none.
#[cfg(feature = "net")]
pub fn proxy() -> Option<String> {
    client::proxy().map(|proxy| format!("{}:{}", proxy.host(), proxy.port()))
}

/// The proxy that the environment names: this build has no network.
#[cfg(not(feature = "net"))]
pub fn proxy() -> Option<String> {
    None
}

/// Whether this build can open addresses.
pub const fn is_built() -> bool {
    cfg!(feature = "net")
}
