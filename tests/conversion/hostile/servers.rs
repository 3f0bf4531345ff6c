//! Servers that want to keep whoever asks them busy, lead elsewhere, or fill the memory: each is left in time, with words.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use seektell::net::{Address, Limits, NetError};

use super::super::net::{Server, limits, say, without_proxy};

fn led_to(place: &str, stream: &mut TcpStream) {
    say(stream, &format!("302 Found\r\nLocation: {place}"), b"");
}

/// Writes `piece` until nobody listens any more.
fn endless(stream: &mut TcpStream, head: &str, piece: &[u8], pause: Duration) {
    stream.write_all(head.as_bytes()).ok();
    while stream.write_all(piece).is_ok() {
        std::thread::sleep(pause);
    }
}

#[test]
fn a_redirect_leads_to_the_web_or_nowhere() {
    if !without_proxy() {
        return;
    }
    let server = Server::new(|path, head, stream| match path {
        "/ftp" => led_to("ftp://example.org/x", stream),
        "/javascript" => led_to("javascript:alert(1)", stream),
        "/data" => led_to("data:text/plain,x", stream),
        "/drive" => led_to("C:\\Windows\\win.ini", stream),
        "/no-host" => led_to("http://", stream),
        "/no-port" => led_to("http://127.0.0.1:99999/", stream),
        "/long" => led_to(&"x/".repeat(20_000), stream),
        "/bytes" => {
            stream.write_all(b"HTTP/1.1 302 Found\r\nLocation: \xFF\xFE\x80/\r\nContent-Length: 0\r\n\r\n").ok();
        }
        "/two" => {
            stream
                .write_all(b"HTTP/1.1 302 Found\r\nLocation: /end\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n")
                .ok();
        }
        "/endless" => endless(stream, "HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n", &[b'x'; 65_536], Duration::ZERO),
        "/ping" => led_to("/pong", stream),
        "/pong" => led_to("/ping", stream),
        // Ever other addresses, so that no list of those seen would help.
        _ if path.starts_with("/more") => led_to(&format!("{path}e"), stream),
        "/split" => led_to("/x%0d%0aX-Injected:%20yes", stream),
        "/end" => say(stream, "200 OK", b"end"),
        _ => say(stream, "200 OK", head.as_bytes()),
    });
    for place in ["/ftp", "/javascript", "/data", "/drive"] {
        let error = server.get(place, limits()).unwrap_err();
        assert!(matches!(error, NetError::Scheme(_) | NetError::Address(_)), "{place}: {error:?}");
    }
    for place in ["/no-host", "/no-port"] {
        let error = server.get(place, limits()).unwrap_err();
        assert!(matches!(error, NetError::Address(_)), "{place}: {error:?}");
    }
    for place in ["/ping", "/more"] {
        assert!(matches!(server.get(place, limits()), Err(NetError::TooManyRedirects(5))), "{place}");
    }
    for place in ["/long", "/bytes", "/two", "/endless"] {
        // What they lead to is not sure; that it ends is.
        let begun = Instant::now();
        let _ = server.get(place, limits()).map_err(|error| assert!(!error.to_string().is_empty()));
        assert!(begun.elapsed() < Duration::from_secs(15), "{place}");
    }
    let asked = String::from_utf8(server.get("/split", limits()).unwrap().body.to_vec_all().unwrap()).unwrap();
    assert!(!asked.contains("\r\nX-Injected"), "{asked}");
}

