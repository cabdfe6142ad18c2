//! A process that is killed in the middle of what it does: kill -9, as a power cut would. What it had made durable is
//! all that the story goes on with.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use serde_json::json;
use stockade::features::corporate_actions;
use stockade_platform::db::{Reader, sql};
use uuid::Uuid;

use crate::support::{database, http::Ask, shop::Shop};

/// Names what the process is to do.
const ERRAND: &str = "STOCKADE_TEST_ERRAND";
const ANSWERED: &str = "answered";

/// Sends the requests, all at once, from a process that is killed as soon as half of them are answered.
pub fn send(shop: &Shop, asks: &[Ask<'_>]) {
    let texts: Vec<String> = asks.iter().map(Ask::to_text).collect();
    let mut child = start(shop, &texts);
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let answers = output.lines().map_while(Result::ok);
    let answers = answers.filter(|line| line == ANSWERED);
    assert_eq!(answers.take(asks.len() / 2).count(), asks.len() / 2);
    kill(child);
}

/// Applies what has taken effect in a process that is killed as soon as an action has reached somebody.
pub async fn apply(shop: &Shop, action: Uuid) {
    let child = start(shop, &[]);
    while reached(shop, action).await == 0 {
        tokio::task::yield_now().await;
    }
    kill(child);
}

async fn reached(shop: &Shop, action: Uuid) -> i64 {
    let count = "SELECT COUNT(*) FROM corporate_action_effects WHERE action_id = $1";
    shop.app
        .read(async move |reader: &mut Reader| sql(count).bind(action).one::<i64>(reader).await)
        .await
        .expect("the database")
}

fn start(shop: &Shop, asks: &[String]) -> Child {
    let errand = json!([shop.to_text(), asks]).to_string();
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "trading::simulation::doomed::errand"])
        .args(["--ignored", "--nocapture"])
        .env(ERRAND, errand)
        // It ends when this process does, however that ends.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts again")
}

fn kill(mut child: Child) {
    child.kill().expect("SIGKILL");
    child.wait().expect("the process to end");
}

#[test]
#[ignore = "the simulation runs it in a process of its own, and kills it"]
#[expect(
    clippy::disallowed_methods,
    reason = "the process that started this one says what to do"
)]
fn errand() {
    let errand = std::env::var(ERRAND).expect("an errand");
    let (ground, asks): (String, Vec<String>) = serde_json::from_str(&errand).expect("an errand");
    let watch = std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(1);
    });
    database::on_a_runtime(async {
        let shop = Shop::of_text(&ground).await;
        if asks.is_empty() {
            corporate_actions::apply_due(&shop.app)
                .await
                .expect("the actions");
        }
        let answers = asks.iter().map(|ask| Ask::of_text(&shop, ask).send());
        let mut answers: FuturesUnordered<_> = answers.collect();
        while answers.next().await.is_some() {
            println!("{ANSWERED}");
        }
    });
    watch.join().expect("the end of whoever started this");
}
