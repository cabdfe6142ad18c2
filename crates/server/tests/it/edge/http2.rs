//! HTTP/2 clients that use what the protocol allows against us: streams that are reset at once, kept shut, or asked for without
//! end; frames that make no sense. Each story also shows one who keeps to the rules.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::sleep,
};

use crate::{
    on_both,
    support::{
        http2::{
            CANCEL, CONTINUATION, DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, HEADERS, Http2, PING,
            PREFACE, REFUSED_STREAM, RESET, SETTINGS, WINDOW, frame, get, head, literal,
        },
        shop::Shop,
        socket::{Door, within},
    },
};

const ABOUT: &str = "/api/v1/about";
/// The largest answer that everybody may have.
const LARGE: &str = "/openapi.json";
/// Room enough for anything.
const WIDE: u32 = 1_000_000;
/// Between two steps of a client that goes on and on.
const PAUSE: Duration = Duration::from_millis(50);

/// Impatient, and with one seat for all.
const HASTY: [(&str, &str); 2] = [
    ("SERVER__WRITE_TIMEOUT_SECONDS", "1"),
    ("SERVER__CONNECTIONS_PER_ADDRESS", "1"),
];

fn reset(stream: u32) -> Vec<u8> {
    frame(RESET, 0, stream, &CANCEL.to_be_bytes())
}

/// Waits until the only seat is free, and takes it: a connection that was answered on its first stream.
async fn until_free(door: &Door) -> Http2 {
    let answered = async {
        loop {
            let mut client = Http2::open(door, WIDE).await;
            if client.is_served().await.is_some() {
                return client;
            }
            sleep(PAUSE).await;
        }
    };
    within(answered).await
}

impl Http2 {
    async fn is_served(&mut self) -> Option<usize> {
        self.ask(1, ABOUT).await;
        self.take(1).await
    }
}

on_both! {
    /// CVE-2023-44487: thousands of requests, none of which is waited for.
    async fn streams_that_are_reset_at_once_end_the_connection(database: Database) {
        let shop = Shop::start(database).await;
        let door = Door::of(&shop).await;
        let mut hasty = Http2::open(&door, WIDE).await;
        let flood: Vec<u8> = (0..5_000).flat_map(|n| [get(2 * n + 1, ABOUT), reset(2 * n + 1)].concat()).collect();
        hasty.write(&flood).await;
        let _ = hasty.rest().await;
        assert_eq!(hasty.gone, Some(ENHANCE_YOUR_CALM));

        // One after the other, so that each is at work when it is taken back: no place stays taken.
        let mut patient = Http2::open(&door, WIDE).await;
        for n in 0..300 {
            patient.ask(2 * n + 1, LARGE).await;
            patient.write(&frame(PING, 0, 0, &[7; 8])).await;
            while patient.next().await.expect("a connection").kind != PING {}
            patient.write(&reset(2 * n + 1)).await;
        }
        patient.ask(601, ABOUT).await;
        assert!(patient.take(601).await.is_some());
        let at_rest = async {
            while shop.app.admission.load() != (0, 0) {
                sleep(PAUSE).await;
            }
        };
        within(at_rest).await;
    }
}

on_both! {
    /// A hundred requests at once on one connection; what comes beyond is refused before it is looked at.
    async fn streams_are_counted(database: Database) {
        let shop = Shop::start(database).await;
        let door = Door::of(&shop).await;
        let mut greedy = Http2::open(&door, 0).await;
        for n in 0..150 {
            greedy.ask(2 * n + 1, ABOUT).await;
        }
        let (mut answered, mut refused) = (0, 0);
        while answered + refused < 150 {
            let frame = greedy.next().await.expect("a connection");
            answered += usize::from(frame.kind == HEADERS);
            refused += usize::from(frame.kind == RESET && frame.reason() == REFUSED_STREAM);
        }
        assert_eq!((answered, refused), (100, 50));
        greedy.make_room(1, WIDE).await;
        assert!(greedy.take(1).await.is_some());
        greedy.ask(301, ABOUT).await;
        greedy.make_room(301, WIDE).await;
        assert!(greedy.take(301).await.is_some());
    }
}

on_both! {
    /// Streams are kept shut while others are asked for and read, so that the connection is never idle.
    async fn who_keeps_asking_cannot_keep_streams_shut(database: Database) {
        let shop = Shop::start_with(database, &HASTY).await;
        let door = Door::of(&shop).await;
        let mut busy = Http2::open(&door, 0).await;
        for n in 0..50 {
            busy.ask(2 * n + 1, LARGE).await;
        }
        let mut stream = 101;
        loop {
            busy.ask(stream, ABOUT).await;
            busy.make_room(stream, WIDE).await;
            if busy.take(stream).await.is_none() {
                break;
            }
            stream += 2;
            sleep(PAUSE).await;
        }
        assert!(stream > 101, "it was served before");
        until_free(&door).await;
    }
}

