//! The real program: killed under load, stopped politely, started again.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use serde_json::json;

use crate::{
    on_both,
    support::{people::text, process::Process},
};

/// Customers' connections that order at the same time.
const CONNECTIONS: usize = 16;

/// Orders that each of them places.
const ORDERS: usize = 40;

on_both! {
    /// kill -9 in the middle of it loses no acknowledged order and doubles none; what was not acknowledged can be
    /// repeated under its key.
    async fn heavy_kill_loses_nothing_acknowledged(database: Database) {
        let mut process = Process::start(database).await;
        let ana = process.customer("ana@example.com").await;
        let deposit = json!({"amount": "1000000.00", "currency": "USD"});
        assert_eq!(ana.signed_post("/api/v1/cash/deposits", "deposit", &deposit).await.map(|a| a.0), Some(201));
        let buy = json!({"symbol": "KO", "qty": "1"});
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let orders = (0..CONNECTIONS).map(|connection| {
            let (ana, buy, acknowledged) = (ana.clone(), buy.clone(), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                let mut known = Vec::new();
                for number in 0..ORDERS {
                    let key = format!("{connection}-{number}");
                    let answer = ana.signed_post("/api/v1/portfolio/buy", &key, &buy).await;
                    let id = answer.map(|(status, order)| {
                        assert_eq!(status, 201, "{order}");
                        acknowledged.fetch_add(1, Ordering::SeqCst);
                        text(&order["id"])
                    });
                    known.push((key, id));
                }
                known
            })
        });
        let orders: Vec<_> = orders.collect();
        while acknowledged.load(Ordering::SeqCst) < CONNECTIONS * ORDERS / 4 {
            tokio::task::yield_now().await;
        }
        process.kill();
        let known: Vec<_> = join_all(orders).await.into_iter().flat_map(Result::unwrap).collect();
        assert!(known.iter().any(|(_, id)| id.is_none()), "the kill came too late to matter");

        process.start_again().await;
        for (key, id) in &known {
            let (status, order) = ana.signed_post("/api/v1/portfolio/buy", key, &buy).await.expect("an answer");
            assert_eq!(status, 201, "{order}");
            if let Some(id) = id {
                assert_eq!(text(&order["id"]), *id, "an acknowledged order was lost");
            }
        }
        let (_, portfolio) = ana.get("/api/v1/portfolio").await;
        assert_eq!(portfolio["positions"][0]["qty"], (CONNECTIONS * ORDERS).to_string());
        let (agree, output) = process.command(&["ledger", "verify"], "");
        assert!(agree, "{output}");
        let (whole, output) = process.command(&["audit", "verify"], "");
        assert!(whole, "{output}");
    }
}

on_both! {
    /// SIGTERM finishes what is in flight and ends well.
    async fn a_polite_stop_ends_well(database: Database) {
        let mut process = Process::start(database).await;
        let ana = process.customer("ana@example.com").await;
        let deposit = json!({"amount": "5.00", "currency": "USD"});
        assert_eq!(ana.signed_post("/api/v1/cash/deposits", "deposit", &deposit).await.map(|a| a.0), Some(201));
        assert!(process.stop().success());
        process.start_again().await;
        assert_eq!(ana.get("/api/v1/cash").await.1["balance"], "5.00");
    }
}
