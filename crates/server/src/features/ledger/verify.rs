//! `stockade ledger verify`: replays every line and compares with the stored balances.

use std::collections::BTreeMap;

use serde::Serialize;
use stockade_domain::{
    asset::Asset,
    ids::{AccountId, PostingId},
    ledger::{Balance, Line, Replay},
};
use stockade_platform::db::{DbError, DbResult, Reader};
use uuid::Uuid;

use super::store;
use crate::app::App;

/// Rows read at once.
const PAGE: i64 = 5_000;

/// What the replay found.
#[derive(Debug, Default, Serialize)]
pub struct LedgerReport {
    /// Whether every balance equals its lines and every posting balances.
    pub valid: bool,
    /// Postings read.
    pub postings: u64,
    /// Lines read.
    pub lines: u64,
    /// Balances compared.
    pub balances: u64,
    /// What is wrong, in sentences.
    pub problems: Vec<String>,
}

/// Replays the whole ledger of one moment. `progress` is told how many lines have been read.
///
/// The snapshot is kept for the whole run, so on SQLite a very long verification delays checkpoints of its
/// write-ahead log; nothing else waits.
pub async fn verify(app: &App, progress: impl Fn(u64) + Send + 'static) -> DbResult<LedgerReport> {
    app.read(async move |reader: &mut Reader| {
        let mut report = LedgerReport::default();
        let mut replay = Replay::default();
        read_lines(reader, &mut replay, &mut report, &progress).await?;
        compare(reader, &replay, &mut report).await?;
        report.valid = report.problems.is_empty();
        Ok::<_, DbError>(report)
    })
    .await
}

async fn read_lines(
    reader: &mut Reader,
    replay: &mut Replay,
    report: &mut LedgerReport,
    progress: &impl Fn(u64),
) -> DbResult<()> {
    let mut last = (PostingId::from_uuid(Uuid::nil()), -1);
    let mut posting: Vec<Line> = Vec::new();
    loop {
        let page = store::lines(reader, last, PAGE).await?;
        for stored in &page {
            if stored.posting != last.0 {
                check_posting(last.0, &posting, report);
                posting.clear();
            }
            last = (stored.posting, stored.number);
            replay.add(&stored.line);
            posting.push(stored.line);
        }
        report.lines += page.len() as u64;
        progress(report.lines);
        if (page.len() as i64) < PAGE {
            check_posting(last.0, &posting, report);
            return Ok(());
        }
    }
}

fn check_posting(id: PostingId, lines: &[Line], report: &mut LedgerReport) {
    if lines.is_empty() {
        return;
    }
    report.postings += 1;
    let mut sums: BTreeMap<Asset, i128> = BTreeMap::new();
    for line in lines {
        *sums.entry(line.asset).or_default() += i128::from(line.amount);
    }
    for (asset, sum) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
        report
            .problems
            .push(format!("posting {id} does not balance: {asset} sums to {sum}"));
    }
}

async fn compare(reader: &mut Reader, replay: &Replay, report: &mut LedgerReport) -> DbResult<()> {
    let mut expected = replay.balances();
    let mut last = (AccountId::from_uuid(Uuid::nil()), String::new());
    loop {
        let page = store::all_balances(reader, last.clone(), PAGE).await?;
        for stored in &page {
            let from_lines = expected
                .remove(&(stored.account, stored.asset))
                .unwrap_or(Some(Balance::ZERO));
            if from_lines != Some(stored.balance) {
                report.problems.push(format!(
                    "account {} holds {:?} of {}, its lines give {from_lines:?}",
                    stored.account, stored.balance, stored.asset
                ));
            }
            last = (stored.account, stored.asset.to_string());
        }
        report.balances += page.len() as u64;
        if (page.len() as i64) < PAGE {
            break;
        }
    }
    for ((account, asset), balance) in expected {
        if balance != Some(Balance::ZERO) {
            report
                .problems
                .push(format!("account {account} has lines of {asset} but no balance"));
        }
    }
    Ok(())
}