#[test]
fn endless_heads_and_drops_end() {
    if !without_proxy() {
        return;
    }
    let server = Server::new(|path, _, stream| match path {
        "/continue" => endless(stream, "", b"HTTP/1.1 100 Continue\r\n\r\n", Duration::from_millis(1)),
        "/headers" => endless(stream, "HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", Duration::ZERO),
        "/status" => endless(stream, "HTTP/1.1 200 ", b"O", Duration::ZERO),
        "/drop" => endless(stream, "HTTP/1.1 200 OK\r\nX-Slow: ", b"x", Duration::from_millis(20)),
        "/chunk" => {
            endless(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", Duration::from_millis(20));
        }
        "/empty" => endless(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"extension", Duration::ZERO),
        "/huge" => endless(
            stream,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
            &[b'x'; 65_536],
            Duration::ZERO,
        ),
        "/lengths" => say(stream, "200 OK\r\nContent-Length: 3", b"four"),
        "/negative" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nbody").ok();
        }
        "/both" => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n\r\n")
                .ok();
        }
        "/old" => {
            stream.write_all(b"HTTP/0.9 200 OK\r\n\r\nbody").ok();
        }
        _ => {}
    });
    let hurry = Limits { time: Duration::from_millis(700), ..limits() };
    for place in [
        "/continue",
        "/headers",
        "/status",
        "/drop",
        "/chunk",
        "/empty",
        "/huge",
        "/lengths",
        "/negative",
        "/both",
        "/old",
        "/none",
    ] {
        let begun = Instant::now();
        let got = server.get(place, hurry);
        assert!(begun.elapsed() < Duration::from_secs(10), "{place} took {:?}", begun.elapsed());
        match got {
            Ok(got) => assert!(got.body.len().get() <= 9, "{place}: {:?}", got.body.len()),
            Err(error) => {
                assert!(!error.to_string().is_empty() && !matches!(error, NetError::Cancelled(_)), "{place}: {error:?}");
            }
        }
    }
    for place in ["/continue", "/drop", "/chunk"] {
        let error = server.get(place, hurry).unwrap_err();
        assert!(matches!(error, NetError::Time(_) | NetError::Failed(_)), "{place}: {error:?}");
    }
}

#[test]
fn packed_bodies_that_lie_are_told_or_refused() {
    if !without_proxy() {
        return;
    }
    let gzip = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    };
    let members = gzip(b"").repeat(20_000);
    let inner = gzip(&gzip(&vec![0; 8 << 20]));
    let cut = gzip(&vec![7; 100_000]);
    let server = Server::new(move |path, _, stream| match path {
        "/members" => say(stream, "200 OK\r\nContent-Encoding: gzip", &members),
        // Packed twice is unpacked once.
        "/twice" => say(stream, "200 OK\r\nContent-Encoding: gzip", &inner),
        "/cut" => say(stream, "200 OK\r\nContent-Encoding: gzip", &cut[..cut.len() / 2]),
        _ => say(stream, "200 OK\r\nContent-Encoding: gzip, gzip, gzip", &inner),
    });
    assert!(server.get("/members", limits()).unwrap().body.is_empty());
    assert!(server.get("/twice", limits()).unwrap().body.len().get() < 100_000);
    for place in ["/cut", "/thrice"] {
        assert!(!server.get(place, limits()).unwrap().notes.is_empty(), "{place}");
    }
}

#[test]
fn addresses_are_read_as_the_one_server_that_is_asked() {
    for (text, host) in [
        ("http://example.org@127.0.0.1/", "127.0.0.1"),
        ("http://a:b@c:d@example.org/", "example.org"),
        ("http://example.org\\@evil.test/", "example.org"),
        ("http://example.org#@evil.test/", "example.org"),
        ("http://example.org?@evil.test/", "example.org"),
    ] {
        let address = Address::parse(text).unwrap();
        assert_eq!(address.host(), host, "{text}");
        assert!(!address.to_string().contains("a:b"), "{address}");
    }
    for text in
        ["http://exa\nmple.org/", "http://a b/", "http://[::1/", "http://x:0/", "http://\u{202E}x/", "http://%31/", "http:///x"]
    {
        assert!(Address::parse(text).is_err(), "{text:?}");
    }
    let secure = Address::parse("https://me:pw@example.org/a").unwrap();
    assert!(secure.join("http://example.org/a").unwrap().user().is_none(), "a password does not go where others can read it");
}
