//! The syslog receiver.

use tokio::net::{TcpListener, UdpSocket};

use super::{
    facts,
    receiver::{self, Message},
};
use crate::{on_both, support::shop::Shop};

async fn shop(database: crate::support::database::Database, address: &str) -> Shop {
    let settings = [("SECURITY_LOG__SYSLOG", address), ("SECURITY_LOG__LINES", "none")];
    Shop::start_with(database, &settings).await
}

#[track_caller]
fn are_all_there(messages: &[Message], told: usize) {
    assert_eq!(messages.len(), told);
    for (number, message) in messages.iter().enumerate() {
        facts::check(&message.event);
        assert_eq!(message.sequence, number as u64 + 1);
        assert_eq!((message.facility, message.app.as_str()), (13, "stockade"));
        assert_eq!(message.host, "localhost");
        assert_eq!(message.event["message"], message.kind);
        assert_eq!(
            message.at.as_millisecond(),
            message.event["time"].as_i64().unwrap()
        );
        assert_eq!(
            message.severity == 2,
            message.event["severity_id"] == 5,
            "{message:?}"
        );
    }
}

on_both! {
    /// While the receiver is away everything else goes on, and once it is back it gets all of it, in order. A connection
    /// that breaks off halfway delivers nothing for good.
    async fn a_receiver_that_was_away_misses_nothing(database: Database) {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let shop = shop(database, &format!("tcp://{address}")).await;
        shop.lives_a_day().await;
        assert_eq!(shop.tell().await, 0);
        let listener = TcpListener::bind(address).await.unwrap();
        assert_eq!(shop.tell().await, 0, "within the pause nobody is asked");
        shop.later(1);
        let (told, ()) = tokio::join!(shop.tell(), receiver::break_off(&listener));
        assert_eq!(told, 0);
        shop.later(2);
        let (told, messages) = tokio::join!(shop.tell(), receiver::connection(&listener));
        are_all_there(&messages, told);
        assert!(told > 10);

        // An instance that starts anew goes on where this one was.
        let again = shop.second().await;
        again.later(60);
        again.customer("ben").await;
        let (more, messages) = tokio::join!(again.tell(), receiver::connection(&listener));
        assert_eq!(messages.len(), more);
        assert_eq!(messages[0].sequence, told as u64 + 1);
    }
}

on_both! {
    /// Over UDP each event is a datagram.
    async fn udp_carries_an_event_a_datagram(database: Database) {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let shop = shop(database, &format!("udp://{}", socket.local_addr().unwrap())).await;
        shop.lives_a_day().await;
        let told = shop.tell().await;
        socket.readable().await.unwrap();
        are_all_there(&receiver::datagrams(&socket), told);
    }
}
