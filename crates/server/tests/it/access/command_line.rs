//! `stockade admin create --role`: every role can be given, on record, and none that there is not.

use serde_json::json;
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{people::PASSWORD, process::program, shop::Shop},
};

on_both! {
    /// Each role is given by the command alone; who got it signs in with it, and the log says who gave it.
    async fn each_role_can_be_given(database: Database) {
        use std::{io::Write as _, process::Stdio};
        let data = tempfile::tempdir().unwrap();
        for role in Role::ALL.iter().map(|role| role.as_str()).chain(["root"]) {
            let mut child = program(&database, data.path())
                .args(["admin", "create", "--email", &format!("{role}@example.com"), "--password-stdin"])
                .args(["--role", role])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            // A command that refuses its arguments does not wait for a password.
            drop(child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()));
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.success(), role != "root", "{role}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let keys = std::fs::read_dir(data.path().join("keys")).unwrap().count();
        assert!(keys > 0, "the command made its keys beside the data");
        let shop = Shop::start_on(database, data).await;
        for role in Role::ALL {
            let tokens = shop.sign_in(&format!("{role}@example.com"), PASSWORD).await;
            let me = shop.me(&tokens.access).send().await.expect(200);
            assert_eq!(me["role"], json!(role.as_str()));
            let kinds = shop.kinds_about(me["id"].as_str().unwrap()).await;
            assert!(kinds.contains(&"user.registered".to_owned()), "{kinds:?}");
        }
    }
}
