//! `setup_token`: the one-time token of the first administrator.

use stockade_platform::db::{DbResult, Queryable, Writable, sql};

/// Stores a new token in place of the one before.
pub(crate) async fn put(on: &mut impl Writable, token_hash: [u8; 32]) -> DbResult<()> {
    sql("INSERT INTO setup_token (id, token_hash) VALUES (1, $1)
         ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash")
    .bind(token_hash)
    .run(on)
    .await?;
    Ok(())
}

/// Whether this is the token.
pub(crate) async fn is_current(on: &mut impl Queryable, token_hash: [u8; 32]) -> DbResult<bool> {
    let found: Option<i64> = sql("SELECT id FROM setup_token WHERE token_hash = $1")
        .bind(token_hash)
        .optional(on)
        .await?;
    Ok(found.is_some())
}

/// Takes the token out; false when it was not there.
pub(crate) async fn take(on: &mut impl Writable, token_hash: [u8; 32]) -> DbResult<bool> {
    Ok(sql("DELETE FROM setup_token WHERE token_hash = $1")
        .bind(token_hash)
        .run(on)
        .await?
        == 1)
}
