//! Exports: what the library behind `stockade-verify` says of the directories that the server writes.

use std::{num::NonZeroUsize, path::Path, sync::Arc};

use auditlog::{
    Report,
    export::{ExportError, ExportReader},
    verify::verify_export,
};
use stockade::core::{
    audit::{
        checkpoint,
        export::{ExportFailed, Exported, export},
    },
    change::Core,
};

use super::{
    attacker::Attacker,
    log::{self, ANA, key},
};
use crate::on_both;

async fn write(core: &Arc<Core>, folder: &Path, payloads: bool) -> Exported {
    export(core, &key(), folder, payloads, |_, _| ()).await.unwrap()
}

fn read(folder: &Path, kept: &[String]) -> Report {
    let reader = ExportReader::open(folder).unwrap();
    verify_export(reader, key().verifying_key(), kept, NonZeroUsize::MIN, |_| ()).unwrap()
}

on_both! {
    /// Logs of every width, from the empty one on, are exported whole and found valid.
    async fn an_export_is_accepted(database: Database) {
        let core = database.open("").await;
        let out = tempfile::tempdir().unwrap();
        let mut kept = Vec::new();
        for size in [0, 1, 255, 256, 257, 700, 2_560, 2_700] {
            log::record(&core, size - log::size(&core).await).await;
            log::number(&core).await;
            let folder = out.path().join(size.to_string());
            let done = write(&core, &folder, true).await;
            assert_eq!((done.entries, done.payloads, done.without), (size, size, 0));
            let report = read(&folder, &kept);
            assert_eq!(report.problems, [], "{size}");
            assert_eq!((report.entries, report.payloads, report.kept_confirmed), (size, size, kept.len() as u64));
            kept.extend(checkpoint::sign(&core, &key()).await.unwrap().map(|signed| signed.note));
        }
    }
}

on_both! {
    /// Without payloads there is nothing but hashes, times and kinds in it; erased ones are marked.
    async fn payloads_are_left_out_or_marked_as_erased(database: Database) {
        let core = database.open("").await;
        log::of_size(&core, 400).await;
        let out = tempfile::tempdir().unwrap();
        let done = write(&core, &out.path().join("bare"), false).await;
        assert_eq!((done.entries, done.payloads, done.erased, done.without), (400, 0, 0, 400));
        assert!(!out.path().join("bare/payloads").exists());
        assert!(read(&out.path().join("bare"), &[]).valid);

        let eraser = Attacker::on(&database).await;
        let ana = eraser.uuid(ANA);
        eraser.run(&format!("DELETE FROM data_keys WHERE subject_id = {ana}")).await.unwrap();
        drop(core);
        let core = database.open("").await;
        let done = write(&core, &out.path().join("erased"), true).await;
        assert_eq!((done.payloads, done.erased, done.without), (300, 100, 0));
        let report = read(&out.path().join("erased"), &[]);
        assert_eq!((report.valid, report.payloads, report.erased), (true, 300, 100));
    }
}

on_both! {
    /// What is in the way stays as it is.
    async fn an_export_overwrites_nothing(database: Database) {
        let core = database.open("").await;
        log::of_size(&core, 3).await;
        let out = tempfile::tempdir().unwrap();
        std::fs::write(out.path().join("mine"), "x").unwrap();
        let refused = export(&core, &key(), out.path(), true, |_, _| ()).await;
        assert!(matches!(refused, Err(ExportFailed::Files(ExportError::NotEmpty(_)))));
        assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 1);
    }
}

on_both! {
    /// An export shows the damage there is: entries and tiles leave as they are stored.
    async fn damage_is_exported_as_it_is(database: Database) {
        let core = database.open("").await;
        log::of_size(&core, 600).await;
        checkpoint::sign(&core, &key()).await.unwrap();
        Attacker::unhindered(&database).await.alter(300).await;
        let out = tempfile::tempdir().unwrap();
        write(&core, out.path(), true).await;
        let report = read(out.path(), &[]);
        let found: Vec<_> = report.problems.iter().map(|problem| (problem.kind.name(), problem.seq)).collect();
        assert_eq!(found, [("altered_entry", Some(300))]);
    }
}
