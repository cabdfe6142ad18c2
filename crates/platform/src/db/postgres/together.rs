//! Inserts that travel as one statement. Each statement costs both sides a bind, an execution and an answer, which is more
//! than most rows cost, and a unit ends in a row of inserts whose answers nobody needs.
//!
//! Only inserts that spell out their rows are joined, one for each table: none of them reads or changes what another has, so
//! that PostgreSQL may run the parts of a `WITH` in any order. An upsert locks the row that is there, so it is joined only
//! where its caller says that this may happen in any place. Statements between them go ahead, unless they name a table that
//! is still to be filled.

use std::{borrow::Cow, fmt::Write as _};

use crate::db::query::Query;

/// Values of a statement that may be joined with others: longer ones are not worth it.
const VALUES: usize = 64;

/// The same statements with inserts joined. Those into one table are not, so that however many rows a unit writes, few
/// different statements come of it: each connection keeps all that it has prepared.
pub(super) fn together(queries: Vec<Query>) -> Vec<Query> {
    let mut joined: Vec<Query> = Vec::with_capacity(queries.len());
    let mut run: Vec<Query> = Vec::new();
    for query in queries {
        let is_insert = spells_out_rows(&query);
        let must_follow = |insert: &Query| match is_insert {
            true => table(&insert.text) == table(&query.text),
            false => query.text.contains(table(&insert.text)),
        };
        if run.iter().any(must_follow) {
            joined.extend(join(std::mem::take(&mut run)));
        }
        match is_insert {
            true => run.push(query),
            false => joined.push(query),
        }
    }
    joined.extend(join(run));
    joined
}

const INSERT: &str = "INSERT INTO ";

/// The table that an insert fills.
fn table(insert: &str) -> &str {
    let name = insert.strip_prefix(INSERT).unwrap_or(insert);
    name.split([' ', '(']).next().unwrap_or(name)
}

/// Whether a statement looks at no table but the one into which it puts the rows that it spells out.
fn spells_out_rows(query: &Query) -> bool {
    let has = |word| query.text.contains(word);
    query.text.starts_with(INSERT)
        && query.values.len() <= VALUES
        && (query.any_place || !has("DO UPDATE"))
        && !(has("SELECT") || has("RETURNING"))
}

/// One statement for all of the run; none for none.
fn join(mut run: Vec<Query>) -> Option<Query> {
    let last = run.pop()?;
    if run.is_empty() {
        return Some(last);
    }
    let (mut text, mut values) = (String::with_capacity(2048), Vec::new());
    for (number, query) in run.into_iter().enumerate() {
        let _ = write!(text, "{} i{number} AS (", if number == 0 { "WITH" } else { "," });
        push_shifted(&mut text, &query.text, values.len());
        text.push(')');
        values.extend(query.values);
    }
    text.push(' ');
    push_shifted(&mut text, &last.text, values.len());
    values.extend(last.values);
    Some(Query {
        text: Cow::Owned(text),
        values,
        for_update: false,
        any_place: false,
    })
}

/// Adds a statement whose first parameter comes after `before` others.
fn push_shifted(out: &mut String, text: &str, before: usize) {
    let mut parts = text.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        match part[..digits].parse::<usize>() {
            Ok(number) => {
                let _ = write!(out, "${}", number + before);
                out.push_str(&part[digits..]);
            }
            Err(_) => {
                out.push('$');
                out.push_str(part);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query::sql;

    fn texts(queries: Vec<Query>) -> Vec<String> {
        together(queries)
            .into_iter()
            .map(|query| query.text.into_owned())
            .collect()
    }

    #[test]
    fn inserts_become_one() {
        let joined = together(vec![
            sql("INSERT INTO a (x, y) VALUES ($1, $2)")
                .bind(1_i64)
                .bind(2_i64),
            sql("INSERT INTO b (x) VALUES ($1)").bind(3_i64),
            sql("INSERT INTO c (x, y) VALUES ($2, $1)")
                .bind(4_i64)
                .bind(5_i64),
        ]);
        assert_eq!(joined.len(), 1);
        assert_eq!(
            joined[0].text,
            "WITH i0 AS (INSERT INTO a (x, y) VALUES ($1, $2)), i1 AS (INSERT INTO b (x) VALUES ($3)) \
             INSERT INTO c (x, y) VALUES ($5, $4)"
        );
        assert_eq!(joined[0].values.len(), 5);
    }

    #[test]
    fn what_names_a_table_waits_until_it_is_filled() {
        let (insert, other) = ("INSERT INTO a (x) VALUES (1)", "INSERT INTO b (x) VALUES (1)");
        for between in [
            "UPDATE a SET x = 2",
            "DELETE FROM a",
            "INSERT INTO a (x) SELECT 1",
            "UPDATE c SET x = (SELECT x FROM a)",
        ] {
            let all = [insert, between, other];
            assert_eq!(texts(all.map(sql).to_vec()), all);
        }
    }

    #[test]
    fn other_tables_go_ahead_in_their_order() {
        let (a, b) = ("INSERT INTO a (x) VALUES (1)", "INSERT INTO b(x) VALUES (1)");
        let (c, d) = ("UPDATE c SET x = 2", "INSERT INTO d (x) SELECT 1");
        let joined = format!("WITH i0 AS ({a}) {b}");
        assert_eq!(texts([a, c, d, b].map(sql).to_vec()), [c, d, &joined]);
    }

    #[test]
    fn a_table_is_filled_once_in_a_statement() {
        let (a, b) = ("INSERT INTO a (x) VALUES (1)", "INSERT INTO b (x) VALUES (1)");
        let ignoring = "INSERT INTO a (x) VALUES (1) ON CONFLICT DO NOTHING";
        let joined = format!("WITH i0 AS ({a}) {b}");
        assert_eq!(
            texts([a, b, a, b, ignoring].map(sql).to_vec()),
            [joined.as_str(), &joined, ignoring]
        );
        assert!(texts(Vec::new()).is_empty());
    }

    #[test]
    fn an_upsert_keeps_its_place_unless_it_may_leave_it() {
        let (a, c) = ("INSERT INTO a (x) VALUES (1)", "INSERT INTO c (x) VALUES (1)");
        let upsert = "INSERT INTO b (x) VALUES (1) ON CONFLICT (x) DO UPDATE SET y = excluded.y";
        let joined = format!("WITH i0 AS ({a}) {c}");
        assert_eq!(texts([a, upsert, c].map(sql).to_vec()), [upsert, &joined]);
        let anywhere = vec![sql(a), sql(upsert).in_any_place(), sql(c)];
        assert_eq!(
            texts(anywhere),
            [format!("WITH i0 AS ({a}), i1 AS ({upsert}) {c}")]
        );
    }
}
