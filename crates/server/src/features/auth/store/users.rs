//! `users`: people who can sign in.

use jiff::Timestamp;
use stockade_domain::{email::EmailAddress, ids::UserId, roles::Role};
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};

/// A person to be.
pub(crate) struct NewUser<'a> {
    pub(crate) id: UserId,
    pub(crate) email: &'a EmailAddress,
    pub(crate) name: Option<&'a str>,
    pub(crate) password_hash: &'a str,
    pub(crate) role: Role,
}

/// What a sign-in is checked against.
pub(crate) struct Credentials {
    pub(crate) id: UserId,
    pub(crate) name: Option<String>,
    pub(crate) role: Role,
    pub(crate) password_hash: String,
    pub(crate) disabled: bool,
}

impl FromRow for Credentials {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            name: row.read()?,
            role: row.parse()?,
            password_hash: row.read()?,
            disabled: row.read::<Option<Timestamp>>()?.is_some(),
        })
    }
}

/// Inserts a person; false when the address is taken.
pub(crate) async fn insert(on: &mut impl Writable, user: &NewUser<'_>, now: Timestamp) -> DbResult<bool> {
    let inserted = sql(
        "INSERT INTO users (id, email, name, password_hash, role, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (email) DO NOTHING",
    )
    .bind(user.id)
    .bind(user.email.as_str())
    .bind(user.name)
    .bind(user.password_hash)
    .bind(user.role.as_str())
    .bind(now)
    .run(on)
    .await?;
    Ok(inserted == 1)
}

pub(crate) async fn by_email(on: &mut impl Queryable, email: &EmailAddress) -> DbResult<Option<Credentials>> {
    sql("SELECT id, name, role, password_hash, disabled_at FROM users WHERE email = $1")
        .bind(email.as_str())
        .optional(on)
        .await
}

/// Reads the credentials again and keeps them as they are until the unit ends.
pub(crate) async fn lock(on: &mut impl Queryable, id: UserId) -> DbResult<Option<Credentials>> {
    sql("SELECT id, name, role, password_hash, disabled_at FROM users WHERE id = $1")
        .bind(id)
        .for_update()
        .optional(on)
        .await
}

pub(crate) fn set_password_hash(on: &mut impl Writable, id: UserId, hash: &str) -> DbResult<()> {
    sql("UPDATE users SET password_hash = $2 WHERE id = $1")
        .bind(id)
        .bind(hash)
        .later(on)
}

pub(crate) async fn admin_exists(on: &mut impl Queryable) -> DbResult<bool> {
    let admins: i64 = sql("SELECT COUNT(*) FROM users WHERE role = $1")
        .bind(Role::Admin.as_str())
        .one(on)
        .await?;
    Ok(admins > 0)
}
