//! The only SQL that names the audit log's tables.

use auditlog::{Hash, NewEntry, NumberedEntry};
use jiff::Timestamp;
use stockade_platform::db::{
    Bind as _, DbError, DbResult, FromRow, Query, Queryable, Row, Tx, Value, insert_many, sql,
};
use uuid::Uuid;

/// Where the stored log stands.
pub(super) struct StoredHead {
    pub(super) size: i64,
    pub(super) root: Option<[u8; 32]>,
}

impl StoredHead {
    /// Whether its root is this one's. Nothing is stored as the root of the empty log.
    pub(super) fn has_root(&self, head: &auditlog::Head) -> bool {
        self.size == 0 || self.root.as_ref() == Some(head.root.as_bytes())
    }
}

impl FromRow for StoredHead {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            size: row.read()?,
            root: row.read()?,
        })
    }
}

pub(super) async fn head(on: &mut impl Queryable) -> DbResult<StoredHead> {
    sql("SELECT size, root FROM audit_head WHERE id = 1")
        .one(on)
        .await
}

/// Moves the head from what the appender saw to what it made of it; false when somebody else moved it meanwhile, or
/// when a newer epoch has fenced this one out.
pub(super) async fn move_head(
    tx: &mut Tx,
    epoch: i64,
    from: &auditlog::Head,
    to: &auditlog::Head,
) -> DbResult<bool> {
    let moved = sql("UPDATE audit_head SET size = $1, root = $2, epoch = $3
                     WHERE id = 1 AND size = $4 AND epoch <= $3 AND (root = $5 OR size = 0)")
    .bind(to.size as i64)
    .bind(*to.root.as_bytes())
    .bind(epoch)
    .bind(from.size as i64)
    .bind(*from.root.as_bytes())
    .run(tx)
    .await?;
    Ok(moved == 1)
}

/// Appends entries.
pub(super) fn insert_entries(tx: &mut Tx, entries: &[NumberedEntry]) -> DbResult<()> {
    insert_rows(
        tx,
        "INSERT INTO audit_log (seq, entry_id, leaf) VALUES",
        entries,
        |entry| {
            [
                (entry.seq as i64).value(),
                Uuid::from_bytes(entry.id).value(),
                entry.leaf.as_slice().value(),
            ]
        },
    )
}

/// Inserts many rows a statement, and with few different statements, since a statement has a power of two of rows, 256 at
/// most.
fn insert_rows<T, const COLUMNS: usize>(
    tx: &mut Tx,
    into: &'static str,
    mut rows: &[T],
    values: impl Fn(&T) -> [Value; COLUMNS],
) -> DbResult<()> {
    while !rows.is_empty() {
        let (now, rest) = rows.split_at(1 << rows.len().min(256).ilog2());
        insert_many(into, COLUMNS, now.iter().map(|row| values(row).to_vec())).later(tx)?;
        rows = rest;
    }
    Ok(())
}

pub(super) fn insert_tile(tx: &mut Tx, tile: &auditlog::CompletedTile) -> DbResult<()> {
    sql("INSERT INTO audit_tiles (level, idx, root, hashes) VALUES ($1, $2, $3, $4)")
        .bind(i64::from(tile.level))
        .bind(tile.index as i64)
        .bind(*tile.root.as_bytes())
        .bind(tile.hashes.as_slice())
        .later(tx)
}

pub(super) fn insert_payload(tx: &mut Tx, id: Uuid, subject: Option<Uuid>, sealed: Vec<u8>) -> DbResult<()> {
    sql("INSERT INTO audit_payloads (entry_id, subject_id, sealed) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(subject)
        .bind(sealed)
        .later(tx)
}

/// The statement that puts a unit's entries into the inbox.
pub(super) fn insert_into_inbox(entries: &[NewEntry]) -> Query {
    let rows = entries.iter().map(|entry| {
        vec![
            Uuid::from_bytes(entry.id).value(),
            entry.kind.as_str().value(),
            i64::from(entry.schema).value(),
            entry.commitment.as_bytes().as_slice().value(),
        ]
    });
    insert_many(
        "INSERT INTO audit_inbox (entry_id, kind, schema, commitment) VALUES",
        4,
        rows,
    )
}

/// Takes up to `most` entries out of the inbox, those that were made first in front.
pub(super) async fn take_from_inbox(tx: &mut Tx, most: i64) -> DbResult<Vec<NewEntry>> {
    let taken: Vec<InboxRow> = sql("DELETE FROM audit_inbox WHERE entry_id IN
             (SELECT entry_id FROM audit_inbox ORDER BY entry_id LIMIT $1)
             RETURNING entry_id, kind, schema, commitment")
    .bind(most)
    .all(tx)
    .await?;
    let mut entries: Vec<NewEntry> = taken.into_iter().map(|row| row.0).collect();
    entries.sort_unstable_by_key(|entry| entry.id);
    Ok(entries)
}

struct InboxRow(NewEntry);

impl FromRow for InboxRow {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let fault = || DbError::Fault("the inbox holds something that is not an entry".into());
        Ok(Self(NewEntry {
            id: row.read::<Uuid>()?.into_bytes(),
            kind: auditlog::Kind::new(row.read::<String>()?).map_err(|_| fault())?,
            schema: u16::try_from(row.read::<i64>()?).map_err(|_| fault())?,
            commitment: Hash(row.read()?),
        }))
    }
}

/// Whether an entry still waits for its number.
pub(super) async fn is_in_inbox(on: &mut impl Queryable, id: Uuid) -> DbResult<bool> {
    let found: Option<i64> = sql("SELECT CAST(1 AS BIGINT) FROM audit_inbox WHERE entry_id = $1")
        .bind(id)
        .optional(on)
        .await?;
    Ok(found.is_some())
}

/// Whom an entry concerns, whether numbered or not.
pub(super) async fn subject_of(on: &mut impl Queryable, id: Uuid) -> DbResult<Option<Uuid>> {
    let found: Option<(Option<Uuid>,)> = sql("SELECT subject_id FROM audit_payloads WHERE entry_id = $1")
        .bind(id)
        .optional(on)
        .await?;
    Ok(found.and_then(|(subject,)| subject))
}

/// How many entries wait for a number.
pub(super) async fn inbox_length(on: &mut impl Queryable) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM audit_inbox").one(on).await
}

/// A stored entry: its number and the bytes that are hashed.
pub(super) struct StoredLeaf {
    pub(super) seq: i64,
    pub(super) leaf: Vec<u8>,
}

impl FromRow for StoredLeaf {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            seq: row.read()?,
            leaf: row.read()?,
        })
    }
}

