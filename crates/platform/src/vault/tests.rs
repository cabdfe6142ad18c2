//! What the vault promises: the place binds, every byte counts, keys are told apart.

use secrecy::{ExposeSecret, SecretSlice};

use super::*;

const SSN: Place<'_> = Place {
    table: "profiles",
    column: "ssn",
    row: b"row-1",
};

fn master(seed: u8) -> MasterKey {
    let bytes: Vec<u8> = (0..32).map(|i| i ^ seed).collect();
    MasterKey::from_bytes(&bytes).unwrap()
}

fn vault() -> Vault {
    Vault::new(
        [
            ("2026-01".to_owned(), master(1)),
            ("2026-02".to_owned(), master(2)),
        ],
        "2026-02",
    )
    .unwrap()
}

fn unknown_key(result: Result<SecretSlice<u8>, VaultError>) -> String {
    match result {
        Err(VaultError::UnknownKey(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn tampered<T: fmt::Debug>(result: Result<T, VaultError>) -> bool {
    matches!(result, Err(VaultError::Tampered))
}

#[test]
fn a_field_opens_with_its_stored_key_at_its_place() {
    let (key, wrapped) = vault().new_data_key();
    for clear in [b"078-05-1120".as_slice(), b"", &[0xff; 5_000]] {
        let sealed = key.seal(&SSN, clear);
        assert_eq!(sealed.len(), clear.len() + 45);
        let stored = vault().unwrap(&wrapped).unwrap();
        assert_eq!(stored.open(&SSN, &sealed).unwrap().expose_secret(), clear);
    }
}

#[test]
fn sealing_twice_gives_different_bytes() {
    let (key, _) = vault().new_data_key();
    assert_ne!(key.seal(&SSN, b"same"), key.seal(&SSN, b"same"));
}

#[test]
fn a_moved_ciphertext_does_not_open() {
    let (key, _) = vault().new_data_key();
    let sealed = key.seal(&SSN, b"078-05-1120");
    for moved in [
        Place {
            table: "profile",
            ..SSN
        },
        Place { column: "ein", ..SSN },
        Place { row: b"row-2", ..SSN },
        Place {
            table: "profiless",
            column: "sn",
            ..SSN
        },
        Place {
            column: "ssnr",
            row: b"ow-1",
            ..SSN
        },
    ] {
        assert!(tampered(key.open(&moved, &sealed)), "{moved:?}");
    }
}

#[test]
fn no_byte_of_a_sealed_field_can_be_changed_removed_or_added() {
    let (key, _) = vault().new_data_key();
    let sealed = key.seal(&SSN, b"078-05-1120");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        let result = key.open(&SSN, &changed);
        // Bytes 1 to 16 name the key, so a change there names another key.
        match at {
            1..=16 => assert!(matches!(result, Err(VaultError::UnknownKey(_))), "byte {at}"),
            _ => assert!(tampered(result), "byte {at}"),
        }
        assert!(tampered(key.open(&SSN, &sealed[..at])), "cut at {at}");
    }
    assert!(tampered(key.open(&SSN, &[sealed, vec![0]].concat())));
}

#[test]
fn another_persons_key_does_not_open_a_field() {
    let ((ana, _), (ben, _)) = (vault().new_data_key(), vault().new_data_key());
    let sealed = ana.seal(&SSN, b"078-05-1120");
    assert_eq!(unknown_key(ben.open(&SSN, &sealed)), ana.id().to_string());

    // Writing Ben's key id into the head does not help.
    let mut relabelled = sealed;
    relabelled[1..17].copy_from_slice(ben.id().as_bytes());
    assert!(tampered(ben.open(&SSN, &relabelled)));
}

#[test]
fn no_byte_of_a_wrapped_key_can_be_changed() {
    let (_, wrapped) = vault().new_data_key();
    for at in 0..wrapped.bytes.len() {
        let mut changed = wrapped.clone();
        changed.bytes[at] ^= 1;
        assert!(tampered(vault().unwrap(&changed)), "byte {at}");
    }
    let claimed = WrappedKey {
        kek_id: "2026-01".to_owned(),
        ..wrapped
    };
    assert!(tampered(vault().unwrap(&claimed)));
}

#[test]
fn a_key_id_belongs_to_the_wrapping() {
    // The same master key under another id: what one wrapped, the other must not unwrap.
    let twins = Vault::new([("a".to_owned(), master(1)), ("b".to_owned(), master(1))], "a").unwrap();
    let (_, wrapped) = twins.new_data_key();
    assert!(tampered(twins.unwrap(&WrappedKey {
        kek_id: "b".to_owned(),
        ..wrapped
    })));
}

#[test]
fn an_unknown_master_key_is_named() {
    let (_, wrapped) = vault().new_data_key();
    let older = Vault::new([("2026-01".to_owned(), master(1))], "2026-01").unwrap();
    assert_eq!(
        older.unwrap(&wrapped).unwrap_err(),
        VaultError::UnknownKey("2026-02".to_owned())
    );
    assert_eq!(
        Vault::new([], "2026-02").unwrap_err(),
        VaultError::UnknownKey("2026-02".to_owned())
    );
}

#[test]
fn rotation_rewraps_the_key_and_leaves_the_fields() {
    let before = Vault::new([("2026-01".to_owned(), master(1))], "2026-01").unwrap();
    let (key, wrapped) = before.new_data_key();
    let sealed = key.seal(&SSN, b"078-05-1120");

    let rewrapped = vault().rewrap(&wrapped).unwrap();
    assert_eq!(
        (wrapped.kek_id.as_str(), rewrapped.kek_id.as_str()),
        ("2026-01", "2026-02")
    );
    let after = Vault::new([("2026-02".to_owned(), master(2))], "2026-02").unwrap();
    assert_eq!(
        after
            .unwrap(&rewrapped)
            .unwrap()
            .open(&SSN, &sealed)
            .unwrap()
            .expose_secret(),
        b"078-05-1120"
    );
}

#[test]
fn a_batch_opens_as_a_whole_or_not_at_all() {
    let (key, _) = vault().new_data_key();
    let ein = Place { column: "ein", ..SSN };
    let clear: [&[u8]; 2] = [b"219-09-8765", b"12-3456789"];
    let sealed = key.seal_all([(SSN, clear[0]), (ein, clear[1])]);
    let opened = key
        .open_all([(SSN, sealed[0].as_slice()), (ein, &sealed[1])])
        .unwrap();
    let opened: Vec<_> = opened.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(opened, clear);
    // Two fields of one person that changed places.
    let swapped = key.open_all([(SSN, sealed[0].as_slice()), (ein, &sealed[0])]);
    assert!(matches!(swapped, Err((1, VaultError::Tampered))));
}

#[test]
fn a_secret_survives_rotation() {
    let before = Vault::new([("2026-01".to_owned(), master(1))], "2026-01").unwrap();
    let (_, wrapped) = before.new_data_key();
    let tag = |vault: &Vault, wrapped| {
        vault
            .unwrap_secret(wrapped)
            .unwrap()
            .blind_index("profiles.ssn")
            .tag(b"219098765")
    };
    let rewrapped = vault().rewrap(&wrapped).unwrap();
    assert_eq!(tag(&before, &wrapped), tag(&vault(), &rewrapped));
    assert_ne!(rewrapped.kek_id, wrapped.kek_id);
}

#[test]
fn a_passphrase_wraps_like_a_key() {
    let from = |words: &str, salt: &[u8]| MasterKey::from_passphrase(words, salt).unwrap();
    let of = |key| Vault::new([("words".to_owned(), key)], "words").unwrap();
    let salt = [7; 16];
    let (key, wrapped) = of(from("six words that nobody guesses", &salt)).new_data_key();
    let sealed = key.seal(&SSN, b"219-09-8765");
    let again = of(from("six words that nobody guesses", &salt))
        .unwrap(&wrapped)
        .unwrap();
    assert_eq!(again.open(&SSN, &sealed).unwrap().expose_secret(), b"219-09-8765");
    assert!(tampered(
        of(from("six words that somebody guesses", &salt)).unwrap(&wrapped)
    ));
    assert!(tampered(
        of(from("six words that nobody guesses", &[8; 16])).unwrap(&wrapped)
    ));
}

#[test]
fn nothing_secret_is_printed() {
    let (key, _) = vault().new_data_key();
    let shown = format!("{:?} {:?} {key:?}", vault(), master(1));
    assert!(
        shown.starts_with(
            r#"Vault { keys: ["2026-01", "2026-02"], current: "2026-02" } MasterKey([redacted])"#
        )
    );
    assert!(shown.ends_with(r#"key: "[redacted]" }"#));
}
