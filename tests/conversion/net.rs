//! Bytes from addresses, asked of a server in the same process: what honest ones give, and what the others are refused for.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use seektell::net::{Address, Fetched, Limits, NetError, fetch};
use seektell::tasks::Progress;

/// A server on this machine: `answer` is called with the path and the head of each request, and with the line to answer on.
/// Its thread ends with the test's process.
pub(crate) struct Server {
    pub(crate) port: u16,
    /// The heads that came.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn new(answer: impl Fn(&str, &str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (heads, answer) = (asked.clone(), Arc::new(answer));
        let serve = move || {
            for stream in listener.incoming().flatten() {
                let (heads, answer) = (heads.clone(), answer.clone());
                let one = move || {
                    let mut stream = stream;
                    let mut head = String::new();
                    let mut lines = BufReader::new(stream.try_clone().unwrap());
                    while !head.ends_with("\r\n\r\n") && lines.read_line(&mut head).is_ok_and(|read| read > 0) {}
                    let path = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
                    heads.lock().unwrap().push(head.clone());
                    answer(&path, &head, &mut stream);
                };
                std::thread::Builder::new().name("answer".into()).spawn(one).unwrap();
            }
        };
        std::thread::Builder::new().name("server".into()).spawn(serve).unwrap();
        Self { port, asked }
    }

    pub(crate) fn get(&self, place: &str, limits: Limits) -> Result<Fetched, NetError> {
        fetch(&self.address(place), &limits, &Progress::new())
    }

    pub(crate) fn address(&self, place: &str) -> Address {
        Address::parse(&format!("http://127.0.0.1:{}{place}", self.port)).unwrap()
    }
}

pub(crate) fn limits() -> Limits {
    Limits { bytes: 1 << 20, time: Duration::from_secs(20), redirects: 5 }
}

pub(crate) fn say(stream: &mut TcpStream, head: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).ok();
    stream.write_all(body).ok();
}

/// The proxies of whoever runs the tests are not asked for this machine.
pub(crate) fn without_proxy() -> bool {
    let set = seektell::net::proxy().is_some();
    if set {
        println!("skipped: a proxy is set in the environment");
    }
    !set
}

#[test]
fn a_body_comes_with_its_name_and_its_kind() {
    if !without_proxy() {
        return;
    }
    let server = Server::new(|path, _, stream| match path {
        "/a%20b.csv?x=1" => say(stream, "200 OK\r\nContent-Type: text/csv; charset=utf-8", b"a,b\r\n1,2\r\n"),
        "/named" => {
            say(
                stream,
                "200 OK\r\nContent-Type: IMAGE/PNG\r\nContent-Disposition: attachment; filename=\"../x.png\"",
                b"\x89PNG",
            );
        }
        "/" => say(stream, "200 OK", b""),
        _ => say(stream, "404 Not Found", b"no"),
    });
    let got = server.get("/a b.csv?x=1#top", limits()).unwrap();
    assert_eq!(got.body.to_vec_all().unwrap(), b"a,b\r\n1,2\r\n");
    assert_eq!((got.media_type.as_deref(), got.name.as_str(), got.notes.len()), (Some("text/csv"), "a b.csv", 0));
    let got = server.get("/named", limits()).unwrap();
    assert_eq!((got.media_type.as_deref(), got.name.as_str()), (Some("image/png"), "../x.png"));
    let got = server.get("", limits()).unwrap();
    assert_eq!((got.name.as_str(), got.body.len().get()), ("127.0.0.1", 0));
    let error = server.get("/nothing", limits()).unwrap_err();
    assert!(matches!(error, NetError::Status { status: 404, .. }), "{error}");
    let head = server.asked.lock().unwrap()[0].to_ascii_lowercase();
    assert!(head.contains("accept-encoding: gzip") && !head.contains("cookie") && !head.contains("authorization"), "{head}");
}

