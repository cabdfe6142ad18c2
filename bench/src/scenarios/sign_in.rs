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
    now, requests,
    stage::Stage,
};

/// The product's parameters: m = 19 MiB, t = 2, p = 1.
const PARAMETERS: (u32, u32, u32) = (19_456, 2, 1);
/// How long the raw hash is measured, before and after.
const RAW: Duration = Duration::from_secs(3);
/// Connections that sign in: more than threads that hash, fewer than may wait.
const SIGNING_IN: usize = 16;
/// Requests a second that others send meanwhile.
const OTHERS: f64 = 100.0;

pub(super) async fn run(lab: &mut Lab<'_>, stage: &Stage) -> Done {
    // The product's default: half the cores, at least one.
    let threads = (lab.report.machine.cores / 2).max(1);
    let before = raw_rate(threads)?;
    let people = stage.people.iter().cycle().take(SIGNING_IN);
    let sign_ins = people
        .map(|person| requests::sign_in(stage.address(), person))
        .collect();
    let window = lab.options.window();
    let (sign_ins, others) = tokio::join!(
        stage.measure("sign-ins", sign_ins, Pace::Closed, window),
        stage.measure(
            "GET /auth/me meanwhile",
            stage.readers("/api/v1/auth/me"),
            Pace::Open(OTHERS),
            window
        ),
    );
    let (sign_ins, mut others) = (sign_ins?, others?);
    // The server's processor time went to both, nearly all of it to the other.
    others.cpu_s_per_1000 = None;
    let raw = f64::midpoint(before, raw_rate(threads)?);
    let share = sign_ins.rate / raw;
    let figure = format!("{:.1}/s of {raw:.1}/s, {:.0} %", sign_ins.rate, share * 100.0);
    let what = format!(
        "sign-ins against raw argon2id on {threads} thread(s), {}",
        stage.name
    );
    lab.report
        .judge(what, figure, "≥ 95 %", share >= 0.95 && sign_ins.is_clean());
    let met = others.p99_ms <= 50.0 && others.is_clean();
    lab.report.judge(
        format!("p99 of others while sign-ins saturate, {}", stage.name),
        format!("{:.1} ms", others.p99_ms),
        "≤ 50 ms",
        met,
    );
    lab.report.loads.extend([sign_ins, others]);
    Ok(())
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
