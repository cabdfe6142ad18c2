//! What another policy would have made of the past: every stored event decided anew from the facts that were recorded.
//!
//! Facts stay as they were found: what a candidate says differently of weights, rules and thresholds counts, what it says
//! differently of the likelihood and of usual amounts does not, since both are part of the facts.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    num::NonZeroUsize,
    sync::Arc,
};

use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use stockade_domain::{
    ids::UserId,
    risk::{Action, Facts, Policy},
};
use stockade_platform::{
    db::{DbResult, Reader},
    vault::DataKey,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    found,
    found_out::FoundOut,
    sealed::place,
    store::{self, StoredFacts},
    view::fraction,
};
use crate::{
    app::App,
    core::sealed::{key_of, tampered},
    features::labels::{self, Verdict},
    http::error::{ApiError, ApiResult, Problem},
};

/// Events read in one snapshot, while those read before are decided.
const PAGE: i64 = 20_000;

/// Examples of each change at most.
const MOST_EXAMPLES: usize = 3;

/// What would have been.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Backtested {
    /// SHA-256 of the candidate's text.
    pub policy: String,
    /// Events decided anew.
    pub events: u64,
    /// Those with another action.
    pub changed: u64,
    /// Those of which more would have been asked, up to a refusal.
    pub stricter: u64,
    /// Those of which less would have been asked.
    pub milder: u64,
    /// How often which action would have become which.
    pub changes: Vec<ActionChange>,
    /// What people found out about some of these events, and which of them either policy stops.
    pub found_out: Vec<FoundOut>,
}

/// One action that would have been another.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ActionChange {
    /// `sign_in` or `transaction`.
    #[schema(example = "transaction")]
    pub kind: String,
    /// What followed then.
    #[schema(example = "allow")]
    pub was: String,
    /// What would have followed.
    #[schema(example = "hold")]
    pub would_be: String,
    /// How often.
    pub times: u64,
    /// Some of them.
    pub examples: Vec<Example>,
}

/// One decision that would have been another.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Example {
    /// Leads to its explanation.
    pub decision: Uuid,
    /// Its score.
    pub score: f64,
    /// What its score would have been.
    pub would_be: f64,
}

/// Decides every event since an instant anew; tells how many are done.
///
/// # Errors
/// 500 `vault.tampered`, for the first that does not open.
pub async fn backtest(
    app: &App,
    candidate: Policy,
    since: Option<Timestamp>,
    progress: impl Fn(u64),
) -> ApiResult<Backtested> {
    let candidate = Arc::new(candidate);
    let from = since.unwrap_or(Timestamp::UNIX_EPOCH);
    let verdicts: DbResult<_> = app
        .read(async move |reader: &mut Reader| labels::of_decisions(reader, from).await)
        .await;
    let verdicts = Arc::new(verdicts?);
    let mut tally = Tally::default();
    let mut after = since.map_or(Uuid::nil(), store::first_id_at);
    let mut next = read(app, after, HashMap::new()).await?;
    let mut events = 0;
    while let Some(last) = next.0.last() {
        after = last.id;
        let (page, keys) = next;
        events += page.len() as u64;
        let known = keys.clone();
        let (policy, verdicts) = (Arc::clone(&candidate), Arc::clone(&verdicts));
        #[expect(
            clippy::disallowed_methods,
            reason = "a page of decisions is neither hashing nor SQL, and keeps a core busy for a while"
        )]
        let decided = tokio::task::spawn_blocking(move || decide_all(&policy, &page, &keys, &verdicts));
        let (decided, read) = tokio::join!(decided, read(app, after, known));
        tally.add(decided.map_err(|error| ApiError::Fault(error.to_string()))??);
        next = read?;
        progress(events);
    }
    Ok(tally.report(candidate.hash(), events))
}

type Keys = HashMap<UserId, Arc<DataKey>>;
type Verdicts = HashMap<Uuid, Verdict>;