#[test]
fn redirects_are_followed_a_few_times_and_never_in_circles() {
    if !without_proxy() {
        return;
    }
    let server = Server::new(|path, _, stream| match path {
        "/loop" => say(stream, "302 Found\r\nLocation: /loop", b""),
        "/start" => say(stream, "301 Moved\r\nLocation: deep/er", b""),
        "/deep/er" => say(stream, "307 Temporary\r\nLocation: ../end.txt?q", b""),
        "/end.txt?q" => say(stream, "200 OK", b"here"),
        "/file" => say(stream, "302 Found\r\nLocation: file:///etc/passwd", b""),
        "/nowhere" => say(stream, "302 Found", b""),
        "/private" => say(stream, "302 Found\r\nLocation: http://localhost:1/", b""),
        "/metadata" => say(stream, "302 Found\r\nLocation: http://169.254.169.254/latest", b""),
        _ => say(stream, "500 Broken", b""),
    });
    let got = server.get("/start", limits()).unwrap();
    assert_eq!((got.body.to_vec_all().unwrap().as_slice(), got.name.as_str()), (b"here".as_slice(), "end.txt"));
    assert!(got.notes[0].contains("led to") && got.notes[0].ends_with("/end.txt?q"), "{:?}", got.notes);
    assert!(matches!(server.get("/loop", limits()), Err(NetError::TooManyRedirects(5))));
    assert!(matches!(server.get("/file", limits()), Err(NetError::Scheme(_))));
    assert!(server.get("/nowhere", limits()).unwrap_err().to_string().contains("does not say where"));
    // Another private address than the one that was asked for is never gone to.
    for place in ["/private", "/metadata"] {
        let error = server.get(place, limits()).unwrap_err();
        assert!(matches!(error, NetError::Private(_)), "{place}: {error}");
    }
}

#[test]
fn a_name_and_a_password_go_to_their_server_alone() {
    if !without_proxy() {
        return;
    }
    let other = Server::new(|_, _, stream| say(stream, "200 OK", b"other"));
    let port = other.port;
    let server = Server::new(move |path, _, stream| match path {
        "/here" => say(stream, "302 Found\r\nLocation: /there", b""),
        "/away" => say(stream, &format!("302 Found\r\nLocation: http://me:pw@127.0.0.1:{port}/"), b""),
        _ => say(stream, "200 OK", b"ok"),
    });
    let ask = |place: &str| {
        let address = Address::parse(&format!("http://me:p%40w@127.0.0.1:{}{place}", server.port)).unwrap();
        fetch(&address, &limits(), &Progress::new())
    };
    ask("/here").unwrap();
    let heads = server.asked.lock().unwrap().clone();
    assert_eq!(heads.len(), 2);
    for head in &heads {
        assert!(head.to_ascii_lowercase().contains("authorization: basic bwu6ceb3"), "{head}");
    }
    ask("/away").unwrap();
    let head = other.asked.lock().unwrap()[0].to_ascii_lowercase();
    assert!(!head.contains("authorization"), "{head}");
}

#[test]
fn endless_slow_and_broken_bodies_end() {
    if !without_proxy() {
        return;
    }
    let server = Server::new(|path, _, stream| match path {
        "/endless" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").ok();
            while stream.write_all(&[b'x'; 65_536]).is_ok() {}
        }
        "/claims" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n").ok();
            stream.read_exact(&mut [0; 1]).ok();
        }
        "/slow" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").ok();
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        "/silent" => {
            stream.read_exact(&mut [0; 1]).ok();
        }
        "/short" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this").ok();
        }
        "/long" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfour and more").ok();
        }
        "/header" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nX-Big: ").ok();
            for _ in 0..64 {
                if stream.write_all(&[b'h'; 65_536]).is_err() {
                    return;
                }
            }
            stream.write_all(b"\r\n\r\n").ok();
        }
        "/garbage" => {
            stream.write_all(b"\0\x01 this is no answer\r\n\r\n").ok();
        }
        "/chunks" => {
            let text = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n5\r\n and \r\n0\r\n\r\n";
            stream.write_all(text).ok();
        }
        _ => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nfour").ok();
        }
    });
    let error = server.get("/endless", limits()).unwrap_err();
    assert!(matches!(error, NetError::TooLarge { says: None, limit: 1_048_576 }), "{error}");
    let error = server.get("/claims", limits()).unwrap_err();
    assert!(matches!(error, NetError::TooLarge { says: Some(99_999_999_999), .. }), "{error}");
    let hurry = Limits { time: Duration::from_millis(400), ..limits() };
    for place in ["/slow", "/silent"] {
        let start = Instant::now();
        let error = server.get(place, hurry).unwrap_err();
        assert!(matches!(error, NetError::Time(_)), "{place}: {error}");
        assert!(start.elapsed() < Duration::from_secs(10), "{place}");
    }
    let error = server.get("/short", limits()).unwrap_err();
    assert!(matches!(error, NetError::Short { .. }), "{error}");
    assert_eq!(server.get("/long", limits()).unwrap().body.to_vec_all().unwrap(), b"four");
    for place in ["/header", "/garbage", "/bad chunks"] {
        let error = server.get(place, limits()).unwrap_err();
        assert!(matches!(error, NetError::Failed(_) | NetError::Short { .. }), "{place}: {error:?}");
    }
    assert_eq!(server.get("/chunks", limits()).unwrap().body.to_vec_all().unwrap(), b"four and ");
}

