//! Hostile requests, byte by byte over a socket. None gets a server error, a hang, a stack trace or somebody else's answer,
//! and after each the server still serves.

use crate::{
    on_both,
    support::{
        shop::Shop,
        socket::{Door, ask},
    },
};

/// What may come back.
enum Answer {
    /// One answer with one of these statuses.
    Status(&'static [u16]),
    /// One answer with one of these statuses, or the connection's end without one.
    OrClosed(&'static [u16]),
    /// So many answers, all with this status.
    Each(usize, u16),
}
use Answer::{Each, OrClosed, Status};

/// Refused for its form or its content, and nothing after it answered.
const REFUSED: Answer = OrClosed(&[400, 408, 413, 415]);

/// What somebody hostile sends, by name. Those that may keep the connection say `connection: close`, so that its end can be
/// waited for; those that try to smuggle do not, so that what they smuggle would be answered.
fn requests() -> Vec<(&'static str, Vec<u8>, Answer)> {
    let get =
        |target: &str| format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").into_bytes();
    let with = |head: &str, body: &[u8]| {
        let head = format!("POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n");
        [head.as_bytes(), body].concat()
    };
    let json = |body: &[u8]| {
        let head = format!("content-type: application/json\r\ncontent-length: {}", body.len());
        with(&head, body)
    };
    let method = |method: &str| {
        format!("{method} /api/v1/about HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").into_bytes()
    };
    let smuggled = b"0\r\n\r\nGET /api/v1/about HTTP/1.1\r\nhost: x\r\n\r\n";
    vec![
        // Where one request ends and the next begins (RFC 9112 §6.3, §11.2).
        ("length and chunks", with("content-length: 4\r\ntransfer-encoding: chunked", smuggled), OrClosed(&[400, 415])),
        ("chunks and length", with("transfer-encoding: chunked\r\ncontent-length: 4", smuggled), OrClosed(&[400, 415])),
        ("two lengths", with("content-length: 4\r\ncontent-length: 40", smuggled), REFUSED),
        ("a list of lengths", with("content-length: 4, 40", smuggled), REFUSED),
        ("a signed length", with("content-length: +4", b"{}  "), REFUSED),
        ("a negative length", with("content-length: -1", b"{}"), REFUSED),
        ("a length beyond numbers", with("content-length: 99999999999999999999999", b"{}"), REFUSED),
        ("a length before a space", with("content-length : 4", b"{}  "), REFUSED),
        ("another coding", with("transfer-encoding: xchunked", smuggled), REFUSED),
        ("chunked not last", with("transfer-encoding: chunked, identity", smuggled), REFUSED),
        ("chunked twice", with("transfer-encoding: chunked\r\ntransfer-encoding: chunked", smuggled), OrClosed(&[400, 415, 422])),
        ("a folded header", with("transfer-encoding:\r\n chunked", smuggled), REFUSED),
        ("a bare newline in a header", with("x-a: b\nx-c: d\r\ncontent-length: 2", b"{}"), OrClosed(&[400, 415])),
        ("chunk sizes that are none", with("transfer-encoding: chunked", b"zz\r\n{}\r\n0\r\n\r\n"), OrClosed(&[400, 415])),
        ("a chunk size beyond numbers", with("transfer-encoding: chunked", b"fffffffffffffffff\r\n{}"), OrClosed(&[400, 413, 415])),
        ("an enormous chunk", with("transfer-encoding: chunked", b"7fffffffffffffff\r\n{}"), OrClosed(&[400, 408, 413])),
        ("endless chunk extensions", with("transfer-encoding: chunked", &[b"1;", &[b'a'; 40_000][..]].concat()), OrClosed(&[400, 408, 413])),
        ("a body shorter than its length", with("content-length: 4000", b"{}"), OrClosed(&[400, 408])),
        // Who is meant.
        ("two hosts", b"GET /api/v1/about HTTP/1.1\r\nhost: x\r\nhost: y\r\nconnection: close\r\n\r\n".to_vec(), REFUSED),
        ("no host", b"GET /api/v1/about HTTP/1.1\r\nconnection: close\r\n\r\n".to_vec(), REFUSED),
        ("a host with a path", b"GET /api/v1/about HTTP/1.1\r\nhost: x/../y\r\nconnection: close\r\n\r\n".to_vec(), REFUSED),
        ("an absolute target of somebody else", get("http://evil.example/api/v1/about"), Status(&[200, 400, 404])),
        ("an authority", b"CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example:443\r\nconnection: close\r\n\r\n".to_vec(), OrClosed(&[400, 404, 405])),
        ("a star", b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec(), OrClosed(&[400, 404, 405])),
        // Paths.
        ("encoded dots", get("/static/%2e%2e/%2e%2e/etc/passwd"), Status(&[400, 404])),
        ("dots", get("/static/../../../etc/passwd"), Status(&[400, 404])),
        ("encoded slashes", get("/api%2fv1%2fauth%2fme"), Status(&[400, 404])),
        ("two slashes", get("//api/v1//auth/me"), Status(&[400, 404])),
        ("a trailing slash", get("/api/v1/auth/me/"), Status(&[404])),
        ("another case", get("/API/v1/auth/me"), Status(&[404])),
        ("a null byte, encoded", get("/api/v1/assets/KO%00"), Status(&[400, 401, 404])),
        ("no UTF-8, encoded", get("/api/v1/assets/%ff%fe"), Status(&[400, 401, 404])),
        ("half an encoding", get("/api/v1/assets/%f"), Status(&[400, 401, 404])),
        ("a null byte", b"GET /api/v1/about\0 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec(), REFUSED),
        ("no UTF-8", b"GET /\xff\xfe HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec(), OrClosed(&[400, 404])),
        ("a long path", get(&format!("/{}", "a".repeat(20_000))), OrClosed(&[400, 404, 414, 431])),
        ("a longer path", get(&format!("/{}", "a".repeat(70_000))), OrClosed(&[400, 404, 414, 431])),
        ("a deep query", get(&format!("/api/v1/about?{}", "a[]=1&".repeat(3_000))), OrClosed(&[200, 400, 414, 431])),
        // Headers.
        ("no UTF-8 in a header", b"GET /api/v1/auth/me HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \xff\xfe\r\nuser-agent: \xc3\x28\r\nconnection: close\r\n\r\n".to_vec(), OrClosed(&[400, 401])),
        ("a null byte in a header", b"GET /api/v1/about HTTP/1.1\r\nhost: x\r\nx-a: \0\r\nconnection: close\r\n\r\n".to_vec(), REFUSED),
        ("two tokens", b"GET /api/v1/auth/me HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a\r\nauthorization: Bearer b\r\nconnection: close\r\n\r\n".to_vec(), Status(&[400, 401])),
        ("a header without a name", b"GET /api/v1/about HTTP/1.1\r\nhost: x\r\n: y\r\nconnection: close\r\n\r\n".to_vec(), REFUSED),
        // Methods and versions.
        ("TRACE", method("TRACE"), Status(&[405])),
        ("a method of their own", method("STEAL"), Status(&[405])),
        ("an endless method", method(&"A".repeat(10_000)), OrClosed(&[400, 405])),
        ("a method told by a header", b"GET /api/v1/about HTTP/1.1\r\nhost: x\r\nx-http-method-override: DELETE\r\nconnection: close\r\n\r\n".to_vec(), Status(&[200])),
        ("HTTP/0.9", b"GET /api/v1/about\r\n\r\n".to_vec(), REFUSED),
        ("HTTP/3.0", b"GET /api/v1/about HTTP/3.0\r\nhost: x\r\n\r\n".to_vec(), OrClosed(&[400, 505])),
        ("a handshake of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(), REFUSED),
        ("half of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff".to_vec(), OrClosed(&[])),
        ("an upgrade to HTTP/2", b"GET /api/v1/about HTTP/1.1\r\nhost: x\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\nconnection: upgrade, http2-settings, close\r\n\r\n".to_vec(), Status(&[200])),
        // Bodies.
        ("a length and nothing more, expecting", with("expect: 100-continue\r\ncontent-length: 70000", b""), OrClosed(&[408, 413])),
        ("an expectation nobody knows", with("expect: miracles\r\ncontent-length: 2", b"{}"), OrClosed(&[400, 415, 417])),
        ("no UTF-8 in JSON", json(b"{\"email\":\"\xff\xfe\",\"password\":\"x\"}"), Status(&[400])),
        ("a null byte in JSON", json(b"{\"email\":\"a\\u0000@example.com\",\"password\":\"a\\u0000b\"}"), Status(&[400, 401, 422])),
        ("half a surrogate in JSON", json(b"{\"email\":\"\\ud800\",\"password\":\"x\"}"), Status(&[400, 422])),
        ("deep JSON", json("[".repeat(60_000).as_bytes()), Status(&[400, 422])),
        ("the same field twice", json(br#"{"email":"a@example.com","email":"b@example.com","password":"x"}"#), Status(&[400, 422])),
        ("a number beyond numbers", json(br#"{"email":1e99999,"password":"x"}"#), Status(&[400, 422])),
        ("a form that calls itself JSON", json(b"email=a%40example.com&password=x"), Status(&[400])),
        // Several on one connection.
        ("three at once", [ABOUT, ABOUT, LAST].concat().into_bytes(), Each(3, 200)),
    ]
}

const ABOUT: &str = "GET /api/v1/about HTTP/1.1\r\nhost: x\r\n\r\n";
const LAST: &str = "GET /api/v1/about HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

on_both! {
    async fn nobody_breaks_the_server(database: Database) {
        let hasty = [("SERVER__HEADER_TIMEOUT_SECONDS", "1"), ("SERVER__BODY_TIMEOUT_SECONDS", "1")];
        let shop = Shop::start_with(database, &hasty).await;
        let door = Door::of(&shop).await;
        let mut wrong = Vec::new();
        for (name, bytes, expected) in requests() {
            let heard = door.say(&bytes).await;
            if let Err(why) = judge(&heard, &expected) {
                wrong.push(format!("{name}: {why}: {heard}"));
            }
            let after = ask(&mut door.connect().await, ABOUT).await;
            assert!(after.starts_with("HTTP/1.1 200 "), "after {name}: {after}");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
        assert_eq!(shop.app.admission.load(), (0, 0));
    }
}

fn judge(heard: &str, expected: &Answer) -> Result<(), String> {
    let statuses: Vec<u16> = heard
        .split("HTTP/1.1 ")
        .skip(1)
        .filter_map(|answer| answer.get(..3)?.parse().ok())
        .filter(|status| *status != 100)
        .collect();
    let lower = heard.to_lowercase();
    if let Some(trace) = ["panicked", "stack backtrace", ".rs:", "root:x:"]
        .iter()
        .find(|trace| lower.contains(**trace))
    {
        return Err(format!("shows {trace}"));
    }
    let fine = match expected {
        Status(allowed) => statuses.len() == 1 && allowed.contains(&statuses[0]),
        OrClosed(allowed) => statuses.len() <= 1 && statuses.iter().all(|status| allowed.contains(status)),
        Each(count, status) => statuses.len() == *count && statuses.iter().all(|one| one == status),
    };
    if fine {
        Ok(())
    } else {
        Err(format!("unexpected {statuses:?}"))
    }
}
