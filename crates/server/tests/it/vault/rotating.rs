//! Rotation of the master key: complete, resumable, and nothing that was sealed is touched.

use std::sync::Arc;

use secrecy::ExposeSecret as _;
use stockade::core::{
    bookkeeping::bookkeep,
    change::Core,
    keys::{self, KeysStatus, Rotated, WrappedBy},
    migrations,
};
use stockade_platform::{
    clock::Clock,
    db::{DbResult, Reader, Tx, migrate},
    vault::{DataKey, MasterKey, Place, Vault},
};
use uuid::Uuid;

use crate::{on_both, support::database::Database as Fresh};

const FIELD: Place<'_> = Place {
    table: "test",
    column: "field",
    row: b"1",
};

fn vault(ids: &[&str]) -> Vault {
    let key = |id: &str| {
        let seed = id.as_bytes()[0];
        let bytes: Vec<u8> = (0..32).map(|n| n ^ seed).collect();
        MasterKey::from_bytes(&bytes).unwrap()
    };
    Vault::new(ids.iter().map(|id| ((*id).to_owned(), key(id))), ids[0]).unwrap()
}

async fn open(database: &Fresh, ids: &[&str]) -> Arc<Core> {
    migrate::run(&database.location, migrations::ALL).await.unwrap();
    Core::open(&database.location, Clock::System, vault(ids))
        .await
        .unwrap()
}

/// Data keys for so many people.
async fn people(core: &Arc<Core>, count: u128) -> Vec<Uuid> {
    let ids: Vec<Uuid> = (0..count).map(|n| Uuid::from_u128(0x1000 + n)).collect();
    for chunk in ids.chunks(200) {
        let (here, chunk) = (Arc::clone(core), chunk.to_vec());
        bookkeep(&core.db, async move |tx: &mut Tx| {
            for id in &chunk {
                here.keys.create(tx, *id).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    }
    ids
}

async fn key_of(core: &Arc<Core>, person: Uuid) -> Arc<DataKey> {
    let here = Arc::clone(core);
    let look = async move |reader: &mut Reader| here.keys.of(reader, person).await;
    let key: DbResult<_> = core.db.read(look).await;
    key.unwrap().unwrap()
}

async fn seal(core: &Arc<Core>, person: Uuid) -> Vec<u8> {
    key_of(core, person).await.seal(&FIELD, b"clear")
}

async fn opens(core: &Arc<Core>, person: Uuid, sealed: Vec<u8>) -> bool {
    key_of(core, person)
        .await
        .open(&FIELD, &sealed)
        .unwrap()
        .expose_secret()
        == b"clear"
}

async fn tag(core: &Arc<Core>) -> [u8; 3] {
    let here = Arc::clone(core);
    let look = async move |reader: &mut Reader| here.keys.blind_index(reader, "profiles.ssn").await;
    let index: DbResult<_> = core.db.read(look).await;
    index.unwrap().tag(b"219098765")
}

fn by(master_key: &str, data_keys: i64, at_hand: bool) -> WrappedBy {
    WrappedBy {
        master_key: master_key.to_owned(),
        data_keys,
        at_hand,
    }
}

on_both! {
    /// Old, new and beside each other: after rotation the old master key is not needed, and all sealed fields open.
    async fn everything_is_rewrapped_and_nothing_resealed(database: Database) {
        let core = open(&database, &["old"]).await;
        let people = people(&core, 450).await;
        let (sealed, tag_before) = (seal(&core, people[7]).await, tag(&core).await);
        drop(core);

        let core = open(&database, &["new", "old"]).await;
        // The platform's own key and the secret of blind indexes are among them.
        let status = keys::status(&core).await.unwrap();
        assert_eq!((status.current.as_str(), status.to_rotate, status.data_keys), ("new", 452, 452));
        let mut steps = Vec::new();
        let rotated = keys::rotate(&core, |done, of| steps.push((done, of))).await.unwrap();
        assert_eq!(rotated, Rotated { rewrapped: 452, already_current: 0 });
        assert_eq!(steps, [(200, 452), (400, 452), (452, 452)]);
        let again = keys::rotate(&core, |_, _| panic!("nothing is left")).await.unwrap();
        assert_eq!(again, Rotated { rewrapped: 0, already_current: 452 });
        drop(core);

        let core = open(&database, &["new"]).await;
        assert!(opens(&core, people[7], sealed).await);
        assert_eq!(tag(&core).await, tag_before);
        let all = vec![by("new", 452, true)];
        let expected = KeysStatus { current: "new".into(), data_keys: 452, to_rotate: 0, wrapped_by: all };
        assert_eq!(keys::status(&core).await.unwrap(), expected);
    }
}

on_both! {
    /// A rotation that dies in the middle leaves every key usable, and the next one does the rest.
    async fn an_interrupted_rotation_is_resumed(database: Database) {
        let core = open(&database, &["old"]).await;
        let people = people(&core, 700).await;
        let sealed = seal(&core, people[0]).await;
        drop(core);
        let core = open(&database, &["new", "old"]).await;
        let here = Arc::clone(&core);
        let dying = tokio::spawn(async move {
            keys::rotate(&here, |done, _| assert!(done < 400, "killed here")).await
        });
        assert!(dying.await.unwrap_err().is_panic());
        let status = keys::status(&core).await.unwrap();
        assert_eq!(status.wrapped_by, [by("new", 400, true), by("old", 302, true)]);
        drop(core);

        let core = open(&database, &["new", "old"]).await;
        assert!(opens(&core, people[0], sealed.clone()).await);
        let rotated = keys::rotate(&core, |_, _| ()).await.unwrap();
        assert_eq!(rotated, Rotated { rewrapped: 302, already_current: 400 });
        assert!(opens(&core, people[0], sealed).await);
    }
}

async fn check(core: &Arc<Core>) -> Result<(), String> {
    let here = Arc::clone(core);
    let look = async move |reader: &mut Reader| here.keys.check(reader).await;
    let checked: DbResult<()> = core.db.read(look).await;
    checked.map_err(|error| error.to_string())
}

on_both! {
    /// A master key that is missing, or another under its name, is named before anything is done.
    async fn a_missing_or_wrong_master_key_is_named(database: Database) {
        check(&open(&database, &["old"]).await).await.unwrap();
        let core = open(&database, &["new"]).await;
        let why = check(&core).await.unwrap_err();
        assert!(why.contains("\"old\"") && why.contains("not among the given keys"), "{why}");
        assert_eq!(keys::status(&core).await.unwrap().wrapped_by, [by("old", 2, false)]);
        assert!(keys::rotate(&core, |_, _| ()).await.unwrap_err().to_string().contains("not at hand"));

        let other = MasterKey::from_bytes(&(1..33).collect::<Vec<u8>>()).unwrap();
        let vault = Vault::new([("old".to_owned(), other)], "old").unwrap();
        let core = Core::open(&database.location, Clock::System, vault).await.unwrap();
        let why = check(&core).await.unwrap_err();
        assert!(why.contains("\"old\"") && why.contains("does not open them"), "{why}");
    }
}
