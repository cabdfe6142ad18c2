//! The export directory itself, and what the program says about it in words.

use auditlog::export::{ExportError, ExportReader, ExportWriter};
use auditlog::tile::TileId;

use crate::program::{Export, checkpoint, key, run};

#[test]
fn the_files_are_those_of_the_specification() {
    let export = Export::new();
    let size = |name: &str| std::fs::metadata(export.path(name)).unwrap().len();
    for (tile, hashes) in [
        ("tile/0/000", 256),
        ("tile/0/001", 256),
        ("tile/0/002.p/188", 188),
        ("tile/1/000.p/2", 2),
    ] {
        assert_eq!(size(tile), hashes * 32, "{tile}");
    }
    for bundle in ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/188"] {
        assert!(size(bundle) > 0);
    }
    for payloads in [
        "payloads/000.jsonl",
        "payloads/001.jsonl",
        "payloads/002.p/188.jsonl",
    ] {
        let text = std::fs::read_to_string(export.path(payloads)).unwrap();
        assert!(
            text.ends_with("}\n") && text.starts_with(r#"{"seq":"#),
            "{payloads}"
        );
    }
    assert_eq!(ExportReader::open(export.path("")).unwrap().entries(), 700);
    assert_eq!(
        std::fs::read_to_string(export.path("checkpoint")).unwrap(),
        checkpoint(700)
    );
}

#[test]
fn an_empty_log_can_be_exported_and_verified() {
    let export = Export::of(&[], &checkpoint(0));
    let report = export.report(&[]);
    assert_eq!((&report["valid"], &report["entries"]), (&true.into(), &0.into()));
}

#[test]
fn stored_tiles_take_the_place_of_those_made() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = ExportWriter::create(folder.path()).unwrap();
    writer
        .stored_tile(TileId { level: 0, index: 0 }, 256, b"as stored")
        .unwrap();
    for leaf in crate::program::leaves(300, crate::log::entry).1 {
        writer.leaf(&leaf).unwrap();
    }
    writer
        .stored_tile(TileId { level: 0, index: 1 }, 44, b"partial, as stored")
        .unwrap();
    writer.finish("").unwrap();
    assert_eq!(
        std::fs::read(folder.path().join("tile/0/000")).unwrap(),
        b"as stored"
    );
    assert_eq!(
        std::fs::read(folder.path().join("tile/0/001.p/44")).unwrap(),
        b"partial, as stored"
    );
}

#[test]
fn an_export_is_not_written_over_something() {
    let export = Export::new();
    assert!(matches!(
        ExportWriter::create(export.path("")),
        Err(ExportError::NotEmpty(_))
    ));
}

#[test]
fn the_program_speaks_in_sentences() {
    let export = Export::new();
    let output = export.verify(&[&checkpoint(300)], &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        text.contains("Log log.example/audit: 700 entries found.\n"),
        "{text}"
    );
    assert!(
        text.contains("Kept checkpoints that the log agrees with: 1 of 1.\n"),
        "{text}"
    );
    assert!(
        text.ends_with("Valid: the log is complete and unaltered.\n"),
        "{text}"
    );

    export.edit_bundle(1, |leaves| drop(leaves.remove(44)));
    let output = export.verify(&[], &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text.contains("missing_entry: Entry 300 is missing, though the log goes on after.\n"),
        "{text}"
    );
    assert!(text.ends_with("Damaged: 1 problem.\n"), "{text}");
}

#[test]
fn what_cannot_be_checked_is_neither_valid_nor_damaged() {
    let export = Export::new();
    let folder = export.path("").display().to_string();
    let key = key().verifying_key().to_string();
    let elsewhere = export.path("elsewhere").display().to_string();
    let unusable: [&[&str]; 6] = [
        &[],
        &[&folder],
        &[&folder, "--key", "no key"],
        &[&elsewhere, "--key", &key],
        &[&folder, "--key", &key, "--checkpoint", &elsewhere],
        &["proof", &elsewhere, "--entry", &elsewhere, "--key", &key],
    ];
    for arguments in unusable {
        let output = run(&arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    export.remove("checkpoint");
    assert_eq!(export.verify(&[], &[]).status.code(), Some(2));
}
