//! `users`, looked through by staff.

use jiff::Timestamp;
use stockade_domain::roles::Role;
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, sql};
use uuid::Uuid;

/// Which people; what is `None` does not matter.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) ids: Option<Vec<Uuid>>,
    /// In their name or address.
    pub(crate) text: Option<String>,
    pub(crate) role: Option<Role>,
    /// Who joined before this one.
    pub(crate) before: Option<Uuid>,
    pub(crate) rows: i64,
}

/// Somebody.
pub(crate) struct Found {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    pub(crate) role: Role,
    pub(crate) joined_at: Timestamp,
    pub(crate) restricted_at: Option<Timestamp>,
}

impl FromRow for Found {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            email: row.read()?,
            name: row.read()?,
            role: row.parse()?,
            joined_at: row.read()?,
            restricted_at: row.read()?,
        })
    }
}

/// People who can sign in, those who joined last first.
pub(crate) async fn list(on: &mut impl Queryable, wanted: &Wanted) -> DbResult<Vec<Found>> {
    let pattern = wanted.text.as_deref().map(pattern);
    let ids = wanted.ids.as_deref().unwrap_or_default();
    let mut conditions = vec!["disabled_at IS NULL".to_owned(), "id < $1".to_owned()];
    let mut next = 2;
    if pattern.is_some() {
        conditions.push(format!(
            "(LOWER(email) LIKE ${next} ESCAPE '!' OR LOWER(name) LIKE ${next} ESCAPE '!')"
        ));
        next += 1;
    }
    if wanted.role.is_some() {
        conditions.push(format!("role = ${next}"));
        next += 1;
    }
    if wanted.ids.is_some() {
        let places: Vec<String> = (0..ids.len()).map(|at| format!("${}", next + at)).collect();
        conditions.push(format!("id IN ({})", places.join(", ")));
    }
    let (conditions, rows) = (conditions.join(" AND "), wanted.rows);
    let mut query = sql(format!(
        "SELECT id, email, name, role, created_at, restricted_at FROM users
         WHERE {conditions} ORDER BY id DESC LIMIT {rows}"
    ))
    .bind(wanted.before.unwrap_or(Uuid::max()));
    if let Some(pattern) = pattern {
        query = query.bind(pattern);
    }
    if let Some(role) = wanted.role {
        query = query.bind(role.as_str());
    }
    for id in ids {
        query = query.bind(*id);
    }
    query.all(on).await
}

/// What holds the text, in which `%` and `_` mean themselves.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.trim().to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    #[test]
    fn wildcards_mean_themselves() {
        assert_eq!(super::pattern(" 50%_Off! "), "%50!%!_off!!%");
    }
}