on_both! {
    /// Who makes room a little at a time, for longer than nobody may take nothing, gets all of it, and others beside it.
    async fn who_takes_little_at_a_time_gets_everything(database: Database) {
        let shop = Shop::start_with(database, &HASTY[..1]).await;
        let door = Door::of(&shop).await;
        let whole = {
            let mut quick = Http2::open(&door, 50_000_000).await;
            quick.ask(1, LARGE).await;
            quick.take(1).await.expect("an answer")
        };
        let mut slow = Http2::open(&door, 0).await;
        slow.ask(1, LARGE).await;
        for step in 1..=40 {
            let beside = 2 * step + 1;
            slow.ask(beside, ABOUT).await;
            slow.make_room(beside, WIDE).await;
            assert!(slow.take(beside).await.is_some());
            slow.make_room(1, u32::try_from(whole / 40 + 1).expect("an answer")).await;
            sleep(2 * PAUSE).await;
        }
        assert_eq!(slow.take(1).await, Some(whole));
        assert_eq!(slow.gone, None);
    }
}

on_both! {
    /// An old connection is asked to end. Who hears it is served to the end; who asks on all the same is cut off.
    async fn who_is_told_to_go_and_stays_is_cut_off(database: Database) {
        let settings = [HASTY[0], HASTY[1], ("SERVER__CONNECTION_AGE_SECONDS", "1")];
        let shop = Shop::start_with(database, &settings).await;
        let door = Door::of(&shop).await;
        let mut polite = Http2::open(&door, WIDE).await;
        assert!(polite.is_served().await.is_some());
        while polite.gone.is_none() {
            let _ = polite.next().await.expect("it is told first");
        }
        polite.ask(3, ABOUT).await;
        let _ = polite.rest().await;
        assert_eq!(polite.gone, Some(0));

        let mut deaf = until_free(&door).await;
        deaf.leaves = false;
        let mut stream = 3;
        loop {
            deaf.ask(stream, ABOUT).await;
            if deaf.take(stream).await.is_none() {
                break;
            }
            stream += 2;
            sleep(PAUSE).await;
        }
        assert_eq!(deaf.gone, Some(0));
        until_free(&door).await;
    }
}

on_both! {
    /// A connection that only ever answers pings has no seat for long, and a stop does not wait for one that asks on.
    async fn who_does_nothing_or_never_stops_holds_nobody_up(database: Database) {
        let settings = [
            HASTY[0],
            HASTY[1],
            ("SERVER__IDLE_TIMEOUT_SECONDS", "1"),
            ("SERVER__DRAIN_TIMEOUT_SECONDS", "1"),
        ];
        let shop = Shop::start_with(database, &settings).await;
        let door = Door::of(&shop).await;
        let mut silent = Http2::open(&door, WIDE).await;
        silent.leaves = false;
        let _ = silent.rest().await;
        let mut deaf = until_free(&door).await;
        deaf.leaves = false;
        let asking = tokio::spawn(async move {
            for n in 1.. {
                deaf.ask(2 * n + 1, ABOUT).await;
                if deaf.take(2 * n + 1).await.is_none() {
                    return;
                }
            }
        });
        door.close().await;
        within(asking).await.unwrap();
    }
}

