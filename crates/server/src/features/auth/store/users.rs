//! `users`: people who can sign in.

use jiff::Timestamp;
use stockade_domain::{email::EmailAddress, ids::UserId, roles::Role};
use stockade_platform::db::{DbError, DbResult, FromRow, Queryable, Row, Writable, sql};

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
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    pub(crate) role: Role,
    pub(crate) password_hash: String,
    pub(crate) disabled: bool,
    /// Their password must be reset by mail first.
    pub(crate) locked_to_recovery: bool,
}

impl Credentials {
    /// Whether the right password opens anything.
    pub(crate) fn may_sign_in(&self) -> bool {
        !self.disabled && !self.locked_to_recovery
    }
}

impl FromRow for Credentials {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            email: row.read()?,
            name: row.read()?,
            role: row.parse()?,
            password_hash: row.read()?,
            disabled: row.read::<Option<Timestamp>>()?.is_some(),
            locked_to_recovery: row.read::<Option<Timestamp>>()?.is_some(),
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
    sql("SELECT id, email, name, role, password_hash, disabled_at, locked_to_recovery_at FROM users WHERE email = $1")
        .bind(email.as_str())
        .optional(on)
        .await
}

/// Reads the credentials again and keeps them as they are until the unit ends.
pub(crate) async fn lock(on: &mut impl Queryable, id: UserId) -> DbResult<Option<Credentials>> {
    sql("SELECT id, email, name, role, password_hash, disabled_at, locked_to_recovery_at FROM users WHERE id = $1")
        .bind(id)
        .for_update()
        .optional(on)
        .await
}

/// Stores the same password under another hash; false when it is another password by now.
pub(crate) async fn replace_hash(
    on: &mut impl Writable,
    id: UserId,
    before: &str,
    hash: &str,
) -> DbResult<bool> {
    let replaced = sql("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
        .bind(id)
        .bind(before)
        .bind(hash)
        .run(on)
        .await?;
    Ok(replaced == 1)
}

/// How the hashes of those who may sign in begin, up to the salt, and how many begin so. Salt and output end in `$` or the
/// end of the text and are of base64's letters, of either alphabet; bcrypt's own form has no `$` between them.
pub(crate) async fn kinds_of_hashes(on: &mut impl Queryable) -> DbResult<Vec<(String, u64)>> {
    const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/.=";
    let rows: Vec<(String, i64)> = sql("SELECT work, COUNT(*) FROM
             (SELECT CASE WHEN SUBSTR(password_hash, 2, 1) = '2' THEN SUBSTR(password_hash, 1, 7)
                  ELSE RTRIM(RTRIM(RTRIM(password_hash, $1), $2), $1) END AS work
              FROM users WHERE disabled_at IS NULL) AS hashes
         GROUP BY work ORDER BY work")
    .bind(BASE64)
    .bind("$")
    .all(on)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(work, count)| (work, count.unsigned_abs()))
        .collect())
}

/// Replaces the password and notes when.
pub(crate) fn change_password(
    on: &mut impl Writable,
    id: UserId,
    hash: &str,
    now: Timestamp,
) -> DbResult<()> {
    sql("UPDATE users SET password_hash = $2, credentials_changed_at = $3 WHERE id = $1")
        .bind(id)
        .bind(hash)
        .bind(now)
        .later(on)
}

