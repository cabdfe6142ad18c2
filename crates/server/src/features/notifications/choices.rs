//! Which kinds of notice somebody gets by mail.

use std::collections::HashMap;

use serde::Serialize;
use stockade_domain::{ids::UserId, notices::Notice};
use stockade_platform::db::{DbResult, Queryable};
use utoipa::ToSchema;

use super::store;
use crate::config::Config;

/// What somebody chose, over what is usual.
pub(super) struct Choices(HashMap<Notice, bool>);

/// A kind and whether it goes by mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChoiceView {
    #[schema(value_type = String, example = "new_device")]
    kind: Notice,
    /// When it is sent.
    about: &'static str,
    /// Whether it is sent to you.
    by_mail: bool,
    /// True for kinds that are always sent.
    locked: bool,
}

/// All kinds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChoicesView {
    items: Vec<ChoiceView>,
}

/// What goes to somebody by mail, for the export of all their data.
pub async fn own_choices(
    config: &Config,
    on: &mut impl Queryable,
    owner: UserId,
) -> DbResult<Vec<ChoiceView>> {
    Ok(Choices::of(on, owner).await?.view(config).items)
}

impl Choices {
    pub(super) async fn of(on: &mut impl Queryable, owner: UserId) -> DbResult<Self> {
        store::of(on, owner).await.map(Self)
    }

    /// Whether a kind goes by mail.
    pub(super) fn by_mail(&self, config: &Config, kind: Notice) -> bool {
        let usual = || config.mail.kinds.contains(&kind);
        kind.is_critical() || self.0.get(&kind).copied().unwrap_or_else(usual)
    }

    /// As their owner sees them.
    pub(super) fn view(&self, config: &Config) -> ChoicesView {
        let view = |kind: &Notice| ChoiceView {
            kind: *kind,
            about: kind.about(),
            by_mail: self.by_mail(config, *kind),
            locked: kind.is_critical(),
        };
        ChoicesView {
            items: Notice::ALL.iter().map(view).collect(),
        }
    }
}
