//! Somebody with full rights on the database and no keys: opens it beside the program and changes what they like.

use auditlog::{
    Appender, Leaf, NewEntry,
    entry::entry_hash,
    tile::{WIDTH, tile_bytes},
};
use stockade_platform::db::Location;
use uuid::Uuid;

use crate::support::database::Database;

pub enum Attacker {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
}

/// A stored entry.
#[derive(Clone, Debug)]
pub struct Row {
    pub seq: i64,
    pub id: Uuid,
    pub leaf: Vec<u8>,
}

impl Attacker {
    /// Opens the database as its owner, with the triggers still in place.
    pub async fn on(database: &Database) -> Self {
        Self::at(&database.location).await
    }

    /// The same, for a database that a running shop has.
    pub async fn at(location: &Location) -> Self {
        match location {
            Location::Sqlite { path, .. } => Self::Sqlite(rusqlite::Connection::open(path).unwrap()),
            Location::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                Self::Postgres(client)
            }
        }
    }

    /// Opens it and takes the triggers away, which an owner can.
    pub async fn unhindered(database: &Database) -> Self {
        Self::unhindered_at(&database.location).await
    }

    pub async fn unhindered_at(location: &Location) -> Self {
        let attacker = Self::at(location).await;
        match &attacker {
            Self::Sqlite(_) => {
                for trigger in [
                    "log_no_update",
                    "log_no_delete",
                    "tiles_no_update",
                    "tiles_no_delete",
                ] {
                    attacker
                        .run(&format!("DROP TRIGGER audit_{trigger}"))
                        .await
                        .unwrap();
                }
            }
            Self::Postgres(_) => {
                for table in ["audit_log", "audit_tiles"] {
                    attacker
                        .run(&format!("ALTER TABLE {table} DISABLE TRIGGER ALL"))
                        .await
                        .unwrap();
                }
            }
        }
        attacker
    }

    /// Runs statements; the database's words when it refuses.
    pub async fn run(&self, text: &str) -> Result<(), String> {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(text).map_err(|error| error.to_string()),
            Self::Postgres(client) => client.batch_execute(text).await.map_err(|error| {
                error
                    .as_db_error()
                    .map_or(error.to_string(), |db| db.message().to_owned())
            }),
        }
    }

    /// A literal that both databases read as these bytes.
    fn bytes(&self, bytes: &[u8]) -> String {
        match self {
            Self::Sqlite(_) => format!("X'{}'", hex::encode(bytes)),
            Self::Postgres(_) => format!("'\\x{}'::bytea", hex::encode(bytes)),
        }
    }

    pub fn uuid(&self, id: Uuid) -> String {
        match self {
            Self::Sqlite(_) => format!("X'{}'", id.simple()),
            Self::Postgres(_) => format!("'{id}'"),
        }
    }

    pub async fn rows(&self) -> Vec<Row> {
        let query = "SELECT seq, entry_id, leaf FROM audit_log ORDER BY seq";
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare(query).unwrap();
                let rows = statement.query_map([], |row| {
                    let id: Vec<u8> = row.get(1)?;
                    Ok(Row {
                        seq: row.get(0)?,
                        id: Uuid::from_slice(&id).unwrap(),
                        leaf: row.get(2)?,
                    })
                });
                rows.unwrap().map(Result::unwrap).collect()
            }
            Self::Postgres(client) => {
                let rows = client
                    .query(
                        "SELECT seq, entry_id::text, leaf FROM audit_log ORDER BY seq",
                        &[],
                    )
                    .await;
                let read = |row: tokio_postgres::Row| Row {
                    seq: row.get(0),
                    id: row.get::<_, String>(1).parse().unwrap(),
                    leaf: row.get(2),
                };
                rows.unwrap().into_iter().map(read).collect()
            }
        }
    }

    pub async fn set_leaf(&self, seq: i64, leaf: &[u8]) {
        let leaf = self.bytes(leaf);
        self.run(&format!("UPDATE audit_log SET leaf = {leaf} WHERE seq = {seq}"))
            .await
            .unwrap();
    }

    /// Flips a bit of the entry's commitment.
    pub async fn alter(&self, seq: i64) {
        let mut leaf = self.rows().await[seq as usize].leaf.clone();
        *leaf.last_mut().unwrap() ^= 1;
        self.set_leaf(seq, &leaf).await;
    }

    /// Alters an entry and chains every later one anew.
    pub async fn alter_and_rechain(&self, seq: i64) {
        self.alter(seq).await;
        let mut rows = self.rows().await;
        for n in seq as usize + 1..rows.len() {
            let previous = entry_hash(&rows[n - 1].leaf);
            rows[n].leaf = Leaf {
                previous,
                ..Leaf::decode(&rows[n].leaf).unwrap()
            }
            .encode();
            self.set_leaf(n as i64, &rows[n].leaf.clone()).await;
        }
    }

    /// Makes the log anew from this entry on, with other commitments: leaves, tiles and head agree with each other.
    pub async fn rewrite_from(&self, seq: i64) {
        let rows = self.rows().await;
        let mut appender = Appender::new();
        self.run("DELETE FROM audit_tiles").await.unwrap();
        for row in &rows {
            let leaf = Leaf::decode(&row.leaf).unwrap();
            let mut commitment = leaf.commitment;
            commitment.0[0] ^= u8::from(row.seq >= seq);
            let header = leaf.header;
            let entry = NewEntry {
                id: header.id,
                kind: header.kind,
                schema: header.schema,
                commitment,
            };
            let numbered = appender.number(header.recorded_at, [entry]);
            self.set_leaf(row.seq, &numbered.entries[0].leaf).await;
            for tile in numbered.tiles {
                assert_eq!(tile.hashes.len(), tile_bytes(&[tile.root]).len() * WIDTH);
                let (root, hashes) = (self.bytes(tile.root.as_bytes()), self.bytes(&tile.hashes));
                let (level, index) = (tile.level, tile.index);
                self.run(&format!(
                    "INSERT INTO audit_tiles VALUES ({level}, {index}, {root}, {hashes})"
                ))
                .await
                .unwrap();
            }
        }
        let root = self.bytes(appender.head().root.as_bytes());
        self.run(&format!("UPDATE audit_head SET root = {root}"))
            .await
            .unwrap();
    }

    /// Puts a note among the kept checkpoints.
    pub async fn plant_checkpoint(&self, size: i64, note: &str) {
        let now = match self {
            Self::Sqlite(_) => "1".to_owned(),
            Self::Postgres(_) => "now()".to_owned(),
        };
        self.run(&format!(
            "INSERT INTO audit_checkpoints VALUES ({size}, '{note}', {now})
             ON CONFLICT (size) DO UPDATE SET note = excluded.note"
        ))
        .await
        .unwrap();
    }
}