/// Notes when a way to sign in or to recover was added, replaced or taken away.
pub(crate) fn credentials_changed(on: &mut impl Writable, id: UserId, now: Timestamp) -> DbResult<()> {
    sql("UPDATE users SET credentials_changed_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .later(on)
}

/// When a way to sign in or to recover was last added, replaced or taken away, if ever.
pub(crate) async fn credentials_changed_at(
    on: &mut impl Queryable,
    id: UserId,
) -> DbResult<Option<Timestamp>> {
    let changed: Option<Option<Timestamp>> = sql("SELECT credentials_changed_at FROM users WHERE id = $1")
        .bind(id)
        .optional(on)
        .await?;
    Ok(changed.flatten())
}

/// The stored hash of a person's password.
pub(crate) async fn password_hash(on: &mut impl Queryable, id: UserId) -> DbResult<Option<String>> {
    sql("SELECT password_hash FROM users WHERE id = $1")
        .bind(id)
        .optional(on)
        .await
}

/// Replaces the password by way of a mailed link, notes when, and ends the lock that only this way out of it ends.
pub(crate) fn recover_password(
    on: &mut impl Writable,
    id: UserId,
    hash: &str,
    now: Timestamp,
) -> DbResult<()> {
    sql("UPDATE users SET password_hash = $2, credentials_changed_at = $3, locked_to_recovery_at = NULL WHERE id = $1")
        .bind(id)
        .bind(hash)
        .bind(now)
        .later(on)
}

/// Lets nobody sign in until the password has been reset by mail.
pub(crate) fn lock_to_recovery(on: &mut impl Writable, id: UserId, now: Timestamp) -> DbResult<()> {
    sql("UPDATE users SET locked_to_recovery_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .later(on)
}

/// Gives a person another address and notes when; false when somebody has it.
pub(crate) async fn set_email(
    on: &mut impl Writable,
    id: UserId,
    email: &EmailAddress,
    now: Timestamp,
) -> DbResult<bool> {
    let set = sql("UPDATE users SET email = $2, credentials_changed_at = $3
         WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM users other WHERE other.email = $2)")
    .bind(id)
    .bind(email.as_str())
    .bind(now)
    .run(on)
    .await;
    match set {
        Ok(set) => Ok(set == 1),
        // Somebody took it at the same time.
        Err(DbError::Constraint(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whom a password that is being chosen must not describe: the person's address and name.
pub(crate) async fn described(
    on: &mut impl Queryable,
    id: UserId,
) -> DbResult<Option<(String, Option<String>)>> {
    sql("SELECT email, name FROM users WHERE id = $1 AND disabled_at IS NULL")
        .bind(id)
        .optional(on)
        .await
}

pub(crate) async fn admin_exists(on: &mut impl Queryable) -> DbResult<bool> {
    exists(on, Role::Admin).await
}

/// Whether anybody has this role.
pub(crate) async fn exists(on: &mut impl Queryable, role: Role) -> DbResult<bool> {
    let people: i64 = sql("SELECT COUNT(*) FROM users WHERE role = $1")
        .bind(role.as_str())
        .one(on)
        .await?;
    Ok(people > 0)
}

/// Address, name and role of a person who may sign in.
pub(crate) async fn living(
    on: &mut impl Queryable,
    id: UserId,
) -> DbResult<Option<(String, Option<String>, Role)>> {
    let found: Option<(String, Option<String>, String)> =
        sql("SELECT email, name, role FROM users WHERE id = $1 AND disabled_at IS NULL")
            .bind(id)
            .optional(on)
            .await?;
    found
        .map(|(email, name, role)| {
            let unknown = |_| DbError::Fault(format!("{id} has a role that is none"));
            Ok((email, name, role.parse().map_err(unknown)?))
        })
        .transpose()
}

/// Everybody who is no customer and may sign in, with address and role.
pub(crate) async fn staff(on: &mut impl Queryable) -> DbResult<Vec<(UserId, String, Role)>> {
    let rows: Vec<(UserId, String, String)> = sql("SELECT id, email, role FROM users
         WHERE role <> 'customer' AND disabled_at IS NULL ORDER BY id")
    .all(on)
    .await?;
    rows.into_iter()
        .map(|(id, email, role)| {
            let unknown = |_| DbError::Fault(format!("{id} has a role that is none"));
            Ok((id, email, role.parse().map_err(unknown)?))
        })
        .collect()
}

/// Where a person gets their mail.
pub(crate) async fn address(on: &mut impl Queryable, id: UserId) -> DbResult<Option<String>> {
    sql("SELECT email FROM users WHERE id = $1")
        .bind(id)
        .optional(on)
        .await
}
