//! What a verification of the database says.

use auditlog::{Report, verify::MAX_LISTED};
use serde::Serialize;
use utoipa::ToSchema;

/// The outcome. `valid` is the verdict; everything else says how it came about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Verification {
    /// No problem was found.
    pub valid: bool,
    /// Entries found, damaged and doubled ones included.
    pub entries: u64,
    /// Sequence of the first entry looked for.
    pub checked_from: u64,
    /// Sequence after that of the last entry found.
    pub checked_to: u64,
    /// Committed entries that wait for their number.
    pub pending: u64,
    /// Entries at the end that no checkpoint covers yet.
    pub unsigned: u64,
    /// Root over the entries found, base64; null when some are missing or out of order.
    pub root: Option<String>,
    /// The newest signed head; null before the first and when its signature is wrong.
    pub checkpoint: Option<SignedHead>,
    /// Older checkpoints that the log still agrees with.
    pub kept_confirmed: u64,
    /// Payloads held against their commitments.
    pub payloads: u64,
    /// Payloads whose key was destroyed.
    pub erased: u64,
    /// How many problems there are, listed or not.
    pub problem_count: u64,
    /// The first hundred of them.
    pub problems: Vec<Finding>,
}

/// A signed head of the log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignedHead {
    /// Which log.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree over them, base64.
    pub root: String,
}

/// One thing that is wrong with the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// What sort of damage: `altered_entry`, `missing_entry`, `truncated_tail`, `reordered_or_doubled`,
    /// `rewritten_history`, `fork`, `bad_signature`, `altered_payload`, `missing_payload`, `unlisted_entry`,
    /// `altered_tile`, `missing_tile` or `altered_head`.
    pub kind: &'static str,
    /// First entry concerned; null when it is the log as a whole.
    pub seq: Option<u64>,
    /// Last entry concerned, when there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<u64>,
    /// A sentence for people.
    pub detail: String,
}

impl Finding {
    pub(super) fn at(kind: &'static str, seq: u64, detail: impl Into<String>) -> Self {
        Self {
            kind,
            seq: Some(seq),
            through: None,
            detail: detail.into(),
        }
    }

    /// About the log as a whole.
    pub(super) fn whole(kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            seq: None,
            ..Self::at(kind, 0, detail)
        }
    }
}

impl Verification {
    /// What the verifier of the log found.
    pub(super) fn of(report: Report) -> Self {
        let checkpoint = report.checkpoint.filter(|head| head.size > 0);
        Self {
            valid: report.valid,
            entries: report.entries,
            checked_from: report.checked_from,
            checked_to: report.checked_to,
            pending: 0,
            unsigned: report.unsigned,
            root: report.root.map(|root| root.to_string()),
            checkpoint: checkpoint.map(|head| SignedHead {
                origin: head.origin,
                size: head.size,
                root: head.root.to_string(),
            }),
            kept_confirmed: report.kept_confirmed,
            payloads: report.payloads,
            erased: report.erased,
            problem_count: report.problem_count,
            problems: report.problems.into_iter().map(Finding::from).collect(),
        }
    }

    /// Whether a problem of this kind is listed.
    pub(super) fn names(&self, kind: &str) -> bool {
        self.problems.iter().any(|finding| finding.kind == kind)
    }

    /// Adds what was found beside it.
    pub(super) fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            self.valid = false;
            self.problem_count += 1;
            if self.problems.len() < MAX_LISTED {
                self.problems.push(finding);
            }
        }
    }
}

impl From<auditlog::Problem> for Finding {
    fn from(problem: auditlog::Problem) -> Self {
        Self {
            kind: problem.kind.name(),
            seq: problem.seq,
            through: problem.through,
            detail: problem.detail,
        }
    }
}
