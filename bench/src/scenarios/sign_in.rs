//! Sign-ins, as many as the server takes, against the raw hash on as many threads; and whether others feel it.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::{
    failure::{Done, Failure},
    lab::Lab,
    load::Pace,
    now,
    report::Load,
    requests,
    stage::Stage,
};

/// The product's parameters: m = 19 MiB, t = 2, p = 1.
const PARAMETERS: (u32, u32, u32) = (19_456, 2, 1);
/// How often the product is measured, with the raw hash before, between and after.
const ROUNDS: u8 = 3;
/// How long the raw hash is measured each time.
const RAW: Duration = Duration::from_secs(2);
/// Connections that sign in: more than threads that hash, fewer than may wait.
const SIGNING_IN: usize = 16;
/// Requests a second that others send meanwhile.
const OTHERS: f64 = 100.0;

pub(super) async fn run(lab: &mut Lab<'_>, stage: &Stage) -> Done {
    // The product's default: half the cores, at least one.
    let threads = (lab.report.machine.cores / 2).max(1);
    // A machine that others share is not as fast now as it was: the hash and the product take turns.
    let (mut before, mut raw) = (raw_rate(threads)?, 0.0);
    let mut rounds = Vec::new();
    for number in 1..=ROUNDS {
        rounds.push(round(lab, stage, number).await?);
        let after = raw_rate(threads)?;
        raw += f64::midpoint(before, after) / f64::from(ROUNDS);
        before = after;
    }
    let rate = rounds.iter().map(|(sign_ins, _)| sign_ins.rate).sum::<f64>() / f64::from(ROUNDS);
    let share = rate / raw;
    let clean = rounds.iter().all(|(sign_ins, _)| sign_ins.is_clean());
    let figure = format!("{rate:.1}/s of {raw:.1}/s, {:.0} %", share * 100.0);
    let what = format!(
        "sign-ins against raw argon2id on {threads} thread(s), {}",
        stage.name
    );
    lab.report.judge(what, figure, "≥ 95 %", share >= 0.95 && clean);
    let slowest = rounds.iter().map(|(_, others)| others.p99_ms).fold(0.0, f64::max);
    let clean = rounds.iter().all(|(_, others)| others.is_clean());
    lab.report.judge(
        format!("p99 of others while sign-ins saturate, {}", stage.name),
        format!("{slowest:.1} ms"),
        "≤ 50 ms",
        slowest <= 50.0 && clean,
    );
    lab.report.loads.extend(
        rounds
            .into_iter()
            .flat_map(|(sign_ins, others)| [sign_ins, others]),
    );
    Ok(())
}

/// Sign-ins as fast as the server takes them, and what others feel of it.
async fn round(lab: &Lab<'_>, stage: &Stage, number: u8) -> Done<(Load, Load)> {
    let people = stage.people.iter().cycle().take(SIGNING_IN);
    let sign_ins = people
        .map(|person| requests::sign_in(stage.address(), person))
        .collect();
    let window = lab.options.window();
    let (what, others) = (
        format!("sign-ins, {number} of {ROUNDS}"),
        format!("GET /auth/me meanwhile, {number} of {ROUNDS}"),
    );
    let (sign_ins, others) = tokio::join!(
        stage.measure(&what, sign_ins, Pace::Closed, window),
        stage.measure(
            &others,
            stage.readers("/api/v1/auth/me"),
            Pace::Open(OTHERS),
            window
        ),
    );
    let (sign_ins, mut others) = (sign_ins?, others?);
    // The server's processor time went to both, nearly all of it to the other.
    others.cpu_s_per_1000 = None;
    Ok((sign_ins, others))
}

/// Hashes a second on so many threads, each with its memory at hand as in the product.
fn raw_rate(threads: usize) -> Done<f64> {
    let (memory, passes, lanes) = PARAMETERS;
    let params = Params::new(memory, passes, lanes, None).map_err(Failure::of("argon2 parameters"))?;
    let (enough, hashes) = (AtomicBool::new(false), AtomicU64::new(0));
    let took = std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| hash_until(&enough, &hashes, &params));
        }
        let start = now::elapsed();
        while now::elapsed() - start < RAW {
            std::thread::park_timeout(RAW.saturating_sub(now::elapsed() - start));
        }
        enough.store(true, Ordering::Relaxed);
        now::elapsed() - start
    });
    Ok(hashes.load(Ordering::Relaxed) as f64 / took.as_secs_f64())
}

fn hash_until(enough: &AtomicBool, hashes: &AtomicU64, params: &Params) {
    let mut memory = vec![Block::new(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut output = [0; 32];
    while !enough.load(Ordering::Relaxed) {
        let hashed = argon2.hash_password_into_with_memory(
            b"correct horse battery",
            b"sixteen bytes ok",
            &mut output,
            &mut memory,
        );
        if hashed.is_ok() && !enough.load(Ordering::Relaxed) {
            hashes.fetch_add(1, Ordering::Relaxed);
        }
    }
}
