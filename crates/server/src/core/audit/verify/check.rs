//! What is checked of each page, and at the end of the log.

use std::{collections::HashMap, ops::RangeInclusive};

use auditlog::{
    Verifier,
    export::{PayloadLine, Secret},
    tile::WIDTH,
    verify::{Found, Group, Payloads},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        payload::{Content, Opened},
        scan::{End, Page},
        store::StoredEntry,
    },
    report::{Finding, Verification},
};

/// A verification under way.
pub(super) struct Check {
    verifier: Verifier,
    findings: Vec<Finding>,
    /// The keys that sealed what now counts as erased, with the first entry of each.
    erased_keys: HashMap<Uuid, u64>,
    end: Option<End>,
}

/// The only field of a payload that is also a column.
#[derive(Deserialize)]
struct Filed {
    subject: Option<Uuid>,
}

impl Check {
    pub(super) fn new(verifier: Verifier) -> Self {
        Self {
            verifier,
            findings: Vec::new(),
            erased_keys: HashMap::new(),
            end: None,
        }
    }

    /// Entries seen so far.
    pub(super) fn entries(&self) -> u64 {
        self.verifier.entries()
    }

    pub(super) fn page(&mut self, page: Page) {
        let lines: Vec<Vec<PayloadLine>> = page
            .groups()
            .map(|(_, entries)| {
                entries
                    .iter()
                    .filter_map(|entry| self.payload(&page, entry))
                    .collect()
            })
            .collect();
        let groups: Vec<Group<'_>> = page
            .groups()
            .zip(&lines)
            .map(|((index, entries), lines)| Group {
                index,
                found: entries.iter().map(found).collect(),
                tile: page.tile(index).map(|tile| tile.hashes.as_slice()),
                payloads: Payloads::Lines(lines),
            })
            .collect();
        self.verifier.feed(&groups);
        self.end = page.end.or(self.end.take());
    }

    /// The payload for the verifier, which holds it against the commitment.
    fn payload(&mut self, page: &Page, entry: &StoredEntry) -> Option<PayloadLine> {
        let seq = entry.seq as u64;
        let content = match page.content(entry) {
            Content::Open(opened) => {
                self.check_subject(entry, &opened);
                Some(Secret {
                    payload: opened.bytes,
                    salt: opened.salt,
                })
            }
            Content::Erased => {
                if let Some(key) = page.sealed_with(entry) {
                    self.erased_keys.entry(key).or_insert(seq);
                }
                None
            }
            Content::Closed => {
                let detail =
                    format!("The payload of entry {seq} does not open, though its subject's key exists.");
                self.findings.push(Finding::at("altered_payload", seq, detail));
                return None;
            }
            Content::Missing => {
                let detail = format!("The payload of entry {seq} is missing.");
                self.findings.push(Finding::at("missing_payload", seq, detail));
                return None;
            }
        };
        let id = entry.id.into_bytes();
        Some(PayloadLine { seq, id, content })
    }

    /// Who it is filed under decides who sees it and whose erasure takes it away.
    fn check_subject(&mut self, entry: &StoredEntry, opened: &Opened) {
        let filed = serde_json::from_slice::<Filed>(&opened.bytes);
        if filed.is_ok_and(|filed| filed.subject == entry.subject) {
            return;
        }
        let detail = format!(
            "Entry {} is filed under another subject than it was recorded about.",
            entry.seq
        );
        self.findings
            .push(Finding::at("altered_payload", entry.seq as u64, detail));
    }

    pub(super) fn no_erased_keys(&self) -> bool {
        self.erased_keys.is_empty()
    }

    pub(super) fn is_erased_key(&self, id: &Uuid) -> bool {
        self.erased_keys.contains_key(id)
    }

    /// Takes the keys of erased payloads that exist after all.
    pub(super) fn hidden(&mut self, keys: Vec<Uuid>) {
        let seqs = keys.iter().filter_map(|key| self.erased_keys.get(key));
        let findings = seqs.map(|&seq| {
            let detail = format!(
                "Entry {seq} passes for erased, but the key that sealed it exists: it was filed under somebody else."
            );
            Finding::at("altered_payload", seq, detail)
        });
        self.findings.extend(findings);
    }

    /// Takes the entries that lists of entries by person lack.
    pub(super) fn unlisted(&mut self, seqs: &[i64]) {
        let findings = seqs.iter().map(|seq| {
            let detail =
                format!("Entry {seq} is missing from the list of whom it concerns, who does not see it.");
            Finding::at("unlisted_entry", *seq as u64, detail)
        });
        self.findings.extend(findings);
    }

    /// The verdict.
    pub(super) fn finish(self) -> Verification {
        let report = self.verifier.finish();
        let damaged: Vec<RangeInclusive<u64>> = report
            .problems
            .iter()
            .filter_map(|p| Some(p.seq?..=p.through.or(p.seq)?))
            .collect();
        let mut verification = Verification::of(report);
        // A payload cannot fit an entry that is itself damaged or gone.
        let explained = |finding: &Finding| {
            finding
                .seq
                .is_some_and(|seq| damaged.iter().any(|range| range.contains(&seq)))
        };
        let findings = self.findings.into_iter().filter(|finding| !explained(finding));
        verification.add(findings);
        if let Some(end) = &self.end {
            verification.pending = end.pending as u64;
            let about_head = head(&verification, end);
            verification.add(about_head);
            verification.add(tile_counts(end));
        }
        verification
    }
}

fn found(entry: &StoredEntry) -> Found<'_> {
    Found {
        position: entry.seq as u64,
        leaf: &entry.leaf,
    }
}

/// The row that says where the log stands is not signed; it must be what the entries make.
fn head(verification: &Verification, end: &End) -> Option<Finding> {
    let (size, checked_to) = (end.head.size as u64, verification.checked_to);
    if verification.names("truncated_tail") {
        return None;
    }
    if checked_to < size {
        let detail = format!("The log ends before entry {checked_to}, but its head counts {size} entries.");
        let through = (size - 1 > checked_to).then_some(size - 1);
        return Some(Finding {
            through,
            ..Finding::at("truncated_tail", checked_to, detail)
        });
    }
    if checked_to > size {
        let detail = format!("The head counts {size} entries, but the log goes on to entry {checked_to}.");
        return Some(Finding::at("altered_head", size, detail));
    }
    let stored = end.head.root.map(|root| auditlog::Hash(root).to_string());
    let differs = size > 0 && verification.root.is_some() && stored != verification.root;
    (differs && verification.valid).then(|| {
        Finding::whole(
            "altered_head",
            "The head's root is not the one that the entries make.",
        )
    })
}

/// A log of this size has so many full tiles, no more and no fewer.
fn tile_counts(end: &End) -> Vec<Finding> {
    let mut width = WIDTH as u64;
    let mut findings = Vec::new();
    for level in 0..8i64 {
        let due = end.head.size as u64 / width;
        let stored = end
            .tile_counts
            .iter()
            .find(|(of, _)| *of == level)
            .map_or(0, |(_, count)| *count as u64);
        if stored != due {
            let kind = if stored < due {
                "missing_tile"
            } else {
                "altered_tile"
            };
            let detail = format!("Level {level} has {stored} full tiles, but a log of this size has {due}.");
            findings.push(Finding::whole(kind, detail));
        }
        width = width.saturating_mul(WIDTH as u64);
    }
    findings
}
