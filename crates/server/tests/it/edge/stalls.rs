//! Clients that ask and do not take what they asked for. Each story also shows one who takes it slowly.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

use crate::{
    on_both,
    support::{
        shop::Shop,
        socket::{Door, within},
    },
};

/// The largest answer that everybody may have.
const LARGE: &str = "GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n";
const ABOUT: &str = "GET /api/v1/about HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// Impatient with who takes nothing, and with one seat for all.
const HASTY: [(&str, &str); 2] = [
    ("SERVER__WRITE_TIMEOUT_SECONDS", "1"),
    ("SERVER__CONNECTIONS_PER_ADDRESS", "1"),
];

/// A connection with little room at our end.
async fn narrow(door: &Door) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(8_192).unwrap();
    socket.connect(door.address).await.unwrap()
}

/// Waits until the only seat is free.
async fn until_free(door: &Door) {
    let answered = async {
        while !door.say(ABOUT.as_bytes()).await.starts_with("HTTP/1.1 200 ") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    within(answered).await;
}

on_both! {
    /// Who asks for megabytes and reads none of them loses the seat to others.
    async fn a_client_that_never_reads_is_cut_off(database: Database) {
        let shop = Shop::start_with(database, &HASTY).await;
        let door = Door::of(&shop).await;
        let mut greedy = narrow(&door).await;
        greedy.write_all(format!("{LARGE}\r\n").repeat(60).as_bytes()).await.unwrap();
        assert_eq!(door.say(ABOUT.as_bytes()).await, "", "the seat is taken");
        until_free(&door).await;
        drop(greedy);
    }
}

on_both! {
    /// Who reads slowly, for longer than nobody may take nothing, gets all of it.
    async fn a_slow_client_gets_everything(database: Database) {
        let shop = Shop::start_with(database, &HASTY).await;
        let door = Door::of(&shop).await;
        let whole = door.say(format!("{LARGE}connection: close\r\n\r\n").as_bytes()).await;
        assert!(whole.starts_with("HTTP/1.1 200 "));
        until_free(&door).await;

        let mut slow = narrow(&door).await;
        let last = format!("{LARGE}connection: close\r\n\r\n");
        let requests = format!("{}{last}", format!("{LARGE}\r\n").repeat(9));
        slow.write_all(requests.as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        for _ in 0..40 {
            let mut some = [0; 4_096];
            let count = within(slow.read(&mut some)).await.expect("not cut off");
            heard.extend_from_slice(&some[..count]);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        within(slow.read_to_end(&mut heard)).await.expect("not cut off");
        let heard = String::from_utf8_lossy(&heard);
        assert_eq!(heard.matches("HTTP/1.1 200 OK").count(), 10);
        let (_, body) = whole.split_once("\r\n\r\n").unwrap();
        assert!(heard.ends_with(body), "the last answer is whole");
    }
}

on_both! {
    /// The same over HTTP/2, where a client reads the connection, answers its pings, and keeps the streams themselves shut.
    async fn a_client_that_keeps_its_streams_shut_is_cut_off(database: Database) {
        let settings = [HASTY[0], HASTY[1], ("SERVER__IDLE_TIMEOUT_SECONDS", "1")];
        let shop = Shop::start_with(database, &settings).await;
        let door = Door::of(&shop).await;
        let mut shut = door.connect().await;
        shut.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        // SETTINGS_INITIAL_WINDOW_SIZE is 0 (RFC 9113 §6.5.2).
        shut.write_all(&frame(4, 0, 0, &[0, 4, 0, 0, 0, 0])).await.unwrap();
        // `:method: GET`, `:scheme: http`, `:path: /openapi.json`, `:authority: localhost` (RFC 7541 §6).
        let head = [b"\x82\x86\x04\x0d/openapi.json".as_slice(), b"\x01\x09localhost"].concat();
        shut.write_all(&frame(1, 0x5, 1, &head)).await.unwrap();
        let (mut answered, mut pings) = (false, 0);
        let talk = async {
            while let Some((kind, flags, payload)) = read_frame(&mut shut).await {
                answered |= kind == 1;
                assert_ne!(kind, 0, "no data was let through");
                if kind == 6 && flags & 1 == 0 {
                    pings += 1;
                    let _ = shut.write_all(&frame(6, 1, 0, &payload)).await;
                }
            }
        };
        within(talk).await;
        assert!(answered, "{pings} pings");
        until_free(&door).await;
    }
}

/// A frame of HTTP/2 (RFC 9113 §4.1).
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("a short frame");
    let mut frame = vec![0, 0, length, kind, flags, 0, 0, 0, stream];
    frame.extend_from_slice(payload);
    frame
}

async fn read_frame(from: &mut TcpStream) -> Option<(u8, u8, Vec<u8>)> {
    let mut head = [0; 9];
    from.read_exact(&mut head).await.ok()?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; length as usize];
    from.read_exact(&mut payload).await.ok()?;
    Some((head[3], head[4], payload))
}
