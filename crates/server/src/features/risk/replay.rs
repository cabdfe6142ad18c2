//! Every stored decision made anew: each must come out as it was, to the bit.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use serde::Serialize;
use stockade_domain::{ids::UserId, risk::Policy};
use stockade_platform::{db::Reader, vault::DataKey};
use uuid::Uuid;

use super::{found, store};
use crate::{
    app::App,
    core::sealed::key_of,
    http::error::{ApiError, ApiResult},
};

/// Decisions read in one snapshot.
const PAGE: i64 = 500;

/// Named at most, of those that came out otherwise.
const MOST_NAMED: usize = 20;

/// How it went.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Replayed {
    /// Decisions made anew.
    pub decisions: u64,
    /// Those that came out otherwise.
    pub different: u64,
    /// The first of these.
    pub named: Vec<Uuid>,
}

/// Makes all of them anew, and tells how many are done.
///
/// # Errors
/// 500 `vault.tampered`, for the first that does not open.
pub async fn replay(app: &App, progress: impl Fn(u64)) -> ApiResult<Replayed> {
    let mut report = Replayed::default();
    let mut after = Uuid::nil();
    let mut policies = HashMap::new();
    loop {
        let this = app.clone();
        let (page, known) = app
            .read(async move |reader: &mut Reader| read(&this, reader, after, policies).await)
            .await?;
        policies = known;
        let Some(last) = page.last() else {
            return Ok(report);
        };
        after = last.0;
        for (id, same) in page {
            report.decisions += 1;
            if !same {
                report.different += 1;
                report
                    .named
                    .extend((report.named.len() < MOST_NAMED).then_some(id));
            }
        }
        progress(report.decisions);
    }
}

type Page = (Vec<(Uuid, bool)>, HashMap<String, Arc<Policy>>);

async fn read(
    app: &App,
    reader: &mut Reader,
    after: Uuid,
    mut policies: HashMap<String, Arc<Policy>>,
) -> Result<Page, ApiError> {
    let mut keys: HashMap<UserId, Arc<DataKey>> = HashMap::new();
    let mut page = Vec::new();
    for stored in store::decisions_after(reader, after, PAGE).await? {
        if let Entry::Vacant(unknown) = keys.entry(stored.user) {
            unknown.insert(key_of(&app.core.keys, reader, stored.user).await?);
        }
        if let Entry::Vacant(unknown) = policies.entry(stored.policy_hash.clone()) {
            unknown.insert(Arc::new(found::policy(reader, &stored.policy_hash).await?));
        }
        let evidence = found::open(&keys[&stored.user], &stored)?;
        let kind = found::kind(&stored.kind)?;
        let (_, same) = found::replay(&policies[&stored.policy_hash], kind, &evidence)?;
        page.push((stored.id, same));
    }
    Ok((page, policies))
}