#[test]
fn what_is_packed_for_the_way_is_unpacked_and_counted() {
    if !without_proxy() {
        return;
    }
    let gzip = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    };
    let (small, bomb) = (gzip(b"plain text"), gzip(&vec![0; 4 << 20]));
    let server = Server::new(move |path, _, stream| match path {
        "/small" => say(stream, "200 OK\r\nContent-Encoding: gzip", &small),
        "/bomb" => say(stream, "200 OK\r\nContent-Encoding: gzip", &bomb),
        "/lies" => say(stream, "200 OK\r\nContent-Encoding: gzip", b"not packed at all"),
        _ => say(stream, "200 OK\r\nContent-Encoding: br", b"something"),
    });
    assert_eq!(server.get("/small", limits()).unwrap().body.to_vec_all().unwrap(), b"plain text");
    assert!(matches!(server.get("/bomb", limits()), Err(NetError::TooLarge { says: None, .. })));
    for (place, word) in [("/lies", "which it is not"), ("/other", "stays so")] {
        let got = server.get(place, limits()).unwrap();
        assert!(got.notes[0].contains(word) && !got.body.is_empty(), "{:?}", got.notes);
    }
}

#[test]
fn a_cancel_answers_at_once() {
    if !without_proxy() {
        return;
    }
    let server = Server::new(|path, _, stream| {
        if path == "/body" {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").ok();
        }
        stream.read_exact(&mut [0; 1]).ok();
    });
    for place in ["/head", "/body"] {
        let progress = Arc::new(Progress::new());
        let (address, asked) = (server.address(place), progress.clone());
        let job = std::thread::Builder::new().name("fetch".into());
        let job = job.spawn(move || (fetch(&address, &limits(), &asked), Instant::now())).unwrap();
        std::thread::sleep(Duration::from_millis(150));
        let start = Instant::now();
        progress.cancel();
        let (result, ended) = job.join().unwrap();
        assert!(matches!(result, Err(NetError::Cancelled(_))), "{place}");
        // 50 ms is the promise; a machine that is busy with other tests gets more.
        assert!(ended.duration_since(start) < Duration::from_millis(500), "{place}: {:?}", ended.duration_since(start));
    }
}

#[test]
fn nobody_there_is_said_in_words() {
    if !without_proxy() {
        return;
    }
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = Address::parse(&format!("http://127.0.0.1:{free}/")).unwrap();
    let error = fetch(&address, &limits(), &Progress::new()).unwrap_err().to_string();
    assert!(error.starts_with("127.0.0.1 cannot be asked"), "{error}");
    let address = Address::parse("http://no-such-host.invalid/").unwrap();
    let error = fetch(&address, &limits(), &Progress::new()).unwrap_err();
    assert!(matches!(error, NetError::Failed(_) | NetError::Time(_)), "{error}");
}

#[test]
fn the_terminal_takes_an_address_for_a_file() {
    if !without_proxy() {
        return;
    }
    let server = Server::new(|path, _, stream| match path {
        "/people.csv" => say(stream, "200 OK\r\nContent-Type: text/csv", b"name,age\r\nAnn,7\r\n"),
        _ => say(stream, "200 OK", &vec![b'x'; 2 << 20]),
    });
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_seektell"));
        let done = command.args(arguments).current_dir(folder.path()).output().unwrap();
        (done.status.success(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let address = server.address("/people.csv").to_string();
    let (ok, out, err) = run(&["convert", &address, "--to", "json"]);
    assert!(ok && out == r#"[{"name":"Ann","age":"7"}]"#, "{out} {err}");
    let (ok, out, _) = run(&["info", &address]);
    assert!(ok && out.contains("CSV table"), "{out}");
    let (ok, out, err) = run(&["convert", &address, "--to", "json", "--into", "made"]);
    assert!(ok && folder.path().join("made/people.json").is_file(), "{out} {err}");
    let large = server.address("/large").to_string();
    let (ok, _, err) = run(&["convert", &large, "--to", "bytes", "-o", "large.bin", "--limit", "1M"]);
    assert!(!ok && err.contains("more than 1048576 bytes") && !folder.path().join("large.bin").exists(), "{err}");
    let (ok, _, err) = run(&["convert", &large, "--to", "bytes", "-o", "large.bin", "--limit", "4M"]);
    assert!(ok && folder.path().join("large.bin").metadata().unwrap().len() == 2 << 20, "{err}");
    let (ok, _, err) = run(&["info", "ftp://example.org/x"]);
    assert!(!ok && err.contains("only http and https are opened, not ftp"), "{err}");
}
