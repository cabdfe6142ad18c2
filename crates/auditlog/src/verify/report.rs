//! What a verification says.

use serde::Serialize;

use crate::checkpoint::Checkpoint;
use crate::hash::Hash;

/// How many problems a report lists; the others are counted.
pub const MAX_LISTED: usize = 100;

/// The outcome of verifying a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// No problem was found.
    pub valid: bool,
    /// Entries found, damaged and doubled ones included.
    pub entries: u64,
    /// Sequence of the first entry looked for.
    pub checked_from: u64,
    /// Sequence after that of the last entry found.
    pub checked_to: u64,
    /// Entries at the end that the checkpoint does not cover yet. In a log in use there may be some.
    pub unsigned: u64,
    /// Root over the entries found; `None` when some are missing or out of order.
    pub root: Option<Hash>,
    /// The current checkpoint, when its signature is good.
    pub checkpoint: Option<Checkpoint>,
    /// Kept checkpoints that the log still agrees with.
    pub kept_confirmed: u64,
    /// Payloads held against their commitments.
    pub payloads: u64,
    /// Payloads that were erased.
    pub erased: u64,
    /// How many problems there are, listed or not.
    pub problem_count: u64,
    /// The first of them: those with the log as a whole, then by sequence.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong with the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What sort of damage.
    pub kind: ProblemKind,
    /// First entry concerned, when it can be told.
    pub seq: Option<u64>,
    /// Last entry concerned, when there are several.
    pub through: Option<u64>,
    /// A sentence for people.
    pub detail: String,
}

/// The sorts of damage that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// A checkpoint is not signed by the log's key.
    BadSignature,
    /// Two validly signed checkpoints of one size have different roots.
    Fork,
    /// The log does not continue what a signed checkpoint vouches for.
    RewrittenHistory,
    /// A checkpoint covers entries after the last one found.
    TruncatedTail,
    /// An entry between others is not there.
    MissingEntry,
    /// An entry stands in the wrong place, or twice.
    ReorderedOrDoubled,
    /// An entry is not what was recorded.
    AlteredEntry,
    /// A payload is not what its entry commits to.
    AlteredPayload,
    /// A stored tile is not what the entries make, though the entries are right.
    AlteredTile,
}

impl ProblemKind {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            ProblemKind::BadSignature => "bad_signature",
            ProblemKind::Fork => "fork",
            ProblemKind::RewrittenHistory => "rewritten_history",
            ProblemKind::TruncatedTail => "truncated_tail",
            ProblemKind::MissingEntry => "missing_entry",
            ProblemKind::ReorderedOrDoubled => "reordered_or_doubled",
            ProblemKind::AlteredEntry => "altered_entry",
            ProblemKind::AlteredPayload => "altered_payload",
            ProblemKind::AlteredTile => "altered_tile",
        }
    }
}

impl Problem {
    pub(super) fn at(kind: ProblemKind, seq: u64, detail: impl Into<String>) -> Problem {
        Problem {
            kind,
            seq: Some(seq),
            through: None,
            detail: detail.into(),
        }
    }

    /// A problem with the entries `first` to `last`.
    pub(super) fn of(kind: ProblemKind, first: u64, last: u64, detail: impl Into<String>) -> Problem {
        Problem {
            through: (last > first).then_some(last),
            ..Problem::at(kind, first, detail)
        }
    }

    /// A problem with the log as a whole.
    pub(super) fn whole(kind: ProblemKind, detail: impl Into<String>) -> Problem {
        Problem {
            kind,
            seq: None,
            through: None,
            detail: detail.into(),
        }
    }

    /// First and last entry concerned, unless it is the log as a whole.
    pub(super) fn span(&self) -> Option<(u64, u64)> {
        self.seq.map(|first| (first, self.through.unwrap_or(first)))
    }
}

/// `entry 5` or `entries 5 to 9`.
pub(super) fn entries(first: u64, last: u64) -> String {
    if first == last {
        format!("entry {first}")
    } else {
        format!("entries {first} to {last}")
    }
}
