//! A score: thousandths, from 0 to 1,000.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How risky something is, in whole thousandths: 0 is like the person always, 1,000 cannot be riskier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Score(i64);

impl Score {
    /// The lowest.
    pub const NONE: Self = Self(0);
    /// The highest.
    pub const MOST: Self = Self(1_000);

    /// The score nearest to this sum of thousandths.
    #[must_use]
    pub const fn clamped(thousandths: i64) -> Self {
        match thousandths {
            ..0 => Self::NONE,
            1_001.. => Self::MOST,
            within => Self(within),
        }
    }

    /// In thousandths.
    #[must_use]
    pub const fn thousandths(self) -> i64 {
        self.0
    }
}

/// As people read it: `0.55`.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:03}", self.0 / 1_000, self.0 % 1_000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}
