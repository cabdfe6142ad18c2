//! Those who work at the desk, and people as the desk names them.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{ids::UserId, roles::Role};
use stockade_platform::db::{DbResult, Queryable};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{restrictions, users};

/// Somebody of the staff.
#[derive(Clone, Debug)]
pub struct StaffMember {
    /// Who.
    pub id: UserId,
    /// Where they get their mail.
    pub email: String,
    /// What they are.
    pub role: Role,
}

/// A person as the desk names them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// Who.
    pub id: Uuid,
    /// Their address; null once they were erased.
    pub email: Option<String>,
    /// What they want to be called.
    pub name: Option<String>,
}

/// How many accounts their owners cannot use as usual.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Something of them is locked.
    pub locked: i64,
    /// They are frozen.
    pub restricted: i64,
}

/// Everybody who works here and may sign in.
///
/// # Errors
/// When the database is away.
pub async fn staff(on: &mut impl Queryable) -> DbResult<Vec<StaffMember>> {
    let rows = users::staff(on).await?;
    Ok(rows
        .into_iter()
        .map(|(id, email, role)| StaffMember { id, email, role })
        .collect())
}

/// A person, if one is meant.
///
/// # Errors
/// When the database is away.
pub async fn person(on: &mut impl Queryable, id: Option<Uuid>) -> DbResult<Option<PersonView>> {
    let Some(id) = id else { return Ok(None) };
    let known = users::described(on, UserId::from_uuid(id)).await?;
    let (email, name) = known.map_or((None, None), |(email, name)| (Some(email), name));
    Ok(Some(PersonView { id, email, name }))
}

/// How many accounts are locked and restricted now.
///
/// # Errors
/// When the database is away.
pub async fn accounts_standing(
    on: &mut impl Queryable,
    now: Timestamp,
    confirm_after: i64,
) -> DbResult<Standing> {
    let (locked, restricted) = restrictions::counts(on, now, confirm_after).await?;
    Ok(Standing { locked, restricted })
}

/// Whether an account is frozen: jobs that trade or pay for somebody ask before they do.
///
/// # Errors
/// When the database is away.
pub async fn is_restricted(on: &mut impl Queryable, user: UserId) -> DbResult<bool> {
    restrictions::is_restricted(on, user).await
}

/// Everybody whose account is frozen: few, whom a job asks for once before it looks at many.
///
/// # Errors
/// When the database is away.
pub async fn restricted(on: &mut impl Queryable) -> DbResult<HashSet<UserId>> {
    let all = restrictions::restricted(on, Uuid::nil(), i64::MAX).await?;
    Ok(all.into_iter().map(UserId::from_uuid).collect())
}

/// Whether anybody has an account here who is a customer.
///
/// # Errors
/// When the database is away.
pub async fn customers_exist(on: &mut impl Queryable) -> DbResult<bool> {
    users::exists(on, Role::Customer).await
}
