//! The transfer: a thread that asks and reads, and the one that waits for it with an eye on the limits.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use base64::Engine as _;
use flate2::bufread::MultiGzDecoder;
use ureq::http::{Response, header};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Proxy};

use super::guard::{Guarded, PRIVATE, is_public};
use super::{Address, Fetched, Limits, NetError, name};
use crate::buffer::Buffer;
use crate::tasks::Progress;

/// Between two looks at whether to stop.
const LOOK: Duration = Duration::from_millis(10);

/// Time for a connection to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// Bytes of all headers of an answer.
const HEADERS: usize = 64 * 1024;

/// Bytes that are handed over at once.
const BLOCK: usize = 64 * 1024;

/// Blocks that wait to be taken.
const WAITING: usize = 4;

/// What the thread of the transfer says.
enum Said {
    /// The answer begins.
    Begins(Begin),
    /// Bytes of its body.
    Bytes(Vec<u8>),
    /// The body ended.
    Ends,
    /// It failed.
    Failed(NetError),
}

/// The head of an answer.
struct Begin {
    address: Address,
    says: Option<u64>,
    media_type: Option<String>,
    name: Option<String>,
    packed: Option<String>,
    steps: u32,
}

pub(super) fn proxy() -> Option<Proxy> {
    Proxy::try_from_env()
}

pub(super) fn fetch(address: &Address, limits: &Limits, progress: &Progress) -> Result<Fetched, NetError> {
    let (sender, receiver) = sync_channel(WAITING);
    let (asked, until) = ((address.clone(), *limits), Instant::now() + limits.time);
    let ask = move || {
        if let Err(error) = transfer(&asked.0, &asked.1, until, &sender) {
            sender.send(Said::Failed(error)).ok();
        }
    };
    let spawned = std::thread::Builder::new().name("web transfer".into()).spawn(ask);
    spawned.map_err(|error| NetError::Failed(format!("no thread can be made for the transfer: {error}")))?;
    let begin = match next(&receiver, until, limits, progress)? {
        Said::Begins(begin) => begin,
        Said::Failed(error) => return Err(error),
        Said::Bytes(_) | Said::Ends => return Err(NetError::Failed("the transfer broke".into())),
    };
    if let Some(says) = begin.says {
        if says > limits.bytes {
            return Err(NetError::TooLarge { says: Some(says), limit: limits.bytes });
        }
        progress.set_total(says);
    }
    let mut body = Buffer::new();
    loop {
        match next(&receiver, until, limits, progress)? {
            Said::Bytes(bytes) => {
                if body.len().get() + bytes.len() as u64 > limits.bytes {
                    return Err(NetError::TooLarge { says: begin.says, limit: limits.bytes });
                }
                body.append(&bytes);
                progress.advance(bytes.len() as u64);
            }
            Said::Ends => break,
            Said::Failed(NetError::Short { .. }) => {
                return Err(NetError::Short { got: body.len().get(), says: begin.says });
            }
            Said::Failed(error) => return Err(error),
            Said::Begins(_) => {}
        }
    }
    if begin.says.is_some_and(|says| says != body.len().get()) {
        return Err(NetError::Short { got: body.len().get(), says: begin.says });
    }
    let mut notes = Vec::new();
    if begin.steps > 0 {
        notes.push(format!("The address led to {}", begin.address));
    }
    let body = unpacked(body, begin.packed.as_deref(), limits, progress, &mut notes)?;
    let name = begin.name.unwrap_or_else(|| match begin.address.file_name() {
        name if name.is_empty() => begin.address.host().trim_matches(['[', ']']).to_owned(),
        name => name,
    });
    Ok(Fetched { body, address: begin.address.to_string(), media_type: begin.media_type, name, notes })
}

