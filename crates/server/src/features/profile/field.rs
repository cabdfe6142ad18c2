//! The fields of a profile: each has a column, and is sealed for it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use stockade_platform::vault::Place;
use utoipa::ToSchema;
use uuid::Uuid;

/// The table, as sealed fields are bound to it.
const TABLE: &str = "profiles";

macro_rules! fields {
    ($($(#[$about:meta])* $name:ident = $column:literal,)+) => {
        /// A field of a profile.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum Field {
            $($(#[$about])* $name,)+
        }

        impl Field {
            /// Every field, in the order of the table's columns.
            pub(super) const ALL: [Self; [$($column),+].len()] = [$(Self::$name,)+];

            /// Its column, which is also its name in JSON.
            pub(super) const fn column(self) -> &'static str {
                match self {
                    $(Self::$name => $column,)+
                }
            }
        }
    };
}

fields! {
    /// Social Security number.
    Ssn = "ssn",
    /// Employer Identification Number.
    Ein = "ein",
    /// Individual Taxpayer Identification Number.
    Itin = "itin",
    /// Bank account.
    BankAccount = "bank_account",
    /// Date of birth.
    BirthDate = "birth_date",
    /// Postal address.
    Address = "address",
    /// Telephone number.
    Phone = "phone",
}

impl Field {
    /// Where it is sealed for. `row` is the owner's id.
    pub(super) fn place(self, row: &Uuid) -> Place<'_> {
        Place {
            table: TABLE,
            column: self.column(),
            row: row.as_bytes(),
        }
    }

    /// The column of its blind index, and that index's name; most fields are not searched for.
    pub(super) const fn index(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Ssn => Some(("ssn_tag", "profiles.ssn")),
            Self::Itin => Some(("itin_tag", "profiles.itin")),
            _ => None,
        }
    }
}

/// Reads what was checked before it was sealed.
pub(super) fn restore<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
