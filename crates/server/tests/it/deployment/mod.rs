//! `deploy/deploy.sh` and `deploy/rollback.sh` from end to end: below a temporary root, with real servers.

mod machine;

use serde_json::json;
use std::path::Path;

use crate::{on_both, support::people::PASSWORD};
use machine::{Machine, Release};

on_both! {
    /// A release arrives, one that is not healthy is taken back by itself, and nothing acknowledged is lost.
    async fn heavy_a_sick_release_is_taken_back(database: Database) {
        let machine = Machine::new(&database).await;
        machine.deploy(&Release::good("first")).exits(0);
        machine.keeps_its_data_private();
        let first = machine.running();
        machine.make_customer("ana@example.com");
        machine.can_sign_in("ana@example.com", true).await;

        let sick = machine.deploy(&Release::that_does_not_serve());
        sick.exits(3).says("failed and rolled back: the service does not start");
        assert_eq!(machine.running(), first);
        machine.can_sign_in("ana@example.com", true).await;

        // It has changed the schema, so that the first release would not even start on what it left.
        let sick = machine.deploy(&Release::that_migrates_and_does_not_serve(&database));
        sick.exits(3).says("migrations to run: 1").says("putting back").says("failed and rolled back");
        assert_eq!(machine.running(), first);
        machine.can_sign_in("ana@example.com", true).await;
        machine.audit_is_valid();

        machine.deploy(&Release::good("second")).exits(0).says("result:     deployed");
        assert_ne!(machine.running(), first);
        machine.can_sign_in("ana@example.com", true).await;
    }
}

on_both! {
    /// What came after the backup goes, the emergency backup keeps it, and the log says so.
    async fn heavy_a_rollback_goes_back_to_a_time(database: Database) {
        let machine = Machine::new(&database).await;
        machine.deploy(&Release::good("first")).exits(0);
        let first = machine.running();
        machine.make_customer("ana@example.com");
        machine.deploy(&Release::good("second")).exits(0);
        machine.make_customer("ben@example.com");
        machine.keeps_its_checkpoint().await;
        let time = machine.backups().pop().expect("the second deployment's backup");

        let unsure = machine.rollback(&["--to", &time], "no\n");
        unsure.exits(1).says("not confirmed; nothing was changed");
        machine.can_sign_in("ben@example.com", true).await;
        machine.rollback(&["--to", "20200101T000000Z"], "").exits(1).says("there is no backup");

        let back = machine.rollback(&["--to", &time], &format!("{time}\n"));
        back.exits(0).says("rolled back to").says("emergency backup:");
        assert_eq!(machine.running(), first);
        machine.can_sign_in("ana@example.com", true).await;
        machine.can_sign_in("ben@example.com", false).await;
        machine.audit_is_valid();

        let emergency = machine.only_folder_in("var/backups/stockade/emergency");
        machine.stockade(&["restore", &emergency, "--check"]).exits(0).says("whole");
    }
}

on_both! {
    /// A bad environment, a forged archive and a release that fails its test are refused with everything as it was.
    async fn heavy_what_is_wrong_is_refused_before_anything_changes(database: Database) {
        let machine = Machine::new(&database).await;
        machine.deploy(&Release::good("first")).exits(0);
        let before = (machine.running(), machine.backups(), machine.server_id());

        let good = machine.environment();
        for (bad, said) in [
            (good.replace("STOCKADE_ENV=production", "STOCKADE_ENV=staging"), "environment"),
            (good.replace("https://", "http://"), "server.public_url"),
            (good.replace("STOCKADE_SECRETS__TOKEN_KEY=", "#"), "secrets.token_key"),
            (format!("{good}export A=b\n"), "not KEY=VALUE on line"),
        ] {
            machine.write_environment(&bad, 0o600);
            machine.deploy(&Release::good("second")).exits(1).says(said);
        }
        machine.write_environment(&good, 0o644);
        machine.deploy(&Release::good("second")).exits(1).says("may be read by everybody");
        machine.write_environment(&good, 0o600);
        assert_eq!((machine.running(), machine.backups(), machine.server_id()), before);

        machine.deploy(&Release::good("forged").signed_by_somebody_else()).exits(1).says("signature");
        machine.deploy(&Release::good("changed").changed_after_signing()).exits(1).says("checksum");
        machine.deploy(&Release::that_fails_its_test()).exits(1).says("nothing was changed");
        assert_eq!((machine.running(), machine.server_id()), (before.0, before.2));
    }
}

on_both! {
    /// The ten newest backups stay, and the releases that they need.
    async fn heavy_ten_backups_stay(database: Database) {
        let machine = Machine::new(&database).await;
        machine.deploy(&Release::good("first")).exits(0);
        machine.deploy(&Release::good("second")).exits(0);
        let newest = machine.backups().pop().expect("a backup");
        for day in 1..=12 {
            machine.copy_backup(&newest, &format!("202501{day:02}T000000Z"));
        }
        machine.deploy(&Release::good("third")).exits(0).says("kept: 10");
        let kept = machine.backups();
        assert_eq!(kept.len(), 10);
        assert_eq!(kept[0], "20250105T000000Z");
        assert!(kept.contains(&newest));
    }
}

on_both! {
    /// A release from git is built and tested, and a failing test stops it.
    async fn heavy_a_release_comes_from_git(database: Database) {
        let machine = Machine::new(&database).await;
        machine.clone_repository();
        machine.deploy_git("main", "./test").exits(0);
        let first = machine.running();
        machine.deploy_git("main", "false").exits(1).says("the tests failed; nothing was changed");
        machine.deploy_git("no-such-branch", "./test").exits(1).says("there is no no-such-branch");
        assert_eq!(machine.running(), first);
    }
}

impl Machine {
    async fn can_sign_in(&self, email: &str, expected: bool) {
        let login = json!({ "email": email, "password": PASSWORD }).to_string();
        let answer =
            crate::support::process::request(self.port, "POST", "/api/v1/auth/login", &[], &login).await;
        let (status, body) = answer.expect("an answer");
        assert_eq!(status == 200, expected, "{email}: {body}");
    }

    fn audit_is_valid(&self) {
        self.stockade(&["audit", "verify"]).exits(0).says("valid");
    }

    /// Waits until the running server has kept a checkpoint outside the database.
    async fn keeps_its_checkpoint(&self) {
        let file = self.root().join("var/lib/stockade/audit-checkpoint");
        let size = |path: &Path| {
            std::fs::read_to_string(path)
                .ok()?
                .lines()
                .nth(1)?
                .parse::<u64>()
                .ok()
        };
        let signed = self.stockade(&["audit", "checkpoint"]);
        let newest: u64 = signed
            .output
            .lines()
            .nth(1)
            .and_then(|line| line.parse().ok())
            .expect("a size");
        for _ in 0..600 {
            if size(&file).is_some_and(|kept| kept >= newest) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no checkpoint was kept");
    }
}
