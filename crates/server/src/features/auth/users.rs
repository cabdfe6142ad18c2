//! How a person comes into being: in one unit with the key that seals what concerns them and, for a customer, the
//! account that holds their money.

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{email::EmailAddress, ids::UserId, passwords::SecondFactor, roles::Role};
use stockade_platform::db::{DbResult, Queryable};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    events, password_rules,
    store::users::{self, NewUser},
};
use crate::{
    app::App,
    core::{actor::Actor, change::Change},
    features::ledger,
    http::error::{ApiError, ApiResult, Problem},
};

/// A person, as they see themselves.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserView {
    /// Their id.
    pub id: Uuid,
    /// The address they sign in with.
    #[schema(example = "ana@example.com")]
    pub email: String,
    /// What they want to be called.
    pub name: Option<String>,
    /// What they may do.
    #[schema(value_type = String, example = "customer")]
    pub role: Role,
}

/// Who is to be made.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) email: EmailAddress,
    pub(super) name: Option<String>,
    pub(super) password_hash: String,
    pub(super) role: Role,
}

/// Makes a person; `None` when the address is taken.
pub(super) async fn create(
    app: &App,
    change: &mut Change<'_>,
    person: &Person,
) -> ApiResult<Option<UserView>> {
    let id = UserId::from_uuid(change.new_id());
    let user = NewUser {
        id,
        email: &person.email,
        name: person.name.as_deref(),
        password_hash: &person.password_hash,
        role: person.role,
    };
    let now = change.now();
    if !users::insert(change, &user, now).await? {
        return Ok(None);
    }
    app.core.keys.create(change, id.as_uuid()).await?;
    if person.role == Role::Customer {
        ledger::open_account(change, id).await?;
    }
    Ok(Some(UserView {
        id: id.as_uuid(),
        email: person.email.as_str().to_owned(),
        name: person.name.clone(),
        role: person.role,
    }))
}

/// Makes a person from the command line, which proves who asks by where it runs.
///
/// # Errors
/// The address or password is refused, or the address is taken: 409 `email.taken`.
pub async fn create_staff(app: &App, email: &str, password: &str, role: Role) -> ApiResult<UserView> {
    let person = staff(app, email, password, role).await?;
    let this = app.clone();
    app.change(Actor::program("cli"), async move |change: &mut Change<'_>| {
        let Some(user) = create(&this, change, &person).await? else {
            return change.refuse(events::confirmation_refused("email.taken"), taken());
        };
        change.commit(
            events::user_registered(UserId::from_uuid(user.id), user.role, "command line"),
            user,
        )
    })
    .await
}

/// Where a person gets their mail.
pub async fn address_of(on: &mut impl Queryable, id: UserId) -> DbResult<Option<String>> {
    users::address(on, id).await
}

/// When a way to sign in or to recover was last added, replaced or taken away, if ever.
pub async fn credentials_changed_at(on: &mut impl Queryable, id: UserId) -> DbResult<Option<Timestamp>> {
    users::credentials_changed_at(on, id).await
}

/// Checks an address and a password that are given together, and hashes the password.
pub(super) async fn staff(app: &App, email: &str, password: &str, role: Role) -> ApiResult<Person> {
    let email: EmailAddress = email.parse().map_err(|error| ApiError::refusal(&error))?;
    let accepted = password_rules::accept(app, password, &email, None, SecondFactor::Off).await?;
    Ok(Person {
        email,
        name: None,
        password_hash: accepted.hash,
        role,
    })
}

pub(super) fn taken() -> Problem {
    Problem::conflict(
        "email.taken",
        "there is an account with this address already; sign in instead",
    )
}
