//! A profile opened, and the two ways in which it is shown: masked, and in clear.

use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use stockade_domain::{
    identity::{Address, AddressParts, BankAccount, BankAccountParts, BirthDate, Ein, Itin, Phone, Ssn},
    ids::UserId,
};
use stockade_platform::{
    db::{DbError, Queryable},
    vault::Place,
};
use utoipa::ToSchema;

use super::{
    field::{Field, restore},
    store::{self, Stored},
};
use crate::{
    core::{keys::DataKeys, sealed},
    http::error::{ApiError, ApiResult},
};

/// Identity data. Without step-up each is masked.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ProfileView {
    /// Social Security number.
    #[schema(example = "XXX-XX-6789")]
    pub(super) ssn: Option<String>,
    /// Employer Identification Number.
    #[schema(example = "XX-XXX6789")]
    pub(super) ein: Option<String>,
    /// Individual Taxpayer Identification Number.
    #[schema(example = "XXX-XX-6789")]
    pub(super) itin: Option<String>,
    pub(super) bank_account: Option<BankAccountView>,
    /// Date of birth.
    #[schema(example = "1990-XX-XX")]
    pub(super) birth_date: Option<String>,
    pub(super) address: Option<AddressView>,
    /// Telephone number in international form.
    #[schema(example = "+XXXXXXX0143")]
    pub(super) phone: Option<String>,
    /// When any of it was last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) updated_at: Option<Timestamp>,
}

macro_rules! wire {
    ($(#[$about:meta])* $name:ident = $parts:ident { $($(#[$meta:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$meta])* $field: $type,)+
        }

        impl From<$parts> for $name {
            fn from(parts: $parts) -> Self {
                Self { $($field: parts.$field,)+ }
            }
        }

        impl From<$name> for $parts {
            fn from(wire: $name) -> Self {
                Self { $($field: wire.$field,)+ }
            }
        }
    };
}

wire! {
    /// A bank account in the United States.
    BankAccountView = BankAccountParts {
        /// Nine digits that name the bank; never masked.
        #[schema(example = "021001208")]
        routing_number: String,
        /// 4 to 17 digits.
        #[schema(example = "XXXXXXXX6789")]
        account_number: String,
        /// `checking` or `savings`
        kind: String,
    }
}

wire! {
    /// A postal address.
    AddressView = AddressParts {
        /// Street and number.
        line1: String,
        line2: Option<String>,
        city: String,
        /// In the United States the state's two letters.
        #[schema(example = "IL")]
        region: Option<String>,
        #[schema(example = "627XX")]
        postal_code: Option<String>,
        /// ISO 3166-1 alpha-2.
        #[schema(example = "US")]
        country: String,
    }
}

/// A profile opened.
#[derive(Default)]
pub(super) struct Profile {
    ssn: Option<Ssn>,
    ein: Option<Ein>,
    itin: Option<Itin>,
    bank_account: Option<BankAccount>,
    birth_date: Option<BirthDate>,
    address: Option<Address>,
    phone: Option<Phone>,
    updated_at: Option<Timestamp>,
}

/// Reads and opens a person's profile; an empty one when there is none.
///
/// # Errors
/// 500 `vault.tampered` when any field does not open.
pub(super) async fn read(keys: &DataKeys, on: &mut impl Queryable, user: UserId) -> ApiResult<Profile> {
    let Some(stored) = store::find(on, user).await? else {
        return Ok(Profile::default());
    };
    let gone = || ApiError::Database(DbError::Fault(format!("{user} has a profile but no data key")));
    let key = keys.of(on, user.as_uuid()).await?.ok_or_else(gone)?;
    let row = user.as_uuid();
    let fields: Vec<(Field, &[u8])> = filled(&stored).collect();
    let sealed: Vec<(Place<'_>, &[u8])> = fields
        .iter()
        .map(|(field, sealed)| (field.place(&row), *sealed))
        .collect();
    let opened = sealed::open_all(&key, user, &sealed)?;
    let mut profile = Profile {
        updated_at: Some(stored.updated_at),
        ..Profile::default()
    };
    for ((field, _), clear) in fields.iter().zip(&opened) {
        profile.fill(*field, clear.expose_secret()).ok_or_else(|| {
            let column = field.column();
            DbError::Fault(format!("the {column} of {user} opens, but has not its form"))
        })?;
    }
    Ok(profile)
}

fn filled(stored: &Stored) -> impl Iterator<Item = (Field, &[u8])> {
    let fields = Field::ALL.into_iter().zip(&stored.sealed);
    fields.filter_map(|(field, sealed)| Some((field, sealed.as_deref()?)))
}

impl Profile {
    fn fill(&mut self, field: Field, clear: &[u8]) -> Option<()> {
        let text = std::str::from_utf8(clear).ok()?;
        match field {
            Field::Ssn => self.ssn = Some(restore(text)?),
            Field::Ein => self.ein = Some(restore(text)?),
            Field::Itin => self.itin = Some(restore(text)?),
            Field::BankAccount => {
                let parts = serde_json::from_str(text).ok()?;
                self.bank_account = Some(BankAccount::new(&parts).ok()?);
            }
            Field::BirthDate => self.birth_date = Some(BirthDate::restore(text).ok()?),
            Field::Address => {
                let parts = serde_json::from_str(text).ok()?;
                self.address = Some(Address::new(&parts).ok()?);
            }
            Field::Phone => self.phone = Some(restore(text)?),
        }
        Some(())
    }

    /// As it is shown without step-up.
    pub(super) fn masked(&self) -> ProfileView {
        ProfileView {
            ssn: self.ssn.as_ref().map(Ssn::masked),
            ein: self.ein.as_ref().map(Ein::masked),
            itin: self.itin.as_ref().map(Itin::masked),
            bank_account: self.bank_account.as_ref().map(|account| account.masked().into()),
            birth_date: self.birth_date.as_ref().map(BirthDate::masked),
            address: self.address.as_ref().map(|address| address.masked().into()),
            phone: self.phone.as_ref().map(Phone::masked),
            updated_at: self.updated_at,
        }
    }

    /// As only its owner may see it, after step-up.
    pub(super) fn in_clear(&self) -> ProfileView {
        ProfileView {
            ssn: self.ssn.as_ref().map(Ssn::to_string),
            ein: self.ein.as_ref().map(Ein::to_string),
            itin: self.itin.as_ref().map(Itin::to_string),
            bank_account: self.bank_account.as_ref().map(|account| account.parts().into()),
            birth_date: self.birth_date.as_ref().map(BirthDate::text),
            address: self
                .address
                .as_ref()
                .map(|address| address.parts().clone().into()),
            phone: self.phone.as_ref().map(Phone::to_string),
            updated_at: self.updated_at,
        }
    }
}
