//! Load that never gives up: customers who repeat an order under its key until it is acknowledged, at any instance that
//! answers.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::sleep};

use crate::support::{
    people::text,
    process::{Client, Process, Signed},
};

/// Connections that buy at the same time.
const CONNECTIONS: usize = 8;

/// Orders that each of them places.
const ORDERS: usize = 50;

/// How long a buyer waits before asking again.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);

/// Questions about one order before a buyer says that the service did not return.
const PATIENCE: usize = 3_000;

const BUY: &str = "/api/v1/portfolio/buy";

/// Buyers at work.
pub struct Buyers {
    client: Client,
    acknowledged: Arc<AtomicUsize>,
    /// The key of each order with the id that was acknowledged for it.
    tasks: Vec<JoinHandle<Vec<(String, String)>>>,
}

impl Buyers {
    /// Somebody with money starts to buy single shares over many connections, turn by turn at these instances.
    pub async fn start(client: &Client, instances: &[&Process]) -> Self {
        let deposit = json!({ "amount": "1000000.00", "currency": "USD" });
        let paid = client
            .signed_post("/api/v1/cash/deposits", "deposit", &deposit)
            .await;
        assert_eq!(paid.map(|answer| answer.0), Some(201));
        let ports: Vec<u16> = instances.iter().map(|process| process.port).collect();
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let task = |connection: usize| {
            let (client, ports, acknowledged) = (client.clone(), ports.clone(), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                let mut known = Vec::new();
                for number in 0..ORDERS {
                    let key = format!("{connection}-{number}");
                    let order = until_bought(&client, &key, &ports, connection + number).await;
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                    known.push((key, text(&order["id"])));
                }
                known
            })
        };
        let tasks = (0..CONNECTIONS).map(task).collect();
        Self {
            client: client.clone(),
            acknowledged,
            tasks,
        }
    }

    /// Waits until this share of all orders is acknowledged.
    pub async fn until(&self, percent: usize) {
        let wanted = CONNECTIONS * ORDERS * percent / 100;
        while self.acknowledged.load(Ordering::SeqCst) < wanted {
            assert!(
                !self.tasks.iter().any(JoinHandle::is_finished) || percent == 100,
                "a buyer ended early"
            );
            sleep(PAUSE).await;
        }
    }

    /// Waits until all is bought and checks that each order took effect once: asked again, each key answers the order
    /// that was acknowledged, the position is their sum, and the books and the log are whole.
    pub async fn all_took_effect_once(self, at: &Process) {
        let known = join_all(self.tasks).await;
        for (key, id) in known.into_iter().flat_map(Result::unwrap) {
            let again = until_bought(&self.client, &key, &[at.port], 0).await;
            assert_eq!(text(&again["id"]), id, "an acknowledged order was lost");
        }
        let (_, portfolio) = self.client.at(at).get("/api/v1/portfolio").await;
        assert_eq!(
            portfolio["positions"][0]["qty"],
            (CONNECTIONS * ORDERS).to_string()
        );
        for books in [["ledger", "verify"], ["audit", "verify"]] {
            let (sound, output) = at.command(&books, "");
            assert!(sound, "{output}");
        }
    }
}

/// Asks until the order is there. Nothing but "not now" may come instead.
async fn until_bought(client: &Client, key: &str, ports: &[u16], first: usize) -> Value {
    for turn in first..first + PATIENCE {
        let signed: Signed = client.sign(BUY, key, &json!({ "symbol": "KO", "qty": "1" }));
        match signed.send(ports[turn % ports.len()]).await {
            Some((201, order)) => return order,
            Some((503, _)) | None => sleep(PAUSE).await,
            Some((status, answer)) => panic!("{status}: {answer}"),
        }
    }
    panic!("the service did not return")
}