/// What the transfer says next. Whoever waits here is never blocked by a server: it looks at the clock and at whether to stop.
fn next(receiver: &Receiver<Said>, until: Instant, limits: &Limits, progress: &Progress) -> Result<Said, NetError> {
    loop {
        progress.check()?;
        match receiver.recv_timeout(LOOK) {
            Ok(said) => return Ok(said),
            Err(RecvTimeoutError::Timeout) if Instant::now() < until => {}
            Err(RecvTimeoutError::Timeout) => return Err(NetError::Time(limits.time)),
            Err(RecvTimeoutError::Disconnected) => return Err(NetError::Failed("the transfer broke".into())),
        }
    }
}

/// Follows the address to its body and sends that on. Whoever hears it may be gone: then it ends.
fn transfer(first: &Address, limits: &Limits, until: Instant, sender: &SyncSender<Said>) -> Result<(), NetError> {
    let started_private = Arc::new(AtomicBool::new(false));
    let mut address = first.clone();
    let mut steps = 0;
    let response = loop {
        let response = ask(&address, first, steps, limits, until, &started_private)?;
        let status = response.status().as_u16();
        if !matches!(status, 301 | 302 | 303 | 307 | 308) {
            break response;
        }
        let location = text(&response, header::LOCATION);
        let location = location.ok_or_else(|| NetError::Failed("the server leads on, and does not say where to".into()))?;
        let next = address.join(&location)?;
        if address.is_secure() && !next.is_secure() {
            return Err(NetError::Downgrade(next.to_string()));
        }
        steps += 1;
        if steps > limits.redirects {
            return Err(NetError::TooManyRedirects(limits.redirects));
        }
        address = next;
    };
    let status = response.status();
    if !status.is_success() {
        return Err(NetError::Status { status: status.as_u16(), address: address.to_string() });
    }
    let media_type = text(&response, header::CONTENT_TYPE);
    let media_type = media_type.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let begin = Begin {
        says: text(&response, header::CONTENT_LENGTH).and_then(|digits| digits.trim().parse().ok()),
        media_type: media_type.filter(|kind| kind.contains('/')),
        name: text(&response, header::CONTENT_DISPOSITION).and_then(|header| name::proposed(&header)),
        packed: text(&response, header::CONTENT_ENCODING).map(|packed| packed.trim().to_ascii_lowercase()),
        address,
        steps,
    };
    if sender.send(Said::Begins(begin)).is_err() {
        return Ok(());
    }
    let mut reader = response.into_body().into_with_config().limit(u64::MAX).reader();
    loop {
        let mut block = vec![0; BLOCK];
        match reader.read(&mut block) {
            Ok(0) => {
                sender.send(Said::Ends).ok();
                return Ok(());
            }
            Ok(read) => {
                block.truncate(read);
                if sender.send(Said::Bytes(block)).is_err() {
                    return Ok(());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(of_reading(error, limits)),
        }
    }
}

/// One question to one server, with the time that is left.
fn ask(
    address: &Address,
    first: &Address,
    steps: u32,
    limits: &Limits,
    until: Instant,
    started_private: &Arc<AtomicBool>,
) -> Result<Response<Body>, NetError> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(NetError::Time(limits.time));
    }
    let uri: ureq::http::Uri = address.to_string().parse().map_err(|error| NetError::Address(format!("{error}")))?;
    let proxy = proxy();
    let proxied = proxy.as_ref().is_some_and(|proxy| !proxy.is_no_proxy(&uri));
    // The one that a person typed may be anywhere; what a server leads to must be public, but for a private server itself.
    let again = address.host() == first.host() && started_private.load(Ordering::Relaxed);
    let public_only = steps > 0 && !again;
    if public_only && is_private_literal(address.host()) {
        return Err(NetError::Private(address.to_string()));
    }
    let found_private = if steps == 0 { Arc::clone(started_private) } else { Arc::default() };
    // A proxy looks the name up itself, and may stand in a private network.
    let resolver = Guarded::new(public_only && !proxied, found_private);
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(left))
        .timeout_connect(Some(CONNECT.min(left)))
        .max_response_header_size(HEADERS)
        .user_agent(concat!("seektell/", env!("CARGO_PKG_VERSION")))
        .accept("*/*")
        .accept_encoding("gzip")
        .proxy(proxy)
        .build();
    let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
    let mut request = agent.get(uri);
    if let Some(user) = address.user() {
        let user = if user.contains(&b':') { user } else { [user.as_slice(), b":"].concat() };
        request =
            request.header(header::AUTHORIZATION, format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(user)));
    }
    request.call().map_err(|error| of_asking(error, address, limits))
}