/// Entries from `seq` on, in order.
pub(super) async fn leaves(on: &mut impl Queryable, from: i64, most: i64) -> DbResult<Vec<StoredLeaf>> {
    sql("SELECT seq, leaf FROM audit_log WHERE seq >= $1 ORDER BY seq LIMIT $2")
        .bind(from)
        .bind(most)
        .all(on)
        .await
}

/// An entry with its payload, as long as that exists.
pub(super) struct StoredEntry {
    pub(super) seq: i64,
    pub(super) id: Uuid,
    pub(super) leaf: Vec<u8>,
    pub(super) subject: Option<Uuid>,
    pub(super) sealed: Option<Vec<u8>>,
}

impl FromRow for StoredEntry {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            seq: row.read()?,
            id: row.read()?,
            leaf: row.read()?,
            subject: row.read()?,
            sealed: row.read()?,
        })
    }
}

const ENTRY: &str = "SELECT l.seq, l.entry_id, l.leaf, p.subject_id, p.sealed
    FROM audit_log l LEFT JOIN audit_payloads p ON p.entry_id = l.entry_id";

/// Entries from `seq` on, in order.
pub(super) async fn entries_from(
    on: &mut impl Queryable,
    from: i64,
    most: i64,
) -> DbResult<Vec<StoredEntry>> {
    sql(format!("{ENTRY} WHERE l.seq >= $1 ORDER BY l.seq LIMIT $2"))
        .bind(from)
        .bind(most)
        .all(on)
        .await
}

