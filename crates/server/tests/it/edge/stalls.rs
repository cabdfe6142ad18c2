//! Clients that ask and do not take what they asked for. Each story also shows one who takes it slowly.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

use crate::{
    on_both,
    support::{
        http2::{DATA, HEADERS, Http2},
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
        let settings = [("SERVER__WRITE_TIMEOUT_SECONDS", "3"), HASTY[1]];
        let shop = Shop::start_with(database, &settings).await;
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
        let mut shut = Http2::open(&door, 0).await;
        shut.ask(1, "/openapi.json").await;
        let mut answered = false;
        let talk = async {
            while let Some(frame) = shut.next().await {
                answered |= frame.kind == HEADERS;
                assert_ne!(frame.kind, DATA, "no data was let through");
            }
        };
        within(talk).await;
        assert!(answered);
        until_free(&door).await;
    }
}