/// Whether a host is written as a private address, or is this machine by name. A proxy would follow it.
fn is_private_literal(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']).trim_end_matches('.');
    let address = bare.parse();
    // No name ends in a number, but systems read 127.1, 0x7f.1 and 2130706433 as addresses.
    let last = bare.rsplit('.').next().unwrap_or_default();
    let odd =
        address.is_err() && (last.starts_with("0x") || (!last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit())));
    odd || bare == "localhost" || bare.ends_with(".localhost") || address.is_ok_and(|address| !is_public(address))
}

fn text(response: &Response<Body>, name: header::HeaderName) -> Option<String> {
    response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn of_asking(error: ureq::Error, address: &Address, limits: &Limits) -> NetError {
    let host = address.host();
    match error {
        ureq::Error::Timeout(ureq::Timeout::Connect) => {
            NetError::Failed(format!("{host} cannot be reached within {} seconds", CONNECT.as_secs()))
        }
        ureq::Error::Timeout(_) => NetError::Time(limits.time),
        ureq::Error::Io(error) if error.to_string() == PRIVATE => NetError::Private(address.to_string()),
        ureq::Error::HostNotFound => NetError::Failed(format!("there is no host {host}")),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => NetError::Short { got: 0, says: None },
        ureq::Error::Io(error) => NetError::Failed(format!("{host} cannot be asked: {error}")),
        ureq::Error::LargeResponseHeader(..) => {
            NetError::Failed(format!("the answer of {host} has more than {} KiB of headers", HEADERS >> 10))
        }
        error => NetError::Failed(format!("{host} cannot be asked: {error}")),
    }
}

fn of_reading(error: io::Error, limits: &Limits) -> NetError {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<ureq::Error>());
    match cause {
        Some(ureq::Error::Timeout(_)) => NetError::Time(limits.time),
        _ if error.kind() == io::ErrorKind::TimedOut => NetError::Time(limits.time),
        _ if matches!(
            error.kind(),
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted
        ) =>
        {
            NetError::Short { got: 0, says: None }
        }
        _ => NetError::Failed(format!("the body cannot be read: {error}")),
    }
}

/// The body as it is meant: unpacked where the server packed it for the way, and counted while it unpacks.
fn unpacked(
    body: Buffer,
    packed: Option<&str>,
    limits: &Limits,
    progress: &Progress,
    notes: &mut Vec<String>,
) -> Result<Buffer, NetError> {
    match packed {
        None | Some("" | "identity") => return Ok(body),
        Some("gzip" | "x-gzip") => {}
        Some(other) => {
            notes.push(format!("The server packed it as {other:?} for the way; it stays so"));
            return Ok(body);
        }
    }
    let mut reader = MultiGzDecoder::new(io::BufReader::new(body.reader()));
    let mut plain = Buffer::new();
    let mut block = vec![0; BLOCK];
    loop {
        progress.check()?;
        match reader.read(&mut block) {
            Ok(0) => return Ok(plain),
            Ok(read) => {
                if plain.len().get() + read as u64 > limits.bytes {
                    return Err(NetError::TooLarge { says: None, limit: limits.bytes });
                }
                plain.append(&block[..read]);
            }
            Err(_) => {
                notes.push("The server says that it is packed with gzip, which it is not; it is as it came".into());
                return Ok(body);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_private_literal;

    #[test]
    fn addresses_in_odd_spellings_are_not_led_to() {
        for host in
            ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "localhost.", "a.localhost"]
        {
            assert!(is_private_literal(host), "{host}");
        }
        for host in ["example.org", "8.8.8.8", "1e100.net", "0x.example.org", "[2606:4700::1111]"] {
            assert!(!is_private_literal(host), "{host}");
        }
    }
}