/// A page, with the keys of everybody in it.
async fn read(app: &App, after: Uuid, mut keys: Keys) -> ApiResult<(Vec<StoredFacts>, Keys)> {
    let this = app.clone();
    let found: DbResult<_> = app
        .read(async move |reader: &mut Reader| {
            let page = store::facts_after(reader, after, PAGE).await?;
            for stored in &page {
                if let Entry::Vacant(unknown) = keys.entry(stored.user) {
                    unknown.insert(key_of(&this.core.keys, reader, stored.user).await?);
                }
            }
            Ok((page, keys))
        })
        .await;
    Ok(found?)
}

/// Everything on as many threads as there are.
fn decide_all(policy: &Policy, page: &[StoredFacts], keys: &Keys, verdicts: &Verdicts) -> ApiResult<Tally> {
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = page.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let shares: Vec<_> = page
            .chunks(share)
            .map(|part| scope.spawn(move || decide_some(policy, part, keys, verdicts)))
            .collect();
        let mut tally = Tally::default();
        for share in shares {
            let part = share
                .join()
                .map_err(|_| ApiError::Fault("a thread of a backtest broke off".into()))?;
            tally.add(part?);
        }
        Ok(tally)
    })
}

fn decide_some(policy: &Policy, page: &[StoredFacts], keys: &Keys, verdicts: &Verdicts) -> ApiResult<Tally> {
    let mut tally = Tally::default();
    for stored in page {
        let place = place("risk_decisions", "sealed_facts", &stored.id);
        let clear = keys[&stored.user].open(&place, &stored.sealed).map_err(|_| {
            Problem::new(
                axum::http::StatusCode::INTERNAL_SERVER_ERROR,
                "vault.tampered",
                "what is stored was changed from outside; the operators have been told",
            )
            .on_record(tampered(stored.user, &place))
        })?;
        let facts = Facts::read(found::kind(&stored.kind)?, clear.expose_secret())
            .map_err(|why| ApiError::Fault(format!("the facts of decision {}: {why}", stored.id)))?;
        let (score, action) = policy.verdict(&facts);
        if action.as_str() != stored.action {
            tally.count(stored, score.thousandths(), action);
        }
        if let Some(verdict) = verdicts.get(&stored.id) {
            let found_out = tally.found_out(&stored.kind);
            found_out.count(*verdict, &stored.action, action.as_str());
        }
    }
    Ok(tally)
}

#[derive(Default)]
struct Tally {
    changes: BTreeMap<(String, String, &'static str), (u64, Vec<Example>)>,
    found_out: BTreeMap<String, FoundOut>,
}

impl Tally {
    fn count(&mut self, stored: &StoredFacts, score: i64, action: Action) {
        let key = (stored.kind.clone(), stored.action.clone(), action.as_str());
        let (times, examples) = self.changes.entry(key).or_default();
        *times += 1;
        if examples.len() < MOST_EXAMPLES {
            examples.push(Example {
                decision: stored.id,
                score: fraction(stored.score),
                would_be: fraction(score),
            });
        }
    }

    fn found_out(&mut self, kind: &str) -> &mut FoundOut {
        let known = self.found_out.entry(kind.to_owned());
        known.or_insert_with(|| FoundOut::of(kind))
    }

    fn add(&mut self, other: Self) {
        for (key, (more, found)) in other.changes {
            let (times, examples) = self.changes.entry(key).or_default();
            *times += more;
            examples.extend(found);
            examples.truncate(MOST_EXAMPLES);
        }
        for (kind, more) in other.found_out {
            self.found_out(&kind).add(&more);
        }
    }

    fn report(self, policy: &str, events: u64) -> Backtested {
        let mut report = Backtested {
            policy: policy.to_owned(),
            events,
            found_out: self.found_out.into_values().collect(),
            ..Backtested::default()
        };
        for ((kind, was, would_be), (times, examples)) in self.changes {
            report.changed += times;
            match Action::strictness(&was) < Action::strictness(would_be) {
                true => report.stricter += times,
                false => report.milder += times,
            }
            report.changes.push(ActionChange {
                kind,
                was,
                would_be: would_be.to_owned(),
                times,
                examples,
            });
        }
        report
    }
}