/// What somebody hostile sends after the preface and settings, by name.
fn nonsense() -> Vec<(&'static str, Vec<u8>)> {
    let open = END_HEADERS | END_STREAM;
    let with = |fields: &[Vec<u8>]| frame(HEADERS, open, 1, &[head(ABOUT), fields.concat()].concat());
    let many = |frames: usize, one: &[u8]| one.repeat(frames);
    // A field of 3,000 bytes that goes into the table (RFC 7541 §6.2.1), and then stands there as number 62.
    let indexed = [&b"\x40\x01a\x7f\xb9\x16"[..], &[b'x'; 3_000]].concat();
    vec![
        (
            "a head that never ends",
            [
                frame(HEADERS, END_STREAM, 1, &head(ABOUT)),
                many(20_000, &frame(CONTINUATION, 0, 1, &literal("\0\x01a", "b"))),
            ]
            .concat(),
        ),
        (
            "empty continuations",
            [
                frame(HEADERS, END_STREAM, 1, &head(ABOUT)),
                many(20_000, &frame(CONTINUATION, 0, 1, b"")),
            ]
            .concat(),
        ),
        (
            "a head that grows when it is unpacked",
            frame(
                HEADERS,
                open,
                1,
                &[head(ABOUT), indexed, many(10_000, b"\xbe")].concat(),
            ),
        ),
        (
            "another frame within a head",
            [
                frame(HEADERS, END_STREAM, 1, &head(ABOUT)),
                frame(PING, 0, 0, &[0; 8]),
            ]
            .concat(),
        ),
        ("no path", frame(HEADERS, open, 1, b"\x82\x86")),
        ("two paths", with(&[literal("\x04", ABOUT)])),
        (
            "a path after a field",
            frame(
                HEADERS,
                open,
                1,
                &[
                    b"\x82\x86".to_vec(),
                    literal("\0\x01a", "b"),
                    literal("\x04", ABOUT),
                ]
                .concat(),
            ),
        ),
        ("a name in capitals", with(&[literal("\0\x01A", "b")])),
        ("a newline in a field", with(&[literal("\0\x01a", "b\r\nc: d")])),
        ("a null byte in a field", with(&[literal("\0\x01a", "\0")])),
        (
            "a field about the connection",
            with(&[literal("\0\x0aconnection", "close")]),
        ),
        (
            "a coding of HTTP/1.1",
            with(&[literal("\0\x11transfer-encoding", "chunked")]),
        ),
        (
            "a length that is none",
            with(&[literal("\0\x0econtent-length", "+4")]),
        ),
        (
            "a length without a body",
            with(&[literal("\0\x0econtent-length", "4")]),
        ),
        (
            "a field of no table",
            frame(HEADERS, open, 1, b"\x82\x86\xff\xff\xff\xff\x0f"),
        ),
        ("a stream of the server's", get(2, ABOUT)),
        ("a stream that is past", [get(5, ABOUT), get(3, ABOUT)].concat()),
        ("a head on no stream", get(0, ABOUT)),
        ("data on no stream", frame(DATA, END_STREAM, 0, b"{}")),
        (
            "data on a stream that is not open",
            frame(DATA, END_STREAM, 1, b"{}"),
        ),
        ("room for nothing", frame(WINDOW, 0, 0, &[0; 4])),
        (
            "more room than there is",
            many(3, &frame(WINDOW, 0, 0, &0x7fff_ffff_u32.to_be_bytes())),
        ),
        ("a short ping", frame(PING, 0, 0, &[0; 7])),
        ("settings that are cut", frame(SETTINGS, 0, 0, &[0; 5])),
        ("a frame beyond all sizes", frame(DATA, 0, 1, &[0; 100_000])),
        (
            "a stream that waits for itself",
            frame(
                HEADERS,
                open | 0x20,
                1,
                &[&[0, 0, 0, 1, 0][..], &head(ABOUT)].concat(),
            ),
        ),
        (
            "padding longer than its frame",
            frame(HEADERS, open | 0x8, 1, &[&[255][..], &head(ABOUT)].concat()),
        ),
        (
            "a promise",
            frame(5, END_HEADERS, 1, &[&[0, 0, 0, 2][..], &head(ABOUT)].concat()),
        ),
        ("the preface again", PREFACE.to_vec()),
        ("a flood of pings", many(50_000, &frame(PING, 0, 0, &[0; 8]))),
        (
            "a flood of settings",
            many(50_000, &frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0])),
        ),
        (
            "a flood of empty data",
            [
                frame(HEADERS, END_HEADERS, 1, &head(ABOUT)),
                many(50_000, &frame(DATA, 0, 1, b"")),
            ]
            .concat(),
        ),
        (
            "a flood of frames that nobody knows",
            many(50_000, &frame(99, 0, 0, b"")),
        ),
        (
            "a CONNECT",
            frame(
                HEADERS,
                open,
                1,
                &[literal("\x02", "CONNECT"), literal("\x01", "evil.example:443")].concat(),
            ),
        ),
    ]
}

on_both! {
    /// None breaks the server: each ends its stream or its connection, and nobody else's.
    async fn frames_that_make_no_sense_end_nothing_else(database: Database) {
        let hasty = [
            ("SERVER__HEADER_TIMEOUT_SECONDS", "1"),
            ("SERVER__BODY_TIMEOUT_SECONDS", "1"),
            ("SERVER__IDLE_TIMEOUT_SECONDS", "1"),
            ("SERVER__WRITE_TIMEOUT_SECONDS", "1"),
        ];
        let shop = Shop::start_with(database, &hasty).await;
        let door = Door::of(&shop).await;
        let answers = nonsense().into_iter().map(async |(name, bytes)| {
            let (mut reads, mut writes) = Http2::open(&door, WIDE).await.stream.into_split();
            // The other side may have heard enough before the end; we never say that ours is here.
            let wrote = tokio::spawn(async move {
                let _ = writes.write_all(&bytes).await;
                writes
            });
            let mut heard = Vec::new();
            let _ = within(reads.read_to_end(&mut heard)).await;
            wrote.abort();
            (name, String::from_utf8_lossy(&heard).to_lowercase())
        });
        for (name, heard) in join_all(answers).await {
            assert!(!heard.contains("panicked") && !heard.contains(".rs:"), "{name}: {heard}");
        }
        assert!(Http2::open(&door, WIDE).await.is_served().await.is_some());
        assert_eq!(shop.app.admission.load(), (0, 0));
    }
}