/// One person's entries of a stretch of the log. The log comes first in the join, so that the work is bounded by the
/// stretch and not by how much there is about the person.
const ENTRIES_OF_STRETCH: &str = "SELECT l.seq, l.entry_id, l.leaf, p.subject_id, p.sealed
    FROM audit_log l CROSS JOIN audit_payloads p
    WHERE l.seq >= $2 AND l.seq < $3 AND p.entry_id = l.entry_id AND p.subject_id = $1";

/// One person's entries of a stretch of the log, in order.
pub(super) async fn entries_of_between(
    on: &mut impl Queryable,
    subject: Uuid,
    from: i64,
    to: i64,
) -> DbResult<Vec<StoredEntry>> {
    sql(format!("{ENTRIES_OF_STRETCH} ORDER BY l.seq"))
        .bind(subject)
        .bind(from)
        .bind(to)
        .all(on)
        .await
}

/// Whom the entries from `seq` on concern, in order.
pub(super) async fn subjects_from(
    on: &mut impl Queryable,
    from: i64,
    most: i64,
) -> DbResult<Vec<(i64, Option<Uuid>)>> {
    sql(
        "SELECT l.seq, p.subject_id FROM audit_log l LEFT JOIN audit_payloads p ON p.entry_id = l.entry_id
         WHERE l.seq >= $1 ORDER BY l.seq LIMIT $2",
    )
    .bind(from)
    .bind(most)
    .all(on)
    .await
}

/// An entry's number as it is stored, or one behind all that are.
pub(super) fn place(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// Entries before `seq`, newest first.
pub(super) async fn entries_before(
    on: &mut impl Queryable,
    before: i64,
    most: i64,
) -> DbResult<Vec<StoredEntry>> {
    sql(format!("{ENTRY} WHERE l.seq < $1 ORDER BY l.seq DESC LIMIT $2"))
        .bind(before)
        .bind(most)
        .all(on)
        .await
}

/// Lists whom entries concern.
pub(super) fn insert_subjects(tx: &mut Tx, subjects: &[(i64, Option<Uuid>)]) -> DbResult<()> {
    let mut rows: Vec<(Uuid, i64)> = subjects
        .iter()
        .filter_map(|(seq, subject)| Some(((*subject)?, *seq)))
        .collect();
    rows.sort_unstable();
    insert_rows(
        tx,
        "INSERT INTO audit_subjects (subject_id, seq) VALUES",
        &rows,
        |(subject, seq)| [subject.value(), seq.value()],
    )
}

/// One person's entries before a number, newest first, as far as they are listed.
pub(super) async fn listed_entries_of(
    on: &mut impl Queryable,
    subject: Uuid,
    before: i64,
    most: i64,
) -> DbResult<Vec<StoredEntry>> {
    sql("SELECT l.seq, l.entry_id, l.leaf, p.subject_id, p.sealed
         FROM audit_subjects s JOIN audit_log l ON l.seq = s.seq
             JOIN audit_payloads p ON p.entry_id = l.entry_id AND p.subject_id = s.subject_id
         WHERE s.subject_id = $1 AND s.seq < $2 ORDER BY s.seq DESC LIMIT $3")
    .bind(subject)
    .bind(before)
    .bind(most)
    .all(on)
    .await
}

/// The entries of a stretch of the log that concern somebody whose list does not have them.
pub(super) async fn not_listed(on: &mut impl Queryable, from: i64, to: i64) -> DbResult<Vec<i64>> {
    sql(
        "SELECT l.seq FROM audit_log l JOIN audit_payloads p ON p.entry_id = l.entry_id
         WHERE l.seq >= $1 AND l.seq < $2 AND p.subject_id IS NOT NULL AND NOT EXISTS
             (SELECT 1 FROM audit_subjects s WHERE s.subject_id = p.subject_id AND s.seq = l.seq) ORDER BY l.seq",
    )
    .bind(from)
    .bind(to)
    .all(on)
    .await
}

/// One person's entries of a stretch of the log that is not listed yet, newest first.
pub(super) async fn unlisted_entries_of(
    on: &mut impl Queryable,
    subject: Uuid,
    from: i64,
    before: i64,
    most: i64,
) -> DbResult<Vec<StoredEntry>> {
    sql(format!("{ENTRIES_OF_STRETCH} ORDER BY l.seq DESC LIMIT $4"))
        .bind(subject)
        .bind(from)
        .bind(before)
        .bind(most)
        .all(on)
        .await
}

/// One entry by its id, if it has been numbered.
pub(super) async fn entry(on: &mut impl Queryable, id: Uuid) -> DbResult<Option<StoredEntry>> {
    sql(format!("{ENTRY} WHERE l.entry_id = $1"))
        .bind(id)
        .optional(on)
        .await
}

/// The 256 hashes of a full tile.
pub(super) async fn tile(on: &mut impl Queryable, level: u8, index: u64) -> DbResult<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> = sql("SELECT hashes FROM audit_tiles WHERE level = $1 AND idx = $2")
        .bind(i64::from(level))
        .bind(index as i64)
        .optional(on)
        .await?;
    Ok(row.map(|(hashes,)| hashes))
}

/// The subtree roots of full tiles of one level, from `index` on: the hashes of the tile above them.
pub(super) async fn tile_roots(
    on: &mut impl Queryable,
    level: u8,
    index: u64,
    most: i64,
) -> DbResult<Vec<Vec<u8>>> {
    sql("SELECT root FROM audit_tiles WHERE level = $1 AND idx >= $2 ORDER BY idx LIMIT $3")
        .bind(i64::from(level))
        .bind(index as i64)
        .bind(most)
        .all(on)
        .await
}

/// A full tile as it is stored.
pub(super) struct StoredTile {
    pub(super) index: u64,
    pub(super) hashes: Vec<u8>,
}

impl FromRow for StoredTile {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            index: row.read::<i64>()? as u64,
            hashes: row.read()?,
        })
    }
}

