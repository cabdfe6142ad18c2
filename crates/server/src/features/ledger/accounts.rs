//! Customers' accounts. A person has one, opened when they join; which one never changes.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use stockade_domain::{
    currency::Currency,
    ids::{AccountId, UserId},
};
use stockade_platform::db::{DbResult, Queryable};

use super::store;
use crate::{
    app::App,
    core::change::Change,
    http::error::{ApiResult, Problem},
};

/// An account.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The currency of its cash.
    pub currency: Currency,
}

/// Accounts remembered by owner. They never change, so nothing is ever taken back.
#[derive(Default)]
pub struct AccountCache(Mutex<HashMap<UserId, Account>>);

/// Accounts remembered at most; they are read again when needed.
const REMEMBERED: usize = 100_000;

/// Opens the account of somebody who joins.
pub async fn open_account(change: &mut Change<'_>, owner: UserId) -> DbResult<AccountId> {
    let account = Account {
        id: AccountId::from_uuid(change.new_id()),
        currency: Currency::Usd,
    };
    let now = change.now();
    store::insert_account(change, &account, owner, now)?;
    Ok(account.id)
}

/// The account of a customer; staff have none.
pub async fn account_of(app: &App, owner: UserId) -> ApiResult<Account> {
    if let Some(account) = app.accounts.get(owner) {
        return Ok(account);
    }
    let found: Option<Account> = app.read(async move |reader| read(reader, owner).await).await?;
    let account = found
        .ok_or_else(|| Problem::forbidden("account.none", "only customers have an account to trade with"))?;
    app.accounts.remember(owner, account);
    Ok(account)
}

async fn read(on: &mut impl Queryable, owner: UserId) -> DbResult<Option<Account>> {
    store::account_of(on, owner).await
}

impl AccountCache {
    fn get(&self, owner: UserId) -> Option<Account> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&owner)
            .copied()
    }

    fn remember(&self, owner: UserId, account: Account) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(owner, account);
    }
}
