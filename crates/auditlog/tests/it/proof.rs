//! Proof files: made from tiles, read back, checked offline by the library and by the program.

use auditlog::proof::ProofError;
use auditlog::tile::{Tiles, parse_tile};
use auditlog::tree::{TreeError, inclusion_plan};
use auditlog::{Proof, TileId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::log::{entry, numbered, payload, salt};
use crate::program::{checkpoint, key, leaves, run};

const SIZE: u64 = 700;

fn proof(index: u64) -> Proof {
    let (appender, numbered) = numbered(SIZE);
    let mut tiles = Tiles::new();
    for tile in &numbered.tiles {
        tiles.insert(
            TileId {
                level: tile.level,
                index: tile.index,
            },
            parse_tile(&tile.hashes).unwrap(),
        );
    }
    for (id, hashes) in appender.tree().partial() {
        tiles.insert(id, hashes.to_vec());
    }
    let hashes = inclusion_plan(index, SIZE).unwrap().build(&tiles).unwrap();
    Proof {
        extra: None,
        index,
        hashes,
        checkpoint: checkpoint(SIZE),
    }
}

fn leaf(index: u64) -> Vec<u8> {
    leaves(SIZE, entry).1.swap_remove(index as usize)
}

#[test]
fn proofs_survive_the_journey_through_text() {
    for extra in [None, Some(b"order 7".to_vec())] {
        let proof = Proof { extra, ..proof(300) };
        assert_eq!(proof.to_string().parse(), Ok(proof));
    }
    let text = Proof {
        extra: Some(b"x".to_vec()),
        ..proof(300)
    }
    .to_string();
    assert!(
        text.starts_with("c2sp.org/tlog-proof@v1\nextra eA==\nindex 300\n"),
        "{text}"
    );
    assert!(text.ends_with(&format!("\n\n{}", checkpoint(SIZE))), "{text}");
}

#[test]
fn a_proof_holds_for_its_entry_and_no_other() {
    let key = key();
    for index in [0, 255, 256, 699] {
        let checkpoint = proof(index).verify(&leaf(index), key.verifying_key()).unwrap();
        assert_eq!(checkpoint.size, SIZE);
    }
    let other = proof(300).verify(&leaf(301), key.verifying_key());
    assert_eq!(
        other,
        Err(ProofError::OtherEntry {
            proof: 300,
            entry: 301
        })
    );
    let mut altered = leaf(300);
    *altered.last_mut().unwrap() ^= 1;
    let refused = proof(300).verify(&altered, key.verifying_key());
    assert_eq!(refused, Err(ProofError::Inclusion(TreeError::WrongRoot)));
}

#[test]
fn other_texts_are_refused() {
    let good = proof(300).to_string();
    for (from, to) in [
        ("@v1", "@v2"),
        ("index 300", "index 0300"),
        ("index", "extra"),
        ("\n\n", "\n"),
        ("=\n", "\n"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_eq!(
            text.parse::<Proof>(),
            Err(ProofError::Malformed),
            "{from:?} as {to:?}"
        );
    }
}

#[test]
fn the_program_checks_proofs() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("proof"), proof(300).to_string()).unwrap();
    std::fs::write(
        path("broken"),
        proof(300).to_string().replace("index 300", "index 301"),
    )
    .unwrap();
    std::fs::write(path("leaf"), leaf(300)).unwrap();
    let check = |proof: &str| {
        let vkey = key().verifying_key().to_string();
        let output = run(&[
            "proof".into(),
            path(proof),
            "--entry".into(),
            path("leaf"),
            "--key".into(),
            vkey,
        ]);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = check("proof");
    assert_eq!(code, Some(0));
    assert!(
        text.starts_with("Valid: this is entry 300 of log.example/audit"),
        "{text}"
    );
    let (code, text) = check("broken");
    assert_eq!((code, &text[..9]), (Some(1), "Refused: "));
}

/// The server's answer, saved as it came: entry, proof and what the entry says in one.
#[test]
fn the_program_checks_the_servers_answer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer.json");
    let check = |answer: &serde_json::Value, more: &[&str]| {
        std::fs::write(&file, answer.to_string()).unwrap();
        let vkey = key().verifying_key().to_string();
        let mut arguments = vec![
            "proof".to_owned(),
            file.display().to_string(),
            "--key".to_owned(),
            vkey,
        ];
        arguments.extend(more.iter().map(|&more| more.to_owned()));
        let output = run(&arguments);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let answer = serde_json::json!({
        "entry": { "seq": 300 },
        "leaf": STANDARD.encode(leaf(300)),
        "payload": STANDARD.encode(payload(300)),
        "salt": STANDARD.encode(salt(300)),
        "proof": proof(300).to_string(),
        "key": "not+looked+at",
    });
    let (code, text) = check(&answer, &[]);
    assert_eq!(code, Some(0), "{text}");
    let said = String::from_utf8(payload(300)).unwrap();
    assert!(text.ends_with(&format!("It says: {said}\n")), "{text}");

    let without = |fields: &[&str]| {
        let mut answer = answer.clone();
        let object = answer.as_object_mut().unwrap();
        fields.iter().for_each(|field| drop(object.remove(*field)));
        answer
    };
    let (code, text) = check(&without(&["payload", "salt"]), &[]);
    assert_eq!((code, text.lines().count()), (Some(0), 1));

    let mut other = answer.clone();
    other["payload"] = STANDARD.encode(payload(301)).into();
    let (code, text) = check(&other, &[]);
    assert_eq!(
        (code, text.as_str()),
        (
            Some(1),
            "Refused: the entry is in the log, but does not say what the payload says.\n"
        )
    );
    let mut other = answer.clone();
    other["leaf"] = STANDARD.encode(leaf(301)).into();
    assert_eq!(check(&other, &[]).0, Some(1));

    for incomplete in [&["salt"][..], &["leaf"], &["proof"]] {
        assert_eq!(check(&without(incomplete), &[]).0, Some(2), "{incomplete:?}");
    }
    assert_eq!(check(&answer, &["--entry", "leaf"]).0, Some(2));
}