/// Full tiles of one level, from `index` on.
pub(super) async fn tiles(
    on: &mut impl Queryable,
    level: u8,
    index: u64,
    most: i64,
) -> DbResult<Vec<StoredTile>> {
    sql("SELECT idx, hashes FROM audit_tiles WHERE level = $1 AND idx >= $2 ORDER BY idx LIMIT $3")
        .bind(i64::from(level))
        .bind(index as i64)
        .bind(most)
        .all(on)
        .await
}

/// How many full tiles are stored of each level.
pub(super) async fn tile_counts(on: &mut impl Queryable) -> DbResult<Vec<(i64, i64)>> {
    sql("SELECT level, COUNT(*) FROM audit_tiles GROUP BY level ORDER BY level")
        .all(on)
        .await
}

/// Keeps a signed head; keeping the same one again changes nothing.
pub(super) async fn insert_checkpoint(tx: &mut Tx, size: u64, note: &str, at: Timestamp) -> DbResult<()> {
    sql("INSERT INTO audit_checkpoints (size, note, signed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(size as i64)
        .bind(note)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// The newest signed head, and when it was signed.
pub(super) async fn last_checkpoint(on: &mut impl Queryable) -> DbResult<Option<(String, Timestamp)>> {
    sql("SELECT note, signed_at FROM audit_checkpoints ORDER BY size DESC LIMIT 1")
        .optional(on)
        .await
}

/// Signed heads, newest first: the first of every `stride`, at most `most`.
pub(super) async fn checkpoints(on: &mut impl Queryable, stride: i64, most: i64) -> DbResult<Vec<String>> {
    sql("SELECT note FROM
             (SELECT size, note, ROW_NUMBER() OVER (ORDER BY size DESC) AS place FROM audit_checkpoints) AS placed
         WHERE (place - 1) % $1 = 0 ORDER BY size DESC LIMIT $2")
    .bind(stride)
    .bind(most)
    .all(on)
    .await
}

/// How many signed heads are kept.
pub(super) async fn checkpoint_count(on: &mut impl Queryable) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM audit_checkpoints").one(on).await
}
