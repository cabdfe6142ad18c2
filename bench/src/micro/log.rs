//! The audit log in memory: committing to payloads, numbering and hashing a batch, verifying what came of it.

use std::num::NonZeroUsize;

use auditlog::{
    Appender, Hash, Kind, NewEntry, SigningKey, Verifier, commitment,
    export::{PayloadLine, Secret},
    tile::tile_bytes,
    verify::{Found, GROUPS_AT_ONCE, Group, Payloads},
};

use super::timing::{judge_rate, text, time};
use crate::{
    failure::{Done, Failure},
    report::Report,
};

/// About what the record of an order takes.
const PAYLOAD: usize = 400;
const BATCH: usize = 1_000;
/// Entries of the log that is verified: full tiles.
const WIDTH: usize = 256;
const LOG: usize = GROUPS_AT_ONCE * WIDTH;
const SALT: [u8; 32] = [9; 32];

pub(super) fn measure(report: &mut Report) -> Done {
    let payload = vec![b'x'; PAYLOAD];
    report.tell(
        format!("audit: commit to {PAYLOAD} bytes"),
        text(time(|| commitment(&SALT, &payload))),
    );
    let batch: Vec<NewEntry> = (0..BATCH).map(|number| entry(number, &payload)).collect();
    let mut appender = Appender::new();
    let number = || appender.number(1, batch.iter().cloned());
    judge_rate(
        report,
        "audit: number and hash a batch of 1,000",
        BATCH,
        150_000.0,
        number,
    );

    let log = Log::new(&payload);
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    for (threads, name) in [(NonZeroUsize::MIN, "one thread"), (cores, "all cores")] {
        let least = 300_000.0 * threads.get() as f64;
        for (with_payloads, what) in [(false, "chain, tree and tiles"), (true, "payloads as well")] {
            if !log.verifies(threads, with_payloads) {
                return Err(Failure::new("the verifier found a problem in a sound log"));
            }
            let what = format!("audit: verify, {what}, {name}");
            judge_rate(report, &what, LOG, least, || log.verifies(threads, with_payloads));
        }
    }
    Ok(())
}

fn entry(number: usize, payload: &[u8]) -> NewEntry {
    NewEntry {
        id: (number as u128).to_be_bytes(),
        kind: Kind::from_static("order.placed"),
        schema: 1,
        commitment: commitment(&SALT, payload),
    }
}

/// A sound log with everything a verifier is given.
struct Log {
    leaves: Vec<Vec<u8>>,
    tiles: Vec<Vec<u8>>,
    payloads: Vec<PayloadLine>,
    key: SigningKey,
    note: String,
}

impl Log {
    fn new(payload: &[u8]) -> Self {
        let key = SigningKey::from_seed("bench", &[1; 32]).expect("the name is a word");
        let mut appender = Appender::new();
        let numbered = appender.number(1, (0..LOG).map(|number| entry(number, payload)));
        let hashes: Vec<Hash> = numbered.entries.iter().map(|entry| entry.leaf_hash).collect();
        let line = |number: usize| PayloadLine {
            seq: number as u64,
            id: (number as u128).to_be_bytes(),
            content: Some(Secret {
                payload: payload.to_vec(),
                salt: SALT,
            }),
        };
        let head = appender.head();
        Self {
            tiles: hashes.chunks(WIDTH).map(tile_bytes).collect(),
            leaves: numbered.entries.into_iter().map(|entry| entry.leaf).collect(),
            payloads: (0..LOG).map(line).collect(),
            note: key.sign(head.size, head.root),
            key,
        }
    }

    fn verifies(&self, threads: NonZeroUsize, with_payloads: bool) -> bool {
        let groups: Vec<Group<'_>> = (0..GROUPS_AT_ONCE)
            .map(|index| self.group(index, with_payloads))
            .collect();
        let mut verifier = Verifier::new(self.key.verifying_key(), &self.note, &[], threads);
        verifier.feed(&groups);
        let report = verifier.finish();
        report.valid && report.entries == LOG as u64
    }

    fn group(&self, index: usize, with_payloads: bool) -> Group<'_> {
        let range = index * WIDTH..(index + 1) * WIDTH;
        let leaves = range.clone().zip(&self.leaves[range.clone()]);
        Group {
            index: index as u64,
            found: leaves
                .map(|(position, leaf)| Found {
                    position: position as u64,
                    leaf,
                })
                .collect(),
            tile: Some(&self.tiles[index]),
            payloads: if with_payloads {
                Payloads::Lines(&self.payloads[range])
            } else {
                Payloads::None
            },
        }
    }
}
