//! What came of the history, and who can sign in with what.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// Counts by name, filled as the history goes on.
pub(super) type Tally = BTreeMap<&'static str, u64>;

/// What came of it. Of two histories with one seed everything is the same but the sign-ins' secrets.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The seed.
    pub seed: u64,
    /// Days lived.
    pub days: i64,
    /// How often what happened.
    pub happened: BTreeMap<&'static str, u64>,
    /// Who can sign in, staff first. Shown once: only hashes are kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sign_ins: Vec<SignIn>,
}

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DemoSignIn)]
pub struct SignIn {
    /// What they are: `customer`, `analyst`, `auditor` or `admin`.
    pub role: &'static str,
    /// The address they sign in with.
    pub email: String,
    /// Made for this history.
    pub password: String,
    /// The secret of their authenticator app in base 32, where they use one.
    pub totp_secret: Option<String>,
}

/// Counts one more.
pub(super) fn count(tally: &mut Tally, what: &'static str) {
    *tally.entry(what).or_default() += 1;
}
