//! Who may do what: the one table of roles and scopes. Read it top to bottom.
//!
//! A permission stands beside each route, as `.may(Permission::…)` or `.public()`; the guard holds requests against this
//! table, and OpenAPI says the same of every operation. A route with neither is closed to everybody.
//!
//! Invariants: an API key allows what a row's scope says and never more than its owner's role; rows without a scope need
//! a person. No row lets anybody change their own role: roles are given on the command line.

use serde::Serialize;
use stockade_domain::{
    key_scopes::KeyScope,
    roles::Role::{self, Admin, Analyst, Auditor, Customer, Operator},
};

use crate::features::auth::Scope;

/// What somebody may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Assets, prices, bars, news, forecasts.
    ReadMarket,
    /// What is known of oneself: name, role, entries of the log.
    ReadSelf,
    /// Everything that needs a person: password, factors, step-up, sessions, devices, keys, identity data, choices.
    ManageSelf,
    /// One's own portfolio, orders and cash.
    ReadAccount,
    /// Orders of one's own.
    Trade,
    /// Deposits and withdrawals of one's own.
    MoveCash,
    /// Everybody's entries of the log, and the operations desk.
    ReadDesk,
    /// Cases: unlocking, reviewing, deciding.
    WorkCases,
    /// Webhooks, users, policies.
    Administer,
    /// What is listed, and corporate actions.
    RunMarket,
}

/// A line of the table.
pub struct Row {
    /// What is allowed.
    pub permission: Permission,
    /// To whom.
    pub roles: &'static [Role],
    /// The scope that an API key needs; without one no API key is enough.
    pub api_key: Option<KeyScope>,
    /// The scope that the signing key of a signed request needs; without one it needs all.
    pub signing_key: Option<Scope>,
}

const EVERYBODY: &[Role] = Role::ALL;
/// Those who hold an account. Staff hold none, so that nobody decides on their own orders.
const INVESTORS: &[Role] = &[Customer];

/// The table.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row(Permission::ReadMarket,  EVERYBODY,                   Some(KeyScope::MarketRead),   None),
    row(Permission::ReadSelf,    EVERYBODY,                   Some(KeyScope::AccountRead),  None),
    row(Permission::ManageSelf,  EVERYBODY,                   None,                         None),
    row(Permission::ReadAccount, INVESTORS,                   Some(KeyScope::AccountRead),  None),
    row(Permission::Trade,       INVESTORS,                   Some(KeyScope::Trade),        Some(Scope::Trade)),
    row(Permission::MoveCash,    INVESTORS,                   Some(KeyScope::Cash),         Some(Scope::Cash)),
    row(Permission::ReadDesk,    &[Analyst, Auditor, Admin],  Some(KeyScope::SecurityRead), None),
    row(Permission::WorkCases,   &[Analyst, Admin],           None,                         None),
    row(Permission::Administer,  &[Admin],                    None,                         None),
    row(Permission::RunMarket,   &[Operator],                 None,                         None),
];

const fn row(
    permission: Permission,
    roles: &'static [Role],
    api_key: Option<KeyScope>,
    signing_key: Option<Scope>,
) -> Row {
    Row {
        permission,
        roles,
        api_key,
        signing_key,
    }
}

impl Permission {
    /// The permission's line of the table.
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Whether it reaches no further than what anybody may see and what is the person's own.
    pub fn is_ones_own(self) -> bool {
        matches!(
            self,
            Self::ReadMarket
                | Self::ReadSelf
                | Self::ManageSelf
                | Self::ReadAccount
                | Self::Trade
                | Self::MoveCash
        )
    }

    /// Its name, as OpenAPI and the log say it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadMarket => "read_market",
            Self::ReadSelf => "read_self",
            Self::ManageSelf => "manage_self",
            Self::ReadAccount => "read_account",
            Self::Trade => "trade",
            Self::MoveCash => "move_cash",
            Self::ReadDesk => "read_desk",
            Self::WorkCases => "work_cases",
            Self::Administer => "administer",
            Self::RunMarket => "run_market",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_permission_has_its_own_line() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.permission as usize, index);
            assert_eq!(row.permission.row().permission, row.permission);
            assert_eq!(
                serde_json::to_value(row.permission).unwrap(),
                row.permission.as_str()
            );
        }
    }

    /// The auditor reads and changes nothing; only people work cases and administer.
    #[test]
    fn who_only_reads_changes_nothing() {
        use Permission::{Administer, ManageSelf, MoveCash, RunMarket, Trade, WorkCases};
        for permission in [Trade, MoveCash, WorkCases, Administer, RunMarket] {
            assert!(!permission.row().roles.contains(&Auditor), "{permission:?}");
        }
        for permission in [ManageSelf, WorkCases, Administer, RunMarket] {
            assert!(permission.row().api_key.is_none(), "{permission:?}");
        }
    }
}
