//! A payee: a bank account with a name, sealed under its owner's data key, shown masked.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_domain::{
    identity::{BankAccount, BankAccountParts},
    ids::{PayeeId, UserId},
};
use stockade_platform::vault::{DataKey, Place};
use utoipa::ToSchema;

use super::store::payees::StoredPayee;
use crate::{
    core::sealed,
    features::profile::BankAccountView,
    http::error::{ApiError, ApiResult, Problem},
};

/// What lies sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Details {
    pub(super) name: String,
    bank_account: BankAccountParts,
}

/// A bank account that one's cash can be paid out to.
#[derive(Serialize, ToSchema)]
pub struct PayeeView {
    #[schema(value_type = uuid::Uuid)]
    id: PayeeId,
    name: String,
    /// Masked.
    bank_account: BankAccountView,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Until then withdrawals to it are held back, because it was added soon after a change of credentials.
    #[schema(value_type = Option<String>, format = DateTime)]
    usable_from: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    removed_at: Option<Timestamp>,
}

impl Details {
    pub(super) fn new(name: String, bank_account: &BankAccount) -> Self {
        Self {
            name,
            bank_account: bank_account.parts(),
        }
    }

    pub(super) fn seal(&self, key: &DataKey, payee: PayeeId) -> Vec<u8> {
        let clear = serde_json::to_vec(self).expect("texts are always JSON");
        key.seal(&place(&payee.as_uuid()), &clear)
    }

    /// # Errors
    /// 500 `vault.tampered`.
    pub(super) fn open(key: &DataKey, owner: UserId, stored: &StoredPayee) -> ApiResult<Self> {
        sealed::open_json(key, owner, &place(&stored.id.as_uuid()), &stored.sealed)
    }

    /// The account, checked once more.
    pub(super) fn account(&self) -> ApiResult<BankAccount> {
        BankAccount::new(&self.bank_account)
            .map_err(|_| ApiError::Fault("a payee opens, but its account is none".into()))
    }

    /// As it is shown and put on record: of the account's number only the end.
    pub(super) fn masked_number(&self) -> ApiResult<String> {
        Ok(self.account()?.masked().account_number)
    }
}

impl PayeeView {
    pub(super) fn masked(stored: &StoredPayee, details: Details) -> ApiResult<Self> {
        let account = details.account()?.masked();
        Ok(Self::with(stored, details.name, account))
    }

    /// For its owner alone, in the export of their data.
    pub(super) fn in_clear(stored: &StoredPayee, details: Details) -> Self {
        Self::with(stored, details.name, details.bank_account)
    }

    fn with(stored: &StoredPayee, name: String, account: BankAccountParts) -> Self {
        Self {
            id: stored.id,
            name,
            bank_account: account.into(),
            created_at: stored.created_at,
            usable_from: stored.usable_from,
            removed_at: stored.removed_at,
        }
    }
}

/// An id in a path or a body: what is not one is not found.
pub(super) fn read_id(text: &str) -> Option<PayeeId> {
    text.parse().ok()
}

/// There is none, or it is somebody else's: nobody can tell which.
pub(super) fn unknown() -> Problem {
    Problem::not_found("payee.unknown", "you have no such payee")
}

fn place(payee: &uuid::Uuid) -> Place<'_> {
    Place {
        table: "payees",
        column: "sealed",
        row: payee.as_bytes(),
    }
}
